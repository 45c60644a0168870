//! Lambda's operations by AWS's names, with AWS's JSON in and out.
//!
//! A request is checked against its table, then by the operation. What it does to mappings is told by
//! [`Lambda::take_changes`]. Assumption: requests of the wrong JSON types are refused in the words that Kinesis has.

mod mappings;
mod settings;

use serde_json::Value;

use super::account::Lambda;
use crate::aws::lambda::SERVICE;
use crate::aws::{ApiError, Request, validation};
use crate::kinesis::Kinesis;
use crate::units::{SimTime, WallTime};

/// What operations look at beside Lambda's own state.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// When the call is made.
    pub now: SimTime,
    /// The account's streams.
    pub kinesis: &'a Kinesis,
    /// Makes the UUID of a mapping, by index.
    pub uuid: &'a dyn Fn(u16) -> String,
}

impl Surroundings<'_> {
    /// The wall-clock time of the call.
    fn wall(self) -> WallTime {
        self.kinesis.start() + self.now
    }
}

/// Answers a request.
///
/// # Errors
/// What AWS would answer instead. Operations that do not exist here are UnknownOperationException.
pub fn dispatch(
    lambda: &mut Lambda,
    around: Surroundings<'_>,
    operation: &str,
    request: &Value,
) -> Result<Value, ApiError> {
    let Some(table) = SERVICE.operation(operation) else { return Err(unknown_operation()) };
    validation::check(table, request)?;
    let request = Request(request);
    match operation {
        "CreateEventSourceMapping" => mappings::create(lambda, around, request),
        "DeleteEventSourceMapping" => mappings::delete(lambda, around, request),
        "GetEventSourceMapping" => mappings::get(lambda, around, request),
        "ListEventSourceMappings" => mappings::list(lambda, around, request),
        "UpdateEventSourceMapping" => mappings::update(lambda, around, request),
        _ => {
            let answer = lambda.functions.answer(around.now, operation, request);
            answer.unwrap_or_else(|| Err(unknown_operation()))
        }
    }
}

/// Assumption: as with Kinesis, the message is empty.
fn unknown_operation() -> ApiError {
    ApiError::new("UnknownOperationException", String::new())
}
