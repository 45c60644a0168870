//! A batch that failed, attempt by attempt: rows are its records, columns the invocations; what was done again; and
//! article B's sizes beside the run's own.

mod figure;

use std::rc::Rc;

use super::inspect::tree::{self, Story};
use crate::lambda::batcher::{Part, Reason};
use crate::lambda::retry::Outcome;
use crate::lang::Lang;
use crate::sim::Simulation;
use crate::sim::agenda::LaneRef;
use crate::view::article::Agreement;
use crate::view::article_b::CheckpointRun;
use crate::view::origin::Origin;
use crate::view::scene::{Object, Scene};
use crate::view::text::MessageId;

/// Records of a batch that is drawn, at most; a larger one is told by its tree in the inspector.
pub const RECORDS_MAX: u32 = 16;
/// Invocations drawn, at most; of more, the latest.
const COLUMNS_MAX: usize = 7;
/// Invocations looked through for one that failed.
const LOOKED_AT: u32 = 2000;
/// Invocations listed, at most; of more, the latest.
const LINES_MAX: usize = 60;

/// A batch, attempt by attempt.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Matrix {
    /// Figures: how many, of what, and whether it is work done again.
    pub facts: Vec<(String, MessageId, bool)>,
    /// The picture, and what it shows in words.
    pub scene: Rc<Scene>,
    /// The same in words.
    pub label: String,
    /// Invocations that are not drawn.
    pub earlier: usize,
    /// The invocations.
    pub lines: Vec<Line>,
    /// Whether article B's sizes stand beside them.
    pub has_article: bool,
    /// Records handled: in the article, here, and whether the two agree.
    pub total: Option<(String, String, Agreement)>,
}

/// An invocation.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its number within the batch, from 1.
    pub n: usize,
    /// Which records of the batch it had, from 1.
    pub records: String,
    /// How many.
    pub count: u32,
    /// How many in the article.
    pub article: Option<u32>,
    /// How many of them it handled.
    pub handled: u32,
    /// What became of it, and in words.
    pub state: tree::State,
    /// The same.
    pub words: MessageId,
    /// How far it agrees with the article.
    pub agreement: Agreement,
    /// The invocation.
    pub object: Object,
}

/// A column of the picture.
#[derive(Clone, Debug)]
struct Column {
    /// The invocation; `None` of a part that waits.
    invocation: Option<u32>,
    /// Place of its first record in the batch, and number of records.
    first: u32,
    count: u32,
    reason: Reason,
    /// Place in the batch of the record that failed.
    failed: Option<u32>,
    ended: bool,
    /// Which of its records have a row by it.
    wrote: Vec<bool>,
    /// Place in the batch at which it was torn or cut.
    torn: Option<u32>,
}

/// What is drawn.
struct Batch {
    columns: Vec<Column>,
    records: Vec<Fate>,
}

/// A record of the batch.
struct Fate {
    /// Its index in the stream.
    record: u32,
    /// Its rows by all invocations.
    times: u32,
    /// What became of it.
    end: End,
}

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// Nothing yet: what an attempt did of it will be done again where that attempt failed.
    Open,
    /// It is done.
    Done,
    /// It was given up, or has expired.
    GivenUp,
}

/// The matrix as of the playhead; `None` where no small batch has failed lately.
#[must_use]
pub fn build(sim: &Simulation, origin: &Origin, selection: Option<Object>, lang: Lang) -> Option<Matrix> {
    let run = origin.checkpoint;
    let story = tree::story(sim, chosen(sim, selection, run.is_some())?)?;
    let root = sim.invocations().get(story.root);
    if root.count == 0 || root.count > RECORDS_MAX {
        return None;
    }
    let batch = batch(sim, &story);
    let handled: u32 = batch.records.iter().map(|fate| fate.times).sum();
    let repeated: u32 = batch.records.iter().map(|fate| fate.times.saturating_sub(1)).sum();
    let todo = batch.records.iter().filter(|fate| fate.end == End::Open).count();
    let facts = vec![
        (story.invocations.len().to_string(), MessageId::MatrixInvocations, false),
        (handled.to_string(), MessageId::MatrixHandled, false),
        (repeated.to_string(), MessageId::MatrixRepeated, repeated > 0),
        (todo.to_string(), MessageId::MatrixTodo, false),
    ];
    let skipped = batch.columns.len().saturating_sub(COLUMNS_MAX);
    let arguments: [&dyn std::fmt::Display; 4] = [&root.count, &story.invocations.len(), &handled, &repeated];
    Some(Matrix {
        facts,
        scene: Rc::new(figure::draw(sim, &batch, skipped, lang)),
        label: MessageId::MatrixLabel.fill(lang, &arguments),
        earlier: skipped,
        lines: lines(sim, &batch, run),
        has_article: run.is_some(),
        total: run.map(|run| total(run, &story, handled)),
    })
}

/// An invocation of the batch to show: of the selected one, else of the latest that failed; of an article's run the
/// first.
fn chosen(sim: &Simulation, selection: Option<Object>, article: bool) -> Option<u32> {
    let count = sim.invocations().len();
    let failed = |&idx: &u32| {
        let invocation = sim.invocations().get(idx);
        let outcome = invocation.outcome().filter(|_| !invocation.is_redrive());
        outcome.is_some_and(|(outcome, _)| !matches!(outcome, Outcome::Ok | Outcome::Throttled))
    };
    let of_failed =
        |idx: u32| tree::story(sim, idx).is_some_and(|story| story.invocations.iter().any(failed));
    match selection {
        Some(Object::Invocation(idx)) if idx < count && of_failed(idx) => return Some(idx),
        _ => {}
    }
    let latest = (count.saturating_sub(LOOKED_AT)..count).rev().find(failed);
    latest.or((article && count > 0).then_some(0))
}

fn batch(sim: &Simulation, story: &Story) -> Batch {
    let root = sim.invocations().get(story.root);
    let mut columns: Vec<Column> = Vec::new();
    for &idx in &story.invocations {
        let invocation = sim.invocations().get(idx);
        let first = invocation.first - root.first;
        columns.push(Column {
            invocation: Some(idx),
            first,
            count: invocation.count,
            reason: invocation.reason,
            failed: invocation.failed_at().map(|place| first + place),
            ended: invocation.outcome().is_some(),
            wrote: (0..invocation.count).map(|place| sim.wrote(&invocation, place)).collect(),
            torn: None,
        });
    }
    columns.extend(story.waiting.iter().map(|part| waiting(part, root.first)));
    for place in 0..columns.len() {
        columns[place].torn = torn(&columns, place);
    }
    let times = |place: u32| {
        let wrote = |column: &&Column| {
            place >= column.first
                && column.wrote.get((place - column.first) as usize).is_some_and(|&wrote| wrote)
        };
        columns.iter().filter(wrote).count() as u32
    };
    let records = (0..).zip(sim.batch(story.root)).map(|(place, record)| Fate {
        record,
        times: times(place),
        end: end(sim, root.lane, record),
    });
    let records = records.collect();
    Batch { columns, records }
}

fn end(sim: &Simulation, lane: LaneRef, record: u32) -> End {
    let mapping = sim.mapping(lane.mapping);
    match mapping.done(lane.shard, lane.lane.into(), record) {
        false => End::Open,
        true if mapping.stored(record) => End::Done,
        true => End::GivenUp,
    }
}

fn waiting(part: &Part, root: u32) -> Column {
    let Part { first, count, reason, .. } = *part;
    Column {
        invocation: None,
        first: first - root,
        count,
        reason,
        failed: None,
        ended: false,
        wrote: Vec::new(),
        torn: None,
    }
}

/// Where the part of a column was torn in two, or cut: the next part that begins where it does, or within it.
fn torn(columns: &[Column], place: usize) -> Option<u32> {
    let one = &columns[place];
    let next = columns.get(place + 1).filter(|_| one.ended)?;
    let torn = match next.reason {
        Reason::Bisect if next.first == one.first => next.first + next.count,
        Reason::Remainder => next.first,
        Reason::Bisect
        | Reason::Available
        | Reason::Size
        | Reason::Window
        | Reason::Payload
        | Reason::Retry
        | Reason::ShardEnd
        | Reason::Tumbling
        | Reason::Redrive => return None,
    };
    (one.first < torn && torn < one.first + one.count).then_some(torn)
}

fn lines(sim: &Simulation, batch: &Batch, run: Option<&CheckpointRun>) -> Vec<Line> {
    let made = batch.columns.iter().filter_map(|column| Some((column, column.invocation?)));
    let line = |(place, (column, idx)): (usize, (&Column, u32))| {
        let article = run.and_then(|run| run.size(place));
        let (state, words) = match sim.invocations().get(idx).outcome() {
            None => (tree::State::Open, MessageId::Running),
            Some((Outcome::Ok, _)) => (tree::State::Good, MessageId::TreeOk),
            Some((Outcome::Partial, _)) => (tree::State::Open, MessageId::MatrixReported),
            Some((Outcome::Throttled, _)) => (tree::State::Open, MessageId::Throttled),
            Some((Outcome::Error | Outcome::Timeout | Outcome::Crash, _)) => {
                (tree::State::Bad, MessageId::TreeFailed)
            }
        };
        Line {
            n: place + 1,
            records: match column.count {
                1 => (column.first + 1).to_string(),
                count => format!("{}–{}", column.first + 1, column.first + count),
            },
            count: column.count,
            article,
            handled: column.wrote.iter().filter(|&&wrote| wrote).count() as u32,
            state,
            words,
            agreement: match article {
                Some(size) if size == column.count => Agreement::Full,
                _ => Agreement::Differs,
            },
            object: Object::Invocation(idx),
        }
    };
    let mut lines: Vec<Line> = made.enumerate().map(line).collect();
    lines.drain(..lines.len().saturating_sub(LINES_MAX));
    lines
}

/// Records handled beside the article's number, which of an endless run is that of each invocation.
fn total(run: &CheckpointRun, story: &Story, handled: u32) -> (String, String, Agreement) {
    let invocations = story.invocations.len();
    if run.endless {
        let expected = run.handled * invocations as u32;
        let agreement = if handled == expected { Agreement::Full } else { Agreement::SoFar };
        return (format!("{} × {invocations}", run.handled), handled.to_string(), agreement);
    }
    let agreement = match invocations {
        count if count < run.sizes.len() => Agreement::NotYet,
        _ if handled < run.handled => Agreement::NotYet,
        count if count == run.sizes.len() && handled == run.handled => Agreement::Full,
        _ => Agreement::Differs,
    };
    (run.handled.to_string(), handled.to_string(), agreement)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;
    use crate::units::SimTime;
    use crate::view::shipped;

    fn at(id: &str, t: u64) -> Option<Matrix> {
        let text: Rc<str> = shipped::text_of(id).unwrap().into();
        let mut sim = Simulation::new(Scenario::from_json(&text).unwrap());
        sim.run_until(SimTime(t));
        build(&sim, &Origin::new(&text, sim.scenario()), None, Lang::En)
    }

    fn figures(matrix: &Matrix) -> Vec<&str> {
        matrix.facts.iter().map(|(figure, ..)| figure.as_str()).collect()
    }

    #[track_caller]
    fn check(id: &str, sizes: &[u32], facts: [&str; 4], total: (&str, &str)) {
        let matrix = at(id, 60_000).unwrap();
        assert_eq!(matrix.lines.iter().map(|line| line.count).collect::<Vec<_>>(), sizes, "{id}");
        assert!(matrix.lines.iter().all(|line| line.agreement == Agreement::Full), "{id}");
        assert_eq!(figures(&matrix), facts, "{id}");
        let total = (total.0.to_owned(), total.1.to_owned(), Agreement::Full);
        assert_eq!(matrix.total, Some(total), "{id}");
    }

    #[test]
    fn article_b_s_sizes_are_the_run_s() {
        check("checkpoint-bisect", &[10, 5, 2, 3, 5, 2, 3], ["7", "19", "9", "0"], ("19", "19"));
        check("checkpoint-report", &[10, 7, 4, 1], ["4", "10", "0", "0"], ("10", "10"));
        check("checkpoint-default", &[10; 9], ["9", "27", "24", "10"], ("3 × 9", "27"));
        let default = at("checkpoint-default", 60_000).unwrap();
        assert_eq!(default.earlier, 2);
    }

    #[test]
    fn before_it_fails_there_is_a_matrix_for_the_article_s_runs_alone() {
        assert_eq!(at("checkpoint-bisect", 0), None);
        let running = at("checkpoint-bisect", 1_045).unwrap();
        assert_eq!((running.lines.len(), running.total.unwrap().2), (1, Agreement::NotYet));
        assert_eq!(at("parallelization-3", 100_000), None);
    }

    #[test]
    fn both_settings_at_once_are_not_the_article_s() {
        let matrix = at("checkpoint-both", 60_000).unwrap();
        assert_eq!((figures(&matrix), &matrix.total), (vec!["4", "10", "0", "0"], &None));
    }

    #[test]
    fn a_record_is_done_once_its_attempt_has_not_failed() {
        let fates = |id: &str, t: u64| {
            let mut sim = Simulation::new(Scenario::from_json(shipped::text_of(id).unwrap()).unwrap());
            sim.run_until(SimTime(t));
            let latest = chosen(&sim, None, false).unwrap();
            let fates = batch(&sim, &tree::story(&sim, latest).unwrap()).records;
            fates.into_iter().map(|fate| (fate.times, fate.end)).collect::<Vec<_>>()
        };
        // The first records have been handled nine times, and will be again.
        let open = [vec![(9, End::Open); 3], vec![(0, End::Open); 7]].concat();
        assert_eq!(fates("checkpoint-default", 60_000), open);
        // Two good orders, and the one that cost them their attempts.
        let given_up = fates("dead-letter-redrive", 30_000);
        assert!(given_up.iter().all(|&(_, end)| end == End::GivenUp), "{given_up:?}");
    }

    #[test]
    fn parts_that_wait_are_columns_without_an_invocation() {
        let text = shipped::text_of("checkpoint-bisect").unwrap();
        let mut sim = Simulation::new(Scenario::from_json(text).unwrap());
        while sim.invocations().len() < 3 {
            sim.run_until(SimTime(sim.now().0 + 1));
        }
        let batch = batch(&sim, &tree::story(&sim, 0).unwrap());
        let columns = batch.columns.iter().map(|column| (column.first, column.count, column.torn));
        assert_eq!(
            columns.collect::<Vec<_>>(),
            [(0, 10, Some(5)), (0, 5, Some(2)), (0, 2, None), (2, 3, None), (5, 5, None)]
        );
    }
}
