//! The transport: steps, play, scrub bar, clock, speed.
//!
//! The clock and the scrub bar move in every frame: `screen` writes them into the elements with the ids
//! [`CLOCK`] and [`SCRUB`], past the virtual DOM.

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::icon::Icon;
use crate::lang::Lang;
use crate::units::SimTime;
use crate::view::number::clock;
use crate::view::panels;
use crate::view::player::{Direction, Speed, StepUnit};
use crate::view::text::MessageId;
use crate::view::ui::{Action, SPEEDS};

/// Id of the clock.
pub(super) const CLOCK: &str = "clock";
/// Id of the scrub bar.
pub(super) const SCRUB: &str = "scrub";
/// Id of the play button.
pub(super) const PLAY: &str = "play";

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) lang: Lang,
    pub(super) transport: panels::Transport,
    pub(super) on: Callback<Action>,
}

#[component]
pub(super) fn Transport(props: &Props) -> Html {
    let Props { lang, transport, on } = props;
    html! {
        <section class="transport" aria-label={MessageId::Transport.text(*lang)}>
            <Buttons lang={*lang} playing={transport.playing} on={on.clone()} />
            <Scrub lang={*lang} transport={transport.clone()} on={on.clone()} />
            <SpeedChoice lang={*lang} speed={transport.speed} on={on.clone()} />
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct ButtonsProps {
    lang: Lang,
    playing: bool,
    on: Callback<Action>,
}

#[component]
fn Buttons(props: &ButtonsProps) -> Html {
    let ButtonsProps { lang, playing, on } = props;
    let button = |test_id: &'static str, icon: Icon, name: MessageId, action: Action| {
        let onclick = on.reform(move |_: MouseEvent| action.clone());
        html! {
            <button type="button" class={classes!("button", "icon-only", test_id)} data-testid={test_id}
                aria-label={name.text(*lang)} title={name.text(*lang)} {onclick}>{icon.html()}</button>
        }
    };
    let step = |unit, direction| Action::Step(unit, direction);
    let (name, icon) = if *playing { (MessageId::Pause, Icon::Pause) } else { (MessageId::Play, Icon::Play) };
    let toggle = on.reform(|_: MouseEvent| Action::TogglePlay);
    let batch_back = step(StepUnit::Batch, Direction::Back);
    let batch_forward = step(StepUnit::Batch, Direction::Forward);
    let event_forward = step(StepUnit::Event, Direction::Forward);
    html! {
        <div class="steps">
            {button("to-start", Icon::First, MessageId::ToStart, Action::SeekTo(SimTime::ZERO))}
            {button("step-batch-back", Icon::BatchBack, MessageId::StepBatchBack, batch_back)}
            {button("step-event-back", Icon::EventBack, MessageId::StepEventBack, step(StepUnit::Event, Direction::Back))}
            <button type="button" id={PLAY} class="play" data-testid="play-pause" aria-label={name.text(*lang)}
                title={name.text(*lang)} onclick={toggle}>{icon.html()}</button>
            {button("step-event-forward", Icon::EventForward, MessageId::StepEventForward, event_forward)}
            {button("step-batch-forward", Icon::BatchForward, MessageId::StepBatchForward, batch_forward)}
            {button("to-end", Icon::Last, MessageId::ToEnd, Action::SeekToEnd)}
        </div>
    }
}

#[component]
fn Scrub(props: &Props) -> Html {
    let Props { lang, transport, on } = props;
    let end = transport.end.0;
    let oninput = on.reform(|event: InputEvent| {
        let input: HtmlInputElement = event.target_unchecked_into();
        Action::SeekTo(SimTime(input.value_as_number().max(0.0) as u64))
    });
    let mark = |at: &SimTime| {
        // Where a mark stands, in percent of the time line.
        let share = at.0 as f64 * 100.0 / end.max(1) as f64;
        html! { <i style={format!("left:{share:.2}%")}></i> }
    };
    html! {
        <div class="scrub">
            <p class="clock" data-testid="clock">
                <span id={CLOCK}></span>
                {" "}
                <span class="clock-end">{MessageId::ClockOf.fill(*lang, &[&clock(transport.end)])}</span>
            </p>
            <div class="scrub-bar">
                <input type="range" id={SCRUB} data-testid="scrub" min="0" max={end.to_string()} step="1"
                    aria-label={MessageId::Scrub.text(*lang)} {oninput} />
                <div class="marks" aria-hidden="true">{for transport.marks.iter().map(mark)}</div>
            </div>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct SpeedProps {
    lang: Lang,
    speed: Option<usize>,
    on: Callback<Action>,
}

fn speed_name(speed: Speed, lang: Lang) -> String {
    match speed {
        Speed::Times(times) if times < 1.0 => "½×".to_owned(),
        Speed::Times(times) => format!("{times}×"),
        Speed::Max => MessageId::SpeedMax.text(lang).to_owned(),
    }
}

#[component]
fn SpeedChoice(props: &SpeedProps) -> Html {
    let SpeedProps { lang, speed: current, on } = props;
    let choice = |(idx, (speed, stem)): (usize, (Speed, &'static str))| {
        let onchange = on.reform(move |_: Event| Action::SetSpeed(speed));
        html! {
            <label class="segment">
                <input type="radio" name="speed" data-testid={format!("speed-{stem}")}
                    checked={*current == Some(idx)} {onchange} />
                <span>{speed_name(speed, *lang)}</span>
            </label>
        }
    };
    let option = |(idx, (speed, stem)): (usize, (Speed, &'static str))| {
        html! { <option value={stem} selected={*current == Some(idx)}>{speed_name(speed, *lang)}</option> }
    };
    let pick = on.reform(|event: Event| {
        let chosen = event.target_unchecked_into::<HtmlSelectElement>().value();
        let speed = SPEEDS.into_iter().find(|(_, stem)| *stem == chosen);
        Action::SetSpeed(speed.map_or(Speed::Times(1.0), |(speed, _)| speed))
    });
    let name = MessageId::Speed.text(*lang);
    html! {
        <div class="speed">
            <span class="speed-label" aria-hidden="true">{name}</span>
            <div class="segments" role="radiogroup" aria-label={name}>
                {for SPEEDS.into_iter().enumerate().map(choice)}
            </div>
            // The same where there is no room for the row.
            <select class="speed-menu" data-testid="speed-menu" aria-label={name} onchange={pick}>
                {for SPEEDS.into_iter().enumerate().map(option)}
            </select>
        </div>
    }
}
