//! What holds in every run, checked from the event log alone, outside the engine.
#![expect(clippy::wildcard_enum_match_arm, reason = "a checker looks at the events it is about")]
use std::collections::BTreeMap;

use crate::generate::{Shape, read, scenario};
use crate::run;
use proptest::prelude::*;
use serde_json::json;
use shardlab::event_log::{Event, Run};
use shardlab::kinesis::stream::NONE;
use shardlab::kinesis::{HashKey, HashKeyRange};
use shardlab::lambda::retry::Outcome;
use shardlab::scenario::Action;
use shardlab::sim::Simulation;
use shardlab::sim::invocation::Invocation;
use shardlab::units::SimTime;

proptest! {
    /// P1: the ranges of a new stream tile the hash keys, and each key has one shard. 256 cases of all counts to
    /// the limit; the fixtures check the numbers themselves.
    #[test]
    fn ranges_tile(count in 1u32..=10_000, key: u128) {
        let ranges = HashKeyRange::uniform(count);
        prop_assert_eq!(ranges[0].start(), HashKey(0));
        prop_assert_eq!(ranges[ranges.len() - 1].end(), HashKey::MAX);
        for pair in ranges.windows(2) {
            prop_assert_eq!(pair[0].end().0 + 1, pair[1].start().0);
        }
        prop_assert_eq!(ranges.iter().filter(|range| range.contains(HashKey(key))).count(), 1);
    }
}

proptest! {
    // Each case checks six properties of one random run of some thousand events; 96 take a few seconds.
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// P2 to P7 over random scenarios.
    #[test]
    fn every_run_keeps_its_promises(shape in Shape::any()) {
        let sim = run(&scenario(&shape));
        check_all(&sim)?;
        check_counts(&sim, shape.can_fail())?;
    }
}

/// P2 to P7.
pub(crate) fn check_all(sim: &Simulation) -> Result<(), TestCaseError> {
    check_log(sim)?;
    check_order_of_keys(sim)?;
    check_counts(sim, true)?;
    check_checkpoints(sim)?;
    crate::batches::check_batches(sim)
}

/// How many records of its batch, from the first, an invocation that has ended brought to an end.
pub(crate) fn brought_to_an_end(invocation: &Invocation) -> u32 {
    match invocation.outcome().map(|(outcome, _)| outcome) {
        Some(Outcome::Ok) => invocation.count,
        Some(Outcome::Partial) => invocation.failed_at().unwrap_or(0),
        Some(Outcome::Error | Outcome::Timeout | Outcome::Crash | Outcome::Throttled) | None => 0,
    }
}

/// P2: times never decrease, numbers are dense, a lane never has two invocations at once, concurrency keeps its
/// limits, reserved and shared, and attempts of a batch count up from 1.
pub(crate) fn check_log(sim: &Simulation) -> Result<(), TestCaseError> {
    let mut last = (SimTime::ZERO, 0);
    let mut running = BTreeMap::new();
    let mut attempts: BTreeMap<u32, u32> = BTreeMap::new();
    for (n, t, event) in sim.events(0, u32::MAX) {
        prop_assert!(t >= last.0, "event {} at {} after {}", n, t, last.0);
        prop_assert_eq!(n, last.1);
        last = (t, n + 1);
        match event {
            Event::InvocationStarted { invocation } => {
                let stored = sim.invocations().get(invocation);
                prop_assert_eq!(running.insert(stored.lane, invocation), None, "two invocations of one lane");
                let attempt = attempts.entry(stored.batch).or_insert(1);
                prop_assert_eq!(stored.attempt, *attempt);
                check_concurrency(sim, running.values().copied())?;
            }
            Event::InvocationEnded { invocation } => {
                let stored = sim.invocations().get(invocation);
                prop_assert_eq!(running.remove(&stored.lane), Some(invocation));
                if stored.outcome().map(|(outcome, _)| outcome) != Some(Outcome::Throttled) {
                    *attempts.get_mut(&stored.batch).unwrap() += 1;
                }
            }
            _ => {}
        }
    }
    prop_assert_eq!(last.1, sim.log().count());
    Ok(())
}

fn check_concurrency(sim: &Simulation, running: impl Iterator<Item = u32>) -> Result<(), TestCaseError> {
    let functions = &sim.scenario().functions;
    let mut busy = vec![0; functions.len()];
    for invocation in running.map(|idx| sim.invocations().get(idx)).filter(|one| one.environment != NONE) {
        busy[sim.scenario().mappings[usize::from(invocation.lane.mapping)].function_idx as usize] += 1;
    }
    let mut shared = (0, sim.scenario().quotas.concurrent_executions);
    for (function, busy) in functions.iter().zip(busy) {
        match function.reserved_concurrent_executions {
            Some(reserved) => {
                prop_assert!(busy <= reserved);
                shared.1 -= reserved;
            }
            None => shared.0 += busy,
        }
    }
    prop_assert!(shared.0 <= shared.1);
    Ok(())
}

/// P3: a mapping writes the rows of a key in the order of its records, repetitions by retries aside. Not where a
/// handler goes on behind a record that it reports: that record's row comes later.
pub(crate) fn check_order_of_keys(sim: &Simulation) -> Result<(), TestCaseError> {
    let mut last: BTreeMap<(u16, u32), u32> = BTreeMap::new();
    let mut seen = std::collections::BTreeSet::new();
    let goes_on = |mapping: u16| {
        let function = sim.scenario().mappings[usize::from(mapping)].function_idx as usize;
        let mut handlers =
            sim.scenario().functions[function].versions.iter().filter_map(|version| version.handler.rules());
        handlers.any(|rules| {
            !rules.stop_at_first_report && rules.rules.iter().any(|rule| rule.then == Action::Report)
        })
    };
    for (_, _, event) in sim.events(0, u32::MAX) {
        if let Event::RowWritten { record, invocation, .. } = event
            && let mapping = sim.invocations().get(invocation).lane.mapping
            && seen.insert((mapping, record))
            && !goes_on(mapping)
        {
            let stored = sim.stream().records.get(record);
            let before = last.insert((mapping, stored.key), stored.number);
            prop_assert!(
                before.is_none_or(|before| before < stored.number),
                "key {} out of order",
                stored.key
            );
        }
    }
    Ok(())
}

/// P4: every record put since a mapping's start succeeded exactly once, was discarded exactly once, expired or is
/// pending, and the counts add up; where nothing can fail, no row is written twice.
pub(crate) fn check_counts(sim: &Simulation, can_fail: bool) -> Result<(), TestCaseError> {
    let (mut rows, mut put) = (0u64, 0u64);
    let mut ends = vec![vec![0u8; sim.stream().records.len() as usize]; sim.mappings().len()];
    let mut counted = vec![(0u64, 0u64, 0u64); sim.mappings().len()];
    for (_, _, event) in sim.events(0, u32::MAX) {
        match event {
            Event::RecordPut { .. } => put += 1,
            Event::RowWritten { .. } => rows += 1,
            Event::InvocationEnded { invocation } => {
                let stored = sim.invocations().get(invocation);
                let count = brought_to_an_end(&stored);
                counted[usize::from(stored.lane.mapping)].0 += u64::from(count);
                let ends = &mut ends[usize::from(stored.lane.mapping)];
                sim.batch(invocation).take(count as usize).for_each(|record| ends[record as usize] += 1);
            }
            Event::RecordsDiscarded { discard } => {
                let discard = sim.discard(discard);
                counted[usize::from(discard.lane.mapping)].1 += u64::from(discard.count);
                let ends = &mut ends[usize::from(discard.lane.mapping)];
                sim.discarded(&discard).for_each(|record| ends[record as usize] += 1);
            }
            Event::RecordsExpired { mapping, records, .. } => {
                counted[usize::from(mapping)].2 += u64::from(records);
            }
            _ => {}
        }
    }
    prop_assert!(ends.iter().flatten().all(|&times| times <= 1), "a record ended twice");
    let summary = sim.summary();
    prop_assert_eq!(summary.records.put, put);
    for (idx, (counts, expect)) in summary.records.per_mapping.iter().zip(counted).enumerate() {
        prop_assert_eq!((counts.succeeded, counts.discarded, counts.expired), expect);
        let since_start = put - u64::from(sim.mappings()[idx].first);
        let known = counts.succeeded + counts.discarded + counts.expired + counts.filtered + counts.pending;
        prop_assert!(known == since_start || (known == 0 && sim.mappings()[idx].readers.is_empty()));
    }
    if !can_fail {
        prop_assert_eq!(summary.duplicates, 0);
    }
    prop_assert!(summary.duplicates <= rows);
    Ok(())
}

/// P5: a shard's checkpoint never goes back and is the last record before the first that is not done. Where records
/// expired, those past the retention count as done, and it may stand further back.
pub(crate) fn check_checkpoints(sim: &Simulation) -> Result<(), TestCaseError> {
    let mut open: BTreeMap<(u16, u32), std::collections::BTreeSet<u32>> = BTreeMap::new();
    let mut last: BTreeMap<(u16, u32), u32> = BTreeMap::new();
    let mut records: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    let mut expired = std::collections::BTreeSet::new();
    let before = |records: &[u32], lowest: Option<u32>, mapping: u16| {
        let done = lowest.map_or(records.len(), |lowest| records.partition_point(|&record| record < lowest));
        let record = *records.get(done.checked_sub(1)?)?;
        (record >= sim.mapping(mapping).first).then_some(record)
    };
    for (_, t, event) in sim.events(0, u32::MAX) {
        match event {
            Event::RecordPut { record } => {
                records.entry(sim.stream().records.get(record).shard).or_default().push(record);
                for (idx, _) in (0u16..).zip(sim.mappings()).filter(|(_, one)| record >= one.first) {
                    open.entry((idx, sim.stream().records.get(record).shard)).or_default().insert(record);
                }
            }
            Event::InvocationEnded { invocation } => {
                let stored = sim.invocations().get(invocation);
                let done = sim.batch(invocation).take(brought_to_an_end(&stored) as usize);
                let shard = open.get_mut(&(stored.lane.mapping, stored.lane.shard)).unwrap();
                done.for_each(|record| assert!(shard.remove(&record)));
            }
            Event::RecordsDiscarded { discard } => {
                let discard = sim.discard(discard);
                let shard = open.get_mut(&(discard.lane.mapping, discard.lane.shard)).unwrap();
                sim.discarded(&discard).for_each(|record| assert!(shard.remove(&record)));
            }
            Event::RecordsExpired { mapping, shard, .. } => {
                let kept =
                    |record: &u32| sim.stream().records.get(*record).arrival() >= sim.stream().horizon(t);
                open.entry((mapping, shard)).or_default().retain(kept);
                expired.insert((mapping, shard));
            }
            Event::CheckpointMoved { mapping, shard, record } => {
                let earlier = last.insert((mapping, shard), record);
                prop_assert!(earlier.is_none_or(|earlier| earlier < record), "the checkpoint went back");
                let lowest = open.get(&(mapping, shard)).and_then(|open| open.first());
                prop_assert!(
                    lowest.is_none_or(|&lowest| record < lowest),
                    "the checkpoint passed an open record"
                );
            }
            _ => {}
        }
    }
    for (&(mapping, shard), open) in open.iter().filter(|(of, _)| !expired.contains(of)) {
        let expect = before(&records[&shard], open.first().copied(), mapping);
        prop_assert_eq!(last.get(&(mapping, shard)).copied(), expect, "mapping {} shard {}", mapping, shard);
    }
    Ok(())
}

/// The cost of a run: ends of one ms share an entry of the log with the checkpoints that follow them.
#[test]
fn ends_and_their_checkpoints_share_an_entry() {
    let last = "340282366920938463463374607431768211455";
    let record = |at: u32, hash: &str| json!({"at": at, "PartitionKey": "k", "ExplicitHashKey": hash});
    let sim = run(&read(&json!({"version": 1, "id": "shared", "until": 60_000, "stream": {"ShardCount": 2},
        "producers": [{"type": "records", "records": [record(500, "0"), record(500, last), record(5500, "0")]}],
        "functions": [{"FunctionName": "f", "versions": {"1": {"handler": {"perInvocation": 10}}}}],
        "eventSourceMappings": [{"EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s",
            "FunctionName": "f", "StartingPosition": "TRIM_HORIZON"}]})));
    let entries = sim.log().entries();
    let ends = (0..entries.len()).filter_map(|idx| match entries.get(idx).run {
        Run::Ends { first, events } => Some((first, events)),
        Run::Puts { .. } | Run::Starts { .. } | Run::Rows { .. } | Run::One(_) => None,
    });
    assert_eq!(ends.collect::<Vec<_>>(), [(0, 4), (2, 2)]);
}
