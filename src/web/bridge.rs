//! The exports for programs: `window.shardlab` on the page, the module's exports in Node and elsewhere.
//!
//! `docs/scenario.md`, Page API, describes them. What takes time answers with a promise; a promise is rejected
//! with an object that has a `message`, and for a scenario's problems `problems`.

use js_sys::{Function, JSON, Object, Promise, Reflect};
use serde::Serialize;
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;

use super::session::{self, Change};
use crate::exchange::page_api::{self, EventQuery, ProblemLine};
use crate::lang::Lang;
use crate::scenario::{CommandAction, Problem};
use crate::units::SimTime;
use crate::view::explain;
use crate::view::player::{Direction, Player, Speed, StepUnit};
use crate::view::text::MessageId;

/// Loads a scenario, given as an object or as JSON text, and stands at t = 0, paused. Rejected with
/// `{message, problems: [{path, found, allowed, message}]}`; the old run is kept then.
#[wasm_bindgen]
pub fn load(scenario: &JsValue) -> Promise {
    let text = scenario.as_string().or_else(|| JSON::stringify(scenario).ok()?.as_string());
    match session::load(text.as_deref().unwrap_or("null")) {
        Ok(()) => Promise::resolve(&JsValue::UNDEFINED),
        Err(problems) => Promise::reject(&problems_error(&problems)),
    }
}

/// Moves the playhead to `ms`, at most the scenario's end.
#[wasm_bindgen]
pub fn seek(ms: f64) -> Promise {
    moved(|player| player.seek(SimTime(ms.max(0.0) as u64)))
}

/// Moves the playhead by one `"event"`, `"batch"`, `"poll"` or `"second"`, forward (1) or back (-1), and pauses.
#[wasm_bindgen]
pub fn step(unit: &str, direction: f64) -> Promise {
    let unit = match unit {
        "event" => StepUnit::Event,
        "batch" => StepUnit::Batch,
        "poll" => StepUnit::Poll,
        "second" => StepUnit::Second,
        _ => return Promise::reject(&error(MessageId::ApiStepUnit)),
    };
    let direction = if direction < 0.0 { Direction::Back } else { Direction::Forward };
    moved(|player| player.step(unit, direction))
}

/// Calls an operation of AWS's API in the first millisecond not yet begun: `call("kinesis", "ListShards",
/// {"StreamName": "s"})`. Resolves to the response; rejected with `{type, message}`. It becomes part of the scenario.
#[wasm_bindgen]
pub fn call(service: &str, operation: &str, request: &JsValue) -> Promise {
    let request = JSON::stringify(request).ok().and_then(|text| text.as_string());
    let request = request.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or(Value::Null);
    let Some(action) = CommandAction::operation(service, operation, request) else {
        return Promise::reject(&typed_error("UnknownOperationException", ""));
    };
    let Some(done) = session::command(action) else {
        return Promise::reject(&error(MessageId::ApiNothingLoaded));
    };
    let answer = session::with_player(|player| player.sim().calls()[done.calls.0 as usize].answer.clone());
    match answer {
        Some(Ok(response)) => Promise::resolve(&parsed(Ok(response.to_string()))),
        Some(Err(error)) => Promise::reject(&typed_error(error.type_name, &error.message)),
        None => Promise::resolve(&JsValue::NULL),
    }
}

/// Runs a line of the AWS command line, as a terminal would, in the first millisecond not yet begun. Resolves to
/// `{stdout, stderr, exitCode}`. A line that makes a call becomes part of the scenario.
#[wasm_bindgen]
pub fn cli(line: &str) -> Promise {
    match session::cli(line) {
        Some(outcome) => {
            let text =
                json!({"stdout": outcome.stdout, "stderr": outcome.stderr, "exitCode": outcome.exit_code});
            Promise::resolve(&parsed(Ok(text.to_string())))
        }
        None => Promise::reject(&error(MessageId::ApiNothingLoaded)),
    }
}

/// Plays from the playhead.
#[wasm_bindgen]
pub fn play() {
    session::with_player(Player::play);
    session::notify(Change::Moved);
}

/// Stops where it is.
#[wasm_bindgen]
pub fn pause() {
    session::with_player(Player::pause);
    session::notify(Change::Moved);
}

/// Sets the speed: simulated milliseconds for each real one; `Infinity` is as fast as it can be computed.
#[wasm_bindgen(js_name = setSpeed)]
pub fn set_speed(times: f64) {
    let speed = if times == f64::INFINITY { Speed::Max } else { Speed::Times(times) };
    session::with_player(|player| player.set_speed(speed));
    session::notify(Change::Moved);
}

/// The simulation at the playhead.
///
/// # Errors
/// No scenario is loaded.
#[wasm_bindgen]
pub fn state() -> Result<JsValue, JsValue> {
    answer(|player| page_api::state(player.sim()))
}

/// One page of the events up to the playhead: `{from, to, type, limit, cursor}`, all optional.
///
/// # Errors
/// No scenario is loaded.
#[wasm_bindgen]
pub fn events(query: &JsValue) -> Result<JsValue, JsValue> {
    let number = |name: &str| {
        let value = Reflect::get(query, &name.into()).ok()?.as_f64()?;
        Some(value.max(0.0) as u64)
    };
    let query = EventQuery {
        from: number("from"),
        to: number("to"),
        kind: Reflect::get(query, &"type".into()).ok().and_then(|value| value.as_string()),
        limit: number("limit").map(|limit| limit as usize),
        cursor: number("cursor").map(|cursor| cursor as u32),
    };
    // Requests and responses of AWS's API are JSON already: as text, their numbers stay numbers.
    match session::with_player(|player| serde_json::to_string(&page_api::events(player.sim(), &query))) {
        Some(text) => Ok(parsed(text)),
        None => Err(error(MessageId::ApiNothingLoaded)),
    }
}

/// One value a minute of each metric, up to the playhead.
///
/// # Errors
/// No scenario is loaded.
#[wasm_bindgen]
pub fn metrics() -> Result<JsValue, JsValue> {
    answer(|player| page_api::metrics(player.sim()))
}

/// Why an object is as it is: `explain("record", 5)`, `explain("lane", "0-0-1")`; the kinds and ids are those of
/// links. `null` where there is no such object at the playhead.
///
/// # Errors
/// No scenario is loaded.
#[wasm_bindgen]
pub fn explain(kind: &str, id: &JsValue) -> Result<JsValue, JsValue> {
    let id = id.as_string().or_else(|| id.as_f64().map(|id| id.to_string())).unwrap_or_default();
    let lang = session::with(|session| session.lang);
    answer(|player| explain::answer(player.sim(), kind, &id, lang))
}

/// What came of the run up to the playhead.
///
/// # Errors
/// No scenario is loaded.
#[wasm_bindgen]
pub fn summary() -> Result<JsValue, JsValue> {
    answer(|player| player.sim().summary())
}

/// The digest of all events up to the playhead: 16 hex digits; empty while no scenario is loaded.
#[wasm_bindgen]
#[must_use]
pub fn digest() -> String {
    session::with_player(|player| player.sim().digest()).unwrap_or_default()
}

/// Sets the language, `"en"` or `"ja"`; any other is ignored.
#[wasm_bindgen(js_name = setLanguage)]
pub fn set_language(code: &str) {
    if let Some(lang) = Lang::of_code(code) {
        session::with(|session| session.lang = lang);
        session::notify(Change::Language);
    }
}

/// Calls `listener` whenever the run is `"loaded"`, has `"moved"`, or the `"language"` changes.
///
/// # Errors
/// There is no such type.
#[wasm_bindgen]
pub fn on(kind: &str, listener: Function) -> Result<(), JsValue> {
    let wanted = match kind {
        "loaded" => Change::Loaded,
        "moved" => Change::Moved,
        "language" => Change::Language,
        _ => return Err(error(MessageId::ApiListenerType)),
    };
    session::listen(move |change| {
        let moved = wanted == Change::Moved && change == Change::Commanded;
        if (change == wanted || moved) && listener.call0(&JsValue::NULL).is_err() {
            // A listener that throws must not stop the run or the other listeners.
        }
    });
    Ok(())
}

/// MD5 and routing alone, for `records` fresh keys: what `cargo xtask bench` compares the engine with.
#[cfg(feature = "bench")]
#[wasm_bindgen(js_name = benchReference)]
#[must_use]
pub fn bench_reference(records: u32) -> u32 {
    crate::kinesis::stream::route_fresh_keys(records)
}

/// Does something to the run and tells the listeners.
fn moved(action: impl FnOnce(&mut Player)) -> Promise {
    match session::with_player(action) {
        Some(()) => {
            session::notify(Change::Moved);
            Promise::resolve(&JsValue::UNDEFINED)
        }
        None => Promise::reject(&error(MessageId::ApiNothingLoaded)),
    }
}

/// Something about the run, as a plain JavaScript object.
fn answer<T: Serialize>(look: impl FnOnce(&Player) -> T) -> Result<JsValue, JsValue> {
    let data =
        session::with_player(|player| look(player)).ok_or_else(|| error(MessageId::ApiNothingLoaded))?;
    Ok(data.serialize(&serde_wasm_bindgen::Serializer::json_compatible())?)
}

/// The value of a JSON text.
fn parsed(text: serde_json::Result<String>) -> JsValue {
    text.ok().and_then(|text| JSON::parse(&text).ok()).unwrap_or(JsValue::NULL)
}

fn error(message: MessageId) -> JsValue {
    js_sys::Error::new(message.text(session::with(|session| session.lang))).into()
}

/// An error of AWS's: an `Error` with its `type`.
fn typed_error(type_name: &str, message: &str) -> JsValue {
    let error = js_sys::Error::new(message);
    let object: &Object = &error;
    // Setting a property of a new object does not fail.
    let _ = Reflect::set(object, &"type".into(), &type_name.into());
    error.into()
}

fn problems_error(problems: &[Problem]) -> JsValue {
    let lang = session::with(|session| session.lang);
    let lines: Vec<ProblemLine> = problems.iter().map(|problem| ProblemLine::new(problem, lang)).collect();
    let error = js_sys::Error::new(&MessageId::ApiInvalidScenario.fill(lang, &[&problems.len()]));
    let object: &Object = &error;
    // Setting a property of a new object does not fail.
    let _ = Reflect::set(object, &"problems".into(), &parsed(serde_json::to_string(&lines)));
    error.into()
}
