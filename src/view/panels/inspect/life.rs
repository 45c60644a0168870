//! The life of a record: put, read, queued, tried, done or given up; and where its time went.
//!
//! Invariant: the spans lie side by side from the record's arrival to its end, or to now, so their lengths add up to
//! its age.

use crate::kinesis::stream::NONE;
use crate::lambda::batcher::Reason;
use crate::lambda::retry::Outcome;
use crate::lang::Lang;
use crate::sim::Simulation;
use crate::sim::agenda::LaneRef;
use crate::sim::invocation::Invocation;
use crate::units::{SimDuration, SimTime};
use crate::view::article::row_at;
use crate::view::explain::journey::{Journey, Place, Try};
use crate::view::explain::refusals;
use crate::view::number::{exact_seconds, hash_percent, seconds, short_clock};
use crate::view::scene::Object;
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
    pub title: String,
    /// More about it.
    pub detail: String,
    /// Whether it has happened.
    pub phase: Phase,
    /// What it happens in.
    pub object: Option<Object>,
}

/// What a record's time goes into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// It lies in its shard.
    Shard,
    /// It waits in its lane.
    Lane,
    /// It was handed over, and the handler has not started.
    Start,
    /// Others of its batch come first.
    Batch,
    /// It is being handled.
    Handled,
    /// Its batch goes on, or its end is not told yet.
    Rest,
    /// Its batch failed, and waits to be tried again.
    BackOff,
    /// Another part of its batch is tried.
    Part,
    /// It was given up, and nobody had taken it up again.
    GivenUp,
}

impl Use {
    /// All, in the order of a record's way.
    pub const ALL: [Self; 9] = [
        Self::Shard,
        Self::Lane,
        Self::Start,
        Self::Batch,
        Self::Handled,
        Self::Rest,
        Self::BackOff,
        Self::Part,
        Self::GivenUp,
    ];

    /// Its words.
    #[must_use]
    pub fn label(self) -> MessageId {
        match self {
            Self::Shard => MessageId::WaitShard,
            Self::Lane => MessageId::WaitBatcher,
            Self::Start => MessageId::WaitStart,
            Self::Batch => MessageId::WaitBatch,
            Self::Handled => MessageId::WaitHandled,
            Self::Rest => MessageId::WaitRest,
            Self::BackOff => MessageId::WaitBackOff,
            Self::Part => MessageId::WaitPart,
            Self::GivenUp => MessageId::WaitGivenUp,
        }
    }
}

/// A span of a record's life, for the bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// What it went into.
    pub on: Use,
    /// How long, in milliseconds; never 0.
    pub ms: u64,
}

/// All spans of one kind, for the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What they went into.
    pub on: Use,
    /// Their sum, in milliseconds.
    pub ms: u64,
    /// The sum in words.
    pub text: String,
    /// Its share of the age.
    pub share: String,
}

/// Where a record's time went.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Time {
    /// The spans in order; all of a kind together where there are too many.
    pub spans: Vec<Span>,
    /// Their sums.
    pub rows: Vec<Row>,
    /// The record's age, in milliseconds.
    pub age_ms: u64,
    /// The age in words.
    pub age: String,
}

/// A record's life so far.
pub(super) struct Life {
    /// Its stops.
    pub(super) stops: Vec<Stop>,
    /// Where its time went.
    pub(super) time: Time,
    /// Its lane, once it is in one.
    pub(super) lane: Option<LaneRef>,
    /// The latest invocation that received it.
    pub(super) invocation: Option<u32>,
}

/// Spans drawn one by one, at most.
const SPANS_MAX: usize = 60;
/// Attempts listed at the beginning, and at the end.
const TRIES_LISTED: (usize, usize) = (4, 6);

/// The life of a record that has been put, as a mapping sees it.
#[must_use]
pub(super) fn of(sim: &Simulation, mapping: u16, record: u32, lang: Lang) -> Life {
    let mut story = Story { sim, mapping, record, lang, stops: Vec::new() };
    story.put();
    if sim.mappings().is_empty() {
        let time = time(sim.now() - story.arrival(), &[Span { on: Use::Shard, ms: 0 }], lang);
        return Life { stops: story.stops, time, lane: None, invocation: None };
    }
    let journey = Journey::of(sim, mapping, record);
    story.tell(&journey);
    let (end, spans) = spans(sim, story.arrival(), &journey);
    Life {
        time: time(end - story.arrival(), &spans, lang),
        stops: story.stops,
        lane: journey.lane,
        invocation: journey.tries.last().map(|each| each.invocation),
    }
}

/// The stops while they are told.
struct Story<'a> {
    sim: &'a Simulation,
    mapping: u16,
    record: u32,
    lang: Lang,
    stops: Vec<Stop>,
}

impl Story<'_> {
    fn arrival(&self) -> SimTime {
        self.sim.stream().records.get(self.record).arrival()
    }

    /// Adds a stop; without a time it is to come.
    fn add(&mut self, t: Option<SimTime>, title: MessageId, detail: String) -> &mut Stop {
        let reached = t.is_some_and(|t| t <= self.sim.now());
        let phase = if reached { Phase::Past } else { Phase::Future };
        let time = t.map_or(String::new(), short_clock);
        let title = title.text(self.lang).to_owned();
        self.stops.push(Stop { time, title, detail, phase, object: None });
        let last = self.stops.len() - 1;
        &mut self.stops[last]
    }

    fn put(&mut self) {
        let refused = refusals(self.sim, self.record);
        if let Some(first) = refused.last() {
            let detail = MessageId::LifeRefusedDetail.fill(self.lang, &[&refused.len()]);
            self.add(Some(first.t), MessageId::LifeRefused, detail);
        }
        let hash = self.sim.stream().hash_key(self.record).0;
        let hex = format!("{:04x}…", hash >> 112);
        let detail = MessageId::LifePutDetail.fill(self.lang, &[&hex, &hash_percent(hash)]);
        self.add(Some(self.arrival()), MessageId::LifePut, detail);
    }

    fn tell(&mut self, journey: &Journey) {
        let read = journey.read.map(|read| read.t);
        if journey.place == Place::BeforeStart {
            self.add(Some(self.arrival()), MessageId::LifeBeforeStart, String::new());
            return;
        }
        let pushed = self.sim.mapping(self.mapping).config().is_pushed();
        let title = if pushed { MessageId::LifePushed } else { MessageId::LifeRead };
        let waited = read.map_or(String::new(), |read| seconds(read - self.arrival(), self.lang));
        let detail = match read {
            Some(_) => MessageId::LifeReadDetail.fill(self.lang, &[&waited]),
            None => String::new(),
        };
        self.add(read, title, detail);
        if let Place::Filtered(_) = journey.place {
            self.add(read, MessageId::LifeFiltered, String::new());
            return self.mark_now(false);
        }
        let lane = journey.lane.map_or(String::new(), |lane| {
            MessageId::LifeQueuedDetail.fill(self.lang, &[&(u32::from(lane.lane) + 1)])
        });
        self.add(read, MessageId::LifeQueued, lane);
        if journey.tries.len() > 1 || journey.tries.iter().any(|each| self.failed(each)) {
            self.attempts(&journey.tries);
            self.end(journey);
        } else {
            self.only_attempt(journey);
        }
        let open = journey.ended_at(self.sim).is_none();
        self.mark_now(open);
    }

    fn failed(&self, each: &Try) -> bool {
        let outcome = self.sim.invocations().get(each.invocation).outcome();
        outcome.is_some_and(|(outcome, _)| outcome != Outcome::Ok)
    }

    /// Whether it counts as done although no handler has handled it.
    fn unhandled(&self, journey: &Journey) -> bool {
        matches!(journey.place, Place::Done(_))
            && !self.sim.mapping(self.mapping).written.contains(self.record)
    }

    /// The one attempt, in full.
    fn only_attempt(&mut self, journey: &Journey) {
        let received = journey.tries.first().map(|each| (self.sim.invocations().get(each.invocation), *each));
        let detail = received.map_or(String::new(), |(invocation, each)| {
            MessageId::LifeInvokedDetail.fill(self.lang, &[&invocation.count, &each.position])
        });
        let object = received.map(|(_, each)| Object::Invocation(each.invocation));
        let at = |look: fn(&Simulation, &Invocation, u32) -> SimTime| {
            received.map(|(invocation, each)| look(self.sim, &invocation, each.position))
        };
        let started = at(|_, invocation, _| invocation.started_at());
        let (turn, handled) =
            (at(row_at), at(|sim, invocation, position| row_at(sim, invocation, position + 1)));
        let done = at(|_, invocation, _| invocation.ends_at());
        self.add(started, MessageId::LifeInvoked, detail).object = object;
        if self.unhandled(journey) {
            // Its turn came only if it is what the handler reported.
            let had_turn = received.is_some_and(|(invocation, each)| each.position < invocation.rows);
            if had_turn {
                self.add(turn, MessageId::LifeTurn, String::new());
            }
            return self.end(journey);
        }
        self.add(turn, MessageId::LifeTurn, String::new());
        self.add(handled, MessageId::LifeHandled, String::new());
        if matches!(journey.place, Place::Discarded(_) | Place::Expired(_)) {
            return self.end(journey);
        }
        self.add(done, MessageId::LifeDone, String::new());
    }

    /// The attempts, one line each.
    fn attempts(&mut self, tries: &[Try]) {
        let (head, tail) = TRIES_LISTED;
        let hidden = tries.len().saturating_sub(head + tail);
        for (place, each) in tries.iter().enumerate() {
            if hidden > 0 && place == head {
                let detail = MessageId::LifeMoreDetail.fill(self.lang, &[&hidden]);
                let t = self.sim.invocations().get(each.invocation).started_at();
                self.add(Some(t), MessageId::LifeMore, detail);
            }
            if hidden == 0 || place < head || place >= head + hidden {
                self.attempt(each);
            }
        }
    }

    fn attempt(&mut self, each: &Try) {
        let invocation = self.sim.invocations().get(each.invocation);
        let number = each.invocation + 1;
        let outcome = match invocation.outcome() {
            None => MessageId::LifeTryRuns,
            Some((Outcome::Throttled, _)) => MessageId::LifeTryThrottled,
            Some((Outcome::Ok, _)) if !self.sim.wrote(&invocation, each.position) => {
                MessageId::LifeTryIgnored
            }
            Some((Outcome::Ok, _)) => MessageId::LifeTryOk,
            Some((Outcome::Partial, _)) if invocation.failed_at().is_some_and(|at| each.position < at) => {
                MessageId::LifeTryOk
            }
            Some((Outcome::Error | Outcome::Timeout | Outcome::Crash | Outcome::Partial, _)) => {
                MessageId::LifeTryFailed
            }
        };
        let detail = outcome.fill(self.lang, &[&number, &invocation.count, &(each.position + 1)]);
        let title = MessageId::LifeTry.fill(self.lang, &[&invocation.attempt]);
        let stop = self.add(Some(invocation.started_at()), MessageId::LifeInvoked, detail);
        stop.title = title;
        stop.object = Some(Object::Invocation(each.invocation));
    }

    /// How it ended, or what it waits for.
    fn end(&mut self, journey: &Journey) {
        let ended = journey.ended_at(self.sim);
        match journey.place {
            Place::Done(_) => {
                let id = if self.unhandled(journey) { MessageId::LifeUnhandled } else { MessageId::LifeDone };
                self.add(ended, id, String::new());
            }
            Place::Discarded(idx) => {
                let condition = self.sim.discard(idx).condition.name().to_owned();
                self.add(ended, MessageId::LifeDiscarded, condition).object = Some(Object::Discard(idx));
            }
            Place::Expired(_) => {
                self.add(ended, MessageId::LifeExpired, String::new());
            }
            Place::BackingOff { until, .. } => {
                let detail = MessageId::StateBackingOff.fill(self.lang, &[&short_clock(until)]);
                self.add(Some(until), MessageId::LifeAgain, detail);
            }
            Place::Part => {
                self.add(None, MessageId::LifeAgain, String::new());
            }
            Place::BeforeStart | Place::Unread | Place::Waiting | Place::Running(_) | Place::Filtered(_) => {
                self.add(None, MessageId::LifeDone, String::new());
            }
        }
    }

    /// The last stop that was reached is where it is now, while its life goes on.
    fn mark_now(&mut self, open: bool) {
        let last = self.stops.iter().rposition(|stop| stop.phase == Phase::Past);
        if let Some(last) = last.filter(|_| open) {
            self.stops[last].phase = Phase::Now;
        }
    }
}

/// Where the record's time ends, and its spans so far.
fn spans(sim: &Simulation, arrival: SimTime, journey: &Journey) -> (SimTime, Vec<Span>) {
    let end = journey.ended_at(sim).unwrap_or(sim.now());
    let mut line = Line { at: arrival, end, spans: Vec::new() };
    if let Some(read) = journey.read {
        line.to(read.t, Use::Shard);
    }
    let mut before = match journey.read {
        Some(_) => Use::Lane,
        None => Use::Shard,
    };
    for each in &journey.tries {
        let invocation = sim.invocations().get(each.invocation);
        let waited = match invocation.reason {
            Reason::Redrive => Use::GivenUp,
            Reason::Bisect | Reason::Remainder if before == Use::BackOff => Use::Part,
            Reason::Available
            | Reason::Size
            | Reason::Window
            | Reason::Payload
            | Reason::Retry
            | Reason::ShardEnd
            | Reason::Tumbling
            | Reason::Bisect
            | Reason::Remainder => before,
        };
        line.to(invocation.started_at(), waited);
        let ends = invocation.ends_at();
        if invocation.environment != NONE {
            line.to(invocation.handler_at().min(ends), Use::Start);
            line.to(row_at(sim, &invocation, each.position).min(ends), Use::Batch);
            line.to(row_at(sim, &invocation, each.position + 1).min(ends), Use::Handled);
            line.to(ends, Use::Rest);
        }
        before = Use::BackOff;
    }
    let last = match journey.place {
        Place::BeforeStart | Place::Unread => Use::Shard,
        Place::Part => Use::Part,
        Place::Running(_) | Place::Done(_) => Use::Rest,
        Place::Waiting | Place::BackingOff { .. } | Place::Discarded(_) => before,
        Place::Expired(_) | Place::Filtered(_) => before,
    };
    line.to(end, last);
    (end, line.spans)
}

/// Spans side by side, up to an end.
struct Line {
    at: SimTime,
    end: SimTime,
    spans: Vec<Span>,
}

impl Line {
    /// Goes on to `t`, at most to the end.
    fn to(&mut self, t: SimTime, on: Use) {
        let t = t.min(self.end);
        if t > self.at {
            self.spans.push(Span { on, ms: (t - self.at).0 });
            self.at = t;
        }
    }
}

/// The spans, their sums and the age.
fn time(age: SimDuration, spans: &[Span], lang: Lang) -> Time {
    let sum = |on: Use| spans.iter().filter(|span| span.on == on).map(|span| span.ms).sum::<u64>();
    let sums = Use::ALL.map(|on| Span { on, ms: sum(on) });
    let rows = sums.iter().filter(|span| span.ms > 0).map(|&Span { on, ms }| {
        let tenths = (ms * 1000 + age.0 / 2) / age.0.max(1);
        let share = format!("{}.{} %", tenths / 10, tenths % 10);
        Row { on, ms, text: exact_seconds(SimDuration(ms), lang), share }
    });
    let rows = rows.collect();
    let few = spans.len() <= SPANS_MAX;
    let drawn = if few { spans.to_vec() } else { sums.to_vec() };
    let spans = drawn.into_iter().filter(|span| span.ms > 0).collect();
    Time { spans, rows, age_ms: age.0, age: exact_seconds(age, lang) }
}
