//! The life of a record: put, read, queued, invoked, handled, done.

use crate::event_log::Event;
use crate::kinesis::stream::NONE;
use crate::lang::Lang;
use crate::sim::Simulation;
use crate::sim::agenda::LaneRef;
use crate::sim::invocation::Invocation;
use crate::units::SimTime;
use crate::view::article::row_at;
use crate::view::number::{hash_percent, seconds, short_clock};
use crate::view::text::MessageId;

/// Where something stands against the playhead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// It has happened.
    Past,
    /// It is what happens now.
    Now,
    /// It has not happened.
    Future,
}

/// A stop in a record's life.
#[derive(Clone, Debug, PartialEq)]
pub struct Stop {
    /// When; empty where that is not known.
    pub time: String,
    /// What happens.
    pub title: MessageId,
    /// More about it.
    pub detail: String,
    /// Whether it has happened.
    pub phase: Phase,
}

/// A span of a record's life, for a bar.
#[derive(Clone, Debug, PartialEq)]
pub struct Wait {
    /// What it waited for.
    pub label: MessageId,
    /// How long, in milliseconds.
    pub ms: u64,
    /// How long, in words.
    pub text: String,
}

/// A record's life so far.
pub(super) struct Life {
    /// Its stops.
    pub(super) stops: Vec<Stop>,
    /// Its spans so far.
    pub(super) waits: Vec<Wait>,
    /// Its lane, once it is in one.
    pub(super) lane: Option<LaneRef>,
    /// The latest invocation that received it.
    pub(super) invocation: Option<u32>,
}

/// Events and invocations looked at to find a record's stops.
const REACH: u32 = 100_000;

/// When the record's stops were, as far as they have happened.
#[derive(Default)]
struct Times {
    read: Option<SimTime>,
    invoked: Option<SimTime>,
    turn: Option<SimTime>,
    handled: Option<SimTime>,
    done: Option<SimTime>,
}

/// The life of a record that has been put.
#[must_use]
pub(super) fn of(sim: &Simulation, record: u32, lang: Lang) -> Life {
    let stored = sim.stream().records.get(record);
    let arrival = stored.arrival();
    let Some(mapping) = sim.mappings().first() else {
        let stops = vec![put(sim, record, lang)];
        return Life { stops, waits: Vec::new(), lane: None, invocation: None };
    };
    let reader = mapping.readers.get(stored.shard as usize);
    let is_read = reader.is_some_and(|reader| reader.read != NONE && reader.read >= record);
    let mut times =
        Times { read: is_read.then(|| read_at(sim, stored.shard, arrival)).flatten(), ..Times::default() };
    let lane = sim.lane_of(0, record) as u8;
    let lane = LaneRef { mapping: 0, shard: stored.shard, lane };
    let received = times.read.and_then(|read| invocation_of(sim, lane, record, read));
    if let Some((idx, position)) = received {
        let invocation = sim.invocations().get(idx);
        times.invoked = Some(invocation.started_at());
        times.turn = Some(row_at(sim, &invocation, position));
        times.handled = Some(row_at(sim, &invocation, position + 1));
        times.done = Some(invocation.ends_at());
    }
    let position = received.map(|(idx, position)| (sim.invocations().get(idx), position));
    Life {
        stops: stops(sim, record, lane, &times, position, lang),
        waits: waits(sim.now(), arrival, &times, lang),
        lane: times.read.map(|_| lane),
        invocation: received.map(|(idx, _)| idx),
    }
}

fn put(sim: &Simulation, record: u32, lang: Lang) -> Stop {
    let hash = sim.stream().hash_key(record).0;
    let hex = format!("{:04x}…", hash >> 112);
    Stop {
        time: short_clock(sim.stream().records.get(record).arrival()),
        title: MessageId::LifePut,
        detail: MessageId::LifePutDetail.fill(lang, &[&hex, &hash_percent(hash)]),
        phase: Phase::Past,
    }
}

fn stops(
    sim: &Simulation,
    record: u32,
    lane: LaneRef,
    times: &Times,
    batch: Option<(Invocation, u32)>,
    lang: Lang,
) -> Vec<Stop> {
    let arrival = sim.stream().records.get(record).arrival();
    let number = u32::from(lane.lane) + 1;
    let since = |t: Option<SimTime>, from: Option<SimTime>, id: MessageId| match (t, from) {
        (Some(t), Some(from)) => id.fill(lang, &[&seconds(t - from, lang)]),
        _ => String::new(),
    };
    let ahead = batch.map_or(String::new(), |(invocation, position)| {
        MessageId::LifeInvokedDetail.fill(lang, &[&invocation.count, &position])
    });
    let mut stops = vec![put(sim, record, lang)];
    let mut add = |t: Option<SimTime>, title, detail| {
        let reached = t.is_some_and(|t| t <= sim.now());
        let phase = if reached { Phase::Past } else { Phase::Future };
        stops.push(Stop { time: t.map_or(String::new(), short_clock), title, detail, phase });
    };
    add(times.read, MessageId::LifeRead, since(times.read, Some(arrival), MessageId::LifeReadDetail));
    let queued = MessageId::LifeQueuedDetail.fill(lang, &[&number]);
    add(times.read, MessageId::LifeQueued, queued);
    add(times.invoked, MessageId::LifeInvoked, ahead);
    add(times.turn, MessageId::LifeTurn, String::new());
    add(times.handled, MessageId::LifeHandled, String::new());
    add(times.done, MessageId::LifeDone, String::new());
    if let Some(last) = stops.iter().rposition(|stop| stop.phase == Phase::Past)
        && last + 1 < stops.len()
    {
        stops[last].phase = Phase::Now;
    }
    stops
}

fn waits(now: SimTime, arrival: SimTime, times: &Times, lang: Lang) -> Vec<Wait> {
    let marks = [
        (MessageId::WaitShard, Some(arrival), times.read),
        (MessageId::WaitBatcher, times.read, times.invoked),
        (MessageId::WaitBatch, times.invoked, times.turn),
        (MessageId::WaitHandled, times.turn, times.handled),
    ];
    let span = |(label, from, to): (MessageId, Option<SimTime>, Option<SimTime>)| {
        let from = from.filter(|&from| from < now)?;
        let span = to.unwrap_or(now).min(now) - from;
        Some(Wait { label, ms: span.0, text: seconds(span, lang) })
    };
    marks.into_iter().filter_map(span).filter(|wait| wait.ms > 0).collect()
}

/// The first poll of the shard that read as far as a record that arrived at `arrival`.
fn read_at(sim: &Simulation, wanted: u32, arrival: SimTime) -> Option<SimTime> {
    let from = arrival.0.checked_sub(1).map_or(0, |before| sim.events_until(SimTime(before)));
    let reads = |&(_, t, event): &(u32, SimTime, Event)| {
        matches!(event, Event::RecordsPolled { shard, records, millis_behind_latest, .. }
            if shard == wanted && records > 0 && arrival.0 + u64::from(millis_behind_latest) <= t.0)
    };
    sim.events(from, from.saturating_add(REACH)).find(reads).map(|(_, t, _)| t)
}

/// The latest invocation of the lane that received the record, and the record's place in its batch.
fn invocation_of(sim: &Simulation, lane: LaneRef, record: u32, read: SimTime) -> Option<(u32, u32)> {
    let invocations = sim.invocations();
    let first = invocations.partition_point(|invocation| invocation.started_at() < read);
    let last = invocations.len().min(first.saturating_add(REACH));
    let mut candidates = (first..last).filter(|&idx| {
        let invocation = invocations.get(idx);
        let own = invocation.lane == lane && !invocation.is_redrive();
        own && sim.batch(idx).next().is_some_and(|first| first <= record)
    });
    // A lane's records are done in order: later batches begin after the record, so the last candidate has it,
    // or it still waits.
    let idx = candidates.next_back()?;
    let position = sim.batch(idx).position(|other| other == record)?;
    Some((idx, position as u32))
}
