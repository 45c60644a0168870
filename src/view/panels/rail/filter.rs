//! The mapping's filter: its patterns as they are typed, what is wrong with them, and which records they match.

use std::rc::Rc;

use super::state::State;
use crate::aws::lambda::filter::FilterCriteria;
use crate::aws::lambda::filter::mistake::{self, Fault, Mistake};
use crate::lang::Lang;
use crate::quota;
use crate::sim::Simulation;
use crate::view::panels::{KeyMark, record_name};
use crate::view::scene::Object;
use crate::view::text::MessageId;

/// The latest records that are judged, and those of them that are listed.
const JUDGED_MAX: u32 = 50;
const LISTED_MAX: u32 = 6;
/// Characters shown of a record's data.
const DATA_CHARS_MAX: usize = 48;

/// The filter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// The patterns.
    pub patterns: Rc<[Rc<str>]>,
    /// What is wrong with each of them.
    pub mistakes: Vec<Option<String>>,
    /// Whether another pattern can be added.
    pub can_add: bool,
    /// Whether they are others than those in force.
    pub changed: bool,
    /// How many of the latest records match; `None` where a pattern is none, or there is no record.
    pub matched: Option<String>,
    /// The latest records, newest first.
    pub records: Vec<Judged>,
}

/// A record, judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// The record.
    pub object: Object,
    /// Its key.
    pub key: KeyMark,
    /// Its name.
    pub name: String,
    /// The beginning of its data.
    pub data: String,
    /// Whether it is handed over.
    pub matches: bool,
}

/// A mapping's patterns in force at the playhead, or at t = 0.
#[must_use]
pub fn in_force(sim: &Simulation, mapping: u16, live: bool) -> Vec<Rc<str>> {
    let idx = usize::from(mapping);
    let config = match sim.lambda().mappings.get(idx).filter(|_| live) {
        Some(mapping) => Some(&mapping.config),
        None => sim.scenario().mappings.get(idx),
    };
    config.map_or_else(Vec::new, |config| config.filter_criteria.patterns().map(Into::into).collect())
}

/// A mapping's filter as of the playhead.
#[must_use]
pub fn build(sim: &Simulation, mapping: u16, state: &State, live: bool, lang: Lang) -> Filter {
    let in_force: Rc<[Rc<str>]> = in_force(sim, mapping, live).into();
    let patterns = state.patterns.clone().unwrap_or_else(|| Rc::clone(&in_force));
    let mistakes = patterns.iter().map(|text| mistake::of(text).map(|mistake| words(&mistake, lang)));
    let mistakes: Vec<Option<String>> = mistakes.collect();
    let criteria = FilterCriteria::parse(patterns.iter().map(|text| &**text)).ok();
    let (matched, records) = match &criteria {
        Some(criteria) => judged(sim, mapping, criteria, lang),
        None => (None, Vec::new()),
    };
    Filter {
        can_add: patterns.len() < quota::FILTERS_MAX,
        changed: patterns != in_force,
        mistakes,
        matched,
        records,
        patterns,
    }
}

fn judged(
    sim: &Simulation,
    mapping: u16,
    criteria: &FilterCriteria,
    lang: Lang,
) -> (Option<String>, Vec<Judged>) {
    let count = sim.stream().records.len();
    let latest = (count.saturating_sub(JUDGED_MAX)..count).rev();
    let all: Vec<(u32, bool)> =
        latest.map(|record| (record, sim.matches(mapping, criteria, record))).collect();
    let matching = all.iter().filter(|&&(_, matches)| matches).count();
    let matched = MessageId::FilterMatches.fill(lang, &[&matching, &all.len()]);
    let listed = all.iter().take(LISTED_MAX as usize).map(|&(record, matches)| Judged {
        object: Object::Record(record),
        key: KeyMark::of(sim, sim.stream().records.get(record).key),
        name: record_name(sim, record),
        data: beginning(&sim.data(record)),
        matches,
    });
    ((!all.is_empty()).then_some(matched), listed.collect())
}

fn beginning(data: &[u8]) -> String {
    let text = String::from_utf8_lossy(&data[..data.len().min(4 * DATA_CHARS_MAX)]);
    let mut shown: String = text.chars().take(DATA_CHARS_MAX).collect();
    if shown.len() < data.len() {
        shown.push('…');
    }
    shown
}

fn words(mistake: &Mistake, lang: Lang) -> String {
    let id = match &mistake.fault {
        Fault::Syntax { line, column, text } => {
            return MessageId::JudgeInvalid.fill(lang, &[line, column, text]);
        }
        Fault::NotAnObject => MessageId::FilterNotAnObject,
        Fault::NoField => MessageId::FilterNoField,
        Fault::NotAList => MessageId::FilterNotAList,
        Fault::NoRule => MessageId::FilterNoRule,
        Fault::DataIsText => MessageId::FilterDataIsText,
        Fault::UnknownRule => MessageId::FilterUnknownRule,
    };
    MessageId::FilterMistakeAt.fill(lang, &[&mistake.path, &id.text(lang)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;
    use crate::units::SimTime;
    use crate::view::panels::rail::state::Edit;
    use crate::view::shipped;

    fn typed(patterns: &[&str]) -> Filter {
        let mut sim = Simulation::new(Scenario::from_json(shipped::FIRST.1).unwrap());
        sim.run_until(SimTime(10_000));
        let mut state = State::default();
        state.edit(&Edit::Patterns(Some(patterns.iter().map(|&text| text.into()).collect())));
        build(&sim, 0, &state, true, Lang::En)
    }

    #[test]
    fn patterns_are_judged_against_the_latest_records() {
        let filter = typed(&[r#"{"partitionKey": ["1", "2"]}"#]);
        assert_eq!(
            (filter.matched.as_deref(), filter.changed),
            (Some("18 of the latest 45 records match"), true)
        );
        assert_eq!((filter.records.len(), filter.mistakes), (LISTED_MAX as usize, vec![None]));
        let (first, of_one) = (&filter.records[0], |judged: &&Judged| judged.matches);
        assert_eq!((first.name.as_str(), first.matches), ("5-9", false));
        assert_eq!(filter.records.iter().filter(of_one).count(), 2);
        let none = typed(&[]);
        assert_eq!(
            (none.matched.as_deref(), none.changed),
            (Some("45 of the latest 45 records match"), false)
        );
    }

    #[test]
    fn a_mistake_says_where_it_is() {
        let filter = typed(&[r#"{"data": {"level": [{"prefx": "a"}]}}"#, "{"]);
        assert_eq!(filter.mistakes[0].as_deref(), Some("At $.data.level[0]: no rule that Lambda knows."));
        assert!(filter.mistakes[1].as_deref().unwrap().starts_with("This is no JSON: line 1, column 1"));
        assert!(filter.matched.is_none() && filter.records.is_empty());
    }
}
