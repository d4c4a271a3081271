//! Heads that don't end.

use harness::component::{ConnectionOptions, HttpException};
use harness::peer::{Flood, Step};

use crate::support::{AMPLE, OK, Trial, VERSIONS, assert_says, endless, exception, flooding};
use HttpException::{BadStatusLine, LineTooLong, Malformed, TooMany};

const STATUS: &str = "HTTP/1.1 200 OK\r\n";

/// What the head is refused with that begins so and goes on like this.
#[track_caller]
fn refused(beginning: &str, more: &str) -> HttpException {
    exception(Trial::http(endless(beginning, more)).head_error())
}

#[test]
fn refuses_a_status_line_without_end() {
    assert_says!(refused("HTTP/1.1 200 ", "k"), LineTooLong, "status line");
}

#[test]
fn refuses_a_version_without_end() {
    assert_says!(refused("HTTP/1.1", "1"), LineTooLong, "status line");
}

#[test]
fn refuses_a_header_line_without_end() {
    assert_says!(refused(STATUS, "x"), LineTooLong, "header line");
}

#[test]
fn refuses_a_fold_without_end() {
    let folded = format!("{STATUS}A: b\r\n");
    assert_says!(refused(&folded, " b\r\n"), TooMany, "100");
}

#[test]
fn refuses_header_lines_without_end() {
    assert_says!(refused(STATUS, "A: b\r\n"), TooMany, "100 headers");
}

#[test]
fn refuses_long_header_lines_without_end() {
    let line = format!("A: {}\r\n", "b".repeat(60_000));
    assert_says!(refused(STATUS, &line), TooMany, "1048576 bytes");
}

#[test]
fn refuses_empty_lines_without_end() {
    let options = ConnectionOptions {
        strict: Some(true),
        ..ConnectionOptions::default()
    };
    let trial = Trial::http_with(Some(&options), endless("\r\n", "\r\n"));
    assert_says!(exception(trial.head_error()), TooMany, "8 empty lines");
}

#[test]
fn refuses_interim_responses_without_end() {
    for interim in ["100 Continue", "102 Processing", "199 Another"] {
        let head = format!("HTTP/1.1 {interim}\r\n\r\n");
        assert_says!(refused(&head, &head), TooMany, "100 interim");
    }
}

#[test]
fn refuses_large_interim_responses_without_end() {
    let head = format!(
        "HTTP/1.1 103 Early Hints\r\nA: {}\r\n\r\n",
        "b".repeat(60_000)
    );
    assert_says!(refused(&head, &head), TooMany, "1048576 bytes");
}

/// All of it, as text that is twice as long.
#[test]
fn shows_the_largest_heads() {
    let line = [b"A: ", &[0xff; 60_000][..], b"\r\n"].concat();
    let head = |status: &str| [status.as_bytes(), &line.repeat(16), b"\r\n"].concat();
    let interim = head("HTTP/1.1 103 Early Hints\r\n");
    let reply = [interim, head(STATUS), b"ok".to_vec()].concat();
    let trial = Trial::http(Step::answers(&[&reply]));
    let shown = trial.outcome(AMPLE, |connection| {
        let response = connection.fetch("GET", "/")?;
        let [interim] = &response.interim_responses()[..] else {
            panic!("there is one")
        };
        let sizes = [&interim.headers, &response.get_headers()]
            .map(|headers| headers.iter().map(|(_, value)| value.len()).sum::<usize>());
        Ok((sizes, response.read(None)?))
    });
    let (sizes, body) = shown.expect("a response");
    assert_eq!(sizes, [16 * 120_000; 2]);
    assert_eq!(body, b"ok");
}

#[test]
fn refuses_what_is_no_http_without_end() {
    assert_says!(refused("HTTP/1.1 ", "\0\r\n"), BadStatusLine, "HTTP/1.1");
    assert_says!(refused(STATUS, "\0\r\n\r\n"), Malformed, "header");
}

#[test]
fn refuses_a_line_without_end_in_records_of_one_byte() {
    for version in VERSIONS {
        let flood = Flood::bytewise("x".repeat(1000));
        let trial = Trial::https(version, flooding(STATUS, flood));
        assert_says!(exception(trial.head_error()), LineTooLong, "header line");
    }
}

/// Whatever comes behind a whole response belongs to none.
#[test]
fn takes_nothing_of_what_comes_without_end_behind_a_response() {
    let flooded = || [Step::answers(&[OK]), vec![Step::Flood(Flood::of(OK))]].concat();
    let over_tls = VERSIONS.map(|version| Trial::https(version, flooded()));
    for trial in [Trial::http(flooded())].into_iter().chain(over_tls) {
        let body = trial.body();
        assert_eq!(body.expect("a whole body"), b"ok");
    }
}
