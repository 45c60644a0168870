//! The operations of Kinesis Data Streams that the simulation answers, and what their requests may hold.
//!
//! AWS: botocore 1.44.5, `data/kinesis/2013-12-02/service-2.json`, read 2026-11-21, members in its order. The
//! order of failures is what kinesalite has, whose author checked it against AWS.
//!
//! `StreamId` stands in the model everywhere and is reserved: it is checked, and means nothing.

use super::pattern;
use crate::aws::{Member, Operation, Paginator, Service, Shape, Token};
use crate::kinesis::monitoring;
use crate::quota;

/// Kinesis Data Streams.
pub const SERVICE: Service = Service {
    name: "kinesis",
    operations: OPERATIONS,
    timestamps: &["ApproximateArrivalTimestamp", "ConsumerCreationTimestamp", "StreamCreationTimestamp"],
    paginators: PAGINATORS,
};

/// AWS: botocore 1.43.11, `paginators-1.json`.
const PAGINATORS: &[Paginator] = &[
    Paginator {
        operation: "DescribeStream",
        inside: "StreamDescription",
        results: &["Shards"],
        kept: &[
            "StreamARN",
            "StreamName",
            "StreamStatus",
            "RetentionPeriodHours",
            "EnhancedMonitoring",
            "EncryptionType",
            "KeyId",
            "StreamCreationTimestamp",
        ],
        more: "HasMoreShards",
        token: Token::LastItem("ShardId"),
        input: "ExclusiveStartShardId",
        replaced: &[],
        limit: "Limit",
    },
    Paginator {
        operation: "ListShards",
        inside: "",
        results: &["Shards"],
        kept: &[],
        more: "",
        token: Token::Member("NextToken"),
        input: "NextToken",
        // AWS: ListShards refuses them beside a token, which names the stream by itself.
        replaced: &["StreamName", "ExclusiveStartShardId", "StreamCreationTimestamp"],
        limit: "MaxResults",
    },
    Paginator {
        operation: "ListStreamConsumers",
        inside: "",
        results: &["Consumers"],
        kept: &[],
        more: "",
        token: Token::Member("NextToken"),
        input: "NextToken",
        replaced: &[],
        limit: "MaxResults",
    },
    Paginator {
        operation: "ListStreams",
        inside: "",
        results: &["StreamNames", "StreamSummaries"],
        kept: &[],
        more: "HasMoreStreams",
        token: Token::Member("NextToken"),
        input: "NextToken",
        replaced: &[],
        limit: "Limit",
    },
];

const STREAM_ID: Member =
    Member::optional("StreamId", Shape::String { pattern: Some(&pattern::STREAM_ID), min: 1, max: 24 });
const STREAM_ARN: Member = Member::optional("StreamARN", ARN);
/// A stream's name, which has to be there unless its ARN is.
///
/// AWS: the model marks neither as required. Assumption: without both the answer is the one that a missing name
/// got when it was required.
const STREAM_NAME: Member = Member::unless("StreamARN", "StreamName", NAME);

const NAME: Shape = Shape::String { pattern: Some(&pattern::NAME), min: 1, max: 128 };
const ARN: Shape = Shape::String { pattern: Some(&pattern::STREAM_ARN), min: 1, max: 2048 };
const CONSUMER_ARN: Shape = Shape::String { pattern: Some(&pattern::CONSUMER_ARN), min: 1, max: 2048 };
const HASH_KEY: Shape = Shape::String { pattern: Some(&pattern::HASH_KEY), min: 0, max: u32::MAX };
const EXPLICIT_HASH_KEY: Shape =
    Shape::String { pattern: Some(&pattern::EXPLICIT_HASH_KEY), min: 0, max: u32::MAX };
const SEQUENCE_NUMBER: Shape =
    Shape::String { pattern: Some(&pattern::SEQUENCE_NUMBER), min: 0, max: u32::MAX };
const PARTITION_KEY: Shape = Shape::text(1, quota::PARTITION_KEY_CHARS_MAX);
/// AWS: botocore Data, 10 485 760 bytes; a stream's own limit is its state's to check.
const DATA: Shape = Shape::Blob { max: 10 << 20 };
const TOKEN: Shape = Shape::text(1, 1 << 20);
const PAGE: Shape = Shape::Integer { min: 1, max: 10_000 };
const POSITIVE: Shape = Shape::Integer { min: 1, max: i32::MAX };
const NATURAL: Shape = Shape::Integer { min: 0, max: i32::MAX };
/// AWS: kinesalite; the model has had no bounds since the service's own were raised.
const HOURS: Shape = Shape::Integer { min: 1, max: 10_000 };
const RECORD_SIZE: Shape = Shape::Integer { min: 1024, max: 10_240 };
const TAGS: Shape = Shape::Map { min: 1, max: 200, key: (1, 128), value: (0, 256) };
const MODE: Shape =
    Shape::Structure(&[Member::required("StreamMode", Shape::Enum(&["PROVISIONED", "ON_DEMAND"]))]);
const FILTER: Shape = Shape::Structure(&[
    Member::required(
        "Type",
        Shape::Enum(&[
            "AFTER_SHARD_ID",
            "AT_TRIM_HORIZON",
            "FROM_TRIM_HORIZON",
            "AT_LATEST",
            "AT_TIMESTAMP",
            "FROM_TIMESTAMP",
        ]),
    ),
    Member::optional("ShardId", NAME),
    Member::optional("Timestamp", Shape::Timestamp),
]);
/// AWS: in the order of a recorded message.
const ITERATOR_TYPE: Shape =
    Shape::Enum(&["AFTER_SEQUENCE_NUMBER", "LATEST", "AT_TIMESTAMP", "AT_SEQUENCE_NUMBER", "TRIM_HORIZON"]);
const ENTRIES: Shape = Shape::List {
    of: &Shape::Structure(&[
        Member::required("Data", DATA),
        Member::optional("ExplicitHashKey", EXPLICIT_HASH_KEY),
        Member::required("PartitionKey", PARTITION_KEY),
    ]),
    min: 1,
    max: quota::PUT_RECORDS_MAX,
    printed: "com.amazonaws.kinesis.v20131202.PutRecordsRequestEntry@c965e310",
};

const OPERATIONS: &[Operation] = &[
    Operation {
        name: "CreateStream",
        input: &[
            Member::required("StreamName", NAME),
            Member::optional("ShardCount", POSITIVE),
            Member::optional("StreamModeDetails", MODE),
            Member::optional("Tags", TAGS),
            Member::optional("WarmThroughputMiBps", NATURAL),
            Member::optional("MaxRecordSizeInKiB", RECORD_SIZE),
        ],
        failures: &["ShardCount", "StreamName"],
    },
    Operation { name: "DecreaseStreamRetentionPeriod", input: RETENTION, failures: RETENTION_FAILURES },
    Operation {
        name: "DeleteStream",
        input: &[
            STREAM_NAME,
            Member::optional("EnforceConsumerDeletion", Shape::Boolean),
            STREAM_ARN,
            STREAM_ID,
        ],
        failures: &[],
    },
    Operation { name: "DeregisterStreamConsumer", input: CONSUMER, failures: &[] },
    Operation { name: "DescribeLimits", input: &[], failures: &[] },
    Operation {
        name: "DescribeStream",
        input: &[
            STREAM_NAME,
            Member::optional("Limit", PAGE),
            Member::optional("ExclusiveStartShardId", NAME),
            STREAM_ARN,
            STREAM_ID,
        ],
        failures: &["Limit", "ExclusiveStartShardId", "StreamName"],
    },
    Operation { name: "DescribeStreamConsumer", input: CONSUMER, failures: &[] },
    Operation { name: "DescribeStreamSummary", input: &[STREAM_NAME, STREAM_ARN, STREAM_ID], failures: &[] },
    Operation { name: "DisableEnhancedMonitoring", input: MONITORING, failures: &[] },
    Operation { name: "EnableEnhancedMonitoring", input: MONITORING, failures: &[] },
    Operation {
        name: "GetRecords",
        input: &[
            Member::required("ShardIterator", Shape::text(1, 512)),
            Member::optional("Limit", Shape::Integer { min: 1, max: quota::GET_RECORDS_MAX as i32 }),
            STREAM_ARN,
            STREAM_ID,
        ],
        failures: &["Limit", "ShardIterator"],
    },
    Operation {
        name: "GetShardIterator",
        input: &[
            STREAM_NAME,
            Member::required("ShardId", NAME),
            Member::required("ShardIteratorType", ITERATOR_TYPE),
            Member::optional("StartingSequenceNumber", SEQUENCE_NUMBER),
            Member::optional("Timestamp", Shape::Timestamp),
            STREAM_ARN,
            STREAM_ID,
        ],
        failures: &["ShardId", "ShardIteratorType", "StartingSequenceNumber", "StreamName"],
    },
    Operation { name: "IncreaseStreamRetentionPeriod", input: RETENTION, failures: RETENTION_FAILURES },
    Operation {
        name: "ListShards",
        input: &[
            Member::optional("StreamName", NAME),
            Member::optional("NextToken", TOKEN),
            Member::optional("ExclusiveStartShardId", NAME),
            Member::optional("MaxResults", PAGE),
            Member::optional("StreamCreationTimestamp", Shape::Timestamp),
            Member::optional("ShardFilter", FILTER),
            STREAM_ARN,
            STREAM_ID,
        ],
        failures: &["ExclusiveStartShardId", "MaxResults", "NextToken", "StreamName"],
    },
    Operation {
        name: "ListStreamConsumers",
        input: &[
            Member::required("StreamARN", ARN),
            Member::optional("NextToken", TOKEN),
            Member::optional("MaxResults", PAGE),
            Member::optional("StreamCreationTimestamp", Shape::Timestamp),
            STREAM_ID,
        ],
        failures: &[],
    },
    Operation {
        name: "ListStreams",
        input: &[
            Member::optional("Limit", PAGE),
            Member::optional("ExclusiveStartStreamName", NAME),
            Member::optional("NextToken", TOKEN),
        ],
        failures: &[],
    },
    Operation {
        name: "MergeShards",
        input: &[
            STREAM_NAME,
            Member::required("ShardToMerge", NAME),
            Member::required("AdjacentShardToMerge", NAME),
            STREAM_ARN,
            STREAM_ID,
        ],
        failures: &["ShardToMerge", "AdjacentShardToMerge", "StreamName"],
    },
    Operation {
        name: "PutRecord",
        input: &[
            STREAM_NAME,
            Member::required("Data", DATA),
            Member::required("PartitionKey", PARTITION_KEY),
            Member::optional("ExplicitHashKey", EXPLICIT_HASH_KEY),
            Member::optional("SequenceNumberForOrdering", SEQUENCE_NUMBER),
            STREAM_ARN,
            STREAM_ID,
        ],
        failures: &["SequenceNumberForOrdering", "PartitionKey", "ExplicitHashKey", "Data", "StreamName"],
    },
    Operation {
        name: "PutRecords",
        input: &[Member::required("Records", ENTRIES), STREAM_NAME, STREAM_ARN, STREAM_ID],
        failures: &["Records", "PartitionKey", "Data", "ExplicitHashKey", "StreamName"],
    },
    Operation {
        name: "RegisterStreamConsumer",
        input: &[
            Member::required("StreamARN", ARN),
            Member::required("ConsumerName", NAME),
            STREAM_ID,
            Member::optional("Tags", TAGS),
        ],
        failures: &[],
    },
    Operation {
        name: "SplitShard",
        input: &[
            STREAM_NAME,
            Member::required("ShardToSplit", NAME),
            Member::required("NewStartingHashKey", HASH_KEY),
            STREAM_ARN,
            STREAM_ID,
        ],
        failures: &["NewStartingHashKey", "StreamName", "ShardToSplit"],
    },
    Operation {
        name: "UpdateMaxRecordSize",
        input: &[
            // The model leaves it optional for the sake of StreamId.
            Member::required("StreamARN", ARN),
            STREAM_ID,
            Member::required("MaxRecordSizeInKiB", RECORD_SIZE),
        ],
        failures: &[],
    },
    Operation {
        name: "UpdateShardCount",
        input: &[
            STREAM_NAME,
            Member::required("TargetShardCount", POSITIVE),
            Member::required("ScalingType", Shape::Enum(&["UNIFORM_SCALING"])),
            STREAM_ARN,
            STREAM_ID,
        ],
        failures: &[],
    },
    Operation {
        name: "UpdateStreamMode",
        input: &[
            Member::required("StreamARN", ARN),
            STREAM_ID,
            Member::required("StreamModeDetails", MODE),
            Member::optional("WarmThroughputMiBps", NATURAL),
        ],
        failures: &[],
    },
];

const RETENTION: &[Member] =
    &[STREAM_NAME, Member::required("RetentionPeriodHours", HOURS), STREAM_ARN, STREAM_ID];
const RETENTION_FAILURES: &[&str] = &["RetentionPeriodHours", "StreamName"];

const MONITORING: &[Member] = &[
    STREAM_NAME,
    Member::required(
        "ShardLevelMetrics",
        Shape::List { of: &SHARD_LEVEL_METRIC, min: 1, max: 7, printed: "" },
    ),
    STREAM_ARN,
    STREAM_ID,
];
const SHARD_LEVEL_METRIC: Shape = Shape::Enum(&monitoring::NAMES);

const CONSUMER: &[Member] = &[
    STREAM_ARN,
    Member::optional("ConsumerName", NAME),
    Member::optional("ConsumerARN", CONSUMER_ARN),
    STREAM_ID,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_in_alphabetical_order_and_name_each_member_once() {
        assert!(OPERATIONS.is_sorted_by(|a, b| a.name < b.name));
        for operation in OPERATIONS {
            let mut names: Vec<&str> = operation.input.iter().map(|member| member.name).collect();
            names.sort_unstable();
            assert!(names.is_sorted_by(|a, b| a < b), "{}: {names:?}", operation.name);
            for failure in operation.failures {
                let entry = ["PartitionKey", "Data", "ExplicitHashKey"].contains(failure);
                assert!(entry || names.contains(failure), "{}: {failure}", operation.name);
            }
        }
        assert!(SERVICE.operation("PutRecord").is_some() && SERVICE.operation("putRecord").is_none());
    }
}
