//! The event log: everything that happened, in order, in compact shared columns, and its digest.
//!
//! An entry is 24 bytes. Puts that follow each other share one entry, and so do hand-overs, rows and ends of one
//! millisecond, so that a record costs a small part of an entry. Nothing here is text: JSON is
//! made on demand by `sim::event_json`.
//!
//! Invariants: times never decrease; event numbers are dense from 0.

use xxhash_rust::xxh3::Xxh3Default;

use crate::column::Column;
use crate::kinesis::pending::StatusReason;
use crate::kinesis::stream::{StreamStatus, ThrottleReason};
use crate::lambda::account::MappingState;
use crate::units::SimTime;

/// Something that happened. Indices are dense, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// An operation was called and answered.
    ApiCall {
        /// The call, by index.
        call: u32,
    },
    /// An alarm's state changed.
    AlarmState {
        /// The alarm.
        alarm: u16,
        /// The change, by index.
        change: u32,
    },
    /// A topic told a function of an alarm's change.
    NotificationSent {
        /// The topic.
        topic: u16,
        /// The alarm.
        alarm: u16,
        /// The function.
        function: u32,
    },
    /// A topic's function was invoked.
    AlarmInvocationStarted {
        /// The invocation, counted apart from those of mappings.
        invocation: u32,
    },
    /// An invocation of a topic's function ended.
    AlarmInvocationEnded {
        /// The invocation.
        invocation: u32,
    },
    /// A stream's status changed.
    StreamStatus {
        /// The stream.
        stream: u16,
        /// Before.
        from: StreamStatus,
        /// After.
        to: StreamStatus,
        /// What for.
        reason: StatusReason,
    },
    /// A shard takes records from now on.
    ShardOpened {
        /// The stream.
        stream: u16,
        /// The shard.
        shard: u32,
    },
    /// A shard takes no more records.
    ShardClosed {
        /// The stream.
        stream: u16,
        /// The shard.
        shard: u32,
    },
    /// A record was stored in a stream other than the first.
    RecordPutElsewhere {
        /// The stream.
        stream: u16,
        /// The record, by its index in that stream.
        record: u32,
    },
    /// A record was stored in the first stream.
    RecordPut {
        /// The record.
        record: u32,
    },
    /// A put was refused.
    RecordThrottled {
        /// Who tried.
        producer: u8,
        /// The stream.
        stream: u16,
        /// The shard whose limit was used up.
        shard: u32,
        /// The partition key.
        key: u32,
        /// The limit.
        reason: ThrottleReason,
    },
    /// A mapping changed its state.
    MappingState {
        /// The mapping.
        mapping: u16,
        /// Before.
        from: MappingState,
        /// After.
        to: MappingState,
    },
    /// A poller read records.
    RecordsPolled {
        /// The mapping.
        mapping: u16,
        /// The shard.
        shard: u32,
        /// How many.
        records: u32,
        /// `MillisBehindLatest` of the answer.
        millis_behind_latest: u32,
    },
    /// A new environment opened its log stream.
    LogStreamOpened {
        /// The environment.
        environment: u32,
    },
    /// A batch was handed over.
    InvocationStarted {
        /// The invocation.
        invocation: u32,
    },
    /// The handler wrote the row of a record.
    RowWritten {
        /// The invocation.
        invocation: u32,
        /// Place in the batch, from 0.
        position: u32,
        /// The record.
        record: u32,
    },
    /// An invocation ended.
    InvocationEnded {
        /// The invocation.
        invocation: u32,
    },
    /// A failed or throttled invocation will be tried again.
    RetryScheduled {
        /// The invocation that failed.
        invocation: u32,
        /// Milliseconds from now.
        delay: u32,
    },
    /// A batch that failed is tried again in two halves.
    BatchSplit {
        /// The invocation that failed.
        invocation: u32,
        /// Records of the first half.
        left: u32,
    },
    /// Records were given up.
    RecordsDiscarded {
        /// What, by index.
        discard: u32,
    },
    /// A document did not reach its destination.
    DestinationDeliveryFailed {
        /// What was given up, by index.
        discard: u32,
    },
    /// Somebody takes the records of a document up again.
    Redrive {
        /// The attempt to, by index.
        redrive: u32,
    },
    /// Records were past the stream's retention before the mapping handled them.
    RecordsExpired {
        /// The mapping.
        mapping: u16,
        /// The shard.
        shard: u32,
        /// How many.
        records: u32,
    },
    /// A filter kept a record away from the function.
    RecordFiltered {
        /// The mapping.
        mapping: u16,
        /// The record.
        record: u32,
    },
    /// A version of a function was published.
    VersionPublished {
        /// The function.
        function: u16,
        /// The version, by index.
        version: u32,
    },
    /// An alias was created or changed.
    AliasUpdated {
        /// The change, by index.
        change: u32,
    },
    /// Everything up to and including this record is done.
    CheckpointMoved {
        /// The mapping.
        mapping: u16,
        /// The shard.
        shard: u32,
        /// The record.
        record: u32,
    },
}

/// Several events of one kind, or one.
#[derive(Clone, Copy, Debug)]
pub enum Run {
    /// `RecordPut` of `first..first + count`, each at its record's arrival.
    Puts {
        /// First record.
        first: u32,
        /// Number of records.
        count: u32,
    },
    /// `InvocationStarted` of `first..first + count`, all at one time.
    Starts {
        /// First invocation.
        first: u32,
        /// Number of invocations.
        count: u32,
    },
    /// `RowWritten` of `count` records that follow each other in a batch, and on into the batches of the next
    /// invocations, all at one time.
    Rows {
        /// The first one's invocation.
        invocation: u32,
        /// Its place in the batch, from 0.
        position: u32,
        /// Number of rows.
        count: u32,
    },
    /// `InvocationEnded` of invocations from `first` on, all at one time, each followed by the `CheckpointMoved` of its
    /// shard to its last record; there is none yet after the last one where `events` is odd.
    Ends {
        /// First invocation.
        first: u32,
        /// Number of events.
        events: u32,
    },
    /// One event of another kind.
    One(Event),
}

/// An entry of the log.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Milliseconds of the first event.
    pub t: u32,
    /// Number of the first event.
    pub n: u32,
    /// What happened.
    pub run: Run,
}

/// Where a checkpoint stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checkpoint {
    /// The mapping.
    pub mapping: u16,
    /// The shard.
    pub shard: u32,
    /// The last record of which all before it are done too.
    pub record: u32,
}

/// The log.
#[derive(Clone, Default)]
pub struct EventLog {
    entries: Column<Entry>,
    count: u32,
    /// The row that goes on a run of rows: invocation, place.
    next_row: (u32, u32),
    /// The move of a checkpoint that goes on a run of ends, and the number of its event.
    next_checkpoint: (u32, Checkpoint),
    last_t: u32,
    hasher: Xxh3Default,
    /// Canonical bytes on their way to the hasher, which takes many at once faster than few.
    undigested: Undigested,
}

#[derive(Clone)]
struct Undigested {
    bytes: Box<[u8; UNDIGESTED_BYTES]>,
    len: usize,
}

const UNDIGESTED_BYTES: usize = 4096;

impl Default for Undigested {
    fn default() -> Self {
        Self { bytes: Box::new([0; UNDIGESTED_BYTES]), len: 0 }
    }
}

impl EventLog {
    /// Number of events.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.count
    }

    /// Time of the last event; zero while there is none.
    #[must_use]
    pub fn last_at(&self) -> SimTime {
        SimTime(self.last_t.into())
    }

    /// The entries.
    #[must_use]
    pub fn entries(&self) -> &Column<Entry> {
        &self.entries
    }

    /// XXH3-64 over the canonical fields of all events (`docs/scenario.md`, Event log and digest).
    #[must_use]
    pub fn digest(&self) -> u64 {
        let mut hasher = self.hasher.clone();
        hasher.update(&self.undigested.bytes[..self.undigested.len]);
        hasher.digest()
    }

    /// Bytes of memory held.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.entries.bytes()
    }

    /// Appends an event at `now`, neither a put nor a row; `fields` are its canonical ones beyond time and kind.
    #[inline]
    pub fn push<const N: usize>(&mut self, now: SimTime, event: Event, fields: [u32; N]) {
        self.begin(now, code(event), fields);
        self.add_entry(Run::One(event));
    }

    /// Appends the put of a record of the first stream; `fields` are the canonical ones beyond time, kind and record.
    #[inline]
    pub fn push_put(&mut self, now: SimTime, record: u32, fields: [u32; 4]) {
        let [shard, key, size, producer] = fields;
        self.begin(now, code(Event::RecordPut { record }), [record, shard, key, size, producer]);
        match self.entries.last_mut() {
            Some(Entry { run: Run::Puts { count, .. }, .. }) => *count += 1,
            _ => self.add_entry(Run::Puts { first: record, count: 1 }),
        }
    }

    /// Appends the start of an invocation; `fields` are the canonical ones beyond time, kind and invocation.
    #[inline]
    pub fn push_start(&mut self, now: SimTime, invocation: u32, fields: [u32; 10]) {
        self.begin(now, code(Event::InvocationStarted { invocation }), [invocation]);
        self.digest_words(fields, []);
        let at = now.0 as u32;
        match self.entries.last_mut() {
            Some(Entry { t, run: Run::Starts { first, count }, .. })
                if *t == at && *first + *count == invocation =>
            {
                *count += 1;
            }
            _ => self.add_entry(Run::Starts { first: invocation, count: 1 }),
        }
    }

    /// Appends the row of a record at a place of an invocation's batch, which has `batch` records.
    #[inline]
    pub fn push_row(&mut self, now: SimTime, (invocation, batch): (u32, u32), position: u32, record: u32) {
        self.begin(now, code(Event::RowWritten { invocation, position, record }), [invocation, record]);
        let goes_on = self.next_row == (invocation, position);
        self.next_row = if position + 1 == batch { (invocation + 1, 0) } else { (invocation, position + 1) };
        let at = now.0 as u32;
        match self.entries.last_mut() {
            Some(Entry { t, run: Run::Rows { count, .. }, .. }) if *t == at && goes_on => *count += 1,
            _ => self.add_entry(Run::Rows { invocation, position, count: 1 }),
        }
    }

    /// Appends the end of an invocation; `fields` are the canonical ones beyond time, kind and invocation, and `last`
    /// is its last record.
    #[inline]
    pub fn push_end(&mut self, now: SimTime, invocation: u32, fields: [u32; 4], last: Option<Checkpoint>) {
        let [outcome, duration, rows, fails_at] = fields;
        let fields = [invocation, outcome, duration, rows, fails_at];
        self.begin(now, code(Event::InvocationEnded { invocation }), fields);
        let at = now.0 as u32;
        match self.entries.last_mut() {
            Some(Entry { t, run: Run::Ends { first, events }, .. })
                if *t == at && *events % 2 == 0 && *first + *events / 2 == invocation =>
            {
                *events += 1;
            }
            _ => self.add_entry(Run::Ends { first: invocation, events: 1 }),
        }
        if let Some(last) = last {
            self.next_checkpoint = (self.count, last);
        }
    }

    /// Appends the move of a shard's checkpoint.
    #[inline]
    pub fn push_checkpoint(&mut self, now: SimTime, checkpoint: Checkpoint) {
        let Checkpoint { mapping, shard, record } = checkpoint;
        let goes_on = self.next_checkpoint == (self.count, checkpoint);
        let event = Event::CheckpointMoved { mapping, shard, record };
        self.begin(now, code(event), [mapping.into(), shard, record]);
        match self.entries.last_mut() {
            Some(Entry { run: Run::Ends { events, .. }, .. }) if goes_on => *events += 1,
            _ => self.add_entry(Run::One(event)),
        }
    }

    /// Adds record indices that belong to the event just pushed to the digest.
    pub fn digest_records(&mut self, records: impl Iterator<Item = u32>) {
        records.for_each(|record| self.digest_words([record], []));
    }

    /// Counts and digests an event; `code` is that of its kind.
    #[inline]
    fn begin<const N: usize>(&mut self, now: SimTime, code: u32, fields: [u32; N]) {
        let t = now.0 as u32;
        debug_assert!(t >= self.last_t, "an event at {now} after one at {} ms", self.last_t);
        assert!(self.count < u32::MAX, "a run has at most 2^32 - 1 events");
        self.last_t = t;
        self.count += 1;
        self.digest_words([t, code], fields);
    }

    /// Adds an entry that begins with the event just counted.
    #[inline]
    fn add_entry(&mut self, run: Run) {
        self.entries.push(Entry { t: self.last_t, n: self.count - 1, run });
    }

    /// Digests each word as four little-endian bytes; two series at once, for which there has to be room only once.
    #[inline]
    fn digest_words<const N: usize, const M: usize>(&mut self, first: [u32; N], then: [u32; M]) {
        if self.undigested.len + 4 * (N + M) > UNDIGESTED_BYTES {
            self.digest_bytes();
        }
        let Undigested { bytes, len } = &mut self.undigested;
        let (first_place, then_place) = bytes[*len..*len + 4 * (N + M)].split_at_mut(4 * N);
        write_words(first_place, first);
        write_words(then_place, then);
        *len += 4 * (N + M);
    }

    #[cold]
    fn digest_bytes(&mut self) {
        let Undigested { bytes, len } = &mut self.undigested;
        self.hasher.update(&bytes[..*len]);
        *len = 0;
    }
}

#[inline]
fn write_words<const N: usize>(place: &mut [u8], words: [u32; N]) {
    let (places, _) = place.as_chunks_mut::<4>();
    for (place, word) in places.iter_mut().zip(words) {
        *place = word.to_le_bytes();
    }
}

/// The event's code in the digest; `docs/scenario.md` lists them. Codes are never reused.
#[inline]
fn code(event: Event) -> u32 {
    match event {
        Event::ShardOpened { .. } => 1,
        Event::RecordPut { .. } => 2,
        Event::RecordThrottled { .. } => 3,
        Event::MappingState { .. } => 4,
        Event::RecordsPolled { .. } => 5,
        Event::LogStreamOpened { .. } => 6,
        Event::InvocationStarted { .. } => 7,
        Event::RowWritten { .. } => 8,
        Event::InvocationEnded { .. } => 9,
        Event::RetryScheduled { .. } => 10,
        Event::CheckpointMoved { .. } => 11,
        Event::ApiCall { .. } => 12,
        Event::StreamStatus { .. } => 13,
        Event::ShardClosed { .. } => 14,
        Event::RecordPutElsewhere { .. } => 15,
        Event::RecordsExpired { .. } => 16,
        Event::AlarmState { .. } => 17,
        Event::NotificationSent { .. } => 18,
        Event::BatchSplit { .. } => 19,
        Event::RecordsDiscarded { .. } => 20,
        Event::RecordFiltered { .. } => 21,
        Event::VersionPublished { .. } => 24,
        Event::AliasUpdated { .. } => 25,
        Event::AlarmInvocationStarted { .. } => 30,
        Event::AlarmInvocationEnded { .. } => 31,
        Event::Redrive { .. } => 40,
        Event::DestinationDeliveryFailed { .. } => 41,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_24_bytes() {
        assert_eq!(size_of::<Entry>(), 24);
    }

    #[test]
    fn runs_are_shared_and_numbers_stay_dense() {
        let mut log = EventLog::default();
        log.push_put(SimTime(0), 0, [0; 4]);
        log.push_put(SimTime(3), 1, [0; 4]);
        for (t, invocation) in [(3, 0), (3, 1), (4, 2), (4, 4)] {
            log.push_start(SimTime(t), invocation, [0; 10]);
        }
        // Batches of 3, 2 and 1; the last row of the second is not written.
        for (t, batch, position) in
            [(4, (0, 3), 0), (4, (0, 3), 1), (5, (0, 3), 2), (5, (1, 2), 0), (5, (2, 1), 0)]
        {
            log.push_row(SimTime(t), batch, position, 7);
        }
        log.push_put(SimTime(5), 2, [0; 4]);
        log.push_row(SimTime(5), (3, 1), 0, 8);
        // The last records of the first two; one before that of the third, and none of others.
        let checkpoint = |record| Checkpoint { mapping: 0, shard: 3, record };
        for (invocation, moved) in [(0, Some(0)), (1, Some(1)), (2, Some(1)), (3, None), (4, None)] {
            log.push_end(SimTime(5), invocation, [0; 4], Some(checkpoint(invocation)));
            if let Some(record) = moved {
                log.push_checkpoint(SimTime(5), checkpoint(record));
            }
        }
        let heads: Vec<(u32, u32)> =
            (0..log.entries.len()).map(|i| (log.entries.get(i).t, log.entries.get(i).n)).collect();
        assert_eq!(
            heads,
            [
                (0, 0),
                (3, 2),
                (4, 4),
                (4, 5),
                (4, 6),
                (5, 8),
                (5, 10),
                (5, 11),
                (5, 12),
                (5, 13),
                (5, 18),
                (5, 19),
                (5, 20)
            ]
        );
        assert_eq!((log.count(), log.last_at()), (21, SimTime(5)));
    }
}
