//! The pollers' eyes: each goes along its shard and back between two polls, and stands where records leave the shard when
//! it polls; there it stays where nothing is to move.

use super::layout::{Flow, Layout, ShardPlace};
use super::state::State;
use crate::sim::mapping::Stage;
use crate::units::SimTime;
use crate::view::scene::{Class, Hue, Object, Point, Resource, Scene, Segment};

/// From the middle of an eye to its corner, and to its lids' control points.
const HALF: (f64, f64) = (6.5, 5.5);
const PUPIL: f64 = 2.0;
/// Between an eye and the end of its shard, and the least length of a shard with one.
const INSET: f64 = 12.0;
const LENGTH_MIN: f64 = 44.0;

/// Draws an eye on each shard that is polled.
pub(super) fn draw(state: &State, layout: &Layout, scene: &mut Scene) {
    let model = &state.sim.scenario().model;
    let Some(mapping) = state.mapping().filter(|mapping| mapping.polls()) else { return };
    let away = match state.picture.pace() {
        Some(_) => away(state.now(), model.poll.0, model.poll_phase.0),
        None => 0.0,
    };
    for (view, place) in state.shards.iter().zip(&layout.shards) {
        let reader = mapping.readers.get(view.shard as usize);
        let polled = reader.is_some_and(|reader| reader.stage == Stage::Assigned);
        if let Some(at) = place_of(place, layout.flow, away).filter(|_| polled) {
            let poller = Resource::Poller { mapping: state.picture.mapping, shard: view.shard };
            draw_eye(at, Object::Resource(poller), scene);
        }
    }
}

/// How far from the end of the shard an eye is, 0 to 1.
fn away(now: SimTime, period: u64, phase: u64) -> f64 {
    let period = period.max(1);
    let since = (now.0 + period - phase % period) % period;
    1.0 - (2.0 * since as f64 / period as f64 - 1.0).abs()
}

/// On the shard's lower edge, or on its right one where records fall: a little inside, away from what is written below.
fn place_of(place: &ShardPlace, flow: Flow, away: f64) -> Option<Point> {
    let bounds = place.bounds;
    let (length, end, across) = match flow {
        Flow::Right => (bounds.width, bounds.right(), bounds.bottom() - 2.0),
        Flow::Down => (bounds.height, bounds.bottom(), bounds.right() - 2.0),
    };
    let along = end - INSET - (length - 2.0 * INSET) * away;
    (length >= LENGTH_MIN).then(|| flow.point(along, across))
}

fn draw_eye(center: Point, object: Object, scene: &mut Scene) {
    let at = |x: f64, y: f64| Point::new(center.x + x * HALF.0, center.y + y * HALF.1);
    let lids = [
        Segment::Move(at(-1.0, 0.0)),
        Segment::Cubic(at(-0.4, -1.0), at(0.4, -1.0), at(1.0, 0.0)),
        Segment::Cubic(at(0.4, 1.0), at(-0.4, 1.0), at(-1.0, 0.0)),
        Segment::Close,
    ];
    scene.path(Class::Eye, Hue::NONE, &lids).object(object);
    scene.circle(Class::Pupil, Hue::NONE, center, PUPIL).object(object);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_eye_is_at_the_end_of_its_shard_when_it_polls() {
        let places = [0, 250, 500, 750, 1000, 1250].map(|t| away(SimTime(t), 1000, 0));
        assert_eq!(places, [0.0, 0.5, 1.0, 0.5, 0.0, 0.5]);
        assert_eq!([300, 800].map(|t| away(SimTime(t), 1000, 300)), [0.0, 1.0]);
    }
}
