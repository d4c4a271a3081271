//! Proxies that answer `CONNECT` without end.

use std::time::Duration;

use harness::component::{Error, HttpException};
use harness::peer::{Flood, Peer, Step};
use harness::tls::Authority;

use crate::support::{
    AMPLE, OK, SHORT, Trial, VERSIONS, Version, assert_says, config, endless, exception, failure,
    flooding, scripts,
};
use HttpException::{BadStatusLine, LineTooLong, TooMany};

/// What opening a tunnel says. The second one opens, and leads to a good server.
#[track_caller]
fn tunnelled(total: Duration, steps: Vec<Step>) -> Error {
    let good = Step::answers(&[b"HTTP/1.1 200 OK\r\n\r\n", OK]);
    let trial = Trial::of(Peer::script(vec![steps, good]));
    let opened = trial.connection.set_tunnel("example.com", None, &[]);
    opened.expect("it is not connected");
    failure(trial.outcome(total, |connection| connection.fetch("GET", "/")))
}

#[track_caller]
fn refused(beginning: &str, more: &str) -> HttpException {
    exception(tunnelled(AMPLE, endless(beginning, more)))
}

const ESTABLISHED: &str = "HTTP/1.1 200 OK\r\n";

#[test]
fn refuses_a_status_line_without_end() {
    assert_says!(refused("HTTP/1.1 200 ", "k"), LineTooLong, "status line");
}

#[test]
fn refuses_a_header_line_without_end() {
    assert_says!(refused(ESTABLISHED, "x"), LineTooLong, "header line");
}

#[test]
fn refuses_header_lines_without_end() {
    assert_says!(refused(ESTABLISHED, "A: b\r\n"), TooMany, "100 headers");
}

#[test]
fn refuses_empty_lines_without_end() {
    assert_says!(refused("\r\n", "\r\n"), TooMany, "8 empty lines");
}

#[test]
fn refuses_interim_responses_without_end() {
    let head = "HTTP/1.1 100 Continue\r\n\r\n";
    assert_says!(refused(head, head), TooMany, "100 interim");
}

#[test]
fn refuses_what_is_no_http_without_end() {
    assert_says!(refused("x\r\n", "x"), BadStatusLine, "x");
}

/// The status matters, and of what comes behind it as much as is kept.
#[test]
fn keeps_64_kibibytes_of_a_refusal_without_end() {
    for (framing, more) in [
        ("", "x"),
        ("Content-Length: 9223372036854775807\r\n", "x"),
        ("Transfer-Encoding: chunked\r\n", "1\r\nx\r\n"),
    ] {
        let head = format!("HTTP/1.1 502 Bad Gateway\r\n{framing}\r\n");
        let error = tunnelled(AMPLE, endless(head, more));
        let Error::Tunnel(refusal) = error else {
            panic!("not a refusal: {error:?}")
        };
        assert_eq!(refusal.status, 502);
        assert_eq!(refusal.body, b"x".repeat(64 << 10), "{framing}");
    }
}

/// What is broken or stays away behind the status doesn't matter either.
#[test]
fn tells_of_a_refusal_whatever_comes_behind_it() {
    let chunked = "HTTP/1.1 407 Authenticate\r\nTransfer-Encoding: chunked\r\n\r\n";
    for more in ["1;", "0", "0\r\nA: "] {
        let beginning = format!("{chunked}{more}");
        let error = tunnelled(AMPLE, endless(beginning, "x"));
        assert!(
            matches!(&error, Error::Tunnel(refusal) if refusal.status == 407),
            "{error:?}"
        );
    }
    let silent = vec![Step::AwaitHead, Step::send(chunked), Step::Hold];
    let error = tunnelled(SHORT * 10, silent);
    assert!(
        matches!(&error, Error::Tunnel(refusal) if refusal.status == 407),
        "{error:?}"
    );
}

#[test]
fn ends_a_reply_that_drips_with_the_deadline() {
    let drip = Step::Send(vec![b"x".to_vec(); 2000], Duration::from_millis(20));
    let steps = vec![Step::AwaitHead, Step::send("HTTP/1.1 200 "), drip];
    let error = tunnelled(SHORT, steps);
    assert!(matches!(error, Error::TimedOut(_)), "{error:?}");
}

/// TLS with the proxy, then the same.
#[test]
fn refuses_a_header_line_without_end_over_tls() {
    for version in VERSIONS {
        assert_says!(
            refused_over_tls(version, Flood::of("x")),
            LineTooLong,
            "header line"
        );
        assert_says!(
            refused_over_tls(version, Flood::bytewise("x".repeat(1000))),
            LineTooLong,
            "header line"
        );
    }
}

/// What a proxy is refused with that TLS is spoken with. After that the server is reached without one.
#[track_caller]
fn refused_over_tls(version: Version, flood: Flood) -> HttpException {
    let authority = Authority::new();
    let config = config(version, &authority.issue(&["127.0.0.1"]));
    let steps = flooding(ESTABLISHED, flood);
    let trial = Trial::secured(&authority, Peer::script_tls(config, scripts(steps)));
    let url = format!("https://127.0.0.1:{}", trial.peer.port());
    let context = trial.guest.context_trusting(&authority.pem());
    let context = context.expect("PEM");
    exception(failure(trial.outcome(AMPLE, |connection| {
        connection.set_proxy_with(Some(&url), Some(&context))?;
        let fetched = connection.fetch("GET", "/");
        connection.set_proxy(None)?;
        fetched
    })))
}
