//! Invocations that alarms lead to: a topic tells a function, which scales the stream.
//!
//! Assumption: they take none of the concurrency that mappings share, their calls take no time, and Lambda does not
//! try them again where they fail. (AWS: an asynchronous event is tried twice more, after one and two minutes.)

use std::rc::Rc;

use serde::Serialize;
use serde_json::Value;

use super::Simulation;
use crate::aws::ApiError;
use crate::aws::shape::Service;
use crate::cloudwatch::notification::{self, Ids, Notice, Place};
use crate::cloudwatch::scaling::Scaling;
use crate::cloudwatch::{Alarm, api};
use crate::event_log::Event;
use crate::kinesis;
use crate::lambda::environment::Environment;
use crate::lambda::retry::Outcome;
use crate::rng::Rng;
use crate::scenario::{Handler, Qualifier, Version};
use crate::units::{SimDuration, SimTime};

/// An invocation of a topic's function.
#[derive(Clone, Debug)]
pub struct AlarmInvocation {
    /// The topic, by index.
    pub topic: u16,
    /// The alarm, by index.
    pub alarm: u16,
    /// The function, by index.
    pub function: u32,
    /// Index of the version whose code runs, as `$LATEST`.
    pub version: u32,
    /// Where it runs.
    pub environment: u32,
    /// Whether it had to wait for a new environment.
    pub cold_start: bool,
    /// From the handler's start to its end.
    pub duration: SimDuration,
    /// How it ended; `None` while it runs.
    pub outcome: Option<Outcome>,
    /// What Lambda reports of it, if it failed.
    pub error_message: Option<String>,
    pub(super) started: SimTime,
    /// The alarm as it was then, and its change of state.
    notified: (Alarm, u32),
}

impl Simulation {
    /// All invocations that alarms led to, by index. They are counted apart from those of mappings.
    #[must_use]
    pub fn alarm_invocations(&self) -> &[Rc<AlarmInvocation>] {
        &self.alarm_invocations
    }

    /// The event that an alarm's invocation receives, a JSON document.
    #[must_use]
    pub fn alarm_event(&self, idx: u32) -> String {
        let invocation = &self.alarm_invocations[idx as usize];
        let scenario = &self.scenario;
        let place = Place { account: &scenario.account, region: &scenario.region, start: scenario.start };
        let (alarm, change) = &invocation.notified;
        let notice = Notice { alarm, change: &self.alarm_changes[*change as usize], at: invocation.started };
        let uuid = |purpose, of: u64| Rng::stream(scenario.seed, purpose, of).uuid();
        let subscription =
            uuid("subscription", u64::from(invocation.topic) << 32 | u64::from(invocation.function));
        let ids = Ids { message: &uuid("message", (*change).into()), subscription: &subscription };
        notification::event(&place, &scenario.topics[usize::from(invocation.topic)].name, &notice, ids)
    }

    /// The request id of an alarm's invocation.
    #[must_use]
    pub fn alarm_request_id(&self, idx: u32) -> String {
        Rng::stream(self.scenario.seed, "alarm request id", idx.into()).uuid()
    }

    /// Hands the last change of an alarm's state to a topic's function.
    pub(super) fn invoke_for_alarm(&mut self, topic: u16, alarm: u16, function: u32) {
        if !self.lambda.functions.can_be_invoked(function, Qualifier::Latest) {
            return;
        }
        let scenario = Rc::clone(&self.scenario);
        let config = &scenario.functions[function as usize];
        let version = self.lambda.functions.code(function, Version::Latest);
        let wanted = Environment { function: function as u16, version, latest: true, opened_at: self.now };
        let (environment, cold_start) = self.environment_of(wanted, false);
        let work = match &config.versions[version as usize].handler {
            Handler::Rules(work) | Handler::Respond { work, .. } => work.per_invocation,
            Handler::Scale(_) => SimDuration::ZERO,
        };
        let duration = work.min(config.timeout);
        let notified = (self.alarms.all()[usize::from(alarm)].clone(), self.alarm_changes.len() as u32 - 1);
        let idx = self.alarm_invocations.len() as u32;
        self.alarm_invocations.push(Rc::new(AlarmInvocation {
            topic,
            alarm,
            function,
            version,
            environment,
            cold_start: cold_start.is_some(),
            duration,
            outcome: None,
            error_message: None,
            started: self.now,
            notified,
        }));
        self.totals.invocations += 1;
        let event = Event::AlarmInvocationStarted { invocation: idx };
        let fields = [idx, alarm.into(), function, version, environment, cold_start.is_some().into()];
        self.log.push(self.now, event, fields);
        self.measure_alarm_start(function);
        let lead = scenario.model.invoke_overhead + cold_start.unwrap_or(SimDuration::ZERO);
        self.agenda.push_alarm_end(self.now + lead + duration, idx);
    }

    /// The handler does its work, all of it now, and ends.
    pub(super) fn end_alarm_invocation(&mut self, idx: u32) {
        let invocation = Rc::clone(&self.alarm_invocations[idx as usize]);
        let AlarmInvocation { function, version, environment, duration, .. } = *invocation;
        let scenario = Rc::clone(&self.scenario);
        let config = &scenario.functions[function as usize];
        let (outcome, error_message) = match &config.versions[version as usize].handler {
            Handler::Rules(work) | Handler::Respond { work, .. } if work.per_invocation > config.timeout => {
                (Outcome::Timeout, None)
            }
            Handler::Rules(_) | Handler::Respond { .. } => (Outcome::Ok, None),
            Handler::Scale(scaling) => match self.scale(*scaling, &invocation.notified.0) {
                Ok(()) => (Outcome::Ok, None),
                Err(message) => (Outcome::Error, Some(message)),
            },
        };
        let ended = Rc::make_mut(&mut self.alarm_invocations[idx as usize]);
        (ended.outcome, ended.error_message) = (Some(outcome), error_message);
        let event = Event::AlarmInvocationEnded { invocation: idx };
        self.log.push(self.now, event, [idx, outcome as u32, duration.0 as u32]);
        self.totals.outcomes.count(outcome);
        self.measure_alarm_end(idx);
        self.totals.work.bill(config.memory_mb, duration, (0, 0));
        self.give_back(environment);
    }

    /// The scaling function's two calls, or the exception that ends it.
    fn scale(&mut self, scaling: Scaling, alarm: &Alarm) -> Result<(), String> {
        let calls = scaling
            .calls(&alarm.definition, self.open_shards_of(alarm))
            .ok_or("The alarm's metric has no dimension StreamName")?;
        let answer = self.call_named(&kinesis::api::SERVICE, "UpdateShardCount", &calls.update_shard_count);
        if let Some(definition) = calls.after(&answer) {
            return self
                .call_named(&api::SERVICE, "PutMetricAlarm", definition)
                .map(drop)
                .map_err(|error| exception("PutMetricAlarm", &error));
        }
        answer.map(drop).map_err(|error| exception("UpdateShardCount", &error))
    }

    /// Open shards of the stream that an alarm is about; 0 where there is none, for which the call is refused.
    fn open_shards_of(&self, alarm: &Alarm) -> u32 {
        let stream = alarm.definition.dimension("StreamName").and_then(|name| self.kinesis.find(name));
        stream.map_or(0, |stream| self.kinesis.streams[stream as usize].open_shards().len() as u32)
    }

    fn call_named<T: Serialize>(
        &mut self,
        service: &Service,
        name: &str,
        request: &T,
    ) -> Result<Value, ApiError> {
        let operation = service.operation(name).expect("an operation of the service's table");
        let request = serde_json::to_value(request).expect("a request is plain data");
        self.call(service, operation, &request)
    }
}

/// AWS: the message of boto3's ClientError; observed in article D.
fn exception(operation: &str, error: &ApiError) -> String {
    let ApiError { type_name, message } = error;
    format!("An error occurred ({type_name}) when calling the {operation} operation: {message}")
}
