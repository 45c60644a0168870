//! Whether batchers keep up with what is put.
//!
//! How many of them run changes several times a second where batches are small. What they have left undone does not, so
//! that a sentence about it stands still.

use super::state::State;
use crate::lambda::batcher::Lane;
use crate::units::{SimDuration, SimTime, Stamp};

/// How old a record may become in its lane, beside the poll's period, before its batcher is behind.
const OLD_MS: f64 = 1500.0;
/// How long a batcher that has ended a batch is told of, for the watcher.
const TOLD_MS: f64 = 4000.0;

/// Batchers by what they have left undone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Backlog {
    /// Those that have a record that came long ago.
    pub(super) behind: u64,
    /// Those that have ended a batch lately, and have no such record.
    pub(super) in_time: u64,
    /// Whether records have been in a shard for long that nobody has read.
    unread: bool,
}

impl Backlog {
    pub(super) fn of(state: &State) -> Self {
        let Some(mapping) = state.mapping().filter(|_| state.sim.totals().invocations > 0) else {
            return Self::default();
        };
        let pace = state.picture.pace().unwrap_or(1.0);
        let since = |at: Stamp| (state.now().0.saturating_sub(at.time().0)) as f64;
        let SimDuration(poll) = state.sim.scenario().model.poll;
        let old = OLD_MS * pace + poll as f64;
        let records = &state.sim.stream().records;
        let fresh =
            records.len() - state.sim.stream().first_at(SimTime(state.now().0.saturating_sub(old as u64)));
        let unread = state.counts.unread > fresh.into();
        let mut backlog = Self { unread, ..Self::default() };
        for lane in &mapping.lanes {
            let ended = lane.window_from.time().0 > 0 && since(lane.window_from) < TOLD_MS * pace;
            match oldest(lane).is_some_and(|at| since(at) > old) {
                true => backlog.behind += 1,
                false => backlog.in_time += u64::from(ended),
            }
        }
        backlog
    }

    /// Whether nothing is left undone for long.
    pub(super) fn is_none(self) -> bool {
        self.behind == 0 && self.in_time > 0 && !self.unread
    }
}

/// When the oldest record arrived that a lane has in hand or waiting.
fn oldest(lane: &Lane) -> Option<Stamp> {
    let waiting = lane.waiting.front().map(|waiting| waiting.arrival);
    lane.parts.top().map(|part| part.arrived).or(waiting)
}
