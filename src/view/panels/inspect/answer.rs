//! What an answer of the handler would make of an invocation's batch: the verdict, its reason, and what follows.

use serde_json::Value;

use super::record_name;
use crate::lambda::response::{Fault, Success, Verdict, report};
use crate::lambda::retry::Decision;
use crate::lang::Lang;
use crate::sim::Simulation;
use crate::view::number::exact_seconds;
use crate::view::text::MessageId;

/// An answer and its verdict.
#[derive(Clone, Debug, PartialEq)]
pub struct Judge {
    /// The invocation.
    pub invocation: u32,
    /// The answer to begin with.
    pub answer: String,
    /// Answers to try, in groups by what becomes of the batch: what each is called, and its text.
    pub presets: Vec<(MessageId, Vec<[String; 2]>)>,
    /// Why what was typed is no answer.
    pub problem: Option<String>,
    /// The verdict; where the answer is not looked at, also the one that it would have otherwise.
    pub rulings: Vec<Ruling>,
}

/// A verdict.
#[derive(Clone, Debug, PartialEq)]
pub struct Ruling {
    /// Under which setting it holds, where that has to be said.
    pub setting: Option<MessageId>,
    /// Whether records failed.
    pub failed: bool,
    /// The verdict.
    pub verdict: String,
    /// Why it is so.
    pub reason: String,
    /// What follows.
    pub next: String,
}

/// Answers to try, by what becomes of the batch: `#1`, `#2`, `#3` stand for the identifiers of its first record, of
/// one in the middle and of its last one, `#0` for that of no record.
const PRESETS: [(MessageId, &[&str]); 3] = [
    (
        MessageId::VerdictSuccess,
        &[
            "null",
            r#""""#,
            "[]",
            "{}",
            r#"{"statusCode": 200}"#,
            r#""done""#,
            r#"{"batchItemFailures": null}"#,
            r#"{"batchItemFailures": []}"#,
            r#"{"batchItemFailure": [{"itemIdentifier": #2}]}"#,
        ],
    ),
    (
        MessageId::VerdictCuts,
        &[
            r#"{"batchItemFailures": [{"itemIdentifier": #2}]}"#,
            r#"{"batchItemFailures": [{"itemIdentifier": #3}, {"itemIdentifier": #2}]}"#,
            r#"{"batchItemFailures": [{"itemIdentifier": #1}]}"#,
        ],
    ),
    (
        MessageId::VerdictFailure,
        &[
            r#"{"batchItemFailures": "all"}"#,
            r#"{"batchItemFailures": [#2]}"#,
            r#"{"batchItemFailures": [{}]}"#,
            r#"{"batchItemFailures": [{"ItemIdentifier": #2}]}"#,
            r#"{"batchItemFailures": [{"itemIdentifier": null}]}"#,
            r#"{"batchItemFailures": [{"itemIdentifier": ""}]}"#,
            r#"{"batchItemFailures": [{"itemIdentifier": 3}]}"#,
            r#"{"batchItemFailures": [{"itemIdentifier": #0}]}"#,
            r#"{"batchItemFailures": [{"itemIdentifier": #2}, {"itemIdentifier": #0}]}"#,
        ],
    ),
];

/// The identifier of no record.
const NO_RECORD: &str = "0";

fn presets(sim: &Simulation, invocation: u32) -> Vec<(MessageId, Vec<[String; 2]>)> {
    let one = sim.invocations().get(invocation);
    let places = [0, one.count / 2, one.count.saturating_sub(1)];
    let records = places.map(|place| sim.record_of(&one, place));
    let fill = |template: &str| {
        let (mut name, mut text) = (template.to_owned(), template.replace("#0", &quoted(NO_RECORD)));
        for (sign, record) in ["#1", "#2", "#3"].into_iter().zip(records) {
            name = name.replace(sign, &format!("#{}", record_name(sim, record)));
            text = text.replace(sign, &quoted(&sim.sequence_number(record)));
        }
        [name, text]
    };
    let group = |&(name, templates): &(MessageId, &[&str])| {
        (name, templates.iter().map(|template| fill(template)).collect())
    };
    PRESETS.iter().map(group).collect()
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

/// The verdict on what was typed, or else on what the handler answered, or on an example.
#[must_use]
pub fn of(sim: &Simulation, invocation: u32, typed: Option<&str>, lang: Lang) -> Judge {
    let answer = || match sim.response(invocation) {
        Some(answer) => answer,
        None => {
            let one = sim.invocations().get(invocation);
            report([sim.sequence_number(sim.record_of(&one, one.count / 2))].into_iter())
        }
    };
    let answer = format!("{:#}", answer());
    let text = typed.unwrap_or(&answer);
    let (problem, rulings) = match serde_json::from_str(text) {
        Ok(value) => (None, rulings(sim, invocation, &value, lang)),
        Err(_) if text.trim().is_empty() => (Some(MessageId::JudgeEmpty.text(lang).to_owned()), Vec::new()),
        Err(error) => (Some(invalid(&error, lang)), Vec::new()),
    };
    Judge { invocation, answer, presets: presets(sim, invocation), problem, rulings }
}

/// What is wrong with a text that is no JSON. The parser's words, which are in English, without its place.
fn invalid(error: &serde_json::Error, lang: Lang) -> String {
    let words = error.to_string();
    let words = words.split(" at line ").next().unwrap_or_default();
    MessageId::JudgeInvalid.fill(lang, &[&error.line(), &error.column(), &words])
}

fn rulings(sim: &Simulation, invocation: u32, answer: &Value, lang: Lang) -> Vec<Ruling> {
    let asked = sim.config_of(&sim.invocations().get(invocation)).report_batch_item_failures;
    let settings: &[(bool, Option<MessageId>)] = if asked {
        &[(true, None)]
    } else {
        &[(false, Some(MessageId::JudgeWithout)), (true, Some(MessageId::JudgeWith))]
    };
    let ruling = |&(asked, setting)| {
        let (verdict, decision) = sim.if_answered(invocation, answer, asked);
        let failed = !matches!(verdict, Verdict::Success(_));
        let next = next(sim, invocation, decision, lang);
        let reason = reason(verdict, lang);
        Ruling { setting, failed, verdict: verdict_text(sim, invocation, verdict, lang), reason, next }
    };
    settings.iter().map(ruling).collect()
}

fn verdict_text(sim: &Simulation, invocation: u32, verdict: Verdict, lang: Lang) -> String {
    match verdict {
        Verdict::Success(_) => MessageId::VerdictSuccess.text(lang).to_owned(),
        Verdict::Cut { at, .. } => {
            let record = sim.record_of(&sim.invocations().get(invocation), at);
            MessageId::VerdictCut.fill(lang, &[&record_name(sim, record)])
        }
        Verdict::Failure(_) => MessageId::VerdictFailure.text(lang).to_owned(),
    }
}

/// Why a verdict is as it is; items count from 1.
fn reason(verdict: Verdict, lang: Lang) -> String {
    let (id, item) = match verdict {
        Verdict::Success(Success::NotAsked) => (MessageId::ReasonNotAsked, 0),
        Verdict::Success(Success::Empty) => (MessageId::ReasonEmpty, 0),
        Verdict::Success(Success::NoList) => (MessageId::ReasonNoList, 0),
        Verdict::Success(Success::NullList) => (MessageId::ReasonNullList, 0),
        Verdict::Success(Success::EmptyList) => (MessageId::ReasonEmptyList, 0),
        Verdict::Cut { item, .. } => (MessageId::ReasonLowest, item),
        Verdict::Failure(Fault::NotAList) => (MessageId::ReasonNotAList, 0),
        Verdict::Failure(Fault::NotAnObject(item)) => (MessageId::ReasonNotAnObject, item),
        Verdict::Failure(Fault::NoIdentifier(item)) => (MessageId::ReasonNoIdentifier, item),
        Verdict::Failure(Fault::NullIdentifier(item)) => (MessageId::ReasonNullIdentifier, item),
        Verdict::Failure(Fault::EmptyIdentifier(item)) => (MessageId::ReasonEmptyIdentifier, item),
        Verdict::Failure(Fault::NotAText(item)) => (MessageId::ReasonNotAText, item),
        Verdict::Failure(Fault::NotInBatch(item)) => (MessageId::ReasonNotInBatch, item),
    };
    id.fill(lang, &[&(item + 1)])
}

fn next(sim: &Simulation, invocation: u32, decision: Decision, lang: Lang) -> String {
    let count = sim.invocations().get(invocation).count;
    match decision {
        Decision::Advance => MessageId::NextAdvance.text(lang).to_owned(),
        Decision::Cut { at } => MessageId::NextCut.fill(lang, &[&at, &(count - at)]),
        Decision::Split { left } => MessageId::NextSplit.fill(lang, &[&left, &(count - left)]),
        Decision::Retry(delay) => MessageId::NextRetry.fill(lang, &[&exact_seconds(delay, lang)]),
        Decision::Discard(condition) => MessageId::NextDiscard.fill(lang, &[&condition.name()]),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::scenario::Scenario;
    use crate::units::SimTime;

    /// A batch of ten records of one key, at its first attempt.
    fn run(asked: bool, bisect: bool) -> Simulation {
        let types: &[&str] = if asked { &["ReportBatchItemFailures"] } else { &[] };
        let scenario = json!({"version": 1, "id": "answers", "stream": {"StreamName": "s"},
            "producers": [{"type": "rounds", "partitionKeys": ["1"], "rounds": 10, "period": 1, "startAt": 500}],
            "functions": [{"FunctionName": "f", "versions": {"1": {"handler": {"perRecord": 100}}}}],
            "eventSourceMappings": [{"EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s",
                "FunctionName": "f", "StartingPosition": "TRIM_HORIZON", "FunctionResponseTypes": types,
                "BisectBatchOnFunctionError": bisect, "MaximumRetryAttempts": 0}]});
        let mut sim = Simulation::new(Scenario::from_json(&scenario.to_string()).unwrap());
        sim.run_until(SimTime(1500));
        assert_eq!(sim.invocations().get(0).count, 10);
        sim
    }

    #[test]
    fn every_preset_has_the_verdict_of_its_group() {
        let sim = run(true, false);
        for (group, answers) in presets(&sim, 0) {
            for [name, text] in answers {
                let judge = of(&sim, 0, Some(&text), Lang::En);
                let [ruling] = &judge.rulings[..] else { panic!("{name}: {judge:?}") };
                if group == MessageId::VerdictCuts {
                    assert!(ruling.verdict.starts_with("Cut at record 1-"), "{name}");
                } else {
                    assert_eq!(ruling.verdict, group.text(Lang::En), "{name}");
                }
                assert_eq!(ruling.failed, group != MessageId::VerdictSuccess, "{name}");
            }
        }
    }

    #[test]
    fn a_verdict_says_why_and_what_follows() {
        #[track_caller]
        fn check(sim: &Simulation, preset: &str, expect: [&str; 3]) {
            let presets = presets(sim, 0);
            let text = presets.iter().flat_map(|(_, group)| group).find(|[name, _]| name == preset);
            let judge = of(sim, 0, Some(&text.unwrap()[1]), Lang::En);
            let ruling = judge.rulings.last().unwrap();
            assert_eq!([&ruling.verdict, &ruling.reason, &ruling.next], expect);
        }
        let cut = r#"{"batchItemFailures": [{"itemIdentifier": #1-10}, {"itemIdentifier": #1-6}]}"#;
        let all = r#"{"batchItemFailures": [{"itemIdentifier": #1-1}]}"#;
        let lowest = "has the lowest sequence number. From there on everything is delivered again, later \
                      successes, too.";
        for asked in [false, true] {
            check(
                &run(asked, true),
                cut,
                [
                    "Cut at record 1-6",
                    &format!("item 2 {lowest}"),
                    "Then 5 of the records are done, and the other 5 are a new batch, at once.",
                ],
            );
        }
        let first = ["Cut at record 1-1", &format!("item 1 {lowest}")];
        let halves = "Then two new batches at once: 5 and 5 records.";
        check(&run(true, true), all, [first[0], first[1], halves]);
        let given_up = "Then the whole batch is discarded: RetryAttemptsExhausted.";
        check(&run(true, false), all, [first[0], first[1], given_up]);
        let null = "batchItemFailures is null: nothing is reported.";
        let done = "Then the batch is done.";
        check(&run(true, false), r#"{"batchItemFailures": null}"#, ["Complete success", null, done]);
    }

    #[test]
    fn an_answer_that_is_not_looked_at_has_both_verdicts() {
        let judge = of(&run(false, false), 0, None, Lang::Ja);
        let shown: Vec<_> = judge.rulings.iter().map(|ruling| (ruling.setting, ruling.failed)).collect();
        assert_eq!(shown, [(Some(MessageId::JudgeWithout), false), (Some(MessageId::JudgeWith), true)]);
    }

    #[test]
    fn what_is_no_json_says_where() {
        let sim = run(true, false);
        let problem = |text| of(&sim, 0, Some(text), Lang::En).problem;
        assert_eq!(
            problem("{\n\"a\" 1}").as_deref(),
            Some("This is no JSON: line 2, column 5: expected `:`")
        );
        assert_eq!(problem("  ").as_deref(), Some(MessageId::JudgeEmpty.text(Lang::En)));
        assert_eq!(problem("null"), None);
    }
}
