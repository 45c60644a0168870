//! The tray of what was given up: the documents about it, the latest first.

use crate::lang::Lang;
use crate::sim::Simulation;
use crate::sim::event_json::outcome_name;
use crate::view::number::short_clock;
use crate::view::panels::log::refusal_text;
use crate::view::scene::Object;
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
    /// Why its records cannot be redriven; `None` where they can.
    pub refusal: Option<&'static str>,
    /// What became of its latest redrive, and the invocation.
    pub redriven: Option<(String, Object)>,
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
            text: match discard.is_undelivered() {
                true => MessageId::TrayRowUndelivered,
                false => MessageId::TrayRow,
            }
            .fill(lang, &[&discard.count, &discard.condition.name()]),
            current: idx == current,
            refusal: sim.redrive_refusal(idx).map(|refusal| refusal_text(refusal, lang)),
            redriven: redriven(sim, idx, lang),
        }
    };
    let listed = count.min(ROWS_MAX);
    Tray { rows: (count - listed..count).rev().map(row).collect(), more: count - listed }
}

/// What became of a document's latest redrive that was not refused.
fn redriven(sim: &Simulation, idx: u32, lang: Lang) -> Option<(String, Object)> {
    let own = sim.redrives().iter().rev().filter(|redrive| redrive.document == idx);
    let invocation = own.filter_map(|redrive| redrive.invocation.ok()).next()?;
    let outcome = match sim.invocations().get(invocation).outcome() {
        Some((outcome, _)) => outcome_name(outcome),
        None => MessageId::Running.text(lang),
    };
    let text = MessageId::TrayRedriven.fill(lang, &[&(invocation + 1), &outcome]);
    Some((text, Object::Invocation(invocation)))
}

/// A document's JSON, as its destination gets it.
#[must_use]
pub fn document(sim: &Simulation, idx: u32) -> Option<String> {
    (idx < sim.discards()).then(|| format!("{:#}", sim.document(&sim.discard(idx)).json()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{CommandAction, Scenario};
    use crate::units::SimTime;
    use crate::view::player::Player;
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

    #[test]
    fn a_document_that_did_not_arrive_says_so_and_cannot_be_redriven() {
        let text = shipped::text_of("dead-letter-redrive").unwrap();
        let fault = r#""commands": [{"at": 0, "fault": "destinationFailure", "destination": "arn:aws:sqs:us-east-1:123456789012:orders-dead"}, "#;
        let text = text.replace("\"commands\": [", fault);
        let mut sim = Simulation::new(Scenario::from_json(&text).unwrap());
        sim.run_until(SimTime(50_000));
        assert!(sim.discard(0).is_undelivered());
        let row = of(&sim, 0, Lang::En).rows.pop().unwrap();
        assert!(row.text.ends_with("not delivered"), "{}", row.text);
        assert_eq!((row.refusal, row.redriven), (Some(MessageId::RedriveNotDelivered.text(Lang::En)), None));
    }

    #[test]
    fn a_redrive_shows_beside_its_document_and_expired_records_have_none() {
        let text = shipped::text_of("parallelization-3-error-retries").unwrap();
        let mut player = Player::new(Scenario::from_json(text).unwrap());
        player.seek(SimTime(200_000));
        let row = |player: &Player| of(player.sim(), 0, Lang::En).rows.pop().unwrap();
        assert_eq!((row(&player).refusal, row(&player).redriven), (None, None));
        player.command(CommandAction::Redrive { document: 0 });
        let (told, object) = row(&player).redriven.unwrap();
        assert!(told.ends_with("running") && matches!(object, Object::Invocation(_)), "{told}");
        player.seek(SimTime(player.now().0 + 60_000));
        assert!(row(&player).redriven.unwrap().0.ends_with("error"));
    }
}
