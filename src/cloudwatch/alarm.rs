//! Alarms: their definition, and how the last periods decide their state.
//!
//! AWS: PutMetricAlarm; CloudWatch user guide, "Configuring how CloudWatch alarms treat missing data", whose two
//! tables are the test below.

use std::cmp::Ordering;
use std::rc::Rc;

use serde::Serialize;

use super::decimal::Threshold;
use super::metric::{Metric, Statistic};
use super::reason;
use super::series::Datapoint;
use crate::quota;
use crate::units::{SimDuration, SimTime};

words! {
    /// The state of an alarm.
    pub enum State {
        /// The metric is within the threshold.
        Ok = "OK",
        /// It is not.
        Alarm = "ALARM",
        /// Nothing is known yet, or any more.
        InsufficientData = "INSUFFICIENT_DATA",
    }
}

words! {
    /// When a value breaches the threshold. Not here: the operators of anomaly detection.
    pub enum Comparison {
        /// `>=`
        GreaterThanOrEqualToThreshold = "GreaterThanOrEqualToThreshold",
        /// `>`
        GreaterThanThreshold = "GreaterThanThreshold",
        /// `<`
        LessThanThreshold = "LessThanThreshold",
        /// `<=`
        LessThanOrEqualToThreshold = "LessThanOrEqualToThreshold",
    }
}

impl Comparison {
    /// Whether a value that compares so with the threshold breaches it.
    fn breached(self, order: Ordering) -> bool {
        match self {
            Self::GreaterThanOrEqualToThreshold => order.is_ge(),
            Self::GreaterThanThreshold => order.is_gt(),
            Self::LessThanThreshold => order.is_lt(),
            Self::LessThanOrEqualToThreshold => order.is_le(),
        }
    }
}

words! {
    /// What stands in for periods without data.
    pub enum TreatMissingData {
        /// Nothing; the default.
        Missing = "missing",
        /// A value that breaches.
        Breaching = "breaching",
        /// A value that does not.
        NotBreaching = "notBreaching",
        /// Nothing, and the state stays where they would decide it.
        Ignore = "ignore",
    }
}

/// A dimension of a metric.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Dimension {
    /// Such as `StreamName`.
    pub name: String,
    /// Such as the stream's name.
    pub value: String,
}

/// PutMetricAlarm's own fields, for an alarm on one metric with a fixed threshold. As JSON it is the request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Definition {
    /// The alarm's name; one name, one alarm.
    pub alarm_name: String,
    /// What a person wrote about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alarm_description: Option<String>,
    /// Whether a change of state acts.
    pub actions_enabled: bool,
    /// ARNs of what acts when the state becomes OK.
    #[serde(rename = "OKActions")]
    pub ok_actions: Vec<String>,
    /// ARNs of what acts when it becomes ALARM.
    pub alarm_actions: Vec<String>,
    /// ARNs of what acts when it becomes INSUFFICIENT_DATA.
    pub insufficient_data_actions: Vec<String>,
    /// The metric's name.
    pub metric_name: String,
    /// The metric's namespace.
    pub namespace: String,
    /// How a period becomes one number.
    pub statistic: Statistic,
    /// The metric's dimensions.
    pub dimensions: Vec<Dimension>,
    /// Length of a period, in seconds.
    pub period: u32,
    /// The unit that data points must have, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// N: how many periods are compared.
    pub evaluation_periods: u32,
    /// M: how many of them must breach; N where it is not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub datapoints_to_alarm: Option<u32>,
    /// What they are compared with.
    pub threshold: Threshold,
    /// How they are compared.
    pub comparison_operator: Comparison,
    /// What stands in for missing data.
    pub treat_missing_data: TreatMissingData,
}

/// Why a definition is refused, beyond what a table of fields can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Neither 10, 20, 30 nor a multiple of 60.
    Period,
    /// 10, 20 or 30: for metrics of high resolution, of which there is none here. Not AWS's refusal but ours.
    HighResolution,
    /// N periods shorter than an hour exceed a day.
    LongerThanADay,
    /// N periods exceed a week.
    LongerThanAWeek,
    /// M exceeds N.
    DatapointsToAlarm,
}

impl Refusal {
    /// The message of AWS's `ValidationError`. Observed for the two windows; the others are assumptions.
    #[must_use]
    pub fn message(self) -> &'static str {
        match self {
            Self::Period => "Period must be 10, 20, 30 or a multiple of 60",
            Self::HighResolution => "Periods of 10, 20 and 30 seconds are not simulated",
            Self::LongerThanADay => {
                "Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400) \
                 for alarms using period < 3600"
            }
            Self::LongerThanAWeek => {
                "Metrics cannot be checked across more than a week (EvaluationPeriods * Period must be <= 604800) \
                 for alarms using period >= 3600"
            }
            Self::DatapointsToAlarm => "DatapointsToAlarm must not be greater than EvaluationPeriods",
        }
    }
}

const DAY_SECONDS: u64 = 86_400;

impl Definition {
    /// Checks what depends on several fields.
    ///
    /// # Errors
    /// The first rule that is broken. AWS: PutMetricAlarm, `Period`.
    pub fn check(&self) -> Result<(), Refusal> {
        let window = u64::from(self.period) * u64::from(self.evaluation_periods);
        let rules = [
            (matches!(self.period, 10 | 20 | 30), Refusal::HighResolution),
            (self.period == 0 || !self.period.is_multiple_of(60), Refusal::Period),
            (self.period < 3600 && window > DAY_SECONDS, Refusal::LongerThanADay),
            (window > 7 * DAY_SECONDS, Refusal::LongerThanAWeek),
            (self.to_alarm() > self.evaluation_periods, Refusal::DatapointsToAlarm),
        ];
        rules.into_iter().find(|(broken, _)| *broken).map_or(Ok(()), |(_, refusal)| Err(refusal))
    }

    /// M, filled in.
    #[must_use]
    pub fn to_alarm(&self) -> u32 {
        self.datapoints_to_alarm.unwrap_or(self.evaluation_periods)
    }

    /// Length of a period.
    #[must_use]
    pub fn span(&self) -> SimDuration {
        SimDuration::from_secs(self.period.into())
    }

    /// Periods that are looked at, N or more, so that data from farther back can stand in for what is missing.
    ///
    /// Assumption: N + 2. AWS publishes no rule; in its only example 3 becomes 5.
    #[must_use]
    pub fn range(&self) -> u32 {
        self.evaluation_periods + 2
    }

    /// The metric, if it is one that has data here. AWS: a wrong unit leaves an alarm without data.
    #[must_use]
    pub fn metric(&self) -> Option<Metric> {
        let names: Vec<&str> = self.dimensions.iter().map(|dimension| dimension.name.as_str()).collect();
        let metric = Metric::find(&self.namespace, &self.metric_name, &names)?;
        self.unit.as_ref().is_none_or(|unit| unit == metric.row().unit.name()).then_some(metric)
    }

    /// The value of a dimension.
    #[must_use]
    pub fn dimension(&self, name: &str) -> Option<&str> {
        self.dimensions.iter().find(|dimension| dimension.name == name).map(|found| found.value.as_str())
    }

    /// What acts when the state becomes `to`, enabled or not.
    fn actions(&self, to: State) -> &[String] {
        match to {
            State::Ok => &self.ok_actions,
            State::Alarm => &self.alarm_actions,
            State::InsufficientData => &self.insufficient_data_actions,
        }
    }

    pub(super) fn breaches(&self, point: &Datapoint) -> bool {
        self.comparison_operator.breached(self.threshold.order_of(point.value))
    }

    /// The state that the last periods, oldest first, stand for; `None`: the present one.
    fn decide(&self, datapoints: &[Option<Datapoint>]) -> Option<State> {
        let periods = self.evaluation_periods as usize;
        let evaluated = || datapoints.iter().rev().flatten().take(periods);
        let (found, to_alarm) = (evaluated().count(), self.to_alarm() as usize);
        let breaching = evaluated().filter(|point| self.breaches(point)).count();
        let verdict = |breaching| Some(if breaching >= to_alarm { State::Alarm } else { State::Ok });
        let treat = self.treat_missing_data;
        if treat == TreatMissingData::Breaching {
            return verdict(breaching + (periods - found));
        }
        // Real data decide: enough of them, or a value that does not breach, or M that do.
        let decided = found == periods || breaching < found || breaching >= to_alarm;
        match treat {
            TreatMissingData::NotBreaching => verdict(breaching),
            TreatMissingData::Missing | TreatMissingData::Ignore if decided => verdict(breaching),
            TreatMissingData::Ignore => None,
            // All that is known breaches. AWS: an alarm waits for what comes next, until the oldest breach is M
            // periods old. That it is INSUFFICIENT_DATA until then stands in the guide's edition of 2019.
            TreatMissingData::Missing | TreatMissingData::Breaching => {
                let oldest =
                    datapoints.iter().position(Option::is_some).map_or(0, |at| datapoints.len() - at);
                Some(if oldest >= to_alarm { State::Alarm } else { State::InsufficientData })
            }
        }
    }
}

/// An alarm has another state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateChange {
    /// The state before.
    pub from: State,
    /// The state from now on.
    pub to: State,
    /// CloudWatch's `StateReason`.
    pub reason: String,
}

/// An alarm.
#[derive(Clone, Debug)]
pub struct Alarm {
    /// What it watches. Shared, so that a clone is small.
    pub definition: Rc<Definition>,
    /// Its state.
    pub state: State,
    /// Why it is in that state.
    pub reason: Rc<str>,
    /// When it came into that state.
    pub state_since: SimTime,
    /// When it was last put.
    pub configured: SimTime,
    /// Whether it was deleted. It stays, so that the others keep their index.
    pub deleted: bool,
}

impl Alarm {
    /// A new alarm. AWS: its state is INSUFFICIENT_DATA until it is evaluated; the reason's text is observed.
    #[must_use]
    pub fn new(definition: Definition, now: SimTime) -> Self {
        Self {
            definition: Rc::new(definition),
            state: State::InsufficientData,
            reason: "Unchecked: Initial alarm creation".into(),
            state_since: now,
            configured: now,
            deleted: false,
        }
    }

    /// Whether the last periods, oldest first, change the state. There are [`Definition::range`] of them; none at
    /// all has data where the metric is not simulated.
    #[must_use]
    pub fn evaluate(&self, datapoints: &[Option<Datapoint>]) -> Option<StateChange> {
        let to = self.definition.decide(datapoints).filter(|&to| to != self.state)?;
        let reason = reason::text(&self.definition, to, datapoints);
        Some(StateChange { from: self.state, to, reason })
    }

    /// Makes a change.
    pub fn apply(&mut self, change: &StateChange, now: SimTime) {
        self.state = change.to;
        self.reason = change.reason.as_str().into();
        self.state_since = now;
    }

    /// ARNs of what acts when the state becomes `to`. AWS: an alarm acts on a change of state only.
    #[must_use]
    pub fn actions(&self, to: State) -> &[String] {
        if self.definition.actions_enabled { self.definition.actions(to) } else { &[] }
    }
}

/// The account already has [`quota::ALARMS_MAX`] alarms: AWS's `LimitExceeded`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitExceeded;

/// All alarms, in the order in which they were first put.
#[derive(Clone, Debug, Default)]
pub struct Alarms(Vec<Alarm>);

impl Alarms {
    /// Puts an alarm; gives its index. AWS: one of the same name is overwritten as a whole and keeps its state.
    ///
    /// # Errors
    /// There is no room for a new one.
    pub fn put(&mut self, definition: Definition, now: SimTime) -> Result<u32, LimitExceeded> {
        if let Some(index) = self.find(&definition.alarm_name) {
            let alarm = &mut self.0[index as usize];
            alarm.definition = Rc::new(definition);
            alarm.configured = now;
            return Ok(index);
        }
        if self.present().count() >= quota::ALARMS_MAX || self.0.len() > usize::from(u16::MAX) {
            return Err(LimitExceeded);
        }
        self.0.push(Alarm::new(definition, now));
        Ok(self.0.len() as u32 - 1)
    }

    /// Index of the alarm of that name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<u32> {
        let is = |alarm: &Alarm| alarm.definition.alarm_name == name && !alarm.deleted;
        self.0.iter().position(is).map(|index| index as u32)
    }

    /// Deletes the alarm of that name, if it is there.
    pub fn delete(&mut self, name: &str) {
        if let Some(index) = self.find(name) {
            self.0[index as usize].deleted = true;
        }
    }

    /// Those that are not deleted, in the order in which they were put.
    pub fn present(&self) -> impl Iterator<Item = &Alarm> {
        self.0.iter().filter(|alarm| !alarm.deleted)
    }

    /// All of them, deleted ones included.
    #[must_use]
    pub fn all(&self) -> &[Alarm] {
        &self.0
    }

    /// One of them, for change.
    pub fn get_mut(&mut self, index: u32) -> &mut Alarm {
        &mut self.0[index as usize]
    }
}

#[cfg(test)]
pub(super) mod tests;
