//! Deploys: which code an attempt runs, and what calls do to functions and aliases.

use std::rc::Rc;

use super::Simulation;
use super::event_json::EventBody;
use crate::event_log::Event;
use crate::kinesis::stream::NONE;
use crate::lambda::function::{AliasChange, Effect, Functions, Resolved, weights};
use crate::lambda::rollout::Draws;
use crate::rng::Rng;
use crate::scenario::{Qualifier, Version};

impl Simulation {
    /// The functions, as the API has changed them.
    #[must_use]
    pub fn functions(&self) -> &Functions {
        &self.lambda.functions
    }

    /// All changes of aliases so far, by index.
    #[must_use]
    pub fn alias_changes(&self) -> &[Rc<AliasChange>] {
        &self.alias_changes
    }

    /// The code that an attempt runs: drawn for each attempt alone, so that no other one moves its draws.
    pub(super) fn resolve(&self, invocation: u32, function: u32, qualifier: Qualifier) -> Resolved {
        let draws = match qualifier {
            Qualifier::Alias(_) => {
                let mut rng = Rng::stream(self.scenario.seed, "version", invocation.into());
                Draws { front_end: rng.next_u64(), weight: rng.next_u64() }
            }
            Qualifier::Latest | Qualifier::Version(_) => Draws { front_end: 0, weight: 0 },
        };
        self.lambda.functions.resolve(function, qualifier, self.now, draws)
    }

    /// Logs what a call has done to functions.
    pub(super) fn tell_functions(&mut self) {
        for effect in self.lambda.functions.take_effects() {
            match effect {
                Effect::VersionPublished { function, version } => {
                    let event = Event::VersionPublished { function, version };
                    self.log.push(self.now, event, [function.into(), version]);
                }
                Effect::AliasUpdated(change) => self.tell_alias(change),
                Effect::Reserved { function, executions } => {
                    self.concurrency.reserve(function.into(), executions);
                }
            }
        }
    }

    fn tell_alias(&mut self, change: AliasChange) {
        let fields = alias_words(&change);
        let event = Event::AliasUpdated { change: self.alias_changes.len() as u32 };
        self.log.push(self.now, event, fields);
        self.alias_changes.push(Rc::new(change));
    }

    pub(super) fn version_published(&self, function: u16, version: u32) -> EventBody {
        EventBody::VersionPublished {
            function_name: self.scenario.functions[usize::from(function)].name.clone(),
            version: Version::Published(version).to_string(),
        }
    }

    pub(super) fn alias_updated(&self, change: u32) -> EventBody {
        let AliasChange { function, name, routing, .. } = &*self.alias_changes[change as usize];
        EventBody::AliasUpdated {
            function_name: self.scenario.functions[usize::from(*function)].name.clone(),
            alias: name.clone(),
            function_version: routing.version.to_string(),
            weights: weights(*routing),
        }
    }
}

/// What the digest has of an alias' change: function, alias, version (`NONE` is `$LATEST`), the second version
/// (`NONE` is none), and its weight's numerator and denominator, low halves first.
fn alias_words(change: &AliasChange) -> [u32; 8] {
    let version = match change.routing.version {
        Version::Latest => NONE,
        Version::Published(idx) => idx,
    };
    let (second, weight) = match change.routing.additional {
        Some((idx, weight)) => (idx, [weight.numerator(), weight.denominator()]),
        None => (NONE, [0, 1]),
    };
    let [[a, b], [c, d]] = weight.map(|part| [part as u32, (part >> 32) as u32]);
    [change.function.into(), change.alias, version, second, a, b, c, d]
}
