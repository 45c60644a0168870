//! The selected object; where nothing is selected, the picture as a table to choose from.

use super::batch;
use super::icon::Icon;
use super::mark::{Attr, Element, Page, button, classy, el, fragment, key_mark};
use super::tray;
use super::twin::twin_table;
use crate::view::panels::inspect::{Chip, Fact, Inspect, Phase, Stop, Wait, Why};
use crate::view::panels::twin;
use crate::view::scene::Object;
use crate::view::text::MessageId;
use crate::view::ui::{Action, UiState};

/// The inspector.
pub(super) fn inspector(page: &Page, ui: &UiState, inspect: &Inspect, twin: &twin::Twin) -> Element {
    if inspect.object.is_none() {
        let lead = classy("p", "hint lead").child(page.say(MessageId::InspectEmpty));
        return el("div").test_id("inspect-empty").child(lead).child(twin_table(page, twin));
    }
    let close = button(page, "button icon-only", Action::Select(None))
        .test_id("inspect-close")
        .attr(Attr::AriaLabel, page.say(MessageId::Close))
        .child(Icon::Close);
    let title =
        el("div").child(el("h2").child(&inspect.title)).child(classy("p", "hint").child(&inspect.subtitle));
    let object =
        classy("div", "object").each(inspect.keys.iter().take(3), key_mark).child(title).child(close);
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
        .child(object)
        .child((!inspect.life.is_empty()).then(|| life(page, inspect)))
        .child((!inspect.tree.lines.is_empty()).then(|| batch::tree(page, &inspect.tree)))
        .child(inspect.why.as_ref().map(|why| why_view(page, why, inspect.closed_by)))
        .child((!inspect.records.is_empty()).then(|| records(page, inspect)))
        .child((!inspect.facts.is_empty()).then(facts))
        .child((!inspect.streams.is_empty()).then(|| tray::streams(page, &inspect.streams)))
        .child(inspect.document.as_ref().map(document))
        .child((!inspect.tray.rows.is_empty()).then(|| tray::documents(page, &inspect.tray)))
        .child(inspect.log.as_ref().map(log))
        .child(inspect.judge.as_ref().map(|judge| batch::judge(page, ui, judge)))
        .child(inspect.event.as_ref().map(|event| batch::event(page, event)))
}

fn heading(page: &Page, name: MessageId) -> Element {
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
        classy("li", phase_class(stop.phase))
            .child(classy("span", "time").child(&stop.time))
            .child(classy("span", "what").child(page.say(stop.title)).child(detail))
    };
    let mark = |place: usize| el("i").class(format!("wait-{place}"));
    let span =
        |(place, wait): (usize, &Wait)| mark(place).attr(Attr::Style, format!("flex-grow:{}", wait.ms));
    let words = |(place, wait): (usize, &Wait)| {
        let length = el("b").child(&wait.text);
        el("li").child(mark(place)).child(length).child(" ").child(page.say(wait.label))
    };
    fragment()
        .child(heading(page, MessageId::SectionLife))
        .child(classy("ol", "life").test_id("life").each(&inspect.life, stop))
        .child(classy("div", "waits").hidden().each(inspect.waits.iter().enumerate(), span))
        .child(classy("ul", "wait-words").each(inspect.waits.iter().enumerate(), words))
}

fn why_view(page: &Page, why: &Why, closed_by: Option<MessageId>) -> Element {
    let chip =
        closed_by.map(|reason| classy("span", "tag closed-by").test_id("closed-by").child(page.say(reason)));
    let tag = classy("span", "tag").child(page.say(why.tag));
    let answer = classy("p", "why").child(page.say(why.answer)).child(" ").child(tag);
    fragment().child(heading(page, why.question).child(" ").child(chip)).child(answer)
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
