//! What a run would cost, and how much of its work was work done again.
//!
//! Not counted: enhanced fan-out, the on-demand capacity mode, retention beyond a day, CloudWatch, destinations.

use serde::Serialize;

use super::Simulation;
use super::invocation::Invocation;
use crate::kinesis::shard::Shard;
use crate::scenario::Prices;
use crate::units::{Ratio, SimDuration};

/// Bytes of one PUT payload unit. AWS: Kinesis pricing page, 25 KB.
const PUT_UNIT_BYTES: u32 = 25 * 1024;
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
    megabyte_ms: u64,
    wasted_megabyte_ms: u64,
}

impl Work {
    /// A record of `size` bytes was put.
    #[inline]
    pub(super) fn record_put(&mut self, size: u32) {
        self.put_payload_units += u64::from(size.div_ceil(PUT_UNIT_BYTES).max(1));
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usage {
    /// Invocations, throttled ones left out.
    pub requests: u64,
    /// Memory × duration of invocations that have ended.
    pub megabyte_ms: u64,
    /// The part of it that fell to records handed over before.
    pub wasted_megabyte_ms: u64,
    /// Open shards × time.
    pub shard_ms: u64,
    /// Records put, each in units of 25 KB.
    pub put_payload_units: u64,
}

/// What that costs, and what is paid for, as texts with six decimals where they are no whole numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Cost {
    /// US dollars for requests and duration.
    pub lambda: String,
    /// US dollars for shard hours and PUT payload units.
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
        let part = |amount: u64, of: u128| six_decimals(u128::from(amount) * PER_DOLLAR / of);
        Cost {
            lambda: six_decimals(requests + duration(self.megabyte_ms)),
            kinesis: six_decimals(shards + units),
            wasted: six_decimals(duration(self.wasted_megabyte_ms)),
            requests: self.requests,
            gigabyte_seconds: part(self.megabyte_ms, MEGABYTE_MS),
            wasted_gigabyte_seconds: part(self.wasted_megabyte_ms, MEGABYTE_MS),
            shard_hours: part(self.shard_ms, HOUR_MS),
            put_payload_units: self.put_payload_units,
        }
    }
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
        let Work { put_payload_units, megabyte_ms, wasted_megabyte_ms } = self.totals.work;
        // A shard costs from its opening to its end.
        let open_ms = |shard: &Shard| shard.closed.map_or(self.now(), |closed| closed.at) - shard.opened;
        Usage {
            requests: self.totals.invocations,
            megabyte_ms,
            wasted_megabyte_ms,
            shard_ms: self.stream().shards.iter().map(|shard| open_ms(shard).0).sum(),
            put_payload_units,
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

    fn usage() -> Usage {
        Usage { requests: 0, megabyte_ms: 0, wasted_megabyte_ms: 0, shard_ms: 0, put_payload_units: 0 }
    }

    #[test]
    fn each_thing_has_its_price() {
        #[track_caller]
        fn check(usage: Usage, expect: [&str; 3]) {
            let Cost { lambda, kinesis, wasted, .. } = usage.cost(&prices());
            assert_eq!([lambda, kinesis, wasted], expect);
        }
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
        check(Usage { put_payload_units: 1_000_000, ..usage() }, ["0.000000", "0.014000", "0.000000"]);
    }

    #[test]
    fn quantities_are_what_they_are_called() {
        let used = Usage {
            requests: 7,
            megabyte_ms: 1_024_000,
            wasted_megabyte_ms: 512_000,
            shard_ms: 1_800_000,
            put_payload_units: 3,
        };
        let cost = used.cost(&prices());
        assert_eq!((cost.requests, cost.put_payload_units), (7, 3));
        assert_eq!(
            [cost.gigabyte_seconds, cost.wasted_gigabyte_seconds, cost.shard_hours],
            ["1.000000", "0.500000", "0.500000"]
        );
    }

    #[test]
    fn the_largest_amounts_stay_exact() {
        let most = Ratio::new(1_000_000_000, 1_000_000).unwrap();
        assert_eq!(price(u64::MAX, most, MILLION), u128::from(u64::MAX) * 1000 * 10_000_000);
        assert_eq!(price(1, Ratio::whole(1), 3), 3_333_333_333_333);
        assert_eq!(price(2, Ratio::new(2, 10).unwrap(), 1), 4_000_000_000_000);
    }

    #[test]
    fn a_payload_unit_is_25_kb() {
        for (size, units) in [(1, 1), (25_600, 1), (25_601, 2), (1_048_576, 41)] {
            let mut work = Work::default();
            work.record_put(size);
            assert_eq!(work.put_payload_units, units, "{size}");
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
