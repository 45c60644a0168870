//! Functions: code, published versions, aliases, as the API changes them.
//!
//! The scenario's `versions` are all the code there will ever be, oldest first; version `n` runs the n-th. At the
//! start they are published up to the highest one that an alias names, and `$LATEST` is the newest of those.
//! UpdateFunctionCode puts the next code on `$LATEST`; PublishVersion publishes it, uploading it first where that
//! has not been done.
//!
//! Assumption: an alias that is pointed to the version right behind the last published one publishes it on the
//! way, so that one command is a whole deploy, as with AWS SAM's AutoPublishAlias. What lies further on is not
//! found, as in AWS.

mod api;
mod list;
mod removal;
mod reservation;
#[cfg(test)]
mod tests;

use std::rc::Rc;

pub use api::weights;

use super::rollout::{Draws, Rollout};
use crate::aws::ApiError;
use crate::scenario::{FunctionConfig, Qualifier, Routing, Scenario, Version};
use crate::units::SimTime;

/// The functions of the account.
#[derive(Clone, Debug)]
pub struct Functions {
    scenario: Rc<Scenario>,
    list: Vec<Function>,
    /// Revision ids given so far.
    revisions: u32,
    effects: Vec<Effect>,
}

/// One function.
#[derive(Clone, Debug)]
struct Function {
    /// Published versions, oldest first; at least one.
    published: Vec<Published>,
    /// Whether `$LATEST` has the code of the version to be published next.
    uploaded: bool,
    /// Of `$LATEST`.
    revision: u32,
    /// When `$LATEST` was changed.
    changed_at: SimTime,
    /// By index; deleted ones keep their place.
    aliases: Vec<Alias>,
    /// `ReservedConcurrentExecutions`.
    reserved: Option<u32>,
    deleted: bool,
}

/// A published version.
#[derive(Clone, Debug)]
struct Published {
    description: String,
    at: SimTime,
    revision: u32,
    deleted: bool,
}

#[derive(Clone, Debug)]
struct Alias {
    name: String,
    description: String,
    revision: u32,
    rollout: Rollout,
    deleted: bool,
}

/// What a call has done to functions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// A version was published.
    VersionPublished {
        /// The function.
        function: u16,
        /// The version, by index.
        version: u32,
    },
    /// An alias was created or changed.
    AliasUpdated(AliasChange),
    /// A function's reserved concurrency is another one from now on.
    Reserved {
        /// The function.
        function: u16,
        /// Its `ReservedConcurrentExecutions`.
        executions: Option<u32>,
    },
}

/// What an alias stands for from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AliasChange {
    /// Since when.
    pub at: SimTime,
    /// The function.
    pub function: u16,
    /// The alias, by index.
    pub alias: u32,
    /// Its name.
    pub name: String,
    /// Its versions.
    pub routing: Routing,
}

/// The code that an attempt runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// What Lambda calls it.
    pub version: Version,
    /// Index of its code among the scenario's versions.
    pub code: u32,
}

impl Functions {
    /// The functions of a scenario, at its start.
    #[must_use]
    pub fn new(scenario: &Rc<Scenario>) -> Self {
        let mut functions =
            Self { scenario: Rc::clone(scenario), list: Vec::new(), revisions: 0, effects: Vec::new() };
        for config in &scenario.functions {
            let function = functions.function_at_start(config);
            functions.list.push(function);
        }
        functions
    }

    fn function_at_start(&mut self, config: &FunctionConfig) -> Function {
        let published = |_| Published {
            description: String::new(),
            at: SimTime::ZERO,
            revision: self.next_revision(),
            deleted: false,
        };
        let published = (0..config.published()).map(published).collect();
        let aliases = config.aliases.iter().map(|alias| Alias {
            name: alias.name.clone(),
            description: String::new(),
            revision: self.next_revision(),
            rollout: Rollout::new(alias.routing),
            deleted: false,
        });
        let aliases = aliases.collect();
        let revision = self.next_revision();
        let reserved = config.reserved_concurrent_executions;
        let changed_at = SimTime::ZERO;
        Function { published, uploaded: false, revision, changed_at, aliases, reserved, deleted: false }
    }

    /// What calls have done since this was last asked.
    pub fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// The code that an attempt runs at `now`.
    #[must_use]
    pub fn resolve(&self, function: u32, qualifier: Qualifier, now: SimTime, draws: Draws) -> Resolved {
        let version = match qualifier {
            Qualifier::Latest => Version::Latest,
            Qualifier::Version(idx) => Version::Published(idx),
            Qualifier::Alias(alias) => {
                self.rollout(function, alias).pick(now, self.scenario.model.rollout, draws)
            }
        };
        Resolved { version, code: self.code(function, version) }
    }

    /// Whether there is anything that a qualifier stands for; a mapping keeps one whose version, alias or function
    /// was deleted.
    #[must_use]
    pub fn can_be_invoked(&self, function: u32, qualifier: Qualifier) -> bool {
        let own = &self.list[function as usize];
        !own.deleted
            && match qualifier {
                Qualifier::Latest => true,
                Qualifier::Version(idx) => !own.published[idx as usize].deleted,
                Qualifier::Alias(idx) => !own.aliases[idx as usize].deleted,
            }
    }

    /// Counts an invocation of this version; true if it has to start cold although an environment may be free.
    pub fn starts_cold(&mut self, function: u32, qualifier: Qualifier, version: Version) -> bool {
        let Qualifier::Alias(alias) = qualifier else { return false };
        let rollout = &mut self.list[function as usize].aliases[alias as usize].rollout;
        rollout.starts_cold(version) && self.scenario.model.rollout_cold_old
    }

    /// Index of the code that a version has now.
    #[must_use]
    pub fn code(&self, function: u32, version: Version) -> u32 {
        match version {
            Version::Latest => self.list[function as usize].latest_code(),
            Version::Published(idx) => idx,
        }
    }

    /// The alias of this name, by index.
    #[must_use]
    pub fn alias(&self, function: u32, name: &str) -> Option<u32> {
        let is = |alias: &Alias| alias.name == name && !alias.deleted;
        self.list[function as usize].aliases.iter().position(is).map(|idx| idx as u32)
    }

    /// What an alias stands for, and how far its moves have come.
    #[must_use]
    pub fn rollout(&self, function: u32, alias: u32) -> &Rollout {
        &self.list[function as usize].aliases[alias as usize].rollout
    }

    /// An alias' name.
    #[must_use]
    pub fn alias_name(&self, function: u32, alias: u32) -> &str {
        &self.list[function as usize].aliases[alias as usize].name
    }

    /// What a qualifier stands for; `None` where there is no such published version or alias.
    #[must_use]
    pub fn qualifier(&self, function: u32, text: &str) -> Option<Qualifier> {
        if text == "$LATEST" {
            return Some(Qualifier::Latest);
        }
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return self.alias(function, text).map(Qualifier::Alias);
        }
        let number =
            text.parse::<u32>().ok().filter(|number| (1..=self.published(function)).contains(number));
        let qualifier = number.map(|number| Qualifier::Version(number - 1));
        qualifier.filter(|&qualifier| self.can_be_invoked(function, qualifier))
    }

    /// Number of aliases there ever were.
    #[must_use]
    pub fn aliases(&self, function: u32) -> u32 {
        self.list[function as usize].aliases.len() as u32
    }

    /// Number of versions ever published.
    #[must_use]
    pub fn published(&self, function: u32) -> u32 {
        self.list[function as usize].published.len() as u32
    }

    fn next_revision(&mut self) -> u32 {
        self.revisions += 1;
        self.revisions
    }

    /// Publishes the next code; false where there is none.
    fn publish_next(&mut self, now: SimTime, function: u16, description: &str) -> bool {
        let codes = self.scenario.functions[usize::from(function)].versions.len();
        let version = self.list[usize::from(function)].published.len();
        if version == codes {
            return false;
        }
        self.upload_next(now, function);
        let revision = self.next_revision();
        let own = &mut self.list[usize::from(function)];
        let description = description.to_owned();
        own.published.push(Published { description, at: now, revision, deleted: false });
        own.uploaded = false;
        self.effects.push(Effect::VersionPublished { function, version: version as u32 });
        true
    }

    /// Puts the next code on `$LATEST`, unless it is there or there is none.
    fn upload_next(&mut self, now: SimTime, function: u16) {
        let codes = self.scenario.functions[usize::from(function)].versions.len();
        let own = &self.list[usize::from(function)];
        if own.uploaded || own.published.len() == codes {
            return;
        }
        let revision = self.next_revision();
        let own = &mut self.list[usize::from(function)];
        own.uploaded = true;
        (own.revision, own.changed_at) = (revision, now);
    }

    /// Publishes what a routing names beyond the published versions.
    fn publish_for(&mut self, now: SimTime, function: u16, routing: Routing) {
        while routing.highest().is_some_and(|idx| idx >= self.published(function.into()))
            && self.publish_next(now, function, "")
        {}
    }

    fn tell_alias(&mut self, at: SimTime, function: u16, alias: u32) {
        let own = &self.list[usize::from(function)].aliases[alias as usize];
        let routing = own.rollout.routing();
        let change = AliasChange { at, function, alias, name: own.name.clone(), routing };
        self.effects.push(Effect::AliasUpdated(change));
    }

    /// An ARN of the function, with a qualifier unless that is empty.
    fn arn(&self, name: &str, qualifier: &str) -> String {
        let (region, account) = (&self.scenario.region, &self.scenario.account);
        let colon = if qualifier.is_empty() { "" } else { ":" };
        format!("arn:aws:lambda:{region}:{account}:function:{name}{colon}{qualifier}")
    }

    /// AWS: text of an emulator whose tests are validated against AWS (LocalStack).
    fn not_found(&self, name: &str, qualifier: &str) -> ApiError {
        ApiError::not_found(format!("Function not found: {}", self.arn(name, qualifier)))
    }
}

impl Function {
    fn latest_code(&self) -> u32 {
        self.published.len() as u32 - u32::from(!self.uploaded)
    }
}
