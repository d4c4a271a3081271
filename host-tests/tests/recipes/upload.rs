//! More than the program has memory for, to servers that want it and servers that do not.

use std::fs;
use std::time::{Duration, Instant};

use harness::peer::{Peer, Step};
use harness::server::{Server, pattern};
use tempfile::TempDir;

use super::run::{FOLDER, MEMORY, recipe};
use super::{OK, at};

/// More than the program has memory for.
const LARGE: usize = 4 * MEMORY;

/// How long the recipe waits for the server's word.
const WAIT: Duration = Duration::from_secs(2);

const TOO_LARGE: &str = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n";

/// What the recipe prints that uploads a file of this length.
fn upload(port: u16, length: usize) -> String {
    let folder = TempDir::new().expect("the system has room for a folder");
    fs::write(folder.path().join("file"), pattern(length)).expect("the folder is ours");
    let file = format!("{FOLDER}/file");
    let server = at(port);
    let run = recipe(&["upload", &server, "/count", &file]).folder(folder.path());
    run.prints().replace(&server, "SERVER")
}

#[test]
fn a_file_of_any_size_takes_no_memory() {
    let server = Server::http();
    let expected = format!("{LARGE} bytes of the pattern\n");
    assert_eq!(upload(server.port(), LARGE), expected);
}

#[test]
fn a_stream_of_any_length_takes_no_memory() {
    let server = Server::http();
    let run = recipe(&["upload", &at(server.port()), "/count"]);
    let printed = run.input(pattern(LARGE)).prints();
    assert_eq!(printed, format!("{LARGE} bytes of the pattern\n"));
}

#[test]
fn the_file_waits_for_the_servers_word() {
    let steps = vec![
        Step::AwaitHead,
        Step::AwaitSignal,
        Step::send("HTTP/1.1 100 Continue\r\n\r\n"),
        Step::AwaitBytes(1000),
        Step::send(OK),
    ];
    let peer = Peer::script(vec![steps]);
    std::thread::scope(|scope| {
        let running = scope.spawn(|| upload(peer.port(), 1000));
        peer.wait_received(0, "\r\n\r\n");
        let head = peer.received(0);
        assert!(head.ends_with(b"\r\n\r\n"), "the head came alone");
        let head = String::from_utf8(head).expect("ASCII").to_lowercase();
        assert!(head.contains("\r\ncontent-length: 1000\r\n"), "{head}");
        assert!(head.contains("\r\nexpect: 100-continue\r\n"), "{head}");
        let begin = Instant::now();
        peer.signal();
        assert_eq!(running.join().expect("it prints"), "ok\n");
        assert!(begin.elapsed() < WAIT / 2, "it was heard");
    });
}

#[test]
fn the_file_follows_unasked_after_a_while() {
    let steps = vec![Step::AwaitHead, Step::AwaitBytes(1000), Step::send(OK)];
    let peer = Peer::script(vec![steps]);
    let begin = Instant::now();
    assert_eq!(upload(peer.port(), 1000), "ok\n");
    assert!(begin.elapsed() >= WAIT);
}

#[test]
fn the_file_stays_here_where_the_head_is_refused() {
    let steps = vec![Step::AwaitHead, Step::send(TOO_LARGE), Step::AwaitEnd];
    let peer = Peer::script(vec![steps]);
    let printed = upload(peer.port(), LARGE);
    assert_eq!(printed, "the file is too large for SERVER\n");
    assert!(peer.all_received(0).ends_with(b"\r\n\r\n"));
}

#[test]
fn the_rest_of_the_file_stays_here_where_the_server_has_enough() {
    let steps = vec![
        Step::AwaitHead,
        Step::send("HTTP/1.1 100 Continue\r\n\r\n"),
        Step::AwaitBytes(100_000),
        Step::send(TOO_LARGE),
        Step::Hold,
    ];
    let peer = Peer::script(vec![steps]);
    let printed = upload(peer.port(), LARGE);
    assert_eq!(printed, "the file is too large for SERVER\n");
}

#[test]
fn a_file_that_is_not_there_is_an_error() {
    let folder = TempDir::new().expect("the system has room for a folder");
    let file = format!("{FOLDER}/nothing");
    for (file, said) in [
        (file.as_str(), "No such file"),
        ("/etc/passwd", "No such file"),
    ] {
        let run = recipe(&["upload", "127.0.0.1:1", "/", file]).folder(folder.path());
        let error = run.fails();
        assert!(error.contains(said), "{error}");
    }
}
