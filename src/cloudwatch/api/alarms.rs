//! Operations of alarms.

use serde_json::Value;

use super::{CloudWatch, Effect, dimensions, page, validation_error};
use crate::aws::{Answer, ApiError, Request};
use crate::cloudwatch::alarm::{
    Alarm, Comparison, Definition, Dimension, State, StateChange, TreatMissingData,
};
use crate::cloudwatch::decimal::{Threshold, number};
use crate::cloudwatch::metric::Statistic;
use crate::units::SimTime;

/// Members of PutMetricAlarm that would make another kind of alarm.
const NOT_SIMULATED: [&str; 4] =
    ["EvaluateLowSampleCountPercentile", "ExtendedStatistic", "Metrics", "ThresholdMetricId"];

/// Alarms of one answer of DescribeAlarms unless asked otherwise. Assumption: AWS documents a maximum only.
const PAGE_DEFAULT: u32 = 50;

/// PutMetricAlarm. `Tags` are checked and have no effect.
pub(super) fn put(
    cloudwatch: CloudWatch<'_>,
    now: SimTime,
    request: Request<'_>,
) -> Result<(Value, Effect), ApiError> {
    if let Some(name) =
        NOT_SIMULATED.into_iter().find(|name| request.0.get(name).is_some_and(|it| !it.is_null()))
    {
        return Err(validation_error(format!("{name} is not simulated")));
    }
    let definition = definition(request)?;
    definition.check().map_err(|refusal| validation_error(refusal.message().to_owned()))?;
    let idx = cloudwatch.alarms.put(definition, now).map_err(|_| {
        // Assumption: text.
        ApiError::new("LimitExceeded", "The maximum limit for alarms has been reached.".to_owned())
    })?;
    Ok((Answer::default().done(), Effect::AlarmPut(idx)))
}

/// AWS: `MetricName must not be null` is observed (cfn-lint 771). Assumption: the other four are worded alike.
fn definition(request: Request<'_>) -> Result<Definition, ApiError> {
    let needed = |name: &str| {
        let value = request.0.get(name).filter(|value| !value.is_null());
        value.ok_or_else(|| validation_error(format!("{name} must not be null")))
    };
    for name in ["MetricName", "Namespace", "Statistic", "Period", "Threshold"] {
        needed(name)?;
    }
    let texts = |name: &str| request.texts(name).map(str::to_owned).collect();
    let text = |name: &str| request.text(name).map(str::to_owned);
    let operator = request.required("ComparisonOperator");
    let comparison_operator = Comparison::named(operator)
        .ok_or_else(|| validation_error(format!("{operator} is not simulated")))?;
    let treated = request.text("TreatMissingData").unwrap_or(TreatMissingData::Missing.name());
    // Assumption: text.
    let treat_missing_data = TreatMissingData::named(treated)
        .ok_or_else(|| validation_error(format!("Option {treated} is not supported for TreatMissingData")))?;
    let threshold = Threshold::parse(&needed("Threshold")?.to_string())
        .ok_or_else(|| validation_error("Thresholds of more than 18 digits are not simulated".to_owned()))?;
    Ok(Definition {
        alarm_name: request.required("AlarmName").to_owned(),
        alarm_description: text("AlarmDescription"),
        actions_enabled: request.0.get("ActionsEnabled").is_none_or(|value| value != &Value::Bool(false)),
        ok_actions: texts("OKActions"),
        alarm_actions: texts("AlarmActions"),
        insufficient_data_actions: texts("InsufficientDataActions"),
        metric_name: request.required("MetricName").to_owned(),
        namespace: request.required("Namespace").to_owned(),
        statistic: Statistic::named(request.required("Statistic")).unwrap_or(Statistic::Sum),
        dimensions: dimensions(request),
        period: request.integer("Period").unwrap_or(0),
        unit: text("Unit"),
        evaluation_periods: request.integer("EvaluationPeriods").unwrap_or(0),
        datapoints_to_alarm: request.integer("DatapointsToAlarm"),
        threshold,
        comparison_operator,
        treat_missing_data,
    })
}

/// DeleteAlarms: all of them or, where one is not there, none.
pub(super) fn delete(cloudwatch: CloudWatch<'_>, request: Request<'_>) -> Result<Value, ApiError> {
    let names: Vec<&str> = request.texts("AlarmNames").collect();
    if let Some(missing) = names.iter().find(|name| cloudwatch.alarms.find(name).is_none()) {
        return Err(not_found(missing));
    }
    names.iter().for_each(|name| cloudwatch.alarms.delete(name));
    Ok(Answer::default().done())
}

/// Assumption: text, and that a missing name keeps the others from being deleted, as the guide says.
fn not_found(name: &str) -> ApiError {
    ApiError::new("ResourceNotFound", format!("Alarm {name} does not exist"))
}

/// DescribeAlarms, by name. Assumption: the order.
pub(super) fn describe(cloudwatch: &CloudWatch<'_>, request: Request<'_>) -> Result<Value, ApiError> {
    let names: Vec<&str> = request.texts("AlarmNames").collect();
    let types: Vec<&str> = request.texts("AlarmTypes").collect();
    let wanted = |alarm: &&Alarm| {
        let Definition { alarm_name, ok_actions, alarm_actions, insufficient_data_actions, .. } =
            &*alarm.definition;
        let mut actions = ok_actions.iter().chain(alarm_actions).chain(insufficient_data_actions);
        (names.is_empty() || names.contains(&alarm_name.as_str()))
            && (types.is_empty() || types.contains(&"MetricAlarm"))
            && request.text("AlarmNamePrefix").is_none_or(|prefix| alarm_name.starts_with(prefix))
            && request.text("StateValue").is_none_or(|state| alarm.state.name() == state)
            && request
                .text("ActionPrefix")
                .is_none_or(|prefix| actions.any(|action| action.starts_with(prefix)))
    };
    let mut found: Vec<&Alarm> = cloudwatch.alarms.present().filter(wanted).collect();
    found.sort_by(|a, b| a.definition.alarm_name.cmp(&b.definition.alarm_name));
    let limit = request.integer("MaxRecords").unwrap_or(PAGE_DEFAULT) as usize;
    let (found, token) = page(found, request, limit)?;
    let alarms = found.into_iter().map(|alarm| described(cloudwatch, alarm)).collect();
    Ok(Answer::default()
        .list("CompositeAlarms", Vec::new())
        .list("MetricAlarms", alarms)
        .optional_text("NextToken", token.as_deref())
        .done())
}

/// An alarm as DescribeAlarms gives it. `TreatMissingData` is there where it is not the default (assumption).
fn described(cloudwatch: &CloudWatch<'_>, alarm: &Alarm) -> Value {
    let definition = &*alarm.definition;
    let list = |items: &[String]| items.iter().map(|item| Value::from(item.as_str())).collect();
    let moment = |t: SimTime| cloudwatch.place.start + t;
    let dimension = |Dimension { name, value }: &Dimension| {
        Answer::default().text("Name", name).text("Value", value).done()
    };
    let answer = Answer::default()
        .text("AlarmName", &definition.alarm_name)
        .text("AlarmArn", &cloudwatch.place.alarm_arn(&definition.alarm_name))
        .optional_text("AlarmDescription", definition.alarm_description.as_deref())
        .timestamp("AlarmConfigurationUpdatedTimestamp", moment(alarm.configured))
        .boolean("ActionsEnabled", definition.actions_enabled)
        .list("OKActions", list(&definition.ok_actions))
        .list("AlarmActions", list(&definition.alarm_actions))
        .list("InsufficientDataActions", list(&definition.insufficient_data_actions))
        .text("StateValue", alarm.state.name())
        .text("StateReason", &alarm.reason)
        .timestamp("StateUpdatedTimestamp", moment(alarm.state_since))
        .text("MetricName", &definition.metric_name)
        .text("Namespace", &definition.namespace)
        .text("Statistic", definition.statistic.name())
        .list("Dimensions", definition.dimensions.iter().map(dimension).collect())
        .integer("Period", definition.period.into())
        .optional_text("Unit", definition.unit.as_deref())
        .integer("EvaluationPeriods", definition.evaluation_periods.into());
    let answer = match definition.datapoints_to_alarm {
        Some(count) => answer.integer("DatapointsToAlarm", count.into()),
        None => answer,
    };
    let treated = Some(definition.treat_missing_data).filter(|it| *it != TreatMissingData::Missing);
    answer
        .value("Threshold", Value::Number(number(&definition.threshold.text())))
        .text("ComparisonOperator", definition.comparison_operator.name())
        .optional_text("TreatMissingData", treated.map(TreatMissingData::name))
        .timestamp("StateTransitionedTimestamp", moment(alarm.state_since))
        .done()
}

/// SetAlarmState: until the alarm is evaluated next. `StateReasonData` is checked and has no effect.
pub(super) fn set_state(
    cloudwatch: CloudWatch<'_>,
    now: SimTime,
    request: Request<'_>,
) -> Result<(Value, Effect), ApiError> {
    let name = request.required("AlarmName");
    let idx = cloudwatch.alarms.find(name).ok_or_else(|| not_found(name))?;
    let alarm = cloudwatch.alarms.get_mut(idx);
    let to = State::named(request.required("StateValue")).unwrap_or(alarm.state);
    let change = StateChange { from: alarm.state, to, reason: request.required("StateReason").to_owned() };
    alarm.apply(&change, now);
    let changed = change.from != change.to;
    let effect = if changed { Effect::AlarmState(idx, change) } else { Effect::None };
    Ok((Answer::default().done(), effect))
}
