//! `--continue-at`, with nginx, which knows ranges, and with servers that answer otherwise.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

use harness::peer::{Peer, Step};
use harness::real::{LARGE, Real};
use harness::server::pattern;
use harness::tls::Authority;

use crate::cli::{Cli, Outcome};

/// A number that is another one in each run, below `limit` and above 0.
fn random(limit: usize) -> usize {
    let random = RandomState::new().hash_one(0) as usize;
    1 + random % (limit - 1)
}

struct Site {
    authority: Authority,
    server: Real,
}

impl Site {
    fn new() -> Self {
        let authority = Authority::new();
        let server = Real::nginx(&authority.issue(&["localhost"]), "");
        Self { authority, server }
    }

    fn url(&self) -> String {
        format!("https://localhost:{}/large", self.server.port())
    }

    /// Resumes with this much of the file there.
    fn resume(&self, there: &[u8]) -> Outcome {
        let cli = Cli::new()
            .file("ca.pem", self.authority.pem())
            .file("large", there);
        let show = "%{http_code} %{size_download}";
        cli.run(&[
            "--cacert",
            "ca.pem",
            "-C",
            "-",
            "-O",
            "-w",
            show,
            &self.url(),
        ])
    }
}

#[test]
fn a_download_that_was_cut_goes_on_where_it_ended() {
    let (site, body) = (Site::new(), pattern(LARGE));
    let cut = random(LARGE);
    // The first server ends in the middle.
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {LARGE}\r\n\r\n");
    let peer = Peer::reply([head.as_bytes(), &body[..cut]].concat());
    let url = format!("http://127.0.0.1:{}/large", peer.port());
    let show = "%{size_download}";
    let first = Cli::new().run(&["-O", "-w", show, &url]);
    assert_eq!(first.text(), cut.to_string());
    assert!(first.file("large") == body[..cut], "cut at {cut}");
    let there = first.file("large");
    first.failed(18);

    let second = site.resume(&there);
    assert!(second.file("large") == body, "cut at {cut}");
    assert_eq!(second.ok(), format!("206 {}", LARGE - cut));
}

#[test]
fn without_a_file_everything_is_asked_for() {
    let outcome = Site::new().resume(b"");
    assert!(outcome.file("large") == pattern(LARGE));
    assert_eq!(outcome.ok(), format!("200 {LARGE}"));
}

#[test]
fn a_file_that_is_complete_stays_so() {
    let outcome = Site::new().resume(&pattern(LARGE));
    assert!(outcome.file("large") == pattern(LARGE));
    assert_eq!(outcome.ok(), "416 0");
}

#[test]
fn a_file_that_is_complete_is_no_failure_of_the_server() {
    let site = Site::new();
    let cli = Cli::new().file("ca.pem", site.authority.pem());
    let cli = cli.file("large", pattern(LARGE));
    let outcome = cli.run(&["-f", "--cacert", "ca.pem", "-C", "-", "-O", &site.url()]);
    assert!(outcome.file("large") == pattern(LARGE));
    outcome.ok();
}

#[test]
fn a_file_that_is_longer_than_the_servers_is_left_alone() {
    let longer = pattern(LARGE + 1);
    let outcome = Site::new().resume(&longer);
    assert!(outcome.file("large") == longer);
    let line = outcome.failed(33);
    assert!(line.contains("the server has only 1048576"), "{line}");
}

#[test]
fn an_offset_is_written_at() {
    let site = Site::new();
    let cli = Cli::new()
        .file("ca.pem", site.authority.pem())
        .file("large", pattern(LARGE));
    let outcome = cli.run(&["--cacert", "ca.pem", "-C", "1000", "-O", &site.url()]);
    assert!(outcome.file("large") == pattern(LARGE));
    outcome.ok();
}

/// Asserts that this reply to the bytes from 3 on is refused, and that the file stays as it is.
#[track_caller]
fn assert_refused(reply: &str) {
    let peer = Peer::script(vec![vec![
        Step::await_marker("\r\nRange: bytes=3-\r\n"),
        Step::send(reply),
    ]]);
    let url = format!("http://127.0.0.1:{}/file", peer.port());
    let outcome = Cli::new().file("file", "abc").run(&["-C", "-", "-O", &url]);
    assert_eq!(outcome.file("file"), b"abc");
    outcome.failed(33);
}

#[test]
fn other_bytes_than_those_asked_for_are_refused() {
    assert_refused(
        "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 2-4/5\r\nContent-Length: 3\r\n\r\ncde",
    );
    assert_refused("HTTP/1.1 206 Partial Content\r\nContent-Length: 2\r\n\r\nde");
    assert_refused(
        "HTTP/1.1 206 Partial Content\r\nContent-Range: pages 3-4/5\r\nContent-Length: 2\r\n\r\nde",
    );
    assert_refused(
        "HTTP/1.1 206 Partial Content\r\nContent-Type: multipart/byteranges; boundary=x\r\nContent-Length: 2\r\n\r\nde",
    );
}

#[test]
fn a_server_that_sends_everything_is_refused() {
    assert_refused("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde");
    assert_refused("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno");
    assert_refused("HTTP/1.1 416 Range Not Satisfiable\r\nContent-Length: 2\r\n\r\nno");
}

#[test]
fn everything_that_is_there_already_is_complete() {
    let peer = Peer::reply("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc");
    let url = format!("http://127.0.0.1:{}/file", peer.port());
    let outcome = Cli::new().file("file", "abc").run(&["-C", "-", "-O", &url]);
    assert_eq!(outcome.file("file"), b"abc");
    outcome.ok();
}
