//! A site whose bodies are never whole in memory.
//!
//! | request | response |
//! |---|---|
//! | `/echo` | 200, the body and the trailers as they come, and the trailer `x-received`: how many bytes |
//! | `/bytes/N` | 200, N bytes of the [`pattern`](super::pattern()), in chunks |
//! | `/never` | none |
//! | `/stalled` | 200, the beginning of a body |
//! | `/endless` | 200, a body without an end |
//! | anything else | 200, `hello`, and in `x-seen` which request of its connection it was, the first is 0 |

use std::convert::Infallible;
use std::future::pending;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use hyper::HeaderMap;
use hyper::body::{Body, Bytes, Frame, Incoming};
use hyper::header::{HeaderValue, TRAILER};

use super::pattern::Pattern;

/// A response of this site.
pub type Response = hyper::Response<UnsyncBoxBody<Bytes, hyper::Error>>;

const BLOCK: &[u8] = &[b'x'; 64 << 10];

/// Answers while the request is still coming; `earlier` is how many its connection brought before.
pub async fn answer(request: hyper::Request<Incoming>, earlier: usize) -> Response {
    let path = request.uri().path().to_owned();
    let mut segments = path.split('/').skip(1);
    match (segments.next().unwrap_or_default(), segments.next()) {
        ("echo", None) => {
            let mut response = whole(Echo {
                body: request.into_body(),
                received: 0,
                is_over: false,
            });
            // hyper sends those that are announced, and only to clients that say `TE: trailers`.
            let announced = HeaderValue::from_static("x-received, x-sent");
            response.headers_mut().insert(TRAILER, announced);
            response
        }
        ("bytes", Some(length)) => {
            let length = length.parse().unwrap_or_default();
            whole(Pattern::chunked(length).map_err(never))
        }
        ("never", None) => pending().await,
        ("stalled", None) => whole(Endless {
            is_stalled: true,
            has_begun: false,
        }),
        ("endless", None) => whole(Endless {
            is_stalled: false,
            has_begun: false,
        }),
        _ => {
            let mut response = whole(Full::from("hello").map_err(never));
            let seen = HeaderValue::from(earlier);
            response.headers_mut().insert("x-seen", seen);
            response
        }
    }
}

fn never(infallible: Infallible) -> hyper::Error {
    match infallible {}
}

fn whole(body: impl Body<Data = Bytes, Error = hyper::Error> + Send + 'static) -> Response {
    Response::new(body.boxed_unsync())
}

/// A body that comes back.
struct Echo {
    body: Incoming,
    received: usize,
    is_over: bool,
}

impl Body for Echo {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        if self.is_over {
            return Poll::Ready(None);
        }
        let next = ready!(Pin::new(&mut self.body).poll_frame(context));
        let trailers = match next.transpose() {
            Ok(Some(frame)) => match frame.into_data() {
                Ok(data) => {
                    self.received += data.len();
                    return Poll::Ready(Some(Ok(Frame::data(data))));
                }
                Err(frame) => frame.into_trailers().unwrap_or_default(),
            },
            Ok(None) => HeaderMap::new(),
            Err(error) => return Poll::Ready(Some(Err(error))),
        };
        self.is_over = true;
        let mut trailers = trailers;
        trailers.insert("x-received", HeaderValue::from(self.received));
        Poll::Ready(Some(Ok(Frame::trailers(trailers))))
    }
}

/// A body without an end, or with one block and nothing behind it.
struct Endless {
    is_stalled: bool,
    has_begun: bool,
}

impl Body for Endless {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        if self.is_stalled && self.has_begun {
            return Poll::Pending;
        }
        self.has_begun = true;
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(BLOCK)))))
    }
}
