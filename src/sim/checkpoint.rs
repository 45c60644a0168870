//! Checkpoints: up to which record of a shard everything is done.

use super::Simulation;
use super::mapping::Mapping;
use crate::event_log::Checkpoint;
use crate::kinesis::stream::NONE;
use crate::lambda::batcher::Lane;

impl Mapping {
    /// A lane's first record that is not done, or `NONE`: records of a lane are done in order.
    #[must_use]
    pub fn first_open(&self, lane: &Lane) -> u32 {
        match lane.parts.top().filter(|part| part.count > 0) {
            Some(part) => self.batched(part.first),
            None => lane.waiting.front().map_or(NONE, |waiting| waiting.record),
        }
    }
}

impl Simulation {
    /// Moves the shard's checkpoint to just before its first record that is not done; `done` is the last record
    /// of the part that has just been done, where records are done in order.
    ///
    /// Assumption: with several lanes too there is one checkpoint a shard; AWS documents none.
    pub(super) fn move_checkpoint(&mut self, idx: u16, shard: u32, done: u32) {
        let mapping = &mut self.mappings[usize::from(idx)];
        let lanes = mapping.lanes_of(shard).iter();
        let first_open = lanes.map(|lane| mapping.first_open(lane)).min().unwrap_or(NONE);
        let mut checkpoint = done;
        if first_open == NONE {
            // Records that expired before they could be read may lie behind the last one done.
            checkpoint = mapping.readers[shard as usize].read;
            if let Some(open) = mapping.open.get_mut(shard as usize) {
                open.clear();
            }
        } else if !mapping.open.is_empty() {
            checkpoint = mapping.readers[shard as usize].checkpoint;
            let open = &mut mapping.open[shard as usize];
            while let Some(done) = open.pop_front_if(|open| open.record < first_open) {
                checkpoint = done.record;
            }
        }
        self.set_checkpoint(idx, shard, checkpoint);
    }

    pub(super) fn set_checkpoint(&mut self, idx: u16, shard: u32, checkpoint: u32) {
        let reader = &mut self.mappings[usize::from(idx)].readers[shard as usize];
        let before = std::mem::replace(&mut reader.checkpoint, checkpoint);
        if checkpoint != before {
            self.log.push_checkpoint(self.now, Checkpoint { mapping: idx, shard, record: checkpoint });
        }
    }
}
