//! The format and the lints of `python/`, by the tools of `requirements-dev.txt`.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use harness::venv;

use super::{scratch, source};
use crate::tools::run;

#[test]
fn is_formatted() {
    let mut ruff = linter("ruff");
    ruff.args(["format", "--check", "--no-cache"]);
    run(ruff);
}

#[test]
fn has_nothing_that_ruff_warns_of() {
    let mut ruff = linter("ruff");
    ruff.args(["check", "--no-cache"]);
    run(ruff);
}

/// A linter, in the folder with its configuration.
fn linter(name: &str) -> Command {
    static ENVIRONMENT: OnceLock<PathBuf> = OnceLock::new();
    let requirements = source("requirements-dev.txt");
    let python = ENVIRONMENT.get_or_init(|| venv::python_with(&requirements, &scratch("linters")));
    let mut command = Command::new(python.with_file_name(name));
    command.current_dir(source(""));
    command
}
