//! Several URLs in one call.

use harness::peer::{Peer, Step};
use harness::server::{GREETING, Server};
use harness::tls::{Authority, ServerTls};

use crate::cli::{Cli, OK, run};

#[test]
fn one_connection_serves_all_urls_of_a_server() {
    let server = Server::http();
    let url = format!("http://127.0.0.1:{}/", server.port());
    let upper = format!("HTTP://127.0.0.1:{}/bytes/100000", server.port());
    let outcome = run(&[&url, "-o", "-", "-o", "large", &upper, &url]);
    assert_eq!(outcome.stdout, GREETING.repeat(2), "{outcome:?}");
    assert_eq!(server.connections(), 1);
}

#[test]
fn one_connection_serves_all_urls_over_tls() {
    let authority = Authority::new();
    let server = Server::https(ServerTls::new(&authority.issue(&["localhost"])).build());
    let url = format!("https://localhost:{}/", server.port());
    let cli = Cli::new().file("ca.pem", authority.pem());
    let outcome = cli.run(&["--cacert", "ca.pem", &url, &url]);
    assert_eq!(outcome.stdout, GREETING.repeat(2), "{outcome:?}");
    assert_eq!(server.connections(), 1);
}

#[test]
fn several_servers_have_connections_of_their_own() {
    let (one, two) = (Server::http(), Server::http());
    let urls = [&one, &two].map(|server| format!("http://127.0.0.1:{}/", server.port()));
    let outcome = run(&[&urls[0], &urls[1], &urls[0], &urls[1]]);
    assert_eq!(outcome.stdout, GREETING.repeat(4), "{outcome:?}");
    assert_eq!((one.connections(), two.connections()), (1, 1));
}

#[test]
fn a_connection_that_the_server_closed_is_replaced() {
    let closing = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok";
    let peer = Peer::script(vec![
        Step::answers(&[closing]),
        vec![Step::AwaitHead, Step::send(OK), Step::Close],
        Step::answers(&[OK]),
    ]);
    let url = format!("http://127.0.0.1:{}/", peer.port());
    assert_eq!(run(&[&url, &url, &url]).ok(), "okokok");
    assert_eq!(peer.connections(), 3);
}

#[test]
fn a_failure_is_not_in_the_next_ones_way() {
    let peer = Peer::script(vec![
        Step::answers(&[b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab"]),
        Step::answers(&[OK]),
    ]);
    let url = format!("http://127.0.0.1:{}/", peer.port());
    let outcome = run(&[&url, &url]);
    assert!(outcome.stderr.starts_with("httplib: (18) "), "{outcome:?}");
    assert_eq!(outcome.ok(), "abok");
}

#[test]
fn an_upload_that_was_cut_short_is_not_in_the_next_ones_way() {
    let server = Server::http();
    let url = format!("http://127.0.0.1:{}/", server.port());
    let outcome = run(&["-X", "BAD METHOD", &url, &url]);
    assert_eq!(
        outcome.stderr.matches("httplib: (43) ").count(),
        2,
        "{outcome:?}"
    );
    let outcome = Cli::new()
        .stdin("abc")
        .run(&["-T", "-", "-H", "Content-Length: 5", &url, &url]);
    assert!(outcome.stderr.contains("httplib: ("), "{outcome:?}");
    outcome.failed(26);
}

#[test]
fn the_last_transfer_decides_unless_the_first_failure_does() {
    let server = Server::http();
    let url = |path: &str| format!("http://127.0.0.1:{}/{path}", server.port());
    let (good, bad) = (url("status/200"), url("status/404"));
    run(&["-f", &good, &bad]).failed(22);
    assert_eq!(run(&["-f", &bad, &good]).ok(), "OK");
    let outcome = run(&["-f", "--fail-early", &bad, &good]);
    assert_eq!(outcome.text(), "");
    outcome.failed(22);
}

#[test]
fn what_is_left_unread_does_not_mix_with_the_next() {
    let server = Server::http();
    let url = |path: &str| format!("http://127.0.0.1:{}/{path}", server.port());
    let outcome = run(&["-f", &url("nothing"), &url("bytes/3")]);
    assert_eq!(outcome.stdout, [0, 1, 2], "{outcome:?}");
}
