//! Every limit is tried on both sides: of calls a second, of members of requests, and the constants of `src/quota.rs`.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use shardlab::aws::{Member, Operation, Presence, Service, Shape, lambda, validation};
use shardlab::cloudwatch;
use shardlab::kinesis::api::SERVICE;
use shardlab::quota;

use super::Bench;

const ARN: &str = "arn:aws:kinesis:us-east-1:123456789012:stream/s";

/// Calls a second of each operation, and a request that is no worse for being made again.
fn rates() -> Vec<(&'static str, u64, Value)> {
    let (by_name, by_arn) = (json!({"StreamName": "s"}), json!({"StreamARN": ARN}));
    let with = |base: &Value, more: Value| {
        let mut request = base.clone();
        request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        request
    };
    let consumer = with(&by_arn, json!({"ConsumerName": "c"}));
    let control = quota::CONTROL_CALLS_PER_SECOND;
    vec![
        ("CreateStream", control, json!({"StreamName": "s", "ShardCount": 1})),
        ("DecreaseStreamRetentionPeriod", control, with(&by_name, json!({"RetentionPeriodHours": 24}))),
        ("DeleteStream", control, by_name.clone()),
        ("DeregisterStreamConsumer", control, consumer.clone()),
        ("DescribeLimits", quota::DESCRIBE_LIMITS_CALLS_PER_SECOND, json!({})),
        ("DescribeStream", quota::DESCRIBE_STREAM_CALLS_PER_SECOND, by_name.clone()),
        ("DescribeStreamConsumer", quota::DESCRIBE_CONSUMER_CALLS_PER_SECOND, consumer.clone()),
        ("DescribeStreamSummary", quota::DESCRIBE_STREAM_SUMMARY_CALLS_PER_SECOND, by_name.clone()),
        ("DisableEnhancedMonitoring", control, with(&by_name, json!({"ShardLevelMetrics": ["ALL"]}))),
        ("EnableEnhancedMonitoring", control, with(&by_name, json!({"ShardLevelMetrics": ["ALL"]}))),
        ("IncreaseStreamRetentionPeriod", control, with(&by_name, json!({"RetentionPeriodHours": 24}))),
        ("ListShards", quota::LIST_SHARDS_CALLS_PER_SECOND, by_name.clone()),
        ("ListStreamConsumers", control, by_arn.clone()),
        ("ListStreams", control, json!({})),
        (
            "MergeShards",
            control,
            with(&by_name, json!({"ShardToMerge": "shardId-9", "AdjacentShardToMerge": "shardId-8"})),
        ),
        ("RegisterStreamConsumer", control, consumer),
        (
            "SplitShard",
            control,
            with(&by_name, json!({"ShardToSplit": "shardId-9", "NewStartingHashKey": "9"})),
        ),
        ("UpdateMaxRecordSize", control, with(&by_arn, json!({"MaxRecordSizeInKiB": 1024}))),
        (
            "UpdateShardCount",
            quota::UPDATE_SHARD_COUNT_CALLS_PER_SECOND,
            with(&by_name, json!({"TargetShardCount": 9, "ScalingType": "UNIFORM_SCALING"})),
        ),
        (
            "UpdateStreamMode",
            control,
            with(&by_arn, json!({"StreamModeDetails": {"StreamMode": "PROVISIONED"}})),
        ),
    ]
}

#[test]
fn calls_a_second() {
    let rates = rates();
    for (operation, most, request) in &rates {
        let mut bench = Bench::usual(1);
        let mut is_too_fast = || {
            let error = bench.call(operation, request).err();
            error.is_some_and(|error| {
                error.type_name == "LimitExceededException" && error.message.starts_with("Rate exceeded")
            })
        };
        let too_fast: Vec<bool> = (0..=*most).map(|_| is_too_fast()).collect();
        assert_eq!(too_fast.iter().position(|&too_fast| too_fast), Some(*most as usize), "{operation}");
        bench.wait(1000);
        let again = bench.call(operation, request).err();
        assert!(again.is_none_or(|error| !error.message.starts_with("Rate exceeded")), "{operation}");
    }
    // What puts and gets has the limits of shards.
    let by_shard = ["GetRecords", "GetShardIterator", "PutRecord", "PutRecords"];
    let known: BTreeSet<&str> = rates.iter().map(|(operation, ..)| *operation).chain(by_shard).collect();
    assert_eq!(known, SERVICE.operations.iter().map(|operation| operation.name).collect());
}

/// A value that breaks no bound; patterns are not looked at.
fn sample(shape: &Shape) -> Value {
    match *shape {
        Shape::String { min, .. } => "a".repeat(min.max(1) as usize).into(),
        Shape::Enum(values) => values[0].into(),
        Shape::Integer { min, .. } => min.max(1).into(),
        Shape::Double | Shape::Timestamp => 1.into(),
        Shape::Boolean => true.into(),
        Shape::Blob { .. } => "".into(),
        Shape::Structure(members) => {
            let needed = members.iter().filter(|member| member.presence != Presence::Optional);
            Value::Object(needed.map(|member| (member.name.to_owned(), sample(&member.shape))).collect())
        }
        Shape::List { of, min, .. } => vec![sample(of); min.max(1) as usize].into(),
        Shape::Map { min, key, .. } => entries(min as usize, key.0.max(1) as usize, 0),
        Shape::Numbers => json!({}),
    }
}

/// A map of so many entries, with keys and values of these lengths.
fn entries(count: usize, key: usize, value: usize) -> Value {
    let entry = |number| (format!("{number:a>key$}"), Value::from("v".repeat(value)));
    Value::Object((0..count).map(entry).collect())
}

/// Bounds that have been tried.
#[derive(Default)]
struct Tried(usize);

impl Tried {
    /// Both sides of each bound of a shape; `request` puts a value of it into a request.
    fn shape(&mut self, operation: &Operation, shape: &Shape, request: &dyn Fn(Value) -> Value) {
        let length = |count: u32| "a".repeat(count as usize);
        match *shape {
            Shape::String { min, max, .. } => {
                self.range(operation, "length", (min.into(), max.into()), &|count| {
                    request(length(count as u32).into())
                });
            }
            Shape::Integer { min, max } => {
                self.range(operation, "value", (min.into(), max.into()), &|number| request(number.into()));
            }
            // A larger one is the package of a function, which nothing looks at.
            Shape::Blob { max } if max > 16 << 20 => {}
            Shape::Blob { max } => self.range(operation, "length", (0, max.into()), &|count| {
                // Two characters short of a multiple of four, base64 stands for one byte less each.
                let text = "AAAA".repeat((count as usize).div_ceil(3));
                let over = (count as usize).next_multiple_of(3) - count as usize;
                let text = format!("{}{}", &text[..text.len() - over], &"=="[..over]);
                request(text.into())
            }),
            Shape::List { of, min, max, .. } => {
                self.range(operation, "length", (min.into(), max.into()), &|count| {
                    request(vec![sample(of); count as usize].into())
                });
                self.shape(operation, of, &|item| request(vec![item].into()));
            }
            Shape::Map { min, max, key, .. } => {
                self.range(operation, "length", (min.into(), max.into()), &|count| {
                    request(entries(count as usize, key.0.max(3) as usize, 0))
                });
            }
            Shape::Structure(members) => self.members(operation, members, request),
            Shape::Enum(_) | Shape::Double | Shape::Boolean | Shape::Timestamp | Shape::Numbers => {}
        }
    }

    fn members(
        &mut self,
        operation: &Operation,
        members: &'static [Member],
        request: &dyn Fn(Value) -> Value,
    ) {
        for member in members {
            self.shape(operation, &member.shape, &|value| {
                let mut all = sample(&Shape::Structure(members));
                all[member.name] = value;
                request(all)
            });
        }
    }

    /// `of` makes a request whose member has that length or value.
    fn range(
        &mut self,
        operation: &Operation,
        what: &str,
        (min, max): (i64, i64),
        of: &dyn Fn(i64) -> Value,
    ) {
        let refusal =
            |way: &str, bound: i64| format!("Member must have {what} {way} than or equal to {bound}");
        let unbounded = [i64::from(u32::MAX), i64::from(i32::MAX), i64::from(i32::MIN)];
        let sides = [("greater", min, min - 1), ("less", max, max + 1)];
        for (way, bound, beyond) in sides {
            if unbounded.contains(&bound) || what == "length" && beyond < 0 {
                continue;
            }
            let message = |number: i64| match validation::check(operation, &of(number)) {
                Ok(()) => String::new(),
                Err(error) => error.message,
            };
            let refusal = refusal(way, bound);
            assert!(!message(bound).contains(&refusal), "{} {refusal}", operation.name);
            let found = message(beyond);
            assert!(found.contains(&refusal), "{} {refusal}: {found}", operation.name);
            self.0 += 1;
        }
    }
}

#[test]
fn members_of_requests() {
    let tried = |service: &Service| {
        let mut tried = Tried::default();
        for operation in service.operations {
            tried.members(operation, operation.input, &|request| request);
        }
        tried.0
    };
    let counts = [&SERVICE, &lambda::SERVICE, &cloudwatch::api::SERVICE].map(tried);
    // A bound that is no longer tried, or one more, shows here.
    assert_eq!(counts, [186, 103, 84]);
}

#[test]
fn put_records_takes_ten_mebibytes() {
    // Ten records of 1 MiB to as many shards: data of 2 bytes less, and a key of two characters.
    let data = format!("{}eHg=", "eHh4".repeat(((1 << 20) - 4) / 3));
    let record = |shard: u128| {
        let hash_key = (u128::MAX / 16 * (shard + 1)).to_string();
        json!({"Data": data, "PartitionKey": "kk", "ExplicitHashKey": hash_key})
    };
    let most = json!({"StreamName": "s", "Records": (0..10).map(record).collect::<Vec<_>>()});
    let mut bench = Bench::usual(16);
    let answer = bench.ok("PutRecords", &most);
    assert_eq!(answer["FailedRecordCount"], 0);
    let bytes: u32 = (0..10).map(|record| bench.kinesis.streams[0].records.get(record).size()).sum();
    assert_eq!(bytes as usize, quota::PUT_RECORDS_BYTES_MAX);
    bench.wait(2000);
    let mut over = most;
    over["Records"].as_array_mut().unwrap().push(json!({"Data": "", "PartitionKey": "k"}));
    let error = bench.refused("PutRecords", &over);
    assert_eq!(error.to_string(), "InvalidArgumentException: Records size exceeds 10 MB limit");
}

#[test]
fn update_shard_count_goes_to_ten_thousand() {
    let most = quota::SHARDS_PER_STREAM_MAX;
    let scale = |target: u32| json!({"StreamName": "s", "TargetShardCount": target, "ScalingType": "UNIFORM_SCALING"});
    let mut bench = Bench::usual(most / 2 + 1);
    let error = bench.refused("UpdateShardCount", &scale(most + 1));
    let text = "Target shard count or number of open shards cannot be greater than 10000.";
    assert!(error.message.starts_with(text), "{error}");
    assert_eq!(bench.ok("UpdateShardCount", &scale(most))["TargetShardCount"], most);
}

#[test]
fn a_run_registers_a_thousand_consumers() {
    let mut bench = Bench::usual(1);
    let request = |name: u32| json!({"StreamARN": ARN, "ConsumerName": format!("c{name}")});
    for name in 0..quota::CONSUMERS_MAX {
        bench.ok("RegisterStreamConsumer", &request(name));
        bench.wait(30_000);
        bench.ok("DeregisterStreamConsumer", &request(name));
        bench.wait(30_000);
    }
    let error = bench.refused("RegisterStreamConsumer", &request(quota::CONSUMERS_MAX));
    assert_eq!(error.message, "A run registers at most 1000 consumers.");
}

/// Where both sides of each constant of `src/quota.rs` are tried, or what depends on it is: constant, file, test.
const TRIED: &[(&str, &str, &str)] = &[
    (
        "SHARD_WRITE_RECORDS_PER_SECOND",
        "src/kinesis/stream.rs",
        "a_shard_takes_1000_records_and_one_mebibyte_a_second",
    ),
    (
        "SHARD_WRITE_BYTES_PER_SECOND",
        "src/kinesis/stream.rs",
        "a_shard_takes_1000_records_and_one_mebibyte_a_second",
    ),
    ("PUT_RECORDS_MAX", "tests/api/records.rs", "limits_are_kept_on_both_sides"),
    ("RECORD_BYTES_MAX", "tests/scenario/bounds.rs", "of_producers"),
    ("PARTITION_KEY_CHARS_MAX", "tests/api/records.rs", "limits_are_kept_on_both_sides"),
    ("GET_RECORDS_MAX", "src/kinesis/reader.rs", "an_answer_has_at_most_10_000_records"),
    ("GET_RECORDS_BYTES_MAX", "src/kinesis/reader.rs", "an_answer_has_at_most_ten_mebibytes"),
    ("EVENT_BYTES_MAX", "src/lambda/batcher.rs", "a_record_larger_than_an_event_still_goes_alone"),
    ("FUNCTION_NAME_CHARS_MAX", "tests/api/limits.rs", "members_of_requests"),
    ("RECORD_AGE_SECONDS_MIN", "tests/scenario/bounds.rs", "of_mappings"),
    ("WINDOW_STATE_BYTES_MAX", "tests/engine/tumbling.rs", "a_state_has_at_most_one_mebibyte"),
    ("FILTERS_MAX", "tests/api/mappings.rs", "a_mapping_has_at_most_five_filters"),
    ("LIST_MAPPINGS_DEFAULT", "tests/api/mappings.rs", "a_page_has_a_hundred_mappings"),
    ("LIST_VERSIONS_MAX", "tests/api/functions.rs", "lists_come_in_pages"),
    ("LIST_ALIASES_DEFAULT", "tests/api/functions.rs", "lists_come_in_pages"),
    ("UNRESERVED_EXECUTIONS_MIN", "tests/api/functions.rs", "a_reservation_leaves_a_hundred_executions"),
    ("SHARDS_PER_STREAM_MAX", "tests/scenario/bounds.rs", "of_the_stream"),
    (
        "GET_RECORDS_SPACING_MS",
        "tests/engine/kinesis_facts.rs",
        "a_full_answer_is_followed_by_another_200_ms_later",
    ),
    ("RECORD_KIB_DEFAULT", "tests/api/records.rs", "limits_are_kept_on_both_sides"),
    ("RECORD_KIB_MAX", "tests/engine/kinesis_records.rs", "records_of_the_greatest_size"),
    ("RETENTION_HOURS_MIN", "tests/engine/kinesis_operations.rs", "retention_periods"),
    ("RETENTION_HOURS_MAX", "tests/engine/kinesis_operations.rs", "retention_periods"),
    (
        "CREATION_AFTER_EPOCH_MS",
        "tests/engine/kinesis_operations.rs",
        "a_stream_s_numbers_begin_before_its_creation",
    ),
    ("GET_RECORDS_CALLS_PER_SECOND", "tests/engine/kinesis_records.rs", "reads_are_limited_by_shard"),
    ("SHARD_READ_BYTES_PER_SECOND", "src/kinesis/limit.rs", "two_mebibytes_a_second"),
    ("GET_SHARD_ITERATOR_CALLS_PER_SECOND", "tests/engine/kinesis_records.rs", "iterators_that_are_refused"),
    ("CONTROL_CALLS_PER_SECOND", "tests/api/limits.rs", "calls_a_second"),
    ("UPDATE_SHARD_COUNT_CALLS_PER_SECOND", "tests/api/limits.rs", "calls_a_second"),
    ("DESCRIBE_STREAM_CALLS_PER_SECOND", "tests/api/limits.rs", "calls_a_second"),
    ("DESCRIBE_STREAM_SUMMARY_CALLS_PER_SECOND", "tests/api/limits.rs", "calls_a_second"),
    ("DESCRIBE_CONSUMER_CALLS_PER_SECOND", "tests/api/limits.rs", "calls_a_second"),
    ("DESCRIBE_LIMITS_CALLS_PER_SECOND", "tests/api/limits.rs", "calls_a_second"),
    ("LIST_SHARDS_CALLS_PER_SECOND", "tests/api/limits.rs", "calls_a_second"),
    (
        "LIST_STREAMS_DEFAULT",
        "tests/engine/kinesis_operations.rs",
        "a_listing_has_a_hundred_streams_by_default",
    ),
    ("ITERATOR_VALID_MS", "tests/engine/kinesis_records.rs", "an_iterator_lives_for_five_minutes"),
    ("NEXT_TOKEN_VALID_MS", "tests/engine/kinesis_operations.rs", "listings_go_on_by_token"),
    ("DESCRIBE_STREAM_SHARDS_MAX", "tests/engine/kinesis_operations.rs", "listings_go_on_by_token"),
    ("PUT_RECORDS_BYTES_MAX", "tests/api/limits.rs", "put_records_takes_ten_mebibytes"),
    ("LIST_SHARDS_MAX", "tests/engine/kinesis_operations.rs", "listings_go_on_by_token"),
    ("CREATING_STREAMS_MAX", "tests/engine/kinesis_operations.rs", "limits_of_creation"),
    ("MODE_SWITCHES_PER_DAY", "tests/engine/kinesis_operations.rs", "the_mode_can_be_switched_twice_a_day"),
    ("CONSUMERS_PER_STREAM_MAX", "tests/api/consumers.rs", "consumers_have_limits"),
    ("CREATING_CONSUMERS_MAX", "tests/api/consumers.rs", "consumers_have_limits"),
    // A stream has fewer consumers than a page, so a page is never full unless a limit is asked for.
    ("LIST_CONSUMERS_DEFAULT", "tests/api/consumers.rs", "consumers_have_limits"),
    ("ON_DEMAND_STREAMS_MAX", "tests/engine/kinesis_operations.rs", "at_most_fifty_on_demand_streams"),
    (
        "ON_DEMAND_SHARDS",
        "tests/engine/kinesis_operations.rs",
        "an_on_demand_stream_grows_where_it_is_written",
    ),
    (
        "ON_DEMAND_SPLIT_BYTES_PER_SECOND",
        "tests/engine/kinesis_operations.rs",
        "an_on_demand_stream_grows_where_it_is_written",
    ),
    (
        "ON_DEMAND_SPLIT_WITHIN_MS",
        "tests/engine/kinesis_operations.rs",
        "an_on_demand_stream_grows_within_a_quarter_of_an_hour",
    ),
    ("IMPORTED_SHARD_MAX", "tests/engine/import.rs", "shard_numbers_are_bounded"),
    ("CONSUMERS_MAX", "tests/api/limits.rs", "a_run_registers_a_thousand_consumers"),
    ("STREAMS_MAX", "tests/engine/kinesis_operations.rs", "a_run_creates_a_thousand_streams"),
    ("MAPPINGS_MAX", "tests/api/mappings.rs", "a_run_creates_a_thousand_mappings"),
    ("PRODUCERS_MAX", "tests/scenario/bounds.rs", "of_lists"),
    ("GENERATED_KEYS_MAX", "tests/scenario/bounds.rs", "of_producers"),
    ("RECORDS_MAX", "tests/scenario/bounds.rs", "of_producers"),
    ("ALARMS_MAX", "src/cloudwatch/alarm/tests.rs", "there_is_a_last_alarm"),
    ("DATAPOINTS_MAX", "tests/api/cloudwatch.rs", "statistics_are_of_minutes_that_have_ended"),
    ("METRIC_DATA_QUERIES_MAX", "tests/api/cloudwatch.rs", "refusals_of_metric_data"),
    ("METRIC_DATA_POINTS_MAX", "tests/api/cloudwatch.rs", "refusals_of_metric_data"),
    ("LIST_METRICS_MAX", "tests/api/cloudwatch.rs", "a_page_has_five_hundred_metrics"),
    ("METRIC_BUCKETS_MAX", "src/cloudwatch/series.rs", "minutes_are_lost_when_there_is_no_more_room"),
    ("SCENARIO_BYTES_MAX", "tests/scenario.rs", "text_that_is_no_scenario_has_one_problem"),
];

#[test]
fn every_constant_is_tried() {
    let quota = include_str!("../../src/quota.rs");
    let constants: BTreeSet<&str> =
        quota.lines().filter_map(|line| line.strip_prefix("pub const ")?.split(':').next()).collect();
    assert_eq!(TRIED.iter().map(|(constant, ..)| *constant).collect::<BTreeSet<_>>(), constants);
    for (constant, file, test) in TRIED {
        let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert!(
            text.contains(&format!("#[test]\nfn {test}("))
                || text.contains(&format!("#[test]\n    fn {test}(")),
            "{constant}: no test {test} in {file}"
        );
    }
}
