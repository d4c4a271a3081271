//! Three ways to be slow, and none.

use std::time::{Duration, Instant};

use harness::peer::{Peer, Port, Step};

use super::run::recipe;
use super::{OK, at};

/// The recipe's limits.
const STEP: Duration = Duration::from_secs(1);
const WHOLE: Duration = Duration::from_secs(3);

/// What it prints about this server, and how long that takes.
fn fetch(port: u16) -> (String, Duration) {
    let server = at(port);
    let run = recipe(&["time", &server]);
    let begin = Instant::now();
    let printed = run.prints();
    (printed.replace(&server, "SERVER"), begin.elapsed())
}

#[test]
fn says_how_much_came_in_time() {
    let peer = Peer::reply(OK);
    assert_eq!(fetch(peer.port()).0, "2 bytes in time\n");
}

#[test]
fn gives_up_a_server_that_takes_no_connections() {
    let port = Port::silent();
    let (printed, took) = fetch(port.number());
    assert_eq!(printed, "nobody answers at SERVER\n");
    assert!(took >= STEP, "{took:?}");
}

#[test]
fn gives_up_a_step_that_takes_too_long() {
    let peer = Peer::script(vec![vec![Step::AwaitHead, Step::Hold]]);
    let (printed, took) = fetch(peer.port());
    assert_eq!(printed, "SERVER is too slow: Phase::Receive\n");
    assert!(took >= STEP, "{took:?}");
}

#[test]
fn gives_up_an_exchange_whose_steps_are_short_and_many() {
    let drip = Step::Send(vec![b"x".to_vec(); 60], STEP / 10);
    let reply = vec![Step::AwaitHead, Step::send("HTTP/1.1 200 OK\r\n\r\n"), drip];
    let peer = Peer::script(vec![reply]);
    let (printed, took) = fetch(peer.port());
    assert_eq!(printed, "SERVER is too slow: Phase::Receive\n");
    assert!(took >= WHOLE, "{took:?}");
}
