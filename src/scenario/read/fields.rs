//! The tables: every field of a scenario document, in the order of `docs/scenario.md`.
//!
//! AWS's own fields have AWS's bounds (botocore 1.43.11 and 1.44.5, `service-2.json`, read 2026-11-21); the
//! bounds of the others are this program's. Defaults are those of the published contract.

mod alarm;

use crate::quota;
use crate::scenario::problem::{Allowed, By, Field, Format, Variant};

use alarm::ALARM;

use super::command::FAULTS;

/// Longest span of time a dial, a pause or a handler can have, in milliseconds: a day. Own limit.
pub const SPAN_MS_MAX: i64 = 86_400_000;
/// Last instant, in milliseconds.
const TIME_MS_MAX: i64 = crate::units::SimTime::MAX.0 as i64;
/// Largest count and largest index.
const COUNT_MAX: i64 = quota::RECORDS_MAX as i64;
/// Largest integer that a JavaScript number carries exactly.
const SEED_MAX: i64 = (1 << 53) - 1;
/// Bytes of a record.
const RECORD_BYTES_MAX: i64 = quota::RECORD_BYTES_MAX as i64;

/// Functions, mappings, alarms, topics of one scenario; versions and aliases of one function. Own limit.
pub const PARTS_MAX: u32 = 100;
/// Records that one producer can list. Own limit.
pub const LISTED_RECORDS_MAX: u32 = 100_000;
/// Keys of one round without `batch`. Own limit.
pub const ROUND_KEYS_MAX: u32 = 10_000;
/// Rules of one handler. Own limit.
pub const RULES_MAX: u32 = 1000;
/// Conditions in one `any` or `all`. Own limit.
pub const CONDITIONS_MAX: u32 = 100;
/// Commands of one scenario. Own limit.
pub const COMMANDS_MAX: u32 = 10_000;
/// Records a second of one producer. Own limit.
pub const RECORDS_PER_SECOND_MAX: u64 = 10_000_000;
/// Characters of a template, a text to search for, or a command line. Own limit.
pub const LINE_CHARS_MAX: u32 = 4096;
/// Characters of a JavaScript handler. Own limit.
pub const CODE_CHARS_MAX: u32 = 262_144;
/// Bytes of the keys that a `rate` producer makes up: `key-000000000`.
pub const GENERATED_KEY_BYTES: i64 = 13;

/// A span of time in milliseconds, from 0.
const SPAN: Allowed = integer(0, SPAN_MS_MAX);
/// A span of time in milliseconds, above 0.
const SPAN_ABOVE_ZERO: Allowed = integer(1, SPAN_MS_MAX);
/// An instant in milliseconds from the scenario's start.
const TIME: Allowed = integer(0, TIME_MS_MAX);

const fn integer(min: i64, max: i64) -> Allowed {
    Allowed::Integer { min, max }
}

const fn text(min: u32, max: u32, format: Format) -> Allowed {
    Allowed::Text { min, max, format }
}

const fn list(of: &'static Allowed, min: u32, max: u32) -> Allowed {
    Allowed::List { of, min, max }
}

/// Every field of a scenario document.
pub const SCENARIO: &[Field] = &[
    Field::required("version", integer(1, 1)),
    Field::required("id", text(1, 64, Format::Id)),
    Field::optional("name", Allowed::Object(TITLE)),
    Field::optional("about", Allowed::Object(ABOUT)),
    Field::default("seed", integer(0, SEED_MAX), "42"),
    Field::default("start", text(1, 64, Format::Instant), "\"2020-01-14T06:23:03.100Z\""),
    Field::default("until", TIME, "600000"),
    Field::default("account", text(12, 12, Format::Account), "\"123456789012\""),
    Field::default("region", text(1, 32, Format::Region), "\"us-east-1\""),
    Field::default("quotas", QUOTAS, "\"current\""),
    Field::required("stream", Allowed::Nullable(&Allowed::Object(STREAM))),
    Field::default("producers", list(&PRODUCER, 0, quota::PRODUCERS_MAX), "[]"),
    Field::default("functions", list(&Allowed::Object(FUNCTION), 0, PARTS_MAX), "[]"),
    Field::default("eventSourceMappings", list(&Allowed::Object(MAPPING), 0, PARTS_MAX), "[]"),
    Field::default("commands", list(&Allowed::Object(COMMAND), 0, COMMANDS_MAX), "[]"),
    Field::default("alarms", list(&Allowed::Object(ALARM), 0, PARTS_MAX), "[]"),
    Field::default("topics", list(&Allowed::Object(TOPIC), 0, PARTS_MAX), "[]"),
    Field::default("prices", Allowed::Object(PRICES), "{}"),
    Field::default("model", Allowed::Object(MODEL), "{}"),
];

const TITLE: &[Field] =
    &[Field::optional("en", text(1, 200, Format::Any)), Field::optional("ja", text(1, 200, Format::Any))];

const ABOUT: &[Field] =
    &[Field::optional("en", text(1, 2000, Format::Any)), Field::optional("ja", text(1, 2000, Format::Any))];

const PROFILE: Allowed = Allowed::OneOf(&["current", "2016-11"]);

const QUOTAS: Allowed = Allowed::Either(&[
    PROFILE,
    Allowed::Object(&[
        Field::default("base", PROFILE, "\"current\""),
        Field::optional("updateShardCountPerDay", integer(0, 1_000_000)),
        Field::optional("updateShardCountMax", integer(1, 1_000_000)),
        Field::optional("shardsPerAccount", integer(1, 1_000_000)),
        Field::optional("otherOpenShards", integer(0, 1_000_000)),
        Field::optional("concurrentExecutions", integer(0, 1_000_000)),
    ]),
]);

const STREAM: &[Field] = &[
    Field::default("StreamName", text(1, 128, Format::Dotted), "\"s\""),
    Field::default("ShardCount", integer(1, quota::SHARDS_PER_STREAM_MAX as i64), "1"),
    Field::default("RetentionPeriodHours", integer(24, 8760), "24"),
    Field::default(
        "StreamModeDetails",
        Allowed::Object(&[Field::default(
            "StreamMode",
            Allowed::OneOf(&["PROVISIONED", "ON_DEMAND"]),
            "\"PROVISIONED\"",
        )]),
        "{}",
    ),
    Field::default("Consumers", list(&Allowed::Object(CONSUMER), 0, 20), "[]"),
    Field::default("Shards", list(&Allowed::Object(SHARD), 0, quota::SHARDS_PER_STREAM_MAX), "[]"),
];

const CONSUMER: &[Field] = &[Field::required("ConsumerName", text(1, 128, Format::Dotted))];

const SHARD: &[Field] = &[
    Field::required("ShardId", text(1, 128, Format::Dotted)),
    Field::optional("ParentShardId", text(1, 128, Format::Dotted)),
    Field::optional("AdjacentParentShardId", text(1, 128, Format::Dotted)),
    Field::required(
        "HashKeyRange",
        Allowed::Object(&[
            Field::required("StartingHashKey", text(1, 39, Format::HashKey)),
            Field::required("EndingHashKey", text(1, 39, Format::HashKey)),
        ]),
    ),
    Field::required(
        "SequenceNumberRange",
        Allowed::Object(&[
            Field::required("StartingSequenceNumber", text(1, 129, Format::SequenceNumber)),
            Field::optional("EndingSequenceNumber", text(1, 129, Format::SequenceNumber)),
        ]),
    ),
];

pub(super) const PRODUCER: Allowed = Allowed::Variants {
    by: By::Value("type"),
    of: &[
        Variant { name: "records", fields: RECORDS },
        Variant { name: "rounds", fields: ROUNDS },
        Variant { name: "loop", fields: LOOP },
        Variant { name: "rate", fields: RATE },
    ],
};

const TYPE: Field = Field::required("type", Allowed::OneOf(&["records", "rounds", "loop", "rate"]));
const ON_THROTTLE: Field =
    Field::default("onThrottle", Allowed::OneOf(&["retry", "drop", "stop"]), "\"retry\"");
const PARTITION_KEY: Allowed = text(1, quota::PARTITION_KEY_CHARS_MAX, Format::Any);
const DATA: Field = Field::default("Data", text(0, quota::RECORD_BYTES_MAX, Format::Any), "\"{n}\"");

const RECORDS: &[Field] = &[
    TYPE,
    Field::default("records", list(&Allowed::Object(RECORD), 0, LISTED_RECORDS_MAX), "[]"),
    Field::default("batch", Allowed::Boolean, "false"),
    ON_THROTTLE,
];

pub(super) const RECORD: &[Field] = &[
    Field::default("at", TIME, "0"),
    Field::required("PartitionKey", PARTITION_KEY),
    DATA,
    Field::optional("DataBase64", text(0, quota::RECORD_BYTES_MAX / 3 * 4 + 4, Format::Base64)),
    Field::optional("ExplicitHashKey", text(1, 39, Format::HashKey)),
    Field::optional("size", integer(1, RECORD_BYTES_MAX)),
];

const ROUNDS: &[Field] = &[
    TYPE,
    Field::required("partitionKeys", list(&PARTITION_KEY, 1, ROUND_KEYS_MAX)),
    Field::default("rounds", integer(1, COUNT_MAX), "30"),
    Field::default("period", SPAN_ABOVE_ZERO, "1075"),
    Field::default("startAt", TIME, "0"),
    DATA,
    Field::default("batch", Allowed::Boolean, "true"),
    ON_THROTTLE,
];

const LOOP: &[Field] = &[
    TYPE,
    Field::required("partitionKey", PARTITION_KEY),
    Field::default("count", Allowed::Nullable(&integer(1, COUNT_MAX)), "null"),
    Field::default("pause", SPAN, "300"),
    Field::default("latency", SPAN, "25"),
    Field::default("startAt", TIME, "0"),
    DATA,
    ON_THROTTLE,
];

const RATE: &[Field] = &[
    TYPE,
    Field::default(
        "recordsPerSecond",
        Allowed::Decimal { min: 0, above: true, max: RECORDS_PER_SECOND_MAX },
        "500",
    ),
    Field::default("startAt", TIME, "0"),
    Field::default("stopAt", Allowed::Nullable(&TIME), "60000"),
    Field::default("arrivals", Allowed::OneOf(&["even", "poisson"]), "\"even\""),
    Field::default("keys", Allowed::Object(KEYS), "{}"),
    Field::default("size", Allowed::Object(SIZE), "{}"),
    ON_THROTTLE,
];

const KEYS: &[Field] = &[
    Field::default("distribution", Allowed::OneOf(&["uniform", "zipf", "hot"]), "\"uniform\""),
    Field::default("count", integer(1, quota::GENERATED_KEYS_MAX as i64), "1000"),
    Field::default("exponent", Allowed::Decimal { min: 0, above: false, max: 10 }, "1.1"),
    Field::default("hotShare", Allowed::Decimal { min: 0, above: false, max: 1 }, "0.5"),
];

const SIZE: &[Field] = &[
    Field::default("min", integer(GENERATED_KEY_BYTES, RECORD_BYTES_MAX), "100"),
    Field::default("max", integer(GENERATED_KEY_BYTES, RECORD_BYTES_MAX), "2000"),
];

const FUNCTION: &[Field] = &[
    Field::required("FunctionName", text(1, 64, Format::Word)),
    Field::default("Timeout", integer(1, 900), "60"),
    Field::default("MemorySize", integer(128, 10_240), "128"),
    Field::default("ReservedConcurrentExecutions", Allowed::Nullable(&integer(0, 1_000_000)), "null"),
    Field::required(
        "versions",
        Allowed::Map { key: Format::Version, of: &Allowed::Object(VERSION), min: 1, max: PARTS_MAX },
    ),
    Field::default("aliases", list(&Allowed::Object(ALIAS), 0, PARTS_MAX), "[]"),
    Field::optional("alias", Allowed::Object(ALIAS)),
    Field::default("coldStart", Allowed::Object(COLD_START), "{}"),
    Field::default("idleTimeout", SPAN, "300000"),
    Field::default("log", Allowed::Object(LOG), "{}"),
];

pub(super) const VERSION: &[Field] =
    &[Field::optional("tag", text(0, 64, Format::Any)), Field::required("handler", HANDLER)];

pub(super) const ALIAS: &[Field] = &[
    Field::required("Name", text(1, 128, Format::Alias)),
    Field::required("FunctionVersion", text(1, 1024, Format::VersionOrLatest)),
    Field::default(
        "RoutingConfig",
        Allowed::Object(&[Field::default(
            "AdditionalVersionWeights",
            Allowed::Map {
                key: Format::Version,
                of: &Allowed::Decimal { min: 0, above: false, max: 1 },
                min: 0,
                max: 1,
            },
            "{}",
        )]),
        "{}",
    ),
];

const COLD_START: &[Field] = &[Field::default("min", SPAN, "0"), Field::default("max", SPAN, "0")];

const LOG_LINE: Allowed = Allowed::Nullable(&text(0, LINE_CHARS_MAX, Format::Any));

const LOG: &[Field] = &[
    Field::default("start", LOG_LINE, "\"records: {count}\""),
    Field::default("success", LOG_LINE, "\"Success: {sequenceNumber}\""),
    Field::default("failure", LOG_LINE, "\"Error: {sequenceNumber}\""),
];

pub(super) const HANDLER: Allowed = Allowed::Variants {
    by: By::Presence,
    of: &[
        Variant { name: "rules", fields: RULES },
        Variant { name: "respond", fields: RESPOND },
        Variant { name: "scale", fields: SCALE },
        Variant { name: "code", fields: CODE },
    ],
};

const PER_RECORD: Field = Field::default("perRecord", SPAN, "0");
const PER_INVOCATION: Field = Field::default("perInvocation", SPAN, "0");

const RULES: &[Field] = &[
    PER_RECORD,
    PER_INVOCATION,
    Field::default("rules", list(&Allowed::Object(RULE), 0, RULES_MAX), "[]"),
    Field::default("stopAtFirstReport", Allowed::Boolean, "false"),
];

const RESPOND: &[Field] = &[PER_RECORD, PER_INVOCATION, Field::required("respond", Allowed::Any)];

const SCALE: &[Field] = &[Field::required(
    "scale",
    Allowed::Object(&[
        Field::default("factor", Allowed::Decimal { min: 0, above: true, max: 100 }, "2"),
        Field::default("recordsPerShard", integer(1, COUNT_MAX), "48000"),
    ]),
)];

const CODE: &[Field] = &[
    Field::required("code", text(1, CODE_CHARS_MAX, Format::Any)).not_supported(),
    Field::optional("recorded", Allowed::Any),
];

const RULE: &[Field] = &[
    Field::required("when", CONDITION),
    Field::required("then", Allowed::OneOf(&["throw", "throwAtEnd", "timeout", "crash", "report", "return"])),
];

pub(super) const CONDITION: Allowed = Allowed::Object(&CONDITION_FIELDS);

static CONDITION_ITEM: Allowed = Allowed::Object(&CONDITION_FIELDS);

/// The fields of a condition; a static, since a condition holds conditions.
pub static CONDITION_FIELDS: [Field; 12] = [
    Field::optional("positionInBatch", integer(1, 10_000)),
    Field::optional("partitionKey", PARTITION_KEY),
    Field::optional("number", integer(1, COUNT_MAX)),
    Field::optional("record", integer(0, COUNT_MAX)),
    Field::optional("dataContains", text(1, LINE_CHARS_MAX, Format::Any)),
    Field::optional("attempt", integer(1, COUNT_MAX)),
    Field::optional("from", TIME),
    Field::optional("to", TIME),
    Field::optional("chance", list(&integer(0, 1_000_000_000), 2, 2)),
    Field::optional("any", list(&CONDITION_ITEM, 1, CONDITIONS_MAX)),
    Field::optional("all", list(&CONDITION_ITEM, 1, CONDITIONS_MAX)),
    Field::optional("not", Allowed::Object(&CONDITION_FIELDS)),
];

const MAPPING: &[Field] = &[
    Field::optional("UUID", text(36, 36, Format::Uuid)),
    Field::required("EventSourceArn", text(1, 2048, Format::StreamArn)),
    Field::required("FunctionName", text(1, 256, Format::FunctionName)),
    Field::default("Enabled", Allowed::Boolean, "true"),
    Field::required("StartingPosition", Allowed::OneOf(&["TRIM_HORIZON", "LATEST", "AT_TIMESTAMP"])),
    Field::optional(
        "StartingPositionTimestamp",
        Allowed::Either(&[
            Allowed::Decimal { min: 946_684_800, above: false, max: 4_102_444_799 },
            text(1, 64, Format::Instant),
        ]),
    ),
    Field::default("BatchSize", integer(1, 10_000), "100"),
    Field::default("MaximumBatchingWindowInSeconds", integer(0, 300), "0"),
    Field::default("ParallelizationFactor", integer(1, 10), "1"),
    Field::default("MaximumRecordAgeInSeconds", Allowed::Limit { min: 60, max: 604_800 }, "-1"),
    Field::default("MaximumRetryAttempts", integer(-1, 10_000), "-1"),
    Field::default("BisectBatchOnFunctionError", Allowed::Boolean, "false"),
    Field::default("TumblingWindowInSeconds", integer(0, 900), "0"),
    Field::default("DestinationConfig", Allowed::Object(DESTINATION), "{}"),
    Field::default("FunctionResponseTypes", list(&Allowed::OneOf(&["ReportBatchItemFailures"]), 0, 1), "[]"),
    Field::default(
        "FilterCriteria",
        Allowed::Object(&[Field::default(
            "Filters",
            list(&Allowed::Object(FILTER), 0, quota::FILTERS_MAX as u32),
            "[]",
        )]),
        "{}",
    ),
    Field::optional("KMSKeyArn", text(0, 2048, Format::ArnOrEmpty)),
    Field::default(
        "MetricsConfig",
        Allowed::Object(&[Field::default("Metrics", list(&Allowed::OneOf(&["EventCount"]), 0, 1), "[]")]),
        "{}",
    ),
    Field::default(
        "Tags",
        Allowed::Map { key: Format::Any, of: &text(0, 256, Format::Any), min: 0, max: 50 },
        "{}",
    ),
];

const DESTINATION: &[Field] = &[Field::default(
    "OnFailure",
    Allowed::Object(&[Field::default("Destination", text(0, 350, Format::DestinationArn), "\"\"")]),
    "{}",
)];

const FILTER: &[Field] = &[Field::required("Pattern", text(0, 4096, Format::FilterPattern))];

const COMMAND: &[Field] = &[
    Field::required("at", TIME),
    Field::optional("service", Allowed::OneOf(&["kinesis", "lambda", "cloudwatch"])),
    Field::optional("operation", text(1, 64, Format::Letters)),
    Field::optional("request", Allowed::AnyObject),
    Field::optional("cli", text(1, LINE_CHARS_MAX, Format::AwsLine)),
    Field::optional("fault", Allowed::OneOf(FAULTS)),
    Field::optional("shardId", text(1, 128, Format::ShardId)),
    Field::optional("destination", text(1, 350, Format::DestinationArn)),
    Field::optional("until", Allowed::Nullable(&TIME)),
    Field::optional("redrive", Allowed::Object(REDRIVE)),
];

const REDRIVE: &[Field] = &[Field::required("document", integer(0, COUNT_MAX))];

const TOPIC: &[Field] = &[
    Field::required("TopicName", text(1, 256, Format::Word)),
    Field::default("functions", list(&text(1, 64, Format::Word), 0, PARTS_MAX), "[]"),
];

/// US dollars.
const PRICE: Allowed = Allowed::Decimal { min: 0, above: false, max: 1000 };

/// AWS: list prices of us-east-1, x86, without a free tier, as public repositories quote them; read 2026-11-21.
const PRICES: &[Field] = &[
    Field::default("date", text(10, 10, Format::Date), "\"2026-11-21\""),
    Field::default(
        "source",
        text(0, 200, Format::Any),
        "\"AWS's list prices, us-east-1, x86, no free tier; check current prices\"",
    ),
    Field::default("lambdaMillionRequests", PRICE, "0.2"),
    Field::default("lambdaMillionGigabyteSeconds", PRICE, "16.6667"),
    Field::default("kinesisShardHour", PRICE, "0.015"),
    Field::default("kinesisMillionPayloadUnits", PRICE, "0.014"),
    // Read 2026-11-26: infracost's estimates for us-east-1 (commit 01c59b17), which take AWS's price list.
    Field::default("kinesisConsumerShardHour", PRICE, "0.015"),
    Field::default("kinesisConsumerGigabyte", PRICE, "0.013"),
    Field::default("kinesisOnDemandStreamHour", PRICE, "0.04"),
    Field::default("kinesisOnDemandGigabyteIn", PRICE, "0.08"),
    Field::default("kinesisOnDemandGigabyteOut", PRICE, "0.04"),
    Field::default("kinesisOnDemandConsumerGigabyte", PRICE, "0.05"),
];

/// What AWS does not document; each default is an assumption, explained in `docs/scenario.md`.
const MODEL: &[Field] = &[
    Field::default("poll", SPAN_ABOVE_ZERO, "1000"),
    Field::default("pollPhase", SPAN, "0"),
    Field::default("laneHash", Allowed::OneOf(&["java-string-hash", "md5-low-32"]), "\"java-string-hash\""),
    Field::default("backoffBase", SPAN_ABOVE_ZERO, "200"),
    Field::default("backoffFactor", Allowed::Decimal { min: 1, above: false, max: 100 }, "2"),
    Field::default("backoffCap", SPAN_ABOVE_ZERO, "60000"),
    Field::default("backoffJitter", Allowed::Decimal { min: 0, above: false, max: 1 }, "0"),
    Field::default("producerBackoffBase", SPAN_ABOVE_ZERO, "100"),
    Field::default("producerBackoffCap", SPAN_ABOVE_ZERO, "1000"),
    Field::default("invokeOverhead", SPAN, "30"),
    Field::default("shardAssignment", SPAN_ABOVE_ZERO, "10000"),
    Field::default("reshardStep", SPAN, "30000"),
    Field::default("activation", SPAN, "0"),
    Field::default("deactivation", SPAN, "0"),
    Field::default("efoLatency", SPAN, "60"),
    Field::default("rollout", SPAN, "7000"),
    Field::default("rolloutColdOld", Allowed::Boolean, "true"),
    Field::default("uniformScaling", Allowed::OneOf(&["modern", "2016"]), "\"modern\""),
    Field::default("envelope", integer(0, RECORD_BYTES_MAX), "450"),
];
