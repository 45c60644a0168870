//! Marks on the scrub bar, and the list of them: bookmarks, commands, deploys, failures.
//!
//! The marks are a toolbar: one stop of the Tab key, arrows go from mark to mark. Focus lights a mark's moment in the time
//! line; a click, or Enter, goes there. The list has the same as buttons of full size, and takes bookmarks away.

use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement, KeyboardEvent};
use yew::TargetCast;

use super::icon::Icon;
use super::mark::{Attr, Element, On, Page, button, classy, el};
use super::transport::{percent, tool};
use crate::units::SimTime;
use crate::view::number::short_clock;
use crate::view::panels::Transport;
use crate::view::panels::markers::{Kind, Marker};
use crate::view::text::MessageId;
use crate::view::ui::Action;

/// Id of the list.
const MENU: &str = "markers";

/// The marks.
pub(super) fn markers(page: &Page, transport: &Transport) -> Element {
    let end = transport.end.0;
    let mark = |(place, marker): (usize, &Marker)| {
        moment(page, "marker", marker.at)
            .attr(Attr::DataKind, marker.kind.code())
            .test_id(["marker-", marker.kind.code()].concat())
            .attr(Attr::Tabindex, if place == 0 { "0" } else { "-1" })
            .attr(Attr::Style, ["left:", &percent(marker.at.0, end)].concat())
            .attr(Attr::AriaLabel, marker.label.clone())
            .attr(Attr::Title, marker.label.clone())
            .child(glyph(marker.kind))
    };
    let bar = classy("div", "markers").attr(Attr::AriaLabel, page.say(MessageId::Markers));
    // A toolbar without tools is none.
    let bar = if transport.markers.is_empty() { bar.hidden() } else { bar.attr(Attr::Role, "toolbar") };
    bar.on(On::Keydown, Box::new(turn)).each(transport.markers.iter().enumerate(), mark)
}

/// A button that goes to a moment, and lights it.
fn moment(page: &Page, class: &'static str, at: SimTime) -> Element {
    button(page, class, Action::SeekTo(at)).attr(Attr::DataAt, at.0.to_string())
}

/// What tells marks apart besides their color.
fn glyph(kind: Kind) -> &'static str {
    match kind {
        Kind::Bookmark => "⚑",
        Kind::Deploy => "▲",
        Kind::Refused => "◇",
        Kind::Command => "◆",
        Kind::Failure => "✕",
    }
}

/// From mark to mark by arrows.
fn turn(event: &Event) {
    let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
    let Some(mark) = event.target_dyn_into::<HtmlElement>() else { return };
    let bar = mark.parent_element();
    let next = match event.key().as_str() {
        "ArrowRight" => mark.next_element_sibling(),
        "ArrowLeft" => mark.previous_element_sibling(),
        "Home" => bar.and_then(|bar| bar.first_element_child()),
        "End" => bar.and_then(|bar| bar.last_element_child()),
        _ => return,
    };
    event.prevent_default();
    if let Some(next) = next.and_then(|next| next.dyn_into::<HtmlElement>().ok()) {
        // An element that cannot take the focus leaves it where it is.
        let _ = next.focus();
    }
}

/// The button that marks the moment of the playhead, and the one that opens the list.
pub(super) fn marker_buttons(page: &Page, bookmarked: bool, prefix: &'static str) -> Element {
    let (icon, name) = if bookmarked {
        (Icon::Bookmarked, MessageId::BookmarkUnset)
    } else {
        (Icon::Bookmark, MessageId::BookmarkSet)
    };
    let set = tool(page, "", [prefix, "bookmark"].concat(), icon, name, Action::Bookmark(None))
        .attr(Attr::AriaPressed, bookmarked);
    let opener = el("button")
        .attr(Attr::Type, "button")
        .class("button icon-only marker-list")
        .test_id([prefix, "markers-menu"].concat())
        .attr(Attr::Popovertarget, MENU)
        .attr(Attr::AriaLabel, page.say(MessageId::Markers))
        .attr(Attr::Title, page.say(MessageId::Markers))
        .child(Icon::Down);
    classy("div", "bookmarks").child(set).child(opener)
}

/// The list of all marks.
pub(super) fn marker_menu(page: &Page, transport: &Transport) -> Element {
    let heading = |id: MessageId| el("h2").child(page.say(id));
    let hint = |none: bool, id: MessageId| none.then(|| classy("p", "hint").child(page.say(id)));
    let others: Vec<&Marker> =
        transport.markers.iter().filter(|marker| marker.kind != Kind::Bookmark).collect();
    classy("div", "menu marker-menu")
        .attr(Attr::Id, MENU)
        .attr(Attr::Popover, "auto")
        .child(heading(MessageId::Bookmarks))
        .child(hint(transport.bookmarks.is_empty(), MessageId::BookmarksNone))
        .child(el("ul").test_id("bookmarks").each(&*transport.bookmarks, |&t| bookmark(page, t)))
        .child(heading(MessageId::MarkersOther))
        .child(hint(others.is_empty(), MessageId::MarkersNone))
        .child(el("ul").each(others.iter(), |marker| {
            let sign = classy("span", "sign").hidden().child(glyph(marker.kind));
            let item = moment(page, "menu-item", marker.at).attr(Attr::DataKind, marker.kind.code());
            el("li").child(item.child(sign).child(marker.label.clone()))
        }))
}

fn bookmark(page: &Page, t: SimTime) -> Element {
    let name = page.fill(MessageId::BookmarkRemove, &[&short_clock(t)]);
    let remove = button(page, "button icon-only", Action::Bookmark(Some(t)))
        .test_id("bookmark-remove")
        .attr(Attr::AriaLabel, name.clone())
        .attr(Attr::Title, name)
        .child(Icon::Close);
    let sign = classy("span", "sign").hidden().child(glyph(Kind::Bookmark));
    let go = moment(page, "menu-item", t).attr(Attr::DataKind, Kind::Bookmark.code());
    classy("li", "bookmark-row").child(go.child(sign).child(short_clock(t))).child(remove)
}
