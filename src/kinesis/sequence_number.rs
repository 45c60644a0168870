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

    /// The number, in 64 bits each, lowest first.
    fn limbs(self) -> [u64; 3] {
        let Self { epoch, index, time, shard } = self;
        let shard = u64::from(shard);
        let low = time << 36 | shard << 4 | VERSION;
        let middle = index << 16 | time >> 28;
        let high = TOP << 56 | epoch << 20 | (shard % 16) << 16 | index >> 48;
        [low, middle, high]
    }

    /// Reads decimal text; `None` unless it is a well-formed number of version 2.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() || text.len() > 60 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let limbs = BigUint::parse_bytes(text.as_bytes(), 10)?.to_u64_digits();
        let [low, middle, high] = limbs[..] else { return None };
        let number = Self {
            epoch: high >> 20 & ((1 << 36) - 1),
            index: high << 48 | middle >> 16,
            time: (middle << 28 | low >> 36) & ((1 << 36) - 1),
            shard: (low >> 4) as u32,
        };
        (number.index <= Self::INDEX_END && number.limbs() == [low, middle, high]).then_some(number)
    }
}

/// The highest two bits.
const TOP: u64 = 2;
/// The lowest four bits.
const VERSION: u64 = 2;

/// Decimal text of 56 digits, as AWS writes it.
impl fmt::Display for SequenceNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let halves = self.limbs().map(|limb| [limb as u32, (limb >> 32) as u32]);
        f.write_str(&BigUint::from_slice(halves.as_flattened()).to_str_radix(10))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bit_has_its_place() {
        const TIME_MAX: u64 = (1 << 36) - 1;
        for shift in 0..64 {
            let bit = 1u64 << shift;
            let number = SequenceNumber {
                epoch: bit & TIME_MAX,
                index: bit & SequenceNumber::INDEX_END,
                time: bit.reverse_bits() >> 28 & TIME_MAX,
                shard: (bit >> 16) as u32,
            };
            let SequenceNumber { epoch, index, time, shard } = number;
            let hex = format!("2{epoch:09x}{:x}{index:016x}00{time:09x}{shard:08x}2", shard % 16);
            let decimal = BigUint::parse_bytes(hex.as_bytes(), 16).expect("hex digits").to_string();
            assert_eq!(number.to_string(), decimal, "{hex}");
            assert_eq!(SequenceNumber::parse(&decimal), Some(number), "{hex}");
        }
    }

    #[test]
    fn other_numbers_are_none() {
        let number = SequenceNumber { epoch: 1, index: 2, time: 3, shard: 17 };
        let [low, middle, high] = number.limbs();
        let text = |limbs: [u64; 3]| {
            let halves = limbs.map(|limb| [limb as u32, (limb >> 32) as u32]);
            BigUint::from_slice(halves.as_flattened()).to_string()
        };
        assert_eq!(SequenceNumber::parse(&text([low, middle, high])), Some(number));
        for limbs in [
            // Another version, another shard in its four bits, a bit between index and time, a negative index, none
            // of the two highest bits, one too many.
            [low ^ 1, middle, high],
            [low, middle, high ^ 1 << 16],
            [low, middle ^ 1 << 8, high],
            [low, middle, high | 1 << 15],
            [low, middle, high & !(3 << 56)],
            [low, middle, high | 1 << 58],
            [low, middle, 0],
        ] {
            assert_eq!(SequenceNumber::parse(&text(limbs)), None, "{limbs:x?}");
        }
        for text in ["", "-1", "1a", &"9".repeat(60), &"9".repeat(61)] {
            assert_eq!(SequenceNumber::parse(text), None, "{text}");
        }
    }
}
