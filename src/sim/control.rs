//! What changes streams: the scenario's commands, live calls, and what follows from them with time.

use std::rc::Rc;

use serde_json::Value;
use xxhash_rust::xxh3::xxh3_64;

use super::agenda::Class;
use super::{Simulation, words};
use crate::aws::shape::{Operation, Service};
use crate::aws::{ApiError, cli, lambda};
use crate::cloudwatch;
use crate::event_log::Event;
use crate::kinesis;
use crate::kinesis::pending::Effect;
use crate::kinesis::shard::Shard;
use crate::kinesis::stream::Stream;
use crate::lambda::api::{self, Surroundings};
use crate::scenario::{Command, CommandAction, SERVICES};
use crate::units::{SimDuration, SimTime};

/// A call of an operation, and its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiCall {
    /// The service's name, as the command line has it.
    pub service: &'static str,
    /// The operation's name, as the API has it.
    pub operation: &'static str,
    /// The request.
    pub request: Value,
    /// The answer.
    pub answer: Result<Value, ApiError>,
}

/// What a command left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// When.
    pub at: SimTime,
    /// The command, by index.
    pub command: usize,
    /// What a terminal would show of a command line; `None` for an operation.
    pub outcome: Option<cli::Outcome>,
    /// The calls it made, by index, end exclusive.
    pub calls: (u32, u32),
}

impl Simulation {
    /// All calls so far, by index.
    #[must_use]
    pub fn calls(&self) -> &[Rc<ApiCall>] {
        &self.calls
    }

    /// The commands carried out so far, in order.
    #[must_use]
    pub fn done(&self) -> &[Rc<Done>] {
        &self.done
    }

    /// The commands of the scenario, and live ones behind them.
    #[must_use]
    pub fn commands(&self) -> &[Command] {
        &self.commands
    }

    /// Adds a live command, which is carried out in the first millisecond not yet begun.
    ///
    /// A run of the scenario with this command at its time gives the same log.
    ///
    /// # Panics
    /// Its time has begun.
    pub fn add_command(&mut self, command: Command) {
        assert!(command.at > self.now || !self.begun, "a command at {} after {}", command.at, self.now);
        self.agenda.push(command.at, Class::Command, self.commands.len() as u64);
        Rc::make_mut(&mut self.commands).push(command);
    }

    /// The first millisecond not yet begun: when a live command is carried out.
    #[must_use]
    pub fn next_command_at(&self) -> SimTime {
        if self.begun { self.now + SimDuration(1) } else { self.now }
    }

    pub(super) fn list_commands(&mut self) {
        for (idx, command) in self.commands.iter().enumerate() {
            self.agenda.push(command.at, Class::Command, idx as u64);
        }
    }

    pub(super) fn carry_out(&mut self, command: usize) {
        let commands = Rc::clone(&self.commands);
        let first = self.calls.len() as u32;
        let outcome = match &commands[command].action {
            CommandAction::Operation { service, operation, request } => {
                // The answer is in the list of calls.
                let _ = self.call(service, operation, request);
                None
            }
            CommandAction::PollerRestart { shard } => {
                self.restart_poller(*shard);
                None
            }
            CommandAction::DestinationFailure { destination, until } => {
                self.fail_destination(destination, *until);
                None
            }
            CommandAction::Redrive { document } => {
                self.redrive(command, *document);
                None
            }
            CommandAction::Cli(line) => {
                let scenario = Rc::clone(&self.scenario);
                let mut pages = 0u32;
                let mut call = |service: &Service, operation: &Operation, request: &Value| {
                    pages += 1;
                    if pages == 1 {
                        return self.call(service, operation, request);
                    }
                    // Assumption: pages after the first are not refused for being too many a second. On AWS each
                    // takes its time, and the command line tries again one that is refused.
                    let recent_calls = std::mem::take(&mut self.kinesis.recent_calls);
                    let answer = self.call(service, operation, request);
                    self.kinesis.recent_calls = recent_calls;
                    answer
                };
                Some(cli::run(line, &scenario.region, &SERVICES, &mut call))
            }
        };
        let calls = (first, self.calls.len() as u32);
        self.done.push(Rc::new(Done { at: self.now, command, outcome, calls }));
    }

    /// Calls an operation now.
    pub(super) fn call(
        &mut self,
        service: &Service,
        operation: &Operation,
        request: &Value,
    ) -> Result<Value, ApiError> {
        if service.name == cloudwatch::api::SERVICE.name {
            return self.call_cloudwatch(operation, request);
        }
        if service.name == lambda::SERVICE.name {
            return self.call_lambda(service, operation, request);
        }
        let retention = self.stream().retention();
        let records: Vec<u32> = self.kinesis.streams.iter().map(|stream| stream.records.len()).collect();
        // Reading makes the data of producers' records, for which it looks at the run as it was.
        let before = (operation.name == "GetRecords").then(|| self.clone());
        let data = |stream: u32, record: u32| match &before {
            Some(before) if stream == 0 => before.data(record),
            _ => Vec::new(),
        };
        let answer = kinesis::api::dispatch(&mut self.kinesis, self.now, operation.name, request, &data);
        self.log_call(service.name, operation.name, request.clone(), answer.clone());
        if let Some(call) = self.kinesis.take_data_call() {
            self.measure_call(&call);
        }
        if self.stream().retention() < retention {
            self.expire_now();
        }
        let effects = self.kinesis.take_effects();
        self.tell_effects(effects);
        for stream in 0..self.kinesis.streams.len() {
            let from = records.get(stream).copied().unwrap_or(0);
            for record in from..self.kinesis.streams[stream].records.len() {
                self.tell_put(stream as u16, record);
            }
        }
        answer
    }

    fn call_lambda(
        &mut self,
        service: &Service,
        operation: &Operation,
        request: &Value,
    ) -> Result<Value, ApiError> {
        let seed = self.scenario.seed;
        let uuid = move |idx| Self::mapping_uuid(seed, idx);
        let around = Surroundings { now: self.now, kinesis: &self.kinesis, uuid: &uuid };
        let answer = api::dispatch(&mut self.lambda, around, operation.name, request);
        self.log_call(service.name, operation.name, request.clone(), answer.clone());
        self.tell_functions();
        self.tell_mapping_changes();
        answer
    }

    pub(super) fn log_call(
        &mut self,
        service: &'static str,
        operation: &'static str,
        request: Value,
        answer: Result<Value, ApiError>,
    ) {
        let call = self.calls.len() as u32;
        let [a, b] = text_hash(&format!("{service} {operation} {request}"));
        let [c, d] = text_hash(&match &answer {
            Ok(response) => response.to_string(),
            Err(error) => error.to_string(),
        });
        self.log.push(self.now, Event::ApiCall { call }, [a, b, c, d]);
        self.calls.push(Rc::new(ApiCall { service, operation, request, answer }));
    }

    pub(super) fn tell_put(&mut self, stream: u16, record: u32) {
        if stream == 0 {
            return self.record_put(record);
        }
        let stored = self.stream_at(stream).records.get(record);
        let fields = [u32::from(stream), record, stored.shard, stored.key, stored.size()];
        self.log.push(self.now, Event::RecordPutElsewhere { stream, record }, fields);
    }

    /// Streams change by themselves: steps of a reshard, statuses.
    pub(super) fn change_streams(&mut self) {
        if self.change_due.is_some_and(|due| due > self.now) {
            // Listed for a change that has come earlier, or not at all.
            return;
        }
        self.change_due = None;
        if !self.begun && self.log.count() == 0 {
            self.tell_first_shards();
        }
        let effects = self.kinesis.change(self.now);
        self.tell_effects(effects);
    }

    /// The shards that the scenario's stream has at the start.
    fn tell_first_shards(&mut self) {
        for shard in 0..self.stream().shards.len() as u32 {
            let Shard { unlisted, closed, .. } = self.stream().shards[shard as usize];
            if unlisted {
                continue;
            }
            self.log_shard_opened(0, shard);
            if closed.is_some() {
                self.log.push(self.now, Event::ShardClosed { stream: 0, shard }, [0, shard]);
            }
        }
    }

    /// Logs what has happened to streams, tells the mappings, and lists when streams change next.
    fn tell_effects(&mut self, effects: Vec<Effect>) {
        effects.into_iter().for_each(|effect| self.tell(effect));
        let due = self.kinesis.next_change();
        if let Some(due) = due.filter(|&due| self.change_due.is_none_or(|listed| due < listed)) {
            self.change_due = Some(due);
            self.agenda.push(due, Class::Shards, 0);
        }
    }

    fn tell(&mut self, effect: Effect) {
        self.charge_by_mode(effect);
        match effect {
            Effect::StreamStatus { stream, from, to, reason } => {
                let event = Event::StreamStatus { stream: stream as u16, from, to, reason };
                self.log.push(self.now, event, [stream, from as u32, to as u32, reason as u32]);
                self.put_into = self.kinesis.find(&self.stream().name).unwrap_or(0) as u16;
            }
            Effect::ShardOpened { stream, shard } => {
                self.log_shard_opened(stream as u16, shard);
                if stream == 0 {
                    self.read_opened(shard);
                }
            }
            Effect::ShardClosed { stream, shard } => {
                self.log.push(self.now, Event::ShardClosed { stream: stream as u16, shard }, [stream, shard]);
                if stream == 0 {
                    self.read_closed(shard);
                }
            }
        }
    }

    pub(super) fn log_shard_opened(&mut self, stream: u16, shard: u32) {
        let opened = &self.stream_at(stream).shards[shard as usize];
        let (range, parents) = (opened.range, opened.parents);
        let [a, b, c, d] = words(range.start());
        let [e, f, g, h] = words(range.end());
        let event = Event::ShardOpened { stream, shard };
        self.log.push(self.now, event, [shard, a, b, c, d, e, f, g, h]);
        let more = parents.iter().chain((stream != 0).then_some(stream.into()));
        self.log.digest_records(more);
    }

    /// A stream, by index.
    #[must_use]
    pub fn stream_at(&self, stream: u16) -> &Stream {
        &self.kinesis.streams[usize::from(stream)]
    }
}

/// XXH3-64 of a text, low half first: what the digest has of it.
pub(super) fn text_hash(text: &str) -> [u32; 2] {
    let hash = xxh3_64(text.as_bytes());
    [hash as u32, (hash >> 32) as u32]
}
