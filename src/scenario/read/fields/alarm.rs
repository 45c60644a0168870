//! The fields of an alarm: CloudWatch's `PutMetricAlarm`. botocore, `cloudwatch/2010-08-01`.

use super::{integer, list, text};
use crate::cloudwatch::metric::UNITS;
use crate::scenario::problem::{Allowed, Field, Format};

/// Seconds of a period that an alarm can look back over: a week. AWS: PutMetricAlarm, `Period`.
const PERIOD_SECONDS_MAX: i64 = 604_800;

pub(super) const ALARM: &[Field] = &[
    Field::required("AlarmName", text(1, 255, Format::Any)),
    Field::optional("AlarmDescription", text(0, 1024, Format::Any)),
    Field::default("ActionsEnabled", Allowed::Boolean, "true"),
    Field::default("OKActions", ACTIONS, "[]"),
    Field::default("AlarmActions", ACTIONS, "[]"),
    Field::default("InsufficientDataActions", ACTIONS, "[]"),
    Field::optional("MetricName", text(1, 255, Format::Any)),
    Field::optional("Namespace", text(1, 255, Format::Namespace)),
    Field::optional("Statistic", Allowed::OneOf(&["SampleCount", "Average", "Sum", "Minimum", "Maximum"])),
    Field::optional("ExtendedStatistic", text(1, 255, Format::Any)).not_supported(),
    Field::default("Dimensions", list(&Allowed::Object(DIMENSION), 0, 30), "[]"),
    Field::optional("Period", integer(1, PERIOD_SECONDS_MAX)),
    Field::optional("Unit", Allowed::OneOf(UNITS)),
    Field::required("EvaluationPeriods", integer(1, PERIOD_SECONDS_MAX)),
    Field::optional("DatapointsToAlarm", integer(1, PERIOD_SECONDS_MAX)),
    Field::optional("Threshold", Allowed::Number),
    Field::required(
        "ComparisonOperator",
        Allowed::OneOf(&[
            "GreaterThanOrEqualToThreshold",
            "GreaterThanThreshold",
            "LessThanThreshold",
            "LessThanOrEqualToThreshold",
            "LessThanLowerOrGreaterThanUpperThreshold",
            "LessThanLowerThreshold",
            "GreaterThanUpperThreshold",
        ]),
    ),
    Field::default(
        "TreatMissingData",
        Allowed::OneOf(&["missing", "breaching", "notBreaching", "ignore"]),
        "\"missing\"",
    ),
    Field::optional("EvaluateLowSampleCountPercentile", Allowed::OneOf(&["evaluate", "ignore"]))
        .not_supported(),
    Field::default("Metrics", list(&Allowed::AnyObject, 0, 500), "[]").only("[]"),
    Field::default(
        "Tags",
        list(
            &Allowed::Object(&[
                Field::required("Key", text(1, 128, Format::Any)),
                Field::required("Value", text(0, 256, Format::Any)),
            ]),
            0,
            50,
        ),
        "[]",
    ),
    Field::optional("ThresholdMetricId", text(1, 255, Format::Any)).not_supported(),
];

const ACTIONS: Allowed = list(&text(1, 1024, Format::Arn), 0, 5);

const DIMENSION: &[Field] = &[
    Field::required("Name", text(1, 255, Format::Any)),
    Field::required("Value", text(1, 1024, Format::Any)),
];
