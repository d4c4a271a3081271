//! What happens where the plugin asks for another version of httplib than there is.
//!
//! The versions are in the components' names alone, so another release is made by renaming.

use std::process::Command;

use harness::component;
use tempfile::TempDir;

use crate::host::{PLUGIN, REFUSED, rename, run};

/// The interface, up to its version.
const CLIENT: &str = "httplib:http/client@";

/// The plugin, and httplib, with these versions.
fn versions(plugin: &str, httplib: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let first = format!("{CLIENT}0.2.0");
    for (from, to, version) in [
        (PLUGIN.into(), "plugin.wasm", plugin),
        (component::path(), "httplib.wasm", httplib),
    ] {
        let to = folder.path().join(to);
        rename(&from, &to, &first, &format!("{CLIENT}{version}"));
    }
    folder
}

/// What wac says to the two, and whether it composed them.
fn plug(folder: &TempDir) -> (bool, String) {
    let mut wac = Command::new(env!("CARGO_BIN_EXE_wac"));
    wac.current_dir(folder.path()).env("RUST_BACKTRACE", "0");
    wac.args([
        "plug",
        "plugin.wasm",
        "--plug",
        "httplib.wasm",
        "-o",
        "composed.wasm",
    ]);
    let output = wac.output().expect("wac was built");
    (
        output.status.success(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

fn assert_runs(folder: &TempDir) {
    let (composed, stderr) = plug(folder);
    assert!(composed, "{stderr}");
    let outcome = run(&folder.path().join("composed.wasm"), &["no URL"]);
    outcome.assert_line(REFUSED);
}

fn assert_refused(folder: &TempDir) {
    let (composed, stderr) = plug(folder);
    assert!(!composed, "{stderr}");
    assert!(
        stderr.contains("had no matching imports for the plugs"),
        "{stderr}"
    );
}

#[test]
fn a_later_patch_version_serves_the_plugin() {
    assert_runs(&versions("0.2.0", "0.2.7"));
}

#[test]
fn an_earlier_patch_version_serves_it_as_well_if_it_has_what_the_plugin_uses() {
    assert_runs(&versions("0.2.7", "0.2.0"));
}

#[test]
fn another_minor_version_does_not_while_the_major_one_is_0() {
    assert_refused(&versions("0.2.0", "0.3.0"));
    assert_refused(&versions("0.3.0", "0.2.0"));
}

#[test]
fn a_minor_version_later_does_from_1_on() {
    assert_runs(&versions("1.0.0", "1.1.0"));
    assert_refused(&versions("1.0.0", "2.0.0"));
}

/// Whatever the versions say, the types are compared: functions may be more, types must be the same.
#[test]
fn a_function_that_is_not_there_is_not_served() {
    let folder = versions("0.2.7", "0.2.0");
    let plugin = folder.path().join("plugin.wasm");
    rename(&plugin, &plugin, "get-response", "got-response");
    assert_refused(&folder);
}

#[test]
fn an_error_with_another_case_is_another_type() {
    let folder = versions("0.2.0", "0.2.7");
    let httplib = folder.path().join("httplib.wasm");
    rename(&httplib, &httplib, "would-block", "would-hurry");
    assert_refused(&folder);
}
