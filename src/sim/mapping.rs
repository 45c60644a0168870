//! Event source mappings at work: waking, polling, lanes, checkpoints.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use super::Simulation;
use super::agenda::{Class, LaneRef};
use super::metrics::Polls;
use super::summary::EventCounts;
use super::tumbling::OpenWindow;
use crate::column::{BitColumn, Column};
use crate::event_log::Event;
use crate::kinesis::KeyId;
use crate::kinesis::monitoring::Gets;
use crate::kinesis::stream::NONE;
use crate::lambda::account::MappingState;
use crate::lambda::batcher::{Lane, Part, Reason};
use crate::lambda::queue::{Queue, Waiting};
use crate::quota;
use crate::scenario::{LaneHash, MappingConfig};
use crate::units::{SimDuration, SimTime};

/// A mapping's state.
#[derive(Clone, Debug)]
pub struct Mapping {
    /// Its state.
    pub state: MappingState,
    /// Its settings in force.
    config: Rc<MappingConfig>,
    /// Whether records are pushed to it.
    pushed: bool,
    /// Its settings, each from its time on: those that the API shows may not be among them yet.
    settings: Vec<(SimTime, Rc<MappingConfig>)>,
    /// Whether it is to poll and invoke.
    pub(super) active: bool,
    /// Whether it does neither until no invocation runs, or until it is active again.
    pub(super) stopped: bool,
    /// Shards that are not read on until none of their invocations runs.
    pub(super) restarting: BTreeSet<u32>,
    /// Readers by shard; empty until the first poll.
    pub readers: Vec<Reader>,
    /// The lanes of all shards, shard after shard; empty until the first poll.
    pub lanes: Vec<Lane>,
    /// Places for lanes of a shard: as many as it ever had.
    pub(super) factor: u32,
    /// Lanes of a shard in use.
    pub(super) parallel: u32,
    /// By shard: records after the checkpoint that have been read, in order. Empty where all are done in order.
    pub(super) open: Vec<VecDeque<OpenRecord>>,
    /// Records that it let go of after it had read them, each as often as that: it reads them again.
    pub read_again: u64,
    /// Records that will be done again, but have been counted as done.
    pub(super) counted: BTreeSet<u32>,
    /// Records that will be handed over again after the mapping has fallen back, having been handed over before.
    pub(super) again: BTreeSet<u32>,
    /// Records counted as given up when they were.
    pub(super) given_up: BitColumn,
    /// Those of them that a redrive has brought to success since.
    pub(super) redriven: BitColumn,
    /// Records counted as expired when they were.
    pub(super) overdue: BitColumn,
    /// Records that count as succeeded although no handler has written their row: what is reported to a mapping that
    /// does not ask for reports, and what such a handler leaves out.
    pub unhandled: u64,
    /// Records of documents that have been handed over.
    pub(super) handed_over: BitColumn,
    /// Shards not assigned yet, ascending.
    pub(super) unassigned: Vec<u32>,
    /// Whether an assignment of shards is on the agenda.
    pub(super) assignment_listed: bool,
    /// Records that succeeded.
    pub succeeded: u64,
    /// Records that were given up.
    pub discarded: u64,
    /// Records that a filter kept away.
    pub filtered: u64,
    /// Documents about what was given up that reached a destination.
    pub documents: u32,
    /// What its metrics count.
    pub(super) events: EventCounts,
    /// Records that were past the stream's retention before they could be done.
    pub expired: u64,
    /// The stream's first record at or after its starting position.
    pub first: u32,
    /// Records whose row has been written.
    pub written: BitColumn,
    /// The records of all batches, batch after batch.
    pub(super) batched: Column<u32>,
    /// The stream's first record that is in no reader's list of unread ones.
    pub(super) listed: u32,
    /// One bit for each shard with records to read at the next poll.
    pub(super) woken: Vec<u64>,
    /// Whether a poll is on the agenda.
    poll_listed: bool,
    /// By shard: when an unread record is looked at, which may have expired then.
    pub(super) expiries: BTreeMap<u32, SimTime>,
    /// The tumbling windows that have begun, by shard.
    pub(super) windows: BTreeMap<u32, OpenWindow>,
}

/// A mapping's place in one shard: one cache line, since those of new records come from anywhere in the memory.
#[derive(Clone, Debug)]
#[repr(align(64))]
pub struct Reader {
    /// The last record read, or `NONE`: the shard iterator stands behind it.
    pub read: u32,
    /// The last record of which all before it are done too, or `NONE`.
    pub checkpoint: u32,
    /// Records put but not read when the shard was last polled, in order.
    pub(super) unread: Queue,
    /// Whether the shard takes no more records.
    pub(super) closed: bool,
    /// Whether a poll of this shard alone is on the agenda, after a full answer.
    pub(super) reading_on: bool,
    /// How far it is.
    pub stage: Stage,
    /// What its metrics are made of.
    pub(super) polls: Polls,
}

/// A record behind the checkpoint that has been read.
#[derive(Clone, Copy, Debug)]
pub(super) struct OpenRecord {
    /// The record.
    pub(super) record: u32,
    /// Whether a filter kept it away.
    pub(super) filtered: bool,
}

const _: () = assert!(size_of::<Reader>() == 64, "one cache line");

/// How far a mapping is with a shard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Not read yet: the shard's parents come first.
    Unassigned,
    /// Being read.
    Assigned,
    /// Closed, and read to the end.
    Ended,
    /// All its records are done, and no more will come.
    Finished,
}

impl Stage {
    /// Whether the mapping reads the shard, or has records of it.
    pub(super) fn is_read(self) -> bool {
        match self {
            Self::Assigned | Self::Ended => true,
            Self::Unassigned | Self::Finished => false,
        }
    }
}

/// When a shard is polled.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Instant {
    /// With the mapping's other shards.
    Grid,
    /// By itself, 200 ms after a full answer.
    AfterFullAnswer,
}

/// Set in the agenda source of a poll of one shard, 200 ms after a full answer.
pub(super) const ONE_SHARD: u64 = 1 << 55;
/// Set in the agenda source of an assignment of shards.
pub(super) const ASSIGNMENT: u64 = 1 << 55;

impl Mapping {
    /// Its settings in force.
    #[must_use]
    pub fn config(&self) -> &Rc<MappingConfig> {
        &self.config
    }

    /// Its settings in force at the end of the millisecond `t`.
    #[must_use]
    pub fn config_at(&self, t: SimTime) -> &Rc<MappingConfig> {
        if self.settings.len() == 1 {
            return &self.config;
        }
        self.config_no((self.settings.partition_point(|(from, _)| *from <= t) as u32).saturating_sub(1))
    }

    /// Its settings, by index.
    pub(super) fn config_no(&self, idx: u32) -> &Rc<MappingConfig> {
        &self.settings[idx as usize].1
    }

    /// Index of its settings in force.
    pub(super) fn last_settings(&self) -> u32 {
        self.settings.len() as u32 - 1
    }

    /// Puts settings in force.
    pub(super) fn set_config(&mut self, now: SimTime, config: MappingConfig) {
        self.pushed = config.is_pushed();
        self.config = Rc::new(config);
        self.settings.push((now, Rc::clone(&self.config)));
    }

    /// The record at a place of the column of batched records.
    #[must_use]
    pub fn batched(&self, place: u32) -> u32 {
        self.batched.get(place)
    }

    /// Takes the lane's first `count` waiting records into a batch.
    pub(super) fn close_batch(&mut self, lane: LaneRef, count: u32, batch: u32, reason: Reason) {
        let first = self.batched.len();
        let place = self.place(lane.shard, lane.lane);
        let lane = &mut self.lanes[place];
        let arrived = lane.waiting.front().unwrap_or_default().arrival;
        lane.waiting.take(count as usize, |Waiting { record, .. }| self.batched.push(record));
        lane.parts.push(Part { first, count, arrived, batch, attempts: 0, throttles: 0, reason });
    }

    /// The lanes of a shard; none before the first poll.
    #[must_use]
    pub fn lanes_of(&self, shard: u32) -> &[Lane] {
        if shard as usize >= self.readers.len() {
            return &[];
        }
        let first = self.place(shard, 0);
        &self.lanes[first..first + self.parallel as usize]
    }

    /// Place of a lane among the lanes of all shards.
    pub(super) fn place(&self, shard: u32, lane: u8) -> usize {
        shard as usize * self.factor as usize + usize::from(lane)
    }

    /// Lanes of each shard.
    #[must_use]
    pub fn parallelization_factor(&self) -> u32 {
        self.parallel
    }

    /// Reads the shard at the next poll.
    pub(super) fn wake_shard(&mut self, shard: u32) {
        self.woken[shard as usize / 64] |= 1 << (shard % 64);
    }

    /// Whether it has tumbling windows, which end without records too.
    pub(super) fn has_windows(&self) -> bool {
        self.config.tumbling_window.is_some()
    }

    /// Whether it polls its shards at the instants of the grid.
    #[must_use]
    pub fn polls(&self) -> bool {
        !self.stopped && !self.pushed
    }

    /// Whether it reads a shard and hands its batches over.
    pub(super) fn works(&self, shard: u32) -> bool {
        !self.stopped && (self.restarting.is_empty() || !self.restarting.contains(&shard))
    }

    /// Whether a record that has been read is done.
    #[must_use]
    pub fn done(&self, shard: u32, lane: u32, record: u32) -> bool {
        let open = self.first_open(&self.lanes_of(shard)[lane as usize]);
        open == NONE || record < open
    }

    /// Whether a record that is done has its row, and counts as neither given up nor expired.
    #[must_use]
    pub fn stored(&self, record: u32) -> bool {
        let given_up = self.given_up.contains(record) && !self.redriven.contains(record);
        self.written.contains(record) && !given_up && !self.overdue.contains(record)
    }

    /// Bytes of memory held by its columns.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        [&self.written, &self.given_up, &self.redriven, &self.overdue]
            .map(BitColumn::bytes)
            .iter()
            .sum::<u64>()
            + self.batched.bytes()
    }
}

impl Simulation {
    pub(super) fn add_mapping(&mut self, idx: u16) {
        let config = Rc::new(self.lambda.mappings[usize::from(idx)].config.clone());
        self.mappings.push(Mapping {
            state: MappingState::Creating,
            active: false,
            stopped: true,
            restarting: BTreeSet::new(),
            readers: Vec::new(),
            lanes: Vec::new(),
            factor: config.parallelization_factor,
            parallel: config.parallelization_factor,
            open: Vec::new(),
            read_again: 0,
            counted: BTreeSet::new(),
            again: BTreeSet::new(),
            given_up: BitColumn::default(),
            redriven: BitColumn::default(),
            overdue: BitColumn::default(),
            unhandled: 0,
            handed_over: BitColumn::default(),
            filtered: 0,
            documents: 0,
            events: EventCounts::default(),
            pushed: config.is_pushed(),
            settings: vec![(self.now, Rc::clone(&config))],
            config,
            unassigned: Vec::new(),
            assignment_listed: false,
            succeeded: 0,
            discarded: 0,
            expired: 0,
            first: 0,
            written: BitColumn::default(),
            batched: Column::default(),
            listed: 0,
            woken: Vec::new(),
            poll_listed: false,
            expiries: BTreeMap::new(),
            windows: BTreeMap::new(),
        });
    }

    /// A mapping, by index.
    #[must_use]
    pub fn mapping(&self, idx: u16) -> &Mapping {
        &self.mappings[usize::from(idx)]
    }

    /// A lane.
    #[must_use]
    pub fn lane(&self, lane: LaneRef) -> &Lane {
        let mapping = self.mapping(lane.mapping);
        &mapping.lanes[mapping.place(lane.shard, lane.lane)]
    }

    pub(super) fn lane_mut(&mut self, lane: LaneRef) -> &mut Lane {
        let mapping = &mut self.mappings[usize::from(lane.mapping)];
        let place = mapping.place(lane.shard, lane.lane);
        &mut mapping.lanes[place]
    }

    /// The lane of a mapping that serves a record, below the parallelization factor.
    ///
    /// Assumption: AWS does not say which hash; `String.hashCode` reproduces article C's groups, and so do others.
    #[must_use]
    pub fn lane_of(&self, mapping: u16, record: u32) -> u32 {
        self.lane_of_key(mapping, self.kinesis.streams[0].records.get(record).key)
    }

    /// The lane that handles the records of a key.
    #[must_use]
    pub fn lane_of_key(&self, mapping: u16, key: KeyId) -> u32 {
        let factor = self.mapping(mapping).parallel;
        if factor == 1 {
            return 0;
        }
        let keys = &self.kinesis.streams[0].keys;
        match self.scenario.model.lane_hash {
            LaneHash::JavaStringHash => keys.java_hash(key).rem_euclid(factor.cast_signed()).cast_unsigned(),
            LaneHash::Md5Low32 => keys.hash_key(key).0 as u32 % factor,
        }
    }

    /// Lists a poll at the next instant.
    pub(super) fn poll_next(&mut self, idx: u16) {
        if !std::mem::replace(&mut self.mappings[usize::from(idx)].poll_listed, true) {
            let at = match self.mapping(idx).pushed {
                true => self.now + self.scenario.model.efo_latency,
                false => self.next_poll(self.now),
            };
            self.agenda.push(at, Class::Poll, idx.into());
        }
    }

    /// The first instant of the polling grid at or after `t`.
    pub(super) fn next_poll(&self, t: SimTime) -> SimTime {
        let (period, phase) = (self.scenario.model.poll.0, self.scenario.model.poll_phase.0);
        let behind = (t.0 + period - phase) % period;
        SimTime(if behind == 0 { t.0 } else { t.0 + period - behind })
    }

    /// A record was put: the mapping reads at its next poll.
    pub(super) fn wake(&mut self, idx: u16) {
        let mapping = self.mapping(idx);
        if !mapping.poll_listed && !mapping.readers.is_empty() && !mapping.stopped {
            self.poll_next(idx);
        }
    }

    /// Polls every woken shard, or the one shard that the source names.
    pub(super) fn poll(&mut self, source: u64) {
        if source & ONE_SHARD != 0 {
            let LaneRef { mapping: idx, shard, .. } = LaneRef::from_source(source & !ONE_SHARD);
            if self.mapping(idx).readers[shard as usize].reading_on {
                self.list_unread(idx);
                self.poll_shard(idx, shard, Instant::AfterFullAnswer);
            }
            return;
        }
        let idx = source as u16;
        if self.mapping(idx).stopped {
            self.mappings[usize::from(idx)].poll_listed = false;
            return;
        }
        if self.mapping(idx).readers.is_empty() {
            self.assign_shards(idx);
        }
        self.mappings[usize::from(idx)].poll_listed = false;
        self.list_unread(idx);
        for word in 0..self.mapping(idx).woken.len() {
            let mut bits = std::mem::take(&mut self.mappings[usize::from(idx)].woken[word]);
            while bits != 0 {
                self.poll_shard(idx, word as u32 * 64 + bits.trailing_zeros(), Instant::Grid);
                bits &= bits - 1;
            }
        }
    }

    /// Gives the records put since the last poll to their shards' readers: in one walk over the records, which
    /// is faster than to find each reader at each put.
    pub(super) fn list_unread(&mut self, idx: u16) {
        /// Records whose readers are asked for together: they come from anywhere in the memory, and none waits for
        /// another then.
        const BLOCK: u32 = 16;
        let Mapping { readers, listed, woken, expiries, .. } = &mut self.mappings[usize::from(idx)];
        let stream = &self.kinesis.streams[0];
        let end = stream.records.len();
        while *listed < end {
            self.room.look();
            let block = *listed..end.min(*listed + BLOCK);
            *listed = block.end;
            let assigned =
                |record| readers[stream.records.get(record).shard as usize].stage == Stage::Assigned;
            let all_assigned = block.clone().fold(true, |all, record| all & assigned(record));
            for record in block {
                let stored = stream.records.get(record);
                let reader = &mut readers[stored.shard as usize];
                reader.unread.push(Waiting::new(record, stored));
                if all_assigned || reader.stage == Stage::Assigned {
                    woken[stored.shard as usize / 64] |= u64::from(!reader.reading_on) << (stored.shard % 64);
                    continue;
                }
                // Only shards with parents wait long enough for this to happen.
                let waits = reader.stage == Stage::Unassigned && !expiries.contains_key(&stored.shard);
                if waits && stream.shards[stored.shard as usize].parents.iter().next().is_some() {
                    let expiry = (stored.arrival() + stream.retention()).max(self.now);
                    expiries.insert(stored.shard, expiry);
                    let lane = LaneRef { mapping: idx, shard: stored.shard, lane: 0 };
                    self.agenda.push(expiry, Class::Expiry, lane.source());
                }
            }
        }
    }

    /// One GetRecords: up to 10 000 records or 10 MiB go to their lanes, unless the shard's read limit is used up.
    ///
    /// Assumption: a poll that finds nothing takes nothing from the limit.
    fn poll_shard(&mut self, idx: u16, shard: u32, instant: Instant) {
        self.room.look();
        if !self.mapping(idx).works(shard) {
            return;
        }
        self.expire_unread(idx, shard);
        if self.mapping(idx).pushed {
            return self.push_shard(idx, shard);
        }
        let reader = &mut self.mappings[usize::from(idx)].readers[shard as usize];
        reader.reading_on = false;
        let closed = reader.closed;
        let (count, bytes) = one_answer(&reader.unread);
        if count == 0 {
            if instant == Instant::AfterFullAnswer {
                self.measure_get(0, shard, Some(Gets::default()));
            }
            if closed {
                self.end_shard(idx, shard);
            }
            return;
        }
        if instant == Instant::Grid {
            reader.polls.count();
        }
        if !self.kinesis.streams[0].admit_answer(self.now, shard, bytes.into()) {
            self.measure_get(0, shard, None);
            self.poll_again(idx, shard);
            return;
        }
        let (last, filtered) = self.queue(idx, shard, count);
        let age = self.now - last.arrival.time();
        let mapping = &mut self.mappings[usize::from(idx)];
        let reader = &mapping.readers[shard as usize];
        let full = count == quota::GET_RECORDS_MAX as usize || !reader.unread.is_empty();
        let behind = if reader.unread.is_empty() { SimDuration::ZERO } else { age };
        let (records, millis_behind_latest) = (count as u32, behind.0 as u32);
        mapping.events.polled_event_count += u64::from(records);
        let event = Event::RecordsPolled { mapping: idx, shard, records, millis_behind_latest };
        self.log.push(self.now, event, [idx.into(), shard, records, millis_behind_latest]);
        self.measure_polled(idx, records, filtered);
        self.measure_get(0, shard, Some(Gets { records, bytes, age }));
        if full {
            self.read_on(idx, shard);
        } else if closed {
            self.end_shard(idx, shard);
        }
    }

    /// A full answer is followed by the shard's next poll as soon as the read limit allows.
    fn read_on(&mut self, idx: u16, shard: u32) {
        let at = self.now + SimDuration(quota::GET_RECORDS_SPACING_MS);
        let grid = self.next_poll(self.now + SimDuration(1));
        if at == grid {
            // The mapping polls then anyway, its shards in order.
            return self.poll_again(idx, shard);
        }
        let mapping = &mut self.mappings[usize::from(idx)];
        mapping.readers[shard as usize].reading_on = true;
        let source = LaneRef { mapping: idx, shard, lane: 0 }.source();
        self.agenda.push(at, Class::Poll, source | ONE_SHARD);
    }

    /// Polls the shard with the others at the next instant of the grid.
    ///
    /// Assumption: after a poll that was throttled, too; AWS documents no other.
    fn poll_again(&mut self, idx: u16, shard: u32) {
        let grid = self.next_poll(self.now + SimDuration(1));
        let mapping = &mut self.mappings[usize::from(idx)];
        mapping.wake_shard(shard);
        if !std::mem::replace(&mut mapping.poll_listed, true) {
            self.agenda.push(grid, Class::Poll, idx.into());
        }
    }

    /// Puts the first `count` unread records of a shard at the ends of their lanes, but those that a filter keeps away;
    /// gives the last one, and how many were kept away.
    pub(super) fn queue(&mut self, idx: u16, shard: u32, count: usize) -> (Waiting, u32) {
        let mapping = &mut self.mappings[usize::from(idx)];
        let reader = &mut mapping.readers[shard as usize];
        if mapping.open.is_empty() {
            let place = shard as usize * mapping.factor as usize;
            let waiting = &mut mapping.lanes[place].waiting;
            let last = waiting.append(&mut reader.unread, count).unwrap_or_default();
            reader.read = last.record;
            self.list_if_idle(LaneRef { mapping: idx, shard, lane: 0 });
            return (last, 0);
        }
        let mut unread = std::mem::take(&mut reader.unread);
        let (mut last, mut filtered) = (Waiting::default(), 0);
        let counted = self.mapping(idx).filtered;
        unread.take(count, |waiting| {
            last = waiting;
            if !self.passes(idx, waiting.record) {
                filtered += 1;
                return self.filter_out(idx, shard, waiting.record);
            }
            let lane = LaneRef { mapping: idx, shard, lane: self.lane_of(idx, waiting.record) as u8 };
            let mapping = &mut self.mappings[usize::from(idx)];
            mapping.readers[shard as usize].read = waiting.record;
            mapping.open[shard as usize].push_back(OpenRecord { record: waiting.record, filtered: false });
            self.lane_mut(lane).waiting.push(waiting);
            self.list_if_idle(lane);
        });
        self.mappings[usize::from(idx)].readers[shard as usize].unread = unread;
        if self.mapping(idx).filtered > counted {
            self.move_checkpoint(idx, shard, NONE);
        }
        (last, filtered)
    }
}

/// How many of the unread records one GetRecords returns, and how many bytes they have.
fn one_answer(unread: &Queue) -> (usize, u32) {
    if unread.len() <= quota::GET_RECORDS_MAX as usize && unread.bytes() <= quota::GET_RECORDS_BYTES_MAX {
        return (unread.len(), unread.bytes() as u32);
    }
    let (mut count, mut bytes) = (0, 0);
    for waiting in unread.iter().take(quota::GET_RECORDS_MAX as usize) {
        if u64::from(bytes + waiting.size) > quota::GET_RECORDS_BYTES_MAX {
            break;
        }
        count += 1;
        bytes += waiting.size;
    }
    (count, bytes)
}
