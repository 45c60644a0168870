//! Operations of metrics.

use serde_json::Value;

use super::{CloudWatch, dimensions, page};
use crate::aws::{Answer, ApiError, Request};
use crate::cloudwatch::alarm::Dimension;
use crate::cloudwatch::decimal::json_number;
use crate::cloudwatch::metric::{Metric, Statistic};
use crate::cloudwatch::series::{Bucket, Group};
use crate::quota;
use crate::units::{SimDuration, WallTime};

/// GetMetricStatistics. The minutes that have ended count.
///
/// AWS: StartTime is rounded down to the minute; from it on the periods follow each other (assumption: they are not
/// shifted to the multiples of their length). An answer is in the order of time, which AWS does not promise.
pub(super) fn get(cloudwatch: &CloudWatch<'_>, request: Request<'_>) -> Result<Value, ApiError> {
    let (start, end) = range(request);
    let period = SimDuration::from_secs(request.integer("Period").unwrap_or(0).into()).0;
    let statistics: Vec<Statistic> = request.texts("Statistics").filter_map(Statistic::named).collect();
    check(start, end, period, &statistics)?;
    let name = request.required("MetricName");
    let points = match series(cloudwatch, request, request.text("Unit")) {
        Some(series) => buckets(cloudwatch, series, (start, end), period)
            .map(|(at, bucket)| point(at, bucket, series.1, &statistics))
            .collect(),
        None => Vec::new(),
    };
    Ok(Answer::default().text("Label", name).list("Datapoints", points).done())
}

/// The periods from `start` on and before `end` that have data, in order; all in milliseconds, `start` a whole
/// minute and before `end`. Work is bounded by the minutes of the run.
pub(super) fn buckets(
    cloudwatch: &CloudWatch<'_>,
    series: (Group, Metric),
    (start, end): (u64, u64),
    period: u64,
) -> impl DoubleEndedIterator<Item = (WallTime, Bucket)> {
    let (first, last) = cloudwatch.metrics.ended_minutes();
    let numbers =
        first.0.saturating_sub(start) / period..last.0.min(end).saturating_sub(start).div_ceil(period);
    numbers.filter_map(move |number| {
        let at = start + number * period;
        let bucket = cloudwatch.metrics.ended(series, WallTime(at), WallTime(at + period));
        (bucket != Bucket::EMPTY).then_some((WallTime(at), bucket))
    })
}

/// `StartTime`, rounded down to the minute, and `EndTime`, in milliseconds.
pub(super) fn range(request: Request<'_>) -> (u64, u64) {
    const MINUTE_MS: u64 = 60_000;
    let moment = |name: &str| request.timestamp(name).unwrap_or(WallTime(0)).0;
    (moment("StartTime") / MINUTE_MS * MINUTE_MS, moment("EndTime"))
}

/// AWS: the text of too many data points is observed, as is its code. Assumption: the other texts and codes.
fn check(start: u64, end: u64, period: u64, statistics: &[Statistic]) -> Result<(), ApiError> {
    let invalid = |message: &str| ApiError::new("InvalidParameterValue", message.to_owned());
    if statistics.is_empty() {
        let message = "At least one of the parameters Statistics and ExtendedStatistics must be specified.";
        return Err(ApiError::new("MissingParameter", message.to_owned()));
    }
    if start >= end {
        return Err(invalid("The parameter StartTime must be less than the parameter EndTime."));
    }
    if !period.is_multiple_of(60_000) {
        return Err(invalid("The parameter Period must be a multiple of 60."));
    }
    let count = (end - start).div_ceil(period);
    if count > quota::DATAPOINTS_MAX {
        return Err(ApiError::new(
            "InvalidParameterCombination",
            format!(
                "You have requested up to {} datapoints, which exceeds the limit of {}. You may reduce the \
                 datapoints requested by increasing Period, or decreasing the time range.",
                with_commas(count),
                with_commas(quota::DATAPOINTS_MAX)
            ),
        ));
    }
    Ok(())
}

/// `1,440`
fn with_commas(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn point(at: WallTime, bucket: Bucket, metric: Metric, statistics: &[Statistic]) -> Value {
    let answer = Answer::default().timestamp("Timestamp", at);
    let wanted = Statistic::ALL.iter().filter(|(statistic, _)| statistics.contains(statistic));
    let with = |answer: Answer, &(statistic, name): &(Statistic, &str)| match bucket.statistic(statistic) {
        Some(value) => answer.value(name, Value::Number(json_number(value))),
        None => answer,
    };
    wanted.fold(answer, with).text("Unit", metric.row().unit.name()).done()
}

/// The series that a request names, if there is one. AWS: another unit than the metric's has no data.
pub(super) fn series(
    cloudwatch: &CloudWatch<'_>,
    request: Request<'_>,
    unit: Option<&str>,
) -> Option<(Group, Metric)> {
    let dimensions = dimensions(request);
    let names: Vec<&str> = dimensions.iter().map(|dimension| dimension.name.as_str()).collect();
    let metric = Metric::find(request.required("Namespace"), request.required("MetricName"), &names)?;
    if unit.is_some_and(|unit| unit != metric.row().unit.name()) {
        return None;
    }
    let value = |name: &str| Some(dimensions.iter().find(|dimension| dimension.name == name)?.value.clone());
    let level = metric.row().level;
    let (of, part) = cloudwatch.subjects.find(level, &value)?;
    Some((cloudwatch.metrics.find(level, of, part)?, metric))
}

/// ListMetrics: those that have had data.
pub(super) fn list(cloudwatch: &CloudWatch<'_>, request: Request<'_>) -> Result<Value, ApiError> {
    let filters = dimensions(request);
    let wanted = |(metric, dimensions): &(Metric, Vec<Dimension>)| {
        let matches = |filter: &Dimension| {
            let same =
                |it: &Dimension| it.name == filter.name && [&it.value, ""].contains(&filter.value.as_str());
            dimensions.iter().any(same)
        };
        request.text("Namespace").is_none_or(|namespace| namespace == metric.row().level.namespace())
            && request.text("MetricName").is_none_or(|name| name == metric.row().name)
            && filters.iter().all(matches)
    };
    let all = cloudwatch
        .metrics
        .with_data()
        .into_iter()
        .map(|(level, of, part, metric)| (metric, cloudwatch.subjects.dimensions(level, of, part)));
    let (found, token) = page(all.filter(wanted).collect(), request, quota::LIST_METRICS_MAX)?;
    let item = |(metric, dimensions): (Metric, Vec<Dimension>)| {
        let dimensions = dimensions.iter().map(|dimension| {
            Answer::default().text("Name", &dimension.name).text("Value", &dimension.value).done()
        });
        Answer::default()
            .text("Namespace", metric.row().level.namespace())
            .text("MetricName", metric.row().name)
            .list("Dimensions", dimensions.collect())
            .done()
    };
    let metrics = found.into_iter().map(item).collect();
    Ok(Answer::default().list("Metrics", metrics).optional_text("NextToken", token.as_deref()).done())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_commas() {
        for (number, text) in [(7, "7"), (999, "999"), (1440, "1,440"), (1_234_567, "1,234,567")] {
            assert_eq!(with_commas(number), text);
        }
    }
}
