//! Lists of the inspector: the documents about what was given up, and the log streams of a function.

use super::mark::{Attr, Element, Page, button, classy, el, fragment};
use crate::view::panels::inspect::environment::LogStream;
use crate::view::panels::inspect::tray::{Row, Tray};
use crate::view::scene::Object;
use crate::view::text::MessageId;
use crate::view::ui::Action;

/// The documents, latest first; each can be looked at and copied.
pub(super) fn documents(page: &Page, tray: &Tray) -> Element {
    let row = |row: &Row| {
        let look = button(page, "part", Action::Select(Some(Object::Discard(row.idx))))
            .child(classy("span", "time").child(&row.time))
            .child(classy("span", "what").child(&row.text));
        let look = if row.current { look.attr(Attr::AriaCurrent, "true") } else { look };
        let copy = button(page, "link copy", Action::CopyDocument(row.idx))
            .test_id("document-copy")
            .attr(Attr::AriaLabel, page.fill(MessageId::CopyDocument, &[&row.time]))
            .child(page.say(MessageId::Copy));
        let redrive = button(page, "link copy", Action::Redrive(row.idx))
            .test_id("document-redrive")
            .flag(Attr::Disabled, row.refusal.is_some())
            .attr(Attr::Title, row.refusal.unwrap_or_default())
            .attr(Attr::AriaLabel, page.fill(MessageId::RedriveDocument, &[&row.time]))
            .child(page.say(MessageId::Redrive));
        let redriven = |&(ref text, object): &(String, Object)| {
            let look = button(page, "link", Action::Select(Some(object))).child(text);
            classy("p", "hint").test_id("document-redriven").child(look)
        };
        let refusal = row.refusal.filter(|_| row.current);
        classy("li", "document")
            .child(look)
            .child(copy)
            .child(redrive)
            .child(
                classy("div", "redriven")
                    .attr(Attr::Role, "status")
                    .child(row.redriven.as_ref().map(redriven)),
            )
            .child(refusal.map(|text| classy("p", "hint redriven").child(text)))
    };
    let more = || classy("p", "hint").child(page.fill(MessageId::TrayMore, &[&tray.more]));
    fragment()
        .child(el("h3").child(page.say(MessageId::TraySection)))
        .child(classy("ul", "parts documents").test_id("documents").each(&tray.rows, row))
        .child((tray.more > 0).then(more))
        .child(classy("p", "hint").child(page.say(MessageId::TrayHint)))
}

/// The log streams, oldest first.
pub(super) fn streams(page: &Page, streams: &[LogStream]) -> Element {
    let row = |stream: &LogStream| {
        let look = button(page, "part", Action::Select(Some(Object::Environment(stream.environment))))
            .attr(Attr::Title, stream.name.clone())
            .child(classy("span", "what mono").child(&stream.name))
            .child(classy("span", "detail").child(&stream.text));
        el("li").child(if stream.current { look.attr(Attr::AriaCurrent, "true") } else { look })
    };
    fragment()
        .child(el("h3").child(page.say(MessageId::SectionStreams)))
        .child(classy("ul", "parts streams").test_id("log-streams").each(streams, row))
}
