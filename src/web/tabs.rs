//! The panel on the right: table, log, inspector (the tabs pattern of the ARIA guide, roving tabindex).

use yew::prelude::*;

use super::browser;
use super::inspector::inspector;
use super::log_list::log_list;
use super::mark::act;
use super::table::article_table;
use crate::lang::Lang;
use crate::view::panels::Panels;
use crate::view::text::MessageId;
use crate::view::ui::{Action, Tab, UiState};

/// The panel and its tabs.
pub(super) fn tabs(ui: &UiState, panels: &Panels, on: &Callback<Action>) -> Html {
    let (lang, tab) = (ui.lang, ui.tab);
    let panel = match tab {
        Tab::Timeline => Html::default(),
        Tab::Table => article_table(lang, &panels.table, on),
        Tab::Log => log_list(lang, ui.filter, &panels.log, on),
        Tab::Inspect => inspector(lang, &panels.inspect, &panels.twin, on),
    };
    let id = Tab::ALL.iter().find(|&&(each, ..)| each == tab).map_or("", |&(_, id, _)| id);
    html! {
        <aside class="panel" aria-label={MessageId::PanelTabs.text(lang)}>
            {tab_list(lang, tab, ui.narrow, on)}
            <div role="tabpanel" id="tabpanel" class="panel-body" aria-labelledby={id} tabindex="0">{panel}</div>
        </aside>
    }
}

fn tab_list(lang: Lang, current: Tab, narrow: bool, on: &Callback<Action>) -> Html {
    let tabs = if narrow { &Tab::ALL[..] } else { &Tab::ALL[1..] };
    let place = tabs.iter().position(|&(tab, ..)| tab == current).unwrap_or(0);
    let onkeydown = {
        let on = on.clone();
        Callback::from(move |event: KeyboardEvent| {
            let last = tabs.len() - 1;
            let (tab, id, _) = tabs[match event.key().as_str() {
                "ArrowRight" => {
                    if place == last {
                        0
                    } else {
                        place + 1
                    }
                }
                "ArrowLeft" => {
                    if place == 0 {
                        last
                    } else {
                        place - 1
                    }
                }
                "Home" => 0,
                "End" => last,
                _ => return,
            }];
            event.prevent_default();
            browser::focus(id);
            on.emit(Action::ShowTab(tab));
        })
    };
    let tab = |&(tab, id, name): &(Tab, &'static str, MessageId)| {
        let selected = tab == current;
        let onclick = act(on, Action::ShowTab(tab));
        html! {
            <button type="button" role="tab" {id} data-testid={id} class="tab" aria-selected={selected.to_string()}
                aria-controls="tabpanel" tabindex={if selected { "0" } else { "-1" }} {onclick}>{name.text(lang)}</button>
        }
    };
    html! {
        <div role="tablist" class="tabs" aria-label={MessageId::PanelTabs.text(lang)} {onkeydown}>
            {for tabs.iter().map(tab)}
        </div>
    }
}
