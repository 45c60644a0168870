//! The top bar: scenario, language, theme, share, help.

use yew::prelude::*;

use super::icon::{Icon, logo};
use super::mark::act;
use super::menu::scenario_menu;
use crate::lang::Lang;
use crate::view::panels::Title;
use crate::view::shipped;
use crate::view::text::MessageId;
use crate::view::ui::{Action, Dialog, Theme, UiState};

/// Id of the button that opens the settings.
pub(super) const RAIL_OPEN: &str = "rail-open";

/// The top bar.
pub(super) fn top_bar(
    ui: &UiState,
    title: &Title,
    entries: &[shipped::Entry],
    on: &Callback<Action>,
) -> Html {
    let (lang, theme, rail_open) = (ui.lang, ui.theme, ui.rail_open);
    let say = |id: MessageId| id.text(lang);
    let act = |action: Action| act(on, action);
    let theme_icon = match theme {
        Theme::Auto => Icon::Auto,
        Theme::Light => Icon::Sun,
        Theme::Dark => Icon::Moon,
    };
    html! {
        <header class="top">
            <h1 class="logo">{logo()}<span class="logo-name">{"Shardlab"}</span></h1>
            {scenario_menu(lang, title, entries, on)}
            <p class="notice" role="status">{ui.notice.map(say)}</p>
            {language_switch(lang, on)}
            <button type="button" class="button icon-only rail-button" id={RAIL_OPEN} data-testid="settings"
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

fn language_switch(current: Lang, on: &Callback<Action>) -> Html {
    let choice = |lang: Lang, name: &'static str| {
        let onclick = act(on, Action::SetLanguage(lang));
        html! {
            <button type="button" class="segment" lang={lang.code()} data-testid={format!("language-{}", lang.code())}
                aria-pressed={(current == lang).to_string()} {onclick}>{name}</button>
        }
    };
    html! {
        <div class="segments language" role="group" aria-label={MessageId::LanguageSwitch.text(current)}>
            {choice(Lang::Ja, "日本語")}
            {choice(Lang::En, "EN")}
        </div>
    }
}
