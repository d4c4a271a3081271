//! `examples/fetch`, which the build script builds, and the crate that it is written with.

use std::path::{Path, PathBuf};
use std::process;
use std::sync::OnceLock;

use tempfile::TempDir;

use crate::command::Command;
use crate::site::{Site, assert_caught_hostname_mismatch, assert_fetched};
use crate::tools::run;

fn command() -> &'static Command {
    static COMMAND: OnceLock<Command> = OnceLock::new();
    COMMAND.get_or_init(|| Command::compose(Path::new(env!("FETCH_GUEST"))))
}

#[test]
fn fetches_a_page_from_a_server_with_an_own_authority() {
    assert_fetched(&command().fetch("localhost", &Site::new()));
}

#[test]
fn catches_an_error_by_its_case() {
    assert_caught_hostname_mismatch(&command().fetch("127.0.0.1", &Site::new()));
}

/// The crates that one of them needs the next of, as they are published.
const BELOW: &[&str] = &["aead-v128", "tls-aead", "folded-bindings", "httplib-core"];

/// What stands in the registry's place for a crate that is not there yet.
fn patched(cargo: &mut process::Command, core: &Path) {
    let patch = format!("patch.crates-io.httplib-core.path={core:?}");
    cargo.args(["--config", &patch]);
}

#[test]
fn the_crate_is_complete_as_it_is_published() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("crates");
    let package = |at: PathBuf| {
        let mut cargo = process::Command::new(env!("CARGO"));
        cargo.current_dir(at).env_remove("CARGO_TARGET_DIR");
        cargo.args(["package", "--no-verify", "--allow-dirty", "--target-dir"]);
        cargo.arg(&folder);
        cargo
    };
    let mut below = package(root.clone());
    below.args(BELOW.iter().flat_map(|name| ["--package", name]));
    run(below);
    let mut own = package(root.join("rust"));
    patched(&mut own, &root);
    run(own);

    // Where no workspace is above it.
    let unpacked = TempDir::new().expect("the system has room for a folder");
    let mut tar = process::Command::new("tar");
    tar.arg("xzf")
        .arg(folder.join("package/httplib-component-0.2.0.crate"));
    tar.arg("-C").arg(unpacked.path());
    run(tar);
    let mut check = process::Command::new(env!("CARGO"));
    check.current_dir(unpacked.path().join("httplib-component-0.2.0"));
    check.args([
        "check",
        "--release",
        "--features",
        "async,http,json",
        "--target",
        "wasm32-wasip2",
    ]);
    // Which has most of it from the programs of the tests.
    check.arg("--target-dir").arg(folder.join("../../guest"));
    patched(&mut check, &root);
    run(check);
}
