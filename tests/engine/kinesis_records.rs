//! Putting and getting records by API: limits, positions, iterators, the end of a shard.

use shardlab::kinesis::account::{ChildShard, IteratorType, PutRequest};
use shardlab::kinesis::stream::{ThrottleReason, Throttled};
use shardlab::kinesis::{HashKey, Kinesis, Parents, Record};
use shardlab::quota;
use shardlab::units::{SimTime, WallTime};

use crate::account::{HOUR, START, id, kinesis, record, refused};

#[test]
fn a_record_is_stored_as_it_was_put() {
    let mut kinesis = kinesis(2);
    let receipt = kinesis.put_record(SimTime(2500), "s", record("k", b"\x00\xff"), None).unwrap();
    let explicit = PutRequest { explicit_hash_key: Some(HashKey::MAX), ..record("k", b"") };
    let second =
        kinesis.put_record(SimTime(2500), "s", explicit, Some(&receipt.sequence_number.to_string())).unwrap();
    assert_eq!((receipt.record, second.record, second.shard), (0, 1, 1));
    assert!(receipt.sequence_number.index < second.sequence_number.index);
    let stream = &kinesis.streams[0];
    assert_eq!((stream.payloads.get(0), stream.payloads.get(1)), (Some(&b"\x00\xff"[..]), Some(&b""[..])));
    let stored: Record = stream.records.get(0);
    assert_eq!((stored.size(), stored.producer(), stored.arrival()), (3, 255, SimTime(2500)));
    assert_eq!(stream.sequence_number(0, START), receipt.sequence_number);
    refused(
        kinesis.put_record(
            SimTime(2500),
            "s",
            record("k", b""),
            Some("50000000000000000000000000000000000000000000000000000000000"),
        ),
        "InvalidArgumentException",
        "ExclusiveMinimumSequenceNumber 50000000000000000000000000000000000000000000000000000000000 used in \
         PutRecord on stream s under account 123456789012 is invalid.",
    );
}

#[test]
fn records_of_the_greatest_size() {
    let mut kinesis = kinesis(1);
    let data = vec![0; (10 << 20) + 1];
    for (kib, t) in [(1024, 0), (quota::RECORD_KIB_MAX, 2000)] {
        kinesis.update_max_record_size(SimTime(t), "s", kib).unwrap();
        let max = kib as usize * 1024;
        let too_large = |field: &str| {
            format!(
                "1 validation error detected: Value at '{field}' failed to satisfy constraint: Member must have \
                 length less than or equal to {max}"
            )
        };
        let over = record("k", &data[..max]);
        refused(kinesis.put_record(SimTime(t), "s", over, None), "ValidationException", &too_large("data"));
        let both = kinesis.put_records(SimTime(t), "s", &[record("k", b""), over]);
        refused(both, "ValidationException", &too_large("records.2.member.data"));
        kinesis.put_record(SimTime(t), "s", record("k", &data[..max - 1]), None).unwrap();
    }
    assert_eq!(kinesis.streams[0].records.len(), 2);
}

#[test]
fn put_records_refuses_record_by_record() {
    let mut kinesis = kinesis(2);
    let half = vec![0; 1 << 19];
    let to = |shard: u128, data| PutRequest {
        explicit_hash_key: Some(HashKey(shard << 127)),
        ..record("k", data)
    };
    let small = &b"x"[..];
    let batch = [to(0, &half), to(0, &half), to(1, small), to(0, small), to(0, &half[..1000])];
    let answer = kinesis.put_records(SimTime(0), "s", &batch).unwrap();
    let refused_by = |shard| Throttled { shard, reason: ThrottleReason::Bytes };
    assert_eq!(answer.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, true, true, true]);
    assert_eq!(answer[1], Err(refused_by(0)));
    let error = kinesis.put_error("s", refused_by(0));
    assert_eq!(error.type_name, "ProvisionedThroughputExceededException");
    assert_eq!(
        error.message,
        "Rate exceeded for shard shardId-000000000000 in stream s under account 123456789012."
    );
    refused(
        kinesis.put_record(SimTime(0), "s", to(0, &half), None),
        "ProvisionedThroughputExceededException",
        &error.message,
    );
    assert_eq!(kinesis.streams[0].payloads.get(1), Some(small));
}

#[test]
fn the_five_ways_to_start() {
    let mut kinesis = kinesis(1);
    let receipts: Vec<_> =
        (0..5).map(|i| kinesis.put_record(SimTime(i * 100), "s", record("k", b"x"), None).unwrap()).collect();
    let mut now = 1000;
    let mut read = |kinesis: &mut Kinesis, from| {
        now += 1000;
        let iterator = kinesis.get_shard_iterator(SimTime(now), "s", &id(0), from).unwrap();
        kinesis.get_records(SimTime(now), &iterator, None).unwrap().records
    };
    let number = receipts[2].sequence_number.to_string();
    let starting = kinesis.streams[0].starting_sequence_number(0).to_string();
    assert_eq!(read(&mut kinesis, IteratorType::TrimHorizon), [0, 1, 2, 3, 4]);
    assert!(read(&mut kinesis, IteratorType::Latest).is_empty());
    assert_eq!(read(&mut kinesis, IteratorType::AtSequenceNumber(&number)), [2, 3, 4]);
    assert_eq!(read(&mut kinesis, IteratorType::AfterSequenceNumber(&number)), [3, 4]);
    assert_eq!(read(&mut kinesis, IteratorType::AtSequenceNumber(&starting)), [0, 1, 2, 3, 4]);
    assert_eq!(read(&mut kinesis, IteratorType::AtTimestamp(WallTime(START.0 + 101))), [2, 3, 4]);
    assert_eq!(read(&mut kinesis, IteratorType::AtTimestamp(WallTime(0))), [0, 1, 2, 3, 4]);
}

#[test]
fn iterators_that_are_refused() {
    let mut kinesis = kinesis(2);
    let foreign = "49567765303994184397908352048233447689120770321652121602";
    let own = kinesis.streams[0].starting_sequence_number(0).to_string();
    let mut get = |shard: &str, from| kinesis.get_shard_iterator(SimTime(500), "s", shard, from);
    let missing = "ResourceNotFoundException";
    let invalid = "InvalidArgumentException";
    refused(
        get("shardId-000000000099", IteratorType::Latest),
        missing,
        "Shard shardId-000000000099 in stream s under account 123456789012 does not exist",
    );
    refused(
        get("foo", IteratorType::Latest),
        missing,
        "Could not find shard foo in stream s under account 123456789012.",
    );
    refused(
        get("shardId-000000000001", IteratorType::AtSequenceNumber(&own)),
        invalid,
        "Invalid StartingSequenceNumber. It encodes shardId-000000000000, while it was used in a call to a shard \
         with shardId-000000000001",
    );
    refused(
        get(
            &id(0),
            IteratorType::AfterSequenceNumber("50000000000000000000000000000000000000000000000000000000000"),
        ),
        invalid,
        "StartingSequenceNumber 50000000000000000000000000000000000000000000000000000000000 used in \
         GetShardIterator on shard shardId-000000000000 in stream s under account 123456789012 is invalid.",
    );
    refused(
        get(&id(0), IteratorType::AtSequenceNumber(foreign)),
        invalid,
        "StartingSequenceNumber 49567765303994184397908352048233447689120770321652121602 used in \
         GetShardIterator on shard shardId-000000000000 in stream s under account 123456789012 is invalid \
         because it did not come from this stream.",
    );
    refused(
        get(&id(0), IteratorType::AtTimestamp(WallTime(START.0 + 501))),
        invalid,
        "The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. \
         timestampInMillis: 1600000000501, currentTimestampInMillis: 1600000000500",
    );
    assert!(get(&id(0), IteratorType::AtTimestamp(WallTime(START.0 + 500))).is_ok());
    refused(
        kinesis.get_shard_iterator(SimTime(500), "nope", &id(0), IteratorType::Latest),
        missing,
        "Shard shardId-000000000000 in stream nope under account 123456789012 does not exist",
    );
    for _ in 0..4 {
        kinesis.get_shard_iterator(SimTime(500), "s", &id(0), IteratorType::Latest).unwrap();
    }
    refused(
        kinesis.get_shard_iterator(SimTime(500), "s", &id(0), IteratorType::Latest),
        "ProvisionedThroughputExceededException",
        "Rate exceeded for shard shardId-000000000000 in stream s under account 123456789012.",
    );
    assert!(kinesis.get_shard_iterator(SimTime(500), "s", &id(1), IteratorType::Latest).is_ok());
}

#[test]
fn an_iterator_lives_for_five_minutes() {
    let mut kinesis = kinesis(1);
    let iterator = kinesis.get_shard_iterator(SimTime(1000), "s", &id(0), IteratorType::Latest).unwrap();
    let position = kinesis.iterator_position(&iterator).unwrap();
    assert_eq!((position.stream, position.shard, position.from), (0, 0, 0));
    refused(
        kinesis.get_records(SimTime(999), &iterator, None),
        "InvalidArgumentException",
        "Invalid ShardIterator.",
    );
    assert!(kinesis.get_records(SimTime(301_000), &iterator, None).is_ok());
    refused(
        kinesis.get_records(SimTime(301_001), &iterator, None),
        "ExpiredIteratorException",
        "Iterator expired. The iterator was created at time Sun Sep 13 12:26:41 UTC 2020 while right now it is \
         Sun Sep 13 12:31:41 UTC 2020 which is further in the future than the tolerated delay of 300000 \
         milliseconds.",
    );
    for garbage in ["bogus", "", "é"] {
        refused(
            kinesis.get_records(SimTime(0), garbage, None),
            "InvalidArgumentException",
            "Invalid ShardIterator.",
        );
    }
    let t = SimTime(302_000);
    let iterator = kinesis.get_shard_iterator(t, "s", &id(0), IteratorType::Latest).unwrap();
    kinesis.delete_stream(t, "s").unwrap();
    kinesis.change(SimTime(400_000));
    refused(
        kinesis.get_records(SimTime(400_000), &iterator, None),
        "ResourceNotFoundException",
        "Shard shardId-000000000000 in stream s under account 123456789012 does not exist",
    );
}

#[test]
fn a_closed_shard_ends_with_its_children() {
    let mut kinesis = kinesis(1);
    let put =
        |kinesis: &mut Kinesis, t| kinesis.put_record(SimTime(t), "s", record("k", b"x"), None).unwrap();
    for i in 0..3 {
        put(&mut kinesis, i);
    }
    kinesis.update_shard_count(SimTime(10), "s", 2).unwrap();
    kinesis.change(SimTime(HOUR));
    put(&mut kinesis, HOUR);
    let mut t = HOUR;
    let mut get = |kinesis: &mut Kinesis, iterator: &str, limit| {
        t += 1000;
        kinesis.get_records(SimTime(t), iterator, limit).unwrap()
    };
    let first = kinesis.get_shard_iterator(SimTime(HOUR), "s", &id(0), IteratorType::TrimHorizon).unwrap();
    let answer = get(&mut kinesis, &first, Some(2));
    assert_eq!((answer.records.as_slice(), answer.millis_behind_latest), (&[0, 1][..], HOUR + 1000 - 1));
    assert!(answer.child_shards.is_empty());
    let answer = get(&mut kinesis, &answer.next_shard_iterator.unwrap(), None);
    assert_eq!((answer.records.as_slice(), answer.millis_behind_latest), (&[2][..], 0));
    assert_eq!(answer.next_shard_iterator, None);
    let children: Vec<(u32, Parents)> =
        answer.child_shards.iter().map(|&ChildShard { shard, parents, .. }| (shard, parents)).collect();
    let parents = Parents { parent: Some(0), adjacent: None };
    assert_eq!(children, [(1, parents), (2, parents)]);
    assert_eq!(answer.child_shards[1].range.end(), HashKey::MAX);
    // LATEST of a closed shard is its end; an iterator that is used again reads the same place.
    let latest = kinesis.get_shard_iterator(SimTime(2 * HOUR), "s", &id(0), IteratorType::Latest).unwrap();
    let answer = kinesis.get_records(SimTime(2 * HOUR), &latest, None).unwrap();
    assert_eq!((answer.records.len(), answer.next_shard_iterator, answer.child_shards.len()), (0, None, 2));
    // The children go on.
    let shard = kinesis.streams[0].records.get(3).shard;
    let t = SimTime(2 * HOUR);
    let child = kinesis.get_shard_iterator(t, "s", &id(shard), IteratorType::TrimHorizon).unwrap();
    let answer = kinesis.get_records(t, &child, None).unwrap();
    assert_eq!((answer.records.as_slice(), answer.next_shard_iterator.is_some()), (&[3][..], true));
    // Its records and then the shard itself expire.
    let expired = SimTime(10 + 30_000 + 24 * HOUR);
    assert!(
        kinesis.get_shard_iterator(SimTime(expired.0 - 1), "s", &id(0), IteratorType::TrimHorizon).is_ok()
    );
    let gone = kinesis.get_shard_iterator(expired, "s", &id(0), IteratorType::TrimHorizon);
    assert_eq!(gone.unwrap_err().type_name, "ResourceNotFoundException");
}

#[test]
fn reads_are_limited_by_shard() {
    let mut kinesis = kinesis(2);
    let t = SimTime(1000);
    let rate =
        |shard| format!("Rate exceeded for shard {} in stream s under account 123456789012.", id(shard));
    let [zero, one] = [0, 1]
        .map(|shard| kinesis.get_shard_iterator(t, "s", &id(shard), IteratorType::TrimHorizon).unwrap());
    for _ in 0..5 {
        kinesis.get_records(t, &zero, None).unwrap();
    }
    refused(kinesis.get_records(t, &zero, None), "ProvisionedThroughputExceededException", &rate(0));
    kinesis.get_records(t, &one, None).unwrap();
    assert!(kinesis.get_records(SimTime(1200), &zero, None).is_ok());
    // 10 MiB at once: nothing for five seconds.
    let data = vec![0; (1 << 20) - 1];
    for i in 0..11 {
        let to_one = PutRequest { explicit_hash_key: Some(HashKey::MAX), ..record("k", &data) };
        kinesis.put_record(SimTime(2000 + i * 1000), "s", to_one, None).unwrap();
    }
    let answer = kinesis.get_records(SimTime(20_000), &one, None).unwrap();
    assert_eq!((answer.records.len(), answer.millis_behind_latest), (10, 20_000 - 11_000));
    let next = answer.next_shard_iterator.unwrap();
    refused(
        kinesis.get_records(SimTime(24_999), &next, None),
        "ProvisionedThroughputExceededException",
        &rate(1),
    );
    assert_eq!(kinesis.get_records(SimTime(25_000), &next, None).unwrap().records, [10]);
}

/// Cloned runs go on alone: nothing is shared that a call changes.
#[test]
fn a_clone_does_not_see_later_calls() {
    let mut kinesis = kinesis(1);
    kinesis.put_record(SimTime(0), "s", record("k", b"x"), None).unwrap();
    let iterator = kinesis.get_shard_iterator(SimTime(0), "s", &id(0), IteratorType::TrimHorizon).unwrap();
    let mut clone = kinesis.clone();
    kinesis.put_record(SimTime(1), "s", record("k", b"y"), None).unwrap();
    kinesis.update_shard_count(SimTime(1), "s", 2).unwrap();
    kinesis.change(SimTime(HOUR));
    assert_eq!(clone.get_records(SimTime(1), &iterator, None).unwrap().records, [0]);
    assert_eq!((clone.next_change(), clone.streams[0].payloads.get(1)), (None, None));
    assert_eq!(clone.streams[0].open_shards(), [0]);
}
