//! `js`, for which jco transpiles the component.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use host_tests::component::PATH;

use crate::Outcome;
use crate::site::{CA, Site, assert_caught_hostname_mismatch, assert_fetched};
use crate::tools::{is_up_to_date, output, run};

/// `node fetch.mjs HOST PORT CA`.
fn fetch(host: &str, site: &Site) -> Outcome {
    static TRANSPILED: OnceLock<()> = OnceLock::new();
    TRANSPILED.get_or_init(transpile);
    let mut node = Command::new("node");
    node.current_dir(folder())
        .args(["fetch.mjs", host, &site.port()])
        .arg(site.folder().join(CA));
    output(node)
}

/// Transpiles the component, unless that was done and nothing has changed.
fn transpile() {
    install();
    let transpiled = folder().join("httplib/httplib.js");
    let sources = [PATH.into(), lock_file(), folder().join("transpile.mjs")];
    if !is_up_to_date(&transpiled, &sources) {
        let mut npm = npm();
        npm.args(["run", "transpile", "--", PATH]);
        run(npm);
    }
}

/// Installs what the lock file asks for, unless it is there.
fn install() {
    let installed = folder().join("node_modules/.package-lock.json");
    if !is_up_to_date(&installed, &[lock_file()]) {
        let mut npm = npm();
        npm.args(["ci", "--no-audit", "--no-fund"]);
        run(npm);
    }
}

fn npm() -> Command {
    let mut npm = Command::new("npm");
    npm.current_dir(folder());
    npm
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("js")
}

fn lock_file() -> PathBuf {
    folder().join("package-lock.json")
}

#[test]
fn fetches_a_page_from_a_server_with_an_own_authority() {
    assert_fetched(&fetch("localhost", &Site::new()));
}

#[test]
fn catches_an_error_by_its_case() {
    assert_caught_hostname_mismatch(&fetch("127.0.0.1", &Site::new()));
}
