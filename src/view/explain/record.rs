//! Where a record is and why, and why records were given up.

use super::journey::{self, Journey, Place};
use super::{Chain, Rule, find, invocation, lane, shard};
use crate::event_log::Event;
use crate::kinesis::stream::ThrottleReason;
use crate::lambda::retry::DiscardCondition;
use crate::scenario::OnThrottle;
use crate::sim::Simulation;
use crate::sim::agenda::LaneRef;
use crate::view::number::{exact_seconds, short_clock};
use crate::view::panels::log::short_shard;
use crate::view::panels::record_name;
use crate::view::scene::{Object, Resource};
use crate::view::text::MessageId;

/// Mappings whose way with a record is told, at most.
const MAPPINGS_MAX: u16 = 4;
/// Events before a put looked at to find those that were refused, at most.
const REACH: u32 = 2000;

/// Where a record is, and why.
pub(super) fn explain(chain: &mut Chain<'_>, record: u32) {
    let mappings = (chain.sim.mappings().len() as u16).min(MAPPINGS_MAX);
    if mappings == 0 {
        chain.say(Rule::Independent, MessageId::CauseNoMapping, &[]);
    }
    for mapping in 0..mappings {
        if mappings > 1 {
            let function = chain.sim.mapping(mapping).config().function_idx;
            let function = &chain.sim.scenario().functions[function as usize].name;
            chain
                .say(Rule::Independent, MessageId::CauseForMapping, &[&(mapping + 1), function])
                .about(Object::Resource(Resource::Mapping(mapping)));
        }
        of_mapping(chain, mapping, record);
    }
    put(chain, record);
}

/// Puts of the record's key by its producer that were refused just before it was accepted, latest first.
#[must_use]
pub(in crate::view) fn refusals(sim: &Simulation, record: u32) -> Vec<super::Cause> {
    let stored = sim.stream().records.get(record);
    let Some(put) = find::put(sim, record) else { return Vec::new() };
    let from = put.n.saturating_sub(REACH);
    let mut events: Vec<_> = sim.events(from, put.n).collect();
    events.reverse();
    let own = (stored.producer(), stored.key);
    let is_put = |event: Event| {
        let Event::RecordPut { record } = event else { return false };
        let other = sim.stream().records.get(record);
        (other.producer(), other.key) == own
    };
    let is_refusal = |event: Event| matches!(event, Event::RecordThrottled { producer, stream: 0, key, .. } if (producer, key) == own);
    let since = events.into_iter().take_while(|&(.., event)| !is_put(event));
    since.filter(|&(.., event)| is_refusal(event)).map(|(n, t, _)| super::Cause { n, t }).collect()
}

/// How it came into its shard.
fn put(chain: &mut Chain<'_>, record: u32) {
    let (sim, lang) = (chain.sim, chain.lang);
    let stored = sim.stream().records.get(record);
    let arguments: [&dyn std::fmt::Display; 2] = [&short_clock(stored.arrival()), &short_shard(stored.shard)];
    chain
        .say(Rule::Routing, MessageId::CausePut, &arguments)
        .on(find::put(sim, record))
        .about(Object::Shard(stored.shard));
    let refused = refusals(sim, record);
    let Some(last) = refused.first() else { return };
    let by_producer = sim.scenario().producers.get(usize::from(stored.producer()));
    if by_producer.is_none_or(|producer| producer.on_throttle != OnThrottle::Retry) {
        return;
    }
    let Some(Event::RecordThrottled { reason, .. }) = find::event(sim, *last) else { return };
    let id = match reason {
        ThrottleReason::Bytes => MessageId::CauseRefusedBytes,
        ThrottleReason::NoStream => MessageId::CauseRefusedNoStream,
        ThrottleReason::Records => MessageId::CauseRefusedRecords,
    };
    let step = chain.say(Rule::WriteLimit, id, &[&refused.len()]);
    for &event in &refused {
        step.on(Some(event));
    }
    let base = exact_seconds(sim.scenario().model.producer_backoff_base, lang);
    chain
        .say(Rule::ProducerBackoff, MessageId::CauseProducerBackoff, &[&base])
        .about(Object::Resource(Resource::Producer(stored.producer())));
}

/// Where it is for a mapping.
fn of_mapping(chain: &mut Chain<'_>, mapping: u16, record: u32) {
    let sim = chain.sim;
    let journey = Journey::of(sim, mapping, record);
    let stored = sim.stream().records.get(record);
    match journey.place {
        Place::BeforeStart => {
            chain
                .say(Rule::StartPosition, MessageId::CauseBeforeStart, &[])
                .on(lane::mapping_event(sim, mapping))
                .about(Object::Resource(Resource::Mapping(mapping)));
            return;
        }
        Place::Unread => unread(chain, mapping, record),
        Place::Waiting => {
            if let Some(lane_ref) = journey.lane {
                waiting(chain, lane_ref, record);
            }
        }
        Place::Part => {
            if let Some(lane_ref) = journey.lane {
                chain
                    .say(Rule::BisectOrder, MessageId::CauseInPart, &[&lane::number(lane_ref)])
                    .about(Object::Lane(lane_ref));
                lane::state(chain, lane_ref);
            }
        }
        Place::Running(idx) => running(chain, idx, record),
        Place::BackingOff { invocation: idx, until } => {
            let attempt = sim.invocations().get(idx).attempt;
            chain
                .say(
                    Rule::LaneSerial,
                    MessageId::CauseRecordBackOff,
                    &[&short_clock(until), &attempt, &(idx + 1)],
                )
                .on(find::end(sim, idx))
                .about(Object::Invocation(idx));
            invocation::outcome(chain, idx);
            invocation::delay(chain, idx);
        }
        Place::Done(idx) => done(chain, idx, record),
        Place::Discarded(idx) => explain_discard(chain, idx),
        Place::Expired(event) => {
            let age = exact_seconds(sim.stream().retention(), chain.lang);
            chain
                .say(Rule::Retention, MessageId::CauseExpired, &[&age])
                .on(event)
                .about(Object::Shard(stored.shard));
            chain.say(Rule::ExpirySeen, MessageId::CauseExpirySeen, &[]);
        }
        Place::Filtered(event) => {
            chain
                .say(Rule::Filter, MessageId::CauseFiltered, &[])
                .on(event)
                .about(Object::Resource(Resource::Mapping(mapping)));
        }
    }
    attempts(chain, &journey);
    was_read(chain, mapping, &journey);
}

/// How often it was tried, where that was more than once.
fn attempts(chain: &mut Chain<'_>, journey: &Journey) {
    let (Some(first), true) = (journey.tries.first(), journey.tries.len() > 1) else { return };
    let sim = chain.sim;
    let arguments: [&dyn std::fmt::Display; 2] = [&journey.tries.len(), &(first.invocation + 1)];
    chain
        .say(Rule::SameRequestId, MessageId::CauseTries, &arguments)
        .on(find::start(sim, first.invocation))
        .about(Object::Invocation(first.invocation));
}

/// The poll, or push, that read it.
fn was_read(chain: &mut Chain<'_>, mapping: u16, journey: &Journey) {
    let Some(read) = journey.read else { return };
    let pushed = chain.sim.mapping(mapping).config().is_pushed();
    let (rule, id) = match pushed {
        true => (Rule::Push, MessageId::CausePushed),
        false => (Rule::Poll, MessageId::CausePolled),
    };
    let event = find::event(chain.sim, read);
    let step = chain.say(rule, id, &[&short_clock(read.t)]).on(Some(read));
    if let Some(Event::RecordsPolled { shard, .. }) = event {
        step.about(Object::Resource(Resource::Poller { mapping, shard }));
    }
}

/// Why it has not been read yet.
fn unread(chain: &mut Chain<'_>, mapping: u16, record: u32) {
    let sim = chain.sim;
    let shard_idx = sim.stream().records.get(record).shard;
    chain
        .say(Rule::ShardStates, MessageId::CauseInShard, &[&short_shard(shard_idx)])
        .on(find::put(sim, record))
        .about(Object::Shard(shard_idx));
    shard::reading(chain, mapping, shard_idx);
}

/// Why it waits in its lane.
fn waiting(chain: &mut Chain<'_>, lane_ref: LaneRef, record: u32) {
    let sim = chain.sim;
    let ahead = journey::ahead(sim, lane_ref, record);
    chain
        .say(Rule::LaneSerial, MessageId::CauseInLane, &[&lane::number(lane_ref), &ahead])
        .about(Object::Lane(lane_ref));
    lane::state(chain, lane_ref);
    if sim.mapping(lane_ref.mapping).parallelization_factor() > 1 {
        lane::serves(chain, lane_ref);
    }
}

/// Where it is in the invocation that has it.
fn running(chain: &mut Chain<'_>, idx: u32, record: u32) {
    let sim = chain.sim;
    let invocation = sim.invocations().get(idx);
    let place = sim.batch(idx).position(|other| other == record).unwrap_or_default() as u32;
    let (name, number, count) = (idx + 1, place + 1, invocation.count);
    let start = find::start(sim, idx);
    let about = Object::Invocation(idx);
    if place < invocation.rows {
        chain.say(Rule::Succeeded, MessageId::CauseWorked, &[&name, &number, &count]).on(start).about(about);
    } else if sim.now() < invocation.handler_at() {
        let lead = exact_seconds(invocation.handler_at() - invocation.started_at(), chain.lang);
        chain.say(Rule::Overhead, MessageId::CauseNotBegun, &[&name, &lead]).on(start).about(about);
    } else if place == invocation.rows {
        chain.say(Rule::Given, MessageId::CauseTurn, &[&name, &number, &count]).on(start).about(about);
    } else {
        let per = exact_seconds(sim.handler(&invocation).per_record(), chain.lang);
        let before = place - invocation.rows;
        chain
            .say(Rule::Given, MessageId::CauseBehind, &[&name, &number, &count, &before, &per])
            .on(start)
            .about(about);
    }
    invocation::started(chain, idx);
}

/// How it was done.
fn done(chain: &mut Chain<'_>, idx: u32, record: u32) {
    let sim = chain.sim;
    let invocation = sim.invocations().get(idx);
    let arguments: [&dyn std::fmt::Display; 3] =
        [&record_name(sim, record), &(idx + 1), &short_clock(invocation.ends_at())];
    chain
        .say(Rule::Succeeded, MessageId::CauseDone, &arguments)
        .on(find::end(sim, idx))
        .about(Object::Invocation(idx));
    if sim.reports_in_vain(&invocation) {
        let at = short_clock(invocation.ends_at());
        chain.say(Rule::NotAsked, MessageId::CauseNotAsked, &[&(idx + 1), &at]).on(find::end(sim, idx));
    }
}

/// Why records were given up.
pub(super) fn explain_discard(chain: &mut Chain<'_>, idx: u32) {
    let (sim, lang) = (chain.sim, chain.lang);
    let discard = sim.discard(idx);
    let event = find::at(sim, discard.at(), |event| event == Event::RecordsDiscarded { discard: idx });
    let at = short_clock(discard.at());
    let config = sim.config_of_discard(&discard);
    match discard.condition {
        DiscardCondition::RetryAttemptsExhausted => {
            let retries = config.maximum_retry_attempts.unwrap_or(0);
            chain
                .say(Rule::Exhausted, MessageId::CauseExhausted, &[&at, &discard.count, &discard.attempts])
                .on(event)
                .about(Object::Discard(idx));
            chain.say(Rule::RetryLimit, MessageId::CauseRetryLimit, &[&retries]);
            if let Some(last) = discard.invocation() {
                invocation::outcome(chain, last);
            }
        }
        DiscardCondition::RecordAgeExceeded => {
            let limit = exact_seconds(config.maximum_record_age.unwrap_or_default(), lang);
            chain
                .say(Rule::TooOld, MessageId::CauseTooOld, &[&at, &discard.count, &limit])
                .on(event)
                .about(Object::Discard(idx));
        }
    }
    match &config.on_failure {
        Some(destination) => {
            if discard.is_undelivered() {
                let failed = Event::DestinationDeliveryFailed { discard: idx };
                let failed = find::at(sim, discard.at(), |event| event == failed);
                chain.say(Rule::Undelivered, MessageId::CauseUndelivered, &[&destination.arn]).on(failed);
            } else {
                chain.say(Rule::Document, MessageId::CauseTold, &[&destination.arn]).on(event);
            }
        }
        None => {
            chain.say(Rule::Document, MessageId::CauseNotTold, &[]);
        }
    }
}
