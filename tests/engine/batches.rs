//! What becomes of a batch, played again from the log by other means: a list of record lists for each lane.
#![expect(clippy::wildcard_enum_match_arm, reason = "a checker looks at the events it is about")]

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use shardlab::event_log::Event;
use shardlab::lambda::retry::{DiscardCondition, Outcome};
use shardlab::sim::Simulation;
use shardlab::sim::agenda::LaneRef;
use shardlab::sim::event_json::EventBody;

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
    let mut lanes: BTreeMap<LaneRef, Model> = BTreeMap::new();
    let mut batches: BTreeSet<u32> = BTreeSet::new();
    for (_, t, event) in sim.events(0, u32::MAX) {
        match event {
            Event::InvocationStarted { invocation: idx } => {
                let stored = sim.invocations().get(idx);
                let settings = &sim.scenario().mappings[usize::from(stored.lane.mapping)];
                let lane = lanes.entry(stored.lane).or_default();
                prop_assert_eq!(lane.failed, None, "nothing followed a failure");
                let records: Vec<u32> = sim.batch(idx).collect();
                let age = |record: &u32| t - sim.stream().records.get(*record).arrival();
                let limit = settings.maximum_record_age;
                prop_assert!(limit.is_none_or(|limit| records.iter().all(|record| age(record) <= limit)));
                prop_assert!(
                    settings.maximum_retry_attempts.is_none_or(|retries| stored.attempt <= retries + 1)
                );
                prop_assert!(records.len() as u32 <= settings.batch_size);
                if lane.stack.is_empty() || lane.unknown {
                    lane.stack = vec![Todo { records: records.clone(), batch: None }];
                    lane.unknown = false;
                    batches.remove(&stored.batch);
                }
                let todo = lane.stack.last_mut().unwrap();
                prop_assert_eq!(&records, &todo.records);
                match todo.batch.replace(stored.batch) {
                    Some(batch) => prop_assert_eq!(batch, stored.batch),
                    None => {
                        prop_assert!(batches.insert(stored.batch), "a half or a remainder is a new batch")
                    }
                }
            }
            Event::InvocationEnded { invocation: idx } => {
                let stored = sim.invocations().get(idx);
                let lane = lanes.get_mut(&stored.lane).unwrap();
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
            Event::BatchSplit { invocation: idx, left } => {
                let stored = sim.invocations().get(idx);
                prop_assert!(
                    sim.scenario().mappings[usize::from(stored.lane.mapping)].bisect_batch_on_function_error
                );
                prop_assert!(stored.count >= 2 && left == stored.count / 2);
                prop_assert!(stored.outcome().unwrap().0 != Outcome::Throttled);
                let lane = lanes.get_mut(&stored.lane).unwrap();
                prop_assert_eq!(lane.failed.take(), Some(idx));
                let mut whole = lane.stack.pop().unwrap().records;
                let right = whole.split_off(left as usize);
                lane.stack.extend([right, whole].map(|records| Todo { records, batch: None }));
            }
            Event::RetryScheduled { invocation: idx, .. } => {
                let stored = sim.invocations().get(idx);
                let settings = &sim.scenario().mappings[usize::from(stored.lane.mapping)];
                let throttled = stored.outcome().unwrap().0 == Outcome::Throttled;
                prop_assert!(throttled || !settings.bisect_batch_on_function_error || stored.count == 1);
                prop_assert_eq!(lanes.get_mut(&stored.lane).unwrap().failed.take(), Some(idx));
            }
            Event::RecordsDiscarded { discard: idx } => {
                let discard = sim.discard(idx);
                let settings = &sim.scenario().mappings[usize::from(discard.lane.mapping)];
                let lane = lanes.entry(discard.lane).or_default();
                let records: Vec<u32> = sim.discarded(&discard).collect();
                match discard.condition {
                    DiscardCondition::RetryAttemptsExhausted => {
                        prop_assert_eq!(settings.maximum_retry_attempts, Some(discard.attempts - 1));
                        prop_assert!(!settings.bisect_batch_on_function_error || records.len() == 1);
                        prop_assert!(lane.failed.take().is_some());
                        prop_assert_eq!(lane.stack.pop().map(|todo| todo.records), Some(records));
                    }
                    DiscardCondition::RecordAgeExceeded => {
                        let limit = settings.maximum_record_age.unwrap();
                        let age = |record: &u32| t - sim.stream().records.get(*record).arrival();
                        prop_assert!(records.iter().all(|record| age(record) > limit));
                        prop_assert_eq!(lane.failed, None);
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
            }
            Event::RecordsExpired { mapping, shard, .. } => {
                let of_shard = |lane: &LaneRef| lane.mapping == mapping && lane.shard == shard;
                lanes.iter_mut().filter(|(lane, _)| of_shard(lane)).for_each(|(_, lane)| lane.unknown = true);
            }
            _ => {}
        }
    }
    check_documents(sim)
}

fn check_documents(sim: &Simulation) -> Result<(), TestCaseError> {
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
