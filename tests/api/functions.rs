//! Lambda's operations on functions, versions, aliases and concurrency, as a terminal shows them.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::rc::Rc;

use serde_json::{Value, json};
use shardlab::aws::cli::{self, Outcome};
use shardlab::aws::lambda::SERVICE;
use shardlab::lambda::account::Lambda;
use shardlab::lambda::api::{self, Surroundings};
use shardlab::quota;
use shardlab::scenario::Scenario;

/// An account with a terminal: functions `f`, of which `versions` are there, and `g`.
struct Terminal {
    streams: super::Bench,
    lambda: Lambda,
    operations: BTreeSet<&'static str>,
}

impl Terminal {
    fn new(versions: usize, concurrent_executions: u32) -> Self {
        let code = |count: usize| {
            let version = |number: usize| (number.to_string(), json!({"handler": {}}));
            Value::Object((1..=count).map(version).collect())
        };
        let scenario = json!({"version": 1, "id": "functions", "stream": {"StreamName": "s"},
            "quotas": {"concurrentExecutions": concurrent_executions},
            "functions": [
                {"FunctionName": "f", "versions": code(versions), "alias": {"Name": "live", "FunctionVersion": "1"}},
                {"FunctionName": "g", "versions": code(1), "ReservedConcurrentExecutions": 5}]});
        let scenario = Rc::new(Scenario::from_json(&scenario.to_string()).unwrap());
        let lambda = Lambda::new(&scenario, &|_| unreachable!());
        Self { streams: super::Bench::usual(1), lambda, operations: BTreeSet::new() }
    }

    fn run(&mut self, line: &str) -> Outcome {
        let Self { streams, lambda, operations } = self;
        cli::run(&format!("aws lambda {line}"), "us-east-1", &[&SERVICE], &mut |_, operation, request| {
            operations.insert(operation.name);
            let around =
                Surroundings { now: streams.now, kinesis: &streams.kinesis, uuid: &|_| unreachable!() };
            api::dispatch(lambda, around, operation.name, request)
        })
    }

    fn session(&mut self, lines: &[&str]) -> String {
        let mut text = String::new();
        for line in lines {
            let Outcome { stdout, stderr, exit_code } = self.run(line);
            writeln!(text, "$ aws lambda {line}\n{stdout}{stderr}").unwrap();
            assert_eq!(exit_code == 0, stderr.is_empty(), "{line}");
        }
        text
    }

    /// What the line prints; it must not fail.
    #[track_caller]
    fn shows(&mut self, line: &str) -> Value {
        let outcome = self.run(line);
        assert_eq!((outcome.exit_code, outcome.stderr.as_str()), (0, ""), "{line}");
        serde_json::from_str(&outcome.stdout).unwrap_or(Value::Null)
    }

    #[track_caller]
    fn refuses(&mut self, line: &str, message: &str) {
        let outcome = self.run(line);
        assert!(outcome.stderr.trim().ends_with(message), "{line}: {}", outcome.stderr);
    }
}

#[test]
fn every_operation_on_functions_in_a_terminal() {
    let mut terminal = Terminal::new(3, 1000);
    let text = terminal.session(&[
        "get-function --function-name f",
        "update-function-code --function-name f --s3-bucket bucket --s3-key key",
        "publish-version --function-name f --description second",
        "create-alias --function-name f --name next --function-version 2",
        "update-alias --function-name f --name live --routing-config AdditionalVersionWeights={2=0.1}",
        "get-alias --function-name f --name live",
        "list-aliases --function-name f",
        "list-aliases --function-name f --function-version 1",
        "list-versions-by-function --function-name f",
        "put-function-concurrency --function-name f --reserved-concurrent-executions 2",
        "get-function-concurrency --function-name f",
        "get-function --function-name f:2",
        "delete-function-concurrency --function-name f",
        "get-function-concurrency --function-name f",
        "delete-function --function-name f --qualifier 2",
        "delete-alias --function-name f --name next",
        "get-alias --function-name f --name next",
        "update-alias --function-name f --name live --routing-config AdditionalVersionWeights={}",
        "delete-function --function-name f --qualifier 2",
        "get-function --function-name f --qualifier 2",
        "delete-function --function-name f",
        "get-function --function-name f",
    ]);
    let all = SERVICE.operations.iter().map(|operation| operation.name);
    let all: BTreeSet<&str> = all.filter(|name| !name.contains("EventSourceMapping")).collect();
    assert_eq!(terminal.operations, all);
    insta::assert_snapshot!(text);
}

#[test]
fn lists_come_in_pages() {
    let most = quota::LIST_VERSIONS_MAX as usize;
    let mut terminal = Terminal::new(most, 1000);
    // Every version is published; with `$LATEST` they are one more than an answer has.
    terminal.shows(&format!("update-alias --function-name f --name live --function-version {}", 2));
    for _ in 2..most {
        terminal.shows("publish-version --function-name f");
    }
    let count = |answer: &Value, list: &str| answer[list].as_array().unwrap().len();
    let list = "list-versions-by-function --function-name f --no-paginate";
    for (asked, shown) in [("", most), (" --max-items 2", 2), (" --max-items 10000", most)] {
        let answer = terminal.shows(&format!("{list}{asked}"));
        assert_eq!(count(&answer, "Versions"), shown, "{asked}");
        let next = answer["NextMarker"].as_str().unwrap();
        let rest = terminal.shows(&format!("{list} --marker {next}"));
        assert_eq!(count(&rest, "Versions"), most + 1 - shown);
        assert_eq!(rest.get("NextMarker"), None);
    }
    let all = terminal.shows("list-versions-by-function --function-name f");
    assert_eq!((count(&all, "Versions"), all.get("NextMarker")), (most + 1, None));
    terminal.shows(&format!("delete-function --function-name f:{most}"));
    let answer = terminal.shows(list);
    assert_eq!((count(&answer, "Versions"), answer.get("NextMarker")), (most, None));

    let most = quota::LIST_ALIASES_DEFAULT as usize;
    for number in 1..most {
        terminal.shows(&format!("create-alias --function-name f --name a{number} --function-version 1"));
    }
    let list = "list-aliases --function-name f --no-paginate";
    let answer = terminal.shows(list);
    assert_eq!((count(&answer, "Aliases"), answer.get("NextMarker")), (most, None));
    terminal.shows("create-alias --function-name f --name last --function-version 1");
    let answer = terminal.shows(list);
    assert_eq!((count(&answer, "Aliases"), &answer["NextMarker"]), (most, &json!("last")));
    terminal.refuses(&format!("{list} --marker nothing"), "operation: Invalid marker.");
}

#[test]
fn a_reservation_leaves_a_hundred_executions() {
    let put = |function: &str, executions: u32| {
        format!(
            "put-function-concurrency --function-name {function} --reserved-concurrent-executions {executions}"
        )
    };
    let refusal = |least: u32| {
        format!(
            "(InvalidParameterValueException) when calling the PutFunctionConcurrency operation: Specified \
             ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below \
             its minimum value of [{least}]."
        )
    };
    let least = quota::UNRESERVED_EXECUTIONS_MIN;
    // `g` has 5.
    let mut terminal = Terminal::new(1, 1000);
    let most = 1000 - 5 - least;
    terminal.refuses(&put("f", most + 1), &refusal(least));
    assert_eq!(terminal.shows("get-function-concurrency --function-name f"), Value::Null);
    assert_eq!(terminal.shows(&put("f", most)), json!({"ReservedConcurrentExecutions": most}));
    terminal.refuses(&put("g", 6), &refusal(least));
    terminal.shows(&put("g", 0));
    terminal.shows(&put("f", most + 5));
    terminal.shows("delete-function-concurrency --function-name f");
    assert_eq!(terminal.shows("get-function-concurrency --function-name f"), Value::Null);
    terminal.shows(&put("g", 6));
    // An account with fewer executions than that cannot reserve any, but may have less reserved than it has.
    let mut terminal = Terminal::new(1, 10);
    terminal.refuses(&put("f", 1), &refusal(10));
    terminal.shows(&put("f", 0));
    terminal.refuses(&put("g", 6), &refusal(10));
    terminal.shows(&put("g", 4));
    let qualified = "Please specify either a function name or an unqualified function ARN.";
    terminal.refuses(&put("f:live", 0), qualified);
    terminal.refuses("delete-function-concurrency --function-name f:1", qualified);
    // The command line itself refuses less than nothing, as AWS's does.
    terminal.refuses(
        "put-function-concurrency --function-name f --reserved-concurrent-executions -1",
        "Invalid value for parameter ReservedConcurrentExecutions, value: -1, valid min value: 0",
    );
    for operation in ["get-function-concurrency", "delete-function-concurrency"] {
        terminal.refuses(
            &format!("{operation} --function-name h"),
            "Function not found: arn:aws:lambda:us-east-1:123456789012:function:h",
        );
    }
}

#[test]
fn what_cannot_be_deleted() {
    let mut terminal = Terminal::new(2, 1000);
    let delete = "delete-function --function-name f";
    terminal.refuses(
        &format!("{delete} --qualifier '$LATEST'"),
        "$LATEST version cannot be deleted without deleting the function.",
    );
    terminal.refuses(&format!("{delete}:live"), "Deletion of aliases is not currently supported.");
    let held = "Unable to delete version because the following aliases reference it: [live]";
    terminal.refuses(&format!("{delete}:1"), held);
    terminal.shows(
        "update-alias --function-name f --name live --function-version 2 --routing-config AdditionalVersionWeights={1=0.5}",
    );
    terminal.refuses(&format!("{delete}:1"), held);
    // What is not there is deleted already.
    for gone in [":9", ":0"] {
        assert_eq!(terminal.shows(&format!("{delete}{gone}")), Value::Null);
    }
    assert_eq!(terminal.shows("delete-alias --function-name f --name nothing"), Value::Null);
    terminal.shows("update-alias --function-name f --name live --routing-config AdditionalVersionWeights={}");
    terminal.shows(&format!("{delete}:1"));
    let missing = "Function not found: arn:aws:lambda:us-east-1:123456789012:function:f:1";
    terminal.refuses("create-alias --function-name f --name old --function-version 1", missing);
    terminal.refuses("get-function --function-name f:1", missing);
    // A deleted function has neither reservation nor anything else.
    terminal.shows("delete-function --function-name g");
    terminal.refuses(
        "put-function-concurrency --function-name g --reserved-concurrent-executions 0",
        "Function not found: arn:aws:lambda:us-east-1:123456789012:function:g",
    );
    let mapping = "create-event-source-mapping --event-source-arn arn:aws:kinesis:us-east-1:123456789012:stream/s \
                   --starting-position LATEST --function-name";
    for gone in ["g", "f:1"] {
        terminal.refuses(&format!("{mapping} {gone}"), "operation: Function does not exist");
    }
    terminal.shows("put-function-concurrency --function-name f --reserved-concurrent-executions 900");
}
