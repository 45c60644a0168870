//! The environments of a function that has several versions, above its invocations: which version each runs, and
//! whether it is in use. With one version the cards say all that there is to say.

use super::heading::fitting;
use super::layout::{Flow, Layout};
use super::state::State;
use crate::kinesis::stream::NONE;
use crate::view::scene::{Anchor, Bounds, Class, Hue, Object, Point, Scene, measure};
use crate::view::text::MessageId;

/// Edge of a mark, and from one to the next.
const MARK: f64 = 12.0;
const PITCH: f64 = 17.0;
/// Between the name and the first mark.
const GAP: f64 = 8.0;
/// Invocations looked at for those that run.
const RUNNING_LOOKED_AT: u32 = 64;

/// Draws the environments in a wide picture of a function that has several versions.
pub(super) fn draw(state: &State, layout: &Layout, scene: &mut Scene) {
    let several = |function: usize| state.sim.scenario().functions[function].versions.len() > 1;
    let function = state.mapping().map(|mapping| mapping.config().function_idx);
    if let Some(function) = function.filter(|&function| several(function as usize)) {
        draw_marks(state, function as u16, layout, scene);
    }
}

/// Draws a mark for each environment that runs or is free; of more than there is room for, the latest ones and how many
/// others there are.
#[inline(never)]
fn draw_marks(state: &State, function: u16, layout: &Layout, scene: &mut Scene) {
    let Some(first) = layout.lanes.first().filter(|_| layout.flow == Flow::Right) else { return };
    let running = running(state, function);
    let free = state.sim.free_environments(function);
    let mut all: Vec<(u32, bool)> =
        running.iter().map(|&each| (each, true)).chain(free.into_iter().map(|each| (each, false))).collect();
    all.sort_unstable();
    if all.is_empty() {
        return;
    }
    let top = first.card.y - MARK - 4.0;
    let at = |x: f64| Point::new(x, top + MARK - 2.0);
    // The right half is that of the chip that says why a batch was closed.
    let room = first.card.width * 0.62;
    let name = MessageId::SectionEnvironments.text(state.picture.lang).to_owned();
    let beside = room - all.len() as f64 * PITCH - GAP;
    let name = fitting(Class::Label, beside, [name]).unwrap_or_else(|| "λ".to_owned());
    let left = first.card.x + measure::width_of(Class::Label, &name) + GAP;
    let most = ((first.card.x + room - left) / PITCH).max(1.0) as usize;
    // What there is no room for is counted in the last place.
    let more = if all.len() > most { all.len() + 1 - most } else { 0 };
    let shown = &all[more..];
    scene.text(Class::Label, at(first.card.x), Anchor::Start, name);
    if more > 0 {
        let end = left + shown.len() as f64 * PITCH;
        scene.text(Class::Label, at(end), Anchor::Start, format!("+{more}"));
    }
    for (place, &(environment, busy)) in shown.iter().enumerate() {
        let bounds = Bounds::new(left + place as f64 * PITCH, top, MARK, MARK);
        let (code, object) =
            (state.sim.environments()[environment as usize].version, Object::Environment(environment));
        scene.version(Class::Frame, bounds, code, object);
        if busy {
            scene.rect(Class::Neutral, Hue::NONE, bounds.grown(-3.5), 1.0).object(object);
        }
    }
}

/// The environments of a function in which something runs.
fn running(state: &State, function: u16) -> Vec<u32> {
    let invocations = state.sim.invocations();
    let latest = invocations.len().saturating_sub(RUNNING_LOOKED_AT)..invocations.len();
    let running = latest.map(|idx| invocations.get(idx)).filter(|each| each.outcome().is_none());
    let used = running.map(|each| each.environment).filter(|&each| each != NONE);
    used.filter(|&each| state.sim.environments()[each as usize].function == function).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use crate::scenario::Scenario;
    use crate::units::SimTime;
    use crate::view::picture::Picture;
    use crate::view::player::Player;
    use crate::view::{shipped, stage};

    /// How many shapes each of the first three environments has at a time.
    fn drawn(id: &str, t: u64, width: f64) -> [usize; 3] {
        let mut player = Player::new(Scenario::from_json(shipped::text_of(id).unwrap()).unwrap());
        player.seek(SimTime(t));
        let mut scene = Scene::default();
        stage::draw(&Picture::new(&player, Lang::En, width, 412.0), &mut scene);
        let objects: Vec<Object> = scene.shapes().iter().filter_map(|shape| shape.object).collect();
        [0, 1, 2].map(|idx| objects.iter().filter(|&&object| object == Object::Environment(idx)).count())
    }

    #[test]
    fn environments_of_several_versions_are_drawn_and_those_in_use_are_filled() {
        // The first runs and the second is free; then both are free.
        assert_eq!(drawn("deploy-canary", 99_000, 880.0), [2, 1, 0]);
        assert_eq!(drawn("deploy-canary", 100_000, 880.0), [1, 1, 0]);
        assert_eq!(drawn("deploy-2-shards", 88_000, 880.0), [1, 1, 2]);
        assert_eq!(drawn("deploy-canary", 99_000, 390.0), [0, 0, 0]);
        assert_eq!(drawn("parallelization-3", 60_000, 880.0), [0, 0, 0]);
    }
}
