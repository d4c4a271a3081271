//! `TimeoutTest`: the timeout is the one that was given. It has no getter; what it does is seen.

use std::time::{Duration, Instant};

use harness::component::{ConnectionOptions, Error, Guest, Phase, Result};
use harness::peer::{Peer, Step};

const LATE: Duration = Duration::from_millis(300);

/// There is no global default, which is None in CPython too: without a timeout a call waits.
#[test]
fn test_timeout_attribute() -> Result<()> {
    let late = vec![
        Step::AwaitHead,
        Step::Pause(LATE),
        Step::send("HTTP/1.1 204 No Content\r\n\r\n"),
    ];
    let peer = Peer::script(vec![late.clone(), late]);
    let guest = Guest::new();
    let patient = guest.http("127.0.0.1", peer.port(), None)?;
    assert_eq!(patient.fetch("GET", "/")?.status(), 204);

    let options = ConnectionOptions {
        timeout: Some(30_000_000),
        ..ConnectionOptions::default()
    };
    let hasty = guest.http("127.0.0.1", peer.port(), Some(&options))?;
    hasty.request("GET", "/", None, &[])?;
    let begin = Instant::now();
    assert_eq!(
        hasty.get_response().err(),
        Some(Error::TimedOut(Phase::Receive))
    );
    assert!(begin.elapsed() >= Duration::from_millis(30));
    Ok(())
}
