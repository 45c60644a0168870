//! The transport: steps, play, scrub bar with its marks, clock, bookmarks, speed.
//!
//! The clock and the scrub bar move in every frame: `screen` writes them into the elements with the ids
//! [`CLOCK`] and [`SCRUB`], past the virtual DOM.

use web_sys::{Event, HtmlInputElement, HtmlSelectElement};
use yew::TargetCast;

use super::icon::Icon;
use super::mark::{Attr, Element, On, Page, button, classy, el, fragment};
use super::markers::{marker_buttons, marker_menu, markers};
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
pub(super) fn transport(page: &Page, transport: &panels::Transport) -> Element {
    classy("section", "transport")
        .attr(Attr::AriaLabel, page.say(MessageId::Transport))
        .child(buttons(page, transport.playing))
        .child(scrub(page, transport))
        .child(speed_choice(page, transport.speed))
}

/// A button that shows an icon only.
pub(super) fn tool(
    page: &Page,
    class: &'static str,
    test_id: impl super::mark::Value,
    icon: Icon,
    name: MessageId,
    action: Action,
) -> Element {
    let name = page.say(name);
    button(page, "", action)
        .class(["button icon-only ", class].concat())
        .test_id(test_id)
        .attr(Attr::AriaLabel, name)
        .attr(Attr::Title, name)
        .child(icon)
}

/// Steps that are always there: to the last or next batch and event, the wider one outside.
fn near_steps(page: &Page, direction: Direction) -> Element {
    let step = |class, icon, name, unit| tool(page, class, class, icon, name, Action::Step(unit, direction));
    match direction {
        Direction::Back => fragment()
            .child(step("step-batch-back", Icon::BatchBack, MessageId::StepBatchBack, StepUnit::Batch))
            .child(step("step-event-back", Icon::EventBack, MessageId::StepEventBack, StepUnit::Event)),
        Direction::Forward => fragment()
            .child(step(
                "step-event-forward",
                Icon::EventForward,
                MessageId::StepEventForward,
                StepUnit::Event,
            ))
            .child(step(
                "step-batch-forward",
                Icon::BatchForward,
                MessageId::StepBatchForward,
                StepUnit::Batch,
            )),
    }
}

/// Steps on the grids of seconds and of polls, the wider one outside.
pub(super) fn far_steps(page: &Page, direction: Direction, prefix: &'static str) -> Element {
    let step = |name: &'static str, icon, text, unit| {
        tool(page, "far-step", [prefix, name].concat(), icon, text, Action::Step(unit, direction))
    };
    match direction {
        Direction::Back => fragment()
            .child(step("step-second-back", Icon::SecondBack, MessageId::StepSecondBack, StepUnit::Second))
            .child(step("step-poll-back", Icon::PollBack, MessageId::StepPollBack, StepUnit::Poll)),
        Direction::Forward => fragment()
            .child(step("step-poll-forward", Icon::PollForward, MessageId::StepPollForward, StepUnit::Poll))
            .child(step(
                "step-second-forward",
                Icon::SecondForward,
                MessageId::StepSecondForward,
                StepUnit::Second,
            )),
    }
}

fn buttons(page: &Page, playing: bool) -> Element {
    let (name, icon) = if playing { (MessageId::Pause, Icon::Pause) } else { (MessageId::Play, Icon::Play) };
    let start = Action::SeekTo(SimTime::ZERO);
    let name = page.say(name);
    let play = button(page, "play", Action::TogglePlay)
        .test_id("play-pause")
        .attr(Attr::AriaLabel, name)
        .attr(Attr::Title, name)
        .attr(Attr::Id, PLAY)
        .child(icon);
    classy("div", "steps")
        .child(tool(page, "to-start", "to-start", Icon::First, MessageId::ToStart, start))
        .child(far_steps(page, Direction::Back, ""))
        .child(near_steps(page, Direction::Back))
        .child(play)
        .child(near_steps(page, Direction::Forward))
        .child(far_steps(page, Direction::Forward, ""))
        .child(tool(page, "to-end", "to-end", Icon::Last, MessageId::ToEnd, Action::SeekToEnd))
}

fn scrub(page: &Page, transport: &panels::Transport) -> Element {
    let end = transport.end.0;
    let on = page.on.clone();
    let seek = move |event: &Event| {
        let input: HtmlInputElement = event.target_unchecked_into();
        on.emit(Action::SeekTo(SimTime(input.value_as_number().max(0.0) as u64)));
    };
    let mark = |at: &SimTime| el("i").attr(Attr::Style, ["left:", &percent(at.0, end)].concat());
    let hours = if end >= 3_600_000 { "clock hours" } else { "clock" };
    let clock =
        classy("p", hours).test_id("clock").child(el("span").attr(Attr::Id, CLOCK)).child(" ").child(
            classy("span", "clock-end").child(page.fill(MessageId::ClockOf, &[&clock(transport.end)])),
        );
    let input = el("input")
        .attr(Attr::Type, "range")
        .attr(Attr::Id, SCRUB)
        .test_id("scrub")
        .attr(Attr::Min, "0")
        .attr(Attr::Max, end.to_string())
        .attr(Attr::Step, "1")
        .attr(Attr::AriaLabel, page.say(MessageId::Scrub))
        .on(On::Input, Box::new(seek));
    let marks = classy("div", "marks").hidden().each(&*transport.marks, mark);
    let bar = classy("div", "scrub-bar").child(input).child(marks).child(markers(page, transport));
    classy("div", "scrub")
        .child(clock)
        .child(bar)
        .child(marker_buttons(page, transport.bookmarked, ""))
        .child(marker_menu(page, transport))
}

fn speed_name(speed: Speed, lang: Lang) -> String {
    match speed {
        Speed::Times(times) if times < 0.5 => "1/20×".to_owned(),
        Speed::Times(times) if times < 1.0 => "½×".to_owned(),
        Speed::Times(times) => format!("{}×", times as u32),
        Speed::Max => MessageId::SpeedMax.text(lang).to_owned(),
    }
}

fn speed_choice(page: &Page, current: Option<usize>) -> Element {
    let choice = |(idx, (speed, stem)): (usize, (Speed, &'static str))| {
        let radio = el("input")
            .attr(Attr::Type, "radio")
            .attr(Attr::Name, "speed")
            .test_id(["speed-", stem].concat())
            .checked(current == Some(idx))
            .ask(page, On::Change, Action::SetSpeed(speed));
        classy("label", "segment").child(radio).child(el("span").child(speed_name(speed, page.lang)))
    };
    let option = |(idx, (speed, stem)): (usize, (Speed, &'static str))| {
        el("option")
            .attr(Attr::Value, stem)
            .flag(Attr::Selected, current == Some(idx))
            .child(speed_name(speed, page.lang))
    };
    let on = page.on.clone();
    let pick = move |event: &Event| {
        let chosen = event.target_unchecked_into::<HtmlSelectElement>().value();
        let speed = SPEEDS.into_iter().find(|(_, stem)| *stem == chosen);
        on.emit(Action::SetSpeed(speed.map_or(Speed::Times(1.0), |(speed, _)| speed)));
    };
    let name = page.say(MessageId::Speed);
    let row = classy("div", "segments")
        .attr(Attr::Role, "radiogroup")
        .attr(Attr::AriaLabel, name)
        .each(SPEEDS.into_iter().enumerate(), choice);
    // The same where there is no room for the row.
    let menu = classy("select", "speed-menu")
        .test_id("speed-menu")
        .attr(Attr::AriaLabel, name)
        .on(On::Change, Box::new(pick))
        .each(SPEEDS.into_iter().enumerate(), option);
    let label = classy("span", "speed-label").hidden().child(name);
    classy("div", "speed").child(label).child(row).child(menu)
}

/// The share of a whole, such as `33.05%`.
pub(super) fn percent(part: u64, whole: u64) -> String {
    let hundredths = part * 10_000 / whole.max(1);
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}
