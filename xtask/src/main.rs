//! `cargo xtask`: sets up, builds, serves, tests and measures Shardlab.
//!
//! Whatever a command needs and does not find, it installs: see [`tools`]. The code map:
//! - [`process`]: how programs are run, and where the repository is;
//! - [`tools`]: finds and installs Trunk, wasm-bindgen, the npm packages and a Chromium;
//! - [`site`]: builds `dist/` and the wasm module without the page;
//! - [`late`], [`cold`] and [`styles`]: what the first picture does not need, functions, regions of others and rules of
//!   the style sheet, and how that is found out;
//! - [`look`]: screenshots, the page's benchmark and Lighthouse, in a browser;
//! - [`parts`]: publishes the page's program in two parts, which [`split`] makes of its wasm;
//! - [`serve`]: serves `dist/` on loopback;
//! - [`steps`]: runs named steps, with headings and a summary; [`mod@test`] and [`mod@bench`] list theirs.

mod bench;
mod cold;
mod late;
mod look;
mod parts;
mod process;
mod serve;
mod site;
mod split;
mod steps;
mod styles;
mod test;
mod tools;

use std::process::ExitCode;

use process::Result;

const USAGE: &str = "\
Usage: cargo xtask COMMAND

  serve [--port N] [--base /PATH/] [--no-build]
                    build the page when something changed, and serve it on 127.0.0.1
  build             write the page to dist/
  test [STEP...]    run every check and test, or the named ones
  bench [STEP...]   run every benchmark, or the named ones
  shots [--docs]    write screenshots of every screen to screenshots/, or those of the repository
  late              find out anew what the page's first picture does not need

Missing tools are installed when a command first needs them.";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("\nerror: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[&str]) -> Result {
    match arguments {
        ["serve", options @ ..] => serve::run(&serve::Options::parse(options)?),
        ["build"] => site::build(),
        ["test", names @ ..] => steps::run(test::STEPS, names),
        ["bench", names @ ..] => steps::run(bench::STEPS, names),
        ["shots", options @ ..] => look::shots(options),
        ["late"] => late::update(),
        ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        _ => Err(format!("unknown command: {}\n\n{USAGE}", arguments.join(" "))),
    }
}
