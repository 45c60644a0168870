//! What is to happen, in one total order.
//!
//! The order of equal times is by class, then by source: never by time of insertion, so that a replay, a run in
//! chunks and a live command give the same log. A record's put is not here: producers are cursors, merged in
//! as class 3.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::units::SimTime;

/// Classes in the order they happen at one time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Class {
    /// Streams change their status, and shards close and open.
    Shards = 1,
    /// Commands are carried out.
    Command = 2,
    /// Producers put records; never in the heap.
    Records = 3,
    /// Handlers write rows and end.
    Invocation = 4,
    /// Mappings change their state.
    MappingState = 5,
    /// Pollers read.
    Poll = 6,
    /// Back-offs end.
    Retry = 7,
    /// Batching windows end.
    Window = 8,
    /// Batches are handed over.
    Dispatch = 9,
    /// Records that no mapping has read expire.
    Expiry = 10,
    /// Periods of alarms end.
    Alarm = 11,
}

/// When and in which order something happens: time, class, source.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(u128);

const SOURCE_BITS: u32 = 56;
const CLASS_BITS: u32 = 8;

impl Key {
    /// The key of `source` (below 2^56) of `class` at `t`.
    #[must_use]
    pub fn new(t: SimTime, class: Class, source: u64) -> Self {
        debug_assert!(source < 1 << SOURCE_BITS, "a source has 56 bits");
        Self(
            u128::from(t.0) << (SOURCE_BITS + CLASS_BITS)
                | u128::from(class as u8) << SOURCE_BITS
                | u128::from(source),
        )
    }

    /// When it happens.
    #[must_use]
    pub fn time(self) -> SimTime {
        SimTime((self.0 >> (SOURCE_BITS + CLASS_BITS)) as u64)
    }

    /// What kind of thing happens.
    #[must_use]
    pub fn class(self) -> Class {
        match (self.0 >> SOURCE_BITS) as u8 {
            1 => Class::Shards,
            2 => Class::Command,
            3 => Class::Records,
            4 => Class::Invocation,
            5 => Class::MappingState,
            6 => Class::Poll,
            7 => Class::Retry,
            8 => Class::Window,
            9 => Class::Dispatch,
            10 => Class::Expiry,
            11 => Class::Alarm,
            other => unreachable!("no class {other}"),
        }
    }

    /// To what it happens.
    #[must_use]
    pub fn source(self) -> u64 {
        self.0 as u64 & ((1 << SOURCE_BITS) - 1)
    }
}

/// A lane, ordered by mapping, shard, lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LaneRef {
    /// The mapping.
    pub mapping: u16,
    /// The shard.
    pub shard: u32,
    /// The lane, below the parallelization factor.
    pub lane: u8,
}

impl LaneRef {
    /// As an agenda source.
    #[must_use]
    pub fn source(self) -> u64 {
        u64::from(self.mapping) << 40 | u64::from(self.shard) << 8 | u64::from(self.lane)
    }

    /// From an agenda source.
    #[must_use]
    pub fn from_source(source: u64) -> Self {
        Self { mapping: (source >> 40) as u16, shard: (source >> 8) as u32, lane: source as u8 }
    }
}

/// Consecutive invocations whose next step is due at the same time: one agenda entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Steps {
    /// When.
    pub t: SimTime,
    /// The first invocation.
    pub first: u32,
    /// How many, below 2^24.
    pub count: u32,
}

/// Invocations in one [`Steps`] at most: the count has 24 bits.
const STEPS_MAX: u32 = (1 << 24) - 1;

impl Steps {
    /// As an agenda source: ordered by invocation.
    #[must_use]
    pub fn source(self) -> u64 {
        u64::from(self.first) << 24 | u64::from(self.count)
    }

    /// The invocation that ends, if an agenda source is that of one which an alarm led to.
    #[must_use]
    pub fn alarm_end(source: u64) -> Option<u32> {
        (source as u32 & STEPS_MAX == 0).then_some((source >> 24) as u32)
    }

    /// The invocations of an agenda source.
    pub fn invocations(source: u64) -> impl Iterator<Item = u32> {
        let first = (source >> 24) as u32;
        (0..source as u32 & STEPS_MAX).map(move |i| first + i)
    }
}

/// Pending control events.
#[derive(Clone, Default)]
pub struct Agenda {
    heap: BinaryHeap<Reverse<Key>>,
    /// Steps that may still be joined by the next invocation's; not in the heap yet.
    open: Option<Steps>,
}

impl Agenda {
    /// Adds something to come.
    pub fn push(&mut self, t: SimTime, class: Class, source: u64) {
        self.heap.push(Reverse(Key::new(t, class, source)));
    }

    /// Adds an invocation's next step. [`Agenda::close_steps`] must follow before the next look at the agenda.
    pub fn push_step(&mut self, t: SimTime, invocation: u32) {
        match &mut self.open {
            Some(open) if open.t == t && open.first + open.count == invocation && open.count < STEPS_MAX => {
                open.count += 1;
            }
            _ => {
                self.close_steps();
                self.open = Some(Steps { t, first: invocation, count: 1 });
            }
        }
    }

    /// Adds the end of an invocation that an alarm led to: a count of 0 tells it from [`Steps`].
    pub fn push_alarm_end(&mut self, t: SimTime, invocation: u32) {
        let end = Steps { t, first: invocation, count: 0 };
        self.push(t, Class::Invocation, end.source());
    }

    /// Ends a series of [`Agenda::push_step`].
    pub fn close_steps(&mut self) {
        if let Some(steps) = self.open.take() {
            self.push(steps.t, Class::Invocation, steps.source());
        }
    }

    /// Everything on it, in order.
    #[must_use]
    pub fn sorted(&self) -> Vec<Key> {
        let mut keys: Vec<Key> = self.heap.iter().map(|key| key.0).collect();
        keys.sort_unstable();
        keys
    }

    /// The next.
    #[must_use]
    pub fn peek(&self) -> Option<Key> {
        self.heap.peek().map(|key| key.0)
    }

    /// Takes the next.
    pub fn pop(&mut self) -> Option<Key> {
        self.heap.pop().map(|key| key.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_time_class_source_whatever_the_insertion() {
        let order = [
            (0, Class::Dispatch, 9),
            (5, Class::Shards, 7),
            (5, Class::Invocation, 1),
            (5, Class::Invocation, 2),
            (5, Class::Poll, 0),
            (5, Class::Dispatch, 0),
            (u64::from(u32::MAX), Class::Retry, (1 << 56) - 1),
        ];
        let mut agenda = Agenda::default();
        for i in [3, 0, 6, 1, 5, 2, 4] {
            let (t, class, source) = order[i];
            agenda.push(SimTime(t), class, source);
        }
        for (t, class, source) in order {
            let key = agenda.pop().unwrap();
            assert_eq!((key.time().0, key.class(), key.source()), (t, class, source));
        }
        assert!(agenda.pop().is_none());
    }

    #[test]
    fn consecutive_steps_at_one_time_share_an_entry() {
        let mut agenda = Agenda::default();
        for (t, invocation) in [(7, 3), (7, 4), (7, 5), (8, 6), (7, 8), (7, 9), (7, 1)] {
            agenda.push_step(SimTime(t), invocation);
        }
        agenda.close_steps();
        let mut entries = Vec::new();
        while let Some(key) = agenda.pop() {
            entries.push((key.time().0, Steps::invocations(key.source()).collect::<Vec<_>>()));
        }
        assert_eq!(entries, [(7, vec![1]), (7, vec![3, 4, 5]), (7, vec![8, 9]), (8, vec![6])]);
    }

    #[test]
    fn lanes_sort_by_mapping_shard_lane() {
        let lane = LaneRef { mapping: 3, shard: u32::MAX - 1, lane: 9 };
        assert_eq!(LaneRef::from_source(lane.source()), lane);
        let next = LaneRef { mapping: 4, shard: 0, lane: 0 };
        assert!(lane < next && lane.source() < next.source());
    }
}
