//! Whatever comes from outside is answered: no request and no line makes the program panic.

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use shardlab::aws::{Service, Shape, cli};
use shardlab::kinesis::api::{self, SERVICE};

use super::Bench;

/// Values of every JSON type, many of them at a bound of some member.
fn leaf() -> impl Strategy<Value = Value> {
    const TEXTS: [&str; 22] = [
        "",
        "s",
        "t",
        "é",
        "eHg=",
        "x",
        "0",
        "-1",
        "01",
        "shardId-000000000000",
        "shardId-1",
        "shardId-2147483648",
        "340282366920938463463374607431768211455",
        "340282366920938463463374607431768211456",
        "49603257262535624436185039263038205584698556866577301506",
        "LATEST",
        "AT_TIMESTAMP",
        "AT_SEQUENCE_NUMBER",
        "ON_DEMAND",
        "UNIFORM_SCALING",
        "arn:aws:kinesis:us-east-1:123456789012:stream/s",
        "arn:aws:kinesis:us-east-1:123456789012:stream/s/consumer/c:1",
    ];
    const NUMBERS: [&str; 12] = [
        "0",
        "1",
        "2",
        "24",
        "1024",
        "10001",
        "-1",
        "1.5",
        "1e400",
        "1578982993.1",
        "18446744073709551616",
        "-0.0e-9",
    ];
    prop_oneof![
        8 => prop::sample::select(&TEXTS[..]).prop_map(Value::from),
        4 => prop::sample::select(&NUMBERS[..]).prop_map(|text| Value::Number(text.parse().unwrap())),
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        1 => "\\PC{0,300}".prop_map(Value::from),
    ]
}

/// A value that often has the shape's type.
fn value(shape: &'static Shape) -> BoxedStrategy<Value> {
    let right = match shape {
        Shape::Structure(members) => prop::collection::vec((0..members.len(), leaf()), 0..4)
            .prop_map(|chosen| {
                chosen
                    .into_iter()
                    .map(|(idx, value)| (members[idx].name.to_owned(), value))
                    .collect::<Map<_, _>>()
            })
            .prop_map(Value::Object)
            .boxed(),
        Shape::List { of, .. } => prop::collection::vec(value(of), 0..4).prop_map(Value::from).boxed(),
        Shape::Enum(values) => prop::sample::select(*values).prop_map(Value::from).boxed(),
        Shape::String { .. }
        | Shape::Integer { .. }
        | Shape::Double
        | Shape::Boolean
        | Shape::Blob { .. }
        | Shape::Timestamp
        | Shape::Map { .. }
        | Shape::Numbers => leaf().boxed(),
    };
    prop_oneof![9 => right, 1 => leaf()].boxed()
}

/// An operation and a request with some of its members.
pub(crate) fn request(service: Service) -> impl Strategy<Value = (&'static str, Value)> {
    prop::sample::select(service.operations).prop_flat_map(|operation| {
        let members: Vec<_> = operation
            .input
            .iter()
            .map(|member| {
                prop::option::weighted(0.6, value(&member.shape))
                    .prop_map(|value| (member.name.to_owned(), value))
            })
            .collect();
        members.prop_map(move |members| {
            let there = members.into_iter().filter_map(|(name, value)| Some((name, value?)));
            (operation.name, Value::Object(there.collect()))
        })
    })
}

proptest! {
    // 400 cases of 12 calls: each of the 22 operations some 200 times, in states that the calls before it left.
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_request_is_answered(calls in prop::collection::vec((request(SERVICE), 0..40_000u64), 1..12)) {
        let mut bench = Bench::usual(2);
        for ((operation, request), wait) in calls {
            let before = bench.kinesis.streams.len();
            match bench.call(operation, &request) {
                Ok(answer) => prop_assert!(answer.is_object()),
                Err(error) => {
                    prop_assert!(!error.message.is_empty());
                    prop_assert!(bench.kinesis.take_effects().is_empty(), "{error} had an effect");
                    prop_assert_eq!(bench.kinesis.streams.len(), before);
                }
            }
            bench.wait(wait);
        }
    }

    // Words of the console's own vocabulary, so that many lines come through to the service.
    #[test]
    fn every_line_is_answered(words in prop::collection::vec("[a-zA-Z0-9{}\\[\\]\"':,=\\\\ .-]{0,12}|--stream-name|--data|--records|--tags|--shard-filter|--cli-input-json|s", 0..8), operation in 0..22usize) {
        let mut bench = Bench::usual(1);
        let line = format!("aws kinesis {} {}", cli::kebab(SERVICE.operations[operation].name), words.join(" "));
        let outcome = cli::run(&line, "us-east-1", &[&SERVICE], &mut |_, operation, request| {
            api::dispatch(&mut bench.kinesis, bench.now, operation.name, request, &api::no_data)
        });
        prop_assert_eq!(outcome.exit_code == 0, outcome.stderr.is_empty(), "{}", line);
        let _ = cli::complete(&line, &[&SERVICE]);
    }

    // A request printed as one quoted word reaches the service unchanged, unless the command line refuses it.
    #[test]
    fn a_line_says_what_a_request_says((operation, request) in request(SERVICE)) {
        let quoted = request.to_string().replace('\'', "'\\''");
        let line = format!("aws kinesis {} --no-paginate --cli-input-json '{quoted}'", cli::kebab(operation));
        let mut received = None;
        let outcome = cli::run(&line, "us-east-1", &[&SERVICE], &mut |_, _, request| {
            received = Some(request.clone());
            Ok(json!({}))
        });
        match received {
            Some(received) => prop_assert_eq!(without_moments(received), without_moments(request)),
            None => prop_assert_eq!(outcome.exit_code, 252),
        }
    }
}

/// A request without its moments, which the command line also takes as text.
fn without_moments(mut value: Value) -> Value {
    if let Some(object) = value.as_object_mut() {
        object.retain(|name, _| !name.ends_with("Timestamp"));
        object.values_mut().for_each(|value| *value = without_moments(value.take()));
    }
    value
}

#[test]
fn long_and_deep_input_is_answered() {
    let mut bench = Bench::usual(1);
    let deep = (0..100).fold(json!(1), |inner, _| json!([inner]));
    assert!(bench.call("PutRecords", &json!({"StreamName": "s", "Records": deep})).is_err());
    let shorthand = format!("aws kinesis put-records --stream-name s --records a={}", "[".repeat(100_000));
    let mut call = |_: &_, _: &_, _: &Value| -> Result<Value, _> { unreachable!("nothing to call") };
    assert_eq!(cli::run(&shorthand, "us-east-1", &[&SERVICE], &mut call).exit_code, 252);
    let json = format!("aws kinesis put-records --stream-name s --records {}", "[".repeat(100_000));
    assert_eq!(cli::run(&json, "us-east-1", &[&SERVICE], &mut call).exit_code, 252);
}
