//! What runs cost, and how much of their work was done again.
#![expect(clippy::wildcard_enum_match_arm, reason = "a checker looks at the events it is about")]

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};
use shardlab::event_log::Event;
use shardlab::lambda::retry::Outcome;
use shardlab::scenario::Scenario;
use shardlab::sim::Simulation;
use shardlab::sim::cost::Usage;
use shardlab::units::SimTime;

use crate::generate::{Shape, read, scenario};
use crate::run;

/// Memory × duration, and the part of it that fell to records handed over before, from the log alone.
pub(crate) fn worked(sim: &Simulation) -> (u64, u64) {
    let mut seen = BTreeSet::new();
    let mut before = vec![0u64; sim.invocations().len() as usize];
    let (mut all, mut again) = (0, 0);
    for (_, _, event) in sim.events(0, u32::MAX) {
        match event {
            Event::InvocationStarted { invocation } => {
                let mapping = sim.invocations().get(invocation).lane.mapping;
                let count = sim.batch(invocation).filter(|record| seen.contains(&(mapping, *record))).count();
                before[invocation as usize] = count as u64;
                if sim.invocations().get(invocation).environment != u32::MAX {
                    seen.extend(sim.batch(invocation).map(|record| (mapping, record)));
                }
            }
            Event::InvocationEnded { invocation } => {
                let one = sim.invocations().get(invocation);
                let (outcome, duration) = one.outcome().unwrap();
                if outcome != Outcome::Throttled {
                    let memory = sim.scenario().functions[sim.function_of(&one) as usize].memory_mb;
                    let megabyte_ms = u64::from(memory) * duration.0;
                    all += megabyte_ms;
                    again += (megabyte_ms * before[invocation as usize])
                        .checked_div(one.count.into())
                        .unwrap_or(0);
                }
            }
            _ => {}
        }
    }
    (all, again)
}

proptest! {
    // Each case is one random run; 48 take a second or two.
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn wasted_work_is_what_the_log_tells(shape in Shape::any()) {
        let sim = run(&scenario(&shape));
        let usage = sim.usage();
        prop_assert_eq!((usage.megabyte_ms, usage.wasted_megabyte_ms), worked(&sim));
        prop_assert_eq!(usage.requests, sim.totals().invocations);
        if !shape.can_fail() {
            prop_assert_eq!(usage.wasted_megabyte_ms, 0);
        }
    }
}

fn shipped(text: &str) -> Simulation {
    run(&Scenario::from_json(text).unwrap())
}

/// Article C's error run: a retry works for 36 s and costs $0.000075, all of it wasted.
#[test]
fn article_c_s_retries_are_cheap() {
    let scenario =
        Scenario::from_json(include_str!("../../www/scenarios/parallelization-3-error.json")).unwrap();
    let at = |t: u64| {
        let mut sim = Simulation::new(scenario.clone());
        sim.run_until(SimTime(t));
        sim.usage()
    };
    // The attempts that start at 116 s and 154 s end between these moments.
    let (before, after) = (at(140_000), at(180_000));
    let retry = after.wasted_megabyte_ms - before.wasted_megabyte_ms;
    assert!((36_000..36_200).contains(&(retry / 128)), "{}", retry / 128);
    let cost = Usage { megabyte_ms: retry, ..Usage::default() };
    assert_eq!(cost.cost(&scenario.prices).lambda, "0.000075");
}

/// Article B: bisect works records again, reports do too as far as they are behind the cut; of endless retries nearly
/// all is wasted. Rows written again: 9 of 19, none, and all but the first three.
#[test]
fn article_b_s_three_modes() {
    let bisect = shipped(include_str!("../../www/scenarios/checkpoint-bisect.json"));
    let report = shipped(include_str!("../../www/scenarios/checkpoint-report.json"));
    let default = shipped(include_str!("../../www/scenarios/checkpoint-default.json"));
    assert_eq!((bisect.summary().duplicates, report.summary().duplicates), (9, 0));
    for sim in [&bisect, &report, &default] {
        let usage = sim.usage();
        assert_eq!((usage.megabyte_ms, usage.wasted_megabyte_ms), worked(sim));
    }
    let share = |sim: &Simulation| sim.usage().wasted_megabyte_ms * 100 / sim.usage().megabyte_ms;
    assert!(share(&default) > share(&bisect) && share(&bisect) > 0, "{} {}", share(&default), share(&bisect));
}

/// Records that a faster lane had done are wasted work when the poller restarts, others are not.
#[test]
fn what_is_read_again_from_the_checkpoint_is_wasted() {
    let document = |commands: Value| {
        json!({"version": 1, "id": "again", "until": 60_000, "stream": {},
            "producers": [{"type": "records", "records": [{"at": 0, "PartitionKey": "1"}, {"at": 0, "PartitionKey": "2"}]}],
            "functions": [{"FunctionName": "f", "MemorySize": 256, "versions": {"1": {"handler": {"perRecord": 100, "rules": [
                {"when": {"partitionKey": "1", "to": 10_000}, "then": "throw"}]}}}}],
            "eventSourceMappings": [{"EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s", "FunctionName": "f",
                "StartingPosition": "TRIM_HORIZON", "ParallelizationFactor": 2}],
            "model": {"backoffBase": 20_000}, "commands": commands})
    };
    let quiet = run(&read(&document(json!([]))));
    let restart = json!([{"at": 5000, "fault": "pollerRestart", "shardId": "shardId-000000000000"}]);
    let restarted = run(&read(&document(restart)));
    for sim in [&quiet, &restarted] {
        let usage = sim.usage();
        assert_eq!((usage.megabyte_ms, usage.wasted_megabyte_ms), worked(sim));
    }
    // One retry; or, besides it, both records again.
    assert_eq!(quiet.usage().wasted_megabyte_ms, 256 * 100);
    assert_eq!(restarted.usage().wasted_megabyte_ms, 256 * 300);
}

#[test]
fn prices_are_the_scenario_s() {
    let mut document: Value =
        serde_json::from_str(include_str!("../../www/scenarios/parallelization-3.json")).unwrap();
    let usual = run(&read(&document));
    document["prices"] = json!({"date": "2027-01-01", "source": "our contract", "lambdaMillionRequests": 0,
        "lambdaMillionGigabyteSeconds": 33.3334, "kinesisShardHour": 0, "kinesisMillionPayloadUnits": 1000});
    let ours = run(&read(&document));
    assert_eq!((ours.digest(), ours.usage()), (usual.digest(), usual.usage()));
    assert_eq!([&usual.cost().lambda, &usual.cost().kinesis], ["0.000943", "0.001002"]);
    // 451.7 s at 128 MB; 150 units.
    assert_eq!(usual.cost().gigabyte_seconds, "56.462500");
    assert_eq!([&ours.cost().lambda, &ours.cost().kinesis], ["0.001882", "0.150000"]);
    assert_eq!(ours.scenario().prices.date, "2027-01-01");
}

/// Ten records of 3000 bytes at once, read at 1000 by a mapping; of key `k`, in shard 0 of 2.
fn ten_records(more: &Value) -> Value {
    let records: Vec<Value> = (0..10)
        .map(|_| json!({"at": 500, "PartitionKey": "k", "ExplicitHashKey": "0", "size": 3000}))
        .collect();
    let mut document = json!({"version": 1, "id": "ten", "start": "2020-01-14T06:23:03.000Z", "until": 3_600_000,
        "stream": {"ShardCount": 2}, "producers": [{"type": "records", "records": records}],
        "functions": [{"FunctionName": "f", "versions": {"1": {"handler": {}}}}],
        "eventSourceMappings": [{"EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s",
            "FunctionName": "f", "StartingPosition": "TRIM_HORIZON"}]});
    document.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    document
}

fn usage(more: &Value) -> Usage {
    run(&read(&ten_records(more))).usage()
}

const EFO: &str = "arn:aws:kinesis:us-east-1:123456789012:stream/s/consumer/efo:1578982983";
const STREAM_ARN: &str = "arn:aws:kinesis:us-east-1:123456789012:stream/s";
const HOUR: u64 = 3_600_000;

#[test]
fn consumers_with_enhanced_fan_out_pay_for_shards_and_bytes() {
    let none = usage(&json!({}));
    assert_eq!((none.shard_ms, none.consumer_shard_ms, none.consumer_bytes), (2 * HOUR, 0, 0));
    // One that reads and one that does not: both are registered.
    let mapping = json!([{"EventSourceArn": EFO, "FunctionName": "f", "StartingPosition": "TRIM_HORIZON"}]);
    let consumers = json!([{"ConsumerName": "efo"}, {"ConsumerName": "idle"}]);
    let both =
        usage(&json!({"stream": {"ShardCount": 2, "Consumers": consumers}, "eventSourceMappings": mapping}));
    assert_eq!((both.consumer_shard_ms, both.consumer_bytes), (4 * HOUR, 30_000));
    // From the registration to the deregistration; a shard that is split costs as three.
    let call = |at: u64, operation: &str, request: Value| json!({"at": at, "service": "kinesis", "operation": operation, "request": request});
    let commands = json!([
        call(600_000, "RegisterStreamConsumer", json!({"StreamARN": STREAM_ARN, "ConsumerName": "efo"})),
        call(
            1_170_000,
            "SplitShard",
            json!({"StreamName": "s", "ShardToSplit": "shardId-000000000000",
            "NewStartingHashKey": "1000"})
        ),
        call(1_800_000, "DeregisterStreamConsumer", json!({"StreamARN": STREAM_ARN, "ConsumerName": "efo"})),
    ]);
    let some = usage(&json!({"commands": commands}));
    assert_eq!(some.consumer_shard_ms, 600_000 * 2 + 600_000 * 3);
    assert_eq!(some.shard_ms, 1_200_000 * 2 + 2_400_000 * 3);
}

#[test]
fn an_on_demand_stream_pays_by_the_hour_and_by_what_goes_in_and_out() {
    let on_demand =
        json!({"StreamModeDetails": {"StreamMode": "ON_DEMAND"}, "Consumers": [{"ConsumerName": "efo"}]});
    let mappings = json!([
        {"EventSourceArn": STREAM_ARN, "FunctionName": "f", "StartingPosition": "TRIM_HORIZON"},
        {"EventSourceArn": EFO, "FunctionName": "f", "StartingPosition": "TRIM_HORIZON"}]);
    let usual = usage(&json!({"stream": on_demand, "eventSourceMappings": mappings}));
    let expect = Usage {
        requests: 2,
        on_demand_ms: HOUR,
        on_demand_kilobytes_in: 30,
        on_demand_bytes_out: 30_000,
        on_demand_consumer_bytes: 30_000,
        ..Usage::default()
    };
    assert_eq!(usual, expect);
    // A retry reads its batch again, except what was pushed; a redrive reads what the document tells of.
    let failing = json!([{"FunctionName": "f", "versions": {"1": {"handler": {"rules": [
        {"when": {"positionInBatch": 1, "to": 10_000}, "then": "throw"}]}}}}]);
    let mut mappings = mappings;
    for (mapping, service) in [(0, "sqs:us-east-1:123456789012"), (1, "s3::")] {
        mappings[mapping]["MaximumRetryAttempts"] = json!(1);
        mappings[mapping]["DestinationConfig"] =
            json!({"OnFailure": {"Destination": format!("arn:aws:{service}:failed")}});
    }
    let redrive = |document: u32| json!({"at": 20_000, "redrive": {"document": document}});
    let again = |commands: Value| {
        usage(
            &json!({"stream": on_demand, "eventSourceMappings": mappings, "functions": failing, "commands": commands}),
        )
    };
    let retried = again(json!([]));
    assert_eq!((retried.on_demand_bytes_out, retried.on_demand_consumer_bytes), (60_000, 30_000));
    assert_eq!(again(json!([redrive(0), redrive(1)])).on_demand_bytes_out, 90_000);
    let get = "aws kinesis get-shard-iterator --stream-name s --shard-id shardId-000000000000 --shard-iterator-type LATEST";
    assert_eq!(again(json!([{"at": 30_000, "cli": get}])).on_demand_bytes_out, 60_000);
}

#[test]
fn the_mode_counts_from_the_end_of_the_switch_and_nothing_after_the_deletion() {
    let switch = |at: u64, mode: &str| {
        let request = json!({"StreamARN": STREAM_ARN, "StreamModeDetails": {"StreamMode": mode}});
        json!({"at": at, "service": "kinesis", "operation": "UpdateStreamMode", "request": request})
    };
    let delete = json!({"at": 2_370_000, "service": "kinesis", "operation": "DeleteStream",
        "request": {"StreamName": "s"}});
    // The records are put before the switch has an effect. A step takes 30 s.
    let late =
        usage(&json!({"commands": [switch(0, "ON_DEMAND"), switch(1_170_000, "PROVISIONED"), delete]}));
    assert_eq!((late.put_payload_units, late.on_demand_kilobytes_in, late.on_demand_bytes_out), (10, 0, 0));
    assert_eq!((late.on_demand_ms, late.shard_ms), (1_170_000, (30_000 + 1_200_000) * 2));
    let soon = usage(&json!({"model": {"reshardStep": 0}, "commands": [switch(0, "ON_DEMAND")]}));
    assert_eq!(
        (soon.put_payload_units, soon.on_demand_kilobytes_in, soon.on_demand_bytes_out),
        (0, 30, 30_000)
    );
    assert_eq!((soon.on_demand_ms, soon.shard_ms), (HOUR, 0));
}
