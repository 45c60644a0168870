//! The table of metrics: names, units, and the statistics that mean something.
//!
//! AWS: Kinesis Data Streams developer guide, "Monitoring with CloudWatch"; Lambda developer guide, "Types of metrics".
//! Not there: `GetRecords.IteratorAge`, which AWS has deprecated; of Lambda those of what is not simulated, and those of
//! the whole account. An alarm on a metric that is not there never has data.

words! {
    /// What a data point counts.
    pub enum Unit {
        /// Bytes.
        Bytes = "Bytes",
        /// Things.
        Count = "Count",
        /// Milliseconds.
        Milliseconds = "Milliseconds",
    }
}

/// All units that CloudWatch knows, in AWS's order.
pub const UNITS: &[&str] = &[
    "Seconds",
    "Microseconds",
    "Milliseconds",
    "Bytes",
    "Kilobytes",
    "Megabytes",
    "Gigabytes",
    "Terabytes",
    "Bits",
    "Kilobits",
    "Megabits",
    "Gigabits",
    "Terabits",
    "Percent",
    "Count",
    "Bytes/Second",
    "Kilobytes/Second",
    "Megabytes/Second",
    "Gigabytes/Second",
    "Terabytes/Second",
    "Bits/Second",
    "Kilobits/Second",
    "Megabits/Second",
    "Gigabits/Second",
    "Terabits/Second",
    "Count/Second",
    "None",
];

words! {
    /// How the data points of a period become one number.
    pub enum Statistic {
        /// How many there are; the console says "Samples".
        SampleCount = "SampleCount",
        /// Sum through count.
        Average = "Average",
        /// Their sum.
        Sum = "Sum",
        /// The least.
        Minimum = "Minimum",
        /// The largest.
        Maximum = "Maximum",
    }
}

/// What a metric is about. Invariant: a level's metrics stand side by side in [`METRICS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// A stream; always there.
    Stream,
    /// A shard; AWS: only where EnableEnhancedMonitoring switched it on.
    Shard,
    /// A function, whatever of it was invoked.
    Function,
    /// An alias or a version of a function, where it was invoked by that name.
    Resource,
    /// An event source mapping; AWS: only where its `MetricsConfig` asks for it.
    Mapping,
}

impl Level {
    /// Names of the dimensions, in AWS's order.
    #[must_use]
    pub fn dimensions(self) -> &'static [&'static str] {
        match self {
            Self::Stream => &["StreamName"],
            Self::Shard => &["StreamName", "ShardId"],
            Self::Function => &["FunctionName"],
            Self::Resource => &["FunctionName", "Resource"],
            Self::Mapping => &["EventSourceMappingUUID"],
        }
    }

    /// The namespace of its metrics.
    #[must_use]
    pub fn namespace(self) -> &'static str {
        match self {
            Self::Stream | Self::Shard => KINESIS,
            Self::Function | Self::Resource | Self::Mapping => LAMBDA,
        }
    }

    /// The first of its metrics.
    const fn first(self) -> Metric {
        match self {
            Self::Stream => Metric::IncomingBytes,
            Self::Shard => Metric::ShardIncomingBytes,
            Self::Function => Metric::Invocations,
            Self::Resource => Metric::ResourceInvocations,
            Self::Mapping => Metric::PolledEventCount,
        }
    }

    /// How many metrics it has.
    #[must_use]
    pub fn count(self) -> u32 {
        METRICS.iter().filter(|row| row.level == self).count() as u32
    }
}

/// A metric. Those of a shard begin with `Shard` here, though AWS names some of them like the stream's, and those of an
/// alias or a version with `Resource`.
#[expect(missing_docs, reason = "the table below and AWS's guide say what each is")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Metric {
    IncomingBytes,
    IncomingRecords,
    PutRecordBytes,
    PutRecordLatency,
    PutRecordSuccess,
    PutRecordsBytes,
    PutRecordsLatency,
    PutRecordsRecords,
    PutRecordsSuccess,
    PutRecordsTotalRecords,
    PutRecordsSuccessfulRecords,
    PutRecordsFailedRecords,
    PutRecordsThrottledRecords,
    WriteProvisionedThroughputExceeded,
    GetRecordsBytes,
    GetRecordsRecords,
    GetRecordsIteratorAgeMilliseconds,
    GetRecordsLatency,
    GetRecordsSuccess,
    ReadProvisionedThroughputExceeded,
    ShardIncomingBytes,
    ShardIncomingRecords,
    ShardOutgoingBytes,
    ShardOutgoingRecords,
    ShardIteratorAgeMilliseconds,
    ShardWriteProvisionedThroughputExceeded,
    ShardReadProvisionedThroughputExceeded,
    Invocations,
    Errors,
    Throttles,
    Duration,
    IteratorAge,
    ConcurrentExecutions,
    DestinationDeliveryFailures,
    ResourceInvocations,
    ResourceErrors,
    ResourceThrottles,
    ResourceDuration,
    ResourceIteratorAge,
    ResourceConcurrentExecutions,
    ResourceDestinationDeliveryFailures,
    PolledEventCount,
    FilteredOutEventCount,
    InvokedEventCount,
    FailedInvokeEventCount,
    DroppedEventCount,
    OnFailureDestinationDeliveredEventCount,
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The metric that the row is about.
    pub metric: Metric,
    /// AWS's name.
    pub name: &'static str,
    /// Its unit.
    pub unit: Unit,
    /// What it is about.
    pub level: Level,
    /// The statistics that AWS lists. CloudWatch computes the others as well, and so does this program.
    pub statistics: &'static [Statistic],
}

const KINESIS: &str = "AWS/Kinesis";
const LAMBDA: &str = "AWS/Lambda";

/// All metrics, in the order of [`Metric`].
pub const METRICS: [Row; 47] = {
    use Level::{Function, Mapping, Resource, Shard, Stream};
    use Metric as M;
    use Statistic::{Average, Maximum, Minimum, SampleCount, Sum};
    use Unit::{Bytes, Count, Milliseconds};
    const EVERY: &[Statistic] = &[Minimum, Maximum, Average, Sum, SampleCount];
    const AGE: &[Statistic] = &[Minimum, Maximum, Average, SampleCount];
    const TIME: &[Statistic] = &[Minimum, Maximum, Average];
    const SHARE: &[Statistic] = &[Average, Sum, SampleCount];
    const SUM: &[Statistic] = &[Sum];
    const SPAN: &[Statistic] = &[Average, Minimum, Maximum];
    const MOST: &[Statistic] = &[Maximum];
    const fn row(
        metric: Metric,
        level: Level,
        name: &'static str,
        unit: Unit,
        statistics: &'static [Statistic],
    ) -> Row {
        Row { metric, name, unit, level, statistics }
    }
    [
        row(M::IncomingBytes, Stream, "IncomingBytes", Bytes, EVERY),
        row(M::IncomingRecords, Stream, "IncomingRecords", Count, EVERY),
        row(M::PutRecordBytes, Stream, "PutRecord.Bytes", Bytes, EVERY),
        row(M::PutRecordLatency, Stream, "PutRecord.Latency", Milliseconds, TIME),
        row(M::PutRecordSuccess, Stream, "PutRecord.Success", Count, SHARE),
        row(M::PutRecordsBytes, Stream, "PutRecords.Bytes", Bytes, EVERY),
        row(M::PutRecordsLatency, Stream, "PutRecords.Latency", Milliseconds, TIME),
        row(M::PutRecordsRecords, Stream, "PutRecords.Records", Count, EVERY),
        row(M::PutRecordsSuccess, Stream, "PutRecords.Success", Count, SHARE),
        row(M::PutRecordsTotalRecords, Stream, "PutRecords.TotalRecords", Count, EVERY),
        row(M::PutRecordsSuccessfulRecords, Stream, "PutRecords.SuccessfulRecords", Count, EVERY),
        row(M::PutRecordsFailedRecords, Stream, "PutRecords.FailedRecords", Count, EVERY),
        row(M::PutRecordsThrottledRecords, Stream, "PutRecords.ThrottledRecords", Count, EVERY),
        row(M::WriteProvisionedThroughputExceeded, Stream, WRITE_EXCEEDED, Count, EVERY),
        row(M::GetRecordsBytes, Stream, "GetRecords.Bytes", Bytes, EVERY),
        row(M::GetRecordsRecords, Stream, "GetRecords.Records", Count, EVERY),
        row(M::GetRecordsIteratorAgeMilliseconds, Stream, STREAM_AGE, Milliseconds, AGE),
        row(M::GetRecordsLatency, Stream, "GetRecords.Latency", Milliseconds, TIME),
        row(M::GetRecordsSuccess, Stream, "GetRecords.Success", Count, SHARE),
        row(M::ReadProvisionedThroughputExceeded, Stream, READ_EXCEEDED, Count, EVERY),
        row(M::ShardIncomingBytes, Shard, "IncomingBytes", Bytes, EVERY),
        row(M::ShardIncomingRecords, Shard, "IncomingRecords", Count, EVERY),
        row(M::ShardOutgoingBytes, Shard, "OutgoingBytes", Bytes, EVERY),
        row(M::ShardOutgoingRecords, Shard, "OutgoingRecords", Count, EVERY),
        row(M::ShardIteratorAgeMilliseconds, Shard, "IteratorAgeMilliseconds", Milliseconds, AGE),
        row(M::ShardWriteProvisionedThroughputExceeded, Shard, WRITE_EXCEEDED, Count, EVERY),
        row(M::ShardReadProvisionedThroughputExceeded, Shard, READ_EXCEEDED, Count, EVERY),
        row(M::Invocations, Function, "Invocations", Count, SUM),
        row(M::Errors, Function, "Errors", Count, SUM),
        row(M::Throttles, Function, "Throttles", Count, SUM),
        row(M::Duration, Function, "Duration", Milliseconds, SPAN),
        row(M::IteratorAge, Function, "IteratorAge", Milliseconds, SPAN),
        row(M::ConcurrentExecutions, Function, "ConcurrentExecutions", Count, MOST),
        row(M::DestinationDeliveryFailures, Function, "DestinationDeliveryFailures", Count, SUM),
        row(M::ResourceInvocations, Resource, "Invocations", Count, SUM),
        row(M::ResourceErrors, Resource, "Errors", Count, SUM),
        row(M::ResourceThrottles, Resource, "Throttles", Count, SUM),
        row(M::ResourceDuration, Resource, "Duration", Milliseconds, SPAN),
        row(M::ResourceIteratorAge, Resource, "IteratorAge", Milliseconds, SPAN),
        row(M::ResourceConcurrentExecutions, Resource, "ConcurrentExecutions", Count, MOST),
        row(M::ResourceDestinationDeliveryFailures, Resource, "DestinationDeliveryFailures", Count, SUM),
        row(M::PolledEventCount, Mapping, "PolledEventCount", Count, SUM),
        row(M::FilteredOutEventCount, Mapping, "FilteredOutEventCount", Count, SUM),
        row(M::InvokedEventCount, Mapping, "InvokedEventCount", Count, SUM),
        row(M::FailedInvokeEventCount, Mapping, "FailedInvokeEventCount", Count, SUM),
        row(M::DroppedEventCount, Mapping, "DroppedEventCount", Count, SUM),
        row(M::OnFailureDestinationDeliveredEventCount, Mapping, TOLD, Count, SUM),
    ]
};

const WRITE_EXCEEDED: &str = "WriteProvisionedThroughputExceeded";
const READ_EXCEEDED: &str = "ReadProvisionedThroughputExceeded";
const STREAM_AGE: &str = "GetRecords.IteratorAgeMilliseconds";
const TOLD: &str = "OnFailureDestinationDeliveredEventCount";

impl Metric {
    /// Its row.
    #[must_use]
    pub fn row(self) -> &'static Row {
        &METRICS[self as usize]
    }

    /// Its place among the metrics of its level.
    #[must_use]
    pub const fn place(self) -> u32 {
        let first = METRICS[self as usize].level.first();
        self as u32 - first as u32
    }

    /// A function's metric as one of its alias or version.
    #[must_use]
    pub fn of_resource(self) -> Self {
        debug_assert!(self.row().level == Level::Function, "{self:?} is no metric of a function");
        METRICS[Self::ResourceInvocations as usize + self.place() as usize].metric
    }

    /// The metric of that namespace and name whose dimensions are exactly those named, in any order.
    ///
    /// AWS: every combination of dimensions is a metric of its own, so an alarm that names too few has no data.
    #[must_use]
    pub fn find(namespace: &str, name: &str, dimensions: &[&str]) -> Option<Self> {
        let named = |row: &&Row| {
            let names = row.level.dimensions();
            row.name == name
                && row.level.namespace() == namespace
                && names.len() == dimensions.len()
                && names.iter().all(|wanted| dimensions.contains(wanted))
        };
        METRICS.iter().find(named).map(|row| row.metric)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_the_order_of_the_metrics_level_by_level() {
        for (index, row) in METRICS.iter().enumerate() {
            assert_eq!(row.metric as usize, index, "{}", row.name);
            assert!(row.metric.place() < row.level.count(), "{}", row.name);
            assert!(index == 0 || METRICS[index - 1].level <= row.level, "{}", row.name);
        }
        assert_eq!((Level::Stream.count(), Level::Shard.count()), (20, 7));
        assert_eq!(Metric::ShardOutgoingBytes.place(), 2);
        for row in METRICS.iter().filter(|row| row.level == Level::Function) {
            let resource = row.metric.of_resource().row();
            assert_eq!((resource.name, resource.level), (row.name, Level::Resource));
            assert_eq!(resource.metric.place(), row.metric.place());
        }
    }

    #[test]
    fn a_metric_is_found_by_all_of_its_identity() {
        #[track_caller]
        fn check(namespace: &str, name: &str, dimensions: &[&str], expect: Option<Metric>) {
            assert_eq!(
                Metric::find(namespace, name, dimensions),
                expect,
                "{namespace} {name} {dimensions:?}"
            );
        }
        check(KINESIS, "IncomingRecords", &["StreamName"], Some(Metric::IncomingRecords));
        check(KINESIS, "IncomingRecords", &["ShardId", "StreamName"], Some(Metric::ShardIncomingRecords));
        check(KINESIS, "OutgoingBytes", &["StreamName"], None);
        check(KINESIS, "IncomingRecords", &[], None);
        check(KINESIS, "IncomingRecords", &["StreamName", "StreamName"], None);
        check("AWS/Lambda", "IncomingRecords", &["StreamName"], None);
        check("AWS/Lambda", "IteratorAge", &["FunctionName"], Some(Metric::IteratorAge));
        check("AWS/Lambda", "Errors", &["Resource", "FunctionName"], Some(Metric::ResourceErrors));
        check("AWS/Lambda", "Errors", &["Resource"], None);
        check(
            "AWS/Lambda",
            "DroppedEventCount",
            &["EventSourceMappingUUID"],
            Some(Metric::DroppedEventCount),
        );
        check(KINESIS, "Errors", &["FunctionName"], None);
        check(KINESIS, "GetRecords.Latency", &["StreamName"], Some(Metric::GetRecordsLatency));
        check(KINESIS, "GetRecords.IteratorAge", &["StreamName"], None);
    }

    #[test]
    fn ages_have_no_sum_and_shares_no_extremes() {
        let age = Metric::GetRecordsIteratorAgeMilliseconds.row();
        assert!(!age.statistics.contains(&Statistic::Sum) && age.unit == Unit::Milliseconds);
        let success = Metric::PutRecordsSuccess.row();
        assert_eq!(success.statistics, [Statistic::Average, Statistic::Sum, Statistic::SampleCount]);
        assert_eq!(Statistic::named("SampleCount"), Some(Statistic::SampleCount));
        assert_eq!(Statistic::named("Samples"), None);
    }
}
