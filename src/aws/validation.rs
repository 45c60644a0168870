//! Checks a request against its operation, and answers in AWS's words.
//!
//! First the types of all members, of which the first wrong one is reported alone (SerializationException);
//! then the constraints, of which up to ten failures go into one message (ValidationException).
//! Members that the operation does not have are ignored, as AWS does.
//!
//! AWS: texts and orders as kinesalite 3.3.3 has them, whose author checked them against AWS.

mod constraints;
mod types;

use serde_json::Value;

use super::error::ApiError;
use super::shape::Operation;

/// Most failures that one message lists.
pub const FAILURES_MAX: usize = 10;

/// Checks `request`, an object or `null`, which stands for an empty one.
///
/// # Errors
/// A value of the wrong type, or values that break constraints.
pub fn check(operation: &Operation, request: &Value) -> Result<(), ApiError> {
    types::structure(operation.input, request)?;
    let failures = constraints::failures(operation, request);
    if failures.is_empty() {
        return Ok(());
    }
    let plural = if failures.len() == 1 { "" } else { "s" };
    let message = format!("{} validation error{plural} detected: {}", failures.len(), failures.join("; "));
    Err(ApiError::new("ValidationException", message))
}

/// The integer that a number of a request stands for: decimals are cut off, and what does not fit is the
/// nearest that does. Assumption: AWS documents neither.
#[must_use]
pub fn integer(number: &serde_json::Number) -> i64 {
    if let Some(integer) = number.as_i64() {
        return integer;
    }
    let text = number.as_str();
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let shifted = shifted(digits, 0);
    sign * shifted.unwrap_or(i64::MAX)
}

/// Milliseconds since 1970 that a number of seconds stands for, decimals beyond the third cut off; `None`
/// before 1970.
#[must_use]
pub fn millis(number: &serde_json::Number) -> Option<u64> {
    let text = number.as_str();
    if text.starts_with('-') {
        return None;
    }
    Some(shifted(text, 3).unwrap_or(i64::MAX).unsigned_abs())
}

/// A non-negative decimal times 10 to the `places`, rounded down; `None` where it does not fit.
fn shifted(text: &str, places: i32) -> Option<i64> {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    if digits.bytes().all(|digit| digit == b'0') {
        return Some(0);
    }
    let exponent = exponent.trim_start_matches('+').parse::<i32>().ok()?;
    // How many of the digits stand before the point.
    let before = i32::try_from(whole.len()).ok()?.checked_add(exponent)?.checked_add(places)?;
    let Ok(before) = usize::try_from(before) else { return Some(0) };
    let mut value = 0i64;
    for place in 0..before {
        let digit = digits.as_bytes().get(place).map_or(0, |digit| digit - b'0');
        value = value.checked_mul(10)?.checked_add(digit.into())?;
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::aws::{Member, Shape};

    const ITEM: Shape = Shape::Structure(&[
        Member::required("Key", Shape::text(1, 3)),
        Member::optional("Data", Shape::Blob { max: 4 }),
    ]);
    const OPERATION: Operation = Operation {
        name: "Try",
        failures: &["Name", "Key"],
        input: &[
            Member::required("Name", Shape::text(1, 3)),
            Member::unless("Name", "Arn", Shape::TEXT),
            Member::optional("Count", Shape::Integer { min: 1, max: 5 }),
            Member::optional("Flag", Shape::Boolean),
            Member::optional("Kind", Shape::Enum(&["A", "B"])),
            Member::optional("When", Shape::Timestamp),
            Member::optional("Items", Shape::List { of: &ITEM, min: 1, max: 2, printed: "Item@1" }),
            Member::optional("Tags", Shape::Map { min: 1, max: 2, key: (1, 2), value: (0, 2) }),
        ],
    };

    #[track_caller]
    fn check_request(request: &Value, expect: &str) {
        let found = check(&OPERATION, request).map_or_else(|error| error.to_string(), |()| String::new());
        assert_eq!(found, expect, "{request}");
    }

    #[track_caller]
    fn check_failures(request: &Value, expect: &[&str]) {
        let plural = if expect.len() == 1 { "" } else { "s" };
        let expect = format!(
            "ValidationException: {} validation error{plural} detected: {}",
            expect.len(),
            expect.join("; ")
        );
        check_request(request, &expect);
    }

    #[test]
    fn the_first_wrong_type_is_a_serialization_exception() {
        for (request, expect) in [
            (json!([]), "Start of list found where not expected"),
            (json!("x"), "Expected null"),
            (
                json!({"Name": 1}),
                "class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be converted to an String",
            ),
            (json!({"Name": true}), "class java.lang.Boolean can not be converted to an String"),
            (json!({"Name": []}), "Start of list found where not expected"),
            (json!({"Name": {}}), "Start of structure or map found where not expected."),
            (json!({"Count": "1"}), "class java.lang.String can not be converted to an Integer"),
            (json!({"Flag": "yes"}), "'YES' can not be converted to an Boolean"),
            (
                json!({"When": "2020-01-14"}),
                "class java.lang.String can not be converted to milliseconds since epoch",
            ),
            (json!({"Items": 1}), "Expected list or null"),
            (json!({"Items": {}}), "Start of structure or map found where not expected."),
            (json!({"Items": [1]}), "Expected null"),
            (json!({"Tags": 1}), "Expected map or null"),
            (json!({"Tags": []}), "Start of list found where not expected"),
            (
                json!({"Items": [{"Data": "eA="}]}),
                "'eA=' can not be converted to a Blob: Base64 encoded length is expected a multiple of 4 bytes but found: 3",
            ),
            (
                json!({"Items": [{"Data": "e*=="}]}),
                "'e*==' can not be converted to a Blob: Invalid Base64 character: '*'",
            ),
            (
                json!({"Items": [{"Data": "eB=="}]}),
                "'eB==' can not be converted to a Blob: Invalid last non-pad Base64 character dectected",
            ),
        ] {
            check_request(&request, &format!("SerializationException: {expect}"));
        }
    }

    #[test]
    fn constraints_are_checked_on_both_sides() {
        for request in [
            json!({"Name": "a", "Other": 1}),
            json!({"Name": "あいう", "Arn": null, "Count": 1, "Kind": "B", "Tags": {"k": ""}}),
            json!({"Name": "abc", "Count": 5.9, "Items": [{"Key": "k", "Data": "eHh4eA=="}], "When": 1.5}),
        ] {
            check_request(&request, "");
        }
        let null = "Value null at 'name' failed to satisfy constraint: Member must not be null";
        let arn = "Value null at 'arn' failed to satisfy constraint: Member must not be null";
        check_failures(&Value::Null, &[null, arn]);
        check_failures(&json!({"Arn": "x"}), &[null]);
        let fails = |value: &str, path: &str, rule: &str| {
            format!("Value {value} at '{path}' failed to satisfy constraint: {rule}")
        };
        for (member, value, quoted, path, rule) in [
            ("Count", json!(0), "'0'", "count", "Member must have value greater than or equal to 1"),
            ("Count", json!(6), "'6'", "count", "Member must have value less than or equal to 5"),
            ("Kind", json!("C"), "'C'", "kind", "Member must satisfy enum value set: [A, B]"),
            ("Items", json!([]), "'[]'", "items", "Member must have length greater than or equal to 1"),
            (
                "Items",
                json!([{"Key": "a"}, {"Key": "b"}, {"Key": "c"}]),
                "'[Item@1, Item@1, Item@1]'",
                "items",
                "Member must have length less than or equal to 2",
            ),
            ("Items", json!([{"Key": "a"}, null]), "null", "items.2.member", "Member must not be null"),
            (
                "Items",
                json!([{"Key": "a", "Data": "eHh4eHg="}]),
                "'java.nio.HeapByteBuffer[pos=0 lim=5 cap=5]'",
                "items.1.member.data",
                "Member must have length less than or equal to 4",
            ),
            ("Tags", json!({}), "'{}'", "tags", "Member must have length greater than or equal to 1"),
            (
                "Tags",
                json!({"key": "v"}),
                "'{key=v}'",
                "tags",
                "Map keys must satisfy constraint: [Member must have length less than or equal to 2, \
                 Member must have length greater than or equal to 1]",
            ),
        ] {
            let mut request = json!({"Name": "a"});
            request[member] = value;
            check_failures(&request, &[&fails(quoted, path, rule)]);
        }
    }

    #[test]
    fn a_message_lists_ten_failures() {
        let items: Vec<Value> = (0..20).map(|_| json!({})).collect();
        let error = check(&OPERATION, &json!({"Name": "a", "Items": items})).unwrap_err();
        assert!(error.message.starts_with("10 validation errors detected: "), "{error}");
        assert_eq!(error.message.matches("Value ").count(), 10);
        assert!(
            error
                .message
                .ends_with("'items.9.member.key' failed to satisfy constraint: Member must not be null")
        );
    }

    #[test]
    fn numbers_are_read_as_text() {
        #[track_caller]
        fn check(text: &str, whole: i64, thousandths: Option<u64>) {
            let number: serde_json::Number = text.parse().unwrap();
            assert_eq!((integer(&number), millis(&number)), (whole, thousandths), "{text}");
        }
        check("0", 0, Some(0));
        check("-3", -3, None);
        check("1579011783.1239", 1_579_011_783, Some(1_579_011_783_123));
        check("1.57901178312E9", 1_579_011_783, Some(1_579_011_783_120));
        check("5e-2", 0, Some(50));
        check("5e-9", 0, Some(0));
        check("1e99", i64::MAX, Some(i64::MAX as u64));
        check("-1e99", -i64::MAX, None);
        check("99999999999999999999", i64::MAX, Some(i64::MAX as u64));
    }
}
