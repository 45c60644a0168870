//! The root: holds the page's state, does what actions ask for, and wires the browser's events to them.

mod effect;
mod gesture;
mod listener;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement, MouseEvent};
use yew::{AttrValue, Callback, Component, Context, Html, TargetCast};

use self::gesture::Gesture;
use super::browser;
use super::console::TRANSCRIPT;
use super::dialogs::{DIALOG, dialogs};
use super::mark::{Attr, Element, On, Page, classy, el};
use super::part::Versioned;
use super::print::FOOTER;
use super::rail::rail;
use super::scissors::scissors;
use super::screen::{CANVASES, Screen};
use super::session::{self, Change};
use super::status::status;
use super::tabs::tabs;
use super::time_tools::time_tools;
use super::topbar::top_bar;
use super::transport::{PLAY, transport};
use super::twin::{charts_table, twin_table};
use crate::exchange::link::Link;
use crate::kinesis::HashKey;
use crate::view::checks::Checks;
use crate::view::cut::Step;
use crate::view::hover::{Hover, Lit};
use crate::view::origin::Origin;
use crate::view::panels::{self, Panels};
use crate::view::picture::Control;
use crate::view::scene::Object;
use crate::view::shipped;
use crate::view::text::MessageId;
use crate::view::ui::{Action, Dialog, Tab, UiState};

/// Milliseconds between two rebuilds of what is long, the picture in words and lists, while it plays, at least.
const LONG_MS: f64 = 500.0;
/// Milliseconds between two announcements while it plays, at least.
const ANNOUNCEMENT_MS: f64 = 2000.0;

/// Parts that are kept until they show something else.
const PARTS: usize = 8;
const RAIL: usize = 0;
const TABS: usize = 1;
const TRANSPORT: usize = 2;
const STATUS: usize = 3;
const TWIN: usize = 4;
const TOP: usize = 5;
const TOOLS: usize = 6;
const DIALOGS: usize = 7;

/// Which parts show something else.
fn changed_parts(before: &Panels, now: &Panels) -> [bool; PARTS] {
    let tabs = changed(&before.table, &now.table)
        || changed_some(before.ledger.as_ref(), now.ledger.as_ref())
        || changed_some(before.matrix.as_ref(), now.matrix.as_ref())
        || changed(&before.log, &now.log)
        || changed(&before.inspect, &now.inspect)
        || changed(&before.others, &now.others)
        || changed(&before.console, &now.console)
        || changed(&before.stream, &now.stream)
        || changed(&before.twin, &now.twin);
    [
        changed(&before.rail, &now.rail),
        tabs,
        before.transport != now.transport,
        changed(&before.status, &now.status),
        changed(&before.twin, &now.twin) || changed(&before.charts, &now.charts),
        before.title != now.title,
        before.transport.bookmarked != now.transport.bookmarked,
        // Nothing of the run is in them.
        false,
    ]
}

/// Whether something else is shown. What was not built anew is not compared.
fn changed<T: PartialEq + ?Sized>(before: &Rc<T>, now: &Rc<T>) -> bool {
    !Rc::ptr_eq(before, now) && before != now
}

fn changed_some<T: PartialEq>(before: Option<&Rc<T>>, now: Option<&Rc<T>>) -> bool {
    match (before, now) {
        (Some(before), Some(now)) => changed(before, now),
        (None, None) => false,
        (Some(_), None) | (None, Some(_)) => true,
    }
}

/// What the root is told.
pub(super) enum Message {
    /// Something is asked of the page.
    Act(Action),
    /// The run has changed in this way.
    Changed(Change),
    /// The panels are due, at this many milliseconds since the page's start.
    Refresh(f64),
}

/// The root component.
pub(super) struct App {
    ui: Rc<UiState>,
    panels: Rc<Panels>,
    origin: Option<Origin>,
    checks: Checks,
    /// What the address asks for, until its scenario is taken in; and the text that the scenario is a change of.
    arriving: Option<(Link, Option<&'static str>)>,
    /// Whether the run that is being loaded is the old one with another setting.
    turning: bool,
    /// Which change of the panels each part shows.
    versions: [u32; PARTS],
    /// Milliseconds since the page's start: now, when what is long was last rebuilt, at the last announcement.
    now: f64,
    long_at: f64,
    announced_at: f64,
    announced: AttrValue,
    /// Of the scenario menu, from the first time that it is opened on.
    entries: Rc<[shipped::Entry]>,
    shared: Rc<Shared>,
    on: Callback<Action>,
    /// What gets the focus once the page has been rendered.
    focus_next: Option<&'static str>,
    /// Whether the console shows its latest answer once the page has been rendered.
    answered: bool,
}

/// What the frame loop and the listeners see.
struct Shared {
    ui: RefCell<Rc<UiState>>,
    screen: RefCell<Option<Screen>>,
    /// Whether the panels show something old.
    stale: Cell<bool>,
    /// Whether a change of the run that is being told comes from here.
    own: Cell<bool>,
    /// What is done to the time line by mouse or fingers.
    gesture: Gesture,
}

impl Shared {
    /// The object under the mouse on a canvas.
    fn object_at(&self, id: &str, event: &Event) -> Option<Object> {
        let event = event.dyn_ref::<MouseEvent>()?;
        let screen = self.screen.borrow();
        screen.as_ref()?.object_at(id, event.offset_x().into(), event.offset_y().into())
    }

    /// What a click on a canvas asks for.
    fn clicked(&self, id: &str, event: &Event) -> Action {
        match self.control_at(id, event) {
            Some(Control::Cut(step)) => return Action::Cut(step),
            Some(control) => return Action::Control(control),
            None => {}
        }
        if self.ui.borrow().cut.is_some() {
            let cut = self.cut_at(id, event).is_some();
            return Action::Cut(if cut { Step::Confirm } else { Step::Leave });
        }
        Action::Select(self.object_at(id, event))
    }

    /// Lights something, unless it is lit.
    fn light(&self, hover: Hover, on: &Callback<Action>) {
        let lit = self.ui.borrow().hover;
        if hover != lit {
            on.emit(Action::Hover(hover));
        }
    }

    fn control_at(&self, id: &str, event: &Event) -> Option<Control> {
        let event = event.dyn_ref::<MouseEvent>()?;
        let screen = self.screen.borrow();
        screen.as_ref()?.control_at(id, event.offset_x().into(), event.offset_y().into())
    }

    /// Where the bar would be cut under the mouse.
    fn cut_at(&self, id: &str, event: &Event) -> Option<HashKey> {
        let event = event.dyn_ref::<MouseEvent>()?;
        let screen = self.screen.borrow();
        let (x, y) = (event.offset_x().into(), event.offset_y().into());
        session::with_player(|player| screen.as_ref()?.cut_at(id, player, x, y)).flatten()
    }
}

impl Component for App {
    type Message = Message;
    type Properties = ();

    fn create(ctx: &Context<Self>) -> Self {
        let ui = UiState {
            lang: browser::language(),
            theme: browser::theme(),
            shortcuts: browser::shortcuts(),
            ..UiState::default()
        };
        let ui = Rc::new(ui);
        let shared = Shared {
            ui: RefCell::new(Rc::clone(&ui)),
            screen: RefCell::new(None),
            stale: Cell::new(true),
            own: Cell::new(false),
            gesture: Gesture::default(),
        };
        Self {
            ui,
            panels: Rc::default(),
            origin: None,
            checks: Checks::default(),
            arriving: None,
            turning: false,
            now: 0.0,
            versions: [0; PARTS],
            long_at: f64::NEG_INFINITY,
            announced_at: 0.0,
            announced: AttrValue::default(),
            entries: Rc::default(),
            shared: Rc::new(shared),
            on: ctx.link().callback(Message::Act),
            focus_next: None,
            answered: false,
        }
    }

    fn update(&mut self, _: &Context<Self>, message: Message) -> bool {
        match message {
            // Lights what is there: nothing in the panels changes.
            Message::Act(action @ Action::Hover(_)) => {
                self.set_ui(&action);
                self.show_all();
                return true;
            }
            Message::Refresh(now) => {
                self.now = now;
                let before = Rc::clone(&self.panels);
                self.refresh();
                let changed = changed_parts(&before, &self.panels);
                // What is lit may be another thing now.
                let lit = self.ui.hover.object.is_some();
                for (version, changed) in self.versions.iter_mut().zip(changed) {
                    *version += u32::from(changed || lit);
                }
                return true;
            }
            Message::Act(action) => self.act(&action),
            Message::Changed(change) => self.changed(change),
        }
        self.long_at = f64::NEG_INFINITY;
        self.refresh();
        self.show_all();
        true
    }

    fn view(&self, _: &Context<Self>) -> Html {
        let Self { ui, panels, .. } = self;
        let lit = ui.hover.object.and_then(|object| session::with_player(|player| Lit::of(player, object)));
        let page = &Rc::new(Page { lang: ui.lang, on: self.on.clone(), lit: lit.flatten() });
        let embed = if ui.embed { " embed" } else { "" };
        let timeline = if ui.tab == Tab::Timeline { " show-timeline" } else { "" };
        // Before there is a run, panels have other heights: unseen, so that nothing on the page jumps.
        let loading = if self.origin.is_none() { " loading" } else { "" };
        let caption = classy("p", "visually-hidden")
            .attr(Attr::AriaLive, "polite")
            .test_id("caption")
            .child(self.announced.clone());
        let center = classy("main", "center")
            .attr(Attr::AriaLabel, page.say(MessageId::StageLabel))
            .child(caption)
            .each(CANVASES, |id| self.canvas(page, id))
            .child(scissors(page, ui, panels.scissors.as_ref()))
            .child(self.part(page, TWIN, |page, _, panels| {
                classy("div", "twin-holder")
                    .child(twin_table(page, &panels.twin))
                    .child(charts_table(page, &panels.charts))
            }));
        let (entries, text) = (Rc::clone(&self.entries), self.editable_text());
        let scrim = || classy("div", "scrim").ask(page, On::Click, Action::ShowRail(false));
        el("div")
            .class(["app", embed, timeline, loading].concat())
            .child(self.part(page, TOP, move |page, ui, panels| top_bar(page, ui, &panels.title, &entries)))
            .child(self.part(page, RAIL, |page, ui, panels| rail(page, ui, &panels.rail)))
            .child(ui.rail_open.then(scrim))
            .child(center)
            .child(self.part(page, TABS, tabs))
            .child(self.part(page, TRANSPORT, |page, _, panels| transport(page, &panels.transport)))
            .child(self.part(page, STATUS, |page, _, panels| status(page, &panels.status)))
            .child(self.part(page, DIALOGS, move |page, ui, _| dialogs(page, ui, &text)))
            .child(el("p").attr(Attr::Id, FOOTER))
            .into()
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        if let Some(dialog) = browser::element(DIALOG) {
            browser::show_dialog(&dialog, self.ui.dialog.is_some());
        }
        if let Some(id) = self.focus_next.take() {
            browser::focus(id);
        }
        if std::mem::take(&mut self.answered) {
            browser::show_bottom(TRANSCRIPT);
        }
        if !first {
            return;
        }
        let mut screen = Screen::attach();
        screen.restyle();
        *self.shared.screen.borrow_mut() = Some(screen);
        self.listen(ctx);
        self.start();
        browser::focus(PLAY);
        browser::announce_ready();
    }
}

impl App {
    /// A canvas; what stands in it is in the twin table for those who cannot see it.
    fn canvas(&self, page: &Rc<Page>, id: &'static str) -> Element {
        let (shared, on) = (Rc::clone(&self.shared), self.on.clone());
        let select = move |event: &Event| {
            // What ends a gesture is no click.
            if !shared.gesture.is_over() {
                on.emit(shared.clicked(id, event));
            }
        };
        let (shared, on) = (Rc::clone(&self.shared), self.on.clone());
        let point = move |event: &Event| {
            let cutting = shared.ui.borrow().cut.is_some();
            if let Some(hash_key) = shared.cut_at(id, event).filter(|_| cutting) {
                on.emit(Action::Cut(Step::To(hash_key)));
            }
            let object = shared.object_at(id, event);
            if !cutting && !shared.gesture.is_on() {
                shared.light(Hover { object, at: None }, &on);
            }
            let cursor = match (cutting, shared.control_at(id, event).is_some() || object.is_some()) {
                (true, _) => "crosshair",
                _ if id == CANVASES[1] && shared.is_handle(event) => "ew-resize",
                (false, true) => "pointer",
                (false, false) => "default",
            };
            if let Some(canvas) = event.target_dyn_into::<HtmlElement>() {
                // A cursor that cannot be set is no loss.
                let _ = canvas.style().set_property("cursor", cursor);
            }
        };
        let canvas = el("canvas")
            .attr(Attr::Id, id)
            .hidden()
            .on(On::Click, Box::new(select))
            .on(On::Mousemove, Box::new(point));
        let part = if id == CANVASES[1] { self.ui.part.code() } else { "" };
        let tools =
            |page: &Page, ui: &UiState, panels: &Panels| time_tools(page, ui, panels.transport.bookmarked);
        let tools = (id == CANVASES[1]).then(|| self.part(page, TOOLS, tools));
        el("div").class([id, "-box ", part].concat()).child(canvas).child(tools)
    }

    /// A part of the page that is kept until it shows something else.
    fn part(
        &self,
        page: &Rc<Page>,
        part: usize,
        render: impl Fn(&Page, &UiState, &Panels) -> Element + 'static,
    ) -> Versioned {
        let (page, ui, panels) = (Rc::clone(page), Rc::clone(&self.ui), Rc::clone(&self.panels));
        Versioned(self.versions[part], Rc::new(move || render(&page, &ui, &panels)))
    }

    /// Renders all parts again.
    fn show_all(&mut self) {
        self.versions.iter_mut().for_each(|version| *version += 1);
    }

    /// The text that the paste dialog starts with: the one that was refused, else the one that plays.
    fn editable_text(&self) -> Rc<str> {
        if self.ui.dialog != Some(Dialog::Paste) {
            Rc::from("")
        } else if self.ui.draft.is_empty() {
            session::with(|session| Rc::clone(&session.scenario_text))
        } else {
            Rc::clone(&self.ui.draft)
        }
    }

    /// Rebuilds the panels, if there is a run to show.
    fn refresh(&mut self) {
        let Self { ui, panels, origin: Some(origin), checks, now, .. } = self else { return };
        let (now, before) = (*now, Rc::clone(panels));
        let built = session::with_player(|player| {
            let playing = player.playing() && before.transport.playing;
            let long = !playing || now - self.long_at >= LONG_MS;
            (panels::build(player, ui, origin, checks, (&before, long)), long)
        });
        let Some((built, long)) = built else { return };
        if long {
            self.long_at = now;
        }
        let playing = built.transport.playing;
        if !playing || now - self.announced_at >= ANNOUNCEMENT_MS {
            self.announced_at = now;
            self.announced = built.twin.caption.clone().into();
        }
        self.panels = Rc::new(built);
    }
}
