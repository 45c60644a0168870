//! Which rules of the style sheet the first picture does not need: `styles.txt`.
//!
//! The page starts with the sheet without them. The whole sheet follows with the rest of the program, after the first
//! one and with the same order, so that the same rules win.

use std::collections::BTreeSet;
use std::ops::Range;

/// The rules that follow, by their names.
pub(crate) struct Styles(BTreeSet<String>);

const HEADING: &str = "\
# Rules of the style sheet that the first picture, and article C as it plays, do not use. Written by `cargo xtask late`.
";

/// A rule: what it is for, with the conditions around it, and its place in the sheet.
struct Rule<'a> {
    conditions: Vec<&'a str>,
    selectors: &'a str,
    /// From the first selector to the closing brace.
    range: Range<usize>,
}

impl Rule<'_> {
    /// What it is called in the list.
    fn name(&self) -> String {
        let words = self.conditions.iter().chain([&self.selectors]);
        words.map(|words| words.trim()).collect::<Vec<_>>().join(" ")
    }

    /// Whether the page may need it before it has started or where it does not start, or embedded.
    fn is_always_early(&self) -> bool {
        ["boot", "embed"].iter().any(|word| self.selectors.contains(word))
    }
}

impl Styles {
    /// No rule.
    pub(crate) fn none() -> Self {
        Self(BTreeSet::new())
    }

    /// Reads a list.
    pub(crate) fn parse(text: &str) -> Self {
        Self(text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect())
    }

    /// The rules of a sheet of which no place was used. Rules of one name count as one.
    pub(crate) fn new(sheet: &str, used: &[Range<usize>]) -> Self {
        let is_used = |rule: &Rule<'_>| {
            used.iter().any(|used| used.start < rule.range.end && rule.range.start < used.end)
        };
        let (early, late): (Vec<_>, Vec<_>) =
            rules(sheet).into_iter().partition(|rule| is_used(rule) || rule.is_always_early());
        let early: BTreeSet<String> = early.iter().map(Rule::name).collect();
        Self(late.iter().map(Rule::name).filter(|name| !early.contains(name)).collect())
    }

    /// The list as a text.
    pub(crate) fn text(&self) -> String {
        self.0.iter().fold(HEADING.to_owned(), |text, line| text + line + "\n")
    }

    /// How many rules it names.
    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// A sheet without these rules.
    pub(crate) fn first(&self, sheet: &str) -> String {
        let mut open: Vec<&str> = Vec::new();
        let mut first = String::new();
        for rule in rules(sheet).iter().filter(|rule| !self.0.contains(&rule.name())) {
            let shared = open.iter().zip(&rule.conditions).take_while(|(one, other)| one == other).count();
            first.extend(open.drain(shared..).map(|_| "}"));
            for condition in &rule.conditions[shared..] {
                first.extend([condition, "{"]);
                open.push(condition);
            }
            first += &sheet[rule.range.clone()];
        }
        first.extend(open.iter().map(|_| "}"));
        first
    }
}

/// The rules of a sheet without comments, in order. What stands in `@media` and `@supports` are rules of their own.
fn rules(sheet: &str) -> Vec<Rule<'_>> {
    let mut rules = Vec::new();
    let mut conditions = Vec::new();
    let mut at = 0;
    while let Some(found) = sheet[at..].find(['{', '}']) {
        let brace = at + found;
        let selectors = &sheet[at..brace];
        if sheet[brace..].starts_with('}') {
            conditions.pop();
            at = brace + 1;
        } else if ["@media", "@supports"].iter().any(|group| selectors.trim_start().starts_with(group)) {
            conditions.push(selectors);
            at = brace + 1;
        } else {
            let end = block_end(sheet, brace);
            rules.push(Rule { conditions: conditions.clone(), selectors, range: at..end });
            at = end;
        }
    }
    rules
}

/// The place behind the brace that closes the one at a place.
fn block_end(sheet: &str, open: usize) -> usize {
    let mut depth = 0;
    for (at, brace) in sheet[open..].match_indices(['{', '}']) {
        depth += if brace == "{" { 1 } else { -1 };
        if depth == 0 {
            return open + at + 1;
        }
    }
    sheet.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHEET: &str =
        "a{b:c}@media print{@page{d:e}a{f:g}}@keyframes k{to{h:i}}@media print{j{k:l}}#boot p{m:n}";

    /// The whole words of a sheet.
    fn places(words: &[&str]) -> Vec<Range<usize>> {
        words.iter().filter_map(|word| SHEET.find(word).map(|at| at..at + word.len())).collect()
    }

    #[test]
    fn what_was_not_used_is_late_but_not_what_explains_a_failure() {
        let styles = Styles::new(SHEET, &places(&["b:c", "f:g"]));
        let late: Vec<&str> = styles.0.iter().map(String::as_str).collect();
        assert_eq!(late, ["@keyframes k", "@media print @page", "@media print j"]);
        assert_eq!(styles.first(SHEET), "a{b:c}@media print{a{f:g}}#boot p{m:n}");
        let read = Styles::parse(&styles.text());
        assert_eq!((read.count(), read.text()), (3, styles.text()));
    }

    #[test]
    fn a_sheet_without_late_rules_is_the_same() {
        assert_eq!(
            Styles::none().first(SHEET).replace("}@media print{j", "j"),
            SHEET.replace("}@media print{j", "j")
        );
    }

    #[test]
    fn a_rule_that_is_not_listed_is_early() {
        let styles = Styles::new(SHEET, &[]);
        assert_eq!(styles.first("a{b:c}new{o:p}"), "new{o:p}");
    }
}
