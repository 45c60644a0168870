//! Finds fields that stand more than once in their object: serde_json keeps the last without a word.

use serde_json::{Map, Value};

use super::report::{PROBLEMS_MAX, Step};

/// One step of a path that owns its key.
pub(super) enum OwnedStep {
    /// Into an object.
    Key(String),
    /// Into a list.
    Index(usize),
}

impl OwnedStep {
    pub(super) fn step(&self) -> Step<'_> {
        match self {
            Self::Key(key) => Step::Key(key),
            Self::Index(idx) => Step::Index(*idx),
        }
    }
}

/// An object or list that is being scanned.
enum Frame {
    Object {
        /// The keys so far: a map, since that is what the parser has in it already.
        seen: Map<String, Value>,
        key: String,
        /// Whether the next text is a key.
        key_next: bool,
    },
    List {
        idx: usize,
    },
}

/// Paths of the fields of a text that stand more than once, up to one more than are listed; `value` is what it says.
/// Mostly there are none, which is told by counting: then the page's first load can do without what finds them.
pub(super) fn find(text: &str, value: &Value) -> Vec<Vec<OwnedStep>> {
    if colons(text.as_bytes()) == fields(value) { Vec::new() } else { scan(text) }
}

/// The colons outside of texts: as many as fields were written.
fn colons(bytes: &[u8]) -> usize {
    let (mut count, mut at) = (0, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'"' => at = text_end(bytes, at),
            b':' => count += 1,
            _ => {}
        }
        at += 1;
    }
    count
}

/// The fields that were kept.
fn fields(value: &Value) -> usize {
    match value {
        Value::Object(object) => object.values().map(|value| 1 + fields(value)).sum(),
        Value::Array(values) => values.iter().map(fields).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

fn scan(text: &str) -> Vec<Vec<OwnedStep>> {
    let bytes = text.as_bytes();
    let mut frames: Vec<Frame> = Vec::new();
    let mut repeated = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'{' => {
                frames.push(Frame::Object { seen: Map::new(), key: String::new(), key_next: true });
            }
            b'[' => frames.push(Frame::List { idx: 0 }),
            b'}' | b']' => {
                frames.pop();
            }
            b',' => match frames.last_mut() {
                Some(Frame::Object { key_next, .. }) => *key_next = true,
                Some(Frame::List { idx }) => *idx += 1,
                None => {}
            },
            b'"' => {
                let end = text_end(bytes, at);
                if let Some(Frame::Object { seen, key, key_next: key_next @ true }) = frames.last_mut() {
                    *key_next = false;
                    *key = serde_json::from_str(&text[at..=end]).unwrap_or_default();
                    if seen.insert(key.clone(), Value::Null).is_some() && repeated.len() <= PROBLEMS_MAX {
                        repeated.push(path(&frames));
                    }
                }
                at = end;
            }
            _ => {}
        }
        at += 1;
    }
    repeated
}

/// Index of the quotation mark that ends the text starting at `start`.
fn text_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at.min(bytes.len() - 1)
}

fn path(frames: &[Frame]) -> Vec<OwnedStep> {
    let step = |frame: &Frame| match frame {
        Frame::Object { key, .. } => OwnedStep::Key(key.clone()),
        Frame::List { idx } => OwnedStep::Index(*idx),
    };
    frames.iter().map(step).collect()
}
