//! Calls an operation, and the command line's habit of asking for all pages of an answer.
//!
//! AWS: CLI user guide, "Pagination options", read 2026-11-22; tables of botocore's `paginators-1.json`. An option
//! that steers paging by hand turns it off, and the answer is then shown as it came.

use serde_json::{Map, Value};

use super::Caller;
use super::options::Globals;
use crate::aws::error::ApiError;
use crate::aws::shape::{Operation, Paginator, Service, Token};

/// Most pages of one command. Own limit; the last page's token is shown where it is reached.
const PAGES_MAX: u32 = 1000;

/// The whole answer to a request.
pub(super) fn call(
    service: &Service,
    operation: &Operation,
    globals: &Globals,
    request: Value,
    call: &mut Caller<'_>,
) -> Result<Value, ApiError> {
    let paginator = service.paginators.iter().find(|paginator| paginator.operation == operation.name);
    let by_hand = |paginator: &&Paginator| {
        [paginator.limit, paginator.input].iter().any(|&name| request.get(name).is_some())
    };
    let Some(paginator) = paginator.filter(|paginator| !globals.no_paginate && !by_hand(paginator)) else {
        return call(service, operation, &request);
    };
    let Value::Object(mut request) = request else { return call(service, operation, &request) };
    let mut results: Vec<Vec<Value>> = paginator.results.iter().map(|_| Vec::new()).collect();
    let mut pages = 0;
    loop {
        let page = call(service, operation, &Value::Object(request.clone()))?;
        pages += 1;
        let inner = if paginator.inside.is_empty() { &page } else { &page[paginator.inside] };
        for (result, &name) in results.iter_mut().zip(paginator.results) {
            result.extend(inner[name].as_array().cloned().unwrap_or_default());
        }
        match next_token(paginator, inner) {
            Some(token) if pages < PAGES_MAX => {
                // A token stands for the rest of the first request, where the model says so.
                for name in paginator.replaced {
                    request.remove(*name);
                }
                request.insert(paginator.input.to_owned(), token);
            }
            token => return Ok(joined(paginator, inner, results, token)),
        }
    }
}

/// What the next page is asked for by; `None` after the last.
fn next_token(paginator: &Paginator, inner: &Value) -> Option<Value> {
    if !paginator.more.is_empty() && inner[paginator.more] != Value::Bool(true) {
        return None;
    }
    let token = match paginator.token {
        Token::Member(name) => inner.get(name)?,
        Token::LastItem(name) => inner[paginator.results[0]].as_array()?.last()?.get(name)?,
    };
    (!token.is_null()).then(|| token.clone())
}

/// One answer from all pages: the lists, then the other members, those that are not there as null.
fn joined(paginator: &Paginator, inner: &Value, results: Vec<Vec<Value>>, token: Option<Value>) -> Value {
    let mut members = Map::new();
    for (&name, result) in paginator.results.iter().zip(results) {
        members.insert(name.to_owned(), Value::Array(result));
    }
    for &name in paginator.kept {
        members.insert(name.to_owned(), inner.get(name).cloned().unwrap_or_default());
    }
    if let Some(token) = token {
        members.insert("NextToken".to_owned(), token);
    }
    if paginator.inside.is_empty() {
        return Value::Object(members);
    }
    Value::Object(Map::from_iter([(paginator.inside.to_owned(), Value::Object(members))]))
}
