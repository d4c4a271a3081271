//! Large bodies over TLS, byte for byte.

use harness::component::{Guest, Result, bytes};
use harness::server::{Request, Response, Server, pattern, routes, text};
use harness::tls::{Authority, ServerTls};
use hyper::StatusCode;

use super::connect;

const LARGE: usize = 20 << 20;

/// Uploads are compared, downloads made.
fn site(request: Request, earlier: usize) -> Response {
    if request.uri().path() != "/compare" {
        return routes(request, earlier);
    }
    let same = *request.body() == pattern(LARGE);
    text(StatusCode::OK, if same { "same" } else { "other" })
}

fn transfer(configure: impl for<'a> Fn(ServerTls<'a>) -> ServerTls<'a>) -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let identity = authority.issue(&["localhost"]);
    let server = Server::start(site, Some(configure(ServerTls::new(&identity)).build()));
    let context = guest.context_trusting(&authority.pem())?;
    let connection = connect(&guest, "localhost", server.port(), &context);
    for path in [format!("/bytes/{LARGE}"), format!("/chunked/{LARGE}")] {
        let response = connection.fetch("GET", &path)?;
        assert!(response.read(None)? == pattern(LARGE), "{path}");
    }
    for body in [bytes(pattern(LARGE)), Some(guest.stream(pattern(LARGE)))] {
        connection.request("PUT", "/compare", body, &[])?;
        assert_eq!(connection.get_response()?.read(None)?, b"same");
    }
    assert_eq!(server.connections(), 1);
    Ok(())
}

#[test]
fn carries_large_bodies_over_tls_1_2() -> Result<()> {
    transfer(|tls| tls.tls12_only())
}

#[test]
fn carries_large_bodies_over_tls_1_3() -> Result<()> {
    transfer(|tls| tls.tls13_only())
}

#[test]
fn reads_a_large_body_in_pieces_of_any_size() -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let server = Server::https(ServerTls::new(&authority.issue(&["localhost"])).build());
    let context = guest.context_trusting(&authority.pem())?;
    let connection = connect(&guest, "localhost", server.port(), &context);
    let expected = pattern(1 << 20);
    let response = connection.fetch("GET", "/bytes/1048576")?;
    let mut received = Vec::new();
    for size in [1, 16_383, 16_384, 16_385, 65_536, 100_000].iter().cycle() {
        let piece = response.read(Some(*size))?;
        if piece.is_empty() {
            break;
        }
        received.extend(piece);
    }
    assert!(received == expected);
    Ok(())
}
