//! Running programs. An error is a text for the person at the terminal.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a command of xtask ends with; the error says what failed and what to do.
pub(crate) type Result<T = ()> = std::result::Result<T, String>;

/// The repository's top folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask/ lies in the repository")
}

/// The folder of Cargo's output, which is also where intermediate files go: this very program runs from
/// `<target>/debug/`, so the answer heeds `CARGO_TARGET_DIR` and every configuration file.
pub(crate) fn target_dir() -> PathBuf {
    let program = std::env::current_exe().expect("the system knows the running program");
    program.ancestors().nth(2).expect("a program built by Cargo lies in <target>/<profile>/").into()
}

/// A program, started in the repository's top folder.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// The Cargo that started xtask.
pub(crate) fn cargo() -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Says what is run, runs it with its output on the terminal, and fails if it fails.
pub(crate) fn run(command: &mut Command) -> Result {
    let line = line_of(command);
    println!("$ {line}");
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{line}` failed ({status})")),
        Err(error) => Err(format!("`{line}` could not be started: {error}")),
    }
}

/// The standard output of a program that runs quietly; none if it is missing or fails.
pub(crate) fn output(command: &mut Command) -> Option<String> {
    let output = command.output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_string())
}

/// The command as a person would type it.
fn line_of(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy();
    let arguments = command.get_args().map(|argument| format!(" {}", argument.to_string_lossy()));
    std::iter::once(program.into_owned()).chain(arguments).collect()
}
