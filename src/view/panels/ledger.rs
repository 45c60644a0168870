//! The ledger: the rows that a function with several versions wrote around its alias' latest move, and article A's
//! beside them where the run is the article's.

mod share;

use std::rc::Rc;

use super::{KeyMark, latest, record_name};
use crate::event_log::Event;
use crate::lambda::function::AliasChange;
use crate::lang::Lang;
use crate::scenario::{MappingConfig, Qualifier, Version, VersionConfig};
use crate::sim::Simulation;
use crate::units::{SimDuration, SimTime};
use crate::view::article_a::{DeployRow, DeployTable};
use crate::view::deploy::{self, Shown, version_name};
use crate::view::number::seconds;
use crate::view::origin::Origin;
use crate::view::scene::Object;
use crate::view::text::MessageId;

pub use share::{Row as ShareRow, Share};

/// Rows listed at most, and those before the alias' move among them.
const ROWS_MAX: usize = 60;
const BEFORE: usize = 4;
/// Rows listed before there was a move.
const UNMOVED_MAX: usize = 20;
/// Events looked at on either side of the move.
const REACH: u32 = 20_000;

/// The ledger.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ledger {
    /// Rows so far by version, of those that have any.
    pub counts: Vec<Count>,
    /// From the first row of the new version after the move to the last of another one so far.
    pub mixed: Option<String>,
    /// The new version's share over time, once there was a move.
    pub share: Option<Rc<Share>>,
    /// What is listed, and where its times count from.
    pub about: Vec<MessageId>,
    /// Rows, oldest first.
    pub rows: Vec<Row>,
    /// Whether there are later ones.
    pub more: bool,
    /// Whether article A's rows stand beside them.
    pub has_article: bool,
}

/// What a version has written.
#[derive(Clone, Debug, PartialEq)]
pub struct Count {
    /// The version.
    pub version: Shown,
    /// What its rows say wrote them, where that is not the version's name.
    pub tag: Option<String>,
    /// Rows so far.
    pub rows: u64,
}

/// A line of the ledger: a row of the run, one of the article, or both.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The run's row.
    pub own: Option<OwnRow>,
    /// The article's: time, record, version.
    pub article: Option<(String, String, Shown)>,
}

/// A row of the run.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnRow {
    /// `+3.116`: seconds from the move, or from the start.
    pub at: String,
    /// Its partition key.
    pub key: KeyMark,
    /// The record's number within its key, as in the article with four digits.
    pub number: String,
    /// Its key and number.
    pub name: String,
    /// What wrote it.
    pub version: Shown,
    /// The record.
    pub object: Object,
}

/// A row as it was written.
#[derive(Clone, Copy, Debug)]
struct Written {
    at: SimTime,
    record: u32,
    invocation: u32,
    code: u32,
}

/// The ledger of a mapping's function as of the playhead; `None` where that has one version only.
#[must_use]
pub fn build(sim: &Simulation, mapping: u16, origin: &Origin, lang: Lang) -> Option<Ledger> {
    let config = sim.mappings().get(usize::from(mapping))?.config();
    let function = config.function_idx;
    if sim.scenario().functions[function as usize].versions.len() == 1 {
        return None;
    }
    let change = latest_change(sim, config);
    let mut rows = around(sim, function, change.map(|change| change.at));
    let moved = change.map_or(0, |change| rows.partition_point(|row| row.at < change.at));
    let new = change.map(|change| new_code(sim, change));
    let mixed = new.and_then(|new| mixture(&rows[moved..], new));
    let table = origin.deploy;
    let first_new = new.and_then(|new| rows[moved..].iter().position(|row| row.code == new));
    let anchor = match (table, first_new) {
        (Some(_), Some(first_new)) => moved + first_new,
        _ => moved,
    };
    if change.is_some() {
        rows.drain(..anchor.saturating_sub(BEFORE));
    }
    let more = rows.len() > ROWS_MAX;
    rows.truncate(ROWS_MAX);
    let share = change.zip(new);
    let share = share.map(|(change, new)| Rc::new(share::build(sim, function, change, new, lang)));
    let own = rows.iter().map(|row| own_row(sim, row, change.map(|change| change.at)));
    Some(Ledger {
        counts: counts(sim, function),
        mixed: mixed.map(|span| seconds(span, lang)),
        share,
        about: about(change.is_some(), table.is_some()),
        rows: beside(own.collect(), table),
        more,
        has_article: table.is_some(),
    })
}

fn about(moved: bool, article: bool) -> Vec<MessageId> {
    let own = if moved { MessageId::LedgerAbout } else { MessageId::LedgerAboutStart };
    [Some(own), article.then_some(MessageId::LedgerAboutArticle)].into_iter().flatten().collect()
}

/// The latest move of the alias that a mapping names.
fn latest_change<'a>(sim: &'a Simulation, config: &MappingConfig) -> Option<&'a AliasChange> {
    let Qualifier::Alias(alias) = config.qualifier else { return None };
    let own =
        |change: &&AliasChange| (u32::from(change.function), change.alias) == (config.function_idx, alias);
    sim.alias_changes().iter().rev().map(|change| &**change).find(own)
}

/// The code that a move brought in: with weights, that of the second version.
fn new_code(sim: &Simulation, change: &AliasChange) -> u32 {
    let routing = change.routing;
    let version = routing.additional.map_or(routing.version, |(idx, _)| Version::Published(idx));
    sim.functions().code(change.function.into(), version)
}

/// A function's rows, oldest first: some before the move and those after it; without a move the latest ones.
fn around(sim: &Simulation, function: u32, moved: Option<SimTime>) -> Vec<Written> {
    let written = |event| written(sim, function, event);
    let is_row = |event: &Event| matches!(event, Event::RowWritten { .. });
    let count = sim.log().count();
    let split = match moved {
        None => count,
        Some(at) => at.0.checked_sub(1).map_or(0, |before| sim.events_until(SimTime(before))),
    };
    let before = if moved.is_some() { BEFORE } else { UNMOVED_MAX };
    let mut rows: Vec<Written> =
        latest(sim, split, before, REACH, is_row).into_iter().rev().filter_map(written).collect();
    rows.extend(sim.events(split, count.min(split.saturating_add(REACH))).filter_map(written));
    rows
}

/// An event as a row of a function, if it is one.
fn written(sim: &Simulation, function: u32, (_, at, event): (u32, SimTime, Event)) -> Option<Written> {
    let Event::RowWritten { invocation, record, .. } = event else { return None };
    let ran = sim.invocations().get(invocation);
    let row = Written { at, record, invocation, code: ran.version };
    (sim.function_of(&ran) == function).then_some(row)
}

/// From the first row of the new code to the last of another one after it.
fn mixture(rows: &[Written], new: u32) -> Option<SimDuration> {
    let first = rows.iter().find(|row| row.code == new)?;
    let last = rows.iter().rev().find(|row| row.code != new)?;
    (first.at <= last.at).then(|| last.at - first.at)
}

/// Rows so far by version, of those that have any.
fn counts(sim: &Simulation, function: u32) -> Vec<Count> {
    let versions = &sim.scenario().functions[function as usize].versions;
    let mut counts = vec![0; versions.len()];
    for invocation in (0..sim.invocations().len()).map(|idx| sim.invocations().get(idx)) {
        if sim.function_of(&invocation) == function {
            let rows = (0..invocation.rows).filter(|&place| sim.wrote(&invocation, place)).count();
            counts[invocation.version as usize] += rows as u64;
        }
    }
    let counts = counts.into_iter().zip(versions).zip(0..).filter(|&((rows, _), _)| rows > 0);
    let count = |((rows, config), code): ((u64, &VersionConfig), u32)| {
        let version = of_code(code);
        let tag = (config.tag != version.name).then(|| config.tag.clone());
        Count { version, tag, rows }
    };
    counts.map(count).collect()
}

/// The rows of a mapping's function as article A prints its table, `time: id, tag`, by the time they were
/// written: the latest ones, where there are very many.
#[must_use]
pub fn printed(sim: &Simulation, mapping: u16) -> Option<String> {
    const COPIED_MAX: usize = 10_000;
    const LOOKED_AT: u32 = 1_000_000;
    let function = sim.mappings().get(usize::from(mapping))?.config().function_idx;
    let versions = &sim.scenario().functions[function as usize].versions;
    let is_row = |event: &Event| matches!(event, Event::RowWritten { .. });
    let rows = latest(sim, sim.log().count(), COPIED_MAX, LOOKED_AT, is_row).into_iter().rev();
    let line = |row: Written| {
        let (at, stored) = (sim.scenario().start + row.at, sim.stream().records.get(row.record));
        let (key, tag) = (sim.stream().keys.text(stored.key), &versions[row.code as usize].tag);
        format!("{at}: {key}-{:04}, {tag}\n", stored.number)
    };
    Some(rows.filter_map(|event| written(sim, function, event)).map(line).collect())
}

fn of_code(code: u32) -> Shown {
    Shown { code, name: version_name(Version::Published(code)) }
}

fn own_row(sim: &Simulation, row: &Written, moved: Option<SimTime>) -> OwnRow {
    let stored = sim.stream().records.get(row.record);
    let invocation = sim.invocations().get(row.invocation);
    OwnRow {
        at: match moved {
            Some(moved) if row.at < moved => format!("−{}", thousandths(moved - row.at)),
            Some(moved) => format!("+{}", thousandths(row.at - moved)),
            None => thousandths(row.at - SimTime::ZERO),
        },
        key: KeyMark::of(sim, stored.key),
        number: format!("{:04}", stored.number),
        name: record_name(sim, row.record),
        version: deploy::shown(sim, &invocation).unwrap_or_else(|| of_code(row.code)),
        object: Object::Record(row.record),
    }
}

fn thousandths(span: SimDuration) -> String {
    format!("{}.{:03}", span.0 / 1000, span.0 % 1000)
}

/// The run's rows with the article's at their side.
fn beside(own: Vec<OwnRow>, table: Option<&DeployTable>) -> Vec<Row> {
    let article = |row: &DeployRow| {
        let at = format!("+{}", thousandths(SimDuration(row.at_ms.into())));
        (at, row.id(), of_code(row.version - 1))
    };
    let listed = table.map_or(0, |table| table.rows.len());
    let count = own.len().max(listed);
    let mut own = own.into_iter();
    let mut rows = table.into_iter().flat_map(|table| table.rows).map(article);
    (0..count).map(|_| Row { own: own.next(), article: rows.next() }).collect()
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::scenario::Scenario;
    use crate::view::shipped;

    fn ledger(id: &str, t: u64) -> Option<Ledger> {
        let text: Rc<str> = shipped::text_of(id).unwrap().into();
        let mut sim = Simulation::new(Scenario::from_json(&text).unwrap());
        sim.run_until(SimTime(t));
        build(&sim, 0, &Origin::new(&text, sim.scenario()), Lang::En)
    }

    #[test]
    fn before_the_move_the_latest_rows_are_listed_and_the_article_s() {
        let ledger = ledger("deploy-1-shard", 80_000).unwrap();
        assert_eq!((ledger.counts.len(), ledger.counts[0].version.name.as_str()), (1, "v1"));
        assert_eq!(ledger.counts[0].tag.as_deref(), Some("aaa"));
        assert_eq!((ledger.mixed, ledger.has_article), (None, true));
        let own = |row: &Row| row.own.is_some();
        assert_eq!((ledger.rows.len(), ledger.rows.iter().filter(|row| own(row)).count()), (47, UNMOVED_MAX));
        let last = ledger.rows[UNMOVED_MAX - 1].own.as_ref().unwrap();
        assert!(last.at.starts_with("79."), "{last:?}");
    }

    #[test]
    fn both_tables_have_their_first_new_row_in_the_same_line() {
        for id in ["deploy-1-shard", "deploy-2-shards"] {
            let ledger = ledger(id, 100_000).unwrap();
            assert_eq!((ledger.rows.len(), ledger.more), (ROWS_MAX, true));
            let first =
                |code: &dyn Fn(&Row) -> Option<u32>| ledger.rows.iter().position(|row| code(row) == Some(1));
            assert_eq!(first(&|row| row.own.as_ref().map(|own| own.version.code)), Some(BEFORE), "{id}");
            assert_eq!(first(&|row| row.article.as_ref().map(|row| row.2.code)), Some(BEFORE), "{id}");
            let old = ledger.rows.iter().filter_map(|row| row.own.as_ref());
            let last_old = old.rev().find(|own| own.version.code == 0).unwrap();
            assert!(last_old.at.starts_with('+') && ledger.mixed.is_some(), "{last_old:?}");
        }
    }

    #[test]
    fn counts_are_those_of_the_rows_written() {
        let ledger = ledger("deploy-two-steps", 120_000).unwrap();
        let text = shipped::text_of("deploy-two-steps").unwrap();
        let mut sim = Simulation::new(Scenario::from_json(text).unwrap());
        sim.run_until(SimTime(120_000));
        let rows = sim.events(0, u32::MAX).filter(|(.., event)| matches!(event, Event::RowWritten { .. }));
        assert_eq!(ledger.counts.iter().map(|count| count.rows).sum::<u64>(), rows.count() as u64);
        assert!(ledger.counts.len() >= 2 && !ledger.has_article, "{:?}", ledger.counts);
    }

    #[test]
    fn rows_are_copied_as_the_article_prints_them() {
        let text = shipped::text_of("deploy-1-shard").unwrap();
        let mut sim = Simulation::new(Scenario::from_json(text).unwrap());
        sim.run_until(SimTime(120_000));
        let printed = printed(&sim, 0).unwrap();
        let lines: Vec<&str> = printed.lines().collect();
        assert_eq!(lines.len(), sim.stream().records.len() as usize);
        assert!(lines.is_sorted_by_key(|line| &line[..24]));
        let fields = |line: &str| line.split_once("Z: ").unwrap().1.to_owned();
        assert_eq!(fields(lines[0]), "test-01-0001, aaa");
        assert!(lines.last().unwrap().ends_with(", xxxxxx"), "{:?}", lines.last());
    }

    #[test]
    fn a_function_with_one_version_has_no_ledger() {
        assert_eq!(ledger("parallelization-3", 60_000), None);
        assert_eq!(ledger("reshard-2-to-4", 60_000), None);
    }
}
