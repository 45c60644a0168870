//! Import and export of DescribeStream's and ListShards' JSON: equal both ways, and all problems at once.

use serde_json::{Value, json};
use shardlab::kinesis::import::{ImportedStream, export_shards, stream_from_document};
use shardlab::kinesis::{Dials, KeyTable, Kinesis, Stream, StreamMode};
use shardlab::quota::Quotas;
use shardlab::units::{SimTime, WallTime};

const START: WallTime = WallTime(1_600_000_000_000);
const MAX: &str = "340282366920938463463374607431768211455";
/// Article D's numbers of shards 0 and 2.
const STARTING: &str = "49567765303994184397908352048233447689120770321652121602";
const ENDING: &str = "49567765304005334770507617359803006622437488738042904578";
const CHILD: &str = "49567765350424335901249109428910813132774667910635323426";

fn shard(number: u32, parents: &[u32], range: [&str; 2], numbers: &[&str]) -> Value {
    let id = |number: u32| format!("shardId-{number:012}");
    let mut shard = json!({"ShardId": id(number)});
    for (field, &parent) in ["ParentShardId", "AdjacentParentShardId"].iter().zip(parents) {
        shard[field] = id(parent).into();
    }
    shard["HashKeyRange"] = json!({"StartingHashKey": range[0], "EndingHashKey": range[1]});
    for (field, number) in ["StartingSequenceNumber", "EndingSequenceNumber"].iter().zip(numbers) {
        shard["SequenceNumberRange"][field] = json!(number);
    }
    shard
}

fn import(document: &Value) -> ImportedStream {
    stream_from_document(document, START).unwrap()
}

#[track_caller]
fn round_trip(shards: Vec<Value>) -> Stream {
    let shards = Value::from(shards);
    let mut last = None;
    for document in [
        json!({"StreamDescription": {"StreamName": "s", "Shards": shards, "HasMoreShards": false}}),
        json!({"Shards": shards}),
        shards.clone(),
    ] {
        let stream = Stream::import(import(&document), START, KeyTable::default());
        assert_eq!(Value::from(export_shards(&stream)), shards);
        last = Some(stream);
    }
    last.unwrap()
}

#[test]
fn closed_shards_and_missing_parents_are_kept() {
    let half = ["0", "170141183460469231731687303715884105727"];
    let upper = ["170141183460469231731687303715884105728", MAX];
    let stream = round_trip(vec![
        shard(7, &[3, 4], ["0", MAX], &[STARTING, ENDING]),
        shard(9, &[7], half, &[CHILD]),
        shard(11, &[7], upper, &[CHILD]),
    ]);
    assert_eq!(stream.open_shards(), [9, 11]);
    assert_eq!(stream.children(7).collect::<Vec<_>>(), [9, 11]);
    assert_eq!(stream.shards.len(), 12);
    let mut kinesis = Kinesis::new("1", "r", Quotas::current(), Dials::default(), stream);
    kinesis.streams[0].name = "s".into();
    let listed = kinesis.describe_stream(SimTime(0), "s", None, None).unwrap().shards;
    assert_eq!(listed, [7, 9, 11]);
    let day = SimTime(24 * 3_600_000);
    assert_eq!(kinesis.describe_stream(day, "s", None, None).unwrap().shards, [9, 11]);
    // New ids go on after the highest, and their epochs after their parents'.
    kinesis.update_shard_count(SimTime(0), "s", 4).unwrap();
    kinesis.change(SimTime(60_000));
    assert_eq!(kinesis.streams[0].open_shards(), [12, 13, 14, 15]);
    assert!(
        kinesis.streams[0].shards[9].closed.unwrap().ending < kinesis.streams[0].starting_sequence_number(12)
    );
}

#[test]
fn numbers_that_cannot_be_decoded_are_written_back() {
    // Version 1, a starting number that had moved, and one of another shard.
    let moved = {
        let number = shardlab::kinesis::SequenceNumber::parse(STARTING).unwrap();
        shardlab::kinesis::SequenceNumber { time: number.time + 1000, ..number }.to_string()
    };
    for numbers in [&["42"][..], &["0"], &[&moved], &[CHILD]] {
        round_trip(vec![shard(0, &[], ["0", MAX], numbers)]);
    }
    round_trip(vec![shard(0, &[], ["0", MAX], &["7", "49"]), shard(1, &[0], ["0", MAX], &[CHILD])]);
}

#[test]
fn every_published_listing_with_numbers_is_read() {
    let fixture: Value = serde_json::from_str(include_str!("../fixtures/reshard_real.json")).unwrap();
    let eight = fixture.as_array().unwrap().iter().find(|case| case["name"] == "eight-shards-4-to-8");
    let shards = eight.unwrap()["shards"].as_array().unwrap().iter().zip(7..);
    let shards = shards.map(|(real, number)| {
        let range = ["StartingHashKey", "EndingHashKey"].map(|field| real[field].as_str().unwrap());
        shard(number, &[(number - 1) / 2], range, &[CHILD])
    });
    let stream = round_trip(shards.collect());
    assert_eq!(stream.open_shards(), [7, 8, 9, 10, 11, 12, 13, 14]);
}

#[test]
fn the_description_says_more_than_shards() {
    let document = json!({"StreamDescription": {
        "StreamName": "orders", "StreamARN": "arn:aws:kinesis:us-east-1:123456789012:stream/orders",
        "StreamStatus": "ACTIVE", "StreamModeDetails": {"StreamMode": "ON_DEMAND"}, "RetentionPeriodHours": 48,
        "StreamCreationTimestamp": 1_572_297_168.5, "EnhancedMonitoring": [{"ShardLevelMetrics": []}],
        "EncryptionType": "NONE", "KeyId": null, "HasMoreShards": false,
        "Shards": [shard(0, &[], ["0", MAX], &[STARTING])],
    }});
    let imported = import(&document);
    assert_eq!(imported.name.as_deref(), Some("orders"));
    assert_eq!((imported.mode, imported.retention_hours), (Some(StreamMode::OnDemand), Some(48)));
    assert_eq!(imported.created, Some(WallTime(1_572_297_168_500)));
    let stream = Stream::import(imported, START, KeyTable::default());
    assert_eq!((stream.name.as_str(), stream.retention_hours()), ("orders", 48));
    let text = json!({"Shards": [shard(0, &[], ["0", MAX], &[STARTING])],
        "StreamCreationTimestamp": "2019-10-28T14:12:48-07:00"});
    assert_eq!(import(&text).created, Some(WallTime(1_572_297_168_000)));
}

#[track_caller]
fn check(document: &Value, expect: &[&str]) {
    let problems = stream_from_document(document, START).unwrap_err();
    let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(problems, expect);
}

#[test]
fn all_problems_are_told_at_once() {
    let bad = json!({"Shards": [
        {"ShardId": "shard-1", "HashKeyRange": {"StartingHashKey": "05", "EndingHashKey": "9"}, "Color": 1},
        {"ShardId": 7, "ParentShardId": "shardId-000000099999", "SequenceNumberRange": {"EndingSequenceNumber": "x"}},
        3,
        {"ShardId": "shardId-000000000001", "AdjacentParentShardId": "shardId-000000000000",
         "HashKeyRange": {"StartingHashKey": "9", "EndingHashKey": "5", "Width": "4"},
         "SequenceNumberRange": {"StartingSequenceNumber": "9", "EndingSequenceNumber": "10", "Next": null}},
    ], "NextToken": "abc"});
    check(
        &bad,
        &[
            "$.NextToken: the listing is not complete: put all its pages together",
            "$.Shards[0].Color: no such field",
            "$.Shards[0].ShardId: must be shardId- and twelve digits",
            "$.Shards[0].HashKeyRange.StartingHashKey: must be a decimal number below 2^128",
            "$.Shards[0]: SequenceNumberRange is missing",
            "$.Shards[1].ShardId: must be a text",
            "$.Shards[1].ParentShardId: must have a number of at most 50000",
            "$.Shards[1]: HashKeyRange is missing",
            "$.Shards[1].SequenceNumberRange: StartingSequenceNumber is missing",
            "$.Shards[1].SequenceNumberRange.EndingSequenceNumber: must be a decimal number of at most 129 digits",
            "$.Shards[2]: must be an object",
            "$.Shards[3].AdjacentParentShardId: must be a second parent beside ParentShardId",
            "$.Shards[3].HashKeyRange.Width: no such field",
            "$.Shards[3].HashKeyRange: the range ends before it starts",
            "$.Shards[3].SequenceNumberRange.Next: no such field",
        ],
    );
    let range = ["0", MAX];
    check(
        &json!([
            shard(4, &[5], range, &[STARTING, ENDING]),
            shard(3, &[4, 2], ["0", "99"], &[CHILD]),
            shard(3, &[], ["50", "60"], &[CHILD]),
            shard(8, &[3], ["100", MAX], &[ENDING, STARTING]),
            shard(9, &[3], ["200", MAX], &[CHILD]),
        ]),
        &[
            "$[3].SequenceNumberRange: the sequence numbers end before they start",
            "$[1].ShardId: shards must stand in order of their ids",
            "$[2].ShardId: shardId-000000000003 stands there already",
            "$[0].ParentShardId: shardId-000000000005 cannot be a parent: its number is not lower",
            "$[1].ParentShardId: shardId-000000000004 cannot be a parent: its number is not lower",
            "$[3].ParentShardId: shardId-000000000003 cannot be a parent: it is open",
            "$[4].ParentShardId: shardId-000000000003 cannot be a parent: it is open",
            "$[2].HashKeyRange: shardId-000000000003 is open too and has some of these hash keys",
        ],
    );
    check(
        &json!([shard(0, &[], ["0", "9"], &[STARTING, ENDING]), shard(1, &[0], ["10", "19"], &[CHILD]),]),
        &["$[1].ParentShardId: shardId-000000000000 cannot be a parent: it has other hash keys"],
    );
    check(
        &json!([shard(0, &[], ["5", "9"], &[STARTING]), shard(1, &[], ["12", "19"], &[STARTING])]),
        &[
            "$: no open shard has the hash keys 0 to 4",
            "$: no open shard has the hash keys 10 to 11",
            "$: no open shard has the hash keys 20 to 340282366920938463463374607431768211455",
        ],
    );
}

#[test]
fn shard_numbers_are_bounded() {
    let with = |number| json!([shard(number, &[], ["0", MAX], &[STARTING])]);
    let stream = Stream::import(import(&with(50_000)), START, KeyTable::default());
    assert_eq!((stream.open_shards(), stream.shards.len()), (&[50_000][..], 50_001));
    check(&with(50_001), &["$[0].ShardId: must have a number of at most 50000"]);
}

#[test]
fn what_is_no_listing_is_said_so() {
    let none = "neither the answer of DescribeStream or ListShards nor a list of shards";
    for document in [json!(null), json!({}), json!("x"), json!(1)] {
        check(&document, &[&format!("$: {none}")]);
    }
    check(&json!({"StreamDescription": []}), &["$.StreamDescription: must be a list of at least one shard"]);
    check(&json!({"Shards": []}), &["$.Shards: must be a list of at least one shard"]);
    check(
        &json!({"StreamDescription": {"Shards": 1, "HasMoreShards": true, "RetentionPeriodHours": 23,
            "StreamModeDetails": {}, "StreamCreationTimestamp": "today"}}),
        &[
            "$.StreamDescription.HasMoreShards: the listing is not complete: put all its pages together",
            "$.StreamDescription.RetentionPeriodHours: must be 24 to 8760 hours",
            "$.StreamDescription.StreamModeDetails.StreamMode: must be PROVISIONED or ON_DEMAND",
            "$.StreamDescription.StreamCreationTimestamp: must be seconds since 1970 or a time in RFC 3339",
            "$.StreamDescription.Shards: must be a list of at least one shard",
        ],
    );
}
