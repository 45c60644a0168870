//! A shipped scenario with changes: a JSON merge patch (RFC 7396) against its text, so that links stay short.

use serde_json::{Map, Value, json};
use xxhash_rust::xxh3::xxh3_64;

/// What was changed in a scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The id of the shipped scenario.
    pub of: String,
    /// Tells its text from those of other versions: the lowest four bytes of XXH3-64 of it without white space, as hex.
    base: String,
    /// The merge patch.
    patch: Value,
}

impl Change {
    /// What makes `text` of the scenario `of` with the text `base`. `None` where a merge patch cannot say it: it has no
    /// way to set a field to `null`.
    #[must_use]
    pub fn between(of: &str, base: &str, text: &str) -> Option<Self> {
        let document: Value = serde_json::from_str(base).ok()?;
        let patch = patch_between(&document, &serde_json::from_str(text).ok()?)?;
        Some(Self { of: of.to_owned(), base: fingerprint(&document), patch })
    }

    /// The text that comes of the scenario's text `base`; `None` where that is another one than the change was made of.
    #[must_use]
    pub fn applied_to(&self, base: &str) -> Option<String> {
        let mut document: Value = serde_json::from_str(base).ok()?;
        if fingerprint(&document) != self.base {
            return None;
        }
        apply(&mut document, &self.patch);
        Some(format!("{document:#}"))
    }

    /// The change as JSON.
    #[must_use]
    pub fn write(&self) -> String {
        json!({"of": self.of, "base": self.base, "patch": self.patch}).to_string()
    }

    /// Reads what [`Change::write`] wrote.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let document: Value = serde_json::from_str(text).ok()?;
        let text = |field: &str| document.get(field)?.as_str().map(str::to_owned);
        Some(Self { of: text("of")?, base: text("base")?, patch: document.get("patch")?.clone() })
    }
}

fn fingerprint(document: &Value) -> String {
    format!("{:08x}", xxh3_64(document.to_string().as_bytes()) as u32)
}

fn patch_between(from: &Value, to: &Value) -> Option<Value> {
    let (Value::Object(from), Value::Object(to)) = (from, to) else {
        return (!drops_null(to)).then(|| to.clone());
    };
    let mut patch = Map::new();
    for (field, value) in to {
        match from.get(field) {
            Some(before) if before == value => {}
            Some(before) => drop(patch.insert(field.clone(), patch_between(before, value)?)),
            None if drops_null(value) => return None,
            None => drop(patch.insert(field.clone(), value.clone())),
        }
    }
    let gone = from.keys().filter(|field| !to.contains_key(*field));
    patch.extend(gone.map(|field| (field.clone(), Value::Null)));
    Some(Value::Object(patch))
}

/// Whether a value loses something as part of a merge patch: `null`, itself or in an object. Lists are taken whole.
fn drops_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Object(fields) => fields.values().any(drops_null),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => false,
    }
}

/// RFC 7396, section 2.
fn apply(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Some(fields) = target.as_object_mut() else { return };
    for (field, value) in patch {
        if value.is_null() {
            fields.shift_remove(field);
        } else {
            apply(fields.entry(field.clone()).or_insert(Value::Null), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of RFC 7396, appendix A.
    #[test]
    fn patches_are_applied_as_the_standard_says() {
        #[track_caller]
        fn check(target: Value, patch: Value, expect: Value) {
            let mut result = target;
            apply(&mut result, &patch);
            assert_eq!(result, expect);
        }
        check(json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"}));
        check(json!({"a": "b", "b": "c"}), json!({"a": null}), json!({"b": "c"}));
        check(json!({"a": ["b"]}), json!({"a": "c"}), json!({"a": "c"}));
        check(json!({"a": {"b": "c"}}), json!({"a": {"b": "d", "c": null}}), json!({"a": {"b": "d"}}));
        check(json!({"a": [{"b": "c"}]}), json!({"a": [1]}), json!({"a": [1]}));
        check(json!({"e": null}), json!({"a": 1}), json!({"e": null, "a": 1}));
        check(json!([1, 2]), json!({"a": "b", "c": null}), json!({"a": "b"}));
        check(json!({}), json!({"a": {"bb": {"ccc": null}}}), json!({"a": {"bb": {}}}));
    }

    #[test]
    fn a_change_makes_the_text_it_was_made_of() {
        #[track_caller]
        fn check(base: Value, text: Value, patch: Option<Value>) {
            let change = Change::between("x", &base.to_string(), &text.to_string());
            assert_eq!(change.as_ref().map(|change| change.patch.clone()), patch, "{base} to {text}");
            let Some(change) = change else { return };
            assert_eq!(Change::read(&change.write()), Some(change.clone()));
            let made = change.applied_to(&base.to_string()).unwrap();
            assert_eq!(serde_json::from_str::<Value>(&made).unwrap(), text);
            assert_eq!(change.applied_to(r#"{"another": 1}"#), None);
        }
        let base = json!({"a": 1, "b": {"c": [1, {"d": null}], "e": "f"}});
        check(base.clone(), base.clone(), Some(json!({})));
        check(base.clone(), json!({"a": 2, "b": base["b"]}), Some(json!({"a": 2})));
        check(
            base.clone(),
            json!({"b": {"c": [null], "e": "f"}}),
            Some(json!({"a": null, "b": {"c": [null]}})),
        );
        check(base.clone(), json!({"a": {"n": {}}, "b": base["b"]}), Some(json!({"a": {"n": {}}})));
        check(base.clone(), json!({"a": null, "b": base["b"]}), None);
        check(base.clone(), json!({"a": {"n": null}, "b": base["b"]}), None);
        check(base.clone(), json!({"a": 1, "b": base["b"], "n": {"m": null}}), None);
        assert_eq!(Change::read(r#"{"of": "x", "base": 5, "patch": {}}"#), None);
    }
}
