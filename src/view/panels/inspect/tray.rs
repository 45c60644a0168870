//! The tray of what was given up: the documents about it, the latest first.

use crate::lang::Lang;
use crate::sim::Simulation;
use crate::view::number::short_clock;
use crate::view::text::MessageId;

/// Documents listed, at most.
const ROWS_MAX: u32 = 50;

/// The tray.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tray {
    /// The documents, latest first.
    pub rows: Vec<Row>,
    /// Those that are not listed.
    pub more: u32,
}

/// A document.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its index among what was given up.
    pub idx: u32,
    /// When its records were given up.
    pub time: String,
    /// How many they were, and why.
    pub text: String,
    /// Whether it is the one that is looked at.
    pub current: bool,
}

/// The tray as of the playhead, with the document that is looked at.
#[must_use]
pub fn of(sim: &Simulation, current: u32, lang: Lang) -> Tray {
    let count = sim.discards();
    let row = |idx: u32| {
        let discard = sim.discard(idx);
        Row {
            idx,
            time: short_clock(discard.at()),
            text: MessageId::TrayRow.fill(lang, &[&discard.count, &discard.condition.name()]),
            current: idx == current,
        }
    };
    let listed = count.min(ROWS_MAX);
    Tray { rows: (count - listed..count).rev().map(row).collect(), more: count - listed }
}

/// A document's JSON, as its destination gets it.
#[must_use]
pub fn document(sim: &Simulation, idx: u32) -> Option<String> {
    (idx < sim.discards()).then(|| format!("{:#}", sim.document(&sim.discard(idx)).json()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;
    use crate::units::SimTime;
    use crate::view::shipped;

    #[test]
    fn the_latest_document_comes_first() {
        let text = shipped::text_of("parallelization-3-error-retries").unwrap();
        let mut sim = Simulation::new(Scenario::from_json(text).unwrap());
        sim.run_until(SimTime(1_200_000));
        let count = sim.discards();
        assert!(count > 0);
        let tray = of(&sim, 0, Lang::En);
        assert_eq!((tray.rows.len() as u32 + tray.more, tray.rows[0].idx), (count, count - 1));
        assert!(tray.rows.last().unwrap().current && tray.rows[0].text.contains("RetryAttemptsExhausted"));
        assert!(document(&sim, 0).unwrap().contains("RetryAttemptsExhausted"));
        assert_eq!(document(&sim, count), None);
    }
}
