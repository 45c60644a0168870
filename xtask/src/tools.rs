//! Finds the tools of the build and of the tests, and installs those that are missing.
//!
//! A tool on PATH is taken if it has the right version. Others go to a folder of the user's cache, shared by
//! all checkouts; npm packages go to `node_modules/`, at the versions of `package-lock.json`.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use crate::process::{Result, cargo, command, output, root, run, target_dir};

/// Invariant: the same as `trunk-version` in Trunk.toml.
const TRUNK_VERSION: &str = "0.21.14";

const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

/// Puppeteer's downloader, which knows where each version of ChromeDriver is.
const DRIVER_INSTALLER: &str = "@puppeteer/browsers@2.13.2";

/// The value of PATH under which Trunk, wasm-bindgen and wasm-opt are found at their right versions.
pub(crate) fn site_path() -> Result<OsString> {
    wasm_target()?;
    npm_packages()?;
    let mut folders = vec![root().join("node_modules/.bin")];
    folders.extend(cargo_tool("trunk", "trunk", TRUNK_VERSION, &["--locked", "--no-default-features"])?);
    // Not `--locked`: the lock file in its package names versions that have been withdrawn.
    folders.extend(cargo_tool("wasm-bindgen", "wasm-bindgen-cli", &wasm_bindgen_version()?, &[])?);
    folders.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    env::join_paths(folders).map_err(|error| format!("PATH cannot be extended: {error}"))
}

/// Makes sure that Rust can compile to wasm.
pub(crate) fn wasm_target() -> Result {
    const TARGET: &str = "wasm32-unknown-unknown";
    let library = output(command("rustc").args(["--print", "target-libdir", "--target", TARGET]));
    if library.is_some_and(|folder| Path::new(&folder).exists()) {
        return Ok(());
    }
    println!("Installing Rust's {TARGET} target; this takes less than a minute.");
    run(command("rustup").args(["target", "add", TARGET]))
        .map_err(|error| format!("{error}\ninstall Rust by https://rustup.rs, which adds targets"))
}

/// Makes sure that the standard library's source is there: the page is compiled with a small one.
pub(crate) fn rust_source() -> Result {
    let sysroot = output(command("rustc").args(["--print", "sysroot"])).unwrap_or_default();
    if Path::new(&sysroot).join("lib/rustlib/src/rust/library/Cargo.lock").exists() {
        return Ok(());
    }
    println!("Installing the source of Rust's standard library; this takes less than a minute.");
    run(command("rustup").args(["component", "add", "rust-src"]))
        .map_err(|error| format!("{error}\ninstall Rust by https://rustup.rs, which adds components"))
}

/// Makes sure that `node_modules/` holds what `package-lock.json` asks for.
pub(crate) fn npm_packages() -> Result {
    let modified = |path: &str| fs::metadata(root().join(path)).and_then(|data| data.modified()).ok();
    if modified("node_modules/.package-lock.json") >= modified("package-lock.json") {
        return Ok(());
    }
    if output(command("node").arg("--version")).is_none() {
        return Err("Node.js is missing: install version 20 or newer from https://nodejs.org".into());
    }
    println!("Installing the npm packages of package-lock.json; this takes less than a minute.");
    // Without scripts nothing is compiled: kinesalite's only one is for a store on disk, which is not used.
    run(command(NPM).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]))
}

/// The version of wasm-bindgen in Cargo.lock: the tool must be of exactly this version.
fn wasm_bindgen_version() -> Result<String> {
    let lock =
        fs::read_to_string(root().join("Cargo.lock")).map_err(|error| format!("Cargo.lock: {error}"))?;
    let entry = lock.split_once("name = \"wasm-bindgen\"\nversion = \"").map(|(_, entry)| entry);
    let version = entry.and_then(|entry| entry.split('"').next());
    version.map(String::from).ok_or("Cargo.lock names no wasm-bindgen".into())
}

/// The folder of a program that Cargo can install; none if the right version is on PATH already.
fn cargo_tool(program: &str, package: &str, version: &str, options: &[&str]) -> Result<Option<PathBuf>> {
    let is_right = |program: &Path| {
        let answer = output(command(program).arg("--version")).unwrap_or_default();
        answer.split_whitespace().nth(1) == Some(version)
    };
    if is_right(Path::new(program)) {
        return Ok(None);
    }
    let folder = cache_dir()?.join(format!("{package}-{version}"));
    if !is_right(&folder.join("bin").join(program)) {
        println!("Installing {package} {version} to {}.", folder.display());
        println!("It is compiled, once for this machine; on two cores this takes up to 7 minutes.");
        run(cargo()
            // Trunk's own settings take twice as long, for a speed that nobody would notice.
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            .args(["install", "--root"])
            .arg(&folder)
            .args(options)
            .arg(format!("{package}@{version}")))?;
    }
    Ok(Some(folder.join("bin")))
}

/// Where tools are kept for all checkouts of this user.
pub(crate) fn cache_dir() -> Result<PathBuf> {
    let variable = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    variable("XDG_CACHE_HOME")
        .or_else(|| variable("LOCALAPPDATA"))
        .or_else(|| variable("HOME").map(|home| home.join(".cache")))
        .map(|cache| cache.join("shardlab/tools"))
        .ok_or("none of XDG_CACHE_HOME, LOCALAPPDATA and HOME is set: where to keep tools?".into())
}

/// A Chromium and the ChromeDriver that fits it.
pub(crate) struct Browser {
    pub(crate) chromium: PathBuf,
    pub(crate) driver: PathBuf,
}

impl Browser {
    /// Writes `webdriver.json`, completed by the path of this Chromium, and returns where.
    pub(crate) fn write_capabilities(&self) -> Result<PathBuf> {
        const OPTIONS: &str = "\"goog:chromeOptions\": {";
        let write = || {
            let general = fs::read_to_string(root().join("webdriver.json"))?;
            let own = general.replace(OPTIONS, &format!("{OPTIONS} \"binary\": {:?},", self.chromium));
            let path = target_dir().join("webdriver.json");
            fs::write(&path, own).map(|()| path)
        };
        write().map_err(|error: std::io::Error| format!("webdriver.json: {error}"))
    }
}

/// Finds a Chromium (or Chrome) and its driver. What is missing comes from Debian where that works, else
/// from Playwright and Puppeteer.
pub(crate) fn browser() -> Result<Browser> {
    npm_packages()?;
    let chromium = match env::var_os("CHROME") {
        Some(path) => PathBuf::from(path),
        None => find_chromium().map_or_else(install_chromium, Ok)?,
    };
    let version = major_version(&chromium).ok_or(format!("{} does not run", chromium.display()))?;
    let driver = find_driver(version)?.map_or_else(|| install_driver(version), Ok)?;
    Ok(Browser { chromium, driver })
}

/// The first part of a browser's or driver's version; none if it does not run.
fn major_version(program: &Path) -> Option<u32> {
    let answer = output(command(program).arg("--version"))?;
    let version = answer.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    version.split('.').next()?.parse().ok()
}

fn find_chromium() -> Option<PathBuf> {
    const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    const MACOS: [&str; 2] = [
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ];
    const PLAYWRIGHT: &str = "console.log(require('@playwright/test').chromium.executablePath())";
    let mut candidates: Vec<PathBuf> = NAMES.iter().flat_map(|name| on_path(name)).collect();
    candidates.extend(MACOS.map(PathBuf::from));
    candidates.extend(output(command("node").args(["-e", PLAYWRIGHT])).map(PathBuf::from));
    candidates.into_iter().find(|candidate| major_version(candidate).is_some())
}

fn install_chromium() -> Result<PathBuf> {
    println!("No Chromium was found: installing one; this takes a few minutes.");
    if apt_install(&["chromium", "chromium-driver"]).is_err() {
        run(command("node").args(["node_modules/@playwright/test/cli.js", "install", "chromium"]))?;
    }
    find_chromium().ok_or("no Chromium runs: install Chromium or Chrome, or set CHROME to its path".into())
}

fn find_driver(version: u32) -> Result<Option<PathBuf>> {
    let mut candidates: Vec<PathBuf> = env::var_os("CHROMEDRIVER").map(PathBuf::from).into_iter().collect();
    candidates.extend(on_path("chromedriver"));
    candidates.extend(env::var_os("CHROMEWEBDRIVER").map(|folder| Path::new(&folder).join("chromedriver")));
    candidates.extend(
        ["/usr/lib/chromium", "/usr/lib/chromium-browser"].map(|p| Path::new(p).join("chromedriver")),
    );
    candidates.extend(find_file(&driver_dir()?, "chromedriver"));
    Ok(candidates.into_iter().find(|candidate| major_version(candidate) == Some(version)))
}

fn install_driver(version: u32) -> Result<PathBuf> {
    println!("Installing ChromeDriver {version}; this takes less than a minute.");
    if apt_install(&["chromium-driver"]).is_err() || find_driver(version)?.is_none() {
        run(command(NPM)
            .args(["exec", "--yes", "--", DRIVER_INSTALLER, "install"])
            .args([&format!("chromedriver@{version}"), "--path"])
            .arg(driver_dir()?))?;
    }
    find_driver(version)?.ok_or(format!("no ChromeDriver {version} was found: set CHROMEDRIVER to its path"))
}

fn driver_dir() -> Result<PathBuf> {
    Ok(cache_dir()?.join("chromedriver"))
}

/// Installs Debian packages, where there is apt and the right to use it.
fn apt_install(packages: &[&str]) -> Result {
    let is_root = output(command("id").arg("-u")).is_some_and(|id| id == "0");
    let apt = |arguments: &[&str]| {
        let mut apt = command(if is_root { "apt-get" } else { "sudo" });
        if !is_root {
            apt.arg("apt-get");
        }
        run(apt.args(arguments))
    };
    if on_path("apt-get").next().is_none() {
        return Err("there is no apt-get".into());
    }
    apt(&["update"])?;
    apt(&[&["install", "--yes"], packages].concat())
}

/// Every file of this name in PATH's folders.
fn on_path(name: &str) -> impl Iterator<Item = PathBuf> + use<'_> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    folders.into_iter().map(move |folder| folder.join(name)).filter(|file| file.is_file())
}

/// Every file of this name in a folder or below it.
fn find_file(folder: &Path, name: &str) -> Vec<PathBuf> {
    let entries = folder.read_dir().into_iter().flatten().flatten().map(|entry| entry.path());
    entries
        .flat_map(|path| match path.is_dir() {
            true => find_file(&path, name),
            false => vec![path],
        })
        .filter(|path| path.ends_with(name))
        .collect()
}
