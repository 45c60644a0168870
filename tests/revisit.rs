//! Coming back: any moment has the same state and the same picture at every visit, and a link leads to what was seen.
#![cfg(not(target_arch = "wasm32"))]

use shardlab::exchange::link::{Link, Shown};
use shardlab::lang::Lang;
use shardlab::rng::Rng;
use shardlab::scenario::{CommandAction, Scenario};
use shardlab::sim::Simulation;
use shardlab::units::SimTime;
use shardlab::view::bookmark;
use shardlab::view::picture::{Part, Picture, Span};
use shardlab::view::player::{Direction, Player, StepUnit};
use shardlab::view::scene::{Object, Scene};
use shardlab::view::ui::{Tab, UiState};
use shardlab::view::zoom::{self, Step};
use shardlab::view::{address, shipped, stage, timeline};

/// A run, known to its end.
fn player(text: &str) -> Player {
    let mut player = Player::new(Scenario::from_json(text).unwrap());
    learn(&mut player);
    player
}

fn learn(player: &mut Player) {
    while player.ahead().now() < player.sim().scenario().until {
        player.advance(0.0);
    }
}

/// Both pictures of what is seen.
fn pictures(player: &Player, ui: &UiState) -> String {
    let mut scene = Scene::default();
    let picture = |height| {
        let picture = Picture::new(player, ui.lang, 880.0, height);
        let (selected, span, part) = (ui.selection, ui.span, ui.part);
        Picture { selected, span, part, bookmarks: &ui.bookmarks, hover: ui.hover, ..picture }
    };
    stage::draw(&picture(412.0), &mut scene);
    let mut svg = scene.write_svg();
    timeline::draw(&picture(348.0), &mut scene);
    svg.push_str(&scene.write_svg());
    svg
}

/// 2000 records a second, so that there are keyframes on the way.
fn busy() -> String {
    serde_json::json!({
        "version": 1, "id": "busy", "until": 40_000, "stream": {"ShardCount": 3},
        "producers": [{"type": "rate", "recordsPerSecond": 2000, "keys": {"count": 500}, "size": {"min": 50, "max": 900}}],
        "functions": [{"FunctionName": "f", "Timeout": 9, "versions": {"1": {"handler":
            {"perRecord": 3, "rules": [{"when": {"chance": [1, 400]}, "then": "throw"}]}}}}],
        "eventSourceMappings": [{"EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s",
            "FunctionName": "f", "StartingPosition": "TRIM_HORIZON", "ParallelizationFactor": 3,
            "BisectBatchOnFunctionError": true, "MaximumRetryAttempts": 2}]
    })
    .to_string()
}

#[test]
fn every_visit_of_a_moment_is_like_the_first() {
    let texts: Vec<String> =
        ["parallelization-3", "parallelization-3-error", "hot-shard-split", "deploy-1-shard"]
            .iter()
            .map(|id| shipped::text_of(id).unwrap().to_owned())
            .chain([busy()])
            .collect();
    for text in &texts {
        let mut player = player(text);
        let id = player.sim().scenario().id.clone();
        let end = player.end().0;
        let ui = UiState { selection: Some(Object::Record(3)), ..UiState::default() };
        let mut rng = Rng::stream(7, "visits", 0);
        // Forward first, one after the other.
        let mut moments: Vec<u64> = (0..12).map(|_| rng.below(end as u32).into()).collect();
        moments.extend([0, end]);
        moments.sort_unstable();
        let mut first = Vec::new();
        for &t in &moments {
            player.seek(SimTime(t));
            first.push((player.sim().state_hash(), pictures(&player, &ui)));
        }
        for _ in 0..40 {
            let place = rng.below(moments.len() as u32) as usize;
            player.seek(SimTime(moments[place]));
            let again = (player.sim().state_hash(), pictures(&player, &ui));
            assert_eq!(again.0, first[place].0, "{id} at {} ms: the state", moments[place]);
            assert!(again.1 == first[place].1, "{id} at {} ms: the picture", moments[place]);
        }
        // And it is the state of a run that went there at once.
        for (&t, (hash, _)) in moments.iter().zip(&first) {
            let mut sim = Simulation::new(Scenario::from_json(text).unwrap());
            sim.run_until(SimTime(t));
            assert_eq!(sim.state_hash(), *hash, "{id} at {t} ms");
        }
        let hashes: std::collections::BTreeSet<u64> = first.iter().map(|(hash, _)| *hash).collect();
        moments.dedup();
        assert_eq!(hashes.len(), moments.len(), "{id}: other moments have other hashes");
    }
}

#[test]
fn steps_there_and_back_come_to_the_same_state() {
    let mut player = player(shipped::text_of("parallelization-3-error").unwrap());
    for unit in [StepUnit::Event, StepUnit::Batch, StepUnit::Poll, StepUnit::Second] {
        player.seek(SimTime(60_000));
        let mut visits = vec![(player.now(), player.sim().state_hash())];
        for _ in 0..6 {
            player.step(unit, Direction::Forward);
            visits.push((player.now(), player.sim().state_hash()));
        }
        assert!(visits.windows(2).all(|pair| pair[0].0 < pair[1].0), "{unit:?}: {visits:?}");
        for visit in visits.iter().rev().skip(1) {
            player.step(unit, Direction::Back);
            // The first moment need not be on the grid of the steps.
            if player.now() == visit.0 {
                assert_eq!(player.sim().state_hash(), visit.1, "{unit:?}");
            } else {
                assert_eq!(visit.0, SimTime(60_000), "{unit:?}");
            }
        }
    }
}

#[test]
fn a_link_leads_to_what_was_seen() {
    let base = shipped::text_of("parallelization-3").unwrap();
    let mut seen = player(base);
    seen.seek(SimTime(40_000));
    let line = "aws kinesis split-shard --stream-name s --shard-to-split shardId-000000000000 \
                --new-starting-hash-key 170141183460469231731687303715884105728";
    let done = seen.command(CommandAction::Cli(line.into()));
    learn(&mut seen);
    seen.seek(SimTime(90_000));
    // The text that the page keeps: the scenario with the command that was given.
    let mut document: serde_json::Value = serde_json::from_str(base).unwrap();
    document["commands"] = serde_json::json!([seen.sim().commands()[done.command].to_json()]);
    let chosen = zoom::apply(&seen, Span::Near, Step::To(SimTime(20_000), SimTime(100_000)));
    let ui = UiState {
        lang: Lang::Ja,
        tab: Tab::Log,
        selection: Some(Object::Invocation(2)),
        span: zoom::apply(&seen, chosen, Step::In),
        part: Part::Charts,
        bookmarks: bookmark::of(&[SimTime(40_001), SimTime(90_000)]),
        ..UiState::default()
    };
    let scenario = Some(Shown::of(&document.to_string(), Some(("parallelization-3", base))));
    let link = Link { scenario, t: Some(seen.now()), lang: Some(ui.lang), ..Link::default() };
    let address = address::with_sight(link, &ui).write();
    assert!(address.len() < 700, "{} bytes", address.len());

    let link = Link::read(&address).unwrap();
    let Some(Shown::Changed(change)) = &link.scenario else { panic!("{link:?}") };
    let mut again = player(&change.applied_to(base).unwrap());
    again.seek(link.t.unwrap());
    let looking = address::looking(&UiState { lang: link.lang.unwrap(), ..UiState::default() }, &link);
    assert_eq!((again.now(), again.sim().state_hash()), (seen.now(), seen.sim().state_hash()));
    assert_eq!(looking, ui);
    assert!(pictures(&again, &looking) == pictures(&seen, &ui));
    // And it goes on in the same way: the window goes along.
    for player in [&mut again, &mut seen] {
        player.seek(SimTime(120_000));
    }
    assert!(pictures(&again, &looking) == pictures(&seen, &ui));
}
