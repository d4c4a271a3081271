//! Memory and time. In each case another call succeeds meanwhile, and the host ends in order.

use harness::peer::{Peer, Step};
use harness::server::Server;

use crate::host::{Outcome, host, hostile_host};

/// A server, and the URL of its greeting.
fn greeting() -> (Server, String) {
    let server = Server::http();
    let url = format!("http://localhost:{}/", server.port());
    (server, url)
}

/// Asserts that the one was fetched while the other was still under way, which then was ended for this
/// reason; of several others, the last.
fn assert_ended(outcome: &Outcome, good: &str, bad: &str, reason: &str) {
    outcome.assert_order(&format!("{good}: "), &format!("{bad}: ended: {reason}"));
    assert!(
        outcome.output.contains("Hello from the test server."),
        "{outcome:?}"
    );
    assert!(!outcome.success, "{outcome:?}");
}

#[test]
fn a_body_larger_than_the_memory_is_not_read() {
    let (server, good) = greeting();
    let bad = format!("http://localhost:{}/bytes/100000000", server.port());
    let outcome = host(&["--allow", "localhost", "--memory", "8", &bad, &good]);
    let reason = format!("{bad}: ended: forcing trap when growing memory to ");
    assert!(outcome.output.contains(&reason), "{outcome:?}");
    outcome.assert_line(&format!("{good}: 200 OK"));
    assert!(!outcome.success, "{outcome:?}");
}

#[test]
fn a_plugin_that_grows_for_ever_is_ended() {
    let (_server, good) = greeting();
    let outcome = hostile_host(&["--allow", "localhost", "try:grow:", &good]);
    let reason = "try:grow:: ended: forcing trap when growing memory to ";
    assert!(outcome.output.contains(reason), "{outcome:?}");
    assert!(
        outcome.output.contains("Hello from the test server."),
        "{outcome:?}"
    );
}

#[test]
fn plugins_that_compute_for_ever_leave_others_their_turn_and_are_ended() {
    let (_server, good) = greeting();
    // More of them than this machine has threads to run them.
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut arguments = vec!["--allow", "localhost", "--cpu-time", "3000"];
    arguments.extend(vec!["try:compute:"; threads + 1]);
    arguments.push(&good);
    let outcome = hostile_host(&arguments);
    assert_ended(
        &outcome,
        &good,
        "try:compute:",
        "it computed for more than 3s",
    );
    let ended = outcome.output.matches("try:compute:: ended: ").count();
    assert_eq!(ended, threads + 1);
}

#[test]
fn a_plugin_that_computes_for_ever_is_ended_by_the_time_of_the_whole_too() {
    let (_server, good) = greeting();
    let limits = ["--cpu-time", "60000", "--time", "3000"];
    let outcome = hostile_host(
        &[
            &limits[..],
            &["--allow", "localhost", "try:compute:", &good],
        ]
        .concat(),
    );
    assert_ended(&outcome, &good, "try:compute:", "it took more than 3s");
}

#[test]
fn a_plugin_whose_server_never_answers_is_ended() {
    let (_server, good) = greeting();
    let peer = Peer::script(vec![vec![Step::AwaitHead, Step::Hold]]);
    let bad = format!("http://localhost:{}/", peer.port());
    let limits = ["--cpu-time", "1000", "--time", "3000"];
    let outcome = host(&[&limits[..], &["--allow", "localhost", &bad, &good]].concat());
    assert_ended(&outcome, &good, &bad, "it took more than 3s");
}

/// Waiting is not computing, however long it takes.
#[test]
fn a_plugin_may_wait_for_longer_than_it_may_compute() {
    let pause = std::time::Duration::from_millis(1_200);
    let reply = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    let steps = vec![Step::AwaitHead, Step::Pause(pause), Step::send(reply)];
    let peer = Peer::script(vec![steps]);
    let url = format!("http://localhost:{}/", peer.port());
    let outcome = host(&["--allow", "localhost", "--cpu-time", "1000", &url]);
    outcome.assert_line(&format!("{url}: 200 OK"));
}

#[test]
fn a_plugin_with_too_many_sockets_is_ended() {
    let (server, good) = greeting();
    let bad = format!("try:connect:{}", server.address());
    let list = ["--allow", "localhost", "--allow", "127.0.0.1"];
    let outcome = hostile_host(&[&list[..], &["--resources", "50", &bad, &good]].concat());
    outcome.assert_line(&format!("{bad}: ended: resource table has no free keys"));
    assert!(
        outcome.output.contains("Hello from the test server."),
        "{outcome:?}"
    );
    assert!(server.connections() < 50, "{}", server.connections());
}
