//! `HeaderTests`: what is written and read as a header.

use harness::component::{ConnectionOptions, Guest, HttpException, Result, bytes};
use harness::peer::{Peer, Step};

use crate::support::{
    answer, connect, dechunk, exception, is_too_many, is_value, latin1, limited, sent, tunnelled,
};

/// Names and values that would break out of their header.
const INVALID: [(&str, &str); 16] = [
    ("Split\r\nName", "value"),
    ("Split\rName", "value"),
    ("Split\nName", "value"),
    ("\r\nName", "value"),
    ("\rName", "value"),
    ("\nName", "value"),
    (" Name", "value"),
    ("\tName", "value"),
    ("Split:Name", "value"),
    (":Name", "value"),
    ("Name", "split\r\nvalue"),
    ("Name", "split\rvalue"),
    ("Name", "split\nvalue"),
    ("Name", "value\r\n"),
    ("Name", "value\r"),
    ("Name", "value\n"),
];

#[test]
fn test_auto_headers() -> Result<()> {
    for (name, value) in [
        ("Content-length", "8"),
        ("Host", "elsewhere.example"),
        ("Accept-encoding", "gzip"),
    ] {
        for explicit in [false, true] {
            let headers = if explicit { &[(name, value)][..] } else { &[] };
            let sent = sent(|it| it.request("POST", "/", bytes("12345678"), headers))?;
            let values = sent.all(name);
            assert_eq!(values.len(), 1, "{name} once in {:?}", sent.raw);
            assert!(!explicit || values == [value], "{name} is the caller's");
        }
    }
    Ok(())
}

#[test]
fn test_content_length_0() -> Result<()> {
    let length = |method: &str, body: Option<&str>| -> Result<Option<String>> {
        let body = body.and_then(bytes);
        let sent = sent(|it| it.request(method, "/", body, &[]))?;
        Ok(sent.all("Content-Length").pop().map(str::to_owned))
    };
    let zero = Some("0".to_owned());
    for method in ["PUT", "POST", "PATCH"] {
        assert_eq!(length(method, None)?, zero, "{method} without a body");
        assert_eq!(
            length(method, Some(""))?,
            zero,
            "{method} with an empty one"
        );
        assert_eq!(length(method, Some(" "))?.as_deref(), Some("1"));
    }
    for method in ["GET", "CONNECT", "DELETE", "HEAD", "OPTIONS", "TRACE"] {
        assert_eq!(length(method, None)?, None, "{method} without a body");
        assert_eq!(
            length(method, Some(""))?,
            zero,
            "{method} with an empty one"
        );
        assert_eq!(length(method, Some(" "))?.as_deref(), Some("1"));
    }
    Ok(())
}

/// Names must be tokens, as the decisions say; CPython lets inner and trailing spaces and 0xA0 pass.
#[test]
fn test_putheader() -> Result<()> {
    let utf8 = latin1("日本".as_bytes());
    let sent = sent(|it| {
        it.put_request("GET", "/")?;
        it.put_header("Number", &[&42.to_string()])?;
        it.put_header("Padded", &[" \t value \t "])?;
        it.put_header("Several", &["one", "2", "three"])?;
        it.put_header("High", &["\u{ff}"])?;
        it.put_header("Utf-8", &[&utf8])?;
        it.put_header("C1", &["\u{85}"])?;
        it.put_header("Folded", &["a\r\n b\r\n\tc"])?;
        for name in ["In ner", "Trailing ", "\u{a0}"] {
            assert!(is_value(&it.put_header(name, &["value"])), "{name:?}");
        }
        it.end_headers(None)
    })?;
    for line in [
        "Number: 42\r\n",
        "Padded:  \t value \t \r\n",
        "Several: one\r\n\t2\r\n\tthree\r\n",
        "High: \u{ff}\r\n",
        &format!("Utf-8: {utf8}\r\n"),
        "C1: \u{85}\r\n",
        "Folded: a\r\n b\r\n\tc\r\n",
    ] {
        assert!(sent.raw.contains(line), "{line:?} in {:?}", sent.raw);
    }
    Ok(())
}

/// Loopback has one IPv6 address, so the others stand behind a proxy.
#[test]
fn test_ipv6host_header() -> Result<()> {
    let peer = Peer::script_on("[::1]:0", vec![vec![Step::AwaitEnd]]);
    let host = format!("[::1]:{}", peer.port());
    let connection = Guest::new().http(&host, None, None)?;
    connection.request("GET", "/", None, &[])?;
    connection.close();
    let received = latin1(&peer.all_received(0));
    assert!(
        received.contains(&format!("\r\nHost: {host}\r\n")),
        "{received:?}"
    );

    for (host, url, expected) in [
        ("[2001::]:81", "/", "[2001::]:81"),
        ("[2001:102A::]", "/", "[2001:102A::]"),
        ("[fe80::%2]", "/", "[fe80::]"),
        ("[fe80::%2]:81", "/", "[fe80::]:81"),
        ("[fe80::%2]", "http://[fe80::%25en0]/", "[fe80::]"),
        ("[fe80::%2]:81", "http://[fe80::%2]:82/", "[fe80::]:82"),
    ] {
        let (_, request) = tunnelled(|it| {
            it.set_tunnel(host, None, &[])?;
            it.request("GET", url, None, &[])
        })?;
        assert_eq!(request.all("Host"), [expected], "{host} {url}");
    }
    Ok(())
}

/// The decisions: a line without a name is refused. CPython drops it.
#[test]
fn test_malformed_headers_coped_with() {
    let reply = "HTTP/1.1 200 OK\r\nFirst: val\r\n: nval\r\nSecond: val\r\n\r\n";
    assert!(matches!(exception(reply), HttpException::Malformed(_)));
}

/// The decisions: bare LF ends a line, as in 2.7; lines without a colon are refused, not passed over.
#[test]
fn test_malformed_truncation() -> Result<()> {
    let bare = "HTTP/1.1 200 OK\nFirst: 1\nTransfer-Encoding: chunked\n\n";
    let answer = answer(format!("{bare}3\r\nabc\r\n0\r\n\r\n"))?;
    assert_eq!(answer.read(None)?, b"abc");
    let garbage = "HTTP/1.1 200 OK\r\nFirst: 1\r\ngarbage\r\nTransfer-Encoding: chunked\r\n\r\n";
    assert!(matches!(exception(garbage), HttpException::Malformed(_)));
    Ok(())
}

/// The decisions: a lone CR ends no line and is refused, and so is a head without its end.
#[test]
fn test_blank_line_forms() -> Result<()> {
    for blank in ["\r\n", "\n"] {
        let chunked = format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n{blank}");
        let body = "3\r\nabc\r\n0\r\n\r\n";
        assert_eq!(answer(chunked + body)?.read(None)?, b"abc");
        let old = format!("HTTP/1.0 200 OK\r\nHeader: value\r\n{blank}abc");
        assert_eq!(answer(old)?.read(None)?, b"abc");
        let bare = format!("HTTP/1.0 200 OK\r\n{blank}abc");
        assert_eq!(answer(bare)?.read(None)?, b"abc");
    }
    for incomplete in [
        "HTTP/1.0 200 OK\r\nHeader: value\r\n\rabc",
        "HTTP/1.0 200 OK\r\n\rabc",
        "HTTP/1.0 200 OK\r\n",
        "HTTP/1.0 200 OK\r\nHeader: value\r\n",
    ] {
        let exception = exception(incomplete);
        assert!(
            matches!(exception, HttpException::Malformed(_)),
            "{incomplete:?}"
        );
    }
    Ok(())
}

/// The decisions: `From ` lines are no headers and are refused. 2.7 passes them over.
#[test]
fn test_from_line() {
    let from = "From somebody Mon Jan  1 00:00:00 2001\r\n";
    for head in [
        format!("{from}A: 1\r\nB: 2\r\n"),
        format!("A: 1\r\n{from}B: 2\r\n"),
        format!("A: 1\r\nB: 2\r\n{from}"),
        format!("A: 1\r\n{from} folded\r\n\tfolded\r\nB: 2\r\n"),
    ] {
        let exception = exception(format!("HTTP/1.1 200 OK\r\n{head}\r\n"));
        assert!(matches!(exception, HttpException::Malformed(_)), "{head:?}");
    }
}

/// A fold becomes one space, as RFC 9112 §5.2 asks; CPython keeps the line end in the value.
#[test]
fn test_parse_all_octets() -> Result<()> {
    let name: Vec<u8> = (0x21..0x7f)
        .filter(|byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte))
        .collect();
    let text: Vec<u8> = (0x21..0x7f).chain(0x80..=0xff).collect();
    let mut reply = b"HTTP/1.1 200 OK\r\n".to_vec();
    for part in [
        &name[..],
        b": value\r\nAll: ",
        &text,
        b"\r\nFolded: one\r\n two\r\n\t",
    ] {
        reply.extend_from_slice(part);
    }
    reply.extend_from_slice(b"folded with tab\r\nLast: 1\r\n\r\n");
    let response = answer(&reply)?;
    let name = latin1(&name);
    assert_eq!(response.get_header(&name, None).as_deref(), Some("value"));
    assert_eq!(response.msg().get(&name).as_deref(), Some("value"));
    assert_eq!(response.get_header("all", None), Some(latin1(&text)));
    assert_eq!(
        response.msg().get("FOLDED").as_deref(),
        Some("one two folded with tab")
    );
    assert_eq!(response.get_header("last", None).as_deref(), Some("1"));
    Ok(())
}

#[test]
fn test_invalid_headers() -> Result<()> {
    let sent = sent(|it| {
        it.put_request("GET", "/")?;
        for (name, value) in INVALID {
            assert!(
                is_value(&it.put_header(name, &[value])),
                "{name:?}: {value:?}"
            );
        }
        it.end_headers(None)
    })?;
    assert_eq!(sent.headers.len(), 2, "{:?}", sent.raw);
    Ok(())
}

/// Refused when they are given, not when the tunnel is opened.
#[test]
fn test_invalid_tunnel_headers() -> Result<()> {
    for header in INVALID {
        let connection = Guest::new().http("127.0.0.1", 9, None)?;
        let result = connection.set_tunnel("destination.example", None, &[header]);
        assert!(is_value(&result), "{header:?}");
    }
    Ok(())
}

#[test]
fn test_invalid_tunnel_host() -> Result<()> {
    for host in [
        "a\r.example",
        "a\n.example",
        "a\r\nb: c",
        "a\0.example",
        "a .example",
    ] {
        let connection = Guest::new().http("127.0.0.1", 9, None)?;
        assert!(
            is_value(&connection.set_tunnel(host, None, &[])),
            "{host:?}"
        );
    }
    Ok(())
}

/// CPython prints to standard output; the component to standard error.
#[test]
fn test_headers_debuglevel() -> Result<()> {
    let guest = Guest::new();
    let peer = Peer::reply("HTTP/1.1 200 OK\r\nFirst: val\r\nSecond: val1\r\nSecond: val2\r\n\r\n");
    let connection = connect(&guest, &peer)?;
    connection.set_debuglevel(1);
    connection.fetch("GET", "/")?;
    let printed = guest.stderr();
    let mut lines = printed
        .lines()
        .skip_while(|line| !line.starts_with("reply:"));
    assert_eq!(lines.next(), Some("reply: 'HTTP/1.1 200 OK\\r\\n'"));
    for header in ["First: val", "Second: val1", "Second: val2"] {
        assert_eq!(lines.next(), Some(format!("header: {header}").as_str()));
    }
    Ok(())
}

fn lines(name: &str, count: usize) -> String {
    (0..count)
        .map(|n| format!("{name}-{n}: value\r\n"))
        .collect()
}

fn with_limit(limit: u32) -> ConnectionOptions {
    ConnectionOptions {
        max_response_headers: Some(limit),
        ..limited()
    }
}

/// The limit is the connection's: a response is not made without one here.
#[test]
fn test_max_response_headers() -> Result<()> {
    let reply = format!("HTTP/1.1 200 OK\r\n{}\r\n", lines("Header", 120));
    assert!(is_too_many(&answer(&reply)));
    let guest = Guest::new();
    let peer = Peer::reply(&reply);
    let connection = guest.http("127.0.0.1", peer.port(), Some(&with_limit(120)))?;
    assert_eq!(connection.fetch("GET", "/")?.get_headers().len(), 120);
    Ok(())
}

#[test]
fn test_max_connection_headers() -> Result<()> {
    let reply = format!("HTTP/1.1 200 OK\r\n{}\r\n", lines("Header", 120));
    for (limit, works) in [(119, false), (120, true), (121, true)] {
        let guest = Guest::new();
        let peer = Peer::reply(&reply);
        let connection = guest.http("127.0.0.1", peer.port(), Some(&with_limit(limit)))?;
        let result = connection.fetch("GET", "/");
        assert_eq!(is_too_many(&result), !works, "{limit}");
    }
    Ok(())
}

#[test]
fn test_max_connection_trailers() -> Result<()> {
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let chunks = "3\r\nabc\r\n0\r\n";
    let reply = format!("{head}{chunks}{}\r\n", lines("Trailer", 119));
    assert!(is_too_many(&answer(&reply)?.read(None)));
    let guest = Guest::new();
    let peer = Peer::reply(&reply);
    let connection = guest.http("127.0.0.1", peer.port(), Some(&with_limit(120)))?;
    let body = connection.fetch("GET", "/")?.read(None)?;
    assert_eq!(body, dechunk(format!("{chunks}\r\n").as_bytes()));
    Ok(())
}
