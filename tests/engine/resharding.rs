//! What holds in every run whose stream is split and merged while it is read, checked from the event log alone.
#![expect(clippy::wildcard_enum_match_arm, reason = "a checker looks at the events it is about")]

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::json;
use shardlab::sim::Simulation;
use shardlab::sim::event_json::EventBody;
use shardlab::units::SimTime;

use crate::generate::read;
use crate::histories::History;
use crate::properties::{brought_to_an_end, check_all, check_counts};
use crate::{run, run_in_chunks};

proptest! {
    // Each case checks one random run of some thousand events with up to 12 commands; 96 take some seconds.
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// P2 to P7 of `properties.rs`, and what [`Checker`] lists.
    #[test]
    fn every_history_keeps_its_promises(history in History::any()) {
        let (sim, _) = history.live(&history.document());
        check_all(&sim)?;
        check_counts(&sim, history.shape.can_fail())?;
        Checker::check(&sim, history.assignment.into());
    }

    /// With time enough and nothing that fails, every record is handled, whatever became of its shard.
    #[test]
    fn every_record_is_handled_in_the_end(history in History::any()) {
        let mut document = history.document();
        document["until"] = 3_000_000.into();
        document["quotas"] = "current".into();
        document["eventSourceMappings"].as_array_mut().unwrap().truncate(1);
        document["eventSourceMappings"][0]["MaximumRecordAgeInSeconds"] = (-1).into();
        document["functions"][0]["Timeout"] = 900.into();
        document["functions"][0]["versions"]["1"]["handler"]["rules"] = serde_json::json!([]);
        let (sim, _) = history.live(&document);
        let summary = sim.summary();
        let counts = &summary.records.per_mapping[0];
        prop_assert_eq!((counts.pending, counts.expired, summary.duplicates), (0, 0, 0));
        Checker::check(&sim, history.assignment.into());
    }
}

proptest! {
    // Each case runs a scenario five times; 48 of them take some seconds.
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Commands given live, commands in the file, twice, in chunks, and after a clone in the middle.
    #[test]
    fn any_way_of_running_gives_one_log(history in History::any(), seed: u64) {
        let document = history.document();
        let (live, commands) = history.live(&document);
        let scenario = History::scenario(&document, &commands);
        let whole = run(&scenario);
        prop_assert_eq!(live.summary(), whole.summary());
        prop_assert!(live.event_lines(0, u32::MAX).eq(whole.event_lines(0, u32::MAX)));
        prop_assert_eq!(run(&scenario).digest(), whole.digest());
        prop_assert_eq!(run_in_chunks(&scenario, seed).summary(), whole.summary());
    }
}

/// Events that a frame has in the test below.
const FRAME_EVENTS: u32 = 1000;

/// 5 000 → 10 000 shards while records arrive and a mapping reads: 5 000 splits, one a millisecond.
#[test]
fn the_largest_reshard_runs_under_traffic() {
    let text = json!({"version": 1, "id": "largest", "until": 30_000, "quotas": {"concurrentExecutions": 1_000_000},
        "stream": {"ShardCount": 5000},
        "producers": [{"type": "rate", "recordsPerSecond": 500, "stopAt": 15_000, "keys": {"count": 5000}}],
        "functions": [{"FunctionName": "f", "versions": {"1": {"handler": {"perInvocation": 20}}}}],
        "eventSourceMappings": [{"EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s",
            "FunctionName": "f", "StartingPosition": "TRIM_HORIZON"}],
        "commands": [{"at": 2000, "service": "kinesis", "operation": "UpdateShardCount",
            "request": {"StreamName": "s", "TargetShardCount": 10_000, "ScalingType": "UNIFORM_SCALING"}}],
        "model": {"reshardStep": 1, "shardAssignment": 1000}});
    let scenario = read(&text);
    let mut sim = Simulation::new(scenario.clone());
    // As a page does: so many events a frame, and no frame does more than that and one ms, the one with the call and
    // its plan included.
    sim.run_until(SimTime(1999));
    let (mut frames, mut most) = (0, 0);
    while sim.now() < scenario.until {
        let before = sim.log().count();
        sim.run_bounded(scenario.until, FRAME_EVENTS);
        most = most.max(sim.log().count() - before);
        frames += u32::from(sim.now() <= SimTime(7000));
    }
    // An ms has a step of three events; at whole seconds polls and hand-overs of what arrived in one are as many more.
    assert!(most < FRAME_EVENTS + 3 + 4 * 500, "{most}");
    assert!(frames >= 3 * 5000 / (FRAME_EVENTS + 2003), "{frames} frames");
    assert_eq!((sim.stream().open_shards().len(), sim.stream().shards.len()), (10_000, 15_000));
    let counts = &sim.summary().records.per_mapping[0];
    assert_eq!((counts.succeeded, counts.pending), (7500, 0));
    check_all(&sim).unwrap();
}

/// The pages of one command are not refused for being too many a second; its first call counts like any other, and
/// what asks for pages by itself is limited as before.
#[test]
fn a_command_shows_all_pages_however_many() {
    #[track_caller]
    fn shown(sim: &Simulation, command: usize) -> serde_json::Value {
        let outcome = sim.done()[command].outcome.as_ref().unwrap();
        assert_eq!(outcome.stderr, "");
        serde_json::from_str(&outcome.stdout).unwrap()
    }
    let describe = "aws kinesis describe-stream --stream-name s";
    let mut commands = vec![json!({"at": 1000, "cli": describe}); 11];
    commands.push(json!({"at": 1000, "cli": "aws kinesis list-streams"}));
    let text = json!({"version": 1, "id": "pages", "until": 1000, "stream": {"ShardCount": 1500},
        "commands": commands});
    let sim = run(&read(&text));
    for command in 0..10 {
        let shards = shown(&sim, command)["StreamDescription"]["Shards"].as_array().unwrap().len();
        assert_eq!(shards, 1500);
    }
    let eleventh = sim.done()[10].outcome.as_ref().unwrap();
    assert!(eleventh.stderr.contains("LimitExceededException"), "{eleventh:?}");
    assert_eq!(shown(&sim, 11)["StreamNames"], json!(["s"]), "another operation's calls");

    // 501 streams and the scenario's own are six pages, of which five a second are allowed.
    let create = |number: u64| {
        let request = json!({"StreamName": format!("s{number}"), "ShardCount": 1});
        json!({"at": number * 200, "service": "kinesis", "operation": "CreateStream", "request": request})
    };
    let mut commands: Vec<_> = (0..501).map(create).collect();
    commands.push(json!({"at": 200_000, "cli": "aws kinesis list-streams"}));
    let text = json!({"version": 1, "id": "pages", "until": 200_000, "model": {"reshardStep": 1},
        "stream": {"ShardCount": 1}, "commands": commands});
    let sim = run(&read(&text));
    assert_eq!(shown(&sim, 501)["StreamNames"].as_array().unwrap().len(), 502);
}

/// An on-demand stream splits its hot shards by itself, again and again while a hot key stays hot; the mapping
/// follows from generation to generation.
#[test]
fn an_on_demand_stream_grows_under_a_hot_key() {
    let text = json!({"version": 1, "id": "growing", "until": 400_000,
        "stream": {"StreamModeDetails": {"StreamMode": "ON_DEMAND"}},
        "producers": [{"type": "rate", "recordsPerSecond": 15, "stopAt": 300_000, "size": {"min": 50_000, "max": 50_000},
            "keys": {"distribution": "hot", "count": 20, "hotShare": 0.9}}],
        "functions": [{"FunctionName": "f", "versions": {"1": {"handler": {"perRecord": 5}}}}],
        "eventSourceMappings": [{"EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s",
            "FunctionName": "f", "StartingPosition": "TRIM_HORIZON", "ParallelizationFactor": 2}]});
    let sim = run(&read(&text));
    // Looked at each minute, split half a minute later, counted anew from then on: 60, 150, 240 s, then no more puts.
    let closed: Vec<u64> = sim.stream().shards.iter().filter_map(|shard| Some(shard.closed?.at.0)).collect();
    assert_eq!(closed, [90_000, 180_000, 270_000]);
    assert_eq!(sim.stream().open_shards().len(), 7);
    assert_eq!(sim.summary().records.per_mapping[0].pending, 0);
    Checker::check(&sim, 10_000);
}

/// What is known of a shard from the log.
#[derive(Debug)]
struct KnownShard {
    range: (u128, u128),
    starting: String,
    ending: Option<String>,
    parents: Vec<String>,
    closed_at: Option<u64>,
    /// Number of the last record put.
    last: String,
    /// Records that the mapping has to handle and has not.
    left: BTreeSet<u32>,
    /// When the last of them was done.
    done_at: u64,
    polled: bool,
    checkpoint: String,
}

/// Reads the log of a run in order, for one mapping after the other, and checks:
///
/// - P8: at every moment open shards tile all hash keys, and a record goes to the open shard that holds its hash
///   key; a closed shard takes none.
/// - P9: sequence numbers rise within a shard and from parents to children.
/// - P10: no record of a child is read or handed over before all its parents are closed and all their records are
///   done, and none before the assignment tick that follows.
/// - P11: an invocation's records are of its shard, and a key of a shard is always in one lane.
/// - P12: a record is done once, and the shard's checkpoint rises.
/// - P13: a stream's statuses follow each other.
struct Checker<'a> {
    sim: &'a Simulation,
    mapping: u16,
    tick: u64,
    shards: BTreeMap<String, KnownShard>,
    records: BTreeMap<u32, (String, String)>,
    lanes: BTreeMap<(String, String), u8>,
    status: &'static str,
    enabled_at: Option<u64>,
    untiled: bool,
}

impl<'a> Checker<'a> {
    fn check(sim: &'a Simulation, tick: u64) {
        (0..sim.mappings().len() as u16).for_each(|mapping| Self::check_mapping(sim, mapping, tick));
    }

    fn check_mapping(sim: &'a Simulation, mapping: u16, tick: u64) {
        let mut checker = Self {
            sim,
            mapping,
            tick,
            shards: BTreeMap::new(),
            records: BTreeMap::new(),
            lanes: BTreeMap::new(),
            status: "ACTIVE",
            enabled_at: None,
            untiled: false,
        };
        for line in sim.event_lines(0, u32::MAX) {
            checker.look(line.t, line.body);
        }
        // Where nothing is left the checkpoint stands at the last record.
        for (id, shard) in &checker.shards {
            let started = shard.last == shard.starting || shard.done_at == 0;
            assert!(started || !shard.left.is_empty() || shard.checkpoint == shard.last, "{id}");
        }
    }

    fn look(&mut self, t: u64, body: EventBody) {
        if self.untiled && !matches!(body, EventBody::ShardOpened { .. } | EventBody::ShardClosed { .. }) {
            self.tiled(t);
        }
        match body {
            EventBody::StreamStatus { from, to, .. } => {
                assert_eq!(from, std::mem::replace(&mut self.status, to));
            }
            EventBody::ShardOpened { .. } => self.opened(body),
            EventBody::ShardClosed { shard_id, ending_sequence_number, .. } => {
                assert_eq!(self.status, "UPDATING");
                let shard = self.shards.get_mut(&shard_id).unwrap();
                assert!(shard.last < ending_sequence_number && shard.starting < ending_sequence_number);
                assert_eq!(shard.ending.replace(ending_sequence_number), None);
                shard.closed_at = Some(t);
                self.untiled = true;
            }
            EventBody::RecordPut { record, shard_id, sequence_number, partition_key, hash_key, .. } => {
                let first = self.sim.mapping(self.mapping).first;
                let counted = self.enabled_at.is_none() || record >= first;
                let shard = self.shards.get_mut(&shard_id).unwrap();
                assert_eq!(shard.ending, None, "{shard_id} is closed");
                let hash_key: u128 = hash_key.parse().unwrap();
                assert!(shard.range.0 <= hash_key && hash_key <= shard.range.1);
                assert!(shard.starting < sequence_number && shard.last < sequence_number);
                shard.last = sequence_number;
                if counted && record >= first {
                    shard.left.insert(record);
                }
                self.records.insert(record, (shard_id, partition_key));
            }
            EventBody::MappingState { mapping, to: "Enabled", .. } if mapping == self.mapping => {
                self.enabled_at = Some(t);
            }
            EventBody::RecordsPolled { mapping, shard_id, .. } if mapping == self.mapping => {
                self.polled(t, &shard_id);
            }
            EventBody::InvocationStarted { mapping, shard_id, lane: Some(lane), records, .. }
                if mapping == self.mapping =>
            {
                assert!(self.shards[&shard_id].polled);
                self.parents_done(&shard_id);
                for record in records {
                    let (shard, key) = &self.records[&record];
                    assert_eq!(*shard, shard_id);
                    let always = *self.lanes.entry((shard_id.clone(), key.clone())).or_insert(lane);
                    assert_eq!(always, lane, "lane of {key} in {shard_id}");
                }
            }
            EventBody::InvocationEnded { invocation, .. } => {
                let stored = self.sim.invocations().get(invocation);
                if stored.lane.mapping == self.mapping {
                    let count = brought_to_an_end(&stored) as usize;
                    self.done(t, self.sim.batch(invocation).take(count));
                }
            }
            EventBody::RecordsDiscarded { mapping, records, .. } if mapping == self.mapping => {
                self.done(t, records.into_iter());
            }
            EventBody::CheckpointMoved { mapping, shard_id, sequence_number } if mapping == self.mapping => {
                let shard = self.shards.get_mut(&shard_id).unwrap();
                assert!(shard.checkpoint < sequence_number, "the checkpoint went back");
                shard.checkpoint = sequence_number;
            }
            _ => {}
        }
    }

    fn done(&mut self, t: u64, records: impl Iterator<Item = u32>) {
        for record in records {
            let shard = self.shards.get_mut(&self.records[&record].0).unwrap();
            assert!(shard.left.remove(&record), "record {record} is done twice");
            shard.done_at = t;
        }
    }

    fn opened(&mut self, body: EventBody) {
        let EventBody::ShardOpened {
            shard_id,
            parent_shard_id,
            adjacent_parent_shard_id,
            starting_hash_key,
            ending_hash_key,
            starting_sequence_number,
            ..
        } = body
        else {
            return;
        };
        let parents: Vec<String> = parent_shard_id.into_iter().chain(adjacent_parent_shard_id).collect();
        for parent in &parents {
            let parent = &self.shards[parent];
            assert!(*parent.ending.as_ref().unwrap() < starting_sequence_number);
        }
        let shard = KnownShard {
            range: (starting_hash_key.parse().unwrap(), ending_hash_key.parse().unwrap()),
            last: starting_sequence_number.clone(),
            starting: starting_sequence_number,
            ending: None,
            parents,
            closed_at: None,
            left: BTreeSet::new(),
            done_at: 0,
            polled: false,
            checkpoint: String::new(),
        };
        assert!(self.shards.insert(shard_id, shard).is_none());
        self.untiled = true;
    }

    fn tiled(&mut self, t: u64) {
        let mut open: Vec<(u128, u128)> =
            self.shards.values().filter(|shard| shard.ending.is_none()).map(|shard| shard.range).collect();
        open.sort_unstable();
        assert_eq!((open[0].0, open[open.len() - 1].1), (0, u128::MAX), "at {t}");
        for pair in open.windows(2) {
            assert_eq!(pair[0].1 + 1, pair[1].0, "at {t}");
        }
        self.untiled = false;
    }

    fn parents_done(&self, shard: &str) {
        for parent in &self.shards[shard].parents {
            let known = &self.shards[parent];
            assert!(known.ending.is_some() && known.left.is_empty(), "{shard} before its parent {parent}");
            self.parents_done(parent);
        }
    }

    /// When a shard's last record was done, and it was closed; only what came after the mapping's start counts.
    fn finished_at(&self, shard: &str) -> u64 {
        let known = &self.shards[shard];
        let own = known.done_at.max(known.closed_at.unwrap());
        known.parents.iter().map(|parent| self.finished_at(parent)).fold(own, u64::max)
    }

    fn polled(&mut self, t: u64, shard_id: &str) {
        self.parents_done(shard_id);
        let shard = &self.shards[shard_id];
        let enabled_at = self.enabled_at.expect("an enabled mapping");
        if !shard.polled && !shard.parents.is_empty() {
            let finished = shard.parents.iter().map(|parent| self.finished_at(parent)).max().unwrap();
            let tick = (finished / self.tick + 1) * self.tick;
            assert!(t >= tick || finished <= enabled_at + 2000, "{shard_id} polled at {t}, tick {tick}");
        }
        self.shards.get_mut(shard_id).unwrap().polled = true;
    }
}
