//! Reading the document: one pass over its shards, then how they belong together.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{ImportFault, ImportProblem, ImportedStream, unlisted};
use crate::kinesis::hash_key::{HashKey, HashKeyRange};
use crate::kinesis::sequence_number::SequenceNumber;
use crate::kinesis::shard::{Closed, ImportedNumbers, Parents, Shard, parse_shard_id, shard_id};
use crate::kinesis::stream::StreamMode;
use crate::quota;
use crate::units::{Ratio, SimTime, WallTime};

const PARENT: &str = "ParentShardId";
const ADJACENT: &str = "AdjacentParentShardId";
const RANGE: &str = "HashKeyRange";
const NUMBERS: &str = "SequenceNumberRange";
const TEXT: ImportFault = ImportFault::WrongType("a text");
const OBJECT: ImportFault = ImportFault::WrongType("an object");

#[derive(Default)]
pub(super) struct Reader {
    pub(super) problems: Vec<ImportProblem>,
}

/// A shard that was read, and where.
struct Listed {
    number: u32,
    shard: Shard,
    path: String,
}

type Object = Map<String, Value>;

impl Reader {
    pub(super) fn document(&mut self, document: &Value, start: WallTime) -> ImportedStream {
        let mut imported = ImportedStream {
            name: None,
            mode: None,
            retention_hours: None,
            created: None,
            shards: Vec::new(),
        };
        let (description, path) = match document.get("StreamDescription") {
            Some(description) => (description, "$.StreamDescription"),
            None => (document, "$"),
        };
        let (shards, path) = match (description, description.get("Shards")) {
            (Value::Array(_), _) => (description, path.to_owned()),
            (_, Some(shards)) => (shards, format!("{path}.Shards")),
            _ => {
                self.problem(path, ImportFault::NoShards);
                return imported;
            }
        };
        if let Some(description) = description.as_object() {
            self.description(description, path.trim_end_matches(".Shards"), &mut imported);
        }
        match shards.as_array().filter(|shards| !shards.is_empty()) {
            Some(shards) => imported.shards = self.shards(shards, &path, start),
            None => self.problem(&path, ImportFault::WrongType("a list of at least one shard")),
        }
        imported
    }

    /// What DescribeStream says beside the shards. Its other fields say nothing that a simulation knows.
    fn description(&mut self, description: &Object, path: &str, imported: &mut ImportedStream) {
        if description.get("HasMoreShards") == Some(&Value::Bool(true)) {
            self.problem(&format!("{path}.HasMoreShards"), ImportFault::Incomplete);
        }
        if description.get("NextToken").is_some_and(|token| !token.is_null()) {
            self.problem(&format!("{path}.NextToken"), ImportFault::Incomplete);
        }
        imported.name = self.text(description, "StreamName", path).map(str::to_owned);
        if let Some(hours) = present(description, "RetentionPeriodHours") {
            let allowed = u64::from(quota::RETENTION_HOURS_MIN)..=u64::from(quota::RETENTION_HOURS_MAX);
            imported.retention_hours =
                hours.as_u64().filter(|hours| allowed.contains(hours)).map(|hours| hours as u32);
            if imported.retention_hours.is_none() {
                self.problem(&format!("{path}.RetentionPeriodHours"), ImportFault::RetentionPeriod);
            }
        }
        if let Some(mode) = present(description, "StreamModeDetails") {
            imported.mode = match mode.get("StreamMode").and_then(Value::as_str) {
                Some("PROVISIONED") => Some(StreamMode::Provisioned),
                Some("ON_DEMAND") => Some(StreamMode::OnDemand),
                _ => {
                    self.problem(&format!("{path}.StreamModeDetails.StreamMode"), ImportFault::StreamMode);
                    None
                }
            };
        }
        if let Some(created) = present(description, "StreamCreationTimestamp") {
            imported.created = timestamp(created);
            if imported.created.is_none() {
                self.problem(&format!("{path}.StreamCreationTimestamp"), ImportFault::Timestamp);
            }
        }
    }

    fn shards(&mut self, values: &[Value], path: &str, start: WallTime) -> Vec<Shard> {
        let before = self.problems.len();
        let mut listed = Vec::new();
        for (place, value) in values.iter().enumerate() {
            let path = format!("{path}[{place}]");
            match value.as_object() {
                Some(value) => listed.extend(self.shard(value, path, start)),
                None => self.problem(&path, OBJECT),
            }
        }
        self.check_order(&listed);
        self.check_parents(&listed);
        self.check_overlaps(&listed);
        if self.problems.len() == before {
            self.check_gaps(&listed, path);
        }
        if self.problems.len() > before {
            return Vec::new();
        }
        let mut shards: Vec<Shard> = Vec::new();
        for Listed { number, shard, .. } in listed {
            shards.extend((shards.len() as u32..number).map(unlisted));
            shards.push(shard);
        }
        shards
    }

    fn shard(&mut self, value: &Object, path: String, start: WallTime) -> Option<Listed> {
        self.check_fields(value, &path, &["ShardId", PARENT, ADJACENT, RANGE, NUMBERS]);
        let number = self.shard_id(value, "ShardId", &path);
        if number.is_none() && present(value, "ShardId").is_none() {
            self.problem(&path, ImportFault::Missing("ShardId"));
        }
        let parents = Parents {
            parent: self.shard_id(value, PARENT, &path),
            adjacent: self.shard_id(value, ADJACENT, &path),
        };
        let second = parents.adjacent.is_none() || parents.adjacent != parents.parent;
        if !second || present(value, ADJACENT).is_some() && present(value, PARENT).is_none() {
            self.problem(&format!("{path}.{ADJACENT}"), ImportFault::AdjacentParent);
        }
        let range = self.range(value, &path);
        let numbers = self.numbers(value, &path);
        let (number, range, numbers) = (number?, range?, numbers?);
        let mut shard = Shard::new(range, start.seconds(), parents, SimTime::ZERO);
        number_shard(&mut shard, number, numbers);
        Some(Listed { number, shard, path })
    }

    fn range(&mut self, value: &Object, path: &str) -> Option<HashKeyRange> {
        let (range, path) = self.object(value, RANGE, path)?;
        self.check_fields(range, &path, &["StartingHashKey", "EndingHashKey"]);
        let starting = self.hash_key(range, "StartingHashKey", &path);
        let ending = self.hash_key(range, "EndingHashKey", &path);
        let range = HashKeyRange::new(starting?, ending?);
        if range.is_none() {
            self.problem(&path, ImportFault::RangeOrder);
        }
        range
    }

    fn hash_key(&mut self, range: &Object, field: &'static str, path: &str) -> Option<HashKey> {
        let text = self.required_text(range, field, path)?;
        let key = text.parse().ok().map(HashKey).filter(|key| key.to_string() == text);
        if key.is_none() {
            self.problem(&format!("{path}.{field}"), ImportFault::HashKey);
        }
        key
    }

    fn numbers(&mut self, value: &Object, path: &str) -> Option<ImportedNumbers> {
        let (numbers, path) = self.object(value, NUMBERS, path)?;
        self.check_fields(numbers, &path, &["StartingSequenceNumber", "EndingSequenceNumber"]);
        let starting = self.required_text(numbers, "StartingSequenceNumber", &path);
        let ending = self.text(numbers, "EndingSequenceNumber", &path);
        for (field, text) in [("StartingSequenceNumber", starting), ("EndingSequenceNumber", ending)] {
            if text.is_some_and(|text| !is_sequence_number(text)) {
                self.problem(&format!("{path}.{field}"), ImportFault::SequenceNumber);
                return None;
            }
        }
        let (starting, ending) = (starting?.to_owned(), ending.map(str::to_owned));
        // Decimal texts without leading zeros order by length, then by digits.
        if ending.as_ref().is_some_and(|ending| (ending.len(), ending) < (starting.len(), &starting)) {
            self.problem(&path, ImportFault::SequenceOrder);
        }
        Some(ImportedNumbers { starting, ending })
    }

    fn check_order(&mut self, listed: &[Listed]) {
        let mut seen = BTreeSet::new();
        for Listed { number, path, .. } in listed {
            let path = format!("{path}.ShardId");
            if !seen.insert(*number) {
                self.problem(&path, ImportFault::Duplicate(*number));
            } else if seen.last() > Some(number) {
                self.problem(&path, ImportFault::Order);
            }
        }
    }

    fn check_parents(&mut self, listed: &[Listed]) {
        let mut by_number: Vec<&Listed> = listed.iter().collect();
        by_number.sort_by_key(|listed| listed.number);
        for Listed { number, shard, path } in listed {
            let parents = [(PARENT, shard.parents.parent), (ADJACENT, shard.parents.adjacent)];
            for (field, parent) in parents {
                let Some(parent) = parent else { continue };
                let known = by_number.binary_search_by_key(&parent, |listed| listed.number);
                let known = known.ok().map(|place| &by_number[place].shard);
                let fault = if parent >= *number {
                    ImportFault::ParentNotOlder(parent)
                } else if known.is_some_and(Shard::is_open) {
                    ImportFault::ParentOpen(parent)
                } else if known.is_some_and(|known| !intersect(known.range, shard.range)) {
                    ImportFault::ParentElsewhere(parent)
                } else {
                    continue;
                };
                self.problem(&format!("{path}.{field}"), fault);
            }
        }
    }

    fn check_overlaps(&mut self, listed: &[Listed]) {
        let open = sorted_open(listed);
        let Some((mut widest, rest)) = open.split_first() else { return };
        for listed in rest {
            if listed.shard.range.start() <= widest.shard.range.end() {
                self.problem(&format!("{}.{RANGE}", listed.path), ImportFault::Overlap(widest.number));
            }
            if listed.shard.range.end() > widest.shard.range.end() {
                widest = listed;
            }
        }
    }

    /// Looked for only where there is no other problem, which would leave gaps of its own.
    fn check_gaps(&mut self, listed: &[Listed], path: &str) {
        let mut next = Some(0u128);
        for Listed { shard, .. } in sorted_open(listed) {
            if let Some(from) = next.filter(|&from| from < shard.range.start().0) {
                let to = HashKey(shard.range.start().0 - 1);
                self.problem(path, ImportFault::Gap(HashKey(from), to));
            }
            next = shard.range.end().0.checked_add(1);
        }
        if let Some(from) = next {
            self.problem(path, ImportFault::Gap(HashKey(from), HashKey::MAX));
        }
    }

    /// A shard's number, if there is one and it is well formed.
    fn shard_id(&mut self, value: &Object, field: &'static str, path: &str) -> Option<u32> {
        let text = self.text(value, field, path)?;
        let path = format!("{path}.{field}");
        let Some(number) = parse_shard_id(text).filter(|&number| shard_id(number) == text) else {
            self.problem(&path, ImportFault::ShardId);
            return None;
        };
        if number > quota::IMPORTED_SHARD_MAX {
            self.problem(&path, ImportFault::ShardNumber);
            return None;
        }
        Some(number)
    }

    fn object<'a>(
        &mut self,
        value: &'a Object,
        field: &'static str,
        path: &str,
    ) -> Option<(&'a Object, String)> {
        let Some(value) = present(value, field) else {
            self.problem(path, ImportFault::Missing(field));
            return None;
        };
        let path = format!("{path}.{field}");
        let Some(object) = value.as_object() else {
            self.problem(&path, OBJECT);
            return None;
        };
        Some((object, path))
    }

    fn required_text<'a>(&mut self, value: &'a Object, field: &'static str, path: &str) -> Option<&'a str> {
        if present(value, field).is_none() {
            self.problem(path, ImportFault::Missing(field));
        }
        self.text(value, field, path)
    }

    /// The field's text, if it is there.
    fn text<'a>(&mut self, value: &'a Object, field: &str, path: &str) -> Option<&'a str> {
        let value = present(value, field)?;
        if !value.is_string() {
            self.problem(&format!("{path}.{field}"), TEXT);
        }
        value.as_str()
    }

    fn check_fields(&mut self, value: &Object, path: &str, allowed: &[&str]) {
        for field in value.keys().filter(|field| !allowed.contains(&field.as_str())) {
            self.problem(&format!("{path}.{field}"), ImportFault::UnknownField);
        }
    }

    fn problem(&mut self, path: &str, fault: ImportFault) {
        self.problems.push(ImportProblem { path: path.to_owned(), fault });
    }
}

/// A field's value; `null` is as good as none.
fn present<'a>(value: &'a Object, field: &str) -> Option<&'a Value> {
    value.get(field).filter(|value| !value.is_null())
}

/// Takes the epoch from the numbers, and keeps their texts where they cannot be made from it.
fn number_shard(shard: &mut Shard, number: u32, texts: ImportedNumbers) {
    let own = |text: &str| SequenceNumber::parse(text).filter(|sequence| sequence.shard == number);
    let starting = own(&texts.starting);
    if let Some(starting) = starting {
        shard.epoch = starting.epoch;
    }
    let epoch = shard.epoch;
    let plain = starting == Some(SequenceNumber { epoch, index: 0, time: epoch, shard: number });
    let mut ending_is_plain = true;
    if let Some(text) = &texts.ending {
        let ending = own(text);
        ending_is_plain = ending.is_some();
        let stand_in = SequenceNumber { epoch, index: SequenceNumber::INDEX_END, time: epoch, shard: number };
        shard.closed = Some(Closed { at: SimTime::ZERO, ending: ending.unwrap_or(stand_in) });
        // AWS: an epoch moves forward at times; a child's comes after the last one.
        shard.epoch = ending.map_or(epoch, |ending| ending.epoch.max(epoch));
    }
    if !plain || !ending_is_plain || shard.epoch != epoch {
        shard.imported = Some(Box::new(texts));
    }
}

/// Open shards in order of their hash keys.
fn sorted_open(listed: &[Listed]) -> Vec<&Listed> {
    let mut open: Vec<&Listed> = listed.iter().filter(|listed| listed.shard.is_open()).collect();
    open.sort_by_key(|listed| listed.shard.range.start());
    open
}

fn intersect(one: HashKeyRange, other: HashKeyRange) -> bool {
    one.start() <= other.end() && other.start() <= one.end()
}

/// AWS: botocore SequenceNumber, `^(0|([1-9]\d{0,128}))$`.
fn is_sequence_number(text: &str) -> bool {
    let digits = !text.is_empty() && text.len() <= 129 && text.bytes().all(|byte| byte.is_ascii_digit());
    digits && (text == "0" || !text.starts_with('0'))
}

/// Seconds since 1970, or RFC 3339 text; to the millisecond.
fn timestamp(value: &Value) -> Option<WallTime> {
    match value {
        Value::Number(seconds) => {
            let seconds = Ratio::parse_decimal(&seconds.to_string())?;
            let ms = u128::from(seconds.numerator()) * 1000 / u128::from(seconds.denominator());
            u64::try_from(ms).ok().filter(|&ms| ms < 1 << 53).map(WallTime)
        }
        Value::String(text) => WallTime::parse(text),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}
