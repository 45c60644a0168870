//! UpdateShardCount against what real streams did (`tests/fixtures/reshard_real.json`), and against article D.

use proptest::prelude::*;
use serde_json::Value;
use shardlab::kinesis::import::{export_shard, export_shards, stream_from_document};
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

/// Article D's limits: 2 calls in 24 hours, 25 shards in the account, of which 4 are others'.
#[test]
fn article_d_s_limits() {
    let mut stream = stream(2);
    stream.name = "test".into();
    let quotas = Quotas::november_2016();
    let mut kinesis = Kinesis::new("123456789012", "us-east-1", quotas, Dials::default(), stream);
    assert_eq!(kinesis.describe_limits(SimTime(0)).unwrap().shard_limit, 25);
    for (t, target) in [(0, 4), (100_000, 8)] {
        kinesis.update_shard_count(SimTime(t), "test", target).unwrap();
        kinesis.change(SimTime(t + 200_000));
    }
    let third = kinesis.update_shard_count(SimTime(400_000), "test", 4).unwrap_err();
    assert_eq!(third.type_name, "LimitExceededException");
    assert_eq!(third.message, "Rate exceeded for stream test under account 123456789012.");
    kinesis.quotas.update_shard_count_per_day = 99;
    let beyond = kinesis.update_shard_count(SimTime(500_000), "test", 16);
    assert!(beyond.is_ok(), "20 of 25 shards");
    kinesis.change(SimTime(999_000));
    let beyond = kinesis.update_shard_count(SimTime(999_000), "test", 22).unwrap_err();
    assert!(beyond.message.starts_with("This request would exceed the shard limit for the account"));
}

/// What holds after any splits and merges: open shards tile all hash keys, routing agrees with the ranges,
/// children are younger than their parents, and the shards survive export and import.
#[track_caller]
fn assert_sound(stream: &Stream) {
    let open = stream.open_ranges();
    assert_eq!((open[0].range.start(), open[open.len() - 1].range.end()), (HashKey(0), HashKey::MAX));
    for pair in open.windows(2) {
        assert_eq!(pair[0].range.end().0 + 1, pair[1].range.start().0);
    }
    for piece in &open {
        let (start, end) = (piece.range.start(), piece.range.end());
        let middle = HashKey(start.0 + (end.0 - start.0) / 2);
        assert_eq!([start, middle, end].map(|key| stream.route(key)), [piece.shard; 3]);
    }
    for (idx, shard) in (0..).zip(&stream.shards) {
        assert_eq!(shard.is_open(), stream.open_shards().contains(&idx));
        for parent in shard.parents.iter() {
            let ending = stream.shards[parent as usize].closed.unwrap().ending;
            assert!(ending < stream.starting_sequence_number(idx));
            assert!(ending.to_string() < stream.starting_sequence_number(idx).to_string());
        }
    }
    let shards = Value::from(export_shards(stream));
    let imported = stream_from_document(&shards, START).unwrap();
    let imported = Stream::import(imported, START, KeyTable::default());
    assert_eq!(Value::from(export_shards(&imported)), shards);
    assert_eq!(imported.open_shards(), stream.open_shards());
}

proptest! {
    // 64 cases of up to 60 steps: each step has few kinds of neighborhood, which small streams soon go through.
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_splits_and_merges_are_sound(
        shards in 1..5u32,
        steps in proptest::collection::vec((any::<bool>(), any::<u32>(), any::<u128>(), 0..3000u64), 0..60),
    ) {
        let mut stream = stream(shards);
        let mut now = SimTime::ZERO;
        for (split, place, key, pause) in steps {
            now = now + SimDuration(pause);
            let open = stream.open_ranges();
            let piece = open[place as usize % open.len()];
            let (start, end) = (piece.range.start().0, piece.range.end().0);
            let next = open.get(place as usize % open.len() + 1);
            match next {
                Some(next) if !split => drop(stream.merge(piece.shard, next.shard, now)),
                _ if end - start > 3 => drop(stream.split(piece.shard, HashKey(start + 2 + key % (end - start - 2)), now)),
                _ => {}
            }
        }
        assert_sound(&stream);
        let count = stream.open_shards().len() as u32;
        for target in [count.div_ceil(2), count, count * 2] {
            let mut stream = stream.clone();
            for step in plan(&stream.open_ranges(), stream.shards.len() as u32, target, UniformScaling::Modern) {
                stream.step(step, now);
            }
            prop_assert_eq!(stream.open_shards().len() as u32, target);
            assert_sound(&stream);
        }
    }
}
