//! Mappings change while the run goes on: states, settings, and what is read again.
//!
//! ```text
//! call ─▶ state that leads over ─ activation, deactivation ─▶ settings in force ─▶ works, or stopped
//!                                                                                     │
//!          works ◀─ records after the checkpoint are read again ◀─ no invocation runs ◀─┘
//! ```
//!
//! Assumptions: an update that changes `ParallelizationFactor` lets running invocations end, and then everything that
//! is not done is read again into new lanes, so that the order of a key's records holds; a mapping that was disabled
//! goes on in the same way.

use std::collections::{BTreeSet, VecDeque};

use super::Simulation;
use super::agenda::{Class, LaneRef};
use super::mapping::{Mapping, OpenRecord, Stage};
use super::metrics::Polls;
use crate::event_log::Event;
use crate::kinesis::stream::NONE;
use crate::lambda::account::{MappingState, StateChange};
use crate::lambda::batcher::{Lane, LaneState};
use crate::lambda::queue::{Queue, Waiting};
use crate::rng::Rng;

impl Simulation {
    /// A mapping's UUID, where it is not given.
    pub(super) fn mapping_uuid(seed: u64, idx: u16) -> String {
        Rng::stream(seed, "mapping", idx.into()).uuid()
    }

    /// Logs what has become of mappings, and lists what becomes of them next.
    pub(super) fn tell_mapping_changes(&mut self) {
        for StateChange { mapping: idx, from, to } in self.lambda.take_changes() {
            match from {
                None => self.add_mapping(idx),
                Some(from) => {
                    self.mappings[usize::from(idx)].state = to;
                    let fields = [idx.into(), from as u32, to as u32];
                    self.log.push(self.now, Event::MappingState { mapping: idx, from, to }, fields);
                }
            }
            let delay = match to {
                MappingState::Creating | MappingState::Enabling | MappingState::Updating => {
                    self.scenario.model.activation
                }
                MappingState::Disabling | MappingState::Deleting => self.scenario.model.deactivation,
                MappingState::Enabled | MappingState::Disabled | MappingState::Deleted => continue,
            };
            self.agenda.push(self.now + delay, Class::MappingState, idx.into());
        }
    }

    /// The state that a mapping's own leads to: its settings are in force.
    pub(super) fn settle_mapping(&mut self, idx: u16) {
        self.lambda.settle(self.now, idx);
        self.tell_mapping_changes();
        let state = self.mapping(idx).state;
        let config = self.lambda.mappings[usize::from(idx)].config.clone();
        let now = self.now;
        let mapping = &mut self.mappings[usize::from(idx)];
        let same_lanes = config.parallelization_factor == mapping.parallelization_factor();
        if config.tumbling_window.is_none() {
            mapping.windows.clear();
        }
        mapping.set_config(now, config);
        mapping.active = state == MappingState::Enabled;
        if mapping.readers.is_empty() {
            mapping.stopped = !mapping.active;
            mapping.set_factor(now);
            return if mapping.active {
                self.poll_next(idx)
            };
        }
        let polled = mapping.polls();
        if !mapping.active || !same_lanes {
            if polled {
                self.stop_polls(idx);
            }
            self.mappings[usize::from(idx)].stopped = true;
        }
        let mapping = &mut self.mappings[usize::from(idx)];
        if mapping.stopped {
            return self.restart_if_quiet(idx);
        }
        mapping.keep_open_records();
        self.list_waiting(idx);
    }

    /// Looks at the lanes whose tumbling window may be over, once the next poll has read what there is.
    fn list_windows(&mut self, idx: u16) {
        let at = self.read_until(idx, self.now);
        for &shard in self.mappings[usize::from(idx)].windows.keys() {
            let lane = LaneRef { mapping: idx, shard, lane: 0 };
            self.agenda.push(at, Class::Window, lane.source());
        }
    }

    /// Lists the lanes in which records wait, since a batch may close now.
    fn list_waiting(&mut self, idx: u16) {
        for shard in 0..self.mapping(idx).readers.len() as u32 {
            for lane in 0..self.mapping(idx).lanes_of(shard).len() as u8 {
                let lane = LaneRef { mapping: idx, shard, lane };
                if !self.lane(lane).waiting.is_empty() {
                    self.list_if_idle(lane);
                }
            }
        }
    }

    /// An invocation has ended, or the mapping was stopped: if no invocation runs, what was stopped goes back to its
    /// checkpoints, and on, if it may.
    pub(super) fn restart_if_quiet(&mut self, idx: u16) {
        let mapping = &self.mappings[usize::from(idx)];
        if !mapping.stopped && mapping.restarting.is_empty() {
            return;
        }
        if mapping.stopped {
            if mapping.lanes.iter().any(is_running) {
                return;
            }
            let shards: Vec<u32> = (0..mapping.readers.len() as u32).collect();
            self.fall_back(idx, &shards);
            let now = self.now;
            self.mappings[usize::from(idx)].set_factor(now);
        }
        let mapping = &self.mappings[usize::from(idx)];
        let restarting = mapping.restarting.iter().copied();
        let quiet: Vec<u32> =
            restarting.filter(|&shard| !mapping.lanes_of(shard).iter().any(is_running)).collect();
        self.fall_back(idx, &quiet);
        let mapping = &mut self.mappings[usize::from(idx)];
        quiet.iter().for_each(|shard| {
            mapping.restarting.remove(shard);
        });
        if mapping.active {
            if std::mem::take(&mut mapping.stopped) {
                let now = self.now;
                mapping.readers.iter_mut().for_each(|reader| reader.polls = Polls::since(now));
            }
            self.wake(idx);
            self.list_windows(idx);
        }
    }

    /// The poller of a shard starts anew: its running invocations end, then it reads on from the checkpoint.
    ///
    /// Assumption: what a poller has read is lost with it, and the invocations that it has made are not.
    pub(super) fn restart_poller(&mut self, shard: u32) {
        for idx in 0..self.mappings.len() as u16 {
            if self.mapping(idx).readers.get(shard as usize).is_some_and(|reader| reader.stage.is_read()) {
                self.mappings[usize::from(idx)].restarting.insert(shard);
                self.restart_if_quiet(idx);
            }
        }
    }

    /// Lets go of everything that was read of these shards and is not done; it will be read again.
    fn fall_back(&mut self, idx: u16, shards: &[u32]) {
        let mapping = &mut self.mappings[usize::from(idx)];
        let shards: Vec<u32> =
            shards.iter().copied().filter(|&shard| mapping.readers[shard as usize].stage.is_read()).collect();
        let Some(first) = shards.iter().map(|&shard| mapping.forget(shard, self.now)).min() else { return };
        let chosen: BTreeSet<u32> = shards.iter().copied().collect();
        for record in first..mapping.listed {
            let stored = self.kinesis.streams[0].records.get(record);
            let reader = &mut mapping.readers[stored.shard as usize];
            let done = reader.checkpoint != NONE && record <= reader.checkpoint;
            if !done && chosen.contains(&stored.shard) {
                reader.unread.push(Waiting::new(record, stored));
            }
        }
        for shard in shards {
            mapping.readers[shard as usize].stage = Stage::Assigned;
            mapping.wake_shard(shard);
        }
        self.wake(idx);
    }
}

impl Mapping {
    /// Lets go of what was read of a shard and is not done; gives the first record to look at again.
    fn forget(&mut self, shard: u32, now: crate::units::SimTime) -> u32 {
        let (mut left, mut again) = (BTreeSet::new(), BTreeSet::new());
        let lanes = self.place(shard, 0)..self.place(shard + 1, 0);
        for place in lanes {
            let lane = &self.lanes[place];
            left.extend(lane.waiting.iter().map(|waiting| waiting.record));
            for part in lane.parts.iter() {
                let records = (part.first..part.first + part.count).map(|place| self.batched(place));
                left.extend(records.clone());
                if part.attempts > 0 || part.is_again() {
                    again.extend(records);
                }
            }
            let listed = lane.listed;
            self.lanes[place] = Lane { listed, ..Lane::new(now) };
        }
        if let Some(open) = self.open.get_mut(shard as usize) {
            for OpenRecord { record, filtered } in std::mem::take(open) {
                if !left.contains(&record) {
                    self.read_again += 1;
                    self.counted.insert(record);
                    if !filtered {
                        again.insert(record);
                    }
                }
            }
        }
        self.read_again += left.len() as u64;
        self.again.append(&mut again);
        let reader = &mut self.readers[shard as usize];
        reader.unread = Queue::default();
        reader.reading_on = false;
        reader.read = reader.checkpoint;
        if reader.checkpoint == NONE { self.first } else { reader.checkpoint + 1 }
    }

    /// Gives every shard the lanes that the settings ask for. There is room for as many as there ever were, since
    /// invocations that have ended still belong to theirs.
    fn set_factor(&mut self, now: crate::units::SimTime) {
        self.parallel = self.config().parallelization_factor;
        if self.parallel > self.factor {
            let mut lanes = Vec::with_capacity(self.readers.len() * self.parallel as usize);
            for old in self.lanes.chunks(self.factor as usize) {
                lanes.extend_from_slice(old);
                lanes.resize(lanes.len() + (self.parallel - self.factor) as usize, Lane::new(now));
            }
            self.lanes = lanes;
            self.factor = self.parallel;
        }
        self.keep_open_records();
    }

    /// Keeps the read records after each checkpoint where they can be done out of order, and only there.
    pub(super) fn keep_open_records(&mut self) {
        let kept = self.parallel > 1 || !self.config().filter_criteria.is_empty();
        if !kept {
            // Records are done in order from now on. Those that a filter has kept away behind the checkpoint stay
            // counted, should they be read again.
            let filtered = std::mem::take(&mut self.open).into_iter().flatten().filter(|open| open.filtered);
            self.counted.extend(filtered.map(|open| open.record));
        } else if self.open.len() < self.readers.len() {
            let records = |shard: u32| {
                let lane = &self.lanes_of(shard)[0];
                let parts = lane.parts.iter().flat_map(|part| part.first..part.first + part.count);
                let waiting = lane.waiting.iter().map(|waiting| waiting.record);
                let records = parts.map(|place| self.batched(place)).chain(waiting);
                records.map(|record| OpenRecord { record, filtered: false }).collect::<VecDeque<_>>()
            };
            self.open = (0..self.readers.len() as u32).map(records).collect();
        }
    }

    /// How many of the records at these places of the column, which are handed over, were so before the mapping fell
    /// back to its checkpoint.
    pub(super) fn handed_over_before(&mut self, places: std::ops::Range<u32>) -> u32 {
        if self.again.is_empty() {
            return 0;
        }
        let before = |&place: &u32| {
            let record = self.batched(place);
            self.again.remove(&record)
        };
        places.filter(before).count() as u32
    }

    /// Records that have been counted as done, and are in work again or will be.
    #[must_use]
    pub fn counted_again(&self) -> u64 {
        self.counted.len() as u64
    }

    /// How many of the records at these places of the column, which are done, have not been counted before.
    pub(super) fn newly_done(&mut self, places: std::ops::Range<u32>) -> u32 {
        if self.counted.is_empty() {
            return places.end - places.start;
        }
        let newly = |&place: &u32| {
            let record = self.batched(place);
            !self.counted.remove(&record)
        };
        places.filter(newly).count() as u32
    }
}

fn is_running(lane: &Lane) -> bool {
    matches!(lane.state, LaneState::Running { .. })
}
