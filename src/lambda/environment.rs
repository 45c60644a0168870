//! Execution environments: reused by invocations of the same version, most recently used first.

use crate::scenario::Version;
use crate::units::{SimDuration, SimTime, Stamp};

/// An environment: one log stream.
#[derive(Clone, Copy, Debug)]
pub struct Environment {
    /// The function.
    pub function: u16,
    /// Index of the version whose code it runs.
    pub version: u32,
    /// Whether it runs it as `$LATEST`.
    pub latest: bool,
    /// When it was opened.
    pub opened_at: SimTime,
}

impl Environment {
    /// What Lambda calls the version that it runs.
    #[must_use]
    pub fn function_version(&self) -> Version {
        if self.latest { Version::Latest } else { Version::Published(self.version) }
    }
}

/// The free environments of one version of a function, oldest end first.
#[derive(Clone, Debug, Default)]
pub struct Pool {
    free: Vec<(u32, Stamp)>,
}

impl Pool {
    /// Takes the most recently used free environment; drops all when even that one idled too long.
    pub fn take(&mut self, now: SimTime, idle_timeout: SimDuration) -> Option<u32> {
        let (environment, ended_at) = self.free.pop()?;
        if now < ended_at.time() + idle_timeout {
            return Some(environment);
        }
        self.free.clear();
        None
    }

    /// Those that can still be taken, if nothing opens one first.
    pub fn free(&self, now: SimTime, idle_timeout: SimDuration) -> impl Iterator<Item = u32> {
        self.free.iter().filter(move |(_, ended)| now < ended.time() + idle_timeout).map(|&(each, _)| each)
    }

    /// Gives an environment back at the end of an invocation.
    pub fn give(&mut self, now: SimTime, environment: u32) {
        self.free.push((environment, Stamp::of(now)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_recent_is_taken_until_it_idles_too_long() {
        let mut pool = Pool::default();
        let idle = SimDuration(100);
        assert_eq!(pool.take(SimTime(0), idle), None);
        pool.give(SimTime(10), 0);
        pool.give(SimTime(20), 1);
        assert_eq!(pool.take(SimTime(30), idle), Some(1));
        pool.give(SimTime(40), 1);
        assert_eq!(pool.take(SimTime(139), idle), Some(1));
        pool.give(SimTime(139), 1);
        assert_eq!(pool.take(SimTime(239), idle), None);
        assert_eq!(pool.take(SimTime(239), idle), None);
    }
}
