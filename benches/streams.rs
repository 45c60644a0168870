//! How fast the stream side is: PutRecords, and the largest reshard there is.
//!
//! `cargo bench --bench streams -- rates` prints records a second of PutRecords and ends; `cargo xtask bench peers`
//! compares them with kinesalite's. Without it criterion times planning and applying UpdateShardCount 5 000 → 10 000,
//! and a run in which that happens under traffic. `docs/performance.md` has the figures.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BatchSize, Criterion};
use serde_json::{Value, json};
use shardlab::kinesis::account::PutRequest;
use shardlab::kinesis::reshard::{Step, UniformScaling, plan};
use shardlab::kinesis::{Dials, KeyTable, Kinesis, Stream, api};
use shardlab::quota::Quotas;
use shardlab::scenario::Scenario;
use shardlab::sim::Simulation;
use shardlab::units::{SimTime, WallTime};

/// Shards before and after.
const RESHARD: (u32, u32) = (5_000, 10_000);

fn stream(shards: u32) -> Stream {
    let mut stream = Stream::new(shards, WallTime(0), KeyTable::default());
    stream.name = "bench".into();
    stream
}

fn steps(stream: &Stream) -> Vec<Step> {
    plan(&stream.open_ranges(), stream.shards.len() as u32, RESHARD.1, UniformScaling::Modern)
}

/// 5 000 → 10 000 while 5 000 records a second arrive and a mapping reads, one step a millisecond.
fn reshard_under_traffic() -> Scenario {
    let text = json!({"version": 1, "id": "reshard", "until": 30_000,
        "quotas": {"concurrentExecutions": 1_000_000},
        "stream": {"ShardCount": RESHARD.0},
        "producers": [{"type": "rate", "recordsPerSecond": 5000, "stopAt": 20_000, "keys": {"count": 50_000}}],
        "functions": [{"FunctionName": "f", "versions": {"1": {"handler": {"perInvocation": 20}}}}],
        "eventSourceMappings": [{"EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s",
            "FunctionName": "f", "StartingPosition": "TRIM_HORIZON"}],
        "commands": [{"at": 2000, "service": "kinesis", "operation": "UpdateShardCount",
            "request": {"StreamName": "s", "TargetShardCount": RESHARD.1, "ScalingType": "UNIFORM_SCALING"}}],
        "model": {"reshardStep": 1, "shardAssignment": 1000}});
    Scenario::from_json(&text.to_string()).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn run(scenario: &Scenario) -> u32 {
    let mut sim = Simulation::new(scenario.clone());
    sim.run_until(scenario.until);
    assert_eq!(sim.stream().open_shards().len(), RESHARD.1 as usize);
    assert_eq!(sim.summary().records.per_mapping[0].pending, 0);
    sim.log().count()
}

/// The requests of `tests/peers/bench.mjs`: so many, of 500 records with 200 bytes of data.
fn requests(count: usize) -> Vec<Value> {
    const RECORDS: usize = 500;
    let data = format!("{}=", "eHh4".repeat(66) + "eHg");
    let record = |n: usize| json!({"Data": data, "PartitionKey": format!("key-{n}")});
    let request = |call: usize| {
        let records: Vec<Value> = (0..RECORDS).map(|n| record(call * RECORDS + n)).collect();
        json!({"StreamName": "bench", "Records": records})
    };
    (0..count).map(request).collect()
}

/// Records a second.
#[derive(Clone, Copy, Default)]
struct Rate {
    /// Of real time.
    real: f64,
    /// Of the processor's time, which other programs take nothing of; 0 where the system does not tell.
    processor: f64,
}

/// Nanoseconds that this thread has run. Linux tells.
fn processor_ns() -> Option<u64> {
    std::fs::read_to_string("/proc/thread-self/schedstat").ok()?.split(' ').next()?.parse().ok()
}

/// The best of five rounds each; the stream has 16 shards, and time enough for its limits.
#[expect(clippy::disallowed_types, reason = "a benchmark measures real time")]
fn rate(requests: &[Value], mut put: impl FnMut(&mut Kinesis, SimTime, &Value)) -> Rate {
    let round = || {
        let quotas = Quotas::current();
        let mut kinesis = Kinesis::new("123456789012", "us-east-1", quotas, Dials::default(), stream(16));
        let (start, ran) = (std::time::Instant::now(), processor_ns());
        for (call, request) in (0..).zip(requests) {
            put(&mut kinesis, SimTime(call * 100), request);
        }
        let records = f64::from(kinesis.streams[0].records.len());
        assert_eq!(records as usize, requests.len() * 500, "throttled");
        let ran = ran.and_then(|before| processor_ns()?.checked_sub(before)).filter(|&ran| ran > 0);
        Rate {
            real: records / start.elapsed().as_secs_f64(),
            processor: ran.map_or(0.0, |ran| records * 1e9 / ran as f64),
        }
    };
    let better = |best: Rate, one: Rate| Rate {
        real: best.real.max(one.real),
        processor: best.processor.max(one.processor),
    };
    std::iter::repeat_with(round).take(5).fold(Rate::default(), better)
}

fn print_rates() {
    let requests = requests(200);
    let data = vec![b'x'; 200];
    let keys = |request: &Value| -> Vec<String> {
        let records = request["Records"].as_array().expect("a list");
        records.iter().map(|record| record["PartitionKey"].as_str().expect("a text").to_owned()).collect()
    };
    let keys: Vec<Vec<String>> = requests.iter().map(keys).collect();
    let mut call = 0;
    let typed = rate(&requests, |kinesis, now, _| {
        let record = |key| PutRequest { partition_key: key, explicit_hash_key: None, data: &data };
        let records: Vec<PutRequest<'_>> = keys[call % keys.len()].iter().map(|key| record(key)).collect();
        call += 1;
        black_box(kinesis.put_records(now, "bench", &records).expect("a stream that takes records"));
    });
    let json = rate(&requests, |kinesis, now, request| {
        let answer = api::dispatch(kinesis, now, "PutRecords", request, &api::no_data);
        assert_eq!(answer.expect("a stream that takes records")["FailedRecordCount"], 0);
    });
    println!("engine PutRecords: {:.0} records/s", typed.real);
    println!("engine PutRecords by JSON: {:.0} records/s", json.real);
    println!(
        "of the processor's time alone: {:.0}, by JSON {:.0} records/s",
        typed.processor, json.processor
    );
}

fn main() {
    if std::env::args().any(|argument| argument == "rates") {
        return print_rates();
    }
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("5000 to 10000 shards");
    group.sample_size(10).measurement_time(Duration::from_secs(3));
    let before = stream(RESHARD.0);
    group.bench_function("plan", |bencher| bencher.iter(|| steps(&before).len()));
    let plan = steps(&before);
    group.bench_function("apply", |bencher| {
        let apply = |mut stream: Stream| {
            for (at, &step) in (0..).zip(&plan) {
                stream.step(step, SimTime(at));
            }
            stream
        };
        bencher.iter_batched(|| before.clone(), apply, BatchSize::PerIteration);
    });
    let scenario = reshard_under_traffic();
    group.bench_function("run", |bencher| bencher.iter(|| run(&scenario)));
    group.finish();
    criterion.final_summary();
}
