//! Records that leave a lane undone: given up, because retries are used up or they are too old, or expired.
//!
//! AWS: Lambda developer guide, "Types of metrics", as stored in 2025: a document that cannot be sent is counted in
//! `DestinationDeliveryFailures`, and its records, which no destination was told of, in `DroppedEventCount`.
//! Assumption: it is sent once, and the lane goes on as if it had arrived.

use super::Simulation;
use super::agenda::LaneRef;
use super::event_json::EventBody;
use crate::event_log::Event;
use crate::kinesis::stream::{NONE, shard_id};
use crate::lambda::document::{self, Document, ResponseContext};
use crate::lambda::retry::{DiscardCondition, Outcome};
use crate::rng::Rng;
use crate::scenario::{Destination, DestinationService, MappingConfig};
use crate::units::SimTime;

/// Records given up together: one document.
#[derive(Clone, Copy, Debug)]
pub struct Discard {
    /// The lane they leave.
    pub lane: LaneRef,
    /// Place of the first among the mapping's batched records.
    pub first: u32,
    /// Number of records.
    pub count: u32,
    /// Their batch, which the request id belongs to.
    pub batch: u32,
    /// Attempts at it.
    pub attempts: u32,
    /// Why they are given up.
    pub condition: DiscardCondition,
    /// The last invocation, where it decided; else `NONE`.
    invocation: u32,
    /// Under which of the mapping's settings, by index.
    settings: u32,
    /// When.
    t: u32,
    /// Whether there was a destination that did not take the document.
    undelivered: bool,
}

impl Discard {
    /// When its records were given up.
    #[must_use]
    pub fn at(&self) -> SimTime {
        SimTime(self.t.into())
    }

    /// Whether there was a destination that did not take the document.
    #[must_use]
    pub fn is_undelivered(&self) -> bool {
        self.undelivered
    }

    /// The last invocation of the batch, where its failure decided.
    #[must_use]
    pub fn invocation(&self) -> Option<u32> {
        (self.invocation != NONE).then_some(self.invocation)
    }
}

impl Simulation {
    /// Gives up the whole part in hand after `invocation`.
    pub(super) fn discard_part(&mut self, invocation: u32, condition: DiscardCondition) {
        let lane = self.invocations.get(invocation).lane;
        let count = self.lane(lane).parts.top().expect("a batch in hand").count;
        if count == 0 {
            self.give_window_up(lane);
            self.finish_part(lane, 0);
            return;
        }
        self.discard_head(lane, count, condition, invocation);
        self.finish_part(lane, count);
    }

    /// Gives up the records at the head of the part in hand that are older than the mapping allows; false if
    /// nothing is left of it. AWS: before each invocation (recorded: older ones go, the others are delivered).
    pub(super) fn discard_aged(&mut self, lane: LaneRef) -> bool {
        let Some(limit) = self.mapping(lane.mapping).config().maximum_record_age else { return true };
        let Some(oldest_kept) = self.now.0.checked_sub(limit.0).map(SimTime) else { return true };
        let count = self.head_before(lane, oldest_kept);
        if count == 0 {
            return true;
        }
        self.discard_head(lane, count, DiscardCondition::RecordAgeExceeded, NONE);
        self.finish_part(lane, count)
    }

    /// How many records at the head of the part in hand arrived before `t`.
    pub(super) fn head_before(&self, lane: LaneRef, t: SimTime) -> u32 {
        let part = *self.lane(lane).parts.top().expect("a batch in hand");
        let mapping = self.mapping(lane.mapping);
        let before = |&place: &u32| self.stream().records.get(mapping.batched(place)).arrival() < t;
        (part.first..part.first + part.count).take_while(before).count() as u32
    }

    fn discard_head(&mut self, lane: LaneRef, count: u32, condition: DiscardCondition, invocation: u32) {
        let part = *self.lane(lane).parts.top().expect("a batch in hand");
        let discard = self.discards.len();
        let (first, batch, attempts, t) = (part.first, part.batch, part.attempts, self.now.0 as u32);
        let settings = self.mapping(lane.mapping).last_settings();
        let destination = self.mapping(lane.mapping).config().on_failure.as_ref();
        let told = destination.is_some_and(|destination| !self.fails(&destination.arn));
        let undelivered = destination.is_some() && !told;
        self.discards.push(Discard {
            lane,
            first,
            count,
            batch,
            attempts,
            condition,
            invocation,
            settings,
            t,
            undelivered,
        });
        let fields = [lane.mapping.into(), lane.shard, batch, attempts, condition as u32, count];
        self.log.push(self.now, Event::RecordsDiscarded { discard }, fields);
        let mapping = &mut self.mappings[usize::from(lane.mapping)];
        mapping.keep_handed_over(first..first + count, part.attempts > 0 || part.is_again());
        mapping.documents += u32::from(told);
        mapping.discarded += u64::from(mapping.newly_given_up(first..first + count));
        match told {
            true => mapping.events.on_failure_destination_delivered_event_count += u64::from(count),
            false => mapping.events.dropped_event_count += u64::from(count),
        }
        self.log.digest_records((first..first + count).map(|place| mapping.batched(place)));
        self.measure_discard(lane.mapping, count, undelivered);
        if undelivered {
            self.log.push(self.now, Event::DestinationDeliveryFailed { discard }, [discard]);
        }
    }

    /// A destination takes no documents until then, or never again. What was said of it before holds no more.
    pub(super) fn fail_destination(&mut self, destination: &str, until: Option<SimTime>) {
        self.failing.insert(destination.into(), until);
    }

    /// Whether a destination takes no documents now.
    fn fails(&self, destination: &str) -> bool {
        let failing = self.failing.get(destination);
        failing.is_some_and(|until| until.is_none_or(|until| self.now < until))
    }

    pub(super) fn delivery_failed_body(&self, document: u32) -> EventBody {
        let discard = self.discard(document);
        let destination = self.destination_of(&discard);
        EventBody::DestinationDeliveryFailed {
            document,
            mapping: discard.lane.mapping,
            shard_id: shard_id(discard.lane.shard),
            destination: destination.map_or_else(String::new, |destination| destination.arn.clone()),
        }
    }

    /// Records given up, by index.
    #[must_use]
    pub fn discard(&self, idx: u32) -> Discard {
        self.discards.get(idx)
    }

    /// How often records were given up.
    #[must_use]
    pub fn discards(&self) -> u32 {
        self.discards.len()
    }

    /// The records of a discard, in order.
    pub fn discarded(&self, discard: &Discard) -> impl Iterator<Item = u32> + use<'_> {
        let mapping = self.mapping(discard.lane.mapping);
        (discard.first..discard.first + discard.count).map(move |place| mapping.batched(place))
    }

    /// The document about a discard, as its destination gets it, or would.
    #[must_use]
    pub fn document(&self, discard: &Discard) -> Document {
        let mapping = discard.lane.mapping;
        let [first, last] = [discard.first, discard.first + discard.count - 1]
            .map(|place| self.mapping(mapping).batched(place));
        let start = self.scenario.start;
        let arrival = |record| start + self.stream().records.get(record).arrival();
        let config = self.config_of_discard(discard);
        let in_bucket = config.on_failure.as_ref().is_some_and(|to| to.service == DestinationService::S3);
        Document {
            request_id: self.batch_request_id(discard.batch),
            function_arn: self.lambda.function_arn(config),
            condition: discard.condition,
            approximate_invoke_count: discard.attempts.max(1),
            response: self.response_context(discard.invocation),
            timestamp: start + SimTime(discard.t.into()),
            shard_id: shard_id(discard.lane.shard),
            sequence_numbers: [first, last].map(|record| self.sequence_number(record)),
            arrivals: [first, last].map(arrival),
            batch_size: discard.count,
            stream_arn: config.event_source_arn.clone(),
            payload: in_bucket.then(|| self.event_of(mapping, self.discarded(discard)).to_json()),
        }
    }

    fn response_context(&self, invocation: u32) -> Option<ResponseContext> {
        if invocation == NONE {
            return None;
        }
        let invocation = self.invocations.get(invocation);
        let executed_version = invocation.function_version().to_string();
        let function_error = invocation.outcome().is_some_and(|(outcome, _)| outcome != Outcome::Partial);
        Some(ResponseContext { executed_version, function_error })
    }

    /// The mapping's settings under which records were given up.
    #[must_use]
    pub fn config_of_discard(&self, discard: &Discard) -> &MappingConfig {
        self.mapping(discard.lane.mapping).config_no(discard.settings)
    }

    /// Where the document about a discard was sent, if anywhere.
    #[must_use]
    pub fn destination_of(&self, discard: &Discard) -> Option<&Destination> {
        self.config_of_discard(discard).on_failure.as_ref()
    }

    /// Key of the object that S3 gets about a discard; `None` where the destination is no bucket.
    #[must_use]
    pub fn object_key(&self, idx: u32) -> Option<String> {
        let discard = self.discards.get(idx);
        let mapping = discard.lane.mapping;
        let destination = self.destination_of(&discard);
        destination.filter(|destination| destination.service == DestinationService::S3)?;
        let at = self.scenario.start + discard.at();
        let id = Rng::stream(self.scenario.seed, "failed batch", idx.into()).uuid();
        Some(document::object_key(
            &self.lambda.mappings[usize::from(mapping)].uuid,
            &shard_id(discard.lane.shard),
            at,
            &id,
        ))
    }
}
