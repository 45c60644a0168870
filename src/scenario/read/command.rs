//! Commands and topics.

use serde_json::{Map, Value};

use super::function::{Names, Taken};
use super::node::Node;
use super::producer::{bound, by_time};
use super::report::{Report, Step, path_text};
use crate::aws::cli;
use crate::aws::shape::Service;
use crate::kinesis::shard::parse_shard_id;
use crate::scenario::problem::{Allowed, ProblemKind, Relation, Target, Unit};
use crate::scenario::{Command, CommandAction, SERVICES, TopicConfig};
use crate::units::SimTime;

/// Reads all commands, by time.
pub(super) fn commands(report: &mut Report<'_>, nodes: &[Node<'_>], region: &str) -> Vec<Command> {
    let mut actions: Vec<_> = nodes.iter().map(|node| action(report, node, region)).collect();
    let command = |(at, idx): (_, usize)| Some(Command { at, action: actions[idx].take()? });
    by_time(nodes).into_iter().filter_map(command).collect()
}

/// A command is an operation with its service, a command line, a fault, or a redrive: exactly one of them.
fn action(report: &mut Report<'_>, node: &Node<'_>, region: &str) -> Option<CommandAction> {
    const KINDS: [&str; 4] = ["service", "cli", "fault", "redrive"];
    let present: Vec<&'static str> = KINDS
        .into_iter()
        .filter(|&kind| node.has(kind) || (kind == "service" && node.has("operation")))
        .collect();
    let Some((&first, others)) = present.split_first() else {
        report.add(&node.path, ProblemKind::NoneOf(KINDS.to_vec()));
        return None;
    };
    for other in others {
        node.problem(report, other, ProblemKind::Conflict { with: first });
    }
    for (field, with) in [("service", "operation"), ("operation", "service")] {
        if node.has(field) && !node.has(with) {
            node.problem(report, with, ProblemKind::Missing(node.rule(with)));
        }
    }
    if node.has("request") && !node.has("service") {
        node.problem(report, "request", ProblemKind::OnlyWith { with: "service" });
    }
    let fault = fault(report, node);
    match first {
        "service" => operation(report, node),
        "cli" => cli(report, node, region),
        "redrive" => redrive(node),
        _ => fault,
    }
}

/// The faults there are.
pub(super) const FAULTS: &[&str] = &[POLLER_RESTART, DESTINATION_FAILURE];
const POLLER_RESTART: &str = "pollerRestart";
const DESTINATION_FAILURE: &str = "destinationFailure";
/// Their fields, whether each is required, and the fault that it belongs to, as messages name it.
const FAULT_FIELDS: [(&str, bool, &str, &str); 3] = [
    ("shardId", true, POLLER_RESTART, "fault pollerRestart"),
    ("destination", true, DESTINATION_FAILURE, "fault destinationFailure"),
    ("until", false, DESTINATION_FAILURE, "fault destinationFailure"),
];

/// A fault with the fields that belong to it. Whether there is such a shard, or a mapping with such a destination,
/// shows when the time comes.
fn fault(report: &mut Report<'_>, node: &Node<'_>) -> Option<CommandAction> {
    let fault = node.some_text("fault");
    let known = fault.as_deref().is_none_or(|fault| FAULTS.contains(&fault));
    for (field, required, of, with) in FAULT_FIELDS.into_iter().filter(|_| known) {
        let own = fault.as_deref() == Some(of);
        if own && required && !node.has(field) {
            node.problem(report, field, ProblemKind::Missing(node.rule(field)));
        }
        if !own && node.has(field) {
            node.problem(report, field, ProblemKind::OnlyWith { with });
        }
    }
    if fault? == POLLER_RESTART {
        return Some(CommandAction::PollerRestart { shard: parse_shard_id(&node.some_text("shardId")?)? });
    }
    let until = node.some_u64("until");
    if let (Some(at), Some(until)) = (node.some_u64("at"), until)
        && until <= at
    {
        node.problem(report, "until", bound(Relation::Above, at, Unit::None, "at"));
    }
    let destination = node.some_text("destination")?;
    Some(CommandAction::DestinationFailure { destination, until: until.map(SimTime) })
}

/// Whether there is such a document shows when the time comes.
fn redrive(node: &Node<'_>) -> Option<CommandAction> {
    Some(CommandAction::Redrive { document: node.object("redrive").some_u32("document")? })
}

/// An operation of a service; its request is for the service to judge.
fn operation(report: &mut Report<'_>, node: &Node<'_>) -> Option<CommandAction> {
    let (name, operation) = (node.some_text("service")?, node.some_text("operation")?);
    let service = named(&name)?;
    let request = match node.value("request") {
        Some(request) => request.into_owned(),
        None => Value::Object(Map::new()),
    };
    let action = CommandAction::operation(&name, &operation, request);
    if action.is_none() {
        let among = service.operations.iter().map(|operation| operation.name.to_owned()).collect();
        node.problem(report, "operation", ProblemKind::NoSuch { what: Target::Operation, among });
    }
    action
}

/// A command line, which has to make a call in the scenario's region.
fn cli(report: &mut Report<'_>, node: &Node<'_>, region: &str) -> Option<CommandAction> {
    let line = node.some_text("cli")?;
    // What is no command at all is told below.
    let known = |words: Vec<String>| cli_service(&words).and_then(named).is_some();
    if !cli::split(&line).map_or(true, known) {
        let only = SERVICES.map(|service| format!("\"aws {} …\"", service.name)).join(", ");
        node.problem(report, "cli", ProblemKind::NotSupported { only: Some(only) });
        return None;
    }
    if let Some(outcome) = cli::without_call(&line, region, &SERVICES) {
        let said = if outcome.stderr.is_empty() { outcome.stdout } else { outcome.stderr };
        let said = said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default().to_owned();
        node.problem(report, "cli", ProblemKind::Refused(said));
        return None;
    }
    Some(CommandAction::Cli(line))
}

/// The service of a command line's words: the first after `aws` that belongs to no global option.
fn cli_service(words: &[String]) -> Option<&str> {
    let mut words = words.iter().map(String::as_str).skip(1);
    while let Some(word) = words.next() {
        if !word.starts_with("--") {
            return Some(word);
        }
        let alone = word.contains('=') || word.starts_with("--no-") || word == "--debug";
        if !alone {
            words.next();
        }
    }
    None
}

fn named(name: &str) -> Option<&'static Service> {
    SERVICES.into_iter().find(|service| service.name == name)
}

/// Reads all topics.
pub(super) fn topics(
    report: &mut Report<'_>,
    nodes: &[Node<'_>],
    functions: Option<&[Names]>,
) -> Vec<TopicConfig> {
    let mut taken = Taken::default();
    let mut topics = Vec::new();
    for node in nodes {
        taken.check(report, node, "TopicName");
        let functions = subscribers(report, node, functions);
        topics.push(TopicConfig { name: node.text("TopicName"), functions });
    }
    topics
}

/// A topic's functions: they have to be there, each once.
fn subscribers(report: &mut Report<'_>, node: &Node<'_>, functions: Option<&[Names]>) -> Vec<u32> {
    let Allowed::List { of: rule, .. } = *node.rule("functions") else { return Vec::new() };
    let names = functions.and_then(|all| all.iter().map(|names| names.name.clone()).collect());
    let Some(names): Option<Vec<String>> = names else { return Vec::new() };
    let mut subscribers = Vec::new();
    let mut paths: Vec<Vec<Step<'_>>> = Vec::new();
    for item in node.items("functions") {
        let Some(wanted) = item.text(rule) else { continue };
        let Some(idx) = names.iter().position(|name| name == wanted) else {
            report.add(&item.path, ProblemKind::NoSuch { what: Target::Function, among: names.clone() });
            continue;
        };
        if let Some(first) = subscribers.iter().position(|&other| other == idx as u32) {
            report.add(&item.path, ProblemKind::Duplicate { first: path_text(&paths[first]) });
        }
        subscribers.push(idx as u32);
        paths.push(item.path);
    }
    subscribers
}
