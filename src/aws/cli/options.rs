//! Arguments to a request.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Number, Value};

use super::{EXIT_OTHER, EXIT_USAGE, Outcome, check, failure, help, kebab, shorthand};
use crate::aws::answer::timestamp;
use crate::aws::shape::{Member, Operation, Presence, Shape};
use crate::units::WallTime;

/// Options that every command has.
#[derive(Clone, Debug, Default)]
pub(super) struct Globals {
    /// `--region`.
    pub(super) region: Option<String>,
    /// `--no-paginate`.
    pub(super) no_paginate: bool,
    /// `--cli-binary-format raw-in-base64-out`: binary values are plain texts.
    pub(super) raw_binary: bool,
}

/// Names of the options that every command has and that take a value.
pub(super) const WITH_VALUE: [&str; 3] = ["--cli-binary-format", "--output", "--region"];
/// Names of the options that every command has and that stand alone.
pub(super) const FLAGS: [&str; 2] = ["--no-cli-pager", "--no-paginate"];

/// Takes the options that every command has out of the arguments, wherever they stand.
pub(super) fn globals(arguments: &[String]) -> Result<(Globals, Vec<String>), Outcome> {
    let mut globals = Globals::default();
    let mut others = Vec::new();
    let mut arguments = arguments.iter().peekable();
    while let Some(argument) = arguments.next() {
        let (name, inline) = match argument.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (argument.as_str(), None),
        };
        if WITH_VALUE.contains(&name) {
            let value = inline.or_else(|| arguments.next_if(|next| !is_option(next)).map(String::as_str));
            let Some(value) = value else {
                return Err(help::usage_error(&format!("argument {name}: expected one argument")));
            };
            let choices: &[&str] = match name {
                "--output" => &["json"],
                "--cli-binary-format" => &["base64", "raw-in-base64-out"],
                _ => {
                    globals.region = Some(value.to_owned());
                    continue;
                }
            };
            if !choices.contains(&value) {
                let choices: Vec<String> = choices.iter().map(|&choice| choice.to_owned()).collect();
                return Err(help::invalid_choice(name, value, &choices));
            }
            globals.raw_binary |= value == "raw-in-base64-out";
        } else if FLAGS.contains(&argument.as_str()) {
            globals.no_paginate |= argument == "--no-paginate";
        } else {
            others.push(argument.clone());
        }
    }
    Ok((globals, others))
}

/// Makes the request of an operation from its arguments.
pub(super) fn request(
    operation: &Operation,
    globals: &Globals,
    arguments: &[String],
) -> Result<Value, Outcome> {
    let mut given = Map::new();
    let mut base = Map::new();
    let mut has_base = false;
    // Unknown options, then words that belong to none.
    let (mut unknown, mut stray) = (Vec::new(), Vec::new());
    let mut rest = arguments;
    while let Some((argument, after)) = rest.split_first() {
        rest = after;
        if !is_option(argument) {
            stray.push(argument.clone());
            continue;
        }
        let (name, inline) = match argument.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (argument.as_str(), None),
        };
        let words = rest.iter().take_while(|word| !is_option(word)).count();
        if name == "--cli-input-json" {
            base = input_json(&one(name, inline, words, &mut rest)?)?;
            has_base = true;
            continue;
        }
        let Some((member, flag)) = member(operation, name) else {
            unknown.push(argument.clone());
            continue;
        };
        let value = match (member.shape, inline) {
            (Shape::Boolean, None) => Value::Bool(flag),
            (Shape::List { of, .. }, None) => {
                let (items, after) = rest.split_at(words);
                rest = after;
                list(name, of, items)?
            }
            (shape, inline) => scalar(name, &shape, &one(name, inline, words, &mut rest)?)?,
        };
        given.insert(member.name.to_owned(), value);
    }
    let missing: Vec<String> = operation
        .input
        .iter()
        .filter(|member| member.presence == Presence::Required && !given.contains_key(member.name))
        .map(option)
        .collect();
    if !missing.is_empty() && !has_base {
        let message = format!("the following arguments are required: {}", missing.join(", "));
        return Err(help::usage_error(&message));
    }
    if !unknown.is_empty() || !stray.is_empty() {
        unknown.extend(stray);
        let text = format!("{}\nUnknown options: {}\n", help::USAGE, unknown.join(", "));
        return Err(failure(text, EXIT_USAGE));
    }
    base.extend(given);
    let parameters = Value::Object(base);
    check::parameters(operation.input, &parameters)?;
    wire(&Shape::Structure(operation.input), &parameters, globals)
}

/// `--stream-name` for the member StreamName.
pub(super) fn option(member: &Member) -> String {
    format!("--{}", kebab(member.name))
}

/// The member that an option sets, and to what where it is a flag.
fn member(operation: &Operation, name: &str) -> Option<(&'static Member, bool)> {
    let named = |name: &str| operation.input.iter().find(|member| option(member) == name);
    let negated = || {
        let member = named(&format!("--{}", name.strip_prefix("--no-")?))?;
        matches!(member.shape, Shape::Boolean).then_some((member, false))
    };
    named(name).map(|member| (member, true)).or_else(negated)
}

/// Whether an argument is an option: it begins with a dash, and is neither a negative number nor a phrase.
fn is_option(argument: &str) -> bool {
    let Some(rest) = argument.strip_prefix('-') else { return false };
    let number = !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    !rest.is_empty() && !number && !argument.contains(' ')
}

/// The one value of an option: after `=`, or the next of the `words` that follow.
fn one(name: &str, inline: Option<String>, words: usize, rest: &mut &[String]) -> Result<String, Outcome> {
    if let Some(value) = inline {
        return Ok(value);
    }
    match rest.split_first().filter(|_| words > 0) {
        Some((value, after)) => {
            *rest = after;
            Ok(value.clone())
        }
        None => Err(help::usage_error(&format!("argument {name}: expected one argument"))),
    }
}

fn input_json(text: &str) -> Result<Map<String, Value>, Outcome> {
    match json("cli-input-json", text)? {
        Value::Object(object) => Ok(object),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Err(unreadable("cli-input-json", "Invalid JSON: an object is expected", text))
        }
    }
}

/// A list: one JSON array, or an item for each word.
fn list(name: &str, of: &Shape, words: &[String]) -> Result<Value, Outcome> {
    if let [word] = words
        && word.trim_start().starts_with('[')
    {
        return json(name, word);
    }
    words.iter().map(|word| scalar(name, of, word)).collect::<Result<_, _>>().map(Value::Array)
}

/// Any value but a list of words.
fn scalar(name: &str, shape: &Shape, text: &str) -> Result<Value, Outcome> {
    if let Some(path) = text.strip_prefix("file://").or_else(|| text.strip_prefix("fileb://")) {
        let reason =
            format!("Unable to load paramfile {text}: [Errno 2] No such file or directory: '{path}'");
        return Err(parse_error(name, &reason));
    }
    match shape {
        Shape::String { .. } | Shape::Enum(_) | Shape::Blob { .. } | Shape::Timestamp => {
            Ok(Value::String(text.to_owned()))
        }
        Shape::Integer { .. } => integer(text.trim()).map(Value::Number).ok_or_else(|| {
            failure(format!("\ninvalid literal for int() with base 10: '{text}'\n"), EXIT_OTHER)
        }),
        Shape::Double => match text.trim().parse::<Number>() {
            Ok(number) => Ok(Value::Number(number)),
            Err(_) => Err(failure(format!("\ncould not convert string to float: '{text}'\n"), EXIT_OTHER)),
        },
        Shape::Boolean => Ok(Value::Bool(text.eq_ignore_ascii_case("true"))),
        Shape::List { .. } | Shape::Structure(_) | Shape::Map { .. } | Shape::Numbers => {
            if text.trim_start().starts_with(['{', '[']) {
                return json(name, text);
            }
            if shorthand::is_too_deep(text) {
                return Err(parse_error(name, "brackets are nested too deep"));
            }
            let value = shorthand::parse(text).map_err(|wrong| parse_error(name, &wrong))?;
            Ok(typed(shape, value))
        }
    }
}

/// An integer of any size: what is too large is for the service to refuse.
fn integer(text: &str) -> Option<Number> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    match digits.trim_start_matches('0') {
        "" => Some(0.into()),
        digits => format!("{sign}{digits}").parse().ok(),
    }
}

/// Gives the texts of a shorthand the types that the shape asks for.
fn typed(shape: &Shape, value: Value) -> Value {
    match (*shape, value) {
        (Shape::Structure(members), Value::Object(object)) => {
            let typed_member = |(name, value): (String, Value)| {
                let member = members.iter().find(|member| member.name == name);
                let value = match member {
                    Some(member) => typed(&member.shape, value),
                    None => value,
                };
                (name, value)
            };
            Value::Object(object.into_iter().map(typed_member).collect())
        }
        (Shape::List { of, .. }, Value::Array(items)) => {
            Value::Array(items.into_iter().map(|item| typed(of, item)).collect())
        }
        (Shape::List { of, .. }, value) => Value::Array(vec![typed(of, value)]),
        (Shape::Integer { .. }, Value::String(text)) => {
            integer(&text).map_or_else(|| Value::String(text), Value::Number)
        }
        (Shape::Double, Value::String(text)) => match text.parse::<Number>() {
            Ok(number) => Value::Number(number),
            Err(_) => Value::String(text),
        },
        (Shape::Numbers, Value::Object(entries)) => {
            let number = |text: &str| Number::from_f64(text.parse().ok()?).map(Value::Number);
            let entry = |(key, value): (String, Value)| {
                let number = value.as_str().and_then(number);
                (key, number.unwrap_or(value))
            };
            Value::Object(entries.into_iter().map(entry).collect())
        }
        (Shape::Boolean, Value::String(text)) => Value::Bool(text.eq_ignore_ascii_case("true")),
        (_, value) => value,
    }
}

/// Makes of checked parameters what goes to the service: moments as seconds, bytes as base64.
fn wire(shape: &Shape, value: &Value, globals: &Globals) -> Result<Value, Outcome> {
    match (*shape, value) {
        (Shape::Structure(members), Value::Object(object)) => {
            let mut wired = Map::new();
            for member in members {
                if let Some(value) = object.get(member.name) {
                    wired.insert(member.name.to_owned(), wire(&member.shape, value, globals)?);
                }
            }
            Ok(Value::Object(wired))
        }
        (Shape::List { of, .. }, Value::Array(items)) => {
            items.iter().map(|item| wire(of, item, globals)).collect::<Result<_, _>>().map(Value::Array)
        }
        (Shape::Timestamp, Value::String(text)) => Ok(moment(text).unwrap_or(Value::Null)),
        (Shape::Blob { .. }, Value::String(text)) if globals.raw_binary => {
            Ok(Value::String(STANDARD.encode(text)))
        }
        (Shape::Blob { .. }, Value::String(text)) if STANDARD.decode(text).is_err() => {
            Err(failure(format!("\nInvalid base64: \"{text}\"\n"), EXIT_USAGE))
        }
        (_, value) => Ok(value.clone()),
    }
}

/// Reads a moment: seconds since 1970, or ISO 8601, in UTC where it has no offset.
pub(super) fn moment(text: &str) -> Option<Value> {
    if let Ok(number) = text.parse::<Number>() {
        return Some(Value::Number(number));
    }
    let candidates = [text.to_owned(), format!("{text}Z"), format!("{text}T00:00:00Z")];
    candidates.iter().find_map(|text| WallTime::parse(text)).map(timestamp)
}

fn json(name: &str, text: &str) -> Result<Value, Outcome> {
    serde_json::from_str(text).map_err(|error| unreadable(name, &format!("Invalid JSON: {error}"), text))
}

fn unreadable(name: &str, reason: &str, text: &str) -> Outcome {
    parse_error(name, &format!("{reason}\nJSON received: {text}"))
}

fn parse_error(name: &str, reason: &str) -> Outcome {
    failure(format!("\nError parsing parameter '{name}': {reason}\n"), EXIT_USAGE)
}
