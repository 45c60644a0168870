//! Enhanced fan-out: records come by themselves, each mapping's at its own pace.
#![expect(clippy::wildcard_enum_match_arm, reason = "a checker looks at the events it is about")]

use serde_json::{Value, json};
use shardlab::event_log::Event;
use shardlab::scenario::Scenario;
use shardlab::sim::Simulation;

use crate::{run, run_in_chunks};

const STREAM: &str = "arn:aws:kinesis:us-east-1:123456789012:stream/s";
/// The second of the default start.
const CREATED: u64 = 1_578_982_983;

fn mapping(source: &str, function: &str) -> Value {
    json!({"EventSourceArn": source, "FunctionName": function, "StartingPosition": "TRIM_HORIZON"})
}

/// The stream `s` with two consumers and these producers; a mapping of the stream and one of each consumer.
fn played(producers: Value, commands: Value) -> Simulation {
    let consumer = |name: &str| format!("{STREAM}/consumer/{name}:{CREATED}");
    let handler = |per_record: u64| json!({"1": {"handler": {"perRecord": per_record}}});
    let document = json!({"version": 1, "id": "fan-out", "until": 60_000,
        "stream": {"StreamName": "s", "Consumers": [{"ConsumerName": "one"}, {"ConsumerName": "two"}]},
        "producers": producers, "commands": commands,
        "functions": [{"FunctionName": "f", "versions": handler(1)}, {"FunctionName": "slow", "versions": handler(900)}],
        "eventSourceMappings": [mapping(STREAM, "f"), mapping(&consumer("one"), "f"), mapping(&consumer("two"), "slow")]});
    let scenario =
        Scenario::from_json(&document.to_string()).unwrap_or_else(|problems| panic!("{problems:?}"));
    let sim = run(&scenario);
    assert_eq!(run_in_chunks(&scenario, 3).digest(), sim.digest());
    sim
}

/// (time, records) of what a mapping got.
fn polled(sim: &Simulation, of: u16) -> Vec<(u64, u32)> {
    let polled = sim.events(0, u32::MAX).filter_map(|(_, t, event)| match event {
        Event::RecordsPolled { mapping, records, .. } if mapping == of => Some((t.0, records)),
        _ => None,
    });
    polled.collect()
}

#[test]
fn records_are_pushed_after_the_latency_whatever_others_do() {
    let record = |at: u64| json!({"at": at, "PartitionKey": "a"});
    let records: Vec<Value> = [0, 10, 10, 59, 1500].map(record).into();
    let sim = played(json!([{"type": "records", "records": records}]), json!([]));
    assert_eq!(polled(&sim, 0), [(0, 1), (1000, 3), (2000, 1)]);
    for consumer in [1, 2] {
        assert_eq!(polled(&sim, consumer), [(60, 1), (70, 2), (119, 1), (1560, 1)]);
    }
    let first = sim.invocations().get(1);
    assert_eq!((first.lane.mapping, first.started_at().0), (1, 60));
    assert!(sim.summary().records.per_mapping.iter().all(|counts| counts.succeeded == 5));
    let pushes = sim.event_lines(0, u32::MAX).filter(|line| {
        let line = serde_json::to_value(line).unwrap();
        line["type"] == "RecordsPolled" && line["push"] == json!(true)
    });
    assert_eq!(pushes.count(), 8);
}

#[test]
fn a_consumer_has_two_mebibytes_a_second_of_each_shard() {
    // Six records of a MiB, one a second, before the mapping is enabled.
    let records: Vec<Value> =
        (0..6).map(|at| json!({"at": at * 1000, "PartitionKey": "a", "size": 1 << 20})).collect();
    let mut scenario = json!({"version": 1, "id": "backlog", "until": 60_000, "model": {"activation": 10_000},
        "stream": {"StreamName": "s", "Consumers": [{"ConsumerName": "one"}]},
        "producers": [{"type": "records", "records": records}],
        "functions": [{"FunctionName": "f", "versions": {"1": {"handler": {}}}}]});
    scenario["eventSourceMappings"] = json!([mapping(&format!("{STREAM}/consumer/one:{CREATED}"), "f")]);
    let sim = run(&Scenario::from_json(&scenario.to_string()).unwrap());
    assert_eq!(polled(&sim, 0), [(10_060, 2), (11_060, 2), (12_060, 2)]);
}

#[test]
fn children_come_after_their_parents_here_too() {
    let producers = json!([{"type": "rate", "recordsPerSecond": 20, "stopAt": 40_000}]);
    let split = json!({"at": 5000, "service": "kinesis", "operation": "UpdateShardCount",
        "request": {"StreamName": "s", "TargetShardCount": 2, "ScalingType": "UNIFORM_SCALING"}});
    let sim = played(producers, json!([split]));
    assert_eq!(sim.stream().shards.len(), 3);
    for mapping in [0, 1] {
        let counts = &sim.summary().records.per_mapping[mapping];
        assert_eq!((counts.succeeded, counts.pending), (800, 0), "mapping {mapping}");
    }
    let start = |shard: u32| {
        let invocations = (0..sim.invocations().len()).map(|idx| sim.invocations().get(idx));
        invocations
            .filter(|one| one.lane.mapping == 1 && one.lane.shard == shard)
            .map(|one| one.started_at().0)
            .min()
    };
    // The shard closes at 35 s; the next tick of assignments is at 40 s.
    assert_eq!((start(1), start(2)), (Some(40_060), Some(40_060)));
}
