//! What tells of the shards that are not drawn: a strip of all of them beside the bar, and a way to them.

use super::layout::{Flow, Layout};
use super::state::State;
use crate::units::SimTime;
use crate::view::picture::Control;
use crate::view::roster;
use crate::view::scene::{Bounds, Class, Hue, Point, Scene, Segment};

/// Width of the strip.
pub(super) const STRIP: f64 = 8.0;
/// Between the bar and the strip.
const APART: f64 = 3.0;
/// Height of a row of several shards, and least height of a shard of its own row.
const ROW: f64 = 2.0;
const SHARD_MIN: f64 = 3.0;
/// What a shard's shade tells of: its part of the records of this time, of the latest ones at most.
const LOAD_MS: u64 = 10_000;
const RECORDS_MAX: u32 = 4096;

/// Whether there are shards that are not drawn.
pub(super) fn is_partial(state: &State) -> bool {
    (state.family.total as usize) > state.family.pieces.len()
}

/// Draws both, where shards are not drawn.
pub(super) fn draw(state: &State, layout: &Layout, scene: &mut Scene) {
    if !is_partial(state) {
        return;
    }
    draw_strip(state, layout, scene);
    if state.picture.controls {
        draw_pager(state, layout, scene);
    }
}

/// All open shards by hash key, darker where more was put; beside it, those that are drawn.
fn draw_strip(state: &State, layout: &Layout, scene: &mut Scene) {
    let (flow, band) = (layout.flow, layout.band);
    let along = (layout.stops.bar.1 + APART, layout.stops.bar.1 + APART + STRIP);
    scene.rect(Class::LoadGround, Hue::NONE, flow.bounds(along, band), 2.0);
    let length = band.1 - band.0;
    let open = state.sim.stream().open_shards();
    let each = length / open.len() as f64 >= SHARD_MIN;
    let rows = if each { open.len() } else { (length / ROW) as usize };
    let row_of = |share: f64| ((share * rows as f64) as usize).min(rows - 1);
    let range = |shard: u32| state.sim.stream().shards[shard as usize].range;
    let mut loads = vec![0u32; rows];
    for shard in recent(state) {
        let start = range(shard).start();
        let row = if each {
            open.partition_point(|&open| range(open).start() <= start).saturating_sub(1)
        } else {
            row_of(roster::share(start))
        };
        loads[row] += 1;
    }
    let most = loads.iter().copied().max().unwrap_or(0).max(1);
    for (row, &load) in loads.iter().enumerate().filter(|&(_, &load)| load > 0) {
        let across = if each {
            let range = range(open[row]);
            (layout.on_bar(roster::share(range.start())), layout.on_bar(roster::share(range.end())) - 0.6)
        } else {
            (band.0 + row as f64 * ROW, band.0 + (row as f64 + 1.0) * ROW)
        };
        let shade = 0.15 + 0.85 * f64::from(load) / f64::from(most);
        scene.rect(Class::Load, Hue::NONE, flow.bounds(along, across), 0.0).opacity(shade);
    }
    for piece in &state.family.pieces {
        let (from, to) = (
            layout.on_bar(roster::share(piece.range.start())),
            layout.on_bar(roster::share(piece.range.end())),
        );
        let middle = f64::midpoint(from, to);
        let half = ((to - from) / 2.0 - 0.5).max(1.5);
        let at = along.1 + 2.5;
        let ends = (flow.point(at, middle - half), flow.point(at, middle + half));
        scene.line(Class::LoadShown, Hue::NONE, ends.0, ends.1);
    }
}

/// The shards of the latest records.
fn recent<'a>(state: &'a State<'a>) -> impl Iterator<Item = u32> + 'a {
    let records = &state.sim.stream().records;
    let since = SimTime(state.now().0.saturating_sub(LOAD_MS));
    let first = records.partition_point(|record| record.arrival() < since);
    let first = first.max(records.len().saturating_sub(RECORDS_MAX));
    (first..records.len()).map(|record| records.get(record).shard)
}

/// Buttons that go to the shards before and after, and back to the picture's own choice.
fn draw_pager(state: &State, layout: &Layout, scene: &mut Scene) {
    let [to_back, to_forward] = pages(state);
    let (back, auto, forward, size) = match layout.flow {
        Flow::Right => {
            let right = layout.heading.columns[2] - 10.0;
            let y = layout.heading.labels - 15.0;
            let at = |place: f64| Point::new(right - place * 23.0, y);
            (at(3.0), at(2.0), at(1.0), 20.0)
        }
        Flow::Down => {
            let room = layout.stops.shard.0 - layout.stops.bar.1 - STRIP - 6.0;
            let size = room.clamp(12.0, 30.0);
            let y = layout.stops.bar.1 + STRIP + 5.0;
            let (left, right) = (layout.band.0, layout.band.1 - size);
            (Point::new(left, y), Point::new(left + size + 4.0, y), Point::new(right, y), size)
        }
    };
    let button = |at: Point| Bounds::new(at.x, at.y, size, size);
    if let Some(to) = to_back {
        draw_chevron(button(back), -1.0, Control::Shards(Some(to)), scene);
    }
    if state.picture.shard_first.is_some() {
        let bounds = button(auto);
        scene.rect(Class::Button, Hue::NONE, bounds, 6.0).control(Control::Shards(None));
        scene.circle(Class::ButtonDot, Hue::NONE, bounds.center(), 3.0);
    }
    if let Some(to) = to_forward {
        draw_chevron(button(forward), 1.0, Control::Shards(Some(to)), scene);
    }
}

/// The first shards of the pages before and after what is drawn.
pub(super) fn pages(state: &State) -> [Option<u32>; 2] {
    let family = &state.family;
    let shown = family.pieces.len() as u32;
    let last = family.total - shown;
    // A choice of its own may have gaps: the way on starts behind the first shard that is drawn.
    let to = if state.picture.shard_first.is_some() { family.first + shown } else { family.first + 1 };
    [
        (family.first > 0).then(|| family.first.saturating_sub(shown)),
        (family.first < last).then(|| to.min(last)),
    ]
}

/// A button with an arrow to the left (-1) or to the right (1).
fn draw_chevron(bounds: Bounds, towards: f64, control: Control, scene: &mut Scene) {
    scene.rect(Class::Button, Hue::NONE, bounds, 6.0).control(control);
    let at = |x: f64, y: f64| {
        let middle = bounds.center();
        Point::new(middle.x + x * towards, middle.y + y)
    };
    let arrow = [Segment::Move(at(-2.0, -4.0)), Segment::Line(at(2.5, 0.0)), Segment::Line(at(-2.0, 4.0))];
    scene.path(Class::ButtonGlyph, Hue::NONE, &arrow);
}
