//! Operations that put and get records.

use std::collections::BTreeMap;

use super::Kinesis;
use crate::aws::ApiError;
use crate::kinesis::HashKey;
use crate::kinesis::hash_key::HashKeyRange;
use crate::kinesis::monitoring::{DataCall, DataCallKind, Gets, Puts};
use crate::kinesis::sequence_number::SequenceNumber;
use crate::kinesis::shard::{Parents, ShardState, parse_shard_id, shard_id};
use crate::kinesis::stream::{Put, Stream, StreamStatus, Throttled};
use crate::kinesis::token::ShardIterator;
use crate::quota;
use crate::units::{SimDuration, SimTime, WallTime};

/// A record to be put.
#[derive(Clone, Copy, Debug)]
pub struct PutRequest<'a> {
    /// `PartitionKey`.
    pub partition_key: &'a str,
    /// `ExplicitHashKey`.
    pub explicit_hash_key: Option<HashKey>,
    /// `Data`.
    pub data: &'a [u8],
}

/// A record that was put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PutReceipt {
    /// Its index in the stream.
    pub record: u32,
    /// `ShardId`.
    pub shard: u32,
    /// `SequenceNumber`.
    pub sequence_number: SequenceNumber,
}

/// What became of a record: put, or refused by its shard's write limit.
pub type PutOutcome = Result<PutReceipt, Throttled>;

/// Where to start to read a shard, `ShardIteratorType` with its argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IteratorType<'a> {
    /// `TRIM_HORIZON`: the oldest record kept.
    TrimHorizon,
    /// `LATEST`: after the newest record.
    Latest,
    /// `AT_SEQUENCE_NUMBER`, decimal text.
    AtSequenceNumber(&'a str),
    /// `AFTER_SEQUENCE_NUMBER`, decimal text.
    AfterSequenceNumber(&'a str),
    /// `AT_TIMESTAMP`: the first record that arrived then or later.
    AtTimestamp(WallTime),
}

/// Where an iterator stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadPosition {
    /// Index of the stream.
    pub stream: u32,
    /// The shard.
    pub shard: u32,
    /// Records of the stream before this index are not given.
    pub from: u32,
}

/// GetRecords' answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetRecordsOutput {
    /// Index of the stream.
    pub stream: u32,
    /// The shard.
    pub shard: u32,
    /// Records by index, in order. Those put through the API have their data in [`Stream::payloads`].
    pub records: Vec<u32>,
    /// `NextShardIterator`; `None` at the end of a closed shard.
    pub next_shard_iterator: Option<String>,
    /// `MillisBehindLatest`: 0 where nothing is left to read.
    pub millis_behind_latest: u64,
    /// `ChildShards`, at the end of a closed shard.
    pub child_shards: Vec<ChildShard>,
}

/// A shard that came out of the one whose end was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChildShard {
    /// `ShardId`.
    pub shard: u32,
    /// `ParentShards`.
    pub parents: Parents,
    /// `HashKeyRange`.
    pub range: HashKeyRange,
}

/// The number that stands for the API where a record names its producer.
const API_PRODUCER: u8 = quota::PRODUCERS_MAX as u8;

impl Kinesis {
    /// PutRecord.
    ///
    /// # Errors
    /// ResourceNotFound (no stream, or CREATING or DELETING), Validation (larger than the stream's records may
    /// be), InvalidArgument (`SequenceNumberForOrdering`), InternalFailure (a run holds no more records),
    /// ProvisionedThroughputExceeded.
    pub fn put_record(
        &mut self,
        now: SimTime,
        name: &str,
        record: PutRequest<'_>,
        sequence_number_for_ordering: Option<&str>,
    ) -> Result<PutReceipt, ApiError> {
        let idx = self.writable(name)?;
        let stream = &self.streams[idx as usize];
        if record.bytes() > stream.record_bytes_max() {
            return Err(too_large("data", stream));
        }
        if let Some(number) =
            sequence_number_for_ordering.filter(|text| SequenceNumber::parse(text).is_none())
        {
            return Err(self.subject(name).ordering(number));
        }
        self.check_room(idx, 1)?;
        let outcome = self.streams[idx as usize].put_request(now, record);
        let mut puts = Puts::default();
        puts.count(record.bytes() as u32, outcome.is_err());
        self.data_call =
            Some(DataCall { stream: idx, kind: DataCallKind::PutRecord(shard_of(&outcome), puts) });
        outcome.map_err(|throttled| self.subject(name).shard_rate(throttled.shard))
    }

    /// PutRecords: what became of each record, in order. A record that is refused holds up no other.
    ///
    /// # Errors
    /// ResourceNotFound (no stream, or CREATING or DELETING), Validation (a record is larger than the stream's
    /// records may be: none is put), InternalFailure (a run holds no more records).
    pub fn put_records(
        &mut self,
        now: SimTime,
        name: &str,
        records: &[PutRequest<'_>],
    ) -> Result<Vec<PutOutcome>, ApiError> {
        let idx = self.writable(name)?;
        let stream = &mut self.streams[idx as usize];
        let bytes_max = stream.record_bytes_max();
        if let Some(place) = records.iter().position(|record| record.bytes() > bytes_max) {
            return Err(too_large(&format!("records.{}.member.data", place + 1), stream));
        }
        self.check_room(idx, records.len())?;
        let stream = &mut self.streams[idx as usize];
        let outcomes: Vec<PutOutcome> =
            records.iter().map(|&record| stream.put_request(now, record)).collect();
        let by_shard = !stream.monitored.is_empty();
        self.data_call = Some(DataCall { stream: idx, kind: put_call(records, &outcomes, by_shard) });
        Ok(outcomes)
    }

    /// The error that a refused record of PutRecords carries: its type is the record's `ErrorCode`.
    #[must_use]
    pub fn put_error(&self, name: &str, throttled: Throttled) -> ApiError {
        self.subject(name).shard_rate(throttled.shard)
    }

    /// GetShardIterator.
    ///
    /// # Errors
    /// ResourceNotFound (malformed shard id, no stream, no shard, an expired one), InvalidArgument (time in the
    /// future; a number that is none, of another shard, of another stream), ProvisionedThroughputExceeded (calls).
    pub fn get_shard_iterator(
        &mut self,
        now: SimTime,
        name: &str,
        shard: &str,
        iterator_type: IteratorType<'_>,
    ) -> Result<String, ApiError> {
        let number = parse_shard_id(shard).ok_or_else(|| self.subject(name).no_such_shard(shard))?;
        let idx = self.readable_shard(now, name, number)?;
        let position = self.position(now, idx, number, iterator_type)?;
        if !self.streams[idx as usize].read_limit(number).admit_iterator(now) {
            return Err(self.subject(name).shard_rate(number));
        }
        let name = name.to_owned();
        Ok(ShardIterator { stream: idx, name, shard: number, from: position, issued: now }.encode())
    }

    fn position(&self, now: SimTime, idx: u32, shard: u32, of: IteratorType<'_>) -> Result<u32, ApiError> {
        let stream = &self.streams[idx as usize];
        match of {
            IteratorType::TrimHorizon => Ok(stream.trim_horizon(now)),
            IteratorType::Latest => Ok(stream.records.len()),
            IteratorType::AtTimestamp(wall) => {
                let wall_now = self.start() + now;
                if wall > wall_now {
                    // AWS: text validated.
                    return Err(ApiError::invalid_argument(format!(
                        "The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. \
                         timestampInMillis: {}, currentTimestampInMillis: {}",
                        wall.0, wall_now.0
                    )));
                }
                Ok(stream.first_at(SimTime(wall.0.saturating_sub(self.start().0))))
            }
            IteratorType::AtSequenceNumber(text) => {
                self.sequence_number(idx, shard, text).map(|number| stream.position_at(number, false))
            }
            IteratorType::AfterSequenceNumber(text) => {
                self.sequence_number(idx, shard, text).map(|number| stream.position_at(number, true))
            }
        }
    }

    fn sequence_number(&self, idx: u32, shard: u32, text: &str) -> Result<SequenceNumber, ApiError> {
        let stream = &self.streams[idx as usize];
        let subject = self.subject(&stream.name);
        let number = SequenceNumber::parse(text).ok_or_else(|| subject.sequence_number(shard, text))?;
        if number.shard != shard {
            // AWS: text validated.
            return Err(ApiError::invalid_argument(format!(
                "Invalid StartingSequenceNumber. It encodes {}, while it was used in a call to a shard with {}",
                shard_id(number.shard),
                shard_id(shard)
            )));
        }
        if number.epoch != stream.shards[shard as usize].epoch {
            return Err(subject.foreign_sequence_number(shard, text));
        }
        Ok(number)
    }

    /// Where an iterator stands, whether or not it may be used now; `None` where it is none.
    #[must_use]
    pub fn iterator_position(&self, iterator: &str) -> Option<ReadPosition> {
        let ShardIterator { stream, shard, from, .. } = ShardIterator::decode(iterator)?;
        Some(ReadPosition { stream, shard, from })
    }

    /// GetRecords: at most `limit` records, at most 10 000 and at most 10 MiB.
    ///
    /// AWS: botocore GetRecords. Assumption: the answer that reaches the end of a closed shard has no next
    /// iterator and names the children, whether it has records or not (kinesis-mock; kinesalite does so one call
    /// later).
    ///
    /// # Errors
    /// InvalidArgument (no iterator of ours), ExpiredIterator, ResourceNotFound (the stream or the shard is
    /// gone), ProvisionedThroughputExceeded (5 calls or 2 MiB a second and shard).
    pub fn get_records(
        &mut self,
        now: SimTime,
        iterator: &str,
        limit: Option<u32>,
    ) -> Result<GetRecordsOutput, ApiError> {
        let iterator = ShardIterator::decode(iterator).filter(|iterator| iterator.issued <= now);
        let ShardIterator { stream: idx, name, shard, from, issued } =
            iterator.ok_or_else(ApiError::shard_iterator)?;
        if issued + SimDuration(quota::ITERATOR_VALID_MS) < now {
            return Err(ApiError::expired_iterator(self.start() + issued, self.start() + now));
        }
        if self.readable_shard(now, &name, shard)? != idx {
            return Err(self.subject(&name).shard_does_not_exist(&shard_id(shard)));
        }
        let stream = &mut self.streams[idx as usize];
        if !stream.admit_read(now, shard) {
            self.data_call = Some(DataCall { stream: idx, kind: DataCallKind::GetRecords(shard, None) });
            return Err(self.subject(&name).shard_rate(shard));
        }
        let slice = stream.read(shard, from, limit.unwrap_or(quota::GET_RECORDS_MAX), now);
        let bytes = slice.records.iter().map(|&record| u64::from(stream.records.get(record).size())).sum();
        stream.count_read(now, shard, bytes);
        let millis_behind_latest = match slice.records.last() {
            Some(&last) if slice.more => (now - stream.records.get(last).arrival()).0,
            _ => 0,
        };
        let age =
            slice.records.last().map_or(SimDuration::ZERO, |&last| now - stream.records.get(last).arrival());
        let gets = Gets { records: slice.records.len() as u32, bytes: bytes as u32, age };
        self.data_call = Some(DataCall { stream: idx, kind: DataCallKind::GetRecords(shard, Some(gets)) });
        let ended = !slice.more && !stream.shards[shard as usize].is_open();
        let child_shards = if ended { stream.child_shards(shard) } else { Vec::new() };
        let next = ShardIterator { stream: idx, name, shard, from: slice.next, issued: now };
        Ok(GetRecordsOutput {
            stream: idx,
            shard,
            records: slice.records,
            next_shard_iterator: (!ended).then(|| next.encode()),
            millis_behind_latest,
            child_shards,
        })
    }

    /// Whether this shard can be read, as GetShardIterator asks before it looks at anything else.
    ///
    /// # Errors
    /// ResourceNotFound (malformed shard id, no stream, no shard, an expired one).
    pub fn check_readable(&self, now: SimTime, name: &str, shard: &str) -> Result<(), ApiError> {
        let number = parse_shard_id(shard).ok_or_else(|| self.subject(name).no_such_shard(shard))?;
        self.readable_shard(now, name, number).map(|_| ())
    }

    /// The stream with this shard, which has not expired.
    fn readable_shard(&self, now: SimTime, name: &str, shard: u32) -> Result<u32, ApiError> {
        let readable = |&idx: &u32| {
            let stream = &self.streams[idx as usize];
            (shard as usize) < stream.shards.len() && stream.shard_state(shard, now) != ShardState::Expired
        };
        let found = self.find(name).filter(readable);
        found.ok_or_else(|| self.subject(name).shard_does_not_exist(&shard_id(shard)))
    }

    /// The stream of this name, if it takes records.
    ///
    /// AWS: others are not found (validated by kinesalite); a DELETING stream may take some for a while.
    fn writable(&self, name: &str) -> Result<u32, ApiError> {
        let idx = self.found(name)?;
        match self.streams[idx as usize].status {
            StreamStatus::Active | StreamStatus::Updating => Ok(idx),
            StreamStatus::Absent | StreamStatus::Creating | StreamStatus::Deleting => {
                Err(self.subject(name).not_found())
            }
        }
    }

    /// InternalFailure where a run could not hold `count` more records.
    fn check_room(&self, idx: u32, count: usize) -> Result<(), ApiError> {
        let room = quota::RECORDS_MAX - self.streams[idx as usize].records.len();
        if count <= room as usize {
            Ok(())
        } else {
            Err(ApiError::new("InternalFailure", "Internal Service Failure".into()))
        }
    }
}

impl PutRequest<'_> {
    /// Bytes that count against limits: data and partition key.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.data.len() + self.partition_key.len()
    }
}

impl Stream {
    /// Bytes that a record may have, data and partition key together.
    #[must_use]
    pub fn record_bytes_max(&self) -> usize {
        self.record_kib_max as usize * 1024
    }

    /// Puts a record of the right size, with its data.
    fn put_request(&mut self, now: SimTime, request: PutRequest<'_>) -> PutOutcome {
        let PutRequest { partition_key, explicit_hash_key, data } = request;
        let key = self.keys.intern(partition_key);
        let size = request.bytes() as u32;
        let record = self.put(now, Put { key, explicit_hash_key, size, producer: API_PRODUCER })?;
        self.payloads.push(record, data);
        let sequence_number = self.sequence_number(record, self.start());
        Ok(PutReceipt { record, shard: sequence_number.shard, sequence_number })
    }

    fn child_shards(&self, shard: u32) -> Vec<ChildShard> {
        let child = |shard: u32| {
            let child = &self.shards[shard as usize];
            ChildShard { shard, parents: child.parents, range: child.range }
        };
        self.children(shard).map(child).collect()
    }
}

/// The shard that a record went to, or that refused it.
fn shard_of(outcome: &PutOutcome) -> u32 {
    match outcome {
        Ok(receipt) => receipt.shard,
        Err(throttled) => throttled.shard,
    }
}

/// What a PutRecords came to, on the whole and, if asked for, by shard.
fn put_call(records: &[PutRequest<'_>], outcomes: &[PutOutcome], by_shard: bool) -> DataCallKind {
    let (mut all, mut parts) = (Puts::default(), BTreeMap::<u32, Puts>::new());
    for (record, outcome) in records.iter().zip(outcomes) {
        all.count(record.bytes() as u32, outcome.is_err());
        if by_shard {
            parts.entry(shard_of(outcome)).or_default().count(record.bytes() as u32, outcome.is_err());
        }
    }
    DataCallKind::PutRecords(all, parts.into_iter().collect())
}

/// AWS: documented is that data and key count together; the text names the data alone (emulators).
fn too_large(field: &str, stream: &Stream) -> ApiError {
    ApiError::validation(format!(
        "1 validation error detected: Value at '{field}' failed to satisfy constraint: Member must have length \
         less than or equal to {}",
        stream.record_bytes_max()
    ))
}
