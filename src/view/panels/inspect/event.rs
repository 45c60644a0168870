//! The event that an invocation received, as JSON.

use crate::sim::Simulation;

/// Characters shown, at most; copying gives all of it.
const CHARS_MAX: usize = 16_000;
/// Records that are written for what is shown: even without data, each has more than 400 characters.
const RECORDS_MAX: usize = CHARS_MAX / 400;

/// The event of an invocation.
#[derive(Clone, Debug, PartialEq)]
pub struct EventText {
    /// The invocation.
    pub invocation: u32,
    /// The event, indented, or the beginning of it.
    pub text: String,
    /// Whether it is longer than what is shown of it.
    pub cut: bool,
}

/// The event of an invocation that was made.
#[must_use]
pub fn of(sim: &Simulation, invocation: u32) -> EventText {
    let mut data = 0;
    let few = sim.batch(invocation).take(RECORDS_MAX).take_while(|&record| {
        let fits = data < CHARS_MAX;
        data += sim.stream().records.get(record).size() as usize;
        fits
    });
    let mut text = indented(&sim.payload_of(invocation, few));
    let end = text.char_indices().nth(CHARS_MAX).map(|(end, _)| end);
    if let Some(end) = end {
        text.truncate(end);
    }
    EventText { invocation, text, cut: end.is_some() }
}

/// The whole event of an invocation, indented.
#[must_use]
pub fn whole(sim: &Simulation, invocation: u32) -> String {
    indented(&sim.payload(invocation))
}

fn indented(event: &impl serde::Serialize) -> String {
    serde_json::to_string_pretty(event).expect("texts and numbers are JSON")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::scenario::Scenario;
    use crate::units::SimTime;

    fn first_batch_of(records: u32, data: &str) -> Simulation {
        let scenario = json!({"version": 1, "id": "event", "stream": {"StreamName": "s"},
            "producers": [{"type": "rounds", "partitionKeys": ["a"], "rounds": records, "period": 1, "startAt": 10,
                "Data": data}],
            "functions": [{"FunctionName": "f", "versions": {"1": {"handler": {}}}}],
            "eventSourceMappings": [{"EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s",
                "FunctionName": "f", "StartingPosition": "TRIM_HORIZON", "BatchSize": 1000}]});
        let mut sim = Simulation::new(Scenario::from_json(&scenario.to_string()).unwrap());
        sim.run_until(SimTime(60_000));
        sim
    }

    #[test]
    fn what_is_shown_is_the_event_or_its_beginning() {
        for (records, data, cut) in [(3, "x", false), (39, "", true), (500, "", true), (20, "y-{n}", false)] {
            let sim = first_batch_of(records, data);
            assert_eq!(sim.invocations().get(0).count, records);
            let (shown, whole) = (of(&sim, 0), whole(&sim, 0));
            assert_eq!((shown.cut, shown.text == whole), (cut, !cut), "{records}");
            assert!(whole.starts_with(&shown.text));
            assert_eq!(shown.text.chars().count() == CHARS_MAX, cut);
            let event: Value = serde_json::from_str(&whole).unwrap();
            assert_eq!(event.to_string(), sim.payload(0).to_json());
        }
        let large = first_batch_of(3, &"z".repeat(20_000));
        assert!(whole(&large, 0).starts_with(&of(&large, 0).text) && of(&large, 0).cut);
    }
}
