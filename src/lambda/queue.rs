//! Records that wait, to be read or in a lane: mostly none, one or two, now and then thousands.

use std::collections::VecDeque;

use crate::kinesis::stream::Record;
use crate::units::Stamp;

/// A record that waits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// The record.
    pub record: u32,
    /// Its bytes, data and key.
    pub size: u32,
    /// When it arrived.
    pub arrival: Stamp,
}

impl Waiting {
    /// A stored record, by its index.
    #[must_use]
    pub fn new(record: u32, stored: Record) -> Self {
        Self { record, size: stored.size(), arrival: stored.stamp() }
    }
}

/// Waiting records, in order. A few are stored in place: with thousands of shards, lists of their own would be
/// fetched from all over the memory.
#[derive(Clone, Debug)]
pub struct Queue(Form);

/// Records stored in place at most.
const FEW: usize = 3;
/// A list with room for more records than this is kept when it is empty, since it will be filled again.
const KEPT_FROM: usize = 64;

#[derive(Clone, Debug)]
enum Form {
    Few { count: u8, records: [Waiting; FEW] },
    Many(Box<Many>),
}

#[derive(Clone, Debug)]
struct Many {
    records: VecDeque<Waiting>,
    bytes: u64,
}

impl Default for Queue {
    fn default() -> Self {
        Self(Form::Few { count: 0, records: [Waiting::default(); FEW] })
    }
}

impl Queue {
    /// Number of records.
    #[must_use]
    #[inline]
    pub fn len(&self) -> usize {
        match &self.0 {
            Form::Few { count, .. } => usize::from(*count),
            Form::Many(many) => many.records.len(),
        }
    }

    /// Whether none waits.
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes of all records.
    #[must_use]
    #[inline]
    pub fn bytes(&self) -> u64 {
        match &self.0 {
            Form::Few { count, records } => total_bytes(&records[..usize::from(*count)]),
            Form::Many(many) => many.bytes,
        }
    }

    /// The records, first one first.
    #[inline]
    pub fn iter(&self) -> impl Iterator<Item = &Waiting> {
        let (front, back) = match &self.0 {
            Form::Few { count, records } => (&records[..usize::from(*count)], &[][..]),
            Form::Many(many) => many.records.as_slices(),
        };
        front.iter().chain(back)
    }

    /// The first record.
    #[must_use]
    #[inline]
    pub fn front(&self) -> Option<Waiting> {
        match &self.0 {
            Form::Few { count, records } => (*count > 0).then_some(records[0]),
            Form::Many(many) => many.records.front().copied(),
        }
    }

    /// Adds a record at the end.
    #[inline]
    pub fn push(&mut self, waiting: Waiting) {
        match &mut self.0 {
            Form::Few { count, records } if usize::from(*count) < FEW => {
                records[usize::from(*count)] = waiting;
                *count += 1;
            }
            Form::Few { records, .. } => {
                let bytes = total_bytes(records) + u64::from(waiting.size);
                let records = records.iter().copied().chain([waiting]).collect();
                self.0 = Form::Many(Box::new(Many { records, bytes }));
            }
            Form::Many(many) => {
                many.records.push_back(waiting);
                many.bytes += u64::from(waiting.size);
            }
        }
    }

    /// Moves the first `moved` records of another queue, of which there must be so many, to the end of this one;
    /// gives the last.
    #[inline]
    pub fn append(&mut self, other: &mut Self, moved: usize) -> Option<Waiting> {
        if self.is_empty() && moved == other.len() {
            std::mem::swap(self, other);
            return self.last();
        }
        let mut last = None;
        other.take(moved, |waiting| {
            last = Some(waiting);
            self.push(waiting);
        });
        last
    }

    fn last(&self) -> Option<Waiting> {
        match &self.0 {
            Form::Few { count, records } => records[..usize::from(*count)].last().copied(),
            Form::Many(many) => many.records.back().copied(),
        }
    }

    /// Takes the first `taken` records, of which there must be so many.
    #[inline]
    pub fn take(&mut self, taken: usize, mut each: impl FnMut(Waiting)) {
        match &mut self.0 {
            Form::Few { count, records } => {
                let all = usize::from(*count);
                records[..taken].iter().for_each(|&waiting| each(waiting));
                records.copy_within(taken..all, 0);
                *count = (all - taken) as u8;
            }
            Form::Many(many) => {
                let Many { records, bytes } = &mut **many;
                records.drain(..taken).for_each(|waiting| {
                    *bytes -= u64::from(waiting.size);
                    each(waiting);
                });
                if records.is_empty() && records.capacity() < KEPT_FROM {
                    *self = Self::default();
                }
            }
        }
    }
}

fn total_bytes(records: &[Waiting]) -> u64 {
    records.iter().map(|waiting| u64::from(waiting.size)).sum()
}

impl FromIterator<Waiting> for Queue {
    fn from_iter<I: IntoIterator<Item = Waiting>>(records: I) -> Self {
        let mut queue = Self::default();
        records.into_iter().for_each(|waiting| queue.push(waiting));
        queue
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_and_many_keep_their_order() {
        let waiting = |record| Waiting { record, size: record % 7, arrival: Stamp::default() };
        for count in 0..200u32 {
            for taken in 0..=count {
                let mut queue: Queue = (0..count).map(waiting).collect();
                let mut seen = Vec::new();
                queue.take(taken as usize, |waiting| seen.push(waiting.record));
                queue.push(waiting(count));
                assert_eq!(seen, (0..taken).collect::<Vec<_>>());
                assert_eq!(queue.front(), Some(waiting(taken)));
                let left: Vec<u32> = queue.iter().map(|waiting| waiting.record).collect();
                assert_eq!(left, (taken..=count).collect::<Vec<_>>());
                assert_eq!((queue.len(), queue.is_empty()), (left.len(), false));
                assert_eq!(queue.bytes(), left.iter().map(|record| u64::from(record % 7)).sum::<u64>());
            }
        }
    }

    #[test]
    fn one_queue_goes_to_the_end_of_another() {
        let waiting = |record| Waiting { record, size: record, arrival: Stamp::default() };
        for (before, count, moved) in [(0, 0, 0), (0, 2, 2), (0, 3, 3), (0, 3, 2), (2, 2, 2), (70, 80, 79)] {
            let mut queue: Queue = (0..before).map(waiting).collect();
            let mut other: Queue = (before..before + count).map(waiting).collect();
            let last = queue.append(&mut other, moved as usize);
            assert_eq!(last.map(|last| last.record), (moved > 0).then(|| before + moved - 1));
            let records = |queue: &Queue| queue.iter().map(|waiting| waiting.record).collect::<Vec<_>>();
            assert_eq!(records(&queue), (0..before + moved).collect::<Vec<_>>());
            assert_eq!(records(&other), (before + moved..before + count).collect::<Vec<_>>());
            assert_eq!(queue.bytes(), (0..before + moved).map(u64::from).sum::<u64>());
        }
    }

    #[test]
    fn a_queue_is_less_than_a_cache_line() {
        assert!(size_of::<Queue>() <= 40, "{}", size_of::<Queue>());
    }
}
