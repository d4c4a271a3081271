//! `/dev/null`, which no directory of the host holds: what goes there is gone, what comes from there is
//! empty. What is asserted of requests is what curl 7.88 does.

use std::fs;

use harness::peer::Peer;
use harness::server::{GREETING, Server};
use harness::tls::{Authority, ServerTls};

use crate::cli::{Cli, OK, Outcome, run};

/// What comes of these arguments before the URL of the test server.
fn visit(path: &str, arguments: &[&str]) -> Outcome {
    let server = Server::http();
    let url = format!("http://127.0.0.1:{}{path}", server.port());
    run(&[arguments, &[&url]].concat())
}

/// Asserts that nothing was made in the run's folder.
#[track_caller]
fn assert_empty(outcome: &Outcome) {
    let mut files = fs::read_dir(outcome.folder.path()).expect("the folder is there");
    assert!(files.next().is_none());
}

#[test]
fn a_body_is_discarded() {
    for name in ["/dev/null", "NUL", "nul"] {
        let arguments = ["-s", "-o", name, "-w", "%{http_code} %{filename_effective}"];
        let outcome = visit("/", &arguments);
        assert_empty(&outcome);
        assert_eq!(outcome.ok(), format!("200 {name}"));
    }
}

#[test]
fn a_large_body_is_discarded_and_counted() {
    for path in ["/bytes/50000000", "/chunked/50000000"] {
        let arguments = ["-o", "/dev/null", "-w", "%{size_download}"];
        assert_eq!(visit(path, &arguments).ok(), "50000000");
    }
}

#[test]
fn transfers_to_nowhere_share_a_connection() {
    let server = Server::http();
    let url = format!("http://127.0.0.1:{}/bytes/1000000", server.port());
    let arguments = ["-o", "/dev/null", &url, "-o", "/dev/null", &url];
    assert_eq!(run(&arguments).ok(), "");
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_body_that_is_discarded_can_be_cut_short_all_the_same() {
    let cut = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello";
    let peer = Peer::reply(cut);
    let url = format!("http://127.0.0.1:{}/", peer.port());
    let outcome = run(&["-o", "/dev/null", "-w", "%{size_download}", &url]);
    assert_eq!(outcome.text(), "5");
    outcome.failed(18);
}

#[test]
fn heads_are_discarded_too() {
    let outcome = visit("/", &["-i", "-o", "/dev/null"]);
    assert_eq!(outcome.ok(), "");
    let outcome = visit("/", &["-I", "-o", "/dev/null"]);
    assert_eq!(outcome.ok(), "");
    let outcome = visit("/", &["-D", "/dev/null"]);
    assert_empty(&outcome);
    assert_eq!(outcome.ok().as_bytes(), GREETING);
}

#[test]
fn an_error_stays_one() {
    visit("/missing", &["-f", "-o", "/dev/null"]).failed(22);
    visit("/missing", &["--fail-with-body", "-o", "/dev/null"]).failed(22);
}

#[test]
fn nothing_is_there_to_be_resumed() {
    let arguments = ["-C", "-", "-o", "/dev/null", "-w", "%{size_download}"];
    assert_eq!(visit("/bytes/1000", &arguments).ok(), "1000");
}

#[test]
fn files_may_have_such_names() {
    let outcome = visit("/", &["-o", "./NUL"]);
    assert_eq!(outcome.file("NUL"), GREETING);
    // The last segment of a URL names a file.
    let peer = Peer::reply(OK);
    let outcome = run(&["-O", &format!("http://127.0.0.1:{}/nul", peer.port())]);
    assert_eq!(outcome.file("nul"), b"ok");
}

/// The request that these arguments make of `example`.
fn request(arguments: &[&str]) -> String {
    let peer = Peer::reply(OK);
    let url = format!("http://127.0.0.1:{}/", peer.port());
    let outcome = run(&[arguments, &["-H", "Host: example", &url]].concat());
    assert_eq!(outcome.ok(), "ok");
    String::from_utf8(peer.all_received(0)).expect("it is text")
}

#[test]
fn an_upload_of_nothing_is_sent() {
    let request = request(&["-T", "/dev/null", "-H", "Expect:"]);
    assert!(request.starts_with("PUT /null HTTP/1.1\r\n"), "{request}");
    assert!(
        request.contains("\r\nTransfer-Encoding: chunked\r\n"),
        "{request}"
    );
    assert!(request.ends_with("\r\n\r\n0\r\n\r\n"), "{request}");
}

#[test]
fn data_of_nothing_is_sent() {
    for option in ["--data", "--data-binary", "--data-urlencode", "--json"] {
        let request = request(&[option, "@/dev/null"]);
        assert!(request.starts_with("POST / HTTP/1.1\r\n"), "{request}");
        assert!(request.contains("\r\nContent-Length: 0\r\n"), "{request}");
    }
}

#[test]
fn texts_are_empty() {
    assert_eq!(request(&["-H", "@/dev/null"]), request(&[]));
    assert_eq!(request(&["-w", "@/dev/null"]), request(&[]));
    assert_eq!(request(&["-K", "/dev/null"]), request(&[]));
    let refused = visit("/", &["-K", "curlrc"]).failed(2);
    assert!(
        refused.contains("there are no configuration files"),
        "{refused}"
    );
}

#[test]
fn authorities_are_none() {
    let authority = Authority::new();
    let tls = ServerTls::new(&authority.issue(&["localhost"])).build();
    let server = Server::https(tls);
    let url = format!("https://localhost:{}/", server.port());
    let visit = |arguments: &[&str]| {
        let cli = Cli::new().file("ca.pem", authority.pem());
        cli.run(&[arguments, &[&url]].concat())
    };
    visit(&["--cacert", "/dev/null"]).failed(77);
    visit(&["--capath", "/dev/null"]).failed(77);
    let both = visit(&["--cacert", "ca.pem", "--capath", "/dev/null"]);
    assert_eq!(both.ok().as_bytes(), GREETING);
    visit(&["--cacert", "ca.pem", "--crlfile", "/dev/null"]).failed(82);
    visit(&["--cacert", "ca.pem", "--cert", "/dev/null"]).failed(58);
}
