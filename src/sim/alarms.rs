//! Alarms at work: evaluated when their periods end, they tell topics, whose functions scale the stream.
//!
//! What an alarm looks at is what [`super::metrics`] has counted until its period ends.

use std::rc::Rc;

use serde_json::Value;

use super::Simulation;
use super::agenda::Class;
use super::control::text_hash;
use super::lambda_metrics::Names;
use crate::aws::ApiError;
use crate::aws::shape::Operation;
use crate::cloudwatch::api::{self, CloudWatch, Effect};
use crate::cloudwatch::metric::Metric;
use crate::cloudwatch::notification::Place;
use crate::cloudwatch::series::{Group, Subjects};
use crate::cloudwatch::{Alarm, Alarms, Datapoint, Definition, StateChange};
use crate::event_log::Event;
use crate::units::SimTime;

impl Simulation {
    /// The alarms, by index.
    #[must_use]
    pub fn alarms(&self) -> &[Alarm] {
        self.alarms.all()
    }

    /// All alarms of the account, as CloudWatch keeps them.
    #[must_use]
    pub fn account_alarms(&self) -> &Alarms {
        &self.alarms
    }

    /// All changes of alarms' states so far, by index.
    #[must_use]
    pub fn alarm_changes(&self) -> &[Rc<StateChange>] {
        &self.alarm_changes
    }

    pub(super) fn create_alarms(&mut self) {
        let scenario = Rc::clone(&self.scenario);
        for definition in &scenario.alarms {
            if let Ok(idx) = self.alarms.put(definition.clone(), SimTime::ZERO) {
                self.list_alarm(idx);
            }
        }
    }

    /// Lists an alarm for the end of its period, if it is not.
    fn list_alarm(&mut self, idx: u32) {
        let span = self.alarms.all()[idx as usize].definition.span();
        let due = self.metrics.clock().next_period(self.now, span);
        self.alarms_due.resize(self.alarms.all().len(), SimTime::ZERO);
        if std::mem::replace(&mut self.alarms_due[idx as usize], due) != due {
            self.agenda.push(due, Class::Alarm, idx.into());
        }
    }

    /// A period of an alarm has ended.
    pub(super) fn evaluate_alarm(&mut self, idx: u16) {
        let alarm = &self.alarms.all()[usize::from(idx)];
        // Listed for a period that it had before it was put anew.
        let stale = self.alarms_due[usize::from(idx)] != self.now;
        if stale || alarm.deleted {
            return;
        }
        let change = alarm.evaluate(&self.datapoints(&alarm.definition));
        self.list_alarm(idx.into());
        if let Some(change) = change {
            self.alarms.get_mut(idx.into()).apply(&change, self.now);
            self.tell_alarm_state(idx, change);
        }
    }

    /// Logs that an alarm has another state, and does what follows.
    fn tell_alarm_state(&mut self, idx: u16, change: StateChange) {
        let event = Event::AlarmState { alarm: idx, change: self.alarm_changes.len() as u32 };
        let [a, b] = text_hash(&change.reason);
        self.log.push(self.now, event, [idx.into(), change.from as u32, change.to as u32, a, b]);
        let alarm = &self.alarms.all()[usize::from(idx)];
        let actions = alarm.actions(change.to).to_vec();
        self.alarm_changes.push(Rc::new(change));
        actions.iter().for_each(|action| self.notify(idx, action));
    }

    /// Calls an operation of CloudWatch now.
    pub(super) fn call_cloudwatch(
        &mut self,
        operation: &Operation,
        request: &Value,
    ) -> Result<Value, ApiError> {
        let scenario = Rc::clone(&self.scenario);
        let metrics = self.metrics();
        let subjects = Names { kinesis: &self.kinesis, lambda: &self.lambda, functions: &scenario.functions };
        let place = Place { account: &scenario.account, region: &scenario.region, start: scenario.start };
        let state = CloudWatch { alarms: &mut self.alarms, metrics: &metrics, place, subjects: &subjects };
        let (answer, effect) = match api::dispatch(state, self.now, operation.name, request) {
            Ok((answer, effect)) => (Ok(answer), effect),
            Err(error) => (Err(error), Effect::None),
        };
        self.log_call(api::SERVICE.name, operation.name, request.clone(), answer.clone());
        match effect {
            Effect::None => {}
            Effect::AlarmPut(idx) => self.list_alarm(idx),
            Effect::AlarmState(idx, change) => self.tell_alarm_state(idx as u16, change),
        }
        answer
    }

    /// What the alarm sees: its last periods, oldest first.
    fn datapoints(&self, definition: &Definition) -> Vec<Option<Datapoint>> {
        let series = definition.metric().and_then(|metric| Some((self.group(metric, definition)?, metric)));
        let Some(series) = series else { return vec![None; definition.range() as usize] };
        self.metrics.datapoints(series, definition.statistic, definition.span(), definition.range(), self.now)
    }

    /// The metrics of what an alarm is about, if there are any yet.
    fn group(&self, metric: Metric, definition: &Definition) -> Option<Group> {
        let level = metric.row().level;
        let value = |name: &str| definition.dimension(name).map(str::to_owned);
        let (of, part) = self.metric_names().find(level, &value)?;
        self.metrics.find(level, of, part)
    }

    /// An alarm's action: a topic is told, and invokes its functions.
    fn notify(&mut self, alarm: u16, action: &str) {
        let scenario = Rc::clone(&self.scenario);
        let place = Place { account: &scenario.account, region: &scenario.region, start: scenario.start };
        let name = place.topic(action);
        let Some(topic) = scenario.topics.iter().position(|topic| Some(topic.name.as_str()) == name) else {
            return;
        };
        for &function in &scenario.topics[topic].functions {
            let event = Event::NotificationSent { topic: topic as u16, alarm, function };
            self.log.push(self.now, event, [topic as u32, alarm.into(), function]);
            self.invoke_for_alarm(topic as u16, alarm, function);
        }
    }
}
