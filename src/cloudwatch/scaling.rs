//! The function that scales a stream when an alarm tells it to: handler `scale`.
//!
//! What article D's function does: it asks UpdateShardCount for more shards, then moves the alarm's threshold to
//! fit the new count. If UpdateShardCount fails, which after a few calls a day it does (`LimitExceededException`),
//! the call's exception ends the function: the threshold stays, nothing is tried again by the function itself, and
//! since an alarm acts on a change of state only, nothing follows until the alarm has left ALARM and come back.
//! It does not look at the state that it is told: an alarm whose `OKActions` name its topic scales up on OK, too.

use serde::Serialize;

use super::alarm::Definition;
use super::decimal::Threshold;
use crate::units::Ratio;

/// The handler's two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scaling {
    /// New shards for each open one: above 0, at most 100.
    pub factor: Ratio,
    /// Records a period at which a shard counts as full, at least 1; 48 000 is 80 % of what a shard accepts in a minute.
    pub records_per_shard: u64,
}

/// Kinesis's UpdateShardCount. As JSON it is the request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct UpdateShardCount {
    /// The stream.
    pub stream_name: String,
    /// Open shards that are asked for.
    pub target_shard_count: u32,
    /// The only value there is: `UNIFORM_SCALING`.
    pub scaling_type: &'static str,
}

/// The two calls that one notification leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calls {
    /// The first call.
    pub update_shard_count: UpdateShardCount,
    put_metric_alarm: Definition,
}

impl Scaling {
    /// The calls for a notification of an alarm with that definition; `None` where its metric has no dimension
    /// `StreamName`, which ends the function with an error before any call.
    ///
    /// Assumption: `open_shards` × factor is rounded up. So a factor above 1 always asks for more, and factors from
    /// 0.5 to 2 keep within what UpdateShardCount accepts, for which half of an odd count is rounded up as well.
    #[must_use]
    pub fn calls(self, alarm: &Definition, open_shards: u32) -> Option<Calls> {
        let product = u128::from(open_shards) * u128::from(self.factor.numerator());
        let target = product.div_ceil(u128::from(self.factor.denominator()));
        let target_shard_count = u32::try_from(target).unwrap_or(u32::MAX);
        let threshold = self.records_per_shard.saturating_mul(target_shard_count.into());
        Some(Calls {
            update_shard_count: UpdateShardCount {
                stream_name: alarm.dimension("StreamName")?.to_owned(),
                target_shard_count,
                scaling_type: "UNIFORM_SCALING",
            },
            put_metric_alarm: Definition { threshold: Threshold::whole(threshold), ..alarm.clone() },
        })
    }
}

impl Calls {
    /// The second call, PutMetricAlarm, given how the first one went; `None`: the function ends with its error.
    #[must_use]
    pub fn after<T, E>(&self, update: &Result<T, E>) -> Option<&Definition> {
        update.is_ok().then_some(&self.put_metric_alarm)
    }
}

#[cfg(test)]
mod tests {
    use super::super::alarm::tests::definition;
    use super::*;

    #[test]
    fn shards_are_multiplied_and_rounded_up() {
        #[track_caller]
        fn check(factor: &str, open: u32, target: u32, threshold: u64) {
            let scaling =
                Scaling { factor: Ratio::parse_decimal(factor).unwrap(), records_per_shard: 48_000 };
            let calls = scaling.calls(&definition(None, 1), open).unwrap();
            assert_eq!(calls.update_shard_count.target_shard_count, target, "{factor} x {open}");
            assert_eq!(calls.put_metric_alarm.threshold, Threshold::whole(threshold), "{factor} x {open}");
        }
        check("2", 1, 2, 96_000);
        check("1.5", 3, 5, 240_000);
        check("1.2", 1, 2, 96_000);
        check("1.2", 5, 6, 288_000);
        check("0.5", 3, 2, 96_000);
        check("0.5", 4, 2, 96_000);
        check("1", 7, 7, 336_000);
        check("0.000001", 1, 1, 48_000);
    }

    #[test]
    fn requests_are_those_of_the_api() {
        let scaling = Scaling { factor: Ratio::whole(2), records_per_shard: 48_000 };
        let calls = scaling.calls(&definition(Some(1), 1), 2).unwrap();
        assert_eq!(
            serde_json::to_string(&calls.update_shard_count).unwrap(),
            r#"{"StreamName":"s","TargetShardCount":4,"ScalingType":"UNIFORM_SCALING"}"#
        );
        assert_eq!(
            serde_json::to_string(calls.after(&Ok::<(), ()>(())).unwrap()).unwrap(),
            concat!(
                r#"{"AlarmName":"scale","ActionsEnabled":true,"OKActions":[],"#,
                r#""AlarmActions":["arn:aws:sns:us-east-1:123456789012:scale"],"InsufficientDataActions":[],"#,
                r#""MetricName":"IncomingRecords","Namespace":"AWS/Kinesis","Statistic":"Sum","#,
                r#""Dimensions":[{"Name":"StreamName","Value":"s"}],"Period":60,"EvaluationPeriods":1,"#,
                r#""DatapointsToAlarm":1,"Threshold":192000,"ComparisonOperator":"GreaterThanThreshold","#,
                r#""TreatMissingData":"missing"}"#
            )
        );
    }

    #[test]
    fn a_failed_call_ends_the_function() {
        let scaling = Scaling { factor: Ratio::whole(2), records_per_shard: 48_000 };
        let mut alarm = definition(None, 1);
        let calls = scaling.calls(&alarm, 2).unwrap();
        assert_eq!(calls.after(&Err::<(), _>("LimitExceededException")), None);
        alarm.dimensions.clear();
        assert_eq!(scaling.calls(&alarm, 2), None);
    }
}
