//! The article's invocations beside the simulation's.

use yew::prelude::*;

use super::mark::{key_mark, select};
use crate::lang::Lang;
use crate::view::article::Agreement;
use crate::view::panels::table::{self, Row, Total};
use crate::view::text::MessageId;
use crate::view::ui::Action;

/// The table.
pub(super) fn article_table(lang: Lang, table: &table::Table, on: &Callback<Action>) -> Html {
    let say = |id: MessageId| id.text(lang);
    let article = table.has_article;
    html! {
        <>
            <h2 class="panel-title">{&table.heading}</h2>
            <table class="invocations" data-testid="article-table">
                <thead><tr>
                    <th scope="col">{say(MessageId::ColumnRecords)}</th>
                    <th scope="col" class="number">{say(MessageId::ColumnCount)}</th>
                    if article { <th scope="col" class="number">{say(MessageId::ColumnArticle)}</th> }
                    <th scope="col" class="number">{say(MessageId::ColumnSimulated)}</th>
                    if article {
                        <th scope="col"><span class="visually-hidden">{say(MessageId::ColumnAgrees)}</span></th>
                    }
                </tr></thead>
                <tbody>{for table.rows.iter().map(|row| row_view(lang, article, row, on))}</tbody>
                {totals_view(lang, article, &table.totals)}
            </table>
            if table.rows.is_empty() { <p class="hint">{say(MessageId::TableEmpty)}</p> }
            <p class="hint note" data-testid="article-note">{&table.note}</p>
        </>
    }
}

/// How an agreement is shown: class, mark, words.
fn agreement(agreement: Agreement, estimate: bool) -> (&'static str, &'static str, MessageId) {
    match agreement {
        Agreement::NotYet => ("not-yet", "", MessageId::AgreesNotYet),
        Agreement::SoFar if estimate => ("nearly", "≈", MessageId::AgreesNearly),
        Agreement::SoFar => ("so-far", "…", MessageId::AgreesSoFar),
        Agreement::Full => ("agrees", "✓", MessageId::AgreesFull),
        Agreement::Differs => ("differs", "≠", MessageId::AgreesDiffers),
    }
}

fn agreement_cell(value: Agreement, estimate: bool, lang: Lang) -> Html {
    let (class, mark, words) = agreement(value, estimate);
    html! {
        <td class={format!("agreement {class}")} title={words.text(lang)}>
            <span aria-hidden="true">{mark}</span><span class="visually-hidden">{words.text(lang)}</span>
        </td>
    }
}

fn row_view(lang: Lang, article: bool, row: &Row, on: &Callback<Action>) -> Html {
    let state = if article { agreement(row.agreement, false).0 } else { "own" };
    let keys = html! {
        <>
            {for row.keys.iter().map(key_mark)}
            <span class="rounds">{&row.records}</span>
            <span class="visually-hidden">{&row.records_long}</span>
        </>
    };
    let records = match row.object {
        Some(object) => html! {
            <button type="button" class="row-button" title={row.records_long.clone()} onclick={select(on, object)}>
                {keys}
            </button>
        },
        None => html! { <span class="row-button" title={row.records_long.clone()}>{keys}</span> },
    };
    html! {
        <tr key={row.id} class={state} data-testid="article-row" data-agreement={state}>
            <th scope="row">{records}</th>
            <td class="number">{row.count}</td>
            if article { <td class="number article">{row.article.as_deref()}</td> }
            <td class="number">{row.simulated.as_deref().unwrap_or("–")}</td>
            if article { {agreement_cell(row.agreement, false, lang)} }
        </tr>
    }
}

fn totals_view(lang: Lang, article: bool, totals: &[Total]) -> Html {
    let total = |total: &Total| {
        let estimate = total.label == MessageId::TotalAge;
        html! {
            <tr class="total" data-testid="article-total">
                <th scope="row" colspan="2">{total.label.text(lang)}</th>
                if article { <td class="number article">{total.article.as_deref()}</td> }
                <td class="number">{&total.simulated}</td>
                if article { {agreement_cell(total.agreement, estimate, lang)} }
            </tr>
        }
    };
    html! { <tfoot>{for totals.iter().map(total)}</tfoot> }
}
