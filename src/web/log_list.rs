//! The last events.

use web_sys::{Event, HtmlSelectElement};
use yew::TargetCast;

use super::mark::{Attr, Element, On, Page, button, classy, el, fragment, key_mark};
use crate::view::panels::log::{self, Kind, Line};
use crate::view::text::MessageId;
use crate::view::ui::{Action, LogFilter};

/// The log.
pub(super) fn log_list(page: &Page, filter: LogFilter, log: &log::Log) -> Element {
    let on = page.on.clone();
    let choose = move |event: &Event| {
        let chosen = event.target_unchecked_into::<HtmlSelectElement>().value();
        let filter = LogFilter::ALL.iter().find(|(_, value, _)| *value == chosen);
        on.emit(Action::FilterLog(filter.map_or(LogFilter::All, |&(filter, ..)| filter)));
    };
    let option = |&(each, value, name): &(LogFilter, &'static str, MessageId)| {
        el("option").attr(Attr::Value, value).flag(Attr::Selected, each == filter).child(page.say(name))
    };
    let select =
        el("select").test_id("log-filter").on(On::Change, Box::new(choose)).each(&LogFilter::ALL, option);
    let label = el("label")
        .child(classy("span", "visually-hidden").child(page.say(MessageId::LogFilterLabel)))
        .child(select);
    let count = classy("span", "hint").child(page.fill(MessageId::LogCount, &[&log.count]));
    let empty = || classy("p", "hint").child(page.say(MessageId::LogEmpty));
    let class = if log.lines.iter().any(|line| wide_time(&line.time)) { "log hours" } else { "log" };
    fragment()
        .child(classy("p", "log-head").child(label).child(count))
        .child(classy("ol", class).test_id("log").each(&log.lines, |line| line_view(page, line)))
        .child(log.lines.is_empty().then(empty))
}

/// Whether a time needs a wider column, as from an hour on.
pub(super) fn wide_time(time: &str) -> bool {
    time.len() > "59:59.9".len()
}

fn line_view(page: &Page, line: &Line) -> Element {
    let (class, mark) = match line.kind {
        Kind::Plain => ("plain", ""),
        Kind::Start => ("start", "▸"),
        Kind::Good => ("good", "✓"),
        Kind::Bad => ("bad", "✕"),
        Kind::Throttled => ("throttled", "⤺"),
    };
    let holder = match line.object {
        Some(object) => button(page, "line", Action::Select(Some(object))),
        // A moment, if nothing else.
        None => button(page, "line", Action::SeekTo(line.at)),
    };
    let holder = holder
        .attr(Attr::DataAt, line.at.0.to_string())
        .child(classy("span", "time").child(&line.time))
        .child(classy("span", "mark").hidden().child(mark).child(line.key.as_ref().map(key_mark)))
        .child(classy("span", "what").child(&line.text));
    classy("li", class).key(line.n).child(holder)
}
