//! The settings beside the picture, what is assumed, and where the experiment comes from.

mod filter;

use web_sys::{Event, HtmlSelectElement};
use yew::TargetCast;

use super::icon::Icon;
use super::mark::{Attr, Element, On, Page, button, classy, el, fragment};
use super::stream::short_answer;
use crate::view::console::{Control, Report};
use crate::view::cut::Step;
use crate::view::knob::{Kind, Knob, Since};
use crate::view::panels::rail;
use crate::view::panels::rail::state::{Edit, Fold};
use crate::view::player::Direction;
use crate::view::text::MessageId;
use crate::view::ui::{Action, Dialog, UiState};

/// Id of the button that closes the settings.
pub(super) const RAIL_CLOSE: &str = "rail-close";

/// Settings of the mapping that always show, and of its function.
const MAPPING: [Knob; 3] = [Knob::ParallelizationFactor, Knob::Bisect, Knob::Checkpoint];
const FUNCTION: [Knob; 2] = [Knob::PerRecord, Knob::Reserved];

/// The settings.
pub(super) fn rail(page: &Page, ui: &UiState, rail: &rail::Rail) -> Element {
    let panel = Panel { page, ui, rail };
    let heading = |id: MessageId| el("h2").child(page.say(id));
    let close = button(page, "button icon-only rail-close", Action::ShowRail(false))
        .attr(Attr::Id, RAIL_CLOSE)
        .test_id("settings-close")
        .attr(Attr::AriaLabel, page.say(MessageId::Close))
        .child(Icon::Close);
    let tag = |state: &'static str| classy("span", "tag").child(state);
    let status = rail.stream.as_ref().and_then(|now| now.status);
    let seed = el("b").test_id("seed").child(rail.seed.to_string());
    let reset = || {
        let reset = button(page, "button outlined wide", Action::Reset);
        reset.test_id("reset").child(page.say(MessageId::Reset))
    };
    let consumer = || {
        fragment()
            .child(heading(MessageId::SectionMapping).child(rail.mapping_state.map(tag)))
            .child(mapping_choice(page, &rail.mappings, "mapping"))
            .child(panel.settings(&MAPPING))
            .child(panel.fold(Fold::More, MessageId::MoreSettings, "more-settings", None))
            .child(ui.rail.shows(Fold::More).then(|| panel.settings(&rail::MORE)))
            .child(panel.filter_fold())
            .child(rail.filter.as_ref().map(|now| filter::filter(page, ui, now)))
            .child(heading(MessageId::SectionFunction))
            .child(panel.settings(&FUNCTION))
            .child(rail.deploy.as_ref().map(|now| deploy(page, now, panel.report(Control::Deploy))))
    };
    classy("aside", if ui.rail_open { "rail open" } else { "rail" })
        .attr(Attr::Id, "rail")
        .attr(Attr::AriaLabel, page.say(MessageId::Settings))
        .child(close)
        .child(since(page, ui.rail.scope.since))
        .child(heading(MessageId::SectionStream).child(status.map(tag)))
        .child(panel.settings(&[Knob::Shards]))
        .child(rail.stream.as_ref().map(|now| reshard(page, now)))
        .each(&rail.producers, |producer| classy("p", "hint").child(producer))
        .child(rail.has_consumer.then(consumer))
        .child(heading(MessageId::SectionRun))
        .child(classy("p", "row").child(el("span").child(page.say(MessageId::Seed))).child(seed))
        .child(rail.changed.then(reset))
        .child(panel.assumed())
        .child(source(page, rail.article))
}

/// What its parts are given.
struct Panel<'a> {
    page: &'a Page,
    ui: &'a UiState,
    rail: &'a rail::Rail,
}

/// From when on settings count that are turned.
fn since(page: &Page, now: Since) -> Element {
    let choice = |&(since, test_id, name): &(Since, &'static str, MessageId)| {
        button(page, "segment", Action::Rail(Edit::Since(since)))
            .test_id(test_id)
            .attr(Attr::AriaPressed, since == now)
            .child(page.say(name))
    };
    let choices = [
        (Since::Now, "since-now", MessageId::SinceNow),
        (Since::Start, "since-start", MessageId::SinceStart),
    ];
    let group = classy("div", "segments")
        .attr(Attr::Role, "group")
        .attr(Attr::AriaLabelledby, SINCE)
        .each(&choices, choice);
    let name = el("h2").attr(Attr::Id, SINCE).child(page.say(MessageId::SinceLabel));
    classy("div", "since").child(name).child(group)
}

/// Which mapping is looked at, where there are several.
pub(super) fn mapping_choice(
    page: &Page,
    mappings: &[(String, bool)],
    test_id: &'static str,
) -> Option<Element> {
    let choice = |(idx, (name, this)): (u16, &(String, bool))| {
        button(page, "segment", Action::Rail(Edit::Mapping(idx)))
            .test_id(format!("{test_id}-{idx}"))
            .attr(Attr::AriaPressed, *this)
            .child(name)
    };
    let group = || {
        classy("div", "segments stacked")
            .attr(Attr::Role, "group")
            .attr(Attr::AriaLabel, page.say(MessageId::MappingLookedAt))
            .each((0..).zip(mappings), choice)
    };
    (!mappings.is_empty()).then(group)
}

/// Id of what the choice of [`since`] is called.
const SINCE: &str = "since-label";

impl Panel<'_> {
    /// Those of the settings that there are.
    fn settings(&self, wanted: &[Knob]) -> Element {
        let values =
            wanted.iter().filter_map(|knob| self.rail.knobs.iter().find(|value| value.knob == *knob));
        fragment().each(values, |value| self.setting(value))
    }

    /// What a control has run last.
    fn report(&self, control: Control) -> Option<&Report> {
        self.ui.report.as_deref().filter(|report| report.control == control)
    }

    /// A button that shows and folds a part.
    fn fold(&self, fold: Fold, name: MessageId, test_id: &'static str, now: Option<String>) -> Element {
        let open = self.ui.rail.shows(fold);
        let now = now.map(|now| classy("span", "fold-now").child(now));
        button(self.page, "unfold", Action::Rail(Edit::Toggle(fold)))
            .test_id(test_id)
            .attr(Attr::AriaExpanded, open)
            .child(classy("span", "sign").hidden().child(if open { "▾" } else { "▸" }))
            .child(el("span").child(self.page.say(name)))
            .child(now)
    }

    fn filter_fold(&self) -> Element {
        let now = match self.rail.filters {
            0 => MessageId::NoFilter.text(self.page.lang).to_owned(),
            count => count.to_string(),
        };
        self.fold(Fold::Filter, MessageId::FilterFold, "filter-fold", Some(now))
    }

    /// A setting with its name, and what came of turning it.
    fn setting(&self, value: &rail::KnobValue) -> Element {
        let page = self.page;
        let (tag, control) = match value.knob.kind() {
            Kind::Stepper => ("div", stepper(page, value)),
            Kind::Switch => ("label", switch(page, value)),
            Kind::Choice => ("label", choice(page, value)),
        };
        let row = classy(tag, if value.changed { "row changed" } else { "row" });
        let row = match value.knob.kind() {
            Kind::Stepper => {
                row.attr(Attr::Role, "group").attr(Attr::AriaLabel, page.say(value.knob.label()))
            }
            Kind::Switch | Kind::Choice => row,
        };
        let row = row.child(el("span").child(page.say(value.knob.label()))).child(control);
        let answered = |report: &Report| short_answer(page, report);
        let report = classy("div", "report").attr(Attr::Role, "status");
        let report = report.child(self.report(Control::Knob(value.knob)).map(answered));
        let dial = value.default.as_ref().map(|default| self.reset(value, default));
        let restarts = || classy("p", "hint").child(page.say(MessageId::KnobRestarts));
        let restarts = (value.restarts && dial.is_none()).then(restarts);
        fragment().child(row).child(dial).child(restarts).child(report)
    }

    /// What is assumed if nothing else is said, and the way back to it.
    fn reset(&self, value: &rail::KnobValue, (default, text): &(u64, String)) -> Element {
        let page = self.page;
        let label = page.fill(MessageId::DialReset, &[text, &value.knob.label().text(page.lang)]);
        let back = || {
            button(page, "link", Action::Set(value.knob, *default))
                .test_id([value.knob.test_id(), "-reset"].concat())
                .attr(Attr::AriaLabel, label)
                .child("↺")
        };
        let name = el("span").child(page.fill(MessageId::DialDefault, &[text]));
        let turned = value.choices.iter().any(|&(number, _, chosen)| chosen && number != *default);
        classy("p", "hint dial-default").child(name).child(turned.then(back))
    }

    /// What is assumed, and the dials once they are asked for.
    fn assumed(&self) -> Element {
        let page = self.page;
        let dial = |(name, value): &(MessageId, String)| {
            classy("div", "dial").child(el("dt").child(page.say(*name))).child(el("dd").child(value))
        };
        let open = self.ui.rail.shows(Fold::Model);
        let tag = classy("span", "tag").child(page.say(MessageId::Assumed));
        let list = classy("dl", "dials").test_id("assumed").each(&self.rail.assumed, dial);
        let hint = || classy("p", "hint").child(page.say(MessageId::DialsHint));
        let name = if open { MessageId::ModelDone } else { MessageId::ModelTurn };
        fragment()
            .child(el("h2").child(page.say(MessageId::SectionAssumed)).child(tag))
            .child(open.then(hint))
            .child(open.then(|| self.settings(&Knob::DIALS)))
            .child(list)
            .child(self.fold(Fold::Model, name, "model-fold", None))
    }
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
    let answered = |report: &Report| short_answer(page, report);
    fragment()
        .child(classy("div", "row").child(version).child(deploy))
        .child(alias)
        .child(now.command.as_ref().err().map(|&id| reason(id)))
        .child(classy("div", "report").attr(Attr::Role, "status").child(report.map(answered)))
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
