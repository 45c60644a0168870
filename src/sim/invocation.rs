//! Invocations: handing a batch over, writing rows, ending, and what follows.

use std::ops::Range;
use std::rc::Rc;

use super::Simulation;
use super::agenda::{Class, LaneRef};
use super::answer::{is_reported, was_counted};
use super::mapping::Mapping;
use crate::event_log::{Checkpoint, Event};
use crate::kinesis::stream::NONE;
use crate::lambda::account::ProcessingResult;
use crate::lambda::batcher::{self, Closing, LaneState, Part, Reason};
use crate::lambda::retry::{self, Decision, Outcome};
use crate::rng::Rng;
use crate::scenario::{MappingConfig, Version};
use crate::units::{SimDuration, SimTime, Stamp};

/// One attempt at a batch.
#[derive(Clone, Copy, Debug)]
pub struct Invocation {
    /// The lane it serves.
    pub lane: LaneRef,
    /// Place of its first record among the mapping's batched records.
    pub first: u32,
    /// Number of records.
    pub count: u32,
    /// The batch, which the request id belongs to.
    pub batch: u32,
    /// From 1 within the batch.
    pub attempt: u32,
    /// Why it was made.
    pub reason: Reason,
    /// The function.
    function: u16,
    /// Index of the version whose code runs.
    pub version: u32,
    /// Whether it runs as `$LATEST`.
    pub latest: bool,
    /// Where it runs; `NONE` if it was throttled.
    pub environment: u32,
    /// When it was handed over.
    started: u32,
    /// Age of its oldest record then.
    age: u32,
    /// From the hand-over to the handler's start.
    lead: u32,
    /// Whether it had to wait for a new environment.
    pub cold_start: bool,
    /// Records worked so far, the first ones: each has its row, unless it was reported.
    pub rows: u32,
    /// What it will do is planned at the start; [`Invocation::outcome`] hides it until the end. First, the records
    /// that it will work.
    planned_rows: u32,
    /// From the handler's start to its end, in milliseconds: at most the function's timeout.
    duration: u32,
    /// Place in the batch of the record that makes it fail, or of the first that its answer fails; or `NONE`.
    fails_at: u32,
    /// Where [`Simulation::reports`] has the records that it reports; or `NONE`.
    pub(super) report: u32,
    /// How it ends.
    ends_as: Outcome,
    ended: bool,
}

impl Invocation {
    /// What Lambda calls the version that runs.
    #[must_use]
    pub fn function_version(&self) -> Version {
        if self.latest { Version::Latest } else { Version::Published(self.version) }
    }

    /// When the batch was handed over.
    #[must_use]
    pub fn started_at(&self) -> SimTime {
        SimTime(self.started.into())
    }

    /// When the handler starts.
    #[must_use]
    pub fn handler_at(&self) -> SimTime {
        self.started_at() + SimDuration(self.lead.into())
    }

    /// When the handler ends; known to the simulation before it happens.
    #[must_use]
    pub fn ends_at(&self) -> SimTime {
        self.handler_at() + self.duration()
    }

    /// Whether somebody made it with the records of a document: it takes no turn in its lane.
    #[must_use]
    pub fn is_redrive(&self) -> bool {
        self.reason == Reason::Redrive
    }

    /// Age of the batch's oldest record at hand-over; `None` where there are no records, and of a redrive, of which
    /// the mapping knows nothing.
    ///
    /// Assumption: AWS's pages name the last record; the oldest is what fits article C's two maxima.
    #[must_use]
    pub fn iterator_age(&self) -> Option<SimDuration> {
        let measured = self.count > 0 && !self.is_redrive();
        measured.then(|| SimDuration(self.age.into()))
    }

    /// How it ended and after how long; `None` while it runs.
    #[must_use]
    pub fn outcome(&self) -> Option<(Outcome, SimDuration)> {
        self.ended.then_some((self.ends_as, self.duration()))
    }

    pub(super) fn duration(&self) -> SimDuration {
        SimDuration(self.duration.into())
    }

    /// Place in the batch of the record that made it fail, or of the first that its answer fails, if it ended so.
    #[must_use]
    pub fn failed_at(&self) -> Option<u32> {
        (self.ended && self.fails_at != NONE).then_some(self.fails_at)
    }
}

impl Simulation {
    /// Lists a lane for this millisecond's dispatch.
    pub(super) fn list_if_idle(&mut self, lane_ref: LaneRef) {
        let mapping = &mut self.mappings[usize::from(lane_ref.mapping)];
        let place = mapping.place(lane_ref.shard, lane_ref.lane);
        let has_windows = mapping.has_windows();
        let lane = &mut mapping.lanes[place];
        let nothing = lane.waiting.is_empty() && lane.parts.is_empty() && !has_windows;
        if nothing || lane.state != LaneState::Idle || std::mem::replace(&mut lane.listed, true) {
            return;
        }
        if self.listed.is_empty() {
            self.agenda.push(self.now, Class::Dispatch, 0);
        }
        self.listed.push(lane_ref);
    }

    pub(super) fn dispatch_listed(&mut self) {
        let mut listed = std::mem::take(&mut self.listed);
        listed.sort_unstable();
        for &lane_ref in &listed {
            self.lane_mut(lane_ref).listed = false;
            self.dispatch(lane_ref);
        }
        listed.clear();
        // Nothing is listed while dispatching: what a hand-over leads to comes through the agenda.
        self.listed = listed;
    }

    /// Hands the lane's next batch over, if there is one to hand over now.
    fn dispatch(&mut self, lane_ref: LaneRef) {
        if !self.mapping(lane_ref.mapping).works(lane_ref.shard) {
            return;
        }
        loop {
            if self.lane(lane_ref).parts.is_empty() {
                match self.closing(lane_ref) {
                    Closing::Empty => return,
                    Closing::At(deadline) => {
                        let listed = Some(Stamp::of(deadline));
                        if std::mem::replace(&mut self.lane_mut(lane_ref).deadline, listed) != listed {
                            self.agenda.push(deadline, Class::Window, lane_ref.source());
                        }
                        return;
                    }
                    Closing::Now(count, reason) => self.close_batch(lane_ref, count, reason),
                }
            }
            if self.expire_part(lane_ref) && self.discard_aged(lane_ref) {
                return self.invoke(lane_ref);
            }
        }
    }

    fn closing(&self, lane_ref: LaneRef) -> Closing {
        let mapping = self.mapping(lane_ref.mapping);
        let lane = &mapping.lanes[mapping.place(lane_ref.shard, lane_ref.lane)];
        let envelope = self.scenario.model.envelope;
        let stream = self.stream();
        let sizes = lane.waiting.iter().map(|waiting| {
            let key_bytes = stream.keys.text_bytes(stream.records.get(waiting.record).key);
            batcher::payload_bytes(waiting.size.saturating_sub(key_bytes), key_bytes, envelope)
        });
        let config = mapping.config();
        let decided = batcher::closing(self.now, config, envelope, lane, sizes);
        match config.tumbling_window {
            Some(length) => self.closing_in_window(lane_ref, length, decided),
            None => decided,
        }
    }

    /// Moves the first `count` waiting records of the lane into a batch.
    fn close_batch(&mut self, lane_ref: LaneRef, count: u32, reason: Reason) {
        let batch = self.batches;
        self.batches += 1;
        self.mappings[usize::from(lane_ref.mapping)].close_batch(lane_ref, count, batch, reason);
    }

    /// Invokes the function with the part on top of the lane's stack.
    fn invoke(&mut self, lane_ref: LaneRef) {
        let part = *self.lane(lane_ref).parts.top().expect("a batch in hand");
        let retry = part.attempts > 0 || part.throttles > 0;
        self.hand_over(lane_ref, part, if retry { Reason::Retry } else { part.reason });
    }

    /// Invokes the function of a lane's mapping with the records of a part.
    pub(super) fn hand_over(&mut self, lane_ref: LaneRef, part: Part, reason: Reason) {
        let scenario = Rc::clone(&self.scenario);
        let config = Rc::clone(self.mapping(lane_ref.mapping).config());
        let function = &scenario.functions[config.function_idx as usize];
        let idx = self.invocations.len();
        let resolved = self.resolve(idx, config.function_idx, config.qualifier);
        let mut invocation = Invocation {
            lane: lane_ref,
            first: part.first,
            count: part.count,
            batch: part.batch,
            attempt: part.attempts + 1,
            reason,
            function: config.function_idx as u16,
            version: resolved.code,
            latest: resolved.version == Version::Latest,
            environment: NONE,
            started: self.now.0 as u32,
            age: (self.now - part.arrived.time()).0 as u32,
            lead: 0,
            cold_start: false,
            rows: 0,
            planned_rows: 0,
            duration: 0,
            fails_at: NONE,
            report: NONE,
            ends_as: Outcome::Throttled,
            ended: false,
        };
        let there = self.lambda.functions.can_be_invoked(config.function_idx, config.qualifier);
        if !there || !self.concurrency.has_room(config.function_idx) {
            self.start(idx, &invocation);
            self.end_invocation(idx, &mut invocation);
            return;
        }
        let cold_start = self.take_environment(&mut invocation, &config);
        invocation.lead = (scenario.model.invoke_overhead + cold_start).0 as u32;
        let plan = self.plan(idx, &invocation, function);
        (invocation.planned_rows, invocation.duration) = (plan.rows, plan.duration.0 as u32);
        (invocation.ends_as, invocation.fails_at) = self.judged(&invocation, &config, &plan);
        if !plan.reported.is_empty() {
            invocation.report = self.keep_report(&plan.reported);
        }
        self.concurrency.start(config.function_idx);
        self.totals.running_max = self.totals.running_max.max(self.concurrency.running());
        self.start(idx, &invocation);
        self.schedule_step(idx, &invocation);
    }

    fn start(&mut self, idx: u32, invocation: &Invocation) {
        let throttled = invocation.ends_as == Outcome::Throttled;
        if !invocation.is_redrive() {
            self.count_attempt(idx, invocation, throttled);
            self.pass_state(idx, invocation);
        }
        if !throttled {
            self.totals.invocations += 1;
            let age = invocation.iterator_age().unwrap_or_default();
            self.totals.iterator_age_max = self.totals.iterator_age_max.max(age);
        }
        let LaneRef { mapping, shard, lane } = invocation.lane;
        let Invocation { batch, attempt, version, environment, cold_start, reason, count, .. } = *invocation;
        let (mapping_idx, lane, cold_start, reason) =
            (mapping.into(), lane.into(), cold_start.into(), reason as u32);
        let fields =
            [mapping_idx, shard, lane, batch, attempt, version, environment, cold_start, reason, count];
        self.invocations.push(*invocation);
        self.log.push_start(self.now, idx, fields);
        let mapping = &self.mappings[usize::from(mapping)];
        let places = invocation.first..invocation.first + invocation.count;
        self.log.digest_records(places.map(|place| mapping.batched(place)));
        self.measure_start(idx, invocation);
    }

    /// An invocation takes its lane's turn, and is an attempt at the batch, unless it was throttled.
    fn count_attempt(&mut self, idx: u32, invocation: &Invocation, throttled: bool) {
        let lane = self.lane_mut(invocation.lane);
        lane.state = LaneState::Running { invocation: idx };
        let part = lane.parts.top_mut().expect("a batch in hand");
        if throttled {
            part.throttles += 1;
        } else {
            part.attempts += 1;
            part.throttles = 0;
            let mapping = &mut self.mappings[usize::from(invocation.lane.mapping)];
            mapping.events.invoked_event_count += u64::from(invocation.count);
        }
    }

    /// Schedules the handler's next row or end.
    fn schedule_step(&mut self, idx: u32, invocation: &Invocation) {
        let at = if invocation.rows < invocation.planned_rows {
            invocation.handler_at()
                + SimDuration(self.per_record(invocation).0 * u64::from(invocation.rows + 1))
        } else {
            invocation.ends_at()
        };
        self.agenda.push_step(at, idx);
    }

    fn per_record(&self, invocation: &Invocation) -> SimDuration {
        self.handler(invocation).per_record()
    }

    /// Writes the rows that are due; ends the invocation if that is due.
    pub(super) fn step_invocation(&mut self, idx: u32) {
        let mut invocation = self.invocations.get(idx);
        let rows = invocation.rows..self.rows_due(&invocation);
        invocation.rows = rows.end;
        self.write_rows(idx, &invocation, rows);
        if invocation.rows == invocation.planned_rows && invocation.ends_at() == self.now {
            self.end_invocation(idx, &mut invocation);
        } else {
            self.invocations.get_mut(idx).rows = invocation.rows;
            self.schedule_step(idx, &invocation);
        }
    }

    /// How many records an invocation has worked by now.
    fn rows_due(&self, invocation: &Invocation) -> u32 {
        if invocation.rows == invocation.planned_rows {
            return invocation.planned_rows;
        }
        match (self.now - invocation.handler_at()).0.checked_div(self.per_record(invocation).0) {
            Some(records) => records.min(invocation.planned_rows.into()) as u32,
            None => invocation.planned_rows,
        }
    }

    /// Writes the rows of the records at these places of an invocation's batch, but of those that it reports.
    fn write_rows(&mut self, idx: u32, invocation: &Invocation, places: Range<u32>) {
        let Invocation { lane, first, count, report, .. } = *invocation;
        let Self { mappings, log, totals, reports, .. } = self;
        let Mapping { batched, written, unhandled, counted, given_up, redriven, .. } =
            &mut mappings[usize::from(lane.mapping)];
        for place in places {
            if report != NONE && is_reported(reports, report, place) {
                continue;
            }
            let record = batched.get(first + place);
            log.push_row(self.now, (idx, count), place, record);
            let newly = written.insert(record);
            totals.duplicates += u64::from(!newly);
            if newly && *unhandled > 0 {
                *unhandled -= u64::from(was_counted(record, counted, (given_up, redriven)));
            }
        }
    }

    /// Ends an invocation, which is stored so, and does what its outcome asks for.
    fn end_invocation(&mut self, idx: u32, invocation: &mut Invocation) {
        invocation.ended = true;
        let stored = self.invocations.get_mut(idx);
        (stored.ended, stored.rows) = (true, invocation.rows);
        let Invocation { lane: lane_ref, ends_as: outcome, duration, rows, fails_at, .. } = *invocation;
        let unwritten = self.reported(invocation).filter(|&place| place < rows).count() as u32;
        let LaneRef { mapping, shard, .. } = lane_ref;
        let last = self.last_record(invocation).map(|record| Checkpoint { mapping, shard, record });
        self.log.push_end(self.now, idx, [outcome as u32, duration, rows - unwritten, fails_at], last);
        self.totals.outcomes.count(outcome);
        self.measure_end(invocation);
        if outcome == Outcome::Ok && invocation.report != NONE {
            self.neglect(invocation);
        }
        if invocation.is_redrive() {
            return self.end_redrive(idx, invocation);
        }
        if !matches!(outcome, Outcome::Ok | Outcome::Throttled) {
            let mapping = &mut self.mappings[usize::from(lane_ref.mapping)];
            mapping.events.failed_invoke_event_count += u64::from(invocation.count);
        }
        if outcome != Outcome::Throttled {
            let again = self.handed_over_again(invocation);
            self.release(invocation, again);
            self.lambda.mappings[usize::from(lane_ref.mapping)].result = ProcessingResult::of(outcome);
        }
        let part = self.lane(lane_ref).parts.top().expect("a batch in hand");
        let config = self.mapping(lane_ref.mapping).config();
        match retry::decide(&self.scenario.model, config, part, outcome, invocation.failed_at()) {
            Decision::Advance => {
                let count = part.count;
                self.keep_state(idx);
                self.advance(lane_ref, count);
            }
            Decision::Cut { at } => {
                self.keep_state(idx);
                self.advance(lane_ref, at);
            }
            Decision::Split { left } => self.split(idx, left),
            Decision::Discard(condition) => self.discard_part(idx, condition),
            Decision::Retry(delay) => {
                self.back_off(idx, delay);
                return self.restart_if_quiet(lane_ref.mapping);
            }
        }
        self.lane_mut(lane_ref).state = LaneState::Idle;
        self.list_if_idle(lane_ref);
        self.restart_if_quiet(lane_ref.mapping);
    }

    /// Gives the invocation's environment back, unless it was lost, and bills its time; `again` of its records were
    /// handed over before.
    pub(super) fn release(&mut self, invocation: &Invocation, again: u32) {
        let now = self.now;
        let function_idx = self.function_of(invocation);
        self.concurrency.end(function_idx);
        let memory_mb = self.scenario.functions[function_idx as usize].memory_mb;
        self.totals.work.bill(memory_mb, invocation.duration(), (again, invocation.count));
        if matches!(invocation.ends_as, Outcome::Ok | Outcome::Error | Outcome::Partial) {
            let pool = self.pool_mut(invocation.function.into(), invocation.version, invocation.latest);
            pool.give(now, invocation.environment);
        }
    }

    /// The first `count` records of the part in hand succeeded; what is left of it is a new batch.
    fn advance(&mut self, lane_ref: LaneRef, count: u32) {
        let first = self.lane(lane_ref).parts.top().expect("a batch in hand").first;
        let mapping = &mut self.mappings[usize::from(lane_ref.mapping)];
        mapping.succeeded += u64::from(mapping.newly_done(first..first + count));
        if self.finish_part(lane_ref, count) {
            let batch = self.batches;
            self.batches += 1;
            let part = self.lane_mut(lane_ref).parts.top_mut().expect("a remainder");
            *part = Part { batch, attempts: 0, throttles: 0, reason: Reason::Remainder, ..*part };
        }
    }

    /// The first `count` records of the part in hand are done; false if nothing is left of it.
    pub(super) fn finish_part(&mut self, lane_ref: LaneRef, count: u32) -> bool {
        let now = self.now;
        let lane = self.lane_mut(lane_ref);
        let part = lane.parts.top_mut().expect("a batch in hand");
        let (first, left) = (part.first, part.count - count);
        if left == 0 {
            lane.parts.pop();
            if lane.parts.is_empty() {
                lane.window_from = Stamp::of(now);
            }
        } else {
            (part.first, part.count) = (first + count, left);
            let arrived = self.arrived(lane_ref.mapping, first + count);
            self.lane_mut(lane_ref).parts.top_mut().expect("a remainder").arrived = arrived;
        }
        if count > 0 {
            let last = self.mapping(lane_ref.mapping).batched(first + count - 1);
            self.move_checkpoint(lane_ref.mapping, lane_ref.shard, last);
        }
        if left == 0 {
            self.finish_shard_if_done(lane_ref.mapping, lane_ref.shard);
        }
        left > 0
    }

    /// The part in hand becomes two batches, of which the first has `left` records.
    fn split(&mut self, idx: u32, left: u32) {
        let lane_ref = self.invocations.get(idx).lane;
        let batch = self.batches;
        self.batches += 2;
        let part = self.lane_mut(lane_ref).parts.pop().expect("a batch in hand");
        let Part { first, count, .. } = part;
        let half = |first, count, batch| Part {
            first,
            count,
            arrived: self.arrived(lane_ref.mapping, first),
            batch,
            attempts: 0,
            throttles: 0,
            reason: Reason::Bisect,
        };
        let halves = [half(first + left, count - left, batch + 1), half(first, left, batch)];
        halves.into_iter().for_each(|half| self.lane_mut(lane_ref).parts.push(half));
        self.log.push(self.now, Event::BatchSplit { invocation: idx, left }, [idx, left]);
    }

    fn back_off(&mut self, idx: u32, delay: SimDuration) {
        let delay = self.jittered(idx, delay);
        let lane_ref = self.invocations.get(idx).lane;
        let until = self.now + delay;
        self.lane_mut(lane_ref).state = LaneState::BackingOff { until: Stamp::of(until), invocation: idx };
        let event = Event::RetryScheduled { invocation: idx, delay: delay.0 as u32 };
        self.log.push(self.now, event, [idx, delay.0 as u32]);
        self.agenda.push(until, Class::Retry, lane_ref.source());
    }

    /// The delay, moved by up to `model.backoffJitter` of itself either way; at least one millisecond.
    fn jittered(&self, idx: u32, delay: SimDuration) -> SimDuration {
        let jitter = self.scenario.model.backoff_jitter;
        let span = delay.0 * jitter.numerator() / jitter.denominator();
        let moved = if span == 0 {
            delay.0
        } else {
            delay.0 - span + Rng::stream(self.scenario.seed, "back-off", idx.into()).within(0, 2 * span)
        };
        SimDuration(moved.max(1))
    }

    pub(super) fn end_backoff(&mut self, lane_ref: LaneRef) {
        // Its lane may have let go of the batch meanwhile.
        let lane = self.lane_mut(lane_ref);
        if matches!(lane.state, LaneState::BackingOff { .. }) {
            lane.state = LaneState::Idle;
            self.list_if_idle(lane_ref);
        }
    }

    /// Index of the function that an invocation runs, or would have run.
    #[must_use]
    pub fn function_of(&self, invocation: &Invocation) -> u32 {
        invocation.function.into()
    }

    /// The mapping's settings under which an invocation was made.
    #[must_use]
    pub fn config_of(&self, invocation: &Invocation) -> &MappingConfig {
        self.mapping(invocation.lane.mapping).config_at(invocation.started_at())
    }

    /// The record at a place of an invocation's batch, from 0.
    #[must_use]
    pub fn record_of(&self, invocation: &Invocation, position: u32) -> u32 {
        self.mapping(invocation.lane.mapping).batched(invocation.first + position)
    }

    /// The last record of an invocation; `None` where it has none.
    pub(super) fn last_record(&self, invocation: &Invocation) -> Option<u32> {
        invocation.count.checked_sub(1).map(|last| self.record_of(invocation, last))
    }

    /// When the record at a place of a mapping's batched records arrived.
    pub(super) fn arrived(&self, mapping: u16, place: u32) -> Stamp {
        self.stream().records.get(self.mapping(mapping).batched(place)).stamp()
    }

    /// The records of an invocation, in order.
    pub fn batch(&self, invocation: u32) -> impl Iterator<Item = u32> + '_ {
        let invocation = self.invocations.get(invocation);
        (0..invocation.count).map(move |position| self.record_of(&invocation, position))
    }

    /// The request id of an invocation: the same for all attempts at a batch.
    #[must_use]
    pub fn request_id(&self, invocation: u32) -> String {
        self.batch_request_id(self.invocations.get(invocation).batch)
    }

    /// The request id of all attempts at a batch.
    pub(super) fn batch_request_id(&self, batch: u32) -> String {
        Rng::stream(self.scenario.seed, "request id", batch.into()).uuid()
    }
}
