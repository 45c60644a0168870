//! Records past the stream's retention: what a mapping does not get to in time, it never handles.
#![expect(clippy::wildcard_enum_match_arm, reason = "a checker looks at the events it is about")]

use proptest::prelude::*;
use serde_json::{Value, json};
use shardlab::event_log::Event;
use shardlab::scenario::Scenario;
use shardlab::sim::Simulation;
use shardlab::sim::summary::MappingCounts;
use shardlab::units::SimTime;

use crate::generate::read;
use crate::run;

const HOUR: u64 = 3_600_000;

/// Keys at hours, a handler with these rules, commands at hours; 60 hours long.
fn document(retention: u32, records: &[(u64, &str)], rules: Value, commands: &[(u64, &str, Value)]) -> Value {
    let records = records.iter().map(|(hour, key)| json!({"at": hour * HOUR, "PartitionKey": key}));
    let commands = commands.iter().map(|(hour, operation, request)| {
        let mut request = request.clone();
        request["StreamName"] = "s".into();
        json!({"at": hour * HOUR, "service": "kinesis", "operation": operation, "request": request})
    });
    json!({"version": 1, "id": "expiry", "until": 60 * HOUR,
        "stream": {"StreamName": "s", "ShardCount": 1, "RetentionPeriodHours": retention},
        "producers": [{"type": "records", "records": records.collect::<Vec<_>>()}],
        "functions": [{"FunctionName": "f", "versions": {"1": {"handler": {"perRecord": 10, "rules": rules}}}}],
        "eventSourceMappings": [{"EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s",
            "FunctionName": "f", "StartingPosition": "TRIM_HORIZON"}],
        "commands": commands.collect::<Vec<_>>(),
        // A try every quarter of an hour, so that the log stays small.
        "model": {"backoffBase": HOUR / 4, "backoffFactor": 1, "backoffCap": HOUR / 4}})
}

fn counts(sim: &Simulation) -> (u64, u64, u64) {
    let MappingCounts { succeeded, expired, pending, .. } = sim.summary().records.per_mapping[0];
    (succeeded, expired, pending)
}

/// (hour, shard, records) of every RecordsExpired; the hour is rounded down.
fn expired(sim: &Simulation) -> Vec<(u64, u32, u32)> {
    let expired = sim.events(0, u32::MAX).filter_map(|(_, t, event)| match event {
        Event::RecordsExpired { shard, records, .. } => Some((t.0 / HOUR, shard, records)),
        _ => None,
    });
    expired.collect()
}

fn always_fails(key: &str) -> Value {
    json!([{"when": {"partitionKey": key}, "then": "throw"}])
}

/// The shipped scenario: one batch of three expires after a day of retries, and its lane goes on; nothing else
/// is late.
#[test]
fn a_failing_batch_expires_and_its_lane_goes_on() {
    let text = include_str!("../../www/scenarios/retention-expiry.json");
    let sim = run(&Scenario::from_json(text).unwrap());
    assert_eq!(counts(&sim), (33, 3, 0));
    assert_eq!(expired(&sim), [(24, 0, 3)]);
    let (mut late, mut rows) = (0, 0);
    for (_, t, event) in sim.events(0, u32::MAX) {
        if let Event::RowWritten { record, .. } = event {
            let stored = sim.stream().records.get(record);
            let other = sim.stream().keys.text(stored.key) != "1";
            assert!(!other || (t - stored.arrival()).0 < 5000, "record {record} of another lane is late");
            late += u32::from((t - stored.arrival()).0 > 5000 && stored.number != 2);
            rows += 1;
        }
    }
    // Key 1's records 5 to 12 but the last wait for the end; its record 2 is handled again and again.
    assert_eq!((late, rows, sim.summary().duplicates), (8, 33 + 1 + 37, 37));
}

/// The whole of a poisoned batch does not expire at once: the head goes when it is too old, the rest is tried on.
#[test]
fn the_head_of_a_batch_expires_first() {
    let records = [(0, "a"), (5, "b"), (6, "a"), (7, "b")];
    let mut document = document(24, &records, always_fails("a"), &[]);
    document["eventSourceMappings"][0]["MaximumBatchingWindowInSeconds"] = 300.into();
    let sim = run(&read(&document));
    // "a" of hour 0 blocks the lane until hour 24; the other three are one batch, whose "b" is done in every try.
    assert_eq!(expired(&sim), [(24, 0, 1), (29, 0, 1), (30, 0, 1)]);
    assert_eq!(counts(&sim), (1, 3, 0));
    let checkpoints =
        sim.events(0, u32::MAX).filter(|(.., event)| matches!(event, Event::CheckpointMoved { .. }));
    assert_eq!(checkpoints.count(), 4);
}

/// A child waits for its parent, whose poison lasts a day; what is too old then expires unread.
#[test]
fn the_records_of_a_waiting_child_expire_unread() {
    let split = json!({"ShardToSplit": "shardId-000000000000",
        "NewStartingHashKey": "170141183460469231731687303715884105728"});
    // The keys' hashes: "a" 0.05, "b" 0.57 of the range.
    let records = [(1, "a"), (3, "b"), (4, "b"), (30, "b"), (31, "a")];
    let commands = [(2, "SplitShard", split)];
    let sim =
        run(&read(&document(24, &records, json!([{"when": {"record": 0}, "then": "throw"}]), &commands)));
    assert_eq!(expired(&sim), [(25, 0, 1)]);
    assert_eq!(counts(&sim), (4, 1, 0), "the child was assigned at hour 25, in time");
    let mut longer = document(48, &records, json!([{"when": {"record": 0}, "then": "throw"}]), &commands);
    longer["commands"].as_array_mut().unwrap().push(json!({"at": 40 * HOUR, "service": "kinesis",
        "operation": "DecreaseStreamRetentionPeriod", "request": {"StreamName": "s", "RetentionPeriodHours": 24}}));
    let sim = run(&read(&longer));
    // At hour 40 all that came before hour 16 goes: the child's first two at once, the poison at its next try.
    assert_eq!(expired(&sim), [(40, 2, 2), (40, 0, 1)]);
    assert_eq!(counts(&sim), (2, 3, 0));
}

/// What a waiting child holds expires on its own, to the millisecond, while nothing is polled or handed over.
#[test]
fn a_waiting_child_s_records_expire_when_they_are_as_old() {
    let split = json!({"ShardToSplit": "shardId-000000000000",
        "NewStartingHashKey": "170141183460469231731687303715884105728"});
    let records = [(1, "a"), (3, "b"), (4, "b")];
    let commands = [(2, "SplitShard", split)];
    let mut document = document(24, &records, json!([{"when": {"record": 0}, "then": "throw"}]), &commands);
    // The parent's batch is tried at hours 1, 24 and 47: too late for the child's records.
    document["model"]["backoffBase"] = (23 * HOUR).into();
    document["model"]["backoffCap"] = (23 * HOUR).into();
    let sim = run(&read(&document));
    let times: Vec<(u64, u32)> = sim
        .events(0, u32::MAX)
        .filter_map(|(_, t, event)| match event {
            Event::RecordsExpired { shard, .. } => Some((t.0, shard)),
            _ => None,
        })
        .collect();
    let (first, rest) = times.split_at(2);
    assert_eq!(first, [(27 * HOUR, 2), (28 * HOUR, 2)]);
    assert!(matches!(rest, [(t, 0)] if t / HOUR == 47), "{rest:?}");
    assert_eq!(counts(&sim), (0, 3, 0));
}

/// An increase saves what is still there and brings nothing back.
#[test]
fn an_increase_saves_what_has_not_expired() {
    let hours = |hours: u32| json!({"RetentionPeriodHours": hours});
    let records = [(0, "a"), (10, "a")];
    for (at, saved) in [(20, true), (30, false)] {
        let commands = [(at, "IncreaseStreamRetentionPeriod", hours(48))];
        let sim = run(&read(&document(24, &records, always_fails("a"), &commands)));
        let expect: &[_] = if saved { &[(48, 0, 1), (58, 0, 1)] } else { &[(24, 0, 1), (58, 0, 1)] };
        assert_eq!(expired(&sim), expect, "increased at hour {at}");
    }
}

/// A mapping that starts after a record has expired has nothing to do with it.
#[test]
fn what_expired_before_the_start_is_not_counted() {
    let mut document = document(24, &[(0, "a"), (1, "b"), (23, "c")], json!([]), &[]);
    document["model"]["activation"] = (24 * HOUR).into();
    let sim = run(&read(&document));
    assert_eq!((counts(&sim), sim.mappings()[0].first), ((2, 0, 0), 1));
    assert!(expired(&sim).is_empty());
}

proptest! {
    // Each case has few records but sixty hours of retries; 64 take some seconds.
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// P12: no record is handed over past its retention, and done, expired and pending add up to what was put.
    #[test]
    fn nothing_is_handed_over_past_its_retention(
        retention in 24..50u32,
        records in prop::collection::vec((0..58u64, 0..6usize), 1..40),
        moves in prop::collection::vec((0..59u64, 0..5usize, 24..60u32), 0..8),
        (factor, batch_size, chance) in (1..4u32, 1..12u32, 0..4u32),
    ) {
        let keys = ["a", "b", "c", "d", "e", "f"];
        let mut records: Vec<_> = records.into_iter().map(|(hour, key)| (hour, keys[key])).collect();
        records.sort_unstable();
        let commands: Vec<_> = moves.into_iter().map(|(hour, kind, hours)| match kind {
            0 => (hour, "IncreaseStreamRetentionPeriod", json!({"RetentionPeriodHours": hours})),
            1 => (hour, "DecreaseStreamRetentionPeriod", json!({"RetentionPeriodHours": hours})),
            2 => (hour, "UpdateShardCount", json!({"TargetShardCount": 1, "ScalingType": "UNIFORM_SCALING"})),
            _ => (hour, "UpdateShardCount", json!({"TargetShardCount": 2, "ScalingType": "UNIFORM_SCALING"})),
        }).collect();
        let rules = json!([{"when": {"partitionKey": "a"}, "then": "throw"}, {"when": {"chance": [chance, 4]}, "then": "throw"}]);
        let mut document = document(retention, &records, rules, &commands);
        document["eventSourceMappings"][0]["ParallelizationFactor"] = factor.into();
        document["eventSourceMappings"][0]["BatchSize"] = batch_size.into();
        let scenario = read(&document);
        let sim = run(&scenario);
        crate::properties::check_log(&sim)?;
        crate::properties::check_order_of_keys(&sim)?;
        let (mut handed_over_late, mut gone) = (Vec::new(), 0);
        let mut step = Simulation::new(scenario);
        for (n, t, event) in sim.events(0, u32::MAX) {
            match event {
                Event::InvocationStarted { invocation } => {
                    // A second run that stands at this moment knows the retention then.
                    step.run_until(t);
                    let horizon = step.stream().horizon(t);
                    let late = |record: &u32| sim.stream().records.get(*record).arrival() < horizon;
                    handed_over_late.extend(sim.batch(invocation).filter(late).map(|record| (n, record)));
                }
                Event::RecordsExpired { records, .. } => gone += u64::from(records),
                _ => {}
            }
        }
        prop_assert_eq!(&handed_over_late, &[]);
        let (succeeded, expired, pending) = counts(&sim);
        prop_assert_eq!(expired, gone);
        prop_assert_eq!(succeeded + expired + pending, records.len() as u64);
        let first_kept = sim.stream().horizon(SimTime(60 * HOUR));
        let kept = records.iter().filter(|(hour, _)| SimTime(hour * HOUR) >= first_kept).count() as u64;
        // Tries come every quarter of an hour: what is pending is hardly older than the retention.
        let nearly = records.iter().filter(|(hour, _)| SimTime((hour + 1) * HOUR) >= first_kept).count() as u64;
        prop_assert!(pending <= nearly.max(kept), "{pending} pending, {nearly} kept");
    }
}
