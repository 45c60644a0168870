//! What holds in every run, checked from the event log alone, outside the engine.
#![expect(clippy::wildcard_enum_match_arm, reason = "a checker looks at the events it is about")]
use std::collections::BTreeMap;

use crate::generate::{Shape, scenario};
use crate::run;
use proptest::prelude::*;
use shardlab::event_log::Event;
use shardlab::kinesis::{HashKey, HashKeyRange};
use shardlab::lambda::retry::Outcome;
use shardlab::sim::Simulation;
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
    // Each case checks four properties of one random run of some thousand events; 96 take a few seconds.
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// P2 to P5 over random scenarios.
    #[test]
    fn every_run_keeps_its_promises(shape in Shape::any()) {
        let scenario = scenario(&shape);
        let sim = run(&scenario);
        check_log(&sim)?;
        check_order_of_keys(&sim)?;
        check_counts(&sim, shape.can_fail())?;
        check_checkpoints(&sim)?;
    }
}

/// P2: times never decrease, numbers are dense, a lane never has two invocations at once, concurrency keeps its
/// limit, and attempts of a batch count up from 1.
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
        let active =
            running.values().filter(|&&idx| sim.invocations().get(idx).environment != u32::MAX).count();
        prop_assert!(active as u32 <= sim.scenario().quotas.concurrent_executions);
    }
    prop_assert_eq!(last.1, sim.log().count());
    Ok(())
}

/// P3: rows of a key are written in the order of its records, repetitions by retries aside.
pub(crate) fn check_order_of_keys(sim: &Simulation) -> Result<(), TestCaseError> {
    let mut last: BTreeMap<u32, u32> = BTreeMap::new();
    let mut seen = std::collections::BTreeSet::new();
    for (_, _, event) in sim.events(0, u32::MAX) {
        if let Event::RowWritten { record, .. } = event
            && seen.insert(record)
        {
            let stored = sim.stream().records.get(record);
            let before = last.insert(stored.key, stored.number);
            prop_assert!(
                before.is_none_or(|before| before < stored.number),
                "key {} out of order",
                stored.key
            );
        }
    }
    Ok(())
}

/// P4: every record put since the mapping's start succeeded exactly once or is pending, and the counts add up;
/// where nothing can fail, no row is written twice.
pub(crate) fn check_counts(sim: &Simulation, can_fail: bool) -> Result<(), TestCaseError> {
    let mut succeeded = vec![0u32; sim.stream().records.len() as usize];
    let (mut rows, mut put) = (0u64, 0u64);
    for (_, _, event) in sim.events(0, u32::MAX) {
        match event {
            Event::RecordPut { .. } => put += 1,
            Event::RowWritten { .. } => rows += 1,
            Event::InvocationEnded { invocation } => {
                let stored = sim.invocations().get(invocation);
                if stored.outcome().map(|(outcome, _)| outcome) == Some(Outcome::Ok) {
                    sim.batch(invocation).for_each(|record| succeeded[record as usize] += 1);
                }
            }
            _ => {}
        }
    }
    prop_assert!(succeeded.iter().all(|&times| times <= 1), "a record succeeded twice");
    let summary = sim.summary();
    let counts = &summary.records.per_mapping[0];
    prop_assert_eq!(summary.records.put, put);
    prop_assert_eq!(counts.succeeded, u64::from(succeeded.iter().sum::<u32>()));
    let since_start = put - u64::from(sim.mappings()[0].first);
    let known = counts.succeeded + counts.discarded + counts.expired + counts.filtered + counts.pending;
    prop_assert!(known == since_start || (known == 0 && sim.mappings()[0].readers.is_empty()));
    if !can_fail {
        prop_assert_eq!(summary.duplicates, 0);
    }
    prop_assert!(summary.duplicates <= rows);
    Ok(())
}

/// P5: a shard's checkpoint never goes back and never passes a record that is not done.
pub(crate) fn check_checkpoints(sim: &Simulation) -> Result<(), TestCaseError> {
    let first = sim.mappings()[0].first;
    let mut open: BTreeMap<u32, std::collections::BTreeSet<u32>> = BTreeMap::new();
    let mut last: BTreeMap<u32, u32> = BTreeMap::new();
    for (_, _, event) in sim.events(0, u32::MAX) {
        match event {
            Event::RecordPut { record } if record >= first => {
                open.entry(sim.stream().records.get(record).shard).or_default().insert(record);
            }
            Event::InvocationEnded { invocation } => {
                let stored = sim.invocations().get(invocation);
                if stored.outcome().map(|(outcome, _)| outcome) == Some(Outcome::Ok) {
                    let shard = open.get_mut(&stored.lane.shard).unwrap();
                    sim.batch(invocation).for_each(|record| assert!(shard.remove(&record)));
                }
            }
            Event::CheckpointMoved { shard, record, .. } => {
                let before = last.insert(shard, record);
                prop_assert!(before.is_none_or(|before| before < record), "the checkpoint went back");
                let lowest = open.get(&shard).and_then(|open| open.first());
                prop_assert!(
                    lowest.is_none_or(|&lowest| record < lowest),
                    "the checkpoint passed an open record"
                );
            }
            _ => {}
        }
    }
    Ok(())
}
