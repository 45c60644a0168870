//! How an alias' move reaches the invocations: attempt by attempt, front end by front end.
//!
//! AWS: an invocation runs one version to its end; with weights the version is drawn for each invocation (Lambda
//! developer guide, "Alias routing configuration"). Article A: around a deploy old and new run at random for some
//! seconds.
//!
//! Assumption: Lambda keeps what an alias stands for on many front ends, and a move reaches each of them after a
//! time of its own, evenly distributed over `model.rollout`. So `t` after a move an attempt runs the new version
//! with the chance `clamp(t / rollout, 0, 1)`, independently of every other attempt. Of two moves that overlap,
//! a front end knows the later one if both have reached it: one draw serves all of them.

use crate::scenario::{Routing, Version};
use crate::units::{Ratio, SimDuration, SimTime};

/// What is drawn for one attempt: always both, whatever is asked of them.
#[derive(Clone, Copy, Debug)]
pub struct Draws {
    /// Which front end: the part of `model.rollout` that a move takes to reach it.
    pub front_end: u64,
    /// Which of two versions with a weight.
    pub weight: u64,
}

/// An alias' moves, as far as some front end may not know them.
#[derive(Clone, Debug)]
pub struct Rollout {
    /// Known to every front end.
    first: Routing,
    /// Later moves, oldest first.
    moves: Vec<(SimTime, Routing)>,
    cold_old: ColdOld,
}

/// How far the newest move is with the environment of the old version that starts cold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ColdOld {
    /// No invocation has run a version that came with the move.
    BeforeNew,
    /// One has.
    AfterNew,
    /// The old version has started cold.
    Done,
}

impl Rollout {
    /// An alias that has always stood for this.
    #[must_use]
    pub fn new(first: Routing) -> Self {
        Self { first, moves: Vec::new(), cold_old: ColdOld::BeforeNew }
    }

    /// What the newest front ends know, and what the API answers.
    #[must_use]
    pub fn routing(&self) -> Routing {
        self.moves.last().map_or(self.first, |&(_, routing)| routing)
    }

    /// When the newest move was made, while there are front ends that do not know it.
    #[must_use]
    pub fn moving_since(&self, now: SimTime, window: SimDuration) -> Option<SimTime> {
        let newest = self.moves.last().map(|&(at, _)| at);
        newest.filter(|&at| now < at + window)
    }

    /// Moves the alias. `window` is `model.rollout`: moves older than that are known to all.
    pub fn move_to(&mut self, now: SimTime, window: SimDuration, routing: Routing) {
        let known = self.moves.iter().take_while(|(at, _)| *at + window <= now).count();
        if let Some((_, routing)) = self.moves.drain(..known).next_back() {
            self.first = routing;
        }
        self.moves.push((now, routing));
        self.cold_old = ColdOld::BeforeNew;
    }

    /// The version that an attempt runs.
    #[must_use]
    pub fn pick(&self, now: SimTime, window: SimDuration, draws: Draws) -> Version {
        let reached = |at: SimTime| match Ratio::new((now - at).0, window.0) {
            Some(part) => part.holds(draws.front_end),
            None => true,
        };
        let newest = self.moves.iter().rev().find(|&&(at, _)| reached(at));
        let Routing { version, additional } = newest.map_or(self.first, |&(_, routing)| routing);
        match additional {
            Some((additional, weight)) if weight.holds(draws.weight) => Version::Published(additional),
            Some(_) | None => version,
        }
    }

    /// Counts an invocation of this version; true if it has to start cold although an environment may be free.
    ///
    /// Assumption (`model.rolloutColdOld`): after a move, the first invocation of an old version that follows the
    /// first of a new one finds no environment: article A's third log stream at concurrency 1.
    pub fn starts_cold(&mut self, version: Version) -> bool {
        let before = match self.moves.len() {
            0 => return false,
            1 => self.first,
            count => self.moves[count - 2].1,
        };
        let (is_new, was_old) = (runs(self.routing(), version), runs(before, version));
        match self.cold_old {
            ColdOld::BeforeNew if is_new && !was_old => self.cold_old = ColdOld::AfterNew,
            ColdOld::AfterNew if !is_new => {
                self.cold_old = ColdOld::Done;
                return true;
            }
            ColdOld::BeforeNew | ColdOld::AfterNew | ColdOld::Done => {}
        }
        false
    }
}

/// Whether a routing has this version.
fn runs(routing: Routing, version: Version) -> bool {
    let additional = routing.additional.map(|(idx, _)| Version::Published(idx));
    routing.version == version || additional == Some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: SimDuration = SimDuration(1000);

    fn to(idx: u32) -> Routing {
        Routing { version: Version::Published(idx), additional: None }
    }

    /// Front ends that a move reaches after this many thousandths of the window, give or take.
    fn front_end(thousandths: u64) -> Draws {
        Draws { front_end: u64::MAX / 1000 * thousandths, weight: 0 }
    }

    #[track_caller]
    fn check(rollout: &Rollout, t: u64, thousandths: u64, expect: u32) {
        let picked = rollout.pick(SimTime(t), WINDOW, front_end(thousandths));
        assert_eq!(picked, Version::Published(expect), "at {t}, front end {thousandths}");
    }

    #[test]
    fn a_move_reaches_front_end_after_front_end() {
        let mut rollout = Rollout::new(to(0));
        check(&rollout, 5, 0, 0);
        rollout.move_to(SimTime(100), WINDOW, to(1));
        assert_eq!(rollout.routing(), to(1));
        check(&rollout, 100, 0, 0);
        check(&rollout, 101, 0, 1);
        check(&rollout, 101, 2, 0);
        check(&rollout, 600, 499, 1);
        check(&rollout, 600, 501, 0);
        check(&rollout, 1099, 1000, 0);
        check(&rollout, 1100, 1000, 1);
    }

    #[test]
    fn of_overlapping_moves_the_latest_that_has_arrived_wins() {
        let mut rollout = Rollout::new(to(0));
        rollout.move_to(SimTime(0), WINDOW, to(1));
        rollout.move_to(SimTime(500), WINDOW, to(2));
        check(&rollout, 700, 100, 2);
        check(&rollout, 700, 300, 1);
        check(&rollout, 700, 800, 0);
        // Back to the first: the front ends in between know what they knew.
        rollout.move_to(SimTime(800), WINDOW, to(0));
        check(&rollout, 900, 50, 0);
        check(&rollout, 900, 300, 2);
        check(&rollout, 900, 600, 1);
        check(&rollout, 1800, 1000, 0);
    }

    #[test]
    fn moves_known_to_all_are_forgotten() {
        let mut rollout = Rollout::new(to(0));
        for (t, version) in [(0, 1), (10, 2), (1005, 3)] {
            rollout.move_to(SimTime(t), WINDOW, to(version));
        }
        assert_eq!((rollout.first, rollout.moves.len()), (to(1), 2));
        check(&rollout, 1005, 1000, 1);
        check(&rollout, 1005, 900, 2);
        rollout.move_to(SimTime(9000), WINDOW, to(4));
        assert_eq!((rollout.first, rollout.moves.len()), (to(3), 1));
    }

    #[test]
    fn without_a_window_a_move_is_known_at_once() {
        let mut rollout = Rollout::new(to(0));
        rollout.move_to(SimTime(100), SimDuration::ZERO, to(1));
        let picked = rollout.pick(SimTime(100), SimDuration::ZERO, front_end(1000));
        assert_eq!(picked, Version::Published(1));
    }

    #[test]
    fn the_chance_of_the_new_version_grows_with_time() {
        let mut rollout = Rollout::new(to(0));
        rollout.move_to(SimTime(0), WINDOW, to(1));
        let new = |t| {
            let picks = (0..10_000).map(|i| {
                let mut rng = crate::rng::Rng::stream(1, "version", i);
                rollout.pick(SimTime(t), WINDOW, Draws { front_end: rng.next_u64(), weight: rng.next_u64() })
            });
            picks.filter(|&version| version == Version::Published(1)).count()
        };
        for (t, expect) in [(0, 0), (100, 1000), (500, 5000), (900, 9000), (1000, 10_000)] {
            assert!(new(t).abs_diff(expect) <= 150, "{} of 10 000 at {t}", new(t));
        }
    }

    #[test]
    fn a_weight_is_drawn_apart_from_the_front_end() {
        let tenth = Ratio::new(1, 10).unwrap();
        let mut rollout = Rollout::new(to(0));
        rollout.move_to(SimTime(0), WINDOW, Routing { additional: Some((1, tenth)), ..to(0) });
        let pick = |front_end, weight| rollout.pick(SimTime(500), WINDOW, Draws { front_end, weight });
        let old = Version::Published(0);
        assert_eq!(pick(0, u64::MAX / 10 - 1), Version::Published(1));
        assert_eq!(pick(0, u64::MAX / 10 + 1), old);
        assert_eq!(pick(u64::MAX, 0), old);
        for (weight, expect) in [(0, old), (1, Version::Published(1))] {
            let rollout = Rollout::new(Routing { additional: Some((1, Ratio::whole(weight))), ..to(0) });
            for draw in [0, u64::MAX] {
                let draws = Draws { front_end: 0, weight: draw };
                assert_eq!(rollout.pick(SimTime(0), WINDOW, draws), expect);
            }
        }
    }

    #[test]
    fn one_old_invocation_after_a_new_one_starts_cold() {
        #[track_caller]
        fn check(rollout: &mut Rollout, versions: [u32; 6], expect: [bool; 6]) {
            assert_eq!(versions.map(|idx| rollout.starts_cold(Version::Published(idx))), expect);
        }
        let mut rollout = Rollout::new(to(0));
        check(&mut rollout, [0, 0, 0, 0, 0, 0], [false; 6]);
        rollout.move_to(SimTime(0), WINDOW, to(1));
        check(&mut rollout, [0, 1, 1, 0, 0, 1], [false, false, false, true, false, false]);
        rollout.move_to(SimTime(5000), WINDOW, to(2));
        check(&mut rollout, [1, 2, 1, 2, 1, 1], [false, false, true, false, false, false]);
        // A weight leaves the old version in use: nothing about it is old.
        let half = Ratio::new(1, 2).unwrap();
        rollout.move_to(SimTime(9000), WINDOW, Routing { additional: Some((3, half)), ..to(2) });
        check(&mut rollout, [2, 3, 2, 3, 2, 3], [false; 6]);
    }
}
