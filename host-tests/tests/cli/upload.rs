//! `--upload-file`: files and standard input, of any size.

use std::fs::File;
use std::io::{BufReader, Seek, Write};
use std::time::Duration;

use harness::peer::{Peer, Step};
use harness::server::{Server, pattern};
use harness::tls::{Authority, ServerTls};
use wasmtime_wasi::cli::InputFile;

use crate::cli::{Cli, OK, Outcome, Silent};

/// As much as does not fit anywhere by chance.
const LARGE: usize = 100 << 20;

/// What a run takes, whatever it transfers.
const CONSTANT: usize = 12 << 20;

/// A file with the pattern, which the system forgets by itself.
fn large_file() -> File {
    let mut file = tempfile::tempfile().expect("the system has room for a file");
    let period = pattern(251 << 12);
    let mut left = LARGE;
    while left > 0 {
        let length = left.min(period.len());
        file.write_all(&period[..length]).expect("there is room");
        left -= length;
    }
    file.rewind().expect("a file can be read again");
    file
}

#[track_caller]
fn assert_counted(outcome: Outcome) {
    assert!(outcome.memory <= CONSTANT, "{} bytes", outcome.memory);
    assert_eq!(
        outcome.ok(),
        format!("{LARGE} bytes of the pattern {LARGE}")
    );
}

fn count_url(server: &Server) -> String {
    format!("http://127.0.0.1:{}/count", server.port())
}

#[test]
fn a_large_file_is_sent_with_its_length_in_constant_memory() {
    let server = Server::http();
    let cli = Cli::new().file("large", "");
    let mut file = BufReader::new(large_file());
    let mut copy = File::create(cli.path("large")).expect("the folder is ours");
    std::io::copy(&mut file, &mut copy).expect("there is room");
    assert_counted(cli.run(&["-T", "large", "-w", " %{size_upload}", &count_url(&server)]));
}

#[test]
fn a_large_standard_input_is_sent_in_constant_memory() {
    let server = Server::http();
    let cli = Cli::new().stdin_from(InputFile::new(large_file()));
    assert_counted(cli.run(&["-T", "-", "-w", " %{size_upload}", &count_url(&server)]));
}

#[test]
fn a_large_file_is_sent_over_tls() {
    let authority = Authority::new();
    let server = Server::https(ServerTls::new(&authority.issue(&["localhost"])).build());
    let url = format!("https://localhost:{}/count", server.port());
    let cli = Cli::new()
        .file("ca.pem", authority.pem())
        .file("large", pattern(8 << 20));
    let outcome = cli.run(&["--cacert", "ca.pem", "-T", "large", &url]);
    assert!(outcome.memory <= CONSTANT, "{} bytes", outcome.memory);
    assert_eq!(outcome.ok(), "8388608 bytes of the pattern");
}

/// What arrives, up to the end of the head and behind it.
fn sent(cli: Cli, arguments: &[&str], path: &str) -> (String, String) {
    let peer = Peer::reply(OK);
    let url = format!("http://127.0.0.1:{}{path}", peer.port());
    let arguments: Vec<&str> = arguments.iter().copied().chain([url.as_str()]).collect();
    assert_eq!(cli.run(&arguments).ok(), "ok");
    let received = String::from_utf8_lossy(&peer.all_received(0)).into_owned();
    let (head, body) = received.split_once("\r\n\r\n").expect("a head ends");
    (head.to_owned(), body.to_owned())
}

#[test]
fn a_file_is_put_with_its_length() {
    let (head, body) = sent(Cli::new().file("f", "contents"), &["-T", "f"], "/there");
    assert!(head.starts_with("PUT /there HTTP/1.1\r\n"), "{head}");
    assert!(head.ends_with("\r\nContent-Length: 8"), "{head}");
    assert_eq!(body, "contents");
}

#[test]
fn a_path_that_ends_with_a_slash_gets_the_files_name() {
    let (head, _) = sent(
        Cli::new().file("a file", "x"),
        &["-T", "./a file"],
        "/folder/",
    );
    assert!(
        head.starts_with("PUT /folder/a%20file HTTP/1.1\r\n"),
        "{head}"
    );
}

#[test]
fn standard_input_is_sent_in_chunks() {
    let (head, body) = sent(
        Cli::new().stdin("from in"),
        &["-T", "-", "-H", "Expect:"],
        "/x",
    );
    assert!(head.ends_with("\r\nTransfer-Encoding: chunked"), "{head}");
    assert_eq!(body, "7\r\nfrom in\r\n0\r\n\r\n");
}

#[test]
fn each_url_has_its_file() {
    let server = Server::http();
    let url = format!("http://127.0.0.1:{}/count", server.port());
    let cli = Cli::new().file("one", "1").file("three", "333");
    let outcome = cli.run(&["-T", "one", "-T", "three", "-w", "\n", &url, &url]);
    assert_eq!(outcome.ok(), "1 bytes\n3 bytes\n");
}

#[test]
fn a_large_body_waits_for_the_servers_word() {
    let body = pattern((1 << 20) + 1);
    let peer = Peer::script(vec![vec![
        Step::await_marker("\r\nExpect: 100-continue\r\n\r\n"),
        Step::send("HTTP/1.1 100 Continue\r\n\r\n"),
        Step::AwaitBytes(body.len()),
        Step::send(OK),
    ]]);
    let url = format!("http://127.0.0.1:{}/", peer.port());
    // Far longer than a test may take.
    let wait = ["--expect100-timeout", "1000"];
    let outcome = Cli::new()
        .file("large", body)
        .run(&["-T", "large", wait[0], wait[1], &url]);
    assert_eq!(outcome.ok(), "ok");
}

#[test]
fn a_large_body_goes_without_the_servers_word_after_a_while() {
    let body = pattern((1 << 20) + 1);
    let peer = Peer::script(vec![vec![
        Step::AwaitHead,
        Step::AwaitBytes(body.len()),
        Step::send(OK),
    ]]);
    let url = format!("http://127.0.0.1:{}/", peer.port());
    let arguments = ["-T", "large", "--expect100-timeout", "0.01", &url];
    assert_eq!(Cli::new().file("large", body).run(&arguments).ok(), "ok");
}

#[test]
fn a_refusal_that_comes_before_the_end_is_shown() {
    let refusal =
        "HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nno\n";
    let peer = Peer::script(vec![vec![Step::AwaitHead, Step::send(refusal)]]);
    let url = format!("http://127.0.0.1:{}/", peer.port());
    let cli = Cli::new().stdin_from(InputFile::new(large_file()));
    let outcome = cli.run(&["-T", "-", "-w", "%{http_code}", &url]);
    assert_eq!(outcome.ok(), "no\n413");
}

#[test]
fn waiting_for_standard_input_ends_with_the_time() {
    let peer = Peer::script(vec![vec![Step::AwaitHead, Step::Hold]]);
    let url = format!("http://127.0.0.1:{}/", peer.port());
    let begin = std::time::Instant::now();
    let cli = Cli::new().stdin_from(Silent);
    cli.run(&["-T", "-", "-H", "Expect:", "-m", "0.3", &url])
        .failed(28);
    assert!(begin.elapsed() >= Duration::from_millis(300));
}

#[test]
fn what_can_not_be_read_is_said_before_anything_is_sent() {
    let server = Server::http();
    let url = count_url(&server);
    for arguments in [
        ["-T", "missing"],
        ["-T", "."],
        ["-d", "@missing"],
        ["-H", "@missing"],
        ["-w", "@missing"],
    ] {
        let line = Cli::new()
            .run(&[arguments[0], arguments[1], &url])
            .failed(26);
        assert!(line.contains("can't"), "{line}");
    }
    let line = Cli::new().run(&["-T", "/elsewhere/file", &url]).failed(26);
    assert!(line.contains("--dir"), "{line}");
    assert_eq!(server.connections(), 0);
}
