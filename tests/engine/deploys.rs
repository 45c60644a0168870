//! Deploys while records flow, and what the shipped scenarios about them are meant to show.
use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};
use shardlab::event_log::Event;
use shardlab::lambda::retry::Outcome;
use shardlab::scenario::{Command, CommandAction, Destination, Scenario, Version};
use shardlab::sim::Simulation;
use shardlab::units::SimTime;

use crate::properties::check_all;
use crate::run;

const CURE: &str = include_str!("../../www/scenarios/deploy-cures-poison-pill.json");
const BREAKING: &str = include_str!("../../www/scenarios/deploy-breaking-schema.json");
const TWO_STEPS: &str = include_str!("../../www/scenarios/deploy-two-steps.json");
const CANARY: &str = include_str!("../../www/scenarios/deploy-canary.json");
const LINEAR: &str = include_str!("../../www/scenarios/deploy-linear.json");

fn shipped(text: &str) -> Simulation {
    run(&Scenario::from_json(text).unwrap())
}

/// Every row: when, whose, and by which version, from 1.
fn rows(sim: &Simulation) -> Vec<(SimTime, u32, u32)> {
    let row = |(_, at, event): (u32, SimTime, Event)| {
        let Event::RowWritten { invocation, record, .. } = event else { return None };
        let key = sim.stream().records.get(record).key;
        Some((at, key, sim.invocations().get(invocation).version + 1))
    };
    sim.events(0, u32::MAX).filter_map(row).collect()
}

#[test]
fn a_batch_that_is_being_retried_is_cured_by_a_deploy() {
    let sim = shipped(CURE);
    let poisoned = (0..sim.invocations().len())
        .filter(|&idx| sim.batch(idx).any(|record| sim.data(record).ends_with(b"null}")));
    let attempts: Vec<_> = poisoned.map(|idx| (idx, sim.invocations().get(idx))).collect();
    let (&(last_idx, last), failed) = attempts.split_last().unwrap();
    assert!(failed.len() > 5);
    for (idx, attempt) in failed {
        assert_eq!((attempt.version, attempt.outcome().unwrap().0), (0, Outcome::Error));
        assert_eq!(sim.request_id(*idx), sim.request_id(last_idx), "one batch, one request id");
    }
    assert_eq!((last.version, last.outcome().unwrap().0), (1, Outcome::Ok));
    assert!(last.started_at() > SimTime(30_000));
    assert_eq!(sim.summary().records.per_mapping[0].pending, 0);
}

/// Rows that a version which reads schema 1 alone wrote over a key's row in schema 2, as (reads only 1, writes 2)
/// tell of versions.
fn corrupted(sim: &Simulation, reads_only_1: &[u32], writes_2: &[u32]) -> usize {
    let mut in_schema_2 = BTreeSet::new();
    let mut count = 0;
    for (_, key, version) in rows(sim) {
        count += usize::from(reads_only_1.contains(&version) && in_schema_2.contains(&key));
        if writes_2.contains(&version) {
            in_schema_2.insert(key);
        }
    }
    count
}

#[test]
fn mixed_versions_corrupt_a_table_and_two_deploys_do_not() {
    let breaking = shipped(BREAKING);
    assert!(corrupted(&breaking, &[1], &[2]) > 10);
    let two_steps = shipped(TWO_STEPS);
    assert_eq!(corrupted(&two_steps, &[1], &[3]), 0);
    // Both schemas are mixed in the second deploy too: rows of version 2 follow rows of version 3.
    assert!(corrupted(&two_steps, &[2], &[3]) > 10);
    for sim in [breaking, two_steps] {
        let counts = &sim.summary().records.per_mapping[0];
        assert_eq!((counts.succeeded, counts.pending), (420, 0));
    }
}

/// Invocations that started within the times, end exclusive: those of version 2, and all.
fn of_version_2(sim: &Simulation, from: u64, to: u64) -> (usize, usize) {
    let all = (0..sim.invocations().len()).map(|idx| sim.invocations().get(idx));
    let within = all.filter(|own| (SimTime(from)..SimTime(to)).contains(&own.started_at()));
    let versions: Vec<u32> = within.map(|own| own.version).collect();
    (versions.iter().filter(|&&version| version == 1).count(), versions.len())
}

/// Version 2 has its part of the invocations: three standard deviations around it.
#[track_caller]
fn check_part(sim: &Simulation, (from, to): (u64, u64), part: f64) {
    let (new, count) = of_version_2(sim, from, to);
    let (mean, deviation) = (count as f64 * part, (count as f64 * part * (1.0 - part)).sqrt());
    assert!(count > 20, "{count}");
    assert!((new as f64 - mean).abs() <= 3.0 * deviation, "{new} of {count} for {part}");
}

#[test]
fn a_canary_gets_its_part_of_the_invocations() {
    let sim = shipped(CANARY);
    check_part(&sim, (0, 30_000), 0.0);
    check_part(&sim, (37_000, 330_000), 0.1);
    check_part(&sim, (337_000, 380_000), 1.0);
}

#[test]
fn a_linear_deploy_gives_a_tenth_more_every_minute() {
    let sim = shipped(LINEAR);
    check_part(&sim, (0, 30_000), 0.0);
    let mut before = 0;
    for step in 1..=9_u64 {
        // The weight has reached all front ends 7 s after its minute has begun.
        let (from, to) = (30_000 + 60_000 * (step - 1), 30_000 + 60_000 * step);
        check_part(&sim, (from + 7000, to), step as f64 / 10.0);
        // Over three minutes each, the share can only have grown.
        if step % 3 == 0 {
            let (new, count) = of_version_2(&sim, to - 180_000, to);
            let share = new * 1000 / count;
            assert!(share > before + 150, "{before} to {share} thousandths");
            before = share;
        }
    }
    check_part(&sim, (577_000, 620_000), 1.0);
    let counts = &sim.summary().records.per_mapping[0];
    assert_eq!((counts.succeeded, counts.pending), (900, 0));
}

/// A scenario of one key, one record every 100 ms, and these commands of Lambda; the mapping invokes `invoked`.
fn scenario(invoked: &str, commands: &[(u64, &str, Value)], more: &Value) -> Scenario {
    let commands: Vec<Value> = commands
        .iter()
        .map(|(at, operation, request)| {
            json!({"at": at, "service": "lambda", "operation": operation, "request": request})
        })
        .collect();
    let mut function = json!({
        "FunctionName": "f", "coldStart": {"min": 500, "max": 500},
        "versions": {"1": {"handler": {}}, "2": {"handler": {}}, "3": {"handler": {}}},
        "alias": {"Name": "live", "FunctionVersion": "1"}
    });
    function.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let document = json!({
        "version": 1, "id": "x", "until": 30_000, "stream": {},
        "producers": [{"type": "loop", "partitionKey": "k", "pause": 100, "latency": 0, "count": 200}],
        "functions": [function],
        "eventSourceMappings": [{
            "EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s",
            "FunctionName": invoked, "StartingPosition": "TRIM_HORIZON", "BatchSize": 5
        }],
        "commands": commands
    });
    Scenario::from_json(&document.to_string()).unwrap_or_else(|problems| panic!("{problems:?}"))
}

/// Versions in the order of the invocations, without repeats.
fn versions(sim: &Simulation) -> Vec<Version> {
    let mut versions: Vec<Version> =
        (0..sim.invocations().len()).map(|idx| sim.invocations().get(idx).function_version()).collect();
    versions.dedup();
    versions
}

#[test]
fn a_mapping_follows_what_it_names() {
    let move_to_2 =
        [(10_000, "UpdateAlias", json!({"FunctionName": "f", "Name": "live", "FunctionVersion": "2"}))];
    let last = |invoked| *versions(&run(&scenario(invoked, &move_to_2, &json!({})))).last().unwrap();
    assert_eq!(last("f:live"), Version::Published(1));
    assert_eq!(last("f:1"), Version::Published(0));
    assert_eq!(last("f"), Version::Latest);
    assert_eq!(last("f:$LATEST"), Version::Latest);
}

#[test]
fn latest_runs_what_was_uploaded_last_in_environments_of_its_own() {
    let upload =
        [(10_000, "UpdateFunctionCode", json!({"FunctionName": "f", "S3Bucket": "bucket", "S3Key": "k"}))];
    let sim = run(&scenario("f", &upload, &json!({})));
    let opened: Vec<(u32, bool)> = sim.environments().iter().map(|own| (own.version, own.latest)).collect();
    assert_eq!(opened, [(0, true), (1, true)]);
    assert_eq!(versions(&sim), [Version::Latest]);
    let names = sim.event_lines(0, u32::MAX).filter_map(|line| {
        let line = serde_json::to_value(line).unwrap();
        Some(line["name"].as_str()?.to_owned())
    });
    assert!(names.into_iter().all(|name| name.contains("/[$LATEST]")));
}

#[test]
fn a_move_is_known_at_once_without_a_window() {
    let mut scenario = scenario(
        "f:live",
        &[(10_000, "UpdateAlias", json!({"FunctionName": "f", "Name": "live", "FunctionVersion": "2"}))],
        &json!({}),
    );
    scenario.model.rollout = shardlab::units::SimDuration(0);
    let sim = run(&scenario);
    assert_eq!(versions(&sim), [Version::Published(0), Version::Published(1)]);
    let first =
        (0..sim.invocations().len()).map(|idx| sim.invocations().get(idx)).find(|own| own.version == 1);
    assert_eq!(first.unwrap().started_at(), SimTime(10_000));
}

#[test]
fn the_old_version_starts_cold_once_unless_the_dial_is_off() {
    let moved =
        [(10_000, "UpdateAlias", json!({"FunctionName": "f", "Name": "live", "FunctionVersion": "2"}))];
    let opened = |dial: bool| {
        let mut scenario = scenario("f:live", &moved, &json!({}));
        scenario.model.rollout_cold_old = dial;
        run(&scenario).environments().iter().map(|own| own.version).collect::<Vec<u32>>()
    };
    assert_eq!(opened(true), [0, 1, 0]);
    assert_eq!(opened(false), [0, 1]);
}

/// An environment that idled too long is gone, of whatever version: coming back to one starts cold.
#[test]
fn a_warm_environment_of_an_old_version_idles_out() {
    let to = |at: u64, version: &str| {
        (at, "UpdateAlias", json!({"FunctionName": "f", "Name": "live", "FunctionVersion": version}))
    };
    let opened = |idle: u64| {
        let mut scenario =
            scenario("f:live", &[to(5000, "2"), to(15_000, "1")], &json!({"idleTimeout": idle}));
        scenario.model.rollout = shardlab::units::SimDuration(0);
        run(&scenario).environments().iter().map(|own| own.version).collect::<Vec<u32>>()
    };
    assert_eq!(opened(60_000), [0, 1]);
    assert_eq!(opened(8000), [0, 1, 0]);
}

/// A retry resolves the alias again, and the on-failure document names the version of the last attempt.
#[test]
fn the_document_names_the_version_that_ran_last() {
    let fails = json!({"handler": {"rules": [{"when": {"number": 1}, "then": "throw"}]}});
    let mut scenario = scenario(
        "f:live",
        &[(1000, "UpdateAlias", json!({"FunctionName": "f", "Name": "live", "FunctionVersion": "2"}))],
        &json!({"versions": {"1": fails, "2": fails}}),
    );
    scenario.model.rollout = shardlab::units::SimDuration(0);
    scenario.mappings[0].maximum_retry_attempts = Some(3);
    scenario.mappings[0].on_failure = Destination::parse("arn:aws:sqs:us-east-1:123456789012:dead-letters");
    let sim = run(&scenario);
    let attempts = |version| {
        let all = (0..sim.invocations().len()).map(|idx| sim.invocations().get(idx));
        all.filter(|own| own.batch == 0 && own.version == version).count()
    };
    assert_eq!((attempts(0), attempts(1)), (2, 2));
    let document = sim.event_lines(0, u32::MAX).find_map(|line| {
        let line = serde_json::to_value(line).unwrap();
        Some(line["document"].clone()).filter(Value::is_object)
    });
    let document = document.unwrap();
    assert_eq!(document["responseContext"]["executedVersion"], "2");
    assert!(document["requestContext"]["functionArn"].as_str().unwrap().ends_with(":f:live"));
}

/// The same command given live gives the same log as in the file.
#[test]
fn live_deploys_are_those_of_the_file() {
    let request = json!({"FunctionName": "f", "Name": "live", "FunctionVersion": "2"});
    let expect = run(&scenario("f:live", &[(10_000, "UpdateAlias", request.clone())], &json!({})));
    let mut live = Simulation::new(scenario("f:live", &[], &json!({})));
    live.run_until(SimTime(9999));
    let action = CommandAction::operation("lambda", "UpdateAlias", request).unwrap();
    live.add_command(Command { at: live.next_command_at(), action });
    live.run_until(SimTime(30_000));
    assert_eq!(live.digest(), expect.digest());
    assert_eq!(expect.alias_changes().len(), 1);
}

/// A mapping can be made to follow an alias that was created in the run.
#[test]
fn a_mapping_can_follow_an_alias_created_in_the_run() {
    let mut scenario = scenario(
        "f:live",
        &[
            (5000, "CreateAlias", json!({"FunctionName": "f", "Name": "next", "FunctionVersion": "2"})),
            (
                6000,
                "UpdateEventSourceMapping",
                json!({"UUID": "91eaeb7e-c976-4939-9c2e-1b1a2a3b4c5d", "FunctionName": "f:next"}),
            ),
        ],
        &json!({}),
    );
    scenario.mappings[0].uuid = Some("91eaeb7e-c976-4939-9c2e-1b1a2a3b4c5d".into());
    let sim = run(&scenario);
    assert_eq!(versions(&sim), [Version::Published(0), Version::Published(1)]);
    let answer = sim.calls().last().unwrap().answer.clone().unwrap();
    assert_eq!(answer["FunctionArn"], "arn:aws:lambda:us-east-1:123456789012:function:f:next");
}

/// A session at the console: what a terminal shows of each line.
#[test]
fn the_console_deploys() {
    let lines = [
        "aws lambda get-function --function-name f",
        "aws lambda update-function-code --function-name f --s3-bucket packages --s3-key f.zip",
        "aws lambda publish-version --function-name f --description second",
        "aws lambda update-alias --function-name f --name live --routing-config AdditionalVersionWeights={2=0.1}",
        "aws lambda get-alias --function-name f --name live",
        "aws lambda update-alias --function-name f --name live --function-version 2",
        "aws lambda update-alias --function-name f --name live --function-version 2 --routing-config {}",
        "aws lambda create-alias --function-name f --name 12 --function-version one",
        "aws lambda create-alias --function-name f --name next --function-version 9",
        "aws lambda update-alias --function-name f --name live --routing-config AdditionalVersionWeights={3=much}",
        "aws lambda update-alias --function-name f --name live --routing-config AdditionalVersionWeights={3=1.5}",
        "aws lambda update-alias --function-name f --name live --routing-config AdditionalVersionWeights=3",
    ];
    let mut sim = Simulation::new(scenario("f:live", &[], &json!({})));
    for line in lines {
        let at = sim.next_command_at();
        sim.add_command(Command { at, action: CommandAction::Cli(line.into()) });
        sim.run_until(at);
    }
    let shown: Vec<String> = sim
        .done()
        .iter()
        .zip(lines)
        .map(|(done, line)| {
            let outcome = done.outcome.as_ref().unwrap();
            format!("$ {line}\n{}{}", outcome.stdout, outcome.stderr)
        })
        .collect();
    insta::assert_snapshot!(shown.join("\n"));
}

/// How many invocations of these outcomes started within the times, start inclusive, end exclusive.
fn started(sim: &Simulation, from: u64, to: u64, throttled: bool) -> usize {
    let all = (0..sim.invocations().len()).map(|idx| sim.invocations().get(idx));
    let within = all.filter(|own| (SimTime(from)..SimTime(to)).contains(&own.started_at()));
    within
        .filter(|own| own.outcome().is_some_and(|(outcome, _)| (outcome == Outcome::Throttled) == throttled))
        .count()
}

#[test]
fn reserved_concurrency_is_changed_while_records_flow() {
    let put = |executions: u32| json!({"FunctionName": "f", "ReservedConcurrentExecutions": executions});
    let commands = [
        (5000, "PutFunctionConcurrency", put(0)),
        (10_000, "PutFunctionConcurrency", put(1)),
        (15_000, "PutFunctionConcurrency", put(0)),
        (16_000, "DeleteFunctionConcurrency", json!({"FunctionName": "f"})),
    ];
    let scenario = scenario("f:live", &commands, &json!({}));
    let sim = run(&scenario);
    assert!(started(&sim, 0, 5000, false) > 3 && started(&sim, 0, 5000, true) == 0);
    assert!(started(&sim, 5000, 10_000, true) > 3 && started(&sim, 5000, 10_000, false) == 0);
    assert!(started(&sim, 10_000, 15_000, false) > 3);
    assert_eq!((started(&sim, 10_000, 15_000, true), started(&sim, 15_000, 16_000, false)), (0, 0));
    assert!(started(&sim, 15_000, 16_000, true) > 0 && started(&sim, 16_000, 30_000, false) > 3);
    let records = &sim.summary().records.per_mapping[0];
    assert_eq!((records.succeeded, records.pending), (200, 0), "throttled, but nothing is lost");
    assert_eq!(crate::run_in_chunks(&scenario, 3).digest(), sim.digest());
}

#[test]
fn a_mapping_waits_for_an_alias_that_was_deleted() {
    let alias = json!({"FunctionName": "f", "Name": "live"});
    let mut again = alias.clone();
    again["FunctionVersion"] = json!("2");
    let commands = [(5000, "DeleteAlias", alias), (10_000, "CreateAlias", again)];
    let sim = run(&scenario("f:live", &commands, &json!({})));
    assert_eq!(started(&sim, 5001, 10_000, false), 0);
    assert!(started(&sim, 5001, 10_000, true) > 3);
    let versions: BTreeSet<(bool, u32)> =
        rows(&sim).into_iter().map(|(at, _, version)| (at >= SimTime(10_000), version)).collect();
    assert_eq!(versions, BTreeSet::from([(false, 1), (true, 2)]), "the new alias has no front ends behind");
    let records = &sim.summary().records.per_mapping[0];
    assert_eq!((records.succeeded, records.pending), (200, 0));
}

#[test]
fn a_deleted_function_is_not_invoked() {
    let commands = [(5000, "DeleteFunction", json!({"FunctionName": "f"}))];
    let sim = run(&scenario("f", &commands, &json!({})));
    assert!(started(&sim, 0, 5000, false) > 3 && started(&sim, 5001, 30_000, false) == 0);
    let records = &sim.summary().records.per_mapping[0];
    assert!(records.pending > 100 && records.succeeded + records.pending == 200, "{records:?}");
}

/// A call of Lambda, right or wrong, by four small numbers.
fn any_call((kind, alias, version, count): (u8, u8, u8, u32)) -> (&'static str, Value) {
    let (alias, version) = (["live", "next"][usize::from(alias)], version.to_string());
    let of = |function: &str| json!({"FunctionName": function});
    let named = json!({"FunctionName": "f", "Name": alias});
    let with = |member: &str, value: Value| {
        let mut request = named.clone();
        request["FunctionVersion"] = json!(version);
        request[member] = value;
        request
    };
    let weights = json!({"AdditionalVersionWeights": {"2": 0.5}});
    match kind {
        0 => ("PublishVersion", of("f")),
        1 => ("UpdateFunctionCode", of("f")),
        2 => ("CreateAlias", with("Description", json!("d"))),
        3 => ("UpdateAlias", with("RoutingConfig", weights)),
        4 => ("UpdateAlias", with("RoutingConfig", json!({}))),
        5 => ("DeleteAlias", named),
        6 => ("DeleteFunction", json!({"FunctionName": "f", "Qualifier": version})),
        7 => ("PutFunctionConcurrency", json!({"FunctionName": "f", "ReservedConcurrentExecutions": count})),
        8 => ("DeleteFunctionConcurrency", of("f")),
        9 => ("ListAliases", of("f")),
        10 => ("ListVersionsByFunction", of("f")),
        _ => ("DeleteFunction", of(if count == 0 { "f" } else { "g" })),
    }
}

proptest! {
    // Each case runs 200 records under up to ten calls of twelve kinds; 100 take some seconds.
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// Whatever is deployed, deleted and reserved: order holds, nothing is lost, and a run in parts is the same.
    #[test]
    fn any_calls_of_functions_keep_order(
        calls in prop::collection::vec((0..25_000u64, (0..12u8, 0..2u8, 0..5u8, 0..3u32)), 0..10),
        invoked in 0..3usize,
        seed in any::<u64>(),
    ) {
        let calls: Vec<(u64, &str, Value)> = calls
            .into_iter()
            .map(|(at, call)| {
                let (operation, request) = any_call(call);
                (at, operation, request)
            })
            .collect();
        let scenario = scenario(["f", "f:live", "f:1"][invoked], &calls, &json!({}));
        let sim = run(&scenario);
        check_all(&sim)?;
        let records = &sim.summary().records.per_mapping[0];
        prop_assert_eq!(records.succeeded + records.pending, 200);
        prop_assert_eq!(crate::run_in_chunks(&scenario, seed).digest(), sim.digest());
    }
}
