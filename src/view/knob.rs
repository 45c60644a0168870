//! The settings that can be turned on the page.
//!
//! Turning one from the start edits the scenario's text and rebuilds the run, so that what is seen is always what the
//! text says; see `edit`. Turning one from now on is a call of AWS at the playhead, which the scenario keeps as a
//! command, where AWS has such a call; see `live`.

mod edit;
mod live;

pub use edit::with_filters;
pub use live::{Scope, Since, Turned, filter_line};

use super::player::Direction;
use super::text::MessageId;
use crate::scenario::{
    DestinationService, LaneHash, MappingConfig, Model, Qualifier, Scenario, StartingPosition, Version,
};

/// A setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Knob {
    /// `stream.ShardCount`.
    Shards,
    /// `ParallelizationFactor` of a mapping.
    ParallelizationFactor,
    /// `BisectBatchOnFunctionError` of a mapping: 0 or 1.
    Bisect,
    /// Whether `FunctionResponseTypes` of a mapping holds `ReportBatchItemFailures`: 0 or 1.
    Checkpoint,
    /// `BatchSize` of a mapping.
    BatchSize,
    /// `MaximumBatchingWindowInSeconds` of a mapping.
    BatchWindow,
    /// `MaximumRetryAttempts` of a mapping, or [`NO_LIMIT`].
    Retries,
    /// `MaximumRecordAgeInSeconds` of a mapping, or [`NO_LIMIT`].
    RecordAge,
    /// `DestinationConfig` of a mapping: 0 for none, else as in `DESTINATIONS`.
    Destination,
    /// `TumblingWindowInSeconds` of a mapping.
    TumblingWindow,
    /// `Enabled` of a mapping: 0 or 1.
    Enabled,
    /// `StartingPosition` of a mapping, as in `POSITIONS`.
    StartingPosition,
    /// `perRecord` of the code that a mapping invokes, in milliseconds.
    PerRecord,
    /// `ReservedConcurrentExecutions` of the function that a mapping invokes, or [`NO_LIMIT`] for none.
    Reserved,
    /// `model.poll`, in milliseconds, as the dials after it.
    Poll,
    /// `model.laneHash`: 0 for Java's `hashCode`, 1 for MD5.
    LaneHash,
    /// `model.activation`.
    Activation,
    /// `model.deactivation`.
    Deactivation,
    /// `model.invokeOverhead`.
    Overhead,
    /// `model.backoffBase`.
    BackoffBase,
    /// `model.backoffCap`.
    BackoffCap,
    /// `model.shardAssignment`.
    ShardAssignment,
    /// `model.reshardStep`.
    ReshardStep,
    /// `model.rollout`.
    Rollout,
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

/// The object of a scenario that holds a setting, and the field's name.
#[derive(Clone, Copy, Debug)]
enum Place {
    Stream(&'static str),
    Mapping(&'static str),
    Function(&'static str),
    Handler(&'static str),
    Model(&'static str),
}

/// What a setting is: its label, the stem of its `data-testid`s, how it is turned, where it stands in a scenario, and
/// the values that are offered, ascending.
type Row = (Knob, MessageId, &'static str, Kind, Place, &'static [u64]);

/// The value of a limit that is none; AWS writes -1, or has no limit there.
pub const NO_LIMIT: u64 = u64::MAX;

/// Starting positions, from 0 on. The last one needs a time; that is the scenario's start, unless it has another.
pub const POSITIONS: [&str; 3] = ["TRIM_HORIZON", "LATEST", "AT_TIMESTAMP"];

/// Services of destinations, from 1 on, with the middle of their ARNs.
const DESTINATIONS: [(DestinationService, &str); 3] =
    [(DestinationService::Sqs, "sqs"), (DestinationService::Sns, "sns"), (DestinationService::S3, "s3")];

const SWITCH: &[u64] = &[0, 1];
const BATCH_SIZES: &[u64] = &[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];
const DELAYS: &[u64] = &[0, 1000, 2000, 5000, 10_000, 30_000, 60_000];

const ROWS: [Row; 24] = {
    use Kind::{Choice, Stepper, Switch};
    use Knob as K;
    use MessageId as Id;
    use Place::{Function, Handler, Mapping, Model, Stream};
    [
        (K::Shards, Id::KnobShards, "shards", Stepper, Stream("ShardCount"), &[1, 2, 3, 4]),
        (
            K::ParallelizationFactor,
            Id::KnobFactor,
            "parallelization",
            Stepper,
            Mapping("ParallelizationFactor"),
            &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
        ),
        (K::Bisect, Id::KnobBisect, "bisect", Switch, Mapping("BisectBatchOnFunctionError"), SWITCH),
        (K::Checkpoint, Id::KnobCheckpoint, "checkpoint", Switch, Mapping("FunctionResponseTypes"), SWITCH),
        (K::BatchSize, Id::KnobBatchSize, "batch-size", Stepper, Mapping("BatchSize"), BATCH_SIZES),
        (
            K::BatchWindow,
            Id::KnobBatchWindow,
            "batch-window",
            Stepper,
            Mapping("MaximumBatchingWindowInSeconds"),
            &[0, 1, 2, 5, 10, 20, 30, 60, 120, 300],
        ),
        (
            K::Retries,
            Id::KnobRetries,
            "retries",
            Choice,
            Mapping("MaximumRetryAttempts"),
            &[0, 1, 2, 3, 5, 10, 100, 10_000, NO_LIMIT],
        ),
        (
            K::RecordAge,
            Id::KnobRecordAge,
            "record-age",
            Choice,
            Mapping("MaximumRecordAgeInSeconds"),
            &[60, 120, 300, 600, 3600, 21_600, 86_400, 604_800, NO_LIMIT],
        ),
        (
            K::Destination,
            Id::KnobDestination,
            "destination",
            Choice,
            Mapping("DestinationConfig"),
            &[0, 1, 2, 3],
        ),
        (
            K::TumblingWindow,
            Id::KnobTumblingWindow,
            "tumbling-window",
            Stepper,
            Mapping("TumblingWindowInSeconds"),
            &[0, 5, 10, 30, 60, 120, 300, 600, 900],
        ),
        (K::Enabled, Id::KnobEnabled, "enabled", Switch, Mapping("Enabled"), SWITCH),
        (
            K::StartingPosition,
            Id::KnobStartingPosition,
            "starting-position",
            Choice,
            Mapping("StartingPosition"),
            &[0, 1, 2],
        ),
        (
            K::PerRecord,
            Id::KnobPerRecord,
            "per-record",
            Stepper,
            Handler("perRecord"),
            &[0, 10, 100, 200, 500, 1000, 2000, 3000, 4000, 5000, 10_000],
        ),
        (
            K::Reserved,
            Id::KnobReserved,
            "reserved",
            Choice,
            Function("ReservedConcurrentExecutions"),
            &[0, 1, 2, 3, 5, 10, 100, NO_LIMIT],
        ),
        (K::Poll, Id::AssumedPoll, "dial-poll", Choice, Model("poll"), &[200, 500, 1000, 2000, 5000]),
        (K::LaneHash, Id::AssumedHash, "dial-lane-hash", Choice, Model("laneHash"), SWITCH),
        (K::Activation, Id::AssumedActivation, "dial-activation", Choice, Model("activation"), DELAYS),
        (K::Deactivation, Id::DialDeactivation, "dial-deactivation", Choice, Model("deactivation"), DELAYS),
        (
            K::Overhead,
            Id::AssumedOverhead,
            "dial-overhead",
            Choice,
            Model("invokeOverhead"),
            &[0, 10, 30, 100, 500, 1000],
        ),
        (
            K::BackoffBase,
            Id::DialBackoffBase,
            "dial-backoff-base",
            Choice,
            Model("backoffBase"),
            &[100, 200, 500, 1000, 2000, 5000, 10_000],
        ),
        (
            K::BackoffCap,
            Id::DialBackoffCap,
            "dial-backoff-cap",
            Choice,
            Model("backoffCap"),
            &[1000, 5000, 10_000, 30_000, 60_000, 300_000],
        ),
        (
            K::ShardAssignment,
            Id::DialShardAssignment,
            "dial-shard-assignment",
            Choice,
            Model("shardAssignment"),
            &[1000, 5000, 10_000, 30_000, 60_000],
        ),
        (
            K::ReshardStep,
            Id::DialReshardStep,
            "dial-reshard-step",
            Choice,
            Model("reshardStep"),
            &[0, 1000, 5000, 10_000, 30_000, 60_000],
        ),
        (
            K::Rollout,
            Id::DialRollout,
            "dial-rollout",
            Choice,
            Model("rollout"),
            &[0, 1000, 3000, 5000, 7000, 10_000, 30_000],
        ),
    ]
};

impl Knob {
    /// All settings.
    pub const ALL: [Self; ROWS.len()] = {
        let mut all = [Self::Shards; ROWS.len()];
        let mut place = 0;
        while place < ROWS.len() {
            all[place] = ROWS[place].0;
            place += 1;
        }
        all
    };

    /// What is assumed of AWS and can be turned.
    pub const DIALS: [Self; 10] = [
        Self::Poll,
        Self::LaneHash,
        Self::Activation,
        Self::Deactivation,
        Self::Overhead,
        Self::BackoffBase,
        Self::BackoffCap,
        Self::ShardAssignment,
        Self::ReshardStep,
        Self::Rollout,
    ];

    fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }

    /// What it is called.
    #[must_use]
    pub fn label(self) -> MessageId {
        self.row().1
    }

    /// The stem of its `data-testid`s.
    #[must_use]
    pub fn test_id(self) -> &'static str {
        self.row().2
    }

    /// How it is turned.
    #[must_use]
    pub fn kind(self) -> Kind {
        self.row().3
    }

    /// The values that are offered, ascending.
    #[must_use]
    pub fn steps(self) -> &'static [u64] {
        self.row().5
    }

    /// Whether it belongs to a mapping, or to what that invokes.
    #[must_use]
    pub fn is_of_mapping(self) -> bool {
        match self.row().4 {
            Place::Mapping(_) | Place::Function(_) | Place::Handler(_) => true,
            Place::Stream(_) | Place::Model(_) => false,
        }
    }

    /// Its value at t = 0, of this mapping of the scenario; `None` where the scenario has no such thing.
    #[must_use]
    pub fn value(self, scenario: &Scenario, mapping: u16) -> Option<u64> {
        let of = || scenario.mappings.get(usize::from(mapping));
        match self.row().4 {
            // Listed shards have their own number.
            Place::Stream(_) => {
                let stream = scenario.stream.as_ref().filter(|stream| stream.shards.is_empty())?;
                Some(stream.shard_count.into())
            }
            Place::Mapping(_) => self.of_mapping(of()?),
            Place::Function(_) => {
                let function = &scenario.functions[of()?.function_idx as usize];
                Some(function.reserved_concurrent_executions.map_or(NO_LIMIT, u64::from))
            }
            Place::Handler(_) => {
                let (function, version) = code(scenario, mapping)?;
                Some(scenario.functions[function].versions[version].handler.per_record().0)
            }
            Place::Model(_) => self.of_model(&scenario.model),
        }
    }

    /// Its value among the settings of a mapping.
    fn of_mapping(self, mapping: &MappingConfig) -> Option<u64> {
        Some(match self {
            Self::ParallelizationFactor => mapping.parallelization_factor.into(),
            Self::Bisect => mapping.bisect_batch_on_function_error.into(),
            Self::Checkpoint => mapping.report_batch_item_failures.into(),
            Self::BatchSize => mapping.batch_size.into(),
            Self::BatchWindow => mapping.maximum_batching_window.0 / 1000,
            Self::Retries => mapping.maximum_retry_attempts.map_or(NO_LIMIT, u64::from),
            Self::RecordAge => mapping.maximum_record_age.map_or(NO_LIMIT, |age| age.0 / 1000),
            Self::Destination => {
                let service = mapping.on_failure.as_ref().map(|destination| destination.service);
                let place = DESTINATIONS.iter().position(|&(each, _)| Some(each) == service);
                place.map_or(0, |place| place as u64 + 1)
            }
            Self::TumblingWindow => mapping.tumbling_window.map_or(0, |window| window.0 / 1000),
            Self::Enabled => mapping.enabled.into(),
            Self::StartingPosition => match mapping.starting_position {
                StartingPosition::TrimHorizon => 0,
                StartingPosition::Latest => 1,
                StartingPosition::AtTimestamp(_) => 2,
            },
            Self::Shards
            | Self::PerRecord
            | Self::Reserved
            | Self::Poll
            | Self::LaneHash
            | Self::Activation
            | Self::Deactivation
            | Self::Overhead
            | Self::BackoffBase
            | Self::BackoffCap
            | Self::ShardAssignment
            | Self::ReshardStep
            | Self::Rollout => return None,
        })
    }

    /// Its value in a model.
    fn of_model(self, model: &Model) -> Option<u64> {
        let span = match self {
            Self::LaneHash => return Some((model.lane_hash != LaneHash::JavaStringHash).into()),
            Self::Poll => model.poll,
            Self::Activation => model.activation,
            Self::Deactivation => model.deactivation,
            Self::Overhead => model.invoke_overhead,
            Self::BackoffBase => model.backoff_base,
            Self::BackoffCap => model.backoff_cap,
            Self::ShardAssignment => model.shard_assignment,
            Self::ReshardStep => model.reshard_step,
            Self::Rollout => model.rollout,
            Self::Shards
            | Self::ParallelizationFactor
            | Self::Bisect
            | Self::Checkpoint
            | Self::BatchSize
            | Self::BatchWindow
            | Self::Retries
            | Self::RecordAge
            | Self::Destination
            | Self::TumblingWindow
            | Self::Enabled
            | Self::StartingPosition
            | Self::PerRecord
            | Self::Reserved => return None,
        };
        Some(span.0)
    }

    /// The value that a dial has where a scenario does not name it.
    #[must_use]
    pub fn default_value(self) -> Option<u64> {
        self.of_model(&Model::default())
    }

    /// The next value up or down, of those that are offered.
    #[must_use]
    pub fn neighbor(self, value: u64, direction: Direction) -> Option<u64> {
        let steps = self.steps();
        match direction {
            Direction::Forward => steps.iter().copied().find(|&step| step > value),
            Direction::Back => steps.iter().rev().copied().find(|&step| step < value),
        }
    }
}

/// Function and version that a mapping of the scenario invokes, by index.
fn code(scenario: &Scenario, mapping: u16) -> Option<(usize, usize)> {
    let mapping = scenario.mappings.get(usize::from(mapping))?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_stands_at_its_knob_and_offers_rising_values() {
        for (place, &(knob, .., steps)) in ROWS.iter().enumerate() {
            assert_eq!(knob as usize, place);
            assert!(steps.is_sorted_by(|a, b| a < b), "{knob:?}");
            let model = Model::default();
            assert_eq!(Knob::DIALS.contains(&knob), knob.of_model(&model).is_some(), "{knob:?}");
            if let Some(default) = knob.default_value() {
                assert!(steps.contains(&default), "{knob:?}");
            }
        }
    }

    #[test]
    fn no_value_lies_beyond_the_last_one() {
        let factor = Knob::ParallelizationFactor;
        assert_eq!(
            (factor.neighbor(1, Direction::Back), factor.neighbor(10, Direction::Forward)),
            (None, None)
        );
        // One that is not offered lies between two that are.
        assert_eq!(Knob::BatchSize.neighbor(7, Direction::Back), Some(5));
    }
}
