//! Producers.

use std::collections::BinaryHeap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::fields::PRODUCER;
use super::node::{Item, Node};
use super::report::Report;
use crate::quota;
use crate::scenario::problem::{Allowed, ProblemKind, Relation, Unit};
use crate::scenario::{
    Arrivals, Data, KeyDistribution, Keys, ListedRecord, OnThrottle, Producer, SizeRange, Source,
};
use crate::units::{Ratio, SimTime};

/// Reads one producer.
pub(super) fn producer(report: &mut Report<'_>, item: Item<'_>) -> Option<Producer> {
    let (kind, node) = item.variant(&PRODUCER)?;
    let source = match kind {
        "records" => records(report, &node),
        "rounds" => rounds(report, &node),
        "loop" => repeat(report, &node),
        _ => rate(report, &node),
    };
    let on_throttle = node.choice(
        "onThrottle",
        &[("retry", OnThrottle::Retry), ("drop", OnThrottle::Drop), ("stop", OnThrottle::Stop)],
    );
    Some(Producer { source, on_throttle })
}

fn records(report: &mut Report<'_>, node: &Node<'_>) -> Source {
    let batch = node.boolean("batch");
    let nodes = node.objects("records");
    let mut records: Vec<_> = nodes.iter().map(|node| Some(listed(report, node))).collect();
    let arrivals = by_time(&nodes);
    if batch {
        check_batches(report, &nodes, &arrivals);
    }
    Source::Records { records: arrivals.iter().filter_map(|&(_, idx)| records[idx].take()).collect(), batch }
}

/// The instant and index of each object with an `at`, by instant; those of one instant in file order.
pub(super) fn by_time(nodes: &[Node<'_>]) -> Vec<(SimTime, usize)> {
    let instant = |(idx, node): (usize, &Node<'_>)| Some((SimTime(node.some_u64("at")?), idx));
    nodes.iter().enumerate().filter_map(instant).collect::<BinaryHeap<_>>().into_sorted_vec()
}

/// Records of one instant go into one PutRecords, which takes 500.
fn check_batches(report: &mut Report<'_>, nodes: &[Node<'_>], arrivals: &[(SimTime, usize)]) {
    for together in arrivals.chunk_by(|(left, _), (right, _)| left == right) {
        if let Some(&(_, idx)) = together.get(quota::PUT_RECORDS_MAX as usize) {
            let kind = bound(Relation::AtMost, quota::PUT_RECORDS_MAX.into(), Unit::Items, "batch");
            nodes[idx].problem(report, "at", kind);
        }
    }
}

fn listed(report: &mut Report<'_>, node: &Node<'_>) -> ListedRecord {
    let partition_key = node.text("PartitionKey");
    if node.has("Data") && node.has("DataBase64") {
        node.problem(report, "DataBase64", ProblemKind::Conflict { with: "Data" });
    }
    let size = node.some_u32("size");
    let data = match node.some_text("DataBase64") {
        Some(text) => Data::Bytes(STANDARD.decode(text).unwrap_or_default()),
        None => Data::Template(node.text("Data")),
    };
    let (field, bytes) = match &data {
        Data::Template(text) => ("Data", data_bytes_max(text, partition_key.len())),
        Data::Bytes(bytes) => ("DataBase64", bytes.len()),
    };
    if !node.has("size") {
        check_bytes(report, node, field, bytes, partition_key.len(), "PartitionKey");
    } else if size.is_some_and(|size| (size as usize) < partition_key.len()) {
        let kind = bound(Relation::AtLeast, partition_key.len() as u64, Unit::Bytes, "PartitionKey");
        node.problem(report, "size", kind);
    }
    let explicit_hash_key = node.some_text("ExplicitHashKey").and_then(|text| text.parse().ok());
    ListedRecord { at: node.time("at"), partition_key, data, explicit_hash_key, size }
}

/// Data and key together make at most one record.
fn check_bytes(
    report: &mut Report<'_>,
    node: &Node<'_>,
    field: &'static str,
    data_bytes: usize,
    key_bytes: usize,
    because: &'static str,
) {
    let most = quota::RECORD_BYTES_MAX as usize - key_bytes;
    if data_bytes > most {
        node.problem(report, field, bound(Relation::AtMost, most as u64, Unit::Bytes, because));
    }
}

/// Most bytes that a `Data` template can make with a key of this length (`sim::workload` fills it).
fn data_bytes_max(template: &str, key_bytes: usize) -> usize {
    const DIGITS_MAX: usize = 10;
    let forms = [
        ("{n}", "{n}".len(), DIGITS_MAX),
        ("{n:0", "{n:04}".len(), DIGITS_MAX),
        ("{t}", "{t}".len(), DIGITS_MAX),
        ("{record}", "{record}".len(), DIGITS_MAX),
        ("{key}", "{key}".len(), key_bytes),
    ];
    let grown = |(form, own, filled): (&str, usize, usize)| {
        template.matches(form).count() * filled.saturating_sub(own)
    };
    template.len() + forms.into_iter().map(grown).sum::<usize>()
}

fn rounds(report: &mut Report<'_>, node: &Node<'_>) -> Source {
    let items = node.items("partitionKeys");
    let Allowed::List { of: rule, .. } = *node.rule("partitionKeys") else {
        unreachable!("the table says that partitionKeys is a list")
    };
    let partition_keys: Vec<String> =
        items.iter().filter_map(|item| item.text(rule)).map(str::to_owned).collect();
    let (rounds, batch, data) = (node.u32("rounds"), node.boolean("batch"), node.text("Data"));
    if batch && items.len() > quota::PUT_RECORDS_MAX as usize {
        let kind = bound(Relation::AtMost, quota::PUT_RECORDS_MAX.into(), Unit::Items, "batch");
        node.problem(report, "partitionKeys", kind);
    }
    let rounds_max = u64::from(quota::RECORDS_MAX) / items.len().max(1) as u64;
    if u64::from(rounds) > rounds_max {
        node.problem(report, "rounds", bound(Relation::AtMost, rounds_max, Unit::None, "partitionKeys"));
    }
    let longest = partition_keys.iter().map(String::len).max().unwrap_or_default();
    check_bytes(report, node, "Data", data_bytes_max(&data, longest), longest, "partitionKeys");
    let (period, start_at) = (node.span("period"), node.time("startAt"));
    Source::Rounds { partition_keys, rounds, period, start_at, data, batch }
}

fn repeat(report: &mut Report<'_>, node: &Node<'_>) -> Source {
    let (partition_key, data) = (node.text("partitionKey"), node.text("Data"));
    if let (Some(0), Some(0)) = (node.some_u64("pause"), node.some_u64("latency")) {
        node.problem(report, "pause", bound(Relation::AtLeast, 1, Unit::None, "latency"));
    }
    let (bytes, key_bytes) = (data_bytes_max(&data, partition_key.len()), partition_key.len());
    check_bytes(report, node, "Data", bytes, key_bytes, "partitionKey");
    Source::Loop {
        partition_key,
        count: node.some_u32("count"),
        pause: node.span("pause"),
        latency: node.span("latency"),
        start_at: node.time("startAt"),
        data,
    }
}

fn rate(report: &mut Report<'_>, node: &Node<'_>) -> Source {
    let stop_at = node.some_u64("stopAt");
    if let (Some(start), Some(stop)) = (node.some_u64("startAt"), stop_at)
        && stop <= start
    {
        node.problem(report, "stopAt", bound(Relation::Above, start, Unit::None, "startAt"));
    }
    let (min, max) = span_of(report, &node.object("size"));
    Source::Rate {
        records_per_second: node.decimal("recordsPerSecond"),
        start_at: node.time("startAt"),
        stop_at: stop_at.map(SimTime),
        arrivals: node.choice("arrivals", &[("even", Arrivals::Even), ("poisson", Arrivals::Poisson)]),
        keys: keys(report, &node.object("keys")),
        size: SizeRange { min, max },
    }
}

fn keys(report: &mut Report<'_>, node: &Node<'_>) -> Keys {
    let (exponent, share): (Ratio, Ratio) = (node.decimal("exponent"), node.decimal("hotShare"));
    let distribution = node.choice(
        "distribution",
        &[
            ("uniform", KeyDistribution::Uniform),
            ("zipf", KeyDistribution::Zipf { exponent }),
            ("hot", KeyDistribution::Hot { share }),
        ],
    );
    if matches!(distribution, KeyDistribution::Hot { .. }) && node.some_u32("count") == Some(1) {
        node.problem(report, "count", bound(Relation::AtLeast, 2, Unit::None, "distribution"));
    }
    Keys { count: node.u32("count"), distribution }
}

/// `min` and `max` of a range, `min` being the smaller.
pub(super) fn span_of(report: &mut Report<'_>, node: &Node<'_>) -> (u32, u32) {
    if let (Some(min), Some(max)) = (node.some_u64("min"), node.some_u64("max"))
        && max < min
    {
        node.problem(report, "max", bound(Relation::AtLeast, min, Unit::None, "min"));
    }
    (node.u32("min"), node.u32("max"))
}

/// A value that depends on another field.
#[inline(never)]
pub(super) fn bound(relation: Relation, limit: u64, unit: Unit, because: &'static str) -> ProblemKind {
    ProblemKind::Bound { relation, limit: limit.to_string(), unit, because }
}
