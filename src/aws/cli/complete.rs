//! What could come next on a line.

use super::{kebab, options, words};
use crate::aws::shape::{Operation, Service, Shape};

/// The words that the last, unfinished word of `line` could become, in alphabetical order.
#[must_use]
pub fn complete(line: &str, services: &[&'static Service]) -> Vec<String> {
    let Ok(mut words) = words::split(line) else { return Vec::new() };
    let unfinished = if line.ends_with(char::is_whitespace) { None } else { words.pop() };
    let prefix = unfinished.unwrap_or_default();
    let mut candidates = candidates(&words, &prefix, services);
    candidates.retain(|candidate| candidate.starts_with(&prefix));
    candidates.sort_unstable();
    candidates.dedup();
    candidates
}

/// All words that could stand after `words`.
fn candidates(words: &[String], prefix: &str, services: &[&'static Service]) -> Vec<String> {
    let Some((program, words)) = words.split_first() else { return vec!["aws".to_owned()] };
    if program != "aws" {
        return Vec::new();
    }
    let help = || std::iter::once("help".to_owned());
    let Some((name, words)) = words.split_first() else {
        return services.iter().map(|service| service.name.to_owned()).chain(help()).collect();
    };
    let Some(service) = services.iter().find(|service| service.name == name) else { return Vec::new() };
    let Some((name, words)) = words.split_first() else {
        return service.operations.iter().map(|operation| kebab(operation.name)).chain(help()).collect();
    };
    let operation = service.operations.iter().find(|operation| kebab(operation.name) == *name);
    operation.map_or_else(Vec::new, |operation| arguments(operation, words, prefix))
}

/// The values of the option before, or the options that are not there yet.
fn arguments(operation: &Operation, words: &[String], prefix: &str) -> Vec<String> {
    let last =
        words.last().and_then(|last| operation.input.iter().find(|member| options::option(member) == *last));
    match last.map(|member| member.shape) {
        Some(Shape::Enum(values)) => return values.iter().map(|&value| value.to_owned()).collect(),
        Some(
            Shape::String { .. }
            | Shape::Integer { .. }
            | Shape::Blob { .. }
            | Shape::Double
            | Shape::Timestamp
            | Shape::Structure(_)
            | Shape::Map { .. }
            | Shape::Numbers,
        ) => return Vec::new(),
        Some(Shape::Boolean | Shape::List { .. }) | None => {}
    }
    let mut options = Vec::new();
    for member in operation.input {
        options.push(options::option(member));
        if matches!(member.shape, Shape::Boolean) {
            options.push(format!("--no-{}", kebab(member.name)));
        }
    }
    options.push("--cli-input-json".to_owned());
    options.extend(options::WITH_VALUE.iter().chain(&options::FLAGS).map(|&name| name.to_owned()));
    options.retain(|option| !words.contains(option));
    if words.is_empty() && prefix.is_empty() {
        options.push("help".to_owned());
    }
    options
}
