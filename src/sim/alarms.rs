//! Alarms at work: evaluated when their periods end, they tell topics, whose functions scale the stream.
//!
//! What an alarm looks at is what [`super::metrics`] has counted until its period ends.

use std::rc::Rc;

use super::Simulation;
use super::agenda::Class;
use super::control::text_hash;
use crate::cloudwatch::metric::{Level, Metric};
use crate::cloudwatch::notification::Place;
use crate::cloudwatch::scaling::Scaling;
use crate::cloudwatch::series::{Clock, Group};
use crate::cloudwatch::{Alarm, Datapoint, Definition, StateChange};
use crate::event_log::Event;
use crate::kinesis;
use crate::kinesis::shard::parse_shard_id;
use crate::scenario::Handler;
use crate::units::SimTime;

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
        let series = definition.metric().and_then(|metric| Some((self.group(metric, definition)?, metric)));
        let Some(series) = series else { return vec![None; definition.range() as usize] };
        self.metrics.datapoints(series, definition.statistic, definition.span(), definition.range(), self.now)
    }

    /// The metrics of the stream or shard that an alarm is about, if there are any yet.
    fn group(&self, metric: Metric, definition: &Definition) -> Option<Group> {
        let stream = self.metric_stream(definition.dimension("StreamName")?)?;
        let level = metric.row().level;
        let shard = match level {
            Level::Stream => 0,
            Level::Shard => parse_shard_id(definition.dimension("ShardId")?)?,
        };
        self.metrics.find(level, stream, shard)
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
