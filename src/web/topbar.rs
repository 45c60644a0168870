//! The top bar: scenario, language, theme, share, help.

use yew::prelude::*;

use super::icon::{Icon, logo};
use super::menu::ScenarioMenu;
use crate::lang::Lang;
use crate::view::panels::Title;
use crate::view::text::MessageId;
use crate::view::ui::{Action, Dialog, Theme};

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) lang: Lang,
    pub(super) theme: Theme,
    pub(super) title: Title,
    pub(super) rail_open: bool,
    pub(super) notice: Option<MessageId>,
    pub(super) on: Callback<Action>,
}

#[component]
pub(super) fn TopBar(props: &Props) -> Html {
    let Props { lang, theme, title, rail_open, notice, on } = props;
    let lang = *lang;
    let say = |id: MessageId| id.text(lang);
    let act = |action: Action| on.reform(move |_: MouseEvent| action.clone());
    let theme_icon = match theme {
        Theme::Auto => Icon::Auto,
        Theme::Light => Icon::Sun,
        Theme::Dark => Icon::Moon,
    };
    html! {
        <header class="top">
            <h1 class="logo">{logo()}<span class="logo-name">{"Shardlab"}</span></h1>
            <ScenarioMenu {lang} title={title.clone()} on={on.clone()} />
            <p class="notice" role="status">{notice.map(say)}</p>
            <LanguageSwitch {lang} on={on.clone()} />
            <button type="button" class="button icon-only rail-button" data-testid="settings"
                aria-label={say(MessageId::Settings)} title={say(MessageId::Settings)}
                aria-expanded={rail_open.to_string()} aria-controls="rail"
                onclick={act(Action::ShowRail(!rail_open))}>{Icon::Settings.html()}</button>
            <button type="button" class="button icon-only theme-button" data-testid="theme" aria-label={say(theme.label())}
                title={say(theme.label())} onclick={act(Action::SetTheme(theme.next()))}>{theme_icon.html()}</button>
            <button type="button" class="button icon-only" data-testid="help" aria-label={say(MessageId::Help)}
                title={say(MessageId::Help)} onclick={act(Action::Open(Dialog::Help))}>{Icon::Help.html()}</button>
            <button type="button" class="button outlined share" data-testid="share" aria-label={say(MessageId::Share)}
                onclick={act(Action::Share)}>
                {Icon::Share.html()}<span class="share-name">{say(MessageId::Share)}</span>
            </button>
        </header>
    }
}

#[derive(Properties, PartialEq)]
struct LanguageProps {
    lang: Lang,
    on: Callback<Action>,
}

#[component]
fn LanguageSwitch(props: &LanguageProps) -> Html {
    let choice = |lang: Lang, name: &'static str| {
        let onclick = props.on.reform(move |_: MouseEvent| Action::SetLanguage(lang));
        html! {
            <button type="button" class="segment" lang={lang.code()} data-testid={format!("language-{}", lang.code())}
                aria-pressed={(props.lang == lang).to_string()} {onclick}>{name}</button>
        }
    };
    html! {
        <div class="segments language" role="group" aria-label={MessageId::LanguageSwitch.text(props.lang)}>
            {choice(Lang::Ja, "日本語")}
            {choice(Lang::En, "EN")}
        </div>
    }
}
