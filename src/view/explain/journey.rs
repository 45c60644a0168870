//! A record's way through one mapping so far: read, attempts, and where it is now.

use super::find::{self, Found};
use super::{Cause, some};
use crate::event_log::Event;
use crate::kinesis::stream::NONE;
use crate::lambda::batcher::LaneState;
use crate::lambda::retry::Outcome;
use crate::sim::Simulation;
use crate::sim::agenda::LaneRef;
use crate::sim::mapping::Mapping;
use crate::units::SimTime;

/// Invocations, and discards, looked through for those that had the record, at most.
const REACH: u32 = 100_000;

/// An attempt at a batch that had the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Try {
    /// The invocation.
    pub invocation: u32,
    /// The record's place in its batch, from 0.
    pub position: u32,
}

/// Where a record is for a mapping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// It is older than where the mapping starts to read.
    BeforeStart,
    /// In its shard.
    Unread,
    /// In its lane, in no batch.
    Waiting,
    /// In a part of a batch that has not been tried yet, while another one is.
    Part,
    /// In an invocation that runs.
    Running(u32),
    /// Its batch failed, and is tried again at this time.
    BackingOff {
        /// The invocation that failed.
        invocation: u32,
        /// When it is tried again.
        until: SimTime,
    },
    /// An invocation has done it.
    Done(u32),
    /// It was given up.
    Discarded(u32),
    /// It was past the retention before it was done; the event, if it was found.
    Expired(Option<Cause>),
    /// A filter kept it away.
    Filtered(Option<Cause>),
}

/// A record's way through a mapping.
#[derive(Clone, Debug)]
pub struct Journey {
    /// The poll that read it first.
    pub read: Option<Cause>,
    /// Its lane, once it was read.
    pub lane: Option<LaneRef>,
    /// The attempts at batches that had it, in order.
    pub tries: Vec<Try>,
    /// Where it is.
    pub place: Place,
}

impl Journey {
    /// The way of a record that was put.
    #[must_use]
    pub fn of(sim: &Simulation, mapping_idx: u16, record: u32) -> Self {
        let mapping = sim.mapping(mapping_idx);
        let stored = sim.stream().records.get(record);
        let Some(reader) = mapping.readers.get(stored.shard as usize) else {
            return Self { read: None, lane: None, tries: Vec::new(), place: Place::Unread };
        };
        let lane = sim.lane_of(mapping_idx, record) as u8;
        let lane_ref = LaneRef { mapping: mapping_idx, shard: stored.shard, lane };
        if record < mapping.first {
            return Self { read: None, lane: None, tries: Vec::new(), place: Place::BeforeStart };
        }
        let was_read = some(reader.read).is_some_and(|read| read >= record);
        let tries = tries(sim, lane_ref, record);
        let read =
            (was_read || !tries.is_empty()).then(|| poll_of(sim, lane_ref, stored.arrival())).flatten();
        let place = if was_read { place(sim, lane_ref, record, &tries, read) } else { Place::Unread };
        let in_lane = was_read && !matches!(place, Place::Filtered(_));
        Self { read, lane: in_lane.then_some(lane_ref), tries, place }
    }

    /// When the record was done for the mapping, for good or ill; `None` while it is not.
    #[must_use]
    pub fn ended_at(&self, sim: &Simulation) -> Option<SimTime> {
        match self.place {
            Place::Done(idx) => Some(sim.invocations().get(idx).ends_at()),
            Place::Discarded(idx) => Some(sim.discard(idx).at()),
            Place::Expired(event) | Place::Filtered(event) => Some(event.map_or(sim.now(), |event| event.t)),
            Place::BeforeStart
            | Place::Unread
            | Place::Waiting
            | Place::Part
            | Place::Running(_)
            | Place::BackingOff { .. } => None,
        }
    }
}

/// The first poll of the lane's shard that read as far as a record that arrived at `arrival`.
fn poll_of(sim: &Simulation, lane: LaneRef, arrival: SimTime) -> Found {
    find::since(sim, arrival, |t, event| {
        matches!(event, Event::RecordsPolled { mapping, shard, records, millis_behind_latest }
            if (mapping, shard) == (lane.mapping, lane.shard) && records > 0
                && (millis_behind_latest == 0 || arrival.0 + u64::from(millis_behind_latest) <= t.0))
    })
}

/// A record's place among `count` batched records from `first` on, which ascend.
fn position(mapping: &Mapping, first: u32, count: u32, record: u32) -> Option<u32> {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low) / 2;
        if mapping.batched(first + middle) < record { low = middle + 1 } else { high = middle }
    }
    (low < count && mapping.batched(first + low) == record).then_some(low)
}

fn tries(sim: &Simulation, lane: LaneRef, record: u32) -> Vec<Try> {
    let (invocations, mapping) = (sim.invocations(), sim.mapping(lane.mapping));
    let arrival = sim.stream().records.get(record).arrival();
    let first = invocations.partition_point(|invocation| invocation.started_at() < arrival);
    let last = invocations.len().min(first.saturating_add(REACH));
    let had = |idx| {
        let invocation = invocations.get(idx);
        let same = (invocation.lane.mapping, invocation.lane.shard) == (lane.mapping, lane.shard);
        let found = same.then(|| position(mapping, invocation.first, invocation.count, record)).flatten();
        found.map(|position| Try { invocation: idx, position })
    };
    (first..last).filter_map(had).collect()
}

/// Where a record is that has been read.
fn place(sim: &Simulation, lane_ref: LaneRef, record: u32, tries: &[Try], read: Found) -> Place {
    let mapping = sim.mapping(lane_ref.mapping);
    if mapping.done(lane_ref.shard, lane_ref.lane.into(), record) {
        return ended(sim, lane_ref, record, tries, read);
    }
    let lane = sim.lane(lane_ref);
    let in_parts = lane.parts.iter().any(|part| position(mapping, part.first, part.count, record).is_some());
    if !in_parts {
        return Place::Waiting;
    }
    let top =
        lane.parts.top().is_some_and(|part| position(mapping, part.first, part.count, record).is_some());
    match lane.state {
        LaneState::Running { invocation } if top => Place::Running(invocation),
        LaneState::BackingOff { until, invocation } if top => {
            Place::BackingOff { invocation, until: until.time() }
        }
        LaneState::Idle | LaneState::Running { .. } | LaneState::BackingOff { .. } => Place::Part,
    }
}

/// What has become of a record that is done.
fn ended(sim: &Simulation, lane: LaneRef, record: u32, tries: &[Try], read: Found) -> Place {
    let did = |each: &&Try| {
        let invocation = sim.invocations().get(each.invocation);
        match invocation.outcome() {
            Some((Outcome::Ok, _)) => true,
            Some((Outcome::Partial, _)) => invocation.failed_at().is_some_and(|at| each.position < at),
            Some((Outcome::Error | Outcome::Timeout | Outcome::Crash | Outcome::Throttled, _)) | None => {
                false
            }
        }
    };
    if let Some(done) = tries.iter().rfind(did) {
        return Place::Done(done.invocation);
    }
    let mapping = sim.mapping(lane.mapping);
    let discards = sim.discards();
    let has = |&idx: &u32| {
        let discard = sim.discard(idx);
        (discard.lane.mapping, discard.lane.shard) == (lane.mapping, lane.shard)
            && position(mapping, discard.first, discard.count, record).is_some()
    };
    if let Some(discard) = (discards.saturating_sub(REACH)..discards).rev().find(has) {
        return Place::Discarded(discard);
    }
    let filtered = Event::RecordFiltered { mapping: lane.mapping, record };
    let filtered = read.and_then(|read| find::at(sim, read.t, |event| event == filtered));
    if filtered.is_some() {
        return Place::Filtered(filtered);
    }
    let stream = sim.stream();
    let due = stream.records.get(record).arrival() + stream.retention();
    let is = |event| {
        matches!(event, Event::RecordsExpired { mapping, shard, .. }
            if (mapping, shard) == (lane.mapping, lane.shard))
    };
    // Where the retention was longer than it is now, or the record was not looked at since, it is the last one.
    Place::Expired(find::since(sim, due, |_, event| is(event)).or_else(|| find::last(sim, is)))
}

/// The latest earlier attempt at the same records, or at the batch that these are a part of; `None` for a batch of
/// new records.
#[must_use]
pub fn before(sim: &Simulation, idx: u32) -> Option<u32> {
    let invocation = sim.invocations().get(idx);
    let end = invocation.first + invocation.count;
    (idx.saturating_sub(REACH)..idx).rev().find(|&each| {
        let other = sim.invocations().get(each);
        other.lane == invocation.lane
            && !other.is_redrive()
            && other.first <= invocation.first
            && end <= other.first + other.count
            && (other.count > 0 || other.batch == invocation.batch)
    })
}

/// The next attempt of the lane after an invocation, if there was one.
#[must_use]
pub fn after(sim: &Simulation, idx: u32) -> Option<u32> {
    let lane = sim.invocations().get(idx).lane;
    let last = sim.invocations().len().min(idx.saturating_add(REACH));
    (idx + 1..last).find(|&each| {
        let other = sim.invocations().get(each);
        other.lane == lane && !other.is_redrive()
    })
}

/// Records of the lane before a record that waits in it.
#[must_use]
pub fn ahead(sim: &Simulation, lane: LaneRef, record: u32) -> usize {
    let lane = sim.lane(lane);
    lane.in_hand() as usize + lane.waiting.iter().take_while(|waiting| waiting.record < record).count()
}

/// The oldest record of a mapping's shard that is not done, and its lane.
#[must_use]
pub fn oldest_open(sim: &Simulation, mapping: u16, shard: u32) -> Option<(u32, LaneRef)> {
    let own = sim.mapping(mapping);
    let lanes = (0u8..).zip(own.lanes_of(shard));
    let open = lanes.map(|(lane, state)| (own.first_open(state), LaneRef { mapping, shard, lane }));
    open.filter(|&(record, _)| record != NONE).min_by_key(|&(record, _)| record)
}
