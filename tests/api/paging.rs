//! Answers in pages, and which shards are listed.

use serde_json::{Value, json};

use super::{Bench, texts};

#[test]
fn shards_are_described_in_pages() {
    let mut bench = Bench::usual(5);
    let mut page = |request: Value| {
        let answer = bench.ok("DescribeStream", &request);
        let description = &answer["StreamDescription"];
        let ids: Vec<String> =
            texts(&description["Shards"], "ShardId").into_iter().map(|id| id[19..].to_owned()).collect();
        (ids.concat(), description["HasMoreShards"].as_bool().unwrap())
    };
    assert_eq!(page(json!({"StreamName": "s", "Limit": 2})), ("01".to_owned(), true));
    let after =
        |id: &str, limit: u32| json!({"StreamName": "s", "Limit": limit, "ExclusiveStartShardId": id});
    assert_eq!(page(after("shardId-000000000001", 3)), ("234".to_owned(), false));
    assert_eq!(page(after("shardId-000000000001", 2)), ("23".to_owned(), true));
    assert_eq!(page(after("x-4", 1)), (String::new(), false));
    assert_eq!(page(json!({"StreamName": "s"})), ("01234".to_owned(), false));
}

#[test]
fn a_description_has_at_most_100_shards_and_a_list_1000() {
    let mut bench = Bench::usual(1001);
    for (limit, expect) in [(99, 99), (100, 100), (10_000, 100)] {
        let answer = bench.ok("DescribeStream", &json!({"StreamName": "s", "Limit": limit}));
        assert_eq!(answer["StreamDescription"]["Shards"].as_array().unwrap().len(), expect);
    }
    for (limit, expect) in [(999, 999), (10_000, 1000)] {
        let answer = bench.ok("ListShards", &json!({"StreamName": "s", "MaxResults": limit}));
        assert_eq!(answer["Shards"].as_array().unwrap().len(), expect);
    }
}

#[test]
fn shards_are_listed_in_pages_by_token() {
    let mut bench = Bench::usual(5);
    let first = bench.ok("ListShards", &json!({"StreamName": "s", "MaxResults": 2}));
    assert_eq!(texts(&first["Shards"], "ShardId"), ["shardId-000000000000", "shardId-000000000001"]);
    let token = &first["NextToken"];
    let second = bench.ok("ListShards", &json!({"NextToken": token, "MaxResults": 2}));
    assert_eq!(texts(&second["Shards"], "ShardId"), ["shardId-000000000002", "shardId-000000000003"]);
    let third = bench.ok("ListShards", &json!({"NextToken": second["NextToken"]}));
    assert_eq!(texts(&third["Shards"], "ShardId"), ["shardId-000000000004"]);
    assert_eq!(third.get("NextToken"), None);

    for (member, value) in [
        ("StreamName", json!("s")),
        ("ExclusiveStartShardId", json!("shardId-0")),
        ("StreamCreationTimestamp", json!(1)),
    ] {
        let error = bench.refused("ListShards", &json!({"NextToken": token, member: value}));
        assert_eq!(error.type_name, "InvalidArgumentException");
        assert_eq!(error.message, format!("NextToken and {member} cannot be provided together."));
    }
    assert_eq!(
        bench.refused("ListShards", &json!({"NextToken": "abc"})).type_name,
        "InvalidArgumentException"
    );
    bench.wait(300_000);
    bench.ok("ListShards", &json!({"NextToken": token}));
    bench.wait(1);
    assert_eq!(
        bench.refused("ListShards", &json!({"NextToken": token})).type_name,
        "ExpiredNextTokenException"
    );
}

#[test]
fn streams_are_listed_by_name_in_pages() {
    let mut bench = Bench::usual(1);
    for name in ["c", "a", "b"] {
        bench.create(name, 1);
    }
    let first = bench.ok("ListStreams", &json!({"Limit": 2}));
    assert_eq!(first["StreamNames"], json!(["a", "b"]));
    assert_eq!(texts(&first["StreamSummaries"], "StreamName"), ["a", "b"]);
    assert_eq!(first["HasMoreStreams"], true);
    let second = bench.ok("ListStreams", &json!({"NextToken": first["NextToken"]}));
    assert_eq!(second["StreamNames"], json!(["c", "s"]));
    assert_eq!((&second["HasMoreStreams"], second.get("NextToken")), (&json!(false), None));
    let after = bench.ok("ListStreams", &json!({"ExclusiveStartStreamName": "bb"}));
    assert_eq!(after["StreamNames"], json!(["c", "s"]));
    bench.ok("DeleteStream", &json!({"StreamName": "c"}));
    bench.wait(60_000);
    assert_eq!(bench.ok("ListStreams", &json!({}))["StreamNames"], json!(["a", "b", "s"]));
    assert_eq!(
        bench.refused("ListStreams", &json!({"NextToken": "*"})).type_name,
        "InvalidArgumentException"
    );
}

#[test]
fn streams_are_named_by_arn_too() {
    let mut bench = Bench::usual(1);
    let arn = "arn:aws:kinesis:us-east-1:123456789012:stream/s";
    bench.ok("DescribeStreamSummary", &json!({"StreamARN": arn}));
    bench.ok("DescribeStreamSummary", &json!({"StreamARN": arn, "StreamName": "s"}));
    let both = bench.refused("DescribeStreamSummary", &json!({"StreamARN": arn, "StreamName": "t"}));
    assert_eq!(both.type_name, "InvalidArgumentException");
    let absent = bench.refused("DescribeStreamSummary", &json!({"StreamARN": format!("{arn}t")}));
    assert_eq!(absent.message, "Stream st under account 123456789012 not found.");
    let elsewhere = "arn:aws:kinesis:eu-west-1:123456789012:stream/s";
    let foreign = bench.refused("DescribeStreamSummary", &json!({"StreamARN": elsewhere}));
    assert_eq!(foreign.type_name, "ResourceNotFoundException");
    let neither = bench.refused("DescribeStreamSummary", &json!({}));
    assert_eq!(neither.type_name, "ValidationException");
}

#[test]
fn filters_choose_shards_by_time() {
    let mut bench = Bench::usual(1);
    // Shard 0 splits into 1 and 2 at 40 s, and 1 into 3 and 4 at 100 s.
    let split = |id: &str, at: &str| json!({"StreamName": "s", "ShardToSplit": id, "NewStartingHashKey": at});
    bench.ok("SplitShard", &split("shardId-0", "1000"));
    bench.wait(60_000);
    bench.ok("SplitShard", &split("shardId-1", "500"));
    bench.wait(60_000);
    let start = 1_578_982_983_100_u64;
    let at = |t: u64| {
        let millis = start + t;
        format!("{}.{:03}", millis / 1000, millis % 1000).parse::<serde_json::Number>().unwrap()
    };
    let mut check = |filter: Value, expect: &str| {
        let answer = bench.ok("ListShards", &json!({"StreamName": "s", "ShardFilter": filter}));
        let ids: Vec<&str> = texts(&answer["Shards"], "ShardId").iter().map(|id| &id[19..]).collect();
        assert_eq!(ids.concat(), expect, "{filter}");
    };
    check(Value::Null, "01234");
    check(json!({"Type": "FROM_TRIM_HORIZON"}), "01234");
    check(json!({"Type": "AT_TRIM_HORIZON"}), "0");
    check(json!({"Type": "AT_LATEST"}), "234");
    check(json!({"Type": "AFTER_SHARD_ID", "ShardId": "shardId-000000000001"}), "234");
    check(json!({"Type": "AT_TIMESTAMP", "Timestamp": 0}), "0");
    check(json!({"Type": "AT_TIMESTAMP", "Timestamp": at(39_999)}), "0");
    check(json!({"Type": "AT_TIMESTAMP", "Timestamp": at(40_000)}), "012");
    check(json!({"Type": "AT_TIMESTAMP", "Timestamp": at(40_001)}), "12");
    check(json!({"Type": "FROM_TIMESTAMP", "Timestamp": at(40_000)}), "01234");
    check(json!({"Type": "FROM_TIMESTAMP", "Timestamp": at(40_001)}), "1234");
    check(json!({"Type": "FROM_TIMESTAMP", "Timestamp": at(100_001)}), "234");

    let page = bench
        .ok("ListShards", &json!({"StreamName": "s", "ShardFilter": {"Type": "AT_LATEST"}, "MaxResults": 2}));
    let rest = bench.ok("ListShards", &json!({"NextToken": page["NextToken"]}));
    assert_eq!(texts(&rest["Shards"], "ShardId"), ["shardId-000000000004"], "a token keeps the filter");
    let created = json!({"StreamName": "s", "StreamCreationTimestamp": at(2000)});
    let other = json!({"StreamName": "s", "StreamCreationTimestamp": 1});
    bench.ok("ListShards", &created);
    assert_eq!(bench.refused("ListShards", &other).type_name, "ResourceNotFoundException");
}
