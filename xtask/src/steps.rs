//! Named steps, run one after the other; a failure does not stop the others.
#![expect(clippy::disallowed_types, reason = "a step's duration is real time; nothing here is simulated")]

use std::time::Instant;

use crate::process::Result;

/// One thing to do that succeeds or fails.
pub(crate) struct Step {
    /// What `cargo xtask test NAME` calls it.
    pub(crate) name: &'static str,
    /// What it does, for its heading.
    pub(crate) title: &'static str,
    pub(crate) action: fn() -> Result,
    /// What to do when it fails.
    pub(crate) advice: &'static str,
}

/// Runs the named steps, or all of them if no name is given. Ends with a summary, whose last line counts.
pub(crate) fn run(steps: &[Step], names: &[&str]) -> Result {
    if let Some(unknown) = names.iter().find(|name| steps.iter().all(|step| step.name != **name)) {
        let known: Vec<&str> = steps.iter().map(|step| step.name).collect();
        return Err(format!("there is no step `{unknown}`; the steps are: {}", known.join(", ")));
    }
    let chosen: Vec<&Step> =
        steps.iter().filter(|step| names.is_empty() || names.contains(&step.name)).collect();
    let start = Instant::now();
    let mut summary = String::new();
    let mut n_failed = 0;
    for (idx, step) in chosen.iter().enumerate() {
        println!("\n=== {}/{} {}: {}", idx + 1, chosen.len(), step.name, step.title);
        let start = Instant::now();
        let result = (step.action)();
        let seconds = start.elapsed().as_secs_f64();
        let outcome = if result.is_ok() { "ok" } else { "FAILED" };
        println!("--- {}: {outcome}, {seconds:.1} s", step.name);
        summary += &format!("  {:<12} {outcome:<6} {seconds:>7.1} s\n", step.name);
        if let Err(message) = result {
            println!("{message}\nWhat to do: {}", step.advice);
            summary += &format!("    {message}\n    What to do: {}\n", step.advice);
            n_failed += 1;
        }
    }
    println!("\n=== Summary, {:.0} s\n{summary}", start.elapsed().as_secs_f64());
    println!("{} passed, {n_failed} failed", chosen.len() - n_failed);
    if n_failed == 0 { Ok(()) } else { Err("see the summary above".into()) }
}
