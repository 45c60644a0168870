//! The last events, as lines.

use super::{KeyMark, latest, record_name};
use crate::event_log::Event;
use crate::kinesis::stream::{ThrottleReason, shard_id};
use crate::lambda::function::{AliasChange, weights};
use crate::lambda::retry::Outcome;
use crate::lang::Lang;
use crate::sim::Simulation;
use crate::sim::agenda::LaneRef;
use crate::sim::event_json::outcome_name;
use crate::sim::redrive::{Redrive, Refusal};
use crate::units::{SimDuration, SimTime};
use crate::view::number::{exact_seconds, seconds, short_clock};
use crate::view::scene::Object;
use crate::view::text::MessageId;
use crate::view::ui::LogFilter;

/// The log.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Log {
    /// The last events, latest first.
    pub lines: Vec<Line>,
    /// Events so far.
    pub count: u32,
}

/// An event.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its number.
    pub n: u32,
    /// When.
    pub at: SimTime,
    /// When, in words.
    pub time: String,
    /// What happened.
    pub text: String,
    /// The key of the record it happened to.
    pub key: Option<KeyMark>,
    /// How it is marked.
    pub kind: Kind,
    /// What it happened to.
    pub object: Option<Object>,
}

/// How a line is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nothing special.
    Plain,
    /// A batch was handed over.
    Start,
    /// An invocation succeeded.
    Good,
    /// Something failed.
    Bad,
    /// Something was throttled: nothing ran, so nothing failed.
    Throttled,
}

/// Lines shown.
const LINES_MAX: usize = 120;
/// Events looked at.
const REACH: u32 = 20_000;

/// The log as of the playhead.
#[must_use]
pub fn build(sim: &Simulation, filter: LogFilter, lang: Lang) -> Log {
    let count = sim.log().count();
    let events = latest(sim, count, LINES_MAX, REACH, |event| passes(filter, event));
    let line = |&(n, t, event): &(_, _, Event)| {
        let (text, kind, object) = describe(sim, event, lang);
        let key = match object {
            Some(Object::Record(record)) => Some(KeyMark::of(sim, sim.stream().records.get(record).key)),
            Some(
                Object::Invocation(_)
                | Object::Lane(_)
                | Object::Shard(_)
                | Object::Discard(_)
                | Object::Environment(_)
                | Object::Resource(_),
            )
            | None => None,
        };
        Line { n, at: t, time: short_clock(t), text, key, kind, object }
    };
    Log { lines: events.iter().map(line).collect(), count }
}

fn passes(filter: LogFilter, event: &Event) -> bool {
    let of = match event {
        Event::RecordPut { .. } | Event::RecordPutElsewhere { .. } | Event::RecordThrottled { .. } => {
            LogFilter::Puts
        }
        Event::RecordsPolled { .. } => LogFilter::Polls,
        Event::InvocationStarted { .. }
        | Event::InvocationEnded { .. }
        | Event::AlarmInvocationStarted { .. }
        | Event::AlarmInvocationEnded { .. }
        | Event::RetryScheduled { .. }
        | Event::Redrive { .. }
        | Event::BatchSplit { .. } => LogFilter::Invocations,
        Event::RowWritten { .. } => LogFilter::Rows,
        Event::ApiCall { .. } => LogFilter::Calls,
        Event::AlarmState { .. }
        | Event::NotificationSent { .. }
        | Event::StreamStatus { .. }
        | Event::ShardOpened { .. }
        | Event::ShardClosed { .. }
        | Event::MappingState { .. }
        | Event::LogStreamOpened { .. }
        | Event::RecordsDiscarded { .. }
        | Event::DestinationDeliveryFailed { .. }
        | Event::RecordsExpired { .. }
        | Event::RecordFiltered { .. }
        | Event::CheckpointMoved { .. }
        | Event::VersionPublished { .. }
        | Event::AliasUpdated { .. } => LogFilter::Others,
    };
    filter == LogFilter::All || filter == of
}

#[expect(clippy::too_many_lines, reason = "one arm for each event")]
fn describe(sim: &Simulation, event: Event, lang: Lang) -> (String, Kind, Option<Object>) {
    let plain = |text, object| (text, Kind::Plain, object);
    match event {
        Event::ApiCall { call } => called(sim, call, lang),
        Event::AlarmState { alarm, change } => {
            let name = &sim.alarms()[usize::from(alarm)].definition.alarm_name;
            let change = &sim.alarm_changes()[change as usize];
            let arguments: [&dyn std::fmt::Display; 3] = [name, &change.from.name(), &change.to.name()];
            plain(MessageId::LogAlarm.fill(lang, &arguments), None)
        }
        Event::NotificationSent { topic, function, .. } => {
            let scenario = sim.scenario();
            let (topic, function) =
                (&scenario.topics[usize::from(topic)], &scenario.functions[function as usize]);
            plain(MessageId::LogNotified.fill(lang, &[&topic.name, &function.name]), None)
        }
        Event::AlarmInvocationStarted { invocation } => {
            let function = alarm_function(sim, invocation);
            (MessageId::LogAlarmStarted.fill(lang, &[function]), Kind::Start, None)
        }
        Event::AlarmInvocationEnded { invocation } => {
            let outcome = sim.alarm_invocations()[invocation as usize].outcome.unwrap_or(Outcome::Ok);
            let kind = if outcome == Outcome::Ok { Kind::Good } else { Kind::Bad };
            let arguments: [&dyn std::fmt::Display; 2] =
                [alarm_function(sim, invocation), &outcome_name(outcome)];
            (MessageId::LogAlarmEnded.fill(lang, &arguments), kind, None)
        }
        Event::StreamStatus { stream, from, to, .. } => {
            let name = &sim.stream_at(stream).name;
            plain(MessageId::LogStream.fill(lang, &[name, &from.name(), &to.name()]), None)
        }
        Event::ShardOpened { stream, shard } => {
            let name = within(sim, stream, shard_id(shard));
            plain(MessageId::LogShardOpened.fill(lang, &[&name]), of_first(stream, shard))
        }
        Event::ShardClosed { stream, shard } => {
            let name = within(sim, stream, shard_id(shard));
            plain(MessageId::LogShardClosed.fill(lang, &[&name]), of_first(stream, shard))
        }
        Event::RecordPutElsewhere { stream, record } => {
            let own = sim.stream_at(stream);
            let stored = own.records.get(record);
            let place = within(sim, stream, short_shard(stored.shard));
            plain(MessageId::LogPut.fill(lang, &[&own.keys.text(stored.key), &place]), None)
        }
        Event::RecordsExpired { shard, records, .. } => {
            let text = MessageId::LogExpired.fill(lang, &[&records, &short_shard(shard)]);
            (text, Kind::Bad, Some(Object::Shard(shard)))
        }
        Event::RecordFiltered { record, .. } => {
            let text = MessageId::LogFiltered.fill(lang, &[&record_name(sim, record)]);
            plain(text, Some(Object::Record(record)))
        }
        Event::RecordPut { record } => {
            let shard = sim.stream().records.get(record).shard;
            let text = MessageId::LogPut.fill(lang, &[&record_name(sim, record), &short_shard(shard)]);
            plain(text, Some(Object::Record(record)))
        }
        Event::RecordThrottled { stream, shard, key, reason, .. } => {
            let own = sim.stream_at(stream);
            let place = within(sim, stream, short_shard(shard));
            let (by, limit, object) = match reason {
                ThrottleReason::Records => (&place, "1000 records/s", of_first(stream, shard)),
                ThrottleReason::Bytes => (&place, "1 MiB/s", of_first(stream, shard)),
                ThrottleReason::NoStream => (&own.name, MessageId::LogNoStream.text(lang), None),
            };
            let arguments: [&dyn std::fmt::Display; 3] = [&own.keys.text(key), by, &limit];
            (MessageId::LogThrottled.fill(lang, &arguments), Kind::Bad, object)
        }
        Event::MappingState { from, to, .. } => {
            plain(MessageId::LogMapping.fill(lang, &[&from.name(), &to.name()]), None)
        }
        Event::RecordsPolled { shard, records, .. } => {
            let text = MessageId::LogPolled.fill(lang, &[&records, &short_shard(shard)]);
            plain(text, Some(Object::Shard(shard)))
        }
        Event::VersionPublished { function, version } => {
            let name = &sim.scenario().functions[usize::from(function)].name;
            plain(MessageId::LogPublished.fill(lang, &[name, &(version + 1)]), None)
        }
        Event::AliasUpdated { change } => plain(alias_text(sim, change, lang), None),
        Event::LogStreamOpened { environment } => {
            let text = MessageId::LogEnvironment.fill(lang, &[&(environment + 1)]);
            plain(text, Some(Object::Environment(environment)))
        }
        Event::InvocationStarted { invocation } => started(sim, invocation, lang),
        Event::RowWritten { record, .. } => {
            plain(MessageId::LogRow.fill(lang, &[&record_name(sim, record)]), Some(Object::Record(record)))
        }
        Event::InvocationEnded { invocation } => ended(sim, invocation, lang),
        Event::RetryScheduled { invocation, delay } => {
            let delay = exact_seconds(SimDuration(delay.into()), lang);
            let outcome = sim.invocations().get(invocation).outcome().map(|(outcome, _)| outcome);
            let (id, kind) = match outcome {
                Some(Outcome::Throttled) => (MessageId::LogRetryThrottled, Kind::Throttled),
                Some(_) | None => (MessageId::LogRetry, Kind::Bad),
            };
            let text = id.fill(lang, &[&(invocation + 1), &delay]);
            (text, kind, Some(Object::Invocation(invocation)))
        }
        Event::BatchSplit { invocation, left } => {
            let right = sim.invocations().get(invocation).count - left;
            let text = MessageId::LogSplit.fill(lang, &[&(invocation + 1), &left, &right]);
            (text, Kind::Bad, Some(Object::Invocation(invocation)))
        }
        Event::RecordsDiscarded { discard: idx } => {
            let discard = sim.discard(idx);
            let arguments: [&dyn std::fmt::Display; 3] =
                [&discard.count, &short_shard(discard.lane.shard), &discard.condition.name()];
            let text = MessageId::LogDiscarded.fill(lang, &arguments);
            (text, Kind::Bad, Some(Object::Discard(idx)))
        }
        Event::DestinationDeliveryFailed { discard } => {
            let text = MessageId::LogUndelivered.fill(lang, &[&(discard + 1), &destination(sim, discard)]);
            (text, Kind::Bad, Some(Object::Discard(discard)))
        }
        Event::Redrive { redrive } => redriven(sim, redrive, lang),
        Event::CheckpointMoved { shard, record, .. } => {
            let text = MessageId::LogCheckpoint.fill(lang, &[&record_name(sim, record), &short_shard(shard)]);
            plain(text, Some(Object::Record(record)))
        }
    }
}

/// The function that an alarm's invocation runs.
fn alarm_function(sim: &Simulation, invocation: u32) -> &String {
    let function = sim.alarm_invocations()[invocation as usize].function;
    &sim.scenario().functions[function as usize].name
}

fn alias_text(sim: &Simulation, change: u32, lang: Lang) -> String {
    let AliasChange { name, routing, .. } = &*sim.alias_changes()[change as usize];
    match routing.additional {
        None => MessageId::LogAlias.fill(lang, &[name, &routing.version]),
        Some(_) => MessageId::LogAliasWeights.fill(lang, &[name, &routing.version, &weights(*routing)]),
    }
}

/// The name of a shard; that of its stream before it, unless it is the first one.
fn within(sim: &Simulation, stream: u16, shard: String) -> String {
    if stream == 0 { shard } else { format!("{}/{shard}", sim.stream_at(stream).name) }
}

/// A shard of the first stream can be looked at.
fn of_first(stream: u16, shard: u32) -> Option<Object> {
    (stream == 0).then_some(Object::Shard(shard))
}

fn called(sim: &Simulation, call: u32, lang: Lang) -> (String, Kind, Option<Object>) {
    let call = &sim.calls()[call as usize];
    match &call.answer {
        Ok(_) => (MessageId::LogCall.fill(lang, &[&call.operation]), Kind::Good, None),
        Err(error) => {
            let text = MessageId::LogCallFailed.fill(lang, &[&call.operation, &error.type_name]);
            (text, Kind::Bad, None)
        }
    }
}

/// The ARN of the destination of a document; empty where there is none.
fn destination(sim: &Simulation, discard: u32) -> String {
    let discard = sim.discard(discard);
    sim.destination_of(&discard).map_or_else(String::new, |destination| destination.arn.clone())
}

fn redriven(sim: &Simulation, redrive: u32, lang: Lang) -> (String, Kind, Option<Object>) {
    let Redrive { document, invocation, .. } = *sim.redrives()[redrive as usize];
    match invocation {
        Ok(invocation) => {
            let count = sim.invocations().get(invocation).count;
            let text = MessageId::LogRedrive.fill(lang, &[&(document + 1), &count]);
            (text, Kind::Start, Some(Object::Discard(document)))
        }
        Err(refusal) => {
            let text =
                MessageId::LogRedriveRefused.fill(lang, &[&(document + 1), &refusal_text(refusal, lang)]);
            let known = document < sim.discards();
            (text, Kind::Bad, known.then_some(Object::Discard(document)))
        }
    }
}

/// Why a document cannot be redriven, in a sentence.
#[must_use]
pub fn refusal_text(refusal: Refusal, lang: Lang) -> &'static str {
    let id = match refusal {
        Refusal::NoSuchDocument => MessageId::RedriveNoSuchDocument,
        Refusal::NoDestination => MessageId::RedriveNoDestination,
        Refusal::Expired => MessageId::RedriveExpired,
        Refusal::NotDelivered => MessageId::RedriveNotDelivered,
    };
    id.text(lang)
}

fn started(sim: &Simulation, idx: u32, lang: Lang) -> (String, Kind, Option<Object>) {
    let invocation = sim.invocations().get(idx);
    let LaneRef { lane, .. } = invocation.lane;
    let text = MessageId::LogStarted.fill(lang, &[&(idx + 1), &invocation.count, &(u32::from(lane) + 1)]);
    (text, Kind::Start, Some(Object::Invocation(idx)))
}

fn ended(sim: &Simulation, idx: u32, lang: Lang) -> (String, Kind, Option<Object>) {
    let (outcome, duration) =
        sim.invocations().get(idx).outcome().unwrap_or((Outcome::Ok, SimDuration::ZERO));
    let kind = match outcome {
        Outcome::Ok => Kind::Good,
        Outcome::Throttled => Kind::Throttled,
        Outcome::Error | Outcome::Timeout | Outcome::Crash | Outcome::Partial => Kind::Bad,
    };
    let arguments: [&dyn std::fmt::Display; 3] =
        [&(idx + 1), &outcome_name(outcome), &seconds(duration, lang)];
    (MessageId::LogEnded.fill(lang, &arguments), kind, Some(Object::Invocation(idx)))
}

/// `shard-…003`.
#[must_use]
pub fn short_shard(shard: u32) -> String {
    format!("shard-…{shard:03}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::scenario::Scenario;

    #[test]
    fn throttled_invocations_have_not_failed() {
        let text = crate::view::shipped::text_of("throttled-function").unwrap();
        let mut sim = Simulation::new(Scenario::from_json(text).unwrap());
        sim.run_until(SimTime(25_000));
        let log = build(&sim, LogFilter::Invocations, Lang::En);
        let lines = |kind: Kind| log.lines.iter().filter(move |line| line.kind == kind);
        assert_eq!(lines(Kind::Bad).count(), 0);
        assert!(lines(Kind::Throttled).any(|line| line.text.contains(" throttled; again in ")));
    }

    #[test]
    fn shards_of_other_streams_have_their_stream_s_name() {
        let call = |at: u64, operation: &str, request: serde_json::Value| json!({"at": at, "service": "kinesis", "operation": operation, "request": request});
        let put = json!({"StreamName": "other", "Data": "eA==", "PartitionKey": "k"});
        let document = json!({"version": 1, "id": "log", "until": 4000, "stream": {"StreamName": "s"},
            "producers": [{"type": "records", "onThrottle": "drop", "records":
                (0..5).map(|i| json!({"at": i * 1000, "PartitionKey": "k", "size": 1 << 20})).chain([
                json!({"at": 4000, "PartitionKey": "k", "size": 2})]).collect::<Vec<_>>()}],
            "commands": [
                call(0, "CreateStream", json!({"StreamName": "other", "ShardCount": 1})),
                call(1500, "PutRecord", put),
                call(1500, "DeleteStream", json!({"StreamName": "s"})),
                call(2500, "CreateStream", json!({"StreamName": "s", "ShardCount": 1}))],
            "model": {"reshardStep": 1000}});
        let scenario = Scenario::from_value(&document).expect("a scenario");
        let mut sim = Simulation::new(scenario);
        sim.run_until(sim.scenario().until);
        let log = build(&sim, LogFilter::All, Lang::En);
        let lines: Vec<(&str, Option<Object>)> =
            log.lines.iter().rev().map(|line| (line.text.as_str(), line.object)).collect();
        let first = Some(Object::Shard(0));
        for line in [
            ("shardId-000000000000 opens", first),
            ("other/shardId-000000000000 opens", None),
            ("Put k-2 into shard-…000", Some(Object::Record(1))),
            ("Put k into other/shard-…000", None),
            ("Put with key k throttled by s: no such stream", None),
            // The second stream of this name.
            ("s/shardId-000000000000 opens", None),
            ("Put k into s/shard-…000", None),
            ("Put with key k throttled by s/shard-…000: 1 MiB/s", None),
        ] {
            assert!(lines.contains(&line), "{line:?} in {lines:#?}");
        }
    }
}
