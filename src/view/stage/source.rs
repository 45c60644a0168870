//! Producers, the bar of hash keys, and shards.

use super::heading::{fitting, grouped};
use super::layout::{Flow, Layout, ShardPlace};
use super::motion::{Arrival, Flights};
use super::state::{ShardRow, ShardView, State, TICKS_MAX};
use crate::view::roster;
use crate::view::scene::{Anchor, Bounds, Class, Hue, Object, Point, Scene, Segment, Token, measure};
use crate::view::text::MessageId;

/// Shards whose borders are drawn on the bar.
const BORDERS_MAX: usize = 32;

/// Draws what lies below the threads.
pub(super) fn draw_ground(state: &State, layout: &Layout, scene: &mut Scene) {
    let (flow, stops) = (layout.flow, &layout.stops);
    for (view, place) in state.shards.iter().zip(&layout.shards) {
        let range = state.sim.stream().shards[view.shard as usize].range;
        let (start, end) =
            (layout.on_bar(roster::share(range.start())), layout.on_bar(roster::share(range.end())));
        let across = match flow {
            Flow::Right => (place.bounds.y, place.bounds.bottom()),
            Flow::Down => (place.bounds.x, place.bounds.right()),
        };
        let funnel = [
            Segment::Move(flow.point(stops.bar.1, start)),
            Segment::Line(flow.point(stops.shard.0 + 6.0, across.0)),
            Segment::Line(flow.point(stops.shard.0 + 6.0, across.1)),
            Segment::Line(flow.point(stops.bar.1, end)),
            Segment::Close,
        ];
        scene.path(Class::Pipe, Hue::NONE, &funnel);
        scene.rect(Class::Pipe, Hue::NONE, place.bounds, 8.0).object(Object::Shard(view.shard));
    }
}

/// Draws the producers, the bar and what the shards hold.
pub(super) fn draw(state: &State, layout: &Layout, flights: &mut Flights, scene: &mut Scene) {
    draw_bar(state, layout, scene);
    draw_producers(state, layout, scene);
    for (view, place) in state.shards.iter().zip(&layout.shards) {
        draw_shard_texts(state, layout, view, place, scene);
        for (row, &across) in view.rows.iter().zip(&place.rows) {
            draw_ticks(state, layout, (row, across), place, flights, scene);
        }
    }
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
            scene.text(Class::Mono, Point::new(left, center.y + 4.0), Anchor::Start, key.digits());
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
        scene.text(Class::Warning, Point::new(x, layout.band.1 - 17.0), Anchor::Start, text);
    }
    let sent = state.all_sent_at.map(|at| MessageId::AllSentAt.fill(lang, &[&super::clock(at.0)]));
    if let Some(text) = fitting(Class::Label, room, sent) {
        scene.text(Class::Label, Point::new(x, layout.band.1 - 1.0), Anchor::Start, text);
    }
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
    let x = layout.stops.bar.1 + 6.0;
    if x + measure::width_of(Class::Mono, "0000") > layout.stops.shard.0 + 6.0 {
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

/// `shard-…003`.
pub(in crate::view) fn shard_name(shard: u32) -> String {
    format!("shard-…{shard:03}")
}

fn draw_shard_texts(state: &State, layout: &Layout, view: &ShardView, place: &ShardPlace, scene: &mut Scene) {
    let bounds = place.bounds;
    let marks = view.read_and_done;
    match layout.flow {
        Flow::Right => {
            let y = bounds.y - if place.span.0 < bounds.y - 30.0 { 10.0 } else { 6.0 };
            let name = shard_name(view.shard);
            scene.text(Class::MonoStrong, Point::new(bounds.x + 8.0, y), Anchor::Start, &name);
            let left = bounds.x + 8.0 + measure::width_of(Class::MonoStrong, &name) + 6.0;
            if let Some(share) =
                fitting(Class::Label, bounds.right() - left, [share_of_keys(state, view.shard)])
            {
                scene.text(Class::Label, Point::new(bounds.right(), y), Anchor::End, share);
            }
            if let Some(marks) = marks {
                draw_marks(state, marks, place, scene);
            }
        }
        Flow::Down if state.shards.len() == 1 => {
            let lang = state.picture.lang;
            let y = bounds.y + bounds.height * 0.4;
            let (left, right) = (layout.band.0, layout.band.1);
            scene.text(Class::Label, Point::new(left, y), Anchor::Start, "shard");
            scene.text(
                Class::MonoStrong,
                Point::new(left, y + 16.0),
                Anchor::Start,
                &shard_name(view.shard)[6..],
            );
            if let Some((read, done)) = marks {
                let text = MessageId::ReadCount.fill(lang, &[&grouped(read)]);
                scene.text(Class::Label, Point::new(right, y), Anchor::End, text);
                let text = MessageId::DoneCount.fill(lang, &[&grouped(done)]);
                scene.text(Class::Label, Point::new(right, y + 16.0), Anchor::End, text);
            }
        }
        Flow::Down => {
            let at = Point::new(bounds.center().x, bounds.y + 12.0);
            scene.text(Class::Mono, at, Anchor::Middle, &shard_name(view.shard)[6..]);
        }
    }
}

/// The part of all hash keys that a shard holds.
fn share_of_keys(state: &State, shard: u32) -> String {
    let range = state.sim.stream().shards[shard as usize].range;
    // Shares are rounded down to 32 bits, and the end is inclusive.
    let share = roster::share(range.end()) - roster::share(range.start()) + 1.0 / 4_294_967_296.0;
    let tenths = (share * 1000.0).round() as u32;
    if tenths == 0 {
        return "<0.1 %".to_owned();
    }
    if tenths.is_multiple_of(10) {
        format!("{} %", tenths / 10)
    } else {
        format!("{}.{} %", tenths / 10, tenths % 10)
    }
}

/// How far the iterator and the checkpoint have come.
fn draw_marks(state: &State, (read, done): (u64, u64), place: &ShardPlace, scene: &mut Scene) {
    let lang = state.picture.lang;
    let bounds = place.bounds;
    let below = place.span.1 - bounds.bottom();
    if below < 16.0 {
        return;
    }
    let x = bounds.x + 8.0;
    let full = [
        (Class::Iterator, MessageId::ReadCount.fill(lang, &[&grouped(read)])),
        (Class::Checkpoint, MessageId::DoneCount.fill(lang, &[&grouped(done)])),
    ];
    if below >= 40.0 {
        for ((class, text), y) in full.into_iter().zip([bounds.bottom() + 18.0, bounds.bottom() + 37.0]) {
            draw_mark(class, Point::new(x, y), text, scene);
        }
        return;
    }
    let y = bounds.bottom() + 15.0;
    let step = 20.0 + measure::width_of(Class::Label, &grouped(read)) + 8.0;
    if x + step + measure::width_of(Class::Label, &grouped(done)) + 14.0 <= bounds.right() + 8.0 {
        draw_mark(Class::Iterator, Point::new(x, y), grouped(read), scene);
        draw_mark(Class::Checkpoint, Point::new(x + step, y), grouped(done), scene);
    }
}

fn draw_mark(class: Class, at: Point, text: String, scene: &mut Scene) {
    let corner = |x: f64, y: f64| Point::new(at.x + x, at.y + y);
    let triangle = [
        Segment::Move(corner(5.0, -1.0)),
        Segment::Line(corner(10.0, -9.0)),
        Segment::Line(corner(0.0, -9.0)),
        Segment::Close,
    ];
    scene.path(class, Hue::NONE, &triangle);
    scene.text(Class::Label, corner(14.0, 0.0), Anchor::Start, text);
}

/// Ticks of a row, the oldest where records leave the shard.
fn draw_ticks(
    state: &State,
    layout: &Layout,
    (row, across): (&ShardRow, f64),
    place: &ShardPlace,
    flights: &mut Flights,
    scene: &mut Scene,
) {
    let (flow, stops) = (layout.flow, &layout.stops);
    let titled = flow == Flow::Down && state.shards.len() > 1;
    let (from, to) = (stops.shard.0 + if titled { 18.0 } else { 8.0 }, stops.shard.1 - 8.0);
    let room = match flow {
        Flow::Right => place.bounds.height,
        Flow::Down => place.bounds.width,
    };
    // Records of many keys share several lines.
    let lines = if row.key.is_some() { 1 } else { ((room - 6.0) / 15.0).clamp(1.0, 5.0) as usize };
    let columns = row.ticks.len().min(TICKS_MAX * lines).div_ceil(lines);
    let most = if flow == Flow::Right { 4.0 } else { 3.0 };
    let pitch = ((to - from) / columns.max(1) as f64).min(most);
    let columns = columns.min(((to - from) / pitch + 0.01) as usize);
    let thickness = (place.pitch - 4.0).clamp(3.0, 12.0);
    let shown = row.ticks.iter().take(columns * lines);
    let count = shown.len();
    for (newest, &(record, done)) in shown.enumerate() {
        let oldest = count - 1 - newest;
        let along = to - ((oldest / lines) as f64 + 1.0) * pitch;
        let line = (oldest % lines) as f64 - (lines as f64 - 1.0) / 2.0;
        let middle = across + line * 15.0;
        let across = (middle - thickness / 2.0, middle + thickness / 2.0);
        let bounds: Bounds = flow.bounds((along, along + pitch * 0.68), across);
        if flights.put(record, bounds.center()) == Arrival::OnItsWay {
            continue;
        }
        let class = if done { Class::TickDone } else { Class::Tick };
        scene.rect(class, state.hue(record), bounds, 1.0).object(Object::Record(record));
    }
}
