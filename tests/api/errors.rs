//! Every row of `tests/fixtures/errors.json`: a bad request, and what AWS answers according to the row's source.
//!
//! Rows whose answer is open, superseded or contradicted stand in `CHOICES` with what was chosen and why.

use serde_json::{Value, json};
use shardlab::aws::ApiError;
use shardlab::quota::Quotas;

use super::Bench;

/// What was chosen for a row that cannot be taken as it stands.
enum Choice {
    /// This type and message.
    Error(&'static str, &'static str),
    /// The call is accepted.
    Accepted,
    /// No state of the simulation leads there.
    NoCase,
}

/// Rows by number, from 0: operation and case, the choice, the reason.
const CHOICES: [(usize, &str, Choice, &str); 16] = [
    (
        0,
        "CreateStream no stream",
        Choice::Error(
            "ValidationException",
            "1 validation error detected: Value null at 'streamName' failed to satisfy constraint: Member must not \
             be null",
        ),
        "ShardCount is optional since there are on-demand streams (botocore)",
    ),
    (
        1,
        "CreateStream ShardCount missing",
        Choice::Accepted,
        "an on-demand stream with 4 shards (a recorded answer in LocalStack)",
    ),
    (
        21,
        "PutRecord ExplicitHashKey leading zero",
        Choice::Error(
            "ValidationException",
            "1 validation error detected: Value '01' at 'explicitHashKey' failed to satisfy constraint: Member must \
             satisfy regular expression pattern: 0|([1-9]\\d{0,38})",
        ),
        "the model's pattern; kinesalite's test of it is not anchored",
    ),
    (
        65,
        "ListShards bad filter type",
        Choice::Error(
            "ValidationException",
            "1 validation error detected: Value 'BAD' at 'shardFilter.type' failed to satisfy constraint: Member must \
             satisfy enum value set: [AFTER_SHARD_ID, AT_TRIM_HORIZON, FROM_TRIM_HORIZON, AT_LATEST, AT_TIMESTAMP, \
             FROM_TIMESTAMP]",
        ),
        "the model's set; the order of values is the model's",
    ),
    (
        66,
        "ListShards AT_TIMESTAMP filter without timestamp",
        Choice::Error(
            "InvalidArgumentException",
            "Must specify Timestamp parameter for shard filter of type AT_TIMESTAMP. Current request has no Timestamp \
             parameter.",
        ),
        "the model's text requires it; type and words after GetShardIterator's (assumed)",
    ),
    (
        67,
        "ListShards AFTER_SHARD_ID filter without ShardId",
        Choice::Error(
            "InvalidArgumentException",
            "Must specify ShardId parameter for shard filter of type AFTER_SHARD_ID. Current request has no ShardId \
             parameter.",
        ),
        "as the row before",
    ),
    (
        70,
        "IncreaseStreamRetentionPeriod same as current 24 h",
        Choice::Accepted,
        "kinesalite and moto accept it; the model's text says it must be more",
    ),
    (
        74,
        "UpdateShardCount 3 -> 7 (above double)",
        Choice::Error(
            "InvalidArgumentException",
            "UpdateShardCount cannot scale up over double your current open shard count. Current open shard count: 3 \
             Target shard count: 7",
        ),
        "the real text of 2016 (article D)",
    ),
    (
        75,
        "UpdateShardCount 3 -> 1 (below half)",
        Choice::Error(
            "InvalidArgumentException",
            "UpdateShardCount cannot scale down below half your current open shard count. Current open shard count: 3 \
             Target shard count: 1",
        ),
        "the row's stream was busy, and the words are kinesis-mock's own; this is the real text of 2016 (article D)",
    ),
    (
        76,
        "UpdateShardCount bad scaling type",
        Choice::Error(
            "ValidationException",
            "1 validation error detected: Value 'BAD' at 'scalingType' failed to satisfy constraint: Member must \
             satisfy enum value set: [UNIFORM_SCALING]",
        ),
        "the model's set",
    ),
    (
        86,
        "PutRecords per-record failure entry",
        Choice::NoCase,
        "the simulated service has no internal failures",
    ),
    (88, "GetRecords same, newer wording (2023)", Choice::NoCase, "the wording of row 87 is seen more often"),
    (
        95,
        "UpdateShardCount above double",
        Choice::Error(
            "InvalidArgumentException",
            "UpdateShardCount cannot scale up over double your current open shard count. Current open shard count: 2 \
             Target shard count: 8",
        ),
        "the row is a recollection; this is the real text of 2016 (article D)",
    ),
    (
        96,
        "UpdateShardCount below half",
        Choice::Error(
            "InvalidArgumentException",
            "UpdateShardCount cannot scale down below half your current open shard count. Current open shard count: 4 \
             Target shard count: 1",
        ),
        "the row has no text; this is the real one of 2016 (article D)",
    ),
    (
        97,
        "UpdateShardCount more than 10 calls in rolling 24 h",
        Choice::Error("LimitExceededException", "Rate exceeded for stream err-s under account 123456789012."),
        "the row has no text; this is the real one of 2016 (article D)",
    ),
    (
        98,
        "UpdateShardCount no change",
        Choice::Accepted,
        "two emulators of three accept it; AWS is not known",
    ),
];

/// Rows whose message differs in one number or name that the row's source could not know.
const REWORDED: [(usize, &str, &str); 1] = [(
    99,
    "Records size exceeds 10 MB limit",
    "the row has two emulators' words with the limit of their time; the model says 10 MiB",
)];

#[test]
fn every_row_is_answered_as_its_source_says_or_as_was_chosen() {
    let rows: Vec<Value> = serde_json::from_str(include_str!("../fixtures/errors.json")).unwrap();
    assert_eq!(rows.len(), 101);
    let (mut as_stated, mut failures) = (0, Vec::new());
    for (number, row) in rows.iter().enumerate() {
        let name = format!("{} {}", row["operation"].as_str().unwrap(), row["case"].as_str().unwrap());
        let choice = CHOICES.iter().find(|(chosen, ..)| *chosen == number);
        let reworded = REWORDED.iter().find(|(chosen, ..)| *chosen == number);
        let expect = match choice {
            Some((_, chosen_name, choice, _)) => {
                assert_eq!(*chosen_name, name, "row {number}");
                match choice {
                    Choice::Error(type_name, message) => {
                        Some(((*type_name).to_owned(), (*message).to_owned()))
                    }
                    Choice::Accepted => None,
                    Choice::NoCase => continue,
                }
            }
            None => {
                as_stated += usize::from(reworded.is_none());
                let text =
                    |member: &str| row[member].as_str().unwrap_or_else(|| panic!("row {number} is open"));
                let message = reworded.map_or(text("message"), |(_, message, _)| *message);
                Some((text("errorType").to_owned(), message.to_owned()))
            }
        };
        let Answered { result, placeholders } = answer(number, row);
        let expect = expect.map(|(type_name, message)| {
            let fill = |text: String, (mark, value): &(&str, String)| text.replace(mark, value);
            (type_name, placeholders.iter().fold(message, fill))
        });
        let found = result.err().map(|error| (error.type_name.to_owned(), error.message));
        if found != expect {
            failures.push(format!("row {number}, {name}\n  found  {found:?}\n  expect {expect:?}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert_eq!(as_stated, 84);
}

/// What a row's request got, and what the marks in its message stand for.
struct Answered {
    result: Result<Value, ApiError>,
    placeholders: Vec<(&'static str, String)>,
}

/// Brings about a row's state and makes its call.
fn answer(number: usize, row: &Value) -> Answered {
    let start = if number == 90 { "2015-01-22T01:21:52Z" } else { "2020-01-14T06:23:03.100Z" };
    let mut bench = Bench::new(start, "err-s", 3);
    if number == 9 {
        bench.kinesis.quotas = Quotas { shards_per_account: 200, ..Quotas::current() };
    }
    let mut placeholders = vec![
        ("{account}", "123456789012".to_owned()),
        ("{region}", "us-east-1".to_owned()),
        ("{stream}", "err-s".to_owned()),
        ("{shardId}", "shardId-000000000000".to_owned()),
    ];
    let operation = row["operation"].as_str().unwrap();
    let result = if number < 80 {
        let request = filled(&mut bench, &row["request"]);
        let now = bench.kinesis.start() + bench.now;
        placeholders.push(("1795302971606", now.0.to_string()));
        bench.call(operation, &request)
    } else {
        described(number, &mut bench, &mut placeholders)
    };
    Answered { result, placeholders }
}

/// A row's request, with what its marks stand for.
fn filled(bench: &mut Bench, request: &Value) -> Value {
    let mut request = request.clone();
    if request["Records"].is_string() {
        request["Records"] = vec![json!({"Data": "eA==", "PartitionKey": "a"}); 501].into();
    }
    if request["StartingSequenceNumber"] == "$SEQ" {
        let put = json!({"StreamName": "err-s", "Data": "eA==", "PartitionKey": "a"});
        let put = bench.ok("PutRecord", &put);
        assert_eq!(put["ShardId"], "shardId-000000000000");
        request["StartingSequenceNumber"] = put["SequenceNumber"].clone();
    }
    if request["ShardIterator"] == "$IT" {
        request["ShardIterator"] = latest(bench).into();
    }
    request
}

fn latest(bench: &mut Bench) -> String {
    let shard = "shardId-000000000000";
    bench.iterator(&json!({"StreamName": "err-s", "ShardId": shard, "ShardIteratorType": "LATEST"}))
}

fn split(shard: u32, at: &str) -> Value {
    json!({"StreamName": "err-s", "ShardToSplit": format!("shardId-{shard}"), "NewStartingHashKey": at})
}

fn scale(stream: &str, target: u32) -> Value {
    json!({"StreamName": stream, "TargetShardCount": target, "ScalingType": "UNIFORM_SCALING"})
}

/// Rows from 80 on describe a state in words.
fn described(
    number: usize,
    bench: &mut Bench,
    placeholders: &mut Vec<(&'static str, String)>,
) -> Result<Value, ApiError> {
    match number {
        80..=83 | 93..=98 => of_streams(number, bench, placeholders),
        89 => {
            let request = json!({"StreamName": "err-s"});
            for (operation, times) in [("DescribeStream", 10), ("ListShards", 1000)] {
                for _ in 0..times {
                    bench.ok(operation, &request);
                }
            }
            let both = [bench.refused("DescribeStream", &request), bench.refused("ListShards", &request)];
            assert_eq!(both[0], both[1]);
            Err(both[0].clone())
        }
        84..=92 | 99 | 100 => of_records(number, bench, placeholders),
        _ => panic!("row {number} is not described"),
    }
}

/// Rows about changes of streams.
fn of_streams(
    number: usize,
    bench: &mut Bench,
    placeholders: &mut Vec<(&'static str, String)>,
) -> Result<Value, ApiError> {
    let middle = "170141183460469231731687303715884105728";
    match number {
        80 => {
            bench.ok("SplitShard", &split(0, "1000"));
            bench.wait(30_000);
            bench.call("SplitShard", &split(0, "170141183460469231731687303715884105727"))
        }
        81 | 82 => {
            bench.ok("SplitShard", &split(0, "1000"));
            let merge = json!({"StreamName": "err-s", "ShardToMerge": "1", "AdjacentShardToMerge": "2"});
            if number == 81 {
                bench.call("SplitShard", &split(1, middle))
            } else {
                bench.call("MergeShards", &merge)
            }
        }
        83 => {
            bench.kinesis.quotas = Quotas { shards_per_account: 3, ..Quotas::current() };
            placeholders.extend([("{n}", "3".to_owned()), ("{limit}", "3".to_owned())]);
            bench.call("SplitShard", &split(0, "1000"))
        }
        93 => {
            let arn = "arn:aws:kinesis:us-east-1:123456789012:stream/err-s";
            let mode = json!({"StreamARN": arn, "StreamModeDetails": {"StreamMode": "ON_DEMAND"}});
            bench.ok("UpdateStreamMode", &mode);
            bench.wait(60_000);
            bench.call("UpdateShardCount", &scale("err-s", 4))
        }
        94 => {
            let hours = |hours: u32| json!({"StreamName": "err-s", "RetentionPeriodHours": hours});
            bench.ok("IncreaseStreamRetentionPeriod", &hours(48));
            placeholders.extend([("{n}", "24".to_owned()), ("{m}", "48".to_owned())]);
            bench.call("IncreaseStreamRetentionPeriod", &hours(24))
        }
        95 | 96 => {
            let (shards, target) = if number == 95 { (2, 8) } else { (4, 1) };
            bench.create("other", shards);
            bench.call("UpdateShardCount", &scale("other", target))
        }
        97 => {
            for call in 0..10 {
                bench.ok("UpdateShardCount", &scale("err-s", 3 + (call + 1) % 2));
                bench.wait(600_000);
            }
            bench.call("UpdateShardCount", &scale("err-s", 4))
        }
        98 => bench.call("UpdateShardCount", &scale("err-s", 3)),
        _ => panic!("row {number} has no state"),
    }
}

/// Rows about records.
fn of_records(
    number: usize,
    bench: &mut Bench,
    placeholders: &mut Vec<(&'static str, String)>,
) -> Result<Value, ApiError> {
    let put = json!({"StreamName": "err-s", "Data": "eA==", "PartitionKey": "a"});
    match number {
        84 => {
            bench.put("err-s", 1000);
            bench.call("PutRecord", &put)
        }
        85 => {
            bench.put("err-s", 1000);
            let records = json!({"StreamName": "err-s", "Records": [{"Data": "eA==", "PartitionKey": "a"}]});
            let answer = bench.ok("PutRecords", &records);
            let entry = &answer["Records"][0];
            let (code, message) =
                (entry["ErrorCode"].as_str().unwrap(), entry["ErrorMessage"].as_str().unwrap());
            assert_eq!(code, "ProvisionedThroughputExceededException");
            Err(ApiError::new("ProvisionedThroughputExceededException", message.to_owned()))
        }
        87 => {
            let iterator = json!({"ShardIterator": latest(bench)});
            for _ in 0..5 {
                bench.ok("GetRecords", &iterator);
            }
            bench.call("GetRecords", &iterator)
        }
        90 => {
            let iterator = json!({"ShardIterator": latest(bench)});
            bench.wait(300_000);
            bench.ok("GetRecords", &iterator);
            bench.wait(1);
            placeholders.extend([
                ("{Thu Jan 22 01:22:02 UTC 2015}", "Thu Jan 22 01:22:02 UTC 2015".to_owned()),
                ("{…}", "Thu Jan 22 01:27:02 UTC 2015".to_owned()),
            ]);
            bench.call("GetRecords", &iterator)
        }
        91 => {
            let iterator = json!({"ShardIterator": latest(bench)});
            bench.ok("DeleteStream", &json!({"StreamName": "err-s"}));
            bench.wait(60_000);
            bench.call("GetRecords", &iterator)
        }
        92 => {
            bench.ok("CreateStream", &json!({"StreamName": "new", "ShardCount": 1}));
            let creating =
                bench.refused("PutRecord", &json!({"StreamName": "new", "Data": "", "PartitionKey": "a"}));
            assert_eq!(creating.message, "Stream new under account 123456789012 not found.");
            bench.ok("DeleteStream", &json!({"StreamName": "err-s"}));
            bench.call("PutRecord", &put)
        }
        99 => {
            // 1 MiB with the key's byte each.
            let data = "eHh4".repeat(((1 << 20) - 1) / 3);
            let records = vec![json!({"Data": data, "PartitionKey": "a"}); 11];
            bench.call("PutRecords", &json!({"StreamName": "err-s", "Records": records}))
        }
        100 => {
            let data = "eHh4".repeat((1 << 20) / 3 + 1);
            bench.call("PutRecord", &json!({"StreamName": "err-s", "Data": data, "PartitionKey": "a"}))
        }
        _ => panic!("row {number} has no state"),
    }
}

#[test]
fn several_failures_come_in_the_order_of_aws() {
    #[track_caller]
    fn check(operation: &str, request: &Value, expect: &[&str]) {
        let error = Bench::usual(1).refused(operation, request);
        let fields: Vec<&str> =
            error.message.split(" at '").skip(1).map(|rest| rest.split('\'').next().unwrap()).collect();
        assert_eq!(fields, expect, "{operation} {request}");
    }
    let name = |request: &mut Value| request["StreamName"] = "".into();
    check("PutRecord", &json!({}), &["partitionKey", "data", "streamName"]);
    check("GetShardIterator", &json!({}), &["shardId", "shardIteratorType", "streamName"]);
    check("SplitShard", &json!({}), &["newStartingHashKey", "streamName", "shardToSplit"]);
    check("MergeShards", &json!({}), &["shardToMerge", "adjacentShardToMerge", "streamName"]);
    check(
        "PutRecords",
        &json!({"Records": [{}]}),
        &["records.1.member.partitionKey", "records.1.member.data", "streamName"],
    );
    let mut request = json!({"Limit": 0, "ExclusiveStartShardId": ""});
    name(&mut request);
    let expect = ["limit", "exclusiveStartShardId", "exclusiveStartShardId", "streamName", "streamName"];
    check("DescribeStream", &request, &expect);
}

#[test]
fn errors_have_a_body_and_unknown_operations_are_refused() {
    let mut bench = Bench::usual(1);
    let error = bench.refused("PutRecord", &json!({"Data": 1}));
    let text = "class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be converted to a Blob";
    assert_eq!(error.body(), json!({"__type": "SerializationException", "Message": text}));
    let error = bench.refused("DescribeStream", &json!({"StreamName": "x"}));
    let text = "Stream x under account 123456789012 not found.";
    assert_eq!(error.body(), json!({"__type": "ResourceNotFoundException", "message": text}));
    let error = bench.refused("PutRecordz", &Value::Null);
    assert_eq!(error.body(), json!({"__type": "UnknownOperationException"}));
}
