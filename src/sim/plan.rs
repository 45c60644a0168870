//! What a handler of rules will do with its batch, found out when its invocation starts.

use super::Simulation;
use super::invocation::Invocation;
use crate::lambda::handler::{self, Attempt, Plan, Subject};
use crate::rng::Rng;
use crate::scenario::{Condition, FunctionConfig};
use crate::units::Ratio;

impl Simulation {
    pub(super) fn plan(&self, idx: u32, invocation: &Invocation, function: &FunctionConfig) -> Plan {
        let handler = function.versions[invocation.version as usize].handler.rules();
        let handler = handler.expect("a mapping invokes a handler that works records");
        let attempt = Attempt {
            number: invocation.attempt,
            started_at: invocation.started_at(),
            timeout: function.timeout,
        };
        let chancy = handler.rules.iter().any(|rule| has_chance(&rule.when));
        let mut rng = chancy.then(|| Rng::stream(self.scenario.seed, "handler chance", idx.into()));
        let rng = std::cell::RefCell::new(&mut rng);
        handler::plan(handler, attempt, invocation.count, |position| RecordSubject {
            sim: self,
            record: self.record_of(invocation, position),
            rng: &rng,
        })
    }
}

fn has_chance(condition: &Condition) -> bool {
    match condition {
        Condition::Chance(_) => true,
        Condition::Any(conditions) | Condition::All(conditions) => conditions.iter().any(has_chance),
        Condition::Not(condition) => has_chance(condition),
        Condition::PositionInBatch(_)
        | Condition::PartitionKey(_)
        | Condition::Number(_)
        | Condition::Record(_)
        | Condition::DataContains(_)
        | Condition::Attempt(_)
        | Condition::From(_)
        | Condition::To(_) => false,
    }
}

struct RecordSubject<'a> {
    sim: &'a Simulation,
    record: u32,
    rng: &'a std::cell::RefCell<&'a mut Option<Rng>>,
}

impl Subject for RecordSubject<'_> {
    fn partition_key(&self) -> String {
        self.sim.stream().keys.text(self.sim.stream().records.get(self.record).key)
    }
    fn number(&self) -> u32 {
        self.sim.stream().records.get(self.record).number
    }
    fn record(&self) -> u32 {
        self.record
    }
    fn data(&self) -> String {
        String::from_utf8_lossy(&self.sim.data(self.record)).into_owned()
    }
    fn chance(&mut self, chance: Ratio) -> bool {
        self.rng.borrow_mut().as_mut().is_some_and(|rng| rng.chance(chance))
    }
}
