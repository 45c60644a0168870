//! Counts of a run, and the summary a headless run prints.

use serde::Serialize;

use super::Simulation;
use super::cost::{Cost, Work};
use super::mapping::Mapping;
use crate::cloudwatch::metric::Level;
use crate::cloudwatch::{Bucket, Metric};
use crate::lambda::retry::Outcome;
use crate::scenario::FunctionConfig;
use crate::units::SimDuration;

/// Counts of a run so far.
#[derive(Clone, Debug, Default)]
pub struct Totals {
    /// Invocations started, throttled ones left out.
    pub invocations: u64,
    /// Invocations ended, by outcome.
    pub outcomes: Outcomes,
    /// Puts refused.
    pub throttled: u64,
    /// Rows written for a record that had one already.
    pub duplicates: u64,
    /// Largest `IteratorAge`.
    pub iterator_age_max: SimDuration,
    /// Most invocations at once.
    pub running_max: u32,
    /// What is paid for by the piece.
    pub(super) work: Work,
}

/// Invocations by outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Outcomes {
    /// The handler returned.
    pub ok: u64,
    /// The handler failed.
    pub error: u64,
    /// The handler did not end in time.
    pub timeout: u64,
    /// The environment was lost.
    pub crash: u64,
    /// There was no room to run it.
    pub throttled: u64,
    /// The handler reported failed records.
    pub partial: u64,
}

impl Outcomes {
    /// Counts one more.
    pub fn count(&mut self, outcome: Outcome) {
        let count = match outcome {
            Outcome::Ok => &mut self.ok,
            Outcome::Error => &mut self.error,
            Outcome::Timeout => &mut self.timeout,
            Outcome::Crash => &mut self.crash,
            Outcome::Throttled => &mut self.throttled,
            Outcome::Partial => &mut self.partial,
        };
        *count += 1;
    }
}

/// What a headless run prints (`docs/scenario.md`, Headless run).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Invocations started, throttled ones left out.
    pub invocations: u64,
    /// Invocations ended, by outcome.
    pub outcomes: Outcomes,
    /// Records, by what became of them.
    pub records: RecordCounts,
    /// Rows written for a record that had one already.
    pub duplicates: u64,
    /// Largest `IteratorAge`, in milliseconds.
    pub max_iterator_age: u64,
    /// Time of the last event, in milliseconds.
    pub last_event_at: u64,
    /// Lambda's metrics of each function, summed up.
    pub functions: Vec<FunctionTotals>,
    /// What the run would cost, in US dollars.
    pub cost: Cost,
    /// 16 lower-case hex digits.
    pub digest: String,
}

/// A function's metrics over the whole run, by AWS's names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct FunctionTotals {
    /// The function.
    pub function_name: String,
    /// Sum: invocations started, throttled ones left out.
    pub invocations: u64,
    /// Sum: invocations ended that failed, reports left out.
    pub errors: u64,
    /// Sum: invocations refused.
    pub throttles: u64,
    /// Sum, in milliseconds, of invocations that have ended.
    pub duration: u64,
    /// Maximum, in milliseconds.
    pub iterator_age: u32,
    /// Maximum.
    pub concurrent_executions: u32,
}

/// Records, by what became of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordCounts {
    /// Stored.
    pub put: u64,
    /// Refused by a shard's write limit.
    pub throttled: u64,
    /// By mapping; each adds up to what was put since the mapping's start.
    pub per_mapping: Vec<MappingCounts>,
}

/// Records of one mapping, by what became of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MappingCounts {
    /// In a batch that succeeded.
    pub succeeded: u64,
    /// Given up.
    pub discarded: u64,
    /// Past the stream's retention.
    pub expired: u64,
    /// Kept away by a filter.
    pub filtered: u64,
    /// None of these yet.
    pub pending: u64,
    /// The metrics of the group `EventCount`, where the mapping asks for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_count: Option<EventCounts>,
}

/// A mapping's metrics of the group `EventCount`, summed over the run; by AWS's names.
///
/// AWS: Lambda developer guide, "Types of metrics", as stored in 2025.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct EventCounts {
    /// Records read.
    pub polled_event_count: u64,
    /// Records that a filter kept away.
    pub filtered_out_event_count: u64,
    /// Records handed over, again at each attempt.
    pub invoked_event_count: u64,
    /// Records of invocations that failed, or that reported failures.
    pub failed_invoke_event_count: u64,
    /// Records given up that no destination got. Records that expired do not count.
    pub dropped_event_count: u64,
    /// Records given up that a destination was told of.
    pub on_failure_destination_delivered_event_count: u64,
}

impl Simulation {
    /// The digest of everything so far: 16 lower-case hex digits.
    #[must_use]
    pub fn digest(&self) -> String {
        format!("{:016x}", self.log().digest())
    }

    /// Bytes held by the log: entries, invocations, records and the chains that batches are made of. The table
    /// of partition keys is not counted.
    #[must_use]
    pub fn log_bytes(&self) -> u64 {
        let mappings: u64 = self.mappings().iter().map(super::Mapping::bytes).sum();
        self.log().bytes() + self.invocations().bytes() + self.stream().bytes().0 + mappings
    }

    /// What came of the run so far.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let totals = self.totals();
        let put = u64::from(self.stream().records.len());
        let per_mapping = (0..self.mappings().len()).map(|mapping| self.mapping_counts(mapping)).collect();
        Summary {
            invocations: totals.invocations,
            outcomes: totals.outcomes,
            records: RecordCounts { put, throttled: totals.throttled, per_mapping },
            duplicates: totals.duplicates,
            max_iterator_age: totals.iterator_age_max.0,
            last_event_at: self.log().last_at().0,
            functions: self.function_totals(),
            cost: self.cost(),
            digest: self.digest(),
        }
    }

    fn function_totals(&self) -> Vec<FunctionTotals> {
        let metrics = self.metrics();
        let totals = |(function, config): (u32, &FunctionConfig)| {
            let group = metrics.find(Level::Function, function, 0);
            let total = |metric| group.map_or(Bucket::EMPTY, |group| metrics.total(group, metric));
            FunctionTotals {
                function_name: config.name.clone(),
                invocations: total(Metric::Invocations).sum,
                errors: total(Metric::Errors).sum,
                throttles: total(Metric::Throttles).sum,
                duration: total(Metric::Duration).sum,
                iterator_age: total(Metric::IteratorAge).max,
                concurrent_executions: total(Metric::ConcurrentExecutions).max,
            }
        };
        (0..).zip(&self.scenario().functions).map(totals).collect()
    }

    fn mapping_counts(&self, idx: usize) -> MappingCounts {
        let mapping = &self.mappings()[idx];
        let put = if !mapping.readers.is_empty() {
            u64::from(self.stream().records.len() - mapping.first)
        } else {
            0
        };
        let Mapping { succeeded, discarded, expired, filtered, .. } = *mapping;
        let pending = put - succeeded - discarded - expired - filtered;
        let event_count = mapping.config().event_count_metrics.then_some(mapping.events);
        MappingCounts { succeeded, discarded, expired, filtered, pending, event_count }
    }
}
