//! `python/` of the repository: a package in the shape of `http.client`, made into components with
//! their programs by componentize-py, and installed by pip as its users install it.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::OnceLock;

use harness::server::GREETING;
use harness::venv;
use wasmtime_wasi::FsPerms;

use crate::Outcome;
use crate::command::Command;
use crate::site::{Site, assert_caught_hostname_mismatch, assert_fetched};
use crate::tools::{is_up_to_date, run};
use libraries::{Libraries, REQUESTS};

mod boto3;
mod examples;
mod libraries;
mod lints;
mod suite;
mod world;

/// A program, made a component with the package and these libraries.
fn componentize(folder: &str, program: &str, libraries: &Libraries) -> PathBuf {
    let component = scratch(&format!("{program}-python.wasm"));
    let folder = source(folder);
    let package = package();
    let sources = [
        folder.clone(),
        package.clone(),
        source("requirements.txt"),
        libraries.requirements(),
    ];
    if !is_up_to_date(&component, &sources) {
        let libraries = libraries.folder();
        let mut tool = tool("componentize-py");
        tool.current_dir(folder)
            .args(["--world", "httplib:python/command", "componentize", program])
            .args([OsStr::new("--python-path"), OsStr::new(".")])
            .args([OsStr::new("--python-path"), package.as_os_str()])
            .args([OsStr::new("--python-path"), libraries.as_os_str()])
            .args([OsStr::new("--output"), component.as_os_str()]);
        run(tool);
    }
    component
}

/// Where pip has installed the package, unless that is done and nothing has changed.
fn package() -> PathBuf {
    static PACKAGE: OnceLock<PathBuf> = OnceLock::new();
    let installed = PACKAGE.get_or_init(|| {
        let folder = scratch("python-package");
        let done = folder.join("httplib/installed");
        let wit = Path::new(env!("CARGO_MANIFEST_DIR")).join("../wit");
        let sources = [source("httplib"), source("pyproject.toml"), wit];
        if !is_up_to_date(&done, &sources) {
            let _none_before = fs::remove_dir_all(&folder);
            let mut pip = tool("pip");
            pip.arg("install")
                .arg("--target")
                .arg(&folder)
                .arg(source(""));
            run(pip);
            fs::write(done, "").expect("the folder can be written");
        }
        folder
    });
    installed.clone()
}

/// A program of a virtual environment with what `requirements.txt` asks for.
fn tool(name: &str) -> process::Command {
    static ENVIRONMENT: OnceLock<PathBuf> = OnceLock::new();
    let python = ENVIRONMENT
        .get_or_init(|| venv::python_with(&source("requirements.txt"), &scratch("venv")));
    process::Command::new(python.with_file_name(name))
}

/// A file or folder of `python/`.
fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../python")
        .join(name)
}

fn scratch(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

fn fetch() -> &'static Command {
    static COMMAND: OnceLock<Command> = OnceLock::new();
    COMMAND.get_or_init(|| Command::compose(&componentize("examples/fetch", "fetch", &REQUESTS)))
}

#[test]
fn fetches_a_page_from_a_server_with_an_own_authority() {
    assert_fetched(&fetch().fetch("localhost", &Site::new()));
}

fn download(host: &str) -> Outcome {
    static COMMAND: OnceLock<Command> = OnceLock::new();
    let command = COMMAND.get_or_init(|| {
        let component = componentize("examples/requests", "download", &REQUESTS);
        Command::compose(&component)
    });
    let site = Site::new();
    let url = format!("https://{host}:{}/", site.port());
    command.outcome(&["download", &url, "/ca.pem"], None, |context| {
        context
            .preopened_dir(site.folder(), "/", FsPerms::ReadOnly)
            .expect("the site has its folder");
    })
}

#[test]
fn downloads_with_requests() {
    let outcome = download("localhost");
    assert_eq!(outcome.stdout.as_bytes(), GREETING, "{outcome:?}");
    assert!(outcome.success, "{outcome:?}");
    let outcome = download("127.0.0.1");
    let said = outcome.stderr.contains("certificate verify failed");
    assert!(said && !outcome.success, "{outcome:?}");
}

#[test]
fn catches_an_error_by_its_class() {
    assert_caught_hostname_mismatch(&fetch().fetch("127.0.0.1", &Site::new()));
}
