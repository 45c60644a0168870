//! Enhanced fan-out consumers: states, limits, deletion.

use serde_json::{Value, json};

use super::{Bench, texts};

const ARN: &str = "arn:aws:kinesis:us-east-1:123456789012:stream/s";

fn register(name: &str) -> Value {
    json!({"StreamARN": ARN, "ConsumerName": name})
}

#[test]
fn a_consumer_is_created_active_deleted_and_gone() {
    let mut bench = Bench::usual(1);
    bench.ok("RegisterStreamConsumer", &register("c"));
    let mut status = |wait: u64| {
        bench.wait(wait);
        let description = bench.call("DescribeStreamConsumer", &register("c"));
        description.map(|it| it["ConsumerDescription"]["ConsumerStatus"].as_str().unwrap().to_owned())
    };
    assert_eq!(status(29_999).unwrap(), "CREATING");
    assert_eq!(status(1).unwrap(), "ACTIVE");
    bench.ok("DeregisterStreamConsumer", &register("c"));
    bench.wait(29_999);
    let count = |bench: &mut Bench| {
        let summary = bench.ok("DescribeStreamSummary", &json!({"StreamName": "s"}));
        summary["StreamDescriptionSummary"]["ConsumerCount"].as_u64().unwrap()
    };
    assert_eq!(count(&mut bench), 1);
    assert_eq!(bench.refused("RegisterStreamConsumer", &register("c")).type_name, "ResourceInUseException");
    bench.wait(1);
    assert_eq!(count(&mut bench), 0);
    let error = bench.refused("DescribeStreamConsumer", &register("c"));
    assert_eq!(error.message, "Consumer c under stream s and account 123456789012 not found.");
    bench.ok("RegisterStreamConsumer", &register("c"));
}

#[test]
fn consumers_have_limits() {
    let mut bench = Bench::usual(1);
    for number in 0..20 {
        if number % 5 == 0 && number > 0 {
            let error = bench.refused("RegisterStreamConsumer", &register("sixth"));
            assert_eq!(error.type_name, "LimitExceededException");
            bench.wait(30_000);
        }
        bench.ok("RegisterStreamConsumer", &register(&format!("c{number}")));
        bench.wait(200);
    }
    bench.wait(30_000);
    let error = bench.refused("RegisterStreamConsumer", &register("c20"));
    assert!(error.message.contains("Limit: 20."), "{error}");
    let error = bench.refused("RegisterStreamConsumer", &register("c1"));
    assert_eq!(error.message, "Consumer c1 under stream s and account 123456789012 already exists.");

    let page = bench.ok("ListStreamConsumers", &json!({"StreamARN": ARN, "MaxResults": 19}));
    assert_eq!(texts(&page["Consumers"], "ConsumerName").len(), 19);
    let next = json!({"StreamARN": ARN, "NextToken": page["NextToken"]});
    let rest = bench.ok("ListStreamConsumers", &next);
    assert_eq!((texts(&rest["Consumers"], "ConsumerName"), rest.get("NextToken")), (vec!["c19"], None));
    let shards = bench.refused("ListShards", &json!({"NextToken": page["NextToken"]}));
    assert_eq!(shards.type_name, "InvalidArgumentException");
    bench.wait(300_001);
    assert_eq!(bench.refused("ListStreamConsumers", &next).type_name, "ExpiredNextTokenException");
}

#[test]
fn a_consumer_is_named_by_arn_or_by_name() {
    let mut bench = Bench::usual(1);
    let registered = bench.ok("RegisterStreamConsumer", &register("c"));
    let arn = registered["Consumer"]["ConsumerARN"].as_str().unwrap();
    assert_eq!(arn, format!("{ARN}/consumer/c:1578982993"));
    bench.ok("DescribeStreamConsumer", &json!({"ConsumerARN": arn}));
    bench.ok("DescribeStreamConsumer", &json!({"ConsumerARN": arn, "StreamARN": ARN, "ConsumerName": "c"}));
    for (request, expect) in [
        (json!({}), "InvalidArgumentException"),
        (json!({"ConsumerName": "c"}), "InvalidArgumentException"),
        (json!({"ConsumerARN": arn, "ConsumerName": "d"}), "InvalidArgumentException"),
        (json!({"ConsumerARN": format!("{arn}0")}), "ResourceNotFoundException"),
        (register("d"), "ResourceNotFoundException"),
        (json!({"StreamARN": format!("{ARN}x"), "ConsumerName": "c"}), "ResourceNotFoundException"),
    ] {
        assert_eq!(bench.refused("DescribeStreamConsumer", &request).type_name, expect, "{request}");
    }
}

#[test]
fn a_stream_with_consumers_is_deleted_only_by_force() {
    let mut bench = Bench::usual(1);
    bench.ok("RegisterStreamConsumer", &register("c"));
    let error = bench.refused("DeleteStream", &json!({"StreamName": "s"}));
    assert_eq!(error.type_name, "ResourceInUseException");
    let text = "DeleteStream can't delete 123456789012:s because there are consumers associated with this data stream. \
                To delete s anyway, set the EnforceConsumerDeletion parameter to true to force the deletion of all \
                the consumers that are associated with it.";
    assert_eq!(error.message, text);
    bench.ok("DeleteStream", &json!({"StreamName": "s", "EnforceConsumerDeletion": true}));
    bench.wait(60_000);
    bench.create("s", 1);
    let consumers = bench.ok("ListStreamConsumers", &json!({"StreamARN": ARN}));
    assert_eq!(consumers["Consumers"], json!([]));
}
