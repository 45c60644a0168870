//! A shard: a range of hash keys, open for writing until it is split or merged.
//!
//! ```text
//! OPEN ── split or merge ──▶ CLOSED ── its end is past retention ──▶ EXPIRED
//! ```
//!
//! AWS: developer guide, "Resharding, data routing, data persistence and shard state", read 2026-11-21.
//!
//! Assumption: AWS says that a shard is EXPIRED when all its data are, not when a listing drops it. Here that is when
//! its end is as old as the retention, however old its last record is: no record can be younger, and a shard that closed
//! without records, or was imported without them, is listed as long as any other.

use super::hash_key::HashKeyRange;
use super::sequence_number::SequenceNumber;
use crate::units::{SimTime, WallTime};

/// A shard. Its index in the stream is the number in its id.
#[derive(Clone, Debug)]
pub struct Shard {
    /// Its hash keys; never changes.
    pub range: HashKeyRange,
    /// Creation second, the epoch of its sequence numbers.
    pub epoch: u64,
    /// Where it comes from.
    pub parents: Parents,
    /// When it opened; t = 0 where that was before.
    pub opened: SimTime,
    /// When and how it closed; `None` while it is open.
    pub closed: Option<Closed>,
    /// Where the numbers of an imported shard are not those that this program would write.
    pub imported: Option<Box<ImportedNumbers>>,
    /// Whether it only stands for an id below those of an imported stream: no one can see it.
    pub unlisted: bool,
}

/// A shard's parents, by index. They may be gone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parents {
    /// `ParentShardId`: the shard that was split, or the lower one of a merge.
    pub parent: Option<u32>,
    /// `AdjacentParentShardId`: the upper one of a merge.
    pub adjacent: Option<u32>,
}

/// A shard's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closed {
    /// When; t = 0 where that was before.
    pub at: SimTime,
    /// `EndingSequenceNumber`.
    pub ending: SequenceNumber,
}

/// Sequence numbers of an imported shard, as they were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedNumbers {
    /// `StartingSequenceNumber`.
    pub starting: String,
    /// `EndingSequenceNumber`.
    pub ending: Option<String>,
}

/// What can be done with a shard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShardState {
    /// Takes records.
    Open,
    /// Can be read until it has been closed for as long as the retention.
    Closed,
    /// Closed for as long as the retention, so that it holds no records; it is no longer listed.
    Expired,
}

impl Parents {
    /// Both that there are, the lower one first.
    pub fn iter(self) -> impl Iterator<Item = u32> {
        self.parent.into_iter().chain(self.adjacent)
    }

    /// Whether `shard` is one of them.
    #[must_use]
    pub fn contains(self, shard: u32) -> bool {
        self.iter().any(|parent| parent == shard)
    }
}

impl Shard {
    /// A shard that opens at `opened`.
    #[must_use]
    pub fn new(range: HashKeyRange, epoch: u64, parents: Parents, opened: SimTime) -> Self {
        Self { range, epoch, parents, opened, closed: None, imported: None, unlisted: false }
    }

    /// Whether it takes records.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.closed.is_none()
    }

    /// Its state, where `horizon` is the first instant whose records are kept.
    #[must_use]
    pub fn state(&self, horizon: SimTime) -> ShardState {
        match self.closed {
            None => ShardState::Open,
            Some(_) if self.unlisted => ShardState::Expired,
            Some(Closed { at, .. }) if at < horizon => ShardState::Expired,
            Some(_) => ShardState::Closed,
        }
    }

    /// Closes it at `now`: the ending number has the epoch in force, the highest index and the close second.
    ///
    /// AWS: observed in every listing found (2015, 2016, 2017).
    pub(super) fn close(&mut self, shard: u32, now: SimTime, start: WallTime) {
        assert!(self.is_open(), "only an open shard can close");
        let ending = SequenceNumber {
            epoch: self.epoch,
            index: SequenceNumber::INDEX_END,
            time: (start + now).seconds(),
            shard,
        };
        self.closed = Some(Closed { at: now, ending });
    }
}

/// `shardId-000000000003`.
#[must_use]
pub fn shard_id(shard: u32) -> String {
    format!("shardId-{shard:012}")
}

/// The number in a shard's id; `None` where there is none or it is above 2^31 - 1.
///
/// AWS: `shardId-5`, `shard-5` and `anything-5` all mean `shardId-000000000005` (validated by kinesalite).
#[must_use]
pub fn parse_shard_id(text: &str) -> Option<u32> {
    const NUMBER_MAX: u32 = i32::MAX as u32;
    let digits = text.split_once('-').map_or(text, |(_, digits)| digits);
    let well_formed = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let digits = digits.trim_start_matches('0');
    let number = if digits.is_empty() { Some(0) } else { digits.parse().ok() };
    number.filter(|&number| well_formed && number <= NUMBER_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_as_aws_reads_them() {
        #[track_caller]
        fn check(text: &str, expect: Option<u32>) {
            assert_eq!(parse_shard_id(text), expect, "{text}");
        }
        check("shardId-000000000012", Some(12));
        check("shard-5", Some(5));
        check("anything-5", Some(5));
        check("5", Some(5));
        check("shardId-0", Some(0));
        check("shardId-00000000000000000000007", Some(7));
        check("shardId-2147483647", Some(i32::MAX as u32));
        check("shardId-2147483648", None);
        check("foo", None);
        check("shardId-", None);
        check("shardId--1", None);
        check("", None);
        assert_eq!(parse_shard_id(&shard_id(77)), Some(77));
    }

    #[test]
    fn a_closed_shard_expires_with_its_last_instant() {
        let mut shard = Shard::new(HashKeyRange::FULL, 5, Parents::default(), SimTime::ZERO);
        assert_eq!(shard.state(SimTime(u64::MAX)), ShardState::Open);
        shard.close(3, SimTime(1500), WallTime(7000));
        let ending = shard.closed.unwrap().ending;
        assert_eq!((ending.epoch, ending.index, ending.time, ending.shard), (5, (1 << 63) - 1, 8, 3));
        assert_eq!(shard.state(SimTime(1500)), ShardState::Closed);
        assert_eq!(shard.state(SimTime(1501)), ShardState::Expired);
    }
}
