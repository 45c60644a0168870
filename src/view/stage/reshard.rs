//! What moves and what stands between shards when they are split and merged, and puts that bounce off a shard.
//!
//! Everything here is a function of the time since a shard opened, or since a put was refused.

use super::family::overlap;
use super::layout::{Flow, Layout, ShardPlace};
use super::motion::{along_way, ease_out};
use super::shard::draw_lock;
use super::state::{ShardView, State};
use crate::event_log::Event;
use crate::kinesis::stream::{Shard, ThrottleReason};
use crate::units::SimTime;
use crate::view::roster;
use crate::view::scene::{Class, Hue, Point, Scene, Segment, Token, TokenState};

/// How long a cut or a seam is seen, for the watcher.
const CUT_MS: f64 = 900.0;
/// How long a refused put is seen, for the watcher; it turns back at this part of its way.
const BOUNCE_MS: f64 = 700.0;
const BOUNCE_AT: f64 = 0.5;
/// Events looked at for refused puts, and how many of those are drawn.
const EVENTS_MAX: u32 = 8192;
const BOUNCES_MAX: usize = 10;

/// How far the motion is that began at `at`, 0 to 1; 1 where nothing moves.
fn progress(state: &State, at: SimTime) -> f64 {
    let since = state.now().0.saturating_sub(at.0) as f64;
    state.picture.pace().map_or(1.0, |pace| (since / (CUT_MS * pace)).min(1.0))
}

/// How far the motion is of a shard that came out of a split or a merge, 0 to 1.
fn opened(state: &State, shard: u32) -> f64 {
    let shard = &state.sim.stream().shards[shard as usize];
    let new = shard.parents.parent.is_some() && shard.opened > SimTime::ZERO;
    if new { progress(state, shard.opened) } else { 1.0 }
}

/// How much room a piece gets, beside one that has been there: what has just opened begins with its parents' room.
pub(super) fn weight(state: &State, root: u32) -> f64 {
    let progress = opened(state, root);
    let before = if state.sim.stream().shards[root as usize].parents.adjacent.is_some() { 2.0 } else { 0.5 };
    before + (1.0 - before) * ease_out(progress)
}

/// How far the youngest generation of a shard's family has opened, 0 to 1.
pub(super) fn opening(state: &State, view: &ShardView) -> f64 {
    let range = |view: &ShardView| state.sim.stream().shards[view.shard as usize].range;
    let youngest = state
        .shards
        .iter()
        .filter(|other| other.generation + 1 == view.generations && other.generations == view.generations);
    let own = view.generation + 1 == view.generations;
    let related = youngest
        .filter(|other| if own { other.shard == view.shard } else { overlap(range(other), range(view)) });
    related.map(|other| ease_out(opened(state, other.shard))).fold(1.0, f64::min)
}

/// Draws cuts and seams, and the gates between generations.
pub(super) fn draw(state: &State, layout: &Layout, scene: &mut Scene) {
    for (view, place) in state.shards.iter().zip(&layout.shards) {
        if view.generation > 0 {
            draw_gate(state, layout, (view, place), scene);
        }
    }
    for (view, place) in state.shards.iter().zip(&layout.shards) {
        let progress = opened(state, view.shard);
        if progress < 1.0 {
            draw_cut(state, layout, (view, place), progress, scene);
        }
    }
}

/// The gate that holds a shard's records back until its parents are drained: before each of them.
fn draw_gate(state: &State, layout: &Layout, (view, _): (&ShardView, &ShardPlace), scene: &mut Scene) {
    let range = |shard: u32| state.sim.stream().shards[shard as usize].range;
    let flow = layout.flow;
    for (older, place) in state.shards.iter().zip(&layout.shards) {
        let before =
            older.generation + 1 == view.generation && overlap(range(older.shard), range(view.shard));
        // One gate for all children of a shard.
        let first = state.shards.iter().find(|other| {
            other.generation == view.generation && overlap(range(other.shard), range(older.shard))
        });
        if !before || first.is_some_and(|first| first.shard != view.shard) {
            continue;
        }
        let (wide, radius) = if flow == Flow::Right { (8.0, 8.5f64) } else { (5.0, 6.5) };
        let along = place.along.0 - wide;
        let (from, to) = match flow {
            Flow::Right => (place.bounds.y, place.bounds.bottom()),
            Flow::Down => (place.bounds.x, place.bounds.right()),
        };
        let middle = flow.point(along, f64::midpoint(from, to));
        let shown = opening(state, older);
        let reach = (to - from) / 2.0 * shown;
        let across = f64::midpoint(from, to);
        let ends = (flow.point(along, across - reach), flow.point(along, across + reach));
        scene.line(Class::Gate, Hue::NONE, ends.0, ends.1).opacity(shown);
        let radius = radius.min((to - from) / 2.0);
        scene.circle(Class::GateKnob, Hue::NONE, middle, radius).opacity(shown);
        if radius > 4.0 {
            draw_lock(
                Point::new(middle.x, middle.y - 1.0),
                radius / 11.0,
                [Class::GateLock, Class::GateBow],
                scene,
            );
        }
    }
}

/// A cut that runs from the bar through the shard, or a seam that closes in the same way.
fn draw_cut(
    state: &State,
    layout: &Layout,
    (view, place): (&ShardView, &ShardPlace),
    progress: f64,
    scene: &mut Scene,
) {
    let shards = &state.sim.stream().shards;
    let shard: &Shard = &shards[view.shard as usize];
    let parent = |parent: Option<u32>| parent.and_then(|parent| shards.get(parent as usize));
    let (Some(lower), upper) = (parent(shard.parents.parent), parent(shard.parents.adjacent)) else { return };
    let merged = upper.is_some();
    // Of a split's children the upper one draws the cut.
    let border = match upper {
        Some(upper) => upper.range.start(),
        None if shard.range.start() > lower.range.start() => shard.range.start(),
        None => return,
    };
    let flow = layout.flow;
    let on_bar = layout.on_bar(roster::share(border));
    let across = match flow {
        Flow::Right if merged => place.bounds.center().y,
        Flow::Right => place.span.0 - 4.0,
        Flow::Down if merged => place.bounds.center().x,
        Flow::Down => place.span.0 - 4.0,
    };
    let (from, to) = (layout.stops.bar.0 - 8.0, (layout.stops.batcher.0 - 26.0).max(layout.stops.shard.1));
    let knee = layout.stops.bar.1 + 2.0;
    let points = [
        flow.point(from, on_bar),
        flow.point(knee, on_bar),
        flow.point(place.along.0, across),
        flow.point(to, across),
    ];
    // The head runs through it in the first half of the time; then it fades.
    let head = (progress * 1.8).min(1.0);
    let fade = ((1.0 - progress) * 2.4).min(1.0);
    let (head_at, mut way) = upto(&points, head, flow);
    let class = if merged {
        way = points.to_vec();
        way.drain(..upto(&points, head, flow).1.len() - 1);
        way[0] = head_at;
        Class::Seam
    } else {
        Class::Knife
    };
    let segments = way.iter().enumerate();
    let segments: Vec<Segment> = segments
        .map(|(place, &point)| if place == 0 { Segment::Move(point) } else { Segment::Line(point) })
        .collect();
    if segments.len() > 1 {
        scene.path(class, Hue::NONE, &segments).opacity(fade);
    }
    let diamond = |size: f64| {
        let at = |x: f64, y: f64| Point::new(head_at.x + x * size, head_at.y + y * size);
        [
            Segment::Move(at(-1.0, 0.0)),
            Segment::Line(at(0.0, -1.0)),
            Segment::Line(at(1.0, 0.0)),
            Segment::Line(at(0.0, 1.0)),
            Segment::Close,
        ]
    };
    scene.path(Class::KnifeHead, Hue::NONE, &diamond(5.0)).opacity(fade);
}

/// The point at a share of a way of straight lines, and the way up to it.
fn upto(points: &[Point], share: f64, flow: Flow) -> (Point, Vec<Point>) {
    let (first, last) = (points[0], points[points.len() - 1]);
    let along = flow.along(first) + share * (flow.along(last) - flow.along(first));
    let mut way = vec![first];
    for pair in points.windows(2) {
        let (from, to) = (flow.along(pair[0]), flow.along(pair[1]));
        if along <= to || to <= from && pair[1] == last {
            let part = if to > from { ((along - from) / (to - from)).clamp(0.0, 1.0) } else { 1.0 };
            let at = pair[0].towards(pair[1], part);
            way.push(at);
            return (at, way);
        }
        way.push(pair[1]);
    }
    (last, way)
}

/// Draws the puts that were refused in the last moments: they fly to their shard and bounce off it.
pub(super) fn draw_bounces(state: &State, layout: &Layout, scene: &mut Scene) {
    let Some(pace) = state.picture.pace() else { return };
    if is_crowded(state, BOUNCE_MS * pace) {
        return;
    }
    let refused = refused(state, BOUNCE_MS * pace);
    // A power of two, and by number, so that the same ones stay.
    let every = (refused.len().div_ceil(BOUNCES_MAX)).next_power_of_two() as u32;
    for &(number, at, shard, key) in refused.iter().filter(|(number, ..)| number.is_multiple_of(every)) {
        let progress = (state.now().0 - at.0) as f64 / (BOUNCE_MS * pace);
        draw_bounce(state, layout, (number, shard, key), progress, scene);
    }
}

/// The time `span_ms` before now.
fn before(state: &State, span_ms: f64) -> SimTime {
    SimTime((state.now().0 as f64 - span_ms).max(0.0) as u64)
}

/// Whether more has happened within `span_ms` before now than is looked at: then refused puts would vanish on their
/// way.
fn is_crowded(state: &State, span_ms: f64) -> bool {
    state.sim.log().count() - state.sim.events_until(before(state, span_ms)) > EVENTS_MAX
}

/// Puts refused within `span_ms` before now, as far as that is looked at: event, time, shard, key.
pub(super) fn refused(state: &State, span_ms: f64) -> Vec<(u32, SimTime, u32, u32)> {
    if state.sim.totals().throttled == 0 {
        return Vec::new();
    }
    let since = before(state, span_ms);
    let to = state.sim.log().count();
    let from = state.sim.events_until(since).max(to.saturating_sub(EVENTS_MAX));
    let events = state.sim.events(from, to);
    let refused = events.filter_map(|(number, at, event)| {
        let Event::RecordThrottled { stream: 0, shard, key, reason, .. } = event else { return None };
        (reason != ThrottleReason::NoStream).then_some((number, at, shard, key))
    });
    refused.filter(|&(_, at, ..)| at > since).collect()
}

fn draw_bounce(
    state: &State,
    layout: &Layout,
    (number, shard, key): (u32, u32, u32),
    progress: f64,
    scene: &mut Scene,
) {
    let (flow, stops) = (layout.flow, &layout.stops);
    let Some(place) = state.shards.iter().position(|view| view.shard == shard) else { return };
    let place = &layout.shards[place];
    let Some(&from) = layout.producers.get(state.roster.place(key).unwrap_or(0)) else { return };
    let on_bar = layout.on_bar(roster::share(state.sim.stream().keys.hash_key(key)));
    let leaves = match flow {
        Flow::Right => Point::new(stops.thread, from.y),
        Flow::Down => Point::new(from.x, stops.thread),
    };
    // Not all hit the same spot.
    let rows = &place.rows;
    let row = rows.get(number as usize % rows.len().max(1)).copied().unwrap_or_default();
    let hit = flow.point(place.along.0 - 5.0, row);
    let size = 11.0;
    let (at, opacity) = if progress < BOUNCE_AT {
        let way = [from, leaves, flow.point(stops.bar.0 + 4.0, on_bar), hit];
        (along_way(&way, progress / BOUNCE_AT, flow), 1.0)
    } else {
        // Back in an arc, fading.
        let back = (progress - BOUNCE_AT) / (1.0 - BOUNCE_AT);
        let away = (hit_room(layout, place)) * ease_out(back);
        let fall = 26.0 * back * back - 18.0 * back;
        let at = match flow {
            Flow::Right => Point::new(hit.x - away, hit.y + fall),
            Flow::Down => Point::new(hit.x + fall, hit.y - away),
        };
        (at, 1.0 - back * back)
    };
    let mut token = Token::new(at, size, Hue::of(key));
    token.opacity = opacity;
    if progress >= BOUNCE_AT {
        token.state = TokenState::Failed;
    }
    scene.token(token, "");
    if progress >= BOUNCE_AT {
        let from = match flow {
            Flow::Right => (Point::new(hit.x + 4.0, row - 8.0), Point::new(hit.x + 4.0, row + 8.0)),
            Flow::Down => (Point::new(row - 8.0, hit.y + 4.0), Point::new(row + 8.0, hit.y + 4.0)),
        };
        scene.line(Class::Wall, Hue::NONE, from.0, from.1).opacity(opacity);
    }
}

/// How far a put bounces back: not beyond the bar.
fn hit_room(layout: &Layout, place: &ShardPlace) -> f64 {
    (place.along.0 - layout.stops.bar.1).clamp(12.0, 34.0)
}
