//! The settings beside the picture, what is assumed, and where the experiment comes from.

use yew::prelude::*;

use super::icon::Icon;
use super::mark::act;
use crate::lang::Lang;
use crate::view::knob::Knob;
use crate::view::panels::rail;
use crate::view::player::Direction;
use crate::view::text::MessageId;
use crate::view::ui::{Action, Dialog};

/// Id of the button that closes the settings.
pub(super) const RAIL_CLOSE: &str = "rail-close";

/// The settings.
pub(super) fn rail(lang: Lang, open: bool, rail: &rail::Rail, on: &Callback<Action>) -> Html {
    let say = |id: MessageId| id.text(lang);
    let steppers = |wanted: &[Knob]| {
        let knobs = rail.knobs.iter().filter(|value| wanted.contains(&value.knob));
        knobs.map(|value| stepper(lang, value, on)).collect::<Html>()
    };
    let close = act(on, Action::ShowRail(false));
    let reset = act(on, Action::Reset);
    html! {
        <aside id="rail" class={if open { "rail open" } else { "rail" }} aria-label={say(MessageId::Settings)}>
            <button type="button" class="button icon-only rail-close" id={RAIL_CLOSE} data-testid="settings-close"
                aria-label={say(MessageId::Close)} onclick={close}>{Icon::Close.html()}</button>
            <h2>{say(MessageId::SectionStream)}</h2>
            {steppers(&[Knob::Shards])}
            {for rail.producers.iter().map(|producer| html! { <p class="hint">{producer}</p> })}
            if rail.knobs.len() > 1 {
                <h2>{say(MessageId::SectionMapping)}</h2>
                {steppers(&[Knob::ParallelizationFactor, Knob::BatchSize, Knob::BatchWindow])}
                <h2>{say(MessageId::SectionFunction)}</h2>
                {steppers(&[Knob::PerRecord])}
            }
            <h2>{say(MessageId::SectionRun)}</h2>
            <p class="row"><span>{say(MessageId::Seed)}</span><b data-testid="seed">{rail.seed}</b></p>
            if rail.changed {
                <button type="button" class="button outlined wide" data-testid="reset" onclick={reset}>
                    {say(MessageId::Reset)}
                </button>
            }
            {assumed(lang, rail)}
            {source(lang, rail.article, on)}
        </aside>
    }
}

fn stepper(lang: Lang, value: &rail::KnobValue, on: &Callback<Action>) -> Html {
    let (knob, name) = (value.knob, value.knob.label().text(lang));
    let turn = |direction| act(on, Action::Turn(knob, direction));
    let id = knob.test_id();
    html! {
        <div class={if value.changed { "row changed" } else { "row" }} role="group" aria-label={name}>
            <span>{name}</span>
            <span class="stepper">
                <button type="button" data-testid={format!("{id}-decrease")} disabled={!value.can_decrease}
                    aria-label={MessageId::Decrease.fill(lang, &[&name])} onclick={turn(Direction::Back)}>{"−"}</button>
                <output data-testid={format!("{id}-value")}>{&value.value}</output>
                <button type="button" data-testid={format!("{id}-increase")} disabled={!value.can_increase}
                    aria-label={MessageId::Increase.fill(lang, &[&name])} onclick={turn(Direction::Forward)}>{"+"}</button>
            </span>
        </div>
    }
}

fn assumed(lang: Lang, rail: &rail::Rail) -> Html {
    let dial = |(name, value): &(MessageId, String)| {
        html! { <div class="dial"><dt>{name.text(lang)}</dt><dd>{value}</dd></div> }
    };
    html! {
        <>
            <h2>{MessageId::SectionAssumed.text(lang)}
                <span class="tag">{MessageId::Assumed.text(lang)}</span></h2>
            <dl class="dials" data-testid="assumed">{for rail.assumed.iter().map(dial)}</dl>
        </>
    }
}

fn source(lang: Lang, article: bool, on: &Callback<Action>) -> Html {
    let say = |id: MessageId| id.text(lang);
    let about = act(on, Action::Open(Dialog::About));
    html! {
        <>
            <h2>{say(MessageId::SectionSource)}</h2>
            if article { <p class="hint">{say(MessageId::SourceText)}</p> }
            <p class="hint model">{say(MessageId::Model)}</p>
            <button type="button" class="link" data-testid="about" onclick={about}>{say(MessageId::AboutMore)}</button>
        </>
    }
}
