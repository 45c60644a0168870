//! How many records there are to show, and so how they are shown.
//!
//! ```text
//! up to 400 unfinished ones: a token each ─ up to 2 000: piles with their number ─ beyond: bars, and bands by rate
//! ```
//!
//! The selected key's records stay as they are with few of them, so that it can be followed through any crowd.

use super::deck::STEP_MOST;
use super::heading::{fitting, grouped};
use super::layout::{Flow, LanePlace, ShardPlace};
use super::state::{LaneRow, LaneView, ShardRow, State};
use crate::kinesis::KeyId;
use crate::sim::agenda::LaneRef;
use crate::units::SimTime;
use crate::view::scene::{Anchor, Class, Hue, Object, Point, Scene, Token, TokenState};

/// Unfinished records with a token each, at most.
const TOKENS_MAX: u64 = 400;
/// Unfinished records in piles, at most: as many are walked in every frame.
pub(super) const PILED_MAX: usize = 2000;
/// Cards of a pile, and from one to the next.
const CARDS_MAX: usize = 5;
const CARDS_APART: f64 = 3.0;
/// Bars of a row of a shard: each stands for a part of the time in which the latest records were put.
const BARS: usize = 54;
/// What a band's width tells of: the records put in this time, of the latest ones at most.
const RATE_MS: u64 = 10_000;
const RATE_RECORDS_MAX: u32 = 1024;
/// Width of a band, from the least to the most.
const BAND: (f64, f64) = (1.5, 12.0);

/// How records are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Crowd {
    /// One by one.
    #[default]
    Few,
    /// In piles.
    Many,
    /// As bars and bands.
    Flood,
}

impl Crowd {
    /// How so many unfinished records are shown.
    pub(super) fn of(unfinished: u64) -> Self {
        match unfinished {
            0..=TOKENS_MAX => Self::Few,
            many if many <= PILED_MAX as u64 => Self::Many,
            _ => Self::Flood,
        }
    }
}

/// How many records were put lately, by key, shard and lane; up to the highest of each that was met.
#[derive(Clone, Debug, Default)]
pub(super) struct Rates {
    keys: Vec<u32>,
    shards: Vec<u32>,
    /// Lane after lane, shard after shard.
    lanes: Vec<u32>,
    factor: u32,
}

impl Rates {
    /// Counts the latest records.
    pub(super) fn of(state: &State) -> Self {
        let (sim, factor) = (state.sim, state.factor());
        let records = &sim.stream().records;
        let since = SimTime(state.now().0.saturating_sub(RATE_MS));
        let first = records.partition_point(|record| record.arrival() < since);
        let first = first.max(records.len().saturating_sub(RATE_RECORDS_MAX));
        let mut rates = Self { factor, ..Self::default() };
        for part in records.slices(first..records.len()) {
            for record in part {
                if !state.roster.keys.is_empty() {
                    count(&mut rates.keys, record.key);
                }
                count(&mut rates.shards, record.shard);
                if factor > 0 {
                    let lane = sim.lane_of_key(state.picture.mapping, record.key);
                    count(&mut rates.lanes, record.shard * factor + lane);
                }
            }
        }
        rates
    }

    /// The width of the band of a key's records.
    pub(super) fn of_key(&self, key: KeyId) -> f64 {
        width(&self.keys, key)
    }

    /// The same for a shard's.
    pub(super) fn of_shard(&self, shard: u32) -> f64 {
        width(&self.shards, shard)
    }

    /// The same for a lane's.
    pub(super) fn of_lane(&self, lane: LaneRef) -> f64 {
        width(&self.lanes, lane.shard * self.factor + u32::from(lane.lane))
    }
}

fn count(counts: &mut Vec<u32>, place: u32) {
    let place = place as usize;
    if place >= counts.len() {
        counts.resize(place + 1, 0);
    }
    counts[place] += 1;
}

/// A band's width: the busiest one's is the most.
fn width(counts: &[u32], of: u32) -> f64 {
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let count = counts.get(of as usize).copied().unwrap_or(0);
    BAND.0 + (BAND.1 - BAND.0) * f64::from(count) / f64::from(most)
}

/// Where a row of waiting records lies: from its far end to its head, along, and across.
#[derive(Clone, Copy)]
pub(super) struct Reach {
    pub(super) from: f64,
    pub(super) head: f64,
    pub(super) across: f64,
}

/// A row of waiting records as a pile with their number, the next one on top.
pub(super) fn draw_pile(state: &State, row: &LaneRow, place: &LanePlace, reach: Reach, scene: &mut Scene) {
    let cards = row.waiting.iter().take(CARDS_MAX);
    let mut end = reach.head;
    for (order, &record) in cards.enumerate().rev() {
        let along = reach.head - order as f64 * CARDS_APART;
        end = end.min(along);
        let mut token = Token::new(place.flow.point(along, reach.across), place.token, state.hue(record));
        (token.state, token.record) = (TokenState::InDeck, Some(record));
        token.selected = state.selected(record);
        let number = if order == 0 { state.record(record).number.to_string() } else { String::new() };
        scene.token(token, number);
    }
    if place.flow == Flow::Down || row.waiting.is_empty() {
        return;
    }
    let right = end - place.token / 2.0 - 5.0;
    let room = right - (reach.from - place.token / 2.0);
    if let Some(text) = fitting(Class::StrongHalo, room, [format!("×{}", grouped(row.waiting.len() as u64))])
    {
        scene.text(Class::StrongHalo, Point::new(right, reach.across + 4.0), Anchor::End, text);
    }
}

/// A row of waiting records as a bar: as long as there are many of them beside the fullest lane's, in the hues of the
/// next ones. Those of the selected key are tokens on it.
pub(super) fn draw_bar(
    state: &State,
    lane: &LaneView,
    row: &LaneRow,
    place: &LanePlace,
    reach: Reach,
    scene: &mut Scene,
) {
    let fullest = state.lanes.iter().map(|lane| lane.waiting).max().unwrap_or(0).max(1);
    let rows = lane.rows.iter().map(|row| row.waiting.len()).max().unwrap_or(0).max(1);
    let share =
        f64::from(lane.waiting) / f64::from(fullest) * (row.waiting.len().min(rows) as f64 / rows as f64);
    let length = (reach.head + place.token / 2.0 - reach.from + place.token / 2.0).max(0.0) * share;
    let half = (place.token * 0.3).max(3.0);
    let mut hues = [0u32; Hue::COUNT as usize];
    for &record in &row.waiting {
        hues[usize::from(state.hue(record).0) - 1] += 1;
    }
    let mut right = reach.head + place.token / 2.0;
    for (place_of, &count) in hues.iter().enumerate().filter(|&(_, &count)| count > 0) {
        let left = right - length * f64::from(count) / row.waiting.len() as f64;
        let bounds = place.flow.bounds((left, right), (reach.across - half, reach.across + half));
        scene.rect(Class::Tick, Hue::of(place_of as u32), bounds, 1.0).object(Object::Lane(lane.lane));
        right = left;
    }
    let Some(key) = state.selected_key_id() else { return };
    let step = (length / row.waiting.len().max(1) as f64).min(STEP_MOST);
    for (order, &record) in row.waiting.iter().enumerate().rev() {
        if state.record(record).key != key {
            continue;
        }
        let center = place.flow.point(reach.head - order as f64 * step, reach.across);
        let mut token = Token::new(center, place.token, state.hue(record));
        (token.state, token.record) = (TokenState::InDeck, Some(record));
        token.selected = state.selected(record);
        scene.token(token, "");
    }
}

/// How many records of a row were put in each part of the time, and how many of them are done.
#[derive(Clone, Debug, Default)]
pub(super) struct Density {
    bars: Vec<(u32, u32)>,
}

impl Density {
    /// Counts a record of a part of the time.
    pub(super) fn count(&mut self, part: usize, done: bool) {
        if self.bars.is_empty() {
            self.bars.resize(BARS, (0, 0));
        }
        let bar = &mut self.bars[part];
        bar.0 += 1;
        bar.1 += u32::from(done);
    }
}

/// The parts of a time, gone through from the end of it: what costs a division for each record else.
pub(super) struct Parts {
    from: u64,
    /// Milliseconds, both ends included.
    length: u64,
    part: usize,
    /// When the part begins.
    begins: u64,
}

impl Parts {
    /// At the end of a time.
    pub(super) fn of((from, to): (SimTime, SimTime)) -> Self {
        let mut parts = Self { from: from.0, length: to.0 - from.0 + 1, part: BARS, begins: to.0 + 1 };
        parts.back_to(to);
        parts
    }

    /// The part that holds a moment, which is no later than the one before.
    pub(super) fn back_to(&mut self, at: SimTime) -> usize {
        while at.0 < self.begins {
            self.part -= 1;
            self.begins = self.from + (self.part as u64 * self.length).div_ceil(BARS as u64);
        }
        self.part
    }
}

/// A row of a shard as bars, the oldest records where they leave it.
pub(super) fn draw_density(
    state: &State,
    (row, across): (&ShardRow, f64),
    place: &ShardPlace,
    flow: Flow,
    (from, to): (f64, f64),
    scene: &mut Scene,
) {
    let most = row.density.bars.iter().map(|bar| bar.0).max().unwrap_or(0);
    if most == 0 || to - from < BARS as f64 {
        return;
    }
    let room = match flow {
        Flow::Right => place.bounds.height,
        Flow::Down => place.bounds.width,
    };
    let height = if row.key.is_some() { (place.pitch - 3.0).max(3.0) } else { (room * 0.7).min(84.0) };
    let pitch = (to - from) / BARS as f64;
    let (hue, class, faded) = match row.key {
        Some(key) => (state.roster.keys[key].hue(), Class::Tick, Class::TickDone),
        None => (Hue::NONE, Class::Density, Class::DensityDone),
    };
    for (order, &(count, done)) in row.density.bars.iter().enumerate().filter(|(_, bar)| bar.0 > 0) {
        let along = to - (order as f64 + 1.0) * pitch;
        let low = across + height / 2.0;
        let tall = |count: u32| height * f64::from(count) / f64::from(most);
        let mut bar = |class: Class, from: f64, to: f64| {
            if to > from {
                let bounds = flow.bounds((along, along + pitch * 0.7), (low - to, low - from));
                scene.rect(class, hue, bounds, 0.0);
            }
        };
        bar(faded, 0.0, tall(done));
        bar(class, tall(done), tall(count));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crowd_is_known_by_its_number() {
        let crowds = [0, 400, 401, 2000, 2001].map(Crowd::of);
        assert_eq!(crowds, [Crowd::Few, Crowd::Few, Crowd::Many, Crowd::Many, Crowd::Flood]);
    }

    #[test]
    fn parts_of_a_time_are_even() {
        for length in [1, 2, 53, 54, 55, 1365, 10_000] {
            let (from, to) = (SimTime(700), SimTime(700 + length - 1));
            let mut parts = Parts::of((from, to));
            for t in (from.0..=to.0).rev() {
                let expect = (t - from.0) * BARS as u64 / length;
                assert_eq!(parts.back_to(SimTime(t)) as u64, expect, "{t} of {length}");
            }
        }
    }

    #[test]
    fn the_busiest_band_is_the_widest() {
        let mut counts = Vec::new();
        [1, 2, 2].into_iter().for_each(|key| count(&mut counts, key));
        assert_eq!((width(&counts, 1), width(&counts, 2), width(&counts, 3)), (6.75, 12.0, 1.5));
    }
}
