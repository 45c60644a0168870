//! Redrive: the records of a document are read again from the stream, and the function is invoked with them.
#![expect(clippy::wildcard_enum_match_arm, reason = "a checker looks at the events it is about")]

use serde_json::{Value, json};
use shardlab::cloudwatch::Metric;
use shardlab::cloudwatch::metric::Level;
use shardlab::event_log::Event;
use shardlab::scenario::{Command, CommandAction, Scenario};
use shardlab::sim::Simulation;
use shardlab::sim::event_json::EventBody;
use shardlab::sim::redrive::Refusal;
use shardlab::sim::summary::MappingCounts;
use shardlab::units::SimTime;

use crate::generate::read;
use crate::{run, run_in_chunks};

const SHIPPED: &str = include_str!("../../www/scenarios/dead-letter-redrive.json");
const QUEUE: &str = "arn:aws:sqs:us-east-1:123456789012:failed";
const BUCKET: &str = "arn:aws:s3:::failed";
const HOUR: u64 = 3_600_000;

/// Three records of one key in one batch, which fails at the second until t = 10 s, is tried once and given up.
fn document(destination: &str, settings: &Value, redrives: &[(u64, u32)]) -> Value {
    let mut mapping = json!({"EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s", "FunctionName": "f",
        "StartingPosition": "TRIM_HORIZON", "MaximumRetryAttempts": 0,
        "DestinationConfig": {"OnFailure": {"Destination": destination}},
        "MetricsConfig": {"Metrics": ["EventCount"]}});
    mapping.as_object_mut().unwrap().extend(settings.as_object().unwrap().clone());
    let redrive = |&(at, document): &(u64, u32)| json!({"at": at, "redrive": {"document": document}});
    let bad = json!({"when": {"record": 1, "to": 10_000}, "then": "throw"});
    json!({"version": 1, "id": "redriven", "until": 60_000, "stream": {}, "start": "2026-01-05T10:00:00Z",
        "producers": [{"type": "records", "records": (0..3).map(|at| json!({"at": at, "PartitionKey": "k"})).collect::<Vec<_>>()}],
        "functions": [{"FunctionName": "f", "versions": {"1": {"handler": {"perRecord": 10, "rules": [bad]}}}}],
        "eventSourceMappings": [mapping], "model": {"pollPhase": 500},
        "commands": redrives.iter().map(redrive).collect::<Vec<_>>()})
}

fn play(document: &Value) -> Simulation {
    let scenario = read(document);
    let sim = run(&scenario);
    assert_eq!(run_in_chunks(&scenario, 3).digest(), sim.digest());
    sim
}

/// Succeeded and discarded records; the five counts add up to what was put.
#[track_caller]
fn counts(sim: &Simulation) -> (u64, u64) {
    let MappingCounts { succeeded, discarded, expired, filtered, pending, .. } =
        sim.summary().records.per_mapping[0].clone();
    assert_eq!(succeeded + discarded + expired + filtered + pending, u64::from(sim.stream().records.len()));
    (succeeded, discarded)
}

/// Each redrive: its time and records, or why it was refused.
fn redrives(sim: &Simulation) -> Vec<(u64, Vec<u32>, Option<&'static str>)> {
    let lines = sim.event_lines(0, u32::MAX).filter_map(|line| match line.body {
        EventBody::Redrive { records, refused, .. } => Some((line.t, records, refused)),
        _ => None,
    });
    lines.collect()
}

/// Outcomes of the invocations that redrives made, by AWS's names.
fn outcomes(sim: &Simulation) -> Vec<&'static str> {
    let lines = sim.event_lines(0, u32::MAX).filter_map(|line| match line.body {
        EventBody::InvocationEnded { invocation, outcome, .. } => {
            sim.invocations().get(invocation).is_redrive().then_some(outcome)
        }
        _ => None,
    });
    lines.collect()
}

#[test]
fn what_was_discarded_succeeds_after_the_deploy_but_not_in_order() {
    let scenario = Scenario::from_json(SHIPPED).unwrap();
    let before = {
        let mut sim = Simulation::new(scenario.clone());
        sim.run_until(SimTime(44_999));
        sim
    };
    assert_eq!((counts(&before), before.discards()), ((40, 3), 1));
    let sim = run(&scenario);
    assert_eq!(counts(&sim), (43, 0));
    assert_eq!(redrives(&sim), [(45_000, vec![10, 11, 12], None)]);
    let redriven = sim.invocations().last().unwrap();
    assert!(redriven.is_redrive() && redriven.version == 1 && redriven.attempt == 1);
    let failed = sim.discard(0);
    assert!(redriven.batch != failed.batch && redriven.lane == failed.lane);
    // The later order of the same customer had its row half a minute before.
    let rows = sim.events(0, u32::MAX).filter_map(|(_, t, event)| match event {
        Event::RowWritten { record, .. } => {
            let stored = sim.stream().records.get(record);
            (sim.stream().keys.text(stored.key) == "customer-2").then_some((stored.number, t.0 / 1000))
        }
        _ => None,
    });
    let rows: Vec<_> = rows.collect();
    assert_eq!(rows.last(), Some(&(2, 45)));
    assert!(rows.contains(&(3, 21)), "{rows:?}");
}

#[test]
fn a_live_redrive_is_the_same_as_one_of_the_scenario() {
    let text = document(QUEUE, &json!({}), &[(20_000, 0)]);
    let expect = run(&read(&text));
    let mut without = text;
    without["commands"] = json!([]);
    let mut live = Simulation::new(read(&without));
    live.run_until(SimTime(19_999));
    assert_eq!(live.redrive_refusal(0), None);
    let command = Command { at: live.next_command_at(), action: CommandAction::Redrive { document: 0 } };
    assert_eq!(command.to_json(), json!({"at": 20_000, "redrive": {"document": 0}}));
    live.add_command(command);
    live.run_until(SimTime(60_000));
    assert_eq!(live.digest(), expect.digest());
    assert_eq!(counts(&live), (3, 0));
}

#[test]
fn only_what_is_kept_can_be_redriven() {
    #[track_caller]
    fn check(destination: &str, at: u64, number: u32, expect: Result<u32, Refusal>) {
        let mut document = document(destination, &json!({}), &[(at, number)]);
        document["until"] = json!(at + 10_000);
        let sim = play(&document);
        let redrive = &sim.redrives()[0];
        assert_eq!(redrive.invocation.is_ok(), expect.is_ok());
        assert_eq!(redrive.invocation.err(), expect.err());
        assert_eq!(redrives(&sim)[0].1.len() as u32, expect.unwrap_or(0));
        assert_eq!(redrives(&sim)[0].2, expect.err().map(Refusal::name));
        assert_eq!(counts(&sim).0, u64::from(expect.unwrap_or(0)));
        assert_eq!(outcomes(&sim).len(), usize::from(expect.is_ok()));
    }
    check(QUEUE, 20_000, 0, Ok(3));
    check(QUEUE, 20_000, 1, Err(Refusal::NoSuchDocument));
    check(QUEUE, 100, 0, Err(Refusal::NoSuchDocument));
    check("", 20_000, 0, Err(Refusal::NoDestination));
    // Records of 0, 1 and 2 ms are kept for a day.
    check(QUEUE, 24 * HOUR - 1, 0, Ok(3));
    check(QUEUE, 24 * HOUR + 1, 0, Ok(1));
    check(QUEUE, 24 * HOUR + 2, 0, Err(Refusal::Expired));
    check(BUCKET, 30 * HOUR, 0, Ok(3));
}

#[test]
fn a_redrive_that_fails_is_tried_by_nobody_and_success_counts_once() {
    let sim = play(&document(QUEUE, &json!({}), &[(5000, 0), (12_000, 0), (13_000, 0)]));
    assert_eq!(outcomes(&sim), ["error", "ok", "ok"]);
    // Each is a batch of its own.
    let mut ids: Vec<String> = (0..sim.invocations().len()).map(|idx| sim.request_id(idx)).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 4);
    assert_eq!((counts(&sim), sim.discards()), ((3, 0), 1));
    // The first try wrote a row, and so did each redrive of it.
    assert_eq!(sim.summary().duplicates, 1 + 1 + 3);
    let failing = play(&document(QUEUE, &json!({}), &[(5000, 0)]));
    assert_eq!((counts(&failing), failing.invocations().len(), failing.discards()), ((0, 3), 2, 1));
}

#[test]
fn an_answer_brings_its_first_records_to_an_end() {
    let mut text = document(
        QUEUE,
        &json!({"FunctionResponseTypes": ["ReportBatchItemFailures"]}),
        &[(20_000, 0), (21_000, 0)],
    );
    let rules = &mut text["functions"][0]["versions"]["1"]["handler"]["rules"];
    rules.as_array_mut().unwrap().push(json!({"when": {"record": 2, "to": 21_000}, "then": "report"}));
    let sim = play(&text);
    assert_eq!((outcomes(&sim), counts(&sim)), (vec!["partial", "ok"], (3, 0)));
    text["commands"] = json!([{"at": 20_000, "redrive": {"document": 0}}]);
    assert_eq!(counts(&play(&text)), (2, 1));
    // Where the mapping does not ask for reports, there is none.
    text["eventSourceMappings"][0]["FunctionResponseTypes"] = json!([]);
    assert_eq!(counts(&play(&text)), (3, 0));
}

/// The lane works on a batch of 30 s when the document is redriven: beside it where there is room.
#[test]
fn a_redrive_waits_for_no_lane_and_shares_the_concurrency() {
    let busy = |reserved: Value| {
        let mut text = document(QUEUE, &json!({}), &[(21_000, 0)]);
        let records = text["producers"][0]["records"].as_array_mut().unwrap();
        records.push(json!({"at": 20_000, "PartitionKey": "k"}));
        text["functions"][0]["versions"]["1"]["handler"]["perInvocation"] = json!(30_000);
        text["functions"][0]["ReservedConcurrentExecutions"] = reserved;
        play(&text)
    };
    let beside = busy(Value::Null);
    assert_eq!((outcomes(&beside), counts(&beside), beside.totals().running_max), (vec!["ok"], (4, 0), 2));
    let refused = busy(json!(1));
    assert_eq!(
        (outcomes(&refused), counts(&refused), refused.totals().running_max),
        (vec!["throttled"], (1, 3), 1)
    );
    let retried =
        refused.events(0, u32::MAX).any(|(_, _, event)| matches!(event, Event::RetryScheduled { .. }));
    assert!(!retried);
}

/// The function's metrics count it, the mapping's do not; all of its work has been done before.
#[test]
fn metrics_and_cost_of_a_redrive() {
    let silent = play(&document(QUEUE, &json!({}), &[]));
    let sim = play(&document(QUEUE, &json!({}), &[(20_000, 0)]));
    let total = |sim: &Simulation, level, metric| {
        let metrics = sim.metrics();
        metrics.total(metrics.find(level, 0, 0).unwrap(), metric)
    };
    let function = |sim: &Simulation, metric| total(sim, Level::Function, metric).sum;
    assert_eq!((function(&silent, Metric::Invocations), function(&sim, Metric::Invocations)), (1, 2));
    assert_eq!(function(&sim, Metric::Duration), 20 + 30);
    assert_eq!(
        total(&sim, Level::Function, Metric::IteratorAge),
        total(&silent, Level::Function, Metric::IteratorAge)
    );
    for metric in [
        Metric::InvokedEventCount,
        Metric::FailedInvokeEventCount,
        Metric::OnFailureDestinationDeliveredEventCount,
    ] {
        assert_eq!(total(&sim, Level::Mapping, metric), total(&silent, Level::Mapping, metric));
    }
    assert_eq!(sim.usage().wasted_megabyte_ms, 128 * 30);
    assert_eq!(sim.usage().megabyte_ms - silent.usage().megabyte_ms, 128 * 30);
}

/// A record that had succeeded, was read again and then given up stays a success, redriven or not.
#[test]
fn a_record_that_had_succeeded_is_not_counted_again() {
    // Two lanes: the first is stuck at record 0 until 10 s, the second has done record 1 when the poller restarts.
    let bad = json!([
        {"when": {"record": 0, "to": 10_000}, "then": "throw"},
        {"when": {"record": 1, "from": 5000, "to": 10_000}, "then": "throw"}]);
    let settings = json!({"ParallelizationFactor": 2, "MaximumRetryAttempts": 10});
    let mut text = document(QUEUE, &settings, &[]);
    text["functions"][0]["versions"]["1"]["handler"]["rules"] = bad;
    text["producers"][0]["records"] = json!([{"at": 0, "PartitionKey": "1"}, {"at": 0, "PartitionKey": "2"}]);
    let update = json!({"UUID": "00000000-0000-4000-8000-000000000000", "MaximumRetryAttempts": 0});
    text["eventSourceMappings"][0]["UUID"] = update["UUID"].clone();
    text["commands"] = json!([
        {"at": 5000, "service": "lambda", "operation": "UpdateEventSourceMapping", "request": update},
        {"at": 5000, "fault": "pollerRestart", "shardId": "shardId-000000000000"},
        {"at": 20_000, "redrive": {"document": 0}}, {"at": 21_000, "redrive": {"document": 1}}]);
    let sim = play(&text);
    let given_up: Vec<u32> =
        (0..sim.discards()).flat_map(|idx| sim.discarded(&sim.discard(idx)).collect::<Vec<_>>()).collect();
    assert_eq!((given_up.len(), outcomes(&sim)), (2, vec!["ok", "ok"]));
    assert_eq!(counts(&sim), (2, 0));
    text["commands"].as_array_mut().unwrap().truncate(2);
    assert_eq!(counts(&play(&text)), (1, 1));
}

#[test]
fn what_a_redrive_reports_in_vain_is_unhandled_until_another_one_writes_it() {
    let unhandled = |redrives: &[(u64, u32)]| {
        let mut scenario = document(QUEUE, &json!({}), redrives);
        let vain = json!({"when": {"record": 1, "from": 10_000, "to": 20_000}, "then": "report"});
        scenario["functions"][0]["versions"]["1"]["handler"]["rules"].as_array_mut().unwrap().push(vain);
        let sim = play(&scenario);
        let mapping = &sim.mappings()[0];
        let stored = (0..3).filter(|&record| mapping.stored(record)).count() as u64;
        assert_eq!(stored, mapping.succeeded - mapping.unhandled);
        (mapping.succeeded, mapping.discarded, mapping.unhandled)
    };
    assert_eq!(unhandled(&[]), (0, 3, 0));
    assert_eq!(unhandled(&[(15_000, 0)]), (3, 0, 1));
    assert_eq!(unhandled(&[(15_000, 0), (16_000, 0)]), (3, 0, 1));
    assert_eq!(unhandled(&[(15_000, 0), (30_000, 0)]), (3, 0, 0));
}
