//! The scenario reader: bounds on both sides, all problems at once, messages in both languages.
#![cfg(not(target_arch = "wasm32"))]

#[path = "scenario/bounds.rs"]
mod bounds;
#[path = "scenario/document.rs"]
mod document;
#[path = "scenario/messages.rs"]
mod messages;
#[path = "scenario/schema.rs"]
mod schema;
#[path = "scenario/streams.rs"]
mod streams;

use document::{fixture, paths, read, set};
use serde_json::Value;
use shardlab::lang::Lang;
use shardlab::quota::Quotas;
use shardlab::scenario::read::{DEPTH_MAX, PROBLEMS_MAX};
use shardlab::scenario::{
    Action, Arrivals, Condition, Data, KeyDistribution, LaneHash, Model, OnThrottle, Problem, Qualifier,
    Scenario, Source, StartingPosition, UniformScaling,
};
use shardlab::units::{Ratio, SimDuration, SimTime};

/// Path and code of each problem, one a line.
fn brief(problems: &[Problem]) -> Vec<String> {
    problems.iter().map(|problem| format!("{} {}", problem.path, problem.code())).collect()
}

#[test]
fn article_c_is_read() {
    for (name, factor, start_at, until) in
        [("parallelization-1", 1, 1500, 480_000), ("parallelization-3", 3, 350, 240_000)]
    {
        let scenario = Scenario::from_json(&fixture(name)).expect("a scenario without problems");
        assert_eq!((scenario.id.as_str(), scenario.until), (name, SimTime(until)));
        let Source::Rounds { partition_keys, rounds, period, start_at: first, data, batch } =
            &scenario.producers[0].source
        else {
            panic!("rounds");
        };
        assert_eq!(partition_keys, &["1", "2", "3", "4", "5"]);
        assert_eq!((*rounds, *period, *first), (30, SimDuration(1075), SimTime(start_at)));
        assert_eq!((data.as_str(), *batch), ("{n}", true));
        let mapping = &scenario.mappings[0];
        assert_eq!((mapping.batch_size, mapping.parallelization_factor), (50, factor));
        assert_eq!(
            (mapping.qualifier, mapping.starting_position),
            (Qualifier::Alias(0), StartingPosition::TrimHorizon)
        );
        let handler = &scenario.functions[0].versions[0].handler;
        let rules = handler.rules().unwrap();
        assert_eq!((rules.per_record, rules.per_invocation), (SimDuration(3000), SimDuration(170)));
        assert_eq!(scenario.model.activation, SimDuration(2000));
    }
    let scenario =
        Scenario::from_json(&fixture("parallelization-3-error")).expect("a scenario without problems");
    let rule = &scenario.functions[0].versions[0].handler.rules().unwrap().rules[0];
    assert_eq!(rule.then, Action::ThrowAtEnd);
    let Condition::All(parts) = &rule.when else { panic!("two conditions") };
    assert!(matches!(&parts[..], [Condition::PartitionKey(key), Condition::Number(5)] if key == "1"));
}

#[test]
fn listed_shards_have_to_make_a_stream() {
    let mut document: Value = serde_json::from_str(&fixture("complete")).expect("JSON");
    let shard = |id: u32, start: &str, end: &str| {
        serde_json::json!({
            "ShardId": format!("shardId-{id:012}"),
            "HashKeyRange": {"StartingHashKey": start, "EndingHashKey": end},
            "SequenceNumberRange": {"StartingSequenceNumber": "1"},
        })
    };
    let (middle, last) =
        ("170141183460469231731687303715884105728", "340282366920938463463374607431768211455");
    let stream = serde_json::json!({"Shards": [shard(3, "0", "9"), shard(7, middle, last)]});
    set(&mut document, "$.stream", Some(stream));
    set(&mut document, "$.eventSourceMappings", None);
    let problems = read(&document);
    assert_eq!(brief(&problems), ["$.stream.Shards shards"]);
    assert_eq!(
        problems[0].message(Lang::En),
        "$.stream.Shards: no open shard has the hash keys 10 to 170141183460469231731687303715884105727"
    );
    let stream = serde_json::json!({"Shards": [shard(3, "0", last)]});
    set(&mut document, "$.stream", Some(stream));
    set(&mut document, "$.commands", None);
    let scenario = Scenario::from_value(&document).unwrap();
    assert_eq!(scenario.stream.unwrap().shards.len(), 4);
}

#[test]
fn what_is_not_built_yet_is_told_at_its_place() {
    #[track_caller]
    fn check(name: &str, expect: &[&str]) {
        let problems = Scenario::from_json(&fixture(name)).map(|scenario| scenario.id).unwrap_err();
        let expect: Vec<String> = expect.iter().map(|path| format!("{path} notSupported")).collect();
        assert_eq!(brief(&problems), expect, "{name}");
    }
    for name in [
        "checkpoint-default",
        "checkpoint-bisect",
        "checkpoint-report",
        "parallelization-3-error",
        "deploy-1-shard",
        "deploy-2-shards",
    ] {
        assert!(Scenario::from_json(&fixture(name)).is_ok(), "{name}");
    }
    check(
        "not-supported",
        &[
            "$.functions[0].versions[\"4\"].handler.code",
            "$.eventSourceMappings[0].FunctionName",
            "$.eventSourceMappings[1].FunctionName",
        ],
    );
}

#[test]
fn five_mistakes_give_five_problems_in_document_order() {
    let problems = Scenario::from_json(&fixture("five-mistakes")).map(|scenario| scenario.id).unwrap_err();
    let messages: Vec<String> = problems.iter().map(|problem| problem.message(Lang::En)).collect();
    assert_eq!(
        messages,
        [
            "$.until: found -1; allowed: an integer from 0 to 4294967295",
            "$.stream.ShardCuont: unknown field (did you mean ShardCount?); allowed fields: StreamName, ShardCount, \
             RetentionPeriodHours, StreamModeDetails, Consumers, Shards",
            "$.producers[0].rounds: found \"30\"; allowed: an integer from 1 to 4294967294",
            "$.eventSourceMappings[0].FunctionName: found \"consumer:life\": no such alias; allowed: \"live\"",
            "$.eventSourceMappings[0].BatchSize: found 0; allowed: an integer from 1 to 10000",
        ]
    );
}

#[test]
fn defaults_fill_in_everything_but_three_fields() {
    let scenario = Scenario::from_json(r#"{"version": 1, "id": "tiny", "stream": {}}"#).expect("a scenario");
    assert_eq!((scenario.name.en.as_str(), scenario.about.ja.as_str()), ("tiny", "tiny"));
    assert_eq!((scenario.seed, scenario.until), (42, SimTime(600_000)));
    assert_eq!(scenario.start.to_string(), "2020-01-14T06:23:03.100Z");
    assert_eq!((scenario.account.as_str(), scenario.region.as_str()), ("123456789012", "us-east-1"));
    assert_eq!(scenario.quotas, Quotas::current());
    let stream = scenario.stream.unwrap();
    assert_eq!(stream.arn("r", "a"), "arn:aws:kinesis:r:a:stream/s");
    assert_eq!((stream.shard_count, stream.retention), (1, SimDuration::from_hours(24)));
    assert!(scenario.producers.is_empty() && scenario.functions.is_empty() && scenario.mappings.is_empty());
    assert_eq!(scenario.model, Model::default());
}

#[test]
fn every_field_is_read() {
    let scenario = Scenario::from_json(&fixture("complete")).expect("a scenario without problems");
    assert_eq!((scenario.seed, scenario.until), ((1 << 53) - 1, SimTime(86_399_999)));
    assert_eq!(scenario.start.to_string(), "2020-01-14T06:23:03.100Z");
    let quotas = &scenario.quotas;
    assert_eq!(
        (quotas.shards_per_account, quotas.other_open_shards, quotas.update_shard_count_max),
        (50, 5, 300)
    );
    assert_eq!((quotas.update_shard_count_per_day, quotas.concurrent_executions), (3, 900));
    let model = &scenario.model;
    assert_eq!(
        (model.poll, model.poll_phase, model.lane_hash),
        (SimDuration(500), SimDuration(499), LaneHash::Md5Low32)
    );
    assert_eq!(
        (Some(model.backoff_factor), Some(model.backoff_jitter)),
        (Ratio::new(15, 10), Ratio::new(1, 10))
    );
    assert_eq!((model.uniform_scaling, model.rollout_cold_old), (UniformScaling::Article2016, false));
    let mapping = &scenario.mappings[0];
    assert_eq!((mapping.function_idx, mapping.qualifier, mapping.enabled), (0, Qualifier::Alias(1), false));
    assert_eq!(mapping.starting_position, StartingPosition::AtTimestamp(scenario.start));
    assert_eq!(mapping.maximum_batching_window, SimDuration(300_000));
    let function = &scenario.functions[0];
    let tags: Vec<&str> = function.versions.iter().map(|version| version.tag.as_str()).collect();
    assert_eq!(tags, ["aaa", "bbb", "v3"]);
    let versions: Vec<String> =
        function.aliases.iter().map(|alias| alias.routing.version.to_string()).collect();
    assert_eq!((versions, function.published()), (vec!["1".into(), "2".into()], 2));
    assert_eq!((function.timeout, function.cold_start.1), (SimDuration(900_000), SimDuration(600)));
    assert_eq!(
        (function.log.success.as_deref(), function.log.start.as_deref()),
        (None, Some("records: {count}"))
    );
    assert_eq!(scenario.functions[1].aliases[0].name, "live");
    assert_eq!(function.versions[0].handler.rules().unwrap().rules.len(), 6);
}

#[test]
fn every_producer_is_read() {
    let scenario = Scenario::from_json(&fixture("complete")).expect("a scenario without problems");
    let throttle: Vec<OnThrottle> = scenario.producers.iter().map(|producer| producer.on_throttle).collect();
    assert_eq!(throttle, [OnThrottle::Drop, OnThrottle::Stop, OnThrottle::Retry, OnThrottle::Retry]);
    let Source::Records { records, batch: true } = &scenario.producers[0].source else { panic!("records") };
    let keys: Vec<(u64, &str)> =
        records.iter().map(|record| (record.at.0, record.partition_key.as_str())).collect();
    assert_eq!(keys, [(0, "c"), (1000, "a"), (1000, "鍵"), (2000, "b")]);
    assert!(matches!(&records[1].data, Data::Bytes(bytes) if bytes == &[0, 1, 2, 255]));
    assert_eq!((records[1].explicit_hash_key, records[2].size), (Some(u128::MAX), Some(120)));
    assert!(matches!(&records[0].data, Data::Template(text) if text == "{n}"));
    let Source::Rounds { batch: false, .. } = &scenario.producers[1].source else { panic!("rounds") };
    let Source::Loop { count, latency, .. } = &scenario.producers[2].source else { panic!("a loop") };
    assert_eq!((*count, *latency), (Some(317), SimDuration(25)));
    let Source::Rate { records_per_second, stop_at, arrivals, keys, size, .. } =
        &scenario.producers[3].source
    else {
        panic!("a rate");
    };
    assert_eq!(
        (Some(*records_per_second), *stop_at, *arrivals),
        (Ratio::new(125, 10), None, Arrivals::Poisson)
    );
    assert_eq!(
        Some(keys.distribution),
        Ratio::new(105, 100).map(|exponent| KeyDistribution::Zipf { exponent })
    );
    assert_eq!((size.min, size.max), (100, 2000));
}

#[test]
fn text_that_is_no_scenario_has_one_problem() {
    #[track_caller]
    fn check(text: &str, expect: &str) {
        let problems = Scenario::from_json(text).map(|scenario| scenario.id).unwrap_err();
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].message(Lang::En).starts_with(expect), "{}", problems[0].message(Lang::En));
    }
    check("", "$: not JSON at line 1, column 0: EOF while parsing a value");
    check("{\n  \"version\": 1,\n}", "$: not JSON at line 3, column 1: trailing comma");
    check("[]", "$: found []; allowed: an object");
    check("null", "$: found null; allowed: an object");
    check(&"[".repeat(200), "$: not JSON at line 1, column 128: recursion limit exceeded");
    let most = shardlab::quota::SCENARIO_BYTES_MAX;
    let shortest = r#"{"version": 1, "id": "x", "stream": {}}"#;
    let longest = format!("{shortest}{}", " ".repeat(most - shortest.len()));
    assert!(longest.len() == most && Scenario::from_json(&longest).is_ok());
    let long = " ".repeat(most + 1);
    check(&long, "$: the document has 4194305 bytes; allowed: at most 4194304 bytes");
    check(
        r#"{"version": 1, "id": "x", "stream": {}, "id": "x"}"#,
        "$.id: the field stands more than once in its object",
    );
}

#[test]
fn repeated_fields_are_found_anywhere() {
    let text = r#"{"version":1,"id":"x","stream":{"ShardCount":1,"Shard\u0043ount":2},"producers":[
        {"type":"records"},{"type":"records","records":[{"PartitionKey":"a\"}","PartitionKey":"b"}]}]}"#;
    let problems = Scenario::from_json(text).map(|scenario| scenario.id).unwrap_err();
    assert_eq!(
        brief(&problems),
        ["$.stream.ShardCount repeatedKey", "$.producers[1].records[0].PartitionKey repeatedKey"]
    );
}

#[test]
fn deep_and_numerous_problems_are_bounded() {
    let mut document: Value = serde_json::from_str(&fixture("complete")).expect("JSON");
    let mut condition: Value = serde_json::from_str(r#"{"attempt": 1}"#).expect("JSON");
    for _ in 0..DEPTH_MAX {
        condition = Value::from_iter([("not", condition)]);
    }
    set(&mut document, "$.functions[0].versions[\"1\"].handler.rules[0].when", Some(condition));
    let problems = read(&document);
    assert_eq!((problems.len(), problems[0].code()), (1, "tooDeep"));

    let records = Value::from(vec![Value::Null; 2 * PROBLEMS_MAX]);
    set(&mut document, "$.producers[0].records", Some(records));
    let problems = read(&document);
    assert_eq!((problems.len(), problems[PROBLEMS_MAX].code()), (PROBLEMS_MAX + 1, "tooMany"));
}

#[test]
fn no_document_makes_the_reader_panic() {
    let complete: Value = serde_json::from_str(&fixture("complete")).expect("JSON");
    let other: Value = serde_json::from_str(&fixture("not-supported")).expect("JSON");
    let values = ["null", "\"\"", "-1", "1e99", "[]", "{}", "true", "[null]", "\"1\"", "0"];
    let mut count = 0;
    for document in [complete, other] {
        for path in paths(&document) {
            let mutations = values.iter().map(|text| serde_json::from_str(text).ok()).chain([None]);
            for value in mutations {
                let removed = value.is_none();
                let mut mutated = document.clone();
                set(&mut mutated, &path, value);
                let problems = read(&mutated);
                if removed {
                    let text = Scenario::from_json(&mutated.to_string()).err().unwrap_or_default();
                    assert_eq!(brief(&problems), brief(&text), "{path}");
                }
                count += 1;
            }
        }
    }
    assert!(count > 3500, "{count}");
}
