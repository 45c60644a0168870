//! The scenarios that ship with the page; embedded, so that the first picture needs no request.

use serde_json::Value;

use crate::scenario::Bilingual;

/// What the page opens with, the first of the menu.
pub const FIRST: (&str, &str) =
    ("parallelization-3", include_str!("../../www/scenarios/parallelization-3.json"));

/// Identifiers and texts of all scenarios, in the order of the menu. A function of its own, so that the texts come
/// after the first picture: only [`FIRST`] comes with it.
#[inline(never)]
#[must_use]
pub fn all() -> &'static [(&'static str, &'static str)] {
    static ALL: &[(&str, &str)] = &[
        FIRST,
        ("parallelization-1", include_str!("../../www/scenarios/parallelization-1.json")),
        ("reshard-2-to-4", include_str!("../../www/scenarios/reshard-2-to-4.json")),
        ("reshard-2-to-3", include_str!("../../www/scenarios/reshard-2-to-3.json")),
        ("reshard-limits", include_str!("../../www/scenarios/reshard-limits.json")),
        ("hot-shard-split", include_str!("../../www/scenarios/hot-shard-split.json")),
        ("auto-scaling", include_str!("../../www/scenarios/auto-scaling.json")),
        ("retention-expiry", include_str!("../../www/scenarios/retention-expiry.json")),
        ("parallelization-3-error", include_str!("../../www/scenarios/parallelization-3-error.json")),
        (
            "parallelization-3-error-retries",
            include_str!("../../www/scenarios/parallelization-3-error-retries.json"),
        ),
        (
            "parallelization-3-error-bisect",
            include_str!("../../www/scenarios/parallelization-3-error-bisect.json"),
        ),
        (
            "parallelization-3-error-report",
            include_str!("../../www/scenarios/parallelization-3-error-report.json"),
        ),
        ("checkpoint-default", include_str!("../../www/scenarios/checkpoint-default.json")),
        ("checkpoint-bisect", include_str!("../../www/scenarios/checkpoint-bisect.json")),
        ("checkpoint-report", include_str!("../../www/scenarios/checkpoint-report.json")),
        ("checkpoint-both", include_str!("../../www/scenarios/checkpoint-both.json")),
        ("report-switched-off", include_str!("../../www/scenarios/report-switched-off.json")),
        ("poison-pill", include_str!("../../www/scenarios/poison-pill.json")),
        ("dead-letter-redrive", include_str!("../../www/scenarios/dead-letter-redrive.json")),
        ("skewed-keys", include_str!("../../www/scenarios/skewed-keys.json")),
        ("throttled-function", include_str!("../../www/scenarios/throttled-function.json")),
        ("batching-window", include_str!("../../www/scenarios/batching-window.json")),
        ("more-lanes", include_str!("../../www/scenarios/more-lanes.json")),
        ("filter", include_str!("../../www/scenarios/filter.json")),
        ("tumbling-count", include_str!("../../www/scenarios/tumbling-count.json")),
        ("enhanced-fan-out", include_str!("../../www/scenarios/enhanced-fan-out.json")),
        ("deploy-1-shard", include_str!("../../www/scenarios/deploy-1-shard.json")),
        ("deploy-2-shards", include_str!("../../www/scenarios/deploy-2-shards.json")),
        ("deploy-cures-poison-pill", include_str!("../../www/scenarios/deploy-cures-poison-pill.json")),
        ("deploy-breaking-schema", include_str!("../../www/scenarios/deploy-breaking-schema.json")),
        ("deploy-two-steps", include_str!("../../www/scenarios/deploy-two-steps.json")),
        ("deploy-canary", include_str!("../../www/scenarios/deploy-canary.json")),
        ("deploy-linear", include_str!("../../www/scenarios/deploy-linear.json")),
    ];
    // Callers would name the texts themselves if the compiler saw what this gives.
    std::hint::black_box(ALL)
}

/// The text of a shipped scenario.
#[must_use]
pub fn text_of(id: &str) -> Option<&'static str> {
    if id == FIRST.0 {
        return Some(FIRST.1);
    }
    all().iter().find(|(shipped, _)| *shipped == id).map(|&(_, text)| text)
}

/// Whether a text is that of a shipped scenario.
#[must_use]
pub fn is_shipped(text: &str) -> bool {
    text == FIRST.1 || all().iter().any(|&(_, shipped)| shipped == text)
}

/// An entry of the scenario menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The scenario's `id`.
    pub id: &'static str,
    /// Its title.
    pub name: Bilingual,
    /// What it shows.
    pub about: Bilingual,
}

/// The entries of the scenario menu. Only their texts are read.
#[must_use]
pub fn entries() -> Vec<Entry> {
    let entry = |&(id, text): &(&'static str, &str)| {
        let scenario: Value = serde_json::from_str(text).ok()?;
        let texts = |name| {
            let text = |lang| scenario.get(name)?.get(lang)?.as_str().map(str::to_owned);
            Some(Bilingual { en: text("en")?, ja: text("ja")? })
        };
        Some(Entry { id, name: texts("name")?, about: texts("about")? })
    };
    all().iter().filter_map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    #[test]
    fn every_file_is_valid_and_named_for_its_id_and_the_menu_has_its_texts() {
        let read = all().iter().map(|&(id, text)| {
            let scenario = Scenario::from_json(text).unwrap();
            assert_eq!(scenario.id, id);
            Entry { id, name: scenario.name, about: scenario.about }
        });
        assert_eq!(entries(), read.collect::<Vec<_>>());
        assert_eq!(all()[0], FIRST);
    }
}
