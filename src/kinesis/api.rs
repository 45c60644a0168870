//! Kinesis's operations by AWS's names, with AWS's JSON in and out.
//!
//! A request is checked against its table, read into the typed request of [`Kinesis`], and its answer is made of
//! the typed one. Where sources leave an answer open, `tests/api/errors.rs` lists what was chosen and why.
//!
//! ```
//! use serde_json::json;
//! use shardlab::kinesis::{Dials, Kinesis, KeyTable, Stream, api};
//! use shardlab::quota::Quotas;
//! use shardlab::units::{SimTime, WallTime};
//! let mut stream = Stream::new(2, WallTime(1_479_513_329_000), KeyTable::default());
//! stream.name = "s".into();
//! let mut kinesis = Kinesis::new("123456789012", "us-east-1", Quotas::current(), Dials::default(), stream);
//! let request = json!({"StreamName": "s", "TargetShardCount": 8, "ScalingType": "UNIFORM_SCALING"});
//! let error = api::dispatch(&mut kinesis, SimTime(0), "UpdateShardCount", &request, &api::no_data).unwrap_err();
//! assert_eq!(error.type_name, "InvalidArgumentException");
//! ```

mod consumers;
mod describe;
mod monitoring;
pub mod operations;
mod pattern;
mod records;
mod streams;

use serde_json::Value;

pub use operations::SERVICE;

use super::Kinesis;
use crate::aws::{ApiError, Request, validation};
use crate::units::SimTime;

/// The data of a record that has none of its own, by index of stream and record: what producers put is made on
/// demand.
pub type DataOf<'a> = dyn Fn(u32, u32) -> Vec<u8> + 'a;

/// Gives no data: for streams without producers.
#[must_use]
pub fn no_data(_stream: u32, _record: u32) -> Vec<u8> {
    Vec::new()
}

/// Answers a request at `now`. What it does to streams is told by [`Kinesis::take_effects`].
///
/// # Errors
/// What AWS would answer instead. Operations that do not exist here are UnknownOperationException.
pub fn dispatch(
    kinesis: &mut Kinesis,
    now: SimTime,
    operation: &str,
    request: &Value,
    data: &DataOf<'_>,
) -> Result<Value, ApiError> {
    let Some(table) = SERVICE.operation(operation) else { return Err(unknown_operation()) };
    validation::check(table, request)?;
    let request = Request(request);
    match operation {
        "CreateStream" => streams::create(kinesis, now, request),
        "DecreaseStreamRetentionPeriod" => streams::decrease_retention(kinesis, now, request),
        "DeleteStream" => streams::delete(kinesis, now, request),
        "DeregisterStreamConsumer" => consumers::deregister(kinesis, now, request),
        "DescribeLimits" => describe::limits(kinesis, now),
        "DescribeStream" => describe::stream(kinesis, now, request),
        "DescribeStreamConsumer" => consumers::describe(kinesis, now, request),
        "DescribeStreamSummary" => describe::summary(kinesis, now, request),
        "DisableEnhancedMonitoring" => monitoring::disable(kinesis, now, request),
        "EnableEnhancedMonitoring" => monitoring::enable(kinesis, now, request),
        "GetRecords" => records::get_records(kinesis, now, request, data),
        "GetShardIterator" => records::get_shard_iterator(kinesis, now, request),
        "IncreaseStreamRetentionPeriod" => streams::increase_retention(kinesis, now, request),
        "ListShards" => describe::list_shards(kinesis, now, request),
        "ListStreamConsumers" => consumers::list(kinesis, now, request),
        "ListStreams" => describe::list_streams(kinesis, now, request),
        "MergeShards" => streams::merge_shards(kinesis, now, request),
        "PutRecord" => records::put_record(kinesis, now, request),
        "PutRecords" => records::put_records(kinesis, now, request),
        "RegisterStreamConsumer" => consumers::register(kinesis, now, request),
        "SplitShard" => streams::split_shard(kinesis, now, request),
        "UpdateMaxRecordSize" => streams::update_max_record_size(kinesis, now, request),
        "UpdateShardCount" => streams::update_shard_count(kinesis, now, request),
        "UpdateStreamMode" => streams::update_mode(kinesis, now, request),
        _ => Err(unknown_operation()),
    }
}

/// AWS: the message is empty; kinesalite.
fn unknown_operation() -> ApiError {
    ApiError::new("UnknownOperationException", String::new())
}

/// The name of the stream that a request is about, by its name, its ARN or both.
///
/// Assumption: texts, where the two disagree or the ARN is of another account or region.
fn stream_name(kinesis: &Kinesis, request: Request<'_>) -> Result<String, ApiError> {
    let name = request.text("StreamName");
    let Some(arn) = request.text("StreamARN") else { return Ok(name.unwrap_or_default().to_owned()) };
    let Some(of_arn) = kinesis.name_of_arn(arn) else { return Err(ApiError::arn_not_found(arn)) };
    match name {
        Some(name) if name != of_arn => Err(ApiError::invalid_argument(format!(
            "StreamName {name} and StreamARN {arn} do not name the same stream."
        ))),
        _ => Ok(of_arn.to_owned()),
    }
}
