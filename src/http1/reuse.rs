//! What becomes of a connection once a response on it is complete: RFC 9112 §9.3 and §9.6.

use super::{Framing, ResponseHead, Version};

/// Whether another request may go out on the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reuse {
    /// It may.
    Keep,
    /// The connection is to be closed, and why.
    Close(CloseReason),
}

/// Why a connection is closed. Of several reasons the first in this order is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseReason {
    /// HTTP/0.9 has one response per connection.
    Http09,
    /// Status 101: what follows is another protocol.
    SwitchedProtocols,
    /// A 2xx to CONNECT: what follows is the tunnel's (RFC 9110 §9.3.6).
    Tunnelled,
    /// Somebody on the way may have taken the Content-Length beside it for the framing
    /// (RFC 9112 §6.3, step 3).
    TransferEncodingWithContentLength,
    /// HTTP/1.0 has no transfer codings; somebody on the way may not have understood it
    /// (RFC 9112 §6.1).
    TransferEncodingInHttp10,
    /// `Connection: close`.
    ServerSaidClose,
    /// The request said `Connection: close`; its client has to close as well (RFC 9112 §9.6). Not
    /// told by [`reuse`], which knows the response alone.
    ClientSaidClose,
    /// The end of the connection is the end of the body.
    DelimitedByClose,
    /// HTTP/1.0 closes unless `Connection: keep-alive` says otherwise.
    Http10WithoutKeepAlive,
    /// The response came before the request was sent to its end (RFC 9112 §9.5).
    RequestUnfinished,
}

/// What becomes of the connection after the response with this head and framing.
pub fn reuse(request_method: &str, head: &ResponseHead, framing: Framing) -> Reuse {
    let headers = &head.headers;
    let says = |token: &str| {
        headers
            .elements("Connection")
            .any(|element| element.eq_ignore_ascii_case(token.as_bytes()))
    };
    let encoded = headers.contains("Transfer-Encoding");
    let http10 = head.version == Version::Http10;
    let reasons = [
        (CloseReason::Http09, head.version == Version::Http09),
        (CloseReason::SwitchedProtocols, head.status == 101),
        (
            CloseReason::Tunnelled,
            request_method == "CONNECT" && (200..300).contains(&head.status),
        ),
        (
            CloseReason::TransferEncodingWithContentLength,
            encoded && headers.contains("Content-Length"),
        ),
        (CloseReason::TransferEncodingInHttp10, encoded && http10),
        (CloseReason::ServerSaidClose, says("close")),
        (
            CloseReason::DelimitedByClose,
            framing == Framing::UntilClose,
        ),
        (
            CloseReason::Http10WithoutKeepAlive,
            http10 && !says("keep-alive"),
        ),
    ];
    let first = reasons.into_iter().find(|(_, holds)| *holds);
    first.map_or(Reuse::Keep, |(reason, _)| Reuse::Close(reason))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{head, read_reply};
    use super::super::{StatusLine, response_framing};
    use super::*;

    fn outcome(lines: &str) -> Reuse {
        let head = head(lines);
        let framing = response_framing("GET", &head).expect("a framing");
        reuse("GET", &head, framing)
    }

    #[test]
    fn http_1_1_stays_open_unless_it_says_close() {
        let base = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n";
        let close = Reuse::Close(CloseReason::ServerSaidClose);
        for (lines, expected) in [
            ("", Reuse::Keep),
            ("Connection: keep-alive\r\n", Reuse::Keep),
            ("Connection: closed, \"close\"\r\n", Reuse::Keep),
            ("Connection: close\r\n", close),
            ("Connection: CLOSE\r\n", close),
            ("Connection: x, close ,\r\n", close),
            ("Connection: keep-alive\r\nConnection: close\r\n", close),
        ] {
            assert_eq!(outcome(&format!("{base}{lines}")), expected, "{lines:?}");
        }
    }

    #[test]
    fn http_1_0_closes_unless_it_says_keep_alive() {
        let base = "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n";
        let without = Reuse::Close(CloseReason::Http10WithoutKeepAlive);
        for (lines, expected) in [
            ("", without),
            ("Connection: x\r\n", without),
            ("Keep-Alive: timeout=5\r\n", without),
            ("Connection: Keep-Alive\r\n", Reuse::Keep),
            (
                "Connection: keep-alive, close\r\n",
                Reuse::Close(CloseReason::ServerSaidClose),
            ),
        ] {
            assert_eq!(outcome(&format!("{base}{lines}")), expected, "{lines:?}");
        }
    }

    #[test]
    fn a_doubtful_framing_closes() {
        for (lines, reason) in [
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n",
                CloseReason::TransferEncodingWithContentLength,
            ),
            (
                "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n",
                CloseReason::TransferEncodingInHttp10,
            ),
            ("HTTP/1.1 200 OK\r\n", CloseReason::DelimitedByClose),
            (
                "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n",
                CloseReason::DelimitedByClose,
            ),
            ("HTTP/1.1 101 X\r\n", CloseReason::SwitchedProtocols),
        ] {
            assert_eq!(outcome(lines), Reuse::Close(reason), "{lines:?}");
        }
    }

    #[test]
    fn chunked_stays_open_and_http_0_9_does_not() {
        let lines = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n";
        assert_eq!(outcome(lines), Reuse::Keep);
        let reply = read_reply(b"<p>", StatusLine::Optional).expect("a reply");
        let expected = Reuse::Close(CloseReason::Http09);
        assert_eq!(reuse("GET", &reply.0.head, Framing::UntilClose), expected);
    }
}
