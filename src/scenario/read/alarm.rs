//! Alarms: PutMetricAlarm's fields, for an alarm on one metric with a fixed threshold.

use serde_json::Value;

use super::node::Node;
use super::report::Report;
use crate::cloudwatch::alarm::{Comparison, Definition, Dimension, TreatMissingData};
use crate::cloudwatch::metric::METRICS;
use crate::cloudwatch::{Statistic, Threshold};
use crate::scenario::TopicConfig;
use crate::scenario::problem::{ProblemKind, Target};

/// Reads all alarms. `topics` with the start of their ARNs, where those are known.
pub(super) fn alarms(
    report: &mut Report<'_>,
    nodes: &[Node<'_>],
    topics: Option<(&str, &[TopicConfig])>,
) -> Vec<Definition> {
    nodes.iter().filter_map(|node| alarm(report, node, topics)).collect()
}

fn alarm(
    report: &mut Report<'_>,
    node: &Node<'_>,
    topics: Option<(&str, &[TopicConfig])>,
) -> Option<Definition> {
    const NEEDED: [&str; 5] = ["MetricName", "Namespace", "Statistic", "Period", "Threshold"];
    for field in NEEDED {
        if !node.has(field) {
            node.problem(report, field, ProblemKind::Missing(node.rule(field)));
        }
    }
    let actions = |report: &mut Report<'_>, field: &'static str| actions(report, node, field, topics);
    let (ok_actions, alarm_actions) = (actions(report, "OKActions"), actions(report, "AlarmActions"));
    let insufficient_data_actions = actions(report, "InsufficientDataActions");
    let comparison = node.some_text("ComparisonOperator")?;
    let Some(comparison_operator) = Comparison::named(&comparison) else {
        node.problem(report, "ComparisonOperator", ProblemKind::NotSupported { only: None });
        return None;
    };
    let Some(Value::Number(threshold)) = node.raw("Threshold") else { return None };
    let definition = Definition {
        alarm_name: node.some_text("AlarmName")?,
        alarm_description: node.some_text("AlarmDescription"),
        actions_enabled: node.boolean("ActionsEnabled"),
        ok_actions,
        alarm_actions,
        insufficient_data_actions,
        metric_name: node.some_text("MetricName")?,
        namespace: node.some_text("Namespace")?,
        statistic: Statistic::named(&node.some_text("Statistic")?)?,
        dimensions: node.objects("Dimensions").iter().map(dimension).collect(),
        period: node.some_u32("Period")?,
        unit: node.some_text("Unit"),
        evaluation_periods: node.some_u32("EvaluationPeriods")?,
        datapoints_to_alarm: node.some_u32("DatapointsToAlarm"),
        threshold: Threshold::parse(&threshold.to_string())?,
        comparison_operator,
        treat_missing_data: TreatMissingData::named(&node.text("TreatMissingData"))?,
    };
    if let Err(refusal) = definition.check() {
        report.add(&node.path, ProblemKind::Refused(refusal.message().to_owned()));
    }
    if definition.metric().is_none() {
        let mut names: Vec<&str> = METRICS.iter().map(|row| row.name).collect();
        names.sort_unstable();
        names.dedup();
        let only = Some(names.join(", "));
        node.problem(report, "MetricName", ProblemKind::NotSupported { only });
    }
    Some(definition)
}

fn dimension(node: &Node<'_>) -> Dimension {
    Dimension { name: node.text("Name"), value: node.text("Value") }
}

/// ARNs of topics of the scenario.
fn actions(
    report: &mut Report<'_>,
    node: &Node<'_>,
    field: &'static str,
    topics: Option<(&str, &[TopicConfig])>,
) -> Vec<String> {
    let mut actions = Vec::new();
    for item in node.items(field) {
        let Value::String(arn) = item.value else { continue };
        if let Some((start, topics)) = topics
            && !topics.iter().any(|topic| arn.strip_prefix(start) == Some(&topic.name))
        {
            let among = topics.iter().map(|topic| format!("{start}{}", topic.name)).collect();
            report.add(&item.path, ProblemKind::NoSuch { what: Target::Topic, among });
        }
        actions.push(arn.clone());
    }
    actions
}
