//! Dialogs over the page: one native modal dialog with changing content.

use std::rc::Rc;

use web_sys::{Event, HtmlInputElement, HtmlTextAreaElement};
use yew::TargetCast;

use super::browser;
use super::icon::Icon;
use super::mark::{Attr, Element, On, Page, button, classy, el, fragment};
use crate::lang::Lang;
use crate::view::shortcut;
use crate::view::text::MessageId;
use crate::view::ui::{Action, Dialog, Mistake, UiState};

/// Id of the dialog.
pub(super) const DIALOG: &str = "dialog";
/// Id of the text field for a scenario.
const PASTE: &str = "paste";
/// Id of the dialog's title.
const TITLE: &str = "dialog-title";

/// The dialog; `text` is what the paste dialog starts with. `App::rendered` opens and closes it.
pub(super) fn dialogs(page: &Page, ui: &UiState, text: &str) -> Element {
    let (test_id, title) = match ui.dialog {
        Some(Dialog::About) => ("about-sheet", MessageId::AboutTitle),
        Some(Dialog::Paste) => ("paste-sheet", MessageId::PasteTitle),
        Some(Dialog::Problems) => ("problems", MessageId::ProblemsTitle),
        Some(Dialog::Help) | None => ("help-sheet", MessageId::HelpTitle),
    };
    let body = match ui.dialog {
        None => fragment(),
        Some(Dialog::Help) => help(page, ui.shortcuts),
        Some(Dialog::About) => about(page),
        Some(Dialog::Paste) => paste(page, text),
        Some(Dialog::Problems) => problems(page, &ui.mistakes),
    };
    let close = button(page, "button icon-only", Action::CloseDialog)
        .test_id("dialog-close")
        .attr(Attr::AriaLabel, page.say(MessageId::Close))
        .child(Icon::Close);
    let title = el("h2").attr(Attr::Id, TITLE).child(page.say(title));
    classy("dialog", "sheet")
        .attr(Attr::Id, DIALOG)
        .test_id(test_id)
        .attr(Attr::AriaLabelledby, TITLE)
        .ask(page, On::Close, Action::CloseDialog)
        .child(el("header").child(title).child(close))
        .child(body)
}

fn help(page: &Page, shortcuts: bool) -> Element {
    let on = page.on.clone();
    let turn = move |event: &Event| {
        on.emit(Action::SetShortcuts(event.target_unchecked_into::<HtmlInputElement>().checked()));
    };
    let line = |&(keys, what): &(&[&'static str], MessageId)| {
        let keys = el("dt").each(keys, |&key| el("kbd").child(key));
        classy("div", "shortcut").child(keys).child(el("dd").child(page.say(what)))
    };
    let check = el("input")
        .attr(Attr::Type, "checkbox")
        .test_id("shortcuts")
        .checked(shortcuts)
        .on(On::Change, Box::new(turn));
    let more = button(page, "link", Action::Open(Dialog::About)).child(page.say(MessageId::AboutMore));
    fragment()
        .child(el("p").child(page.say(MessageId::HelpReading)))
        .child(el("h3").child(page.say(MessageId::HelpShortcuts)))
        .child(classy("label", "check").child(check).child(page.say(MessageId::HelpShortcutsOn)))
        .child(classy("dl", "shortcuts").each(&shortcut::LIST, line))
        .child(classy("p", "hint").child(page.say(MessageId::Model)).child(" ").child(more))
}

fn about(page: &Page) -> Element {
    const ARTICLES: [(MessageId, &str); 4] = [
        (MessageId::ArticleA, "2020-11-04"),
        (MessageId::ArticleB, "2020-12-17"),
        (MessageId::ArticleC, "2020-01"),
        (MessageId::ArticleD, "2016-11-19"),
    ];
    let article = |&(name, date): &(MessageId, &'static str)| {
        let time = el("time").attr(Attr::Datetime, date).child(date);
        el("li").child(el("span").child(page.say(name))).child(time)
    };
    fragment()
        .child(el("p").child(page.say(MessageId::AboutModel)))
        .child(el("p").child(page.say(MessageId::AboutArticles)))
        .child(classy("ul", "articles").test_id("articles").each(&ARTICLES, article))
}

fn paste(page: &Page, text: &str) -> Element {
    let on = page.on.clone();
    let load = move |_: &Event| {
        if let Some(area) = browser::element::<HtmlTextAreaElement>(PASTE) {
            on.emit(Action::LoadText(Rc::from(area.value())));
        }
    };
    let area = el("textarea")
        .attr(Attr::Id, PASTE)
        .attr(Attr::Rows, "18")
        .attr(Attr::Spellcheck, "false")
        .test_id("paste-text")
        .property(Attr::DefaultValue, text);
    let label = classy("span", "visually-hidden").child(page.say(MessageId::PasteLabel));
    let load = classy("button", "button primary")
        .attr(Attr::Type, "button")
        .test_id("paste-load")
        .on(On::Click, Box::new(load))
        .child(page.say(MessageId::PasteLoad));
    fragment()
        .child(classy("p", "hint").child(page.say(MessageId::PasteHint)))
        .child(classy("label", "paste").child(label).child(area))
        .child(el("footer").child(load))
}

fn problems(page: &Page, mistakes: &[Mistake]) -> Element {
    let problem = |mistake: &Mistake| {
        let message = match page.lang {
            Lang::En => &mistake.en,
            Lang::Ja => &mistake.ja,
        };
        el("li").test_id("problem").child(el("code").child(&mistake.path)).child(el("span").child(message))
    };
    let intro = match mistakes.len() {
        1 => MessageId::ProblemsIntroOne.text(page.lang).to_owned(),
        count => page.fill(MessageId::ProblemsIntro, &[&count]),
    };
    let edit = button(page, "button primary", Action::Open(Dialog::Paste))
        .test_id("problems-edit")
        .child(page.say(MessageId::ProblemsEdit));
    fragment()
        .child(el("p").child(intro))
        .child(classy("ol", "problems").each(mistakes, problem))
        .child(el("footer").child(edit))
}
