//! The exchanges that faults are tried on: what the client does, and what the server says.

/// One request and its reply.
#[derive(Debug)]
pub struct Exchange {
    pub name: &'static str,
    pub method: &'static str,
    pub upload: Upload,
    /// What the server says once it has heard that.
    pub answers: &'static [(&'static str, &'static [u8])],
    pub afterwards: Afterwards,
}

/// What the request carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upload {
    Nothing,
    /// Bytes at hand.
    Bytes,
    /// A stream of several blocks, with trailers.
    Chunks,
    /// Bytes, for which the server is asked first.
    Expected,
    /// Nothing, but another protocol is asked for.
    Upgrade,
}

/// What the server does behind its last word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Afterwards {
    Waits,
    Closes,
}

impl Exchange {
    /// All that the server says.
    pub fn said(&self) -> Vec<u8> {
        let answers = self.answers.iter().map(|(_, answer)| *answer);
        answers.collect::<Vec<_>>().concat()
    }
}

/// What is sent as bytes.
pub const UPLOAD: &[u8] = b"the body of the request, all of it.";
/// What is sent as a stream.
pub const BLOCKS: [&[u8]; 3] = [b"the first block", b"and the second", b"then the last."];
/// What is said in the other protocol.
pub const PING: &[u8] = b"ping";

/// The path of the exchange that follows, and its reply.
pub const NEXT: &str = "/next";
pub const NEXT_REPLY: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\nthe next one.";
pub const NEXT_BODY: &[u8] = b"the next one.";

const HEAD: &str = "\r\n\r\n";
const BODY: &str = "all of it.";
const LAST_CHUNK: &str = "\r\n0\r\nX-Sum: 42\r\n\r\n";
const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

use Afterwards::{Closes, Waits};

/// What most of them are.
const GET: Exchange = Exchange {
    name: "",
    method: "GET",
    upload: Upload::Nothing,
    answers: &[],
    afterwards: Waits,
};

/// All of them.
pub const EXCHANGES: &[Exchange] = &[
    Exchange {
        name: "content-length",
        answers: &[(
            HEAD,
            b"HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 29\r\n\r\nTwenty-nine bytes\r\n\r\nof body.",
        )],
        ..GET
    },
    Exchange {
        name: "chunked",
        answers: &[(
            HEAD,
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: Sum\r\n\r\n\
          5;a=\"b\"\r\nhello\r\nA \r\n0123\n56789\r\n1\r\n!\r\n0\r\nSum: 1\r\nMore: 2\r\n\r\n",
        )],
        ..GET
    },
    Exchange {
        name: "to the end",
        answers: &[(
            HEAD,
            b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\nUp to the end\r\nof the connection",
        )],
        afterwards: Closes,
        ..GET
    },
    Exchange {
        name: "no content",
        answers: &[(
            HEAD,
            b"HTTP/1.1 204 No Content\r\nServer: x\r\n\r\n",
        )],
        ..GET
    },
    Exchange {
        name: "not modified",
        answers: &[(
            HEAD,
            b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n",
        )],
        ..GET
    },
    Exchange {
        name: "head",
        method: "HEAD",
        answers: &[(HEAD, b"HTTP/1.1 200 OK\r\nContent-Length: 29\r\n\r\n")],
        ..GET
    },
    Exchange {
        name: "interim",
        answers: &[(
            HEAD,
            b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n\
          HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfinal",
        )],
        ..GET
    },
    Exchange {
        name: "http/1.0",
        answers: &[(
            HEAD,
            b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nfinal",
        )],
        ..GET
    },
    Exchange {
        name: "http/0.9",
        answers: &[(
            HEAD,
            b"<p>HTTP/0.9 has no head.</p>\r\n",
        )],
        afterwards: Closes,
        ..GET
    },
    Exchange {
        name: "a fold",
        answers: &[(
            HEAD,
            b"HTTP/1.1 200 OK\nFolded: a\n b\nContent-Length:\r\n 5\r\nConnection: a,\r\n\tClose\r\n\r\nfinal",
        )],
        afterwards: Closes,
        ..GET
    },
    Exchange {
        name: "upload of bytes",
        method: "POST",
        upload: Upload::Bytes,
        answers: &[(BODY, OK)],
        ..GET
    },
    Exchange {
        name: "upload in chunks",
        method: "PUT",
        upload: Upload::Chunks,
        answers: &[(LAST_CHUNK, OK)],
        ..GET
    },
    Exchange {
        name: "upload on demand",
        method: "PUT",
        upload: Upload::Expected,
        answers: &[(HEAD, b"HTTP/1.1 100 Continue\r\n\r\n"), (BODY, OK)],
        ..GET
    },
    Exchange {
        name: "upgrade",
        upload: Upload::Upgrade,
        answers: &[
            (
                HEAD,
                b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nhello\r\n",
            ),
            ("ping", b"pong and\r\ngoodbye"),
        ],
        afterwards: Closes,
        ..GET
    },
];
