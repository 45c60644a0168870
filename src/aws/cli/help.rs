//! Usage errors and help, made from the tables.

use super::{EXIT_USAGE, Outcome, failure, kebab, options};
use crate::aws::shape::{Member, Operation, Presence, Service, Shape};

/// What stands above every usage error.
pub(super) const USAGE: &str = "
usage: aws [options] <command> <subcommand> [<subcommand> ...] [parameters]
To see help text, you can run:

  aws help
  aws <command> help
  aws <command> <subcommand> help
";

/// Wrong usage, with what is wrong.
pub(super) fn usage_error(message: &str) -> Outcome {
    failure(format!("{USAGE}\naws: error: {message}\n\n"), EXIT_USAGE)
}

/// A word that is none of the choices, which are listed in two columns, and those with a similar name again.
pub(super) fn invalid_choice(argument: &str, found: &str, choices: &[String]) -> Outcome {
    let mut text = format!("argument {argument}: Invalid choice, valid choices are:\n\n");
    for pair in choices.chunks(2) {
        let columns: Vec<String> = pair.iter().map(|choice| format!("{choice:<40}")).collect();
        text.push_str(&columns.join(" | "));
        text.push('\n');
    }
    let near: Vec<&String> = choices.iter().filter(|choice| is_near(found, choice)).collect();
    if !near.is_empty() {
        text.push_str(&format!("\n\nInvalid choice: '{found}', maybe you meant:\n\n"));
        for choice in near {
            text.push_str(&format!("  * {choice}\n"));
        }
    }
    usage_error(text.trim_end_matches('\n'))
}

/// Whether two names differ by at most a quarter of their letters.
fn is_near(found: &str, choice: &str) -> bool {
    let (found, choice) = (found.as_bytes(), choice.as_bytes());
    // A bound on the work, and on what could be near at all.
    if found.len().abs_diff(choice.len()) > choice.len() / 4 + 1 {
        return false;
    }
    let mut row: Vec<usize> = (0..=choice.len()).collect();
    for (i, a) in found.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in choice.iter().enumerate() {
            let cost = (diagonal + usize::from(a != b)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = row[j + 1];
            row[j + 1] = cost;
        }
    }
    row[choice.len()] <= choice.len() / 4 + 1
}

/// `aws help`.
pub(super) fn program(services: &[&'static Service]) -> String {
    let names = services.iter().map(|service| service.name.to_owned());
    format!(
        "NAME\n    aws\n\nSYNOPSIS\n    aws [options] <command> <subcommand> [parameters]\n\n\
         AVAILABLE SERVICES\n{}",
        bullets(names)
    )
}

/// `aws kinesis help`.
pub(super) fn service(service: &Service) -> String {
    let names = service.operations.iter().map(|operation| kebab(operation.name));
    format!("NAME\n    {}\n\nAVAILABLE COMMANDS\n{}", service.name, bullets(names))
}

/// `aws kinesis put-record help`.
pub(super) fn operation(operation: &Operation) -> String {
    let name = kebab(operation.name);
    let mut text = format!("NAME\n    {name}\n\nSYNOPSIS\n    {name}\n");
    for member in operation.input {
        let usage = usage(member);
        let line = if member.presence == Presence::Required { usage } else { format!("[{usage}]") };
        text.push_str(&format!("    {line}\n"));
    }
    text.push_str("    [--cli-input-json <value>]\n");
    if !operation.input.is_empty() {
        text.push_str("\nOPTIONS\n");
    }
    for member in operation.input {
        text.push_str(&format!("    {} ({})\n", options::option(member), kind(&member.shape)));
        let detail = detail(&member.shape);
        if !detail.is_empty() {
            text.push_str(&format!("        {detail}\n"));
        }
    }
    text
}

fn bullets(names: impl Iterator<Item = String>) -> String {
    names.map(|name| format!("    o {name}\n")).collect()
}

fn usage(member: &Member) -> String {
    let option = options::option(member);
    match member.shape {
        Shape::Boolean => format!("{option} | --no-{}", kebab(member.name)),
        Shape::String { .. }
        | Shape::Enum(_)
        | Shape::Integer { .. }
        | Shape::Double
        | Shape::Blob { .. }
        | Shape::Timestamp
        | Shape::Structure(_)
        | Shape::List { .. }
        | Shape::Map { .. }
        | Shape::Numbers => format!("{option} <value>"),
    }
}

/// The type as help names it.
fn kind(shape: &Shape) -> &'static str {
    match shape {
        Shape::String { .. } | Shape::Enum(_) => "string",
        Shape::Integer { .. } => "integer",
        Shape::Double => "double",
        Shape::Boolean => "boolean",
        Shape::Blob { .. } => "blob",
        Shape::Timestamp => "timestamp",
        Shape::Structure(_) => "structure",
        Shape::List { .. } => "list",
        Shape::Map { .. } | Shape::Numbers => "map",
    }
}

/// Values and bounds, in one line.
fn detail(shape: &Shape) -> String {
    match *shape {
        Shape::Enum(values) => format!("Possible values: {}", values.join(", ")),
        Shape::String { min, max, .. } if max < u32::MAX => format!("{min} to {max} characters"),
        Shape::Integer { min, max } if max < i32::MAX => format!("{min} to {max}"),
        Shape::Integer { min, .. } if min > i32::MIN => format!("at least {min}"),
        Shape::Structure(members) => format!("Shorthand Syntax: {}", pairs(members)),
        Shape::List { of: Shape::Structure(members), .. } => {
            format!("Shorthand Syntax: {} ...", pairs(members))
        }
        Shape::List { .. } => "Syntax: \"string\" \"string\" ...".to_owned(),
        Shape::Map { .. } => "Shorthand Syntax: KeyName1=string,KeyName2=string".to_owned(),
        Shape::Numbers => "Shorthand Syntax: KeyName1=double,KeyName2=double".to_owned(),
        Shape::String { .. }
        | Shape::Integer { .. }
        | Shape::Double
        | Shape::Boolean
        | Shape::Blob { .. }
        | Shape::Timestamp => String::new(),
    }
}

/// `Data=blob,PartitionKey=string`.
fn pairs(members: &[Member]) -> String {
    let pair = |member: &Member| format!("{}={}", member.name, kind(&member.shape));
    members.iter().map(pair).collect::<Vec<_>>().join(",")
}
