//! The format, the lints and the types of `python/`, by the tools of `requirements-dev.txt`.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use harness::venv;

use super::{package, scratch, source, tool};
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

#[test]
fn is_typed_as_the_bindings_are() {
    let path = env::join_paths([
        with_bindings(),
        source("examples/fetch"),
        source("examples/requests"),
        source("examples/s3"),
    ]);
    let mut mypy = linter("mypy");
    mypy.args(["--package", "httplib"])
        .args([
            "--module", "fetch", "--module", "download", "--module", "s3",
        ])
        .arg("--cache-dir")
        .arg(scratch("mypy-cache"))
        .env(
            "MYPYPATH",
            path.expect("no folder here has a colon in its name"),
        );
    run(mypy);
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

/// A folder with the package's modules, and the bindings as componentize-py writes them for type
/// checkers: those of a program are made with the program.
fn with_bindings() -> PathBuf {
    let folder = scratch("python-typed");
    let _none_before = fs::remove_dir_all(&folder);
    let mut bindings = tool("componentize-py");
    bindings
        .arg("--wit-path")
        .arg(package().join("httplib/wit"))
        .args(["--world", "httplib:python/imports", "bindings"])
        .arg(&folder);
    run(bindings);
    let modules = folder.join("httplib");
    fs::create_dir(&modules).expect("the folder is new");
    fs::rename(folder.join("wit_world"), modules.join("bindings")).expect("they were written");
    copy_files(&source("httplib"), &modules);
    let injected = modules.join("urllib3");
    fs::create_dir(&injected).expect("the folder is new");
    copy_files(&source("httplib/urllib3"), &injected);
    folder
}

/// Copies the files of a folder, and not what is in folders within it.
fn copy_files(from: &Path, to: &Path) {
    for file in fs::read_dir(from).expect("the package has this folder") {
        let file = file.expect("which can be read").path();
        if file.is_file() {
            let name = file.file_name().expect("a file has a name");
            fs::copy(&file, to.join(name)).expect("the folder can be written");
        }
    }
}
