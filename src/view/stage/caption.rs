//! The one sentence that says what is happening.

use super::backlog::Backlog;
use super::counts::Counts;
use super::heading::grouped;
use super::state::{ShardView, Standing, State};
use super::tray::{self, Told};
use super::{clock, reshard};
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
    if let Some(text) = refused_call(state, lang) {
        return (text, None);
    }
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
    if counts.redriven > 0 {
        let text = Id::CaptionRedriven.fill(lang, &[&grouped(counts.redriven)]);
        return (text, Some(Id::CaptionNoTurn));
    }
    if let Some(lane) = counts.retrying_first {
        return again((Id::CaptionRetry, Id::CaptionRetryMany), counts.retrying, lane, lang);
    }
    if let Some(lane) = counts.throttled_first {
        return again((Id::CaptionRefused, Id::CaptionRefusedMany), counts.throttled, lane, lang);
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
    if unfinished == 0 && state.all_sent_at.is_some() {
        if counts.left_out() + counts.skipped > 0 {
            return (stored_but(state, lang), None);
        }
        return (Id::CaptionAllStored.fill(lang, &[&grouped(counts.put)]), key_order(state));
    }
    if let Some((version, percent)) = deploy::share(state.sim, state.picture.mapping) {
        return shared(version, percent, lang);
    }
    if let Some(said) = behind(state, lang) {
        return said;
    }
    match counts.busy {
        0 if counts.queued > 0 => plain(Id::CaptionWindow),
        0 if counts.unread > 0 => plain(Id::CaptionPoll),
        0 if counts.left_out() > 0 => (stored_but(state, lang), None),
        0 => plain(Id::CaptionSoFar),
        1 if counts.lanes == 1 => {
            let others = (counts.waiting() > 0).then_some(Id::CaptionOthersWait);
            (Id::CaptionOneByOne.text(lang).to_owned(), others)
        }
        1 if counts.queued == 0 && counts.unread == 0 => plain(Id::CaptionLast),
        1 => plain(Id::CaptionOne),
        busy => (side_by_side(busy, counts.shards, lang), key_order(state)),
    }
}

/// What there is to say of a command's call that has just been refused.
fn refused_call(state: &State, lang: Lang) -> Option<String> {
    let done = state.sim.done().last().filter(|done| is_told(state, done.at))?;
    let mut calls = state.sim.calls()[done.calls.0 as usize..done.calls.1 as usize].iter();
    let (call, error) = calls.find_map(|call| Some((call, call.answer.as_ref().err()?)))?;
    Some(Id::CaptionCallRefused.fill(lang, &[&call.operation, &error.type_name]))
}

/// Whether what happened at `t` is still told of.
fn is_told(state: &State, t: SimTime) -> bool {
    /// How long, for the watcher.
    const TOLD_MS: f64 = 3000.0;
    let pace = state.picture.pace().unwrap_or(1.0);
    t.0 as f64 >= state.now().0 as f64 - TOLD_MS * pace
}

/// That each key keeps its order, where it does: lanes keep it, unless somebody takes up again what was given up, or
/// puts a key's records into several shards.
fn key_order(state: &State) -> Option<Id> {
    let redriven = state.sim.redrives().iter().any(|redrive| redrive.invocation.is_ok());
    let kept = !redriven && !state.sim.stream().has_explicit_hash_keys();
    kept.then_some(Id::CaptionKeyOrder)
}

/// How a run came out in which not every record was stored, and what became of the others.
fn stored_but(state: &State, lang: Lang) -> String {
    /// Kinds of them that there is room for.
    const KINDS_MAX: usize = 2;
    let counts = &state.counts;
    let gone = match tray::told(state) {
        Told::Yes => Id::CaptionInQueue,
        Told::Failed | Told::Nobody => Id::CaptionGone,
    };
    let all = [
        (Id::CaptionUnhandled, counts.unhandled),
        (gone, counts.discarded),
        (Id::CaptionExpired, counts.expired),
        (Id::CaptionFiltered, counts.filtered),
        (Id::CaptionSkipped, counts.skipped),
    ];
    let some = all.iter().filter(|&&(_, count)| count > 0);
    let mut texts: Vec<String> = some.map(|&(id, count)| id.fill(lang, &[&grouped(count)])).collect();
    if texts.len() > KINDS_MAX {
        let others = counts.left_out() + counts.skipped;
        texts = vec![Id::CaptionOthers.fill(lang, &[&grouped(others)])];
    }
    let others = texts.join(Id::ListComma.text(lang));
    Id::CaptionStoredBut.fill(lang, &[&grouped(counts.stored), &grouped(counts.put), &others])
}

/// What there is to say of batchers that leave nothing undone for long, or all but some of which do.
fn behind(state: &State, lang: Lang) -> Option<(String, Option<Id>)> {
    let counts = &state.counts;
    // What waits without a batcher at work waits for something else.
    let waits = counts.running == 0 && counts.queued > 0;
    if counts.stored + counts.left_out() == 0 || waits || state.all_sent_at.is_some() {
        return None;
    }
    let backlog = Backlog::of(state);
    if backlog.is_none() {
        return Some((Id::CaptionInTime.text(lang).to_owned(), None));
    }
    let some = backlog.behind > 0 && backlog.in_time > 0;
    some.then(|| match backlog.behind {
        1 => (Id::CaptionBehind.text(lang).to_owned(), None),
        count => (Id::CaptionBehindMany.fill(lang, &[&number(count, lang)]), None),
    })
}

/// What there is to say of reshards and refused puts.
fn resharded(state: &State, lang: Lang) -> Option<(String, Option<Id>)> {
    /// How long a refused put is told of, for the watcher.
    const REFUSED_MS: f64 = 1000.0;
    let stream = state.sim.stream();
    let pace = state.picture.pace().unwrap_or(1.0);
    let name = super::shard_name;
    if let Some(&(.., shard, _)) = reshard::refused(state, REFUSED_MS * pace).last() {
        return Some((Id::CaptionThrottled.fill(lang, &[&name(shard)]), None));
    }
    let newest =
        stream.shards.last().filter(|shard| shard.opened > SimTime::ZERO && is_told(state, shard.opened));
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
    resharding.then(|| {
        let next = next_step(state, lang);
        (next.unwrap_or_else(|| Id::CaptionUpdating.text(lang).to_owned()), None)
    })
}

/// The next split or merge, if the run ahead knows of it.
fn next_step(state: &State, lang: Lang) -> Option<String> {
    let known = &state.picture.player.ahead().stream().shards;
    let next = known.get(state.sim.stream().shards.len())?;
    let (at, name) = (clock(next.opened.0), super::shard_name);
    match next.parents {
        Parents { parent: Some(parent), adjacent: None } => {
            Some(Id::CaptionSplitNext.fill(lang, &[&name(parent), &at]))
        }
        Parents { parent: Some(parent), adjacent: Some(adjacent) } => {
            Some(Id::CaptionMergeNext.fill(lang, &[&name(parent), &name(adjacent), &at]))
        }
        Parents { parent: None, .. } => None,
    }
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
    let last = state.sim.discards().checked_sub(1)?;
    let discard = state.sim.discard(last);
    // Before t = 0 nothing is given up.
    let at = state.sim.document(&discard).timestamp.0 - state.sim.scenario().start.0;
    if !is_told(state, SimTime(at)) {
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

/// What there is to say while an alias has two versions.
fn shared(version: Version, percent: u64, lang: Lang) -> (String, Option<Id>) {
    let text = Id::CaptionShare.fill(lang, &[&deploy::version_name(version), &percent]);
    (text, Some(Id::CaptionOneVersion))
}

/// That one batcher, or so many, will try again.
fn again((one, many): (Id, Id), count: u64, lane: LaneRef, lang: Lang) -> (String, Option<Id>) {
    match count {
        1 => (one.fill(lang, &[&(lane.lane + 1)]), Some(Id::CaptionNewerWait)),
        count => (many.fill(lang, &[&number(count, lang)]), Some(Id::CaptionNewerWaitMany)),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;
    use crate::view::checks::Checks;
    use crate::view::picture::Picture;
    use crate::view::player::Player;
    use crate::view::shipped;

    fn player(id: &str) -> Player {
        let mut player = Player::new(Scenario::from_json(shipped::text_of(id).unwrap()).unwrap());
        while player.ahead().now() < player.sim().scenario().until {
            player.advance(0.0);
        }
        player
    }

    fn said(player: &Player) -> (String, Option<Id>) {
        let picture = Picture::new(player, Lang::En, 880.0, 412.0);
        let state = State::of(&picture);
        choose(&state, &state.counts, Lang::En)
    }

    #[track_caller]
    fn check(id: &str, t: u64, text: &str, second: Option<Id>) {
        let mut player = player(id);
        player.seek(SimTime(t));
        assert_eq!(said(&player), (text.to_owned(), second), "{id} at {t}");
    }

    #[test]
    fn what_is_not_stored_is_told_of() {
        let unhandled = "3 of 10 records are stored, 7 done, but never handled.";
        check("report-switched-off", 1100, unhandled, None);
        check("filter", 19_000, "13 of 24 records are stored, 11 filtered out.", None);
    }

    #[test]
    fn a_dead_letter_is_not_gone_and_its_redrive_breaks_the_order() {
        let id = "dead-letter-redrive";
        check(id, 44_000, "40 of 43 records are stored, 3 in the dead-letter queue.", None);
        check(id, 45_100, "3 of the dead-letter queue’s records are redriven.", Some(Id::CaptionNoTurn));
        check(id, 46_000, "All 43 records are stored.", None);
    }

    #[test]
    fn nobody_works_where_nothing_is_to_do() {
        let in_time = "Nothing piles up: batchers keep up with what is put.";
        check("filter", 11_000, in_time, None);
        check("enhanced-fan-out", 12_000, in_time, None);
        check("skewed-keys", 40_000, "One batcher is at work, other records wait.", None);
        let first = "Three batchers empty one shard side by side.";
        check("parallelization-3", 2500, first, Some(Id::CaptionKeyOrder));
        // Nobody reads the new shards yet.
        check("hot-shard-split", 54_000, "New records wait in the shard for the next poll.", None);
    }

    #[test]
    fn a_new_version_s_share_is_told_between_an_alias_moves() {
        check("deploy-canary", 100_000, "v2 gets 10 % of invocations.", Some(Id::CaptionOneVersion));
        check("deploy-linear", 300_000, "v2 gets 50 % of invocations.", Some(Id::CaptionOneVersion));
    }

    #[test]
    fn throttled_batches_have_not_failed() {
        let text = "Two batchers are throttled and try again later.";
        check("throttled-function", 20_000, text, Some(Id::CaptionNewerWaitMany));
    }

    #[test]
    fn each_key_is_said_to_keep_its_order_only_where_it_does() {
        for &(id, _) in shipped::all() {
            let mut player = player(id);
            let end = player.end();
            for part in 1..=20 {
                player.seek(SimTime(end.0 * part / 20));
                if said(&player).1 == Some(Id::CaptionKeyOrder) {
                    let mut checks = Checks::default();
                    let verdict = std::iter::repeat_with(|| checks.look(player.sim())).flatten().next();
                    assert_eq!(verdict.unwrap().out_of_order, 0, "{id} at {}", player.now());
                }
            }
        }
    }

    #[test]
    fn a_trickle_is_told_of_in_one_sentence() {
        let mut player = player("enhanced-fan-out");
        for t in (1000..24_000).step_by(100) {
            player.seek(SimTime(t));
            assert_eq!(said(&player).0, Id::CaptionInTime.text(Lang::En), "{t}");
        }
        check("batching-window", 35_500, Id::CaptionWindow.text(Lang::En), None);
    }
}
