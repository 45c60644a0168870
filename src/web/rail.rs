//! The settings beside the picture, what is assumed, and where the experiment comes from.

use std::rc::Rc;

use yew::prelude::*;

use super::icon::Icon;
use crate::lang::Lang;
use crate::view::knob::Knob;
use crate::view::panels::rail;
use crate::view::player::Direction;
use crate::view::text::MessageId;
use crate::view::ui::{Action, Dialog};

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) lang: Lang,
    pub(super) open: bool,
    pub(super) rail: Rc<rail::Rail>,
    pub(super) on: Callback<Action>,
}

#[component]
pub(super) fn Rail(props: &Props) -> Html {
    let Props { lang, open, rail, on } = props;
    let lang = *lang;
    let say = |id: MessageId| id.text(lang);
    let steppers = |wanted: &[Knob]| {
        let knobs = rail.knobs.iter().filter(|value| wanted.contains(&value.knob)).cloned();
        knobs.map(|value| html! { <Stepper {lang} {value} on={on.clone()} /> }).collect::<Html>()
    };
    let close = on.reform(|_: MouseEvent| Action::ShowRail(false));
    let reset = on.reform(|_: MouseEvent| Action::Reset);
    html! {
        <aside id="rail" class={classes!("rail", open.then_some("open"))} aria-label={say(MessageId::Settings)}>
            <button type="button" class="button icon-only rail-close" data-testid="settings-close"
                aria-label={say(MessageId::Close)} onclick={close}>{Icon::Close.html()}</button>
            <h2>{say(MessageId::SectionStream)}</h2>
            {steppers(&[Knob::Shards])}
            {for rail.producers.iter().map(|producer| html! { <p class="hint">{producer}</p> })}
            <h2>{say(MessageId::SectionMapping)}</h2>
            {steppers(&[Knob::ParallelizationFactor, Knob::BatchSize, Knob::BatchWindow])}
            <h2>{say(MessageId::SectionFunction)}</h2>
            {steppers(&[Knob::PerRecord])}
            <h2>{say(MessageId::SectionRun)}</h2>
            <p class="row"><span>{say(MessageId::Seed)}</span><b data-testid="seed">{rail.seed}</b></p>
            if rail.changed {
                <button type="button" class="button outlined wide" data-testid="reset" onclick={reset}>
                    {say(MessageId::Reset)}
                </button>
            }
            <Assumed {lang} rail={Rc::clone(rail)} />
            <Source {lang} on={on.clone()} />
        </aside>
    }
}

#[derive(Properties, PartialEq)]
struct StepperProps {
    lang: Lang,
    value: rail::KnobValue,
    on: Callback<Action>,
}

#[component]
fn Stepper(props: &StepperProps) -> Html {
    let StepperProps { lang, value, on } = props;
    let (knob, name) = (value.knob, value.knob.label().text(*lang));
    let turn = |direction| on.reform(move |_: MouseEvent| Action::Turn(knob, direction));
    let id = knob.test_id();
    html! {
        <div class={classes!("row", value.changed.then_some("changed"))} role="group" aria-label={name}>
            <span>{name}</span>
            <span class="stepper">
                <button type="button" data-testid={format!("{id}-decrease")} disabled={!value.can_decrease}
                    aria-label={MessageId::Decrease.fill(*lang, &[&name])} onclick={turn(Direction::Back)}>{"−"}</button>
                <output data-testid={format!("{id}-value")}>{&value.value}</output>
                <button type="button" data-testid={format!("{id}-increase")} disabled={!value.can_increase}
                    aria-label={MessageId::Increase.fill(*lang, &[&name])} onclick={turn(Direction::Forward)}>{"+"}</button>
            </span>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct AssumedProps {
    lang: Lang,
    rail: Rc<rail::Rail>,
}

#[component]
fn Assumed(props: &AssumedProps) -> Html {
    let dial = |(name, value): &(MessageId, String)| {
        html! { <div class="dial"><dt>{name.text(props.lang)}</dt><dd>{value}</dd></div> }
    };
    html! {
        <>
            <h2>{MessageId::SectionAssumed.text(props.lang)}
                <span class="tag">{MessageId::Assumed.text(props.lang)}</span></h2>
            <dl class="dials" data-testid="assumed">{for props.rail.assumed.iter().map(dial)}</dl>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct SourceProps {
    lang: Lang,
    on: Callback<Action>,
}

#[component]
fn Source(props: &SourceProps) -> Html {
    let say = |id: MessageId| id.text(props.lang);
    let about = props.on.reform(|_: MouseEvent| Action::Open(Dialog::About));
    html! {
        <>
            <h2>{say(MessageId::SectionSource)}</h2>
            <p class="hint">{say(MessageId::SourceText)}</p>
            <p class="hint model">{say(MessageId::Model)}</p>
            <button type="button" class="link" data-testid="about" onclick={about}>{say(MessageId::AboutMore)}</button>
        </>
    }
}
