//! Records that were handled more than once: after a failure the records before it are handled again.

use std::collections::BTreeMap;

use super::state::State;
use crate::lambda::retry::Outcome;
use crate::view::scene::{Anchor, Bounds, Class, Hue, Point, Scene};

/// Invocations looked at, the latest ones, and records of each.
const INVOCATIONS_MAX: u32 = 48;
const RECORDS_MAX: u32 = 64;
/// Least edge of a token that has room for the number, and the number's size.
const TOKEN_MIN: f64 = 13.0;
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
        let mut times = BTreeMap::new();
        for invocation in latest.filter(|_| failed) {
            for place in 0..invocation.rows.min(RECORDS_MAX) {
                *times.entry(state.sim.record_of(&invocation, place)).or_default() += 1;
            }
        }
        Self { times }
    }

    /// Writes how often a record was handled at the corner of its token, if more than once.
    pub(super) fn draw_number(&self, record: u32, center: Point, token: f64, scene: &mut Scene) {
        let Some(times) = self.times(record).filter(|_| token >= TOKEN_MIN) else { return };
        let at = Point::new(center.x + token * 0.46, center.y - token * 0.28);
        scene.text_sized(Class::Times, Hue::NONE, SIZE, at, Anchor::Middle, format_args!("×{times}"));
    }

    /// Doubles the outline of a stored record that was handled more than once.
    pub(super) fn draw_outline(&self, record: u32, center: Point, token: f64, scene: &mut Scene) {
        if self.times(record).is_some() {
            let around = Bounds::square(center, token).grown(-2.5);
            scene.rect(Class::TokenTwice, Hue::NONE, around, 2.0);
        }
    }

    fn times(&self, record: u32) -> Option<u32> {
        self.times.get(&record).copied().filter(|&times| times > 1)
    }
}
