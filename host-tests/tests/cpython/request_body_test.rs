//! `RequestBodyTest`: how each kind of body arrives.

use std::io::Write;

use harness::component::{Body, Guest, Result, bytes};
use tempfile::NamedTempFile;

use crate::support::{Sent, is_value, iterable, limited, sent, sent_by};

fn put(guest: &Guest, body: Body) -> Result<Sent> {
    sent_by(guest, &limited(), |it| {
        it.request("PUT", "/url", Some(body), &[])
    })
}

/// What a body of known length looks like; nothing guesses its type.
fn assert_plain(sent: &Sent, body: &[u8]) {
    assert_eq!(sent.body, body);
    assert_eq!(sent.all("Content-Length"), [body.len().to_string()]);
    assert!(sent.all("Transfer-Encoding").is_empty());
    assert!(sent.all("Content-Type").is_empty());
}

fn file(contents: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().expect("a folder for temporary files");
    file.write_all(contents).expect("room for some bytes");
    file
}

#[test]
fn test_list_body() -> Result<()> {
    let guest = Guest::new();
    let sent = put(&guest, iterable(&guest, &["foo", "bar"]))?;
    assert_eq!(sent.body, b"3\r\nfoo\r\n3\r\nbar\r\n0\r\n\r\n");
    assert_eq!(sent.all("Transfer-Encoding"), ["chunked"]);
    assert!(sent.all("Content-Length").is_empty());
    Ok(())
}

/// The decisions: a wrong length is refused before a byte is sent. CPython sends it as it is.
#[test]
fn test_manual_content_length() -> Result<()> {
    let connection = Guest::new().http("127.0.0.1", 9, None)?;
    let headers = [("Content-Length", "42")];
    let result = connection.request("PUT", "/url", bytes("body"), &headers);
    assert!(is_value(&result), "{result:?}");
    let sent = sent(|it| it.request("PUT", "/url", bytes("body"), &[("Content-Length", "4")]))?;
    assert_plain(&sent, b"body");
    Ok(())
}

#[test]
fn test_ascii_body() -> Result<()> {
    assert_plain(
        &put(&Guest::new(), bytes("body").expect("a body"))?,
        b"body",
    );
    Ok(())
}

/// Bodies are bytes; whoever has text encodes it.
#[test]
fn test_latin1_body() -> Result<()> {
    let body = "body\u{c1}"
        .chars()
        .map(|it| u8::try_from(u32::from(it)).expect("Latin-1"));
    let body: Vec<u8> = body.collect();
    assert_plain(
        &put(&Guest::new(), bytes(&body).expect("a body"))?,
        b"body\xc1",
    );
    Ok(())
}

#[test]
fn test_bytes_body() -> Result<()> {
    assert_plain(
        &put(&Guest::new(), bytes(b"body\xc1").expect("a body"))?,
        b"body\xc1",
    );
    Ok(())
}

/// As in 2.7 and the reference: a file's size is its length. Main sends chunks.
#[test]
fn test_text_file_body() -> Result<()> {
    let (guest, file) = (Guest::new(), file(b"body"));
    assert_plain(&put(&guest, guest.file(file.path()))?, b"body");
    Ok(())
}

/// As in 2.7 and the reference: a file's size is its length. Main sends chunks.
#[test]
fn test_binary_file_body() -> Result<()> {
    let (guest, file) = (Guest::new(), file(b"body\xc1"));
    assert_plain(&put(&guest, guest.file(file.path()))?, b"body\xc1");
    Ok(())
}
