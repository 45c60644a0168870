//! What the command line itself checks before it calls a service: presence, names, types, least values.
//!
//! AWS: texts of botocore 1.43.11. Greatest values, patterns and sets of values are left to the service.

use serde_json::{Number, Value};

use super::{EXIT_USAGE, Outcome, failure, options};
use crate::aws::shape::{Member, Presence, Shape};
use crate::aws::validation::integer;

/// Checks the parameters of an operation.
pub(super) fn parameters(members: &[Member], parameters: &Value) -> Result<(), Outcome> {
    let mut report = Report(Vec::new());
    report.structure(members, parameters, "");
    if report.0.is_empty() {
        return Ok(());
    }
    Err(failure(format!("\nParameter validation failed:\n{}\n", report.0.join("\n")), EXIT_USAGE))
}

/// Whether an integer of any size is below `min`; what is no integer is not.
fn is_below(number: &Number, min: i64) -> bool {
    let digits = number.as_str().trim_start_matches('-');
    digits.bytes().all(|digit| digit.is_ascii_digit()) && integer(number) < min
}

struct Report(Vec<String>);

impl Report {
    fn structure(&mut self, members: &[Member], value: &Value, path: &str) {
        let Value::Object(object) = value else {
            self.wrong_type(path, value, "<class 'dict'>");
            return;
        };
        let place = if path.is_empty() { "input" } else { path };
        for member in members {
            if member.presence == Presence::Required && !object.contains_key(member.name) {
                self.0.push(format!("Missing required parameter in {place}: \"{}\"", member.name));
            }
        }
        let names: Vec<&str> = members.iter().map(|member| member.name).collect();
        for name in object.keys().filter(|name| !names.contains(&name.as_str())) {
            self.0.push(format!(
                "Unknown parameter in {place}: \"{name}\", must be one of: {}",
                names.join(", ")
            ));
        }
        for member in members {
            if let Some(value) = object.get(member.name) {
                let dot = if path.is_empty() { "" } else { "." };
                self.value(&member.shape, value, &format!("{path}{dot}{}", member.name));
            }
        }
    }

    fn value(&mut self, shape: &Shape, value: &Value, path: &str) {
        match (*shape, value) {
            (Shape::Structure(members), value) => self.structure(members, value, path),
            (Shape::String { min, .. }, Value::String(text)) => self.length(text.chars().count(), min, path),
            (Shape::Integer { min, .. }, Value::Number(number)) => {
                if min > i32::MIN && is_below(number, min.into()) {
                    self.0.push(format!(
                        "Invalid value for parameter {path}, value: {number}, valid min value: {min}"
                    ));
                }
            }
            (Shape::List { of, min, .. }, Value::Array(items)) => {
                self.length(items.len(), min, path);
                for (idx, item) in items.iter().enumerate() {
                    self.value(of, item, &format!("{path}[{idx}]"));
                }
            }
            (Shape::Map { min, value, .. }, Value::Object(entries)) => {
                self.length(entries.len(), min, path);
                for (key, entry) in entries {
                    let shape = Shape::String { pattern: None, min: value.0, max: u32::MAX };
                    self.value(&shape, entry, &format!("{path}.{key}"));
                }
            }
            (Shape::Numbers, Value::Object(entries)) => {
                for (key, entry) in entries.iter().filter(|(_, entry)| !entry.is_number()) {
                    self.wrong_type(&format!("{path}.{key}"), entry, "<class 'float'>");
                }
            }
            (Shape::Timestamp, Value::String(text)) if options::moment(text).is_some() => {}
            (Shape::Enum(_) | Shape::Blob { .. }, Value::String(_))
            | (Shape::Boolean, Value::Bool(_))
            | (Shape::Timestamp, Value::Number(_)) => {}
            (Shape::String { .. } | Shape::Enum(_), _) => self.wrong_type(path, value, "<class 'str'>"),
            (Shape::Double, Value::Number(_)) => {}
            (Shape::Double, _) => {
                self.wrong_type(path, value, "<class 'float'>, <class 'decimal.Decimal'>, <class 'int'>");
            }
            (Shape::Integer { .. }, _) => self.wrong_type(path, value, "<class 'int'>"),
            (Shape::Boolean, _) => self.wrong_type(path, value, "<class 'bool'>"),
            (Shape::List { .. }, _) => self.wrong_type(path, value, "<class 'list'>, <class 'tuple'>"),
            (Shape::Map { .. } | Shape::Numbers, _) => self.wrong_type(path, value, "<class 'dict'>"),
            (Shape::Blob { .. }, _) => {
                self.wrong_type(path, value, "<class 'bytes'>, <class 'bytearray'>, file-like object");
            }
            (Shape::Timestamp, _) => {
                self.wrong_type(path, value, "<class 'datetime.datetime'>, timestamp-string");
            }
        }
    }

    fn length(&mut self, length: usize, min: u32, path: &str) {
        if length < min as usize {
            self.0.push(format!(
                "Invalid length for parameter {path}, value: {length}, valid min length: {min}"
            ));
        }
    }

    fn wrong_type(&mut self, path: &str, value: &Value, valid: &str) {
        let class = match value {
            Value::Null => "NoneType",
            Value::Bool(_) => "bool",
            Value::Number(number) if number.is_i64() || number.is_u64() => "int",
            Value::Number(_) => "float",
            Value::String(_) => "str",
            Value::Array(_) => "list",
            Value::Object(_) => "dict",
        };
        let printed = match value {
            Value::String(text) => text.clone(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                python(value)
            }
        };
        self.0.push(format!(
            "Invalid type for parameter {path}, value: {printed}, type: <class '{class}'>, valid types: {valid}"
        ));
    }
}

/// A value as Python prints it.
fn python(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => format!("'{text}'"),
        Value::Array(items) => format!("[{}]", items.iter().map(python).collect::<Vec<_>>().join(", ")),
        Value::Object(entries) => {
            let pair = |(key, value): (&String, &Value)| format!("'{key}': {}", python(value));
            format!("{{{}}}", entries.iter().map(pair).collect::<Vec<_>>().join(", "))
        }
    }
}
