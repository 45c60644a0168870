//! What actions do beyond the page's state: to the run, the browser, the address.

use std::rc::Rc;

use super::App;
use crate::exchange::copied::description;
use crate::exchange::link::{Link, Shown};
use crate::exchange::pasted;
use crate::kinesis::HashKey;
use crate::kinesis::import::ImportProblem;
use crate::lang::Lang;
use crate::scenario::{CommandAction, Problem, Scenario};
use crate::sim::Simulation;
use crate::view::address;
use crate::view::bookmark::Bookmarks;
use crate::view::checks::Checks;
use crate::view::console::{Control, Report, meant, shown};
use crate::view::cut::{self, Step};
use crate::view::deploy;
use crate::view::knob::{self, Knob, Scope, Turned};
use crate::view::origin::Origin;
use crate::view::panels::inspect::{event, shown as aws, tray};
use crate::view::panels::{console, ledger, rail};
use crate::view::picture;
use crate::view::player::{Direction, Speed};
use crate::view::shipped;
use crate::view::text::MessageId;
use crate::view::ui::{Action, Mistake, Tab, UiState};
use crate::view::zoom;
use crate::web::browser;
use crate::web::console::FIELD;
use crate::web::print;
use crate::web::rail::RAIL_CLOSE;
use crate::web::scissors::CUT;
use crate::web::session::{self, Change};
use crate::web::stream::COUNT;
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
            Action::Turn(knob, direction) => self.turn(*knob, |value| knob.neighbor(value, *direction)),
            Action::Set(knob, value) => self.turn(*knob, |_| Some(*value)),
            Action::SetFilter => self.set_filter(),
            Action::Reset => self.reset(),
            Action::LoadShipped(id) => {
                if let Some(text) = shipped::text_of(id) {
                    self.load(text);
                }
            }
            Action::OpenMenu => self.entries = shipped::entries().into(),
            Action::LoadText(text) => self.load_text(text),
            Action::SetLanguage(lang) => {
                browser::remember_language(*lang);
                self.set_language(*lang);
            }
            Action::SetTheme(theme) => {
                browser::remember_theme(*theme);
                self.restyle();
            }
            Action::SetShortcuts(on) => browser::remember_shortcuts(*on),
            Action::Page(direction) => self.page(*direction),
            Action::Zoom(step) => self.zoom(*step),
            Action::Bookmark(None) => self.bookmark(),
            Action::Cut(step) => self.cut(*step, cut),
            Action::Deploy => self.deploy(),
            Action::OpenCount => self.focus_next = Some(COUNT),
            Action::Share => self.share(),
            Action::ShowRail(open) => self.focus_next = Some(if *open { RAIL_CLOSE } else { RAIL_OPEN }),
            Action::OpenConsole => self.focus_next = Some(FIELD),
            Action::Run(control, line) => self.run(*control, line),
            // What comes of it stands beside the document, and in the log.
            Action::Redrive(document) => {
                drop(session::command(CommandAction::Redrive { document: *document }))
            }
            Action::CopyAnswer(_) | Action::CopyStream(_) | Action::CopyLedger => self.copy_of(action),
            Action::CopyDocument(_) | Action::CopyEvent(_) | Action::CopyShown(..) => self.copy_of(action),
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
            | Action::ToggleSpan
            | Action::ShowPart(_)
            | Action::Bookmark(Some(_))
            | Action::Hover(_)
            | Action::Open(_)
            | Action::CloseDialog
            | Action::SetNarrow(_)
            | Action::Notice(_)
            | Action::Refused(..)
            | Action::Loaded
            | Action::Edit(_)
            | Action::Ran(_)
            | Action::ClearConsole(_)
            | Action::Answer(_)
            | Action::Rail(_)
            | Action::Fill(_) => {}
        }
        self.invalidate();
    }

    fn deploy(&mut self) {
        let mapping = self.scope().mapping;
        let next = session::with_player(|player| deploy::state(player.sim(), mapping)?.next.ok());
        if let Some(next) = next.flatten() {
            self.run(Control::Deploy, &next.line);
        }
    }

    /// Copies what an action asks to copy.
    fn copy_of(&mut self, action: &Action) {
        let mapping = self.ui.rail.scope.mapping;
        let text = session::with_player(|player| copied(player.sim(), mapping, action));
        if let Some(text) = text.flatten() {
            self.copy(&text);
        }
    }

    /// Marks the moment of the playhead, or no longer.
    fn bookmark(&mut self) {
        let now = session::with_player(|player| player.now());
        self.set_ui(&Action::Bookmark(now));
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
        let mut damaged = link.is_err();
        let link = link.unwrap_or_default();
        self.set_language(link.lang.unwrap_or(self.ui.lang));
        let (text, base) = match &link.scenario {
            None => (None, None),
            Some(Shown::Whole(text)) => (Some(shipped::text_of(text).unwrap_or(text).to_owned()), None),
            Some(Shown::Changed(change)) => {
                let base = shipped::text_of(&change.of);
                let text = base.and_then(|base| change.applied_to(base));
                damaged |= text.is_none();
                (text, base)
            }
        };
        if let Some(text) = text {
            self.load(&text);
        }
        let (t, autoplay, embed) = (link.t, link.autoplay, link.embed);
        self.arriving = session::with_player(|_| (link, base));
        if session::with_player(|_| ()).is_none() {
            self.load(shipped::FIRST.1);
        }
        session::with_player(|player| {
            if let Some(t) = t {
                player.seek(t);
            }
            if autoplay {
                player.play();
            }
        });
        self.set_embed(embed);
        if browser::matches(NARROW) {
            self.set_ui(&Action::SetNarrow(true));
        }
        if damaged {
            self.set_ui(&Action::Notice(Some(MessageId::LinkUnreadable)));
        }
    }

    pub(super) fn set_ui(&mut self, action: &Action) {
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

    /// Puts the scissors to where they make sense, or away where they make none, or uses them; they were at `before`.
    fn cut(&mut self, step: Step, before: Option<HashKey>) {
        let (selected, now) = (self.ui.selection, self.ui.cut);
        let place = session::with_player(|player| match step {
            Step::Begin => before.or_else(|| cut::first(player, selected)),
            Step::Join => cut::next_border(player, before, selected),
            Step::By(_) => Some(cut::stopped(player.sim().stream(), before?, now?)),
            Step::To(_) | Step::Leave | Step::Confirm => now,
        });
        let place = place.flatten();
        self.ui = Rc::new(UiState { cut: place, ..(*self.ui).clone() });
        self.shared.ui.replace(Rc::clone(&self.ui));
        match step {
            Step::Begin | Step::Join if place.is_some() => self.focus_next = Some(CUT),
            Step::Confirm => {
                self.focus_next = Some(PLAY);
                let line = session::with_player(|player| {
                    let stream = player.sim().stream();
                    cut::target(stream, before?).map(|target| cut::command(stream, target))
                });
                if let Some(line) = line.flatten() {
                    self.run(Control::Scissors, &line);
                }
            }
            Step::Leave if before.is_some() => self.focus_next = Some(PLAY),
            Step::Begin | Step::Join | Step::To(_) | Step::By(_) | Step::Leave => {}
        }
    }

    /// Shows another part of the run in the time line.
    fn zoom(&mut self, step: zoom::Step) {
        let span = session::with_player(|player| zoom::apply(player, self.ui.span, step));
        let span = span.unwrap_or(self.ui.span);
        self.ui = Rc::new(UiState { span, ..(*self.ui).clone() });
        self.shared.ui.replace(Rc::clone(&self.ui));
    }

    /// Draws the shards before or after those that are drawn.
    fn page(&mut self, direction: Direction) {
        let screen = self.shared.screen.borrow();
        let pages = session::with_player(|player| screen.as_ref().map(|screen| screen.pages(player)));
        drop(screen);
        let [back, forward] = pages.flatten().unwrap_or_default();
        let first = match direction {
            Direction::Back => back,
            Direction::Forward => forward,
        };
        if first.is_some() {
            self.set_ui(&Action::Control(picture::Control::Shards(first)));
        }
    }

    /// Loads a scenario, paused, at the speed that is set.
    fn load(&mut self, text: &str) {
        let speed = speed();
        // What is refused comes back as a change, as it does where a program loads it.
        if session::load(text).is_ok() {
            session::with_player(|player| player.set_speed(speed));
        }
    }

    /// Loads a scenario, or gives the one that plays the stream that the text tells of.
    fn load_text(&mut self, text: &Rc<str>) {
        let scenario = session::with(|session| Rc::clone(&session.scenario_text));
        let pasted =
            session::with_player(|player| pasted::with_stream(text, &scenario, player.sim().scenario()));
        match pasted.flatten() {
            None => self.load(text),
            Some(Ok(scenario)) => self.rebuild(&scenario),
            Some(Err(problems)) => {
                let mistakes = problems.iter().map(stream_mistake).collect();
                self.act(&Action::Refused(Rc::clone(text), mistakes));
            }
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
        let (link, base) = self.arriving.take().unwrap_or_default();
        // What comes as a change is one, which is named and can be undone.
        let shipped = base.and_then(|base| Some(Origin::new(&base.into(), &Scenario::from_json(base).ok()?)));
        let before = shipped.or_else(|| self.origin.take().filter(|_| turning));
        self.origin = session::with_player(|player| match &before {
            Some(origin) => origin.changed(&text, player.sim().scenario()),
            None => Origin::new(&text, player.sim().scenario()),
        });
        self.checks = Checks::default();
        let bookmarks = if turning { self.ui.bookmarks.clone() } else { Bookmarks::default() };
        let mapping = if turning { self.ui.rail.scope.mapping } else { 0 };
        self.set_ui(&Action::Loaded);
        let mut ui = UiState { bookmarks, ..(*self.ui).clone() };
        ui.rail.scope.mapping = mapping;
        // Where nothing is invoked there is no table of invocations to see.
        let invoked = session::with_player(|player| !player.sim().mappings().is_empty());
        if ui.tab == Tab::Table && invoked == Some(false) && !turning {
            ui.tab = Tab::Stream;
        }
        // A link that says nothing changes nothing.
        self.ui = Rc::new(if link == Link::default() { ui } else { address::looking(&ui, &link) });
        self.shared.ui.replace(Rc::clone(&self.ui));
    }

    /// The mapping that is looked at, and from when on settings count.
    fn scope(&self) -> Scope {
        let scope = self.ui.rail.scope;
        let mapping = session::with_player(|player| rail::looked_at(player.sim(), scope.mapping));
        Scope { mapping: mapping.unwrap_or_default(), ..scope }
    }

    /// Changes a setting: by a call at the playhead; or the run is built anew from its start, and plays on if it did.
    fn turn(&mut self, knob: Knob, to: impl FnOnce(u64) -> Option<u64>) {
        let scope = self.scope();
        let turned = session::with_player(|player| {
            let sim = player.sim();
            knob.turned(sim, scope, to(knob.shown(sim, scope)?)?)
        });
        match turned.flatten() {
            Some(Turned::Run(line)) => self.run(Control::Knob(knob), &line),
            Some(Turned::Rebuild(value)) => {
                self.edit(|text, scenario| knob.set(text, scenario, scope.mapping, value));
            }
            None => {}
        }
    }

    /// Lets the mapping's filter have the patterns that were typed, from when settings count.
    fn set_filter(&mut self) {
        let state = &self.ui.rail;
        let Some(patterns) = state.patterns.clone() else { return };
        let patterns: Vec<&str> = patterns.iter().map(|text| &**text).collect();
        let scope = self.scope();
        let line = session::with_player(|player| knob::filter_line(player.sim(), scope, &patterns));
        match line.flatten() {
            Some(line) => self.run(Control::Filter, &line),
            None => self.edit(|text, scenario| knob::with_filters(text, scenario, scope.mapping, &patterns)),
        }
    }

    /// Edits the scenario's text and builds the run anew.
    fn edit(&mut self, edit: impl FnOnce(&str, &Scenario) -> Option<String>) {
        let text = session::with(|session| Rc::clone(&session.scenario_text));
        let edited = session::with_player(|player| edit(&text, player.sim().scenario()));
        if let Some(text) = edited.flatten() {
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
        let outcome = if line.is_empty() { None } else { session::cli(meant(line)) };
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
        let address = print::link(&self.ui).and_then(|link| browser::set_link(&link));
        let Some(address) = address else { return };
        let on = self.on.clone();
        browser::copy(&address, move |copied| {
            let notice = if copied { MessageId::LinkCopied } else { MessageId::LinkInAddress };
            on.emit(Action::Notice(Some(notice)));
        });
    }
}

/// The text that an action asks to copy.
fn copied(sim: &Simulation, mapping: u16, action: &Action) -> Option<String> {
    if let Action::CopyAnswer(n) = action {
        console::command(sim, *n).map(|(_, answer, _)| answer)
    } else if let Action::CopyStream(stream) = action {
        Some(description(sim, *stream))
    } else if let Action::CopyLedger = action {
        ledger::printed(sim, rail::looked_at(sim, mapping))
    } else if let Action::CopyDocument(idx) = action {
        tray::document(sim, *idx)
    } else if let Action::CopyEvent(invocation) = action {
        Some(event::whole(sim, *invocation))
    } else if let Action::CopyShown(object, place) = action {
        aws::whole(sim, *object).into_iter().nth(*place).map(|shown| shown.text)
    } else {
        None
    }
}

fn speed() -> Speed {
    session::with_player(|player| player.speed()).unwrap_or(Speed::Times(1.0))
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

fn stream_mistake(ImportProblem { path, fault }: &ImportProblem) -> Mistake {
    Mistake { path: path.clone(), en: fault.to_string(), ja: fault.ja() }
}
