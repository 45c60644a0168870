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
        classy("li", "document").child(look).child(copy)
    };
    let more = || classy("p", "hint").child(page.fill(MessageId::TrayMore, &[&tray.more]));
    fragment()
        .child(el("h3").child(page.say(MessageId::TraySection)))
        .child(classy("ul", "parts documents").test_id("documents").each(&tray.rows, row))
        .child((tray.more > 0).then(more))
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
