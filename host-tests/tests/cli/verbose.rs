//! `--verbose` and `--trace-time`.

use harness::peer::Peer;
use harness::relay::Relay;
use harness::server::Server;
use harness::tls::{Authority, ServerTls};

use crate::cli::{Cli, OK, run};

#[test]
fn both_heads_are_shown() {
    let peer = Peer::reply(
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nX: 1\r\nContent-Length: 2\r\n\r\nok",
    );
    let url = format!("http://127.0.0.1:{}/path", peer.port());
    let outcome = run(&["-v", "-d", "abc", "-H", "X-Mine: 1", &url]);
    assert_eq!(outcome.stdout, b"ok");
    let shown = outcome.stderr.replace(&peer.port().to_string(), "PORT");
    let expected = "* Connecting to 127.0.0.1:PORT\n\
        > POST /path HTTP/1.1\n\
        > Host: 127.0.0.1:PORT\n\
        > User-Agent: httplib/0.2.0\n\
        > Accept: */*\n\
        > X-Mine: 1\n\
        > Content-Length: 3\n\
        > Content-Type: application/x-www-form-urlencoded\n\
        > \n\
        < HTTP/1.1 100 Continue\n\
        < \n\
        < HTTP/1.1 200 OK\n\
        < X: 1\n\
        < Content-Length: 2\n\
        < \n\
        * The connection to 127.0.0.1:PORT is left open\n";
    assert_eq!(shown, expected);
}

/// The lines with `>` are what goes over the wire.
#[test]
fn what_is_shown_is_what_is_sent() {
    for arguments in [
        &["-v"][..],
        &[
            "-v",
            "-H",
            "Host: example.com",
            "-H",
            "Accept:",
            "-u",
            "user:password",
        ],
        &["-v", "-X", "PATCH", "-e", "http://x/", "-r", "1-"],
        &["-v", "-T", "-", "-H", "Expect:"],
        &["-v", "-H", "Host:", "-I"],
    ] {
        let peer = Peer::reply(OK);
        let url = format!("http://127.0.0.1:{}/a?b", peer.port());
        let arguments: Vec<&str> = arguments.iter().copied().chain([url.as_str()]).collect();
        let outcome = Cli::new().stdin("abc").run(&arguments);
        assert_eq!(outcome.code, 0, "{outcome:?}");
        let lines = outcome
            .stderr
            .lines()
            .filter_map(|line| line.strip_prefix("> "));
        let shown: String = lines.map(|line| format!("{line}\r\n")).collect();
        let sent = peer.all_received(0);
        assert!(
            sent.starts_with(shown.as_bytes()),
            "{shown}\n{}",
            String::from_utf8_lossy(&sent)
        );
        assert!(shown.ends_with("\r\n\r\n"), "{shown}");
    }
}

#[test]
fn a_proxy_sees_what_is_shown() {
    let peer = Peer::reply(OK);
    let proxy = format!("http://user:secret@127.0.0.1:{}", peer.port());
    let outcome = run(&["-v", "-x", &proxy, "http://example.com/x"]);
    assert!(
        outcome
            .stderr
            .contains("\n> GET http://example.com/x HTTP/1.1\n"),
        "{outcome:?}"
    );
    assert!(!outcome.stderr.contains("secret"), "{outcome:?}");
    let by = format!(
        "* Connecting to example.com by way of http://127.0.0.1:{}\n",
        peer.port()
    );
    assert!(outcome.stderr.contains(&by), "{outcome:?}");
}

#[test]
fn what_tls_agreed_on_is_shown() {
    let authority = Authority::new();
    let identity = authority.issue(&["localhost"]);
    let server = Server::https(
        ServerTls::new(&identity)
            .tls13_only()
            .alpn(&["http/1.1"])
            .build(),
    );
    let relay = Relay::start(None);
    let url = format!("https://localhost:{}/", server.port());
    let proxy = format!("127.0.0.1:{}", relay.port());
    let outcome = Cli::new()
        .file("ca.pem", authority.pem())
        .run(&["-v", "-x", &proxy, "--cacert", "ca.pem", &url, &url]);
    let notes: Vec<&str> = outcome
        .stderr
        .lines()
        .filter(|line| line.starts_with("* "))
        .collect();
    assert!(
        notes[1].starts_with("* TLSv1.3, TLS_CHACHA20_POLY1305_SHA256, "),
        "{notes:?}"
    );
    assert!(notes[1].ends_with(", ALPN http/1.1"), "{notes:?}");
    assert!(
        notes[3].starts_with("* Connected already to localhost:"),
        "{notes:?}"
    );
    assert_eq!(notes.len(), 6, "{notes:?}");
}

#[test]
fn each_line_can_tell_the_time() {
    let server = Server::http();
    let url = format!("http://127.0.0.1:{}/", server.port());
    let outcome = run(&["-v", "--trace-time", &url]);
    let (mut last, mut count) = (String::new(), 0);
    for line in outcome.stderr.lines() {
        let (time, rest) = line.split_at(15);
        let digits: Vec<usize> = time.split([':', '.']).map(str::len).collect();
        assert_eq!(digits, [2, 2, 2, 6], "{line}");
        assert!(rest.starts_with([' ', '>', '<', '*']), "{line}");
        // Midnight may come between.
        assert!(*time >= *last || time.starts_with("00"), "{line}");
        time.clone_into(&mut last);
        count += 1;
    }
    assert!(count > 8, "{outcome:?}");
    assert_eq!(run(&["--trace-time", &url]).stderr, "");
}

#[test]
fn twice_shows_the_debug_lines_of_httplib() {
    let peer = Peer::reply(OK);
    let url = format!("http://127.0.0.1:{}/", peer.port());
    let outcome = run(&["-vv", &url]);
    for line in [
        "send: 'GET / HTTP/1.1\\r\\n",
        "reply: 'HTTP/1.1 200 OK\\r\\n'",
        "header: Content-Length: 2",
        "< HTTP/1.1 200 OK",
    ] {
        assert!(
            outcome.stderr.lines().any(|it| it.starts_with(line)),
            "{line}: {}",
            outcome.stderr
        );
    }
    let peer = Peer::reply(OK);
    let outcome = run(&["-v", &format!("http://127.0.0.1:{}/", peer.port())]);
    assert!(!outcome.stderr.contains("send:"), "{outcome:?}");
}
