//! Every bound on both sides, against numbers written down here.

use super::document::{fixture, read, set};
use serde_json::Value;

/// Each accepted JSON text gives no problem at `path` (but "not supported yet"), each refused one exactly one
/// problem, at `path`.
#[track_caller]
fn check(path: &str, accepted: &[&str], refused: &[&str]) {
    let document: Value = serde_json::from_str(&fixture("complete")).expect("JSON");
    let with = |json: &str| {
        let mut document = document.clone();
        set(&mut document, path, Some(serde_json::from_str(json).expect("JSON")));
        read(&document)
    };
    for json in accepted {
        let problems = with(json);
        let wrong = problems.iter().any(|problem| problem.path == path && problem.code() != "notSupported");
        assert!(!wrong, "{path} {json}: {problems:#?}");
    }
    for json in refused {
        let problems = with(json);
        assert_eq!(problems.len(), 1, "{path} {json}: {problems:#?}");
        assert_eq!(problems[0].path, path, "{json}: {problems:#?}");
    }
}

/// An integer from `min` to `max`, in plain digits.
#[track_caller]
fn integer(path: &str, min: i64, max: i64) {
    let (below, above) = ((min - 1).to_string(), (max + 1).to_string());
    let accepted = [min.to_string(), max.to_string()];
    check(
        path,
        &accepted.each_ref().map(String::as_str),
        &[&below, &above, "1.5", "1e3", "\"1\"", "true", "1e99"],
    );
}

/// A text of `min` to `max` characters.
#[track_caller]
fn text(path: &str, min: usize, max: usize, refused: &[&str]) {
    let quoted = |length: usize| format!("\"{}\"", "x".repeat(length));
    check(path, &[&quoted(min.max(1)), &quoted(max)], &[&quoted(max + 1), "1", "[]"]);
    if min > 0 {
        check(path, &[], &["\"\""]);
    }
    check(path, &[], refused);
}

/// One of these texts.
#[track_caller]
fn one_of(path: &str, values: &[&str]) {
    let quoted: Vec<String> = values.iter().map(|value| format!("\"{value}\"")).collect();
    let quoted: Vec<&str> = quoted.iter().map(String::as_str).collect();
    check(path, &quoted, &["\"\"", "\"other\"", "0", "null"]);
}

const DAY: i64 = 86_400_000;
const TIME_MAX: i64 = u32::MAX as i64;

#[test]
fn of_the_document() {
    integer("$.version", 1, 1);
    text("$.id", 1, 64, &["\"A\"", "\"a_b\"", "\"é\""]);
    text("$.name.en", 1, 200, &[]);
    text("$.about.ja", 1, 2000, &[]);
    integer("$.seed", 0, (1 << 53) - 1);
    check("$.until", &["0", "86400000", "4294967295"], &["-1", "4294967296"]);
    check("$.account", &["\"000000000000\""], &["\"12345678901\"", "\"1234567890123\"", "\"12345678901x\""]);
    let regions = ["\"us-gov-west-1\"", "\"eu-central-2\""];
    check("$.region", &regions, &["\"\"", "\"us-1\"", "\"usa-east-1\"", "\"us-east-10\"", "\"us-EAST-1\""]);
    let instants = ["\"2000-01-01T00:00:00Z\"", "\"2099-12-31T23:59:59.999Z\""];
    let wrong = [
        "\"2100-01-01T00:00:00Z\"",
        "\"1999-12-31T23:59:59Z\"",
        "\"2020-01-14T06:23:03.1001Z\"",
        "\"2020-01-14\"",
    ];
    check("$.start", &instants, &wrong);
    check("$.quotas", &["\"current\"", "\"2016-11\"", "{}"], &["\"2017\"", "null", "1", "[]"]);
    one_of("$.quotas.base", &["current", "2016-11"]);
    integer("$.quotas.updateShardCountPerDay", 0, 1_000_000);
    integer("$.quotas.updateShardCountMax", 1, 1_000_000);
    integer("$.quotas.shardsPerAccount", 1, 1_000_000);
    integer("$.quotas.otherOpenShards", 0, 1_000_000);
    integer("$.quotas.concurrentExecutions", 0, 1_000_000);
    check("$.model", &["{}"], &["null", "[]"]);
    check("$.prices", &["{}"], &["null", "[]", "1"]);
    let days = ["\"2000-01-01\"", "\"2099-12-31\"", "\"2028-02-29\""];
    let wrong =
        ["\"1999-12-31\"", "\"2100-01-01\"", "\"2026-02-30\"", "\"2026-1-1\"", "\"2026-11-21T\"", "null"];
    check("$.prices.date", &days, &wrong);
    let chars = |count: usize| format!("\"{}\"", "x".repeat(count));
    check("$.prices.source", &["\"\"", &chars(200)], &[&chars(201), "null"]);
    for price in [
        "lambdaMillionRequests",
        "lambdaMillionGigabyteSeconds",
        "kinesisShardHour",
        "kinesisMillionPayloadUnits",
        "kinesisConsumerShardHour",
        "kinesisConsumerGigabyte",
        "kinesisOnDemandStreamHour",
        "kinesisOnDemandGigabyteIn",
        "kinesisOnDemandGigabyteOut",
        "kinesisOnDemandConsumerGigabyte",
    ] {
        let right = ["0", "1000", "0.000001"];
        check(&format!("$.prices.{price}"), &right, &["-0.1", "1000.000001", "0.0000001", "\"1\"", "null"]);
    }
}

#[test]
fn of_the_stream() {
    check("$.stream.StreamName", &["\"orders.v1_a-b\""], &["\"\"", "\"a b\"", "\"é\"", "1"]);
    integer("$.stream.ShardCount", 1, 10_000);
    integer("$.stream.RetentionPeriodHours", 24, 8760);
    one_of("$.stream.StreamModeDetails.StreamMode", &["PROVISIONED", "ON_DEMAND"]);
    check("$.stream.Consumers", &["[]", "[{\"ConsumerName\": \"efo\"}]"], &["null", "{}"]);
}

#[test]
fn of_producers() {
    let record = "$.producers[0].records[2]";
    integer(&format!("{record}.at"), 0, TIME_MAX);
    text(&format!("{record}.PartitionKey"), 1, 256, &["null"]);
    check(&format!("{record}.size"), &["3", "1048576"], &["2", "0", "1048577", "3.0"]);
    let at_most = format!("\"{}\"", "x".repeat(1_048_575));
    let too_long = format!("\"{}\"", "x".repeat(1_048_576));
    check("$.producers[0].records[0].Data", &["\"\"", &at_most], &[&too_long, "1", "null"]);
    check("$.producers[0].records[1].DataBase64", &["\"\"", "\"AA==\""], &["\"AA=\"", "\"A A\"", "\"AA\""]);
    let hash_keys = ["\"0\"", "\"340282366920938463463374607431768211455\""];
    let wrong = ["\"340282366920938463463374607431768211456\"", "\"01\"", "\"-1\"", "\"\"", "0"];
    check("$.producers[0].records[1].ExplicitHashKey", &hash_keys, &wrong);
    one_of("$.producers[0].onThrottle", &["retry", "drop", "stop"]);
    check("$.producers[0].batch", &["true", "false"], &["0", "\"true\"", "null"]);
    integer("$.producers[1].rounds", 1, i64::from(u32::MAX - 1) / 2);
    integer("$.producers[1].period", 1, DAY);
    integer("$.producers[1].startAt", 0, TIME_MAX);
    check("$.producers[1].partitionKeys", &["[\"1\"]"], &["[]", "null", "\"1\""]);
    check("$.producers[2].count", &["null", "1", "4294967294"], &["0", "4294967295", "\"1\""]);
    integer("$.producers[2].pause", 0, DAY);
    integer("$.producers[2].latency", 0, DAY);
    let rates = ["0.000001", "10000000", "1e3", "1.50"];
    check(
        "$.producers[3].recordsPerSecond",
        &rates,
        &["0", "0.0000001", "10000000.1", "1e99", "-1", "\"1\""],
    );
    check("$.producers[3].stopAt", &["null", "1", "4294967295"], &["0", "4294967296"]);
    one_of("$.producers[3].arrivals", &["even", "poisson"]);
    one_of("$.producers[3].keys.distribution", &["uniform", "zipf", "hot"]);
    integer("$.producers[3].keys.count", 1, 10_000_000);
    check("$.producers[3].keys.exponent", &["0", "10", "1.1"], &["10.1", "-0.1", "null"]);
    check("$.producers[3].keys.hotShare", &["0", "1"], &["1.000001", "-1"]);
    check("$.producers[3].size.min", &["13", "2000"], &["12"]);
    check("$.producers[3].size.max", &["100", "1048576"], &["99", "1048577"]);
}

#[test]
fn of_lists() {
    let producers = |count: usize| format!("[{}]", vec!["{\"type\":\"rate\"}"; count].join(","));
    let too_many = ("$.producers".to_owned(), "outOfRange");
    assert!(!codes("$.producers", &producers(255)).contains(&too_many));
    assert!(codes("$.producers", &producers(256)).contains(&too_many));
}

#[test]
fn of_functions() {
    let function = "$.functions[0]";
    check(&format!("{function}.FunctionName"), &["\"consumer\""], &["\"a.b\"", "\"\""]);
    integer(&format!("{function}.Timeout"), 1, 900);
    integer(&format!("{function}.MemorySize"), 128, 10_240);
    check(
        &format!("{function}.ReservedConcurrentExecutions"),
        &["null", "0", "900"],
        &["-1", "901", "1000001"],
    );
    integer(&format!("{function}.idleTimeout"), 0, DAY);
    check(&format!("{function}.coldStart.min"), &["0", "600"], &["-1"]);
    check(&format!("{function}.coldStart.max"), &["100", "86400000"], &["99", "86400001"]);
    text(&format!("{function}.log.start"), 0, 4096, &[]);
    text("$.functions[0].versions[\"1\"].tag", 0, 64, &["null"]);
    let name = "$.functions[1].alias.Name";
    text(name, 1, 128, &["\"12\"", "\"a.b\""]);
    let version = ["\"2\"", "\"0\"", "\"01\"", "1", "\"\"", "\"LATEST\""];
    check("$.functions[1].alias.FunctionVersion", &["\"1\"", "\"$LATEST\""], &version);
    let weights = "$.functions[0].aliases[0].RoutingConfig.AdditionalVersionWeights";
    check(weights, &["{}", "{\"2\": 0}", "{\"2\": 1}", "{\"3\": 0.05}"], &["{\"2\": 0.1, \"3\": 0.1}"]);
    only(weights, "{\"x\": 0.1}", &format!("{weights}.x"), "badText");
    let refused = [
        ("{\"2\": 1.1}", "2", "outOfRange"),
        ("{\"2\": -0.1}", "2", "outOfRange"),
        ("{\"4\": 0.1}", "4", "noSuch"),
        ("{\"1\": 0.1}", "1", "refused"),
    ];
    for (value, key, kind) in refused {
        only(weights, value, &format!("{weights}[\"{key}\"]"), kind);
    }
    let handler = "$.functions[0].versions[\"1\"].handler";
    integer(&format!("{handler}.perRecord"), 0, DAY);
    integer(&format!("{handler}.perInvocation"), 0, DAY);
    one_of(
        &format!("{handler}.rules[0].then"),
        &["throw", "throwAtEnd", "timeout", "crash", "report", "return"],
    );
    let rules = format!("{handler}.rules");
    integer(&format!("{rules}[0].when.positionInBatch"), 1, 10_000);
    text(&format!("{rules}[1].when.partitionKey"), 1, 256, &[]);
    integer(&format!("{rules}[1].when.number"), 1, i64::from(u32::MAX - 1));
    integer(&format!("{rules}[2].when.record"), 0, i64::from(u32::MAX - 1));
    text(&format!("{rules}[3].when.dataContains"), 1, 4096, &[]);
    integer(&format!("{rules}[4].when.attempt"), 1, i64::from(u32::MAX - 1));
    check(&format!("{rules}[4].when.from"), &["0", "1999"], &["-1"]);
    check(&format!("{rules}[4].when.to"), &["1001", "4294967295"], &["1000", "4294967296"]);
    let chance = format!("{rules}[5].when.any[0].chance");
    check(&chance, &["[0, 1]", "[1, 1]", "[1000000000, 1000000000]"], &["[1]", "[1, 2, 3]", "0.5", "[]"]);
    check(&format!("{chance}[1]"), &["1"], &["0", "1000000001"]);
    check(&format!("{rules}[5].when.any"), &["[{\"attempt\": 1}]"], &["[]", "{}"]);
}

#[test]
fn of_mappings() {
    let mapping = |field: &str| format!("$.eventSourceMappings[0].{field}");
    check(&mapping("UUID"), &["\"91EAEB7E-c976-4939-9c2e-1b1a2a3b4c5d\""], &["\"91eaeb7e\"", "\"\"", "null"]);
    let stream = "arn:aws:kinesis:ap-northeast-1:210987654321:stream/orders.v1_a-b";
    let wrong = [
        format!("\"{stream}x\""),
        format!("\"{stream}/x\""),
        stream.replace("kinesis", "sqs"),
        String::new(),
    ];
    let wrong = wrong.map(|arn| format!("\"{}\"", arn.replace('"', "")));
    check(&mapping("EventSourceArn"), &[&format!("\"{stream}\"")], &wrong.each_ref().map(String::as_str));
    let names =
        ["\"consumer\"", "\"consumer:live\"", "\"consumer:1\"", "\"consumer:2\"", "\"consumer:$LATEST\""];
    let wrong = ["\"consumer:3\"", "\"consumer:4\"", "\"consumer:0\"", "\"consumer:\"", "\"a:b:c\"", "\"\""];
    check(&mapping("FunctionName"), &names, &wrong);
    let arn = "arn:aws:lambda:ap-northeast-1:210987654321:function:";
    let elsewhere = arn.replace("ap-northeast-1", "us-east-1");
    check(
        &mapping("FunctionName"),
        &[&format!("\"{arn}consumer\""), &format!("\"{arn}consumer:live\""), &format!("\"{arn}other:1\"")],
        &[
            &format!("\"{arn}another\""),
            &format!("\"{elsewhere}consumer\""),
            &format!("\"{arn}consumer:dead\""),
        ],
    );
    one_of(&mapping("StartingPosition"), &["AT_TIMESTAMP"]);
    let instants = ["\"2020-01-14T06:23:03.100Z\"", "1578982983", "1578982983.1"];
    let wrong = ["\"2020-01-14T06:23:03.101Z\"", "1578982983.2", "0", "\"yesterday\"", "true"];
    check(&mapping("StartingPositionTimestamp"), &instants, &wrong);
    integer(&mapping("BatchSize"), 1, 10_000);
    integer(&mapping("MaximumBatchingWindowInSeconds"), 0, 300);
    integer(&mapping("ParallelizationFactor"), 1, 10);
    check(&mapping("MaximumRecordAgeInSeconds"), &["-1", "60", "604800"], &["-2", "0", "59", "604801"]);
    check(&mapping("MaximumRetryAttempts"), &["-1", "0", "10000"], &["-2", "10001", "0.5"]);
    check(&mapping("TumblingWindowInSeconds"), &["0"], &["-1", "901"]);
    check(&mapping("BisectBatchOnFunctionError"), &["true", "false"], &["null", "1"]);
    let queue = "\"arn:aws:sqs:us-east-1:123456789012:q\"";
    check(&mapping("DestinationConfig.OnFailure.Destination"), &["\"\"", queue], &["\"q\"", "null"]);
    let types = ["[]", "[\"ReportBatchItemFailures\"]"];
    check(&mapping("FunctionResponseTypes"), &types, &["null", "\"ReportBatchItemFailures\""]);
    check(&mapping("FilterCriteria.Filters"), &["[]", "[{\"Pattern\": \"{}\"}]"], &["null", "{}"]);
    check(&mapping("Tags"), &["{}"], &["null", "[]"]);
}

#[test]
fn of_the_model() {
    let spans = ["invokeOverhead", "reshardStep", "activation", "deactivation", "efoLatency", "rollout"];
    for field in spans {
        integer(&format!("$.model.{field}"), 0, DAY);
    }
    for field in ["backoffBase", "backoffCap", "shardAssignment"] {
        integer(&format!("$.model.{field}"), 1, DAY);
    }
    check("$.model.poll", &["500", "86400000"], &["0", "86400001"]);
    check("$.model.pollPhase", &["0", "499"], &["-1", "500"]);
    check("$.model.backoffFactor", &["1", "100", "1.000001"], &["0.999999", "101", "\"2\""]);
    check("$.model.backoffJitter", &["0", "1"], &["-0.1", "1.1"]);
    check("$.model.rolloutColdOld", &["true"], &["1"]);
    integer("$.model.envelope", 0, 1 << 20);
    one_of("$.model.laneHash", &["java-string-hash", "md5-low-32"]);
    one_of("$.model.uniformScaling", &["modern", "2016"]);
}

#[test]
#[expect(clippy::too_many_lines, reason = "one line for each rule")]
fn between_values() {
    let hundred_keys = |count: usize| format!("[{}]", vec!["\"k\""; count].join(","));
    check("$.producers[1].partitionKeys", &[&hundred_keys(10_000)], &[&hundred_keys(10_001)]);
    check("$.functions[1].aliases", &["[]"], &["null"]);
    let twice =
        "[{\"Name\":\"next\",\"FunctionVersion\":\"1\"},{\"Name\":\"next\",\"FunctionVersion\":\"1\"}]";
    only("$.functions[0].aliases", twice, "$.functions[0].aliases[1].Name", "duplicate");
    let records = |count: usize| format!("[{}]", vec!["{\"PartitionKey\":\"a\"}"; count].join(","));
    check("$.producers[0].records", &["[]", &records(500)], &[]);
    only("$.producers[0].records", &records(501), "$.producers[0].records[500].at", "outOfRange");
    let rounds = |batch: bool| {
        format!("{{\"type\":\"rounds\",\"partitionKeys\":{},\"batch\":{batch}}}", hundred_keys(501))
    };
    only("$.producers[1]", &rounds(true), "$.producers[1].partitionKeys", "outOfRange");
    check("$.producers[1]", &[&rounds(false)], &[]);
    let busy = "{\"type\":\"loop\",\"partitionKey\":\"a\",\"pause\":0,\"latency\":0}";
    only("$.producers[2]", busy, "$.producers[2].pause", "outOfRange");
    let hot = "{\"distribution\":\"hot\",\"count\":1}";
    only("$.producers[3].keys", hot, "$.producers[3].keys.count", "outOfRange");
    let both = "{\"PartitionKey\":\"a\",\"Data\":\"x\",\"DataBase64\":\"\"}";
    let record = "$.producers[0].records[0]";
    only(record, both, &format!("{record}.DataBase64"), "conflict");
    let command = "$.commands";
    for (json, at, code) in [
        ("{\"at\":1}", "", "missing"),
        ("{\"at\":1,\"cli\":\"aws\",\"fault\":\"pollerRestart\",\"shardId\":\"s\"}", ".fault", "conflict"),
        ("{\"at\":1,\"cli\":\"aws\",\"redrive\":{\"document\":0}}", ".redrive", "conflict"),
        ("{\"at\":1,\"redrive\":{}}", ".redrive.document", "missing"),
        ("{\"at\":1,\"redrive\":0}", ".redrive", "wrongType"),
        ("{\"at\":1,\"redrive\":{\"document\":-1}}", ".redrive.document", "outOfRange"),
        ("{\"at\":1,\"redrive\":{\"document\":4294967295}}", ".redrive.document", "outOfRange"),
        (
            "{\"at\":1,\"redrive\":{\"document\":0},\"shardId\":\"shardId-000000000000\"}",
            ".shardId",
            "conflict",
        ),
        ("{\"at\":1,\"service\":\"kinesis\"}", ".operation", "missing"),
        ("{\"at\":1,\"operation\":\"X\"}", ".service", "missing"),
        ("{\"at\":1,\"fault\":\"pollerRestart\"}", ".shardId", "missing"),
        ("{\"at\":1,\"fault\":\"destinationFailure\"}", ".destination", "missing"),
        ("{\"at\":1,\"fault\":\"destinationFailure\",\"destination\":\"\"}", ".destination", "badText"),
        (
            "{\"at\":1,\"fault\":\"destinationFailure\",\"destination\":\"arn:aws:s3:::b\",\"until\":1}",
            ".until",
            "outOfRange",
        ),
        (
            "{\"at\":1,\"fault\":\"pollerRestart\",\"shardId\":\"shardId-000000000000\",\"until\":2}",
            ".until",
            "conflict",
        ),
        (
            "{\"at\":1,\"cli\":\"aws kinesis list-streams\",\"destination\":\"arn:aws:s3:::b\"}",
            ".destination",
            "conflict",
        ),
        ("{\"at\":1,\"fault\":\"other\"}", ".fault", "notOneOf"),
        ("{\"at\":1,\"cli\":\"aws\",\"request\":{}}", ".request", "conflict"),
        ("{\"at\":1,\"service\":\"kinesis\",\"operation\":\"Get\"}", ".operation", "noSuch"),
        ("{\"at\":1,\"service\":\"lambda\",\"operation\":\"Invoke\"}", ".operation", "noSuch"),
        ("{\"at\":1,\"service\":\"cloudwatch\",\"operation\":\"Get\"}", ".operation", "noSuch"),
        ("{\"at\":1,\"fault\":\"pollerRestart\",\"shardId\":\"s\"}", ".shardId", "badText"),
        ("{\"at\":1,\"cli\":\"aws lambda invoke\"}", ".cli", "refused"),
        ("{\"at\":1,\"cli\":\"aws kinesis delete-stream --force\"}", ".cli", "refused"),
        ("{\"at\":1,\"cli\":\"aws kinesis help\"}", ".cli", "refused"),
    ] {
        let problems = codes(command, &format!("[{json}]"));
        assert!(problems.contains(&(format!("$.commands[0]{at}"), code)), "{problems:?}");
    }
    let subscribers = "[{\"TopicName\":\"t\",\"functions\":[\"nobody\"]}]";
    only("$.topics", subscribers, "$.topics[0].functions[0]", "noSuch");
    let tumbling = "$.eventSourceMappings[0].TumblingWindowInSeconds";
    only(tumbling, "1", tumbling, "conflict");
    let alarm = |more: &str| {
        format!(
            "[{{\"AlarmName\":\"a\",\"Namespace\":\"AWS/Kinesis\",\"MetricName\":\"IncomingRecords\",\
             \"Dimensions\":[{{\"Name\":\"StreamName\",\"Value\":\"s\"}}],\"Statistic\":\"Sum\",\"Period\":60,\
             \"EvaluationPeriods\":1,\"ComparisonOperator\":\"GreaterThanThreshold\"{more}}}]"
        )
    };
    check("$.alarms", &[&alarm(",\"Threshold\":0.5")], &[]);
    let lost = ",\"Threshold\":1,\"AlarmActions\":[\"arn:aws:sns:us-east-1:123456789012:lost\"]";
    for (more, at, code) in [
        ("", ".Threshold", "missing"),
        (",\"Threshold\":1,\"DatapointsToAlarm\":2", "", "refused"),
        (",\"Threshold\":1,\"ExtendedStatistic\":\"p99\"", ".ExtendedStatistic", "notSupported"),
        (lost, ".AlarmActions[0]", "noSuch"),
    ] {
        let problems = codes("$.alarms", &alarm(more));
        assert!(problems.contains(&(format!("$.alarms[0]{at}"), code)), "{problems:?}");
    }
    let shards = "[{\"ShardId\":\"s\",\"HashKeyRange\":{\"StartingHashKey\":\"0\",\"EndingHashKey\":\"1\"},\
                  \"SequenceNumberRange\":{\"StartingSequenceNumber\":\"1\"}}]";
    let conflict = codes("$.stream.Shards", shards);
    assert!(conflict.contains(&("$.stream.Shards".into(), "conflict")), "{conflict:?}");
    let rivals = "{\"respond\":1,\"code\":\"x\"}";
    also(
        "$.functions[0].versions[\"1\"].handler",
        rivals,
        "$.functions[0].versions[\"1\"].handler.code",
        "conflict",
    );
}

/// The only problem, with this code, is at `at`.
#[track_caller]
fn only(path: &str, json: &str, at: &str, code: &str) {
    let problems = codes(path, json);
    assert_eq!(problems, [(at.to_owned(), code)]);
}

/// Beside "not supported yet", the only problem, with this code, is at `at`.
#[track_caller]
fn also(path: &str, json: &str, at: &str, code: &str) {
    let mut problems = codes(path, json);
    let before = problems.len();
    problems.retain(|(_, code)| *code != "notSupported");
    assert!(problems.len() < before, "{problems:?}");
    assert!(problems.contains(&(at.to_owned(), code)), "{problems:?}");
}

fn codes(path: &str, json: &str) -> Vec<(String, &'static str)> {
    let mut document: Value = serde_json::from_str(&fixture("complete")).expect("JSON");
    set(&mut document, path, Some(serde_json::from_str(json).expect("JSON")));
    read(&document).iter().map(|problem| (problem.path.clone(), problem.code())).collect()
}
