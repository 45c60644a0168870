//! The inspector: facts of one object, and the life of a record.

pub mod answer;
pub mod environment;
pub mod event;
mod life;
pub mod others;
mod resource;
pub mod shown;
pub mod tray;
pub mod tree;
pub mod why;

use std::rc::Rc;

use super::rail::mappings;
use super::{KeyMark, in_language, record_name, twin};
use crate::kinesis::stream::{NONE, shard_id};
use crate::lambda::batcher::{LaneState, Reason};
use crate::lang::Lang;
use crate::scenario::Version;
use crate::sim::Simulation;
use crate::sim::agenda::LaneRef;
use crate::sim::event_json::outcome_name;
use crate::sim::invocation::Invocation;
use crate::units::SimDuration;
use crate::view::explain::{self, exists};
use crate::view::number::{exact_seconds, hash_percent, seconds, short_clock};
use crate::view::scene::{Object, Resource};
use crate::view::text::MessageId;

pub use life::{Phase, Row, Span, Stop, Time, Use};

/// What the inspector shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inspect {
    /// The object; `None` while nothing is selected.
    pub object: Option<Object>,
    /// Its name.
    pub title: String,
    /// What it is part of.
    pub subtitle: String,
    /// Its keys.
    pub keys: Vec<KeyMark>,
    /// The mappings whose way with a record can be told, where there are several, and whether it is this one's.
    pub mappings: Vec<(String, bool)>,
    /// A record's life.
    pub life: Vec<Stop>,
    /// Where a record's time went.
    pub time: Time,
    /// Facts.
    pub facts: Vec<Fact>,
    /// What closed a batch, in a word or two.
    pub closed_by: Option<MessageId>,
    /// Why it is as it is.
    pub why: Option<why::Why>,
    /// Records of a batch.
    pub records: Vec<Chip>,
    /// Records of the batch that are not listed.
    pub more: u32,
    /// A JSON document, with its title.
    pub document: Option<(MessageId, String)>,
    /// The event that an invocation received.
    pub event: Option<event::EventText>,
    /// An answer of an invocation's handler, judged.
    pub judge: Option<answer::Judge>,
    /// What became of an invocation's batch.
    pub tree: tree::Tree,
    /// The lines that an invocation has written to its log stream so far, or those of an environment's.
    pub log: Option<String>,
    /// An environment's log stream among those of its function.
    pub streams: Vec<environment::LogStream>,
    /// What was given up, document by document.
    pub tray: tray::Tray,
    /// Its JSON as AWS shows it.
    pub shown: Vec<shown::Shown>,
}

/// A fact.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// What it is.
    pub label: MessageId,
    /// Its value.
    pub value: String,
    /// Whether the value is an identifier.
    pub mono: bool,
    /// What it leads to.
    pub object: Option<Object>,
}

/// A record of a batch.
#[derive(Clone, Debug, PartialEq)]
pub struct Chip {
    /// The record.
    pub record: u32,
    /// Its key.
    pub key: KeyMark,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub phase: Phase,
}

/// Records of a batch listed, at most.
const CHIPS_MAX: usize = 200;
/// Children of a shard, and mappings that read it, listed at most.
const CHILDREN_MAX: usize = 8;
const MAPPINGS_MAX: usize = 8;
/// Lines of an invocation's log listed, at most.
const LOG_LINES_MAX: usize = 100;

/// An answer that was typed for an invocation.
pub type Typed = Option<(u32, Rc<str>)>;

/// The object's facts as of the playhead. `mapping`: the one whose way with a record is told. `typed`: the answer to
/// judge.
#[must_use]
pub fn build(
    sim: &Simulation,
    selection: Option<Object>,
    mapping: u16,
    typed: &Typed,
    lang: Lang,
) -> Inspect {
    let Some(object) = selection else { return Inspect::default() };
    if !exists(sim, object) {
        return Inspect { object: selection, ..later(sim, object, lang) };
    }
    let inspect = match object {
        Object::Record(record) => of_record(sim, mapping, record, lang),
        Object::Invocation(idx) => {
            let typed = typed.as_ref().filter(|&&(of, _)| of == idx).map(|(_, text)| &**text);
            invocation(sim, idx, typed, lang)
        }
        Object::Lane(lane) => of_lane(sim, lane, lang),
        Object::Shard(idx) => of_shard(sim, idx, lang),
        Object::Discard(idx) => of_discard(sim, idx, lang),
        Object::Environment(idx) => environment::of(sim, idx, lang),
        Object::Resource(resource) => resource::of(sim, resource, lang),
    };
    let why = Some(why::of(sim, object, lang));
    Inspect { object: selection, why, shown: shown::of(sim, object), ..inspect }
}

/// An object's name.
#[must_use]
pub fn name(sim: &Simulation, object: Object, lang: Lang) -> String {
    match object {
        Object::Record(record) if record < sim.stream().records.len() => {
            MessageId::RecordTitle.fill(lang, &[&record_name(sim, record)])
        }
        Object::Record(record) => MessageId::RecordNumber.fill(lang, &[&record]),
        Object::Invocation(idx) => MessageId::InvocationNumber.fill(lang, &[&(idx + 1)]),
        Object::Lane(lane) => MessageId::BatcherNumber.fill(lang, &[&(u32::from(lane.lane) + 1)]),
        Object::Shard(shard) => shard_id(shard),
        Object::Discard(_) => MessageId::DiscardTitle.text(lang).to_owned(),
        Object::Environment(idx) => MessageId::EnvironmentTitle.fill(lang, &[&(idx + 1)]),
        Object::Resource(resource) => resource::name(sim, resource, lang),
    }
}

/// An object that the playhead has not reached.
fn later(sim: &Simulation, object: Object, lang: Lang) -> Inspect {
    let subtitle = MessageId::NotYet.text(lang).to_owned();
    Inspect { title: name(sim, object, lang), subtitle, ..Inspect::default() }
}

/// The number of a batch's records.
fn count_text(count: u32, lang: Lang) -> String {
    match count {
        1 => MessageId::InvocationSubtitleOne.text(lang).to_owned(),
        count => MessageId::InvocationSubtitle.fill(lang, &[&count]),
    }
}

/// Records that were given up together, and the document about them.
fn of_discard(sim: &Simulation, idx: u32, lang: Lang) -> Inspect {
    let discard = sim.discard(idx);
    let destination = sim.destination_of(&discard);
    let batcher = MessageId::BatcherNumber.fill(lang, &[&(u32::from(discard.lane.lane) + 1)]);
    let mut facts = vec![
        mono(MessageId::FactCondition, discard.condition.name().to_owned()),
        fact(MessageId::FactAttempts, discard.attempts.max(1)),
        link(MessageId::FactShard, shard_id(discard.lane.shard), Object::Shard(discard.lane.shard)),
        link(MessageId::FactBatcher, batcher, Object::Lane(discard.lane)),
    ];
    facts.extend(destination.map(|to| mono(MessageId::FactDestination, to.arn.clone())));
    let delivery = || fact(MessageId::FactDelivery, MessageId::DeliveryFailed.text(lang));
    facts.extend(discard.is_undelivered().then(delivery));
    facts.extend(sim.object_key(idx).map(|key| mono(MessageId::FactObjectKey, key)));
    let chip = |record| Chip {
        record,
        name: record_name(sim, record),
        key: KeyMark::of(sim, sim.stream().records.get(record).key),
        phase: Phase::Future,
    };
    let records: Vec<Chip> = sim.discarded(&discard).take(CHIPS_MAX).map(chip).collect();
    let section = match destination.is_some() {
        true if discard.is_undelivered() => MessageId::SectionDocumentRefused,
        true => MessageId::SectionDocument,
        false => MessageId::SectionDocumentUnsent,
    };
    Inspect {
        title: MessageId::DiscardTitle.text(lang).to_owned(),
        subtitle: count_text(discard.count, lang),
        keys: distinct(&records),
        facts,
        more: discard.count - records.len() as u32,
        records,
        document: tray::document(sim, idx).map(|document| (section, document)),
        tray: tray::of(sim, idx, lang),
        ..Inspect::default()
    }
}

fn fact(label: MessageId, value: impl std::fmt::Display) -> Fact {
    Fact { label, value: value.to_string(), mono: false, object: None }
}

fn mono(label: MessageId, value: impl std::fmt::Display) -> Fact {
    Fact { mono: true, ..fact(label, value) }
}

fn link(label: MessageId, value: impl std::fmt::Display, object: Object) -> Fact {
    Fact { object: Some(object), ..fact(label, value) }
}

fn of_record(sim: &Simulation, mapping: u16, record: u32, lang: Lang) -> Inspect {
    let stored = sim.stream().records.get(record);
    let hash = sim.stream().hash_key(record).0;
    let life = life::of(sim, mapping, record, lang);
    let key = sim.stream().keys.text(stored.key);
    let mut facts = vec![
        Fact {
            mono: true,
            ..link(MessageId::FactShard, shard_id(stored.shard), Object::Shard(stored.shard))
        },
        mono(MessageId::FactHashKey, format!("{:04x}… · {}", hash >> 112, hash_percent(hash))),
        mono(MessageId::FactSequenceNumber, sim.sequence_number(record)),
        fact(MessageId::FactSize, MessageId::Bytes.fill(lang, &[&stored.size()])),
    ];
    if let Some(lane) = life.lane {
        let name = MessageId::BatcherNumber.fill(lang, &[&(u32::from(lane.lane) + 1)]);
        facts.insert(1, link(MessageId::FactBatcher, name, Object::Lane(lane)));
    }
    if let Some(idx) = life.invocation {
        let name = MessageId::InvocationNumber.fill(lang, &[&(idx + 1)]);
        facts.insert(2, link(MessageId::FactInvocation, name, Object::Invocation(idx)));
    }
    Inspect {
        title: name(sim, Object::Record(record), lang),
        subtitle: MessageId::RecordSubtitle.fill(lang, &[&key, &stored.number]),
        keys: vec![KeyMark::of(sim, stored.key)],
        mappings: mappings(sim, mapping, lang),
        life: life.stops,
        time: life.time,
        facts,
        ..Inspect::default()
    }
}

fn invocation(sim: &Simulation, idx: u32, typed: Option<&str>, lang: Lang) -> Inspect {
    let invocation = sim.invocations().get(idx);
    let lane = invocation.lane;
    let batcher = MessageId::BatcherNumber.fill(lang, &[&(u32::from(lane.lane) + 1)]);
    let mut facts = vec![
        fact(MessageId::FactStarted, short_clock(invocation.started_at())),
        match invocation.outcome() {
            Some((_, duration)) => {
                fact(MessageId::FactEnded, short_clock(invocation.handler_at() + duration))
            }
            None => fact(MessageId::FactEnds, short_clock(invocation.ends_at())),
        },
        fact(MessageId::FactProgress, format!("{} / {}", invocation.rows, invocation.count)),
        match invocation.outcome() {
            Some((outcome, _)) => fact(MessageId::FactOutcome, outcome_name(outcome)),
            None => fact(MessageId::FactOutcome, MessageId::Running.text(lang)),
        },
        fact(MessageId::FactIteratorAge, seconds(invocation.iterator_age().unwrap_or_default(), lang)),
        link(MessageId::FactBatcher, batcher, Object::Lane(lane)),
        fact(MessageId::FactAttempt, invocation.attempt),
        link(MessageId::FactVersion, invocation.function_version(), version_of(sim, &invocation)),
    ];
    if invocation.environment != NONE {
        let environment = Object::Environment(invocation.environment);
        facts.push(link(MessageId::FactEnvironment, invocation.environment + 1, environment));
    }
    facts.push(mapping_link(lane.mapping, lang));
    facts.push(mono(MessageId::FactRequestId, sim.request_id(idx)));
    facts.extend(sim.error_message(idx).map(|message| fact(MessageId::FactError, message)));
    let chip = |(position, record): (u32, u32)| Chip {
        record,
        key: KeyMark::of(sim, sim.stream().records.get(record).key),
        name: record_name(sim, record),
        phase: match position {
            position if position < invocation.rows => Phase::Past,
            position if position == invocation.rows && invocation.outcome().is_none() => Phase::Now,
            _ => Phase::Future,
        },
    };
    let records: Vec<Chip> = (0..).zip(sim.batch(idx)).take(CHIPS_MAX).map(chip).collect();
    Inspect {
        title: MessageId::InvocationNumber.fill(lang, &[&(idx + 1)]),
        subtitle: count_text(invocation.count, lang),
        keys: distinct(&records),
        facts,
        closed_by: closed_by(invocation.reason),
        document: sim.response(idx).map(|response| (MessageId::SectionResponse, format!("{response:#}"))),
        log: log_lines(sim, idx, lang),
        more: invocation.count - records.len() as u32,
        records,
        event: (invocation.environment != NONE).then(|| event::of(sim, idx)),
        judge: (invocation.environment != NONE && invocation.count > 0)
            .then(|| answer::of(sim, idx, typed, lang)),
        tree: tree::of(sim, idx, lang),
        ..Inspect::default()
    }
}

/// The version that an invocation runs, as an object.
fn version_of(sim: &Simulation, invocation: &Invocation) -> Object {
    let function = sim.function_of(invocation) as u16;
    Object::Resource(match invocation.function_version() {
        Version::Latest => Resource::Function(function),
        Version::Published(version) => Resource::Version { function, version },
    })
}

fn mapping_link(mapping: u16, lang: Lang) -> Fact {
    let name = MessageId::MappingNumber.fill(lang, &[&(mapping + 1)]);
    link(MessageId::FactMapping, name, Object::Resource(Resource::Mapping(mapping)))
}

/// The first lines of an invocation, and how many there are more.
fn log_lines(sim: &Simulation, idx: u32, lang: Lang) -> Option<String> {
    let lines = sim.log_lines(idx);
    let mut texts: Vec<&str> = lines.iter().take(LOG_LINES_MAX).map(|line| &*line.text).collect();
    let more = lines.len() - texts.len();
    let more = (more > 0).then(|| MessageId::LogLinesMore.fill(lang, &[&more]));
    texts.extend(more.as_deref());
    (!texts.is_empty()).then(|| texts.join("\n"))
}

/// The keys of some records, each once, in order of appearance.
fn distinct(records: &[Chip]) -> Vec<KeyMark> {
    let mut keys: Vec<KeyMark> = Vec::new();
    for chip in records {
        if !keys.contains(&chip.key) {
            keys.push(chip.key.clone());
        }
    }
    keys
}

/// What closed a batch, in a word or two; `None` of one that is tried again, or a part of one.
#[must_use]
pub fn closed_by(reason: Reason) -> Option<MessageId> {
    match reason {
        Reason::Available => Some(MessageId::ClosedAvailable),
        Reason::Size => Some(MessageId::ClosedSize),
        Reason::Window => Some(MessageId::ClosedWindow),
        Reason::Payload => Some(MessageId::ClosedPayload),
        Reason::ShardEnd => Some(MessageId::ClosedShardEnd),
        Reason::Tumbling => Some(MessageId::ClosedTumbling),
        Reason::Retry | Reason::Bisect | Reason::Remainder | Reason::Redrive => None,
    }
}

fn of_lane(sim: &Simulation, lane_ref: LaneRef, lang: Lang) -> Inspect {
    let lane = sim.lane(lane_ref);
    let mut facts = vec![
        fact(MessageId::FactWaiting, lane.waiting.len()),
        fact(MessageId::FactInFlight, lane.in_hand()),
        link(MessageId::FactShard, shard_id(lane_ref.shard), Object::Shard(lane_ref.shard)),
    ];
    let number = |idx: u32| MessageId::InvocationNumber.fill(lang, &[&(idx + 1)]);
    match lane.state {
        LaneState::Idle => facts.push(fact(MessageId::FactState, MessageId::StateIdle.text(lang))),
        LaneState::Running { invocation } => {
            facts.push(link(MessageId::FactState, number(invocation), Object::Invocation(invocation)));
        }
        LaneState::BackingOff { until, invocation } => {
            let text = MessageId::StateBackingOff.fill(lang, &[&short_clock(until.time())]);
            facts.push(link(MessageId::FactState, text, Object::Invocation(invocation)));
        }
    }
    if let Some(oldest) =
        Some(sim.mapping(lane_ref.mapping).first_open(lane)).filter(|&record| record != NONE)
    {
        let age = SimDuration(sim.now().0 - sim.stream().records.get(oldest).arrival().0);
        let name = format!("{} · {}", record_name(sim, oldest), seconds(age, lang));
        facts.push(link(MessageId::FactOldest, name, Object::Record(oldest)));
    }
    Inspect {
        title: MessageId::BatcherNumber.fill(lang, &[&(u32::from(lane_ref.lane) + 1)]),
        subtitle: MessageId::BatcherSubtitle.text(lang).to_owned(),
        keys: twin::keys(sim, lane_ref),
        facts,
        ..Inspect::default()
    }
}

fn of_shard(sim: &Simulation, idx: u32, lang: Lang) -> Inspect {
    let shard = &sim.stream().shards[idx as usize];
    let mut facts = vec![
        fact(MessageId::FactRecords, sim.stream().held(idx)),
        mono(MessageId::FactRangeStart, shard.range.start()),
        mono(MessageId::FactRangeEnd, shard.range.end()),
    ];
    if let Some(stream) = &sim.scenario().stream {
        facts.push(fact(MessageId::FactRetention, exact_seconds(stream.retention, lang)));
    }
    let parents = shard.parents.iter().filter(|&parent| exists(sim, Object::Shard(parent)));
    facts.extend(parents.map(|parent| shard_link(MessageId::FactParent, parent)));
    let children = explain::children(sim, idx).into_iter().take(CHILDREN_MAX);
    facts.extend(children.map(|child| shard_link(MessageId::FactChild, child)));
    for (mapping, number) in sim.mappings().iter().zip(0u16..).take(MAPPINGS_MAX) {
        let Some(reader) = mapping.readers.get(idx as usize) else { continue };
        let poller = Object::Resource(Resource::Poller { mapping: number, shard: idx });
        let read = some_name(sim, reader.read, lang);
        facts.push(link(MessageId::FactPoller, read, poller));
        let checkpoint = Object::Resource(Resource::Checkpoint { mapping: number, shard: idx });
        let done = some_name(sim, reader.checkpoint, lang);
        facts.push(link(MessageId::FactCheckpoint, done, checkpoint));
        for lane in 0..mapping.lanes_of(idx).len() as u8 {
            let name = MessageId::BatcherNumber.fill(lang, &[&(u32::from(lane) + 1)]);
            let object = Object::Lane(LaneRef { mapping: number, shard: idx, lane });
            facts.push(link(MessageId::FactBatcher, name, object));
        }
    }
    Inspect {
        title: shard_id(idx),
        subtitle: in_language(&sim.scenario().name, lang).to_owned(),
        facts,
        ..Inspect::default()
    }
}

fn shard_link(label: MessageId, shard: u32) -> Fact {
    Fact { mono: true, ..link(label, shard_id(shard), Object::Shard(shard)) }
}

/// A record's name, or that there is none.
fn some_name(sim: &Simulation, record: u32, lang: Lang) -> String {
    match record {
        NONE => MessageId::NoDestination.text(lang).to_owned(),
        record => record_name(sim, record),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;
    use crate::units::SimTime;
    use crate::view::shipped;

    fn at(t: u64) -> Simulation {
        let mut sim = Simulation::new(Scenario::from_json(shipped::FIRST.1).unwrap());
        sim.run_until(SimTime(t));
        sim
    }

    /// Phases as one letter each.
    fn phases(inspect: &Inspect) -> String {
        let letter = |stop: &Stop| match stop.phase {
            Phase::Past => 'p',
            Phase::Now => 'n',
            Phase::Future => 'f',
        };
        inspect.life.iter().map(letter).collect()
    }

    #[test]
    fn what_nobody_handled_has_no_handled_stop() {
        let text = shipped::text_of("report-switched-off").unwrap();
        let mut sim = Simulation::new(Scenario::from_json(text).unwrap());
        sim.run_until(SimTime(2000));
        let titles = |record: u32| -> Vec<String> {
            let inspect = build(&sim, Some(Object::Record(record)), 0, &None, Lang::En);
            inspect.life.iter().skip(4).map(|stop| stop.title.clone()).collect()
        };
        assert_eq!(titles(2), ["Its turn", "Handled, row written", "Done with its whole batch"]);
        // The one that was reported, and one that the handler did not come to.
        assert_eq!(titles(3), ["Its turn", "Done, but never handled"]);
        assert_eq!(titles(6), ["Done, but never handled"]);
    }

    #[test]
    fn an_invocation_shows_what_it_has_logged() {
        let text = shipped::text_of("deploy-1-shard").unwrap();
        let mut sim = Simulation::new(Scenario::from_json(text).unwrap());
        sim.run_until(SimTime(100_000));
        let last = sim.invocations().len() - 10;
        let log = build(&sim, Some(Object::Invocation(last)), 0, &None, Lang::En).log.unwrap();
        let lines: Vec<&str> = log.lines().collect();
        assert!(lines[0].starts_with("START RequestId: ") && lines[0].ends_with(" Version: 2"), "{log}");
        assert!(lines[lines.len() - 1].starts_with("REPORT RequestId: "), "{log}");
    }

    #[test]
    fn the_life_of_a_record() {
        #[track_caller]
        fn check(t: u64, expect: &str, times: &[&str], waits: &[u64]) {
            // Record 1-2, which is put at 1.425 s and handled third of four.
            let inspect = build(&at(t), Some(Object::Record(5)), 0, &None, Lang::En);
            let shown: Vec<&str> = inspect.life.iter().map(|stop| stop.time.as_str()).collect();
            let ms: Vec<u64> = inspect.time.spans.iter().map(|span| span.ms).collect();
            assert_eq!((inspect.title.as_str(), phases(&inspect).as_str()), ("Record 1-2", expect), "{t}");
            assert_eq!(shown[..times.len()], *times, "{t}");
            assert_eq!(ms, waits, "{t}");
        }
        check(1425, "nffffff", &["0:01.4", "", ""], &[]);
        check(1999, "nffffff", &["0:01.4", "", ""], &[574]);
        check(2000, "pppnfff", &["0:01.4", "0:02.0", "0:02.0", "0:02.0", "0:08.0"], &[575]);
        check(9000, "ppppnff", &["0:01.4", "0:02.0", "0:02.0", "0:02.0", "0:08.0"], &[575, 30, 6000, 970]);
        check(
            20_000,
            "ppppppp",
            &["0:01.4", "0:02.0", "0:02.0", "0:02.0", "0:08.0"],
            &[575, 30, 6000, 3000, 3170],
        );
    }

    #[test]
    fn a_record_s_life_is_told_by_the_mapping_that_is_looked_at() {
        let text = shipped::text_of("enhanced-fan-out").unwrap();
        let mut sim = Simulation::new(Scenario::from_json(text).unwrap());
        sim.run_until(sim.scenario().until);
        for (mapping, expect) in [(0, [true, false]), (1, [false, true])] {
            let inspect = build(&sim, Some(Object::Record(0)), mapping, &None, Lang::En);
            assert_eq!(inspect.mappings.iter().map(|&(_, this)| this).collect::<Vec<_>>(), expect);
            let pushed = sim.mapping(mapping).config().is_pushed();
            let read = if pushed { MessageId::LifePushed } else { MessageId::LifeRead };
            assert!(inspect.life.iter().any(|stop| stop.title == read.text(Lang::En)), "{:?}", inspect.life);
            let invoked = inspect.life.iter().find_map(|stop| stop.object);
            let Some(Object::Invocation(invoked)) = invoked else { panic!("an invocation") };
            assert_eq!(sim.invocations().get(invoked).lane.mapping, mapping);
        }
        let pushed = [0, 1].map(|mapping| sim.mapping(mapping).config().is_pushed());
        assert_ne!(pushed[0], pushed[1]);
    }

    #[test]
    fn every_object_has_facts_and_what_is_to_come_says_so() {
        let sim = at(60_000);
        let lane = LaneRef { mapping: 0, shard: 0, lane: 1 };
        for object in [Object::Record(0), Object::Invocation(6), Object::Lane(lane), Object::Shard(0)] {
            let inspect = build(&sim, Some(object), 0, &None, Lang::En);
            assert!(inspect.facts.len() >= 3 && inspect.object == Some(object), "{object:?}");
        }
        let running = build(&sim, Some(Object::Invocation(6)), 0, &None, Lang::En);
        assert_eq!((running.records.len(), running.more), (16, 0));
        for object in [Object::Record(150), Object::Invocation(9), Object::Lane(LaneRef { shard: 1, ..lane })]
        {
            let inspect = build(&sim, Some(object), 0, &None, Lang::Ja);
            assert_eq!(inspect.subtitle, MessageId::NotYet.text(Lang::Ja), "{object:?}");
        }
        assert_eq!(build(&sim, None, 0, &None, Lang::En), Inspect::default());
    }
}
