//! The article's rows in `view::article` are the transcription's, and the simulation agrees with all of them.
#![cfg(not(target_arch = "wasm32"))]

use serde_json::Value;
use shardlab::scenario::Scenario;
use shardlab::sim::Simulation;
use shardlab::units::SimTime;
use shardlab::view::article::{Agreement, RUNS, compare};
use shardlab::view::article_a::TABLES;
use shardlab::view::article_b;

/// Start, end, records.
type Row = (u64, u64, Vec<String>);

fn transcribed(run: &str) -> (Vec<Row>, Value) {
    let fixture: Value = serde_json::from_str(include_str!("fixtures/seed_parallelization.json")).unwrap();
    let row = |row: &Value| {
        let records = row["records"].as_array().unwrap().iter();
        let records = records.map(|record| record.as_str().unwrap().to_owned()).collect();
        (row["start_s"].as_u64().unwrap(), row["end_s"].as_u64().unwrap(), records)
    };
    let mut rows: Vec<Row> =
        fixture["runs"][run]["invocations"].as_array().unwrap().iter().map(row).collect();
    rows.sort();
    (rows, fixture["headline"][run].clone())
}

#[test]
fn the_table_is_the_transcription() {
    for run in &RUNS {
        let (expect, headline) = transcribed(&format!("pf{}", run.factor));
        let mut rows: Vec<Row> = run
            .rows
            .iter()
            .map(|row| {
                let records: Vec<String> = row.records().map(|(key, n)| format!("{key}-{n}")).collect();
                assert_eq!(records.len(), row.count() as usize);
                (row.start_s.into(), row.end_s.into(), records)
            })
            .collect();
        rows.sort();
        assert_eq!(rows, expect, "factor {}", run.factor);
        assert_eq!(headline["invocations"], run.rows.len());
        assert_eq!(headline["total_s"], run.total_s);
        assert_eq!(headline["max_iterator_age_s"], run.iterator_age_s);
    }
}

#[test]
fn agreement_appears_as_the_playhead_reaches_the_rows() {
    let text = include_str!("../www/scenarios/parallelization-3.json");
    let mut sim = Simulation::new(Scenario::from_json(text).unwrap());
    let mut counts = |t: u64| {
        sim.run_until(SimTime(t));
        let rows = compare(&sim, &RUNS[1]);
        let count = |wanted| rows.iter().filter(|(.., agreement)| *agreement == wanted).count();
        assert_eq!(count(Agreement::Differs), 0);
        (count(Agreement::Full), count(Agreement::SoFar), count(Agreement::NotYet))
    };
    assert_eq!(counts(0), (0, 0, 10));
    assert_eq!(counts(2000), (0, 3, 7));
    assert_eq!(counts(60_000), (4, 3, 3));
    assert_eq!(counts(240_000), (10, 0, 0));
}

#[test]
fn article_a_s_tables_are_the_transcription() {
    let fixture: Value = serde_json::from_str(include_str!("fixtures/seed_deploy.json")).unwrap();
    for (table, name) in TABLES.iter().zip(["one_shard", "two_shards"]) {
        let expect = fixture["tables"][name]["rows"].as_array().unwrap().clone();
        let version = |version: u32| if version == 1 { "old" } else { "new" };
        let rows =
            table.rows.iter().map(|row| serde_json::json!([row.at_ms, row.id(), version(row.version)]));
        assert_eq!(rows.collect::<Vec<_>>(), expect, "{name}");
    }
}

#[test]
fn article_b_s_sizes_are_the_transcription_s() {
    let fixture: Value = serde_json::from_str(include_str!("fixtures/seed_checkpoint.json")).unwrap();
    let sizes = |part: &str| -> Vec<u64> {
        let sizes = fixture[part]["sizes"].as_array().unwrap().iter();
        // The run that never ends is cut with an ellipsis.
        sizes.map_while(Value::as_u64).collect()
    };
    for (run, part) in article_b::RUNS.iter().zip(["default", "bisect", "checkpoint"]) {
        let own: Vec<u64> = run.sizes.iter().map(|&size| size.into()).collect();
        assert_eq!(own, sizes(part), "{part}");
        assert_eq!(run.endless, fixture[part]["terminates"] == false, "{part}");
        let handled = if run.endless { "success_logs_per_invocation" } else { "total_success_logs" };
        assert_eq!(fixture[part][handled], run.handled, "{part}");
        assert_eq!(run.size(20), run.endless.then_some(10), "{part}");
    }
}
