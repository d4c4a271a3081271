//! The unit tests of `python/tests`: in the component, and those in `agree` natively as well, against
//! Python's own `http.client`.

use std::env;
use std::path::Path;
use std::process;
use std::sync::OnceLock;

use harness::component::Names;
use tempfile::TempDir;
use wasmtime_wasi::FsPerms;

use super::libraries::REQUESTS;
use super::world::world;
use super::{componentize, source};
use crate::Outcome;
use crate::command::Command;
use crate::tools::output;

/// Where the component finds the certificates.
const FOLDER: &str = "/certificates";

/// The tests as a component. It runs a folder of them.
pub fn suite() -> &'static Command {
    static COMMAND: OnceLock<Command> = OnceLock::new();
    COMMAND.get_or_init(|| Command::compose(&componentize("tests", "suite", &REQUESTS)))
}

#[test]
fn agrees_with_http_client() {
    assert_passed(&in_the_component("agree", None));
}

#[test]
fn http_client_agrees_with_itself() {
    assert_passed(&natively("python3".as_ref(), "agree"));
}

#[test]
fn carries_requests_and_urllib3() {
    assert_passed(&in_the_component("injected", None));
}

#[test]
fn requests_does_the_same_over_sockets() {
    assert_passed(&natively(&REQUESTS.python(), "injected"));
}

#[test]
fn does_what_only_the_component_does() {
    assert_passed(&in_the_component("own", None));
}

#[test]
fn stands_in_for_http_client_when_installed() {
    assert_passed(&in_the_component("installed", None));
}

#[test]
fn raises_what_the_resolver_says() {
    let none = Names::Are(Vec::new());
    assert_passed(&in_the_component("names", Some(none)));
}

fn natively(python: &Path, tests: &str) -> Outcome {
    let folder = certificates();
    let mut python = process::Command::new(python);
    // requests reads proxies and authorities from the environment.
    python
        .env_clear()
        .envs(env::var_os("PATH").map(|path| ("PATH", path)))
        .current_dir(source("tests"))
        .args(["-B", "suite.py", tests, &world().port().to_string()])
        .arg(folder.path());
    output(python)
}

fn in_the_component(tests: &str, names: Option<Names>) -> Outcome {
    let folder = certificates();
    let port = world().port().to_string();
    suite().outcome(&["suite", tests, &port, FOLDER], names, |context| {
        context
            .preopened_dir(folder.path(), FOLDER, FsPerms::ReadWrite)
            .expect("the folder is there");
    })
}

fn certificates() -> TempDir {
    let folder = TempDir::new().expect("the system has room for a folder");
    world().write(folder.path());
    folder
}

/// That it said so, and ran tests and skipped none.
fn assert_passed(outcome: &Outcome) {
    let said = outcome.stderr.lines().last();
    let ran = outcome.stderr.contains("Ran ") && !outcome.stderr.contains("Ran 0 tests");
    assert!(outcome.success && ran && said == Some("OK"), "{outcome:?}");
}
