//! Append-only values over time, of which the highest within any time, and how many there were, is found at once.

use crate::column::Column;

/// Points in a block, of which the highest value is kept; and so for blocks of blocks.
const BLOCK_BITS: u32 = 4;
const BLOCK: u32 = 1 << BLOCK_BITS;

/// What a value became, and the highest it was, in one millisecond.
#[derive(Clone, Copy, Debug)]
struct Point {
    t: u32,
    last: u32,
    highest: u32,
}

/// A value that stays until it changes.
#[derive(Clone, Debug, Default)]
pub(super) struct Track {
    points: Column<Point>,
    /// The highest of each block; then of each block of blocks, and so on.
    blocks: Vec<Column<u32>>,
}

impl Track {
    /// Sets the value from `t` on, which never decreases.
    pub(super) fn push(&mut self, t: u32, value: u32) {
        match self.points.last_mut() {
            Some(last) if last.t == t => {
                last.last = value;
                last.highest = last.highest.max(value);
            }
            _ => self.points.push(Point { t, last: value, highest: value }),
        }
        let mut block = (self.points.len() - 1) >> BLOCK_BITS;
        for level in 0.. {
            if level == self.blocks.len() {
                if block == 0 && level > 0 {
                    break;
                }
                self.blocks.push(Column::default());
                // The blocks below that are full by now.
                self.fill(level);
            }
            let blocks = &mut self.blocks[level];
            if block == blocks.len() {
                blocks.push(value);
            } else {
                let highest = blocks.get_mut(block);
                *highest = (*highest).max(value);
            }
            block >>= BLOCK_BITS;
        }
    }

    /// The first block of a new level, from the level below.
    fn fill(&mut self, level: usize) {
        if level > 0 {
            let highest = (0..BLOCK).map(|block| self.blocks[level - 1].get(block)).max().unwrap_or(0);
            self.blocks[level].push(highest);
        }
    }

    /// The value now; 0 before the first.
    pub(super) fn latest(&self) -> u32 {
        self.points.last().map_or(0, |point| point.last)
    }

    /// The highest value within `from..to`, in milliseconds: the one that it had before included.
    pub(super) fn highest(&self, from: u64, to: u64) -> u32 {
        let first = self.place(from);
        let before = first.checked_sub(1).map_or(0, |place| self.points.get(place).last);
        before.max(self.highest_of(first, self.place(to)))
    }

    /// The highest of the values that were set within `from..to`; 0 if none was.
    pub(super) fn highest_within(&self, from: u64, to: u64) -> u32 {
        self.highest_of(self.place(from), self.place(to))
    }

    fn place(&self, t: u64) -> u32 {
        self.points.partition_point(|point| u64::from(point.t) < t)
    }

    fn highest_of(&self, mut from: u32, mut to: u32) -> u32 {
        let (mut highest, mut level) = (0, 0);
        while from < to {
            let top = level == self.blocks.len();
            let at = |place: u32| match level {
                0 => self.points.get(place).highest,
                _ => self.blocks[level - 1].get(place),
            };
            while from < to && (top || !from.is_multiple_of(BLOCK)) {
                highest = highest.max(at(from));
                from += 1;
            }
            while from < to && (top || !to.is_multiple_of(BLOCK)) {
                to -= 1;
                highest = highest.max(at(to));
            }
            (from, to, level) = (from >> BLOCK_BITS, to >> BLOCK_BITS, level + 1);
        }
        highest
    }
}

/// How often something has happened.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    /// When, and how often up to then.
    points: Column<(u32, u32)>,
}

impl Tally {
    /// It happens so often at `t`, which never decreases.
    pub(super) fn add(&mut self, t: u32, times: u32) {
        let so_far = match self.points.last_mut() {
            Some((last, count)) if *last == t => {
                *count += times;
                return;
            }
            Some((_, count)) => *count,
            None => 0,
        };
        self.points.push((t, so_far + times));
    }

    /// How often before `t`.
    pub(super) fn before(&self, t: u64) -> u64 {
        let place = self.points.partition_point(|(at, _)| u64::from(at) < t);
        place.checked_sub(1).map_or(0, |place| self.points.get(place).1.into())
    }

    /// When it next happens, at `t` or later.
    pub(super) fn next(&self, t: u64) -> Option<u64> {
        let place = self.points.partition_point(|(at, _)| u64::from(at) < t);
        (place < self.points.len()).then(|| self.points.get(place).0.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_of_any_time_is_found() {
        let mut track = Track::default();
        let mut values = Vec::new();
        let mut state = 1u32;
        for step in 0..5000u32 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let (t, value) = (step * 3 / 2, state >> 12);
            track.push(t, value);
            values.push((u64::from(t), value));
        }
        for (from, to) in [(0, 1), (1, 24), (0, 8000), (17, 4999), (300, 301), (4095, 6200), (7600, 9000)] {
            let within = values.iter().filter(|(t, _)| (from..to).contains(t)).map(|&(_, value)| value);
            let within = within.max().unwrap_or(0);
            let before = values.iter().rev().find(|&&(t, _)| t < from).map_or(0, |&(_, value)| value);
            assert_eq!(track.highest_within(from, to), within, "{from} {to}");
            assert_eq!(track.highest(from, to), within.max(before), "{from} {to}");
        }
    }

    #[test]
    fn a_tally_counts_up_to_a_time() {
        let mut tally = Tally::default();
        for (t, times) in [(5, 1), (5, 2), (9, 1)] {
            tally.add(t, times);
        }
        assert_eq!([0, 5, 6, 9, 10, u64::MAX].map(|t| tally.before(t)), [0, 0, 3, 3, 4, 4]);
        assert_eq!([0, 5, 6, 10].map(|t| tally.next(t)), [Some(5), Some(5), Some(9), None]);
    }
}
