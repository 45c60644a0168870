//! The scissors: where a shard is about to be split, or two are about to be merged, from a point or by keys, and the
//! command that does it.
//!
//! All of it is pure: a tool that is on is a hash key in [`super::picture::Picture::cut`]. Inside a shard it cuts; on
//! the border of two shards it joins them.

use super::console::line;
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
    /// Take it up inside a shard.
    Begin,
    /// Take it up on the border of two shards; on the next border where it stands on one.
    Join,
    /// Put it at a hash key.
    To(HashKey),
    /// Move it by so many thousandths of the bar.
    By(i64),
    /// Put it away.
    Leave,
    /// Cut or join.
    Confirm,
}

/// What the tool would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Split a shard.
    Split {
        /// The shard.
        shard: u32,
        /// `NewStartingHashKey`: the first hash key of its upper child.
        hash_key: HashKey,
    },
    /// Merge two neighbors.
    Merge {
        /// The one with the lower hash keys.
        lower: u32,
        /// The other one.
        upper: u32,
    },
}

/// Where the tool is after a step.
#[must_use]
pub fn apply(cut: Option<HashKey>, step: Step) -> Option<HashKey> {
    match step {
        Step::Begin | Step::Join => cut.or(Some(HashKey(1 << 127))),
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

/// The first hash keys of all open shards but the first one, ascending.
fn borders(stream: &Stream) -> impl Iterator<Item = HashKey> + '_ {
    stream.open_shards().iter().skip(1).map(|&shard| stream.shards[shard as usize].range.start())
}

/// The border to join at next: the one above where the tool is, else above the selected shard, else the lowest one;
/// above the highest one, the lowest again. `None` where no two shards are open.
#[must_use]
pub fn next_border(player: &Player, cut: Option<HashKey>, selected: Option<Object>) -> Option<HashKey> {
    let stream = player.sim().stream();
    let from = cut.or_else(|| match selected? {
        Object::Shard(shard) => stream.shards.get(shard as usize).map(|shard| shard.range.start()),
        Object::Record(_)
        | Object::Invocation(_)
        | Object::Lane(_)
        | Object::Discard(_)
        | Object::Environment(_)
        | Object::Resource(_) => None,
    });
    borders(stream).find(|&border| Some(border) > from).or_else(|| borders(stream).next())
}

/// Where the tool stops on its way between two hash keys: at the first border of two shards.
#[must_use]
pub fn stopped(stream: &Stream, from: HashKey, to: HashKey) -> HashKey {
    if from <= to {
        borders(stream).find(|&border| from < border && border < to).unwrap_or(to)
    } else {
        borders(stream).filter(|&border| to < border && border < from).last().unwrap_or(to)
    }
}

/// What the tool would do at a hash key; `None` where the shard would be left without hash keys.
#[must_use]
pub fn target(stream: &Stream, hash_key: HashKey) -> Option<Target> {
    let open = stream.open_shards();
    let place = open.partition_point(|&shard| stream.shards[shard as usize].range.end() < hash_key);
    let &shard = open.get(place)?;
    let range = stream.shards[shard as usize].range;
    if range.start() == hash_key && place > 0 {
        return Some(Target::Merge { lower: open[place - 1], upper: shard });
    }
    let (low, high) = (range.start().0.checked_add(2)?, range.end().0.checked_sub(1)?);
    (low <= hash_key.0 && hash_key.0 <= high).then_some(Target::Split { shard, hash_key })
}

/// The hash key that a point at a part of the bar, 0 to 1, means, if something can be done there: the border of two
/// shards where one is no farther than `reach`, and no farther than a quarter of its shards.
#[must_use]
pub fn at_share(stream: &Stream, share: f64, reach: f64) -> Option<HashKey> {
    const HIGH_BITS: f64 = 4_294_967_296.0;
    let high = |share: f64| (share.clamp(0.0, 1.0) * HIGH_BITS).min(HIGH_BITS - 1.0) as u128;
    let key = high(share) << 96;
    let open = stream.open_shards();
    let place = open.partition_point(|&shard| stream.shards[shard as usize].range.end().0 < key);
    let range = stream.shards[*open.get(place)? as usize].range;
    let width = range.end().0 - range.start().0;
    let near = (high(reach) << 96).min(width / 4);
    let hash_key = if place > 0 && key - range.start().0 <= near {
        range.start()
    } else if place + 1 < open.len() && range.end().0 - key < near {
        HashKey(range.end().0 + 1)
    } else {
        rounded(key, width)
    };
    target(stream, hash_key).map(|_| hash_key)
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

/// The command line that does it.
#[must_use]
pub fn command(stream: &Stream, target: Target) -> String {
    let name = ("stream-name", stream.name.as_str());
    match target {
        Target::Split { shard, hash_key } => {
            let (shard, hash_key) = (shard_id(shard), hash_key.to_string());
            line("split-shard", &[name, ("shard-to-split", &shard), ("new-starting-hash-key", &hash_key)])
        }
        Target::Merge { lower, upper } => {
            let (lower, upper) = (shard_id(lower), shard_id(upper));
            line("merge-shards", &[name, ("shard-to-merge", &lower), ("adjacent-shard-to-merge", &upper)])
        }
    }
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
    fn a_place_on_the_bar_is_a_round_hash_key_or_a_border() {
        let stream = stream();
        let check = |share: f64, expect: Option<u128>| {
            assert_eq!(at_share(&stream, share, 0.02).map(|key| key.0), expect, "{share}");
        };
        check(0.25, Some(1 << 126));
        check(0.250_000_1, Some(1 << 126));
        check(0.75, Some(3 << 126));
        for near in [0.481, 0.5, 0.519] {
            check(near, Some(1 << 127));
        }
        check(0.47, Some(at_share(&stream, 0.47, 0.0).unwrap().0));
        check(0.0, None);
        check(-1.0, None);
        check(2.0, None);
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
    fn the_way_along_the_bar_stops_at_borders() {
        let (stream, half) = (Stream::new(4, WallTime(0), KeyTable::new(0)), 1u128 << 127);
        let check = |from: u128, to: u128, expect: u128| {
            assert_eq!(stopped(&stream, HashKey(from), HashKey(to)).0, expect, "{from} to {to}");
        };
        check(1, u128::MAX, 1 << 126);
        check(u128::MAX, 1, 3 << 126);
        check(half - 5, half + 5, half);
        check(half, half + 5, half + 5);
        check(half, half - 5, half - 5);
    }

    #[test]
    fn a_border_joins_and_the_keys_beside_it_cannot_be_cut() {
        let (stream, half) = (stream(), 1u128 << 127);
        let split = |shard, key| Some(Target::Split { shard, hash_key: HashKey(key) });
        let merge = Some(Target::Merge { lower: 0, upper: 1 });
        for (key, expect) in [
            (0, None),
            (1, None),
            (2, split(0, 2)),
            (half - 2, split(0, half - 2)),
            (half - 1, None),
            (half, merge),
            (half + 1, None),
            (half + 2, split(1, half + 2)),
            (u128::MAX, None),
        ] {
            assert_eq!(target(&stream, HashKey(key)), expect, "{key}");
        }
        let mut named = stream;
        named.name = "foo".into();
        assert_eq!(
            merge.map(|merge| command(&named, merge)).as_deref(),
            Some(
                "aws kinesis merge-shards --stream-name foo --shard-to-merge shardId-000000000000 \
                 --adjacent-shard-to-merge shardId-000000000001"
            )
        );
    }

    #[test]
    fn borders_come_one_after_the_other() {
        use crate::scenario::Scenario;
        let text = r#"{"version": 1, "id": "x", "stream": {"StreamName": "s", "ShardCount": 3}}"#;
        let player = Player::new(Scenario::from_json(text).unwrap());
        let third = HashKey(u128::MAX / 3);
        let next = |cut| next_border(&player, cut, None);
        assert_eq!((next(None), next(Some(HashKey(0)))), (Some(third), Some(third)));
        let last = next(Some(third));
        assert_eq!((last, next(last)), (Some(HashKey(third.0 * 2)), Some(third)));
        assert_eq!(next_border(&player, None, Some(Object::Shard(1))), last);
    }
}
