//! The answers of the page API (`docs/scenario.md`, Page API) as plain data.
//!
//! Every list is capped, so that a run of any size can be asked about; a cap that was reached is stated.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::cloudwatch::Bucket;
use crate::cloudwatch::metric::{Level, Metric};
use crate::kinesis::stream::{NONE, shard_id};
use crate::lambda::batcher::LaneState;
use crate::scenario::Problem;
use crate::sim::Simulation;
use crate::sim::event_json::EventLine;
use crate::units::{SimTime, WallTime};

/// Shards, and lanes, that one [`State`] lists.
pub const STATE_ITEMS_MAX: usize = 1000;
/// Events that one answer lists.
pub const EVENTS_MAX: usize = 10_000;
/// Events that one answer lists unless asked otherwise.
const EVENTS_DEFAULT: usize = 1000;
/// Events looked at for one answer, whatever it lists.
const EVENTS_LOOKED_AT_MAX: u32 = 1_000_000;
const MINUTE_MS: u64 = 60_000;

/// `state()`: the simulation at the playhead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct State {
    /// The scenario's `id`.
    pub scenario: String,
    /// The playhead, in milliseconds.
    pub now: u64,
    /// The scenario's `until`, in milliseconds.
    pub until: u64,
    /// Events so far.
    pub events: u32,
    /// Records put so far.
    pub records: u32,
    /// Invocations so far, throttled ones included.
    pub invocations: u32,
    /// The shards, at most [`STATE_ITEMS_MAX`].
    pub shards: Vec<ShardState>,
    /// [`Simulation::state_hash`], as 16 hex digits.
    pub state_hash: String,
    /// The mappings.
    pub mappings: Vec<MappingStatus>,
    /// Whether a list was cut short.
    pub capped: bool,
}

/// A shard in [`State`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShardState {
    /// Its id.
    pub shard_id: String,
    /// First hash key, decimal.
    pub starting_hash_key: String,
    /// Last hash key, decimal.
    pub ending_hash_key: String,
    /// Records it holds.
    pub records: u32,
}

/// A mapping in [`State`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MappingStatus {
    /// Its `State`, by AWS's name.
    pub state: &'static str,
    /// Records that succeeded.
    pub succeeded: u64,
    /// Its lanes, at most [`STATE_ITEMS_MAX`].
    pub lanes: Vec<LaneStatus>,
}

/// A lane in [`State`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LaneStatus {
    /// The shard.
    pub shard_id: String,
    /// Its place, below the parallelization factor.
    pub lane: usize,
    /// Records that wait.
    pub waiting: usize,
    /// Records of the batch in hand.
    pub in_hand: u32,
    /// `idle`, `running` or `backingOff`.
    pub doing: &'static str,
    /// The invocation that runs, or that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invocation: Option<u32>,
    /// When it tries again, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<u64>,
}

/// The simulation as `state()` tells it.
#[must_use]
pub fn state(sim: &Simulation) -> State {
    let shards = &sim.stream().shards;
    let capped = shards.len() > STATE_ITEMS_MAX
        || sim.mappings().iter().any(|mapping| mapping.lanes.len() > STATE_ITEMS_MAX);
    State {
        scenario: sim.scenario().id.clone(),
        now: sim.now().0,
        until: sim.scenario().until.0,
        events: sim.log().count(),
        records: sim.stream().records.len(),
        invocations: sim.invocations().len(),
        shards: (0..)
            .zip(shards)
            .take(STATE_ITEMS_MAX)
            .map(|(idx, shard)| ShardState {
                shard_id: shard_id(idx),
                starting_hash_key: shard.range.start().to_string(),
                ending_hash_key: shard.range.end().to_string(),
                records: sim.stream().held(idx),
            })
            .collect(),
        state_hash: format!("{:016x}", sim.state_hash()),
        mappings: sim.mappings().iter().map(mapping_status).collect(),
        capped,
    }
}

fn mapping_status(mapping: &crate::sim::mapping::Mapping) -> MappingStatus {
    let shards = 0..mapping.readers.len() as u32;
    let lanes =
        shards.flat_map(|shard| mapping.lanes_of(shard).iter().enumerate().map(move |lane| (shard, lane)));
    MappingStatus {
        state: mapping.state.name(),
        succeeded: mapping.succeeded,
        lanes: lanes
            .take(STATE_ITEMS_MAX)
            .map(|(shard, (idx, lane))| {
                let (doing, invocation, until) = match lane.state {
                    LaneState::Idle => ("idle", None, None),
                    LaneState::Running { invocation } => ("running", Some(invocation), None),
                    LaneState::BackingOff { until, invocation } => {
                        ("backingOff", Some(invocation), Some(until.time().0))
                    }
                };
                LaneStatus {
                    shard_id: shard_id(shard),
                    lane: idx,
                    waiting: lane.waiting.len(),
                    in_hand: lane.in_hand(),
                    doing,
                    invocation,
                    until,
                }
            })
            .collect(),
    }
}

/// Which events `events()` asks for.
#[derive(Clone, Debug, Default)]
pub struct EventQuery {
    /// Not before this, in milliseconds.
    pub from: Option<u64>,
    /// Not after this, in milliseconds.
    pub to: Option<u64>,
    /// Only events of this type.
    pub kind: Option<String>,
    /// How many at most; [`EVENTS_MAX`] at the most.
    pub limit: Option<usize>,
    /// Where the last answer ended.
    pub cursor: Option<u32>,
}

/// `events()`: one page of the event log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EventPage {
    /// The events.
    pub events: Vec<EventLine>,
    /// Where the next page starts; `null` where there is none.
    pub cursor: Option<u32>,
}

/// One page of the events up to the playhead.
#[must_use]
pub fn events(sim: &Simulation, query: &EventQuery) -> EventPage {
    let before = |t: u64| t.checked_sub(1).map_or(0, |t| sim.events_until(SimTime(t)));
    let first = query.from.map_or(0, before).max(query.cursor.unwrap_or(0));
    let end = query.to.map_or(sim.log().count(), |to| sim.events_until(SimTime(to)));
    let looked_at = end.min(first.saturating_add(EVENTS_LOOKED_AT_MAX));
    let limit = query.limit.unwrap_or(EVENTS_DEFAULT).min(EVENTS_MAX);
    let mut cursor = (looked_at < end).then_some(looked_at);
    let mut events = Vec::new();
    for line in sim.event_lines(first, looked_at) {
        if query.kind.as_ref().is_some_and(|kind| line.body.name() != kind) {
            continue;
        }
        if events.len() == limit {
            cursor = Some(line.n);
            break;
        }
        events.push(line);
    }
    EventPage { events, cursor }
}

/// `metrics()`: one value for each minute from the scenario's start, as CloudWatch keeps them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Metrics {
    /// Records accepted: sum, by the minute of their arrival.
    pub incoming_records: Vec<u32>,
    /// Lambda's `IteratorAge`: maximum in milliseconds, by the minute of the hand-over; `null` without any.
    pub iterator_age: Vec<Option<u64>>,
    /// CloudWatch's metrics that have data, at most [`METRICS_MAX`].
    pub series: Vec<Series>,
    /// Whether a list was cut short.
    pub capped: bool,
}

/// A metric in [`Metrics`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Series {
    /// `AWS/Kinesis` or `AWS/Lambda`.
    pub namespace: &'static str,
    /// Its name.
    pub metric_name: &'static str,
    /// Its dimensions, by their names: `StreamName`, `ShardId`, `FunctionName`, `Resource`, `EventSourceMappingUUID`.
    #[serde(flatten)]
    pub dimensions: BTreeMap<String, String>,
    /// Its unit.
    pub unit: &'static str,
    /// The minutes that have ended and have data, at most the last [`MINUTES_MAX`].
    pub datapoints: Vec<Minute>,
}

/// The data points of one minute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Minute {
    /// When the minute begins: RFC 3339.
    pub timestamp: String,
    /// How many data points.
    pub sample_count: u32,
    /// Their sum.
    pub sum: u64,
    /// The least.
    pub minimum: u32,
    /// The largest.
    pub maximum: u32,
}

/// Metrics that one [`Metrics`] lists.
pub const METRICS_MAX: usize = 1000;
/// Minutes that one [`Series`] lists: a day's.
pub const MINUTES_MAX: u64 = 1440;

/// CloudWatch's metrics, and whether they were cut short.
fn series(sim: &Simulation) -> (Vec<Series>, bool) {
    let metrics = sim.metrics();
    let all = metrics.with_data();
    let capped = all.len() > METRICS_MAX || sim.now().0 / MINUTE_MS > MINUTES_MAX;
    let origin = sim.scenario().start.0 / MINUTE_MS;
    let end = (sim.scenario().start + sim.now()).0 / MINUTE_MS;
    let minutes = origin.max(end.saturating_sub(MINUTES_MAX))..end;
    let one = |(level, of, part, metric): (Level, u32, u32, Metric)| {
        let group = metrics.find(level, of, part)?;
        let dimensions = sim.metric_dimensions(level, of, part).into_iter();
        let minute = |minute: u64| {
            let bucket = metrics.bucket(group, metric, (minute - origin) as u32);
            (bucket != Bucket::EMPTY).then(|| Minute {
                timestamp: WallTime(minute * MINUTE_MS).to_string(),
                sample_count: bucket.samples,
                sum: bucket.sum,
                minimum: bucket.min,
                maximum: bucket.max,
            })
        };
        Some(Series {
            namespace: level.namespace(),
            metric_name: metric.row().name,
            dimensions: dimensions.map(|dimension| (dimension.name, dimension.value)).collect(),
            unit: metric.row().unit.name(),
            datapoints: minutes.clone().filter_map(minute).collect(),
        })
    };
    (all.into_iter().take(METRICS_MAX).filter_map(one).collect(), capped)
}

/// The metrics up to the playhead.
#[must_use]
pub fn metrics(sim: &Simulation) -> Metrics {
    let minutes = (sim.now().0 / MINUTE_MS) as usize + 1;
    let first = |minute: usize| sim.stream().first_at(SimTime(minute as u64 * MINUTE_MS));
    let mut iterator_age = vec![None; minutes];
    for idx in 0..sim.invocations().len() {
        let invocation = sim.invocations().get(idx);
        if invocation.environment == NONE {
            // Throttled: in no metric but Throttles.
            continue;
        }
        let minute = (invocation.started_at().0 / MINUTE_MS) as usize;
        iterator_age[minute] = iterator_age[minute].max(invocation.iterator_age().map(|age| age.0));
    }
    let incoming_records = (0..minutes).map(|minute| first(minute + 1) - first(minute)).collect();
    let (series, capped) = series(sim);
    Metrics { incoming_records, iterator_age, series, capped }
}

/// A problem of a scenario, as a rejected `load()` gives it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProblemLine {
    /// Where, as a JSON path.
    pub path: String,
    /// What stands there.
    pub found: String,
    /// What is allowed.
    pub allowed: String,
    /// All of it in one sentence.
    pub message: String,
}

impl ProblemLine {
    /// The problem in a language.
    #[must_use]
    pub fn new(problem: &Problem, lang: crate::lang::Lang) -> Self {
        Self {
            path: problem.path.clone(),
            found: problem.found.clone(),
            allowed: problem.allowed(lang),
            message: problem.message(lang),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    fn article_c(t: u64) -> Simulation {
        let text = include_str!("../../www/scenarios/parallelization-3.json");
        let mut sim = Simulation::new(Scenario::from_json(text).unwrap());
        sim.run_until(SimTime(t));
        sim
    }

    #[test]
    fn the_state_names_lanes_and_counts() {
        let state = state(&article_c(60_000));
        assert_eq!((state.records, state.invocations, state.capped), (150, 7, false));
        assert_eq!(state.shards[0].ending_hash_key, u128::MAX.to_string());
        let lanes: Vec<_> = state.mappings[0].lanes.iter().map(|l| (l.doing, l.waiting, l.in_hand)).collect();
        assert_eq!(lanes, [("running", 6, 16), ("running", 34, 22), ("running", 34, 22)]);
    }

    #[test]
    fn pages_of_events_join_without_gap_or_repetition() {
        let sim = article_c(240_000);
        let all = events(&sim, &EventQuery::default());
        assert_eq!((all.events.len() as u32, all.cursor), (sim.log().count(), None));
        let mut query = EventQuery { limit: Some(7), ..EventQuery::default() };
        let mut joined = Vec::new();
        loop {
            let page = events(&sim, &query);
            joined.extend(page.events);
            query.cursor = page.cursor;
            if page.cursor.is_none() {
                break;
            }
        }
        assert_eq!(joined, all.events);
        let query = EventQuery {
            from: Some(14_200),
            to: Some(26_400),
            kind: Some("InvocationStarted".into()),
            ..EventQuery::default()
        };
        let times: Vec<u64> = events(&sim, &query).events.iter().map(|line| line.t).collect();
        assert_eq!(times, [14_200, 14_200, 26_400]);
    }

    #[test]
    fn metrics_are_by_the_minute() {
        let metrics = metrics(&article_c(240_000));
        assert_eq!(metrics.incoming_records, [150, 0, 0, 0, 0]);
        assert_eq!(metrics.iterator_age, [Some(17_450), Some(66_075), None, None, None]);
        let series = |name| metrics.series.iter().find(|series| series.metric_name == name).unwrap();
        let named = |name: &str, value: &str| BTreeMap::from([(name.to_owned(), value.to_owned())]);
        let Series { namespace, dimensions, unit, datapoints, .. } = series("IncomingRecords");
        assert_eq!((*namespace, dimensions, *unit), ("AWS/Kinesis", &named("StreamName", "s"), "Count"));
        // The wall clock's minute ends 56.9 s after the start.
        let minute = Minute {
            timestamp: "2020-01-14T06:23:00.000Z".to_owned(),
            sample_count: 30,
            sum: 150,
            minimum: 5,
            maximum: 5,
        };
        assert_eq!(datapoints, &[minute]);
        assert_eq!(series("GetRecords.Success").datapoints.len(), 4);
        let Series { namespace, dimensions, datapoints, .. } = series("IteratorAge");
        assert_eq!((*namespace, dimensions), ("AWS/Lambda", &named("FunctionName", "consumer")));
        // Up to 56.9 s after the start, and after that.
        assert_eq!(datapoints.iter().map(|minute| minute.maximum).collect::<Vec<_>>(), [17_450, 66_075]);
        assert_eq!(datapoints.iter().map(|minute| minute.sample_count).sum::<u32>(), 10);
        assert!(!metrics.capped);
    }
}
