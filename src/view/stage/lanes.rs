//! Which lanes are drawn, and what is done in them: shared by the stage and the time line.

use super::state::State;
use crate::kinesis::stream::NONE;
use crate::sim::agenda::LaneRef;
use crate::view::picture::Picture;

/// A lane that is drawn.
pub(in crate::view) struct DrawnLane {
    pub(in crate::view) lane: LaneRef,
    /// Places in the roster of the keys it serves; none where there are many keys.
    pub(in crate::view) keys: Vec<usize>,
}

/// The lanes that the stage draws, in its order.
pub(in crate::view) fn drawn_lanes(picture: &Picture) -> Vec<DrawnLane> {
    let state = State::bare(picture);
    let keys = |rows: &[super::state::LaneRow]| rows.iter().filter_map(|row| row.key).collect();
    state.lanes.iter().map(|view| DrawnLane { lane: view.lane, keys: keys(&view.rows) }).collect()
}

/// Whether the mapping has read a record, or passes it over because of its starting position.
pub(in crate::view) fn read(picture: &Picture, record: u32) -> bool {
    let sim = picture.player.sim();
    let Some(mapping) = sim.mappings().get(usize::from(picture.mapping)) else { return false };
    let reader = mapping.readers.get(sim.stream().records.get(record).shard as usize);
    reader.is_some_and(|reader| record < mapping.first || reader.read != NONE && record <= reader.read)
}

/// Whether the mapping has done a record.
pub(in crate::view) fn done(picture: &Picture, record: u32) -> bool {
    let sim = picture.player.sim();
    let shard = sim.stream().records.get(record).shard;
    read(picture, record)
        && sim.mapping(picture.mapping).done(shard, sim.lane_of(picture.mapping, record), record)
}

/// The first record of each key of the roster that is not done, or `NONE`.
pub(in crate::view) fn first_open(picture: &Picture) -> Vec<u32> {
    /// Records looked at in each lane and shard.
    const LOOK_MAX: u32 = 4096;
    let sim = picture.player.sim();
    let roster = picture.player.roster();
    let mut open = vec![NONE; roster.keys.len()];
    let mut see = |record: u32| {
        if let Some(key) = roster.place(sim.stream().records.get(record).key) {
            open[key] = open[key].min(record);
        }
    };
    let len = sim.stream().records.len();
    (len.saturating_sub(LOOK_MAX)..len).filter(|&record| !read(picture, record)).for_each(&mut see);
    let lanes = sim.mappings().get(usize::from(picture.mapping)).map_or(&[][..], |mapping| &mapping.lanes);
    for lane in lanes.iter().filter(|_| !roster.keys.is_empty()) {
        lane.waiting.iter().take(LOOK_MAX as usize).for_each(|waiting| see(waiting.record));
        for part in lane.parts.iter() {
            let batched = |place| sim.mapping(picture.mapping).batched(part.first + place);
            (0..part.count.min(LOOK_MAX)).for_each(|place| see(batched(place)));
        }
    }
    open
}
