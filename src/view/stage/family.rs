//! Which shards are drawn, and how they stand to each other across reshards.
//!
//! A shard that closed is drained before its children are read. So over one range of hash keys there may be
//! several shards at once: the oldest, which is being read, and younger ones that wait for it. A [`Piece`] is a
//! range with its oldest shard; generations count from there, and stand one behind the other in the picture.
//!
//! Everything is a pass over the shards, or bounded by what is drawn.

use crate::kinesis::stream::Stream;
use crate::kinesis::{HashKey, HashKeyRange};
use crate::lambda::batcher::Lane;
use crate::sim::mapping::{Mapping, Stage};
use crate::view::picture::Picture;
use crate::view::scene::{Object, Resource};

/// Closed shards looked at: of more, the oldest.
const CLOSED_MAX: usize = 512;
/// Open shards drawn over one piece.
const CHILDREN_MAX: usize = 6;
/// Generations drawn: of more, the oldest two and the open shards.
pub(super) const GENERATIONS_MAX: u8 = 3;

/// A range of hash keys and the oldest shard there that is not finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) range: HashKeyRange,
    pub(super) root: u32,
}

/// A shard that is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Member {
    pub(super) shard: u32,
    /// How many drawn shards must be finished before it, one after another.
    pub(super) generation: u8,
    /// Generations of all shards that it shares hash keys with, directly or not.
    pub(super) generations: u8,
}

/// The shards that are drawn.
#[derive(Clone, Debug, Default)]
pub(super) struct Family {
    /// In order of the hash keys.
    pub(super) pieces: Vec<Piece>,
    /// The place of the first piece among all, and how many there are.
    pub(super) first: u32,
    pub(super) total: u32,
    /// In order of their first hash key, then the older one first.
    pub(super) members: Vec<Member>,
    /// Closed shards that are not finished, drawn or not.
    pub(super) draining: u64,
}

/// Whether two ranges share a hash key.
pub(super) fn overlap(a: HashKeyRange, b: HashKeyRange) -> bool {
    a.start() <= b.end() && b.start() <= a.end()
}

/// Whether a mapping still has to do with a shard: an open one always, a closed one until it is drained.
pub(super) fn is_unfinished(stream: &Stream, mapping: Option<&Mapping>, shard: u32) -> bool {
    let state = &stream.shards[shard as usize];
    if state.is_open() {
        return true;
    }
    let Some(mapping) = mapping.filter(|_| !state.unlisted) else { return false };
    let held = stream.held(shard) > 0;
    match mapping.readers.get(shard as usize).map(|reader| reader.stage) {
        // A shard that never held anything keeps its children waiting, but there is nothing to see.
        None | Some(Stage::Unassigned) => held,
        Some(Stage::Assigned | Stage::Ended) => true,
        Some(Stage::Finished) => false,
    }
}

/// The shards that must be finished before this one is read, as far as they are to be seen.
pub(super) fn awaited(stream: &Stream, mapping: Option<&Mapping>, shard: u32) -> Vec<u32> {
    /// Generations that are walked up.
    const UP_MAX: u32 = 16;
    let mut found = Vec::new();
    let mut looked_at = vec![(shard, 0)];
    while let Some((child, up)) = looked_at.pop() {
        for parent in stream.shards[child as usize].parents.iter() {
            let stage =
                mapping.and_then(|mapping| mapping.readers.get(parent as usize)).map(|reader| reader.stage);
            if (parent as usize) >= stream.shards.len() || matches!(stage, None | Some(Stage::Finished)) {
                continue;
            }
            if is_unfinished(stream, mapping, parent) {
                found.push(parent);
            } else if up < UP_MAX {
                looked_at.push((parent, up + 1));
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Records of a shard's lanes that are not done.
pub(super) fn in_lanes(lanes: &[Lane]) -> u64 {
    lanes.iter().map(|lane| lane.waiting.len() as u64 + u64::from(lane.in_hand())).sum()
}

impl Family {
    /// Chooses at most `fitting` pieces: from [`Picture::shard_first`] on, or else what is selected, what is being
    /// resharded, and what holds records, in this order.
    pub(super) fn of(picture: &Picture, mapping: Option<&Mapping>, fitting: usize) -> Self {
        let stream = picture.player.sim().stream();
        let closed = (0..stream.shards.len() as u32).filter(|&shard| {
            !stream.shards[shard as usize].is_open() && is_unfinished(stream, mapping, shard)
        });
        let closed: Vec<u32> = closed.collect();
        let draining = closed.len() as u64;
        let closed = &closed[..closed.len().min(CLOSED_MAX)];
        let pieces = pieces(stream, closed);
        let places = match picture.shard_first {
            Some(first) => {
                let first = (first as usize).min(pieces.len().saturating_sub(fitting));
                (first..pieces.len().min(first + fitting)).collect()
            }
            None => ranked(picture, &pieces, fitting),
        };
        let first = places.first().map_or(0, |&place| place as u32);
        let total = pieces.len() as u32;
        let pieces: Vec<Piece> = places.into_iter().map(|place| pieces[place]).collect();
        let members = members(stream, closed, &pieces);
        Self { pieces, first, total, members, draining }
    }

    /// Whether a shard has lanes in the picture.
    pub(super) fn reads(&self, shard: u32) -> bool {
        self.members.iter().any(|member| member.shard == shard && member.generation == 0)
    }
}

/// All pieces, in order of the hash keys.
fn pieces(stream: &Stream, closed: &[u32]) -> Vec<Piece> {
    let open = stream.open_shards();
    let range = |shard: u32| stream.shards[shard as usize].range;
    if closed.is_empty() || open.is_empty() {
        return open.iter().map(|&root| Piece { range: range(root), root }).collect();
    }
    let mut starts: Vec<u128> = open.iter().map(|&shard| range(shard).start().0).collect();
    for &shard in closed {
        starts.push(range(shard).start().0);
        starts.extend(range(shard).end().0.checked_add(1));
    }
    starts.sort_unstable();
    starts.dedup();
    let mut roots: Vec<u32> = starts.iter().map(|&start| stream.route(HashKey(start))).collect();
    // The oldest one last, over all others.
    for &shard in closed.iter().rev() {
        let from = starts.partition_point(|&start| start < range(shard).start().0);
        let to = starts.partition_point(|&start| start <= range(shard).end().0);
        roots[from..to].fill(shard);
    }
    let mut pieces: Vec<Piece> = Vec::new();
    for (place, (&start, &root)) in starts.iter().zip(&roots).enumerate() {
        let end = starts.get(place + 1).map_or(u128::MAX, |next| next - 1);
        let (start, more) = match pieces.last() {
            Some(last) if last.root == root => (last.range.start(), true),
            Some(_) | None => (HashKey(start), false),
        };
        if more {
            pieces.pop();
        }
        let range = HashKeyRange::new(start, HashKey(end)).expect("starts are ascending");
        pieces.push(Piece { range, root });
    }
    pieces
}

/// The places of the pieces that count most, ascending.
fn ranked(picture: &Picture, pieces: &[Piece], fitting: usize) -> Vec<usize> {
    let stream = picture.player.sim().stream();
    if pieces.len() <= fitting {
        return (0..pieces.len()).collect();
    }
    let selected = selected_range(picture);
    let rank = |piece: &Piece| {
        let root = &stream.shards[piece.root as usize];
        if selected.is_some_and(|range| overlap(range, piece.range)) {
            0
        } else if !root.is_open() || root.range != piece.range {
            1
        } else if stream.held(piece.root) > 0 {
            2
        } else {
            3
        }
    };
    let mut places = Vec::new();
    for wanted in 0..4 {
        let of_rank = (0..pieces.len()).filter(|&place| rank(&pieces[place]) == wanted);
        places.extend(of_rank.take(fitting - places.len()));
    }
    places.sort_unstable();
    places
}

/// The hash keys of what is selected.
fn selected_range(picture: &Picture) -> Option<HashKeyRange> {
    let sim = picture.player.sim();
    let shard = match picture.selected? {
        Object::Record(record) if record < sim.stream().records.len() => {
            // The way of the record's key, wherever the record itself is by now.
            let key = sim.stream().hash_key(record);
            return HashKeyRange::new(key, key);
        }
        Object::Invocation(idx) if idx < sim.invocations().len() => sim.invocations().get(idx).lane.shard,
        Object::Lane(lane) => lane.shard,
        Object::Shard(shard) => shard,
        Object::Discard(idx) if idx < sim.discards() => sim.discard(idx).lane.shard,
        Object::Resource(Resource::Poller { shard, .. } | Resource::Checkpoint { shard, .. }) => shard,
        Object::Record(_)
        | Object::Invocation(_)
        | Object::Discard(_)
        | Object::Environment(_)
        | Object::Resource(_) => return None,
    };
    sim.stream().shards.get(shard as usize).map(|shard| shard.range)
}

/// The shards over these pieces, with their generations.
fn members(stream: &Stream, closed: &[u32], pieces: &[Piece]) -> Vec<Member> {
    let range = |shard: u32| stream.shards[shard as usize].range;
    let open = stream.open_shards();
    let mut shards: Vec<u32> = Vec::new();
    for piece in pieces {
        let from = open.partition_point(|&shard| range(shard).end() < piece.range.start());
        let over = open[from..].iter().take_while(|&&shard| range(shard).start() <= piece.range.end());
        shards.extend(over.take(CHILDREN_MAX));
    }
    let over = |&&shard: &&u32| pieces.iter().any(|piece| overlap(piece.range, range(shard)));
    shards.extend(closed.iter().filter(over));
    shards.sort_unstable();
    shards.dedup();
    let mut members = generations(stream, &shards);
    if members.iter().any(|member| member.generation >= GENERATIONS_MAX) {
        let last = GENERATIONS_MAX - 1;
        members.retain(|member| member.generation < last || stream.shards[member.shard as usize].is_open());
        members.iter_mut().for_each(|member| member.generation = member.generation.min(last));
    }
    members.sort_by_key(|member| (range(member.shard).start(), member.shard));
    count_generations(stream, &mut members);
    members
}

/// Generations of shards that are given in ascending order, so that parents come before their children.
fn generations(stream: &Stream, shards: &[u32]) -> Vec<Member> {
    let range = |shard: u32| stream.shards[shard as usize].range;
    let mut members: Vec<Member> = Vec::new();
    for &shard in shards {
        let older = members.iter().filter(|member| overlap(range(member.shard), range(shard)));
        let generation = older.map(|member| member.generation + 1).max().unwrap_or(0).min(GENERATIONS_MAX);
        members.push(Member { shard, generation, generations: 1 });
    }
    members
}

/// Tells each member how many generations there are among those it is connected with; members are in order of their
/// first hash keys.
fn count_generations(stream: &Stream, members: &mut [Member]) {
    let range = |shard: u32| stream.shards[shard as usize].range;
    let mut from = 0;
    while from < members.len() {
        let mut end = range(members[from].shard).end();
        let mut to = from + 1;
        while to < members.len() && range(members[to].shard).start() <= end {
            end = end.max(range(members[to].shard).end());
            to += 1;
        }
        let count = members[from..to].iter().map(|member| member.generation + 1).max().unwrap_or(1);
        members[from..to].iter_mut().for_each(|member| member.generations = count);
        from = to;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinesis::KeyTable;
    use crate::units::{SimTime, WallTime};

    fn stream() -> Stream {
        Stream::new(2, WallTime(0), KeyTable::new(0))
    }

    /// 2 → 3 as in 2016: shards 0 and 1 are split, and the inner ones of the children merged.
    fn two_to_three() -> Stream {
        let mut stream = stream();
        let third = u128::MAX / 3;
        stream.split(0, HashKey(third + 1), SimTime(1));
        stream.split(1, HashKey(2 * third + 1), SimTime(2));
        stream.merge(3, 4, SimTime(3));
        stream
    }

    #[track_caller]
    fn check(closed: &[u32], roots: &[u32], expect: &[(u32, u8, u8)]) {
        let stream = two_to_three();
        let pieces = pieces(&stream, closed);
        assert_eq!(pieces.iter().map(|piece| piece.root).collect::<Vec<_>>(), roots);
        let members = members(&stream, closed, &pieces);
        let found = members.iter().map(|member| (member.shard, member.generation, member.generations));
        assert_eq!(found.collect::<Vec<_>>(), expect);
    }

    #[test]
    fn the_oldest_shards_come_first() {
        check(&[], &[2, 6, 5], &[(2, 0, 1), (6, 0, 1), (5, 0, 1)]);
        check(&[0, 1], &[0, 1], &[(0, 0, 2), (2, 1, 2), (6, 1, 2), (1, 0, 2), (5, 1, 2)]);
        let all = [(0, 0, 3), (2, 1, 3), (3, 1, 3), (6, 2, 3), (1, 0, 3), (4, 1, 3), (5, 1, 3)];
        check(&[0, 1, 3, 4], &[0, 1], &all);
        // Shard 0 and then 3 are finished; 6 still waits for 4.
        check(&[1, 4], &[2, 6, 1], &[(2, 0, 1), (6, 2, 3), (1, 0, 3), (4, 1, 3), (5, 1, 3)]);
    }
}
