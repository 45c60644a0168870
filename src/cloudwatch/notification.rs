//! What an alarm sends to a topic, and what the topic's functions receive.
//!
//! AWS: Lambda developer guide, "Process Amazon SNS notifications with Lambda", for the event. The message inside,
//! which CloudWatch does not document, is observed: its fields and their order are those of notifications that
//! users published since 2022. Not there are SNS's signature and the addresses to check it and to unsubscribe,
//! which cannot be made up.

use serde::Serialize;

use super::alarm::{Alarm, Comparison, StateChange, TreatMissingData};
use super::decimal::number;
use crate::units::{SimTime, WallTime};

/// Where a run takes place.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The account's 12 digits.
    pub account: &'a str,
    /// The region, such as `us-east-1`.
    pub region: &'a str,
    /// Wall-clock time of the scenario's start.
    pub start: WallTime,
}

/// A change of state that a topic is told.
#[derive(Clone, Copy, Debug)]
pub struct Notice<'a> {
    /// The alarm.
    pub alarm: &'a Alarm,
    /// What changed.
    pub change: &'a StateChange,
    /// When.
    pub at: SimTime,
}

/// Names of regions as CloudWatch's messages have them; other regions go by their own name.
const REGIONS: &[(&str, &str)] = &[
    ("us-east-1", "US East (N. Virginia)"),
    ("us-east-2", "US East (Ohio)"),
    ("us-west-1", "US West (N. California)"),
    ("us-west-2", "US West (Oregon)"),
    ("ap-northeast-1", "Asia Pacific (Tokyo)"),
    ("ap-northeast-2", "Asia Pacific (Seoul)"),
    ("ap-southeast-1", "Asia Pacific (Singapore)"),
    ("ap-southeast-2", "Asia Pacific (Sydney)"),
    ("eu-central-1", "EU (Frankfurt)"),
    ("eu-north-1", "EU (Stockholm)"),
    ("eu-west-1", "EU (Ireland)"),
    ("eu-west-2", "EU (London)"),
];

impl Place<'_> {
    /// An alarm's ARN.
    #[must_use]
    pub fn alarm_arn(&self, name: &str) -> String {
        format!("arn:aws:cloudwatch:{}:{}:alarm:{name}", self.region, self.account)
    }

    /// A topic's ARN.
    #[must_use]
    pub fn topic_arn(&self, name: &str) -> String {
        format!("arn:aws:sns:{}:{}:{name}", self.region, self.account)
    }

    /// The topic that an alarm's action names, if it is one of this account and region.
    #[must_use]
    pub fn topic<'b>(&self, action: &'b str) -> Option<&'b str> {
        let name = action.strip_prefix(self.topic_arn("").as_str())?;
        (!name.is_empty() && !name.contains(':')).then_some(name)
    }

    fn region_name(&self) -> &str {
        REGIONS.iter().find(|(id, _)| *id == self.region).map_or(self.region, |&(_, name)| name)
    }

    /// `2020-01-14T06:24:00.000+0000`
    fn timestamp(&self, t: SimTime) -> String {
        (self.start + t).to_string().replace('Z', "+0000")
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Message<'a> {
    alarm_name: &'a str,
    alarm_description: Option<&'a str>,
    #[serde(rename = "AWSAccountId")]
    aws_account_id: &'a str,
    alarm_configuration_updated_timestamp: String,
    new_state_value: &'a str,
    new_state_reason: &'a str,
    state_change_time: String,
    region: &'a str,
    alarm_arn: String,
    old_state_value: &'a str,
    #[serde(rename = "OKActions")]
    ok_actions: &'a [String],
    alarm_actions: &'a [String],
    insufficient_data_actions: &'a [String],
    trigger: Trigger<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Trigger<'a> {
    metric_name: &'a str,
    namespace: &'a str,
    statistic_type: &'static str,
    statistic: String,
    unit: Option<&'a str>,
    dimensions: Vec<Named<'a>>,
    period: u32,
    evaluation_periods: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    datapoints_to_alarm: Option<u32>,
    comparison_operator: Comparison,
    threshold: serde_json::Number,
    treat_missing_data: TreatMissingData,
    evaluate_low_sample_count_percentile: &'static str,
}

/// A dimension, as a trigger has it: the other way round, in small letters.
#[derive(Serialize)]
struct Named<'a> {
    value: &'a str,
    name: &'a str,
}

/// The message of a notification, a JSON document.
#[must_use]
pub fn message(place: &Place<'_>, notice: &Notice<'_>) -> String {
    let definition = &*notice.alarm.definition;
    let dimensions = definition.dimensions.iter();
    let message = Message {
        alarm_name: &definition.alarm_name,
        alarm_description: definition.alarm_description.as_deref(),
        aws_account_id: place.account,
        alarm_configuration_updated_timestamp: place.timestamp(notice.alarm.configured),
        new_state_value: notice.change.to.name(),
        new_state_reason: &notice.change.reason,
        state_change_time: place.timestamp(notice.at),
        region: place.region_name(),
        alarm_arn: place.alarm_arn(&definition.alarm_name),
        old_state_value: notice.change.from.name(),
        ok_actions: &definition.ok_actions,
        alarm_actions: &definition.alarm_actions,
        insufficient_data_actions: &definition.insufficient_data_actions,
        trigger: Trigger {
            metric_name: &definition.metric_name,
            namespace: &definition.namespace,
            statistic_type: "Statistic",
            // Observed for all but SampleCount.
            statistic: definition.statistic.name().to_ascii_uppercase(),
            unit: definition.unit.as_deref(),
            dimensions: dimensions.map(|one| Named { value: &one.value, name: &one.name }).collect(),
            period: definition.period,
            evaluation_periods: definition.evaluation_periods,
            datapoints_to_alarm: definition.datapoints_to_alarm,
            comparison_operator: definition.comparison_operator,
            threshold: number(&definition.threshold.text()),
            treat_missing_data: definition.treat_missing_data,
            evaluate_low_sample_count_percentile: "",
        },
    };
    serde_json::to_string(&message).expect("a message has text keys only")
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Event<'a> {
    records: [Record<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Record<'a> {
    event_source: &'static str,
    event_version: &'static str,
    event_subscription_arn: String,
    sns: Sns<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Sns<'a> {
    r#type: &'static str,
    message_id: &'a str,
    topic_arn: String,
    subject: String,
    message: String,
    timestamp: String,
    message_attributes: Attributes,
}

/// Attributes of a message: none.
#[derive(Serialize)]
struct Attributes {}

/// The ids of a notification, each a UUID that the caller makes up.
#[derive(Clone, Copy, Debug)]
pub struct Ids<'a> {
    /// The message's.
    pub message: &'a str,
    /// The subscription's.
    pub subscription: &'a str,
}

/// The event with which a topic invokes a function, a JSON document.
#[must_use]
pub fn event(place: &Place<'_>, topic: &str, notice: &Notice<'_>, ids: Ids<'_>) -> String {
    let topic_arn = place.topic_arn(topic);
    let (state, name) = (notice.change.to.name(), &notice.alarm.definition.alarm_name);
    let event = Event {
        records: [Record {
            event_source: "aws:sns",
            event_version: "1.0",
            event_subscription_arn: format!("{topic_arn}:{}", ids.subscription),
            sns: Sns {
                r#type: "Notification",
                message_id: ids.message,
                topic_arn,
                subject: format!("{state}: \"{name}\" in {}", place.region_name()),
                message: message(place, notice),
                timestamp: (place.start + notice.at).to_string(),
                message_attributes: Attributes {},
            },
        }],
    };
    serde_json::to_string(&event).expect("an event has text keys only")
}

#[cfg(test)]
mod tests {
    use super::super::alarm::State;
    use super::super::alarm::tests::definition;
    use super::*;

    fn place(region: &str) -> Place<'_> {
        let start = WallTime::parse("2020-01-14T06:23:30Z").unwrap();
        Place { account: "123456789012", region, start }
    }

    #[test]
    fn a_notification_is_an_event_with_a_message_inside() {
        let alarm = Alarm::new(definition(Some(1), 1), SimTime(1));
        let change = StateChange { from: State::Ok, to: State::Alarm, reason: "because".to_owned() };
        let notice = Notice { alarm: &alarm, change: &change, at: SimTime(30_000) };
        let place = place("us-east-1");
        let message = message(&place, &notice);
        assert_eq!(
            message,
            concat!(
                r#"{"AlarmName":"scale","AlarmDescription":null,"AWSAccountId":"123456789012","#,
                r#""AlarmConfigurationUpdatedTimestamp":"2020-01-14T06:23:30.001+0000","NewStateValue":"ALARM","#,
                r#""NewStateReason":"because","StateChangeTime":"2020-01-14T06:24:00.000+0000","#,
                r#""Region":"US East (N. Virginia)","#,
                r#""AlarmArn":"arn:aws:cloudwatch:us-east-1:123456789012:alarm:scale","OldStateValue":"OK","#,
                r#""OKActions":[],"AlarmActions":["arn:aws:sns:us-east-1:123456789012:scale"],"#,
                r#""InsufficientDataActions":[],"Trigger":{"MetricName":"IncomingRecords","#,
                r#""Namespace":"AWS/Kinesis","StatisticType":"Statistic","Statistic":"SUM","Unit":null,"#,
                r#""Dimensions":[{"value":"s","name":"StreamName"}],"Period":60,"EvaluationPeriods":1,"#,
                r#""DatapointsToAlarm":1,"ComparisonOperator":"GreaterThanThreshold","Threshold":0.0,"#,
                r#""TreatMissingData":"missing","EvaluateLowSampleCountPercentile":""}}"#
            )
        );
        let event = event(&place, "scale", &notice, Ids { message: "m", subscription: "u" });
        let event: serde_json::Value = serde_json::from_str(&event).unwrap();
        let record = &event["Records"][0];
        assert_eq!(record["EventSubscriptionArn"], "arn:aws:sns:us-east-1:123456789012:scale:u");
        assert_eq!(record["Sns"]["Subject"], "ALARM: \"scale\" in US East (N. Virginia)");
        assert_eq!(record["Sns"]["Timestamp"], "2020-01-14T06:24:00.000Z");
        assert_eq!(record["Sns"]["Type"], "Notification");
        assert_eq!(record["Sns"]["MessageAttributes"], serde_json::json!({}));
        assert_eq!(record["Sns"]["Message"], message);
    }

    #[test]
    fn an_action_names_a_topic_of_the_same_account_and_region() {
        let place = place("xx-test-1");
        assert_eq!(place.topic("arn:aws:sns:xx-test-1:123456789012:scale"), Some("scale"));
        assert_eq!(place.topic("arn:aws:sns:xx-test-1:123456789012:"), None);
        assert_eq!(place.topic("arn:aws:sns:xx-test-1:123456789012:scale:u"), None);
        assert_eq!(place.topic("arn:aws:sns:us-east-1:123456789012:scale"), None);
        assert_eq!(place.topic("arn:aws:automate:xx-test-1:ec2:stop"), None);
        assert_eq!(place.region_name(), "xx-test-1");
    }
}
