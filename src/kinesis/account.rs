//! The Kinesis of one account and region: all its streams, and the operations that need their state.
//!
//! A call changes state at once and tells of it by effects, which [`Kinesis::take_effects`] hands over; what
//! follows later is due at [`Kinesis::next_change`] and happens in [`Kinesis::change`]. Requests are typed: that
//! their fields keep the API model's constraints is checked before. Every operation checks in the order in which
//! its errors are listed.
//!
//! ```
//! use shardlab::kinesis::{Dials, Kinesis, KeyTable, Stream, StreamStatus};
//! use shardlab::quota::Quotas;
//! use shardlab::units::{SimTime, WallTime};
//! let mut stream = Stream::new(2, WallTime(1_479_513_329_000), KeyTable::default());
//! stream.name = "s".into();
//! let mut kinesis = Kinesis::new("123456789012", "us-east-1", Quotas::current(), Dials::default(), stream);
//! kinesis.update_shard_count(SimTime(99_000), "s", 4).unwrap();
//! assert_eq!(kinesis.streams[0].status, StreamStatus::Updating);
//! // The k-th step takes effect k × reshardStep after the call.
//! assert_eq!(kinesis.next_change(), Some(SimTime(129_000)));
//! kinesis.change(SimTime(159_000));
//! assert_eq!(kinesis.streams[0].open_shards(), [2, 3, 4, 5]);
//! assert_eq!(kinesis.streams[0].status, StreamStatus::Active);
//! ```

mod consumers;
mod control;
mod data;
mod describe;

pub use consumers::{Consumer, ConsumerStatus};
pub use control::{CreateStream, UpdateShardCountOutput};
pub use data::{
    ChildShard, GetRecordsOutput, IteratorType, PutOutcome, PutReceipt, PutRequest, ReadPosition,
};
pub use describe::{
    DescribeStreamOutput, LimitsOutput, ListShards, ListShardsOutput, ListStreamsOutput, ShardFilter,
    StreamSummaryOutput,
};

use super::error::Subject;
use super::limit::CallRate;
use super::monitoring::DataCall;
use super::pending::{Effect, Sink, StatusReason};
use super::reshard::UniformScaling;
use super::stream::{Stream, StreamStatus};
use crate::aws::ApiError;
use crate::quota::{self, Quotas};
use crate::units::{SimDuration, SimTime, WallTime};

/// What AWS does not document about changes of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dials {
    /// Time of one step of a reshard, and of every other change of a stream's status.
    pub reshard_step: SimDuration,
    /// Rounding era of UpdateShardCount.
    pub uniform_scaling: UniformScaling,
}

impl Default for Dials {
    fn default() -> Self {
        Self { reshard_step: SimDuration::from_secs(30), uniform_scaling: UniformScaling::Modern }
    }
}

/// Kinesis in one account and region.
#[derive(Clone, Debug)]
pub struct Kinesis {
    /// 12 digits.
    pub account: String,
    /// Such as `us-east-1`.
    pub region: String,
    /// AWS limits in force.
    pub quotas: Quotas,
    /// Assumptions.
    pub dials: Dials,
    /// All streams, deleted ones included; the scenario's own is the first.
    pub streams: Vec<Stream>,
    /// All enhanced fan-out consumers ever registered.
    pub consumers: Vec<Consumer>,
    effects: Vec<Effect>,
    /// What the last call that put or got records came to.
    data_call: Option<DataCall>,
    /// The calls that count against the limits of calls. What is not to count takes them out and puts them back.
    pub recent_calls: RecentCalls,
}

/// How many calls of each operation were made of late.
#[derive(Clone, Copy, Debug, Default)]
pub struct RecentCalls([CallRate; Call::COUNT]);

/// Operations whose calls are limited by account.
#[derive(Clone, Copy, Debug)]
enum Call {
    Create,
    Delete,
    Split,
    Merge,
    UpdateShardCount,
    UpdateStreamMode,
    UpdateMaxRecordSize,
    EnhancedMonitoring,
    IncreaseRetention,
    DecreaseRetention,
    Describe,
    DescribeSummary,
    DescribeLimits,
    ListStreams,
    ListShards,
    RegisterConsumer,
    DeregisterConsumer,
    DescribeConsumer,
    ListConsumers,
}

impl Call {
    const COUNT: usize = Self::ListConsumers as usize + 1;

    /// Calls a second.
    fn per_second(self) -> u64 {
        match self {
            Self::Create
            | Self::Delete
            | Self::Split
            | Self::Merge
            | Self::UpdateStreamMode
            | Self::UpdateMaxRecordSize
            | Self::EnhancedMonitoring
            | Self::IncreaseRetention
            | Self::DecreaseRetention
            | Self::ListStreams
            | Self::RegisterConsumer
            | Self::DeregisterConsumer
            | Self::ListConsumers => quota::CONTROL_CALLS_PER_SECOND,
            Self::UpdateShardCount => quota::UPDATE_SHARD_COUNT_CALLS_PER_SECOND,
            Self::Describe => quota::DESCRIBE_STREAM_CALLS_PER_SECOND,
            Self::DescribeSummary => quota::DESCRIBE_STREAM_SUMMARY_CALLS_PER_SECOND,
            Self::DescribeConsumer => quota::DESCRIBE_CONSUMER_CALLS_PER_SECOND,
            Self::DescribeLimits => quota::DESCRIBE_LIMITS_CALLS_PER_SECOND,
            Self::ListShards => quota::LIST_SHARDS_CALLS_PER_SECOND,
        }
    }
}

impl Kinesis {
    /// An account with one stream, the scenario's own, whose start is t = 0.
    #[must_use]
    pub fn new(account: &str, region: &str, quotas: Quotas, dials: Dials, mut stream: Stream) -> Self {
        stream.watch_from(SimTime::ZERO);
        Self {
            account: account.to_owned(),
            region: region.to_owned(),
            quotas,
            dials,
            streams: vec![stream],
            consumers: Vec::new(),
            effects: Vec::new(),
            data_call: None,
            recent_calls: RecentCalls::default(),
        }
    }

    /// Wall-clock time of t = 0.
    #[must_use]
    pub fn start(&self) -> WallTime {
        self.streams[0].start()
    }

    /// When something changes next by itself.
    #[must_use]
    pub fn next_change(&self) -> Option<SimTime> {
        self.streams.iter().filter_map(Stream::next_change).min()
    }

    /// Does what is due until `now`, stream by stream; gives what happened, that of calls before included.
    pub fn change(&mut self, now: SimTime) -> Vec<Effect> {
        for (idx, stream) in (0..).zip(&mut self.streams) {
            let mut sink = Sink { stream: idx, effects: &mut self.effects };
            stream.change(now, self.dials.reshard_step, &mut sink);
        }
        self.take_effects()
    }

    /// What calls have done since the last time.
    pub fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// What the last call that put or got records came to, unless it was taken before or there was nothing to
    /// put or get.
    pub fn take_data_call(&mut self) -> Option<DataCall> {
        self.data_call.take()
    }

    /// The stream of this name, in whatever state but gone.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<u32> {
        let is = |stream: &Stream| stream.name == name && stream.status != StreamStatus::Absent;
        self.streams.iter().position(is).map(|idx| idx as u32)
    }

    /// A stream's ARN.
    #[must_use]
    pub fn arn(&self, name: &str) -> String {
        format!("arn:aws:kinesis:{}:{}:stream/{name}", self.region, self.account)
    }

    /// The name in the ARN of a stream of this account and region.
    #[must_use]
    pub fn name_of_arn<'a>(&self, arn: &'a str) -> Option<&'a str> {
        arn.strip_prefix(&self.arn(""))
    }

    /// Open shards of the account, those of streams that are being created included.
    ///
    /// Assumption: shards of on-demand streams count like any other.
    #[must_use]
    pub fn open_shard_count(&self) -> u32 {
        let open: u32 = self.streams.iter().map(Stream::open_count).sum();
        open + self.quotas.other_open_shards
    }

    pub(super) fn subject<'a>(&'a self, stream: &'a str) -> Subject<'a> {
        Subject { stream, account: &self.account }
    }

    /// The stream of this name, or ResourceNotFoundException.
    fn found(&self, name: &str) -> Result<u32, ApiError> {
        self.find(name).ok_or_else(|| self.subject(name).not_found())
    }

    /// ResourceInUseException unless the stream is ACTIVE.
    fn check_active(&self, idx: u32) -> Result<(), ApiError> {
        let stream = &self.streams[idx as usize];
        match stream.status {
            StreamStatus::Active => Ok(()),
            StreamStatus::Absent
            | StreamStatus::Creating
            | StreamStatus::Updating
            | StreamStatus::Deleting => Err(self.subject(&stream.name).not_active(stream.status.name())),
        }
    }

    /// ResourceInUseException while the stream is CREATING: it has no shards that could be missing. AWS: kinesalite.
    fn check_created(&self, idx: u32) -> Result<(), ApiError> {
        let creating = self.streams[idx as usize].status == StreamStatus::Creating;
        if creating { self.check_active(idx) } else { Ok(()) }
    }

    /// LimitExceededException where there are too many calls of an operation, of which `name` is the latest's
    /// stream.
    fn admit(&mut self, now: SimTime, call: Call, name: &str) -> Result<(), ApiError> {
        if self.recent_calls.0[call as usize].admit(now, call.per_second()) {
            Ok(())
        } else {
            Err(self.subject(name).rate())
        }
    }

    /// LimitExceededException where the account would have too many open shards.
    fn check_shard_quota(&self, additional: u32) -> Result<(), ApiError> {
        let (current, limit) = (self.open_shard_count(), self.quotas.shards_per_account);
        if additional == 0 || current.saturating_add(additional) <= limit {
            return Ok(());
        }
        Err(ApiError::shard_quota(&self.account, &self.region, current, limit, additional))
    }

    fn set_status(&mut self, idx: u32, to: StreamStatus, reason: StatusReason) {
        let mut sink = Sink { stream: idx, effects: &mut self.effects };
        self.streams[idx as usize].set_status(to, reason, &mut sink);
    }
}

#[cfg(test)]
mod tests {
    use super::super::key_table::KeyTable;
    use super::*;

    #[test]
    fn calls_are_limited_by_operation() {
        #[track_caller]
        fn check(per_second: u64, call: impl Fn(&mut Kinesis, SimTime) -> Result<(), ApiError>) {
            let mut stream = Stream::new(1, WallTime(0), KeyTable::default());
            stream.name = "s".into();
            let mut kinesis = Kinesis::new("1", "r", Quotas::current(), Dials::default(), stream);
            let throttled = |answer: Result<(), ApiError>| {
                answer.is_err_and(|error| error.message.starts_with("Rate exceeded for"))
            };
            for _ in 0..per_second {
                assert!(!throttled(call(&mut kinesis, SimTime(0))));
            }
            assert!(throttled(call(&mut kinesis, SimTime(0))));
            assert!(!throttled(call(&mut kinesis, SimTime(1000 / per_second))));
        }
        let mode = crate::kinesis::StreamMode::Provisioned;
        let request = CreateStream { name: "s", mode, shard_count: 1, record_kib_max: None };
        check(5, |kinesis, now| kinesis.create_stream(now, request).map(drop));
        check(5, |kinesis, now| kinesis.delete_stream(now, "s"));
        check(5, |kinesis, now| kinesis.split_shard(now, "s", "x-9", "1"));
        check(5, |kinesis, now| kinesis.merge_shards(now, "s", "x-0", "x-9"));
        check(10, |kinesis, now| kinesis.update_shard_count(now, "s", 9).map(drop));
        check(5, |kinesis, now| kinesis.update_stream_mode(now, "arn:aws:kinesis:r:1:stream/s", mode));
        check(5, |kinesis, now| kinesis.update_max_record_size(now, "s", 1024));
        check(5, |kinesis, now| kinesis.increase_retention(now, "s", 24));
        check(5, |kinesis, now| kinesis.decrease_retention(now, "s", 24));
        check(5, |kinesis, now| kinesis.list_streams(now, None, None).map(drop));
        check(10, |kinesis, now| kinesis.describe_stream(now, "s", None, None).map(drop));
        check(20, |kinesis, now| kinesis.describe_stream_summary(now, "s").map(drop));
        check(1, |kinesis, now| kinesis.describe_limits(now).map(drop));
        let first = ListShards::First { name: "s", after: None, filter: ShardFilter::AtLatest };
        check(1000, |kinesis, now| kinesis.list_shards(now, first, None).map(drop));
    }

    #[test]
    fn a_name_is_found_in_its_arn() {
        let stream = Stream::new(1, WallTime(0), KeyTable::default());
        let kinesis = Kinesis::new("123456789012", "eu-west-1", Quotas::current(), Dials::default(), stream);
        let arn = kinesis.arn("orders");
        assert_eq!(arn, "arn:aws:kinesis:eu-west-1:123456789012:stream/orders");
        assert_eq!(kinesis.name_of_arn(&arn), Some("orders"));
        assert_eq!(kinesis.name_of_arn("arn:aws:kinesis:us-east-1:123456789012:stream/orders"), None);
    }
}
