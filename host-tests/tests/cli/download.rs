//! Where bodies go, and how many bytes that may be.

use std::fs::File;
use std::io::{BufReader, Read};

use harness::peer::Peer;
use harness::server::{GREETING, Server, pattern};
use harness::tls::{Authority, ServerTls};
use wasmtime_wasi::FsPerms;
use wasmtime_wasi::cli::OutputFile;
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;

use crate::cli::{Cli, OK};

/// As much as does not fit anywhere by chance.
const LARGE: usize = 256 << 20;

/// What a run takes, whatever it transfers.
const CONSTANT: usize = 12 << 20;

/// Asserts that the file is so much of the pattern.
#[track_caller]
fn assert_pattern(file: File, length: usize) {
    let (period, mut file) = (pattern(251 << 12), BufReader::new(file));
    let mut left = length;
    let mut block = vec![0; period.len()];
    while left > 0 {
        let part = left.min(block.len());
        file.read_exact(&mut block[..part])
            .expect("the file is as long");
        assert!(
            block[..part] == period[..part],
            "the last {left} bytes differ"
        );
        left -= part;
    }
    assert_eq!(
        file.read(&mut block).expect("it can be read"),
        0,
        "the file is longer"
    );
}

#[test]
fn a_large_body_goes_into_a_file_in_constant_memory() {
    let server = Server::http();
    for path in ["bytes", "chunked"] {
        let url = format!("http://127.0.0.1:{}/{path}/{LARGE}", server.port());
        let outcome = Cli::new().run(&["-o", "large", "-w", "%{size_download}", &url]);
        assert!(outcome.memory <= CONSTANT, "{} bytes", outcome.memory);
        let file = File::open(outcome.folder.path().join("large")).expect("it was written");
        assert_pattern(file, LARGE);
        assert_eq!(outcome.ok(), LARGE.to_string());
    }
}

#[test]
fn a_large_body_goes_to_standard_output_in_constant_memory() {
    let server = Server::http();
    let url = format!("http://127.0.0.1:{}/bytes/{LARGE}", server.port());
    let output = tempfile::NamedTempFile::new().expect("the system has room for a file");
    let file = output.reopen().expect("it is there");
    let outcome = Cli::new().stdout_to(OutputFile::new(file)).run(&[&url]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert!(outcome.memory <= CONSTANT, "{} bytes", outcome.memory);
    assert_pattern(output.into_file(), LARGE);
}

#[test]
fn a_large_body_comes_over_tls() {
    const LESS: usize = LARGE / 8;
    let authority = Authority::new();
    let server = Server::https(ServerTls::new(&authority.issue(&["localhost"])).build());
    let url = format!("https://localhost:{}/chunked/{LESS}", server.port());
    let cli = Cli::new().file("ca.pem", authority.pem());
    let outcome = cli.run(&["--cacert", "ca.pem", "-o", "large", &url]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert!(outcome.memory <= CONSTANT, "{} bytes", outcome.memory);
    let file = File::open(outcome.folder.path().join("large")).expect("it was written");
    assert_pattern(file, LESS);
}

#[test]
fn a_file_is_replaced() {
    let server = Server::http();
    let url = format!("http://127.0.0.1:{}/", server.port());
    let outcome = Cli::new()
        .file("out", [b'x'; 1000])
        .run(&["-o", "out", &url]);
    assert_eq!(outcome.file("out"), GREETING);
    assert_eq!(outcome.ok(), "");
}

#[test]
fn a_body_of_nothing_makes_an_empty_file() {
    let server = Server::http();
    let url = format!("http://127.0.0.1:{}/bytes/0", server.port());
    let outcome = Cli::new().run(&["-o", "out", &url]);
    assert_eq!(outcome.file("out"), b"");
}

#[test]
fn the_remote_name_is_the_last_segment() {
    let server = Server::http();
    let url = format!("http://127.0.0.1:{}/bytes/3?x=/y", server.port());
    let outcome = Cli::new().run(&["-O", "-w", "%{filename_effective}", &url]);
    assert_eq!(outcome.file("3"), pattern(3));
    assert_eq!(outcome.ok(), "3");
}

#[test]
fn a_url_without_a_last_segment_has_no_remote_name() {
    let server = Server::http();
    for path in ["", "/", "/x/", "/..", "/?name"] {
        let url = format!("http://127.0.0.1:{}{path}", server.port());
        Cli::new().run(&["-O", &url]).failed(23);
    }
    assert_eq!(server.connections(), 0);
}

#[test]
fn each_url_has_its_output() {
    let server = Server::http();
    let url = |path: &str| format!("http://127.0.0.1:{}/{path}", server.port());
    let (one, two, three) = (url("bytes/1"), url("bytes/2"), url("status/404"));
    let outcome = Cli::new().run(&["-o", "a", &one, "-O", &two, &three]);
    assert_eq!(
        (outcome.file("a"), outcome.file("2")),
        (pattern(1), pattern(2))
    );
    assert_eq!(outcome.ok(), "Not Found");
}

#[test]
fn what_can_not_be_written_is_said() {
    let server = Server::http();
    let url = format!("http://127.0.0.1:{}/", server.port());
    for path in [".", "missing/file", "/elsewhere/file", "../file"] {
        Cli::new().run(&["-o", path, &url]).failed(23);
        Cli::new().run(&["-D", path, &url]).failed(23);
    }
}

#[test]
fn a_folder_to_read_is_not_written() {
    let server = Server::http();
    let url = format!("http://127.0.0.1:{}/", server.port());
    let folder = tempfile::tempdir().expect("the system has room for a folder");
    let cli = Cli::new().folder(folder.path(), "/data", FsPerms::ReadOnly);
    cli.run(&["-o", "/data/file", &url]).failed(23);
    let cli = Cli::new().folder(folder.path(), "/data", FsPerms::ReadWrite);
    assert_eq!(cli.run(&["-o", "/data/file", &url]).code, 0);
    let written = std::fs::read(folder.path().join("file")).expect("it was written");
    assert_eq!(written, GREETING);
}

#[test]
fn an_output_that_takes_no_more_is_a_failure() {
    let server = Server::http();
    let url = format!("http://127.0.0.1:{}/bytes/100000", server.port());
    let cli = || Cli::new().stdout_to(MemoryOutputPipe::new(5000));
    cli().run(&[&url]).failed(23);
    cli().run(&["-i", &url]).failed(23);
}

#[test]
fn the_head_can_be_shown_before_the_body() {
    let peer = Peer::reply(OK);
    let url = format!("http://127.0.0.1:{}/", peer.port());
    assert_eq!(Cli::new().run(&["-i", &url]).stdout, OK);
}

#[test]
fn the_head_is_shown_as_it_came() {
    let reply = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n\
        HTTP/1.1 200 \xfcber\r\nx-CASE:no space\r\nX: \xfc\r\nContent-Length: 0\r\n\r\n";
    let shown = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n\
        HTTP/1.1 200 \xfcber\r\nx-CASE:no space\r\nX: \xfc\r\nContent-Length: 0\r\n\r\n";
    let peer = Peer::reply(reply);
    let url = format!("http://127.0.0.1:{}/", peer.port());
    let outcome = Cli::new().run(&["-i", "-D", "head", &url]);
    assert_eq!(outcome.stdout, shown);
    assert_eq!(outcome.file("head"), shown);
}

#[test]
fn head_shows_the_head_only() {
    let server = Server::http();
    let url = format!("http://127.0.0.1:{}/bytes/1000", server.port());
    let outcome = Cli::new().run(&["-I", &url]).ok();
    assert!(outcome.starts_with("HTTP/1.1 200 OK\r\n"), "{outcome}");
    assert!(
        outcome.contains("\r\ncontent-length: 1000\r\n"),
        "{outcome}"
    );
    assert!(outcome.ends_with("\r\n\r\n"), "{outcome}");
}

#[test]
fn the_heads_of_all_urls_go_into_one_file() {
    let peer = Peer::replies(&[OK, OK]);
    let url = format!("http://127.0.0.1:{}/", peer.port());
    let outcome = Cli::new()
        .file("heads", "old")
        .run(&["-D", "heads", &url, &url]);
    let head = OK.strip_suffix(b"ok").expect("it ends so");
    assert_eq!(outcome.file("heads"), [head, head].concat());
    let peer = Peer::reply(OK);
    let url = format!("http://127.0.0.1:{}/", peer.port());
    assert_eq!(
        Cli::new().run(&["-D", "-", "-o", "body", &url]).stdout,
        head
    );
}

#[test]
fn an_error_is_a_response_unless_it_is_to_fail() {
    let server = Server::http();
    let url = format!("http://127.0.0.1:{}/status/404", server.port());
    assert_eq!(Cli::new().run(&[&url]).ok(), "Not Found");

    let outcome = Cli::new().run(&["-f", "-o", "out", "-w", "%{http_code}", &url]);
    assert_eq!(outcome.text(), "404");
    assert!(!outcome.has("out"));
    let line = outcome.failed(22);
    assert_eq!(line, "httplib: (22) the server answered 404");

    let head = Cli::new().run(&["-f", "-i", &url]);
    assert!(
        head.text().starts_with("HTTP/1.1 404 Not Found\r\n"),
        "{head:?}"
    );
    assert!(head.text().ends_with("\r\n\r\n"), "{head:?}");
    head.failed(22);

    let outcome = Cli::new().run(&["--fail-with-body", &url]);
    assert_eq!(outcome.text(), "Not Found");
    outcome.failed(22);

    let url = format!("http://127.0.0.1:{}/redirect", server.port());
    let outcome = Cli::new().run(&["-f", "-w", "%header{location}", &url]);
    assert_eq!(outcome.ok(), "Redirecting to /\n/");
}
