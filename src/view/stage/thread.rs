//! Threads: the way of each key's records through the whole picture. Where there are very many records, threads are bands,
//! as wide as records were put lately.

use super::family::overlap;
use super::layout::{Flow, LanePlace, Layout, ShardPlace};
use super::state::{ShardView, State};
use crate::view::roster;
use crate::view::scene::{Class, Hue, Point, Scene, Segment};

/// Draws the threads of all keys, or ribbons where there are many.
pub(super) fn draw(state: &State, layout: &Layout, scene: &mut Scene) {
    if state.roster.keys.is_empty() {
        draw_ribbons(state, layout, scene);
        return;
    }
    let selected = state.selected_key();
    for (place, key) in state.roster.keys.iter().enumerate() {
        let class = if selected == Some(place) { Class::ThreadSelected } else { Class::Thread };
        let rates = state.rates.as_ref().filter(|_| selected != Some(place));
        let way = match rates {
            Some(rates) => Way { class: Class::Band, hue: key.hue(), width: Some(rates.of_key(key.id)) },
            None => Way { class, hue: key.hue(), width: None },
        };
        draw_key(state, layout, place, way, scene);
    }
}

/// How a way looks: a line of its class, or a band of its own width.
#[derive(Clone, Copy)]
struct Way {
    class: Class,
    hue: Hue,
    width: Option<f64>,
}

impl Way {
    /// The way of records of many keys.
    fn mixed(width: Option<f64>) -> Self {
        let class = if width.is_some() { Class::BandMixed } else { Class::Ribbon };
        Self { class, hue: Hue::NONE, width }
    }
}

fn draw_key(state: &State, layout: &Layout, key: usize, way: Way, scene: &mut Scene) {
    let (flow, stops) = (layout.flow, &layout.stops);
    let on_bar = layout.on_bar(state.roster.keys[key].share());
    let producer = layout.producers[key];
    let leaves = match flow {
        Flow::Right => Point::new(stops.thread, producer.y),
        Flow::Down => Point::new(producer.x, producer.y + layout.producer_size / 2.0),
    };
    curve(scene, way, (leaves, flow.point(stops.bar.0, on_bar)), flow);
    // Through the shard that takes the key's records now, and those that hold older ones.
    let mut from = flow.point(stops.bar.1, on_bar);
    let ways = shard_rows(state, layout, key);
    let Some(&(_, row)) = ways.last() else { return };
    let mut exit = 0.0;
    for (shard, row) in ways {
        exit = flow.along(Point::new(shard.bounds.right(), shard.bounds.bottom())) - 7.0;
        let enters = flow.point(shard.along.0 + 8.0, row);
        curve(scene, way, (from, enters), flow);
        straight(scene, way, (enters, flow.point(exit, row)), flow);
        from = flow.point(exit, row);
    }
    let Some((place, row_in_lane, alone)) = lane_row(state, layout, key) else { return };
    let leaves = (flow.point(exit, row), flow.point(enters(place, stops), row_in_lane));
    curve(scene, way, leaves, flow);
    if alone {
        line_through(scene, way, place, layout, row_in_lane);
    } else if first_of_lane(state, layout, key) {
        let lane = state.lanes.iter().zip(&layout.lanes).find(|(_, other)| std::ptr::eq(*other, place));
        let width = lane.and_then(|(lane, _)| Some(state.rates.as_ref()?.of_lane(lane.lane)));
        line_through(scene, Way::mixed(width), place, layout, row_in_lane);
    }
}

/// The straight part from the batcher to the store, but not across texts.
fn line_through(scene: &mut Scene, way: Way, place: &LanePlace, layout: &Layout, across: f64) {
    let stops = &layout.stops;
    let mut line = |from: f64, to: f64| {
        straight(scene, way, (place.flow.point(from, across), place.flow.point(to, across)), place.flow);
    };
    if place.compact {
        line(stops.batcher.0 + 32.0, stops.batcher.1 - 44.0);
        line(stops.batcher.1, stops.stored.1 - 40.0);
    } else {
        line(enters(place, stops), stops.stored.1 - 8.0);
    }
}

/// Where threads end in a batcher: before the text, where there is one.
fn enters(place: &LanePlace, stops: &super::layout::Stops) -> f64 {
    stops.batcher.0 + if place.compact { 2.0 } else { 8.0 }
}

/// The shards that are drawn of those that hold a key, the youngest first, and the key's row in each.
fn shard_rows<'a>(state: &State, layout: &'a Layout, key: usize) -> Vec<(&'a ShardPlace, f64)> {
    let row = |view: &ShardView| view.rows.iter().position(|row| row.key == Some(key));
    let holds =
        |(view, place): (&ShardView, &'a ShardPlace)| Some((view.generation, place, place.rows[row(view)?]));
    let mut ways: Vec<_> = state.shards.iter().zip(&layout.shards).filter_map(holds).collect();
    ways.sort_by_key(|way| std::cmp::Reverse(way.0));
    ways.into_iter().map(|(_, place, row)| (place, row)).collect()
}

/// The lane that serves a key and the row in it, and whether the key has the row for itself.
fn lane_row<'a>(state: &State, layout: &'a Layout, key: usize) -> Option<(&'a LanePlace, f64, bool)> {
    let serves = |row: &super::state::LaneRow| row.key == Some(key);
    let place = state.lanes.iter().position(|lane| lane.rows.iter().any(serves))?;
    let row = state.lanes[place].rows.iter().position(serves)?;
    let lane = &layout.lanes[place];
    let alone = lane.rows.len() >= state.lanes[place].rows.len();
    Some((lane, lane.rows[if alone { row } else { 0 }], alone))
}

fn first_of_lane(state: &State, layout: &Layout, key: usize) -> bool {
    lane_row(state, layout, key).is_some()
        && state.lanes.iter().any(|lane| lane.rows.first().is_some_and(|row| row.key == Some(key)))
}

fn draw_ribbons(state: &State, layout: &Layout, scene: &mut Scene) {
    let (flow, stops) = (layout.flow, &layout.stops);
    let middle = f64::midpoint(layout.band.0, layout.band.1);
    let from = flow.point(stops.thread, middle);
    let range = |shard: u32| state.sim.stream().shards[shard as usize].range;
    if let Some(rates) = &state.rates {
        for view in
            state.shards.iter().filter(|view| state.sim.stream().shards[view.shard as usize].is_open())
        {
            let shares = (roster::share(range(view.shard).start()), roster::share(range(view.shard).end()));
            let on_bar = layout.on_bar(f64::midpoint(shares.0, shares.1));
            let way = Way::mixed(Some(rates.of_shard(view.shard)));
            curve(scene, way, (from, flow.point(stops.bar.0, on_bar)), flow);
        }
    } else {
        for share in [0.1, 0.3, 0.5, 0.7, 0.9].into_iter().filter(|_| state.roster.total > 0) {
            let ends = (from, flow.point(stops.bar.0, layout.on_bar(share)));
            curve(scene, Way::mixed(None), ends, flow);
        }
    }
    for (view, shard) in state.shards.iter().zip(&layout.shards) {
        let center = shard.bounds.center();
        let across = if flow == Flow::Right { center.y } else { center.x };
        let exit = shard.along.1 - 4.0;
        for (older, place) in state.shards.iter().zip(&layout.shards) {
            let next = older.generation + 1 == view.generation;
            if next && overlap(range(older.shard), range(view.shard)) {
                let center = place.bounds.center();
                let into = if flow == Flow::Right { center.y } else { center.x };
                let ends = (flow.point(exit, across), flow.point(place.along.0 + 4.0, into));
                curve(scene, Way::mixed(None), ends, flow);
            }
        }
        for (lane, place) in state.lanes.iter().zip(&layout.lanes) {
            if lane.lane.shard == view.shard {
                let row = place.rows[0];
                let leaves = (flow.point(exit, across), flow.point(enters(place, stops), row));
                let way = Way::mixed(state.rates.as_ref().map(|rates| rates.of_lane(lane.lane)));
                curve(scene, way, leaves, flow);
                line_through(scene, way, place, layout, row);
            }
        }
    }
}

fn curve(scene: &mut Scene, way: Way, ends: (Point, Point), flow: Flow) {
    let Some(width) = way.width else {
        let (first, second) = controls(ends.0, ends.1, flow);
        scene.path(way.class, way.hue, &[Segment::Move(ends.0), Segment::Cubic(first, second, ends.1)]);
        return;
    };
    let beside = |point: Point, by: f64| match flow {
        Flow::Right => Point::new(point.x, point.y + by),
        Flow::Down => Point::new(point.x + by, point.y),
    };
    let side = |by: f64| (beside(ends.0, by), beside(ends.1, by));
    let ((from, to), (back_to, back_from)) = (side(-width / 2.0), side(width / 2.0));
    let there = controls(from, to, flow);
    let back = controls(back_from, back_to, flow);
    let band = [
        Segment::Move(from),
        Segment::Cubic(there.0, there.1, to),
        Segment::Line(back_from),
        Segment::Cubic(back.0, back.1, back_to),
        Segment::Close,
    ];
    scene.path(way.class, way.hue, &band);
}

fn straight(scene: &mut Scene, way: Way, ends: (Point, Point), flow: Flow) {
    match way.width {
        Some(_) => curve(scene, way, ends, flow),
        None => drop(scene.line(way.class, way.hue, ends.0, ends.1)),
    }
}

/// The control points of the curve between two points.
pub(super) fn controls(from: Point, to: Point, flow: Flow) -> (Point, Point) {
    match flow {
        Flow::Right => {
            let middle = f64::midpoint(from.x, to.x);
            (Point::new(middle, from.y), Point::new(middle, to.y))
        }
        Flow::Down => {
            let middle = f64::midpoint(from.y, to.y);
            (Point::new(from.x, middle), Point::new(to.x, middle))
        }
    }
}
