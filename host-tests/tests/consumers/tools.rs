//! The tools of other languages. A tool that is missing or fails is a failed test.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use crate::Outcome;

/// Runs a tool that has to succeed.
pub fn run(command: Command) {
    let name = format!("{command:?}");
    let outcome = output(command);
    assert!(
        outcome.success,
        "{name} failed:\n{}{}",
        outcome.stdout, outcome.stderr
    );
}

/// Runs a program.
pub fn output(mut command: Command) -> Outcome {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = match command.output() {
        Ok(output) => output,
        Err(error) if error.kind() == ErrorKind::NotFound => panic!("missing: {program}"),
        Err(error) => panic!("{program} does not start: {error}"),
    };
    Outcome {
        success: output.status.success(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Whether a product is there and no older than any of its sources: files, or folders of them.
pub fn is_up_to_date(product: &Path, sources: &[PathBuf]) -> bool {
    let made = fs::metadata(product).and_then(|metadata| metadata.modified());
    made.is_ok_and(|made| sources.iter().all(|source| newest(source) <= made))
}

/// When the file, or the newest file in the folder, was changed.
fn newest(path: &Path) -> SystemTime {
    if path.is_dir() {
        let entries = fs::read_dir(path).expect("a folder of the repository can be read");
        let entries = entries.map(|entry| entry.expect("so can its entries").path());
        entries
            .map(|entry| newest(&entry))
            .max()
            .unwrap_or(SystemTime::UNIX_EPOCH)
    } else {
        let modified = fs::metadata(path).and_then(|metadata| metadata.modified());
        modified.unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }
}
