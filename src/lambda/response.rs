//! What a handler's answer says about its batch, with `ReportBatchItemFailures`.
//!
//! AWS: developer guide, "Reporting batch item failures"; each kind of answer is recorded on AWS (LocalStack's
//! validated snapshots), those marked "Assumption" aside. `docs/consumers.md` has the table.

use serde_json::{Map, Value};

/// The field of the answer that is looked at.
pub const FAILURES: &str = "batchItemFailures";
/// The field of each of its items.
pub const IDENTIFIER: &str = "itemIdentifier";

/// What becomes of the batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every record is done.
    Success(Success),
    /// The records before this place, from 0, are done; those from there on are not. At 0 none is.
    Cut {
        /// Place of the lowest identifier.
        at: u32,
        /// The item of the list, from 0, that names it.
        item: usize,
    },
    /// No record is done.
    Failure(Fault),
}

/// Why an answer is a success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Success {
    /// The mapping does not ask for reports: the answer is not looked at.
    NotAsked,
    /// It is null, or an empty text, list or object.
    Empty,
    /// It has no `batchItemFailures`.
    NoList,
    /// `batchItemFailures` is null.
    NullList,
    /// `batchItemFailures` is empty.
    EmptyList,
}

/// Why an answer fails the whole batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// `batchItemFailures` is neither a list nor null. Assumption.
    NotAList,
    /// This item is no object. Assumption.
    NotAnObject(usize),
    /// This item has no `itemIdentifier`.
    NoIdentifier(usize),
    /// This item's identifier is null.
    NullIdentifier(usize),
    /// This item's identifier is an empty text.
    EmptyIdentifier(usize),
    /// This item's identifier is not a text. Assumption.
    NotAText(usize),
    /// No record of the batch has this item's identifier.
    NotInBatch(usize),
}

/// Judges an answer. `asked`: whether the mapping's `FunctionResponseTypes` holds `ReportBatchItemFailures`;
/// `place` finds a sequence number's place in the batch, from 0.
///
/// Assumption: an answer that is no object has no `batchItemFailures`, and so is a success; the first faulty item
/// decides, whatever the others name.
pub fn judge(answer: &Value, asked: bool, place: impl Fn(&str) -> Option<u32>) -> Verdict {
    if !asked {
        return Verdict::Success(Success::NotAsked);
    }
    let list = match answer {
        Value::Null => return Verdict::Success(Success::Empty),
        Value::String(text) if text.is_empty() => return Verdict::Success(Success::Empty),
        Value::Array(list) if list.is_empty() => return Verdict::Success(Success::Empty),
        Value::Object(fields) if fields.is_empty() => return Verdict::Success(Success::Empty),
        Value::Object(fields) => fields.get(FAILURES),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => None,
    };
    let items = match list {
        None => return Verdict::Success(Success::NoList),
        Some(Value::Null) => return Verdict::Success(Success::NullList),
        Some(Value::Array(items)) => items,
        Some(Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_)) => {
            return Verdict::Failure(Fault::NotAList);
        }
    };
    let places = (0..).zip(items).map(|(item, value)| Ok((place_of(item, value, &place)?, item)));
    match places.collect::<Result<Vec<_>, Fault>>() {
        Ok(places) => match places.into_iter().min() {
            Some((at, item)) => Verdict::Cut { at, item },
            None => Verdict::Success(Success::EmptyList),
        },
        Err(fault) => Verdict::Failure(fault),
    }
}

fn place_of(item: usize, value: &Value, place: impl Fn(&str) -> Option<u32>) -> Result<u32, Fault> {
    let fields = value.as_object().ok_or(Fault::NotAnObject(item))?;
    match fields.get(IDENTIFIER) {
        None => Err(Fault::NoIdentifier(item)),
        Some(Value::Null) => Err(Fault::NullIdentifier(item)),
        Some(Value::String(text)) if text.is_empty() => Err(Fault::EmptyIdentifier(item)),
        Some(Value::String(text)) => place(text).ok_or(Fault::NotInBatch(item)),
        Some(Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            Err(Fault::NotAText(item))
        }
    }
}

/// The answer that reports these sequence numbers.
#[must_use]
pub fn report(sequence_numbers: impl Iterator<Item = String>) -> Value {
    let one = |name: &str, value| Value::Object(Map::from_iter([(name.to_owned(), value)]));
    let items = sequence_numbers.map(|number| one(IDENTIFIER, Value::String(number)));
    one(FAILURES, Value::Array(items.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// A batch of "100", "101", … "109".
    #[track_caller]
    fn check(answer: &Value, expect: Verdict) {
        let place = |id: &str| id.parse().ok().and_then(|id: u32| id.checked_sub(100)).filter(|at| *at < 10);
        assert_eq!(judge(answer, true, place), expect, "{answer}");
        assert_eq!(judge(answer, false, place), Verdict::Success(Success::NotAsked), "{answer}");
    }

    #[track_caller]
    fn items(items: &Value, expect: Verdict) {
        check(&json!({ "batchItemFailures": items }), expect);
    }

    #[test]
    fn complete_successes() {
        for answer in [json!(null), json!(""), json!([]), json!({})] {
            check(&answer, Verdict::Success(Success::Empty));
        }
        items(&json!([]), Verdict::Success(Success::EmptyList));
        items(&json!(null), Verdict::Success(Success::NullList));
        // Article B's own answer of success.
        check(&json!({"statusCode": 200, "body": "\"done\""}), Verdict::Success(Success::NoList));
        // The list's own name is misspelled: nothing is reported, silently.
        check(&json!({"batchItemFailure": [{"itemIdentifier": "103"}]}), Verdict::Success(Success::NoList));
        for answer in [json!("done"), json!(3), json!(true), json!([{"itemIdentifier": "103"}])] {
            check(&answer, Verdict::Success(Success::NoList));
        }
    }

    #[test]
    fn complete_failures() {
        let failure = |fault| Verdict::Failure(fault);
        items(&json!([{"itemIdentifier": ""}]), failure(Fault::EmptyIdentifier(0)));
        items(&json!([{"itemIdentifier": null}]), failure(Fault::NullIdentifier(0)));
        items(&json!([{"foo": "103"}]), failure(Fault::NoIdentifier(0)));
        items(&json!([{"ItemIdentifier": "103"}]), failure(Fault::NoIdentifier(0)));
        items(&json!([{}]), failure(Fault::NoIdentifier(0)));
        items(&json!([{"itemIdentifier": "99"}]), failure(Fault::NotInBatch(0)));
        items(&json!([{"itemIdentifier": 103}]), failure(Fault::NotAText(0)));
        items(&json!(["103"]), failure(Fault::NotAnObject(0)));
        items(&json!("103"), failure(Fault::NotAList));
        items(&json!({"itemIdentifier": "103"}), failure(Fault::NotAList));
        // One faulty item among good ones.
        items(&json!([{"itemIdentifier": "103"}, {"itemIdentifier": "110"}]), failure(Fault::NotInBatch(1)));
    }

    #[test]
    fn the_lowest_identifier_cuts() {
        let ids = |ids: &[&str]| Value::Array(ids.iter().map(|id| json!({"itemIdentifier": id})).collect());
        items(&ids(&["103"]), Verdict::Cut { at: 3, item: 0 });
        items(&ids(&["109"]), Verdict::Cut { at: 9, item: 0 });
        items(&ids(&["100"]), Verdict::Cut { at: 0, item: 0 });
        items(&ids(&["108", "105", "109", "105"]), Verdict::Cut { at: 5, item: 1 });
        check(&report(["104".into(), "102".into()].into_iter()), Verdict::Cut { at: 2, item: 1 });
        check(&report(std::iter::empty()), Verdict::Success(Success::EmptyList));
    }
}
