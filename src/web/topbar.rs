//! The top bar: scenario, language, theme, share, help.

use super::icon::{Icon, logo};
use super::mark::{Attr, Element, Page, button, classy};
use super::menu::scenario_menu;
use crate::lang::Lang;
use crate::view::panels::Title;
use crate::view::shipped;
use crate::view::text::MessageId;
use crate::view::ui::{Action, Dialog, Theme, UiState};

/// Id of the button that opens the settings.
pub(super) const RAIL_OPEN: &str = "rail-open";

/// The top bar.
pub(super) fn top_bar(page: &Page, ui: &UiState, title: &Title, entries: &[shipped::Entry]) -> Element {
    let theme_icon = match ui.theme {
        Theme::Auto => Icon::Auto,
        Theme::Light => Icon::Sun,
        Theme::Dark => Icon::Moon,
    };
    let icon_button = |class, test_id: &'static str, name, icon: Icon, action| {
        let name = page.say(name);
        button(page, class, action)
            .test_id(test_id)
            .attr(Attr::AriaLabel, name)
            .attr(Attr::Title, name)
            .child(icon)
    };
    let settings = icon_button(
        "button icon-only rail-button",
        "settings",
        MessageId::Settings,
        Icon::Settings,
        Action::ShowRail(!ui.rail_open),
    );
    let (theme, next) = (ui.theme.label(), Action::SetTheme(ui.theme.next()));
    let share = page.say(MessageId::Share);
    classy("header", "top")
        .child(classy("h1", "logo").child(logo()).child(classy("span", "logo-name").child("Shardlab")))
        .child(scenario_menu(page, title, entries))
        .child(
            classy("p", "notice").attr(Attr::Role, "status").child(ui.notice.map(|notice| page.say(notice))),
        )
        .child(language_switch(page))
        .child(
            settings
                .attr(Attr::Id, RAIL_OPEN)
                .attr(Attr::AriaExpanded, ui.rail_open)
                .attr(Attr::AriaControls, "rail"),
        )
        .child(icon_button("button icon-only theme-button", "theme", theme, theme_icon, next))
        .child(icon_button(
            "button icon-only",
            "help",
            MessageId::Help,
            Icon::Help,
            Action::Open(Dialog::Help),
        ))
        .child(
            button(page, "button outlined share", Action::Share)
                .test_id("share")
                .attr(Attr::AriaLabel, share)
                .child(Icon::Share)
                .child(classy("span", "share-name").child(share)),
        )
}

fn language_switch(page: &Page) -> Element {
    let choice = |lang: Lang, test_id: &'static str, name: &'static str| {
        button(page, "segment", Action::SetLanguage(lang))
            .attr(Attr::Lang, lang.code())
            .test_id(test_id)
            .attr(Attr::AriaPressed, page.lang == lang)
            .child(name)
    };
    classy("div", "segments language")
        .attr(Attr::Role, "group")
        .attr(Attr::AriaLabel, page.say(MessageId::LanguageSwitch))
        .child(choice(Lang::Ja, "language-ja", "日本語"))
        .child(choice(Lang::En, "language-en", "EN"))
}
