//! What is under way in a stream, as plain values: the simulation asks when the next change is due and makes it
//! happen, at that time and not before.
//!
//! Assumption: creating a stream, deleting one and switching its mode take one step of a reshard each
//! (`reshardStep`). AWS says nothing about durations; seconds to half a minute were observed for all of them.

use std::collections::VecDeque;

use super::reshard::Step;
use super::stream::{Stream, StreamMode, StreamStatus};
use crate::quota;
use crate::units::{SimDuration, SimTime};

/// Something that happened in a stream, for the event log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Its status changed.
    StreamStatus {
        /// Index of the stream.
        stream: u32,
        /// Before.
        from: StreamStatus,
        /// After.
        to: StreamStatus,
        /// What for.
        reason: StatusReason,
    },
    /// A shard opened.
    ShardOpened {
        /// Index of the stream.
        stream: u32,
        /// The shard.
        shard: u32,
    },
    /// A shard closed.
    ShardClosed {
        /// Index of the stream.
        stream: u32,
        /// The shard.
        shard: u32,
    },
}

/// Why a stream's status changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusReason {
    /// CreateStream.
    CreateStream = 0,
    /// DeleteStream.
    DeleteStream = 1,
    /// SplitShard.
    SplitShard = 2,
    /// MergeShards.
    MergeShards = 3,
    /// UpdateShardCount.
    UpdateShardCount = 4,
    /// UpdateStreamMode.
    UpdateStreamMode = 5,
    /// AWS split the shards of an on-demand stream.
    OnDemandGrowth = 6,
}

impl StatusReason {
    /// Its name in the event log: the operation's, where there is one.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::CreateStream => "CreateStream",
            Self::DeleteStream => "DeleteStream",
            Self::SplitShard => "SplitShard",
            Self::MergeShards => "MergeShards",
            Self::UpdateShardCount => "UpdateShardCount",
            Self::UpdateStreamMode => "UpdateStreamMode",
            Self::OnDemandGrowth => "on-demand growth",
        }
    }
}

/// What is under way in a stream. At most one thing is.
#[derive(Clone, Debug)]
pub(super) enum Work {
    /// Nothing.
    None,
    /// CREATING, with this many shards at `due`.
    Create { shard_count: u32, epoch: u64, due: SimTime },
    /// UPDATING: one step after another.
    Reshard { steps: VecDeque<Step>, due: SimTime, every: SimDuration, reason: StatusReason },
    /// UPDATING: the mode changes at `due`.
    SwitchMode { mode: StreamMode, due: SimTime },
    /// UPDATING: an on-demand stream's shards are split at `due`, all at once.
    Grow { shards: Vec<u32>, due: SimTime },
    /// DELETING.
    Delete { due: SimTime },
}

impl Work {
    fn due(&self) -> Option<SimTime> {
        match self {
            Self::None => None,
            Self::Create { due, .. }
            | Self::Reshard { due, .. }
            | Self::SwitchMode { due, .. }
            | Self::Grow { due, .. }
            | Self::Delete { due } => Some(*due),
        }
    }
}

/// What an on-demand stream's shards took in since they were last looked at.
///
/// Assumption: they are looked at once a minute. A shard that took more than 500 KB/s in that minute is split in
/// the middle one `reshardStep` later, and in any case within 15 minutes; all such shards in one instant. Shards
/// are never merged.
#[derive(Clone, Copy, Debug)]
pub(super) struct Watch {
    /// When they are looked at next.
    pub(super) due: SimTime,
    /// Records before this one have been counted.
    pub(super) counted: u32,
}

/// Time between two looks at an on-demand stream.
const WATCH_EVERY: SimDuration = SimDuration::from_secs(60);

/// Collects what a stream does.
pub(super) struct Sink<'a> {
    /// Index of the stream.
    pub(super) stream: u32,
    /// Where it goes.
    pub(super) effects: &'a mut Vec<Effect>,
}

impl Sink<'_> {
    fn push(&mut self, effect: Effect) {
        self.effects.push(effect);
    }
}

impl Stream {
    /// When something changes next by itself.
    #[must_use]
    pub fn next_change(&self) -> Option<SimTime> {
        let watch = self.watch.filter(|_| matches!(self.work, Work::None)).map(|watch| watch.due);
        self.work.due().into_iter().chain(watch).min()
    }

    /// Does what is due until `now`, at its own time.
    pub(super) fn change(&mut self, now: SimTime, step: SimDuration, sink: &mut Sink<'_>) {
        while let Some(due) = self.next_change().filter(|&due| due <= now) {
            match std::mem::replace(&mut self.work, Work::None) {
                Work::None => self.look(due, step, sink),
                Work::Create { shard_count, epoch, .. } => {
                    self.open_uniform(shard_count, epoch, due);
                    self.set_status(StreamStatus::Active, StatusReason::CreateStream, sink);
                    self.opened(0, sink);
                    self.watch_from(due);
                }
                Work::Reshard { mut steps, every, reason, .. } => {
                    let step = steps.pop_front().expect("a reshard has a step to come");
                    self.take_step(step, due, sink);
                    if steps.is_empty() {
                        self.set_status(StreamStatus::Active, reason, sink);
                    } else {
                        self.work = Work::Reshard { steps, due: due + every, every, reason };
                    }
                }
                Work::SwitchMode { mode, .. } => {
                    self.mode = mode;
                    self.set_status(StreamStatus::Active, StatusReason::UpdateStreamMode, sink);
                    self.watch_from(due);
                }
                Work::Grow { shards, .. } => {
                    for shard in shards {
                        self.halve(shard, due, sink);
                    }
                    self.set_status(StreamStatus::Active, StatusReason::OnDemandGrowth, sink);
                    self.watch_from(due);
                }
                Work::Delete { .. } => {
                    // Its shards and records stay for the log, which speaks of them.
                    self.set_status(StreamStatus::Absent, StatusReason::DeleteStream, sink);
                    self.watch = None;
                }
            }
        }
    }

    pub(super) fn set_status(&mut self, to: StreamStatus, reason: StatusReason, sink: &mut Sink<'_>) {
        let from = std::mem::replace(&mut self.status, to);
        sink.push(Effect::StreamStatus { stream: sink.stream, from, to, reason });
    }

    /// Begins to watch an on-demand stream, whose records so far do not count.
    pub(super) fn watch_from(&mut self, now: SimTime) {
        let watch = Watch { due: now + WATCH_EVERY, counted: self.records.len() };
        self.watch = (self.mode == StreamMode::OnDemand).then_some(watch);
    }

    fn take_step(&mut self, step: Step, now: SimTime, sink: &mut Sink<'_>) {
        let parents = match step {
            Step::Split { shard, .. } => [Some(shard), None],
            Step::Merge { lower, upper } => [Some(lower), Some(upper)],
        };
        let first = self.step(step, now);
        for shard in parents.into_iter().flatten() {
            sink.push(Effect::ShardClosed { stream: sink.stream, shard });
        }
        self.opened(first, sink);
    }

    /// Tells of all shards from `first` on.
    fn opened(&self, first: u32, sink: &mut Sink<'_>) {
        for shard in first..self.shards.len() as u32 {
            sink.push(Effect::ShardOpened { stream: sink.stream, shard });
        }
    }

    /// Splits a shard in the middle, if it is wide enough.
    fn halve(&mut self, shard: u32, now: SimTime, sink: &mut Sink<'_>) {
        let range = self.shards[shard as usize].range;
        let (start, end) = (range.start().0, range.end().0);
        let middle = start + (end - start) / 2 + 1;
        if start + 1 < middle && middle < end {
            self.take_step(Step::Split { shard, at: super::HashKey(middle) }, now, sink);
        }
    }

    /// Looks at an on-demand stream.
    fn look(&mut self, now: SimTime, step: SimDuration, sink: &mut Sink<'_>) {
        const BYTES_MAX: u64 = quota::ON_DEMAND_SPLIT_BYTES_PER_SECOND * WATCH_EVERY.0 / 1000;
        let Some(watch) = self.watch else { return };
        let mut taken = vec![0u64; self.shards.len()];
        for record in watch.counted..self.records.len() {
            let record = self.records.get(record);
            taken[record.shard as usize] += u64::from(record.size());
        }
        self.watch_from(now);
        let mut shards: Vec<u32> =
            self.open.iter().copied().filter(|&shard| taken[shard as usize] > BYTES_MAX).collect();
        shards.truncate((quota::SHARDS_PER_STREAM_MAX as usize).saturating_sub(self.open.len()));
        if !shards.is_empty() {
            let delay = step.min(SimDuration(quota::ON_DEMAND_SPLIT_WITHIN_MS - WATCH_EVERY.0));
            self.work = Work::Grow { shards, due: now + delay };
            self.set_status(StreamStatus::Updating, StatusReason::OnDemandGrowth, sink);
        }
    }
}
