//! CloudWatch's `StateReason`: the sentence that says why an alarm changed its state.
//!
//! AWS documents only two examples. Observed, in notifications that users published from 2017 to 2026: all the
//! sentences that the test below has. Assumption: where nothing was found, the same parts are put together in the
//! same way; the long form is that of alarms with DatapointsToAlarm, the short one that of the others.

use super::alarm::{Comparison, Definition, State, TreatMissingData};
use super::decimal::double;
use super::series::Datapoint;
use crate::units::WallTime;

/// Data points that a sentence lists at most; from so many on they stand at its end. Observed.
const LISTED_MAX: usize = 5;

/// The reason why these periods, oldest first, make the state `to`.
pub(super) fn text(definition: &Definition, to: State, datapoints: &[Option<Datapoint>]) -> String {
    let periods = definition.evaluation_periods;
    if to == State::InsufficientData {
        return format!("Insufficient Data: {} unknown.", counted(periods, "datapoint", true));
    }
    let evaluated: Vec<Datapoint> =
        datapoints.iter().rev().flatten().take(periods as usize).copied().collect();
    let crossed = to == State::Alarm;
    let telling: Vec<Datapoint> =
        evaluated.iter().filter(|point| definition.breaches(point) == crossed).copied().collect();
    let missing = treated(definition, periods - evaluated.len() as u32);
    let count = telling.len() as u32;
    if count == 0 {
        let received = counted(evaluated.len() as u32, "datapoint", true);
        let all = counted(periods, "period", false);
        return format!("Threshold Crossed: {received} received for {all}{missing}.");
    }
    let list: Vec<String> = telling.iter().take(LISTED_MAX).map(point).collect();
    let list = format!("[{}]", list.join(", "));
    let many = telling.len() >= LISTED_MAX;
    let (before, after) = if many {
        (String::new(), format!(". The most recent datapoints which crossed the threshold: {list}"))
    } else {
        (format!(" {list}"), String::new())
    };
    let (subject, minimum) = match definition.datapoints_to_alarm {
        Some(to_alarm) => {
            (format!("{count} out of the last {periods} datapoints"), needed(to, to_alarm, periods))
        }
        None => (counted(count, "datapoint", false), String::new()),
    };
    let verb = if count == 1 { "was" } else { "were" };
    let not = if crossed { "" } else { "not " };
    let operator = operator(definition.comparison_operator);
    let threshold = definition.threshold.text();
    format!(
        "Threshold Crossed: {subject}{before} {verb} {not}{operator} the threshold ({threshold}){missing}{after}{minimum}."
    )
}

/// ` (minimum 1 datapoint for OK -> ALARM transition)`. Observed: so also where the state was INSUFFICIENT_DATA.
fn needed(to: State, to_alarm: u32, periods: u32) -> String {
    let (count, change) = match to {
        State::Alarm => (to_alarm, "OK -> ALARM"),
        State::Ok | State::InsufficientData => (periods + 1 - to_alarm, "ALARM -> OK"),
    };
    format!(" (minimum {} for {change} transition)", counted(count, "datapoint", false))
}

fn treated(definition: &Definition, missing: u32) -> String {
    let treatment = match definition.treat_missing_data {
        TreatMissingData::Breaching if missing > 0 => "Breaching",
        TreatMissingData::NotBreaching if missing > 0 => "NonBreaching",
        TreatMissingData::Breaching
        | TreatMissingData::NotBreaching
        | TreatMissingData::Missing
        | TreatMissingData::Ignore => return String::new(),
    };
    format!(" and {} treated as [{treatment}]", counted(missing, "missing datapoint", true))
}

fn operator(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::GreaterThanOrEqualToThreshold => "greater than or equal to",
        Comparison::GreaterThanThreshold => "greater than",
        Comparison::LessThanThreshold => "less than",
        Comparison::LessThanOrEqualToThreshold => "less than or equal to",
    }
}

/// `1 datapoint was`, `2 datapoints were`, `no datapoints were`; without the verb if not `verb`.
fn counted(count: u32, noun: &str, verb: bool) -> String {
    let (plural, is) = if count == 1 { ("", " was") } else { ("s", " were") };
    let number = if count == 0 { "no".to_owned() } else { count.to_string() };
    format!("{number} {noun}{plural}{}", if verb { is } else { "" })
}

/// `99.5 (16/07/24 13:13:00)`
fn point(point: &Datapoint) -> String {
    format!("{} ({})", double(point.value), stamp(point.at))
}

/// Day, month, year and UTC.
fn stamp(at: WallTime) -> String {
    let text = at.to_string();
    format!("{}/{}/{} {}", &text[8..10], &text[5..7], &text[2..4], &text[11..19])
}
