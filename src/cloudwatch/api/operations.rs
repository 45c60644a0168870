//! The operations of CloudWatch that the simulation answers, and what their requests may hold.
//!
//! AWS: botocore 1.44.5, `data/cloudwatch/2010-08-01/service-2.json`, read 2026-11-22, members in its order. Left out
//! are composite alarms, alarms on expressions and percentiles.

use crate::aws::{Member, Operation, Paginator, Service, Shape, Token};
use crate::cloudwatch::metric::UNITS;

/// CloudWatch.
pub const SERVICE: Service = Service {
    name: "cloudwatch",
    operations: OPERATIONS,
    timestamps: &[
        "AlarmConfigurationUpdatedTimestamp",
        "StateTransitionedTimestamp",
        "StateUpdatedTimestamp",
        "Timestamp",
        "Timestamps",
    ],
    paginators: PAGINATORS,
};

/// AWS: botocore, `paginators-1.json`.
const PAGINATORS: &[Paginator] = &[
    Paginator {
        operation: "DescribeAlarms",
        inside: "",
        results: &["MetricAlarms", "CompositeAlarms"],
        kept: &[],
        more: "",
        token: Token::Member("NextToken"),
        input: "NextToken",
        replaced: &[],
        limit: "MaxRecords",
    },
    Paginator {
        operation: "GetMetricData",
        inside: "",
        results: &["MetricDataResults", "Messages"],
        kept: &[],
        more: "",
        token: Token::Member("NextToken"),
        input: "NextToken",
        replaced: &[],
        limit: "MaxDatapoints",
    },
    Paginator {
        operation: "ListMetrics",
        inside: "",
        results: &["Metrics"],
        kept: &[],
        more: "",
        token: Token::Member("NextToken"),
        input: "NextToken",
        replaced: &[],
        limit: "",
    },
];

const ALARM_NAME: Shape = Shape::text(1, 255);
const ALARM_NAMES: Shape = Shape::List { of: &ALARM_NAME, min: 0, max: 100, printed: "" };
const ACTIONS: Shape = Shape::List { of: &Shape::text(1, 1024), min: 0, max: 5, printed: "" };
const NAME: Shape = Shape::text(1, 255);
const POSITIVE: Shape = Shape::Integer { min: 1, max: i32::MAX };
const STATE: Shape = Shape::Enum(&["OK", "ALARM", "INSUFFICIENT_DATA"]);
const STATISTIC: Shape = Shape::Enum(&["SampleCount", "Average", "Sum", "Minimum", "Maximum"]);
const UNIT: Shape = Shape::Enum(UNITS);
const DIMENSIONS: Shape = Shape::List {
    of: &Shape::Structure(&[Member::required("Name", NAME), Member::required("Value", Shape::text(1, 1024))]),
    min: 0,
    max: 30,
    printed: "com.amazonaws.metricservice.model.Dimension",
};
const DIMENSION_FILTERS: Shape = Shape::List {
    of: &Shape::Structure(&[Member::required("Name", NAME), Member::optional("Value", Shape::text(1, 1024))]),
    min: 0,
    max: 30,
    printed: "com.amazonaws.metricservice.model.DimensionFilter",
};
const TAGS: Shape = Shape::List {
    of: &Shape::Structure(&[
        Member::required("Key", Shape::text(1, 128)),
        Member::required("Value", Shape::text(0, 256)),
    ]),
    min: 0,
    max: 50,
    printed: "com.amazonaws.metricservice.model.Tag",
};

/// AWS: the model has no bounds of the list; the service has.
const METRIC_DATA_QUERIES: Shape = Shape::List {
    of: &Shape::Structure(&[
        Member::required("Id", NAME),
        Member::optional(
            "MetricStat",
            Shape::Structure(&[
                Member::required(
                    "Metric",
                    Shape::Structure(&[
                        Member::optional("Namespace", NAME),
                        Member::optional("MetricName", NAME),
                        Member::optional("Dimensions", DIMENSIONS),
                    ]),
                ),
                Member::required("Period", POSITIVE),
                Member::required("Stat", Shape::TEXT),
                Member::optional("Unit", UNIT),
            ]),
        ),
        Member::optional("Expression", Shape::text(1, 2048)),
        Member::optional("Label", Shape::TEXT),
        Member::optional("ReturnData", Shape::Boolean),
        Member::optional("Period", POSITIVE),
        Member::optional("AccountId", NAME),
    ]),
    min: 0,
    max: u32::MAX,
    printed: "com.amazonaws.metricservice.model.MetricDataQuery",
};

const OPERATIONS: &[Operation] = &[
    Operation { name: "DeleteAlarms", input: &[Member::required("AlarmNames", ALARM_NAMES)], failures: &[] },
    Operation {
        name: "DescribeAlarms",
        input: &[
            Member::optional("AlarmNames", ALARM_NAMES),
            Member::optional("AlarmNamePrefix", ALARM_NAME),
            Member::optional(
                "AlarmTypes",
                Shape::List {
                    of: &Shape::Enum(&["CompositeAlarm", "MetricAlarm"]),
                    min: 0,
                    max: u32::MAX,
                    printed: "",
                },
            ),
            Member::optional("StateValue", STATE),
            Member::optional("ActionPrefix", Shape::text(1, 1024)),
            Member::optional("MaxRecords", Shape::Integer { min: 1, max: 100 }),
            Member::optional("NextToken", Shape::TEXT),
        ],
        failures: &[],
    },
    Operation {
        name: "GetMetricData",
        input: &[
            Member::required("MetricDataQueries", METRIC_DATA_QUERIES),
            Member::required("StartTime", Shape::Timestamp),
            Member::required("EndTime", Shape::Timestamp),
            Member::optional("NextToken", Shape::TEXT),
            Member::optional("ScanBy", Shape::Enum(&["TimestampDescending", "TimestampAscending"])),
            Member::optional("MaxDatapoints", Shape::INTEGER),
            Member::optional("LabelOptions", Shape::Structure(&[Member::optional("Timezone", Shape::TEXT)])),
        ],
        failures: &[],
    },
    Operation {
        name: "GetMetricStatistics",
        input: &[
            Member::required("Namespace", NAME),
            Member::required("MetricName", NAME),
            Member::optional("Dimensions", DIMENSIONS),
            Member::required("StartTime", Shape::Timestamp),
            Member::required("EndTime", Shape::Timestamp),
            Member::required("Period", POSITIVE),
            Member::optional("Statistics", Shape::List { of: &STATISTIC, min: 1, max: 5, printed: "" }),
            Member::optional("Unit", UNIT),
        ],
        failures: &[],
    },
    Operation {
        name: "ListMetrics",
        input: &[
            Member::optional("Namespace", NAME),
            Member::optional("MetricName", NAME),
            Member::optional("Dimensions", DIMENSION_FILTERS),
            Member::optional("NextToken", Shape::TEXT),
        ],
        failures: &[],
    },
    Operation {
        name: "PutMetricAlarm",
        input: &[
            Member::required("AlarmName", ALARM_NAME),
            Member::optional("AlarmDescription", Shape::text(0, 1024)),
            Member::optional("ActionsEnabled", Shape::Boolean),
            Member::optional("OKActions", ACTIONS),
            Member::optional("AlarmActions", ACTIONS),
            Member::optional("InsufficientDataActions", ACTIONS),
            Member::optional("MetricName", NAME),
            Member::optional("Namespace", NAME),
            Member::optional("Statistic", STATISTIC),
            Member::optional("Dimensions", DIMENSIONS),
            Member::optional("Period", POSITIVE),
            Member::optional("Unit", UNIT),
            Member::required("EvaluationPeriods", POSITIVE),
            Member::optional("DatapointsToAlarm", POSITIVE),
            Member::optional("Threshold", Shape::Double),
            Member::required(
                "ComparisonOperator",
                Shape::Enum(&[
                    "GreaterThanOrEqualToThreshold",
                    "GreaterThanThreshold",
                    "LessThanThreshold",
                    "LessThanOrEqualToThreshold",
                    "LessThanLowerOrGreaterThanUpperThreshold",
                    "LessThanLowerThreshold",
                    "GreaterThanUpperThreshold",
                ]),
            ),
            Member::optional("TreatMissingData", NAME),
            Member::optional("Tags", TAGS),
        ],
        failures: &[],
    },
    Operation {
        name: "SetAlarmState",
        input: &[
            Member::required("AlarmName", ALARM_NAME),
            Member::required("StateValue", STATE),
            Member::required("StateReason", Shape::text(0, 1023)),
            Member::optional("StateReasonData", Shape::text(0, 4000)),
        ],
        failures: &[],
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloudwatch::alarm::{Comparison, State};
    use crate::cloudwatch::metric::{Statistic, Unit};

    #[test]
    fn operations_are_in_alphabetical_order() {
        assert!(OPERATIONS.is_sorted_by(|a, b| a.name < b.name));
    }

    #[test]
    fn every_value_that_is_simulated_is_accepted() {
        let accepts = |shape: Shape, name: &str| matches!(shape, Shape::Enum(all) if all.contains(&name));
        assert!(State::ALL.iter().all(|(_, name)| accepts(STATE, name)));
        assert!(Statistic::ALL.iter().all(|(_, name)| accepts(STATISTIC, name)));
        assert!(Unit::ALL.iter().all(|(_, name)| accepts(UNIT, name)));
        let operators = SERVICE.operation("PutMetricAlarm").unwrap().input;
        let operators = operators.iter().find(|member| member.name == "ComparisonOperator").unwrap().shape;
        assert!(Comparison::ALL.iter().all(|(_, name)| accepts(operators, name)));
    }
}
