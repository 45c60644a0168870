//! Random histories of a stream: commands whose arguments fit the stream as it is when they come.

use proptest::prelude::*;
use serde_json::{Value, json};
use shardlab::scenario::{Command, CommandAction, Scenario};
use shardlab::sim::Simulation;
use shardlab::units::SimTime;

use crate::generate::{Shape, document, read};

/// A random scenario, and what happens to its stream.
#[derive(Clone, Debug)]
pub(crate) struct History {
    pub(crate) shape: Shape,
    /// Longest time until the first poll, so that shards can have closed before it.
    activation: u32,
    reshard_step: u32,
    pub(crate) assignment: u32,
    moves: Vec<Move>,
}

/// A command to be.
#[derive(Clone, Debug)]
struct Move {
    at: u64,
    kind: usize,
    place: usize,
    share: u128,
}

impl History {
    /// Any history: up to 12 commands, some of which come while the stream is UPDATING and are refused.
    pub(crate) fn any() -> impl Strategy<Value = Self> {
        let moves = (0..26_000u64, 0..9usize, any::<usize>(), any::<u128>());
        let moves = moves.prop_map(|(at, kind, place, share)| Move { at, kind, place, share });
        let dials = (
            prop_oneof![2 => Just(0u32), 1 => 1..20_000u32],
            prop_oneof![1 => Just(0u32), 1 => Just(500u32), 2 => 1..4000u32],
            prop_oneof![Just(1u32), Just(1000u32), 1..12_000u32],
        );
        (Shape::any(), dials, prop::collection::vec(moves, 1..12)).prop_map(|(shape, dials, mut moves)| {
            moves.sort_by_key(|step| step.at);
            let (activation, reshard_step, assignment) = dials;
            Self { shape, activation, reshard_step, assignment, moves }
        })
    }

    /// The document without any command.
    pub(crate) fn document(&self) -> Value {
        let mut document = document(&self.shape);
        document["model"]["reshardStep"] = self.reshard_step.into();
        document["model"]["shardAssignment"] = self.assignment.into();
        if self.activation > 0 {
            document["model"]["activation"] = self.activation.into();
        }
        document
    }

    /// Plays a document with the history's commands given live; gives the run and the commands.
    pub(crate) fn live(&self, document: &Value) -> (Simulation, Vec<Command>) {
        let scenario = read(document);
        let until = scenario.until;
        let mut sim = Simulation::new(scenario);
        for step in &self.moves {
            if let Some(before) = step.at.checked_sub(1) {
                sim.run_until(SimTime(before));
            }
            assert!(sim.next_command_at().0 <= step.at);
            sim.add_command(Command { at: SimTime(step.at), action: step.action(&sim) });
        }
        sim.run_until(until);
        let commands = sim.commands().to_vec();
        (sim, commands)
    }

    /// The scenario that holds the commands from the start, as a file would.
    pub(crate) fn scenario(document: &Value, commands: &[Command]) -> Scenario {
        let mut document = document.clone();
        document["commands"] = commands.iter().map(Command::to_json).collect();
        read(&document)
    }
}

impl Move {
    /// The command, from what the stream looks like.
    fn action(&self, sim: &Simulation) -> CommandAction {
        let stream = sim.stream();
        let open = stream.open_shards();
        let place = self.place % open.len();
        let id = |shard: u32| format!("shardId-{shard:012}");
        let count = open.len() as u32;
        let (operation, mut request) = match self.kind {
            0..=2 => {
                let range = stream.shards[open[place] as usize].range;
                let (start, end) = (range.start().0, range.end().0);
                let at = start + 2 + self.share % (end - start).saturating_sub(2).max(1);
                ("SplitShard", json!({"ShardToSplit": id(open[place]), "NewStartingHashKey": at.to_string()}))
            }
            3..=5 if count > 1 => {
                let place = place.min(open.len() - 2);
                let (lower, upper) = (id(open[place]), id(open[place + 1]));
                ("MergeShards", json!({"ShardToMerge": lower, "AdjacentShardToMerge": upper}))
            }
            3..=7 => {
                let span = count.div_ceil(2)..=(count * 2).min(12).max(count);
                let target = span.start() + self.share as u32 % (span.end() - span.start() + 1);
                ("UpdateShardCount", json!({"TargetShardCount": target, "ScalingType": "UNIFORM_SCALING"}))
            }
            _ => ("PutRecord", json!({"PartitionKey": format!("k{}", self.place % 9), "Data": "YmFkIDE="})),
        };
        request["StreamName"] = "s".into();
        CommandAction::operation("kinesis", operation, request).expect("an operation of Kinesis")
    }
}
