//! Auto scaling as article D describes it: an alarm, a topic, a function that calls UpdateShardCount and moves the
//! threshold, and the limit of calls that stops it.

use serde_json::json;
use shardlab::cloudwatch::State;
use shardlab::lambda::retry::Outcome;
use shardlab::scenario::Scenario;
use shardlab::sim::Simulation;
use shardlab::units::SimTime;

const AUTO_SCALING: &str = include_str!("../../www/scenarios/auto-scaling.json");

fn run(document: &serde_json::Value) -> Simulation {
    let scenario = Scenario::from_value(document).unwrap();
    let until = scenario.until;
    let mut sim = Simulation::new(scenario);
    sim.run_until(until);
    sim
}

fn document() -> serde_json::Value {
    serde_json::from_str(AUTO_SCALING).unwrap()
}

/// Each call with what came of it.
fn calls(sim: &Simulation) -> Vec<(&str, Result<(), &str>)> {
    sim.calls()
        .iter()
        .map(|call| (call.operation, call.answer.as_ref().map(|_| ()).map_err(|error| error.type_name)))
        .collect()
}

#[test]
fn the_third_call_of_the_day_is_refused_and_the_threshold_stays() {
    let sim = run(&document());
    let scaled = [("UpdateShardCount", Ok(())), ("PutMetricAlarm", Ok(()))];
    let refused = [("UpdateShardCount", Err("LimitExceededException"))];
    assert_eq!(calls(&sim), [&scaled[..], &scaled, &refused].concat());
    assert_eq!(sim.stream().open_shards().len(), 4);
    let alarm = &sim.alarms()[0];
    assert_eq!((alarm.definition.threshold.text().as_str(), alarm.state), ("16.0", State::Ok));
    let states: Vec<State> = sim.alarm_changes().iter().map(|change| change.to).collect();
    use State::{Alarm, Ok as Fine};
    assert_eq!(states, [Fine, Alarm, Fine, Alarm, Fine, Alarm, Fine]);
}

#[test]
fn with_the_limits_of_today_it_goes_on() {
    let mut document = document();
    document["quotas"] = json!("current");
    let sim = run(&document);
    assert_eq!(
        calls(&sim).iter().filter(|(name, answer)| *name == "UpdateShardCount" && answer.is_ok()).count(),
        3
    );
    assert_eq!(sim.stream().open_shards().len(), 8);
}

#[test]
fn an_alarm_without_enabled_actions_tells_no_one() {
    let mut document = document();
    document["alarms"][0]["ActionsEnabled"] = json!(false);
    let sim = run(&document);
    assert!(sim.calls().is_empty() && sim.alarm_changes().len() > 1);
}

#[test]
fn an_alarm_is_evaluated_at_the_end_of_each_period_and_not_before() {
    let scenario = Scenario::from_json(AUTO_SCALING).unwrap();
    let mut sim = Simulation::new(scenario);
    sim.run_until(SimTime(899_999));
    assert!(sim.alarm_changes().is_empty());
    sim.run_until(SimTime(900_000));
    assert_eq!(sim.alarm_changes().len(), 1);
}

#[test]
fn the_scaling_function_is_invoked_by_its_topic() {
    let mut sim = Simulation::new(Scenario::from_json(AUTO_SCALING).unwrap());
    sim.run_until(SimTime(24_300_000));
    let function = &sim.alarm_invocations()[0];
    assert_eq!((function.outcome, function.cold_start, sim.calls().len()), (None, true, 0));
    sim.run_until(sim.scenario().until);
    let outcomes: Vec<Option<Outcome>> = sim.alarm_invocations().iter().map(|one| one.outcome).collect();
    assert_eq!(outcomes, [Some(Outcome::Ok), Some(Outcome::Ok), Some(Outcome::Error)]);
    assert_eq!(
        sim.alarm_invocations()[2].error_message.as_deref(),
        Some(
            "An error occurred (LimitExceededException) when calling the UpdateShardCount operation: Rate exceeded \
             for stream orders under account 123456789012."
        )
    );
    let totals = sim.totals();
    assert_eq!(totals.invocations, u64::from(sim.invocations().len()) + 3);
    assert_eq!(totals.outcomes.error, 1);
    let event: serde_json::Value = serde_json::from_str(&sim.alarm_event(0)).unwrap();
    let message = event["Records"][0]["Sns"]["Message"].as_str().unwrap();
    let message: serde_json::Value = serde_json::from_str(message).unwrap();
    assert_eq!((&message["AlarmName"], &message["NewStateValue"]), (&json!("orders-busy"), &json!("ALARM")));
    // The threshold that it was told, not the one that it set.
    assert_eq!(message["Trigger"]["Threshold"], json!(4.0));
}
