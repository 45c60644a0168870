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
    pub fn is_live(self, sim: &Simulation, since: Since) -> bool {
        since == Since::Now && sim.now() > SimTime::ZERO && self.now(sim).is_some()
    }

    /// Its value in the account at the playhead, where a call can change it.
    fn now(self, sim: &Simulation) -> Option<u64> {
        match self.row().4 {
            Place::Stream(_) => {
                let stream = sim.stream();
                let there = stream.status != StreamStatus::Absent;
                there.then(|| stream.open_shards().len() as u64)
            }
            // AWS: UpdateEventSourceMapping has no StartingPosition.
            Place::Mapping(_) if self == Self::StartingPosition => None,
            Place::Mapping(_) => self.of_mapping(&mapping(sim)?.config),
            Place::Function(_) => {
                Some(sim.functions().reserved(mapping(sim)?.config.function_idx).map_or(NO_LIMIT, u64::from))
            }
            Place::Handler(_) | Place::Model(_) => None,
        }
    }

    /// The value that is shown, and that turning goes on from.
    #[must_use]
    pub fn shown(self, sim: &Simulation, since: Since) -> Option<u64> {
        if self.is_live(sim, since) { self.now(sim) } else { self.value(sim.scenario()) }
    }

    /// What turning it to a value comes to; `None` where that changes nothing or cannot be done.
    #[must_use]
    pub fn turned(self, sim: &Simulation, since: Since, value: u64) -> Option<Turned> {
        if self.shown(sim, since)? == value {
            return None;
        }
        if self.is_live(sim, since) {
            self.line(sim, value).map(Turned::Run)
        } else {
            Some(Turned::Rebuild(value))
        }
    }

    /// The line of the AWS command line that gives it this value.
    fn line(self, sim: &Simulation, value: u64) -> Option<String> {
        let field = match self.row().4 {
            Place::Stream(_) => {
                let options = [
                    ("stream-name", sim.stream().name.as_str()),
                    ("target-shard-count", &value.to_string()),
                    ("scaling-type", "UNIFORM_SCALING"),
                ];
                return Some(line("update-shard-count", &options));
            }
            Place::Function(_) => return Some(reserve(sim, mapping(sim)?, value)),
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
        Some(update(mapping(sim)?, &given))
    }
}

/// The line that gives the first mapping's filter these patterns from now on; `None` where that is for the scenario.
#[must_use]
pub fn filter_line(sim: &Simulation, since: Since, patterns: &[&str]) -> Option<String> {
    if since == Since::Start || sim.now() == SimTime::ZERO {
        return None;
    }
    let criteria = quoted(&filter_criteria(patterns).to_string());
    Some(update(mapping(sim)?, &format!("--filter-criteria {criteria}")))
}

/// The first mapping, until it is deleted.
fn mapping(sim: &Simulation) -> Option<&EventSourceMapping> {
    let gone = |mapping: &EventSourceMapping| {
        matches!(mapping.state, MappingState::Deleting | MappingState::Deleted)
    };
    sim.lambda().mappings.first().filter(|mapping| !gone(mapping))
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
            if !knob.is_live(player.sim(), Since::Now) {
                assert_eq!(knob.shown(player.sim(), Since::Now), knob.value(player.sim().scenario()));
                continue;
            }
            live += 1;
            let before = knob.shown(player.sim(), Since::Now).unwrap();
            // The factor of this scenario forbids tumbling windows; the test below turns them.
            player.seek(SimTime(player.now().0 + 3000));
            for &value in knob.steps().iter().filter(|&&step| step != before && knob != Knob::TumblingWindow)
            {
                let Some(Turned::Run(line)) = knob.turned(player.sim(), Since::Now, value) else {
                    panic!("{knob:?}")
                };
                if knob == Knob::Shards {
                    player.seek(SimTime(player.now().0 + 300_000));
                }
                assert_eq!(run(&mut player, &line), (0, String::new()), "{line}");
                if knob != Knob::Shards {
                    assert_eq!(knob.shown(player.sim(), Since::Now), Some(value), "{line}");
                }
                assert_eq!(knob.turned(player.sim(), Since::Start, before), None, "{knob:?}");
                player.seek(SimTime(player.now().0 + 3000));
                if knob == Knob::Shards {
                    break;
                }
            }
            if let Some(Turned::Run(line)) = knob.turned(player.sim(), Since::Now, before) {
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
        assert_eq!(turned(&player, Since::Now), Some(Turned::Rebuild(20)));
        player.seek(SimTime(1));
        assert_eq!(turned(&player, Since::Start), Some(Turned::Rebuild(20)));
        assert!(matches!(turned(&player, Since::Now), Some(Turned::Run(_))));
    }

    #[test]
    fn what_aws_refuses_is_refused() {
        let mut player = Player::new(Scenario::from_json(shipped::FIRST.1).unwrap());
        player.seek(SimTime(5000));
        let Some(Turned::Run(line)) = Knob::TumblingWindow.turned(player.sim(), Since::Now, 30) else {
            panic!("a tumbling window is set by a call")
        };
        let (code, text) = run(&mut player, &line);
        assert!(code != 0 && text.contains("InvalidParameterValueException"), "{text}");
        assert_eq!(Knob::TumblingWindow.shown(player.sim(), Since::Now), Some(0));
    }

    #[test]
    fn a_filter_is_set_and_taken_away_by_its_line() {
        let mut player = Player::new(Scenario::from_json(shipped::FIRST.1).unwrap());
        assert_eq!(filter_line(player.sim(), Since::Now, &[]), None);
        player.seek(SimTime(5000));
        let patterns = [r#"{"data": {"it's": [{"prefix": "a b"}]}}"#, r#"{"partitionKey": ["1"]}"#];
        for wanted in [&patterns[..], &[]] {
            let line = filter_line(player.sim(), Since::Now, wanted).unwrap();
            assert_eq!(run(&mut player, &line), (0, String::new()), "{line}");
            let criteria = &player.sim().lambda().mappings[0].config.filter_criteria;
            assert_eq!(criteria.patterns().collect::<Vec<_>>(), wanted);
            player.seek(SimTime(player.now().0 + 3000));
        }
    }
}
