//! What the status line vouches for, counted from the log rather than taken from the engine's own totals.
//!
//! It follows the playhead: forward it looks at the new events only, back it starts over.

use crate::column::BitColumn;
use crate::event_log::Event;
use crate::kinesis::KeyId;
use crate::scenario::MappingConfig;
use crate::sim::Simulation;
use crate::sim::mapping::Mapping;
use std::collections::BTreeMap;

/// Events looked at in one go; the status line waits for the rest.
const EVENTS_MAX: u32 = 50_000;

/// Checks of a run up to the playhead.
#[derive(Clone, Debug, Default)]
pub struct Checks {
    seen: u32,
    /// By mapping and key.
    last_number: BTreeMap<(u16, KeyId), u32>,
    /// By mapping.
    written: Vec<BitColumn>,
    polled: u64,
    out_of_order: u64,
    repeats: u64,
}

/// What [`Checks::look`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Records whose first row was written after that of a later record of their key.
    pub out_of_order: u64,
    /// Records read from the stream that are neither done, nor in a lane, nor known to a destination. What counts as
    /// done, and was never handled, is lost.
    pub lost: u64,
    /// Rows written for a record that had one.
    pub repeats: u64,
}

impl Checks {
    /// Looks at what is new; `None` while there is more to look at.
    pub fn look(&mut self, sim: &Simulation) -> Option<Verdict> {
        let count = sim.log().count();
        if count < self.seen {
            *self = Self::default();
        }
        let to = count.min(self.seen.saturating_add(EVENTS_MAX));
        for (.., event) in sim.events(self.seen, to) {
            if let Event::RowWritten { record, invocation, .. } = event {
                self.row(sim, sim.invocations().get(invocation).lane.mapping, record);
            } else if let Event::RecordsPolled { records, .. } = event {
                self.polled += u64::from(records);
            }
        }
        self.seen = to;
        (to == count).then(|| Verdict {
            out_of_order: self.out_of_order,
            lost: self.polled.saturating_sub(read_again(sim) + accounted(sim)),
            repeats: self.repeats,
        })
    }

    fn row(&mut self, sim: &Simulation, mapping: u16, record: u32) {
        self.written.resize(sim.mappings().len(), BitColumn::default());
        if !self.written[usize::from(mapping)].insert(record) {
            self.repeats += 1;
            return;
        }
        let stored = sim.stream().records.get(record);
        let last = self.last_number.entry((mapping, stored.key)).or_default();
        if stored.number < *last {
            self.out_of_order += 1;
        }
        *last = stored.number.max(*last);
    }
}

/// Reads of records that had been read before the mapping fell back to its checkpoint.
fn read_again(sim: &Simulation) -> u64 {
    sim.mappings().iter().map(|mapping| mapping.read_again).sum()
}

/// Records that were handled and are done, those in hand, waiting in a lane, or known to a destination.
fn accounted(sim: &Simulation) -> u64 {
    let kept = |(mapping, config): (&Mapping, &MappingConfig)| {
        if config.on_failure.is_some() { mapping.discarded } else { 0 }
    };
    let discarded: u64 = sim.mappings().iter().zip(&sim.scenario().mappings).map(kept).sum();
    let lanes = sim.mappings().iter().flat_map(|mapping| &mapping.lanes);
    let open: u64 = lanes.map(|lane| lane.waiting.len() as u64 + u64::from(lane.in_hand())).sum();
    let done = |mapping: &Mapping| mapping.succeeded - mapping.unhandled + mapping.filtered;
    open + sim.mappings().iter().map(done).sum::<u64>() + discarded
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;
    use crate::units::SimTime;

    #[test]
    fn article_c_keeps_order_and_loses_nothing() {
        let text = super::super::shipped::FIRST.1;
        let mut sim = Simulation::new(Scenario::from_json(text).unwrap());
        let start = sim.clone();
        let mut checks = Checks::default();
        let fine = Some(Verdict { out_of_order: 0, lost: 0, repeats: 0 });
        for t in (0..240_000).step_by(7777) {
            sim.run_until(SimTime(t));
            assert_eq!(checks.look(&sim), fine);
        }
        assert_eq!((checks.polled, checks.last_number.len()), (150, 5));
        assert_eq!(checks.look(&start), fine);
        assert_eq!(checks.polled, 0);
    }

    #[test]
    fn what_is_read_again_is_not_lost() {
        let text = crate::view::shipped::text_of("more-lanes").unwrap();
        let mut sim = Simulation::new(Scenario::from_json(text).unwrap());
        let mut checks = Checks::default();
        for t in (0..90_000).step_by(733) {
            sim.run_until(SimTime(t));
            assert_eq!(checks.look(&sim).unwrap().lost, 0, "{t}");
        }
        assert!(checks.polled > sim.stream().records.len().into());
    }

    #[test]
    fn what_counts_as_done_and_was_never_handled_is_lost() {
        let text = crate::view::shipped::text_of("report-switched-off").unwrap();
        let mut sim = Simulation::new(Scenario::from_json(text).unwrap());
        sim.run_until(SimTime(5000));
        assert_eq!(Checks::default().look(&sim), Some(Verdict { out_of_order: 0, lost: 7, repeats: 0 }));
    }

    #[test]
    fn each_mapping_writes_rows_of_its_own() {
        let text = r#"{"version": 1, "id": "two", "stream": {},
            "producers": [{"type": "records", "records": [{"PartitionKey": "a"}, {"PartitionKey": "a"}]}],
            "functions": [{"FunctionName": "f", "versions": {"1": {"handler": {}}}}, {"FunctionName": "g", "versions":
                {"1": {"handler": {"rules": [{"when": {"record": 1, "attempt": 1}, "then": "throw"}]}}}}],
            "eventSourceMappings": [{"EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s",
                "FunctionName": "f", "StartingPosition": "TRIM_HORIZON"},
                {"EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s", "FunctionName": "g",
                "StartingPosition": "TRIM_HORIZON"}]}"#;
        let mut sim = Simulation::new(Scenario::from_json(text).unwrap());
        sim.run_until(SimTime(9000));
        assert_eq!((sim.mappings()[0].succeeded, sim.mappings()[1].succeeded), (2, 2));
        // The first record's row, by the mapping that tries twice.
        assert_eq!(Checks::default().look(&sim), Some(Verdict { out_of_order: 0, lost: 0, repeats: 1 }));
    }
}
