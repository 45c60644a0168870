//! Producers: PutRecords and PutRecord where a shard refuses some, back-off, and a stream that comes again.

use serde_json::{Value, json};
use shardlab::cloudwatch::{Metric, Metrics};
use shardlab::scenario::Scenario;
use shardlab::sim::Simulation;
use shardlab::units::SimTime;

fn run(document: &Value, until: u64) -> Simulation {
    let mut sim = Simulation::new(Scenario::from_value(document).unwrap());
    sim.run_until(SimTime(until));
    sim
}

/// What happened to puts: time, `+` or `-`, key, and the stream if it is another.
fn puts(sim: &Simulation) -> Vec<String> {
    let lines = sim.event_lines(0, u32::MAX).map(|line| serde_json::to_value(line).unwrap());
    let sign = |line: &Value| match line["type"].as_str().unwrap() {
        "RecordPut" => Some("+"),
        "RecordThrottled" => Some("-"),
        _ => None,
    };
    let text = |line: &Value, name: &str| line[name].as_str().unwrap_or("").to_owned();
    lines
        .filter_map(|line| {
            let stream = text(&line, "stream");
            Some(format!("{}{}{}{stream}", line["t"], sign(&line)?, text(&line, "partitionKey")))
        })
        .collect()
}

/// One shard, which takes a MiB a second; three records of an instant have 0.9, 0.5 and 0.1 MiB, a later one 10 bytes.
fn burst(batch: bool) -> Value {
    let record = |at: u64, key: &str, size: u32| json!({"at": at, "PartitionKey": key, "size": size});
    json!({"version": 1, "id": "burst", "start": "2026-01-05T10:00:00Z", "stream": {},
        "producers": [{"type": "records", "batch": batch, "records": [
            record(0, "a", 943_718), record(0, "b", 524_288), record(0, "c", 104_857), record(50, "d", 10)]}]})
}

#[test]
fn a_refused_record_of_put_records_holds_up_no_other() {
    let sim = run(&burst(true), 5000);
    assert_eq!(puts(&sim), ["0+a", "0-b", "0+c", "100-b", "300-b", "700+b", "700+d"]);
    let metrics = sim.metrics();
    let sum = |metric| metrics.bucket(Metrics::SCENARIO_STREAM, metric, 0).sum;
    let calls = |metric| metrics.bucket(Metrics::SCENARIO_STREAM, metric, 0).samples;
    assert_eq!(calls(Metric::PutRecordsSuccess), 5);
    assert_eq!((sum(Metric::PutRecordsSuccess), sum(Metric::PutRecordsTotalRecords)), (3, 7));
    assert_eq!((sum(Metric::PutRecordsThrottledRecords), sum(Metric::IncomingRecords)), (3, 4));
    assert_eq!(calls(Metric::PutRecordSuccess), 0);
}

#[test]
fn a_refused_put_record_holds_up_the_next() {
    let sim = run(&burst(false), 5000);
    assert_eq!(puts(&sim), ["0+a", "0-b", "100-b", "300-b", "700+b", "700+c", "700+d"]);
    assert_eq!(sim.metrics().bucket(Metrics::SCENARIO_STREAM, Metric::PutRecordSuccess, 0).samples, 7);
}

#[test]
fn the_producers_back_off_is_a_dial() {
    let mut document = burst(false);
    document["model"] = json!({"producerBackoffBase": 40, "producerBackoffCap": 90});
    let tries: Vec<String> = puts(&run(&document, 300)).split_off(1);
    assert_eq!(tries, ["0-b", "40-b", "120-b", "210-b", "300-b"]);
}

/// A stream is deleted at 1 s, gone at 2 s, created again at 5 s and there at 6 s; a record a second.
fn again(producer: &Value) -> Value {
    let command = |at: u64, operation: &str, request: &Value| json!({"at": at, "service": "kinesis", "operation": operation, "request": request});
    json!({"version": 1, "id": "again", "stream": {},
        "model": {"reshardStep": 1000},
        "producers": [producer],
        "functions": [{"FunctionName": "f", "versions": {"1": {"handler": {}}}}],
        "eventSourceMappings": [{"EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s",
            "FunctionName": "f", "StartingPosition": "TRIM_HORIZON"}],
        "commands": [
            command(1000, "DeleteStream", &json!({"StreamName": "s"})),
            command(5000, "CreateStream", &json!({"StreamName": "s", "ShardCount": 1})),
            command(9000, "GetShardIterator", &json!({"StreamName": "s", "ShardId": "shardId-000000000000",
                "ShardIteratorType": "TRIM_HORIZON"}))]})
}

#[test]
fn producers_find_a_stream_that_is_created_again_and_the_mapping_does_not() {
    let records: Vec<Value> =
        (0..4).map(|i| json!({"at": i * 3000, "PartitionKey": "k", "Data": "{n}"})).collect();
    let document = again(&json!({"type": "records", "onThrottle": "drop", "records": records}));
    let mut sim = run(&document, 9500);
    assert_eq!(puts(&sim), ["0+k", "3000-k", "6000+ks", "9000+ks"]);
    let summary = sim.summary();
    assert_eq!(summary.records.per_mapping[0].succeeded, 1);
    assert_eq!(sim.metrics().bucket(Metrics::SCENARIO_STREAM, Metric::IncomingRecords, 0).sum, 3);
    // The records can be read, and have their data.
    let iterator = sim.calls()[2].answer.clone().unwrap()["ShardIterator"].clone();
    let action = shardlab::scenario::CommandAction::operation(
        "kinesis",
        "GetRecords",
        json!({"ShardIterator": iterator}),
    );
    let at = sim.next_command_at();
    sim.add_command(shardlab::scenario::Command { at, action: action.unwrap() });
    sim.run_until(at);
    let answer = sim.calls()[3].answer.clone().unwrap();
    let data: Vec<&Value> =
        answer["Records"].as_array().unwrap().iter().map(|record| &record["Data"]).collect();
    assert_eq!(data, [&json!("Mg=="), &json!("Mw==")], "the second and the third of the key");
}

#[test]
fn a_producer_that_tries_again_waits_for_the_stream() {
    let sim = run(&again(&json!({"type": "loop", "partitionKey": "k", "count": 3, "pause": 1500})), 9500);
    let stored: Vec<String> = puts(&sim).into_iter().filter(|put| put.contains('+')).collect();
    assert_eq!(stored, ["25+k", "6050+ks", "7575+ks"]);
}
