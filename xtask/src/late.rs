//! Which functions the first picture does not need: `late.txt`, and how it is found out.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::process::{Result, command, output, root, target_dir};
use crate::{parts, site, split, tools};

/// The beginnings of late functions' names, each up to the end of a word.
pub(crate) struct Late(Vec<String>);

impl Late {
    /// The list in use.
    pub(crate) fn listed() -> Self {
        let lines = include_str!("late.txt").lines().filter(|line| !line.starts_with('#'));
        Self(lines.map(str::to_owned).collect())
    }

    /// Whether the function of a mangled name is in the list.
    pub(crate) fn contains(&self, name: &str) -> bool {
        let name = readable(name);
        ends(&name).any(|end| self.0.binary_search_by(|late| (**late).cmp(&name[..end])).is_ok())
    }
}

/// Lines of `late.txt` for less than this are not worth their place.
const LINE_BYTES_MIN: usize = 16;

const HEADING: &str = "\
# What the first picture, and article C as it plays, do not run: beginnings of functions' names.
# Written by `cargo xtask late`. Lines that no longer name anything do no harm.
";

/// Writes `late.txt` anew: builds the page, uses it in a browser with every function watched, and lists the others.
pub(crate) fn update() -> Result {
    site::build()?;
    let folder = target_dir().join("watched");
    parts::publish_watched(&folder)?;
    let report = output(
        command("node").arg("tests/e2e/late.mjs").arg(&folder).env("CHROME", tools::browser()?.chromium),
    );
    let report = report.ok_or("`node tests/e2e/late.mjs` failed: run it to see why")?;
    let ran: BTreeSet<u32> = report.split_whitespace().filter_map(|idx| idx.parse().ok()).collect();
    let whole = fs::read(parts::whole("wasm")).map_err(|error| error.to_string())?;
    let functions = split::functions(&whole)?;
    let list = list(&functions, &ran);
    println!("{} of {} functions ran; late.txt has {} lines.", ran.len(), functions.len(), list.len());
    let text = list.iter().fold(HEADING.to_owned(), |text, line| text + line + "\n");
    fs::write(root().join("xtask/src/late.txt"), text).map_err(|error| format!("xtask/src/late.txt: {error}"))
}

/// The shortest beginnings that no function that ran has.
fn list(functions: &[(&str, usize)], ran: &BTreeSet<u32>) -> Vec<String> {
    let (early, late): (Vec<_>, Vec<_>) = functions.iter().zip(0..).partition(|(_, idx)| ran.contains(idx));
    let early: Vec<String> = early.into_iter().map(|((name, _), _)| readable(name)).collect();
    let early: BTreeSet<&str> = early.iter().flat_map(|name| ends(name).map(|end| &name[..end])).collect();
    let mut lines: BTreeMap<String, usize> = BTreeMap::new();
    for ((name, bytes), _) in late {
        let name = readable(name);
        let end = ends(&name).find(|&end| !early.contains(&name[..end]));
        if let Some(end) = end {
            *lines.entry(name[..end].to_owned()).or_default() += bytes;
        }
    }
    lines.into_iter().filter(|&(_, bytes)| bytes >= LINE_BYTES_MIN).map(|(line, _)| line).collect()
}

/// Where the words of a name end.
fn ends(name: &str) -> impl Iterator<Item = usize> {
    let is_word =
        |at: usize| name[at..].starts_with(|letter: char| letter.is_alphanumeric() || letter == '_');
    let starts = || name.char_indices().map(|(at, _)| at);
    starts()
        .zip(starts().skip(1).chain([name.len()]))
        .filter(move |&(at, next)| is_word(at) && !is_word(next))
        .map(|(_, next)| next)
}

/// A name without the hashes of crates.
fn readable(name: &str) -> String {
    let name = format!("{:#}", rustc_demangle::demangle(name));
    let mut pieces = name.split('[');
    let mut readable = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        match piece.split_once(']') {
            Some((hash, rest)) if hash.len() == 16 && hash.bytes().all(|c| c.is_ascii_hexdigit()) => {
                readable += rest;
            }
            _ => readable.extend(["[", piece]),
        }
    }
    readable
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_stands_for_what_begins_with_its_words() {
        let late = Late(vec!["<shardlab::aws".into(), "shardlab::aws".into()]);
        assert!(late.contains("shardlab::aws::cli::run"));
        assert!(late.contains("<shardlab::aws::error::ApiError>::text"));
        assert!(!late.contains("shardlab::awsome"));
        assert!(!late.contains("core::ptr::drop_in_place::<shardlab::aws::cli::Outcome>"));
        assert!(late.contains("_ZN8shardlab3aws3cli3run17h0123456789abcdefE"));
    }

    #[test]
    fn the_list_is_as_short_as_what_ran_allows() {
        let functions = [
            ("a::b::c", 100),
            ("a::b::d", 90),
            ("a::e", 50),
            ("a::e::f", 10),
            ("g", 1),
            ("<h", LINE_BYTES_MIN - 1),
        ];
        assert_eq!(list(&functions, &BTreeSet::from([2])), ["a::b"]);
        assert_eq!(list(&functions, &BTreeSet::from([1])), ["a::b::c", "a::e"]);
    }

    #[test]
    fn the_list_in_use_is_sorted() {
        assert!(Late::listed().0.is_sorted());
    }
}
