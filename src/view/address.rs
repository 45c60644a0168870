//! What the address keeps of the page's state, as codes: what is selected, which tab shows, what is in sight.

use super::picture::Span;
use super::scene::Object;
use super::ui::{Tab, UiState};
use crate::exchange::link::Link;
use crate::sim::agenda::LaneRef;

/// Codes of how much time the time line shows, but for what is shown anyway.
const SPANS: [(Span, &str); 2] = [(Span::Window, "window"), (Span::Whole, "whole")];

/// Adds to a link what the page looks at.
#[must_use]
pub fn with_sight(link: Link, ui: &UiState) -> Link {
    let span = SPANS.iter().find(|&&(span, _)| span == ui.span).map(|&(_, code)| code.to_owned());
    // What shows anyway needs no word.
    let tab = Some(tab_code(ui.tab)).filter(|_| !matches!(ui.tab, Tab::Table | Tab::Timeline));
    let tab = tab.map(str::to_owned);
    Link { select: ui.selection.map(code), tab, span, shards: ui.shard_first, ..link }
}

/// The page's state, looking at what a link says; what it does not say stays.
#[must_use]
pub fn looking(ui: &UiState, link: &Link) -> UiState {
    let span = SPANS.iter().find(|&&(_, code)| link.span.as_deref() == Some(code));
    let tab =
        Tab::ALL.into_iter().map(|(tab, ..)| tab).find(|&tab| link.tab.as_deref() == Some(tab_code(tab)));
    UiState {
        selection: link.select.as_deref().and_then(object).or(ui.selection),
        tab: tab.unwrap_or(ui.tab),
        span: span.map_or(ui.span, |&(span, _)| span),
        shard_first: link.shards.or(ui.shard_first),
        ..ui.clone()
    }
}

fn tab_code(tab: Tab) -> &'static str {
    let found = Tab::ALL.iter().find(|&&(each, ..)| each == tab);
    found.and_then(|&(_, test_id, _)| test_id.strip_prefix("tab-")).unwrap_or_default()
}

fn code(object: Object) -> String {
    match object {
        Object::Record(record) => format!("record-{record}"),
        Object::Invocation(invocation) => format!("invocation-{invocation}"),
        Object::Shard(shard) => format!("shard-{shard}"),
        Object::Discard(discard) => format!("discard-{discard}"),
        Object::Environment(environment) => format!("environment-{environment}"),
        Object::Lane(LaneRef { mapping, shard, lane }) => format!("lane-{mapping}-{shard}-{lane}"),
    }
}

/// The object of a code. Whether there is such a one is for those to ask who look at it.
fn object(code: &str) -> Option<Object> {
    let (kind, rest) = code.split_once('-')?;
    let number = |text: &str| text.parse::<u32>().ok().filter(|&number| number < u32::MAX);
    match kind {
        "record" => number(rest).map(Object::Record),
        "invocation" => number(rest).map(Object::Invocation),
        "shard" => number(rest).map(Object::Shard),
        "discard" => number(rest).map(Object::Discard),
        "environment" => number(rest).map(Object::Environment),
        "lane" => {
            let mut parts = rest.splitn(3, '-');
            let (mapping, shard, lane) =
                (parts.next()?.parse().ok()?, number(parts.next()?)?, parts.next()?.parse().ok()?);
            Some(Object::Lane(LaneRef { mapping, shard, lane }))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_looked_at_is_kept() {
        let lane = LaneRef { mapping: 0, shard: 2, lane: 1 };
        for selection in [
            Object::Record(5),
            Object::Invocation(7),
            Object::Shard(0),
            Object::Discard(1),
            Object::Environment(2),
            Object::Lane(lane),
        ] {
            for (tab, span) in
                [(Tab::Log, Span::Whole), (Tab::Table, Span::Near), (Tab::Stream, Span::Window)]
            {
                let (selection, shard_first) = (Some(selection), Some(4));
                let ui = UiState { selection, tab, span, shard_first, ..UiState::default() };
                assert_eq!(looking(&UiState::default(), &with_sight(Link::default(), &ui)), ui);
            }
        }
        assert_eq!(with_sight(Link::default(), &UiState::default()), Link::default());
    }

    #[test]
    fn codes_that_say_nothing_change_nothing() {
        for code in
            ["", "record", "record-", "record-x", "record-4294967295", "lane-0-1", "lane-0-1-300", "key-5"]
        {
            assert_eq!(object(code), None, "{code}");
            let link = Link {
                select: Some(code.into()),
                tab: Some(code.into()),
                span: Some(code.into()),
                ..Link::default()
            };
            assert_eq!(looking(&UiState::default(), &link), UiState::default());
        }
    }
}
