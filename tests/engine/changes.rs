//! What holds in every run while its mappings change: settings, lanes, pauses, restarts, filters, windows, redrives.
//! Checked from the log alone; records may be handed over again after the checkpoint, so that each counts by what
//! became of it first.
#![expect(clippy::wildcard_enum_match_arm, reason = "a checker looks at the events it is about")]

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use shardlab::event_log::Event;
use shardlab::kinesis::stream::NONE;
use shardlab::lambda::retry::Outcome;
use shardlab::scenario::MappingConfig;
use shardlab::sim::Simulation;
use shardlab::sim::agenda::LaneRef;
use shardlab::units::SimTime;

use crate::generate::Changing;
use crate::properties::brought_to_an_end;
use crate::{run, run_in_chunks};

proptest! {
    // Each case checks one random run of some thousand events, and runs it twice; 96 take some seconds.
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn promises_hold_while_mappings_change(changing in Changing::any()) {
        let scenario = changing.scenario();
        let sim = run(&scenario);
        let mut checker = Checker::new(&sim);
        for (_, t, event) in sim.events(0, u32::MAX) {
            checker.look(t, event)?;
        }
        checker.check_counts()?;
        crate::batches::check_documents(&sim)?;
        prop_assert_eq!((sim.usage().megabyte_ms, sim.usage().wasted_megabyte_ms), crate::cost::worked(&sim));
        prop_assert_eq!(run_in_chunks(&scenario, 11).digest(), sim.digest());
    }
}

/// What became of a record first, or what a redrive made of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Succeeded,
    Discarded,
    Filtered,
}

struct Checker<'a> {
    sim: &'a Simulation,
    /// By mapping and record.
    fates: BTreeMap<(u16, u32), Fate>,
    /// Records past the stream's retention, by mapping.
    expired: BTreeMap<u16, u64>,
    /// Records that are not done, by mapping and shard.
    open: BTreeMap<(u16, u32), BTreeSet<u32>>,
    checkpoints: BTreeMap<(u16, u32), u32>,
    /// By mapping and key: the number of the last record that came to an end in its turn.
    ended: BTreeMap<(u16, u32), u32>,
    running: BTreeMap<LaneRef, u32>,
    redriven: BTreeSet<u32>,
    attempts: BTreeMap<u32, u32>,
}

impl<'a> Checker<'a> {
    fn new(sim: &'a Simulation) -> Self {
        Self {
            sim,
            fates: BTreeMap::new(),
            expired: BTreeMap::new(),
            open: BTreeMap::new(),
            checkpoints: BTreeMap::new(),
            ended: BTreeMap::new(),
            running: BTreeMap::new(),
            redriven: BTreeSet::new(),
            attempts: BTreeMap::new(),
        }
    }

    fn look(&mut self, t: SimTime, event: Event) -> Result<(), TestCaseError> {
        match event {
            Event::RecordPut { record } => {
                let shard = self.sim.stream().records.get(record).shard;
                for (idx, _) in (0u16..).zip(self.sim.mappings()).filter(|(_, one)| record >= one.first) {
                    self.open.entry((idx, shard)).or_default().insert(record);
                }
            }
            Event::InvocationStarted { invocation } => self.started(t, invocation)?,
            Event::InvocationEnded { invocation } => self.ended(invocation)?,
            Event::RecordsDiscarded { discard } => {
                let discard = self.sim.discard(discard);
                let records: Vec<u32> = self.sim.discarded(&discard).collect();
                self.end_in_turn(discard.lane, records.into_iter(), Fate::Discarded)?;
            }
            Event::RecordFiltered { mapping, record } => {
                self.fates.entry((mapping, record)).or_insert(Fate::Filtered);
                let shard = self.sim.stream().records.get(record).shard;
                self.open.entry((mapping, shard)).or_default().remove(&record);
            }
            Event::RecordsExpired { mapping, shard, records } => {
                *self.expired.entry(mapping).or_default() += u64::from(records);
                let stream = self.sim.stream();
                let kept = |record: &u32| stream.records.get(*record).arrival() >= stream.horizon(t);
                self.open.entry((mapping, shard)).or_default().retain(kept);
            }
            Event::RetryScheduled { invocation, .. } => self.retried(t, invocation)?,
            Event::BatchSplit { invocation, left } => {
                let one = self.sim.invocations().get(invocation);
                let allowed =
                    self.in_force(t, one.lane.mapping, |config| config.bisect_batch_on_function_error);
                prop_assert!(allowed && left >= 1 && left == one.count / 2, "{} of {}", left, one.count);
            }
            Event::CheckpointMoved { mapping, shard, record } => {
                let before = self.checkpoints.insert((mapping, shard), record);
                prop_assert!(
                    before.is_none_or(|before| before < record),
                    "the checkpoint went back at {}",
                    t
                );
                let lowest = self.open.get(&(mapping, shard)).and_then(|open| open.first());
                prop_assert!(lowest.is_none_or(|&lowest| record < lowest), "an open record passed at {}", t);
            }
            _ => {}
        }
        Ok(())
    }

    /// Whether settings in force at `t`, or until then, are such.
    fn in_force(&self, t: SimTime, mapping: u16, holds: impl Fn(&MappingConfig) -> bool) -> bool {
        let before = SimTime(t.0.saturating_sub(1));
        [before, t].into_iter().any(|t| holds(self.sim.mapping(mapping).config_at(t)))
    }

    fn started(&mut self, t: SimTime, idx: u32) -> Result<(), TestCaseError> {
        let one = self.sim.invocations().get(idx);
        let attempt = self.attempts.entry(one.batch).or_insert(1);
        prop_assert_eq!(one.attempt, *attempt);
        if one.is_redrive() {
            self.redriven.insert(idx);
        } else {
            prop_assert_eq!(self.running.insert(one.lane, idx), None, "two invocations of one lane at {}", t);
            let records = self.sim.batch(idx).collect::<Vec<_>>();
            prop_assert!(records.windows(2).all(|pair| pair[0] < pair[1]), "{:?}", records);
            let lane = |record| self.sim.stream().records.get(record).shard == one.lane.shard;
            prop_assert!(records.into_iter().all(lane));
        }
        let running = self.running.values().chain(&self.redriven);
        self.check_concurrency(running.copied())
    }

    fn check_concurrency(&self, running: impl Iterator<Item = u32>) -> Result<(), TestCaseError> {
        let functions = &self.sim.scenario().functions;
        let mut busy = vec![0; functions.len()];
        let running = running.map(|idx| self.sim.invocations().get(idx));
        running
            .filter(|one| one.environment != NONE)
            .for_each(|one| busy[self.sim.function_of(&one) as usize] += 1);
        let mut shared = (0, self.sim.scenario().quotas.concurrent_executions);
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

    fn ended(&mut self, idx: u32) -> Result<(), TestCaseError> {
        let one = self.sim.invocations().get(idx);
        let done: Vec<u32> = self.sim.batch(idx).take(brought_to_an_end(&one) as usize).collect();
        if one.outcome().map(|(outcome, _)| outcome) != Some(Outcome::Throttled) {
            *self.attempts.get_mut(&one.batch).unwrap() += 1;
        }
        if one.is_redrive() {
            prop_assert!(self.redriven.remove(&idx));
            for record in done {
                let fate = self.fates.get_mut(&(one.lane.mapping, record)).expect("it was discarded");
                if *fate == Fate::Discarded {
                    *fate = Fate::Succeeded;
                }
            }
            return Ok(());
        }
        prop_assert_eq!(self.running.remove(&one.lane), Some(idx));
        self.end_in_turn(one.lane, done.into_iter(), Fate::Succeeded)
    }

    /// Records of a lane come to an end: for the first time in the order of their key.
    fn end_in_turn(
        &mut self,
        lane: LaneRef,
        records: impl Iterator<Item = u32>,
        fate: Fate,
    ) -> Result<(), TestCaseError> {
        for record in records {
            self.open.entry((lane.mapping, lane.shard)).or_default().remove(&record);
            if self.fates.contains_key(&(lane.mapping, record)) {
                continue;
            }
            self.fates.insert((lane.mapping, record), fate);
            let stored = self.sim.stream().records.get(record);
            let before = self.ended.insert((lane.mapping, stored.key), stored.number);
            prop_assert!(
                before.is_none_or(|before| before < stored.number),
                "record {} out of order",
                record
            );
        }
        Ok(())
    }

    fn retried(&self, t: SimTime, idx: u32) -> Result<(), TestCaseError> {
        let one = self.sim.invocations().get(idx);
        prop_assert!(!one.is_redrive());
        if one.outcome().map(|(outcome, _)| outcome) == Some(Outcome::Throttled) {
            return Ok(());
        }
        let quota = |config: &MappingConfig| {
            config.maximum_retry_attempts.is_none_or(|retries| one.attempt <= retries)
        };
        prop_assert!(self.in_force(t, one.lane.mapping, quota), "attempt {} is tried again", one.attempt);
        Ok(())
    }

    /// Every record put since a mapping's start has one fate or none yet, and the counts are those of the fates.
    fn check_counts(&self) -> Result<(), TestCaseError> {
        let summary = self.sim.summary();
        let put = self.sim.stream().records.len();
        for (idx, counts) in (0u16..).zip(&summary.records.per_mapping) {
            let mapping = self.sim.mapping(idx);
            let of = |fate: Fate| {
                self.fates.iter().filter(|((one, _), of)| (*one, **of) == (idx, fate)).count() as u64
            };
            let expired = self.expired.get(&idx).copied().unwrap_or(0);
            let expect = (of(Fate::Succeeded), of(Fate::Discarded), of(Fate::Filtered), expired);
            prop_assert_eq!((counts.succeeded, counts.discarded, counts.filtered, counts.expired), expect);
            let since = if mapping.readers.is_empty() { 0 } else { u64::from(put - mapping.first) };
            let all = counts.succeeded + counts.discarded + counts.filtered + counts.expired + counts.pending;
            prop_assert_eq!(all, since);
            prop_assert!(
                self.fates.keys().filter(|(one, _)| *one == idx).all(|&(_, record)| record >= mapping.first)
            );
        }
        Ok(())
    }
}
