//! The chain of causes as the inspector shows it: steps, and their sources, each once.

use super::name;
use crate::lang::Lang;
use crate::sim::Simulation;
use crate::units::SimTime;
use crate::view::explain::{self, Source, Tag, explain};
use crate::view::number::short_clock;
use crate::view::panels::log::short_shard;
use crate::view::scene::Object;
use crate::view::text::MessageId;

/// Why an object is as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Why {
    /// The question.
    pub question: MessageId,
    /// The answer, step by step.
    pub steps: Vec<Step>,
    /// The sources that the steps name, each with its edition.
    pub sources: Vec<String>,
}

/// A step.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The sentence.
    pub text: String,
    /// How sure its rule is.
    pub tag: Tag,
    /// Which of the sources its rule has, from 1.
    pub source: usize,
    /// The dial of `model` that the rule depends on; empty where there is none.
    pub dial: &'static str,
    /// The events that it rests on.
    pub events: Vec<Moment>,
    /// What it speaks of, with its name.
    pub object: Option<(Object, String)>,
}

/// Events of one moment as a place to go to.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// Their numbers.
    pub numbers: String,
    /// When.
    pub t: SimTime,
    /// When, in words.
    pub time: String,
}

/// Events of one moment.
fn moment(events: &[explain::Cause], lang: Lang) -> Moment {
    let numbers: Vec<String> = events.iter().map(|event| event.n.to_string()).collect();
    let t = events[0].t;
    Moment { numbers: numbers.join(MessageId::ListComma.text(lang)), t, time: short_clock(t) }
}

/// An object's name among others: a shard's without its zeros.
fn short_name(sim: &Simulation, object: Object, lang: Lang) -> String {
    if let Object::Shard(shard) = object { short_shard(shard) } else { name(sim, object, lang) }
}

/// The chain of an object that there is.
#[must_use]
pub fn of(sim: &Simulation, object: Object, lang: Lang) -> Why {
    let mut sources: Vec<Source> = Vec::new();
    let step = |step: explain::Step| {
        let source = step.rule.source();
        let known = sources.iter().position(|&other| other == source);
        let place = known.unwrap_or_else(|| {
            sources.push(source);
            sources.len() - 1
        });
        // What is looked at already needs no way to it.
        let about = step.object.filter(|&about| about != object);
        let events = step.events.chunk_by(|one, next| one.t == next.t);
        Step {
            text: step.text,
            tag: step.rule.tag(),
            source: place + 1,
            dial: step.rule.dial(),
            events: events.map(|events| moment(events, lang)).collect(),
            object: about.map(|about| (about, short_name(sim, about, lang))),
        }
    };
    let steps = explain(sim, object, lang).into_iter().map(step).collect();
    let named = |source: &Source| match source.edition() {
        "" => source.name().text(lang).to_owned(),
        edition => MessageId::SourceEdition.fill(lang, &[&source.name().text(lang), &edition]),
    };
    Why { question: explain::question(object), steps, sources: sources.iter().map(named).collect() }
}
