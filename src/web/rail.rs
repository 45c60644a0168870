//! The settings beside the picture, what is assumed, and where the experiment comes from.

use super::icon::Icon;
use super::mark::{Attr, Element, On, Page, button, classy, el, fragment};
use crate::view::cut::Step;
use crate::view::knob::Knob;
use crate::view::panels::rail;
use crate::view::player::Direction;
use crate::view::text::MessageId;
use crate::view::ui::{Action, Dialog};

/// Id of the button that closes the settings.
pub(super) const RAIL_CLOSE: &str = "rail-close";

/// The settings.
pub(super) fn rail(page: &Page, open: bool, rail: &rail::Rail) -> Element {
    let heading = |id: MessageId| el("h2").child(page.say(id));
    let steppers = |wanted: &[Knob]| {
        let knobs = rail.knobs.iter().filter(|value| wanted.contains(&value.knob));
        fragment().each(knobs, |value| stepper(page, value))
    };
    let close = button(page, "button icon-only rail-close", Action::ShowRail(false))
        .attr(Attr::Id, RAIL_CLOSE)
        .test_id("settings-close")
        .attr(Attr::AriaLabel, page.say(MessageId::Close))
        .child(Icon::Close);
    let consumer = || {
        fragment()
            .child(heading(MessageId::SectionMapping))
            .child(steppers(&[Knob::ParallelizationFactor, Knob::BatchSize, Knob::BatchWindow]))
            .child(heading(MessageId::SectionFunction))
            .child(steppers(&[Knob::PerRecord]))
    };
    let status = rail.stream.as_ref().and_then(|now| now.status);
    let seed = el("b").test_id("seed").child(rail.seed.to_string());
    let reset = || {
        let reset = button(page, "button outlined wide", Action::Reset);
        reset.test_id("reset").child(page.say(MessageId::Reset))
    };
    classy("aside", if open { "rail open" } else { "rail" })
        .attr(Attr::Id, "rail")
        .attr(Attr::AriaLabel, page.say(MessageId::Settings))
        .child(close)
        .child(
            heading(MessageId::SectionStream).child(status.map(|status| classy("span", "tag").child(status))),
        )
        .child(steppers(&[Knob::Shards]))
        .child(rail.stream.as_ref().map(|now| reshard(page, now)))
        .each(&rail.producers, |producer| classy("p", "hint").child(producer))
        .child((rail.knobs.len() > 1).then(consumer))
        .child(heading(MessageId::SectionRun))
        .child(classy("p", "row").child(el("span").child(page.say(MessageId::Seed))).child(seed))
        .child(rail.changed.then(reset))
        .child(assumed(page, rail))
        .child(source(page, rail.article))
}

/// What can be done with the stream while it runs.
fn reshard(page: &Page, now: &rail::StreamNow) -> Element {
    let ask = |test_id: &'static str, name: MessageId, action: Action| {
        button(page, "button outlined", action).test_id(test_id).child(page.say(name))
    };
    let open = || classy("p", "hint").test_id("open-now").child(page.fill(MessageId::OpenNow, &[&now.open]));
    let buttons = classy("div", "buttons")
        .child(
            ask("rail-split", MessageId::Split, Action::Cut(Step::Begin)).flag(Attr::Disabled, now.open < 1),
        )
        .child(
            ask("rail-merge", MessageId::Merge, Action::Cut(Step::Join)).flag(Attr::Disabled, now.open < 2),
        )
        .child(ask("rail-count", MessageId::SetCount, Action::OpenCount));
    fragment().child(now.resharded.then(open)).child(buttons)
}

fn stepper(page: &Page, value: &rail::KnobValue) -> Element {
    let (knob, name) = (value.knob, page.say(value.knob.label()));
    let turn = |test_id: &str, possible: bool, label: MessageId, direction: Direction, sign: &'static str| {
        el("button")
            .attr(Attr::Type, "button")
            .test_id([knob.test_id(), test_id].concat())
            .flag(Attr::Disabled, !possible)
            .attr(Attr::AriaLabel, page.fill(label, &[&knob.label().text(page.lang)]))
            .ask(page, On::Click, Action::Turn(knob, direction))
            .child(sign)
    };
    let stepper = classy("span", "stepper")
        .child(turn("-decrease", value.can_decrease, MessageId::Decrease, Direction::Back, "−"))
        .child(el("output").test_id([knob.test_id(), "-value"].concat()).child(&value.value))
        .child(turn("-increase", value.can_increase, MessageId::Increase, Direction::Forward, "+"));
    classy("div", if value.changed { "row changed" } else { "row" })
        .attr(Attr::Role, "group")
        .attr(Attr::AriaLabel, name)
        .child(el("span").child(name))
        .child(stepper)
}

fn assumed(page: &Page, rail: &rail::Rail) -> Element {
    let dial = |(name, value): &(MessageId, String)| {
        classy("div", "dial").child(el("dt").child(page.say(*name))).child(el("dd").child(value))
    };
    let tag = classy("span", "tag").child(page.say(MessageId::Assumed));
    fragment()
        .child(el("h2").child(page.say(MessageId::SectionAssumed)).child(tag))
        .child(classy("dl", "dials").test_id("assumed").each(&rail.assumed, dial))
}

fn source(page: &Page, article: bool) -> Element {
    let hint = |class, id: MessageId| classy("p", class).child(page.say(id));
    fragment()
        .child(el("h2").child(page.say(MessageId::SectionSource)))
        .child(article.then(|| hint("hint", MessageId::SourceText)))
        .child(hint("hint model", MessageId::Model))
        .child(
            button(page, "link", Action::Open(Dialog::About))
                .test_id("about")
                .child(page.say(MessageId::AboutMore)),
        )
}
