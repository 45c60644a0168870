//! The JSON of each operation's answer, as one transcript.
//!
//! `INSTA_UPDATE=always cargo test` writes it anew.

use std::fmt::Write as _;

use serde_json::{Value, json};
use shardlab::kinesis::api::SERVICE;

use super::Bench;

/// A bench that writes down what it is asked and answers.
struct Transcript {
    bench: Bench,
    text: String,
    operations: Vec<String>,
}

impl Transcript {
    fn call(&mut self, operation: &str, request: &Value) -> Value {
        let answer = self.bench.ok(operation, request);
        writeln!(self.text, "{operation} {request}\n{answer:#}\n").unwrap();
        self.operations.push(operation.to_owned());
        answer
    }

    fn wait(&mut self, millis: u64) {
        self.bench.wait(millis);
        writeln!(self.text, "... {millis} ms later\n").unwrap();
    }
}

#[test]
fn every_operation_answers_in_aws_s_shape() {
    let bench = Bench::new("2016-11-18T23:55:21.500Z", "first", 1);
    let mut it = Transcript { bench, text: String::new(), operations: Vec::new() };
    it.call("CreateStream", &json!({"StreamName": "test", "ShardCount": 2}));
    it.call("DescribeStream", &json!({"StreamName": "test"}));
    it.wait(60_000);
    let test = json!({"StreamName": "test"});
    it.call("DescribeStream", &test);
    put(&mut it);
    reshard(&mut it);
    settings(&mut it);
    consumers(&mut it);
    it.call("DeleteStream", &json!({"StreamName": "test", "EnforceConsumerDeletion": true}));
    it.call("ListStreams", &json!({}));
    it.operations.sort();
    it.operations.dedup();
    let all: Vec<&str> = SERVICE.operations.iter().map(|operation| operation.name).collect();
    assert_eq!(it.operations, all);
    insta::assert_snapshot!(it.text);
}

fn put(it: &mut Transcript) {
    let record = json!({"Data": "aGVsbG8=", "PartitionKey": "k"});
    let lower = json!({"Data": "", "PartitionKey": "あ", "ExplicitHashKey": "0"});
    it.call("PutRecord", &json!({"StreamName": "test", "Data": "aGVsbG8=", "PartitionKey": "k"}));
    it.call("PutRecords", &json!({"StreamName": "test", "Records": [record, lower]}));
    let shard =
        json!({"StreamName": "test", "ShardId": "shardId-000000000000", "ShardIteratorType": "TRIM_HORIZON"});
    it.wait(1);
    let iterator = it.call("GetShardIterator", &shard);
    it.call("GetRecords", &iterator);
}

fn reshard(it: &mut Transcript) {
    let test = json!({"StreamName": "test"});
    it.call(
        "UpdateShardCount",
        &json!({"StreamName": "test", "TargetShardCount": 4, "ScalingType": "UNIFORM_SCALING"}),
    );
    it.call("DescribeStreamSummary", &test);
    it.wait(60_000);
    let split = "42535295865117307932921825928971026432";
    it.call(
        "SplitShard",
        &json!({"StreamName": "test", "ShardToSplit": "shardId-000000000002", "NewStartingHashKey": split}),
    );
    it.wait(30_000);
    it.call(
        "MergeShards",
        &json!({
            "StreamARN": "arn:aws:kinesis:us-east-1:123456789012:stream/test",
            "ShardToMerge": "shardId-000000000007",
            "AdjacentShardToMerge": "shardId-000000000003",
        }),
    );
    it.wait(30_000);
    it.call("ListShards", &test);
    let shard =
        json!({"StreamName": "test", "ShardId": "shardId-000000000002", "ShardIteratorType": "LATEST"});
    let iterator = it.call("GetShardIterator", &shard);
    it.call("GetRecords", &iterator);
}

fn consumers(it: &mut Transcript) {
    let arn = "arn:aws:kinesis:us-east-1:123456789012:stream/test";
    let by_name = json!({"StreamARN": arn, "ConsumerName": "efo"});
    let registered = it.call("RegisterStreamConsumer", &by_name);
    it.wait(30_000);
    it.call("DescribeStreamConsumer", &json!({"ConsumerARN": registered["Consumer"]["ConsumerARN"]}));
    it.call("RegisterStreamConsumer", &json!({"StreamARN": arn, "ConsumerName": "other"}));
    it.call("DeregisterStreamConsumer", &by_name);
    it.call("ListStreamConsumers", &json!({"StreamARN": arn}));
    it.wait(30_000);
    it.call("ListStreamConsumers", &json!({"StreamARN": arn}));
}

fn settings(it: &mut Transcript) {
    let test = json!({"StreamName": "test"});
    let arn = "arn:aws:kinesis:us-east-1:123456789012:stream/test";
    it.call("IncreaseStreamRetentionPeriod", &json!({"StreamName": "test", "RetentionPeriodHours": 48}));
    it.call("DecreaseStreamRetentionPeriod", &json!({"StreamName": "test", "RetentionPeriodHours": 36}));
    it.call("UpdateMaxRecordSize", &json!({"StreamARN": arn, "MaxRecordSizeInKiB": 2048}));
    it.call("EnableEnhancedMonitoring", &json!({"StreamName": "test", "ShardLevelMetrics": ["ALL"]}));
    let ages = json!({"StreamARN": arn, "ShardLevelMetrics": ["IteratorAgeMilliseconds", "OutgoingBytes"]});
    it.call("DisableEnhancedMonitoring", &ages);
    it.call("UpdateStreamMode", &json!({"StreamARN": arn, "StreamModeDetails": {"StreamMode": "ON_DEMAND"}}));
    it.wait(30_000);
    it.call("DescribeStreamSummary", &test);
    it.call("DescribeLimits", &json!({}));
    it.call("ListStreams", &json!({}));
}
