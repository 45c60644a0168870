//! The event log of each shipped scenario, and its digest: a change of either is a change of behaviour.
//!
//! `INSTA_UPDATE=always cargo test` writes the logs anew; `tests/fixtures/digests.json`, which the browser and
//! Node are held to as well, is written by hand.

use std::collections::BTreeMap;

use shardlab::scenario::Scenario;

use crate::run;

#[test]
fn event_logs_and_digests() {
    let digests: BTreeMap<String, String> =
        serde_json::from_str(include_str!("../fixtures/digests.json")).unwrap();
    let mut seen = 0;
    insta::glob!("../../www/scenarios", "*.json", |path| {
        let scenario = Scenario::from_json(&std::fs::read_to_string(path).unwrap()).unwrap();
        let sim = run(&scenario);
        let lines: Vec<String> =
            sim.event_lines(0, u32::MAX).map(|line| serde_json::to_string(&line).unwrap()).collect();
        insta::assert_snapshot!(lines.join("\n"));
        assert_eq!(Some(&sim.digest()), digests.get(&scenario.id), "digest of {}", scenario.id);
        seen += 1;
    });
    assert_eq!(seen, digests.len());
}
