//! Hash keys: the 128-bit circle-less line that shards divide among themselves.

use std::fmt;

use md5::{Digest, Md5};

/// A place among the 2^128 hash keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct HashKey(pub u128);

impl HashKey {
    /// The last hash key, 2^128 - 1.
    pub const MAX: Self = Self(u128::MAX);

    /// The MD5 of the partition key's UTF-8 bytes, read as a big-endian number.
    ///
    /// AWS: developer guide, "Partition key"; checked against three independent implementations.
    #[must_use]
    pub fn of_partition_key(partition_key: &[u8]) -> Self {
        Self(u128::from_be_bytes(Md5::digest(partition_key).into()))
    }
}

/// Decimal, as AWS writes it.
impl fmt::Display for HashKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A range of hash keys, both ends inclusive. Invariant: `start <= end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashKeyRange {
    start: HashKey,
    end: HashKey,
}

impl HashKeyRange {
    /// All hash keys.
    pub const FULL: Self = Self { start: HashKey(0), end: HashKey::MAX };

    /// `start..=end`, or `None` where the end lies before the start.
    #[must_use]
    pub fn new(start: HashKey, end: HashKey) -> Option<Self> {
        (start <= end).then_some(Self { start, end })
    }

    /// First hash key, inclusive.
    #[must_use]
    pub fn start(self) -> HashKey {
        self.start
    }

    /// Last hash key, inclusive.
    #[must_use]
    pub fn end(self) -> HashKey {
        self.end
    }

    /// Whether `key` lies in the range.
    #[must_use]
    pub fn contains(self, key: HashKey) -> bool {
        self.start <= key && key <= self.end
    }

    /// The ranges of a new stream with `count` shards: shard i is `i·w ..= (i+1)·w - 1` with
    /// `w = floor(2^128 / count)`, and the last one ends at 2^128 - 1.
    ///
    /// AWS: observed for 2, 3 and 5 shards; for counts such as 6 or 7 no real listing is known.
    #[must_use]
    pub fn uniform(count: u32) -> Vec<Self> {
        assert!(count > 0, "a stream has at least one shard");
        let count = u128::from(count);
        if count == 1 {
            return vec![Self::FULL];
        }
        let width = u128::MAX / count + u128::from(u128::MAX % count == count - 1);
        let range = |i| {
            let end = if i + 1 == count { u128::MAX } else { (i + 1) * width - 1 };
            Self { start: HashKey(i * width), end: HashKey(end) }
        };
        (0..count).map(range).collect()
    }
}
