//! How fast the engine is, beside what it cannot be faster than.
//!
//! `reference` is the floor: a fresh 13-byte key, its MD5, its shard among 16 by the stream's own routing.
//! `pipeline` is everything: put, route, poll, batch of 100, invoke, rows, checkpoint, log and digest. Figures
//! of one run are compared with each other only; `docs/performance.md` has them, and says what was measured.
//! `put_records` is the API's put alone, typed, without a simulation around it.
//!
//! `cargo bench` prints the table of ratios first, then lets criterion time the loops at 10^5 records.

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput};
use peak_alloc::PeakAlloc;
use shardlab::kinesis::account::PutRequest;
use shardlab::kinesis::stream::route_fresh_keys;
use shardlab::kinesis::{Dials, KeyTable, Kinesis, Stream};
use shardlab::quota::Quotas;
use shardlab::scenario::Scenario;
use shardlab::sim::Simulation;
use shardlab::units::{SimTime, WallTime};

#[global_allocator]
static ALLOCATED: PeakAlloc = PeakAlloc;

/// A run to be timed.
#[derive(Clone, Copy)]
struct Case {
    shards: u32,
    records: u32,
    /// Records a second, all shards together.
    rate: u32,
    /// Keys drawn from.
    keys: u32,
    per_record_ms: u32,
    /// Whether one invocation in ten fails, and what it was given is bisected.
    failing: bool,
}

impl Case {
    fn scenario(self) -> Scenario {
        let Self { shards, records, rate, keys, per_record_ms, failing } = self;
        let rules = if failing {
            r#"{"when": {"positionInBatch": 1, "chance": [1, 10]}, "then": "throw"}"#
        } else {
            ""
        };
        let seconds = records.div_ceil(rate);
        let text = format!(
            r#"{{"version": 1, "id": "bench", "until": {until}, "quotas": {{"concurrentExecutions": 1000000}},
            "stream": {{"StreamName": "s", "ShardCount": {shards}}},
            "producers": [{{"type": "rate", "recordsPerSecond": {rate}, "stopAt": {stop},
              "keys": {{"distribution": "uniform", "count": {keys}}}, "size": {{"min": 200, "max": 200}}}}],
            "functions": [{{"FunctionName": "f", "versions": {{"1": {{"tag": "v1",
              "handler": {{"perRecord": {per_record_ms}, "perInvocation": 100, "rules": [{rules}]}}}}}}}}],
            "eventSourceMappings": [{{"EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s",
              "FunctionName": "f", "StartingPosition": "TRIM_HORIZON", "BatchSize": 100, "BisectBatchOnFunctionError": {failing}}}]}}"#,
            until = (seconds + 60) * 1000,
            stop = seconds * 1000,
        );
        Scenario::from_json(&text).unwrap_or_else(|problems| panic!("{problems:?}"))
    }

    fn run(self) -> Simulation {
        let mut sim = Simulation::new(self.scenario());
        sim.run_until(sim.scenario().until);
        sim
    }
}

const SMALL: Case =
    Case { shards: 16, records: 100_000, rate: 8000, keys: 100_000, per_record_ms: 0, failing: false };
const LARGE: Case = Case { records: 10_000_000, ..SMALL };
const CASES: [(&str, Case); 9] = [
    ("16 shards, 10^5 records, 10^5 keys", SMALL),
    ("16 shards, 10^7 records, 10^5 keys", LARGE),
    ("16 shards, 10^5 records, 1 000 keys", Case { keys: 1000, ..SMALL }),
    ("16 shards, 10^7 records, 1 000 keys", Case { keys: 1000, ..LARGE }),
    ("16 shards, 10^6 records, 1 ms a record", Case { records: 1_000_000, per_record_ms: 1, ..SMALL }),
    ("16 shards, 2·10^6 records", Case { records: 2_000_000, ..SMALL }),
    ("the same, one invocation in ten fails", Case { records: 2_000_000, failing: true, ..SMALL }),
    ("10 000 shards, 10^7, same rate a shard", Case { shards: 10_000, rate: 5_000_000, ..LARGE }),
    ("10 000 shards, 2·10^6, same total rate", Case { shards: 10_000, records: 2_000_000, ..SMALL }),
];

#[expect(clippy::disallowed_types, reason = "a benchmark measures real time")]
fn nanoseconds_per_record(records: u32, work: impl FnOnce()) -> f64 {
    let start = std::time::Instant::now();
    work();
    start.elapsed().as_nanos() as f64 / f64::from(records)
}

fn ratios() {
    const REFERENCE_RECORDS: u32 = 2_000_000;
    println!(
        "{:44} {:>9} {:>9} {:>7} {:>10} {:>10}",
        "", "ns/record", "reference", "ratio", "log B/rec", "peak/live"
    );
    for (name, case) in CASES {
        let rounds = if case.records > 5_000_000 { 1 } else { 5 };
        let mut times = Vec::new();
        let mut shape = String::new();
        for _ in 0..rounds {
            let floor = || {
                nanoseconds_per_record(REFERENCE_RECORDS, || {
                    black_box(route_fresh_keys(REFERENCE_RECORDS));
                })
            };
            let before = floor();
            ALLOCATED.reset_peak_usage();
            let base = ALLOCATED.current_usage() as f64;
            let mut kept = None;
            let time = nanoseconds_per_record(case.records, || kept = Some(case.run()));
            let sim = kept.expect("a finished run");
            let peak = (ALLOCATED.peak_usage() as f64 - base) / (ALLOCATED.current_usage() as f64 - base);
            let put = sim.stream().records.len();
            let bytes = sim.log_bytes() as f64 / f64::from(put);
            assert_eq!(sim.summary().records.per_mapping[0].succeeded, u64::from(put), "unfinished: {name}");
            shape = format!("{bytes:10.1} {peak:10.2}");
            times.push((time, (before + floor()) / 2.0));
        }
        times.sort_by(|a, b| (a.0 / a.1).total_cmp(&(b.0 / b.1)));
        let (time, floor) = times[times.len() / 2];
        println!("{name:44} {time:9.0} {floor:9.0} {:7.2} {shape}", floor / time);
    }
}

/// PutRecords calls of 500 records each, of which every tenth has a new key; gives the records stored.
fn put_records(keys: &[String]) -> u32 {
    const RECORDS_PER_CALL: usize = 500;
    let mut stream = Stream::new(1000, WallTime(0), KeyTable::default());
    stream.name = "s".into();
    let mut kinesis = Kinesis::new("123456789012", "us-east-1", Quotas::current(), Dials::default(), stream);
    let key = |i: usize| &keys[if i.is_multiple_of(10) { i } else { i % 1000 }];
    let keys: Vec<&String> = (0..keys.len()).map(key).collect();
    for (call, keys) in (0..).zip(keys.chunks(RECORDS_PER_CALL)) {
        let mut records = Vec::with_capacity(keys.len());
        for key in keys {
            records.push(PutRequest { partition_key: key, explicit_hash_key: None, data: &[7; 100] });
        }
        kinesis.put_records(SimTime(call * 10), "s", &records).expect("a stream that takes records");
    }
    kinesis.streams[0].records.len()
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    if !std::env::args().any(|argument| argument == "--test") {
        ratios();
    }
    let mut group = criterion.benchmark_group("100000 records");
    group.throughput(Throughput::Elements(SMALL.records.into()));
    group.sample_size(10).measurement_time(Duration::from_secs(3));
    group.bench_function("reference", |bencher| bencher.iter(|| route_fresh_keys(SMALL.records)));
    group.bench_function("pipeline", |bencher| bencher.iter(|| SMALL.run().log().count()));
    let failing = Case { failing: true, ..SMALL };
    group.bench_function("failing pipeline", |bencher| bencher.iter(|| failing.run().log().count()));
    let keys: Vec<String> = (0..SMALL.records).map(|i| format!("user-{i}")).collect();
    group.bench_function("put_records", |bencher| bencher.iter(|| put_records(&keys)));
    group.finish();
    criterion.final_summary();
}
