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
    /// A consumer with enhanced fan-out, for each open shard and hour.
    pub kinesis_consumer_shard_hour: Ratio,
    /// A gigabyte that such a consumer is given.
    pub kinesis_consumer_gigabyte: Ratio,
    /// An on-demand stream for an hour.
    pub kinesis_on_demand_stream_hour: Ratio,
    /// A gigabyte put into an on-demand stream.
    pub kinesis_on_demand_gigabyte_in: Ratio,
    /// A gigabyte that GetRecords gives of an on-demand stream.
    pub kinesis_on_demand_gigabyte_out: Ratio,
    /// A gigabyte that a consumer with enhanced fan-out is given of an on-demand stream.
    pub kinesis_on_demand_consumer_gigabyte: Ratio,
}
