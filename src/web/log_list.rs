//! The last events.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::mark::{key_mark, select};
use crate::lang::Lang;
use crate::view::panels::log::{self, Kind, Line};
use crate::view::text::MessageId;
use crate::view::ui::{Action, LogFilter};

/// The log.
pub(super) fn log_list(lang: Lang, filter: LogFilter, log: &log::Log, on: &Callback<Action>) -> Html {
    let say = |id: MessageId| id.text(lang);
    let onchange = on.reform(|event: Event| {
        let chosen = event.target_unchecked_into::<HtmlSelectElement>().value();
        let filter = LogFilter::ALL.iter().find(|(_, value, _)| *value == chosen);
        Action::FilterLog(filter.map_or(LogFilter::All, |&(filter, ..)| filter))
    });
    let option = |&(each, value, name): &(LogFilter, &'static str, MessageId)| {
        html! { <option {value} selected={each == filter}>{say(name)}</option> }
    };
    html! {
        <>
            <p class="log-head">
                <label>
                    <span class="visually-hidden">{say(MessageId::LogFilterLabel)}</span>
                    <select data-testid="log-filter" {onchange}>{for LogFilter::ALL.iter().map(option)}</select>
                </label>
                <span class="hint">{MessageId::LogCount.fill(lang, &[&log.count])}</span>
            </p>
            <ol class="log" data-testid="log">
                {for log.lines.iter().map(|line| line_view(line, on))}
            </ol>
            if log.lines.is_empty() { <p class="hint">{say(MessageId::LogEmpty)}</p> }
        </>
    }
}

fn line_view(line: &Line, on: &Callback<Action>) -> Html {
    let (class, mark) = match line.kind {
        Kind::Plain => ("plain", ""),
        Kind::Start => ("start", "▸"),
        Kind::Good => ("good", "✓"),
        Kind::Bad => ("bad", "✕"),
    };
    let text = html! {
        <>
            <span class="time">{&line.time}</span>
            <span class="mark" aria-hidden="true">{mark}{line.key.as_ref().map(key_mark)}</span>
            <span class="what">{&line.text}</span>
        </>
    };
    html! {
        <li key={line.n} class={class}>
            if let Some(object) = line.object {
                <button type="button" class="line" onclick={select(on, object)}>{text}</button>
            } else {
                <span class="line">{text}</span>
            }
        </li>
    }
}
