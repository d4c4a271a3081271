//! More than the program has memory for, to both places.

use std::fs;

use harness::server::{Server, pattern};
use tempfile::TempDir;

use super::run::{FOLDER, MEMORY, recipe};

/// More than the program has memory for.
const LARGE: usize = 4 * MEMORY;

#[test]
fn a_body_of_any_size_goes_into_a_file() {
    let (server, folder) = (Server::http(), TempDir::new().expect("a folder"));
    let file = folder.path().join("file");
    fs::write(&file, "what was there before").expect("the folder is ours");
    let url = format!("http://127.0.0.1:{}/chunked/{LARGE}", server.port());
    let run = recipe(&["splice", &url, &format!("{FOLDER}/file")]);
    let outcome = run.folder(folder.path()).outcome();
    assert!(outcome.success, "{outcome:?}");
    assert_eq!(outcome.stderr, format!("200 OK\n{LARGE} bytes\n"));
    assert!(fs::read(&file).expect("it was made") == pattern(LARGE));
}

#[test]
fn a_body_goes_to_standard_output() {
    let server = Server::http();
    let url = format!("http://127.0.0.1:{}/status/404", server.port());
    let outcome = recipe(&["splice", &url]).outcome();
    assert!(outcome.success, "{outcome:?}");
    assert_eq!(outcome.stdout, "Not Found");
    assert_eq!(outcome.stderr, "404 Not Found\n9 bytes\n");
}

#[test]
fn a_body_of_any_size_goes_to_standard_output() {
    let server = Server::http();
    let url = format!("http://127.0.0.1:{}/bytes/{LARGE}", server.port());
    let outcome = recipe(&["splice", &url]).outcome();
    assert!(outcome.success, "{}", outcome.stderr);
    assert_eq!(outcome.stderr, format!("200 OK\n{LARGE} bytes\n"));
}
