//! The compiled plugin beside the plugin.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use harness::component;
use tempfile::TempDir;

use crate::host::{Outcome, PLUGIN, REFUSED, plug, run};

/// A folder with the composed plugin.
fn composed() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    plug(
        PLUGIN.as_ref(),
        component::path().as_ref(),
        &folder.path().join("plugin.wasm"),
    );
    folder
}

/// A run of it.
fn start(folder: &TempDir) -> Outcome {
    run(&folder.path().join("plugin.wasm"), &["no URL"])
}

fn assert_runs(outcome: &Outcome) {
    outcome.assert_line(REFUSED);
}

fn modified(path: &Path) -> SystemTime {
    let metadata = fs::metadata(path).expect("it was written");
    metadata.modified().expect("the system has times")
}

#[test]
fn a_plugin_is_compiled_once() {
    let folder = composed();
    let compiled = folder.path().join("plugin.cwasm");
    assert_runs(&start(&folder));
    let first = modified(&compiled);
    assert_runs(&start(&folder));
    assert_eq!(modified(&compiled), first);
    let files = fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(files, 2, "no other files are left");
}

#[test]
fn a_plugin_that_has_changed_is_compiled_again() {
    let folder = composed();
    assert_runs(&start(&folder));
    // httplib itself is a component as well, and no plugin.
    fs::copy(component::path(), folder.path().join("plugin.wasm")).expect("it can be written");
    let outcome = start(&folder);
    assert!(
        outcome.output.contains("no export `fetch` found"),
        "{outcome:?}"
    );
}

#[test]
fn what_another_wasmtime_has_compiled_is_compiled_again() {
    let folder = composed();
    let compiled = folder.path().join("plugin.cwasm");
    fs::write(&compiled, "of another version").expect("it can be written");
    assert_runs(&start(&folder));
    assert_ne!(
        fs::read(&compiled).expect("it is there"),
        b"of another version"
    );
}

#[test]
fn a_plugin_that_lacks_httplib_is_refused_by_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("plugin.wasm");
    fs::copy(PLUGIN, &file).expect("a fresh folder");
    let outcome = run(&file, &["no URL"]);
    let reason = "component imports instance `httplib:http/client@0.2.0`";
    assert!(
        outcome.output.contains(reason) && !outcome.success,
        "{outcome:?}"
    );
}

#[test]
fn a_file_that_is_no_plugin_is_refused_by_name() {
    let outcome = run(Path::new("nowhere.wasm"), &["no URL"]);
    assert!(
        outcome.output.starts_with("nowhere.wasm: No such file"),
        "{outcome:?}"
    );
    assert!(!outcome.success, "{outcome:?}");
}
