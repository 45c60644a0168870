//! CloudWatch's operations: any request is answered, and what a terminal shows.

use proptest::prelude::*;
use serde_json::{Value, json};
use shardlab::aws::ApiError;
use shardlab::cloudwatch::alarm::Dimension;
use shardlab::cloudwatch::api::{self, CloudWatch, Effect, SERVICE};
use shardlab::cloudwatch::metric::Level;
use shardlab::cloudwatch::notification::Place;
use shardlab::cloudwatch::{Alarms, Metric, Metrics, Subjects};
use shardlab::quota;
use shardlab::scenario::Scenario;
use shardlab::sim::Simulation;
use shardlab::units::{SimTime, WallTime};

use super::properties::request;

const START: &str = "2020-01-14T06:23:30Z";

/// The stream `s` and its shards, which are all there is.
#[derive(Debug)]
struct OneStream;

impl Subjects for OneStream {
    fn dimensions(&self, level: Level, _of: u32, part: u32) -> Vec<Dimension> {
        assert!(matches!(level, Level::Stream | Level::Shard));
        let shard = (level == Level::Shard).then(|| ("ShardId", format!("shardId-{part:012}")));
        let dimensions = [("StreamName", "s".to_owned())].into_iter().chain(shard);
        dimensions.map(|(name, value)| Dimension { name: name.to_owned(), value }).collect()
    }
    fn find(&self, level: Level, value: &dyn Fn(&str) -> Option<String>) -> Option<(u32, u32)> {
        (level == Level::Stream && value("StreamName").as_deref() == Some("s")).then_some((0, 0))
    }
}

/// Alarms and metrics of a stream `s`, and a clock.
struct Bench {
    alarms: Alarms,
    metrics: Metrics,
    now: SimTime,
}

impl Bench {
    /// Two minutes with a put each.
    fn new() -> Self {
        let mut metrics = Metrics::new(WallTime::parse(START).unwrap());
        for (t, bytes) in [(0, 10), (30_000, 20), (30_001, 50)] {
            metrics.put_record(SimTime(t), Metrics::SCENARIO_STREAM, bytes, false, 0);
        }
        metrics.advance(SimTime(100_000));
        Self { alarms: Alarms::default(), metrics, now: SimTime(100_000) }
    }

    fn call(&mut self, operation: &str, request: &Value) -> Result<(Value, Effect), ApiError> {
        let start = WallTime::parse(START).unwrap();
        let place = Place { account: "123456789012", region: "us-east-1", start };
        let Self { alarms, metrics, now } = self;
        api::dispatch(CloudWatch { alarms, metrics, place, subjects: &OneStream }, *now, operation, request)
    }

    #[track_caller]
    fn ok(&mut self, operation: &str, request: &Value) -> Value {
        self.call(operation, request).unwrap_or_else(|error| panic!("{operation}: {error}")).0
    }

    #[track_caller]
    fn refused(&mut self, operation: &str, request: &Value, expect: &str) {
        assert_eq!(self.call(operation, request).unwrap_err().to_string(), expect, "{operation} {request}");
    }
}

fn alarm(name: &str) -> Value {
    json!({"AlarmName": name, "Namespace": "AWS/Kinesis", "MetricName": "IncomingRecords", "Statistic": "Sum",
        "Dimensions": [{"Name": "StreamName", "Value": "s"}], "Period": 60, "EvaluationPeriods": 1,
        "Threshold": 1.5, "ComparisonOperator": "GreaterThanThreshold"})
}

fn with(mut request: Value, member: &str, value: Value) -> Value {
    request[member] = value;
    request
}

#[test]
fn refusals_are_in_aws_s_words() {
    let mut bench = Bench::new();
    let mut refused = |member: &str, value: Value, expect: &str| {
        bench.refused(
            "PutMetricAlarm",
            &with(alarm("a"), member, value),
            &format!("ValidationError: {expect}"),
        );
    };
    refused("MetricName", Value::Null, "MetricName must not be null");
    refused("Threshold", Value::Null, "Threshold must not be null");
    refused("Period", json!(61), "Period must be 10, 20, 30 or a multiple of 60");
    refused(
        "EvaluationPeriods",
        json!(1441),
        "Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400) for alarms \
         using period < 3600",
    );
    refused(
        "EvaluationPeriods",
        json!(0),
        "1 validation error detected: Value '0' at 'evaluationPeriods' failed to satisfy constraint: Member must \
         have value greater than or equal to 1",
    );
    refused("ExtendedStatistic", json!("p99"), "ExtendedStatistic is not simulated");
    refused("TreatMissingData", json!("x"), "Option x is not supported for TreatMissingData");
    bench.refused(
        "DeleteAlarms",
        &json!({"AlarmNames": ["no"]}),
        "ResourceNotFound: Alarm no does not exist",
    );
    bench.refused(
        "DescribeAlarms",
        &json!({"NextToken": "?"}),
        "InvalidNextToken: The next token specified is invalid.",
    );
    bench.refused(
        "Nothing",
        &json!({}),
        "InvalidAction: Could not find operation Nothing for version 2010-08-01",
    );
}

#[test]
fn alarms_are_put_described_and_deleted() {
    let mut bench = Bench::new();
    for name in ["b", "a", "c"] {
        bench.ok("PutMetricAlarm", &alarm(name));
    }
    let names = |answer: &Value| super::texts(&answer["MetricAlarms"], "AlarmName").join(" ");
    assert_eq!(names(&bench.ok("DescribeAlarms", &json!({}))), "a b c");
    let first = bench.ok("DescribeAlarms", &json!({"MaxRecords": 2}));
    assert_eq!(names(&first), "a b");
    let rest = bench.ok("DescribeAlarms", &json!({"MaxRecords": 2, "NextToken": first["NextToken"]}));
    assert_eq!((names(&rest).as_str(), &rest["NextToken"]), ("c", &Value::Null));
    assert_eq!(
        bench.ok("DescribeAlarms", &json!({"AlarmNames": ["c"]}))["MetricAlarms"][0]["Threshold"],
        json!(1.5)
    );
    assert_eq!(names(&bench.ok("DescribeAlarms", &json!({"AlarmTypes": ["CompositeAlarm"]}))), "");
    assert!(bench.call("DeleteAlarms", &json!({"AlarmNames": ["a", "no"]})).is_err());
    bench.ok("DeleteAlarms", &json!({"AlarmNames": ["a", "c"]}));
    assert_eq!(names(&bench.ok("DescribeAlarms", &json!({}))), "b");
    let state = json!({"AlarmName": "b", "StateValue": "OK", "StateReason": "test"});
    assert!(matches!(bench.call("SetAlarmState", &state), Ok((_, Effect::AlarmState(0, _)))));
    assert!(matches!(bench.call("SetAlarmState", &state), Ok((_, Effect::None))));
    assert_eq!(names(&bench.ok("DescribeAlarms", &json!({"StateValue": "OK"}))), "b");
    assert_eq!(names(&bench.ok("DescribeAlarms", &json!({"StateValue": "ALARM"}))), "");
}

#[test]
fn statistics_are_of_minutes_that_have_ended() {
    let mut bench = Bench::new();
    let seconds = WallTime::parse("2020-01-14T06:20:00Z").unwrap().seconds();
    let request = json!({"Namespace": "AWS/Kinesis", "MetricName": "IncomingBytes", "Statistics": ["Average", "Sum"],
        "Dimensions": [{"Name": "StreamName", "Value": "s"}], "Period": 60, "StartTime": seconds,
        "EndTime": seconds + 600});
    let minute = |at: u64, average: f64, sum: f64| json!({"Timestamp": seconds + at * 60, "Average": average, "Sum": sum, "Unit": "Bytes"});
    let points = |answer: Value| answer["Datapoints"].clone();
    let found = points(bench.ok("GetMetricStatistics", &request));
    assert_eq!(found, json!([minute(3, 10.0, 10.0), minute(4, 35.0, 70.0)]));
    let five = points(bench.ok("GetMetricStatistics", &with(request.clone(), "Period", json!(300))));
    assert_eq!(five[0]["Sum"], json!(80.0));
    // More milliseconds than 32 bits hold.
    let longest =
        points(bench.ok("GetMetricStatistics", &with(request.clone(), "Period", json!(2_147_483_640))));
    assert_eq!(longest[0]["Sum"], json!(80.0));
    assert_eq!(
        points(bench.ok("GetMetricStatistics", &with(request.clone(), "Unit", json!("Count")))),
        json!([])
    );
    bench.metrics.put_record(SimTime(100_000), Metrics::SCENARIO_STREAM, 1, false, 0);
    assert_eq!(points(bench.ok("GetMetricStatistics", &request)), found, "the open minute does not count");
    let too_many = with(request.clone(), "EndTime", json!(seconds + 60 * 1441));
    bench.refused(
        "GetMetricStatistics",
        &too_many,
        "InvalidParameterCombination: You have requested up to 1,441 datapoints, which exceeds the limit of 1,440. \
         You may reduce the datapoints requested by increasing Period, or decreasing the time range.",
    );
    bench.ok("GetMetricStatistics", &with(request.clone(), "EndTime", json!(seconds + 60 * 1440)));
    assert!(bench.call("GetMetricStatistics", &with(request.clone(), "EndTime", json!(seconds))).is_err());
    assert!(bench.call("GetMetricStatistics", &with(request.clone(), "Period", json!(59))).is_err());
    assert!(bench.call("GetMetricStatistics", &with(request, "Statistics", Value::Null)).is_err());
}

/// A request of these queries: (id, metric).
fn metric_data(queries: &[(&str, &str)]) -> Value {
    let seconds = WallTime::parse("2020-01-14T06:20:20Z").unwrap().seconds();
    let query = |&(id, metric): &(&str, &str)| {
        json!({"Id": id, "MetricStat": {"Period": 60, "Stat": "Sum", "Metric": {
            "Namespace": "AWS/Kinesis", "MetricName": metric,
            "Dimensions": [{"Name": "StreamName", "Value": "s"}]}}})
    };
    let queries: Vec<Value> = queries.iter().map(query).collect();
    json!({"StartTime": seconds, "EndTime": seconds + 600, "MetricDataQueries": queries})
}

#[test]
fn several_metrics_come_in_one_answer() {
    let mut bench = Bench::new();
    let minute = |at: u64| WallTime::parse("2020-01-14T06:20:00Z").unwrap().seconds() + at * 60;
    let two = metric_data(&[("b", "IncomingBytes"), ("none", "GetRecords.Bytes"), ("n", "IncomingRecords")]);
    let result = |id: &str, label: &str, points: &[(u64, f64)], status: &str| {
        let times: Vec<u64> = points.iter().map(|&(at, _)| minute(at)).collect();
        let values: Vec<f64> = points.iter().map(|&(_, value)| value).collect();
        json!({"Id": id, "Label": label, "Timestamps": times, "Values": values, "StatusCode": status})
    };
    let [bytes, none] = [("b", "IncomingBytes"), ("none", "GetRecords.Bytes")];
    // AWS: the newest come first.
    let expect = json!({"MetricDataResults": [
        result(bytes.0, bytes.1, &[(4, 70.0), (3, 10.0)], "Complete"), result(none.0, none.1, &[], "Complete"),
        result("n", "IncomingRecords", &[(4, 2.0), (3, 1.0)], "Complete")], "Messages": []});
    assert_eq!(bench.ok("GetMetricData", &two), expect);

    let ascending = with(two.clone(), "ScanBy", json!("TimestampAscending"));
    let three = with(ascending, "MaxDatapoints", json!(3));
    let first = bench.ok("GetMetricData", &three);
    let expect = json!([
        result(bytes.0, bytes.1, &[(3, 10.0), (4, 70.0)], "Complete"),
        result(none.0, none.1, &[], "Complete"),
        result("n", "IncomingRecords", &[(3, 1.0)], "PartialData")
    ]);
    assert_eq!(first["MetricDataResults"], expect);
    let rest = bench.ok("GetMetricData", &with(three.clone(), "NextToken", first["NextToken"].clone()));
    let expect = json!([result("n", "IncomingRecords", &[(4, 2.0)], "Complete")]);
    assert_eq!((&rest["MetricDataResults"], rest.get("NextToken")), (&expect, None));
    // Where a page ends with a query's last data point, a query without any stands there too, once.
    let two_points = with(three, "MaxDatapoints", json!(2));
    let ids = |answer: &Value| super::texts(&answer["MetricDataResults"], "Id").join(" ");
    let first = bench.ok("GetMetricData", &two_points);
    let rest = bench.ok("GetMetricData", &with(two_points, "NextToken", first["NextToken"].clone()));
    assert_eq!((ids(&first).as_str(), ids(&rest).as_str()), ("b none", "n"));

    let mut settings = metric_data(&[bytes, ("hidden", "IncomingRecords"), ("far", "IncomingBytes")]);
    settings["MetricDataQueries"][0]["Label"] = json!("bytes a minute");
    settings["MetricDataQueries"][0]["MetricStat"]["Period"] = json!(300);
    settings["MetricDataQueries"][1]["ReturnData"] = json!(false);
    settings["MetricDataQueries"][2]["AccountId"] = json!("999999999999");
    let expect = json!([
        result(bytes.0, "bytes a minute", &[(0, 80.0)], "Complete"),
        result("far", bytes.1, &[], "Complete")
    ]);
    assert_eq!(bench.ok("GetMetricData", &settings)["MetricDataResults"], expect);
    // All of time, in minutes: only those of the run are looked at.
    let mut all = metric_data(&[bytes]);
    (all["StartTime"], all["EndTime"]) = (json!(0), json!(9_000_000_000_000_u64));
    assert_eq!(bench.ok("GetMetricData", &all)["MetricDataResults"][0]["Values"], json!([70.0, 10.0]));
}

#[test]
fn refusals_of_metric_data() {
    let mut bench = Bench::new();
    let mut refused = |change: &dyn Fn(&mut Value), expect: &str| {
        let mut request = metric_data(&[("a", "IncomingBytes"), ("b", "IncomingBytes")]);
        change(&mut request);
        bench.refused("GetMetricData", &request, &format!("ValidationError: {expect}"));
    };
    refused(
        &|it| it["MetricDataQueries"][1]["Id"] = json!("A"),
        "The value A for parameter MetricDataQueries.member.2.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.",
    );
    refused(
        &|it| it["MetricDataQueries"][1]["Id"] = json!("a"),
        "The values for parameter id in MetricDataQueries are not unique.",
    );
    refused(
        &|it| it["MetricDataQueries"][0]["Expression"] = json!("a / b"),
        "MetricDataQueries.member.1.Expression is not simulated",
    );
    refused(
        &|it| it["MetricDataQueries"][1]["MetricStat"] = Value::Null,
        "The parameter MetricDataQueries.member.2.MetricStat is required.",
    );
    refused(
        &|it| it["MetricDataQueries"][1]["MetricStat"]["Metric"] = json!({"Namespace": "AWS/Kinesis"}),
        "The parameter MetricDataQueries.member.2.MetricStat.Metric.MetricName is required.",
    );
    refused(
        &|it| it["MetricDataQueries"][0]["MetricStat"]["Stat"] = json!("p99"),
        "The value p99 for parameter MetricDataQueries.member.1.MetricStat.Stat is not simulated",
    );
    refused(
        &|it| it["MetricDataQueries"][0]["MetricStat"]["Period"] = json!(61),
        "The parameter MetricDataQueries.member.1.MetricStat.Period must be a multiple of 60.",
    );
    refused(
        &|it| it["EndTime"] = it["StartTime"].as_u64().map(|at| (at - 20).into()).unwrap(),
        "The parameter StartTime must be less than the parameter EndTime.",
    );
    let bounds = "The parameter MaxDatapoints must be between 1 and 100800.";
    for most in [-1, 0, quota::METRIC_DATA_POINTS_MAX as i64 + 1] {
        refused(&|it| it["MaxDatapoints"] = json!(most), bounds);
    }
    let many = |count: usize| {
        let ids: Vec<String> = (0..count).map(|number| format!("m{number}")).collect();
        metric_data(&ids.iter().map(|id| (id.as_str(), "IncomingBytes")).collect::<Vec<_>>())
    };
    let most = quota::METRIC_DATA_QUERIES_MAX;
    bench.ok("GetMetricData", &with(many(most), "MaxDatapoints", json!(quota::METRIC_DATA_POINTS_MAX)));
    bench.refused(
        "GetMetricData",
        &many(most + 1),
        "ValidationError: The collection MetricDataQueries must not have a size greater than 500.",
    );
    bench.refused(
        "GetMetricData",
        &with(many(1), "NextToken", json!("?")),
        "InvalidNextToken: The next token specified is invalid.",
    );
}

#[test]
fn metrics_with_data_are_listed() {
    let mut bench = Bench::new();
    let names = |answer: &Value| super::texts(&answer["Metrics"], "MetricName").join(" ");
    let all = "IncomingBytes IncomingRecords PutRecord.Bytes PutRecord.Latency PutRecord.Success \
               WriteProvisionedThroughputExceeded";
    assert_eq!(names(&bench.ok("ListMetrics", &json!({}))), all);
    assert_eq!(names(&bench.ok("ListMetrics", &json!({"Dimensions": [{"Name": "StreamName"}]}))), all);
    let of = |value: &str| json!({"Dimensions": [{"Name": "StreamName", "Value": value}], "MetricName": "IncomingBytes"});
    assert_eq!(names(&bench.ok("ListMetrics", &of("s"))), Metric::IncomingBytes.row().name);
    assert_eq!(names(&bench.ok("ListMetrics", &of("t"))), "");
    assert_eq!(names(&bench.ok("ListMetrics", &json!({"Namespace": "AWS/Lambda"}))), "");
}

#[test]
fn a_page_has_five_hundred_metrics() {
    let mut bench = Bench::new();
    // The stream has six; one more of each shard.
    let most = quota::LIST_METRICS_MAX;
    let page = |bench: &mut Bench, shards: usize| {
        for shard in 0..shards {
            let group = bench.metrics.group(Level::Shard, 0, shard as u32);
            bench.metrics.record(SimTime(100_000), group, Metric::ShardIncomingBytes, 1, 1);
        }
        bench.metrics.advance(SimTime(200_000));
        bench.now = SimTime(200_000);
        bench.ok("ListMetrics", &json!({}))
    };
    let count = |answer: &Value| answer["Metrics"].as_array().unwrap().len();
    let full = page(&mut bench, most - 6);
    assert_eq!((count(&full), full.get("NextToken")), (most, None));
    let mut bench = Bench::new();
    let first = page(&mut bench, most - 5);
    let rest = bench.ok("ListMetrics", &json!({"NextToken": first["NextToken"]}));
    assert_eq!((count(&first), count(&rest), rest.get("NextToken")), (most, 1, None));
}

#[test]
fn a_session_at_a_terminal() {
    let lines = [
        "aws cloudwatch put-metric-alarm --alarm-name busy --namespace AWS/Kinesis --metric-name IncomingRecords \
         --dimensions Name=StreamName,Value=s --statistic Sum --period 60 --evaluation-periods 1 --threshold 2.5 \
         --comparison-operator GreaterThanThreshold --ok-actions arn:aws:sns:us-east-1:123456789012:none",
        "aws cloudwatch describe-alarms --alarm-names busy",
        "aws cloudwatch get-metric-statistics --namespace AWS/Kinesis --metric-name IncomingRecords \
         --dimensions Name=StreamName,Value=s --statistics Sum SampleCount --period 60 \
         --start-time 2020-01-14T06:23:00Z --end-time 2020-01-14T06:30:00Z",
        "aws cloudwatch get-metric-data --start-time 2020-01-14T06:23:00Z --end-time 2020-01-14T06:30:00Z \
         --metric-data-queries '[{\"Id\":\"puts\",\"MetricStat\":{\"Metric\":{\"Namespace\":\"AWS/Kinesis\",\
         \"MetricName\":\"PutRecord.Latency\",\"Dimensions\":[{\"Name\":\"StreamName\",\"Value\":\"s\"}]},\
         \"Period\":60,\"Stat\":\"SampleCount\"}}]'",
        "aws cloudwatch set-alarm-state --alarm-name busy --state-value OK --state-reason testing",
        "aws cloudwatch list-metrics --metric-name GetRecords.Success",
        "aws cloudwatch delete-alarms --alarm-names busy",
        "aws cloudwatch delete-alarms --alarm-names busy",
    ];
    let commands: Vec<Value> = lines.iter().map(|line| json!({"at": 70_000, "cli": line})).collect();
    let records: Vec<Value> = (0..5).map(|i| json!({"at": i * 100, "PartitionKey": "k"})).collect();
    let document = json!({"version": 1, "id": "cloudwatch", "start": "2020-01-14T06:23:00Z", "stream": {},
        "producers": [{"type": "records", "records": records}], "commands": commands});
    let mut sim = Simulation::new(Scenario::from_value(&document).unwrap());
    sim.run_until(SimTime(200_000));
    let shown = sim.done().iter().zip(lines).map(|(done, line)| {
        let outcome = done.outcome.as_ref().unwrap();
        format!("$ {line}\n{}{}", outcome.stdout, outcome.stderr)
    });
    insta::assert_snapshot!(shown.collect::<Vec<_>>().join("\n"));
    assert_eq!(sim.alarm_changes().len(), 1, "a deleted alarm is not evaluated");
}

proptest! {
    // 300 cases of 10 calls: each of the seven operations some 500 times.
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn every_request_is_answered(calls in prop::collection::vec(request(SERVICE), 1..10)) {
        let mut bench = Bench::new();
        for (operation, request) in calls {
            let alarms = bench.alarms.present().count();
            let answer = bench.call(operation, &request);
            if answer.is_err() {
                prop_assert_eq!(bench.alarms.present().count(), alarms);
            }
        }
    }
}
