//! Tumbling windows: batches that hand a state on until their window ends, and one last invocation for it.
//!
//! AWS: Lambda developer guide, "Tumbling windows" (October 2023): windows by the time of arrival, a state of at most
//! 1 MiB for each shard, a last invocation when the window ends, which blocks while it fails; the end of a shard ends
//! its window. Assumptions: windows begin at multiples of their length since 1970; one opens with its first record;
//! it ends when the poller has read what had arrived by then; the last invocation has no records; a handler that gives
//! no state gives an empty one; a rule handler counts the records that it has worked.

use std::rc::Rc;

use serde_json::{Map, Value, json};

use super::Simulation;
use super::agenda::LaneRef;
use super::invocation::Invocation;
use super::mapping::Stage;
use crate::kinesis::stream::NONE;
use crate::lambda::batcher::{Closing, Reason};
use crate::lambda::event::TumblingWindow;
use crate::quota;
use crate::scenario::Handler;
use crate::units::{SimDuration, SimTime, WallTime};

/// The window of a shard that has begun and has not ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct OpenWindow {
    /// Its start, inclusive.
    start: WallTime,
    /// Its end, exclusive.
    end: SimTime,
    /// Where [`Simulation`] has its state; `NONE`: it is empty.
    state: u32,
    /// Whether its state is too large for it to go on.
    overflows: bool,
}

/// The window that an invocation belongs to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pass {
    invocation: u32,
    window: OpenWindow,
    is_final: bool,
}

impl Simulation {
    /// What a lane does, given what it would do without windows: a batch never leaves its window, and a window that
    /// has ended has its last invocation before anything else.
    pub(super) fn closing_in_window(
        &self,
        lane_ref: LaneRef,
        length: SimDuration,
        decided: Closing,
    ) -> Closing {
        let waiting = &self.lane(lane_ref).waiting;
        let reader = &self.mapping(lane_ref.mapping).readers[lane_ref.shard as usize];
        let arrival = |record: u32| self.stream().records.get(record).arrival();
        let begun = |front: u32| self.window_at(arrival(front), length);
        let open = self.mapping(lane_ref.mapping).windows.get(&lane_ref.shard).copied();
        let Some(window) = open.or_else(|| waiting.front().map(|front| begun(front.record))) else {
            return Closing::Empty;
        };
        let inside = waiting.iter().take_while(|waiting| arrival(waiting.record) < window.end).count() as u32;
        let later = inside < waiting.len() as u32;
        let read_at = self.read_until(lane_ref.mapping, window.end);
        let unread = reader.unread.front().is_some_and(|unread| arrival(unread.record) < window.end);
        let over = later || reader.stage == Stage::Ended || self.now >= read_at && !unread;
        if window.overflows || inside == 0 && over {
            return Closing::Now(0, Reason::Tumbling);
        }
        match decided {
            Closing::Now(count, reason) if count <= inside => Closing::Now(count, reason),
            Closing::Now(..) | Closing::At(_) if over => Closing::Now(inside, Reason::Tumbling),
            Closing::At(deadline) if self.now < read_at => Closing::At(deadline.min(read_at)),
            Closing::Empty if self.now < read_at => Closing::At(read_at),
            // What is unread comes with a poll.
            Closing::Now(..) | Closing::At(_) | Closing::Empty => decided,
        }
    }

    /// When everything that arrived before `end` has been read, as far as the limits of reads allow.
    pub(super) fn read_until(&self, mapping: u16, end: SimTime) -> SimTime {
        if self.mapping(mapping).config().is_pushed() {
            return end + self.scenario.model.efo_latency;
        }
        self.next_poll(end)
    }

    /// When the tumbling window of a shard ends that has begun; `None` where there is none.
    #[must_use]
    pub fn tumbling_until(&self, mapping: u16, shard: u32) -> Option<SimTime> {
        self.mapping(mapping).windows.get(&shard).map(|window| window.end)
    }

    fn window_at(&self, t: SimTime, length: SimDuration) -> OpenWindow {
        let wall = (self.scenario.start + t).0;
        let start = wall - wall % length.0;
        let end = SimTime(start + length.0 - self.scenario.start.0);
        OpenWindow { start: WallTime(start), end, state: NONE, overflows: false }
    }

    /// Notes the window of an invocation, which may begin with it.
    pub(super) fn pass_state(&mut self, idx: u32, invocation: &Invocation) {
        let LaneRef { mapping, shard, .. } = invocation.lane;
        let Some(length) = self.mapping(mapping).config().tumbling_window else { return };
        let window = match self.mapping(mapping).windows.get(&shard) {
            Some(window) => *window,
            None if invocation.count == 0 => return,
            None => {
                let first = self.record_of(invocation, 0);
                self.window_at(self.stream().records.get(first).arrival(), length)
            }
        };
        self.mappings[usize::from(mapping)].windows.insert(shard, window);
        self.passes.push(Pass { invocation: idx, window, is_final: invocation.count == 0 });
    }

    /// An invocation has succeeded: its state is its window's, or its window is over.
    pub(super) fn keep_state(&mut self, idx: u32) {
        let Some(pass) = self.pass(idx) else { return };
        let LaneRef { mapping, shard, .. } = self.invocations.get(idx).lane;
        if pass.is_final {
            self.mappings[usize::from(mapping)].windows.remove(&shard);
            return;
        }
        let state = self.state_after(idx, &pass);
        let overflows = state.to_string().len() > quota::WINDOW_STATE_BYTES_MAX;
        self.states.push(Rc::new(state));
        let window = OpenWindow { state: self.states.len() as u32 - 1, overflows, ..pass.window };
        self.mappings[usize::from(mapping)].windows.insert(shard, window);
    }

    /// A window's last invocation is given up: so is its state. Assumption: no document tells of it.
    pub(super) fn give_window_up(&mut self, lane: LaneRef) {
        self.mappings[usize::from(lane.mapping)].windows.remove(&lane.shard);
    }

    /// What the handler of an invocation returns as `state`.
    fn state_after(&self, idx: u32, pass: &Pass) -> Value {
        let invocation = self.invocations.get(idx);
        match self.handler(&invocation) {
            Handler::Respond { response, .. } => {
                response.get("state").cloned().unwrap_or_else(|| Value::Object(Map::new()))
            }
            Handler::Rules(_) | Handler::Scale(_) => {
                let before = self.state(pass.window.state);
                let count = before.get("count").and_then(Value::as_u64).unwrap_or(0);
                json!({"count": count + u64::from(invocation.rows)})
            }
        }
    }

    fn state(&self, at: u32) -> Value {
        match self.states.get(at as usize) {
            Some(state) => Value::clone(state),
            None => Value::Object(Map::new()),
        }
    }

    fn pass(&self, invocation: u32) -> Option<Pass> {
        let at = self.passes.partition_point(|pass| pass.invocation < invocation);
        (at < self.passes.len()).then(|| self.passes.get(at)).filter(|pass| pass.invocation == invocation)
    }

    /// The window that an invocation belongs to, with the state that it got; `None` where there are no windows.
    #[must_use]
    pub fn window_of(&self, invocation: u32) -> Option<TumblingWindow> {
        let Pass { window, is_final, .. } = self.pass(invocation)?;
        let invocation = self.invocations.get(invocation);
        Some(TumblingWindow {
            start: window.start,
            end: self.scenario.start + window.end,
            state: self.state(window.state),
            shard: invocation.lane.shard,
            is_final_invoke: is_final,
            is_terminated_early: is_final && invocation.started_at() < window.end,
        })
    }

    /// What an invocation that succeeded returned as `state`; `None` where there are no windows.
    #[must_use]
    pub fn returned_state(&self, idx: u32) -> Option<Value> {
        Some(self.state_after(idx, &self.pass(idx)?))
    }
}
