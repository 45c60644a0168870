//! Why a shard is open, closed or waits, and what its poller does.

use super::{Chain, Rule, find, journey, lane, some};
use crate::event_log::Event;
use crate::kinesis::shard::Closed;
use crate::kinesis::stream::{NONE, StreamMode, StreamStatus};
use crate::lambda::account::MappingState;
use crate::sim::Simulation;
use crate::sim::mapping::Stage;
use crate::units::SimTime;
use crate::view::number::{exact_seconds, hash_percent, short_clock};
use crate::view::panels::log::short_shard;
use crate::view::panels::record_name;
use crate::view::scene::{Object, Resource};
use crate::view::text::MessageId;

/// Mappings whose reading is told, at most.
const MAPPINGS_MAX: u16 = 4;
/// Children looked for among shards that opened after it, at most.
const CHILDREN_REACH: usize = 100_000;

/// Why a shard is what it is.
pub(super) fn explain(chain: &mut Chain<'_>, idx: u32) {
    let sim = chain.sim;
    let shard = &sim.stream().shards[idx as usize];
    match shard.closed {
        Some(Closed { at, .. }) => closed(chain, idx, at),
        None => {
            let (start, end) = (hash_percent(shard.range.start().0), hash_percent(shard.range.end().0));
            chain.say(Rule::RangeFixed, MessageId::CauseShardOpen, &[&start, &end]).on(opened(sim, idx));
        }
    }
    origin(chain, idx);
    for mapping in 0..(sim.mappings().len() as u16).min(MAPPINGS_MAX) {
        reading(chain, mapping, idx);
    }
    if sim.mappings().is_empty() {
        chain.say(Rule::Independent, MessageId::CauseNoMapping, &[]);
    }
}

fn opened(sim: &Simulation, shard: u32) -> find::Found {
    let t = sim.stream().shards[shard as usize].opened;
    find::at(sim, t, |event| event == Event::ShardOpened { stream: 0, shard })
}

/// A closed shard: into what it was split, or merged.
fn closed(chain: &mut Chain<'_>, idx: u32, at: SimTime) {
    let sim = chain.sim;
    let children = children(sim, idx);
    let names = children.iter().map(|&child| short_shard(child)).collect::<Vec<_>>().join(", ");
    let about = children.first().map_or(Object::Shard(idx), |&child| Object::Shard(child));
    let id = match children.len() {
        0 => MessageId::CauseClosedGone,
        1 => MessageId::CauseClosedMerged,
        _ => MessageId::CauseClosedSplit,
    };
    let step =
        chain.say(Rule::ShardStates, id, &[&short_clock(at), &names]).on(lane::closed(sim, idx)).about(about);
    if let Some(&child) = children.first() {
        step.on(opened(sim, child));
    }
    command_before(chain, at);
}

/// Shards that come from a shard.
pub(in crate::view) fn children(sim: &Simulation, idx: u32) -> Vec<u32> {
    let from = idx as usize + 1;
    let later = sim.stream().shards.iter().enumerate().skip(from).take(CHILDREN_REACH);
    later.filter(|(_, shard)| shard.parents.contains(idx)).map(|(child, _)| child as u32).collect()
}

/// Where a shard comes from.
fn origin(chain: &mut Chain<'_>, idx: u32) {
    let sim = chain.sim;
    let shard = &sim.stream().shards[idx as usize];
    let parents: Vec<u32> = shard.parents.iter().collect();
    let names = parents.iter().map(|&parent| short_shard(parent)).collect::<Vec<_>>().join(", ");
    let at = short_clock(shard.opened);
    let Some(&first) = parents.first() else {
        chain.say(Rule::Given, MessageId::CauseShardFirst, &[&at]).on(opened(sim, idx));
        return;
    };
    let id = if parents.len() > 1 { MessageId::CauseFromMerge } else { MessageId::CauseFromSplit };
    chain
        .say(Rule::SplitChildren, id, &[&at, &names])
        .on(opened(sim, idx))
        .on(lane::closed(sim, first))
        .about(Object::Shard(first));
    if sim.stream().shards[idx as usize].closed.is_none() {
        command_before(chain, shard.opened);
    }
}

/// The call that made a stream's shards change at `t`.
fn command_before(chain: &mut Chain<'_>, t: SimTime) {
    let sim = chain.sim;
    if t == SimTime::ZERO {
        return;
    }
    if sim.stream().mode == StreamMode::OnDemand {
        chain.say(Rule::OnDemand, MessageId::CauseOnDemand, &[]).about(Object::Resource(Resource::Stream));
        return;
    }
    let reshards = |call: u32| {
        let call = &sim.calls()[call as usize];
        let names = ["SplitShard", "MergeShards", "UpdateShardCount"];
        let of_stream = |member: &str| {
            call.request[member].as_str().is_some_and(|name| name.ends_with(sim.stream().name.as_str()))
        };
        call.answer.is_ok()
            && names.contains(&call.operation)
            && (of_stream("StreamName") || of_stream("StreamARN"))
    };
    let to = sim.events_until(t);
    let found = find::before(sim, to, |event| matches!(event, Event::ApiCall { call } if reshards(call)));
    let Some(call) = found else { return };
    let Some(Event::ApiCall { call: idx }) = find::event(sim, call) else { return };
    let operation = sim.calls()[idx as usize].operation;
    let step = exact_seconds(sim.scenario().model.reshard_step, chain.lang);
    chain.say(Rule::Given, MessageId::CauseCalled, &[&operation, &short_clock(call.t)]).on(Some(call));
    let (rule, id) = match operation {
        "UpdateShardCount" => (Rule::Sweep, MessageId::CauseSweep),
        _ => (Rule::ReshardStep, MessageId::CauseReshardStep),
    };
    chain.say(rule, id, &[&step]);
}

/// How a mapping stands to a shard.
pub(super) fn reading(chain: &mut Chain<'_>, mapping: u16, idx: u32) {
    let sim = chain.sim;
    let own = sim.mapping(mapping);
    if !lane::at_work(own.state) {
        return lane::not_at_work(chain, mapping);
    }
    let Some(reader) = own.readers.get(idx as usize) else {
        let at = short_clock(sim.next_poll_after_now());
        chain.say(Rule::PollGrid, MessageId::CauseFirstPoll, &[&at]).on(lane::mapping_event(sim, mapping));
        return;
    };
    let about = Object::Resource(Resource::Poller { mapping, shard: idx });
    match reader.stage {
        Stage::Unassigned => unassigned(chain, mapping, idx),
        Stage::Assigned => {
            let name = short_shard(idx);
            if own.config().is_pushed() {
                let latency = exact_seconds(sim.scenario().model.efo_latency, chain.lang);
                chain
                    .say(Rule::Push, MessageId::CauseReadPush, &[&name, &latency])
                    .on(last_poll(sim, mapping, idx))
                    .about(about);
                return;
            }
            let at = short_clock(sim.next_poll_after_now());
            chain
                .say(Rule::Poll, MessageId::CauseReadPoll, &[&name, &at])
                .on(last_poll(sim, mapping, idx))
                .about(about);
        }
        Stage::Ended => {
            let open = journey::oldest_open(sim, mapping, idx);
            let step = chain
                .say(Rule::ShardEnd, MessageId::CauseReadEnded, &[&short_shard(idx)])
                .on(last_poll(sim, mapping, idx));
            if let Some((record, _)) = open {
                step.about(Object::Record(record));
            }
        }
        Stage::Finished => {
            chain
                .say(Rule::ParentsFirst, MessageId::CauseFinished, &[&short_shard(idx)])
                .on(last_poll(sim, mapping, idx))
                .about(Object::Resource(Resource::Checkpoint { mapping, shard: idx }));
        }
    }
}

fn last_poll(sim: &Simulation, wanted: u16, wanted_shard: u32) -> find::Found {
    find::last(
        sim,
        |event| matches!(event, Event::RecordsPolled { mapping, shard, .. } if (mapping, shard) == (wanted, wanted_shard)),
    )
}

/// A shard that is not read yet: its parents come first, or the tick at which shards are assigned.
pub(super) fn unassigned(chain: &mut Chain<'_>, mapping: u16, idx: u32) {
    let sim = chain.sim;
    let own = sim.mapping(mapping);
    let finished =
        |parent: u32| own.readers.get(parent as usize).is_none_or(|it| it.stage == Stage::Finished);
    let parents = sim.stream().shards[idx as usize].parents;
    if let Some(parent) = parents.iter().find(|&parent| !finished(parent)) {
        chain
            .say(Rule::ParentsFirst, MessageId::CauseParents, &[&short_shard(idx), &short_shard(parent)])
            .on(opened(sim, idx))
            .about(Object::Shard(parent));
        if let Some((record, lane_ref)) = journey::oldest_open(sim, mapping, parent) {
            chain
                .say(
                    Rule::ParentsFirst,
                    MessageId::CauseParentLeft,
                    &[&short_shard(parent), &record_name(sim, record), &lane::number(lane_ref)],
                )
                .on(find::put(sim, record))
                .about(Object::Record(record));
            lane::state(chain, lane_ref);
        }
        return;
    }
    let tick = sim.scenario().model.shard_assignment;
    let at = SimTime((sim.now().0 / tick.0.max(1) + 1) * tick.0.max(1));
    let arguments: [&dyn std::fmt::Display; 2] = [&short_clock(at), &exact_seconds(tick, chain.lang)];
    chain.say(Rule::AssignmentTick, MessageId::CauseTick, &arguments).on(opened(sim, idx));
}

/// What a poller does, and why.
pub(super) fn explain_poller(chain: &mut Chain<'_>, mapping: u16, shard: u32) {
    reading(chain, mapping, shard);
    let sim = chain.sim;
    let reader = &sim.mapping(mapping).readers[shard as usize];
    match some(reader.read) {
        Some(record) => {
            let pushed = sim.mapping(mapping).config().is_pushed();
            let rule = if pushed { Rule::Push } else { Rule::Poll };
            chain
                .say(rule, MessageId::CauseReadUpTo, &[&record_name(sim, record)])
                .on(last_poll(sim, mapping, shard))
                .about(Object::Record(record));
        }
        None => {
            chain.say(Rule::StartPosition, MessageId::CauseNothingRead, &[]).about(Object::Shard(shard));
        }
    }
    if reader.stage == Stage::Assigned && matches!(sim.mapping(mapping).state, MappingState::Enabled) {
        chain.say(Rule::LaneSerial, MessageId::CausePollsOn, &[]);
    }
}

/// Why a stream has the status that it has.
pub(super) fn explain_stream(chain: &mut Chain<'_>) {
    let sim = chain.sim;
    let stream = sim.stream();
    let changed = find::last(sim, |event| matches!(event, Event::StreamStatus { stream: 0, .. }));
    let open = stream.open_shards().len();
    match (stream.status, changed) {
        (StreamStatus::Updating, Some(event)) => {
            chain
                .say(Rule::ReshardStep, MessageId::CauseUpdating, &[&short_clock(event.t), &open])
                .on(changed);
            command_before(chain, sim.now());
        }
        (status, Some(event)) => {
            let arguments: [&dyn std::fmt::Display; 3] = [&status.name(), &short_clock(event.t), &open];
            chain.say(Rule::ShardStates, MessageId::CauseStatus, &arguments).on(changed);
            command_before(chain, event.t);
        }
        (status, None) => {
            let first = stream.open_shards().first().copied().unwrap_or(NONE);
            let step = chain.say(Rule::Given, MessageId::CauseStatusStart, &[&status.name(), &open]);
            if let Some(first) = some(first) {
                step.on(opened(sim, first)).about(Object::Shard(first));
            }
        }
    }
    let retention = stream.retention().0 / 3_600_000;
    chain.say(Rule::Retention, MessageId::CauseRetention, &[&retention]);
}
