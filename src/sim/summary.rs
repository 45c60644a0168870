//! Counts of a run, and the summary a headless run prints.

use serde::Serialize;

use super::Simulation;
use super::mapping::Mapping;
use crate::kinesis::shard::Shard;
use crate::lambda::retry::Outcome;
use crate::units::SimDuration;

/// Bytes of one PUT payload unit. AWS: Kinesis pricing page, 25 KB.
const PUT_UNIT_BYTES: u32 = 25 * 1024;

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
    put_units: u64,
    megabyte_ms: u64,
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

impl Totals {
    /// A record of `size` bytes was put.
    pub fn record_put(&mut self, size: u32) {
        self.put_units += u64::from(size.div_ceil(PUT_UNIT_BYTES).max(1));
    }

    /// An invocation was billed.
    pub fn bill(&mut self, memory_mb: u32, duration: SimDuration) {
        self.megabyte_ms += u64::from(memory_mb) * duration.0;
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
    /// What the run would cost, in US dollars.
    pub cost: Cost,
    /// 16 lower-case hex digits.
    pub digest: String,
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

/// Cost in US dollars, six decimals: us-east-1 list prices, x86, no free tier, read 2026-11-21. Check current
/// prices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cost {
    /// $0.20 per million requests and $0.0000166667 per GB-second.
    pub lambda: String,
    /// $0.015 per shard-hour and $0.014 per million PUT payload units.
    pub kinesis: String,
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
            cost: self.cost(),
            digest: self.digest(),
        }
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

    fn cost(&self) -> Cost {
        // In units of 10^-13 dollars, so that every price is a whole number.
        let totals = self.totals();
        let request = u128::from(totals.invocations) * 2_000_000;
        let megabyte_ms = u128::from(totals.megabyte_ms) * 166_667_000 / (1024 * 1000);
        // A shard costs from its opening to its end.
        let open_ms = |shard: &Shard| shard.closed.map_or(self.now(), |closed| closed.at) - shard.opened;
        let shard_ms: u128 = self.stream().shards.iter().map(|shard| u128::from(open_ms(shard).0)).sum();
        let shards = shard_ms * 150_000_000_000 / 3_600_000;
        let units = u128::from(totals.put_units) * 140_000;
        Cost { lambda: dollars(request + megabyte_ms), kinesis: dollars(shards + units) }
    }
}

/// Six decimals of an amount in units of 10^-13 dollars, rounded half up.
fn dollars(amount: u128) -> String {
    let micros = (amount + 5_000_000) / 10_000_000;
    format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dollars_have_six_decimals() {
        assert_eq!(dollars(0), "0.000000");
        // Article C's error run: 36 s at 128 MB.
        assert_eq!(dollars(36_000 * 128 * 166_667_000 / 1_024_000), "0.000075");
        assert_eq!(dollars(12_345_678_995_000_000), "1234.567900");
    }
}
