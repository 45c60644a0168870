//! How long it takes to go to any moment of a run, natively: the simulation alone, and with both pictures drawn.
//!
//! `cargo bench --bench seek` prints percentiles, and fails where the 95th of a run of 10^5 events is above the bar.
//! The same in the page: `tests/e2e/seek.spec.mjs`. `docs/performance.md` has the figures.
#![expect(clippy::disallowed_types, reason = "a benchmark measures real time")]

use std::time::{Duration, Instant};

use serde_json::json;
use shardlab::lang::Lang;
use shardlab::rng::Rng;
use shardlab::scenario::Scenario;
use shardlab::units::SimTime;
use shardlab::view::picture::Picture;
use shardlab::view::player::Player;
use shardlab::view::scene::Scene;
use shardlab::view::{stage, timeline};

/// Seeks of each run.
const SEEKS: u64 = 400;
/// The 95th percentile in a run of 10^5 events is to be no longer.
const BAR: Duration = Duration::from_millis(50);

/// A run of 500 records a second for so many seconds.
fn scenario(seconds: u64) -> Scenario {
    let text = json!({"version": 1, "id": "seek", "until": seconds * 1000,
        "stream": {"ShardCount": 4},
        "producers": [{"type": "rate", "recordsPerSecond": 500, "stopAt": seconds * 1000, "keys": {"count": 1000}}],
        "functions": [{"FunctionName": "f", "versions": {"1": {"handler": {"perRecord": 5}}}}],
        "eventSourceMappings": [{"EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s",
            "FunctionName": "f", "StartingPosition": "TRIM_HORIZON", "ParallelizationFactor": 2}]});
    Scenario::from_json(&text.to_string()).unwrap_or_else(|problems| panic!("{problems:?}"))
}

/// What percentage of the times is no longer.
fn percentile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    times[(times.len() - 1) * percent / 100]
}

fn main() {
    for (seconds, least, bar) in [(100, 100_000, Some(BAR)), (1000, 1_000_000, None)] {
        let mut player = Player::new(scenario(seconds));
        let until = player.sim().scenario().until;
        while player.ahead().now() < until {
            player.advance(16.0);
        }
        let events = player.ahead().log().count();
        assert!(events > least, "{events} events");
        let mut rng = Rng::stream(42, "seeks", 0);
        let mut scene = Scene::default();
        let (mut alone, mut drawn) = (Vec::new(), Vec::new());
        for _ in 0..SEEKS {
            let t = SimTime(rng.below(until.0 as u32).into());
            let start = Instant::now();
            player.seek(t);
            alone.push(start.elapsed());
            stage::draw(&Picture::new(&player, Lang::En, 880.0, 412.0), &mut scene);
            timeline::draw(&Picture::new(&player, Lang::En, 880.0, 348.0), &mut scene);
            drawn.push(start.elapsed());
        }
        for (name, times) in [("seek", &mut alone), ("seek and draw", &mut drawn)] {
            let (half, most) = (percentile(times, 50), percentile(times, 95));
            println!(
                "{events} events, {name}: p50 {half:.2?}, p95 {most:.2?}, longest {:.2?}",
                times[times.len() - 1]
            );
            assert!(bar.is_none_or(|bar| most <= bar), "{most:?} is above the bar");
        }
    }
}
