//! What a run would cost, and how much of its work was work done again.
//!
//! Counted are functions, and the scenario's own stream with its consumers. Not counted: retention beyond a day,
//! CloudWatch, destinations, transfer.
//!
//! AWS: Kinesis Data Streams pricing page: a provisioned stream pays for shard hours and PUT payload units, its
//! consumers with enhanced fan-out for each shard's hours and for each GB; an on-demand stream pays for its hours, for
//! each GB in, with records rounded up to 1 KB (1,024 bytes), and for each GB out, which costs more by enhanced fan-out
//! and has no hours of consumers. Assumptions: a GB is 2^30 bytes; what a stream is charged by changes when its mode
//! has changed; a consumer is charged from its registration to its deregistration.

use std::ops::Range;

use serde::Serialize;

use super::Simulation;
use super::invocation::Invocation;
use crate::kinesis::pending::Effect;
use crate::kinesis::shard::Shard;
use crate::kinesis::stream::{StreamMode, StreamStatus};
use crate::scenario::Prices;
use crate::units::{Ratio, SimDuration, SimTime};

/// Bytes of one PUT payload unit. AWS: Kinesis pricing page, 25 KB.
const PUT_UNIT_BYTES: u32 = 25 * 1024;
const KILOBYTE: u32 = 1024;
const GIGABYTE: u128 = 1 << 30;
/// Megabyte-milliseconds of a gigabyte-second.
const MEGABYTE_MS: u128 = 1024 * 1000;
const HOUR_MS: u128 = 3_600_000;
const MILLION: u128 = 1_000_000;
/// Amounts of money are whole numbers of 10^-13 dollars until they are written.
const PER_DOLLAR: u128 = 10_000_000 * MILLION;

/// What is paid for by the piece, as it is done.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Work {
    put_payload_units: u64,
    /// Of an on-demand stream: records in, each in whole KB; out by GetRecords; out by enhanced fan-out.
    kilobytes_in: u64,
    bytes_out: u64,
    fan_out_bytes: u64,
    /// Of a provisioned stream: out by enhanced fan-out.
    provisioned_fan_out_bytes: u64,
    megabyte_ms: u64,
    wasted_megabyte_ms: u64,
}

impl Work {
    /// A record of `size` bytes was put.
    #[inline]
    pub(super) fn record_put(&mut self, mode: StreamMode, size: u32) {
        match mode {
            StreamMode::Provisioned => {
                self.put_payload_units += u64::from(size.div_ceil(PUT_UNIT_BYTES).max(1));
            }
            StreamMode::OnDemand => self.kilobytes_in += u64::from(size.div_ceil(KILOBYTE).max(1)),
        }
    }

    /// GetRecords gave `bytes`; a provisioned stream's shard hours pay for them.
    pub(super) fn retrieved(&mut self, mode: StreamMode, bytes: u64) {
        match mode {
            StreamMode::Provisioned => {}
            StreamMode::OnDemand => self.bytes_out += bytes,
        }
    }

    /// Enhanced fan-out gave `bytes`.
    pub(super) fn pushed(&mut self, mode: StreamMode, bytes: u64) {
        match mode {
            StreamMode::Provisioned => self.provisioned_fan_out_bytes += bytes,
            StreamMode::OnDemand => self.fan_out_bytes += bytes,
        }
    }

    /// An invocation was billed; `again` of its `count` records had been handed over before.
    pub(super) fn bill(&mut self, memory_mb: u32, duration: SimDuration, (again, count): (u32, u32)) {
        let megabyte_ms = u64::from(memory_mb) * duration.0;
        self.megabyte_ms += megabyte_ms;
        if again > 0 {
            self.wasted_megabyte_ms += megabyte_ms * u64::from(again) / u64::from(count);
        }
    }
}

/// What a run has used of what is paid for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Invocations, throttled ones left out.
    pub requests: u64,
    /// Memory × duration of invocations that have ended.
    pub megabyte_ms: u64,
    /// The part of it that fell to records handed over before.
    pub wasted_megabyte_ms: u64,
    /// Open shards × time, while the stream was provisioned, as the next three.
    pub shard_ms: u64,
    /// Records put, each in units of 25 KB.
    pub put_payload_units: u64,
    /// Consumers with enhanced fan-out × open shards × time.
    pub consumer_shard_ms: u64,
    /// What they were given.
    pub consumer_bytes: u64,
    /// Time for which the stream was on-demand, as the next three.
    pub on_demand_ms: u64,
    /// Records put, each in whole KB.
    pub on_demand_kilobytes_in: u64,
    /// What GetRecords gave.
    pub on_demand_bytes_out: u64,
    /// What enhanced fan-out gave.
    pub on_demand_consumer_bytes: u64,
}

/// What that costs, and what is paid for, as texts with six decimals where they are no whole numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Cost {
    /// US dollars for requests and duration.
    pub lambda: String,
    /// US dollars for the stream and its consumers.
    pub kinesis: String,
    /// US dollars of `lambda` that paid for work done again.
    pub wasted: String,
    /// Invocations, throttled ones left out.
    pub requests: u64,
    /// Memory × duration.
    pub gigabyte_seconds: String,
    /// The part of it that was work done again.
    pub wasted_gigabyte_seconds: String,
    /// Open shards × time.
    pub shard_hours: String,
    /// Records put, each in units of 25 KB.
    pub put_payload_units: u64,
    /// Of consumers with enhanced fan-out, where there is something to pay for: a provisioned stream's.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub fan_out: Option<FanOut>,
    /// Of an on-demand stream, where the stream was one.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub on_demand: Option<OnDemand>,
}

/// What a provisioned stream's consumers with enhanced fan-out have used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FanOut {
    /// Consumers × open shards × time.
    pub consumer_shard_hours: String,
    /// What they were given.
    pub consumer_gigabytes: String,
}

/// What an on-demand stream has used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OnDemand {
    /// Time.
    pub on_demand_hours: String,
    /// Records put, each in whole KB.
    pub on_demand_gigabytes_in: String,
    /// What GetRecords gave.
    pub on_demand_gigabytes_out: String,
    /// What enhanced fan-out gave.
    pub on_demand_consumer_gigabytes: String,
}

impl Usage {
    /// What it costs at these prices.
    #[must_use]
    pub fn cost(&self, prices: &Prices) -> Cost {
        let duration = |megabyte_ms: u64| {
            price(megabyte_ms, prices.lambda_million_gigabyte_seconds, MEGABYTE_MS * MILLION)
        };
        let requests = price(self.requests, prices.lambda_million_requests, MILLION);
        let shards = price(self.shard_ms, prices.kinesis_shard_hour, HOUR_MS);
        let units = price(self.put_payload_units, prices.kinesis_million_payload_units, MILLION);
        let consumers = price(self.consumer_shard_ms, prices.kinesis_consumer_shard_hour, HOUR_MS)
            + price(self.consumer_bytes, prices.kinesis_consumer_gigabyte, GIGABYTE);
        let on_demand = price(self.on_demand_ms, prices.kinesis_on_demand_stream_hour, HOUR_MS)
            + price(self.on_demand_kilobytes_in, prices.kinesis_on_demand_gigabyte_in, GIGABYTE >> 10)
            + price(self.on_demand_bytes_out, prices.kinesis_on_demand_gigabyte_out, GIGABYTE)
            + price(self.on_demand_consumer_bytes, prices.kinesis_on_demand_consumer_gigabyte, GIGABYTE);
        Cost {
            lambda: six_decimals(requests + duration(self.megabyte_ms)),
            kinesis: six_decimals(shards + units + consumers + on_demand),
            wasted: six_decimals(duration(self.wasted_megabyte_ms)),
            requests: self.requests,
            gigabyte_seconds: part(self.megabyte_ms, MEGABYTE_MS),
            wasted_gigabyte_seconds: part(self.wasted_megabyte_ms, MEGABYTE_MS),
            shard_hours: part(self.shard_ms, HOUR_MS),
            put_payload_units: self.put_payload_units,
            fan_out: (self.consumer_shard_ms > 0).then(|| FanOut {
                consumer_shard_hours: part(self.consumer_shard_ms, HOUR_MS),
                consumer_gigabytes: part(self.consumer_bytes, GIGABYTE),
            }),
            on_demand: (self.on_demand_ms > 0).then(|| OnDemand {
                on_demand_hours: part(self.on_demand_ms, HOUR_MS),
                on_demand_gigabytes_in: part(self.on_demand_kilobytes_in, GIGABYTE >> 10),
                on_demand_gigabytes_out: part(self.on_demand_bytes_out, GIGABYTE),
                on_demand_consumer_gigabytes: part(self.on_demand_consumer_bytes, GIGABYTE),
            }),
        }
    }
}

/// A quantity as text.
fn part(amount: u64, of: u128) -> String {
    six_decimals(u128::from(amount) * PER_DOLLAR / of)
}

/// `amount` things of which `per` cost `price`, in units of 10^-13 dollars, rounded down.
fn price(amount: u64, price: Ratio, per: u128) -> u128 {
    // In two steps, so that nothing exceeds 128 bits: prices are at most 1000 with six decimals.
    let whole = u128::from(amount) * u128::from(price.numerator());
    let divisor = u128::from(price.denominator()) * per;
    whole / divisor * PER_DOLLAR + whole % divisor * PER_DOLLAR / divisor
}

/// Six decimals of an amount in units of 10^-13, rounded half up.
fn six_decimals(amount: u128) -> String {
    let micros = (amount + 5_000_000) / 10_000_000;
    format!("{}.{:06}", micros / MILLION, micros % MILLION)
}

impl Simulation {
    /// What the run has used so far of what is paid for.
    #[must_use]
    pub fn usage(&self) -> Usage {
        let work = self.totals.work;
        let mut usage = Usage {
            requests: self.totals.invocations,
            megabyte_ms: work.megabyte_ms,
            wasted_megabyte_ms: work.wasted_megabyte_ms,
            put_payload_units: work.put_payload_units,
            consumer_bytes: work.provisioned_fan_out_bytes,
            on_demand_kilobytes_in: work.kilobytes_in,
            on_demand_bytes_out: work.bytes_out,
            on_demand_consumer_bytes: work.fan_out_bytes,
            ..Usage::default()
        };
        let consumers = self.kinesis.consumers.iter().filter(|consumer| consumer.stream == 0);
        let registered: Vec<(SimTime, SimTime)> = consumers
            .map(|consumer| (consumer.registered, consumer.deregistered.unwrap_or(self.now())))
            .collect();
        for (mode, span) in self.mode_spans() {
            match mode {
                StreamMode::OnDemand => usage.on_demand_ms += (span.1 - span.0).0,
                StreamMode::Provisioned => {
                    usage.shard_ms += self.shard_ms(span);
                    let shared = registered.iter().filter_map(|&registered| overlap(registered, span));
                    usage.consumer_shard_ms += shared.map(|span| self.shard_ms(span)).sum::<u64>();
                }
            }
        }
        usage
    }

    /// Open shards × time within a span. A shard costs from its opening to its end.
    fn shard_ms(&self, span: (SimTime, SimTime)) -> u64 {
        let open = |shard: &Shard| (shard.opened, shard.closed.map_or(self.now(), |closed| closed.at));
        let shards = self.stream().shards.iter().filter_map(|shard| overlap(open(shard), span));
        shards.map(|(from, to)| (to - from).0).sum()
    }

    /// The scenario's stream changes: what it is charged by.
    pub(super) fn charge_by_mode(&mut self, effect: Effect) {
        let Effect::StreamStatus { stream: 0, to, .. } = effect else { return };
        let mode = match to {
            StreamStatus::Absent | StreamStatus::Creating => None,
            StreamStatus::Active | StreamStatus::Updating | StreamStatus::Deleting => {
                Some(self.stream().mode)
            }
        };
        if self.modes.last().is_none_or(|&(_, last)| last != mode) {
            self.modes.push((self.now, mode));
        }
    }

    /// The spans in which the scenario's stream was there, each with its mode; ends exclusive, up to now.
    fn mode_spans(&self) -> Vec<(StreamMode, (SimTime, SimTime))> {
        let first = self.scenario.stream.as_ref().map(|stream| stream.mode);
        let starts = std::iter::once((SimTime::ZERO, first)).chain(self.modes.iter().copied());
        let ends = self.modes.iter().map(|&(at, _)| at).chain([self.now()]);
        starts.zip(ends).filter_map(|((from, mode), to)| Some((mode?, (from, to)))).collect()
    }

    /// Records of a document are read again from the stream.
    pub(super) fn retrieve_again(&mut self, mapping: u16, places: Range<u32>) {
        let mode = self.stream().mode;
        // A provisioned stream's shard hours pay for it: then there is nothing to add up.
        if mode == StreamMode::OnDemand {
            let size =
                |place| u64::from(self.stream().records.get(self.mapping(mapping).batched(place)).size());
            let bytes = places.map(size).sum();
            self.totals.work.retrieved(mode, bytes);
        }
    }

    /// What the run has cost so far, at the scenario's prices.
    #[must_use]
    pub fn cost(&self) -> Cost {
        self.usage().cost(&self.scenario.prices)
    }

    /// How many records of an invocation that ends were handed over before: in an earlier attempt, in the batch that
    /// was halved or cut, or before the mapping read again from its checkpoint.
    pub(super) fn handed_over_again(&mut self, invocation: &Invocation) -> u32 {
        let part = self.lane(invocation.lane).parts.top().expect("a batch in hand");
        if part.is_again() {
            return invocation.count;
        }
        let mapping = &mut self.mappings[usize::from(invocation.lane.mapping)];
        mapping.handed_over_before(invocation.first..invocation.first + invocation.count)
    }
}

/// What two spans have in common; `None` where that is nothing.
fn overlap(one: (SimTime, SimTime), other: (SimTime, SimTime)) -> Option<(SimTime, SimTime)> {
    let (from, to) = (one.0.max(other.0), one.1.min(other.1));
    (from < to).then_some((from, to))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    fn prices() -> Prices {
        Scenario::from_json(r#"{"version": 1, "id": "prices", "stream": {}}"#).unwrap().prices
    }

    #[test]
    fn amounts_have_six_decimals() {
        for (amount, text) in [
            (0, "0.000000"),
            (4_999_999, "0.000000"),
            (5_000_000, "0.000001"),
            (12_345_678_995_000_000, "1234.567900"),
        ] {
            assert_eq!(six_decimals(amount), text);
        }
    }

    #[test]
    fn each_thing_has_its_price() {
        #[track_caller]
        fn check(usage: Usage, expect: [&str; 3]) {
            let Cost { lambda, kinesis, wasted, .. } = usage.cost(&prices());
            assert_eq!([lambda, kinesis, wasted], expect);
        }
        let usage = Usage::default;
        check(usage(), ["0.000000", "0.000000", "0.000000"]);
        check(Usage { requests: 1_000_000, ..usage() }, ["0.200000", "0.000000", "0.000000"]);
        // Article C's error run: 36 s at 128 MB.
        let retry = 36_000 * 128;
        check(Usage { megabyte_ms: retry, ..usage() }, ["0.000075", "0.000000", "0.000000"]);
        check(
            Usage { megabyte_ms: retry, wasted_megabyte_ms: retry, ..usage() },
            ["0.000075", "0.000000", "0.000075"],
        );
        check(Usage { shard_ms: 3_600_000 * 24, ..usage() }, ["0.000000", "0.360000", "0.000000"]);
        let kinesis = |usage: Usage, expect| check(usage, ["0.000000", expect, "0.000000"]);
        kinesis(Usage { put_payload_units: 1_000_000, ..usage() }, "0.014000");
        kinesis(Usage { consumer_shard_ms: 3_600_000, ..usage() }, "0.015000");
        kinesis(Usage { consumer_bytes: 1 << 30, ..usage() }, "0.013000");
        kinesis(Usage { on_demand_ms: 3_600_000, ..usage() }, "0.040000");
        kinesis(Usage { on_demand_kilobytes_in: 1 << 20, ..usage() }, "0.080000");
        kinesis(Usage { on_demand_bytes_out: 1 << 30, ..usage() }, "0.040000");
        kinesis(Usage { on_demand_consumer_bytes: 1 << 30, ..usage() }, "0.050000");
    }

    #[test]
    fn quantities_are_what_they_are_called() {
        let used = Usage {
            requests: 7,
            megabyte_ms: 1_024_000,
            wasted_megabyte_ms: 512_000,
            shard_ms: 1_800_000,
            put_payload_units: 3,
            ..Usage::default()
        };
        let cost = used.cost(&prices());
        assert_eq!((cost.requests, cost.put_payload_units), (7, 3));
        assert_eq!((&cost.fan_out, &cost.on_demand), (&None, &None));
        assert_eq!(
            [cost.gigabyte_seconds, cost.wasted_gigabyte_seconds, cost.shard_hours],
            ["1.000000", "0.500000", "0.500000"]
        );
        let used = Usage {
            consumer_shard_ms: 900_000,
            consumer_bytes: 1 << 29,
            on_demand_ms: 7_200_000,
            on_demand_kilobytes_in: 3 << 20,
            on_demand_bytes_out: 1 << 28,
            on_demand_consumer_bytes: 1 << 31,
            ..Usage::default()
        };
        let json = serde_json::to_value(used.cost(&prices())).unwrap();
        for (name, expect) in [
            ("consumerShardHours", "0.250000"),
            ("consumerGigabytes", "0.500000"),
            ("onDemandHours", "2.000000"),
            ("onDemandGigabytesIn", "3.000000"),
            ("onDemandGigabytesOut", "0.250000"),
            ("onDemandConsumerGigabytes", "2.000000"),
        ] {
            assert_eq!(json[name], expect, "{name}");
        }
    }

    #[test]
    fn the_largest_amounts_stay_exact() {
        let most = Ratio::new(1_000_000_000, 1_000_000).unwrap();
        assert_eq!(price(u64::MAX, most, MILLION), u128::from(u64::MAX) * 1000 * 10_000_000);
        assert_eq!(price(1, Ratio::whole(1), 3), 3_333_333_333_333);
        assert_eq!(price(2, Ratio::new(2, 10).unwrap(), 1), 4_000_000_000_000);
    }

    #[test]
    fn a_payload_unit_is_25_kb_and_on_demand_streams_count_in_kb() {
        for (size, units, kilobytes) in
            [(1, 1, 1), (1024, 1, 1), (1025, 1, 2), (25_600, 1, 25), (25_601, 2, 26), (1_048_576, 41, 1024)]
        {
            let mut work = Work::default();
            work.record_put(StreamMode::Provisioned, size);
            assert_eq!((work.put_payload_units, work.kilobytes_in), (units, 0), "{size}");
            work.record_put(StreamMode::OnDemand, size);
            assert_eq!((work.put_payload_units, work.kilobytes_in), (units, kilobytes), "{size}");
        }
    }

    #[test]
    fn work_is_wasted_by_the_share_of_its_records() {
        let mut work = Work::default();
        for share in [(0, 10), (7, 10), (10, 10), (0, 0)] {
            work.bill(128, SimDuration(100), share);
        }
        assert_eq!((work.megabyte_ms, work.wasted_megabyte_ms), (51_200, 8960 + 12_800));
    }
}
