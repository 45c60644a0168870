//! Documents to test with, and their paths.

use serde_json::Value;
use shardlab::scenario::{Problem, Scenario};

/// Text of `tests/fixtures/scenarios/<name>.json`.
pub(crate) fn fixture(name: &str) -> String {
    let path = format!("{}/tests/fixtures/scenarios/{name}.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The document's problems.
pub(crate) fn read(document: &Value) -> Vec<Problem> {
    Scenario::from_value(document).err().unwrap_or_default()
}

/// Paths of everything below the root, as problems name them.
pub(crate) fn paths(value: &Value) -> Vec<String> {
    fn walk(value: &Value, path: &str, paths: &mut Vec<String>) {
        if path != "$" {
            paths.push(path.into());
        }
        for (key, member) in value.as_object().into_iter().flatten() {
            let plain = key.starts_with(|first: char| first.is_ascii_alphabetic());
            let step = if plain { format!(".{key}") } else { format!("[\"{key}\"]") };
            walk(member, &format!("{path}{step}"), paths);
        }
        for (idx, item) in value.as_array().into_iter().flatten().enumerate() {
            walk(item, &format!("{path}[{idx}]"), paths);
        }
    }
    let mut paths = Vec::new();
    walk(value, "$", &mut paths);
    paths
}

/// Puts a value at a path, making the last step where it is not there; `None` removes it.
pub(crate) fn set(document: &mut Value, path: &str, value: Option<Value>) {
    let pointer = path.replace(['.', '['], "/").replace([']', '"'], "");
    let pointer = pointer.strip_prefix('$').expect("a path from the root");
    let (parent, last) = pointer.rsplit_once('/').expect("a path below the root");
    let parent = document.pointer_mut(parent).unwrap_or_else(|| panic!("{path}: no such place"));
    if let Some(object) = parent.as_object_mut() {
        match value {
            Some(value) => object.insert(last.into(), value),
            None => object.shift_remove(last),
        };
    } else if let Some(list) = parent.as_array_mut() {
        let idx: usize = last.parse().expect("an index");
        match value {
            Some(value) => list[idx] = value,
            None => drop(list.remove(idx)),
        }
    }
}
