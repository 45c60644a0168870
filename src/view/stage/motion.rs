//! Flights: where a record is between two places. Where motion is not wanted, it fades in where it goes.
//!
//! A flight starts when its event happened and takes a fixed time of the watcher, so its place is a function of
//! the event's time, the time now and the speed. What comes later waits until what came before has landed.
//!
//! ```text
//! put: producer ─ bar ─ shard    read: shard ─ deck    sent: deck ─ invocation    stored: invocation ─ stored
//! ```

use super::crowd::Crowd;
use super::layout::{Flow, LanePlace, Layout, ShardPlace};
use super::state::State;
use crate::sim::invocation::Invocation;
use crate::units::SimTime;
use crate::view::article;
use crate::view::roster;
use crate::view::scene::{Bounds, Class, Hue, Point, Scene, Token};

/// Durations for the watcher, in milliseconds.
const PUT_MS: f64 = 380.0;
const READ_MS: f64 = 260.0;
const SENT_MS: f64 = 240.0;
const STORED_MS: f64 = 280.0;
const WRITTEN_MS: f64 = 400.0;
/// Shades in the air at most for one invocation: none where there would be more.
const WRITTEN_MAX: f64 = 4.0;
/// Between records that leave together.
const STAGGER_MS: f64 = 14.0;
const STAGGERED_MAX: u32 = 16;
/// Tokens in the air at most; what is beyond appears where it goes.
const FLYING_MAX: usize = 200;
/// Where nothing moves, the place of what has come is outlined so many times as long as it fades in.
const OUTLINED: f64 = 3.0;
/// Records put between two polls of which each flies: of more, every second one, every fourth, …
const PUTS_MAX: u32 = 64;
/// The same where records wait in piles.
const PUTS_MAX_OF_MANY: u32 = 16;

struct Flyer {
    record: u32,
    at: Point,
    size: f64,
    opacity: f64,
}

/// The tokens in the air.
pub(super) struct Flights<'a> {
    state: &'a State<'a>,
    layout: &'a Layout,
    now: f64,
    pace: Option<f64>,
    /// Whether records fade in where they go.
    fades: bool,
    /// Of so many records, one flies.
    puts: u32,
    flying: Vec<Flyer>,
    /// Places that are outlined: the middle and the edge of what lies there.
    changed: Vec<(Point, f64)>,
}

/// A record of a batch that has just ended, and where it lay.
#[derive(Clone, Copy, Debug)]
pub(super) struct Landing {
    pub(super) record: u32,
    /// Place in the batch.
    pub(super) order: u32,
    pub(super) batch: Invocation,
    pub(super) cell: Point,
}

/// Where a record is on its way to a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrival {
    /// It has arrived.
    There,
    /// It has not: it flies, or has not even left.
    OnItsWay,
}

impl<'a> Flights<'a> {
    pub(super) fn new(state: &'a State<'a>, layout: &'a Layout) -> Self {
        let (now, fading) = (state.now().0 as f64, state.picture.fading_pace());
        let pace = state.picture.pace().or(fading);
        let records = &state.sim.stream().records;
        let span = (PUT_MS * pace.unwrap_or(0.0)).max(state.sim.scenario().model.poll.0 as f64);
        let since = SimTime((now - span).max(0.0) as u64);
        let recent = records.len() - records.partition_point(|record| record.arrival() < since);
        let most = if state.crowd == Crowd::Few { PUTS_MAX } else { PUTS_MAX_OF_MANY };
        let puts = recent.div_ceil(most).next_power_of_two();
        Self {
            state,
            layout,
            now,
            pace,
            fades: fading.is_some(),
            puts,
            flying: Vec::new(),
            changed: Vec::new(),
        }
    }

    /// The pace, if this record flies.
    fn pace_of(&self, record: u32) -> Option<f64> {
        self.pace.filter(|_| record.is_multiple_of(self.puts))
    }

    /// A record on its way to `slot`, of which it has come so far.
    fn fly(&mut self, record: u32, at: Point, size: f64, (slot, progress): (Point, f64)) {
        let (at, opacity) = if self.fades { (slot, progress) } else { (at, 1.0) };
        self.flying.push(Flyer { record, at, size, opacity });
    }

    /// Whether a record that has come so far on its way is taken to be there. Its place is outlined where it fades in.
    fn is_there(&mut self, progress: f64, slot: Point, size: f64) -> bool {
        if self.fades && (0.0..OUTLINED).contains(&progress) && self.changed.len() < FLYING_MAX {
            self.changed.push((slot, size));
        }
        progress >= 1.0 || self.flying.len() >= FLYING_MAX
    }

    /// A record that belongs into its shard, at `slot`.
    pub(super) fn put(&mut self, record: u32, slot: Point) -> Arrival {
        let Some(pace) = self.pace_of(record) else {
            return Arrival::There;
        };
        let start = self.state.record(record).arrival().0 as f64;
        let progress = (self.now - start) / (PUT_MS * pace);
        if self.is_there(progress, slot, 10.0) {
            return Arrival::There;
        }
        if let Some(points) = self.put_way(record, slot) {
            let size = self.layout.producer_size;
            let at = along_way(&points, progress, self.layout.flow);
            let size = if self.fades { 12.0 } else { size + (12.0 - size) * progress };
            self.fly(record, at, size, (slot, progress));
        }
        Arrival::OnItsWay
    }

    /// A record that belongs into a deck, at `slot`.
    pub(super) fn read(&mut self, record: u32, place: &LanePlace, slot: Point) -> Arrival {
        let Some(pace) = self.pace_of(record) else { return Arrival::There };
        let start = self.read_start(record, pace);
        let progress = (self.now - start) / (READ_MS * pace);
        if self.is_there(progress, slot, place.token) {
            return Arrival::There;
        }
        if progress >= 0.0
            && let Some(points) = self.read_way(record, place, slot)
        {
            let at = along_way(&points, ease_out(progress), self.layout.flow);
            self.fly(record, at, place.token, (slot, progress));
        }
        Arrival::OnItsWay
    }

    /// A record that belongs into an invocation, at `cell`; `order` is its place in the batch.
    pub(super) fn sent(
        &mut self,
        record: u32,
        order: u32,
        batch: &Invocation,
        place: &LanePlace,
        cell: Point,
    ) -> Arrival {
        let Some(pace) = self.pace_of(record).filter(|_| batch.attempt == 1) else { return Arrival::There };
        let start = self.sent_start(record, order, batch, pace);
        let progress = (self.now - start) / (SENT_MS * pace);
        if self.is_there(progress, cell, place.token) {
            return Arrival::There;
        }
        let head = self.head(place, cell);
        if progress >= 0.0 {
            let at = head.towards(cell, ease_out(progress));
            self.fly(record, at, place.token, (cell, progress));
        } else if self.read(record, place, head) == Arrival::There {
            self.fly(record, head, place.token, (head, 1.0));
        }
        Arrival::OnItsWay
    }

    /// When a record leaves the deck: at the hand-over, but not before it has landed there.
    fn sent_start(&self, record: u32, order: u32, batch: &Invocation, pace: f64) -> f64 {
        let arrived = self.read_start(record, pace) + READ_MS * pace;
        (batch.started_at().0 as f64).max(arrived) + f64::from(order.min(STAGGERED_MAX)) * STAGGER_MS * pace
    }

    /// A record that has just been written, shown as a shade that goes from its cell to the store.
    pub(super) fn written(
        &mut self,
        record: u32,
        order: u32,
        batch: &Invocation,
        cell: Point,
        place: &LanePlace,
    ) {
        let Some(pace) = self.pace_of(record).filter(|_| !place.compact && !self.fades) else { return };
        let at = article::row_at(self.state.sim, batch, order + 1);
        let apart = (at - article::row_at(self.state.sim, batch, order)).0 as f64;
        if apart * WRITTEN_MAX < WRITTEN_MS * pace {
            return;
        }
        let progress = (self.now - at.0 as f64) / (WRITTEN_MS * pace);
        if !(0.0..1.0).contains(&progress) || self.flying.len() >= FLYING_MAX {
            return;
        }
        let store = self.store(place, cell);
        let at = cell.towards(store, ease_out(progress));
        self.flying.push(Flyer { record, at, size: place.token * 0.8, opacity: 0.7 * (1.0 - progress) });
    }

    /// A record that belongs into the store, at `slot`, and lay in `cell` until its batch ended.
    pub(super) fn stored(&mut self, landing: &Landing, place: &LanePlace, slot: Point, size: f64) -> Arrival {
        let Some(pace) = self.pace else { return Arrival::There };
        let Landing { record, order, batch, cell } = *landing;
        let sent = self.sent_start(record, order, &batch, pace) + SENT_MS * pace;
        let sent = if batch.attempt == 1 { sent } else { 0.0 };
        let start = (batch.ends_at().0 as f64).max(sent);
        if self.now < start {
            return self.sent(record, order, &batch, place, cell);
        }
        let staggered = f64::from(order.min(STAGGERED_MAX)) * STAGGER_MS * 0.5;
        let progress = (self.now - start) / ((STORED_MS + staggered) * pace);
        if self.is_there(progress, slot, size) {
            return Arrival::There;
        }
        self.fly(record, cell.towards(slot, ease_out(progress)), size, (slot, progress));
        Arrival::OnItsWay
    }

    /// Since when an invocation can have ended whose records are still in the air.
    pub(super) fn stored_since(&self) -> Option<SimTime> {
        const STAGGERS_MS: f64 = 3.0 * STAGGERED_MAX as f64 * STAGGER_MS;
        let longest = PUT_MS + READ_MS + SENT_MS + STORED_MS + STAGGERS_MS;
        self.pace.map(|pace| SimTime((self.now - longest * pace).max(0.0) as u64))
    }

    /// Draws them all.
    pub(super) fn draw(&self, state: &State, scene: &mut Scene) {
        for &(center, size) in &self.changed {
            scene.rect(Class::Changed, Hue::NONE, Bounds::square(center, size + 4.0), size * 0.22 + 2.0);
        }
        for flyer in &self.flying {
            let mut token = Token::new(flyer.at, flyer.size, state.hue(flyer.record));
            token.opacity = flyer.opacity;
            token.record = Some(flyer.record);
            token.selected = state.selected(flyer.record);
            if flyer.size >= 11.0 {
                scene.token(token, state.record(flyer.record).number);
            } else {
                scene.token(token, "");
            }
        }
    }

    /// When a record leaves its shard: at its poll, but not before it has landed there.
    fn read_start(&self, record: u32, pace: f64) -> f64 {
        let scenario = self.state.sim.scenario();
        let stored = self.state.record(record);
        let (period, phase) = (scenario.model.poll.0, scenario.model.poll_phase.0);
        let from = stored.arrival().0.max(scenario.model.activation.0);
        let poll = from.saturating_sub(phase).div_ceil(period) * period + phase;
        let landed = stored.arrival().0 as f64 + PUT_MS * pace;
        let staggered = f64::from(stored.number % STAGGERED_MAX) * STAGGER_MS * pace;
        (poll as f64).max(landed) + staggered
    }

    fn put_way(&self, record: u32, slot: Point) -> Option<Vec<Point>> {
        let (flow, stops) = (self.layout.flow, &self.layout.stops);
        let stored = self.state.record(record);
        let producer = self.state.roster.place(stored.key).unwrap_or(0);
        let on_bar = self.layout.on_bar(roster::share(self.state.sim.stream().hash_key(record)));
        let (place, row) = self.shard_row(record)?;
        let from = self.layout.producers[producer];
        let leaves = match flow {
            Flow::Right => Point::new(stops.thread, from.y),
            Flow::Down => Point::new(from.x, stops.thread),
        };
        let on_bar = flow.point(stops.bar.0 + 4.0, on_bar);
        Some(vec![from, leaves, on_bar, flow.point(place.along.0 + 8.0, row), slot])
    }

    fn read_way(&self, record: u32, place: &LanePlace, slot: Point) -> Option<Vec<Point>> {
        let flow = self.layout.flow;
        let (shard, row) = self.shard_row(record)?;
        let across = match flow {
            Flow::Right => slot.y,
            Flow::Down => slot.x,
        };
        let from = flow.point(shard.along.1 - 4.0, row);
        let enter = match place.flow {
            Flow::Right => Point::new(place.batcher.x + 16.0, across),
            Flow::Down => Point::new(across, place.batcher.y + 14.0),
        };
        Some(vec![from, enter, slot])
    }

    /// The shard that holds a record, and where the record lies in it, across.
    fn shard_row(&self, record: u32) -> Option<(&ShardPlace, f64)> {
        let stored = self.state.record(record);
        let place = self.state.shards.iter().position(|view| view.shard == stored.shard)?;
        let key = self.state.roster.place(stored.key);
        let row = self.state.shards[place].rows.iter().position(|row| row.key == key).unwrap_or(0);
        let place = &self.layout.shards[place];
        Some((place, *place.rows.get(row)?))
    }

    /// Where a deck's next record lies.
    fn head(&self, place: &LanePlace, cell: Point) -> Point {
        let across = nearest(&place.rows, cell, place.flow);
        place.flow.point(self.layout.stops.batcher.1 - 16.0, across)
    }

    fn store(&self, place: &LanePlace, cell: Point) -> Point {
        let across = nearest(&place.rows, cell, place.flow);
        place.flow.point(self.layout.stops.stored.0 + 14.0, across)
    }
}

/// The row nearest to a point.
fn nearest(rows: &[f64], point: Point, flow: Flow) -> f64 {
    let across = match flow {
        Flow::Right => point.y,
        Flow::Down => point.x,
    };
    let away = |row: &f64| (row - across).abs();
    rows.iter().copied().min_by(|a, b| away(a).total_cmp(&away(b))).unwrap_or(across)
}

pub(super) fn ease_out(progress: f64) -> f64 {
    let left = 1.0 - progress;
    1.0 - left * left
}

/// A place on a way through points, at an even pace, each leg bent like a thread.
pub(super) fn along_way(points: &[Point], progress: f64, flow: Flow) -> Point {
    let length = |pair: &[Point]| {
        let (x, y) = (pair[1].x - pair[0].x, pair[1].y - pair[0].y);
        (x * x + y * y).sqrt()
    };
    let mut left = progress.clamp(0.0, 1.0) * points.windows(2).map(length).sum::<f64>();
    for pair in points.windows(2) {
        let leg = length(pair);
        if left <= leg && leg > 0.0 {
            return on_thread(pair[0], pair[1], left / leg, flow);
        }
        left -= leg;
    }
    points.last().copied().unwrap_or_default()
}

/// A place on the thread between two points.
fn on_thread(from: Point, to: Point, share: f64, flow: Flow) -> Point {
    let (first, second) = super::thread::controls(from, to, flow);
    let a = from.towards(first, share);
    let b = first.towards(second, share);
    let c = second.towards(to, share);
    a.towards(b, share).towards(b.towards(c, share), share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_start_and_end_where_they_should() {
        let points = [Point::new(0.0, 0.0), Point::new(10.0, 20.0), Point::new(20.0, 0.0)];
        for flow in [Flow::Right, Flow::Down] {
            assert_eq!(along_way(&points, 0.0, flow), points[0]);
            assert_eq!(along_way(&points, 0.5, flow), points[1]);
            assert_eq!(along_way(&points, 1.0, flow), points[2]);
        }
        let middle = along_way(&points, 0.25, Flow::Right);
        assert_eq!(middle, Point::new(5.0, 10.0));
    }
}
