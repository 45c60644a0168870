//! The headless run: a scenario file in, a summary and the event log out.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use lexopt::prelude::*;
use shardlab::lang::Lang;
use shardlab::scenario::{Problem, Scenario};
use shardlab::sim::Simulation;
use shardlab::units::SimTime;

const USAGE: &str = "\
Usage: shardlab run FILE.json [--until 10m] [--events OUT.jsonl]
       shardlab validate FILE.json

run       simulates the scenario and prints its summary as JSON
validate  prints every problem of the scenario

  --until TIME   stop at TIME instead of the scenario's `until`: a number with ms, s, m or h
  --events FILE  write the event log as JSON lines

Exit codes: 0 done, 1 the scenario is invalid, 2 wrong usage or input/output";

enum Failure {
    Usage(String),
    Io(PathBuf, io::Error),
    Invalid(PathBuf, Vec<Problem>),
}

enum Request {
    Help,
    Run { file: PathBuf, until: Option<SimTime>, events: Option<PathBuf> },
    Validate { file: PathBuf },
}

/// Reads the command line, does what it says, and reports failures on standard error.
pub(crate) fn main() -> ExitCode {
    match request(lexopt::Parser::from_env()).and_then(fulfil) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Usage(message)) => {
            eprintln!("shardlab: {message}\n\n{USAGE}");
            ExitCode::from(2)
        }
        Err(Failure::Io(path, error)) => {
            eprintln!("shardlab: {}: {error}", path.display());
            ExitCode::from(2)
        }
        Err(Failure::Invalid(path, problems)) => {
            eprintln!("shardlab: {}: {} problem(s)", path.display(), problems.len());
            problems.iter().for_each(|problem| eprintln!("{}", problem.message(Lang::En)));
            ExitCode::from(1)
        }
    }
}

fn request(mut arguments: lexopt::Parser) -> Result<Request, Failure> {
    let usage = |error: lexopt::Error| Failure::Usage(error.to_string());
    let (mut words, mut until, mut events) = (Vec::new(), None, None);
    while let Some(argument) = arguments.next().map_err(usage)? {
        match argument {
            Short('h') | Long("help") => return Ok(Request::Help),
            Long("until") => {
                let text = arguments.value().and_then(|value| value.string()).map_err(usage)?;
                let time = parse_time(&text);
                until = Some(time.ok_or_else(|| {
                    Failure::Usage(format!("--until {text}: a number with ms, s, m or h, at most 49 days"))
                })?);
            }
            Long("events") => events = Some(PathBuf::from(arguments.value().map_err(usage)?)),
            Value(word) => words.push(word),
            Short(_) | Long(_) => return Err(usage(argument.unexpected())),
        }
    }
    let mut words = words.into_iter();
    match (words.next().as_deref().and_then(|word| word.to_str()), words.next(), words.next()) {
        (None | Some("help"), None, None) => Ok(Request::Help),
        (Some("run"), Some(file), None) => Ok(Request::Run { file: file.into(), until, events }),
        (Some("validate"), Some(file), None) => {
            if until.is_some() || events.is_some() {
                return Err(Failure::Usage("validate takes no options".into()));
            }
            Ok(Request::Validate { file: file.into() })
        }
        (Some("run" | "validate"), None, None) => Err(Failure::Usage("no scenario file given".into())),
        (Some("run" | "validate"), ..) => Err(Failure::Usage("one scenario file at a time".into())),
        (word, ..) => {
            Err(Failure::Usage(format!("no command {:?}: run or validate", word.unwrap_or_default())))
        }
    }
}

fn fulfil(request: Request) -> Result<(), Failure> {
    match request {
        Request::Help => {
            println!("{USAGE}");
            Ok(())
        }
        Request::Validate { file } => read(&file).map(|_| println!("{}: no problems", file.display())),
        Request::Run { file, until, events } => {
            let scenario = read(&file)?;
            let until = until.unwrap_or(scenario.until);
            let mut sim = Simulation::new(scenario);
            sim.run_until(until);
            if let Some(path) = events {
                write_events(&sim, &path).map_err(|error| Failure::Io(path, error))?;
            }
            let summary = serde_json::to_string_pretty(&sim.summary()).expect("a summary is plain data");
            println!("{summary}");
            Ok(())
        }
    }
}

fn read(path: &Path) -> Result<Scenario, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| Failure::Io(path.into(), error))?;
    Scenario::from_json(&text).map_err(|problems| Failure::Invalid(path.into(), problems))
}

fn write_events(sim: &Simulation, path: &Path) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    for line in sim.event_lines(0, u32::MAX) {
        serde_json::to_writer(&mut out, &line)?;
        out.write_all(b"\n")?;
    }
    out.flush()
}

/// `1500ms`, `90s`, `10m`, `2h`; `None` where it is none or beyond what a run can last.
fn parse_time(text: &str) -> Option<SimTime> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let unit = match unit {
        "ms" => 1,
        "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return None,
    };
    let time = SimTime(number.parse::<u64>().ok()?.checked_mul(unit)?);
    (time <= SimTime::MAX).then_some(time)
}
