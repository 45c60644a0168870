//! The simulation: one scenario, one clock, one log.
//!
//! [`Simulation`] owns all state and is the only place that schedules and records. The passive modules
//! `kinesis` and `lambda` decide; this one makes it happen, in the order of [`agenda`]:
//!
//! ```text
//! producers ─ put ─▶ stream ─ wake ─▶ poll ─▶ lanes ─ dispatch ─▶ invocation ─ rows, end ─▶ decision
//!                                              ▲                                              │
//!                                              └──── retry timer, window timer, checkpoint ◀──┘
//! ```
//!
//! Cost: a record touches the heap only through its batch. Producers are cursors; a poller sleeps until a put
//! wakes it; a batch and its parts are a range of a [`crate::column::Column`].
//!
//! Invariants: the same scenario gives the same log, in one run or in any chunks, after a clone, natively and
//! in wasm. Each record is in one lane of a mapping, and a lane's records are done in order.

pub mod agenda;
pub mod alarm_invocation;
pub mod alarms;
pub mod answer;
mod assignment;
mod checkpoint;
pub mod control;
pub mod cost;
pub mod deploys;
pub mod discard;
mod environments;
pub mod event_json;
pub mod filter;
pub mod invocation;
mod lambda_metrics;
pub mod log_stream;
pub mod mapping;
pub mod metrics;
pub mod payload;
mod plan;
mod push;
pub mod put_call;
pub mod redrive;
pub mod room;
mod settings;
mod state_hash;
pub mod summary;
pub mod template;
mod tumbling;
pub mod workload;

use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::Value;

use self::agenda::{Agenda, Class, Key, LaneRef, Steps};
use self::alarm_invocation::AlarmInvocation;
use self::control::{ApiCall, Done};
use self::discard::Discard;
use self::invocation::Invocation;
use self::lambda_metrics::Meter;
use self::mapping::{ASSIGNMENT, Mapping};
use self::redrive::Redrive;
use self::room::Room;
use self::summary::Totals;
use self::template::{Filling, Template};
use self::tumbling::Pass;
use self::workload::{NEVER, ProducerState, Wish};
use crate::cloudwatch::{Alarms, Metrics, StateChange};
use crate::column::Column;
use crate::event_log::{Event, EventLog, Run};
use crate::kinesis::monitoring::Puts;
use crate::kinesis::stream::{Put, Stream, StreamMode, ThrottleReason, Throttled};
use crate::kinesis::{Dials, HashKey, KeyTable, Kinesis};
use crate::lambda::account::Lambda;
use crate::lambda::concurrency::Concurrency;
use crate::lambda::environment::{Environment, Pool};
use crate::lambda::function::AliasChange;
use crate::scenario::{Command, Data, Scenario, Source};
use crate::units::SimTime;

/// A run of a scenario. Cloning shares the log and the records.
#[derive(Clone)]
pub struct Simulation {
    scenario: Rc<Scenario>,
    now: SimTime,
    agenda: Agenda,
    kinesis: Kinesis,
    lambda: Lambda,
    producers: Vec<ProducerState>,
    /// The stream that they put into: the one that bears the name of the scenario's.
    put_into: u16,
    templates: Rc<[Vec<Template>]>,
    mappings: Vec<Mapping>,
    invocations: Column<Invocation>,
    environments: Vec<Environment>,
    /// By function; for each of its versions' code that of the published version, and that of `$LATEST`.
    pools: Vec<Vec<Pool>>,
    concurrency: Concurrency,
    batches: u32,
    /// Of each invocation that reported records: their number, and their places in its batch, ascending.
    reports: Column<u32>,
    discards: Column<Discard>,
    /// Destinations that take no documents, each until this time or for good.
    failing: BTreeMap<Rc<str>, Option<SimTime>>,
    redrives: Vec<Rc<Redrive>>,
    /// The tumbling windows of invocations, by invocation.
    passes: Column<Pass>,
    /// States of tumbling windows.
    states: Vec<Rc<Value>>,
    log: EventLog,
    totals: Totals,
    /// From when on the scenario's stream has another capacity mode, or is not there.
    modes: Vec<(SimTime, Option<StreamMode>)>,
    /// Lanes to look at in this millisecond's dispatch.
    listed: Vec<LaneRef>,
    /// Whether t = 0 has been run.
    begun: bool,
    /// When streams change next, as far as it is on the agenda.
    change_due: Option<SimTime>,
    commands: Rc<Vec<Command>>,
    calls: Vec<Rc<ApiCall>>,
    done: Vec<Rc<Done>>,
    alarms: Alarms,
    /// When each alarm is evaluated next.
    alarms_due: Vec<SimTime>,
    alarm_changes: Vec<Rc<StateChange>>,
    alarm_invocations: Vec<Rc<AlarmInvocation>>,
    metrics: Metrics,
    meter: Meter,
    /// The PutRecords of a producer that is under way, by shard.
    put_call: BTreeMap<u32, Puts>,
    alias_changes: Vec<Rc<AliasChange>>,
    room: Room,
}

impl Simulation {
    /// The scenario at t = 0, before anything has happened.
    ///
    /// ```
    /// use shardlab::{scenario::Scenario, sim::Simulation, units::SimTime};
    /// let text = include_str!("../www/scenarios/parallelization-3.json");
    /// let mut sim = Simulation::new(Scenario::from_json(text).unwrap());
    /// sim.run_until(SimTime(240_000));
    /// assert_eq!(sim.summary().invocations, 10);
    /// ```
    #[must_use]
    pub fn new(scenario: Scenario) -> Self {
        Self::of(Rc::new(scenario))
    }

    /// The same run anew: after t = 0, its live commands still to come.
    #[must_use]
    pub fn restart(&self) -> Self {
        let mut sim = Self::of(Rc::clone(&self.scenario));
        sim.run_until(SimTime::ZERO);
        for command in &self.commands[self.scenario.commands.len()..] {
            sim.add_command(command.clone());
        }
        sim
    }

    fn of(scenario: Rc<Scenario>) -> Self {
        let mut keys = KeyTable::new(generated_keys(&scenario));
        let producers = (0..).zip(&scenario.producers);
        let producers = producers
            .map(|(idx, config)| ProducerState::new(scenario.seed, idx, config, &scenario.model, &mut keys))
            .collect();
        let kinesis = account(&scenario, keys);
        let mut sim = Self {
            now: SimTime::ZERO,
            agenda: Agenda::default(),
            producers,
            put_into: 0,
            templates: scenario.producers.iter().map(|producer| templates(&producer.source)).collect(),
            mappings: Vec::new(),
            invocations: Column::default(),
            environments: Vec::new(),
            pools: scenario
                .functions
                .iter()
                .map(|function| vec![Pool::default(); function.versions.len() * 2])
                .collect(),
            concurrency: Concurrency::new(scenario.quotas.concurrent_executions, &scenario.functions),
            batches: 0,
            reports: Column::default(),
            discards: Column::default(),
            failing: BTreeMap::new(),
            redrives: Vec::new(),
            passes: Column::default(),
            states: Vec::new(),
            log: EventLog::default(),
            totals: Totals::default(),
            modes: Vec::new(),
            listed: Vec::new(),
            begun: false,
            change_due: None,
            commands: Rc::new(scenario.commands.clone()),
            calls: Vec::new(),
            done: Vec::new(),
            alarms: Alarms::default(),
            alarms_due: Vec::new(),
            alarm_changes: Vec::new(),
            alarm_invocations: Vec::new(),
            metrics: Metrics::new(scenario.start),
            meter: Meter::default(),
            put_call: BTreeMap::new(),
            alias_changes: Vec::new(),
            room: Room::default(),
            lambda: Lambda::new(&scenario, &|idx| Self::mapping_uuid(scenario.seed, idx)),
            kinesis,
            scenario,
        };
        sim.agenda.push(SimTime::ZERO, Class::Shards, 0);
        sim.list_commands();
        sim.create_alarms();
        sim.tell_mapping_changes();
        sim
    }

    /// The scenario.
    #[must_use]
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The last millisecond that has been run, or zero.
    #[must_use]
    pub fn now(&self) -> SimTime {
        self.now
    }

    /// The stream.
    #[must_use]
    pub fn stream(&self) -> &Stream {
        &self.kinesis.streams[0]
    }

    /// All streams, and what their operations depend on.
    #[must_use]
    pub fn kinesis(&self) -> &Kinesis {
        &self.kinesis
    }

    /// The account's event source mappings, as the API knows them.
    #[must_use]
    pub fn lambda(&self) -> &Lambda {
        &self.lambda
    }

    /// A producer at work, by index.
    #[must_use]
    pub fn producer(&self, idx: u8) -> &ProducerState {
        &self.producers[usize::from(idx)]
    }

    /// The event source mappings at work.
    #[must_use]
    pub fn mappings(&self) -> &[Mapping] {
        &self.mappings
    }

    /// All invocations, by index.
    #[must_use]
    pub fn invocations(&self) -> &Column<Invocation> {
        &self.invocations
    }

    /// All environments, by index.
    #[must_use]
    pub fn environments(&self) -> &[Environment] {
        &self.environments
    }

    /// The event log.
    #[must_use]
    pub fn log(&self) -> &EventLog {
        &self.log
    }

    /// Counts of the whole run so far.
    #[must_use]
    pub fn totals(&self) -> &Totals {
        &self.totals
    }

    /// Runs everything up to and including `until`.
    pub fn run_until(&mut self, until: SimTime) {
        let done = self.run_bounded(until, u32::MAX);
        assert!(done, "more events than a log holds");
    }

    /// Runs everything up to and including `until`, unless `events_max` events happen first; true if it got
    /// there. Never stops within a millisecond.
    pub fn run_bounded(&mut self, until: SimTime, events_max: u32) -> bool {
        let until = until.min(SimTime::MAX);
        let stop = self.log.count().saturating_add(events_max);
        loop {
            let Some(key) = self.next_key().filter(|key| key.time() <= until) else {
                self.now = self.now.max(until);
                self.begun = true;
                return true;
            };
            if key.time() > self.now && self.log.count() >= stop {
                // All of `now` has happened: a live command comes later.
                self.begun = true;
                return false;
            }
            if key.time() >= self.metrics.ends() {
                self.end_minutes(key.time());
            }
            self.now = key.time();
            self.happen(key);
        }
    }

    /// When something happens next; `None` if nothing ever will.
    #[must_use]
    pub fn next_time(&self) -> Option<SimTime> {
        self.next_key().map(Key::time)
    }

    fn next_key(&self) -> Option<Key> {
        let put = self.producers.iter().enumerate().filter(|(_, producer)| producer.due != NEVER);
        let put =
            put.map(|(idx, producer)| Key::new(SimTime(producer.due), Class::Records, idx as u64)).min();
        match (put, self.agenda.peek()) {
            (Some(put), Some(control)) => Some(put.min(control)),
            (put, control) => put.or(control),
        }
    }

    fn happen(&mut self, key: Key) {
        let source = key.source();
        if key.class() != Class::Records {
            self.agenda.pop();
        }
        match key.class() {
            Class::Records => self.produce(source as usize),
            Class::Shards => self.change_streams(),
            Class::Command => self.carry_out(source as usize),
            Class::Invocation => match Steps::alarm_end(source) {
                Some(idx) => self.end_alarm_invocation(idx),
                None => Steps::invocations(source).for_each(|idx| self.step_invocation(idx)),
            },
            Class::MappingState if source & ASSIGNMENT != 0 => self.assign(source as u16),
            Class::MappingState => self.settle_mapping(source as u16),
            Class::Poll => self.poll(source),
            Class::Retry => self.end_backoff(LaneRef::from_source(source)),
            Class::Window => self.list_if_idle(LaneRef::from_source(source)),
            Class::Dispatch => self.dispatch_listed(),
            Class::Expiry => self.expire_due(LaneRef::from_source(source)),
            Class::Alarm => self.evaluate_alarm(source as u16),
        }
        self.agenda.close_steps();
        self.room.look();
    }

    fn produce(&mut self, idx: usize) {
        let wish = self.producers[idx].wish;
        let into = self.put_into;
        if !self.kinesis.streams[into as usize].takes_records() {
            return self.refused(idx, Throttled { shard: 0, reason: ThrottleReason::NoStream });
        }
        let size = wish.size.unwrap_or_else(|| self.template_size(idx, wish));
        let (key, explicit_hash_key) = (wish.key, wish.explicit_hash_key);
        let put = Put { key, explicit_hash_key, size, producer: idx as u8 };
        let (shard, throttled) = match self.kinesis.streams[into as usize].put(self.now, put) {
            Ok(record) => {
                self.accepted(idx, into, record);
                (self.kinesis.streams[into as usize].records.get(record).shard, false)
            }
            Err(throttled) => {
                self.refused(idx, throttled);
                (throttled.shard, true)
            }
        };
        self.measure_put(idx, shard, size, throttled);
    }

    fn accepted(&mut self, idx: usize, stream: u16, record: u32) {
        if stream == 0 {
            self.producers[idx].accepted(Some(record));
            return self.record_put(record);
        }
        // The first stream's records make their data on demand.
        if !self.templates[idx].is_empty() {
            let item = self.producers[idx].wish.item;
            let data = self.produced_data(idx, item, stream, record);
            self.kinesis.streams[usize::from(stream)].payloads.push(record, &data);
        }
        self.producers[idx].accepted(None);
        self.tell_put(stream, record);
    }

    fn refused(&mut self, idx: usize, Throttled { shard, reason }: Throttled) {
        let (key, stream) = (self.producers[idx].wish.key, self.put_into);
        self.producers[idx].throttled();
        self.totals.throttled += 1;
        let event = Event::RecordThrottled { producer: idx as u8, stream, shard, key, reason };
        self.log.push(self.now, event, [idx as u32, shard, key, reason as u32]);
        self.log.digest_records((stream != 0).then_some(stream.into()).into_iter());
    }

    fn record_put(&mut self, record: u32) {
        let stored = self.stream().records.get(record);
        let fields = [stored.shard, stored.key, stored.size(), stored.producer().into()];
        self.log.push_put(self.now, record, fields);
        self.totals.work.record_put(self.kinesis.streams[0].mode, stored.size());
        for mapping in 0..self.mappings.len() {
            self.wake(mapping as u16);
        }
    }

    /// Bytes of data and key of the record that the producer is about to put.
    fn template_size(&mut self, producer: usize, wish: Wish) -> u32 {
        let stream = &self.kinesis.streams[usize::from(self.put_into)];
        let text = stream.keys.text(wish.key);
        let number = stream.keys.count(wish.key) + 1;
        let record = stream.records.len();
        let filling = Filling { number, key: &text, arrival: self.now, record };
        (self.templates[producer][wish.item as usize].fill(filling).len() + text.len()) as u32
    }

    /// A record's data. A rate producer's records have a size but no text: theirs is empty.
    #[must_use]
    pub fn data(&self, record: u32) -> Vec<u8> {
        if let Some(own) = self.stream().payloads.get(record) {
            return own.to_vec();
        }
        let producer = usize::from(self.stream().records.get(record).producer());
        let item = self.producers[producer].item_of(record).unwrap_or(0);
        self.produced_data(producer, item, 0, record)
    }

    /// The data of a record that a producer's item became.
    fn produced_data(&self, producer: usize, item: u32, stream: u16, record: u32) -> Vec<u8> {
        if let Source::Records { records, .. } = &self.scenario.producers[producer].source
            && let Data::Bytes(bytes) = &records[item as usize].data
        {
            return bytes.clone();
        }
        let stream = self.stream_at(stream);
        let stored = stream.records.get(record);
        let key = stream.keys.text(stored.key);
        let filling = Filling { number: stored.number, key: &key, arrival: stored.arrival(), record };
        self.templates[producer]
            .get(item as usize)
            .map_or_else(Vec::new, |template| template.fill(filling).into_bytes())
    }

    /// Events `from..to` by number, with their times; numbers past the end give none.
    pub fn events(&self, from: u32, to: u32) -> impl Iterator<Item = (u32, SimTime, Event)> + '_ {
        let entries = self.log.entries();
        let first = entries.partition_point(|entry| entry.n <= from).saturating_sub(1);
        let to = to.min(self.log.count());
        (first..entries.len())
            .map(|idx| entries.get(idx))
            .take_while(move |entry| entry.n < to)
            .flat_map(|entry| self.expand(entry))
            .filter(move |&(n, ..)| from <= n && n < to)
    }

    fn expand(&self, entry: crate::event_log::Entry) -> impl Iterator<Item = (u32, SimTime, Event)> + '_ {
        let count = match entry.run {
            Run::Puts { count, .. } | Run::Starts { count, .. } | Run::Rows { count, .. } => count,
            Run::Ends { events, .. } => events,
            Run::One(_) => 1,
        };
        let mut next_row = match entry.run {
            Run::Rows { invocation, position, .. } => (invocation, position),
            Run::Puts { .. } | Run::Starts { .. } | Run::Ends { .. } | Run::One(_) => (0, 0),
        };
        (0..count).map(move |i| {
            let n = entry.n + i;
            let at = SimTime(entry.t.into());
            match entry.run {
                Run::One(event) => (n, at, event),
                Run::Puts { first, .. } => {
                    let record = first + i;
                    (n, self.stream().records.get(record).arrival(), Event::RecordPut { record })
                }
                Run::Ends { first, .. } if i % 2 == 0 => {
                    (n, at, Event::InvocationEnded { invocation: first + i / 2 })
                }
                Run::Ends { first, .. } => (n, at, self.checkpoint_after(first + i / 2)),
                Run::Starts { first, .. } => (n, at, Event::InvocationStarted { invocation: first + i }),
                Run::Rows { .. } => {
                    let (invocation, position) = next_row;
                    let of = self.invocations.get(invocation);
                    next_row = if position + 1 == of.count {
                        (invocation + 1, 0)
                    } else {
                        (invocation, position + 1)
                    };
                    (n, at, Event::RowWritten { invocation, position, record: self.record_of(&of, position) })
                }
            }
        })
    }

    /// The move of the checkpoint to an invocation's last record.
    fn checkpoint_after(&self, invocation: u32) -> Event {
        let invocation = self.invocations.get(invocation);
        let LaneRef { mapping, shard, .. } = invocation.lane;
        let record = self.last_record(&invocation).expect("an invocation with records");
        Event::CheckpointMoved { mapping, shard, record }
    }

    /// Number of the first event after `t`.
    #[must_use]
    pub fn events_until(&self, t: SimTime) -> u32 {
        let entries = self.log.entries();
        let after = entries.partition_point(|entry| u64::from(entry.t) <= t.0);
        let Some(last) = after.checked_sub(1).map(|idx| entries.get(idx)) else { return 0 };
        match last.run {
            Run::Puts { first, count } => {
                let after = |i: u32| self.stream().records.get(first + i).arrival() > t;
                let (mut low, mut high) = (1, count);
                while low < high {
                    let middle = low + (high - low) / 2;
                    if after(middle) { high = middle } else { low = middle + 1 }
                }
                last.n + low
            }
            Run::Starts { count, .. } | Run::Rows { count, .. } => last.n + count,
            Run::Ends { events, .. } => last.n + events,
            Run::One(_) => last.n + 1,
        }
    }
}

/// The account at t = 0, with the scenario's stream, if there is one.
fn account(scenario: &Scenario, keys: KeyTable) -> Kinesis {
    let stream = match &scenario.stream {
        Some(config) => {
            let mut stream = if config.shards.is_empty() {
                Stream::new(config.shard_count, scenario.start, keys)
            } else {
                Stream::of_shards(config.shards.clone(), scenario.start, keys)
            };
            stream.name.clone_from(&config.name);
            stream.mode = config.mode;
            stream.set_retention(config.retention, SimTime::ZERO);
            stream
        }
        None => Stream::absent(scenario.start, keys),
    };
    let dials =
        Dials { reshard_step: scenario.model.reshard_step, uniform_scaling: scenario.model.uniform_scaling };
    let quotas = scenario.quotas.clone();
    let mut kinesis = Kinesis::new(&scenario.account, &scenario.region, quotas, dials, stream);
    let consumers = scenario.stream.iter().flat_map(|config| &config.consumers);
    consumers.for_each(|name| kinesis.add_consumer(name));
    kinesis
}

/// The 32-bit words of a hash key, lowest first.
fn words(key: HashKey) -> [u32; 4] {
    [0, 32, 64, 96].map(|shift| (key.0 >> shift) as u32)
}

fn generated_keys(scenario: &Scenario) -> u32 {
    let count = |producer: &crate::scenario::Producer| match &producer.source {
        Source::Rate { keys, .. } => keys.count,
        Source::Records { .. } | Source::Rounds { .. } | Source::Loop { .. } => 0,
    };
    scenario.producers.iter().map(count).max().unwrap_or(0)
}

/// The data templates of a producer, by item.
fn templates(source: &Source) -> Vec<Template> {
    match source {
        Source::Records { records, .. } => records
            .iter()
            .map(|record| match &record.data {
                Data::Template(text) => Template::parse(text),
                Data::Bytes(_) => Template::parse(""),
            })
            .collect(),
        Source::Rounds { data, .. } | Source::Loop { data, .. } => vec![Template::parse(data)],
        Source::Rate { .. } => Vec::new(),
    }
}
