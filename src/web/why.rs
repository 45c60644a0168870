//! The chain of causes of the selected object, and its JSON as AWS shows it.

use super::inspector::heading;
use super::mark::{Attr, Element, Page, button, classy, el, fragment};
use crate::view::panels::inspect::shown::Shown;
use crate::view::panels::inspect::why::{Moment, Step, Why};
use crate::view::scene::Object;
use crate::view::text::MessageId;
use crate::view::ui::Action;

/// Why, step by step, and the sources; what closed a batch stands beside the question.
pub(super) fn chain(page: &Page, why: &Why, closed_by: Option<MessageId>) -> Element {
    let chip =
        closed_by.map(|reason| classy("span", "tag closed-by").test_id("closed-by").child(page.say(reason)));
    let source = |source: &String| el("li").child(source);
    fragment()
        .child(heading(page, why.question).child(" ").child(chip))
        .child(classy("ol", "causes").test_id("why").each(&why.steps, |one| step(page, one)))
        .child(classy("h4", "sources-title").child(page.say(MessageId::SectionSources)))
        .child(classy("ol", "sources").test_id("sources").each(&why.sources, source))
}

fn step(page: &Page, step: &Step) -> Element {
    let number = page.fill(MessageId::SourceNumber, &[&step.source]);
    let number = el("sup")
        .child(el("span").hidden().child(step.source.to_string()))
        .child(classy("span", "visually-hidden").child(" ").child(number));
    let tag = classy("span", "tag").child(page.say(step.tag.text())).child(number);
    let dial = (!step.dial.is_empty()).then(|| el("code").child(step.dial));
    let moment = |moment: &Moment| {
        button(page, "link moment", Action::SeekTo(moment.t))
            .attr(Attr::AriaLabel, page.fill(MessageId::EventAt, &[&moment.numbers, &moment.time]))
            .child(&moment.time)
    };
    let about =
        |(object, name): &(Object, String)| button(page, "link", Action::Select(Some(*object))).child(name);
    let rests = classy("p", "rests")
        .child(tag)
        .child(dial)
        .each(&step.events, moment)
        .child(step.object.as_ref().map(about));
    el("li").child(el("p").child(&step.text)).child(rests)
}

/// The JSON that an operation shows of the object.
pub(super) fn shown(page: &Page, object: Object, place: usize, shown: &Shown) -> Element {
    let cut = || classy("p", "hint").child(page.say(MessageId::ConsoleCut));
    let copy = button(page, "button outlined", Action::CopyShown(object, place))
        .test_id("json-copy")
        .child(page.say(MessageId::CopyJson));
    let text = classy("pre", "answer").attr(Attr::Tabindex, "0").test_id("json").child(&shown.text);
    let summary = el("summary").test_id("json-fold");
    let summary = summary.child(page.fill(MessageId::SectionShown, &[&shown.name]));
    classy("details", "more fold").child(summary).child(text).child(shown.cut.then(cut)).child(copy)
}
