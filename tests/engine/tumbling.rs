//! Tumbling windows: which batch belongs to which window, the state that goes along, and the last invocation.

use serde_json::{Value, json};
use shardlab::scenario::Scenario;
use shardlab::sim::Simulation;

use crate::{run, run_in_chunks};

/// Records of one key at these times, windows of ten seconds from the scenario's start on, these versions of `f`.
fn scenario(times: &[u64], handler: Value, mapping: Value, commands: Value) -> Scenario {
    let records: Vec<Value> = times.iter().map(|at| json!({"at": at, "PartitionKey": "a"})).collect();
    let mut settings = json!({"EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s", "FunctionName": "f",
        "StartingPosition": "TRIM_HORIZON", "TumblingWindowInSeconds": 10,
        "UUID": "00000000-0000-4000-8000-000000000000"});
    for (name, value) in mapping.as_object().unwrap() {
        settings[name] = value.clone();
    }
    let document = json!({"version": 1, "id": "tumbling", "until": 90_000, "start": "2020-01-14T06:20:00Z",
        "stream": {"StreamName": "s"}, "producers": [{"type": "records", "records": records}],
        "functions": [{"FunctionName": "f", "versions": {"1": {"handler": handler}}}],
        "eventSourceMappings": [settings], "commands": commands});
    Scenario::from_json(&document.to_string()).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn played(scenario: &Scenario) -> Simulation {
    let sim = run(scenario);
    assert_eq!(run_in_chunks(scenario, 5).digest(), sim.digest());
    sim
}

/// Each invocation: when, its records, the window's start in seconds of its minute, the state it got; `!` marks a
/// window's last, `^` an early one.
fn invocations(sim: &Simulation) -> Vec<String> {
    let line = |idx: u32| {
        let event: Value = serde_json::from_str(&sim.payload(idx).to_json()).unwrap();
        let records = event["Records"].as_array().unwrap().len();
        let is = |member: &str, mark: &'static str| if event[member] == json!(true) { mark } else { "" };
        format!(
            "{} {records} {} {}{}{}",
            sim.invocations().get(idx).started_at().0,
            &event["window"]["start"].as_str().unwrap()[17..19],
            event["state"],
            is("isFinalInvokeForWindow", "!"),
            is("isWindowTerminatedEarly", "^")
        )
    };
    (0..sim.invocations().len()).map(line).collect()
}

#[test]
fn a_state_goes_along_until_the_window_ends() {
    // The record at 10 s belongs to the second window; that at 25 s is alone in the third.
    let sim = played(&scenario(&[500, 900, 4000, 10_000, 12_500, 25_000], json!({}), json!({}), json!([])));
    assert_eq!(
        invocations(&sim),
        [
            "1000 2 00 {}",
            "4000 1 00 {\"count\":2}",
            "10000 0 00 {\"count\":3}!",
            "10030 1 10 {}",
            "13000 1 10 {\"count\":1}",
            "20000 0 10 {\"count\":2}!",
            "25000 1 20 {}",
            "30000 0 20 {\"count\":1}!",
        ]
    );
    assert_eq!(sim.returned_state(1), Some(json!({"count": 3})));
    let counts = &sim.summary().records.per_mapping[0];
    assert_eq!((counts.succeeded, counts.pending), (6, 0));
    let line = sim.event_lines(0, u32::MAX).find(|line| {
        let line = serde_json::to_value(line).unwrap();
        line["finalForWindow"] == json!(true)
    });
    let line = serde_json::to_value(line.unwrap()).unwrap();
    assert_eq!(line["window"], json!({"start": "2020-01-14T06:20:00Z", "end": "2020-01-14T06:20:10Z"}));
    assert_eq!(
        (&line["records"], line.get("iteratorAge"), &line["reason"]),
        (&json!([]), None, &json!("tumbling"))
    );
}

/// A batching window ends with the tumbling one, and a batch never holds records of two.
#[test]
fn a_batch_never_leaves_its_window() {
    let mapping = json!({"MaximumBatchingWindowInSeconds": 300});
    let sim = played(&scenario(&[1000, 9999, 10_000, 10_001, 19_000], json!({}), mapping.clone(), json!([])));
    assert_eq!(
        invocations(&sim),
        ["10000 2 00 {}", "10030 0 00 {\"count\":2}!", "20000 3 10 {}", "20030 0 10 {\"count\":3}!",]
    );
    // A slow handler: records of two windows wait behind it.
    let slow = json!({"perRecord": 6000});
    let sim =
        played(&scenario(&[1000, 2000, 8000, 11_000, 14_000], slow, json!({"BatchSize": 2}), json!([])));
    assert_eq!(
        invocations(&sim),
        [
            "1000 1 00 {}",
            "7030 1 00 {\"count\":1}",
            "13060 1 00 {\"count\":2}",
            "19090 0 00 {\"count\":3}!",
            "19120 2 10 {}",
            "31150 0 10 {\"count\":2}!",
        ]
    );
}

#[test]
fn literal_answers_give_their_own_state() {
    let handler = json!({"perInvocation": 5, "respond": {"state": {"sum": 7}}});
    let sim = played(&scenario(&[1000, 3000], handler, json!({}), json!([])));
    assert_eq!(invocations(&sim), ["1000 1 00 {}", "3000 1 00 {\"sum\":7}", "10000 0 00 {\"sum\":7}!"]);
    let none = played(&scenario(&[1000, 3000], json!({"respond": {}}), json!({}), json!([])));
    assert_eq!(invocations(&none), ["1000 1 00 {}", "3000 1 00 {}", "10000 0 00 {}!"]);
    // A state above 1 MiB ends the window early; its later records begin one with the same bounds.
    let large = json!({"respond": {"state": {"text": "x".repeat(1 << 20)}}});
    let sim = played(&scenario(&[1000, 3000], large, json!({}), json!([])));
    let brief: Vec<String> =
        invocations(&sim).iter().map(|line| line.replace(&"x".repeat(1 << 20), "…")).collect();
    assert_eq!(
        brief,
        ["1000 1 00 {}", "1030 0 00 {\"text\":\"…\"}!^", "3000 1 00 {}", "3030 0 00 {\"text\":\"…\"}!^",]
    );
}

#[test]
fn a_state_has_at_most_one_mebibyte() {
    let most = shardlab::quota::WINDOW_STATE_BYTES_MAX;
    let ends_early = |bytes: usize| {
        let text = "x".repeat(bytes - r#"{"s":""}"#.len());
        let sim =
            played(&scenario(&[1000], json!({"respond": {"state": {"s": text}}}), json!({}), json!([])));
        invocations(&sim).last().unwrap().ends_with('^')
    };
    assert!(!ends_early(most) && ends_early(most + 1));
}

/// While the last invocation fails, later records wait; when its retries are used up, the state is gone.
#[test]
fn a_failing_last_invocation_blocks_the_shard() {
    let handler = json!({"perInvocation": 4000});
    let mut scenario = scenario(&[1000, 11_000], handler, json!({"MaximumRetryAttempts": 2}), json!([]));
    scenario.functions[0].timeout = shardlab::units::SimDuration(3000);
    let sim = played(&scenario);
    // Every invocation times out after 3 s: three of the first record, then it is given up.
    let counts = &sim.summary().records.per_mapping[0];
    assert_eq!((counts.succeeded, counts.discarded, counts.pending), (0, 2, 0));
    let lines = invocations(&sim);
    let finals = lines.iter().filter(|line| line.ends_with('!')).count();
    assert_eq!(finals, 6, "{lines:?}");
    assert_eq!(sim.discards(), 2);
}

/// The end of a shard ends its window, before its children are read.
#[test]
fn the_end_of_a_shard_ends_its_window() {
    let split = json!({"at": 1500, "service": "kinesis", "operation": "UpdateShardCount",
        "request": {"StreamName": "s", "TargetShardCount": 2, "ScalingType": "UNIFORM_SCALING"}});
    // The shard closes at 31.5 s, in the fourth window.
    let sim = played(&scenario(&[1000, 30_500, 33_000], json!({}), json!({}), json!([split])));
    assert_eq!(
        invocations(&sim),
        [
            "1000 1 00 {}",
            "10000 0 00 {\"count\":1}!",
            "31000 1 30 {}",
            "32000 0 30 {\"count\":1}!^",
            "40000 1 30 {}",
            "40030 0 30 {\"count\":1}!",
        ]
    );
}

/// A window outlives a pause of its mapping.
#[test]
fn a_disabled_mapping_ends_its_window_when_it_is_enabled() {
    let update = |at: u64, enabled: bool| {
        json!({"at": at, "service": "lambda", "operation": "UpdateEventSourceMapping",
            "request": {"UUID": "00000000-0000-4000-8000-000000000000", "Enabled": enabled}})
    };
    let commands = json!([update(5000, false), update(45_500, true)]);
    let sim = played(&scenario(&[1000, 7000], json!({}), json!({}), commands));
    assert_eq!(invocations(&sim), ["1000 1 00 {}", "46000 1 00 {\"count\":1}", "46030 0 00 {\"count\":2}!"]);
}

/// A window's last invocation has no records: it keeps no checkpoint back.
#[test]
fn a_filtered_record_moves_the_checkpoint_while_the_last_invocation_runs() {
    let filters = json!({"FilterCriteria": {"Filters": [{"Pattern": "{\"partitionKey\": [\"a\"]}"}]}});
    let put = json!([{"at": 11_500, "service": "kinesis", "operation": "PutRecord",
        "request": {"StreamName": "s", "PartitionKey": "other", "Data": "eA=="}}]);
    let sim = played(&scenario(&[500], json!({"perInvocation": 3000}), filters, put));
    assert_eq!(invocations(&sim), ["1000 1 00 {}", "10000 0 00 {\"count\":1}!"]);
    let moved =
        sim.event_lines(0, u32::MAX).filter(|line| line.body.name() == "CheckpointMoved").map(|line| line.t);
    assert_eq!(moved.collect::<Vec<_>>(), [4030, 12_000]);
}
