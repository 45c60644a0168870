//! The steps of `cargo xtask test`, the quick ones first.

use crate::process::{Result, cargo, command, root, run};
use crate::steps::Step;
use crate::{parts, serve, site, tools};

/// Every check and test of the repository.
pub(crate) const STEPS: &[Step] = &[
    Step {
        name: "tools",
        title: "find or install what the other steps need",
        action: || tools::site_path().and(tools::browser()).map(drop),
        advice: "install the named tool by hand, then run `cargo xtask test` again",
    },
    Step {
        name: "format",
        title: "rustfmt",
        action: || run(cargo().args(["fmt", "--all", "--check"])),
        advice: "run `cargo fmt --all`",
    },
    Step {
        name: "lint",
        title: "clippy, native",
        action: || run(cargo().args(["clippy", "--workspace", "--all-targets", "--", "-Dwarnings"])),
        advice: "mend the code; a lint that is wrong takes `#[expect(..., reason = \"...\")]`",
    },
    Step {
        name: "lint-wasm",
        title: "clippy for wasm, with the page and without it",
        action: lint_wasm,
        advice: "mend the code; see it again by `cargo xtask test lint-wasm`",
    },
    Step {
        name: "doc",
        title: "documentation, native and wasm, without warnings",
        action: doc,
        advice: "mend the doc comments; most often a link names something that moved",
    },
    Step {
        name: "native",
        title: "native tests",
        action: || run(cargo().args(["test", "--workspace"])),
        advice: "run `cargo test NAME`; where the new output is right, `INSTA_UPDATE=always cargo test`",
    },
    Step {
        name: "wasm",
        title: "wasm tests in Chromium",
        action: test_wasm,
        advice: "see the failed assertion above; run it again by `cargo xtask test wasm`",
    },
    Step {
        name: "module",
        title: "the engine as a module of Node",
        action: test_module,
        advice: "see the failed test above; run it again by `cargo xtask test module`",
    },
    Step {
        name: "peers",
        title: "the engine against other implementations of Kinesis",
        action: test_peers,
        advice: "see the failed test above; run it again by `cargo xtask test peers`",
    },
    Step {
        name: "site",
        title: "build dist/",
        action: site::build,
        advice: "mend what stops `cargo xtask build`",
    },
    Step {
        name: "e2e",
        title: "end-to-end tests of dist/ with Playwright",
        action: test_e2e,
        advice: "run `cargo xtask test e2e`; traces of failed tests are in target/e2e/",
    },
];

fn lint_wasm() -> Result {
    tools::wasm_target()?;
    let clippy = |options: &[&str]| {
        let mut clippy = cargo();
        clippy.args([
            "clippy",
            "--package",
            "shardlab",
            "--target",
            "wasm32-unknown-unknown",
            "--lib",
            "--bins",
        ]);
        run(clippy.args(options).args(["--", "-Dwarnings"]))
    };
    clippy(&["--test", "browser"])?;
    clippy(&["--no-default-features"])
}

fn doc() -> Result {
    tools::wasm_target()?;
    let doc = |options: &[&str]| {
        run(cargo().env("RUSTDOCFLAGS", "-Dwarnings").args(["doc", "--no-deps"]).args(options))
    };
    doc(&["--workspace"])?;
    doc(&["--package", "shardlab", "--target", "wasm32-unknown-unknown"])
}

fn test_wasm() -> Result {
    let browser = tools::browser()?;
    run(cargo()
        .env("PATH", tools::site_path()?)
        .env("CHROMEDRIVER", &browser.driver)
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", browser.write_capabilities()?)
        .env("WASM_BINDGEN_TEST_TIMEOUT", "300")
        .args(["test", "--package", "shardlab", "--target", "wasm32-unknown-unknown", "--test", "browser"]))
}

fn test_module() -> Result {
    site::build_module()?;
    parts::publish_cut(&site::module_dir().join("web"), &site::module_dir().join("cut"))?;
    node_test("tests/node")
}

fn test_peers() -> Result {
    site::build_module()?;
    node_test("tests/peers")
}

/// Runs the `*.test.mjs` of a folder, which find the module by `SHARDLAB_MODULE`.
fn node_test(folder: &str) -> Result {
    let folder = root().join(folder);
    let entries = folder.read_dir().map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut tests: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    tests.retain(|path| path.to_string_lossy().ends_with(".test.mjs"));
    tests.sort();
    run(command("node").arg("--test").args(tests).env("SHARDLAB_MODULE", site::module_dir()))
}

fn test_e2e() -> Result {
    site::build_if_stale()?;
    run(command("node")
        .args(["node_modules/@playwright/test/cli.js", "test", "--config", "tests/e2e"])
        .env("CHROME", tools::browser()?.chromium)
        .env("SHARDLAB_PORT", serve::free_port()?.to_string())
        .env("SHARDLAB_SUBPATH_PORT", serve::free_port()?.to_string()))
}
