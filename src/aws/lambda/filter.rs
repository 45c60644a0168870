//! Filter criteria: which records of a stream an event source mapping hands over.
//!
//! AWS: Lambda developer guide, "Lambda event filtering" (October 2023, and as stored in 2025). A pattern names
//! fields of the record, each with a list of rules of which one has to hold; all fields of a pattern have to
//! match, and one of the patterns. `data` stands for the record's data as JSON; all other keys are metadata. A
//! record whose data is no JSON matches no pattern on `data`.
//!
//! Rules are those of the guide's table: an exact text, number, `true`, `false` or `null`, `prefix`, `suffix`,
//! `equals-ignore-case`, `anything-but`, `numeric`, `exists`, and `$or` between fields. EventBridge has more, which
//! are refused here. As in EventBridge, a list in the data matches where one of its items does, `exists` looks at
//! leaves only, and exact numbers are compared as they are written: `300` is not `300.0`.
//!
//! Assumptions: metadata are the members of the event's record, those of its `kinesis` included; an empty pattern
//! is refused.

pub mod mistake;
mod rule;

use std::cell::OnceCell;

use serde_json::{Map, Value};

use rule::Rule;

/// Parsed filter criteria.
#[derive(Clone, Debug, Default)]
pub struct FilterCriteria {
    /// Of which one has to match; none: every record does.
    filters: Vec<Filter>,
}

#[derive(Clone, Debug)]
struct Filter {
    /// As it was given.
    text: String,
    pattern: Pattern,
}

/// Fields that all have to match, and alternatives of which one has to.
#[derive(Clone, Debug)]
struct Pattern {
    fields: Vec<(String, Matcher)>,
    alternatives: Vec<Self>,
}

#[derive(Clone, Debug)]
enum Matcher {
    /// One of these has to hold for the leaf.
    Leaf(Vec<Rule>),
    /// The value is an object that matches.
    Inside(Pattern),
}

/// A pattern that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidPattern;

/// A record as patterns see it.
pub trait Subject {
    /// A metadata property, such as `partitionKey`; `None` where there is none of this name.
    fn metadata(&self, name: &str) -> Option<Value>;
    /// The data.
    fn data(&self) -> Vec<u8>;
}

/// A record, its data read as JSON once where a pattern asks for it.
struct Reading<'a, S> {
    subject: &'a S,
    data: OnceCell<Option<Value>>,
}

impl FilterCriteria {
    /// Reads the patterns, each the JSON text of one filter.
    ///
    /// # Errors
    /// One of them is no pattern.
    pub fn parse<'p>(patterns: impl IntoIterator<Item = &'p str>) -> Result<Self, InvalidPattern> {
        let filters = patterns.into_iter().map(Filter::parse).collect::<Result<_, _>>()?;
        Ok(Self { filters })
    }

    /// Whether there is no filter, so that every record matches.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.filters.is_empty()
    }

    /// The patterns as they were given.
    pub fn patterns(&self) -> impl Iterator<Item = &str> {
        self.filters.iter().map(|filter| filter.text.as_str())
    }

    /// Whether a record is handed over.
    #[must_use]
    pub fn matches(&self, subject: &impl Subject) -> bool {
        let reading = Reading { subject, data: OnceCell::new() };
        self.is_empty() || self.filters.iter().any(|filter| filter.pattern.matches_record(&reading))
    }
}

impl Filter {
    fn parse(text: &str) -> Result<Self, InvalidPattern> {
        let pattern = serde_json::from_str(text).map_err(|_| InvalidPattern)?;
        Ok(Self { text: text.to_owned(), pattern: Pattern::parse(&pattern, Level::Record)? })
    }
}

/// Where an object of a pattern stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    /// Its keys are metadata, and `data`.
    Record,
    /// Inside of one of them.
    Inside,
}

impl Pattern {
    fn parse(pattern: &Value, level: Level) -> Result<Self, InvalidPattern> {
        let object = pattern.as_object().filter(|object| !object.is_empty()).ok_or(InvalidPattern)?;
        let mut fields = Vec::new();
        let mut alternatives = Vec::new();
        for (name, value) in object {
            if name == "$or" {
                let all = value.as_array().filter(|all| !all.is_empty()).ok_or(InvalidPattern)?;
                alternatives = all.iter().map(|one| Self::parse(one, level)).collect::<Result<_, _>>()?;
            } else {
                let matcher = Matcher::parse(value)?;
                // AWS: the rules for data have to be JSON inside of it, not for it as a text.
                if level == Level::Record && name == "data" && matches!(matcher, Matcher::Leaf(_)) {
                    return Err(InvalidPattern);
                }
                fields.push((name.clone(), matcher));
            }
        }
        Ok(Self { fields, alternatives })
    }

    fn matches_record<S: Subject>(&self, record: &Reading<'_, S>) -> bool {
        let field = |(name, matcher): &(String, Matcher)| {
            if name != "data" {
                return matcher.matches(record.subject.metadata(name).as_ref());
            }
            let parse = || serde_json::from_slice(&record.subject.data()).ok();
            record.data.get_or_init(parse).as_ref().is_some_and(|data| matcher.matches(Some(data)))
        };
        let or = |alternative: &Self| alternative.matches_record(record);
        self.fields.iter().all(field) && (self.alternatives.is_empty() || self.alternatives.iter().any(or))
    }

    fn matches(&self, object: Option<&Map<String, Value>>) -> bool {
        let field =
            |(name, matcher): &(String, Matcher)| matcher.matches(object.and_then(|object| object.get(name)));
        let or = |alternative: &Self| alternative.matches(object);
        self.fields.iter().all(field) && (self.alternatives.is_empty() || self.alternatives.iter().any(or))
    }
}

impl Matcher {
    fn parse(value: &Value) -> Result<Self, InvalidPattern> {
        match value {
            Value::Array(rules) if !rules.is_empty() => {
                rules.iter().map(Rule::parse).collect::<Result<_, _>>().map(Self::Leaf)
            }
            Value::Object(_) => Pattern::parse(value, Level::Inside).map(Self::Inside),
            Value::Array(_) | Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                Err(InvalidPattern)
            }
        }
    }

    /// Whether a value matches; `None` where the field is not there.
    fn matches(&self, value: Option<&Value>) -> bool {
        match self {
            Self::Leaf(rules) => rules.iter().any(|rule| rule.holds(value)),
            Self::Inside(pattern) => match value {
                Some(Value::Array(items)) if !items.is_empty() => {
                    items.iter().any(|item| self.matches(Some(item)))
                }
                value => pattern.matches(value.and_then(Value::as_object)),
            },
        }
    }
}

#[cfg(test)]
mod tests;
