//! Producers, and the bar of hash keys.

use super::heading::{fitting, grouped};
use super::layout::{Flow, Layout, ShardPlace};
use super::state::{ShardView, Standing, State};
use super::summary;
use crate::view::roster;
use crate::view::scene::{Anchor, Class, Hue, Object, Point, Resource, Scene, Token, measure};
use crate::view::text::MessageId;

/// Shards whose borders are drawn on the bar.
const BORDERS_MAX: usize = 32;

/// Draws the producers and the bar.
pub(super) fn draw(state: &State, layout: &Layout, scene: &mut Scene) {
    draw_bar(state, layout, scene);
    draw_producers(state, layout, scene);
}

fn draw_producers(state: &State, layout: &Layout, scene: &mut Scene) {
    let wide = layout.flow == Flow::Right;
    if state.roster.keys.is_empty() && state.roster.total > 0 {
        draw_many_keys(state, layout, scene);
    }
    for (key, &center) in state.roster.keys.iter().zip(&layout.producers) {
        scene.token(Token::new(center, layout.producer_size, key.hue()), &key.label);
        let left = center.x + layout.producer_size / 2.0 + 6.0;
        if wide && left + measure::width_of(Class::Mono, &key.digits()) <= layout.stops.thread {
            let digits = Point::new(left, center.y + 4.0);
            scene.text(Class::Mono, digits, Anchor::Start, key.digits()).object = only_producer(state);
        }
    }
    if !wide {
        return;
    }
    let (lang, x) = (state.picture.lang, layout.heading.columns[0]);
    let room = layout.stops.bar.0 - x - 4.0;
    let throttled = state.sim.totals().throttled;
    let refused = (throttled > 0).then(|| MessageId::ThrottledPuts.fill(lang, &[&grouped(throttled)]));
    if let Some(text) = fitting(Class::Warning, room, refused) {
        let at = Point::new(x, layout.band.1 - 17.0);
        scene.text(Class::Warning, at, Anchor::Start, text).object = only_producer(state);
    }
    let sent = state.all_sent_at.map(|at| MessageId::AllSentAt.fill(lang, &[&super::clock(at.0)]));
    if let Some(text) = fitting(Class::Label, room, sent) {
        let at = Point::new(x, layout.band.1 - 1.0);
        scene.text(Class::Label, at, Anchor::Start, text).object = only_producer(state);
    }
}

/// The producer, where there is only one: the picture does not tell several apart.
fn only_producer(state: &State) -> Option<Object> {
    let only = state.sim.scenario().producers.len() == 1;
    only.then_some(Object::Resource(Resource::Producer(0)))
}

/// A stack of tokens that stands for many keys.
fn draw_many_keys(state: &State, layout: &Layout, scene: &mut Scene) {
    let center = layout.producers[0];
    for place in (0..4u32).rev() {
        let offset = f64::from(place) * 5.0;
        let at = Point::new(center.x + offset - 6.0, center.y - offset + 8.0);
        let mut token = Token::new(at, 18.0, Hue::of(place));
        token.state = crate::view::scene::TokenState::InDeck;
        scene.token(token, "");
    }
    let text = MessageId::ManyKeys.fill(state.picture.lang, &[&grouped(state.roster.total)]);
    let (at, anchor) = match layout.flow {
        Flow::Right => (Point::new(layout.heading.columns[0], center.y + 34.0), Anchor::Start),
        Flow::Down => (Point::new(center.x + 28.0, center.y + 4.0), Anchor::Start),
    };
    scene.text(Class::Label, at, anchor, text);
}

fn draw_bar(state: &State, layout: &Layout, scene: &mut Scene) {
    let (flow, stops) = (layout.flow, &layout.stops);
    scene.rect(Class::Bar, Hue::NONE, flow.bounds(stops.bar, layout.band), 4.0);
    let open = state.sim.stream().open_shards();
    if open.len() <= BORDERS_MAX {
        for &shard in open.iter().skip(1) {
            let start = state.sim.stream().shards[shard as usize].range.start();
            let across = layout.on_bar(roster::share(start));
            let (from, to) = (flow.point(stops.bar.0 - 1.0, across), flow.point(stops.bar.1 + 1.0, across));
            scene.line(Class::Border, Hue::NONE, from, to);
        }
    }
    let dots: Vec<f64> = state.roster.keys.iter().map(|key| layout.on_bar(key.share())).collect();
    for (key, &across) in state.roster.keys.iter().zip(&dots) {
        scene.circle(Class::Dot, key.hue(), flow.point(stops.bar.0 + 4.0, across), 3.5);
    }
    match flow {
        Flow::Right => {
            let md5 = Point::new(stops.bar.0 + 4.0, layout.band.0 - 7.0);
            scene.text(Class::Mono, md5, Anchor::Middle, "MD5");
            draw_digits(state, layout, &dots, scene);
        }
        Flow::Down => {
            let y = stops.bar.0 - 7.0;
            scene.text(Class::Mono, Point::new(layout.band.0, y), Anchor::Start, "0000");
            scene.text(Class::Mono, Point::new(layout.band.1, y), Anchor::End, "FFFF");
        }
    }
}

/// The first digits of round hash keys, or of the shards' borders, beside the bar, away from keys.
fn draw_digits(state: &State, layout: &Layout, dots: &[f64], scene: &mut Scene) {
    const APART: f64 = 16.0;
    let strip = if summary::is_partial(state) { summary::STRIP + 4.0 } else { 0.0 };
    let x = layout.stops.bar.1 + 6.0 + strip;
    // Names of shards that are simply open begin a little inside, others at the edge.
    let name = |(view, place): (&ShardView, &ShardPlace)| {
        let open = view.generations == 1 && view.standing == Standing::Open;
        place.bounds.x + if open { 8.0 } else { 1.0 }
    };
    let names = state.shards.iter().zip(&layout.shards).map(name).fold(f64::INFINITY, f64::min);
    if x + measure::width_of(Class::Mono, "0000") > names - 2.0 {
        return;
    }
    let ends = (layout.band.0 + 9.0, layout.band.1 - 1.0);
    scene.text(Class::Mono, Point::new(x, ends.0), Anchor::Start, "0000");
    scene.text(Class::Mono, Point::new(x, ends.1), Anchor::Start, "FFFF");
    let open = state.sim.stream().open_shards();
    let digits: Vec<u128> = match open.len() {
        1 => vec![0x4000, 0x8000, 0xC000],
        2..=8 => open
            .iter()
            .skip(1)
            .map(|&shard| state.sim.stream().shards[shard as usize].range.start().0 >> 112)
            .collect(),
        _ => Vec::new(),
    };
    let mut last = ends.0;
    for digits in digits {
        let y = layout.on_bar(digits as f64 / 65536.0) + 4.0;
        let clear = dots.iter().all(|dot| (dot - y + 4.0).abs() > 12.0);
        if clear && y - last >= APART && ends.1 - y >= APART {
            scene.text(Class::MonoHalo, Point::new(x, y), Anchor::Start, format_args!("{digits:04X}"));
            last = y;
        }
    }
}
