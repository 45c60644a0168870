//! The steps of `cargo xtask bench`. Figures and how to read them: docs/performance.md.

use std::fs;

use crate::process::{Result, cargo, command, output, run};
use crate::steps::Step;
use crate::{look, serve, site, tools};

/// Every benchmark of the repository.
pub(crate) const STEPS: &[Step] = &[
    Step {
        name: "native",
        title: "criterion, native",
        action: || {
            let benches = ["pipeline", "streams", "seek"].into_iter().flat_map(|name| ["--bench", name]);
            run(cargo().args(["bench", "--package", "shardlab"]).args(benches))
        },
        advice: "see the message above; run it again by `cargo xtask bench native`",
    },
    Step {
        name: "wasm",
        title: "the same loops in Node and in headless Chromium",
        action: bench_wasm,
        advice: "see the message above; run it again by `cargo xtask bench wasm`",
    },
    Step {
        name: "peers",
        title: "PutRecords of kinesalite over loopback, next to the engine's",
        action: bench_peers,
        advice: "see the message above; run it again by `cargo xtask bench peers`",
    },
    Step {
        name: "page",
        title: "the page's frames, a million records at full speed, and memory",
        action: look::bench,
        advice: "docs/performance.md says which bars are met; run it again by `cargo xtask bench page`, alone",
    },
    Step {
        name: "lighthouse",
        title: "Lighthouse's scores of the page",
        action: look::lighthouse,
        advice: "mend what the scores name; run it again by `cargo xtask bench lighthouse`, alone",
    },
    Step {
        name: "size",
        title: "what the first load of the page weighs",
        action: print_sizes,
        advice: "mend what stops `cargo xtask build`",
    },
];

fn bench_wasm() -> Result {
    site::build_module()?;
    run(command("node")
        .arg("tests/node/bench.mjs")
        .env("SHARDLAB_MODULE", site::module_dir())
        .env("CHROME", tools::browser()?.chromium))
}

/// The engine's PutRecords is to take at least this many times kinesalite's records a second.
const PEER_RATIO_MIN: f64 = 20.0;

/// Prints both rates and their ratio. Fails below the bar.
fn bench_peers() -> Result {
    tools::npm_packages()?;
    let report = output(command("node").arg("tests/peers/bench.mjs"))
        .ok_or("`node tests/peers/bench.mjs` failed: run it to see why")?;
    println!("{report}");
    let peer = rate(&report, "kinesalite PutRecords: ")?;
    let [engine, json] = engine_put_records_rates()?;
    let ratio = engine / peer;
    println!(
        "engine PutRecords: {engine:.0} records/s, {ratio:.1} times kinesalite's (bar: {PEER_RATIO_MIN})"
    );
    println!("engine PutRecords by JSON: {json:.0} records/s, {:.1} times", json / peer);
    if ratio < PEER_RATIO_MIN { Err(format!("{ratio:.1} is below the bar")) } else { Ok(()) }
}

/// Records a second of PutRecords by the engine, natively, with the same requests as kinesalite's
/// (`tests/peers/bench.mjs`): typed, and with JSON in and out.
fn engine_put_records_rates() -> Result<[f64; 2]> {
    let report =
        output(cargo().args(["bench", "--package", "shardlab", "--bench", "streams", "--", "rates"]));
    let report = report.ok_or("`cargo bench --bench streams -- rates` failed: run it to see why")?;
    Ok([rate(&report, "engine PutRecords: ")?, rate(&report, "engine PutRecords by JSON: ")?])
}

/// The number in the line `LABEL N records/s` of a report.
fn rate(report: &str, label: &str) -> Result<f64> {
    let number = report.lines().find_map(|line| line.strip_prefix(label)?.strip_suffix(" records/s"));
    number.and_then(|number| number.parse().ok()).ok_or(format!("no `{label}N records/s` in: {report}"))
}

fn print_sizes() -> Result {
    site::build_if_stale()?;
    let entries = site::dist().read_dir().map_err(|error| format!("dist/: {error}"))?;
    let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| {
        let extension = path.extension().unwrap_or_default().to_string_lossy();
        matches!(extension.as_ref(), "html" | "css" | "js" | "wasm")
    });
    files.sort();
    let (mut first_bytes, mut rest_bytes) = (0, 0);
    println!("{:<45} {:>9} {:>9}", "file", "bytes", "gzip -9");
    for file in &files {
        let content = fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
        let gzip_bytes = serve::gzip(&content).map_or(content.len(), |packed| packed.len());
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        println!("{name:<45} {:>9} {gzip_bytes:>9}", content.len());
        if name.starts_with("shardlab_rest") || name.starts_with("style_whole") {
            rest_bytes += gzip_bytes;
        } else {
            first_bytes += gzip_bytes;
        }
    }
    println!("{:<45} {:>9} {first_bytes:>9}", "first load", "");
    println!("{:<45} {:>9} {rest_bytes:>9}", "the rest, fetched then", "");
    Ok(())
}
