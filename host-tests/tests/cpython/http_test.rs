//! `HTTPTest`: what is left of the class `HTTP`, which is older than the reference.

use harness::component::{ConnectionOptions, Guest, Result};
use harness::peer::{Peer, Step};

/// The legacy class wraps a connection to the same host and port.
#[test]
fn test_http_connection() -> Result<()> {
    let peer = Peer::script(vec![vec![Step::AwaitEnd]]);
    let options = ConnectionOptions {
        strict: Some(true),
        ..ConnectionOptions::default()
    };
    let connection = Guest::new().http("127.0.0.1", peer.port(), Some(&options))?;
    connection.connect()?;
    peer.wait(|seen| seen.len() == 1);
    connection.close();
    Ok(())
}
