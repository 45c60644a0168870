//! What actions do beyond the page's state: to the run, the browser, the address.

use std::rc::Rc;

use serde_json::Value;

use super::App;
use crate::exchange::link::Link;
use crate::kinesis::HashKey;
use crate::lang::Lang;
use crate::scenario::Problem;
use crate::view::checks::Checks;
use crate::view::console::{Control, Report, shown};
use crate::view::cut::{self, Step};
use crate::view::knob::Knob;
use crate::view::origin::Origin;
use crate::view::panels::{console, stream};
use crate::view::player::{Direction, Speed};
use crate::view::shipped;
use crate::view::text::MessageId;
use crate::view::ui::{Action, Mistake};
use crate::web::browser;
use crate::web::console::FIELD;
use crate::web::rail::RAIL_CLOSE;
use crate::web::session::{self, Change};
use crate::web::topbar::RAIL_OPEN;
use crate::web::transport::PLAY;

/// The page is one narrow column; as in `www/style.css`.
pub(super) const NARROW: &str = "(max-width: 699px)";

impl App {
    /// Does what an action asks for.
    pub(super) fn act(&mut self, action: &Action) {
        let cut = self.ui.cut;
        self.set_ui(action);
        if session::with_player(|player| action.drive(player)) == Some(true) {
            self.tell(Change::Moved);
        }
        match action {
            Action::Turn(knob, direction) => self.turn(*knob, *direction),
            Action::Reset => self.reset(),
            Action::LoadShipped(id) => {
                if let Some(text) = shipped::text_of(id) {
                    self.load(text);
                }
            }
            Action::LoadText(text) => self.load(text),
            Action::SetLanguage(lang) => {
                browser::remember_language(*lang);
                self.set_language(*lang);
            }
            Action::SetTheme(theme) => {
                browser::remember_theme(*theme);
                self.restyle();
            }
            Action::SetShortcuts(on) => browser::remember_shortcuts(*on),
            Action::Cut(Step::Begin) if cut.is_none() => self.begin_cut(),
            Action::Cut(Step::Confirm) => split(cut),
            Action::Share => self.share(),
            Action::ShowRail(open) => self.focus_next = Some(if *open { RAIL_CLOSE } else { RAIL_OPEN }),
            Action::OpenConsole => self.focus_next = Some(FIELD),
            Action::Run(control, line) => self.run(*control, line),
            Action::CopyAnswer(n) => {
                let command = session::with_player(|player| console::command(player.sim(), *n));
                if let Some((_, answer, _)) = command.flatten() {
                    self.copy(&answer);
                }
            }
            Action::CopyStream(stream) => {
                let text = session::with_player(|player| stream::description(player.sim(), *stream));
                self.copy(&text.unwrap_or_default());
            }
            Action::TogglePlay
            | Action::Pause
            | Action::Step(..)
            | Action::SeekTo(_)
            | Action::SeekToEnd
            | Action::SetSpeed(_)
            | Action::ShowTab(_)
            | Action::FilterLog(_)
            | Action::Select(_)
            | Action::Control(_)
            | Action::Cut(_)
            | Action::Open(_)
            | Action::CloseDialog
            | Action::SetNarrow(_)
            | Action::Notice(_)
            | Action::Refused(..)
            | Action::Loaded
            | Action::Edit(_)
            | Action::Ran(_)
            | Action::ClearConsole(_)
            | Action::Fill(_) => {}
        }
        self.invalidate();
    }

    /// Takes in that the run has changed, from here or through the exports.
    pub(super) fn changed(&mut self, change: Change) {
        match change {
            Change::Loaded => self.loaded(),
            Change::Refused => self.refused(),
            Change::Commanded => {
                let text = session::with(|session| Rc::clone(&session.scenario_text));
                let scenario = session::with_player(|player| {
                    self.origin.as_ref().map(|origin| origin.changed(&text, player.sim().scenario()))
                });
                self.origin = scenario.flatten();
                self.checks = Checks::default();
            }
            Change::Moved => {}
            Change::Language => {
                let lang = session::with(|session| session.lang);
                if lang != self.ui.lang {
                    self.set_ui(&Action::SetLanguage(lang));
                    self.restyle();
                }
            }
        }
        self.invalidate();
    }

    /// Loads what the address asks for, else the first shipped scenario.
    pub(super) fn start(&mut self) {
        let link = browser::link();
        let damaged = link.is_err();
        let link = link.unwrap_or_default();
        self.set_language(link.lang.unwrap_or(self.ui.lang));
        let wanted = link.scenario.as_deref().map(|text| shipped::text_of(text).unwrap_or(text));
        if let Some(text) = wanted {
            self.load(text);
        }
        if session::with_player(|_| ()).is_none() {
            self.load(shipped::SHIPPED[0].1);
        }
        session::with_player(|player| {
            if let Some(t) = link.t {
                player.seek(t);
            }
            if link.autoplay {
                player.play();
            }
        });
        self.set_embed(link.embed);
        if browser::matches(NARROW) {
            self.set_ui(&Action::SetNarrow(true));
        }
        if damaged {
            self.set_ui(&Action::Notice(Some(MessageId::LinkUnreadable)));
        }
    }

    fn set_ui(&mut self, action: &Action) {
        self.ui = Rc::new(self.ui.apply(action));
        self.shared.ui.replace(Rc::clone(&self.ui));
    }

    fn set_embed(&mut self, embed: bool) {
        Rc::make_mut(&mut self.ui).embed = embed;
        self.shared.ui.replace(Rc::clone(&self.ui));
    }

    fn set_language(&mut self, lang: Lang) {
        let before = session::with(|session| std::mem::replace(&mut session.lang, lang));
        self.set_ui(&Action::SetLanguage(lang));
        self.restyle();
        if before != lang {
            self.tell(Change::Language);
        }
    }

    fn restyle(&self) {
        browser::set_root(self.ui.lang, self.ui.theme, MessageId::Title.text(self.ui.lang));
        if let Some(screen) = self.shared.screen.borrow_mut().as_mut() {
            screen.restyle();
        }
    }

    fn invalidate(&self) {
        self.shared.stale.set(true);
        if let Some(screen) = self.shared.screen.borrow_mut().as_mut() {
            screen.invalidate();
        }
    }

    /// Tells the other listeners of a change that was made here.
    fn tell(&self, change: Change) {
        self.shared.own.set(true);
        session::notify(change);
        self.shared.own.set(false);
    }

    /// Puts the tool that cuts to where a cut makes sense; away, where there is nothing to cut.
    fn begin_cut(&mut self) {
        let selected = self.ui.selection;
        let first = session::with_player(|player| cut::first(player, selected)).flatten();
        self.set_ui(&Action::Cut(first.map_or(Step::Leave, Step::To)));
    }

    /// Loads a scenario, paused, at the speed that is set.
    fn load(&mut self, text: &str) {
        let speed = speed();
        // What is refused comes back as a change, as it does where a program loads it.
        if session::load(text).is_ok() {
            session::with_player(|player| player.set_speed(speed));
        }
    }

    /// Lists what is wrong with a text.
    fn refused(&mut self) {
        self.turning = false;
        if let Some((text, problems)) = session::with(|session| session.refused.take()) {
            let mistakes = problems.iter().map(mistake).collect();
            self.act(&Action::Refused(text, mistakes));
        }
    }

    /// The new run is there.
    fn loaded(&mut self) {
        let text = session::with(|session| Rc::clone(&session.scenario_text));
        let turning = std::mem::take(&mut self.turning);
        let before = self.origin.take().filter(|_| turning);
        self.origin = session::with_player(|player| match &before {
            Some(origin) => origin.changed(&text, player.sim().scenario()),
            None => Origin::new(&text, player.sim().scenario()),
        });
        self.checks = Checks::default();
        self.set_ui(&Action::Loaded);
    }

    /// Changes a setting: the run is built anew from its start, and plays on if it did.
    fn turn(&mut self, knob: Knob, direction: Direction) {
        let text = session::with(|session| Rc::clone(&session.scenario_text));
        let turned = session::with_player(|player| {
            let scenario = player.sim().scenario();
            let value = knob.neighbor(knob.value(scenario)?, direction)?;
            knob.set(&text, scenario, value)
        });
        if let Some(text) = turned.flatten() {
            self.rebuild(&text);
        }
    }

    fn reset(&mut self) {
        if let Some(base) = self.origin.as_ref().map(|origin| Rc::clone(&origin.base)) {
            self.rebuild(&base);
            // The button that was pressed goes away.
            self.focus_next = Some(PLAY);
        }
    }

    fn rebuild(&mut self, text: &str) {
        let playing = session::with_player(|player| player.playing()).unwrap_or(false);
        self.turning = true;
        self.load(text);
        if playing {
            session::with_player(|player| player.play());
        }
    }

    /// Runs a line of the AWS command line, or empties the console.
    fn run(&mut self, control: Control, line: &str) {
        let line = line.trim();
        let done = || session::with_player(|player| player.sim().done().len()).unwrap_or(0);
        let before = done();
        if line == "clear" {
            return self.set_ui(&Action::ClearConsole(before));
        }
        let outcome = if line.is_empty() { None } else { session::cli(line) };
        let Some(outcome) = outcome else { return };
        let at = session::with_player(|player| player.now()).filter(|_| done() > before);
        let (answer, failed) = (shown(&outcome).into(), outcome.exit_code != 0);
        let report = Report { control, line: line.into(), answer, failed, at, before };
        self.set_ui(&Action::Ran(Rc::new(report)));
        self.answered = true;
    }

    fn copy(&self, text: &str) {
        let on = self.on.clone();
        browser::copy(text, move |copied| {
            let notice = if copied { MessageId::Copied } else { MessageId::NotCopied };
            on.emit(Action::Notice(Some(notice)));
        });
    }

    /// Puts the link to what is seen into the address and the clipboard.
    fn share(&self) {
        let text = session::with(|session| Rc::clone(&session.scenario_text));
        let shipped = shipped::SHIPPED.iter().find(|&&(_, shipped)| shipped == &*text);
        let scenario = shipped.map_or_else(|| compact(&text), |&(id, _)| id.to_owned());
        let t = session::with_player(|player| player.now());
        let link = Link { scenario: Some(scenario), t, lang: Some(self.ui.lang), ..Link::default() };
        let Some(address) = browser::set_link(&link) else { return };
        let on = self.on.clone();
        browser::copy(&address, move |copied| {
            let notice = if copied { MessageId::LinkCopied } else { MessageId::LinkInAddress };
            on.emit(Action::Notice(Some(notice)));
        });
    }
}

/// Splits the shard at a hash key, by the command that one would type.
fn split(at: Option<HashKey>) {
    let line = session::with_player(|player| {
        let stream = player.sim().stream();
        cut::target(stream, at?).map(|target| cut::command(stream, target))
    });
    // The answer is in the log of calls, and the picture shows what follows.
    line.flatten().map(|line| session::cli(&line));
}

fn speed() -> Speed {
    session::with_player(|player| player.speed()).unwrap_or(Speed::Times(1.0))
}

/// The scenario without white space.
fn compact(text: &str) -> String {
    serde_json::from_str::<Value>(text).map_or_else(|_| text.to_owned(), |document| document.to_string())
}

fn mistake(problem: &Problem) -> Mistake {
    // The message begins with the path, which is shown on its own.
    let message = |lang| {
        let text = problem.message(lang);
        let rest = text.strip_prefix(problem.path.as_str()).and_then(|rest| rest.strip_prefix(": "));
        rest.map_or_else(|| text.clone(), str::to_owned)
    };
    Mistake { path: problem.path.clone(), en: message(Lang::En), ja: message(Lang::Ja) }
}
