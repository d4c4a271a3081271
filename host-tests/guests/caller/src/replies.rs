//! What the server of the tests answers, by the name that a request's path ends with. The server and the model
//! read the same table.

/// A reply.
pub struct Reply {
    /// The path is `/reply/` and this.
    pub name: &'static str,
    /// Interim heads.
    pub before: &'static str,
    /// The status line and the headers, with the empty line behind them.
    pub head: &'static str,
    /// What follows, as it is on the wire.
    pub wire: Wire,
    /// What the server does then.
    pub then: Then,
}

/// What follows a head.
pub enum Wire {
    /// These bytes.
    Bytes(&'static [u8]),
    /// So many bytes: [`pattern`].
    Pattern(usize),
}

/// What the server does behind a reply.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// Answers the next request.
    Keep,
    /// Closes.
    Close,
    /// Sends back what it receives.
    Echo,
    /// Sends nothing more.
    Wait,
}

const fn reply(name: &'static str, head: &'static str, body: &'static [u8], then: Then) -> Reply {
    Reply {
        name,
        before: "",
        head,
        wire: Wire::Bytes(body),
        then,
    }
}

/// All of them.
pub const REPLIES: &[Reply] = &[
    reply(
        "length",
        "HTTP/1.1 200 OK\r\nContent-Type: Text/HTML; Charset=\"UTF-8\"\r\nContent-Encoding: GZIP, br\r\n\
        X-Twice: a\r\nx-twice: b\r\nContent-Length: 5\r\n\r\n",
        b"hello",
        Then::Keep,
    ),
    reply(
        "lines",
        "HTTP/1.1 203 \r\nContent-Length: 14\r\n\r\n",
        b"one\ntwo\n\nthree",
        Then::Keep,
    ),
    reply(
        "empty",
        "HTTP/1.1 404 Not here\r\nContent-Length: 0\r\n\r\n",
        b"",
        Then::Keep,
    ),
    reply(
        "chunks",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"4\r\none\n\r\n3;x=y\r\ntwo\r\n0\r\nX-Sum: 7\r\n\r\n",
        Then::Keep,
    ),
    reply(
        "no-chunks",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"0\r\n\r\n",
        Then::Keep,
    ),
    reply(
        "closing",
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\n",
        b"hello",
        Then::Close,
    ),
    reply(
        "to-the-end",
        "HTTP/1.1 200 OK\r\n\r\n",
        b"to the\nend",
        Then::Close,
    ),
    reply(
        "old",
        "HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\n",
        b"old",
        Then::Close,
    ),
    reply(
        "no-content",
        "HTTP/1.1 204 No Content\r\n\r\n",
        b"",
        Then::Keep,
    ),
    reply(
        "not-modified",
        "HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n",
        b"",
        Then::Keep,
    ),
    reply(
        "switching",
        "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
        b"hi",
        Then::Echo,
    ),
    Reply {
        before: "HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n",
        ..reply(
            "early-hints",
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n",
            b"ok",
            Then::Keep,
        )
    },
    Reply {
        wire: Wire::Pattern(300_000),
        ..reply(
            "large",
            "HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n",
            b"",
            Then::Keep,
        )
    },
    reply(
        "short",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n",
        b"short",
        Then::Close,
    ),
    reply(
        "broken-chunk",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"5\r\nhello\r\nZZ\r\n",
        Then::Wait,
    ),
    reply("no-status", "HTTP/1.1 abc\r\n\r\n", b"", Then::Close),
    reply("nothing", "", b"", Then::Close),
    reply("banner", "", b"hello there\n", Then::Close),
    reply(
        "two-lengths",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        b"",
        Then::Close,
    ),
    reply(
        "unknown-coding",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: squeeze\r\n\r\n",
        b"",
        Then::Close,
    ),
    reply("other-version", "HTTP/2.0 200 OK\r\n\r\n", b"", Then::Close),
    reply("half-a-head", "HTTP/1.1 200 OK\r\nX: ", b"", Then::Close),
];

/// The bytes of a large body.
pub fn pattern(length: usize) -> Vec<u8> {
    (0..length).map(|index| (index % 251) as u8).collect()
}

impl Reply {
    /// What the server writes; without a body where the request's method says so.
    pub fn bytes(&self, is_head: bool) -> Vec<u8> {
        let mut bytes = [self.before, self.head].concat().into_bytes();
        if !is_head {
            bytes.extend_from_slice(&self.wire());
        }
        bytes
    }

    /// What follows the head.
    pub fn wire(&self) -> Vec<u8> {
        match self.wire {
            Wire::Bytes(bytes) => bytes.to_vec(),
            Wire::Pattern(length) => pattern(length),
        }
    }
}
