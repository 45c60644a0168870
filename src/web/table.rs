//! The article's invocations beside the simulation's.

use super::mark::{Attr, Element, Page, button, classy, el, fragment, key_mark};
use crate::view::article::Agreement;
use crate::view::panels::table::{self, Row, Total};
use crate::view::text::MessageId;
use crate::view::ui::Action;

/// The table.
pub(super) fn article_table(page: &Page, table: &table::Table) -> Element {
    let article = table.has_article;
    let column = |class, name: MessageId| classy("th", class).attr(Attr::Scope, "col").child(page.say(name));
    let agrees = || {
        let name = classy("span", "visually-hidden").child(page.say(MessageId::ColumnAgrees));
        el("th").attr(Attr::Scope, "col").child(name)
    };
    let head = el("tr")
        .child(column("", MessageId::ColumnRecords))
        .child(column("number", MessageId::ColumnCount))
        .child(article.then(|| column("number", MessageId::ColumnArticle)))
        .child(column("number", MessageId::ColumnSimulated))
        .child(article.then(agrees));
    let invocations = classy("table", "invocations")
        .test_id("article-table")
        .child(el("thead").child(head))
        .child(el("tbody").each(&table.rows, |row| row_view(page, article, row)))
        .child(el("tfoot").each(&table.totals, |total| total_view(page, article, total)));
    let empty = || classy("p", "hint").child(page.say(MessageId::TableEmpty));
    fragment()
        .child(classy("h2", "panel-title").child(&table.heading))
        .child(invocations)
        .child(table.rows.is_empty().then(empty))
        .child(classy("p", "hint note").test_id("article-note").child(&table.note))
}

/// How an agreement is shown: class, mark, words.
fn agreement(agreement: Agreement, estimate: bool) -> (&'static str, &'static str, MessageId) {
    match agreement {
        Agreement::NotYet => ("not-yet", "", MessageId::AgreesNotYet),
        Agreement::SoFar if estimate => ("nearly", "≈", MessageId::AgreesNearly),
        Agreement::SoFar => ("so-far", "▸", MessageId::AgreesSoFar),
        Agreement::Full => ("agrees", "✓", MessageId::AgreesFull),
        Agreement::Differs => ("differs", "≠", MessageId::AgreesDiffers),
    }
}

pub(super) fn agreement_cell(page: &Page, value: Agreement, estimate: bool) -> Element {
    let (class, mark, words) = agreement(value, estimate);
    let words = page.say(words);
    el("td")
        .class(["agreement ", class].concat())
        .attr(Attr::Title, words)
        .child(el("span").hidden().child(mark))
        .child(classy("span", "visually-hidden").child(words))
}

fn row_view(page: &Page, article: bool, row: &Row) -> Element {
    let state = if article { agreement(row.agreement, false).0 } else { "own" };
    let records = match row.object {
        Some(object) => button(page, "row-button", Action::Select(Some(object))),
        None => classy("span", "row-button"),
    };
    let records = records
        .attr(Attr::Title, row.records_long.clone())
        .each(&row.keys, key_mark)
        .child(classy("span", "rounds").child(&row.records))
        .child(classy("span", "visually-hidden").child(&row.records_long));
    let simulated = classy("td", "number");
    let simulated = match &row.simulated {
        Some(text) => simulated.child(text),
        None => simulated.child("–"),
    };
    classy("tr", state)
        .key(row.id)
        .test_id("article-row")
        .attr(Attr::DataAgreement, state)
        .child(el("th").attr(Attr::Scope, "row").child(records))
        .child(classy("td", "number").child(row.count.to_string()))
        .child(article.then(|| article_cell(row.article.as_ref())))
        .child(simulated)
        .child(article.then(|| agreement_cell(page, row.agreement, false)))
}

fn article_cell(text: Option<&String>) -> Element {
    classy("td", "number article").child(text)
}

fn total_view(page: &Page, article: bool, total: &Total) -> Element {
    let name = el("th").attr(Attr::Scope, "row").attr(Attr::Colspan, "2").child(page.say(total.label));
    let estimate = total.label == MessageId::TotalAge;
    classy("tr", "total")
        .test_id("article-total")
        .child(name)
        .child(article.then(|| article_cell(total.article.as_ref())))
        .child(classy("td", "number").child(&total.simulated))
        .child(article.then(|| agreement_cell(page, total.agreement, estimate)))
}
