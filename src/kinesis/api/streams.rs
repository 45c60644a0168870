//! Operations that change streams and shards.

use serde_json::Value;

use super::stream_name;
use crate::aws::{Answer, ApiError, Request};
use crate::kinesis::account::CreateStream;
use crate::kinesis::{Kinesis, StreamMode};
use crate::units::SimTime;

type Outcome = Result<Value, ApiError>;

/// CreateStream.
///
/// Without `StreamModeDetails` the stream is provisioned if it has a `ShardCount`, and on demand if not.
/// AWS: LocalStack's recorded answer to a call without a count: four shards. Assumption: a provisioned stream
/// without a count gets the answer that every stream got before there was another mode. `Tags` and
/// `WarmThroughputMiBps` are checked and have no effect.
pub(super) fn create(kinesis: &mut Kinesis, now: SimTime, request: Request<'_>) -> Outcome {
    let shard_count = request.integer("ShardCount");
    let mode = match mode(request) {
        Some(mode) => mode,
        None if shard_count.is_some() => StreamMode::Provisioned,
        None => StreamMode::OnDemand,
    };
    if mode == StreamMode::Provisioned && shard_count.is_none() {
        return Err(ApiError::validation(
            "1 validation error detected: Value null at 'shardCount' failed to satisfy constraint: Member must not \
             be null"
                .to_owned(),
        ));
    }
    let request = CreateStream {
        name: request.required("StreamName"),
        mode,
        shard_count: shard_count.unwrap_or(0),
        record_kib_max: request.integer("MaxRecordSizeInKiB"),
    };
    kinesis.create_stream(now, request)?;
    nothing()
}

/// DeleteStream.
pub(super) fn delete(kinesis: &mut Kinesis, now: SimTime, request: Request<'_>) -> Outcome {
    let name = stream_name(kinesis, request)?;
    if !request.flag("EnforceConsumerDeletion") {
        kinesis.check_without_consumers(&name)?;
    }
    let idx = kinesis.find(&name);
    kinesis.delete_stream(now, &name)?;
    if let Some(idx) = idx {
        kinesis.deregister_consumers_of(now, idx);
    }
    nothing()
}

/// SplitShard.
pub(super) fn split_shard(kinesis: &mut Kinesis, now: SimTime, request: Request<'_>) -> Outcome {
    let name = stream_name(kinesis, request)?;
    let (shard, at) = (request.required("ShardToSplit"), request.required("NewStartingHashKey"));
    kinesis.split_shard(now, &name, shard, at)?;
    nothing()
}

/// MergeShards.
pub(super) fn merge_shards(kinesis: &mut Kinesis, now: SimTime, request: Request<'_>) -> Outcome {
    let name = stream_name(kinesis, request)?;
    let (lower, upper) = (request.required("ShardToMerge"), request.required("AdjacentShardToMerge"));
    kinesis.merge_shards(now, &name, lower, upper)?;
    nothing()
}

/// UpdateShardCount.
pub(super) fn update_shard_count(kinesis: &mut Kinesis, now: SimTime, request: Request<'_>) -> Outcome {
    let name = stream_name(kinesis, request)?;
    let target = request.integer("TargetShardCount").unwrap_or(0);
    let counts = kinesis.update_shard_count(now, &name, target)?;
    let answer = Answer::default()
        .text("StreamName", &name)
        .integer("CurrentShardCount", counts.current.into())
        .integer("TargetShardCount", counts.target.into())
        .text("StreamARN", &kinesis.arn(&name));
    Ok(answer.done())
}

/// UpdateStreamMode. `WarmThroughputMiBps` is checked and has no effect.
pub(super) fn update_mode(kinesis: &mut Kinesis, now: SimTime, request: Request<'_>) -> Outcome {
    let mode = mode(request).unwrap_or(StreamMode::Provisioned);
    kinesis.update_stream_mode(now, request.required("StreamARN"), mode)?;
    nothing()
}

/// UpdateMaxRecordSize.
pub(super) fn update_max_record_size(kinesis: &mut Kinesis, now: SimTime, request: Request<'_>) -> Outcome {
    let name = stream_name(kinesis, request)?;
    kinesis.update_max_record_size(now, &name, request.integer("MaxRecordSizeInKiB").unwrap_or(0))?;
    nothing()
}

/// IncreaseStreamRetentionPeriod.
pub(super) fn increase_retention(kinesis: &mut Kinesis, now: SimTime, request: Request<'_>) -> Outcome {
    let name = stream_name(kinesis, request)?;
    kinesis.increase_retention(now, &name, request.integer("RetentionPeriodHours").unwrap_or(0))?;
    nothing()
}

/// DecreaseStreamRetentionPeriod.
pub(super) fn decrease_retention(kinesis: &mut Kinesis, now: SimTime, request: Request<'_>) -> Outcome {
    let name = stream_name(kinesis, request)?;
    kinesis.decrease_retention(now, &name, request.integer("RetentionPeriodHours").unwrap_or(0))?;
    nothing()
}

fn mode(request: Request<'_>) -> Option<StreamMode> {
    match request.structure("StreamModeDetails")?.text("StreamMode")? {
        "ON_DEMAND" => Some(StreamMode::OnDemand),
        _ => Some(StreamMode::Provisioned),
    }
}

/// An answer without members.
fn nothing() -> Outcome {
    Ok(Answer::default().done())
}
