//! Cutting the bar: where a shard is about to be split, from a point or by keys, and the command that does it.
//!
//! All of it is pure: a tool that is on is a hash key in [`super::picture::Picture::cut`].

use super::player::Player;
use super::scene::Object;
use crate::kinesis::stream::shard_id;
use crate::kinesis::{HashKey, Stream};

/// A step of the keys: so many of these make the whole bar.
const STEPS: i64 = 1000;
/// Hash keys that end in so many zero bits are easier to read; in narrow shards there are none.
const ROUND_BITS: u32 = 112;

/// What can be done with the tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Take it up.
    Begin,
    /// Put it at a hash key.
    To(HashKey),
    /// Move it by so many thousandths of the bar.
    By(i64),
    /// Put it away.
    Leave,
    /// Cut.
    Confirm,
}

/// A cut: the shard, and the first hash key of its upper child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// The shard.
    pub shard: u32,
    /// `NewStartingHashKey`.
    pub hash_key: HashKey,
}

/// Where the tool is after a step.
#[must_use]
pub fn apply(cut: Option<HashKey>, step: Step) -> Option<HashKey> {
    match step {
        Step::Begin => cut.or(Some(HashKey(1 << 127))),
        Step::To(hash_key) => Some(hash_key),
        Step::By(steps) => cut.map(|cut| {
            let step = u128::MAX / STEPS as u128;
            let by = step.saturating_mul(steps.unsigned_abs().into());
            HashKey(if steps < 0 { cut.0.saturating_sub(by) } else { cut.0.saturating_add(by) })
        }),
        Step::Leave | Step::Confirm => None,
    }
}

/// Where the tool is when it is taken up: in the middle of the selected shard, else of the widest one.
#[must_use]
pub fn first(player: &Player, selected: Option<Object>) -> Option<HashKey> {
    let stream = player.sim().stream();
    let width = |shard: u32| {
        let range = stream.shards[shard as usize].range;
        range.end().0 - range.start().0
    };
    let widest =
        stream.open_shards().iter().copied().max_by_key(|&shard| (width(shard), std::cmp::Reverse(shard)))?;
    let shard = match selected {
        Some(Object::Shard(shard))
            if stream.shards.get(shard as usize).is_some_and(|shard| shard.is_open()) =>
        {
            shard
        }
        Some(_) | None => widest,
    };
    let start = stream.shards[shard as usize].range.start().0;
    Some(rounded(start + width(shard) / 2, width(shard)))
}

/// What would be cut at a hash key; `None` where it is the border of a shard, or the shard is too narrow.
#[must_use]
pub fn target(stream: &Stream, hash_key: HashKey) -> Option<Target> {
    if stream.open_shards().is_empty() {
        return None;
    }
    let shard = stream.route(hash_key);
    let range = stream.shards[shard as usize].range;
    let (low, high) = (range.start().0.checked_add(2)?, range.end().0.checked_sub(1)?);
    (low <= hash_key.0 && hash_key.0 <= high).then_some(Target { shard, hash_key })
}

/// The hash key at a part of the bar, 0 to 1, and what would be cut there.
#[must_use]
pub fn at_share(stream: &Stream, share: f64) -> Option<Target> {
    const HIGH_BITS: f64 = 4_294_967_296.0;
    let high = (share.clamp(0.0, 1.0) * HIGH_BITS).min(HIGH_BITS - 1.0) as u128;
    let shard = *stream.open_shards().get(
        stream
            .open_shards()
            .partition_point(|&shard| stream.shards[shard as usize].range.end().0 < high << 96),
    )?;
    let range = stream.shards[shard as usize].range;
    target(stream, rounded(high << 96, range.end().0 - range.start().0))
}

/// A hash key near this one with few digits, where the shard is wide enough for that.
fn rounded(hash_key: u128, width: u128) -> HashKey {
    let round = 1u128 << ROUND_BITS;
    if width / 16 < round {
        return HashKey(hash_key);
    }
    let below = hash_key / round * round;
    HashKey(if hash_key - below < round / 2 { below } else { below.saturating_add(round) })
}

/// The command line that makes a cut.
#[must_use]
pub fn command(stream: &Stream, target: Target) -> String {
    format!(
        "aws kinesis split-shard --stream-name {} --shard-to-split {} --new-starting-hash-key {}",
        stream.name,
        shard_id(target.shard),
        target.hash_key,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinesis::KeyTable;
    use crate::units::WallTime;

    fn stream() -> Stream {
        Stream::new(2, WallTime(0), KeyTable::new(0))
    }

    #[test]
    fn a_place_on_the_bar_is_a_round_hash_key() {
        let stream = stream();
        let check = |share: f64, expect: Option<(u32, u128)>| {
            let found = at_share(&stream, share).map(|target| (target.shard, target.hash_key.0));
            assert_eq!(found, expect, "{share}");
        };
        check(0.25, Some((0, 1 << 126)));
        check(0.250_000_1, Some((0, 1 << 126)));
        check(0.75, Some((1, 3 << 126)));
        check(0.5, None);
        check(0.0, None);
        check(-1.0, None);
        check(2.0, Some((1, u128::MAX)).filter(|_| false));
    }

    #[test]
    fn keys_move_the_cut_and_put_it_away() {
        let cut = apply(None, Step::Begin);
        assert_eq!(cut, Some(HashKey(1 << 127)));
        assert_eq!(apply(None, Step::By(5)), None);
        let up = apply(apply(cut, Step::By(-10)), Step::By(10));
        assert_eq!(up, cut);
        assert_eq!(apply(cut, Step::By(-5000)), Some(HashKey(0)));
        assert_eq!(apply(cut, Step::By(5000)), Some(HashKey::MAX));
        assert_eq!(apply(cut, Step::Leave), None);
    }

    #[test]
    fn the_borders_of_a_shard_cannot_be_cut() {
        let stream = stream();
        let half = 1u128 << 127;
        for (hash_key, shard) in
            [(0, None), (1, None), (2, Some(0)), (half - 2, Some(0)), (half - 1, None), (half, None)]
        {
            assert_eq!(target(&stream, HashKey(hash_key)).map(|target| target.shard), shard, "{hash_key}");
        }
    }
}
