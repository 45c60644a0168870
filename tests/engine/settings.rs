//! Mappings that are created, changed, disabled and deleted while the run goes on.
#![expect(clippy::wildcard_enum_match_arm, reason = "a checker looks at the events it is about")]

use std::collections::BTreeMap;

use serde_json::{Value, json};
use shardlab::event_log::Event;
use shardlab::scenario::Scenario;
use shardlab::sim::Simulation;
use shardlab::sim::summary::MappingCounts;

use crate::{run, run_in_chunks};

const UUID: &str = "00000000-0000-4000-8000-000000000000";

/// Ten keys, a record each every half a second for a minute; a handler of 40 ms a record; two minutes long.
fn document(mapping: Value, rules: Value, commands: Value) -> Scenario {
    let keys: Vec<String> = (0..10).map(|key| format!("k{key}")).collect();
    let mut settings = json!({"UUID": UUID, "FunctionName": "f", "StartingPosition": "TRIM_HORIZON", "BatchSize": 10,
        "EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s"});
    for (name, value) in mapping.as_object().unwrap() {
        settings[name] = value.clone();
    }
    let document = json!({"version": 1, "id": "settings", "until": 120_000,
        "stream": {"StreamName": "s", "ShardCount": 2},
        "producers": [{"type": "rounds", "partitionKeys": keys, "rounds": 120, "period": 500}],
        "functions": [
            {"FunctionName": "f", "versions": {"1": {"handler": {"perRecord": 40, "rules": rules}}}},
            {"FunctionName": "g", "versions": {"1": {"handler": {"perRecord": 1}}}}],
        "eventSourceMappings": [settings], "commands": commands});
    Scenario::from_json(&document.to_string()).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn lambda(at: u64, operation: &str, mut request: Value) -> Value {
    request["UUID"] = UUID.into();
    json!({"at": at, "service": "lambda", "operation": operation, "request": request})
}

fn update(at: u64, request: Value) -> Value {
    lambda(at, "UpdateEventSourceMapping", request)
}

/// Runs, in one go and in chunks, which have to agree; every call has to succeed.
fn played(scenario: &Scenario) -> Simulation {
    let sim = run(scenario);
    assert_eq!(run_in_chunks(scenario, 7).digest(), sim.digest());
    for call in sim.calls() {
        assert!(call.answer.is_ok(), "{} {}: {:?}", call.operation, call.request, call.answer);
    }
    sim
}

fn counts(sim: &Simulation) -> MappingCounts {
    let counts = sim.summary().records.per_mapping[0].clone();
    let MappingCounts { succeeded, discarded, expired, filtered, pending, .. } = counts;
    let put = u64::from(sim.stream().records.len() - sim.mapping(0).first);
    assert_eq!(succeeded + discarded + expired + filtered + pending, put);
    counts
}

/// States with their times, as `Enabled@1000`.
fn states(sim: &Simulation) -> Vec<String> {
    let states = sim.events(0, u32::MAX).filter_map(|(_, t, event)| match event {
        Event::MappingState { to, .. } => Some(format!("{}@{}", to.name(), t.0)),
        _ => None,
    });
    states.collect()
}

/// Times of hand-overs, with their lanes and how many records each has.
fn hand_overs(sim: &Simulation) -> Vec<(u64, u8, u32)> {
    let invocations = (0..sim.invocations().len()).map(|idx| sim.invocations().get(idx));
    invocations.map(|one| (one.started_at().0, one.lane.lane, one.count)).collect()
}

/// No two invocations of a lane run at once, and the first successes of a key's records come in order. How often
/// a row was written that had been written before.
fn order_holds(sim: &Simulation) -> u32 {
    let mut running: BTreeMap<(u32, u8), u32> = BTreeMap::new();
    let mut written: BTreeMap<u32, u32> = BTreeMap::new();
    let mut again = 0;
    for (_, t, event) in sim.events(0, u32::MAX) {
        match event {
            Event::InvocationStarted { invocation } => {
                let lane = sim.invocations().get(invocation).lane;
                assert_eq!(running.insert((lane.shard, lane.lane), invocation), None, "at {t}");
            }
            Event::InvocationEnded { invocation } => {
                let lane = sim.invocations().get(invocation).lane;
                assert_eq!(running.remove(&(lane.shard, lane.lane)), Some(invocation));
            }
            Event::RowWritten { record, .. } => {
                let stored = sim.stream().records.get(record);
                let last = written.entry(stored.key).or_default();
                assert!(stored.number <= *last + 1, "record {record} overtakes at {t}");
                again += u32::from(stored.number <= *last);
                *last = stored.number.max(*last);
            }
            _ => {}
        }
    }
    again
}

/// Two of ten keys are filtered, one fails for ever and is given up after a retry, at first without a destination.
#[test]
fn events_are_counted_where_a_mapping_asks() {
    let rules = json!([{"when": {"partitionKey": "k1"}, "then": "throw"}]);
    let mapping = json!({"BatchSize": 1, "MaximumRetryAttempts": 1, "ParallelizationFactor": 10,
        "FilterCriteria": {"Filters": [{"Pattern": "{\"partitionKey\": [{\"anything-but\": [\"k2\", \"k3\"]}]}"}]}});
    let silent = played(&document(mapping.clone(), rules.clone(), json!([])));
    assert_eq!(counts(&silent).event_count, None);
    let queue = json!({"OnFailure": {"Destination": "arn:aws:sqs:us-east-1:123456789012:q"}});
    let commands = json!([
        update(1, json!({"MetricsConfig": {"Metrics": ["EventCount"]}})),
        update(30_000, json!({"DestinationConfig": queue}))
    ]);
    let sim = played(&document(mapping, rules, commands));
    let counted = counts(&sim);
    assert_eq!((counted.succeeded, counted.discarded, counted.filtered, counted.pending), (840, 120, 240, 0));
    let events = counted.event_count.unwrap();
    assert_eq!((events.polled_event_count, events.filtered_out_event_count), (1200, 240));
    assert_eq!((events.invoked_event_count, events.failed_invoke_event_count), (840 + 240, 240));
    let told = events.on_failure_destination_delivered_event_count;
    assert_eq!(events.dropped_event_count + told, 120);
    assert!((55..=65).contains(&told), "{told}");
}

#[test]
fn an_update_binds_the_next_hand_over() {
    let commands =
        json!([update(20_000, json!({"BatchSize": 3})), update(40_000, json!({"FunctionName": "g"}))]);
    let sim = played(&document(json!({}), json!([]), commands));
    assert_eq!(states(&sim)[1..], ["Updating@20000", "Enabled@20000", "Updating@40000", "Enabled@40000"]);
    let sizes = |from: u64, to: u64| {
        hand_overs(&sim).into_iter().filter(|(t, ..)| (from..to).contains(t)).map(|(.., count)| count).max()
    };
    assert_eq!((sizes(0, 20_000), sizes(20_000, 120_000)), (Some(10), Some(3)));
    for idx in 0..sim.invocations().len() {
        let invocation = sim.invocations().get(idx);
        assert_eq!(sim.function_of(&invocation), u32::from(invocation.started_at().0 >= 40_000));
    }
    assert_eq!((order_holds(&sim), counts(&sim).succeeded), (0, 1200));
}

/// `LastProcessingResult` is that of the last invocation that has ended; a throttled try changes nothing.
#[test]
fn the_last_result_is_told() {
    let get = |at: u64| lambda(at, "GetEventSourceMapping", json!({}));
    let bad = json!([{"when": {"record": 100}, "then": "throw"}]);
    let commands =
        json!([get(0), get(4900), get(6000), update(8000, json!({"MaximumRetryAttempts": 0})), get(9500)]);
    let mut scenario = document(json!({}), bad, commands);
    scenario.stream.as_mut().unwrap().shard_count = 1;
    let sim = played(&scenario);
    let gets = sim.calls().iter().filter(|call| call.operation == "GetEventSourceMapping");
    let results: Vec<_> =
        gets.map(|call| call.answer.as_ref().unwrap()["LastProcessingResult"].clone()).collect();
    assert_eq!(results, ["No records processed", "OK", "PROBLEM: Function call failed", "OK"]);
    let mut throttled = document(json!({}), json!([]), json!([get(60_000)]));
    throttled.functions[0].reserved_concurrent_executions = Some(0);
    let sim = played(&throttled);
    assert_eq!(sim.calls()[0].answer.as_ref().unwrap()["LastProcessingResult"], "No records processed");
}

/// Nothing is handed over after the mapping is disabled but what was on its way, and nothing is lost.
#[test]
fn a_disabled_mapping_goes_on_where_it_was() {
    let commands =
        json!([update(20_000, json!({"Enabled": false})), update(90_000, json!({"Enabled": true}))]);
    let mut scenario = document(json!({"ParallelizationFactor": 3}), json!([]), commands);
    (scenario.model.activation, scenario.model.deactivation) =
        (shardlab::units::SimDuration(5000), shardlab::units::SimDuration(2500));
    let sim = played(&scenario);
    assert_eq!(
        states(&sim),
        ["Enabled@5000", "Disabling@20000", "Disabled@22500", "Enabling@90000", "Enabled@95000"]
    );
    let between = hand_overs(&sim).into_iter().filter(|(t, ..)| (22_500..95_000).contains(t)).count();
    let working_on = hand_overs(&sim).into_iter().filter(|(t, ..)| (20_000..22_500).contains(t)).count();
    assert!(between == 0 && working_on > 0, "{between} {working_on}");
    order_holds(&sim);
    assert_eq!(counts(&sim).succeeded, 1200);
}

/// A batch that is being retried when its mapping is disabled is closed anew, with fresh attempts.
#[test]
fn a_retried_batch_falls_back_to_the_checkpoint() {
    let rules =
        json!([{"when": {"all": [{"partitionKey": "k1"}, {"number": 5}, {"to": 30_000}]}, "then": "throw"}]);
    let commands =
        json!([update(20_000, json!({"Enabled": false})), update(40_000, json!({"Enabled": true}))]);
    let sim = played(&document(json!({}), rules, commands));
    let attempts = |from: u64, to: u64| -> Vec<u32> {
        let invocations = (0..sim.invocations().len()).map(|idx| sim.invocations().get(idx));
        let within = invocations.filter(|one| (from..to).contains(&one.started_at().0));
        within.map(|one| one.attempt).collect()
    };
    assert!(attempts(0, 20_000).into_iter().max() > Some(5));
    assert_eq!(attempts(40_000, 120_000).into_iter().max(), Some(1));
    assert_eq!(counts(&sim).succeeded, 1200);
}

/// Running invocations end, then everything not done is read again into the new lanes: the order of each key holds.
#[test]
fn another_parallelization_factor_keeps_the_order_of_keys() {
    for (before, after) in [(1, 4), (4, 1), (3, 2), (2, 10)] {
        let commands = json!([update(20_000, json!({"ParallelizationFactor": after}))]);
        let sim = played(&document(json!({"ParallelizationFactor": before}), json!([]), commands));
        let lanes = |from: u64, to: u64| {
            hand_overs(&sim)
                .into_iter()
                .filter(|(t, ..)| (from..to).contains(t))
                .map(|(_, lane, _)| lane)
                .max()
        };
        assert!(lanes(0, 20_000) < Some(before as u8), "{before} to {after}");
        assert_eq!(sim.mapping(0).parallelization_factor(), after);
        assert!(lanes(25_000, 120_000) < Some(after as u8), "{before} to {after}");
        order_holds(&sim);
        let MappingCounts { succeeded, pending, .. } = counts(&sim);
        // One lane for each shard is too slow for these records: some still wait.
        assert!(succeeded + pending == 1200 && (after == 1 || pending == 0), "{succeeded} {pending}");
    }
}

/// A lane that is stuck does not hold the change up, and gets its quota anew.
#[test]
fn a_stuck_lane_does_not_hold_up_a_change_of_lanes() {
    let rules = json!([{"when": {"partitionKey": "k1", "number": 5}, "then": "throw"}]);
    let commands = json!([
        update(20_000, json!({"ParallelizationFactor": 5})),
        update(60_000, json!({"MaximumRetryAttempts": 0, "BatchSize": 1}))
    ]);
    let sim = played(&document(json!({"ParallelizationFactor": 2}), rules, commands));
    order_holds_but_for_discards(&sim);
    let MappingCounts { succeeded, discarded, pending, .. } = counts(&sim);
    assert!(discarded > 0 && pending == 0, "{succeeded} {discarded} {pending}");
}

fn order_holds_but_for_discards(sim: &Simulation) {
    let mut written: BTreeMap<u32, u32> = BTreeMap::new();
    for (_, _, event) in sim.events(0, u32::MAX) {
        if let Event::RowWritten { record, .. } = event {
            let stored = sim.stream().records.get(record);
            let last = written.entry(stored.key).or_default();
            *last = stored.number.max(*last);
        }
    }
    assert_eq!(written.len(), 10);
}

#[test]
fn a_mapping_is_created_and_deleted_while_records_come() {
    let create = json!({"at": 10_000, "service": "lambda", "operation": "CreateEventSourceMapping", "request":
        {"FunctionName": "g", "EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s",
         "StartingPosition": "LATEST"}});
    let line = format!("aws lambda delete-event-source-mapping --uuid {UUID}");
    let commands = json!([create, {"at": 30_000, "cli": line}]);
    let sim = played(&document(json!({}), json!([]), commands));
    assert_eq!(states(&sim), ["Enabled@0", "Enabled@10000", "Deleting@30000", "Deleted@30000"]);
    let last = |mapping: u16| {
        let invocations = (0..sim.invocations().len()).map(|idx| sim.invocations().get(idx));
        invocations.filter(|one| one.lane.mapping == mapping).map(|one| one.started_at().0).max()
    };
    assert!(last(0) < Some(30_000) && last(1) > Some(59_000));
    let created = &sim.summary().records.per_mapping[1];
    // The poll at 10 s comes after the records of that instant.
    assert_eq!((created.succeeded, created.pending, sim.mapping(1).first), (990, 0, 210));
}

/// A restarted poller reads on from the checkpoint; what a faster lane had done is done again.
#[test]
fn a_restarted_poller_reads_from_the_checkpoint() {
    let rules =
        json!([{"when": {"all": [{"partitionKey": "k1"}, {"number": 5}, {"to": 30_000}]}, "then": "throw"}]);
    let restart = |shard: u32| json!({"at": 20_000, "fault": "pollerRestart", "shardId": format!("shardId-00000000000{shard}")});
    let commands = json!([restart(0), restart(1), restart(7)]);
    let mapping = json!({"ParallelizationFactor": 3});
    let sim = played(&document(mapping.clone(), rules.clone(), commands));
    let repeated = order_holds(&sim);
    let undisturbed = played(&document(mapping, rules, json!([])));
    assert!(repeated > order_holds(&undisturbed), "{repeated}");
    assert_eq!((counts(&sim).succeeded, counts(&undisturbed).succeeded), (1200, 1200));
}

#[test]
fn filtered_records_are_done() {
    let pattern = |pattern: Value| json!({"Filters": [{"Pattern": pattern.to_string()}]});
    let odd = pattern(json!({"partitionKey": [{"suffix": "1"}, {"suffix": "3"}]}));
    for factor in [1, 4] {
        let mapping = json!({"FilterCriteria": odd, "ParallelizationFactor": factor});
        let commands = json!([update(30_000, json!({"FilterCriteria": {}}))]);
        let sim = played(&document(mapping, json!([]), commands));
        let MappingCounts { succeeded, filtered, pending, .. } = counts(&sim);
        // Rounds before 30 s that were read by then: of ten keys, eight are kept away.
        assert_eq!((filtered % 8, pending), (0, 0));
        assert!((460..=488).contains(&filtered) && succeeded + filtered == 1200, "{succeeded} {filtered}");
        for shard in 0..2 {
            let reader = &sim.mapping(0).readers[shard];
            assert_eq!(reader.checkpoint, reader.read, "everything of shard {shard} is done");
        }
        order_of_delivered(&sim);
    }
}

fn order_of_delivered(sim: &Simulation) {
    let mut last: BTreeMap<u32, u32> = BTreeMap::new();
    for (_, _, event) in sim.events(0, u32::MAX) {
        if let Event::RowWritten { record, .. } = event {
            let stored = sim.stream().records.get(record);
            assert!(last.insert(stored.key, stored.number) < Some(stored.number));
        }
    }
}

/// A filter may change while records that it kept away lie after the checkpoint, and be followed by a re-read: each
/// record is counted once.
#[test]
fn records_are_counted_once_whatever_filters_they_meet() {
    let pattern = |suffixes: &[&str]| {
        let rules: Vec<Value> = suffixes.iter().map(|suffix| json!({"suffix": suffix})).collect();
        json!({"Filters": [{"Pattern": json!({"partitionKey": rules}).to_string()}]})
    };
    let rules = json!([{"when": {"all": [{"number": 10}, {"to": 50_000}]}, "then": "throw"}]);
    let mapping = json!({"FilterCriteria": pattern(&["1", "2", "3"])});
    let commands = json!([
        update(15_000, json!({"FilterCriteria": pattern(&["3", "4"])})),
        update(20_000, json!({"ParallelizationFactor": 3})),
        update(25_000, json!({"FilterCriteria": {}})),
        {"at": 30_000, "fault": "pollerRestart", "shardId": "shardId-000000000000"},
        update(40_000, json!({"Enabled": false, "FilterCriteria": pattern(&["1"])})),
        update(45_000, json!({"Enabled": true}))]);
    let sim = played(&document(mapping, rules, commands));
    assert_eq!(counts(&sim).pending, 0);
}

fn shipped(text: &str) -> Simulation {
    played(&Scenario::from_json(text).unwrap())
}

/// Of one mapping, what `value` gives of each of its invocations that started in this range of times.
fn of_invocations(
    sim: &Simulation,
    mapping: u16,
    times: std::ops::Range<u64>,
    value: impl Fn(u32) -> u64,
) -> Vec<u64> {
    let started = |idx: &u32| {
        let invocation = sim.invocations().get(*idx);
        invocation.lane.mapping == mapping && times.contains(&invocation.started_at().0)
    };
    (0..sim.invocations().len()).filter(started).map(value).collect()
}

#[test]
fn a_batching_window_makes_fewer_fuller_and_later_batches() {
    let sim = shipped(include_str!("../../www/scenarios/batching-window.json"));
    let count = |idx: u32| sim.invocations().get(idx).count.into();
    let before = of_invocations(&sim, 0, 1000..30_000, count);
    let after = of_invocations(&sim, 0, 31_000..60_000, count);
    assert_eq!((before.len(), before.iter().max()), (29, Some(&8)));
    // Five seconds from the end of a batch hold five or six polls.
    assert_eq!((after.len(), after.iter().max()), (5, Some(&48)));
    let age = |idx: u32| sim.invocations().get(idx).iterator_age().unwrap().0;
    assert!(of_invocations(&sim, 0, 0..30_000, age).into_iter().max() <= Some(1000));
    assert!(of_invocations(&sim, 0, 31_000..60_000, age).into_iter().max() > Some(5000));
    assert_eq!(counts(&sim).pending, 0);
}

#[test]
fn more_lanes_clear_a_backlog() {
    let sim = shipped(include_str!("../../www/scenarios/more-lanes.json"));
    let age = |idx: u32| sim.invocations().get(idx).iterator_age().unwrap().0;
    let largest = |times| of_invocations(&sim, 0, times, age).into_iter().max().unwrap();
    assert!(largest(25_000..30_000) > 12_000 && largest(55_000..60_000) < 5000);
    assert_eq!((order_holds(&sim), counts(&sim).pending), (0, 0));
    assert_eq!(sim.mapping(0).parallelization_factor(), 5);
}

#[test]
fn filters_share_a_stream_among_functions() {
    let sim = shipped(include_str!("../../www/scenarios/filter.json"));
    let [orders, sales] = &sim.summary().records.per_mapping[..] else { panic!("two mappings") };
    // 24 records, a quarter of each kind. What the first mapping read before 12 s met its filter: 15, of which four
    // are of a hundred pieces or more.
    assert_eq!((sales.succeeded, sales.filtered), (6, 18));
    assert_eq!((orders.succeeded, orders.filtered, orders.pending), (13, 11, 0));
}

#[test]
fn pushed_records_are_younger_than_polled_ones() {
    let sim = shipped(include_str!("../../www/scenarios/enhanced-fan-out.json"));
    let age = |idx: u32| sim.invocations().get(idx).iterator_age().unwrap().0;
    let largest = |mapping| of_invocations(&sim, mapping, 0..30_000, age).into_iter().max().unwrap();
    assert!(largest(0) < 300 && largest(1) > 900, "{} {}", largest(0), largest(1));
    let [pushed, polled] = &sim.summary().records.per_mapping[..] else { panic!("two mappings") };
    assert_eq!((pushed.pending, pushed.succeeded), (0, polled.succeeded));
}

#[test]
fn windows_count_every_record_once() {
    let sim = shipped(include_str!("../../www/scenarios/tumbling-count.json"));
    let windows = (0..sim.invocations().len()).filter_map(|idx| sim.window_of(idx));
    let last = windows.filter(|window| window.is_final_invoke);
    let totals: Vec<u64> = last.map(|window| window.state["count"].as_u64().unwrap()).collect();
    // Two shards, five windows each.
    assert_eq!(totals.len(), 10);
    assert_eq!(totals.iter().sum::<u64>(), u64::from(sim.stream().records.len()));
}
