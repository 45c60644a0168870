//! Execution environments: taken when something is to run, given back when it has.

use super::Simulation;
use super::invocation::Invocation;
use crate::event_log::Event;
use crate::lambda::environment::{Environment, Pool};
use crate::rng::Rng;
use crate::scenario::MappingConfig;
use crate::units::SimDuration;

impl Simulation {
    /// Finds a free environment or opens one; gives the delay of its cold start.
    pub(super) fn take_environment(
        &mut self,
        invocation: &mut Invocation,
        mapping: &MappingConfig,
    ) -> SimDuration {
        let MappingConfig { function_idx, qualifier, .. } = *mapping;
        let version = invocation.function_version();
        let has_to = self.lambda.functions.starts_cold(function_idx, qualifier, version);
        let (environment, cold_start) = self.environment_of(
            Environment {
                function: function_idx as u16,
                version: invocation.version,
                latest: invocation.latest,
                opened_at: self.now,
            },
            has_to,
        );
        (invocation.environment, invocation.cold_start) = (environment, cold_start.is_some());
        cold_start.unwrap_or_default()
    }

    /// A free environment like `wanted`, unless it has to start cold; or `wanted` itself, opened now, with the delay
    /// of its cold start.
    pub(super) fn environment_of(&mut self, wanted: Environment, has_to: bool) -> (u32, Option<SimDuration>) {
        let function = usize::from(wanted.function);
        let idle_timeout = self.scenario.functions[function].idle_timeout;
        let now = self.now;
        let pool = self.pool_mut(wanted.function.into(), wanted.version, wanted.latest);
        if let Some(environment) = (!has_to).then(|| pool.take(now, idle_timeout)).flatten() {
            return (environment, None);
        }
        let environment = self.environments.len() as u32;
        let fields = [environment, wanted.function.into(), wanted.version];
        self.environments.push(wanted);
        self.log.push(self.now, Event::LogStreamOpened { environment }, fields);
        let (min, max) = self.scenario.functions[function].cold_start;
        let mut rng = Rng::stream(self.scenario.seed, "cold start", environment.into());
        (environment, Some(SimDuration(rng.within(min.0, max.0))))
    }

    /// Gives an environment back at the end of what ran in it.
    pub(super) fn give_back(&mut self, environment: u32) {
        let Environment { function, version, latest, .. } = self.environments[environment as usize];
        let now = self.now;
        self.pool_mut(function.into(), version, latest).give(now, environment);
    }

    /// The environments of a function that are free, by index.
    #[must_use]
    pub fn free_environments(&self, function: u16) -> Vec<u32> {
        let idle_timeout = self.scenario.functions[usize::from(function)].idle_timeout;
        let pools = self.pools[usize::from(function)].iter();
        let mut free: Vec<u32> = pools.flat_map(|pool| pool.free(self.now, idle_timeout)).collect();
        free.sort_unstable();
        free
    }

    /// The free environments of a version: `$LATEST` shares none with a published version.
    pub(super) fn pool_mut(&mut self, function: u32, version: u32, latest: bool) -> &mut Pool {
        &mut self.pools[function as usize][version as usize * 2 + usize::from(latest)]
    }
}
