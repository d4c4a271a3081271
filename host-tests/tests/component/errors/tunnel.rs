//! A proxy that refuses.

use harness::component::{Error, Guest, Result, TunnelRefusal};
use harness::peer::Step;

use crate::support::{OK, failure, once};

/// The refusal that this reply makes. The next request opens the tunnel.
fn refusal(steps: Vec<Step>) -> TunnelRefusal {
    let guest = Guest::new();
    let tunnel = [b"HTTP/1.1 200 OK\r\n\r\n".as_slice(), OK];
    let peer = harness::peer::Peer::script(vec![steps, Step::answers(&tunnel)]);
    let connection = guest.http("127.0.0.1", peer.port(), None).expect("valid");
    connection
        .set_tunnel("example.com", None, &[])
        .expect("a valid host");
    let error = failure(connection.fetch("GET", "/"));
    crate::support::assert_recovers(&guest, &connection, &peer);
    match error {
        Error::Tunnel(refusal) => refusal,
        other => panic!("no refusal: {other:?}"),
    }
}

#[test]
fn a_refusal_has_status_reason_headers_and_body() {
    let refusal = refusal(Step::answers(&[
        b"HTTP/1.1 407 Proxy Authentication Required\r\n\
          Proxy-Authenticate: Basic realm=\"p\"\r\n\
          Content-Length: 5\r\n\r\nwho?\n",
    ]));
    assert_eq!(refusal.status, 407);
    assert_eq!(refusal.reason, "Proxy Authentication Required");
    let headers = [
        ("Proxy-Authenticate", "Basic realm=\"p\""),
        ("Content-Length", "5"),
    ];
    assert_eq!(
        refusal.headers,
        headers.map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
    assert_eq!(refusal.body, b"who?\n");
}

#[test]
fn a_refusal_whose_body_is_chunked_is_decoded() {
    let refusal = refusal(Step::answers(&[
        b"HTTP/1.1 503 Busy\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nnot\r\n4\r\n now\r\n0\r\n\r\n",
    ]));
    assert_eq!((refusal.status, refusal.reason.as_str()), (503, "Busy"));
    assert_eq!(refusal.body, b"not now");
}

#[test]
fn a_refusal_whose_body_is_cut_short_has_what_came() {
    let refusal = refusal(Step::answers(&[
        b"HTTP/1.1 403 Forbidden\r\nContent-Length: 100\r\n\r\nno",
    ]));
    assert_eq!((refusal.status, refusal.body.as_slice()), (403, &b"no"[..]));
}

#[test]
fn a_refusal_has_no_more_of_its_body_than_64_kib() {
    let mut reply = b"HTTP/1.1 500 Sorry\r\n\r\n".to_vec();
    reply.resize(reply.len() + 200_000, b'x');
    let refusal = refusal(Step::answers(&[&reply]));
    assert_eq!(refusal.body.len(), 65_536);
}

#[test]
fn a_redirect_is_a_refusal() {
    let refusal = refusal(Step::answers(&[
        b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n",
    ]));
    assert_eq!(refusal.status, 302);
}

#[test]
fn a_refusal_that_is_never_finished_is_told_when_the_timeout_passes() -> Result<()> {
    let guest = Guest::new();
    let peer = once(vec![
        Step::AwaitHead,
        Step::send("HTTP/1.1 407 Who\r\nContent-Length: 100\r\n\r\nno"),
        Step::Hold,
    ]);
    let options = harness::component::ConnectionOptions {
        timeout: Some(100_000_000),
        ..Default::default()
    };
    let connection = guest.http("127.0.0.1", peer.port(), Some(&options))?;
    connection.set_tunnel("example.com", None, &[])?;
    let Error::Tunnel(refusal) = failure(connection.connect()) else {
        panic!("no refusal")
    };
    assert_eq!((refusal.status, refusal.body.as_slice()), (407, &b"no"[..]));
    guest.assert_works();
    Ok(())
}
