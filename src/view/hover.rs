//! What is pointed at or focused: the same record, batch, lane or shard is lit wherever it stands.

use super::picture::Picture;
use super::player::Player;
use super::scene::{Bounds, Class, Hue, Object, Resource, Scene};
use crate::sim::Simulation;
use crate::sim::agenda::LaneRef;
use crate::units::SimTime;

/// Invocations after a record's arrival that are looked at for those that got it.
const LOOK_MAX: u32 = 4096;
/// Attempts of a record, records of a batch and lanes of a shard that are lit.
const ATTEMPTS_MAX: usize = 16;
const RECORDS_MAX: u32 = 256;
const LANES_MAX: usize = 16;
/// Mappings whose lanes are lit.
const MAPPINGS_MAX: usize = 8;
/// What is wider is lit faintly: it cannot be overlooked.
const WIDE: f64 = 240.0;
/// Shapes that are lit.
const SHAPES_MAX: usize = 400;

/// What is pointed at or focused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hover {
    /// What it is.
    pub object: Option<Object>,
    /// The moment that it tells of, if it is one.
    pub at: Option<SimTime>,
}

/// An object with what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lit {
    /// The object.
    pub object: Object,
    /// Its batches, its records or its lanes; ascending.
    pub with: Vec<Object>,
    /// What it is in, the closest first: shown where neither the object nor what belongs to it is.
    pub within: Vec<Object>,
}

impl Lit {
    /// What is lit by an object; nothing if the run does not know it.
    #[must_use]
    pub fn of(player: &Player, object: Object) -> Option<Self> {
        let (sim, ahead) = (player.sim(), player.ahead());
        let lane_and_shard = |lane: LaneRef| vec![Object::Lane(lane), Object::Shard(lane.shard)];
        let (mut with, within) = match object {
            Object::Record(record) => {
                let state =
                    (record < sim.stream().records.len()).then(|| sim.stream().records.get(record))?;
                let with = holders(ahead, record, state.arrival()).map(Object::Invocation).collect();
                let lane = |mapping| {
                    let lane = sim.lane_of(mapping, record) as u8;
                    Object::Lane(LaneRef { mapping, shard: state.shard, lane })
                };
                let mut within: Vec<Object> = looked_at(sim).map(lane).collect();
                within.push(Object::Shard(state.shard));
                (with, within)
            }
            Object::Invocation(idx) => {
                let invocations = ahead.invocations();
                let invocation = (idx < invocations.len()).then(|| invocations.get(idx))?;
                let places = 0..invocation.count.min(RECORDS_MAX);
                let with = places.map(|place| Object::Record(ahead.record_of(&invocation, place))).collect();
                (with, lane_and_shard(invocation.lane))
            }
            Object::Lane(lane) => (Vec::new(), vec![Object::Shard(lane.shard)]),
            Object::Shard(shard) => {
                let lanes = looked_at(sim).flat_map(|mapping| {
                    let lanes = sim.mapping(mapping).parallelization_factor() as u8;
                    (0..lanes).map(move |lane| Object::Lane(LaneRef { mapping, shard, lane }))
                });
                (lanes.take(LANES_MAX).collect(), Vec::new())
            }
            Object::Resource(Resource::Poller { shard, .. } | Resource::Checkpoint { shard, .. }) => {
                (Vec::new(), vec![Object::Shard(shard)])
            }
            Object::Discard(_) | Object::Environment(_) | Object::Resource(_) => (Vec::new(), Vec::new()),
        };
        with.sort_unstable();
        Some(Self { object, with, within })
    }

    /// How an object is lit: `Some(true)` itself, `Some(false)` because it belongs to it or holds it.
    #[must_use]
    pub fn state(&self, object: Object) -> Option<bool> {
        if object == self.object {
            return Some(true);
        }
        (self.with.binary_search(&object).is_ok() || self.within.contains(&object)).then_some(false)
    }
}

/// The mappings that are looked at.
fn looked_at(sim: &Simulation) -> impl Iterator<Item = u16> {
    0..sim.mappings().len().min(MAPPINGS_MAX) as u16
}

/// The invocations that got a record, as far as they are known.
fn holders(ahead: &Simulation, record: u32, arrival: SimTime) -> impl Iterator<Item = u32> {
    let invocations = ahead.invocations();
    let from = invocations.partition_point(|invocation| invocation.started_at() < arrival);
    let to = invocations.len().min(from.saturating_add(LOOK_MAX));
    let holds = move |&idx: &u32| {
        let invocation = invocations.get(idx);
        // Records of a batch are in order of their arrival.
        let at = |place: u32| ahead.record_of(&invocation, place);
        let (mut low, mut high) = (0, invocation.count);
        while low < high {
            let middle = low + (high - low) / 2;
            if at(middle) < record { low = middle + 1 } else { high = middle }
        }
        low < invocation.count && at(low) == record
    };
    (from..to).filter(holds).take(ATTEMPTS_MAX)
}

/// The time that an object tells of.
#[must_use]
pub fn moment(player: &Player, hover: Hover) -> Option<(SimTime, SimTime)> {
    let ahead = player.ahead();
    let of_object = || match hover.object? {
        Object::Record(record) => {
            let records = &ahead.stream().records;
            let at = (record < records.len()).then(|| records.get(record).arrival())?;
            Some((at, at))
        }
        Object::Invocation(idx) => {
            let invocations = ahead.invocations();
            let invocation = (idx < invocations.len()).then(|| invocations.get(idx))?;
            Some((invocation.started_at(), invocation.ends_at()))
        }
        Object::Lane(_)
        | Object::Shard(_)
        | Object::Discard(_)
        | Object::Environment(_)
        | Object::Resource(_) => None,
    };
    hover.at.map(|at| (at, at)).or_else(of_object)
}

/// Lights, over everything else, what is pointed at.
pub(super) fn draw(picture: &Picture, scene: &mut Scene) {
    let object = picture.hover.object;
    let Some(lit) = object.and_then(|object| Lit::of(picture.player, object)) else { return };
    let (mut strong, mut faint) = (Vec::new(), Vec::new());
    for shape in scene.shapes() {
        let Some(object) = shape.object else { continue };
        // A name is lit with what it names.
        if shape.class.is_text() {
            continue;
        }
        let (itself, bounds) = (object == lit.object, scene.bounds(shape));
        if itself && bounds.width <= WIDE {
            strong.push(bounds);
        } else if itself || lit.with.binary_search(&object).is_ok() {
            faint.push(bounds);
        }
    }
    if strong.is_empty() && faint.is_empty() {
        let of = |object: &Object| -> Vec<Bounds> {
            let shapes = scene.shapes().iter().filter(|shape| shape.object == Some(*object));
            shapes.map(|shape| scene.bounds(shape)).collect()
        };
        faint = lit.within.iter().map(of).find(|found| !found.is_empty()).unwrap_or_default();
    }
    for (class, found) in [(Class::LitWith, faint), (Class::Lit, strong)] {
        for bounds in found.into_iter().take(SHAPES_MAX) {
            scene.rect(class, Hue::NONE, bounds.grown(2.0), 5.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;
    use crate::view::shipped;

    fn player(t: u64) -> Player {
        let mut player = Player::new(Scenario::from_json(shipped::FIRST.1).unwrap());
        player.advance(16.0);
        player.seek(SimTime(t));
        player
    }

    #[test]
    fn a_record_is_lit_with_its_batch_and_a_batch_with_its_records() {
        let player = player(60_000);
        let running = player.sim().invocations().len() - 1;
        let records: Vec<u32> = player.sim().batch(running).collect();
        let lane = player.sim().invocations().get(running).lane;
        let lit = Lit::of(&player, Object::Record(records[3])).unwrap();
        assert_eq!(lit.with, [Object::Invocation(running)]);
        assert_eq!(lit.within, [Object::Lane(lane), Object::Shard(0)]);
        let batch = Lit::of(&player, Object::Invocation(running)).unwrap();
        assert_eq!(batch.with.len(), records.len());
        assert_eq!(batch.state(Object::Record(records[0])), Some(false));
        assert_eq!(batch.state(Object::Invocation(running)), Some(true));
        assert_eq!(batch.state(Object::Invocation(0)), None);
        assert_eq!(Lit::of(&player, Object::Shard(0)).unwrap().with.len(), 3);
        assert_eq!(Lit::of(&player, Object::Record(9999)), None);
        assert_eq!(Lit::of(&player, Object::Invocation(9999)), None);
    }

    #[test]
    fn a_record_that_was_tried_again_is_lit_with_every_attempt() {
        let text = shipped::text_of("checkpoint-bisect").unwrap();
        let mut player = Player::new(Scenario::from_json(text).unwrap());
        player.advance(16.0);
        player.seek(player.end());
        let attempts = |record| {
            let invocations = 0..player.sim().invocations().len();
            let holds = |&idx: &u32| player.sim().batch(idx).any(|held| held == record);
            invocations.filter(holds).map(Object::Invocation).collect::<Vec<_>>()
        };
        for record in 0..player.sim().stream().records.len() {
            assert_eq!(Lit::of(&player, Object::Record(record)).unwrap().with, attempts(record));
        }
        assert!((0..player.sim().stream().records.len()).any(|record| attempts(record).len() > 1));
    }

    #[test]
    fn every_mapping_s_lanes_and_batches_are_lit() {
        let text = shipped::text_of("enhanced-fan-out").unwrap();
        let mut player = Player::new(Scenario::from_json(text).unwrap());
        player.advance(16.0);
        player.seek(player.end());
        let sim = player.sim();
        let lit = Lit::of(&player, Object::Record(0)).unwrap();
        let of = |object: &Object| {
            let Object::Invocation(idx) = *object else { return object.mapping().unwrap() };
            sim.invocations().get(idx).lane.mapping
        };
        let mut batches: Vec<u16> = lit.with.iter().map(of).collect();
        batches.sort_unstable();
        assert_eq!(batches, [0, 1]);
        let shard = sim.stream().records.get(0).shard;
        let (last, lanes) = lit.within.split_last().unwrap();
        assert_eq!((*last, lanes.iter().map(of).collect::<Vec<_>>()), (Object::Shard(shard), vec![0, 1]));
        let lanes = Lit::of(&player, Object::Shard(shard)).unwrap().with;
        let factors = sim.mappings().iter().map(|mapping| mapping.parallelization_factor());
        assert_eq!(lanes.len() as u32, factors.sum::<u32>());
        assert!([0, 1].iter().all(|mapping| lanes.iter().any(|lane| of(lane) == *mapping)));
    }

    #[test]
    fn the_moment_of_an_object() {
        let player = player(60_000);
        let of = |object: Option<Object>, at: Option<u64>| {
            moment(&player, Hover { object, at: at.map(SimTime) }).map(|(from, to)| (from.0, to.0))
        };
        let first = player.sim().invocations().get(0);
        assert_eq!(of(Some(Object::Invocation(0)), None), Some((first.started_at().0, first.ends_at().0)));
        assert_eq!(of(Some(Object::Record(0)), Some(77)), Some((77, 77)));
        assert_eq!(of(Some(Object::Shard(0)), None), None);
        assert_eq!(of(None, None), None);
    }
}
