//! Response heads, as a peer sends them.

use alloc::string::ToString;
use alloc::vec::Vec;

use super::super::testing::{read_reply, read_reply_with};
use super::*;

fn too_long(line: Line) -> Error {
    let limit = 65_536;
    Error::LineTooLong { line, limit }
}

fn read(input: &[u8]) -> Result<Reply, Error> {
    read_reply(input, StatusLine::Required).map(|(reply, _)| reply)
}

fn final_head(input: &str) -> ResponseHead {
    read(input.as_bytes()).expect("a reply").head
}

/// A head of just this status line.
fn status_line(line: &str) -> Result<ResponseHead, Error> {
    read(format!("{line}\r\n\r\n").as_bytes()).map(|reply| reply.head)
}

#[test]
fn a_head_ends_at_its_empty_line() {
    let input = b"HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 3\r\n\r\n";
    let (reply, taken) = read_reply(input, StatusLine::Required).expect("a reply");
    assert_eq!(taken, input.len());
    let head = reply.head;
    assert_eq!((head.version, head.status), (Version::Http11, 200));
    assert_eq!((head.reason, head.headers.len()), (b"OK".to_vec(), 2));
    assert!(reply.interim.is_empty() && reply.prefix.is_empty());
}

#[test]
fn versions_1_0_to_1_9_are_known() {
    for minor in 0..=9 {
        let head = status_line(&format!("HTTP/1.{minor} 200 OK")).expect("a head");
        let number = if minor == 0 { 10 } else { 11 };
        assert_eq!(head.version.number(), number, "1.{minor}");
    }
    assert_eq!(Version::Http09.number(), 9);
}

#[test]
fn another_version_is_an_unknown_protocol_whatever_is_allowed() {
    for (line, version) in [
        ("HTTP/2.0 200 OK", "HTTP/2.0"),
        ("HTTP/2 200", "HTTP/2"),
        ("HTTP/0.9 200 OK", "HTTP/0.9"),
        ("HTTP/1 200 OK", "HTTP/1"),
        ("HTTP/1. 200 OK", "HTTP/1."),
        ("HTTP/1.10 200 OK", "HTTP/1.10"),
        ("HTTP/11.1 200 OK", "HTTP/11.1"),
        ("HTTP/1,1 200 OK", "HTTP/1,1"),
        ("HTTP/ 200 OK", "HTTP/"),
        ("HTTP/", "HTTP/"),
        ("HTTP/1.x 200", "HTTP/1.x"),
        ("HTTP/\u{b9}.1 200", "HTTP/\u{b9}.1"),
    ] {
        let input = format!("{line}\r\n\r\n");
        for allowed in [StatusLine::Required, StatusLine::Optional] {
            let error = read_reply(input.as_bytes(), allowed).expect_err("unknown");
            assert_eq!(error, Error::UnknownProtocol(version.into()));
        }
    }
}

#[test]
fn a_wrong_code_is_a_bad_status_line_whatever_is_allowed() {
    for line in [
        "HTTP/1.1",
        "HTTP/1.1 ",
        "HTTP/1.1 2",
        "HTTP/1.1 20 OK",
        "HTTP/1.1 2000 OK",
        "HTTP/1.1 099 X",
        "HTTP/1.1 000 X",
        "HTTP/1.1 -20 X",
        "HTTP/1.1 2x0 X",
        "HTTP/1.1 0x1 X",
        "HTTP/1.1  200 OK",
        "HTTP/1.1\t200 OK",
        "HTTP/1.1 200\tOK",
        "HTTP/1.1 200OK",
        "HTTP/1.1 200 a\0b",
        "HTTP/1.1 200 a\rb",
        "HTTP/1.1 200 OK\r",
        "HTTP/1.0 \u{661}\u{660}\u{660}",
    ] {
        let input = format!("{line}\r\n\r\n");
        for allowed in [StatusLine::Required, StatusLine::Optional] {
            let error = read_reply(input.as_bytes(), allowed).expect_err("bad");
            let expected = Error::BadStatusLine(line.into());
            assert_eq!(error, expected);
        }
    }
}

#[test]
fn codes_from_100_to_999_are_codes() {
    for status in [101, 200, 299, 418, 599, 600, 999] {
        let head = status_line(&format!("HTTP/1.1 {status} X")).expect("a head");
        assert_eq!(head.status, status);
    }
}

#[test]
fn a_reason_is_any_text_or_none() {
    for (line, reason) in [
        ("HTTP/1.1 200", &b""[..]),
        ("HTTP/1.1 200 ", b""),
        ("HTTP/1.1 200  OK\t ", b"OK"),
        ("HTTP/1.1 200 Not \t Modified: 304", b"Not \t Modified: 304"),
        ("HTTP/1.1 200 \u{e9}", "\u{e9}".as_bytes()),
    ] {
        assert_eq!(status_line(line).expect("a head").reason, reason);
    }
    let head = read(b"HTTP/1.1 200 \xe9\xff\r\n\r\n")
        .expect("a reply")
        .head;
    assert_eq!(head.reason, b"\xe9\xff");
}

#[test]
fn a_bare_lf_ends_a_line() {
    let head = final_head("HTTP/1.1 200 OK\nA: b\n\n");
    assert_eq!(head.headers.get("a"), Some(&b"b"[..]));
    let head = final_head("HTTP/1.1 200 OK\r\nA: b\n\r\n");
    assert_eq!(head.headers.get("a"), Some(&b"b"[..]));
    let head = final_head("HTTP/1.1 200 OK\n\n");
    assert!(head.headers.is_empty());
}

#[test]
fn a_line_of_one_space_is_a_fold_and_no_end() {
    for line in [" \n", " \r\n", "\t\n"] {
        let head = final_head(&format!("HTTP/1.1 200 OK\r\nA: b\r\n{line}C: d\r\n\r\n"));
        assert_eq!(head.headers.get("c"), Some(&b"d"[..]), "{line:?}");
    }
}

#[test]
fn a_bare_cr_ends_nothing() {
    for input in [
        "HTTP/1.1 200 OK\r\n\r\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b\r\r\n\r\n",
    ] {
        let error = read(input.as_bytes()).expect_err("malformed");
        assert!(matches!(error, Error::Malformed(_)), "{input:?}: {error}");
    }
}

#[test]
fn what_is_no_status_line_is_bad_where_one_is_required() {
    for line in [
        "",
        "<html>",
        "ICY 200 OK",
        "http/1.1 200 OK",
        " HTTP/1.1 200 OK",
        "HTTP",
        "HT",
    ] {
        for end in ["\r\n", "\n", "\r\n\r\n"] {
            let error = read(format!("{line}{end}").as_bytes()).expect_err("bad");
            assert_eq!(error, Error::BadStatusLine(line.into()));
        }
    }
    // Without a line end it is no better.
    let error = read(b"<html>").expect_err("bad");
    assert_eq!(error, Error::BadStatusLine(b"<html>".to_vec()));
}

#[test]
fn what_is_no_status_line_is_http_0_9_where_that_is_allowed() {
    for input in [
        "<html>",
        "\r\n",
        "HTTX/1.1 200 OK\r\n\r\n",
        "HT",
        "HTTP",
        "http/1.1 200\r\n",
    ] {
        let (reply, taken) = read_reply(input.as_bytes(), StatusLine::Optional).expect("a reply");
        assert_eq!(
            (reply.head.version, reply.head.status),
            (Version::Http09, 200)
        );
        assert!(reply.head.reason.is_empty() && reply.head.headers.is_empty());
        // The driver puts all of the body there.
        assert_eq!((reply.prefix.as_slice(), taken), (input.as_bytes(), 0));
    }
}

#[test]
fn up_to_8_empty_lines_before_a_status_line_are_skipped() {
    let reply = "HTTP/1.1 204 No Content\r\n\r\n";
    for allowed in [StatusLine::Required, StatusLine::Optional] {
        for line in ["\r\n", "\n"] {
            for count in 1..=8 {
                let input = [&line.repeat(count), reply].concat();
                let (read, taken) = read_reply(input.as_bytes(), allowed).expect("a reply");
                assert_eq!((read.head.status, taken), (204, input.len()));
            }
            let interim = "HTTP/1.1 100 Continue\r\n\r\n";
            let input = [&line.repeat(8), interim, &line.repeat(8), reply].concat();
            let (read, _) = read_reply(input.as_bytes(), allowed).expect("a reply");
            assert_eq!((read.interim.len(), read.head.status), (1, 204));
        }
    }
}

#[test]
fn more_empty_lines_are_too_many_or_an_http_0_9_reply() {
    let input = "\r\n".repeat(9) + "HTTP/1.1 204 No Content\r\n\r\n";
    let error = read(input.as_bytes()).expect_err("too many");
    let (what, limit) = (Counted::EmptyLines, 8);
    assert_eq!(error, Error::TooMany { what, limit });
    let (reply, _) = read_reply(input.as_bytes(), StatusLine::Optional).expect("a reply");
    assert_eq!(reply.head.version, Version::Http09);
    assert_eq!(reply.prefix, input.as_bytes());
}

#[test]
fn empty_lines_belong_to_an_http_0_9_reply() {
    for input in [
        "\r\n<html>",
        "\n\r\n\n",
        "\r",
        "\r<html>",
        "\r\n\r",
        "\n HTTP/1.1 200",
    ] {
        let (reply, _) = read_reply(input.as_bytes(), StatusLine::Optional).expect("a reply");
        assert_eq!(reply.head.version, Version::Http09);
        assert_eq!(reply.prefix, input.as_bytes());
    }
}

#[test]
fn empty_lines_alone_are_no_reply() {
    for (input, line) in [("\r\n", ""), ("\n\n", ""), ("\r\n\r", "\r")] {
        let error = read(input.as_bytes()).expect_err("bad");
        assert_eq!(error, Error::BadStatusLine(line.into()));
    }
}

#[test]
fn a_head_behind_empty_lines_has_all_its_room() {
    let limits = Limits {
        line: 17,
        head: 25,
        ..Limits::default()
    };
    let input = b"\r\n\r\n\r\nHTTP/1.1 200 OK\r\nA: bc\n\r\n";
    let outcome = read_reply_with(input, StatusLine::Required, limits);
    assert_eq!(outcome.expect("a reply").0.head.status, 200);
    let error = read(b"\r\n\r\nHTTP/1.1 2").expect_err("malformed");
    assert!(error.to_string().contains("after 10 bytes"), "{error}");
}

#[test]
fn a_beginning_of_http_is_not_judged_before_it_is_clear() {
    let mut reader = ReplyReader::new(Limits::default(), StatusLine::Optional);
    for byte in b"HTT" {
        assert!(matches!(reader.read(&[*byte]), Ok((1, None))));
    }
    let (taken, reply) = reader.read(b"Q rest").expect("a reply");
    assert_eq!(
        (taken, reply.expect("a reply").prefix),
        (0, b"HTT".to_vec())
    );
}

#[test]
fn a_long_http_0_9_line_is_no_line() {
    let input = [b'x'; 70_000];
    let mut reader = ReplyReader::new(Limits::default(), StatusLine::Optional);
    assert!(matches!(reader.read(&input), Ok((0, Some(_)))));
}

#[test]
fn interim_responses_are_put_aside_in_order() {
    let reply = read(
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: a\r\n\r\n\
          HTTP/1.1 103\r\nLink: b\r\n\r\nHTTP/1.1 404 No\r\nX: y\r\n\r\n",
    )
    .expect("a reply");
    let statuses: Vec<_> = reply.interim.iter().map(|head| head.status).collect();
    assert_eq!(statuses, [100, 103, 103]);
    assert_eq!(reply.interim[2].headers.get("link"), Some(&b"b"[..]));
    assert_eq!(reply.head.status, 404);
}

#[test]
fn switching_protocols_is_final() {
    let reply = read(b"HTTP/1.1 100\r\n\r\nHTTP/1.1 101 X\r\nUpgrade: y\r\n\r\n").expect("a reply");
    assert_eq!((reply.interim.len(), reply.head.status), (1, 101));
}

#[test]
fn after_an_interim_response_there_is_no_http_0_9() {
    let interim = "HTTP/1.1 100 Continue\r\n\r\n";
    for line in ["<html>", "HT\r\n"] {
        let input = format!("{interim}{line}");
        let error = read_reply(input.as_bytes(), StatusLine::Optional).expect_err("bad");
        assert_eq!(error, Error::BadStatusLine(line.trim_end().into()));
    }
}

#[test]
fn an_end_before_the_first_byte_is_a_disconnection() {
    for input in ["", "HTTP/1.1 100 Continue\r\n\r\n"] {
        for allowed in [StatusLine::Required, StatusLine::Optional] {
            let error = read_reply(input.as_bytes(), allowed).expect_err("disconnected");
            assert_eq!(error, Error::RemoteDisconnected);
        }
    }
}

#[test]
fn an_end_inside_the_head_says_after_how_many_bytes() {
    let whole = "HTTP/1.1 200 OK\r\nA: b\r\n\r\n";
    for length in 1..whole.len() {
        let error = read(&whole.as_bytes()[..length]).expect_err("malformed");
        let what = format!("remote end closed connection after {length} bytes of a response head");
        assert_eq!(error.to_string(), what);
        assert_eq!(error, Malformed::HeadCutShort(length).into());
    }
    let error = read(b"HTTP/1.1 100\r\n\r\nHTTP/1.1 2").expect_err("malformed");
    assert!(error.to_string().contains("after 10 bytes"), "{error}");
}

#[test]
fn a_reader_is_begun_by_the_first_byte_and_over_with_the_reply() {
    let mut reader = ReplyReader::new(Limits::default(), StatusLine::Required);
    assert!(matches!(reader.read(b""), Ok((0, None))));
    assert!(!reader.has_begun());
    assert!(matches!(
        reader.read(b"HTTP/1.1 200\r\n\r\nbody"),
        Ok((16, Some(_)))
    ));
    assert!(reader.has_begun());
    assert!(matches!(reader.read(b"body"), Ok((0, None))));
    assert!(matches!(reader.end(), Err(Error::RemoteDisconnected)));
}

#[test]
fn a_status_line_is_judged_before_its_headers_come() {
    let mut reader = ReplyReader::new(Limits::default(), StatusLine::Required);
    assert!(reader.read(b"HTTP/1.1 2x0 OK\r\n").is_err());
}

/// What `before`, `fill` so many times, and `after` give.
fn filled(before: &str, fill: &str, times: usize, after: &str) -> Result<Reply, Error> {
    read([before, &fill.repeat(times), after].concat().as_bytes())
}

#[test]
fn a_line_may_have_65536_bytes_with_its_end() {
    let before = "HTTP/1.1 200 ";
    let room = 65_536 - before.len() - 2;
    assert!(filled(before, "x", room, "\r\n\r\n").is_ok());
    for after in ["\r\n\r\n", "x", "\n\r\n\r\n"] {
        let error = filled(before, "x", room + 1, &format!("x{after}")).expect_err("too long");
        assert_eq!(error, too_long(Line::Status));
    }
    let before = "HTTP/1.1 200 OK\r\na: ";
    let room = 65_536 - 3 - 2;
    assert!(filled(before, "x", room, "\r\n\r\n").is_ok());
    assert!(filled(before, "x", room + 1, "\n\r\n").is_ok());
    for after in ["\r\n\r\n", "xxx"] {
        let error = filled(before, "x", room + 1, after).expect_err("too long");
        assert_eq!(error, too_long(Line::Header));
    }
}

#[test]
fn a_head_may_have_100_header_lines() {
    let before = "HTTP/1.1 200 OK\r\n";
    assert!(filled(before, "a: b\r\n", 100, "\r\n").is_ok());
    assert!(filled(before, "a: b\r\n", 99, " fold\r\n\r\n").is_ok());
    let (what, limit) = (Counted::Headers, 100);
    let error = Error::TooMany { what, limit };
    for (times, after) in [(101, "\r\n"), (101, ""), (100, " fold\r\n\r\n")] {
        let outcome = filled(before, "a: b\r\n", times, after);
        assert_eq!(outcome.expect_err("too many"), error);
    }
}

#[test]
fn a_head_may_have_a_mebibyte() {
    const HEAD: usize = 1024 * 1024;
    let (before, line) = (
        "HTTP/1.1 200 OK\r\n",
        format!("a: {}\r\n", "x".repeat(40_000)),
    );
    let missing = HEAD - before.len() - 26 * line.len() - 2;
    let last = |length: usize| format!("b: {}\r\n\r\n", "x".repeat(length - 5));
    assert!(filled(before, &line, 26, &last(missing)).is_ok());
    let error = filled(before, &line, 26, &last(missing + 1)).expect_err("too many");
    assert!(matches!(error, Error::TooMany { .. }), "{error}");
}

#[test]
fn each_head_has_its_own_limit() {
    let limits = Limits {
        head: 40,
        ..Limits::default()
    };
    let interim = "HTTP/1.1 100 Continue\r\nabcd: efghi\r\n\r\n";
    let input = format!("{interim}{}", interim.replace("100", "200"));
    assert_eq!(interim.len(), 38);
    assert!(read_reply_with(input.as_bytes(), StatusLine::Required, limits).is_ok());
    let input = interim.replace("efghi", "efghijkl");
    let error = read_reply_with(input.as_bytes(), StatusLine::Required, limits);
    assert!(matches!(error, Err(Error::TooMany { .. })));
}

#[test]
fn interim_heads_share_one_limit() {
    let limits = Limits {
        head: 80,
        ..Limits::default()
    };
    let outcome = |last: &str| {
        let interim = "HTTP/1.1 100 Continue\r\nabcd: efghi\r\n\r\n";
        assert_eq!(interim.len(), 38);
        // The final head has a limit of its own.
        let end = "HTTP/1.1 200 OK\r\nabcdefghijklmnop: qrstuvwxyz\r\n\r\n";
        let input = format!("{interim}HTTP/1.1 103 X\r\n{last}\r\n\r\n{end}");
        read_reply_with(input.as_bytes(), StatusLine::Required, limits)
    };
    let (reply, _) = outcome("a: 4567890123456789012").expect("a reply");
    assert_eq!(reply.interim.len(), 2);
    let error = outcome("a: 45678901234567890123").expect_err("too many");
    let (what, limit) = (Counted::InterimBytes, 80);
    assert_eq!(error, Error::TooMany { what, limit });
}

#[test]
fn of_two_limits_the_one_overrun_first_is_told() {
    for (line, head, name) in [(20, 30, "line"), (30, 20, "head"), (20, 20, "line")] {
        let limits = Limits {
            line,
            head,
            ..Limits::default()
        };
        let outcome = read_reply_with(&[b'H'; 40], StatusLine::Required, limits);
        // These bytes begin no status line, but are too many before that can be told whole.
        match outcome.expect_err("refused") {
            Error::LineTooLong { .. } => assert_eq!(name, "line"),
            Error::TooMany { .. } => assert_eq!(name, "head"),
            error => panic!("{error}"),
        }
    }
}

#[test]
fn there_may_be_100_interim_responses() {
    let last = "HTTP/1.1 200 OK\r\n\r\n";
    let reply = filled("", "HTTP/1.1 102 X\r\n\r\n", 100, last).expect("a reply");
    assert_eq!(reply.interim.len(), 100);
    let error = filled("", "HTTP/1.1 102 X\r\n\r\n", 101, last).expect_err("too many");
    let (what, limit) = (Counted::InterimResponses, 100);
    assert_eq!(error, Error::TooMany { what, limit });
}
