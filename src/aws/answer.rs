//! Builds the JSON of an answer, member by member, in the order in which AWS's model lists them.

use serde_json::{Map, Number, Value};

use crate::units::WallTime;

/// A JSON object in the making.
#[derive(Debug, Default)]
pub struct Answer(Map<String, Value>);

impl Answer {
    /// Adds a member.
    #[must_use]
    pub fn value(mut self, name: &str, value: Value) -> Self {
        self.0.insert(name.to_owned(), value);
        self
    }

    /// Adds a text.
    #[must_use]
    pub fn text(self, name: &str, text: &str) -> Self {
        self.value(name, Value::String(text.to_owned()))
    }

    /// Adds a text, unless there is none.
    #[must_use]
    pub fn optional_text(self, name: &str, text: Option<&str>) -> Self {
        match text {
            Some(text) => self.text(name, text),
            None => self,
        }
    }

    /// Adds a non-negative integer.
    #[must_use]
    pub fn integer(self, name: &str, integer: u64) -> Self {
        self.value(name, Value::Number(integer.into()))
    }

    /// Adds `true` or `false`.
    #[must_use]
    pub fn boolean(self, name: &str, boolean: bool) -> Self {
        self.value(name, Value::Bool(boolean))
    }

    /// Adds a list.
    #[must_use]
    pub fn list(self, name: &str, items: Vec<Value>) -> Self {
        self.value(name, Value::Array(items))
    }

    /// Adds a moment.
    #[must_use]
    pub fn timestamp(self, name: &str, moment: WallTime) -> Self {
        self.value(name, timestamp(moment))
    }

    /// The finished object.
    #[must_use]
    pub fn done(self) -> Value {
        Value::Object(self.0)
    }
}

/// A moment as the JSON protocol has it: seconds since 1970 with at most three decimals, such as `1579011783.1`.
#[must_use]
pub fn timestamp(moment: WallTime) -> Value {
    let mut text = format!("{}.{:03}", moment.seconds(), moment.0 % 1000);
    text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    let number: Number = text.parse().expect("digits with one point are a JSON number");
    Value::Number(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_are_seconds_with_decimals() {
        #[track_caller]
        fn check(millis: u64, expect: &str) {
            assert_eq!(timestamp(WallTime(millis)).to_string(), expect);
        }
        check(0, "0");
        check(1_579_011_783_100, "1579011783.1");
        check(1_579_011_783_000, "1579011783");
        check(1_579_011_780_001, "1579011780.001");
    }
}
