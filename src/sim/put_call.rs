//! PutRecords of producers that put in batches: which records one call has, and what follows where some are refused.
//!
//! AWS: PutRecords is not atomic. Records that are refused are the caller's to put again; meanwhile others of the
//! same key may have been stored, so that order between the records of a call is not kept.

use std::collections::VecDeque;

use super::workload::Wish;

/// Which part of its producer's calls the last put was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PutCall {
    /// A PutRecord.
    Single,
    /// A record of a PutRecords, and more follow.
    Open,
    /// The last record of a PutRecords.
    Ended,
}

/// The PutRecords that a producer is about to make, in which it is somewhere.
#[derive(Clone, Debug, Default)]
pub(super) struct Batch {
    /// Records that come after the present one.
    left: VecDeque<Wish>,
    refused: Vec<Wish>,
    /// Whether the last put was its last record.
    ended: bool,
}

impl Batch {
    /// Adds a record to the call.
    pub(super) fn push(&mut self, wish: Wish) {
        self.left.push_back(wish);
    }

    /// Records that come after the present one.
    pub(super) fn len(&self) -> usize {
        self.left.len()
    }

    /// Notes that the present record was refused.
    pub(super) fn refuse(&mut self, wish: Wish) {
        self.refused.push(wish);
    }

    /// The next record of the call; `None` at its end.
    pub(super) fn next(&mut self) -> Option<Wish> {
        let next = self.left.pop_front();
        self.ended = next.is_none();
        next
    }

    /// Ends the call: whether records were refused.
    pub(super) fn any_refused(&self) -> bool {
        !self.refused.is_empty()
    }

    /// Makes a call of the records that were refused; gives the first.
    pub(super) fn again(&mut self) -> Option<Wish> {
        self.left = std::mem::take(&mut self.refused).into();
        self.left.pop_front()
    }

    /// Gives up the records that were refused.
    pub(super) fn give_up(&mut self) {
        self.refused.clear();
    }

    /// Which part of the call the last put was.
    pub(super) fn part(&self) -> PutCall {
        if self.ended { PutCall::Ended } else { PutCall::Open }
    }
}
