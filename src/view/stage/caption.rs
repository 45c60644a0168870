//! The one sentence that says what is happening.

use super::heading::grouped;
use super::reshard;
use super::state::{Counts, ShardView, Standing, State};
use crate::kinesis::{Parents, StreamStatus};
use crate::lambda::account::MappingState;
use crate::lambda::retry::DiscardCondition;
use crate::lang::Lang;
use crate::scenario::Version;
use crate::sim::agenda::LaneRef;
use crate::units::SimTime;
use crate::view::deploy;
use crate::view::text::MessageId as Id;

/// A sentence, and a second one where there is room for it.
pub(super) fn sentences(state: &State) -> (String, Option<String>) {
    let lang = state.picture.lang;
    let (first, second) = choose(state, &state.counts, lang);
    (first, second.map(|id| id.text(lang).to_owned()))
}

fn choose(state: &State, counts: &Counts, lang: Lang) -> (String, Option<Id>) {
    let plain = |id: Id| (id.text(lang).to_owned(), None);
    if let Some(said) = resharded(state, lang) {
        return said;
    }
    if state.sim.scenario().producers.is_empty() && counts.put == 0 {
        return (hash_keys(counts.shards, lang), None);
    }
    if counts.put == 0 {
        return plain(Id::CaptionNothing);
    }
    let Some(mapping) = state.mapping() else { return plain(Id::CaptionShards) };
    // Where the run is over, how it came out counts more than what was last.
    let over = state.now() >= state.picture.player.end();
    if let Some(said) = discarded(state, lang).filter(|_| !over) {
        return said;
    }
    if counts.half_first.is_some() {
        return (Id::CaptionHalves.text(lang).to_owned(), Some(Id::CaptionHalvesAgain));
    }
    if counts.rest_first.is_some() {
        return (Id::CaptionRest.text(lang).to_owned(), Some(Id::CaptionRestOnce));
    }
    if let Some(lane) = counts.retrying_first {
        return (retrying(counts, lane, lang), Some(Id::CaptionNewerWait));
    }
    if let Some(version) = deploy::rolled_out(state.sim, state.picture.mapping) {
        return rolled_out(version, lang);
    }
    match mapping.state {
        MappingState::Creating | MappingState::Enabling => return plain(Id::CaptionInactive),
        MappingState::Disabled | MappingState::Deleted => return plain(Id::CaptionDisabled),
        MappingState::Enabled | MappingState::Updating | MappingState::Disabling | MappingState::Deleting => {
        }
    }
    let unfinished = counts.waiting() + counts.in_hand;
    let gone = counts.discarded + counts.expired;
    if unfinished == 0 && gone > 0 && state.all_sent_at.is_some() {
        let numbers = [counts.stored, counts.put, gone].map(grouped);
        let numbers = numbers.each_ref().map(|number| number as &dyn std::fmt::Display);
        return (Id::CaptionStoredBut.fill(lang, &numbers), None);
    }
    if unfinished == 0 && state.all_sent_at.is_some() {
        return (Id::CaptionAllStored.fill(lang, &[&grouped(counts.put)]), Some(Id::CaptionKeyOrder));
    }
    match counts.busy {
        0 if counts.unread > 0 => plain(Id::CaptionPoll),
        0 if counts.queued > 0 => plain(Id::CaptionWindow),
        0 => plain(Id::CaptionSoFar),
        1 if counts.lanes == 1 => (Id::CaptionOneByOne.text(lang).to_owned(), Some(Id::CaptionOthersWait)),
        1 if counts.queued == 0 && counts.unread == 0 => plain(Id::CaptionLast),
        1 => plain(Id::CaptionOne),
        busy => (side_by_side(busy, counts.shards, lang), Some(Id::CaptionKeyOrder)),
    }
}

/// What there is to say of reshards and refused puts.
fn resharded(state: &State, lang: Lang) -> Option<(String, Option<Id>)> {
    /// How long a reshard and a refused put are told of, for the watcher.
    const TOLD_MS: f64 = 3000.0;
    const REFUSED_MS: f64 = 1000.0;
    let stream = state.sim.stream();
    let pace = state.picture.pace().unwrap_or(1.0);
    let since = state.now().0 as f64 - TOLD_MS * pace;
    let name = super::shard_name;
    if let Some(&(.., shard, _)) = reshard::refused(state, REFUSED_MS * pace).last() {
        return Some((Id::CaptionThrottled.fill(lang, &[&name(shard)]), None));
    }
    let newest =
        stream.shards.last().filter(|shard| shard.opened > SimTime::ZERO && shard.opened.0 as f64 >= since);
    if let Some(Parents { parent: Some(parent), adjacent }) = newest.map(|shard| shard.parents) {
        let text = match adjacent {
            Some(adjacent) => Id::CaptionMerge.fill(lang, &[&name(parent), &name(adjacent)]),
            None => Id::CaptionSplit.fill(lang, &[&name(parent)]),
        };
        return Some((text, None));
    }
    let waits = |view: &ShardView| match &view.standing {
        Standing::Waits { parents, left } if *left > 0 => Some((view.shard, parents.clone())),
        Standing::Waits { .. } | Standing::Open | Standing::Draining { .. } | Standing::Next { .. } => None,
    };
    let waiting: Vec<_> = state.shards.iter().filter_map(waits).collect();
    let text = match waiting.as_slice() {
        [] => None,
        [(child, parents)] if parents.len() == 1 => {
            Some(Id::CaptionChildrenWait.fill(lang, &[&name(*child), &name(parents[0])]))
        }
        _ => Some(Id::CaptionChildrenWaitMany.text(lang).to_owned()),
    };
    if let Some(text) = text {
        return Some((text, Some(Id::CaptionOlderFirst)));
    }
    let drains = |view: &&ShardView| matches!(view.standing, Standing::Draining { .. });
    if let Some(view) = state.shards.iter().find(drains) {
        return Some((Id::CaptionDraining.fill(lang, &[&name(view.shard)]), None));
    }
    let resharding = stream.status == StreamStatus::Updating;
    resharding.then(|| (Id::CaptionUpdating.text(lang).to_owned(), None))
}

/// How many shards there are, where nothing else is to be seen.
fn hash_keys(shards: u64, lang: Lang) -> String {
    match shards {
        0 => Id::CaptionNothing.text(lang).to_owned(),
        1 => Id::CaptionOneShard.text(lang).to_owned(),
        shards => Id::CaptionHashKeys.fill(lang, &[&number(shards, lang)]),
    }
}

/// What there is to say of records that have just been given up.
fn discarded(state: &State, lang: Lang) -> Option<(String, Option<Id>)> {
    const TOLD_MS: f64 = 3000.0;
    let pace = state.picture.pace().unwrap_or(1.0);
    let since = state.now().0 as f64 - TOLD_MS * pace;
    let last = state.sim.discards().checked_sub(1)?;
    let discard = state.sim.discard(last);
    // Before t = 0 nothing is given up.
    let at = state.sim.document(&discard).timestamp.0 - state.sim.scenario().start.0;
    if (at as f64) < since {
        return None;
    }
    let config = state.sim.scenario().mappings.get(usize::from(discard.lane.mapping))?;
    let told = match config.on_failure.is_some() {
        true if discard.is_undelivered() => Id::CaptionUndelivered,
        true => Id::CaptionTold,
        false => Id::CaptionNotTold,
    };
    let text = match discard.condition {
        DiscardCondition::RetryAttemptsExhausted => {
            Id::CaptionGivenUp.fill(lang, &[&discard.attempts.max(1)])
        }
        DiscardCondition::RecordAgeExceeded => Id::CaptionTooOld.text(lang).to_owned(),
    };
    Some((text, Some(told)))
}

/// What there is to say while an alias' move reaches one front end after the other.
fn rolled_out(version: Version, lang: Lang) -> (String, Option<Id>) {
    let text = Id::CaptionRollout.fill(lang, &[&deploy::version_name(version)]);
    (text, Some(Id::CaptionOneVersion))
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
        // Words or digits, but not both in one sentence.
        let [first, second] = match [batchers, shards].map(|count| word(count, lang)) {
            [Some(first), Some(second)] => [first.to_owned(), second.to_lowercase()],
            [..] => [batchers, shards].map(grouped),
        };
        Id::CaptionSideBySideMany.fill(lang, &[&first, &second])
    }
}

/// A number at the start of a sentence.
fn number(count: u64, lang: Lang) -> String {
    word(count, lang).map_or_else(|| grouped(count), str::to_owned)
}

/// A small number as a word.
fn word(count: u64, lang: Lang) -> Option<&'static str> {
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
    word.map(|word| word.text(lang))
}
