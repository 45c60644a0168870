//! The time line: chosen windows, charts, and what is lit in both pictures.
#![cfg(not(target_arch = "wasm32"))]

use shardlab::lang::Lang;
use shardlab::scenario::Scenario;
use shardlab::units::SimTime;
use shardlab::view::hover::Hover;
use shardlab::view::picture::{Part, Picture, Pointer, Span};
use shardlab::view::player::Player;
use shardlab::view::scene::{Bounds, Class, Form, Object, Point, Scene};
use shardlab::view::{shipped, stage, timeline, zoom};

const THREE_LANES: &str = include_str!("fixtures/scenarios/parallelization-3.json");

/// A run, known to its end.
fn player(scenario: &str) -> Player {
    let mut player = Player::new(Scenario::from_json(scenario).unwrap());
    while player.ahead().now() < player.sim().scenario().until {
        player.advance(0.0);
    }
    player
}

/// Many keys at a high rate, with throttled puts and failing invocations.
fn busy() -> String {
    serde_json::json!({
        "version": 1, "id": "busy", "until": 60_000, "stream": {"ShardCount": 2},
        "producers": [{"type": "rate", "recordsPerSecond": 3000, "keys": {"count": 1000}}],
        "functions": [{"FunctionName": "f", "Timeout": 30, "versions": {"1": {"handler":
            {"perRecord": 25, "rules": [{"when": {"chance": [1, 900]}, "then": "throw"}]}}}}],
        "eventSourceMappings": [{"EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s",
            "FunctionName": "f", "StartingPosition": "TRIM_HORIZON", "ParallelizationFactor": 10,
            "MaximumRetryAttempts": 1}]
    })
    .to_string()
}

/// What a scene says.
fn said(scene: &Scene) -> Vec<String> {
    let texts = scene.shapes().iter().filter_map(|shape| match shape.form {
        Form::Text { first, count, .. } => Some(scene.text_of(first, count).to_owned()),
        Form::Rect { .. } | Form::Circle { .. } | Form::Path { .. } => None,
    });
    texts.collect()
}

/// The bounds of everything of a class in a scene.
fn of_class(scene: &Scene, class: Class) -> Vec<Bounds> {
    let shapes = scene.shapes().iter().filter(|shape| shape.class == class);
    shapes.map(|shape| scene.bounds(shape)).collect()
}

#[test]
fn a_chosen_window_fills_the_plot_and_the_playhead_may_be_beside_it() {
    let mut player = player(THREE_LANES);
    player.seek(SimTime(60_000));
    let mut scene = Scene::default();
    let mut draw = |from: u64, to: u64| {
        let span = zoom::apply(&player, Span::Near, zoom::Step::To(SimTime(from), SimTime(to)));
        let picture = Picture { span, ..Picture::new(&player, Lang::En, 880.0, 348.0) };
        timeline::draw(&picture, &mut scene);
        let places = [100.0, 500.0, 860.0].map(|x| timeline::time_at(&picture, x));
        (said(&scene), of_class(&scene, Class::Playhead).len(), places)
    };
    let (texts, playheads, [first, middle, last]) = draw(40_000, 80_000);
    assert!(texts.contains(&"1:00".to_owned()) && playheads > 0, "{texts:?}");
    assert!(first < middle && middle < last && last.is_some_and(|last| last.0 <= 80_000), "{last:?}");
    let (texts, playheads, _) = draw(10_000, 12_000);
    assert!(texts.contains(&"1:00.0 ›".to_owned()) && playheads == 0, "{texts:?}");
    assert!(texts.contains(&"0:11.0".to_owned()), "{texts:?}");
    let (texts, playheads, _) = draw(100_000, 120_000);
    assert!(texts.contains(&"‹ 1:00".to_owned()) && playheads == 0, "{texts:?}");
}

#[test]
fn keys_behind_for_which_there_is_no_room_are_counted() {
    let mut player = player(include_str!("../www/scenarios/throttled-function.json"));
    player.seek(SimTime(20_000));
    let mut scene = Scene::default();
    timeline::draw(&Picture::new(&player, Lang::En, 880.0, 348.0), &mut scene);
    let texts = said(&scene);
    let behind = texts.iter().filter(|text| text.ends_with(" s") || text.ends_with("behind")).count();
    assert!(texts.contains(&"+3".to_owned()) && behind >= 5, "{texts:?}");
}

#[test]
fn charts_say_their_values_at_the_playhead_and_under_the_mouse() {
    let mut player = player(THREE_LANES);
    player.seek(SimTime(60_000));
    let mut scene = Scene::default();
    let mut draw = |part: Part, pointer: Option<f64>| {
        let pointer = pointer.map(|x| Pointer { at: Point::new(x, 200.0), pressed: None });
        let picture = Picture { part, pointer, ..Picture::new(&player, Lang::En, 880.0, 348.0) };
        timeline::draw(&picture, &mut scene);
        (said(&scene), of_class(&scene, Class::ChartLine).len(), of_class(&scene, Class::Crosshair).len())
    };
    // The two that say most, with both ages.
    let (texts, _, crosshairs) = draw(Part::All, None);
    for text in ["IteratorAge", "17.5 s", "0.0 s", "Concurrent executions", "3", "70 s"] {
        assert!(texts.contains(&text.to_owned()), "{text} is not in {texts:?}");
    }
    assert!(!texts.contains(&"Failed invocations".to_owned()) && crosshairs == 0);
    let (texts, lines, _) = draw(Part::Charts, None);
    assert!(texts.contains(&"Failed invocations".to_owned()) && lines >= 5, "{texts:?}");
    // Right at the start of the plot nothing has been invoked yet.
    let (texts, _, crosshairs) = draw(Part::All, Some(90.0));
    assert!(!texts.contains(&"17.5 s".to_owned()) && crosshairs == 1, "{texts:?}");
}

#[test]
fn a_chart_has_as_many_segments_as_the_picture_is_wide() {
    let mut player = player(&busy());
    player.seek(player.end());
    let mut scene = Scene::default();
    let picture = Picture { part: Part::Charts, ..Picture::new(&player, Lang::En, 880.0, 348.0) };
    timeline::draw(&picture, &mut scene);
    let longest = scene.shapes().iter().filter_map(|shape| match shape.form {
        Form::Path { count, .. } => Some(count),
        Form::Rect { .. } | Form::Circle { .. } | Form::Text { .. } => None,
    });
    assert!(longest.max().unwrap() <= 880, "two segments for each bin of two pixels");
    assert!(scene.shapes().len() < 200, "{}", scene.shapes().len());
}

#[test]
fn what_is_pointed_at_is_lit_in_both_pictures() {
    let mut player = player(THREE_LANES);
    player.seek(SimTime(60_000));
    let running = player.sim().invocations().len() - 1;
    let record = player.sim().batch(running).nth(2).unwrap();
    let lane = player.sim().invocations().get(running).lane;
    let lit = |object: Option<Object>, at: Option<u64>| {
        let hover = Hover { object, at: at.map(SimTime) };
        let mut scenes = [Scene::default(), Scene::default()];
        let picture = |height| Picture { hover, ..Picture::new(&player, Lang::En, 880.0, height) };
        stage::draw(&picture(412.0), &mut scenes[0]);
        timeline::draw(&picture(348.0), &mut scenes[1]);
        let count = |scene: &Scene| [Class::Lit, Class::LitWith].map(|class| of_class(scene, class).len());
        (scenes.each_ref().map(count), of_class(&scenes[1], Class::Moment).len())
    };
    let ([on_stage, over_time], moments) = lit(Some(Object::Record(record)), None);
    // In its shard and in the card; in the quilt and in the Gantt. With it, the batch.
    assert!(on_stage[0] >= 2 && on_stage[1] >= 1, "{on_stage:?}");
    assert!(over_time[0] == 2 && over_time[1] == 1 && moments == 1, "{over_time:?}");
    let ([on_stage, over_time], moments) = lit(Some(Object::Invocation(running)), None);
    let records = player.sim().batch(running).count();
    assert!(on_stage[0] >= 1 && on_stage[1] >= records, "{on_stage:?}");
    assert!(over_time[0] <= 1 && over_time[1] >= 2 * records && moments == 1, "{over_time:?}");
    let ([on_stage, over_time], _) = lit(Some(Object::Lane(lane)), None);
    assert!(on_stage[0] >= 1 && over_time[1] == 1, "{on_stage:?} {over_time:?}");
    let ([on_stage, _], _) = lit(Some(Object::Shard(0)), None);
    assert!(on_stage[0] >= 1 && on_stage[1] >= 3, "{on_stage:?}");
    assert_eq!(lit(None, Some(30_000)), ([[0, 0], [0, 0]], 1));
    assert_eq!(lit(None, None), ([[0, 0], [0, 0]], 0));
}

/// A record that always fails is tried twice, 10 s apart, given up, and redriven in vain at 30 s.
const IN_VAIN: &str = r#"{"version": 1, "id": "in-vain", "until": 60000, "stream": {},
    "producers": [{"type": "records", "records": [{"at": 500, "PartitionKey": "a"}]}],
    "functions": [{"FunctionName": "f", "versions": {"1": {"handler": {"perRecord": 3000, "rules": [
        {"when": {"record": 0}, "then": "throw"}]}}}}],
    "eventSourceMappings": [{"EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s", "FunctionName": "f",
        "StartingPosition": "TRIM_HORIZON", "MaximumRetryAttempts": 1,
        "DestinationConfig": {"OnFailure": {"Destination": "arn:aws:sqs:us-east-1:123456789012:failed"}}}],
    "model": {"backoffBase": 10000},
    "commands": [{"at": 30000, "redrive": {"document": 0}}]}"#;

#[test]
fn only_what_is_tried_again_has_a_gap_behind_it() {
    let mut player = player(IN_VAIN);
    let mut scene = Scene::default();
    let mut gaps = |t: u64| {
        player.seek(SimTime(t));
        let picture = Picture { span: Span::Whole, ..Picture::new(&player, Lang::En, 880.0, 348.0) };
        timeline::draw(&picture, &mut scene);
        let of_time = |x: f64| timeline::time_at(&picture, x).map_or(u64::MAX, |t| (t.0 + 500) / 1000);
        let gaps = of_class(&scene, Class::Gap);
        gaps.iter().map(|gap| (of_time(gap.x), of_time(gap.x + gap.width))).collect::<Vec<_>>()
    };
    assert_eq!(gaps(3000), []);
    // The lane backs off until the playhead, then until the retry; nothing follows the discard and the redrive.
    assert_eq!(gaps(10_000), [(4, 10)]);
    for t in [15_000, 25_000, 32_000, 50_000] {
        assert_eq!(gaps(t), [(4, 14)], "{t}");
    }
}

#[test]
fn a_gap_grows_while_the_retry_is_not_known_yet() {
    let mut player = Player::new(Scenario::from_json(IN_VAIN).unwrap());
    player.seek(SimTime(10_000));
    let picture = Picture { span: Span::Whole, ..Picture::new(&player, Lang::En, 880.0, 348.0) };
    let mut scene = Scene::default();
    timeline::draw(&picture, &mut scene);
    assert_eq!(player.ahead().invocations().len(), 1);
    assert_eq!(of_class(&scene, Class::Gap).len(), 1);
}

#[test]
fn throttled_invocations_have_a_mark_and_no_bar() {
    let text = shipped::text_of("throttled-function").unwrap();
    let mut player = player(text);
    player.seek(SimTime(20_000));
    let picture = Picture { part: Part::Gantt, ..Picture::new(&player, Lang::En, 880.0, 348.0) };
    let mut scene = Scene::default();
    timeline::draw(&picture, &mut scene);
    let throttled = of_class(&scene, Class::CapThrottled);
    // Marks that would lie on each other are one.
    assert!(throttled.len() > 4 && throttled.len() < 16, "{}", throttled.len());
    for class in [Class::CapFailed, Class::FrameFailed, Class::NeutralFailed] {
        assert_eq!(of_class(&scene, class), [], "{class:?}");
    }
}
