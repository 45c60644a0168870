//! The panel on the right: table, log, inspector, console, stream (the tabs pattern of the ARIA guide, roving tabindex).

use wasm_bindgen::JsCast;
use web_sys::{Event, KeyboardEvent};

use super::browser;
use super::console::console;
use super::inspector::inspector;
use super::ledger::ledger;
use super::log_list::log_list;
use super::mark::{Attr, Element, On, Page, classy, el, fragment};
use super::matrix::matrix;
use super::stream::stream;
use super::table::article_table;
use crate::view::panels::Panels;
use crate::view::text::MessageId;
use crate::view::ui::{Action, Tab, UiState};

/// The panel and its tabs.
pub(super) fn tabs(page: &Page, ui: &UiState, panels: &Panels) -> Element {
    let panel = match ui.tab {
        Tab::Timeline => fragment(),
        Tab::Table => table(page, panels),
        Tab::Log => log_list(page, ui.filter, &panels.log),
        Tab::Inspect => inspector(page, ui, &panels.inspect, &panels.others, &panels.twin),
        Tab::Console => console(page, ui, &panels.console),
        Tab::Stream => stream(page, ui, &panels.stream),
    };
    let id = Tab::ALL.iter().find(|&&(each, ..)| each == ui.tab).map_or("", |&(_, id, _)| id);
    let body = classy("div", "panel-body")
        .attr(Attr::Role, "tabpanel")
        .attr(Attr::Id, "tabpanel")
        .attr(Attr::AriaLabelledby, id)
        .attr(Attr::Tabindex, "0")
        .child(panel);
    classy("aside", "panel")
        .attr(Attr::AriaLabel, page.say(MessageId::PanelTabs))
        .child(tab_list(page, ui.tab, ui.narrow))
        .child(body)
}

/// The ledger where a function has several versions; else the invocations, below a batch that failed.
fn table(page: &Page, panels: &Panels) -> Element {
    let failed = panels.matrix.as_ref().map(|failed| matrix(page, failed));
    let replaced = panels.matrix.as_ref().is_some_and(|matrix| matrix.has_article);
    let below = match &panels.ledger {
        Some(rows) => Some(ledger(page, rows)),
        None => (!replaced).then(|| article_table(page, &panels.table)),
    };
    if panels.ledger.is_some() {
        fragment().child(below).child(failed)
    } else {
        fragment().child(failed).child(below)
    }
}

fn tab_list(page: &Page, current: Tab, narrow: bool) -> Element {
    let tabs = if narrow { &Tab::ALL[..] } else { &Tab::ALL[1..] };
    let place = tabs.iter().position(|&(tab, ..)| tab == current).unwrap_or(0);
    let on = page.on.clone();
    let turn = move |event: &Event| {
        let last = tabs.len() - 1;
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
        let (tab, id, _) = tabs[match event.key().as_str() {
            "ArrowRight" if place == last => 0,
            "ArrowRight" => place + 1,
            "ArrowLeft" if place == 0 => last,
            "ArrowLeft" => place - 1,
            "Home" => 0,
            "End" => last,
            _ => return,
        }];
        event.prevent_default();
        browser::focus(id);
        on.emit(Action::ShowTab(tab));
    };
    let tab = |&(tab, id, name): &(Tab, &'static str, MessageId)| {
        let selected = tab == current;
        el("button")
            .attr(Attr::Type, "button")
            .attr(Attr::Role, "tab")
            .attr(Attr::Id, id)
            .test_id(id)
            .class("tab")
            .attr(Attr::AriaSelected, selected)
            .attr(Attr::AriaControls, "tabpanel")
            .attr(Attr::Tabindex, if selected { "0" } else { "-1" })
            .ask(page, On::Click, Action::ShowTab(tab))
            .child(page.say(name))
    };
    classy("div", "tabs")
        .attr(Attr::Role, "tablist")
        .attr(Attr::AriaLabel, page.say(MessageId::PanelTabs))
        .on(On::Keydown, Box::new(turn))
        .each(tabs, tab)
}
