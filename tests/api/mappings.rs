//! Lambda's operations on event source mappings: answers, states, refusals; every row of
//! `tests/fixtures/lambda_errors.json`.

use std::rc::Rc;

use serde_json::{Value, json};
use shardlab::aws::ApiError;
use shardlab::lambda::account::Lambda;
use shardlab::lambda::api::{self, Surroundings};
use shardlab::quota;
use shardlab::scenario::Scenario;

const STREAM: &str = "arn:aws:kinesis:us-east-1:123456789012:stream/s";

/// An account with the stream `s` and two functions, the first with an alias; 10 s after 2020-01-14T06:23:03.100Z.
struct Bench {
    streams: super::Bench,
    lambda: Lambda,
}

impl Bench {
    fn new() -> Self {
        let code = json!({"1": {"handler": {}}, "2": {"handler": {}}});
        let scenario = json!({"version": 1, "id": "mappings", "stream": {"StreamName": "s"},
            "functions": [
                {"FunctionName": "f", "versions": code, "alias": {"Name": "live", "FunctionVersion": "2"}},
                {"FunctionName": "g", "versions": code}]});
        let scenario = Rc::new(Scenario::from_json(&scenario.to_string()).unwrap());
        Self { streams: super::Bench::usual(1), lambda: Lambda::new(&scenario, &|_| unreachable!()) }
    }

    fn call(&mut self, operation: &str, request: &Value) -> Result<Value, ApiError> {
        let uuid = |idx| format!("00000000-0000-4000-8000-{idx:012}");
        let around = Surroundings { now: self.streams.now, kinesis: &self.streams.kinesis, uuid: &uuid };
        api::dispatch(&mut self.lambda, around, operation, request)
    }

    #[track_caller]
    fn ok(&mut self, operation: &str, request: &Value) -> Value {
        self.call(operation, request).unwrap_or_else(|error| panic!("{operation} {request}: {error}"))
    }

    /// Creates a mapping of `s` and `f` with these settings besides; gives its answer.
    #[track_caller]
    fn create(&mut self, settings: &Value) -> Value {
        self.ok("CreateEventSourceMapping", &with(settings))
    }

    #[track_caller]
    fn refused(&mut self, operation: &str, request: &Value) -> String {
        self.call(operation, request).expect_err("the call is refused").to_string()
    }

    /// A second later everything that is under way is done; gives the mapping's state.
    fn settled(&mut self, uuid: &Value) -> Value {
        self.streams.wait(1000);
        for idx in 0..self.lambda.mappings.len() {
            self.lambda.settle(self.streams.now, idx as u16);
        }
        self.ok("GetEventSourceMapping", &json!({"UUID": uuid}))["State"].clone()
    }
}

/// A request for a mapping of `s` and `f` from the start of the stream, with these members changed.
fn with(settings: &Value) -> Value {
    let mut request =
        json!({"EventSourceArn": STREAM, "FunctionName": "f", "StartingPosition": "TRIM_HORIZON"});
    for (name, value) in settings.as_object().unwrap() {
        request[name] = value.clone();
    }
    request
}

#[test]
fn a_new_mapping_has_aws_s_defaults() {
    let mut bench = Bench::new();
    let answer = bench.create(&json!({}));
    let expect = json!({
        "UUID": "00000000-0000-4000-8000-000000000000", "StartingPosition": "TRIM_HORIZON", "BatchSize": 100,
        "MaximumBatchingWindowInSeconds": 0, "ParallelizationFactor": 1, "EventSourceArn": STREAM,
        "FunctionArn": "arn:aws:lambda:us-east-1:123456789012:function:f", "LastModified": 1_578_982_993.1,
        "LastProcessingResult": "No records processed", "State": "Creating", "StateTransitionReason": "User action",
        "DestinationConfig": {"OnFailure": {}}, "MaximumRecordAgeInSeconds": -1,
        "BisectBatchOnFunctionError": false, "MaximumRetryAttempts": -1, "TumblingWindowInSeconds": 0,
        "FunctionResponseTypes": [],
        "EventSourceMappingArn":
            "arn:aws:lambda:us-east-1:123456789012:event-source-mapping:00000000-0000-4000-8000-000000000000"});
    assert_eq!(answer.to_string(), expect.to_string());
    assert_eq!(bench.settled(&answer["UUID"]), "Enabled");
}

#[test]
fn every_setting_is_read_and_answered() {
    let settings = json!({
        "StartingPosition": "AT_TIMESTAMP", "StartingPositionTimestamp": 1_578_982_983.5, "BatchSize": 10_000,
        "MaximumBatchingWindowInSeconds": 300, "ParallelizationFactor": 1,
        "FilterCriteria": {"Filters": [{"Pattern": "{\"partitionKey\": [\"1\"]}"}]},
        "DestinationConfig": {"OnFailure": {"Destination": "arn:aws:sqs:us-east-1:123456789012:q"}},
        "MaximumRecordAgeInSeconds": 60, "BisectBatchOnFunctionError": true, "MaximumRetryAttempts": 0,
        "TumblingWindowInSeconds": 900, "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "KMSKeyArn": "arn:aws:kms:us-east-1:123456789012:key/k", "MetricsConfig": {"Metrics": ["EventCount"]}});
    let mut bench = Bench::new();
    let answer = bench.create(&settings);
    for (name, value) in settings.as_object().unwrap() {
        assert_eq!(&answer[name], value, "{name}");
    }
    // An update leaves alone what it does not name, and empties what it empties.
    bench.settled(&answer["UUID"]);
    let update = json!({"UUID": answer["UUID"], "BatchSize": 5, "FilterCriteria": {}, "FunctionResponseTypes": [],
        "DestinationConfig": {"OnFailure": {"Destination": ""}}, "MaximumRecordAgeInSeconds": -1,
        "TumblingWindowInSeconds": 0, "ParallelizationFactor": 10, "FunctionName": "f:live", "KMSKeyArn": "",
        "MetricsConfig": {"Metrics": []}});
    let updated = bench.ok("UpdateEventSourceMapping", &update);
    for (name, value) in [
        ("BatchSize", json!(5)),
        ("MaximumBatchingWindowInSeconds", json!(300)),
        ("ParallelizationFactor", json!(10)),
        ("FunctionArn", json!("arn:aws:lambda:us-east-1:123456789012:function:f:live")),
        ("FunctionResponseTypes", json!([])),
        ("DestinationConfig", json!({"OnFailure": {}})),
        ("MaximumRecordAgeInSeconds", json!(-1)),
        ("MaximumRetryAttempts", json!(0)),
        ("TumblingWindowInSeconds", json!(0)),
        ("StartingPosition", json!("AT_TIMESTAMP")),
        ("State", json!("Updating")),
    ] {
        assert_eq!(updated[name], value, "{name}");
    }
    for gone in ["FilterCriteria", "KMSKeyArn", "MetricsConfig"] {
        assert_eq!(updated.get(gone), None, "{gone}");
    }
}

#[test]
fn states_lead_over_their_own_states() {
    let mut bench = Bench::new();
    let uuid = bench.create(&json!({"Enabled": false}))["UUID"].clone();
    assert_eq!(bench.settled(&uuid), "Disabled");
    for (enabled, between, after) in [
        (json!(true), "Enabling", "Enabled"),
        (json!(null), "Updating", "Enabled"),
        (json!(false), "Disabling", "Disabled"),
        (json!(false), "Updating", "Disabled"),
    ] {
        let request = json!({"UUID": uuid, "Enabled": enabled});
        assert_eq!(bench.ok("UpdateEventSourceMapping", &request)["State"], between);
        for operation in ["UpdateEventSourceMapping", "DeleteEventSourceMapping"] {
            let refused = bench.refused(operation, &request);
            assert!(refused.starts_with("ResourceInUseException: Cannot "), "{refused}");
        }
        assert_eq!(bench.settled(&uuid), after);
    }
    assert_eq!(bench.ok("DeleteEventSourceMapping", &json!({"UUID": uuid}))["State"], "Deleting");
    assert_eq!(bench.ok("GetEventSourceMapping", &json!({"UUID": uuid}))["State"], "Deleting");
    for idx in 0..bench.lambda.mappings.len() {
        bench.lambda.settle(bench.streams.now, idx as u16);
    }
    for operation in ["GetEventSourceMapping", "UpdateEventSourceMapping", "DeleteEventSourceMapping"] {
        let refused = bench.refused(operation, &json!({"UUID": uuid}));
        assert_eq!(refused, "ResourceNotFoundException: The resource you requested does not exist.");
    }
    // The stream and the function may be joined again.
    assert_ne!(bench.create(&json!({}))["UUID"], uuid);
}

#[test]
fn mappings_are_listed_in_pages() {
    let mut bench = Bench::new();
    for function in ["f", "f:live", "f:1", "g"] {
        bench.create(&json!({"FunctionName": function}));
    }
    let uuids = |answer: &Value| super::texts(&answer["EventSourceMappings"], "UUID").len();
    let list = |bench: &mut Bench, request: Value| bench.ok("ListEventSourceMappings", &request);
    assert_eq!(uuids(&list(&mut bench, json!({}))), 4);
    assert_eq!(uuids(&list(&mut bench, json!({"FunctionName": "f"}))), 1);
    assert_eq!(uuids(&list(&mut bench, json!({"FunctionName": "123456789012:function:f:live"}))), 1);
    assert_eq!(uuids(&list(&mut bench, json!({"EventSourceArn": STREAM}))), 4);
    assert_eq!(uuids(&list(&mut bench, json!({"EventSourceArn": format!("{STREAM}2")}))), 0);
    let first = list(&mut bench, json!({"MaxItems": 3}));
    let second = list(&mut bench, json!({"MaxItems": 3, "Marker": first["NextMarker"]}));
    assert_eq!((uuids(&first), uuids(&second), second.get("NextMarker")), (3, 1, None));
    let refused = bench.refused("ListEventSourceMappings", &json!({"Marker": "x"}));
    assert_eq!(refused, "InvalidParameterValueException: Invalid marker.");
}

#[test]
fn a_mapping_has_at_most_five_filters() {
    let filters = |count: usize| json!({"FilterCriteria": {"Filters": vec![json!({"Pattern": "{\"partitionKey\": [\"1\"]}"}); count]}});
    let mut bench = Bench::new();
    let refused = bench.refused("CreateEventSourceMapping", &with(&filters(quota::FILTERS_MAX + 1)));
    assert!(
        refused.starts_with("InvalidParameterValueException: The number of filters exceeds"),
        "{refused}"
    );
    let answer = bench.create(&filters(quota::FILTERS_MAX));
    assert_eq!(answer["FilterCriteria"]["Filters"].as_array().unwrap().len(), quota::FILTERS_MAX);
}

/// Aliases of `f`, so many that each can have a mapping of its own.
fn create_aliases(bench: &mut Bench, count: usize) {
    for number in 0..count {
        let name = format!("a{number}");
        bench.ok("CreateAlias", &json!({"FunctionName": "f", "Name": name, "FunctionVersion": "1"}));
    }
}

#[test]
fn a_page_has_a_hundred_mappings() {
    let mut bench = Bench::new();
    let most = quota::LIST_MAPPINGS_DEFAULT as usize;
    create_aliases(&mut bench, most + 1);
    let page = |bench: &mut Bench, number: usize| {
        bench.create(&json!({"FunctionName": format!("f:a{number}")}));
        let answer = bench.ok("ListEventSourceMappings", &json!({}));
        (answer["EventSourceMappings"].as_array().unwrap().len(), answer.get("NextMarker").is_some())
    };
    (0..most - 1).for_each(|number| assert_eq!(page(&mut bench, number), (number + 1, false)));
    assert_eq!(page(&mut bench, most - 1), (most, false));
    assert_eq!(page(&mut bench, most), (most, true));
}

#[test]
fn a_run_creates_a_thousand_mappings() {
    let mut bench = Bench::new();
    create_aliases(&mut bench, quota::MAPPINGS_MAX + 1);
    for number in 0..quota::MAPPINGS_MAX {
        bench.create(&json!({"FunctionName": format!("f:a{number}")}));
    }
    let one_more = with(&json!({"FunctionName": format!("f:a{}", quota::MAPPINGS_MAX)}));
    let refused = bench.refused("CreateEventSourceMapping", &one_more);
    assert_eq!(refused, "LimitExceededException: A run creates at most 1000 event source mappings.");
}

#[test]
fn every_recorded_refusal() {
    let rows: Vec<Value> = serde_json::from_str(include_str!("../fixtures/lambda_errors.json")).unwrap();
    let mut seen = 0;
    for row in &rows {
        let mut bench = Bench::new();
        let mut operation = "CreateEventSourceMapping";
        let request = match row["request"].as_str().unwrap() {
            "no StartingPosition" => with(&json!({"StartingPosition": null})),
            "AT_TIMESTAMP without timestamp" => with(&json!({"StartingPosition": "AT_TIMESTAMP"})),
            "AT_TIMESTAMP in the future" => with(
                &json!({"StartingPosition": "AT_TIMESTAMP", "StartingPositionTimestamp": 1_578_982_993.101}),
            ),
            "timestamp with TRIM_HORIZON or LATEST" => with(&json!({"StartingPositionTimestamp": 1})),
            NOT_SIMULATED => continue,
            "get a deleted mapping" => {
                operation = "GetEventSourceMapping";
                json!({"UUID": "00000000-0000-4000-8000-000000000000"})
            }
            "CreateEventSourceMapping: stream does not exist" => {
                with(&json!({"EventSourceArn": format!("{STREAM}2")}))
            }
            "CreateEventSourceMapping: same stream and function twice" => {
                bench.create(&json!({}));
                with(&json!({"StartingPosition": "LATEST"}))
            }
            "CreateEventSourceMapping: malformed filter pattern" => {
                with(&json!({"FilterCriteria": {"Filters": [{"Pattern": "simple string"}]}}))
            }
            other => panic!("no case for {other}"),
        };
        let error = bench.call(operation, &request).expect_err("the call is refused");
        assert_eq!(error.type_name, row["errorType"], "{}", row["request"]);
        if let Some(prefix) = row.get("messagePrefix") {
            assert!(error.message.starts_with(prefix.as_str().unwrap()), "{error}");
        } else {
            let expect = row["message"].as_str().unwrap();
            let expect =
                expect.replace("{streamArn}", request["EventSourceArn"].as_str().unwrap_or_default());
            let expect = expect.replace("{functionName}", "f");
            let expect = expect.replace("{uuid}", "00000000-0000-4000-8000-000000000000");
            assert_eq!(error.message, expect);
        }
        seen += 1;
    }
    let left_out = rows.iter().filter(|row| row["request"] == NOT_SIMULATED).count();
    assert_eq!((left_out, seen), (1, rows.len() - 1), "every other row is tested");
}

/// The one recorded refusal that no call here can meet: there are no roles (`docs/consumers.md`).
const NOT_SIMULATED: &str = "role lacks read permission";

/// Both sides of every bound, through Create and Update; AWS's words name the member and what it must satisfy.
#[test]
fn every_number_has_aws_s_bounds() {
    let minus_one_apart: &[(&str, i64, i64)] = &[
        ("BatchSize", 1, 10_000),
        ("MaximumBatchingWindowInSeconds", 0, 300),
        ("ParallelizationFactor", 1, 10),
        ("TumblingWindowInSeconds", 0, 900),
        ("MaximumRetryAttempts", -1, 10_000),
        ("MaximumRecordAgeInSeconds", -1, 604_800),
    ];
    for &(name, min, max) in minus_one_apart {
        let mut member = name.to_owned();
        member[..1].make_ascii_lowercase();
        for value in [min, max] {
            let mut bench = Bench::new();
            let created = bench.create(&json!({name: value}));
            assert_eq!(created[name], value, "{name}");
            bench.settled(&created["UUID"]);
            let updated =
                bench.ok("UpdateEventSourceMapping", &json!({"UUID": created["UUID"], name: value}));
            assert_eq!(updated[name], value, "{name}");
        }
        for (value, than) in [(min - 1, "greater"), (max + 1, "less")] {
            let bound = if value < min { min } else { max };
            let expect = format!(
                "ValidationException: 1 validation error detected: Value '{value}' at '{member}' failed to satisfy \
                 constraint: Member must have value {than} than or equal to {bound}"
            );
            let mut bench = Bench::new();
            assert_eq!(bench.refused("CreateEventSourceMapping", &with(&json!({name: value}))), expect);
            let uuid = bench.create(&json!({}))["UUID"].clone();
            bench.settled(&uuid);
            let update = json!({"UUID": uuid, name: value});
            assert_eq!(bench.refused("UpdateEventSourceMapping", &update), expect);
        }
    }
    // The wire lets 0 to 59 s through, the service does not.
    let mut bench = Bench::new();
    bench.create(&json!({"MaximumRecordAgeInSeconds": 60}));
}

#[test]
fn what_is_refused_besides() {
    let mut bench = Bench::new();
    for (settings, expect) in [
        (json!({"FunctionName": "h"}), "InvalidParameterValueException: Function does not exist"),
        (json!({"FunctionName": "f:gone"}), "InvalidParameterValueException: Function does not exist"),
        (json!({"FunctionName": "f:3"}), "InvalidParameterValueException: Function does not exist"),
        (
            json!({"FunctionName": "arn:aws:lambda:eu-west-1:123456789012:function:f"}),
            "InvalidParameterValueException: Function does not exist",
        ),
        (
            json!({"BatchSize": 0}),
            "ValidationException: 1 validation error detected: Value '0' at 'batchSize'",
        ),
        (json!({"BatchSize": 10_001}), "ValidationException: 1 validation error detected: Value '10001'"),
        (json!({"ParallelizationFactor": 11}), "ValidationException: 1 validation error"),
        (
            json!({"MaximumRecordAgeInSeconds": 0}),
            "InvalidParameterValueException: Value 0 of MaximumRecordAge",
        ),
        (
            json!({"MaximumRecordAgeInSeconds": 59}),
            "InvalidParameterValueException: Value 59 of MaximumRecordAge",
        ),
        (json!({"MaximumRecordAgeInSeconds": -2}), "ValidationException: 1 validation error"),
        (json!({"MaximumRetryAttempts": -2}), "ValidationException: 1 validation error"),
        (json!({"StartingPosition": "NOW"}), "ValidationException: 1 validation error"),
        (
            json!({"TumblingWindowInSeconds": 1, "ParallelizationFactor": 2}),
            "InvalidParameterValueException: TumblingWindowInSeconds cannot",
        ),
        (
            json!({"DestinationConfig": {"OnSuccess": {"Destination": "arn:aws:sqs:us-east-1:123456789012:q"}}}),
            "InvalidParameterValueException: OnSuccess",
        ),
        (
            json!({"DestinationConfig": {"OnFailure": {"Destination": "kafka://topic"}}}),
            "InvalidParameterValueException: The destination kafka://topic is not supported.",
        ),
        (
            json!({"MetricsConfig": {"Metrics": ["EventCount", "ErrorCount"]}}),
            "InvalidParameterValueException: ErrorCount is not supported",
        ),
        (
            json!({"FilterCriteria": {"Filters": vec![json!({"Pattern": "{\"partitionKey\": [\"1\"]}"}); 6]}}),
            "InvalidParameterValueException: The number of filters exceeds",
        ),
        (
            json!({"EventSourceArn": "arn:aws:sqs:us-east-1:123456789012:q"}),
            "InvalidParameterValueException: Unrecognized event source",
        ),
        (json!({"EventSourceArn": null}), "InvalidParameterValueException: Unrecognized event source"),
        (
            json!({"EventSourceArn": format!("{STREAM}/consumer/c:1578982993")}),
            "InvalidParameterValueException: Stream not found: ",
        ),
    ] {
        let refused = bench.refused("CreateEventSourceMapping", &with(&settings));
        assert!(refused.starts_with(expect), "{settings}: {refused}");
    }
    assert!(bench.lambda.mappings.is_empty());
    bench.streams.create("other", 1);
    let refused = bench.refused(
        "CreateEventSourceMapping",
        &with(&json!({"EventSourceArn": STREAM.replace("/s", "/other")})),
    );
    let text =
        format!("Mappings read the first stream of a run, {STREAM}, and none that was created after it.");
    assert!(refused.ends_with(&text), "{refused}");
}

#[test]
fn a_stream_that_is_created_again_is_no_event_source() {
    let mut bench = Bench::new();
    bench.streams.ok("DeleteStream", &json!({"StreamName": "s"}));
    bench.streams.wait(60_000);
    let refused = bench.refused("CreateEventSourceMapping", &with(&json!({})));
    assert!(refused.starts_with("InvalidParameterValueException: Stream not found: "), "{refused}");
    bench.streams.create("s", 1);
    let refused = bench.refused("CreateEventSourceMapping", &with(&json!({})));
    assert!(refused.contains("Mappings read the first stream of a run"), "{refused}");
}

#[test]
fn a_consumer_is_read_once_it_is_active() {
    let mut bench = Bench::new();
    let request = json!({"StreamARN": STREAM, "ConsumerName": "c"});
    let arn = bench.streams.ok("RegisterStreamConsumer", &request)["Consumer"]["ConsumerARN"].clone();
    let refused = bench.refused("CreateEventSourceMapping", &with(&json!({"EventSourceArn": arn})));
    assert_eq!(
        refused,
        format!("InvalidParameterValueException: Stream not found: {}", arn.as_str().unwrap())
    );
    bench.streams.wait(30_000);
    assert_eq!(bench.create(&json!({"EventSourceArn": arn}))["EventSourceArn"], arn);
    // The stream itself is another event source.
    bench.create(&json!({}));
}
