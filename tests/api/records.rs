//! Records put and got through the API.

use serde_json::{Value, json};

use super::{Bench, texts};

const SHARD: &str = "shardId-000000000000";

fn iterator(kind: &str) -> Value {
    json!({"StreamName": "s", "ShardId": SHARD, "ShardIteratorType": kind})
}

/// The partition keys of what an iterator gives.
fn keys(bench: &mut Bench, request: &Value) -> String {
    bench.wait(1000);
    let iterator = bench.iterator(request);
    let answer = bench.ok("GetRecords", &json!({"ShardIterator": iterator}));
    texts(&answer["Records"], "PartitionKey").concat()
}

#[test]
fn iterators_of_all_types_start_where_they_say() {
    let mut bench = Bench::usual(1);
    let mut numbers = Vec::new();
    for key in ["a", "b", "c"] {
        let put = bench.ok("PutRecord", &json!({"StreamName": "s", "Data": "", "PartitionKey": key}));
        numbers.push(put["SequenceNumber"].as_str().unwrap().to_owned());
        bench.wait(1000);
    }
    let with = |kind: &str, member: &str, value: Value| {
        let mut request = iterator(kind);
        request[member] = value;
        request
    };
    let number = |kind: &str, place: usize| with(kind, "StartingSequenceNumber", json!(numbers[place]));
    let time = |text: &str| with("AT_TIMESTAMP", "Timestamp", Value::Number(text.parse().unwrap()));
    for (request, expect) in [
        (iterator("TRIM_HORIZON"), "abc"),
        (iterator("LATEST"), ""),
        (number("AT_SEQUENCE_NUMBER", 1), "bc"),
        (number("AFTER_SEQUENCE_NUMBER", 1), "c"),
        (number("AFTER_SEQUENCE_NUMBER", 2), ""),
        // The records arrived 10, 11 and 12 seconds after 1578982983.1.
        (time("1578982994.1"), "bc"),
        (time("1578982994.101"), "c"),
        (time("0"), "abc"),
        (time("1.5789829941E9"), "bc"),
    ] {
        assert_eq!(keys(&mut bench, &request), expect, "{request}");
    }
    let closed = with("TRIM_HORIZON", "StreamARN", json!("arn:aws:kinesis:us-east-1:123456789012:stream/s"));
    assert_eq!(keys(&mut bench, &closed), "abc");
}

#[test]
fn records_are_got_in_pages_with_their_data() {
    let mut bench = Bench::usual(1);
    bench.put("s", 3);
    bench.wait(2000);
    let first = bench.iterator(&iterator("TRIM_HORIZON"));
    let page = bench.ok("GetRecords", &json!({"ShardIterator": first, "Limit": 2}));
    assert_eq!(texts(&page["Records"], "Data"), ["eA==", "eA=="]);
    assert_eq!(page["MillisBehindLatest"], 2000);
    let rest = bench.ok("GetRecords", &json!({"ShardIterator": page["NextShardIterator"], "Limit": 2}));
    assert_eq!((rest["Records"].as_array().unwrap().len(), &rest["MillisBehindLatest"]), (1, &json!(0)));
    let again = bench.ok("GetRecords", &json!({"ShardIterator": first, "Limit": 1}));
    assert_eq!(again["Records"][0], page["Records"][0], "an iterator can be used again");
}

#[test]
fn the_end_of_a_closed_shard_names_its_children() {
    let mut bench = Bench::usual(1);
    bench.put("s", 1);
    bench.ok("SplitShard", &json!({"StreamName": "s", "ShardToSplit": SHARD, "NewStartingHashKey": "1000"}));
    bench.wait(30_000);
    let iterator = bench.iterator(&iterator("TRIM_HORIZON"));
    let end = bench.ok("GetRecords", &json!({"ShardIterator": iterator}));
    assert_eq!((end["Records"].as_array().unwrap().len(), end.get("NextShardIterator")), (1, None));
    let child = json!({
        "ShardId": "shardId-000000000001",
        "ParentShards": [SHARD],
        "HashKeyRange": {"StartingHashKey": "0", "EndingHashKey": "999"},
    });
    assert_eq!(end["ChildShards"][0], child);
    assert_eq!(texts(&end["ChildShards"], "ShardId").len(), 2);
}

#[test]
fn one_refused_record_does_not_hold_up_the_others() {
    let mut bench = Bench::usual(2);
    let entry = |hash_key: &str| json!({"Data": "eA==", "PartitionKey": "k", "ExplicitHashKey": hash_key});
    let (low, high) = ("0", "340282366920938463463374607431768211455");
    let full: Vec<Value> = (0..500).map(|_| entry(low)).collect();
    for _ in 0..2 {
        let answer = bench.ok("PutRecords", &json!({"StreamName": "s", "Records": full}));
        assert_eq!(answer["FailedRecordCount"], 0);
    }
    let mixed = json!({"StreamName": "s", "Records": [entry(high), entry(low), entry(high)]});
    let answer = bench.ok("PutRecords", &mixed);
    assert_eq!(answer["FailedRecordCount"], 1);
    let text = "Rate exceeded for shard shardId-000000000000 in stream s under account 123456789012.";
    let refused = json!({"ErrorCode": "ProvisionedThroughputExceededException", "ErrorMessage": text});
    assert_eq!(answer["Records"][1], refused);
    for place in [0, 2] {
        assert_eq!(answer["Records"][place]["ShardId"], "shardId-000000000001");
        assert!(answer["Records"][place]["SequenceNumber"].is_string());
    }
    bench.wait(1);
    assert_eq!(bench.ok("PutRecords", &mixed)["FailedRecordCount"], 0);
}

#[test]
fn limits_are_kept_on_both_sides() {
    let mut bench = Bench::usual(8);
    let record = |bytes: usize| {
        let data = "eHh4".repeat(bytes / 3);
        assert_eq!(bytes % 3, 0);
        json!({"Data": data, "PartitionKey": "a"})
    };
    let put = |record: Value| {
        let mut request = record;
        request["StreamName"] = "s".into();
        request
    };
    // Data and key together have at most 1 MiB.
    bench.ok("PutRecord", &put(record((1 << 20) - 1)));
    bench.wait(2000);
    assert_eq!(bench.refused("PutRecord", &put(record((1 << 20) + 2))).type_name, "ValidationException");
    let records = |count: usize| {
        let records = vec![json!({"Data": "", "PartitionKey": "a"}); count];
        json!({"StreamName": "s", "Records": records})
    };
    bench.ok("PutRecords", &records(500));
    assert_eq!(bench.refused("PutRecords", &records(501)).type_name, "ValidationException");
    let key = |chars: usize| json!({"StreamName": "s", "Data": "", "PartitionKey": "鍵".repeat(chars)});
    bench.ok("PutRecord", &key(256));
    assert_eq!(bench.refused("PutRecord", &key(257)).type_name, "ValidationException");
    let hash_key =
        |text: &str| json!({"StreamName": "s", "Data": "", "PartitionKey": "a", "ExplicitHashKey": text});
    bench.ok("PutRecord", &hash_key("340282366920938463463374607431768211455"));
    let error = bench.refused("PutRecord", &hash_key("340282366920938463463374607431768211456"));
    assert_eq!(error.type_name, "InvalidArgumentException");
    let hours = |hours: u32| json!({"StreamName": "s", "RetentionPeriodHours": hours});
    bench.ok("IncreaseStreamRetentionPeriod", &hours(8760));
    let error = bench.refused("IncreaseStreamRetentionPeriod", &hours(8761));
    assert_eq!(error.type_name, "InvalidArgumentException");
    bench.ok("DecreaseStreamRetentionPeriod", &hours(24));
    let size = |kib: u32| json!({"StreamARN": "arn:aws:kinesis:us-east-1:123456789012:stream/s", "MaxRecordSizeInKiB": kib});
    for (kib, accepted) in [(1023, false), (1024, true), (10_240, true), (10_241, false)] {
        assert_eq!(bench.call("UpdateMaxRecordSize", &size(kib)).is_ok(), accepted, "{kib}");
    }
}

#[test]
fn a_call_that_is_refused_does_nothing() {
    let mut bench = Bench::usual(1);
    let before = bench.ok("DescribeStream", &json!({"StreamName": "s"}));
    bench.refused(
        "PutRecords",
        &json!({"StreamName": "s", "Records": [{"Data": "", "PartitionKey": "a"}, {"Data": ""}]}),
    );
    bench.refused(
        "UpdateShardCount",
        &json!({"StreamName": "s", "TargetShardCount": 3, "ScalingType": "UNIFORM_SCALING"}),
    );
    bench.refused("DeleteStream", &json!({"StreamName": "s", "StreamARN": "s"}));
    assert!(bench.kinesis.take_effects().is_empty());
    assert_eq!(bench.kinesis.streams[0].records.len(), 0);
    assert_eq!(bench.ok("DescribeStream", &json!({"StreamName": "s"})), before);
}

#[test]
fn records_of_producers_have_the_data_that_the_caller_knows() {
    use shardlab::kinesis::stream::Put;
    let mut bench = Bench::usual(1);
    let now = bench.now;
    let stream = &mut bench.kinesis.streams[0];
    let key = stream.keys.intern("k");
    stream.put(now, Put { key, explicit_hash_key: None, size: 5, producer: 0 }).unwrap();
    let iterator = bench.iterator(&iterator("TRIM_HORIZON"));
    let answer = bench.ok("GetRecords", &json!({"ShardIterator": iterator}));
    assert_eq!(texts(&answer["Records"], "Data"), ["MC8w"], "0/0: stream 0, record 0");
}
