//! Which shard came from which: a tree with a row for each generation, over the line of hash keys.

use crate::kinesis::stream::Shard;
use crate::kinesis::{ShardState, Stream};
use crate::lang::Lang;
use crate::sim::mapping::{Mapping, Stage};
use crate::view::text::MessageId;
use crate::view::{roster, stage};

/// Shards beside each other, at most; with more in a generation there is no tree.
const ROW_MAX: usize = 8;
/// Least distance of two shards, in thousandths of the width.
const APART: u32 = 1000 / ROW_MAX as u32;

/// The tree.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lineage {
    /// All shards, parents before their children.
    pub nodes: Vec<Node>,
    /// Parents and their children, by their places in `nodes`.
    pub edges: Vec<(usize, usize)>,
    /// Generations.
    pub rows: u32,
}

/// A shard of the tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Its number.
    pub shard: u32,
    /// Its middle, in thousandths of the width.
    pub x: u32,
    /// Its generation, from 0.
    pub row: u32,
    /// What it is.
    pub state: NodeState,
    /// What is said of it.
    pub note: String,
}

/// What a shard of the tree is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeState {
    /// It takes records.
    Open,
    /// It takes no more.
    Closed,
    /// It opens later in the run.
    Coming,
}

/// The tree of a stream's shards that can be seen, and of those that the run ahead knows of; `None` where nothing was
/// resharded, or a generation is too wide.
#[must_use]
pub fn build(
    (now, ahead): (&Stream, &Stream),
    mapping: Option<&Mapping>,
    state: impl Fn(u32) -> ShardState,
    lang: Lang,
) -> Option<Lineage> {
    let listed = |shard: &u32| !now.shards[*shard as usize].unlisted && state(*shard) != ShardState::Expired;
    let present: Vec<u32> = (0..now.shards.len() as u32).filter(listed).collect();
    let coming = now.shards.len() as u32..ahead.shards.len() as u32;
    let all: Vec<u32> = present.iter().copied().chain(coming).collect();
    let (shards, mut nodes) = [all, present].into_iter().find_map(|shards| {
        let nodes = placed(&ahead.shards, &shards)?;
        Some((shards, nodes))
    })?;
    for node in &mut nodes {
        (node.state, node.note) = said(node.shard, (now, ahead), mapping, lang);
    }
    let mut edges = Vec::new();
    for (place, &shard) in shards.iter().enumerate() {
        let parents = ahead.shards[shard as usize].parents.iter();
        edges.extend(parents.filter_map(|parent| Some((shards.binary_search(&parent).ok()?, place))));
    }
    let rows = nodes.iter().map(|node| node.row + 1).max().unwrap_or(0);
    (!edges.is_empty()).then_some(Lineage { nodes, edges, rows })
}

/// What a shard is, and what is said of it.
fn said(
    shard: u32,
    (now, ahead): (&Stream, &Stream),
    mapping: Option<&Mapping>,
    lang: Lang,
) -> (NodeState, String) {
    let Some(there) = now.shards.get(shard as usize) else {
        let opens = stage::clock(ahead.shards[shard as usize].opened.0);
        return (NodeState::Coming, MessageId::LineageOpens.fill(lang, &[&opens]));
    };
    let stage = mapping.and_then(|mapping| mapping.readers.get(shard as usize)).map(|reader| reader.stage);
    let (state, note) = match (there.is_open(), stage) {
        (true, Some(Stage::Unassigned)) => (NodeState::Open, Some(MessageId::LineageWaits)),
        (true, _) => (NodeState::Open, None),
        (false, Some(Stage::Assigned | Stage::Ended)) => (NodeState::Closed, Some(MessageId::LineageDrains)),
        (false, Some(Stage::Unassigned)) => (NodeState::Closed, Some(MessageId::LineageWaits)),
        (false, Some(Stage::Finished) | None) => (NodeState::Closed, None),
    };
    (state, note.map_or_else(String::new, |note| note.text(lang).to_owned()))
}

/// The places of shards, given in ascending order; `None` where too many are beside each other.
fn placed(shards: &[Shard], wanted: &[u32]) -> Option<Vec<Node>> {
    let mut nodes: Vec<Node> = Vec::new();
    for &shard in wanted {
        let Shard { range, parents, .. } = &shards[shard as usize];
        let rows = parents.iter().filter_map(|parent| {
            let place = wanted.binary_search(&parent).ok()?;
            nodes.get(place).map(|node| node.row + 1)
        });
        let row = rows.max().unwrap_or(0);
        let middle = f64::midpoint(roster::share(range.start()), roster::share(range.end()));
        let x = (middle * 1000.0).round() as u32;
        nodes.push(Node { shard, x, row, state: NodeState::Open, note: String::new() });
    }
    let rows = nodes.iter().map(|node| node.row).max()?;
    for row in 0..=rows {
        let mut beside: Vec<&mut Node> = nodes.iter_mut().filter(|node| node.row == row).collect();
        if beside.len() > ROW_MAX {
            return None;
        }
        beside.sort_by_key(|node| node.x);
        let mut least = APART / 2;
        for node in &mut beside {
            node.x = node.x.max(least);
            least = node.x + APART;
        }
        let mut most = 1000 - APART / 2;
        for node in beside.iter_mut().rev() {
            node.x = node.x.min(most);
            most = node.x.saturating_sub(APART);
        }
    }
    Some(nodes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinesis::{HashKey, KeyTable};
    use crate::units::{SimTime, WallTime};

    fn tree(now: &Stream, ahead: &Stream) -> Vec<String> {
        let state = |shard: u32| now.shard_state(shard, SimTime(4));
        let lineage = build((now, ahead), None, state, Lang::En).unwrap_or_default();
        let node = |node: &Node| {
            format!("{} {},{} {:?} {}", node.shard, node.x, node.row, node.state, node.note)
                .trim_end()
                .to_owned()
        };
        let nodes = lineage.nodes.iter().map(node);
        let edge = |&(from, to): &(usize, usize)| format!("{from}-{to}");
        nodes.chain([lineage.edges.iter().map(edge).collect::<Vec<_>>().join(" ")]).collect()
    }

    /// 2 to 3 as in 2016.
    #[test]
    fn children_stand_below_their_parents() {
        let mut now = Stream::new(2, WallTime(0), KeyTable::new(0));
        assert_eq!(tree(&now, &now), [""]);
        let third = u128::MAX / 3;
        now.split(0, HashKey(third + 1), SimTime(1));
        now.split(1, HashKey(2 * third + 1), SimTime(2));
        let mut ahead = now.clone();
        ahead.merge(3, 4, SimTime(42_000));
        let nodes = [
            "0 250,0 Closed",
            "1 750,0 Closed",
            "2 167,1 Open",
            "3 417,1 Open",
            "4 583,1 Open",
            "5 833,1 Open",
            "6 500,2 Coming opens 0:42",
            "0-2 0-3 1-4 1-5 3-6 4-6",
        ];
        assert_eq!(tree(&now, &ahead), nodes);
        assert_eq!(tree(&now, &now).last().map(String::as_str), Some("0-2 0-3 1-4 1-5"));
    }

    #[test]
    fn narrow_shards_stand_apart_and_wide_generations_are_left_out() {
        let mut stream = Stream::new(1, WallTime(0), KeyTable::new(0));
        stream.split(0, HashKey(4), SimTime(1));
        assert_eq!(tree(&stream, &stream)[1..3], ["1 62,1 Open", "2 500,1 Open"]);
        let many = Stream::new(9, WallTime(0), KeyTable::new(0));
        let mut split = many.clone();
        split.split(0, HashKey(4), SimTime(1));
        assert_eq!((tree(&many, &many), tree(&split, &split)), (vec![String::new()], vec![String::new()]));
    }
}
