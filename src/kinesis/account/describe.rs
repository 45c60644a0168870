//! Operations that describe streams and shards. They give indices; the texts are made from the stream.

use super::{Call, Kinesis};
use crate::aws::ApiError;
use crate::kinesis::shard::{Shard, ShardState, parse_shard_id};
use crate::kinesis::stream::{Stream, StreamStatus};
use crate::kinesis::token::NextToken;
use crate::quota;
use crate::units::{SimDuration, SimTime, WallTime};

/// ListShards' request.
#[derive(Clone, Copy, Debug)]
pub enum ListShards<'a> {
    /// The first call.
    First {
        /// `StreamName`.
        name: &'a str,
        /// `ExclusiveStartShardId`.
        after: Option<&'a str>,
        /// `ShardFilter`.
        filter: ShardFilter<'a>,
    },
    /// `NextToken`.
    Next(&'a str),
}

/// `ShardFilter`: which shards are listed. Expired ones never are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ShardFilter<'a> {
    /// `AFTER_SHARD_ID`.
    AfterShardId(&'a str),
    /// `AT_TRIM_HORIZON`: those open at the trim horizon.
    AtTrimHorizon,
    /// `FROM_TRIM_HORIZON`: all.
    #[default]
    FromTrimHorizon,
    /// `AT_LATEST`: those open now.
    AtLatest,
    /// `AT_TIMESTAMP`: those open at this time, both ends inclusive.
    AtTimestamp(WallTime),
    /// `FROM_TIMESTAMP`: those open at this time or after.
    FromTimestamp(WallTime),
}

/// ListShards' answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListShardsOutput {
    /// Index of the stream.
    pub stream: u32,
    /// The shards, ascending.
    pub shards: Vec<u32>,
    /// `NextToken`, where there are more.
    pub next_token: Option<String>,
}

/// DescribeStream's answer, but for what stands in the stream itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescribeStreamOutput {
    /// Index of the stream.
    pub stream: u32,
    /// The shards, ascending; none while the stream is CREATING.
    pub shards: Vec<u32>,
    /// `HasMoreShards`.
    pub has_more_shards: bool,
}

/// DescribeStreamSummary's answer, but for what stands in the stream itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamSummaryOutput {
    /// Index of the stream.
    pub stream: u32,
    /// `OpenShardCount`.
    pub open_shard_count: u32,
}

/// ListStreams' answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListStreamsOutput {
    /// Indices of the streams, in order of their names.
    pub streams: Vec<u32>,
    /// `HasMoreStreams`.
    pub has_more_streams: bool,
}

/// DescribeLimits' answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitsOutput {
    /// `ShardLimit`.
    pub shard_limit: u32,
    /// `OpenShardCount`: open shards of the account.
    pub open_shard_count: u32,
    /// `OnDemandStreamCount`.
    pub on_demand_stream_count: u32,
    /// `OnDemandStreamCountLimit`.
    pub on_demand_stream_count_limit: u32,
}

/// A filter whose texts and times are resolved.
#[derive(Clone, Copy, Debug)]
enum Filter {
    All,
    Open,
    At(SimTime),
    From(SimTime),
}

impl Kinesis {
    /// ListShards: at most `max_results` shards, and at most 1000.
    ///
    /// # Errors
    /// LimitExceeded (calls), InvalidArgument (no token of ours), ExpiredNextToken, ResourceNotFound (stream;
    /// malformed shard id).
    pub fn list_shards(
        &mut self,
        now: SimTime,
        request: ListShards<'_>,
        max_results: Option<u32>,
    ) -> Result<ListShardsOutput, ApiError> {
        let (idx, filter, after) = match request {
            ListShards::First { name, after, filter } => {
                self.admit(now, Call::ListShards, name)?;
                let idx = self.found(name)?;
                let number =
                    |id: &str| parse_shard_id(id).ok_or_else(|| self.subject(name).no_such_shard(id));
                let mut after = after.map(number).transpose()?;
                if let ShardFilter::AfterShardId(id) = filter {
                    after = after.max(Some(number(id)?));
                }
                (idx, self.resolve(now, idx, filter), after)
            }
            ListShards::Next(text) => {
                let token = NextToken::decode(text).ok_or_else(ApiError::next_token)?;
                let name = self.streams.get(token.stream as usize).map(|stream| stream.name.clone());
                let name = name.ok_or_else(ApiError::next_token)?;
                self.admit(now, Call::ListShards, &name)?;
                let start = self.start();
                if token.issued + SimDuration(quota::NEXT_TOKEN_VALID_MS) < now {
                    return Err(ApiError::expired_next_token(start + token.issued, start + now));
                }
                let same = self.find(&name) == Some(token.stream);
                if !same {
                    return Err(self.subject(&name).not_found());
                }
                (token.stream, Filter::decode(token.filter, token.value)?, Some(token.after))
            }
        };
        let limit = max_results.unwrap_or(quota::LIST_SHARDS_MAX).min(quota::LIST_SHARDS_MAX);
        let stream = &self.streams[idx as usize];
        let (shards, more) = page(stream, now, after, limit, |shard| filter.passes(shard));
        let next_token = shards.last().filter(|_| more).map(|&after| {
            let (filter, value) = filter.encode();
            NextToken { stream: idx, filter, value, after, issued: now }.encode()
        });
        Ok(ListShardsOutput { stream: idx, shards, next_token })
    }

    /// Times before the trim horizon mean the trim horizon, and those before the stream's first shards the
    /// beginning.
    fn resolve(&self, now: SimTime, idx: u32, filter: ShardFilter<'_>) -> Filter {
        let stream = &self.streams[idx as usize];
        let opened = stream.shards.iter().find(|shard| !shard.unlisted).map_or(now, |shard| shard.opened);
        let horizon = stream.horizon(now).max(opened);
        let time = |wall: WallTime| SimTime(wall.0.saturating_sub(self.start().0)).max(horizon);
        match filter {
            ShardFilter::AfterShardId(_) | ShardFilter::FromTrimHorizon => Filter::All,
            ShardFilter::AtLatest => Filter::Open,
            ShardFilter::AtTrimHorizon => Filter::At(horizon),
            ShardFilter::AtTimestamp(wall) => Filter::At(time(wall)),
            ShardFilter::FromTimestamp(wall) => Filter::From(time(wall)),
        }
    }

    /// DescribeStream: at most `limit` shards, and at most 100.
    ///
    /// # Errors
    /// LimitExceeded (calls), ResourceNotFound (stream; malformed shard id).
    pub fn describe_stream(
        &mut self,
        now: SimTime,
        name: &str,
        after: Option<&str>,
        limit: Option<u32>,
    ) -> Result<DescribeStreamOutput, ApiError> {
        self.admit(now, Call::Describe, name)?;
        let idx = self.found(name)?;
        let number = |id: &str| parse_shard_id(id).ok_or_else(|| self.subject(name).no_such_shard(id));
        let after = after.map(number).transpose()?;
        let max = quota::DESCRIBE_STREAM_SHARDS_MAX;
        let limit = limit.unwrap_or(max).min(max);
        let (shards, has_more_shards) = page(&self.streams[idx as usize], now, after, limit, |_| true);
        Ok(DescribeStreamOutput { stream: idx, shards, has_more_shards })
    }

    /// DescribeStreamSummary.
    ///
    /// # Errors
    /// LimitExceeded (calls), ResourceNotFound.
    pub fn describe_stream_summary(
        &mut self,
        now: SimTime,
        name: &str,
    ) -> Result<StreamSummaryOutput, ApiError> {
        self.admit(now, Call::DescribeSummary, name)?;
        let stream = self.found(name)?;
        let open_shard_count = self.streams[stream as usize].open_shards().len() as u32;
        Ok(StreamSummaryOutput { stream, open_shard_count })
    }

    /// ListStreams: at most `limit` streams, 100 by default, whose names come after a name.
    ///
    /// # Errors
    /// LimitExceeded (calls; text assumed).
    pub fn list_streams(
        &mut self,
        now: SimTime,
        after: Option<&str>,
        limit: Option<u32>,
    ) -> Result<ListStreamsOutput, ApiError> {
        self.admit_account(now, Call::ListStreams)?;
        let shown = |(idx, stream): (u32, &Stream)| (stream.name.clone(), idx);
        let shown =
            (0..).zip(&self.streams).filter(|(_, stream)| stream.status != StreamStatus::Absent).map(shown);
        let mut names: Vec<(String, u32)> =
            shown.filter(|(name, _)| after.is_none_or(|after| name.as_str() > after)).collect();
        names.sort_unstable();
        let limit = limit.unwrap_or(quota::LIST_STREAMS_DEFAULT) as usize;
        let has_more_streams = names.len() > limit;
        let streams = names.into_iter().take(limit).map(|(_, idx)| idx).collect();
        Ok(ListStreamsOutput { streams, has_more_streams })
    }

    /// DescribeLimits.
    ///
    /// # Errors
    /// LimitExceeded (calls; text assumed).
    pub fn describe_limits(&mut self, now: SimTime) -> Result<LimitsOutput, ApiError> {
        self.admit_account(now, Call::DescribeLimits)?;
        Ok(LimitsOutput {
            shard_limit: self.quotas.shards_per_account,
            open_shard_count: self.open_shard_count(),
            on_demand_stream_count: self.on_demand_streams(),
            on_demand_stream_count_limit: quota::ON_DEMAND_STREAMS_MAX,
        })
    }

    /// LimitExceededException where there are too many calls of an operation without a stream.
    pub(super) fn admit_account(&mut self, now: SimTime, call: Call) -> Result<(), ApiError> {
        let admitted = self.admit(now, call, "");
        let text = || format!("Rate exceeded for account {}.", self.account);
        admitted.map_err(|_| ApiError::limit_exceeded(text()))
    }
}

/// At most `limit` shards after a shard that are not expired and pass, and whether there are more.
fn page(
    stream: &Stream,
    now: SimTime,
    after: Option<u32>,
    limit: u32,
    passes: impl Fn(&Shard) -> bool,
) -> (Vec<u32>, bool) {
    let horizon = stream.horizon(now);
    let first = after.map_or(0, |after| after as usize + 1);
    let shown = |&(_, shard): &(u32, &Shard)| shard.state(horizon) != ShardState::Expired && passes(shard);
    let mut shards = (0..).zip(&stream.shards).skip(first).filter(shown).map(|(idx, _)| idx);
    let page = shards.by_ref().take(limit as usize).collect();
    (page, shards.next().is_some())
}

impl Filter {
    fn passes(self, shard: &Shard) -> bool {
        let open_after = |t| shard.closed.is_none_or(|closed| closed.at >= t);
        match self {
            Self::All => true,
            Self::Open => shard.is_open(),
            Self::At(t) => shard.opened <= t && open_after(t),
            Self::From(t) => open_after(t),
        }
    }

    fn encode(self) -> (u8, u64) {
        match self {
            Self::All => (0, 0),
            Self::Open => (1, 0),
            Self::At(t) => (2, t.0),
            Self::From(t) => (3, t.0),
        }
    }

    fn decode(number: u8, value: u64) -> Result<Self, ApiError> {
        match number {
            0 => Ok(Self::All),
            1 => Ok(Self::Open),
            2 => Ok(Self::At(SimTime(value))),
            3 => Ok(Self::From(SimTime(value))),
            _ => Err(ApiError::next_token()),
        }
    }
}
