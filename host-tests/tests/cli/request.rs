//! What is sent: methods, data, headers.

use harness::peer::Peer;
use harness::server::{self, GREETING, Server, text};
use hyper::StatusCode;

use crate::cli::{Cli, OK, run};

/// What the server says that it got from a run with these arguments and the URL of this path.
#[track_caller]
fn echo_at(cli: Cli, path: &str, arguments: &[&str]) -> String {
    let server = Server::start(
        |request, _| text(StatusCode::OK, server::echo(&request)),
        None,
    );
    let url = format!("http://127.0.0.1:{}{path}", server.port());
    let arguments: Vec<&str> = arguments.iter().copied().chain([url.as_str()]).collect();
    let port = server.port().to_string();
    cli.run(&arguments).ok().replace(&port, "PORT")
}

/// The same for `/`.
#[track_caller]
fn echo(arguments: &[&str]) -> String {
    echo_at(Cli::new(), "/", arguments)
}

/// The request line.
fn first_line(echo: &str) -> &str {
    echo.lines().next().unwrap_or_default()
}

/// The value of a header; none where the request had none.
fn header<'a>(echo: &'a str, name: &str) -> Option<&'a str> {
    let head = echo.split("\n\n").next().unwrap_or_default();
    let mut headers = head
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(": "));
    headers.find(|(it, _)| *it == name).map(|(_, value)| value)
}

/// What follows the empty line.
fn body(echo: &str) -> &str {
    echo.split_once("\n\n").map_or("", |(_, body)| body)
}

/// The bytes that arrive from a run with these arguments.
fn bytes_sent(arguments: &[&str]) -> String {
    let peer = Peer::reply(OK);
    let url = format!("http://127.0.0.1:{}/", peer.port());
    let arguments: Vec<&str> = arguments.iter().copied().chain([url.as_str()]).collect();
    assert_eq!(run(&arguments).ok(), "ok");
    let received = peer.all_received(0);
    let received = received.iter().map(|&byte| char::from(byte));
    received
        .collect::<String>()
        .replace(&peer.port().to_string(), "PORT")
}

#[test]
fn prints_the_body_of_a_url_without_a_scheme() {
    let server = Server::http();
    let outcome = run(&[&format!("127.0.0.1:{}", server.port())]);
    assert_eq!(outcome.stdout, GREETING, "{outcome:?}");
    assert_eq!(outcome.stderr, "");
    assert_eq!(outcome.code, 0);
}

#[test]
fn sends_the_head_that_curl_sends() {
    let head = "GET / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nUser-Agent: httplib/0.2.0\r\nAccept: */*\r\n\r\n";
    assert_eq!(bytes_sent(&[]), head);
}

#[test]
fn data_is_posted_as_a_form() {
    let echo = echo(&["-d", "a=1"]);
    assert_eq!(first_line(&echo), "POST /");
    assert_eq!(
        header(&echo, "content-type"),
        Some("application/x-www-form-urlencoded")
    );
    assert_eq!(header(&echo, "content-length"), Some("3"));
    assert_eq!(body(&echo), "a=1");
}

#[test]
fn several_data_are_joined() {
    let echo = echo(&["-d", "a=1", "--data-raw", "@b", "--data", "=c"]);
    assert_eq!(body(&echo), "a=1&@b&=c");
}

#[test]
fn what_follows_the_letter_is_the_data() {
    assert_eq!(body(&echo(&["-d=x"])), "=x");
    assert_eq!(body(&echo(&["-dx"])), "x");
    assert_eq!(body(&echo(&["-d", "-x"])), "-x");
}

#[test]
fn data_of_a_file_loses_its_line_ends() {
    let cli = || Cli::new().file("data", "a\r\nb\0\n");
    assert_eq!(body(&echo_at(cli(), "/", &["-d", "@data"])), "ab");
    assert_eq!(body(&echo_at(cli(), "/", &["--data-ascii", "@data"])), "ab");
    assert_eq!(
        body(&echo_at(cli(), "/", &["--data-binary", "@data"])),
        "a\r\nb\0\n"
    );
}

#[test]
fn data_may_be_standard_input() {
    let echo = echo_at(Cli::new().stdin("from in\n"), "/", &["-d", "@-"]);
    assert_eq!(body(&echo), "from in");
}

#[test]
fn data_is_percent_encoded() {
    let cli = || Cli::new().file("data", "ü\n");
    let encoded = |argument: &str| {
        let echo = echo_at(cli(), "/", &["--data-urlencode", argument]);
        body(&echo).to_owned()
    };
    assert_eq!(encoded("a b"), "a%20b");
    assert_eq!(encoded("=a=b"), "a%3Db");
    assert_eq!(encoded("name=a&b"), "name=a%26b");
    assert_eq!(encoded("@data"), "%C3%BC%0A");
    assert_eq!(encoded("name@data"), "name=%C3%BC%0A");
}

#[test]
fn json_is_posted_with_its_type() {
    let echo = echo(&["--json", "{\"a\":", "--json", "1}"]);
    assert_eq!(first_line(&echo), "POST /");
    assert_eq!(header(&echo, "content-type"), Some("application/json"));
    assert_eq!(header(&echo, "accept"), Some("application/json"));
    assert_eq!(body(&echo), "{\"a\":1}");
}

#[test]
fn empty_data_has_a_length() {
    let echo = echo(&["-d", ""]);
    assert_eq!(first_line(&echo), "POST /");
    assert_eq!(header(&echo, "content-length"), Some("0"));
}

#[test]
fn get_puts_the_data_into_the_query() {
    let query = |path, arguments: &[&str]| {
        let echo = echo_at(Cli::new(), path, arguments);
        assert_eq!(body(&echo), "");
        first_line(&echo).to_owned()
    };
    assert_eq!(query("/", &["-G", "-d", "a=1", "-d", "b"]), "GET /?a=1&b");
    assert_eq!(query("/x?y", &["-G", "-d", "a=1"]), "GET /x?y&a=1");
    assert_eq!(
        query("/", &["--url-query", "a=b c", "--url-query", "+d=e+f"]),
        "GET /?a=b%20c&d=e+f"
    );
}

#[test]
fn the_method_can_be_any() {
    assert_eq!(first_line(&echo(&["-X", "DELETE"])), "DELETE /");
    let echo = echo(&["--request", "PATCH"]);
    assert_eq!(header(&echo, "content-length"), Some("0"));
}

#[test]
fn a_header_is_added_as_it_is_written() {
    let sent = bytes_sent(&[
        "-H",
        "x-CASE:  spaced ",
        "-H",
        "X-Twice: 1",
        "-H",
        "X-Twice: 2",
    ]);
    assert!(
        sent.ends_with("\r\nx-CASE: spaced\r\nX-Twice: 1\r\nX-Twice: 2\r\n\r\n"),
        "{sent}"
    );
}

#[test]
fn a_header_replaces_the_automatic_one() {
    let echo = echo(&[
        "-H",
        "accept: text/html",
        "-H",
        "User-Agent: me",
        "-H",
        "Host: example.com",
    ]);
    assert_eq!(echo.matches("accept").count(), 1);
    assert_eq!(header(&echo, "accept"), Some("text/html"));
    assert_eq!(header(&echo, "user-agent"), Some("me"));
    assert_eq!(header(&echo, "host"), Some("example.com"));
}

#[test]
fn a_header_without_a_value_is_removed() {
    let sent = bytes_sent(&["-H", "Accept:", "-H", "Host:", "-H", "User-Agent:"]);
    assert_eq!(sent, "GET / HTTP/1.1\r\n\r\n");
}

#[test]
fn a_header_with_a_semicolon_is_empty() {
    let sent = bytes_sent(&["-H", "X-Empty;"]);
    assert!(sent.ends_with("\r\nX-Empty: \r\n\r\n"), "{sent}");
}

#[test]
fn headers_may_stand_in_a_file() {
    let cli = Cli::new().file("headers", "X-One: 1\nX-Two: 2\r\n\n");
    let echo = echo_at(cli, "/", &["-H", "@headers"]);
    assert_eq!(header(&echo, "x-one"), Some("1"));
    assert_eq!(header(&echo, "x-two"), Some("2"));
}

#[test]
fn a_header_is_sent_as_utf_8() {
    let sent = bytes_sent(&["-H", "X-Name: ü"]);
    assert!(sent.contains("X-Name: \u{c3}\u{bc}\r\n"), "{sent}");
}

#[test]
fn a_length_of_ones_own_is_kept() {
    let sent = bytes_sent(&["-d", "abc", "-H", "Content-Length: 3"]);
    assert_eq!(sent.matches("Content-Length").count(), 1);
}

#[test]
fn chunks_of_ones_own_will_are_sent() {
    let sent = bytes_sent(&["-d", "abc", "-H", "Transfer-Encoding: chunked"]);
    assert!(sent.ends_with("\r\n\r\n3\r\nabc\r\n0\r\n\r\n"), "{sent}");
    assert!(!sent.contains("Content-Length"), "{sent}");
}

#[test]
fn agent_referer_and_range_are_headers() {
    let sent = echo(&["-A", "agent", "-e", "http://from/", "-r", "0-4"]);
    assert_eq!(header(&sent, "user-agent"), Some("agent"));
    assert_eq!(header(&sent, "referer"), Some("http://from/"));
    assert_eq!(header(&sent, "range"), Some("bytes=0-4"));
    assert_eq!(header(&echo(&["-A", ""]), "user-agent"), None);
}

#[test]
fn the_user_is_named_by_basic_authentication() {
    let expected = Some("Basic dXNlcjpwOnc=");
    assert_eq!(
        header(&echo(&["-u", "user:p:w"]), "authorization"),
        expected
    );
    assert_eq!(
        header(&echo(&["-u", "user"]), "authorization"),
        Some("Basic dXNlcjo=")
    );
    let server = Server::http();
    let url = format!("http://user:p%3Aw@127.0.0.1:{}/echo", server.port());
    assert_eq!(header(&run(&[&url]).ok(), "authorization"), expected);
}

/// curl sends it with a Content-Length beside, against RFC 9112 §6.2.
#[test]
fn a_transfer_encoding_without_chunks_is_refused() {
    let server = Server::http();
    let url = format!("http://127.0.0.1:{}/echo", server.port());
    run(&["-d", "abc", "-H", "Transfer-Encoding: gzip", &url]).failed(43);
}

#[test]
fn the_fragment_stays_here() {
    assert_eq!(first_line(&echo_at(Cli::new(), "/a?b#c", &[])), "GET /a?b");
    assert_eq!(first_line(&echo_at(Cli::new(), "?b", &[])), "GET /?b");
    assert_eq!(
        first_line(&echo_at(Cli::new(), "/ü{1}", &[])),
        "GET /%C3%BC%7B1%7D"
    );
}

#[test]
fn a_url_may_be_an_options_value() {
    let server = Server::http();
    let url = format!("http://127.0.0.1:{}/", server.port());
    assert_eq!(run(&["--url", &url]).stdout, GREETING);
}

#[test]
fn an_old_server_is_understood_if_that_is_wanted() {
    let peer = Peer::reply("hello");
    let url = format!("http://127.0.0.1:{}/", peer.port());
    assert_eq!(run(&["--http0.9", "--http1.1", &url]).ok(), "hello");
}

/// curl 7.66 and later end with 1 as well.
#[test]
fn a_banner_is_no_page() {
    for banner in ["SSH-2.0-OpenSSH_9.2\r\n", "ICY 200 OK\r\n\r\n"] {
        let peer = Peer::reply(banner);
        let url = format!("http://127.0.0.1:{}/", peer.port());
        run(&[&url]).failed(1);
    }
}

#[test]
fn the_address_to_connect_from_can_be_chosen() {
    let server = Server::http();
    let url = format!("http://127.0.0.1:{}/", server.port());
    assert_eq!(run(&["--interface", "127.0.0.2", &url]).stdout, GREETING);
    run(&["--interface", "192.0.2.1", &url]).failed(45);
}
