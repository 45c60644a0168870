//! Events as the JSON lines of `docs/scenario.md`, made on demand from the log's columns.

use serde::Serialize;
use serde_json::Value;

use super::Simulation;
use super::alarm_invocation::AlarmInvocation;
use super::control::ApiCall;
use crate::aws::ApiError;
use crate::event_log::Event;
use crate::kinesis::shard::{Shard, shard_id};
use crate::kinesis::stream::ThrottleReason;
use crate::lambda::batcher::Reason;
use crate::lambda::event::Bounds;
use crate::lambda::retry::Outcome;

/// One event with all its fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EventLine {
    /// Milliseconds from the scenario's start.
    pub t: u64,
    /// Dense number from 0.
    pub n: u32,
    /// Type and fields.
    #[serde(flatten)]
    pub body: EventBody,
}

/// Type and fields of an event; the names are fixed by `docs/scenario.md`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all_fields = "camelCase")]
#[expect(missing_docs, reason = "docs/scenario.md documents every field, and a test compares the two")]
pub enum EventBody {
    ApiCall {
        service: &'static str,
        operation: &'static str,
        request: Value,
        #[serde(skip_serializing_if = "Option::is_none")]
        response: Option<Value>,
        #[serde(skip_serializing_if = "Option::is_none")]
        error: Option<CallError>,
    },
    AlarmState {
        alarm: u16,
        from: &'static str,
        to: &'static str,
        reason: String,
    },
    NotificationSent {
        topic: String,
        alarm: u16,
        function_name: String,
    },
    #[serde(rename = "InvocationStarted")]
    AlarmInvocationStarted {
        invocation: u32,
        source: &'static str,
        alarm: u16,
        request_id: String,
        attempt: u32,
        function_version: String,
        environment: u32,
        cold_start: bool,
        records: [u32; 0],
        event: String,
    },
    #[serde(rename = "InvocationEnded")]
    AlarmInvocationEnded {
        invocation: u32,
        source: &'static str,
        outcome: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        error_message: Option<String>,
        succeeded: [u32; 0],
        duration: u64,
    },
    StreamStatus {
        #[serde(skip_serializing_if = "Option::is_none")]
        stream: Option<String>,
        from: &'static str,
        to: &'static str,
        reason: &'static str,
    },
    ShardOpened {
        #[serde(skip_serializing_if = "Option::is_none")]
        stream: Option<String>,
        shard_id: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        parent_shard_id: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        adjacent_parent_shard_id: Option<String>,
        starting_hash_key: String,
        ending_hash_key: String,
        starting_sequence_number: String,
    },
    ShardClosed {
        #[serde(skip_serializing_if = "Option::is_none")]
        stream: Option<String>,
        shard_id: String,
        ending_sequence_number: String,
    },
    RecordPut {
        #[serde(skip_serializing_if = "Option::is_none")]
        stream: Option<String>,
        record: u32,
        producer: u8,
        shard_id: String,
        sequence_number: String,
        partition_key: String,
        hash_key: String,
        size: u32,
    },
    RecordThrottled {
        #[serde(skip_serializing_if = "Option::is_none")]
        stream: Option<String>,
        producer: u8,
        shard_id: String,
        partition_key: String,
        reason: &'static str,
    },
    MappingState {
        mapping: u16,
        from: &'static str,
        to: &'static str,
        reason: &'static str,
    },
    RecordsPolled {
        mapping: u16,
        shard_id: String,
        records: u32,
        millis_behind_latest: u32,
        #[serde(skip_serializing_if = "Option::is_none")]
        push: Option<bool>,
    },
    LogStreamOpened {
        function_name: String,
        function_version: String,
        environment: u32,
        name: String,
    },
    InvocationStarted {
        invocation: u32,
        source: &'static str,
        mapping: u16,
        shard_id: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        lane: Option<u8>,
        batch: u32,
        request_id: String,
        attempt: u32,
        function_version: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        environment: Option<u32>,
        cold_start: bool,
        records: Vec<u32>,
        #[serde(skip_serializing_if = "Option::is_none")]
        iterator_age: Option<u64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        window: Option<Bounds>,
        #[serde(skip_serializing_if = "Option::is_none")]
        final_for_window: Option<bool>,
        reason: &'static str,
    },
    RowWritten {
        record: u32,
        invocation: u32,
        function_version: String,
        tag: String,
        partition_key: String,
        number: u32,
    },
    InvocationEnded {
        invocation: u32,
        outcome: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        error_message: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        response: Option<Value>,
        succeeded: Vec<u32>,
        duration: u64,
    },
    RetryScheduled {
        invocation: u32,
        delay: u32,
    },
    BatchSplit {
        invocation: u32,
        left: Vec<u32>,
        right: Vec<u32>,
    },
    RecordsDiscarded {
        mapping: u16,
        shard_id: String,
        records: Vec<u32>,
        condition: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        destination: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        object_key: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        document: Option<Value>,
    },
    DestinationDeliveryFailed {
        document: u32,
        mapping: u16,
        shard_id: String,
        destination: String,
    },
    Redrive {
        document: u32,
        #[serde(skip_serializing_if = "Option::is_none")]
        mapping: Option<u16>,
        #[serde(skip_serializing_if = "Option::is_none")]
        shard_id: Option<String>,
        records: Vec<u32>,
        #[serde(skip_serializing_if = "Option::is_none")]
        refused: Option<&'static str>,
    },
    RecordsExpired {
        mapping: u16,
        shard_id: String,
        records: u32,
    },
    RecordFiltered {
        mapping: u16,
        record: u32,
    },
    CheckpointMoved {
        mapping: u16,
        shard_id: String,
        sequence_number: String,
    },
    VersionPublished {
        function_name: String,
        version: String,
    },
    AliasUpdated {
        function_name: String,
        alias: String,
        function_version: String,
        weights: Value,
    },
}

/// Why a call was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CallError {
    /// The error's type.
    #[serde(rename = "type")]
    pub type_name: &'static str,
    /// AWS's message.
    pub message: String,
}

impl EventBody {
    /// The event's type in JSON.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::ApiCall { .. } => "ApiCall",
            Self::AlarmState { .. } => "AlarmState",
            Self::NotificationSent { .. } => "NotificationSent",
            Self::StreamStatus { .. } => "StreamStatus",
            Self::ShardOpened { .. } => "ShardOpened",
            Self::ShardClosed { .. } => "ShardClosed",
            Self::RecordPut { .. } => "RecordPut",
            Self::RecordThrottled { .. } => "RecordThrottled",
            Self::MappingState { .. } => "MappingState",
            Self::RecordsPolled { .. } => "RecordsPolled",
            Self::LogStreamOpened { .. } => "LogStreamOpened",
            Self::InvocationStarted { .. } | Self::AlarmInvocationStarted { .. } => "InvocationStarted",
            Self::RowWritten { .. } => "RowWritten",
            Self::InvocationEnded { .. } | Self::AlarmInvocationEnded { .. } => "InvocationEnded",
            Self::RetryScheduled { .. } => "RetryScheduled",
            Self::BatchSplit { .. } => "BatchSplit",
            Self::RecordsDiscarded { .. } => "RecordsDiscarded",
            Self::DestinationDeliveryFailed { .. } => "DestinationDeliveryFailed",
            Self::Redrive { .. } => "Redrive",
            Self::RecordsExpired { .. } => "RecordsExpired",
            Self::RecordFiltered { .. } => "RecordFiltered",
            Self::CheckpointMoved { .. } => "CheckpointMoved",
            Self::VersionPublished { .. } => "VersionPublished",
            Self::AliasUpdated { .. } => "AliasUpdated",
        }
    }
}

impl Simulation {
    /// Events `from..to` by number, in full.
    pub fn event_lines(&self, from: u32, to: u32) -> impl Iterator<Item = EventLine> + '_ {
        self.events(from, to).map(|(n, t, event)| EventLine { t: t.0, n, body: self.event_body(event) })
    }

    fn event_body(&self, event: Event) -> EventBody {
        match event {
            Event::ApiCall { call } => self.api_call(call),
            Event::AlarmState { alarm, change } => {
                let change = &self.alarm_changes()[change as usize];
                let reason = change.reason.clone();
                EventBody::AlarmState { alarm, from: change.from.name(), to: change.to.name(), reason }
            }
            Event::NotificationSent { topic, alarm, function } => EventBody::NotificationSent {
                topic: self.scenario().topics[usize::from(topic)].name.clone(),
                alarm,
                function_name: self.scenario().functions[function as usize].name.clone(),
            },
            Event::AlarmInvocationStarted { invocation } => self.alarm_invocation_started(invocation),
            Event::AlarmInvocationEnded { invocation } => self.alarm_invocation_ended(invocation),
            Event::StreamStatus { stream, from, to, reason } => EventBody::StreamStatus {
                stream: self.stream_label(stream),
                from: from.name(),
                to: to.name(),
                reason: reason.name(),
            },
            Event::ShardOpened { stream, shard } => self.shard_opened(stream, shard),
            Event::ShardClosed { stream, shard } => self.shard_closed(stream, shard),
            Event::RecordPut { record } => self.record_put_body(0, record),
            Event::RecordPutElsewhere { stream, record } => self.record_put_body(stream, record),
            Event::RecordThrottled { producer, stream, shard, key, reason } => EventBody::RecordThrottled {
                stream: self.stream_label(stream),
                producer,
                shard_id: shard_id(shard),
                partition_key: self.stream().keys.text(key),
                reason: throttle_name(reason),
            },
            Event::MappingState { mapping, from, to } => {
                EventBody::MappingState { mapping, from: from.name(), to: to.name(), reason: "User action" }
            }
            Event::RecordsPolled { mapping, shard, records, millis_behind_latest } => {
                let push = self.mapping(mapping).config().is_pushed().then_some(true);
                let shard_id = shard_id(shard);
                EventBody::RecordsPolled { mapping, shard_id, records, millis_behind_latest, push }
            }
            Event::VersionPublished { function, version } => self.version_published(function, version),
            Event::AliasUpdated { change } => self.alias_updated(change),
            Event::LogStreamOpened { environment } => self.log_stream_opened(environment),
            Event::InvocationStarted { invocation } => self.invocation_started(invocation),
            Event::RowWritten { invocation, record, .. } => self.row_written(invocation, record),
            Event::InvocationEnded { invocation } => self.invocation_ended(invocation),
            Event::RetryScheduled { invocation, delay } => EventBody::RetryScheduled { invocation, delay },
            Event::BatchSplit { invocation, left } => {
                let left = left as usize;
                let (first, rest) = (self.batch(invocation).take(left), self.batch(invocation).skip(left));
                EventBody::BatchSplit { invocation, left: first.collect(), right: rest.collect() }
            }
            Event::RecordsDiscarded { discard } => self.records_discarded(discard),
            Event::DestinationDeliveryFailed { discard } => self.delivery_failed_body(discard),
            Event::Redrive { redrive } => self.redrive_body(redrive),
            Event::RecordsExpired { mapping, shard, records } => {
                EventBody::RecordsExpired { mapping, shard_id: shard_id(shard), records }
            }
            Event::RecordFiltered { mapping, record } => EventBody::RecordFiltered { mapping, record },
            Event::CheckpointMoved { mapping, shard, record } => EventBody::CheckpointMoved {
                mapping,
                shard_id: shard_id(shard),
                sequence_number: self.sequence_number(record),
            },
        }
    }

    /// A record's sequence number, decimal.
    #[must_use]
    pub fn sequence_number(&self, record: u32) -> String {
        self.stream().sequence_number(record, self.scenario().start).to_string()
    }

    /// The name of a stream other than the first.
    fn stream_label(&self, stream: u16) -> Option<String> {
        (stream != 0).then(|| self.stream_at(stream).name.clone())
    }

    fn api_call(&self, call: u32) -> EventBody {
        let ApiCall { service, operation, request, answer } = &*self.calls()[call as usize];
        let error =
            |error: &ApiError| CallError { type_name: error.type_name, message: error.message.clone() };
        EventBody::ApiCall {
            service,
            operation,
            request: request.clone(),
            response: answer.as_ref().ok().cloned(),
            error: answer.as_ref().err().map(error),
        }
    }

    fn shard_opened(&self, stream_idx: u16, shard: u32) -> EventBody {
        let stream = self.stream_at(stream_idx);
        let Shard { range, parents, .. } = &stream.shards[shard as usize];
        EventBody::ShardOpened {
            stream: self.stream_label(stream_idx),
            shard_id: shard_id(shard),
            parent_shard_id: parents.parent.map(shard_id),
            adjacent_parent_shard_id: parents.adjacent.map(shard_id),
            starting_hash_key: range.start().to_string(),
            ending_hash_key: range.end().to_string(),
            starting_sequence_number: stream.starting_sequence_number_text(shard),
        }
    }

    fn shard_closed(&self, stream_idx: u16, shard: u32) -> EventBody {
        let stream = self.stream_at(stream_idx);
        EventBody::ShardClosed {
            stream: self.stream_label(stream_idx),
            shard_id: shard_id(shard),
            ending_sequence_number: stream.ending_sequence_number_text(shard).unwrap_or_default(),
        }
    }

    fn record_put_body(&self, stream_idx: u16, record: u32) -> EventBody {
        let stream = self.stream_at(stream_idx);
        let stored = stream.records.get(record);
        EventBody::RecordPut {
            stream: self.stream_label(stream_idx),
            record,
            producer: stored.producer(),
            shard_id: shard_id(stored.shard),
            sequence_number: stream.sequence_number(record, self.scenario().start).to_string(),
            partition_key: stream.keys.text(stored.key),
            hash_key: stream.hash_key(record).to_string(),
            size: stored.size(),
        }
    }

    fn log_stream_opened(&self, environment: u32) -> EventBody {
        let opened = self.environments()[environment as usize];
        let function = &self.scenario().functions[usize::from(opened.function)];
        let version = opened.function_version().to_string();
        EventBody::LogStreamOpened {
            function_name: function.name.clone(),
            name: self.log_stream_name(environment),
            function_version: version,
            environment,
        }
    }

    fn invocation_started(&self, idx: u32) -> EventBody {
        let invocation = self.invocations().get(idx);
        let throttled = invocation.outcome().is_some_and(|(outcome, _)| outcome == Outcome::Throttled);
        let window = self.window_of(idx);
        EventBody::InvocationStarted {
            invocation: idx,
            source: "mapping",
            mapping: invocation.lane.mapping,
            shard_id: shard_id(invocation.lane.shard),
            lane: (!invocation.is_redrive()).then_some(invocation.lane.lane),
            batch: invocation.batch,
            request_id: self.request_id(idx),
            attempt: invocation.attempt,
            function_version: invocation.function_version().to_string(),
            environment: (!throttled).then_some(invocation.environment),
            cold_start: invocation.cold_start,
            records: self.batch(idx).collect(),
            iterator_age: invocation.iterator_age().map(|age| age.0),
            final_for_window: window.as_ref().map(|window| window.is_final_invoke),
            window: window.map(|window| window.bounds()),
            reason: reason_name(invocation.reason),
        }
    }

    fn alarm_invocation_started(&self, idx: u32) -> EventBody {
        let AlarmInvocation { alarm, environment, cold_start, .. } = *self.alarm_invocations()[idx as usize];
        EventBody::AlarmInvocationStarted {
            invocation: idx,
            source: "alarm",
            alarm,
            request_id: self.alarm_request_id(idx),
            attempt: 1,
            function_version: self.environments[environment as usize].function_version().to_string(),
            environment,
            cold_start,
            records: [],
            event: self.alarm_event(idx),
        }
    }

    fn alarm_invocation_ended(&self, idx: u32) -> EventBody {
        let invocation = &self.alarm_invocations()[idx as usize];
        EventBody::AlarmInvocationEnded {
            invocation: idx,
            source: "alarm",
            outcome: outcome_name(invocation.outcome.expect("an invocation that has ended")),
            error_message: invocation.error_message.clone(),
            succeeded: [],
            duration: invocation.duration.0,
        }
    }

    fn row_written(&self, idx: u32, record: u32) -> EventBody {
        let invocation = self.invocations().get(idx);
        let function = &self.scenario().functions[self.function_of(&invocation) as usize];
        let stored = self.stream().records.get(record);
        EventBody::RowWritten {
            record,
            invocation: idx,
            function_version: invocation.function_version().to_string(),
            tag: function.versions[invocation.version as usize].tag.clone(),
            partition_key: self.stream().keys.text(stored.key),
            number: stored.number,
        }
    }

    fn invocation_ended(&self, idx: u32) -> EventBody {
        let invocation = self.invocations().get(idx);
        let (outcome, duration) = invocation.outcome().expect("an invocation that has ended");
        EventBody::InvocationEnded {
            invocation: idx,
            outcome: outcome_name(outcome),
            error_message: self.error_message(idx),
            response: self.response(idx),
            succeeded: (0..invocation.rows)
                .filter(|&place| self.wrote(&invocation, place))
                .map(|place| self.record_of(&invocation, place))
                .collect(),
            duration: duration.0,
        }
    }

    fn records_discarded(&self, idx: u32) -> EventBody {
        let discard = self.discard(idx);
        let mapping = discard.lane.mapping;
        let destination = self.destination_of(&discard);
        EventBody::RecordsDiscarded {
            mapping,
            shard_id: shard_id(discard.lane.shard),
            records: self.discarded(&discard).collect(),
            condition: discard.condition.name(),
            destination: destination.map(|destination| destination.arn.clone()),
            object_key: self.object_key(idx),
            document: destination.map(|_| self.document(&discard).json()),
        }
    }

    /// What Lambda reports of a failed invocation; `None` while it runs and where it did not fail.
    #[must_use]
    pub fn error_message(&self, idx: u32) -> Option<String> {
        let invocation = self.invocations().get(idx);
        let (outcome, duration) = invocation.outcome()?;
        let request_id = self.request_id(idx);
        match outcome {
            Outcome::Ok | Outcome::Throttled | Outcome::Partial => None,
            Outcome::Error => {
                let record = self.record_of(&invocation, invocation.failed_at().unwrap_or(0));
                Some(format!("record {} failed", self.sequence_number(record)))
            }
            Outcome::Timeout => {
                let at = self.scenario().start + (invocation.handler_at() + duration);
                let seconds = format!("{}.{:02}", duration.0 / 1000, duration.0 % 1000 / 10);
                Some(format!("{at} {request_id} Task timed out after {seconds} seconds"))
            }
            Outcome::Crash => {
                Some(format!("RequestId: {request_id} Error: Runtime exited with error: exit status 1"))
            }
        }
    }
}

/// The reason's name in the event log.
#[must_use]
pub fn reason_name(reason: Reason) -> &'static str {
    match reason {
        Reason::Available => "available",
        Reason::Size => "size",
        Reason::Window => "window",
        Reason::Payload => "payload",
        Reason::Retry => "retry",
        Reason::ShardEnd => "shardEnd",
        Reason::Bisect => "bisect",
        Reason::Remainder => "remainder",
        Reason::Tumbling => "tumbling",
        Reason::Redrive => "redrive",
    }
}

/// The outcome's name in the event log.
#[must_use]
pub fn outcome_name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Ok => "ok",
        Outcome::Error => "error",
        Outcome::Timeout => "timeout",
        Outcome::Crash => "crash",
        Outcome::Throttled => "throttled",
        Outcome::Partial => "partial",
    }
}

fn throttle_name(reason: ThrottleReason) -> &'static str {
    match reason {
        ThrottleReason::Records => "records",
        ThrottleReason::Bytes => "bytes",
        ThrottleReason::NoStream => "noStream",
    }
}
