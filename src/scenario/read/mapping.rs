//! Event source mappings.

use super::check;
use super::function::{Names, Taken, no_version};
use super::node::Node;
use super::report::{Report, path_text};
use crate::aws::lambda::filter::FilterCriteria;
use crate::scenario::problem::{Format, FunctionName, ProblemKind, Relation, Target, Unit};
use crate::scenario::{Destination, MappingConfig, Qualifier, StartingPosition};
use crate::units::{SimDuration, WallTime};

/// What a mapping can refer to; `None` where it could not be read.
pub(super) struct Surroundings<'n> {
    /// `start`.
    pub(super) start: Option<WallTime>,
    /// `region` and `account`.
    pub(super) place: Option<(&'n str, &'n str)>,
    /// ARNs of the stream at t = 0 and of its consumers.
    pub(super) stream_arns: Option<Vec<String>>,
    /// The functions.
    pub(super) functions: Option<&'n [Names]>,
}

/// Reads all mappings. AWS: a stream and a function have one mapping at most, and each has a UUID of its own.
pub(super) fn mappings(
    report: &mut Report<'_>,
    nodes: &[Node<'_>],
    around: &Surroundings<'_>,
) -> Vec<MappingConfig> {
    let mut uuids = Taken::default();
    let mut pairs: Vec<((String, Invoked), String)> = Vec::new();
    let mut mappings = Vec::new();
    for node in nodes {
        uuids.check(report, node, "UUID");
        check_stream(report, node, around);
        let invoked = function(report, node, around);
        if let Some(pair) = node.some_text("EventSourceArn").zip(invoked) {
            match pairs.iter().find(|(other, _)| *other == pair) {
                Some((_, first)) => {
                    node.problem(report, "FunctionName", ProblemKind::Duplicate { first: first.clone() });
                }
                None => pairs.push((pair, path_text(&node.path_to("FunctionName")))),
            }
        }
        mappings.push(mapping(report, node, around, invoked.unwrap_or((0, Qualifier::Latest))));
    }
    mappings
}

/// Index of a function, and which of its code.
type Invoked = (u32, Qualifier);

/// Reads what one mapping says beside its stream and function.
fn mapping(
    report: &mut Report<'_>,
    node: &Node<'_>,
    around: &Surroundings<'_>,
    (function_idx, qualifier): Invoked,
) -> MappingConfig {
    let starting_position = starting_position(report, node, around);
    let tumbling = node.some_u64("TumblingWindowInSeconds").is_some_and(|seconds| seconds > 0);
    if tumbling && node.some_u64("ParallelizationFactor").is_some_and(|factor| factor > 1) {
        let kind = ProblemKind::Conflict { with: "ParallelizationFactor" };
        node.problem(report, "TumblingWindowInSeconds", kind);
    }
    MappingConfig {
        uuid: node.some_text("UUID"),
        function_idx,
        qualifier,
        enabled: node.boolean("Enabled"),
        starting_position,
        batch_size: node.u32("BatchSize"),
        maximum_batching_window: SimDuration::from_secs(node.u64("MaximumBatchingWindowInSeconds")),
        parallelization_factor: node.u32("ParallelizationFactor"),
        maximum_record_age: node.some_u64("MaximumRecordAgeInSeconds").map(SimDuration::from_secs),
        maximum_retry_attempts: node.some_u32("MaximumRetryAttempts"),
        bisect_batch_on_function_error: node.boolean("BisectBatchOnFunctionError"),
        report_batch_item_failures: node.has_items("FunctionResponseTypes"),
        on_failure: Destination::parse(
            &node.object("DestinationConfig").object("OnFailure").text("Destination"),
        ),
        event_source_arn: node.text("EventSourceArn"),
        tumbling_window: node
            .some_u64("TumblingWindowInSeconds")
            .filter(|&seconds| seconds > 0)
            .map(SimDuration::from_secs),
        filter_criteria: filter_criteria(node),
        event_count_metrics: node.object("MetricsConfig").has_items("Metrics"),
        kms_key_arn: node.some_text("KMSKeyArn").filter(|arn| !arn.is_empty()),
    }
}

/// The patterns of all filters; none where one is wrong.
fn filter_criteria(node: &Node<'_>) -> FilterCriteria {
    let filters = node.object("FilterCriteria").objects("Filters");
    let patterns: Vec<String> = filters.iter().map(|filter| filter.text("Pattern")).collect();
    FilterCriteria::parse(patterns.iter().map(String::as_str)).unwrap_or_default()
}

/// The mapping reads a stream that is there at t = 0.
fn check_stream(report: &mut Report<'_>, node: &Node<'_>, around: &Surroundings<'_>) {
    let text = node.text("EventSourceArn");
    let Some(known) = &around.stream_arns else { return };
    if Format::StreamArn.accepts(&text) && !known.contains(&text) {
        let kind = ProblemKind::NoSuch { what: Target::Stream, among: known.clone() };
        node.problem(report, "EventSourceArn", kind);
    }
}

/// The function, and which of its code.
fn function(report: &mut Report<'_>, node: &Node<'_>, around: &Surroundings<'_>) -> Option<Invoked> {
    let text = node.text("FunctionName");
    let wanted = FunctionName::parse(&text)?;
    let functions = around.functions?;
    let here = match wanted.place {
        Some(place) => place == around.place?,
        None => true,
    };
    let named = |names: &Names| names.name.as_deref() == Some(wanted.name);
    let Some(idx) = functions.iter().position(named).filter(|_| here) else {
        let among: Option<Vec<String>> = functions.iter().map(|names| names.name.clone()).collect();
        node.problem(report, "FunctionName", ProblemKind::NoSuch { what: Target::Function, among: among? });
        return None;
    };
    let scaling = &functions[idx].scaling;
    let qualifier = wanted.qualifier.map_or(Ok(Qualifier::Latest), |tail| qualifier(tail, &functions[idx]));
    match qualifier {
        Ok(qualifier) => {
            let scales = match qualifier {
                Qualifier::Version(idx) => scaling.contains(&idx),
                // Any version can become the one that is invoked.
                Qualifier::Latest | Qualifier::Alias(_) => !scaling.is_empty(),
            };
            if scales {
                let only = Some("handler.rules".into());
                node.problem(report, "FunctionName", ProblemKind::NotSupported { only });
            }
            Some((idx as u32, qualifier))
        }
        Err(problem) => {
            node.problem(report, "FunctionName", problem?);
            None
        }
    }
}

/// Resolves a qualifier; `Err(None)` where the function itself could not be read.
fn qualifier(text: &str, names: &Names) -> Result<Qualifier, Option<ProblemKind>> {
    if text == "$LATEST" {
        return Ok(Qualifier::Latest);
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        let count = names.n_versions.ok_or(None)?;
        let number = text.parse::<u32>().ok().filter(|number| (1..=count).contains(number));
        let number = number.ok_or_else(|| no_version(Target::Version, count))?;
        let published = names.n_published.ok_or(None)?;
        if number > published {
            return Err(Some(no_version(Target::PublishedVersion, published)));
        }
        return Ok(Qualifier::Version(number - 1));
    }
    if let Some(idx) = names.aliases.iter().position(|(name, _)| name.as_deref() == Some(text)) {
        return Ok(Qualifier::Alias(idx as u32));
    }
    let among: Option<Vec<String>> = names.aliases.iter().map(|(name, _)| name.clone()).collect();
    Err(Some(ProblemKind::NoSuch { what: Target::Alias, among: among.ok_or(None)? }))
}

fn starting_position(
    report: &mut Report<'_>,
    node: &Node<'_>,
    around: &Surroundings<'_>,
) -> StartingPosition {
    let values = [
        ("TRIM_HORIZON", Some(StartingPosition::TrimHorizon)),
        ("LATEST", Some(StartingPosition::Latest)),
        ("AT_TIMESTAMP", None),
    ];
    let known = node.value("StartingPosition").is_some();
    let simple = node.choice("StartingPosition", &values);
    let field = "StartingPositionTimestamp";
    match (simple, node.has(field)) {
        (Some(position), given) => {
            if given && known {
                node.problem(report, field, ProblemKind::OnlyWith { with: "StartingPosition AT_TIMESTAMP" });
            }
            position
        }
        (None, true) => at_timestamp(report, node, around).unwrap_or(StartingPosition::Latest),
        (None, false) => {
            let rule = node.rule(field);
            node.problem(report, field, ProblemKind::Missing(rule));
            StartingPosition::Latest
        }
    }
}

/// Seconds since 1970, rounded down to the millisecond, or RFC 3339 text; not in the future.
fn at_timestamp(
    report: &mut Report<'_>,
    node: &Node<'_>,
    around: &Surroundings<'_>,
) -> Option<StartingPosition> {
    let value = node.value("StartingPositionTimestamp")?;
    let wall = match value.as_str() {
        Some(text) => WallTime::parse(text)?,
        None => {
            let seconds = check::decimal(&value)?;
            let ms = u128::from(seconds.numerator()) * 1000 / u128::from(seconds.denominator());
            WallTime(u64::try_from(ms).ok()?)
        }
    };
    let start = around.start?;
    if wall > start {
        let limit = start.to_string();
        let kind =
            ProblemKind::Bound { relation: Relation::AtMost, limit, unit: Unit::None, because: "start" };
        node.problem(report, "StartingPositionTimestamp", kind);
    }
    Some(StartingPosition::AtTimestamp(wall))
}
