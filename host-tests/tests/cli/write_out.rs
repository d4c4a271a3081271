//! `--write-out`.

use std::time::Duration;

use harness::peer::{Peer, Step};
use harness::server::Server;
use harness::tls::{Authority, ServerTls};
use serde_json::{Value, json};

use crate::cli::{Cli, Outcome, run};

const REPLY: &[u8] = b"HTTP/1.1 200 Fine\r\nContent-Type: text/plain\r\nX-Twice: 1\r\nx-twice: \
    2\r\nX-Umlaut: \xc3\xbc\r\nContent-Length: 5\r\n\r\nhello";

/// What is printed in this format, behind a body of `hello`.
#[track_caller]
fn written(format: &str) -> String {
    let peer = Peer::reply(REPLY);
    let outcome = run(&[
        "-w",
        format,
        &format!("http://127.0.0.1:{}/path", peer.port()),
    ]);
    assert_eq!(outcome.stderr, "");
    let text = outcome.ok().replace(&peer.port().to_string(), "PORT");
    text.strip_prefix("hello")
        .expect("the body is first")
        .to_owned()
}

#[test]
fn variables_have_their_values() {
    for (variable, value) in [
        ("content_type", "text/plain"),
        ("errormsg", ""),
        ("exitcode", "0"),
        ("filename_effective", ""),
        ("http_code", "200"),
        ("response_code", "200"),
        ("http_version", "1.1"),
        ("method", "GET"),
        ("num_certs", "0"),
        ("num_headers", "5"),
        ("referer", ""),
        ("scheme", "http"),
        ("size_download", "5"),
        ("size_upload", "0"),
        ("speed_upload", "0"),
        ("ssl_verify_result", "0"),
        ("time_appconnect", "0.000000"),
        ("url", "http://127.0.0.1:PORT/path"),
        ("url_effective", "http://127.0.0.1:PORT/path"),
        ("urlnum", "0"),
    ] {
        assert_eq!(written(&format!("%{{{variable}}}")), value, "{variable}");
    }
}

#[test]
fn text_stands_as_it_is() {
    assert_eq!(
        written("a\\tb\\r\\n%%%{http_code}%x\\q%{"),
        "a\tb\r\n%200%x\\q%{"
    );
    let peer = Peer::reply(REPLY);
    let url = format!("http://127.0.0.1:{}/", peer.port());
    let cli = Cli::new().file("format", "%{http_code}\n");
    assert_eq!(cli.run(&["-w", "@format", &url]).ok(), "hello200\n");
}

#[test]
fn a_header_can_be_printed() {
    assert_eq!(
        written("%header{X-TWICE}|%header{none}|%header{x-umlaut}"),
        "1, 2||ü"
    );
}

#[test]
fn all_headers_can_be_printed() {
    let headers: Value = serde_json::from_str(&written("%{header_json}")).expect("it is JSON");
    let expected = json!({
        "content-type": ["text/plain"], "x-twice": ["1", "2"], "x-umlaut": ["ü"],
        "content-length": ["5"],
    });
    assert_eq!(headers, expected);
}

#[test]
fn all_variables_can_be_printed() {
    let all: Value = serde_json::from_str(&written("%{json}")).expect("it is JSON");
    assert_eq!(all["http_code"], json!(200));
    assert_eq!(all["errormsg"], Value::Null);
    assert_eq!(all["url"], json!("http://127.0.0.1:PORT/path"));
    assert!(
        all["time_total"].as_f64().is_some_and(|time| time > 0.0),
        "{all}"
    );
}

#[test]
fn an_unknown_variable_is_told_as_curl_tells_it() {
    let peer = Peer::reply(REPLY);
    let url = format!("http://127.0.0.1:{}/", peer.port());
    let outcome = run(&["-w", "[%{remote_ip}]", &url]);
    assert_eq!(
        outcome.stderr,
        "httplib: unknown --write-out variable: 'remote_ip'\n"
    );
    assert_eq!(outcome.ok(), "hello[]");
}

#[test]
fn text_can_go_to_standard_error() {
    let peer = Peer::reply(REPLY);
    let url = format!("http://127.0.0.1:{}/", peer.port());
    let outcome = run(&["-w", "1%{stderr}2%{stdout}3", &url]);
    assert_eq!(outcome.stderr, "2");
    assert_eq!(outcome.ok(), "hello13");
}

fn failed(format: &str) -> Outcome {
    let peer = Peer::script(vec![vec![Step::AwaitHead]]);
    run(&["-w", format, &format!("http://127.0.0.1:{}/", peer.port())])
}

#[test]
fn a_failure_has_a_code_and_a_message() {
    let outcome = failed("%{http_code} %{exitcode} %{errormsg}");
    let (text, line) = (outcome.text(), outcome.failed(52));
    let message = line
        .strip_prefix("httplib: (52) ")
        .expect("a line of a failure");
    assert_eq!(text, format!("000 52 {message}"));
}

#[test]
fn text_can_be_for_failures_only() {
    assert_eq!(written("a%{onerror}b%{stderr}c"), "a");
    let outcome = failed("a%{onerror}b");
    assert_eq!((outcome.text().as_str(), outcome.code), ("ab", 52));
}

/// The number behind the body.
fn time(outcome: Outcome) -> Vec<Duration> {
    let text = outcome.ok();
    let times = text
        .strip_prefix("ok")
        .expect("the body is first")
        .split(' ');
    let seconds = times.map(|time| time.parse().expect("a number of seconds"));
    seconds.map(Duration::from_secs_f64).collect()
}

const TIMES: &str = "%{time_connect} %{time_appconnect} %{time_pretransfer} \
    %{time_starttransfer} %{time_total}";

#[test]
fn times_follow_each_other() {
    let pause = Duration::from_millis(20);
    let peer = Peer::script(vec![vec![
        Step::AwaitHead,
        Step::Pause(pause),
        Step::send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"),
        Step::Pause(pause),
        Step::send("ok"),
    ]]);
    let times = time(run(&[
        "-w",
        TIMES,
        &format!("http://127.0.0.1:{}/", peer.port()),
    ]));
    let [connect, appconnect, pretransfer, starttransfer, total] = times[..] else {
        panic!("{times:?}")
    };
    assert!(
        connect > Duration::ZERO && appconnect == Duration::ZERO,
        "{times:?}"
    );
    assert_eq!(connect, pretransfer);
    assert!(starttransfer >= pretransfer + pause, "{times:?}");
    assert!(total >= pretransfer + pause * 2, "{times:?}");
}

#[test]
fn the_handshake_has_its_time() {
    let authority = Authority::new();
    let server = Server::https(ServerTls::new(&authority.issue(&["localhost"])).build());
    let url = format!("https://localhost:{}/status/200", server.port());
    let format = "%{time_connect} %{time_appconnect} %{num_certs} %{scheme}\n";
    let outcome = Cli::new()
        .run(&["-k", "-o", "a", "-o", "b", "-w", format, &url, &url])
        .ok();
    let lines: Vec<Vec<&str>> = outcome
        .lines()
        .map(|line| line.split(' ').collect())
        .collect();
    assert_ne!(lines[0][1], "0.000000", "{outcome}");
    // The second one found the connection open.
    assert_eq!(
        lines[1],
        ["0.000000", "0.000000", "1", "https"],
        "{outcome}"
    );
    assert_eq!(lines[0][0], "0.000000", "{outcome}");
}
