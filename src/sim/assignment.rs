//! Which shards a mapping reads: assigned, read to their ends, and only then their children.

use std::collections::VecDeque;
use std::rc::Rc;

use super::Simulation;
use super::agenda::{Class, LaneRef};
use super::mapping::{ASSIGNMENT, Mapping, Reader, Stage};
use super::metrics::Polls;
use crate::event_log::Event;
use crate::kinesis::stream::NONE;
use crate::lambda::batcher::Lane;
use crate::lambda::queue::{Queue, Waiting};
use crate::scenario::StartingPosition;
use crate::units::{SimDuration, SimTime, Stamp};

impl Reader {
    /// Records that were there at the shard's last poll, or before, and have not been read.
    #[must_use]
    pub fn unread(&self) -> usize {
        self.unread.len()
    }
}

impl Simulation {
    /// The first instant of the polling grid after now.
    #[must_use]
    pub fn next_poll_after_now(&self) -> SimTime {
        self.next_poll(self.now + SimDuration(1))
    }

    /// The mapping's first poll: shards without unfinished parents are assigned at once.
    pub(super) fn assign_shards(&mut self, idx: u16) {
        let config = Rc::clone(self.mapping(idx).config());
        let stream = self.stream();
        let first = match config.starting_position {
            StartingPosition::TrimHorizon => stream.first_at(stream.horizon(self.now)),
            StartingPosition::Latest => stream.records.len(),
            StartingPosition::AtTimestamp(time) => {
                let t = SimTime(time.0.saturating_sub(self.scenario.start.0));
                stream.first_at(t.max(stream.horizon(self.now)))
            }
        };
        let shards = stream.shards.len() as u32;
        let mapping = &mut self.mappings[usize::from(idx)];
        (mapping.first, mapping.listed) = (first, first);
        (0..shards).for_each(|shard| self.add_reader(idx, shard));
        self.list_unread(idx);
        // Parents come before their children. A closed shard without records hides no parent that has some.
        for shard in 0..shards {
            let closed = !self.stream().shards[shard as usize].is_open();
            let empty = self.mapping(idx).readers[shard as usize].unread.is_empty();
            if closed && empty && self.parents_finished(idx, shard) {
                self.mappings[usize::from(idx)].readers[shard as usize].stage = Stage::Finished;
            }
        }
        self.assign(idx);
    }

    fn add_reader(&mut self, idx: u16, shard: u32) {
        let now = self.now;
        let closed = !self.stream().shards[shard as usize].is_open();
        let mapping = &mut self.mappings[usize::from(idx)];
        let (read, checkpoint) = (NONE, NONE);
        mapping.readers.push(Reader {
            read,
            checkpoint,
            unread: Queue::default(),
            closed,
            reading_on: false,
            polls: Polls::default(),
            stage: Stage::Unassigned,
        });
        mapping.lanes.resize(mapping.readers.len() * mapping.factor as usize, Lane::new(now));
        if mapping.parallel > 1 || !mapping.config().filter_criteria.is_empty() {
            mapping.open.push(VecDeque::new());
        }
        mapping.woken.resize(mapping.readers.len().div_ceil(64), 0);
        mapping.unassigned.push(shard);
    }

    /// A shard has opened: mappings that read the stream will read it after its parents.
    pub(super) fn read_opened(&mut self, shard: u32) {
        for idx in 0..self.mappings.len() as u16 {
            if !self.mapping(idx).readers.is_empty() {
                self.add_reader(idx, shard);
            }
        }
    }

    /// A shard has closed: its readers find its end at their next poll.
    pub(super) fn read_closed(&mut self, shard: u32) {
        for idx in 0..self.mappings.len() as u16 {
            let readers = &mut self.mappings[usize::from(idx)].readers;
            let Some(reader) = readers.get_mut(shard as usize) else { continue };
            reader.closed = true;
            if reader.stage == Stage::Assigned && !reader.reading_on {
                self.mappings[usize::from(idx)].wake_shard(shard);
                self.wake(idx);
            }
        }
    }

    /// Assigns every shard whose parents are finished.
    pub(super) fn assign(&mut self, idx: u16) {
        let unassigned = std::mem::take(&mut self.mappings[usize::from(idx)].unassigned);
        let (ready, rest): (Vec<u32>, Vec<u32>) =
            unassigned.into_iter().partition(|&shard| self.parents_finished(idx, shard));
        let now = self.now;
        let mapping = &mut self.mappings[usize::from(idx)];
        mapping.unassigned = rest;
        mapping.assignment_listed = false;
        let factor = mapping.factor as usize;
        for shard in ready {
            let reader = &mut mapping.readers[shard as usize];
            if reader.stage == Stage::Finished {
                continue;
            }
            reader.stage = Stage::Assigned;
            reader.polls = Polls::since(now);
            let first = shard as usize * factor;
            mapping.lanes[first..first + factor]
                .iter_mut()
                .for_each(|lane| lane.window_from = Stamp::of(now));
            // It may hold records already, or be closed again.
            mapping.wake_shard(shard);
        }
        self.wake(idx);
    }

    fn parents_finished(&self, idx: u16, shard: u32) -> bool {
        let readers = &self.mapping(idx).readers;
        let mut parents = self.stream().shards[shard as usize].parents.iter();
        parents.all(|parent| readers.get(parent as usize).is_none_or(|r| r.stage == Stage::Finished))
    }

    /// The poller has read a closed shard to its end: what waits is handed over, and if nothing is left, the
    /// shard is finished.
    pub(super) fn end_shard(&mut self, idx: u16, shard: u32) {
        self.end_polls(idx, shard);
        self.mappings[usize::from(idx)].readers[shard as usize].stage = Stage::Ended;
        for lane in 0..self.mapping(idx).lanes_of(shard).len() as u8 {
            self.lane_mut(LaneRef { mapping: idx, shard, lane }).ended = true;
            self.list_if_idle(LaneRef { mapping: idx, shard, lane });
        }
        self.finish_shard_if_done(idx, shard);
    }

    /// Finishes a shard that has been read to its end and of which no record is left to be done. Its children
    /// are assigned at the next tick.
    ///
    /// Assumption: the tick, `model.shardAssignment`. AWS: children after their parents (documented).
    pub(super) fn finish_shard_if_done(&mut self, idx: u16, shard: u32) {
        let mapping = &mut self.mappings[usize::from(idx)];
        if mapping.readers[shard as usize].stage != Stage::Ended {
            return;
        }
        let left =
            mapping.lanes_of(shard).iter().any(|lane| !lane.parts.is_empty() || !lane.waiting.is_empty());
        if left || mapping.windows.contains_key(&shard) {
            return;
        }
        mapping.readers[shard as usize].stage = Stage::Finished;
        if mapping.assignment_listed {
            return;
        }
        let heirs = self.mapping(idx).unassigned.iter().any(|&heir| self.parents_finished(idx, heir));
        if heirs {
            self.mappings[usize::from(idx)].assignment_listed = true;
            let tick = self.scenario.model.shard_assignment.0.max(1);
            let at = SimTime((self.now.0 / tick + 1) * tick);
            self.agenda.push(at, Class::MappingState, u64::from(idx) | ASSIGNMENT);
        }
    }

    /// An unread record of a shard that waits for its parents is as old as the retention: what has expired is told,
    /// and what comes next is looked at when it is as old.
    pub(super) fn expire_due(&mut self, LaneRef { mapping: idx, shard, .. }: LaneRef) {
        let now = self.now;
        let mapping = &mut self.mappings[usize::from(idx)];
        if mapping.expiries.get(&shard) != Some(&now) {
            // Listed for a retention that has become shorter.
            return;
        }
        mapping.expiries.remove(&shard);
        if mapping.readers[shard as usize].stage != Stage::Unassigned {
            return;
        }
        self.expire_unread(idx, shard);
        let retention = self.stream().retention();
        let expiry = |waiting: &Waiting| waiting.arrival.time() + retention;
        let next = self.mapping(idx).readers[shard as usize].unread.iter().next().map(expiry);
        if let Some(next) = next {
            self.list_expiry(idx, shard, next);
        }
    }

    fn list_expiry(&mut self, idx: u16, shard: u32, at: SimTime) {
        self.mappings[usize::from(idx)].expiries.insert(shard, at);
        self.agenda.push(at, Class::Expiry, LaneRef { mapping: idx, shard, lane: 0 }.source());
    }

    /// The stream's retention has become shorter: what is past it now expires now.
    pub(super) fn expire_now(&mut self) {
        for idx in 0..self.mappings.len() as u16 {
            let shards: Vec<u32> = self.mapping(idx).expiries.keys().copied().collect();
            shards.into_iter().for_each(|shard| self.list_expiry(idx, shard, self.now));
        }
    }

    /// Takes the records past the stream's retention from the head of the shard's unread ones.
    pub(super) fn expire_unread(&mut self, idx: u16, shard: u32) {
        let horizon = self.stream().horizon(self.now);
        if horizon == SimTime::ZERO {
            return;
        }
        let unread = &self.mapping(idx).readers[shard as usize].unread;
        let expired = |waiting: &&Waiting| waiting.arrival.time() < horizon;
        let count = unread.iter().take_while(expired).count();
        if count == 0 {
            return;
        }
        let idle =
            self.mapping(idx).lanes_of(shard).iter().all(|lane| self.mapping(idx).first_open(lane) == NONE);
        let Mapping { readers, counted, overdue, .. } = &mut self.mappings[usize::from(idx)];
        let reader = &mut readers[shard as usize];
        let (mut last, mut newly) = (NONE, 0);
        reader.unread.take(count, |waiting| {
            last = waiting.record;
            // Before the checkpoint passes them, they may be read again.
            if if idle { !counted.remove(&last) } else { counted.insert(last) } {
                overdue.insert(last);
                newly += 1;
            }
        });
        reader.read = last;
        self.log_expired(idx, shard, newly);
        if idle {
            self.set_checkpoint(idx, shard, last);
        }
    }

    /// Takes the records past the stream's retention from the head of the part in hand; false if nothing is left
    /// of it.
    pub(super) fn expire_part(&mut self, lane_ref: LaneRef) -> bool {
        let horizon = self.stream().horizon(self.now);
        if horizon == SimTime::ZERO {
            return true;
        }
        let count = self.head_before(lane_ref, horizon);
        if count == 0 {
            return true;
        }
        let first = self.lane(lane_ref).parts.top().expect("a batch in hand").first;
        let newly = self.mappings[usize::from(lane_ref.mapping)].newly_overdue(first..first + count);
        self.log_expired(lane_ref.mapping, lane_ref.shard, newly);
        self.finish_part(lane_ref, count)
    }

    fn log_expired(&mut self, idx: u16, shard: u32, records: u32) {
        if records == 0 {
            return;
        }
        self.mappings[usize::from(idx)].expired += u64::from(records);
        let event = Event::RecordsExpired { mapping: idx, shard, records };
        self.log.push(self.now, event, [idx.into(), shard, records]);
    }
}
