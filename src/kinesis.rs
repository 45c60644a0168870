//! Amazon Kinesis Data Streams, passive: partition key → MD5 → hash key → open shard → record.
//!
//! Nothing here schedules, logs or draws random numbers; methods take the time and return what happened.
//! AWS: Kinesis Data Streams developer guide and API model, read 2026-11-21.

pub mod account;
pub mod api;
pub mod error;
pub mod hash_key;
pub mod import;
mod interner;
pub mod key_table;
pub mod limit;
pub mod monitoring;
pub mod payload;
pub mod pending;
pub mod reader;
pub mod reshard;
pub mod sequence_number;
pub mod shard;
pub mod stream;
pub mod token;
pub mod topology;

pub use crate::aws::ApiError;
pub use account::{Dials, Kinesis};
pub use hash_key::{HashKey, HashKeyRange};
pub use key_table::{KeyId, KeyTable};
pub use pending::{Effect, StatusReason};
pub use sequence_number::SequenceNumber;
pub use shard::{Parents, Shard, ShardState};
pub use stream::{Record, Stream, StreamMode, StreamStatus};
