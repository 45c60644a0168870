//! Prices: what a run's cost is counted with.

use crate::units::Ratio;

/// List prices in US dollars, each at most 1000 with six decimals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prices {
    /// The day on which they were read, as `2026-11-21`.
    pub date: String,
    /// Where.
    pub source: String,
    /// A million invocations.
    pub lambda_million_requests: Ratio,
    /// A million gigabyte-seconds of invocations.
    pub lambda_million_gigabyte_seconds: Ratio,
    /// An open shard for an hour.
    pub kinesis_shard_hour: Ratio,
    /// A million PUT payload units.
    pub kinesis_million_payload_units: Ratio,
}
