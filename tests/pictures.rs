//! The pictures of all shipped scenarios: golden outlines at three moments, and that no text covers another or is cut
//! off, whatever the size and the language. `tests/scene.rs` has what holds for single pictures.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeMap;
use std::fmt::Write;

use shardlab::lang::Lang;
use shardlab::scenario::Scenario;
use shardlab::units::SimTime;
use shardlab::view::picture::{Motion, Picture};
use shardlab::view::player::Player;
use shardlab::view::scene::{Bounds, Class, Form, Scene};
use shardlab::view::{shipped, stage, timeline};
use xxhash_rust::xxh3::xxh3_64;

/// Width of the page's picture, and heights of the stage and of the time line: wide, middle, phone, embedded.
const SIZES: [(f64, f64, f64); 6] = [
    (880.0, 412.0, 348.0),
    (1180.0, 420.0, 348.0),
    (712.0, 340.0, 287.0),
    (600.0, 400.0, 300.0),
    (390.0, 504.0, 136.0),
    (320.0, 516.0, 136.0),
];

/// A run, known to its end.
fn player(scenario: &str) -> Player {
    let mut player = Player::new(Scenario::from_json(scenario).unwrap());
    while player.ahead().now() < player.sim().scenario().until {
        player.advance(0.0);
    }
    player
}

/// When a quarter and a half of all events have happened, and the end: so something is going on in the first two.
fn moments(player: &Player) -> [SimTime; 3] {
    let count = player.ahead().log().count();
    let at = |event: u32| player.ahead().events(event, event + 1).next().map_or(SimTime::ZERO, |(_, t, _)| t);
    [at(count / 4), at(count / 2), player.end()]
}

fn text_of(scene: &Scene, form: Form) -> Option<&str> {
    match form {
        Form::Text { first, count, .. } => Some(scene.text_of(first, count)),
        Form::Rect { .. } | Form::Circle { .. } | Form::Path { .. } => None,
    }
}

/// A picture in few lines: a digest of its SVG, the numbers of shapes by class, and every text with its place.
///
/// The SVGs themselves would be 8 MB; the digest still tells any change.
fn outline(scene: &Scene, name: &str, out: &mut String) {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    let mut texts: BTreeMap<(i64, i64), String> = BTreeMap::new();
    let mut tokens = String::new();
    for shape in scene.shapes() {
        *counts.entry(shape.class.name()).or_default() += 1;
        let Some(text) = text_of(scene, shape.form) else { continue };
        let bounds = scene.bounds(shape);
        if shape.class == Class::TokenText {
            write!(tokens, " {text}").unwrap();
        } else {
            texts.insert((bounds.bottom().round() as i64, bounds.x.round() as i64), text.to_owned());
        }
    }
    let svg = scene.write_svg();
    writeln!(out, "{name}: svg {:016x}, {} shapes", xxh3_64(svg.as_bytes()), scene.shapes().len()).unwrap();
    let counts: Vec<String> = counts.iter().map(|(class, count)| format!("{class} {count}")).collect();
    writeln!(out, "  {}", counts.join(", ")).unwrap();
    for ((y, x), text) in texts {
        writeln!(out, "  {x},{y} {text}").unwrap();
    }
    if !tokens.is_empty() {
        writeln!(out, "  on tokens:{tokens}").unwrap();
    }
}

#[test]
fn the_shipped_scenarios_look_as_they_did() {
    let mut scene = Scene::default();
    for &(id, text) in shipped::all() {
        let mut player = player(text);
        let mut outlines = String::new();
        for t in moments(&player) {
            player.seek(t);
            let mut picture = Picture::new(&player, Lang::En, 880.0, 412.0);
            stage::draw(&picture, &mut scene);
            outline(&scene, &format!("stage, {} ms", t.0), &mut outlines);
            picture.height = 348.0;
            timeline::draw(&picture, &mut scene);
            outline(&scene, &format!("time line, {} ms", t.0), &mut outlines);
        }
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(format!("picture__{id}"), outlines);
        });
    }
}

/// Texts but for those on tokens, which move, and cover each other in decks.
fn texts(scene: &Scene) -> Vec<(&str, Bounds)> {
    let shapes = scene.shapes().iter().filter(|shape| shape.class != Class::TokenText);
    shapes.filter_map(|shape| Some((text_of(scene, shape.form)?, scene.bounds(shape)))).collect()
}

/// The painter condenses what is wider than estimated, so what holds for the estimates holds with every font.
#[test]
fn no_text_covers_another_or_is_cut_off_in_any_shipped_scenario() {
    let mut problems = Vec::new();
    let mut check = |what: &str, scene: &Scene| {
        let texts = texts(scene);
        let (width, height) = scene.size();
        let inside = Bounds::new(0.0, 0.0, width, height);
        for (place, &(text, bounds)) in texts.iter().enumerate() {
            if bounds.x < inside.x
                || bounds.right() > inside.right()
                || bounds.bottom() > inside.bottom() + 1.0
            {
                problems.push(format!("{what}: {text:?} is cut off"));
            }
            let overlapped = texts[place + 1..].iter().filter(|(_, other)| bounds.overlaps(*other));
            problems.extend(overlapped.map(|(other, _)| format!("{what}: {text:?} and {other:?}")));
        }
    };
    let mut scene = Scene::default();
    for &(id, text) in shipped::all() {
        let mut player = player(text);
        for t in moments(&player) {
            player.seek(t);
            for (width, stage_height, timeline_height) in SIZES {
                for lang in [Lang::En, Lang::Ja] {
                    let mut picture = Picture::new(&player, lang, width, stage_height);
                    (picture.motion, picture.controls) = (Motion::Reduced, true);
                    let what = format!("{id}, {} ms, {width} wide, {lang:?}", t.0);
                    stage::draw(&picture, &mut scene);
                    check(&format!("stage: {what}"), &scene);
                    picture.height = timeline_height;
                    timeline::draw(&picture, &mut scene);
                    check(&format!("time line: {what}"), &scene);
                }
            }
        }
    }
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
}
