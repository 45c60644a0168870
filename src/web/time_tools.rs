//! The time line's own controls: which parts show, and how much time; and what the transport has no room for.

use super::icon::Icon;
use super::mark::{Attr, Element, Page, button, classy};
use super::markers::marker_buttons;
use super::transport::{far_steps, tool};
use crate::units::SimTime;
use crate::view::picture::{Part, Span};
use crate::view::player::{Direction, StepUnit};
use crate::view::text::MessageId;
use crate::view::ui::{Action, UiState};
use crate::view::zoom::Step;

/// The controls.
pub(super) fn time_tools(page: &Page, ui: &UiState, bookmarked: bool) -> Element {
    // Where the transport has no room for them.
    let step = |test_id, icon, name, action| tool(page, "wide-step", test_id, icon, name, action);
    let batch = |direction| Action::Step(StepUnit::Batch, direction);
    let more = classy("div", "more-steps")
        .child(step("more-to-start", Icon::First, MessageId::ToStart, Action::SeekTo(SimTime::ZERO)))
        .child(step(
            "more-step-batch-back",
            Icon::BatchBack,
            MessageId::StepBatchBack,
            batch(Direction::Back),
        ))
        .child(far_steps(page, Direction::Back, "more-"))
        .child(far_steps(page, Direction::Forward, "more-"))
        .child(step(
            "more-step-batch-forward",
            Icon::BatchForward,
            MessageId::StepBatchForward,
            batch(Direction::Forward),
        ))
        .child(step("more-to-end", Icon::Last, MessageId::ToEnd, Action::SeekToEnd));
    classy("div", "time-tools")
        .child(parts(page, ui.part))
        .child(zoom(page, ui.span))
        .child(marker_buttons(page, bookmarked, "more-"))
        .child(more)
}

fn parts(page: &Page, shown: Part) -> Element {
    let part = |part: Part| {
        let (test_id, name) = match part {
            Part::All => ("part-all", MessageId::PartAll),
            Part::Quilt => ("part-keys", MessageId::PartKeys),
            Part::Gantt => ("part-invocations", MessageId::PartInvocations),
            Part::Charts => ("part-charts", MessageId::PartCharts),
        };
        button(page, "segment", Action::ShowPart(part))
            .test_id(test_id)
            .attr(Attr::AriaPressed, part == shown)
            .child(page.say(name))
    };
    classy("div", "segments")
        .attr(Attr::Role, "group")
        .attr(Attr::AriaLabel, page.say(MessageId::Parts))
        .each(Part::ALL, part)
}

fn zoom(page: &Page, span: Span) -> Element {
    let step = |test_id, icon, name, step| tool(page, "", test_id, icon, name, Action::Zoom(step));
    let (whole, name) = match span {
        Span::Whole => (Icon::Window, MessageId::ShowWindow),
        Span::Near | Span::Window | Span::Chosen(_) => (Icon::Whole, MessageId::ShowWhole),
    };
    let chosen = matches!(span, Span::Chosen(_));
    let reset = step("zoom-reset", Icon::Reset, MessageId::ZoomReset, Step::Reset);
    classy("div", "zoom")
        .child(step("pan-back", Icon::EventBack, MessageId::PanBack, Step::Pan(Direction::Back)))
        .child(step("pan-forward", Icon::EventForward, MessageId::PanForward, Step::Pan(Direction::Forward)))
        .child(step("zoom-out", Icon::ZoomOut, MessageId::ZoomOut, Step::Out))
        .child(step("zoom-in", Icon::ZoomIn, MessageId::ZoomIn, Step::In))
        .child(tool(page, "", "toggle-span", whole, name, Action::ToggleSpan))
        .child(reset.flag(Attr::Disabled, !chosen))
}
