//! Operations on enhanced fan-out consumers.

use serde_json::Value;

use crate::aws::{Answer, ApiError, Request};
use crate::kinesis::Kinesis;
use crate::kinesis::account::ConsumerStatus;
use crate::units::SimTime;

type Outcome = Result<Value, ApiError>;

/// RegisterStreamConsumer. `Tags` are checked and have no effect.
pub(super) fn register(kinesis: &mut Kinesis, now: SimTime, request: Request<'_>) -> Outcome {
    let (arn, name) = (request.required("StreamARN"), request.required("ConsumerName"));
    let idx = kinesis.register_consumer(now, arn, name)?;
    Ok(Answer::default().value("Consumer", consumer(kinesis, now, idx).done()).done())
}

/// DescribeStreamConsumer.
pub(super) fn describe(kinesis: &mut Kinesis, now: SimTime, request: Request<'_>) -> Outcome {
    let [arn, stream, name] = ["ConsumerARN", "StreamARN", "ConsumerName"].map(|member| request.text(member));
    let idx = kinesis.describe_consumer(now, arn, stream, name)?;
    let stream = kinesis.consumers[idx as usize].stream;
    let stream_arn = kinesis.arn(&kinesis.streams[stream as usize].name);
    let description = consumer(kinesis, now, idx).text("StreamARN", &stream_arn).done();
    Ok(Answer::default().value("ConsumerDescription", description).done())
}

/// DeregisterStreamConsumer.
pub(super) fn deregister(kinesis: &mut Kinesis, now: SimTime, request: Request<'_>) -> Outcome {
    let [arn, stream, name] = ["ConsumerARN", "StreamARN", "ConsumerName"].map(|member| request.text(member));
    kinesis.deregister_consumer(now, arn, stream, name)?;
    Ok(Answer::default().done())
}

/// ListStreamConsumers.
pub(super) fn list(kinesis: &mut Kinesis, now: SimTime, request: Request<'_>) -> Outcome {
    let (token, max_results) = (request.text("NextToken"), request.integer("MaxResults"));
    let (consumers, token) =
        kinesis.list_consumers(now, request.required("StreamARN"), token, max_results)?;
    let consumers = consumers.into_iter().map(|idx| consumer(kinesis, now, idx).done()).collect();
    Ok(Answer::default().list("Consumers", consumers).optional_text("NextToken", token.as_deref()).done())
}

/// A consumer as answers show it.
fn consumer(kinesis: &Kinesis, now: SimTime, idx: u32) -> Answer {
    let consumer = &kinesis.consumers[idx as usize];
    let status = kinesis.consumer_status(now, consumer).unwrap_or(ConsumerStatus::Deleting);
    Answer::default()
        .text("ConsumerName", &consumer.name)
        .text("ConsumerARN", &kinesis.consumer_arn(consumer))
        .text("ConsumerStatus", status.name())
        .timestamp("ConsumerCreationTimestamp", kinesis.consumer_created(consumer))
}
