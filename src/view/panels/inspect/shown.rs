//! An object's JSON as AWS shows it: taken from the answers of the operations themselves.
//!
//! The operations are called on copies, so that neither the run nor its limits of calls notice.

use serde_json::{Value, json};

use crate::cloudwatch::api::CloudWatch;
use crate::cloudwatch::notification::Place;
use crate::cloudwatch::{self, Metrics};
use crate::kinesis;
use crate::kinesis::stream::shard_id;
use crate::lambda::api::{Surroundings, dispatch as call_lambda};
use crate::scenario::Version;
use crate::sim::Simulation;
use crate::units::SimDuration;
use crate::view::explain::journey::Journey;
use crate::view::scene::{Object, Resource};

/// Characters shown, at most; copying gives all of it.
const CHARS_MAX: usize = 16_000;
/// Calls of this second have no part in a copy's limits.
const LATER: SimDuration = SimDuration(1000);

/// An answer, or a part of one.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// The operation, or the document, by AWS's name.
    pub name: &'static str,
    /// The JSON, indented, or the beginning of it.
    pub text: String,
    /// Whether it is longer than what is shown of it.
    pub cut: bool,
}

/// What AWS shows of an object at the playhead.
#[must_use]
pub fn of(sim: &Simulation, object: Object) -> Vec<Shown> {
    let mut shown = whole(sim, object);
    for Shown { text, cut, .. } in &mut shown {
        if let Some((end, _)) = text.char_indices().nth(CHARS_MAX) {
            text.truncate(end);
            *cut = true;
        }
    }
    shown
}

/// The same, however long.
#[must_use]
pub fn whole(sim: &Simulation, object: Object) -> Vec<Shown> {
    let answers = match object {
        Object::Record(record) => of_record(sim, record),
        Object::Shard(shard) => vec![("ListShards", of_shard(sim, shard))],
        Object::Invocation(_) | Object::Lane(_) | Object::Discard(_) | Object::Environment(_) => Vec::new(),
        Object::Resource(resource) => match resource {
            Resource::Stream => {
                let answer = ask_stream(sim, "DescribeStreamSummary", json!({}));
                vec![(
                    "DescribeStreamSummary",
                    answer.map(|mut answer| answer["StreamDescriptionSummary"].take()),
                )]
            }
            Resource::Mapping(mapping) => vec![("GetEventSourceMapping", of_mapping(sim, mapping))],
            Resource::Function(function) => vec![("GetFunction", of_function(sim, function, "$LATEST"))],
            Resource::Version { function, version } => {
                vec![("GetFunction", of_function(sim, function, &Version::Published(version).to_string()))]
            }
            Resource::Alias { function, alias } => {
                let name = sim.functions().alias_name(function.into(), alias.into());
                let request = json!({"FunctionName": sim.scenario().functions[usize::from(function)].name, "Name": name});
                vec![("GetAlias", ask_lambda(sim, "GetAlias", &request))]
            }
            Resource::Alarm(alarm) => vec![("DescribeAlarms", of_alarm(sim, alarm))],
            Resource::Producer(_)
            | Resource::Poller { .. }
            | Resource::Checkpoint { .. }
            | Resource::IteratorAge(_) => Vec::new(),
        },
    };
    let shown = |(name, answer): (&'static str, Option<Value>)| {
        let answer = answer.filter(|answer| !answer.is_null())?;
        Some(Shown { name, text: format!("{answer:#}"), cut: false })
    };
    answers.into_iter().filter_map(shown).collect()
}

/// What an operation on the stream answers.
fn ask_stream(sim: &Simulation, operation: &str, request: Value) -> Option<Value> {
    let mut copy = sim.kinesis().clone();
    ask(sim, &mut copy, operation, request)
}

fn ask(sim: &Simulation, copy: &mut kinesis::Kinesis, operation: &str, mut request: Value) -> Option<Value> {
    if operation != "GetRecords" {
        request["StreamName"] = sim.stream().name.as_str().into();
    }
    let data = |stream: u32, record: u32| if stream == 0 { sim.data(record) } else { Vec::new() };
    kinesis::api::dispatch(copy, sim.now() + LATER, operation, &request, &data).ok()
}

/// The shard's entry: the list begins behind the shard before it.
fn of_shard(sim: &Simulation, shard: u32) -> Option<Value> {
    let mut request = json!({"MaxResults": 1});
    if let Some(before) = shard.checked_sub(1) {
        request["ExclusiveStartShardId"] = shard_id(before).into();
    }
    let mut answer = ask_stream(sim, "ListShards", request)?;
    let entry = answer["Shards"][0].take();
    (entry["ShardId"] == shard_id(shard)).then_some(entry)
}

/// The record's entry among those of its shard, and in the event that its function received.
fn of_record(sim: &Simulation, record: u32) -> Vec<(&'static str, Option<Value>)> {
    let stored = sim.stream().records.get(record);
    let number = sim.sequence_number(record);
    let mut copy = sim.kinesis().clone();
    let request = json!({"ShardId": shard_id(stored.shard), "ShardIteratorType": "AT_SEQUENCE_NUMBER",
        "StartingSequenceNumber": number});
    let iterator = ask(sim, &mut copy, "GetShardIterator", request);
    let answer = iterator.and_then(|iterator| {
        let request = json!({"ShardIterator": iterator["ShardIterator"], "Limit": 1});
        let mut answer = ask(sim, &mut copy, "GetRecords", request)?;
        let entry = answer["Records"][0].take();
        (entry["SequenceNumber"] == number.as_str()).then_some(entry)
    });
    let received = (0..sim.mappings().len() as u16).find_map(|mapping| {
        let journey = Journey::of(sim, mapping, record);
        journey.tries.last().map(|each| each.invocation)
    });
    let event = received.and_then(|invocation| {
        let event = sim.payload_of(invocation, std::iter::once(record));
        Some(serde_json::to_value(event).ok()?["Records"][0].take())
    });
    vec![("GetRecords", answer), ("Records[]", event)]
}

/// What an operation on mappings and functions answers.
fn ask_lambda(sim: &Simulation, operation: &str, request: &Value) -> Option<Value> {
    let mut copy = sim.lambda().clone();
    // Nothing is created, so no UUID is asked for.
    let uuid = |_| String::new();
    let around = Surroundings { now: sim.now(), kinesis: sim.kinesis(), uuid: &uuid };
    call_lambda(&mut copy, around, operation, request).ok()
}

fn of_mapping(sim: &Simulation, mapping: u16) -> Option<Value> {
    let uuid = &sim.lambda().mappings[usize::from(mapping)].uuid;
    ask_lambda(sim, "GetEventSourceMapping", &json!({"UUID": uuid}))
}

fn of_function(sim: &Simulation, function: u16, qualifier: &str) -> Option<Value> {
    let name = &sim.scenario().functions[usize::from(function)].name;
    ask_lambda(sim, "GetFunction", &json!({"FunctionName": name, "Qualifier": qualifier}))
}

fn of_alarm(sim: &Simulation, idx: u16) -> Option<Value> {
    let alarm = &sim.alarms()[usize::from(idx)];
    let scenario = sim.scenario();
    let place = Place { account: &scenario.account, region: &scenario.region, start: scenario.start };
    let mut alarms = sim.account_alarms().clone();
    let subjects = sim.metric_names();
    // What an alarm is does not depend on the metrics' data.
    let metrics = Metrics::new(scenario.start);
    let state = CloudWatch { alarms: &mut alarms, metrics: &metrics, place, subjects: &subjects };
    let request = json!({"AlarmNames": [alarm.definition.alarm_name]});
    let (mut answer, _) = cloudwatch::api::dispatch(state, sim.now(), "DescribeAlarms", &request).ok()?;
    Some(answer["MetricAlarms"][0].take())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Command, CommandAction, Scenario};
    use crate::units::SimTime;
    use crate::view::shipped;

    fn run(id: &str, t: u64) -> Simulation {
        let mut sim = Simulation::new(Scenario::from_json(shipped::text_of(id).unwrap()).unwrap());
        sim.run_until(SimTime(t));
        sim
    }

    /// What the operation answers to a live call, made right after what is looked at.
    fn asked(sim: &Simulation, service: &str, operation: &str, request: Value) -> Value {
        let mut live = sim.clone();
        let at = live.next_command_at();
        let action = CommandAction::operation(service, operation, request).unwrap();
        live.add_command(Command { at, action });
        live.run_until(at);
        live.calls().last().unwrap().answer.clone().unwrap()
    }

    #[track_caller]
    fn shows(sim: &Simulation, object: Object, name: &str) -> Value {
        let shown = whole(sim, object);
        let one = shown.iter().find(|shown| shown.name == name).unwrap_or_else(|| panic!("{shown:?}"));
        serde_json::from_str(&one.text).unwrap()
    }

    #[test]
    fn what_is_shown_is_what_a_live_call_answers() {
        let sim = run("parallelization-3", 60_000);
        let digest = sim.digest();
        let mapping = shows(&sim, Object::Resource(Resource::Mapping(0)), "GetEventSourceMapping");
        let uuid = &sim.lambda().mappings[0].uuid;
        assert_eq!(mapping, asked(&sim, "lambda", "GetEventSourceMapping", json!({"UUID": uuid})));
        assert_eq!(mapping["LastProcessingResult"], "OK");
        let alias = shows(&sim, Object::Resource(Resource::Alias { function: 0, alias: 0 }), "GetAlias");
        let request = json!({"FunctionName": "consumer", "Name": "live"});
        assert_eq!(alias, asked(&sim, "lambda", "GetAlias", request));
        let function = shows(&sim, Object::Resource(Resource::Function(0)), "GetFunction");
        let request = json!({"FunctionName": "consumer", "Qualifier": "$LATEST"});
        assert_eq!(function, asked(&sim, "lambda", "GetFunction", request));
        let stream = shows(&sim, Object::Resource(Resource::Stream), "DescribeStreamSummary");
        let summary = asked(&sim, "kinesis", "DescribeStreamSummary", json!({"StreamName": "s"}));
        assert_eq!(stream, summary["StreamDescriptionSummary"]);
        assert_eq!(sim.digest(), digest);
    }

    #[test]
    fn a_shard_is_shown_as_its_entry_in_the_list() {
        let sim = run("reshard-2-to-4", 200_000);
        let all = asked(&sim, "kinesis", "ListShards", json!({"StreamName": sim.stream().name}));
        for shard in 0..6 {
            assert_eq!(shows(&sim, Object::Shard(shard), "ListShards"), all["Shards"][shard as usize]);
        }
    }

    #[test]
    fn a_record_is_shown_as_the_stream_and_the_function_get_it() {
        let sim = run("parallelization-3", 60_000);
        let record = shows(&sim, Object::Record(7), "GetRecords");
        let event = shows(&sim, Object::Record(7), "Records[]");
        assert_eq!(record["SequenceNumber"], sim.sequence_number(7));
        assert_eq!(event["kinesis"]["sequenceNumber"], record["SequenceNumber"]);
        assert_eq!(event["kinesis"]["data"], record["Data"]);
        // The last one has not been handed over yet.
        let last = sim.stream().records.len() - 1;
        assert_eq!(whole(&sim, Object::Record(last)).len(), 1);
    }

    #[test]
    fn an_alarm_is_shown_as_described() {
        let sim = run("auto-scaling", 1_000_000);
        let alarm = shows(&sim, Object::Resource(Resource::Alarm(0)), "DescribeAlarms");
        let all = asked(&sim, "cloudwatch", "DescribeAlarms", json!({}));
        assert_eq!(alarm, all["MetricAlarms"][0]);
        assert_eq!(of(&sim, Object::Environment(0)), []);
    }
}
