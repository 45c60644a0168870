//! Article C's invocations beside the simulation's.
//!
//! Source: "How ParallelizationFactor hands Kinesis records to Lambda" (Japanese article, 2020-01). The figures
//! are the author's; `tests/article_table.rs` compares them with the transcription in `tests/fixtures`. Times
//! are whole seconds from the first invocation's start, since the article's stamps are no finer. The author
//! stamps the end after the last record, before the handler's own put: that is the last `RowWritten`.

use crate::kinesis::stream::NONE;
use crate::sim::Simulation;
use crate::sim::invocation::Invocation;
use crate::units::SimTime;

/// One of the article's runs.
#[derive(Debug, PartialEq, Eq)]
pub struct ArticleRun {
    /// The shipped scenario that plays it.
    pub scenario: &'static str,
    /// `ParallelizationFactor`.
    pub factor: u32,
    /// Its invocations, by start, end and keys.
    pub rows: &'static [ArticleRow],
    /// From the first start to the last end.
    pub total_s: u32,
    /// Largest `IteratorAge`, as the author read it from the graph.
    pub iterator_age_s: u32,
}

/// One invocation of the article: the records of `keys`, round after round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArticleRow {
    /// Start second.
    pub start_s: u32,
    /// End second.
    pub end_s: u32,
    /// The partition keys, in the order of each round.
    pub keys: &'static [&'static str],
    /// First and last round, inclusive.
    pub rounds: (u32, u32),
}

impl ArticleRow {
    /// Number of records.
    #[must_use]
    pub fn count(&self) -> u32 {
        (self.rounds.1 - self.rounds.0 + 1) * self.keys.len() as u32
    }

    /// The records: partition key and number, in order.
    pub fn records(&self) -> impl Iterator<Item = (&'static str, u32)> + '_ {
        (self.rounds.0..=self.rounds.1).flat_map(|round| self.keys.iter().map(move |&key| (key, round)))
    }
}

const fn row(start_s: u32, end_s: u32, keys: &'static [&'static str], rounds: (u32, u32)) -> ArticleRow {
    ArticleRow { start_s, end_s, keys, rounds }
}

const ALL: &[&str] = &["1", "2", "3", "4", "5"];

/// The article's runs without errors.
pub const RUNS: [ArticleRun; 2] = [
    ArticleRun {
        scenario: "parallelization-1",
        factor: 1,
        rows: &[
            row(0, 15, ALL, (1, 1)),
            row(15, 165, ALL, (2, 11)),
            row(165, 315, ALL, (12, 21)),
            row(315, 450, ALL, (22, 30)),
        ],
        total_s: 450,
        iterator_age_s: 300,
    },
    ArticleRun {
        scenario: "parallelization-3",
        factor: 3,
        rows: &[
            row(0, 6, &["3"], (1, 2)),
            row(0, 12, &["1", "4"], (1, 2)),
            row(0, 12, &["2", "5"], (1, 2)),
            row(6, 24, &["3"], (3, 8)),
            row(12, 78, &["1", "4"], (3, 13)),
            row(12, 78, &["2", "5"], (3, 13)),
            row(24, 72, &["3"], (9, 24)),
            row(72, 90, &["3"], (25, 30)),
            row(78, 180, &["1", "4"], (14, 30)),
            row(78, 180, &["2", "5"], (14, 30)),
        ],
        total_s: 180,
        iterator_age_s: 67,
    },
];

/// How far an invocation of the simulation agrees with its row of the article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// The playhead has not reached it.
    NotYet,
    /// It has started as the article says, and has not ended.
    SoFar,
    /// Start, end and every record are the article's.
    Full,
    /// Something differs.
    Differs,
}

/// An invocation of the simulation in the article's terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SimulatedRow {
    /// The invocation.
    pub invocation: u32,
    /// Start second, from the first invocation's start.
    pub start_s: u64,
    /// Second of the last row written, once all are.
    pub end_s: Option<u64>,
    /// Number of records.
    pub count: u32,
}

/// Each row of the run with the simulation's invocation of the same first record, as of the playhead.
#[must_use]
pub fn compare(sim: &Simulation, run: &ArticleRun) -> Vec<(ArticleRow, Option<SimulatedRow>, Agreement)> {
    run.rows
        .iter()
        .map(|row| {
            let Some(simulated) = find(sim, row).map(|idx| simulated(sim, idx)) else {
                return (*row, None, Agreement::NotYet);
            };
            (*row, Some(simulated), agreement(sim, row, simulated))
        })
        .collect()
}

/// An invocation in the article's terms.
#[must_use]
pub fn simulated(sim: &Simulation, idx: u32) -> SimulatedRow {
    let invocation = sim.invocations().get(idx);
    let second = |t: SimTime| (sim.scenario().start + t).seconds();
    let zero = second(sim.invocations().get(0).started_at());
    let end = last_row_at(sim, &invocation).map(|t| second(t) - zero);
    SimulatedRow {
        invocation: idx,
        start_s: second(invocation.started_at()) - zero,
        end_s: end,
        count: invocation.count,
    }
}

/// Second of an invocation's end, from the first invocation's start.
#[must_use]
pub fn ended_s(sim: &Simulation, idx: u32) -> u64 {
    let second = |t: SimTime| (sim.scenario().start + t).seconds();
    second(sim.invocations().get(idx).ends_at()) - second(sim.invocations().get(0).started_at())
}

/// When the batch's last record was worked, if it has been.
#[must_use]
pub fn last_row_at(sim: &Simulation, invocation: &Invocation) -> Option<SimTime> {
    (invocation.rows == invocation.count).then(|| row_at(sim, invocation, invocation.count))
}

/// When the handler has worked `count` records of the batch.
#[must_use]
pub fn row_at(sim: &Simulation, invocation: &Invocation, count: u32) -> SimTime {
    let function = &sim.scenario().functions[sim.function_of(invocation) as usize];
    let per_record = function.versions[invocation.version as usize].handler.per_record();
    SimTime(invocation.handler_at().0 + per_record.0 * u64::from(count))
}

/// The invocation whose first record is the row's first.
fn find(sim: &Simulation, row: &ArticleRow) -> Option<u32> {
    let (key, number) = row.records().next()?;
    let key = sim.stream().keys.find(key)?;
    (0..sim.invocations().len()).find(|&idx| {
        let first = sim.batch(idx).next().map(|first| sim.stream().records.get(first));
        first.is_some_and(|first| (first.key, first.number) == (key, number))
    })
}

fn agreement(sim: &Simulation, row: &ArticleRow, simulated: SimulatedRow) -> Agreement {
    let records = sim.batch(simulated.invocation).map(|record| {
        let stored = sim.stream().records.get(record);
        (stored.key, stored.number)
    });
    let article = row.records().map(|(key, number)| (sim.stream().keys.find(key).unwrap_or(NONE), number));
    if simulated.start_s != u64::from(row.start_s) || !records.eq(article) {
        return Agreement::Differs;
    }
    match simulated.end_s {
        None => Agreement::SoFar,
        Some(end) if end == u64::from(row.end_s) => Agreement::Full,
        Some(_) => Agreement::Differs,
    }
}
