//! How many records there are, by what has become of them, and how many lanes, by what they do.

use crate::lambda::batcher::{Lane, LaneState, Reason};
use crate::lambda::retry::Outcome;
use crate::sim::Simulation;
use crate::sim::agenda::LaneRef;

/// Numbers of records, and of what handles them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub(super) put: u64,
    /// Open shards.
    pub(super) shards: u64,
    /// Put, but not read by the mapping.
    pub(super) unread: u64,
    /// Read, waiting in a lane.
    pub(super) queued: u64,
    /// In a batch that runs or will be tried again.
    pub(super) in_hand: u64,
    /// Done, and handled.
    pub(super) stored: u64,
    /// Done without having been handled: reported to a mapping that does not ask.
    pub(super) unhandled: u64,
    /// Kept away by a filter.
    pub(super) filtered: u64,
    /// In invocations that somebody made with a document: they are given up still.
    pub(super) redriven: u64,
    /// Given up.
    pub(super) discarded: u64,
    /// Past the retention before they were done.
    pub(super) expired: u64,
    /// Put before the mapping's starting position.
    pub(super) skipped: u64,
    pub(super) lanes: u64,
    pub(super) lanes_waiting: u64,
    pub(super) running: u64,
    /// Records of batches that are backing off.
    pub(super) backing_off: u64,
    /// Lanes that run, or are about to with what waits in them.
    pub(super) busy: u64,
    /// Lanes whose batch has failed at least once, and the first of them.
    pub(super) retrying: u64,
    pub(super) retrying_first: Option<LaneRef>,
    /// Lanes whose batch was throttled, and the first of them.
    pub(super) throttled: u64,
    pub(super) throttled_first: Option<LaneRef>,
    /// The first lane that works at a half of a failed batch, and the first at what an answer left of one.
    pub(super) half_first: Option<LaneRef>,
    pub(super) rest_first: Option<LaneRef>,
}

impl Counts {
    pub(super) fn waiting(&self) -> u64 {
        self.unread + self.queued
    }

    pub(super) fn in_flight(&self) -> u64 {
        self.in_hand + self.redriven
    }

    /// Records that are done with, and not stored.
    pub(super) fn left_out(&self) -> u64 {
        self.unhandled + self.discarded + self.expired + self.filtered
    }
}

pub(super) fn count_lane(
    counts: &mut Counts,
    lane: &Lane,
    lane_ref: LaneRef,
    sim: &Simulation,
    recent_ms: f64,
) {
    let in_hand = u64::from(lane.in_hand());
    counts.queued += lane.waiting.len() as u64;
    counts.in_hand += in_hand;
    counts.lanes_waiting += u64::from(!lane.waiting.is_empty());
    let busy = match lane.state {
        LaneState::Idle => {
            // Before its first batch a lane's window runs from its assignment.
            let worked = sim.totals().invocations > 0;
            let since_end = sim.now().0.saturating_sub(lane.window_from.time().0) as f64;
            // Who has nothing to do, or waits for the window's end, is not at work.
            let waits = lane.deadline.is_some_and(|deadline| deadline.time() > sim.now());
            !lane.waiting.is_empty()
                && !waits
                && worked
                && lane.window_from.time().0 > 0
                && since_end < recent_ms
        }
        LaneState::Running { .. } => {
            counts.running += 1;
            true
        }
        LaneState::BackingOff { .. } => {
            counts.backing_off += in_hand;
            true
        }
    };
    counts.busy += u64::from(busy);
    count_again(counts, lane, lane_ref, sim);
    match lane.parts.top().map(|part| part.reason) {
        Some(Reason::Bisect) => counts.half_first = counts.half_first.or(Some(lane_ref)),
        Some(Reason::Remainder) => counts.rest_first = counts.rest_first.or(Some(lane_ref)),
        Some(
            Reason::Available
            | Reason::Size
            | Reason::Window
            | Reason::Payload
            | Reason::Retry
            | Reason::ShardEnd
            | Reason::Tumbling
            | Reason::Redrive,
        )
        | None => {}
    }
}

/// Counts a lane whose batch is not tried for the first time. What was throttled has not failed: nothing ran.
fn count_again(counts: &mut Counts, lane: &Lane, lane_ref: LaneRef, sim: &Simulation) {
    let failed = match lane.state {
        LaneState::BackingOff { invocation, .. } => {
            let outcome = sim.invocations().get(invocation).outcome();
            outcome.is_none_or(|(outcome, _)| outcome != Outcome::Throttled)
        }
        LaneState::Idle | LaneState::Running { .. } => {
            match lane.parts.top().is_some_and(|part| part.attempts > 1) {
                true => true,
                false => return,
            }
        }
    };
    let (count, first) = match failed {
        true => (&mut counts.retrying, &mut counts.retrying_first),
        false => (&mut counts.throttled, &mut counts.throttled_first),
    };
    *count += 1;
    first.get_or_insert(lane_ref);
}

/// Counts what runs because somebody took a document up again.
pub(super) fn count_redriven(counts: &mut Counts, sim: &Simulation, mapping: u16) {
    /// Redrives looked at, the latest ones.
    const LOOK_MAX: usize = 64;
    let (invocations, all) = (sim.invocations(), sim.redrives());
    let latest = &all[all.len().saturating_sub(LOOK_MAX)..];
    let made = latest.iter().filter_map(|redrive| Some(invocations.get(redrive.invocation.ok()?)));
    let own = made.filter(|made| made.lane.mapping == mapping && made.outcome().is_none());
    for made in own {
        counts.running += 1;
        counts.redriven += u64::from(made.count);
    }
}
