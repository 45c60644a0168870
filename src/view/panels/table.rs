//! Article C's invocations beside the simulation's; the simulation's own where the article has no such run.

use super::{KeyMark, record_name};
use crate::lambda::retry::Outcome;
use crate::lang::Lang;
use crate::sim::Simulation;
use crate::sim::invocation::Invocation;
use crate::units::{SimDuration, SimTime};
use crate::view::article::{self, Agreement, ArticleRow, ArticleRun, SimulatedRow};
use crate::view::number::{seconds, whole_clock};
use crate::view::origin::Origin;
use crate::view::scene::Object;
use crate::view::text::MessageId;

/// The table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Whose run it compares with, or that there is none.
    pub heading: String,
    /// Whether the article has this run: else its columns are left out.
    pub has_article: bool,
    /// The invocations.
    pub rows: Vec<Row>,
    /// Totals.
    pub totals: Vec<Total>,
    /// Why a total differs, or what is left out.
    pub note: String,
}

/// An invocation.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Tells it from the others in the list. What leaves the list leaves this to what comes: then the page writes other
    /// texts into the row that it has, where a new one would cost three times as much.
    pub id: u32,
    /// Its partition keys.
    pub keys: Vec<KeyMark>,
    /// Its records: `1–2` rounds, or first and last.
    pub records: String,
    /// The same, in full.
    pub records_long: String,
    /// Number of records.
    pub count: u32,
    /// Start and end in the article.
    pub article: Option<String>,
    /// Start and end in the simulation.
    pub simulated: Option<String>,
    /// How far the two agree.
    pub agreement: Agreement,
    /// The invocation, once it has started.
    pub object: Option<Object>,
}

/// A total.
#[derive(Clone, Debug, PartialEq)]
pub struct Total {
    /// What it counts.
    pub label: MessageId,
    /// In the article.
    pub article: Option<String>,
    /// In the simulation so far.
    pub simulated: String,
    /// Whether the two agree.
    pub agreement: Agreement,
}

/// Invocations listed where there is no article, latest first.
const ROWS_MAX: u32 = 40;
/// Keys shown of one invocation.
const KEYS_MAX: usize = 3;
/// Records of a batch looked at to find its keys.
const RECORDS_LOOKED_AT: usize = 32;

/// The table as of the playhead of `sim`; `ahead` knows the run's largest `IteratorAge`.
#[must_use]
pub fn build(sim: &Simulation, ahead: &Simulation, origin: &Origin, lang: Lang) -> Table {
    let Some(run) = origin.article else { return own(sim, origin, lang) };
    let rows = article::compare(sim, run);
    let age = seconds(ahead.totals().iterator_age_max, lang);
    Table {
        heading: MessageId::TableHeading.fill(lang, &[&run.factor]),
        has_article: true,
        totals: totals(sim, run, lang),
        rows: rows.into_iter().zip(0..).map(|(row, id)| article_row(sim, id, row, lang)).collect(),
        note: MessageId::TableAgeNote.fill(lang, &[&age, &run.iterator_age_s]),
    }
}

fn article_row(
    sim: &Simulation,
    id: u32,
    (row, simulated, agreement): (ArticleRow, Option<SimulatedRow>, Agreement),
    lang: Lang,
) -> Row {
    let mark = |key: &&str| match sim.stream().keys.find(key) {
        Some(key) => KeyMark::of(sim, key),
        None => KeyMark { hue: 8, label: (*key).to_owned() },
    };
    let (first, last) = row.rounds;
    let name =
        |record: Option<(&str, u32)>| record.map_or(String::new(), |(key, number)| format!("{key}-{number}"));
    let (from, to) = (name(row.records().next()), name(row.records().last()));
    Row {
        id,
        keys: row.keys.iter().map(mark).collect(),
        records: if first == last { first.to_string() } else { format!("{first}–{last}") },
        records_long: MessageId::RecordsFromTo.fill(lang, &[&from, &to]),
        count: row.count(),
        article: Some(format!("{}–{}", row.start_s, row.end_s)),
        simulated: simulated.map(span),
        agreement,
        object: simulated.map(|simulated| Object::Invocation(simulated.invocation)),
    }
}

/// `12–78`: start and end in seconds.
fn span(row: SimulatedRow) -> String {
    match row.end_s {
        Some(end) => format!("{}–{end}", row.start_s),
        None => format!("{}–", row.start_s),
    }
}

fn totals(sim: &Simulation, run: &ArticleRun, lang: Lang) -> Vec<Total> {
    let totals = sim.totals();
    let agreement = |reached: bool, equal: bool| match (reached, equal) {
        (false, _) => Agreement::NotYet,
        (true, true) => Agreement::Full,
        (true, false) => Agreement::Differs,
    };
    let end = end_s(sim);
    let invocations = run.rows.len() as u64;
    vec![
        Total {
            label: MessageId::TotalInvocations,
            article: Some(invocations.to_string()),
            simulated: totals.invocations.to_string(),
            agreement: agreement(totals.invocations >= invocations, totals.invocations == invocations),
        },
        Total {
            label: MessageId::TotalDuration,
            article: Some(MessageId::Seconds.fill(lang, &[&run.total_s])),
            simulated: MessageId::Seconds.fill(lang, &[&end]),
            agreement: agreement(end >= u64::from(run.total_s), end == u64::from(run.total_s)),
        },
        Total {
            label: MessageId::TotalAge,
            article: Some(MessageId::Seconds.fill(lang, &[&run.iterator_age_s])),
            simulated: seconds(totals.iterator_age_max, lang),
            // Read from a graph by eye: neither equal nor wrong. The note says why.
            agreement: Agreement::SoFar,
        },
    ]
}

/// Invocations looked at for the last end.
const ENDS_LOOKED_AT: u32 = 64;

/// From the start of the first invocation to the last end so far.
fn worked(sim: &Simulation) -> SimDuration {
    let invocations = sim.invocations();
    let latest = invocations.len().saturating_sub(ENDS_LOOKED_AT)..invocations.len();
    let ended = latest.map(|idx| invocations.get(idx)).filter(|invocation| invocation.outcome().is_some());
    ended.map(|invocation| invocation.ends_at() - invocations.get(0).started_at()).max().unwrap_or_default()
}

/// The last second in which a row was written so far, from the first invocation's start.
fn end_s(sim: &Simulation) -> u64 {
    let count = sim.invocations().len();
    let rows = (count.saturating_sub(ENDS_LOOKED_AT)..count).map(|idx| article::simulated(sim, idx));
    rows.filter_map(|row| row.end_s).max().unwrap_or(0)
}

/// `1.2–3.4`: start and end in seconds of the run, in tenths below 100 s; from an hour on only the start, as `1:00:00`.
fn own_span(invocation: &Invocation) -> String {
    let of = |t: SimTime| match t.0 / 100 {
        tenths if tenths < 1000 => format!("{}.{}", tenths / 10, tenths % 10),
        tenths => (tenths / 10).to_string(),
    };
    let start = invocation.started_at();
    match invocation.outcome() {
        _ if start.0 >= 3_600_000 => whole_clock(start),
        Some(_) => format!("{}–{}", of(start), of(invocation.ends_at())),
        None => format!("{}–", of(start)),
    }
}

/// The simulation's own invocations, latest first.
fn own(sim: &Simulation, origin: &Origin, lang: Lang) -> Table {
    let count = sim.invocations().len();
    let changed = !origin.changes(sim.scenario()).is_empty();
    let note = if changed { MessageId::TableChangedNote } else { MessageId::TableForeignNote };
    let total = |label, simulated| Total { label, article: None, simulated, agreement: Agreement::NotYet };
    Table {
        heading: MessageId::TableOwnHeading.text(lang).to_owned(),
        has_article: false,
        rows: (count.saturating_sub(ROWS_MAX)..count).rev().map(|idx| own_row(sim, idx, lang)).collect(),
        totals: vec![
            total(MessageId::TotalInvocations, sim.totals().invocations.to_string()),
            total(MessageId::TotalDuration, seconds(worked(sim), lang)),
            total(MessageId::TotalAge, seconds(sim.totals().iterator_age_max, lang)),
        ],
        note: note.text(lang).to_owned(),
    }
}

/// How an invocation ended that did not work its batch.
fn mark(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Ok => "",
        Outcome::Throttled => " ⤺",
        Outcome::Error | Outcome::Timeout | Outcome::Crash | Outcome::Partial => " ✕",
    }
}

fn own_row(sim: &Simulation, idx: u32, lang: Lang) -> Row {
    let invocation = sim.invocations().get(idx);
    let mark = invocation.outcome().map_or("", |(outcome, _)| mark(outcome));
    let looked_at = || sim.batch(idx).take(RECORDS_LOOKED_AT).map(|record| sim.stream().records.get(record));
    let mut keys: Vec<u32> = looked_at().map(|record| record.key).collect();
    keys.sort_unstable();
    keys.dedup();
    let ends = sim.batch(idx).next().zip(sim.batch(idx).last());
    let names = ends.map(|(first, last)| [first, last].map(|record| record_name(sim, record)));
    let more = keys.len().saturating_sub(KEYS_MAX);
    let number = || looked_at().map(|record| record.number);
    let numbers = match number().min().zip(number().max()) {
        Some((low, high)) if low == high => low.to_string(),
        Some((low, high)) => format!("{low}–{high}"),
        // The last of a tumbling window has none.
        None => "–".to_owned(),
    };
    let numbers = if more > 0 { format!("+{more} · {numbers}") } else { numbers };
    let several = sim.mappings().len() > 1;
    let function = several.then(|| &sim.scenario().functions[sim.function_of(&invocation) as usize].name);
    Row {
        id: idx % ROWS_MAX,
        keys: keys.iter().take(KEYS_MAX).map(|&key| KeyMark::of(sim, key)).collect(),
        records: function.map_or(numbers.clone(), |name| format!("{numbers} · {name}")),
        records_long: names
            .map_or_else(String::new, |[from, to]| MessageId::RecordsFromTo.fill(lang, &[&from, &to])),
        count: invocation.count,
        article: None,
        simulated: Some([&own_span(&invocation), mark].concat()),
        agreement: Agreement::NotYet,
        object: Some(Object::Invocation(idx)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;
    use crate::view::shipped;

    /// Start and end of each invocation at a time, the first one first.
    fn spans(id: &str, t: u64) -> Vec<String> {
        let text: std::rc::Rc<str> = shipped::text_of(id).unwrap().into();
        let mut sim = Simulation::new(Scenario::from_json(&text).unwrap());
        sim.run_until(SimTime(t));
        let table = build(&sim, &sim, &Origin::new(&text, sim.scenario()), Lang::En);
        table.rows.into_iter().rev().filter_map(|row| row.simulated).collect()
    }

    #[test]
    fn what_has_ended_has_an_end() {
        assert_eq!(spans("report-switched-off", 1000), ["1.0–"]);
        assert_eq!(spans("report-switched-off", 1100), ["1.0–1.0"]);
    }

    #[test]
    fn throttled_invocations_have_not_failed() {
        let spans = spans("throttled-function", 15_000);
        assert!(spans.iter().any(|span| span.ends_with(" ⤺")), "{spans:?}");
        assert!(spans.iter().all(|span| !span.ends_with('✕')), "{spans:?}");
    }
}
