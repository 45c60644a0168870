//! Builds the page (`dist/`) and the wasm module without the page.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{Result, cargo, command, root, run, target_dir};
use crate::{parts, tools};

/// Everything that `dist/` is made of.
const INPUTS: [&str; 18] = [
    "src",
    "www",
    "index.html",
    "Trunk.toml",
    "Cargo.toml",
    "Cargo.lock",
    ".cargo",
    "rust-toolchain.toml",
    "package-lock.json",
    "xtask/src/cold.rs",
    "xtask/src/cold.txt",
    "xtask/src/late.txt",
    "xtask/src/parts.rs",
    "xtask/src/site.rs",
    "xtask/src/split",
    "xtask/src/styles.rs",
    "xtask/src/styles.txt",
    "xtask/src/tools.rs",
];

/// The folder of the page.
pub(crate) fn dist() -> PathBuf {
    root().join("dist")
}

/// Builds the release page into `dist/`.
pub(crate) fn build() -> Result {
    let path = tools::site_path()?;
    tools::rust_source()?;
    println!("Building the page; on two cores the first time takes up to 5 minutes.");
    // Trunk works offline, so that it takes the tools found above instead of downloading its own.
    run(for_size(&mut cargo()).args(["fetch", "--target", "wasm32-unknown-unknown"]))?;
    run(for_size(&mut command("trunk"))
        .env("PATH", path)
        // Trunk takes this for its own option and refuses the usual value `1`.
        .env_remove("NO_COLOR")
        .args(["build", "--release", "--offline", "--skip-version-check"]))?;
    parts::publish()?;
    name_host()
}

/// Where the page will be published, if that is known: `https://example.org/shardlab/`.
const URL: &str = "SHARDLAB_URL";

/// Makes the address of the social preview absolute, since most who show it take no other. Everything else in `dist/` is
/// relative, so that it works on any host; without [`URL`] this is, too.
fn name_host() -> Result {
    let Ok(url) = std::env::var(URL) else { return Ok(()) };
    if !url.starts_with("http") || !url.ends_with('/') || url.contains('"') {
        return Err(format!("{URL} is to be an address that ends with a slash, not `{url}`"));
    }
    let page = dist().join("index.html");
    let text = fs::read_to_string(&page).map_err(|error| format!("{}: {error}", page.display()))?;
    fs::write(&page, with_host(&text, &url)).map_err(|error| format!("{}: {error}", page.display()))
}

/// The page's text with the address of its host.
fn with_host(text: &str, url: &str) -> String {
    text.replace("content=\"./social.png\"", &format!("content=\"{url}social.png\""))
}

/// How the page is compiled beyond its profile. Functions with one caller stay functions of their own unless they are
/// short (an instruction is said to cost 100, not 5): else most of what the first picture does not need would stand in
/// functions that it does need. The relocations say which data is whose: see `split/data.rs`.
const PAGE_FLAGS: &str =
    "-Zunstable-options -Cpanic=immediate-abort -Cllvm-args=-inline-instr-cost=100 -Clink-arg=--emit-relocs";

/// Compiles the page with a standard library of its own, made small: it aborts where it would format a panic's
/// message, and sorts and prints by its short algorithms. That saves 40 kB of the first load. These are unstable
/// options (`[unstable]` in .cargo/config.toml), which `RUSTC_BOOTSTRAP` turns on for the pinned toolchain.
fn for_size(command: &mut Command) -> &mut Command {
    command.env("RUSTC_BOOTSTRAP", "1").env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", PAGE_FLAGS)
}

/// Builds `dist/` unless it is newer than everything it is made of.
pub(crate) fn build_if_stale() -> Result {
    let page = dist().join("index.html");
    if page.exists() && !INPUTS.iter().any(|input| is_newer(&root().join(input), &page)) {
        println!("dist/ is up to date.");
        return Ok(());
    }
    build()
}

/// Whether a file, or a folder or anything in it, was modified after another file.
fn is_newer(path: &Path, than: &Path) -> bool {
    let modified = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
    modified(path) > modified(than)
        || path.read_dir().is_ok_and(|entries| entries.flatten().any(|entry| is_newer(&entry.path(), than)))
}

/// Where [`build_module`] puts its two forms: `node/shardlab.js` (CommonJS) and `web/shardlab.js`.
pub(crate) fn module_dir() -> PathBuf {
    target_dir().join("module")
}

/// Builds the engine's exports without the page, as a module for Node and one for other pages.
pub(crate) fn build_module() -> Result {
    let path = tools::site_path()?;
    run(cargo().args(["build", "--package", "shardlab", "--bin", "shardlab", "--release"]).args([
        "--no-default-features",
        "--features",
        "bench",
        "--target",
        "wasm32-unknown-unknown",
    ]))?;
    let wasm = target_dir().join("wasm32-unknown-unknown/release/shardlab.wasm");
    for (target, folder) in [("nodejs", "node"), ("web", "web")] {
        run(command("wasm-bindgen")
            .env("PATH", &path)
            .args(["--target", target, "--out-dir"])
            .args([&module_dir().join(folder), &wasm]))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_social_preview_has_a_host() {
        let page = include_str!("../../index.html");
        let named = with_host(page, "https://example.org/lab/");
        assert!(
            named.contains("<meta property=\"og:image\" content=\"https://example.org/lab/social.png\">")
        );
        assert_eq!(named.matches("https://").count(), page.matches("https://").count() + 1);
    }
}
