//! The picture: golden SVGs, and what holds for every picture.
#![cfg(not(target_arch = "wasm32"))]

use shardlab::lang::Lang;
use shardlab::scenario::Scenario;
use shardlab::units::SimTime;
use shardlab::view::cut;
use shardlab::view::picture::{Control, Motion, Part, Picture, Span};
use shardlab::view::player::{Player, Speed};
use shardlab::view::scene::{Bounds, Class, Form, Object, Scene};
use shardlab::view::{stage, timeline};

const ONE_LANE: &str = include_str!("fixtures/scenarios/parallelization-1.json");
const THREE_LANES: &str = include_str!("fixtures/scenarios/parallelization-3.json");
const ERROR: &str = include_str!("fixtures/scenarios/parallelization-3-error.json");

const DEPLOY: &str = include_str!("../www/scenarios/deploy-2-shards.json");
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

/// Two of ten records fail; batches are split, and given up after two attempts.
fn failing() -> String {
    let fails =
        |number: u32| serde_json::json!({"when": {"partitionKey": "1", "number": number}, "then": "throw"});
    serde_json::json!({
        "version": 1, "id": "failing", "until": 60_000,
        "stream": {"StreamName": "s", "ShardCount": 1},
        "producers": [{"type": "rounds", "partitionKeys": ["1"], "rounds": 10, "period": 1, "startAt": 500}],
        "functions": [{"FunctionName": "f", "Timeout": 30,
            "versions": {"1": {"handler": {"perRecord": 1000, "rules": [fails(4), fails(9)]}}}}],
        "eventSourceMappings": [{"EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s",
            "FunctionName": "f", "StartingPosition": "TRIM_HORIZON", "BisectBatchOnFunctionError": true,
            "MaximumRetryAttempts": 1,
            "DestinationConfig": {"OnFailure": {"Destination": "arn:aws:sqs:us-east-1:123456789012:dlq"}}}]
    })
    .to_string()
}

/// An alias moves to the second and to the third version of a slow function while records flow.
fn deploying() -> String {
    let deploy = |at: u32, version: &str| {
        serde_json::json!({"at": at, "service": "lambda", "operation": "UpdateAlias",
            "request": {"FunctionName": "f", "Name": "live", "FunctionVersion": version}})
    };
    let code = serde_json::json!({"handler": {"perRecord": 1000}});
    serde_json::json!({
        "version": 1, "id": "deploying", "until": 60_000,
        "stream": {"StreamName": "s", "ShardCount": 1},
        "producers": [{"type": "rounds", "partitionKeys": ["1", "2"], "rounds": 25, "period": 1, "startAt": 500}],
        "functions": [{"FunctionName": "f", "Timeout": 30, "versions": {"1": code, "2": code, "3": code},
            "alias": {"Name": "live", "FunctionVersion": "1"}}],
        "eventSourceMappings": [{"EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s",
            "FunctionName": "f:live", "StartingPosition": "TRIM_HORIZON", "BatchSize": 3}],
        "commands": [deploy(15_000, "2"), deploy(35_000, "3")],
        "model": {"rollout": 0}
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
    scenarios.push(("failing".to_owned(), failing()));
    scenarios.push(("deploying".to_owned(), deploying()));
    scenarios.push(("two shards, deploy".to_owned(), DEPLOY.to_owned()));
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
            let [put, shards, waiting, in_flight, stored, others] =
                stage::figures(&Picture::new(&player, Lang::En, 880.0, 412.0));
            assert_eq!(put, waiting + in_flight + stored + others, "{name}, {t} ms");
            let given_up: u64 = player.sim().mappings().iter().map(|mapping| mapping.discarded).sum();
            assert_eq!(others, given_up, "{name}, {t} ms");
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
                for part in Part::ALL {
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
    // Where the middles of records' tokens and ticks are, and which of them are faint.
    let draw = |player: &Player, motion: Motion| {
        let mut scene = Scene::default();
        stage::draw(&Picture { motion, ..Picture::new(player, Lang::En, 880.0, 412.0) }, &mut scene);
        let records = scene.shapes().iter().filter(|shape| matches!(shape.object, Some(Object::Record(_))));
        let middle = |bounds: Bounds| (bounds.center().x * 8.0, bounds.center().y * 8.0);
        let mut places: Vec<_> = records
            .clone()
            .map(|shape| (shape.object, middle(scene.bounds(shape))))
            .map(|(record, (x, y))| (record, x.round() as i64, y.round() as i64))
            .collect();
        places.sort_unstable();
        (places, records.filter(|shape| shape.opacity < 1.0).count())
    };
    let (full, (reduced, faint)) = (draw(&player, Motion::Full).0, draw(&player, Motion::Reduced));
    player.set_speed(Speed::Times(20.0));
    let settled = draw(&player, Motion::Full);
    assert!(full != settled.0);
    assert_eq!(reduced, settled.0);
    assert!(faint > 0 && settled.1 == 0, "{faint} fade in");
    assert_eq!(draw(&player, Motion::Reduced), settled);
}

#[test]
fn where_nothing_moves_the_place_of_what_has_come_is_outlined() {
    let mut player = player(THREE_LANES);
    player.seek(SimTime(5_150));
    let drawn = |motion: Motion, class: Class| {
        let mut scene = Scene::default();
        stage::draw(&Picture { motion, ..Picture::new(&player, Lang::En, 880.0, 412.0) }, &mut scene);
        let found = scene.shapes().iter().filter(|shape| shape.class == class);
        found.map(|shape| scene.bounds(shape).center()).collect::<Vec<_>>()
    };
    assert!(drawn(Motion::Full, Class::Changed).is_empty());
    let outlined = drawn(Motion::Reduced, Class::Changed);
    assert!(!outlined.is_empty());
    for opaque in [Class::Tick, Class::Token, Class::TokenCard].map(|class| drawn(Motion::Reduced, class)) {
        assert!(!opaque.is_empty());
    }
    let tokens = drawn(Motion::Reduced, Class::Token);
    assert!(outlined.iter().any(|place| tokens.contains(place)), "{outlined:?} among {tokens:?}");
}

#[test]
fn a_poller_looks_along_the_shards_that_it_reads_and_no_others() {
    let mut player = player(RESHARD_FLOW);
    let mut eyes = |t: u64, motion: Motion| {
        player.seek(SimTime(t));
        let mut scene = Scene::default();
        stage::draw(&Picture { motion, ..Picture::new(&player, Lang::En, 880.0, 412.0) }, &mut scene);
        let places = scene.shapes().iter().filter(|shape| shape.class == Class::Pupil);
        places.map(|shape| scene.bounds(shape).center().x.round()).collect::<Vec<_>>()
    };
    let at_poll = eyes(10_000, Motion::Full);
    assert!(!at_poll.is_empty());
    assert_eq!(at_poll, eyes(11_000, Motion::Full));
    assert!(eyes(10_500, Motion::Full)[0] < at_poll[0]);
    assert_eq!(eyes(10_500, Motion::Reduced), at_poll);
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

/// What a scene says, but for what stands on tokens.
fn said(scene: &Scene) -> Vec<String> {
    texts(scene).into_iter().map(|(text, _)| text).collect()
}

#[test]
fn a_drained_shard_stays_until_its_children_are_read() {
    let mut player = player(RESHARD_FLOW);
    let mut scene = Scene::default();
    let mut at = |t: u64| {
        player.seek(SimTime(t));
        let mut picture = Picture::new(&player, Lang::En, 1180.0, 420.0);
        picture.motion = Motion::Reduced;
        stage::draw(&picture, &mut scene);
        said(&scene)
    };
    let has = |said: &[String], text: &str| said.iter().any(|said| said == text);
    let before = at(24_000);
    assert!(has(&before, "shard-…000") && !has(&before, "shard-…002"));
    let draining = at(33_000);
    assert!(has(&draining, "waits for shard-…000"), "{draining:?}");
    assert!(draining.iter().any(|said| said.starts_with("CLOSED")), "{draining:?}");
    // Shard 0 is drained, and its children are read from the next tick on.
    let drained = at(39_000);
    assert!(has(&drained, "from 0:40 on") || has(&drained, "will be read from 0:40 on"), "{drained:?}");
    assert!(!drained.iter().any(|said| said.ends_with("…000")), "{drained:?}");
}

#[test]
fn splits_and_merges_move_for_a_moment_and_not_where_that_is_not_wanted() {
    for scenario in [RESHARD, RESHARD_FLOW] {
        let mut player = player(scenario);
        let opened = player.ahead().stream().shards.last().unwrap().opened.0;
        let mut draw = |t: u64, motion: Motion| {
            player.seek(SimTime(t));
            let mut scene = Scene::default();
            stage::draw(&Picture { motion, ..Picture::new(&player, Lang::En, 880.0, 412.0) }, &mut scene);
            let moving = [Class::Knife, Class::Seam, Class::KnifeHead];
            scene.shapes().iter().filter(|shape| moving.contains(&shape.class)).count()
        };
        for (after, moves) in [(0, true), (450, true), (899, true), (900, false)] {
            assert_eq!(draw(opened + after, Motion::Full) > 0, moves, "{after} ms");
            assert_eq!(draw(opened + after, Motion::Reduced), 0);
        }
    }
}

#[test]
fn shards_that_do_not_fit_can_be_paged_to() {
    let mut player = player(&busy(40, 300, 1));
    player.seek(SimTime(5000));
    let mut scene = Scene::default();
    let mut picture = Picture { controls: true, ..Picture::new(&player, Lang::En, 880.0, 412.0) };
    let mut seen = Vec::new();
    loop {
        stage::draw(&picture, &mut scene);
        seen.extend(said(&scene).into_iter().filter(|said| said.starts_with("shard-")));
        let controls = scene.shapes().iter().filter_map(|shape| shape.control);
        let next = controls.filter_map(|control| match control {
            Control::Shards(first) => first,
            Control::Cut(_) => None,
        });
        let Some(next) = next.filter(|&next| Some(next) > picture.shard_first).max() else { break };
        picture.shard_first = Some(next);
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 40);
    // What is selected is drawn without paging.
    (picture.shard_first, picture.selected) = (None, Some(Object::Shard(31)));
    stage::draw(&picture, &mut scene);
    assert!(said(&scene).contains(&"shard-…031".to_owned()));
}

#[test]
fn a_point_on_the_bar_is_a_cut_or_a_seam() {
    let mut player = player(RESHARD_FLOW);
    player.seek(SimTime(33_000));
    let picture = Picture::new(&player, Lang::En, 880.0, 412.0);
    // The bar reaches from 112 to 392, and is open to shards 2, 3 and 1 there.
    let stream = player.sim().stream();
    let target = |y: f64| cut::target(stream, stage::cut_at(&picture, 130.0, y)?);
    let split = |y: f64| match target(y) {
        Some(cut::Target::Split { shard, .. }) => Some(shard),
        Some(cut::Target::Merge { .. }) | None => None,
    };
    assert_eq!([split(120.0), split(230.0), split(380.0)], [Some(2), Some(3), Some(1)]);
    // Half of the way down, 3 and 1 meet.
    assert_eq!(target(250.0), Some(cut::Target::Merge { lower: 3, upper: 1 }));
    assert_eq!((split(244.0), split(259.0)), (Some(3), Some(1)));
    assert_eq!(stage::cut_at(&picture, 130.0, 20.0), None);
    assert_eq!(stage::cut_at(&picture, 500.0, 230.0), None);
    assert_eq!(stage::cut_at(&picture, 130.0, 322.0).map(|key| key.0), Some(3 << 126));
    let line = cut::command(stream, target(322.0).unwrap());
    assert!(line.ends_with("--new-starting-hash-key 255211775190703847597530955573826158592"), "{line}");
}

#[test]
fn the_whole_run_is_shown_once_it_is_over() {
    let mut player = player(ONE_LANE);
    let mut scene = Scene::default();
    let end = player.end();
    let mut first_label = |t: SimTime, span: Span| {
        player.seek(t);
        timeline::draw(&Picture { span, ..Picture::new(&player, Lang::En, 880.0, 348.0) }, &mut scene);
        said(&scene).contains(&"0:00".to_owned())
    };
    assert!(first_label(end, Span::Near) && !first_label(end, Span::Window));
    assert!(!first_label(SimTime(200_000), Span::Near) && first_label(SimTime(200_000), Span::Whole));
}

#[test]
fn a_failed_batch_is_seen_being_split_and_given_up() {
    let mut player = player(&failing());
    let mut scene = Scene::default();
    let mut at = |t: u64| {
        player.seek(SimTime(t));
        stage::draw(&Picture::new(&player, Lang::En, 880.0, 412.0), &mut scene);
        let of = |class: Class| scene.shapes().iter().filter(|shape| shape.class == class).count();
        let gone: Vec<_> = scene.shapes().iter().filter_map(|shape| shape.object).collect();
        let documents = (0..9).filter(|&idx| gone.contains(&Object::Discard(idx))).count();
        (of(Class::Tear) / 2, documents, said(&scene).join("|"))
    };
    let (tears, documents, texts) = at(4000);
    assert_eq!((tears, documents), (0, 0), "{texts}");
    // The first five are being handled again, the others wait behind the tear.
    let (tears, documents, texts) = at(6000);
    assert_eq!((tears, documents), (1, 0), "{texts}");
    for text in ["half", "A failed batch is done again in halves. Some work repeats.", "|10|"] {
        assert!(texts.contains(text), "{text} is not in {texts}");
    }
    let (tears, documents, texts) = at(60_000);
    assert_eq!((tears, documents), (0, 2), "{texts}");
    for text in [
        "8 of 10 records are stored, 2 in the dead-letter queue.",
        "Dead-letter queue · records: 2, documents: 2",
        "|Stored|8|2 in DLQ|",
    ] {
        assert!(texts.contains(text), "{text} is not in {texts}");
    }
    let mut ends = |scenario: &str, class: Class| {
        let mut player = self::player(scenario);
        player.seek(player.end());
        timeline::draw(&Picture::new(&player, Lang::En, 880.0, 348.0), &mut scene);
        scene.shapes().iter().filter(|shape| shape.class == class).count()
    };
    // Article B: a checkpoint cuts three times.
    let report = include_str!("../www/scenarios/checkpoint-report.json");
    let slow = report.replace("\"perRecord\": 10", "\"perRecord\": 700");
    assert_ne!(slow, report);
    assert_eq!((ends(&slow, Class::Checkpoint), ends(&slow, Class::FrameFailed)), (3, 0));
}

#[test]
fn where_records_fall_what_is_gone_is_seen_too() {
    let mut player = player(include_str!("../www/scenarios/parallelization-3-error-retries.json"));
    player.seek(SimTime(140_000));
    let mut scene = Scene::default();
    for (width, gone) in [(390.0, "12 in DLQ"), (320.0, "12 in DLQ")] {
        stage::draw(&Picture::new(&player, Lang::En, width, 504.0), &mut scene);
        let texts = said(&scene).join("|");
        assert!(texts.contains(gone) && texts.contains("12 in the queue"), "{width}: {texts}");
        assert!(scene.shapes().iter().any(|shape| shape.object == Some(Object::Discard(0))), "{width}");
    }
}

#[test]
fn a_record_tells_all_of_its_attempts_whatever_other_lanes_did_meanwhile() {
    let mut player = player(include_str!("../www/scenarios/retention-expiry.json"));
    player.seek(SimTime(86_420_000));
    let mut scene = Scene::default();
    for (width, height) in [(880.0, 412.0), (390.0, 504.0)] {
        stage::draw(&Picture::new(&player, Lang::En, width, height), &mut scene);
        let texts = said(&scene).join("|");
        assert!(texts.contains("×38") && !texts.contains("×37"), "{texts}");
    }
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
    let scenarios: [(&str, &str, &[u64]); 4] = [
        ("parallelization-1", ONE_LANE, &[0, 60, 181]),
        ("parallelization-3", THREE_LANES, &[0, 60, 181]),
        // Before, between the two splits, and after them.
        ("reshard-2-to-4", RESHARD, &[0, 140, 240]),
        // A parent that is drained, a child that waits for one of two, and the end.
        ("reshard-flow", RESHARD_FLOW, &[33, 58, 120]),
    ];
    for (name, scenario, moments) in scenarios {
        let mut player = player(scenario);
        for &seconds in moments {
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

#[test]
fn a_version_is_told_by_shape_and_name() {
    let mut player = player(&deploying());
    let mut scene = Scene::default();
    let mut outlines = |t: u64| {
        player.seek(SimTime(t));
        let mut picture = Picture::new(&player, Lang::En, 1180.0, 420.0);
        picture.motion = Motion::Reduced;
        stage::draw(&picture, &mut scene);
        let card = scene.shapes().iter().find(|shape| shape.class == Class::Card).unwrap();
        let square = matches!(card.form, Form::Rect { radius: 0.0, .. });
        let cut = matches!(card.form, Form::Path { .. });
        // An environment's mark has a double edge, too.
        let large = |form: Form| matches!(form, Form::Rect { bounds, .. } if bounds.width > 40.0);
        let double =
            scene.shapes().iter().any(|shape| shape.class == Class::VersionEdge && large(shape.form));
        let names: Vec<String> = said(&scene).into_iter().filter(|said| said.starts_with('v')).collect();
        timeline::draw(&picture, &mut scene);
        let bars: Vec<String> = said(&scene).into_iter().filter(|said| said.starts_with('v')).collect();
        (square, double, cut, names, bars.contains(&"v1".to_owned()))
    };
    let name = |name: &str| vec![name.to_owned()];
    assert_eq!(outlines(10_000), (true, false, false, name("v1"), true));
    assert_eq!(outlines(30_000), (false, true, false, name("v2"), true));
    assert_eq!(outlines(50_000), (false, false, true, name("v3"), true));
}

#[test]
fn a_function_with_one_version_has_no_version_in_the_picture() {
    let mut player = player(THREE_LANES);
    player.seek(SimTime(60_000));
    let mut scene = Scene::default();
    stage::draw(&Picture::new(&player, Lang::En, 1180.0, 420.0), &mut scene);
    assert!(!said(&scene).iter().any(|said| said == "v1"));
    assert!(scene.shapes().iter().all(|shape| shape.class != Class::VersionEdge));
}
