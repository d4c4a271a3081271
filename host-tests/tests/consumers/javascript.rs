//! `js`, the package for Node.js, built of the component.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use harness::component;

use crate::Outcome;
use crate::site::{CA, Site, assert_caught_hostname_mismatch, assert_fetched};
use crate::tools::{is_up_to_date, output, run};

/// What the package is made of, beside the component.
const SOURCES: &[&str] = &[
    "src",
    "scripts",
    "package-lock.json",
    "tsconfig.json",
    "../wit",
];

/// `node examples/fetch.mjs HOST PORT CA`.
fn fetch(host: &str, site: &Site) -> Outcome {
    build();
    let mut node = Command::new("node");
    node.current_dir(folder())
        .args(["examples/fetch.mjs", host, &site.port()])
        .arg(site.folder().join(CA));
    output(node)
}

/// Builds the package, unless that was done and nothing has changed.
fn build() {
    static BUILT: OnceLock<()> = OnceLock::new();
    BUILT.get_or_init(|| {
        install();
        // The last file that is written.
        let built = folder().join("LICENSE");
        let mut sources: Vec<PathBuf> = SOURCES.iter().map(|it| folder().join(it)).collect();
        sources.push(component::path());
        if !is_up_to_date(&built, &sources) {
            let mut npm = npm();
            npm.args(["run", "build", "--", &component::path().to_string_lossy()]);
            run(npm);
        }
    });
}

/// Installs what the lock file asks for, unless it is there.
fn install() {
    static INSTALLED: OnceLock<()> = OnceLock::new();
    INSTALLED.get_or_init(|| {
        let installed = folder().join("node_modules/.package-lock.json");
        if !is_up_to_date(&installed, &[folder().join("package-lock.json")]) {
            let mut npm = npm();
            npm.args(["ci", "--no-audit", "--no-fund"]);
            run(npm);
        }
    });
}

fn npm() -> Command {
    let mut npm = Command::new("npm");
    npm.current_dir(folder());
    npm
}

fn folder() -> PathBuf {
    let harness = Path::new(env!("CARGO_MANIFEST_DIR"));
    harness
        .parent()
        .expect("host-tests stands in the repository")
        .join("js")
}

#[test]
fn is_formatted_and_has_nothing_that_biome_warns_of() {
    install();
    let mut npm = npm();
    npm.args(["run", "lint"]);
    run(npm);
}

#[test]
fn passes_the_tests_of_its_package() {
    build();
    let mut npm = npm();
    npm.arg("test");
    run(npm);
}

#[test]
fn fetches_a_page_from_a_server_with_an_own_authority() {
    assert_fetched(&fetch("localhost", &Site::new()));
}

#[test]
fn catches_an_error_by_its_case() {
    assert_caught_hostname_mismatch(&fetch("127.0.0.1", &Site::new()));
}
