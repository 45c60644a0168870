//! The scenario menu: a native popover, which the browser opens, places on top and closes.

use std::rc::Rc;

use gloo_events::EventListener;
use web_sys::{FileReader, HtmlInputElement};
use yew::prelude::*;

use super::icon::Icon;
use super::mark::act;
use crate::lang::Lang;
use crate::view::panels::{Title, in_language};
use crate::view::shipped;
use crate::view::text::MessageId;
use crate::view::ui::{Action, Dialog};

/// The button that names the scenario, and the menu it opens.
pub(super) fn scenario_menu(
    lang: Lang,
    title: &Title,
    entries: &[shipped::Entry],
    on: &Callback<Action>,
) -> Html {
    let entry = |entry: &shipped::Entry| {
        let id = entry.id;
        let current = title.id == id && !title.changed;
        let onclick = act(on, Action::LoadShipped(id));
        html! {
            <li><button type="button" class="menu-item" data-testid={format!("scenario-{id}")}
                aria-current={current.to_string()} popovertarget="scenarios" popovertargetaction="hide" {onclick}>
                <span class="menu-name">{in_language(&entry.name, lang)}</span>
                <span class="menu-about">{in_language(&entry.about, lang)}</span>
            </button></li>
        }
    };
    html! {
        <div class="scenario">
            <button type="button" class="button scenario-button" data-testid="scenario-menu" popovertarget="scenarios">
                <span class="visually-hidden">{MessageId::ScenarioMenu.text(lang)}{": "}</span>
                <span class="scenario-name">{&title.name}</span>
                <span class="scenario-about">{&title.about}</span>
                {Icon::Down.html()}
            </button>
            <div id="scenarios" class="menu" popover="auto">
                <ul>
                    {for entries.iter().map(entry)}
                    <li class="divided">{open_file(lang, on)}</li>
                    <li>{paste(lang, on)}</li>
                </ul>
            </div>
        </div>
    }
}

fn paste(lang: Lang, on: &Callback<Action>) -> Html {
    let onclick = act(on, Action::Open(Dialog::Paste));
    html! {
        <button type="button" class="menu-item" data-testid="paste-json" popovertarget="scenarios"
            popovertargetaction="hide" {onclick}>
            <span class="menu-name">{Icon::Paste.html()}{MessageId::PasteJson.text(lang)}</span>
            <span class="menu-about">{MessageId::PasteJsonAbout.text(lang)}</span>
        </button>
    }
}

fn open_file(lang: Lang, on: &Callback<Action>) -> Html {
    let on = on.clone();
    let onchange = Callback::from(move |event: Event| {
        let input: HtmlInputElement = event.target_unchecked_into();
        read_file(&input, on.clone());
        // So that the same file can be opened again after it was edited.
        input.set_value("");
    });
    html! {
        <label class="menu-item">
            <input type="file" class="visually-hidden" accept=".json,application/json" data-testid="open-file" {onchange} />
            <span class="menu-name">{Icon::File.html()}{MessageId::OpenFile.text(lang)}</span>
            <span class="menu-about">{MessageId::OpenFileAbout.text(lang)}</span>
        </label>
    }
}

/// Reads the chosen file and hands its text on.
fn read_file(input: &HtmlInputElement, on: Callback<Action>) {
    let unreadable = Action::Notice(Some(MessageId::FileUnreadable));
    let file = input.files().and_then(|files| files.get(0));
    let (Some(file), Ok(reader)) = (file, FileReader::new()) else { return };
    let result = reader.clone();
    let then = on.clone();
    EventListener::once(&reader, "loadend", move |_| {
        let text = result.result().ok().and_then(|text| text.as_string());
        then.emit(text.map_or(unreadable, |text| Action::LoadText(Rc::from(text))));
    })
    .forget();
    if reader.read_as_text(&file).is_err() {
        on.emit(Action::Notice(Some(MessageId::FileUnreadable)));
    }
}
