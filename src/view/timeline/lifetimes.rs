//! Shards in the quilt: a rectangle for each, from its opening to its close, over its hash keys.
//!
//! A split is where one rectangle ends and two begin, with a cut between them from then on; a merge is where a border
//! ends. Both are named at their instant.

use super::axis::Axis;
use super::quilt::Scale;
use crate::kinesis::shard::Shard;
use crate::sim::Simulation;
use crate::units::SimTime;
use crate::view::picture::Picture;
use crate::view::roster;
use crate::view::scene::{Anchor, Bounds, Class, Hue, Object, Point, Scene, Segment, measure};
use crate::view::stage::{shard_name, short_name};
use crate::view::text::MessageId;

/// Shards drawn one by one; with more in sight, only their common ground.
const SHARDS_MAX: usize = 64;
/// Between the lines of a closed shard's hatching.
const HATCH: f64 = 9.0;
/// Height of a rectangle from which it has a name.
const NAMED_FROM: f64 = 16.0;

/// Shards in sight.
pub(super) struct Lifetimes {
    /// What has been, by the run up to the playhead.
    past: Vec<u32>,
    /// What is known to come, by the run ahead.
    coming: Vec<u32>,
}

impl Lifetimes {
    /// Those that the visible time touches; none where there are too many of them.
    pub(super) fn of(picture: &Picture, axis: &Axis) -> Option<Self> {
        let (sim, ahead) = (picture.player.sim(), picture.player.ahead());
        let (from, to) = axis.range();
        let in_sight = |shard: &Shard| {
            !shard.unlisted && shard.opened <= to && shard.closed.is_none_or(|closed| closed.at >= from)
        };
        let of = |sim: &Simulation, first: usize| -> Vec<u32> {
            let shards = sim.stream().shards.iter().enumerate().skip(first);
            let seen = shards.filter(|(_, shard)| in_sight(shard)).map(|(shard, _)| shard as u32);
            seen.take(SHARDS_MAX + 1).collect()
        };
        let past = of(sim, 0);
        let coming = of(ahead, sim.stream().shards.len());
        (past.len() <= SHARDS_MAX).then_some(Self { past, coming })
    }
}

/// Draws the grounds, and the borders of what is to come.
pub(super) fn draw_grounds(
    picture: &Picture,
    axis: &Axis,
    scale: &Scale,
    shown: Option<&Lifetimes>,
    scene: &mut Scene,
) {
    let Some(shown) = shown else {
        let (left, right) = (axis.within(axis.from), axis.within(axis.now.0 as f64));
        let all = Bounds::new(left, scale.top, right - left, scale.bottom - scale.top);
        scene.rect(Class::Past, Hue::NONE, all, 4.0);
        return;
    };
    let sim = picture.player.sim();
    for &shard in &shown.past {
        let state = &sim.stream().shards[shard as usize];
        let bounds = bounds(axis, scale, state, sim.now());
        if bounds.width <= 0.0 {
            continue;
        }
        let class = if state.is_open() { Class::Past } else { Class::PastClosed };
        scene.rect(class, Hue::NONE, bounds, 4.0).object(Object::Shard(shard));
        if !state.is_open() {
            scene.hatch(Class::Hatch, bounds.grown(-1.0), HATCH);
        }
        if picture.selected == Some(Object::Shard(shard)) {
            scene.rect(Class::RingRect, Hue::NONE, bounds, 4.0);
        }
    }
    let ahead = picture.player.ahead();
    for &shard in shown.coming.iter().take(SHARDS_MAX) {
        let bounds = bounds(axis, scale, &ahead.stream().shards[shard as usize], picture.player.end());
        if bounds.width > 2.0 {
            scene.rect(Class::Coming, Hue::NONE, bounds.grown(-0.5), 4.0);
        }
    }
}

/// The rectangle of a shard that ends with `end`, if it has not been closed before.
fn bounds(axis: &Axis, scale: &Scale, shard: &Shard, end: SimTime) -> Bounds {
    const SEAM: f64 = 1.0;
    let left = if shard.opened == SimTime::ZERO {
        axis.within(axis.from)
    } else {
        axis.within(shard.opened.0 as f64) + SEAM
    };
    let closed = shard.closed.map(|closed| axis.within(closed.at.0 as f64) - SEAM);
    let right = closed.unwrap_or_else(|| axis.within(end.0 as f64));
    let (start, end) = (roster::share(shard.range.start()), roster::share(shard.range.end()));
    let inset = |share: f64| if 0.0 < share && share < 0.999_999 { SEAM } else { 0.0 };
    let top = (scale.y(start) + inset(start)).max(scale.top);
    let bottom = (scale.y(end) - inset(end)).min(scale.bottom);
    Bounds::new(left, top, right - left, (bottom - top).max(0.5))
}

/// Draws splits and merges: a mark at their instant, and a cut between the children of a split.
pub(super) fn draw_reshards(
    picture: &Picture,
    axis: &Axis,
    scale: &Scale,
    shown: &Lifetimes,
    scene: &mut Scene,
) {
    let sim = picture.player.sim();
    let shards = &sim.stream().shards;
    for &idx in &shown.past {
        let shard = &shards[idx as usize];
        let x = axis.x(shard.opened.0 as f64);
        let Some((share, lower)) = border(sim, shard) else { continue };
        let y = scale.y(share);
        if let Some(lower) = lower {
            let until = |shard: &Shard| shard.closed.map_or(sim.now(), |closed| closed.at);
            let to = axis.within(until(shard).min(until(&shards[lower as usize])).0 as f64);
            let from = axis.within(x_to_ms(axis, x));
            if to > from {
                scene.line(Class::Cut, Hue::NONE, Point::new(from, y), Point::new(to, y));
            }
        }
        if x >= axis.left {
            let way = if lower.is_some() { 1.0 } else { -1.0 };
            let at = |along: f64, across: f64| Point::new(x + along * way, y + across);
            let head = [
                Segment::Move(at(-3.0, -4.5)),
                Segment::Line(at(5.0, 0.0)),
                Segment::Line(at(-3.0, 4.5)),
                Segment::Close,
            ];
            scene.path(Class::CutHead, Hue::NONE, &head);
        }
    }
}

fn x_to_ms(axis: &Axis, x: f64) -> f64 {
    axis.from + (x - axis.left) / axis.scale
}

/// The border that a shard's opening made or removed, and the lower child where it was made; `None` for a lower child
/// and for a shard without parents.
fn border(sim: &Simulation, shard: &Shard) -> Option<(f64, Option<u32>)> {
    let shards = &sim.stream().shards;
    if shard.opened == SimTime::ZERO {
        return None;
    }
    let parent = shards.get(shard.parents.parent? as usize)?;
    if let Some(adjacent) = shard.parents.adjacent {
        return Some((roster::share(shards.get(adjacent as usize)?.range.start()), None));
    }
    if shard.range.start() == parent.range.start() {
        return None;
    }
    let idx = sim.stream().children(shard.parents.parent?).next()?;
    Some((roster::share(shard.range.start()), Some(idx)))
}

/// Draws the names of shards, splits and merges where there is room, those of open shards first.
pub(super) fn draw_names(
    picture: &Picture,
    axis: &Axis,
    scale: &Scale,
    shown: &Lifetimes,
    scene: &mut Scene,
) {
    let sim = picture.player.sim();
    let roster = picture.player.roster();
    let rows = || roster.keys.iter().map(|key| scale.y(key.share())).collect();
    let ticks = (!roster.keys.is_empty() || roster.total == 0).then(rows);
    let mut names = Names { axis, ticks, placed: Vec::new(), scene };
    names.open(sim, scale, shown);
    if !picture.tall() {
        names.reshards(picture, scale, shown);
    }
    names.closed(sim, scale, shown);
    names.coming(picture, scale, shown);
}

struct Names<'a> {
    axis: &'a Axis,
    /// Heights of the rows of ticks; `None` where ticks are everywhere.
    ticks: Option<Vec<f64>>,
    placed: Vec<Bounds>,
    scene: &'a mut Scene,
}

impl Names<'_> {
    /// Writes a text unless it would leave the plot or cross another one.
    fn write(&mut self, at: Point, anchor: Anchor, text: &str, shard: Option<u32>) -> bool {
        let width = measure::width_of(Class::MonoHalo, text);
        let left = match anchor {
            Anchor::Start => at.x,
            Anchor::Middle => at.x - width / 2.0,
            Anchor::End => at.x - width,
        };
        let bounds = Bounds::new(left - 2.0, at.y - 10.0, width + 4.0, 13.0);
        let free = !self.placed.iter().any(|placed| placed.overlaps(bounds));
        if !free || left <= self.axis.left + 4.0 || bounds.right() > self.axis.right {
            return false;
        }
        self.placed.push(bounds);
        if !self.is_between_ticks(at.y) {
            self.scene.rect(Class::Ground, Hue::NONE, bounds, 3.0);
        }
        let shape = self.scene.text(Class::MonoHalo, at, anchor, text);
        shape.object = shard.map(Object::Shard);
        true
    }

    /// Whether a line of text at this height crosses no row of ticks.
    fn is_between_ticks(&self, y: f64) -> bool {
        /// Half a line and half a tick.
        const APART: f64 = 9.0;
        let free = |ticks: &Vec<f64>| ticks.iter().all(|tick| (y - 4.0 - tick).abs() >= APART);
        self.ticks.as_ref().is_some_and(free)
    }

    /// The height for a line of text inside these bounds that crosses no row of ticks and is nearest to `wanted`;
    /// `wanted` where there is none.
    fn between_ticks(&self, bounds: Bounds, wanted: f64) -> f64 {
        let heights = (bounds.y + 11.0).ceil() as i32..=(bounds.bottom() - 3.0).floor() as i32;
        let free = heights.map(f64::from).filter(|&y| self.is_between_ticks(y));
        free.min_by(|a, b| (a - wanted).abs().total_cmp(&(b - wanted).abs())).unwrap_or(wanted)
    }

    fn open(&mut self, sim: &Simulation, scale: &Scale, shown: &Lifetimes) {
        let open = sim.stream().open_shards();
        let right = self.axis.within(self.axis.now.0 as f64) - 10.0;
        for &shard in shown.past.iter().filter(|&&shard| sim.stream().shards[shard as usize].is_open()) {
            let bounds = bounds(self.axis, scale, &sim.stream().shards[shard as usize], sim.now());
            if bounds.height < NAMED_FROM {
                continue;
            }
            let y = if open.len() == 1 {
                scale.top + 0.27 * (scale.bottom - scale.top)
            } else {
                (bounds.y + 12.0).min(bounds.bottom() - 4.0)
            };
            let y = self.between_ticks(bounds, y);
            let room = right - bounds.x - 4.0;
            let names = [shard_name(shard), short_name(shard)];
            if let Some(name) = names.iter().find(|name| measure::width_of(Class::MonoHalo, name) <= room) {
                self.write(Point::new(right, y), Anchor::End, name, Some(shard));
            }
        }
    }

    fn reshards(&mut self, picture: &Picture, scale: &Scale, shown: &Lifetimes) {
        let sim = picture.player.sim();
        for &idx in &shown.past {
            let shard = &sim.stream().shards[idx as usize];
            let Some((share, lower)) = border(sim, shard) else { continue };
            let parents: Vec<String> = shard.parents.iter().map(short_name).collect();
            let id = if lower.is_some() { MessageId::SplitOf } else { MessageId::MergeOf };
            let text = id.fill(picture.lang, &[&parents.join(" + ")]);
            let at = Point::new(self.axis.x(shard.opened.0 as f64) - 9.0, scale.y(share) + 4.0);
            self.write(at, Anchor::End, &text, None);
        }
    }

    fn closed(&mut self, sim: &Simulation, scale: &Scale, shown: &Lifetimes) {
        for &shard in shown.past.iter().filter(|&&shard| !sim.stream().shards[shard as usize].is_open()) {
            let bounds = bounds(self.axis, scale, &sim.stream().shards[shard as usize], sim.now());
            let names = [shard_name(shard), short_name(shard)];
            let fits = |name: &&String| measure::width_of(Class::MonoHalo, name) + 12.0 <= bounds.width;
            let Some(name) = names.iter().find(fits).filter(|_| bounds.height >= NAMED_FROM) else {
                continue;
            };
            let right = bounds.right() - 6.0;
            let y = self.between_ticks(bounds, bounds.y + 12.0);
            // Where its upper corner is taken, in the lower one.
            let _ = self.write(Point::new(right, y), Anchor::End, name, Some(shard))
                || self.write(Point::new(right, bounds.bottom() - 4.0), Anchor::End, name, Some(shard));
        }
    }

    fn coming(&mut self, picture: &Picture, scale: &Scale, shown: &Lifetimes) {
        /// Room beside the playhead for what is said of the keys.
        const KEYS: f64 = 118.0;
        let ahead = picture.player.ahead();
        for &shard in shown.coming.iter().take(SHARDS_MAX) {
            let bounds =
                bounds(self.axis, scale, &ahead.stream().shards[shard as usize], picture.player.end());
            let left = (bounds.x + 8.0).max(self.axis.within(self.axis.now.0 as f64) + KEYS);
            let names = [shard_name(shard), short_name(shard)];
            let fits =
                |name: &&String| left + measure::width_of(Class::MonoHalo, name) + 6.0 <= bounds.right();
            let Some(name) = names.iter().find(fits).filter(|_| bounds.height >= NAMED_FROM) else {
                continue;
            };
            self.write(Point::new(left, bounds.center().y + 4.0), Anchor::Start, name, None);
        }
    }
}
