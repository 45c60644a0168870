//! A scenario: everything a run depends on, read from one JSON document (`docs/scenario.md`, version 1).
//!
//! Field names keep AWS's spelling in JSON and are snake_case here. Times are milliseconds from the
//! scenario's start unless a field says otherwise.

pub mod alias;
pub mod command;
mod mapping;
mod prices;
pub mod problem;
pub mod read;

pub use alias::{AliasConfig, Routing, Version};
pub use command::{Command, CommandAction, SERVICES};
pub use mapping::{Destination, DestinationService, MappingConfig, StartingPosition};
pub use prices::Prices;
pub use problem::{Allowed, Problem, ProblemKind};

use serde_json::Value;

use crate::cloudwatch::Definition;
use crate::cloudwatch::scaling::Scaling;
use crate::kinesis::Shard;
pub use crate::kinesis::StreamMode;
pub use crate::kinesis::reshard::UniformScaling;
use crate::quota::Quotas;
use crate::units::{Ratio, SimDuration, SimTime, WallTime};

/// A text in both languages of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bilingual {
    /// English.
    pub en: String,
    /// Japanese.
    pub ja: String,
}

/// A validated scenario, with every default filled in.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Short name, unique among the shipped scenarios: 1..=64 of `[a-z0-9-]`.
    pub id: String,
    /// Title.
    pub name: Bilingual,
    /// One or two sentences.
    pub about: Bilingual,
    /// The only source of randomness.
    pub seed: u64,
    /// Wall-clock time of t = 0.
    pub start: WallTime,
    /// Where a headless run stops, inclusive.
    pub until: SimTime,
    /// 12 digits.
    pub account: String,
    /// Such as `us-east-1`.
    pub region: String,
    /// AWS limits in force.
    pub quotas: Quotas,
    /// The stream at t = 0; `None`: none yet, a command creates one.
    pub stream: Option<StreamConfig>,
    /// Where records come from, in file order.
    pub producers: Vec<Producer>,
    /// Lambda functions, in file order.
    pub functions: Vec<FunctionConfig>,
    /// Event source mappings, in file order.
    pub mappings: Vec<MappingConfig>,
    /// Calls at a time, by time; those of one instant in file order.
    pub commands: Vec<Command>,
    /// CloudWatch alarms, in file order.
    pub alarms: Vec<Definition>,
    /// SNS topics, in file order.
    pub topics: Vec<TopicConfig>,
    /// What things cost.
    pub prices: Prices,
    /// What AWS does not document.
    pub model: Model,
}

/// The stream at t = 0.
#[derive(Clone, Debug)]
pub struct StreamConfig {
    /// `StreamName`, 1..=128 of `[a-zA-Z0-9_.-]`.
    pub name: String,
    /// `ShardCount`, at least 1.
    pub shard_count: u32,
    /// `StreamModeDetails`.
    pub mode: StreamMode,
    /// `RetentionPeriodHours`, 24..=8760.
    pub retention: SimDuration,
    /// `Shards`, instead of `shard_count`; empty where there are none listed.
    pub shards: Vec<Shard>,
    /// Names of `Consumers`, which are ACTIVE at t = 0.
    pub consumers: Vec<String>,
}

impl StreamConfig {
    /// The stream's ARN.
    #[must_use]
    pub fn arn(&self, region: &str, account: &str) -> String {
        format!("arn:aws:kinesis:{region}:{account}:stream/{}", self.name)
    }

    /// The ARNs of the consumers, which were created when the scenario starts.
    pub fn consumer_arns(&self, stream_arn: &str, start: WallTime) -> impl Iterator<Item = String> {
        self.consumers.iter().map(move |name| format!("{stream_arn}/consumer/{name}:{}", start.seconds()))
    }
}

/// One source of records.
#[derive(Clone, Debug)]
pub struct Producer {
    /// What it puts, and when.
    pub source: Source,
    /// What it does when a put is throttled.
    pub on_throttle: OnThrottle,
}

/// What a producer does with a throttled record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnThrottle {
    /// Tries again after 100 ms, doubling to 1 s; its later records wait, so order is kept.
    Retry,
    /// Gives the record up.
    Drop,
    /// Puts nothing any more.
    Stop,
}

/// What a producer puts, and when.
#[derive(Clone, Debug)]
pub enum Source {
    /// Listed records, in order of `at` (equal times in file order).
    Records {
        /// The records, sorted by `at`.
        records: Vec<ListedRecord>,
        /// Whether those of one instant are one PutRecords, of at most
        /// [`crate::quota::PUT_RECORDS_MAX`] records, rather than a PutRecord each.
        batch: bool,
    },
    /// One record for each key, again and again.
    Rounds {
        /// Keys of one round, in order.
        partition_keys: Vec<String>,
        /// Number of rounds.
        rounds: u32,
        /// From the start of one round to the next.
        period: SimDuration,
        /// Start of the first round.
        start_at: SimTime,
        /// `Data` template.
        data: String,
        /// Whether a round is one PutRecords, of at most [`crate::quota::PUT_RECORDS_MAX`] records, rather
        /// than a PutRecord each.
        batch: bool,
    },
    /// One key in a loop: put, then pause.
    Loop {
        /// The key.
        partition_key: String,
        /// Number of records; `None` is endless.
        count: Option<u32>,
        /// Pause after each put.
        pause: SimDuration,
        /// Duration of each put; the record arrives at its end.
        latency: SimDuration,
        /// Start of the first put.
        start_at: SimTime,
        /// `Data` template.
        data: String,
    },
    /// A steady or random rate over many keys.
    Rate {
        /// Records a second, above zero.
        records_per_second: Ratio,
        /// First arrival not before this.
        start_at: SimTime,
        /// No arrival at or after this; `None` is endless.
        stop_at: Option<SimTime>,
        /// How arrivals are spaced.
        arrivals: Arrivals,
        /// Which keys.
        keys: Keys,
        /// Bytes of data and key together, uniform in `min..=max`.
        size: SizeRange,
    },
}

/// A listed record of [`Source::Records`].
#[derive(Clone, Debug)]
pub struct ListedRecord {
    /// Arrival.
    pub at: SimTime,
    /// `PartitionKey`, 1..=256 characters.
    pub partition_key: String,
    /// The data.
    pub data: Data,
    /// `ExplicitHashKey`.
    pub explicit_hash_key: Option<u128>,
    /// Bytes of data and key together, where they are not those of `data`.
    pub size: Option<u32>,
}

/// Data of a listed record.
#[derive(Clone, Debug)]
pub enum Data {
    /// `Data`: a template.
    Template(String),
    /// `DataBase64`: bytes, decoded.
    Bytes(Vec<u8>),
}

/// How arrivals of [`Source::Rate`] are spaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrivals {
    /// Equal gaps.
    Even,
    /// Exponential gaps.
    Poisson,
}

/// Keys of [`Source::Rate`]: `key-000000000` to `key-<count - 1>`, nine digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keys {
    /// Number of keys, 1..=[`crate::quota::GENERATED_KEYS_MAX`].
    pub count: u32,
    /// How often each is drawn.
    pub distribution: KeyDistribution,
}

/// How often each of a producer's keys is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyDistribution {
    /// All alike.
    Uniform,
    /// The k-th key with weight 1 / k^exponent.
    Zipf {
        /// The exponent.
        exponent: Ratio,
    },
    /// The first key with this share, the others alike.
    Hot {
        /// Share of the first key, 0..=1.
        share: Ratio,
    },
}

/// An inclusive range of record sizes, in bytes of data and key together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SizeRange {
    /// Smallest, inclusive.
    pub min: u32,
    /// Largest, inclusive.
    pub max: u32,
}

/// A Lambda function.
#[derive(Clone, Debug)]
pub struct FunctionConfig {
    /// `FunctionName`, 1..=64 of `[a-zA-Z0-9_-]`.
    pub name: String,
    /// `Timeout`, 1..=900 s: bounds the handler's duration.
    pub timeout: SimDuration,
    /// `MemorySize`, 128..=10240 MB.
    pub memory_mb: u32,
    /// `ReservedConcurrentExecutions`; `None`: it shares the account's unreserved concurrency.
    pub reserved_concurrent_executions: Option<u32>,
    /// All code, oldest first; index i is version i + 1. At least one.
    pub versions: Vec<VersionConfig>,
    /// Aliases, in file order.
    pub aliases: Vec<AliasConfig>,
    /// Delay of a new environment before the handler starts: uniform in `min..=max`.
    pub cold_start: (SimDuration, SimDuration),
    /// How long an idle environment is kept.
    pub idle_timeout: SimDuration,
    /// Templates of the log lines the handler writes.
    pub log: LogTemplates,
}

impl FunctionConfig {
    /// The function's ARN, without a qualifier.
    #[must_use]
    pub fn arn(&self, region: &str, account: &str) -> String {
        format!("arn:aws:lambda:{region}:{account}:function:{}", self.name)
    }

    /// Whether what a qualifier stands for can become a handler that scales the stream.
    #[must_use]
    pub fn may_scale(&self, qualifier: Qualifier) -> bool {
        let scales = |version: &VersionConfig| matches!(version.handler, Handler::Scale(_));
        match qualifier {
            Qualifier::Version(idx) => self.versions.get(idx as usize).is_some_and(scales),
            Qualifier::Latest | Qualifier::Alias(_) => self.versions.iter().any(scales),
        }
    }
}

/// One version of a function's code.
#[derive(Clone, Debug)]
pub struct VersionConfig {
    /// What the handler stamps on the rows it writes.
    pub tag: String,
    /// What the handler does.
    pub handler: Handler,
}

/// Log line templates; see `docs/scenario.md`.
#[derive(Clone, Debug)]
pub struct LogTemplates {
    /// At the handler's start.
    pub start: Option<String>,
    /// After a record that succeeds.
    pub success: Option<String>,
    /// After a record that fails.
    pub failure: Option<String>,
}

/// What a function's code does.
#[derive(Clone, Debug)]
pub enum Handler {
    /// Works records; any event can invoke it.
    Rules(RuleHandler),
    /// Works every record, then gives this answer, whatever it received.
    Respond {
        /// Its times; without rules.
        work: RuleHandler,
        /// The answer.
        response: Value,
    },
    /// Scales the stream; only a topic invokes it.
    Scale(Scaling),
}

impl Handler {
    /// Time spent on each record.
    #[must_use]
    pub fn per_record(&self) -> SimDuration {
        self.rules().map_or(SimDuration::ZERO, |rules| rules.per_record)
    }

    /// What it does with records, where it works them.
    #[must_use]
    pub fn rules(&self) -> Option<&RuleHandler> {
        match self {
            Self::Rules(rules) | Self::Respond { work: rules, .. } => Some(rules),
            Self::Scale(_) => None,
        }
    }
}

/// A rule handler: for each record the first matching rule decides.
#[derive(Clone, Debug)]
pub struct RuleHandler {
    /// Time spent on each record.
    pub per_record: SimDuration,
    /// Time spent after the last record.
    pub per_invocation: SimDuration,
    /// Rules, in file order.
    pub rules: Vec<Rule>,
    /// Whether the first reported record ends the invocation.
    pub stop_at_first_report: bool,
}

/// A rule of a handler.
#[derive(Clone, Debug)]
pub struct Rule {
    /// When it applies.
    pub when: Condition,
    /// What happens then.
    pub then: Action,
}

/// What a handler does at a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Fails after this record's `perRecord`, before its row is written.
    Throw,
    /// Works every record and writes every row, then fails.
    ThrowAtEnd,
    /// Hangs until the function's timeout.
    Timeout,
    /// As [`Action::Throw`], and the environment is lost.
    Crash,
    /// Takes this record's `perRecord`, writes no row, and puts the record into `batchItemFailures`.
    Report,
    /// Ends at once, successfully.
    Return,
}

/// When a rule applies to a record.
#[derive(Clone, Debug)]
pub enum Condition {
    /// Place in the received records, from 1.
    PositionInBatch(u32),
    /// The record's partition key.
    PartitionKey(String),
    /// The record's number: a key's records counted from 1 in arrival order.
    Number(u32),
    /// The record's index in the stream, from 0.
    Record(u32),
    /// The data, as text, contains this.
    DataContains(String),
    /// The attempt, from 1.
    Attempt(u32),
    /// The invocation started at or after this.
    From(SimTime),
    /// The invocation started before this.
    To(SimTime),
    /// A draw for each record of each attempt.
    Chance(Ratio),
    /// At least one holds.
    Any(Vec<Condition>),
    /// All hold.
    All(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
}

/// Which code a mapping invokes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Qualifier {
    /// No qualifier, or `$LATEST`: the newest published code.
    Latest,
    /// A version: index into the function's `versions`.
    Version(u32),
    /// An alias: index into the function's `aliases`.
    Alias(u32),
}

/// An SNS topic and who is told.
#[derive(Clone, Debug)]
pub struct TopicConfig {
    /// `TopicName`, 1..=256 of `[a-zA-Z0-9_-]`.
    pub name: String,
    /// Functions that it invokes, by index, in file order.
    pub functions: Vec<u32>,
}

impl TopicConfig {
    /// The topic's ARN.
    #[must_use]
    pub fn arn(&self, region: &str, account: &str) -> String {
        format!("arn:aws:sns:{region}:{account}:{}", self.name)
    }
}

/// What AWS does not document: every assumption is a named, visible dial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    /// Time between a mapping's polls of a shard.
    pub poll: SimDuration,
    /// Polls happen where t mod `poll` is this; below `poll`.
    pub poll_phase: SimDuration,
    /// Which hash assigns a partition key to a lane.
    pub lane_hash: LaneHash,
    /// First delay of a retry.
    pub backoff_base: SimDuration,
    /// Growth of the delay from one retry to the next.
    pub backoff_factor: Ratio,
    /// Longest delay.
    pub backoff_cap: SimDuration,
    /// Part of the delay that is drawn at random, 0..=1, both ways.
    pub backoff_jitter: Ratio,
    /// First delay of a producer's throttled put; it doubles.
    pub producer_backoff_base: SimDuration,
    /// Longest delay of a producer's throttled put.
    pub producer_backoff_cap: SimDuration,
    /// From hand-over to the handler's start.
    pub invoke_overhead: SimDuration,
    /// Tick at which finished parents' children are assigned.
    pub shard_assignment: SimDuration,
    /// Time of one step of a reshard.
    pub reshard_step: SimDuration,
    /// From a mapping's creation or update to its effect.
    pub activation: SimDuration,
    /// From disabling to the last dispatch.
    pub deactivation: SimDuration,
    /// Arrival to delivery of enhanced fan-out.
    pub efo_latency: SimDuration,
    /// How long an alias move takes to reach every front end.
    pub rollout: SimDuration,
    /// Whether a roll-out starts one old environment cold.
    pub rollout_cold_old: bool,
    /// Rounding era of `UpdateShardCount`.
    pub uniform_scaling: UniformScaling,
    /// Bytes of JSON around each record of an event.
    pub envelope: u32,
}

/// Which hash assigns a partition key to a lane (assumption; see ARCHITECTURE.md).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LaneHash {
    /// `java.lang.String.hashCode`, modulo the factor.
    JavaStringHash,
    /// The low 32 bits of the key's MD5, modulo the factor.
    Md5Low32,
}

impl Default for Model {
    fn default() -> Self {
        Self {
            poll: SimDuration(1000),
            poll_phase: SimDuration::ZERO,
            lane_hash: LaneHash::JavaStringHash,
            backoff_base: SimDuration(200),
            backoff_factor: Ratio::whole(2),
            backoff_cap: SimDuration(60_000),
            backoff_jitter: Ratio::whole(0),
            producer_backoff_base: SimDuration(100),
            producer_backoff_cap: SimDuration(1000),
            invoke_overhead: SimDuration(30),
            shard_assignment: SimDuration(10_000),
            reshard_step: SimDuration(30_000),
            activation: SimDuration::ZERO,
            deactivation: SimDuration::ZERO,
            efo_latency: SimDuration(60),
            rollout: SimDuration(7000),
            rollout_cold_old: true,
            uniform_scaling: UniformScaling::Modern,
            envelope: 450,
        }
    }
}
