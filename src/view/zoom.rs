//! A window over the time axis that was chosen: what it shows as the playhead moves, and the steps that change it.
//!
//! A window that is made while the playhead stands in it goes along once the playhead has come to its last sixth,
//! and goes back with it; so it shows what is about to happen while the run plays. One that is made elsewhere, to look
//! at a moment in the past or at what is known of the future, stays where it was put.

use super::picture::Span;
use super::player::{Direction, Player};
use super::timeline::window;
use crate::units::SimTime;

/// The shortest window, in milliseconds.
const LENGTH_MIN: u64 = 100;
/// How much of the length a step along the axis is: one part of so many.
const PAN_PARTS: u64 = 4;

/// A part of the time axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zoom {
    from: u64,
    to: u64,
    /// The playhead from which on the window goes along; `None` for one that stays.
    stays_until: Option<u64>,
}

/// What can be done to the window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// Half as much time.
    In,
    /// Twice as much.
    Out,
    /// A little less or more around a moment: forward is less.
    Around(SimTime, Direction),
    /// Along the axis, by a quarter of what shows.
    Pan(Direction),
    /// Along the axis, so that the first moment comes to where the second one is.
    Drag(SimTime, SimTime),
    /// What lies between two moments.
    To(SimTime, SimTime),
    /// What is shown where nothing was chosen.
    Reset,
}

impl Zoom {
    /// The window between two moments, in either order; widened to the shortest there is.
    #[must_use]
    pub fn new(one: SimTime, other: SimTime, now: SimTime) -> Self {
        let (from, to) = (one.0.min(other.0), one.0.max(other.0));
        let to = to.max(from + LENGTH_MIN);
        let follows = (from..=to).contains(&now.0);
        Self { from, to, stays_until: follows.then(|| now.0.max(to - (to - from) / 6)) }
    }

    /// What it shows: the first and the last moment.
    #[must_use]
    pub fn shown(self, now: SimTime) -> (u64, u64) {
        let length = self.to - self.from;
        let from = match self.stays_until {
            None => self.from,
            Some(until) => now.0.min(self.from) + now.0.saturating_sub(until),
        };
        (from, from + length)
    }

    /// Its code in a link, as seen at `now`.
    #[must_use]
    pub fn code(self, now: SimTime) -> String {
        let (from, to) = self.shown(now);
        format!("{from}-{to}")
    }

    /// The window of a code.
    #[must_use]
    pub fn of_code(code: &str, now: SimTime) -> Option<Self> {
        let (from, to) = code.split_once('-')?;
        let time = |text: &str| text.parse().ok().map(SimTime).filter(|&t| t <= SimTime::MAX);
        let (from, to) = (time(from)?, time(to)?);
        (from < to).then(|| Self::new(from, to, now))
    }
}

/// What the time line shows after a step.
#[must_use]
pub fn apply(player: &Player, span: Span, step: Step) -> Span {
    let (from, length) = window(player, span);
    let (from, length) = (from.max(0.0) as u64, length as u64);
    let now = player.now();
    let whole = window(player, Span::Whole).1 as u64;
    let put = |from: u64, length: u64| {
        let length = length.max(LENGTH_MIN);
        if length >= whole {
            return Span::Whole;
        }
        let from = from.min(whole - length);
        Span::Chosen(Zoom::new(SimTime(from), SimTime(from + length), now))
    };
    // So that `around` stays where it is.
    let scaled = |around: u64, numerator: u64, denominator: u64| {
        let around = around.clamp(from, from + length);
        let before = (around - from) * numerator / denominator;
        put(around.saturating_sub(before), length * numerator / denominator)
    };
    let center = if (from..=from + length).contains(&now.0) { now.0 } else { from + length / 2 };
    match step {
        Step::In => scaled(center, 1, 2),
        Step::Out => scaled(center, 2, 1),
        Step::Around(t, Direction::Forward) => scaled(t.0, 4, 5),
        Step::Around(t, Direction::Back) => scaled(t.0, 5, 4),
        Step::Pan(Direction::Forward) => put(from + length / PAN_PARTS, length),
        Step::Pan(Direction::Back) => put(from.saturating_sub(length / PAN_PARTS), length),
        Step::Drag(taken, to) => put((from + taken.0).saturating_sub(to.0), length),
        Step::To(one, other) => put(one.0.min(other.0), one.0.abs_diff(other.0)),
        Step::Reset => Span::Near,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;
    use crate::view::shipped;

    fn player(t: u64) -> Player {
        let mut player = Player::new(Scenario::from_json(shipped::FIRST.1).unwrap());
        player.advance(16.0);
        player.seek(SimTime(t));
        player
    }

    #[track_caller]
    fn check(zoom: Zoom, now: u64, expect: (u64, u64)) {
        assert_eq!(zoom.shown(SimTime(now)), expect, "at {now}");
    }

    #[test]
    fn a_window_around_the_playhead_goes_along_and_another_stays() {
        let follows = Zoom::new(SimTime(70_000), SimTime(10_000), SimTime(30_000));
        check(follows, 30_000, (10_000, 70_000));
        check(follows, 60_000, (10_000, 70_000));
        check(follows, 60_001, (10_001, 70_001));
        check(follows, 100_000, (50_000, 110_000));
        check(follows, 4_000, (4_000, 64_000));
        // Where the playhead stood near the end, nothing jumps.
        let late = Zoom::new(SimTime(10_000), SimTime(70_000), SimTime(69_000));
        check(late, 69_000, (10_000, 70_000));
        check(late, 69_500, (10_500, 70_500));
        let stays = Zoom::new(SimTime(10_000), SimTime(20_000), SimTime(30_000));
        for now in [0, 15_000, 30_000, 90_000] {
            check(stays, now, (10_000, 20_000));
        }
        check(Zoom::new(SimTime(5), SimTime(6), SimTime(99_000)), 99_000, (5, 105));
    }

    #[test]
    fn steps_keep_their_moment_and_stay_within_the_run() {
        let player = player(60_000);
        let shown = |span: Span| match span {
            Span::Chosen(zoom) => zoom.shown(player.now()),
            Span::Near | Span::Window | Span::Whole => panic!("{span:?}"),
        };
        let go = |span: Span, step: Step| apply(&player, span, step);
        let chosen = go(Span::Near, Step::To(SimTime(80_000), SimTime(40_000)));
        assert_eq!(shown(chosen), (40_000, 80_000));
        assert_eq!(shown(go(chosen, Step::In)), (50_000, 70_000));
        assert_eq!(shown(go(chosen, Step::Out)), (20_000, 100_000));
        assert_eq!(shown(go(chosen, Step::Pan(Direction::Forward))), (50_000, 90_000));
        assert_eq!(shown(go(chosen, Step::Pan(Direction::Back))), (30_000, 70_000));
        assert_eq!(shown(go(chosen, Step::Drag(SimTime(50_000), SimTime(55_000)))), (35_000, 75_000));
        assert_eq!(shown(go(chosen, Step::Around(SimTime(40_000), Direction::Forward))), (40_000, 72_000));
        assert_eq!(go(chosen, Step::Reset), Span::Near);
        let far = (0..20).fold(chosen, |span, _| go(span, Step::Pan(Direction::Back)));
        assert_eq!(shown(far), (0, 40_000));
        let wide = (0..20).fold(chosen, |span, _| go(span, Step::Out));
        assert_eq!(wide, Span::Whole);
        let deep = (0..40).fold(chosen, |span, _| go(span, Step::In));
        let (from, to) = shown(deep);
        assert!(to - from == LENGTH_MIN && from <= 60_000 && 60_000 <= to, "{from} {to}");
    }

    #[test]
    fn codes_are_read_back() {
        let zoom = Zoom::new(SimTime(10_000), SimTime(70_000), SimTime(30_000));
        let now = SimTime(100_000);
        assert_eq!(zoom.code(now), "50000-110000");
        let again = Zoom::of_code(&zoom.code(now), now).unwrap();
        assert_eq!(again.shown(now), zoom.shown(now));
        for code in ["", "5", "5-", "9-5", "5-5", "-1-5", "a-b", "5-99999999999999"] {
            assert_eq!(Zoom::of_code(code, now), None, "{code}");
        }
    }
}
