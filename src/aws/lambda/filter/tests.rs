//! Patterns as tables.

use serde_json::{Value, json};

use super::*;

/// A record with this data and partition key `1`.
struct Record<'a>(&'a str);

impl Subject for Record<'_> {
    fn metadata(&self, name: &str) -> Option<Value> {
        match name {
            "partitionKey" => Some("1".into()),
            "approximateArrivalTimestamp" => Some(json!(1_545_084_650.5)),
            _ => None,
        }
    }
    fn data(&self) -> Vec<u8> {
        self.0.as_bytes().to_vec()
    }
}

fn criteria(patterns: &[Value]) -> FilterCriteria {
    let texts: Vec<String> = patterns.iter().map(Value::to_string).collect();
    FilterCriteria::parse(texts.iter().map(String::as_str)).unwrap()
}

/// Whether a rule for the field `x` holds for these data.
#[track_caller]
fn check(rules: Value, data: &Value, expect: bool) {
    let criteria = criteria(&[json!({"data": {"x": rules}})]);
    assert_eq!(criteria.matches(&Record(&data.to_string())), expect, "{rules} of {data}");
}

#[test]
fn exact_values() {
    let a = json!({"x": "a"});
    check(json!(["a"]), &a, true);
    check(json!(["b", "a"]), &a, true);
    check(json!(["A"]), &a, false);
    check(json!([""]), &json!({"x": ""}), true);
    check(json!([""]), &json!({}), false);
    check(json!([null]), &json!({"x": null}), true);
    check(json!([null]), &json!({}), false);
    check(json!([true]), &json!({"x": true}), true);
    check(json!([true]), &json!({"x": "true"}), false);
    check(json!([300]), &json!({"x": 300}), true);
    check(json!([300]), &json!({"x": "300"}), false);
    check(json!([300]), &serde_json::from_str(r#"{"x": 300.0}"#).unwrap(), false);
    check(json!(["a"]), &json!({"x": {"a": "a"}}), false);
    check(json!(["a"]), &json!({"x": ["b", "a"]}), true);
    check(json!(["a"]), &json!({"x": []}), false);
}

#[test]
fn rules_on_texts() {
    let (a, number) = (json!({"x": "Apple"}), json!({"x": 5}));
    check(json!([{"prefix": "Ap"}]), &a, true);
    check(json!([{"prefix": "ap"}]), &a, false);
    check(json!([{"suffix": "ple"}]), &a, true);
    check(json!([{"suffix": "Ap"}]), &a, false);
    check(json!([{"prefix": "5"}]), &number, false);
    check(json!([{"equals-ignore-case": "aPPLE"}]), &a, true);
    check(json!([{"equals-ignore-case": "appl"}]), &a, false);
    check(json!([{"anything-but": "Apple"}]), &a, false);
    check(json!([{"anything-but": ["Pear", 5]}]), &a, true);
    check(json!([{"anything-but": ["Pear", 5]}]), &number, false);
    check(json!([{"anything-but": "Apple"}]), &json!({}), false);
    check(json!([{"anything-but": "Apple"}]), &json!({"x": ["Apple", "Pear"]}), true);
}

#[test]
fn rules_on_numbers() {
    for (comparisons, number, expect) in [
        (json!(["=", 300]), "300.0", true),
        (json!(["=", 300]), "3e2", true),
        (json!(["=", 300]), "300.000001", false),
        (json!([">", 0, "<=", 5]), "0", false),
        (json!([">", 0, "<=", 5]), "0.000001", true),
        (json!([">", 0, "<=", 5]), "5", true),
        (json!([">", 0, "<=", 5]), "5.01", false),
        (json!([">=", -2]), "-2", true),
        (json!([">=", -2]), "-2.5", false),
        (json!(["<", -2]), "-2.5", true),
        (json!(["<", -2]), "2", false),
        (json!(["=", 0]), "-0", true),
        (json!([">", 1]), "\"2\"", false),
    ] {
        let data = serde_json::from_str(&format!("{{\"x\": {number}}}")).unwrap();
        check(json!([{"numeric": comparisons}]), &data, expect);
    }
}

#[test]
fn existence_is_of_leaves() {
    let (there, not_there) = (json!([{"exists": true}]), json!([{"exists": false}]));
    for (data, expect) in [
        (json!({"x": 1}), true),
        (json!({"x": null}), true),
        (json!({"x": ["a"]}), true),
        (json!({"y": 1}), false),
        (json!({"x": {"y": 1}}), false),
        (json!({"x": []}), false),
        (json!(5), false),
    ] {
        check(there.clone(), &data, expect);
        check(not_there.clone(), &data, !expect);
    }
}

#[test]
fn fields_are_all_needed_and_filters_are_alternatives() {
    #[track_caller]
    fn check(patterns: &[Value], data: &str, expect: bool) {
        assert_eq!(criteria(patterns).matches(&Record(data)), expect, "{patterns:?} of {data}");
    }
    let buy = r#"{"order": {"type": "buy", "items": [{"id": 1}, {"id": 2}]}}"#;
    check(&[], "no JSON", true);
    check(&[json!({"data": {"order": {"type": ["buy"]}}})], buy, true);
    check(&[json!({"data": {"order": {"type": ["buy"], "id": ["x"]}}})], buy, false);
    check(&[json!({"data": {"order": {"items": {"id": [2]}}}})], buy, true);
    check(&[json!({"data": {"order": {"items": {"id": [3]}}}})], buy, false);
    check(&[json!({"partitionKey": ["1"]})], "no JSON", true);
    check(&[json!({"partitionKey": ["2"]})], buy, false);
    check(&[json!({"approximateArrivalTimestamp": [{"numeric": [">=", 1_545_084_650]}]})], buy, true);
    check(&[json!({"partitionKey": ["1"], "data": {"order": {"type": ["sell"]}}})], buy, false);
    check(&[json!({"partitionKey": ["2"]}), json!({"data": {"order": {"type": ["buy"]}}})], buy, true);
    check(&[json!({"$or": [{"partitionKey": ["2"]}, {"data": {"order": {"type": ["buy"]}}}]})], buy, true);
    check(&[json!({"data": {"$or": [{"a": ["1"]}, {"b": ["1"]}]}})], buy, false);
    // Data that is no JSON matches nothing on data, not even that a field is missing.
    check(&[json!({"data": {"x": [{"exists": false}]}})], "no JSON", false);
    check(&[json!({"data": {"x": [{"exists": false}]}}), json!({"partitionKey": ["1"]})], "no JSON", true);
}

#[test]
fn what_is_no_pattern() {
    for text in [
        "",
        "simple string",
        "[]",
        "{}",
        "null",
        r#"{"partitionKey": "1"}"#,
        r#"{"partitionKey": []}"#,
        r#"{"partitionKey": null}"#,
        r#"{"partitionKey": [["1"]]}"#,
        r#"{"partitionKey": [{}]}"#,
        r#"{"partitionKey": [{"prefix": "1", "suffix": "2"}]}"#,
        r#"{"partitionKey": [{"prefix": 1}]}"#,
        r#"{"partitionKey": [{"exists": "true"}]}"#,
        r#"{"partitionKey": [{"cidr": "10.0.0.0/24"}]}"#,
        r#"{"partitionKey": [{"anything-but": []}]}"#,
        r#"{"partitionKey": [{"anything-but": {"prefix": "1"}}]}"#,
        r#"{"partitionKey": [{"numeric": []}]}"#,
        r#"{"partitionKey": [{"numeric": [">"]}]}"#,
        r#"{"partitionKey": [{"numeric": ["!=", 1]}]}"#,
        r#"{"partitionKey": [{"numeric": [">", "1"]}]}"#,
        r#"{"partitionKey": [{"numeric": [">", 1, "<", 2, "=", 1]}]}"#,
        r#"{"$or": []}"#,
        r#"{"$or": [{}]}"#,
        r#"{"data": {}}"#,
        r#"{"data": ["x"]}"#,
    ] {
        assert!(FilterCriteria::parse([text]).is_err(), "{text}");
    }
    let patterns = [r#"{"partitionKey": ["1"]}"#, r#"{"data": {"x": [{"numeric": ["=", 1]}]}}"#];
    assert!(FilterCriteria::parse(patterns).unwrap().patterns().eq(patterns));
}
