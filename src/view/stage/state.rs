//! What the stage shows, read from the simulation. Everything walked is bounded.

use super::again::Again;
use super::census;
use super::counts::{self, Counts};
use super::crowd::{Crowd, Density, PILED_MAX, Rates};
use super::family::{self, Family};
use crate::kinesis::KeyId;
use crate::kinesis::stream::Record;
use crate::lambda::batcher::{Lane, LaneState};
use crate::sim::Simulation;
use crate::sim::agenda::LaneRef;
use crate::sim::invocation::Invocation;
use crate::sim::mapping::{Mapping, Stage};
use crate::units::{SimTime, Stamp};
use crate::view::picture::Picture;
use crate::view::roster::Roster;
use crate::view::scene::{Hue, Object};

/// Shards drawn side by side at most, with lanes and without.
const SHARDS_MAX: usize = 4;
const SHARDS_ALONE_MAX: usize = 6;
/// Lanes drawn at most.
pub(super) const LANES_MAX: usize = 10;
/// Waiting records of a lane that are walked.
const WALK_MAX: usize = 400;
/// Parts of a batch that wait, and records of each, that are looked at.
const PARTS_MAX: usize = 8;
const PART_RECORDS_MAX: u32 = 60;
/// Ticks in a row of a shard.
pub(super) const TICKS_MAX: usize = 54;
/// Tokens of a row of stored records.
pub(super) const STORED_MAX: usize = 9;

/// Records of one key in a shard, or of all where keys share a row.
#[derive(Clone, Debug, Default)]
pub(super) struct ShardRow {
    /// Place in the roster.
    pub(super) key: Option<usize>,
    /// The latest records, newest first, and whether each is done.
    pub(super) ticks: Vec<(u32, bool)>,
    /// What is shown instead where there are very many records.
    pub(super) density: Density,
}

/// How a shard stands to its parents and children.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It takes records, and they are read.
    Open,
    /// It takes no more records, and so many of its own are not done.
    Draining { left: u64 },
    /// It is not read before these are drained; so many of its records wait.
    Waits { parents: Vec<u32>, left: u64 },
    /// Its parents are drained: it is read from then on.
    Next { at: SimTime },
}

#[derive(Clone, Debug)]
pub(super) struct ShardView {
    pub(super) shard: u32,
    pub(super) rows: Vec<ShardRow>,
    pub(super) standing: Standing,
    pub(super) generation: u8,
    pub(super) generations: u8,
    /// Unread ones among the latest records; and whether older ones have certainly been read.
    pub(super) unread: u64,
    pub(super) unread_known: bool,
    /// Records read and done, where that is known.
    pub(super) read_and_done: Option<(u64, u64)>,
}

/// Records of one key in a lane, or of all.
#[derive(Clone, Debug, Default)]
pub(super) struct LaneRow {
    pub(super) key: Option<usize>,
    /// Waiting records, next first.
    pub(super) waiting: Vec<u32>,
    /// The latest records done, newest first.
    pub(super) stored: Vec<u32>,
}

/// A batch in hand.
#[derive(Clone, Debug)]
pub(super) struct Batch {
    pub(super) invocation: u32,
    pub(super) state: Invocation,
    /// When it is tried again, if it is backing off.
    pub(super) again_at: Option<SimTime>,
}

#[derive(Clone, Debug)]
pub(super) struct LaneView {
    pub(super) lane: LaneRef,
    pub(super) rows: Vec<LaneRow>,
    pub(super) waiting: u32,
    pub(super) batch: Option<Batch>,
    /// Records of the other parts of a batch that was split, part by part, the next one first.
    pub(super) rest: Vec<Vec<u32>>,
    /// Records done, where that is known.
    pub(super) stored: Option<u64>,
    /// From when to when the batch window runs, if the lane waits for its end.
    pub(super) window: Option<(SimTime, SimTime)>,
}

/// What the stage shows.
pub(super) struct State<'a> {
    pub(super) picture: &'a Picture<'a>,
    pub(super) sim: &'a Simulation,
    pub(super) roster: &'a Roster,
    pub(super) counts: Counts,
    /// How records are shown, and what bands of them are as wide as.
    pub(super) crowd: Crowd,
    pub(super) rates: Option<Rates>,
    /// Which records were handled more than once lately.
    pub(super) again: Again,
    /// Which shards there are to see.
    pub(super) family: Family,
    pub(super) shards: Vec<ShardView>,
    pub(super) lanes: Vec<LaneView>,
    /// When the last record was put, if all have been.
    pub(super) all_sent_at: Option<SimTime>,
}

impl<'a> State<'a> {
    pub(super) fn of(picture: &'a Picture<'a>) -> Self {
        let mut state = Self::bare(picture);
        state.count();
        state.crowd = Crowd::of(state.counts.waiting() + state.counts.in_hand);
        state.rates = (state.crowd == Crowd::Flood).then(|| Rates::of(&state));
        census::take(&mut state);
        for place in 0..state.lanes.len() {
            state.look_at_lane(place);
        }
        state.again = Again::of(&state);
        for place in 0..state.shards.len() {
            state.shards[place].read_and_done = state.read_and_done(&state.shards[place]);
            state.shards[place].standing = state.standing(&state.shards[place]);
        }
        state
    }

    /// The shards and lanes that are drawn, without their records.
    pub(super) fn bare(picture: &'a Picture<'a>) -> Self {
        let sim = picture.player.sim();
        let mut state = Self {
            picture,
            sim,
            roster: picture.player.roster(),
            counts: Counts::default(),
            crowd: Crowd::Few,
            rates: None,
            again: Again::default(),
            family: Family::default(),
            shards: Vec::new(),
            lanes: Vec::new(),
            all_sent_at: all_sent_at(picture),
        };
        state.choose();
        state
    }

    pub(super) fn now(&self) -> SimTime {
        self.sim.now()
    }

    pub(super) fn mapping(&self) -> Option<&'a Mapping> {
        self.sim.mappings().get(usize::from(self.picture.mapping))
    }

    /// The lanes of a shard; none before the mapping's first poll, although they are drawn.
    fn lanes_of(&self, shard: u32) -> &'a [Lane] {
        self.mapping().map_or(&[], |mapping| mapping.lanes_of(shard))
    }

    fn lane(&self, lane: LaneRef) -> Option<&'a Lane> {
        self.lanes_of(lane.shard).get(usize::from(lane.lane))
    }

    pub(super) fn factor(&self) -> u32 {
        self.mapping().map_or(0, Mapping::parallelization_factor)
    }

    pub(super) fn record(&self, record: u32) -> Record {
        self.sim.stream().records.get(record)
    }

    pub(super) fn hue(&self, record: u32) -> Hue {
        Hue::of(self.record(record).key)
    }

    pub(super) fn selected(&self, record: u32) -> bool {
        super::is_selected(self.picture.selected, record)
    }

    /// The key of the selected record, as a place in the roster.
    pub(super) fn selected_key(&self) -> Option<usize> {
        self.roster.place(self.selected_key_id()?)
    }

    /// The key of the selected record.
    pub(super) fn selected_key_id(&self) -> Option<KeyId> {
        match self.picture.selected {
            Some(Object::Record(record)) if record < self.sim.stream().records.len() => {
                Some(self.record(record).key)
            }
            Some(
                Object::Record(_)
                | Object::Invocation(_)
                | Object::Lane(_)
                | Object::Shard(_)
                | Object::Discard(_)
                | Object::Environment(_)
                | Object::Resource(_),
            )
            | None => None,
        }
    }

    fn count(&mut self) {
        let stream = self.sim.stream();
        let mut counts = Counts {
            put: u64::from(stream.records.len()),
            shards: stream.open_shards().len() as u64,
            ..Counts::default()
        };
        counts.lanes = counts.shards * u64::from(self.factor());
        let recent = self.picture.pace().unwrap_or(1.0) * 1500.0;
        if let Some(mapping) = self.mapping() {
            (counts.unhandled, counts.skipped) = (mapping.unhandled, mapping.first.into());
            counts.stored = mapping.succeeded - mapping.unhandled;
            (counts.discarded, counts.expired) = (mapping.discarded, mapping.expired);
            counts.filtered = mapping.filtered;
            for shard in 0..mapping.readers.len() as u32 {
                for (lane, state) in (0..).zip(mapping.lanes_of(shard)) {
                    let lane_ref = LaneRef { mapping: self.picture.mapping, shard, lane };
                    counts::count_lane(&mut counts, state, lane_ref, self.sim, recent);
                }
            }
        }
        if counts.discarded > 0 && !self.sim.redrives().is_empty() {
            counts::count_redriven(&mut counts, self.sim, self.picture.mapping);
        }
        let again = self.mapping().map_or(0, Mapping::counted_again);
        let gone = counts.skipped + counts.stored + counts.left_out();
        counts.unread = (counts.put + again).saturating_sub(gone + counts.queued + counts.in_hand);
        self.counts = counts;
    }

    /// Chooses the shards and lanes that are drawn.
    fn choose(&mut self) {
        let factor = self.factor();
        let fitting = match factor {
            0 if !self.picture.tall() => SHARDS_ALONE_MAX,
            factor => (LANES_MAX / factor.max(1) as usize).clamp(1, SHARDS_MAX),
        };
        self.family = Family::of(self.picture, self.mapping(), fitting);
        for &family::Member { shard, generation, generations } in &self.family.members {
            self.shards.push(ShardView {
                shard,
                rows: self.shard_rows(shard),
                standing: Standing::Open,
                generation,
                generations,
                unread: 0,
                unread_known: false,
                read_and_done: None,
            });
        }
        let mapping = self.picture.mapping;
        for piece in self.family.pieces.iter().filter(|piece| self.family.reads(piece.root)) {
            for lane in 0..factor as u8 {
                let lane = LaneRef { mapping, shard: piece.root, lane };
                let rows = self.lane_rows(lane);
                self.lanes.push(LaneView {
                    lane,
                    rows,
                    waiting: 0,
                    batch: None,
                    rest: Vec::new(),
                    stored: None,
                    window: None,
                });
            }
        }
    }

    /// How a shard stands to its parents and children, once its records have been counted.
    fn standing(&self, view: &ShardView) -> Standing {
        let (stream, shard) = (self.sim.stream(), view.shard);
        let Some(mapping) = self.mapping() else { return Standing::Open };
        let reader = mapping.readers.get(shard as usize);
        let in_lanes = family::in_lanes(self.lanes_of(shard));
        let unread = match reader.map(|reader| reader.stage) {
            None | Some(Stage::Unassigned) => u64::from(stream.held(shard)),
            Some(Stage::Assigned) => view.unread,
            Some(Stage::Ended | Stage::Finished) => 0,
        };
        let left = in_lanes + unread;
        let parents = family::awaited(stream, self.mapping(), shard);
        if !parents.is_empty() {
            return Standing::Waits { parents, left };
        }
        if !stream.shards[shard as usize].is_open() {
            return Standing::Draining { left };
        }
        let grown = stream.shards[shard as usize].parents.parent.is_some();
        if grown && reader.is_some_and(|reader| reader.stage == Stage::Unassigned) {
            let tick = self.sim.scenario().model.shard_assignment.0.max(1);
            return Standing::Next { at: SimTime((self.now().0 / tick + 1) * tick) };
        }
        Standing::Open
    }

    /// One row for each key of the shard, in order of the hash keys; one for all where there are many keys.
    fn shard_rows(&self, shard: u32) -> Vec<ShardRow> {
        if self.roster.keys.is_empty() {
            return vec![ShardRow::default()];
        }
        let mut keys: Vec<usize> =
            (0..self.roster.keys.len()).filter(|&key| self.holds(shard, key)).collect();
        keys.sort_by_key(|&key| self.roster.keys[key].hash);
        keys.into_iter().map(|key| ShardRow { key: Some(key), ..ShardRow::default() }).collect()
    }

    /// Whether a shard's hash keys are those of a key of the roster, among others.
    pub(super) fn holds(&self, shard: u32, key: usize) -> bool {
        self.sim.stream().shards[shard as usize].range.contains(self.roster.keys[key].hash)
    }

    fn lane_rows(&self, lane: LaneRef) -> Vec<LaneRow> {
        if self.roster.keys.is_empty() {
            return vec![LaneRow::default()];
        }
        let serves = |&key: &usize| {
            let serving = self.roster.keys[key].lane(self.sim, lane.mapping);
            self.holds(lane.shard, key) && serving == u32::from(lane.lane)
        };
        let row = |key| LaneRow { key: Some(key), ..LaneRow::default() };
        (0..self.roster.keys.len()).filter(serves).map(row).collect()
    }

    fn look_at_lane(&mut self, place: usize) {
        let lane_ref = self.lanes[place].lane;
        let Some(lane) = self.lane(lane_ref) else { return };
        self.lanes[place].waiting = lane.waiting.len() as u32;
        let most = if self.crowd == Crowd::Many { PILED_MAX } else { WALK_MAX };
        for waiting in lane.waiting.iter().take(most) {
            // Of many keys none has a row of its own.
            let many = self.roster.keys.is_empty();
            let key = if many { None } else { self.roster.place(self.record(waiting.record).key) };
            if let Some(row) = row_of(&mut self.lanes[place].rows, key) {
                row.waiting.push(waiting.record);
            }
        }
        let rest = lane.parts.iter().skip(1).take(PARTS_MAX).map(|part| {
            let places = part.first..part.first + part.count.min(PART_RECORDS_MAX);
            places.filter_map(|place| Some(self.mapping()?.batched(place))).collect()
        });
        self.lanes[place].rest = rest.collect();
        self.lanes[place].window = match lane.state {
            LaneState::Idle if !lane.waiting.is_empty() => {
                let deadline = lane.deadline.map(Stamp::time).filter(|&deadline| deadline > self.now());
                deadline.map(|deadline| (lane.window_from.time(), deadline))
            }
            LaneState::Idle | LaneState::Running { .. } | LaneState::BackingOff { .. } => None,
        };
        self.lanes[place].batch = match lane.state {
            LaneState::Idle => None,
            LaneState::Running { invocation } => Some(self.batch(invocation, None)),
            LaneState::BackingOff { until, invocation } => Some(self.batch(invocation, Some(until.time()))),
        };
    }

    fn batch(&self, invocation: u32, again_at: Option<SimTime>) -> Batch {
        Batch { invocation, state: self.sim.invocations().get(invocation), again_at }
    }

    /// Some records of a batch, each with its place in it: those of the page that is being handled.
    ///
    /// A large batch is shown in pages, so that the cells stand still while it is handled.
    pub(super) fn page(&self, invocation: &Invocation, capacity: u32) -> Vec<(u32, u32)> {
        let from = invocation.rows.min(invocation.count.saturating_sub(1)) / capacity * capacity;
        let to = invocation.count.min(from + capacity);
        (from..to).map(|place| (place, self.sim.record_of(invocation, place))).collect()
    }

    /// Records of a shard that the mapping has read and done; `None` where too many are unread to tell.
    fn read_and_done(&self, view: &ShardView) -> Option<(u64, u64)> {
        let lanes = self.lanes_of(view.shard);
        if !view.unread_known || lanes.is_empty() {
            return None;
        }
        let read = u64::from(self.sim.stream().held(view.shard)) - view.unread;
        let open: u64 = lanes.iter().map(|lane| lane.waiting.len() as u64 + u64::from(lane.in_hand())).sum();
        // With a starting position after the first record, those before it count as read and done.
        Some((read, read - open))
    }
}

pub(super) fn row_of(rows: &mut [LaneRow], key: Option<usize>) -> Option<&mut LaneRow> {
    let place = rows.iter().position(|row| row.key == key).unwrap_or(0);
    rows.get_mut(place)
}

fn all_sent_at(picture: &Picture) -> Option<SimTime> {
    let (sim, ahead) = (picture.player.sim(), picture.player.ahead());
    let (now, future) = (&sim.stream().records, &ahead.stream().records);
    let known = ahead.now() >= sim.scenario().until || ahead.next_time().is_none();
    let last = now.last().filter(|_| known && now.len() == future.len())?;
    Some(last.arrival())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use crate::scenario::{CommandAction, Scenario};
    use crate::view::player::Player;
    use crate::view::shipped;

    /// Unread records, those that wait in lanes, those in hand.
    fn open(player: &Player) -> (u64, u64, u64) {
        let picture = Picture::new(player, Lang::En, 880.0, 412.0);
        let counts = State::of(&picture).counts;
        (counts.unread, counts.queued, counts.in_hand)
    }

    #[test]
    fn records_that_are_read_again_are_open_again() {
        let mut player = Player::new(Scenario::from_json(shipped::FIRST.1).unwrap());
        player.seek(SimTime(10_000));
        let uuid = player.sim().lambda().mappings[0].uuid.clone();
        let update = format!("aws lambda update-event-source-mapping --uuid {uuid}");
        player.command(CommandAction::Cli(format!("{update} --no-enabled")));
        player.seek(SimTime(60_000));
        let mapping = &player.sim().mappings()[0];
        // What is done behind the checkpoint is read again.
        let (done, again) = (mapping.succeeded, mapping.counted_again());
        assert!(again > 0);
        assert_eq!(open(&player), (150 - done + again, 0, 0));
        player.command(CommandAction::Cli(format!("{update} --enabled")));
        player.seek(SimTime(240_000));
        assert_eq!(open(&player), (0, 0, 0));
    }

    #[test]
    fn what_is_drawn_as_stored_is_what_counts_as_stored() {
        for id in ["filter", "poison-pill", "report-switched-off", "dead-letter-redrive", "retention-expiry"]
        {
            let mut player = Player::new(Scenario::from_json(shipped::text_of(id).unwrap()).unwrap());
            player.seek(player.sim().scenario().until);
            let picture = Picture::new(&player, Lang::En, 880.0, 412.0);
            let state = State::of(&picture);
            let drawn: Option<u64> = state.lanes.iter().map(|lane| lane.stored).sum();
            assert_eq!(drawn, Some(state.counts.stored), "{id}");
        }
    }

    #[test]
    fn what_a_filter_keeps_away_does_not_wait() {
        let mut player = Player::new(Scenario::from_json(shipped::text_of("filter").unwrap()).unwrap());
        player.seek(player.sim().scenario().until);
        assert!(player.sim().mappings()[0].filtered > 0);
        assert_eq!(open(&player).0, 0);
    }
}
