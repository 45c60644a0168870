//! The status line: three figures with their course so far, and what the run kept.

use super::latest;
use crate::event_log::Event;
use crate::lang::Lang;
use crate::sim::Simulation;
use crate::units::{SimDuration, SimTime};
use crate::view::checks::Verdict;
use crate::view::number::seconds;
use crate::view::text::MessageId;

/// The status line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Status {
    /// Figures.
    pub metrics: Vec<Metric>,
    /// What the run kept; empty while it is being counted.
    pub verdicts: Vec<Kept>,
}

/// A figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Metric {
    /// What it is.
    pub label: MessageId,
    /// Its value now.
    pub value: String,
    /// Its course from the start to now, each in thousandths of the largest.
    pub course: Vec<u16>,
}

/// Something the run keeps, or does not.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// What to say.
    pub text: String,
    /// Whether that is good.
    pub good: bool,
}

/// Points of a course.
const POINTS: u64 = 30;
/// Invocations looked at for how many run at a time.
const LOOKED_AT: u32 = 256;

/// The status line as of the playhead.
#[must_use]
pub fn build(sim: &Simulation, verdict: Option<Verdict>, lang: Lang) -> Status {
    let now = sim.now();
    let incoming = |t: SimTime| {
        arrived(sim, t) - t.0.checked_sub(1000).map_or(0, |before| arrived(sim, SimTime(before)))
    };
    let metric = |label, value: String, at: &dyn Fn(SimTime) -> u64| {
        let course: Vec<u64> = (0..=POINTS).map(|i| at(SimTime(now.0 * i / POINTS))).collect();
        let largest = course.iter().copied().max().unwrap_or(0).max(1);
        Metric { label, value, course: course.iter().map(|&value| (value * 1000 / largest) as u16).collect() }
    };
    let age = |t| iterator_age(sim, t).0;
    let running = |t| running(sim, t);
    Status {
        metrics: vec![
            metric(MessageId::MetricIncoming, MessageId::PerSecond.fill(lang, &[&incoming(now)]), &incoming),
            metric(MessageId::MetricStreamAge, seconds(stream_age(sim, now), lang), &|t| {
                stream_age(sim, t).0
            }),
            metric(MessageId::MetricAge, seconds(iterator_age(sim, now), lang), &age),
            metric(MessageId::MetricConcurrency, running(now).to_string(), &running),
        ],
        verdicts: verdict.map_or_else(Vec::new, |verdict| kept(verdict, lang)),
    }
}

fn kept(verdict: Verdict, lang: Lang) -> Vec<Kept> {
    let say = |count: u64, good: MessageId, bad: MessageId| Kept {
        text: if count == 0 { good.text(lang).to_owned() } else { bad.fill(lang, &[&count]) },
        good: count == 0,
    };
    vec![
        say(verdict.out_of_order, MessageId::OrderKept, MessageId::OrderBroken),
        say(verdict.lost, MessageId::NothingLost, MessageId::SomeLost),
        say(verdict.repeats, MessageId::NoRepeats, MessageId::SomeRepeats),
    ]
}

/// Records that have arrived by `t`.
fn arrived(sim: &Simulation, t: SimTime) -> u64 {
    sim.stream().records.partition_point(|record| record.arrival() <= t).into()
}

/// `IteratorAge` of the last invocation started by `t`; zero before the first.
fn iterator_age(sim: &Simulation, t: SimTime) -> SimDuration {
    let started = sim.invocations().partition_point(|invocation| invocation.started_at() <= t);
    let last = started.checked_sub(1).map(|idx| sim.invocations().get(idx));
    last.and_then(|invocation| invocation.iterator_age()).unwrap_or_default()
}

/// `MillisBehindLatest` of the last poll by `t`: the stream's own `GetRecords.IteratorAgeMilliseconds`.
fn stream_age(sim: &Simulation, t: SimTime) -> SimDuration {
    const REACH: u32 = 1024;
    let polls =
        latest(sim, sim.events_until(t), 1, REACH, |event| matches!(event, Event::RecordsPolled { .. }));
    match polls.first() {
        Some(&(.., Event::RecordsPolled { millis_behind_latest, .. })) => {
            SimDuration(millis_behind_latest.into())
        }
        _ => SimDuration::ZERO,
    }
}

/// Invocations running at `t`.
fn running(sim: &Simulation, t: SimTime) -> u64 {
    let started = sim.invocations().partition_point(|invocation| invocation.started_at() <= t);
    let recent = (started.saturating_sub(LOOKED_AT)..started).map(|idx| sim.invocations().get(idx));
    recent.filter(|invocation| invocation.ends_at() > t).count() as u64
}
