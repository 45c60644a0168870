//! Lambda's metrics: those of functions, of their aliases and versions, and of event source mappings.
//!
//! What invocations leave is gathered as they start and end, while they are at hand, and goes into the metrics when the
//! minute ends, or when somebody asks before.
//!
//! AWS: Lambda developer guide, "Types of metrics", as stored in 2025: `Errors` is stamped with the time of the
//! invocation, `FailedInvokeEventCount` with its end; an invocation that was throttled is in `Throttles` alone.
//! `IteratorAge`: the guide's pages name the age of the batch's *last* record, at the hand-over or when the invocation
//! has ended; the age of its oldest record at the hand-over is what fits article C's two maxima (assumption).
//! Assumptions: an invocation that does not fail is a 0 in `Errors`, one that is not throttled a 0 in `Throttles`, a
//! document that arrives a 0 in `DestinationDeliveryFailures`; `ConcurrentExecutions` has a data point at each start,
//! which counts itself, and one at the beginning of a minute in which something runs.

use super::Simulation;
use super::alarm_invocation::AlarmInvocation;
use super::invocation::Invocation;
use crate::cloudwatch::alarm::Dimension;
use crate::cloudwatch::metric::{Level, Metric};
use crate::cloudwatch::series::Subjects;
use crate::cloudwatch::{Bucket, Group, Metrics};
use crate::kinesis::Kinesis;
use crate::kinesis::monitoring::Gets;
use crate::kinesis::shard::{parse_shard_id, shard_id};
use crate::kinesis::stream::NONE;
use crate::lambda::account::Lambda;
use crate::lambda::retry::Outcome;
use crate::scenario::{FunctionConfig, MappingConfig, Qualifier, Version};
use crate::units::{SimDuration, SimTime};

/// What has been measured that is not in the metrics yet, and what has to be known to go on.
#[derive(Clone, Debug, Default)]
pub(super) struct Meter {
    /// Invocations that run, by function.
    running: Vec<u32>,
    /// What the last invocations have left: mostly the next one adds to it.
    gathered: Option<Gathered>,
    /// Invocations that started in an earlier minute than they ended, and whether they failed: that comes late.
    late: Vec<(Invoked, SimTime, bool)>,
}

/// Data points of one minute that invocations leave, gathered: an invocation is a few additions, and not as many data
/// points looked up one by one.
#[derive(Clone, Copy, Debug)]
struct Gathered {
    invoked: Invoked,
    /// Invocations that run: there is one data point for each that starts.
    running: Bucket,
    /// Invocations that were throttled.
    throttled: u32,
    /// Milliseconds.
    ages: Bucket,
    durations: Bucket,
    /// 1 of an invocation that failed, else 0.
    errors: Bucket,
}

/// Whose data point it is: a function's, and that of an alias or version, unless it was `$LATEST`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Invoked {
    function: u32,
    qualifier: Qualifier,
}

/// Where its data points go: the function's metrics, and those of the alias or version.
#[derive(Clone, Copy, Debug)]
struct Place {
    function: Group,
    part: Option<Group>,
}

impl Simulation {
    /// An invocation that has just been handed over, or throttled.
    pub(super) fn measure_start(&mut self, idx: u32, invocation: &Invocation) {
        let Self { mappings, meter, metrics, now, .. } = self;
        let config = mappings[usize::from(invocation.lane.mapping)].config();
        let invoked = Invoked { function: config.function_idx, qualifier: config.qualifier };
        if invocation.environment == NONE {
            meter.gathered(metrics, invoked).throttled += 1;
            return;
        }
        let gathered = meter.start(metrics, invoked);
        if let Some(age) = invocation.iterator_age() {
            gathered.ages.add(age.0 as u32, 1);
        }
        if invocation.is_redrive() {
            return;
        }
        count(metrics, *now, invocation.lane.mapping, config, Metric::InvokedEventCount, invocation.count);
        if invocation.attempt > 1 && invocation.count > 0 && !config.is_pushed() {
            self.measure_read_again(idx, invocation.lane.shard);
        }
    }

    /// A retry reads its batch again: the stream side's iterator age grows with errors, as article C found.
    ///
    /// Assumption: it is one GetRecords, which takes nothing from the shard's limit.
    fn measure_read_again(&mut self, invocation: u32, shard: u32) {
        let (mut records, mut bytes, mut last) = (0, 0, self.now);
        for record in self.batch(invocation) {
            let stored = self.stream().records.get(record);
            (records, bytes, last) = (records + 1, bytes + stored.size(), stored.arrival());
        }
        self.measure_get(0, shard, Some(Gets { records, bytes, age: self.now - last }));
    }

    /// An invocation that has just ended.
    pub(super) fn measure_end(&mut self, invocation: &Invocation) {
        let Some((outcome, duration)) = invocation.outcome().filter(|_| invocation.environment != NONE)
        else {
            return;
        };
        let failed = matches!(outcome, Outcome::Error | Outcome::Timeout | Outcome::Crash);
        let Self { mappings, meter, metrics, now, .. } = self;
        let mapping = invocation.lane.mapping;
        let config = mappings[usize::from(mapping)].config_at(invocation.started_at());
        let invoked = Invoked { function: config.function_idx, qualifier: config.qualifier };
        meter.end(metrics, invocation.started_at(), duration, invoked, failed);
        if !invocation.is_redrive() {
            let records = if outcome == Outcome::Ok { 0 } else { invocation.count };
            count(metrics, *now, mapping, config, Metric::FailedInvokeEventCount, records);
        }
    }

    /// An invocation of a topic's function that has just started.
    pub(super) fn measure_alarm_start(&mut self, function: u32) {
        self.meter.start(&mut self.metrics, Invoked { function, qualifier: Qualifier::Latest });
    }

    /// An invocation of a topic's function that has just ended.
    pub(super) fn measure_alarm_end(&mut self, idx: u32) {
        let AlarmInvocation { function, started, duration, outcome, .. } =
            *self.alarm_invocations[idx as usize];
        let invoked = Invoked { function, qualifier: Qualifier::Latest };
        self.meter.end(&mut self.metrics, started, duration, invoked, outcome != Some(Outcome::Ok));
    }

    /// A mapping has read so many records, of which it has kept some away.
    pub(super) fn measure_polled(&mut self, mapping: u16, records: u32, filtered: u32) {
        let Self { mappings, metrics, now, .. } = self;
        let config = mappings[usize::from(mapping)].config();
        count(metrics, *now, mapping, config, Metric::PolledEventCount, records);
        if !config.filter_criteria.is_empty() {
            count(metrics, *now, mapping, config, Metric::FilteredOutEventCount, filtered);
        }
    }

    /// A mapping has given so many records up, and perhaps its destination did not take the document.
    pub(super) fn measure_discard(&mut self, mapping: u16, records: u32, undelivered: bool) {
        let Self { mappings, metrics, now, .. } = self;
        let config = mappings[usize::from(mapping)].config();
        let has_destination = config.on_failure.is_some();
        if has_destination {
            let invoked = Invoked { function: config.function_idx, qualifier: config.qualifier };
            invoked.place(metrics).each(Metric::DestinationDeliveryFailures, |group, metric| {
                metrics.record(*now, group, metric, undelivered.into(), 1);
            });
        }
        let metric = match has_destination && !undelivered {
            true => Metric::OnFailureDestinationDeliveredEventCount,
            false => Metric::DroppedEventCount,
        };
        count(metrics, *now, mapping, config, metric, records);
    }

    /// What the metrics of this run are about, by the names of dimensions.
    #[must_use]
    pub fn metric_names(&self) -> impl Subjects + use<'_> {
        Names { kinesis: &self.kinesis, lambda: &self.lambda, functions: &self.scenario.functions }
    }

    /// The dimensions of what a metric is about: those of [`Metrics::with_data`].
    #[must_use]
    pub fn metric_dimensions(&self, level: Level, of: u32, part: u32) -> Vec<Dimension> {
        self.metric_names().dimensions(level, of, part)
    }
}

impl Meter {
    /// What is gathered of these invocations; what is of others goes into the metrics.
    fn gathered(&mut self, metrics: &mut Metrics, invoked: Invoked) -> &mut Gathered {
        if self.gathered.is_some_and(|gathered| gathered.invoked != invoked) {
            self.settle_gathered(metrics);
        }
        self.gathered.get_or_insert_with(|| Gathered::none(invoked))
    }

    /// Puts what is gathered into the metrics, whose open minute it is of.
    pub(super) fn settle(&mut self, metrics: &mut Metrics) {
        self.settle_gathered(metrics);
        for (invoked, started, failed) in self.late.drain(..) {
            invoked.place(metrics).each(Metric::Errors, |group, metric| {
                metrics.record_late(started, group, metric, failed.into());
            });
        }
    }

    fn settle_gathered(&mut self, metrics: &mut Metrics) {
        let Some(gathered) = self.gathered.take() else { return };
        let place = gathered.invoked.place(metrics);
        for (metric, bucket) in gathered.data_points() {
            place.each(metric, |group, metric| metrics.merge(group, metric, bucket));
        }
    }

    fn start(&mut self, metrics: &mut Metrics, invoked: Invoked) -> &mut Gathered {
        let running = place(&mut self.running, invoked.function as usize);
        *running += 1;
        let running = *running;
        let gathered = self.gathered(metrics, invoked);
        gathered.running.add(running, 1);
        gathered
    }

    fn end(
        &mut self,
        metrics: &mut Metrics,
        started: SimTime,
        duration: SimDuration,
        invoked: Invoked,
        failed: bool,
    ) {
        *place(&mut self.running, invoked.function as usize) -= 1;
        let gathered = self.gathered(metrics, invoked);
        gathered.durations.add(duration.0 as u32, 1);
        if metrics.is_open(started) {
            gathered.errors.add(failed.into(), 1);
        } else {
            self.late.push((invoked, started, failed));
        }
    }

    /// A minute begins at `t`: what runs then.
    pub(super) fn begin_minute(&self, metrics: &mut Metrics, t: SimTime) {
        for (function, &running) in (0..).zip(&self.running).filter(|(_, running)| **running > 0) {
            let group = metrics.group(Level::Function, function, 0);
            metrics.record(t, group, Metric::ConcurrentExecutions, running, 1);
        }
    }
}

impl Gathered {
    fn none(invoked: Invoked) -> Self {
        let (running, ages, durations, errors) = (Bucket::EMPTY, Bucket::EMPTY, Bucket::EMPTY, Bucket::EMPTY);
        Self { invoked, running, throttled: 0, ages, durations, errors }
    }

    fn data_points(self) -> impl Iterator<Item = (Metric, Bucket)> {
        let Self { running, throttled, ages, durations, errors, .. } = self;
        [
            (Metric::Invocations, Bucket::of(1, running.samples)),
            (Metric::Throttles, Bucket::of(0, running.samples)),
            (Metric::Throttles, Bucket::of(1, throttled)),
            (Metric::ConcurrentExecutions, running),
            (Metric::IteratorAge, ages),
            (Metric::Duration, durations),
            (Metric::Errors, errors),
        ]
        .into_iter()
    }
}

impl Invoked {
    fn place(self, metrics: &mut Metrics) -> Place {
        let function = metrics.group(Level::Function, self.function, 0);
        let part = part_of(self.qualifier);
        Place { function, part: part.map(|part| metrics.group(Level::Resource, self.function, part)) }
    }
}

impl Place {
    /// The function's metric, and that of the alias or version.
    fn each(self, metric: Metric, mut record: impl FnMut(Group, Metric)) {
        record(self.function, metric);
        if let Some(part) = self.part {
            record(part, metric.of_resource());
        }
    }
}

/// The number of an alias or a version among those of its function; `None` without a qualifier.
fn part_of(qualifier: Qualifier) -> Option<u32> {
    match qualifier {
        Qualifier::Latest => None,
        Qualifier::Version(idx) => Some(idx * 2),
        Qualifier::Alias(idx) => Some(idx * 2 + 1),
    }
}

/// One data point of the group `EventCount`, where the mapping asks for it.
fn count(
    metrics: &mut Metrics,
    t: SimTime,
    mapping: u16,
    config: &MappingConfig,
    metric: Metric,
    value: u32,
) {
    if config.event_count_metrics {
        let group = metrics.group(Level::Mapping, mapping.into(), 0);
        metrics.record(t, group, metric, value, 1);
    }
}

/// A place of a list that grows as it is needed.
fn place(list: &mut Vec<u32>, idx: usize) -> &mut u32 {
    if list.len() <= idx {
        list.resize(idx + 1, 0);
    }
    &mut list[idx]
}

/// What the metrics of a run are about.
#[derive(Debug)]
pub(super) struct Names<'a> {
    pub(super) kinesis: &'a Kinesis,
    pub(super) lambda: &'a Lambda,
    pub(super) functions: &'a [FunctionConfig],
}

impl Subjects for Names<'_> {
    fn dimensions(&self, level: Level, of: u32, part: u32) -> Vec<Dimension> {
        let function = |of: u32| self.functions[of as usize].name.clone();
        let stream = |of: u32| self.kinesis.streams[of as usize].name.clone();
        let values = match level {
            Level::Stream => vec![stream(of)],
            Level::Shard => vec![stream(of), shard_id(part)],
            Level::Function => vec![function(of)],
            Level::Resource if part.is_multiple_of(2) => {
                vec![function(of), format!("{}:{}", function(of), Version::Published(part / 2))]
            }
            Level::Resource => {
                let alias = self.lambda.functions.alias_name(of, part / 2);
                vec![function(of), format!("{}:{alias}", function(of))]
            }
            Level::Mapping => vec![self.lambda.mappings[of as usize].uuid.clone()],
        };
        let dimension = |(name, value): (&&str, String)| Dimension { name: (*name).to_owned(), value };
        level.dimensions().iter().zip(values).map(dimension).collect()
    }

    fn find(&self, level: Level, value: &dyn Fn(&str) -> Option<String>) -> Option<(u32, u32)> {
        let position = |found: Option<usize>| found.map(|idx| idx as u32);
        match level {
            Level::Stream | Level::Shard => {
                let name = value("StreamName")?;
                let stream = position(self.kinesis.streams.iter().position(|stream| stream.name == name))?;
                let shard = if level == Level::Shard { parse_shard_id(&value("ShardId")?)? } else { 0 };
                Some((stream, shard))
            }
            Level::Function | Level::Resource => {
                let name = value("FunctionName")?;
                let function = position(self.functions.iter().position(|function| function.name == name))?;
                if level == Level::Function {
                    return Some((function, 0));
                }
                let resource = value("Resource")?;
                let qualifier = resource.strip_prefix(name.as_str())?.strip_prefix(':')?;
                Some((function, part_of(self.lambda.functions.qualifier(function, qualifier)?)?))
            }
            Level::Mapping => {
                let uuid = value("EventSourceMappingUUID")?;
                Some((position(self.lambda.mappings.iter().position(|mapping| mapping.uuid == uuid))?, 0))
            }
        }
    }
}
