//! Article C (2020-01), parallelization 1 and 3, and 3 with an error: the simulation's invocations are the article's, row by row.
use serde_json::Value;
use shardlab::event_log::Event;
use shardlab::scenario::Scenario;
use shardlab::sim::Simulation;
use shardlab::units::{SimTime, WallTime};

/// Start and end second, and the records, of one invocation.
type Row = (u64, u64, Vec<String>);

fn article(run: &str) -> (WallTime, Vec<Row>) {
    let text = include_str!("../fixtures/seed_parallelization.json");
    let fixture: Value = serde_json::from_str(text).unwrap();
    let run = &fixture["runs"][run];
    let row = |row: &Value| {
        let records = row["records"].as_array().unwrap().iter();
        let records: Vec<String> = records.map(|record| record.as_str().unwrap().to_owned()).collect();
        assert_eq!(row["n"].as_u64().unwrap(), records.len() as u64);
        (row["start_s"].as_u64().unwrap(), row["end_s"].as_u64().unwrap(), records)
    };
    let mut rows: Vec<Row> = run["invocations"].as_array().unwrap().iter().map(row).collect();
    rows.sort();
    (WallTime::parse(run["t0"].as_str().unwrap()).unwrap(), rows)
}

/// A record as the article names it: key and number.
fn label(sim: &Simulation, record: u32) -> String {
    let stored = sim.stream().records.get(record);
    format!("{}-{}", sim.stream().keys.text(stored.key), stored.number)
}

fn simulated(sim: &Simulation, t0: WallTime) -> Vec<Row> {
    let second = |t: SimTime| (sim.scenario().start + t).seconds() - t0.seconds();
    let mut ends = vec![SimTime::ZERO; sim.invocations().len() as usize];
    for (_, t, event) in sim.events(0, u32::MAX) {
        if let Event::RowWritten { invocation, .. } = event {
            ends[invocation as usize] = t;
        }
    }
    let mut rows: Vec<Row> = (0..sim.invocations().len())
        .map(|idx| {
            let started = sim.invocations().get(idx).started_at();
            (
                second(started),
                second(ends[idx as usize]),
                sim.batch(idx).map(|record| label(sim, record)).collect(),
            )
        })
        .collect();
    rows.sort();
    rows
}

#[track_caller]
fn check(scenario: &str, run: &str, invocations: u64, total_s: u64, iterator_age: u64) {
    let sim = crate::run(&Scenario::from_json(scenario).unwrap());
    let (t0, article) = article(run);
    let rows = simulated(&sim, t0);
    assert_eq!(rows, article);
    let summary = sim.summary();
    assert_eq!((summary.invocations, summary.duplicates), (invocations, 0));
    assert_eq!(rows.iter().map(|row| row.1).max(), Some(total_s));
    // 293.5 s and 66.1 s; the article reads 300 and 67 off a graph of one-minute points.
    assert_eq!(summary.max_iterator_age, iterator_age);
    let counts = &summary.records.per_mapping[0];
    assert_eq!((summary.records.put, counts.succeeded, counts.pending), (150, 150, 0));
}

#[test]
fn one_lane() {
    check(include_str!("../../www/scenarios/parallelization-1.json"), "pf1", 4, 450, 293_525);
}

#[test]
fn three_lanes() {
    check(include_str!("../../www/scenarios/parallelization-3.json"), "pf3", 10, 180, 66_075);
}

/// The run with a record that always fails: every row that the article shows, and the three that it leaves out.
#[test]
fn three_lanes_and_an_error() {
    let text = include_str!("../../www/scenarios/parallelization-3-error.json");
    let sim = crate::run(&Scenario::from_json(text).unwrap());
    let (t0, article) = article("pf3_error");
    let mut rows = simulated(&sim, t0);
    for row in &article {
        let place = rows.iter().position(|other| other == row);
        rows.remove(place.unwrap_or_else(|| panic!("the article's {row:?}")));
    }
    let left_out: Vec<_> = rows.iter().map(|row| (row.0, row.1, row.2.len(), row.2[0].as_str())).collect();
    assert_eq!(left_out, [(3, 12, 3, "3-2"), (6, 42, 12, "2-2"), (12, 39, 9, "3-5")]);
    // The failing batch: starts, one request id, one batch.
    let tries: Vec<u32> = (0..sim.invocations().len())
        .filter(|&idx| sim.batch(idx).any(|record| label(&sim, record) == "1-5"))
        .collect();
    let second = |idx: &u32| (sim.scenario().start + sim.invocations().get(*idx).started_at()).seconds();
    let starts: Vec<u64> = tries.iter().map(|idx| second(idx) - t0.seconds()).collect();
    assert_eq!(starts, [6, 42, 79, 116, 154, 193, 236]);
    assert!(tries.iter().all(|&idx| sim.request_id(idx) == sim.request_id(tries[0])));
    // Keys 1 and 4 are stuck, the other groups finished.
    let done = |key: &str| {
        let wrote = |&record: &u32| sim.mappings()[0].done(0, sim.lane_of(0, record), record);
        let of_key = (0..150).filter(|&record| label(&sim, record).starts_with(key));
        of_key.filter(wrote).count()
    };
    assert_eq!(["1-", "2-", "3-", "4-", "5-"].map(done), [1, 30, 30, 1, 30]);
    let summary = sim.summary();
    assert_eq!((summary.outcomes.error, summary.outcomes.ok), (7, 8));
}
