//! Which data points a call leaves.
//!
//! AWS: Kinesis Data Streams developer guide, "Monitoring with CloudWatch": minimum, maximum and average of the
//! `Incoming…` and `GetRecords…` metrics are those of single operations, so each call is one data point.
//! Assumption: a call that is not throttled leaves a 0 in `…ProvisionedThroughputExceeded`; the guide reads its
//! average and says that a maximum of 0 means that nothing was throttled.
//! Assumption: a call's latency is the time that it takes here. That is 0, but for PutRecord calls of producers that
//! have a `latency`; it is measured of throttled calls too.

use super::metric::Metric;
use super::series::{Bucket, Group, Metrics};
use crate::kinesis::monitoring::{Gets, Puts, ShardLevelMetrics};
use crate::units::SimTime;

/// Calls of one stream whose data points are not in the open buckets yet: there is a PutRecord for each record of
/// most producers, and a GetRecords for each shard that has one to be read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unsettled {
    pub(super) stream: Group,
    /// Bytes of each record that PutRecord calls have stored.
    stored: Bucket,
    /// PutRecord calls that were throttled.
    throttled: u32,
    /// Milliseconds of each PutRecord call that takes time.
    latency: Bucket,
    /// Of each GetRecords that was not throttled: records, their bytes, and milliseconds by which the last of them was
    /// behind.
    records: Bucket,
    bytes: Bucket,
    ages: Bucket,
}

impl Unsettled {
    /// No calls of this stream.
    pub(super) fn none(stream: Group) -> Self {
        let (stored, latency) = (Bucket::EMPTY, Bucket::EMPTY);
        let (records, bytes, ages) = (Bucket::EMPTY, Bucket::EMPTY, Bucket::EMPTY);
        Self { stream, stored, throttled: 0, latency, records, bytes, ages }
    }

    /// What the calls leave. AWS: an answer without records counts too, with an age of 0.
    pub(super) fn data_points(self) -> impl Iterator<Item = (Metric, Bucket)> {
        let Self { stored, throttled, latency, records, bytes, ages, .. } = self;
        let (puts, gets) = (stored.samples, records.samples);
        [
            (Metric::PutRecordLatency, latency),
            (Metric::PutRecordLatency, Bucket::of(0, puts + throttled - latency.samples)),
            (Metric::PutRecordSuccess, Bucket::of(1, puts)),
            (Metric::PutRecordSuccess, Bucket::of(0, throttled)),
            (Metric::WriteProvisionedThroughputExceeded, Bucket::of(0, puts)),
            (Metric::WriteProvisionedThroughputExceeded, Bucket::of(1, throttled)),
            (Metric::PutRecordBytes, stored),
            (Metric::IncomingBytes, stored),
            (Metric::IncomingRecords, Bucket::of(1, puts)),
            (Metric::GetRecordsLatency, Bucket::of(0, gets)),
            (Metric::GetRecordsSuccess, Bucket::of(1, gets)),
            (Metric::GetRecordsRecords, records),
            (Metric::GetRecordsBytes, bytes),
            (Metric::GetRecordsIteratorAgeMilliseconds, ages),
            (Metric::ReadProvisionedThroughputExceeded, Bucket::of(0, gets)),
        ]
        .into_iter()
    }
}

impl Metrics {
    /// A PutRecord of `bytes`, data and partition key together, that took `latency` ms. One addition where it took none:
    /// its data points are made when they are read, or when the minute ends.
    #[inline]
    pub fn put_record(&mut self, now: SimTime, stream: Group, bytes: u32, throttled: bool, latency: u32) {
        let unsettled = self.unsettled_of(now, stream);
        if throttled {
            unsettled.throttled += 1;
        } else {
            unsettled.stored.add(bytes, 1);
        }
        if latency > 0 {
            unsettled.latency.add(latency, 1);
        }
    }

    /// So many GetRecords of the same outcome that were not throttled: three additions, as of a PutRecord.
    #[inline]
    pub fn get_records(&mut self, now: SimTime, stream: Group, call: Gets, times: u32) {
        let unsettled = self.unsettled_of(now, stream);
        unsettled.records.add(call.records, times);
        unsettled.bytes.add(call.bytes, times);
        unsettled.ages.add(call.age.0 as u32, times);
    }

    /// A PutRecords.
    pub fn put_records(&mut self, now: SimTime, stream: Group, call: Puts) {
        let Puts { stored, throttled, bytes } = call;
        for (metric, value) in [
            (Metric::PutRecordsLatency, 0),
            (Metric::PutRecordsSuccess, u32::from(stored > 0)),
            (Metric::PutRecordsRecords, stored),
            (Metric::PutRecordsBytes, bytes),
            (Metric::PutRecordsTotalRecords, stored + throttled),
            (Metric::PutRecordsSuccessfulRecords, stored),
            (Metric::PutRecordsFailedRecords, 0),
            (Metric::PutRecordsThrottledRecords, throttled),
            (Metric::WriteProvisionedThroughputExceeded, throttled),
        ] {
            self.record(now, stream, metric, value, 1);
        }
        if stored > 0 {
            self.record(now, stream, Metric::IncomingRecords, stored, 1);
            self.record(now, stream, Metric::IncomingBytes, bytes, 1);
        }
    }

    /// A GetRecords that was throttled.
    pub fn get_throttled(&mut self, now: SimTime, stream: Group) {
        self.record(now, stream, Metric::GetRecordsLatency, 0, 1);
        self.record(now, stream, Metric::GetRecordsSuccess, 0, 1);
        self.record(now, stream, Metric::ReadProvisionedThroughputExceeded, 1, 1);
    }

    /// One shard's part of a put call, of the metrics that the stream keeps by shard.
    pub fn shard_put(&mut self, now: SimTime, shard: Group, kept: ShardLevelMetrics, call: Puts) {
        self.record_kept(
            now,
            shard,
            kept,
            Metric::ShardWriteProvisionedThroughputExceeded,
            call.throttled,
            1,
        );
        if call.stored > 0 {
            self.record_kept(now, shard, kept, Metric::ShardIncomingRecords, call.stored, 1);
            self.record_kept(now, shard, kept, Metric::ShardIncomingBytes, call.bytes, 1);
        }
    }

    /// So many GetRecords of the same outcome that were not throttled, as their shard sees them.
    pub fn shard_get(&mut self, now: SimTime, shard: Group, kept: ShardLevelMetrics, call: Gets, times: u32) {
        for (metric, value) in [
            (Metric::ShardOutgoingRecords, call.records),
            (Metric::ShardOutgoingBytes, call.bytes),
            (Metric::ShardIteratorAgeMilliseconds, call.age.0 as u32),
            (Metric::ShardReadProvisionedThroughputExceeded, 0),
        ] {
            self.record_kept(now, shard, kept, metric, value, times);
        }
    }

    /// A GetRecords that was throttled, as its shard sees it.
    pub fn shard_get_throttled(&mut self, now: SimTime, shard: Group, kept: ShardLevelMetrics) {
        self.record_kept(now, shard, kept, Metric::ShardReadProvisionedThroughputExceeded, 1, 1);
    }

    fn record_kept(
        &mut self,
        now: SimTime,
        shard: Group,
        kept: ShardLevelMetrics,
        metric: Metric,
        value: u32,
        times: u32,
    ) {
        if kept.has(metric.row().name) {
            self.record(now, shard, metric, value, times);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::metric::{Level, METRICS};
    use super::*;
    use crate::units::{SimDuration, WallTime};

    /// What a call leaves: name, samples and sum of every metric that has data.
    #[track_caller]
    fn check(level: Level, call: impl Fn(&mut Metrics, Group), expect: &[(&str, u32, u64)]) {
        let mut metrics = Metrics::new(WallTime(0));
        let group = metrics.group(level, 0, 0);
        call(&mut metrics, group);
        metrics.advance(T);
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
                metrics.put_record(T, stream, 120, false, 0);
                metrics.put_record(T, stream, 120, true, 25);
                metrics.put_record(T, stream, 120, true, 5);
            },
            &[
                ("IncomingBytes", 1, 120),
                ("IncomingRecords", 1, 1),
                ("PutRecord.Bytes", 1, 120),
                ("PutRecord.Latency", 3, 30),
                ("PutRecord.Success", 3, 1),
                ("WriteProvisionedThroughputExceeded", 3, 2),
            ],
        );
        check(
            Level::Stream,
            |metrics, stream| {
                metrics.put_records(T, stream, Puts { stored: 3, throttled: 2, bytes: 30 });
                metrics.put_records(T, stream, Puts { stored: 0, throttled: 2, bytes: 0 });
            },
            &[
                ("IncomingBytes", 1, 30),
                ("IncomingRecords", 1, 3),
                ("PutRecords.Bytes", 2, 30),
                ("PutRecords.Latency", 2, 0),
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
        let call = Gets { records: 2, bytes: 20, age: SimDuration(7) };
        check(
            Level::Stream,
            |metrics, stream| metrics.get_records(T, stream, call, 1),
            &[
                ("GetRecords.Bytes", 1, 20),
                ("GetRecords.Records", 1, 2),
                ("GetRecords.IteratorAgeMilliseconds", 1, 7),
                ("GetRecords.Latency", 1, 0),
                ("GetRecords.Success", 1, 1),
                ("ReadProvisionedThroughputExceeded", 1, 0),
            ],
        );
        check(
            Level::Shard,
            |metrics, shard| {
                let all = ShardLevelMetrics::of(["ALL"].into_iter());
                metrics.shard_get(T, shard, all, call, 1);
                metrics.shard_put(T, shard, all, Puts { stored: 0, throttled: 2, bytes: 0 });
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
