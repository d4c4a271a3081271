//! `guests/python`, which componentize-py makes a component.

use std::fs;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::OnceLock;

use crate::command::Command;
use crate::site::{Site, assert_caught_hostname_mismatch, assert_fetched};
use crate::tools::{is_up_to_date, run};

/// The WIT of httplib, from the guest's folder.
const WIT: &str = "../../../wit";

fn command() -> &'static Command {
    static COMMAND: OnceLock<Command> = OnceLock::new();
    COMMAND.get_or_init(|| Command::compose(&componentize()))
}

/// Makes the component, unless it is there and nothing has changed.
fn componentize() -> PathBuf {
    let component = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fetch-python.wasm");
    let sources = ["fetch.py", "requirements.txt", "wit", WIT].map(|name| folder().join(name));
    if !is_up_to_date(&component, &sources) {
        let mut tool = process::Command::new(environment().join("bin/componentize-py"));
        tool.current_dir(folder())
            .args(["--wit-path", WIT, "--wit-path", "wit"])
            .args(["--world", "example:fetch/fetch", "componentize", "fetch"])
            .arg("--output")
            .arg(&component);
        run(tool);
    }
    component
}

/// Makes a virtual environment with what `requirements.txt` asks for, unless it is there.
fn environment() -> PathBuf {
    let environment = Path::new(env!("CARGO_TARGET_TMPDIR")).join("venv");
    let installed = environment.join("installed");
    if !is_up_to_date(&installed, &[folder().join("requirements.txt")]) {
        let mut python = process::Command::new("python3");
        python.args(["-m", "venv", "--clear"]).arg(&environment);
        run(python);
        let mut pip = process::Command::new(environment.join("bin/pip"));
        pip.current_dir(folder())
            .args(["install", "--requirement", "requirements.txt"]);
        run(pip);
        fs::write(installed, "").expect("the environment can be written");
    }
    environment
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("guests/python")
}

#[test]
fn fetches_a_page_from_a_server_with_an_own_authority() {
    assert_fetched(&command().fetch("localhost", &Site::new()));
}

#[test]
fn catches_an_error_by_its_case() {
    assert_caught_hostname_mismatch(&command().fetch("127.0.0.1", &Site::new()));
}
