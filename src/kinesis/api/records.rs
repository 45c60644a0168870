//! Operations that put and get records.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::describe::range;
use super::{DataOf, stream_name};
use crate::aws::{Answer, ApiError, Request};
use crate::kinesis::account::{IteratorType, PutOutcome, PutRequest};
use crate::kinesis::shard::shard_id;
use crate::kinesis::{HashKey, Kinesis};
use crate::quota;
use crate::units::SimTime;

type Outcome = Result<Value, ApiError>;

/// PutRecord.
pub(super) fn put_record(kinesis: &mut Kinesis, now: SimTime, request: Request<'_>) -> Outcome {
    let name = stream_name(kinesis, request)?;
    let data = request.blob("Data");
    let record = put_request(kinesis, &name, request, &data)?;
    let receipt = kinesis.put_record(now, &name, record, request.text("SequenceNumberForOrdering"))?;
    let answer = Answer::default()
        .text("ShardId", &shard_id(receipt.shard))
        .text("SequenceNumber", &receipt.sequence_number.to_string());
    Ok(answer.done())
}

/// PutRecords.
pub(super) fn put_records(kinesis: &mut Kinesis, now: SimTime, request: Request<'_>) -> Outcome {
    let name = stream_name(kinesis, request)?;
    let data: Vec<Vec<u8>> = request.items("Records").map(|entry| entry.blob("Data")).collect();
    let records = request
        .items("Records")
        .zip(&data)
        .map(|(entry, data)| put_request(kinesis, &name, entry, data))
        .collect::<Result<Vec<_>, _>>()?;
    let bytes: usize = records.iter().map(PutRequest::bytes).sum();
    if bytes > quota::PUT_RECORDS_BYTES_MAX && kinesis.find(&name).is_some() {
        // Assumption: text, after an emulator's (moto) with the limit of its time.
        return Err(ApiError::invalid_argument("Records size exceeds 10 MB limit".to_owned()));
    }
    let outcomes = kinesis.put_records(now, &name, &records)?;
    let failed = outcomes.iter().filter(|outcome| outcome.is_err()).count();
    let entries = outcomes.into_iter().map(|outcome| put_entry(kinesis, &name, outcome)).collect();
    Ok(Answer::default().integer("FailedRecordCount", failed as u64).list("Records", entries).done())
}

/// What PutRecords says of one record.
fn put_entry(kinesis: &Kinesis, name: &str, outcome: PutOutcome) -> Value {
    let answer = Answer::default();
    match outcome {
        Ok(receipt) => answer
            .text("SequenceNumber", &receipt.sequence_number.to_string())
            .text("ShardId", &shard_id(receipt.shard)),
        Err(throttled) => {
            let error = kinesis.put_error(name, throttled);
            answer.text("ErrorCode", error.type_name).text("ErrorMessage", &error.message)
        }
    }
    .done()
}

/// A record to be put. A hash key out of range is refused, unless there is no stream to refuse it.
fn put_request<'a>(
    kinesis: &Kinesis,
    name: &str,
    entry: Request<'a>,
    data: &'a [u8],
) -> Result<PutRequest<'a>, ApiError> {
    let explicit_hash_key = match entry.text("ExplicitHashKey") {
        None => None,
        Some(text) => match text.parse() {
            Ok(hash_key) => Some(HashKey(hash_key)),
            Err(_) if kinesis.find(name).is_some() => return Err(ApiError::explicit_hash_key(text)),
            Err(_) => None,
        },
    };
    Ok(PutRequest { partition_key: entry.required("PartitionKey"), explicit_hash_key, data })
}

/// GetShardIterator.
pub(super) fn get_shard_iterator(kinesis: &mut Kinesis, now: SimTime, request: Request<'_>) -> Outcome {
    let name = stream_name(kinesis, request)?;
    let shard = request.required("ShardId");
    kinesis.check_readable(now, &name, shard)?;
    let iterator = kinesis.get_shard_iterator(now, &name, shard, iterator_type(request)?)?;
    Ok(Answer::default().text("ShardIterator", &iterator).done())
}

/// The type with its argument.
///
/// AWS: texts validated (kinesalite). Assumption: a sequence number beside AT_TIMESTAMP is refused as beside
/// LATEST, and a timestamp beside another type is ignored.
fn iterator_type<'a>(request: Request<'a>) -> Result<IteratorType<'a>, ApiError> {
    let kind = request.required("ShardIteratorType");
    let number = request.text("StartingSequenceNumber");
    let wrong = |found: &str| {
        ApiError::invalid_argument(format!(
            "Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or (2) \
             TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified {kind} and {found}."
        ))
    };
    let required = || number.ok_or_else(|| wrong("no StartingSequenceNumber"));
    match kind {
        "AT_SEQUENCE_NUMBER" => return Ok(IteratorType::AtSequenceNumber(required()?)),
        "AFTER_SEQUENCE_NUMBER" => return Ok(IteratorType::AfterSequenceNumber(required()?)),
        _ if number.is_some() => return Err(wrong("also a StartingSequenceNumber")),
        "TRIM_HORIZON" => return Ok(IteratorType::TrimHorizon),
        "LATEST" => return Ok(IteratorType::Latest),
        _ => {}
    }
    let timestamp = request.timestamp("Timestamp");
    timestamp.map(IteratorType::AtTimestamp).ok_or_else(|| {
        ApiError::invalid_argument(
            "Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request has no \
             timestamp parameter."
                .to_owned(),
        )
    })
}

/// GetRecords.
pub(super) fn get_records(
    kinesis: &mut Kinesis,
    now: SimTime,
    request: Request<'_>,
    data: &DataOf<'_>,
) -> Outcome {
    let found = kinesis.get_records(now, request.required("ShardIterator"), request.integer("Limit"))?;
    let start = kinesis.start();
    let stream = &kinesis.streams[found.stream as usize];
    let record = |&idx: &u32| {
        let record = stream.records.get(idx);
        let own = stream.payloads.get(idx);
        let data = own.map_or_else(|| STANDARD.encode(data(found.stream, idx)), |own| STANDARD.encode(own));
        Answer::default()
            .text("SequenceNumber", &stream.sequence_number(idx, start).to_string())
            .timestamp("ApproximateArrivalTimestamp", start + record.arrival())
            .text("Data", &data)
            .text("PartitionKey", &stream.keys.text(record.key))
            .done()
    };
    let answer = Answer::default()
        .list("Records", found.records.iter().map(record).collect())
        .optional_text("NextShardIterator", found.next_shard_iterator.as_deref())
        .integer("MillisBehindLatest", found.millis_behind_latest);
    if found.child_shards.is_empty() {
        return Ok(answer.done());
    }
    let children = found.child_shards.iter().map(|child| {
        let parents = child.parents.iter().map(|parent| Value::String(shard_id(parent))).collect();
        Answer::default()
            .text("ShardId", &shard_id(child.shard))
            .list("ParentShards", parents)
            .value("HashKeyRange", range(child.range))
            .done()
    });
    Ok(answer.list("ChildShards", children.collect()).done())
}
