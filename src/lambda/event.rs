//! The event that Lambda hands a function: the JSON of a batch.
//!
//! AWS: Lambda developer guide, "Using AWS Lambda with Amazon Kinesis" and "Tumbling windows" (October 2023), and
//! recorded invocations for the order of members on the wire. Times of arrival are seconds since 1970 with
//! milliseconds; the bounds of a window are whole seconds of UTC.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::Value;

use crate::aws::timestamp;
use crate::kinesis::shard::shard_id;
use crate::units::WallTime;

/// Where the records of an event come from, and who reads them.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    /// ARN of the stream, or of the enhanced fan-out consumer, that the mapping names.
    pub source_arn: &'a str,
    /// ARN of the function's execution role.
    pub role_arn: &'a str,
    /// Such as `us-east-1`.
    pub region: &'a str,
}

/// A record that goes into an event.
#[derive(Clone, Debug)]
pub struct EventRecord {
    /// Index of its shard.
    pub shard: u32,
    /// Its partition key.
    pub partition_key: String,
    /// Its sequence number, decimal digits.
    pub sequence_number: String,
    /// Its data.
    pub data: Vec<u8>,
    /// When it arrived.
    pub arrival: WallTime,
}

/// What a tumbling window adds to an event.
#[derive(Clone, Debug)]
pub struct TumblingWindow {
    /// Its start, inclusive, a whole second.
    pub start: WallTime,
    /// Its end, exclusive, a whole second.
    pub end: WallTime,
    /// What the handler returned as `state` last; an empty object at first.
    pub state: Value,
    /// Index of the shard.
    pub shard: u32,
    /// Whether it is the last invocation of the window.
    pub is_final_invoke: bool,
    /// Whether the window ends before its time.
    pub is_terminated_early: bool,
}

/// An event; its text is [`LambdaEvent::to_json`].
#[derive(Clone, Debug, Serialize)]
pub struct LambdaEvent {
    #[serde(rename = "Records")]
    records: Vec<Entry>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    window: Option<WindowFields>,
}

#[derive(Clone, Debug, Serialize)]
struct Entry {
    kinesis: Kinesis,
    #[serde(rename = "eventSource")]
    event_source: &'static str,
    #[serde(rename = "eventVersion")]
    event_version: &'static str,
    #[serde(rename = "eventID")]
    event_id: String,
    #[serde(rename = "eventName")]
    event_name: &'static str,
    #[serde(rename = "invokeIdentityArn")]
    invoke_identity_arn: String,
    #[serde(rename = "awsRegion")]
    aws_region: String,
    #[serde(rename = "eventSourceARN")]
    event_source_arn: String,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Kinesis {
    kinesis_schema_version: &'static str,
    partition_key: String,
    sequence_number: String,
    data: String,
    approximate_arrival_timestamp: Value,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct WindowFields {
    window: Bounds,
    state: Value,
    shard_id: String,
    #[serde(rename = "eventSourceARN")]
    event_source_arn: String,
    is_final_invoke_for_window: bool,
    is_window_terminated_early: bool,
}

/// A window's start and end, as `2020-12-09T07:04:00Z`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bounds {
    /// Inclusive.
    pub start: String,
    /// Exclusive.
    pub end: String,
}

impl TumblingWindow {
    /// Its start and end.
    #[must_use]
    pub fn bounds(&self) -> Bounds {
        Bounds { start: seconds(self.start), end: seconds(self.end) }
    }
}

impl LambdaEvent {
    /// The event of these records, in order; `window` where the mapping has tumbling windows.
    #[must_use]
    pub fn new(
        origin: Origin<'_>,
        records: impl IntoIterator<Item = EventRecord>,
        window: Option<TumblingWindow>,
    ) -> Self {
        Self {
            records: records.into_iter().map(|record| Entry::new(origin, record)).collect(),
            window: window.map(|window| WindowFields::new(origin, window)),
        }
    }

    /// The event as JSON text without spaces.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("texts and numbers are JSON")
    }
}

impl Entry {
    fn new(origin: Origin<'_>, record: EventRecord) -> Self {
        Self {
            event_source: "aws:kinesis",
            event_version: "1.0",
            event_id: format!("{}:{}", shard_id(record.shard), record.sequence_number),
            event_name: "aws:kinesis:record",
            invoke_identity_arn: origin.role_arn.to_owned(),
            aws_region: origin.region.to_owned(),
            event_source_arn: origin.source_arn.to_owned(),
            kinesis: Kinesis {
                kinesis_schema_version: "1.0",
                partition_key: record.partition_key,
                sequence_number: record.sequence_number,
                data: STANDARD.encode(record.data),
                approximate_arrival_timestamp: timestamp(record.arrival),
            },
        }
    }
}

impl WindowFields {
    fn new(origin: Origin<'_>, window: TumblingWindow) -> Self {
        Self {
            window: window.bounds(),
            state: window.state,
            shard_id: shard_id(window.shard),
            event_source_arn: origin.source_arn.to_owned(),
            is_final_invoke_for_window: window.is_final_invoke,
            is_window_terminated_early: window.is_terminated_early,
        }
    }
}

/// `2020-12-09T07:04:00Z`: a moment without decimals, rounded down.
fn seconds(moment: WallTime) -> String {
    let text = moment.to_string();
    text.split('.').next().map(|text| format!("{text}Z")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const STREAM: &str = "arn:aws:kinesis:us-east-2:123456789012:stream/lambda-stream";
    const ORIGIN: Origin<'_> = Origin {
        source_arn: STREAM,
        role_arn: "arn:aws:iam::123456789012:role/lambda-role",
        region: "us-east-2",
    };

    fn record(number: &str, data: &[u8], arrival: u64) -> EventRecord {
        EventRecord {
            shard: 6,
            partition_key: "1".into(),
            sequence_number: number.into(),
            data: data.to_vec(),
            arrival: WallTime(arrival),
        }
    }

    /// What stands for one record after its `kinesis`.
    fn tail(number: &str) -> String {
        format!(
            r#""eventSource":"aws:kinesis","eventVersion":"1.0","eventID":"shardId-000000000006:{number}","eventName":"aws:kinesis:record","invokeIdentityArn":"arn:aws:iam::123456789012:role/lambda-role","awsRegion":"us-east-2","eventSourceARN":"{STREAM}""#
        )
    }

    #[test]
    fn an_event_has_lambda_s_members_in_lambda_s_order() {
        let records =
            [record("49", b"Hello", 1_545_084_650_987), record("50", &[0xff, 0], 1_545_084_711_000)];
        let expect = format!(
            r#"{{"Records":[{{"kinesis":{{"kinesisSchemaVersion":"1.0","partitionKey":"1","sequenceNumber":"49","data":"SGVsbG8=","approximateArrivalTimestamp":1545084650.987}},{}}},{{"kinesis":{{"kinesisSchemaVersion":"1.0","partitionKey":"1","sequenceNumber":"50","data":"/wA=","approximateArrivalTimestamp":1545084711}},{}}}]}}"#,
            tail("49"),
            tail("50")
        );
        assert_eq!(LambdaEvent::new(ORIGIN, records, None).to_json(), expect);
    }

    #[test]
    fn a_tumbling_window_stands_beside_the_records() {
        let window = TumblingWindow {
            start: WallTime(1_607_497_440_000),
            end: WallTime(1_607_497_560_000),
            state: json!({"1": 282}),
            shard: 6,
            is_final_invoke: true,
            is_terminated_early: false,
        };
        let expect = format!(
            r#"{{"Records":[],"window":{{"start":"2020-12-09T07:04:00Z","end":"2020-12-09T07:06:00Z"}},"state":{{"1":282}},"shardId":"shardId-000000000006","eventSourceARN":"{STREAM}","isFinalInvokeForWindow":true,"isWindowTerminatedEarly":false}}"#
        );
        assert_eq!(LambdaEvent::new(ORIGIN, [], Some(window)).to_json(), expect);
    }
}
