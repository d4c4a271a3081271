//! How long the body of a response is: one function, its steps those of RFC 9112 §6.3.
//!
//! Where two headers could be read in two ways, the message is refused: a proxy may have read it the
//! other way.

use super::grammar::list_members;
use super::{Error, Malformed, ResponseHead, Version, parse_length, trim_ows};

/// Where a body ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// There is none: the response ends with its head.
    None,
    /// Behind the last chunk and its trailers (RFC 9112 §7.1).
    Chunked,
    /// After so many bytes.
    Length(u64),
    /// With the connection.
    UntilClose,
}

/// The framing of the body behind `head`, which answers a request with this method.
///
/// # Errors
///
/// [`Error::UnknownTransferEncoding`] for a coding that IANA doesn't list, [`Error::Malformed`] for a
/// Transfer-Encoding or Content-Length that frames nothing.
pub fn response_framing(request_method: &str, head: &ResponseHead) -> Result<Framing, Error> {
    // 1. No body, whatever the headers say.
    let without_body = matches!(head.status, 100..200 | 204 | 304);
    if request_method == "HEAD" || without_body {
        return Ok(Framing::None);
    }
    // 2. What follows is a tunnel.
    if request_method == "CONNECT" && matches!(head.status, 200..300) {
        return Ok(Framing::None);
    }
    // HTTP/0.9 has no headers to go by.
    if head.version == Version::Http09 {
        return Ok(Framing::UntilClose);
    }
    // 3. Transfer-Encoding overrides Content-Length. 4. Without a final chunked: until close.
    if head.headers.contains("Transfer-Encoding") {
        return transfer_encoding(head);
    }
    // 5. A Content-Length that is not a number is an error. 6. A number is the length.
    if let Some(length) = content_length(head)? {
        return Ok(Framing::Length(length));
    }
    // 7. is about requests. 8. Nothing was said.
    Ok(Framing::UntilClose)
}

/// Goes through the codings in the order in which they were applied.
fn transfer_encoding(head: &ResponseHead) -> Result<Framing, Error> {
    let mut framing = Framing::UntilClose;
    for element in head.headers.elements("Transfer-Encoding") {
        let (coding, parameters) = match element.iter().position(|byte| *byte == b';') {
            Some(semicolon) => (trim_ows(&element[..semicolon]), true),
            None => (element, false),
        };
        if framing == Framing::Chunked {
            return Err(Malformed::ChunkedNotLast.into());
        }
        match coding.to_ascii_lowercase().as_slice() {
            b"chunked" if parameters => return Err(Malformed::ChunkedWithParameter.into()),
            b"chunked" => framing = Framing::Chunked,
            b"gzip" | b"x-gzip" | b"compress" | b"x-compress" | b"deflate" | b"identity" => {}
            _ => return Err(Error::UnknownTransferEncoding(coding.to_vec())),
        }
    }
    Ok(framing)
}

/// RFC 9110 §8.6: the same number any number of times, in one line or several.
fn content_length(head: &ResponseHead) -> Result<Option<u64>, Error> {
    let mut length = None;
    for member in head.headers.all("Content-Length").flat_map(list_members) {
        let Some(stated) = parse_length(member) else {
            let beginning = member[..member.len().min(40)].to_vec();
            return Err(Malformed::ContentLength(beginning).into());
        };
        match length {
            Some(before) if before != stated => {
                return Err(Malformed::ContentLengths(before, stated).into());
            }
            _ => length = Some(stated),
        }
    }
    Ok(length)
}

#[cfg(test)]
mod tests {
    use super::super::testing::head;
    use super::*;

    /// The outcome of a GET answered so.
    fn framing(lines: &str) -> Result<Framing, Error> {
        response_framing("GET", &head(&format!("HTTP/1.1 200 OK\r\n{lines}")))
    }

    #[test]
    fn some_replies_have_no_body_whatever_the_headers_say() {
        let bodies = [
            "Content-Length: 5\r\n",
            "Transfer-Encoding: chunked\r\n",
            "Content-Length: x\r\n",
            "Transfer-Encoding: br\r\n",
            "",
        ];
        for lines in bodies {
            for (method, status) in [
                ("GET", 204),
                ("GET", 304),
                ("GET", 101),
                ("POST", 204),
                ("HEAD", 200),
                ("HEAD", 404),
                ("CONNECT", 200),
                ("CONNECT", 299),
            ] {
                let head = head(&format!("HTTP/1.1 {status} X\r\n{lines}"));
                assert_eq!(response_framing(method, &head), Ok(Framing::None));
            }
        }
    }

    #[test]
    fn other_replies_to_connect_and_head_like_methods_have_a_body() {
        for (method, status) in [
            ("CONNECT", 300),
            ("CONNECT", 407),
            ("head", 200),
            ("GET", 205),
        ] {
            let head = head(&format!("HTTP/1.1 {status} X\r\nContent-Length: 5\r\n"));
            assert_eq!(response_framing(method, &head), Ok(Framing::Length(5)));
        }
    }

    #[test]
    fn http_0_9_goes_on_until_close() {
        let reply = super::super::testing::read_reply(b"<p>", super::super::StatusLine::Optional);
        let head = reply.expect("a reply").0.head;
        assert_eq!(response_framing("GET", &head), Ok(Framing::UntilClose));
        assert_eq!(response_framing("HEAD", &head), Ok(Framing::None));
    }

    #[test]
    fn transfer_encoding_is_one_list_that_ends_with_chunked() {
        let table = [
            ("chunked", Framing::Chunked),
            ("CHUNKED", Framing::Chunked),
            (" ,chunked\t, ", Framing::Chunked),
            ("gzip, chunked", Framing::Chunked),
            ("gzip\r\nTransfer-Encoding: chunked", Framing::Chunked),
            ("gzip\r\n , chunked", Framing::Chunked),
            ("identity, chunked", Framing::Chunked),
            ("deflate, x-gzip;q=1, chunked", Framing::Chunked),
            ("gzip", Framing::UntilClose),
            ("identity", Framing::UntilClose),
            ("compress, x-compress", Framing::UntilClose),
            ("", Framing::UntilClose),
            (",", Framing::UntilClose),
        ];
        for (codings, expected) in table {
            for rest in ["", "Content-Length: 3\r\n", "Content-Length: x\r\n"] {
                let lines = format!("Transfer-Encoding: {codings}\r\n{rest}");
                assert_eq!(framing(&lines), Ok(expected), "{lines:?}");
            }
        }
    }

    #[test]
    fn rejects_chunked_that_is_not_final_or_not_alone() {
        for codings in [
            "chunked, gzip",
            "chunked, chunked",
            "chunked, identity",
            "chunked\r\nTransfer-Encoding: chunked",
            "chunked;a=b",
            "chunked ; a",
            "chunked;",
        ] {
            let outcome = framing(&format!("Transfer-Encoding: {codings}\r\n"));
            assert!(matches!(outcome, Err(Error::Malformed(_))), "{codings:?}");
        }
    }

    #[test]
    fn rejects_codings_that_are_not_registered() {
        for (codings, unknown) in [
            ("br", "br"),
            ("xchunked", "xchunked"),
            ("foo, chunked", "foo"),
            ("chun ked", "chun ked"),
            ("\"chunked\"", "\"chunked\""),
            ("gzip; a=\"x, chunked\"", "chunked\""),
            (";chunked", ""),
        ] {
            let outcome = framing(&format!("Transfer-Encoding: {codings}\r\n"));
            let expected = Error::UnknownTransferEncoding(unknown.into());
            assert_eq!(outcome, Err(expected), "{codings:?}");
        }
    }

    #[test]
    fn equal_content_lengths_collapse() {
        for value in [
            "42",
            "42, 42",
            "42\r\nContent-Length: 42",
            "042,42",
            " 42\t",
        ] {
            let outcome = framing(&format!("Content-Length: {value}\r\n"));
            assert_eq!(outcome, Ok(Framing::Length(42)), "{value:?}");
        }
        let outcome = framing("Content-Length: 9223372036854775807\r\n");
        assert_eq!(outcome, Ok(Framing::Length((1 << 63) - 1)));
        assert_eq!(framing("Content-Length: 0\r\n"), Ok(Framing::Length(0)));
    }

    #[test]
    fn rejects_two_different_content_lengths() {
        for value in ["1, 2", "1\r\nContent-Length: 2"] {
            let outcome = framing(&format!("Content-Length: {value}\r\n"));
            assert_eq!(outcome, Err(Malformed::ContentLengths(1, 2).into()));
        }
    }

    #[test]
    fn rejects_a_content_length_that_is_no_number() {
        for value in [
            "",
            "+1",
            "-1",
            "1,",
            ",1",
            "1 1",
            "0x1",
            "1.0",
            "9223372036854775808",
        ] {
            let outcome = framing(&format!("Content-Length: {value}\r\n"));
            assert!(matches!(outcome, Err(Error::Malformed(_))), "{value:?}");
        }
    }

    #[test]
    fn without_any_header_the_body_runs_until_close() {
        assert_eq!(framing(""), Ok(Framing::UntilClose));
        assert_eq!(
            framing("Connection: keep-alive\r\n"),
            Ok(Framing::UntilClose)
        );
    }
}
