//! Operations that change streams and shards.
//!
//! AWS: errors and limits from the API model (botocore); the order of checks as in an emulator checked against
//! AWS (kinesalite), where it has the operation.

use std::ops::RangeInclusive;

use super::{Call, Kinesis};
use crate::aws::ApiError;
use crate::kinesis::HashKey;
use crate::kinesis::key_table::KeyTable;
use crate::kinesis::monitoring::ShardLevelMetrics;
use crate::kinesis::pending::{StatusReason, Work};
use crate::kinesis::reshard::{Preview, Step, plan, preview};
use crate::kinesis::shard::parse_shard_id;
use crate::kinesis::stream::{Stream, StreamMode, StreamStatus};
use crate::quota;
use crate::units::{SimDuration, SimTime, WallTime};

const DAY: SimDuration = SimDuration::from_hours(24);

/// CreateStream's request.
#[derive(Clone, Copy, Debug)]
pub struct CreateStream<'a> {
    /// `StreamName`.
    pub name: &'a str,
    /// `StreamMode` and `ShardCount`; an on-demand stream has its own count.
    pub mode: StreamMode,
    /// `ShardCount`, at least 1; of no effect on an on-demand stream.
    pub shard_count: u32,
    /// `MaxRecordSizeInKiB`, 1024..=10240; the default is 1024.
    pub record_kib_max: Option<u32>,
}

/// UpdateShardCount's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UpdateShardCountOutput {
    /// `CurrentShardCount`: open shards.
    pub current: u32,
    /// `TargetShardCount`.
    pub target: u32,
}

impl Kinesis {
    /// CreateStream; gives the stream's index.
    ///
    /// # Errors
    /// LimitExceeded (calls), ResourceInUse (the name is taken), LimitExceeded (streams being created, on-demand
    /// streams, shards of the account).
    pub fn create_stream(&mut self, now: SimTime, request: CreateStream<'_>) -> Result<u32, ApiError> {
        let CreateStream { name, mode, shard_count, record_kib_max } = request;
        self.admit(now, Call::Create, name)?;
        if self.find(name).is_some() {
            return Err(self.subject(name).exists());
        }
        self.check_stream_counts(mode)?;
        let shard_count = match mode {
            StreamMode::Provisioned => shard_count,
            StreamMode::OnDemand => quota::ON_DEMAND_SHARDS,
        };
        self.check_shard_quota(shard_count)?;
        let idx = self.place_for(name);
        let (start, due) = (self.start(), now + self.dials.reshard_step);
        let stream = &mut self.streams[idx as usize];
        name.clone_into(&mut stream.name);
        stream.mode = mode;
        stream.record_kib_max = record_kib_max.unwrap_or(quota::RECORD_KIB_DEFAULT);
        stream.created = start + now;
        let epoch = (start.0 + now.0).saturating_sub(quota::CREATION_AFTER_EPOCH_MS) / 1000;
        stream.work = Work::Create { shard_count, epoch, due };
        self.set_status(idx, StreamStatus::Creating, StatusReason::CreateStream);
        Ok(idx)
    }

    /// LimitExceededException where there are too many streams. Assumption: texts.
    fn check_stream_counts(&self, mode: StreamMode) -> Result<(), ApiError> {
        let count = |is: fn(&Stream) -> bool| self.streams.iter().filter(|stream| is(stream)).count();
        let account = &self.account;
        if count(|stream| stream.status == StreamStatus::Creating) >= quota::CREATING_STREAMS_MAX as usize {
            return Err(ApiError::limit_exceeded(format!(
                "This request would exceed the number of streams in CREATING state for the account {account}. \
                 Limit: {}.",
                quota::CREATING_STREAMS_MAX
            )));
        }
        if mode == StreamMode::OnDemand && self.on_demand_streams() >= quota::ON_DEMAND_STREAMS_MAX {
            return Err(ApiError::limit_exceeded(format!(
                "This request would exceed the number of on-demand streams for the account {account}. \
                 Limit: {}.",
                quota::ON_DEMAND_STREAMS_MAX
            )));
        }
        if self.streams.len() >= quota::STREAMS_MAX as usize {
            return Err(ApiError::limit_exceeded(format!(
                "A run creates at most {} streams.",
                quota::STREAMS_MAX
            )));
        }
        Ok(())
    }

    pub(super) fn on_demand_streams(&self) -> u32 {
        let is =
            |stream: &&Stream| stream.mode == StreamMode::OnDemand && stream.status != StreamStatus::Absent;
        self.streams.iter().filter(is).count() as u32
    }

    /// Where a new stream stands: in place of the scenario's own, if that was never there, or after the others.
    /// A stream of the same name as the scenario's own keeps its key table, which its producers refer to.
    fn place_for(&mut self, name: &str) -> u32 {
        let own = &self.streams[0];
        if own.status == StreamStatus::Absent && own.shards.is_empty() && own.records.is_empty() {
            return 0;
        }
        let keys = if own.name == name { own.keys.clone() } else { KeyTable::default() };
        self.streams.push(Stream::absent(self.start(), keys));
        self.streams.len() as u32 - 1
    }

    /// DeleteStream. Whatever is under way ends; a stream that is being deleted already is left alone.
    ///
    /// # Errors
    /// LimitExceeded (calls), ResourceNotFound.
    pub fn delete_stream(&mut self, now: SimTime, name: &str) -> Result<(), ApiError> {
        self.admit(now, Call::Delete, name)?;
        let idx = self.found(name)?;
        let due = now + self.dials.reshard_step;
        let stream = &mut self.streams[idx as usize];
        if stream.status != StreamStatus::Deleting {
            stream.work = Work::Delete { due };
            self.set_status(idx, StreamStatus::Deleting, StatusReason::DeleteStream);
        }
        Ok(())
    }

    /// SplitShard. The hash key is decimal text, of any size.
    ///
    /// # Errors
    /// LimitExceeded (calls), ResourceNotFound (malformed shard id, stream, shard), Validation (on-demand),
    /// ResourceInUse (not ACTIVE), LimitExceeded (shards of the account), InvalidArgument (closed shard, split
    /// point: both children have at least two keys).
    pub fn split_shard(
        &mut self,
        now: SimTime,
        name: &str,
        shard: &str,
        new_starting_hash_key: &str,
    ) -> Result<(), ApiError> {
        self.admit(now, Call::Split, name)?;
        let shard_idx = self.shard_number(name, shard)?;
        let idx = self.found(name)?;
        self.check_created(idx)?;
        self.check_shard_exists(idx, shard_idx)?;
        self.check_provisioned(idx)?;
        self.check_active(idx)?;
        self.check_shard_quota(1)?;
        self.check_shard_open(idx, shard_idx)?;
        let range = self.streams[idx as usize].shards[shard_idx as usize].range;
        let inside = |at: &u128| {
            range.start().0.checked_add(1).is_some_and(|second| second < *at) && HashKey(*at) < range.end()
        };
        let at = new_starting_hash_key.parse().ok().filter(inside);
        let at = at.ok_or_else(|| self.subject(name).split_point(shard_idx, new_starting_hash_key, range))?;
        let steps = vec![Step::Split { shard: shard_idx, at: HashKey(at) }];
        self.reshard(now, idx, steps, StatusReason::SplitShard);
        Ok(())
    }

    /// MergeShards.
    ///
    /// # Errors
    /// LimitExceeded (calls), ResourceNotFound (malformed shard ids, stream, shards), Validation (on-demand),
    /// ResourceInUse (not ACTIVE), InvalidArgument (closed shard; `lower` does not end where `upper` starts).
    pub fn merge_shards(
        &mut self,
        now: SimTime,
        name: &str,
        lower: &str,
        upper: &str,
    ) -> Result<(), ApiError> {
        self.admit(now, Call::Merge, name)?;
        let [lower, upper] = [self.shard_number(name, lower)?, self.shard_number(name, upper)?];
        let idx = self.found(name)?;
        self.check_created(idx)?;
        self.check_shard_exists(idx, lower)?;
        self.check_shard_exists(idx, upper)?;
        self.check_provisioned(idx)?;
        self.check_active(idx)?;
        self.check_shard_open(idx, lower)?;
        self.check_shard_open(idx, upper)?;
        let [left, right] =
            [lower, upper].map(|shard| self.streams[idx as usize].shards[shard as usize].range);
        if left.end().0.checked_add(1) != Some(right.start().0) {
            return Err(self.subject(name).not_adjacent(lower, upper));
        }
        self.reshard(now, idx, vec![Step::Merge { lower, upper }], StatusReason::MergeShards);
        Ok(())
    }

    /// UpdateShardCount with uniform scaling. Where nothing is to be done, the stream stays ACTIVE.
    ///
    /// # Errors
    /// LimitExceeded (calls a second), ResourceNotFound, Validation (on-demand), ResourceInUse (not ACTIVE),
    /// LimitExceeded (most shards), InvalidArgument (above double, below half; half of an odd count rounds up),
    /// LimitExceeded (shards of the account, those in between included; calls in 24 hours, of which only
    /// accepted ones count).
    pub fn update_shard_count(
        &mut self,
        now: SimTime,
        name: &str,
        target: u32,
    ) -> Result<UpdateShardCountOutput, ApiError> {
        self.admit(now, Call::UpdateShardCount, name)?;
        let idx = self.found(name)?;
        self.check_provisioned(idx)?;
        self.check_active(idx)?;
        let current = self.streams[idx as usize].open_shards().len() as u32;
        self.check_target(current, target)?;
        let (steps, Preview { open_max, .. }) = self.plan_shard_count(idx, target);
        self.check_shard_quota(open_max - current)?;
        let calls = &mut self.streams[idx as usize].count_updates;
        if !admit_within_a_day(calls, now, self.quotas.update_shard_count_per_day) {
            return Err(self.subject(name).rate());
        }
        self.reshard(now, idx, steps, StatusReason::UpdateShardCount);
        Ok(UpdateShardCountOutput { current, target })
    }

    /// What UpdateShardCount would do to a stream, its limits aside: the steps and the counts of open shards.
    #[must_use]
    pub fn plan_shard_count(&self, stream: u32, target: u32) -> (Vec<Step>, Preview) {
        let stream = &self.streams[stream as usize];
        let open = stream.open_ranges();
        let steps = plan(&open, stream.shards.len() as u32, target, self.dials.uniform_scaling);
        let preview = preview(open.len() as u32, &steps);
        (steps, preview)
    }

    /// The numbers of open shards that UpdateShardCount takes where `current` are open; none where half of them
    /// is already too many.
    ///
    /// AWS: at most double, at least half, at most the maximum; a stream above the maximum only goes to below it
    /// (botocore UpdateShardCount). Assumption: half of an odd count rounds up.
    #[must_use]
    pub fn shard_count_targets(&self, current: u32) -> RangeInclusive<u32> {
        current.div_ceil(2)..=current.saturating_mul(2).min(self.shard_count_max(current))
    }

    /// The most shards that UpdateShardCount goes to where `current` are open.
    fn shard_count_max(&self, current: u32) -> u32 {
        let max = self.quotas.update_shard_count_max;
        if current > max { max.saturating_sub(1) } else { max }
    }

    /// AWS: texts of double and half observed (article D, 2016). Assumption: type and text of the maximum, as in
    /// a proposal to an emulator of 2017, and that what has to be below it is refused with the same words.
    fn check_target(&self, current: u32, target: u32) -> Result<(), ApiError> {
        let max = self.quotas.update_shard_count_max;
        if target > self.shard_count_max(current) {
            return Err(ApiError::limit_exceeded(format!(
                "Target shard count or number of open shards cannot be greater than {max}. Current open shard \
                 count: {current}, Target shard count: {target}"
            )));
        }
        let refused = if target > current.saturating_mul(2) {
            "up over double"
        } else if target < current.div_ceil(2) {
            "down below half"
        } else {
            return Ok(());
        };
        Err(ApiError::invalid_argument(format!(
            "UpdateShardCount cannot scale {refused} your current open shard count. Current open shard count: \
             {current} Target shard count: {target}"
        )))
    }

    /// UpdateStreamMode, of a stream known by its ARN. Where the mode is the same, nothing happens.
    ///
    /// # Errors
    /// LimitExceeded (calls a second), ResourceNotFound, ResourceInUse (not ACTIVE), LimitExceeded (on-demand
    /// streams; switches in 24 hours, text assumed).
    pub fn update_stream_mode(&mut self, now: SimTime, arn: &str, mode: StreamMode) -> Result<(), ApiError> {
        let name = self.name_of_arn(arn).unwrap_or_default();
        self.admit(now, Call::UpdateStreamMode, name)?;
        let idx = self.find(name).ok_or_else(|| ApiError::arn_not_found(arn))?;
        self.check_active(idx)?;
        if self.streams[idx as usize].mode == mode {
            return Ok(());
        }
        if mode == StreamMode::OnDemand {
            self.check_stream_counts(mode)?;
        }
        let stream = &mut self.streams[idx as usize];
        if !admit_within_a_day(&mut stream.mode_switches, now, quota::MODE_SWITCHES_PER_DAY) {
            return Err(self.subject(name).rate());
        }
        stream.watch = None;
        stream.work = Work::SwitchMode { mode, due: now + self.dials.reshard_step };
        self.set_status(idx, StreamStatus::Updating, StatusReason::UpdateStreamMode);
        Ok(())
    }

    /// IncreaseStreamRetentionPeriod; the same period is accepted.
    ///
    /// # Errors
    /// LimitExceeded (calls), ResourceNotFound, InvalidArgument (below 24 h, above 8760 h, shorter than now),
    /// ResourceInUse (not ACTIVE).
    pub fn increase_retention(&mut self, now: SimTime, name: &str, hours: u32) -> Result<(), ApiError> {
        self.admit(now, Call::IncreaseRetention, name)?;
        let (idx, existing) = self.check_retention(name, hours)?;
        if hours < existing {
            return Err(ApiError::invalid_argument(format!(
                "Requested retention period ({hours} hours) for stream {name} can not be shorter than existing \
                 retention period ({existing} hours). Use DecreaseRetentionPeriod API."
            )));
        }
        self.retain(now, idx, hours)
    }

    /// DecreaseStreamRetentionPeriod; the same period is accepted.
    ///
    /// # Errors
    /// LimitExceeded (calls), ResourceNotFound, InvalidArgument (below 24 h, above 8760 h, longer than now),
    /// ResourceInUse (not ACTIVE).
    pub fn decrease_retention(&mut self, now: SimTime, name: &str, hours: u32) -> Result<(), ApiError> {
        self.admit(now, Call::DecreaseRetention, name)?;
        let (idx, existing) = self.check_retention(name, hours)?;
        if hours > existing {
            return Err(ApiError::invalid_argument(format!(
                "Requested retention period ({hours} hours) for stream {name} can not be longer than existing \
                 retention period ({existing} hours). Use IncreaseRetentionPeriod API."
            )));
        }
        self.retain(now, idx, hours)
    }

    /// The stream and its retention in hours. AWS: texts validated, and of an emulator (moto).
    fn check_retention(&self, name: &str, hours: u32) -> Result<(u32, u32), ApiError> {
        let idx = self.found(name)?;
        if hours < quota::RETENTION_HOURS_MIN {
            return Err(ApiError::invalid_argument(format!(
                "Minimum allowed retention period is {} hours. Requested retention period ({hours} hours) is \
                 too short.",
                quota::RETENTION_HOURS_MIN
            )));
        }
        if hours > quota::RETENTION_HOURS_MAX {
            return Err(ApiError::invalid_argument(format!(
                "Maximum allowed retention period is {} hours. Requested retention period ({hours} hours) is \
                 too long.",
                quota::RETENTION_HOURS_MAX
            )));
        }
        Ok((idx, self.streams[idx as usize].retention_hours()))
    }

    /// A change of the retention does not change the status.
    fn retain(&mut self, now: SimTime, idx: u32, hours: u32) -> Result<(), ApiError> {
        self.check_active(idx)?;
        self.streams[idx as usize].set_retention(SimDuration::from_hours(hours.into()), now);
        Ok(())
    }

    /// UpdateMaxRecordSize. Assumption: it takes effect at once and does not change the status.
    ///
    /// # Errors
    /// LimitExceeded (calls), ResourceNotFound, ResourceInUse (not ACTIVE).
    pub fn update_max_record_size(&mut self, now: SimTime, name: &str, kib: u32) -> Result<(), ApiError> {
        self.admit(now, Call::UpdateMaxRecordSize, name)?;
        let idx = self.found(name)?;
        self.check_active(idx)?;
        self.streams[idx as usize].record_kib_max = kib;
        Ok(())
    }

    /// EnableEnhancedMonitoring and DisableEnhancedMonitoring: gives the metrics before and after.
    /// Assumption: it takes effect at once and does not change the status.
    ///
    /// # Errors
    /// LimitExceeded (calls), ResourceNotFound, ResourceInUse (not ACTIVE).
    pub fn change_monitoring(
        &mut self,
        now: SimTime,
        name: &str,
        change: impl FnOnce(ShardLevelMetrics) -> ShardLevelMetrics,
    ) -> Result<(ShardLevelMetrics, ShardLevelMetrics), ApiError> {
        self.admit(now, Call::EnhancedMonitoring, name)?;
        let idx = self.found(name)?;
        self.check_active(idx)?;
        let monitored = &mut self.streams[idx as usize].monitored;
        let before = *monitored;
        *monitored = change(before);
        Ok((before, *monitored))
    }

    fn reshard(&mut self, now: SimTime, idx: u32, steps: Vec<Step>, reason: StatusReason) {
        if steps.is_empty() {
            return;
        }
        let every = self.dials.reshard_step;
        self.streams[idx as usize].work =
            Work::Reshard { steps: steps.into(), due: now + every, every, reason };
        self.set_status(idx, StreamStatus::Updating, reason);
    }

    fn shard_number(&self, name: &str, shard: &str) -> Result<u32, ApiError> {
        parse_shard_id(shard).ok_or_else(|| self.subject(name).no_such_shard(shard))
    }

    fn check_shard_exists(&self, idx: u32, shard: u32) -> Result<(), ApiError> {
        let stream = &self.streams[idx as usize];
        let listed = stream.shards.get(shard as usize).is_some_and(|shard| !shard.unlisted);
        let id = crate::kinesis::shard::shard_id(shard);
        if listed { Ok(()) } else { Err(self.subject(&stream.name).no_such_shard(&id)) }
    }

    fn check_shard_open(&self, idx: u32, shard: u32) -> Result<(), ApiError> {
        let stream = &self.streams[idx as usize];
        let open = stream.shards[shard as usize].is_open();
        if open { Ok(()) } else { Err(self.subject(&stream.name).shard_closed(shard)) }
    }

    fn check_provisioned(&self, idx: u32) -> Result<(), ApiError> {
        let stream = &self.streams[idx as usize];
        match stream.mode {
            StreamMode::Provisioned => Ok(()),
            StreamMode::OnDemand => Err(self.subject(&stream.name).on_demand()),
        }
    }
}

impl Stream {
    /// Open shards, or as many as there will be when the stream has been created.
    #[must_use]
    pub fn open_count(&self) -> u32 {
        match (self.status, &self.work) {
            (StreamStatus::Absent, _) => 0,
            (_, Work::Create { shard_count, .. }) => *shard_count,
            _ => self.open_shards().len() as u32,
        }
    }

    /// `RetentionPeriodHours`.
    #[must_use]
    pub fn retention_hours(&self) -> u32 {
        (self.retention().0 / SimDuration::from_hours(1).0) as u32
    }

    /// `StreamCreationTimestamp`.
    #[must_use]
    pub fn created(&self) -> WallTime {
        self.created
    }
}

/// Adds a call unless there are `max` within the last 24 hours; a call exactly 24 hours ago does not count.
fn admit_within_a_day(calls: &mut Vec<SimTime>, now: SimTime, max: u32) -> bool {
    calls.retain(|&call| call + DAY > now);
    let admitted = calls.len() < max as usize;
    if admitted {
        calls.push(now);
    }
    admitted
}
