//! UpdateShardCount against what real streams did (`tests/fixtures/reshard_real.json`), and against article D.

use serde_json::Value;
use shardlab::kinesis::import::export_shard;
use shardlab::kinesis::reshard::{UniformScaling, plan};
use shardlab::kinesis::{Dials, HashKey, KeyTable, Kinesis, Stream, StreamStatus};
use shardlab::quota::Quotas;
use shardlab::units::{SimDuration, SimTime, WallTime};

/// 2016-11-18T23:55:29Z, the creation second of article D's stream.
const START: WallTime = WallTime(1_479_513_329_000);

fn stream(shards: u32) -> Stream {
    Stream::new(shards, START, KeyTable::default())
}

/// A stream after UpdateShardCount to each of the targets, one step a second.
fn resharded(shards: u32, targets: &[u32], rule: UniformScaling) -> Stream {
    let mut stream = stream(shards);
    let mut now = SimTime::ZERO;
    for &target in targets {
        for step in plan(&stream.open_ranges(), stream.shards.len() as u32, target, rule) {
            now = now + SimDuration::from_secs(1);
            stream.step(step, now);
        }
    }
    stream
}

fn case(name: &str) -> Value {
    let fixture: Value = serde_json::from_str(include_str!("../fixtures/reshard_real.json")).unwrap();
    let cases = fixture.as_array().unwrap();
    assert_eq!(cases.len(), 7, "every case has its test");
    cases.iter().find(|case| case["name"] == name).unwrap().clone()
}

/// Every shard of the case is in the stream, as far as the case tells.
#[track_caller]
fn check(name: &str, stream: &Stream) {
    for shard in case(name)["shards"].as_array().unwrap() {
        let id = shard["ShardId"].as_str().unwrap();
        let idx = shardlab::kinesis::shard::parse_shard_id(id).unwrap();
        let ours = export_shard(stream, idx);
        for field in ["StartingHashKey", "EndingHashKey"] {
            if !shard[field].is_null() {
                assert_eq!(ours["HashKeyRange"][field], shard[field], "{name}: {id}");
            }
        }
        for field in ["ParentShardId", "AdjacentParentShardId"] {
            assert_eq!(ours.get(field).unwrap_or(&Value::Null), &shard[field], "{name}: {id}");
        }
        assert_eq!(stream.shards[idx as usize].is_open(), shard["state"] == "open", "{name}: {id}");
    }
}

#[test]
fn real_reshards_are_reproduced() {
    for rule in [UniformScaling::Modern, UniformScaling::Article2016] {
        let thirds = resharded(2, &[3], rule);
        check("article-2-to-3", &thirds);
        assert_eq!(thirds.open_shards(), [2, 6, 5]);
        let risingwave = resharded(4, &[3], rule);
        let split = case("risingwave-4-to-3")["split"].as_array().unwrap().clone();
        for shard in split {
            let children: Vec<u32> = risingwave.children(shard.as_u64().unwrap() as u32).collect();
            assert_eq!(children.len(), 2);
        }
        let open: Vec<Value> = risingwave.open_shards().iter().map(|&shard| shard.into()).collect();
        assert_eq!(case("risingwave-4-to-3")["open"], Value::from(open));
    }
    check("article-2-to-4", &resharded(2, &[4], UniformScaling::Article2016));
    check("eight-shards-4-to-8", &resharded(1, &[2, 4, 8], UniformScaling::Modern));
    check("create-3", &stream(3));
    check("create-5", &stream(5));
}

/// 1 → 2 → 3 by UpdateShardCount gave 2018 a shard 7 of [T, 2T - 1], T = floor(2^128 / 3).
#[test]
fn the_thirds_of_2018() {
    let stream = resharded(1, &[2, 3], UniformScaling::Modern);
    let third = u128::MAX / 3;
    let range = stream.shards[7].range;
    assert_eq!((range.start(), range.end()), (HashKey(third), HashKey(2 * third - 1)));
    assert_eq!(stream.shards[7].parents.iter().collect::<Vec<_>>(), [4, 5]);
    let ends: Vec<u128> =
        stream.open_shards().iter().map(|&shard| stream.shards[shard as usize].range.end().0).collect();
    assert_eq!(ends, [third - 1, 2 * third - 1, u128::MAX]);
}

#[test]
fn a_split_and_a_merge_of_2015() {
    let mut stream = stream(1);
    stream.split(0, HashKey(170_141_183_460_469_231_731_687_303_715_884_105_727), SimTime(1000));
    stream.merge(1, 2, SimTime(2000));
    check("brandur-split-merge", &stream);
}

/// The whole of article D's 2 → 4: call at 99 s, steps of 30 s, the numbers that the article prints.
#[test]
fn article_d() {
    let mut stream = stream(2);
    stream.name = "foo".into();
    let dials = Dials { uniform_scaling: UniformScaling::Article2016, ..Dials::default() };
    let mut kinesis = Kinesis::new("123456789012", "us-east-1", Quotas::november_2016(), dials, stream);
    assert_eq!(kinesis.describe_limits(SimTime::ZERO).unwrap().open_shard_count, 6);
    kinesis.update_shard_count(SimTime(99_000), "foo", 4).unwrap();
    assert!(kinesis.change(SimTime(128_999)).len() == 1, "only the status has changed");
    assert_eq!(kinesis.streams[0].open_shards(), [0, 1]);
    kinesis.change(SimTime(129_000));
    assert_eq!(
        (kinesis.streams[0].open_shards(), kinesis.streams[0].status),
        (&[2, 3, 1][..], StreamStatus::Updating)
    );
    kinesis.change(SimTime(159_000));
    assert_eq!(
        (kinesis.streams[0].open_shards(), kinesis.streams[0].status),
        (&[2, 3, 4, 5][..], StreamStatus::Active)
    );
    assert_eq!(kinesis.next_change(), None);
    let closed = export_shard(&kinesis.streams[0], 0);
    let numbers = &closed["SequenceNumberRange"];
    assert_eq!(numbers["StartingSequenceNumber"], "49567765303994184397908352048233447689120770321652121602");
    assert_eq!(numbers["EndingSequenceNumber"], "49567765304005334770507617359803006622437488738042904578");
    let open = export_shard(&kinesis.streams[0], 2);
    assert_eq!(open["HashKeyRange"]["EndingHashKey"], "85070591730234615865843651857942052864");
    assert_eq!(
        open["SequenceNumberRange"],
        serde_json::json!({
            "StartingSequenceNumber": "49567765350424335901249109428910813132774667910635323426"
        })
    );
}

/// 5 000 → 10 000 takes effect step by step, and routing follows.
#[test]
fn a_large_reshard_keeps_all_hash_keys_routed() {
    let stream = resharded(5000, &[10_000], UniformScaling::Modern);
    assert_eq!(stream.open_shards().len(), 10_000);
    for (place, &shard) in stream.open_shards().iter().enumerate().step_by(7) {
        let range = stream.shards[shard as usize].range;
        assert_eq!([stream.route(range.start()), stream.route(range.end())], [shard; 2], "{place}");
    }
}
