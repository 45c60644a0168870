//! The AWS command line: a line of text to API calls, and their answers to what a terminal would show.
//!
//! Commands, options, help and completion are made from the services' tables. The line is read as a POSIX shell
//! reads a simple command; then as version 2 of the AWS CLI reads its arguments.
//!
//! AWS: texts of AWS CLI 1.45.11, run 2026-11-22, with what version 2 does differently: exit codes, ISO 8601
//! timestamps, base64 as the form of binary values. Not taken: `--query`, `--output` other than JSON,
//! abbreviated options, files.

mod check;
mod complete;
mod help;
mod kebab;
mod options;
mod pages;
mod print;
mod shorthand;
mod words;

use serde_json::Value;

pub use complete::complete;
pub use kebab::kebab;
pub use words::split;

use super::error::ApiError;
use super::shape::{Operation, Service};

/// What a command leaves behind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// 0, or why it failed.
    pub exit_code: u8,
}

/// The exit code of a line that no shell would run. Assumption: bash's.
pub const EXIT_SHELL: u8 = 2;
/// The exit code of wrong usage. AWS: CLI user guide, "Return codes", read 2026-11-22.
pub const EXIT_USAGE: u8 = 252;
/// The exit code where the service answered with an error. AWS: as above.
pub const EXIT_SERVICE: u8 = 254;
/// The exit code of every other failure. AWS: as above.
pub const EXIT_OTHER: u8 = 255;

/// Whatever makes an API call: service, operation and request to the answer. Of one line, every call after the
/// first asks for another page of its answer.
pub type Caller<'a> = dyn FnMut(&Service, &Operation, &Value) -> Result<Value, ApiError> + 'a;

/// Runs one line in the account's region. An empty line does nothing.
#[must_use]
pub fn run(line: &str, region: &str, services: &[&'static Service], call: &mut Caller<'_>) -> Outcome {
    let words = match words::split(line) {
        Ok(words) => words,
        Err(message) => return failure(message, EXIT_SHELL),
    };
    let Some((program, arguments)) = words.split_first() else { return Outcome::default() };
    if program != "aws" {
        return failure(format!("{program}: command not found\n"), 127);
    }
    aws(arguments, region, services, call).unwrap_or_else(|failed| failed)
}

/// What a line leaves behind that makes no call: help, or wrong usage; `None` where it makes one.
#[must_use]
pub fn without_call(line: &str, region: &str, services: &[&'static Service]) -> Option<Outcome> {
    let mut calls = false;
    let outcome = run(line, region, services, &mut |_, _, _| {
        calls = true;
        Ok(Value::Null)
    });
    (!calls).then_some(outcome)
}

/// Runs `aws` with these arguments.
fn aws(
    arguments: &[String],
    region: &str,
    services: &[&'static Service],
    call: &mut Caller<'_>,
) -> Result<Outcome, Outcome> {
    let (globals, arguments) = options::globals(arguments)?;
    let Some((name, arguments)) = arguments.split_first() else {
        return Err(help::usage_error("the following arguments are required: command"));
    };
    if name == "help" {
        return Ok(success(help::program(services)));
    }
    let Some(service) = services.iter().find(|service| service.name == name) else {
        let names: Vec<String> = services.iter().map(|service| service.name.to_owned()).collect();
        return Err(help::invalid_choice("command", name, &names));
    };
    let Some((name, arguments)) = arguments.split_first() else {
        return Err(help::usage_error("the following arguments are required: operation"));
    };
    if name == "help" {
        return Ok(success(help::service(service)));
    }
    let Some(operation) = service.operations.iter().find(|operation| kebab(operation.name) == *name) else {
        let names: Vec<String> = service.operations.iter().map(|operation| kebab(operation.name)).collect();
        return Err(help::invalid_choice("operation", name, &names));
    };
    if arguments.first().is_some_and(|first| first == "help") {
        return Ok(success(help::operation(operation)));
    }
    let request = options::request(operation, &globals, arguments)?;
    // There is but one region here; another one is as unreachable as without a network.
    if let Some(other) = globals.region.as_ref().filter(|&other| other != region) {
        let name = service.name;
        let text =
            format!("\nCould not connect to the endpoint URL: \"https://{name}.{other}.amazonaws.com/\"\n");
        return Err(failure(text, EXIT_OTHER));
    }
    let answer = pages::call(service, operation, &globals, request, call).map_err(|error| {
        let ApiError { type_name, message } = error;
        let name = operation.name;
        let text =
            format!("\nAn error occurred ({type_name}) when calling the {name} operation: {message}\n");
        failure(text, EXIT_SERVICE)
    })?;
    Ok(success(print::answer(&answer, service.timestamps)))
}

fn success(stdout: String) -> Outcome {
    Outcome { stdout, ..Outcome::default() }
}

fn failure(stderr: String, exit_code: u8) -> Outcome {
    Outcome { stdout: String::new(), stderr, exit_code }
}
