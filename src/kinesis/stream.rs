//! A stream: shards that tile the hash keys, and the records they hold.

use super::hash_key::{HashKey, HashKeyRange};
use super::key_table::{KeyId, KeyTable};
use super::monitoring::ShardLevelMetrics;
use super::payload::Payloads;
use super::pending::{Watch, Work};
use super::reader::ReadIndex;
use super::sequence_number::SequenceNumber;
use super::shard::Parents;
pub use super::shard::{Shard, shard_id};
use crate::column::Column;
use crate::quota;
use crate::units::{SimDuration, SimTime, Stamp, WallTime};

/// "None", where an index is stored.
pub const NONE: u32 = u32::MAX;

/// A record as stored: 20 bytes. Texts, hash keys and sequence numbers are made on demand.
#[derive(Clone, Copy, Debug)]
pub struct Record {
    /// Arrival, in milliseconds from the scenario's start.
    arrival: Stamp,
    /// The partition key.
    pub key: KeyId,
    /// The key's records counted from 1 in arrival order.
    pub number: u32,
    /// The shard that holds it.
    pub shard: u32,
    /// Bytes of data and key in the low 24 bits, the producer above.
    size_and_producer: u32,
}

impl Record {
    /// When the record arrived.
    #[must_use]
    pub fn arrival(self) -> SimTime {
        self.arrival.time()
    }

    /// When the record arrived, as it is stored.
    #[must_use]
    pub fn stamp(self) -> Stamp {
        self.arrival
    }

    /// Bytes of data and partition key together.
    #[must_use]
    pub fn size(self) -> u32 {
        self.size_and_producer & 0xff_ffff
    }

    /// Index of the producer that put it.
    #[must_use]
    pub fn producer(self) -> u8 {
        (self.size_and_producer >> 24) as u8
    }
}

/// What a put needs of a shard and changes, 16 bytes: its write limit, as two leaky buckets that hold one second's worth
/// each, and how much it holds.
///
/// AWS: 1 000 records and 1 MiB a second. Assumption: how the second is measured.
#[derive(Clone, Debug, Default)]
struct Load {
    /// When the bytes put so far would have been through at the limit's rate, in units of 1 ms / 2^20.
    bytes_until: u64,
    /// The same for records, in milliseconds.
    records_until: Stamp,
    /// Records that it holds, expired ones included.
    held: u32,
}

/// Why a put was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ThrottleReason {
    /// More than 1 000 records a second.
    Records = 0,
    /// More than 1 MiB a second.
    Bytes = 1,
    /// There is no stream that takes records: ResourceNotFoundException.
    NoStream = 2,
}

/// A put that was refused: ProvisionedThroughputExceededException, unless there is no stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Throttled {
    /// The shard.
    pub shard: u32,
    /// The limit.
    pub reason: ThrottleReason,
}

/// A record to be put.
#[derive(Clone, Copy, Debug)]
pub struct Put {
    /// The partition key.
    pub key: KeyId,
    /// `ExplicitHashKey`.
    pub explicit_hash_key: Option<HashKey>,
    /// Bytes of data and key together.
    pub size: u32,
    /// Index of the producer.
    pub producer: u8,
}

/// A stream's state, `StreamStatus`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamStatus {
    /// Not there yet, or deleted. The API does not show it.
    Absent,
    /// On its way; has no shards.
    Creating,
    /// There, and nothing is changing.
    Active,
    /// There, and something is changing.
    Updating,
    /// On its way out.
    Deleting,
}

impl StreamStatus {
    /// As AWS writes it; `ABSENT` is ours.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Absent => "ABSENT",
            Self::Creating => "CREATING",
            Self::Active => "ACTIVE",
            Self::Updating => "UPDATING",
            Self::Deleting => "DELETING",
        }
    }
}

/// A stream's capacity mode, `StreamMode`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StreamMode {
    /// Its owner decides on its shards.
    #[default]
    Provisioned,
    /// AWS does.
    OnDemand,
}

impl StreamMode {
    /// As AWS writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Provisioned => "PROVISIONED",
            Self::OnDemand => "ON_DEMAND",
        }
    }
}

/// A stream with its shards and records.
#[derive(Clone, Debug)]
pub struct Stream {
    /// `StreamName`.
    pub name: String,
    /// `StreamStatus`.
    pub status: StreamStatus,
    /// `StreamMode`.
    pub mode: StreamMode,
    /// `StreamCreationTimestamp`.
    pub created: WallTime,
    /// `MaxRecordSizeInKiB`.
    pub record_kib_max: u32,
    /// `EnhancedMonitoring`: the metrics that are kept by shard.
    pub monitored: ShardLevelMetrics,
    /// All shards by index; `shardId-` and twelve digits is their name.
    pub shards: Vec<Shard>,
    /// By shard: apart from the shards and small, since with thousands of them one is fetched anew for each record.
    loads: Vec<Load>,
    /// All records by index, in arrival order.
    pub records: Column<Record>,
    /// Partition keys.
    pub keys: KeyTable,
    /// The data of records put through the API.
    pub payloads: Payloads,
    /// Wall-clock time of t = 0.
    pub(super) start: WallTime,
    /// How long a record is kept.
    pub(super) retention: SimDuration,
    /// Records that arrived before this have expired, whatever the retention is now.
    pub(super) trimmed: SimTime,
    /// What is under way.
    pub(super) work: Work,
    /// Where the stream is on-demand: when its shards are looked at.
    pub(super) watch: Option<Watch>,
    /// Accepted calls of UpdateShardCount within 24 hours.
    pub(super) count_updates: Vec<SimTime>,
    /// Accepted switches of the mode within 24 hours.
    pub(super) mode_switches: Vec<SimTime>,
    pub(super) reading: ReadIndex,
    /// Records put with an explicit hash key: (record, hash key), ascending.
    explicit: Vec<(u32, HashKey)>,
    /// Where each open shard starts, ascending; the first is 0.
    pub(super) open_starts: Vec<u128>,
    /// The highest 32 bits of that: they tell for nearly all keys.
    pub(super) open_highs: Vec<u32>,
    /// The open shards, in order of their hash keys.
    pub(super) open: Vec<u32>,
}

impl Stream {
    /// A stream without a name of `shard_count` equal shards that is there at t = 0, whose key table is `keys`.
    /// t = 0 is `start`, and the second of its shards' sequence numbers.
    #[must_use]
    pub fn new(shard_count: u32, start: WallTime, keys: KeyTable) -> Self {
        let mut stream = Self::absent(start, keys);
        stream.status = StreamStatus::Active;
        stream.open_uniform(shard_count, start.seconds(), SimTime::ZERO);
        stream
    }

    /// A stream that is not there yet.
    #[must_use]
    pub fn absent(start: WallTime, keys: KeyTable) -> Self {
        Self {
            name: String::new(),
            status: StreamStatus::Absent,
            mode: StreamMode::Provisioned,
            created: WallTime(start.0 + quota::CREATION_AFTER_EPOCH_MS),
            record_kib_max: quota::RECORD_KIB_DEFAULT,
            monitored: ShardLevelMetrics::default(),
            shards: Vec::new(),
            loads: Vec::new(),
            records: Column::default(),
            keys,
            payloads: Payloads::default(),
            start,
            retention: SimDuration::from_hours(quota::RETENTION_HOURS_MIN.into()),
            trimmed: SimTime::ZERO,
            work: Work::None,
            watch: None,
            count_updates: Vec::new(),
            mode_switches: Vec::new(),
            reading: ReadIndex::default(),
            explicit: Vec::new(),
            open_starts: Vec::new(),
            open_highs: Vec::new(),
            open: Vec::new(),
        }
    }

    /// Opens the shards of a new stream.
    pub(super) fn open_uniform(&mut self, shard_count: u32, epoch: u64, now: SimTime) {
        assert!(self.shards.is_empty(), "a new stream has no shards");
        let ranges = HashKeyRange::uniform(shard_count);
        self.set_open(ranges.iter().map(|range| range.start().0).zip(0..).collect());
        for range in ranges {
            self.add_shard(Shard::new(range, epoch, Parents::default(), now));
        }
    }

    /// Sets the open shards, each with its start, in order of their hash keys.
    pub(super) fn set_open(&mut self, open: Vec<(u128, u32)>) {
        (self.open_starts, self.open) = open.into_iter().unzip();
        self.open_highs = self.open_starts.iter().map(|&start| high(HashKey(start))).collect();
    }

    /// Adds a shard, open or closed; gives its index.
    pub(super) fn add_shard(&mut self, shard: Shard) -> u32 {
        self.loads.push(Load::default());
        self.shards.push(shard);
        self.shards.len() as u32 - 1
    }

    /// Whether records can be put. AWS: ACTIVE and UPDATING (validated by kinesalite).
    #[must_use]
    pub fn takes_records(&self) -> bool {
        matches!(self.status, StreamStatus::Active | StreamStatus::Updating)
    }

    /// The open shards, in order of their hash keys.
    #[must_use]
    pub fn open_shards(&self) -> &[u32] {
        &self.open
    }

    /// Records that a shard holds, expired ones included.
    #[must_use]
    pub fn held(&self, shard: u32) -> u32 {
        self.loads[shard as usize].held
    }

    /// The open shard that holds `key`.
    #[must_use]
    pub fn route(&self, key: HashKey) -> u32 {
        // Shards are often of equal width: try the place this would give, then search.
        let high = high(key);
        let guess = ((u64::from(high) * self.open.len() as u64) >> 32) as usize;
        let next = self.open_highs.get(guess + 1).map_or(u64::from(u32::MAX) + 1, |&next| next.into());
        if self.open_highs[guess] < high && u64::from(high) < next {
            return self.open[guess];
        }
        self.open[self.open_starts.partition_point(|&start| start <= key.0) - 1]
    }

    /// Puts a record at `now`; gives its index.
    ///
    /// # Errors
    /// The shard's write limit is used up: nothing is stored.
    pub fn put(&mut self, now: SimTime, put: Put) -> Result<u32, Throttled> {
        // Asked for first, so that the memory is on its way while the hash is computed.
        let number = self.keys.count(put.key) + 1;
        let hash_key = put.explicit_hash_key.unwrap_or_else(|| self.keys.hash_key_to_put(put.key));
        let shard_idx = self.route(hash_key);
        let load = &mut self.loads[shard_idx as usize];
        load.admit(now, put.size).map_err(|reason| Throttled { shard: shard_idx, reason })?;
        load.held += 1;
        let record = self.records.len();
        assert!(record < quota::RECORDS_MAX, "a run holds at most {} records", quota::RECORDS_MAX);
        self.keys.set_count(put.key, number);
        self.explicit.extend(put.explicit_hash_key.map(|hash_key| (record, hash_key)));
        self.records.push(Record {
            arrival: Stamp::of(now),
            key: put.key,
            number,
            shard: shard_idx,
            size_and_producer: put.size | u32::from(put.producer) << 24,
        });
        Ok(record)
    }

    /// The first record that arrived at or after `t`; the number of records where there is none.
    #[must_use]
    pub fn first_at(&self, t: SimTime) -> u32 {
        self.records.partition_point(|record| record.arrival() < t)
    }

    /// Whether a record was put with an explicit hash key, so that records of one key may be in several shards.
    #[must_use]
    pub fn has_explicit_hash_keys(&self) -> bool {
        !self.explicit.is_empty()
    }

    /// The hash key a record was routed by.
    #[must_use]
    pub fn hash_key(&self, record: u32) -> HashKey {
        match self.explicit.binary_search_by_key(&record, |&(record, _)| record) {
            Ok(place) => self.explicit[place].1,
            Err(_) => self.keys.hash_key(self.records.get(record).key),
        }
    }

    /// A record's sequence number, in a scenario that starts at `start`.
    #[must_use]
    pub fn sequence_number(&self, record: u32, start: WallTime) -> SequenceNumber {
        let Record { arrival, shard, .. } = self.records.get(record);
        let epoch = self.shards[shard as usize].epoch;
        // A child's epoch lies up to a second after its opening.
        let time = (start + arrival.time()).seconds().max(epoch);
        SequenceNumber { epoch, index: u64::from(record) + 1, time, shard }
    }

    /// A shard's starting sequence number. That of an imported shard may be written differently
    /// ([`Shard::imported`]).
    #[must_use]
    pub fn starting_sequence_number(&self, shard: u32) -> SequenceNumber {
        let epoch = self.shards[shard as usize].epoch;
        SequenceNumber { epoch, index: 0, time: epoch, shard }
    }

    /// Bytes of memory held by records, and by the key table.
    #[must_use]
    pub fn bytes(&self) -> (u64, u64) {
        (self.records.bytes(), self.keys.bytes())
    }
}

impl Load {
    /// Takes `size` bytes and one record, or nothing at all.
    fn admit(&mut self, now: SimTime, size: u32) -> Result<(), ThrottleReason> {
        const RECORD_MS: u64 = 1000 / quota::SHARD_WRITE_RECORDS_PER_SECOND;
        const BYTE_UNITS: u64 = 1000 * (1 << 20) / quota::SHARD_WRITE_BYTES_PER_SECOND;
        const SECOND: u64 = 1000;
        let records_until = self.records_until.time().0.max(now.0) + RECORD_MS;
        let bytes_until = self.bytes_until.max(now.0 << 20) + u64::from(size) * BYTE_UNITS;
        if records_until > now.0 + SECOND {
            return Err(ThrottleReason::Records);
        }
        if bytes_until > (now.0 + SECOND) << 20 && !self.is_large_burst(now, size) {
            return Err(ThrottleReason::Bytes);
        }
        (self.records_until, self.bytes_until) = (Stamp::of(SimTime(records_until)), bytes_until);
        Ok(())
    }

    /// Whether the record is larger than a second's worth, and nothing stands against it.
    ///
    /// AWS: records above 1 MiB use burst capacity, on the average a shard takes 1 MiB a second (botocore,
    /// MaxRecordSizeInKiB). Assumption: one is taken once all earlier ones are through.
    fn is_large_burst(&self, now: SimTime, size: u32) -> bool {
        u64::from(size) > quota::SHARD_WRITE_BYTES_PER_SECOND && self.bytes_until <= now.0 << 20
    }
}

/// MD5 and routing alone, over 16 shards, for `records` keys of 13 bytes that all differ: the floor that the
/// benchmarks compare the engine with. Gives the sum of the shards' indices.
#[cfg(any(feature = "bench", not(target_arch = "wasm32")))]
#[must_use]
pub fn route_fresh_keys(records: u32) -> u32 {
    let stream = Stream::new(16, WallTime(0), KeyTable::default());
    let mut key = *b"key-000000000";
    let mut shards = 0;
    for _ in 0..records {
        for digit in key[4..].iter_mut().rev() {
            *digit += 1;
            if *digit <= b'9' {
                break;
            }
            *digit = b'0';
        }
        shards += stream.route(HashKey::of_partition_key(std::hint::black_box(&key)));
    }
    shards
}

/// The highest 32 bits of a hash key.
pub(super) fn high(key: HashKey) -> u32 {
    (key.0 >> 96) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(key: KeyId, size: u32) -> Put {
        Put { key, explicit_hash_key: None, size, producer: 3 }
    }

    fn stream(shards: u32) -> Stream {
        Stream::new(shards, WallTime(1_479_513_329_000), KeyTable::new(100))
    }

    #[test]
    fn records_go_to_the_shard_that_holds_their_key() {
        let mut stream = stream(3);
        for i in 0..200 {
            let record = stream.put(SimTime(i), put(i as u32 % 100, 20)).unwrap();
            let stored = stream.records.get(record);
            assert!(stream.shards[stored.shard as usize].range.contains(stream.hash_key(record)));
            assert_eq!((stored.arrival(), stored.number), (SimTime(i), i as u32 / 100 + 1));
        }
        assert_eq!((0..3).map(|shard| stream.held(shard)).sum::<u32>(), 200);
        let last = stream.records.get(199);
        assert_eq!((last.size(), last.producer()), (20, 3));
        assert_eq!((stream.first_at(SimTime(7)), stream.first_at(SimTime(200))), (7, 200));
    }

    #[test]
    fn every_key_at_a_shard_s_ends_finds_it() {
        for count in [1, 2, 3, 16, 10_000] {
            let stream = stream(count);
            for (idx, shard) in (0..).zip(&stream.shards) {
                let (start, end) = (shard.range.start(), shard.range.end());
                for key in [start.0, start.0 + 1, end.0 - 1, end.0] {
                    assert_eq!(stream.route(HashKey(key)), idx);
                }
            }
        }
    }

    #[test]
    fn a_put_fetches_a_quarter_of_a_cache_line_of_a_shard() {
        assert_eq!(size_of::<Load>(), 16);
    }

    #[test]
    fn an_explicit_hash_key_replaces_the_md5() {
        let mut stream = stream(2);
        for (key, shard) in [(0, 0), (u128::MAX / 2, 0), (u128::MAX / 2 + 1, 1), (u128::MAX, 1)] {
            let put = Put { explicit_hash_key: Some(HashKey(key)), ..put(1, 10) };
            let record = stream.put(SimTime(0), put).unwrap();
            assert_eq!((stream.records.get(record).shard, stream.hash_key(record)), (shard, HashKey(key)));
        }
    }

    #[test]
    fn a_shard_takes_1000_records_and_one_mebibyte_a_second() {
        let mut records = stream(1);
        for _ in 0..1000 {
            records.put(SimTime(0), put(0, 1)).unwrap();
        }
        let throttled = Throttled { shard: 0, reason: ThrottleReason::Records };
        assert_eq!(records.put(SimTime(0), put(0, 1)), Err(throttled));
        assert!(records.put(SimTime(1), put(0, 1)).is_ok());
        assert_eq!(records.put(SimTime(1), put(0, 1)), Err(throttled));
        let mut bytes = stream(1);
        bytes.put(SimTime(0), put(0, 1 << 20)).unwrap();
        assert_eq!(
            bytes.put(SimTime(0), put(0, 1)),
            Err(Throttled { shard: 0, reason: ThrottleReason::Bytes })
        );
        assert!(bytes.put(SimTime(500), put(0, 1 << 19)).is_ok());
        assert!(bytes.put(SimTime(500), put(0, 1)).is_err());
    }

    #[test]
    fn a_large_record_is_taken_whole_and_paid_off_later() {
        let mut stream = stream(1);
        let size = 3 << 20;
        stream.put(SimTime(0), put(0, 1)).unwrap();
        assert!(stream.put(SimTime(0), put(0, size)).is_err());
        stream.put(SimTime(1), put(0, size)).unwrap();
        assert!(stream.put(SimTime(2000), put(0, 1)).is_err());
        assert!(stream.put(SimTime(2002), put(0, 1)).is_ok());
        assert!(stream.put(SimTime(3000), put(0, size)).is_err());
        assert!(stream.put(SimTime(3002), put(0, size)).is_ok());
    }

    #[test]
    fn sequence_numbers_are_the_article_s() {
        let start = stream(1).starting_sequence_number(0);
        assert_eq!(start.to_string(), "49567765303994184397908352048233447689120770321652121602");
        assert_eq!(SequenceNumber::parse(&start.to_string()), Some(start));
    }
}
