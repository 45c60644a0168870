//! Operations that describe streams and shards.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::stream_name;
use crate::aws::{Answer, ApiError, Request};
use crate::kinesis::account::{ListShards, ShardFilter};
use crate::kinesis::import::export_shard;
use crate::kinesis::monitoring::ShardLevelMetrics;
use crate::kinesis::{HashKeyRange, Kinesis, Stream};
use crate::units::SimTime;

type Outcome = Result<Value, ApiError>;

/// DescribeStream.
pub(super) fn stream(kinesis: &mut Kinesis, now: SimTime, request: Request<'_>) -> Outcome {
    let name = stream_name(kinesis, request)?;
    let (after, limit) = (request.text("ExclusiveStartShardId"), request.integer("Limit"));
    let found = kinesis.describe_stream(now, &name, after, limit)?;
    let stream = &kinesis.streams[found.stream as usize];
    let description = head(kinesis, stream)
        .list("Shards", found.shards.iter().map(|&idx| export_shard(stream, idx)).collect())
        .boolean("HasMoreShards", found.has_more_shards);
    let description = tail(description, stream);
    Ok(Answer::default().value("StreamDescription", description.done()).done())
}

/// DescribeStreamSummary.
pub(super) fn summary(kinesis: &mut Kinesis, now: SimTime, request: Request<'_>) -> Outcome {
    let name = stream_name(kinesis, request)?;
    let found = kinesis.describe_stream_summary(now, &name)?;
    let stream = &kinesis.streams[found.stream as usize];
    let consumers = kinesis.consumers_of(now, found.stream).len() as u64;
    let summary = tail(head(kinesis, stream), stream)
        .integer("OpenShardCount", found.open_shard_count.into())
        .integer("ConsumerCount", consumers)
        .integer("MaxRecordSizeInKiB", stream.record_kib_max.into());
    Ok(Answer::default().value("StreamDescriptionSummary", summary.done()).done())
}

/// DescribeLimits.
pub(super) fn limits(kinesis: &mut Kinesis, now: SimTime) -> Outcome {
    let limits = kinesis.describe_limits(now)?;
    let answer = Answer::default()
        .integer("ShardLimit", limits.shard_limit.into())
        .integer("OpenShardCount", limits.open_shard_count.into())
        .integer("OnDemandStreamCount", limits.on_demand_stream_count.into())
        .integer("OnDemandStreamCountLimit", limits.on_demand_stream_count_limit.into());
    Ok(answer.done())
}

/// ListStreams: by name. The token is the last name listed.
pub(super) fn list_streams(kinesis: &mut Kinesis, now: SimTime, request: Request<'_>) -> Outcome {
    let after = match request.text("NextToken") {
        Some(token) => Some(name_of_token(token).ok_or_else(ApiError::next_token)?),
        None => request.text("ExclusiveStartStreamName").map(str::to_owned),
    };
    let found = kinesis.list_streams(now, after.as_deref(), request.integer("Limit"))?;
    let streams: Vec<&Stream> = found.streams.iter().map(|&idx| &kinesis.streams[idx as usize]).collect();
    let more = found.has_more_streams;
    let token = streams.last().filter(|_| more).map(|stream| URL_SAFE_NO_PAD.encode(&stream.name));
    let names = streams.iter().map(|stream| Value::String(stream.name.clone())).collect();
    let summary =
        |stream: &&Stream| head(kinesis, stream).timestamp("StreamCreationTimestamp", stream.created).done();
    let answer = Answer::default()
        .list("StreamNames", names)
        .boolean("HasMoreStreams", more)
        .optional_text("NextToken", token.as_deref())
        .list("StreamSummaries", streams.iter().map(summary).collect());
    Ok(answer.done())
}

fn name_of_token(token: &str) -> Option<String> {
    String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()
}

/// ListShards.
pub(super) fn list_shards(kinesis: &mut Kinesis, now: SimTime, request: Request<'_>) -> Outcome {
    let max_results = request.integer("MaxResults");
    let found = match request.text("NextToken") {
        Some(token) => {
            check_alone(request)?;
            kinesis.list_shards(now, ListShards::Next(token), max_results)?
        }
        None => {
            if request.text("StreamName").or(request.text("StreamARN")).is_none() {
                // AWS: text validated (kinesalite), before there was StreamARN.
                let text = "Either NextToken or StreamName should be provided.";
                return Err(ApiError::invalid_argument(text.to_owned()));
            }
            let name = &*stream_name(kinesis, request)?;
            let filter = filter(request)?;
            check_created(kinesis, name, request)?;
            let after = request.text("ExclusiveStartShardId");
            kinesis.list_shards(now, ListShards::First { name, after, filter }, max_results)?
        }
    };
    let stream = &kinesis.streams[found.stream as usize];
    let answer = Answer::default()
        .list("Shards", found.shards.iter().map(|&idx| export_shard(stream, idx)).collect())
        .optional_text("NextToken", found.next_token.as_deref());
    Ok(answer.done())
}

/// InvalidArgumentException where something stands beside `NextToken` that it excludes.
///
/// AWS: text validated for StreamName (kinesalite). Assumption: the others' are like it.
fn check_alone(request: Request<'_>) -> Result<(), ApiError> {
    let excluded = ["StreamName", "ExclusiveStartShardId", "StreamCreationTimestamp"];
    match excluded.into_iter().find(|&name| !request.0[name].is_null()) {
        Some(name) => {
            Err(ApiError::invalid_argument(format!("NextToken and {name} cannot be provided together.")))
        }
        None => Ok(()),
    }
}

/// ResourceNotFoundException where `StreamCreationTimestamp` is another stream's of the same name, to the second.
fn check_created(kinesis: &Kinesis, name: &str, request: Request<'_>) -> Result<(), ApiError> {
    let Some(created) = request.timestamp("StreamCreationTimestamp") else { return Ok(()) };
    let same = |&idx: &u32| kinesis.streams[idx as usize].created.seconds() == created.seconds();
    match kinesis.find(name) {
        Some(idx) if !same(&idx) => Err(kinesis.subject(name).not_found()),
        _ => Ok(()),
    }
}

/// `ShardFilter`. Assumption: type and texts where its argument is missing.
fn filter<'a>(request: Request<'a>) -> Result<ShardFilter<'a>, ApiError> {
    let Some(filter) = request.structure("ShardFilter") else { return Ok(ShardFilter::default()) };
    let kind = filter.required("Type");
    let missing = |name: &str| {
        ApiError::invalid_argument(format!(
            "Must specify {name} parameter for shard filter of type {kind}. Current request has no {name} parameter."
        ))
    };
    let timestamp = || filter.timestamp("Timestamp").ok_or_else(|| missing("Timestamp"));
    Ok(match kind {
        "AFTER_SHARD_ID" => {
            ShardFilter::AfterShardId(filter.text("ShardId").ok_or_else(|| missing("ShardId"))?)
        }
        "AT_TRIM_HORIZON" => ShardFilter::AtTrimHorizon,
        "AT_LATEST" => ShardFilter::AtLatest,
        "AT_TIMESTAMP" => ShardFilter::AtTimestamp(timestamp()?),
        "FROM_TIMESTAMP" => ShardFilter::FromTimestamp(timestamp()?),
        _ => ShardFilter::FromTrimHorizon,
    })
}

/// The first members of every description of a stream.
fn head(kinesis: &Kinesis, stream: &Stream) -> Answer {
    let mode = Answer::default().text("StreamMode", stream.mode.name()).done();
    Answer::default()
        .text("StreamName", &stream.name)
        .text("StreamARN", &kinesis.arn(&stream.name))
        .text("StreamStatus", stream.status.name())
        .value("StreamModeDetails", mode)
}

/// The members that DescribeStream and DescribeStreamSummary have after them.
fn tail(description: Answer, stream: &Stream) -> Answer {
    let monitoring = Answer::default().list("ShardLevelMetrics", metric_names(stream.monitored)).done();
    description
        .integer("RetentionPeriodHours", stream.retention_hours().into())
        .timestamp("StreamCreationTimestamp", stream.created)
        .list("EnhancedMonitoring", vec![monitoring])
        .text("EncryptionType", "NONE")
}

/// The names of a set of shard-level metrics.
pub(super) fn metric_names(metrics: ShardLevelMetrics) -> Vec<Value> {
    metrics.names().map(Value::from).collect()
}

/// `HashKeyRange`.
pub(super) fn range(range: HashKeyRange) -> Value {
    Answer::default()
        .text("StartingHashKey", &range.start().to_string())
        .text("EndingHashKey", &range.end().to_string())
        .done()
}
