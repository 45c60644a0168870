//! The engine from outside: facts, the article, properties, determinism, golden logs.
#![cfg(not(target_arch = "wasm32"))]

mod alarms;
mod article_c;
mod determinism;
mod generate;
mod golden;
mod histories;
mod import;
mod kinesis_facts;
mod kinesis_operations;
mod kinesis_records;
mod properties;
mod reshard;
mod resharding;
mod retention;
mod shipped;

use shardlab::scenario::Scenario;
use shardlab::sim::Simulation;

/// A scenario run to its end.
fn run(scenario: &Scenario) -> Simulation {
    let mut sim = Simulation::new(scenario.clone());
    sim.run_until(scenario.until);
    sim
}
