//! The one sentence that says what is happening.

use super::heading::grouped;
use super::state::{Counts, State};
use crate::event_log::MappingState;
use crate::lang::Lang;
use crate::sim::agenda::LaneRef;
use crate::view::text::MessageId as Id;

/// A sentence, and a second one where there is room for it.
pub(super) fn sentences(state: &State) -> (String, Option<String>) {
    let lang = state.picture.lang;
    let (first, second) = choose(state, &state.counts, lang);
    (first, second.map(|id| id.text(lang).to_owned()))
}

fn choose(state: &State, counts: &Counts, lang: Lang) -> (String, Option<Id>) {
    let plain = |id: Id| (id.text(lang).to_owned(), None);
    if counts.put == 0 {
        return plain(Id::CaptionNothing);
    }
    let Some(mapping) = state.mapping() else { return plain(Id::CaptionShards) };
    if let Some(lane) = counts.retrying_first {
        return (retrying(counts, lane, lang), Some(Id::CaptionNewerWait));
    }
    match mapping.state {
        MappingState::Creating => return plain(Id::CaptionInactive),
        MappingState::Disabled => return plain(Id::CaptionDisabled),
        MappingState::Enabled => {}
    }
    let unfinished = counts.waiting() + counts.in_hand;
    if unfinished == 0 && state.all_sent_at.is_some() {
        return (Id::CaptionAllStored.fill(lang, &[&grouped(counts.put)]), Some(Id::CaptionKeyOrder));
    }
    match counts.busy {
        0 if counts.unread > 0 => plain(Id::CaptionPoll),
        0 if counts.queued > 0 => plain(Id::CaptionWindow),
        0 => plain(Id::CaptionSoFar),
        1 if counts.lanes == 1 => (Id::CaptionOneByOne.text(lang).to_owned(), Some(Id::CaptionOthersWait)),
        1 if counts.queued == 0 && counts.unread == 0 => plain(Id::CaptionLast),
        busy => (side_by_side(busy.max(2), counts.shards, lang), Some(Id::CaptionKeyOrder)),
    }
}

fn retrying(counts: &Counts, lane: LaneRef, lang: Lang) -> String {
    match counts.retrying {
        1 => Id::CaptionRetry.fill(lang, &[&(lane.lane + 1)]),
        count => Id::CaptionRetryMany.fill(lang, &[&number(count, lang)]),
    }
}

fn side_by_side(batchers: u64, shards: u64, lang: Lang) -> String {
    if shards == 1 {
        Id::CaptionSideBySide.fill(lang, &[&number(batchers, lang)])
    } else {
        Id::CaptionSideBySideMany.fill(lang, &[&number(batchers, lang), &grouped(shards)])
    }
}

/// A number at the start of a sentence.
fn number(count: u64, lang: Lang) -> String {
    let words = [
        Id::NumberTwo,
        Id::NumberThree,
        Id::NumberFour,
        Id::NumberFive,
        Id::NumberSix,
        Id::NumberSeven,
        Id::NumberEight,
        Id::NumberNine,
        Id::NumberTen,
    ];
    let word = count.checked_sub(2).and_then(|place| words.get(place as usize));
    word.map_or_else(|| grouped(count), |word| word.text(lang).to_owned())
}
