//! Where a text stops being a pattern, for those who write one. AWS says only that it is none.

use serde_json::Value;

use super::rule::Rule;

/// What is wrong with a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// JSON path of what is wrong.
    pub path: String,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What can be wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is no JSON.
    Syntax {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What a JSON parser says.
        text: String,
    },
    /// An object was expected.
    NotAnObject,
    /// An object without fields.
    NoField,
    /// A field has neither a list nor an object.
    NotAList,
    /// A list is empty.
    NoRule,
    /// `data` has a list, as if it were a text.
    DataIsText,
    /// A rule that there is not.
    UnknownRule,
}

/// The first mistake of a text; `None` where it is a pattern.
#[must_use]
pub fn of(text: &str) -> Option<Mistake> {
    match serde_json::from_str::<Value>(text) {
        Ok(pattern) => in_object(&pattern, "$", true),
        Err(error) => {
            let (line, column) = (error.line(), error.column());
            let text = error.to_string();
            let text = text.split(" at line ").next().unwrap_or_default().to_owned();
            mistake("$", Fault::Syntax { line, column, text })
        }
    }
}

fn mistake(path: &str, fault: Fault) -> Option<Mistake> {
    Some(Mistake { path: path.to_owned(), fault })
}

/// The same rules as those of `Pattern::parse`, in its order. `outer`: its keys are metadata, and `data`.
fn in_object(pattern: &Value, path: &str, outer: bool) -> Option<Mistake> {
    let Some(object) = pattern.as_object() else { return mistake(path, Fault::NotAnObject) };
    if object.is_empty() {
        return mistake(path, Fault::NoField);
    }
    object.iter().find_map(|(name, value)| {
        let path = format!("{path}.{name}");
        match value {
            Value::Object(_) if name != "$or" => in_object(value, &path, false),
            Value::Array(items) if items.is_empty() => mistake(&path, Fault::NoRule),
            Value::Array(items) if name == "$or" => {
                let mut all = items.iter().enumerate();
                all.find_map(|(place, item)| in_object(item, &format!("{path}[{place}]"), outer))
            }
            Value::Array(items) => {
                let unknown = items.iter().position(|rule| Rule::parse(rule).is_err());
                match unknown {
                    Some(place) => mistake(&format!("{path}[{place}]"), Fault::UnknownRule),
                    None if outer && name == "data" => mistake(&path, Fault::DataIsText),
                    None => None,
                }
            }
            Value::Object(_) | Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                mistake(&path, Fault::NotAList)
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::super::FilterCriteria;
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: Option<(&str, Fault)>) {
        let expect = expect.map(|(path, fault)| Mistake { path: path.to_owned(), fault });
        assert_eq!(of(text), expect, "{text}");
        assert_eq!(FilterCriteria::parse([text]).is_err(), of(text).is_some(), "{text}");
    }

    #[test]
    fn a_mistake_is_found_exactly_where_there_is_one() {
        check(r#"{"partitionKey": ["1", {"prefix": "a"}], "data": {"a": {"b": [null]}}}"#, None);
        check(r#"{"$or": [{"data": {"a": [1]}}, {"partitionKey": [{"exists": true}]}]}"#, None);
        check("5", Some(("$", Fault::NotAnObject)));
        check("{}", Some(("$", Fault::NoField)));
        check(r#"{"data": {"a": {}}}"#, Some(("$.data.a", Fault::NoField)));
        check(r#"{"data": {"a": "b"}}"#, Some(("$.data.a", Fault::NotAList)));
        check(r#"{"data": {"a": []}}"#, Some(("$.data.a", Fault::NoRule)));
        check(r#"{"data": ["a"]}"#, Some(("$.data", Fault::DataIsText)));
        check(r#"{"data": {"a": [1, {"below": 5}]}}"#, Some(("$.data.a[1]", Fault::UnknownRule)));
        check(r#"{"$or": {"a": [1]}}"#, Some(("$.$or", Fault::NotAList)));
        check(r#"{"$or": [{"a": [1]}, {"a": 1}]}"#, Some(("$.$or[1].a", Fault::NotAList)));
        let text = "EOF while parsing an object".to_owned();
        check("{\n", Some(("$", Fault::Syntax { line: 2, column: 0, text })));
    }
}
