//! AWS's limits, and this program's own.
//!
//! Every AWS constant states its unit, its source and when it was read. "botocore" is version 1.44.5,
//! `data/kinesis/2013-12-02` or `data/lambda/2015-03-31` `service-2.json`, read 2026-11-21.

/// Records a second that one shard accepts. AWS: service quotas; botocore PutRecord.
pub const SHARD_WRITE_RECORDS_PER_SECOND: u64 = 1000;
/// Bytes a second, data and partition key together, that one shard accepts (1 MiB). AWS: botocore PutRecords.
pub const SHARD_WRITE_BYTES_PER_SECOND: u64 = 1 << 20;
/// Records in one PutRecords. AWS: botocore PutRecords.
pub const PUT_RECORDS_MAX: u32 = 500;
/// Bytes of a record, data and partition key together, by default (1 MiB). AWS: botocore MaxRecordSizeInKiB.
pub const RECORD_BYTES_MAX: u32 = 1 << 20;
/// Characters of a partition key. AWS: botocore PartitionKey.
pub const PARTITION_KEY_CHARS_MAX: u32 = 256;
/// Records in one GetRecords answer. AWS: botocore GetRecords.
pub const GET_RECORDS_MAX: u32 = 10_000;
/// Bytes in one GetRecords answer (10 MiB). AWS: botocore GetRecords.
pub const GET_RECORDS_BYTES_MAX: u64 = 10 << 20;
/// Bytes of an event that Lambda hands over synchronously (6 MiB). AWS: Lambda quotas.
pub const EVENT_BYTES_MAX: u64 = 6 << 20;
/// Characters of a function's name in an event source mapping, ARN and qualifier included. AWS: botocore
/// CreateEventSourceMapping.
pub const FUNCTION_NAME_CHARS_MAX: u32 = 256;
/// Least `MaximumRecordAgeInSeconds`. AWS: developer guide; 0 to 59 are refused.
pub const RECORD_AGE_SECONDS_MIN: u32 = 60;
/// Bytes of the state of a tumbling window (1 MiB), beyond which the window ends early. AWS: developer guide,
/// "Tumbling windows".
pub const WINDOW_STATE_BYTES_MAX: usize = 1 << 20;
/// Filters of one event source mapping. AWS: Lambda quotas; can be raised to 10.
pub const FILTERS_MAX: usize = 5;
/// Event source mappings of one answer of ListEventSourceMappings, if not told otherwise. AWS: botocore.
pub const LIST_MAPPINGS_DEFAULT: u32 = 100;
/// Versions of one answer of ListVersionsByFunction, even if more are asked for. AWS: botocore.
pub const LIST_VERSIONS_MAX: u32 = 50;
/// Aliases of one answer of ListAliases, if not told otherwise. Assumption: as many as versions.
pub const LIST_ALIASES_DEFAULT: u32 = 50;
/// Executions of an account that cannot be reserved; all of them where the account has fewer. AWS: botocore
/// PutFunctionConcurrency; accounts with a limit of 10 are told a minimum of 10.
pub const UNRESERVED_EXECUTIONS_MIN: u32 = 100;
/// Shards of one stream. AWS: botocore UpdateShardCount (10 000 per call and stream).
pub const SHARDS_PER_STREAM_MAX: u32 = 10_000;
/// Delay before a poller reads on after an answer that hit a limit, in milliseconds: five reads a second
/// and shard. AWS: botocore GetRecords.
pub const GET_RECORDS_SPACING_MS: u64 = 200;

/// Smallest `MaxRecordSizeInKiB`, and its default (1 MiB). AWS: botocore UpdateMaxRecordSize, CreateStream.
pub const RECORD_KIB_DEFAULT: u32 = 1024;
/// Greatest `MaxRecordSizeInKiB` (10 MiB). AWS: botocore UpdateMaxRecordSize, CreateStream.
pub const RECORD_KIB_MAX: u32 = 10_240;
/// Shortest retention period, and its default, in hours. AWS: botocore IncreaseStreamRetentionPeriod.
pub const RETENTION_HOURS_MIN: u32 = 24;
/// Longest retention period, in hours. AWS: botocore IncreaseStreamRetentionPeriod.
pub const RETENTION_HOURS_MAX: u32 = 8760;
/// Time from the epoch of a new stream's sequence numbers to its `StreamCreationTimestamp`, in milliseconds.
/// AWS: 3 s in listings of 2019 and 2024; 2 s in an emulator checked against AWS (kinesalite).
pub const CREATION_AFTER_EPOCH_MS: u64 = 2000;
/// GetRecords calls a second that one shard serves. AWS: botocore GetRecords.
pub const GET_RECORDS_CALLS_PER_SECOND: u64 = 5;
/// Bytes a second that one shard serves to all who poll it (2 MiB). AWS: botocore GetRecords.
pub const SHARD_READ_BYTES_PER_SECOND: u64 = 2 << 20;
/// GetShardIterator calls a second for one shard. AWS: botocore GetShardIterator.
pub const GET_SHARD_ITERATOR_CALLS_PER_SECOND: u64 = 5;
/// Calls a second of each operation that changes a stream, of ListStreams, and of those on consumers.
/// AWS: botocore, text of each.
/// Assumption: the same for UpdateStreamMode, whose text has none.
pub const CONTROL_CALLS_PER_SECOND: u64 = 5;
/// UpdateShardCount calls a second. AWS: botocore UpdateShardCount.
pub const UPDATE_SHARD_COUNT_CALLS_PER_SECOND: u64 = 10;
/// DescribeStream calls a second. AWS: botocore DescribeStream.
pub const DESCRIBE_STREAM_CALLS_PER_SECOND: u64 = 10;
/// DescribeStreamSummary calls a second. AWS: botocore DescribeStreamSummary.
pub const DESCRIBE_STREAM_SUMMARY_CALLS_PER_SECOND: u64 = 20;
/// DescribeStreamConsumer calls a second. AWS: botocore DescribeStreamConsumer, by stream.
pub const DESCRIBE_CONSUMER_CALLS_PER_SECOND: u64 = 20;
/// DescribeLimits calls a second. AWS: botocore DescribeLimits.
pub const DESCRIBE_LIMITS_CALLS_PER_SECOND: u64 = 1;
/// ListShards calls a second. AWS: botocore ListShards.
pub const LIST_SHARDS_CALLS_PER_SECOND: u64 = 1000;
/// Streams in one ListStreams answer by default. AWS: botocore ListStreams.
pub const LIST_STREAMS_DEFAULT: u32 = 100;
/// How long a shard iterator can be used, inclusive, in milliseconds. AWS: botocore GetShardIterator.
pub const ITERATOR_VALID_MS: u64 = 300_000;
/// How long ListShards' `NextToken` can be used, inclusive, in milliseconds. AWS: botocore ListShards.
pub const NEXT_TOKEN_VALID_MS: u64 = 300_000;
/// Shards in one DescribeStream answer, and the default. AWS: botocore DescribeStream.
pub const DESCRIBE_STREAM_SHARDS_MAX: u32 = 100;
/// Bytes of all records of one PutRecords, data and partition keys together (10 MiB). AWS: botocore PutRecords.
pub const PUT_RECORDS_BYTES_MAX: usize = 10 << 20;
/// Shards in one ListShards answer, and the default. AWS: botocore ListShards.
pub const LIST_SHARDS_MAX: u32 = 1000;
/// Streams that can be CREATING at once. AWS: botocore CreateStream.
pub const CREATING_STREAMS_MAX: u32 = 5;
/// Switches of a stream's mode in any 24 hours. AWS: developer guide, "Choose the data stream capacity mode".
pub const MODE_SWITCHES_PER_DAY: u32 = 2;
/// Consumers of one stream, enhanced fan-out. AWS: botocore RegisterStreamConsumer.
pub const CONSUMERS_PER_STREAM_MAX: u32 = 20;
/// Consumers that can be CREATING at once. AWS: botocore RegisterStreamConsumer.
pub const CREATING_CONSUMERS_MAX: u32 = 5;
/// Consumers in one ListStreamConsumers answer by default. AWS: botocore ListStreamConsumers.
pub const LIST_CONSUMERS_DEFAULT: u32 = 100;
/// On-demand streams of an account. AWS: service quotas, default.
pub const ON_DEMAND_STREAMS_MAX: u32 = 50;
/// Shards of a new on-demand stream. AWS: observed in a recorded answer; 4 MiB/s in the developer guide.
pub const ON_DEMAND_SHARDS: u32 = 4;
/// Bytes a second that a shard of an on-demand stream takes on until it is split. AWS: developer guide,
/// "Choose the data stream capacity mode": about 500 KB a second.
pub const ON_DEMAND_SPLIT_BYTES_PER_SECOND: u64 = 500_000;
/// Within this time AWS has split it, in milliseconds (15 minutes). AWS: as above.
pub const ON_DEMAND_SPLIT_WITHIN_MS: u64 = 900_000;
/// Highest shard number in an imported listing. Own limit: every number below it takes memory.
pub const IMPORTED_SHARD_MAX: u32 = 50_000;
/// Consumers ever registered in one run. Own limit.
pub const CONSUMERS_MAX: u32 = 1000;
/// Streams ever created in one run. Own limit.
pub const STREAMS_MAX: u32 = 1000;
/// Event source mappings that a run creates. Own limit.
pub const MAPPINGS_MAX: usize = 1000;

/// Producers of one scenario; the last number stands for the API. Own limit: a record stores it in 8 bits.
pub const PRODUCERS_MAX: u32 = 255;
/// Keys that one rate producer draws from. Own limit: the key table is dense.
pub const GENERATED_KEYS_MAX: u32 = 10_000_000;
/// Records of one run. Own limit: record indices are 32 bits, one value is reserved.
pub const RECORDS_MAX: u32 = u32::MAX - 1;
/// Alarms of an account and region. AWS: CloudWatch user guide, "Common features of alarms" (edition of 2019).
pub const ALARMS_MAX: usize = 5000;
/// Data points of one answer of GetMetricStatistics. AWS: API reference, GetMetricStatistics.
pub const DATAPOINTS_MAX: u64 = 1440;
/// Queries of one GetMetricData. AWS: botocore GetMetricData.
pub const METRIC_DATA_QUERIES_MAX: usize = 500;
/// Data points of one answer of GetMetricData. AWS: botocore GetMetricData.
pub const METRIC_DATA_POINTS_MAX: usize = 100_800;
/// Metrics in one answer of ListMetrics. AWS: API reference, ListMetrics.
pub const LIST_METRICS_MAX: usize = 500;
/// Minutes of metrics that hold data, all metrics together (64 MB). Own limit: a stream's metrics alone, or those
/// of a hundred shards over a day, stay below it.
pub const METRIC_BUCKETS_MAX: u32 = 1 << 21;
/// Bytes of a scenario document (4 MiB). Own limit.
pub const SCENARIO_BYTES_MAX: usize = 4 << 20;

/// The AWS limits that a scenario can set: a named profile, or one with some values changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quotas {
    /// Open shards in the account and region.
    pub shards_per_account: u32,
    /// Open shards of other streams, counted against `shards_per_account`.
    pub other_open_shards: u32,
    /// Most shards `UpdateShardCount` accepts.
    pub update_shard_count_max: u32,
    /// Calls of `UpdateShardCount` per stream and rolling 24 hours.
    pub update_shard_count_per_day: u32,
    /// Invocations at once in the account and region.
    pub concurrent_executions: u32,
}

impl Quotas {
    /// Today's: 20 000 shards (us-east-1), 10 calls a day, 10 000 shards a stream, 1 000 executions.
    /// AWS: service quotas, read 2026-11-21.
    #[must_use]
    pub fn current() -> Self {
        Self {
            shards_per_account: 20_000,
            other_open_shards: 0,
            update_shard_count_max: 10_000,
            update_shard_count_per_day: 10,
            concurrent_executions: 1000,
        }
    }

    /// November 2016, as article D has them: 2 calls a day, 200 shards, an account limit of 25 of which other
    /// streams use 4.
    #[must_use]
    pub fn november_2016() -> Self {
        Self {
            shards_per_account: 25,
            other_open_shards: 4,
            update_shard_count_max: 200,
            update_shard_count_per_day: 2,
            concurrent_executions: 1000,
        }
    }
}
