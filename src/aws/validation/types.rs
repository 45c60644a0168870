//! Whether every member has the JSON type that its shape asks for.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::aws::error::ApiError;
use crate::aws::shape::{Member, Shape};

/// Checks the members of an object, or of `null`.
pub(super) fn structure(members: &[Member], value: &Value) -> Result<(), ApiError> {
    match value {
        Value::Null => Ok(()),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => Err(error("Expected null".to_owned())),
        Value::Array(_) => Err(list_found()),
        Value::Object(object) => {
            let present = |member: &Member| Some((member.shape, object.get(member.name)?));
            members.iter().filter_map(present).try_for_each(|(shape, value)| check(&shape, value))
        }
    }
}

/// Checks one value; `null` has every type.
fn check(shape: &Shape, value: &Value) -> Result<(), ApiError> {
    match (*shape, value) {
        (_, Value::Null)
        | (Shape::String { .. } | Shape::Enum(_), Value::String(_))
        | (Shape::Integer { .. } | Shape::Double | Shape::Timestamp, Value::Number(_))
        | (Shape::Boolean, Value::Bool(_)) => Ok(()),
        (Shape::Structure(members), value) => structure(members, value),
        (Shape::List { of, .. }, Value::Array(items)) => items.iter().try_for_each(|item| check(of, item)),
        (Shape::Map { .. }, Value::Object(entries)) => {
            entries.values().try_for_each(|value| check(&Shape::TEXT, value))
        }
        (Shape::Numbers, Value::Object(entries)) => entries.values().try_for_each(|value| match value {
            Value::Null | Value::Number(_) => Ok(()),
            Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
                check(&Shape::INTEGER, value)
            }
        }),
        (Shape::Blob { .. }, Value::String(text)) => blob(text),
        (_, Value::Object(_)) => Err(error("Start of structure or map found where not expected.".to_owned())),
        (Shape::List { .. }, _) => Err(error("Expected list or null".to_owned())),
        (_, Value::Array(_)) => Err(list_found()),
        (Shape::Map { .. } | Shape::Numbers, _) => Err(error("Expected map or null".to_owned())),
        (_, value) => Err(not_convertible(shape, value)),
    }
}

/// A value that is no list, object or null, in place of another such value.
fn not_convertible(shape: &Shape, value: &Value) -> ApiError {
    let target = match shape {
        Shape::Boolean => "an Boolean",
        Shape::Integer { .. } => "an Integer",
        Shape::Double => "a Double",
        Shape::Blob { .. } => "a Blob",
        // Assumption: no source shows the text for a timestamp.
        Shape::Timestamp => "milliseconds since epoch",
        Shape::String { .. }
        | Shape::Enum(_)
        | Shape::Structure(_)
        | Shape::List { .. }
        | Shape::Map { .. }
        | Shape::Numbers => "an String",
    };
    let found = match value {
        Value::Bool(_) => "class java.lang.Boolean".to_owned(),
        Value::Number(_) => "class com.amazon.coral.value.json.numbers.TruncatingBigNumber".to_owned(),
        Value::String(text) if matches!(shape, Shape::Boolean) => format!("'{}'", text.to_uppercase()),
        Value::String(_) | Value::Null | Value::Array(_) | Value::Object(_) => {
            "class java.lang.String".to_owned()
        }
    };
    error(format!("{found} can not be converted to {target}"))
}

/// Checks base64: padded, and without spare bits.
fn blob(text: &str) -> Result<(), ApiError> {
    let bytes = text.as_bytes();
    let digit = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/';
    let padding = bytes.len() - text.trim_end_matches('=').len();
    let stray = text.chars().enumerate().find(|&(place, c)| {
        let pad = c == '=' && place >= bytes.len() - padding;
        !pad && !u8::try_from(c).is_ok_and(digit)
    });
    let reason = if !text.len().is_multiple_of(4) {
        format!("Base64 encoded length is expected a multiple of 4 bytes but found: {}", text.len())
    } else if let Some((_, stray)) = stray {
        format!("Invalid Base64 character: '{stray}'")
    } else if STANDARD.decode(text).is_err() {
        // AWS: the spelling is AWS's.
        "Invalid last non-pad Base64 character dectected".to_owned()
    } else {
        return Ok(());
    };
    Err(error(format!("'{text}' can not be converted to a Blob: {reason}")))
}

fn list_found() -> ApiError {
    error("Start of list found where not expected".to_owned())
}

fn error(message: String) -> ApiError {
    ApiError::new("SerializationException", message)
}
