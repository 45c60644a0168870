//! Which lanes are drawn, and what is done in them: shared by the stage and the time line.

use super::family::awaited;
use super::state::{LANES_MAX, State};
use crate::kinesis::stream::{NONE, Record};
use crate::sim::Simulation;
use crate::sim::agenda::LaneRef;
use crate::sim::mapping::{Mapping, Stage};
use crate::units::SimTime;
use crate::view::picture::Picture;

/// A lane that is drawn.
pub(in crate::view) struct DrawnLane {
    pub(in crate::view) lane: LaneRef,
    /// Places in the roster of the keys it serves; none where there are many keys.
    pub(in crate::view) keys: Vec<usize>,
    /// What it waits for, if it does: since when, and these shards; none of them where they are drained.
    pub(in crate::view) waits: Option<(SimTime, Vec<u32>)>,
    /// Whether its shard's number tells it from others: there are, or were, several shards with the same keys.
    pub(in crate::view) by_shard: bool,
}

/// The lanes that the stage draws, in its order. Once there have been reshards, in order of the shards, with those
/// that wait for their parents, and those of drained shards that were at work within a time.
pub(in crate::view) fn drawn_lanes(picture: &Picture, within: (SimTime, SimTime)) -> Vec<DrawnLane> {
    let state = State::bare(picture);
    let stream = state.sim.stream();
    let by_shard = stream.shards.len() > stream.open_shards().len();
    let keys = |rows: &[super::state::LaneRow]| rows.iter().filter_map(|row| row.key).collect();
    let drawn = |lane: LaneRef, keys| DrawnLane { lane, keys, waits: waits(&state, lane), by_shard };
    let mut lanes: Vec<DrawnLane> =
        state.lanes.iter().map(|view| drawn(view.lane, keys(&view.rows))).collect();
    if !by_shard || state.factor() == 0 {
        return lanes;
    }
    let mapping = picture.mapping;
    for view in state.shards.iter().filter(|view| view.generation > 0) {
        lanes.push(drawn(LaneRef { mapping, shard: view.shard, lane: 0 }, Vec::new()));
    }
    for lane in at_work(picture, within) {
        if lanes.len() < LANES_MAX && !lanes.iter().any(|drawn| drawn.lane == lane) {
            lanes.push(drawn(lane, Vec::new()));
        }
    }
    lanes.truncate(LANES_MAX);
    lanes.sort_by_key(|drawn| (drawn.lane.shard, drawn.lane.lane));
    lanes
}

/// What a lane's shard waits for, and since when.
fn waits(state: &State, lane: LaneRef) -> Option<(SimTime, Vec<u32>)> {
    let mapping = state.mapping()?;
    let reader = mapping.readers.get(lane.shard as usize)?;
    let opened = state.sim.stream().shards[lane.shard as usize].opened;
    (reader.stage == Stage::Unassigned)
        .then(|| (opened, awaited(state.sim.stream(), Some(mapping), lane.shard)))
}

/// The lanes of closed shards that were at work, the latest first.
fn at_work(picture: &Picture, (from, to): (SimTime, SimTime)) -> Vec<LaneRef> {
    /// Invocations looked at: the latest.
    const LOOK_MAX: u32 = 4096;
    let sim = picture.player.sim();
    let invocations = sim.invocations();
    let mut lanes = Vec::new();
    for idx in (invocations.len().saturating_sub(LOOK_MAX)..invocations.len()).rev() {
        let invocation = invocations.get(idx);
        let closed = !sim.stream().shards[invocation.lane.shard as usize].is_open();
        let seen = invocation.ends_at() >= from && invocation.started_at() <= to;
        let own = invocation.lane.mapping == picture.mapping;
        if closed && seen && own && !lanes.contains(&invocation.lane) {
            lanes.push(invocation.lane);
            if lanes.len() == LANES_MAX {
                break;
            }
        }
    }
    lanes
}

/// How far the mapping is, for those who ask about many records.
#[derive(Clone, Copy)]
pub(in crate::view) struct Progress<'a> {
    sim: &'a Simulation,
    idx: u16,
    mapping: Option<&'a Mapping>,
}

impl<'a> Progress<'a> {
    /// That of the mapping that is drawn.
    pub(in crate::view) fn of(picture: &Picture<'a>) -> Self {
        let (sim, idx) = (picture.player.sim(), picture.mapping);
        Self { sim, idx, mapping: sim.mappings().get(usize::from(idx)) }
    }

    /// The record before which all of a shard have been read, or are passed over because of the starting position.
    pub(in crate::view) fn unread_from(self, shard: u32) -> u32 {
        let Some(mapping) = self.mapping else { return 0 };
        let reader = mapping.readers.get(shard as usize);
        // `NONE` is the largest number.
        reader.map_or(0, |reader| mapping.first.max(reader.read.wrapping_add(1)))
    }

    /// By lane of a shard, the record before which all that have been read are done.
    pub(super) fn open(self, shard: u32) -> impl Iterator<Item = u32> {
        let of = move |mapping: &'a Mapping| {
            mapping.lanes_of(shard).iter().map(move |lane| mapping.first_open(lane))
        };
        self.mapping.into_iter().flat_map(of)
    }

    /// Whether a record is done.
    pub(in crate::view) fn is_done(self, record: u32, stored: Record) -> bool {
        let Some(mapping) = self.mapping else { return false };
        record < self.unread_from(stored.shard)
            && mapping.done(stored.shard, self.sim.lane_of_key(self.idx, stored.key), record)
    }
}

/// The first record of each key of the roster that is not done, or `NONE`.
pub(in crate::view) fn first_open(picture: &Picture) -> Vec<u32> {
    /// Records looked at in each lane and shard.
    const LOOK_MAX: u32 = 4096;
    let sim = picture.player.sim();
    let roster = picture.player.roster();
    let mut open = vec![NONE; roster.keys.len()];
    if open.is_empty() {
        return open;
    }
    let mut see = |record: u32| {
        if let Some(key) = roster.place(sim.stream().records.get(record).key) {
            open[key] = open[key].min(record);
        }
    };
    let len = sim.stream().records.len();
    let progress = Progress::of(picture);
    let unread = |&record: &u32| record >= progress.unread_from(sim.stream().records.get(record).shard);
    (len.saturating_sub(LOOK_MAX)..len).filter(unread).for_each(&mut see);
    let lanes = sim.mappings().get(usize::from(picture.mapping)).map_or(&[][..], |mapping| &mapping.lanes);
    for lane in lanes.iter().filter(|_| !roster.keys.is_empty()) {
        lane.waiting.iter().take(LOOK_MAX as usize).for_each(|waiting| see(waiting.record));
        for part in lane.parts.iter() {
            let batched = |place| sim.mapping(picture.mapping).batched(part.first + place);
            (0..part.count.min(LOOK_MAX)).for_each(|place| see(batched(place)));
        }
    }
    open
}
