//! The console: the commands of the run up to the playhead, as a terminal shows them.

use std::rc::Rc;

use super::log::refusal_text;
use crate::kinesis::shard::shard_id;
use crate::lang::Lang;
use crate::scenario::CommandAction;
use crate::sim::Simulation;
use crate::sim::control::Done;
use crate::view::console::{as_line, line, shown};
use crate::view::number::clock;

/// Commands shown, at most: the latest.
const ENTRIES_MAX: usize = 50;
/// Characters of an answer shown, at most; copying gives all of it.
const ANSWER_CHARS_MAX: usize = 16_000;

/// The console.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Console {
    /// The commands, the latest last.
    pub entries: Rc<[Entry]>,
    /// Commands before them that are not shown.
    pub earlier: usize,
    /// Lines that fit the stream, to begin with.
    pub examples: [String; 2],
    /// When the next line would be carried out.
    pub next_at: String,
    /// What the entries were made from.
    made_from: (usize, usize, Option<Rc<Done>>),
}

/// A command and its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its number among the commands carried out.
    pub n: usize,
    /// When.
    pub time: String,
    /// Its line, or the line that would make the same call.
    pub line: String,
    /// What it shows.
    pub answer: String,
    /// Whether the answer is longer than what is shown of it.
    pub cut: bool,
    /// Whether it failed.
    pub failed: bool,
}

/// The console as of the playhead, without the first `cleared` commands. `before` is what was shown before.
#[must_use]
pub fn build(sim: &Simulation, cleared: usize, before: &Console) -> Console {
    let done = sim.done();
    let made_from = (done.len(), cleared, done.last().cloned());
    let same = made_from.0 == before.made_from.0
        && cleared == before.made_from.1
        && match (&made_from.2, &before.made_from.2) {
            (Some(one), Some(other)) => Rc::ptr_eq(one, other),
            (one, other) => one.is_none() && other.is_none(),
        };
    let first = cleared.max(done.len().saturating_sub(ENTRIES_MAX)).min(done.len());
    let entries =
        if same { Rc::clone(&before.entries) } else { (first..done.len()).map(|n| entry(sim, n)).collect() };
    let earlier = first.saturating_sub(cleared);
    let next_at = clock(sim.next_command_at());
    Console { entries, earlier, examples: examples(sim), next_at, made_from }
}

/// A command's line and its whole answer, and whether it failed.
#[must_use]
pub fn command(sim: &Simulation, n: usize) -> Option<(String, String, bool)> {
    let done = sim.done().get(n)?;
    let command = sim.commands().get(done.command)?;
    Some(match (&command.action, &done.outcome) {
        (CommandAction::Cli(line), Some(outcome)) => (line.clone(), shown(outcome), outcome.exit_code != 0),
        (CommandAction::PollerRestart { shard }, _) => {
            (format!("pollerRestart {}", shard_id(*shard)), String::new(), false)
        }
        (CommandAction::DestinationFailure { destination, until }, _) => {
            let until = until.map_or_else(String::new, |until| format!(" … {}", clock(until)));
            (format!("destinationFailure {destination}{until}"), String::new(), false)
        }
        (CommandAction::Redrive { document }, _) => {
            let redrive = sim.redrives().iter().find(|one| one.command as usize == done.command);
            let refusal = redrive.and_then(|one| one.invocation.err());
            let answer =
                refusal.map_or_else(String::new, |refusal| refusal_text(refusal, Lang::En).to_owned());
            (format!("redrive {document}"), answer, refusal.is_some())
        }
        (CommandAction::Cli(line), None) => (line.clone(), String::new(), false),
        (CommandAction::Operation { .. }, _) => {
            let call = sim.calls().get(done.calls.0 as usize).filter(|_| done.calls.0 < done.calls.1);
            as_line(call?, &sim.scenario().region)
        }
    })
}

fn entry(sim: &Simulation, n: usize) -> Entry {
    let (line, mut answer, failed) = command(sim, n).unwrap_or_default();
    let end = answer.char_indices().nth(ANSWER_CHARS_MAX).map(|(end, _)| end);
    if let Some(end) = end {
        answer.truncate(end);
    }
    Entry { n, time: clock(sim.done()[n].at), line, answer, cut: end.is_some(), failed }
}

fn examples(sim: &Simulation) -> [String; 2] {
    let stream = sim.stream();
    if !stream.takes_records() {
        return [
            line("create-stream", &[("stream-name", "demo"), ("shard-count", "2")]),
            line("list-streams", &[]),
        ];
    }
    let name = ("stream-name", &*stream.name);
    let target = (stream.open_shards().len() * 2).to_string();
    [
        line("describe-stream", &[name]),
        line(
            "update-shard-count",
            &[name, ("target-shard-count", &target), ("scaling-type", "UNIFORM_SCALING")],
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;
    use crate::units::SimTime;

    fn at(text: &str, t: u64) -> Simulation {
        let mut sim = Simulation::new(Scenario::from_json(text).unwrap());
        sim.run_until(SimTime(t));
        sim
    }

    /// Article D: its error sentences, one after the other.
    #[test]
    fn the_article_s_session() {
        let sim = at(include_str!("../../../www/scenarios/reshard-limits.json"), 400_000);
        let console = build(&sim, 0, &Console::default());
        let answer = |n: usize| console.entries[n].answer.as_str();
        assert_eq!(console.entries.len(), 6);
        assert_eq!(
            answer(0),
            "An error occurred (InvalidArgumentException) when calling the UpdateShardCount operation: \
             UpdateShardCount cannot scale up over double your current open shard count. \
             Current open shard count: 2 Target shard count: 8"
        );
        assert!(console.entries[0].failed && console.entries[0].time == "00:10.000");
        assert!(answer(1).contains("\"CurrentShardCount\": 2"), "{}", answer(1));
        assert!(answer(2).contains("cannot scale down below half your current open shard count"));
        assert!(answer(4).ends_with("Rate exceeded for stream test under account 123456789012."));
        assert_eq!(console.entries[5].line, "aws kinesis describe-limits");
        assert!(answer(5).contains("\"OpenShardCount\": 6"), "{}", answer(5));
        let line = &console.entries[1].line;
        assert!(
            line.starts_with("aws kinesis update-shard-count --cli-input-json '{\"StreamName\""),
            "{line}"
        );
    }

    #[test]
    fn the_transcript_is_that_of_the_playhead_and_clears() {
        let text = include_str!("../../../www/scenarios/reshard-2-to-4.json");
        let early = build(&at(text, 98_999), 0, &Console::default());
        assert!(early.entries.is_empty());
        assert_eq!(early.examples[0], "aws kinesis describe-stream --stream-name foo");
        assert!(early.examples[1].contains("--target-shard-count 4 "), "{}", early.examples[1]);
        let late = at(text, 240_000);
        let shown = build(&late, 0, &early);
        assert_eq!((shown.entries.len(), shown.earlier), (2, 0));
        assert!(shown.entries[1].answer.contains("49567765304005334770507617359803006622437488738042904578"));
        assert!(Rc::ptr_eq(&shown.entries, &build(&late, 0, &shown).entries), "nothing is made anew");
        assert_eq!(build(&late, 1, &shown).entries.len(), 1);
        assert!(build(&late, 2, &shown).entries.is_empty());
    }
}
