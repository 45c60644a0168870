//! An answer as the command line prints it: JSON with four spaces, moments as ISO 8601.

use std::fmt::Write as _;

use serde_json::Value;

use crate::aws::validation::millis;
use crate::units::WallTime;

/// The text of an answer; nothing where it has no members. `timestamps` are the members that hold a moment.
pub(super) fn answer(answer: &Value, timestamps: &[&str]) -> String {
    if answer.as_object().is_none_or(serde_json::Map::is_empty) {
        return String::new();
    }
    let mut text = String::new();
    value(&mut text, answer, 0, (timestamps, false));
    text.push('\n');
    text
}

/// `moments`: the members that hold moments, and whether this is one of them; a list is a list of moments then.
fn value(text: &mut String, it: &Value, depth: usize, moments: (&[&str], bool)) {
    let (timestamps, is_moment) = moments;
    match it {
        Value::Array(items) if !items.is_empty() => {
            text.push('[');
            for (place, item) in items.iter().enumerate() {
                line(text, place, depth + 1);
                value(text, item, depth + 1, moments);
            }
            line(text, 0, depth);
            text.push(']');
        }
        Value::Object(members) if !members.is_empty() => {
            text.push('{');
            for (place, (name, member)) in members.iter().enumerate() {
                line(text, place, depth + 1);
                text.push_str(&Value::String(name.clone()).to_string());
                text.push_str(": ");
                value(text, member, depth + 1, (timestamps, timestamps.contains(&name.as_str())));
            }
            line(text, 0, depth);
            text.push('}');
        }
        Value::Number(number) if is_moment && let Some(moment) = millis(number) => {
            iso(text, WallTime(moment))
        }
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Array(_)
        | Value::Object(_) => text.push_str(&it.to_string()),
    }
}

/// A new line for the item at `place`; those after the first have a comma before it.
fn line(text: &mut String, place: usize, depth: usize) {
    if place > 0 {
        text.push(',');
    }
    text.push('\n');
    text.extend(std::iter::repeat_n("    ", depth));
}

/// `"2020-01-14T06:23:03.100000+00:00"`: Python's form, without decimals where there are none.
///
/// AWS: version 2 prints local time; here it is UTC.
fn iso(text: &mut String, moment: WallTime) {
    let utc = moment.to_string();
    let seconds = &utc[..utc.len() - ".000Z".len()];
    let decimals = match moment.0 % 1000 {
        0 => String::new(),
        millis => format!(".{millis:03}000"),
    };
    write!(text, "\"{seconds}{decimals}+00:00\"").expect("writing to a String cannot fail");
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn answers_have_four_spaces_and_dates() {
        assert_eq!(answer(&json!({}), &[]), "");
        let found = answer(&json!({"a": [], "At": 1579011783.1, "b": [{"At": 0}, {"c": "é\n"}]}), &["At"]);
        let expect = r#"{
    "a": [],
    "At": "2020-01-14T14:23:03.100000+00:00",
    "b": [
        {
            "At": "1970-01-01T00:00:00+00:00"
        },
        {
            "c": "é\n"
        }
    ]
}
"#;
        assert_eq!(found, expect);
    }
}
