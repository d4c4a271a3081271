//! Requests, as a caller puts them together.

use super::*;

fn automatic() -> Automatic {
    Automatic {
        host: Some(b"example.org".to_vec()),
        accept_encoding: true,
    }
}

const BARE: Automatic = Automatic {
    host: None,
    accept_encoding: false,
};

fn bare(method: &str) -> RequestHead {
    RequestHead::new(method, "/", BARE).expect("a head")
}

/// A bare POST with these headers.
fn post(headers: &[(&str, &str)]) -> RequestHead {
    let mut head = bare("POST");
    for (name, value) in headers {
        head.push(name, &[value]).expect("a header");
    }
    head
}

#[test]
fn an_authority_that_no_target_may_have_is_told_as_the_targets() {
    for authority in ["a\r\nb", "\u{17f}", "\0"] {
        let automatic = Automatic {
            host: Some(authority.into()),
            accept_encoding: false,
        };
        let target = format!("http://{authority}/");
        let head = RequestHead::new("GET", &target, automatic);
        assert!(
            matches!(head, Err(InvalidRequest::Target(_))),
            "{authority:?}"
        );
    }
}

fn sent(head: &RequestHead, body: BodyLength) -> (String, Transfer) {
    let (bytes, transfer) = head.finish(body, false).expect("a request");
    (super::super::latin1(&bytes), transfer)
}

/// The header lines of a bare request with this body.
fn lines(head: &RequestHead, body: BodyLength) -> (String, Transfer) {
    let (text, transfer) = sent(head, body);
    let line = format!("{} / HTTP/1.1\r\n", head.method());
    let rest = text.strip_prefix(&line).expect("a request line");
    let rest = rest.strip_suffix("\r\n").expect("an empty line");
    (rest.to_string(), transfer)
}

fn plain(length: u64) -> Transfer {
    Transfer::Plain {
        length: Some(length),
    }
}

#[track_caller]
fn assert_value<T>(outcome: Result<T, InvalidRequest>, what: &str) {
    match outcome {
        Err(InvalidRequest::Value(text)) => assert_eq!(text, what),
        Err(error) => panic!("{error:?}"),
        Ok(_) => panic!("not refused: {what}"),
    }
}

#[test]
fn automatic_headers_come_first_and_the_callers_as_given() {
    let mut head = RequestHead::new("POST", "/a?b", automatic()).expect("a head");
    head.push("X-One", &["1"]).expect("a header");
    head.push("x-two", &["2"]).expect("a header");
    head.push("X-One", &["3"]).expect("a header");
    let (text, transfer) = sent(&head, BodyLength::Known(5));
    assert_eq!(
        text,
        "POST /a?b HTTP/1.1\r\nHost: example.org\r\nAccept-Encoding: identity\r\n\
         Content-Length: 5\r\nX-One: 1\r\nx-two: 2\r\nX-One: 3\r\n\r\n"
    );
    assert_eq!(transfer, plain(5));
}

#[test]
fn each_automatic_header_gives_way_to_the_callers_own() {
    let mut head = RequestHead::new("POST", "/", automatic()).expect("a head");
    for (name, value) in [
        ("ACCEPT-encoding", "gzip"),
        ("content-LENGTH", "5"),
        ("hOST", "other"),
    ] {
        head.push(name, &[value]).expect("a header");
    }
    let expected =
        "POST / HTTP/1.1\r\nACCEPT-encoding: gzip\r\ncontent-LENGTH: 5\r\nhOST: other\r\n\r\n";
    assert_eq!(
        sent(&head, BodyLength::Known(5)),
        (expected.to_string(), plain(5))
    );
}

#[test]
fn automatic_headers_can_be_left_out() {
    let (text, transfer) = sent(&bare("GET"), BodyLength::None);
    assert_eq!(text, "GET / HTTP/1.1\r\n\r\n");
    assert_eq!(transfer, Transfer::Nothing);
}

#[test]
fn a_method_is_a_token() {
    for method in ["GET", "get", "M-SEARCH", "X!#$%&'*+-.^_`|~1"] {
        assert_eq!(bare(method).method(), method);
    }
    for method in ["", "GET /", "G(T", "GÉT", "G:T"] {
        let what = format!("invalid method {method:?}");
        assert_value(RequestHead::new(method, "/", BARE), &what);
    }
    let what = "method can't contain control characters: \"GET\\r\\nX\" (found at least '\\r')";
    assert_value(RequestHead::new("GET\r\nX", "/", BARE), what);
}

#[test]
fn a_target_is_visible_ascii() {
    for code in 0..=0x100u32 {
        let char = char::from_u32(code).expect("a character");
        let outcome = RequestHead::new("GET", &format!("/a{char}b"), BARE);
        match outcome {
            Ok(_) => assert!(('!'..='~').contains(&char), "{char:?}"),
            Err(InvalidRequest::Target(_)) => assert!(!('!'..='~').contains(&char), "{char:?}"),
            Err(error) => panic!("{error:?}"),
        }
    }
    let error = RequestHead::new("GET", "/#a b", BARE).expect_err("refused");
    assert_eq!(
        error.to_string(),
        "URL can't contain control characters or spaces: \"/#a b\" (found at least ' ')"
    );
}

#[test]
fn an_empty_target_is_a_slash_and_a_fragment_is_left_out() {
    for (target, expected) in [
        ("", "/"),
        ("#a", "/"),
        ("/a#b", "/a"),
        ("/a#b#c", "/a"),
        ("/a?b#c?d", "/a?b"),
        ("http://example.org/a#b", "http://example.org/a"),
        ("*", "*"),
        ("[::1]:443", "[::1]:443"),
    ] {
        let head = RequestHead::new("GET", target, BARE).expect("a head");
        let (text, _) = sent(&head, BodyLength::None);
        assert_eq!(text, format!("GET {expected} HTTP/1.1\r\n\r\n"));
    }
}

#[test]
fn a_host_that_is_no_header_value_is_refused() {
    for host in ["a\r\nb", "a\0"] {
        let automatic = Automatic {
            host: Some(host.into()),
            accept_encoding: false,
        };
        assert!(RequestHead::new("GET", "/", automatic).is_err(), "{host:?}");
    }
}

#[test]
fn several_values_are_continuation_lines() {
    let mut head = bare("GET");
    head.push("A", &["1", "2", "3"]).expect("a header");
    head.push::<&str>("B", &[]).expect("a header");
    head.push("C", &["", ""]).expect("a header");
    let (text, _) = lines(&head, BodyLength::None);
    assert_eq!(text, "A: 1\r\n\t2\r\n\t3\r\nB: \r\nC: \r\n\t\r\n");
}

#[test]
fn a_value_goes_out_with_its_bytes_and_its_whitespace() {
    let mut head = bare("GET");
    head.push("A", &[[0xe9]]).expect("a header");
    for value in [" a ", "\ta\t", "", "a\r\n b\r\n\tc", "\x01\x7f"] {
        head.push("A", &[value]).expect("a header");
    }
    let (bytes, _) = head.finish(BodyLength::None, false).expect("a request");
    let expected = b"GET / HTTP/1.1\r\nA: \xe9\r\nA:  a \r\nA: \ta\t\r\nA: \r\n\
                     A: a\r\n b\r\n\tc\r\nA: \x01\x7f\r\n\r\n";
    assert_eq!(bytes, expected);
}

#[test]
fn rejects_values_that_would_break_out_of_their_line() {
    let fold = "invalid header value: a line break that is no fold in A";
    for value in [
        "a\r\nB: c",
        "a\r\n",
        "a\n b",
        "a\r b",
        "\r\n",
        "a\r\n\r\n b",
        "a\r",
        "\n",
    ] {
        assert_value(bare("GET").push("A", &[value]), fold);
        assert_value(bare("GET").push("A", &["x", value]), fold);
    }
    let nul = "invalid header value: a NUL in A";
    assert_value(bare("GET").push("A", &["a\0"]), nul);
}

#[test]
fn a_line_break_at_the_end_of_one_value_is_no_fold_with_the_next() {
    let outcome = bare("GET").push("A", &["a\r\n", "b"]);
    assert!(outcome.is_err());
}

#[test]
fn rejects_names_that_are_no_token() {
    for name in ["", "A B", "A:", "A\r\n", "É", "A\0", " A", "(A)"] {
        let what = format!("invalid header name {name:?}");
        assert_value(bare("GET").push(name, &["x"]), &what);
    }
}

#[test]
fn a_failed_push_changes_nothing() {
    let mut head = post(&[("Content-Length", "5")]);
    let before = sent(&head, BodyLength::Later);
    for (name, value) in [
        ("X", "\n"),
        ("Content-Length", "6"),
        ("Content-Length", "x"),
        ("Transfer-Encoding", "chunked"),
    ] {
        assert!(head.push(name, &[value]).is_err());
    }
    assert!(!head.has("X") && !head.has("Transfer-Encoding"));
    assert_eq!(sent(&head, BodyLength::Later), before);
}

#[test]
fn has_knows_the_callers_headers_only() {
    let mut head = RequestHead::new("GET", "/", automatic()).expect("a head");
    head.push("X-One", &["1"]).expect("a header");
    assert!(head.has("x-ONE") && !head.has("X") && !head.has("Host"));
}

#[test]
fn a_content_length_is_a_number_given_once_and_alone() {
    for value in [
        "",
        "x",
        "-1",
        "+1",
        " 1",
        "1 ",
        "1,1",
        "9223372036854775808",
    ] {
        let what = format!("invalid content length {value:?}");
        assert_value(bare("POST").push("Content-Length", &[value]), &what);
    }
    assert!(bare("POST").push("Content-Length", &["1", "1"]).is_err());
    let mut head = post(&[("Content-Length", "1"), ("CONTENT-LENGTH", "1")]);
    let what = "two content lengths were given: 1 and 2";
    assert_value(head.push("content-length", &["2"]), what);
    let both = "both content length and transfer encoding were given";
    assert_value(head.push("transfer-encoding", &["chunked"]), both);
    let mut head = post(&[("Transfer-Encoding", "chunked")]);
    assert_value(head.push("content-length", &["2"]), both);
}

#[test]
fn what_is_known_of_the_body_decides_what_is_announced() {
    let length = |length: u64| format!("Content-Length: {length}\r\n");
    let nothing = || (String::new(), Transfer::Nothing);
    for method in ["PUT", "POST", "PATCH", "patch"] {
        let head = bare(method);
        assert_eq!(lines(&head, BodyLength::None), (length(0), plain(0)));
        assert_eq!(lines(&head, BodyLength::Later), nothing());
    }
    for method in ["GET", "HEAD", "DELETE", "OPTIONS", "CONNECT", "TRACE"] {
        let head = bare(method);
        assert_eq!(lines(&head, BodyLength::None), nothing());
        assert_eq!(lines(&head, BodyLength::Later), nothing());
        assert_eq!(lines(&head, BodyLength::Known(0)), (length(0), plain(0)));
        assert_eq!(
            lines(&head, BodyLength::Known(1 << 40)),
            (length(1 << 40), plain(1 << 40))
        );
        let chunked = "Transfer-Encoding: chunked\r\n".to_string();
        assert_eq!(
            lines(&head, BodyLength::Unknown),
            (chunked, Transfer::Chunked)
        );
    }
}

#[test]
fn the_callers_content_length_must_be_the_bodys() {
    let head = post(&[("Content-Length", "5")]);
    let line = || "Content-Length: 5\r\n".to_string();
    for body in [BodyLength::Known(5), BodyLength::Later, BodyLength::Unknown] {
        assert_eq!(lines(&head, body), (line(), plain(5)));
    }
    for (body, length) in [(BodyLength::Known(4), 4), (BodyLength::None, 0)] {
        let what = format!("content length 5 was given for a body of {length} bytes");
        assert_value(head.finish(body, false), &what);
    }
    let empty = post(&[("Content-Length", "0")]);
    assert_eq!(lines(&empty, BodyLength::None).1, plain(0));
}

#[test]
fn the_callers_transfer_encoding_is_their_own_work_unless_asked() {
    let head = post(&[("Transfer-Encoding", "gzip, chunked")]);
    for body in [
        BodyLength::None,
        BodyLength::Later,
        BodyLength::Known(5),
        BodyLength::Unknown,
    ] {
        let raw = Transfer::Plain { length: None };
        let line = "Transfer-Encoding: gzip, chunked\r\n".to_string();
        assert_eq!(lines(&head, body), (line, raw));
        let (_, transfer) = head.finish(body, true).expect("a request");
        assert_eq!(transfer, Transfer::Chunked);
    }
}

#[test]
fn chunks_are_made_only_where_the_callers_transfer_encoding_ends_with_them() {
    let finish = |head: &RequestHead| head.finish(BodyLength::Known(5), true);
    for values in [
        &["chunked"][..],
        &["CHUNKED"],
        &["gzip, chunked"],
        &[" ,gzip ,\tchunked,"],
        &["gzip,", "chunked"],
        &["mine;a=b", ", chunked"],
    ] {
        let mut head = bare("POST");
        head.push("Transfer-Encoding", values).expect("a header");
        let transfer = finish(&head).expect("a request").1;
        assert_eq!(transfer, Transfer::Chunked, "{values:?}");
    }
    for values in [
        &["gzip"][..],
        &["identity"],
        &[""],
        &["chunked, gzip"],
        &["chunked, chunked"],
        &["chunked;a=b"],
        &["chunked", "chunked"],
        &["xchunked"],
    ] {
        let mut head = bare("POST");
        head.push("Transfer-Encoding", values).expect("a header");
        let refused = matches!(finish(&head), Err(InvalidRequest::Value(_)));
        assert!(refused, "{values:?}");
        let raw = head
            .finish(BodyLength::Known(5), false)
            .expect("a request")
            .1;
        assert_eq!(raw, Transfer::Plain { length: None });
    }
    let two = post(&[
        ("Transfer-Encoding", "gzip"),
        ("transfer-encoding", "chunked"),
    ]);
    assert_eq!(finish(&two).expect("a request").1, Transfer::Chunked);
    let turned = post(&[
        ("Transfer-Encoding", "chunked"),
        ("transfer-encoding", "gzip"),
    ]);
    assert!(finish(&turned).is_err());
}

#[test]
fn encode_chunked_is_nothing_without_the_header() {
    let (_, transfer) = bare("POST")
        .finish(BodyLength::Known(5), true)
        .expect("a request");
    assert_eq!(transfer, plain(5));
}

#[test]
fn knows_the_callers_last_request() {
    for (headers, expected) in [
        (&[("connection", "Upgrade, CLOSE")][..], true),
        (&[("Connection", "x"), ("Connection", "close")][..], true),
        (&[("Connection", "closed")][..], false),
        (&[("X-Connection", "close")][..], false),
        (&[("Connection", "x,\r\n\tclose")][..], true),
        (&[][..], false),
    ] {
        assert_eq!(post(headers).says_close(), expected, "{headers:?}");
    }
}
