//! Looks at the served `dist/` in a browser: screenshots, the page's benchmark, Lighthouse.

use std::process::Child;

use crate::process::{Result, command, root, run};
use crate::{serve, site, tools};

/// Lighthouse is large (185 MB with what it needs) and only measures, so it is installed when it is asked for.
const LIGHTHOUSE: &str = "lighthouse@12.8.2";

/// Writes screenshots of every screen, theme and language to `screenshots/`; with `--docs` only the few that are in the
/// repository.
pub(crate) fn shots(options: &[&str]) -> Result {
    match options {
        [] | ["--docs"] => node("tests/e2e/shots.mjs", options),
        _ => Err(format!("unknown options: {}", options.join(" "))),
    }
}

/// Times the page's frames.
pub(crate) fn bench() -> Result {
    node("tests/e2e/bench.mjs", &[])
}

/// Holds the page to Lighthouse's budget.
pub(crate) fn lighthouse() -> Result {
    let folder = tools::cache_dir()?.join("lighthouse");
    if !folder.join("node_modules/lighthouse").is_dir() {
        std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let install = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-save", LIGHTHOUSE];
        run(command("npm").arg("--prefix").arg(&folder).args(install))?;
    }
    node("tests/e2e/lighthouse.mjs", &[&folder.to_string_lossy()])
}

/// Runs a script of Node with the address of the served `dist/` and more arguments.
fn node(script: &str, arguments: &[&str]) -> Result {
    tools::npm_packages()?;
    site::build_if_stale()?;
    let port = serve::free_port()?.to_string();
    let _server = Server::start(&port)?;
    let address = format!("http://127.0.0.1:{port}/");
    run(command("node").arg(script).arg(address).args(arguments).env("CHROME", tools::browser()?.chromium))
}

/// `cargo xtask serve` in a process of its own, which ends with this value.
struct Server(Child);

impl Server {
    fn start(port: &str) -> Result<Self> {
        let program = std::env::current_exe().map_err(|error| error.to_string())?;
        let mut serve = command(program);
        let child = serve.args(["serve", "--no-build", "--port", port]).current_dir(root()).spawn();
        child.map(Self).map_err(|error| format!("the server could not be started: {error}"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
