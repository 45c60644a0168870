//! The cut that is being chosen: a line over the bar and its shard, with its place among the hash keys.

use super::layout::{self, Flow, Layout};
use super::state::State;
use crate::view::cut::{self, Target};
use crate::view::picture::Picture;
use crate::view::roster;
use crate::view::scene::{Anchor, Bounds, Class, Hue, Point, Scene, Segment, measure};
use crate::view::text::MessageId;

/// How far from the bar a point still means the bar, in pixels.
const NEAR: f64 = 60.0;

/// What would be cut at a point of the stage; `None` away from the bar, and where no shard can be cut.
#[must_use]
pub fn cut_at(picture: &Picture, x: f64, y: f64) -> Option<Target> {
    let (flow, stops, band) = layout::frame(picture);
    let point = Point::new(x, y);
    let (along, across) = match flow {
        Flow::Right => (flow.along(point), y),
        Flow::Down => (flow.along(point), x),
    };
    let middle = f64::midpoint(stops.bar.0, stops.bar.1);
    if (along - middle).abs() > NEAR || across < band.0 - 8.0 || across > band.1 + 8.0 {
        return None;
    }
    cut::at_share(picture.player.sim().stream(), (across - band.0) / (band.1 - band.0))
}

/// Draws the cut, if one is being chosen.
pub(super) fn draw(state: &State, layout: &Layout, scene: &mut Scene) {
    let Some(hash_key) = state.picture.cut else { return };
    let (flow, stops) = (layout.flow, &layout.stops);
    let target = cut::target(state.sim.stream(), hash_key);
    let share = roster::share(hash_key);
    let on_bar = layout.on_bar(share);
    let shown = target.and_then(|target| state.shards.iter().position(|view| view.shard == target.shard));
    let mut way = vec![flow.point(stops.bar.0 - 14.0, on_bar), flow.point(stops.bar.1 + 4.0, on_bar)];
    if let (Some(place), Some(target)) = (shown.map(|place| &layout.shards[place]), target) {
        let range = state.sim.stream().shards[target.shard as usize].range;
        let (start, end) = (roster::share(range.start()), roster::share(range.end()));
        let part = if end > start { (share - start) / (end - start) } else { 0.5 };
        let (from, to) = match flow {
            Flow::Right => (place.bounds.y, place.bounds.bottom()),
            Flow::Down => (place.bounds.x, place.bounds.right()),
        };
        let across = from + (to - from) * part;
        way.extend([flow.point(place.along.0, across), flow.point(place.along.1 + 6.0, across)]);
    }
    let segments = way.iter().enumerate();
    let segments: Vec<Segment> = segments
        .map(|(place, &point)| if place == 0 { Segment::Move(point) } else { Segment::Line(point) })
        .collect();
    scene.path(Class::Ghost, Hue::NONE, &segments);
    draw_scissors(way[0], flow, scene);
    draw_text(state, layout, target, (share, on_bar), scene);
}

/// A pair of scissors that cuts away from the producers.
fn draw_scissors(at: Point, flow: Flow, scene: &mut Scene) {
    let turned = |x: f64, y: f64| match flow {
        Flow::Right => Point::new(at.x + x, at.y + y),
        Flow::Down => Point::new(at.x + y, at.y + x),
    };
    for side in [-1.0, 1.0] {
        scene.circle(Class::Scissors, Hue::NONE, turned(-7.0, side * 3.6), 2.6);
        let blade = [Segment::Move(turned(-4.8, side * 2.2)), Segment::Line(turned(5.0, side * -3.0))];
        scene.path(Class::Scissors, Hue::NONE, &blade);
    }
}

/// What would be cut, and where.
fn draw_text(
    state: &State,
    layout: &Layout,
    target: Option<Target>,
    (share, on_bar): (f64, f64),
    scene: &mut Scene,
) {
    let lang = state.picture.lang;
    let percent = format!("{:.1}", share * 100.0);
    let text = match target {
        Some(target) => MessageId::CutAt.fill(lang, &[&super::shard_name(target.shard), &percent]),
        None => MessageId::CutNowhere.fill(lang, &[&percent]),
    };
    let width = measure::width_of(Class::PillText, &text) + 24.0;
    let (x, y) = match layout.flow {
        Flow::Right => {
            let above = on_bar - 26.0;
            (layout.stops.bar.1 + 10.0, if above > layout.band.0 { above } else { on_bar + 8.0 })
        }
        Flow::Down => (on_bar - width / 2.0, layout.stops.bar.1 + 8.0),
    };
    let x = x.clamp(4.0, (state.picture.width - width - 4.0).max(4.0));
    let bounds = Bounds::new(x, y, width, 20.0);
    scene.rect(Class::Pill, Hue::NONE, bounds, 10.0);
    let at = Point::new(bounds.center().x, bounds.y + 14.5);
    scene.text(Class::PillText, at, Anchor::Middle, text);
}
