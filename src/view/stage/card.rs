//! Invocations: a card for each lane, with its batch, how far it is, and what follows a failure.

use super::again::Again;
use super::heading::fitting;
use super::layout::{Flow, LanePlace};
use super::motion::{Arrival, Flights};
use super::state::{Batch, LaneView, State};
use crate::lambda::batcher::Reason;
use crate::lambda::retry::Outcome;
use crate::sim::invocation::Invocation;
use crate::units::{SimDuration, SimTime};
use crate::view::deploy::{self, Shown};
use crate::view::panels::inspect::closed_by;
use crate::view::scene::{
    Anchor, Bounds, Class, Hue, Object, Point, Scene, Segment, Token, TokenState, measure,
};
use crate::view::text::MessageId;

/// A record's place in a card.
pub(super) struct Cell {
    pub(super) record: u32,
    /// Place in the batch, from 0.
    pub(super) order: u32,
    pub(super) center: Point,
    size: f64,
}

/// Draws the card of a lane.
pub(super) fn draw(
    state: &State,
    lane: &LaneView,
    place: &LanePlace,
    flights: &mut Flights,
    scene: &mut Scene,
) {
    let Some(batch) = &lane.batch else {
        scene.rect(Class::CardIdle, Hue::NONE, place.card, 10.0).object(Object::Lane(lane.lane));
        draw_idle_text(state, lane, place, scene);
        draw_tumbling(state, lane, None, place, scene);
        return;
    };
    let failed = batch.again_at.is_some() && !is_throttled(batch);
    let class = if failed { Class::CardFailed } else { Class::Card };
    let version = deploy::shown(state.sim, &batch.state);
    let object = Object::Invocation(batch.invocation);
    match &version {
        Some(version) => scene.version(class, place.card, version.code, object),
        None => drop(scene.rect(class, Hue::NONE, place.card, 10.0).object(object)),
    }
    draw_header(state, batch, version.as_ref(), place, scene);
    let cells = cells(state, lane, place, &batch.state);
    for cell in &cells {
        draw_cell(state, batch, cell, place, flights, scene);
    }
    // Over the tokens beside them.
    for cell in &cells {
        state.again.draw_number(cell.record, cell.center, cell.size, scene);
    }
    draw_rest(state, lane, batch, place, scene);
    draw_progress(state, batch, place, scene);
    let reason = closed_by(batch.state.reason).map(|reason| reason.text(state.picture.lang));
    if let Some(reason) = reason {
        draw_chip(reason, Anchor::End, object, place, scene);
    }
    draw_tumbling(state, lane, reason, place, scene);
}

/// How much of the shard's tumbling window is left, where there is room beside another chip.
fn draw_tumbling(state: &State, lane: &LaneView, beside: Option<&str>, place: &LanePlace, scene: &mut Scene) {
    let until = state.sim.tumbling_until(lane.lane.mapping, lane.lane.shard);
    let Some(until) = until.filter(|&until| until > state.now()) else { return };
    let text = MessageId::TumblingLeft.fill(state.picture.lang, &[&seconds(until - state.now())]);
    let taken = beside.map_or(0.0, |beside| chip_width(beside) + CHIP_INSET);
    if chip_width(&text) + taken <= place.card.width - 2.0 * CHIP_INSET {
        draw_chip(&text, Anchor::Start, Object::Lane(lane.lane), place, scene);
    }
}

/// Between a card's side and its chip, and between two chips at least.
const CHIP_INSET: f64 = 12.0;

fn chip_width(text: &str) -> f64 {
    measure::width_of(Class::ChipText, text) + 12.0
}

/// A chip on the upper edge of a card, at its left or its right.
fn draw_chip(text: &str, anchor: Anchor, object: Object, place: &LanePlace, scene: &mut Scene) {
    const HEIGHT: f64 = 13.0;
    if place.compact {
        return;
    }
    let width = chip_width(text);
    let left = match anchor {
        Anchor::Start => place.card.x + CHIP_INSET,
        Anchor::Middle => place.card.center().x - width / 2.0,
        Anchor::End => place.card.right() - CHIP_INSET - width,
    };
    let bounds = Bounds::new(left, place.card.y - HEIGHT + 4.0, width, HEIGHT);
    scene.rect(Class::Chip, Hue::NONE, bounds, HEIGHT / 2.0).object(object);
    let at = Point::new(bounds.center().x, bounds.center().y + 3.4);
    scene.text(Class::ChipText, at, Anchor::Middle, text);
}

fn draw_idle_text(state: &State, lane: &LaneView, place: &LanePlace, scene: &mut Scene) {
    let Some((from, until)) = lane.window else { return };
    draw_track(Class::Progress, share_of(from, state.now(), until), place, scene);
    let left = seconds(until - state.now());
    let text = MessageId::WindowLeft.fill(state.picture.lang, &[&left]);
    let bounds = place.card;
    let (at, anchor, room) = match (place.flow, place.compact) {
        // Away from the thread.
        (Flow::Right, true) => {
            (Point::new(bounds.right() - 8.0, bounds.y + 12.0), Anchor::End, bounds.width - 16.0)
        }
        (Flow::Right, false) => {
            (Point::new(bounds.x + 12.0, bounds.y + 19.0), Anchor::Start, bounds.width - 24.0)
        }
        (Flow::Down, _) => (Point::new(bounds.x + 6.0, bounds.y + 18.0), Anchor::Start, bounds.width - 12.0),
    };
    if let Some(text) = fitting(Class::Label, room, [text, left]) {
        if place.flow == Flow::Down {
            let width = measure::width_of(Class::Label, &text) + 8.0;
            scene.rect(Class::Ground, Hue::NONE, Bounds::new(at.x - 4.0, at.y - 12.0, width, 16.0), 4.0);
        }
        scene.text(Class::Label, at, anchor, text);
    }
}

/// Whole seconds, rounded up; tenths below ten.
fn seconds(span: SimDuration) -> String {
    if span.0 >= 10_000 {
        span.0.div_ceil(1000).to_string()
    } else {
        let tenths = span.0.div_ceil(100);
        format!("{}.{}", tenths / 10, tenths % 10)
    }
}

/// What a header says: at the left, and at the right, each from the longest to the shortest.
struct Header {
    class: Class,
    left: [String; 2],
    right_class: Class,
    right: [String; 2],
}

/// Whether a batch waits because nothing ran: that is no failure.
fn is_throttled(batch: &Batch) -> bool {
    batch.state.outcome().is_some_and(|(outcome, _)| outcome == Outcome::Throttled)
}

fn header(state: &State, batch: &Batch) -> Header {
    use MessageId as Id;
    let lang = state.picture.lang;
    let Invocation { rows, count, attempt, reason, .. } = batch.state;
    if let Some(again_at) = batch.again_at {
        let (id, class) = match is_throttled(batch) {
            true => (Id::Throttled, Class::Strong),
            false => (Id::AttemptFailed, Class::Warning),
        };
        let left = seconds(again_at - state.now());
        return Header {
            class,
            left: [id.fill(lang, &[&attempt]), String::new()],
            right_class: Class::Label,
            right: [Id::AgainIn.fill(lang, &[&left]), Id::Seconds.fill(lang, &[&left])],
        };
    }
    let left = seconds(SimDuration(batch.state.ends_at().0.saturating_sub(state.now().0)));
    let starting = batch.state.cold_start && state.now() < batch.state.handler_at();
    let progress = if starting {
        [Id::ColdStart.text(lang).to_owned(), String::new()]
    } else if rows < count {
        [Id::RecordOf.fill(lang, &[&(rows + 1), &count]), format!("{} / {count}", rows + 1)]
    } else {
        [Id::RecordsDone.fill(lang, &[&count, &count]), format!("{count} / {count}")]
    };
    if attempt > 1 {
        let attempt = Id::AttemptNumber.fill(lang, &[&attempt]);
        return Header {
            class: Class::Strong,
            left: progress,
            right_class: Class::Warning,
            right: [attempt, String::new()],
        };
    }
    let part = match reason {
        Reason::Bisect => Some((Id::CardHalf, Class::Warning)),
        Reason::Remainder => Some((Id::CardRest, Class::Strong)),
        Reason::Available
        | Reason::Size
        | Reason::Window
        | Reason::Payload
        | Reason::Retry
        | Reason::ShardEnd
        | Reason::Tumbling
        | Reason::Redrive => None,
    };
    if let Some((id, right_class)) = part {
        let right = [id.text(lang).to_owned(), String::new()];
        return Header { class: Class::Strong, left: progress, right_class, right };
    }
    let right = [Id::SecondsLeft.fill(lang, &[&left]), Id::Seconds.fill(lang, &[&left])];
    Header { class: Class::Strong, left: progress, right_class: Class::Label, right }
}

fn draw_header(state: &State, batch: &Batch, version: Option<&Shown>, place: &LanePlace, scene: &mut Scene) {
    let header = header(state, batch);
    let bounds = place.card;
    if place.compact {
        let short = header.left.iter().chain(&header.right).filter(|text| !text.is_empty()).cloned();
        let short =
            short.map(|text| version.map_or(text.clone(), |version| format!("{} {text}", version.name)));
        let short = short.chain(version.map(|version| version.name.clone()));
        let room = if place.flow == Flow::Right { compact_text_width(bounds) } else { bounds.width - 6.0 };
        if let Some(text) = fitting(header.class, room, short) {
            let (at, anchor) = match place.flow {
                Flow::Right => (Point::new(bounds.right() - 8.0, bounds.center().y + 4.0), Anchor::End),
                Flow::Down => (Point::new(bounds.center().x, bounds.y + 14.0), Anchor::Middle),
            };
            scene.text(header.class, at, anchor, text);
        }
        return;
    }
    let (inset, y) = match place.flow {
        Flow::Right => (12.0, bounds.y + 19.0),
        Flow::Down => (10.0, bounds.y + 18.0),
    };
    let mut left = bounds.x + inset + 14.0;
    let right = bounds.right() - inset;
    scene.text(Class::Lambda, Point::new(bounds.x + inset, y), Anchor::Start, "λ");
    if let Some(Shown { name, .. }) = version {
        scene.text(Class::Strong, Point::new(left, y), Anchor::Start, name);
        left += measure::width_of(Class::Strong, name) + 8.0;
    }
    let widths =
        |class: Class, texts: &[String; 2]| texts.each_ref().map(|text| measure::width_of(class, text));
    let (lefts, rights) = (widths(header.class, &header.left), widths(header.right_class, &header.right));
    let room = right - left - 6.0;
    let choice = [(0, 0), (0, 1), (1, 0), (1, 1)].into_iter().find(|&(a, b)| lefts[a] + rights[b] <= room);
    let (a, b) = choice.unwrap_or((1, 1));
    if lefts[a] <= room && !header.left[a].is_empty() {
        scene.text(header.class, Point::new(left, y), Anchor::Start, &header.left[a]);
    }
    if choice.is_some() && !header.right[b].is_empty() {
        scene.text(header.right_class, Point::new(right, y), Anchor::End, &header.right[b]);
    }
}

/// Room for the text at the right of a flat card.
fn compact_text_width(bounds: Bounds) -> f64 {
    (bounds.width * 0.35).min(64.0)
}

/// Where the records of an invocation lie: a row for each key where that fits, as in the deck, so that the order
/// by key can be checked by eye; else a list, row by row; of a large batch, one page.
pub(super) fn cells(state: &State, lane: &LaneView, place: &LanePlace, invocation: &Invocation) -> Vec<Cell> {
    if let Some(cells) = cells_by_key(state, lane, place, area(place), invocation) {
        return cells;
    }
    let grid = Grid::of(lane, place, invocation);
    let page = state.page(invocation, grid.columns * grid.lines);
    let cell = |(index, (order, record))| Cell { record, order, size: grid.size, center: grid.center(index) };
    (0..).zip(page).map(cell).collect()
}

/// Places for cells, row by row: those of an invocation, then those of the parts of its batch that wait, each behind a
/// place for the tear.
struct Grid {
    area: Bounds,
    size: f64,
    pitch: (f64, f64),
    columns: u32,
    lines: u32,
    /// Middle of the first line.
    first: f64,
}

impl Grid {
    fn of(lane: &LaneView, place: &LanePlace, invocation: &Invocation) -> Self {
        let area = area(place);
        let slots = invocation.count + lane.rest.iter().map(|part| part.len() as u32 + 1).sum::<u32>();
        let (size, pitch) = cell_size(area, place, slots, Again::room(invocation));
        let columns = ((area.width + pitch.0 - size) / pitch.0).max(1.0) as u32;
        let lines = ((area.height + pitch.1 - size) / pitch.1).max(1.0) as u32;
        let used = slots.min(columns * lines).div_ceil(columns);
        let first = match place.flow {
            // Level with the decks.
            Flow::Right => area.center().y - (f64::from(used) - 1.0) / 2.0 * pitch.1,
            Flow::Down => area.y + size / 2.0,
        };
        Self { area, size, pitch, columns, lines, first }
    }

    fn center(&self, index: u32) -> Point {
        let (column, line) = (index % self.columns, index / self.columns);
        let x = self.area.x + self.size / 2.0 + f64::from(column) * self.pitch.0;
        Point::new(x, self.first + f64::from(line) * self.pitch.1)
    }
}

/// Draws the parts of a split batch that wait behind the one in hand, each behind a torn edge.
fn draw_rest(state: &State, lane: &LaneView, batch: &Batch, place: &LanePlace, scene: &mut Scene) {
    let grid = Grid::of(lane, place, &batch.state);
    let mut index = batch.state.count;
    for part in &lane.rest {
        if index >= grid.columns * grid.lines {
            return;
        }
        draw_tear(grid.center(index), grid.size, scene);
        for (&record, index) in part.iter().zip(index + 1..grid.columns * grid.lines) {
            let mut token = Token::new(grid.center(index), grid.size, state.hue(record));
            token.record = Some(record);
            token.selected = state.selected(record);
            token.opacity = 0.55;
            let label =
                if grid.size >= 12.0 { state.record(record).number.to_string() } else { String::new() };
            scene.token(token, label);
        }
        index += part.len() as u32 + 1;
    }
}

/// A torn edge between two halves of a batch.
fn draw_tear(center: Point, size: f64, scene: &mut Scene) {
    const TEETH: u32 = 6;
    let half = size / 2.0 + 3.0;
    let step = 2.0 * half / f64::from(TEETH);
    for side in [-1.8, 1.8] {
        let at = |tooth: u32| {
            let out = if tooth.is_multiple_of(2) { -1.6 } else { 1.6 };
            Point::new(center.x + side + out, center.y - half + f64::from(tooth) * step)
        };
        let edge: Vec<Segment> = (0..=TEETH)
            .map(|tooth| if tooth == 0 { Segment::Move(at(0)) } else { Segment::Line(at(tooth)) })
            .collect();
        scene.path(Class::Tear, Hue::NONE, &edge);
    }
}

/// The part of a card that its cells may fill.
fn area(place: &LanePlace) -> Bounds {
    let bounds = place.card;
    match (place.flow, place.compact) {
        (Flow::Right, false) => {
            Bounds::new(bounds.x + 10.0, bounds.y + 30.0, bounds.width - 20.0, bounds.height - 42.0)
        }
        (Flow::Right, true) => {
            let width = bounds.width - 24.0 - compact_text_width(bounds);
            Bounds::new(bounds.x + 8.0, bounds.y + 2.0, width, bounds.height - 8.0)
        }
        (Flow::Down, compact) => {
            let margin = if compact { 5.0 } else { 10.5 };
            Bounds::new(bounds.x + margin, bounds.y + 27.0, bounds.width - 2.0 * margin, bounds.height - 41.0)
        }
    }
}

/// The largest size at which all records fit, or the smallest; and the pitch along x and y, with so much more room
/// between lines.
fn cell_size(area: Bounds, place: &LanePlace, count: u32, room: f64) -> (f64, (f64, f64)) {
    let largest = if place.flow == Flow::Right { place.token.max(10.0) } else { 13.0 };
    let pitch = |size: f64| (size + 2.0, size + room + if size > 13.0 { 4.0 } else { 3.0 });
    let sizes = [16.0, 14.0, 13.0, 12.0, 11.0, 10.0, 9.0, 8.0];
    let fits = |&size: &f64| {
        let (across, down) = pitch(size);
        let columns = ((area.width + across - size) / across).floor().max(0.0);
        let lines = ((area.height + down - size) / down).floor().max(0.0);
        size <= largest && columns * lines >= f64::from(count)
    };
    let size =
        sizes.into_iter().find(fits).unwrap_or(if area.height < 10.0 { area.height.max(6.0) } else { 10.0 });
    (size, pitch(size))
}

/// One row for each key, level with the deck's; `None` where that does not fit.
fn cells_by_key(
    state: &State,
    lane: &LaneView,
    place: &LanePlace,
    area: Bounds,
    invocation: &Invocation,
) -> Option<Vec<Cell>> {
    let rows = lane.rows.len();
    if place.flow == Flow::Down || rows < 2 || place.rows.len() < rows || !lane.rest.is_empty() {
        return None;
    }
    let size = match Again::room(invocation) {
        0.0 => place.token,
        room => place.token.min((place.pitch - 5.0 - room).max(11.0)),
    };
    let columns = ((area.width + 2.0) / (size + 2.0)) as u32;
    if invocation.count > columns * rows as u32 {
        return None;
    }
    let mut filled = vec![0; rows];
    // One that ends a tumbling window may have no records.
    let page = state.page(invocation, invocation.count.max(1));
    page.into_iter()
        .map(|(order, record)| {
            let key = state.roster.place(state.record(record).key);
            let row = lane.rows.iter().position(|row| row.key == key)?;
            let column = filled[row];
            filled[row] += 1;
            let x = area.x + size / 2.0 + f64::from(column) * (size + 2.0);
            (column < columns).then_some(Cell { record, order, size, center: Point::new(x, place.rows[row]) })
        })
        .collect()
}

fn draw_cell(
    state: &State,
    batch: &Batch,
    cell: &Cell,
    place: &LanePlace,
    flights: &mut Flights,
    scene: &mut Scene,
) {
    let invocation = &batch.state;
    let waits = batch.again_at.is_some();
    if !waits && flights.sent(cell.record, cell.order, invocation, place, cell.center) == Arrival::OnItsWay {
        draw_place(state, cell, scene);
        return;
    }
    let mut token = Token::new(cell.center, cell.size, state.hue(cell.record));
    token.record = Some(cell.record);
    token.selected = state.selected(cell.record);
    token.state = if invocation.failed_at() == Some(cell.order) {
        TokenState::Failed
    } else if cell.order < invocation.rows {
        flights.written(cell.record, cell.order, invocation, cell.center, place);
        TokenState::Done
    } else if cell.order == invocation.rows && !waits && state.now() >= invocation.handler_at() {
        TokenState::Current
    } else {
        TokenState::Waiting
    };
    if cell.size >= 12.0 && place.flow == Flow::Right {
        scene.token(token, state.record(cell.record).number);
    } else if cell.size >= 12.0 {
        let key = state.roster.place(state.record(cell.record).key);
        scene.token(token, key.map_or("", |key| &state.roster.keys[key].label));
    } else {
        scene.token(token, "");
    }
}

/// Where a record will be that is still on its way.
fn draw_place(state: &State, cell: &Cell, scene: &mut Scene) {
    let bounds = Bounds::square(cell.center, cell.size - 1.0);
    let place = scene.rect(Class::MatrixTodo, state.hue(cell.record), bounds, cell.size * 0.22);
    place.object(Object::Record(cell.record));
}

/// The line at the foot: how far the handler is, or how much of the back-off is left.
fn draw_progress(state: &State, batch: &Batch, place: &LanePlace, scene: &mut Scene) {
    let (class, share) = match batch.again_at {
        Some(until) => (Class::Countdown, share_of(until, state.now(), batch.state.ends_at())),
        None => (Class::Progress, share_of(batch.state.handler_at(), state.now(), batch.state.ends_at())),
    };
    draw_track(class, share, place, scene);
}

/// A line at the foot of a card that is filled to a share.
fn draw_track(class: Class, share: f64, place: &LanePlace, scene: &mut Scene) {
    let bounds = place.card;
    let height = if place.compact { 2.0 } else { 3.0 };
    let y = bounds.bottom() - if place.compact { 4.0 } else { 9.0 };
    let track = Bounds::new(bounds.x + 10.0, y, bounds.width - 20.0, height);
    scene.rect(Class::Track, Hue::NONE, track, height / 2.0);
    if share > 0.0 {
        scene.rect(class, Hue::NONE, Bounds { width: track.width * share, ..track }, height / 2.0);
    }
}

/// How far `now` is from `from` to `to`, 0 to 1; `from` may lie after `to`.
fn share_of(from: SimTime, now: SimTime, to: SimTime) -> f64 {
    let span = to.0 as f64 - from.0 as f64;
    if span == 0.0 { 1.0 } else { ((now.0 as f64 - from.0 as f64) / span).clamp(0.0, 1.0) }
}
