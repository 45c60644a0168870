//! The console's line: history, completion, and the line that stands for a call.

use std::rc::Rc;

use serde_json::Value;

use super::knob::Knob;
use super::number::clock;
use super::player::Direction;
use super::text::MessageId;
use crate::aws::ApiError;
use crate::aws::cli;
use crate::lang::Lang;
use crate::scenario::SERVICES;
use crate::scenario::read::fields::LINE_CHARS_MAX;
use crate::sim::control::ApiCall;
use crate::units::SimTime;

/// Lines that the history keeps; the oldest go first.
const HISTORY_MAX: usize = 100;

/// The line that is being typed, and what was typed before.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// What stands in the field.
    pub text: Rc<str>,
    /// What the last word could become, as Tab has listed it.
    pub candidates: Rc<[String]>,
    /// Lines that were run, the latest last.
    history: Vec<Rc<str>>,
    /// How many lines back in the history the field stands; 0 for a line of its own.
    back: usize,
    /// What stood in the field before the history was asked.
    own: Rc<str>,
}

/// What can be done to the line.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Type this, or take it from a list.
    Type(Rc<str>),
    /// Complete the last word, or list what it could become.
    Complete,
    /// Go back or forward in the history.
    Recall(Direction),
    /// Close the list of candidates.
    Leave,
}

/// What asked for a line to be run, and shows its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// The console.
    Console,
    /// The number of shards.
    ShardCount,
    /// The split of a shard.
    Split,
    /// The merge of a shard with its neighbor.
    Merge,
    /// The scissors in the picture.
    Scissors,
    /// A setting.
    Knob(Knob),
    /// The mapping's filter.
    Filter,
    /// The deploy of a function's next version.
    Deploy,
}

/// A line that was run, and its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// What asked for it.
    pub control: Control,
    /// The line.
    pub line: Rc<str>,
    /// What a terminal shows.
    pub answer: Rc<str>,
    /// Whether it failed.
    pub failed: bool,
    /// When its call was made; `None` for a line that made none, and so is not part of the run.
    pub at: Option<SimTime>,
    /// The commands of the run before it.
    pub before: usize,
}

impl Report {
    /// The line with the UUID of a mapping cut short, for where there is little room.
    #[must_use]
    pub fn short_line(&self) -> String {
        const KEPT: usize = 8;
        let mut words = self.line.split(' ');
        let mut short: Vec<String> = Vec::new();
        while let Some(word) = words.next() {
            short.push(word.to_owned());
            if word == "--uuid" {
                let uuid = words.next().unwrap_or_default();
                let kept: String = uuid.chars().take(KEPT).collect();
                short.push(if kept.len() < uuid.len() { kept + "…" } else { kept });
            }
        }
        short.join(" ")
    }
}

impl Line {
    /// The line after an edit.
    #[must_use]
    pub fn edited(&self, edit: &Edit) -> Self {
        match edit {
            Edit::Type(text) => {
                let (text, candidates) = (Rc::clone(text), Rc::default());
                Self { text, candidates, back: 0, ..self.clone() }
            }
            Edit::Complete => self.completed().unwrap_or_else(|| self.clone()),
            Edit::Recall(direction) => self.recalled(*direction),
            Edit::Leave => Self { candidates: Rc::default(), ..self.clone() },
        }
    }

    /// The line after its last word was completed as far as it is certain, with what it could become; `None` where
    /// there is nothing to add, so that Tab goes on to the next control.
    #[must_use]
    pub fn completed(&self) -> Option<Self> {
        let raw = self.text.rsplit(char::is_whitespace).next().unwrap_or_default();
        if self.text.trim().is_empty() {
            return None;
        }
        let candidates = cli::complete(&self.text, &SERVICES);
        let certain = common_prefix(&candidates).to_owned();
        // A word in quotes is left alone.
        let more = certain.strip_prefix(raw)?;
        let (space, listed) = if candidates.len() == 1 { (" ", Vec::new()) } else { ("", candidates) };
        let text: Rc<str> = [&self.text, more, space].concat().into();
        let next = Self { text, candidates: listed.into(), back: 0, ..self.clone() };
        (next != *self).then_some(next)
    }

    /// The line with its last word replaced by this one.
    #[must_use]
    pub fn with(&self, word: &str) -> String {
        let raw = self.text.rsplit(char::is_whitespace).next().unwrap_or_default();
        [&self.text[..self.text.len() - raw.len()], word, " "].concat()
    }

    /// The line after `line` was run from the field, or by a control beside it.
    #[must_use]
    pub fn ran(&self, line: &Rc<str>, from_field: bool) -> Self {
        let mut history = self.history.clone();
        if history.last() != Some(line) {
            history.push(Rc::clone(line));
        }
        history.drain(..history.len().saturating_sub(HISTORY_MAX));
        let text = if from_field { Rc::from("") } else { Rc::clone(&self.text) };
        Self { text, history, ..Self::default() }
    }

    fn recalled(&self, direction: Direction) -> Self {
        let back = match direction {
            Direction::Back => (self.back + 1).min(self.history.len()),
            Direction::Forward => self.back.saturating_sub(1),
        };
        let own = if self.back == 0 { &self.text } else { &self.own };
        let text = match back {
            0 => own,
            _ => &self.history[self.history.len() - back],
        };
        let (text, own) = (Rc::clone(text), Rc::clone(own));
        Self { text, own, back, candidates: Rc::default(), history: self.history.clone() }
    }
}

/// Lines of an answer that are read out, at most; of a longer one, only how many there are.
const SPOKEN_LINES_MAX: usize = 12;

/// What is read out of an answer.
#[must_use]
pub fn announcement(report: &Report, lang: Lang) -> String {
    let lines = report.answer.lines().count();
    let text = match lines {
        0 => MessageId::ConsoleEnded.text(lang).to_owned(),
        1..=SPOKEN_LINES_MAX => report.answer.to_string(),
        _ if report.failed => report.answer.to_string(),
        _ => MessageId::ConsoleAnswered.fill(lang, &[&lines]),
    };
    // With its time, so that the same answer again is read out again.
    match report.at {
        Some(at) => format!("{}: {text}", clock(at)),
        None => text,
    }
}

/// The longest text that all words begin with.
fn common_prefix(words: &[String]) -> &str {
    let Some((first, others)) = words.split_first() else { return "" };
    let shared = |other: &String| {
        let pairs = first.char_indices().zip(other.chars());
        let differs = pairs.filter(|&((_, a), b)| a != b).map(|((at, _), _)| at).next();
        differs.unwrap_or(first.len().min(other.len()))
    };
    &first[..others.iter().map(shared).min().unwrap_or(first.len())]
}

/// A line that makes a call, as a scenario keeps it: what stands before `aws` is taken away, and where `aws` is not
/// written plainly, all words are written as plainly as can be. `None` where a scenario cannot keep it.
#[must_use]
pub fn as_command(line: &str) -> Option<String> {
    let comment = |line: &&str| line.trim().is_empty() || line.trim_start().starts_with('#');
    let skipped: usize = line.split_inclusive('\n').take_while(comment).map(str::len).sum();
    let rest = line[skipped..].trim();
    let arguments = rest.strip_prefix("aws").filter(|rest| rest.starts_with(char::is_whitespace));
    let command = match arguments {
        Some(arguments) => format!("aws {}", arguments.trim_start()),
        None => {
            let words = cli::split(rest).ok().filter(|words| words.len() > 1 && words[0] == "aws")?;
            words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
        }
    };
    (command.chars().count() <= LINE_CHARS_MAX as usize).then_some(command)
}

/// What is run where `line` was typed: the console's own word `help` stands for `aws help`.
#[must_use]
pub fn meant(line: &str) -> &str {
    if line == "help" { "aws help" } else { line }
}

/// A word as a shell reads it back.
#[must_use]
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.:/=,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// An operation of Kinesis as a line, with options and their values.
#[must_use]
pub fn line(operation: &str, options: &[(&str, &str)]) -> String {
    let mut line = format!("aws kinesis {operation}");
    for (name, value) in options {
        line.push_str(&format!(" --{name} {}", quoted(value)));
    }
    line
}

/// A call as a terminal would show it: the line that makes it, what it shows, and whether it failed.
#[must_use]
pub fn as_line(call: &ApiCall, region: &str) -> (String, String, bool) {
    let whole = line_of(call, false);
    let (outcome, calls) = replayed(&whole, call, region);
    // The command line asks for all pages of an answer; this call has but one.
    let (whole, (outcome, calls)) = match calls {
        0 | 1 => (whole, (outcome, calls)),
        _ => {
            let single = line_of(call, true);
            let shown = replayed(&single, call, region);
            (single, shown)
        }
    };
    if calls == 1 {
        let failed = outcome.exit_code != 0;
        return (whole, shown(&outcome), failed);
    }
    // The command line would not even have sent this request.
    match &call.answer {
        Ok(answer) => (whole, format!("{answer:#}"), false),
        Err(ApiError { type_name, message }) => {
            let name = call.operation;
            let text =
                format!("An error occurred ({type_name}) when calling the {name} operation: {message}");
            (whole, text, true)
        }
    }
}

/// The text that an outcome leaves on a terminal, without the lines around it that are empty.
#[must_use]
pub fn shown(outcome: &cli::Outcome) -> String {
    let cli::Outcome { stdout, stderr, .. } = outcome;
    [stdout.trim_end(), stderr.trim()].concat()
}

fn line_of(call: &ApiCall, single_page: bool) -> String {
    let mut line = format!("aws {} {}", call.service, cli::kebab(call.operation));
    if single_page {
        line.push_str(" --no-paginate");
    }
    if call.request.as_object().is_none_or(|request| !request.is_empty()) {
        line.push_str(&format!(" --cli-input-json {}", quoted(&call.request.to_string())));
    }
    line
}

/// What the line shows where the call is answered as it was, and how many calls it asks for.
fn replayed(line: &str, call: &ApiCall, region: &str) -> (cli::Outcome, u32) {
    let mut calls = 0;
    let outcome = cli::run(line, region, &SERVICES, &mut |_, _, _| {
        calls += 1;
        if calls == 1 { call.answer.clone() } else { Ok(Value::Null) }
    });
    (outcome, calls)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn typed(text: &str) -> Line {
        Line::default().edited(&Edit::Type(text.into()))
    }

    #[test]
    fn a_uuid_is_cut_short_where_there_is_little_room() {
        #[track_caller]
        fn check(line: &str, expect: &str) {
            let (line, answer) = (line.into(), "".into());
            let (control, failed, at, before) = (Control::Console, false, None, 0);
            assert_eq!(Report { control, line, answer, failed, at, before }.short_line(), expect);
        }
        let line =
            "aws lambda update-event-source-mapping --uuid 09dbbfff-5f8a-4af5-85de-9249d7b2d94e --enabled";
        check(line, "aws lambda update-event-source-mapping --uuid 09dbbfff… --enabled");
        check("aws lambda x --uuid", "aws lambda x --uuid ");
        check("aws kinesis list-streams", "aws kinesis list-streams");
    }

    #[test]
    fn tab_completes_lists_and_then_moves_on() {
        #[track_caller]
        fn check(text: &str, expect: Option<(&str, usize)>) {
            let completed = typed(text).completed();
            let found = completed.as_ref().map(|line| (&*line.text, line.candidates.len()));
            assert_eq!(found, expect, "{text}");
        }
        check("", None);
        check("   ", None);
        check("a", Some(("aws ", 0)));
        check("aws kin", Some(("aws kinesis ", 0)));
        check("aws kinesis update-sh", Some(("aws kinesis update-shard-count ", 0)));
        check("aws kinesis describe-stream", Some(("aws kinesis describe-stream", 3)));
        check("aws kinesis list-shards --stream-n", Some(("aws kinesis list-shards --stream-name ", 0)));
        check("aws kinesis nothing-li", None);
        check("ls", None);
        let listed = typed("aws kinesis describe-stream").completed().unwrap();
        assert_eq!(listed.completed(), None, "nothing is left to add");
        assert_eq!(listed.with("describe-stream-summary"), "aws kinesis describe-stream-summary ");
        assert!(listed.edited(&Edit::Leave).candidates.is_empty());
    }

    #[test]
    fn the_history_goes_back_and_returns_to_the_line() {
        let mut line = Line::default();
        for text in ["one", "two", "two"] {
            line = line.ran(&text.into(), true);
        }
        let mut line = line.edited(&Edit::Type("thr".into()));
        let mut seen = Vec::new();
        for direction in [Direction::Back, Direction::Back, Direction::Back] {
            line = line.edited(&Edit::Recall(direction));
            seen.push(line.text.to_string());
        }
        for _ in 0..3 {
            line = line.edited(&Edit::Recall(Direction::Forward));
            seen.push(line.text.to_string());
        }
        assert_eq!(seen, ["two", "one", "one", "two", "thr", "thr"]);
        assert_eq!(&*line.ran(&"x".into(), false).text, "thr", "a control beside the field leaves it alone");
        assert_eq!(&*line.ran(&"x".into(), true).text, "");
    }

    #[test]
    fn the_history_is_bounded() {
        let mut line = Line::default();
        for number in 0..=HISTORY_MAX {
            line = line.ran(&number.to_string().into(), true);
        }
        assert_eq!((line.history.len(), &*line.history[0]), (HISTORY_MAX, "1"));
    }

    #[test]
    fn a_scenario_keeps_lines_that_begin_with_aws() {
        #[track_caller]
        fn check(line: &str, expect: Option<&str>) {
            assert_eq!(as_command(line).as_deref(), expect, "{line}");
        }
        check("aws kinesis list-streams", Some("aws kinesis list-streams"));
        check("  aws\t kinesis \\\n list-streams \n", Some("aws kinesis \\\n list-streams"));
        check("# first\n\n  # then\naws kinesis list-streams", Some("aws kinesis list-streams"));
        check("'aws' kinesis 'list-streams'", Some("aws kinesis list-streams"));
        check("# c\n\"a\"'w's kinesis \\\n x --name 'a b' # d", Some("aws kinesis x --name 'a b'"));
        check("aws\\\n kinesis list-streams", Some("aws kinesis list-streams"));
        check("'aws ' kinesis list-streams", None);
        check("'aws kinesis' list-streams", None);
        check("awsx kinesis", None);
        check("aws", None);
        check("'aws' kinesis list-streams | head", None);
        let long = format!("aws {}", "x".repeat(LINE_CHARS_MAX as usize - 4));
        check(&long, Some(&long));
        check(&[&long, "x"].concat(), None);
    }

    #[test]
    fn the_console_s_own_help_is_that_of_aws() {
        let shown = |line| cli::without_call(meant(line), "us-east-1", &SERVICES).unwrap();
        assert_eq!(shown("help"), shown("aws help"));
        assert_eq!(shown("help").exit_code, 0);
        assert_eq!(shown("help me").exit_code, 127);
    }

    #[test]
    fn words_are_quoted_where_a_shell_needs_it() {
        for (word, expect) in [
            ("shardId-000000000000", "shardId-000000000000"),
            ("", "''"),
            ("a b", "'a b'"),
            ("it's", r"'it'\''s'"),
            (r#"{"a":1}"#, r#"'{"a":1}'"#),
        ] {
            assert_eq!(quoted(word), expect);
        }
    }

    #[test]
    fn calls_become_lines_with_what_a_terminal_shows() {
        let call = |operation, request, answer| ApiCall { service: "kinesis", operation, request, answer };
        let answer = json!({"TargetShardCount": 4, "StreamName": "it", "CurrentShardCount": 2});
        let request = json!({"StreamName": "it", "TargetShardCount": 4, "ScalingType": "UNIFORM_SCALING"});
        let (line, text, failed) =
            as_line(&call("UpdateShardCount", request.clone(), Ok(answer)), "us-east-1");
        let expect = r#"aws kinesis update-shard-count --cli-input-json '{"StreamName":"it","TargetShardCount":4,"ScalingType":"UNIFORM_SCALING"}'"#;
        assert_eq!((line.as_str(), failed), (expect, false));
        assert!(text.starts_with("{\n    \"TargetShardCount\": 4,") && text.ends_with('}'), "{text}");

        let error = ApiError { type_name: "LimitExceededException", message: "Rate exceeded.".into() };
        let (_, text, failed) = as_line(&call("UpdateShardCount", request, Err(error.clone())), "us-east-1");
        let sentence = "An error occurred (LimitExceededException) when calling the UpdateShardCount operation: Rate exceeded.";
        assert_eq!((text.as_str(), failed), (sentence, true));

        // The command line refuses this request; the API has answered it.
        let (_, text, failed) = as_line(&call("UpdateShardCount", json!({}), Err(error)), "us-east-1");
        assert_eq!((text.as_str(), failed), (sentence, true));

        let page = json!({"Shards": [], "NextToken": "t"});
        let (line, text, _) = as_line(&call("ListShards", json!({"StreamName": "s"}), Ok(page)), "us-east-1");
        assert_eq!(line, r#"aws kinesis list-shards --no-paginate --cli-input-json '{"StreamName":"s"}'"#);
        assert!(text.contains("NextToken"), "{text}");
        assert_eq!(
            as_line(&call("ListStreams", json!({}), Ok(json!({}))), "r").0,
            "aws kinesis list-streams"
        );
    }
}
