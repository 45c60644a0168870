//! What is wrong with an imported document: a place and a fault, as data. The text is English; a page that
//! speaks other languages makes its own from the fault.

use std::fmt;

use crate::kinesis::hash_key::HashKey;
use crate::kinesis::shard::shard_id;
use crate::quota;

/// One mistake in an imported document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportProblem {
    /// Where: a JSON path such as `$.StreamDescription.Shards[0].ShardId`.
    pub path: String,
    /// What is wrong.
    pub fault: ImportFault,
}

/// What is wrong at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportFault {
    /// Neither DescribeStream's nor ListShards' answer, nor a list of shards.
    NoShards,
    /// The listing goes on elsewhere.
    Incomplete,
    /// A value of another JSON type than this.
    WrongType(&'static str),
    /// A required field is not there.
    Missing(&'static str),
    /// The field does not exist.
    UnknownField,
    /// No id of a shard: `shardId-` and twelve digits.
    ShardId,
    /// The shard's number is too high.
    ShardNumber,
    /// No decimal number below 2^128.
    HashKey,
    /// The range ends before it starts.
    RangeOrder,
    /// No decimal number of at most 129 digits.
    SequenceNumber,
    /// The numbers end before they start.
    SequenceOrder,
    /// The number of hours is outside 24..=8760.
    RetentionPeriod,
    /// Neither `PROVISIONED` nor `ON_DEMAND`.
    StreamMode,
    /// Neither seconds since 1970 nor an RFC 3339 text.
    Timestamp,
    /// Another shard has the same id.
    Duplicate(u32),
    /// The shard stands after one with a higher number.
    Order,
    /// A parent that is not older than the shard.
    ParentNotOlder(u32),
    /// A parent that is still open.
    ParentOpen(u32),
    /// A parent that has no hash key in common with the shard.
    ParentElsewhere(u32),
    /// An adjacent parent that is no second parent.
    AdjacentParent,
    /// No open shard has these hash keys, both ends inclusive.
    Gap(HashKey, HashKey),
    /// Another open shard has some of the hash keys.
    Overlap(u32),
}

impl ImportFault {
    /// The fault in Japanese; its English text is its `Display`.
    #[must_use]
    pub fn ja(&self) -> String {
        match self {
            Self::NoShards => "DescribeStreamかListShardsの応答、またはシャードの一覧ではありません。".into(),
            Self::Incomplete => "一覧が途中で切れています。すべてのページをまとめてください。".into(),
            Self::WrongType(expected) => format!("{expected}を指定してください。"),
            Self::Missing(field) => format!("{field}がありません。"),
            Self::UnknownField => "この項目はありません。".into(),
            Self::ShardId => "shardId-と12桁の数字を指定してください。".into(),
            Self::ShardNumber => format!("番号は{}以下にしてください。", quota::IMPORTED_SHARD_MAX),
            Self::HashKey => "2^128未満の10進数を指定してください。".into(),
            Self::RangeOrder => "範囲の終わりが始まりより前です。".into(),
            Self::SequenceNumber => "129桁以下の10進数を指定してください。".into(),
            Self::SequenceOrder => "シーケンス番号の終わりが始まりより前です。".into(),
            Self::RetentionPeriod => "24～8760時間を指定してください。".into(),
            Self::StreamMode => "PROVISIONEDかON_DEMANDを指定してください。".into(),
            Self::Timestamp => "1970年からの秒数か、RFC 3339の時刻を指定してください。".into(),
            Self::Duplicate(shard) => format!("{}が2回書かれています。", shard_id(*shard)),
            Self::Order => "シャードはIDの順に並べてください。".into(),
            Self::ParentNotOlder(shard) => {
                format!("{}は番号が小さくないため、親になれません。", shard_id(*shard))
            }
            Self::ParentOpen(shard) => {
                format!("{}はオープンしているため、親になれません。", shard_id(*shard))
            }
            Self::ParentElsewhere(shard) => {
                format!("{}はハッシュキーが重ならないため、親になれません。", shard_id(*shard))
            }
            Self::AdjacentParent => "ParentShardIdと並ぶ2つ目の親を指定してください。".into(),
            Self::Gap(from, to) => {
                format!("ハッシュキー{from}～{to}を受け持つオープンシャードがありません。")
            }
            Self::Overlap(shard) => {
                format!("{}もオープンしていて、ハッシュキーが重なっています。", shard_id(*shard))
            }
        }
    }
}

impl fmt::Display for ImportProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.fault)
    }
}

impl fmt::Display for ImportFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoShards => {
                f.write_str("neither the answer of DescribeStream or ListShards nor a list of shards")
            }
            Self::Incomplete => f.write_str("the listing is not complete: put all its pages together"),
            Self::WrongType(expected) => write!(f, "must be {expected}"),
            Self::Missing(field) => write!(f, "{field} is missing"),
            Self::UnknownField => f.write_str("no such field"),
            Self::ShardId => f.write_str("must be shardId- and twelve digits"),
            Self::ShardNumber => write!(f, "must have a number of at most {}", quota::IMPORTED_SHARD_MAX),
            Self::HashKey => f.write_str("must be a decimal number below 2^128"),
            Self::RangeOrder => f.write_str("the range ends before it starts"),
            Self::SequenceNumber => f.write_str("must be a decimal number of at most 129 digits"),
            Self::SequenceOrder => f.write_str("the sequence numbers end before they start"),
            Self::RetentionPeriod => f.write_str("must be 24 to 8760 hours"),
            Self::StreamMode => f.write_str("must be PROVISIONED or ON_DEMAND"),
            Self::Timestamp => f.write_str("must be seconds since 1970 or a time in RFC 3339"),
            Self::Duplicate(shard) => write!(f, "{} stands there already", shard_id(*shard)),
            Self::Order => f.write_str("shards must stand in order of their ids"),
            Self::ParentNotOlder(shard) => {
                write!(f, "{} cannot be a parent: its number is not lower", shard_id(*shard))
            }
            Self::ParentOpen(shard) => write!(f, "{} cannot be a parent: it is open", shard_id(*shard)),
            Self::ParentElsewhere(shard) => {
                write!(f, "{} cannot be a parent: it has other hash keys", shard_id(*shard))
            }
            Self::AdjacentParent => f.write_str("must be a second parent beside ParentShardId"),
            Self::Gap(from, to) => write!(f, "no open shard has the hash keys {from} to {to}"),
            Self::Overlap(shard) => {
                write!(f, "{} is open too and has some of these hash keys", shard_id(*shard))
            }
        }
    }
}
