//! Why mappings, functions, versions, aliases, environments, alarms and producers are as they are.

use super::{Cause, Chain, Rule, find, invocation, lane};
use crate::cloudwatch::State;
use crate::event_log::Event;
use crate::lambda::account::{MappingState, ProcessingResult};
use crate::lambda::batcher::LaneState;
use crate::lambda::retry::Outcome;
use crate::scenario::{OnThrottle, Qualifier, Version};
use crate::sim::Simulation;
use crate::sim::agenda::LaneRef;
use crate::sim::workload::NEVER;
use crate::units::SimTime;
use crate::view::number::{exact_seconds, short_clock};
use crate::view::panels::log::short_shard;
use crate::view::scene::{Object, Resource};
use crate::view::text::MessageId;

/// Lanes looked at to find one that is blocked, and invocations to find an environment's, at most.
const REACH: usize = 20_000;

/// Why a mapping is in its state, what its last invocation said, and whether something blocks it.
pub(super) fn explain_mapping(chain: &mut Chain<'_>, idx: u16) {
    let (sim, lang) = (chain.sim, chain.lang);
    let own = sim.mapping(idx);
    let event = lane::mapping_event(sim, idx);
    let Some(Cause { t, .. }) = event else {
        chain.say(Rule::States, MessageId::CauseMappingLong, &[&own.state.name()]);
        return doing(chain, idx);
    };
    let since = short_clock(t);
    let dial = exact_seconds(sim.scenario().model.activation, lang);
    let leaving = exact_seconds(sim.scenario().model.deactivation, lang);
    let state = own.state.name();
    match own.state {
        MappingState::Creating | MappingState::Enabling | MappingState::Updating => {
            chain.say(Rule::States, MessageId::CauseMappingSoon, &[&state, &since, &dial]).on(event);
        }
        MappingState::Disabling | MappingState::Deleting => {
            chain.say(Rule::States, MessageId::CauseMappingLeaving, &[&state, &since, &leaving]).on(event);
        }
        MappingState::Enabled => {
            chain.say(Rule::States, MessageId::CauseMappingOn, &[&since]).on(event);
        }
        MappingState::Disabled | MappingState::Deleted => {
            chain.say(Rule::Disabled, MessageId::CauseMappingOff, &[&state, &since]).on(event);
        }
    }
    doing(chain, idx);
}

/// What a mapping's last invocation said, and whether something blocks it.
fn doing(chain: &mut Chain<'_>, idx: u16) {
    let sim = chain.sim;
    result(chain, idx);
    match blocked(sim, idx) {
        Some(blocked) => {
            let (number, shard) = (lane::number(blocked), short_shard(blocked.shard));
            chain
                .say(Rule::LaneSerial, MessageId::CauseMappingBlocked, &[&number, &shard])
                .about(Object::Lane(blocked));
            lane::state(chain, blocked);
        }
        None => {
            chain.say(Rule::LaneSerial, MessageId::CauseMappingFree, &[]);
        }
    }
}

/// What `LastProcessingResult` says, and which invocation made it so.
fn result(chain: &mut Chain<'_>, idx: u16) {
    let sim = chain.sim;
    let result = sim.lambda().mappings[usize::from(idx)].result;
    let text = result.text();
    if result == ProcessingResult::None {
        chain.say(Rule::LastResult, MessageId::CauseResultNone, &[&text]).on(lane::mapping_event(sim, idx));
        return;
    }
    let last = find::last(sim, |event| {
        let Event::InvocationEnded { invocation } = event else { return false };
        let invocation = sim.invocations().get(invocation);
        let throttled = matches!(invocation.outcome(), Some((Outcome::Throttled, _)));
        invocation.lane.mapping == idx && !throttled && !invocation.is_redrive()
    });
    let Some(Event::InvocationEnded { invocation }) = last.and_then(|last| find::event(sim, last)) else {
        chain.say(Rule::LastResult, MessageId::CauseResultNone, &[&text]);
        return;
    };
    chain
        .say(Rule::LastResult, MessageId::CauseResult, &[&text, &(invocation + 1)])
        .on(last)
        .about(Object::Invocation(invocation));
}

/// A lane that tries its batch again: the one with the most attempts.
fn blocked(sim: &Simulation, idx: u16) -> Option<LaneRef> {
    let own = sim.mapping(idx);
    let attempts = |lane: &crate::lambda::batcher::Lane| lane.parts.top().map_or(0, |part| part.attempts);
    let all = (0..own.readers.len() as u32).flat_map(|shard| {
        (0u8..)
            .zip(own.lanes_of(shard))
            .map(move |(lane, state)| (LaneRef { mapping: idx, shard, lane }, state))
    });
    let stuck = all
        .take(REACH)
        .filter(|(_, lane)| matches!(lane.state, LaneState::BackingOff { .. }) || attempts(lane) > 1);
    stuck.max_by_key(|(_, lane)| attempts(lane)).map(|(lane, _)| lane)
}

/// Which versions a function has, and what `$LATEST` is.
pub(super) fn explain_function(chain: &mut Chain<'_>, function: u16) {
    let sim = chain.sim;
    let config = &sim.scenario().functions[usize::from(function)];
    let published = sim.functions().published(function.into());
    let latest = sim.functions().code(function.into(), Version::Latest) + 1;
    let event = find::last(
        sim,
        |event| matches!(event, Event::VersionPublished { function: of, .. } if of == function),
    );
    chain
        .say(Rule::PublishVersion, MessageId::CauseFunction, &[&published, &config.versions.len(), &latest])
        .on(event)
        .about(Object::Resource(Resource::Version { function, version: published - 1 }));
    let invoked = sim.mappings().iter().zip(0u16..);
    let invoked = invoked.filter(|(mapping, _)| mapping.config().function_idx == u32::from(function));
    for (mapping, idx) in invoked.take(4) {
        let qualifier = match mapping.config().qualifier {
            Qualifier::Latest => "$LATEST".to_owned(),
            Qualifier::Version(version) => Version::Published(version).to_string(),
            Qualifier::Alias(alias) => sim.functions().alias_name(function.into(), alias).to_owned(),
        };
        chain
            .say(Rule::Given, MessageId::CauseInvokedBy, &[&(idx + 1), &qualifier])
            .on(lane::mapping_event(sim, idx))
            .about(Object::Resource(Resource::Mapping(idx)));
    }
    let account = sim.scenario().quotas.concurrent_executions;
    deleted(chain, function, Qualifier::Latest);
    match sim.functions().reserved(function.into()) {
        Some(limit) => {
            chain.say(Rule::Concurrency, MessageId::CauseReserved, &[&limit]);
        }
        None => {
            chain.say(Rule::Concurrency, MessageId::CauseUnreserved, &[&account]);
        }
    }
}

/// Says that what a qualifier names has been deleted, if it has.
fn deleted(chain: &mut Chain<'_>, function: u16, qualifier: Qualifier) {
    let sim = chain.sim;
    if sim.functions().can_be_invoked(function.into(), qualifier) {
        return;
    }
    let calls = ["DeleteFunction", "DeleteAlias"];
    let call = find::last(
        sim,
        |event| matches!(event, Event::ApiCall { call } if calls.contains(&sim.calls()[call as usize].operation)),
    );
    chain.say(Rule::NotThere, MessageId::CauseDeleted, &[]).on(call);
}

/// Why a version is there, and who runs it.
pub(super) fn explain_version(chain: &mut Chain<'_>, function: u16, version: u32) {
    let sim = chain.sim;
    let published = Event::VersionPublished { function, version };
    let event = find::last(sim, |event| event == published);
    let name = Version::Published(version);
    match event {
        Some(found) => {
            let at = short_clock(found.t);
            chain.say(Rule::PublishVersion, MessageId::CausePublished, &[&name, &at]).on(event);
        }
        None => {
            chain.say(Rule::Given, MessageId::CausePublishedStart, &[&name]);
        }
    }
    deleted(chain, function, Qualifier::Version(version));
    for alias in 0..sim.functions().aliases(function.into()).min(8) {
        let routing = sim.functions().rollout(function.into(), alias).routing();
        let second = routing.additional.is_some_and(|(second, _)| second == version);
        if routing.version == name || second {
            let alias_name = sim.functions().alias_name(function.into(), alias);
            chain
                .say(Rule::OneVersion, MessageId::CauseAliasTo, &[&alias_name, &name])
                .about(Object::Resource(Resource::Alias { function, alias: alias as u16 }));
        }
    }
}

/// Why an alias stands for what it stands for.
pub(super) fn explain_alias(chain: &mut Chain<'_>, function: u16, alias: u16) {
    let sim = chain.sim;
    let rollout = sim.functions().rollout(function.into(), alias.into());
    let routing = rollout.routing();
    let window = sim.scenario().model.rollout;
    let moved = invocation::last_move(sim, function, alias.into(), sim.now());
    match moved {
        Some((change, at)) => {
            let event = invocation::alias_event(sim, at, change);
            let arguments: [&dyn std::fmt::Display; 2] = [&routing.version, &short_clock(at)];
            chain.say(Rule::Given, MessageId::CauseAliasMoved, &arguments).on(event);
            let call = find::before(sim, event.map_or(0, |event| event.n + 1), |event| {
                matches!(event, Event::ApiCall { call }
                    if ["UpdateAlias", "CreateAlias"].contains(&sim.calls()[call as usize].operation))
            });
            if let Some(at) = rollout.moving_since(sim.now(), window) {
                let share = (sim.now() - at).0 * 100 / window.0.max(1);
                let span = exact_seconds(window, chain.lang);
                chain.say(Rule::Rollout, MessageId::CauseMoving, &[&share, &span]).on(event);
            } else {
                chain.say(Rule::Rollout, MessageId::CauseMoved, &[]).on(call);
            }
        }
        None => {
            chain.say(Rule::Given, MessageId::CauseAliasStart, &[&routing.version]);
        }
    }
    if let Some((second, weight)) = routing.additional {
        let percent = weight.numerator() * 100 / weight.denominator().max(1);
        let second = Version::Published(second);
        chain.say(Rule::Weights, MessageId::CauseWeights, &[&second, &percent]);
    }
    deleted(chain, function, Qualifier::Alias(alias.into()));
    chain.say(Rule::ResolvedAnew, MessageId::CauseResolvedAnew, &[]);
}

/// Why an environment was opened, and what it does.
pub(super) fn explain_environment(chain: &mut Chain<'_>, idx: u32) {
    let (sim, lang) = (chain.sim, chain.lang);
    let own = sim.environments()[idx as usize];
    let opened = find::at(sim, own.opened_at, |event| event == Event::LogStreamOpened { environment: idx });
    let (at, version) = (short_clock(own.opened_at), own.function_version());
    chain
        .say(Rule::ColdStart, MessageId::CauseOpened, &[&at, &version])
        .on(opened)
        .about(Object::Resource(Resource::Function(own.function)));
    let count = sim.invocations().len();
    let ran = |&each: &u32| sim.invocations().get(each).environment == idx;
    let Some(last) = (count.saturating_sub(REACH as u32)..count).rev().find(ran) else {
        chain.say(Rule::Reuse, MessageId::CauseUnused, &[]);
        return;
    };
    let invocation = sim.invocations().get(last);
    let about = Object::Invocation(last);
    let Some((outcome, _)) = invocation.outcome() else {
        chain.say(Rule::Reuse, MessageId::CauseInUse, &[&(last + 1)]).on(find::start(sim, last)).about(about);
        return;
    };
    let (ended, end) = (invocation.ends_at(), find::end(sim, last));
    let idle = sim.scenario().functions[usize::from(own.function)].idle_timeout;
    let (at, span) = (short_clock(ended), exact_seconds(idle, lang));
    match outcome {
        Outcome::Timeout => {
            chain.say(Rule::TimedOut, MessageId::CauseLost, &[&(last + 1), &at]).on(end).about(about);
        }
        Outcome::Crash => {
            chain.say(Rule::Crashed, MessageId::CauseLost, &[&(last + 1), &at]).on(end).about(about);
        }
        Outcome::Ok | Outcome::Error | Outcome::Partial | Outcome::Throttled => {
            let id = if sim.now() < ended + idle { MessageId::CauseFree } else { MessageId::CauseGone };
            chain.say(Rule::Reuse, id, &[&(last + 1), &at, &span]).on(end).about(about);
        }
    }
}

/// Why an alarm is in its state.
pub(super) fn explain_alarm(chain: &mut Chain<'_>, idx: u16) {
    let (sim, lang) = (chain.sim, chain.lang);
    let alarm = &sim.alarms()[usize::from(idx)];
    let definition = &alarm.definition;
    let event = find::last(sim, |event| matches!(event, Event::AlarmState { alarm, .. } if alarm == idx));
    let (since, state) = (short_clock(alarm.state_since), alarm.state.name());
    chain
        .say(Rule::Alarm, MessageId::CauseAlarm, &[&state, &since, &alarm.reason])
        .on(event.filter(|event| event.t == alarm.state_since));
    let (period, threshold) = (exact_seconds(definition.span(), lang), definition.threshold.text());
    let arguments: [&dyn std::fmt::Display; 7] = [
        &definition.to_alarm(),
        &definition.evaluation_periods,
        &period,
        &definition.statistic.name(),
        &definition.metric_name,
        &definition.comparison_operator.name(),
        &threshold,
    ];
    chain.say(Rule::Given, MessageId::CauseAlarmRule, &arguments).about(Object::Resource(Resource::Stream));
    let told =
        find::last(sim, |event| matches!(event, Event::NotificationSent { alarm, .. } if alarm == idx));
    if let (Some(sent), State::Alarm) = (told, alarm.state)
        && let Some(Event::NotificationSent { function, .. }) = find::event(sim, sent)
    {
        let name = &sim.scenario().functions[function as usize].name;
        chain
            .say(Rule::Alarm, MessageId::CauseAlarmTold, &[name, &short_clock(sent.t)])
            .on(told)
            .about(Object::Resource(Resource::Function(function as u16)));
    }
}

/// Why a producer puts, backs off or is finished.
pub(super) fn explain_producer(chain: &mut Chain<'_>, idx: u8) {
    let (sim, lang) = (chain.sim, chain.lang);
    let producer = sim.producer(idx);
    let config = &sim.scenario().producers[usize::from(idx)];
    let refused =
        find::last(sim, |event| matches!(event, Event::RecordThrottled { producer, .. } if producer == idx));
    let throttles = producer.throttles();
    if throttles > 0 && producer.due != NEVER {
        let due = short_clock(SimTime(producer.due));
        chain.say(Rule::WriteLimit, MessageId::CauseProducerRefused, &[&throttles, &due]).on(refused);
        let model = &sim.scenario().model;
        let (base, cap) = (
            exact_seconds(model.producer_backoff_base, lang),
            exact_seconds(model.producer_backoff_cap, lang),
        );
        chain.say(Rule::ProducerBackoff, MessageId::CauseProducerWaits, &[&base, &cap]);
        chain.say(Rule::LeakyBucket, MessageId::CauseBucket, &[]);
    } else if producer.due == NEVER {
        let stopped = refused.is_some() && config.on_throttle == OnThrottle::Stop;
        let id = if stopped { MessageId::CauseProducerStopped } else { MessageId::CauseProducerDone };
        let last = find::last_put(sim, idx);
        chain.say(Rule::Given, id, &[]).on(if stopped { refused } else { last });
    } else {
        let due = short_clock(SimTime(producer.due));
        chain.say(Rule::Given, MessageId::CauseProducerNext, &[&due]);
        if let Some(event) = refused {
            let at = short_clock(event.t);
            chain.say(Rule::WriteLimit, MessageId::CauseProducerLast, &[&at]).on(refused);
        }
    }
    let id = match config.on_throttle {
        OnThrottle::Retry => MessageId::CauseOnRetry,
        OnThrottle::Drop => MessageId::CauseOnDrop,
        OnThrottle::Stop => MessageId::CauseOnStop,
    };
    chain.say(Rule::Given, id, &[]);
}
