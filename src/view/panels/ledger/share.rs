//! The share of rows that the new version wrote, over time from the alias' first move to it on, beside the share that
//! the roll-out lets expect. While two versions have weights, it goes on to the playhead.

use std::rc::Rc;

use super::{Written, new_code, written};
use crate::lambda::function::AliasChange;
use crate::lang::Lang;
use crate::scenario::{Routing, Version};
use crate::sim::Simulation;
use crate::units::{SimDuration, SimTime};
use crate::view::deploy::version_name;
use crate::view::number::exact_seconds;
use crate::view::scene::{Anchor, Bounds, Class, Hue, Point, Scene, Segment};
use crate::view::text::MessageId;

/// Time shown before the move, and after the roll-out.
const BEFORE_MS: u64 = 1000;
const AFTER_MS: u64 = 2000;
/// Bars, at most, and the least time of one.
const BARS_MAX: u64 = 20;
const BAR_MS_MIN: u64 = 500;
/// The latest events looked at for rows.
const REACH: u32 = 200_000;

/// Size and places. The panel is as wide as this, or wider.
const WIDTH: f64 = 256.0;
const LEFT: f64 = 44.0;
const TOP: f64 = 24.0;
const HEIGHT: f64 = 72.0;
const BOTTOM: f64 = 20.0;

/// The share of the new version.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Share {
    /// The picture.
    pub scene: Rc<Scene>,
    /// What it shows, in words.
    pub label: String,
    /// What the dashed line is.
    pub note: String,
    /// Names of the two columns that count rows: the new version's, and those of all others.
    pub versions: [String; 2],
    /// The same as a table.
    pub rows: Vec<Row>,
}

/// A span of time.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Seconds from the move, as `+0.5 to +1.0`.
    pub span: String,
    /// Rows of the new version, and of others.
    pub counts: [u32; 2],
    /// Percent of the new version; none without rows.
    pub share: Option<u32>,
    /// Percent that the roll-out lets expect in the middle of the span.
    pub expected: u32,
}

/// What is drawn.
struct Chart {
    from: SimTime,
    window: SimDuration,
    bar: u64,
    /// Rows of the new version and of others, bar by bar.
    bars: Vec<[u32; 2]>,
    /// Percent of the new version before the first move.
    before: u32,
    /// The moves to the new version, and its percent once they have reached all front ends; at least one.
    moves: Vec<(SimTime, u32)>,
}

/// The share as of the playhead.
pub(super) fn build(sim: &Simulation, function: u32, change: &AliasChange, new: u32, lang: Lang) -> Share {
    let window = sim.scenario().model.rollout;
    let code = |version| sim.functions().code(function, version);
    let (first, moves) = moves(sim, change, new, code);
    let from = SimTime(moves[0].0.0.saturating_sub(BEFORE_MS));
    let settled = change.at.0 + window.0 + AFTER_MS;
    let until = if change.routing.additional.is_some() { settled.max(sim.now().0) } else { settled };
    let span = until - from.0;
    let bar = span.div_ceil(BARS_MAX).next_multiple_of(BAR_MS_MIN);
    let mut bars = vec![[0; 2]; span.div_ceil(bar) as usize];
    let begin = from.0.checked_sub(1).map_or(0, |before| sim.events_until(SimTime(before)));
    let last = sim.events_until(SimTime(from.0 + bar * bars.len() as u64 - 1).min(sim.now()));
    let begin = begin.max(last.saturating_sub(REACH));
    for Written { at, code, .. } in sim.events(begin, last).filter_map(|event| written(sim, function, event))
    {
        if let Some(counts) = bars.get_mut(((at - from).0 / bar) as usize) {
            counts[usize::from(code != new)] += 1;
        }
    }
    let before = percent_of(before(sim, first), new, code);
    let chart = Chart { from, window, bar, bars, before, moves };
    let new_name = version_name(Version::Published(new));
    let versions = [new_name.clone(), MessageId::ShareOthers.text(lang).to_owned()];
    Share {
        scene: Rc::new(chart.draw(sim.now(), &versions, lang)),
        label: MessageId::ShareLabel.fill(lang, &[&new_name]),
        note: MessageId::ShareNote.fill(lang, &[&exact_seconds(window, lang)]),
        rows: chart.rows(sim.now()),
        versions,
    }
}

/// The moves up to `change`, one behind the other, each of which brought the same version, with its percent; and the
/// first of them. Weights that grow step by step are several.
fn moves<'a>(
    sim: &'a Simulation,
    change: &'a AliasChange,
    new: u32,
    code: impl Fn(Version) -> u32,
) -> (&'a AliasChange, Vec<(SimTime, u32)>) {
    let same = |other: &&AliasChange| (other.function, other.alias) == (change.function, change.alias);
    let all: Vec<&AliasChange> = sim.alias_changes().iter().map(|other| &**other).filter(same).collect();
    let upto = all.iter().position(|&other| std::ptr::eq(other, change)).map_or(0, |place| place + 1);
    let brings = |other: &&&AliasChange| new_code(sim, other) == new;
    let chain: Vec<&AliasChange> = all[..upto].iter().rev().take_while(brings).copied().collect();
    let first = chain.last().copied().unwrap_or(change);
    let moves = chain.iter().rev().map(|other| (other.at, percent_of(other.routing, new, &code)));
    (first, moves.collect())
}

/// What the alias stood for before a move.
fn before(sim: &Simulation, change: &AliasChange) -> Routing {
    let same = |other: &&AliasChange| (other.function, other.alias) == (change.function, change.alias);
    let earlier =
        sim.alias_changes().iter().map(|other| &**other).take_while(|other| !std::ptr::eq(*other, change));
    let at_start = || {
        let function = &sim.scenario().functions[usize::from(change.function)];
        function.aliases.get(change.alias as usize).map(|alias| alias.routing)
    };
    earlier.filter(same).last().map(|other| other.routing).or_else(at_start).unwrap_or(change.routing)
}

/// Percent of invocations that run this code under a routing.
fn percent_of(routing: Routing, wanted: u32, code: impl Fn(Version) -> u32) -> u32 {
    let second = routing.additional.map_or((0, None), |(idx, weight)| {
        let percent = weight.numerator() * 100 / weight.denominator();
        (percent as u32, Some(code(Version::Published(idx))))
    });
    let (percent, other) = second;
    let first = if code(routing.version) == wanted { 100 - percent } else { 0 };
    first + if other == Some(wanted) { percent } else { 0 }
}

impl Chart {
    /// Percent of the new version that is to be expected at a time: each front end knows the latest move that has
    /// reached it.
    fn expected(&self, t: SimTime) -> u32 {
        // A roll-out that takes no time has reached all of them at once.
        let window = self.window.0.max(1);
        let (mut known, mut sum) = (0, 0);
        for &(at, percent) in self.moves.iter().rev() {
            let since = t.0.checked_sub(at.0).map_or(0, |since| since + window - self.window.0);
            let reached = since.min(window);
            sum += u64::from(percent) * reached.saturating_sub(known);
            known = reached.max(known);
        }
        ((sum + u64::from(self.before) * (window - known)) / window) as u32
    }

    /// When the first move was made, from which times count.
    fn moved(&self) -> SimTime {
        self.moves[0].0
    }

    fn rows(&self, now: SimTime) -> Vec<Row> {
        let tenths = |t: u64| {
            let signed = i128::from(t) - i128::from(self.moved().0);
            let sign = if signed < 0 { '−' } else { '+' };
            format!("{sign}{}.{}", signed.unsigned_abs() / 1000, signed.unsigned_abs() / 100 % 10)
        };
        let row = |(place, &counts): (u64, &[u32; 2])| {
            let start = self.from.0 + place * self.bar;
            let all = counts[0] + counts[1];
            Row {
                span: format!("{} – {}", tenths(start), tenths(start + self.bar)),
                counts,
                share: (all > 0).then(|| counts[0] * 100 / all),
                expected: self.expected(SimTime(start + self.bar / 2)),
            }
        };
        let reached = |&(place, _): &(u64, &[u32; 2])| self.from.0 + place * self.bar <= now.0;
        (0..).zip(&self.bars).take_while(reached).map(row).collect()
    }

    /// Place of a time.
    fn x(&self, t: u64) -> f64 {
        let span = (self.bar * self.bars.len() as u64) as f64;
        LEFT + (t as f64 - self.from.0 as f64) / span * (WIDTH - LEFT - 2.0)
    }

    fn draw(&self, now: SimTime, versions: &[String; 2], lang: Lang) -> Scene {
        let mut scene = Scene::default();
        scene.clear(WIDTH, TOP + HEIGHT + BOTTOM);
        let y = |percent: u32| TOP + HEIGHT * (1.0 - f64::from(percent) / 100.0);
        for &(at, _) in &self.moves {
            let (moved, all) = (self.x(at.0), self.x(at.0 + self.window.0));
            scene.rect(Class::ShareWindow, Hue::NONE, Bounds::new(moved, TOP, all - moved, HEIGHT), 0.0);
        }
        for percent in [0, 50, 100] {
            scene.line(
                Class::Hair,
                Hue::NONE,
                Point::new(LEFT, y(percent)),
                Point::new(WIDTH - 2.0, y(percent)),
            );
            let at = Point::new(LEFT - 4.0, y(percent) + 4.0);
            scene.text(Class::Label, at, Anchor::End, format!("{percent} %"));
        }
        for (place, &[new, others]) in (0..).zip(&self.bars).filter(|(_, counts)| counts[0] + counts[1] > 0) {
            let start = self.from.0 + place * self.bar;
            let (left, right) = (self.x(start) + 0.75, self.x(start + self.bar) - 0.75);
            let share = HEIGHT * f64::from(new) / f64::from(new + others);
            let bar = |y, height| Bounds::new(left, y, right - left, height);
            scene.rect(Class::ShareOld, Hue::NONE, bar(TOP, HEIGHT - share), 1.0);
            scene.rect(Class::ShareNew, Hue::NONE, bar(TOP + HEIGHT - share, share), 1.0);
        }
        self.draw_expected(y, &mut scene);
        self.draw_times(now, &mut scene);
        legend(versions, lang, &mut scene);
        scene
    }

    fn draw_expected(&self, y: impl Fn(u32) -> f64, scene: &mut Scene) {
        let end = self.from.0 + self.bar * self.bars.len() as u64;
        let at = |t: u64| Point::new(self.x(t), y(self.expected(SimTime(t))));
        let bends = self.moves.iter().flat_map(|&(at, _)| [at.0, at.0 + self.window.0]);
        let mut bends: Vec<u64> = bends.chain([end]).collect();
        bends.sort_unstable();
        let bends = bends.into_iter().map(|t| Segment::Line(at(t)));
        let path: Vec<Segment> = std::iter::once(Segment::Move(at(self.from.0))).chain(bends).collect();
        scene.path(Class::ShareExpected, Hue::NONE, &path);
    }

    fn draw_times(&self, now: SimTime, scene: &mut Scene) {
        const STEPS_S: [u64; 12] = [1, 2, 3, 5, 10, 20, 30, 60, 120, 300, 600, 1800];
        let end = self.from.0 + self.bar * self.bars.len() as u64;
        let bottom = TOP + HEIGHT;
        // Four labels or so, at round seconds.
        let moved = self.moved().0;
        let least = ((end - moved) / 4).div_ceil(1000);
        let round = STEPS_S.into_iter().find(|&step| step >= least);
        let step = round.unwrap_or_else(|| least.next_multiple_of(3600)) * 1000;
        let mut t = moved;
        while t < end {
            let text = format!("+{}", (t - moved) / 1000);
            scene.line(
                Class::Border,
                Hue::NONE,
                Point::new(self.x(t), bottom),
                Point::new(self.x(t), bottom + 3.0),
            );
            scene.text(Class::Label, Point::new(self.x(t), bottom + 15.0), Anchor::Middle, text);
            t += step;
        }
        if now.0 <= end {
            let x = self.x(now.0);
            scene.line(Class::Playhead, Hue::NONE, Point::new(x, TOP - 2.0), Point::new(x, bottom + 2.0));
        }
    }
}

fn legend(versions: &[String; 2], lang: Lang, scene: &mut Scene) {
    let mut x = LEFT;
    let entries = [(Class::ShareNew, versions[0].as_str()), (Class::ShareOld, versions[1].as_str())];
    for (class, name) in entries {
        scene.rect(class, Hue::NONE, Bounds::new(x, 4.0, 9.0, 9.0), 1.5);
        scene.text(Class::Label, Point::new(x + 13.0, 12.5), Anchor::Start, name);
        x += 13.0 + crate::view::scene::measure::width_of(Class::Label, name) + 12.0;
    }
    scene.line(Class::ShareExpected, Hue::NONE, Point::new(x, 8.5), Point::new(x + 16.0, 8.5));
    let expected = MessageId::ShareExpected.text(lang);
    scene.text(Class::Label, Point::new(x + 20.0, 12.5), Anchor::Start, expected);
}

#[cfg(test)]
mod tests {
    use super::super::latest_change;
    use super::*;
    use crate::event_log::Event;
    use crate::scenario::Scenario;
    use crate::view::shipped;

    fn at(id: &str, t: u64) -> (Simulation, Share) {
        let mut sim = Simulation::new(Scenario::from_json(shipped::text_of(id).unwrap()).unwrap());
        sim.run_until(SimTime(t));
        let config = sim.mappings()[0].config().clone();
        let change = latest_change(&sim, &config).unwrap();
        let share = build(&sim, config.function_idx, change, new_code(&sim, change), Lang::En);
        (sim, share)
    }

    #[test]
    fn bars_count_each_row_of_the_span_once_and_the_ramp_is_the_roll_out() {
        let (sim, share) = at("deploy-1-shard", 120_000);
        let moved = sim.alias_changes()[0].at.0;
        let written = sim.events(0, u32::MAX).filter(|(_, at, event)| {
            matches!(event, Event::RowWritten { .. }) && (moved - 1000..moved + 9000).contains(&at.0)
        });
        let counted: u32 = share.rows.iter().map(|row| row.counts[0] + row.counts[1]).sum();
        assert_eq!((share.rows.len(), u64::from(counted)), (20, written.count() as u64));
        let expected: Vec<u32> = share.rows.iter().map(|row| row.expected).collect();
        assert_eq!((expected[1], expected[2], expected[9], expected[16]), (0, 3, 53, 100));
        assert_eq!(share.rows[2].span, "+0.0 – +0.5");
        assert_eq!((share.rows[0].share, share.rows[19].share), (Some(0), Some(100)));
    }

    #[test]
    fn what_is_still_to_come_is_no_row_yet_and_weights_are_expected() {
        let (sim, _) = at("deploy-1-shard", 120_000);
        let moved = sim.alias_changes()[0].at.0;
        let (_, share) = at("deploy-1-shard", moved + 2600);
        assert_eq!(share.rows.len(), 8);
        let (sim, _) = at("deploy-canary", 120_000);
        let first = sim.alias_changes()[0].at.0;
        let (_, share) = at("deploy-canary", first + 8900);
        assert_eq!(share.rows.last().map(|row| row.expected), Some(10));
    }

    #[test]
    fn with_weights_it_goes_on_until_now_and_steps_are_one_chart() {
        // From a second before the move, at 30 s, in steps of 9 s.
        let (_, share) = at("deploy-canary", 200_000);
        assert_eq!((share.rows.len(), share.rows[18].span.as_str()), (19, "+161.0 – +170.0"));
        assert_eq!(share.rows[18].expected, 10);
        let linear = Scenario::from_json(shipped::text_of("deploy-linear").unwrap()).unwrap();
        let moves: Vec<u64> = linear.commands.iter().map(|command| command.at.0).collect();
        let (sim, share) = at("deploy-linear", moves[3] + 20_000);
        let (from, written) = (moves[0] - 1000, |event: &Event| matches!(event, Event::RowWritten { .. }));
        let all = sim.events(0, u32::MAX).filter(|(_, at, event)| written(event) && at.0 >= from).count();
        let counted: u32 = share.rows.iter().map(|row| row.counts[0] + row.counts[1]).sum();
        assert_eq!(counted as usize, all);
        let expected: Vec<u32> = share.rows.iter().map(|row| row.expected).collect();
        assert!(expected.is_sorted() && expected.last() == Some(&30), "{expected:?}");
    }

    #[test]
    fn each_front_end_knows_the_latest_move_that_has_reached_it() {
        #[track_caller]
        fn check(window: u64, t: u64, expect: u32) {
            let moves = vec![(SimTime(1000), 10), (SimTime(2000), 100)];
            let (from, window) = (SimTime(0), SimDuration(window));
            let chart = Chart { from, window, bar: 500, bars: Vec::new(), before: 0, moves };
            assert_eq!(chart.expected(SimTime(t)), expect, "{window:?} {t}");
        }
        check(4000, 999, 0);
        check(4000, 2000, 2);
        // A quarter knows the second move, another quarter the first one only.
        check(4000, 3000, 27);
        check(4000, 6000, 100);
        check(0, 999, 0);
        check(0, 1000, 10);
        check(0, 2000, 100);
    }
}
