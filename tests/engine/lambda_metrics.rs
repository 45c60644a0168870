//! Lambda's metrics: those of functions, of aliases and versions, and of event source mappings.
#![expect(clippy::wildcard_enum_match_arm, reason = "a checker looks at the events it is about")]

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};
use shardlab::cloudwatch::metric::{Level, METRICS, Metric};
use shardlab::cloudwatch::{Bucket, Metrics, State};
use shardlab::event_log::Event;
use shardlab::lambda::retry::Outcome;
use shardlab::scenario::Scenario;
use shardlab::sim::Simulation;
use shardlab::units::SimTime;

use crate::generate::{Shape, document, read};
use crate::run;

const UUID: &str = "00000000-0000-4000-8000-000000000000";

/// A record every 10 s from t = 500 on for two minutes, each a batch, read at 1000, 11 000, …; the alias `live` is
/// invoked. A record takes a second; the fourth, at 31 000, fails once; minutes begin with the run.
fn run_of_two_minutes() -> Value {
    json!({"version": 1, "id": "lambda-metrics", "start": "2026-01-05T10:00:00Z", "until": 180_000, "stream": {},
        "producers": [{"type": "records", "records": (0..12).map(|i| json!(
            {"at": 500 + i * 10_000, "PartitionKey": if i == 2 { "gone" } else { "k" }})).collect::<Vec<_>>()}],
        "functions": [{"FunctionName": "f", "versions": {"1": {"handler": {"perRecord": 1000, "rules": [
            {"when": {"record": 3, "attempt": 1}, "then": "throw"}]}}}, "alias": {"Name": "live", "FunctionVersion": "1"}}],
        "eventSourceMappings": [{"UUID": UUID, "FunctionName": "f:live", "StartingPosition": "TRIM_HORIZON",
            "EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s",
            "FilterCriteria": {"Filters": [{"Pattern": "{\"partitionKey\": [\"k\"]}"}]},
            "MetricsConfig": {"Metrics": ["EventCount"]}}],
        "model": {"invokeOverhead": 0}})
}

/// Samples, sum, least and largest of a metric in a minute.
fn minute(metrics: &Metrics, level: Level, part: u32, metric: Metric, minute: u32) -> (u32, u64, u32, u32) {
    let group = metrics.find(level, 0, part).unwrap_or_else(|| panic!("{level:?} {part}"));
    let Bucket { sum, samples, min, max } = metrics.bucket(group, metric, minute);
    (samples, sum, min, max)
}

#[test]
fn each_invocation_is_a_data_point() {
    let metrics = run(&read(&run_of_two_minutes())).metrics();
    // Invocations at 1, 11, 31, 32.2, 41 and 51 s: the third fails at 32 s, one record is filtered out.
    for (metric, expect) in [
        (Metric::Invocations, (6, 6, 1, 1)),
        (Metric::Errors, (6, 1, 0, 1)),
        (Metric::Throttles, (6, 0, 0, 0)),
        (Metric::Duration, (6, 6000, 1000, 1000)),
        // 500 ms each, and 1700 ms of the retry.
        (Metric::IteratorAge, (6, 5 * 500 + 1700, 500, 1700)),
        (Metric::ConcurrentExecutions, (6, 6, 1, 1)),
    ] {
        assert_eq!(minute(&metrics, Level::Function, 0, metric, 0), expect, "{metric:?}");
        // The first alias, and no version.
        assert_eq!(minute(&metrics, Level::Resource, 1, metric.of_resource(), 0), expect, "{metric:?}");
    }
    assert_eq!(metrics.find(Level::Resource, 0, 0), None);
    assert_eq!(minute(&metrics, Level::Function, 0, Metric::Invocations, 1), (6, 6, 1, 1));
    assert_eq!(minute(&metrics, Level::Function, 0, Metric::Invocations, 2), (0, 0, u32::MAX, 0));
    let mapping = |metric, n| minute(&metrics, Level::Mapping, 0, metric, n);
    // Polls at 0, 1000, … 59 000: six find a record.
    assert_eq!(mapping(Metric::PolledEventCount, 0), (60, 6, 0, 1));
    assert_eq!(mapping(Metric::PolledEventCount, 2), (60, 0, 0, 0));
    assert_eq!(mapping(Metric::FilteredOutEventCount, 0), (6, 1, 0, 1));
    assert_eq!(mapping(Metric::InvokedEventCount, 0), (6, 6, 1, 1));
    assert_eq!(mapping(Metric::FailedInvokeEventCount, 0), (6, 1, 0, 1));
    assert_eq!(mapping(Metric::DroppedEventCount, 0), (0, 0, u32::MAX, 0));
}

#[test]
fn event_counts_are_kept_where_a_mapping_asks() {
    let mut document = run_of_two_minutes();
    document["eventSourceMappings"][0]["MetricsConfig"] = json!({});
    let sim = run(&read(&document));
    assert_eq!(sim.metrics().find(Level::Mapping, 0, 0), None);
    let update = |at: u32, metrics: Value| {
        json!({"at": at, "service": "lambda", "operation": "UpdateEventSourceMapping",
            "request": {"UUID": UUID, "MetricsConfig": {"Metrics": metrics}}})
    };
    document["commands"] = json!([update(60_000, json!(["EventCount"])), update(120_000, json!([]))]);
    let metrics = run(&read(&document)).metrics();
    let mapping = |metric, n| minute(&metrics, Level::Mapping, 0, metric, n).1;
    assert_eq!([0, 1, 2].map(|n| mapping(Metric::InvokedEventCount, n)), [0, 6, 0]);
}

/// An error belongs to the minute in which its invocation started, though it has ended: it comes late.
#[test]
fn an_error_is_stamped_with_its_invocation_s_start() {
    let mut document = run_of_two_minutes();
    let rules = json!({"perInvocation": 9000, "rules": [{"when": {"record": 5, "attempt": 1}, "then": "throwAtEnd"}]});
    document["functions"][0]["versions"]["1"]["handler"] = rules;
    document["alarms"] = json!([{"AlarmName": "a", "Namespace": "AWS/Lambda", "MetricName": "Errors", "Statistic": "Sum",
        "Dimensions": [{"Name": "FunctionName", "Value": "f"}], "Period": 60, "EvaluationPeriods": 1, "Threshold": 0,
        "ComparisonOperator": "GreaterThanThreshold"}]);
    let sim = run(&read(&document));
    let failed = (0..sim.invocations().len())
        .map(|idx| sim.invocations().get(idx))
        .find(|one| one.outcome().is_some_and(|(outcome, _)| outcome == Outcome::Error));
    let failed = failed.unwrap();
    assert_eq!((failed.started_at().0 / 1000, failed.ends_at().0 / 1000), (51, 60));
    let metrics = sim.metrics();
    let errors = |n| minute(&metrics, Level::Function, 0, Metric::Errors, n).1;
    assert_eq!([errors(0), errors(1)], [1, 0]);
    // The alarm has looked at the first minute when it ended, and not again.
    assert!(sim.alarm_changes().iter().all(|change| change.to == State::Ok), "{:?}", sim.alarm_changes());
    // Duration is stamped with the end.
    assert_eq!(minute(&metrics, Level::Function, 0, Metric::Duration, 0).0, 4);
}

/// What runs on from one minute into the next is counted when it begins.
#[test]
fn concurrency_is_known_in_minutes_without_a_start() {
    let mut document = run_of_two_minutes();
    document["functions"][0]["Timeout"] = json!(200);
    document["functions"][0]["versions"]["1"]["handler"] = json!({"perInvocation": 130_000});
    for t in [180_000, 180_001] {
        let mut sim = Simulation::new(read(&document));
        sim.run_until(SimTime(t));
        let metrics = sim.metrics();
        let running =
            [0, 1, 2].map(|n| minute(&metrics, Level::Function, 0, Metric::ConcurrentExecutions, n).3);
        assert_eq!(running, [1, 1, 1], "{t}");
        assert_eq!(minute(&metrics, Level::Function, 0, Metric::Invocations, 1).0, 0);
    }
}

#[test]
fn an_alarm_can_watch_a_metric_of_lambda() {
    #[track_caller]
    fn check(metric: &str, dimensions: &[(&str, &str)], threshold: u32, expect: State) {
        let mut document = run_of_two_minutes();
        let dimensions: Vec<Value> =
            dimensions.iter().map(|(name, value)| json!({"Name": name, "Value": value})).collect();
        document["alarms"] = json!([{"AlarmName": "a", "Namespace": "AWS/Lambda", "MetricName": metric,
            "Dimensions": dimensions, "Statistic": "Maximum", "Period": 60, "EvaluationPeriods": 1,
            "Threshold": threshold, "ComparisonOperator": "GreaterThanThreshold"}]);
        let mut sim = Simulation::new(read(&document));
        sim.run_until(SimTime(60_000));
        assert_eq!(sim.alarms()[0].state, expect, "{metric} {dimensions:?}");
    }
    let function: &[_] = &[("FunctionName", "f")];
    check("IteratorAge", function, 1699, State::Alarm);
    check("IteratorAge", function, 1700, State::Ok);
    check("Errors", function, 0, State::Alarm);
    check("Errors", &[("FunctionName", "g")], 0, State::InsufficientData);
    check("Errors", &[("FunctionName", "f"), ("Resource", "f:live")], 0, State::Alarm);
    check("Errors", &[("Resource", "f:1"), ("FunctionName", "f")], 0, State::InsufficientData);
    check("Errors", &[("Resource", "f:old"), ("FunctionName", "f")], 0, State::InsufficientData);
    check("PolledEventCount", &[("EventSourceMappingUUID", UUID)], 0, State::Alarm);
    check("DroppedEventCount", &[("EventSourceMappingUUID", UUID)], 0, State::InsufficientData);
}

/// The command line finds them: names, dimensions, statistics.
#[test]
fn the_command_line_reads_lambda_s_metrics() {
    let mut document = run_of_two_minutes();
    let line = |at: u32, line: &str| json!({"at": at, "cli": format!("aws cloudwatch {line}")});
    let statistics = "get-metric-statistics --namespace AWS/Lambda --metric-name IteratorAge --statistics Maximum \
        --start-time 2026-01-05T10:00:00Z --end-time 2026-01-05T11:00:00Z --period 60";
    document["commands"] = json!([
        line(130_000, "list-metrics --namespace AWS/Lambda --metric-name Invocations"),
        line(130_000, "list-metrics --dimensions Name=Resource,Value=f:live"),
        line(130_000, &format!("{statistics} --dimensions Name=FunctionName,Value=f")),
        line(
            130_000,
            &format!("{statistics} --dimensions Name=FunctionName,Value=f Name=Resource,Value=f:live")
        )
    ]);
    let sim = run(&read(&document));
    let answer = |n: usize| sim.calls()[n].answer.as_ref().unwrap();
    let dimension = |name: &str, value: &str| json!({"Name": name, "Value": value});
    let function = dimension("FunctionName", "f");
    assert_eq!(
        answer(0)["Metrics"],
        json!([
            {"Namespace": "AWS/Lambda", "MetricName": "Invocations", "Dimensions": [function]},
            {"Namespace": "AWS/Lambda", "MetricName": "Invocations", "Dimensions": [function, dimension("Resource", "f:live")]}])
    );
    assert_eq!(answer(1)["Metrics"].as_array().unwrap().len(), 6);
    let points = &answer(2)["Datapoints"];
    assert_eq!(
        points[0],
        json!({"Timestamp": points[0]["Timestamp"], "Maximum": 1700.0, "Unit": "Milliseconds"})
    );
    assert_eq!((points.as_array().unwrap().len(), points), (2, &answer(3)["Datapoints"]));
}

/// Article C: the stream side's age stays below a poll's second while the function is minutes behind; with errors it
/// grows, since each retry reads its batch again.
#[test]
fn the_stream_s_iterator_age_stays_near_zero_and_lambda_s_grows() {
    let ages = |text: &str| {
        let sim = run(&Scenario::from_json(text).unwrap());
        let metrics = sim.metrics();
        let function = metrics.find(Level::Function, 0, 0).unwrap();
        let stream = metrics.total(Metrics::SCENARIO_STREAM, Metric::GetRecordsIteratorAgeMilliseconds).max;
        (stream, metrics.total(function, Metric::IteratorAge).max)
    };
    let (stream, lambda) = ages(include_str!("../../www/scenarios/parallelization-1.json"));
    assert!(stream < 1000 && (291_000..309_000).contains(&lambda), "{stream} {lambda}");
    let (stream, lambda) = ages(include_str!("../../www/scenarios/parallelization-3.json"));
    assert!(stream < 1000 && (65_000..69_000).contains(&lambda), "{stream} {lambda}");
    let (stream, lambda) = ages(include_str!("../../www/scenarios/parallelization-3-error.json"));
    assert!(stream > 100_000 && lambda > stream, "{stream} {lambda}");
}

/// A retry is one more GetRecords, of a shard's metrics too; not with enhanced fan-out.
#[test]
fn a_retry_reads_its_batch_again() {
    let mut document = run_of_two_minutes();
    document["commands"] = json!([{"at": 0, "service": "kinesis", "operation": "EnableEnhancedMonitoring",
        "request": {"StreamName": "s", "ShardLevelMetrics": ["ALL"]}}]);
    let reads = |document: &Value| {
        let metrics = run(&read(document)).metrics();
        let shard = metrics.find(Level::Shard, 0, 0).unwrap();
        [(Metrics::SCENARIO_STREAM, Metric::GetRecordsRecords), (shard, Metric::ShardOutgoingRecords)]
            .map(|(group, metric)| metrics.total(group, metric).sum)
    };
    assert_eq!(reads(&document), [13, 13]);
    document["functions"][0]["versions"]["1"]["handler"]["rules"] = json!([]);
    assert_eq!(reads(&document), [12, 12]);
}

proptest! {
    // Each case is one random run; 48 take a few seconds.
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// The metrics of a random run are its log's, minute by minute, and do not depend on when they are asked for.
    #[test]
    fn lambda_s_metrics_agree_with_the_log(shape in Shape::any()) {
        let mut text = document(&shape);
        let mappings = text["eventSourceMappings"].as_array_mut().unwrap();
        mappings.iter_mut().for_each(|mapping| mapping["MetricsConfig"] = json!({"Metrics": ["EventCount"]}));
        let scenario = read(&text);
        let sim = run(&scenario);
        let metrics = sim.metrics();
        for ((level, of, metric, minute), expect) in expected(&sim, &metrics) {
            let group = metrics.find(level, of, 0);
            let sum = group.map_or(0, |group| metrics.bucket(group, metric, minute).sum);
            prop_assert_eq!(sum, expect, "{:?} {} {:?} {}", level, of, metric, minute);
        }
        let totals = sim.summary();
        for (idx, counts) in (0..).zip(&totals.records.per_mapping) {
            let events = counts.event_count.unwrap();
            let total = |metric| metrics.find(Level::Mapping, idx, 0).map_or(0, |group| metrics.total(group, metric).sum);
            prop_assert_eq!(total(Metric::PolledEventCount), events.polled_event_count);
            prop_assert_eq!(total(Metric::InvokedEventCount), events.invoked_event_count);
            prop_assert_eq!(total(Metric::FailedInvokeEventCount), events.failed_invoke_event_count);
            prop_assert_eq!(total(Metric::DroppedEventCount), events.dropped_event_count);
            let told = events.on_failure_destination_delivered_event_count;
            prop_assert_eq!(total(Metric::OnFailureDestinationDeliveredEventCount), told);
        }
        let oldest = totals.functions.iter().map(|function| u64::from(function.iterator_age)).max();
        prop_assert_eq!(oldest, Some(totals.max_iterator_age));
        prop_assert_eq!(totals.functions.iter().map(|function| function.invocations).sum::<u64>(), totals.invocations);
        let outcomes = totals.outcomes;
        let errors = outcomes.error + outcomes.timeout + outcomes.crash;
        prop_assert_eq!(totals.functions.iter().map(|function| function.errors).sum::<u64>(), errors);
        let mut parts = Simulation::new(scenario.clone());
        for t in (0..=scenario.until.0).step_by(7001).chain([scenario.until.0]) {
            parts.run_until(SimTime(t));
            let _ = parts.metrics();
        }
        prop_assert_eq!(all(&parts), all(&sim));
    }
}

/// Every series, minute by minute.
fn all(sim: &Simulation) -> Vec<(Level, u32, u32, Metric, u32, Bucket)> {
    let metrics = sim.metrics();
    let minutes = metrics.clock().minute(sim.now());
    let series = metrics.with_data().into_iter().flat_map(|(level, of, part, metric)| {
        let group = metrics.find(level, of, part).unwrap();
        let metrics = &metrics;
        (0..=minutes)
            .map(move |minute| (level, of, part, metric, minute, metrics.bucket(group, metric, minute)))
    });
    assert!(METRICS.len() > 40);
    series.collect()
}

/// Sums by thing, metric and minute, from the log alone.
fn expected(sim: &Simulation, metrics: &Metrics) -> BTreeMap<(Level, u32, Metric, u32), u64> {
    let mut sums = BTreeMap::new();
    for (_, t, event) in sim.events(0, u32::MAX) {
        let mut add = |level, of: u32, metric, t: SimTime, value: u64| {
            *sums.entry((level, of, metric, metrics.clock().minute(t))).or_default() += value;
        };
        let function = |mapping: u16| sim.scenario().mappings[usize::from(mapping)].function_idx;
        match event {
            Event::InvocationStarted { invocation } => {
                let one = sim.invocations().get(invocation);
                let mapping = one.lane.mapping;
                if one.environment == u32::MAX {
                    add(Level::Function, function(mapping), Metric::Throttles, t, 1);
                } else {
                    add(Level::Function, function(mapping), Metric::Invocations, t, 1);
                    add(Level::Mapping, mapping.into(), Metric::InvokedEventCount, t, one.count.into());
                    let oldest =
                        sim.batch(invocation).map(|record| sim.stream().records.get(record).arrival()).min();
                    let age = oldest.map_or(0, |arrival| (t - arrival).0);
                    add(Level::Function, function(mapping), Metric::IteratorAge, t, age);
                }
            }
            Event::InvocationEnded { invocation } => {
                let one = sim.invocations().get(invocation);
                let (outcome, duration) = one.outcome().unwrap();
                let function = function(one.lane.mapping);
                add(Level::Function, function, Metric::Duration, t, duration.0);
                let failed = matches!(outcome, Outcome::Error | Outcome::Timeout | Outcome::Crash);
                add(Level::Function, function, Metric::Errors, one.started_at(), failed.into());
            }
            Event::RecordsPolled { mapping, records, .. } => {
                add(Level::Mapping, mapping.into(), Metric::PolledEventCount, t, records.into());
            }
            _ => {}
        }
    }
    sums
}
