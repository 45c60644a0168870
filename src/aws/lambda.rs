//! The operations of Lambda that the simulation answers, and what their requests may hold.
//!
//! AWS: botocore 1.43.11, `data/lambda/2015-03-31/service-2.json`, read 2026-11-22, members in its order, for the event
//! sources that are Kinesis streams: what configures queues, topics, brokers and databases is left out.
//!
//! Lambda's own protocol has some members in the address of a call; here all of them are members of one object, as
//! command lines and SDKs have them.

pub mod filter;
mod functions;
mod pattern;

use crate::aws::{Member, Operation, Paginator, Service, Shape, Token};
use crate::quota;

/// Lambda.
pub const SERVICE: Service = Service {
    name: "lambda",
    operations: OPERATIONS,
    timestamps: &["LastModified", "StartingPositionTimestamp"],
    paginators: &[
        paginator("ListAliases", &["Aliases"]),
        paginator("ListEventSourceMappings", &["EventSourceMappings"]),
        paginator("ListVersionsByFunction", &["Versions"]),
    ],
};

/// AWS: botocore, `paginators-1.json`.
const fn paginator(operation: &'static str, results: &'static [&'static str]) -> Paginator {
    Paginator {
        operation,
        inside: "",
        results,
        kept: &[],
        more: "",
        token: Token::Member("NextMarker"),
        input: "Marker",
        replaced: &[],
        limit: "MaxItems",
    }
}

const UUID: Member = Member::required("UUID", Shape::TEXT);
const EVENT_SOURCE_ARN: Member = Member::optional("EventSourceArn", ARN);
const FUNCTION_NAME: Shape =
    Shape::String { pattern: Some(&pattern::FUNCTION_NAME), min: 1, max: quota::FUNCTION_NAME_CHARS_MAX };
const ARN: Shape = Shape::String { pattern: Some(&pattern::ARN), min: 0, max: u32::MAX };
const KEY_ARN: Shape = Shape::String { pattern: Some(&pattern::KEY_ARN), min: 0, max: u32::MAX };

const MARKER: Member = Member::optional("Marker", Shape::TEXT);
const MAX_ITEMS: Member = Member::optional("MaxItems", Shape::Integer { min: 1, max: 10_000 });
const ENABLED: Member = Member::optional("Enabled", Shape::Boolean);
const BATCH_SIZE: Member = Member::optional("BatchSize", Shape::Integer { min: 1, max: 10_000 });
const FILTER_CRITERIA: Member = Member::optional(
    "FilterCriteria",
    Shape::Structure(&[Member::optional(
        "Filters",
        Shape::List {
            of: &Shape::Structure(&[Member::optional("Pattern", Shape::text(0, 4096))]),
            min: 0,
            max: u32::MAX,
            printed: "com.amazonaws.lambda.model.Filter@1",
        },
    )]),
);
const BATCHING_WINDOW: Member =
    Member::optional("MaximumBatchingWindowInSeconds", Shape::Integer { min: 0, max: 300 });
const PARALLELIZATION_FACTOR: Member =
    Member::optional("ParallelizationFactor", Shape::Integer { min: 1, max: 10 });
const DESTINATION: Shape = Shape::Structure(&[Member::optional(
    "Destination",
    Shape::String { pattern: Some(&pattern::DESTINATION_ARN), min: 0, max: 350 },
)]);
const DESTINATION_CONFIG: Member = Member::optional(
    "DestinationConfig",
    Shape::Structure(&[
        Member::optional("OnSuccess", DESTINATION),
        Member::optional("OnFailure", DESTINATION),
    ]),
);
/// AWS: the model's bounds; 0 to 59 are refused by the service.
const RECORD_AGE: Member =
    Member::optional("MaximumRecordAgeInSeconds", Shape::Integer { min: -1, max: 604_800 });
const BISECT: Member = Member::optional("BisectBatchOnFunctionError", Shape::Boolean);
const RETRY_ATTEMPTS: Member =
    Member::optional("MaximumRetryAttempts", Shape::Integer { min: -1, max: 10_000 });
const TUMBLING_WINDOW: Member =
    Member::optional("TumblingWindowInSeconds", Shape::Integer { min: 0, max: 900 });
const RESPONSE_TYPES: Member = Member::optional(
    "FunctionResponseTypes",
    Shape::List { of: &Shape::Enum(&["ReportBatchItemFailures"]), min: 0, max: 1, printed: "" },
);
const KMS_KEY: Member = Member::optional("KMSKeyArn", KEY_ARN);
const METRICS_CONFIG: Member = Member::optional(
    "MetricsConfig",
    Shape::Structure(&[Member::optional(
        "Metrics",
        Shape::List {
            of: &Shape::Enum(&["EventCount", "ErrorCount", "KafkaMetrics"]),
            min: 0,
            max: 3,
            printed: "",
        },
    )]),
);

const OPERATIONS: &[Operation] = &[
    functions::CREATE_ALIAS,
    Operation {
        name: "CreateEventSourceMapping",
        input: &[
            EVENT_SOURCE_ARN,
            Member::required("FunctionName", FUNCTION_NAME),
            ENABLED,
            BATCH_SIZE,
            FILTER_CRITERIA,
            BATCHING_WINDOW,
            PARALLELIZATION_FACTOR,
            Member::optional("StartingPosition", Shape::Enum(&["TRIM_HORIZON", "LATEST", "AT_TIMESTAMP"])),
            Member::optional("StartingPositionTimestamp", Shape::Timestamp),
            DESTINATION_CONFIG,
            RECORD_AGE,
            BISECT,
            RETRY_ATTEMPTS,
            Member::optional("Tags", Shape::Map { min: 0, max: 50, key: (1, 128), value: (0, 256) }),
            TUMBLING_WINDOW,
            RESPONSE_TYPES,
            KMS_KEY,
            METRICS_CONFIG,
        ],
        failures: &[],
    },
    functions::DELETE_ALIAS,
    Operation { name: "DeleteEventSourceMapping", input: &[UUID], failures: &[] },
    functions::DELETE_FUNCTION,
    functions::DELETE_FUNCTION_CONCURRENCY,
    functions::GET_ALIAS,
    Operation { name: "GetEventSourceMapping", input: &[UUID], failures: &[] },
    functions::GET_FUNCTION,
    functions::GET_FUNCTION_CONCURRENCY,
    functions::LIST_ALIASES,
    Operation {
        name: "ListEventSourceMappings",
        input: &[EVENT_SOURCE_ARN, Member::optional("FunctionName", FUNCTION_NAME), MARKER, MAX_ITEMS],
        failures: &[],
    },
    functions::LIST_VERSIONS_BY_FUNCTION,
    functions::PUBLISH_VERSION,
    functions::PUT_FUNCTION_CONCURRENCY,
    functions::UPDATE_ALIAS,
    Operation {
        name: "UpdateEventSourceMapping",
        input: &[
            UUID,
            Member::optional("FunctionName", FUNCTION_NAME),
            ENABLED,
            BATCH_SIZE,
            FILTER_CRITERIA,
            BATCHING_WINDOW,
            DESTINATION_CONFIG,
            RECORD_AGE,
            BISECT,
            RETRY_ATTEMPTS,
            PARALLELIZATION_FACTOR,
            TUMBLING_WINDOW,
            RESPONSE_TYPES,
            KMS_KEY,
            METRICS_CONFIG,
        ],
        failures: &[],
    },
    functions::UPDATE_FUNCTION_CODE,
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
        }
    }
}
