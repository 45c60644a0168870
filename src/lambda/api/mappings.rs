//! Operations on event source mappings.

use serde_json::{Value, json};

use super::{Surroundings, settings};
use crate::aws::{Answer, ApiError, Request};
use crate::lambda::account::{EventSourceMapping, Lambda, MappingState};
use crate::lambda::error;
use crate::quota;
use crate::scenario::{Destination, MappingConfig, StartingPosition};
use crate::units::SimDuration;

type Outcome = Result<Value, ApiError>;

/// CreateEventSourceMapping. `Tags` are checked and have no effect.
pub(super) fn create(lambda: &mut Lambda, around: Surroundings<'_>, request: Request<'_>) -> Outcome {
    let config = settings::of_new(lambda, around, request)?;
    let uuid = (around.uuid)(lambda.mappings.len() as u16);
    let idx = lambda.create(around.now, uuid, config)?;
    Ok(configuration(lambda, around, idx))
}

/// UpdateEventSourceMapping.
pub(super) fn update(lambda: &mut Lambda, around: Surroundings<'_>, request: Request<'_>) -> Outcome {
    let idx = lambda.find(request.required("UUID"))?;
    let config = settings::of_changed(lambda, idx, request)?;
    lambda.update(around.now, idx, config)?;
    Ok(configuration(lambda, around, idx))
}

/// DeleteEventSourceMapping.
pub(super) fn delete(lambda: &mut Lambda, around: Surroundings<'_>, request: Request<'_>) -> Outcome {
    let idx = lambda.find(request.required("UUID"))?;
    lambda.delete(around.now, idx)?;
    Ok(configuration(lambda, around, idx))
}

/// GetEventSourceMapping.
pub(super) fn get(lambda: &Lambda, around: Surroundings<'_>, request: Request<'_>) -> Outcome {
    Ok(configuration(lambda, around, lambda.find(request.required("UUID"))?))
}

/// ListEventSourceMappings. Assumptions: in order of creation; a marker is the UUID of the next page's first.
pub(super) fn list(lambda: &Lambda, around: Surroundings<'_>, request: Request<'_>) -> Outcome {
    let function = request.text("FunctionName").map(|name| lambda.function(name)).transpose()?;
    let wanted = |(_, mapping): &(u16, &EventSourceMapping)| {
        let MappingConfig { event_source_arn, function_idx, qualifier, .. } = &mapping.config;
        mapping.state != MappingState::Deleted
            && request.text("EventSourceArn").is_none_or(|arn| arn == event_source_arn)
            && function.is_none_or(|function| function == (*function_idx, *qualifier))
    };
    let all: Vec<(u16, &EventSourceMapping)> = (0..).zip(&lambda.mappings).filter(wanted).collect();
    let first = match request.text("Marker").filter(|marker| !marker.is_empty()) {
        Some(marker) => {
            let at = all.iter().position(|(_, mapping)| mapping.uuid == marker);
            at.ok_or_else(error::invalid_marker)?
        }
        None => 0,
    };
    let count = request.integer("MaxItems").unwrap_or(quota::LIST_MAPPINGS_DEFAULT) as usize;
    let page = all[first..].iter().take(count).map(|&(idx, _)| configuration(lambda, around, idx));
    let next = all.get(first + count).map(|(_, mapping)| mapping.uuid.as_str());
    Ok(Answer::default().optional_text("NextMarker", next).list("EventSourceMappings", page.collect()).done())
}

/// EventSourceMappingConfiguration, members in the model's order.
fn configuration(lambda: &Lambda, around: Surroundings<'_>, idx: u16) -> Value {
    let mapping = &lambda.mappings[usize::from(idx)];
    let EventSourceMapping { uuid, config, state, modified, result } = mapping;
    let answer = starting_position(Answer::default().text("UUID", uuid), config)
        .integer("BatchSize", config.batch_size.into())
        .integer("MaximumBatchingWindowInSeconds", config.maximum_batching_window.0 / 1000)
        .integer("ParallelizationFactor", config.parallelization_factor.into())
        .text("EventSourceArn", &config.event_source_arn);
    let answer = if config.filter_criteria.is_empty() {
        answer
    } else {
        let patterns = config.filter_criteria.patterns();
        let filters = patterns.map(|pattern| Answer::default().text("Pattern", pattern).done()).collect();
        answer.value("FilterCriteria", Answer::default().list("Filters", filters).done())
    };
    let answer = answer
        .text("FunctionArn", &lambda.function_arn(config))
        .timestamp("LastModified", around.kinesis.start() + *modified)
        .text("LastProcessingResult", result.text())
        .text("State", state.name())
        .text("StateTransitionReason", "User action");
    let answer = handling_of_failures(answer, config)
        .integer("TumblingWindowInSeconds", config.tumbling_window.map_or(0, whole_seconds))
        .list("FunctionResponseTypes", response_types(config))
        .optional_text("KMSKeyArn", config.kms_key_arn.as_deref());
    let scenario = lambda.scenario();
    let place = format!("{}:{}", scenario.region, scenario.account);
    let arn = format!("arn:aws:lambda:{place}:event-source-mapping:{uuid}");
    let answer = answer.text("EventSourceMappingArn", &arn);
    if config.event_count_metrics {
        return answer.value("MetricsConfig", json!({"Metrics": ["EventCount"]})).done();
    }
    answer.done()
}

fn starting_position(answer: Answer, config: &MappingConfig) -> Answer {
    match config.starting_position {
        StartingPosition::TrimHorizon => answer.text("StartingPosition", "TRIM_HORIZON"),
        StartingPosition::Latest => answer.text("StartingPosition", "LATEST"),
        StartingPosition::AtTimestamp(moment) => {
            answer.text("StartingPosition", "AT_TIMESTAMP").timestamp("StartingPositionTimestamp", moment)
        }
    }
}

/// What a mapping does with batches that fail.
fn handling_of_failures(answer: Answer, config: &MappingConfig) -> Answer {
    let destination = config.on_failure.as_ref().map(|Destination { arn, .. }| arn.as_str());
    let on_failure = Answer::default().optional_text("Destination", destination).done();
    answer
        .value("DestinationConfig", Answer::default().value("OnFailure", on_failure).done())
        .value("MaximumRecordAgeInSeconds", limit(config.maximum_record_age.map(whole_seconds)))
        .boolean("BisectBatchOnFunctionError", config.bisect_batch_on_function_error)
        .value("MaximumRetryAttempts", limit(config.maximum_retry_attempts.map(u64::from)))
}

fn response_types(config: &MappingConfig) -> Vec<Value> {
    config.report_batch_item_failures.then(|| "ReportBatchItemFailures".into()).into_iter().collect()
}

/// -1 where there is no limit.
fn limit(limit: Option<u64>) -> Value {
    limit.map_or_else(|| Value::from(-1), Value::from)
}

fn whole_seconds(span: SimDuration) -> u64 {
    span.0 / 1000
}
