//! `TransferEncodingTest`: bodies of unknown length.

use harness::component::{Body, Guest, Result, bytes};

use crate::support::{iterable, limited, sent_by};

const BODY: &str = "Three small pieces";
const PIECES: [&str; 3] = ["Three ", "small ", "pieces"];

/// The component chunks a body of unknown length without being asked to.
#[test]
fn test_endheaders_chunked() -> Result<()> {
    let guest = Guest::new();
    let sent = sent_by(&guest, &limited(), |it| {
        it.put_request("POST", "/")?;
        it.set_encode_chunked(true);
        it.end_headers(Some(iterable(&guest, &PIECES)))
    })?;
    assert_eq!(sent.dechunked(), BODY.as_bytes());
    assert_eq!(sent.all("Transfer-Encoding"), ["chunked"]);
    Ok(())
}

#[test]
fn test_explicit_headers() -> Result<()> {
    let own = [("Transfer-Encoding", "chunked")];
    let bodies: [fn(&Guest) -> Body; 2] = [
        |guest| iterable(guest, &PIECES),
        |_| bytes(BODY).expect("a body"),
    ];
    for body in bodies {
        let guest = Guest::new();
        let sent = sent_by(&guest, &limited(), |it| {
            it.request("POST", "/", Some(body(&guest)), &own)
        })?;
        assert_eq!(sent.all("Transfer-Encoding"), ["chunked"]);
        assert!(sent.all("Content-Length").is_empty());
        assert_eq!(
            sent.body,
            BODY.as_bytes(),
            "the chunks are the caller's own"
        );
    }

    let guest = Guest::new();
    let sent = sent_by(&guest, &limited(), |it| {
        it.set_encode_chunked(true);
        let body = iterable(&guest, &PIECES);
        it.request(
            "POST",
            "/",
            Some(body),
            &[("Transfer-Encoding", "gzip, chunked")],
        )
    })?;
    assert_eq!(sent.all("Transfer-Encoding"), ["gzip, chunked"]);
    assert!(sent.all("Content-Length").is_empty());
    assert_eq!(sent.dechunked(), BODY.as_bytes());
    Ok(())
}

#[test]
fn test_request() -> Result<()> {
    let with_empty = ["Three ", "", "small ", "", "pieces"];
    for pieces in [&PIECES[..], &with_empty] {
        let guest = Guest::new();
        let sent = sent_by(&guest, &limited(), |it| {
            it.request("POST", "/", Some(iterable(&guest, pieces)), &[])
        })?;
        assert_eq!(sent.dechunked(), BODY.as_bytes());
        assert_eq!(sent.all("Transfer-Encoding"), ["chunked"]);
        assert!(sent.all("Content-Length").is_empty());
    }
    Ok(())
}

#[test]
fn test_empty_body() -> Result<()> {
    let guest = Guest::new();
    let sent = sent_by(&guest, &limited(), |it| {
        it.request("POST", "/", Some(iterable(&guest, &[])), &[])
    })?;
    assert_eq!(sent.all("Transfer-Encoding"), ["chunked"]);
    assert!(sent.all("Content-Length").is_empty());
    assert_eq!(sent.body, b"0\r\n\r\n");
    Ok(())
}
