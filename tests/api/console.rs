//! The console: what a terminal shows.

use std::fmt::Write as _;

use serde_json::json;
use shardlab::aws::cli::{self, Outcome};
use shardlab::kinesis::api::{self, SERVICE};
use shardlab::kinesis::reshard::UniformScaling;
use shardlab::quota::Quotas;

use super::Bench;

fn run(bench: &mut Bench, line: &str) -> Outcome {
    cli::run(line, "us-east-1", &[&SERVICE], &mut |service, operation, request| {
        assert_eq!(service.name, "kinesis");
        api::dispatch(&mut bench.kinesis, bench.now, operation.name, request, &api::no_data)
    })
}

/// Runs lines and writes down what a terminal would show. A line such as `sleep 60` lets time pass.
fn session(bench: &mut Bench, lines: &[&str]) -> String {
    let mut text = String::new();
    for line in lines {
        writeln!(text, "$ {line}").unwrap();
        if let Some(seconds) = line.strip_prefix("sleep ") {
            bench.wait(seconds.parse::<u64>().unwrap() * 1000);
            continue;
        }
        let Outcome { stdout, stderr, exit_code } = run(bench, line);
        text += &stdout;
        text += &stderr;
        if exit_code != 0 {
            writeln!(text, "[exit code {exit_code}]").unwrap();
        }
    }
    text
}

/// The resharding article's own session, with the limits of its time.
#[test]
fn the_article_s_session_of_2016() {
    let mut bench = Bench::new("2016-11-18T23:55:21.500Z", "other", 1);
    bench.kinesis.quotas = Quotas::november_2016();
    bench.kinesis.dials.uniform_scaling = UniformScaling::Article2016;
    let scale = |target: u32| {
        format!(
            "aws kinesis update-shard-count --stream-name test --target-shard-count {target} --scaling-type UNIFORM_SCALING"
        )
    };
    let (three, four, eight, one) = (scale(3), scale(4), scale(8), scale(1));
    let text = session(
        &mut bench,
        &[
            "aws kinesis create-stream --stream-name test --shard-count 2",
            "aws kinesis create-stream --stream-name test --shard-count 2",
            "sleep 97",
            "aws kinesis describe-stream --stream-name test",
            "aws kinesis describe-limits",
            &eight,
            &four,
            &three,
            "sleep 60",
            "aws kinesis describe-stream --stream-name test",
            &one,
            &three,
            "sleep 150",
            "aws kinesis list-shards --stream-name test --shard-filter Type=AT_LATEST",
            &four,
            "sleep 86400",
            &four,
        ],
    );
    // What the article shows of its stream: the numbers of shard 0, the range and the first number of shard 2.
    for number in [
        "49567765303994184397908352048233447689120770321652121602",
        "49567765304005334770507617359803006622437488738042904578",
        "85070591730234615865843651857942052864",
        "49567765350424335901249109428910813132774667910635323426",
    ] {
        assert!(text.contains(number), "{number}");
    }
    insta::assert_snapshot!(text);
}

/// What else the article shows: refusals of 1 → 3, 4, 8 and 8 → 1, 2, 3, the account's 6 of 25 shards, and
/// 2 → 3 step by step.
#[test]
fn the_article_s_refusals_and_its_two_to_three() {
    let mut bench = Bench::new("2016-11-18T23:55:21.500Z", "test", 2);
    bench.kinesis.quotas = Quotas::november_2016();
    bench.kinesis.dials.uniform_scaling = UniformScaling::Article2016;
    let scale = |stream: &str, target: u32| {
        format!(
            "aws kinesis update-shard-count --stream-name {stream} --target-shard-count {target} --scaling-type UNIFORM_SCALING"
        )
    };
    let refused = [("one", [3, 4, 8]), ("eight", [1, 2, 3])];
    let refused: Vec<String> =
        refused.iter().flat_map(|(stream, targets)| targets.map(|target| scale(stream, target))).collect();
    let mut lines = vec!["aws kinesis describe-limits".to_owned()];
    lines.push("aws kinesis create-stream --stream-name one --shard-count 1".to_owned());
    lines.push("aws kinesis create-stream --stream-name eight --shard-count 8".to_owned());
    lines.push("sleep 60".to_owned());
    lines.extend(refused);
    lines.push(scale("test", 3));
    lines.extend(["aws kinesis describe-stream-summary --stream-name test", "sleep 90"].map(str::to_owned));
    lines.push("aws kinesis describe-stream --stream-name test".to_owned());
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let text = session(&mut bench, &lines);
    let double = "An error occurred (InvalidArgumentException) when calling the UpdateShardCount operation: \
                  UpdateShardCount cannot scale up over double your current open shard count. Current open shard \
                  count: 1 Target shard count: 8";
    let half = "An error occurred (InvalidArgumentException) when calling the UpdateShardCount operation: \
                UpdateShardCount cannot scale down below half your current open shard count. Current open shard \
                count: 8 Target shard count: 3";
    for part in [double, half, "\"OpenShardCount\": 6", "\"ShardLimit\": 25"] {
        assert!(text.contains(part), "{part}");
    }
    insta::assert_snapshot!(text);
}

#[test]
fn mistakes_are_told_as_the_command_line_tells_them() {
    let mut bench = Bench::usual(1);
    let text = session(
        &mut bench,
        &[
            "",
            "ls",
            "aws kinesis list-streams | head",
            "aws",
            "aws kinesi list-streams",
            "aws kinesis",
            "aws kinesis describe-strem --stream-name s",
            "aws kinesis put-record --stream-name s",
            "aws kinesis put-record --stream-name s --partition-key a --data",
            "aws kinesis list-streams --output text",
            "aws kinesis list-streams --region --no-paginate",
            "aws kinesis create-stream --stream-name s --bogus 1",
            "aws kinesis create-stream --stream-name s --shard-count 1 extra --more",
            "aws kinesis create-stream --stream-name s --shard-count abc",
            "aws kinesis create-stream --stream-name s --stream-mode-details foo",
            "aws kinesis create-stream --stream-name s --stream-mode-details '{\"StreamMode\":1}'",
            "aws kinesis create-stream --stream-name s --stream-mode-details StreamMode=X,Y=Z",
            "aws kinesis create-stream --stream-name s --tags a=b,c",
            "aws kinesis create-stream --stream-name ''",
            "aws kinesis create-stream --cli-input-json '{\"StreamName\":3,\"Bad\":true}'",
            "aws kinesis put-records --stream-name s --records Data=x",
            "aws kinesis put-records --stream-name s --records Data=eA==,PartitionKey=a Foo",
            "aws kinesis put-record --stream-name s --partition-key a --data file://data.txt",
            "aws kinesis get-records --shard-iterator x --limit 0",
            "aws kinesis get-records --shard-iterator x --limit -99999999999999999999",
            "aws kinesis get-records --shard-iterator x --limit 99999999999",
            "aws kinesis get-records --shard-iterator x --limit 99999999999999999999",
            "aws kinesis get-records --shard-iterator x --limit +-1",
            "aws kinesis get-shard-iterator --stream-name s --shard-id x --shard-iterator-type AT_TIMESTAMP --timestamp foo",
            "aws kinesis delete-stream --stream-name s --enforce-consumer-deletion true",
            "aws kinesis list-shards --stream-name s --shard-filter Type=BAD",
            "aws kinesis put-record --stream-name s --partition-key a --data hello",
        ],
    );
    insta::assert_snapshot!(text);
}

#[test]
fn values_are_given_in_every_form() {
    let mut bench = Bench::usual(1);
    let text = session(
        &mut bench,
        &[
            "aws kinesis put-record --stream-name s --partition-key 'key one' --data aGVsbG8=",
            "aws kinesis put-record --stream-name=s --partition-key -1 --data hello --cli-binary-format raw-in-base64-out",
            "aws kinesis put-records --stream-name s --records Data=eA==,PartitionKey=a '{\"Data\":\"eA==\",\"PartitionKey\":\"b\"}'",
            "aws kinesis put-records --stream-name s --records '[{\"Data\":\"eA==\",\"PartitionKey\":\"c\",\"ExplicitHashKey\":\"7\"}]'",
            "aws kinesis put-record --cli-input-json '{\"StreamName\":\"nope\",\"Data\":\"\",\"PartitionKey\":\"a\"}' --stream-name s",
            "aws kinesis get-shard-iterator --stream-name s --shard-id shardId-0 --shard-iterator-type AT_TIMESTAMP --timestamp 2020-01-14T06:23:13.100Z",
            "aws kinesis get-shard-iterator --stream-name s --shard-id shardId-0 --shard-iterator-type AT_TIMESTAMP --timestamp 1578982993.1",
            "aws kinesis delete-stream --stream-name s --no-enforce-consumer-deletion",
            "aws kinesis list-streams --region us-east-1 --no-cli-pager",
            "aws --region eu-west-1 kinesis list-streams",
            "aws kinesis create-stream --stream-name t --stream-mode-details StreamMode=ON_DEMAND --tags a=b,c=d",
        ],
    );
    insta::assert_snapshot!(text);
    let iterator =
        bench.iterator(&json!({"StreamName": "s", "ShardId": "0", "ShardIteratorType": "TRIM_HORIZON"}));
    bench.wait(1000);
    let got = run(&mut bench, &format!("aws kinesis get-records --shard-iterator {iterator}"));
    let answer: serde_json::Value = serde_json::from_str(&got.stdout).unwrap();
    assert_eq!(
        super::texts(&answer["Records"], "Data"),
        ["aGVsbG8=", "aGVsbG8=", "eA==", "eA==", "eA==", ""]
    );
    assert_eq!(super::texts(&answer["Records"], "PartitionKey"), ["key one", "-1", "a", "b", "c", "a"]);
}

#[test]
fn pages_are_joined_unless_they_are_asked_for() {
    let mut bench = Bench::usual(250);
    let shards = |outcome: &Outcome, inside: &str| {
        let answer: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
        let inner = if inside.is_empty() { &answer } else { &answer[inside] };
        (inner["Shards"].as_array().unwrap().len(), inner.get("HasMoreShards").is_some())
    };
    let all = run(&mut bench, "aws kinesis describe-stream --stream-name s");
    assert_eq!(shards(&all, "StreamDescription"), (250, false));
    let page = run(&mut bench, "aws kinesis describe-stream --stream-name s --limit 3");
    assert_eq!(shards(&page, "StreamDescription"), (3, true));
    let page = run(&mut bench, "aws kinesis describe-stream --stream-name s --no-paginate");
    assert_eq!(shards(&page, "StreamDescription"), (100, true));
    bench.create("long", 1001);
    let all = run(&mut bench, "aws kinesis list-shards --stream-name long");
    assert_eq!(shards(&all, ""), (1001, false));
    assert!(!all.stdout.contains("NextToken"));
    let page = run(&mut bench, "aws kinesis list-shards --stream-name long --max-results 2");
    assert!(page.stdout.contains("NextToken"));
}

#[test]
fn help_is_made_from_the_tables() {
    let mut bench = Bench::usual(1);
    let lines =
        ["aws help", "aws kinesis help", "aws kinesis put-records help", "aws kinesis delete-stream help"];
    insta::assert_snapshot!(session(&mut bench, &lines));
}

#[test]
fn lines_are_completed() {
    #[track_caller]
    fn check(line: &str, expect: &[&str]) {
        assert_eq!(cli::complete(line, &[&SERVICE]), expect, "{line}");
    }
    check("", &["aws"]);
    check("aw", &["aws"]);
    check("aws ", &["help", "kinesis"]);
    check(
        "aws kinesis describe-",
        &["describe-limits", "describe-stream", "describe-stream-consumer", "describe-stream-summary"],
    );
    check(
        "aws kinesis split-shard --s",
        &["--shard-to-split", "--stream-arn", "--stream-id", "--stream-name"],
    );
    check("aws kinesis split-shard --stream-name s --stream-", &["--stream-arn", "--stream-id"]);
    check("aws kinesis split-shard --stream-name ", &[]);
    check("aws kinesis update-shard-count --scaling-type ", &["UNIFORM_SCALING"]);
    check(
        "aws kinesis get-shard-iterator --shard-iterator-type AT_",
        &["AT_SEQUENCE_NUMBER", "AT_TIMESTAMP"],
    );
    check("aws kinesis delete-stream --no-e", &["--no-enforce-consumer-deletion"]);
    check("aws lambda ", &[]);
    check("aws kinesis 'x", &[]);
}
