//! Commands and topics: checked in full, though no command can be played yet.

use super::function::Names;
use super::node::Node;
use super::report::Report;
use crate::scenario::problem::{Allowed, ProblemKind, Target};

/// A command is an operation with its service, a command line, or a fault: exactly one of them.
pub(super) fn command(report: &mut Report<'_>, node: &Node<'_>) {
    const KINDS: [&str; 3] = ["service", "cli", "fault"];
    let present: Vec<&'static str> = KINDS
        .into_iter()
        .filter(|&kind| node.has(kind) || (kind == "service" && node.has("operation")))
        .collect();
    let Some((&first, others)) = present.split_first() else {
        report.add(&node.path, ProblemKind::NoneOf(KINDS.to_vec()));
        return;
    };
    for other in others {
        node.problem(report, other, ProblemKind::Conflict { with: first });
    }
    for (field, with) in [("service", "operation"), ("operation", "service"), ("fault", "shardId")] {
        if node.has(field) && !node.has(with) {
            node.problem(report, with, ProblemKind::Missing(node.rule(with)));
        }
    }
    for (field, with) in [("request", "service"), ("shardId", "fault")] {
        if node.has(field) && !node.has(with) {
            node.problem(report, field, ProblemKind::OnlyWith { with });
        }
    }
}

/// A topic's functions have to be there.
pub(super) fn topic(report: &mut Report<'_>, node: &Node<'_>, functions: Option<&[Names]>) {
    let Allowed::List { of: rule, .. } = *node.rule("functions") else { return };
    let names = functions.and_then(|all| all.iter().map(|names| names.name.clone()).collect());
    let Some(names): Option<Vec<String>> = names else { return };
    for item in node.items("functions") {
        let Some(wanted) = item.text(rule) else { continue };
        if !names.iter().any(|name| name == wanted) {
            report.add(&item.path, ProblemKind::NoSuch { what: Target::Function, among: names.clone() });
        }
    }
}
