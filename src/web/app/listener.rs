//! The browser's events: frames, keys, visibility, size, preferences, address.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement, KeyboardEvent, VisibilityState};
use yew::{Callback, Context};

use super::effect::NARROW;
use super::{App, Message, Shared, gesture};
use crate::units::SimTime;
use crate::view::address;
use crate::view::hover::Hover;
use crate::view::shortcut::{self, Focus};
use crate::view::ui::Action;
use crate::web::screen::Look;
use crate::web::session::{self, Change};
use crate::web::{browser, frame, print};

/// Milliseconds between two refreshes of the panels, at least.
const PANELS_MS: f64 = 100.0;
/// What the colors of the picture depend on.
const LOOKS: [&str; 5] = [
    "(prefers-color-scheme: dark)",
    "(prefers-reduced-motion: reduce)",
    "(forced-colors: active)",
    "(prefers-contrast: more)",
    "print",
];

impl App {
    /// Listens to the browser and to the run, for the life of the page.
    pub(super) fn listen(&mut self, ctx: &Context<Self>) {
        let link = ctx.link().clone();
        let shared = Rc::clone(&self.shared);
        session::listen(move |change| {
            // What was done here is shown already; but a new run is taken in the same way wherever it comes from.
            if matches!(change, Change::Loaded | Change::Refused) || !shared.own.get() {
                link.send_message(Message::Changed(change));
            }
        });
        run_frames(Rc::clone(&self.shared), ctx.link().callback(Message::Refresh));
        let (Some(window), Some(document)) = (browser::window(), browser::document()) else { return };
        let (shared, on) = (Rc::clone(&self.shared), self.on.clone());
        let keys = move |event: &Event| {
            if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
                key_down(event, &shared, &on);
            }
        };
        browser::listen(&document, "keydown", Box::new(keys));
        let (hidden, on) = (document.clone(), self.on.clone());
        let visibility = move |_: &Event| {
            if hidden.visibility_state() == VisibilityState::Hidden {
                on.emit(Action::Pause);
            }
        };
        browser::listen(&document, "visibilitychange", Box::new(visibility));
        for event in ["mouseover", "focusin"] {
            let (shared, on) = (Rc::clone(&self.shared), self.on.clone());
            browser::listen(&document, event, Box::new(move |event| light(event, &shared, &on)));
        }
        gesture::listen(&self.shared, &self.on);
        let shared = Rc::clone(&self.shared);
        browser::listen(&window, "resize", Box::new(move |_| shared.invalidate()));
        let shared = Rc::clone(&self.shared);
        browser::listen(&window, "beforeprint", Box::new(move |_| print::fill_footer(&shared.ui.borrow())));
        if let Ok(Some(list)) = window.match_media(NARROW) {
            let (on, query) = (self.on.clone(), list.clone());
            browser::listen(&list, "change", Box::new(move |_| on.emit(Action::SetNarrow(query.matches()))));
        }
        for query in LOOKS {
            let Ok(Some(list)) = window.match_media(query) else { continue };
            let shared = Rc::clone(&self.shared);
            browser::listen(&list, "change", Box::new(move |_| shared.restyle()));
        }
    }
}

impl Shared {
    fn invalidate(&self) {
        if let Some(screen) = self.screen.borrow_mut().as_mut() {
            screen.invalidate();
        }
    }

    /// Draws with other colors, and at once: on paper there is no next frame.
    fn restyle(&self) {
        let look = Look::of(&self.ui.borrow());
        if let Some(screen) = self.screen.borrow_mut().as_mut() {
            screen.restyle();
            session::with_player(|player| screen.draw(player, look, true, false));
        }
    }
}

/// Moves the run and draws it in every frame; asks for a refresh of the panels now and then.
fn run_frames(shared: Rc<Shared>, refresh: Callback<f64>) {
    let refreshed = Cell::new(f64::NEG_INFINITY);
    let tick = move |elapsed, stamp| {
        let look = Look::of(&shared.ui.borrow());
        let due = stamp - refreshed.get() >= PANELS_MS;
        let moved = session::with_player(|player| {
            let known = player.ahead().log().count();
            let moved = player.advance(elapsed);
            let learned = player.ahead().log().count() != known;
            if let Some(screen) = shared.screen.borrow_mut().as_mut() {
                screen.draw(player, look, moved || learned, due);
            }
            (moved, learned)
        });
        let (moved, learned) = moved.unwrap_or_default();
        if moved {
            shared.own.set(true);
            session::notify(Change::Moved);
            shared.own.set(false);
        }
        if moved || learned {
            shared.stale.set(true);
        }
        if shared.stale.get() && due {
            refreshed.set(stamp);
            shared.stale.set(false);
            refresh.emit(stamp);
        }
    };
    frame::run(Box::new(tick));
}

/// Lights what the element under the mouse, or with the focus, stands for.
fn light(event: &Event, shared: &Shared, on: &Callback<Action>) {
    let Some(element) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
    // A canvas knows better what is under the mouse.
    if element.tag_name() == "CANVAS" {
        return;
    }
    let found = element.closest("[data-object],[data-at]").ok().flatten();
    let value = |name: &str| found.as_ref().and_then(|found| found.get_attribute(name));
    let object = value("data-object").as_deref().and_then(address::object);
    let at = value("data-at").and_then(|at| at.parse().ok()).map(SimTime);
    shared.light(Hover { object, at }, on);
}

fn key_down(event: &KeyboardEvent, shared: &Shared, on: &Callback<Action>) {
    if event.default_prevented() || event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let ui = Rc::clone(&shared.ui.borrow());
    let key = event.key();
    if key == "Escape" && ui.rail_open && ui.dialog.is_none() {
        on.emit(Action::ShowRail(false));
        return;
    }
    let focus = event
        .target()
        .and_then(|target| target.dyn_into().ok())
        .map_or(Focus::Page, |element| focus_of(&element));
    if let Some(action) = shortcut::action(&key, event.shift_key(), focus, &ui) {
        event.prevent_default();
        on.emit(action);
    }
}

fn focus_of(element: &Element) -> Focus {
    if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
        return match input.type_().as_str() {
            "range" => Focus::Scrub,
            "radio" => Focus::Choice,
            "checkbox" | "file" => Focus::Button,
            _ => Focus::Text,
        };
    }
    match element.tag_name().as_str() {
        "TEXTAREA" | "SELECT" => Focus::Text,
        "BUTTON" if element.get_attribute("role").as_deref() == Some("tab") => Focus::Choice,
        "BUTTON" if element.closest("[role=toolbar]").is_ok_and(|toolbar| toolbar.is_some()) => Focus::Choice,
        "BUTTON" | "A" | "SUMMARY" => Focus::Button,
        _ => Focus::Page,
    }
}
