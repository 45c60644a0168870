//! Reading a shard by API: positions, GetRecords' limits, the end of a shard.
//!
//! A position is a record's index in the stream: everything before it has been read, or is not wanted. The records
//! of one shard are listed when it is first read, and not before: streams that nobody reads by API pay nothing.

use super::limit::ReadLimit;
use super::sequence_number::SequenceNumber;
use super::stream::Stream;
use crate::column::Column;
use crate::quota;
use crate::units::SimTime;

/// Records by shard, as far as they are listed, and what has been read of each shard.
#[derive(Clone, Debug, Default)]
pub(super) struct ReadIndex {
    /// Records before this one are listed.
    listed: u32,
    /// By shard; empty until records are listed.
    records: Vec<Column<u32>>,
    /// By shard, as far as shards have been read.
    limits: Vec<ReadLimit>,
}

/// What one read of a shard gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slice {
    /// Records by index, in order.
    pub records: Vec<u32>,
    /// The position after them.
    pub next: u32,
    /// Whether there is more in the shard now.
    pub more: bool,
}

impl Stream {
    /// The position of the oldest record kept.
    #[must_use]
    pub fn trim_horizon(&self, now: SimTime) -> u32 {
        self.first_at(self.horizon(now))
    }

    /// The position at a sequence number of this stream, or just after it. A shard's starting number stands
    /// before its first record, its ending number after its last.
    #[must_use]
    pub fn position_at(&self, number: SequenceNumber, after: bool) -> u32 {
        let next = number.index.saturating_sub(u64::from(!after));
        u32::try_from(next).unwrap_or(u32::MAX).min(self.records.len())
    }

    /// At most `limit` records of a shard from a position on, and at most 10 MiB.
    ///
    /// AWS: botocore GetRecords. Assumption: bytes are counted as for writing, data and partition key.
    pub fn read(&mut self, shard: u32, from: u32, limit: u32, now: SimTime) -> Slice {
        self.list_records();
        let from = from.max(self.trim_horizon(now));
        let of_shard = &self.reading.records[shard as usize];
        let first = of_shard.partition_point(|record| record < from);
        let end = of_shard.len().min(first.saturating_add(limit.min(quota::GET_RECORDS_MAX)));
        let (mut records, mut bytes) = (Vec::new(), 0);
        for place in first..end {
            let record = of_shard.get(place);
            bytes += u64::from(self.records.get(record).size());
            if bytes > quota::GET_RECORDS_BYTES_MAX && place > first {
                break;
            }
            records.push(record);
        }
        let more = first + (records.len() as u32) < of_shard.len();
        let next = if more { records.last().map_or(from, |record| record + 1) } else { self.records.len() };
        Slice { records, next: next.max(from), more }
    }

    /// Takes a GetRecords call of a shard, or nothing where its read limit is used up; false then.
    pub fn admit_read(&mut self, now: SimTime, shard: u32) -> bool {
        self.read_limit(shard).admit_read(now)
    }

    /// Takes a GetRecords call of a shard that returns so many bytes, or nothing where its read limit is used up;
    /// false then.
    pub fn admit_answer(&mut self, now: SimTime, shard: u32, bytes: u64) -> bool {
        let limit = self.read_limit(shard);
        let admitted = limit.admit_read(now);
        if admitted {
            limit.read(now, bytes);
        }
        admitted
    }

    /// Accounts for the bytes that a GetRecords of a shard has returned.
    pub fn count_read(&mut self, now: SimTime, shard: u32, bytes: u64) {
        self.read_limit(shard).read(now, bytes);
    }

    /// The limits of reading a shard.
    pub(super) fn read_limit(&mut self, shard: u32) -> &mut ReadLimit {
        let limits = &mut self.reading.limits;
        if shard as usize >= limits.len() {
            limits.resize_with(self.shards.len(), ReadLimit::default);
        }
        &mut limits[shard as usize]
    }

    fn list_records(&mut self) {
        self.reading.records.resize_with(self.shards.len(), Column::default);
        for record in self.reading.listed..self.records.len() {
            self.reading.records[self.records.get(record).shard as usize].push(record);
        }
        self.reading.listed = self.records.len();
    }
}

#[cfg(test)]
mod tests {
    use super::super::hash_key::HashKey;
    use super::super::key_table::KeyTable;
    use super::super::stream::Put;
    use super::*;
    use crate::units::WallTime;

    fn stream(records: u32, size: u32) -> Stream {
        let mut stream = Stream::new(2, WallTime(0), KeyTable::new(0));
        stream.record_kib_max = quota::RECORD_KIB_MAX;
        let key = stream.keys.intern("k");
        for i in 0..records {
            let explicit_hash_key = Some(HashKey(u128::from(i % 2) << 127));
            let put = Put { key, explicit_hash_key, size, producer: 0 };
            stream.put(SimTime(u64::from(i) * 20_000), put).unwrap();
        }
        stream
    }

    #[test]
    fn a_shard_is_read_in_order_and_to_its_end() {
        let mut stream = stream(11, 100);
        let now = SimTime(300_000);
        let first = stream.read(1, 0, 3, now);
        assert_eq!(first, Slice { records: vec![1, 3, 5], next: 6, more: true });
        let rest = stream.read(1, first.next, 10_000, now);
        assert_eq!(rest, Slice { records: vec![7, 9], next: 11, more: false });
        assert_eq!(stream.read(1, rest.next, 1, now), Slice { records: vec![], next: 11, more: false });
        assert_eq!(stream.read(0, 10, 5, now).records, [10]);
    }

    #[test]
    fn an_answer_has_at_most_ten_mebibytes() {
        let mut stream = stream(8, 5 << 20);
        let now = SimTime(300_000);
        assert_eq!(stream.read(0, 0, 10, now), Slice { records: vec![0, 2], next: 3, more: true });
        assert_eq!(stream.read(0, 3, 10, now).records, [4, 6]);
        let mut stream = super::tests::stream(4, (10 << 20) + 256);
        assert_eq!(stream.read(0, 0, 10, now).records, [0], "one record is always given");
    }

    #[test]
    fn an_answer_has_at_most_10_000_records() {
        let mut stream = Stream::new(1, WallTime(0), KeyTable::new(0));
        let key = stream.keys.intern("k");
        for i in 0..10_001 {
            stream.put(SimTime(i), Put { key, explicit_hash_key: None, size: 1, producer: 0 }).unwrap();
        }
        let slice = stream.read(0, 0, u32::MAX, SimTime(20_000));
        assert_eq!((slice.records.len(), slice.next, slice.more), (10_000, 10_000, true));
    }

    #[test]
    fn expired_records_are_passed_over() {
        let mut stream = stream(4, 100);
        let day = 24 * 3_600_000;
        assert_eq!(stream.read(0, 0, 10, SimTime(day - 1)).records, [0, 2]);
        assert_eq!(stream.read(0, 0, 10, SimTime(day)).records, [2]);
        assert_eq!(stream.trim_horizon(SimTime(day)), 1);
        assert!(stream.read(0, 0, 10, SimTime(2 * day)).records.is_empty());
    }

    #[test]
    fn sequence_numbers_are_positions() {
        let stream = stream(4, 100);
        let number = stream.sequence_number(2, WallTime(0));
        assert_eq!((stream.position_at(number, false), stream.position_at(number, true)), (2, 3));
        let start = stream.starting_sequence_number(0);
        assert_eq!((stream.position_at(start, false), stream.position_at(start, true)), (0, 0));
        let end = SequenceNumber { index: SequenceNumber::INDEX_END, ..start };
        assert_eq!((stream.position_at(end, false), stream.position_at(end, true)), (4, 4));
    }
}
