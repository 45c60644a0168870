//! Enhanced fan-out: a consumer's records are pushed to its mapping, each `efoLatency` after it was put.
//!
//! AWS: SubscribeToShard gives a consumer 2 MiB a second of each shard for itself (botocore, developer guide);
//! 24 to 88 ms from arrival to handler were recorded. Assumptions: one latency for all; records wait for one another
//! where they come faster than 2 MiB a second, of which at most a second's are pushed at a time.

use super::Simulation;
use super::agenda::{Class, LaneRef};
use super::mapping::ONE_SHARD;
use crate::event_log::Event;
use crate::quota;
use crate::units::{SimDuration, SimTime};

impl Simulation {
    /// Pushes what is due of a shard, and lists the next push.
    pub(super) fn push_shard(&mut self, idx: u16, shard: u32) {
        let now = self.now;
        let latency = self.scenario.model.efo_latency;
        let reader = &self.mapping(idx).readers[shard as usize];
        let (mut count, mut bytes) = (0, 0);
        for waiting in reader.unread.iter().take_while(|waiting| waiting.arrival.time() + latency <= now) {
            if count > 0 && bytes + u64::from(waiting.size) > quota::SHARD_READ_BYTES_PER_SECOND {
                break;
            }
            count += 1;
            bytes += u64::from(waiting.size);
        }
        self.mappings[usize::from(idx)].readers[shard as usize].reading_on = false;
        if count > 0 {
            let (last, filtered) = self.queue(idx, shard, count);
            let arrival = last.arrival.time();
            let reader = &self.mapping(idx).readers[shard as usize];
            let behind = if reader.unread.is_empty() { SimDuration::ZERO } else { now - arrival };
            let (records, millis_behind_latest) = (count as u32, behind.0 as u32);
            self.mappings[usize::from(idx)].events.polled_event_count += u64::from(records);
            self.totals.work.pushed(self.kinesis.streams[0].mode, bytes);
            let event = Event::RecordsPolled { mapping: idx, shard, records, millis_behind_latest };
            self.log.push(now, event, [idx.into(), shard, records, millis_behind_latest]);
            self.measure_polled(idx, records, filtered);
        }
        let unread = self.mapping(idx).readers[shard as usize].unread.front();
        let next = unread.map(|waiting| {
            let sent = now + SimDuration((bytes * 1000).div_ceil(quota::SHARD_READ_BYTES_PER_SECOND));
            (waiting.arrival.time() + latency).max(sent)
        });
        match next {
            Some(at) => self.push_at(idx, shard, at),
            None if self.mapping(idx).readers[shard as usize].closed => self.end_shard(idx, shard),
            None => {}
        }
    }

    fn push_at(&mut self, idx: u16, shard: u32, at: SimTime) {
        self.mappings[usize::from(idx)].readers[shard as usize].reading_on = true;
        let source = LaneRef { mapping: idx, shard, lane: 0 }.source();
        self.agenda.push(at, Class::Poll, source | ONE_SHARD);
    }
}
