//! Commands on the time axis: a mark for each, with its name where there is room.

use super::axis::Axis;
use crate::aws::cli::kebab;
use crate::scenario::CommandAction;
use crate::sim::Simulation;
use crate::view::picture::Picture;
use crate::view::scene::{Anchor, Class, Hue, Point, Scene, Segment, measure};

/// Commands drawn at most: of more in sight, the first.
const COMMANDS_MAX: usize = 64;
/// Half of a mark.
const HALF: f64 = 4.0;

/// Draws the commands in sight at a height; names beside them if asked for, but not over `taken`, from left to right.
pub(super) fn draw(
    picture: &Picture,
    axis: &Axis,
    y: f64,
    (named, taken): (bool, (f64, f64)),
    scene: &mut Scene,
) {
    let sim = picture.player.sim();
    let (from, to) = axis.range();
    let in_sight = |at: crate::units::SimTime| from <= at && at <= to;
    let commands = sim.commands().iter().enumerate().filter(|(_, command)| in_sight(command.at));
    let mut free_from = axis.left;
    for (place, command) in commands.take(COMMANDS_MAX) {
        // Commands of the same moment have one mark.
        let later = sim.commands().get(place + 1).filter(|next| next.at > command.at);
        let free_to = later.map_or(axis.right, |next| axis.x(next.at.0 as f64) - HALF);
        let x = axis.x(command.at.0 as f64);
        let class = class(sim, place);
        let at = |along: f64, across: f64| Point::new(x + along, y + across);
        let diamond = [
            Segment::Move(at(-HALF, 0.0)),
            Segment::Line(at(0.0, -HALF)),
            Segment::Line(at(HALF, 0.0)),
            Segment::Line(at(0.0, HALF)),
            Segment::Close,
        ];
        scene.path(class, Hue::NONE, &diamond);
        let name = name(&command.action);
        let left = x + HALF + 4.0;
        let right = left + measure::width_of(Class::Mono, &name);
        let free = right < taken.0 || taken.1 < left;
        if named && free && left >= free_from && right <= free_to.min(axis.right) {
            scene.text(Class::Mono, Point::new(left, y + 4.0), Anchor::Start, name);
            free_from = right + 6.0;
        }
    }
}

/// Whether a command is still to come, was carried out, or was refused.
pub(in crate::view) fn class(sim: &Simulation, place: usize) -> Class {
    let Some(done) = sim.done().iter().find(|done| done.command == place) else { return Class::CommandNext };
    let calls = &sim.calls()[done.calls.0 as usize..done.calls.1 as usize];
    let failed = done.outcome.as_ref().is_some_and(|outcome| outcome.exit_code != 0);
    if failed || calls.iter().any(|call| call.answer.is_err()) {
        Class::CommandFailed
    } else {
        Class::Command
    }
}

/// `split-shard`.
pub(in crate::view) fn name(action: &CommandAction) -> String {
    match action {
        CommandAction::Operation { operation, .. } => kebab(operation.name),
        CommandAction::PollerRestart { .. } => "pollerRestart".to_owned(),
        CommandAction::DestinationFailure { .. } => "destinationFailure".to_owned(),
        CommandAction::Redrive { .. } => "redrive".to_owned(),
        CommandAction::Cli(line) => {
            // The first two words are `aws` and the service.
            let words = line.split_whitespace().skip(2);
            words.take_while(|word| !word.starts_with('-')).next().unwrap_or_default().to_owned()
        }
    }
}
