//! One message of every kind, in both languages.

use super::document::{fixture, read, set};
use serde_json::Value;
use shardlab::lang::Lang;
use shardlab::scenario::Scenario;

/// The only problem of `complete.json` with `json` at `path` is found at `at`.
#[track_caller]
fn check(path: &str, json: &str, at: &str, en: &str, ja: &str) {
    let mut document: Value = serde_json::from_str(&fixture("complete")).expect("JSON");
    let value = (!json.is_empty()).then(|| serde_json::from_str(json).expect("JSON"));
    set(&mut document, path, value);
    let problems = read(&document);
    assert_eq!(problems.len(), 1, "{problems:#?}");
    assert_eq!(problems[0].message(Lang::En), format!("{at}: {en}"));
    assert_eq!(problems[0].message(Lang::Ja), format!("{at}: {ja}"));
}

#[test]
fn single_values() {
    let at = "$.eventSourceMappings[0].BatchSize";
    check(
        at,
        "0",
        at,
        "found 0; allowed: an integer from 1 to 10000",
        "0は使えません。指定できる値: 1～10000の整数",
    );
    check(
        at,
        "\"many\"",
        at,
        "found \"many\"; allowed: an integer from 1 to 10000",
        "\"many\"は使えません。指定できる値: 1～10000の整数",
    );
    check(
        "$.id",
        "",
        "$.id",
        "required, but missing; allowed: a text of 1 to 64 characters from a-z, 0-9, -",
        "必須の項目がありません。指定できる値: 1～64文字の文字列（a-z、0-9、-）",
    );
    check(
        "$.stream.Shardcount",
        "1",
        "$.stream.Shardcount",
        "unknown field (did you mean ShardCount?); allowed fields: StreamName, ShardCount, RetentionPeriodHours, \
         StreamModeDetails, Consumers, Shards",
        "この項目はありません。ShardCountの間違いではありませんか？指定できる項目: StreamName、ShardCount、\
         RetentionPeriodHours、StreamModeDetails、Consumers、Shards",
    );
    check(
        "$.producers[3].arrivals",
        "\"random\"",
        "$.producers[3].arrivals",
        "found \"random\"; allowed: one of \"even\", \"poisson\"",
        "\"random\"は使えません。指定できる値: \"even\"、\"poisson\"のいずれか",
    );
    check(
        "$.account",
        "\"1234\"",
        "$.account",
        "found \"1234\"; allowed: a text of 12 digits",
        "\"1234\"は使えません。指定できる値: 12桁の数字の文字列",
    );
    check(
        "$.model.backoffJitter",
        "1.1",
        "$.model.backoffJitter",
        "found 1.1; allowed: a number from 0 to 1, of up to 6 decimals",
        "1.1は使えません。指定できる値: 0～1の数（小数は6桁まで）",
    );
    check(
        "$.producers[2].count",
        "0",
        "$.producers[2].count",
        "found 0; allowed: null, or an integer from 1 to 4294967294",
        "0は使えません。指定できる値: null、または1～4294967294の整数",
    );
}

#[test]
fn values_that_depend_on_others() {
    check(
        "$.model.pollPhase",
        "500",
        "$.model.pollPhase",
        "found 500; allowed: less than 500 (poll)",
        "500は使えません。指定できる値: 500未満（pollによる）",
    );
    check(
        "$.producers[3]",
        "{\"type\": \"rate\", \"startAt\": 70000}",
        "$.producers[3].stopAt",
        "found 60000; allowed: more than 70000 (startAt)",
        "60000は使えません。指定できる値: 70000より大きい値（startAtによる）",
    );
    check(
        "$.functions[1].FunctionName",
        "\"consumer\"",
        "$.functions[1].FunctionName",
        "found \"consumer\", as at $.functions[0].FunctionName; allowed: a value used nowhere else",
        "\"consumer\"は$.functions[0].FunctionNameですでに使われています。指定できる値: ほかと重複しない値",
    );
    check(
        "$.eventSourceMappings[0].FunctionName",
        "\"consumers\"",
        "$.eventSourceMappings[0].FunctionName",
        "found \"consumers\": no such function; allowed: \"consumer\", \"other\"",
        "\"consumers\"が指す関数が見つかりません。指定できる値: \"consumer\"、\"other\"",
    );
    check(
        "$.functions[1].versions[\"3\"]",
        "{\"handler\": {}}",
        "$.functions[1].versions[\"3\"]",
        "found \"3\"; allowed: versions \"1\" to \"2\" without a gap",
        "\"3\"は使えません。指定できる値: \"1\"から\"2\"までの連番",
    );
    check(
        "$.functions[1].aliases",
        "[{\"Name\": \"new\", \"FunctionVersion\": \"1\"}]",
        "$.functions[1].alias",
        "found {\"Name\":\"live\",\"FunctionVersion\":\"1\"}: cannot stand together with aliases",
        "aliasesと同時には指定できません（{\"Name\":\"live\",\"FunctionVersion\":\"1\"}）。",
    );
    check(
        "$.eventSourceMappings[0].StartingPosition",
        "\"LATEST\"",
        "$.eventSourceMappings[0].StartingPositionTimestamp",
        "found 1578982983.1: only together with StartingPosition AT_TIMESTAMP",
        "StartingPosition AT_TIMESTAMPと一緒のときだけ指定できます（1578982983.1）。",
    );
    let when = "$.functions[0].versions[\"1\"].handler.rules[0].when";
    let names =
        ["positionInBatch", "partitionKey", "number", "record", "dataContains", "attempt", "from", "to"];
    let names: Vec<&str> = names.into_iter().chain(["chance", "any", "all", "not"]).collect();
    check(
        when,
        "{}",
        when,
        &format!("found no field that says what it is; allowed fields: {}", names.join(", ")),
        &format!("種類を決める項目がありません。指定できる項目: {}", names.join("、")),
    );
}

#[test]
fn what_aws_refuses() {
    let weights = "$.functions[1].alias.RoutingConfig";
    let said = "Invalid function version 1. Function version 1 is already included in routing configuration.";
    check(
        weights,
        "{\"AdditionalVersionWeights\": {\"1\": 0.05}}",
        &format!("{weights}.AdditionalVersionWeights[\"1\"]"),
        &format!("found \"1\": {said}"),
        &format!("\"1\"は受け付けられません（{said}）。"),
    );
}

#[test]
fn what_is_not_built_yet() {
    check(
        "$.commands",
        "[{\"at\": 0, \"cli\": \"aws s3 ls\"}]",
        "$.commands[0].cli",
        "found \"aws s3 ls\": not supported yet; allowed: \"aws cloudwatch …\", \"aws kinesis …\", \"aws lambda …\", for now",
        "\"aws s3 ls\"にはまだ対応していません。指定できる値: 現在は\"aws cloudwatch …\", \"aws kinesis …\", \"aws lambda …\"のみ",
    );
    let handler = "$.functions[0].versions[\"1\"].handler";
    check(
        handler,
        "{\"code\": \"x\"}",
        &format!("{handler}.code"),
        "found \"x\": not supported yet",
        "\"x\"にはまだ対応していません。",
    );
}

#[test]
fn whole_documents() {
    #[track_caller]
    fn check(text: &str, en: &str, ja: &str) {
        let problems = Scenario::from_json(text).map(|scenario| scenario.id).unwrap_err();
        assert_eq!(problems.last().map(|problem| problem.message(Lang::En)).as_deref(), Some(en));
        assert_eq!(problems.last().map(|problem| problem.message(Lang::Ja)).as_deref(), Some(ja));
    }
    check(
        "{\"version\": 1",
        "$: not JSON at line 1, column 13: EOF while parsing an object",
        "$: 1行13列でJSONとして読めません（EOF while parsing an object）。",
    );
    check(
        &" ".repeat(5_000_000),
        "$: the document has 5000000 bytes; allowed: at most 4194304 bytes",
        "$: 文書が大きすぎます（5000000バイト）。指定できる値: 4194304バイト以下",
    );
    check(
        "{\"version\": 1, \"id\": \"x\", \"stream\": {}, \"seed\": 1, \"seed\": 2}",
        "$.seed: the field stands more than once in its object",
        "$.seed: 同じ項目が2回以上書かれています。",
    );
    let many = format!("{{{}\"z\": 0}}", (0..1000).map(|idx| format!("\"{idx}\": 0, ")).collect::<String>());
    check(
        &many,
        "$: more than 1000 problems; the others are not listed",
        "$: 問題が1000件を超えたため、残りは省略しました。",
    );
}

#[test]
fn what_was_found_is_short() {
    let mut document: Value = serde_json::from_str(&fixture("complete")).expect("JSON");
    set(&mut document, "$.id", Some("é".repeat(1000).into()));
    let problems = read(&document);
    assert_eq!(problems[0].found, format!("\"{}…", "é".repeat(58)));
}
