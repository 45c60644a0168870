//! Rules for a leaf of a record.

use std::cmp::Ordering;

use serde_json::Value;

use super::InvalidPattern;
use crate::units::Ratio;

/// A rule for a leaf.
#[derive(Clone, Debug)]
pub(super) enum Rule {
    /// It is this text, number, `true`, `false` or `null`.
    Equals(Value),
    /// It is this text but for case; in lower case.
    EqualsIgnoreCase(String),
    /// It begins with this text.
    Prefix(String),
    /// It ends with this text.
    Suffix(String),
    /// It is none of these texts or numbers.
    AnythingBut(Vec<Value>),
    /// All of these comparisons hold.
    Numeric(Vec<(Comparison, Decimal)>),
    /// It is there, or is not.
    Exists(bool),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Comparison {
    Equal,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

/// An exact number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Decimal {
    negative: bool,
    magnitude: Ratio,
}

impl Rule {
    pub(super) fn parse(value: &Value) -> Result<Self, InvalidPattern> {
        let Value::Object(object) = value else {
            return if value.is_array() { Err(InvalidPattern) } else { Ok(Self::Equals(value.clone())) };
        };
        let mut entries = object.iter();
        let (Some((operator, operand)), None) = (entries.next(), entries.next()) else {
            return Err(InvalidPattern);
        };
        let text = || operand.as_str().map(str::to_owned).ok_or(InvalidPattern);
        match operator.as_str() {
            "prefix" => text().map(Self::Prefix),
            "suffix" => text().map(Self::Suffix),
            "equals-ignore-case" => text().map(|text| Self::EqualsIgnoreCase(text.to_lowercase())),
            "exists" => operand.as_bool().map(Self::Exists).ok_or(InvalidPattern),
            "anything-but" => anything_but(operand),
            "numeric" => numeric(operand),
            _ => Err(InvalidPattern),
        }
    }

    /// Whether it holds for the value of a field; `None` where the field is not there.
    pub(super) fn holds(&self, value: Option<&Value>) -> bool {
        match (self, value) {
            (Self::Exists(wanted), value) => value.is_some_and(has_leaf) == *wanted,
            (_, Some(Value::Array(items))) => items.iter().any(|item| self.holds(Some(item))),
            (_, None | Some(Value::Object(_))) => false,
            (Self::Equals(wanted), Some(value)) => wanted == value,
            (Self::AnythingBut(unwanted), Some(value)) => !unwanted.contains(value),
            (Self::Numeric(comparisons), Some(value)) => Decimal::of(value)
                .is_some_and(|value| comparisons.iter().all(|&(is, than)| is.holds(value.cmp(than)))),
            (Self::Prefix(wanted), Some(value)) => is_text(value, |text| text.starts_with(wanted.as_str())),
            (Self::Suffix(wanted), Some(value)) => is_text(value, |text| text.ends_with(wanted.as_str())),
            (Self::EqualsIgnoreCase(wanted), Some(value)) => {
                is_text(value, |text| text.to_lowercase() == *wanted)
            }
        }
    }
}

fn is_text(value: &Value, is: impl FnOnce(&str) -> bool) -> bool {
    value.as_str().is_some_and(is)
}

/// Whether there is a leaf, in a list too.
fn has_leaf(value: &Value) -> bool {
    match value {
        Value::Object(_) => false,
        Value::Array(items) => items.iter().any(has_leaf),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    }
}

/// A text, a number, or a list of them.
fn anything_but(operand: &Value) -> Result<Rule, InvalidPattern> {
    let list = operand.as_array().filter(|list| !list.is_empty());
    let unwanted = list.map_or_else(|| vec![operand.clone()], Vec::clone);
    let known = unwanted.iter().all(|value| value.is_string() || value.is_number());
    if known { Ok(Rule::AnythingBut(unwanted)) } else { Err(InvalidPattern) }
}

/// One comparison, or two that bound a range.
fn numeric(operand: &Value) -> Result<Rule, InvalidPattern> {
    let comparisons = operand.as_array().map_or(&[][..], Vec::as_slice);
    if ![2, 4].contains(&comparisons.len()) {
        return Err(InvalidPattern);
    }
    let comparison = |pair: &[Value; 2]| {
        let [operator, number] = pair;
        let comparison = operator.as_str().and_then(Comparison::parse).ok_or(InvalidPattern)?;
        Ok((comparison, Decimal::of(number).ok_or(InvalidPattern)?))
    };
    let (pairs, _) = comparisons.as_chunks::<2>();
    pairs.iter().map(comparison).collect::<Result<_, _>>().map(Rule::Numeric)
}

impl Comparison {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "=" => Some(Self::Equal),
            "<" => Some(Self::Less),
            "<=" => Some(Self::AtMost),
            ">" => Some(Self::Greater),
            ">=" => Some(Self::AtLeast),
            _ => None,
        }
    }

    fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::Less => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::AtLeast => order.is_ge(),
        }
    }
}

impl Decimal {
    /// A JSON number; `None` for anything else, and for numbers of more than 18 digits.
    fn of(value: &Value) -> Option<Self> {
        let text = value.as_number()?.as_str();
        let magnitude = Ratio::parse_decimal(text.strip_prefix('-').unwrap_or(text))?;
        Some(Self { negative: text.starts_with('-') && magnitude.numerator() > 0, magnitude })
    }

    fn cmp(self, other: Self) -> Ordering {
        let cross = |one: Ratio, two: Ratio| u128::from(one.numerator()) * u128::from(two.denominator());
        let magnitudes = cross(self.magnitude, other.magnitude).cmp(&cross(other.magnitude, self.magnitude));
        match (self.negative, other.negative) {
            (false, false) => magnitudes,
            (true, true) => magnitudes.reverse(),
            (negative, _) => {
                if negative {
                    Ordering::Less
                } else {
                    Ordering::Greater
                }
            }
        }
    }
}
