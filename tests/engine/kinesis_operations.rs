//! Kinesis operations from outside: what is accepted, what is refused and how, what follows.

use shardlab::kinesis::account::{CreateStream, IteratorType, ListShards, PutRequest, ShardFilter};
use shardlab::kinesis::{
    Dials, Effect, HashKey, KeyTable, Kinesis, StatusReason, Stream, StreamMode, StreamStatus,
};
use shardlab::quota::{self, Quotas};
use shardlab::units::{SimDuration, SimTime, WallTime};

use crate::account::{HOUR, START, id, kinesis, record, refused};

const STEP: u64 = 30_000;

fn create(name: &str, mode: StreamMode, shard_count: u32) -> CreateStream<'_> {
    CreateStream { name, mode, shard_count, record_kib_max: None }
}

#[test]
fn a_stream_s_life() {
    let mut kinesis = kinesis(1);
    let t = SimTime(10_500);
    let idx = kinesis.create_stream(t, create("new", StreamMode::Provisioned, 3)).unwrap();
    refused(
        kinesis.create_stream(t, create("new", StreamMode::Provisioned, 1)),
        "ResourceInUseException",
        "Stream new under account 123456789012 already exists.",
    );
    assert!(kinesis.describe_stream(t, "new", None, None).unwrap().shards.is_empty());
    let not_found = "Stream new under account 123456789012 not found.";
    refused(kinesis.put_record(t, "new", record("k", b""), None), "ResourceNotFoundException", not_found);
    refused(
        kinesis.split_shard(t, "new", &id(0), "5"),
        "ResourceInUseException",
        "Stream new under account 123456789012 not ACTIVE, instead in state CREATING",
    );
    refused(
        kinesis.update_shard_count(t, "new", 2),
        "ResourceInUseException",
        "Stream new under account 123456789012 not ACTIVE, instead in state CREATING",
    );
    // Shards of a stream that is being created count.
    assert_eq!(kinesis.describe_limits(t).unwrap().open_shard_count, 4);
    assert_eq!(kinesis.next_change(), Some(SimTime(t.0 + STEP)));
    assert_eq!(kinesis.change(SimTime(t.0 + STEP - 1)).len(), 1);
    let effects = kinesis.change(SimTime(t.0 + STEP));
    let active = Effect::StreamStatus {
        stream: idx,
        from: StreamStatus::Creating,
        to: StreamStatus::Active,
        reason: StatusReason::CreateStream,
    };
    let opened = |shard| Effect::ShardOpened { stream: idx, shard };
    assert_eq!(effects, [active, opened(0), opened(1), opened(2)]);
    let stream = &kinesis.streams[idx as usize];
    assert_eq!(stream.created, WallTime(START.0 + t.0));
    assert_eq!(stream.shards[2].epoch, (START.0 + 8500) / 1000);
    let t = SimTime(60_000);
    kinesis.put_record(t, "new", record("k", b"x"), None).unwrap();
    kinesis.delete_stream(t, "new").unwrap();
    assert_eq!(kinesis.streams[idx as usize].status, StreamStatus::Deleting);
    refused(kinesis.put_record(t, "new", record("k", b""), None), "ResourceNotFoundException", not_found);
    assert!(kinesis.describe_stream(t, "new", None, None).is_ok());
    kinesis.delete_stream(SimTime(t.0 + 1), "new").unwrap();
    kinesis.change(SimTime(t.0 + STEP));
    let t = SimTime(t.0 + STEP);
    refused(kinesis.describe_stream(t, "new", None, None), "ResourceNotFoundException", not_found);
    assert_eq!(kinesis.create_stream(t, create("new", StreamMode::Provisioned, 1)).unwrap(), idx + 1);
}

#[test]
fn the_scenario_s_own_stream_may_come_later_and_again() {
    let own = Stream::absent(START, KeyTable::new(10));
    let mut kinesis = Kinesis::new("1", "r", Quotas::current(), Dials::default(), own);
    assert_eq!((kinesis.find(""), kinesis.open_shard_count()), (None, 0));
    assert_eq!(kinesis.create_stream(SimTime(0), create("s", StreamMode::Provisioned, 1)).unwrap(), 0);
    kinesis.change(SimTime(STEP));
    kinesis.delete_stream(SimTime(STEP), "s").unwrap();
    kinesis.change(SimTime(2 * STEP));
    assert_eq!(kinesis.create_stream(SimTime(2 * STEP), create("s", StreamMode::Provisioned, 1)).unwrap(), 1);
    assert_eq!(kinesis.streams[1].keys.text(9), "key-000000009");
}

#[test]
fn limits_of_creation() {
    let quotas = Quotas { shards_per_account: 25, other_open_shards: 4, ..Quotas::current() };
    let mut kinesis = kinesis(1);
    kinesis.quotas = quotas;
    refused(
        kinesis.create_stream(SimTime(0), create("a", StreamMode::Provisioned, 21)),
        "LimitExceededException",
        "This request would exceed the shard limit for the account 123456789012 in us-east-1. Current shard \
         count for the account: 5. Limit: 25. Number of additional shards that would have resulted from this \
         request: 21. Refer to the AWS Service Limits page \
         (http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) for current limits and how to \
         request higher limits.",
    );
    kinesis.create_stream(SimTime(0), create("a", StreamMode::Provisioned, 20)).unwrap();
    kinesis.quotas = Quotas::current();
    for (i, name) in ["b", "c", "d", "e"].into_iter().enumerate() {
        kinesis
            .create_stream(SimTime(1000 * (i as u64 + 1)), create(name, StreamMode::Provisioned, 1))
            .unwrap();
    }
    let sixth = kinesis.create_stream(SimTime(9000), create("f", StreamMode::Provisioned, 1));
    assert_eq!(sixth.unwrap_err().type_name, "LimitExceededException");
    kinesis.change(SimTime(STEP));
    kinesis.create_stream(SimTime(STEP), create("f", StreamMode::Provisioned, 1)).unwrap();
    // Five calls a second.
    for i in 0..4 {
        let _ = kinesis.create_stream(SimTime(STEP), create("f", StreamMode::Provisioned, i));
    }
    refused(
        kinesis.create_stream(SimTime(STEP), create("f", StreamMode::Provisioned, 1)),
        "LimitExceededException",
        "Rate exceeded for stream f under account 123456789012.",
    );
}

#[test]
fn at_most_fifty_on_demand_streams() {
    let mut kinesis = kinesis(1);
    for i in 0..u64::from(quota::ON_DEMAND_STREAMS_MAX) {
        kinesis.create_stream(SimTime(i * STEP), create(&format!("d{i}"), StreamMode::OnDemand, 0)).unwrap();
        kinesis.change(SimTime((i + 1) * STEP));
    }
    let t = SimTime(60 * STEP);
    let error = kinesis.create_stream(t, create("one-more", StreamMode::OnDemand, 0)).unwrap_err();
    assert_eq!(error.type_name, "LimitExceededException");
    let limits = kinesis.describe_limits(t).unwrap();
    assert_eq!((limits.on_demand_stream_count, limits.on_demand_stream_count_limit), (50, 50));
    assert_eq!(limits.open_shard_count, 1 + 50 * quota::ON_DEMAND_SHARDS);
    refused(kinesis.describe_limits(t), "LimitExceededException", "Rate exceeded for account 123456789012.");
}

#[test]
fn a_split_takes_effect_a_step_later() {
    let mut kinesis = kinesis(1);
    let t = SimTime(1000);
    kinesis.split_shard(t, "s", "shard-0", "170141183460469231731687303715884105728").unwrap();
    refused(
        kinesis.split_shard(t, "s", &id(0), "5"),
        "ResourceInUseException",
        "Stream s under account 123456789012 not ACTIVE, instead in state UPDATING",
    );
    // Old shards take writes until the switch.
    assert_eq!(kinesis.put_record(t, "s", record("k", b"x"), None).unwrap().shard, 0);
    let effects = kinesis.change(SimTime(1000 + STEP));
    let status = |from, to| Effect::StreamStatus { stream: 0, from, to, reason: StatusReason::SplitShard };
    assert_eq!(
        effects,
        [
            status(StreamStatus::Active, StreamStatus::Updating),
            Effect::ShardClosed { stream: 0, shard: 0 },
            Effect::ShardOpened { stream: 0, shard: 1 },
            Effect::ShardOpened { stream: 0, shard: 2 },
            status(StreamStatus::Updating, StreamStatus::Active),
        ]
    );
    let t = SimTime(1000 + STEP);
    assert_ne!(kinesis.put_record(t, "s", record("k", b"x"), None).unwrap().shard, 0);
    refused(
        kinesis.split_shard(t, "s", &id(0), "5"),
        "InvalidArgumentException",
        "Shard shardId-000000000000 in stream s under account 123456789012 has already been merged or split, \
         and thus is not eligible for merging or splitting.",
    );
    kinesis.merge_shards(t, "s", &id(1), &id(2)).unwrap();
    kinesis.change(SimTime(t.0 + STEP));
    assert_eq!(kinesis.streams[0].open_shards(), [3]);
}

#[test]
fn where_a_shard_can_be_split() {
    let max = u128::MAX;
    let width = max / 3;
    for (shard, at, possible) in [
        (0, "0", false),
        (0, "1", false),
        (0, "2", true),
        (0, &(width - 1).to_string()[..], false),
        (0, &(width - 2).to_string(), true),
        (1, "5", false),
        (2, &max.to_string(), false),
        (2, &(max - 1).to_string(), true),
        (2, "340282366920938463463374607431768211456", false),
        (2, "999999999999999999999999999999999999999", false),
    ] {
        let mut kinesis = kinesis(3);
        let range = kinesis.streams[0].shards[shard as usize].range;
        let answer = kinesis.split_shard(SimTime(0), "s", &id(shard), at);
        if possible {
            answer.unwrap();
        } else {
            let text = format!(
                "NewStartingHashKey {at} used in SplitShard() on shard {} in stream s under account \
                 123456789012 is not both greater than one plus the shard's StartingHashKey {} and less than \
                 the shard's EndingHashKey {}.",
                id(shard),
                range.start(),
                range.end()
            );
            refused(answer, "InvalidArgumentException", &text);
        }
    }
}

#[test]
fn reshards_that_are_refused() {
    let mut kinesis = kinesis(3);
    let t = SimTime(0);
    let no_shard = |id: &str| format!("Could not find shard {id} in stream s under account 123456789012.");
    let missing = "ResourceNotFoundException";
    refused(kinesis.split_shard(t, "s", &id(99), "5"), missing, &no_shard(&id(99)));
    refused(kinesis.split_shard(t, "s", "foo", "5"), missing, &no_shard("foo"));
    refused(kinesis.merge_shards(t, "s", &id(0), &id(99)), missing, &no_shard(&id(99)));
    let no_stream = "Stream nope under account 123456789012 not found.";
    refused(kinesis.split_shard(t, "nope", &id(0), "5"), missing, no_stream);
    refused(kinesis.merge_shards(t, "nope", &id(0), &id(1)), missing, no_stream);
    refused(kinesis.update_shard_count(t, "nope", 2), missing, no_stream);
    for (second, lower, upper) in [(1, 0, 2), (2, 1, 0), (3, 0, 0)] {
        let text = format!(
            "Shards {} and {} in stream s under account 123456789012 are not an adjacent pair of shards \
             eligible for merging",
            id(lower),
            id(upper)
        );
        let t = SimTime(1000 * second);
        refused(kinesis.merge_shards(t, "s", &id(lower), &id(upper)), "InvalidArgumentException", &text);
    }
    kinesis.quotas.shards_per_account = 3;
    let split = kinesis.split_shard(SimTime(5000), "s", &id(0), "5").unwrap_err();
    assert!(split.message.contains("Current shard count for the account: 3. Limit: 3. Number of additional"));
    kinesis.streams[0].mode = StreamMode::OnDemand;
    let on_demand = "Request is invalid. Stream s under account 123456789012 is in On-Demand mode.";
    refused(kinesis.split_shard(SimTime(9000), "s", &id(0), "5"), "ValidationException", on_demand);
    refused(kinesis.merge_shards(SimTime(9000), "s", &id(0), &id(1)), "ValidationException", on_demand);
    refused(kinesis.update_shard_count(SimTime(9000), "s", 4), "ValidationException", on_demand);
}

#[test]
fn update_shard_count_s_limits() {
    #[track_caller]
    fn check(open: u32, target: u32, refusal: Option<&str>) {
        let mut kinesis = kinesis(open);
        match (kinesis.update_shard_count(SimTime(0), "s", target), refusal) {
            (Ok(output), None) => assert_eq!((output.current, output.target), (open, target)),
            (Err(error), Some(way)) => {
                assert_eq!(error.type_name, "InvalidArgumentException");
                assert_eq!(
                    error.message,
                    format!(
                        "UpdateShardCount cannot scale {way} your current open shard count. Current open shard \
                         count: {open} Target shard count: {target}"
                    )
                );
            }
            (answer, _) => panic!("{open} to {target}: {answer:?}"),
        }
    }
    let (double, half) = (Some("up over double"), Some("down below half"));
    check(2, 4, None);
    check(2, 5, double);
    check(2, 8, double);
    check(4, 2, None);
    check(4, 1, half);
    check(3, 2, None);
    check(3, 1, half);
    check(1, 3, double);
    check(8, 3, half);
    check(5, 5, None);
    let mut kinesis = kinesis(100);
    kinesis.quotas = Quotas::november_2016();
    kinesis.quotas.shards_per_account = 1000;
    kinesis.update_shard_count(SimTime(0), "s", 200).unwrap();
    kinesis.change(SimTime(100 * STEP));
    refused(
        kinesis.update_shard_count(SimTime(100 * STEP), "s", 201),
        "LimitExceededException",
        "Target shard count or number of open shards cannot be greater than 200. Current open shard count: \
         200, Target shard count: 201",
    );
}

/// A stream above the maximum can only be scaled to below it, and never to less than its half.
#[test]
fn a_stream_above_the_maximum_is_scaled_to_below_it() {
    #[track_caller]
    fn check(quotas: Quotas, open: u32, target: u32, refusal: Option<&str>) {
        let mut kinesis = kinesis(open);
        kinesis.quotas = Quotas { shards_per_account: 30_000, ..quotas };
        let allowed = kinesis.shard_count_targets(open);
        assert_eq!(allowed.contains(&target), refusal.is_none(), "{allowed:?}");
        let max = kinesis.quotas.update_shard_count_max;
        let above = format!(
            "Target shard count or number of open shards cannot be greater than {max}. Current open shard count: \
             {open}, Target shard count: {target}"
        );
        match (kinesis.update_shard_count(SimTime(0), "s", target), refusal) {
            (Ok(output), None) => assert_eq!((output.current, output.target), (open, target)),
            (Err(error), Some("above")) => {
                assert_eq!((error.type_name, error.message), ("LimitExceededException", above));
            }
            (Err(error), Some(way)) => assert!(error.message.contains(way), "{error}"),
            (answer, _) => panic!("{open} to {target}: {answer:?}"),
        }
    }
    let (above, half) = (Some("above"), Some("down below half"));
    for (quotas, max) in [(Quotas::current(), 10_000), (Quotas::november_2016(), 200)] {
        let check = |open, target, refusal| check(quotas.clone(), open, target, refusal);
        check(max + 1, max + 1, above);
        check(max + 1, max, above);
        check(max + 1, max - 1, None);
        check(max, max, None);
        check(max, max + 1, above);
        check(max * 2 - 2, max - 1, None);
        check(max * 2 - 2, max - 2, half);
        // Half of it is the maximum, which is not below: there is no number left.
        check(max * 2 - 1, max, above);
        check(max * 2 - 1, max - 1, half);
    }
}

#[test]
fn shards_in_between_count_against_the_account() {
    let peak = kinesis(8).plan_shard_count(0, 9).1.open_max;
    assert!(peak > 9, "8 to 9 needs shards in between");
    for (limit, possible) in [(peak, true), (peak - 1, false)] {
        let mut kinesis = kinesis(8);
        kinesis.quotas.shards_per_account = limit;
        assert_eq!(kinesis.update_shard_count(SimTime(0), "s", 9).is_ok(), possible);
    }
}

#[test]
fn ten_accepted_calls_in_any_24_hours() {
    let mut kinesis = kinesis(2);
    for call in 0..10u64 {
        let t = SimTime(call * HOUR);
        let target = if call % 2 == 0 { 4 } else { 2 };
        kinesis.update_shard_count(t, "s", target).unwrap();
        // Refused calls do not count.
        assert!(kinesis.update_shard_count(t, "s", 99).is_err());
        kinesis.change(SimTime(t.0 + 3 * STEP));
    }
    let too_many = "Rate exceeded for stream s under account 123456789012.";
    refused(kinesis.update_shard_count(SimTime(24 * HOUR - 1), "s", 4), "LimitExceededException", too_many);
    kinesis.update_shard_count(SimTime(24 * HOUR), "s", 4).unwrap();
    kinesis.change(SimTime(24 * HOUR + 3 * STEP));
    refused(kinesis.update_shard_count(SimTime(25 * HOUR - 1), "s", 2), "LimitExceededException", too_many);
}

#[test]
fn the_mode_can_be_switched_twice_a_day() {
    let mut kinesis = kinesis(2);
    let arn = kinesis.arn("s");
    refused(
        kinesis.update_stream_mode(
            SimTime(0),
            "arn:aws:kinesis:us-east-1:123456789012:stream/nope",
            StreamMode::OnDemand,
        ),
        "ResourceNotFoundException",
        "Stream arn arn:aws:kinesis:us-east-1:123456789012:stream/nope not found",
    );
    kinesis.update_stream_mode(SimTime(0), &arn, StreamMode::Provisioned).unwrap();
    assert_eq!(kinesis.streams[0].status, StreamStatus::Active);
    kinesis.update_stream_mode(SimTime(0), &arn, StreamMode::OnDemand).unwrap();
    assert_eq!(kinesis.streams[0].status, StreamStatus::Updating);
    kinesis.change(SimTime(STEP));
    assert_eq!(
        (kinesis.streams[0].mode, kinesis.streams[0].open_shards()),
        (StreamMode::OnDemand, &[0, 1][..])
    );
    kinesis.update_stream_mode(SimTime(STEP), &arn, StreamMode::Provisioned).unwrap();
    kinesis.change(SimTime(2 * STEP));
    let third = kinesis.update_stream_mode(SimTime(24 * HOUR - 1), &arn, StreamMode::OnDemand);
    assert_eq!(third.unwrap_err().type_name, "LimitExceededException");
    kinesis.update_stream_mode(SimTime(24 * HOUR), &arn, StreamMode::OnDemand).unwrap();
}

#[test]
fn an_on_demand_stream_grows_where_it_is_written() {
    let mut kinesis = kinesis(1);
    let idx = kinesis.create_stream(SimTime(0), create("d", StreamMode::OnDemand, 99)).unwrap() as usize;
    kinesis.change(SimTime(STEP));
    assert_eq!(kinesis.streams[idx].open_shards().len(), 4);
    // Shard 0 takes 510 kB/s for a minute, shard 1 490 kB/s.
    let data = vec![0; 999];
    for second in 0..60 {
        let t = SimTime(STEP + second * 1000);
        kinesis.change(t);
        for (shard, count) in [(0u128, 510), (1, 490)] {
            let explicit_hash_key = Some(HashKey(shard << 126));
            let request = PutRequest { explicit_hash_key, ..record("k", &data) };
            let answer = kinesis.put_records(t, "d", &vec![request; count]).unwrap();
            assert!(answer.iter().all(Result::is_ok));
        }
    }
    kinesis.change(SimTime(STEP + 60_000));
    assert_eq!(kinesis.streams[idx].status, StreamStatus::Updating);
    kinesis.change(SimTime(2 * STEP + 60_000));
    assert_eq!(kinesis.streams[idx].open_shards(), [4, 5, 1, 2, 3]);
    let [lower, upper] = [4, 5].map(|shard| kinesis.streams[idx].shards[shard].range);
    assert_eq!(lower.end().0 - lower.start().0, upper.end().0 - upper.start().0);
    kinesis.change(SimTime(HOUR));
    assert_eq!(
        (kinesis.streams[idx].open_shards().len(), kinesis.streams[idx].status),
        (5, StreamStatus::Active)
    );
}

#[test]
fn an_on_demand_stream_grows_within_a_quarter_of_an_hour() {
    let mut kinesis = kinesis(1);
    kinesis.streams[0].mode = StreamMode::OnDemand;
    let mut kinesis = Kinesis::new("1", "r", Quotas::current(), Dials::default(), kinesis.streams.remove(0));
    kinesis.dials.reshard_step = SimDuration(HOUR);
    let data = vec![0; 999];
    for second in 0..60 {
        kinesis.put_records(SimTime(second * 1000), "s", &vec![record("k", &data); 510]).unwrap();
    }
    kinesis.change(SimTime(quota::ON_DEMAND_SPLIT_WITHIN_MS - 1));
    assert_eq!(kinesis.streams[0].open_shards(), [0]);
    kinesis.change(SimTime(quota::ON_DEMAND_SPLIT_WITHIN_MS));
    assert_eq!(kinesis.streams[0].open_shards(), [1, 2]);
}

#[test]
fn streams_are_listed_by_name() {
    let mut kinesis = kinesis(1);
    for (i, name) in (0..).zip(["z", "a", "m"]) {
        kinesis.create_stream(SimTime(i * 1000), create(name, StreamMode::Provisioned, 1)).unwrap();
    }
    let mut list = |after, limit| {
        let answer = kinesis.list_streams(SimTime(9000), after, limit).unwrap();
        (answer.streams, answer.has_more_streams)
    };
    assert_eq!(list(None, None), (vec![2, 3, 0, 1], false));
    assert_eq!(list(Some("a"), Some(2)), (vec![3, 0], true));
    assert_eq!(list(Some("m"), Some(2)), (vec![0, 1], false));
}

#[test]
fn a_listing_has_a_hundred_streams_by_default() {
    let mut kinesis = kinesis(1);
    for i in 1..=u64::from(quota::LIST_STREAMS_DEFAULT) {
        kinesis
            .create_stream(SimTime(i * STEP), create(&format!("t{i}"), StreamMode::Provisioned, 1))
            .unwrap();
        kinesis.change(SimTime((i + 1) * STEP));
    }
    let mut list = |after| kinesis.list_streams(SimTime(HOUR), after, None).unwrap();
    // 101 streams: s, t1 to t100.
    let first = list(None);
    assert_eq!((first.streams.len(), first.has_more_streams), (100, true));
    let rest = list(Some("s"));
    assert_eq!((rest.streams.len(), rest.has_more_streams), (100, false));
}

/// Listings show a stream's creation 2 to 3 s after its sequence numbers' second.
#[test]
fn a_stream_s_numbers_begin_before_its_creation() {
    let stream = Stream::new(1, START, KeyTable::default());
    assert_eq!((stream.created.0, stream.shards[0].epoch), (START.0 + 2000, START.0 / 1000));
}

#[test]
fn a_run_creates_a_thousand_streams() {
    let mut kinesis = kinesis(1);
    let mut t = 0;
    for _ in 1..quota::STREAMS_MAX {
        kinesis.create_stream(SimTime(t), create("t", StreamMode::Provisioned, 1)).unwrap();
        kinesis.delete_stream(SimTime(t), "t").unwrap();
        t += STEP;
        kinesis.change(SimTime(t));
    }
    let error = kinesis.create_stream(SimTime(t), create("t", StreamMode::Provisioned, 1)).unwrap_err();
    assert_eq!(error.message, "A run creates at most 1000 streams.");
}

#[test]
fn retention_periods() {
    let mut kinesis = kinesis(1);
    let invalid = "InvalidArgumentException";
    let mut t = 0;
    let mut at = || {
        t += 1000;
        SimTime(t)
    };
    refused(
        kinesis.increase_retention(at(), "s", 23),
        invalid,
        "Minimum allowed retention period is 24 hours. Requested retention period (23 hours) is too short.",
    );
    refused(
        kinesis.increase_retention(at(), "s", 8761),
        invalid,
        "Maximum allowed retention period is 8760 hours. Requested retention period (8761 hours) is too long.",
    );
    kinesis.increase_retention(at(), "s", 24).unwrap();
    refused(
        kinesis.decrease_retention(at(), "s", 48),
        invalid,
        "Requested retention period (48 hours) for stream s can not be longer than existing retention period \
         (24 hours). Use IncreaseRetentionPeriod API.",
    );
    kinesis.increase_retention(at(), "s", 8760).unwrap();
    refused(
        kinesis.increase_retention(at(), "s", 48),
        invalid,
        "Requested retention period (48 hours) for stream s can not be shorter than existing retention period \
         (8760 hours). Use DecreaseRetentionPeriod API.",
    );
    assert_eq!(kinesis.streams[0].status, StreamStatus::Active);
    kinesis.put_record(at(), "s", record("k", b"x"), None).unwrap();
    let late = SimTime(30 * HOUR);
    let iterator = kinesis.get_shard_iterator(late, "s", &id(0), IteratorType::TrimHorizon).unwrap();
    assert_eq!(kinesis.get_records(late, &iterator, None).unwrap().records, [0]);
    kinesis.decrease_retention(late, "s", 24).unwrap();
    assert!(kinesis.get_records(late, &iterator, None).unwrap().records.is_empty());
    kinesis.increase_retention(late, "s", 8760).unwrap();
    assert!(kinesis.get_records(late, &iterator, None).unwrap().records.is_empty());
}

#[test]
fn listing_shards() {
    let mut kinesis = kinesis(1);
    kinesis.update_shard_count(SimTime(HOUR), "s", 2).unwrap();
    kinesis.change(SimTime(2 * HOUR));
    let switch = HOUR + STEP;
    let wall = |t: u64| WallTime(START.0 + t);
    let mut list = |now: u64, filter| {
        let first = ListShards::First { name: "s", after: None, filter };
        kinesis.list_shards(SimTime(now), first, None).unwrap().shards
    };
    let now = 2 * HOUR;
    assert_eq!(list(now, ShardFilter::FromTrimHorizon), [0, 1, 2]);
    assert_eq!(list(now, ShardFilter::AtTrimHorizon), [0]);
    assert_eq!(list(now, ShardFilter::AtLatest), [1, 2]);
    assert_eq!(list(now, ShardFilter::AfterShardId("shardId-000000000001")), [2]);
    assert_eq!(list(now, ShardFilter::AtTimestamp(wall(switch - 1))), [0]);
    assert_eq!(list(now, ShardFilter::AtTimestamp(wall(switch))), [0, 1, 2]);
    assert_eq!(list(now, ShardFilter::AtTimestamp(wall(switch + 1))), [1, 2]);
    assert_eq!(list(now, ShardFilter::AtTimestamp(WallTime(0))), [0]);
    assert_eq!(list(now, ShardFilter::FromTimestamp(wall(switch))), [0, 1, 2]);
    assert_eq!(list(now, ShardFilter::FromTimestamp(wall(switch + 1))), [1, 2]);
    assert_eq!(list(now, ShardFilter::FromTimestamp(WallTime(0))), [0, 1, 2]);
    // A shard is no longer listed when its last instant is past retention.
    let expiry = switch + 24 * HOUR;
    assert_eq!(list(expiry - 1, ShardFilter::FromTrimHorizon), [0, 1, 2]);
    assert_eq!(list(expiry, ShardFilter::FromTrimHorizon), [1, 2]);
    assert_eq!(list(expiry, ShardFilter::AtTrimHorizon), [1, 2]);
}

#[test]
fn listings_go_on_by_token() {
    let mut kinesis = kinesis(1500);
    let t = SimTime(0);
    let first =
        ListShards::First { name: "s", after: Some("shardId-000000000009"), filter: ShardFilter::AtLatest };
    let page = kinesis.list_shards(t, first, None).unwrap();
    assert_eq!((page.shards.len(), page.shards[0]), (quota::LIST_SHARDS_MAX as usize, 10));
    let token = page.next_token.unwrap();
    let valid = SimTime(quota::NEXT_TOKEN_VALID_MS);
    let page = kinesis.list_shards(valid, ListShards::Next(&token), Some(5)).unwrap();
    assert_eq!(page.shards, [1010, 1011, 1012, 1013, 1014]);
    let rest = kinesis.list_shards(valid, ListShards::Next(&page.next_token.unwrap()), None).unwrap();
    assert_eq!((rest.shards.len(), rest.next_token), (485, None));
    let expired = kinesis.list_shards(SimTime(valid.0 + 1), ListShards::Next(&token), None);
    assert_eq!(expired.unwrap_err().type_name, "ExpiredNextTokenException");
    let garbage = kinesis.list_shards(t, ListShards::Next("abc"), None);
    assert_eq!(garbage.unwrap_err().type_name, "InvalidArgumentException");
    let described = kinesis.describe_stream(t, "s", None, Some(10_000)).unwrap();
    assert_eq!((described.shards.len(), described.has_more_shards), (100, true));
    let described = kinesis.describe_stream(t, "s", Some(&id(1400)), None).unwrap();
    assert_eq!((described.shards.len(), described.has_more_shards), (99, false));
    assert_eq!(kinesis.describe_stream_summary(t, "s").unwrap().open_shard_count, 1500);
}

/// A closed shard is listed for as long as the retention, whether its last record is older than its end or there was
/// none.
#[test]
fn a_closed_shard_expires_with_its_end() {
    #[track_caller]
    fn check(put: bool) {
        let mut kinesis = kinesis(1);
        if put {
            kinesis.put_record(SimTime(0), "s", record("k", b""), None).unwrap();
        }
        kinesis.split_shard(SimTime(HOUR), "s", &id(0), "1000").unwrap();
        let closed = HOUR + STEP;
        kinesis.change(SimTime(closed));
        let mut listed = |t| kinesis.describe_stream(SimTime(t), "s", None, None).unwrap().shards;
        assert_eq!(listed(24 * HOUR), [0, 1, 2]);
        assert_eq!(listed(24 * HOUR + closed - 1), [0, 1, 2]);
        assert_eq!(listed(24 * HOUR + closed), [1, 2]);
    }
    check(true);
    check(false);
}
