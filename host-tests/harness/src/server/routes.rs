//! What the server has to offer.
//!
//! | request | response |
//! |---|---|
//! | `GET /` | 200, [`GREETING`] |
//! | `/echo` | 200, the request as text: its line, its headers, an empty line, its body |
//! | `/redirect` | 302, a line that says where to |
//! | `PUT /file` | 200 |
//! | `/bytes/N` | 200, N bytes of the [`pattern`](super::pattern()), with a length |
//! | `/chunked/N` | 200, the same in chunks |
//! | `/count` | 200, what the body was, which is not kept: `N bytes`, ` of the pattern` where they were, and its trailers |
//! | `/status/N` | N, its reason phrase as the body |
//! | anything else | 404 |

use std::convert::Infallible;

use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, LOCATION};
use hyper::{Method, StatusCode};

use super::count::count;
use super::pattern::Pattern;
use super::{Request, Response, Site};

/// The body of `GET /`.
pub const GREETING: &[u8] = b"Hello from the test server.\n";

/// The routes above.
#[must_use]
pub fn routes(request: Request, _earlier: usize) -> Response {
    let path = request.uri().path().to_owned();
    let mut segments = path.split('/').skip(1);
    match (segments.next().unwrap_or_default(), segments.next()) {
        ("", None) => text(StatusCode::OK, GREETING),
        ("echo", None) => text(StatusCode::OK, echo(&request)),
        ("redirect", None) => redirect(),
        ("file", None) if request.method() == Method::PUT => text(StatusCode::OK, ""),
        ("bytes", Some(length)) => counted(length, Pattern::announced),
        ("chunked", Some(length)) => counted(length, Pattern::chunked),
        ("status", Some(code)) => status(code),
        _ => not_found(),
    }
}

/// Reads the request and has the site answer.
pub async fn answer(
    site: Site,
    request: hyper::Request<Incoming>,
    earlier: usize,
) -> hyper::Result<Response> {
    let (head, body) = request.into_parts();
    if head.uri.path() == "/count" {
        return Ok(text(StatusCode::OK, count(body).await?));
    }
    let body = body.collect().await?.to_bytes();
    Ok(site(Request::from_parts(head, body), earlier))
}

/// A response with a text.
#[must_use]
pub fn text(status: StatusCode, body: impl Into<Bytes>) -> Response {
    let mut response = Response::new(Full::new(body.into()).boxed());
    *response.status_mut() = status;
    let plain = "text/plain; charset=utf-8"
        .parse()
        .expect("a valid header value");
    response.headers_mut().insert(CONTENT_TYPE, plain);
    response
}

fn not_found() -> Response {
    text(StatusCode::NOT_FOUND, "There is nothing here.\n")
}

fn redirect() -> Response {
    let mut response = text(StatusCode::FOUND, "Redirecting to /\n");
    response
        .headers_mut()
        .insert(LOCATION, "/".parse().expect("a valid header value"));
    response
}

fn status(code: &str) -> Response {
    match code.parse::<StatusCode>() {
        Ok(status) => text(status, status.canonical_reason().unwrap_or_default()),
        Err(_) => not_found(),
    }
}

fn counted(length: &str, body: fn(u64) -> Pattern) -> Response {
    match length.parse() {
        Ok(length) => Response::new(BoxBody::<Bytes, Infallible>::new(body(length))),
        Err(_) => not_found(),
    }
}

/// The request as text: its line, its headers, an empty line, its body.
#[must_use]
pub fn echo(request: &Request) -> Vec<u8> {
    let mut echo = format!("{} {}\n", request.method(), request.uri()).into_bytes();
    for (name, value) in request.headers() {
        echo.extend_from_slice(name.as_str().as_bytes());
        echo.extend_from_slice(b": ");
        echo.extend_from_slice(value.as_bytes());
        echo.push(b'\n');
    }
    echo.push(b'\n');
    echo.extend_from_slice(request.body());
    echo
}
