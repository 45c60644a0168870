//! CloudWatch's operations by AWS's names, with AWS's JSON in and out.
//!
//! Errors have the codes that the command line shows, such as `ValidationError`. Texts are AWS's where one was seen,
//! and say where they are not.

mod alarms;
mod data;
pub mod operations;
mod statistics;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

pub use operations::SERVICE;

use super::alarm::{Alarms, Dimension, StateChange};
use super::notification::Place;
use super::series::{Metrics, Subjects};
use crate::aws::{ApiError, Request, validation};
use crate::units::SimTime;

/// What the operations need of a run.
#[derive(Debug)]
pub struct CloudWatch<'a> {
    /// The alarms.
    pub alarms: &'a mut Alarms,
    /// All metrics, up to now.
    pub metrics: &'a Metrics,
    /// Where the run takes place.
    pub place: Place<'a>,
    /// What metrics are about.
    pub subjects: &'a dyn Subjects,
}

/// What a call did, beside its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing that anything follows from.
    None,
    /// An alarm was put, new or anew.
    AlarmPut(u32),
    /// An alarm has another state.
    AlarmState(u32, StateChange),
}

/// Answers a request at `now`.
///
/// # Errors
/// What AWS would answer instead. Operations that do not exist here are `InvalidAction`.
pub fn dispatch(
    cloudwatch: CloudWatch<'_>,
    now: SimTime,
    operation: &str,
    request: &Value,
) -> Result<(Value, Effect), ApiError> {
    let Some(table) = SERVICE.operation(operation) else { return Err(invalid_action(operation)) };
    validation::check(table, request).map_err(named_as_here)?;
    let request = Request(request);
    let quiet = |answer: Value| (answer, Effect::None);
    match operation {
        "DeleteAlarms" => alarms::delete(cloudwatch, request).map(quiet),
        "DescribeAlarms" => alarms::describe(&cloudwatch, request).map(quiet),
        "GetMetricData" => data::get(&cloudwatch, request).map(quiet),
        "GetMetricStatistics" => statistics::get(&cloudwatch, request).map(quiet),
        "ListMetrics" => statistics::list(&cloudwatch, request).map(quiet),
        "PutMetricAlarm" => alarms::put(cloudwatch, now, request),
        "SetAlarmState" => alarms::set_state(cloudwatch, now, request),
        _ => Err(invalid_action(operation)),
    }
}

/// Assumption: text.
fn invalid_action(operation: &str) -> ApiError {
    ApiError::new("InvalidAction", format!("Could not find operation {operation} for version 2010-08-01"))
}

/// AWS: the code of CloudWatch's own errors of validation is `ValidationError`.
fn named_as_here(error: ApiError) -> ApiError {
    if error.type_name == "ValidationException" { validation_error(error.message) } else { error }
}

fn validation_error(message: String) -> ApiError {
    ApiError::new("ValidationError", message)
}

/// `Dimensions`, with an empty value where there is none.
fn dimensions(request: Request<'_>) -> Vec<Dimension> {
    let dimension = |item: Request<'_>| Dimension {
        name: item.required("Name").to_owned(),
        value: item.required("Value").to_owned(),
    };
    request.items("Dimensions").map(dimension).collect()
}

/// A page of a list: its items from `NextToken` on, at most `limit`, and the next token.
///
/// # Errors
/// `InvalidNextToken`: it is none of ours.
fn page<T>(items: Vec<T>, request: Request<'_>, limit: usize) -> Result<(Vec<T>, Option<String>), ApiError> {
    let from = first_of_page(request)?;
    let next = from.saturating_add(limit);
    let token = (next < items.len()).then(|| token(next));
    Ok((items.into_iter().skip(from).take(limit).collect(), token))
}

/// The place that `NextToken` stands for.
fn first_of_page(request: Request<'_>) -> Result<usize, ApiError> {
    let Some(token) = request.text("NextToken") else { return Ok(0) };
    // Assumption: text.
    let invalid = || ApiError::new("InvalidNextToken", "The next token specified is invalid.".to_owned());
    place_of(token).ok_or_else(invalid)
}

fn token(place: usize) -> String {
    URL_SAFE_NO_PAD.encode(place.to_string())
}

fn place_of(token: &str) -> Option<usize> {
    String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?.parse().ok()
}
