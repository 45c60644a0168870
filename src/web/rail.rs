//! The settings beside the picture, what is assumed, and where the experiment comes from.

use std::rc::Rc;

use web_sys::{Event, HtmlSelectElement};
use yew::TargetCast;

use super::icon::Icon;
use super::mark::{Attr, Element, On, Page, button, classy, el, fragment};
use super::stream::answer;
use crate::view::console::{Control, Report};
use crate::view::cut::Step;
use crate::view::knob::{Kind, Knob};
use crate::view::panels::rail;
use crate::view::player::Direction;
use crate::view::text::MessageId;
use crate::view::ui::{Action, Dialog, UiState};

/// Id of the button that closes the settings.
pub(super) const RAIL_CLOSE: &str = "rail-close";

/// Settings of the mapping behind the disclosure.
const MORE: [Knob; 5] =
    [Knob::BatchSize, Knob::BatchWindow, Knob::Retries, Knob::RecordAge, Knob::Destination];

/// The settings.
pub(super) fn rail(page: &Page, ui: &UiState, rail: &rail::Rail) -> Element {
    let heading = |id: MessageId| el("h2").child(page.say(id));
    let settings = |wanted: &[Knob]| {
        let knobs = rail.knobs.iter().filter(|value| wanted.contains(&value.knob));
        fragment().each(knobs, |value| setting(page, value))
    };
    let close = button(page, "button icon-only rail-close", Action::ShowRail(false))
        .attr(Attr::Id, RAIL_CLOSE)
        .test_id("settings-close")
        .attr(Attr::AriaLabel, page.say(MessageId::Close))
        .child(Icon::Close);
    let tag = |state: &'static str| classy("span", "tag").child(state);
    let state = rail.mapping.as_ref().and_then(|now| now.state);
    let report = ui.report.as_deref().filter(|report| report.control == Control::Deploy);
    let consumer = || {
        fragment()
            .child(heading(MessageId::SectionMapping).child(state.map(tag)))
            .child(settings(&[Knob::ParallelizationFactor, Knob::Bisect, Knob::Checkpoint]))
            .child(more(page, settings(&MORE).child(rail.mapping.as_ref().map(|now| enabled(page, now)))))
            .child(heading(MessageId::SectionFunction))
            .child(settings(&[Knob::PerRecord]))
            .child(rail.deploy.as_ref().map(|now| deploy(page, now, report)))
    };
    let status = rail.stream.as_ref().and_then(|now| now.status);
    let seed = el("b").test_id("seed").child(rail.seed.to_string());
    let reset = || {
        let reset = button(page, "button outlined wide", Action::Reset);
        reset.test_id("reset").child(page.say(MessageId::Reset))
    };
    classy("aside", if ui.rail_open { "rail open" } else { "rail" })
        .attr(Attr::Id, "rail")
        .attr(Attr::AriaLabel, page.say(MessageId::Settings))
        .child(close)
        .child(heading(MessageId::SectionStream).child(status.map(tag)))
        .child(settings(&[Knob::Shards]))
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

/// Whether the mapping is enabled: a command at the playhead, where the other settings build the run anew.
fn enabled(page: &Page, now: &rail::MappingNow) -> Element {
    let switch = classy("input", "switch")
        .attr(Attr::Type, "checkbox")
        .attr(Attr::Role, "switch")
        .test_id("enabled")
        .flag(Attr::Disabled, now.line.is_none())
        .checked(now.enabled);
    let switch = match &now.line {
        Some(line) => switch.ask(page, On::Change, Action::Run(Control::Enabled, Rc::clone(line))),
        None => switch,
    };
    classy("label", "row").child(el("span").child(page.say(MessageId::EnabledNow))).child(switch)
}

/// The version that is invoked, and what deploys the next one.
fn deploy(page: &Page, now: &rail::DeployNow, report: Option<&Report>) -> Element {
    let version = el("span").child(page.say(MessageId::FunctionVersion)).child(" ");
    let version = version.child(el("b").test_id("version").child(&now.version));
    let (title, reason) = match &now.command {
        Ok(line) => (Some(line.clone()), None),
        Err(reason) => (None, Some(*reason)),
    };
    let deploy = button(page, "button outlined", Action::Deploy)
        .test_id("deploy")
        .flag(Attr::Disabled, reason.is_some())
        .attr(Attr::Title, title.unwrap_or_default())
        .child(&now.name);
    let alias = now.alias.as_ref().map(|alias| classy("p", "hint").test_id("alias").child(alias));
    let reason = |reason| classy("p", "hint").test_id("deploy-reason").child(page.say(reason));
    let answered = |report: &Report| answer(page, report);
    fragment()
        .child(classy("div", "row").child(version).child(deploy))
        .child(alias)
        .child(now.command.as_ref().err().map(|&id| reason(id)))
        .child(classy("div", "report").attr(Attr::Role, "status").child(report.map(answered)))
}

/// Settings that show once they are asked for.
fn more(page: &Page, settings: Element) -> Element {
    let summary = el("summary").test_id("more-settings").child(page.say(MessageId::MoreSettings));
    classy("details", "more").child(summary).child(settings)
}

/// A setting with its name.
fn setting(page: &Page, value: &rail::KnobValue) -> Element {
    let name = || el("span").child(page.say(value.knob.label()));
    let (tag, control) = match value.knob.kind() {
        Kind::Stepper => ("div", stepper(page, value)),
        Kind::Switch => ("label", switch(page, value)),
        Kind::Choice => ("label", choice(page, value)),
    };
    let row = classy(tag, if value.changed { "row changed" } else { "row" });
    let row = match value.knob.kind() {
        Kind::Stepper => row.attr(Attr::Role, "group").attr(Attr::AriaLabel, page.say(value.knob.label())),
        Kind::Switch | Kind::Choice => row,
    };
    row.child(name()).child(control)
}

fn switch(page: &Page, value: &rail::KnobValue) -> Element {
    let on = value.choices.iter().any(|&(number, _, chosen)| chosen && number > 0);
    let switch = classy("input", "switch").attr(Attr::Type, "checkbox").attr(Attr::Role, "switch");
    switch.test_id(value.knob.test_id()).checked(on).ask(
        page,
        On::Change,
        Action::Set(value.knob, u64::from(!on)),
    )
}

fn choice(page: &Page, value: &rail::KnobValue) -> Element {
    let (on, knob) = (page.on.clone(), value.knob);
    let choose = move |event: &Event| {
        if let Ok(number) = event.target_unchecked_into::<HtmlSelectElement>().value().parse() {
            on.emit(Action::Set(knob, number));
        }
    };
    let option = |&(number, ref text, chosen): &(u64, String, bool)| {
        let option = el("option").attr(Attr::Value, number.to_string()).flag(Attr::Selected, chosen);
        option.child(text)
    };
    let chosen = value.choices.iter().find(|choice| choice.2);
    classy("select", "choice")
        .test_id(knob.test_id())
        // After something was chosen here, `selected` alone would not take it back.
        .property(Attr::Value, &chosen.map_or_else(String::new, |choice| choice.0.to_string()))
        .on(On::Change, Box::new(choose))
        .each(&value.choices, option)
}

fn stepper(page: &Page, value: &rail::KnobValue) -> Element {
    let knob = value.knob;
    let turn = |test_id: &str, possible: bool, label: MessageId, direction: Direction, sign: &'static str| {
        el("button")
            .attr(Attr::Type, "button")
            .test_id([knob.test_id(), test_id].concat())
            .flag(Attr::Disabled, !possible)
            .attr(Attr::AriaLabel, page.fill(label, &[&knob.label().text(page.lang)]))
            .ask(page, On::Click, Action::Turn(knob, direction))
            .child(sign)
    };
    classy("span", "stepper")
        .child(turn("-decrease", value.can_decrease, MessageId::Decrease, Direction::Back, "−"))
        .child(el("output").test_id([knob.test_id(), "-value"].concat()).child(&value.value))
        .child(turn("-increase", value.can_increase, MessageId::Increase, Direction::Forward, "+"))
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
