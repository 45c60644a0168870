//! Article A (2020-11): rows of both versions, mixed for some seconds after the alias has moved.
//!
//! The study runs both scenarios with a thousand seeds of its own and sets the article's two tables into the
//! distributions. What it finds stands in docs/deploys.md.

use std::fmt::Write as _;

use serde_json::Value;
use shardlab::event_log::Event;
use shardlab::scenario::{CommandAction, Scenario, Source};
use shardlab::sim::Simulation;
use shardlab::units::SimTime;

use crate::run;

const ONE: &str = include_str!("../../www/scenarios/deploy-1-shard.json");
const TWO: &str = include_str!("../../www/scenarios/deploy-2-shards.json");
/// The study's own seeds.
const SEEDS: std::ops::Range<u64> = 1000..2000;

/// A line of the article's table: when it was written, whose it is, and whether the new version wrote it.
struct Row {
    at: u64,
    id: String,
    new: bool,
}

/// The rows of a run, by time.
fn rows(sim: &Simulation) -> Vec<Row> {
    let row = |(_, at, event): (u32, SimTime, Event)| {
        let Event::RowWritten { invocation, record, .. } = event else { return None };
        let stored = sim.stream().records.get(record);
        let id = format!("{}-{:04}", sim.stream().keys.text(stored.key), stored.number);
        Some(Row { at: at.0, id, new: sim.invocations().get(invocation).version == 1 })
    };
    sim.events(0, u32::MAX).filter_map(row).collect()
}

fn article(table: &str) -> Vec<Row> {
    let fixture: Value = serde_json::from_str(include_str!("../fixtures/seed_deploy.json")).unwrap();
    let rows = fixture["tables"][table]["rows"].as_array().unwrap().iter();
    let row = |row: &Value| Row {
        at: row[0].as_u64().unwrap(),
        id: row[1].as_str().unwrap().to_owned(),
        new: row[2] == "new",
    };
    rows.map(row).collect()
}

/// What is between the first row of the new version and the last of the old one, both included.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Mixture {
    span_ms: f64,
    new_percent: f64,
    runs: f64,
}

impl Mixture {
    /// `None` where no old row follows a new one.
    fn of(rows: &[Row]) -> Option<Self> {
        let first = rows.iter().position(|row| row.new)?;
        let last = rows.iter().rposition(|row| !row.new).filter(|&last| last > first)?;
        let inside = &rows[first..=last];
        let new = inside.iter().filter(|row| row.new).count();
        Some(Self {
            span_ms: (rows[last].at - rows[first].at) as f64,
            new_percent: new as f64 * 100.0 / inside.len() as f64,
            runs: (1 + inside.windows(2).filter(|pair| pair[0].new != pair[1].new).count()) as f64,
        })
    }
}

/// What a study measures of a mixture.
struct Measure {
    name: &'static str,
    /// In the measure's own unit.
    of: fn(&Mixture) -> f64,
    /// Width of a bar of the histogram.
    step: f64,
}

const MEASURES: [Measure; 3] = [
    Measure { name: "span in seconds", of: |mixture| mixture.span_ms / 1000.0, step: 0.5 },
    Measure { name: "rows of the new version in percent", of: |mixture| mixture.new_percent, step: 10.0 },
    Measure { name: "runs of one version's rows", of: |mixture| mixture.runs, step: 2.0 },
];

/// The value below which this part of the values lies.
fn quantile(values: &[f64], part: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[((sorted.len() - 1) as f64 * part).round() as usize]
}

/// A bar for each step, as long as its part of the seeds, and the article's value beside its bar.
fn histogram(text: &mut String, measure: &Measure, values: &[f64], article: f64) {
    const SEEDS_PER_MARK: usize = 8;
    let bar_of = |value: f64| (value / measure.step).floor() as usize;
    let (low, high) = (quantile(values, 0.025), quantile(values, 0.975));
    let (name, step) = (measure.name, measure.step);
    writeln!(text, "{name}; 95 % of the seeds between {low:.1} and {high:.1}").unwrap();
    for bar in 0..=values.iter().copied().map(bar_of).max().unwrap() {
        let count = values.iter().filter(|&&value| bar_of(value) == bar).count();
        let marks = "#".repeat(count.div_ceil(SEEDS_PER_MARK));
        let line = format!("{:5.1} {count:4} {marks}", bar as f64 * step);
        let note =
            if bar_of(article) == bar { format!("  <- article A: {article:.1}") } else { String::new() };
        writeln!(text, "{}{note}", line.trim_end()).unwrap();
    }
}

/// Whether the versions of one invocation after the other are independent draws: for each pair, whether they
/// differ, less the chance that they do, and that difference's variance. Both are sums over a run.
///
/// Given a version and the chance of the next to be new, independent draws differ with a known chance, so the sum
/// of the differences has mean 0, whatever the roll-out's shape.
fn dependence(sim: &Simulation, moved_at: SimTime) -> (f64, f64) {
    let window = sim.scenario().model.rollout.0 as f64;
    let all = (0..sim.invocations().len()).map(|idx| sim.invocations().get(idx));
    let inside: Vec<_> = all.filter(|invocation| invocation.started_at() >= moved_at).collect();
    let (mut sum, mut variance) = (0.0, 0.0);
    for pair in inside.windows(2) {
        let new = ((pair[1].started_at() - moved_at).0 as f64 / window).min(1.0);
        let differ = if pair[0].version == 1 { 1.0 - new } else { new };
        sum += f64::from(pair[0].version != pair[1].version) - differ;
        variance += differ * (1.0 - differ);
    }
    (sum, variance)
}

/// The runs test of Wald and Wolfowitz on the invocations from the first of the new version to the last of the
/// old one; `None` where there are too few of them.
fn runs_test(sim: &Simulation) -> Option<f64> {
    let all = (0..sim.invocations().len()).map(|idx| sim.invocations().get(idx).version == 1);
    let all: Vec<bool> = all.collect();
    let first = all.iter().position(|&new| new)?;
    let inside = &all[first..=all.iter().rposition(|&new| !new).filter(|&last| last > first)?];
    let new = inside.iter().filter(|&&new| new).count() as f64;
    let old = inside.len() as f64 - new;
    let runs = 1.0 + inside.windows(2).filter(|pair| pair[0] != pair[1]).count() as f64;
    let product = 2.0 * new * old;
    let variance = product * (product - new - old) / ((new + old).powi(2) * (new + old - 1.0));
    (variance > 0.0).then(|| (runs - 1.0 - product / (new + old)) / variance.sqrt())
}

/// When the scenario's only command moves the alias.
fn moved_at(scenario: &Scenario) -> SimTime {
    let [command] = scenario.commands.as_slice() else { panic!("one command") };
    assert!(
        matches!(command.action, CommandAction::Operation { operation, .. } if operation.name == "UpdateAlias")
    );
    command.at
}

/// Every key's rows are numbered from 1 without a gap, and every record has one.
fn check_order_and_loss(sim: &Simulation, rows: &[Row]) {
    let seed = sim.scenario().seed;
    let mut last = std::collections::BTreeMap::<&str, u32>::new();
    for row in rows {
        let (key, number) = row.id.rsplit_once('-').unwrap();
        let last = last.entry(key).or_default();
        assert_eq!(number.parse(), Ok(*last + 1), "seed {seed}: {} after {last}", row.id);
        *last += 1;
    }
    assert_eq!(rows.len(), sim.stream().records.len() as usize, "seed {seed}");
    assert_eq!(sim.summary().records.per_mapping[0].pending, 0, "seed {seed}");
}

/// The scenario without what its producers put in the first minute, which no mixture knows of: each begins with a
/// later record, at that record's time, so that a thousand runs take half as long.
fn begun_late(mut scenario: Scenario) -> Scenario {
    const BEGIN: u64 = 60_000;
    for producer in &mut scenario.producers {
        let Source::Loop { count: Some(count), pause, latency, start_at, .. } = &mut producer.source else {
            panic!("a loop that ends")
        };
        let each = pause.0 + latency.0;
        let left_out = BEGIN.saturating_sub(start_at.0).div_ceil(each);
        (*start_at, *count) = (SimTime(start_at.0 + left_out * each), *count - left_out as u32);
    }
    scenario
}

/// Runs all seeds, checks what has to hold of them, and gives the histograms.
fn study(text: &str, table: &str) -> String {
    let scenario = begun_late(Scenario::from_json(text).unwrap());
    let moved_at = moved_at(&scenario);
    let (mut mixtures, mut tests) = (Vec::new(), Vec::new());
    let (mut sum, mut variance) = (0.0, 0.0);
    for seed in SEEDS {
        let sim = run(&Scenario { seed, ..scenario.clone() });
        let rows = rows(&sim);
        check_order_and_loss(&sim, &rows);
        mixtures.extend(Mixture::of(&rows));
        tests.extend(runs_test(&sim));
        let (own_sum, own_variance) = dependence(&sim, moved_at);
        (sum, variance) = (sum + own_sum, variance + own_variance);
    }
    let z = sum / variance.sqrt();
    assert!(z.abs() < 3.0, "the draws of all seeds are not independent: z = {z}");
    let fixture: Value = serde_json::from_str(include_str!("../fixtures/seed_deploy.json")).unwrap();
    for article in fixture["model"]["runs_test_z"].as_array().unwrap() {
        let central = quantile(&tests, 0.025)..quantile(&tests, 0.975);
        assert!(central.contains(&article.as_f64().unwrap()), "runs test: {article} not in {central:?}");
    }
    let rejected = tests.iter().filter(|z| z.abs() > 1.96).count();
    assert!(rejected * 10 < tests.len(), "the runs test tells {rejected} of {} seeds", tests.len());
    let article = Mixture::of(&article(table)).unwrap();
    let mut report = format!("{} of {} seeds have a mixture.\n", mixtures.len(), SEEDS.count());
    for measure in &MEASURES {
        let values: Vec<f64> = mixtures.iter().map(measure.of).collect();
        let (found, name) = ((measure.of)(&article), measure.name);
        let central = quantile(&values, 0.025)..=quantile(&values, 0.975);
        assert!(central.contains(&found), "{table}, {name}: {found} not in {central:?}");
        report.push('\n');
        histogram(&mut report, measure, &values, found);
    }
    report
}

/// docs/deploys.md shows the study's histograms as they are.
#[track_caller]
fn check_documented(report: &str, table: &str) {
    let made = format!("{}/{table}.txt", env!("CARGO_TARGET_TMPDIR"));
    std::fs::write(&made, report).unwrap();
    let document = include_str!("../../docs/deploys.md");
    assert!(document.contains(report), "docs/deploys.md does not show what the study found: {made}");
}

#[test]
fn one_shard_over_a_thousand_seeds() {
    check_documented(&study(ONE, "one_shard"), "one_shard");
}

#[test]
fn two_shards_over_a_thousand_seeds() {
    check_documented(&study(TWO, "two_shards"), "two_shards");
}

/// The table as the article prints it: `time: id, tag`.
fn printed(sim: &Simulation) -> String {
    let tags = &sim.scenario().functions[0].versions;
    let line = |row: Row| {
        let at = sim.scenario().start + SimTime(row.at);
        format!("{at}: {}, {}\n", row.id, tags[usize::from(row.new)].tag)
    };
    rows(sim).into_iter().map(line).collect()
}

/// The shipped seeds show what the article shows: the table, and as many log streams.
#[test]
fn the_shipped_seeds_show_the_article_s_mixture() {
    #[track_caller]
    fn check(text: &str, table: &str, running_max: u32) -> Simulation {
        let scenario = Scenario::from_json(text).unwrap();
        let sim = run(&scenario);
        let (found, article) = (Mixture::of(&rows(&sim)).unwrap(), Mixture::of(&article(table)).unwrap());
        assert!((found.span_ms - article.span_ms).abs() < 1500.0, "{found:?}, {article:?}");
        assert!((found.new_percent - article.new_percent).abs() < 20.0, "{found:?}, {article:?}");
        assert!((found.runs - article.runs).abs() <= 4.0, "{found:?}, {article:?}");
        assert_eq!(sim.totals().running_max, running_max);
        sim
    }
    let sim = check(ONE, "one_shard", 1);
    // The article's three log streams at concurrency 1: old, new, and old started cold once more.
    let versions: Vec<u32> = sim.environments().iter().map(|environment| environment.version).collect();
    assert_eq!(versions, [0, 1, 0]);
    let printed = printed(&sim);
    let mixed: Vec<&str> = printed.lines().skip_while(|line| !line.ends_with("xxxxxx")).take(3).collect();
    insta::assert_snapshot!(mixed.join("\n"));
    check(TWO, "two_shards", 2);
}
