//! What became of a batch: its attempts, and those at its halves and remainders.

use crate::lambda::batcher::{Part, Reason};
use crate::lambda::retry::Outcome;
use crate::lang::Lang;
use crate::sim::Simulation;
use crate::sim::invocation::Invocation;
use crate::view::text::MessageId;

/// Invocations looked through for those of the batch, on either side at most.
const SCAN_MAX: u32 = 20_000;
/// Parts listed, at most.
const LINES_MAX: usize = 200;

/// A batch and its parts, in the order in which they are tried.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tree {
    /// The parts; none where there is only one, and one attempt at it.
    pub lines: Vec<Line>,
    /// Whether there are more of them.
    pub cut: bool,
}

/// A part of a batch.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// How often its records were split off; a remainder stands where its batch did.
    pub depth: u32,
    /// Number of records.
    pub count: u32,
    /// Which records of the batch it has, from 1.
    pub records: String,
    /// Which attempt the last one was, if not the first.
    pub attempt: Option<String>,
    /// What became of it.
    pub state: State,
    /// The state in words.
    pub words: String,
    /// Its last attempt; `None` if there was none.
    pub invocation: Option<u32>,
    /// Whether it is the part of the invocation that is looked at.
    pub current: bool,
}

/// What became of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It succeeded.
    Good,
    /// It failed, or its end did.
    Bad,
    /// It is being tried, or waits for it.
    Open,
}

/// A part while the tree is put together.
struct Node {
    first: u32,
    count: u32,
    batch: u32,
    depth: u32,
    last: Option<u32>,
}

/// The attempts at a batch and at its parts.
#[derive(Clone, Debug)]
pub struct Story {
    /// The first attempt at the whole batch.
    pub root: u32,
    /// All attempts, oldest first.
    pub invocations: Vec<u32>,
    /// The parts that no attempt was made at, the next one first.
    pub waiting: Vec<Part>,
}

/// The attempts at the batch that an invocation belongs to, or belongs to a part of.
#[must_use]
pub fn story(sim: &Simulation, idx: u32) -> Option<Story> {
    let one = sim.invocations().get(idx);
    let (lane, root) = (one.lane, root(sim, idx).filter(|_| !one.is_redrive())?);
    let mut invocations = Vec::new();
    let mut followed = false;
    for each in root..sim.invocations().len().min(idx.saturating_add(SCAN_MAX)) {
        let invocation = sim.invocations().get(each);
        if invocation.lane != lane || invocation.is_redrive() {
            continue;
        }
        followed = each > root && is_new(&invocation);
        if followed {
            break;
        }
        invocations.push(each);
    }
    let start = sim.invocations().get(root);
    let untried = |part: &&Part| {
        let tried = |&each: &u32| sim.invocations().get(each).batch == part.batch;
        (start.first..start.first + start.count).contains(&part.first) && !invocations.iter().any(tried)
    };
    let waiting =
        if followed { Vec::new() } else { sim.lane(lane).parts.iter().filter(untried).copied().collect() };
    Some(Story { root, invocations, waiting })
}

/// The tree that an invocation belongs to.
#[must_use]
pub fn of(sim: &Simulation, idx: u32, lang: Lang) -> Tree {
    let one = sim.invocations().get(idx);
    let Some(Story { root, invocations, waiting }) = story(sim, idx) else { return Tree::default() };
    let start = sim.invocations().get(root);
    let mut nodes: Vec<Node> = Vec::new();
    for each in invocations {
        if nodes.len() > LINES_MAX {
            break;
        }
        let Invocation { first, count, batch, reason, .. } = sim.invocations().get(each);
        add(&mut nodes, first, count, batch, reason, Some(each));
    }
    let mut cut = nodes.len() > LINES_MAX;
    for part in waiting.iter().filter(|_| !cut) {
        add(&mut nodes, part.first, part.count, part.batch, part.reason, None);
    }
    if nodes.len() == 1 && nodes[0].last == Some(root) {
        return Tree::default();
    }
    let next = nodes.iter().position(|node| node.last.is_none());
    cut |= nodes.len() > LINES_MAX;
    nodes.truncate(LINES_MAX);
    let line = |(place, node): (usize, &Node)| {
        let (state, words) = state(sim, node, next == Some(place), lang);
        Line {
            depth: node.depth,
            count: node.count,
            records: records(node.first - start.first, node.count, lang),
            attempt: node.last.and_then(|last| attempt(sim, last, lang)),
            state,
            words,
            invocation: node.last,
            current: node.batch == one.batch,
        }
    };
    Tree { lines: nodes.iter().enumerate().map(line).collect(), cut }
}

/// Whether an invocation is the first of a batch of new records.
fn is_new(invocation: &Invocation) -> bool {
    !matches!(invocation.reason, Reason::Retry | Reason::Bisect | Reason::Remainder)
}

/// The first invocation of the batch that an invocation belongs to, or belongs to a part of; a lane is done with a
/// batch and its parts before it begins another.
fn root(sim: &Simulation, idx: u32) -> Option<u32> {
    let lane = sim.invocations().get(idx).lane;
    (idx.saturating_sub(SCAN_MAX)..=idx).rev().find(|&each| {
        let invocation = sim.invocations().get(each);
        invocation.lane == lane && is_new(&invocation) && !invocation.is_redrive()
    })
}

/// Adds an attempt at a part, or a part that waits.
fn add(nodes: &mut Vec<Node>, first: u32, count: u32, batch: u32, reason: Reason, idx: Option<u32>) {
    if let Some(node) = nodes.iter_mut().find(|node| node.batch == batch) {
        node.last = idx;
        return;
    }
    let holds = |node: &&Node| node.first <= first && first + count <= node.first + node.count;
    let depth = nodes
        .iter()
        .rev()
        .find(holds)
        .map_or(0, |parent| parent.depth + u32::from(reason != Reason::Remainder));
    nodes.push(Node { first, count, batch, depth, last: idx });
}

/// Which attempt at its part an invocation is, if not the first.
fn attempt(sim: &Simulation, idx: u32, lang: Lang) -> Option<String> {
    let attempt = sim.invocations().get(idx).attempt;
    (attempt > 1).then(|| MessageId::AttemptNumber.fill(lang, &[&attempt]))
}

/// Records by their place in the batch, counted from 1.
fn records(before: u32, count: u32, lang: Lang) -> String {
    match count {
        1 => MessageId::TreeRecord.fill(lang, &[&(before + 1)]),
        _ => MessageId::TreeRecords.fill(lang, &[&(before + 1), &(before + count)]),
    }
}

fn state(sim: &Simulation, node: &Node, next: bool, lang: Lang) -> (State, String) {
    let Some(idx) = node.last else {
        let id = if next { MessageId::TreeNext } else { MessageId::TreeThen };
        return (State::Open, id.text(lang).to_owned());
    };
    let invocation = sim.invocations().get(idx);
    let say = |id: MessageId| id.text(lang).to_owned();
    match (invocation.outcome().map(|(outcome, _)| outcome), invocation.failed_at()) {
        (None, _) => (State::Open, say(MessageId::Running)),
        (Some(Outcome::Ok), _) => (State::Good, say(MessageId::TreeOk)),
        (Some(Outcome::Throttled), _) => (State::Open, say(MessageId::Throttled)),
        (Some(Outcome::Partial), Some(at)) if at > 0 => (State::Bad, MessageId::TreeCut.fill(lang, &[&at])),
        (Some(Outcome::Partial | Outcome::Error | Outcome::Timeout | Outcome::Crash), _) => {
            (State::Bad, say(MessageId::TreeFailed))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;
    use crate::units::SimTime;
    use crate::view::shipped;

    fn run(id: &str, t: u64) -> Simulation {
        let mut sim = Simulation::new(Scenario::from_json(shipped::text_of(id).unwrap()).unwrap());
        sim.run_until(SimTime(t));
        sim
    }

    /// Lines as depth, number of records, which, what became of them; `>` before the one that is looked at.
    #[track_caller]
    fn check(sim: &Simulation, idx: u32, expect: &[&str]) {
        let tree = of(sim, idx, Lang::En);
        let line = |line: &Line| {
            let current = if line.current { ">" } else { "" };
            let attempt = line.attempt.as_ref().map(|attempt| format!(", {attempt}")).unwrap_or_default();
            format!("{current}{} {} {}{attempt}: {}", line.depth, line.count, line.records, line.words)
        };
        assert_eq!(tree.lines.iter().map(line).collect::<Vec<_>>(), expect);
        assert!(!tree.cut);
    }

    #[test]
    fn a_batch_that_was_split_is_a_tree() {
        let whole = [
            "0 10 records 1–10: failed",
            "1 5 records 1–5: failed",
            "2 2 records 1–2: ok",
            "2 3 records 3–5: ok",
            "1 5 records 6–10: failed",
            "2 2 records 6–7: ok",
            "2 3 records 8–10: ok",
        ];
        let sim = run("checkpoint-bisect", 60_000);
        for idx in 0..7 {
            let mut expect = whole.map(str::to_owned);
            expect[idx as usize].insert(0, '>');
            check(&sim, idx, &expect.each_ref().map(String::as_str));
        }
        let invocations: Vec<_> = of(&sim, 3, Lang::En).lines.iter().map(|line| line.invocation).collect();
        assert_eq!(invocations, [0, 1, 2, 3, 4, 5, 6].map(Some));
    }

    #[test]
    fn parts_that_wait_come_after_the_one_that_runs() {
        let mut sim = run("checkpoint-bisect", 0);
        while sim.invocations().len() < 3 {
            sim.run_until(SimTime(sim.now().0 + 1));
        }
        let expect = [
            ">0 10 records 1–10: failed",
            "1 5 records 1–5: failed",
            "2 2 records 1–2: running",
            "2 3 records 3–5: next",
            "1 5 records 6–10: then",
        ];
        check(&sim, 0, &expect);
    }

    #[test]
    fn a_remainder_stands_beside_its_batch_and_attempts_are_one_line() {
        let sim = run("checkpoint-report", 60_000);
        let expect = [
            "0 10 records 1–10: 3 done",
            ">0 7 records 4–10: 3 done",
            "0 4 records 7–10: 3 done",
            "0 1 record 10: ok",
        ];
        check(&sim, 1, &expect);
        let sim = run("checkpoint-default", 1_700);
        let tree = of(&sim, 0, Lang::En);
        assert_eq!(tree.lines.len(), 1);
        assert!(tree.lines[0].attempt.is_some() && tree.lines[0].invocation > Some(0));
    }

    #[test]
    fn a_batch_that_went_well_has_no_tree() {
        assert_eq!(of(&run("parallelization-3", 60_000), 0, Lang::En), Tree::default());
    }
}
