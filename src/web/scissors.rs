//! The scissors beside the picture: what they would do, where, as a number; then what AWS said.

use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlInputElement, KeyboardEvent};
use yew::TargetCast;

use super::icon::Icon;
use super::mark::{Attr, Element, On, Page, button, classy, el, fragment};
use super::stream::answer;
use crate::kinesis::HashKey;
use crate::view::console::Control;
use crate::view::cut::Step;
use crate::view::panels::scissors::Scissors;
use crate::view::text::MessageId;
use crate::view::ui::{Action, UiState};

/// Id of the button that uses them.
pub(super) const CUT: &str = "cut";

/// The scissors while they are up, else what came of them last, else nothing.
pub(super) fn scissors(page: &Page, ui: &UiState, scissors: Option<&Scissors>) -> Element {
    let report = ui.report.as_deref().filter(|report| report.control == Control::Scissors);
    let content = match (scissors, report) {
        (Some(scissors), _) => tool(page, scissors),
        (None, Some(report)) => fragment().child(answer(page, report)).child(leave(page)),
        (None, None) => fragment(),
    };
    let class = if scissors.is_some() { "scissors up" } else { "scissors" };
    classy("div", class).test_id("scissors").attr(Attr::Role, "status").child(content)
}

fn tool(page: &Page, scissors: &Scissors) -> Element {
    let parsed = |event: &Event| -> Option<HashKey> {
        event.target_unchecked_into::<HtmlInputElement>().value().trim().parse().ok().map(HashKey)
    };
    let on = page.on.clone();
    let set = move |event: &Event| {
        if let Some(hash_key) = parsed(event) {
            on.emit(Action::Cut(Step::To(hash_key)));
        }
    };
    let on = page.on.clone();
    let keys = move |event: &Event| {
        let Some(key) = event.dyn_ref::<KeyboardEvent>() else { return };
        match key.key().as_str() {
            "Enter" => {
                if let Some(hash_key) = parsed(event) {
                    on.emit(Action::Cut(Step::To(hash_key)));
                    on.emit(Action::Cut(Step::Confirm));
                }
            }
            "Escape" => on.emit(Action::Cut(Step::Leave)),
            _ => {}
        }
    };
    let input = el("input")
        .attr(Attr::Type, "text")
        .attr(Attr::Spellcheck, "false")
        .attr(Attr::Autocomplete, "off")
        .test_id("cut-at")
        .value(&scissors.at)
        .on(On::Input, Box::new(set))
        .on(On::Keydown, Box::new(keys));
    let field = classy("label", "field").child(el("span").child(page.say(MessageId::CutKey))).child(input);
    let confirm = button(page, "button primary", Action::Cut(Step::Confirm))
        .attr(Attr::Id, CUT)
        .test_id("cut-confirm")
        .flag(Attr::Disabled, scissors.line.is_none())
        .child(page.say(scissors.verb));
    fragment()
        .child(classy("p", "what").test_id("cut-what").child(&scissors.what))
        .child(leave(page))
        .child(classy("div", "field-row").child(field).child(confirm))
        .child(classy("p", "hint").child(page.say(MessageId::CutHint)))
}

/// Puts away the scissors, or what came of them.
fn leave(page: &Page) -> Element {
    button(page, "button icon-only", Action::Cut(Step::Leave))
        .test_id("cut-leave")
        .attr(Attr::AriaLabel, page.say(MessageId::CutLeave))
        .child(Icon::Close)
}
