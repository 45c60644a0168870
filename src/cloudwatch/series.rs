//! Metrics over time: data points gathered into buckets of one minute.
//!
//! A data point goes into the open bucket of its series: an addition, no text, no memory. When the minute ends,
//! the open buckets that hold something become rows of a column that clones of a simulation share.
//!
//! AWS: Kinesis sends its metrics each minute, and a minute in which nothing was counted has no data point.
//! Assumption: a minute's data are there when it ends; CloudWatch shows them a minute or more later.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::alarm::Dimension;
use super::metric::{Level, METRICS, Metric, Statistic};
use super::sample::Unsettled;
use crate::column::Column;
use crate::quota;
use crate::units::{Ratio, SimDuration, SimTime, WallTime};

const MINUTE_MS: u64 = 60_000;

/// From simulated time to periods of the wall clock.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    start: WallTime,
}

impl Clock {
    /// The clock of a scenario that starts then.
    #[must_use]
    pub fn new(start: WallTime) -> Self {
        Self { start }
    }

    /// Minutes from the wall-clock minute in which the scenario starts, 0 in that one.
    #[must_use]
    pub fn minute(self, t: SimTime) -> u32 {
        ((self.start + t).0 / MINUTE_MS - self.start.0 / MINUTE_MS) as u32
    }

    /// The first instant after `t` at which a period begins and another one has ended. Periods begin at the
    /// multiples of their length since 1970: an hour's on the hour.
    ///
    /// Assumption: so do those of all alarms, and an alarm is evaluated once a period; CloudWatch may shift the
    /// periods longer than a minute and evaluates every minute. `period` is above zero.
    #[must_use]
    pub fn next_period(self, t: SimTime, period: SimDuration) -> SimTime {
        let wall = (self.start + t).0;
        t + SimDuration(period.0 - wall % period.0)
    }
}

/// The data points of one minute, or of several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// Their sum.
    pub sum: u64,
    /// How many there are.
    pub samples: u32,
    /// The least; `u32::MAX` where there is none.
    pub min: u32,
    /// The largest; 0 where there is none.
    pub max: u32,
}

impl Bucket {
    /// No data point.
    pub const EMPTY: Self = Self { sum: 0, samples: 0, min: u32::MAX, max: 0 };

    /// `times` data points of one value.
    #[must_use]
    pub fn of(value: u32, times: u32) -> Self {
        let mut bucket = Self::EMPTY;
        bucket.add(value, times);
        bucket
    }

    /// Adds `times` data points of one value.
    #[inline]
    pub fn add(&mut self, value: u32, times: u32) {
        if times > 0 {
            let sum = u64::from(value) * u64::from(times);
            self.merge(Self { sum, samples: times, min: value, max: value });
        }
    }

    /// Adds the data points of another bucket.
    #[inline]
    pub fn merge(&mut self, other: Self) {
        self.sum += other.sum;
        self.samples += other.samples;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }

    /// One number for all of it; `None` where there is no data point.
    #[must_use]
    pub fn statistic(self, statistic: Statistic) -> Option<Ratio> {
        let mean = Ratio::new(self.sum, self.samples.into())?;
        Some(match statistic {
            Statistic::SampleCount => Ratio::whole(self.samples.into()),
            Statistic::Average => mean,
            Statistic::Sum => Ratio::whole(self.sum),
            Statistic::Minimum => Ratio::whole(self.min.into()),
            Statistic::Maximum => Ratio::whole(self.max.into()),
        })
    }
}

/// A period's statistic, as an alarm sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Datapoint {
    /// When the period begins: the stamp that CloudWatch gives it.
    pub at: WallTime,
    /// The statistic.
    pub value: Ratio,
}

/// What metrics are about, by the names of their dimensions. A thing is told by its level and two numbers: of a shard
/// that of its stream and its own, of other things their own first.
pub trait Subjects: std::fmt::Debug {
    /// The dimensions of a thing, in AWS's order.
    fn dimensions(&self, level: Level, of: u32, part: u32) -> Vec<Dimension>;
    /// The thing that these values of a level's dimensions name.
    fn find(&self, level: Level, value: &dyn Fn(&str) -> Option<String>) -> Option<(u32, u32)>;
}

/// The metrics of one stream, shard, function or mapping: its series stand side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Group(u32);

/// A bucket with its place. The column is in the order of minute, then series.
#[derive(Clone, Copy, Debug)]
struct Row {
    bucket: Bucket,
    minute: u32,
    series: u32,
}

/// All metrics of a run.
#[derive(Clone, Debug)]
pub struct Metrics {
    clock: Clock,
    /// Groups by what they are about.
    groups: Rc<BTreeMap<(Level, u32, u32), Group>>,
    /// The open bucket of each series, and all that was before it, together.
    open: Vec<Bucket>,
    totals: Vec<Bucket>,
    /// The minute of the open buckets, and when it ends.
    minute: u32,
    ends: SimTime,
    rows: Column<Row>,
    /// Data points that came when their minute had ended, by minute and series.
    late: Rc<BTreeMap<(u32, u32), Bucket>>,
    unsettled: Unsettled,
    full_since: Option<SimTime>,
}

impl Metrics {
    /// The scenario's own stream, which is stream 0.
    pub const SCENARIO_STREAM: Group = Group(0);

    /// The metrics of the scenario's stream, with nothing in them, for a scenario that starts then.
    #[must_use]
    pub fn new(start: WallTime) -> Self {
        let clock = Clock::new(start);
        Self {
            clock,
            groups: Rc::new(BTreeMap::from([((Level::Stream, 0, 0), Self::SCENARIO_STREAM)])),
            open: vec![Bucket::EMPTY; Level::Stream.count() as usize],
            totals: vec![Bucket::EMPTY; Level::Stream.count() as usize],
            minute: 0,
            ends: clock.next_period(SimTime::ZERO, SimDuration(MINUTE_MS)),
            rows: Column::default(),
            late: Rc::default(),
            unsettled: Unsettled::none(Self::SCENARIO_STREAM),
            full_since: None,
        }
    }

    /// The clock of the periods.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.clock
    }

    /// The metrics of a thing (`part` of a shard is its own number, 0 of a stream); made if they are not there.
    pub fn group(&mut self, level: Level, of: u32, part: u32) -> Group {
        if let Some(group) = self.find(level, of, part) {
            return group;
        }
        let group = Group(self.open.len() as u32);
        let more = self.open.len() + level.count() as usize;
        self.open.resize(more, Bucket::EMPTY);
        self.totals.resize(more, Bucket::EMPTY);
        Rc::make_mut(&mut self.groups).insert((level, of, part), group);
        group
    }

    /// The metrics of a thing, if they are there.
    #[must_use]
    pub fn find(&self, level: Level, of: u32, part: u32) -> Option<Group> {
        self.groups.get(&(level, of, part)).copied()
    }

    /// Adds `times` data points of one value at `now`, which never lies before that of an earlier call. `metric`
    /// is of the group's level.
    #[inline]
    pub fn record(&mut self, now: SimTime, group: Group, metric: Metric, value: u32, times: u32) {
        if now >= self.ends {
            self.close(now);
        }
        self.open[(group.0 + metric.place()) as usize].add(value, times);
    }

    /// Whether an instant, which is not after the open minute, is in it.
    #[must_use]
    pub fn is_open(&self, then: SimTime) -> bool {
        then.0 + MINUTE_MS >= self.ends.0
    }

    /// Adds a data point that belongs to the minute of `then`, which may have ended.
    pub fn record_late(&mut self, then: SimTime, group: Group, metric: Metric, value: u32) {
        let series = group.0 + metric.place();
        if self.is_open(then) {
            return self.open[series as usize].add(value, 1);
        }
        let minute = self.clock.minute(then);
        self.totals[series as usize].add(value, 1);
        Rc::make_mut(&mut self.late).entry((minute, series)).or_insert(Bucket::EMPTY).add(value, 1);
    }

    /// All data points so far, together.
    #[must_use]
    pub fn total(&self, group: Group, metric: Metric) -> Bucket {
        let series = (group.0 + metric.place()) as usize;
        let mut total = self.totals[series];
        total.merge(self.open[series]);
        total
    }

    /// The calls of a stream that are not settled.
    #[inline]
    pub(super) fn unsettled_of(&mut self, now: SimTime, stream: Group) -> &mut Unsettled {
        if now >= self.ends {
            self.close(now);
        }
        if self.unsettled.stream != stream {
            self.settle();
            self.unsettled.stream = stream;
        }
        &mut self.unsettled
    }

    /// Adds data points of the open minute.
    pub fn merge(&mut self, group: Group, metric: Metric, bucket: Bucket) {
        self.open[(group.0 + metric.place()) as usize].merge(bucket);
    }

    /// The data points of the calls counted so far.
    fn settle(&mut self) {
        let stream = self.unsettled.stream;
        let unsettled = std::mem::replace(&mut self.unsettled, Unsettled::none(stream));
        unsettled.data_points().for_each(|(metric, bucket)| self.merge(stream, metric, bucket));
    }

    /// When the open minute ends.
    #[must_use]
    pub fn ends(&self) -> SimTime {
        self.ends
    }

    /// Brings everything up to `now`, which comes before reading: an open minute that has ended is closed.
    pub fn advance(&mut self, now: SimTime) {
        if now >= self.ends {
            self.close(now);
        } else {
            self.settle();
        }
    }

    #[cold]
    fn close(&mut self, now: SimTime) {
        self.settle();
        let (minute, ends) = (self.minute, self.ends);
        for (series, open) in (0..).zip(&mut self.open).filter(|(_, open)| open.samples > 0) {
            let bucket = std::mem::replace(open, Bucket::EMPTY);
            self.totals[series as usize].merge(bucket);
            if self.rows.len() < quota::METRIC_BUCKETS_MAX {
                self.rows.push(Row { bucket, minute, series });
            } else {
                self.full_since.get_or_insert(ends);
            }
        }
        self.minute = self.clock.minute(now);
        self.ends = self.clock.next_period(now, SimDuration(MINUTE_MS));
    }

    /// Since when minutes are lost because [`quota::METRIC_BUCKETS_MAX`] is reached.
    #[must_use]
    pub fn full_since(&self) -> Option<SimTime> {
        self.full_since
    }

    /// The data points of one minute (as [`Clock::minute`] counts), the open one included; empty if there is none.
    #[must_use]
    pub fn bucket(&self, group: Group, metric: Metric, minute: u32) -> Bucket {
        let series = group.0 + metric.place();
        if minute == self.minute {
            return self.open[series as usize];
        }
        let mut bucket = self.late.get(&(minute, series)).copied().unwrap_or(Bucket::EMPTY);
        let place = self.rows.partition_point(|row| (row.minute, row.series) < (minute, series));
        if place < self.rows.len() {
            let row = self.rows.get(place);
            if (row.minute, row.series) == (minute, series) {
                bucket.merge(row.bucket);
            }
        }
        bucket
    }

    /// The statistic of the last `count` periods that have ended at `now`, the oldest first; `None` where there is
    /// no data. `period` is a whole number of minutes above zero; call [`Metrics::advance`] before.
    #[must_use]
    pub fn datapoints(
        &self,
        (group, metric): (Group, Metric),
        statistic: Statistic,
        period: SimDuration,
        count: u32,
        now: SimTime,
    ) -> Vec<Option<Datapoint>> {
        assert!(period.0 > 0 && period.0.is_multiple_of(MINUTE_MS), "a period is a whole number of minutes");
        let wall = (self.clock.start + now).0;
        let end = wall - wall % period.0;
        let point = |back: u64| {
            let at = end.checked_sub(back * period.0)?;
            let bucket = self.ended((group, metric), WallTime(at), WallTime(at + period.0));
            Some(Datapoint { at: WallTime(at), value: bucket.statistic(statistic)? })
        };
        (1..=u64::from(count)).rev().map(point).collect()
    }

    /// The minutes that have ended: when the first one began and the last one ended.
    #[must_use]
    pub fn ended_minutes(&self) -> (WallTime, WallTime) {
        let first = self.clock.start.0 / MINUTE_MS;
        (WallTime(first * MINUTE_MS), WallTime((first + u64::from(self.minute)) * MINUTE_MS))
    }

    /// The data points of the minutes from `from` on and before `to` that have ended, together.
    #[must_use]
    pub fn ended(&self, (group, metric): (Group, Metric), from: WallTime, to: WallTime) -> Bucket {
        let origin = self.clock.start.0 / MINUTE_MS;
        let (first, end) = (from.0 / MINUTE_MS, (to.0 / MINUTE_MS).min(origin + u64::from(self.minute)));
        let mut bucket = Bucket::EMPTY;
        for minute in first.max(origin)..end {
            bucket.merge(self.bucket(group, metric, (minute - origin) as u32));
        }
        bucket
    }

    /// Every series that has data of a minute that has ended: the thing it is about, and the metric, in that order.
    #[must_use]
    pub fn with_data(&self) -> Vec<(Level, u32, u32, Metric)> {
        let mut series: BTreeSet<u32> = (0..self.rows.len()).map(|row| self.rows.get(row).series).collect();
        series.extend(self.late.keys().map(|(_, series)| series));
        let of_group = |(&(level, of, part), group): (&(Level, u32, u32), &Group)| {
            let metrics = METRICS.iter().map(|row| row.metric).filter(|metric| metric.row().level == level);
            let known = metrics.filter(|metric| series.contains(&(group.0 + metric.place())));
            known.map(|metric| (level, of, part, metric)).collect::<Vec<_>>()
        };
        self.groups.iter().flat_map(of_group).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 23:30 into a minute and an hour.
    const START: &str = "2020-01-14T06:23:30.000Z";

    fn metrics() -> (Metrics, Group) {
        let mut metrics = Metrics::new(WallTime::parse(START).unwrap());
        metrics.group(Level::Shard, 0, 7);
        let group = metrics.group(Level::Stream, 0, 0);
        (metrics, group)
    }

    #[test]
    fn minutes_are_those_of_the_wall_clock() {
        let clock = metrics().0.clock();
        #[track_caller]
        fn check(clock: Clock, t: u64, minute: u32, next_minute: u64, next_hour: u64) {
            let t = SimTime(t);
            assert_eq!(clock.minute(t), minute, "{t}");
            assert_eq!(clock.next_period(t, SimDuration(MINUTE_MS)), SimTime(next_minute), "{t}");
            assert_eq!(clock.next_period(t, SimDuration::from_hours(1)), SimTime(next_hour), "{t}");
        }
        check(clock, 0, 0, 30_000, 2_190_000);
        check(clock, 29_999, 0, 30_000, 2_190_000);
        check(clock, 30_000, 1, 90_000, 2_190_000);
        check(clock, 2_190_000, 37, 2_250_000, 5_790_000);
    }

    #[test]
    fn statistics_are_exact() {
        let mut bucket = Bucket::EMPTY;
        assert_eq!(bucket.statistic(Statistic::Sum), None);
        bucket.add(7, 0);
        assert_eq!(bucket, Bucket::EMPTY);
        bucket.add(5, 1);
        bucket.add(0, 2);
        let value = |statistic| bucket.statistic(statistic).map(|r| (r.numerator(), r.denominator()));
        assert_eq!(value(Statistic::SampleCount), Some((3, 1)));
        assert_eq!(value(Statistic::Average), Some((5, 3)));
        assert_eq!(value(Statistic::Sum), Some((5, 1)));
        assert_eq!(value(Statistic::Minimum), Some((0, 1)));
        assert_eq!(value(Statistic::Maximum), Some((5, 1)));
    }

    #[test]
    fn data_points_lie_in_their_minute_and_a_clone_goes_its_own_way() {
        let (mut metrics, group) = metrics();
        let metric = Metric::IncomingRecords;
        metrics.record(SimTime(0), group, metric, 3, 1);
        metrics.record(SimTime(29_999), group, metric, 4, 1);
        metrics.record(SimTime(30_000), group, metric, 1, 1);
        let mut clone = metrics.clone();
        metrics.record(SimTime(210_000), group, metric, 9, 1);
        let sum = |metrics: &Metrics, minute| metrics.bucket(group, metric, minute).sum;
        assert_eq!((0..5).map(|minute| sum(&metrics, minute)).collect::<Vec<_>>(), [7, 1, 0, 0, 9]);
        clone.record(SimTime(31_000), group, metric, 1, 1);
        clone.advance(SimTime(90_000));
        assert_eq!((0..5).map(|minute| sum(&clone, minute)).collect::<Vec<_>>(), [7, 2, 0, 0, 0]);
        assert_eq!(metrics.bucket(group, Metric::IncomingBytes, 0), Bucket::EMPTY);
        assert_eq!((metrics.rows.len(), metrics.full_since()), (2, None));
    }

    #[test]
    fn a_late_data_point_lies_in_its_minute_and_counts_in_the_total() {
        let (mut metrics, _) = metrics();
        let function = metrics.group(Level::Function, 3, 0);
        metrics.record(SimTime(0), function, Metric::Errors, 0, 1);
        metrics.record(SimTime(40_000), function, Metric::Errors, 1, 1);
        let other = metrics.group(Level::Function, 4, 0);
        for then in [1, 30_001, 30_002] {
            metrics.record_late(SimTime(then), function, Metric::Errors, 1);
        }
        metrics.record_late(SimTime(0), other, Metric::Errors, 1);
        let read = |metrics: &Metrics, group, minute| {
            let Bucket { sum, samples, .. } = metrics.bucket(group, Metric::Errors, minute);
            (samples, sum)
        };
        assert_eq!((read(&metrics, function, 0), read(&metrics, function, 1)), ((2, 1), (3, 3)));
        assert_eq!(metrics.total(function, Metric::Errors), Bucket { sum: 4, samples: 5, min: 0, max: 1 });
        let clone = metrics.clone();
        metrics.advance(SimTime(90_000));
        metrics.record_late(SimTime(50_000), function, Metric::Errors, 1);
        assert_eq!((read(&metrics, function, 1), read(&clone, function, 1)), ((4, 4), (3, 3)));
        assert_eq!(metrics.total(function, Metric::Errors).samples, 6);
        let known: Vec<_> = metrics.with_data().into_iter().map(|(.., of, _, metric)| (of, metric)).collect();
        assert_eq!(known, [(3, Metric::Errors), (4, Metric::Errors)]);
    }

    #[test]
    fn minutes_are_lost_when_there_is_no_more_room() {
        let mut metrics = Metrics::new(WallTime(0));
        let shards = 64;
        let groups: Vec<Group> = (0..shards).map(|shard| metrics.group(Level::Shard, 0, shard)).collect();
        let fill = |metrics: &mut Metrics, minute: u32| {
            for &group in &groups {
                let t = SimTime(u64::from(minute) * MINUTE_MS);
                metrics.record(t, group, Metric::ShardIncomingBytes, 1, 1);
            }
        };
        let last = quota::METRIC_BUCKETS_MAX / shards;
        (0..last).for_each(|minute| fill(&mut metrics, minute));
        metrics.advance(SimTime(u64::from(last) * MINUTE_MS));
        assert_eq!((metrics.rows.len(), metrics.full_since()), (quota::METRIC_BUCKETS_MAX, None));
        fill(&mut metrics, last);
        let end = SimTime(u64::from(last + 1) * MINUTE_MS);
        metrics.advance(end);
        assert_eq!((metrics.rows.len(), metrics.full_since()), (quota::METRIC_BUCKETS_MAX, Some(end)));
        assert_eq!(metrics.bucket(groups[0], Metric::ShardIncomingBytes, last), Bucket::EMPTY);
        assert_eq!(metrics.bucket(groups[0], Metric::ShardIncomingBytes, last - 1).sum, 1);
    }

    #[test]
    fn groups_are_made_once_and_do_not_mix() {
        let (mut metrics, stream) = metrics();
        assert_eq!(metrics.group(Level::Stream, 0, 0), stream);
        assert_eq!(metrics.find(Level::Shard, 0, 8), None);
        let shard = metrics.find(Level::Shard, 0, 7).unwrap();
        metrics.record(SimTime(1), shard, Metric::ShardIncomingBytes, 6, 1);
        metrics.record(SimTime(1), stream, Metric::IncomingBytes, 60, 1);
        metrics.advance(SimTime(30_000));
        assert_eq!(metrics.bucket(shard, Metric::ShardIncomingBytes, 0).sum, 6);
        assert_eq!(metrics.bucket(stream, Metric::IncomingBytes, 0).sum, 60);
    }

    #[test]
    fn periods_merge_minutes_and_miss_what_was_before_the_start() {
        let (mut metrics, group) = metrics();
        let metric = Metric::GetRecordsRecords;
        for (t, value) in [(0, 1), (30_000, 10), (89_999, 20), (90_000, 400)] {
            metrics.record(SimTime(t), group, metric, value, 1);
        }
        metrics.advance(SimTime(100_000));
        let read = |period, count, now| {
            let period = SimDuration(period);
            metrics.datapoints((group, metric), Statistic::Sum, period, count, SimTime(now))
        };
        let point = |at: &str, value| {
            Some(Datapoint { at: WallTime::parse(at).unwrap(), value: Ratio::whole(value) })
        };
        let (first, second) = (point("2020-01-14T06:23:00Z", 1), point("2020-01-14T06:24:00Z", 30));
        assert_eq!(read(60_000, 3, 90_000), [None, first, second]);
        assert_eq!(read(60_000, 1, 149_999), [second], "the open minute does not count");
        assert_eq!(read(120_000, 2, 30_000), [None, point("2020-01-14T06:22:00Z", 1)]);
    }
}
