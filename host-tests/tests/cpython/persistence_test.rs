//! `PersistenceTest`: which connections are used again.

use harness::component::{Error, Guest, HttpException, Phase, Result, SocketErrorCode};
use harness::peer::{Peer, Step};

use crate::support::connect;

#[test]
fn test_reuse_reconnect() -> Result<()> {
    for (version, header, reuse) in [
        ("1.0", "", false),
        ("1.0", "Connection: keep-alive\r\n", true),
        ("1.1", "", true),
        ("1.1", "Connection: close\r\n", false),
        ("1.0", "Connection: keep-ALIVE\r\n", true),
        ("1.1", "Connection: cloSE\r\n", false),
    ] {
        let reply = format!("HTTP/{version} 200 OK\r\n{header}Content-Length: 5\r\n\r\nDummy");
        let answers = Step::answers(&[reply.as_bytes(), reply.as_bytes()]);
        let peer = Peer::script(vec![answers.clone(), answers]);
        let connection = connect(&Guest::new(), &peer)?;
        for _ in 0..2 {
            let response = connection.fetch("GET", "/")?;
            assert_eq!(response.will_close(), !reuse, "{version} {header:?}");
            assert_eq!(response.read(None)?, b"Dummy");
        }
        let connections = if reuse { 1 } else { 2 };
        assert_eq!(peer.connections(), connections, "{version} {header:?}");
    }
    Ok(())
}

#[test]
fn test_disconnected() -> Result<()> {
    for ending in [Step::HalfClose, Step::Reset] {
        let peer = Peer::script(vec![
            vec![Step::AwaitHead, ending.clone()],
            Step::answers(&[b"HTTP/1.1 204 No Content\r\n\r\n"]),
        ]);
        let connection = connect(&Guest::new(), &peer)?;
        let error = connection.fetch("GET", "/").err().expect("no reply");
        match (ending, error) {
            (Step::HalfClose, Error::Http(HttpException::RemoteDisconnected)) => {}
            (Step::Reset, Error::Socket(error)) => {
                assert_eq!(error.phase, Phase::Receive);
                assert!(matches!(error.code, SocketErrorCode::ConnectionReset));
            }
            (ending, error) => panic!("{ending:?} led to {error:?}"),
        }
        assert_eq!(connection.fetch("GET", "/reconnect")?.status(), 204);
        assert_eq!(peer.connections(), 2);
    }
    Ok(())
}

#[test]
fn test_100_close() -> Result<()> {
    let peer = Peer::script(vec![
        Step::answers(&[b"HTTP/1.1 100 Continue\r\n\r\n"]),
        Step::answers(&[b"HTTP/1.1 204 No Content\r\n\r\n"]),
    ]);
    let connection = connect(&Guest::new(), &peer)?;
    connection.request("GET", "/", None, &[("Expect", "100-continue")])?;
    let error = connection.get_response().err();
    assert_eq!(error, Some(Error::Http(HttpException::RemoteDisconnected)));
    assert_eq!(connection.fetch("GET", "/reconnect")?.status(), 204);
    assert_eq!(peer.connections(), 2);
    Ok(())
}
