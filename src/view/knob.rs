//! The settings that can be turned on the page. Turning one edits the scenario's text and rebuilds the run, so
//! that what is seen is always what the text says.

use serde_json::{Value, json};

use super::player::Direction;
use super::shipped;
use super::text::MessageId;
use crate::scenario::{DestinationService, Qualifier, Scenario, Source, Version};

/// A setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Knob {
    /// `stream.ShardCount`.
    Shards,
    /// `ParallelizationFactor` of the first mapping.
    ParallelizationFactor,
    /// `BisectBatchOnFunctionError` of the first mapping: 0 or 1.
    Bisect,
    /// Whether `FunctionResponseTypes` of the first mapping holds `ReportBatchItemFailures`: 0 or 1.
    Checkpoint,
    /// `BatchSize` of the first mapping.
    BatchSize,
    /// `MaximumBatchingWindowInSeconds` of the first mapping.
    BatchWindow,
    /// `MaximumRetryAttempts` of the first mapping, or [`NO_LIMIT`].
    Retries,
    /// `MaximumRecordAgeInSeconds` of the first mapping, or [`NO_LIMIT`].
    RecordAge,
    /// `DestinationConfig` of the first mapping: 0 for none, else as in `DESTINATIONS`.
    Destination,
    /// `perRecord` of the code that the first mapping invokes, in milliseconds.
    PerRecord,
}

/// How a setting is turned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Up and down.
    Stepper,
    /// On and off.
    Switch,
    /// One of a list.
    Choice,
}

/// The value of a limit that is none; AWS writes -1.
pub const NO_LIMIT: u64 = u64::MAX;

/// Services of destinations, from 1 on, with the middle of their ARNs and what stands before and after the name.
const DESTINATIONS: [(DestinationService, &str); 3] =
    [(DestinationService::Sqs, "sqs"), (DestinationService::Sns, "sns"), (DestinationService::S3, "s3")];

/// Fields of a mapping as they are where the scenario does not name them.
const NEUTRAL: [(&str, &str); 5] = [
    ("BisectBatchOnFunctionError", "false"),
    ("FunctionResponseTypes", "[]"),
    ("MaximumRetryAttempts", "-1"),
    ("MaximumRecordAgeInSeconds", "-1"),
    ("DestinationConfig", "{}"),
];

/// The run's end is moved out to at least this when a setting changes: a slower run must not be cut off.
const UNTIL_MS_MIN: u64 = 3_600_000;

impl Knob {
    /// All settings.
    pub const ALL: [Self; 10] = [
        Self::Shards,
        Self::ParallelizationFactor,
        Self::Bisect,
        Self::Checkpoint,
        Self::BatchSize,
        Self::BatchWindow,
        Self::Retries,
        Self::RecordAge,
        Self::Destination,
        Self::PerRecord,
    ];

    /// What it is called.
    #[must_use]
    pub fn label(self) -> MessageId {
        match self {
            Self::Shards => MessageId::KnobShards,
            Self::ParallelizationFactor => MessageId::KnobFactor,
            Self::Bisect => MessageId::KnobBisect,
            Self::Checkpoint => MessageId::KnobCheckpoint,
            Self::BatchSize => MessageId::KnobBatchSize,
            Self::BatchWindow => MessageId::KnobBatchWindow,
            Self::Retries => MessageId::KnobRetries,
            Self::RecordAge => MessageId::KnobRecordAge,
            Self::Destination => MessageId::KnobDestination,
            Self::PerRecord => MessageId::KnobPerRecord,
        }
    }

    /// The stem of its `data-testid`s.
    #[must_use]
    pub fn test_id(self) -> &'static str {
        match self {
            Self::Shards => "shards",
            Self::ParallelizationFactor => "parallelization",
            Self::Bisect => "bisect",
            Self::Checkpoint => "checkpoint",
            Self::BatchSize => "batch-size",
            Self::BatchWindow => "batch-window",
            Self::Retries => "retries",
            Self::RecordAge => "record-age",
            Self::Destination => "destination",
            Self::PerRecord => "per-record",
        }
    }

    /// How it is turned.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self {
            Self::Bisect | Self::Checkpoint => Kind::Switch,
            Self::Retries | Self::RecordAge | Self::Destination => Kind::Choice,
            Self::Shards
            | Self::ParallelizationFactor
            | Self::BatchSize
            | Self::BatchWindow
            | Self::PerRecord => Kind::Stepper,
        }
    }

    /// Its value; `None` where the scenario has no such thing.
    #[must_use]
    pub fn value(self, scenario: &Scenario) -> Option<u64> {
        let mapping = scenario.mappings.first();
        match self {
            // Listed shards have their own number.
            Self::Shards => {
                let stream = scenario.stream.as_ref().filter(|stream| stream.shards.is_empty())?;
                Some(stream.shard_count.into())
            }
            Self::ParallelizationFactor => mapping.map(|mapping| mapping.parallelization_factor.into()),
            Self::Bisect => mapping.map(|mapping| mapping.bisect_batch_on_function_error.into()),
            Self::Checkpoint => mapping.map(|mapping| mapping.report_batch_item_failures.into()),
            Self::BatchSize => mapping.map(|mapping| mapping.batch_size.into()),
            Self::BatchWindow => mapping.map(|mapping| mapping.maximum_batching_window.0 / 1000),
            Self::Retries => {
                mapping.map(|mapping| mapping.maximum_retry_attempts.map_or(NO_LIMIT, u64::from))
            }
            Self::RecordAge => {
                mapping.map(|mapping| mapping.maximum_record_age.map_or(NO_LIMIT, |age| age.0 / 1000))
            }
            Self::Destination => mapping.map(|mapping| {
                let service = mapping.on_failure.as_ref().map(|destination| destination.service);
                let place = DESTINATIONS.iter().position(|&(each, _)| Some(each) == service);
                place.map_or(0, |place| place as u64 + 1)
            }),
            Self::PerRecord => {
                let (function, version) = code(scenario)?;
                Some(scenario.functions[function].versions[version].handler.per_record().0)
            }
        }
    }

    /// The next value up or down, within AWS's bounds.
    #[must_use]
    pub fn neighbor(self, value: u64, direction: Direction) -> Option<u64> {
        let steps = self.steps();
        match direction {
            Direction::Forward => steps.iter().copied().find(|&step| step > value),
            Direction::Back => steps.iter().rev().copied().find(|&step| step < value),
        }
    }

    /// The values that are offered, ascending.
    #[must_use]
    pub fn steps(self) -> &'static [u64] {
        match self {
            Self::Shards => &[1, 2, 3, 4],
            Self::ParallelizationFactor => &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
            Self::Bisect | Self::Checkpoint => &[0, 1],
            Self::BatchSize => &[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000],
            Self::BatchWindow => &[0, 1, 2, 5, 10, 20, 30, 60, 120, 300],
            Self::Retries => &[0, 1, 2, 3, 5, 10, 100, 10_000, NO_LIMIT],
            Self::RecordAge => &[60, 120, 300, 600, 3600, 21_600, 86_400, 604_800, NO_LIMIT],
            Self::Destination => &[0, 1, 2, 3],
            Self::PerRecord => &[0, 10, 100, 200, 500, 1000, 2000, 3000, 4000, 5000, 10_000],
        }
    }

    /// The scenario's text with this setting changed. Where the result is a shipped scenario but for the moment
    /// at which it was started, it is that scenario: article C's two runs are one step of the factor apart.
    #[must_use]
    pub fn set(self, text: &str, scenario: &Scenario, value: u64) -> Option<String> {
        let mut document: Value = serde_json::from_str(text).ok()?;
        let (parent, field) = self.place(scenario)?;
        let value = self.json(scenario, value);
        document.pointer_mut(&parent)?.as_object_mut()?.insert(field.into(), value);
        if scenario.producers.iter().all(|producer| is_finite(&producer.source)) {
            let until = scenario.until.0.max(UNTIL_MS_MIN);
            document.as_object_mut()?.insert("until".into(), json!(until));
        }
        let same = |&&(_, text): &&(&str, &str)| {
            serde_json::from_str(text)
                .is_ok_and(|shipped: Value| essence(shipped) == essence(document.clone()))
        };
        match shipped::all().iter().find(same) {
            Some((_, text)) => Some((*text).to_owned()),
            None => serde_json::to_string_pretty(&document).ok(),
        }
    }

    /// A value as the scenario writes it.
    fn json(self, scenario: &Scenario, value: u64) -> Value {
        match self {
            Self::Bisect => json!(value > 0),
            Self::Checkpoint if value > 0 => json!(["ReportBatchItemFailures"]),
            Self::Checkpoint => json!([]),
            Self::Retries | Self::RecordAge if value == NO_LIMIT => json!(-1),
            Self::Destination => match DESTINATIONS.get((value as usize).wrapping_sub(1)) {
                Some(&(_, service)) => {
                    let arn = destination_arn(scenario, service);
                    json!({"OnFailure": {"Destination": arn}})
                }
                None => json!({}),
            },
            Self::Shards
            | Self::ParallelizationFactor
            | Self::BatchSize
            | Self::BatchWindow
            | Self::Retries
            | Self::RecordAge
            | Self::PerRecord => json!(value),
        }
    }

    /// JSON pointer of the object that holds the setting, and the field's name.
    fn place(self, scenario: &Scenario) -> Option<(String, &'static str)> {
        let mapping = |field| Some(("/eventSourceMappings/0".to_owned(), field));
        match self {
            Self::Shards => Some(("/stream".to_owned(), "ShardCount")),
            Self::ParallelizationFactor => mapping("ParallelizationFactor"),
            Self::Bisect => mapping("BisectBatchOnFunctionError"),
            Self::Checkpoint => mapping("FunctionResponseTypes"),
            Self::BatchSize => mapping("BatchSize"),
            Self::BatchWindow => mapping("MaximumBatchingWindowInSeconds"),
            Self::Retries => mapping("MaximumRetryAttempts"),
            Self::RecordAge => mapping("MaximumRecordAgeInSeconds"),
            Self::Destination => mapping("DestinationConfig"),
            Self::PerRecord => {
                let (function, version) = code(scenario)?;
                Some((format!("/functions/{function}/versions/{}/handler", version + 1), "perRecord"))
            }
        }
    }
}

/// A destination in the scenario's account; a bucket's ARN names neither that nor a region.
fn destination_arn(scenario: &Scenario, service: &str) -> String {
    let (region, account) = (scenario.region.as_str(), scenario.account.as_str());
    let (region, account) = if service == "s3" { ("", "") } else { (region, account) };
    format!("arn:aws:{service}:{region}:{account}:failed-batches")
}

/// Function and version that the first mapping invokes, by index.
fn code(scenario: &Scenario) -> Option<(usize, usize)> {
    let mapping = scenario.mappings.first()?;
    let function = &scenario.functions[mapping.function_idx as usize];
    let version = match mapping.qualifier {
        Qualifier::Latest => Version::Latest,
        Qualifier::Version(version_idx) => Version::Published(version_idx),
        Qualifier::Alias(alias_idx) => function.aliases[alias_idx as usize].routing.version,
    };
    let version = match version {
        Version::Latest => function.published() - 1,
        Version::Published(version_idx) => version_idx,
    };
    Some((mapping.function_idx as usize, version as usize))
}

fn is_finite(source: &Source) -> bool {
    match source {
        Source::Records { .. } | Source::Rounds { .. } => true,
        Source::Loop { count, .. } => count.is_some(),
        Source::Rate { stop_at, .. } => stop_at.is_some(),
    }
}

/// The document without its names and without the moment at which it was started.
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
    let producers = document.get_mut("producers").and_then(Value::as_array_mut);
    for producer in producers.into_iter().flatten().filter_map(Value::as_object_mut) {
        producer.remove("startAt");
    }
    document
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Scenario {
        Scenario::from_json(text).unwrap()
    }

    #[test]
    fn every_knob_turns_and_turns_back() {
        let (_, shipped) = shipped::FIRST;
        for knob in Knob::ALL {
            let value = knob.value(&read(shipped)).unwrap();
            for &other in knob.steps().iter().filter(|&&step| step != value) {
                let turned = knob.set(shipped, &read(shipped), other).unwrap();
                if shipped::all().iter().all(|&(_, text)| text != turned) {
                    assert_eq!(knob.value(&read(&turned)), Some(other), "{knob:?}");
                    assert_eq!(read(&turned).until.0, UNTIL_MS_MIN);
                    assert_eq!(
                        knob.set(&turned, &read(&turned), value).as_deref(),
                        Some(shipped),
                        "{knob:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn the_article_s_runs_are_one_factor_apart() {
        let (three, one) = (shipped::FIRST.1, shipped::all()[1].1);
        let factor = Knob::ParallelizationFactor;
        assert_eq!(factor.set(three, &read(three), 1).as_deref(), Some(one));
        assert_eq!(factor.set(one, &read(one), 3).as_deref(), Some(three));
        assert_eq!(
            (factor.neighbor(1, Direction::Back), factor.neighbor(10, Direction::Forward)),
            (None, None)
        );
    }
}
