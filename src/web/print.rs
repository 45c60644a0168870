//! The page on paper: what stands below it, so that the same picture can be opened again.

use std::rc::Rc;

use super::{browser, session};
use crate::exchange::link::{Link, Shown};
use crate::view::number::clock;
use crate::view::text::MessageId;
use crate::view::ui::UiState;
use crate::view::{address, shipped};

/// Id of the line below the page.
pub(super) const FOOTER: &str = "print-footer";

/// The link to what is seen; `None` before there is a run.
pub(super) fn link(ui: &UiState) -> Option<Link> {
    let text = session::with(|session| Rc::clone(&session.scenario_text));
    let (t, id) = session::with_player(|player| (player.now(), player.sim().scenario().id.clone()))?;
    // A scenario that was changed here has the id of the one that it was made from.
    let shipped = shipped::text_of(&id).map(|shipped| (id.as_str(), shipped));
    let scenario = Some(Shown::of(&text, shipped));
    let link = Link { scenario, t: Some(t), lang: Some(ui.lang), ..Link::default() };
    Some(address::with_sight(link, ui))
}

/// Writes address, seed and moment of what is seen into the line below the page.
pub(super) fn fill_footer(ui: &UiState) {
    let run = session::with_player(|player| (player.sim().scenario().seed, player.now()));
    let (Some(footer), Some(link), Some((seed, now))) = (browser::element(FOOTER), link(ui), run) else {
        return;
    };
    let footer: web_sys::HtmlElement = footer;
    let address = browser::address_of(&link).unwrap_or_default();
    footer.set_text_content(Some(&MessageId::PrintFooter.fill(ui.lang, &[&address, &seed, &clock(now)])));
}
