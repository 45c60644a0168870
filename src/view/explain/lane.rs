//! Why a lane does what it does, why a checkpoint stands where it stands, and why the iterator age is what it is.

use super::{Chain, Rule, find, invocation, journey, some};
use crate::event_log::Event;
use crate::kinesis::stream::NONE;
use crate::lambda::account::MappingState;
use crate::lambda::batcher::LaneState;
use crate::sim::Simulation;
use crate::sim::agenda::LaneRef;
use crate::sim::mapping::Stage;
use crate::units::{SimTime, Stamp};
use crate::view::number::{exact_seconds, short_clock};
use crate::view::panels::log::short_shard;
use crate::view::panels::record_name;
use crate::view::scene::{Object, Resource};
use crate::view::text::MessageId;

/// Lanes of a mapping looked at to find the slowest one, at most.
const LANES_MAX: usize = 10_000;

/// `1`: a lane's number as it is shown.
pub(super) fn number(lane: LaneRef) -> u32 {
    u32::from(lane.lane) + 1
}

/// Why a lane is idle, at work or blocked.
pub(super) fn explain(chain: &mut Chain<'_>, lane_ref: LaneRef) {
    state(chain, lane_ref);
    let (sim, lane) = (chain.sim, chain.sim.lane(lane_ref));
    if !lane.waiting.is_empty() && lane.state != LaneState::Idle {
        let first = lane.waiting.front().map_or(NONE, |waiting| waiting.record);
        let (count, name) = (lane.waiting.len(), record_name(sim, first));
        chain
            .say(Rule::LaneSerial, MessageId::CauseLaneWaits, &[&count, &name])
            .on(find::put(sim, first))
            .about(Object::Record(first));
    }
    serves(chain, lane_ref);
}

/// Which records a lane serves.
pub(super) fn serves(chain: &mut Chain<'_>, lane: LaneRef) {
    let factor = chain.sim.mapping(lane.mapping).parallelization_factor();
    if factor > 1 {
        chain.say(Rule::KeyOrder, MessageId::CauseKeyOrder, &[]);
        chain.say(Rule::LaneHash, MessageId::CauseLaneHash, &[&number(lane), &factor, &lane.lane]);
    } else {
        chain.say(Rule::LaneSerial, MessageId::CauseOneLane, &[]).about(Object::Shard(lane.shard));
    }
}

/// What a lane does, and why.
pub(super) fn state(chain: &mut Chain<'_>, lane_ref: LaneRef) {
    let sim = chain.sim;
    let lane = sim.lane(lane_ref);
    match lane.state {
        LaneState::Running { invocation } => {
            let running = sim.invocations().get(invocation);
            let (at, count) = (short_clock(running.started_at()), running.count);
            chain
                .say(
                    Rule::LaneSerial,
                    MessageId::CauseLaneBusy,
                    &[&number(lane_ref), &(invocation + 1), &at, &count],
                )
                .on(find::start(sim, invocation))
                .about(Object::Invocation(invocation));
        }
        LaneState::BackingOff { until, invocation } => {
            backing_off(chain, lane_ref, invocation, until.time());
        }
        LaneState::Idle => idle(chain, lane_ref),
    }
    let parts = lane.parts.iter().count();
    if parts > 1 {
        let left: u32 = lane.parts.iter().skip(1).map(|part| part.count).sum();
        chain.say(Rule::BisectOrder, MessageId::CausePartsWait, &[&(parts - 1), &left]);
    }
}

/// A lane that waits before it tries its batch again.
pub(super) fn backing_off(chain: &mut Chain<'_>, lane: LaneRef, failed: u32, until: SimTime) {
    let sim = chain.sim;
    let scheduled = find::at(
        sim,
        sim.invocations().get(failed).ends_at(),
        |event| matches!(event, Event::RetryScheduled { invocation, .. } if invocation == failed),
    );
    chain
        .say(
            Rule::LaneSerial,
            MessageId::CauseLaneBackOff,
            &[&number(lane), &short_clock(until), &(failed + 1)],
        )
        .on(scheduled)
        .about(Object::Invocation(failed));
    invocation::outcome(chain, failed);
    invocation::delay(chain, failed);
}

fn idle(chain: &mut Chain<'_>, lane_ref: LaneRef) {
    let (sim, lang) = (chain.sim, chain.lang);
    let lane = sim.lane(lane_ref);
    let mapping = sim.mapping(lane_ref.mapping);
    let reader = &mapping.readers[lane_ref.shard as usize];
    let name = number(lane_ref);
    if !at_work(mapping.state) {
        return not_at_work(chain, lane_ref.mapping);
    }
    match reader.stage {
        Stage::Unassigned => return super::shard::unassigned(chain, lane_ref.mapping, lane_ref.shard),
        Stage::Finished => {
            chain
                .say(Rule::ParentsFirst, MessageId::CauseLaneFinished, &[&short_shard(lane_ref.shard)])
                .on(closed(sim, lane_ref.shard))
                .about(Object::Shard(lane_ref.shard));
            return;
        }
        Stage::Assigned | Stage::Ended => {}
    }
    if lane.waiting.is_empty() && lane.parts.is_empty() {
        let last = find::last(sim, |event| {
            matches!(event, Event::RecordsPolled { mapping, shard, .. }
                if (mapping, shard) == (lane_ref.mapping, lane_ref.shard))
        });
        chain.say(Rule::Available, MessageId::CauseLaneEmpty, &[&name]).on(last);
        return;
    }
    let config = mapping.config();
    if let Some(deadline) = lane.deadline.map(Stamp::time).filter(|&deadline| deadline > sim.now()) {
        let (count, at) = (lane.waiting.len(), short_clock(deadline));
        let front = lane.waiting.front().map_or(NONE, |waiting| waiting.record);
        let rule = if config.tumbling_window.is_some() { Rule::InWindow } else { Rule::Window };
        chain
            .say(rule, MessageId::CauseLaneGathers, &[&name, &at, &count, &config.batch_size])
            .on(some(front).and_then(|front| find::put(sim, front)));
        let window = exact_seconds(config.maximum_batching_window, lang);
        let from = short_clock(lane.window_from.time());
        chain.say(Rule::WindowFrom, MessageId::CauseWindowFrom, &[&window, &from]);
        return;
    }
    chain.say(Rule::LaneSerial, MessageId::CauseLaneStops, &[&name, &lane.waiting.len()]);
}

/// Whether a mapping in this state reads and invokes.
pub(super) fn at_work(state: MappingState) -> bool {
    match state {
        MappingState::Enabled | MappingState::Updating | MappingState::Disabling | MappingState::Deleting => {
            true
        }
        MappingState::Creating | MappingState::Enabling | MappingState::Disabled | MappingState::Deleted => {
            false
        }
    }
}

/// A mapping that neither reads nor invokes.
pub(super) fn not_at_work(chain: &mut Chain<'_>, idx: u16) {
    let sim = chain.sim;
    let state = sim.mapping(idx).state;
    let rule = match state {
        MappingState::Disabled | MappingState::Deleted => Rule::Disabled,
        MappingState::Creating
        | MappingState::Enabled
        | MappingState::Enabling
        | MappingState::Disabling
        | MappingState::Updating
        | MappingState::Deleting => Rule::States,
    };
    chain
        .say(rule, MessageId::CauseNotAtWork, &[&state.name()])
        .on(mapping_event(sim, idx))
        .about(Object::Resource(Resource::Mapping(idx)));
}

/// The last change of a mapping's state.
pub(super) fn mapping_event(sim: &Simulation, idx: u16) -> find::Found {
    find::last(sim, |event| matches!(event, Event::MappingState { mapping, .. } if mapping == idx))
}

/// The event that closed a shard of the first stream.
pub(super) fn closed(sim: &Simulation, shard: u32) -> find::Found {
    let at = sim.stream().shards[shard as usize].closed?.at;
    find::at(sim, at, |event| event == Event::ShardClosed { stream: 0, shard })
}

/// Why a checkpoint stands where it stands.
pub(super) fn explain_checkpoint(chain: &mut Chain<'_>, mapping: u16, shard: u32) {
    let sim = chain.sim;
    let reader = &sim.mapping(mapping).readers[shard as usize];
    let open = journey::oldest_open(sim, mapping, shard);
    match some(reader.checkpoint) {
        Some(record) => {
            let moved = Event::CheckpointMoved { mapping, shard, record };
            chain
                .say(Rule::Checkpoint, MessageId::CauseCheckpointAt, &[&record_name(sim, record)])
                .on(find::last(sim, |event| event == moved))
                .about(Object::Record(record));
        }
        None => {
            chain.say(Rule::Checkpoint, MessageId::CauseNoCheckpoint, &[]).about(Object::Shard(shard));
        }
    }
    let Some((record, lane)) = open else {
        let id = match reader.unread() {
            0 => MessageId::CauseAllDone,
            _ => MessageId::CauseAllReadDone,
        };
        chain.say(Rule::Checkpoint, id, &[]);
        return;
    };
    chain
        .say(Rule::Checkpoint, MessageId::CauseFirstOpen, &[&record_name(sim, record), &number(lane)])
        .on(find::put(sim, record))
        .about(Object::Record(record));
    if sim.mapping(mapping).parallelization_factor() > 1 {
        chain.say(Rule::Checkpoint, MessageId::CauseLowestOfLanes, &[]).about(Object::Lane(lane));
    }
    state(chain, lane);
}

/// Why the iterator age of a mapping's batches is what it is, and whether it rises.
pub(super) fn explain_age(chain: &mut Chain<'_>, mapping: u16) {
    let (sim, lang) = (chain.sim, chain.lang);
    let count = sim.invocations().len();
    let of_mapping = |&idx: &u32| {
        let invocation = sim.invocations().get(idx);
        invocation.lane.mapping == mapping && invocation.iterator_age().is_some()
    };
    if let Some(idx) = (count.saturating_sub(LANES_MAX as u32)..count).rev().find(of_mapping) {
        let invocation = sim.invocations().get(idx);
        let age = exact_seconds(invocation.iterator_age().unwrap_or_default(), lang);
        let oldest = sim.record_of(&invocation, 0);
        let name = record_name(sim, oldest);
        chain
            .say(Rule::IteratorAge, MessageId::CauseAgeNow, &[&age, &(idx + 1), &name])
            .on(find::put(sim, oldest))
            .on(find::start(sim, idx))
            .about(Object::Invocation(idx));
    } else {
        chain.say(Rule::IteratorAge, MessageId::CauseNoAge, &[]);
    }
    let shards = 0..sim.mapping(mapping).readers.len().min(LANES_MAX) as u32;
    let oldest = shards.filter_map(|shard| journey::oldest_open(sim, mapping, shard));
    let Some((record, lane)) = oldest.min_by_key(|&(record, _)| record) else {
        chain.say(Rule::IteratorAge, MessageId::CauseAgeFalls, &[]);
        return;
    };
    let age = exact_seconds(sim.now() - sim.stream().records.get(record).arrival(), lang);
    chain
        .say(Rule::IteratorAge, MessageId::CauseAgeNext, &[&record_name(sim, record), &age, &number(lane)])
        .on(find::put(sim, record))
        .about(Object::Record(record));
    state(chain, lane);
}
