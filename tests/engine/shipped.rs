//! What the shipped scenarios about streams are meant to show.
#![expect(clippy::wildcard_enum_match_arm, reason = "a checker looks at the events it is about")]

use serde_json::{Value, json};
use shardlab::event_log::Event;
use shardlab::kinesis::HashKey;
use shardlab::lang::Lang;
use shardlab::scenario::{Command, CommandAction, Scenario};
use shardlab::sim::Simulation;
use shardlab::units::SimTime;
use shardlab::view::checks::Checks;
use shardlab::view::origin::Origin;
use shardlab::view::panels::{self, Panels};
use shardlab::view::picture::Picture;
use shardlab::view::player::Player;
use shardlab::view::scene::Scene;
use shardlab::view::shipped;
use shardlab::view::ui::{Tab, UiState};
use shardlab::view::{stage, timeline};

use crate::run;

const HOT: &str = include_str!("../../www/scenarios/hot-shard-split.json");
const TO_FOUR: &str = include_str!("../../www/scenarios/reshard-2-to-4.json");
const TO_THREE: &str = include_str!("../../www/scenarios/reshard-2-to-3.json");
const LIMITS: &str = include_str!("../../www/scenarios/reshard-limits.json");

/// Every shipped scenario can be looked at, at any moment, in pictures and panels.
#[test]
fn every_shipped_scenario_can_be_looked_at() {
    let mut scene = Scene::default();
    for &(id, text) in shipped::all() {
        let mut player = Player::new(Scenario::from_json(text).unwrap());
        let until = player.sim().scenario().until;
        player.seek(until);
        let origin = Origin::new(&text.into(), player.sim().scenario());
        for part in [12, 0, 3, 5, 6, 7, 11] {
            player.seek(SimTime(until.0 * part / 12));
            for (width, height) in [(976.0, 300.0), (390.0, 540.0)] {
                let picture = Picture::new(&player, Lang::Ja, width, height);
                stage::draw(&picture, &mut scene);
                assert!(!scene.shapes().is_empty(), "stage of {id}");
                timeline::draw(&picture, &mut scene);
                assert!(!scene.shapes().is_empty(), "time line of {id}");
            }
            for tab in [Tab::Timeline, Tab::Table, Tab::Log, Tab::Inspect] {
                let ui = UiState { tab, ..UiState::default() };
                let panels =
                    panels::build(&player, &ui, &origin, &mut Checks::default(), (&Panels::default(), true));
                assert_eq!(panels.title.id, id);
            }
        }
    }
}

/// Times in seconds of refused puts.
fn throttled(sim: &Simulation) -> Vec<u64> {
    let times = sim.events(0, u32::MAX).filter_map(|(_, t, event)| match event {
        Event::RecordThrottled { .. } => Some(t.0 / 1000),
        _ => None,
    });
    times.collect()
}

#[test]
fn a_split_between_two_hot_keys_cures_throttling_and_halving_does_not() {
    let scenario = Scenario::from_json(HOT).unwrap();
    let sim = run(&scenario);
    let times = throttled(&sim);
    // Every third put of two a second, until the split takes effect at 50 s.
    assert_eq!((times.len(), times[0], times[times.len() - 1]), (33, 1, 49));
    let hashes = [0, 1].map(|key| sim.stream().keys.hash_key(key));
    assert!(hashes[1] < HashKey(1 << 126) && HashKey(1 << 126) < hashes[0] && hashes[0] < HashKey(1 << 127));
    assert_eq!(sim.summary().records.per_mapping[0].pending, 0);
    let halved =
        HOT.replace("85070591730234615865843651857942052864", "170141183460469231731687303715884105728");
    let times = throttled(&run(&Scenario::from_json(&halved).unwrap()));
    assert_eq!(times.last(), Some(&88));
}

/// The one call of an operation; the n-th.
fn call<'a>(sim: &'a Simulation, operation: &str, n: usize) -> &'a Result<Value, shardlab::aws::ApiError> {
    &sim.calls().iter().filter(|call| call.operation == operation).nth(n).unwrap().answer
}

/// Article D's 2 → 4: every number that it prints.
#[test]
fn article_d_s_numbers() {
    let sim = run(&Scenario::from_json(TO_FOUR).unwrap());
    let answer = call(&sim, "UpdateShardCount", 0).as_ref().unwrap();
    assert_eq!((&answer["CurrentShardCount"], &answer["TargetShardCount"]), (&json!(2), &json!(4)));
    let shards = &call(&sim, "DescribeStream", 0).as_ref().unwrap()["StreamDescription"]["Shards"];
    assert_eq!(shards.as_array().unwrap().len(), 6);
    assert_eq!(
        shards[0],
        json!({"ShardId": "shardId-000000000000",
            "HashKeyRange": {"StartingHashKey": "0", "EndingHashKey": "170141183460469231731687303715884105727"},
            "SequenceNumberRange": {
                "StartingSequenceNumber": "49567765303994184397908352048233447689120770321652121602",
                "EndingSequenceNumber": "49567765304005334770507617359803006622437488738042904578"}})
    );
    assert_eq!(
        shards[2],
        json!({"ShardId": "shardId-000000000002", "ParentShardId": "shardId-000000000000",
            "HashKeyRange": {"StartingHashKey": "0", "EndingHashKey": "85070591730234615865843651857942052864"},
            "SequenceNumberRange": {
                "StartingSequenceNumber": "49567765350424335901249109428910813132774667910635323426"}})
    );
}

/// Article D's 2 → 3: two splits and a merge, one after another.
#[test]
fn article_d_s_thirds() {
    let sim = run(&Scenario::from_json(TO_THREE).unwrap());
    let shards = &call(&sim, "DescribeStream", 0).as_ref().unwrap()["StreamDescription"]["Shards"];
    let parents = shards.as_array().unwrap().iter().map(|shard| {
        let number = |field: &str| shard[field].as_str().map(|id| id[8..].parse::<u32>().unwrap());
        (number("ParentShardId"), number("AdjacentParentShardId"))
    });
    let parents: Vec<_> = parents.collect();
    let child = |parent| (Some(parent), None);
    assert_eq!(
        parents,
        [(None, None), (None, None), child(0), child(0), child(1), child(1), (Some(3), Some(4))]
    );
    let width = |shard: u32| {
        let range = sim.stream().shards[shard as usize].range;
        (range.end().0 - range.start().0) / (u128::MAX / 300)
    };
    // Two thirds and one third of a half each, in percent of the whole.
    assert_eq!([2, 3, 4, 5, 6].map(width), [100, 50, 50, 100, 100]);
}

/// Article D's refusals, as the command line prints them, and its describe-limits.
#[test]
fn article_d_s_limits_on_the_command_line() {
    let mut scenario = Scenario::from_json(LIMITS).unwrap();
    for command in &mut scenario.commands {
        if let CommandAction::Operation { request, .. } = &command.action {
            let target = &request["TargetShardCount"];
            command.action = CommandAction::Cli(format!(
                "aws kinesis update-shard-count --stream-name test --target-shard-count {target} \
                 --scaling-type UNIFORM_SCALING"
            ));
        }
    }
    let by_operation = run(&Scenario::from_json(LIMITS).unwrap());
    let sim = run(&scenario);
    assert_eq!(sim.digest(), by_operation.digest(), "a command line makes the same calls");
    let shown: Vec<_> = sim.done().iter().map(|done| done.outcome.clone().unwrap()).collect();
    let refused = [
        (
            0,
            "InvalidArgumentException",
            "UpdateShardCount cannot scale up over double your current open shard count. \
         Current open shard count: 2 Target shard count: 8",
        ),
        (
            2,
            "InvalidArgumentException",
            "UpdateShardCount cannot scale down below half your current open shard count. \
         Current open shard count: 4 Target shard count: 1",
        ),
        (4, "LimitExceededException", "Rate exceeded for stream test under account 123456789012."),
    ];
    for (idx, kind, message) in refused {
        let text =
            format!("An error occurred ({kind}) when calling the UpdateShardCount operation: {message}");
        assert!(shown[idx].stderr.contains(&text), "{}", shown[idx].stderr);
    }
    let limits: Value = serde_json::from_str(&shown[5].stdout).unwrap();
    assert_eq!((&limits["OpenShardCount"], &limits["ShardLimit"]), (&json!(6), &json!(25)));
}

/// What DescribeStream answers can be the stream of another scenario, which goes on from there.
#[test]
fn a_described_stream_can_be_gone_on_with() {
    let sim = run(&Scenario::from_json(TO_FOUR).unwrap());
    let shards = &call(&sim, "DescribeStream", 0).as_ref().unwrap()["StreamDescription"]["Shards"];
    let text = json!({"version": 1, "id": "gone-on", "until": 90_000, "start": "2016-11-19T01:00:00.000Z",
        "stream": {"StreamName": "foo", "Shards": shards},
        "producers": [{"type": "rounds", "partitionKeys": ["a", "b", "c", "d", "e"], "rounds": 70, "period": 1000}],
        "functions": [{"FunctionName": "f", "versions": {"1": {"handler": {"perRecord": 10}}}}],
        "eventSourceMappings": [{"EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/foo",
            "FunctionName": "f", "StartingPosition": "TRIM_HORIZON"}],
        "commands": [{"at": 1000, "service": "kinesis", "operation": "MergeShards", "request": {"StreamName": "foo",
            "ShardToMerge": "shardId-000000000003", "AdjacentShardToMerge": "shardId-000000000004"}}]});
    let sim = run(&Scenario::from_json(&text.to_string()).unwrap());
    assert_eq!(sim.stream().open_shards(), [2, 6, 5]);
    let counts = &sim.summary().records.per_mapping[0];
    assert_eq!((counts.succeeded, counts.pending), (350, 0));
    let first = (0..sim.invocations().len()).map(|idx| sim.invocations().get(idx).started_at()).min();
    assert_eq!(first, Some(SimTime(0)), "open shards are read at once");
    crate::properties::check_order_of_keys(&sim).unwrap();
    crate::properties::check_checkpoints(&sim).unwrap();
}

/// The data of a record that a call put is what the call gave, for handlers and readers alike.
#[test]
fn a_call_s_records_keep_their_data() {
    let text = r#"{"version": 1, "id": "put", "until": 5000, "stream": {},
        "functions": [{"FunctionName": "f", "versions": {"1": {"handler": {"rules": [{"when": {"dataContains": "bad"}, "then": "crash"}]}}}}],
        "eventSourceMappings": [{"EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s", "FunctionName": "f",
          "StartingPosition": "TRIM_HORIZON"}],
        "commands": [{"at": 10, "service": "kinesis", "operation": "PutRecord", "request": {"StreamName": "s", "PartitionKey": "k", "Data": "YmFkIDE="}}]}"#;
    let sim = run(&Scenario::from_json(text).unwrap());
    assert_eq!(sim.data(0), b"bad 1");
    assert!(sim.summary().outcomes.crash > 0);
}

/// A run that stopped for its number of events stands at the end of a millisecond: what is live comes after it.
#[test]
fn a_live_command_comes_in_the_first_millisecond_not_begun() {
    let scenario = Scenario::from_json(HOT).unwrap();
    let mut sim = Simulation::new(scenario.clone());
    assert_eq!(sim.next_command_at(), SimTime(0));
    assert!(!sim.run_bounded(scenario.until, 0));
    assert_eq!((sim.now(), sim.next_command_at()), (SimTime(0), SimTime(1)));
    let action = CommandAction::Cli("aws kinesis describe-stream-summary --stream-name orders".into());
    let command = Command { at: sim.next_command_at(), action };
    sim.add_command(command.clone());
    sim.run_until(scenario.until);
    let mut with = scenario;
    with.commands.insert(0, command);
    assert_eq!(run(&with).digest(), sim.digest());
}

/// A closed shard without records between a parent and a grandchild that have some: the parent's come first.
#[test]
fn an_empty_shard_hides_no_parent() {
    let split = |at: u32, shard: u32, key: u128| {
        json!({"at": at, "service": "kinesis", "operation": "SplitShard", "request": {"StreamName": "s",
            "ShardToSplit": format!("shardId-{shard:012}"), "NewStartingHashKey": key.to_string()}})
    };
    let text = json!({"version": 1, "id": "generations", "until": 200_000, "stream": {},
        "producers": [{"type": "records", "records": [{"at": 0, "PartitionKey": "a"}, {"at": 50_000, "PartitionKey": "a"}]}],
        "functions": [{"FunctionName": "f", "versions": {"1": {"handler": {"perRecord": 20_000}}}}],
        "eventSourceMappings": [{"EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s", "FunctionName": "f",
          "StartingPosition": "TRIM_HORIZON"}],
        "commands": [split(1000, 0, 1 << 127), split(3000, 1, 1 << 126)],
        "model": {"reshardStep": 1000, "activation": 100_000}});
    let sim = run(&Scenario::from_json(&text.to_string()).unwrap());
    let handed_over = (0..sim.invocations().len()).map(|idx| {
        let invocation = sim.invocations().get(idx);
        (invocation.started_at().0, invocation.lane.shard)
    });
    let handed_over: Vec<_> = handed_over.collect();
    // The parent's record takes until 120.03 s; shard 1 is assigned at the next tick, its child at the one after.
    assert_eq!(handed_over, [(100_000, 0), (140_000, 3)]);
}
