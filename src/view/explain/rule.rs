//! The rules that steps of an explanation rest on, each with its tag and its source: one typed table.
//!
//! `docs/why.md` has the same table for readers, with the place where each rule is described; a test compares the
//! two, and finds each rule's words and its tag there. So no step names a source that the documents do not know.

use crate::view::text::MessageId;

/// How sure a rule is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    /// AWS says so.
    Documented,
    /// It was seen on AWS.
    Observed,
    /// AWS says nothing of it.
    Assumed,
    /// The scenario, a setting or a command says so.
    Given,
}

impl Tag {
    /// Its word.
    #[must_use]
    pub fn text(self) -> MessageId {
        match self {
            Self::Documented => MessageId::Documented,
            Self::Observed => MessageId::Observed,
            Self::Assumed => MessageId::Assumed,
            Self::Given => MessageId::Given,
        }
    }

    /// Its name for programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Observed => "observed",
            Self::Assumed => "assumed",
            Self::Given => "given",
        }
    }
}

macro_rules! sources {
    ($($source:ident: $name:ident, $edition:literal;)*) => {
        /// Where a rule comes from.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[expect(missing_docs, reason = "their names are in the table of texts")]
        pub enum Source { $($source,)* }

        impl Source {
            /// All sources.
            pub const ALL: &[Self] = &[$(Self::$source,)*];
            const ROWS: &[(MessageId, &str)] = &[$((MessageId::$name, $edition),)*];
        }
    };
}

sources! {
    KinesisModel: SourceKinesisModel, "botocore 1.44.5";
    KinesisResharding: SourceKinesisResharding, "read 2026-11-21";
    LambdaModel: SourceLambdaModel, "botocore 1.44.5";
    LambdaKinesis: SourceLambdaKinesis, "October 2023";
    LambdaMappings: SourceLambdaMappings, "October 2023";
    LambdaFiltering: SourceLambdaFiltering, "October 2023";
    LambdaTumbling: SourceLambdaTumbling, "October 2023";
    LambdaConcurrency: SourceLambdaConcurrency, "October 2023";
    LambdaAliases: SourceLambdaAliases, "October 2023";
    LambdaMetrics: SourceLambdaMetrics, "stored in 2025";
    CloudWatchAlarms: SourceCloudWatchAlarms, "read 2026-11";
    Listings: SourceListings, "2016 to 2023";
    Captures: SourceCaptures, "commit 9dc356f5";
    LocalStack: SourceLocalStack, "commit 8b9a79f0";
    ArticleA: SourceArticleA, "2020-11-04";
    ArticleC: SourceArticleC, "2020-01";
    Model: SourceModel, "";
    Scenario: SourceScenario, "";
}

impl Source {
    /// The name of the page, article or capture.
    #[must_use]
    pub fn name(self) -> MessageId {
        Self::ROWS[self as usize].0
    }

    /// Its edition or date; empty where it is this program.
    #[must_use]
    pub fn edition(self) -> &'static str {
        Self::ROWS[self as usize].1
    }
}

macro_rules! rules {
    ($($rule:ident: $tag:ident, $source:ident, $dial:literal;)*) => {
        /// A rule that a step rests on; `docs/why.md` says where each is described.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[expect(missing_docs, reason = "docs/why.md describes each, and a test compares the two")]
        pub enum Rule { $($rule,)* }

        impl Rule {
            /// All rules.
            pub const ALL: &[Self] = &[$(Self::$rule,)*];
            const ROWS: &[(Tag, Source, &str)] = &[$((Tag::$tag, Source::$source, $dial),)*];
        }
    };
}

rules! {
    Given: Given, Scenario, "";
    Routing: Documented, KinesisModel, "";
    WriteLimit: Documented, KinesisModel, "";
    LeakyBucket: Assumed, Model, "";
    ProducerBackoff: Assumed, Model, "producerBackoffBase";
    RangeFixed: Documented, KinesisResharding, "";
    ShardStates: Documented, KinesisResharding, "";
    ReshardStep: Assumed, Model, "reshardStep";
    SplitChildren: Observed, Listings, "";
    Sweep: Assumed, Model, "";
    OnDemand: Assumed, Model, "";
    ParentsFirst: Documented, LambdaKinesis, "";
    AssignmentTick: Assumed, Model, "shardAssignment";
    ShardEnd: Assumed, Model, "";
    StartPosition: Documented, LambdaModel, "";
    Retention: Documented, KinesisModel, "";
    ExpirySeen: Assumed, Model, "";
    Alarm: Documented, CloudWatchAlarms, "";
    Poll: Documented, LambdaKinesis, "poll";
    PollGrid: Assumed, Model, "pollPhase";
    KeyOrder: Documented, LambdaKinesis, "";
    LaneHash: Assumed, Model, "laneHash";
    Overhead: Assumed, Model, "invokeOverhead";
    IteratorAge: Assumed, Model, "";
    LastResult: Observed, LocalStack, "";
    Payload: Documented, LambdaMappings, "";
    Size: Documented, LambdaMappings, "";
    Window: Documented, LambdaMappings, "";
    Available: Documented, LambdaMappings, "";
    LaneSerial: Documented, LambdaKinesis, "";
    SameRequestId: Observed, Captures, "";
    NewBatch: Observed, Captures, "";
    WindowFrom: Observed, Captures, "";
    Thrown: Documented, LambdaKinesis, "";
    TimedOut: Documented, LambdaKinesis, "";
    Crashed: Documented, LambdaKinesis, "";
    Throttled: Documented, LambdaKinesis, "";
    Succeeded: Documented, LambdaKinesis, "";
    Remainder: Observed, Captures, "";
    Exhausted: Observed, Captures, "";
    Bisect: Documented, LambdaKinesis, "";
    BisectOrder: Observed, Captures, "";
    Backoff: Observed, ArticleC, "backoffBase";
    BackoffCap: Assumed, Model, "backoffCap";
    ThrottleBackoff: Assumed, Model, "";
    RetryLimit: Documented, LambdaModel, "";
    TooOld: Observed, LocalStack, "";
    Lowest: Documented, LambdaKinesis, "";
    FaultyAnswer: Observed, LocalStack, "";
    NotAsked: Observed, Captures, "";
    Document: Observed, Captures, "";
    Undelivered: Documented, LambdaMetrics, "";
    Concurrency: Documented, LambdaConcurrency, "";
    NotThere: Assumed, Model, "";
    Independent: Documented, LambdaMappings, "";
    Checkpoint: Assumed, Model, "";
    Filter: Documented, LambdaFiltering, "";
    Push: Documented, LambdaKinesis, "efoLatency";
    Tumbling: Documented, LambdaTumbling, "";
    InWindow: Documented, LambdaTumbling, "";
    States: Assumed, Model, "activation";
    Disabled: Observed, Captures, "";
    OneVersion: Documented, LambdaAliases, "";
    ResolvedAnew: Assumed, Model, "";
    PublishVersion: Documented, LambdaModel, "";
    Rollout: Assumed, ArticleA, "rollout";
    Weights: Documented, LambdaAliases, "";
    Reuse: Assumed, Model, "idleTimeout";
    ColdStart: Documented, LambdaMetrics, "";
    ColdOld: Assumed, ArticleA, "rolloutColdOld";
}

impl Rule {
    /// How sure it is.
    #[must_use]
    pub fn tag(self) -> Tag {
        Self::ROWS[self as usize].0
    }

    /// Where it comes from.
    #[must_use]
    pub fn source(self) -> Source {
        Self::ROWS[self as usize].1
    }

    /// The dial of `model` that it depends on; empty where there is none.
    #[must_use]
    pub fn dial(self) -> &'static str {
        Self::ROWS[self as usize].2
    }
}
