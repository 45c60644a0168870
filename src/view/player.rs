//! The run that is looked at: a simulation at the playhead, one that runs ahead to know the future, and the
//! way back.
//!
//! Everything here is pure: real time comes in as elapsed milliseconds. Keyframes are clones of the simulation
//! (which share their columns), made by whichever simulation is first to come by; going anywhere takes the last one
//! before the target and replays.

use std::rc::Rc;

use super::roster::Roster;
use super::series::Series;
use crate::event_log::Event;
use crate::scenario::{Command, CommandAction, Scenario};
use crate::sim::Simulation;
use crate::sim::control::Done;
use crate::units::SimTime;

/// Keyframes kept; when there are more, every second one goes and the spacing doubles.
const KEYFRAMES_MAX: usize = 64;
/// Events between two keyframes at first.
const KEYFRAME_EVENTS: u32 = 16_384;
/// Events simulated for one frame: at most, beyond which the playhead visibly lags; at least; and at first. In between,
/// fewer after a frame that was late and more after one that was not, so that the page answers on every machine.
const EVENTS_PER_FRAME_MAX: u32 = 80_000;
const EVENTS_PER_FRAME_MIN: u32 = 8_192;
const EVENTS_PER_FRAME_FIRST: u32 = 16_384;
/// A frame is late if it comes after this, in milliseconds: a slow screen has 33.
const FRAME_MS_LATE: f64 = 45.0;
/// A frame is never taken to be longer than this, in milliseconds.
const FRAME_MS_MAX: f64 = 50.0;

/// How fast simulated time runs against real time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Speed {
    /// Simulated milliseconds for each real one.
    Times(f64),
    /// As fast as it can be computed.
    Max,
}

/// What a step goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepUnit {
    /// The next millisecond in which something happens.
    Event,
    /// The next hand-over of a batch.
    Batch,
    /// The next instant of the polling grid.
    Poll,
    /// The next whole second.
    Second,
}

/// Forward or back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Later.
    Forward,
    /// Earlier.
    Back,
}

/// A run with a playhead.
pub struct Player {
    sim: Simulation,
    ahead: Simulation,
    roster: Roster,
    /// The figures of the run ahead.
    series: Series,
    keyframes: Keyframes,
    /// The playhead in simulated milliseconds, with the part of one that playing has left over.
    clock: f64,
    playing: bool,
    speed: Speed,
    /// Events simulated for the next frame at most.
    events_per_frame: u32,
}

impl Player {
    /// The scenario at t = 0, paused.
    #[must_use]
    pub fn new(scenario: Scenario) -> Self {
        let mut sim = Simulation::new(scenario);
        sim.run_until(SimTime::ZERO);
        Self {
            // Not a clone, and no keyframe yet: then the page's first load holds nothing that clones.
            ahead: sim.restart(),
            roster: Roster::of(&sim),
            series: Series::of(&sim),
            keyframes: Keyframes { kept: Vec::new(), apart: KEYFRAME_EVENTS },
            clock: 0.0,
            playing: false,
            speed: Speed::Times(1.0),
            events_per_frame: EVENTS_PER_FRAME_FIRST,
            sim,
        }
    }

    /// The simulation at the playhead.
    #[must_use]
    pub fn sim(&self) -> &Simulation {
        &self.sim
    }

    /// The simulation as far as it has been run ahead of the playhead; at least as far as [`Player::sim`].
    #[must_use]
    pub fn ahead(&self) -> &Simulation {
        &self.ahead
    }

    /// The partition keys of the scenario.
    #[must_use]
    pub fn roster(&self) -> &Roster {
        &self.roster
    }

    /// The figures over time, as far as the run ahead knows them.
    #[must_use]
    pub fn series(&self) -> &Series {
        &self.series
    }

    /// The playhead.
    #[must_use]
    pub fn now(&self) -> SimTime {
        self.sim.now()
    }

    /// Where the time line ends: a little after the last event once the whole run is known, else the scenario's
    /// end.
    #[must_use]
    pub fn end(&self) -> SimTime {
        let until = self.sim.scenario().until;
        let known = self.ahead.now() >= until && !self.sim.scenario().producers.is_empty();
        let last = self.ahead.log().last_at().0.div_ceil(1000) * 1000;
        SimTime(if known { last.max(1000) } else { u64::MAX }).min(until)
    }

    /// Whether it plays.
    #[must_use]
    pub fn playing(&self) -> bool {
        self.playing
    }

    /// The speed.
    #[must_use]
    pub fn speed(&self) -> Speed {
        self.speed
    }

    /// Plays from the playhead; from the start if it stands at the end.
    pub fn play(&mut self) {
        if self.now() >= self.end() {
            self.seek(SimTime::ZERO);
        }
        self.playing = true;
    }

    /// Stops where it is.
    pub fn pause(&mut self) {
        self.playing = false;
    }

    /// Sets the speed; a factor that is not a positive number is ignored.
    pub fn set_speed(&mut self, speed: Speed) {
        let valid = match speed {
            Speed::Times(times) => times.is_finite() && times > 0.0,
            Speed::Max => true,
        };
        if valid {
            self.speed = speed;
        }
    }

    /// Real time passed: runs ahead a little, and moves the playhead if it plays. True if the picture changes.
    pub fn advance(&mut self, elapsed_ms: f64) -> bool {
        self.events_per_frame = if elapsed_ms > FRAME_MS_LATE {
            (self.events_per_frame / 2).max(EVENTS_PER_FRAME_MIN)
        } else {
            (self.events_per_frame + self.events_per_frame / 8).min(EVENTS_PER_FRAME_MAX)
        };
        self.run_ahead(self.events_per_frame);
        let end = self.end();
        if !self.playing {
            // A moment that was gone to before the end was known.
            let beyond = self.now() > end;
            if beyond {
                self.go_to(end);
            }
            return beyond;
        }
        let target = match self.speed {
            Speed::Times(times) => self.clock + elapsed_ms.clamp(0.0, FRAME_MS_MAX) * times,
            Speed::Max => end.0 as f64,
        };
        self.run_to(SimTime(target as u64).min(end), self.events_per_frame);
        self.clock = if self.now().0 == target as u64 { target } else { self.now().0 as f64 };
        if self.now() >= end {
            self.playing = false;
        }
        true
    }

    /// Moves the playhead to `t`, at most to the end; the picture is the same as at the first visit.
    pub fn seek(&mut self, t: SimTime) {
        self.go_to(t.min(self.end()));
        // Only there does it turn out that nothing follows.
        if self.now() > self.end() {
            self.go_to(self.end());
        }
    }

    fn go_to(&mut self, t: SimTime) {
        let nearest = if self.ahead.now() <= t { &self.ahead } else { self.keyframes.before(t, &self.sim) };
        if t < self.sim.now() || nearest.now() > self.sim.now() {
            self.sim = nearest.clone();
        }
        self.run_to(t, u32::MAX);
        self.clock = self.now().0 as f64;
    }

    /// Carries out a live command in the first millisecond not yet begun, where the playhead then stands.
    pub fn command(&mut self, action: CommandAction) -> Rc<Done> {
        let command = Command { at: self.sim.next_command_at(), action };
        self.keyframes.take_in(&command);
        self.sim.add_command(command.clone());
        self.sim.run_until(command.at);
        self.ahead = self.sim.clone();
        self.roster = Roster::of(&self.sim);
        self.series = Series::of(&self.sim);
        self.clock = self.now().0 as f64;
        // What follows may cost more than what was there: a reshard's events do.
        self.events_per_frame = EVENTS_PER_FRAME_FIRST;
        let done = self.sim.done().last();
        Rc::clone(done.expect("the command has been carried out"))
    }

    /// Moves the playhead by one step and pauses.
    pub fn step(&mut self, unit: StepUnit, direction: Direction) {
        self.pause();
        let target = match direction {
            Direction::Forward => self.step_forward(unit),
            Direction::Back => self.step_back(unit),
        };
        self.seek(target);
    }

    fn step_forward(&mut self, unit: StepUnit) -> SimTime {
        let now = self.now();
        match unit {
            StepUnit::Event => self.next(|_| true),
            StepUnit::Batch => self.next(is_start),
            StepUnit::Poll => self.grid(now.0 + 1, self.sim.scenario().model.poll.0),
            StepUnit::Second => SimTime((now.0 / 1000 + 1) * 1000),
        }
    }

    /// When the next wanted event after the playhead happens; the end if there is none. Runs ahead until then.
    fn next(&mut self, wanted: fn(&Event) -> bool) -> SimTime {
        let until = self.sim.scenario().until;
        let mut from = self.ahead.events_until(self.now());
        loop {
            let found = self.ahead.events(from, u32::MAX).find(|(.., event)| wanted(event));
            if let Some((_, t, _)) = found {
                return t;
            }
            if self.ahead.now() >= until {
                return self.end();
            }
            from = self.ahead.log().count();
            self.run_ahead(EVENTS_PER_FRAME_MAX);
        }
    }

    fn step_back(&self, unit: StepUnit) -> SimTime {
        let now = self.now();
        let Some(before) = now.0.checked_sub(1) else { return SimTime::ZERO };
        let last = |wanted: fn(&Event) -> bool| {
            let mut to = self.sim.events_until(SimTime(before));
            while to > 0 {
                let from = to.saturating_sub(256);
                let found = self.sim.events(from, to).filter(|(.., event)| wanted(event)).last();
                if let Some((_, t, _)) = found {
                    return t;
                }
                to = from;
            }
            SimTime::ZERO
        };
        match unit {
            StepUnit::Event => last(|_| true),
            StepUnit::Batch => last(is_start),
            StepUnit::Poll => {
                let period = self.sim.scenario().model.poll.0;
                SimTime(self.grid(now.0, period).0.saturating_sub(period))
            }
            StepUnit::Second => SimTime(before / 1000 * 1000),
        }
    }

    /// The first instant of the polling grid at or after `t`.
    fn grid(&self, t: u64, period: u64) -> SimTime {
        let phase = self.sim.scenario().model.poll_phase.0;
        SimTime(t.saturating_sub(phase).div_ceil(period) * period + phase)
    }

    fn run_to(&mut self, t: SimTime, events_max: u32) {
        self.keyframes.run(&mut self.sim, t, events_max);
        if self.ahead.now() < self.sim.now() {
            self.ahead = self.sim.clone();
            self.series.extend(&self.ahead);
        }
    }

    /// Runs ahead a little further.
    fn run_ahead(&mut self, events_max: u32) {
        let until = self.sim.scenario().until;
        if self.ahead.now() < until {
            self.keyframes.run(&mut self.ahead, until, events_max);
            self.series.extend(&self.ahead);
        }
    }
}

/// Clones of the simulation along the run, whoever runs it first; that of t = 0 once somebody goes back there.
struct Keyframes {
    /// In order of time.
    kept: Vec<Simulation>,
    /// Events between two of them.
    apart: u32,
}

impl Keyframes {
    /// Runs up to `t`, or so many events, and keeps keyframes where there are none yet.
    fn run(&mut self, sim: &mut Simulation, t: SimTime, events_max: u32) {
        let mut left = events_max;
        loop {
            let before = sim.log().count();
            let arrived = sim.run_bounded(t, left.min(self.apart));
            left = left.saturating_sub(sim.log().count() - before);
            self.keep(sim);
            if arrived || left == 0 {
                return;
            }
        }
    }

    fn keep(&mut self, sim: &Simulation) {
        let last = self.kept.last().map_or(0, |keyframe| keyframe.log().count());
        if sim.log().count() < last.saturating_add(self.apart) {
            return;
        }
        self.kept.push(sim.clone());
        if self.kept.len() > KEYFRAMES_MAX {
            let mut place = 0;
            self.kept.retain(|_| {
                place += 1;
                place % 2 == 1
            });
            self.apart *= 2;
        }
    }

    /// The last one at or before `t` of this run.
    fn before(&mut self, t: SimTime, run: &Simulation) -> &Simulation {
        let later = self.kept.partition_point(|keyframe| keyframe.now() <= t);
        if later == 0 {
            self.kept.insert(0, run.restart());
        }
        &self.kept[later.saturating_sub(1)]
    }

    /// Has the command carried out in all of them; those that are beyond it go.
    fn take_in(&mut self, command: &Command) {
        self.kept.retain(|keyframe| keyframe.now() < command.at);
        self.kept.iter_mut().for_each(|keyframe| keyframe.add_command(command.clone()));
    }
}

fn is_start(event: &Event) -> bool {
    matches!(event, Event::InvocationStarted { .. })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn player() -> Player {
        let text = include_str!("../../www/scenarios/parallelization-3.json");
        Player::new(Scenario::from_json(text).unwrap())
    }

    #[test]
    fn steps_go_to_the_next_and_back_without_any_frame() {
        use Direction::{Back, Forward};
        let mut player = player();
        let mut visits = Vec::new();
        for (unit, direction) in [
            (StepUnit::Event, Forward),
            (StepUnit::Poll, Forward),
            (StepUnit::Batch, Forward),
            (StepUnit::Batch, Forward),
            (StepUnit::Second, Back),
            (StepUnit::Event, Back),
            (StepUnit::Poll, Back),
            (StepUnit::Batch, Back),
            (StepUnit::Batch, Back),
        ] {
            player.step(unit, direction);
            visits.push(player.now().0);
        }
        assert_eq!(visits, [350, 1000, 2000, 8200, 8000, 7875, 7000, 2000, 0]);
    }

    #[test]
    fn playing_keeps_the_speed_and_stops_at_the_end() {
        let mut player = player();
        player.play();
        player.set_speed(Speed::Times(2.0));
        for _ in 0..10 {
            player.advance(16.5);
        }
        assert_eq!((player.now(), player.playing()), (SimTime(330), true));
        player.set_speed(Speed::Times(f64::NAN));
        assert_eq!(player.speed(), Speed::Times(2.0));
        player.set_speed(Speed::Max);
        while player.playing() {
            player.advance(16.0);
        }
        assert_eq!(player.now(), player.end());
        assert!(player.end() < player.sim().scenario().until);
        player.play();
        assert_eq!(player.now(), SimTime::ZERO);
    }

    #[test]
    fn a_seek_beyond_the_end_stops_there() {
        for known in [false, true] {
            let mut player = player();
            while known && player.ahead().now() < player.sim().scenario().until {
                player.advance(16.0);
            }
            player.seek(SimTime(u64::MAX));
            assert_eq!((player.now(), player.end()), (SimTime(183_000), SimTime(183_000)));
        }
        // What is not known to be beyond the end until later.
        let mut player = player();
        player.seek(SimTime(200_000));
        while player.now() > player.end() || player.ahead().now() < player.sim().scenario().until {
            player.advance(16.0);
        }
        assert_eq!(player.now(), SimTime(183_000));
        player.step(StepUnit::Second, Direction::Forward);
        assert_eq!(player.now(), SimTime(183_000));
    }

    #[test]
    fn a_live_command_is_the_same_as_one_of_the_scenario() {
        let line = "aws kinesis split-shard --stream-name s --shard-to-split shardId-000000000000 \
                    --new-starting-hash-key 1000";
        let mut live = player();
        live.seek(SimTime(100_000));
        live.seek(SimTime(40_000));
        let done = live.command(CommandAction::Cli(line.into()));
        assert_eq!(
            (done.at, done.outcome.as_ref().map(|outcome| outcome.exit_code)),
            (SimTime(40_001), Some(0))
        );
        live.seek(SimTime(20_000));
        live.seek(SimTime(240_000));
        let text = include_str!("../../www/scenarios/parallelization-3.json");
        let mut document: serde_json::Value = serde_json::from_str(text).unwrap();
        document["commands"] = serde_json::json!([{"at": 40_001, "cli": line}]);
        let mut sim = Simulation::new(Scenario::from_value(&document).unwrap());
        sim.run_until(SimTime(240_000));
        assert_eq!(live.sim().digest(), sim.digest());
        assert_eq!(sim.stream().shards.len(), 3);
    }

    #[test]
    fn keyframes_stay_bounded() {
        let mut player = player();
        player.keyframes.apart = 1;
        player.seek(SimTime(240_000));
        let kept = player.keyframes.kept.len();
        assert!((KEYFRAMES_MAX / 2..=KEYFRAMES_MAX).contains(&kept), "{kept}");
        let digest = player.sim().digest();
        player.seek(SimTime(20_000));
        player.seek(SimTime(240_000));
        assert_eq!(player.sim().digest(), digest);
    }

    /// However fast it goes, a frame does so much and no more: a page stays alive.
    #[test]
    fn a_frame_has_a_bounded_number_of_events() {
        let text = r#"{"version": 1, "id": "many", "until": 60000, "stream": {"ShardCount": 10},
            "producers": [{"type": "rate", "recordsPerSecond": 5000, "keys": {"count": 1000}}]}"#;
        let mut player = Player::new(Scenario::from_json(text).unwrap());
        player.set_speed(Speed::Max);
        player.play();
        let mut frames = 0;
        while player.playing() {
            let before = [&player.sim, &player.ahead].map(|sim| sim.log().count());
            player.advance(16.0);
            let after = [&player.sim, &player.ahead].map(|sim| sim.log().count());
            for (before, after) in before.into_iter().zip(after) {
                // Five records arrive in a millisecond, ten shards open in the first one.
                assert!(after - before <= EVENTS_PER_FRAME_MAX + 15, "{before} to {after}");
            }
            frames += 1;
        }
        let events = player.sim.log().count();
        assert!(events > 290_000 && frames >= events / EVENTS_PER_FRAME_MAX, "{events} in {frames}");
    }
}
