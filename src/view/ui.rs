//! What the page shows besides the run itself: one small state, one kind of action, one pure [`UiState::apply`].

use std::rc::Rc;

use super::bookmark::{self, Bookmarks};
use super::console::{Control, Edit, Line, Report};
use super::cut;
use super::hover::Hover;
use super::knob::Knob;
use super::panels::inspect::Typed;
use super::panels::rail;
use super::panels::stream::Fields;
use super::picture::{self, Part, Span};
use super::player::{Direction, Player, Speed, StepUnit};
use super::scene::Object;
use super::text::MessageId;
pub use super::theme::Theme;
use super::zoom;
use crate::kinesis::HashKey;
use crate::lang::Lang;
use crate::units::SimTime;

/// The speeds offered, with the stem of their `data-testid`s.
pub const SPEEDS: [(Speed, &str); 7] = [
    (Speed::Times(0.05), "0.05"),
    (Speed::Times(0.5), "0.5"),
    (Speed::Times(1.0), "1"),
    (Speed::Times(2.0), "2"),
    (Speed::Times(5.0), "5"),
    (Speed::Times(20.0), "20"),
    (Speed::Max, "max"),
];

/// A tab of the right panel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// The time line, where there is no room for it beside the panel.
    Timeline,
    /// The article's invocations beside the simulation's.
    #[default]
    Table,
    /// The last events.
    Log,
    /// The selected object.
    Inspect,
    /// The AWS command line.
    Console,
    /// The stream and its shards.
    Stream,
}

impl Tab {
    /// All tabs, in order, with their `data-testid` and title; the first is for narrow pages only.
    pub const ALL: [(Self, &str, MessageId); 6] = [
        (Self::Timeline, "tab-timeline", MessageId::TabTimeline),
        (Self::Table, "tab-table", MessageId::TabTable),
        (Self::Log, "tab-log", MessageId::TabLog),
        (Self::Inspect, "tab-inspect", MessageId::TabInspect),
        (Self::Console, "tab-console", MessageId::TabConsole),
        (Self::Stream, "tab-stream", MessageId::TabStream),
    ];
}

/// Which events the log shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFilter {
    /// All.
    #[default]
    All,
    /// Records put or throttled.
    Puts,
    /// Polls.
    Polls,
    /// Invocations starting, ending, being retried.
    Invocations,
    /// Rows written.
    Rows,
    /// Calls of AWS's API.
    Calls,
    /// Checkpoints, streams, shards, mappings, environments.
    Others,
}

impl LogFilter {
    /// All filters, with the value of their option and their title.
    pub const ALL: [(Self, &str, MessageId); 7] = [
        (Self::All, "all", MessageId::LogAll),
        (Self::Puts, "puts", MessageId::LogPuts),
        (Self::Polls, "polls", MessageId::LogPolls),
        (Self::Invocations, "invocations", MessageId::LogInvocations),
        (Self::Rows, "rows", MessageId::LogRows),
        (Self::Calls, "calls", MessageId::LogCalls),
        (Self::Others, "others", MessageId::LogOthers),
    ];
}

/// A dialog over the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialog {
    /// Shortcuts, and how to read the picture.
    Help,
    /// Where the experiments come from; what this is.
    About,
    /// Paste a scenario.
    Paste,
    /// What is wrong with a scenario.
    Problems,
}

/// A mistake of a scenario, for both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// JSON path.
    pub path: String,
    /// What is wrong, in English.
    pub en: String,
    /// What is wrong, in Japanese.
    pub ja: String,
}

/// The page's state.
#[derive(Clone, Debug, PartialEq)]
pub struct UiState {
    /// The language.
    pub lang: Lang,
    /// Light or dark.
    pub theme: Theme,
    /// Whether single keys act.
    pub shortcuts: bool,
    /// The tab that shows.
    pub tab: Tab,
    /// What the log shows.
    pub filter: LogFilter,
    /// What the inspector looks at.
    pub selection: Option<Object>,
    /// The first of the shards that are drawn; `None` leaves it to the picture.
    pub shard_first: Option<u32>,
    /// How much time the time line shows.
    pub span: Span,
    /// Which parts of it.
    pub part: Part,
    /// Moments that are marked.
    pub bookmarks: Bookmarks,
    /// What is pointed at or focused.
    pub hover: Hover,
    /// Where a shard is about to be cut, while that is being chosen.
    pub cut: Option<HashKey>,
    /// The dialog that is open.
    pub dialog: Option<Dialog>,
    /// What [`Dialog::Problems`] lists.
    pub mistakes: Rc<[Mistake]>,
    /// The text that was refused, to go on with; empty if none was.
    pub draft: Rc<str>,
    /// Whether the settings show where there is no room for them beside the picture.
    pub rail_open: bool,
    /// What is open and typed in the settings.
    pub rail: rail::state::State,
    /// Only the picture and the transport.
    pub embed: bool,
    /// Whether the page is one narrow column.
    pub narrow: bool,
    /// A short notice beside the control that caused it.
    pub notice: Option<MessageId>,
    /// The console's line.
    pub line: Line,
    /// The last line that was run, and its answer.
    pub report: Option<Rc<Report>>,
    /// Commands of the run that the console no longer shows.
    pub cleared: usize,
    /// What was chosen and typed in the stream's panel.
    pub fields: Rc<Fields>,
    /// The answer that was typed for an invocation, to be judged.
    pub answer: Typed,
}

/// Everything that can be asked of the page.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Play or pause.
    TogglePlay,
    /// Pause.
    Pause,
    /// One step, and pause.
    Step(StepUnit, Direction),
    /// Move the playhead.
    SeekTo(SimTime),
    /// Move the playhead to the end.
    SeekToEnd,
    /// Set the speed.
    SetSpeed(Speed),
    /// Turn a setting by one step.
    Turn(Knob, Direction),
    /// Give a setting this value.
    Set(Knob, u64),
    /// Open, choose or type something in the settings.
    Rail(rail::state::Edit),
    /// Let the mapping's filter have the patterns that were typed.
    SetFilter,
    /// Load a shipped scenario.
    LoadShipped(&'static str),
    /// Open the scenario menu.
    OpenMenu,
    /// Load a scenario's text.
    LoadText(Rc<str>),
    /// Undo all changes of settings.
    Reset,
    /// Set the language.
    SetLanguage(Lang),
    /// Set light or dark.
    SetTheme(Theme),
    /// Turn single-key shortcuts on or off.
    SetShortcuts(bool),
    /// Show a tab.
    ShowTab(Tab),
    /// Show these events.
    FilterLog(LogFilter),
    /// Look at an object, or at none.
    Select(Option<Object>),
    /// Use a control of the picture.
    Control(picture::Control),
    /// Draw the shards before or after those that are drawn.
    Page(Direction),
    /// Show the whole run in the time line, or a part of it.
    ToggleSpan,
    /// Show another part of the run in the time line.
    Zoom(zoom::Step),
    /// Show these parts of the time line.
    ShowPart(Part),
    /// Mark a moment, or no longer; without one, that of the playhead.
    Bookmark(Option<SimTime>),
    /// Light what is pointed at or focused.
    Hover(Hover),
    /// Take up the tool that cuts a shard, move it, use it or put it away.
    Cut(cut::Step),
    /// Deploy the next version of the function that the mapping invokes.
    Deploy,
    /// Open a dialog, which pauses.
    Open(Dialog),
    /// Close the dialog.
    CloseDialog,
    /// Show or hide the settings.
    ShowRail(bool),
    /// Write the link to what is seen.
    Share,
    /// The page has become one narrow column, or wider.
    SetNarrow(bool),
    /// Say something beside the control.
    Notice(Option<MessageId>),
    /// A scenario's text was refused.
    Refused(Rc<str>, Rc<[Mistake]>),
    /// Another run is there.
    Loaded,
    /// Show the console, ready to type.
    OpenConsole,
    /// Show the stream, ready to type the number of shards.
    OpenCount,
    /// Do something to the console's line.
    Edit(Edit),
    /// Run a line of the AWS command line.
    Run(Control, Rc<str>),
    /// A line was run.
    Ran(Rc<Report>),
    /// Show no commands before this one, by its number among those carried out.
    ClearConsole(usize),
    /// Copy the whole answer of a command, by its number among those carried out.
    CopyAnswer(usize),
    /// Copy the description of the stream that is shown.
    CopyStream(u16),
    /// Copy the rows that a function with several versions wrote, as article A prints them.
    CopyLedger,
    /// Choose or type something in the stream's panel.
    Fill(Rc<Fields>),
    /// Judge this answer of an invocation's handler, or again the one that it gave.
    Answer(Typed),
    /// Copy the whole event of an invocation.
    CopyEvent(u32),
    /// Copy the document about what was given up, by its index.
    CopyDocument(u32),
    /// Read the records of a document again and invoke the function with them.
    Redrive(u32),
    /// Copy an object's JSON as AWS shows it, by its place among those that are shown.
    CopyShown(Object, usize),
}

impl Default for UiState {
    fn default() -> Self {
        Self {
            lang: Lang::En,
            theme: Theme::Auto,
            shortcuts: true,
            tab: Tab::Table,
            filter: LogFilter::All,
            selection: None,
            shard_first: None,
            span: Span::Near,
            part: Part::All,
            bookmarks: Bookmarks::default(),
            hover: Hover::default(),
            cut: None,
            dialog: None,
            mistakes: Rc::default(),
            draft: "".into(),
            rail_open: false,
            rail: rail::state::State::default(),
            embed: false,
            narrow: false,
            notice: None,
            line: Line::default(),
            report: None,
            cleared: 0,
            fields: Rc::default(),
            answer: None,
        }
    }
}

impl UiState {
    /// The state after an action; what the action does to the run is done elsewhere.
    #[must_use]
    pub fn apply(&self, action: &Action) -> Self {
        let mut next = self.clone();
        match action {
            Action::TogglePlay
            | Action::Pause
            | Action::SetSpeed(_)
            | Action::Turn(..)
            | Action::Set(..)
            | Action::SetFilter
            | Action::LoadShipped(_)
            | Action::OpenMenu
            | Action::LoadText(_)
            | Action::Reset
            | Action::Run(..)
            | Action::CopyAnswer(_)
            | Action::CopyStream(_)
            | Action::CopyLedger
            | Action::CopyEvent(_)
            | Action::CopyDocument(_)
            | Action::Redrive(_)
            | Action::CopyShown(..)
            | Action::Page(_)
            | Action::Zoom(_)
            | Action::Bookmark(None)
            | Action::Deploy
            | Action::Share => next.notice = None,
            // What was answered at another moment says nothing about this one.
            Action::Step(..) | Action::SeekTo(_) | Action::SeekToEnd => {
                next.notice = None;
                next.report = None;
            }
            Action::SetLanguage(lang) => next.lang = *lang,
            Action::SetTheme(theme) => next.theme = *theme,
            Action::SetShortcuts(on) => next.shortcuts = *on,
            Action::ShowTab(tab) => next.tab = *tab,
            Action::FilterLog(filter) => next.filter = *filter,
            Action::Select(selection) => next.select(*selection),
            Action::Control(picture::Control::Shards(first)) => next.shard_first = *first,
            Action::ToggleSpan => next.span = self.span.toggled(),
            Action::ShowPart(_) | Action::Bookmark(Some(_)) | Action::Hover(_) => next.point(action),
            Action::Control(picture::Control::Cut(step)) | Action::Cut(step) => {
                next.cut = cut::apply(self.cut, *step);
                // The scissors and what they did last share a place.
                next.report = None;
                next.rail_open = false;
            }
            Action::Open(dialog) => (next.dialog, next.cut) = (Some(*dialog), None),
            Action::CloseDialog => next.dialog = None,
            Action::SetNarrow(true) => (next.narrow, next.tab) = (true, Tab::Timeline),
            Action::SetNarrow(false) => (next.narrow, next.tab) = (false, Tab::Table),
            Action::ShowRail(open) => next.rail_open = *open,
            Action::Rail(edit) => next.rail.edit(edit),
            Action::Notice(notice) => next.notice = *notice,
            Action::Refused(text, mistakes) => {
                next.draft = Rc::clone(text);
                next.mistakes = Rc::clone(mistakes);
                next.dialog = Some(Dialog::Problems);
            }
            Action::Loaded => next.forget_run(),
            Action::OpenConsole => next.tab = Tab::Console,
            Action::OpenCount => (next.tab, next.rail_open) = (Tab::Stream, false),
            Action::Edit(edit) => next.line = self.line.edited(edit),
            Action::Ran(report) => next.ran(report),
            Action::ClearConsole(done) => next.clear_console(*done),
            Action::Fill(fields) => next.fields = Rc::clone(fields),
            Action::Answer(answer) => next.answer = answer.clone(),
        }
        next
    }
}

impl UiState {
    /// Looks at an object, and at the mapping that it is of.
    fn select(&mut self, selection: Option<Object>) {
        self.selection = selection;
        if selection.is_some() {
            self.tab = Tab::Inspect;
        }
        if let Some(mapping) = selection.and_then(Object::mapping) {
            self.rail.edit(&rail::state::Edit::Mapping(mapping));
        }
    }

    /// Takes up what is looked at, marked or pointed at.
    fn point(&mut self, action: &Action) {
        if let Action::ShowPart(part) = action {
            self.part = *part;
        } else if let Action::Bookmark(Some(t)) = action {
            self.bookmarks = bookmark::toggled(&self.bookmarks, *t);
        } else if let Action::Hover(hover) = action {
            self.hover = *hover;
        }
    }

    /// Forgets what belongs to the run before.
    fn forget_run(&mut self) {
        (self.selection, self.answer, self.hover) = (None, None, Hover::default());
        self.bookmarks = Bookmarks::default();
        (self.shard_first, self.span, self.cut) = (None, Span::Near, None);
        self.draft = "".into();
        self.dialog = None;
        (self.report, self.rail.patterns, self.rail.scope.mapping) = (None, None, 0);
        self.cleared = 0;
        self.fields = Rc::new(Fields { key: self.fields.key.clone(), ..Fields::default() });
    }

    fn clear_console(&mut self, done: usize) {
        self.cleared = done;
        self.report = None;
        self.line = self.line.edited(&Edit::Type("".into()));
    }

    fn ran(&mut self, report: &Rc<Report>) {
        let from_field = report.control == Control::Console;
        self.line = self.line.ran(&report.line, from_field);
        if report.at.is_some() {
            // Earlier in the run than what was cleared, it shows all the same.
            self.cleared = self.cleared.min(report.before);
        }
        if report.control == Control::Filter && !report.failed {
            self.rail.patterns = None;
        }
        if !from_field && !report.failed {
            let Fields { stream, shard, key, .. } = (*self.fields).clone();
            self.fields = Rc::new(Fields { stream, shard, key, ..Fields::default() });
        }
        self.report = Some(Rc::clone(report));
    }
}

impl Action {
    /// Does to the run what the action asks for; true if that was anything.
    pub fn drive(&self, player: &mut Player) -> bool {
        match *self {
            Self::TogglePlay if player.playing() => player.pause(),
            Self::TogglePlay => player.play(),
            // A cut is made at the moment that is seen.
            Self::Pause
            | Self::Open(_)
            | Self::Refused(..)
            | Self::Cut(cut::Step::Begin | cut::Step::Join) => player.pause(),
            Self::Step(unit, direction) => player.step(unit, direction),
            Self::SeekTo(t) => player.seek(t),
            Self::SeekToEnd => {
                player.pause();
                player.seek(player.end());
            }
            Self::SetSpeed(speed) => player.set_speed(speed),
            Self::Turn(..)
            | Self::Set(..)
            | Self::Rail(_)
            | Self::SetFilter
            | Self::LoadShipped(_)
            | Self::LoadText(_)
            | Self::Reset
            | Self::SetLanguage(_)
            | Self::SetTheme(_)
            | Self::SetShortcuts(_)
            | Self::ShowTab(_)
            | Self::FilterLog(_)
            | Self::Select(_)
            | Self::Control(_)
            | Self::Page(_)
            | Self::ToggleSpan
            | Self::Zoom(_)
            | Self::ShowPart(_)
            | Self::Bookmark(_)
            | Self::Hover(_)
            | Self::Cut(_)
            | Self::Deploy
            | Self::CloseDialog
            | Self::ShowRail(_)
            | Self::SetNarrow(_)
            | Self::Share
            | Self::OpenMenu
            | Self::Notice(_)
            | Self::Loaded
            | Self::OpenConsole
            | Self::OpenCount
            | Self::Edit(_)
            | Self::Run(..)
            | Self::Ran(_)
            | Self::ClearConsole(_)
            | Self::CopyAnswer(_)
            | Self::CopyStream(_)
            | Self::CopyLedger
            | Self::CopyEvent(_)
            | Self::CopyDocument(_)
            | Self::Redrive(_)
            | Self::CopyShown(..)
            | Self::Answer(_)
            | Self::Fill(_) => return false,
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::agenda::LaneRef;

    #[test]
    fn selecting_shows_the_inspector_and_loading_forgets_the_selection() {
        let ui = UiState::default().apply(&Action::Select(Some(Object::Record(3))));
        assert_eq!((ui.tab, ui.selection), (Tab::Inspect, Some(Object::Record(3))));
        let ui = ui.apply(&Action::Open(Dialog::Help)).apply(&Action::Loaded);
        assert_eq!((ui.tab, ui.selection, ui.dialog), (Tab::Inspect, None, None));
    }

    #[test]
    fn what_is_of_a_mapping_is_looked_at_with_its_mapping() {
        let lane = LaneRef { mapping: 2, shard: 0, lane: 0 };
        let ui = UiState::default().apply(&Action::Select(Some(Object::Lane(lane))));
        assert_eq!(ui.rail.scope.mapping, 2);
        let ui = ui.apply(&Action::Select(Some(Object::Record(1))));
        assert_eq!(ui.rail.scope.mapping, 2);
        assert_eq!(ui.apply(&Action::Loaded).rail.scope.mapping, 0);
    }

    #[test]
    fn a_report_belongs_to_its_moment_and_undoes_a_clear_behind_it() {
        let report = |control, before| Report {
            control,
            line: "aws x".into(),
            answer: "y".into(),
            failed: false,
            at: Some(SimTime(5)),
            before,
        };
        let fields = Rc::new(Fields { target: Some("3".into()), key: "k".into(), ..Fields::default() });
        let ui = UiState::default().apply(&Action::ClearConsole(4)).apply(&Action::Fill(fields));
        let typed = ui.apply(&Action::Edit(Edit::Type("aws".into())));
        let ran = typed.apply(&Action::Ran(report(Control::ShardCount, 2).into()));
        assert_eq!(
            (ran.cleared, &*ran.line.text, &ran.fields.target, &*ran.fields.key),
            (2, "aws", &None, "k")
        );
        let ran = typed.apply(&Action::Ran(report(Control::Console, 7).into()));
        assert_eq!((ran.cleared, &*ran.line.text, ran.fields.target.as_deref()), (4, "", Some("3")));
        assert!(ran.apply(&Action::TogglePlay).report.is_some());
        assert!(ran.apply(&Action::SeekTo(SimTime(0))).report.is_none());
        assert_eq!(ran.apply(&Action::Loaded).cleared, 0);
    }

    #[test]
    fn a_refused_scenario_opens_the_list_of_mistakes() {
        let mistake = Mistake { path: "$.id".into(), en: "missing".into(), ja: "なし".into() };
        let ui = UiState::default().apply(&Action::Refused("{}".into(), [mistake].into()));
        assert_eq!((ui.dialog, ui.mistakes.len()), (Some(Dialog::Problems), 1));
        assert_eq!(ui.apply(&Action::CloseDialog).dialog, None);
    }

    #[test]
    fn opening_a_dialog_pauses() {
        let text = super::super::shipped::FIRST.1;
        let mut player = Player::new(crate::scenario::Scenario::from_json(text).unwrap());
        assert!(Action::TogglePlay.drive(&mut player) && player.playing());
        assert!(Action::Open(Dialog::About).drive(&mut player) && !player.playing());
        assert!(!Action::ShowTab(Tab::Log).drive(&mut player));
    }
}
