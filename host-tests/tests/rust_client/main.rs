//! The crate in `rust/`: checks that run where it does, in a program composed with the component, each against a server
//! that is made for it here.

use std::path::Path;
use std::sync::OnceLock;

use harness::peer::{Peer, Port, Step};
use harness::server::Server;
use host_tests::commands::Command;
use tempfile::TempDir;

const REFUSAL: &str = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n";

fn command() -> &'static Command {
    static COMMAND: OnceLock<Command> = OnceLock::new();
    COMMAND.get_or_init(|| match env!("CARGO_CRATE_NAME") {
        "rust_client_linked" => Command::whole(Path::new(env!("RUST_CLIENT_LINKED"))),
        _ => Command::composed(Path::new(env!("RUST_CLIENT"))),
    })
}

/// Runs the check of this name with the server at this port.
#[track_caller]
fn check(name: &str, port: u16) {
    let folder = TempDir::new().expect("the system has room for a folder");
    let server = format!("127.0.0.1:{port}");
    let run = command().run(&[name, &server]).folder(folder.path());
    let outcome = run.outcome();
    assert!(outcome.success, "{}", outcome.stderr);
}

/// The same with a server that has everything.
#[track_caller]
fn check_with_server(name: &str) {
    check(name, Server::http().port());
}

/// The same with one that answers this.
#[track_caller]
fn check_with_reply(name: &str, reply: impl AsRef<[u8]>) {
    check(name, Peer::reply(reply).port());
}

#[test]
fn sends_bytes_and_text() {
    check_with_server("bytes");
}

#[test]
fn sends_what_is_left_of_a_file() {
    check_with_server("file");
}

#[test]
fn sends_a_reader_in_chunks() {
    check_with_server("reader");
}

#[test]
fn announces_the_length_of_a_reader() {
    check_with_server("sized-reader");
}

#[test]
fn takes_the_callers_word_for_the_length() {
    check_with_server("announced");
}

#[test]
fn gives_up_a_request_whose_reader_is_short() {
    check_with_server("short-reader");
}

#[test]
fn gives_up_a_request_whose_reader_fails() {
    check_with_server("broken-reader");
}

#[test]
fn trailers_go_with_their_own_request() {
    check_with_server("trailers");
}

#[test]
fn takes_a_refusal_for_the_response() {
    let steps = vec![Step::AwaitHead, Step::send(REFUSAL), Step::AwaitEnd];
    let peer = Peer::script(vec![steps]);
    check("reader-refused", peer.port());
    assert!(
        peer.all_received(0).ends_with(b"\r\n\r\n"),
        "the head alone"
    );
}

#[test]
fn a_reader_is_no_body_for_who_never_waits() {
    check_with_server("waiting-reader");
}

#[test]
fn reads_in_pieces_of_any_size() {
    check_with_server("read");
}

#[test]
fn reads_by_line() {
    check_with_reply("lines", "HTTP/1.0 200 OK\r\n\r\none\r\ntwo\nthree");
}

#[test]
fn has_the_rest_after_a_part() {
    check_with_server("rest");
}

const CUT: &str = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello";

#[test]
fn reads_what_came_before_the_cut() {
    check_with_reply("cut", CUT);
}

#[test]
fn gives_what_came_with_the_error() {
    check_with_reply("cut-whole", CUT);
}

#[test]
fn reads_text_in_its_charset() {
    let reply = |charset: &str, body: &[u8]| {
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain{charset}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        [head.as_bytes(), body].concat()
    };
    let replies = [
        reply("; charset=ISO-8859-1", b"caf\xe9"),
        reply("", "café".as_bytes()),
        reply("", b"caf\xe9"),
    ];
    let replies: Vec<&[u8]> = replies.iter().map(Vec::as_slice).collect();
    let peer = Peer::script(vec![Step::answers(&replies)]);
    check("text", peer.port());
}

#[test]
fn splices_what_was_read_ahead_too() {
    check_with_server("splice");
}

#[test]
fn goes_on_after_what_was_discarded() {
    let server = Server::http();
    check("discard", server.port());
    assert_eq!(server.connections(), 1);
}

#[test]
fn speaks_json() {
    check_with_server("json");
}

#[test]
fn speaks_the_crate_http() {
    check_with_server("http");
}

#[test]
fn reads_and_writes_behind_an_upgrade() {
    let switched =
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nhello";
    let steps = vec![
        Step::AwaitHead,
        Step::send(switched),
        Step::await_marker("world"),
        Step::send("world"),
        Step::AwaitEnd,
    ];
    check("upgrade", Peer::script(vec![steps]).port());
}

#[test]
fn requests_a_url_without_a_path() {
    let peer = Peer::reply("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    check("url", peer.port());
    let head = peer.all_received(0);
    assert!(head.starts_with(b"OPTIONS /?a=b HTTP/1.1\r\n"));
}

#[test]
fn has_the_head_of_a_response() {
    let reply = "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n\
        HTTP/1.0 203 Maybe\r\nX-Twice: a\r\nx-twice: b\r\nContent-Type: text/html; charset=UTF-8\r\n\
        Content-Length: 2\r\n\r\nok";
    check_with_reply("fields", reply);
}

#[test]
fn begins_a_request_and_gets_its_response() {
    check_with_server("steps");
}

#[test]
fn errors_are_one_line_in_pythons_words() {
    check("words", Port::closed().number());
}

#[test]
fn errors_have_a_kind_for_who_reads() {
    check("kinds", Port::closed().number());
}

#[test]
fn errors_of_arguments_come_before_anything_is_sent() {
    let peer = Peer::reply("");
    check("arguments", peer.port());
    assert_eq!(peer.connections(), 0);
}

#[test]
fn what_fails_in_the_program_fails_here() {
    let outcome = command().run(&["no such check", "127.0.0.1:1"]).outcome();
    assert!(!outcome.success, "{outcome:?}");
}
