//! Dialogs over the page: one native modal dialog with changing content.

use std::rc::Rc;

use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::browser;
use super::icon::Icon;
use super::mark::act;
use crate::lang::Lang;
use crate::view::shortcut;
use crate::view::text::MessageId;
use crate::view::ui::{Action, Dialog, Mistake, UiState};

/// Id of the dialog.
pub(super) const DIALOG: &str = "dialog";
/// Id of the text field for a scenario.
const PASTE: &str = "paste";

/// The dialog; `text` is what the paste dialog starts with. `App::rendered` opens and closes it.
pub(super) fn dialogs(ui: &UiState, text: &str, on: &Callback<Action>) -> Html {
    let (lang, dialog) = (ui.lang, ui.dialog);
    let close = act(on, Action::CloseDialog);
    let onclose = on.reform(|_: Event| Action::CloseDialog);
    let (test_id, title) = match dialog {
        Some(Dialog::About) => ("about-sheet", MessageId::AboutTitle),
        Some(Dialog::Paste) => ("paste-sheet", MessageId::PasteTitle),
        Some(Dialog::Problems) => ("problems", MessageId::ProblemsTitle),
        Some(Dialog::Help) | None => ("help-sheet", MessageId::HelpTitle),
    };
    let body = match dialog {
        None => Html::default(),
        Some(Dialog::Help) => help(lang, ui.shortcuts, on),
        Some(Dialog::About) => about(lang),
        Some(Dialog::Paste) => paste(lang, text, on),
        Some(Dialog::Problems) => problems(lang, &ui.mistakes, on),
    };
    html! {
        <dialog id={DIALOG} class="sheet" data-testid={test_id} aria-labelledby="dialog-title" {onclose}>
            <header>
                <h2 id="dialog-title">{title.text(lang)}</h2>
                <button type="button" class="button icon-only" data-testid="dialog-close"
                    aria-label={MessageId::Close.text(lang)} onclick={close}>{Icon::Close.html()}</button>
            </header>
            {body}
        </dialog>
    }
}

fn help(lang: Lang, shortcuts: bool, on: &Callback<Action>) -> Html {
    let say = |id: MessageId| id.text(lang);
    let onchange = on.reform(|event: Event| {
        Action::SetShortcuts(event.target_unchecked_into::<HtmlInputElement>().checked())
    });
    let about = act(on, Action::Open(Dialog::About));
    let line = |(keys, what): &(&[&'static str], MessageId)| {
        html! {
            <div class="shortcut">
                <dt>{for keys.iter().map(|key| html! { <kbd>{*key}</kbd> })}</dt>
                <dd>{say(*what)}</dd>
            </div>
        }
    };
    html! {
        <>
            <p>{say(MessageId::HelpReading)}</p>
            <h3>{say(MessageId::HelpShortcuts)}</h3>
            <label class="check">
                <input type="checkbox" data-testid="shortcuts" checked={shortcuts} {onchange} />
                {say(MessageId::HelpShortcutsOn)}
            </label>
            <dl class="shortcuts">{for shortcut::LIST.iter().map(line)}</dl>
            <p class="hint">{say(MessageId::Model)}{" "}
                <button type="button" class="link" onclick={about}>{say(MessageId::AboutMore)}</button></p>
        </>
    }
}

fn about(lang: Lang) -> Html {
    const ARTICLES: [(MessageId, &str); 4] = [
        (MessageId::ArticleA, "2020-11-04"),
        (MessageId::ArticleB, "2020-12-17"),
        (MessageId::ArticleC, "2020-01"),
        (MessageId::ArticleD, "2016-11-19"),
    ];
    let say = |id: MessageId| id.text(lang);
    let article = |&(name, date): &(MessageId, &'static str)| {
        html! { <li><span>{say(name)}</span><time datetime={date}>{date}</time></li> }
    };
    html! {
        <>
            <p>{say(MessageId::AboutModel)}</p>
            <p>{say(MessageId::AboutArticles)}</p>
            <ul class="articles" data-testid="articles">{for ARTICLES.iter().map(article)}</ul>
        </>
    }
}

fn paste(lang: Lang, text: &str, on: &Callback<Action>) -> Html {
    let load = {
        let on = on.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(area) = browser::element::<HtmlTextAreaElement>(PASTE) {
                on.emit(Action::LoadText(Rc::from(area.value())));
            }
        })
    };
    html! {
        <>
            <label class="paste">
                <span class="visually-hidden">{MessageId::PasteLabel.text(lang)}</span>
                <textarea id={PASTE} rows="18" spellcheck="false" data-testid="paste-text"
                    defaultvalue={text.to_string()} />
            </label>
            <footer>
                <button type="button" class="button primary" data-testid="paste-load" onclick={load}>
                    {MessageId::PasteLoad.text(lang)}
                </button>
            </footer>
        </>
    }
}

fn problems(lang: Lang, mistakes: &[Mistake], on: &Callback<Action>) -> Html {
    let problem = |mistake: &Mistake| {
        let message = match lang {
            Lang::En => &mistake.en,
            Lang::Ja => &mistake.ja,
        };
        html! { <li data-testid="problem"><code>{&mistake.path}</code><span>{message}</span></li> }
    };
    let edit = act(on, Action::Open(Dialog::Paste));
    let count = mistakes.len();
    let intro = match count {
        1 => MessageId::ProblemsIntroOne.text(lang).to_owned(),
        _ => MessageId::ProblemsIntro.fill(lang, &[&count]),
    };
    html! {
        <>
            <p>{intro}</p>
            <ol class="problems">{for mistakes.iter().map(problem)}</ol>
            <footer>
                <button type="button" class="button primary" data-testid="problems-edit" onclick={edit}>
                    {MessageId::ProblemsEdit.text(lang)}
                </button>
            </footer>
        </>
    }
}
