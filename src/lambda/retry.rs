//! What follows an invocation: one pure decision.
//!
//! Every failure is tried again with growing delays, for ever, while newer records of the lane wait. AWS:
//! developer guide, "Using Lambda with Kinesis"; the delays are measured (0.2 s, doubling).
//! Assumption: their cap.

use crate::scenario::Model;
use crate::units::SimDuration;

/// How an invocation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The handler returned.
    Ok = 0,
    /// The handler failed.
    Error = 1,
    /// The handler did not end in time.
    Timeout = 2,
    /// The environment was lost.
    Crash = 3,
    /// There was no room to run it.
    Throttled = 4,
}

/// What to do with the batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// All its records are done.
    Advance,
    /// Try the same batch again after this delay, under the same request id.
    Retry(SimDuration),
}

/// Decides what follows `outcome`. `attempts` counts the attempts made, this one included; `throttles` counts
/// the throttled ones since the last that was not, this one included. A throttled try counts as no attempt.
#[must_use]
pub fn decide(model: &Model, outcome: Outcome, attempts: u32, throttles: u32) -> Decision {
    match outcome {
        Outcome::Ok => Decision::Advance,
        Outcome::Error | Outcome::Timeout | Outcome::Crash => Decision::Retry(backoff(model, attempts)),
        Outcome::Throttled => Decision::Retry(backoff(model, throttles)),
    }
}

/// The delay before the next try after `tries`: base × factor^(tries - 1), at most the cap.
fn backoff(model: &Model, tries: u32) -> SimDuration {
    let (numerator, denominator) = (model.backoff_factor.numerator(), model.backoff_factor.denominator());
    let mut delay = u128::from(model.backoff_base.0);
    for _ in 1..tries {
        if delay >= u128::from(model.backoff_cap.0) || numerator <= denominator {
            break;
        }
        delay = delay * u128::from(numerator) / u128::from(denominator);
    }
    SimDuration(u64::try_from(delay).unwrap_or(u64::MAX).min(model.backoff_cap.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Ratio;

    #[test]
    fn decisions() {
        #[track_caller]
        fn check(outcome: Outcome, attempts: u32, throttles: u32, expect: Decision) {
            assert_eq!(decide(&Model::default(), outcome, attempts, throttles), expect);
        }
        let retry = |ms| Decision::Retry(SimDuration(ms));
        check(Outcome::Ok, 1, 0, Decision::Advance);
        check(Outcome::Ok, 9, 3, Decision::Advance);
        for outcome in [Outcome::Error, Outcome::Timeout, Outcome::Crash] {
            for (attempts, ms) in [(1, 200), (2, 400), (3, 800), (9, 51_200), (10, 60_000), (9999, 60_000)] {
                check(outcome, attempts, 7, retry(ms));
            }
        }
        check(Outcome::Throttled, 9, 1, retry(200));
        check(Outcome::Throttled, 1, 3, retry(800));
    }

    #[test]
    fn a_fractional_or_flat_factor_ends_too() {
        let model = |numerator, denominator| Model {
            backoff_factor: Ratio::new(numerator, denominator).unwrap(),
            ..Model::default()
        };
        assert_eq!(backoff(&model(3, 2), 3), SimDuration(450));
        assert_eq!(backoff(&model(1, 1), u32::MAX), SimDuration(200));
    }
}
