//! Why: the chain of causes of any object at the playhead, step by step.
//!
//! A [`Step`] is one sentence, the events that it rests on, and the [`Rule`] that makes it follow, which has a tag
//! (documented, observed, assumed, given) and a source. Steps go from what is seen to what lies behind it.
//!
//! ```text
//! object ─▶ its state in the simulation ─▶ events that made it so ─▶ steps, each with its rule
//! ```
//!
//! Invariant: nothing of the future is told: an event has happened, and what is to come is a time that is on the
//! agenda already. Everything walked is bounded.

mod find;
mod invocation;
pub mod journey;
mod lane;
mod record;
mod resource;
pub mod rule;
mod shard;

use std::fmt::Display;

use serde::Serialize;

use super::address;
use super::scene::{Object, Resource};
use super::text::MessageId;
use crate::kinesis::stream::NONE;
use crate::lang::Lang;
use crate::sim::Simulation;
use crate::units::SimTime;
use find::Found;
pub(in crate::view) use record::refusals;
pub use rule::{Rule, Source, Tag};
pub(in crate::view) use shard::children;

/// Events that a step names, at most.
pub const EVENTS_MAX: usize = 4;

/// An event that a step rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cause {
    /// Its number.
    pub n: u32,
    /// When.
    pub t: SimTime,
}

/// One step of a chain.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The sentence, its arguments still open.
    pub message: MessageId,
    /// The sentence.
    pub text: String,
    /// What it rests on; none where it is a state, or a setting from before the start.
    pub events: Vec<Cause>,
    /// What it speaks of.
    pub object: Option<Object>,
    /// The rule that makes it so.
    pub rule: Rule,
}

impl Step {
    /// It rests on this event, if it was found.
    fn on(&mut self, event: Found) -> &mut Self {
        if self.events.len() < EVENTS_MAX {
            self.events.extend(event.filter(|event| !self.events.contains(event)));
        }
        self
    }

    /// It speaks of this object.
    fn about(&mut self, object: Object) -> &mut Self {
        self.object = Some(object);
        self
    }
}

/// A chain that is being put together.
struct Chain<'a> {
    sim: &'a Simulation,
    lang: Lang,
    steps: Vec<Step>,
}

impl<'a> Chain<'a> {
    fn new(sim: &'a Simulation, lang: Lang) -> Self {
        Self { sim, lang, steps: Vec::new() }
    }

    /// Adds a step.
    fn say(&mut self, rule: Rule, message: MessageId, arguments: &[&dyn Display]) -> &mut Step {
        let text = message.fill(self.lang, arguments);
        self.steps.push(Step { message, text, events: Vec::new(), object: None, rule });
        let last = self.steps.len() - 1;
        &mut self.steps[last]
    }
}

/// Whether there is such an object at the playhead.
#[must_use]
pub fn exists(sim: &Simulation, object: Object) -> bool {
    let shards = sim.stream().shards.len() as u32;
    let listed = |shard: u32| shard < shards && !sim.stream().shards[shard as usize].unlisted;
    let read = |mapping: u16, shard: u32| {
        let readers = sim.mappings().get(usize::from(mapping)).map_or(0, |mapping| mapping.readers.len());
        listed(shard) && (shard as usize) < readers
    };
    let functions = &sim.scenario().functions;
    match object {
        Object::Record(record) => record < sim.stream().records.len(),
        Object::Invocation(idx) => idx < sim.invocations().len(),
        Object::Shard(shard) => listed(shard),
        Object::Discard(idx) => idx < sim.discards(),
        Object::Environment(idx) => (idx as usize) < sim.environments().len(),
        Object::Lane(lane) => sim
            .mappings()
            .get(usize::from(lane.mapping))
            .is_some_and(|mapping| usize::from(lane.lane) < mapping.lanes_of(lane.shard).len()),
        Object::Resource(resource) => match resource {
            Resource::Stream => sim.scenario().stream.is_some() || !sim.stream().name.is_empty(),
            Resource::Producer(producer) => usize::from(producer) < sim.scenario().producers.len(),
            Resource::Poller { mapping, shard } => read(mapping, shard),
            Resource::Checkpoint { mapping, shard } => read(mapping, shard),
            Resource::Mapping(mapping) | Resource::IteratorAge(mapping) => {
                usize::from(mapping) < sim.mappings().len()
            }
            Resource::Function(function) => usize::from(function) < functions.len(),
            Resource::Version { function, version } => {
                usize::from(function) < functions.len()
                    && version < sim.functions().published(function.into())
            }
            Resource::Alias { function, alias } => {
                usize::from(function) < functions.len()
                    && u32::from(alias) < sim.functions().aliases(function.into())
            }
            Resource::Alarm(alarm) => {
                sim.alarms().get(usize::from(alarm)).is_some_and(|alarm| !alarm.deleted)
            }
        },
    }
}

/// The chain of causes of an object; empty where there is no such one at the playhead.
#[must_use]
pub fn explain(sim: &Simulation, object: Object, lang: Lang) -> Vec<Step> {
    if !exists(sim, object) {
        return Vec::new();
    }
    let mut chain = Chain::new(sim, lang);
    match object {
        Object::Record(record) => record::explain(&mut chain, record),
        Object::Invocation(idx) => invocation::explain(&mut chain, idx),
        Object::Lane(lane) => lane::explain(&mut chain, lane),
        Object::Shard(shard) => shard::explain(&mut chain, shard),
        Object::Discard(idx) => record::explain_discard(&mut chain, idx),
        Object::Environment(idx) => resource::explain_environment(&mut chain, idx),
        Object::Resource(resource) => match resource {
            Resource::Stream => shard::explain_stream(&mut chain),
            Resource::Poller { mapping, shard } => shard::explain_poller(&mut chain, mapping, shard),
            Resource::Checkpoint { mapping, shard } => lane::explain_checkpoint(&mut chain, mapping, shard),
            Resource::IteratorAge(mapping) => lane::explain_age(&mut chain, mapping),
            Resource::Producer(producer) => resource::explain_producer(&mut chain, producer),
            Resource::Mapping(mapping) => resource::explain_mapping(&mut chain, mapping),
            Resource::Function(function) => resource::explain_function(&mut chain, function),
            Resource::Version { function, version } => {
                resource::explain_version(&mut chain, function, version);
            }
            Resource::Alias { function, alias } => resource::explain_alias(&mut chain, function, alias),
            Resource::Alarm(alarm) => resource::explain_alarm(&mut chain, alarm),
        },
    }
    chain.steps
}

/// The question that a chain answers.
#[must_use]
pub fn question(object: Object) -> MessageId {
    match object {
        Object::Record(_) => MessageId::WhyRecord,
        Object::Invocation(_) => MessageId::WhyInvocation,
        Object::Lane(_) => MessageId::WhyLane,
        Object::Shard(_) | Object::Resource(Resource::Stream) => MessageId::WhyShard,
        Object::Discard(_) => MessageId::WhyDiscard,
        Object::Environment(_) => MessageId::WhyState,
        Object::Resource(resource) => match resource {
            Resource::Poller { .. } => MessageId::WhyPoller,
            Resource::Checkpoint { .. } => MessageId::WhyCheckpoint,
            Resource::IteratorAge(_) => MessageId::WhyAge,
            Resource::Producer(_) => MessageId::WhyProducer,
            Resource::Stream
            | Resource::Mapping(_)
            | Resource::Function(_)
            | Resource::Version { .. }
            | Resource::Alias { .. }
            | Resource::Alarm(_) => MessageId::WhyState,
        },
    }
}

/// `explain(kind, id)` of the page API.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    /// The object's kind.
    pub kind: &'static str,
    /// Its indices.
    pub id: String,
    /// The question.
    pub question: &'static str,
    /// The steps.
    pub steps: Vec<StepAnswer>,
}

/// A step in [`Answer`].
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StepAnswer {
    /// The sentence.
    pub text: String,
    /// Numbers of the events that it rests on.
    pub events: Vec<u32>,
    /// `documented`, `observed`, `assumed` or `given`.
    pub tag: &'static str,
    /// Name of the rule, as in `docs/why.md`.
    pub rule: String,
    /// Where the rule comes from.
    pub source: &'static str,
    /// Its edition or date.
    pub edition: &'static str,
    /// The dial of `model` that it depends on.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub dial: &'static str,
    /// What it speaks of: kind and id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<[String; 2]>,
}

/// The answer about the object of this kind with these indices; `None` where there is none at the playhead.
#[must_use]
pub fn answer(sim: &Simulation, kind: &str, id: &str, lang: Lang) -> Option<Answer> {
    let object = address::object(&format!("{kind}-{id}")).filter(|&object| exists(sim, object))?;
    let (kind, id) = address::kind_and_id(object);
    let step = |step: Step| StepAnswer {
        text: step.text,
        events: step.events.iter().map(|event| event.n).collect(),
        tag: step.rule.tag().code(),
        rule: format!("{:?}", step.rule),
        source: step.rule.source().name().text(lang),
        edition: step.rule.source().edition(),
        dial: step.rule.dial(),
        object: step.object.map(|object| {
            let (kind, id) = address::kind_and_id(object);
            [kind.to_owned(), id]
        }),
    };
    let steps = explain(sim, object, lang).into_iter().map(step).collect();
    Some(Answer { kind, id, question: question(object).text(lang), steps })
}

/// An index that may be "none".
fn some(idx: u32) -> Option<u32> {
    (idx != NONE).then_some(idx)
}
