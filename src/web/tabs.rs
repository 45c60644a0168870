//! The panel on the right: table, log, inspector (the tabs pattern of the ARIA guide, roving tabindex).

use std::rc::Rc;

use yew::prelude::*;

use super::browser;
use super::inspector::Inspector;
use super::log_list::LogList;
use super::table::Table;
use crate::lang::Lang;
use crate::view::panels::Panels;
use crate::view::text::MessageId;
use crate::view::ui::{Action, LogFilter, Tab};

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) lang: Lang,
    pub(super) tab: Tab,
    pub(super) narrow: bool,
    pub(super) filter: LogFilter,
    pub(super) panels: Rc<Panels>,
    pub(super) on: Callback<Action>,
}

#[component]
pub(super) fn Tabs(props: &Props) -> Html {
    let Props { lang, tab, narrow, filter, panels, on } = props;
    let (lang, on) = (*lang, on.clone());
    let panel = match tab {
        Tab::Timeline => Html::default(),
        Tab::Table => html! { <Table {lang} table={Rc::clone(&panels.table)} {on} /> },
        Tab::Log => html! { <LogList {lang} filter={*filter} log={Rc::clone(&panels.log)} {on} /> },
        Tab::Inspect => {
            let (inspect, twin) = (Rc::clone(&panels.inspect), Rc::clone(&panels.twin));
            html! { <Inspector {lang} {inspect} {twin} {on} /> }
        }
    };
    let id = Tab::ALL.iter().find(|(each, ..)| each == tab).map_or("", |&(_, id, _)| id);
    html! {
        <aside class="panel" aria-label={MessageId::PanelTabs.text(lang)}>
            <TabList {lang} tab={*tab} narrow={*narrow} on={props.on.clone()} />
            <div role="tabpanel" id="tabpanel" class="panel-body" aria-labelledby={id} tabindex="0">{panel}</div>
        </aside>
    }
}

#[derive(Properties, PartialEq)]
struct ListProps {
    lang: Lang,
    tab: Tab,
    narrow: bool,
    on: Callback<Action>,
}

#[component]
fn TabList(props: &ListProps) -> Html {
    let ListProps { lang, tab: current, narrow, on } = props;
    let tabs = if *narrow { &Tab::ALL[..] } else { &Tab::ALL[1..] };
    let place = tabs.iter().position(|(tab, ..)| tab == current).unwrap_or(0);
    let onkeydown = {
        let on = on.clone();
        Callback::from(move |event: KeyboardEvent| {
            let last = tabs.len() - 1;
            let (tab, id, _) = tabs[match event.key().as_str() {
                "ArrowRight" => if place == last { 0 } else { place + 1 },
                "ArrowLeft" => if place == 0 { last } else { place - 1 },
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
        let selected = tab == *current;
        let onclick = on.reform(move |_: MouseEvent| Action::ShowTab(tab));
        html! {
            <button type="button" role="tab" {id} data-testid={id} class="tab" aria-selected={selected.to_string()}
                aria-controls="tabpanel" tabindex={if selected { "0" } else { "-1" }} {onclick}>{name.text(*lang)}</button>
        }
    };
    html! {
        <div role="tablist" class="tabs" aria-label={MessageId::PanelTabs.text(*lang)} {onkeydown}>
            {for tabs.iter().map(tab)}
        </div>
    }
}
