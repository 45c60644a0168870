//! How many invocations may run at once.
//!
//! AWS: developer guide, "Configuring reserved concurrency": a function's reservation is its limit and its alone;
//! the others share what the account has left.

use crate::scenario::FunctionConfig;

/// Invocations that run, by function, and how many may.
#[derive(Clone, Debug)]
pub struct Concurrency {
    /// By function: running, and the reservation.
    functions: Vec<(u32, Option<u32>)>,
    account: u32,
    running: u32,
    unreserved: u32,
    unreserved_max: u32,
}

impl Concurrency {
    /// Nothing runs. `account` is what the account may run at once.
    #[must_use]
    pub fn new(account: u32, functions: &[FunctionConfig]) -> Self {
        let functions = functions.iter().map(|function| (0, function.reserved_concurrent_executions));
        let mut rooms =
            Self { functions: functions.collect(), account, running: 0, unreserved: 0, unreserved_max: 0 };
        rooms.share();
        rooms
    }

    /// The function's reservation from now on. Its invocations that run count under it at once.
    pub fn reserve(&mut self, function: u32, executions: Option<u32>) {
        self.functions[function as usize].1 = executions;
        self.share();
    }

    /// What is left for functions without a reservation, and how many of theirs run.
    fn share(&mut self) {
        let reserved = self.functions.iter().filter_map(|&(_, reserved)| reserved);
        self.unreserved_max = self.account.saturating_sub(reserved.fold(0, u32::saturating_add));
        let running = |&(running, reserved): &(u32, Option<u32>)| reserved.map_or(running, |_| 0);
        self.unreserved = self.functions.iter().map(running).sum();
    }

    /// Whether one more invocation of the function may run.
    #[must_use]
    pub fn has_room(&self, function: u32) -> bool {
        match self.functions[function as usize] {
            (running, Some(reserved)) => running < reserved,
            (_, None) => self.unreserved < self.unreserved_max,
        }
    }

    /// An invocation of the function starts.
    pub fn start(&mut self, function: u32) {
        let (running, reserved) = &mut self.functions[function as usize];
        *running += 1;
        self.running += 1;
        self.unreserved += u32::from(reserved.is_none());
    }

    /// An invocation of the function ends.
    pub fn end(&mut self, function: u32) {
        let (running, reserved) = &mut self.functions[function as usize];
        *running -= 1;
        self.running -= 1;
        self.unreserved -= u32::from(reserved.is_none());
    }

    /// Invocations that run, of all functions.
    #[must_use]
    pub fn running(&self) -> u32 {
        self.running
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    #[test]
    fn reservations_are_taken_from_the_account_and_the_rest_is_shared() {
        let text = r#"{"version": 1, "id": "rooms", "stream": {}, "quotas": {"concurrentExecutions": 4}, "functions": [
            {"FunctionName": "a", "ReservedConcurrentExecutions": 2, "versions": {"1": {"handler": {}}}},
            {"FunctionName": "b", "versions": {"1": {"handler": {}}}},
            {"FunctionName": "c", "versions": {"1": {"handler": {}}}},
            {"FunctionName": "off", "ReservedConcurrentExecutions": 0, "versions": {"1": {"handler": {}}}}]}"#;
        let scenario = Scenario::from_json(text).unwrap();
        let mut rooms = Concurrency::new(scenario.quotas.concurrent_executions, &scenario.functions);
        let room = |rooms: &Concurrency| [0, 1, 2, 3].map(|function| rooms.has_room(function));
        assert_eq!(room(&rooms), [true, true, true, false]);
        for function in [0, 1, 0] {
            rooms.start(function);
        }
        assert_eq!((room(&rooms), rooms.running()), ([false, true, true, false], 3));
        rooms.start(2);
        assert_eq!((room(&rooms), rooms.running()), ([false, false, false, false], 4));
        rooms.end(1);
        assert_eq!(room(&rooms), [false, true, true, false]);
        rooms.end(0);
        assert_eq!((room(&rooms), rooms.running()), ([true, true, true, false], 2));
        // One of `a` and one of `c` run. `a` gives its reservation up and shares four with the others.
        rooms.reserve(0, None);
        rooms.start(1);
        assert_eq!((room(&rooms), rooms.running()), ([true, true, true, false], 3));
        rooms.start(0);
        assert_eq!(room(&rooms), [false, false, false, false]);
        // `c` reserves one, which it uses already: three are shared and three of the others run.
        rooms.reserve(2, Some(1));
        assert_eq!(room(&rooms), [false, false, false, false]);
        rooms.end(1);
        assert_eq!(room(&rooms), [true, true, false, false]);
        rooms.reserve(2, Some(2));
        assert_eq!(room(&rooms), [false, false, true, false]);
        for function in [0, 0, 2] {
            rooms.end(function);
        }
        assert_eq!(rooms.running(), 0);
    }
}
