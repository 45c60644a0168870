//! Shards from and to JSON as AWS writes it: what DescribeStream or ListShards answered becomes a stream with the
//! same shards, closed ones and parents included, and is written back equal.
//!
//! The closed shards of an imported stream hold no records. Shards that are no longer listed leave their numbers
//! empty, and new ones continue after the highest.

mod problem;
mod read;

pub use problem::{ImportFault, ImportProblem};

use serde_json::{Map, Value, json};

use self::read::Reader;
use super::hash_key::HashKeyRange;
use super::key_table::KeyTable;
use super::sequence_number::SequenceNumber;
use super::shard::{Closed, Parents, Shard, shard_id};
use super::stream::{Stream, StreamMode, StreamStatus};
use crate::units::{SimDuration, SimTime, WallTime};

/// What a document says about a stream.
#[derive(Clone, Debug)]
pub struct ImportedStream {
    /// `StreamName`.
    pub name: Option<String>,
    /// `StreamMode`.
    pub mode: Option<StreamMode>,
    /// `RetentionPeriodHours`, 24..=8760.
    pub retention_hours: Option<u32>,
    /// `StreamCreationTimestamp`.
    pub created: Option<WallTime>,
    /// All shards by number.
    pub shards: Vec<Shard>,
}

/// Reads the answer of DescribeStream (`{"StreamDescription": {...}}` or what is inside) or ListShards
/// (`{"Shards": [...]}`), or a list of shards, for a scenario that starts at `start`.
///
/// ```
/// use shardlab::kinesis::import::{ImportedStream, export_shards, stream_from_document};
/// use shardlab::kinesis::{KeyTable, Stream};
/// use shardlab::units::WallTime;
/// let document = serde_json::json!({"Shards": [{
///     "ShardId": "shardId-000000000002",
///     "ParentShardId": "shardId-000000000000",
///     "HashKeyRange": {"StartingHashKey": "0", "EndingHashKey": "340282366920938463463374607431768211455"},
///     "SequenceNumberRange":
///         {"StartingSequenceNumber": "49567765350424335901249109428910813132774667910635323426"},
/// }]});
/// let start = WallTime(1_500_000_000_000);
/// let stream = Stream::import(stream_from_document(&document, start).unwrap(), start, KeyTable::default());
/// assert_eq!(stream.open_shards(), [2]);
/// assert_eq!(document["Shards"], serde_json::Value::from(export_shards(&stream)));
/// ```
///
/// # Errors
/// All problems, each with its JSON path.
pub fn stream_from_document(document: &Value, start: WallTime) -> Result<ImportedStream, Vec<ImportProblem>> {
    let mut reader = Reader::default();
    let imported = reader.document(document, start);
    if reader.problems.is_empty() { Ok(imported) } else { Err(reader.problems) }
}

/// All shards that are not gone for good, as DescribeStream and ListShards write them.
#[must_use]
pub fn export_shards(stream: &Stream) -> Vec<Value> {
    let listed = (0..).zip(&stream.shards).filter(|(_, shard)| !shard.unlisted);
    listed.map(|(idx, _)| export_shard(stream, idx)).collect()
}

/// One shard, as DescribeStream and ListShards write it.
#[must_use]
pub fn export_shard(stream: &Stream, idx: u32) -> Value {
    let shard = &stream.shards[idx as usize];
    let mut value = Map::new();
    value.insert("ShardId".into(), shard_id(idx).into());
    let Parents { parent, adjacent } = shard.parents;
    for (field, parent) in [("ParentShardId", parent), ("AdjacentParentShardId", adjacent)] {
        if let Some(parent) = parent {
            value.insert(field.into(), shard_id(parent).into());
        }
    }
    let range = shard.range;
    let range =
        json!({"StartingHashKey": range.start().to_string(), "EndingHashKey": range.end().to_string()});
    value.insert("HashKeyRange".into(), range);
    let mut numbers = json!({"StartingSequenceNumber": stream.starting_sequence_number_text(idx)});
    if let Some(ending) = stream.ending_sequence_number_text(idx) {
        numbers["EndingSequenceNumber"] = ending.into();
    }
    value.insert("SequenceNumberRange".into(), numbers);
    Value::Object(value)
}

impl Stream {
    /// An imported stream that is there at t = 0, `start`, with `keys`. What the document does not say is as in
    /// [`Stream::new`].
    #[must_use]
    pub fn import(imported: ImportedStream, start: WallTime, keys: KeyTable) -> Self {
        let ImportedStream { name, mode, retention_hours, created, shards } = imported;
        let mut stream = Self::of_shards(shards, start, keys);
        stream.name = name.unwrap_or_default();
        stream.mode = mode.unwrap_or_default();
        stream.created = created.unwrap_or(stream.created);
        if let Some(hours) = retention_hours {
            stream.retention = SimDuration::from_hours(hours.into());
        }
        stream
    }

    /// A stream without a name of these shards that is there at t = 0, `start`.
    #[must_use]
    pub fn of_shards(shards: Vec<Shard>, start: WallTime, keys: KeyTable) -> Self {
        let mut stream = Self::absent(start, keys);
        stream.status = StreamStatus::Active;
        let open = (0..).zip(&shards).filter(|(_, shard)| shard.is_open());
        let mut open: Vec<(u128, u32)> = open.map(|(idx, shard)| (shard.range.start().0, idx)).collect();
        open.sort_unstable();
        stream.set_open(open);
        for shard in shards {
            stream.add_shard(shard);
        }
        stream
    }

    /// `StartingSequenceNumber`.
    #[must_use]
    pub fn starting_sequence_number_text(&self, shard: u32) -> String {
        match &self.shards[shard as usize].imported {
            Some(numbers) => numbers.starting.clone(),
            None => self.starting_sequence_number(shard).to_string(),
        }
    }

    /// `EndingSequenceNumber`, where the shard is closed.
    #[must_use]
    pub fn ending_sequence_number_text(&self, shard: u32) -> Option<String> {
        let shard = &self.shards[shard as usize];
        let ending = shard.closed?.ending;
        let imported = shard.imported.as_ref().and_then(|numbers| numbers.ending.clone());
        Some(imported.unwrap_or_else(|| ending.to_string()))
    }
}

/// A shard that is no longer listed.
fn unlisted(shard: u32) -> Shard {
    let mut unlisted = Shard::new(HashKeyRange::FULL, 0, Parents::default(), SimTime::ZERO);
    let ending = SequenceNumber { epoch: 0, index: SequenceNumber::INDEX_END, time: 0, shard };
    unlisted.closed = Some(Closed { at: SimTime::ZERO, ending });
    unlisted.unlisted = true;
    unlisted
}
