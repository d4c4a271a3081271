//! What hyper's client makes of a reply.

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use http_body_util::{BodyExt, Empty};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::http::HeaderMap;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper::{Method, Request, Response, Version};

/// What a client made of a reply that came to its end.
#[derive(Debug, PartialEq)]
pub struct Reply {
    /// 10 or 11.
    pub version: u16,
    /// The code.
    pub status: u16,
    /// By name, in lower case; values of a name in their order.
    pub headers: Vec<(Vec<u8>, Vec<u8>)>,
    /// All of it.
    pub body: Vec<u8>,
    /// As the headers.
    pub trailers: Vec<(Vec<u8>, Vec<u8>)>,
}

/// The reply to a request with this method, the first on its connection, which the server then closes; none where
/// hyper refuses it.
pub fn reply(method: &Method, bytes: &[u8]) -> Option<Reply> {
    let wire = Wire {
        inbound: bytes.to_vec(),
        position: 0,
        was_asked: false,
    };
    run(exchange(method.clone(), wire))
}

async fn exchange(method: Method, wire: Wire) -> Option<Reply> {
    let mut builder = http1::Builder::new();
    builder.allow_obsolete_multiline_headers_in_responses(true);
    let (mut sender, connection) = builder.handshake(wire).await.ok()?;
    let target = if method == Method::CONNECT {
        "server.example:443"
    } else {
        "/"
    };
    let request = Request::builder().method(method).uri(target);
    let request = request.body(Empty::<Bytes>::new()).expect("a request");
    let mut connection = pin!(connection.with_upgrades());
    let mut reply = pin!(async {
        let response = sender.send_request(request).await.ok()?;
        read(response).await
    });
    // Both go on together until there is a reply.
    std::future::poll_fn(|context| {
        if let Poll::Ready(reply) = reply.as_mut().poll(context) {
            return Poll::Ready(reply);
        }
        let _ = connection.as_mut().poll(context);
        reply.as_mut().poll(context)
    })
    .await
}

async fn read(response: Response<Incoming>) -> Option<Reply> {
    let (head, body) = response.into_parts();
    let body = body.collect().await.ok()?;
    let trailers = body.trailers().map(sorted).unwrap_or_default();
    Some(Reply {
        version: if head.version == Version::HTTP_10 {
            10
        } else {
            11
        },
        status: head.status.as_u16(),
        headers: sorted(&head.headers),
        body: body.to_bytes().to_vec(),
        trailers,
    })
}

fn sorted(headers: &HeaderMap) -> Vec<(Vec<u8>, Vec<u8>)> {
    let fields = headers.iter();
    by_name(fields.map(|(name, value)| (name.as_str().as_bytes(), value.as_bytes())))
}

/// Fields by name, which is in lower case then; whitespace within values is one space, where a fold may have been.
pub fn by_name<'a>(fields: impl Iterator<Item = (&'a [u8], &'a [u8])>) -> Vec<(Vec<u8>, Vec<u8>)> {
    let words = |value: &[u8]| {
        let words = value.split(|byte| b" \t\r\n".contains(byte));
        let words: Vec<&[u8]> = words.filter(|word| !word.is_empty()).collect();
        words.join(&b' ')
    };
    let mut fields: Vec<_> = fields
        .map(|(name, value)| (name.to_ascii_lowercase(), words(value)))
        .collect();
    fields.sort_by(|one, other| one.0.cmp(&other.0));
    fields
}

/// Nothing here waits for anything outside of the future.
fn run<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..1_000_000 {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
    panic!("hyper goes on for ever");
}

/// A server that says its piece once it was asked, and closes.
struct Wire {
    inbound: Vec<u8>,
    position: usize,
    was_asked: bool,
}

impl Read for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        mut buffer: ReadBufCursor<'_>,
    ) -> Poll<std::io::Result<()>> {
        if !self.was_asked {
            return Poll::Pending;
        }
        let rest = &self.inbound[self.position..];
        let amount = rest.len().min(buffer.remaining());
        buffer.put_slice(&rest[..amount]);
        self.position += amount;
        Poll::Ready(Ok(()))
    }
}

impl Write for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        self.was_asked = true;
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
