//! The documents say what the program does: event types and fields, the digest's table, links, the code map,
//! the assumptions, the example link and output of README.md.
#![cfg(not(target_arch = "wasm32"))]

#[path = "documents/mixed.rs"]
mod mixed;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use mixed::MIXED;
use serde_json::Value;
use shardlab::cloudwatch::State;
use shardlab::event_log::Event;
use shardlab::exchange::link::{Link, Shown};
use shardlab::kinesis::HashKey;
use shardlab::kinesis::StreamStatus;
use shardlab::kinesis::stream::ThrottleReason;
use shardlab::lambda::account::MappingState;
use shardlab::lambda::function::AliasChange;
use shardlab::scenario::{Scenario, Version};
use shardlab::sim::Simulation;
use shardlab::sim::control::ApiCall;
use shardlab::sim::discard::Discard;
use shardlab::sim::event_json::{outcome_name, reason_name};
use shardlab::sim::redrive::Redrive;
use shardlab::units::Ratio;
use shardlab::view::shipped;
use xxhash_rust::xxh3::xxh3_64;

const NONE: u32 = u32::MAX;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The text from a heading to the next one of any level.
fn section(document: &str, heading: &str) -> String {
    let (_, rest) = document.split_once(&format!("{heading}\n")).unwrap_or_else(|| panic!("no {heading}"));
    let end = rest.find("\n#").unwrap_or(rest.len());
    rest[..end].to_owned()
}

/// The cells of every table row that begins with code or a number, header and rule left out.
fn rows(table: &str) -> Vec<Vec<&str>> {
    let rows = table.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    let cells = rows.map(|row| row.split(" | ").collect::<Vec<_>>());
    cells.filter(|cells| cells[0].starts_with(|c: char| c == '`' || c.is_ascii_digit())).collect()
}

/// Everything in backticks.
fn code(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

fn runs() -> Vec<Simulation> {
    let texts = shipped::all().iter().map(|&(_, text)| text).chain(MIXED);
    texts
        .map(|text| {
            let mut sim =
                Simulation::new(Scenario::from_json(text).unwrap_or_else(|problems| panic!("{problems:?}")));
            sim.run_until(sim.scenario().until);
            sim
        })
        .collect()
}

/// The first table of "Event types": what there is today. Fields and types are equal both ways, so that neither
/// the program nor the table can have one that the other lacks.
#[test]
fn event_types_and_fields() {
    let document = text("docs/scenario.md");
    let section = section(&document, "### Event types");
    let (today, _) = section.split_once("The names below are reserved").unwrap();
    let mut documented: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in rows(today) {
        let fields = code(row[1]).into_iter().map(str::to_owned).collect();
        assert!(documented.insert(code(row[0])[0].to_owned(), fields).is_none(), "{} stands twice", row[0]);
    }
    let mut produced: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for sim in runs() {
        for line in sim.event_lines(0, u32::MAX) {
            let Value::Object(mut line) = serde_json::to_value(line).unwrap() else { panic!("an object") };
            assert!(line.remove("t").is_some() && line.remove("n").is_some());
            let kind = line.remove("type").unwrap().as_str().unwrap().to_owned();
            produced.entry(kind).or_default().extend(line.into_iter().map(|(name, _)| name));
        }
    }
    assert_eq!(produced, documented);
}

/// Every reason that a batch is handed over for, and no other, is documented and happens.
#[test]
fn every_reason_of_an_invocation_happens() {
    let tables = DigestTables::read(&text("docs/scenario.md"));
    let mut happened: BTreeMap<String, u32> = BTreeMap::new();
    for sim in runs() {
        for idx in 0..sim.invocations().len() {
            let reason = sim.invocations().get(idx).reason;
            happened.insert(reason_name(reason).to_owned(), reason as u32);
        }
    }
    assert_eq!(&happened, &tables.numbers["reason of InvocationStarted"]);
}

/// The digest's tables: the words of each event, and the numbers of each enumeration.
struct DigestTables {
    words: BTreeMap<String, (u32, Vec<String>)>,
    numbers: BTreeMap<String, BTreeMap<String, u32>>,
}

impl DigestTables {
    fn read(document: &str) -> Self {
        let section = section(document, "### Digest");
        let (mut words, mut numbers) = (BTreeMap::new(), BTreeMap::new());
        for row in rows(&section) {
            if let Ok(number) = row[0].parse() {
                let names = code(row[2]).into_iter().map(str::to_owned).collect();
                words.insert(code(row[1])[0].to_owned(), (number, names));
            } else {
                let list = row[1].split(", ").map(|entry| {
                    let (number, name) = entry.split_once(' ').unwrap();
                    (code(name)[0].to_owned(), number.parse().unwrap())
                });
                numbers.insert(row[0].replace('`', ""), list.collect());
            }
        }
        Self { words, numbers }
    }

    fn number(&self, word: &str, name: &str) -> u32 {
        self.numbers
            .get(word)
            .and_then(|names| names.get(name))
            .copied()
            .unwrap_or_else(|| panic!("{word}: {name}"))
    }

    /// The words that a name in the table stands for.
    #[expect(clippy::too_many_lines, reason = "one arm for each event")]
    fn word(&self, sim: &Simulation, event: Event, name: &str) -> Vec<u32> {
        let one = |word: u32| vec![word];
        match event {
            Event::ShardOpened { stream, shard } => opened_words(sim, stream, shard, name),
            Event::ShardClosed { stream, shard } => {
                one(known(name, &[("stream", stream.into()), ("shard", shard)]))
            }
            Event::StreamStatus { stream, from, to, reason } => {
                let status = |status: StreamStatus| self.number("from, to of StreamStatus", status.name());
                let reason = self.number("reason of StreamStatus", reason.name());
                let words = [
                    ("stream", stream.into()),
                    ("from", status(from)),
                    ("to", status(to)),
                    ("reason", reason),
                ];
                one(known(name, &words))
            }
            Event::AlarmState { alarm, change } => {
                let change = &sim.alarm_changes()[change as usize];
                let state = |state: State| self.number("from, to of AlarmState", state.name());
                match name {
                    "reason" => {
                        let hash = xxh3_64(change.reason.as_bytes());
                        vec![hash as u32, (hash >> 32) as u32]
                    }
                    _ => one(known(
                        name,
                        &[("alarm", alarm.into()), ("from", state(change.from)), ("to", state(change.to))],
                    )),
                }
            }
            Event::NotificationSent { topic, alarm, function } => {
                one(known(name, &[("topic", topic.into()), ("alarm", alarm.into()), ("function", function)]))
            }
            Event::AlarmInvocationStarted { invocation: idx } => {
                let invocation = &sim.alarm_invocations()[idx as usize];
                let words = [
                    ("invocation", idx),
                    ("alarm", invocation.alarm.into()),
                    ("function", invocation.function),
                    ("version", invocation.version),
                    ("environment", invocation.environment),
                    ("coldStart", invocation.cold_start.into()),
                ];
                one(known(name, &words))
            }
            Event::AlarmInvocationEnded { invocation: idx } => {
                let invocation = &sim.alarm_invocations()[idx as usize];
                let outcome = self.number("outcome", outcome_name(invocation.outcome.unwrap()));
                let duration = invocation.duration.0 as u32;
                one(known(name, &[("invocation", idx), ("outcome", outcome), ("duration", duration)]))
            }
            Event::ApiCall { call } => call_words(sim, call, name),
            Event::RecordPut { record } => one(put_word(sim, 0, record, name)),
            Event::RecordPutElsewhere { stream, record } => one(put_word(sim, stream, record, name)),
            Event::RecordFiltered { mapping, record } => {
                one(known(name, &[("mapping", mapping.into()), ("record", record)]))
            }
            Event::RecordsExpired { mapping, shard, records } => {
                one(known(name, &[("mapping", mapping.into()), ("shard", shard), ("records", records)]))
            }
            Event::BatchSplit { invocation, left } => {
                one(known(name, &[("invocation", invocation), ("left", left)]))
            }
            Event::RecordsDiscarded { discard } => {
                let discard = sim.discard(discard);
                match name {
                    "discardedRecords" => sim.discarded(&discard).collect(),
                    _ => one(known(name, &self.discarded(&discard))),
                }
            }
            Event::DestinationDeliveryFailed { discard } => one(known(name, &[("document", discard)])),
            Event::Redrive { redrive } => self.redriven(sim, redrive, name),
            Event::RecordThrottled { stream, .. } if name == "otherStream" => {
                (stream != 0).then_some(stream.into()).into_iter().collect()
            }
            Event::RecordThrottled { producer, shard, key, reason, .. } => {
                let reason = self.number("reason of RecordThrottled", throttle_name(reason));
                let words =
                    [("producer", producer.into()), ("shard", shard), ("key", key), ("reason", reason)];
                one(known(name, &words))
            }
            Event::MappingState { mapping, from, to } => {
                let state = |state: MappingState| self.number("from, to of MappingState", state.name());
                one(known(name, &[("mapping", mapping.into()), ("from", state(from)), ("to", state(to))]))
            }
            Event::RecordsPolled { mapping, shard, records, millis_behind_latest } => {
                let behind = ("millisBehindLatest", millis_behind_latest);
                one(known(
                    name,
                    &[("mapping", mapping.into()), ("shard", shard), ("records", records), behind],
                ))
            }
            Event::LogStreamOpened { environment } => {
                let opened = sim.environments()[environment as usize];
                let (function, version) = (opened.function.into(), opened.version);
                one(known(
                    name,
                    &[("environment", environment), ("function", function), ("version", version)],
                ))
            }
            Event::InvocationStarted { invocation } if name == "batchRecords" => {
                sim.batch(invocation).collect()
            }
            Event::InvocationStarted { invocation: idx } => one(known(name, &self.started(sim, idx))),
            Event::RowWritten { invocation, record, .. } => {
                one(known(name, &[("invocation", invocation), ("record", record)]))
            }
            Event::InvocationEnded { invocation: idx } => one(known(name, &self.ended(sim, idx))),
            Event::RetryScheduled { invocation, delay } => {
                one(known(name, &[("invocation", invocation), ("delay", delay)]))
            }
            Event::VersionPublished { function, version } => {
                one(known(name, &[("function", function.into()), ("version", version)]))
            }
            Event::AliasUpdated { change } => alias_words(sim, change, name),
            Event::CheckpointMoved { mapping, shard, record } => {
                one(known(name, &[("mapping", mapping.into()), ("shard", shard), ("record", record)]))
            }
        }
    }

    fn discarded(&self, discard: &Discard) -> [(&'static str, u32); 6] {
        [
            ("mapping", discard.lane.mapping.into()),
            ("shard", discard.lane.shard),
            ("batch", discard.batch),
            ("attempts", discard.attempts),
            ("condition", self.number("condition", discard.condition.name())),
            ("count", discard.count),
        ]
    }

    fn redriven(&self, sim: &Simulation, redrive: u32, name: &str) -> Vec<u32> {
        let Redrive { document, invocation, .. } = *sim.redrives()[redrive as usize];
        let records: Vec<u32> = invocation.map_or_else(|_| Vec::new(), |idx| sim.batch(idx).collect());
        if name == "redrivenRecords" {
            return records;
        }
        let refused = invocation.err().map_or(0, |refusal| self.number("refused", refusal.name()));
        let words = [("document", document), ("refused", refused), ("count", records.len() as u32)];
        vec![known(name, &words)]
    }

    fn ended(&self, sim: &Simulation, idx: u32) -> [(&'static str, u32); 5] {
        let invocation = sim.invocations().get(idx);
        let (outcome, duration) = invocation.outcome().unwrap();
        let written = (0..invocation.count).filter(|&place| sim.wrote(&invocation, place)).count() as u32;
        [
            ("invocation", idx),
            ("outcome", self.number("outcome", outcome_name(outcome))),
            ("duration", duration.0 as u32),
            ("rows", written),
            ("failedAt", invocation.failed_at().unwrap_or(NONE)),
        ]
    }

    fn started(&self, sim: &Simulation, idx: u32) -> [(&'static str, u32); 11] {
        let invocation = sim.invocations().get(idx);
        [
            ("invocation", idx),
            ("mapping", invocation.lane.mapping.into()),
            ("shard", invocation.lane.shard),
            ("lane", invocation.lane.lane.into()),
            ("batch", invocation.batch),
            ("attempt", invocation.attempt),
            ("version", invocation.version),
            ("environment", invocation.environment),
            ("coldStart", invocation.cold_start.into()),
            ("reason", self.number("reason of InvocationStarted", reason_name(invocation.reason))),
            ("count", invocation.count),
        ]
    }
}

fn opened_words(sim: &Simulation, stream: u16, shard: u32, name: &str) -> Vec<u32> {
    let four = |key: HashKey| (0..4).map(|word| (key.0 >> (32 * word)) as u32).collect();
    let opened = &sim.stream_at(stream).shards[shard as usize];
    match name {
        "startingHashKey" => four(opened.range.start()),
        "endingHashKey" => four(opened.range.end()),
        "parents" => opened.parents.iter().collect(),
        "otherStream" => (stream != 0).then_some(stream.into()).into_iter().collect(),
        _ => vec![known(name, &[("shard", shard)])],
    }
}

fn call_words(sim: &Simulation, call: u32, name: &str) -> Vec<u32> {
    let ApiCall { service, operation, request, answer } = &*sim.calls()[call as usize];
    let answer = answer.as_ref().map_or_else(ToString::to_string, ToString::to_string);
    let hash = match name {
        "request" => xxh3_64(format!("{service} {operation} {request}").as_bytes()),
        _ => xxh3_64(answer.as_bytes()),
    };
    vec![hash as u32, (hash >> 32) as u32]
}

fn alias_words(sim: &Simulation, change: u32, name: &str) -> Vec<u32> {
    let AliasChange { function, alias, routing, .. } = &*sim.alias_changes()[change as usize];
    let (second, weight) = routing.additional.map_or((NONE, Ratio::whole(0)), |pair| pair);
    if name == "weight" {
        let parts = [weight.numerator(), weight.denominator()];
        return parts.iter().flat_map(|part| [*part as u32, (part >> 32) as u32]).collect();
    }
    let version = match routing.version {
        Version::Latest => NONE,
        Version::Published(idx) => idx,
    };
    let function = ("function", u32::from(*function));
    vec![known(name, &[function, ("alias", *alias), ("version", version), ("secondVersion", second)])]
}

fn put_word(sim: &Simulation, stream: u16, record: u32, name: &str) -> u32 {
    let stored = sim.stream_at(stream).records.get(record);
    let (shard, key, size) = (stored.shard, stored.key, stored.size());
    let words =
        [("stream", stream.into()), ("record", record), ("shard", shard), ("key", key), ("size", size)];
    if name == "producer" { stored.producer().into() } else { known(name, &words) }
}

fn throttle_name(reason: ThrottleReason) -> &'static str {
    match reason {
        ThrottleReason::Records => "records",
        ThrottleReason::Bytes => "bytes",
        ThrottleReason::NoStream => "noStream",
    }
}

#[track_caller]
fn known(name: &str, words: &[(&str, u32)]) -> u32 {
    words.iter().find(|(word, _)| *word == name).unwrap_or_else(|| panic!("no word {name}")).1
}

/// The digest as docs/scenario.md describes it, computed from its tables, is the engine's.
#[test]
fn digest_follows_its_table() {
    let tables = DigestTables::read(&text("docs/scenario.md"));
    let (mut kinds, mut reasons) = (BTreeSet::new(), BTreeSet::new());
    for sim in runs() {
        let mut bytes = Vec::new();
        for (line, (_, t, event)) in sim.event_lines(0, u32::MAX).zip(sim.events(0, u32::MAX)) {
            // A type of its own in the table: the words are others.
            let kind = if matches!(event, Event::RecordPutElsewhere { .. }) {
                "RecordPutElsewhere"
            } else if matches!(event, Event::AlarmInvocationStarted { .. }) {
                "AlarmInvocationStarted"
            } else if matches!(event, Event::AlarmInvocationEnded { .. }) {
                "AlarmInvocationEnded"
            } else {
                line.body.name()
            };
            let (code, names) = tables.words.get(kind).unwrap_or_else(|| panic!("no row for {kind}"));
            kinds.insert(kind);
            if let Event::InvocationStarted { invocation } = event {
                reasons.insert(reason_name(sim.invocations().get(invocation).reason));
            }
            let words = names.iter().flat_map(|name| tables.word(&sim, event, name));
            let words = [t.0 as u32, *code].into_iter().chain(words);
            bytes.extend(words.flat_map(u32::to_le_bytes));
        }
        assert_eq!(format!("{:016x}", xxh3_64(&bytes)), sim.digest(), "{}", sim.scenario().id);
    }
    assert!(kinds.iter().copied().eq(tables.words.keys()), "a row that no run needs");
    assert!(reasons.iter().copied().eq(tables.numbers["reason of InvocationStarted"].keys()), "{reasons:?}");
}

/// Markdown files at the top and in docs/.
fn documents() -> Vec<PathBuf> {
    let in_folder = |folder: &str| {
        let entries = fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
        entries.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect::<Vec<_>>()
    };
    [in_folder("."), in_folder("docs")].concat()
}

/// The name that GitHub gives a heading's anchor.
fn anchor(heading: &str) -> String {
    let kept = heading.to_lowercase().replace(' ', "-");
    kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect()
}

/// Every relative link and image leads to a file, and to a heading where it names one.
#[test]
fn relative_links_lead_somewhere() {
    let mut broken = Vec::new();
    for document in documents() {
        let content = text(&document);
        // Code is no place of links.
        let prose: String = content.split("```").step_by(2).collect();
        for (at, _) in prose.match_indices("](") {
            let link = prose[at + 2..].split(')').next().unwrap();
            if link.contains("://") {
                continue;
            }
            let (path, heading) = link.split_once('#').unwrap_or((link, ""));
            let target =
                if path.is_empty() { document.clone() } else { document.parent().unwrap().join(path) };
            let headings = || {
                text(&target)
                    .lines()
                    .filter(|line| line.starts_with('#'))
                    .map(|line| anchor(line.trim_start_matches('#').trim()))
                    .collect::<Vec<_>>()
            };
            if !target.exists() || (!heading.is_empty() && !headings().contains(&heading.to_owned())) {
                broken.push(format!("{}: {link}", document.file_name().unwrap().to_string_lossy()));
            }
        }
    }
    assert!(broken.is_empty(), "links that lead nowhere:\n{}", broken.join("\n"));
}

/// ARCHITECTURE.md's code map names every file of `src/` and `src/*/`, and every folder below.
#[test]
fn the_code_map_is_complete() {
    fn walk(folder: &Path, depth: u32, names: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root().join("src")).unwrap().to_string_lossy().replace('\\', "/");
            if path.is_dir() {
                names.push(format!("{name}/"));
                walk(&path, depth + 1, names);
            } else if depth < 2 && name.ends_with(".rs") {
                names.push(name);
            }
        }
    }
    let document = text("ARCHITECTURE.md");
    let (_, map) = document.split_once("\n## Code map\n").unwrap();
    let map = &map[..map.find("\n## ").unwrap()];
    let mapped: BTreeSet<&str> = code(map).into_iter().collect();
    let mut names = Vec::new();
    walk(&root().join("src"), 0, &mut names);
    names.sort();
    let missing: Vec<&String> = names.iter().filter(|name| !mapped.contains(name.as_str())).collect();
    assert!(missing.is_empty(), "not in the code map: {missing:?}");
    let gone = mapped
        .iter()
        .filter(|name| name.ends_with(".rs") && !name.starts_with("xtask/") && !name.starts_with("tests/"));
    let gone: Vec<_> = gone.filter(|name| !root().join("src").join(name).exists()).collect();
    assert!(gone.is_empty(), "in the code map, but not in src/: {gone:?}");
}

/// ARCHITECTURE.md gives a reason for every dependency.
#[test]
fn every_dependency_has_a_reason() {
    let reasons = section(&text("ARCHITECTURE.md"), "## Dependencies");
    let reasons: BTreeSet<&str> = code(&reasons).into_iter().collect();
    let manifest = text("Cargo.toml");
    let mut in_dependencies = false;
    for line in manifest.lines() {
        if line.starts_with('[') {
            in_dependencies = line.trim_end_matches(']').ends_with("dependencies");
            let named = line.trim_end_matches(']').rsplit_once("dependencies.").map(|(_, name)| name);
            assert!(named.is_none_or(|name| reasons.contains(name)), "no reason for {line}");
        } else if let Some((name, _)) = line.split_once(" = ").filter(|_| in_dependencies) {
            assert!(reasons.contains(name), "no reason for {name}");
        }
    }
}

/// README.md lists every dial of the model with its default, and every shipped scenario.
#[test]
fn the_readme_names_every_dial_and_scenario() {
    let readme = text("README.md");
    let schema: Value = serde_json::from_str(&text("docs/scenario.schema.json")).unwrap();
    let dials = schema["properties"]["model"]["properties"].as_object().unwrap();
    let table = section(&readme, "### Dials");
    let listed: BTreeMap<&str, &str> =
        rows(&table).into_iter().map(|row| (code(row[0])[0], code(row[2])[0])).collect();
    for (dial, rule) in dials {
        let default = rule["default"].to_string();
        assert_eq!(listed.get(dial.as_str()), Some(&default.trim_matches('"')), "{dial}");
    }
    assert_eq!(listed.len(), dials.len());
    for &(id, _) in shipped::all() {
        assert!(rows(&section(&readme, "## Scenarios")).iter().any(|row| code(row[0])[0] == id), "{id}");
    }
}

/// README.md's example link opens a shipped scenario, and its example output is what the program prints today.
#[test]
fn the_readme_examples_are_real() {
    let readme = text("README.md");
    let fragments: Vec<&str> = readme.match_indices("#1.").map(|(at, _)| &readme[at..]).collect();
    assert!(!fragments.is_empty());
    for rest in fragments {
        let end = rest.find(|c: char| c == '"' || c == '`' || c.is_whitespace()).unwrap();
        let link = Link::read(&rest[..end]).unwrap_or_else(|error| panic!("{}: {error:?}", &rest[..end]));
        let scenario = link.scenario.unwrap();
        let names = |id: &str| scenario == Shown::Whole(id.to_owned());
        assert!(shipped::all().iter().any(|(id, _)| names(id)), "{scenario:?}");
    }
    let mut sim = Simulation::new(Scenario::from_json(shipped::FIRST.1).unwrap());
    sim.run_until(sim.scenario().until);
    let summary = serde_json::to_string_pretty(&sim.summary()).unwrap();
    let (_, shown) = readme.split_once("```json\n").unwrap();
    let (shown, _) = shown.split_once("```").unwrap();
    for line in shown.lines().filter(|line| line.trim() != "…") {
        assert!(summary.lines().any(|printed| printed == line), "not printed: {line}\n{summary}");
    }
}
