//! The picture as a table: what keyboards and screen readers get in its place.

use super::mark::{Attr, Element, Page, button, classy, el, fragment, key_mark};
use crate::view::panels::charts::Charts;
use crate::view::panels::twin::{self, Row};
use crate::view::text::MessageId;
use crate::view::ui::Action;

/// The table; its names lead to the inspector.
pub(super) fn twin_table(page: &Page, twin: &twin::Twin) -> Element {
    let column = |class, id: MessageId| classy("th", class).attr(Attr::Scope, "col").child(page.say(id));
    let head = el("tr")
        .child(column("", MessageId::TwinName))
        .child(column("number", MessageId::FactWaiting))
        .child(column("number", MessageId::FactInFlight))
        .child(column("number", MessageId::TwinDone));
    let table = classy("table", "twin")
        .test_id("twin")
        .child(classy("caption", "visually-hidden").child(page.say(MessageId::TwinTitle)))
        .child(el("thead").child(head))
        .child(el("tbody").each(&twin.rows, |row| row_view(page, row)));
    let cut = || classy("p", "hint").child(page.say(MessageId::TwinCut));
    fragment().child(table).child(twin.cut.then(cut))
}

/// The charts as a table.
pub(super) fn charts_table(page: &Page, charts: &Charts) -> Element {
    let column = |title: &String| classy("th", "number").attr(Attr::Scope, "col").child(title);
    let first = el("th").attr(Attr::Scope, "col").child(page.say(MessageId::ChartsTime));
    let row = |(time, values): &(String, Vec<String>)| {
        el("tr")
            .child(el("th").attr(Attr::Scope, "row").child(time))
            .each(values, |value| classy("td", "number").child(value))
    };
    classy("table", "twin charts")
        .test_id("charts-table")
        .child(classy("caption", "visually-hidden").child(page.say(MessageId::ChartsTitle)))
        .child(el("thead").child(el("tr").child(first).each(&charts.columns, column)))
        .child(el("tbody").each(&charts.rows, row))
}

fn row_view(page: &Page, row: &Row) -> Element {
    let name = button(page, "row-button", Action::Select(Some(row.object)))
        .child(&row.name)
        .child(" ")
        .each(row.keys.iter().take(3), key_mark);
    let number = |text: &String| classy("td", "number").child(text);
    classy("tr", if row.lane { "lane" } else { "shard" })
        .child(el("th").attr(Attr::Scope, "row").child(name))
        .child(number(&row.waiting))
        .child(number(&row.in_flight))
        .child(number(&row.done))
}
