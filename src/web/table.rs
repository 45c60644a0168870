//! The article's invocations beside the simulation's.

use std::rc::Rc;

use yew::prelude::*;

use super::mark::{key_mark, select};
use crate::lang::Lang;
use crate::view::article::Agreement;
use crate::view::panels::table::{self, Row, Total};
use crate::view::text::MessageId;
use crate::view::ui::Action;

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) lang: Lang,
    pub(super) table: Rc<table::Table>,
    pub(super) on: Callback<Action>,
}

#[component]
pub(super) fn Table(props: &Props) -> Html {
    let Props { lang, table, on } = props;
    let say = |id: MessageId| id.text(*lang);
    let article = table.has_article;
    let row = |row: &Row| {
        html! { <RowView key={row.id} lang={*lang} {article} row={row.clone()} on={on.clone()} /> }
    };
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
                <tbody>{for table.rows.iter().map(row)}</tbody>
                <Totals lang={*lang} {article} totals={table.totals.clone()} />
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
        <td class={classes!("agreement", class)} title={words.text(lang)}>
            <span aria-hidden="true">{mark}</span><span class="visually-hidden">{words.text(lang)}</span>
        </td>
    }
}

#[derive(Properties, PartialEq)]
struct RowProps {
    lang: Lang,
    article: bool,
    row: Row,
    on: Callback<Action>,
}

#[component]
fn RowView(props: &RowProps) -> Html {
    let RowProps { lang, article, row, on } = props;
    let (state, ..) = agreement(row.agreement, false);
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
        <tr class={state} data-testid="article-row" data-agreement={state}>
            <th scope="row">{records}</th>
            <td class="number">{row.count}</td>
            if *article { <td class="number article">{row.article.as_deref()}</td> }
            <td class="number">{row.simulated.as_deref().unwrap_or("–")}</td>
            if *article { {agreement_cell(row.agreement, false, *lang)} }
        </tr>
    }
}

#[derive(Properties, PartialEq)]
struct TotalsProps {
    lang: Lang,
    article: bool,
    totals: Vec<Total>,
}

#[component]
fn Totals(props: &TotalsProps) -> Html {
    let TotalsProps { lang, article, totals } = props;
    let total = |total: &Total| {
        let estimate = total.label == MessageId::TotalAge;
        html! {
            <tr class="total" data-testid="article-total">
                <th scope="row" colspan="2">{total.label.text(*lang)}</th>
                if *article { <td class="number article">{total.article.as_deref()}</td> }
                <td class="number">{&total.simulated}</td>
                if *article { {agreement_cell(total.agreement, estimate, *lang)} }
            </tr>
        }
    };
    html! { <tfoot>{for totals.iter().map(total)}</tfoot> }
}
