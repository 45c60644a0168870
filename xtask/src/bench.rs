//! The steps of `cargo xtask bench`. Figures and how to read them: docs/performance.md.

use std::fs;

use miniz_oxide::deflate::compress_to_vec;

use crate::process::{Result, cargo, command, run};
use crate::steps::Step;
use crate::{site, tools};

/// Every benchmark of the repository.
pub(crate) const STEPS: &[Step] = &[
    Step {
        name: "native",
        title: "criterion, native",
        action: || run(cargo().args(["bench", "--package", "shardlab", "--bench", "pipeline"])),
        advice: "see the message above; run it again by `cargo xtask bench native`",
    },
    Step {
        name: "wasm",
        title: "the same loops in Node and in headless Chromium",
        action: bench_wasm,
        advice: "see the message above; run it again by `cargo xtask bench wasm`",
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

/// Bytes of a gzip file beyond its deflated content: header and trailer.
const GZIP_FRAME_BYTES: usize = 18;

fn print_sizes() -> Result {
    site::build_if_stale()?;
    let entries = site::dist().read_dir().map_err(|error| format!("dist/: {error}"))?;
    let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| {
        let extension = path.extension().unwrap_or_default().to_string_lossy();
        matches!(extension.as_ref(), "html" | "css" | "js" | "wasm")
    });
    files.sort();
    let mut total_bytes = 0;
    println!("{:<45} {:>9} {:>9}", "file", "bytes", "gzip -9");
    for file in &files {
        let content = fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
        let gzip_bytes = compress_to_vec(&content, 9).len() + GZIP_FRAME_BYTES;
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        println!("{name:<45} {:>9} {gzip_bytes:>9}", content.len());
        total_bytes += gzip_bytes;
    }
    println!("{:<45} {:>9} {total_bytes:>9}", "first load", "");
    Ok(())
}
