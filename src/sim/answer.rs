//! What handlers answer: records reported, and what the answer makes of the batch.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::Simulation;
use super::invocation::Invocation;
use crate::column::{BitColumn, Column};
use crate::kinesis::stream::NONE;
use crate::lambda::batcher::Part;
use crate::lambda::handler::Plan;
use crate::lambda::response::{self, Verdict};
use crate::lambda::retry::{self, Decision, Outcome};
use crate::scenario::{Action, Handler, MappingConfig};
use crate::units::Stamp;

impl Simulation {
    /// How the invocation will end, once its answer is judged, and the place of its first record that is not done.
    pub(super) fn judged(
        &self,
        invocation: &Invocation,
        config: &MappingConfig,
        plan: &Plan,
    ) -> (Outcome, u32) {
        if plan.outcome != Outcome::Ok || !config.report_batch_item_failures {
            return (plan.outcome, plan.failed_at);
        }
        let verdict = match self.handler(invocation) {
            Handler::Respond { response, .. } => {
                response::judge(response, true, |id| self.place_of(invocation, id))
            }
            // What it reports is in order, and of this batch.
            Handler::Rules(_) | Handler::Scale(_) => match plan.reported.first() {
                Some(&at) => Verdict::Cut { at, item: 0 },
                None => return (plan.outcome, plan.failed_at),
            },
        };
        ending(verdict)
    }

    /// What would have become of an invocation's batch, had its handler returned this answer: the verdict, and what
    /// would have followed. `asked`: whether the mapping asks for reports, which may be against its settings.
    #[must_use]
    pub fn if_answered(&self, idx: u32, answer: &Value, asked: bool) -> (Verdict, Decision) {
        let invocation = self.invocations.get(idx);
        let verdict = response::judge(answer, asked, |id| self.place_of(&invocation, id));
        let (outcome, at) = ending(verdict);
        let Invocation { first, count, batch, attempt, reason, .. } = invocation;
        // What follows does not depend on it.
        let arrived = Stamp::default();
        let part = Part { first, count, arrived, batch, attempts: attempt, throttles: 0, reason };
        let config = self.config_of(&invocation);
        let failed_at = Some(at).filter(|&at| at != NONE);
        (verdict, retry::decide(&self.scenario.model, config, &part, outcome, failed_at))
    }

    /// The place in an invocation's batch, from 0, of the record with this sequence number.
    #[must_use]
    pub fn place_of(&self, invocation: &Invocation, sequence_number: &str) -> Option<u32> {
        // Sequence numbers have one length, and rise within a batch.
        let number = |place| self.sequence_number(self.record_of(invocation, place));
        let (mut low, mut high) = (0, invocation.count);
        while low < high {
            let middle = low + (high - low) / 2;
            if number(middle).as_str() < sequence_number { low = middle + 1 } else { high = middle }
        }
        (low < invocation.count && number(low) == sequence_number).then_some(low)
    }

    /// The code that an invocation runs.
    #[must_use]
    pub fn handler(&self, invocation: &Invocation) -> &Handler {
        let function = &self.scenario.functions[self.function_of(invocation) as usize];
        &function.versions[invocation.version as usize].handler
    }

    /// Keeps the places of the records that an invocation reports, ascending; gives where.
    pub(super) fn keep_report(&mut self, places: &[u32]) -> u32 {
        let at = self.reports.len();
        self.reports.push(places.len() as u32);
        places.iter().for_each(|&place| self.reports.push(place));
        at
    }

    /// Places in its batch of the records that an invocation reports, ascending.
    pub(super) fn reported(&self, invocation: &Invocation) -> impl Iterator<Item = u32> + use<'_> {
        let places = match invocation.report {
            NONE => 0..0,
            at => at + 1..at + 1 + self.reports.get(at),
        };
        places.map(|at| self.reports.get(at))
    }

    /// Whether an invocation's handler reports records, and its mapping does not ask for reports.
    #[must_use]
    pub fn reports_in_vain(&self, invocation: &Invocation) -> bool {
        !self.config_of(invocation).report_batch_item_failures && self.reported(invocation).next().is_some()
    }

    /// Whether an invocation has written the row of the record at this place in its batch.
    #[must_use]
    pub fn wrote(&self, invocation: &Invocation, position: u32) -> bool {
        let reported = invocation.report != NONE && is_reported(&self.reports, invocation.report, position);
        position < invocation.rows && !reported
    }

    /// Counts the records of an invocation whose report nobody asked for that are done by it, and have no row.
    pub(super) fn neglect(&mut self, invocation: &Invocation) {
        let Invocation { lane, first, count, .. } = *invocation;
        let mapping = &mut self.mappings[usize::from(lane.mapping)];
        for place in first..first + count {
            let record = mapping.batched(place);
            let given_up = (&mapping.given_up, &mapping.redriven);
            let newly = !mapping.written.contains(record) && !was_counted(record, &mapping.counted, given_up);
            mapping.unhandled += u64::from(newly);
        }
    }

    /// What the handler answered, where that says something about its records; `None` while it runs, and where
    /// it failed.
    #[must_use]
    pub fn response(&self, idx: u32) -> Option<Value> {
        let invocation = self.invocations.get(idx);
        let returned = |outcome| matches!(outcome, Outcome::Ok | Outcome::Partial);
        invocation.outcome().filter(|&(outcome, _)| returned(outcome))?;
        match self.handler(&invocation) {
            Handler::Respond { response, .. } => Some(response.clone()),
            Handler::Rules(handler) => {
                let reports = handler.rules.iter().any(|rule| rule.then == Action::Report);
                let number = |place| self.sequence_number(self.record_of(&invocation, place));
                let report = reports.then(|| response::report(self.reported(&invocation).map(number)));
                let Some(state) = self.returned_state(idx) else { return report };
                let mut answer = report.unwrap_or_else(|| Value::Object(Map::new()));
                answer["state"] = state;
                Some(answer)
            }
            Handler::Scale(_) => None,
        }
    }
}

/// Whether a record, which has no row, counts as succeeded: it was, but will be done again, or a redrive has
/// brought it there.
pub(super) fn was_counted(
    record: u32,
    counted: &BTreeSet<u32>,
    (given_up, redriven): (&BitColumn, &BitColumn),
) -> bool {
    redriven.contains(record) || counted.contains(&record) && !given_up.contains(record)
}

/// Whether an invocation that reports records, `report` telling where, reports the one at this place.
pub(super) fn is_reported(reports: &Column<u32>, report: u32, position: u32) -> bool {
    let (mut low, mut high) = (report + 1, report + 1 + reports.get(report));
    while low < high {
        let middle = low + (high - low) / 2;
        if reports.get(middle) < position { low = middle + 1 } else { high = middle }
    }
    low <= report + reports.get(report) && reports.get(low) == position
}

/// How an invocation ends by the verdict on its answer, and the place of its first record that is not done, or `NONE`.
fn ending(verdict: Verdict) -> (Outcome, u32) {
    match verdict {
        Verdict::Success(_) => (Outcome::Ok, NONE),
        Verdict::Cut { at, .. } => (Outcome::Partial, at),
        Verdict::Failure(_) => (Outcome::Partial, NONE),
    }
}
