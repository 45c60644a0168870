//! What an invocation received, what an answer would make of its batch, and what became of the batch.

use web_sys::{Event, HtmlSelectElement, HtmlTextAreaElement};
use yew::TargetCast;

use super::mark::{Attr, Element, On, Page, button, classy, el, fragment};
use crate::view::panels::inspect::answer::{Judge, Ruling};
use crate::view::panels::inspect::event::EventText;
use crate::view::panels::inspect::tree::{Line, State, Tree};
use crate::view::scene::Object;
use crate::view::text::MessageId;
use crate::view::ui::{Action, UiState};

/// What became of the batch; each part leads to its last attempt.
pub(super) fn tree(page: &Page, tree: &Tree) -> Element {
    let more = || classy("p", "hint").child(page.say(MessageId::TreeMore));
    fragment()
        .child(el("h3").child(page.say(MessageId::SectionTree)))
        .child(classy("ol", "parts").test_id("tree").each(&tree.lines, |line| part(page, line)))
        .child(tree.cut.then(more))
}

fn part(page: &Page, line: &Line) -> Element {
    let select = line.invocation.map(|idx| Action::Select(Some(Object::Invocation(idx))));
    let row = match select {
        Some(action) => button(page, "part", action),
        None => classy("span", "part"),
    };
    let (class, sign) = match line.state {
        State::Good => ("good", "✓ "),
        State::Bad => ("bad", "✕ "),
        State::Open => ("open", ""),
    };
    let corner = || classy("span", "corner").hidden().child("└");
    let attempt = line.attempt.as_ref().map(|attempt| classy("span", "detail").child(attempt));
    let sign = el("span").hidden().child(sign);
    let row = row
        .attr(Attr::Style, format!("padding-left:{}px", 8 + 16 * line.depth.min(8)))
        .child((line.depth > 0).then(corner))
        .child(el("b").child(line.count.to_string()))
        .child(classy("span", "what").child(&line.records).child(attempt))
        .child(classy("span", class).child(sign).child(&line.words));
    el("li").child(if line.current { row.attr(Attr::AriaCurrent, "true") } else { row })
}

/// The event that the invocation received.
pub(super) fn event(page: &Page, event: &EventText) -> Element {
    let cut = || classy("p", "hint").child(page.say(MessageId::ConsoleCut));
    let copy = button(page, "button outlined", Action::CopyEvent(event.invocation))
        .test_id("event-copy")
        .child(page.say(MessageId::CopyEvent));
    let text = classy("pre", "answer").attr(Attr::Tabindex, "0").test_id("event").child(&event.text);
    fold(page, MessageId::SectionEvent, "event-fold").child(text).child(event.cut.then(cut)).child(copy)
}

/// An answer that can be edited, and the verdict on it.
pub(super) fn judge(page: &Page, ui: &UiState, judge: &Judge) -> Element {
    let typed = ui.answer.as_ref().filter(|(invocation, _)| *invocation == judge.invocation);
    let text = typed.map_or(judge.answer.as_str(), |(_, text)| text);
    let (on, invocation) = (page.on.clone(), judge.invocation);
    let edit = move |event: &Event| {
        let text = event.target_unchecked_into::<HtmlTextAreaElement>().value();
        on.emit(Action::Answer(Some((invocation, text.into()))));
    };
    let field = classy("textarea", "answer")
        .attr(Attr::Rows, "7")
        .attr(Attr::Spellcheck, "false")
        .attr(Attr::Autocapitalize, "off")
        .attr(Attr::Autocomplete, "off")
        .attr(Attr::AriaLabel, page.say(MessageId::JudgeField))
        .test_id("answer")
        .value(text)
        .on(On::Input, Box::new(edit));
    let problem = judge.problem.as_ref().map(|problem| classy("p", "bad").child(problem));
    let verdict = classy("div", "verdict")
        .attr(Attr::AriaLive, "polite")
        .test_id("verdict")
        .child(problem)
        .each(&judge.rulings, |each| ruling(page, each));
    fold(page, MessageId::SectionJudge, "answer-fold")
        .child(presets(page, judge, text))
        .child(field)
        .child(verdict)
}

/// Answers to try.
fn presets(page: &Page, judge: &Judge, text: &str) -> Element {
    let (on, invocation) = (page.on.clone(), judge.invocation);
    let choose = move |event: &Event| {
        let text = event.target_unchecked_into::<HtmlSelectElement>().value();
        let typed = (!text.is_empty()).then(|| (invocation, text.into()));
        on.emit(Action::Answer(typed));
    };
    let option = |[name, preset]: &[String; 2]| {
        let option = el("option").attr(Attr::Value, preset.clone());
        option.flag(Attr::Selected, preset == text).child(name)
    };
    let group = |&(name, ref answers): &(MessageId, Vec<[String; 2]>)| {
        el("optgroup").attr(Attr::Label, page.say(name)).each(answers, option)
    };
    let known = judge.presets.iter().flat_map(|(_, answers)| answers).any(|[_, preset]| preset == text);
    let own = el("option").attr(Attr::Value, "").child(page.say(MessageId::JudgeOwn));
    classy("select", "presets")
        .test_id("answer-presets")
        .attr(Attr::AriaLabel, page.say(MessageId::JudgePresets))
        // After something was chosen here, `selected` alone would not take it back.
        .property(Attr::Value, if known { text } else { "" })
        .on(On::Change, Box::new(choose))
        .child(own)
        .each(&judge.presets, group)
}

fn ruling(page: &Page, ruling: &Ruling) -> Element {
    let (class, sign) = if ruling.failed { ("bad", "✕ ") } else { ("good", "✓ ") };
    let setting = ruling.setting.map(|setting| classy("span", "hint").child(page.say(setting)));
    let verdict = el("b").class(class).child(el("span").hidden().child(sign)).child(&ruling.verdict);
    el("p")
        .child(setting)
        .child(el("span").child(verdict).child(": ").child(&ruling.reason))
        .child(el("span").child(&ruling.next))
}

/// A section that is folded at first.
fn fold(page: &Page, name: MessageId, test_id: &'static str) -> Element {
    let summary = el("summary").test_id(test_id).child(page.say(name));
    classy("details", "fold").child(summary)
}
