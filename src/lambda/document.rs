//! What Lambda sends to an on-failure destination about records that it gives up.
//!
//! AWS: developer guide, "Retain discarded records"; keys, their order and their forms are recorded on AWS
//! (`docs/consumers.md`). SQS and SNS get this document, which holds no record; S3 gets it with the event in it.

use serde_json::{Map, Value};

use crate::lambda::retry::DiscardCondition;
use crate::units::WallTime;

/// Facts of a document.
#[derive(Clone, Debug)]
pub struct Document {
    /// Request id of the last invocation.
    pub request_id: String,
    /// ARN of the function, with the alias or version that the mapping names.
    pub function_arn: String,
    /// Why the records are given up.
    pub condition: DiscardCondition,
    /// Attempts made, at least 1.
    pub approximate_invoke_count: u32,
    /// How the last invocation ended; `None` of records that became too old.
    pub response: Option<ResponseContext>,
    /// When it is sent.
    pub timestamp: WallTime,
    /// The shard.
    pub shard_id: String,
    /// Sequence numbers of the first and the last record.
    pub sequence_numbers: [String; 2],
    /// Arrivals of the first and the last record.
    pub arrivals: [WallTime; 2],
    /// Number of records.
    pub batch_size: u32,
    /// ARN of the stream, or of its consumer.
    pub stream_arn: String,
    /// The event with the records, as text: only where the document is an object of S3.
    pub payload: Option<String>,
}

/// How an invocation ended.
#[derive(Clone, Debug)]
pub struct ResponseContext {
    /// The version that ran, or `$LATEST`.
    pub executed_version: String,
    /// Whether the function failed, rather than reporting failures.
    pub function_error: bool,
}

impl Document {
    /// The document as it is sent, its keys in order.
    #[must_use]
    pub fn json(&self) -> Value {
        let [first, last] = &self.sequence_numbers;
        let [first_arrival, last_arrival] = self.arrivals;
        let mut document = vec![(
            "requestContext",
            object([
                ("requestId", text(&self.request_id)),
                ("functionArn", text(&self.function_arn)),
                ("condition", text(self.condition.name())),
                ("approximateInvokeCount", self.approximate_invoke_count.into()),
            ]),
        )];
        document.extend(self.response.as_ref().map(|response| ("responseContext", response.json())));
        document.extend([
            ("version", text("1.0")),
            ("timestamp", text(self.timestamp)),
            (
                "KinesisBatchInfo",
                object([
                    ("shardId", text(&self.shard_id)),
                    ("startSequenceNumber", text(first)),
                    ("endSequenceNumber", text(last)),
                    ("approximateArrivalOfFirstRecord", text(first_arrival)),
                    ("approximateArrivalOfLastRecord", text(last_arrival)),
                    ("batchSize", self.batch_size.into()),
                    ("streamArn", text(&self.stream_arn)),
                ]),
            ),
        ]);
        document.extend(self.payload.as_ref().map(|payload| ("payload", text(payload))));
        object(document)
    }
}

impl ResponseContext {
    fn json(&self) -> Value {
        object([
            ("statusCode", 200.into()),
            ("executedVersion", text(&self.executed_version)),
            ("functionError", if self.function_error { text("Unhandled") } else { Value::Null }),
        ])
    }
}

/// The key of the object that S3 gets. `id` is a UUID of its own.
#[must_use]
pub fn object_key(mapping: &str, shard_id: &str, at: WallTime, id: &str) -> String {
    let at = at.to_string();
    let (day, second) = (at[..10].replace('-', "/"), at[..19].replace(':', "."));
    format!("aws/lambda/{mapping}/{shard_id}/{day}/{second}-{id}")
}

fn object(fields: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    Value::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>())
}

fn text(text: impl ToString) -> Value {
    Value::String(text.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(response: Option<ResponseContext>) -> Document {
        Document {
            request_id: "c9b8fa9f-5a7f-xmpl-af9c-0c604cde93a5".into(),
            function_arn: "arn:aws:lambda:us-east-1:123456789012:function:f:live".into(),
            condition: match response {
                Some(_) => DiscardCondition::RetryAttemptsExhausted,
                None => DiscardCondition::RecordAgeExceeded,
            },
            approximate_invoke_count: 3,
            response,
            timestamp: WallTime::parse("2020-12-17T03:00:07.012Z").unwrap(),
            shard_id: "shardId-000000000001".into(),
            sequence_numbers: ["495".into(), "497".into()],
            arrivals: ["2020-12-17T03:00:00.500Z", "2020-12-17T03:00:01.000Z"]
                .map(|at| WallTime::parse(at).unwrap()),
            batch_size: 2,
            stream_arn: "arn:aws:kinesis:us-east-1:123456789012:stream/s".into(),
            payload: None,
        }
    }

    const INFO: &str = r#""version":"1.0","timestamp":"2020-12-17T03:00:07.012Z","KinesisBatchInfo":{"shardId":"shardId-000000000001","startSequenceNumber":"495","endSequenceNumber":"497","approximateArrivalOfFirstRecord":"2020-12-17T03:00:00.500Z","approximateArrivalOfLastRecord":"2020-12-17T03:00:01.000Z","batchSize":2,"streamArn":"arn:aws:kinesis:us-east-1:123456789012:stream/s"}}"#;
    const REQUEST: &str = r#"{"requestContext":{"requestId":"c9b8fa9f-5a7f-xmpl-af9c-0c604cde93a5","functionArn":"arn:aws:lambda:us-east-1:123456789012:function:f:live","condition":"#;

    #[test]
    fn keys_stand_in_aws_s_order() {
        for (function_error, said) in [(true, "\"Unhandled\""), (false, "null")] {
            let response = ResponseContext { executed_version: "2".into(), function_error };
            let tail = format!(
                r#""RetryAttemptsExhausted","approximateInvokeCount":3}},"responseContext":{{"statusCode":200,"executedVersion":"2","functionError":{said}}},"#
            );
            assert_eq!(document(Some(response)).json().to_string(), format!("{REQUEST}{tail}{INFO}"));
        }
    }

    #[test]
    fn a_record_that_became_too_old_has_no_response() {
        let tail = r#""RecordAgeExceeded","approximateInvokeCount":3},"#;
        assert_eq!(document(None).json().to_string(), format!("{REQUEST}{tail}{INFO}"));
    }

    #[test]
    fn an_object_has_the_event_as_text() {
        let with = Document { payload: Some(r#"{"Records":[]}"#.into()), ..document(None) };
        let info = INFO.strip_suffix('}').unwrap();
        let tail = r#""RecordAgeExceeded","approximateInvokeCount":3},"#;
        let payload = r#","payload":"{\"Records\":[]}"}"#;
        assert_eq!(with.json().to_string(), format!("{REQUEST}{tail}{info}{payload}"));
    }

    #[test]
    fn the_object_s_key() {
        let at = WallTime::parse("2020-12-17T03:00:07.012Z").unwrap();
        assert_eq!(
            object_key("91eaeb7e", "shardId-000000000001", at, "0a1b"),
            "aws/lambda/91eaeb7e/shardId-000000000001/2020/12/17/2020-12-17T03.00.07-0a1b"
        );
    }
}
