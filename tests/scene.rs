//! The picture: golden SVGs, and what holds for every picture.
#![cfg(not(target_arch = "wasm32"))]

use shardlab::lang::Lang;
use shardlab::scenario::Scenario;
use shardlab::units::SimTime;
use shardlab::view::picture::{Motion, Part, Picture};
use shardlab::view::player::{Player, Speed};
use shardlab::view::scene::{Bounds, Class, Form, Object, Scene};
use shardlab::view::{stage, timeline};

const ONE_LANE: &str = include_str!("fixtures/scenarios/parallelization-1.json");
const THREE_LANES: &str = include_str!("fixtures/scenarios/parallelization-3.json");
const ERROR: &str = include_str!("fixtures/scenarios/parallelization-3-error.json");

const RESHARD: &str = include_str!("../www/scenarios/reshard-2-to-4.json");
const RESHARD_FLOW: &str = include_str!("fixtures/scenarios/reshard-flow.json");

/// A run, known to its end.
fn player(scenario: &str) -> Player {
    let mut player = Player::new(Scenario::from_json(scenario).unwrap());
    while player.ahead().now() < player.sim().scenario().until {
        player.advance(0.0);
    }
    player
}

/// A scenario with some numbers changed.
fn with(scenario: &str, changes: &[(&str, u32)]) -> String {
    let mut value: serde_json::Value = serde_json::from_str(scenario).unwrap();
    for &(name, number) in changes {
        let place =
            if name == "ShardCount" { &mut value["stream"] } else { &mut value["eventSourceMappings"][0] };
        place[name] = number.into();
    }
    value.to_string()
}

/// Many keys at a high rate.
fn busy(shards: u32, rate: u32, factor: u32) -> String {
    serde_json::json!({
        "version": 1, "id": "busy", "seed": 42, "until": 60_000, "account": "123456789012", "region": "us-east-1",
        "stream": {"StreamName": "s", "ShardCount": shards},
        "producers": [{"type": "rate", "recordsPerSecond": rate, "keys": {"count": 1000}, "size": {"min": 100, "max": 300}}],
        "functions": [{"FunctionName": "f", "Timeout": 30, "versions": {"1": {"handler": {"perRecord": 25}}},
            "coldStart": {"min": 200, "max": 900}}],
        "eventSourceMappings": [{"EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s", "FunctionName": "f",
            "BatchSize": 100, "ParallelizationFactor": factor, "MaximumBatchingWindowInSeconds": 2,
            "StartingPosition": "TRIM_HORIZON"}]
    })
    .to_string()
}

fn scenarios() -> Vec<(String, String)> {
    let mut scenarios =
        vec![("error".to_owned(), ERROR.to_owned()), ("one lane".to_owned(), ONE_LANE.to_owned())];
    for (shards, factor) in [(1, 2), (1, 3), (1, 5), (1, 10), (2, 1), (3, 3), (4, 2), (7, 1), (5, 10)] {
        let changes = [("ShardCount", shards), ("ParallelizationFactor", factor)];
        scenarios.push((format!("{shards} shards, factor {factor}"), with(THREE_LANES, &changes)));
    }
    scenarios.push(("small batches".to_owned(), with(THREE_LANES, &[("BatchSize", 3)])));
    scenarios.push(("busy 1".to_owned(), busy(1, 30, 1)));
    scenarios.push(("busy 3".to_owned(), busy(3, 200, 3)));
    scenarios.push(("reshard under load".to_owned(), RESHARD_FLOW.to_owned()));
    scenarios.push(("reshard, no consumer".to_owned(), RESHARD.to_owned()));
    scenarios
}

const SIZES: [(f64, f64, f64); 6] = [
    (880.0, 412.0, 348.0),
    (976.0, 300.0, 176.0),
    (1180.0, 420.0, 348.0),
    (600.0, 400.0, 300.0),
    (390.0, 540.0, 110.0),
    (330.0, 480.0, 240.0),
];

/// Draws stage and time line of every scenario, moment, size and language.
fn for_every_picture(mut look: impl FnMut(&str, &Picture, &Scene)) {
    let mut scene = Scene::default();
    for (name, scenario) in scenarios() {
        let mut player = player(&scenario);
        for t in [0, 350, 1_900, 5_200, 29_000, 33_000, 42_000, 56_000, 60_000, 181_000] {
            player.seek(SimTime(t));
            for (width, stage_height, timeline_height) in SIZES {
                for lang in [Lang::En, Lang::Ja] {
                    let mut picture = Picture::new(&player, lang, width, stage_height);
                    picture.motion = Motion::Reduced;
                    picture.controls = true;
                    let what = format!("{name}, {t} ms, {width} wide, {lang:?}");
                    stage::draw(&picture, &mut scene);
                    look(&format!("stage: {what}"), &picture, &scene);
                    picture.height = timeline_height;
                    timeline::draw(&picture, &mut scene);
                    look(&format!("timeline: {what}"), &picture, &scene);
                }
            }
        }
    }
}

/// Texts but for those on tokens, which move, and cover each other in decks.
fn texts(scene: &Scene) -> Vec<(String, Bounds)> {
    let text = |form: Form| match form {
        Form::Text { first, count, .. } => scene.text_of(first, count).to_owned(),
        Form::Rect { .. } | Form::Circle { .. } | Form::Path { .. } => String::new(),
    };
    let shapes =
        scene.shapes().iter().filter(|shape| shape.class.is_text() && shape.class != Class::TokenText);
    shapes.map(|shape| (text(shape.form), scene.bounds(shape))).collect()
}

/// Some of many problems.
fn head(problems: &[String]) -> String {
    let every = problems.len().div_ceil(20).max(1);
    problems.iter().step_by(every).cloned().collect::<Vec<_>>().join("\n")
}

#[test]
fn no_two_texts_overlap() {
    let mut problems = Vec::new();
    for_every_picture(|what, _, scene| {
        let texts = texts(scene);
        for (place, (text, bounds)) in texts.iter().enumerate() {
            let overlapped = texts[place + 1..].iter().filter(|(_, other)| bounds.overlaps(*other));
            problems.extend(overlapped.map(|(other, _)| format!("{what}: {text:?} and {other:?}")));
        }
    });
    assert!(problems.is_empty(), "{} overlaps:\n{}", problems.len(), head(&problems));
}

#[test]
fn everything_is_inside() {
    let mut problems = Vec::new();
    for_every_picture(|what, picture, scene| {
        let inside = Bounds::new(0.0, 0.0, picture.width, picture.height).grown(2.0);
        for shape in scene.shapes() {
            let bounds = scene.bounds(shape);
            let corners = inside.x <= bounds.x && bounds.right() <= inside.right();
            if !(corners && inside.y <= bounds.y && bounds.bottom() <= inside.bottom()) {
                problems.push(format!("{what}: {shape:?}"));
            }
        }
    });
    assert!(problems.is_empty(), "{} outside:\n{}", problems.len(), head(&problems));
}

#[test]
fn figures_add_up() {
    for (name, scenario) in scenarios() {
        let mut player = player(&scenario);
        for t in (0..60_000).step_by(777) {
            player.seek(SimTime(t));
            let [put, shards, waiting, in_flight, stored] =
                stage::figures(&Picture::new(&player, Lang::En, 880.0, 412.0));
            assert_eq!(put, waiting + in_flight + stored, "{name}, {t} ms");
            assert_eq!(put, u64::from(player.sim().stream().records.len()), "{name}, {t} ms");
            assert_eq!(shards as usize, player.sim().stream().open_shards().len());
        }
    }
}

/// The picture at each of these times, one after another.
fn pictures(player: &mut Player, times: &[u64]) -> Vec<String> {
    let mut scene = Scene::default();
    let draw = |&t: &u64| {
        player.seek(SimTime(t));
        let mut picture = Picture::new(player, Lang::En, 880.0, 412.0);
        picture.selected = Some(Object::Record(3));
        stage::draw(&picture, &mut scene);
        let mut svg = scene.write_svg();
        timeline::draw(&picture, &mut scene);
        svg.push_str(&scene.write_svg());
        svg
    };
    times.iter().map(draw).collect()
}

#[test]
fn going_back_gives_the_same_picture_also_in_flight() {
    for (name, scenario) in [("error", ERROR.to_owned()), ("busy", busy(3, 200, 3))] {
        let mut player = player(&scenario);
        player.set_speed(Speed::Times(2.0));
        let there = pictures(&mut player, &[0, 1_200, 5_150, 5_400, 12_111, 50_000]);
        let mut back = pictures(&mut player, &[50_000, 12_111, 5_400, 5_150, 1_200, 0]);
        back.reverse();
        assert!(there == back, "{name}");
    }
}

#[test]
fn the_number_of_shapes_is_bounded() {
    const SHAPES_MAX: usize = 3000;
    for (shards, rate, factor) in [(10_000, 3_000, 1), (10_000, 2_000, 10), (1, 900, 10), (40, 3_000, 2)] {
        let mut player = player(&busy(shards, rate, factor));
        for t in [10_000, 34_100] {
            player.seek(SimTime(t));
            for width in [390.0, 880.0, 1200.0] {
                let mut scene = Scene::default();
                let mut picture = Picture::new(&player, Lang::En, width, 412.0);
                stage::draw(&picture, &mut scene);
                assert!(scene.shapes().len() <= SHAPES_MAX, "{} shapes on the stage", scene.shapes().len());
                for part in [Part::Both, Part::Quilt, Part::Gantt] {
                    picture.part = part;
                    timeline::draw(&picture, &mut scene);
                    assert!(
                        scene.shapes().len() <= SHAPES_MAX,
                        "{} shapes of the time line",
                        scene.shapes().len()
                    );
                }
            }
        }
    }
}

#[test]
fn nothing_flies_at_high_speed_or_where_motion_is_not_wanted() {
    let mut player = player(THREE_LANES);
    player.seek(SimTime(5_150));
    let draw = |player: &Player, motion: Motion| {
        let mut scene = Scene::default();
        stage::draw(&Picture { motion, ..Picture::new(player, Lang::En, 880.0, 412.0) }, &mut scene);
        scene.write_svg()
    };
    let (full, reduced) = (draw(&player, Motion::Full), draw(&player, Motion::Reduced));
    player.set_speed(Speed::Times(20.0));
    assert!(full != reduced);
    assert!(draw(&player, Motion::Full) == reduced);
}

#[test]
fn every_record_that_is_drawn_can_be_pointed_at() {
    let mut player = player(THREE_LANES);
    player.seek(SimTime(60_000));
    let mut picture = Picture::new(&player, Lang::En, 880.0, 412.0);
    let mut scene = Scene::default();
    stage::draw(&picture, &mut scene);
    let found = |object: Object, scene: &Scene| {
        (0..880).any(|x| (0..412).any(|y| scene.object_at(f64::from(x), f64::from(y)) == Some(object)))
    };
    let running = player.sim().invocations().len() - 1;
    assert!(found(Object::Shard(0), &scene) && found(Object::Invocation(running), &scene));
    let record = player.sim().batch(running).next().unwrap();
    assert!(found(Object::Record(record), &scene));
    picture.height = 348.0;
    timeline::draw(&picture, &mut scene);
    assert!(found(Object::Record(record), &scene) && found(Object::Record(0), &scene));
}

#[test]
fn style_names_every_class() {
    let css = include_str!("../www/scene.css");
    for class in Class::ALL {
        let rule = format!(".scene .{}", class.name());
        let named = css.match_indices(&rule).any(|(at, _)| css[at + rule.len()..].starts_with([' ', ',']));
        // Some texts look as texts do.
        let plain = matches!(class, Class::CellText);
        assert!(named || plain, "{rule}");
    }
    assert!(!css.contains("font-size"), "sizes of fonts belong to the layout");
}

#[test]
fn goldens() {
    for (name, scenario) in [("parallelization-1", ONE_LANE), ("parallelization-3", THREE_LANES)] {
        let mut player = player(scenario);
        for seconds in [0, 60, 181] {
            player.seek(SimTime(seconds * 1000));
            let mut picture = Picture::new(&player, Lang::En, 880.0, 412.0);
            let mut scene = Scene::default();
            stage::draw(&picture, &mut scene);
            insta::assert_snapshot!(format!("{name}-{seconds}-stage"), scene.write_svg());
            picture.height = 348.0;
            timeline::draw(&picture, &mut scene);
            insta::assert_snapshot!(format!("{name}-{seconds}-timeline"), scene.write_svg());
        }
    }
}
