//! The stream: its shards, what can be done with them, and where a partition key goes.
//!
//! What a control does is an `aws kinesis …` line; whether it is right is for AWS's own answer to say.

use super::lineage::{self, Lineage};
use super::log::short_shard;
use crate::kinesis::reshard::Step;
use crate::kinesis::stream::shard_id;
use crate::kinesis::{HashKey, HashKeyRange, ShardState, Stream as Simulated, StreamMode, StreamStatus};
use crate::lang::Lang;
use crate::quota;
use crate::sim::Simulation;
use crate::units::SimDuration;
use crate::view::console::line;
use crate::view::number::{clock, exact_seconds, hash_percent};
use crate::view::text::MessageId;

/// Open shards listed, at most.
const OPEN_MAX: usize = 60;
/// Closed and expired shards listed, at most.
const CLOSED_MAX: usize = 40;
/// Steps of a plan listed, at most.
const STEPS_MAX: usize = 12;
/// Open shards that are drawn on the bar, at most.
const SEGMENTS_MAX: usize = 100;
/// Parents and children named, at most.
const RELATIVES_MAX: usize = 8;

/// What was chosen and typed in the panel.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fields {
    /// The stream, by index.
    pub stream: u16,
    /// The shard whose details show.
    pub shard: Option<u32>,
    /// The number of shards to go to; `None` for the one proposed.
    pub target: Option<String>,
    /// Where the shard is to be split; `None` for its middle.
    pub split_at: Option<String>,
    /// The partition key whose place is looked for.
    pub key: String,
}

/// The panel.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stream {
    /// All streams to choose from, if there are several: index and name.
    pub streams: Vec<(u16, String)>,
    /// The one that is shown.
    pub stream: u16,
    /// `StreamName`.
    pub name: String,
    /// Whether it is there.
    pub there: bool,
    /// Status, mode, open shards, retention.
    pub facts: Vec<(MessageId, String)>,
    /// The open shards on the bar: first and end, in thousandths of all hash keys; none where there are too many.
    pub segments: Vec<(u32, u32)>,
    /// Open shards, in order of their hash keys; then the others, the latest first.
    pub groups: [Group; 2],
    /// Which shard came from which, once something was resharded.
    pub lineage: Option<Lineage>,
    /// The change of the number of shards.
    pub target: Target,
    /// Where the partition key goes.
    pub key: Key,
}

/// Shards of a kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    /// Shards listed.
    pub rows: Vec<Row>,
    /// All there are.
    pub count: usize,
}

/// A shard.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its index.
    pub shard: u32,
    /// Its short name.
    pub name: String,
    /// Its range: `25–50 %`.
    pub range: String,
    /// The same, in thousandths.
    pub place: (u32, u32),
    /// OPEN, CLOSED or EXPIRED.
    pub state: MessageId,
    /// Records it holds.
    pub held: String,
    /// Its details, where they show.
    pub details: Option<Details>,
}

/// More about a shard.
#[derive(Clone, Debug, PartialEq)]
pub struct Details {
    /// What there is to know.
    pub facts: Vec<(MessageId, String)>,
    /// How it can be split, if it is open.
    pub split: Option<Split>,
    /// How it can be merged, if it is open and has a right neighbor.
    pub merge: Option<Merge>,
}

/// The split of a shard.
#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    /// First hash key of the upper child, as it stands in the field.
    pub at: String,
    /// The line that splits there.
    pub line: String,
}

/// The merge of a shard with its right neighbor.
#[derive(Clone, Debug, PartialEq)]
pub struct Merge {
    /// The neighbor's short name.
    pub with: String,
    /// The line that merges.
    pub line: String,
}

/// The change of the number of shards.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Target {
    /// What stands in the field.
    pub text: String,
    /// The line that goes there.
    pub line: String,
    /// What would happen, or why nothing can, in a sentence; empty where no shard is open.
    pub summary: String,
    /// The steps: what, and open shards after it.
    pub steps: Vec<(String, String)>,
    /// Steps that are not listed.
    pub more: usize,
}

/// A partition key that was typed.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Key {
    /// None was.
    #[default]
    None,
    /// AWS takes none that is as long, in words.
    TooLong(String),
    /// Where it goes.
    Place(KeyPlace),
}

/// Where a partition key goes.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyPlace {
    /// Its MD5, 32 hex digits.
    pub md5: String,
    /// The same as a number: its hash key.
    pub hash_key: String,
    /// Its place: `76.9 %`.
    pub percent: String,
    /// The same, in thousandths.
    pub place: u32,
    /// The shard, in words; empty where no shard is open.
    pub shard: String,
}

/// The panel as of the playhead; `ahead` is the same run, later.
#[must_use]
pub fn build((sim, ahead): (&Simulation, &Simulation), mapping: u16, fields: &Fields, lang: Lang) -> Stream {
    let all = &sim.kinesis().streams;
    let streams = (0u16..).zip(all).filter(|(_, stream)| stream.status != StreamStatus::Absent);
    let streams: Vec<(u16, String)> = streams.map(|(idx, stream)| (idx, stream.name.clone())).collect();
    let chosen = streams.iter().any(|&(idx, _)| idx == fields.stream);
    let idx = if chosen { fields.stream } else { streams.first().map_or(0, |&(idx, _)| idx) };
    let stream = &all[usize::from(idx)];
    let there = stream.status != StreamStatus::Absent;
    let several = streams.len() > 1;
    Stream {
        streams: if several { streams } else { Vec::new() },
        stream: idx,
        name: stream.name.clone(),
        there,
        facts: if there { facts(stream, lang) } else { Vec::new() },
        segments: segments(stream),
        groups: groups(sim, stream, fields),
        lineage: if there { lineage((sim, ahead), idx, mapping, lang) } else { None },
        target: target(sim, idx, fields, lang),
        key: key(stream, &fields.key, lang),
    }
}

fn lineage((sim, ahead): (&Simulation, &Simulation), idx: u16, mapping: u16, lang: Lang) -> Option<Lineage> {
    let stream = sim.stream_at(idx);
    // A mapping reads the scenario's stream.
    let mapping = sim.mappings().get(usize::from(mapping)).filter(|_| idx == 0);
    let state = |shard| stream.shard_state(shard, sim.now());
    lineage::build((stream, ahead.stream_at(idx)), mapping, state, lang)
}

fn facts(stream: &Simulated, lang: Lang) -> Vec<(MessageId, String)> {
    let hours = stream.retention().0 / SimDuration::from_hours(1).0;
    vec![
        (MessageId::FactStatus, stream.status.name().to_owned()),
        (MessageId::FactMode, stream.mode.name().to_owned()),
        (MessageId::OpenShards, stream.open_shards().len().to_string()),
        (MessageId::FactRetention, MessageId::Hours.fill(lang, &[&hours])),
    ]
}

/// The place of a hash key, in thousandths of all.
fn thousandth(key: u128) -> u32 {
    (((key >> 64) * 1000) >> 64) as u32
}

/// Start and end of a range, in thousandths of all hash keys.
fn place(range: HashKeyRange) -> (u32, u32) {
    let end = range.end().0.checked_add(1);
    (thousandth(range.start().0), end.map_or(1000, thousandth))
}

fn range_text(range: HashKeyRange) -> String {
    let percent = |thousandths: u32| match (thousandths / 10, thousandths % 10) {
        (whole, 0) => whole.to_string(),
        (whole, tenth) => format!("{whole}.{tenth}"),
    };
    let (start, end) = place(range);
    format!("{}–{} %", percent(start), percent(end))
}

fn segments(stream: &Simulated) -> Vec<(u32, u32)> {
    let open = stream.open_shards();
    if open.len() > SEGMENTS_MAX {
        return vec![(0, 1000)];
    }
    open.iter().map(|&shard| place(stream.shards[shard as usize].range)).collect()
}

fn groups(sim: &Simulation, stream: &Simulated, fields: &Fields) -> [Group; 2] {
    let open = stream.open_shards();
    let row = |&shard: &u32| row(sim, stream, shard, fields);
    let listed = |(shard, each): (u32, &crate::kinesis::shard::Shard)| {
        (!each.is_open() && !each.unlisted).then_some(shard)
    };
    let mut closed: Vec<u32> = (0..).zip(&stream.shards).filter_map(listed).collect();
    closed.reverse();
    [
        Group { rows: open.iter().take(OPEN_MAX).map(row).collect(), count: open.len() },
        Group { rows: closed.iter().take(CLOSED_MAX).map(row).collect(), count: closed.len() },
    ]
}

fn row(sim: &Simulation, stream: &Simulated, shard: u32, fields: &Fields) -> Row {
    let range = stream.shards[shard as usize].range;
    let state = match stream.shard_state(shard, sim.now()) {
        ShardState::Open => MessageId::ShardOpen,
        ShardState::Closed => MessageId::ShardClosed,
        ShardState::Expired => MessageId::ShardExpired,
    };
    Row {
        shard,
        name: short_shard(shard),
        range: range_text(range),
        place: place(range),
        state,
        held: stream.held(shard).to_string(),
        details: (fields.shard == Some(shard)).then(|| details(stream, shard, fields)),
    }
}

fn details(stream: &Simulated, shard: u32, fields: &Fields) -> Details {
    let each = &stream.shards[shard as usize];
    let mut facts = vec![
        (MessageId::FactShardId, shard_id(shard)),
        (MessageId::FactRangeStart, each.range.start().to_string()),
        (MessageId::FactRangeEnd, each.range.end().to_string()),
    ];
    let mut relatives = |label, shards: &mut dyn Iterator<Item = u32>| {
        let mut names: Vec<String> = shards.take(RELATIVES_MAX + 1).map(short_shard).collect();
        if names.len() > RELATIVES_MAX {
            names[RELATIVES_MAX] = "…".to_owned();
        }
        if !names.is_empty() {
            facts.push((label, names.join(", ")));
        }
    };
    relatives(MessageId::FactParents, &mut each.parents.iter());
    relatives(MessageId::FactChildren, &mut stream.children(shard));
    facts.push((MessageId::FactOpened, clock(each.opened)));
    facts.extend(each.closed.map(|closed| (MessageId::FactClosed, clock(closed.at))));
    facts.push((MessageId::FactStartingNumber, stream.starting_sequence_number_text(shard)));
    let ending = stream.ending_sequence_number_text(shard);
    facts.extend(ending.map(|ending| (MessageId::FactEndingNumber, ending)));
    let open = each.is_open();
    Details {
        facts,
        split: open.then(|| split(stream, shard, fields)),
        merge: if open { merge(stream, shard) } else { None },
    }
}

fn split(stream: &Simulated, shard: u32, fields: &Fields) -> Split {
    let range = stream.shards[shard as usize].range;
    let (start, end) = (range.start().0, range.end().0);
    // The first key of the upper half, so that both are of the same width.
    let middle = start + (end - start).div_ceil(2);
    let at = fields.split_at.clone().unwrap_or_else(|| middle.to_string());
    let options = [
        ("stream-name", stream.name.as_str()),
        ("shard-to-split", &shard_id(shard)),
        ("new-starting-hash-key", at.trim()),
    ];
    let line = line("split-shard", &options);
    Split { at, line }
}

fn merge(stream: &Simulated, shard: u32) -> Option<Merge> {
    let open = stream.open_shards();
    let place = open.iter().position(|&each| each == shard)?;
    let &neighbor = open.get(place + 1)?;
    let options = [
        ("stream-name", stream.name.as_str()),
        ("shard-to-merge", &shard_id(shard)),
        ("adjacent-shard-to-merge", &shard_id(neighbor)),
    ];
    Some(Merge { with: short_shard(neighbor), line: line("merge-shards", &options) })
}

fn target(sim: &Simulation, idx: u16, fields: &Fields, lang: Lang) -> Target {
    let stream = sim.stream_at(idx);
    let open = stream.open_shards().len() as u32;
    let allowed = sim.kinesis().shard_count_targets(open);
    let text = fields.target.clone().unwrap_or_else(|| allowed.end().to_string());
    let options = [
        ("stream-name", stream.name.as_str()),
        ("target-shard-count", text.trim()),
        ("scaling-type", "UNIFORM_SCALING"),
    ];
    let line = line("update-shard-count", &options);
    let target = Target { text, line, ..Target::default() };
    let wanted = target.text.trim().parse::<u32>().ok().filter(|wanted| allowed.contains(wanted));
    let summary = if stream.status == StreamStatus::Updating {
        MessageId::PlanWait.text(lang).to_owned()
    } else if stream.mode == StreamMode::OnDemand {
        MessageId::PlanOnDemand.text(lang).to_owned()
    } else if open == 0 {
        String::new()
    } else if let Some(wanted) = wanted {
        return planned(sim, idx, wanted, target, lang);
    } else if allowed.is_empty() {
        MessageId::PlanImpossible.text(lang).to_owned()
    } else {
        MessageId::PlanAllowed.fill(lang, &[allowed.start(), allowed.end()])
    };
    Target { summary, ..target }
}

/// What going to `wanted` shards would do.
fn planned(sim: &Simulation, idx: u16, wanted: u32, target: Target, lang: Lang) -> Target {
    let (planned, preview) = sim.kinesis().plan_shard_count(idx.into(), wanted);
    let time = SimDuration(sim.kinesis().dials.reshard_step.0 * planned.len() as u64);
    let summary = if planned.is_empty() {
        MessageId::PlanNothing.fill(lang, &[&wanted])
    } else {
        let time = exact_seconds(time, lang);
        let arguments: [&dyn std::fmt::Display; 4] =
            [&preview.splits, &preview.merges, &preview.open_max, &time];
        MessageId::PlanSummary.fill(lang, &arguments)
    };
    let mut steps = Vec::new();
    let mut next = sim.stream_at(idx).shards.len() as u32;
    for (step, after) in planned.iter().zip(&preview.open_after).take(STEPS_MAX) {
        steps.push((step_text(*step, &mut next, lang), MessageId::PlanOpen.fill(lang, &[after])));
    }
    Target { summary, steps, more: planned.len().saturating_sub(STEPS_MAX), ..target }
}

/// A step in words; its new shards have the numbers from `next` on.
fn step_text(step: Step, next: &mut u32, lang: Lang) -> String {
    let first = *next;
    match step {
        Step::Split { shard, at } => {
            *next += 2;
            let arguments: [&dyn std::fmt::Display; 4] = [&shard, &hash_percent(at.0), &first, &(first + 1)];
            MessageId::PlanSplit.fill(lang, &arguments)
        }
        Step::Merge { lower, upper } => {
            *next += 1;
            MessageId::PlanMerge.fill(lang, &[&lower, &upper, &first])
        }
    }
}

fn key(stream: &Simulated, key: &str, lang: Lang) -> Key {
    let most = quota::PARTITION_KEY_CHARS_MAX;
    match key.chars().count() {
        0 => Key::None,
        chars if chars > most as usize => Key::TooLong(MessageId::KeyTooLong.fill(lang, &[&most, &chars])),
        _ => Key::Place(key_place(stream, key, lang)),
    }
}

fn key_place(stream: &Simulated, key: &str, lang: Lang) -> KeyPlace {
    let hash_key = HashKey::of_partition_key(key.as_bytes());
    let shard = if stream.open_shards().is_empty() {
        String::new()
    } else {
        let shard = stream.route(hash_key);
        let range = range_text(stream.shards[shard as usize].range);
        MessageId::KeyShard.fill(lang, &[&short_shard(shard), &range])
    };
    KeyPlace {
        md5: format!("{:032x}", hash_key.0),
        hash_key: hash_key.to_string(),
        percent: hash_percent(hash_key.0),
        place: thousandth(hash_key.0),
        shard,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::scenario::Scenario;
    use crate::units::SimTime;

    fn at(text: &str, t: u64) -> Simulation {
        let mut sim = Simulation::new(Scenario::from_json(text).unwrap());
        sim.run_until(SimTime(t));
        sim
    }

    const TWO_TO_FOUR: &str = include_str!("../../../www/scenarios/reshard-2-to-4.json");

    fn built(t: u64, fields: &Fields) -> Stream {
        build((&at(TWO_TO_FOUR, t), &at(TWO_TO_FOUR, 240_000)), 0, fields, Lang::En)
    }

    #[test]
    fn shards_before_and_after_a_reshard() {
        let early = built(0, &Fields::default());
        let rows = |panel: &Stream, group: usize| -> Vec<String> {
            let text = |row: &Row| format!("{} {} {}", row.name, row.range, row.state.text(Lang::En));
            panel.groups[group].rows.iter().map(text).collect()
        };
        assert_eq!(rows(&early, 0), ["shard-…000 0–50 % OPEN", "shard-…001 50–100 % OPEN"]);
        assert_eq!((early.segments.as_slice(), early.streams.len()), (&[(0, 500), (500, 1000)][..], 0));
        let facts: Vec<&str> = early.facts.iter().map(|(_, value)| value.as_str()).collect();
        assert_eq!(facts, ["ACTIVE", "PROVISIONED", "2", "24 h"]);
        let fields = Fields { shard: Some(0), ..Fields::default() };
        let late = built(240_000, &fields);
        assert_eq!(rows(&late, 1), ["shard-…001 50–100 % CLOSED", "shard-…000 0–50 % CLOSED"]);
        let details = late.groups[1].rows[1].details.as_ref().unwrap();
        let value = |label| details.facts.iter().find(|fact| fact.0 == label).map(|fact| fact.1.as_str());
        assert_eq!(value(MessageId::FactChildren), Some("shard-…002, shard-…003"));
        assert_eq!(value(MessageId::FactParents), None);
        assert_eq!(
            value(MessageId::FactEndingNumber),
            Some("49567765304005334770507617359803006622437488738042904578")
        );
        assert!(details.split.is_none() && details.merge.is_none());
    }

    #[test]
    fn an_open_shard_can_be_split_and_merged() {
        let fields = Fields { shard: Some(0), ..Fields::default() };
        let panel = built(0, &fields);
        let details = panel.groups[0].rows[0].details.clone().unwrap();
        let split = details.split.unwrap();
        assert_eq!(split.at, (1u128 << 126).to_string());
        assert_eq!(
            split.line,
            "aws kinesis split-shard --stream-name foo --shard-to-split shardId-000000000000 \
             --new-starting-hash-key 85070591730234615865843651857942052864"
        );
        assert_eq!(
            details.merge.unwrap().line,
            "aws kinesis merge-shards --stream-name foo --shard-to-merge shardId-000000000000 \
             --adjacent-shard-to-merge shardId-000000000001"
        );
        let fields = Fields { shard: Some(1), split_at: Some(" x y".into()), ..Fields::default() };
        let panel = built(0, &fields);
        let details = panel.groups[0].rows[1].details.clone().unwrap();
        assert!(details.merge.is_none(), "the last shard has no neighbor");
        assert!(details.split.unwrap().line.ends_with("--new-starting-hash-key 'x y'"));
    }

    /// The middle of all hash keys is 2^127, and of two keys the second.
    #[test]
    fn halves_are_of_the_same_width() {
        for (start, end, middle) in [(0u128, u128::MAX, 1 << 127), (6, 7, 7), (6, 8, 7), (6, 6, 6)] {
            assert_eq!(start + (end - start).div_ceil(2), middle, "{start}..={end}");
        }
    }

    #[test]
    fn a_plan_is_shown_before_it_is_asked_for() {
        #[track_caller]
        fn check(target: &str, summary: &str, steps: &[&str], more: usize) {
            let fields = Fields { target: Some(target.into()), ..Fields::default() };
            let panel = built(0, &fields);
            let shown: Vec<String> =
                panel.target.steps.iter().map(|(what, open)| format!("{what}; {open}")).collect();
            assert_eq!((panel.target.summary.as_str(), panel.target.more), (summary, more), "{target}");
            assert_eq!(&shown[..shown.len().min(steps.len())], steps, "{target}");
        }
        check(
            "3",
            "Splits: 2, merges: 1; at most 4 shards open; about 90 s",
            &[
                "Split 0 at 33.3 % → 2 + 3; 3 open",
                "Split 1 at 66.6 % → 4 + 5; 4 open",
                "Merge 3 + 4 → 6; 3 open",
            ],
            0,
        );
        check("2", "Nothing to do: the stream has 2 equal shards.", &[], 0);
        let allowed = "Type a whole number from 1 to 4: half to double the open shards, within the quota.";
        for not_allowed in ["", " ", "0", "-1", "1.5", "abc", "5", "10001", "99999999999"] {
            check(not_allowed, allowed, &[], 0);
        }
        let waiting = built(100_000, &Fields::default());
        assert!(waiting.target.summary.contains("UPDATING") && waiting.target.steps.is_empty());
    }

    #[test]
    fn the_numbers_that_can_be_gone_to_are_told() {
        #[track_caller]
        fn check(stream: &Value, text: Option<&str>, field: &str, summary: &str) {
            let scenario = json!({"version": 1, "id": "x", "until": 1000, "stream": stream});
            let sim = at(&scenario.to_string(), 0);
            let fields = Fields { target: text.map(str::to_owned), ..Fields::default() };
            let target = build((&sim, &sim), 0, &fields, Lang::En).target;
            assert_eq!((target.text.as_str(), target.steps.len()), (field, 0));
            assert_eq!(target.summary, summary);
        }
        let allowed = |from, to| {
            format!(
                "Type a whole number from {from} to {to}: half to double the open shards, within the quota."
            )
        };
        check(&json!({"ShardCount": 5}), Some("2"), "2", &allowed(3, 10));
        check(&json!({"ShardCount": 5}), Some("5"), "5", "Nothing to do: the stream has 5 equal shards.");
        check(&json!({"ShardCount": 6000}), Some("10001"), "10001", &allowed(3000, 10_000));
        let on_demand = json!({"StreamModeDetails": {"StreamMode": "ON_DEMAND"}});
        check(&on_demand, None, "8", "AWS itself sets the number of shards of an on-demand stream.");
    }

    #[test]
    fn more_steps_than_are_listed_are_counted() {
        let scenario = json!({"version": 1, "id": "x", "until": 1000, "stream": {"ShardCount": 50}});
        let sim = at(&scenario.to_string(), 0);
        let target = build((&sim, &sim), 0, &Fields::default(), Lang::En).target;
        assert_eq!((target.text.as_str(), target.steps.len(), target.more), ("100", 12, 38));
        assert_eq!(target.summary, "Splits: 50, merges: 0; at most 100 shards open; about 1500 s");
    }

    #[test]
    fn a_key_has_at_most_256_characters() {
        #[track_caller]
        fn check(key: &str, expect: Option<&str>) {
            let fields = Fields { key: key.into(), ..Fields::default() };
            match (built(0, &fields).key, expect) {
                (Key::Place(_), None) => {}
                (Key::TooLong(text), Some(expect)) => assert_eq!(text, expect),
                (found, _) => panic!("{found:?}"),
            }
        }
        check(&"k".repeat(256), None);
        check(&"キ".repeat(256), None);
        let text = "AWS takes a partition key of at most 256 characters; this one has 257.";
        check(&"k".repeat(257), Some(text));
        assert_eq!(built(0, &Fields::default()).key, Key::None);
    }

    /// MD5 of "1": c4ca4238…; article C's first key.
    #[test]
    fn a_key_has_its_place() {
        let fields = Fields { key: "1".into(), ..Fields::default() };
        let Key::Place(key) = built(0, &fields).key else { panic!("it has a place") };
        assert_eq!(key.md5, "c4ca4238a0b923820dcc509a6f75849b");
        assert_eq!(key.hash_key, "261578874264819908609102035485573088411");
        assert_eq!((key.percent.as_str(), key.place), ("76.8 %", 768));
        assert_eq!(key.shard, "shard-…001 (50–100 %)");
    }
}
