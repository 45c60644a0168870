//! The mapping's filter, to be typed and judged.

use std::rc::Rc;

use web_sys::{Event, HtmlTextAreaElement};
use yew::TargetCast;

use crate::view::console::Control;
use crate::view::panels::rail::filter::{Filter, Judged};
use crate::view::panels::rail::state::Edit;
use crate::view::text::MessageId;
use crate::view::ui::{Action, UiState};
use crate::web::mark::{Attr, Element, On, Page, button, classy, el, fragment, key_mark};
use crate::web::stream::short_answer;

/// What an empty pattern begins with.
const NEW: &str = r#"{"partitionKey": [""]}"#;

/// The filter.
pub(super) fn filter(page: &Page, ui: &UiState, filter: &Filter) -> Element {
    let changed = |patterns: Vec<Rc<str>>| Action::Rail(Edit::Patterns(Some(patterns.into())));
    let add = || {
        let mut patterns = filter.patterns.to_vec();
        patterns.push(NEW.into());
        button(page, "button outlined", changed(patterns))
            .test_id("filter-add")
            .child(page.say(MessageId::FilterAdd))
    };
    let wrong = filter.mistakes.iter().any(Option::is_some);
    let apply = button(page, "button primary", Action::SetFilter)
        .test_id("filter-apply")
        .flag(Attr::Disabled, wrong || !filter.changed)
        .child(page.say(MessageId::FilterApply));
    let undo = || {
        button(page, "button", Action::Rail(Edit::Patterns(None)))
            .test_id("filter-undo")
            .child(page.say(MessageId::FilterUndo))
    };
    let report = ui.report.as_deref().filter(|report| report.control == Control::Filter);
    let places = filter.patterns.iter().enumerate();
    classy("div", "filter")
        .test_id("filter")
        .child(classy("p", "hint").child(page.say(MessageId::FilterHint)))
        .each(places, |(place, text)| pattern(page, filter, place, text))
        .child(filter.can_add.then(add))
        .child(classy("div", "buttons").child(apply).child(filter.changed.then(undo)))
        .child(
            classy("div", "report")
                .attr(Attr::Role, "status")
                .child(report.map(|report| short_answer(page, report))),
        )
        .child(matches(page, filter))
}

fn pattern(page: &Page, filter: &Filter, place: usize, text: &Rc<str>) -> Element {
    let (on, patterns) = (page.on.clone(), Rc::clone(&filter.patterns));
    let typed = move |event: &Event| {
        let mut patterns = patterns.to_vec();
        patterns[place] = event.target_unchecked_into::<HtmlTextAreaElement>().value().into();
        on.emit(Action::Rail(Edit::Patterns(Some(patterns.into()))));
    };
    let mut others = filter.patterns.to_vec();
    others.remove(place);
    let remove = button(page, "button icon-only", Action::Rail(Edit::Patterns(Some(others.into()))))
        .test_id("filter-remove")
        .attr(Attr::AriaLabel, page.fill(MessageId::FilterRemove, &[&(place + 1)]))
        .child("×");
    let problem = format!("filter-mistake-{place}");
    let field = classy("textarea", "answer")
        .attr(Attr::Rows, "3")
        .attr(Attr::Spellcheck, "false")
        .attr(Attr::Autocapitalize, "none")
        .attr(Attr::AriaLabel, page.fill(MessageId::FilterPattern, &[&(place + 1)]))
        .attr(Attr::AriaDescribedby, problem.clone())
        .test_id("filter-pattern")
        .value(text)
        .on(On::Input, Box::new(typed));
    let mistake = filter.mistakes[place].as_ref();
    let mistake =
        classy("p", "mistake").attr(Attr::Id, problem).attr(Attr::AriaLive, "polite").child(mistake);
    fragment().child(classy("div", "pattern").child(field).child(remove)).child(mistake)
}

fn matches(page: &Page, filter: &Filter) -> Element {
    let record = |judged: &Judged| {
        let (class, sign, words) = if judged.matches {
            ("good", "✓", MessageId::FilterMatch)
        } else {
            ("open", "–", MessageId::FilterNoMatch)
        };
        let name = button(page, "row-button", Action::Select(Some(judged.object)))
            .child(key_mark(&judged.key))
            .child(classy("span", "mono").child(&judged.name));
        let data = classy("span", "mono data").attr(Attr::Title, judged.data.clone()).child(&judged.data);
        let words = classy("span", "visually-hidden").child(page.say(words));
        let verdict = classy("span", class).child(el("span").hidden().child(sign)).child(words);
        classy("li", "judged").child(verdict).child(name).child(data)
    };
    let matched = classy("p", "hint").test_id("filter-matched").attr(Attr::AriaLive, "polite");
    fragment()
        .child(matched.child(filter.matched.as_ref()))
        .child(classy("ul", "judged-list").test_id("filter-records").each(&filter.records, record))
}
