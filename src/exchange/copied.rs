//! A stream that is copied out: all that DescribeStream says of it, which can be pasted back.

use serde_json::Value;

use crate::aws::{ApiError, cli};
use crate::kinesis::Kinesis;
use crate::kinesis::account::RecentCalls;
use crate::kinesis::api::{dispatch, no_data};
use crate::scenario::SERVICES;
use crate::sim::Simulation;
use crate::units::SimTime;

/// All that DescribeStream says of a stream now, as the command line prints it: every member of its answer, with the
/// shards of all pages. The run does not notice.
///
/// What the console shows is less: where it asks for all pages, the CLI drops members, such as the mode.
#[must_use]
pub fn description(sim: &Simulation, stream: u16) -> String {
    let mut kinesis = sim.kinesis().clone();
    let name = &sim.stream_at(stream).name;
    let line = format!("aws kinesis describe-stream --stream-name={name} --no-paginate");
    let outcome = cli::run(&line, &sim.scenario().region, &SERVICES, &mut |_, _, request| {
        whole_description(&mut kinesis, sim.now(), request.clone())
    });
    outcome.stdout
}

/// The answer of DescribeStream with the shards of all its pages.
fn whole_description(kinesis: &mut Kinesis, now: SimTime, mut request: Value) -> Result<Value, ApiError> {
    let mut shards: Vec<Value> = Vec::new();
    loop {
        // Calls of this second have no part in it.
        kinesis.recent_calls = RecentCalls::default();
        let mut page = dispatch(kinesis, now, "DescribeStream", &request, &no_data)?;
        let description = &mut page["StreamDescription"];
        if let Value::Array(more) = description["Shards"].take() {
            shards.extend(more);
        }
        match shards.last().filter(|_| description["HasMoreShards"] == true) {
            Some(last) => request["ExclusiveStartShardId"] = last["ShardId"].clone(),
            None => {
                description["Shards"] = shards.into();
                return Ok(page);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::exchange::pasted::with_stream;
    use crate::scenario::Scenario;

    fn at(text: &str, t: u64) -> Simulation {
        let mut sim = Simulation::new(Scenario::from_json(text).unwrap());
        sim.run_until(SimTime(t));
        sim
    }

    fn described(sim: &Simulation) -> Value {
        serde_json::from_str::<Value>(&description(sim, 0)).unwrap()["StreamDescription"].take()
    }

    const TWO_TO_FOUR: &str = include_str!("../../www/scenarios/reshard-2-to-4.json");

    /// But for what the CLI drops where it joins pages, it is the answer that the run got itself.
    #[test]
    fn it_is_all_that_describe_stream_answers() {
        let sim = at(TWO_TO_FOUR, 240_000);
        let all = described(&sim);
        let members: Vec<&str> = all.as_object().unwrap().keys().map(String::as_str).collect();
        let expect = [
            "StreamName",
            "StreamARN",
            "StreamStatus",
            "StreamModeDetails",
            "Shards",
            "HasMoreShards",
            "RetentionPeriodHours",
            "StreamCreationTimestamp",
            "EnhancedMonitoring",
            "EncryptionType",
        ];
        assert_eq!(members, expect);
        let shown: Value = serde_json::from_str(&sim.done()[1].outcome.as_ref().unwrap().stdout).unwrap();
        for (name, member) in shown["StreamDescription"].as_object().unwrap() {
            let dropped = name == "KeyId" && member.is_null();
            assert!(dropped || *member == all[name], "{name}");
        }
        assert_eq!(all["Shards"].as_array().unwrap().len(), 6);
        assert_eq!(sim.digest(), at(TWO_TO_FOUR, 240_000).digest());
    }

    /// An on-demand stream of several pages, with closed shards, is the same stream in another scenario.
    #[test]
    fn what_is_copied_out_can_be_pasted() {
        let scale = "aws kinesis update-shard-count --stream-name big --target-shard-count 160 --scaling-type UNIFORM_SCALING";
        let switch = "aws kinesis update-stream-mode --stream-arn arn:aws:kinesis:us-east-1:123456789012:stream/big \
                      --stream-mode-details StreamMode=ON_DEMAND";
        let big = json!({"version": 1, "id": "big", "until": 2000, "model": {"reshardStep": 1},
            "stream": {"StreamName": "big", "ShardCount": 120, "RetentionPeriodHours": 48},
            "commands": [{"at": 0, "cli": scale}, {"at": 1000, "cli": switch}]});
        let sim = at(&big.to_string(), 2000);
        let text = description(&sim, 0);
        let before = described(&sim);
        assert!(before["Shards"].as_array().unwrap().len() > 200, "three pages");
        assert_eq!((&before["HasMoreShards"], &before["StreamStatus"]), (&json!(false), &json!("ACTIVE")));

        let other = Scenario::from_json(TWO_TO_FOUR).unwrap();
        let pasted = with_stream(&text, TWO_TO_FOUR, &other).unwrap().unwrap();
        let sim = at(&pasted, 0);
        assert_eq!((sim.stream().mode.name(), sim.stream().retention_hours()), ("ON_DEMAND", 48));
        let again = described(&sim);
        for name in before.as_object().unwrap().keys().filter(|&name| name != "StreamCreationTimestamp") {
            assert_eq!(again[name], before[name], "{name}");
        }
    }
}
