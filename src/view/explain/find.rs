//! Finding the events of a cause, within bounds.

use super::Cause;
use crate::event_log::{Entry, Event, Run};
use crate::sim::Simulation;
use crate::units::SimTime;

/// An event that was found.
pub(super) type Found = Option<Cause>;

/// Entries of the log looked at, going back or on, at most.
const REACH: u32 = 100_000;

/// Number of the first event at `t` or later.
fn first_from(sim: &Simulation, t: SimTime) -> u32 {
    t.0.checked_sub(1).map_or(0, |before| sim.events_until(SimTime(before)))
}

/// The first wanted event of a millisecond.
pub(super) fn at(sim: &Simulation, t: SimTime, wanted: impl Fn(Event) -> bool) -> Found {
    let mut events = sim.events(first_from(sim, t), sim.events_until(t));
    events.find(|&(.., event)| wanted(event)).map(|(n, t, _)| Cause { n, t })
}

/// The first wanted event of an entry. Puts, rows and starts, of which an entry may hold many, are not looked into.
fn first_of(sim: &Simulation, entry: Entry, wanted: impl Fn(SimTime, Event) -> bool) -> Found {
    let mut events = sim.events(entry.n, entry.n + looked_into(entry.run));
    events.find(|&(_, t, event)| wanted(t, event)).map(|(n, t, _)| Cause { n, t })
}

/// The last one.
fn last_of(sim: &Simulation, entry: Entry, wanted: impl Fn(Event) -> bool) -> Found {
    let events = sim.events(entry.n, entry.n + looked_into(entry.run));
    events.filter(|&(.., event)| wanted(event)).last().map(|(n, t, _)| Cause { n, t })
}

/// Events of an entry that are looked at.
fn looked_into(run: Run) -> u32 {
    match run {
        Run::One(_) => 1,
        Run::Ends { events, .. } => events,
        Run::Puts { .. } | Run::Rows { .. } | Run::Starts { .. } => 0,
    }
}

/// The first wanted event at `t` or later; no put, row or start.
pub(super) fn since(sim: &Simulation, t: SimTime, wanted: impl Fn(SimTime, Event) -> bool) -> Found {
    let entries = sim.log().entries();
    let first = entries.partition_point(|entry| u64::from(entry.t) < t.0);
    let mut found = (first..entries.len().min(first.saturating_add(REACH))).map(|idx| entries.get(idx));
    found.find_map(|entry| first_of(sim, entry, &wanted))
}

/// The last wanted event before the number `to`, which may be the number of events; no put, row or start.
pub(super) fn before(sim: &Simulation, to: u32, wanted: impl Fn(Event) -> bool) -> Found {
    let entries = sim.log().entries();
    let end = entries.partition_point(|entry| entry.n < to);
    let mut found = (end.saturating_sub(REACH)..end).rev().map(|idx| entries.get(idx));
    found.find_map(|entry| last_of(sim, entry, &wanted))
}

/// The last wanted event so far; no put, row or start.
pub(super) fn last(sim: &Simulation, wanted: impl Fn(Event) -> bool) -> Found {
    before(sim, sim.log().count(), wanted)
}

/// What happened, by an event's number.
pub(super) fn event(sim: &Simulation, cause: Cause) -> Option<Event> {
    sim.events(cause.n, cause.n + 1).next().map(|(.., event)| event)
}

/// When an invocation was handed over.
pub(super) fn start(sim: &Simulation, idx: u32) -> Found {
    let t = sim.invocations().get(idx).started_at();
    at(sim, t, |event| event == Event::InvocationStarted { invocation: idx })
}

/// When an invocation ended, if it has.
pub(super) fn end(sim: &Simulation, idx: u32) -> Found {
    let invocation = sim.invocations().get(idx);
    invocation.outcome()?;
    at(sim, invocation.ends_at(), |event| event == Event::InvocationEnded { invocation: idx })
}

/// When a record was stored.
pub(super) fn put(sim: &Simulation, record: u32) -> Found {
    let t = sim.stream().records.get(record).arrival();
    at(sim, t, |event| event == Event::RecordPut { record })
}

/// The last put of a producer, among the last records.
pub(super) fn last_put(sim: &Simulation, producer: u8) -> Found {
    let records = &sim.stream().records;
    let own = |&record: &u32| records.get(record).producer() == producer;
    let record = (records.len().saturating_sub(REACH)..records.len()).rev().find(own)?;
    put(sim, record)
}
