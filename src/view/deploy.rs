//! Deploys by hand: what a mapping's alias stands for, and the command that moves it to the next version.

use super::text::MessageId;
use crate::kinesis::stream::NONE;
use crate::lang::Lang;
use crate::scenario::{Qualifier, Routing, Version};
use crate::sim::Simulation;
use crate::sim::invocation::Invocation;

/// The function that a mapping invokes, as it is now.
#[derive(Clone, Debug, PartialEq)]
pub struct Deploy {
    /// What the mapping invokes: of two versions with weights, the first.
    pub version: Version,
    /// The alias that the mapping names.
    pub alias: Option<Alias>,
    /// The next version, or why there is none to deploy.
    pub next: Result<Next, MessageId>,
}

/// An alias, as it is now.
#[derive(Clone, Debug, PartialEq)]
pub struct Alias {
    /// Its name.
    pub name: String,
    /// Its versions.
    pub routing: Routing,
    /// Percent of the front ends that its latest move has reached, until it is all of them.
    pub reached: Option<u64>,
}

/// A version that can be deployed.
#[derive(Clone, Debug, PartialEq)]
pub struct Next {
    /// The version.
    pub version: Version,
    /// The line of the AWS command line that moves the alias. It publishes the version first where that has not been
    /// done, and takes the alias' weights away.
    pub line: String,
}

/// What can be deployed of the function that a mapping invokes; `None` without the mapping.
#[must_use]
pub fn state(sim: &Simulation, mapping: u16) -> Option<Deploy> {
    let config = &sim.mappings().get(usize::from(mapping))?.config();
    let function = &sim.scenario().functions[config.function_idx as usize];
    let one = function.versions.len() == 1;
    let none = |version, alias: Option<Alias>| {
        let reason = if one { MessageId::DeployOneVersion } else { MessageId::DeployNoAlias };
        Deploy { version, alias, next: Err(reason) }
    };
    let alias_idx = match config.qualifier {
        Qualifier::Latest => return Some(none(Version::Latest, None)),
        Qualifier::Version(idx) => return Some(none(Version::Published(idx), None)),
        Qualifier::Alias(idx) => idx,
    };
    let functions = sim.functions();
    let rollout = functions.rollout(config.function_idx, alias_idx);
    if !functions.can_be_invoked(config.function_idx, config.qualifier) {
        return Some(none(rollout.routing().version, None));
    }
    let (routing, window) = (rollout.routing(), sim.scenario().model.rollout);
    let since = rollout.moving_since(sim.now(), window);
    let alias = Alias {
        name: functions.alias_name(config.function_idx, alias_idx).to_owned(),
        routing,
        reached: since.map(|at| (sim.now() - at).0 * 100 / window.0),
    };
    if one {
        return Some(none(routing.version, Some(alias)));
    }
    let next = match routing.version {
        Version::Published(idx) if (idx as usize) + 1 < function.versions.len() => {
            Ok(next(&function.name, &alias, Version::Published(idx + 1)))
        }
        Version::Published(_) | Version::Latest => Err(MessageId::DeployNewest),
    };
    Some(Deploy { version: routing.version, alias: Some(alias), next })
}

/// The version that the latest move of a mapping's alias brings, while not every front end knows it.
#[must_use]
pub fn rolled_out(sim: &Simulation, mapping: u16) -> Option<Version> {
    let config = &sim.mappings().get(usize::from(mapping))?.config();
    let Qualifier::Alias(alias) = config.qualifier else { return None };
    let rollout = sim.functions().rollout(config.function_idx, alias);
    rollout.moving_since(sim.now(), sim.scenario().model.rollout)?;
    let Routing { version, additional } = rollout.routing();
    Some(additional.map_or(version, |(idx, _)| Version::Published(idx)))
}

/// The second version of a mapping's alias, and percent of the invocations that it gets.
#[must_use]
pub fn share(sim: &Simulation, mapping: u16) -> Option<(Version, u64)> {
    let config = &sim.mappings().get(usize::from(mapping))?.config();
    let Qualifier::Alias(alias) = config.qualifier else { return None };
    let (idx, weight) = sim.functions().rollout(config.function_idx, alias).routing().additional?;
    Some((Version::Published(idx), weight.numerator() * 100 / weight.denominator()))
}

fn next(function: &str, alias: &Alias, version: Version) -> Next {
    let mut line = format!(
        "aws lambda update-alias --function-name {function} --name {} --function-version {version}",
        alias.name
    );
    if alias.routing.additional.is_some() {
        line.push_str(" --routing-config AdditionalVersionWeights={}");
    }
    Next { version, line }
}

/// An invocation's version as it is shown: by shape and by name.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// Index of its code among the function's versions, which its shape tells.
    pub code: u32,
    /// `v2`, or `$LATEST`.
    pub name: String,
}

/// The version that an invocation runs, where its function has several and it was not throttled.
#[must_use]
pub fn shown(sim: &Simulation, invocation: &Invocation) -> Option<Shown> {
    let function = &sim.scenario().functions[sim.function_of(invocation) as usize];
    let several = function.versions.len() > 1 && invocation.environment != NONE;
    several.then(|| Shown { code: invocation.version, name: version_name(invocation.function_version()) })
}

/// `v2`, or `$LATEST`.
#[must_use]
pub fn version_name(version: Version) -> String {
    match version {
        Version::Latest => version.to_string(),
        Version::Published(_) => format!("v{version}"),
    }
}

impl Alias {
    /// What it stands for, and how far its latest move has come.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let version = version_name(self.routing.version);
        let text = match self.routing.additional {
            None => MessageId::AliasState.fill(lang, &[&self.name, &version]),
            Some((idx, weight)) => {
                let second = version_name(Version::Published(idx));
                let percent = weight.numerator() * 100 / weight.denominator();
                MessageId::AliasWeights.fill(lang, &[&self.name, &version, &second, &percent])
            }
        };
        match self.reached {
            Some(percent) => MessageId::AliasReached.fill(lang, &[&text, &percent]),
            None => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{CommandAction, Scenario};
    use crate::units::SimTime;
    use crate::view::player::Player;
    use crate::view::shipped;

    fn player(id: &str) -> Player {
        Player::new(Scenario::from_json(shipped::text_of(id).unwrap()).unwrap())
    }

    #[test]
    fn a_deploy_by_hand_moves_the_alias_to_the_next_version() {
        let mut player = player("deploy-1-shard");
        player.seek(SimTime(60_000));
        let before = state(player.sim(), 0).unwrap();
        let next = before.next.unwrap();
        assert_eq!((before.version, next.version), (Version::Published(0), Version::Published(1)));
        let done = player.command(CommandAction::Cli(next.line.clone()));
        assert_eq!(done.outcome.as_ref().map(|outcome| outcome.exit_code), Some(0), "{}", next.line);
        player.seek(SimTime(61_401));
        let after = state(player.sim(), 0).unwrap();
        assert_eq!((after.version, after.next), (Version::Published(1), Err(MessageId::DeployNewest)));
        assert_eq!(after.alias.unwrap().text(Lang::En), "alias Sample → v2; the move has reached 20 %");
        player.seek(SimTime(67_001));
        assert_eq!(state(player.sim(), 0).unwrap().alias.unwrap().text(Lang::Ja), "エイリアスSample → v2");
    }

    #[test]
    fn weights_are_told_and_taken_away() {
        let mut player = player("deploy-canary");
        let weighs =
            |player: &Player| state(player.sim(), 0).unwrap().alias.unwrap().routing.additional.is_some();
        while !weighs(&player) {
            player.seek(player.now() + crate::units::SimDuration(1000));
        }
        let next = state(player.sim(), 0).unwrap().next.unwrap();
        let done = player.command(CommandAction::Cli(next.line.clone()));
        assert_eq!(done.outcome.as_ref().map(|outcome| outcome.exit_code), Some(0), "{}", next.line);
        assert!(!weighs(&player));
    }

    #[test]
    fn what_cannot_be_deployed_says_why() {
        let deploy = state(player("parallelization-3").sim(), 0).unwrap();
        assert_eq!(deploy.next, Err(MessageId::DeployOneVersion));
        assert_eq!(state(player("reshard-2-to-4").sim(), 0), None);
    }
}
