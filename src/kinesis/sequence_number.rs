//! Sequence numbers (version 2): a 186-bit number that tells shard, time and order.
//!
//! | hex digits | bits | meaning |
//! |---|---|---|
//! | 1 | 185..184 | constant 2 |
//! | 9 | 183..148 | epoch: the shard's creation second |
//! | 1 | 147..144 | shard index mod 16 |
//! | 16 | 143..80 | index, top bit 0 |
//! | 2 | 79..72 | always 00 |
//! | 9 | 71..36 | time: the record's second |
//! | 8 | 35..4 | shard index |
//! | 1 | 3..0 | version 2 |
//!
//! AWS: not documented; the layout re-encodes every published number bit for bit (`tests/fixtures/sequence.json`).
//! Assumption: the epoch stays the shard's creation second (real long-lived shards move it at times), and the
//! index counts the stream's records, as a back end shared by its shards would.

use std::fmt;

use num_bigint::BigUint;

/// A sequence number of version 2. Orders like the number itself within one shard, and puts a child's records
/// after its parents'.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SequenceNumber {
    /// Seconds since 1970, below 2^36.
    pub epoch: u64,
    /// Counts records; 0 at a shard's start, 2^63 - 1 at its end.
    pub index: u64,
    /// Seconds since 1970, below 2^36.
    pub time: u64,
    /// Index of the shard.
    pub shard: u32,
}

impl SequenceNumber {
    /// The index in a closed shard's ending sequence number.
    pub const INDEX_END: u64 = (1 << 63) - 1;

    /// The number's hex digits, highest first, without the constant leading 2: the low 184 bits.
    fn hex(self) -> String {
        format!(
            "2{:09x}{:x}{:016x}00{:09x}{:08x}2",
            self.epoch,
            self.shard % 16,
            self.index,
            self.time,
            self.shard
        )
    }

    /// Reads decimal text; `None` unless it is a well-formed number of version 2.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() || text.len() > 60 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let hex = BigUint::parse_bytes(text.as_bytes(), 10)?.to_str_radix(16);
        if hex.len() != 47 {
            return None;
        }
        let field = |from: usize, to: usize| u64::from_str_radix(&hex[from..to], 16).ok();
        let number = Self {
            epoch: field(1, 10)?,
            index: field(11, 27)?,
            time: field(29, 38)?,
            shard: u32::try_from(field(38, 46)?).ok()?,
        };
        (number.index <= Self::INDEX_END && number.hex() == hex).then_some(number)
    }
}

/// Decimal text of 56 digits, as AWS writes it.
impl fmt::Display for SequenceNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = BigUint::parse_bytes(self.hex().as_bytes(), 16).expect("hex digits make a number");
        f.write_str(&number.to_str_radix(10))
    }
}
