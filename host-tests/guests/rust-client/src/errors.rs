//! What went wrong.

use std::error::Error as _;
use std::io;
use std::time::Duration;

use httplib::{Body, Connection, Error, HttpException, PemSource, TlsContext, TlsError};

use crate::Checked;

/// Nobody listens at the server's address.
pub fn are_one_line_in_pythons_words(server: &str) -> Checked {
    let refused = Connection::http(server)?
        .get("/")
        .send()
        .expect_err("nobody is there");
    assert!(
        refused.to_string().contains("Connection refused"),
        "{refused}"
    );
    assert!(refused.is_temporary());
    assert!(refused.source().is_none());
    let url = httplib::get("nowhere").send().expect_err("it is no URL");
    assert!(
        matches!(url, Error::Http(HttpException::InvalidUrl(_))),
        "{url:?}"
    );
    assert!(!url.is_temporary());
    let text = Error::from(HttpException::RemoteDisconnected).to_string();
    assert_eq!(
        text,
        "RemoteDisconnected: Remote end closed connection without response"
    );
    let body = Error::Body(io::Error::other("the disk is gone"));
    let source = body.source().expect("it has a source");
    assert_eq!(source.to_string(), "the disk is gone");
    Ok(())
}

pub fn have_a_kind_for_who_reads(server: &str) -> Checked {
    let refused = Connection::http(server)?
        .connect()
        .expect_err("nobody is there");
    let error = io::Error::from(refused);
    assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
    assert!(error.get_ref().is_some_and(|inner| inner.is::<Error>()));
    Ok(())
}

pub fn of_arguments_come_before_anything_is_sent(server: &str) -> Checked {
    let connection = Connection::http(server)?;
    let broken = connection.get("/").header("X", "a\r\nY: b").send();
    assert!(matches!(broken, Err(Error::Value(_))), "{broken:?}");
    let space = connection.get("/a b").send();
    assert!(
        matches!(space, Err(Error::Http(HttpException::InvalidUrl(_)))),
        "{space:?}"
    );
    let port = Connection::http("localhost:x").map(drop);
    assert!(
        matches!(port, Err(Error::Http(HttpException::InvalidUrl(_)))),
        "{port:?}"
    );
    let never = Connection::builder().timeout(Duration::ZERO);
    let never = never.get("http://localhost/").send();
    assert!(matches!(never, Err(Error::Value(_))), "{never:?}");
    let body = Body::reader(io::empty());
    let broken = connection.put("/").header("X", "\0").body(body).send();
    assert!(matches!(broken, Err(Error::Value(_))), "{broken:?}");

    let context = TlsContext::create_bare();
    let nobody = Connection::builder()
        .tls(&context)
        .https("localhost")
        .map(drop);
    assert!(
        matches!(nobody, Err(Error::Tls(TlsError::Configuration(_)))),
        "{nobody:?}"
    );
    let missing = context.load_verify_locations(PemSource::Path("/nowhere"));
    assert!(matches!(missing, Err(Error::File(_))), "{missing:?}");
    let empty = context.load_verify_locations(b"nothing".as_slice());
    assert!(
        matches!(empty, Err(Error::Tls(TlsError::Configuration(_)))),
        "{empty:?}"
    );
    assert!(matches!(context.add_pin(b"short"), Err(Error::Value(_))));
    Ok(())
}
