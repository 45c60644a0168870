//! Numbers of alarms: thresholds, and values as CloudWatch writes them.

use std::cmp::Ordering;

use serde::{Serialize, Serializer};

use crate::units::Ratio;

/// Significant decimals of a fraction.
const DIGITS_MAX: usize = 16;

/// An alarm's threshold, exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threshold {
    negative: bool,
    magnitude: Ratio,
}

impl Threshold {
    /// A whole number.
    #[must_use]
    pub const fn whole(value: u64) -> Self {
        Self { negative: false, magnitude: Ratio::whole(value) }
    }

    /// Reads a JSON number such as `48000`, `-1.5`, `1e6` exactly; `None` where it is none or needs more than
    /// 18 decimal digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('-');
        let magnitude = Ratio::parse_decimal(digits.unwrap_or(text))?;
        Some(Self { negative: digits.is_some() && magnitude.numerator() > 0, magnitude })
    }

    /// How a value, which is never negative, compares with the threshold.
    #[must_use]
    pub fn order_of(self, value: Ratio) -> Ordering {
        if self.negative {
            return Ordering::Greater;
        }
        let cross =
            |left: Ratio, right: Ratio| u128::from(left.numerator()) * u128::from(right.denominator());
        cross(value, self.magnitude).cmp(&cross(self.magnitude, value))
    }

    /// As CloudWatch writes it: [`double`].
    #[must_use]
    pub fn text(self) -> String {
        let sign = if self.negative { "-" } else { "" };
        format!("{sign}{}", double(self.magnitude))
    }
}

/// A JSON number: whole ones as an author writes them (`48000`), others as a double.
impl Serialize for Threshold {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.magnitude.denominator() == 1 && !self.negative {
            return serializer.serialize_u64(self.magnitude.numerator());
        }
        number(&self.text()).serialize(serializer)
    }
}

/// A value as an answer has it: `60.0`, `1.5`.
#[must_use]
pub fn json_number(value: Ratio) -> serde_json::Number {
    if value.denominator() == 1 {
        return number(&format!("{}.0", value.numerator()));
    }
    number(&double(value))
}

/// The JSON number with exactly that text.
pub(super) fn number(text: &str) -> serde_json::Number {
    text.parse().expect("a double's text is a JSON number")
}

/// A value as CloudWatch writes it: as Java writes a double, such as `0.0`, `48000.0`, `1.5`, `6.291456E7`.
///
/// Assumption: fractions that do not end are cut after 16 digits, where Java prints as many as tell the double
/// from its neighbors; they are computed exactly here.
#[must_use]
pub fn double(value: Ratio) -> String {
    let (numerator, denominator) = (u128::from(value.numerator()), u128::from(value.denominator()));
    if numerator == 0 {
        return "0.0".to_owned();
    }
    let mut digits = match numerator / denominator {
        0 => String::new(),
        whole => whole.to_string(),
    };
    // The power of ten of the first digit.
    let mut exponent = digits.len() as i32 - 1;
    let mut rest = numerator % denominator;
    while rest > 0 && digits.len() < DIGITS_MAX {
        let digit = rest * 10 / denominator;
        rest = rest * 10 % denominator;
        if digits.is_empty() && digit == 0 {
            exponent -= 1;
        } else {
            digits.push((b'0' + digit as u8) as char);
        }
    }
    let digits = digits.trim_end_matches('0');
    if (-3..7).contains(&exponent) { plain(digits, exponent) } else { scientific(digits, exponent) }
}

fn plain(digits: &str, exponent: i32) -> String {
    if exponent < 0 {
        return format!("0.{}{digits}", "0".repeat((-1 - exponent) as usize));
    }
    let places = exponent as usize + 1;
    match digits.split_at_checked(places) {
        Some((whole, fraction)) if !fraction.is_empty() => format!("{whole}.{fraction}"),
        Some(_) | None => format!("{digits:0<places$}.0"),
    }
}

fn scientific(digits: &str, exponent: i32) -> String {
    let (first, more) = digits.split_at(1);
    format!("{first}.{}E{exponent}", if more.is_empty() { "0" } else { more })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_like_javas_doubles() {
        #[track_caller]
        fn check(numerator: u64, denominator: u64, expect: &str) {
            assert_eq!(double(Ratio::new(numerator, denominator).unwrap()), expect);
        }
        check(0, 7, "0.0");
        check(1, 1, "1.0");
        check(48_000, 1, "48000.0");
        check(9_999_999, 1, "9999999.0");
        check(10_000_000, 1, "1.0E7");
        check(860_604_416, 1, "8.60604416E8");
        check(10_000_001, 2, "5000000.5");
        check(599, 6, "99.83333333333333");
        check(1, 8, "0.125");
        check(1, 1000, "0.001");
        check(5, 100_000, "5.0E-5");
        check(1234, 10, "123.4");
    }

    #[test]
    fn thresholds_are_read_compared_and_written_exactly() {
        #[track_caller]
        fn check(text: &str, value: (u64, u64), expect: Ordering, json: &str) {
            let threshold = Threshold::parse(text).unwrap();
            let value = Ratio::new(value.0, value.1).unwrap();
            assert_eq!(threshold.order_of(value), expect, "{text}");
            assert_eq!(serde_json::to_string(&threshold).unwrap(), json);
        }
        check("48000", (48_000, 1), Ordering::Equal, "48000");
        check("48000", (96_001, 2), Ordering::Greater, "48000");
        check("48000", (95_999, 2), Ordering::Less, "48000");
        check("0.5", (1, 2), Ordering::Equal, "0.5");
        check("1e6", (u64::MAX, u64::MAX), Ordering::Less, "1000000");
        check("-1.5", (0, 1), Ordering::Greater, "-1.5");
        check("-0", (0, 1), Ordering::Equal, "0");
        assert_eq!(Threshold::parse("--1"), None);
        assert_eq!(Threshold::parse("1e400"), None);
    }
}
