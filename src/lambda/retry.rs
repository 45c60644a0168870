//! What follows an invocation: one pure decision.
//!
//! ```text
//! ok ─────────────────────────────────────────────▶ advance
//! partial, cut after the first record ────────────▶ cut: the remainder is a new batch, at once
//! error, timeout, crash, partial of nothing ─┬─ bisect, 2 or more records ─▶ split: halves are new batches, at once
//!                                            ├─ retries used up ───────────▶ discard
//!                                            └─ else ──────────────────────▶ retry after a back-off
//! throttled ──────────────────────────────────────▶ retry after a back-off of its own
//! ```
//!
//! AWS: developer guide, "Using Lambda with Kinesis"; halves, their order, what a split does to the quota and what
//! a cut does, and the delays (0.2 s, doubling) are recorded on AWS. `docs/consumers.md` lists every rule.
//! Assumption: the delays' cap; that throttles grow their delays in the same way.

use crate::lambda::batcher::Part;
use crate::scenario::{MappingConfig, Model};
use crate::units::SimDuration;

/// How an invocation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The handler returned, and no record is left to be done.
    Ok = 0,
    /// The handler failed.
    Error = 1,
    /// The handler did not end in time.
    Timeout = 2,
    /// The environment was lost.
    Crash = 3,
    /// There was no room to run it.
    Throttled = 4,
    /// The handler returned, and its answer fails the batch or its end.
    Partial = 5,
}

/// What to do with the batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// All its records are done.
    Advance,
    /// Try the same batch again after this delay, under the same request id.
    Retry(SimDuration),
    /// Try the first `left` records, and then, whatever becomes of them, the others: two new batches, at once.
    Split {
        /// Records of the first half: at least 1, less than all.
        left: u32,
    },
    /// The first `at` records are done; try the others as a new batch, at once.
    Cut {
        /// At least 1, less than all.
        at: u32,
    },
    /// Give all its records up.
    Discard(DiscardCondition),
}

/// Why records are given up: `condition` of the document about them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiscardCondition {
    /// `MaximumRetryAttempts` were made.
    RetryAttemptsExhausted = 0,
    /// They are older than `MaximumRecordAgeInSeconds`.
    RecordAgeExceeded = 1,
}

impl DiscardCondition {
    /// AWS's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::RetryAttemptsExhausted => "RetryAttemptsExhausted",
            Self::RecordAgeExceeded => "RecordAgeExceeded",
        }
    }
}

/// Decides what follows `outcome` of an attempt at `part`, whose counts have this attempt in them. `failed_at` is
/// the place in the part of its first record that is not done, where the handler's answer says so.
///
/// A throttled try counts as no attempt. A split uses up no retry (recorded), since the halves begin anew. Both
/// settings together: an answer cuts, and what cannot be cut is split.
#[must_use]
pub fn decide(
    model: &Model,
    mapping: &MappingConfig,
    part: &Part,
    outcome: Outcome,
    failed_at: Option<u32>,
) -> Decision {
    match (outcome, failed_at) {
        (Outcome::Ok, _) => Decision::Advance,
        (Outcome::Throttled, _) => Decision::Retry(backoff(model, part.throttles)),
        (Outcome::Partial, Some(at)) if at > 0 => Decision::Cut { at },
        (Outcome::Partial | Outcome::Error | Outcome::Timeout | Outcome::Crash, _) => {
            failed(model, mapping, part)
        }
    }
}

/// What follows where nothing of the part is done.
fn failed(model: &Model, mapping: &MappingConfig, part: &Part) -> Decision {
    if mapping.bisect_batch_on_function_error && part.count > 1 {
        return Decision::Split { left: part.count / 2 };
    }
    match mapping.maximum_retry_attempts {
        Some(retries) if part.attempts > retries => {
            Decision::Discard(DiscardCondition::RetryAttemptsExhausted)
        }
        Some(_) | None => Decision::Retry(backoff(model, part.attempts)),
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
    use crate::lambda::batcher::Reason;
    use crate::lambda::batcher::tests::mapping;
    use crate::units::{Ratio, Stamp};

    const FAILURES: [Outcome; 3] = [Outcome::Error, Outcome::Timeout, Outcome::Crash];

    /// (outcome, first record not done), (records, attempts, throttles), (bisect, retries)
    type Case = ((Outcome, Option<u32>), (u32, u32, u32), (bool, Option<u32>));

    #[track_caller]
    fn check(
        ((outcome, failed_at), (count, attempts, throttles), (bisect, retries)): Case,
        expect: Decision,
    ) {
        let mapping = MappingConfig {
            bisect_batch_on_function_error: bisect,
            maximum_retry_attempts: retries,
            ..mapping(100, 0)
        };
        let part = Part {
            first: 7,
            count,
            arrived: Stamp::default(),
            batch: 3,
            attempts,
            throttles,
            reason: Reason::Size,
        };
        assert_eq!(decide(&Model::default(), &mapping, &part, outcome, failed_at), expect);
    }

    fn retry(ms: u64) -> Decision {
        Decision::Retry(SimDuration(ms))
    }

    const EXHAUSTED: Decision = Decision::Discard(DiscardCondition::RetryAttemptsExhausted);
    const SETTINGS: [(bool, Option<u32>); 4] =
        [(false, None), (false, Some(0)), (true, None), (true, Some(0))];

    #[test]
    fn success_advances_whatever_the_settings() {
        for settings in SETTINGS {
            check(((Outcome::Ok, None), (10, 1, 0), settings), Decision::Advance);
            check(((Outcome::Ok, None), (1, 9, 3), settings), Decision::Advance);
        }
    }

    #[test]
    fn a_throttled_try_waits_and_uses_nothing_up() {
        for settings in SETTINGS {
            for (throttles, ms) in [(1, 200), (3, 800), (10, 60_000)] {
                check(((Outcome::Throttled, None), (10, 0, throttles), settings), retry(ms));
                check(((Outcome::Throttled, None), (1, 9, throttles), settings), retry(ms));
            }
        }
    }

    #[test]
    fn a_failure_is_tried_again_with_growing_delays() {
        for outcome in FAILURES {
            for (attempts, ms) in [(1, 200), (2, 400), (3, 800), (9, 51_200), (10, 60_000), (9999, 60_000)] {
                for (count, bisect) in [(10, false), (1, false), (1, true)] {
                    check(((outcome, Some(0)), (count, attempts, 7), (bisect, None)), retry(ms));
                    check(((outcome, Some(3)), (count, attempts, 0), (bisect, Some(10_000))), retry(ms));
                }
            }
        }
    }

    #[test]
    fn retries_are_made_as_many_as_allowed() {
        for outcome in FAILURES {
            for count in [1, 10] {
                check(((outcome, Some(0)), (count, 1, 0), (false, Some(0))), EXHAUSTED);
                check(((outcome, None), (count, 1, 0), (false, Some(1))), retry(200));
                check(((outcome, None), (count, 2, 0), (false, Some(1))), EXHAUSTED);
                check(((outcome, None), (count, 4, 0), (false, Some(3))), EXHAUSTED);
                check(((outcome, None), (count, 3, 9), (false, Some(3))), retry(800));
            }
            check(((outcome, None), (1, 2, 0), (true, Some(1))), EXHAUSTED);
        }
    }

    #[test]
    fn a_split_comes_before_the_quota_and_the_right_half_is_the_larger() {
        for outcome in FAILURES {
            for (count, left) in [(2, 1), (3, 1), (4, 2), (5, 2), (10, 5), (9999, 4999)] {
                for retries in [None, Some(0), Some(9)] {
                    check(((outcome, Some(1)), (count, 1, 0), (true, retries)), Decision::Split { left });
                    check(((outcome, Some(1)), (count, 99, 0), (true, retries)), Decision::Split { left });
                }
            }
        }
    }

    #[test]
    fn an_answer_cuts_where_it_can_and_is_a_failure_where_it_cannot() {
        for settings in SETTINGS {
            for (at, attempts) in [(1, 1), (3, 5), (9, 99)] {
                check(((Outcome::Partial, Some(at)), (10, attempts, 0), settings), Decision::Cut { at });
            }
        }
        // The first record reported, or an answer that names none of them.
        for failed_at in [Some(0), None] {
            check(((Outcome::Partial, failed_at), (10, 2, 0), (false, None)), retry(400));
            check(((Outcome::Partial, failed_at), (10, 2, 0), (false, Some(1))), EXHAUSTED);
            check(((Outcome::Partial, failed_at), (7, 2, 0), (true, Some(1))), Decision::Split { left: 3 });
            check(((Outcome::Partial, failed_at), (1, 1, 0), (true, Some(1))), retry(200));
            check(((Outcome::Partial, failed_at), (1, 2, 0), (true, Some(1))), EXHAUSTED);
        }
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
