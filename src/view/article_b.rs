//! Article B's runs: how large the batches are that a handler receives which fails at the fourth record of each.
//!
//! Source: "Checkpoints for stream-invoked Lambda" (Japanese article, 2020-12), of ten records of one key. The article
//! names the sizes of the halves, `10 → 5 → 2 or 3`; that the smaller half comes first, and the first half's own halves
//! before the second half, is settled by recorded runs (`tests/fixtures/seed_checkpoint.json`, with which
//! `tests/article_table.rs` compares these rows).

/// One of the article's runs.
#[derive(Debug, PartialEq, Eq)]
pub struct CheckpointRun {
    /// The shipped scenario that plays it.
    pub scenario: &'static str,
    /// Sizes of the invocations, in order.
    pub sizes: &'static [u32],
    /// Whether they go on for ever as the last one.
    pub endless: bool,
    /// Records handled in all, repeated ones counted each time; of an endless run, by each invocation.
    pub handled: u32,
}

/// The article's runs: without any setting, with bisect, and with checkpoints.
pub const RUNS: [CheckpointRun; 3] = [
    CheckpointRun { scenario: "checkpoint-default", sizes: &[10, 10, 10], endless: true, handled: 3 },
    CheckpointRun {
        scenario: "checkpoint-bisect",
        sizes: &[10, 5, 2, 3, 5, 2, 3],
        endless: false,
        handled: 19,
    },
    CheckpointRun { scenario: "checkpoint-report", sizes: &[10, 7, 4, 1], endless: false, handled: 10 },
];

impl CheckpointRun {
    /// The size of an invocation, by its place from 0; `None` where the article has no such one.
    #[must_use]
    pub fn size(&self, place: usize) -> Option<u32> {
        let last = self.sizes.last().filter(|_| self.endless);
        self.sizes.get(place).or(last).copied()
    }
}
