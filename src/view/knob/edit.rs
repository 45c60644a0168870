//! A setting turned from the start: the scenario's text is edited.

use serde_json::{Map, Value, json};

use super::{DESTINATIONS, Knob, NO_LIMIT, POSITIONS, Place, code};
use crate::scenario::{Scenario, Source};
use crate::view::shipped;

/// Fields of a mapping as they are where the scenario does not name them.
const NEUTRAL: [(&str, &str); 8] = [
    ("BisectBatchOnFunctionError", "false"),
    ("FunctionResponseTypes", "[]"),
    ("MaximumRetryAttempts", "-1"),
    ("MaximumRecordAgeInSeconds", "-1"),
    ("DestinationConfig", "{}"),
    ("TumblingWindowInSeconds", "0"),
    ("Enabled", "true"),
    ("FilterCriteria", "{}"),
];

/// The run's end is moved out to at least this when a setting changes: a slower run must not be cut off.
const UNTIL_MS_MIN: u64 = 3_600_000;

impl Knob {
    /// The scenario's text with this setting changed. Where the result is a shipped scenario but for the moment
    /// at which it was started, it is that scenario: article C's two runs are one step of the factor apart.
    #[must_use]
    pub fn set(self, text: &str, scenario: &Scenario, mapping: u16, value: u64) -> Option<String> {
        edited(text, scenario, |document| {
            let (parent, field) = self.pointer(document, scenario, mapping)?;
            let fields = document.pointer_mut(&parent)?.as_object_mut()?;
            let written = self.json(scenario, value);
            if written.is_null() {
                fields.shift_remove(field);
            } else {
                fields.insert(field.into(), written);
            }
            if self == Self::StartingPosition {
                set_timestamp(fields, scenario, value);
            }
            Some(())
        })
    }

    /// A value as the scenario writes it; `Null` where the field is left away.
    pub(super) fn json(self, scenario: &Scenario, value: u64) -> Value {
        match self {
            Self::Bisect | Self::Enabled => json!(value > 0),
            Self::Checkpoint if value > 0 => json!(["ReportBatchItemFailures"]),
            Self::Checkpoint => json!([]),
            Self::Retries | Self::RecordAge if value == NO_LIMIT => json!(-1),
            Self::Reserved if value == NO_LIMIT => Value::Null,
            Self::Destination => match DESTINATIONS.get((value as usize).wrapping_sub(1)) {
                Some(&(_, service)) => {
                    json!({"OnFailure": {"Destination": destination_arn(scenario, service)}})
                }
                None => json!({}),
            },
            Self::StartingPosition => json!(POSITIONS[value as usize % POSITIONS.len()]),
            Self::LaneHash => json!(if value > 0 { "md5-low-32" } else { "java-string-hash" }),
            Self::Shards
            | Self::ParallelizationFactor
            | Self::BatchSize
            | Self::BatchWindow
            | Self::Retries
            | Self::RecordAge
            | Self::TumblingWindow
            | Self::PerRecord
            | Self::Reserved
            | Self::Poll
            | Self::Activation
            | Self::Deactivation
            | Self::Overhead
            | Self::BackoffBase
            | Self::BackoffCap
            | Self::ShardAssignment
            | Self::ReshardStep
            | Self::Rollout => json!(value),
        }
    }

    /// A dial's field, and what it is where the scenario does not name it.
    fn assumed(self) -> Option<(&'static str, Value)> {
        let (Place::Model(field), Some(value)) = (self.row().4, self.default_value()) else { return None };
        let hash = || json!("java-string-hash");
        let default = if self == Self::LaneHash { hash() } else { json!(value) };
        Some((field, default))
    }

    /// JSON pointer of the object that holds the setting, which is made if it is the model's, and the field's name.
    fn pointer(
        self,
        document: &mut Value,
        scenario: &Scenario,
        mapping: u16,
    ) -> Option<(String, &'static str)> {
        Some(match self.row().4 {
            Place::Stream(field) => ("/stream".to_owned(), field),
            Place::Mapping(field) => (of_mapping(mapping), field),
            Place::Function(field) => {
                let (function, _) = code(scenario, mapping)?;
                (format!("/functions/{function}"), field)
            }
            Place::Handler(field) => {
                let (function, version) = code(scenario, mapping)?;
                (format!("/functions/{function}/versions/{}/handler", version + 1), field)
            }
            Place::Model(field) => {
                document.as_object_mut()?.entry("model").or_insert_with(|| json!({}));
                ("/model".to_owned(), field)
            }
        })
    }
}

/// JSON pointer of a mapping.
fn of_mapping(mapping: u16) -> String {
    format!("/eventSourceMappings/{mapping}")
}

/// The scenario's text with other patterns in a mapping's filter.
#[must_use]
pub fn with_filters(text: &str, scenario: &Scenario, mapping: u16, patterns: &[&str]) -> Option<String> {
    edited(text, scenario, |document| {
        let mapping = document.pointer_mut(&of_mapping(mapping))?.as_object_mut()?;
        mapping.insert("FilterCriteria".into(), filter_criteria(patterns));
        Some(())
    })
}

/// `FilterCriteria` of these patterns.
pub(super) fn filter_criteria(patterns: &[&str]) -> Value {
    if patterns.is_empty() {
        return json!({});
    }
    let filters: Vec<Value> = patterns.iter().map(|pattern| json!({"Pattern": pattern})).collect();
    json!({"Filters": filters})
}

/// Edits a scenario's text, and moves its end out where its producers come to an end.
fn edited(text: &str, scenario: &Scenario, edit: impl FnOnce(&mut Value) -> Option<()>) -> Option<String> {
    let mut document: Value = serde_json::from_str(text).ok()?;
    edit(&mut document)?;
    if document.get("model").is_some_and(|model| *model == json!({})) {
        document.as_object_mut()?.shift_remove("model");
    }
    if scenario.producers.iter().all(|producer| is_finite(&producer.source)) {
        let until = scenario.until.0.max(UNTIL_MS_MIN);
        document.as_object_mut()?.insert("until".into(), json!(until));
    }
    let same = |&&(_, text): &&(&str, &str)| {
        serde_json::from_str(text).is_ok_and(|shipped: Value| essence(shipped) == essence(document.clone()))
    };
    match shipped::all().iter().find(same) {
        Some((_, text)) => Some((*text).to_owned()),
        None => serde_json::to_string_pretty(&document).ok(),
    }
}

/// `AT_TIMESTAMP` alone has a time: that of the scenario's start, unless there is one.
fn set_timestamp(mapping: &mut Map<String, Value>, scenario: &Scenario, value: u64) {
    const FIELD: &str = "StartingPositionTimestamp";
    if POSITIONS.get(value as usize) == Some(&"AT_TIMESTAMP") {
        mapping.entry(FIELD).or_insert_with(|| json!(scenario.start.to_string()));
    } else {
        mapping.shift_remove(FIELD);
    }
}

/// A destination in the scenario's account; a bucket's ARN names neither that nor a region.
fn destination_arn(scenario: &Scenario, service: &str) -> String {
    let (region, account) = (scenario.region.as_str(), scenario.account.as_str());
    let (region, account) = if service == "s3" { ("", "") } else { (region, account) };
    format!("arn:aws:{service}:{region}:{account}:failed-batches")
}

fn is_finite(source: &Source) -> bool {
    match source {
        Source::Records { .. } | Source::Rounds { .. } => true,
        Source::Loop { count, .. } => count.is_some(),
        Source::Rate { stop_at, .. } => stop_at.is_some(),
    }
}

/// The document without its names, without the moment at which it was started, and without what it need not say.
fn essence(mut document: Value) -> Value {
    if let Some(fields) = document.as_object_mut() {
        for name in ["id", "name", "about", "start", "until"] {
            fields.remove(name);
        }
    }
    let mappings = document.get_mut("eventSourceMappings").and_then(Value::as_array_mut);
    for mapping in mappings.into_iter().flatten().filter_map(Value::as_object_mut) {
        mapping.retain(|field, value| !NEUTRAL.contains(&(field.as_str(), value.to_string().as_str())));
    }
    let functions = document.get_mut("functions").and_then(Value::as_array_mut);
    for function in functions.into_iter().flatten().filter_map(Value::as_object_mut) {
        function.retain(|_, value| !value.is_null());
    }
    if let Some(model) = document.get_mut("model").and_then(Value::as_object_mut) {
        for (field, default) in Knob::DIALS.iter().filter_map(|dial| dial.assumed()) {
            if model.get(field) == Some(&default) {
                model.remove(field);
            }
        }
    }
    let producers = document.get_mut("producers").and_then(Value::as_array_mut);
    for producer in producers.into_iter().flatten().filter_map(Value::as_object_mut) {
        producer.remove("startAt");
    }
    document
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::player::Direction;

    fn read(text: &str) -> Scenario {
        Scenario::from_json(text).unwrap()
    }

    #[test]
    fn every_knob_turns_and_turns_back() {
        let (_, shipped) = shipped::FIRST;
        for knob in Knob::ALL {
            let value = knob.value(&read(shipped), 0).unwrap();
            for &other in knob.steps().iter().filter(|&&step| step != value) {
                let turned = knob.set(shipped, &read(shipped), 0, other).unwrap();
                if shipped::all().iter().any(|&(_, text)| text == turned) {
                    continue;
                }
                // Tumbling windows and a factor above 1 exclude each other, as with AWS.
                if knob == Knob::TumblingWindow {
                    assert!(Scenario::from_json(&turned).is_err());
                    continue;
                }
                assert_eq!(knob.value(&read(&turned), 0), Some(other), "{knob:?}");
                assert_eq!(read(&turned).until.0, UNTIL_MS_MIN);
                let back = knob.set(&turned, &read(&turned), 0, value);
                assert_eq!(back.as_deref(), Some(shipped), "{knob:?}");
            }
        }
    }

    #[test]
    fn a_knob_turns_the_mapping_that_is_looked_at_and_no_other() {
        let shipped = shipped::text_of("enhanced-fan-out").unwrap();
        for knob in Knob::ALL.into_iter().filter(|knob| knob.is_of_mapping()) {
            let values = |text: &str| [0, 1].map(|mapping| knob.value(&read(text), mapping).unwrap());
            let before = values(shipped);
            for mapping in [0, 1] {
                let own = before[usize::from(mapping)];
                let other = *knob.steps().iter().find(|&&step| step != own).unwrap();
                let turned = knob.set(shipped, &read(shipped), mapping, other).unwrap();
                let mut expect = before;
                expect[usize::from(mapping)] = other;
                assert_eq!(values(&turned), expect, "{knob:?}");
            }
        }
        assert_eq!(Knob::BatchSize.value(&read(shipped), 2), None);
    }

    #[test]
    fn the_article_s_runs_are_one_factor_apart() {
        let (three, one) = (shipped::FIRST.1, shipped::all()[1].1);
        let factor = Knob::ParallelizationFactor;
        assert_eq!(factor.neighbor(3, Direction::Back), Some(2));
        assert_eq!(factor.set(three, &read(three), 0, 1).as_deref(), Some(one));
        assert_eq!(factor.set(one, &read(one), 0, 3).as_deref(), Some(three));
    }

    #[test]
    fn patterns_are_set_and_taken_away() {
        let shipped = shipped::FIRST.1;
        let pattern = r#"{"partitionKey": ["1"]}"#;
        let turned = with_filters(shipped, &read(shipped), 0, &[pattern]).unwrap();
        let criteria = &read(&turned).mappings[0].filter_criteria;
        assert_eq!(criteria.patterns().collect::<Vec<_>>(), [pattern]);
        assert_eq!(with_filters(&turned, &read(&turned), 0, &[]).as_deref(), Some(shipped));
    }
}
