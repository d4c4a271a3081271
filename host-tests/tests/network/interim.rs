//! Interim responses and trailers, as the caller sees them.

use harness::component::{Guest, Response, Result};
use harness::peer::{Peer, Step};

use crate::support::{OK, connect, nonblocking, patiently};

const HINTS: &str = "HTTP/1.1 103 Early Hints\r\n\
    Link: </a.css>; rel=preload\r\nLink: </b.js>; rel=preload\r\n\r\n";
const PROCESSING: &str = "HTTP/1.1 102 Processing\r\n\r\n";

type Headers = Vec<(String, String)>;

/// Status, reason and headers of each.
fn interim(response: &Response) -> Vec<(u16, String, Headers)> {
    let shown = |it: harness::component::InterimResponse| (it.status, it.reason, it.headers);
    response
        .interim_responses()
        .into_iter()
        .map(shown)
        .collect()
}

fn link(value: &str) -> (String, String) {
    ("Link".to_owned(), format!("<{value}>; rel=preload"))
}

#[test]
fn early_hints_are_readable_in_their_order() -> Result<()> {
    let reply = [PROCESSING, HINTS, HINTS, &String::from_utf8_lossy(OK)].concat();
    let (guest, peer) = (Guest::new(), Peer::reply(reply));
    let response = connect(&guest, &peer).fetch("GET", "/")?;
    assert_eq!(response.read(None)?, b"ok");
    let processing = (102, "Processing".to_owned(), Vec::new());
    let hints = (
        103,
        "Early Hints".to_owned(),
        vec![link("/a.css"), link("/b.js")],
    );
    assert_eq!(interim(&response), [processing, hints.clone(), hints]);
    assert_eq!(response.get_header("Link", None), None);
    Ok(())
}

#[test]
fn early_hints_belong_to_their_response() -> Result<()> {
    let hinted = [HINTS, &String::from_utf8_lossy(OK)].concat();
    let (guest, peer) = (Guest::new(), Peer::replies(&[hinted.as_bytes(), OK]));
    let connection = connect(&guest, &peer);
    let first = connection.fetch("GET", "/")?;
    first.read(None)?;
    let second = connection.fetch("GET", "/")?;
    assert_eq!((interim(&first).len(), interim(&second).len()), (1, 0));
    Ok(())
}

#[test]
fn early_hints_come_bytewise_without_blocking() -> Result<()> {
    let reply = [HINTS, &String::from_utf8_lossy(OK)].concat();
    let steps = vec![Step::AwaitHead, Step::bytewise(reply)];
    let (guest, peer) = (Guest::new(), Peer::script(vec![steps]));
    let connection = guest.http("127.0.0.1", peer.port(), Some(&nonblocking()))?;
    let request = || connection.request("GET", "/", None, &[]);
    patiently(|| connection.subscribe(), request)?;
    let response = patiently(|| connection.subscribe(), || connection.get_response())?;
    assert_eq!(interim(&response).len(), 1);
    assert_eq!(response.status(), 200);
    Ok(())
}

const CHUNKS: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n";

#[test]
fn trailers_are_readable_behind_the_body() -> Result<()> {
    let trailers = "X-Sum: 7\r\nx-sum:8 \r\n\r\n";
    let (guest, peer) = (Guest::new(), Peer::reply([CHUNKS, trailers].concat()));
    let response = connect(&guest, &peer).fetch("GET", "/")?;
    assert_eq!(response.read(Some(1))?, b"o");
    assert_eq!(response.trailers(), None);
    assert_eq!(response.read(None)?, b"k");
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let expected = vec![pair("X-Sum", "7"), pair("x-sum", "8")];
    assert_eq!(response.trailers(), Some(expected));
    assert_eq!(response.get_header("X-Sum", None), None);
    Ok(())
}

#[test]
fn trailers_are_none_in_a_body_that_was_cut() -> Result<()> {
    let (guest, peer) = (Guest::new(), Peer::reply([CHUNKS, "X-Sum: 7\r\n"].concat()));
    let response = connect(&guest, &peer).fetch("GET", "/")?;
    assert!(response.read(None).is_err());
    assert_eq!(response.trailers(), None);
    Ok(())
}
