//! The tray of what the mapping gave up: how many records, whether a destination knows of them, and the latest of them.

use super::heading::{fitting, grouped};
use super::layout::{Flow, Layout};
use super::state::State;
use crate::view::picture::Picture;
use crate::view::scene::{Anchor, Bounds, Class, Hue, Object, Point, Scene, Segment, Token, measure};
use crate::view::text::MessageId;

/// Height of the tray.
pub(super) const HEIGHT: f64 = 16.0;
/// Between it and the rows of stored records above it, where records fall.
pub(super) const APART: f64 = 4.0;
/// Edge of a token in it, and from one to the next.
const TOKEN: f64 = 11.0;
const PITCH: f64 = 13.0;
/// The latest documents, whose records are drawn.
const DOCUMENTS_MAX: u32 = 24;
/// Documents looked at to find the mapping's latest one.
const LOOK_MAX: u32 = 1000;

/// Whether something was given up, or may be, so that where records fall there must be room for the tray.
pub(super) fn may_be(picture: &Picture) -> bool {
    let sim = picture.player.sim();
    let config = sim.mappings().get(usize::from(picture.mapping)).map(|mapping| mapping.config());
    sim.discards() > 0
        || config.is_some_and(|config| {
            config.maximum_retry_attempts.is_some() || config.maximum_record_age.is_some()
        })
}

/// Draws the tray below the invocations, or where records fall below those that are stored, once something was given up.
pub(super) fn draw(state: &State, layout: &Layout, scene: &mut Scene) {
    let ((left, right), top) = match layout.flow {
        Flow::Right => ((layout.stops.batcher.0, layout.stops.stored.1), layout.band.1 + 2.0),
        Flow::Down => (layout.band, layout.stops.stored.1 + APART),
    };
    if state.counts.discarded == 0 || state.picture.height < top + HEIGHT {
        return;
    }
    let bounds = Bounds::new(left, top, right - left, HEIGHT);
    let to = state.sim.discards();
    let last = Object::Discard(to.saturating_sub(1));
    scene.rect(Class::Tray, Hue::NONE, bounds, 5.0).object(last);
    draw_icon(Point::new(left + 12.0, bounds.center().y), scene);
    let text = text(state);
    let from = left + 24.0;
    let short = match told(state) {
        Told::Yes => MessageId::TrayShort,
        Told::Failed => MessageId::TrayFailed,
        Told::Nobody => MessageId::TrayLost,
    };
    let texts = [text, short.fill(state.picture.lang, &[&grouped(state.counts.discarded)])];
    let mut end = from;
    if let Some(text) = fitting(Class::Warning, bounds.width * 0.6, texts) {
        end += measure::width_of(Class::Warning, &text) + 12.0;
        let at = Point::new(from, bounds.center().y + 4.0);
        scene.text(Class::Warning, at, Anchor::Start, text);
    }
    draw_tokens(state, (end, right - 10.0), bounds.center().y, scene);
}

/// Whether a destination was told of what was given up last.
pub(super) enum Told {
    Yes,
    Failed,
    Nobody,
}

pub(super) fn told(state: &State) -> Told {
    let count = state.sim.discards();
    let all = (count.saturating_sub(LOOK_MAX)..count).rev().map(|idx| state.sim.discard(idx));
    let latest = all.into_iter().find(|discard| discard.lane.mapping == state.picture.mapping);
    match latest.filter(|latest| state.sim.destination_of(latest).is_some()) {
        Some(latest) if latest.is_undelivered() => Told::Failed,
        Some(_) => Told::Yes,
        None => Told::Nobody,
    }
}

fn text(state: &State) -> String {
    let (lang, records) = (state.picture.lang, grouped(state.counts.discarded));
    let documents = state.mapping().map_or(0, |mapping| mapping.documents);
    match told(state) {
        Told::Yes => MessageId::Tray.fill(lang, &[&records, &documents]),
        Told::Failed => MessageId::TrayFailed.fill(lang, &[&records]),
        Told::Nobody => MessageId::TrayLost.fill(lang, &[&records]),
    }
}

/// The latest records, the newest at the right; each document's stand together.
fn draw_tokens(state: &State, (from, to): (f64, f64), y: f64, scene: &mut Scene) {
    let count = state.sim.discards();
    let mut x = to - TOKEN / 2.0;
    for idx in (count.saturating_sub(DOCUMENTS_MAX)..count).rev() {
        let discard = state.sim.discard(idx);
        if discard.lane.mapping != state.picture.mapping {
            continue;
        }
        let mut records: Vec<u32> =
            state.sim.discarded(&discard).take(((to - from) / PITCH) as usize).collect();
        records.reverse();
        let selected = state.picture.selected == Some(Object::Discard(idx));
        let right = x + TOKEN / 2.0 + 1.5;
        for record in records {
            if x - TOKEN / 2.0 < from {
                return;
            }
            let mut token = Token::new(Point::new(x, y), TOKEN, state.hue(record));
            token.selected = state.selected(record);
            scene.token(token, "");
            x -= PITCH;
        }
        let left = x + PITCH - TOKEN / 2.0 - 1.5;
        let around = Bounds::new(left, y - TOKEN / 2.0 - 1.5, right - left, TOKEN + 3.0);
        let class = if selected { Class::RingRect } else { Class::TrayFrame };
        scene.rect(class, Hue::NONE, around, 3.5).object(Object::Discard(idx));
        x -= 6.0;
    }
}

/// A tray seen from the front.
fn draw_icon(center: Point, scene: &mut Scene) {
    let at = |x: f64, y: f64| Point::new(center.x + x, center.y + y);
    let tray = [
        Segment::Move(at(-6.0, 0.5)),
        Segment::Line(at(-6.0, 4.5)),
        Segment::Line(at(6.0, 4.5)),
        Segment::Line(at(6.0, 0.5)),
        Segment::Move(at(0.0, -5.0)),
        Segment::Line(at(0.0, 1.5)),
        Segment::Move(at(-2.5, -0.8)),
        Segment::Line(at(0.0, 1.7)),
        Segment::Line(at(2.5, -0.8)),
    ];
    scene.path(Class::TrayEdge, Hue::NONE, &tray);
}
