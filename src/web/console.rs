//! The console: commands and their answers, and the line below them.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlTextAreaElement, KeyboardEvent};
use yew::TargetCast;

use super::browser;
use super::mark::{Attr, Element, On, Page, button, classy, el, fragment};
use crate::view::console::{Control, Edit, Report, announcement};
use crate::view::panels::console::{Console, Entry};
use crate::view::player::Direction;
use crate::view::text::MessageId;
use crate::view::ui::{Action, UiState};

/// Id of the field for a line.
pub(super) const FIELD: &str = "console-line";
/// Id of what scrolls: commands and answers.
pub(super) const TRANSCRIPT: &str = "console-transcript";
/// Id of what is said about the field.
const KEYS: &str = "console-keys";
/// Id of the console's tab.
const TAB: &str = "tab-console";

/// The console.
pub(super) fn console(page: &Page, ui: &UiState, console: &Console) -> Element {
    let said = ui.report.as_deref().filter(|report| report.control == Control::Console);
    let live = classy("p", "visually-hidden")
        .attr(Attr::AriaLive, "polite")
        .test_id("console-answer")
        .child(said.map(|report| announcement(report, page.lang)));
    let hints = console.examples.iter().map(|line| example(page, line));
    let examples =
        classy("p", "hint examples").child(page.say(MessageId::ConsoleTry)).each(hints, |hint| hint);
    let keys = classy("p", "hint").attr(Attr::Id, KEYS).child(page.say(MessageId::ConsoleKeys));
    classy("div", "console")
        .child(transcript(page, said, console))
        .child(live)
        .child(candidates(page, ui))
        .child(prompt(page, ui, console))
        .child(examples)
        .child(keys)
}

fn transcript(page: &Page, said: Option<&Report>, console: &Console) -> Element {
    let earlier = || classy("p", "hint").child(page.fill(MessageId::ConsoleEarlier, &[&console.earlier]));
    let aside = said.filter(|report| report.at.is_none()).map(|report| aside(page, report));
    let empty = console.entries.is_empty() && aside.is_none();
    let list = classy("ol", "entries")
        .test_id("console-entries")
        .each(&*console.entries, |each| entry(page, each))
        .child(aside);
    // One child, so that the box, which begins at its bottom, has it the right way up.
    let content = el("div")
        .child(empty.then(|| classy("p", "hint lead").child(page.say(MessageId::ConsoleHint))))
        .child((console.earlier > 0).then(earlier))
        .child(list);
    classy("div", "transcript")
        .attr(Attr::Id, TRANSCRIPT)
        .attr(Attr::Role, "region")
        .attr(Attr::AriaLabel, page.say(MessageId::ConsoleTranscript))
        .attr(Attr::Tabindex, "0")
        .child(content)
}

fn entry(page: &Page, entry: &Entry) -> Element {
    let copy = button(page, "link copy", Action::CopyAnswer(entry.n))
        .attr(Attr::AriaLabel, page.fill(MessageId::CopyAnswer, &[&entry.line]))
        .child(page.say(MessageId::Copy));
    let copy = (!entry.answer.is_empty()).then_some(copy);
    let time = classy("span", "time").child(&entry.time);
    let cut = || classy("p", "hint").child(page.say(MessageId::ConsoleCut));
    exchange(entry.failed, time, copy, &entry.line, &entry.answer)
        .test_id("console-entry")
        .key(entry.n as u32)
        .child(entry.cut.then(cut))
}

/// A line whose words stay in one piece where there is room: a browser would break options after their hyphens.
pub(super) fn command(line: &str, prompt: Element) -> Element {
    let word = |word: &str| fragment().child(classy("span", "word").child(word.to_owned())).child(" ");
    classy("code", "command").child(prompt).each(line.split(' '), word)
}

/// The answer of a line that made no call.
fn aside(page: &Page, report: &Report) -> Element {
    let tag = classy("span", "tag")
        .attr(Attr::Title, page.say(MessageId::ConsoleNoCallLong))
        .child(page.say(MessageId::ConsoleNoCall));
    exchange(report.failed, tag, None, &report.line, &report.answer).test_id("console-aside")
}

fn exchange(failed: bool, label: Element, copy: Option<Element>, line: &str, answer: &str) -> Element {
    let mark = || classy("span", "mark").hidden().child("✕");
    let head = classy("p", "entry-head").child(label).child(failed.then(mark)).child(copy);
    let prompt = classy("span", "sign").hidden().child("$ ");
    let line = command(line, prompt);
    // What can be wider than its box is scrolled by keyboard, too; errors are wrapped.
    let answer = (!answer.is_empty()).then(|| {
        let pre = classy("pre", "answer").child(answer.to_owned());
        if failed { pre } else { pre.attr(Attr::Tabindex, "0") }
    });
    classy("li", if failed { "entry failed" } else { "entry" }).child(head).child(line).child(answer)
}

/// What the last word could become.
fn candidates(page: &Page, ui: &UiState) -> Element {
    let listed = &ui.line.candidates;
    let item = |word: &String| {
        let pick = pick(page, &ui.line.with(word));
        el("li").child(pick.child(word))
    };
    let count = page.fill(MessageId::ConsoleCandidates, &[&listed.len()]);
    let said = classy("span", "visually-hidden")
        .attr(Attr::AriaLive, "polite")
        .child((!listed.is_empty()).then(|| count.clone()));
    let list = || {
        classy("ul", "candidates")
            .test_id("console-candidates")
            .attr(Attr::AriaLabel, count.clone())
            .each(&**listed, item)
    };
    fragment().child(said).child((!listed.is_empty()).then(list))
}

/// A button that puts a line into the field.
fn pick(page: &Page, line: &str) -> Element {
    let (on, line) = (page.on.clone(), Rc::from(line));
    let pick = move |_: &Event| {
        on.emit(Action::Edit(Edit::Type(Rc::clone(&line))));
        browser::focus(FIELD);
    };
    classy("button", "link").attr(Attr::Type, "button").on(On::Click, Box::new(pick))
}

fn example(page: &Page, line: &str) -> Element {
    pick(page, line).test_id("console-example").attr(Attr::Title, line.to_owned()).child(line.to_owned())
}

fn prompt(page: &Page, ui: &UiState, console: &Console) -> Element {
    let on = page.on.clone();
    let typed = move |event: &Event| {
        let text = event.target_unchecked_into::<HtmlTextAreaElement>().value();
        on.emit(Action::Edit(Edit::Type(text.into())));
    };
    let field = el("textarea")
        .attr(Attr::Id, FIELD)
        .attr(Attr::Rows, "1")
        .attr(Attr::Spellcheck, "false")
        .attr(Attr::Autocapitalize, "off")
        .attr(Attr::Autocomplete, "off")
        .attr(Attr::AriaDescribedby, KEYS)
        .test_id(FIELD)
        .value(&ui.line.text)
        .on(On::Input, Box::new(typed))
        .on(On::Keydown, keys(page, ui));
    let run = button(page, "button outlined", Action::Run(Control::Console, Rc::clone(&ui.line.text)))
        .test_id("console-run")
        .attr(Attr::Title, page.fill(MessageId::ConsoleAt, &[&console.next_at]))
        .child(page.say(MessageId::ConsoleRun));
    let label = classy("span", "visually-hidden").child(page.say(MessageId::ConsoleField));
    let sign = classy("span", "sign").hidden().child("$");
    classy("div", "prompt").child(el("label").child(label).child(sign).child(field)).child(run)
}

/// The keys of the field. Tab moves on wherever it has nothing to add.
fn keys(page: &Page, ui: &UiState) -> Box<dyn Fn(&Event)> {
    let (on, line) = (page.on.clone(), ui.line.clone());
    Box::new(move |event| {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
        if event.is_composing()
            || event.ctrl_key()
            || event.meta_key()
            || event.alt_key()
            || event.shift_key()
        {
            return;
        }
        let one_line = !line.text.contains('\n');
        let action = match event.key().as_str() {
            "Enter" => Action::Run(Control::Console, Rc::clone(&line.text)),
            "Tab" if line.completed().is_some() => Action::Edit(Edit::Complete),
            "ArrowUp" if one_line => Action::Edit(Edit::Recall(Direction::Back)),
            "ArrowDown" if one_line => Action::Edit(Edit::Recall(Direction::Forward)),
            "Escape" if !line.candidates.is_empty() => Action::Edit(Edit::Leave),
            "Escape" => return browser::focus(TAB),
            _ => return,
        };
        event.prevent_default();
        on.emit(action);
    })
}
