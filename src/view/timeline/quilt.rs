//! Hash key over time.

use super::CONTROLS;
use super::axis::Axis;
use super::commands;
use super::lifetimes::{self, Lifetimes};
use crate::kinesis::stream::NONE;
use crate::sim::Simulation;
use crate::units::{SimDuration, SimTime};
use crate::view::number::seconds;
use crate::view::picture::Picture;
use crate::view::roster::{self, Roster};
use crate::view::scene::{Anchor, Bounds, Class, Hue, Object, Point, Scene, Token, measure};
use crate::view::stage::lanes::{self, Progress};
use crate::view::text::MessageId;

/// Ticks drawn at most: of more arrivals every second, fourth, … is drawn.
const TICKS_MAX: u32 = 1200;
/// Ticks drawn in order of their arrival, at most.
const IN_ORDER_MAX: usize = 600;
/// Open shards whose borders have their digits at the axis.
const BORDERS_MAX: usize = 8;

/// The part of the hash keys that is shown, over a height.
pub(super) struct Scale {
    low: f64,
    high: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
}

impl Scale {
    /// The keys in use with some room around; all where there are many keys or several shards.
    fn of(roster: &Roster, shards: usize, (top, bottom): (f64, f64)) -> Self {
        let shares = || roster.keys.iter().map(roster::Key::share);
        let (low, high) = (shares().fold(1.0, f64::min), shares().fold(0.0, f64::max));
        if roster.keys.is_empty() || shards > 1 {
            return Self { low: 0.0, high: 1.0, top, bottom };
        }
        let room = ((high - low) * 0.11).max(0.02);
        Self { low: (low - room).max(0.0), high: (high + room).min(1.0), top, bottom }
    }

    pub(super) fn y(&self, share: f64) -> f64 {
        self.top + (share - self.low) / (self.high - self.low) * (self.bottom - self.top)
    }
}

/// Draws the quilt between two heights.
pub(super) fn draw(picture: &Picture, axis: &Axis, across: (f64, f64), scene: &mut Scene) {
    let sim = picture.player.sim();
    let roster = picture.player.roster();
    // Known to the run ahead, so that the scale stays while shards come and go.
    let scale = Scale::of(roster, picture.player.ahead().stream().shards.len(), across);
    draw_titles(picture, axis, scene);
    let shown = Lifetimes::of(picture, axis);
    lifetimes::draw_grounds(picture, axis, &scale, shown.as_ref(), scene);
    draw_digits(sim, axis, &scale, scene);
    let heights = tick_heights(roster, &scale);
    let lags = lags(picture);
    for ((key, lag), &height) in roster.keys.iter().zip(&lags).zip(&heights) {
        if let Some(since) = lag {
            draw_lag(axis, scale.y(key.share()), height, (key.hue(), *since), scene);
        }
    }
    draw_ticks(picture, axis, &scale, &heights, scene);
    if let Some(shown) = &shown {
        lifetimes::draw_reshards(picture, axis, &scale, shown, scene);
        lifetimes::draw_names(picture, axis, &scale, shown, scene);
    }
    // In a flat quilt the texts beside the playhead reach up to the commands.
    let flat = scale.bottom - scale.top < 16.0 * roster.keys.len() as f64 + 8.0;
    let x_now = axis.x_now();
    let taken = if flat { (x_now, x_now + 120.0) } else { (0.0, 0.0) };
    commands::draw(picture, axis, (scale.top - 7.0).max(5.0), (!picture.tall(), taken), scene);
    draw_lag_texts(picture, axis, &scale, &lags, scene);
}

fn draw_titles(picture: &Picture, axis: &Axis, scene: &mut Scene) {
    if picture.tall() {
        return;
    }
    let lang = picture.lang;
    scene.text(Class::Title, Point::new(24.0, 25.0), Anchor::Start, MessageId::HashKeyOverTime.text(lang));
    let title = measure::width_of(Class::Title, MessageId::HashKeyOverTime.text(lang));
    // The page's own controls stand on the right.
    let mut right = if picture.controls { axis.right - CONTROLS } else { axis.right };
    let legend = [(Class::TickDone, MessageId::LegendDone), (Class::Tick, MessageId::LegendOpen)];
    let width = |(_, id): &(Class, MessageId)| measure::width_of(Class::Label, id.text(lang)) + 38.0;
    if right - legend.iter().map(width).sum::<f64>() < 24.0 + title {
        return;
    }
    for (class, id) in legend {
        let text = id.text(lang);
        let left = right - measure::width_of(Class::Label, text);
        scene.text(Class::Label, Point::new(left, 25.0), Anchor::Start, text);
        for x in [left - 14.0, left - 9.0] {
            scene.rect(class, Hue::of(0), Bounds::new(x, 15.0, 3.0, 11.0), 1.0);
        }
        right = left - 38.0;
    }
}

/// The first digits of the borders of a few shards, or of four or five round hash keys.
fn draw_digits(sim: &Simulation, axis: &Axis, scale: &Scale, scene: &mut Scene) {
    const PITCH: f64 = 24.0;
    /// Least distance of the digits of two borders.
    const APART: f64 = 14.0;
    let mut draw = |digits: u32| {
        let y = scale.y(f64::from(digits) / 65536.0) + 4.0;
        if y >= scale.top + 4.0 && y <= scale.bottom + 4.0 {
            let at = Point::new(axis.left - 10.0, y);
            scene.text(Class::Mono, at, Anchor::End, format_args!("{digits:04X}"));
        }
    };
    let open = sim.stream().open_shards();
    if scale.high - scale.low >= 1.0 && (2..=BORDERS_MAX).contains(&open.len()) {
        let start = |&shard: &u32| (sim.stream().shards[shard as usize].range.start().0 >> 112) as u32;
        let mut last = f64::NEG_INFINITY;
        for digits in open.iter().map(start) {
            let y = scale.y(f64::from(digits) / 65536.0);
            if y - last >= APART && scale.bottom - y >= APART {
                draw(digits);
                last = y;
            }
        }
        return draw(0xFFFF);
    }
    let count = ((scale.bottom - scale.top) / PITCH).clamp(1.0, 4.0);
    let step = [0x100, 0x200, 0x400, 0x800, 0x1000, 0x1800, 0x2000, 0x4000, 0x8000]
        .into_iter()
        .find(|&step| (scale.high - scale.low) * 65536.0 / f64::from(step) <= count)
        .unwrap_or(0x8000);
    (0..0x10000).step_by(step as usize).for_each(draw);
}

/// Height of each key's ticks: less where keys are close to each other.
fn tick_heights(roster: &Roster, scale: &Scale) -> Vec<f64> {
    let places: Vec<f64> = roster.keys.iter().map(|key| scale.y(key.share())).collect();
    let apart = |key: usize| {
        let others = (0..places.len()).filter(|&other| other != key);
        others.map(|other| (places[key] - places[other]).abs()).fold(10.0, f64::min)
    };
    (0..places.len()).map(|key| apart(key).max(3.0)).collect()
}

/// Arrival of each key's first record that is not done; `None` where all are.
fn lags(picture: &Picture) -> Vec<Option<SimTime>> {
    let sim = picture.player.sim();
    let roster = picture.player.roster();
    let open = lanes::first_open(picture);
    let arrival = |record: u32| sim.stream().records.get(record).arrival();
    (0..roster.keys.len())
        .map(|key| open[key])
        .map(|record| (record != NONE).then(|| arrival(record)))
        .collect()
}

fn draw_lag(axis: &Axis, y: f64, height: f64, (hue, since): (Hue, SimTime), scene: &mut Scene) {
    let (from, to) = (axis.within(since.0 as f64), axis.within(axis.now.0 as f64));
    if to > from {
        scene.rect(Class::Lag, hue, Bounds::new(from, y - height / 2.0, to - from, height), 0.0);
    }
    if (axis.left + 4.0..axis.right).contains(&axis.x(since.0 as f64)) {
        let x = from - 4.0;
        let ends = (Point::new(x, y - height / 2.0), Point::new(x, y + height / 2.0));
        scene.line(Class::LagFrom, Hue::NONE, ends.0, ends.1);
    }
}

fn draw_ticks(picture: &Picture, axis: &Axis, scale: &Scale, heights: &[f64], scene: &mut Scene) {
    const MANY_KEYS_HEIGHT: f64 = 4.0;
    let sim = picture.player.sim();
    let roster = picture.player.roster();
    let records = &sim.stream().records;
    let (from, to) = axis.range();
    let first = records.partition_point(|record| record.arrival() < from);
    let last = records.partition_point(|record| record.arrival() <= to);
    let count = last.saturating_sub(first);
    // A power of two, and by index, so that the same records stay as the window slides.
    let every = count.div_ceil(TICKS_MAX).next_power_of_two();
    let width = if axis.scale * 1000.0 > 5.0 { 3.0 } else { 2.0 };
    let progress = Progress::of(picture);
    let mut ticks = Vec::new();
    for record in (first.next_multiple_of(every)..last).step_by(every as usize) {
        let state = records.get(record);
        let y = scale.y(roster::share(sim.stream().hash_key(record)));
        let x = axis.x(state.arrival().0 as f64);
        let height = roster.place(state.key).map_or(MANY_KEYS_HEIGHT, |key| heights[key]);
        let class = if progress.is_done(record, state) { Class::TickDone } else { Class::Tick };
        let bounds = Bounds::new(x - width / 2.0, y - height / 2.0, width, height);
        if bounds.x < axis.left || bounds.y < scale.top - height || bounds.bottom() > scale.bottom + height {
            continue;
        }
        ticks.push((class, Hue::of(state.key), bounds, record));
    }
    // Very many by look, which a painter then sets once for each.
    let looks = if ticks.len() > IN_ORDER_MAX { 2 * (Hue::COUNT as usize + 1) } else { 1 };
    let mut ordered = vec![Vec::new(); looks];
    for tick in ticks {
        let look = usize::from(tick.1.0) * 2 + usize::from(tick.0 == Class::TickDone);
        ordered[look % looks].push(tick);
    }
    for (class, hue, bounds, record) in ordered.into_iter().flatten() {
        scene.rect(class, hue, bounds, 1.0).object(Object::Record(record));
        if picture.selected == Some(Object::Record(record)) {
            scene.circle(Class::Ring, Hue::NONE, bounds.center(), 7.0);
        }
    }
}

/// How far each key is behind, beside the playhead.
fn draw_lag_texts(
    picture: &Picture,
    axis: &Axis,
    scale: &Scale,
    lags: &[Option<SimTime>],
    scene: &mut Scene,
) {
    const HEIGHT: f64 = 16.0;
    let (roster, lang) = (picture.player.roster(), picture.lang);
    let mut rows: Vec<(f64, usize, SimTime)> = lags
        .iter()
        .enumerate()
        .filter_map(|(key, since)| Some((scale.y(roster.keys[key].share()), key, (*since)?)))
        .collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    if !axis.sees_now() {
        return;
    }
    let left = axis.x_now() + 10.0;
    let behind = rows.len();
    // The last one ends above the playhead's pill; so the first one may stand a little higher.
    let room = ((scale.top - 4.0).max(HEIGHT / 2.0), scale.bottom - 4.0);
    spread_out(&mut rows, HEIGHT, room);
    let hidden = behind - rows.len();
    for (place, &(y, key, since)) in rows.iter().enumerate() {
        let key = &roster.keys[key];
        let text = seconds(SimDuration((axis.now.0 - since.0) / 100 * 100), lang);
        let long = MessageId::Behind.fill(lang, &[&text]);
        let wide = |text: &str| measure::width_of(Class::Label, text);
        let text = if place == 0 && left + 26.0 + wide(&long) <= picture.width { long } else { text };
        let width = 26.0 + wide(&text);
        if left + width > picture.width {
            continue;
        }
        scene.rect(Class::Ground, Hue::NONE, Bounds::new(left, y - HEIGHT / 2.0, width, HEIGHT), 4.0);
        scene.token(Token::new(Point::new(left + 8.0, y), 12.0, key.hue()), &key.label);
        scene.text(Class::Label, Point::new(left + 20.0, y + 4.0), Anchor::Start, text);
        if hidden > 0 && place + 1 == rows.len() {
            draw_hidden(hidden, Point::new(left + width + 4.0, y), picture, scene);
        }
    }
}

/// How many more keys are behind than there is room for.
fn draw_hidden(hidden: usize, at: Point, picture: &Picture, scene: &mut Scene) {
    let text = format!("+{hidden}");
    let width = measure::width_of(Class::Label, &text) + 6.0;
    if at.x + width <= picture.width {
        scene.rect(Class::Ground, Hue::NONE, Bounds::new(at.x - 3.0, at.y - 8.0, width, 16.0), 4.0);
        scene.text(Class::Label, Point::new(at.x, at.y + 4.0), Anchor::Start, text);
    }
}

/// Moves rows apart so that none overlap, and back into the room; drops what does not fit.
fn spread_out(rows: &mut Vec<(f64, usize, SimTime)>, height: f64, (top, bottom): (f64, f64)) {
    rows.truncate(((bottom - top) / height) as usize + 1);
    let mut least = top - height / 2.0;
    for row in rows.iter_mut() {
        row.0 = row.0.max(least);
        least = row.0 + height;
    }
    let mut most = bottom;
    for row in rows.iter_mut().rev() {
        row.0 = row.0.min(most);
        most = row.0 - height;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_moved_apart() {
        let mut rows: Vec<(f64, usize, SimTime)> = [10.0, 12.0, 50.0, 99.0, 100.0]
            .into_iter()
            .enumerate()
            .map(|(key, y)| (y, key, SimTime(0)))
            .collect();
        spread_out(&mut rows, 16.0, (0.0, 100.0));
        assert_eq!(rows.iter().map(|row| row.0).collect::<Vec<_>>(), [10.0, 26.0, 50.0, 84.0, 100.0]);
    }
}
