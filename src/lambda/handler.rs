//! Rule handlers: what one invocation will do, decided when it starts.

use crate::kinesis::stream::NONE;
use crate::lambda::retry::Outcome;
use crate::scenario::{Action, Condition, RuleHandler};
use crate::units::{Ratio, SimDuration, SimTime};

/// A record as a rule sees it.
pub trait Subject {
    /// The partition key.
    fn partition_key(&self) -> String;
    /// The key's records counted from 1 in arrival order.
    fn number(&self) -> u32;
    /// Index in the stream, from 0.
    fn record(&self) -> u32;
    /// The data as text.
    fn data(&self) -> String;
    /// Draws a chance.
    fn chance(&mut self, chance: Ratio) -> bool;
}

/// The attempt as a rule sees it.
#[derive(Clone, Copy, Debug)]
pub struct Attempt {
    /// From 1 within the batch.
    pub number: u32,
    /// When the batch was handed over.
    pub started_at: SimTime,
    /// Bounds the handler's duration.
    pub timeout: SimDuration,
}

/// What one invocation will do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Records that it works: the first ones. After each `perRecord` it writes the record's row, unless it reports
    /// the record.
    pub rows: u32,
    /// From the handler's start to its end: the billed time.
    pub duration: SimDuration,
    /// How it ends; [`Outcome::Ok`] where it returns, whatever it reports.
    pub outcome: Outcome,
    /// Place in the batch of the record that made it fail, or `NONE`.
    pub failed_at: u32,
    /// Places in the batch of the records that it reports, ascending.
    pub reported: Vec<u32>,
}

/// Plans an invocation of `count` records; `subject` gives the record at a place in the batch, from 0.
pub fn plan<S: Subject>(
    handler: &RuleHandler,
    attempt: Attempt,
    count: u32,
    mut subject: impl FnMut(u32) -> S,
) -> Plan {
    let mut failed_at = NONE;
    let mut reported = Vec::new();
    for position in 0..count {
        let worked = |records: u32| SimDuration(handler.per_record.0 * u64::from(records));
        if handler.rules.is_empty() {
            break;
        }
        let (rows, duration, outcome, failed_at) =
            match action(handler, attempt, position, &mut subject(position)) {
                None => continue,
                Some(Action::ThrowAtEnd) => {
                    failed_at = failed_at.min(position);
                    continue;
                }
                Some(Action::Report) => {
                    reported.push(position);
                    if !handler.stop_at_first_report {
                        continue;
                    }
                    (position + 1, worked(position + 1), Outcome::Ok, NONE)
                }
                Some(Action::Throw) => (position, worked(position + 1), Outcome::Error, position),
                Some(Action::Crash) => (position, worked(position + 1), Outcome::Crash, position),
                Some(Action::Return) => (position, worked(position), Outcome::Ok, NONE),
                Some(Action::Timeout) => (position, SimDuration(u32::MAX.into()), Outcome::Ok, position),
            };
        return bounded(handler, attempt.timeout, Plan { rows, duration, outcome, failed_at, reported });
    }
    let duration = SimDuration(handler.per_record.0 * u64::from(count)) + handler.per_invocation;
    let outcome = if failed_at == NONE { Outcome::Ok } else { Outcome::Error };
    bounded(handler, attempt.timeout, Plan { rows: count, duration, outcome, failed_at, reported })
}

/// Cuts a plan off at the function's timeout.
fn bounded(handler: &RuleHandler, timeout: SimDuration, plan: Plan) -> Plan {
    if plan.duration <= timeout {
        return plan;
    }
    let in_time = timeout.0.checked_div(handler.per_record.0).unwrap_or(u64::MAX);
    let rows = u64::from(plan.rows).min(in_time) as u32;
    let failed_at = if rows < plan.rows { rows } else { plan.failed_at };
    Plan { rows, duration: timeout, outcome: Outcome::Timeout, failed_at, ..plan }
}

fn action(
    handler: &RuleHandler,
    attempt: Attempt,
    position: u32,
    subject: &mut impl Subject,
) -> Option<Action> {
    handler.rules.iter().find(|rule| holds(&rule.when, attempt, position, subject)).map(|rule| rule.then)
}

fn holds(condition: &Condition, attempt: Attempt, position: u32, subject: &mut impl Subject) -> bool {
    let mut holds = |condition| holds(condition, attempt, position, subject);
    match condition {
        Condition::Any(conditions) => conditions.iter().any(holds),
        Condition::All(conditions) => conditions.iter().all(holds),
        Condition::Not(condition) => !holds(condition),
        Condition::PositionInBatch(place) => position + 1 == *place,
        Condition::PartitionKey(key) => subject.partition_key() == *key,
        Condition::Number(number) => subject.number() == *number,
        Condition::Record(record) => subject.record() == *record,
        Condition::DataContains(text) => subject.data().contains(text.as_str()),
        Condition::Attempt(number) => attempt.number == *number,
        Condition::From(time) => attempt.started_at >= *time,
        Condition::To(time) => attempt.started_at < *time,
        Condition::Chance(chance) => subject.chance(*chance),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Rule;

    struct Nth(u32);
    impl Subject for Nth {
        fn partition_key(&self) -> String {
            ["a", "b"][self.0 as usize % 2].into()
        }
        fn number(&self) -> u32 {
            self.0 / 2 + 1
        }
        fn record(&self) -> u32 {
            self.0
        }
        fn data(&self) -> String {
            format!("data {}", self.0)
        }
        fn chance(&mut self, chance: Ratio) -> bool {
            chance == Ratio::whole(1)
        }
    }

    #[track_caller]
    fn check(when: Condition, then: Action, expect: (u32, u64, Outcome, u32)) {
        let handler = RuleHandler {
            per_record: SimDuration(100),
            per_invocation: SimDuration(7),
            rules: vec![Rule { when, then }],
            stop_at_first_report: false,
        };
        let attempt = Attempt { number: 2, started_at: SimTime(500), timeout: SimDuration(1000) };
        let plan = plan(&handler, attempt, 6, Nth);
        assert_eq!((plan.rows, plan.duration.0, plan.outcome, plan.failed_at), expect);
    }

    #[test]
    fn actions() {
        use Condition::PositionInBatch;
        check(PositionInBatch(4), Action::Throw, (3, 400, Outcome::Error, 3));
        check(PositionInBatch(4), Action::Crash, (3, 400, Outcome::Crash, 3));
        check(PositionInBatch(4), Action::ThrowAtEnd, (6, 607, Outcome::Error, 3));
        check(PositionInBatch(4), Action::Return, (3, 300, Outcome::Ok, NONE));
        check(PositionInBatch(4), Action::Timeout, (3, 1000, Outcome::Timeout, 3));
        check(PositionInBatch(7), Action::Throw, (6, 607, Outcome::Ok, NONE));
    }

    #[test]
    fn conditions() {
        let ok = (6, 607, Outcome::Ok, NONE);
        let at = |position| (position, u64::from(position + 1) * 100, Outcome::Error, position);
        let key = |key: &str| Condition::PartitionKey(key.into());
        let throws = |when, expect| check(when, Action::Throw, expect);
        throws(key("b"), at(1));
        throws(key("c"), ok);
        throws(Condition::All(vec![key("b"), Condition::Number(3)]), at(5));
        throws(Condition::Any(vec![key("c"), Condition::Record(2)]), at(2));
        throws(Condition::Not(Box::new(key("a"))), at(1));
        throws(Condition::DataContains("a 4".into()), at(4));
        throws(Condition::Attempt(2), at(0));
        throws(Condition::Attempt(1), ok);
        throws(Condition::From(SimTime(500)), at(0));
        throws(Condition::From(SimTime(501)), ok);
        throws(Condition::To(SimTime(501)), at(0));
        throws(Condition::To(SimTime(500)), ok);
        throws(Condition::Chance(Ratio::whole(1)), at(0));
        throws(Condition::Chance(Ratio::whole(0)), ok);
    }

    #[test]
    fn the_timeout_bounds_the_duration() {
        #[track_caller]
        fn check(per_record: u64, timeout: u64, expect: (u32, u64, Outcome)) {
            let handler = RuleHandler {
                per_record: SimDuration(per_record),
                per_invocation: SimDuration(50),
                rules: Vec::new(),
                stop_at_first_report: false,
            };
            let attempt = Attempt { number: 1, started_at: SimTime(0), timeout: SimDuration(timeout) };
            let plan = plan(&handler, attempt, 4, Nth);
            assert_eq!((plan.rows, plan.duration.0, plan.outcome), expect);
        }
        check(100, 450, (4, 450, Outcome::Ok));
        check(100, 449, (4, 449, Outcome::Timeout));
        check(100, 400, (4, 400, Outcome::Timeout));
        check(100, 399, (3, 399, Outcome::Timeout));
        check(0, 49, (4, 49, Outcome::Timeout));
    }

    #[test]
    fn reports() {
        /// (perRecord, stop at the first, rules) → (records worked, duration, outcome, reported)
        #[track_caller]
        fn check(
            (per_record, stop, rules): (u64, bool, &[(Condition, Action)]),
            expect: (u32, u64, Outcome, &[u32]),
        ) {
            let rule = |(when, then): &(Condition, Action)| Rule { when: when.clone(), then: *then };
            let handler = RuleHandler {
                per_record: SimDuration(per_record),
                per_invocation: SimDuration(7),
                rules: rules.iter().map(rule).collect(),
                stop_at_first_report: stop,
            };
            let attempt = Attempt { number: 1, started_at: SimTime(0), timeout: SimDuration(1000) };
            let plan = plan(&handler, attempt, 6, Nth);
            assert_eq!((plan.rows, plan.duration.0, plan.outcome, &*plan.reported), expect);
        }
        use Condition::PositionInBatch;
        let b = || (Condition::PartitionKey("b".into()), Action::Report);
        check((100, false, &[b()]), (6, 607, Outcome::Ok, &[1, 3, 5]));
        check((100, true, &[b()]), (2, 200, Outcome::Ok, &[1]));
        check((100, true, &[(PositionInBatch(7), Action::Report)]), (6, 607, Outcome::Ok, &[]));
        check((100, false, &[b(), (PositionInBatch(5), Action::Return)]), (4, 400, Outcome::Ok, &[1, 3]));
        check((100, false, &[b(), (PositionInBatch(5), Action::Throw)]), (4, 500, Outcome::Error, &[1, 3]));
        check((300, false, &[b()]), (3, 1000, Outcome::Timeout, &[1, 3, 5]));
    }
}
