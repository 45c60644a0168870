//! What the first picture does not need: functions, `late.txt`, regions of others, `cold.txt`, and rules of the style
//! sheet, `styles.txt`; and how that is found out.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;
use std::path::PathBuf;

use crate::cold::Cold;
use crate::process::{Result, command, output, root, target_dir};
use crate::split::{self, Choice, Shape};
use crate::styles::Styles;
use crate::{parts, site, tools};

/// The lists.
pub(crate) struct Lists {
    late: Late,
    cold: Cold,
    pub(crate) styles: Styles,
}

impl Lists {
    /// The lists in use.
    pub(crate) fn read() -> Result<Self> {
        let read =
            |name| fs::read_to_string(path(name)).map_err(|error| format!("xtask/src/{name}: {error}"));
        Ok(Self {
            late: Late::parse(&read("late.txt")?),
            cold: Cold::parse(&read("cold.txt")?),
            styles: Styles::parse(&read("styles.txt")?),
        })
    }
}

impl Choice for Lists {
    fn is_late(&self, function: &str) -> bool {
        self.late.contains(function)
    }

    fn cold(&self, function: &Shape) -> BTreeSet<usize> {
        self.cold.points(function)
    }
}

fn path(list: &str) -> PathBuf {
    root().join("xtask/src").join(list)
}

/// The beginnings of late functions' names, each up to the end of a word.
struct Late(Vec<String>);

impl Late {
    fn parse(text: &str) -> Self {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        Self(lines.map(str::to_owned).collect())
    }

    /// Whether the function of a mangled name is in the list.
    fn contains(&self, name: &str) -> bool {
        let name = readable(name);
        ends(&name).any(|end| self.0.binary_search_by(|late| (**late).cmp(&name[..end])).is_ok())
    }

    fn text(&self) -> String {
        self.0.iter().fold(HEADING.to_owned(), |text, line| text + line + "\n")
    }
}

/// Lines of `late.txt` for less than this are not worth their place.
const LINE_BYTES_MIN: usize = 16;

const HEADING: &str = "\
# What the first picture, and article C as it plays, do not run: beginnings of functions' names.
# Written by `cargo xtask late`. Lines that no longer name anything do no harm.
";

/// Writes the lists anew: builds the page, uses it in a browser with every point of its code and every rule of its
/// styles watched, and lists what it did not come to. Then publishes the page by the new lists.
pub(crate) fn update() -> Result {
    site::build()?;
    let folder = target_dir().join("watched");
    parts::publish_watched(&folder)?;
    let report = output(
        command("node").arg("tests/e2e/late.mjs").arg(&folder).env("CHROME", tools::browser()?.chromium),
    );
    let report = report.ok_or("`node tests/e2e/late.mjs` failed: run it to see why")?;
    let (reached, used) =
        report.split_once('\n').ok_or("`node tests/e2e/late.mjs` printed no second line")?;
    let reached: BTreeSet<usize> =
        reached.split_whitespace().filter_map(|place| place.parse().ok()).collect();
    let whole = fs::read(parts::whole("wasm")).map_err(|error| error.to_string())?;
    let (late, cold) = lists(&split::shapes(&whole)?, &reached);
    let styles = Styles::new(&parts::styles()?, &ranges(used));
    println!(
        "late.txt has {} lines, cold.txt {} regions, styles.txt {} rules.",
        late.0.len(),
        cold.regions(),
        styles.count()
    );
    for (list, text) in [("late.txt", late.text()), ("cold.txt", cold.text()), ("styles.txt", styles.text())]
    {
        fs::write(path(list), text).map_err(|error| format!("xtask/src/{list}: {error}"))?;
    }
    parts::publish_again()
}

/// Ranges as the browser's report has them: `start-end`, the end exclusive.
fn ranges(text: &str) -> Vec<Range<usize>> {
    let range = |word: &str| {
        let (start, end) = word.split_once('-')?;
        Some(start.parse().ok()?..end.parse().ok()?)
    };
    text.split_whitespace().filter_map(range).collect()
}

/// What a program did not come to that reached some of its points, which are numbered through all functions.
fn lists(functions: &[Shape], reached: &BTreeSet<usize>) -> (Late, Cold) {
    let mut first = 0;
    let mut flags: Vec<Vec<bool>> = Vec::new();
    for function in functions {
        let points = first..first + function.points.len();
        first = points.end;
        flags.push(points.map(|point| reached.contains(&point)).collect());
    }
    let ran = |flags: &Vec<bool>| flags.first() == Some(&true);
    let code = |function: &Shape| function.points.first().map_or(0, |whole| whole.bytes);
    let sizes: Vec<(&str, usize, bool)> = functions
        .iter()
        .zip(&flags)
        .map(|(function, flags)| (&*function.name, code(function), ran(flags)))
        .collect();
    let late = Late(list(&sizes));
    let is_early = |(function, _): &(&Shape, &[bool])| !late.contains(&function.name);
    let cold = Cold::new(functions.iter().zip(flags.iter().map(Vec::as_slice)).filter(is_early));
    (late, cold)
}

/// The shortest beginnings that no function that ran has.
fn list(functions: &[(&str, usize, bool)]) -> Vec<String> {
    let (early, late): (Vec<_>, Vec<_>) = functions.iter().partition(|(_, _, ran)| *ran);
    let early: Vec<String> = early.into_iter().map(|(name, _, _)| readable(name)).collect();
    let early: BTreeSet<&str> = early.iter().flat_map(|name| ends(name).map(|end| &name[..end])).collect();
    let mut lines: BTreeMap<String, usize> = BTreeMap::new();
    for (name, bytes, _) in late {
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
pub(crate) fn readable(name: &str) -> String {
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
        let functions = |ran: &str| {
            let sizes = [
                ("a::b::c", 100),
                ("a::b::d", 90),
                ("a::e", 50),
                ("a::e::f", 10),
                ("g", 1),
                ("<h", LINE_BYTES_MIN - 1),
            ];
            sizes.map(|(name, bytes)| (name, bytes, name == ran))
        };
        assert_eq!(list(&functions("a::e")), ["a::b"]);
        assert_eq!(list(&functions("a::b::d")), ["a::b::c", "a::e"]);
    }

    #[test]
    fn the_lists_in_use_are_in_order_and_name_what_they_should() {
        let lists = Lists::read().unwrap();
        assert!(lists.late.0.is_sorted());
        assert!(lists.cold.regions() > 1_000, "{}", lists.cold.regions());
        assert_eq!(lists.cold.text(), fs::read_to_string(path("cold.txt")).unwrap());
        assert!(lists.styles.count() > 100, "{}", lists.styles.count());
        assert_eq!(lists.styles.text(), fs::read_to_string(path("styles.txt")).unwrap());
    }

    /// A function of three points: the whole, and two regions, of which the last lies in the one before.
    fn shape(name: &str, digest: &str) -> Shape {
        let region = |range, bytes| split::Region { range, bytes };
        let points = vec![region(0..9, 90), region(2..7, 50), region(4..7, 30)];
        Shape { name: name.into(), digest: digest.into(), points }
    }

    #[test]
    fn what_was_not_reached_is_late_as_a_whole_or_in_regions() {
        let functions =
            [shape("a::run", "1"), shape("a::off", "2"), shape("b::run", "3"), shape("b::run", "4")];
        // Of `a::run` its start alone, `a::off` not at all; of `b::run` one never, one all but the inner region.
        let (late, cold) = lists(&functions, &BTreeSet::from([0, 9, 10]));
        assert_eq!(late.0, ["a::off"]);
        let text = cold.text();
        let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(lines, ["1 1 a::run", "3 0 b::run", "4 2 b::run"]);
    }
}
