//! What a run leaves in CloudWatch: the data points of puts and polls, those of polls that find nothing included.
//!
//! Cost: a put is one addition. A poll that finds nothing is none of the run's events; how many there were follows
//! from the polling grid when a minute ends.

use super::Simulation;
use super::mapping::{Mapping, Stage};
use super::put_call::PutCall;
use crate::cloudwatch::metric::{Level, Metric};
use crate::cloudwatch::{Group, Metrics};
use crate::kinesis::monitoring::{DataCall, DataCallKind, Gets, Puts};
use crate::kinesis::{Kinesis, Stream};
use crate::scenario::Model;
use crate::units::{SimDuration, SimTime, Stamp};

/// A reader's polls at instants of the grid that found records, or were throttled.
#[derive(Clone, Copy, Debug, Default)]
pub struct Polls {
    /// From when on they are counted: the shard's assignment, or the start of the open minute.
    since: Stamp,
    made: u32,
}

impl Polls {
    /// None, from `now` on.
    pub(super) fn since(now: SimTime) -> Self {
        Self { since: Stamp::of(now), made: 0 }
    }

    /// Counts one more.
    pub(super) fn count(&mut self) {
        self.made += 1;
    }
}

impl Simulation {
    /// All metrics up to now.
    #[must_use]
    pub fn metrics(&self) -> Metrics {
        let (mut metrics, mut meter) = (self.metrics.clone(), self.meter.clone());
        meter.settle(&mut metrics);
        let mut from = SimTime::ZERO;
        while metrics.ends() <= self.now {
            let end = metrics.ends();
            self.idle_polls().count_all(&mut metrics, from, end);
            metrics.advance(end);
            meter.begin_minute(&mut metrics, end);
            from = end;
        }
        self.idle_polls().count_all(&mut metrics, from, self.now);
        metrics.advance(self.now);
        metrics
    }

    /// The index under which a stream's metrics are kept: streams of one name, one deleted before the next was
    /// created, have the same metrics.
    #[must_use]
    pub fn metric_stream(&self, name: &str) -> Option<u32> {
        metric_stream(&self.kinesis, name)
    }

    /// Closes the minutes that have ended by `t`, before anything happens then.
    pub(super) fn end_minutes(&mut self, t: SimTime) {
        let nothing = Metrics::new(self.scenario.start);
        let (mut metrics, mut meter) =
            (std::mem::replace(&mut self.metrics, nothing), std::mem::take(&mut self.meter));
        meter.settle(&mut metrics);
        while metrics.ends() <= t {
            let end = metrics.ends();
            self.idle_polls().count_all(&mut metrics, SimTime::ZERO, end);
            metrics.advance(end);
            meter.begin_minute(&mut metrics, end);
            let readers = self.mappings.iter_mut().flat_map(|mapping| &mut mapping.readers);
            readers.for_each(|reader| reader.polls = Polls::since(end));
        }
        (self.metrics, self.meter) = (metrics, meter);
    }

    /// A put of a producer.
    #[inline]
    pub(super) fn measure_put(&mut self, producer: usize, shard: u32, bytes: u32, throttled: bool) {
        let part = self.producers[producer].part();
        if part == PutCall::Single {
            let latency = self.producers[producer].latency();
            self.metrics.put_record(self.now, Metrics::SCENARIO_STREAM, bytes, throttled, latency);
            if !self.kinesis.streams[usize::from(self.put_into)].monitored.is_empty() {
                let mut puts = Puts::default();
                puts.count(bytes, throttled);
                self.measure_shard_put(self.put_into.into(), shard, puts);
            }
            return;
        }
        self.put_call.entry(shard).or_default().count(bytes, throttled);
        if part == PutCall::Ended {
            let shards: Vec<(u32, Puts)> = std::mem::take(&mut self.put_call).into_iter().collect();
            let all = shards.iter().fold(Puts::default(), |all, (_, puts)| all.with(*puts));
            let kind = DataCallKind::PutRecords(all, shards);
            self.measure_call(&DataCall { stream: self.put_into.into(), kind });
        }
    }

    /// What a call of the API came to.
    pub(super) fn measure_call(&mut self, DataCall { stream, kind }: &DataCall) {
        let group = self.stream_group(*stream);
        match kind {
            DataCallKind::PutRecord(shard, puts) => {
                self.metrics.put_record(self.now, group, puts.bytes, puts.throttled > 0, 0);
                self.measure_shard_put(*stream, *shard, *puts);
            }
            DataCallKind::PutRecords(puts, shards) => {
                self.metrics.put_records(self.now, group, *puts);
                shards.iter().for_each(|&(shard, puts)| self.measure_shard_put(*stream, shard, puts));
            }
            DataCallKind::GetRecords(shard, gets) => self.measure_get(*stream, *shard, *gets),
        }
    }

    /// A GetRecords of a shard; `None` where it was throttled.
    pub(super) fn measure_get(&mut self, stream: u32, shard: u32, gets: Option<Gets>) {
        let group = self.stream_group(stream);
        if stream == 0 {
            let mode = self.kinesis.streams[0].mode;
            self.totals.work.retrieved(mode, gets.map_or(0, |gets| gets.bytes.into()));
        }
        match gets {
            Some(gets) => self.metrics.get_records(self.now, group, gets, 1),
            None => self.metrics.get_throttled(self.now, group),
        }
        let kept = self.kinesis.streams[stream as usize].monitored;
        if kept.is_empty() {
            return;
        }
        let group = self.shard_group(stream, shard);
        match gets {
            Some(gets) => self.metrics.shard_get(self.now, group, kept, gets, 1),
            None => self.metrics.shard_get_throttled(self.now, group, kept),
        }
    }

    fn measure_shard_put(&mut self, stream: u32, shard: u32, puts: Puts) {
        let kept = self.kinesis.streams[stream as usize].monitored;
        if !kept.is_empty() {
            let group = self.shard_group(stream, shard);
            self.metrics.shard_put(self.now, group, kept, puts);
        }
    }

    fn stream_group(&mut self, stream: u32) -> Group {
        if stream == 0 {
            return Metrics::SCENARIO_STREAM;
        }
        self.metrics.group(Level::Stream, self.named(stream), 0)
    }

    fn shard_group(&mut self, stream: u32, shard: u32) -> Group {
        self.metrics.group(Level::Shard, self.named(stream), shard)
    }

    fn named(&self, stream: u32) -> u32 {
        self.metric_stream(&self.kinesis.streams[stream as usize].name).unwrap_or(stream)
    }

    /// The polls that found nothing until a shard's last one, which is that at `now`.
    pub(super) fn end_polls(&mut self, idx: u16, shard: u32) {
        if self.mapping(idx).polls() {
            self.count_idle(idx, shard, self.now + SimDuration(1));
        }
    }

    /// The polls that found nothing before a mapping stops polling, which it does `now`.
    pub(super) fn stop_polls(&mut self, idx: u16) {
        for shard in 0..self.mapping(idx).readers.len() as u32 {
            if self.mapping(idx).readers[shard as usize].stage == Stage::Assigned {
                self.count_idle(idx, shard, self.now);
            }
        }
    }

    fn count_idle(&mut self, idx: u16, shard: u32, end: SimTime) {
        let idle =
            IdlePolls { mappings: &self.mappings, kinesis: &self.kinesis, model: &self.scenario.model };
        let times = idle.of_reader(usize::from(idx), shard, SimTime::ZERO, end);
        idle.count(&mut self.metrics, self.now, (idx, shard), times);
    }

    fn idle_polls(&self) -> IdlePolls<'_> {
        IdlePolls { mappings: &self.mappings, kinesis: &self.kinesis, model: &self.scenario.model }
    }
}

fn metric_stream(kinesis: &Kinesis, name: &str) -> Option<u32> {
    kinesis.streams.iter().position(|stream| stream.name == name).map(|idx| idx as u32)
}

/// Polls that find nothing: at every instant of the grid there is one of each shard that a mapping reads, and those
/// that find something are known.
struct IdlePolls<'a> {
    mappings: &'a [Mapping],
    kinesis: &'a Kinesis,
    model: &'a Model,
}

impl IdlePolls<'_> {
    /// Counts those from `from` on and before `end`, which lie in one minute.
    fn count_all(&self, metrics: &mut Metrics, from: SimTime, end: SimTime) {
        let Some(last) = end.0.checked_sub(1).map(SimTime) else { return };
        let stream = self.stream();
        let mut times = 0;
        for (idx, mapping) in self.mappings.iter().enumerate().filter(|(_, mapping)| mapping.polls()) {
            let mut of_mapping = 0;
            for (shard, _) in
                (0..).zip(&mapping.readers).filter(|(_, reader)| reader.stage == Stage::Assigned)
            {
                let found = self.of_reader(idx, shard, from, end);
                of_mapping += found;
                if !stream.monitored.is_empty() {
                    self.count_of_shard(metrics, last, shard, found);
                }
            }
            self.count_of_mapping(metrics, last, idx as u16, of_mapping);
            times += of_mapping;
        }
        metrics.get_records(last, Metrics::SCENARIO_STREAM, Gets::default(), times);
    }

    /// Counts so many of one shard of a mapping.
    fn count(&self, metrics: &mut Metrics, now: SimTime, (mapping, shard): (u16, u32), times: u32) {
        self.count_of_mapping(metrics, now, mapping, times);
        metrics.get_records(now, Metrics::SCENARIO_STREAM, Gets::default(), times);
        if !self.stream().monitored.is_empty() {
            self.count_of_shard(metrics, now, shard, times);
        }
    }

    /// AWS: a poll that finds nothing is a 0 in `PolledEventCount`.
    fn count_of_mapping(&self, metrics: &mut Metrics, now: SimTime, mapping: u16, times: u32) {
        if times > 0 && self.mappings[usize::from(mapping)].config().event_count_metrics {
            let group = metrics.group(Level::Mapping, mapping.into(), 0);
            metrics.record(now, group, Metric::PolledEventCount, 0, times);
        }
    }

    fn count_of_shard(&self, metrics: &mut Metrics, now: SimTime, shard: u32, times: u32) {
        let group = metrics.group(Level::Shard, 0, shard);
        metrics.shard_get(now, group, self.stream().monitored, Gets::default(), times);
    }

    /// Those of one reader from `from` on and before `end`.
    fn of_reader(&self, mapping: usize, shard: u32, from: SimTime, end: SimTime) -> u32 {
        let Polls { since, made } = self.mappings[mapping].readers[shard as usize].polls;
        let (from, made) = if since.time() >= from { (since.time(), made) } else { (from, 0) };
        (self.grid_before(end).saturating_sub(self.grid_before(from)) as u32).saturating_sub(made)
    }

    /// Instants of the polling grid before `t`.
    fn grid_before(&self, t: SimTime) -> u64 {
        t.0.saturating_sub(self.model.poll_phase.0).div_ceil(self.model.poll.0)
    }

    fn stream(&self) -> &Stream {
        &self.kinesis.streams[0]
    }
}
