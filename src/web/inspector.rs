//! The selected object; where nothing is selected, the picture as a table to choose from.

use yew::prelude::*;

use super::mark::{act, key_mark, select};
use super::twin::twin_table;
use crate::lang::Lang;
use crate::view::panels::inspect::{Chip, Fact, Inspect, Phase, Stop, Wait, Why};
use crate::view::panels::twin;
use crate::view::scene::Object;
use crate::view::text::MessageId;
use crate::view::ui::Action;

/// The inspector.
pub(super) fn inspector(lang: Lang, inspect: &Inspect, twin: &twin::Twin, on: &Callback<Action>) -> Html {
    let say = |id: MessageId| id.text(lang);
    if inspect.object.is_none() {
        return html! {
            <div data-testid="inspect-empty">
                <p class="hint lead">{say(MessageId::InspectEmpty)}</p>
                {twin_table(lang, twin, on)}
            </div>
        };
    }
    let clear = act(on, Action::Select(None));
    html! {
        <div data-testid="inspect">
            <div class="object">
                {for inspect.keys.iter().take(3).map(key_mark)}
                <div><h2>{&inspect.title}</h2><p class="hint">{&inspect.subtitle}</p></div>
                <button type="button" class="button icon-only" data-testid="inspect-close" aria-label={say(MessageId::Close)}
                    onclick={clear}>{super::icon::Icon::Close.html()}</button>
            </div>
            if !inspect.life.is_empty() { {life(inspect, lang)} }
            if let Some(why) = &inspect.why { {why_view(why, lang)} }
            if !inspect.records.is_empty() { {records(inspect, lang, on)} }
            if !inspect.facts.is_empty() {
                <h3>{say(MessageId::SectionFacts)}</h3>
                <dl class="facts">{for inspect.facts.iter().map(|fact| fact_view(fact, lang, on))}</dl>
            }
        </div>
    }
}

fn life(inspect: &Inspect, lang: Lang) -> Html {
    let stop = |stop: &Stop| {
        let class = match stop.phase {
            Phase::Past => "past",
            Phase::Now => "now",
            Phase::Future => "future",
        };
        html! {
            <li {class}>
                <span class="time">{&stop.time}</span>
                <span class="what">{stop.title.text(lang)}<span class="detail">{&stop.detail}</span></span>
            </li>
        }
    };
    let span = |(wait, place): (&Wait, usize)| {
        html! { <i class={format!("wait-{place}")} style={format!("flex-grow:{}", wait.ms)}></i> }
    };
    let words = |(wait, place): (&Wait, usize)| {
        html! { <li><i class={format!("wait-{place}")}></i><b>{&wait.text}</b>{" "}{wait.label.text(lang)}</li> }
    };
    html! {
        <>
            <h3>{MessageId::SectionLife.text(lang)}</h3>
            <ol class="life" data-testid="life">{for inspect.life.iter().map(stop)}</ol>
            <div class="waits" aria-hidden="true">{for inspect.waits.iter().zip(0..).map(span)}</div>
            <ul class="wait-words">{for inspect.waits.iter().zip(0..).map(words)}</ul>
        </>
    }
}

fn why_view(why: &Why, lang: Lang) -> Html {
    html! {
        <>
            <h3>{why.question.text(lang)}</h3>
            <p class="why">{why.answer.text(lang)}{" "}<span class="tag">{why.tag.text(lang)}</span></p>
        </>
    }
}

fn records(inspect: &Inspect, lang: Lang, on: &Callback<Action>) -> Html {
    let chip = |chip: &Chip| {
        let phase = match chip.phase {
            Phase::Past => "past",
            Phase::Now => "now",
            Phase::Future => "future",
        };
        let number = chip.name.rsplit('-').next().unwrap_or_default().to_owned();
        html! {
            <li><button type="button" class={format!("chip hue-{} {phase}", chip.key.hue)}
                aria-label={MessageId::RecordTitle.fill(lang, &[&chip.name])} title={chip.name.clone()}
                onclick={select(on, Object::Record(chip.record))}>{number}</button></li>
        }
    };
    html! {
        <>
            <h3>{MessageId::SectionBatch.text(lang)}</h3>
            <ul class="chips">{for inspect.records.iter().map(chip)}</ul>
            if inspect.more > 0 { <p class="hint">{MessageId::MoreRecords.fill(lang, &[&inspect.more])}</p> }
        </>
    }
}

fn fact_view(fact: &Fact, lang: Lang, on: &Callback<Action>) -> Html {
    let class = if fact.mono { "mono" } else { "" };
    html! {
        <div class="fact">
            <dt>{fact.label.text(lang)}</dt>
            <dd {class}>
                if let Some(object) = fact.object {
                    <button type="button" class="link" onclick={select(on, object)}>{&fact.value}</button>
                } else {
                    {&fact.value}
                }
            </dd>
        </div>
    }
}
