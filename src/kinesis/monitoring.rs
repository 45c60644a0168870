//! What a stream tells CloudWatch: what its data calls came to, and of which metrics it tells by shard.
//!
//! AWS: Kinesis Data Streams developer guide, "Monitoring with CloudWatch"; API model, EnableEnhancedMonitoring.

use crate::units::SimDuration;

/// The names of shard-level metrics, in the order of AWS's API model; the last one stands for all of them.
pub const NAMES: [&str; 8] = [
    "IncomingBytes",
    "IncomingRecords",
    "OutgoingBytes",
    "OutgoingRecords",
    "WriteProvisionedThroughputExceeded",
    "ReadProvisionedThroughputExceeded",
    "IteratorAgeMilliseconds",
    "ALL",
];

/// A set of shard-level metrics, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ShardLevelMetrics(u8);

impl ShardLevelMetrics {
    /// The set that a request names; `ALL` is all of them.
    #[must_use]
    pub fn of<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        const ALL: u8 = (1 << (NAMES.len() - 1)) - 1;
        let bits = |name: &str| match NAMES.iter().position(|&other| other == name) {
            Some(place) if place < NAMES.len() - 1 => 1 << place,
            _ => ALL,
        };
        Self(names.map(bits).fold(0, |set, one| set | one))
    }

    /// Both sets together.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// This set without the other.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether this metric is in it.
    #[must_use]
    pub fn has(self, name: &str) -> bool {
        self.names().any(|other| other == name)
    }

    /// Its names, in AWS's order.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        (0u32..).zip(NAMES).filter(move |(place, _)| self.0 >> place & 1 == 1).map(|(_, name)| name)
    }
}

/// What a put call, or one shard's part of it, came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Puts {
    /// Records stored.
    pub stored: u32,
    /// Records throttled.
    pub throttled: u32,
    /// Bytes stored, data and partition keys together.
    pub bytes: u32,
}

impl Puts {
    /// Counts one more record of so many bytes.
    pub fn count(&mut self, bytes: u32, throttled: bool) {
        if throttled {
            self.throttled += 1;
        } else {
            self.stored += 1;
            self.bytes += bytes;
        }
    }

    /// Both together.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self {
            stored: self.stored + other.stored,
            throttled: self.throttled + other.throttled,
            bytes: self.bytes + other.bytes,
        }
    }
}

/// What a GetRecords came to that was not throttled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gets {
    /// Records returned.
    pub records: u32,
    /// Their bytes, data and partition keys together.
    pub bytes: u32,
    /// Age of the last of them; zero where there is none.
    pub age: SimDuration,
}

/// What a call that puts or gets records came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataCall {
    /// Index of the stream.
    pub stream: u32,
    /// Which call, and what came of it.
    pub kind: DataCallKind,
}

/// Which call, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DataCallKind {
    /// PutRecord, of a record of one shard.
    PutRecord(u32, Puts),
    /// PutRecords: all of it, and its parts by shard, each shard once. Without parts where the stream has no
    /// shard-level metrics.
    PutRecords(Puts, Vec<(u32, Puts)>),
    /// GetRecords of a shard; `None` where it was throttled.
    GetRecords(u32, Option<Gets>),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_of_metrics_have_aws_s_order() {
        let some = ShardLevelMetrics::of(["OutgoingBytes", "IncomingBytes"].into_iter());
        assert_eq!(some.names().collect::<Vec<_>>(), ["IncomingBytes", "OutgoingBytes"]);
        let all = ShardLevelMetrics::of(["ALL"].into_iter());
        assert_eq!(all.names().count(), 7);
        assert_eq!(all.without(some).names().count(), 5);
        assert!(some.has("OutgoingBytes") && !some.has("IncomingRecords") && !all.without(all).has("ALL"));
        assert_eq!(some.with(all), all);
        assert!(ShardLevelMetrics::default().is_empty() && !some.is_empty());
    }
}
