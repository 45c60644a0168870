//! `docs/scenario.schema.json` and `docs/scenario.md` say what the reader's tables say.

use serde_json::{Map, Value};
use shardlab::scenario::problem::{Allowed, By, Field, Format, Presence, Support};
use shardlab::scenario::read::fields::{CONDITION_FIELDS, SCENARIO};

fn object(entries: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

/// The rule in JSON Schema, draft 2020-12.
fn schema(allowed: &Allowed) -> Value {
    let of_type = |name: &str| object([("type", name.into())]);
    let integer = |min: i64, max: i64| {
        object([("type", "integer".into()), ("minimum", min.into()), ("maximum", max.into())])
    };
    match *allowed {
        Allowed::Boolean => of_type("boolean"),
        Allowed::Integer { min, max } if min == max => object([("const", min.into())]),
        Allowed::Integer { min, max } => integer(min, max),
        Allowed::Limit { min, max } => any_of([object([("const", (-1).into())]), integer(min, max)]),
        Allowed::Decimal { min, above, max } => {
            let least = if above { "exclusiveMinimum" } else { "minimum" };
            object([("type", "number".into()), (least, min.into()), ("maximum", max.into())])
        }
        Allowed::Number => of_type("number"),
        Allowed::Text { min, max, format } => {
            let pattern = format.pattern().map(|pattern| ("pattern", pattern.into()));
            let bounds = [("type", "string".into()), ("minLength", min.into()), ("maxLength", max.into())];
            object(bounds.into_iter().chain(pattern))
        }
        Allowed::OneOf(values) => object([("enum", Value::from(values.to_vec()))]),
        Allowed::Object(fields) if std::ptr::eq(fields, &raw const CONDITION_FIELDS as *const [Field]) => {
            object([("$ref", "#/$defs/condition".into())])
        }
        Allowed::Object(fields) => of_fields(fields),
        Allowed::Variants { by, of } => {
            let variants = of.iter().map(|variant| {
                let mut schema = of_fields(variant.fields);
                if let By::Value(tag) = by {
                    schema["properties"][tag] = object([("const", variant.name.into())]);
                }
                schema
            });
            object([("oneOf", variants.collect())])
        }
        Allowed::Map { key, of, min, max } => object([
            ("type", "object".into()),
            ("propertyNames", pattern(key)),
            ("additionalProperties", schema(of)),
            ("minProperties", min.into()),
            ("maxProperties", max.into()),
        ]),
        Allowed::List { of, min, max } => object([
            ("type", "array".into()),
            ("items", schema(of)),
            ("minItems", min.into()),
            ("maxItems", max.into()),
        ]),
        Allowed::Nullable(inner) => any_of([of_type("null"), schema(inner)]),
        Allowed::Either(rules) => object([("anyOf", rules.iter().map(schema).collect())]),
        Allowed::AnyObject => of_type("object"),
        Allowed::Any => object([]),
    }
}

fn any_of(schemas: [Value; 2]) -> Value {
    object([("anyOf", Value::from(schemas.to_vec()))])
}

fn pattern(format: Format) -> Value {
    format.pattern().map_or(object([]), |pattern| object([("pattern", pattern.into())]))
}

fn of_fields(fields: &[Field]) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for field in fields {
        let mut property = schema(&field.allowed);
        match field.presence {
            Presence::Required => required.push(field.name),
            Presence::Default(default) => property["default"] = json(default),
            Presence::Optional => {}
        }
        match field.support {
            Support::Full => {}
            Support::Only(only) => property["$comment"] = format!("so far only {only}").into(),
            Support::Not => property["$comment"] = "not supported yet".into(),
        }
        properties.insert(field.name.into(), property);
    }
    object([
        ("type", "object".into()),
        ("properties", properties.into()),
        ("required", required.into()),
        ("additionalProperties", false.into()),
    ])
}

/// Without the words that only people read.
fn bare(schema: Value) -> Value {
    const WORDS: [&str; 4] = ["$schema", "$id", "title", "description"];
    match schema {
        Value::Object(members) => {
            let kept = members.into_iter().filter(|(key, _)| !WORDS.contains(&key.as_str()));
            Value::Object(kept.map(|(key, value)| (key, bare(value))).collect())
        }
        Value::Array(items) => items.into_iter().map(bare).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => schema,
    }
}

fn published(name: &str) -> String {
    let path = format!("{}/docs/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn the_schema_is_the_tables() {
    let mut expect = of_fields(SCENARIO);
    let mut condition = of_fields(&CONDITION_FIELDS);
    condition["minProperties"] = 1.into();
    expect["$defs"] = object([("condition", condition)]);
    let made = format!("{}/scenario.schema.json", env!("CARGO_TARGET_TMPDIR"));
    std::fs::write(&made, serde_json::to_string_pretty(&expect).expect("JSON")).expect("a writable target");
    let found = bare(json(&published("scenario.schema.json")));
    assert_eq!(first_difference(&found, &expect, "$"), None, "what the tables say: {made}");
}

/// Editors show what a field means. AWS's own fields inside lists speak for themselves.
#[test]
fn the_schema_explains_every_field_of_the_upper_levels() {
    fn unexplained(schema: &Value, path: &str, depth: u32, found: &mut Vec<String>) {
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let path = format!("{path}.{name}");
            if property.get("description").is_none() {
                found.push(path.clone());
            }
            let inner = if property["type"] == "array" { &property["items"] } else { property };
            if depth > 0 && ["functions", "eventSourceMappings", "commands", "model"].contains(&name.as_str())
            {
                unexplained(inner, &path, depth - 1, found);
            }
        }
    }
    let mut found = Vec::new();
    unexplained(&json(&published("scenario.schema.json")), "$", 1, &mut found);
    assert_eq!(found, Vec::<String>::new());
}

fn first_difference(found: &Value, expect: &Value, path: &str) -> Option<String> {
    if let (Some(left), Some(right)) = (found.as_object(), expect.as_object()) {
        let keys = left.keys().chain(right.keys());
        return keys.clone().find_map(|key| {
            let below = format!("{path}.{key}");
            match (left.get(key), right.get(key)) {
                (Some(left), Some(right)) => first_difference(left, right, &below),
                (left, right) => Some(format!("{below}: published {left:?}, tables {right:?}")),
            }
        });
    }
    (found != expect).then(|| format!("{path}: published {found}, tables {expect}"))
}

#[test]
fn the_document_names_every_field() {
    fn names(schema: &Value, found: &mut Vec<String>) {
        for (key, member) in schema.as_object().into_iter().flatten() {
            if key == "properties" {
                found.extend(member.as_object().into_iter().flatten().map(|(name, _)| name.clone()));
            }
            names(member, found);
        }
        for item in schema.as_array().into_iter().flatten() {
            names(item, found);
        }
    }
    let text = published("scenario.md");
    let mut fields = Vec::new();
    names(&json(&published("scenario.schema.json")), &mut fields);
    assert!(fields.len() > 150, "{}", fields.len());
    let missing: Vec<String> =
        fields.into_iter().filter(|name| !text.contains(&format!("`{name}`"))).collect();
    assert_eq!(missing, Vec::<String>::new());
}
