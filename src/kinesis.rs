//! Amazon Kinesis Data Streams, passive: partition key → MD5 → hash key → open shard → record.
//!
//! Nothing here schedules, logs or draws random numbers; methods take the time and return what happened.
//! AWS: Kinesis Data Streams developer guide and API model, read 2026-11-21.

pub mod api;
pub mod hash_key;
pub mod key_table;
pub mod sequence_number;
pub mod stream;

pub use hash_key::{HashKey, HashKeyRange};
pub use key_table::{KeyId, KeyTable};
pub use sequence_number::SequenceNumber;
pub use stream::{Record, Shard, Stream};
