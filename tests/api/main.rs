//! AWS's operations from outside: JSON in, JSON or an error out, and the console on top of them.
#![cfg(not(target_arch = "wasm32"))]

mod answers;
mod cloudwatch;
mod console;
mod consumers;
mod errors;
mod functions;
mod limits;
mod mappings;
mod paging;
mod properties;
mod records;

use serde_json::{Value, json};
use shardlab::aws::ApiError;
use shardlab::kinesis::{Dials, KeyTable, Kinesis, Stream, api};
use shardlab::quota::Quotas;
use shardlab::units::{SimDuration, SimTime, WallTime};

/// An account with one stream, and a clock.
struct Bench {
    kinesis: Kinesis,
    now: SimTime,
}

impl Bench {
    /// The stream `name` with `shards` shards; the clock stands at 10 s after `start`.
    fn new(start: &str, name: &str, shards: u32) -> Self {
        let start = WallTime::parse(start).unwrap();
        let mut stream = Stream::new(shards, start, KeyTable::default());
        name.clone_into(&mut stream.name);
        let kinesis = Kinesis::new("123456789012", "us-east-1", Quotas::current(), Dials::default(), stream);
        Self { kinesis, now: SimTime(10_000) }
    }

    /// The stream `s` in January 2020.
    fn usual(shards: u32) -> Self {
        Self::new("2020-01-14T06:23:03.100Z", "s", shards)
    }

    fn call(&mut self, operation: &str, request: &Value) -> Result<Value, ApiError> {
        let data = |stream: u32, record: u32| format!("{stream}/{record}").into_bytes();
        api::dispatch(&mut self.kinesis, self.now, operation, request, &data)
    }

    #[track_caller]
    fn ok(&mut self, operation: &str, request: &Value) -> Value {
        self.call(operation, request).unwrap_or_else(|error| panic!("{operation} {request}: {error}"))
    }

    /// The error's type.
    #[track_caller]
    fn refused(&mut self, operation: &str, request: &Value) -> ApiError {
        self.call(operation, request).expect_err("the call is refused")
    }

    fn wait(&mut self, millis: u64) {
        self.now = self.now + SimDuration(millis);
        self.kinesis.change(self.now);
    }

    /// Creates another stream and waits until it is there.
    fn create(&mut self, name: &str, shards: u32) {
        self.ok("CreateStream", &json!({"StreamName": name, "ShardCount": shards}));
        self.wait(60_000);
    }

    /// Puts `count` records of one byte with key `a`, as many as one PutRecords takes at a time.
    fn put(&mut self, name: &str, count: usize) {
        for size in (0..count).step_by(500).map(|done| (count - done).min(500)) {
            let records = vec![json!({"Data": "eA==", "PartitionKey": "a"}); size];
            let answer = self.ok("PutRecords", &json!({"StreamName": name, "Records": records}));
            assert_eq!(answer["FailedRecordCount"], 0);
        }
    }

    fn iterator(&mut self, request: &Value) -> String {
        self.ok("GetShardIterator", request)["ShardIterator"].as_str().unwrap().to_owned()
    }
}

/// The texts of a member of all items of a list.
fn texts<'a>(list: &'a Value, member: &str) -> Vec<&'a str> {
    list.as_array().unwrap().iter().map(|item| item[member].as_str().unwrap()).collect()
}
