//! The only randomness: PCG32, one stream per named purpose, all split from the scenario's seed.
//!
//! A new purpose never moves the draws of another. The generator is a named algorithm, since `SmallRng` and
//! `StdRng` differ between 32-bit and 64-bit targets.

use rand_pcg::Pcg32;
use rand_pcg::rand_core::Rng as _;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::units::Ratio;

/// A stream of random numbers.
#[derive(Clone, Debug)]
pub struct Rng(Pcg32);

impl Rng {
    /// The stream for `purpose`, number `index`, of this seed.
    #[must_use]
    pub fn stream(seed: u64, purpose: &str, index: u64) -> Self {
        let state = xxh3_64_with_seed(purpose.as_bytes(), seed);
        let sequence = xxh3_64_with_seed(&index.to_le_bytes(), state);
        Self(Pcg32::new(state, sequence))
    }

    /// Any 32-bit number.
    pub fn next_u32(&mut self) -> u32 {
        self.0.next_u32()
    }

    /// Any 64-bit number.
    pub fn next_u64(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number in `0..bound`, every one equally likely (Lemire's method); `bound` is above 0.
    pub fn below(&mut self, bound: u32) -> u32 {
        assert!(bound > 0, "nothing to draw from");
        let mut product = u64::from(self.next_u32()) * u64::from(bound);
        if (product as u32) < bound {
            let threshold = bound.wrapping_neg() % bound;
            while (product as u32) < threshold {
                product = u64::from(self.next_u32()) * u64::from(bound);
            }
        }
        (product >> 32) as u32
    }

    /// A number in `min..=max`; the range holds at most 2^32 - 1 numbers.
    pub fn within(&mut self, min: u64, max: u64) -> u64 {
        let count = u32::try_from(max - min + 1).expect("a range of at most 2^32 - 1 numbers");
        min + u64::from(self.below(count))
    }

    /// True with this chance; a ratio of one or more is always true.
    pub fn chance(&mut self, chance: Ratio) -> bool {
        chance.holds(self.next_u64())
    }

    /// An exponentially distributed number with this mean, rounded down.
    pub fn exponential(&mut self, mean: u64) -> u64 {
        let unit = (f64::from(self.next_u32()) + 1.0) / 4_294_967_296.0;
        (-libm::log(unit) * mean as f64) as u64
    }

    /// 32 lower-case hex digits.
    pub fn hex(&mut self) -> String {
        format!("{:016x}{:016x}", self.next_u64(), self.next_u64())
    }

    /// A version 4 UUID, lower case.
    pub fn uuid(&mut self) -> String {
        let (high, low) = (self.next_u64(), self.next_u64());
        let low = (low & !(0b11 << 62)) | (0b10 << 62);
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xfff,
            low >> 48,
            low & 0xffff_ffff_ffff
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_fixed_for_ever() {
        // A change here changes every digest with randomness in it.
        let mut rng = Rng::stream(42, "producer", 0);
        let draws: Vec<u32> = (0..4).map(|_| rng.below(1000)).collect();
        assert_eq!(draws, STREAM_42_PRODUCER_0);
        assert_ne!(Rng::stream(42, "producer", 1).next_u64(), Rng::stream(42, "producer", 0).next_u64());
        assert_ne!(Rng::stream(43, "producer", 0).next_u64(), Rng::stream(42, "producer", 0).next_u64());
    }

    const STREAM_42_PRODUCER_0: [u32; 4] = [353, 795, 423, 478];

    #[test]
    fn draws_stay_in_range_and_fill_it() {
        let mut rng = Rng::stream(1, "test", 0);
        let mut seen = [0u32; 7];
        for _ in 0..7000 {
            seen[rng.below(7) as usize] += 1;
        }
        assert!(seen.iter().all(|&count| (800..1200).contains(&count)), "{seen:?}");
        assert!((0..1000).all(|_| (5..=6).contains(&rng.within(5, 6))));
        assert!((0..100).all(|_| rng.chance(Ratio::whole(1))));
        assert!(!(0..100).any(|_| rng.chance(Ratio::whole(0))));
        let mean = (0..10_000).map(|_| rng.exponential(1000)).sum::<u64>() / 10_000;
        assert!((950..1050).contains(&mean), "{mean}");
    }

    #[test]
    fn uuids_are_version_4() {
        let uuid = Rng::stream(1, "test", 0).uuid();
        assert_eq!(uuid.len(), 36);
        assert_eq!(uuid.as_bytes()[14], b'4');
        assert!(matches!(uuid.as_bytes()[19], b'8' | b'9' | b'a' | b'b'), "{uuid}");
    }
}
