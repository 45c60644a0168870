//! The plan of UpdateShardCount: which splits and merges lead to a number of equal shards.
//!
//! One sweep over the open shards from left to right. The leftmost unfinished piece is compared with the next
//! target end: it is done, or too wide and split, or too narrow and merged with its right neighbor, of which
//! what reaches beyond the target is split off first. Each step is an ordinary SplitShard or MergeShards.
//!
//! AWS: not documented; the sweep gives the shards of every real listing found (`tests/fixtures/reshard_real.json`,
//! 2016 to 2023), and AWS's own scaling utility works this way.
//! Assumption: ends that differ by no more than the old and new count in keys are the same end, so that the
//! rounding of two sets of ends makes no slivers of a few keys.
//!
//! ```
//! use shardlab::kinesis::HashKeyRange;
//! use shardlab::kinesis::reshard::{OpenShard, UniformScaling, plan};
//! let open: Vec<_> = (0..).zip(HashKeyRange::uniform(2)).map(|(shard, range)| OpenShard { shard, range }).collect();
//! // 0 → 2 + 3, 1 → 4 + 5, 3 + 4 → 6.
//! assert_eq!(plan(&open, 2, 3, UniformScaling::Modern).len(), 3);
//! ```

use std::collections::VecDeque;

use super::hash_key::{HashKey, HashKeyRange};

/// Where UpdateShardCount puts the ends of its shards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UniformScaling {
    /// The ends that CreateStream makes. AWS: observed in 2018 and 2019.
    #[default]
    Modern,
    /// Each inner end one key later. AWS: observed once (article D, 2016, whose first quarter ends at 2^126).
    /// Assumption: that all inner ends do so.
    Article2016,
}

/// An open shard, as the plan starts from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenShard {
    /// Its index.
    pub shard: u32,
    /// Its hash keys.
    pub range: HashKeyRange,
}

/// One step of a reshard. New shards take the next indices, a split's lower child first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Splits `shard` so that the upper child starts at `at`.
    Split {
        /// The shard.
        shard: u32,
        /// First hash key of the upper child.
        at: HashKey,
    },
    /// Merges two neighbors.
    Merge {
        /// The one with the lower hash keys.
        lower: u32,
        /// Its right neighbor.
        upper: u32,
    },
}

/// What a plan does to the number of open shards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// Open shards after each step.
    pub open_after: Vec<u32>,
    /// Most open shards at any time, the beginning included.
    pub open_max: u32,
    /// Number of splits.
    pub splits: u32,
    /// Number of merges.
    pub merges: u32,
}

/// The steps from `open`, in order of hash keys and tiling all of them, to `target` equal shards. The first
/// new shard gets the index `next`.
#[must_use]
pub fn plan(open: &[OpenShard], next: u32, target: u32, rule: UniformScaling) -> Vec<Step> {
    let last = open.last().map(|piece| piece.range.end());
    assert_eq!(last, Some(HashKey::MAX), "the open shards tile all hash keys");
    let tolerance = open.len() as u128 + u128::from(target);
    let mut sweep = Sweep { pieces: open.iter().copied().collect(), next, steps: Vec::new() };
    for end in target_ends(target, rule) {
        // The last end is exact: nothing may be left over.
        let tolerance = if end == u128::MAX { 0 } else { tolerance };
        let mut piece = sweep.take();
        while piece.range.end().0 < end.saturating_sub(tolerance) {
            let right = sweep.take();
            let right = if beyond(right, end, tolerance) { sweep.split(right, end) } else { right };
            piece = sweep.merge(piece, right);
        }
        if beyond(piece, end, tolerance) {
            sweep.split(piece, end);
        }
    }
    assert!(sweep.pieces.is_empty(), "every piece is part of a target");
    sweep.steps
}

/// How many shards are open after each of `steps`, where `open` are open before.
#[must_use]
pub fn preview(open: u32, steps: &[Step]) -> Preview {
    let mut count = open;
    let open_after: Vec<u32> = steps
        .iter()
        .map(|step| {
            match step {
                Step::Split { .. } => count += 1,
                Step::Merge { .. } => count -= 1,
            }
            count
        })
        .collect();
    let splits = steps.iter().filter(|step| matches!(step, Step::Split { .. })).count() as u32;
    Preview {
        open_max: open_after.iter().copied().max().unwrap_or(open).max(open),
        open_after,
        splits,
        merges: steps.len() as u32 - splits,
    }
}

struct Sweep {
    pieces: VecDeque<OpenShard>,
    next: u32,
    steps: Vec<Step>,
}

impl Sweep {
    fn take(&mut self) -> OpenShard {
        self.pieces.pop_front().expect("the open shards tile all hash keys")
    }

    /// Splits `piece` after `end`, puts the upper child back and gives the lower one.
    fn split(&mut self, piece: OpenShard, end: u128) -> OpenShard {
        let at = HashKey(end + 1);
        self.steps.push(Step::Split { shard: piece.shard, at });
        let (lower, upper) = halves(piece.range, at);
        self.pieces.push_front(OpenShard { shard: self.next + 1, range: upper });
        self.next += 2;
        OpenShard { shard: self.next - 2, range: lower }
    }

    fn merge(&mut self, lower: OpenShard, upper: OpenShard) -> OpenShard {
        self.steps.push(Step::Merge { lower: lower.shard, upper: upper.shard });
        let range = HashKeyRange::new(lower.range.start(), upper.range.end()).expect("neighbors in order");
        self.next += 1;
        OpenShard { shard: self.next - 1, range }
    }
}

/// Whether the piece reaches beyond `end` by more than `tolerance`.
fn beyond(piece: OpenShard, end: u128, tolerance: u128) -> bool {
    piece.range.end().0 > end.saturating_add(tolerance)
}

/// Both parts of a range that is cut before `at`, which must lie inside.
pub(super) fn halves(range: HashKeyRange, at: HashKey) -> (HashKeyRange, HashKeyRange) {
    let lower = HashKeyRange::new(range.start(), HashKey(at.0 - 1)).expect("the cut lies inside");
    let upper = HashKeyRange::new(at, range.end()).expect("the cut lies inside");
    (lower, upper)
}

fn target_ends(target: u32, rule: UniformScaling) -> impl Iterator<Item = u128> {
    HashKeyRange::uniform(target).into_iter().map(move |range| match (rule, range.end().0) {
        (_, u128::MAX) | (UniformScaling::Modern, _) => range.end().0,
        (UniformScaling::Article2016, end) => end + 1,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uniform(count: u32) -> Vec<OpenShard> {
        (0..).zip(HashKeyRange::uniform(count)).map(|(shard, range)| OpenShard { shard, range }).collect()
    }

    /// Applies steps one by one, and checks that each is possible.
    fn apply(mut open: Vec<OpenShard>, mut next: u32, steps: &[Step]) -> Vec<OpenShard> {
        for &step in steps {
            match step {
                Step::Split { shard, at } => {
                    let place = open.iter().position(|piece| piece.shard == shard).unwrap();
                    let range = open[place].range;
                    assert!(range.start().0 + 1 < at.0 && at < range.end(), "AWS refuses this split");
                    let (lower, upper) = halves(range, at);
                    let children = [(next, lower), (next + 1, upper)];
                    open.splice(place..=place, children.map(|(shard, range)| OpenShard { shard, range }));
                    next += 2;
                }
                Step::Merge { lower, upper } => {
                    let place = open.iter().position(|piece| piece.shard == lower).unwrap();
                    assert_eq!(open[place + 1].shard, upper);
                    let range = HashKeyRange::new(open[place].range.start(), open[place + 1].range.end());
                    let merged = OpenShard { shard: next, range: range.unwrap() };
                    open.splice(place..=place + 1, [merged]);
                    next += 1;
                }
            }
        }
        open
    }

    fn assert_tiles(open: &[OpenShard]) {
        assert_eq!((open[0].range.start().0, open[open.len() - 1].range.end()), (0, HashKey::MAX));
        for pair in open.windows(2) {
            assert_eq!(pair[0].range.end().0 + 1, pair[1].range.start().0);
        }
    }

    #[test]
    fn step_counts_and_open_ids_are_those_of_the_model() {
        #[track_caller]
        fn check(from: u32, to: u32, splits: u32, merges: u32, open: &[u32]) {
            for rule in [UniformScaling::Modern, UniformScaling::Article2016] {
                let steps = plan(&uniform(from), from, to, rule);
                let preview = preview(from, &steps);
                assert_eq!((preview.splits, preview.merges), (splits, merges), "{from} to {to}");
                assert_eq!(preview.open_after.last().copied().unwrap_or(from), to);
                if !open.is_empty() {
                    let left = apply(uniform(from), from, &steps);
                    let left: Vec<u32> = left.iter().map(|piece| piece.shard).collect();
                    assert_eq!(left, open, "{from} to {to}");
                }
            }
        }
        check(2, 4, 2, 0, &[2, 3, 4, 5]);
        check(4, 2, 0, 2, &[4, 5]);
        check(2, 3, 2, 1, &[2, 6, 5]);
        check(3, 2, 1, 2, &[5, 6]);
        check(4, 3, 2, 3, &[6, 9, 10]);
        check(4, 6, 4, 2, &[4, 8, 7, 9, 13, 12]);
        check(6, 4, 2, 4, &[8, 9, 12, 13]);
        check(4, 5, 4, 3, &[]);
        check(3, 6, 3, 0, &[]);
        check(5, 10, 5, 0, &[]);
        check(8, 12, 8, 4, &[]);
        check(8, 10, 8, 6, &[]);
        check(7, 7, 0, 0, &[0, 1, 2, 3, 4, 5, 6]);
    }

    /// All pairs that UpdateShardCount accepts up to 40 shards: 1 to 40, each from half to double.
    #[test]
    fn every_plan_tiles_and_ends_with_the_target() {
        for from in 1..=40u32 {
            for to in from.div_ceil(2)..=2 * from {
                for rule in [UniformScaling::Modern, UniformScaling::Article2016] {
                    let steps = plan(&uniform(from), from, to, rule);
                    let open = apply(uniform(from), from, &steps);
                    assert_tiles(&open);
                    assert_eq!(open.len() as u32, to, "{from} to {to}");
                    let width = u128::MAX / u128::from(to);
                    for piece in &open {
                        let keys = piece.range.end().0 - piece.range.start().0;
                        assert!(keys.abs_diff(width) < 1000, "{from} to {to}: {piece:?}");
                    }
                }
            }
        }
    }

    /// Cuts next to target ends, and pieces narrower than the tolerance, leave no sliver over.
    #[test]
    fn shards_cut_by_hand_are_swept_up() {
        let quarter = 1u128 << 126;
        for cuts in [
            &[2u128][..],
            &[2, 4, 6, 8],
            &[quarter - 2, quarter + 2],
            &[quarter + 5, quarter + 8, 3 * quarter - 7],
            &[u128::MAX - 1],
            &[u128::MAX - 5, u128::MAX - 3, u128::MAX - 1],
        ] {
            let ends = cuts.iter().map(|cut| cut - 1).chain([u128::MAX]);
            let starts = [0].into_iter().chain(cuts.iter().copied());
            let range = |(start, end)| HashKeyRange::new(HashKey(start), HashKey(end)).unwrap();
            let ranges = starts.zip(ends).map(range);
            let open: Vec<_> = (0..).zip(ranges).map(|(shard, range)| OpenShard { shard, range }).collect();
            for to in 1..=10 {
                for rule in [UniformScaling::Modern, UniformScaling::Article2016] {
                    let steps = plan(&open, open.len() as u32, to, rule);
                    let open = apply(open.clone(), open.len() as u32, &steps);
                    assert_tiles(&open);
                    assert_eq!(open.len() as u32, to, "{cuts:?} to {to}");
                }
            }
        }
    }

    #[test]
    fn doubling_a_large_stream_is_one_split_each() {
        let steps = plan(&uniform(5000), 5000, 10_000, UniformScaling::Modern);
        let preview = preview(5000, &steps);
        assert_eq!((preview.splits, preview.merges, preview.open_max), (5000, 0, 10_000));
    }

    #[test]
    fn a_preview_knows_the_intermediate_maximum() {
        let steps = plan(&uniform(8), 8, 10, UniformScaling::Modern);
        let preview = preview(8, &steps);
        assert_eq!((preview.open_after.len(), preview.open_after.last()), (14, Some(&10)));
        assert!(preview.open_max >= 10);
        assert_eq!(super::preview(3, &[]), Preview { open_after: vec![], open_max: 3, splits: 0, merges: 0 });
    }
}
