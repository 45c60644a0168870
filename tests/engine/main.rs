//! The engine from outside: facts, the article, properties, determinism, golden logs.
#![cfg(not(target_arch = "wasm32"))]

mod account;
mod alarms;
mod article_a;
mod article_c;
mod batches;
mod changes;
mod cost;
mod deploys;
mod destinations;
mod determinism;
mod failures;
mod fan_out;
mod generate;
mod golden;
mod histories;
mod import;
mod kinesis_facts;
mod kinesis_operations;
mod kinesis_records;
mod lambda_metrics;
mod log_streams;
mod metrics;
mod producers;
mod properties;
mod redrive;
mod reshard;
mod resharding;
mod retention;
mod settings;
mod shipped;
mod tumbling;

use shardlab::rng::Rng;
use shardlab::scenario::Scenario;
use shardlab::sim::Simulation;
use shardlab::units::SimTime;

/// A scenario run to its end in chunks of random length and of random event counts, and after clones.
fn run_in_chunks(scenario: &Scenario, seed: u64) -> Simulation {
    let mut rng = Rng::stream(seed, "chunks", 0);
    let mut chunked = Simulation::new(scenario.clone());
    let mut t = 0;
    while t < scenario.until.0 {
        t = (t + rng.within(0, 3000)).min(scenario.until.0);
        while !chunked.run_bounded(SimTime(t), rng.below(50)) {}
        if rng.below(10) == 0 {
            chunked = chunked.clone();
        }
    }
    chunked
}

/// A scenario run to its end.
fn run(scenario: &Scenario) -> Simulation {
    let mut sim = Simulation::new(scenario.clone());
    sim.run_until(scenario.until);
    sim
}
