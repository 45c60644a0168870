//! Operations that switch metrics of shards on and off.

use serde_json::Value;

use super::describe::metric_names;
use super::stream_name;
use crate::aws::{Answer, ApiError, Request};
use crate::kinesis::Kinesis;
use crate::kinesis::monitoring::ShardLevelMetrics;
use crate::units::SimTime;

type Outcome = Result<Value, ApiError>;

/// EnableEnhancedMonitoring.
pub(super) fn enable(kinesis: &mut Kinesis, now: SimTime, request: Request<'_>) -> Outcome {
    change(kinesis, now, request, ShardLevelMetrics::with)
}

/// DisableEnhancedMonitoring.
pub(super) fn disable(kinesis: &mut Kinesis, now: SimTime, request: Request<'_>) -> Outcome {
    change(kinesis, now, request, ShardLevelMetrics::without)
}

fn change(
    kinesis: &mut Kinesis,
    now: SimTime,
    request: Request<'_>,
    combined: fn(ShardLevelMetrics, ShardLevelMetrics) -> ShardLevelMetrics,
) -> Outcome {
    let name = stream_name(kinesis, request)?;
    let named = ShardLevelMetrics::of(request.texts("ShardLevelMetrics"));
    let (current, desired) = kinesis.change_monitoring(now, &name, |before| combined(before, named))?;
    let answer = Answer::default()
        .text("StreamName", &name)
        .list("CurrentShardLevelMetrics", metric_names(current))
        .list("DesiredShardLevelMetrics", metric_names(desired))
        .text("StreamARN", &kinesis.arn(&name));
    Ok(answer.done())
}
