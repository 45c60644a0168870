//! Destinations that fail: nobody is told, and the lane goes on.
#![expect(clippy::wildcard_enum_match_arm, reason = "a checker looks at the events it is about")]

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};
use shardlab::cloudwatch::metric::{Level, Metric};
use shardlab::cloudwatch::{Bucket, State};
use shardlab::event_log::Event;
use shardlab::scenario::CommandAction;
use shardlab::sim::Simulation;
use shardlab::sim::event_json::EventBody;
use shardlab::sim::redrive::Refusal;
use shardlab::units::SimTime;

use crate::generate::{Changing, read};
use crate::{run, run_in_chunks};

const QUEUE: &str = "arn:aws:sqs:us-east-1:123456789012:failed";
const TOPIC: &str = "arn:aws:sns:us-east-1:123456789012:failed";

/// A record every 10 s from t = 500 on, read at 1000, 11 000, …: each is a batch of its own that fails at once and is
/// given up, its document sent to the queue.
fn failing(commands: &Value) -> Value {
    json!({"version": 1, "id": "undelivered", "start": "2026-01-05T10:00:00Z", "until": 59_000, "stream": {},
        "producers": [{"type": "records", "records":
            (0..5).map(|i| json!({"at": 500 + i * 10_000, "PartitionKey": "k"})).collect::<Vec<_>>()}],
        "functions": [{"FunctionName": "f", "alias": {"Name": "live", "FunctionVersion": "1"},
            "versions": {"1": {"handler": {"rules": [{"when": {"positionInBatch": 1, "to": 50_000}, "then": "throw"}]}}}}],
        "eventSourceMappings": [{"EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s",
            "FunctionName": "f:live", "StartingPosition": "TRIM_HORIZON", "MaximumRetryAttempts": 0,
            "DestinationConfig": {"OnFailure": {"Destination": QUEUE}}, "MetricsConfig": {"Metrics": ["EventCount"]}}],
        "model": {"invokeOverhead": 0},
        "commands": commands})
}

fn fault(at: u64, destination: &str, until: Option<u64>) -> Value {
    json!({"at": at, "fault": "destinationFailure", "destination": destination, "until": until})
}

/// Which of the five documents did not arrive.
#[track_caller]
fn check(commands: &Value, expect: &[u32]) -> Simulation {
    let scenario = read(&failing(commands));
    let sim = run(&scenario);
    assert_eq!(run_in_chunks(&scenario, 3).digest(), sim.digest());
    assert_eq!(sim.discards(), 5);
    let undelivered: Vec<u32> = (0..5).filter(|&idx| sim.discard(idx).is_undelivered()).collect();
    assert_eq!(undelivered, expect, "{commands}");
    sim
}

#[test]
fn a_destination_fails_from_the_fault_to_its_end() {
    check(&json!([]), &[]);
    check(&json!([fault(0, QUEUE, None)]), &[0, 1, 2, 3, 4]);
    check(&json!([fault(0, TOPIC, None)]), &[]);
    // The commands of a millisecond come before its invocations, and the end is the first one at which it works.
    check(&json!([fault(11_000, QUEUE, Some(21_000))]), &[1]);
    check(&json!([fault(11_001, QUEUE, Some(21_001))]), &[2]);
    // A later fault takes an earlier one's place, be it shorter.
    check(&json!([fault(5000, QUEUE, None), fault(25_000, QUEUE, Some(35_000))]), &[1, 2, 3]);
    check(&json!([fault(5000, TOPIC, None), fault(25_000, QUEUE, Some(35_000))]), &[3]);
}

#[test]
fn nobody_is_told_and_the_lane_goes_on() {
    let commands = json!([fault(11_000, QUEUE, Some(21_000)), {"at": 55_000, "redrive": {"document": 1}},
        {"at": 55_000, "redrive": {"document": 2}}]);
    let sim = check(&commands, &[1]);
    let lines: Vec<_> = sim.event_lines(0, u32::MAX).collect();
    let at = lines.iter().position(|line| matches!(line.body, EventBody::DestinationDeliveryFailed { .. }));
    let (told, failed) = (&lines[at.unwrap() - 1], &lines[at.unwrap()]);
    let EventBody::RecordsDiscarded { destination, document, .. } = &told.body else { panic!("{told:?}") };
    assert_eq!((told.t, destination.as_deref(), document.is_some()), (11_000, Some(QUEUE), true));
    let EventBody::DestinationDeliveryFailed { document, mapping, shard_id, destination } = &failed.body
    else {
        panic!("{failed:?}")
    };
    assert_eq!((failed.t, *document, *mapping), (11_000, 1, 0));
    assert_eq!((shard_id.as_str(), destination.as_str()), ("shardId-000000000000", QUEUE));
    // The record counts as given up all the same, and the checkpoint passes it.
    let counts = &sim.summary().records.per_mapping[0];
    assert_eq!((counts.succeeded, counts.discarded, counts.pending), (1, 4, 0));
    // Who has no document cannot take it up again.
    assert_eq!(sim.redrive_refusal(1), Some(Refusal::NotDelivered));
    let redrives: Vec<_> = sim.redrives().iter().map(|one| (one.document, one.invocation.err())).collect();
    assert_eq!(redrives, [(1, Some(Refusal::NotDelivered)), (2, None)]);
}

#[test]
fn failed_deliveries_are_in_the_metrics_and_alarms_see_them() {
    let mut document = failing(&json!([fault(11_000, QUEUE, Some(31_000))]));
    document["until"] = json!(60_000);
    document["alarms"] = json!([{"AlarmName": "a", "Namespace": "AWS/Lambda", "MetricName": "DestinationDeliveryFailures",
        "Dimensions": [{"Name": "FunctionName", "Value": "f"}], "Statistic": "Sum", "Period": 60, "EvaluationPeriods": 1,
        "Threshold": 1, "ComparisonOperator": "GreaterThanThreshold"}]);
    let sim = run(&read(&document));
    let metrics = sim.metrics();
    let minute = |level, part, metric: Metric| {
        let group = metrics.find(level, 0, part).unwrap();
        let Bucket { sum, samples, min, max } = metrics.bucket(group, metric, 0);
        (samples, sum, min, max)
    };
    let failures = Metric::DestinationDeliveryFailures;
    assert_eq!(minute(Level::Function, 0, failures), (5, 2, 0, 1));
    assert_eq!(minute(Level::Resource, 1, failures.of_resource()), (5, 2, 0, 1));
    assert_eq!(minute(Level::Mapping, 0, Metric::DroppedEventCount), (2, 2, 1, 1));
    assert_eq!(minute(Level::Mapping, 0, Metric::OnFailureDestinationDeliveredEventCount), (3, 3, 1, 1));
    let counts = sim.summary().records.per_mapping[0].event_count.unwrap();
    assert_eq!((counts.dropped_event_count, counts.on_failure_destination_delivered_event_count), (2, 3));
    assert_eq!(sim.alarm_changes().last().map(|change| change.to), Some(State::Alarm));
}

/// What the faults of the scenario say of each discard.
fn says(sim: &Simulation) -> Vec<bool> {
    let mut failing: BTreeMap<&str, (SimTime, Option<SimTime>)> = BTreeMap::new();
    let mut faults = sim.scenario().commands.iter().peekable();
    let mut undelivered = Vec::new();
    for (_, t, event) in sim.events(0, u32::MAX) {
        let Event::RecordsDiscarded { discard } = event else { continue };
        while let Some(command) = faults.next_if(|command| command.at <= t) {
            if let CommandAction::DestinationFailure { destination, until } = &command.action {
                failing.insert(destination, (command.at, *until));
            }
        }
        let discard = sim.discard(discard);
        let to = sim.config_of_discard(&discard).on_failure.as_ref().map(|to| to.arn.as_str());
        let fault = to.and_then(|to| failing.get(to));
        undelivered.push(fault.is_some_and(|&(_, until)| until.is_none_or(|until| t < until)));
    }
    undelivered
}

proptest! {
    // Each case is one random run with changes; 48 take a few seconds.
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn documents_arrive_unless_a_fault_says_otherwise(changing in Changing::any()) {
        let sim = run(&changing.scenario());
        let expect = says(&sim);
        let failed = (0..sim.discards()).map(|idx| sim.discard(idx).is_undelivered());
        prop_assert_eq!(failed.collect::<Vec<_>>(), expect.clone());
        let told = sim.events(0, u32::MAX).filter_map(|(.., event)| match event {
            Event::DestinationDeliveryFailed { discard } => Some(discard),
            _ => None,
        });
        let expect = (0..).zip(expect).filter_map(|(idx, failed)| failed.then_some(idx));
        prop_assert_eq!(told.collect::<Vec<u32>>(), expect.collect::<Vec<u32>>());
    }
}
