//! One number for all of a simulation's state: two simulations with the same hash are at the same place of the same run.
//!
//! The digest stands for everything that has happened. Beyond it the hash has what decides what happens next: the time,
//! the agenda, what producers put next, shards, readers and lanes, and what runs.

use xxhash_rust::xxh3::{Xxh3Default, xxh3_64};

use super::Simulation;
use super::mapping::{Mapping, Reader};
use crate::lambda::batcher::{Lane, LaneState};

/// Feeds numbers to the hasher, each as eight little-endian bytes.
struct Feed(Xxh3Default);

impl Feed {
    fn add(&mut self, numbers: &[u64]) {
        numbers.iter().for_each(|number| self.0.update(&number.to_le_bytes()));
    }
}

impl Simulation {
    /// The hash of the state, in the same way natively and in a browser.
    #[must_use]
    pub fn state_hash(&self) -> u64 {
        let mut feed = Feed(Xxh3Default::new());
        feed.add(&[self.log.digest(), self.log.count().into(), self.now.0, self.commands.len() as u64]);
        for key in self.agenda.sorted() {
            feed.add(&[key.time().0, key.class() as u64, key.source()]);
        }
        for producer in &self.producers {
            feed.add(&[producer.due, producer.wish.key.into(), producer.wish.size.unwrap_or(0).into()]);
        }
        for stream in &self.kinesis.streams {
            feed.add(&[stream.records.len().into(), stream.shards.len() as u64]);
            for shard in &stream.shards {
                let closed = shard.closed.map_or(u64::MAX, |closed| closed.at.0);
                let (start, end) = (shard.range.start().0, shard.range.end().0);
                feed.add(&[shard.opened.0, closed, start as u64, (start >> 64) as u64]);
                feed.add(&[end as u64, (end >> 64) as u64]);
            }
        }
        self.mappings.iter().for_each(|mapping| feed.mapping(mapping));
        for (destination, until) in &self.failing {
            feed.add(&[xxh3_64(destination.as_bytes()), until.map_or(u64::MAX, |until| until.0)]);
        }
        feed.add(&[self.invocations.len().into(), self.environments.len() as u64, self.batches.into()]);
        feed.add(&[self.concurrency.running().into(), self.discards.len().into(), self.totals.duplicates]);
        feed.0.digest()
    }
}

impl Feed {
    fn mapping(&mut self, mapping: &Mapping) {
        self.add(&[mapping.state as u64, mapping.succeeded, mapping.discarded, mapping.filtered]);
        self.add(&[mapping.expired, mapping.first.into(), mapping.parallelization_factor().into()]);
        mapping.readers.iter().for_each(|reader| self.reader(reader));
        mapping.lanes.iter().for_each(|lane| self.lane(lane));
    }

    fn reader(&mut self, reader: &Reader) {
        self.add(&[reader.read.into(), reader.checkpoint.into(), reader.stage as u64]);
        self.add(&[reader.unread.len() as u64]);
    }

    fn lane(&mut self, lane: &Lane) {
        let (state, subject, until) = match lane.state {
            LaneState::Idle => (0, 0, 0),
            LaneState::Running { invocation } => (1, invocation.into(), 0),
            LaneState::BackingOff { until, invocation } => (2, invocation.into(), until.time().0),
        };
        self.add(&[state, subject, until, lane.window_from.time().0, lane.ended.into()]);
        self.add(&[lane.deadline.map_or(u64::MAX, |deadline| deadline.time().0)]);
        lane.waiting.iter().for_each(|waiting| self.add(&[waiting.record.into()]));
        for part in lane.parts.iter() {
            self.add(&[part.first.into(), part.count.into(), part.batch.into(), part.attempts.into()]);
        }
    }
}
