//! What becomes of a batch, played again from the log by other means: a list of record lists for each lane.
#![expect(clippy::wildcard_enum_match_arm, reason = "a checker looks at the events it is about")]

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use shardlab::event_log::Event;
use shardlab::lambda::retry::{DiscardCondition, Outcome};
use shardlab::scenario::MappingConfig;
use shardlab::sim::Simulation;
use shardlab::sim::agenda::LaneRef;
use shardlab::sim::discard::Discard;
use shardlab::sim::event_json::EventBody;
use shardlab::units::{SimDuration, SimTime};

use crate::properties::brought_to_an_end;

/// A lane: what it has still to do of its batch, last one first; and what must follow its last failure.
#[derive(Default)]
struct Model {
    stack: Vec<Todo>,
    /// Records may have expired: the log does not say which.
    unknown: bool,
    /// The invocation that failed, until it is known what followed.
    failed: Option<u32>,
}

/// Records that belong together, and the batch they are tried as, once they are.
#[derive(Debug, PartialEq, Eq)]
struct Todo {
    records: Vec<u32>,
    batch: Option<u32>,
}

/// P6: halves are floor(n / 2) and the rest, the first half is done completely before the second; a cut's remainder
/// and the halves come with new batches; only settings that are on have an effect; attempts keep the quota.
/// P7: what is discarded has a document where there is a destination; nothing too old is handed over.
pub(crate) fn check_batches(sim: &Simulation) -> Result<(), TestCaseError> {
    let mut checker = Checker { sim, lanes: BTreeMap::new(), batches: BTreeSet::new() };
    for (_, t, event) in sim.events(0, u32::MAX) {
        match event {
            Event::InvocationStarted { invocation } => checker.started(t, invocation)?,
            Event::InvocationEnded { invocation } => checker.ended(invocation),
            Event::BatchSplit { invocation, left } => checker.split(invocation, left)?,
            Event::RetryScheduled { invocation, .. } => checker.retried(invocation)?,
            Event::RecordsDiscarded { discard } => checker.discarded(t, sim.discard(discard))?,
            Event::RecordsExpired { mapping, shard, .. } => checker.expired(mapping, shard),
            _ => {}
        }
    }
    check_documents(sim)
}

struct Checker<'a> {
    sim: &'a Simulation,
    lanes: BTreeMap<LaneRef, Model>,
    batches: BTreeSet<u32>,
}

impl<'a> Checker<'a> {
    fn settings(&self, lane: LaneRef) -> &'a MappingConfig {
        &self.sim.scenario().mappings[usize::from(lane.mapping)]
    }

    fn age(&self, t: SimTime, record: u32) -> SimDuration {
        t - self.sim.stream().records.get(record).arrival()
    }

    fn started(&mut self, t: SimTime, idx: u32) -> Result<(), TestCaseError> {
        let stored = self.sim.invocations().get(idx);
        let settings = self.settings(stored.lane);
        let records: Vec<u32> = self.sim.batch(idx).collect();
        let limit = settings.maximum_record_age;
        prop_assert!(limit.is_none_or(|limit| records.iter().all(|&record| self.age(t, record) <= limit)));
        prop_assert!(settings.maximum_retry_attempts.is_none_or(|retries| stored.attempt <= retries + 1));
        prop_assert!(records.len() as u32 <= settings.batch_size);
        let lane = self.lanes.entry(stored.lane).or_default();
        prop_assert_eq!(lane.failed, None, "nothing followed a failure");
        if lane.stack.is_empty() || lane.unknown {
            lane.stack = vec![Todo { records: records.clone(), batch: None }];
            lane.unknown = false;
            self.batches.remove(&stored.batch);
        }
        let Some(todo) = lane.stack.last_mut() else { unreachable!("the lane has a batch") };
        prop_assert_eq!(&records, &todo.records);
        match todo.batch.replace(stored.batch) {
            Some(batch) => prop_assert_eq!(batch, stored.batch),
            None => prop_assert!(self.batches.insert(stored.batch), "a half or a remainder is a new batch"),
        }
        Ok(())
    }

    fn ended(&mut self, idx: u32) {
        let stored = self.sim.invocations().get(idx);
        let lane = self.lanes.get_mut(&stored.lane).unwrap();
        let done = brought_to_an_end(&stored) as usize;
        let todo = lane.stack.last_mut().unwrap();
        todo.records.drain(..done);
        if todo.records.is_empty() {
            lane.stack.pop();
        } else if done == 0 {
            lane.failed = Some(idx);
        } else {
            todo.batch = None;
        }
    }

    fn split(&mut self, idx: u32, left: u32) -> Result<(), TestCaseError> {
        let stored = self.sim.invocations().get(idx);
        prop_assert!(self.settings(stored.lane).bisect_batch_on_function_error);
        prop_assert!(stored.count >= 2 && left == stored.count / 2);
        prop_assert!(stored.outcome().unwrap().0 != Outcome::Throttled);
        let lane = self.lanes.get_mut(&stored.lane).unwrap();
        prop_assert_eq!(lane.failed.take(), Some(idx));
        let mut whole = lane.stack.pop().unwrap().records;
        let right = whole.split_off(left as usize);
        lane.stack.extend([right, whole].map(|records| Todo { records, batch: None }));
        Ok(())
    }

    fn retried(&mut self, idx: u32) -> Result<(), TestCaseError> {
        let stored = self.sim.invocations().get(idx);
        let throttled = stored.outcome().unwrap().0 == Outcome::Throttled;
        let bisect = self.settings(stored.lane).bisect_batch_on_function_error;
        prop_assert!(throttled || !bisect || stored.count == 1);
        prop_assert_eq!(self.lanes.get_mut(&stored.lane).unwrap().failed.take(), Some(idx));
        Ok(())
    }

    fn discarded(&mut self, t: SimTime, discard: Discard) -> Result<(), TestCaseError> {
        let settings = self.settings(discard.lane);
        let records: Vec<u32> = self.sim.discarded(&discard).collect();
        let limit = settings.maximum_record_age;
        let too_old = limit.is_some_and(|limit| records.iter().all(|&record| self.age(t, record) > limit));
        let lane = self.lanes.entry(discard.lane).or_default();
        match discard.condition {
            DiscardCondition::RetryAttemptsExhausted => {
                prop_assert_eq!(settings.maximum_retry_attempts, Some(discard.attempts - 1));
                prop_assert!(!settings.bisect_batch_on_function_error || records.len() == 1);
                prop_assert!(lane.failed.take().is_some());
                prop_assert_eq!(lane.stack.pop().map(|todo| todo.records), Some(records));
            }
            DiscardCondition::RecordAgeExceeded => {
                prop_assert!(too_old && lane.failed.is_none());
                // Of a batch that was closed only now nothing is known yet.
                if let Some(Todo { records: top, .. }) = lane.stack.last_mut() {
                    prop_assert!(lane.unknown || top.starts_with(&records));
                    top.drain(..records.len().min(top.len()));
                    if top.is_empty() {
                        lane.stack.pop();
                    }
                }
            }
        }
        Ok(())
    }

    fn expired(&mut self, mapping: u16, shard: u32) {
        let of_shard = |lane: &LaneRef| lane.mapping == mapping && lane.shard == shard;
        let lanes = self.lanes.iter_mut().filter(|(lane, _)| of_shard(lane));
        lanes.for_each(|(_, lane)| lane.unknown = true);
    }
}

pub(crate) fn check_documents(sim: &Simulation) -> Result<(), TestCaseError> {
    for line in sim.event_lines(0, u32::MAX) {
        let EventBody::RecordsDiscarded { mapping, records, condition, destination, document, .. } =
            line.body
        else {
            continue;
        };
        let expect =
            sim.scenario().mappings[usize::from(mapping)].on_failure.as_ref().map(|to| to.arn.clone());
        prop_assert_eq!(&destination, &expect);
        prop_assert_eq!(document.is_some(), destination.is_some());
        if let Some(document) = document {
            let info = &document["KinesisBatchInfo"];
            prop_assert_eq!(info["batchSize"].as_u64(), Some(records.len() as u64));
            let number = |record: u32| serde_json::Value::String(sim.sequence_number(record));
            prop_assert_eq!(&info["startSequenceNumber"], &number(records[0]));
            prop_assert_eq!(&info["endSequenceNumber"], &number(records[records.len() - 1]));
            prop_assert_eq!(document["requestContext"]["condition"].as_str(), Some(condition));
        }
    }
    Ok(())
}
