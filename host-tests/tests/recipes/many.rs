//! Exchanges at once do not wait for each other. How many there may be, `tests/consumers` shows.

use std::thread;

use harness::peer::{Ending, Peer, Port, Step};

use super::run::recipe;
use super::{OK, at};

#[test]
fn a_slow_answer_holds_up_no_other() {
    let slow = vec![Step::AwaitHead, Step::AwaitSignal, Step::send(OK)];
    let fast = vec![Step::AwaitHead, Step::send(OK), Step::AwaitEnd];
    let peer = Peer::script(vec![slow, fast]);
    let server = at(peer.port());
    let printed = thread::scope(|scope| {
        let running = scope.spawn(|| recipe(&["many", &server, "2"]).prints());
        // It is done with the second while the first still waits.
        assert_eq!(peer.ending(1), Ending::Done);
        peer.signal();
        running.join().expect("it prints")
    });
    assert_eq!(printed, "2 of 2 are 200\n");
}

#[test]
fn an_error_ends_it() {
    let port = Port::closed();
    let said = recipe(&["many", &at(port.number()), "3"]).fails();
    assert!(said.contains("refused"), "{said}");
}
