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
        let hex: String =
            from_decimal(text)?.to_bytes_be().iter().map(|byte| format!("{byte:02x}")).collect();
        // 186 bits are 24 bytes of which the first hex digit is zero.
        let hex = hex.strip_prefix('0').filter(|hex| hex.len() == 47)?;
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
        let hex = format!("0{}", self.hex());
        let byte =
            |place| u8::from_str_radix(&hex[place..place + 2], 16).expect("two hex digits make a byte");
        let bytes: Vec<u8> = (0..hex.len()).step_by(2).map(byte).collect();
        f.write_str(&to_decimal(BigUint::from_bytes_be(&bytes)))
    }
}

/// Nine decimal digits at a time: arithmetic with one small number is a fraction of what radix conversion by
/// `num-bigint` itself adds to the page.
const BILLION: u32 = 1_000_000_000;
const BILLION_DIGITS: usize = 9;

fn to_decimal(mut number: BigUint) -> String {
    let mut groups = Vec::new();
    while number != BigUint::ZERO {
        groups.push(u32::try_from(&number % BILLION).expect("a remainder is small"));
        number /= BILLION;
    }
    let text: String = groups.iter().rev().map(|group| format!("{group:0BILLION_DIGITS$}")).collect();
    text.trim_start_matches('0').to_owned()
}

/// Reads decimal digits.
fn from_decimal(text: &str) -> Option<BigUint> {
    let mut number = BigUint::ZERO;
    let (first, rest) = text.as_bytes().split_at(text.len() % BILLION_DIGITS);
    for group in std::iter::once(first).filter(|first| !first.is_empty()).chain(rest.chunks(BILLION_DIGITS)) {
        number *= BILLION;
        number += std::str::from_utf8(group).ok()?.parse::<u32>().ok()?;
    }
    Some(number)
}
