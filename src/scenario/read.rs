//! JSON to [`Scenario`]: one pass that collects every problem.
//!
//! ```text
//! text -> serde_json::Value -> check (tables of `fields`)  -> problems of single values
//!                           -> parts (typed, by the tables) -> problems between values, Scenario
//! ```
//! A value that breaks its rule is reported once, by the checker; the readers of the parts pass over it, so
//! that no problem hides another and none is told twice. Problems come in the order of the document.
//!
//! Simplified: nothing is checked against AWS beyond bounds and forms; what a command asks for is checked
//! when it runs. Numbers keep their text: integers are plain digits, decimals become exact ratios.

pub mod fields;

mod alarm;
mod check;
mod command;
mod function;
mod mapping;
mod node;
mod producer;
mod repeated;
mod report;

pub use check::DEPTH_MAX;
pub use report::PROBLEMS_MAX;

use serde_json::Value;

use super::problem::{Problem, ProblemKind, Relation, Unit};
use super::{Bilingual, LaneHash, Model, Prices, Scenario, StreamConfig, StreamMode, UniformScaling};
use crate::kinesis::Shard;
use crate::kinesis::import::{ImportProblem, stream_from_document};
use crate::quota::{ON_DEMAND_SHARDS, Quotas, SCENARIO_BYTES_MAX};
use crate::units::{SimDuration, WallTime};
use mapping::Surroundings;
use node::{Node, Reading};
use repeated::OwnedStep;
use report::{Report, Step};

impl Scenario {
    /// Reads a scenario document.
    ///
    /// # Errors
    /// Every problem of the document, in its order. Text that is no JSON has one problem.
    ///
    /// # Example
    /// ```
    /// use shardlab::scenario::Scenario;
    ///
    /// let scenario = Scenario::from_json(r#"{"version": 1, "id": "empty", "stream": {}}"#).unwrap();
    /// assert_eq!(scenario.stream.unwrap().shard_count, 1);
    ///
    /// let problems = Scenario::from_json(r#"{"version": 2, "id": ""}"#).unwrap_err();
    /// assert_eq!(problems.len(), 3);
    /// ```
    pub fn from_json(text: &str) -> Result<Self, Vec<Problem>> {
        let whole = |found: String, kind| vec![Problem { path: "$".into(), found, kind }];
        if text.len() > SCENARIO_BYTES_MAX {
            return Err(whole(text.len().to_string(), ProblemKind::TooLarge(SCENARIO_BYTES_MAX)));
        }
        let value: Value = serde_json::from_str(text).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            let said = error.to_string();
            let detail = said.split(" at line ").next().unwrap_or(&said).to_owned();
            whole(String::new(), ProblemKind::Syntax { line, column, detail })
        })?;
        read(&value, &repeated::find(text, &value))
    }

    /// Reads a scenario that is JSON values already.
    ///
    /// # Errors
    /// Every problem of the document, in its order.
    pub fn from_value(value: &Value) -> Result<Self, Vec<Problem>> {
        read(value, &[])
    }
}

fn read(value: &Value, repeated: &[Vec<OwnedStep>]) -> Result<Scenario, Vec<Problem>> {
    let mut report = Report::new(value);
    for path in repeated {
        let path: Vec<Step<'_>> = path.iter().map(OwnedStep::step).collect();
        report.add(&path, ProblemKind::RepeatedKey);
    }
    check::check(&mut report, value, fields::SCENARIO);
    let reading = Reading::default();
    let scenario = scenario(&mut report, &Node::root(value, fields::SCENARIO, &reading));
    let problems = report.finish();
    if !problems.is_empty() {
        return Err(problems);
    }
    assert!(!reading.failed.get(), "a value could not be read, and no problem says why");
    Ok(scenario)
}

fn scenario(report: &mut Report<'_>, root: &Node<'_>) -> Scenario {
    let id = root.text("id");
    let start = root.wall("start");
    let stream = stream(report, root, start);
    let (region, account) = (root.text("region"), root.text("account"));
    let place = (!region.is_empty() && !account.is_empty()).then_some((&*region, &*account));
    let producers = root.items("producers");
    let producers = producers.into_iter().filter_map(|item| producer::producer(report, item)).collect();
    let nodes = root.objects("functions");
    let all_read = root.some_items("functions").is_some_and(|items| items.len() == nodes.len());
    let (names, functions) = function::functions(report, &nodes);
    let quotas = quotas(root);
    function::check_reservations(report, &nodes, quotas.concurrent_executions);
    let names = all_read.then_some(names.as_slice());
    let stream_arns = match (&stream, place) {
        (Some(stream), Some((region, account))) if !stream.name.is_empty() => {
            let arn = stream.arn(region, account);
            let consumers = start.map(|start| stream.consumer_arns(&arn, start).collect::<Vec<_>>());
            consumers.map(|consumers| [arn].into_iter().chain(consumers).collect())
        }
        (None, _) if root.raw("stream").is_some_and(Value::is_null) => Some(Vec::new()),
        (Some(_) | None, _) => None,
    };
    let around = Surroundings { start, place, stream_arns, functions: names };
    let mappings = mapping::mappings(report, &root.objects("eventSourceMappings"), &around);
    let commands = command::commands(report, &root.objects("commands"), &region);
    let topics = command::topics(report, &root.objects("topics"), names);
    let start_of_arns = place.map(|(region, account)| format!("arn:aws:sns:{region}:{account}:"));
    let known = start_of_arns.as_deref().map(|start| (start, &*topics));
    let alarms = alarm::alarms(report, &root.objects("alarms"), known);
    Scenario {
        name: bilingual(root, "name", &id),
        about: bilingual(root, "about", &id),
        id,
        seed: root.u64("seed"),
        start: start.unwrap_or(WallTime(0)),
        until: root.time("until"),
        quotas,
        stream,
        producers,
        functions,
        mappings,
        commands,
        alarms,
        topics,
        prices: prices(&root.object("prices")),
        model: model(report, &root.object("model")),
        account,
        region,
    }
}

/// Both languages; each falls back on the other, and both on the id.
fn bilingual(root: &Node<'_>, name: &'static str, id: &str) -> Bilingual {
    let node = root.object(name);
    let (en, ja) = (node.some_text("en"), node.some_text("ja"));
    let either = en.as_deref().or(ja.as_deref()).unwrap_or(id).to_owned();
    Bilingual { en: en.unwrap_or_else(|| either.clone()), ja: ja.unwrap_or(either) }
}

/// The stream; `None` where there is none yet, and where it could not be read.
fn stream(report: &mut Report<'_>, root: &Node<'_>, start: Option<WallTime>) -> Option<StreamConfig> {
    root.raw("stream")?.as_object()?;
    let node = root.object("stream");
    if node.has_items("Shards") && node.has("ShardCount") {
        node.problem(report, "Shards", ProblemKind::Conflict { with: "ShardCount" });
    }
    let modes = [("PROVISIONED", StreamMode::Provisioned), ("ON_DEMAND", StreamMode::OnDemand)];
    let mode = node.object("StreamModeDetails").choice("StreamMode", &modes);
    let shard_count = match mode {
        StreamMode::OnDemand if !node.has("ShardCount") => ON_DEMAND_SHARDS,
        StreamMode::OnDemand | StreamMode::Provisioned => node.u32("ShardCount"),
    };
    Some(StreamConfig {
        name: node.text("StreamName"),
        shard_count,
        mode,
        retention: SimDuration::from_hours(node.u64("RetentionPeriodHours")),
        shards: shards(report, &node, start),
        consumers: consumers(report, &node),
    })
}

/// The names of the consumers, each once.
fn consumers(report: &mut Report<'_>, node: &Node<'_>) -> Vec<String> {
    let mut taken = function::Taken::default();
    let nodes = node.objects("Consumers");
    nodes.iter().for_each(|consumer| taken.check(report, consumer, "ConsumerName"));
    nodes.iter().map(|consumer| consumer.text("ConsumerName")).collect()
}

/// Listed shards: read only where each by itself is right.
fn shards(report: &mut Report<'_>, node: &Node<'_>, start: Option<WallTime>) -> Vec<Shard> {
    let path = node.path_to("Shards");
    let (Some(list), Some(start)) = (node.raw("Shards"), start) else { return Vec::new() };
    if !node.has_items("Shards") || report.has_below(&path) {
        return Vec::new();
    }
    match stream_from_document(list, start) {
        Ok(imported) => imported.shards,
        Err(problems) => {
            for ImportProblem { path: below, fault } in problems {
                let mut path = path.clone();
                path.extend(steps(&below));
                report.add(&path, ProblemKind::Shards(fault));
            }
            Vec::new()
        }
    }
}

/// The steps of a path's text below its root, such as `$[3].HashKeyRange`.
fn steps(path: &str) -> impl Iterator<Item = Step<'_>> {
    path.split(['.', '[', ']']).filter(|step| !step.is_empty() && *step != "$").map(|step| {
        match step.parse() {
            Ok(idx) => Step::Index(idx),
            Err(_) => Step::Key(step),
        }
    })
}

fn quotas(root: &Node<'_>) -> Quotas {
    let profile = |name: &str| if name == "2016-11" { Quotas::november_2016() } else { Quotas::current() };
    let object = root.raw("quotas").is_some_and(Value::is_object);
    if !object {
        return profile(&root.text("quotas"));
    }
    let node = root.object("quotas");
    let base = profile(&node.text("base"));
    let or = |name: &str, base: u32| node.some_u32(name).unwrap_or(base);
    Quotas {
        shards_per_account: or("shardsPerAccount", base.shards_per_account),
        other_open_shards: or("otherOpenShards", base.other_open_shards),
        update_shard_count_max: or("updateShardCountMax", base.update_shard_count_max),
        update_shard_count_per_day: or("updateShardCountPerDay", base.update_shard_count_per_day),
        concurrent_executions: or("concurrentExecutions", base.concurrent_executions),
    }
}

fn prices(node: &Node<'_>) -> Prices {
    Prices {
        date: node.text("date"),
        source: node.text("source"),
        lambda_million_requests: node.decimal("lambdaMillionRequests"),
        lambda_million_gigabyte_seconds: node.decimal("lambdaMillionGigabyteSeconds"),
        kinesis_shard_hour: node.decimal("kinesisShardHour"),
        kinesis_million_payload_units: node.decimal("kinesisMillionPayloadUnits"),
        kinesis_consumer_shard_hour: node.decimal("kinesisConsumerShardHour"),
        kinesis_consumer_gigabyte: node.decimal("kinesisConsumerGigabyte"),
        kinesis_on_demand_stream_hour: node.decimal("kinesisOnDemandStreamHour"),
        kinesis_on_demand_gigabyte_in: node.decimal("kinesisOnDemandGigabyteIn"),
        kinesis_on_demand_gigabyte_out: node.decimal("kinesisOnDemandGigabyteOut"),
        kinesis_on_demand_consumer_gigabyte: node.decimal("kinesisOnDemandConsumerGigabyte"),
    }
}

fn model(report: &mut Report<'_>, node: &Node<'_>) -> Model {
    if let (Some(poll), Some(phase)) = (node.some_u64("poll"), node.some_u64("pollPhase"))
        && phase >= poll
    {
        let kind = producer::bound(Relation::Below, poll, Unit::None, "poll");
        node.problem(report, "pollPhase", kind);
    }
    let lane_hashes = [("java-string-hash", LaneHash::JavaStringHash), ("md5-low-32", LaneHash::Md5Low32)];
    let scalings = [("modern", UniformScaling::Modern), ("2016", UniformScaling::Article2016)];
    Model {
        poll: node.span("poll"),
        poll_phase: node.span("pollPhase"),
        lane_hash: node.choice("laneHash", &lane_hashes),
        backoff_base: node.span("backoffBase"),
        backoff_factor: node.decimal("backoffFactor"),
        backoff_cap: node.span("backoffCap"),
        backoff_jitter: node.decimal("backoffJitter"),
        producer_backoff_base: node.span("producerBackoffBase"),
        producer_backoff_cap: node.span("producerBackoffCap"),
        invoke_overhead: node.span("invokeOverhead"),
        shard_assignment: node.span("shardAssignment"),
        reshard_step: node.span("reshardStep"),
        activation: node.span("activation"),
        deactivation: node.span("deactivation"),
        efo_latency: node.span("efoLatency"),
        rollout: node.span("rollout"),
        rollout_cold_old: node.boolean("rolloutColdOld"),
        uniform_scaling: node.choice("uniformScaling", &scalings),
        envelope: node.u32("envelope"),
    }
}
