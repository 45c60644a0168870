//! Event source mappings: `CreateEventSourceMapping`'s own fields.

use super::Qualifier;
use crate::aws::lambda::filter::FilterCriteria;
use crate::units::{SimDuration, WallTime};

/// Where a mapping starts to read a shard without a checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartingPosition {
    /// The oldest record kept.
    TrimHorizon,
    /// After the newest record when the mapping first reads.
    Latest,
    /// The first record that arrived at or after this wall-clock time.
    AtTimestamp(WallTime),
}

/// An event source mapping: `CreateEventSourceMapping`'s own fields.
#[derive(Clone, Debug)]
pub struct MappingConfig {
    /// `UUID`, generated from the seed where not given.
    pub uuid: Option<String>,
    /// `FunctionName`: index of the function.
    pub function_idx: u32,
    /// `FunctionName`'s qualifier.
    pub qualifier: Qualifier,
    /// `Enabled`.
    pub enabled: bool,
    /// `StartingPosition`.
    pub starting_position: StartingPosition,
    /// `BatchSize`, 1..=10000.
    pub batch_size: u32,
    /// `MaximumBatchingWindowInSeconds`, 0..=300 s.
    pub maximum_batching_window: SimDuration,
    /// `ParallelizationFactor`, 1..=10.
    pub parallelization_factor: u32,
    /// `MaximumRecordAgeInSeconds`, 60..=604800 s; `None` is -1: no limit.
    pub maximum_record_age: Option<SimDuration>,
    /// `MaximumRetryAttempts`, 0..=10000; `None` is -1: until the records expire.
    pub maximum_retry_attempts: Option<u32>,
    /// `BisectBatchOnFunctionError`.
    pub bisect_batch_on_function_error: bool,
    /// Whether `FunctionResponseTypes` holds `ReportBatchItemFailures`.
    pub report_batch_item_failures: bool,
    /// `DestinationConfig.OnFailure.Destination`.
    pub on_failure: Option<Destination>,
    /// `EventSourceArn`: that of a stream, or of one of its consumers (enhanced fan-out).
    pub event_source_arn: String,
    /// `TumblingWindowInSeconds`, 1..=900 s; `None` is 0: there are none.
    pub tumbling_window: Option<SimDuration>,
    /// `FilterCriteria`.
    pub filter_criteria: FilterCriteria,
    /// Whether `MetricsConfig` asks for `EventCount`.
    pub event_count_metrics: bool,
    /// `KMSKeyArn`, which has no effect.
    pub kms_key_arn: Option<String>,
}

impl MappingConfig {
    /// Whether it reads as a consumer of its own, to which records are pushed (enhanced fan-out).
    #[must_use]
    pub fn is_pushed(&self) -> bool {
        self.event_source_arn.split('/').nth(2) == Some("consumer")
    }
}

/// Where documents about discarded batches go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// Its service.
    pub service: DestinationService,
    /// Its ARN.
    pub arn: String,
}

/// What a destination is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DestinationService {
    /// An SQS queue.
    Sqs,
    /// An SNS topic.
    Sns,
    /// An S3 bucket.
    S3,
}

impl Destination {
    /// Reads an ARN: `None` where it is that of no queue, topic or bucket. AWS: developer guide, "Retain discarded
    /// records"; a Kafka topic is for Kafka sources only.
    #[must_use]
    pub fn parse(arn: &str) -> Option<Self> {
        let mut parts = arn.splitn(6, ':');
        let (arn_word, _partition, service) = (parts.next()?, parts.next()?, parts.next()?);
        let named = parts.nth(2).is_some_and(|name| !name.is_empty());
        let service = match service {
            "sqs" => DestinationService::Sqs,
            "sns" => DestinationService::Sns,
            "s3" => DestinationService::S3,
            _ => return None,
        };
        (arn_word == "arn" && named).then(|| Self { service, arn: arn.to_owned() })
    }
}
