//! Lanes and what closes their batches.
//!
//! A lane is the serial sequence of one shard's records that one batcher serves. A closed batch is a range of the
//! mapping's column of batched records, and so is every part of it.

use super::queue::Queue;
use crate::quota;
use crate::scenario::MappingConfig;
use crate::units::{SimTime, Stamp};

/// Why an invocation was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Records were there and nothing to wait for.
    Available = 0,
    /// The batch reached `BatchSize`.
    Size = 1,
    /// The batching window ended.
    Window = 2,
    /// The next record would exceed 6 MiB.
    Payload = 3,
    /// The batch before failed or was throttled.
    Retry = 4,
    /// The shard is closed and was read to its end.
    ShardEnd = 5,
    /// The tumbling window ended; without records, it is the window's last invocation.
    Tumbling = 8,
    /// It is a half of a batch that failed.
    Bisect = 6,
    /// It is what an answer left of a batch.
    Remainder = 7,
    /// Somebody reads the records of a document again and invokes the function with them: no batch of a lane.
    Redrive = 9,
}

/// What a lane is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LaneState {
    /// Nothing; the next batch may go.
    Idle,
    /// An invocation is running.
    Running {
        /// The invocation.
        invocation: u32,
    },
    /// Waits before trying its batch again.
    BackingOff {
        /// When it tries.
        until: Stamp,
        /// The invocation that failed.
        invocation: u32,
    },
}

/// A batch, or what is left of one: a range of the mapping's batched records.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// Place of its first record in the column.
    pub first: u32,
    /// Number of records; none of a tumbling window's last invocation.
    pub count: u32,
    /// When its first record arrived.
    pub arrived: Stamp,
    /// Index of the batch; a request id belongs to it.
    pub batch: u32,
    /// Attempts made, throttled ones left out.
    pub attempts: u32,
    /// Attempts that were throttled since the last that was not.
    pub throttles: u32,
    /// Why it was closed.
    pub reason: Reason,
}

impl Part {
    /// Whether its records have been handed over together before this attempt, which counts already.
    #[must_use]
    pub fn is_again(&self) -> bool {
        self.attempts > 1 || matches!(self.reason, Reason::Bisect | Reason::Remainder)
    }
}

/// What is left of the batch in hand: a stack, whose top is stored in place since mostly there is no more.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    top: Option<Part>,
    #[expect(clippy::box_collection, reason = "one word in every lane, where a list takes three")]
    below: Option<Box<Vec<Part>>>,
}

impl Parts {
    /// Whether no batch is in hand.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.top.is_none()
    }

    /// The next part.
    #[must_use]
    pub fn top(&self) -> Option<&Part> {
        self.top.as_ref()
    }

    /// The next part, for change.
    pub fn top_mut(&mut self) -> Option<&mut Part> {
        self.top.as_mut()
    }

    /// Puts a part before all others.
    pub fn push(&mut self, part: Part) {
        if let Some(below) = self.top.replace(part) {
            self.below.get_or_insert_default().push(below);
        }
    }

    /// Takes the next part.
    pub fn pop(&mut self) -> Option<Part> {
        let next = self.below.as_mut().and_then(|below| below.pop());
        std::mem::replace(&mut self.top, next)
    }

    /// All parts, the next one first.
    pub fn iter(&self) -> impl Iterator<Item = &Part> {
        let below = self.below.as_deref().map_or(&[][..], Vec::as_slice);
        self.top.iter().chain(below.iter().rev())
    }
}

/// A lane.
#[derive(Clone, Debug)]
pub struct Lane {
    /// Records read but in no batch yet, in order.
    pub waiting: Queue,
    /// The window runs from here: end of the last batch, or the lane's assignment.
    pub window_from: Stamp,
    /// What is left of the batch in hand.
    pub parts: Parts,
    /// What it is doing.
    pub state: LaneState,
    /// Whether no more records will come: its shard is closed, and read to its end.
    pub ended: bool,
    /// Whether it is listed for the next dispatch.
    pub listed: bool,
    /// The window's end that is on the agenda, if any.
    pub deadline: Option<Stamp>,
}

impl Lane {
    /// An empty lane, assigned at `now`.
    #[must_use]
    pub fn new(now: SimTime) -> Self {
        Self {
            waiting: Queue::default(),
            window_from: Stamp::of(now),
            parts: Parts::default(),
            state: LaneState::Idle,
            ended: false,
            listed: false,
            deadline: None,
        }
    }

    /// Records in hand: those of the batch that is running or will be tried again.
    #[must_use]
    pub fn in_hand(&self) -> u32 {
        self.parts.iter().map(|part| part.count).sum()
    }
}

/// What an idle lane with no batch in hand can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closing {
    /// Close a batch of this many records now.
    Now(u32, Reason),
    /// Wait for more records until this time.
    At(SimTime),
    /// Nothing waits.
    Empty,
}

/// Decides whether the lane's next batch closes at `now`. `sizes` gives the payload bytes of the waiting
/// records in order and is only asked where 6 MiB could be exceeded.
///
/// AWS: a full batch never waits; the window runs from the end of the previous invocation (recorded). When two
/// reasons hold: payload, size, shardEnd, window, available.
pub fn closing(
    now: SimTime,
    mapping: &MappingConfig,
    envelope: u32,
    lane: &Lane,
    sizes: impl Iterator<Item = u64>,
) -> Closing {
    let waiting = lane.waiting.len() as u32;
    if waiting == 0 {
        return Closing::Empty;
    }
    let count = waiting.min(mapping.batch_size);
    let upper = lane.waiting.bytes() * 4 / 3 + u64::from(waiting) * (4 + u64::from(envelope));
    if upper > quota::EVENT_BYTES_MAX {
        let fitting = fitting(sizes.take(count as usize));
        if fitting < count {
            return Closing::Now(fitting, Reason::Payload);
        }
    }
    let deadline = lane.window_from.time() + mapping.maximum_batching_window;
    if count == mapping.batch_size {
        Closing::Now(count, Reason::Size)
    } else if lane.ended {
        Closing::Now(count, Reason::ShardEnd)
    } else if mapping.maximum_batching_window.0 == 0 {
        Closing::Now(count, Reason::Available)
    } else if now >= deadline {
        Closing::Now(count, Reason::Window)
    } else {
        Closing::At(deadline)
    }
}

/// How many of the first records fit into one event: at least one.
fn fitting(sizes: impl Iterator<Item = u64>) -> u32 {
    let mut total = 0;
    let mut count = 0;
    for size in sizes {
        total += size;
        if total > quota::EVENT_BYTES_MAX && count > 0 {
            break;
        }
        count += 1;
    }
    count
}

/// Bytes of a record in an event: base64 of the data, the key, and the JSON around them.
///
/// Assumption: the JSON around them, `envelope`.
#[must_use]
pub fn payload_bytes(data_bytes: u32, key_bytes: u32, envelope: u32) -> u64 {
    4 * u64::from(data_bytes).div_ceil(3) + u64::from(key_bytes) + u64::from(envelope)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::aws::lambda::filter::FilterCriteria;
    use crate::lambda::queue::Waiting;
    use crate::scenario::{Qualifier, StartingPosition};
    use crate::units::SimDuration;

    /// A mapping that leaves all else at its default.
    pub(in crate::lambda) fn mapping(batch_size: u32, window_s: u64) -> MappingConfig {
        MappingConfig {
            uuid: None,
            function_idx: 0,
            qualifier: Qualifier::Latest,
            enabled: true,
            starting_position: StartingPosition::TrimHorizon,
            batch_size,
            maximum_batching_window: SimDuration::from_secs(window_s),
            parallelization_factor: 1,
            maximum_record_age: None,
            maximum_retry_attempts: None,
            bisect_batch_on_function_error: false,
            report_batch_item_failures: false,
            on_failure: None,
            event_source_arn: String::new(),
            tumbling_window: None,
            filter_criteria: FilterCriteria::default(),
            event_count_metrics: false,
            kms_key_arn: None,
        }
    }

    #[test]
    fn what_closes_a_batch() {
        /// (now, waiting, bytes each, batch size, window in s, window runs from)
        #[track_caller]
        fn check(case: (u64, u32, u64, u32, u64, u64), expect: Closing) {
            let (now, waiting, bytes, batch_size, window, from) = case;
            let mut lane = Lane::new(SimTime(from));
            let waits = |record| Waiting { record, size: bytes as u32, arrival: Stamp::default() };
            lane.waiting = (0..waiting).map(waits).collect();
            let sizes = (0..waiting).map(|_| payload_bytes(bytes as u32 - 4, 4, 450));
            assert_eq!(closing(SimTime(now), &mapping(batch_size, window), 450, &lane, sizes), expect);
        }
        use Reason::{Available, Payload, Size, Window};
        check((0, 0, 10, 100, 0, 0), Closing::Empty);
        check((0, 1, 10, 100, 0, 0), Closing::Now(1, Available));
        check((0, 99, 10, 100, 0, 0), Closing::Now(99, Available));
        check((0, 100, 10, 100, 0, 0), Closing::Now(100, Size));
        check((0, 101, 10, 100, 5, 0), Closing::Now(100, Size));
        check((4999, 99, 10, 100, 5, 0), Closing::At(SimTime(5000)));
        check((5000, 99, 10, 100, 5, 0), Closing::Now(99, Window));
        check((9000, 1, 10, 100, 5, 8000), Closing::At(SimTime(13_000)));
        // 1 MiB records: 1 398 108 + 4 + 450 bytes each, four of them fit into 6 291 456.
        check((0, 6, 1 << 20, 100, 5, 0), Closing::Now(4, Payload));
        check((0, 6, 1 << 20, 5, 5, 0), Closing::Now(4, Payload));
        check((0, 6, 1 << 20, 4, 5, 0), Closing::Now(4, Size));
        check((0, 4, 1 << 20, 100, 5, 0), Closing::At(SimTime(5000)));
        // Below 6 MiB until they are base64; below it until there is JSON around them: 264 + 4 + 450 bytes each.
        check((0, 5, 1 << 20, 100, 5, 0), Closing::Now(4, Payload));
        check((0, 10_000, 200, 10_000, 5, 0), Closing::Now(8762, Payload));
        check((0, 8762, 200, 10_000, 5, 0), Closing::At(SimTime(5000)));
    }

    #[test]
    fn a_lane_is_less_than_two_cache_lines() {
        assert!(size_of::<Lane>() <= 112, "{}", size_of::<Lane>());
    }

    #[test]
    fn parts_are_a_stack() {
        let arrived = Stamp::default();
        let part = |first| Part {
            first,
            count: 1,
            arrived,
            batch: 0,
            attempts: 0,
            throttles: 0,
            reason: Reason::Size,
        };
        let mut parts = Parts::default();
        (0..3).for_each(|first| parts.push(part(first)));
        assert!(!parts.is_empty());
        assert_eq!(parts.iter().map(|part| part.first).collect::<Vec<_>>(), [2, 1, 0]);
        let lane = Lane { parts: parts.clone(), ..Lane::new(SimTime(0)) };
        assert_eq!((lane.in_hand(), Lane::new(SimTime(0)).in_hand()), (3, 0));
        parts.top_mut().expect("three parts").attempts = 1;
        assert_eq!(parts.top().map(|part| part.attempts), Some(1));
        for first in [2, 1, 0] {
            assert_eq!(parts.top().map(|part| part.first), Some(first));
            assert_eq!(parts.pop().map(|part| part.first), Some(first));
        }
        assert!(parts.is_empty() && parts.pop().is_none());
    }

    #[test]
    fn a_part_is_handed_over_again_after_its_first_attempt_or_as_part_of_another() {
        #[track_caller]
        fn check(attempts: u32, reason: Reason, expect: bool) {
            let arrived = Stamp::default();
            let part = Part { first: 0, count: 2, arrived, batch: 0, attempts, throttles: 3, reason };
            assert_eq!(part.is_again(), expect, "{attempts} {reason:?}");
        }
        for (attempts, again) in [(0, false), (1, false), (2, true), (9, true)] {
            check(attempts, Reason::Size, again);
            check(attempts, Reason::Available, again);
            check(attempts, Reason::Bisect, true);
            check(attempts, Reason::Remainder, true);
        }
    }

    #[test]
    fn an_event_has_base64_keys_and_json() {
        for ((data, key, envelope), bytes) in [
            ((0, 0, 0), 0),
            ((0, 7, 1), 8),
            ((3, 1, 450), 455),
            ((4, 0, 0), 8),
            ((1 << 20, 4, 450), 1_398_558),
        ] {
            assert_eq!(payload_bytes(data, key, envelope), bytes);
        }
    }

    #[test]
    fn a_record_larger_than_an_event_still_goes_alone() {
        assert_eq!(fitting([quota::EVENT_BYTES_MAX + 1, 1].into_iter()), 1);
        assert_eq!(fitting([quota::EVENT_BYTES_MAX, 1].into_iter()), 1);
        assert_eq!(fitting([quota::EVENT_BYTES_MAX - 1, 1].into_iter()), 2);
    }
}
