//! GetMetricData: several metrics in one call, in pages of data points.

use std::collections::BTreeSet;

use serde_json::Value;

use super::statistics::{buckets, range, series};
use super::{CloudWatch, first_of_page, token, validation_error};
use crate::aws::answer::timestamp;
use crate::aws::{Answer, ApiError, Request};
use crate::cloudwatch::decimal::json_number;
use crate::cloudwatch::metric::Statistic;
use crate::cloudwatch::series::Bucket;
use crate::quota;
use crate::units::{SimDuration, WallTime};

/// A query that is answered.
struct Query<'a> {
    request: Request<'a>,
    metric: Request<'a>,
    statistic: Statistic,
    period: u64,
}

/// GetMetricData, for metrics; expressions are not simulated. The minutes that have ended count.
///
/// AWS: order, bounds and defaults from the API model. Assumptions: periods follow each other from `StartTime`, as
/// in GetMetricStatistics; a page has the data points of one query after the other; a label is the metric's name.
pub(super) fn get(cloudwatch: &CloudWatch<'_>, request: Request<'_>) -> Result<Value, ApiError> {
    let queries = check(request)?;
    let most = match request.0.get("MaxDatapoints").filter(|most| !most.is_null()) {
        Some(_) => request.integer("MaxDatapoints").unwrap_or(0) as usize,
        None => quota::METRIC_DATA_POINTS_MAX,
    };
    if !(1..=quota::METRIC_DATA_POINTS_MAX).contains(&most) {
        // Assumption: text.
        let limit = quota::METRIC_DATA_POINTS_MAX;
        return Err(validation_error(format!("The parameter MaxDatapoints must be between 1 and {limit}.")));
    }
    let from = first_of_page(request)?;
    let end = from.saturating_add(most);
    let mut results = Vec::new();
    // Data points of the queries before.
    let mut seen = 0;
    for query in queries.iter().filter(|query| query.request.boolean("ReturnData").unwrap_or(true)) {
        if seen > end {
            break;
        }
        let (times, values) = points(cloudwatch, request, query);
        let next = seen + times.len();
        let within = from.clamp(seen, next) - seen..end.clamp(seen, next) - seen;
        // A query without data stands on the page that the data points before it end on.
        let empty = times.is_empty() && (from == 0 || seen > from);
        if !within.is_empty() || empty {
            let status = if next > end { "PartialData" } else { "Complete" };
            let label = query.request.text("Label").unwrap_or(query.metric.required("MetricName"));
            let answer = Answer::default().text("Id", query.request.required("Id")).text("Label", label);
            let answer = answer.list("Timestamps", times[within.clone()].to_vec());
            results.push(answer.list("Values", values[within].to_vec()).text("StatusCode", status).done());
        }
        seen = next;
    }
    let token = (seen > end).then(|| token(end));
    let answer = Answer::default().list("MetricDataResults", results);
    Ok(answer.optional_text("NextToken", token.as_deref()).list("Messages", Vec::new()).done())
}

/// Timestamps and values of a query's periods.
fn points(cloudwatch: &CloudWatch<'_>, request: Request<'_>, query: &Query<'_>) -> (Vec<Value>, Vec<Value>) {
    let unit = query.request.structure("MetricStat").and_then(|stat| stat.text("Unit"));
    // Assumption: another account has no data.
    let here = query.request.text("AccountId").is_none_or(|account| account == cloudwatch.place.account);
    let Some(series) = here.then(|| series(cloudwatch, query.metric, unit)).flatten() else {
        return (Vec::new(), Vec::new());
    };
    let buckets = buckets(cloudwatch, series, range(request), query.period);
    let point = |(at, bucket): (WallTime, Bucket)| {
        let value = bucket.statistic(query.statistic)?;
        Some((timestamp(at), Value::Number(json_number(value))))
    };
    match request.text("ScanBy") {
        Some("TimestampAscending") => buckets.filter_map(point).unzip(),
        Some(_) | None => buckets.rev().filter_map(point).unzip(),
    }
}

/// AWS: the texts of too many queries and of an `Id` that does not match are observed. Assumption: the others.
fn check<'a>(request: Request<'a>) -> Result<Vec<Query<'a>>, ApiError> {
    let (start, end) = range(request);
    if start >= end {
        let message = "The parameter StartTime must be less than the parameter EndTime.";
        return Err(validation_error(message.to_owned()));
    }
    if request.items("MetricDataQueries").count() > quota::METRIC_DATA_QUERIES_MAX {
        return Err(validation_error(format!(
            "The collection MetricDataQueries must not have a size greater than {}.",
            quota::METRIC_DATA_QUERIES_MAX
        )));
    }
    let mut ids = BTreeSet::new();
    let query = |(place, item): (usize, Request<'a>)| {
        let id = item.required("Id");
        if !is_id(id) {
            return Err(validation_error(format!(
                "The value {id} for parameter MetricDataQueries.member.{place}.Id is not matching the expected \
                 pattern ^[a-z][a-zA-Z0-9_]*$."
            )));
        }
        if !ids.insert(id.to_owned()) {
            let message = "The values for parameter id in MetricDataQueries are not unique.";
            return Err(validation_error(message.to_owned()));
        }
        read(item, place)
    };
    (1..).zip(request.items("MetricDataQueries")).map(query).collect()
}

/// A letter in lower case, then letters, digits and underscores.
fn is_id(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn read(item: Request<'_>, place: usize) -> Result<Query<'_>, ApiError> {
    let at = format!("MetricDataQueries.member.{place}");
    if item.text("Expression").is_some() {
        return Err(validation_error(format!("{at}.Expression is not simulated")));
    }
    let Some(stat) = item.structure("MetricStat") else {
        return Err(validation_error(format!("The parameter {at}.MetricStat is required.")));
    };
    let metric = stat.structure("Metric").unwrap_or(stat);
    for name in ["Namespace", "MetricName"] {
        if metric.text(name).is_none() {
            return Err(validation_error(format!(
                "The parameter {at}.MetricStat.Metric.{name} is required."
            )));
        }
    }
    let name = stat.required("Stat");
    let Some(statistic) = Statistic::named(name) else {
        return Err(validation_error(format!(
            "The value {name} for parameter {at}.MetricStat.Stat is not simulated"
        )));
    };
    let period = SimDuration::from_secs(stat.integer("Period").unwrap_or(0).into()).0;
    if period == 0 || !period.is_multiple_of(60_000) {
        return Err(validation_error(format!(
            "The parameter {at}.MetricStat.Period must be a multiple of 60."
        )));
    }
    Ok(Query { request: item, metric, statistic, period })
}
