//! Why: the rules and sources against the documents, chains of shipped scenarios as tables, and what holds for every
//! object of any scenario at any moment.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use shardlab::event_log::Event;
use shardlab::lang::Lang;
use shardlab::scenario::Scenario;
use shardlab::sim::Simulation;
use shardlab::sim::agenda::LaneRef;
use shardlab::units::SimTime;
use shardlab::view::address;
use shardlab::view::explain::{Rule, Source, Step, Tag, answer, exists, explain};
use shardlab::view::panels::inspect::{self, Inspect};
use shardlab::view::scene::{Object, Resource};
use shardlab::view::shipped;

fn text(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The cells of the table below a heading.
fn rows(document: &str, heading: &str) -> Vec<Vec<String>> {
    let (_, rest) = document.split_once(&format!("## {heading}\n")).unwrap();
    let table = rest.split("\n## ").next().unwrap().lines();
    let table = table.filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |")).skip(1);
    table.map(|row| row.split(" | ").map(|cell| cell.trim_matches('`').to_owned()).collect()).collect()
}

/// A heading as the anchor of a link.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-'));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

/// The lines below a heading.
fn section(document: &str, wanted: &str) -> Vec<String> {
    let heading = |line: &str| line.starts_with('#').then(|| anchor(line.trim_start_matches('#').trim()));
    let lines = document.lines().skip_while(|line| heading(line).as_deref() != Some(wanted)).skip(1);
    lines.take_while(|line| heading(line).is_none()).map(str::to_owned).collect()
}

fn described(line: &str, tag: Tag) -> bool {
    let line = line.to_lowercase();
    match tag {
        Tag::Documented => line.contains("documented"),
        Tag::Observed => {
            ["recorded", "observed", "validated", "fit article"].iter().any(|word| line.contains(word))
        }
        Tag::Assumed => {
            line.contains("assumed") || line.contains("assumption") || line.contains("model fitted")
        }
        Tag::Given => true,
    }
}

#[test]
fn every_rule_stands_in_the_documents_with_its_tag_and_source() {
    let why = text("docs/why.md");
    let table: BTreeMap<String, Vec<String>> =
        rows(&why, "Rules").into_iter().map(|row| (row[0].clone(), row)).collect();
    assert_eq!(table.len(), Rule::ALL.len());
    for &rule in Rule::ALL {
        let row = table.get(&format!("{rule:?}")).unwrap_or_else(|| panic!("{rule:?} is not in docs/why.md"));
        let dial = if rule.dial().is_empty() { "–" } else { rule.dial() };
        let expect = [rule.tag().code(), &format!("{:?}", rule.source()), dial];
        assert_eq!(row[1..4], expect, "{rule:?}");
        let (file, heading) =
            row[4].split_once("](").unwrap().1.trim_end_matches(')').split_once('#').unwrap();
        let section = section(&text(&format!("docs/{file}")), heading);
        let line = section.iter().find(|line| line.contains(&row[5]));
        let line = line.unwrap_or_else(|| panic!("{rule:?}: {file}#{heading} does not say: {}", row[5]));
        assert!(described(line, rule.tag()), "{rule:?}: {} is not what is said here: {line}", row[1]);
        let dials = text("docs/scenario.md");
        assert!(dial == "–" || dials.contains(&format!("`{dial}`")), "{rule:?}: there is no dial {dial}");
    }
}

#[test]
fn every_source_stands_in_the_documents_and_is_used() {
    let rows = rows(&text("docs/why.md"), "Sources");
    assert_eq!(rows.len(), Source::ALL.len());
    for (&source, row) in Source::ALL.iter().zip(rows) {
        let edition = if source.edition().is_empty() { "–" } else { source.edition() };
        let expect = [&format!("{source:?}"), source.name().text(Lang::En), edition];
        assert_eq!(row[..3], expect);
        assert!(Rule::ALL.iter().any(|rule| rule.source() == source), "no rule is from {source:?}");
        // Only what is not AWS's has no edition.
        assert_eq!(source.edition().is_empty(), matches!(source, Source::Model | Source::Scenario));
    }
    for &rule in Rule::ALL {
        let sourceless = matches!(rule.source(), Source::Model | Source::Scenario);
        let article = matches!(rule.source(), Source::ArticleA | Source::ArticleC);
        match rule.tag() {
            Tag::Documented | Tag::Observed => assert!(!sourceless, "{rule:?}"),
            Tag::Assumed => assert!(rule.source() == Source::Model || article, "{rule:?}"),
            Tag::Given => assert_eq!(rule.source(), Source::Scenario, "{rule:?}"),
        }
    }
}

fn run(id: &str, t: u64) -> Simulation {
    let mut sim = Simulation::new(Scenario::from_json(shipped::text_of(id).unwrap()).unwrap());
    sim.run_until(SimTime(t));
    sim
}

/// The record of a key with this number.
fn record(sim: &Simulation, key: &str, number: u32) -> Object {
    let key = sim.stream().keys.find(key).unwrap();
    let is = |&idx: &u32| {
        let record = sim.stream().records.get(idx);
        (record.key, record.number) == (key, number)
    };
    Object::Record((0..sim.stream().records.len()).find(is).unwrap())
}

/// Steps as tag, rule and sentence.
#[track_caller]
fn check(sim: &Simulation, object: Object, expect: &[&str]) {
    let line = |step: &Step| format!("{} {:?}: {}", step.rule.tag().code(), step.rule, step.text);
    let steps: Vec<String> = explain(sim, object, Lang::En).iter().map(line).collect();
    assert_eq!(steps, expect);
}

/// Article C's error run: key 1's record 5 fails its batch of 12 again and again.
#[test]
fn a_batch_that_fails_holds_up_its_lane() {
    let sim = run("parallelization-3-error", 118_000);
    let failure = [
        "given Given: Invocation 11 failed at 1:57.4: its handler threw at 1-5, record 7 of the batch.",
        "documented Thrown: An exception fails the whole batch, records before it too.",
        "observed Backoff: The back-off is 0.8 s: 0.2 s, doubled with each attempt. Attempts so far: 3.",
    ];
    let waits = "documented LaneSerial: It waits for the retry of its batch at 1:58.2: attempt 3, invocation 11, did not succeed.";
    let history = [
        "observed SameRequestId: It was in 3 attempts; the first was invocation 5.",
        "documented Poll: The poller read it at 0:06.0: each shard is polled once a second.",
        "documented Routing: It was put at 0:05.3. shard-…000 holds the hash key of its partition key, and so the record.",
    ];
    check(&sim, record(&sim, "1", 5), &[&[waits], &failure[..], &history].concat());
    let lane = "documented LaneSerial: Batcher 2 waits until 1:58.2 and then tries its batch again: invocation 11 did not succeed.";
    let behind =
        "documented LaneSerial: Newer records wait behind it, 46, first 1-8: a lane has one batch at a time.";
    let keys = [
        "documented KeyOrder: All records of a partition key go to one lane, and so stay in order.",
        "assumed LaneHash: Batcher 2 serves the keys whose hash, modulo the factor 3, is 1.",
    ];
    let lane_1 = Object::Lane(LaneRef { mapping: 0, shard: 0, lane: 1 });
    check(&sim, lane_1, &[&[lane], &failure[..], &[behind], &keys].concat());
}

/// What is said of one object after the other; read the difference before it is accepted.
#[test]
fn chains_of_shipped_scenarios() {
    const LOOKED_AT: &[(&str, u64, &[&str])] = &[
        ("parallelization-3", 1_900, &["record-4"]),
        ("parallelization-3", 3_000, &["record-9", "poller-0-0", "checkpoint-0-0", "lane-0-0-0"]),
        (
            "parallelization-3-error",
            100_000,
            &["record-23", "iteratorAge-0", "checkpoint-0-0", "mapping-0", "invocation-10", "invocation-9"],
        ),
        ("parallelization-3-error-retries", 300_000, &["discard-0"]),
        ("checkpoint-bisect", 60_000, &["invocation-0", "invocation-2", "invocation-4", "record-6"]),
        ("checkpoint-report", 60_000, &["invocation-1"]),
        ("report-switched-off", 60_000, &["invocation-0"]),
        ("throttled-function", 10_000, &["invocation-5", "function-0"]),
        ("batching-window", 45_000, &["lane-0-0-0", "invocation-31"]),
        ("tumbling-count", 21_000, &["invocation-40"]),
        ("enhanced-fan-out", 5_000, &["record-3", "poller-0-0"]),
        ("filter", 20_000, &["mapping-1"]),
        ("retention-expiry", 90_000_000, &["record-1"]),
        ("deploy-1-shard", 88_000, &["alias-0-0", "version-0-1", "environment-1"]),
        ("deploy-canary", 200_000, &["invocation-150"]),
        ("hot-shard-split", 40_000, &["producer-0", "shard-0", "stream-0"]),
        ("hot-shard-split", 52_000, &["shard-0", "shard-1"]),
        ("reshard-2-to-4", 120_000, &["stream-0", "shard-0"]),
        ("reshard-2-to-4", 200_000, &["shard-0", "shard-4"]),
        ("auto-scaling", 4_000_000, &["alarm-0"]),
    ];
    let mut told = String::new();
    for &(id, t, codes) in LOOKED_AT {
        let sim = run(id, t);
        for code in codes {
            let object = address::object(code).unwrap();
            assert!(exists(&sim, object), "{id} {t} {code}");
            let _ = writeln!(told, "{id} {t} {code}");
            let japanese = explain(&sim, object, Lang::Ja);
            for (step, other) in explain(&sim, object, Lang::En).iter().zip(japanese) {
                let events: Vec<u32> = step.events.iter().map(|event| event.n).collect();
                let about = step.object.map(address::code).unwrap_or_default();
                let head = format!("{} {:?} {events:?} {about}", step.rule.tag().code(), step.rule);
                let _ = writeln!(told, "  {head}\n    {}\n    {}", step.text, other.text);
            }
        }
    }
    insta::assert_snapshot!(told);
}

/// Every object of a run, at most some of each kind.
fn objects(sim: &Simulation, pick: &mut impl FnMut(u32) -> u32) -> Vec<Object> {
    let mut all: Vec<Object> = Vec::new();
    let mut some = |count: u32, of: &dyn Fn(u32) -> Object| {
        for _ in 0..count.min(6) {
            all.push(of(pick(count)));
        }
    };
    let shards = sim.stream().shards.len() as u32;
    some(sim.stream().records.len(), &Object::Record);
    some(sim.invocations().len(), &Object::Invocation);
    some(sim.discards(), &Object::Discard);
    some(shards, &Object::Shard);
    some(sim.environments().len() as u32, &|idx| Object::Environment(idx));
    some(sim.alarms().len() as u32, &|idx| Object::Resource(Resource::Alarm(idx as u16)));
    some(sim.scenario().producers.len() as u32, &|idx| Object::Resource(Resource::Producer(idx as u8)));
    for mapping in 0..sim.mappings().len() as u16 {
        some(shards, &|shard| Object::Resource(Resource::Poller { mapping, shard }));
        some(shards, &|shard| Object::Resource(Resource::Checkpoint { mapping, shard }));
        some(shards * 10, &|idx| Object::Lane(LaneRef { mapping, shard: idx / 10, lane: (idx % 10) as u8 }));
    }
    for mapping in 0..sim.mappings().len() as u16 {
        all.extend([Resource::Mapping(mapping), Resource::IteratorAge(mapping)].map(Object::Resource));
    }
    for function in 0..sim.scenario().functions.len() as u16 {
        all.push(Object::Resource(Resource::Function(function)));
        let aliases = 0..sim.functions().aliases(function.into()) as u16;
        all.extend(aliases.map(|alias| Object::Resource(Resource::Alias { function, alias })));
        let versions = 0..sim.functions().published(function.into());
        all.extend(versions.map(|version| Object::Resource(Resource::Version { function, version })));
    }
    all.push(Object::Resource(Resource::Stream));
    all.retain(|&object| exists(sim, object));
    all
}

/// A generator of its own, so that a failure can be run again.
fn picker(mut seed: u64) -> impl FnMut(u32) -> u32 {
    move |below| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((seed >> 33) % u64::from(below.max(1))) as u32
    }
}

/// The spans of a record's life add up to its age: to the millisecond, in the bar and in the table.
#[track_caller]
fn adds_up(sim: &Simulation, record: u32, inspect: &Inspect, place: &str) {
    let time = &inspect.time;
    let bar: u64 = time.spans.iter().map(|span| span.ms).sum();
    let table: u64 = time.rows.iter().map(|row| row.ms).sum();
    assert_eq!((bar, table), (time.age_ms, time.age_ms), "{place}");
    let arrival = sim.stream().records.get(record).arrival();
    assert!(time.age_ms <= (sim.now() - arrival).0, "{place}");
}

/// 12 moments of each scenario: the chain of every kind of object is there, in both languages, rests on events that
/// have happened, and leads to objects that exist.
#[test]
fn every_object_at_any_moment_has_a_chain_that_rests_on_the_past() {
    for (scenario, &(id, json)) in (0..).zip(shipped::all()) {
        let mut pick = picker(scenario + 1);
        let until = Scenario::from_json(json).unwrap().until.0.min(900_000) as u32;
        let mut moments: Vec<u64> = (0..12).map(|_| pick(until).into()).collect();
        moments.sort_unstable();
        let mut sim = Simulation::new(Scenario::from_json(json).unwrap());
        for t in moments {
            sim.run_until(SimTime(t));
            for object in objects(&sim, &mut pick) {
                let place = format!("{id} at {t}: {}", address::code(object));
                let steps = explain(&sim, object, Lang::En);
                assert!(!steps.is_empty(), "{place}");
                assert!(steps.len() <= 40, "{place}: {}", steps.len());
                let japanese = explain(&sim, object, Lang::Ja);
                for (step, other) in steps.iter().zip(&japanese) {
                    assert!(!step.text.is_empty() && step.text != other.text, "{place}: {}", step.text);
                    assert_eq!((step.rule, &step.events), (other.rule, &other.events));
                    assert!(step.object.is_none_or(|object| exists(&sim, object)), "{place}: {}", step.text);
                    for event in &step.events {
                        assert!(
                            event.n < sim.log().count() && event.t <= sim.now(),
                            "{place}: {}",
                            step.text
                        );
                        let found = sim.events(event.n, event.n + 1).next().map(|(_, t, _)| t);
                        assert_eq!(found, Some(event.t), "{place}: {}", step.text);
                    }
                }
                let inspect = inspect::build(&sim, Some(object), 0, &None, Lang::En);
                assert!(!inspect.title.is_empty() && !inspect.facts.is_empty(), "{place}");
                if let Object::Record(record) = object {
                    adds_up(&sim, record, &inspect, &place);
                }
            }
        }
    }
}

/// The records of a run that ended so: each has a chain that says which end it had.
#[test]
fn ends_are_told_by_the_rule_that_made_them() {
    #[track_caller]
    fn check(id: &str, t: u64, wanted: impl Fn(Event) -> Option<u32>, rule: Rule) {
        let sim = run(id, t);
        let found = sim.events(0, u32::MAX).find_map(|(.., event)| wanted(event)).unwrap();
        let steps = explain(&sim, Object::Record(found), Lang::En);
        assert!(steps.iter().any(|step| step.rule == rule && !step.events.is_empty()), "{id}: {steps:?}");
    }
    let filtered = |event| {
        let Event::RecordFiltered { record, .. } = event else { return None };
        Some(record)
    };
    check("filter", 60_000, filtered, Rule::Filter);
    let sim = run("parallelization-3-error-retries", 300_000);
    let first = sim.discarded(&sim.discard(0)).next().unwrap();
    let steps = explain(&sim, Object::Record(first), Lang::En);
    assert_eq!((steps[0].rule, steps[1].rule), (Rule::Exhausted, Rule::RetryLimit));
    let sim = run("retention-expiry", 90_000_000);
    let expired = (0..sim.stream().records.len()).filter(|&record| {
        let steps = explain(&sim, Object::Record(record), Lang::En);
        steps[0].rule == Rule::Retention && steps[0].events.len() == 1
    });
    let counted: u64 = sim.mappings().iter().map(|mapping| mapping.expired).sum();
    assert!(counted > 0 && expired.count() as u64 == counted);
}

/// `explain(kind, id)`: what programs get.
#[test]
fn programs_get_the_same_chain() {
    let sim = run("parallelization-3-error", 100_000);
    let Object::Record(idx) = record(&sim, "1", 5) else { unreachable!() };
    let answer = answer(&sim, "record", &idx.to_string(), Lang::En).unwrap();
    let steps = explain(&sim, Object::Record(idx), Lang::En);
    assert_eq!((answer.kind, answer.id, answer.steps.len()), ("record", idx.to_string(), steps.len()));
    for (told, step) in answer.steps.iter().zip(&steps) {
        assert_eq!(
            (&told.text, told.tag, told.rule.clone()),
            (&step.text, step.rule.tag().code(), format!("{:?}", step.rule))
        );
        assert_eq!(told.events, step.events.iter().map(|event| event.n).collect::<Vec<_>>());
    }
    for (kind, id) in
        [("record", "999"), ("record", "x"), ("nothing", "0"), ("lane", "0-0-3"), ("mapping", "1")]
    {
        assert!(shardlab::view::explain::answer(&sim, kind, id, Lang::En).is_none(), "{kind} {id}");
    }
}
