//! Why an invocation was made when it was, why it ran what it ran, why it ended so, and what follows.

use super::{Chain, Rule, find, journey, lane};
use crate::event_log::Event;
use crate::kinesis::stream::NONE;
use crate::lambda::batcher::Reason;
use crate::lambda::environment::Environment;
use crate::lambda::function::AliasChange;
use crate::lambda::retry::Outcome;
use crate::scenario::{Qualifier, Version};
use crate::sim::Simulation;
use crate::sim::invocation::Invocation;
use crate::units::{SimDuration, SimTime};
use crate::view::number::{exact_seconds, short_clock};
use crate::view::panels::log::short_shard;
use crate::view::panels::record_name;
use crate::view::scene::{Object, Resource};
use crate::view::text::MessageId;

/// Invocations looked through to see whether an environment was free, at most.
const REACH: u32 = 5000;

/// Why an invocation was made, ran what it ran, and ended so.
pub(super) fn explain(chain: &mut Chain<'_>, idx: u32) {
    started(chain, idx);
    version(chain, idx);
    environment(chain, idx);
    progress(chain, idx);
    if chain.sim.invocations().get(idx).outcome().is_some() {
        outcome(chain, idx);
        follows(chain, idx);
    }
}

/// Why it was handed over then.
pub(super) fn started(chain: &mut Chain<'_>, idx: u32) {
    let sim = chain.sim;
    let invocation = sim.invocations().get(idx);
    let (number, at) = (lane::number(invocation.lane), short_clock(invocation.started_at()));
    let (config, count) = (sim.config_of(&invocation), invocation.count);
    let start = find::start(sim, idx);
    let on_lane = Object::Lane(invocation.lane);
    match invocation.reason {
        Reason::Size => {
            chain
                .say(Rule::Size, MessageId::CauseSize, &[&at, &config.batch_size, &number])
                .on(start)
                .about(on_lane);
        }
        Reason::Available => {
            chain
                .say(Rule::Available, MessageId::CauseAvailable, &[&at, &count, &number])
                .on(start)
                .about(on_lane);
        }
        Reason::Window => {
            let window = exact_seconds(config.maximum_batching_window, chain.lang);
            chain
                .say(Rule::Window, MessageId::CauseWindow, &[&at, &window, &count, &number])
                .on(start)
                .about(on_lane);
            chain.say(Rule::WindowFrom, MessageId::CauseWindowRuns, &[]);
        }
        Reason::Payload => {
            chain
                .say(Rule::Payload, MessageId::CausePayload, &[&at, &count, &number])
                .on(start)
                .about(on_lane);
        }
        Reason::ShardEnd => {
            let shard = invocation.lane.shard;
            chain
                .say(Rule::ShardEnd, MessageId::CauseShardEnd, &[&at, &short_shard(shard), &count])
                .on(start)
                .on(lane::closed(sim, shard))
                .about(Object::Shard(shard));
        }
        Reason::Tumbling => {
            let length = exact_seconds(config.tumbling_window.unwrap_or_default(), chain.lang);
            let (rule, id) = match count {
                0 => (Rule::Tumbling, MessageId::CauseTumblingEnd),
                _ => (Rule::InWindow, MessageId::CauseTumblingBatch),
            };
            chain.say(rule, id, &[&at, &length, &count]).on(start).about(on_lane);
        }
        Reason::Retry | Reason::Bisect | Reason::Remainder => again(chain, idx, &invocation),
        Reason::Redrive => {
            let is = |event| {
                matches!(event, Event::Redrive { redrive }
                    if sim.redrives()[redrive as usize].invocation == Ok(idx))
            };
            let t = invocation.started_at();
            chain
                .say(Rule::Given, MessageId::CauseRedrive, &[&at, &count])
                .on(find::at(sim, t, is))
                .on(start)
                .about(on_lane);
        }
    }
    if let Some(before) = waited_for(sim, idx, &invocation) {
        let ended = short_clock(sim.invocations().get(before).ends_at());
        chain
            .say(Rule::LaneSerial, MessageId::CauseLaneWasBusy, &[&number, &(before + 1), &ended])
            .on(find::end(sim, before))
            .about(Object::Invocation(before));
    }
}

/// The invocation whose end let this batch go: it ended in the very millisecond.
fn waited_for(sim: &Simulation, idx: u32, invocation: &Invocation) -> Option<u32> {
    if matches!(invocation.reason, Reason::Retry | Reason::Bisect | Reason::Remainder | Reason::Redrive) {
        return None;
    }
    let mut earlier = (idx.saturating_sub(REACH)..idx).rev();
    let same = |&each: &u32| {
        let other = sim.invocations().get(each);
        other.lane == invocation.lane && !other.is_redrive()
    };
    earlier.find(same).filter(|&each| {
        let other = sim.invocations().get(each);
        other.outcome().is_some() && other.ends_at() == invocation.started_at()
    })
}

/// A batch, or a part of one, that is tried again.
fn again(chain: &mut Chain<'_>, idx: u32, invocation: &Invocation) {
    let sim = chain.sim;
    let (at, start) = (short_clock(invocation.started_at()), find::start(sim, idx));
    let Some(before) = journey::before(sim, idx) else {
        chain.say(Rule::NewBatch, MessageId::CauseAgain, &[&at]).on(start);
        return;
    };
    let (name, count) = (before + 1, invocation.count);
    let about = Object::Invocation(before);
    if invocation.reason == Reason::Bisect {
        let of = sim.invocations().get(before).count;
        chain
            .say(Rule::Bisect, MessageId::CauseHalf, &[&at, &count, &of, &name])
            .on(start)
            .on(split_of(sim, before))
            .about(about);
        outcome(chain, before);
        chain.say(Rule::NewBatch, MessageId::CauseNewBatch, &[]);
    } else if invocation.reason == Reason::Remainder {
        chain
            .say(Rule::Remainder, MessageId::CauseRemainder, &[&at, &count, &name])
            .on(start)
            .on(find::end(sim, before))
            .about(about);
        outcome(chain, before);
        chain.say(Rule::NewBatch, MessageId::CauseNewBatch, &[]);
    } else {
        chain
            .say(Rule::SameRequestId, MessageId::CauseRetry, &[&at, &invocation.attempt, &name])
            .on(start)
            .on(find::end(sim, before))
            .about(about);
        outcome(chain, before);
        delay(chain, before);
    }
}

fn split_of(sim: &Simulation, idx: u32) -> find::Found {
    let t = sim.invocations().get(idx).ends_at();
    find::at(sim, t, |event| matches!(event, Event::BatchSplit { invocation, .. } if invocation == idx))
}

/// How long a failed invocation's batch waits before it is tried again, and by which rule.
pub(super) fn delay(chain: &mut Chain<'_>, failed: u32) {
    let (sim, lang) = (chain.sim, chain.lang);
    let invocation = sim.invocations().get(failed);
    let retry = find::at(
        sim,
        invocation.ends_at(),
        |event| matches!(event, Event::RetryScheduled { invocation, .. } if invocation == failed),
    );
    let Some(retry) = retry else { return };
    let Some(Event::RetryScheduled { delay, .. }) = find::event(sim, retry) else { return };
    let delay = SimDuration(delay.into());
    let span = exact_seconds(delay, lang);
    let model = &sim.scenario().model;
    let (base, cap) = (exact_seconds(model.backoff_base, lang), exact_seconds(model.backoff_cap, lang));
    if matches!(invocation.outcome(), Some((Outcome::Throttled, _))) {
        chain.say(Rule::ThrottleBackoff, MessageId::CauseThrottleBackoff, &[&span, &base]).on(Some(retry));
    } else if delay >= model.backoff_cap {
        chain.say(Rule::BackoffCap, MessageId::CauseBackoffCap, &[&span, &cap]).on(Some(retry));
    } else {
        let arguments: [&dyn std::fmt::Display; 3] = [&span, &base, &invocation.attempt];
        chain.say(Rule::Backoff, MessageId::CauseBackoff, &arguments).on(Some(retry));
    }
}

/// Which version it runs, and why.
fn version(chain: &mut Chain<'_>, idx: u32) {
    let sim = chain.sim;
    let invocation = sim.invocations().get(idx);
    let config = sim.config_of(&invocation);
    let (function, version) = (config.function_idx as u16, invocation.function_version());
    let Qualifier::Alias(alias) = config.qualifier else {
        let id = match version {
            Version::Latest => MessageId::CauseLatest,
            Version::Published(_) => MessageId::CauseFixedVersion,
        };
        chain.say(Rule::OneVersion, id, &[&version]).about(Object::Resource(Resource::Function(function)));
        return;
    };
    let (name, started) = (sim.functions().alias_name(function.into(), alias), invocation.started_at());
    let about = Object::Resource(Resource::Alias { function, alias: alias as u16 });
    let window = sim.scenario().model.rollout;
    match last_move(sim, function, alias, started) {
        Some((change, at)) if started < at + window => {
            let AliasChange { routing, .. } = change;
            let share = (started - at).0 * 100 / window.0.max(1);
            let arguments: [&dyn std::fmt::Display; 5] =
                [&name, &routing.version, &short_clock(at), &share, &version];
            chain
                .say(Rule::Rollout, MessageId::CauseRollout, &arguments)
                .on(alias_event(sim, at, change))
                .on(find::start(sim, idx))
                .about(about);
        }
        moved => {
            let event = moved.and_then(|(change, at)| alias_event(sim, at, change));
            chain.say(Rule::OneVersion, MessageId::CauseAlias, &[&name, &version]).on(event).about(about);
        }
    }
    let routing = routing_at(sim, function, alias, started);
    if let Some((second, weight)) = routing.and_then(|routing| routing.additional) {
        let percent = weight.numerator() * 100 / weight.denominator().max(1);
        let second = Version::Published(second);
        chain.say(Rule::Weights, MessageId::CauseWeights, &[&second, &percent]).about(about);
    }
    if invocation.attempt > 1 {
        chain.say(Rule::ResolvedAnew, MessageId::CauseResolvedAnew, &[]);
    }
}

/// The latest change of an alias at or before `t`, and when it was.
pub(super) fn last_move(
    sim: &Simulation,
    function: u16,
    alias: u32,
    t: SimTime,
) -> Option<(&AliasChange, SimTime)> {
    let own = |change: &&std::rc::Rc<AliasChange>| {
        (change.function, change.alias) == (function, alias) && change.at <= t
    };
    sim.alias_changes().iter().rev().find(own).map(|change| (&**change, change.at))
}

fn routing_at(sim: &Simulation, function: u16, alias: u32, t: SimTime) -> Option<crate::scenario::Routing> {
    match last_move(sim, function, alias, t) {
        Some((change, _)) => Some(change.routing),
        None => sim.scenario().functions[usize::from(function)]
            .aliases
            .get(alias as usize)
            .map(|alias| alias.routing),
    }
}

/// The event of an alias' change.
pub(super) fn alias_event(sim: &Simulation, at: SimTime, change: &AliasChange) -> find::Found {
    find::at(sim, at, |event| {
        matches!(event, Event::AliasUpdated { change: idx }
            if *sim.alias_changes()[idx as usize] == *change)
    })
}

/// Where it runs: in an environment that was free, or in a new one.
fn environment(chain: &mut Chain<'_>, idx: u32) {
    let (sim, lang) = (chain.sim, chain.lang);
    let invocation = sim.invocations().get(idx);
    let environment = invocation.environment;
    if environment == NONE {
        return;
    }
    let about = Object::Environment(environment);
    let name = environment + 1;
    let overhead = sim.scenario().model.invoke_overhead;
    if !invocation.cold_start {
        chain.say(Rule::Reuse, MessageId::CauseWarm, &[&name]).about(about);
        return;
    }
    let lead = invocation.handler_at() - invocation.started_at();
    let cold = exact_seconds(SimDuration(lead.0.saturating_sub(overhead.0)), lang);
    let opened =
        find::at(sim, invocation.started_at(), |event| event == Event::LogStreamOpened { environment });
    let (rule, id) = match had_free(sim, idx, &invocation) {
        true => (Rule::ColdOld, MessageId::CauseColdOld),
        false => (Rule::ColdStart, MessageId::CauseCold),
    };
    let version = invocation.function_version();
    chain.say(rule, id, &[&name, &version, &cold]).on(opened).about(about);
}

/// Whether another environment of the same version was free when an invocation started.
fn had_free(sim: &Simulation, idx: u32, invocation: &Invocation) -> bool {
    let own = sim.environments()[invocation.environment as usize];
    let same = |other: &Environment| {
        (other.function, other.version, other.latest) == (own.function, own.version, own.latest)
    };
    let idle = sim.scenario().functions[usize::from(own.function)].idle_timeout;
    let mut seen: Vec<u32> = Vec::new();
    for each in (idx.saturating_sub(REACH)..idx).rev() {
        let other = sim.invocations().get(each);
        let Some(environment) = sim.environments().get(other.environment as usize) else { continue };
        if !same(environment) || seen.contains(&other.environment) {
            continue;
        }
        seen.push(other.environment);
        let kept = matches!(other.outcome(), Some((Outcome::Ok | Outcome::Error | Outcome::Partial, _)));
        let ended = other.ends_at();
        if kept && ended <= invocation.started_at() && invocation.started_at() < ended + idle {
            return true;
        }
    }
    false
}

/// How far it is.
fn progress(chain: &mut Chain<'_>, idx: u32) {
    let (sim, lang) = (chain.sim, chain.lang);
    let invocation = sim.invocations().get(idx);
    if invocation.outcome().is_some() || invocation.count == 0 {
        return;
    }
    if sim.now() < invocation.handler_at() {
        let lead = exact_seconds(invocation.handler_at() - invocation.started_at(), lang);
        chain.say(Rule::Overhead, MessageId::CauseLead, &[&lead]).on(find::start(sim, idx));
        return;
    }
    let at = invocation.rows.min(invocation.count - 1);
    let record = sim.record_of(&invocation, at);
    let per = exact_seconds(sim.handler(&invocation).per_record(), lang);
    chain
        .say(
            Rule::Given,
            MessageId::CauseProgress,
            &[&(at + 1), &invocation.count, &record_name(sim, record), &per],
        )
        .about(Object::Record(record));
}

/// Why it ended as it did.
pub(super) fn outcome(chain: &mut Chain<'_>, idx: u32) {
    let (sim, lang) = (chain.sim, chain.lang);
    let invocation = sim.invocations().get(idx);
    let Some((outcome, duration)) = invocation.outcome() else { return };
    let (name, at, end) = (idx + 1, short_clock(invocation.ends_at()), find::end(sim, idx));
    let about = Object::Invocation(idx);
    let culprit = invocation.failed_at().filter(|&place| place < invocation.count);
    let culprit = culprit.map(|place| (place, sim.record_of(&invocation, place)));
    match (outcome, culprit) {
        (Outcome::Ok, _) if sim.reports_in_vain(&invocation) => {
            chain.say(Rule::NotAsked, MessageId::CauseNotAsked, &[&name, &at]).on(end).about(about);
        }
        (Outcome::Ok, _) => {
            chain.say(Rule::Succeeded, MessageId::CauseOk, &[&name, &at]).on(end).about(about);
        }
        (Outcome::Error, Some((place, record))) => {
            let arguments: [&dyn std::fmt::Display; 4] =
                [&name, &at, &record_name(sim, record), &(place + 1)];
            chain.say(Rule::Given, MessageId::CauseThrew, &arguments).on(end).about(Object::Record(record));
            chain.say(Rule::Thrown, MessageId::CauseFailure, &[]);
        }
        (Outcome::Error, None) => {
            chain.say(Rule::Thrown, MessageId::CauseThrewAtEnd, &[&name, &at]).on(end).about(about);
        }
        (Outcome::Timeout, _) => {
            let limit = exact_seconds(duration, lang);
            chain.say(Rule::TimedOut, MessageId::CauseTimeout, &[&name, &at, &limit]).on(end).about(about);
        }
        (Outcome::Crash, _) => {
            chain.say(Rule::Crashed, MessageId::CauseCrash, &[&name, &at]).on(end).about(about);
        }
        (Outcome::Throttled, _) => throttled(chain, idx, &invocation),
        (Outcome::Partial, Some((place, record))) if place > 0 => {
            let arguments: [&dyn std::fmt::Display; 4] = [&name, &at, &record_name(sim, record), &place];
            chain
                .say(Rule::Lowest, MessageId::CauseReported, &arguments)
                .on(end)
                .about(Object::Record(record));
        }
        (Outcome::Partial, _) => {
            chain.say(Rule::FaultyAnswer, MessageId::CauseAllFailed, &[&name, &at]).on(end).about(about);
        }
    }
}

fn throttled(chain: &mut Chain<'_>, idx: u32, invocation: &Invocation) {
    let sim = chain.sim;
    let (function, config) = (sim.function_of(invocation), sim.config_of(invocation));
    let (name, at) = (idx + 1, short_clock(invocation.started_at()));
    let (rule, id, limit) = match sim.functions().reserved(function) {
        _ if !sim.functions().can_be_invoked(function, config.qualifier) => {
            (Rule::NotThere, MessageId::CauseNotThere, 0)
        }
        Some(limit) => (Rule::Concurrency, MessageId::CauseThrottledReserved, limit),
        None => {
            let account = sim.scenario().quotas.concurrent_executions;
            (Rule::Concurrency, MessageId::CauseThrottledAccount, account)
        }
    };
    chain
        .say(rule, id, &[&name, &at, &limit])
        .on(find::end(sim, idx))
        .about(Object::Resource(Resource::Function(function as u16)));
    chain.say(Rule::Throttled, MessageId::CauseThrottledNot, &[]);
}

/// What follows from how it ended.
fn follows(chain: &mut Chain<'_>, idx: u32) {
    let sim = chain.sim;
    let invocation = sim.invocations().get(idx);
    let t = invocation.ends_at();
    let discarded = find::at(sim, t, |event| {
        matches!(event, Event::RecordsDiscarded { discard }
            if sim.discard(discard).invocation() == Some(idx))
    });
    let retried = find::at(
        sim,
        t,
        |event| matches!(event, Event::RetryScheduled { invocation, .. } if invocation == idx),
    );
    let split = split_of(sim, idx);
    let next = journey::after(sim, idx);
    let about = next.map_or(Object::Lane(invocation.lane), Object::Invocation);
    if let Some(event) = split {
        let count = invocation.count;
        let arguments: [&dyn std::fmt::Display; 3] = [&count, &(count / 2), &(count - count / 2)];
        chain.say(Rule::Bisect, MessageId::CauseThenSplit, &arguments).on(Some(event)).about(about);
        chain.say(Rule::BisectOrder, MessageId::CauseLeftFirst, &[]);
    } else if retried.is_some() {
        delay(chain, idx);
        chain.say(Rule::SameRequestId, MessageId::CauseSameId, &[]).about(about);
        chain.say(Rule::LaneSerial, MessageId::CauseOthersWait, &[]).about(Object::Lane(invocation.lane));
    } else if let Some(event) = discarded {
        let retries = sim.config_of(&invocation).maximum_retry_attempts.unwrap_or(0);
        let arguments: [&dyn std::fmt::Display; 2] = [&invocation.count, &retries];
        chain.say(Rule::Exhausted, MessageId::CauseThenDiscarded, &arguments).on(Some(event)).about(about);
    } else if let (Some((Outcome::Partial, _)), Some(at)) = (invocation.outcome(), invocation.failed_at()) {
        chain
            .say(Rule::Remainder, MessageId::CauseThenRemainder, &[&at, &(invocation.count - at)])
            .on(find::end(sim, idx))
            .about(about);
    } else {
        let shard = invocation.lane.shard;
        let moved = find::at(sim, t, |event| {
            matches!(event, Event::CheckpointMoved { mapping, shard: of, .. }
                if (mapping, of) == (invocation.lane.mapping, shard))
        });
        let (id, mapping) = match moved {
            Some(_) => (MessageId::CauseThenCheckpoint, invocation.lane.mapping),
            None => (MessageId::CauseThenNoCheckpoint, invocation.lane.mapping),
        };
        chain
            .say(Rule::Checkpoint, id, &[&invocation.count])
            .on(moved)
            .about(Object::Resource(Resource::Checkpoint { mapping, shard }));
    }
}
