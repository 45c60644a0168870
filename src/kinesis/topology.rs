//! How a stream's shards change: splits, merges, retention.

use super::hash_key::{HashKey, HashKeyRange};
use super::reshard::{OpenShard, Step, halves};
use super::shard::{Parents, Shard, ShardState};
use super::stream::{Stream, high};
use crate::units::{SimDuration, SimTime, WallTime};

impl Stream {
    /// Splits an open shard, which closes, into two that open in the same instant; gives the lower one, the
    /// upper one follows it. The first hash key of the upper one must lie inside the shard.
    pub fn split(&mut self, shard: u32, new_starting_hash_key: HashKey, now: SimTime) -> u32 {
        let place = self.open_place(shard);
        let ranges = halves(self.shards[shard as usize].range, new_starting_hash_key);
        let parents = Parents { parent: Some(shard), adjacent: None };
        let epoch = self.close(&[shard], now);
        let lower = self.push_shard(ranges.0, epoch, parents, now);
        let upper = self.push_shard(ranges.1, epoch, parents, now);
        self.open[place] = lower;
        self.open.insert(place + 1, upper);
        self.open_starts.insert(place + 1, new_starting_hash_key.0);
        self.open_highs.insert(place + 1, high(new_starting_hash_key));
        lower
    }

    /// Merges two open shards with neighboring hash keys, which close, into one that opens in the same
    /// instant; gives that one.
    pub fn merge(&mut self, lower: u32, upper: u32, now: SimTime) -> u32 {
        let place = self.open_place(lower);
        assert_eq!(self.open.get(place + 1), Some(&upper), "only neighbors can be merged");
        let [start, end] = [lower, upper].map(|shard| self.shards[shard as usize].range);
        let range = HashKeyRange::new(start.start(), end.end()).expect("neighbors in order");
        let epoch = self.close(&[lower, upper], now);
        let parents = Parents { parent: Some(lower), adjacent: Some(upper) };
        let merged = self.push_shard(range, epoch, parents, now);
        self.open[place] = merged;
        self.open.remove(place + 1);
        self.open_starts.remove(place + 1);
        self.open_highs.remove(place + 1);
        merged
    }

    /// One step of a reshard; gives the first new shard.
    pub fn step(&mut self, step: Step, now: SimTime) -> u32 {
        match step {
            Step::Split { shard, at } => self.split(shard, at, now),
            Step::Merge { lower, upper } => self.merge(lower, upper, now),
        }
    }

    /// The open shards with their ranges, in order of their hash keys: what a reshard starts from.
    #[must_use]
    pub fn open_ranges(&self) -> Vec<OpenShard> {
        let open = |&shard: &u32| OpenShard { shard, range: self.shards[shard as usize].range };
        self.open.iter().map(open).collect()
    }

    /// The shards that came out of a shard.
    pub fn children(&self, shard: u32) -> impl Iterator<Item = u32> + '_ {
        (shard + 1..self.shards.len() as u32)
            .filter(move |&child| self.shards[child as usize].parents.contains(shard))
    }

    /// How long a record is kept.
    #[must_use]
    pub fn retention(&self) -> SimDuration {
        self.retention
    }

    /// Keeps records for `retention` from `now` on. What has expired stays so.
    ///
    /// AWS: an increase does not bring records back, a decrease expires them at once (botocore).
    pub fn set_retention(&mut self, retention: SimDuration, now: SimTime) {
        self.trimmed = self.horizon(now);
        self.retention = retention;
    }

    /// The trim horizon: the first instant whose records are kept. A record expires when it is as old as the
    /// retention.
    #[must_use]
    pub fn horizon(&self, now: SimTime) -> SimTime {
        match now.0.checked_sub(self.retention.0) {
            Some(expired) => self.trimmed.max(SimTime(expired + 1)),
            None => self.trimmed,
        }
    }

    /// Whether a shard is open, closed or expired at `now`.
    #[must_use]
    pub fn shard_state(&self, shard: u32, now: SimTime) -> ShardState {
        self.shards[shard as usize].state(self.horizon(now))
    }

    /// Wall-clock time of t = 0.
    #[must_use]
    pub fn start(&self) -> WallTime {
        self.start
    }

    fn open_place(&self, shard: u32) -> usize {
        let start = self.shards[shard as usize].range.start().0;
        let place = self.open_starts.binary_search(&start).ok().filter(|&place| self.open[place] == shard);
        place.expect("the shard is open")
    }

    /// Closes parents; gives their children's epoch: a second after the close and after every parent's epoch.
    ///
    /// AWS: children start at the close second + 1 in every case found (2015, 2016, 2017).
    fn close(&mut self, parents: &[u32], now: SimTime) -> u64 {
        let mut epoch = (self.start + now).seconds() + 1;
        for &parent in parents {
            let shard = &mut self.shards[parent as usize];
            shard.close(parent, now, self.start);
            epoch = epoch.max(shard.epoch + 1);
        }
        epoch
    }

    fn push_shard(&mut self, range: HashKeyRange, epoch: u64, parents: Parents, now: SimTime) -> u32 {
        self.add_shard(Shard::new(range, epoch, parents, now))
    }
}

#[cfg(test)]
mod tests {
    use super::super::key_table::KeyTable;
    use super::super::sequence_number::SequenceNumber;
    use super::super::stream::Put;
    use super::*;

    const START: WallTime = WallTime(1_479_513_329_000);

    fn stream(shards: u32) -> Stream {
        Stream::new(shards, START, KeyTable::new(0))
    }

    fn put(stream: &mut Stream, now: SimTime, hash_key: u128) -> u32 {
        let key = stream.keys.intern("k");
        let explicit_hash_key = Some(HashKey(hash_key));
        stream.put(now, Put { key, explicit_hash_key, size: 10, producer: 0 }).unwrap()
    }

    /// Article D: shard 0 closes 129 s after its creation, at 23:57:38.
    #[test]
    fn the_article_s_split() {
        let mut stream = stream(2);
        let now = SimTime(129_000);
        let lower = stream.split(0, HashKey((1 << 126) + 1), now);
        assert_eq!((lower, stream.open_shards()), (2, &[2, 3, 1][..]));
        let closed = stream.shards[0].closed.unwrap();
        assert_eq!(closed.ending.to_string(), "49567765304005334770507617359803006622437488738042904578");
        assert_eq!(closed.at, now);
        let child = &stream.shards[2];
        assert_eq!(
            stream.starting_sequence_number(2).to_string(),
            "49567765350424335901249109428910813132774667910635323426"
        );
        assert_eq!(child.range.end().to_string(), "85070591730234615865843651857942052864");
        assert_eq!(child.parents, Parents { parent: Some(0), adjacent: None });
        assert_eq!(stream.children(0).collect::<Vec<_>>(), [2, 3]);
        assert_eq!(
            [0, 1u128 << 126, (1 << 126) + 1, (1 << 127) - 1, 1 << 127].map(|key| stream.route(HashKey(key))),
            [2, 2, 3, 3, 1]
        );
    }

    #[test]
    fn children_come_after_their_parents_even_within_a_second() {
        let mut stream = stream(1);
        let before = put(&mut stream, SimTime(100), 7);
        stream.split(0, HashKey(1 << 127), SimTime(100));
        let after = put(&mut stream, SimTime(100), 7);
        stream.merge(1, 2, SimTime(100));
        let last = put(&mut stream, SimTime(100), 7);
        let numbers = [before, after, last].map(|record| stream.sequence_number(record, START));
        assert!(numbers[0] < stream.shards[0].closed.unwrap().ending);
        assert!(stream.shards[0].closed.unwrap().ending < stream.starting_sequence_number(1));
        assert!(stream.starting_sequence_number(1) < numbers[1]);
        assert!(numbers[1] < stream.shards[1].closed.unwrap().ending);
        assert!(stream.shards[2].closed.unwrap().ending < stream.starting_sequence_number(3));
        assert!(stream.starting_sequence_number(3) < numbers[2]);
        assert_eq!(
            stream.shards.iter().map(|shard| shard.epoch - START.seconds()).collect::<Vec<_>>(),
            [0, 1, 1, 2]
        );
        assert_eq!(stream.shards[3].parents, Parents { parent: Some(1), adjacent: Some(2) });
        let texts = numbers.map(|number| SequenceNumber::parse(&number.to_string()));
        assert_eq!(texts, numbers.map(Some));
        assert_eq!((0..4).map(|shard| stream.held(shard)).collect::<Vec<_>>(), [1, 1, 0, 1]);
    }

    #[test]
    fn the_trim_horizon_never_goes_back() {
        const HOUR: u64 = 3_600_000;
        let mut stream = stream(1);
        stream.split(0, HashKey(1 << 127), SimTime(HOUR));
        let state =
            |stream: &Stream, now| (stream.horizon(SimTime(now)).0, stream.shard_state(0, SimTime(now)));
        assert_eq!(state(&stream, 24 * HOUR - 1), (0, ShardState::Closed));
        assert_eq!(state(&stream, 24 * HOUR), (1, ShardState::Closed));
        assert_eq!(state(&stream, 25 * HOUR - 1), (HOUR, ShardState::Closed));
        assert_eq!(state(&stream, 25 * HOUR), (HOUR + 1, ShardState::Expired));
        // An increase does not bring anything back, a decrease expires at once.
        stream.set_retention(SimDuration::from_hours(48), SimTime(25 * HOUR));
        assert_eq!(state(&stream, 30 * HOUR), (HOUR + 1, ShardState::Expired));
        assert_eq!(stream.horizon(SimTime(50 * HOUR)), SimTime(2 * HOUR + 1));
        stream.set_retention(SimDuration::from_hours(24), SimTime(50 * HOUR));
        assert_eq!(stream.horizon(SimTime(50 * HOUR)), SimTime(26 * HOUR + 1));
        assert_eq!(stream.retention(), SimDuration::from_hours(24));
    }
}
