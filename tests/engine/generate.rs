//! Random scenarios for the property tests: small ones of every kind the engine knows.

use proptest::prelude::*;
use serde_json::{Value, json};
use shardlab::scenario::Scenario;

/// What a random scenario is made of.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    seed: u32,
    shards: u32,
    factor: u32,
    batch_size: u32,
    window_s: u32,
    position: usize,
    activation: u32,
    producers: Vec<ProducerShape>,
    per_record: u32,
    per_invocation: u32,
    rules: Vec<(usize, usize)>,
    timeout_s: u32,
    cold_start: u32,
    concurrency: u32,
    poll: u32,
    failing: Failing,
    /// A second mapping: with how much concurrency reserved, and how it fails.
    second: Option<(Option<u32>, Failing)>,
}

/// What a mapping does with what fails.
#[derive(Clone, Debug)]
struct Failing {
    bisect: bool,
    retries: i32,
    aging: bool,
    reports: bool,
    destination: usize,
}

impl Failing {
    fn any() -> impl Strategy<Value = Self> {
        (any::<bool>(), -1..4i32, prop::bool::weighted(0.2), any::<bool>(), 0..3usize).prop_map(
            |(bisect, retries, aging, reports, destination)| Self {
                bisect,
                retries,
                aging,
                reports,
                destination,
            },
        )
    }

    fn set(&self, mapping: &mut Value) {
        mapping["BisectBatchOnFunctionError"] = json!(self.bisect);
        mapping["MaximumRetryAttempts"] = json!(self.retries);
        mapping["MaximumRecordAgeInSeconds"] = json!(if self.aging { 60 } else { -1 });
        mapping["FunctionResponseTypes"] =
            if self.reports { json!(["ReportBatchItemFailures"]) } else { json!([]) };
        mapping["DestinationConfig"] = json!({"OnFailure": {"Destination": DESTINATIONS[self.destination]}});
    }
}

#[derive(Clone, Debug)]
struct ProducerShape {
    kind: usize,
    rate: u32,
    keys: u32,
    size: u32,
    on_throttle: usize,
}

impl Shape {
    /// Any shape. Rates reach past a shard's limit, sizes past one event's, concurrency below the lanes.
    pub(crate) fn any() -> impl Strategy<Value = Self> {
        let producer = (0..4usize, 1..400u32, 2..12u32, 20..40_000u32, 0..3usize);
        let producer = producer.prop_map(|(kind, rate, keys, size, on_throttle)| {
            let rate = if kind == 2 { rate * 6 } else { rate };
            ProducerShape { kind, rate, keys, size, on_throttle }
        });
        let stream = (any::<u32>(), 1..6u32, prop::collection::vec(producer, 1..4));
        let mapping =
            (1..11u32, 1..120u32, prop_oneof![3 => Just(0u32), 1 => 1..4u32], 0..3usize, 0..3000u32);
        let rules = prop::collection::vec((0..6usize, 0..6usize), 0..3);
        let function = (0..120u32, 0..300u32, rules, 1..5u32, 0..500u32);
        let model =
            (prop_oneof![Just(1000u32), Just(1u32), 1..3u32], prop_oneof![Just(1000u32), 50..2000u32]);
        let second = prop::option::weighted(0.3, (prop::option::of(0..2u32), Failing::any()));
        (stream, mapping, function, model, Failing::any(), second).prop_map(|shape| {
            let (stream, mapping, function, (concurrency, poll), failing, second) = shape;
            let (seed, shards, producers) = stream;
            let (factor, batch_size, window_s, position, activation) = mapping;
            let (per_record, per_invocation, rules, timeout_s, cold_start) = function;
            Self {
                seed,
                shards,
                factor,
                batch_size,
                window_s,
                position,
                activation,
                producers,
                per_record,
                per_invocation,
                rules,
                timeout_s,
                cold_start,
                concurrency,
                poll,
                failing,
                second,
            }
        })
    }

    /// Whether some record of some batch may fail.
    pub(crate) fn can_fail(&self) -> bool {
        !self.rules.is_empty()
            || self.per_record * self.batch_size + self.per_invocation > self.timeout_s * 1000
    }
}

fn producer(shape: &ProducerShape) -> Value {
    let keys: Vec<String> = (0..shape.keys).map(|key| format!("k{key}")).collect();
    let on_throttle = ["retry", "drop", "stop"][shape.on_throttle];
    match shape.kind {
        0 => {
            json!({"type": "rounds", "partitionKeys": keys, "rounds": 10 + shape.rate / 10, "period": 100 + shape.rate,
            "startAt": shape.size % 1000, "onThrottle": on_throttle})
        }
        1 => {
            json!({"type": "loop", "partitionKey": "k1", "count": shape.rate, "pause": shape.size % 300, "latency": 25,
            "startAt": 10, "Data": "{\"id\": \"{n:04}\"}", "onThrottle": on_throttle})
        }
        2 => json!({"type": "rate", "recordsPerSecond": shape.rate, "stopAt": 3000, "arrivals": "poisson",
            "keys": {"distribution": "hot", "count": shape.keys, "hotShare": 0.5}, "size": {"min": 20, "max": shape.size},
            "onThrottle": on_throttle}),
        _ => {
            json!({"type": "records", "onThrottle": on_throttle, "batch": false, "records": keys.iter().enumerate()
            .map(|(at, key)| json!({"at": at * 700, "PartitionKey": key, "Data": "bad {record}"})).collect::<Vec<_>>()})
        }
    }
}

fn rule((when, then): (usize, usize)) -> Value {
    let conditions = [
        json!({"positionInBatch": 3}),
        json!({"partitionKey": "k1", "number": 2}),
        json!({"chance": [1, 10]}),
        json!({"dataContains": "bad 1"}),
        json!({"all": [{"attempt": 1}, {"not": {"from": 5000}}]}),
        json!({"any": [{"record": 7}, {"to": 2500}]}),
    ];
    let action = ["throw", "throwAtEnd", "timeout", "crash", "return", "report"][then];
    json!({"when": conditions[when], "then": action})
}

/// The document of a shape.
pub(crate) fn document(shape: &Shape) -> Value {
    let position = ["TRIM_HORIZON", "LATEST", "AT_TIMESTAMP"][shape.position];
    let mut mapping = json!({"EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s", "FunctionName": "f",
        "StartingPosition": position, "BatchSize": shape.batch_size, "ParallelizationFactor": shape.factor,
        "MaximumBatchingWindowInSeconds": shape.window_s});
    if shape.position == 2 {
        mapping["StartingPositionTimestamp"] = json!("2020-01-14T06:23:03.100Z");
    }
    let handler = json!({"perRecord": shape.per_record, "perInvocation": shape.per_invocation,
        "rules": shape.rules.iter().copied().map(rule).collect::<Vec<_>>(), "stopAtFirstReport": shape.seed.is_multiple_of(2)});
    let function = |name: &str, reserved: Option<u32>| {
        json!({"FunctionName": name, "Timeout": shape.timeout_s, "coldStart": {"min": 0, "max": shape.cold_start},
            "ReservedConcurrentExecutions": reserved, "versions": {"1": {"tag": "v1", "handler": handler}}})
    };
    let (mut mappings, mut functions) = (vec![mapping.clone()], vec![function("f", None)]);
    shape.failing.set(&mut mappings[0]);
    if let Some((reserved, failing)) = &shape.second {
        mapping["FunctionName"] = json!("g");
        failing.set(&mut mapping);
        mappings.push(mapping);
        functions.push(function("g", reserved.map(|reserved| reserved.min(shape.concurrency))));
    }
    // Records can only become too old where the mappings come to them late.
    let aging = shape.failing.aging || shape.second.as_ref().is_some_and(|(_, failing)| failing.aging);
    let (until, late) = if aging { (120_000, 57_000) } else { (30_000, 0) };
    json!({"version": 1, "id": "random", "seed": shape.seed, "until": until,
        "start": "2020-01-14T06:23:03.100Z", "quotas": {"concurrentExecutions": shape.concurrency},
        "stream": {"StreamName": "s", "ShardCount": shape.shards},
        "producers": shape.producers.iter().map(producer).collect::<Vec<_>>(),
        "functions": functions, "eventSourceMappings": mappings,
        "model": {"activation": shape.activation + late, "poll": shape.poll, "backoffJitter": 0.1}})
}

/// The scenario of a shape, read as a user's would be.
pub(crate) fn scenario(shape: &Shape) -> Scenario {
    read(&document(shape))
}

/// A document as a scenario.
pub(crate) fn read(document: &Value) -> Scenario {
    Scenario::from_json(&document.to_string()).unwrap_or_else(|problems| {
        panic!(
            "{:?}",
            problems.iter().map(|problem| problem.message(shardlab::lang::Lang::En)).collect::<Vec<_>>()
        )
    })
}

/// A random scenario whose mappings change while the run goes on.
#[derive(Clone, Debug)]
pub(crate) struct Changing {
    shape: Shape,
    /// Seconds of the first mapping's tumbling windows; 0: none.
    tumbling: u32,
    filtered: bool,
    /// Whether the mappings begin when the first records are about to expire.
    expiring: bool,
    /// When, what, and a number that it goes by.
    changes: Vec<(u32, usize, u32)>,
}

impl Changing {
    /// Any shape with up to a dozen changes: settings that bind at the next batch, lanes that are dealt anew, pauses,
    /// pollers that start over, documents taken up again.
    pub(crate) fn any() -> impl Strategy<Value = Self> {
        let changes = prop::collection::vec((0..30_000u32, 0..CHANGES, 0..10u32), 0..12);
        let tumbling = prop_oneof![3 => Just(0u32), 1 => 1..8u32];
        (Shape::any(), tumbling, any::<bool>(), prop::bool::weighted(0.2), changes).prop_map(
            |(shape, tumbling, filtered, expiring, changes)| Self {
                shape,
                tumbling,
                filtered,
                expiring,
                changes,
            },
        )
    }

    /// Its scenario.
    pub(crate) fn scenario(&self) -> Scenario {
        let mut document = document(&self.shape);
        let mut late = if document["until"] == 120_000 { 57_000 } else { 0 };
        if self.expiring {
            late = 24 * 3_600_000 - 10_000;
            document["until"] = json!(late + 60_000);
            document["model"]["activation"] = json!(late);
        }
        let mapping = &mut document["eventSourceMappings"][0];
        mapping["UUID"] = json!(CHANGED);
        if self.filtered {
            mapping["FilterCriteria"] = some_keys();
        }
        if self.tumbling > 0 {
            mapping["TumblingWindowInSeconds"] = json!(self.tumbling);
            mapping["ParallelizationFactor"] = json!(1);
        }
        let commands = self.changes.iter().map(|&(at, kind, number)| self.command(at + late, kind, number));
        document["commands"] = commands.collect();
        read(&document)
    }

    /// A change that AWS would refuse, because another is under way or windows allow no lanes, is refused here too.
    fn command(&self, at: u32, kind: usize, number: u32) -> Value {
        let settings = match kind {
            0 => json!({"ParallelizationFactor": number + 1}),
            1 => json!({"BatchSize": number * 9 + 1}),
            2 => json!({"BisectBatchOnFunctionError": number.is_multiple_of(2)}),
            3 => json!({"Enabled": number.is_multiple_of(2)}),
            4 => json!({"MaximumRetryAttempts": i64::from(number) - 1}),
            5 => json!({"FilterCriteria": if number.is_multiple_of(2) { some_keys() } else { json!({}) }}),
            6 => {
                json!({"FunctionResponseTypes": if number.is_multiple_of(2) { json!(["ReportBatchItemFailures"]) } else { json!([]) }})
            }
            7 => json!({"MaximumBatchingWindowInSeconds": number / 3}),
            8 => {
                let shard = format!("shardId-{:012}", number % self.shape.shards);
                return json!({"at": at, "fault": "pollerRestart", "shardId": shard});
            }
            9 | 10 => return json!({"at": at, "redrive": {"document": number}}),
            _ => {
                let until = (!number.is_multiple_of(3)).then_some(at + 2000 * number);
                let to = DESTINATIONS[1 + number as usize % 2];
                return json!({"at": at, "fault": "destinationFailure", "destination": to, "until": until});
            }
        };
        let mut request = settings;
        request["UUID"] = json!(CHANGED);
        json!({"at": at, "service": "lambda", "operation": "UpdateEventSourceMapping", "request": request})
    }
}

/// Kinds of changes of [`Changing`]; the last three of them are redrives, twice, and destinations that fail.
const CHANGES: usize = 12;
/// None, a queue, a bucket.
const DESTINATIONS: [&str; 3] = ["", "arn:aws:sqs:us-east-1:123456789012:failed", "arn:aws:s3:::failed"];
const CHANGED: &str = "00000000-0000-4000-8000-000000000000";

fn some_keys() -> Value {
    json!({"Filters": [{"Pattern": "{\"partitionKey\": [{\"anything-but\": [\"k2\", \"key-000000001\"]}]}"}]})
}
