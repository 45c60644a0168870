//! Dialogs over the page: one native modal dialog with changing content.

use std::rc::Rc;

use web_sys::{HtmlDialogElement, HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::browser;
use super::icon::Icon;
use crate::lang::Lang;
use crate::view::shortcut;
use crate::view::text::MessageId;
use crate::view::ui::{Action, Dialog, Mistake};

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) lang: Lang,
    pub(super) dialog: Option<Dialog>,
    pub(super) mistakes: Rc<[Mistake]>,
    pub(super) shortcuts: bool,
    /// The text that the paste dialog starts with.
    pub(super) text: Rc<str>,
    pub(super) on: Callback<Action>,
}

#[component]
pub(super) fn Dialogs(props: &Props) -> Html {
    let Props { lang, dialog, mistakes, shortcuts, text, on } = props;
    let lang = *lang;
    let node = use_node_ref();
    use_effect_with(*dialog, {
        let node = node.clone();
        move |dialog| {
            if let Some(element) = node.cast::<HtmlDialogElement>() {
                browser::show_dialog(&element, dialog.is_some());
            }
        }
    });
    let close = on.reform(|_: MouseEvent| Action::CloseDialog);
    let onclose = on.reform(|_: Event| Action::CloseDialog);
    let (test_id, title) = match dialog {
        Some(Dialog::About) => ("about-sheet", MessageId::AboutTitle),
        Some(Dialog::Paste) => ("paste-sheet", MessageId::PasteTitle),
        Some(Dialog::Problems) => ("problems", MessageId::ProblemsTitle),
        Some(Dialog::Help) | None => ("help-sheet", MessageId::HelpTitle),
    };
    let body = match dialog {
        None => Html::default(),
        Some(Dialog::Help) => html! { <Help {lang} shortcuts={*shortcuts} on={on.clone()} /> },
        Some(Dialog::About) => html! { <About {lang} /> },
        Some(Dialog::Paste) => html! { <Paste {lang} text={Rc::clone(text)} on={on.clone()} /> },
        Some(Dialog::Problems) => html! { <Problems {lang} mistakes={Rc::clone(mistakes)} on={on.clone()} /> },
    };
    html! {
        <dialog ref={node} class="sheet" data-testid={test_id} aria-labelledby="dialog-title" {onclose}>
            <header>
                <h2 id="dialog-title">{title.text(lang)}</h2>
                <button type="button" class="button icon-only" data-testid="dialog-close"
                    aria-label={MessageId::Close.text(lang)} onclick={close}>{Icon::Close.html()}</button>
            </header>
            {body}
        </dialog>
    }
}

#[derive(Properties, PartialEq)]
struct HelpProps {
    lang: Lang,
    shortcuts: bool,
    on: Callback<Action>,
}

#[component]
fn Help(props: &HelpProps) -> Html {
    let say = |id: MessageId| id.text(props.lang);
    let onchange = props.on.reform(|event: Event| {
        Action::SetShortcuts(event.target_unchecked_into::<HtmlInputElement>().checked())
    });
    let about = props.on.reform(|_: MouseEvent| Action::Open(Dialog::About));
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
                <input type="checkbox" data-testid="shortcuts" checked={props.shortcuts} {onchange} />
                {say(MessageId::HelpShortcutsOn)}
            </label>
            <dl class="shortcuts">{for shortcut::LIST.iter().map(line)}</dl>
            <p class="hint">{say(MessageId::Model)}{" "}
                <button type="button" class="link" onclick={about}>{say(MessageId::AboutMore)}</button></p>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct AboutProps {
    lang: Lang,
}

#[component]
fn About(props: &AboutProps) -> Html {
    const ARTICLES: [(MessageId, &str); 4] = [
        (MessageId::ArticleA, "2020-11-04"),
        (MessageId::ArticleB, "2020-12-17"),
        (MessageId::ArticleC, "2020-01"),
        (MessageId::ArticleD, "2016-11-19"),
    ];
    let say = |id: MessageId| id.text(props.lang);
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

#[derive(Properties, PartialEq)]
struct PasteProps {
    lang: Lang,
    text: Rc<str>,
    on: Callback<Action>,
}

#[component]
fn Paste(props: &PasteProps) -> Html {
    let area = use_node_ref();
    let load = {
        let (area, on) = (area.clone(), props.on.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(area) = area.cast::<HtmlTextAreaElement>() {
                on.emit(Action::LoadText(Rc::from(area.value())));
            }
        })
    };
    html! {
        <>
            <label class="paste">
                <span class="visually-hidden">{MessageId::PasteLabel.text(props.lang)}</span>
                <textarea ref={area} rows="18" spellcheck="false" data-testid="paste-text"
                    defaultvalue={props.text.to_string()} />
            </label>
            <footer>
                <button type="button" class="button primary" data-testid="paste-load" onclick={load}>
                    {MessageId::PasteLoad.text(props.lang)}
                </button>
            </footer>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct ProblemsProps {
    lang: Lang,
    mistakes: Rc<[Mistake]>,
    on: Callback<Action>,
}

#[component]
fn Problems(props: &ProblemsProps) -> Html {
    let problem = |mistake: &Mistake| {
        let message = match props.lang {
            Lang::En => &mistake.en,
            Lang::Ja => &mistake.ja,
        };
        html! { <li data-testid="problem"><code>{&mistake.path}</code><span>{message}</span></li> }
    };
    let edit = props.on.reform(|_: MouseEvent| Action::Open(Dialog::Paste));
    let count = props.mistakes.len();
    let intro = match count {
        1 => MessageId::ProblemsIntroOne.text(props.lang).to_owned(),
        _ => MessageId::ProblemsIntro.fill(props.lang, &[&count]),
    };
    html! {
        <>
            <p>{intro}</p>
            <ol class="problems">{for props.mistakes.iter().map(problem)}</ol>
            <footer>
                <button type="button" class="button primary" data-testid="problems-edit" onclick={edit}>
                    {MessageId::ProblemsEdit.text(props.lang)}
                </button>
            </footer>
        </>
    }
}
