//! The scenario menu: a native popover, which the browser opens, places on top and closes.

use std::rc::Rc;

use web_sys::{Event, FileReader, HtmlInputElement};
use yew::{Callback, TargetCast};

use super::browser;
use super::icon::Icon;
use super::mark::{Attr, Element, On, Page, button, classy, el};
use crate::view::panels::{Title, in_language};
use crate::view::shipped;
use crate::view::text::MessageId;
use crate::view::ui::{Action, Dialog};

/// Id of the menu.
const MENU: &str = "scenarios";

/// The button that names the scenario, and the menu it opens.
pub(super) fn scenario_menu(page: &Page, title: &Title, entries: &[shipped::Entry]) -> Element {
    let entry = |entry: &shipped::Entry| {
        let item = item(page, Action::LoadShipped(entry.id))
            .test_id(["scenario-", entry.id].concat())
            .attr(Attr::AriaCurrent, title.id == entry.id && !title.changed)
            .child(classy("span", "menu-name").child(in_language(&entry.name, page.lang).to_owned()))
            .child(classy("span", "menu-about").child(in_language(&entry.about, page.lang).to_owned()));
        el("li").child(item)
    };
    let paste = item(page, Action::Open(Dialog::Paste)).test_id("paste-json");
    let paste = named(page, paste, Icon::Paste, MessageId::PasteJson, MessageId::PasteJsonAbout);
    let items = el("ul").each(entries, entry).child(classy("li", "divided").child(open_file(page)));
    let name = page.say(MessageId::ScenarioMenu);
    let opener = el("button")
        .attr(Attr::Type, "button")
        .class("button scenario-button")
        .test_id("scenario-menu")
        .attr(Attr::Popovertarget, MENU)
        .ask(page, On::Click, Action::OpenMenu)
        .child(classy("span", "visually-hidden").child(name).child(": "))
        .child(classy("span", "scenario-name").child(&title.name))
        .child(classy("span", "scenario-about").child(&title.about))
        .child(Icon::Down);
    let menu = classy("div", "menu").attr(Attr::Id, MENU).attr(Attr::Popover, "auto");
    classy("div", "scenario").child(opener).child(menu.child(items.child(el("li").child(paste))))
}

/// An item that closes the menu.
fn item(page: &Page, action: Action) -> Element {
    button(page, "menu-item", action).attr(Attr::Popovertarget, MENU).attr(Attr::Popovertargetaction, "hide")
}

/// An item with its icon, its name and what it is about.
fn named(page: &Page, item: Element, icon: Icon, name: MessageId, about: MessageId) -> Element {
    item.child(classy("span", "menu-name").child(icon).child(page.say(name)))
        .child(classy("span", "menu-about").child(page.say(about)))
}

fn open_file(page: &Page) -> Element {
    let on = page.on.clone();
    let open = move |event: &Event| {
        let input: HtmlInputElement = event.target_unchecked_into();
        read_file(&input, on.clone());
        // So that the same file can be opened again after it was edited.
        input.set_value("");
    };
    let input = classy("input", "visually-hidden")
        .attr(Attr::Type, "file")
        .attr(Attr::Accept, ".json,application/json")
        .test_id("open-file")
        .on(On::Change, Box::new(open));
    let label = classy("label", "menu-item").child(input);
    named(page, label, Icon::File, MessageId::OpenFile, MessageId::OpenFileAbout)
}

/// Reads the chosen file and hands its text on.
fn read_file(input: &HtmlInputElement, on: Callback<Action>) {
    let file = input.files().and_then(|files| files.get(0));
    let (Some(file), Ok(reader)) = (file, FileReader::new()) else { return };
    let result = reader.clone();
    let read = move |_: &Event| {
        let text = result.result().ok().and_then(|text| text.as_string());
        let unreadable = Action::Notice(Some(MessageId::FileUnreadable));
        on.emit(text.map_or(unreadable, |text| Action::LoadText(Rc::from(text))));
    };
    browser::listen(&reader, "loadend", Box::new(read));
    // Fails only while it reads something else.
    let _ = reader.read_as_text(&file);
}
