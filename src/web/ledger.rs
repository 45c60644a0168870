//! The ledger: which version wrote which row, and article A's rows beside them.

use super::figure::figure;
use super::mark::{Attr, Element, Page, button, classy, el, fragment, key_mark};
use crate::view::deploy::Shown;
use crate::view::panels::ledger::{Count, Ledger, OwnRow, Row, Share, ShareRow};
use crate::view::text::MessageId;
use crate::view::ui::Action;

/// The ledger.
pub(super) fn ledger(page: &Page, ledger: &Ledger) -> Element {
    let article = ledger.has_article;
    let column = |name: MessageId| el("th").attr(Attr::Scope, "col").child(page.say(name));
    let theirs = || {
        let name = el("th").attr(Attr::Scope, "colgroup").attr(Attr::Colspan, "3");
        name.class("article").child(page.say(MessageId::ColumnArticleRow))
    };
    let head = el("tr")
        .child(column(MessageId::ColumnTime))
        .child(column(MessageId::ColumnRecords))
        .child(column(MessageId::FunctionVersion))
        .child(article.then(theirs));
    let rows = classy("table", if article { "invocations ledger both" } else { "invocations ledger" })
        .test_id("ledger")
        .child(el("thead").child(head))
        .child(el("tbody").each(&ledger.rows, |row| row_view(page, article, row)));
    let hint = |id: MessageId| classy("p", "hint").child(page.say(id));
    let copy = || {
        let copy = button(page, "link", Action::CopyLedger).test_id("ledger-copy");
        classy("p", "hint").child(copy.child(page.say(MessageId::LedgerCopy)))
    };
    fragment()
        .child(classy("h2", "panel-title").child(page.say(MessageId::LedgerHeading)))
        .each(&ledger.about, |&id| hint(id))
        .child(counts(page, ledger))
        .child(ledger.share.as_ref().map(|share| share_view(page, share)))
        .child(rows)
        .child(ledger.rows.is_empty().then(|| hint(MessageId::LedgerEmpty)))
        .child(ledger.more.then(|| hint(MessageId::LedgerMore)))
        .child((!ledger.counts.is_empty()).then(copy))
}

fn counts(page: &Page, ledger: &Ledger) -> Element {
    let fact =
        |figure: String, name: Element| el("div").child(el("dd").child(figure)).child(el("dt").child(name));
    let by = |count: &Count| {
        let name = &count.version.name;
        let text = match &count.tag {
            Some(tag) => page.fill(MessageId::LedgerByTag, &[name, tag]),
            None => page.fill(MessageId::LedgerBy, &[name]),
        };
        fact(count.rows.to_string(), fragment().child(shape(&count.version)).child(text))
    };
    let mixed = |span: &String| fact(span.clone(), fragment().child(page.say(MessageId::LedgerMixed)));
    classy("dl", "ledger-facts")
        .test_id("ledger-facts")
        .each(&ledger.counts, by)
        .child(ledger.mixed.as_ref().map(mixed))
}

/// The new version's share over time, as a picture and as a table.
fn share_view(page: &Page, share: &Share) -> Element {
    let column = |name: Element| classy("th", "number").attr(Attr::Scope, "col").child(name);
    let said = |name: MessageId| fragment().child(page.say(name));
    let head = el("tr")
        .child(el("th").attr(Attr::Scope, "col").child(page.say(MessageId::ColumnTime)))
        .each(&share.versions, |name| column(fragment().child(name)))
        .child(column(said(MessageId::ColumnShare)))
        .child(column(said(MessageId::ColumnExpected)));
    let percent = |percent: u32| format!("{percent} %");
    let number = |text: String| classy("td", "number").child(text);
    let row = |row: &ShareRow| {
        el("tr")
            .child(classy("th", "mono").attr(Attr::Scope, "row").child(&row.span))
            .each(&row.counts, |count| number(count.to_string()))
            .child(number(row.share.map_or_else(|| "–".to_owned(), percent)))
            .child(number(percent(row.expected)))
    };
    let table = classy("table", "invocations share")
        .test_id("share-table")
        .child(el("thead").child(head))
        .child(el("tbody").each(&share.rows, row));
    let summary = el("summary").test_id("share-fold").child(page.say(MessageId::ShareTable));
    fragment()
        .child(el("h3").child(page.say(MessageId::SectionShare)))
        .child(figure(page, "share-figure", &share.scene, share.label.clone()))
        .child(classy("p", "hint").child(&share.note))
        .child(classy("details", "fold").child(summary).child(table))
}

fn row_view(page: &Page, article: bool, row: &Row) -> Element {
    let theirs = || match &row.article {
        Some((at, id, version)) => fragment()
            .child(classy("td", "number article mono").child(at))
            .child(classy("td", "article mono").child(id))
            .child(version_cell(version)),
        None => fragment().child(el("td").attr(Attr::Colspan, "3")),
    };
    let own = match &row.own {
        Some(own) => own_cells(page, own),
        None => fragment().child(el("td").attr(Attr::Colspan, "3")),
    };
    el("tr").test_id("ledger-row").child(own).child(article.then(theirs))
}

fn own_cells(page: &Page, own: &OwnRow) -> Element {
    let record = button(page, "row-button", Action::Select(Some(own.object)))
        .attr(Attr::Title, own.name.clone())
        .child(key_mark(&own.key))
        .child(classy("span", "rounds mono").hidden().child(&own.number))
        .child(classy("span", "visually-hidden").child(&own.name));
    fragment()
        .child(classy("td", "number mono").child(&own.at))
        .child(el("th").attr(Attr::Scope, "row").child(record))
        .child(version_cell(&own.version))
}

fn version_cell(version: &Shown) -> Element {
    el("td").child(shape(version)).child(&version.name)
}

/// A version's shape: square, round with a double edge, or a diamond; then again from the first.
fn shape(version: &Shown) -> Element {
    let class = match version.code % 3 {
        0 => "version square",
        1 => "version round",
        _ => "version diamond",
    };
    classy("i", class).hidden()
}
