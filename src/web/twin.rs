//! The picture as a table: what keyboards and screen readers get in its place.

use yew::prelude::*;

use super::mark::{key_mark, select};
use crate::lang::Lang;
use crate::view::panels::twin::{self, Row};
use crate::view::text::MessageId;
use crate::view::ui::Action;

/// The table; its names lead to the inspector.
pub(super) fn twin_table(lang: Lang, twin: &twin::Twin, on: &Callback<Action>) -> Html {
    let say = |id: MessageId| id.text(lang);
    let row = |row: &Row| {
        html! {
            <tr class={if row.lane { "lane" } else { "shard" }}>
                <th scope="row">
                    <button type="button" class="row-button" onclick={select(on, row.object)}>
                        {&row.name}{" "}{for row.keys.iter().take(3).map(key_mark)}
                    </button>
                </th>
                <td class="number">{&row.waiting}</td>
                <td class="number">{&row.in_flight}</td>
                <td class="number">{&row.done}</td>
            </tr>
        }
    };
    html! {
        <>
            <table class="twin" data-testid="twin">
                <caption class="visually-hidden">{say(MessageId::TwinTitle)}</caption>
                <thead><tr>
                    <th scope="col">{say(MessageId::TwinName)}</th>
                    <th scope="col" class="number">{say(MessageId::FactWaiting)}</th>
                    <th scope="col" class="number">{say(MessageId::FactInFlight)}</th>
                    <th scope="col" class="number">{say(MessageId::TwinDone)}</th>
                </tr></thead>
                <tbody>{for twin.rows.iter().map(row)}</tbody>
            </table>
            if twin.cut { <p class="hint">{say(MessageId::TwinCut)}</p> }
        </>
    }
}
