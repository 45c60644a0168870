//! Redrive: what people do by hand with the document of a failed batch. They read its records again from the stream,
//! while they are kept, and invoke the function with them.
//!
//! ```text
//! document ─ still kept? ─▶ invocation, at once ─ ok, or the start of a report ─▶ discarded becomes succeeded
//!              └─ no ─▶ refused                 └─ else ─▶ discarded, as before; nothing is tried again
//! ```
//!
//! AWS: developer guide, "Retain discarded records": the document has no data but in S3, so that records have to be
//! retrieved from the stream before they expire. Assumptions, all of them, since AWS has no such operation: reading
//! takes no time and nothing from the shard's limit; of the range that the document names its own records alone are
//! taken; the mapping's function of that moment is invoked, as the mapping would, outside of the order of the lane.

use std::rc::Rc;

use super::Simulation;
use super::event_json::EventBody;
use super::invocation::Invocation;
use super::mapping::Mapping;
use crate::event_log::Event;
use crate::kinesis::stream::{NONE, shard_id};
use crate::lambda::batcher::{Part, Reason};
use crate::lambda::retry::Outcome;
use crate::scenario::DestinationService;
use crate::units::SimTime;

/// A document taken up again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Redrive {
    /// The command, by index.
    pub command: u32,
    /// The document, by the index of what was discarded; there may be none such.
    pub document: u32,
    /// The invocation, or why there is none.
    pub invocation: Result<u32, Refusal>,
    /// How many of its records had been handed over before.
    again: u32,
}

/// Why nothing is redriven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// So many documents there are not, yet.
    NoSuchDocument = 1,
    /// The records were discarded without a destination, so nobody has a document.
    NoDestination = 2,
    /// All records are past the stream's retention.
    Expired = 3,
    /// The destination did not take the document, so nobody has it.
    NotDelivered = 4,
}

impl Refusal {
    /// Its name in the event log.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NoSuchDocument => "noSuchDocument",
            Self::NoDestination => "noDestination",
            Self::Expired => "expired",
            Self::NotDelivered => "notDelivered",
        }
    }
}

impl Simulation {
    /// The documents taken up again so far, by index.
    #[must_use]
    pub fn redrives(&self) -> &[Rc<Redrive>] {
        &self.redrives
    }

    /// Why the document cannot be redriven in the first millisecond not yet begun; `None` where it can.
    #[must_use]
    pub fn redrive_refusal(&self, document: u32) -> Option<Refusal> {
        self.redriven_part(document, self.next_command_at()).err()
    }

    /// Takes a document up again, now.
    pub(super) fn redrive(&mut self, command: usize, document: u32) {
        let part = self.redriven_part(document, self.now);
        let invocation = part.map(|_| self.invocations.len());
        let redrive = Event::Redrive { redrive: self.redrives.len() as u32 };
        let (refusal, count) = match part {
            Ok(part) => (0, part.count),
            Err(refusal) => (refusal as u32, 0),
        };
        self.log.push(self.now, redrive, [document, refusal, count]);
        let redrive = Redrive { command: command as u32, document, invocation, again: 0 };
        let Ok(part) = part else { return self.redrives.push(Rc::new(redrive)) };
        let lane = self.discards.get(document).lane;
        let places = part.first..part.first + part.count;
        let mapping = &mut self.mappings[usize::from(lane.mapping)];
        self.log.digest_records(places.clone().map(|place| mapping.batched(place)));
        if !self.in_bucket(document) {
            self.retrieve_again(lane.mapping, places.clone());
        }
        let mapping = &mut self.mappings[usize::from(lane.mapping)];
        let again =
            places.clone().filter(|&place| mapping.handed_over.contains(mapping.batched(place))).count()
                as u32;
        self.redrives.push(Rc::new(Redrive { again, ..redrive }));
        let batch = self.batches;
        self.batches += 1;
        let invocation = self.invocations.len();
        self.hand_over(lane, Part { batch, ..part }, Reason::Redrive);
        if self.invocations.get(invocation).environment != NONE {
            self.mappings[usize::from(lane.mapping)].keep_handed_over(places, true);
        }
    }

    /// Whether a document's records are in the object that a bucket has.
    fn in_bucket(&self, document: u32) -> bool {
        let discard = self.discards.get(document);
        self.destination_of(&discard).is_some_and(|destination| destination.service == DestinationService::S3)
    }

    /// The records of a document that can be had at `now`: from the stream, or all of them from the object in a bucket.
    fn redriven_part(&self, document: u32, now: SimTime) -> Result<Part, Refusal> {
        if document >= self.discards.len() {
            return Err(Refusal::NoSuchDocument);
        }
        let discard = self.discards.get(document);
        let destination = self.destination_of(&discard).ok_or(Refusal::NoDestination)?;
        if discard.is_undelivered() {
            return Err(Refusal::NotDelivered);
        }
        let horizon = self.stream().horizon(now);
        let expired = |&record: &u32| self.stream().records.get(record).arrival() < horizon;
        let gone = match destination.service {
            DestinationService::S3 => 0,
            DestinationService::Sqs | DestinationService::Sns => {
                self.discarded(&discard).take_while(expired).count() as u32
            }
        };
        if gone == discard.count {
            return Err(Refusal::Expired);
        }
        let (first, count) = (discard.first + gone, discard.count - gone);
        let arrived = self.arrived(discard.lane.mapping, first);
        Ok(Part { first, count, arrived, batch: NONE, attempts: 0, throttles: 0, reason: Reason::Redrive })
    }

    /// What a redrive brought to an end is not given up any more. Nobody tries again by themselves.
    pub(super) fn end_redrive(&mut self, idx: u32, invocation: &Invocation) {
        let succeeded = match invocation.outcome().map(|(outcome, _)| outcome) {
            Some(Outcome::Ok) => invocation.count,
            Some(Outcome::Partial) => invocation.failed_at().unwrap_or(0),
            Some(Outcome::Error | Outcome::Timeout | Outcome::Crash | Outcome::Throttled) | None => 0,
        };
        if invocation.environment != NONE {
            let redrive = self.redrives.iter().rfind(|redrive| redrive.invocation == Ok(idx));
            let again = redrive.expect("the redrive that made the invocation").again;
            self.release(invocation, again);
        }
        let mapping = &mut self.mappings[usize::from(invocation.lane.mapping)];
        let brought = mapping.newly_redriven(invocation.first..invocation.first + succeeded);
        mapping.discarded -= u64::from(brought);
        mapping.succeeded += u64::from(brought);
    }

    pub(super) fn redrive_body(&self, redrive: u32) -> EventBody {
        let Redrive { document, invocation, .. } = *self.redrives[redrive as usize];
        let lane = (document < self.discards.len()).then(|| self.discards.get(document).lane);
        EventBody::Redrive {
            document,
            mapping: lane.map(|lane| lane.mapping),
            shard_id: lane.map(|lane| shard_id(lane.shard)),
            records: invocation.map_or_else(|_| Vec::new(), |invocation| self.batch(invocation).collect()),
            refused: invocation.err().map(Refusal::name),
        }
    }
}

impl Mapping {
    /// Remembers records of a document that have been handed over: all of these, or those that were before the mapping
    /// fell back to its checkpoint.
    pub(super) fn keep_handed_over(&mut self, places: std::ops::Range<u32>, all: bool) {
        for place in places {
            let record = self.batched(place);
            if all || self.again.contains(&record) {
                self.handed_over.insert(record);
            }
        }
    }

    /// How many of the records at these places of the column, which are given up, count as given up from now on.
    pub(super) fn newly_given_up(&mut self, places: std::ops::Range<u32>) -> u32 {
        let mut newly = 0;
        for place in places {
            if self.newly_done(place..place + 1) > 0 {
                self.given_up.insert(self.batched(place));
                newly += 1;
            }
        }
        newly
    }

    /// How many of the records at these places of the column, which have expired, count as expired from now on.
    pub(super) fn newly_overdue(&mut self, places: std::ops::Range<u32>) -> u32 {
        let mut newly = 0;
        for place in places {
            if self.newly_done(place..place + 1) > 0 {
                self.overdue.insert(self.batched(place));
                newly += 1;
            }
        }
        newly
    }

    /// How many of the records at these places of the column, which a redrive has brought to an end, count as given
    /// up until now.
    fn newly_redriven(&mut self, places: std::ops::Range<u32>) -> u32 {
        let mut newly = 0;
        for place in places {
            let record = self.batched(place);
            newly += u32::from(self.given_up.contains(record) && self.redriven.insert(record));
        }
        newly
    }
}
