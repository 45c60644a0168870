//! Alarms at work: evaluated when their periods end, they tell topics, whose functions scale the stream.
//!
//! Cost: nothing is counted while the run goes on. What an alarm looks at is gathered from the records and the log
//! when its period ends.

use std::rc::Rc;

use super::Simulation;
use super::agenda::Class;
use super::control::text_hash;
use crate::cloudwatch::notification::Place;
use crate::cloudwatch::scaling::Scaling;
use crate::cloudwatch::series::{Clock, Metrics};
use crate::cloudwatch::{Alarm, Datapoint, Definition, Metric, StateChange, metric::Level};
use crate::event_log::Event;
use crate::kinesis;
use crate::scenario::Handler;
use crate::units::{SimDuration, SimTime};

impl Simulation {
    /// The alarms, by index.
    #[must_use]
    pub fn alarms(&self) -> &[Alarm] {
        self.alarms.all()
    }

    /// All changes of alarms' states so far, by index.
    #[must_use]
    pub fn alarm_changes(&self) -> &[Rc<StateChange>] {
        &self.alarm_changes
    }

    pub(super) fn create_alarms(&mut self) {
        let scenario = Rc::clone(&self.scenario);
        let clock = Clock::new(scenario.start);
        for definition in &scenario.alarms {
            let span = definition.span();
            if let Ok(idx) = self.alarms.put(definition.clone(), SimTime::ZERO) {
                self.agenda.push(clock.next_period(SimTime::ZERO, span), Class::Alarm, idx.into());
            }
        }
    }

    /// A period of an alarm has ended.
    pub(super) fn evaluate_alarm(&mut self, idx: u16) {
        let alarm = &self.alarms.all()[usize::from(idx)];
        let definition = Rc::clone(&alarm.definition);
        let change = alarm.evaluate(&self.datapoints(&definition));
        let next = Clock::new(self.scenario.start).next_period(self.now, definition.span());
        self.agenda.push(next, Class::Alarm, idx.into());
        let Some(change) = change else { return };
        self.alarms.get_mut(idx.into()).apply(&change, self.now);
        let event = Event::AlarmState { alarm: idx, change: self.alarm_changes.len() as u32 };
        let [a, b] = text_hash(&change.reason);
        self.log.push(self.now, event, [idx.into(), change.from as u32, change.to as u32, a, b]);
        let actions = self.alarms.all()[usize::from(idx)].actions(change.to).to_vec();
        self.alarm_changes.push(Rc::new(change));
        actions.iter().for_each(|action| self.notify(idx, action, &definition));
    }

    /// What the alarm sees: its last periods, oldest first.
    fn datapoints(&self, definition: &Definition) -> Vec<Option<Datapoint>> {
        let none = || vec![None; definition.range() as usize];
        let stream = definition.dimension("StreamName").and_then(|name| self.kinesis.find(name));
        let (Some(metric), Some(0)) = (definition.metric(), stream) else { return none() };
        let period = definition.span();
        let window = SimDuration(period.0 * u64::from(definition.range() + 1));
        let mut metrics = Metrics::new(self.scenario.start);
        let group = metrics.group(Level::Stream, 0, 0);
        let from = SimTime(self.now.0.saturating_sub(window.0));
        if metric == Metric::WriteProvisionedThroughputExceeded {
            let first = from.0.checked_sub(1).map_or(0, |before| self.events_until(SimTime(before)));
            for (_, t, event) in self.events(first, self.log.count()) {
                let throttled = matches!(event, Event::RecordThrottled { .. });
                if throttled || matches!(event, Event::RecordPut { .. }) {
                    metrics.record(t, group, metric, throttled.into());
                }
            }
        } else {
            let records = &self.stream().records;
            for record in self.stream().first_at(from)..records.len() {
                let stored = records.get(record);
                let value = if metric == Metric::IncomingBytes { stored.size() } else { 1 };
                metrics.record(stored.arrival(), group, metric, value);
            }
        }
        metrics.advance(self.now);
        metrics.datapoints((group, metric), definition.statistic, period, definition.range(), self.now)
    }

    /// An alarm's action: a topic is told, and tells its functions.
    fn notify(&mut self, alarm: u16, action: &str, definition: &Definition) {
        let scenario = Rc::clone(&self.scenario);
        let place = Place { account: &scenario.account, region: &scenario.region, start: scenario.start };
        let name = place.topic(action);
        let Some(topic) = scenario.topics.iter().position(|topic| Some(topic.name.as_str()) == name) else {
            return;
        };
        for &function in &scenario.topics[topic].functions {
            let event = Event::NotificationSent { topic: topic as u16, alarm, function };
            self.log.push(self.now, event, [topic as u32, alarm.into(), function]);
            let version = scenario.functions[function as usize].versions.last();
            if let Some(&Handler::Scale(scaling)) = version.map(|version| &version.handler) {
                self.scale(scaling, definition);
            }
        }
    }

    /// The scaling function's two calls. Assumption: they take no time.
    fn scale(&mut self, scaling: Scaling, definition: &Definition) {
        let Some(calls) = scaling.calls(definition, self.stream().open_shards().len() as u32) else { return };
        let service = &kinesis::api::SERVICE;
        let Some(operation) = service.operation("UpdateShardCount") else { return };
        let answer = self.call(service, operation, &json(&calls.update_shard_count));
        if let Some(definition) = calls.after(&answer) {
            // The alarm is there: putting it again does not fail.
            let _ = self.alarms.put(definition.clone(), self.now);
            let answer = Ok(serde_json::Value::Object(serde_json::Map::new()));
            self.log_call("cloudwatch", "PutMetricAlarm", json(definition), answer);
        }
    }
}

fn json<T: serde::Serialize>(request: &T) -> serde_json::Value {
    serde_json::to_value(request).expect("a request is plain data")
}
