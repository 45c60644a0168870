//! Invocations by lane.

use super::axis::Axis;
use crate::lambda::batcher::{LaneState, Reason};
use crate::lambda::retry::Outcome;
use crate::sim::Simulation;
use crate::sim::agenda::LaneRef;
use crate::sim::invocation::Invocation;
use crate::units::SimTime;
use crate::view::article;
use crate::view::deploy;
use crate::view::picture::Picture;
use crate::view::scene::{Anchor, Bounds, Class, Hue, Object, Point, Scene, Segment, Token, measure};
use crate::view::stage::lanes::DrawnLane;
use crate::view::stage::short_name;
use crate::view::text::MessageId;

/// Width of a record's cell from which its number fits, and from which it is drawn at all.
const NUMBERED_FROM: f64 = 17.0;
const CELLS_FROM: f64 = 3.0;
/// Invocations narrower than this are bars without a frame, and merge where they touch.
const FRAMED_FROM: f64 = 6.0;
/// Invocations narrower than this have no mark of success.
const MARKED_FROM: f64 = 14.0;
/// Invocations before the window that are looked at for one that reaches into it.
const BEFORE_MAX: u32 = 2000;
/// Width and height of a bar from which its version is named above it, what the name needs, and its size.
const VERSION_FROM: f64 = 36.0;
const VERSION_BAR_FROM: f64 = 20.0;
const VERSION_ROOM: f64 = 24.0;
const VERSION_SIZE: f64 = 10.0;
/// Pieces of a bar without a frame, which tell its version, and the gap between them.
const PIECES_MAX: u32 = 3;
const PIECES_GAP: f64 = 2.0;
/// Stands for a version where a mark is no bar.
const MARK: u32 = u32::MAX;
/// Shapes of cells in all.
const CELLS_MAX: usize = 1800;

/// What came of an invocation.
#[derive(Clone, Copy, Debug)]
enum End {
    /// All of its batch is done.
    Done,
    /// The batch is tried again, or given up.
    Failed,
    /// The batch is tried again in two halves.
    Halved,
    /// The first records are done, the others are tried again.
    Cut,
}

/// The last of the bars that merge into one.
#[derive(Clone, Copy, Debug)]
struct Merged {
    right: f64,
    /// Bars of one version only merge.
    code: Option<u32>,
}

struct Chart<'a> {
    picture: &'a Picture<'a>,
    axis: &'a Axis,
    /// Height of a bar.
    bar: f64,
    cells: usize,
}

/// Draws the chart: top of the rows, their pitch, height of a bar.
pub(super) fn draw(
    picture: &Picture,
    axis: &Axis,
    lanes: &[DrawnLane],
    (top, pitch, bar): (f64, f64, f64),
    margin: f64,
    scene: &mut Scene,
) {
    if !picture.tall() {
        let at = Point::new(margin, top - 15.0);
        scene.text(Class::Title, at, Anchor::Start, MessageId::Invocations.text(picture.lang));
    }
    for (row, lane) in lanes.iter().enumerate() {
        let middle = top + row as f64 * pitch + bar / 2.0;
        let across = Bounds::new(margin, middle - pitch / 2.0, axis.right - margin, pitch);
        scene.rect(Class::Row, Hue::NONE, across, 4.0).object(Object::Lane(lane.lane));
        draw_name(picture, axis, lane, Point::new(margin, middle), bar, scene);
        if let Some((since, parents)) = &lane.waits {
            let next = next_start(picture, axis, lane.lane.shard);
            draw_wait(picture, axis, (*since, next, parents), middle, bar, scene);
        }
    }
    let mut chart = Chart { picture, axis, bar, cells: 0 };
    let mut merged: Vec<Option<Merged>> = vec![None; lanes.len()];
    for idx in visible(picture.player.ahead(), axis) {
        let ahead = picture.player.ahead().invocations().get(idx);
        let Some(row) = lanes.iter().position(|lane| lane.lane == ahead.lane) else { continue };
        chart.draw_invocation(idx, &ahead, top + row as f64 * pitch, &mut merged[row], scene);
    }
}

/// The keys a lane serves, in one row or two, or its number.
fn draw_name(picture: &Picture, axis: &Axis, lane: &DrawnLane, at: Point, bar: f64, scene: &mut Scene) {
    let roster = picture.player.roster();
    let room = axis.left - 4.0 - at.x;
    let tall = picture.tall();
    let size = if bar < 9.0 { bar } else { (bar - 4.0).clamp(10.0, if tall { 13.0 } else { 16.0 }) };
    let one_row = (size, if tall { 2.0 } else { 4.0 }, 1);
    let two_rows = (10.0, 2.0, 2);
    let fits = |&(size, gap, rows): &(f64, f64, usize)| {
        let columns = ((room + gap) / (size + gap)) as usize;
        let high = (size + gap) * rows as f64 - gap;
        !lane.by_shard
            && !lane.keys.is_empty()
            && lane.keys.len() <= columns * rows
            && (rows == 1 || high <= bar)
    };
    let Some((size, gap, rows)) = [one_row, two_rows].into_iter().find(fits) else {
        let number = u32::from(lane.lane.lane) + 1;
        let text = MessageId::Batcher.fill(picture.lang, &[&number]);
        let sim = picture.player.sim();
        let one_shard = sim.stream().open_shards().len() == 1 && !lane.by_shard;
        let one_lane = sim.mappings().get(usize::from(lane.lane.mapping));
        let one_lane = one_lane.is_some_and(|mapping| mapping.parallelization_factor() == 1);
        if one_lane && lane.by_shard {
            if bar >= 9.0 {
                let at = Point::new(at.x, at.y + 4.0);
                scene.text(Class::Mono, at, Anchor::Start, short_name(lane.lane.shard));
            }
            return;
        }
        let text = match (one_shard, measure::width_of(Class::Label, &text) <= room) {
            (true, true) => text,
            (true, false) => number.to_string(),
            (false, _) => format!("{:03}·{number}", lane.lane.shard),
        };
        if bar >= 9.0 {
            scene.text(Class::Label, Point::new(at.x, at.y + 4.0), Anchor::Start, text);
        }
        return;
    };
    let columns = lane.keys.len().div_ceil(rows);
    for (place, &key) in lane.keys.iter().enumerate() {
        let key = &roster.keys[key];
        let (column, row) = ((place % columns) as f64, (place / columns) as f64);
        let down = (row - (rows as f64 - 1.0) / 2.0) * (size + gap);
        let center = Point::new(at.x + size / 2.0 + column * (size + gap), at.y + down);
        scene.token(Token::new(center, size, key.hue()), &key.label);
    }
}

/// How long a shard has waited for its parents to be drained.
fn draw_wait(
    picture: &Picture,
    axis: &Axis,
    (since, next, parents): (SimTime, Option<SimTime>, &[u32]),
    y: f64,
    bar: f64,
    scene: &mut Scene,
) {
    let (from, to) = (axis.within(since.0 as f64), axis.within(axis.now.0 as f64) - 4.0);
    if to - from < 8.0 {
        return;
    }
    scene.line(Class::Held, Hue::NONE, Point::new(from + 3.0, y), Point::new(to, y));
    if axis.x(since.0 as f64) >= axis.left {
        scene.circle(Class::Cap, Hue::NONE, Point::new(from, y), 3.0);
    }
    let names: Vec<String> = parents.iter().map(|&parent| short_name(parent)).collect();
    let names = names.join(", ");
    let text = MessageId::WaitsFor.fill(picture.lang, &[&names]);
    let width = |text: &String| measure::width_of(Class::Label, text) + 8.0;
    if names.is_empty() || bar < 9.0 {
        return;
    }
    // Beside the playhead, before what is known to follow; else on the line.
    let right = next.map_or(axis.right, |next| axis.within(next.0 as f64));
    let left = axis.within(axis.now.0 as f64) + 6.0;
    if let Some(text) = [&text, &names].into_iter().find(|text| left + width(text) <= right) {
        scene.text(Class::Label, Point::new(left, y + 4.0), Anchor::Start, text);
    } else if width(&text) + 16.0 <= to - from {
        let ground = Bounds::new(to - width(&text), y - 8.0, width(&text), 16.0);
        scene.rect(Class::Ground, Hue::NONE, ground, 4.0);
        scene.text(Class::Label, Point::new(to - 4.0, y + 4.0), Anchor::End, text);
    }
}

/// When a shard's next invocation is known to start, as far as it is in sight.
fn next_start(picture: &Picture, axis: &Axis, shard: u32) -> Option<SimTime> {
    let ahead = picture.player.ahead();
    let mut later = visible(ahead, axis).map(|idx| ahead.invocations().get(idx));
    let next = later.find(|next| next.lane.shard == shard && next.started_at() > axis.now)?;
    Some(next.started_at())
}

/// The invocations that may reach into the visible time.
fn visible(ahead: &Simulation, axis: &Axis) -> std::ops::Range<u32> {
    let (from, to) = axis.range();
    let invocations = ahead.invocations();
    let first = invocations.partition_point(|invocation| invocation.started_at() < from);
    let mut start = first;
    for idx in (first.saturating_sub(BEFORE_MAX)..first).rev() {
        if invocations.get(idx).ends_at() >= from {
            start = idx;
        }
    }
    start..invocations.partition_point(|invocation| invocation.started_at() <= to)
}

impl Chart<'_> {
    fn draw_invocation(
        &mut self,
        idx: u32,
        ahead: &Invocation,
        y: f64,
        merged: &mut Option<Merged>,
        scene: &mut Scene,
    ) {
        let sim = self.picture.player.sim();
        let started = idx < sim.invocations().len();
        let ended = started && sim.invocations().get(idx).outcome().is_some();
        let (from, to) = (ahead.started_at().0 as f64, ahead.ends_at().0 as f64);
        let (left, right) = (self.axis.within(from), self.axis.within(to));
        // Not where an answer only cuts: what stands before the cut is done.
        let cut = ahead.failed_at().is_some_and(|at| at > 0);
        let ok = |outcome| outcome == Outcome::Ok || outcome == Outcome::Partial && cut;
        let outcome = ahead.outcome().map(|(outcome, _)| outcome);
        if outcome == Some(Outcome::Throttled) {
            return self.draw_throttled(idx, ahead, y, (started, ended), merged, scene);
        }
        let failed = outcome.is_some_and(|outcome| !ok(outcome)) && (ended || !started);
        let bounds = Bounds::new(left, y, right - left, self.bar);
        let version = deploy::shown(self.picture.player.ahead(), ahead);
        let code = version.as_ref().map(|version| version.code);
        if bounds.width < FRAMED_FROM {
            self.draw_bar(idx, bounds, (started, failed, code), merged, scene);
            return;
        }
        self.draw_lead(ahead, y, scene);
        let drawn = self.draw_cells(idx, ahead, y, scene);
        if !drawn {
            let class = if started { Class::Neutral } else { Class::NeutralNext };
            let past = self.axis.within(to.min(self.axis.now.0 as f64)) - left;
            let width = if started { past } else { bounds.width };
            if width > 0.0 {
                scene.rect(class, Hue::NONE, Bounds { width, ..bounds }, 3.0);
            }
        }
        let class = match (started, failed) {
            (true, false) => Class::Frame,
            (true, true) => Class::FrameFailed,
            (false, _) => Class::FrameNext,
        };
        let around = Bounds::new(left + 0.5, y - 0.5, bounds.width - 1.0, self.bar + 1.0);
        match code {
            Some(code) => scene.version(class, around, code, Object::Invocation(idx)),
            None => drop(scene.rect(class, Hue::NONE, around, 4.0).object(Object::Invocation(idx))),
        }
        if let Some(version) = version {
            self.draw_version(&version.name, bounds, scene);
        }
        if self.picture.selected == Some(Object::Invocation(idx)) {
            scene.rect(Class::RingRect, Hue::NONE, around.grown(2.0), 6.0);
        }
        if !drawn && started {
            self.draw_count(ahead.count, bounds, scene);
        }
        let roomy = failed || bounds.width >= MARKED_FROM;
        if ended && roomy && to >= self.axis.range().0.0 as f64 {
            self.draw_end(self.end(idx, ahead), right, y, scene);
        }
        if ended && failed {
            self.draw_backoff(idx, ahead, y, scene);
        }
    }

    /// An invocation that was refused: nothing ran, so there is a mark and no bar. One mark stands for those that it
    /// would cover.
    fn draw_throttled(
        &self,
        idx: u32,
        ahead: &Invocation,
        y: f64,
        (started, ended): (bool, bool),
        merged: &mut Option<Merged>,
        scene: &mut Scene,
    ) {
        let (at, radius) = (ahead.ends_at().0 as f64, self.cap_radius());
        let x = self.axis.within(at);
        if ended {
            self.draw_backoff(idx, ahead, y, scene);
        }
        let hidden = at < self.axis.range().0.0 as f64;
        if hidden || merged.is_some_and(|before| before.code == Some(MARK) && x - radius < before.right) {
            return;
        }
        let center = Point::new(x, y + self.bar / 2.0);
        scene.circle(Class::Cap, Hue::NONE, center, radius).object(Object::Invocation(idx));
        let shade = if started { 1.0 } else { 0.5 };
        scene.bounce(Class::CapThrottled, center, radius * 1.7).opacity(shade);
        *merged = Some(Merged { right: x + radius, code: Some(MARK) });
    }

    /// Radius of the mark at an invocation's end.
    fn cap_radius(&self) -> f64 {
        if self.bar >= 18.0 { 6.0 } else { 4.5 }
    }

    /// A bar without details; merges with the one before where they touch.
    fn draw_bar(
        &self,
        idx: u32,
        bounds: Bounds,
        (started, failed, code): (bool, bool, Option<u32>),
        merged: &mut Option<Merged>,
        scene: &mut Scene,
    ) {
        const CLOSE: f64 = 1.5;
        let bounds = Bounds { width: bounds.width.max(2.0), ..bounds };
        let touches = |before: Merged| code == before.code && bounds.x < before.right + CLOSE;
        if !failed && merged.is_some_and(touches) {
            return;
        }
        let class = match (started, failed) {
            (true, false) => Class::Neutral,
            (true, true) => Class::NeutralFailed,
            (false, _) => Class::NeutralNext,
        };
        // As many pieces as the version's number, one above the other.
        let pieces = code.map_or(1, |code| 1 + code % PIECES_MAX);
        let height = (bounds.height - PIECES_GAP * f64::from(pieces - 1)) / f64::from(pieces);
        for piece in 0..pieces {
            let y = bounds.y + (height + PIECES_GAP) * f64::from(piece);
            scene.rect(class, Hue::NONE, Bounds { y, height, ..bounds }, 1.0).object(Object::Invocation(idx));
        }
        *merged = Some(Merged { right: bounds.right(), code });
    }

    /// The version's name above a wide bar.
    fn draw_version(&self, name: &str, bounds: Bounds, scene: &mut Scene) {
        let left = bounds.x.max(self.axis.left) + 8.0;
        let room = bounds.right() - left;
        if self.bar >= VERSION_BAR_FROM && bounds.width >= VERSION_FROM && room >= VERSION_ROOM {
            let at = Point::new(left, bounds.y - 2.5);
            scene.text_sized(Class::Strong, Hue::NONE, VERSION_SIZE, at, Anchor::Start, name);
        }
    }

    /// The wait for a new environment.
    fn draw_lead(&self, invocation: &Invocation, y: f64, scene: &mut Scene) {
        let (from, to) = (invocation.started_at().0 as f64, invocation.handler_at().0 as f64);
        let (left, right) = (self.axis.within(from), self.axis.within(to));
        if invocation.cold_start && right - left >= 3.0 {
            let middle = y + self.bar / 2.0;
            scene.line(Class::Cold, Hue::NONE, Point::new(left + 1.5, middle), Point::new(right, middle));
        }
    }

    /// A cell for each record; false where there is no room.
    fn draw_cells(&mut self, idx: u32, ahead: &Invocation, y: f64, scene: &mut Scene) -> bool {
        let sim = self.picture.player.ahead();
        let place = |order: u32| self.axis.x(article::row_at(sim, ahead, order).0 as f64);
        let width = place(1) - place(0);
        let count = ahead.count as usize;
        let texts = usize::from(width >= NUMBERED_FROM && self.bar >= 16.0);
        if width < CELLS_FROM || self.cells + count * (2 + texts) > CELLS_MAX {
            return false;
        }
        let known = self.picture.player.sim().invocations();
        let (rows, failed_at) = if idx < known.len() {
            let state = known.get(idx);
            (state.rows, state.failed_at())
        } else {
            (0, None)
        };
        let foot = 3.0f64.min(self.bar / 5.0);
        for order in 0..ahead.count {
            let (left, right) = (place(order), place(order + 1));
            if right <= self.axis.left
                || left >= self.axis.right
                || article::row_at(sim, ahead, order) >= ahead.ends_at()
            {
                continue;
            }
            let (left, right) = (left.max(self.axis.left), right.min(self.axis.right));
            let record = sim.record_of(ahead, order);
            let state = sim.stream().records.get(record);
            let past = order < rows;
            let failed = failed_at == Some(order);
            let gap = if width > 8.0 { 0.5 } else { 0.25 };
            let bounds = Bounds::new(left + gap, y, (right - left - 2.0 * gap).max(0.5), self.bar);
            let (ground, line) = match (failed, past) {
                (true, _) => (Class::CellFailed, Class::NeutralFailed),
                (false, true) => (Class::Cell, Class::CellFoot),
                (false, false) => (Class::CellNext, Class::CellFootNext),
            };
            let hue = if failed { Hue::NONE } else { Hue::of(state.key) };
            scene.rect(ground, hue, bounds, 0.0).object(Object::Record(record));
            scene.rect(line, hue, Bounds { y: y + self.bar - foot, height: foot, ..bounds }, 0.0);
            if texts > 0 && right - left >= NUMBERED_FROM {
                let class = if past || failed { Class::CellText } else { Class::CellTextNext };
                let at = Point::new(bounds.center().x, y + self.bar * 0.65);
                scene.text(class, at, Anchor::Middle, state.number);
            }
            if self.picture.selected == Some(Object::Record(record)) {
                let around = Bounds::new(left, y - 1.0, right - left, self.bar + 2.0);
                scene.rect(Class::RingRect, Hue::NONE, around, 4.0);
            }
            self.cells += 2 + texts;
        }
        true
    }

    /// The number of records, where cells do not fit.
    fn draw_count(&self, count: u32, bounds: Bounds, scene: &mut Scene) {
        let text = format!("{count}");
        if bounds.width >= measure::width_of(Class::CellText, &text) + 14.0 && self.bar >= 12.0 {
            let at = Point::new(bounds.center().x, bounds.center().y + 4.0);
            scene.text(Class::CellText, at, Anchor::Middle, text);
        }
    }

    /// What came of an invocation.
    fn end(&self, idx: u32, ended: &Invocation) -> End {
        let halved = || {
            let next = self.next(idx, ended).filter(|_| !ended.is_redrive());
            next.is_some_and(|next| next.reason == Reason::Bisect && next.first == ended.first)
        };
        match ended.outcome().map(|(outcome, _)| outcome) {
            Some(Outcome::Ok) | None => End::Done,
            // An answer that reports no record, or the first one, leaves all of the batch.
            Some(Outcome::Partial) if ended.failed_at().is_some_and(|at| at > 0) => End::Cut,
            Some(_) if halved() => End::Halved,
            Some(_) => End::Failed,
        }
    }

    /// The next invocation of the same lane, as far as it is known.
    fn next(&self, idx: u32, invocation: &Invocation) -> Option<Invocation> {
        let invocations = self.picture.player.ahead().invocations();
        let last = invocations.len().min(idx + BEFORE_MAX);
        (idx + 1..last)
            .map(|next| invocations.get(next))
            .find(|next| next.lane == invocation.lane && !next.is_redrive())
    }

    /// Whether a lane waits to try an invocation's batch again.
    fn backs_off(&self, idx: u32, lane: LaneRef) -> bool {
        let mapping = self.picture.player.sim().mapping(lane.mapping);
        let state = mapping.lanes_of(lane.shard).get(usize::from(lane.lane)).map(|lane| lane.state);
        matches!(state, Some(LaneState::BackingOff { invocation, .. }) if invocation == idx)
    }

    /// A mark at the end.
    fn draw_end(&self, end: End, x: f64, y: f64, scene: &mut Scene) {
        let radius = self.cap_radius();
        let center = Point::new(x, y);
        let at = |x: f64, y: f64| Point::new(center.x + x * radius, center.y + y * radius);
        scene.circle(Class::Cap, Hue::NONE, center, radius);
        match end {
            End::Done => drop(scene.tick(Class::CapOk, center, radius * 1.6)),
            End::Failed => scene.cross(Class::CapFailed, center, radius * 1.7, 1.0),
            End::Halved => {
                let fork = [
                    Segment::Move(at(-0.6, 0.0)),
                    Segment::Line(at(-0.1, 0.0)),
                    Segment::Line(at(0.5, -0.5)),
                    Segment::Move(at(-0.1, 0.0)),
                    Segment::Line(at(0.5, 0.5)),
                ];
                scene.path(Class::CapFailed, Hue::NONE, &fork);
            }
            End::Cut => {
                let mark = [
                    Segment::Move(at(-0.5, -0.4)),
                    Segment::Line(at(0.5, -0.4)),
                    Segment::Line(at(0.0, 0.5)),
                    Segment::Close,
                ];
                scene.path(Class::Checkpoint, Hue::NONE, &mark);
            }
        }
    }

    /// The gap until the batch is tried again. Nobody tries a redrive again, nor what was given up.
    fn draw_backoff(&self, idx: u32, failed: &Invocation, y: f64, scene: &mut Scene) {
        let until = match self.next(idx, failed).filter(|_| !failed.is_redrive()) {
            Some(next) if next.batch == failed.batch => next.started_at(),
            None if self.backs_off(idx, failed.lane) => self.axis.now,
            Some(_) | None => return,
        };
        let until = until.min(self.axis.now.max(SimTime(1)));
        let (left, right) = (self.axis.within(failed.ends_at().0 as f64), self.axis.within(until.0 as f64));
        if right - left >= 4.0 {
            let y = y + self.bar / 2.0;
            scene.line(Class::Gap, Hue::NONE, Point::new(left, y), Point::new(right, y));
        }
    }
}
