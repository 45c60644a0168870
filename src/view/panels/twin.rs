//! The picture in words: shards, their lanes, and how many records stand where.

use super::KeyMark;
use super::log::short_shard;
use crate::lambda::batcher::LaneState;
use crate::lang::Lang;
use crate::sim::Simulation;
use crate::sim::agenda::LaneRef;
use crate::view::scene::Object;
use crate::view::text::MessageId;

/// The picture in words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Twin {
    /// One sentence: where the records are.
    pub caption: String,
    /// A row for each shard, followed by its lanes.
    pub rows: Vec<Row>,
    /// Whether lanes were left out.
    pub cut: bool,
}

/// A shard or a lane.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What it stands for.
    pub object: Object,
    /// Its name.
    pub name: String,
    /// Whether it is a lane, below its shard.
    pub lane: bool,
    /// Keys of its records in hand and at its head.
    pub keys: Vec<KeyMark>,
    /// Records of the shard, or of the lane, that wait.
    pub waiting: String,
    /// Records in hand.
    pub in_flight: String,
    /// Records done.
    pub done: String,
}

/// Rows shown, at most.
const ROWS_MAX: usize = 120;
/// Records of a lane looked at to find its keys.
const RECORDS_LOOKED_AT: usize = 24;

/// The picture in words as of the playhead.
#[must_use]
pub fn build(sim: &Simulation, lang: Lang) -> Twin {
    let mut rows = Vec::new();
    let (mut waiting, mut in_flight, mut running) = (0u64, 0u64, 0u32);
    let several = sim.mappings().len() > 1;
    for (idx, mapping) in (0u16..).zip(sim.mappings()) {
        for shard in 0..mapping.readers.len() as u32 {
            let held = sim.stream().held(shard);
            let place = rows.len();
            let (mut shard_waiting, mut shard_in_hand) = (0, 0);
            for (number, lane) in (0u8..).zip(mapping.lanes_of(shard)) {
                let (lane_waiting, in_hand) = (lane.waiting.len() as u32, lane.in_hand());
                shard_waiting += lane_waiting;
                shard_in_hand += in_hand;
                running += u32::from(matches!(lane.state, LaneState::Running { .. }));
                let object = LaneRef { mapping: idx, shard, lane: number };
                rows.push(Row {
                    object: Object::Lane(object),
                    name: MessageId::BatcherNumber.fill(lang, &[&(u32::from(number) + 1)]),
                    lane: true,
                    keys: keys(sim, object),
                    waiting: lane_waiting.to_string(),
                    in_flight: in_hand.to_string(),
                    done: String::new(),
                });
            }
            let done = held - (shard_waiting + shard_in_hand).min(held);
            let row = shard_row(shard, [shard_waiting, shard_in_hand, done]);
            let of = |name: String| MessageId::TwinShardOf.fill(lang, &[&name, &(idx + 1)]);
            rows.insert(place, if several { Row { name: of(row.name), ..row } } else { row });
            waiting += u64::from(shard_waiting);
            in_flight += u64::from(shard_in_hand);
        }
    }
    let put = sim.stream().records.len();
    let stored: u64 = sim.mappings().iter().map(|mapping| mapping.succeeded - mapping.unhandled).sum();
    let caption = MessageId::TwinCaption.fill(lang, &[&put, &waiting, &in_flight, &running, &stored]);
    let cut = rows.len() > ROWS_MAX;
    rows.truncate(ROWS_MAX);
    if rows.is_empty() {
        let shards = (0..sim.stream().shards.len() as u32).take(ROWS_MAX);
        rows = shards.map(|shard| shard_row(shard, [sim.stream().held(shard), 0, 0])).collect();
    }
    Twin { caption, rows, cut }
}

fn shard_row(shard: u32, [waiting, in_flight, done]: [u32; 3]) -> Row {
    Row {
        object: Object::Shard(shard),
        name: short_shard(shard),
        lane: false,
        keys: Vec::new(),
        waiting: waiting.to_string(),
        in_flight: in_flight.to_string(),
        done: done.to_string(),
    }
}

/// Keys of the records a lane has in hand, or of those that wait where it has none.
#[must_use]
pub fn keys(sim: &Simulation, lane_ref: LaneRef) -> Vec<KeyMark> {
    let lane = sim.lane(lane_ref);
    let mapping = sim.mapping(lane_ref.mapping);
    let in_hand = lane.parts.top().map_or(0..0, |part| part.first..part.first + part.count);
    let in_hand = in_hand.map(|place| mapping.batched(place));
    let records = in_hand.chain(lane.waiting.iter().map(|waiting| waiting.record));
    let mut keys: Vec<u32> =
        records.take(RECORDS_LOOKED_AT).map(|record| sim.stream().records.get(record).key).collect();
    keys.sort_unstable();
    keys.dedup();
    keys.into_iter().map(|key| KeyMark::of(sim, key)).collect()
}
