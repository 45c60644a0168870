//! What the address keeps of the page's state, as codes: what is selected, which tab shows, what is in sight.

use super::bookmark;
use super::picture::{Part, Span};
use super::scene::{Object, Resource};
use super::ui::{Tab, UiState};
use super::zoom::Zoom;
use crate::exchange::link::Link;
use crate::sim::agenda::LaneRef;

/// Codes of how much time the time line shows, but for what is shown anyway.
const SPANS: [(Span, &str); 2] = [(Span::Window, "window"), (Span::Whole, "whole")];

/// Adds to a link what the page looks at.
#[must_use]
pub fn with_sight(link: Link, ui: &UiState) -> Link {
    let named = SPANS.iter().find(|&&(span, _)| span == ui.span).map(|&(_, code)| code.to_owned());
    let span = match ui.span {
        // As it is seen at the link's moment: then it goes on as it did.
        Span::Chosen(zoom) => Some(zoom.code(link.t.unwrap_or_default())),
        Span::Near | Span::Window | Span::Whole => named,
    };
    let part = (ui.part != Part::All).then(|| ui.part.code().to_owned());
    // What shows anyway needs no word.
    let tab = Some(tab_code(ui.tab)).filter(|_| !matches!(ui.tab, Tab::Table | Tab::Timeline));
    let tab = tab.map(str::to_owned);
    let marks = ui.bookmarks.to_vec();
    let mapping = Some(ui.rail.scope.mapping).filter(|&mapping| mapping > 0);
    Link { select: ui.selection.map(code), tab, span, part, marks, mapping, shards: ui.shard_first, ..link }
}

/// The page's state, looking at what a link says; what it does not say stays.
#[must_use]
pub fn looking(ui: &UiState, link: &Link) -> UiState {
    let named = SPANS.iter().find(|&&(_, code)| link.span.as_deref() == Some(code)).map(|&(span, _)| span);
    let chosen = |code: &str| Zoom::of_code(code, link.t.unwrap_or_default()).map(Span::Chosen);
    let span = named.or_else(|| chosen(link.span.as_deref()?));
    let part = Part::ALL.into_iter().find(|part| link.part.as_deref() == Some(part.code()));
    let tab =
        Tab::ALL.into_iter().map(|(tab, ..)| tab).find(|&tab| link.tab.as_deref() == Some(tab_code(tab)));
    let mut rail = ui.rail.clone();
    rail.scope.mapping = link.mapping.unwrap_or(rail.scope.mapping);
    UiState {
        rail,
        selection: link.select.as_deref().and_then(object).or(ui.selection),
        tab: tab.unwrap_or(ui.tab),
        span: span.unwrap_or(ui.span),
        part: part.unwrap_or(ui.part),
        bookmarks: if link.marks.is_empty() { ui.bookmarks.clone() } else { bookmark::of(&link.marks) },
        shard_first: link.shards.or(ui.shard_first),
        ..ui.clone()
    }
}

fn tab_code(tab: Tab) -> &'static str {
    let found = Tab::ALL.iter().find(|&&(each, ..)| each == tab);
    found.and_then(|&(_, test_id, _)| test_id.strip_prefix("tab-")).unwrap_or_default()
}

/// An object's code: its kind and its indices, such as `lane-0-2-1`; in a link, and on every element that stands for
/// it.
#[must_use]
pub fn code(object: Object) -> String {
    let (kind, id) = kind_and_id(object);
    format!("{kind}-{id}")
}

/// What kind of object it is, and its indices with dashes between them.
#[must_use]
pub fn kind_and_id(object: Object) -> (&'static str, String) {
    let one = |idx: u32| idx.to_string();
    let two = |a: u32, b: u32| format!("{a}-{b}");
    match object {
        Object::Record(record) => ("record", one(record)),
        Object::Invocation(invocation) => ("invocation", one(invocation)),
        Object::Shard(shard) => ("shard", one(shard)),
        Object::Discard(discard) => ("discard", one(discard)),
        Object::Lane(LaneRef { mapping, shard, lane }) => ("lane", format!("{mapping}-{shard}-{lane}")),
        Object::Environment(environment) => ("environment", one(environment)),
        Object::Resource(resource) => match resource {
            Resource::Stream => ("stream", one(0)),
            Resource::Producer(producer) => ("producer", one(producer.into())),
            Resource::Poller { mapping, shard } => ("poller", two(mapping.into(), shard)),
            Resource::Checkpoint { mapping, shard } => ("checkpoint", two(mapping.into(), shard)),
            Resource::Mapping(mapping) => ("mapping", one(mapping.into())),
            Resource::IteratorAge(mapping) => ("iteratorAge", one(mapping.into())),
            Resource::Function(function) => ("function", one(function.into())),
            Resource::Version { function, version } => ("version", two(function.into(), version)),
            Resource::Alias { function, alias } => ("alias", two(function.into(), alias.into())),
            Resource::Alarm(alarm) => ("alarm", one(alarm.into())),
        },
    }
}

/// The object of a code, or none if it is none. Whether there is such a one is for those to ask who look at it.
#[must_use]
pub fn object(code: &str) -> Option<Object> {
    let (kind, rest) = code.split_once('-')?;
    let number = |text: &str| text.parse::<u32>().ok().filter(|&number| number < u32::MAX);
    let ids = rest.split('-').map(number).collect::<Option<Vec<u32>>>()?;
    let short = |id: u32| u16::try_from(id).ok();
    let resource = match (kind, ids.as_slice()) {
        ("record", &[record]) => return Some(Object::Record(record)),
        ("invocation", &[invocation]) => return Some(Object::Invocation(invocation)),
        ("shard", &[shard]) => return Some(Object::Shard(shard)),
        ("discard", &[discard]) => return Some(Object::Discard(discard)),
        ("environment", &[environment]) => return Some(Object::Environment(environment)),
        ("lane", &[mapping, shard, lane]) => {
            let lane = LaneRef { mapping: short(mapping)?, shard, lane: u8::try_from(lane).ok()? };
            return Some(Object::Lane(lane));
        }
        ("stream", &[0]) => Resource::Stream,
        ("producer", &[producer]) => Resource::Producer(u8::try_from(producer).ok()?),
        ("poller", &[mapping, shard]) => Resource::Poller { mapping: short(mapping)?, shard },
        ("checkpoint", &[mapping, shard]) => Resource::Checkpoint { mapping: short(mapping)?, shard },
        ("mapping", &[mapping]) => Resource::Mapping(short(mapping)?),
        ("iteratorAge", &[mapping]) => Resource::IteratorAge(short(mapping)?),
        ("function", &[function]) => Resource::Function(short(function)?),
        ("version", &[function, version]) => Resource::Version { function: short(function)?, version },
        ("alias", &[function, alias]) => Resource::Alias { function: short(function)?, alias: short(alias)? },
        ("alarm", &[alarm]) => Resource::Alarm(short(alarm)?),
        _ => return None,
    };
    Some(Object::Resource(resource))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::SimTime;

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
            Object::Resource(Resource::Stream),
            Object::Resource(Resource::Producer(3)),
            Object::Resource(Resource::Poller { mapping: 1, shard: 9 }),
            Object::Resource(Resource::Checkpoint { mapping: 0, shard: 7 }),
            Object::Resource(Resource::Mapping(2)),
            Object::Resource(Resource::IteratorAge(0)),
            Object::Resource(Resource::Function(1)),
            Object::Resource(Resource::Version { function: 0, version: 4 }),
            Object::Resource(Resource::Alias { function: 1, alias: 2 }),
            Object::Resource(Resource::Alarm(1)),
        ] {
            for (tab, span) in
                [(Tab::Log, Span::Whole), (Tab::Table, Span::Near), (Tab::Stream, Span::Window)]
            {
                let (selection, shard_first) = (Some(selection), Some(4));
                let (part, bookmarks) = (Part::Charts, bookmark::of(&[SimTime(9), SimTime(5)]));
                let mut ui =
                    UiState { selection, tab, span, part, bookmarks, shard_first, ..UiState::default() };
                ui.rail.scope.mapping = 2;
                assert_eq!(looking(&UiState::default(), &with_sight(Link::default(), &ui)), ui);
            }
        }
        assert_eq!(with_sight(Link::default(), &UiState::default()), Link::default());
    }

    #[test]
    fn codes_that_say_nothing_change_nothing() {
        for code in [
            "",
            "record",
            "record-",
            "record-x",
            "record-4294967295",
            "lane-0-1",
            "lane-0-1-300",
            "key-5",
            "stream-1",
            "poller-0",
            "producer-256",
            "alias-65536-0",
        ] {
            assert_eq!(object(code), None, "{code}");
            let link = Link {
                select: Some(code.into()),
                tab: Some(code.into()),
                span: Some(code.into()),
                part: Some(code.into()),
                ..Link::default()
            };
            assert_eq!(looking(&UiState::default(), &link), UiState::default());
        }
    }
}
