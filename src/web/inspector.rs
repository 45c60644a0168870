//! The selected object; where nothing is selected, the picture as a table to choose from.

use super::batch;
use super::icon::Icon;
use super::log_list::wide_time;
use super::mark::{Attr, Element, Page, button, classy, el, fragment, key_mark};
use super::rail::mapping_choice;
use super::tray;
use super::twin::twin_table;
use super::why;
use crate::view::panels::inspect::others::Group;
use crate::view::panels::inspect::{Chip, Fact, Inspect, Phase, Row, Span, Stop};
use crate::view::panels::twin;
use crate::view::scene::Object;
use crate::view::text::MessageId;
use crate::view::ui::{Action, UiState};

/// The inspector.
pub(super) fn inspector(
    page: &Page,
    ui: &UiState,
    inspect: &Inspect,
    others: &[Group],
    twin: &twin::Twin,
) -> Element {
    let Some(object) = inspect.object else {
        let lead = classy("p", "hint lead").child(page.say(MessageId::InspectEmpty));
        return el("div")
            .test_id("inspect-empty")
            .child(classy("h2", "visually-hidden").child(page.say(MessageId::TabInspect)))
            .child(lead)
            .child(heading(page, MessageId::TwinHeading))
            .child(twin_table(page, twin))
            .each(others, |group| group_view(page, group));
    };
    let close = button(page, "button icon-only", Action::Select(None))
        .test_id("inspect-close")
        .attr(Attr::AriaLabel, page.say(MessageId::Close))
        .child(Icon::Close);
    let title =
        el("div").child(el("h2").child(&inspect.title)).child(classy("p", "hint").child(&inspect.subtitle));
    let head = classy("div", "object").each(inspect.keys.iter().take(3), key_mark).child(title).child(close);
    let facts = || {
        let facts = classy("dl", "facts").each(&inspect.facts, |fact| fact_view(page, fact));
        fragment().child(heading(page, MessageId::SectionFacts)).child(facts)
    };
    let document = |&(title, ref text): &(MessageId, String)| {
        let text = classy("pre", "answer").attr(Attr::Tabindex, "0").test_id("document").child(text);
        fragment().child(heading(page, title)).child(text)
    };
    let log = |text: &String| {
        let text = classy("pre", "answer").attr(Attr::Tabindex, "0").test_id("log-lines").child(text);
        fragment().child(heading(page, MessageId::SectionLogLines)).child(text)
    };
    el("div")
        .test_id("inspect")
        .child(head)
        .child((!inspect.life.is_empty()).then(|| life(page, inspect)))
        .child((!inspect.tree.lines.is_empty()).then(|| batch::tree(page, &inspect.tree)))
        .child(inspect.why.as_ref().map(|chain| why::chain(page, chain, inspect.closed_by)))
        .child((!inspect.life.is_empty()).then(|| time(page, inspect)))
        .child((!inspect.records.is_empty()).then(|| records(page, inspect)))
        .child((!inspect.facts.is_empty()).then(facts))
        .child((!inspect.streams.is_empty()).then(|| tray::streams(page, &inspect.streams)))
        .child(inspect.document.as_ref().map(document))
        .child((!inspect.tray.rows.is_empty()).then(|| tray::documents(page, &inspect.tray)))
        .child(inspect.log.as_ref().map(log))
        .child(inspect.judge.as_ref().map(|judge| batch::judge(page, ui, judge)))
        .child(inspect.event.as_ref().map(|event| batch::event(page, event)))
        .each(inspect.shown.iter().enumerate(), |(place, shown)| why::shown(page, object, place, shown))
}

/// Objects of one kind to choose from.
fn group_view(page: &Page, group: &Group) -> Element {
    let one = |(object, name): &(Object, String)| {
        el("li").child(button(page, "row-button", Action::Select(Some(*object))).child(name))
    };
    let more = || classy("p", "hint").child(page.fill(MessageId::OthersMore, &[&group.more]));
    fragment()
        .child(heading(page, group.heading))
        .child(classy("ul", "others").each(&group.objects, one))
        .child((group.more > 0).then(more))
}

pub(super) fn heading(page: &Page, name: MessageId) -> Element {
    el("h3").child(page.say(name))
}

fn phase_class(phase: Phase) -> &'static str {
    match phase {
        Phase::Past => "past",
        Phase::Now => "now",
        Phase::Future => "future",
    }
}

fn life(page: &Page, inspect: &Inspect) -> Element {
    let stop = |stop: &Stop| {
        let detail = classy("span", "detail").child(&stop.detail);
        let what = classy("span", "what");
        let what = match stop.object {
            Some(object) => what.child(button(page, "link", Action::Select(Some(object))).child(&stop.title)),
            None => what.child(&stop.title),
        };
        classy("li", phase_class(stop.phase))
            .child(classy("span", "time").child(&stop.time))
            .child(what.child(detail))
    };
    let class = if inspect.life.iter().any(|stop| wide_time(&stop.time)) { "life hours" } else { "life" };
    fragment()
        .child(heading(page, MessageId::SectionLife))
        .child(mapping_choice(page, &inspect.mappings, "life-of"))
        .child(classy("ol", class).test_id("life").each(&inspect.life, stop))
}

/// Where a record's time went: a bar, and a table whose sum is the record's age.
fn time(page: &Page, inspect: &Inspect) -> Element {
    let time = &inspect.time;
    let span = |span: &Span| {
        let class = format!("use-{}", span.on as u8);
        el("i").class(class).attr(Attr::Style, format!("flex-grow:{}", span.ms))
    };
    let column = |class, id: MessageId| classy("th", class).attr(Attr::Scope, "col").child(page.say(id));
    let head = el("tr")
        .child(column("", MessageId::TimeUse))
        .child(column("number", MessageId::TimeLength))
        .child(column("number", MessageId::TimeShare));
    let number = |text: &String| classy("td", "number").child(text);
    let row = |row: &Row| {
        let mark = el("i").class(format!("use-{}", row.on as u8)).hidden();
        let name = el("th").attr(Attr::Scope, "row").child(mark).child(page.say(row.on.label()));
        el("tr").child(name).child(number(&row.text)).child(number(&row.share))
    };
    let age = el("tr")
        .child(el("th").attr(Attr::Scope, "row").child(page.say(MessageId::TimeAge)))
        .child(number(&time.age))
        .child(el("td"));
    let table = classy("table", "uses")
        .test_id("time")
        .child(el("thead").child(head))
        .child(el("tbody").each(&time.rows, row))
        .child(el("tfoot").child(age));
    fragment()
        .child(heading(page, MessageId::SectionTime))
        .child(classy("div", "waits").hidden().each(&time.spans, span))
        .child(table)
}

fn records(page: &Page, inspect: &Inspect) -> Element {
    let chip = |chip: &Chip| {
        let number = chip.name.rsplit('-').next().unwrap_or_default().to_owned();
        let chip = button(page, "", Action::Select(Some(Object::Record(chip.record))))
            .class(format!("chip hue-{} {}", chip.key.hue, phase_class(chip.phase)))
            .attr(Attr::AriaLabel, page.fill(MessageId::RecordTitle, &[&chip.name]))
            .attr(Attr::Title, chip.name.clone());
        el("li").child(chip.child(number))
    };
    let more = || classy("p", "hint").child(page.fill(MessageId::MoreRecords, &[&inspect.more]));
    fragment()
        .child(heading(page, MessageId::SectionBatch))
        .child(classy("ul", "chips").each(&inspect.records, chip))
        .child((inspect.more > 0).then(more))
}

fn fact_view(page: &Page, fact: &Fact) -> Element {
    let value = classy("dd", if fact.mono { "mono" } else { "" });
    let value = match fact.object {
        Some(object) => value.child(button(page, "link", Action::Select(Some(object))).child(&fact.value)),
        None => value.child(&fact.value),
    };
    classy("div", "fact").child(el("dt").child(page.say(fact.label))).child(value)
}
