//! The one run of this page (or module): shared by the page and by the exports of [`super::bridge`].

use std::cell::RefCell;
use std::rc::Rc;

use crate::lang::Lang;
use crate::scenario::{Problem, Scenario};
use crate::view::player::Player;

/// What can be told to a listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Another scenario, or the same with other settings: everything is new.
    Loaded,
    /// A scenario's text was refused; the run stays what it was. See [`Session::refused`].
    Refused,
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
