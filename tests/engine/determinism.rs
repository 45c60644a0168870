//! The same scenario gives the same log: twice, in any chunks, after a clone, and back and forth in a player.
use crate::generate::{Shape, scenario};
use crate::{run, run_in_chunks};
use proptest::prelude::*;
use shardlab::rng::Rng;
use shardlab::scenario::Scenario;
use shardlab::sim::Simulation;
use shardlab::units::SimTime;
use shardlab::view::player::{Direction, Player, StepUnit};

proptest! {
    // Each case runs a scenario of some thousand events about ten times; 48 of them take a few seconds.
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Twice, in chunks of random length and of random event counts, and after a clone in the middle.
    #[test]
    fn any_way_of_running_gives_one_log(shape in Shape::any(), seed: u64) {
        let scenario = scenario(&shape);
        let whole = run(&scenario);
        prop_assert_eq!(run(&scenario).summary(), whole.summary());
        prop_assert_eq!(run_in_chunks(&scenario, seed).summary(), whole.summary());
    }

    /// A run to t is a prefix of a longer run.
    #[test]
    fn a_shorter_run_is_a_prefix(shape in Shape::any(), t in 0u64..30_000) {
        let scenario = scenario(&shape);
        let whole = run(&scenario);
        let mut part = Simulation::new(scenario);
        part.run_until(SimTime(t));
        let count = part.log().count();
        prop_assert_eq!(whole.events_until(SimTime(t)), count);
        prop_assert!(part.events(0, count).eq(whole.events(0, count)));
    }

    /// Going back and forth in a player, by seeking and by steps, shows what the first visit showed.
    #[test]
    fn a_player_shows_every_moment_as_at_the_first_visit(shape in Shape::any(), seed: u64) {
        let scenario = scenario(&shape);
        let mut player = Player::new(scenario.clone());
        let mut rng = Rng::stream(seed, "visits", 0);
        for _ in 0..12 {
            if rng.below(2) == 0 {
                player.seek(SimTime(rng.within(0, scenario.until.0)));
            } else {
                let units = [StepUnit::Event, StepUnit::Batch, StepUnit::Poll, StepUnit::Second];
                let direction = [Direction::Forward, Direction::Back][rng.below(2) as usize];
                player.step(units[rng.below(4) as usize], direction);
            }
            let mut fresh = Simulation::new(scenario.clone());
            fresh.run_until(player.now());
            prop_assert_eq!(player.sim().summary(), fresh.summary());
        }
    }
}

/// Another seed gives another log where something is drawn, and the same where nothing is.
#[test]
fn the_seed_is_the_only_randomness() {
    let digest = |seed, text: &str| {
        let mut scenario = Scenario::from_json(text).unwrap();
        scenario.seed = seed;
        run(&scenario).digest()
    };
    let still = include_str!("../../www/scenarios/parallelization-3.json");
    assert_eq!(digest(1, still), digest(2, still));
    let random = include_str!("../fixtures/scenarios/poisson.json");
    assert_ne!(digest(1, random), digest(2, random));
}
