//! `connect`, `close`, and what `set-debuglevel` prints.

use harness::component::{Error, Guest, HttpException, Result, bytes};
use harness::peer::{Ending, Peer, Step};

use super::exchange::{HELLO, NO_CONTENT, assert_matches, connect, received};

#[test]
fn connect_opens_the_connection_that_the_request_uses() -> Result<()> {
    let (guest, peer) = (Guest::new(), Peer::reply(NO_CONTENT));
    let connection = connect(&guest, &peer);
    connection.connect()?;
    peer.wait(|seen| seen.len() == 1);
    assert_eq!(connection.fetch("GET", "/")?.status(), 204);
    assert_eq!(peer.connections(), 1);
    Ok(())
}

#[test]
fn connect_does_nothing_when_it_is_open() -> Result<()> {
    let (guest, peer) = (Guest::new(), Peer::reply(NO_CONTENT));
    let connection = connect(&guest, &peer);
    connection.connect()?;
    connection.connect()?;
    assert_eq!(connection.fetch("GET", "/")?.status(), 204);
    assert_eq!(peer.connections(), 1);
    Ok(())
}

#[test]
fn close_closes_the_socket() -> Result<()> {
    let (guest, peer) = (Guest::new(), Peer::script(vec![vec![Step::AwaitEnd]]));
    let connection = connect(&guest, &peer);
    connection.connect()?;
    connection.close();
    assert_eq!(peer.ending(0), Ending::Done);
    Ok(())
}

#[test]
fn dropping_the_connection_closes_the_socket() -> Result<()> {
    let (guest, peer) = (Guest::new(), Peer::script(vec![vec![Step::AwaitEnd]]));
    let connection = connect(&guest, &peer);
    connection.connect()?;
    drop(connection);
    assert_eq!(peer.ending(0), Ending::Done);
    Ok(())
}

#[test]
fn close_may_be_called_at_any_time() {
    let (guest, peer) = (Guest::new(), Peer::reply(NO_CONTENT));
    let connection = connect(&guest, &peer);
    connection.close();
    connection.close();
}

#[test]
fn a_closed_connection_opens_again_for_the_next_request() -> Result<()> {
    let script = vec![Step::answers(&[HELLO]), Step::answers(&[NO_CONTENT])];
    let (guest, peer) = (Guest::new(), Peer::script(script));
    let connection = connect(&guest, &peer);
    assert_eq!(connection.fetch("GET", "/")?.read(None)?, b"hello");
    connection.close();
    assert_eq!(connection.fetch("GET", "/")?.status(), 204);
    assert_eq!(peer.connections(), 2);
    Ok(())
}

#[test]
fn a_closed_connection_connects_again() -> Result<()> {
    let script = vec![vec![Step::AwaitEnd], vec![Step::AwaitEnd]];
    let (guest, peer) = (Guest::new(), Peer::script(script));
    let connection = connect(&guest, &peer);
    connection.connect()?;
    connection.close();
    connection.connect()?;
    peer.wait(|seen| seen.len() == 2);
    Ok(())
}

#[test]
fn close_forgets_a_request_under_way() -> Result<()> {
    let script = vec![vec![Step::AwaitHead], Step::answers(&[NO_CONTENT])];
    let (guest, peer) = (Guest::new(), Peer::script(script));
    let connection = connect(&guest, &peer);
    connection.request("GET", "/forgotten", None, &[])?;
    connection.close();
    assert_eq!(connection.fetch("GET", "/")?.status(), 204);
    connection.close();
    assert!(received(&peer, 1).starts_with("GET / HTTP/1.1\r\n"));
    Ok(())
}

#[test]
fn an_unread_response_of_a_closed_connection_is_not_connected() -> Result<()> {
    let (guest, peer) = (
        Guest::new(),
        Peer::script(vec![vec![
            Step::AwaitHead,
            Step::send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello"),
            Step::AwaitEnd,
        ]]),
    );
    let connection = connect(&guest, &peer);
    let response = connection.fetch("GET", "/")?;
    assert_eq!(response.read(Some(2))?, b"he");
    connection.close();
    assert_matches!(
        response.read(None),
        Err(Error::Http(HttpException::NotConnected))
    );
    Ok(())
}

#[test]
fn a_response_stays_readable_without_its_connection() -> Result<()> {
    let (guest, peer) = (Guest::new(), Peer::reply(HELLO));
    let connection = connect(&guest, &peer);
    let response = connection.fetch("GET", "/")?;
    drop(connection);
    assert_eq!(response.read(None)?, b"hello");
    Ok(())
}

/// What a connection with this debug level prints when it posts `body` and gets [`HELLO`].
fn printed(level: Option<u32>) -> Result<String> {
    let (guest, peer) = (Guest::new(), Peer::reply(HELLO));
    let connection = connect(&guest, &peer);
    if let Some(level) = level {
        connection.set_debuglevel(level);
    }
    connection.request("POST", "/form", bytes("body"), &[("X-Quote", "it's")])?;
    connection.get_response()?.read(None)?;
    let printed = guest.stderr();
    Ok(printed.replace(&peer.address().to_string(), "peer"))
}

#[test]
fn prints_nothing_by_default() -> Result<()> {
    assert_eq!(printed(None)?, "");
    Ok(())
}

#[test]
fn prints_nothing_at_level_0() -> Result<()> {
    assert_eq!(printed(Some(0))?, "");
    Ok(())
}

#[test]
fn prints_what_it_sends_at_level_1() -> Result<()> {
    let printed = printed(Some(1))?;
    let head = "send: 'POST /form HTTP/1.1\\r\\nHost: peer\\r\\nAccept-Encoding: identity\\r\\n\
        Content-Length: 4\\r\\nX-Quote: it\\'s\\r\\n\\r\\n'\n";
    assert!(printed.contains(head), "{printed}");
    assert!(printed.contains("send: 'body'\n"), "{printed}");
    Ok(())
}

#[test]
fn prints_the_status_line_at_level_1() -> Result<()> {
    let printed = printed(Some(1))?;
    assert!(
        printed.contains("reply: 'HTTP/1.1 200 OK\\r\\n'\n"),
        "{printed}"
    );
    Ok(())
}

#[test]
fn prints_each_header_at_level_1() -> Result<()> {
    let printed = printed(Some(1))?;
    assert!(printed.contains("header: Content-Length: 5\n"), "{printed}");
    Ok(())
}

#[test]
fn prints_the_same_at_higher_levels() -> Result<()> {
    let lines = |level| -> Result<usize> { Ok(printed(Some(level))?.lines().count()) };
    assert_eq!(lines(7)?, lines(1)?);
    Ok(())
}

#[test]
fn falls_silent_at_level_0_again() -> Result<()> {
    let (guest, peer) = (Guest::new(), Peer::replies(&[NO_CONTENT, NO_CONTENT]));
    let connection = connect(&guest, &peer);
    connection.set_debuglevel(1);
    connection.fetch("GET", "/first")?;
    connection.set_debuglevel(0);
    connection.fetch("GET", "/second")?;
    let printed = guest.stderr();
    assert!(printed.contains("/first") && !printed.contains("/second"));
    Ok(())
}
