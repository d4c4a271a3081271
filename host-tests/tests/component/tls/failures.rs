//! Peers that do not speak TLS, or stop speaking it.

use harness::component::{
    Error, Guest, HttpException, IncompleteRead, Phase, Response, Result, SocketError,
    SocketErrorCode, TlsError,
};
use harness::peer::{Peer, Step};
use harness::tls::{Authority, ServerTls};

use super::{cause, connect, refused};
use crate::support::{OK, assert_recovers, failure};

/// The first bytes of a ClientHello, so that the peer's answer is one.
const HELLO: usize = 64;

/// The cause of a failure with a peer that answers the ClientHello so, and ends.
fn answered(reply: impl AsRef<[u8]>) -> Error {
    refused(
        &Authority::new(),
        vec![Step::AwaitBytes(HELLO), Step::send(reply)],
    )
}

#[test]
fn says_what_came_where_the_peer_speaks_plain_http() {
    let cause = cause(answered("HTTP/1.1 400 Bad Request\r\n\r\n"));
    let TlsError::Protocol(text) = cause else {
        panic!("{cause:?}")
    };
    assert!(text.contains("HTTP/1.1 400 Bad Request"), "{text}");
}

#[test]
fn says_what_came_where_the_peer_speaks_first() {
    let steps = vec![Step::send("220 smtp.example ESMTP\r\n")];
    let cause = cause(refused(&Authority::new(), steps));
    let TlsError::Protocol(text) = cause else {
        panic!("{cause:?}")
    };
    assert!(text.contains("220 smtp.example ESMTP"), "{text}");
}

#[test]
fn says_protocol_for_garbage() {
    for garbage in [&[0_u8; 32][..], &[0xff; 32], b"\x16\x03\x03\xff\xff"] {
        let cause = cause(answered(garbage));
        assert!(matches!(cause, TlsError::Protocol(_)), "{cause:?}");
    }
}

#[test]
fn says_protocol_for_a_record_that_is_no_server_hello() {
    let cause = cause(answered(b"\x16\x03\x03\x00\x04\x02\x00\x00\x00"));
    assert!(matches!(cause, TlsError::Protocol(_)), "{cause:?}");
}

#[test]
fn says_truncated_where_the_peer_closes_during_the_handshake() {
    for part in ["", "\x16\x03", "\x16\x03\x03\x00\x40\x02"] {
        let cause = cause(answered(part));
        assert!(matches!(cause, TlsError::Truncated(_)), "{cause:?}");
    }
}

#[test]
fn says_reset_where_the_peer_resets_during_the_handshake() {
    let steps = vec![Step::AwaitBytes(HELLO), Step::Reset];
    let reset = SocketError::new(Phase::Handshake, SocketErrorCode::ConnectionReset);
    let error = refused(&Authority::new(), steps);
    assert_eq!(error, Error::Socket(reset));
}

#[test]
fn says_handshake_alert_with_its_name() {
    let cause = cause(answered(b"\x15\x03\x03\x00\x02\x02\x46"));
    let TlsError::HandshakeAlert(text) = cause else {
        panic!("{cause:?}")
    };
    assert!(text.contains("protocol_version"), "{text}");
}

#[test]
fn says_handshake_alert_where_no_application_protocol_is_shared() {
    let authority = Authority::new();
    let identity = authority.issue(&["localhost"]);
    let config = ServerTls::new(&identity).alpn(&["h2"]).build();
    let cause = cause(refused(&authority, vec![Step::StartTls(config)]));
    let TlsError::HandshakeAlert(text) = cause else {
        panic!("{cause:?}")
    };
    assert!(text.contains("no_application_protocol"), "{text}");
}

/// What a response makes of a connection that is cut after `reply`, without `close_notify`; over both
/// versions. The connection goes on.
fn cut_after(reply: &str, read: impl Fn(Result<Response>) -> Result<Vec<u8>>) -> Result<Vec<u8>> {
    let authority = Authority::new();
    let identity = authority.issue(&["localhost"]);
    let tls = || ServerTls::new(&identity);
    let [older, newer] = [tls().tls12_only(), tls().tls13_only()].map(|tls| {
        let guest = Guest::new();
        let cut = vec![Step::AwaitHead, Step::send(reply), Step::Close];
        let peer = Peer::script_tls(tls.build(), vec![cut, Step::answers(&[OK])]);
        let context = guest.context_trusting(&authority.pem());
        let context = context.expect("a certificate");
        let connection = connect(&guest, "localhost", peer.port(), &context);
        let result = read(connection.fetch("GET", "/"));
        assert_recovers(&guest, &connection, &peer);
        result
    });
    assert_eq!(older, newer);
    newer
}

fn incomplete(partial: &str, expected: Option<u64>) -> Error {
    Error::Http(HttpException::IncompleteRead(IncompleteRead {
        partial: partial.into(),
        expected,
    }))
}

#[test]
fn does_without_a_goodbye_after_a_complete_length() {
    let body = cut_after(
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        |response| response?.read(None),
    );
    assert_eq!(body, Ok(b"hello".to_vec()));
}

#[test]
fn does_without_a_goodbye_after_the_last_chunk() {
    let body = cut_after(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        |response| response?.read(None),
    );
    assert_eq!(body, Ok(b"hello".to_vec()));
}

#[test]
fn says_incomplete_read_where_a_length_is_cut_short() {
    let reply = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello";
    let error = failure(cut_after(reply, |response| response?.read(None)));
    assert_eq!(error, incomplete("hello", Some(5)));
    let error = failure(cut_after(reply, |response| response?.read(Some(10))));
    assert_eq!(error, incomplete("hello", Some(5)));
}

#[test]
fn says_incomplete_read_where_a_chunk_is_cut_short() {
    let reply = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\nhello";
    let error = failure(cut_after(reply, |response| response?.read(None)));
    assert_eq!(error, incomplete("hello", None));
}

#[test]
fn says_truncated_where_the_body_ends_with_the_connection() {
    let reply = "HTTP/1.1 200 OK\r\n\r\nhello";
    let error = failure(cut_after(reply, |response| response?.read(None)));
    assert!(matches!(cause(error), TlsError::Truncated(_)));
    let kept = cut_after(reply, |response| {
        let response = response?;
        assert!(matches!(
            cause(failure(response.read(None))),
            TlsError::Truncated(_)
        ));
        response.read(Some(5))
    });
    assert_eq!(kept, Ok(b"hello".to_vec()));
}

#[test]
fn says_remote_disconnected_where_it_is_cut_before_the_head() {
    let error = failure(cut_after("", |response| response?.read(None)));
    assert_eq!(error, Error::Http(HttpException::RemoteDisconnected));
}

#[test]
fn says_truncated_where_it_is_cut_in_the_head() {
    let reply = "HTTP/1.1 200 OK\r\nContent-";
    let error = failure(cut_after(reply, |response| response?.read(None)));
    assert!(matches!(cause(error), TlsError::Truncated(_)));
}

/// With its goodbye a server ends the body as it would without TLS.
fn ended_after(reply: &str) -> Result<Vec<u8>> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let config = ServerTls::new(&authority.issue(&["localhost"])).build();
    let peer = Peer::reply_tls(config, reply);
    let context = guest.context_trusting(&authority.pem())?;
    let connection = connect(&guest, "localhost", peer.port(), &context);
    connection.fetch("GET", "/")?.read(None)
}

#[test]
fn ends_a_body_with_the_connection_after_a_goodbye() {
    let body = ended_after("HTTP/1.1 200 OK\r\n\r\nhello");
    assert_eq!(body, Ok(b"hello".to_vec()));
}

#[test]
fn says_incomplete_read_after_a_goodbye_that_came_too_early() {
    let body = ended_after("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
    assert_eq!(body, Err(incomplete("hello", Some(5))));
}

#[test]
fn says_remote_disconnected_after_a_goodbye_before_the_head() {
    let disconnected = Error::Http(HttpException::RemoteDisconnected);
    assert_eq!(ended_after(""), Err(disconnected));
}
