//! Which data points a call leaves.
//!
//! AWS: Kinesis Data Streams developer guide, "Monitoring with CloudWatch": minimum, maximum and average of the
//! `Incoming…` and `GetRecords…` metrics are those of single operations, so each call is one data point.
//! Assumption: a call that is not throttled leaves a 0 in `…ProvisionedThroughputExceeded`; the guide reads its
//! average and says that a maximum of 0 means that nothing was throttled.

use super::metric::Metric;
use super::series::{Group, Metrics};
use crate::units::{SimDuration, SimTime};

/// What a PutRecords call came to. Records that are neither stored nor throttled do not occur here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PutRecords {
    /// Records stored.
    pub stored: u32,
    /// Records throttled.
    pub throttled: u32,
    /// Bytes stored, data and partition keys together.
    pub bytes: u32,
}

/// What a GetRecords call came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GetRecords {
    /// Records returned.
    pub records: u32,
    /// Their bytes, data and partition keys together.
    pub bytes: u32,
    /// Age of the last of them; zero where there is none.
    pub age: SimDuration,
}

impl Metrics {
    /// A PutRecord of `bytes`, data and partition key together.
    pub fn put_record(&mut self, now: SimTime, stream: Group, bytes: u32, throttled: bool) {
        self.record(now, stream, Metric::PutRecordSuccess, u32::from(!throttled));
        self.record(now, stream, Metric::WriteProvisionedThroughputExceeded, u32::from(throttled));
        if !throttled {
            self.record(now, stream, Metric::PutRecordBytes, bytes);
            self.incoming(now, stream, 1, bytes);
        }
    }

    /// A PutRecords.
    pub fn put_records(&mut self, now: SimTime, stream: Group, call: PutRecords) {
        let PutRecords { stored, throttled, bytes } = call;
        for (metric, value) in [
            (Metric::PutRecordsSuccess, u32::from(stored > 0)),
            (Metric::PutRecordsRecords, stored),
            (Metric::PutRecordsBytes, bytes),
            (Metric::PutRecordsTotalRecords, stored + throttled),
            (Metric::PutRecordsSuccessfulRecords, stored),
            (Metric::PutRecordsFailedRecords, 0),
            (Metric::PutRecordsThrottledRecords, throttled),
            (Metric::WriteProvisionedThroughputExceeded, throttled),
        ] {
            self.record(now, stream, metric, value);
        }
        if stored > 0 {
            self.incoming(now, stream, stored, bytes);
        }
    }

    fn incoming(&mut self, now: SimTime, stream: Group, records: u32, bytes: u32) {
        self.record(now, stream, Metric::IncomingRecords, records);
        self.record(now, stream, Metric::IncomingBytes, bytes);
    }

    /// A GetRecords that was not throttled. AWS: an empty answer counts too, with an age of 0.
    pub fn get_records(&mut self, now: SimTime, stream: Group, call: GetRecords) {
        self.record(now, stream, Metric::GetRecordsSuccess, 1);
        self.record(now, stream, Metric::GetRecordsRecords, call.records);
        self.record(now, stream, Metric::GetRecordsBytes, call.bytes);
        self.record(now, stream, Metric::GetRecordsIteratorAgeMilliseconds, call.age.0 as u32);
        self.record(now, stream, Metric::ReadProvisionedThroughputExceeded, 0);
    }

    /// One shard's part of a put call.
    pub fn shard_put(&mut self, now: SimTime, shard: Group, call: PutRecords) {
        self.record(now, shard, Metric::ShardWriteProvisionedThroughputExceeded, call.throttled);
        if call.stored > 0 {
            self.record(now, shard, Metric::ShardIncomingRecords, call.stored);
            self.record(now, shard, Metric::ShardIncomingBytes, call.bytes);
        }
    }

    /// A GetRecords that was not throttled, as its shard sees it.
    pub fn shard_get(&mut self, now: SimTime, shard: Group, call: GetRecords) {
        self.record(now, shard, Metric::ShardOutgoingRecords, call.records);
        self.record(now, shard, Metric::ShardOutgoingBytes, call.bytes);
        self.record(now, shard, Metric::ShardIteratorAgeMilliseconds, call.age.0 as u32);
        self.record(now, shard, Metric::ShardReadProvisionedThroughputExceeded, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::super::metric::{Level, METRICS};
    use super::*;
    use crate::units::WallTime;

    /// What a call leaves: name, samples and sum of every metric that has data.
    #[track_caller]
    fn check(level: Level, call: impl Fn(&mut Metrics, Group), expect: &[(&str, u32, u64)]) {
        let mut metrics = Metrics::new(WallTime(0));
        let group = metrics.group(level, 0, 0);
        call(&mut metrics, group);
        let rows = METRICS.iter().filter(|row| row.level == level);
        let found: Vec<_> = rows
            .map(|row| (row.name, metrics.bucket(group, row.metric, 0)))
            .filter(|(_, bucket)| bucket.samples > 0)
            .map(|(name, bucket)| (name, bucket.samples, bucket.sum))
            .collect();
        assert_eq!(found, expect);
    }

    const T: SimTime = SimTime(5);

    #[test]
    fn puts() {
        check(
            Level::Stream,
            |metrics, stream| {
                metrics.put_record(T, stream, 120, false);
                metrics.put_record(T, stream, 120, true);
            },
            &[
                ("IncomingBytes", 1, 120),
                ("IncomingRecords", 1, 1),
                ("PutRecord.Bytes", 1, 120),
                ("PutRecord.Success", 2, 1),
                ("WriteProvisionedThroughputExceeded", 2, 1),
            ],
        );
        check(
            Level::Stream,
            |metrics, stream| {
                metrics.put_records(T, stream, PutRecords { stored: 3, throttled: 2, bytes: 30 });
                metrics.put_records(T, stream, PutRecords { stored: 0, throttled: 2, bytes: 0 });
            },
            &[
                ("IncomingBytes", 1, 30),
                ("IncomingRecords", 1, 3),
                ("PutRecords.Bytes", 2, 30),
                ("PutRecords.Records", 2, 3),
                ("PutRecords.Success", 2, 1),
                ("PutRecords.TotalRecords", 2, 7),
                ("PutRecords.SuccessfulRecords", 2, 3),
                ("PutRecords.FailedRecords", 2, 0),
                ("PutRecords.ThrottledRecords", 2, 4),
                ("WriteProvisionedThroughputExceeded", 2, 4),
            ],
        );
    }

    #[test]
    fn gets_and_shards() {
        let call = GetRecords { records: 2, bytes: 20, age: SimDuration(7) };
        check(
            Level::Stream,
            |metrics, stream| metrics.get_records(T, stream, call),
            &[
                ("GetRecords.Bytes", 1, 20),
                ("GetRecords.Records", 1, 2),
                ("GetRecords.IteratorAgeMilliseconds", 1, 7),
                ("GetRecords.Success", 1, 1),
                ("ReadProvisionedThroughputExceeded", 1, 0),
            ],
        );
        check(
            Level::Shard,
            |metrics, shard| {
                metrics.shard_get(T, shard, call);
                metrics.shard_put(T, shard, PutRecords { stored: 0, throttled: 2, bytes: 0 });
            },
            &[
                ("OutgoingBytes", 1, 20),
                ("OutgoingRecords", 1, 2),
                ("IteratorAgeMilliseconds", 1, 7),
                ("WriteProvisionedThroughputExceeded", 1, 2),
                ("ReadProvisionedThroughputExceeded", 1, 0),
            ],
        );
    }
}
