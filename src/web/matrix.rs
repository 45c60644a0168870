//! A batch that failed, attempt by attempt, and article B's sizes beside them.

use super::figure::figure;
use super::mark::{Attr, Element, Page, button, classy, el, fragment};
use super::table::agreement_cell;
use crate::view::article::Agreement;
use crate::view::panels::inspect::tree::State;
use crate::view::panels::matrix::{Line, Matrix};
use crate::view::text::MessageId;
use crate::view::ui::Action;

/// The matrix.
pub(super) fn matrix(page: &Page, matrix: &Matrix) -> Element {
    let article = matrix.has_article;
    let title = if article { MessageId::MatrixHeadingArticle } else { MessageId::MatrixHeading };
    let fact = |(figure, name, warns): &(String, MessageId, bool)| {
        let figure = classy("dd", if *warns { "warns" } else { "" }).child(figure);
        el("div").child(figure).child(el("dt").child(page.say(*name)))
    };
    let column = |class, name: MessageId| classy("th", class).attr(Attr::Scope, "col").child(page.say(name));
    let agrees = || {
        let name = classy("span", "visually-hidden").child(page.say(MessageId::ColumnAgrees));
        el("th").attr(Attr::Scope, "col").child(name)
    };
    let head = el("tr")
        .child(column("", MessageId::ColumnRecords))
        .child(article.then(|| column("number", MessageId::ColumnArticle)))
        .child(column("number", if article { MessageId::ColumnSimulated } else { MessageId::ColumnCount }))
        .child(column("number", MessageId::MatrixHandled))
        .child(column("", MessageId::FactOutcome))
        .child(article.then(agrees));
    let lines = classy("table", "invocations")
        .test_id("matrix-table")
        .child(el("thead").child(head))
        .child(el("tbody").each(&matrix.lines, |line| line_view(page, article, line)))
        .child(matrix.total.as_ref().map(|total| total_view(page, total)));
    let hint = |id: MessageId| classy("p", "hint note").child(page.say(id));
    let earlier = || classy("p", "hint").child(page.fill(MessageId::MatrixEarlier, &[&matrix.earlier]));
    fragment()
        .child(classy("h2", "panel-title").child(page.say(title)))
        .child(classy("dl", "ledger-facts matrix-facts").test_id("matrix-facts").each(&matrix.facts, fact))
        .child(figure(page, "matrix", &matrix.scene, matrix.label.clone()))
        .child((matrix.earlier > 0).then(earlier))
        .child(lines)
        .child(article.then(|| hint(MessageId::MatrixArticleNote)))
}

fn line_view(page: &Page, article: bool, line: &Line) -> Element {
    let (class, sign) = match line.state {
        State::Good => ("good", "✓ "),
        State::Bad => ("bad", "✕ "),
        State::Open => ("open", ""),
    };
    let records = button(page, "row-button", Action::Select(Some(line.object)))
        .child(classy("span", "visually-hidden").child(page.fill(MessageId::MatrixLine, &[&line.n])))
        .child(&line.records);
    let theirs = || {
        let size = line.article.map_or_else(|| "–".to_owned(), |size| size.to_string());
        classy("td", "number article").child(size)
    };
    let state = el("td").class(["outcome ", class].concat());
    el("tr")
        .key(line.n as u32)
        .test_id("matrix-row")
        .child(el("th").attr(Attr::Scope, "row").child(records))
        .child(article.then(theirs))
        .child(classy("td", "number").child(line.count.to_string()))
        .child(classy("td", "number").child(line.handled.to_string()))
        .child(state.child(el("span").hidden().child(sign)).child(page.say(line.words)))
        .child(article.then(|| agreement_cell(page, line.agreement, false)))
}

fn total_view(page: &Page, (article, own, agreement): &(String, String, Agreement)) -> Element {
    let name = el("th").attr(Attr::Scope, "row").child(page.say(MessageId::MatrixTotal));
    let row = classy("tr", "total")
        .test_id("matrix-total")
        .child(name)
        .child(classy("td", "number article").child(article))
        .child(el("td"))
        .child(classy("td", "number").child(own))
        .child(el("td"))
        .child(agreement_cell(page, *agreement, false));
    el("tfoot").child(row)
}
