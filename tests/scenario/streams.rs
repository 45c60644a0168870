//! Words that the stream side plays: no stream, on-demand ones, listed shards, commands, scaling handlers.

use super::document::{fixture, set};
use serde_json::{Value, json};
use shardlab::kinesis::StreamMode;
use shardlab::lang::Lang;
use shardlab::scenario::{CommandAction, Handler, Problem, Scenario, StreamConfig};
use shardlab::units::{Ratio, SimDuration, SimTime};

fn read(fields: Value) -> Result<Scenario, Vec<Problem>> {
    let mut document = json!({"version": 1, "id": "x", "stream": {}});
    for (name, value) in fields.as_object().expect("an object") {
        set(&mut document, &format!("$.{name}"), Some(value.clone()));
    }
    Scenario::from_value(&document)
}

/// The only problem's message in both languages.
#[track_caller]
fn refused(fields: Value, en: &str, ja: &str) {
    let problems = read(fields).map(|scenario| scenario.id).unwrap_err();
    assert_eq!(problems.len(), 1, "{problems:#?}");
    assert_eq!((problems[0].message(Lang::En).as_str(), problems[0].message(Lang::Ja).as_str()), (en, ja));
}

#[test]
fn the_articles_reshards_are_read() {
    for (name, n_commands) in [("reshard-2-to-3", 2), ("reshard-2-to-4", 2), ("reshard-limits", 6)] {
        let scenario = Scenario::from_json(&fixture(name)).expect("a scenario without problems");
        assert_eq!(scenario.commands.len(), n_commands, "{name}");
    }
}

#[test]
fn a_stream_may_be_missing() {
    assert!(read(json!({"stream": null})).expect("a scenario").stream.is_none());
    let mapping = |arn: &str| {
        json!({
            "stream": null,
            "functions": [{"FunctionName": "f", "versions": {"1": {"handler": {}}}}],
            "eventSourceMappings": [{"EventSourceArn": arn, "FunctionName": "f", "StartingPosition": "LATEST"}],
        })
    };
    let arn = "arn:aws:kinesis:us-east-1:123456789012:stream/s";
    refused(
        mapping(arn),
        &format!("$.eventSourceMappings[0].EventSourceArn: found \"{arn}\": no such stream; allowed: none"),
        &format!(
            "$.eventSourceMappings[0].EventSourceArn: \"{arn}\"が指すストリームが見つかりません。指定できる値: なし"
        ),
    );
}

#[test]
fn modes_counts_and_retention_are_read() {
    #[track_caller]
    fn check(stream: Value, expect: (StreamMode, u32, u64)) {
        let scenario = read(json!({"stream": stream, "until": 4_294_967_295_u32})).expect("a scenario");
        let StreamConfig { mode, shard_count, retention, .. } = scenario.stream.expect("a stream");
        assert_eq!((mode, shard_count, retention), (expect.0, expect.1, SimDuration::from_hours(expect.2)));
    }
    let on_demand = json!({"StreamMode": "ON_DEMAND"});
    check(json!({"ShardCount": 3}), (StreamMode::Provisioned, 3, 24));
    check(json!({"RetentionPeriodHours": 8760}), (StreamMode::Provisioned, 1, 8760));
    check(json!({"StreamModeDetails": on_demand}), (StreamMode::OnDemand, 4, 24));
    check(json!({"StreamModeDetails": on_demand, "ShardCount": 1}), (StreamMode::OnDemand, 1, 24));
}

#[test]
fn commands_stand_in_order_of_time() {
    let call = |at: u32, operation: &str, request: Value| json!({"at": at, "service": "kinesis", "operation": operation, "request": request});
    let wrong = json!({"TargetShardCount": "many", "no": {"such": ["field"]}});
    let scenario = read(json!({"commands": [
        {"at": 9, "cli": "aws --region us-east-1 --no-cli-pager --output=json kinesis list-streams"},
        call(5, "UpdateShardCount", wrong.clone()),
        call(9, "SplitShard", json!({})),
        {"at": 0, "service": "kinesis", "operation": "ListStreams"},
        call(5, "DescribeLimits", json!({})),
        {"at": 5, "redrive": {"document": 0}},
        {"at": 6, "fault": "destinationFailure", "destination": "arn:aws:s3:::b", "until": 7},
    ]}))
    .expect("a scenario");
    let brief = scenario.commands.iter().map(|command| match &command.action {
        CommandAction::Operation { operation, .. } => (command.at, operation.name),
        CommandAction::Cli(_) => (command.at, "cli"),
        CommandAction::PollerRestart { .. } => (command.at, "fault"),
        CommandAction::DestinationFailure { until, .. } => {
            assert_eq!(*until, Some(SimTime(7)));
            (command.at, "destinationFailure")
        }
        CommandAction::Redrive { document } => (command.at, ["redrive"][*document as usize]),
    });
    let expect = [
        (SimTime(0), "ListStreams"),
        (SimTime(5), "UpdateShardCount"),
        (SimTime(5), "DescribeLimits"),
        (SimTime(5), "redrive"),
        (SimTime(6), "destinationFailure"),
        (SimTime(9), "cli"),
        (SimTime(9), "SplitShard"),
    ];
    assert_eq!(brief.collect::<Vec<_>>(), expect);
    let requests: Vec<&Value> = scenario
        .commands
        .iter()
        .filter_map(|command| match &command.action {
            CommandAction::Operation { request, .. } => Some(request),
            CommandAction::Cli(_)
            | CommandAction::PollerRestart { .. }
            | CommandAction::DestinationFailure { .. }
            | CommandAction::Redrive { .. } => None,
        })
        .collect();
    assert_eq!(requests, [&json!({}), &wrong, &json!({}), &json!({})]);
}

#[test]
fn commands_are_refused_at_their_place() {
    refused(
        json!({"commands": [{"at": 0, "cli": "kinesis list-streams"}]}),
        "$.commands[0].cli: found \"kinesis list-streams\"; allowed: a text of 1 to 4096 characters that begins with \
         \"aws \"",
        "$.commands[0].cli: \"kinesis list-streams\"は使えません。指定できる値: 1～4096文字の文字列（先頭は\"aws \"）",
    );
    refused(
        json!({"commands": [{"at": 0, "fault": "pollerRestart", "shardId": "first"}]}),
        "$.commands[0].shardId: found \"first\"; allowed: a text of 1 to 128 characters, such as shardId-000000000000",
        "$.commands[0].shardId: \"first\"は使えません。指定できる値: 1～128文字の文字列（例: shardId-000000000000）",
    );
    let request = json!({"at": 0, "service": "kinesis", "operation": "ListStreams", "request": []});
    refused(
        json!({"commands": [request]}),
        "$.commands[0].request: found []; allowed: an object",
        "$.commands[0].request: []は使えません。指定できる値: オブジェクト",
    );
}

#[test]
fn a_command_line_is_read_as_a_shell_reads_it() {
    let commands = |line: &str| json!({"commands": [{"at": 0, "cli": line}]});
    for line in [
        "aws 'kinesis' \"list-streams\"",
        "aws --region 'us-east-1' \\\n kinesis list-streams",
        "aws kinesis describe-stream --stream-name 's'",
    ] {
        assert!(read(commands(line)).is_ok(), "{line}");
    }
    refused(
        commands("aws kinesis 'list-streams"),
        "$.commands[0].cli: found \"aws kinesis 'list-streams\": unexpected EOF while looking for matching `''",
        "$.commands[0].cli: \"aws kinesis 'list-streams\"は受け付けられません（unexpected EOF while looking for matching `''）。",
    );
}

#[test]
fn scaling_handlers_are_read_and_no_mapping_calls_them() {
    let scaler = |scale: Value| {
        let versions = json!({"1": {"handler": {}}, "2": {"handler": {"scale": scale}}});
        json!([{"FunctionName": "f", "versions": versions}])
    };
    let scenario = read(json!({"functions": scaler(json!({"factor": 1.5}))})).expect("a scenario");
    let Handler::Scale(scale) = &scenario.functions[0].versions[1].handler else {
        panic!("a scaling handler")
    };
    assert_eq!((Some(scale.factor), scale.records_per_shard), (Ratio::new(15, 10), 48_000));
    let mapping = |function: &str| {
        let arn = "arn:aws:kinesis:us-east-1:123456789012:stream/s";
        let mapping =
            json!({"EventSourceArn": arn, "FunctionName": function, "StartingPosition": "TRIM_HORIZON"});
        json!({"functions": scaler(json!({})), "eventSourceMappings": [mapping]})
    };
    assert!(read(mapping("f:1")).is_ok());
    for name in ["f", "f:2", "f:$LATEST"] {
        refused(
            mapping(name),
            &format!(
                "$.eventSourceMappings[0].FunctionName: found \"{name}\": not supported yet; allowed: handler.rules, \
                 for now"
            ),
            &format!(
                "$.eventSourceMappings[0].FunctionName: \"{name}\"にはまだ対応していません。指定できる値: \
                 現在はhandler.rulesのみ"
            ),
        );
    }
    let factors = ["0", "100.1", "-1", "1.0000001", "\"2\""];
    for factor in factors {
        let factor: Value = serde_json::from_str(factor).expect("JSON");
        let problems = read(json!({"functions": scaler(json!({"factor": factor}))})).map(|read| read.id);
        let problems = problems.unwrap_err();
        assert_eq!(problems.len(), 1, "{problems:#?}");
        assert_eq!(problems[0].path, "$.functions[0].versions[\"2\"].handler.scale.factor");
    }
}
