//! Functions: versions, aliases, handlers, conditions.

use super::check;
use super::fields::{ALIAS, CONDITION, HANDLER, VERSION};
use super::node::{Item, Node};
use super::producer::{bound, span_of};
use super::report::{Report, Step, path_text};
use crate::cloudwatch::scaling::Scaling;
use crate::scenario::problem::{Allowed, Format, ProblemKind, Relation, Target, Unit};
use crate::scenario::{
    Action, AliasConfig, Condition, FunctionConfig, Handler, LogTemplates, Routing, Rule, RuleHandler,
    Version, VersionConfig,
};
use crate::units::{Ratio, SimDuration};

/// What other parts of the document can refer to in a function; `None` where it could not be read.
pub(super) struct Names {
    /// `FunctionName`.
    pub(super) name: Option<String>,
    /// Names of the aliases, and what they stand for.
    pub(super) aliases: Vec<(Option<String>, Option<Routing>)>,
    /// Number of versions.
    pub(super) n_versions: Option<u32>,
    /// Number of versions that are published at t = 0.
    pub(super) n_published: Option<u32>,
    /// Indices of the versions whose handler scales the stream.
    pub(super) scaling: Vec<u32>,
}

/// Reads all functions.
pub(super) fn functions(report: &mut Report<'_>, nodes: &[Node<'_>]) -> (Vec<Names>, Vec<FunctionConfig>) {
    let mut taken = Taken::default();
    let mut names = Vec::new();
    let mut functions = Vec::new();
    for node in nodes {
        taken.check(report, node, "FunctionName");
        let (own, function) = function(report, node);
        names.push(own);
        functions.push(function);
    }
    (names, functions)
}

/// The names so far, and where they stand.
#[derive(Default)]
pub(super) struct Taken<'a>(Vec<(String, Vec<Step<'a>>)>);

impl<'a> Taken<'a> {
    /// Reports a name that stands elsewhere already.
    pub(super) fn check(&mut self, report: &mut Report<'_>, node: &Node<'a>, field: &'static str) {
        let Some(name) = node.some_text(field) else { return };
        let path = node.path_to(field);
        match self.0.iter().find(|(other, _)| *other == name) {
            Some((_, first)) => report.add(&path, ProblemKind::Duplicate { first: path_text(first) }),
            None => self.0.push((name, path)),
        }
    }
}

fn function(report: &mut Report<'_>, node: &Node<'_>) -> (Names, FunctionConfig) {
    let (versions, complete) = versions(report, node);
    let n_versions = complete.then_some(versions.len() as u32);
    let aliases = aliases(report, node, n_versions);
    let highest = aliases
        .iter()
        .map(|alias| alias.1)
        .try_fold(None, |most, routing| Some(routing?.highest().max(most)));
    let scales = |&(_, version): &(u32, &VersionConfig)| matches!(version.handler, Handler::Scale(_));
    let names = Names {
        name: node.some_text("FunctionName"),
        aliases: aliases.clone(),
        n_versions,
        n_published: highest.and_then(|highest| highest.map_or(n_versions, |idx| Some(idx + 1))),
        scaling: (0..).zip(&versions).filter(scales).map(|(idx, _)| idx).collect(),
    };
    let (cold_min, cold_max) = span_of(report, &node.object("coldStart"));
    let log = node.object("log");
    let function = FunctionConfig {
        name: node.text("FunctionName"),
        timeout: SimDuration::from_secs(node.u64("Timeout")),
        memory_mb: node.u32("MemorySize"),
        reserved_concurrent_executions: node.some_u32("ReservedConcurrentExecutions"),
        versions,
        aliases: aliases.into_iter().filter_map(alias_config).collect(),
        cold_start: (SimDuration(cold_min.into()), SimDuration(cold_max.into())),
        idle_timeout: node.span("idleTimeout"),
        log: LogTemplates {
            start: log.some_text("start"),
            success: log.some_text("success"),
            failure: log.some_text("failure"),
        },
    };
    (names, function)
}

/// AWS: all reservations together are at most the account's concurrency.
pub(super) fn check_reservations(report: &mut Report<'_>, nodes: &[Node<'_>], account: u32) {
    let field = "ReservedConcurrentExecutions";
    let mut left = account;
    for node in nodes {
        match left.checked_sub(node.some_u32(field).unwrap_or(0)) {
            Some(rest) => left = rest,
            None => {
                let limit = u64::from(left);
                node.problem(
                    report,
                    field,
                    bound(Relation::AtMost, limit, Unit::None, "concurrentExecutions"),
                );
            }
        }
    }
}

fn alias_config((name, routing): (Option<String>, Option<Routing>)) -> Option<AliasConfig> {
    Some(AliasConfig { name: name?, routing: routing? })
}

/// The versions, oldest first, and whether their numbers run from 1 without a gap.
fn versions(report: &mut Report<'_>, node: &Node<'_>) -> (Vec<VersionConfig>, bool) {
    let entries = node.entries("versions");
    let count = entries.iter().filter(|(key, _)| Format::Version.accepts(key)).count();
    let mut complete = count > 0 && count == entries.len();
    let mut versions: Vec<Option<VersionConfig>> = (0..count).map(|_| None).collect();
    for (key, item) in entries {
        let place = key.parse::<usize>().ok().filter(|number| (1..=count).contains(number));
        if Format::Version.accepts(key) && place.is_none() {
            report.add_found(&item.path, Some(&key.into()), ProblemKind::VersionGap(count));
            complete = false;
        }
        let version = item.object(VERSION).and_then(|node| {
            let handler = handler(report, node.item("handler")?)?;
            Some(VersionConfig { tag: node.some_text("tag").unwrap_or_else(|| format!("v{key}")), handler })
        });
        if let (Some(number), Some(version)) = (place, version) {
            versions[number - 1] = Some(version);
        }
    }
    if complete {
        // A handler that could not be read keeps its place, so that references to its version hold.
        let unread = || VersionConfig { tag: String::new(), handler: UNREAD };
        return (versions.into_iter().map(|version| version.unwrap_or_else(unread)).collect(), true);
    }
    (versions.into_iter().flatten().collect(), false)
}

/// Stands in for a handler that could not be read.
const UNREAD: Handler = Handler::Rules(RuleHandler {
    per_record: SimDuration::ZERO,
    per_invocation: SimDuration::ZERO,
    rules: Vec::new(),
    stop_at_first_report: false,
});

/// Name of each alias, and what it stands for.
fn aliases(
    report: &mut Report<'_>,
    node: &Node<'_>,
    n_versions: Option<u32>,
) -> Vec<(Option<String>, Option<Routing>)> {
    let shorthand = node.item("alias");
    if node.has_items("aliases") && shorthand.is_some() {
        node.problem(report, "alias", ProblemKind::Conflict { with: "aliases" });
    }
    let mut taken = Taken::default();
    let mut aliases = Vec::new();
    for item in node.items("aliases").into_iter().chain(shorthand) {
        let Some(node) = item.object(ALIAS) else {
            aliases.push((None, None));
            continue;
        };
        taken.check(report, &node, "Name");
        aliases.push((node.some_text("Name"), routing(report, &node, n_versions)));
    }
    aliases
}

/// What an alias stands for.
fn routing(report: &mut Report<'_>, node: &Node<'_>, n_versions: Option<u32>) -> Option<Routing> {
    let version = alias_version(report, node, n_versions);
    let weights = node.object("RoutingConfig").entries("AdditionalVersionWeights");
    let Some((key, item)) = weights.into_iter().next() else {
        return Some(Routing { version: version?, additional: None });
    };
    let count = n_versions?;
    let Some(number) = key.parse::<u32>().ok().filter(|number| (1..=count).contains(number)) else {
        if Format::Version.accepts(key) {
            report.add_found(&item.path, Some(&key.into()), no_version(Target::Version, count));
        }
        return None;
    };
    let routing = Routing { version: version?, additional: Some((number - 1, check::decimal(item.value)?)) };
    if let Err(said) = routing.check() {
        report.add_found(&item.path, Some(&key.into()), ProblemKind::Refused(said));
    }
    Some(routing)
}

/// The alias' version.
fn alias_version(report: &mut Report<'_>, node: &Node<'_>, n_versions: Option<u32>) -> Option<Version> {
    let field = "FunctionVersion";
    let text = node.some_text(field)?;
    if text == "$LATEST" {
        return Some(Version::Latest);
    }
    let count = n_versions?;
    let number = text.parse::<u32>().ok().filter(|number| (1..=count).contains(number));
    if number.is_none() {
        node.problem(report, field, no_version(Target::Version, count));
    }
    Some(Version::Published(number? - 1))
}

/// A version that is not there; these are.
pub(super) fn no_version(what: Target, count: u32) -> ProblemKind {
    ProblemKind::NoSuch { what, among: (1..=count).map(|number| number.to_string()).collect() }
}

fn handler(report: &mut Report<'_>, item: Item<'_>) -> Option<Handler> {
    let (kind, node) = item.variant(&HANDLER)?;
    match kind {
        "rules" => {
            let rules = node.objects("rules").iter().filter_map(|node| rule(report, node)).collect();
            let stop_at_first_report = node.boolean("stopAtFirstReport");
            Some(Handler::Rules(RuleHandler { stop_at_first_report, ..work(&node, rules) }))
        }
        "respond" => {
            let response = node.value("respond")?.into_owned();
            Some(Handler::Respond { work: work(&node, Vec::new()), response })
        }
        "scale" => {
            let node = node.object("scale");
            let (factor, records_per_shard) = (node.decimal("factor"), node.u64("recordsPerShard"));
            Some(Handler::Scale(Scaling { factor, records_per_shard }))
        }
        _ => None,
    }
}

fn work(node: &Node<'_>, rules: Vec<Rule>) -> RuleHandler {
    let (per_record, per_invocation) = (node.span("perRecord"), node.span("perInvocation"));
    RuleHandler { per_record, per_invocation, rules, stop_at_first_report: false }
}

fn rule(report: &mut Report<'_>, node: &Node<'_>) -> Option<Rule> {
    let actions = [
        ("throw", Action::Throw),
        ("throwAtEnd", Action::ThrowAtEnd),
        ("timeout", Action::Timeout),
        ("crash", Action::Crash),
        ("report", Action::Report),
        ("return", Action::Return),
    ];
    let when = condition(report, node.item("when")?)?;
    Some(Rule { when, then: node.choice("then", &actions) })
}

/// Reads a condition; where an object holds several, all have to be met.
fn condition(report: &mut Report<'_>, item: Item<'_>) -> Option<Condition> {
    let Allowed::Object(fields) = CONDITION else { return None };
    let node = item.object(fields).filter(|node| node.path.len() <= super::DEPTH_MAX)?;
    let known: Vec<&str> = node.keys().filter(|key| fields.iter().any(|field| field.name == *key)).collect();
    if known.is_empty() {
        report.add(&node.path, ProblemKind::NoneOf(fields.iter().map(|field| field.name).collect()));
        return None;
    }
    if let (Some(from), Some(to)) = (node.some_u64("from"), node.some_u64("to"))
        && to <= from
    {
        node.problem(report, "to", bound(Relation::Above, from, Unit::None, "from"));
    }
    let mut parts: Vec<Condition> = known.into_iter().filter_map(|key| part(report, &node, key)).collect();
    if parts.len() == 1 { parts.pop() } else { Some(Condition::All(parts)) }
}

fn part(report: &mut Report<'_>, node: &Node<'_>, key: &str) -> Option<Condition> {
    Some(match key {
        "positionInBatch" => Condition::PositionInBatch(node.u32(key)),
        "partitionKey" => Condition::PartitionKey(node.text(key)),
        "number" => Condition::Number(node.u32(key)),
        "record" => Condition::Record(node.u32(key)),
        "dataContains" => Condition::DataContains(node.text(key)),
        "attempt" => Condition::Attempt(node.u32(key)),
        "from" => Condition::From(node.time(key)),
        "to" => Condition::To(node.time(key)),
        "chance" => Condition::Chance(chance(report, node)?),
        "any" => Condition::Any(conditions(report, node.items("any"))),
        "all" => Condition::All(conditions(report, node.items("all"))),
        _ => Condition::Not(Box::new(condition(report, node.item("not")?)?)),
    })
}

fn conditions(report: &mut Report<'_>, items: Vec<Item<'_>>) -> Vec<Condition> {
    items.into_iter().filter_map(|item| condition(report, item)).collect()
}

/// `[favourable, all]`: at least 1 in all, and no more favourable ones than that.
fn chance(report: &mut Report<'_>, node: &Node<'_>) -> Option<Ratio> {
    let items = node.items("chance");
    let number = |item: &Item<'_>| u64::try_from(super::check::integer(item.value)?).ok();
    let [favourable, whole] = items.as_slice() else { return None };
    let (numerator, denominator) = (number(favourable)?, number(whole)?);
    if denominator < numerator.max(1) {
        report.add(&whole.path, bound(Relation::AtLeast, numerator.max(1), Unit::None, "chance"));
    }
    Ratio::new(numerator, denominator)
}
