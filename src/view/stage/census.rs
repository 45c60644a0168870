//! The latest records, sorted into the rows of the shards and lanes that are drawn.
//!
//! Thousands are looked at in every frame, so what many of them share is looked up before.

use super::crowd::{Crowd, Parts};
use super::lanes::Progress;
use super::state::{LaneView, STORED_MAX, ShardView, State, TICKS_MAX, row_of};
use crate::kinesis::stream::Record;
use crate::sim::mapping::Mapping;
use crate::units::SimTime;

/// The latest records, which are looked at one by one.
const CENSUS_MAX: u32 = 4096;

/// How far a shard is that is drawn.
struct Known {
    shard: u32,
    /// All records before this one have been read.
    unread_from: u32,
    /// By lane: all records before this one are done; and its place among the lanes that are drawn.
    lanes: Vec<(u32, Option<usize>)>,
    /// All records before this one are done, whatever their lane.
    settled: u32,
}

struct Census<'a> {
    state: &'a State<'a>,
    known: Vec<Known>,
    /// Where there are bars.
    parts: Option<Parts>,
    mapping: Option<&'a Mapping>,
    /// Records done, by lane.
    stored: Vec<u64>,
    /// Rows of stored records that have room; `None` where every record is counted.
    open_rows: Option<usize>,
}

/// Goes through the latest records, newest first, and sorts them into the rows.
pub(super) fn take(state: &mut State) {
    let (mut shards, mut lanes) = (std::mem::take(&mut state.shards), std::mem::take(&mut state.lanes));
    let records = &state.sim.stream().records;
    let len = records.len();
    let (complete, first) = (len <= CENSUS_MAX, len.saturating_sub(CENSUS_MAX));
    let since = if first < len { records.get(first).arrival() } else { state.now() };
    let mut census = Census::of(state, (&shards, &lanes), (since, state.now()));
    census.open_rows = (!complete).then(|| lanes.iter().map(|view| view.rows.len()).sum());
    let mut record = len;
    for part in records.slices(first..len).rev() {
        for each in part.iter().rev() {
            record -= 1;
            census.see(record, each, &mut shards, &mut lanes);
        }
    }
    for view in shards.iter_mut().filter(|_| complete) {
        view.unread_known = true;
    }
    for (view, stored) in lanes.iter_mut().zip(census.stored) {
        view.stored = complete.then_some(stored);
    }
    (state.shards, state.lanes) = (shards, lanes);
}

impl<'a> Census<'a> {
    fn of(
        state: &'a State<'a>,
        (shards, lanes): (&[ShardView], &[LaneView]),
        span: (SimTime, SimTime),
    ) -> Self {
        let progress = Progress::of(state.picture);
        let known = |view: &ShardView| {
            let drawn = |lane: u32| {
                lanes.iter().position(|view_of_lane| {
                    view_of_lane.lane.shard == view.shard && u32::from(view_of_lane.lane.lane) == lane
                })
            };
            let unread_from = progress.unread_from(view.shard);
            Known {
                shard: view.shard,
                unread_from,
                lanes: (0..).zip(progress.open(view.shard)).map(|(lane, open)| (open, drawn(lane))).collect(),
                settled: progress.open(view.shard).fold(unread_from, u32::min),
            }
        };
        Self {
            state,
            known: shards.iter().map(known).collect(),
            parts: (state.crowd == Crowd::Flood).then(|| Parts::of(span)),
            mapping: state.mapping(),
            stored: vec![0; lanes.len()],
            open_rows: None,
        }
    }

    fn see(&mut self, record: u32, stored: &Record, shards: &mut [ShardView], lanes: &mut [LaneView]) {
        let Some(place) = self.known.iter().position(|known| known.shard == stored.shard) else { return };
        let (state, known, view) = (self.state, &self.known[place], &mut shards[place]);
        let key = state.roster.place(stored.key);
        let read = record < known.unread_from;
        view.unread += u64::from(!read);
        view.unread_known = read;
        // What is not read is in no lane. Of what is done no more is to be known than that, once the rows are full.
        let settled = self.open_rows == Some(0) && record < known.settled;
        let lane = (read && !settled).then(|| state.sim.lane_of_key(state.picture.mapping, stored.key));
        let (open, lane) = lane.map_or((0, None), |lane| known.lanes[lane as usize]);
        let done = settled || record < open;
        let most = TICKS_MAX * if key.is_none() { 5 } else { 1 };
        if let Some(row) = view.rows.iter_mut().find(|row| row.key == key) {
            if row.ticks.len() < most {
                row.ticks.push((record, done));
            }
            if let Some(parts) = &mut self.parts {
                row.density.count(parts.back_to(stored.arrival()), done);
            }
        }
        // What was given up, has expired, was filtered out or not handled is done, too.
        let has_row = done && lane.is_some() && self.mapping.is_some_and(|mapping| mapping.stored(record));
        if let Some(lane) = lane.filter(|_| has_row) {
            self.stored[lane] += 1;
            let rows = &mut lanes[lane].rows;
            if let Some(row) = row_of(rows, key).filter(|row| row.stored.len() < STORED_MAX) {
                row.stored.push(record);
                if row.stored.len() == STORED_MAX {
                    self.open_rows = self.open_rows.map(|rows| rows - 1);
                }
            }
        }
    }
}
