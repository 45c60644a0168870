//! Batches that fail: what AWS was recorded to do, case by case, and the small print of settings.
#![expect(clippy::wildcard_enum_match_arm, reason = "a checker looks at the events it is about")]

use serde_json::{Value, json};
use shardlab::scenario::Scenario;
use shardlab::sim::Simulation;
use shardlab::sim::event_json::{EventBody, outcome_name};

use crate::run;

const STREAM: &str = "arn:aws:kinesis:us-east-1:123456789012:stream/s";
const QUEUE: &str = "arn:aws:sqs:us-east-1:123456789012:failed";

/// A function `f` of one handler, and a mapping with these settings; records of one key, one ms each, from 0.
fn play(records: u32, handler: Value, settings: Value, more: Value) -> Simulation {
    let mut mapping =
        json!({"EventSourceArn": STREAM, "FunctionName": "f", "StartingPosition": "TRIM_HORIZON"});
    extend(&mut mapping, settings);
    let mut document = json!({"version": 1, "id": "failing", "until": 300_000, "stream": {},
        "producers": [{"type": "records", "records":
            (0..records).map(|at| json!({"at": at, "PartitionKey": "k"})).collect::<Vec<_>>()}],
        "functions": [{"FunctionName": "f", "versions": {"1": {"handler": handler}}}],
        "eventSourceMappings": [mapping], "model": {"invokeOverhead": 0, "pollPhase": 500}});
    extend(&mut document, more);
    run(&crate::generate::read(&document))
}

fn extend(object: &mut Value, more: Value) {
    let Value::Object(more) = more else { panic!("an object") };
    object.as_object_mut().unwrap().extend(more);
}

/// A handler that does this at these records, in 1 ms each.
fn at(records: &[u32], then: &str) -> Value {
    let rules: Vec<Value> =
        records.iter().map(|record| json!({"when": {"record": record}, "then": then})).collect();
    json!({"perRecord": 1, "rules": rules, "stopAtFirstReport": true})
}

/// What became of the records, in words: an invocation as `[0 1 2]error`, a discard as `drop[0 1]`.
fn story(sim: &Simulation) -> String {
    let list =
        |records: Vec<u32>| records.iter().map(|record| record.to_string()).collect::<Vec<_>>().join(" ");
    let lines = sim.event_lines(0, u32::MAX).filter_map(|line| match line.body {
        EventBody::InvocationEnded { invocation, outcome, .. } => {
            Some(format!("[{}]{outcome}", list(sim.batch(invocation).collect())))
        }
        EventBody::RecordsDiscarded { records, .. } => Some(format!("drop[{}]", list(records))),
        EventBody::RecordsExpired { records, .. } => Some(format!("expired {records}")),
        _ => None,
    });
    lines.collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn check(sim: &Simulation, expect: &str) {
    assert_eq!(story(sim), expect);
    crate::properties::check_all(sim).unwrap();
}

fn discards(sim: &Simulation) -> Vec<EventBody> {
    let bodies = sim.event_lines(0, u32::MAX).map(|line| line.body);
    bodies.filter(|body| matches!(body, EventBody::RecordsDiscarded { .. })).collect()
}

fn documents(sim: &Simulation) -> Vec<Value> {
    let document = |body| match body {
        EventBody::RecordsDiscarded { document, .. } => document,
        _ => None,
    };
    discards(sim).into_iter().filter_map(document).collect()
}

/// Recorded: raise, MaximumRetryAttempts 1, bisect, the second of four is bad.
#[test]
fn bisect_isolates_a_record_and_drops_it_alone() {
    let settings = json!({"BisectBatchOnFunctionError": true, "MaximumRetryAttempts": 1});
    let sim = play(4, at(&[1], "throw"), settings, json!({}));
    check(&sim, "[0 1 2 3]error [0 1]error [0]ok [1]error [1]error drop[1] [2 3]ok");
    let started = |idx| sim.invocations().get(idx).started_at().0;
    // A split takes no time, a retry its back-off: 2 ms of work, 2 of work, 1, 1, then 200 ms.
    assert_eq!([0, 1, 2, 3, 4, 5].map(started), [500, 502, 504, 505, 706, 707]);
    let ids: Vec<String> = (0..6).map(|idx| sim.request_id(idx)).collect();
    assert_eq!(ids[3], ids[4], "attempts at a batch share their request id");
    for (idx, other) in [(0, 1), (1, 2), (2, 3), (0, 3), (1, 5), (4, 5)] {
        assert_ne!(ids[idx], ids[other], "a half is a new batch");
    }
}

/// Recorded: halves of 3 are 1 and 2; and every kind of failure is halved.
#[test]
fn the_right_half_is_the_larger() {
    for (then, outcome) in [("throw", "error"), ("timeout", "timeout"), ("crash", "crash")] {
        let sim = play(
            3,
            at(&[2], then),
            json!({"BisectBatchOnFunctionError": true, "MaximumRetryAttempts": 0}),
            json!({}),
        );
        check(&sim, &"[0 1 2]X [0]ok [1 2]X [1]ok [2]X drop[2]".replace('X', outcome));
    }
}

/// Recorded: MaximumRetryAttempts 3, six records in batches of three, the last one bad: progress resets the count.
#[test]
fn a_cut_begins_anew() {
    let settings = json!({"BatchSize": 3, "MaximumRetryAttempts": 3,
        "FunctionResponseTypes": ["ReportBatchItemFailures"], "DestinationConfig": {"OnFailure": {"Destination": QUEUE}}});
    let sim = play(6, at(&[5], "report"), settings, json!({}));
    check(&sim, "[0 1 2]ok [3 4 5]partial [5]partial [5]partial [5]partial [5]partial drop[5]");
    let document = &documents(&sim)[0];
    assert_eq!(document["requestContext"]["approximateInvokeCount"], json!(4));
    assert_eq!(document["responseContext"]["functionError"], json!(null));
    assert_eq!(sim.summary().duplicates, 0);
    let last = sim.invocations().len() - 1;
    assert_eq!(document["requestContext"]["requestId"], json!(sim.request_id(last)));
}

/// Recorded: without bisect the healthy records behind the reported one are dropped with it; with bisect only that one is.
#[test]
fn a_checkpoint_alone_drops_the_healthy_tail() {
    let mut settings =
        json!({"MaximumRetryAttempts": 1, "FunctionResponseTypes": ["ReportBatchItemFailures"]});
    let sim = play(4, at(&[1], "report"), settings.clone(), json!({}));
    check(&sim, "[0 1 2 3]partial [1 2 3]partial [1 2 3]partial drop[1 2 3]");
    settings["BisectBatchOnFunctionError"] = json!(true);
    let sim = play(4, at(&[1], "report"), settings, json!({}));
    check(&sim, "[0 1 2 3]partial [1 2 3]partial [1]partial [1]partial drop[1] [2 3]ok");
}

/// Several reports: the lowest cuts, and what succeeded behind it runs again.
#[test]
fn the_lowest_report_cuts() {
    let mut handler = at(&[2, 4], "report");
    handler["stopAtFirstReport"] = json!(false);
    handler["rules"]
        .as_array_mut()
        .unwrap()
        .insert(0, json!({"when": {"all": [{"positionInBatch": 1}, {"record": 2}]}, "then": "throw"}));
    let settings = json!({"FunctionResponseTypes": ["ReportBatchItemFailures"], "MaximumRetryAttempts": 0});
    let sim = play(6, handler, settings, json!({}));
    check(&sim, "[0 1 2 3 4 5]partial [2 3 4 5]error drop[2 3 4 5]");
    let ended = sim.event_lines(0, u32::MAX).find_map(|line| match line.body {
        EventBody::InvocationEnded { response, succeeded, error_message, .. } => {
            Some((response, succeeded, error_message))
        }
        _ => None,
    });
    let (response, succeeded, error_message) = ended.unwrap();
    let id = |record| json!({"itemIdentifier": sim.sequence_number(record)});
    assert_eq!(response, Some(json!({"batchItemFailures": [id(2), id(4)]})));
    assert_eq!((succeeded, error_message), (vec![0, 1, 3, 5], None));
}

/// Recorded: reports of a mapping that does not ask for them are ignored.
#[test]
fn reports_nobody_asked_for_are_lost() {
    let sim = play(4, at(&[1], "report"), json!({"BisectBatchOnFunctionError": true}), json!({}));
    check(&sim, "[0 1 2 3]ok");
    let counts = &sim.summary().records.per_mapping[0];
    assert_eq!((counts.succeeded, counts.pending), (4, 0));
    let written = (0..4).filter(|&record| sim.mappings()[0].written.contains(record)).count();
    assert_eq!(written, 1);
}

#[test]
fn literal_answers_are_judged() {
    #[track_caller]
    fn judged(answer: Value, expect: &str) {
        let settings =
            json!({"MaximumRetryAttempts": 0, "FunctionResponseTypes": ["ReportBatchItemFailures"]});
        let sim = play(2, json!({"perRecord": 1, "respond": answer}), settings, json!({}));
        check(&sim, expect);
        let off = play(2, json!({"perRecord": 1, "respond": answer}), json!({}), json!({}));
        check(&off, "[0 1]ok");
        assert_eq!((off.response(0), off.summary().duplicates), (Some(answer), 0));
    }
    for answer in
        [json!(""), json!(null), json!({}), json!({"batchItemFailures": []}), json!({"statusCode": 200})]
    {
        judged(answer, "[0 1]ok");
    }
    for item in [
        json!({"itemIdentifier": ""}),
        json!({"itemIdentifier": null}),
        json!({"id": "1"}),
        json!({"itemIdentifier": "1"}),
    ] {
        judged(json!({"batchItemFailures": [item]}), "[0 1]partial drop[0 1]");
    }
    let probe = play(2, json!({"respond": null}), json!({}), json!({}));
    let second = json!({"batchItemFailures": [{"itemIdentifier": probe.sequence_number(1)}]});
    judged(second, "[0 1]partial [1]partial drop[1]");
}

#[test]
fn retries_are_unlimited_none_or_n() {
    let tries = |settings: Value| story(&play(2, at(&[0], "throw"), settings, json!({"until": 6000})));
    assert_eq!(tries(json!({"MaximumRetryAttempts": 0})), "[0 1]error drop[0 1]");
    assert_eq!(tries(json!({"MaximumRetryAttempts": 2})), "[0 1]error [0 1]error [0 1]error drop[0 1]");
    let unlimited = tries(json!({"MaximumRetryAttempts": -1}));
    // At 0.5, 0.7, 1.1, 1.9 and 3.5 s; the next would be at 6.7.
    assert_eq!(unlimited, ["[0 1]error"; 5].join(" "));
    assert_eq!(unlimited, tries(json!({})));
}

/// Recorded: one old record and five fresh ones give a document of one, and five are delivered.
#[test]
fn what_is_too_old_leaves_before_the_invocation() {
    let record = |at: u32| json!({"at": at, "PartitionKey": "k"});
    let arrivals = [0, 60_000, 60_001, 60_002, 60_003, 60_004].map(record);
    let aged = |activation: u32| {
        play(
            0,
            at(&[], "throw"),
            json!({"MaximumRecordAgeInSeconds": 60, "DestinationConfig": {"OnFailure": {"Destination": QUEUE}}}),
            json!({"producers": [{"type": "records", "records": arrivals}],
                "model": {"activation": activation, "poll": 1, "invokeOverhead": 0}}),
        )
    };
    check(&aged(60_004), "drop[0] [1 2 3 4 5]ok");
    // At 60 s the first is not older than 60 s.
    check(&aged(60_000), "[0 1]ok [2 3]ok [4 5]ok");
    check(&aged(60_001), "drop[0] [1 2]ok [3 4]ok [5]ok");
    let sim = aged(60_004);
    let expect = format!(
        r#"{{"requestContext":{{"requestId":"{}","functionArn":"arn:aws:lambda:us-east-1:123456789012:function:f","condition":"RecordAgeExceeded","approximateInvokeCount":1}},"version":"1.0","timestamp":"2020-01-14T06:24:03.104Z","KinesisBatchInfo":{{"shardId":"shardId-000000000000","startSequenceNumber":"{number}","endSequenceNumber":"{number}","approximateArrivalOfFirstRecord":"2020-01-14T06:23:03.100Z","approximateArrivalOfLastRecord":"2020-01-14T06:23:03.100Z","batchSize":1,"streamArn":"{STREAM}"}}}}"#,
        sim.request_id(0),
        number = sim.sequence_number(0),
    );
    assert_eq!(documents(&sim)[0].to_string(), expect);
}

/// Recorded: a record that always fails at once, and is too old after 60 s, was invoked 8 times; that fits a first
/// try at an age of 9 to 35 s.
#[test]
fn a_failing_record_becomes_too_old() {
    for (activation, count) in [(9100, 8), (34_000, 8), (8000, 9), (35_500, 7)] {
        let sim = play(
            1,
            at(&[0], "throw"),
            json!({"MaximumRecordAgeInSeconds": 60, "DestinationConfig": {"OnFailure": {"Destination": QUEUE}}}),
            json!({"model": {"activation": activation, "poll": 1}}),
        );
        let document = &documents(&sim)[0];
        assert_eq!(document["requestContext"]["condition"], json!("RecordAgeExceeded"));
        assert_eq!(document["requestContext"]["approximateInvokeCount"], json!(count), "{activation}");
        assert_eq!(document.get("responseContext"), None);
        assert_eq!(sim.summary().records.per_mapping[0].discarded, 1);
    }
}

/// The head of a batch leaves while it backs off: what stays keeps its attempts and request id.
#[test]
fn a_batch_that_loses_its_head_stays_the_same_batch() {
    let record = |at: u32| json!({"at": at, "PartitionKey": "k"});
    let sim = play(
        0,
        json!({"rules": [{"when": {"to": 50_000}, "then": "throw"}]}),
        json!({"MaximumRecordAgeInSeconds": 60}),
        json!({"producers": [{"type": "records", "records": [record(0), record(30_000)]}],
            "model": {"activation": 30_000, "poll": 1, "invokeOverhead": 0, "backoffBase": 10_001}}),
    );
    check(&sim, "[0 1]error [0 1]error drop[0] [1]ok");
    let last = sim.invocations().get(2);
    assert_eq!((last.attempt, last.started_at().0), (3, 60_003));
    assert_eq!(sim.request_id(2), sim.request_id(0));
}

/// What is both too old and past the retention has expired: nobody is told.
#[test]
fn expired_comes_before_too_old() {
    let sim = play(
        1,
        at(&[0], "throw"),
        json!({"MaximumRecordAgeInSeconds": 60, "DestinationConfig": {"OnFailure": {"Destination": QUEUE}}}),
        json!({"until": 90_000_000, "model": {"pollPhase": 500, "backoffBase": 86_400_000, "backoffCap": 86_400_000}}),
    );
    check(&sim, "[0]error expired 1");
}

/// A lane's window runs from the end of its last batch, though that was discarded; halves do not wait for it.
#[test]
fn the_window_runs_from_a_discard() {
    let record = |at: u32| json!({"at": at, "PartitionKey": "k"});
    let records = [0, 1, 5000, 5001].map(record);
    let sim = play(
        0,
        json!({"perRecord": 1000, "rules": [{"when": {"record": 1}, "then": "throw"}]}),
        json!({"MaximumBatchingWindowInSeconds": 4, "BisectBatchOnFunctionError": true, "MaximumRetryAttempts": 0}),
        json!({"producers": [{"type": "records", "records": records}]}),
    );
    check(&sim, "[0 1]error [0]ok [1]error drop[1] [2 3]ok");
    let started = (0..4).map(|idx| sim.invocations().get(idx).started_at().0);
    // Assigned at 0.5 s; 2 s of work, 1 and 1; 4 s from 8.5 s on.
    assert_eq!(started.collect::<Vec<_>>(), [4500, 6500, 7500, 12_500]);
}

/// The document of exhausted retries, and where it goes.
#[test]
fn documents_follow_the_destination_and_the_qualifier() {
    let told = |name: &str, destination: &str| {
        let more = json!({"functions": [{"FunctionName": "f", "versions":
            {"1": {"handler": {}}, "2": {"handler": at(&[0], "crash")}},
            "aliases": [{"Name": "live", "FunctionVersion": "2"}]}]});
        let settings = json!({"FunctionName": name, "MaximumRetryAttempts": 1, "UUID": "91eaeb7e-c976-4939-9c2e-1b1a2a3b4c5d",
            "DestinationConfig": {"OnFailure": {"Destination": destination}}});
        let sim = play(2, json!({}), settings, more);
        let Some(EventBody::RecordsDiscarded { destination, object_key, document, .. }) =
            discards(&sim).pop()
        else {
            panic!("a discard")
        };
        (sim, destination, object_key, document)
    };
    let topic = "arn:aws:sns:us-east-1:123456789012:failed";
    for (name, arn, version) in
        [("f", "", "$LATEST"), ("f:live", ":live", "2"), ("f:2", ":2", "2"), ("f:$LATEST", "", "$LATEST")]
    {
        let (sim, destination, object_key, document) = told(name, topic);
        assert_eq!((destination.as_deref(), object_key), (Some(topic), None));
        let numbers = [0, 1].map(|record| sim.sequence_number(record));
        let expect = format!(
            r#"{{"requestContext":{{"requestId":"{}","functionArn":"arn:aws:lambda:us-east-1:123456789012:function:f{arn}","condition":"RetryAttemptsExhausted","approximateInvokeCount":2}},"responseContext":{{"statusCode":200,"executedVersion":"{version}","functionError":"Unhandled"}},"version":"1.0","timestamp":"2020-01-14T06:23:03.802Z","KinesisBatchInfo":{{"shardId":"shardId-000000000000","startSequenceNumber":"{}","endSequenceNumber":"{}","approximateArrivalOfFirstRecord":"2020-01-14T06:23:03.100Z","approximateArrivalOfLastRecord":"2020-01-14T06:23:03.101Z","batchSize":2,"streamArn":"{STREAM}"}}}}"#,
            sim.request_id(0),
            numbers[0],
            numbers[1],
        );
        assert_eq!(document.unwrap().to_string(), expect);
    }
    let (_, destination, object_key, document) = told("f", "arn:aws:s3:::failed");
    assert!(destination.is_some());
    let document = document.unwrap();
    let keys: Vec<&str> = document.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        ["requestContext", "responseContext", "version", "timestamp", "KinesisBatchInfo", "payload"]
    );
    let event: Value = serde_json::from_str(document["payload"].as_str().unwrap()).unwrap();
    let numbers =
        event["Records"].as_array().unwrap().iter().map(|record| &record["kinesis"]["sequenceNumber"]);
    let info = &document["KinesisBatchInfo"];
    assert_eq!(numbers.collect::<Vec<_>>(), [&info["startSequenceNumber"], &info["endSequenceNumber"]]);
    let key = object_key.unwrap();
    let folder = "aws/lambda/91eaeb7e-c976-4939-9c2e-1b1a2a3b4c5d/shardId-000000000000/2020/01/14/2020-01-14T06.23.03-";
    assert_eq!((&key[..folder.len()], key.len()), (folder, folder.len() + 36));
    let (_, destination, object_key, document) = told("f", "");
    assert_eq!((destination, object_key, document), (None, None, None));
}

/// A throttled try is in no quota: with no retry allowed the batch is tried until there is room.
#[test]
fn a_throttled_try_uses_no_retry_up() {
    let mapping = |name: &str| json!({"EventSourceArn": STREAM, "FunctionName": name, "StartingPosition": "TRIM_HORIZON", "MaximumRetryAttempts": 0});
    let function = |name: &str, work: u32| json!({"FunctionName": name, "versions": {"1": {"handler": {"perRecord": work}}}});
    let sim = play(
        1,
        json!({}),
        json!({}),
        json!({"quotas": {"concurrentExecutions": 1}, "functions": [function("slow", 1000), function("next", 10)],
            "eventSourceMappings": [mapping("slow"), mapping("next")]}),
    );
    // Tries at 0.5, 0.7, 1.1 and 1.9 s; from 1.5 s on there is room.
    let next: Vec<_> = (0..sim.invocations().len())
        .map(|idx| sim.invocations().get(idx))
        .filter(|invocation| invocation.lane.mapping == 1)
        .map(|invocation| {
            (invocation.started_at().0, outcome_name(invocation.outcome().unwrap().0), invocation.attempt)
        })
        .collect();
    assert_eq!(next, [(500, "throttled", 1), (700, "throttled", 1), (1100, "throttled", 1), (1900, "ok", 1)]);
    let counts = &sim.summary().records.per_mapping;
    assert_eq!((counts[0].succeeded, counts[1].succeeded, counts[1].discarded), (1, 1, 0));
    crate::properties::check_all(&sim).unwrap();
}

/// A reservation of 0 throttles everything; the other mappings of the stream go on.
#[test]
fn mappings_of_one_stream_are_independent() {
    let mapping = |name: &str, more: Value| {
        let mut mapping =
            json!({"EventSourceArn": STREAM, "FunctionName": name, "StartingPosition": "TRIM_HORIZON"});
        extend(&mut mapping, more);
        mapping
    };
    let function = |name: &str, reserved: Value, handler: Value| {
        json!({"FunctionName": name,
        "ReservedConcurrentExecutions": reserved, "versions": {"1": {"handler": handler}, "2": {"handler": {}}}})
    };
    let sim = play(
        6,
        json!({}),
        json!({}),
        json!({"functions": [function("off", json!(0), json!({})), function("bad", json!(null), at(&[4], "throw"))],
            "eventSourceMappings": [mapping("off", json!({})), mapping("bad:1", json!({"BatchSize": 3, "MaximumRetryAttempts": 0})),
                mapping("bad:2", json!({"BatchSize": 5, "MaximumBatchingWindowInSeconds": 1}))]}),
    );
    let summary = sim.summary();
    let counts = |idx: usize| {
        let counts = &summary.records.per_mapping[idx];
        (counts.succeeded, counts.discarded, counts.pending)
    };
    assert_eq!((counts(0), counts(1), counts(2)), ((0, 0, 6), (3, 3, 0), (6, 0, 0)));
    assert!(summary.outcomes.throttled > 10 && summary.invocations == 4, "{summary:?}");
    crate::properties::check_all(&sim).unwrap();
    let started = sim.event_lines(0, u32::MAX).filter_map(|line| match line.body {
        EventBody::InvocationStarted { mapping: 2, reason, records, .. } => {
            Some((line.t, reason, records.len()))
        }
        _ => None,
    });
    assert_eq!(started.collect::<Vec<_>>(), [(500, "size", 5), (1500, "window", 1)]);
}

/// What discards finish is finished: a closed shard's children are read.
#[test]
fn a_discard_lets_a_closed_shard_end() {
    let commands = json!([{"at": 100, "service": "kinesis", "operation": "SplitShard", "request": {"StreamName": "s",
        "ShardToSplit": "shardId-000000000000", "NewStartingHashKey": "170141183460469231731687303715884105728"}}]);
    let records = json!([{"at": 0, "PartitionKey": "k"}, {"at": 1, "PartitionKey": "k"}, {"at": 5000, "PartitionKey": "k"}]);
    let sim = play(
        0,
        at(&[1], "throw"),
        json!({"MaximumRetryAttempts": 2, "BisectBatchOnFunctionError": true}),
        json!({"commands": commands, "producers": [{"type": "records", "records": records}], "model": {"reshardStep": 1000, "pollPhase": 500}}),
    );
    check(&sim, "[0 1]error [0]ok [1]error [1]error [1]error drop[1] [2]ok");
    assert_eq!(sim.invocations().get(5).started_at().0, 10_500);
}

const DEFAULT: &str = include_str!("../../www/scenarios/checkpoint-default.json");
const BISECT: &str = include_str!("../../www/scenarios/checkpoint-bisect.json");
const REPORT: &str = include_str!("../../www/scenarios/checkpoint-report.json");
const BOTH: &str = include_str!("../../www/scenarios/checkpoint-both.json");
const OFF: &str = include_str!("../../www/scenarios/report-switched-off.json");

fn shipped(text: &str) -> Simulation {
    let sim = run(&Scenario::from_json(text).unwrap());
    crate::properties::check_all(&sim).unwrap();
    sim
}

/// First and last record from 1, whether it succeeded, and the rows that it wrote.
fn table(sim: &Simulation) -> Vec<(u64, u64, bool, u64)> {
    let row = |idx| {
        let invocation = sim.invocations().get(idx);
        let records: Vec<u64> = sim.batch(idx).map(|record| u64::from(record) + 1).collect();
        let rows = (0..invocation.count).filter(|&place| sim.wrote(&invocation, place)).count() as u64;
        let (outcome, _) = invocation.outcome().unwrap();
        (records[0], records[records.len() - 1], outcome_name(outcome) == "ok", rows)
    };
    (0..sim.invocations().len()).map(row).collect()
}

/// Article B: the settings' invocations, record by record.
#[test]
fn article_b() {
    let fixture: Value = serde_json::from_str(include_str!("../fixtures/seed_checkpoint.json")).unwrap();
    let rows = |part: &str| {
        let rows = fixture[part]["invocations"].as_array().unwrap().iter();
        let row = |row: &Value| {
            (
                row["records"][0].as_u64()?,
                row["records"][1].as_u64()?,
                row["ok"].as_bool()?,
                row["processed"].as_u64()?,
            )
                .into()
        };
        rows.map(row).collect::<Option<Vec<(u64, u64, bool, u64)>>>().unwrap()
    };
    for (text, part) in [(BISECT, "bisect"), (REPORT, "checkpoint"), (BOTH, "checkpoint")] {
        let sim = shipped(text);
        assert_eq!(table(&sim), rows(part), "{part}");
        let total: u64 = table(&sim).iter().map(|row| row.3).sum();
        assert_eq!(json!(total), fixture[part]["total_success_logs"]);
        assert_eq!(json!(sim.summary().duplicates), fixture[part]["wasted_success_logs"]);
        assert_eq!(sim.summary().records.per_mapping[0].succeeded, 10);
    }
    let default = shipped(DEFAULT);
    assert_eq!(table(&default), [(1, 10, false, 3); 9]);
    assert_eq!(default.summary().records.per_mapping[0].pending, 10);
    let off = shipped(OFF);
    assert_eq!(table(&off), [(1, 10, true, 3)]);
}

/// The shipped files leave defaults out; they play as the complete ones do.
#[test]
fn shipped_scenarios_are_those_of_the_fixtures() {
    for name in ["checkpoint-default", "checkpoint-bisect", "checkpoint-report", "parallelization-3-error"] {
        let digest = |folder: &str| {
            let path = format!("{}/{folder}/{name}.json", env!("CARGO_MANIFEST_DIR"));
            run(&Scenario::from_json(&std::fs::read_to_string(path).unwrap()).unwrap()).digest()
        };
        assert_eq!(digest("www/scenarios"), digest("tests/fixtures/scenarios"), "{name}");
    }
}

/// Three cures of article C's poison record: what each gives up, and what it repeats.
#[test]
fn cures_of_a_poison_record() {
    #[track_caller]
    fn cured(text: &str, succeeded: u64, discarded: u64, duplicates: u64) {
        let sim = shipped(text);
        let summary = sim.summary();
        let counts = &summary.records.per_mapping[0];
        assert_eq!((counts.succeeded, counts.discarded, counts.pending), (succeeded, discarded, 0));
        assert_eq!(summary.duplicates, duplicates);
        let document = &documents(&sim)[0];
        assert_eq!(document["KinesisBatchInfo"]["batchSize"], json!(discarded));
        assert_eq!(document["requestContext"]["approximateInvokeCount"], json!(3));
        // Key 1's fifth record is among what is given up.
        let EventBody::RecordsDiscarded { records, .. } = &discards(&sim)[0] else { panic!("a discard") };
        assert!(records.contains(&20) && discards(&sim).len() == 1);
    }
    cured(include_str!("../../www/scenarios/parallelization-3-error-retries.json"), 138, 12, 24);
    cured(include_str!("../../www/scenarios/parallelization-3-error-bisect.json"), 149, 1, 23);
    cured(include_str!("../../www/scenarios/parallelization-3-error-report.json"), 149, 1, 0);
}

/// A record that hangs the handler stops its shard for the whole retention, and takes its batch with it.
#[test]
fn a_poison_pill_takes_good_records_with_it() {
    let sim = shipped(include_str!("../../www/scenarios/poison-pill.json"));
    let counts = &sim.summary().records.per_mapping[0];
    assert_eq!((counts.succeeded, counts.expired, counts.pending), (297, 3, 0));
    let unwritten: Vec<u32> =
        (0..300).filter(|&record| !sim.mappings()[0].written.contains(record)).collect();
    assert_eq!(unwritten, [6, 7, 8]);
    let day = 24 * 3_600_000;
    assert!(sim.summary().max_iterator_age < day && sim.summary().max_iterator_age > day - 16 * 60_000);
}

/// Seven of ten records have one key: its lane works to the end, the others mostly wait for records.
#[test]
fn a_hot_key_has_one_lane() {
    let sim = shipped(include_str!("../../www/scenarios/skewed-keys.json"));
    let mut worked = [0u32; 5];
    for idx in 0..sim.invocations().len() {
        let invocation = sim.invocations().get(idx);
        worked[usize::from(invocation.lane.lane)] += invocation.count;
    }
    assert_eq!((worked[0] > 200, worked.iter().sum::<u32>()), (true, 300), "{worked:?}");
    assert!(worked[1..].iter().all(|&records| records < 50), "{worked:?}");
    let late = (0..sim.invocations().len()).map(|idx| sim.invocations().get(idx));
    let late: Vec<u8> = late.filter(|one| one.started_at().0 > 31_000).map(|one| one.lane.lane).collect();
    assert!(late.len() > 5 && late.iter().all(|&lane| lane == 0), "{late:?}");
}

/// Refused invocations are no errors, and the reservation is never exceeded.
#[test]
fn a_function_with_too_little_concurrency() {
    let sim = shipped(include_str!("../../www/scenarios/throttled-function.json"));
    let summary = sim.summary();
    assert_eq!((summary.outcomes.error, sim.totals().running_max), (0, 2));
    assert!(summary.outcomes.throttled >= 10 && summary.max_iterator_age > 20_000, "{summary:?}");
    assert_eq!(summary.records.per_mapping[0].succeeded, 160);
}
