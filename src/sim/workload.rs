//! Producers: cursors that each know their next put, merged by time and producer.

use std::rc::Rc;

use super::put_call::{Batch, PutCall};
use crate::kinesis::hash_key::HashKey;
use crate::kinesis::key_table::{KeyId, KeyTable};
use crate::quota;
use crate::rng::Rng;
use crate::scenario::{
    Arrivals, Data, KeyDistribution, Keys, ListedRecord, Model, OnThrottle, Producer, SizeRange, Source,
};
use crate::units::SimDuration;

/// "Never": the producer is finished.
pub const NEVER: u64 = u64::MAX;

/// What a producer wants to put.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    /// The partition key.
    pub key: KeyId,
    /// `ExplicitHashKey`.
    pub explicit_hash_key: Option<HashKey>,
    /// Bytes of data and key, where they do not follow from the data's text.
    pub size: Option<u32>,
    /// Item of a `records` producer, else 0: names the data.
    pub item: u32,
}

/// A producer at work.
#[derive(Clone)]
pub struct ProducerState {
    /// When it puts `wish`; [`NEVER`] once it is finished.
    pub due: u64,
    /// What it puts then.
    pub wish: Wish,
    cursor: Cursor,
    on_throttle: OnThrottle,
    /// The first delay after a throttled put, which doubles, and the longest.
    backoff: (SimDuration, SimDuration),
    throttles: u32,
    /// Where it puts in batches: the call that `wish` is of.
    batch: Option<Batch>,
    /// Of `records` producers: (record, item) of what it has put, ascending.
    put: Vec<(u32, u32)>,
}

#[derive(Clone)]
enum Cursor {
    Listed { order: Rc<[Listed]>, next: usize },
    Rounds { keys: Rc<[KeyId]>, left: u64, next: usize, period: u64, round_at: u64 },
    Loop { left: Option<u32>, gap: u64, latency: u32 },
    Rate(Box<Rate>),
}

#[derive(Clone, Copy)]
struct Listed {
    at: u64,
    wish: Wish,
}

#[derive(Clone)]
struct Rate {
    arrivals: Arrivals,
    stop_at: u64,
    /// Arrival of the next record: milliseconds and a part of one, in units of 1 / `unit` where arrivals are
    /// even, of 2^-20 where they are random.
    next_ms: u64,
    next_part: u64,
    unit: u64,
    gap_ms: u64,
    gap_part: u64,
    gap_rng: Rng,
    keys: Keys,
    zipf: Rc<[u64]>,
    key_rng: Rng,
    size: SizeRange,
    size_rng: Rng,
}

impl ProducerState {
    /// A producer at its first put. `idx` is its place in the scenario.
    pub fn new(seed: u64, idx: u32, config: &Producer, model: &Model, keys: &mut KeyTable) -> Self {
        let batch =
            matches!(config.source, Source::Records { batch: true, .. } | Source::Rounds { batch: true, .. });
        let mut state = Self {
            due: 0,
            wish: Wish { key: 0, explicit_hash_key: None, size: None, item: 0 },
            cursor: Cursor::new(seed, idx, &config.source, keys),
            on_throttle: config.on_throttle,
            backoff: (model.producer_backoff_base, model.producer_backoff_cap),
            throttles: 0,
            batch: batch.then(Batch::default),
            put: Vec::new(),
        };
        match &config.source {
            Source::Loop { partition_key, latency, start_at, count, .. } => {
                state.wish.key = keys.intern(partition_key);
                state.due = if *count == Some(0) { NEVER } else { start_at.0 + latency.0 };
            }
            Source::Records { .. } | Source::Rounds { .. } | Source::Rate { .. } => state.begin(0),
        }
        state
    }

    /// The put at `due` was accepted: goes on to the next. `record` is its index, if it is one of the first stream.
    pub fn accepted(&mut self, record: Option<u32>) {
        if let (Cursor::Listed { .. }, Some(record)) = (&self.cursor, record) {
            self.put.push((record, self.wish.item));
        }
        if self.batch.is_some() {
            return self.go_on();
        }
        self.throttles = 0;
        self.begin(self.due);
    }

    /// The put at `due` was throttled.
    pub fn throttled(&mut self) {
        if let Some(batch) = &mut self.batch {
            batch.refuse(self.wish);
            return self.go_on();
        }
        match self.on_throttle {
            OnThrottle::Retry => self.back_off(),
            OnThrottle::Drop => self.begin(self.due),
            OnThrottle::Stop => self.due = NEVER,
        }
    }

    /// Calls in a row in which a put was refused; 0 once one was accepted.
    #[must_use]
    pub fn throttles(&self) -> u32 {
        self.throttles
    }

    /// Which part of a call the last put was.
    #[must_use]
    pub fn part(&self) -> PutCall {
        self.batch.as_ref().map_or(PutCall::Single, Batch::part)
    }

    /// Milliseconds that one of its PutRecord calls takes.
    #[must_use]
    pub fn latency(&self) -> u32 {
        match self.cursor {
            Cursor::Loop { latency, .. } => latency,
            Cursor::Listed { .. } | Cursor::Rounds { .. } | Cursor::Rate(_) => 0,
        }
    }

    /// Goes on to the call's next record; at its end, to the next call: that of the records refused, if there are
    /// any, after a delay.
    fn go_on(&mut self) {
        let Some(batch) = &mut self.batch else { return };
        if let Some(next) = batch.next() {
            self.wish = next;
            return;
        }
        if !batch.any_refused() {
            self.throttles = 0;
            return self.begin(self.due);
        }
        match self.on_throttle {
            OnThrottle::Retry => {
                self.wish = batch.again().unwrap_or(self.wish);
                self.back_off();
            }
            OnThrottle::Drop => {
                batch.give_up();
                self.begin(self.due);
            }
            OnThrottle::Stop => self.due = NEVER,
        }
    }

    fn back_off(&mut self) {
        let (base, cap) = self.backoff;
        self.due += (base.0 << self.throttles.min(16)).min(cap.0);
        self.throttles += 1;
    }

    /// Sets `due` and `wish` to the first put of the call after the one at `now`.
    fn begin(&mut self, now: u64) {
        self.advance(now);
        let Some(mut batch) = self.batch.take() else { return };
        let (due, first) = (self.due, self.wish);
        while batch.len() + 1 < quota::PUT_RECORDS_MAX as usize && self.cursor.goes_on() {
            self.advance(now);
            batch.push(self.wish);
        }
        (self.due, self.wish) = (due, first);
        self.batch = Some(batch);
    }

    /// The item of a `records` producer that became `record`.
    #[must_use]
    pub fn item_of(&self, record: u32) -> Option<u32> {
        let place = self.put.binary_search_by_key(&record, |&(record, _)| record).ok()?;
        Some(self.put[place].1)
    }

    /// Sets `due` and `wish` to the put after the one at `now`.
    fn advance(&mut self, now: u64) {
        let due = match &mut self.cursor {
            Cursor::Listed { order, next } => order.get(*next).map_or(NEVER, |listed| {
                *next += 1;
                self.wish = listed.wish;
                listed.at
            }),
            Cursor::Rounds { left: 0, .. } | Cursor::Loop { left: Some(1), .. } => NEVER,
            Cursor::Rounds { keys, left, next, period, round_at } => {
                let due = *round_at;
                self.wish.key = keys[*next];
                *left -= 1;
                *next += 1;
                if *next == keys.len() {
                    (*next, *round_at) = (0, *round_at + *period);
                }
                due
            }
            Cursor::Loop { left, gap, .. } => {
                *left = left.map(|left| left - 1);
                now + *gap
            }
            Cursor::Rate(rate) => rate.advance(&mut self.wish),
        };
        self.due = due.max(now);
    }
}

impl Cursor {
    /// Whether the next put is of the same round or instant as the last one.
    fn goes_on(&self) -> bool {
        match self {
            Self::Listed { order, next } => {
                order.get(*next).is_some_and(|listed| *next > 0 && listed.at == order[*next - 1].at)
            }
            Self::Rounds { left, next, .. } => *left > 0 && *next > 0,
            Self::Loop { .. } | Self::Rate(_) => false,
        }
    }

    fn new(seed: u64, idx: u32, source: &Source, keys: &mut KeyTable) -> Self {
        match source {
            Source::Records { records, .. } => Self::listed(records, keys),
            Source::Rounds { partition_keys, rounds, period, start_at, .. } => Self::Rounds {
                keys: partition_keys.iter().map(|key| keys.intern(key)).collect(),
                left: partition_keys.len() as u64 * u64::from(*rounds),
                next: 0,
                period: period.0,
                round_at: start_at.0,
            },
            Source::Loop { count, pause, latency, .. } => {
                Self::Loop { left: *count, gap: pause.0 + latency.0, latency: latency.0 as u32 }
            }
            Source::Rate { records_per_second, start_at, stop_at, arrivals, keys, size } => {
                // A gap is 1000 · denominator / numerator milliseconds.
                let unit = records_per_second.numerator();
                let thousand = 1000 * records_per_second.denominator();
                let rng = |purpose| Rng::stream(seed, purpose, idx.into());
                Self::Rate(Box::new(Rate {
                    arrivals: *arrivals,
                    stop_at: stop_at.map_or(NEVER, |stop_at| stop_at.0),
                    next_ms: start_at.0,
                    next_part: 0,
                    unit,
                    gap_ms: thousand / unit,
                    gap_part: thousand % unit,
                    gap_rng: rng("producer gap"),
                    keys: *keys,
                    zipf: zipf_table(*keys),
                    key_rng: rng("producer key"),
                    size: *size,
                    size_rng: rng("producer size"),
                }))
            }
        }
    }

    fn listed(records: &[ListedRecord], keys: &mut KeyTable) -> Self {
        let listed = |(item, record): (usize, &ListedRecord)| {
            let key = keys.intern(&record.partition_key);
            let size = match (&record.data, record.size) {
                (_, Some(size)) => Some(size),
                (Data::Bytes(bytes), None) => Some(bytes.len() as u32 + keys.text_bytes(key)),
                (Data::Template(_), None) => None,
            };
            let explicit_hash_key = record.explicit_hash_key.map(HashKey);
            Listed { at: record.at.0, wish: Wish { key, explicit_hash_key, size, item: item as u32 } }
        };
        let mut order: Vec<Listed> = records.iter().enumerate().map(listed).collect();
        order.sort_by_key(|listed| listed.at);
        Self::Listed { order: order.into(), next: 0 }
    }
}

impl Rate {
    fn advance(&mut self, wish: &mut Wish) -> u64 {
        let due = match self.arrivals {
            Arrivals::Even => {
                let due = self.next_ms;
                self.next_ms += self.gap_ms;
                self.next_part += self.gap_part;
                if self.next_part >= self.unit {
                    self.next_part -= self.unit;
                    self.next_ms += 1;
                }
                due
            }
            Arrivals::Poisson => self.random_arrival(),
        };
        if due >= self.stop_at {
            return NEVER;
        }
        wish.key = self.draw_key();
        wish.size = Some(if self.size.min == self.size.max {
            self.size.min
        } else {
            self.size_rng.within(self.size.min.into(), self.size.max.into()) as u32
        });
        due
    }

    fn random_arrival(&mut self) -> u64 {
        const UNIT_BITS: u32 = 20;
        let mean = (u128::from(self.gap_ms) << UNIT_BITS)
            + (u128::from(self.gap_part) << UNIT_BITS) / u128::from(self.unit);
        let gap = self.gap_rng.exponential(mean as u64) + self.next_part;
        self.next_ms += gap >> UNIT_BITS;
        self.next_part = gap & ((1 << UNIT_BITS) - 1);
        self.next_ms
    }

    fn draw_key(&mut self) -> KeyId {
        let count = self.keys.count;
        match self.keys.distribution {
            KeyDistribution::Uniform => self.key_rng.below(count),
            KeyDistribution::Zipf { .. } => {
                let total = self.zipf[self.zipf.len() - 1];
                let draw = (u128::from(self.key_rng.next_u64()) * u128::from(total)) >> 64;
                self.zipf.partition_point(|&sum| u128::from(sum) <= draw) as u32
            }
            KeyDistribution::Hot { share } => {
                if count == 1 || self.key_rng.chance(share) {
                    0
                } else {
                    1 + self.key_rng.below(count - 1)
                }
            }
        }
    }
}

/// Running sums of the keys' weights in units of 2^-32; empty unless the distribution is Zipf's.
fn zipf_table(keys: Keys) -> Rc<[u64]> {
    let KeyDistribution::Zipf { exponent } = keys.distribution else { return Rc::new([]) };
    let exponent = exponent.numerator() as f64 / exponent.denominator() as f64;
    let mut sum = 0;
    let weight = |rank: u32| (4_294_967_296.0 / libm::pow(f64::from(rank), exponent)) as u64;
    (1..=keys.count)
        .map(|rank| {
            sum += weight(rank);
            sum
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{Ratio, SimTime};

    fn arrivals(source: Source, count: usize) -> Vec<(u64, u32)> {
        let mut keys = KeyTable::new(1000);
        let producer = Producer { source, on_throttle: OnThrottle::Retry };
        let mut state = ProducerState::new(42, 0, &producer, &Model::default(), &mut keys);
        let mut puts = Vec::new();
        while state.due != NEVER && puts.len() < count {
            puts.push((state.due, state.wish.key));
            state.accepted(Some(puts.len() as u32 - 1));
        }
        puts
    }

    fn rate(per_second: (u64, u64), arrivals: Arrivals, distribution: KeyDistribution) -> Source {
        Source::Rate {
            records_per_second: Ratio::new(per_second.0, per_second.1).unwrap(),
            start_at: SimTime(500),
            stop_at: Some(SimTime(10_500)),
            arrivals,
            keys: Keys { count: 100, distribution },
            size: SizeRange { min: 1, max: 9 },
        }
    }

    #[test]
    fn loops_pause_after_each_put() {
        let source = |count| Source::Loop {
            partition_key: "k".into(),
            count,
            pause: SimDuration(300),
            latency: SimDuration(25),
            start_at: SimTime(1000),
            data: String::new(),
        };
        let times = |count| arrivals(source(count), 4).iter().map(|put| put.0).collect::<Vec<_>>();
        assert_eq!(times(Some(3)), [1025, 1350, 1675]);
        assert_eq!(times(None), [1025, 1350, 1675, 2000]);
        assert!(times(Some(0)).is_empty());
    }

    #[test]
    fn even_arrivals_keep_the_exact_rate() {
        let puts = arrivals(rate((3, 1), Arrivals::Even, KeyDistribution::Uniform), 1000);
        assert_eq!(puts.iter().map(|put| put.0).take(4).collect::<Vec<_>>(), [500, 833, 1166, 1500]);
        assert_eq!((puts.len(), puts[29].0), (30, 10_166));
        assert_eq!(arrivals(rate((1, 2), Arrivals::Even, KeyDistribution::Uniform), 9).len(), 5);
        assert_eq!(arrivals(rate((3000, 1), Arrivals::Even, KeyDistribution::Uniform), 99_999).len(), 30_000);
    }

    #[test]
    fn random_arrivals_have_the_rate_and_no_memory() {
        let puts = arrivals(rate((1000, 1), Arrivals::Poisson, KeyDistribution::Uniform), 99_999);
        assert!((9_700..10_300).contains(&puts.len()), "{}", puts.len());
        let late = puts.windows(2).filter(|pair| pair[1].0 - pair[0].0 >= 2).count();
        // P(gap > 2 ms) is 13.5 %; whole milliseconds blur it a little.
        assert!((1000..2400).contains(&late), "{late}");
    }

    #[test]
    fn keys_follow_their_distribution() {
        let share = |distribution| {
            let puts = arrivals(rate((1000, 1), Arrivals::Even, distribution), 99_999);
            puts.iter().filter(|put| put.1 == 0).count() * 1000 / puts.len()
        };
        assert!((5..16).contains(&share(KeyDistribution::Uniform)));
        // Zipf with exponent 1 over 100 keys: the first has 1 / H(100) = 19.3 %.
        assert!((180..206).contains(&share(KeyDistribution::Zipf { exponent: Ratio::whole(1) })));
        assert!((480..520).contains(&share(KeyDistribution::Hot { share: Ratio::new(1, 2).unwrap() })));
    }

    #[test]
    fn a_throttled_producer_backs_off_and_keeps_its_order() {
        let mut keys = KeyTable::new(1000);
        let source = rate((1000, 1), Arrivals::Even, KeyDistribution::Uniform);
        let start = |on_throttle, keys: &mut KeyTable| {
            ProducerState::new(
                1,
                0,
                &Producer { source: source.clone(), on_throttle },
                &Model::default(),
                keys,
            )
        };
        let mut retry = start(OnThrottle::Retry, &mut keys);
        let wish = retry.wish.key;
        let delays: Vec<u64> = (0..6)
            .map(|_| {
                let before = retry.due;
                retry.throttled();
                retry.due - before
            })
            .collect();
        assert_eq!(delays, [100, 200, 400, 800, 1000, 1000]);
        assert_eq!(retry.wish.key, wish);
        retry.accepted(Some(0));
        assert_eq!(retry.due, 4000);
        let mut drop = start(OnThrottle::Drop, &mut keys);
        drop.throttled();
        assert_eq!(drop.due, 501);
        let mut stop = start(OnThrottle::Stop, &mut keys);
        stop.throttled();
        assert_eq!(stop.due, NEVER);
    }

    /// When and with which keys a producer of two rounds of three keys puts, where these tries are refused.
    fn rounds(batch: bool, on_throttle: OnThrottle, refused: &[usize]) -> Vec<(u64, u32, PutCall)> {
        let source = Source::Rounds {
            partition_keys: ["a", "b", "c"].map(String::from).to_vec(),
            rounds: 2,
            period: SimDuration(1000),
            start_at: SimTime(0),
            data: String::new(),
            batch,
        };
        let mut keys = KeyTable::new(0);
        let producer = Producer { source, on_throttle };
        let mut state = ProducerState::new(1, 0, &producer, &Model::default(), &mut keys);
        let mut puts = Vec::new();
        while state.due != NEVER {
            let (due, key) = (state.due, state.wish.key);
            if refused.contains(&puts.len()) {
                state.throttled()
            } else {
                state.accepted(None)
            }
            puts.push((due, key, state.part()));
        }
        puts
    }

    #[test]
    fn refused_records_of_a_batch_are_put_again_by_themselves() {
        use PutCall::{Ended, Open, Single};
        let retry = OnThrottle::Retry;
        let second = [(1000, 0, Open), (1000, 1, Open), (1000, 2, Ended)];
        let check = |on_throttle, refused: &[usize], first: &[_]| {
            assert_eq!(rounds(true, on_throttle, refused), [first, &second].concat(), "{refused:?}");
        };
        let whole = [(0, 0, Open), (0, 1, Open), (0, 2, Ended)];
        check(retry, &[], &whole);
        check(retry, &[0, 2], &[&whole[..], &[(100, 0, Open), (100, 2, Ended)]].concat());
        check(retry, &[1, 3], &[&whole[..], &[(100, 1, Ended), (300, 1, Ended)]].concat());
        check(OnThrottle::Drop, &[0, 1], &whole);
        assert_eq!(rounds(true, OnThrottle::Stop, &[0]), whole);
        // One after the other: what is refused holds up the next.
        let single = rounds(false, retry, &[1]);
        let times: Vec<(u64, u32)> = single.iter().map(|&(due, key, _)| (due, key)).collect();
        assert_eq!(times, [(0, 0), (0, 1), (100, 1), (100, 2), (1000, 0), (1000, 1), (1000, 2)]);
        assert!(single.iter().all(|put| put.2 == Single));
    }

    #[test]
    fn records_of_one_instant_are_calls_of_at_most_500() {
        let record = |at: u64| ListedRecord {
            at: SimTime(at),
            partition_key: "k".to_owned(),
            data: Data::Template(String::new()),
            explicit_hash_key: None,
            size: None,
        };
        let mut records = vec![record(5); 501];
        records.extend([record(6), record(9)]);
        let source = Source::Records { records, batch: true };
        let producer = Producer { source, on_throttle: OnThrottle::Retry };
        let mut state = ProducerState::new(1, 0, &producer, &Model::default(), &mut KeyTable::new(0));
        let mut calls = vec![0];
        while state.due != NEVER {
            state.accepted(None);
            *calls.last_mut().unwrap() += 1;
            if state.part() == PutCall::Ended {
                calls.push(0);
            }
        }
        assert_eq!(calls, [500, 1, 1, 1, 0]);
    }
}
