//! The scissors: a line over the bar and through its shard, with its place among the hash keys; or the seam of two
//! shards that are about to be merged.

use super::layout::{self, Flow, Layout};
use super::state::State;
use crate::kinesis::HashKey;
use crate::lang::Lang;
use crate::view::cut::{self, Step, Target};
use crate::view::picture::{Control, Picture};
use crate::view::roster;
use crate::view::scene::{Anchor, Bounds, Class, Hue, Point, Scene, Segment, measure};
use crate::view::text::MessageId;

/// How far from the bar a point still means the bar, in pixels.
const NEAR: f64 = 60.0;
/// How far from the border of two shards a point still means the border, in pixels.
const NEAR_BORDER: f64 = 6.0;

/// The hash key that a point of the stage means; `None` away from the bar, and where nothing can be done.
#[must_use]
pub fn cut_at(picture: &Picture, x: f64, y: f64) -> Option<HashKey> {
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
    let length = band.1 - band.0;
    cut::at_share(picture.player.sim().stream(), (across - band.0) / length, NEAR_BORDER / length)
}

/// Draws what is being chosen, or else the button that takes up the scissors.
pub(super) fn draw(state: &State, layout: &Layout, scene: &mut Scene) {
    let Some(hash_key) = state.picture.cut else {
        draw_button(state, layout, scene);
        return;
    };
    let (flow, stops) = (layout.flow, &layout.stops);
    let target = cut::target(state.sim.stream(), hash_key);
    let share = roster::share(hash_key);
    let on_bar = layout.on_bar(share);
    let mut way = vec![flow.point(stops.bar.0 - 14.0, on_bar), flow.point(stops.bar.1 + 4.0, on_bar)];
    way.extend(through(state, layout, target, share).into_iter().flatten());
    let segments = way.iter().enumerate();
    let segments: Vec<Segment> = segments
        .map(|(place, &point)| if place == 0 { Segment::Move(point) } else { Segment::Line(point) })
        .collect();
    scene.path(Class::Ghost, Hue::NONE, &segments);
    match target {
        Some(Target::Merge { .. }) => draw_arrows(way[0], flow, scene),
        Some(Target::Split { .. }) | None => draw_scissors(way[0], flow, scene),
    }
    draw_text(state, layout, target, (share, on_bar), scene);
}

/// The way of the line through the shard that would be split, or between those that would be merged, if they are drawn.
fn through(state: &State, layout: &Layout, target: Option<Target>, share: f64) -> Option<[Point; 2]> {
    let flow = layout.flow;
    let place = |shard: u32| {
        let place = state.shards.iter().position(|view| view.shard == shard)?;
        let place = &layout.shards[place];
        let across = match flow {
            Flow::Right => (place.bounds.y, place.bounds.bottom()),
            Flow::Down => (place.bounds.x, place.bounds.right()),
        };
        Some((place.along, across))
    };
    let (along, across) = match target? {
        Target::Split { shard, .. } => {
            let (along, (from, to)) = place(shard)?;
            let range = state.sim.stream().shards[shard as usize].range;
            let (start, end) = (roster::share(range.start()), roster::share(range.end()));
            let part = if end > start { (share - start) / (end - start) } else { 0.5 };
            (along, from + (to - from) * part)
        }
        Target::Merge { lower, upper } => {
            let ((along, (_, from)), (_, (to, _))) = (place(lower)?, place(upper)?);
            (along, f64::midpoint(from, to))
        }
    };
    Some([flow.point(along.0, across), flow.point(along.1 + 6.0, across)])
}

/// The button that takes up the scissors, at the upper end of the bar; where records fall there is no room for it.
fn draw_button(state: &State, layout: &Layout, scene: &mut Scene) {
    const SIZE: f64 = 24.0;
    let fits = layout.flow == Flow::Right;
    if !state.picture.controls || !fits || state.sim.stream().open_shards().is_empty() {
        return;
    }
    let center = Point::new(layout.stops.bar.0 - 26.0, layout.band.0 - 3.0);
    let bounds = Bounds::new(center.x - SIZE / 2.0, center.y - SIZE / 2.0, SIZE, SIZE);
    scene.rect(Class::Button, Hue::NONE, bounds, 6.0).control(Control::Cut(Step::Begin));
    // The middle of the blades and handles.
    draw_scissors(Point::new(center.x + 2.0, center.y), Flow::Right, scene);
}

/// Two arrows that close the border of two shards.
fn draw_arrows(at: Point, flow: Flow, scene: &mut Scene) {
    for side in [-1.0, 1.0] {
        let turned = |x: f64, y: f64| match flow {
            Flow::Right => Point::new(at.x - 2.0 + x, at.y + y * side),
            Flow::Down => Point::new(at.x + y * side, at.y - 2.0 + x),
        };
        let arrow = [
            Segment::Move(turned(0.0, 11.0)),
            Segment::Line(turned(0.0, 2.5)),
            Segment::Move(turned(-3.5, 6.0)),
            Segment::Line(turned(0.0, 2.5)),
            Segment::Line(turned(3.5, 6.0)),
        ];
        scene.path(Class::Scissors, Hue::NONE, &arrow);
    }
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

/// What the scissors would do, and where.
pub(in crate::view) fn what(target: Option<Target>, share: f64, lang: Lang) -> String {
    let percent = format!("{:.1}", share * 100.0);
    let name = super::shard_name;
    match target {
        Some(Target::Split { shard, .. }) => MessageId::CutAt.fill(lang, &[&name(shard), &percent]),
        Some(Target::Merge { lower, upper }) => {
            MessageId::JoinAt.fill(lang, &[&super::short_name(lower), &super::short_name(upper), &percent])
        }
        None => MessageId::CutNowhere.fill(lang, &[&percent]),
    }
}

fn draw_text(
    state: &State,
    layout: &Layout,
    target: Option<Target>,
    (share, on_bar): (f64, f64),
    scene: &mut Scene,
) {
    let text = what(target, share, state.picture.lang);
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
