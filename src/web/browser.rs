//! What the page asks of the browser: address, storage, preferences, clipboard, the root element.
//!
//! A browser may refuse any of it (private windows, sandboxed frames): then the page does without.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{CustomEvent, Document, Event, EventTarget, HtmlDialogElement, HtmlElement, Window};

use crate::exchange::link::{Link, LinkError};
use crate::lang::Lang;
use crate::view::ui::Theme;

const LANGUAGE: &str = "shardlab.language";
const THEME: &str = "shardlab.theme";
const SHORTCUTS: &str = "shardlab.shortcuts";

/// The window.
pub(super) fn window() -> Option<Window> {
    web_sys::window()
}

/// The document.
pub(super) fn document() -> Option<Document> {
    window()?.document()
}

/// An element by its id.
pub(super) fn element<T: JsCast>(id: &str) -> Option<T> {
    document()?.get_element_by_id(id)?.dyn_into().ok()
}

/// Listens to an event, for the life of its target.
pub(super) fn listen(target: &EventTarget, event: &str, react: Box<dyn Fn(&Event)>) {
    let react = Closure::wrap(react).into_js_value();
    // Fails only for what is no function.
    let _ = target.add_event_listener_with_callback(event, react.unchecked_ref());
}

fn stored(key: &str) -> Option<String> {
    window()?.local_storage().ok()??.get_item(key).ok()?
}

fn store(key: &str, value: &str) {
    if let Some(Ok(Some(storage))) = window().map(|window| window.local_storage()) {
        // A full or refused storage only means that the choice is not remembered.
        let _ = storage.set_item(key, value);
    }
}

/// The language: the one chosen before, else the browser's.
pub(super) fn language() -> Lang {
    let browser = || window().and_then(|window| window.navigator().language());
    stored(LANGUAGE).or_else(browser).and_then(|code| Lang::of_code(&code)).unwrap_or_default()
}

/// The theme chosen before.
pub(super) fn theme() -> Theme {
    stored(THEME).and_then(|code| Theme::of_code(&code)).unwrap_or_default()
}

/// Whether single-key shortcuts are on.
pub(super) fn shortcuts() -> bool {
    stored(SHORTCUTS).as_deref() != Some("off")
}

/// Remembers the language.
pub(super) fn remember_language(lang: Lang) {
    store(LANGUAGE, lang.code());
}

/// Remembers the theme.
pub(super) fn remember_theme(theme: Theme) {
    store(THEME, theme.code());
}

/// Remembers whether single-key shortcuts are on.
pub(super) fn remember_shortcuts(on: bool) {
    store(SHORTCUTS, if on { "on" } else { "off" });
}

/// What the address says.
pub(super) fn link() -> Result<Link, LinkError> {
    let hash = window().and_then(|window| window.location().hash().ok());
    Link::read(&hash.unwrap_or_default())
}

/// Puts a link into the address, without a new entry in the history; gives the whole address.
pub(super) fn set_link(link: &Link) -> Option<String> {
    let window = window()?;
    let fragment = format!("#{}", link.write());
    let state = wasm_bindgen::JsValue::NULL;
    window.history().ok()?.replace_state_with_url(&state, "", Some(&fragment)).ok()?;
    window.location().href().ok()
}

/// The page's address with this link.
pub(super) fn address_of(link: &Link) -> Option<String> {
    let location = window()?.location();
    let address = location.href().ok()?;
    let page = address.split('#').next()?;
    Some(format!("{page}#{}", link.write()))
}

/// Copies a text; calls `then` with whether that worked.
pub(super) fn copy(text: &str, then: impl FnOnce(bool) + 'static) {
    let Some(window) = window().filter(Window::is_secure_context) else { return then(false) };
    let copied = window.navigator().clipboard().write_text(text);
    js_sys::futures::spawn_local(async move {
        then(js_sys::futures::JsFuture::from(copied).await.is_ok());
    });
}

/// Sets the root element's language and theme, and the window's title.
pub(super) fn set_root(lang: Lang, theme: Theme, title: &str) {
    let Some(document) = document() else { return };
    document.set_title(title);
    let Some(root) = document.document_element() else { return };
    // Setting a plain attribute of the root cannot fail in a way the page could mend.
    let _ = root.set_attribute("lang", lang.code());
    let _ = match theme {
        Theme::Auto => root.remove_attribute("data-theme"),
        Theme::Light | Theme::Dark => root.set_attribute("data-theme", theme.code()),
    };
}

/// Whether a media query matches.
pub(super) fn matches(query: &str) -> bool {
    let list = window().and_then(|window| window.match_media(query).ok().flatten());
    list.is_some_and(|list| list.matches())
}

/// Whether the user asks for less motion.
pub(super) fn prefers_reduced_motion() -> bool {
    matches("(prefers-reduced-motion: reduce)")
}

/// Says on `window` that the page is mounted and its scenario is loaded.
pub(super) fn announce_ready() {
    if let (Some(window), Ok(event)) = (window(), CustomEvent::new("shardlab:ready")) {
        let _ = window.dispatch_event(&event);
    }
}

/// Shows a dialog as modal, or closes it. A menu that it is opened from is closed before, so that the focus comes back to
/// the menu's button.
pub(super) fn show_dialog(dialog: &HtmlDialogElement, open: bool) {
    if open && !dialog.open() {
        let focused = document().and_then(|document| document.active_element());
        let menu = focused.and_then(|element| element.closest("[popover]").ok().flatten());
        if let Some(menu) = menu.and_then(|menu| menu.dyn_into::<HtmlElement>().ok()) {
            // Fails only for a menu that is closed already.
            let _ = menu.hide_popover();
        }
        // Fails only for a dialog that is not in the document.
        let _ = dialog.show_modal();
    } else if !open && dialog.open() {
        dialog.close();
    }
}

/// Gives an element the focus.
pub(super) fn focus(id: &str) {
    if let Some(element) = element::<HtmlElement>(id) {
        let _ = element.focus();
    }
}

/// Shows the end of what scrolls in an element that is laid out from its bottom.
pub(super) fn show_bottom(id: &str) {
    if let Some(element) = element::<HtmlElement>(id) {
        element.set_scroll_top(0);
    }
}
