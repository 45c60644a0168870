//! What the panels show: plain values, already in the reader's words, as of the playhead.
//!
//! They are rebuilt a few times a second and compared with what is shown, so that only what changed is touched.

pub mod charts;
pub mod console;
pub mod inspect;
pub mod ledger;
pub mod lineage;
pub mod log;
pub mod markers;
pub mod matrix;
pub mod rail;
pub mod scissors;
pub mod status;
pub mod stream;
pub mod table;
pub mod twin;

use std::rc::Rc;

use super::bookmark::Bookmarks;
use super::checks::Checks;
use super::origin::Origin;
use super::player::{Player, Speed};
use super::scene::Hue;
use super::text::MessageId;
use super::ui::{Tab, UiState};
use crate::event_log::Event;
use crate::kinesis::KeyId;
use crate::lang::Lang;
use crate::scenario::Bilingual;
use crate::sim::Simulation;
use crate::units::SimTime;

/// Everything the panels show.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Panels {
    /// The scenario's title and what it shows, or what was changed in it.
    pub title: Title,
    /// The transport.
    pub transport: Transport,
    /// The settings.
    pub rail: Rc<rail::Rail>,
    /// The scissors, while they are up.
    pub scissors: Option<scissors::Scissors>,
    /// The table, while its tab shows.
    pub table: Rc<table::Table>,
    /// What stands in its place where a function has several versions.
    pub ledger: Option<Rc<ledger::Ledger>>,
    /// A batch that failed, attempt by attempt: above the table, or with article B's sizes in its place.
    pub matrix: Option<Rc<matrix::Matrix>>,
    /// The log, while its tab shows.
    pub log: Rc<log::Log>,
    /// The inspector, while its tab shows.
    pub inspect: Rc<inspect::Inspect>,
    /// What can be chosen there besides the picture's objects, while nothing is.
    pub others: Rc<[inspect::others::Group]>,
    /// The console, while its tab shows.
    pub console: Rc<console::Console>,
    /// The stream, while its tab shows.
    pub stream: Rc<stream::Stream>,
    /// The status line.
    pub status: Rc<status::Status>,
    /// The picture in words.
    pub twin: Rc<twin::Twin>,
    /// The charts as a table.
    pub charts: Rc<charts::Charts>,
}

/// The scenario's title.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Title {
    /// Its `id`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it shows; or, once settings were changed, which.
    pub about: String,
    /// Whether settings were changed.
    pub changed: bool,
}

/// The transport.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Transport {
    /// Where the time line ends.
    pub end: SimTime,
    /// Whether it plays.
    pub playing: bool,
    /// Whether the playhead stands at the end.
    pub at_end: bool,
    /// Index of the speed in `ui::SPEEDS`, if it is one of them.
    pub speed: Option<usize>,
    /// Starts of invocations.
    pub marks: Rc<[SimTime]>,
    /// Commands, deploys, failures and bookmarks.
    pub markers: Rc<[markers::Marker]>,
    /// Moments that are marked.
    pub bookmarks: Bookmarks,
    /// Whether that of the playhead is one of them.
    pub bookmarked: bool,
}

/// A partition key as it is shown: a hue and a short label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyMark {
    /// 1..=8.
    pub hue: u8,
    /// The key itself where it has one or two characters, else its letter.
    pub label: String,
}

impl KeyMark {
    /// The mark of a key.
    #[must_use]
    pub fn of(sim: &Simulation, key: KeyId) -> Self {
        let text = sim.stream().keys.text(key);
        let label = if text.chars().count() <= 2 { text } else { letter(key) };
        Self { hue: Hue::of(key).0, label }
    }
}

/// A to Z, then A1, B1, …; as in the picture.
fn letter(key: KeyId) -> String {
    let letter = char::from(b'A' + (key % 26) as u8);
    if key < 26 { letter.into() } else { format!("{letter}{}", key / 26) }
}

/// `1-11`: a record's key and number.
#[must_use]
pub fn record_name(sim: &Simulation, record: u32) -> String {
    let stored = sim.stream().records.get(record);
    format!("{}-{}", sim.stream().keys.text(stored.key), stored.number)
}

/// The text in one language.
#[must_use]
pub fn in_language(text: &Bilingual, lang: Lang) -> &str {
    match lang {
        Lang::En => &text.en,
        Lang::Ja => &text.ja,
    }
}

/// Everything the panels show now. What does not show is taken from `before`; so is what is `long`, unless that is wanted.
pub fn build(
    player: &Player,
    ui: &UiState,
    origin: &Origin,
    checks: &mut Checks,
    (before, long): (&Panels, bool),
) -> Panels {
    let sim = player.sim();
    let lang = ui.lang;
    let looked_at = rail::looked_at(sim, ui.rail.scope.mapping);
    let mut panels = before.clone();
    panels.title = title(sim, origin, lang);
    panels.transport = transport(player, ui, &before.transport);
    let mut rail = rail::build(sim, origin, &ui.rail, lang);
    // Live commands are changes, too, and so is another stream.
    rail.changed |= sim.commands().len() != origin.base_commands || origin.pasted;
    panels.rail = Rc::new(rail);
    panels.scissors = ui.cut.map(|cut| scissors::build(sim, cut, lang));
    panels.status = Rc::new(status::build(player, checks.look(sim), lang));
    if long {
        panels.twin = Rc::new(twin::build(sim, lang));
        panels.charts = Rc::new(charts::build(player, ui));
    }
    match ui.tab {
        Tab::Timeline => {}
        Tab::Table => {
            panels.ledger = ledger::build(sim, looked_at, origin, lang).map(Rc::new);
            panels.matrix = matrix::build(sim, origin, ui.selection, lang).map(Rc::new);
            let replaced = panels.matrix.as_ref().is_some_and(|matrix| matrix.has_article);
            if panels.ledger.is_none() && !replaced && (long || origin.article.is_some()) {
                panels.table = Rc::new(table::build(sim, player.ahead(), origin, lang));
            }
        }
        Tab::Log if !long => {}
        Tab::Log => panels.log = Rc::new(log::build(sim, ui.filter, lang)),
        Tab::Inspect => {
            panels.inspect = Rc::new(inspect::build(sim, ui.selection, looked_at, &ui.answer, lang));
            if ui.selection.is_none() {
                panels.others = inspect::others::of(sim, lang).into();
            }
        }
        Tab::Console => panels.console = Rc::new(console::build(sim, ui.cleared, &before.console)),
        Tab::Stream => {
            panels.stream = Rc::new(stream::build((sim, player.ahead()), looked_at, &ui.fields, lang));
        }
    }
    panels
}

fn title(sim: &Simulation, origin: &Origin, lang: Lang) -> Title {
    let scenario = sim.scenario();
    let changes = origin.changes(scenario);
    let change = |&(knob, value): &(_, u64)| {
        format!("{} {}", super::knob::Knob::label(knob).text(lang), rail::value_text(knob, value, lang))
    };
    let mut listed: Vec<String> = changes.iter().map(change).collect();
    listed.extend(origin.pasted.then(|| MessageId::PastedStream.text(lang).to_owned()));
    match sim.commands().len().saturating_sub(origin.base_commands) {
        0 => {}
        1 => listed.push(MessageId::AddedCommand.text(lang).to_owned()),
        added => listed.push(MessageId::AddedCommands.fill(lang, &[&added])),
    }
    let about = if listed.is_empty() {
        in_language(&scenario.about, lang).to_owned()
    } else {
        MessageId::ChangedTo.fill(lang, &[&listed.join(MessageId::ListComma.text(lang))])
    };
    let name = in_language(&scenario.name, lang).to_owned();
    // A scenario without texts has its id for both.
    let about = if about == name { String::new() } else { about };
    Title { id: scenario.id.clone(), name, about, changed: !listed.is_empty() }
}

/// Marks of invocation starts shown beside the scrub bar, at most.
const MARKS_MAX: u32 = 400;

fn transport(player: &Player, ui: &UiState, before: &Transport) -> Transport {
    let end = player.end();
    let speed = super::ui::SPEEDS.iter().position(|&(speed, _)| same_speed(speed, player.speed()));
    let invocations = player.ahead().invocations();
    let marks = if invocations.len() > MARKS_MAX {
        Rc::default()
    } else if before.marks.len() == invocations.len() as usize && before.end == end {
        Rc::clone(&before.marks)
    } else {
        (0..invocations.len()).map(|idx| invocations.get(idx).started_at()).collect()
    };
    let bookmarks = Rc::clone(&ui.bookmarks);
    Transport {
        end,
        playing: player.playing(),
        at_end: player.now() >= end,
        speed,
        marks,
        markers: markers::build(player, ui),
        bookmarked: bookmarks.binary_search(&player.now()).is_ok(),
        bookmarks,
    }
}

fn same_speed(one: Speed, other: Speed) -> bool {
    match (one, other) {
        (Speed::Times(one), Speed::Times(other)) => (one - other).abs() < 1e-9,
        (Speed::Max, Speed::Max) => true,
        (Speed::Times(_), Speed::Max) | (Speed::Max, Speed::Times(_)) => false,
    }
}

/// Events before number `to` that `wanted` keeps, latest first: at most `count`, among the last `reach`.
fn latest(
    sim: &Simulation,
    to: u32,
    count: usize,
    reach: u32,
    wanted: impl Fn(&Event) -> bool,
) -> Vec<(u32, SimTime, Event)> {
    const STRIDE: u32 = 512;
    let mut found = Vec::new();
    let (mut to, bottom) = (to, to.saturating_sub(reach));
    while to > bottom && found.len() < count {
        let from = to.saturating_sub(STRIDE).max(bottom);
        let mut chunk: Vec<_> = sim.events(from, to).filter(|(.., event)| wanted(event)).collect();
        chunk.reverse();
        found.extend(chunk);
        to = from;
    }
    found.truncate(count);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;
    use crate::view::shipped;
    use crate::view::ui::LogFilter;

    fn shown(t: u64, ui: &UiState) -> Panels {
        let text: Rc<str> = shipped::FIRST.1.into();
        let mut player = Player::new(Scenario::from_json(&text).unwrap());
        player.advance(16.0);
        player.seek(SimTime(t));
        let origin = Origin::new(&text, player.sim().scenario());
        build(&player, ui, &origin, &mut Checks::default(), (&Panels::default(), true))
    }

    #[test]
    fn article_c_after_a_minute() {
        let panels = shown(60_000, &UiState::default());
        assert_eq!(panels.twin.caption, "150 put: 74 waiting, 60 in flight in 3 invocations, 16 stored.");
        let rows: Vec<String> = panels.table.rows.iter().map(|row| format!("{:?}", row.simulated)).collect();
        assert_eq!((rows.len(), rows[3].as_str(), rows[9].as_str()), (10, "Some(\"6–24\")", "None"));
        let metrics: Vec<&str> = panels.status.metrics.iter().map(|metric| metric.value.as_str()).collect();
        assert_eq!(metrics, ["0/s", "0.0 s", "17.5 s", "3"]);
        assert!(panels.status.verdicts.len() == 3 && panels.status.verdicts.iter().all(|kept| kept.good));
        assert_eq!((panels.transport.marks.len(), panels.title.changed), (10, false));
    }

    #[test]
    fn the_log_shows_the_latest_events_of_a_kind() {
        let log = |filter| shown(60_000, &UiState { tab: Tab::Log, filter, ..UiState::default() }).log;
        let all = log(LogFilter::All);
        assert_eq!((all.lines.len(), all.lines[0].n + 1), (120, all.count));
        let texts: Vec<String> =
            log(LogFilter::Invocations).lines.iter().map(|line| line.text.clone()).collect();
        assert_eq!((texts.len(), texts[0].as_str()), (11, "Invocation 7: 16 records from batcher 1"));
        assert_eq!(
            log(LogFilter::Puts).lines.last().map(|line| line.text.clone()),
            Some("Put 1-7 into shard-…000".into())
        );
    }

    #[test]
    fn keys_beyond_the_alphabet_go_on() {
        assert_eq!((letter(0), letter(25), letter(26)), ("A".into(), "Z".into(), "A1".into()));
    }
}
