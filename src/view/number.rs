//! Numbers as people read them. Only the unit's word depends on the language.

use super::text::MessageId;
use crate::lang::Lang;
use crate::units::{SimDuration, SimTime};

/// Milliseconds of an hour.
const HOUR_MS: u64 = 3_600_000;

/// `01:00.000`: minutes, seconds, milliseconds; from an hour on `1:00:00.000`.
#[must_use]
pub fn clock(t: SimTime) -> String {
    let (minutes, ms) = (t.0 / 60_000, t.0 % 1000);
    match minutes / 60 {
        0 => format!("{minutes:02}:{:02}.{ms:03}", t.0 / 1000 % 60),
        _ => format!("{}.{ms:03}", whole_clock(t)),
    }
}

/// `1:00.0`: minutes, seconds, tenths, rounded down; from an hour on `1:00:00.0`.
#[must_use]
pub fn short_clock(t: SimTime) -> String {
    format!("{}.{}", whole_clock(t), t.0 / 100 % 10)
}

/// `1:00`: minutes and seconds, rounded down; from an hour on `1:00:00`.
#[must_use]
pub fn whole_clock(t: SimTime) -> String {
    let (minutes, seconds) = (t.0 / 60_000, t.0 / 1000 % 60);
    match minutes / 60 {
        0 => format!("{minutes}:{seconds:02}"),
        hours => format!("{hours}:{:02}:{seconds:02}", minutes % 60),
    }
}

/// `48.0 s`: seconds and tenths, rounded half up; from an hour on `7 h 18 min`, rounded down.
#[must_use]
pub fn seconds(span: SimDuration, lang: Lang) -> String {
    if span.0 >= HOUR_MS {
        return hours(span, lang);
    }
    let tenths = (span.0 + 50) / 100;
    MessageId::Seconds.fill(lang, &[&format_args!("{}.{}", tenths / 10, tenths % 10)])
}

/// `3 s`, `0.17 s`: seconds with the decimals it needs; whole minutes from an hour on `24 h`, `7 h 30 min`.
#[must_use]
pub fn exact_seconds(span: SimDuration, lang: Lang) -> String {
    if span.0 >= HOUR_MS && span.0.is_multiple_of(60_000) {
        return hours(span, lang);
    }
    let mut text = format!("{}.{:03}", span.0 / 1000, span.0 % 1000);
    text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    MessageId::Seconds.fill(lang, &[&text])
}

fn hours(span: SimDuration, lang: Lang) -> String {
    let (hours, minutes) = (span.0 / HOUR_MS, span.0 / 60_000 % 60);
    match minutes {
        0 => MessageId::Hours.fill(lang, &[&hours]),
        _ => MessageId::HoursAndMinutes.fill(lang, &[&hours, &minutes]),
    }
}

/// `76.9 %`: the place of a hash key among all 2^128, rounded down to tenths.
#[must_use]
pub fn hash_percent(key: u128) -> String {
    let permille = ((key >> 64) * 1000) >> 64;
    format!("{}.{} %", permille / 10, permille % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        assert_eq!([3_599_999, 3_661_045].map(|t| clock(SimTime(t))), ["59:59.999", "1:01:01.045"]);
        assert_eq!([9_190, 86_399_999].map(|t| whole_clock(SimTime(t))), ["0:09", "23:59:59"]);
        assert_eq!(short_clock(SimTime(9_190)), "0:09.1");
        assert_eq!(seconds(SimDuration(293_450), Lang::En), "293.5 s");
        assert_eq!(exact_seconds(SimDuration(170), Lang::En), "0.17 s");
        assert_eq!(exact_seconds(SimDuration(30_000), Lang::En), "30 s");
        assert_eq!(exact_seconds(SimDuration(0), Lang::En), "0 s");
        assert_eq!(exact_seconds(SimDuration(3_600_500), Lang::En), "3600.5 s");
        assert_eq!(exact_seconds(SimDuration(86_400_000), Lang::Ja), "24時間");
        assert_eq!(
            [3_599_949, 26_280_000].map(|ms| seconds(SimDuration(ms), Lang::En)),
            ["3599.9 s", "7 h 18 min"]
        );
    }

    #[test]
    fn percent() {
        assert_eq!(hash_percent(0), "0.0 %");
        assert_eq!(hash_percent(u128::MAX / 2 + 1), "50.0 %");
        assert_eq!(hash_percent(u128::MAX), "99.9 %");
    }
}
