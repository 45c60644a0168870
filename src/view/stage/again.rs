//! Records that were handled more than once: after a failure the records before it are handled again.

use std::collections::BTreeMap;

use super::state::State;
use crate::lambda::batcher::Reason;
use crate::lambda::retry::Outcome;
use crate::sim::invocation::Invocation;
use crate::view::scene::{Anchor, Bounds, Class, Hue, Point, Scene};

/// Invocations looked at, the latest ones, and records of each.
const INVOCATIONS_MAX: u32 = 48;
const RECORDS_MAX: u32 = 64;
/// Invocations before those that are looked at for earlier attempts at a batch in hand.
const EARLIER_MAX: u32 = 2000;
/// Least edge of a token that has room for the number, and the number's size.
const TOKEN_MIN: f64 = 11.0;
const SIZE: f64 = 8.0;

/// How often records were handled by the latest invocations; empty where none of these failed.
#[derive(Debug, Default)]
pub(super) struct Again {
    times: BTreeMap<u32, u32>,
}

impl Again {
    /// Looks at the latest invocations.
    pub(super) fn of(state: &State) -> Self {
        let invocations = state.sim.invocations();
        let latest = (invocations.len().saturating_sub(INVOCATIONS_MAX)..invocations.len())
            .map(|idx| invocations.get(idx))
            .filter(|invocation| invocation.lane.mapping == state.picture.mapping);
        let failed = latest.clone().any(|invocation| {
            invocation.outcome().is_some_and(|(outcome, _)| outcome != Outcome::Ok) || invocation.attempt > 1
        });
        let mut again = Self::default();
        let batches = state.lanes.iter().filter_map(|lane| lane.batch.as_ref());
        if failed || batches.clone().any(|batch| batch.state.attempt > 1) {
            latest.for_each(|invocation| again.count(state, &invocation, 1));
            for batch in batches {
                again.look_back(state, &batch.state);
            }
        }
        again
    }

    /// Counts an invocation's records so many times.
    fn count(&mut self, state: &State, invocation: &Invocation, times: u32) {
        for place in 0..invocation.rows.min(RECORDS_MAX) {
            *self.times.entry(state.sim.record_of(invocation, place)).or_default() += times;
        }
    }

    /// Counts the attempts at a batch in hand that were before the latest invocations: while one lane waits for hours,
    /// others go on. What is further back still is taken to have been as the first attempt found.
    fn look_back(&mut self, state: &State, batch: &Invocation) {
        let invocations = state.sim.invocations();
        let to = invocations.len().saturating_sub(INVOCATIONS_MAX);
        let of_batch = |invocation: &Invocation| {
            invocation.lane == batch.lane && invocation.batch == batch.batch && !is_throttled(invocation)
        };
        let seen = (to..invocations.len()).map(|idx| invocations.get(idx)).filter(of_batch);
        let seen = seen.min_by_key(|invocation| invocation.attempt);
        let (mut first, mut left) = seen.map_or((*batch, batch.attempt), |first| (first, first.attempt - 1));
        let mut idx = to;
        while left > 0 && idx > to.saturating_sub(EARLIER_MAX) {
            idx -= 1;
            let invocation = invocations.get(idx);
            if of_batch(&invocation) {
                self.count(state, &invocation, 1);
                (first, left) = (invocation, invocation.attempt - 1);
            }
        }
        self.count(state, &first, left);
    }

    /// Writes how often a record was handled at the upper edge of its token, if more than once.
    pub(super) fn draw_number(&self, record: u32, center: Point, token: f64, scene: &mut Scene) {
        let Some(times) = self.times(record).filter(|_| token >= TOKEN_MIN) else { return };
        // Above the token: its mark and its neighbors can be seen.
        let at = Point::new(center.x + token / 2.0 + 1.0, center.y - token / 2.0 + 1.0);
        scene.text_sized(Class::Times, Hue::NONE, SIZE, at, Anchor::End, format_args!("×{times}"));
    }

    /// Doubles the outline of a stored record that was handled more than once.
    pub(super) fn draw_outline(&self, record: u32, center: Point, token: f64, scene: &mut Scene) {
        if self.times(record).is_some() {
            let around = Bounds::square(center, token).grown(-2.5);
            scene.rect(Class::TokenTwice, Hue::NONE, around, 2.0);
        }
    }

    /// How much lower than others the rows of an invocation's tokens stand, for the numbers above them.
    pub(super) fn room(invocation: &Invocation) -> f64 {
        let again = invocation.attempt > 1 || matches!(invocation.reason, Reason::Bisect | Reason::Remainder);
        if again { 3.0 } else { 0.0 }
    }

    fn times(&self, record: u32) -> Option<u32> {
        self.times.get(&record).copied().filter(|&times| times > 1)
    }
}

fn is_throttled(invocation: &Invocation) -> bool {
    invocation.outcome().is_some_and(|(outcome, _)| outcome == Outcome::Throttled)
}
