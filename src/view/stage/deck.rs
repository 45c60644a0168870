//! Batchers with their waiting records, and the store with the records done.

use super::card;
use super::crowd::{self, Crowd, Reach};
use super::heading::{fitting, grouped};
use super::layout::{Flow, LanePlace};
use super::motion::{Arrival, Flights, Landing};
use super::state::{LaneRow, LaneView, State};
use crate::lambda::retry::Outcome;
use crate::view::scene::{Anchor, Class, Hue, Object, Point, Scene, Token, TokenState, measure};
use crate::view::text::MessageId;

/// Tokens of a deck at most.
const DECK_MAX: usize = 40;
/// Least step from one token of a deck to the next.
const STEP_MIN: f64 = 2.1;
/// The most, in a wide picture.
pub(super) const STEP_MOST: f64 = 6.75;
/// Invocations looked at for records on their way to the store.
const RECENT_MAX: u32 = 64;

/// Draws the grounds.
pub(super) fn draw_ground(lane: &LaneView, place: &LanePlace, scene: &mut Scene) {
    for bounds in [place.batcher, place.stored] {
        scene.rect(Class::Pipe, Hue::NONE, bounds, 8.0).object(Object::Lane(lane.lane));
    }
}

/// The rows of a lane as they are drawn: one for all keys where there is no room for one each.
pub(super) fn drawn_rows(lane: &LaneView, place: &LanePlace) -> Vec<LaneRow> {
    if place.rows.len() >= lane.rows.len() {
        return lane.rows.clone();
    }
    let mut row = LaneRow::default();
    for each in &lane.rows {
        row.waiting.extend(&each.waiting);
        row.stored.extend(&each.stored);
    }
    row.waiting.sort_unstable();
    row.stored.sort_unstable_by(|a, b| b.cmp(a));
    vec![row]
}

/// Draws the batcher of a lane.
pub(super) fn draw(
    state: &State,
    lane: &LaneView,
    place: &LanePlace,
    flights: &mut Flights,
    scene: &mut Scene,
) {
    let ends = draw_batcher_texts(state, lane, place, scene);
    for (row, &across) in drawn_rows(lane, place).iter().zip(&place.rows) {
        let mut start = ends.0;
        if let Some(key) = row.key.map(|key| &state.roster.keys[key]) {
            let center = place.flow.point(start + place.token / 2.0, across);
            scene.token(Token::new(center, place.token, key.hue()), &key.label);
            start += place.token + 4.0;
        }
        let reach = Reach { from: start + place.token / 2.0, head: ends.1 - place.token / 2.0, across };
        let selected = row.key.is_some() && row.key == state.selected_key();
        match state.crowd {
            Crowd::Many if !selected => crowd::draw_pile(state, row, place, reach, scene),
            Crowd::Flood if !selected => crowd::draw_bar(state, lane, row, place, reach, scene),
            Crowd::Few | Crowd::Many | Crowd::Flood => draw_deck(state, row, place, reach, flights, scene),
        }
    }
}

/// Draws the texts of a batcher; gives where its records may lie, along.
fn draw_batcher_texts(state: &State, lane: &LaneView, place: &LanePlace, scene: &mut Scene) -> (f64, f64) {
    let lang = state.picture.lang;
    let bounds = place.batcher;
    let number = u32::from(lane.lane.lane) + 1;
    let count = grouped(lane.waiting.into());
    let middle = bounds.center().y + 4.0;
    match (place.flow, place.compact) {
        (Flow::Right, true) => {
            scene.text(Class::Strong, Point::new(bounds.x + 8.0, middle), Anchor::Start, number);
            scene.text(Class::Label, Point::new(bounds.right() - 8.0, middle), Anchor::End, &count);
            let widest = measure::width_of(Class::Label, &count).max(20.0);
            (bounds.x + 30.0, bounds.right() - 16.0 - widest)
        }
        (Flow::Right, false) => {
            let y = bounds.y + 19.0;
            let title = MessageId::Batcher.fill(lang, &[&number]);
            let left = bounds.x + 12.0;
            let room = bounds.width - 20.0 - measure::width_of(Class::Strong, &title) - 8.0;
            scene.text(Class::Strong, Point::new(left, y), Anchor::Start, title);
            let waiting = MessageId::WaitingCount.fill(lang, &[&count]);
            if let Some(text) = fitting(Class::Label, room, [waiting, count]) {
                scene.text(Class::Label, Point::new(bounds.right() - 8.0, y), Anchor::End, text);
            }
            (bounds.x + 8.0, bounds.right() - 8.0)
        }
        (Flow::Down, true) => {
            if let Some(text) = fitting(Class::Label, bounds.width - 4.0, [count]) {
                scene.text(
                    Class::Label,
                    Point::new(bounds.center().x, bounds.bottom() - 5.0),
                    Anchor::Middle,
                    text,
                );
            }
            (bounds.y + 6.0, bounds.bottom() - 20.0)
        }
        (Flow::Down, false) => {
            scene.text(Class::Strong, Point::new(bounds.right() - 6.0, middle), Anchor::End, &count);
            (bounds.y + 6.0, bounds.bottom() - 6.0)
        }
    }
}

/// Waiting records, overlapping, the next one on top at the far end.
fn draw_deck(
    state: &State,
    row: &LaneRow,
    place: &LanePlace,
    Reach { from, head, across }: Reach,
    flights: &mut Flights,
    scene: &mut Scene,
) {
    let room = (head - from).max(0.0);
    let most = if place.flow == Flow::Right { STEP_MOST } else { 3.0 };
    let fitting = (room / STEP_MIN) as usize + 1;
    let shown = row.waiting.len().min(fitting).min(DECK_MAX);
    let step = (room / (shown.max(2) - 1) as f64).min(most);
    for (order, &record) in row.waiting.iter().enumerate().take(shown).rev() {
        let center = place.flow.point(head - order as f64 * step, across);
        if flights.read(record, place, center) == Arrival::OnItsWay {
            continue;
        }
        let mut token = Token::new(center, place.token, state.hue(record));
        token.state = TokenState::InDeck;
        token.record = Some(record);
        token.selected = state.selected(record);
        if order == 0 || token.selected {
            scene.token(token, state.record(record).number);
        } else {
            scene.token(token, "");
        }
    }
}

/// Draws the store of a lane.
pub(super) fn draw_stored(
    state: &State,
    lane: &LaneView,
    place: &LanePlace,
    flights: &mut Flights,
    scene: &mut Scene,
) {
    let bounds = place.stored;
    let mut right = bounds.right() - 16.0;
    if let Some(stored) = lane.stored.map(grouped) {
        match (place.flow, place.compact) {
            (Flow::Right, false) => {
                let at = Point::new(bounds.right() - 8.0, bounds.y + 19.0);
                scene.text(Class::Strong, at, Anchor::End, &stored);
            }
            (Flow::Right, true) => {
                let at = Point::new(bounds.right() - 8.0, bounds.center().y + 4.0);
                scene.text(Class::Strong, at, Anchor::End, &stored);
                right -= measure::width_of(Class::Strong, &stored).max(16.0);
            }
            (Flow::Down, _) => {}
        }
    }
    let landing = landing(state, lane, place, flights);
    for (row, &across) in drawn_rows(lane, place).iter().zip(&place.rows) {
        draw_stored_row(state, row, place, (right, across), &landing, flights, scene);
    }
}

/// The records of batches that have just ended.
fn landing(state: &State, lane: &LaneView, place: &LanePlace, flights: &Flights) -> Vec<Landing> {
    let Some(since) = flights.stored_since() else { return Vec::new() };
    let invocations = state.sim.invocations();
    let mut landing = Vec::new();
    for idx in (invocations.len().saturating_sub(RECENT_MAX)..invocations.len()).rev() {
        let batch = invocations.get(idx);
        let ok = batch.outcome().is_some_and(|(outcome, _)| outcome == Outcome::Ok);
        if batch.lane == lane.lane && ok && batch.ends_at() >= since {
            let cells = card::cells(state, lane, place, &batch);
            let land = |cell: &card::Cell| Landing {
                record: cell.record,
                order: cell.order,
                batch,
                cell: cell.center,
            };
            landing.extend(cells.iter().map(land));
        }
    }
    landing
}

/// The latest records done, overlapping, the newest on top.
fn draw_stored_row(
    state: &State,
    row: &LaneRow,
    place: &LanePlace,
    (right, across): (f64, f64),
    landing: &[Landing],
    flights: &mut Flights,
    scene: &mut Scene,
) {
    let bounds = place.stored;
    let size = place.token.min(16.0);
    let step = 7.0;
    let fitting = match place.flow {
        Flow::Right => (right - size / 2.0 - bounds.x - size / 2.0) / step + 1.0,
        Flow::Down => (place.pitch.min(bounds.width) - size - 6.0) / step + 1.0,
    };
    let shown = row.stored.len().min(fitting.max(1.0) as usize);
    let slot = |order: usize| {
        let from_oldest = (shown - 1 - order) as f64;
        match place.flow {
            Flow::Right => Point::new(right - from_oldest * step, across),
            Flow::Down => {
                let offset = from_oldest - (shown as f64 - 1.0) / 2.0;
                Point::new(across - offset * step, bounds.center().y)
            }
        }
    };
    for (order, &record) in row.stored.iter().enumerate().take(shown).rev() {
        let center = slot(order);
        let from = landing.iter().find(|landing| landing.record == record);
        if from.is_some_and(|landing| flights.stored(landing, place, center, size) == Arrival::OnItsWay) {
            continue;
        }
        let mut token = Token::new(center, size, state.hue(record));
        token.state = TokenState::InDeck;
        token.record = Some(record);
        token.selected = state.selected(record);
        if order == 0 {
            scene.token(token, state.record(record).number);
        } else {
            scene.token(token, "");
        }
        state.again.draw_outline(record, center, size, scene);
    }
}
