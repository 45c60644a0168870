//! Collects problems, and puts them into the order of the document.

use std::fmt::{self, Write as _};

use serde_json::Value;

use crate::scenario::problem::{FOUND_CHARS_MAX, Problem, ProblemKind};

/// Problems listed of one document. Own limit: the last one says that there are more.
pub const PROBLEMS_MAX: usize = 1000;

/// One step of a path from the document's root.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step<'a> {
    /// Into an object.
    Key(&'a str),
    /// Into a list.
    Index(usize),
}

/// The problems so far.
pub(super) struct Report<'a> {
    root: &'a Value,
    /// With the position in the document, from the root down, which orders them; those at one place stay in
    /// the order they were found.
    problems: Vec<(Vec<usize>, Problem)>,
    overflow: bool,
}

impl<'a> Report<'a> {
    pub(super) fn new(root: &'a Value) -> Self {
        Self { root, problems: Vec::new(), overflow: false }
    }

    /// Whether the next problem will not be listed: saves looking into a hopeless document.
    pub(super) fn is_full(&self) -> bool {
        self.problems.len() >= PROBLEMS_MAX
    }

    /// Adds a problem at `path`; what is found there is looked up in the document.
    pub(super) fn add(&mut self, path: &[Step<'_>], kind: ProblemKind) {
        self.add_found(path, None, kind);
    }

    /// Adds a problem at `path` where this is what is found: a key, or a default.
    #[inline(never)]
    pub(super) fn add_found(&mut self, path: &[Step<'_>], found: Option<&Value>, kind: ProblemKind) {
        if self.is_full() {
            self.overflow = true;
            return;
        }
        let (position, value) = locate(self.root, path);
        let found = found.or(value).map(shortened).unwrap_or_default();
        let place = self.problems.partition_point(|(earlier, _)| *earlier <= position);
        self.problems.insert(place, (position, Problem { path: path_text(path), found, kind }));
    }

    /// Whether there is a problem at or below a path.
    pub(super) fn has_below(&self, path: &[Step<'_>]) -> bool {
        let path = path_text(path);
        self.problems.iter().any(|(_, problem)| problem.path.starts_with(&path))
    }

    /// The problems, in the order of the document.
    pub(super) fn finish(self) -> Vec<Problem> {
        let mut problems: Vec<Problem> = self.problems.into_iter().map(|(_, problem)| problem).collect();
        if self.overflow {
            let kind = ProblemKind::TooMany(PROBLEMS_MAX);
            problems.push(Problem { path: "$".into(), found: String::new(), kind });
        }
        problems
    }
}

/// The position of a path in the document, and the value there. What is missing comes after its siblings.
fn locate<'a>(root: &'a Value, path: &[Step<'_>]) -> (Vec<usize>, Option<&'a Value>) {
    let mut position = Vec::with_capacity(path.len());
    let mut value = Some(root);
    for step in path {
        let (idx, next) = match step {
            Step::Key(key) => {
                let object = value.and_then(Value::as_object);
                let idx = object.and_then(|object| object.keys().position(|name| name == key));
                (idx, object.and_then(|object| object.get(*key)))
            }
            Step::Index(idx) => (Some(*idx), value.and_then(|value| value.get(*idx))),
        };
        position.push(idx.unwrap_or(usize::MAX));
        value = next;
    }
    (position, value)
}

/// `$.eventSourceMappings[0].BatchSize`, and `["…"]` for keys that are no plain names.
pub(super) fn path_text(path: &[Step<'_>]) -> String {
    let mut text = String::from("$");
    for step in path {
        match step {
            Step::Key(key) if is_plain(key) => {
                text.push('.');
                text.push_str(key);
            }
            Step::Key(key) => {
                text.push('[');
                text.push_str(&shortened(&Value::from(*key)));
                text.push(']');
            }
            Step::Index(idx) => {
                text.push('[');
                text.push_str(&idx.to_string());
                text.push(']');
            }
        }
    }
    text
}

fn is_plain(key: &str) -> bool {
    let name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    !key.is_empty()
        && key.len() <= FOUND_CHARS_MAX
        && key.bytes().all(name)
        && !key.starts_with(|first: char| first.is_ascii_digit())
}

/// The value as JSON, cut after [`FOUND_CHARS_MAX`] characters without writing the rest.
fn shortened(value: &Value) -> String {
    let mut short = Short { text: String::new(), chars: 0 };
    let cut = write!(short, "{value}").is_err();
    if cut {
        short.text.pop();
        short.text.push('…');
    }
    short.text
}

struct Short {
    text: String,
    chars: usize,
}

impl fmt::Write for Short {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        for letter in piece.chars() {
            if self.chars == FOUND_CHARS_MAX {
                return Err(fmt::Error);
            }
            self.text.push(letter);
            self.chars += 1;
        }
        Ok(())
    }
}
