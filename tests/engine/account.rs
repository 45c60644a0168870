//! An account with one stream, as the tests of Kinesis's state start from.

use shardlab::kinesis::account::PutRequest;
use shardlab::kinesis::{ApiError, Dials, KeyTable, Kinesis, Stream};
use shardlab::quota::Quotas;
use shardlab::units::WallTime;

pub(crate) const START: WallTime = WallTime(1_600_000_000_000);
pub(crate) const HOUR: u64 = 3_600_000;

pub(crate) fn kinesis(shards: u32) -> Kinesis {
    let mut stream = Stream::new(shards, START, KeyTable::default());
    stream.name = "s".into();
    Kinesis::new("123456789012", "us-east-1", Quotas::current(), Dials::default(), stream)
}

pub(crate) fn id(shard: u32) -> String {
    shardlab::kinesis::shard::shard_id(shard)
}

pub(crate) fn record<'a>(key: &'a str, data: &'a [u8]) -> PutRequest<'a> {
    PutRequest { partition_key: key, explicit_hash_key: None, data }
}

#[track_caller]
pub(crate) fn refused<T: std::fmt::Debug>(answer: Result<T, ApiError>, type_name: &str, message: &str) {
    let error = answer.unwrap_err();
    assert_eq!((error.type_name, error.message.as_str()), (type_name, message));
}
