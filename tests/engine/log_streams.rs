//! What the log streams of environments show.
use serde_json::json;
use shardlab::scenario::Scenario;
use shardlab::sim::Simulation;
use shardlab::units::SimTime;

use crate::run;

/// Two records, worked by a handler with this rule; `log` are the function's templates.
fn scenario(rule: &serde_json::Value, log: &serde_json::Value) -> Scenario {
    let handler = json!({"perRecord": 1000, "perInvocation": 70, "rules": rule});
    let document = json!({
        "version": 1, "id": "x", "start": "2020-11-02T06:29:12.400Z", "until": 4000, "stream": {},
        "producers": [{"type": "records", "records": [
            {"at": 0, "PartitionKey": "a"}, {"at": 0, "PartitionKey": "b"}
        ]}],
        "functions": [{
            "FunctionName": "f", "Timeout": 3, "MemorySize": 256, "versions": {"1": {"handler": handler}},
            "coldStart": {"min": 600, "max": 600}, "log": log
        }],
        "eventSourceMappings": [{
            "EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s",
            "FunctionName": "f", "StartingPosition": "TRIM_HORIZON"
        }]
    });
    Scenario::from_json(&document.to_string()).expect("a scenario")
}

/// The first log stream at `t`, with ids replaced by names: times and texts.
fn lines(sim: &Simulation) -> Vec<String> {
    let id = sim.request_id(0);
    let text = |text: &str| {
        let text = text.replace(&id, "ID");
        let numbers = (0..2).map(|record| (sim.sequence_number(record), record));
        numbers.fold(text, |text, (number, record)| text.replace(&number, &format!("SEQ{record}")))
    };
    sim.log_stream(0).map(|line| format!("{} {}", line.at.0, text(&line.text))).collect()
}

#[track_caller]
fn check(rule: &serde_json::Value, expect: &[&str]) {
    let sim = run(&scenario(rule, &json!({})));
    assert_eq!(lines(&sim)[..expect.len()], *expect);
}

const REPORT: &str = "Memory Size: 256 MB\tInit Duration: 600.00 ms\t";

#[test]
fn a_success_has_start_end_and_report() {
    let report =
        format!("2700 REPORT RequestId: ID\tDuration: 2070.00 ms\tBilled Duration: 2070 ms\t{REPORT}");
    let expect = [
        "630 START RequestId: ID Version: $LATEST",
        "630 records: 2",
        "1630 Success: SEQ0",
        "2630 Success: SEQ1",
        "2700 END RequestId: ID",
        &report,
    ];
    check(&json!([]), &expect);
    let sim = run(&scenario(&json!([]), &json!({})));
    assert_eq!(lines(&sim).len(), expect.len());
}

#[test]
fn a_failure_tells_the_record_and_the_exception() {
    let rule = json!([{"when": {"positionInBatch": 2}, "then": "throw"}]);
    let report =
        format!("2630 REPORT RequestId: ID\tDuration: 2000.00 ms\tBilled Duration: 2000 ms\t{REPORT}");
    check(
        &rule,
        &[
            "630 START RequestId: ID Version: $LATEST",
            "630 records: 2",
            "1630 Success: SEQ0",
            "2630 Error: SEQ1",
            "2630 [ERROR] record SEQ1 failed",
            "2630 END RequestId: ID",
            &report,
            // The retry runs in the same environment, so in the same log stream, under the same id.
            "2860 START RequestId: ID Version: $LATEST",
        ],
    );
}

#[test]
fn time_outs_and_crashes_are_told_after_the_report() {
    let end = |at: u64, ms: u64| {
        format!("{at} REPORT RequestId: ID\tDuration: {ms}.00 ms\tBilled Duration: {ms} ms\t{REPORT}")
    };
    let start = "630 START RequestId: ID Version: $LATEST";
    check(
        &json!([{"when": {"positionInBatch": 1}, "then": "timeout"}]),
        &[
            start,
            "630 records: 2",
            "3630 END RequestId: ID",
            &end(3630, 3000),
            "3630 2020-11-02T06:29:16.030Z ID Task timed out after 3.00 seconds",
        ],
    );
    check(
        &json!([{"when": {"positionInBatch": 1}, "then": "crash"}]),
        &[
            start,
            "630 records: 2",
            "1630 Error: SEQ0",
            "1630 END RequestId: ID",
            &end(1630, 1000),
            "1630 RequestId: ID Error: Runtime exited with error: exit status 1",
            "1630 Runtime.ExitError",
        ],
    );
}

#[test]
fn a_log_stream_grows_with_time() {
    let scenario = scenario(&json!([]), &json!({"start": "{count} of {sequenceNumber}", "success": null}));
    let mut sim = Simulation::new(scenario);
    for (t, count) in [(0, 0), (629, 0), (630, 2), (2699, 2), (2700, 4)] {
        sim.run_until(SimTime(t));
        assert_eq!(lines(&sim).len(), count, "at {t}");
    }
    // Exactly the documented form is replaced, and all else stays.
    assert_eq!(lines(&sim)[1], "630 2 of {sequenceNumber}");
}
