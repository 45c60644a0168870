//! What a run leaves in CloudWatch: puts, polls that find records and polls that find none, calls of the API.

#![expect(clippy::wildcard_enum_match_arm, reason = "a checker looks at the events it is about")]
use std::collections::BTreeMap;

use crate::generate::{Shape, scenario};
use proptest::prelude::*;
use serde_json::{Value, json};
use shardlab::cloudwatch::metric::{Level, METRICS, Metric};
use shardlab::cloudwatch::{Bucket, Metrics, State};
use shardlab::event_log::Event;
use shardlab::scenario::Scenario;
use shardlab::sim::Simulation;
use shardlab::units::SimTime;

/// One record of 20 bytes a second from t = 100 on for a minute, read once a second; minutes begin with the run.
fn document() -> Value {
    json!({"version": 1, "id": "metrics", "start": "2026-01-05T10:00:00Z", "until": 180_000,
        "stream": {"StreamName": "s", "ShardCount": 2},
        "producers": [{"type": "records", "records": (0..60).map(|i| json!(
            {"at": 100 + i * 1000, "PartitionKey": "k", "size": 20})).collect::<Vec<_>>()}],
        "functions": [{"FunctionName": "f", "versions": {"1": {"handler": {"perRecord": 1}}}}],
        "eventSourceMappings": [{"EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s",
            "FunctionName": "f", "StartingPosition": "TRIM_HORIZON"}]})
}

fn simulation(document: &Value) -> Simulation {
    Simulation::new(Scenario::from_value(document).unwrap())
}

fn run(document: &Value, until: u64) -> Simulation {
    let mut sim = simulation(document);
    sim.run_until(SimTime(until));
    sim
}

fn command(at: u64, operation: &str, request: &Value) -> Value {
    json!({"at": at, "service": "kinesis", "operation": operation, "request": request})
}

/// Samples, sum, least and largest of a metric of the stream in a minute.
fn stream(metrics: &Metrics, metric: Metric, minute: u32) -> (u32, u64, u32, u32) {
    let Bucket { sum, samples, min, max } = metrics.bucket(Metrics::SCENARIO_STREAM, metric, minute);
    (samples, sum, min, max)
}

const NONE: (u32, u64, u32, u32) = (0, 0, u32::MAX, 0);

#[test]
fn each_put_and_each_poll_is_a_data_point() {
    let sim = run(&document(), 180_000);
    let metrics = sim.metrics();
    let first = |metric| stream(&metrics, metric, 0);
    assert_eq!(first(Metric::IncomingRecords), (60, 60, 1, 1));
    assert_eq!(first(Metric::IncomingBytes), (60, 1200, 20, 20));
    assert_eq!(first(Metric::PutRecordSuccess), (60, 60, 1, 1));
    assert_eq!(first(Metric::WriteProvisionedThroughputExceeded), (60, 0, 0, 0));
    // Two shards, polled at 0, 1000, … 59 000: 120 polls, of which those of one shard from 1000 on find a record.
    assert_eq!(first(Metric::GetRecordsSuccess), (120, 120, 1, 1));
    assert_eq!(first(Metric::GetRecordsRecords), (120, 59, 0, 1));
    assert_eq!(first(Metric::GetRecordsBytes), (120, 1180, 0, 20));
    // A record of t = 100 is read at 1000.
    assert_eq!(first(Metric::GetRecordsIteratorAgeMilliseconds), (120, 59 * 900, 0, 900));
    assert_eq!(stream(&metrics, Metric::GetRecordsRecords, 1), (120, 1, 0, 1));
    assert_eq!(stream(&metrics, Metric::GetRecordsRecords, 2), (120, 0, 0, 0));
    assert_eq!(stream(&metrics, Metric::IncomingRecords, 1), NONE, "no data point without a put");
    assert_eq!(metrics.find(Level::Shard, 0, 0), None);
}

#[test]
fn metrics_do_not_depend_on_when_they_are_asked_for() {
    let whole = run(&document(), 150_500).metrics();
    let mut sim = simulation(&document());
    for until in (0..=150_500).step_by(700).chain([150_500]) {
        sim.run_until(SimTime(until));
        let _ = sim.metrics();
    }
    for row in METRICS.iter().filter(|row| row.level == Level::Stream) {
        for minute in 0..3 {
            let [whole, parts] = [&whole, &sim.metrics()].map(|metrics| stream(metrics, row.metric, minute));
            assert_eq!(whole, parts, "{} {minute}", row.name);
        }
    }
}

#[test]
fn calls_of_the_api_count_too() {
    let mut document = document();
    let records: Vec<Value> =
        (0..3).map(|i| json!({"Data": "eHg=", "PartitionKey": format!("k{i}")})).collect();
    document["producers"] = json!([]);
    document["commands"] = json!([
        command(500, "PutRecord", &json!({"StreamName": "s", "Data": "eHg=", "PartitionKey": "k"})),
        command(600, "PutRecords", &json!({"StreamName": "s", "Records": records})),
        command(700, "PutRecord", &json!({"StreamName": "other", "Data": "eHg=", "PartitionKey": "k"})),
    ]);
    let metrics = run(&document, 10_000).metrics();
    let first = |metric| stream(&metrics, metric, 0);
    assert_eq!(first(Metric::PutRecordBytes), (1, 3, 3, 3));
    assert_eq!(first(Metric::PutRecordsBytes), (1, 12, 12, 12));
    assert_eq!(first(Metric::PutRecordsTotalRecords), (1, 3, 3, 3));
    assert_eq!(first(Metric::IncomingRecords), (2, 4, 1, 3));
}

#[test]
fn a_call_has_the_latency_that_it_takes_here() {
    let mut document = document();
    let more = json!({"type": "loop", "partitionKey": "loop", "pause": 975, "latency": 25, "count": 40});
    document["producers"].as_array_mut().unwrap().push(more);
    let metrics = run(&document, 180_000).metrics();
    let first = |metric| stream(&metrics, metric, 0);
    // 60 puts take no time, 40 take 25 ms each; so do polls.
    assert_eq!(first(Metric::PutRecordLatency), (100, 40 * 25, 0, 25));
    assert_eq!(first(Metric::PutRecordSuccess).0, 100);
    assert_eq!(first(Metric::GetRecordsLatency), (120, 0, 0, 0));
    assert_eq!(first(Metric::PutRecordsLatency), NONE);
}

#[test]
fn metrics_of_shards_begin_when_they_are_switched_on() {
    let mut document = document();
    let metrics = json!({"StreamName": "s", "ShardLevelMetrics": ["IncomingRecords", "OutgoingRecords"]});
    document["commands"] = json!([command(60_000, "EnableEnhancedMonitoring", &metrics)]);
    let records = document["producers"][0]["records"].as_array_mut().unwrap();
    records.iter_mut().for_each(|record| record["at"] = json!(record["at"].as_u64().unwrap() + 30_000));
    let sim = run(&document, 180_000);
    let metrics = sim.metrics();
    let shard = sim.stream().records.get(0).shard;
    let group = metrics.find(Level::Shard, 0, shard).unwrap();
    let found = |metric, minute| metrics.bucket(group, metric, minute);
    assert_eq!(found(Metric::ShardIncomingRecords, 0), Bucket::EMPTY);
    let Bucket { sum, samples, .. } = found(Metric::ShardIncomingRecords, 1);
    assert_eq!((samples, sum), (30, 30));
    assert_eq!(found(Metric::ShardOutgoingRecords, 1).samples, 60);
    assert_eq!(found(Metric::ShardIncomingBytes, 1), Bucket::EMPTY, "it was not switched on");
    let described = &sim.calls()[0].answer.as_ref().unwrap()["DesiredShardLevelMetrics"];
    assert_eq!(described, &json!(["IncomingRecords", "OutgoingRecords"]));
}

#[test]
fn an_alarm_can_watch_any_metric_of_a_stream_or_shard() {
    #[track_caller]
    fn check(metric: &str, dimensions: &Value, threshold: u32, expect: State) {
        let mut document = document();
        let all = json!({"StreamName": "s", "ShardLevelMetrics": ["ALL"]});
        document["commands"] = json!([command(0, "EnableEnhancedMonitoring", &all)]);
        document["alarms"] = json!([{"AlarmName": "a", "Namespace": "AWS/Kinesis", "MetricName": metric,
            "Dimensions": dimensions, "Statistic": "Maximum", "Period": 60, "EvaluationPeriods": 1,
            "Threshold": threshold, "ComparisonOperator": "GreaterThanThreshold"}]);
        assert_eq!(run(&document, 60_000).alarms()[0].state, expect, "{metric}");
    }
    let stream = json!([{"Name": "StreamName", "Value": "s"}]);
    check("GetRecords.IteratorAgeMilliseconds", &stream, 899, State::Alarm);
    check("GetRecords.IteratorAgeMilliseconds", &stream, 900, State::Ok);
    let key_s_shard = run(&document(), 1000).stream().records.get(0).shard;
    let shard = |shard: u32| {
        let id = format!("shardId-{shard:012}");
        json!([{"Name": "ShardId", "Value": id}, {"Name": "StreamName", "Value": "s"}])
    };
    check("IteratorAgeMilliseconds", &shard(key_s_shard), 899, State::Alarm);
    check("IteratorAgeMilliseconds", &shard(1 - key_s_shard), 899, State::Ok);
    check("IncomingBytes", &shard(9), 0, State::InsufficientData);
}

#[test]
fn polls_and_calls_share_a_shard_s_read_limit() {
    let iterator = run(
        &{
            let mut document = document();
            let request =
                json!({"StreamName": "s", "ShardId": "shardId-000000000000", "ShardIteratorType": "LATEST"});
            document["stream"]["ShardCount"] = json!(1);
            document["commands"] = json!([command(900, "GetShardIterator", &request)]);
            document
        },
        900,
    )
    .calls()[0]
        .answer
        .clone()
        .unwrap()["ShardIterator"]
        .clone();
    let polls = |calls: usize| {
        let mut document = document();
        document["stream"]["ShardCount"] = json!(1);
        document["commands"] =
            vec![command(950, "GetRecords", &json!({"ShardIterator": iterator})); calls].into();
        let sim = run(&document, 2000);
        let first = sim.event_lines(0, u32::MAX).find(|line| line.body.name() == "RecordsPolled").unwrap().t;
        let throttled = stream(&sim.metrics(), Metric::ReadProvisionedThroughputExceeded, 0).1;
        let refused = sim.calls().iter().filter(|call| call.answer.is_err()).count();
        (first, throttled, refused)
    };
    assert_eq!(polls(4), (1000, 0, 0));
    assert_eq!(polls(5), (2000, 1, 0), "the poll at 1000 finds the limit used up");
    assert_eq!(polls(6), (2000, 2, 1));
}

#[test]
fn ten_mebibytes_at_once_keep_a_shard_from_being_polled_for_five_seconds() {
    let mut document = document();
    document["stream"]["ShardCount"] = json!(1);
    document["model"] = json!({"activation": 30_000});
    document["producers"] = json!([{"type": "records", "records": (0..15).map(|i| json!(
        {"at": i * 1000, "PartitionKey": "k", "size": 1 << 20})).collect::<Vec<_>>()}]);
    let sim = run(&document, 60_000);
    let polled: Vec<(u64, u64)> = sim
        .event_lines(0, u32::MAX)
        .filter(|line| line.body.name() == "RecordsPolled")
        .map(|line| (line.t, serde_json::to_value(&line.body).unwrap()["records"].as_u64().unwrap()))
        .collect();
    assert_eq!(polled, [(30_000, 10), (35_000, 5)]);
    // At 30 200 and at 31 000, 32 000, 33 000, 34 000.
    assert_eq!(stream(&sim.metrics(), Metric::ReadProvisionedThroughputExceeded, 0).1, 5);
}

proptest! {
    // Each case is one random run; 48 take a second or two.
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// The metrics of a random run are its log's: what was put, refused and read, minute by minute.
    #[test]
    fn metrics_agree_with_the_log(shape in Shape::any()) {
        let scenario = scenario(&shape);
        let sim = crate::run(&scenario);
        let mut expect: BTreeMap<(Metric, u32), u64> = BTreeMap::new();
        let metrics = sim.metrics();
        for (_, t, event) in sim.events(0, u32::MAX) {
            let minute = metrics.clock().minute(t);
            let mut add = |metric, value: u32| *expect.entry((metric, minute)).or_default() += u64::from(value);
            match event {
                Event::RecordPut { record } => {
                    add(Metric::IncomingRecords, 1);
                    add(Metric::IncomingBytes, sim.stream().records.get(record).size());
                }
                Event::RecordThrottled { .. } => add(Metric::WriteProvisionedThroughputExceeded, 1),
                Event::RecordsPolled { records, .. } => add(Metric::GetRecordsRecords, records),
                Event::InvocationStarted { invocation } => {
                    // A retry reads its batch again.
                    let one = sim.invocations().get(invocation);
                    if one.attempt > 1 && one.environment != u32::MAX {
                        add(Metric::GetRecordsRecords, one.count);
                    }
                }
                _ => {}
            }
        }
        let counted = [
            Metric::IncomingRecords,
            Metric::IncomingBytes,
            Metric::WriteProvisionedThroughputExceeded,
            Metric::GetRecordsRecords,
        ];
        for minute in 0..=metrics.clock().minute(sim.now()) {
            for metric in counted {
                let sum = metrics.bucket(Metrics::SCENARIO_STREAM, metric, minute).sum;
                prop_assert_eq!(sum, expect.get(&(metric, minute)).copied().unwrap_or(0), "{} {}", metric.row().name, minute);
            }
        }
    }
}
