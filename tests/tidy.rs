//! House rules that no lint checks: module order, file length, unfinished notes.
#![cfg(not(target_arch = "wasm32"))]

use std::fs;
use std::path::{Path, PathBuf};

/// Modules from the bottom up: each may use those before it, and itself.
const ORDER: [&str; 14] = [
    "units",
    "rng",
    "column",
    "lang",
    "quota",
    "aws",
    "kinesis",
    "cloudwatch",
    "scenario",
    "lambda",
    "event_log",
    "sim",
    "exchange",
    "view",
];
const LINES_MAX: usize = 600;

/// The one file that is a table, however long: every text of the page stands in it once.
const TABLE: &str = "src/view/text.rs";

/// All `.rs` files below a folder of the repository.
fn sources(folder: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    assert!(!files.is_empty(), "no sources in {folder}");
    files
}

/// The top-level module that a file belongs to: `src/view/stage.rs` is of `view`.
fn module(path: &Path) -> String {
    let inner = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    let first = inner.components().next().unwrap().as_os_str().to_str().unwrap();
    first.trim_end_matches(".rs").to_owned()
}

/// The part of a file before its unit tests, which may use what they like.
fn code(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap()
}

#[test]
fn modules_use_only_those_below_them() {
    let rank = |module: &str| ORDER.iter().position(|&other| other == module);
    let mut checked = 0;
    for path in sources("src") {
        let Some(own) = rank(&module(&path)) else { continue };
        let text = fs::read_to_string(&path).unwrap();
        for (at, _) in code(&text).match_indices("crate::") {
            let used: String =
                text[at + 7..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let used_rank = rank(&used).unwrap_or_else(|| panic!("{}: crate::{used}", path.display()));
            assert!(used_rank <= own, "{} uses {used}, which stands above it", path.display());
            checked += 1;
        }
    }
    assert!(checked > 100, "only {checked} uses found");
}

#[test]
fn nothing_below_the_page_knows_a_browser() {
    for path in sources("src") {
        if ["web", "main"].contains(&module(&path).as_str()) {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        for word in ["web_sys", "js_sys", "wasm_bindgen", "yew", "gloo"] {
            assert!(!code(&text).contains(&format!("{word}::")), "{} uses {word}", path.display());
        }
    }
}

#[test]
fn files_are_short_and_finished() {
    for path in ["src", "tests", "xtask", "benches"].into_iter().flat_map(sources) {
        let text = fs::read_to_string(&path).unwrap();
        let name = path.display();
        let lines = text.lines().count();
        assert!(lines <= LINES_MAX || path.ends_with(TABLE), "{name} has more than {LINES_MAX} lines");
        for (line, content) in (1..).zip(text.lines()) {
            for word in ["TODO", "FIXME", "XXX", "HACK"].iter().filter(|_| !path.ends_with("tidy.rs")) {
                assert!(!content.contains(word), "{name}:{line} says {word}");
            }
        }
    }
}

#[test]
fn every_shipped_scenario_has_its_golden_log_and_digest() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let digests = fs::read_to_string(root.join("tests/fixtures/digests.json")).unwrap();
    for entry in fs::read_dir(root.join("www/scenarios")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let log = format!("tests/engine/snapshots/engine__golden__event_logs_and_digests@{name}.snap");
        assert!(root.join(&log).is_file(), "{log} is missing");
        let id = name.trim_end_matches(".json");
        assert!(digests.contains(&format!("\"{id}\"")), "no digest of {id}");
    }
}
