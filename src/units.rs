//! Units of time, size and chance: integers only, so that a run is the same natively and in every browser.

use std::fmt;
use std::ops::{Add, Sub};

/// An instant of the simulation, in milliseconds since the scenario's start (t = 0).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SimTime(pub u64);

/// A span of simulated time, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SimDuration(pub u64);

/// An instant in half the room, for what there are many of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stamp(u32);

impl Stamp {
    /// The stamp of an instant; of what lies after a run's last instant, that one.
    #[must_use]
    pub fn of(t: SimTime) -> Self {
        Self(u32::try_from(t.0).unwrap_or(u32::MAX))
    }

    /// The instant.
    #[must_use]
    pub fn time(self) -> SimTime {
        SimTime(self.0.into())
    }
}

impl SimTime {
    /// The scenario's start.
    pub const ZERO: Self = Self(0);
    /// The last instant a run can reach, inclusive: the event log stores times in 32 bits (49.7 days).
    pub const MAX: Self = Self(u32::MAX as u64);

    /// The time from `earlier` to `self`; `earlier` must not be later than `self`.
    #[must_use]
    pub fn since(self, earlier: Self) -> SimDuration {
        SimDuration(self.0.checked_sub(earlier.0).expect("`earlier` lies after this instant"))
    }
}

impl SimDuration {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// A whole number of seconds.
    #[must_use]
    pub const fn from_secs(secs: u64) -> Self {
        Self(secs * 1000)
    }

    /// A whole number of hours.
    #[must_use]
    pub const fn from_hours(hours: u64) -> Self {
        Self::from_secs(hours * 3600)
    }
}

impl Add<SimDuration> for SimTime {
    type Output = Self;
    fn add(self, span: SimDuration) -> Self {
        Self(self.0 + span.0)
    }
}

impl Sub for SimTime {
    type Output = SimDuration;
    fn sub(self, earlier: Self) -> SimDuration {
        self.since(earlier)
    }
}

impl Add for SimDuration {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

/// Seconds with three decimals, such as `1.250s`.
impl fmt::Display for SimTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:03}s", self.0 / 1000, self.0 % 1000)
    }
}

/// An exact ratio. Invariant: `denominator > 0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ratio {
    numerator: u64,
    denominator: u64,
}

impl Ratio {
    /// `numerator / denominator`, or `None` where the denominator is zero.
    #[must_use]
    pub fn new(numerator: u64, denominator: u64) -> Option<Self> {
        (denominator > 0).then_some(Self { numerator, denominator })
    }

    /// A whole number.
    #[must_use]
    pub const fn whole(value: u64) -> Self {
        Self { numerator: value, denominator: 1 }
    }

    /// The numerator.
    #[must_use]
    pub fn numerator(self) -> u64 {
        self.numerator
    }

    /// The denominator, at least 1.
    #[must_use]
    pub fn denominator(self) -> u64 {
        self.denominator
    }

    /// Whether a draw, evenly distributed over all 64-bit numbers, lies within this part of them: true with
    /// this chance; a ratio of one or more holds every draw.
    #[must_use]
    pub fn holds(self, draw: u64) -> bool {
        u128::from(draw) * u128::from(self.denominator) < u128::from(self.numerator) << 64
    }

    /// Reads a non-negative decimal such as `1`, `0.05`, `1.5e-3` exactly; `None` where it is none or needs
    /// more than 18 decimal digits.
    #[must_use]
    pub fn parse_decimal(text: &str) -> Option<Self> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if whole.is_empty() || !whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let digits: u64 = format!("{whole}{fraction}").parse().ok()?;
        let scale = exponent.checked_sub(i32::try_from(fraction.len()).ok()?)?;
        let power = 10u64.checked_pow(scale.unsigned_abs())?;
        if scale >= 0 { Some(Self::whole(digits.checked_mul(power)?)) } else { Self::new(digits, power) }
    }
}

/// A wall-clock instant, in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WallTime(pub u64);

impl WallTime {
    /// When scenarios start unless they say otherwise: when article C's run did.
    const USUAL_START: (&str, Self) = ("2020-01-14T06:23:03.100Z", Self(1_578_982_983_100));

    /// Reads RFC 3339 text such as `2020-01-14T06:23:03.100Z`; `None` where it is none, lies before 1970, or
    /// is finer than a millisecond.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        // Known, so that the page's first load holds nothing that reads instants.
        let (usual, instant) = Self::USUAL_START;
        if text == usual {
            return Some(instant);
        }
        Self::parse_any(text)
    }

    fn parse_any(text: &str) -> Option<Self> {
        use time::format_description::well_known::Rfc3339;
        let nanos = time::OffsetDateTime::parse(text, &Rfc3339).ok()?.unix_timestamp_nanos();
        if nanos % 1_000_000 != 0 {
            return None;
        }
        u64::try_from(nanos / 1_000_000).ok().map(Self)
    }

    /// Whole seconds since 1970, rounded down.
    #[must_use]
    pub fn seconds(self) -> u64 {
        self.0 / 1000
    }
}

impl Add<SimTime> for WallTime {
    type Output = Self;
    fn add(self, t: SimTime) -> Self {
        Self(self.0 + t.0)
    }
}

/// `2020-01-14T06:23:03.100Z`: UTC with exactly three decimals, as AWS's documents have it.
impl fmt::Display for WallTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = i64::try_from(self.0 / 1000).map_err(|_| fmt::Error)?;
        let moment = time::OffsetDateTime::from_unix_timestamp(seconds).map_err(|_| fmt::Error)?;
        let (date, clock) = (moment.date(), moment.time());
        write!(f, "{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day())?;
        write!(f, "T{:02}:{:02}:{:02}.{:03}Z", clock.hour(), clock.minute(), clock.second(), self.0 % 1000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_read_exactly() {
        #[track_caller]
        fn check(text: &str, expect: Option<(u64, u64)>) {
            let ratio = Ratio::parse_decimal(text).map(|ratio| (ratio.numerator(), ratio.denominator()));
            assert_eq!(ratio, expect, "{text}");
        }
        check("0", Some((0, 1)));
        check("0.05", Some((5, 100)));
        check("1.50", Some((150, 100)));
        check("5e2", Some((500, 1)));
        check("1.5e-3", Some((15, 10_000)));
        check("18446744073709551615", Some((u64::MAX, 1)));
        check("18446744073709551616", None);
        check("-1", None);
        check(".5", None);
        check("", None);
        check("1e99", None);
    }

    #[test]
    fn wall_time_is_read_and_written() {
        #[track_caller]
        fn check(text: &str, expect: Option<&str>) {
            assert_eq!(WallTime::parse(text).map(|wall| wall.to_string()).as_deref(), expect, "{text}");
        }
        check("2020-01-14T06:23:03.100Z", Some("2020-01-14T06:23:03.100Z"));
        check("2020-01-14T15:23:03+09:00", Some("2020-01-14T06:23:03.000Z"));
        check("1970-01-01T00:00:00Z", Some("1970-01-01T00:00:00.000Z"));
        check("1969-12-31T23:59:59Z", None);
        check("2020-01-14T06:23:03.1001Z", None);
        check("2020-01-14", None);
        let (usual, instant) = WallTime::USUAL_START;
        assert_eq!((WallTime::parse_any(usual), instant.to_string().as_str()), (Some(instant), usual));
    }
}
