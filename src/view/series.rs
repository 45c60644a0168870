//! How a run's figures go over time: what the charts are drawn from.
//!
//! Gathered from the event log as it grows, each entry once, so that a frame costs what is drawn and not what has
//! happened. Every figure is a pure function of the log: [`Series::extend`] in any steps gives what one step gives.

use super::track::{Tally, Track};
use crate::event_log::{Event, Run};
use crate::kinesis::stream::NONE;
use crate::lambda::retry::Outcome;
use crate::sim::Simulation;
use crate::units::SimTime;

/// Milliseconds over which a rate is taken, at least.
const RATE_MS: u64 = 1000;
/// Deploys that are kept, for marks on the scrub bar.
const DEPLOYS_MAX: usize = 1024;

/// A figure over time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// Lambda's `IteratorAge`: of the last invocation that started, in milliseconds.
    LambdaAge,
    /// `GetRecords.IteratorAgeMilliseconds`: the oldest of the last round of polls, in milliseconds.
    StreamAge,
    /// Records put, a second.
    In,
    /// Rows written, a second.
    Out,
    /// Invocations that run.
    Running,
    /// Puts that were refused.
    PutThrottles,
    /// Invocations that were throttled.
    InvocationThrottles,
    /// Invocations that failed, timed out or crashed.
    Errors,
}

/// The figures of a run as far as its log has been read.
#[derive(Clone, Debug, Default)]
pub struct Series {
    /// Entries of the log that have been read.
    read: u32,
    ages: Track,
    polls: Track,
    running: Track,
    rows: Tally,
    put_throttles: Tally,
    invocation_throttles: Tally,
    errors: Tally,
    /// When the code that an alias stands for changed, after the start.
    deploys: Vec<SimTime>,
}

impl Series {
    /// The figures of all that has happened.
    #[must_use]
    pub fn of(sim: &Simulation) -> Self {
        let mut series = Self::default();
        series.extend(sim);
        series
    }

    /// Reads what has been added to the log, which otherwise must be the one that was read before. Nothing may be
    /// added later to the millisecond of its last entry.
    pub fn extend(&mut self, sim: &Simulation) {
        let entries = sim.log().entries();
        for place in self.read..entries.len() {
            let entry = entries.get(place);
            match entry.run {
                // Records know their arrival.
                Run::Puts { .. } => {}
                Run::Rows { count, .. } => self.rows.add(entry.t, count),
                Run::Starts { first, count } => {
                    (first..first + count).for_each(|invocation| self.start(sim, entry.t, invocation));
                }
                Run::Ends { first, events } => {
                    // Every other event is a checkpoint's move.
                    let last = first + events.div_ceil(2);
                    (first..last).for_each(|invocation| self.end(sim, entry.t, invocation));
                }
                Run::One(event) => self.see(sim, entry.t, event),
            }
        }
        self.read = entries.len();
    }

    fn see(&mut self, sim: &Simulation, t: u32, event: Event) {
        match event {
            Event::RecordThrottled { .. } => self.put_throttles.add(t, 1),
            Event::RecordsPolled { millis_behind_latest, .. } => self.polls.push(t, millis_behind_latest),
            Event::InvocationStarted { invocation } => self.start(sim, t, invocation),
            Event::InvocationEnded { invocation } => self.end(sim, t, invocation),
            Event::AliasUpdated { .. } => {
                if t > 0 && self.deploys.len() < DEPLOYS_MAX {
                    self.deploys.push(SimTime(t.into()));
                }
            }
            Event::RowWritten { .. } => self.rows.add(t, 1),
            Event::ApiCall { .. }
            | Event::AlarmState { .. }
            | Event::NotificationSent { .. }
            | Event::AlarmInvocationStarted { .. }
            | Event::AlarmInvocationEnded { .. }
            | Event::StreamStatus { .. }
            | Event::ShardOpened { .. }
            | Event::ShardClosed { .. }
            | Event::RecordPut { .. }
            | Event::RecordPutElsewhere { .. }
            | Event::MappingState { .. }
            | Event::LogStreamOpened { .. }
            | Event::RetryScheduled { .. }
            | Event::BatchSplit { .. }
            | Event::RecordsDiscarded { .. }
            | Event::DestinationDeliveryFailed { .. }
            | Event::RecordsExpired { .. }
            | Event::RecordFiltered { .. }
            | Event::Redrive { .. }
            | Event::VersionPublished { .. }
            | Event::CheckpointMoved { .. } => {}
        }
    }

    fn start(&mut self, sim: &Simulation, t: u32, invocation: u32) {
        let invocation = sim.invocations().get(invocation);
        if invocation.environment == NONE {
            return;
        }
        self.running.push(t, self.running.latest() + 1);
        if let Some(age) = invocation.iterator_age() {
            self.ages.push(t, age.0 as u32);
        }
    }

    fn end(&mut self, sim: &Simulation, t: u32, invocation: u32) {
        let invocation = sim.invocations().get(invocation);
        if invocation.environment == NONE {
            return self.invocation_throttles.add(t, 1);
        }
        self.running.push(t, self.running.latest().saturating_sub(1));
        match invocation.outcome().map(|(outcome, _)| outcome) {
            // AWS: a batch that is partly done is no error of the function (facts: Lambda's metric Errors).
            Some(Outcome::Ok | Outcome::Partial | Outcome::Throttled) | None => {}
            Some(Outcome::Error | Outcome::Timeout | Outcome::Crash) => self.errors.add(t, 1),
        }
    }

    /// A figure within `from..to`, in milliseconds, which must not be empty: the largest value of those that are a
    /// state, the rate of those that flow, the number of those that happen. `sim` is the one whose log was read.
    #[must_use]
    pub fn value(&self, sim: &Simulation, figure: Figure, (from, to): (u64, u64)) -> u64 {
        match figure {
            Figure::LambdaAge => self.ages.highest(from, to).into(),
            Figure::Running => self.running.highest(from, to).into(),
            // A poll that finds nothing is no event: whoever has not read within a round of polls has caught up.
            Figure::StreamAge => {
                let round = sim.scenario().model.poll.0.saturating_sub(1);
                self.polls.highest_within(from.saturating_sub(round), to).into()
            }
            Figure::In => rate(from, to, |t| arrived(sim, t)),
            Figure::Out => rate(from, to, |t| self.rows.before(t)),
            Figure::PutThrottles | Figure::InvocationThrottles | Figure::Errors => {
                let tally = self.tally(figure);
                tally.before(to) - tally.before(from)
            }
        }
    }

    /// How often something has happened before `t`; 0 for what is a state or flows.
    #[must_use]
    pub fn count_before(&self, figure: Figure, t: u64) -> u64 {
        self.tally(figure).before(t)
    }

    /// Whether a figure ever comes to `least`, as far as is known; of what flows, always.
    #[must_use]
    pub fn is_ever(&self, figure: Figure, least: u32) -> bool {
        match figure {
            Figure::LambdaAge => self.ages.highest(0, u64::MAX) >= least,
            Figure::StreamAge => self.polls.highest(0, u64::MAX) >= least,
            Figure::Running => self.running.highest(0, u64::MAX) >= least,
            Figure::In | Figure::Out => true,
            Figure::PutThrottles | Figure::InvocationThrottles | Figure::Errors => {
                self.tally(figure).before(u64::MAX) >= least.into()
            }
        }
    }

    /// When an invocation next fails, at `t` or later.
    #[must_use]
    pub fn next_failure(&self, t: SimTime) -> Option<SimTime> {
        self.errors.next(t.0).map(SimTime)
    }

    /// When the code that an alias stands for changed.
    #[must_use]
    pub fn deploys(&self) -> &[SimTime] {
        &self.deploys
    }

    fn tally(&self, figure: Figure) -> &Tally {
        match figure {
            Figure::PutThrottles => &self.put_throttles,
            Figure::InvocationThrottles => &self.invocation_throttles,
            Figure::Errors => &self.errors,
            Figure::Out | Figure::LambdaAge | Figure::StreamAge | Figure::In | Figure::Running => &self.rows,
        }
    }
}

/// Records of the stream that have arrived before `t`.
fn arrived(sim: &Simulation, t: u64) -> u64 {
    sim.stream().records.partition_point(|record| record.arrival().0 < t).into()
}

/// What a count grows by within `from..to`, a second; over the last second where that is shorter.
fn rate(from: u64, to: u64, before: impl Fn(u64) -> u64) -> u64 {
    let from = from.min(to.saturating_sub(RATE_MS));
    let length = (to - from).max(RATE_MS);
    let count = before(to) - before(from);
    (count * 1000 + length / 2) / length
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    fn run(id: &str) -> Simulation {
        let text = crate::view::shipped::text_of(id).unwrap();
        let scenario = Scenario::from_json(text).unwrap();
        let until = scenario.until;
        let mut sim = Simulation::new(scenario);
        sim.run_until(until);
        sim
    }

    const ALL: [Figure; 8] = [
        Figure::LambdaAge,
        Figure::StreamAge,
        Figure::In,
        Figure::Out,
        Figure::Running,
        Figure::PutThrottles,
        Figure::InvocationThrottles,
        Figure::Errors,
    ];

    /// Each figure by its definition, from the events alone.
    fn by_events(sim: &Simulation, figure: Figure, (from, to): (u64, u64)) -> u64 {
        let within = |t: SimTime| (from..to).contains(&t.0);
        let second = |t: SimTime| (from.min(to.saturating_sub(1000))..to).contains(&t.0);
        let round = from.saturating_sub(sim.scenario().model.poll.0 - 1);
        let (mut level, mut before, mut highest, mut count, mut rate) = (0u64, 0u64, 0u64, 0u64, 0u64);
        for (_, t, event) in sim.events(0, u32::MAX).filter(|(_, t, _)| t.0 < to) {
            let state = match (figure, event) {
                (Figure::LambdaAge, Event::InvocationStarted { invocation }) => {
                    let invocation = sim.invocations().get(invocation);
                    let throttled = invocation.environment == NONE;
                    invocation.iterator_age().filter(|_| !throttled).map(|age| age.0)
                }
                (Figure::Running, Event::InvocationStarted { invocation }) => {
                    let throttled = sim.invocations().get(invocation).environment == NONE;
                    (!throttled).then_some(level + 1)
                }
                (Figure::Running, Event::InvocationEnded { invocation }) => {
                    let throttled = sim.invocations().get(invocation).environment == NONE;
                    (!throttled).then_some(level - 1)
                }
                _ => None,
            };
            if let Some(value) = state {
                level = value;
                if within(t) {
                    highest = highest.max(value);
                } else {
                    before = value;
                }
            }
            let happens = match (figure, event) {
                (Figure::PutThrottles, Event::RecordThrottled { .. })
                | (Figure::In, Event::RecordPut { .. })
                | (Figure::Out, Event::RowWritten { .. }) => true,
                (Figure::InvocationThrottles, Event::InvocationEnded { invocation }) => {
                    sim.invocations().get(invocation).outcome().unwrap().0 == Outcome::Throttled
                }
                (Figure::Errors, Event::InvocationEnded { invocation }) => {
                    let outcome = sim.invocations().get(invocation).outcome().unwrap().0;
                    matches!(outcome, Outcome::Error | Outcome::Timeout | Outcome::Crash)
                }
                _ => false,
            };
            count += u64::from(happens && within(t));
            rate += u64::from(happens && second(t));
            if let (Figure::StreamAge, Event::RecordsPolled { millis_behind_latest, .. }) = (figure, event)
                && t.0 >= round
            {
                highest = highest.max(millis_behind_latest.into());
            }
        }
        match figure {
            Figure::LambdaAge | Figure::Running => highest.max(before),
            Figure::StreamAge => highest,
            Figure::PutThrottles | Figure::InvocationThrottles | Figure::Errors => count,
            Figure::In | Figure::Out => {
                let length = (to - from.min(to.saturating_sub(1000))).max(1000);
                (rate * 1000 + length / 2) / length
            }
        }
    }

    #[test]
    fn every_figure_is_what_its_events_say() {
        for id in ["parallelization-3-error", "throttled-function", "hot-shard-split", "checkpoint-both"] {
            let sim = run(id);
            let series = Series::of(&sim);
            let last = sim.log().last_at().0;
            for place in 0..24 {
                let from = last * place / 24 + 137 * place;
                for length in [1, 40, 999, 1000, 5300] {
                    for figure in ALL {
                        let within = (from, from + length);
                        let (value, expect) =
                            (series.value(&sim, figure, within), by_events(&sim, figure, within));
                        assert_eq!(value, expect, "{id}: {figure:?} in {within:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn reading_in_steps_gives_the_same() {
        let whole = run("parallelization-3-error");
        let mut sim = Simulation::new(whole.scenario().clone());
        let mut series = Series::default();
        for t in (0..).step_by(77).take_while(|&t| SimTime(t) < whole.scenario().until) {
            sim.run_until(SimTime(t));
            series.extend(&sim);
        }
        sim.run_until(whole.scenario().until);
        series.extend(&sim);
        assert_eq!(format!("{series:?}"), format!("{:?}", Series::of(&whole)));
        assert!(series.is_ever(Figure::Errors, 1) && !series.is_ever(Figure::PutThrottles, 1));
        let first = series.next_failure(SimTime(0)).unwrap();
        assert_eq!([first.0, first.0 + 1].map(|t| series.count_before(Figure::Errors, t)), [0, 1]);
    }

    #[test]
    fn article_c_has_two_ages() {
        let sim = run("parallelization-3");
        let series = Series::of(&sim);
        let at = |figure, t: u64| series.value(&sim, figure, (t, t + 1));
        // The last batches wait for a minute in their lanes, but the stream has long been read to its end.
        assert_eq!(at(Figure::LambdaAge, 100_000), 66_075);
        assert_eq!(at(Figure::StreamAge, 100_000), 0);
        assert_eq!((at(Figure::Running, 60_000), at(Figure::Running, 200_000)), (3, 0));
    }
}
