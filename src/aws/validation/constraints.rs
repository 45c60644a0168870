//! Which constraints the values of a request break, in AWS's words.
//!
//! A value's own constraints come in the order null, least and greatest value, pattern, least and greatest
//! length, set of values.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::FAILURES_MAX;
use crate::aws::shape::{Member, Operation, Presence, Shape};

/// Characters that a message prints of a list's items before it cuts them off.
///
/// AWS: one recorded message (501 records) has 83; that it is a length and the same for all lists is assumed.
const LIST_CHARS_MAX: usize = 83;

/// The failures of a request whose types are right, at most [`FAILURES_MAX`].
pub(super) fn failures(operation: &Operation, request: &Value) -> Vec<String> {
    let mut failures = Failures { order: operation.failures, found: Vec::new() };
    failures.structure(operation.input, request, "");
    failures.found
}

struct Failures {
    order: &'static [&'static str],
    found: Vec<String>,
}

impl Failures {
    /// Checks the members of an object at `path`, which is empty or ends in a dot.
    fn structure(&mut self, members: &[Member], value: &Value, path: &str) {
        let named = self.order.iter().filter_map(|&name| members.iter().find(|member| member.name == name));
        let others = members.iter().filter(|member| !self.order.contains(&member.name));
        for member in named.chain(others) {
            let path = format!("{path}{}", lower_first(member.name));
            if let Some(value) = present(value, member.name) {
                self.value(&member.shape, value, &path);
                continue;
            }
            let missing = match member.presence {
                Presence::Required => true,
                Presence::Optional => false,
                Presence::Unless(other) => present(value, other).is_none(),
            };
            if missing {
                self.add("null", &path, "Member must not be null");
            }
        }
    }

    /// Checks a value that is not null.
    fn value(&mut self, shape: &Shape, value: &Value, path: &str) {
        match (*shape, value) {
            (Shape::String { pattern, min, max }, Value::String(text)) => {
                let quoted = format!("'{text}'");
                if let Some(pattern) = pattern.filter(|pattern| !(pattern.matches)(text)) {
                    let rule = format!("Member must satisfy regular expression pattern: {}", pattern.text);
                    self.add(&quoted, path, &rule);
                }
                self.length(text.chars().count(), min, max, &quoted, path);
            }
            (Shape::Enum(values), Value::String(text)) if !values.contains(&text.as_str()) => {
                let rule = format!("Member must satisfy enum value set: [{}]", values.join(", "));
                self.add(&format!("'{text}'"), path, &rule);
            }
            (Shape::Integer { min, max }, Value::Number(number)) => {
                let integer = super::integer(number);
                let quoted = format!("'{integer}'");
                if integer < min.into() {
                    self.add(
                        &quoted,
                        path,
                        &format!("Member must have value greater than or equal to {min}"),
                    );
                }
                if integer > max.into() {
                    self.add(&quoted, path, &format!("Member must have value less than or equal to {max}"));
                }
            }
            (Shape::Blob { max }, Value::String(text)) => {
                let bytes = text.len() / 4 * 3 - (text.len() - text.trim_end_matches('=').len());
                let quoted = format!("'java.nio.HeapByteBuffer[pos=0 lim={bytes} cap={bytes}]'");
                self.length(bytes, 0, max, &quoted, path);
            }
            (Shape::Structure(members), value) => self.structure(members, value, &format!("{path}.")),
            (Shape::List { of, min, max, printed }, Value::Array(items)) => {
                self.length(items.len(), min, max, &list_text(items, printed), path);
                for (number, item) in (1..).zip(items) {
                    if self.found.len() == FAILURES_MAX {
                        break;
                    }
                    let path = format!("{path}.{number}.member");
                    if item.is_null() {
                        self.add("null", &path, "Member must not be null");
                    } else {
                        self.value(of, item, &path);
                    }
                }
            }
            (Shape::Map { min, max, key, value }, Value::Object(entries)) => {
                self.map(entries, (min, max), key, value, path);
            }
            _ => {}
        }
    }

    /// Checks a map from texts to texts. A failure of any key, or of any value, is one of the whole map.
    fn map(
        &mut self,
        entries: &Map<String, Value>,
        (min, max): (u32, u32),
        key: (u32, u32),
        value: (u32, u32),
        path: &str,
    ) {
        let pairs: Vec<String> =
            entries.iter().map(|(key, value)| format!("{key}={}", plain(value))).collect();
        let quoted = format!("'{{{}}}'", pairs.join(", "));
        self.length(entries.len(), min, max, &quoted, path);
        let within = |text: &str, (min, max): (u32, u32)| {
            (min as usize..=max as usize).contains(&text.chars().count())
        };
        let rule = |what: &str, (min, max): (u32, u32)| {
            format!(
                "{what} must satisfy constraint: [Member must have length less than or equal to {max}, \
                 Member must have length greater than or equal to {min}]"
            )
        };
        if !entries.keys().all(|text| within(text, key)) {
            self.add(&quoted, path, &rule("Map keys", key));
        }
        if !entries.values().all(|text| within(text.as_str().unwrap_or(""), value)) {
            self.add(&quoted, path, &rule("Map value", value));
        }
    }

    /// Checks a length; a least length of 0 and a greatest of `u32::MAX` are no constraints.
    fn length(&mut self, length: usize, min: u32, max: u32, quoted: &str, path: &str) {
        if length < min as usize {
            self.add(quoted, path, &format!("Member must have length greater than or equal to {min}"));
        }
        if max < u32::MAX && length > max as usize {
            self.add(quoted, path, &format!("Member must have length less than or equal to {max}"));
        }
    }

    fn add(&mut self, quoted: &str, path: &str, rule: &str) {
        if self.found.len() < FAILURES_MAX {
            self.found.push(format!("Value {quoted} at '{path}' failed to satisfy constraint: {rule}"));
        }
    }
}

/// The value of a member that is there and not null.
fn present<'a>(object: &'a Value, name: &str) -> Option<&'a Value> {
    object.get(name).filter(|value| !value.is_null())
}

/// A list as a message prints it, quoted.
fn list_text(items: &[Value], printed: &str) -> String {
    let mut text = String::new();
    for (place, item) in items.iter().enumerate() {
        if text.len() > LIST_CHARS_MAX {
            break;
        }
        let separator = if place == 0 { "" } else { ", " };
        let item = if item.is_object() { printed } else { plain(item) };
        write!(text, "{separator}{item}").expect("writing to a String cannot fail");
    }
    if text.chars().count() > LIST_CHARS_MAX {
        text = text.chars().take(LIST_CHARS_MAX).chain("...".chars()).collect();
    }
    format!("'[{text}]'")
}

/// A text without quotes; nothing for what is no text.
fn plain(value: &Value) -> &str {
    value.as_str().unwrap_or("null")
}

/// `streamName` for `StreamName`.
fn lower_first(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |first| first.to_ascii_lowercase().to_string() + chars.as_str())
}
