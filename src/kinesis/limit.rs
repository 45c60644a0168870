//! Limits of calls and reads: leaky buckets that hold one second's worth, as the write limit of a shard does.
//!
//! Assumption: how the second is measured. A call that is refused takes nothing.

use crate::quota;
use crate::units::SimTime;

const SECOND: u64 = 1000;

/// Calls a second.
#[derive(Clone, Copy, Debug, Default)]
pub struct CallRate {
    /// When the calls so far would have been through at the limit's rate, in milliseconds.
    until: u64,
}

impl CallRate {
    /// Takes one of `per_second` calls, which must divide 1000; false if there is none left.
    pub fn admit(&mut self, now: SimTime, per_second: u64) -> bool {
        let until = self.until.max(now.0) + SECOND / per_second;
        let admitted = until <= now.0 + SECOND;
        if admitted {
            self.until = until;
        }
        admitted
    }
}

/// What all who poll a shard may read together.
#[derive(Clone, Copy, Debug, Default)]
pub struct ReadLimit {
    calls: CallRate,
    iterators: CallRate,
    /// When the bytes read so far would have been through at the limit's rate, in units of 1 ms / 2^20.
    bytes_until: u64,
    /// Whether a second's worth or more was read at once, so that all of it has to be through first.
    used_up: bool,
}

impl ReadLimit {
    /// Takes a GetShardIterator call; false if there is none left.
    pub fn admit_iterator(&mut self, now: SimTime) -> bool {
        self.iterators.admit(now, quota::GET_SHARD_ITERATOR_CALLS_PER_SECOND)
    }

    /// Takes a GetRecords call; false if there is none left, or no bytes.
    ///
    /// AWS: after an answer of 10 MiB calls are refused for 5 seconds, where throughput is insufficient for the
    /// next second (botocore GetRecords). Assumption: what has been read at 2 MiB a second is due in between.
    pub fn admit_read(&mut self, now: SimTime) -> bool {
        if self.used_up && now.0 << 20 < self.bytes_until {
            return false;
        }
        self.used_up = false;
        self.calls.admit(now, quota::GET_RECORDS_CALLS_PER_SECOND)
    }

    /// Accounts for the bytes of an answer.
    pub fn read(&mut self, now: SimTime, bytes: u64) {
        const BYTE_UNITS: u64 = SECOND * (1 << 20) / quota::SHARD_READ_BYTES_PER_SECOND;
        self.bytes_until = self.bytes_until.max(now.0 << 20) + bytes * BYTE_UNITS;
        self.used_up = self.bytes_until >= (now.0 + SECOND) << 20;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_calls_a_second() {
        let mut rate = CallRate::default();
        let admitted = (0..7).filter(|_| rate.admit(SimTime(50), 5)).count();
        assert_eq!(admitted, 5);
        assert!(!rate.admit(SimTime(249), 5));
        assert!(rate.admit(SimTime(250), 5));
        assert!(!rate.admit(SimTime(250), 5));
        assert_eq!((0..9).filter(|_| rate.admit(SimTime(5000), 5)).count(), 5);
    }

    #[test]
    fn ten_mebibytes_close_a_shard_for_five_seconds() {
        let mut limit = ReadLimit::default();
        assert!(limit.admit_read(SimTime(0)));
        limit.read(SimTime(0), 10 << 20);
        assert!(!limit.admit_read(SimTime(4999)));
        assert!(limit.admit_read(SimTime(5000)));
    }

    #[test]
    fn two_mebibytes_a_second() {
        let mut limit = ReadLimit::default();
        assert!(limit.admit_read(SimTime(0)));
        limit.read(SimTime(0), (2 << 20) - 1);
        assert!(limit.admit_read(SimTime(0)));
        limit.read(SimTime(0), 1);
        assert!(!limit.admit_read(SimTime(999)));
        assert!(limit.admit_read(SimTime(1000)));
    }
}
