//! `BasicTest`: status lines, bodies of each framing, limits.
//!
//! `readinto` fills a buffer of the caller's; here `read` gives a list of up to as many bytes.

use std::collections::BTreeSet;
use std::io::Write;

use harness::component::{
    ConnectionOptions, Error, Guest, HttpException, Phase, Response, Result, bytes,
};
use harness::peer::{Ending, Peer, Step};
use tempfile::NamedTempFile;

use crate::support::{
    answer, answer_and_hold, answer_to_head, connect, exception, http, incomplete, is_invalid_url,
    is_malformed, is_too_many, iterable, limited, sent_by,
};

const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
const CHUNKS: &str = "a\r\nhello worl\r\n3\r\nd! \r\n8\r\nand now \r\n22\r\n\
    for something completely different\r\n";
const HELLO: &str = "hello world! and now for something completely different";
const LAST_CHUNK: &str = "0\r\n";
const FOUR: &str = "HTTP/1.1 200 Ok\r\nContent-Length: 4\r\n\r\nText";
const UNTIL_CLOSE: &str = "HTTP/1.1 200 Ok\r\n\r\nText";
const SHORT: &str = "HTTP/1.1 200 Ok\r\nContent-Length: 10\r\n\r\nText";

/// `HTTPStatus` of main: code, name and phrase. IANA's phrase for 418 is not CPython's.
pub fn statuses() -> Vec<(u16, &'static str, &'static str)> {
    let parse = |line: &'static str| {
        let mut words = line.splitn(3, ' ');
        let code = words.next()?.parse().ok()?;
        Some((code, words.next()?, words.next()?))
    };
    include_str!("statuses.txt")
        .lines()
        .map(|line| parse(line).expect("a code, a name and a phrase"))
        .collect()
}

/// Descriptions are CPython's own; codes, names and phrases are the registry's.
#[test]
fn test_simple_httpstatus() {
    let guest = Guest::new();
    let statuses = statuses();
    assert_eq!(statuses.len(), 66, "62 members and 4 aliases");
    for &(code, name, phrase) in &statuses {
        assert_eq!(guest.constant(name), Some(code), "{name}");
        assert_eq!(guest.reason_phrase(code).as_deref(), Some(phrase), "{name}");
    }
    let expected: BTreeSet<_> = statuses.iter().map(|(code, _, _)| *code).collect();
    let codes: Vec<_> = guest
        .responses()
        .into_iter()
        .map(|(code, _)| code)
        .collect();
    assert_eq!(codes, Vec::from_iter(expected), "and no others");
}

#[test]
fn test_httpstatus_range() {
    for (code, _) in Guest::new().responses() {
        assert!((100..=599).contains(&code), "{code}");
    }
}

/// The categories are the hundreds; each status is in one.
#[test]
fn test_httpstatus_category() {
    let guest = Guest::new();
    let count = |hundred: u16| {
        let codes = (0..=u16::MAX).filter(|code| code / 100 == hundred);
        codes
            .filter(|&code| guest.reason_phrase(code).is_some())
            .count()
    };
    assert_eq!(
        [1, 2, 3, 4, 5].map(count).iter().sum::<usize>(),
        guest.responses().len()
    );
    for (name, hundred) in [
        ("CONTINUE", 1),
        ("EARLY_HINTS", 1),
        ("OK", 2),
        ("IM_USED", 2),
        ("MULTIPLE_CHOICES", 3),
        ("PERMANENT_REDIRECT", 3),
        ("BAD_REQUEST", 4),
        ("UNAVAILABLE_FOR_LEGAL_REASONS", 4),
        ("INTERNAL_SERVER_ERROR", 5),
        ("NETWORK_AUTHENTICATION_REQUIRED", 5),
    ] {
        let code = guest.constant(name).expect("each status has a name");
        assert_eq!(code / 100, hundred, "{name}");
    }
}

/// The distinction between `closed` and `isclosed()` is one of Python's file objects.
#[test]
fn test_status_lines() -> Result<()> {
    let response = answer(UNTIL_CLOSE)?;
    assert_eq!((response.status(), response.reason().as_str()), (200, "Ok"));
    assert_eq!(response.read(Some(0))?, b"");
    assert!(!response.is_closed());
    assert_eq!(response.read(None)?, b"Text");
    assert!(response.is_closed());

    let exception = exception("HTTP/1.1 400.100 Not Ok\r\n\r\nText");
    assert!(
        matches!(exception, HttpException::BadStatusLine(_)),
        "{exception:?}"
    );
    Ok(())
}

fn assert_two_and_two(response: &Response) -> Result<()> {
    assert_eq!(response.length(), Some(4));
    assert_eq!(response.read(Some(2))?, b"Te");
    assert_eq!(response.length(), Some(2));
    assert!(!response.is_closed());
    assert_eq!(response.read(Some(2))?, b"xt");
    assert!(response.is_closed());
    Ok(())
}

#[test]
fn test_partial_reads() -> Result<()> {
    assert_two_and_two(&*answer_and_hold(FOUR)?)
}

#[test]
fn test_mixed_reads() -> Result<()> {
    let reply = "HTTP/1.1 200 Ok\r\nContent-Length: 13\r\n\r\nText\r\n\r\nrest.";
    let response = answer_and_hold(reply)?;
    assert_eq!(response.readline(None)?, b"Text\r\n");
    assert_eq!(response.length(), Some(7));
    assert_eq!(response.read(None)?, b"\r\nrest.");
    assert!(response.is_closed());
    Ok(())
}

#[test]
fn test_partial_readintos() -> Result<()> {
    assert_two_and_two(&*answer(FOUR)?)
}

#[test]
fn test_partial_reads_past_end() -> Result<()> {
    let response = answer_and_hold(FOUR)?;
    assert_eq!(response.read(Some(10))?, b"Text");
    assert!(response.is_closed());
    Ok(())
}

#[test]
fn test_partial_readintos_past_end() -> Result<()> {
    let response = answer_and_hold(FOUR)?;
    assert_eq!(response.read(Some(2))?, b"Te");
    assert_eq!(response.read(Some(10))?, b"xt");
    assert!(response.is_closed());
    Ok(())
}

fn assert_closed_by_the_end(response: &Response) -> Result<()> {
    assert_eq!(response.length(), None);
    assert_eq!(response.read(Some(2))?, b"Te");
    assert!(!response.is_closed());
    assert_eq!(response.read(Some(2))?, b"xt");
    assert_eq!(response.read(Some(1))?, b"");
    assert!(response.is_closed());
    Ok(())
}

#[test]
fn test_partial_reads_no_content_length() -> Result<()> {
    assert_closed_by_the_end(&*answer(UNTIL_CLOSE)?)
}

#[test]
fn test_partial_readintos_no_content_length() -> Result<()> {
    assert_closed_by_the_end(&*answer(UNTIL_CLOSE)?)
}

/// The decisions: a short body is `IncompleteRead` for `read(amt)` as for `read()`. CPython gives an
/// empty string, which looks like the end.
fn assert_short(response: &Response) -> Result<()> {
    assert_eq!(response.read(Some(2))?, b"Te");
    assert_eq!(response.read(Some(2))?, b"xt");
    assert_eq!(incomplete(response.read(Some(1))), (vec![], Some(6)));
    Ok(())
}

#[test]
fn test_partial_reads_incomplete_body() -> Result<()> {
    assert_short(&*answer(SHORT)?)
}

#[test]
fn test_partial_readintos_incomplete_body() -> Result<()> {
    let response = answer(SHORT)?;
    assert_short(&response)?;
    assert_eq!(incomplete(answer(SHORT)?.read(Some(10))).0, b"Text");
    Ok(())
}

/// The decisions: an empty port is none.
#[test]
fn test_host_port() -> Result<()> {
    let guest = Guest::new();
    for host in [
        "www.python.example:abc",
        "user:password@www.python.example",
        "host:",
        "[::1]:",
    ] {
        assert!(is_invalid_url(&guest.http(host, None, None)), "{host}");
    }
    for (host, target) in [
        ("www.python.example:8000", "www.python.example:8000"),
        ("www.python.example", "www.python.example:80"),
        ("[fe80::207:e9ff:fe9b]:8000", "[fe80::207:e9ff:fe9b]:8000"),
        ("[fe80::207:e9ff:fe9b]", "[fe80::207:e9ff:fe9b]:80"),
    ] {
        guest.http(host, None, None)?;
        let (connect, _) = crate::support::tunnelled(|it| {
            it.set_tunnel(host, None, &[])?;
            it.request("HEAD", "/", None, &[])
        })?;
        assert_eq!(connect.line, format!("CONNECT {target} HTTP/1.1"));
    }
    Ok(())
}

#[test]
fn test_response_headers() -> Result<()> {
    let cookies = [
        "Customer=\"WILE_E_COYOTE\"; Version=\"1\"; Path=\"/acme\"",
        "Part_Number=\"Rocket_Launcher_0001\"; Version=\"1\"; Path=\"/acme\"",
    ];
    let [first, second] = cookies;
    let reply = format!(
        "HTTP/1.1 200 OK\r\nSet-Cookie: {first}\r\nSet-Cookie: {second}\r\n\r\nNo body\r\n"
    );
    let response = answer(reply)?;
    assert_eq!(
        response.get_header("Set-Cookie", None),
        Some(cookies.join(", "))
    );
    Ok(())
}

fn assert_nothing_read() -> Result<()> {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 14432\r\n\r\n";
    let peer = Peer::script(vec![vec![Step::AwaitHead, Step::send(head), Step::Hold]]);
    let connection = connect(&Guest::new(), &peer)?;
    let response = connection.fetch("HEAD", "/")?;
    assert_eq!(
        response.get_header("content-length", None).as_deref(),
        Some("14432")
    );
    assert!(response.is_closed());
    assert_eq!(response.read(None)?, b"");
    assert_eq!(response.read(Some(100))?, b"");
    Ok(())
}

#[test]
fn test_read_head() -> Result<()> {
    assert_nothing_read()
}

#[test]
fn test_readinto_head() -> Result<()> {
    assert_nothing_read()
}

#[test]
fn test_too_many_headers() {
    let headers = "Header: value\r\n".repeat(101);
    assert!(is_too_many(&answer(format!(
        "HTTP/1.1 200 OK\r\n{headers}\r\n"
    ))));
}

/// As in 2.7 and the reference: a file's size is its length. Main sends chunks.
#[test]
fn test_send_file() -> Result<()> {
    let guest = Guest::new();
    let file = file(b"the contents of a file");
    let sent = sent_by(&guest, &limited(), |it| {
        it.request("GET", "/foo", Some(guest.file(file.path())), &[])
    })?;
    let names: Vec<_> = sent.headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(sent.line, "GET /foo HTTP/1.1");
    assert_eq!(names, ["Host", "Accept-Encoding", "Content-Length"]);
    assert_eq!(sent.body, b"the contents of a file");
    Ok(())
}

fn file(contents: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().expect("a folder for temporary files");
    file.write_all(contents).expect("room for some bytes");
    file
}

/// A test of 2.7 only.
#[test]
fn test_send_tempfile() -> Result<()> {
    let guest = Guest::new();
    let file = file(b"fake data");
    let sent = sent_by(&guest, &limited(), |it| {
        it.request("GET", "/foo", Some(guest.file(file.path())), &[])
    })?;
    assert_eq!(sent.all("Content-Length"), ["9"]);
    assert_eq!(sent.body, b"fake data");
    Ok(())
}

/// CPython sends before there is a request; here a request announces what comes.
#[test]
fn test_send() -> Result<()> {
    let guest = Guest::new();
    let file = file(b"this is a test");
    let sent = sent_by(&guest, &limited(), |it| {
        it.put_request("PUT", "/")?;
        it.put_header("Content-Length", &["42"])?;
        it.end_headers(None)?;
        it.send(bytes("this is a test").expect("a body"))?;
        it.send(guest.stream("this is a test"))?;
        it.send(guest.file(file.path()))
    })?;
    assert_eq!(sent.body, b"this is a test".repeat(3));
    Ok(())
}

#[test]
fn test_send_iter() -> Result<()> {
    let guest = Guest::new();
    let sent = sent_by(&guest, &limited(), |it| {
        let body = iterable(&guest, &["one", "two", "three"]);
        it.request("GET", "/foo", Some(body), &[("Content-Length", "11")])
    })?;
    assert_eq!(sent.all("Content-Length"), ["11"]);
    assert!(sent.all("Transfer-Encoding").is_empty());
    assert_eq!(sent.body, b"onetwothree");
    Ok(())
}

/// Blocks may leave together, so that sends can't be counted; as chunks they can.
#[test]
fn test_blocksize_request() -> Result<()> {
    let (guest, options) = (Guest::new(), blocks_of_eight());
    let sent = sent_by(&guest, &options, |it| {
        it.request("PUT", "/", Some(guest.stream("123456789")), &[])
    })?;
    assert_eq!(sent.body, b"8\r\n12345678\r\n1\r\n9\r\n0\r\n\r\n");
    let sent = sent_by(&guest, &options, |it| {
        let length = [("Content-Length", "9")];
        it.request("PUT", "/", Some(guest.stream("123456789")), &length)
    })?;
    assert_eq!(sent.body, b"123456789");
    Ok(())
}

/// Sends are seen where the component announces them: on standard error.
#[test]
fn test_blocksize_send() -> Result<()> {
    let (guest, options) = (Guest::new(), blocks_of_eight());
    let sent = sent_by(&guest, &options, |it| {
        it.put_request("PUT", "/")?;
        it.put_header("Content-Length", &["9"])?;
        it.end_headers(None)?;
        it.set_debuglevel(1);
        it.send(guest.stream("123456789"))
    })?;
    assert_eq!(sent.body, b"123456789");
    let printed = guest.stderr();
    let sends: Vec<_> = printed
        .lines()
        .filter(|line| line.starts_with("send:"))
        .collect();
    assert_eq!(sends, ["send: '12345678'", "send: '9'"]);
    Ok(())
}

fn blocks_of_eight() -> ConnectionOptions {
    ConnectionOptions {
        blocksize: Some(8),
        ..limited()
    }
}

fn reads(response: &Response, amount: u64) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let read = response.read(Some(amount))?;
        assert!(read.len() <= usize::try_from(amount).expect("small amounts"));
        if read.is_empty() {
            return Ok(body);
        }
        body.extend(read);
    }
}

/// The decisions: what is no chunk is `malformed`; `IncompleteRead` is for what does not come.
fn assert_chunked_reads() -> Result<()> {
    let whole = format!("{CHUNKED}{CHUNKS}{LAST_CHUNK}\r\n");
    assert_eq!(answer(&whole)?.read(None)?, HELLO.as_bytes());
    for amount in 1..12 {
        let response = answer_and_hold(&whole)?;
        assert_eq!(reads(&response, amount)?, HELLO.as_bytes(), "{amount}");
        assert!(response.is_closed());
    }
    let ends_early = format!("{CHUNKED}{CHUNKS}");
    assert_eq!(
        incomplete(answer(&ends_early)?.read(None)),
        (HELLO.into(), None)
    );
    assert_eq!(
        incomplete(answer(&ends_early)?.read(Some(1000))).0,
        HELLO.as_bytes()
    );
    let garbage = answer(format!("{CHUNKED}{CHUNKS}foo\r\n"))?;
    assert!(is_malformed(&garbage.read(None)));
    Ok(())
}

/// Amounts are unsigned: "everything" is none, never a negative number.
#[test]
fn test_chunked() -> Result<()> {
    assert_chunked_reads()?;
    let peer = Peer::script(vec![vec![
        Step::AwaitHead,
        Step::send(format!("{CHUNKED}a\r\nhello worl\r\n")),
        Step::Hold,
    ]]);
    let connection = connect(&Guest::new(), &peer)?;
    let response = connection.fetch("GET", "/")?;
    assert_eq!(response.read1(None)?, b"hello worl", "the first chunk only");
    Ok(())
}

#[test]
fn test_readinto_chunked() -> Result<()> {
    assert_chunked_reads()
}

fn assert_chunked_head() -> Result<()> {
    let response = answer_to_head(CHUNKED)?;
    assert_eq!((response.status(), response.reason().as_str()), (200, "OK"));
    assert_eq!(response.read(None)?, b"");
    assert_eq!(response.read(Some(10))?, b"");
    assert!(response.is_closed());
    Ok(())
}

#[test]
fn test_chunked_head() -> Result<()> {
    assert_chunked_head()
}

#[test]
fn test_readinto_chunked_head() -> Result<()> {
    assert_chunked_head()
}

/// The decisions: a length that is no number is refused. CPython reads to the end.
#[test]
fn test_negative_content_length() {
    let reply = "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nHello\r\n";
    assert!(is_malformed(&answer(reply)));
}

#[test]
fn test_incomplete_read() -> Result<()> {
    let guest = Guest::new();
    let peer = Peer::reply("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nHello\r\n");
    let connection = connect(&guest, &peer)?;
    let response = connection.fetch("GET", "/")?;
    let error = response.read(None).expect_err("three bytes are missing");
    assert_eq!(
        guest.describe(&error),
        "IncompleteRead(7 bytes read, 3 more expected)"
    );
    assert_eq!(
        incomplete::<()>(Err(error)),
        (b"Hello\r\n".to_vec(), Some(3))
    );
    assert_eq!(peer.ending(0), Ending::Done);
    Ok(())
}

/// The server stops reading and answers; the client is still sending.
#[test]
fn test_epipe() -> Result<()> {
    let reply = "HTTP/1.0 401 Authorization Required\r\n\
        Content-type: text/html\r\nWWW-Authenticate: Basic realm=\"example\"\r\n\r\n";
    let steps = vec![
        Step::AwaitHead,
        Step::send(reply),
        Step::HalfClose,
        Step::Close,
    ];
    let peer = Peer::script(vec![steps]);
    let guest = Guest::new();
    let connection = connect(&guest, &peer)?;
    let body = guest.stream(vec![b'a'; 16 << 20]);
    match connection.request("PUT", "/url", Some(body), &[]) {
        Ok(()) => {}
        Err(Error::Socket(error)) => assert_eq!(error.phase, Phase::Send),
        Err(error) => panic!("{error:?}"),
    }
    let response = connection.get_response()?;
    assert_eq!(response.status(), 401);
    let realm = response.get_header("www-authenticate", None);
    assert_eq!(realm.as_deref(), Some("Basic realm=\"example\""));
    Ok(())
}

#[test]
fn test_overflowing_status_line() {
    let exception = exception(format!("HTTP/1.1 200 {}\r\n\r\n", "x".repeat(1 << 16)));
    assert!(
        matches!(exception, HttpException::LineTooLong(_)),
        "{exception:?}"
    );
}

#[test]
fn test_overflowing_header_line() {
    let reply = format!(
        "HTTP/1.1 200 OK\r\nX-Foo: bar{}\r\n\r\n",
        "r".repeat(65_536)
    );
    let exception = exception(reply);
    assert!(
        matches!(exception, HttpException::LineTooLong(_)),
        "{exception:?}"
    );
}

#[test]
fn test_overflowing_header_limit_after_100() {
    let headers = "Header: value\r\n".repeat(32_768);
    assert!(is_too_many(&answer(format!(
        "HTTP/1.1 100 OK\r\n{headers}"
    ))));
}

#[test]
fn test_too_many_interim_responses() {
    let interim = "HTTP/1.1 100 Continue\r\n\r\n".repeat(101);
    assert!(is_too_many(&answer(format!(
        "{interim}HTTP/1.1 200 OK\r\n\r\n"
    ))));
}

#[test]
fn test_multiple_interim_responses() -> Result<()> {
    let interim = "HTTP/1.1 100 Continue\r\n\r\n".repeat(3);
    let response = answer(format!("{interim}{FOUR}"))?;
    assert_eq!(response.status(), 200);
    assert_eq!(response.read(None)?, b"Text");
    Ok(())
}

#[test]
fn test_overflowing_chunked_line() -> Result<()> {
    let reply = format!("{CHUNKED}{}1\r\nx\r\n0\r\n\r\n", "0".repeat(65_536));
    let error = answer(&reply)?.read(None).expect_err("too long");
    // Digits end at 16, long before the line does; a padded one goes on.
    assert!(matches!(http(error), HttpException::Malformed(_)));
    let reply = format!("{CHUNKED}1{}\r\nx\r\n0\r\n\r\n", " ".repeat(65_536));
    let error = answer(&reply)?.read(None).expect_err("too long");
    assert!(matches!(http(error), HttpException::LineTooLong(_)));
    Ok(())
}

/// The decisions: a head without its end is refused. CPython takes it for a response.
#[test]
fn test_early_eof() {
    assert!(is_malformed(&answer("HTTP/1.1 200 Ok")));
}

/// That the server sees the end shows that nothing holds the socket.
#[test]
fn test_error_leak() -> Result<()> {
    let peer = Peer::script(vec![vec![Step::AwaitHead, Step::HalfClose, Step::AwaitEnd]]);
    let connection = connect(&Guest::new(), &peer)?;
    let error = connection.fetch("GET", "/").err();
    assert_eq!(error, Some(Error::Http(HttpException::RemoteDisconnected)));
    assert_eq!(peer.ending(0), Ending::Done);
    Ok(())
}

#[test]
fn test_chunked_extension() -> Result<()> {
    let reply = format!("{CHUNKED}3;foo=bar\r\nabc\r\n0;foo=bar\r\n\r\n");
    let response = answer_and_hold(reply)?;
    assert_eq!(response.read(None)?, b"abc");
    Ok(())
}

/// The decisions: without its final CRLF the body is incomplete. CPython takes it.
#[test]
fn test_chunked_missing_end() -> Result<()> {
    let response = answer(format!("{CHUNKED}{CHUNKS}{LAST_CHUNK}"))?;
    assert_eq!(incomplete(response.read(None)), (HELLO.into(), None));
    Ok(())
}

const TRAILERS: &str = "X-Dummy: foo\r\nX-Dumm2: bar\r\n";

/// Reads a response to its end, then the next one on the same connection: not a byte of it is lost.
fn assert_in_sync(reply: &str, read: impl Fn(&Response) -> Result<()>) -> Result<()> {
    let next = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext";
    let peer = Peer::script(vec![vec![
        Step::AwaitHead,
        Step::send(reply),
        Step::AwaitHead,
        Step::send(next),
        Step::Hold,
    ]]);
    let connection = connect(&Guest::new(), &peer)?;
    let response = connection.fetch("GET", "/")?;
    read(&response)?;
    assert!(response.is_closed());
    assert_eq!(connection.fetch("GET", "/")?.read(None)?, b"next");
    assert_eq!(peer.connections(), 1);
    Ok(())
}

#[test]
fn test_chunked_trailers() -> Result<()> {
    let reply = format!("{CHUNKED}{CHUNKS}{LAST_CHUNK}{TRAILERS}\r\n");
    assert_in_sync(&reply, |response| {
        assert_eq!(response.read(None)?, HELLO.as_bytes());
        Ok(())
    })
}

#[test]
fn test_chunked_too_many_trailers() -> Result<()> {
    let trailers = "Trailer: value\r\n".repeat(101);
    let reply = format!("{CHUNKED}{CHUNKS}{LAST_CHUNK}{trailers}\r\n");
    for amount in [None, Some(HELLO.len() as u64 + 1)] {
        assert!(is_too_many(&answer(&reply)?.read(amount)), "{amount:?}");
    }
    Ok(())
}

/// Reading exactly the body leaves the connection in step; with trailers the end must be read too.
#[test]
fn test_chunked_sync() -> Result<()> {
    let reply = format!("{CHUNKED}{CHUNKS}{LAST_CHUNK}{TRAILERS}\r\n");
    assert_in_sync(&reply, |response| {
        assert_eq!(response.read(Some(HELLO.len() as u64))?, HELLO.as_bytes());
        assert_eq!(response.read(Some(1))?, b"");
        Ok(())
    })
}

const LINES: &str = "HTTP/1.1 200 OK\r\nContent-Length: 24\r\n\r\nfirst line\nsecond\nthird\n";

fn assert_content_length_sync(read: impl Fn(&Response) -> Result<()>) -> Result<()> {
    assert_in_sync(LINES, read)
}

const BODY: &[u8] = b"first line\nsecond\nthird\n";

#[test]
fn test_content_length_sync() -> Result<()> {
    assert_content_length_sync(|response| {
        assert_eq!(response.read(Some(24))?, BODY);
        Ok(())
    })
}

#[test]
fn test_readlines_content_length() -> Result<()> {
    assert_content_length_sync(|response| {
        let mut lines = Vec::new();
        while let line @ [_, ..] = &response.readline(None)?[..] {
            lines.push(String::from_utf8_lossy(line).into_owned());
        }
        assert_eq!(lines, ["first line\n", "second\n", "third\n"]);
        Ok(())
    })
}

#[test]
fn test_read1_content_length() -> Result<()> {
    assert_content_length_sync(|response| {
        let mut body = Vec::new();
        while let read @ [_, ..] = &response.read1(Some(2000))?[..] {
            body.extend_from_slice(read);
        }
        assert_eq!(body, BODY);
        Ok(())
    })
}

#[test]
fn test_readline_bound_content_length() -> Result<()> {
    assert_content_length_sync(|response| {
        assert_eq!(response.readline(Some(20))?, b"first line\n");
        assert_eq!(response.readline(Some(3))?, b"sec");
        assert_eq!(response.readline(Some(20))?, b"ond\n");
        assert_eq!(response.readline(Some(20))?, b"third\n");
        assert_eq!(response.readline(Some(20))?, b"");
        Ok(())
    })
}

#[test]
fn test_read1_bound_content_length() -> Result<()> {
    assert_content_length_sync(|response| {
        let mut body = Vec::new();
        while let read @ [_, ..] = &response.read1(Some(5))?[..] {
            assert!(read.len() <= 5);
            body.extend_from_slice(read);
        }
        assert_eq!(body, BODY);
        Ok(())
    })
}

#[test]
fn test_large_content_length() -> Result<()> {
    let lengths: Vec<usize> = (15..=26).map(|exponent| 1 << exponent).collect();
    let steps = lengths.iter().flat_map(|&length| {
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n");
        [
            Step::AwaitHead,
            Step::send(head),
            Step::send(vec![b'a'; length]),
        ]
    });
    let peer = Peer::script(vec![steps.collect()]);
    let connection = connect(&Guest::new(), &peer)?;
    for length in lengths {
        let body = connection.fetch("GET", "/")?.read(None)?;
        assert!(body == vec![b'a'; length], "{length}");
    }
    assert_eq!(peer.connections(), 1);
    Ok(())
}

/// The component's memory has 4 GiB: nothing is allocated for what is only announced. The decisions:
/// a length from 2^63 on is no length.
#[test]
fn test_large_content_length_truncated() -> Result<()> {
    let reply = |length: u128| format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\nText");
    for exponent in (18..63).step_by(4) {
        let length = 1 << exponent;
        for amount in [None, Some(length)] {
            let (partial, missing) = incomplete(answer(reply(length.into()))?.read(amount));
            assert_eq!((partial, missing), (b"Text".to_vec(), Some(length - 4)));
        }
    }
    for exponent in [63, 64] {
        assert!(is_malformed(&answer(reply(1 << exponent))));
    }
    Ok(())
}

/// Handles stay in the component: the bytes behind a plain CONNECT go through `upgrade`.
#[test]
fn test_response_fileno() -> Result<()> {
    let peer = Peer::script(vec![vec![
        Step::AwaitHead,
        Step::send("HTTP/1.1 200 Connection established\r\n\r\nearly"),
        Step::await_marker("proxied data\n"),
        Step::send("and back"),
    ]]);
    let connection = connect(&Guest::new(), &peer)?;
    let response = connection.fetch("CONNECT", "destination.example:1234")?;
    assert_eq!((response.status(), response.read(None)?), (200, vec![]));
    let stream = response.upgrade()?;
    assert_eq!(stream.read(100)?, b"early");
    assert_eq!(stream.write(b"proxied data\n")?, 13);
    stream.flush()?;
    assert_eq!(stream.read(100)?, b"and back");
    assert_eq!(stream.read(100)?, b"");
    Ok(())
}

/// A test of 2.7 only: the response has `fileno`.
#[test]
fn test_filenoattr() -> Result<()> {
    let answer = answer(UNTIL_CLOSE)?;
    assert!(answer.fileno().is_some());
    answer.read(None)?;
    assert_eq!(answer.fileno(), None);
    Ok(())
}

/// A test of 2.7 only, where it is `socket.error`.
#[test]
fn test_proxy_tunnel_without_status_line() -> Result<()> {
    let proxy = Peer::reply("hello world");
    let connection = connect(&Guest::new(), &proxy)?;
    connection.set_tunnel("destination.example", None, &[])?;
    let error = http(connection.connect().expect_err("no status line"));
    assert!(
        matches!(error, HttpException::BadStatusLine(_)),
        "{error:?}"
    );
    Ok(())
}
