//! The transport: steps, play, scrub bar, clock, speed.
//!
//! The clock and the scrub bar move in every frame: `screen` writes them into the elements with the ids
//! [`CLOCK`] and [`SCRUB`], past the virtual DOM.

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::icon::Icon;
use super::mark::act;
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

/// The transport.
pub(super) fn transport(lang: Lang, transport: &panels::Transport, on: &Callback<Action>) -> Html {
    html! {
        <section class="transport" aria-label={MessageId::Transport.text(lang)}>
            {buttons(lang, transport.playing, on)}
            {scrub(lang, transport, on)}
            {speed_choice(lang, transport.speed, on)}
        </section>
    }
}

fn buttons(lang: Lang, playing: bool, on: &Callback<Action>) -> Html {
    let button = |test_id: &'static str, icon: Icon, name: MessageId, action: Action| {
        let onclick = act(on, action);
        html! {
            <button type="button" class={format!("button icon-only {test_id}")} data-testid={test_id}
                aria-label={name.text(lang)} title={name.text(lang)} {onclick}>{icon.html()}</button>
        }
    };
    let step = |unit, direction| Action::Step(unit, direction);
    let (name, icon) = if playing { (MessageId::Pause, Icon::Pause) } else { (MessageId::Play, Icon::Play) };
    let toggle = act(on, Action::TogglePlay);
    let batch_back = step(StepUnit::Batch, Direction::Back);
    let batch_forward = step(StepUnit::Batch, Direction::Forward);
    let event_forward = step(StepUnit::Event, Direction::Forward);
    html! {
        <div class="steps">
            {button("to-start", Icon::First, MessageId::ToStart, Action::SeekTo(SimTime::ZERO))}
            {button("step-batch-back", Icon::BatchBack, MessageId::StepBatchBack, batch_back)}
            {button("step-event-back", Icon::EventBack, MessageId::StepEventBack, step(StepUnit::Event, Direction::Back))}
            <button type="button" id={PLAY} class="play" data-testid="play-pause" aria-label={name.text(lang)}
                title={name.text(lang)} onclick={toggle}>{icon.html()}</button>
            {button("step-event-forward", Icon::EventForward, MessageId::StepEventForward, event_forward)}
            {button("step-batch-forward", Icon::BatchForward, MessageId::StepBatchForward, batch_forward)}
            {button("to-end", Icon::Last, MessageId::ToEnd, Action::SeekToEnd)}
        </div>
    }
}

fn scrub(lang: Lang, transport: &panels::Transport, on: &Callback<Action>) -> Html {
    let end = transport.end.0;
    let oninput = on.reform(|event: InputEvent| {
        let input: HtmlInputElement = event.target_unchecked_into();
        Action::SeekTo(SimTime(input.value_as_number().max(0.0) as u64))
    });
    let mark = |at: &SimTime| {
        html! { <i style={format!("left:{}", percent(at.0, end))}></i> }
    };
    html! {
        <div class="scrub">
            <p class="clock" data-testid="clock">
                <span id={CLOCK}></span>
                {" "}
                <span class="clock-end">{MessageId::ClockOf.fill(lang, &[&clock(transport.end)])}</span>
            </p>
            <div class="scrub-bar">
                <input type="range" id={SCRUB} data-testid="scrub" min="0" max={end.to_string()} step="1"
                    aria-label={MessageId::Scrub.text(lang)} {oninput} />
                <div class="marks" aria-hidden="true">{for transport.marks.iter().map(mark)}</div>
            </div>
        </div>
    }
}

fn speed_name(speed: Speed, lang: Lang) -> String {
    match speed {
        Speed::Times(times) if times < 1.0 => "½×".to_owned(),
        Speed::Times(times) => format!("{}×", times as u32),
        Speed::Max => MessageId::SpeedMax.text(lang).to_owned(),
    }
}

fn speed_choice(lang: Lang, current: Option<usize>, on: &Callback<Action>) -> Html {
    let choice = |(idx, (speed, stem)): (usize, (Speed, &'static str))| {
        let onchange = on.reform(move |_: Event| Action::SetSpeed(speed));
        html! {
            <label class="segment">
                <input type="radio" name="speed" data-testid={format!("speed-{stem}")}
                    checked={current == Some(idx)} {onchange} />
                <span>{speed_name(speed, lang)}</span>
            </label>
        }
    };
    let option = |(idx, (speed, stem)): (usize, (Speed, &'static str))| {
        html! { <option value={stem} selected={current == Some(idx)}>{speed_name(speed, lang)}</option> }
    };
    let pick = on.reform(|event: Event| {
        let chosen = event.target_unchecked_into::<HtmlSelectElement>().value();
        let speed = SPEEDS.into_iter().find(|(_, stem)| *stem == chosen);
        Action::SetSpeed(speed.map_or(Speed::Times(1.0), |(speed, _)| speed))
    });
    let name = MessageId::Speed.text(lang);
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

/// The share of a whole, such as `33.05%`.
pub(super) fn percent(part: u64, whole: u64) -> String {
    let hundredths = part * 10_000 / whole.max(1);
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}
