//! Facts about Kinesis: hash keys, shard ranges and sequence numbers are those of the fixtures, all of them.
use serde_json::{Value, json};
use shardlab::kinesis::{HashKey, HashKeyRange, KeyTable, SequenceNumber, Stream};
use shardlab::quota;
use shardlab::scenario::Scenario;
use shardlab::units::WallTime;

use crate::run;

fn fixture(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// Every key's MD5, and the shard that holds it in streams of 1 to 16 shards.
#[test]
fn hash_keys_and_routing() {
    let fixture = fixture(include_str!("../fixtures/hash.json"));
    let keys = fixture["keys"].as_array().unwrap();
    assert_eq!(keys.len(), 150);
    for key in keys {
        let text = key["key"].as_str().unwrap();
        let hash_key = HashKey::of_partition_key(text.as_bytes());
        assert_eq!(hash_key.to_string(), key["hash_key"].as_str().unwrap(), "{text}");
        assert_eq!(format!("{:032x}", hash_key.0), key["md5_hex"].as_str().unwrap(), "{text}");
        let mut table = KeyTable::new(0);
        let id = table.intern(text);
        assert_eq!(u64::from(table.text_bytes(id)), key["utf8_len"].as_u64().unwrap(), "{text}");
        assert_eq!(table.hash_key_to_put(id), hash_key, "{text}");
        for (shards, shard) in key["shard_index"].as_object().unwrap() {
            let stream = Stream::new(shards.parse().unwrap(), WallTime(0), KeyTable::new(0));
            assert_eq!(u64::from(stream.route(hash_key)), shard.as_u64().unwrap(), "{text} of {shards}");
        }
    }
}

/// The ranges of a new stream with 1 to 32 and 100 shards, and routing at both ends of every range.
#[test]
fn ranges_of_new_streams() {
    let fixture = fixture(include_str!("../fixtures/ranges.json"));
    let streams = fixture["ranges"].as_object().unwrap();
    assert_eq!(streams.len(), 33);
    for (count, shards) in streams {
        let count: u32 = count.parse().unwrap();
        let ranges = HashKeyRange::uniform(count);
        let stream = Stream::new(count, WallTime(0), KeyTable::new(0));
        assert_eq!(ranges.len(), shards.as_array().unwrap().len());
        for (idx, (range, shard)) in ranges.iter().zip(shards.as_array().unwrap()).enumerate() {
            assert_eq!(
                range.start().to_string(),
                shard["StartingHashKey"].as_str().unwrap(),
                "{count}/{idx}"
            );
            assert_eq!(range.end().to_string(), shard["EndingHashKey"].as_str().unwrap(), "{count}/{idx}");
            assert_eq!(shardlab::kinesis::stream::shard_id(idx as u32), shard["ShardId"].as_str().unwrap());
            assert_eq!(
                [stream.route(range.start()), stream.route(range.end())],
                [idx as u32; 2],
                "{count}/{idx}"
            );
        }
    }
}

/// Every published sequence number of version 2 is read and written bit for bit; older ones are told apart.
#[test]
fn sequence_numbers() {
    let fixture = fixture(include_str!("../fixtures/sequence.json"));
    let numbers = fixture["numbers"].as_array().unwrap();
    let mut read = 0;
    for number in numbers {
        let text = number["sequence"].as_str().unwrap();
        let parsed = SequenceNumber::parse(text);
        if number["version"].as_u64() != Some(2) {
            assert_eq!(parsed, None, "{text}");
            continue;
        }
        let parsed = parsed.unwrap_or_else(|| panic!("{text}"));
        assert_eq!(parsed.to_string(), text);
        assert_eq!(parsed.epoch, number["epochSecs"].as_u64().unwrap(), "{text}");
        assert_eq!(parsed.index, number["seqIx"].as_u64().unwrap(), "{text}");
        assert_eq!(u64::from(parsed.shard), number["shardIx"].as_u64().unwrap(), "{text}");
        let hex = number["hex"].as_str().unwrap();
        assert_eq!(format!("{:09x}", parsed.time), hex[29..38], "{text}");
        read += 1;
    }
    assert!(read >= 25, "only {read} numbers of version 2 of {}", numbers.len());
}

/// A child's numbers come after its parent's, as numbers and as values.
#[test]
fn sequence_numbers_order() {
    let parent = SequenceNumber::parse("49567765304005334770507617359803006622437488738042904578").unwrap();
    let child = SequenceNumber::parse("49567765350424335901249109428910813132774667910635323426").unwrap();
    assert_eq!((parent.index, parent.time), (SequenceNumber::INDEX_END, 1_479_513_458));
    assert!(parent < child && parent.to_string() < child.to_string());
    for text in ["", "-1", "0", "1e9", " 4", "49567765304005334770507617359803006622437488738042904579"] {
        assert_eq!(SequenceNumber::parse(text), None, "{text}");
    }
}

/// A poll that found as much as an answer holds is followed by another one; others wait for the grid.
#[test]
fn a_full_answer_is_followed_by_another_200_ms_later() {
    let most = quota::GET_RECORDS_MAX;
    let polls = |records: u32| {
        let put = json!({"type": "rate", "recordsPerSecond": 1000, "keys": {"count": 1},
            "size": {"min": 20, "max": 20}, "stopAt": records});
        let document = json!({"version": 1, "id": "full", "until": 45_000, "stream": {"StreamName": "s"},
            "producers": [put], "functions": [{"FunctionName": "f", "versions": {"1": {"handler": {}}}}],
            "eventSourceMappings": [{"EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s",
                "FunctionName": "f", "StartingPosition": "TRIM_HORIZON", "BatchSize": 10_000}],
            "model": {"poll": 20_000, "pollPhase": 15_000}});
        let sim = run(&Scenario::from_value(&document).unwrap());
        assert_eq!(sim.stream().records.len(), records);
        let lines = sim.event_lines(0, u32::MAX).map(|line| serde_json::to_value(line).unwrap());
        let polls = lines.filter(|line| line["type"] == "RecordsPolled");
        polls.map(|poll| (poll["t"].as_u64().unwrap(), poll["records"].as_u64().unwrap())).collect::<Vec<_>>()
    };
    assert_eq!(polls(most - 1), [(15_000, 9999)]);
    assert_eq!(polls(most + 1), [(15_000, 10_000), (15_000 + quota::GET_RECORDS_SPACING_MS, 1)]);
}
