//! What the run that is seen was made from: its text, what it was before settings were changed, and the
//! article's run it stands beside.

use std::rc::Rc;

use serde_json::Value;

use super::article::{ArticleRun, RUNS};
use super::article_a::{DeployTable, TABLES};
use super::article_b::{self, CheckpointRun};
use super::knob::Knob;
use super::shipped;
use crate::scenario::Scenario;

/// Where the run comes from.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The text before settings were changed.
    pub base: Rc<str>,
    /// The settings of `base` by mapping, the first one's also where there is none; in the order of [`Knob::ALL`].
    pub base_values: Vec<[Option<u64>; Knob::ALL.len()]>,
    /// The commands of `base`.
    pub base_commands: usize,
    /// Whether another stream was pasted.
    pub pasted: bool,
    /// The run of article C that this is, if it is one.
    pub article: Option<&'static ArticleRun>,
    /// The table of article A that this is, if it is one.
    pub deploy: Option<&'static DeployTable>,
    /// The run of article B that this is, if it is one.
    pub checkpoint: Option<&'static CheckpointRun>,
}

impl Origin {
    /// The origin of a scenario that has just been loaded from `text`.
    #[must_use]
    pub fn new(text: &Rc<str>, scenario: &Scenario) -> Self {
        let several = scenario.functions.iter().any(|function| function.versions.len() > 1);
        Self {
            base: Rc::clone(text),
            base_values: (0..mappings(scenario)).map(|mapping| values(scenario, mapping)).collect(),
            base_commands: scenario.commands.len(),
            pasted: false,
            // The run that the page opens with is the last: other texts come after the first picture.
            article: RUNS.iter().rev().find(played_by(text, |run: &ArticleRun| run.scenario)),
            deploy: several
                .then(|| TABLES.iter().find(played_by(text, |table: &DeployTable| table.scenario)))
                .flatten(),
            // Nothing else is compared with all their texts.
            checkpoint: scenario
                .id
                .starts_with("checkpoint-")
                .then(|| article_b::RUNS.iter().find(played_by(text, |run: &CheckpointRun| run.scenario)))
                .flatten(),
        }
    }

    /// The origin after a setting was changed, which made `text`. A shipped scenario is its own base.
    #[must_use]
    pub fn changed(&self, text: &Rc<str>, scenario: &Scenario) -> Self {
        if shipped::is_shipped(text) {
            return Self::new(text, scenario);
        }
        let Self { article, deploy, checkpoint, .. } = Self::new(text, scenario);
        Self { article, deploy, checkpoint, pasted: shards(text) != shards(&self.base), ..self.clone() }
    }

    /// Whether the base is one of article C's runs.
    #[must_use]
    pub fn is_article(&self) -> bool {
        RUNS.iter().rev().any(|run| shipped::text_of(run.scenario) == Some(&*self.base))
    }

    /// The settings that differ from the base, with their values now.
    #[must_use]
    pub fn changes(&self, scenario: &Scenario) -> Vec<(Knob, u64)> {
        let of_mapping = |mapping: u16| {
            let now = Knob::ALL.into_iter().zip(values(scenario, mapping));
            now.filter(move |(knob, _)| mapping == 0 || knob.is_of_mapping()).filter_map(
                move |(knob, now)| {
                    now.filter(|_| now != self.base_value(knob, mapping)).map(|now| (knob, now))
                },
            )
        };
        (0..mappings(scenario)).flat_map(of_mapping).collect()
    }

    /// The value that a setting of a mapping has in the base.
    #[must_use]
    pub fn base_value(&self, knob: Knob, mapping: u16) -> Option<u64> {
        self.base_values.get(usize::from(mapping))?[knob as usize]
    }
}

/// The scenario's mappings; one where there is none.
fn mappings(scenario: &Scenario) -> u16 {
    scenario.mappings.len().max(1) as u16
}

fn values(scenario: &Scenario, mapping: u16) -> [Option<u64>; Knob::ALL.len()] {
    Knob::ALL.map(|knob| knob.value(scenario, mapping))
}

/// The shards that a scenario's text lists.
fn shards(text: &str) -> Option<Value> {
    serde_json::from_str::<Value>(text).ok()?.pointer("/stream/Shards").cloned()
}

/// Whether a scenario's text, however it is laid out, plays the shipped scenario that one of an article's runs names.
fn played_by<T>(text: &str, scenario: fn(&T) -> &'static str) -> impl Fn(&&T) -> bool {
    let document: Option<Value> = serde_json::from_str(text).ok();
    move |run| {
        let shipped = shipped::text_of(scenario(run)).and_then(|text| serde_json::from_str(text).ok());
        document.is_some() && shipped == document
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::player::Direction;

    #[test]
    fn changes_are_counted_against_the_base() {
        let text: Rc<str> = shipped::FIRST.1.into();
        let scenario = Scenario::from_json(&text).unwrap();
        let origin = Origin::new(&text, &scenario);
        assert_eq!((origin.article.map(|run| run.factor), origin.changes(&scenario)), (Some(3), vec![]));
        let knob = Knob::BatchSize;
        let value = knob.neighbor(50, Direction::Back).unwrap();
        let turned: Rc<str> = knob.set(&text, &scenario, 0, value).unwrap().into();
        let scenario = Scenario::from_json(&turned).unwrap();
        let origin = origin.changed(&turned, &scenario);
        assert!(origin.article.is_none());
        assert_eq!((origin.changes(&scenario), &*origin.base), (vec![(knob, 20)], &*text));
    }

    #[test]
    fn article_a_s_deploys_are_known_until_they_are_changed() {
        for table in &TABLES {
            let text: Rc<str> = shipped::text_of(table.scenario).unwrap().into();
            let scenario = Scenario::from_json(&text).unwrap();
            let origin = Origin::new(&text, &scenario);
            assert_eq!(origin.deploy, Some(table));
            let turned: Rc<str> = Knob::BatchSize.set(&text, &scenario, 0, 5).unwrap().into();
            let scenario = Scenario::from_json(&turned).unwrap();
            assert_eq!(origin.changed(&turned, &scenario).deploy, None);
        }
    }
}
