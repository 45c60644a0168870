//! The one run of this page (or module): shared by the page and by the exports of [`super::bridge`].

use std::cell::RefCell;
use std::rc::Rc;

use serde_json::{Value, json};

use crate::aws::cli;
use crate::lang::Lang;
use crate::scenario::{CommandAction, Problem, SERVICES, Scenario};
use crate::sim::control::Done;
use crate::units::SimTime;
use crate::view::console::as_command;
use crate::view::player::Player;
use crate::view::text::MessageId;

/// What can be told to a listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Another scenario, or the same with other settings: everything is new.
    Loaded,
    /// A scenario's text was refused; the run stays what it was. See [`Session::refused`].
    Refused,
    /// A command was carried out at the playhead, and is part of the scenario now.
    Commanded,
    /// The playhead moved, or playing started or stopped.
    Moved,
    /// The language.
    Language,
}

/// The page's state that outlives any component.
pub struct Session {
    /// The run; `None` until a scenario is loaded.
    pub player: Option<Player>,
    /// The text of the scenario that is loaded.
    pub scenario_text: Rc<str>,
    /// The last text that was refused, and its problems.
    pub refused: Option<(Rc<str>, Vec<Problem>)>,
    /// The language.
    pub lang: Lang,
}

type Listener = Rc<dyn Fn(Change)>;

thread_local! {
    static SESSION: RefCell<Session> =
        RefCell::new(Session { player: None, scenario_text: "".into(), refused: None, lang: Lang::En });
    static LISTENERS: RefCell<Vec<Listener>> = const { RefCell::new(Vec::new()) };
}

/// Reads or changes the session. Must not be nested.
pub fn with<R>(look: impl FnOnce(&mut Session) -> R) -> R {
    SESSION.with_borrow_mut(look)
}

/// Looks at the run, if there is one.
pub fn with_player<R>(look: impl FnOnce(&mut Player) -> R) -> Option<R> {
    with(|session| session.player.as_mut().map(look))
}

/// Adds a listener, for the life of the page.
pub fn listen(listener: impl Fn(Change) + 'static) {
    LISTENERS.with_borrow_mut(|listeners| listeners.push(Rc::new(listener)));
}

/// Tells every listener.
pub fn notify(change: Change) {
    let listeners = LISTENERS.with_borrow(Clone::clone);
    listeners.iter().for_each(|listener| listener(change));
}

/// Loads a scenario from its JSON text and tells the listeners; keeps the old run where the text has problems.
///
/// # Errors
/// Every problem of the text.
pub fn load(text: &str) -> Result<(), Vec<Problem>> {
    let scenario = match Scenario::from_json(text) {
        Ok(scenario) => scenario,
        Err(problems) => {
            with(|session| session.refused = Some((text.into(), problems.clone())));
            notify(Change::Refused);
            return Err(problems);
        }
    };
    with(|session| {
        session.player = Some(Player::new(scenario));
        session.scenario_text = text.into();
    });
    notify(Change::Loaded);
    Ok(())
}

/// Carries out a command in the first millisecond not yet begun, makes it part of the scenario's text, and tells the
/// listeners; `None` while no scenario is loaded. At the scenario's end, the scenario becomes longer.
pub fn command(action: CommandAction) -> Option<Rc<Done>> {
    let done = with(|session| {
        prolong(session);
        let player = session.player.as_mut()?;
        let done = player.command(action);
        let command = player.sim().commands()[done.command].to_json();
        session.scenario_text = with_command(&session.scenario_text, command);
        Some(done)
    })?;
    notify(Change::Commanded);
    Some(done)
}

/// Runs a line of the AWS command line: as a command if it makes a call, else (help, wrong usage) by itself. `None`
/// while no scenario is loaded.
pub fn cli(line: &str) -> Option<cli::Outcome> {
    let region = with_player(|player| player.sim().scenario().region.clone())?;
    if let Some(outcome) = cli::without_call(line, &region, &SERVICES) {
        return Some(outcome);
    }
    let Some(line) = as_command(line) else {
        let stderr = format!("{}\n", MessageId::ConsoleUnkept.text(with(|session| session.lang)));
        return Some(cli::Outcome { stderr, exit_code: cli::EXIT_SHELL, ..cli::Outcome::default() });
    };
    command(CommandAction::Cli(line))?.outcome.clone()
}

/// Moves the scenario's end out where the playhead stands there, so that a link can replay what comes next.
fn prolong(session: &mut Session) {
    /// Milliseconds.
    const MORE: u64 = 300_000;
    let Some(player) = &session.player else { return };
    let (now, until, speed) = (player.now(), player.sim().scenario().until, player.speed());
    let document = serde_json::from_str::<Value>(&session.scenario_text);
    let Some(mut document) = document.ok().filter(|_| now >= until) else { return };
    document["until"] = json!(until.0.saturating_add(MORE).min(SimTime::MAX.0));
    let text = format!("{document:#}");
    if let Ok(scenario) = Scenario::from_json(&text) {
        let mut longer = Player::new(scenario);
        longer.seek(now);
        longer.set_speed(speed);
        session.player = Some(longer);
        session.scenario_text = text.into();
    }
}

/// The scenario's text with one more command.
fn with_command(text: &Rc<str>, command: Value) -> Rc<str> {
    let Ok(mut document) = serde_json::from_str::<Value>(text) else { return Rc::clone(text) };
    match document.get_mut("commands").and_then(Value::as_array_mut) {
        Some(commands) => commands.push(command),
        None => document["commands"] = json!([command]),
    }
    format!("{document:#}").into()
}
