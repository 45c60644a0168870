//! A setting turned from now on: the call of AWS that does it, at the playhead.

use serde_json::Value;

use super::edit::filter_criteria;
use super::{Knob, NO_LIMIT, Place};
use crate::kinesis::StreamStatus;
use crate::lambda::account::{EventSourceMapping, MappingState};
use crate::sim::Simulation;
use crate::units::SimTime;
use crate::view::console::{line, quoted};

/// From when on a setting that is turned counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Since {
    /// From the playhead on, where AWS has a call for it.
    #[default]
    Now,
    /// From t = 0 on, in a run that is built anew.
    Start,
}

/// Which settings are turned, and from when on they count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// From when on.
    pub since: Since,
    /// The mapping that is looked at, by index: its settings, and those of the function that it invokes.
    pub mapping: u16,
}

/// What turning a setting comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turned {
    /// This line is run at the playhead.
    Run(String),
    /// The run is built anew with this value.
    Rebuild(u64),
}

impl Knob {
    /// Whether turning it is a call at the playhead. At t = 0 it never is: what holds from the start on is the
    /// scenario's own.
    #[must_use]
    pub fn is_live(self, sim: &Simulation, scope: Scope) -> bool {
        scope.since == Since::Now && sim.now() > SimTime::ZERO && self.now(sim, scope.mapping).is_some()
    }

    /// Its value in the account at the playhead, where a call can change it.
    fn now(self, sim: &Simulation, of: u16) -> Option<u64> {
        match self.row().4 {
            Place::Stream(_) => {
                let stream = sim.stream();
                let there = stream.status != StreamStatus::Absent;
                there.then(|| stream.open_shards().len() as u64)
            }
            // AWS: UpdateEventSourceMapping has no StartingPosition.
            Place::Mapping(_) if self == Self::StartingPosition => None,
            Place::Mapping(_) => self.of_mapping(&mapping(sim, of)?.config),
            Place::Function(_) => {
                let function = mapping(sim, of)?.config.function_idx;
                Some(sim.functions().reserved(function).map_or(NO_LIMIT, u64::from))
            }
            Place::Handler(_) | Place::Model(_) => None,
        }
    }

    /// The value that is shown, and that turning goes on from.
    #[must_use]
    pub fn shown(self, sim: &Simulation, scope: Scope) -> Option<u64> {
        match self.is_live(sim, scope) {
            true => self.now(sim, scope.mapping),
            false => self.value(sim.scenario(), scope.mapping),
        }
    }

    /// What turning it to a value comes to; `None` where that changes nothing or cannot be done.
    #[must_use]
    pub fn turned(self, sim: &Simulation, scope: Scope, value: u64) -> Option<Turned> {
        if self.shown(sim, scope)? == value {
            return None;
        }
        if self.is_live(sim, scope) {
            self.line(sim, scope.mapping, value).map(Turned::Run)
        } else {
            Some(Turned::Rebuild(value))
        }
    }

    /// The line of the AWS command line that gives it this value.
    fn line(self, sim: &Simulation, of: u16, value: u64) -> Option<String> {
        let field = match self.row().4 {
            Place::Stream(_) => {
                let options = [
                    ("stream-name", sim.stream().name.as_str()),
                    ("target-shard-count", &value.to_string()),
                    ("scaling-type", "UNIFORM_SCALING"),
                ];
                return Some(line("update-shard-count", &options));
            }
            Place::Function(_) => return Some(reserve(sim, mapping(sim, of)?, value)),
            Place::Mapping(field) => field,
            Place::Handler(_) | Place::Model(_) => return None,
        };
        let option = option(field);
        let given = match self.json(sim.scenario(), value) {
            Value::Bool(true) => format!("--{option}"),
            Value::Bool(false) => format!("--no-{option}"),
            Value::Array(items) if items.is_empty() => format!("--{option} []"),
            Value::Array(items) => {
                let words = items.iter().filter_map(Value::as_str).map(quoted);
                format!("--{option} {}", words.collect::<Vec<_>>().join(" "))
            }
            // An empty ARN takes the destination away; an empty structure would leave it.
            Value::Object(fields) if fields.is_empty() => {
                format!("--{option} {}", quoted(r#"{"OnFailure":{"Destination":""}}"#))
            }
            value @ (Value::Null | Value::Number(_) | Value::String(_) | Value::Object(_)) => {
                format!("--{option} {}", quoted(&value.to_string()))
            }
        };
        Some(update(mapping(sim, of)?, &given))
    }
}

/// The line that gives the mapping's filter these patterns from now on; `None` where that is for the scenario.
#[must_use]
pub fn filter_line(sim: &Simulation, scope: Scope, patterns: &[&str]) -> Option<String> {
    if scope.since == Since::Start || sim.now() == SimTime::ZERO {
        return None;
    }
    let criteria = quoted(&filter_criteria(patterns).to_string());
    Some(update(mapping(sim, scope.mapping)?, &format!("--filter-criteria {criteria}")))
}

/// A mapping, until it is deleted.
fn mapping(sim: &Simulation, idx: u16) -> Option<&EventSourceMapping> {
    let gone = |mapping: &EventSourceMapping| {
        matches!(mapping.state, MappingState::Deleting | MappingState::Deleted)
    };
    sim.lambda().mappings.get(usize::from(idx)).filter(|mapping| !gone(mapping))
}

/// The line that reserves executions for a mapping's function, or gives them back.
fn reserve(sim: &Simulation, mapping: &EventSourceMapping, value: u64) -> String {
    let name = &sim.scenario().functions[mapping.config.function_idx as usize].name;
    if value == NO_LIMIT {
        return format!("aws lambda delete-function-concurrency --function-name {name}");
    }
    format!(
        "aws lambda put-function-concurrency --function-name {name} --reserved-concurrent-executions {value}"
    )
}

fn update(mapping: &EventSourceMapping, given: &str) -> String {
    format!("aws lambda update-event-source-mapping --uuid {} {given}", mapping.uuid)
}

/// `BatchSize` as an option: `batch-size`.
fn option(field: &str) -> String {
    let mut option = String::new();
    for c in field.chars() {
        if c.is_ascii_uppercase() && !option.is_empty() {
            option.push('-');
        }
        option.push(c.to_ascii_lowercase());
    }
    option
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{CommandAction, Scenario};
    use crate::view::player::Player;
    use crate::view::shipped;

    const NOW: Scope = Scope { since: Since::Now, mapping: 0 };
    const START: Scope = Scope { since: Since::Start, mapping: 0 };

    fn run(player: &mut Player, line: &str) -> (i32, String) {
        let done = player.command(CommandAction::Cli(line.to_owned()));
        let outcome = done.outcome.as_ref().unwrap();
        (outcome.exit_code.into(), outcome.stderr.clone())
    }

    #[test]
    fn every_live_knob_turns_by_its_line_and_shows_the_new_value() {
        let text = shipped::FIRST.1.replace("\"until\": 240000", "\"until\": 36000000");
        let mut player = Player::new(Scenario::from_json(&text).unwrap());
        player.seek(SimTime(10_000));
        let mut live = 0;
        for knob in Knob::ALL {
            if !knob.is_live(player.sim(), NOW) {
                assert_eq!(knob.shown(player.sim(), NOW), knob.value(player.sim().scenario(), 0));
                continue;
            }
            live += 1;
            let before = knob.shown(player.sim(), NOW).unwrap();
            // The factor of this scenario forbids tumbling windows; the test below turns them.
            player.seek(SimTime(player.now().0 + 3000));
            for &value in knob.steps().iter().filter(|&&step| step != before && knob != Knob::TumblingWindow)
            {
                let Some(Turned::Run(line)) = knob.turned(player.sim(), NOW, value) else {
                    panic!("{knob:?}")
                };
                if knob == Knob::Shards {
                    player.seek(SimTime(player.now().0 + 300_000));
                }
                assert_eq!(run(&mut player, &line), (0, String::new()), "{line}");
                if knob != Knob::Shards {
                    assert_eq!(knob.shown(player.sim(), NOW), Some(value), "{line}");
                }
                assert_eq!(knob.turned(player.sim(), START, before), None, "{knob:?}");
                player.seek(SimTime(player.now().0 + 3000));
                if knob == Knob::Shards {
                    break;
                }
            }
            if let Some(Turned::Run(line)) = knob.turned(player.sim(), NOW, before) {
                player.seek(SimTime(player.now().0 + 300_000));
                assert_eq!(run(&mut player, &line).0, 0, "{line}");
            }
        }
        assert_eq!(live, 12);
    }

    #[test]
    fn at_the_start_and_from_the_start_the_scenario_is_edited() {
        let mut player = Player::new(Scenario::from_json(shipped::FIRST.1).unwrap());
        let turned = |player: &Player, since| Knob::BatchSize.turned(player.sim(), since, 20);
        assert_eq!(turned(&player, NOW), Some(Turned::Rebuild(20)));
        player.seek(SimTime(1));
        assert_eq!(turned(&player, START), Some(Turned::Rebuild(20)));
        assert!(matches!(turned(&player, NOW), Some(Turned::Run(_))));
    }

    #[test]
    fn what_aws_refuses_is_refused() {
        let mut player = Player::new(Scenario::from_json(shipped::FIRST.1).unwrap());
        player.seek(SimTime(5000));
        let Some(Turned::Run(line)) = Knob::TumblingWindow.turned(player.sim(), NOW, 30) else {
            panic!("a tumbling window is set by a call")
        };
        let (code, text) = run(&mut player, &line);
        assert!(code != 0 && text.contains("InvalidParameterValueException"), "{text}");
        assert_eq!(Knob::TumblingWindow.shown(player.sim(), NOW), Some(0));
    }

    #[test]
    fn a_filter_is_set_and_taken_away_by_its_line() {
        let mut player = Player::new(Scenario::from_json(shipped::FIRST.1).unwrap());
        assert_eq!(filter_line(player.sim(), NOW, &[]), None);
        player.seek(SimTime(5000));
        let patterns = [r#"{"data": {"it's": [{"prefix": "a b"}]}}"#, r#"{"partitionKey": ["1"]}"#];
        for wanted in [&patterns[..], &[]] {
            let line = filter_line(player.sim(), NOW, wanted).unwrap();
            assert_eq!(run(&mut player, &line), (0, String::new()), "{line}");
            let criteria = &player.sim().lambda().mappings[0].config.filter_criteria;
            assert_eq!(criteria.patterns().collect::<Vec<_>>(), wanted);
            player.seek(SimTime(player.now().0 + 3000));
        }
    }

    #[test]
    fn a_call_names_the_mapping_that_is_looked_at() {
        let text = shipped::text_of("enhanced-fan-out").unwrap();
        let mut player = Player::new(Scenario::from_json(text).unwrap());
        player.seek(SimTime(5000));
        let scope = |mapping| Scope { mapping, ..NOW };
        let before = Knob::BatchSize.shown(player.sim(), scope(0));
        let Some(Turned::Run(line)) = Knob::BatchSize.turned(player.sim(), scope(1), 7) else {
            panic!("a batch size is set by a call")
        };
        assert_eq!(run(&mut player, &line), (0, String::new()), "{line}");
        assert_eq!(Knob::BatchSize.shown(player.sim(), scope(1)), Some(7));
        assert_eq!(Knob::BatchSize.shown(player.sim(), scope(0)), before);
        let Some(Turned::Run(line)) = Knob::Reserved.turned(player.sim(), scope(1), 3) else {
            panic!("executions are reserved by a call")
        };
        assert_eq!(run(&mut player, &line), (0, String::new()), "{line}");
        assert_eq!([0, 1].map(|of| Knob::Reserved.shown(player.sim(), scope(of))), [Some(NO_LIMIT), Some(3)]);
        let line = filter_line(player.sim(), scope(1), &[r#"{"partitionKey": ["1"]}"#]).unwrap();
        assert!(line.contains(&player.sim().lambda().mappings[1].uuid), "{line}");
        assert_eq!(Knob::BatchSize.shown(player.sim(), scope(2)), None);
    }
}
