//! The exit codes that no other module meets, and what scripts see of failures.

use std::time::{Duration, Instant};

use harness::peer::{Peer, Port, Step};
use harness::server::Server;

use crate::cli::{Cli, run};

/// The line of a failure with this code, at a server that replies so.
#[track_caller]
fn at(reply: impl AsRef<[u8]>, code: i32) -> String {
    let peer = Peer::reply(reply);
    run(&[&format!("http://127.0.0.1:{}/", peer.port())]).failed(code)
}

#[test]
fn another_protocol_is_not_supported() {
    let line = run(&["ftp://127.0.0.1/"]).failed(1);
    assert!(line.contains("protocol 'ftp' is not supported"), "{line}");
    at("hello", 1);
    at("HTTP/2 200\r\n\r\n", 1);
}

#[test]
fn a_command_line_that_makes_no_sense_is_refused() {
    let url = "http://127.0.0.1:1/";
    for arguments in [
        &[][..],
        &["--nothing", url],
        &["-9", url],
        &["-m", "soon", url],
        &["-m", "-1", url],
        &["-C", "x", url],
        &[url, "-o"],
        &["-H", "neither nor", url],
        &["-T", "-", "-d", "x", url],
        &["-I", "-d", "x", url],
        &["-C", "-", "-T", "-", url],
        &["-C", "-", "-r", "0-1", url],
    ] {
        run(arguments).failed(2);
    }
    assert_eq!(
        run(&["--nothing", url]).failed(2),
        "httplib: (2) option --nothing: is unknown"
    );
}

#[test]
fn what_httplib_has_not_is_said_to_be_so() {
    let url = "http://127.0.0.1:1/";
    let line = run(&["-L", url]).failed(2);
    assert!(
        line.starts_with("httplib: (2) option -L: httplib follows no redirects"),
        "{line}"
    );
    let line = run(&["--compressed", url]).failed(2);
    assert_eq!(
        line,
        "httplib: (2) option --compressed: httplib decodes no bodies"
    );
}

#[test]
fn a_malformed_url_is_refused() {
    for url in [
        "http://",
        "http:///path",
        "http://host:port/",
        "http://host/a b",
        "[::1",
        "http://[::1/",
    ] {
        run(&[url]).failed(3);
    }
}

#[test]
fn a_name_that_nobody_knows_is_said() {
    let line = Cli::without_lookup()
        .run(&["http://name.example/"])
        .failed(6);
    assert!(line.contains("allow-ip-name-lookup"), "{line}");
}

#[test]
fn a_host_that_can_not_be_reached_is_said() {
    let port = Port::closed();
    let line = run(&[&format!("http://127.0.0.1:{}/", port.number())]).failed(7);
    assert!(line.contains("Connection refused"), "{line}");
    let line = Cli::without_network().run(&["http://127.0.0.1/"]).failed(7);
    assert!(line.contains("-S inherit-network"), "{line}");
}

#[test]
fn a_reply_that_breaks_http_is_said() {
    at("HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\nx", 8);
    at(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        56,
    );
}

#[test]
fn a_body_that_ends_early_is_said() {
    let line = at("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab", 18);
    assert!(line.contains("3 more expected"), "{line}");
    at(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n",
        18,
    );
}

/// Asserts that it fails for want of time, not before that is up, and not much later.
#[track_caller]
fn assert_times_out(arguments: &[&str]) {
    let begin = Instant::now();
    run(arguments).failed(28);
    let took = begin.elapsed();
    assert!(took >= Duration::from_millis(200), "{took:?}");
}

#[test]
fn connecting_ends_with_its_time() {
    let port = Port::silent();
    let url = format!("http://127.0.0.1:{}/", port.number());
    assert_times_out(&["--connect-timeout", "0.2", &url]);
    assert_times_out(&["--connect-timeout", "100", "-m", ".2", &url]);
    let peer = Peer::script(vec![vec![Step::Hold]]);
    let url = format!("https://127.0.0.1:{}/", peer.port());
    assert_times_out(&["--connect-timeout", "0.2", &url]);
}

#[test]
fn a_transfer_ends_with_its_time() {
    let peer = Peer::script(vec![vec![Step::AwaitHead, Step::Hold]]);
    let url = format!("http://127.0.0.1:{}/", peer.port());
    assert_times_out(&["--max-time", "0.2", &url]);
    // A server that never stops sending something.
    let trickle = b"x".repeat(10_000);
    let peer = Peer::script(vec![vec![
        Step::AwaitHead,
        Step::send("HTTP/1.1 200 OK\r\n\r\n"),
        Step::bytewise(trickle),
    ]]);
    let url = format!("http://127.0.0.1:{}/", peer.port());
    assert_times_out(&["--max-time", "0.2", &url]);
}

#[test]
fn the_time_to_connect_is_none_to_transfer() {
    let peer = Peer::script(vec![vec![
        Step::AwaitHead,
        Step::Pause(Duration::from_millis(300)),
        Step::send(crate::cli::OK),
    ]]);
    let url = format!("http://127.0.0.1:{}/", peer.port());
    assert_eq!(run(&["--connect-timeout", "0.1", &url]).ok(), "ok");
}

#[test]
fn what_can_not_be_sent_is_said() {
    let server = Server::http();
    let url = format!("http://127.0.0.1:{}/", server.port());
    run(&["-X", "GET IT", &url]).failed(43);
    run(&["-H", "X: a\r\nY: b", &url]).failed(43);
    run(&["-H", "a b: c", &url]).failed(43);
    run(&["-d", "abc", "-H", "Content-Length: 2", &url]).failed(43);
}

#[test]
fn a_server_that_says_nothing_is_said() {
    let peer = Peer::script(vec![vec![Step::AwaitHead]]);
    run(&[&format!("http://127.0.0.1:{}/", peer.port())]).failed(52);
}

#[test]
fn a_connection_that_is_reset_is_said() {
    let head = Step::send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab");
    let peer = Peer::script(vec![vec![
        Step::AwaitHead,
        head,
        Step::AwaitSignal,
        Step::Reset,
    ]]);
    let url = format!("http://127.0.0.1:{}/", peer.port());
    peer.signal();
    run(&[&url]).failed(56);
    let peer = Peer::script(vec![vec![Step::AwaitBytes(1), Step::Reset]]);
    let url = format!("http://127.0.0.1:{}/", peer.port());
    let large = Cli::new().file("large", vec![0; 64 << 20]);
    let outcome = large.run(&["-T", "large", "-H", "Expect:", &url]);
    assert!([55, 56].contains(&outcome.code), "{outcome:?}");
}

#[test]
fn an_unknown_coding_is_said() {
    at("HTTP/1.1 200 OK\r\nTransfer-Encoding: unknown\r\n\r\n", 61);
}

#[test]
fn silence_hides_errors_unless_they_are_asked_for() {
    let silent = run(&["-s", "ftp://x"]);
    assert_eq!((silent.code, silent.stderr.as_str()), (1, ""));
    run(&["-sS", "ftp://x"]).failed(1);
}

/// A trap fails the run itself.
#[test]
fn no_value_of_an_option_makes_it_trap() {
    const VALUES: &[&str] = &[
        "",
        "-",
        "@",
        "@-",
        "+",
        "=",
        ":",
        ";",
        "%",
        "%{",
        "%header{",
        "\\",
        "[",
        "ü",
        "\u{0}\r\n",
        "a:b:c@d",
        "://",
        "18446744073709551616",
        "-1",
        "nan",
        "1e999",
        "sha256//",
        "/",
    ];
    let help = run(&["--help"]).ok();
    let options = help.lines().filter(|line| line.contains('<'));
    let names = options.filter_map(|line| line.split("--").nth(1)?.split(' ').next());
    let mut count = 0;
    for name in names.filter(|name| !name.is_empty()) {
        let option = format!("--{name}");
        for value in VALUES {
            // Nobody is asked for the names among them.
            let cli = Cli::without_lookup().stdin("input");
            let outcome = cli.run(&[&option, value, "http://127.0.0.1:1/"]);
            assert!(
                (0..=97).contains(&outcome.code),
                "{option} {value:?}: {outcome:?}"
            );
            count += 1;
        }
    }
    assert!(count > 30 * VALUES.len(), "{count}");
}
