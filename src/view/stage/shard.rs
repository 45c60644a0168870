//! Shards: what they hold, and how they stand to their parents and children.

use super::crowd::{self, Crowd};
use super::heading::{fitting, grouped};
use super::layout::{Flow, Layout, ShardPlace};
use super::motion::{Arrival, Flights};
use super::state::{ShardRow, ShardView, Standing, State, TICKS_MAX};
use crate::view::roster;
use crate::view::scene::{Anchor, Bounds, Class, Hue, Object, Point, Resource, Scene, Segment, measure};
use crate::view::text::MessageId;

/// Between the lines of a closed shard's hatching.
const HATCH: f64 = 7.0;

/// Draws what lies below the threads.
pub(super) fn draw_ground(state: &State, layout: &Layout, scene: &mut Scene) {
    let (flow, stops) = (layout.flow, &layout.stops);
    for (view, place) in state.shards.iter().zip(&layout.shards) {
        let shard = &state.sim.stream().shards[view.shard as usize];
        if shard.is_open() {
            let start = layout.on_bar(roster::share(shard.range.start()));
            let end = layout.on_bar(roster::share(shard.range.end()));
            let across = match flow {
                Flow::Right => (place.bounds.y, place.bounds.bottom()),
                Flow::Down => (place.bounds.x, place.bounds.right()),
            };
            let funnel = [
                Segment::Move(flow.point(stops.bar.1, start)),
                Segment::Line(flow.point(place.along.0 + 6.0, across.0)),
                Segment::Line(flow.point(place.along.0 + 6.0, across.1)),
                Segment::Line(flow.point(stops.bar.1, end)),
                Segment::Close,
            ];
            scene.path(Class::Pipe, Hue::NONE, &funnel);
            scene.rect(Class::Pipe, Hue::NONE, place.bounds, 8.0).object(Object::Shard(view.shard));
        } else {
            let object = Object::Shard(view.shard);
            scene.rect(Class::Drain, Hue::NONE, place.bounds.grown(-0.5), 8.0).object(object);
            scene.hatch(Class::Hatch, place.bounds.grown(-2.0), HATCH);
        }
        if state.picture.selected == Some(Object::Shard(view.shard)) {
            scene.rect(Class::RingRect, Hue::NONE, place.bounds.grown(1.0), 9.0);
        }
    }
}

/// Draws what the shards hold, and their names.
pub(super) fn draw(state: &State, layout: &Layout, flights: &mut Flights, scene: &mut Scene) {
    for (view, place) in state.shards.iter().zip(&layout.shards) {
        match view.standing {
            Standing::Open if view.generations == 1 => draw_open_texts(state, layout, view, place, scene),
            Standing::Open | Standing::Draining { .. } | Standing::Waits { .. } | Standing::Next { .. } => {
                draw_texts(state, layout, view, place, scene);
            }
        }
        for (row, &across) in view.rows.iter().zip(&place.rows) {
            draw_ticks(state, layout, (row, across), place, flights, scene);
        }
    }
}

/// What is said of a shard that is not simply open: from the longest to the shortest.
fn said(state: &State, view: &ShardView) -> [String; 3] {
    use MessageId as Id;
    let lang = state.picture.lang;
    match &view.standing {
        Standing::Open => [String::new(), String::new(), String::new()],
        Standing::Draining { left } => {
            let left = grouped(*left);
            [Id::ShardClosedLeft.fill(lang, &[&left]), Id::ShardLeft.fill(lang, &[&left]), left]
        }
        Standing::Waits { parents, .. } => {
            let list = |name: fn(u32) -> String| {
                parents.iter().map(|&parent| name(parent)).collect::<Vec<_>>().join(", ")
            };
            let (long, short) = (list(shard_name), list(short_name));
            [Id::WaitsFor.fill(lang, &[&long]), Id::WaitsFor.fill(lang, &[&short]), short]
        }
        Standing::Next { at } => {
            let at = super::clock(at.0);
            [Id::ReadFromLong.fill(lang, &[&at]), Id::ReadFrom.fill(lang, &[&at]), at]
        }
    }
}

/// The name of a shard with parents or children beside it, and what is said of it.
fn draw_texts(state: &State, layout: &Layout, view: &ShardView, place: &ShardPlace, scene: &mut Scene) {
    let bounds = place.bounds;
    let said = said(state, view);
    let closed = matches!(view.standing, Standing::Draining { .. });
    let class = if closed { Class::Strong } else { Class::Label };
    if layout.flow == Flow::Down {
        let at = Point::new(bounds.center().x, bounds.y + 12.0);
        let name = &short_name(view.shard);
        let both = |said: &String| format!("{name} {said}");
        let texts = [both(&said[1]), name.clone()];
        if let Some(text) =
            fitting(Class::Mono, bounds.width - 4.0, texts.into_iter().filter(|_| bounds.height >= 16.0))
        {
            scene.text(Class::MonoHalo, at, Anchor::Middle, text);
        }
        return;
    }
    let (above, below) = (bounds.y - place.span.0, place.span.1 - bounds.bottom());
    let room = bounds.width + if view.generations == 1 { 0.0 } else { 4.0 };
    if above < 12.0 || bounds.width < 24.0 {
        return;
    }
    let names = [shard_name(view.shard), short_name(view.shard)];
    let with_lock = if closed { 13.0 } else { 0.0 };
    let one_line = below < 14.0;
    let y = bounds.y - 5.0;
    let Some(name) = fitting(Class::MonoStrong, room - with_lock, names.clone()) else { return };
    // With one line only, what is said counts more than the beginning of the name.
    let name = if one_line { names[1].clone() } else { name };
    if closed {
        draw_lock(Point::new(bounds.x + 5.0, y - 4.0), 0.8, [Class::LockBody, Class::LockBow], scene);
    }
    let left = bounds.x + 1.0 + with_lock;
    scene.text(Class::MonoStrong, Point::new(left, y), Anchor::Start, &name);
    let (from, to, y) = if one_line {
        (left + measure::width_of(Class::MonoStrong, &name) + 6.0, bounds.right(), y)
    } else {
        (bounds.x + 1.0, bounds.x + 1.0 + room, bounds.bottom() + 13.0)
    };
    let [long, short, least] = said;
    let fits = |text: &String| measure::width_of(class, text) <= to - from;
    if closed && below >= 28.0 && !fits(&long) && fits(&short) {
        // A narrow one says it in two lines.
        let word = MessageId::ShardClosed.text(state.picture.lang);
        let width = measure::width_of(class, word);
        let size = (class.font_size() * (room / width).min(1.0)).floor();
        scene.text_sized(class, Hue::NONE, size, Point::new(from, y), Anchor::Start, word);
        scene.text(class, Point::new(from, y + 14.0), Anchor::Start, short);
        return;
    }
    let texts = [long, short].into_iter().filter(|text| !text.is_empty());
    if let Some(text) = fitting(class, to - from, texts) {
        let (at, anchor) = if one_line { (bounds.right(), Anchor::End) } else { (from, Anchor::Start) };
        scene.text(class, Point::new(at, y), anchor, text);
    } else if let Some(text) =
        fitting(class, to - from - 12.0, [least].into_iter().filter(|text| !text.is_empty()))
    {
        draw_hourglass(Point::new(from + 4.0, y - 4.0), scene);
        scene.text(class, Point::new(from + 12.0, y), Anchor::Start, text);
    }
}

/// An hourglass around a point.
fn draw_hourglass(center: Point, scene: &mut Scene) {
    let at = |x: f64, y: f64| Point::new(center.x + x, center.y + y);
    let glass = [
        Segment::Move(at(-3.5, -4.5)),
        Segment::Line(at(3.5, -4.5)),
        Segment::Line(at(-3.5, 4.5)),
        Segment::Line(at(3.5, 4.5)),
        Segment::Close,
    ];
    scene.path(Class::Hourglass, Hue::NONE, &glass);
}

/// A lock around a point.
pub(super) fn draw_lock(center: Point, scale: f64, [body_class, bow]: [Class; 2], scene: &mut Scene) {
    let at = |x: f64, y: f64| Point::new(center.x + x * scale, center.y + y * scale);
    let body = Bounds::new(center.x - 4.0 * scale, center.y - 0.5 * scale, 8.0 * scale, 6.0 * scale);
    let shackle =
        [Segment::Move(at(-2.6, -0.5)), Segment::Cubic(at(-2.6, -5.6), at(2.6, -5.6), at(2.6, -0.5))];
    scene.path(bow, Hue::NONE, &shackle);
    scene.rect(body_class, Hue::NONE, body, 1.2 * scale);
}

/// `shard-…003`.
pub(in crate::view) fn shard_name(shard: u32) -> String {
    format!("shard-…{shard:03}")
}

/// `…003`.
pub(in crate::view) fn short_name(shard: u32) -> String {
    format!("…{shard:03}")
}

/// The name of an open shard, its part of the hash keys, and how far it is read.
fn draw_open_texts(state: &State, layout: &Layout, view: &ShardView, place: &ShardPlace, scene: &mut Scene) {
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
                draw_marks(state, view.shard, marks, place, scene);
            }
            if state.factor() == 0 {
                draw_facts(state, view, place, scene);
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

/// The first and last hash keys and the parents of a shard that nobody reads, inside it.
fn draw_facts(state: &State, view: &ShardView, place: &ShardPlace, scene: &mut Scene) {
    let bounds = place.bounds;
    let shard = &state.sim.stream().shards[view.shard as usize];
    if bounds.height < 18.0 || state.sim.stream().held(view.shard) > 0 {
        return;
    }
    let (y, left) = (bounds.center().y + 4.0, bounds.x + 14.0);
    let range = format!("{:04X}… – {:04X}…", shard.range.start().0 >> 112, shard.range.end().0 >> 112);
    let end = left + measure::width_of(Class::Mono, &range);
    if end <= bounds.right() - 10.0 {
        scene.text(Class::Mono, Point::new(left, y), Anchor::Start, range);
    }
    let parents: Vec<String> = shard.parents.iter().map(shard_name).collect();
    if parents.is_empty() {
        return;
    }
    let text = MessageId::ChildOf.fill(state.picture.lang, &[&parents.join(", ")]);
    if let Some(text) = fitting(Class::Label, bounds.right() - 14.0 - end - 16.0, [text]) {
        scene.text(Class::Label, Point::new(bounds.right() - 14.0, y), Anchor::End, text);
    }
}

/// How far the iterator and the checkpoint have come.
fn draw_marks(state: &State, shard: u32, (read, done): (u64, u64), place: &ShardPlace, scene: &mut Scene) {
    let lang = state.picture.lang;
    let bounds = place.bounds;
    let below = place.span.1 - bounds.bottom();
    if below < 16.0 {
        return;
    }
    let x = bounds.x + 8.0;
    let mapping = state.picture.mapping;
    let poller = Resource::Poller { mapping, shard };
    let checkpoint = Resource::Checkpoint { mapping, shard };
    let full = [
        (Class::Iterator, poller, MessageId::ReadCount.fill(lang, &[&grouped(read)])),
        (Class::Checkpoint, checkpoint, MessageId::DoneCount.fill(lang, &[&grouped(done)])),
    ];
    if below >= 40.0 {
        let lines = [bounds.bottom() + 18.0, bounds.bottom() + 37.0];
        for ((class, resource, text), y) in full.into_iter().zip(lines) {
            draw_mark(class, resource, Point::new(x, y), text, scene);
        }
        return;
    }
    let y = bounds.bottom() + 15.0;
    let step = 20.0 + measure::width_of(Class::Label, &grouped(read)) + 8.0;
    if x + step + measure::width_of(Class::Label, &grouped(done)) + 14.0 <= bounds.right() + 8.0 {
        draw_mark(Class::Iterator, poller, Point::new(x, y), grouped(read), scene);
        draw_mark(Class::Checkpoint, checkpoint, Point::new(x + step, y), grouped(done), scene);
    }
}

fn draw_mark(class: Class, resource: Resource, at: Point, text: String, scene: &mut Scene) {
    let corner = |x: f64, y: f64| Point::new(at.x + x, at.y + y);
    let triangle = [
        Segment::Move(corner(5.0, -1.0)),
        Segment::Line(corner(10.0, -9.0)),
        Segment::Line(corner(0.0, -9.0)),
        Segment::Close,
    ];
    scene.path(class, Hue::NONE, &triangle).object(Object::Resource(resource));
    scene.text(Class::Label, corner(14.0, 0.0), Anchor::Start, text).object(Object::Resource(resource));
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
    let flow = layout.flow;
    let titled = flow == Flow::Down && state.shards.len() > 1;
    let (from, to) = (place.along.0 + if titled { 18.0 } else { 8.0 }, place.along.1 - 8.0);
    let room = match flow {
        Flow::Right => place.bounds.height,
        Flow::Down => place.bounds.width,
    };
    let selected = row.key.is_some() && row.key == state.selected_key();
    if state.crowd == Crowd::Flood && !selected {
        crowd::draw_density(state, (row, across), place, flow, (from, to), scene);
        return;
    }
    // Records of many keys share several lines.
    let lines = if row.key.is_some() { 1 } else { ((room - 6.0) / 15.0).clamp(1.0, 5.0) as usize };
    let columns = row.ticks.len().min(TICKS_MAX * lines).div_ceil(lines);
    let most = if flow == Flow::Right { 4.0 } else { 3.0 };
    if to - from < most {
        return;
    }
    // With several generations there is less room: rather fewer ticks than ones too thin to be seen.
    let least = if place.narrow { 2.2 } else { 0.0 };
    let pitch = ((to - from) / columns.max(1) as f64).min(most).max(least);
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
