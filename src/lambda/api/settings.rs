//! What a request sets of a mapping, checked.

use super::Surroundings;
use crate::aws::lambda::filter::FilterCriteria;
use crate::aws::{ApiError, Request};
use crate::kinesis::StreamStatus;
use crate::kinesis::account::ConsumerStatus;
use crate::lambda::account::Lambda;
use crate::lambda::error;
use crate::quota;
use crate::scenario::{Destination, MappingConfig, StartingPosition};
use crate::units::SimDuration;

/// The settings of a new mapping.
///
/// # Errors
/// InvalidParameterValue, in this order: function, starting position, the settings that can be changed too, stream.
pub(super) fn of_new(
    lambda: &Lambda,
    around: Surroundings<'_>,
    request: Request<'_>,
) -> Result<MappingConfig, ApiError> {
    let (function_idx, qualifier) = lambda.function(request.required("FunctionName"))?;
    let mut config = MappingConfig {
        uuid: None,
        function_idx,
        qualifier,
        enabled: true,
        starting_position: starting_position(around, request)?,
        batch_size: 100,
        maximum_batching_window: SimDuration::ZERO,
        parallelization_factor: 1,
        maximum_record_age: None,
        maximum_retry_attempts: None,
        bisect_batch_on_function_error: false,
        report_batch_item_failures: false,
        on_failure: None,
        event_source_arn: request.required("EventSourceArn").to_owned(),
        tumbling_window: None,
        filter_criteria: FilterCriteria::default(),
        event_count_metrics: false,
        kms_key_arn: None,
    };
    set(&mut config, request)?;
    check_event_source(around, &config.event_source_arn)?;
    Ok(config)
}

/// The settings of a mapping after an update.
///
/// # Errors
/// InvalidParameterValue.
pub(super) fn of_changed(lambda: &Lambda, idx: u16, request: Request<'_>) -> Result<MappingConfig, ApiError> {
    let mut config = lambda.mappings[usize::from(idx)].config.clone();
    if let Some(name) = request.text("FunctionName") {
        (config.function_idx, config.qualifier) = lambda.function(name)?;
    }
    set(&mut config, request)?;
    Ok(config)
}

/// Sets what the request has of what can be changed.
fn set(config: &mut MappingConfig, request: Request<'_>) -> Result<(), ApiError> {
    let seconds = |seconds: u32| SimDuration::from_secs(seconds.into());
    change(&mut config.enabled, request.boolean("Enabled"));
    change(&mut config.batch_size, request.integer("BatchSize"));
    let window = request.integer("MaximumBatchingWindowInSeconds");
    change(&mut config.maximum_batching_window, window.map(seconds));
    change(&mut config.parallelization_factor, request.integer("ParallelizationFactor"));
    change(&mut config.bisect_batch_on_function_error, request.boolean("BisectBatchOnFunctionError"));
    change(&mut config.maximum_retry_attempts, request.limit("MaximumRetryAttempts"));
    let window = request.integer("TumblingWindowInSeconds");
    change(
        &mut config.tumbling_window,
        window.map(|window| Some(seconds(window)).filter(|window| window.0 > 0)),
    );
    if request.0.get("FunctionResponseTypes").is_some_and(|types| !types.is_null()) {
        config.report_batch_item_failures = request.items("FunctionResponseTypes").next().is_some();
    }
    if let Some(arn) = request.text("KMSKeyArn") {
        config.kms_key_arn = Some(arn.to_owned()).filter(|arn| !arn.is_empty());
    }
    if let Some(age) = request.limit("MaximumRecordAgeInSeconds") {
        if let Some(age) = age.filter(|age| *age < quota::RECORD_AGE_SECONDS_MIN) {
            return Err(error::record_age(age));
        }
        config.maximum_record_age = age.map(seconds);
    }
    if let Some(criteria) = request.structure("FilterCriteria") {
        config.filter_criteria = filter_criteria(criteria)?;
    }
    if let Some(destinations) = request.structure("DestinationConfig") {
        set_destination(config, destinations)?;
    }
    if let Some(metrics) = request.structure("MetricsConfig") {
        config.event_count_metrics = event_count(metrics)?;
    }
    if config.tumbling_window.is_some() && config.parallelization_factor > 1 {
        return Err(error::tumbling_with_factor());
    }
    Ok(())
}

fn change<T>(setting: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *setting = value;
    }
}

/// Assumption: the text for too many filters.
fn filter_criteria(criteria: Request<'_>) -> Result<FilterCriteria, ApiError> {
    let patterns: Vec<&str> = criteria.items("Filters").map(|filter| filter.required("Pattern")).collect();
    if patterns.len() > quota::FILTERS_MAX {
        let most = quota::FILTERS_MAX;
        return Err(error::invalid(format!("The number of filters exceeds the limit of {most}.")));
    }
    FilterCriteria::parse(patterns).map_err(|_| error::filter_pattern())
}

/// An empty ARN removes the destination. AWS: OnSuccess is not for streams. Assumption: both texts.
fn set_destination(config: &mut MappingConfig, destinations: Request<'_>) -> Result<(), ApiError> {
    let arn = |name: &str| destinations.structure(name).and_then(|of| of.text("Destination"));
    if arn("OnSuccess").is_some_and(|arn| !arn.is_empty()) {
        return Err(error::invalid("OnSuccess destinations are not supported for stream event sources."));
    }
    let Some(arn) = arn("OnFailure") else { return Ok(()) };
    config.on_failure = Destination::parse(arn);
    if config.on_failure.is_none() && !arn.is_empty() {
        return Err(error::invalid(format!(
            "The destination {arn} is not supported. It must be an Amazon SQS queue, an Amazon SNS topic or an \
             Amazon S3 bucket."
        )));
    }
    Ok(())
}

/// Whether EventCount is asked for. AWS: the other groups are for Kafka. Assumption: text.
fn event_count(metrics: Request<'_>) -> Result<bool, ApiError> {
    let mut found = false;
    for name in metrics.items("Metrics").filter_map(|name| name.0.as_str()) {
        if name != "EventCount" {
            return Err(error::invalid(format!("{name} is not supported for stream event sources.")));
        }
        found = true;
    }
    Ok(found)
}

fn starting_position(around: Surroundings<'_>, request: Request<'_>) -> Result<StartingPosition, ApiError> {
    let timestamp = request.timestamp("StartingPositionTimestamp");
    let position = match request.text("StartingPosition") {
        None => return Err(error::no_starting_position()),
        Some("AT_TIMESTAMP") => {
            let Some(timestamp) = timestamp else {
                return Err(error::invalid("Need to specify a timestamp"));
            };
            if timestamp > around.wall() {
                return Err(error::timestamp_in_future(timestamp, around.wall()));
            }
            return Ok(StartingPosition::AtTimestamp(timestamp));
        }
        Some("LATEST") => StartingPosition::Latest,
        Some(_) => StartingPosition::TrimHorizon,
    };
    if timestamp.is_some() {
        return Err(error::invalid("Timestamp only valid with StartingPosition AT_TIMESTAMP"));
    }
    Ok(position)
}

/// The event source is the scenario's stream or one of its consumers, and can be read.
///
/// Assumptions: a consumer that is not there is answered like a stream; so is what cannot be read yet or any more.
fn check_event_source(around: Surroundings<'_>, arn: &str) -> Result<(), ApiError> {
    let kinesis = around.kinesis;
    if !arn.contains(":kinesis:") {
        return Err(error::event_source(arn));
    }
    let stream = arn.split_once("/consumer/").map_or(arn, |(stream, _)| stream);
    let Some(idx) = kinesis.name_of_arn(stream).and_then(|name| kinesis.find(name)) else {
        return Err(error::no_such_stream(arn));
    };
    let readable = match kinesis.streams[idx as usize].status {
        StreamStatus::Active | StreamStatus::Updating => true,
        StreamStatus::Absent | StreamStatus::Creating | StreamStatus::Deleting => false,
    };
    let is_active = |&consumer: &u32| {
        let consumer = &kinesis.consumers[consumer as usize];
        kinesis.consumer_arn(consumer) == arn
            && kinesis.consumer_status(around.now, consumer) == Some(ConsumerStatus::Active)
    };
    if !readable || stream != arn && !kinesis.consumers_of(around.now, idx).iter().any(is_active) {
        return Err(error::no_such_stream(arn));
    }
    if idx > 0 {
        // Own limit: docs/streams.md, "What is left out". The first stream may have had the same name and be deleted.
        let own = kinesis.arn(&kinesis.streams[0].name);
        let text =
            format!("Mappings read the first stream of a run, {own}, and none that was created after it.");
        return Err(error::invalid(text));
    }
    Ok(())
}
