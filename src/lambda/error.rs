//! What a caller of Lambda's API sees when a call is refused.
//!
//! AWS: type names from the API model (botocore 1.43.11). Each text says where it was seen: "recorded" on AWS, in
//! another project's "emulator" (LocalStack), or it is an assumption.

use crate::aws::ApiError;
use crate::units::WallTime;

/// `InvalidParameterValueException`.
pub(super) fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::new("InvalidParameterValueException", message.into())
}

/// AWS: text recorded.
pub(super) fn no_such_resource() -> ApiError {
    ApiError::not_found("The resource you requested does not exist.".into())
}

/// A marker that no answer had. Assumption: text.
pub(super) fn invalid_marker() -> ApiError {
    invalid("Invalid marker.")
}

/// AWS: text of an emulator. Assumption: the same for a version or alias that is not there.
pub(super) fn no_such_function() -> ApiError {
    invalid("Function does not exist")
}

/// A function of this simulation that a topic alone invokes.
pub(super) fn scales(function: &str) -> ApiError {
    invalid(format!("The function {function} scales a stream; its handler does not work records."))
}

/// AWS: text recorded.
pub(super) fn mapping_exists(event_source_arn: &str, function: &str, uuid: &str) -> ApiError {
    ApiError::new(
        "ResourceConflictException",
        format!(
            "The event source arn (\" {event_source_arn} \") and function (\" {function} \") provided mapping \
             already exists. Please update or delete the existing mapping with UUID {uuid}"
        ),
    )
}

/// A mapping that is between two states. Assumption: text.
pub(super) fn mapping_in_use(verb: &str) -> ApiError {
    ApiError::in_use(format!("Cannot {verb} the event source mapping because it is in use."))
}

/// AWS: text recorded; with its full stop.
pub(super) fn no_starting_position() -> ApiError {
    invalid(
        "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must \
         not be null.",
    )
}

/// AWS: text recorded as far as `currentTimestampInMillis.`; the rest is that of the stream's own refusal.
pub(super) fn timestamp_in_future(timestamp: WallTime, now: WallTime) -> ApiError {
    invalid(format!(
        "Received Exception while reading from provided stream. The timestampInMillis parameter cannot be greater \
         than the currentTimestampInMillis. timestampInMillis: {}, currentTimestampInMillis: {}",
        timestamp.0, now.0
    ))
}

/// AWS: text recorded.
pub(super) fn no_such_stream(arn: &str) -> ApiError {
    invalid(format!("Stream not found: {arn}"))
}

/// AWS: text recorded.
pub(super) fn filter_pattern() -> ApiError {
    invalid("Invalid filter pattern definition.")
}

/// AWS: 0 to 59 are refused (recorded). Assumption: text.
pub(super) fn record_age(seconds: u32) -> ApiError {
    invalid(format!(
        "Value {seconds} of MaximumRecordAgeInSeconds is not allowed. It must be -1, or between 60 and 604800."
    ))
}

/// AWS: refused (recorded). Assumption: text.
pub(super) fn tumbling_with_factor() -> ApiError {
    invalid("TumblingWindowInSeconds cannot be used with a ParallelizationFactor greater than 1.")
}

/// Neither a stream nor a consumer. Assumption: text.
pub(super) fn event_source(arn: &str) -> ApiError {
    invalid(format!("Unrecognized event source, must be kinesis. Unsupported source arn : {arn}"))
}
