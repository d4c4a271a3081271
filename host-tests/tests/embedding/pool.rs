//! Instances that are kept, and calls that wait for one.

use harness::peer::{Peer, Step};
use harness::server::Server;

use crate::host::{Outcome, host, hostile_host};

/// One instance that is kept, and room for so many calls to wait.
fn one<'a>(queue: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut arguments = vec!["--allow", "localhost", "--instances", "1", "--queue", queue];
    arguments.extend_from_slice(more);
    arguments
}

/// How often the host wrote this line.
fn count(outcome: &Outcome, line: &str) -> usize {
    outcome.output.lines().filter(|it| *it == line).count()
}

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

#[test]
fn calls_are_begun_in_the_order_in_which_they_came() {
    let answers = || vec![Step::AwaitHead, Step::send(OK), Step::Close];
    let peer = Peer::script((0..20).map(|_| answers()).collect());
    let urls: Vec<String> = (0..20)
        .map(|number| format!("http://localhost:{}/{number}", peer.port()))
        .collect();
    let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
    let outcome = host(&one("19", &urls));
    assert!(outcome.success, "{outcome:?}");
    for number in 0..20 {
        let request = peer.all_received(number);
        let line = format!("GET /{number} HTTP/1.1\r\n");
        assert!(request.starts_with(line.as_bytes()), "{number}");
    }
}

/// The first is under way, two wait, and there is no room for the others. When the first has been ended,
/// those that waited have a fresh instance.
#[test]
fn calls_that_find_the_queue_full_are_refused() {
    let held = Peer::script(vec![vec![Step::AwaitHead, Step::Hold]]);
    let server = Server::http();
    let first = format!("http://localhost:{}/", held.port());
    let rest = ["a", "b", "c", "d"].map(|it| format!("http://localhost:{}/{it}", server.port()));
    let [a, b, c, d] = rest.each_ref().map(String::as_str);
    let outcome = host(&one("2", &["--time", "3000", &first, a, b, c, d]));
    for refused in [c, d] {
        let line = format!("{refused}: refused: too many calls wait for an instance");
        outcome.assert_line(&line);
        outcome.assert_order(&line, &format!("{first}: ended: it took more than 3s"));
    }
    for answered in [a, b] {
        outcome.assert_line(&format!("{answered}: 404 Not Found"));
    }
    assert_eq!(server.connections(), 2);
    assert!(!outcome.success, "{outcome:?}");
}

/// Nothing is answered before ten requests have come, so ten instances must be at work.
#[test]
fn a_hundred_calls_to_ten_instances_are_all_answered() {
    let server = Server::gathering(10);
    let urls: Vec<String> = (0..100)
        .map(|number| format!("http://localhost:{}/echo?{number}", server.port()))
        .collect();
    let mut arguments = vec!["--allow", "localhost", "--instances", "10", "--queue", "90"];
    arguments.extend(urls.iter().map(String::as_str));
    let outcome = host(&arguments);
    assert!(outcome.success, "{outcome:?}");
    for (number, url) in urls.iter().enumerate() {
        outcome.assert_line(&format!("{url}: 200 OK"));
        outcome.assert_line(&format!("GET /echo?{number}"));
    }
    assert_eq!(server.connections(), 100);
}

/// Which is why a pool is for one tenant.
#[test]
fn what_a_call_leaves_behind_the_next_one_finds() {
    let outcome = hostile_host(&one("9", &["try:keep:1", "try:keep:1", "try:keep:1"]));
    for number in 1..=3 {
        outcome.assert_line(&format!("try:keep:1: kept {number}"));
    }
}

#[test]
fn a_trap_ends_its_own_call_and_the_next_ones_have_a_fresh_instance() {
    let urls = ["try:keep:1", "try:keep:1", "try:panic:help", "try:keep:1"];
    let outcome = hostile_host(&one("9", &urls));
    outcome
        .assert_line("try:panic:help: ended: wasm trap: wasm `unreachable` instruction executed");
    assert_eq!(count(&outcome, "try:keep:1: kept 1"), 2, "{outcome:?}");
    assert_eq!(count(&outcome, "try:keep:1: kept 2"), 1, "{outcome:?}");
}

#[test]
fn a_call_that_computes_for_ever_does_not_keep_the_other_instances_from_work() {
    let server = Server::http();
    let good = format!("http://localhost:{}/", server.port());
    let pool = ["--instances", "2", "--cpu-time", "3000"];
    let calls = ["--allow", "localhost", "try:compute:", &good, &good, &good];
    let outcome = hostile_host(&[&pool[..], &calls].concat());
    outcome.assert_order(&format!("{good}: "), "try:compute:: ended: ");
    outcome.assert_line("try:compute:: ended: it computed for more than 3s");
    let page = format!("{good}: Hello from the test server.");
    assert_eq!(count(&outcome, &page), 3, "{outcome:?}");
}

/// Four times two megabytes are too much for one instance, whichever calls ask for them.
#[test]
fn the_memory_of_an_instance_is_limited_over_all_of_its_calls() {
    let keep = ["try:keep:2000000"; 5];
    let outcome = hostile_host(&one("9", &[&["--memory", "8"], &keep[..]].concat()));
    let ended = "try:keep:2000000: ended: forcing trap when growing memory to ";
    assert_eq!(outcome.output.matches(ended).count(), 1, "{outcome:?}");
    for number in 1..=3 {
        outcome.assert_line(&format!("try:keep:2000000: kept {number}"));
    }
    // In a fresh one.
    assert_eq!(
        count(&outcome, "try:keep:2000000: kept 1"),
        2,
        "{outcome:?}"
    );
}

#[test]
fn an_instance_is_replaced_after_so_many_calls() {
    let keep = ["try:keep:1"; 4];
    let outcome = hostile_host(&one("9", &[&["--calls", "2"], &keep[..]].concat()));
    assert_eq!(count(&outcome, "try:keep:1: kept 1"), 2, "{outcome:?}");
    assert_eq!(count(&outcome, "try:keep:1: kept 2"), 2, "{outcome:?}");
}

/// Together they write more than an instance may.
#[test]
fn what_calls_write_to_standard_error_is_shown_with_each() {
    let outcome = hostile_host(&one("39", &["try:say:3000"; 40]));
    assert!(outcome.success, "{}", outcome.output.len());
    let line = format!("try:say:3000: {}", "x".repeat(3000));
    assert_eq!(count(&outcome, &line), 40);
    assert_eq!(count(&outcome, "try:say:3000: said"), 40);
}

#[test]
fn a_name_that_another_call_has_looked_up_opens_no_address() {
    let server = Server::http();
    let good = format!("http://localhost:{}/", server.port());
    let connect = format!("try:connect:{}", server.address());
    let outcome = hostile_host(&one("9", &[&good, &connect]));
    outcome.assert_line(&format!("{good}: Hello from the test server."));
    outcome.assert_line(&format!(
        "{connect}: failed: 0 connections, then Permission denied (os error 2)"
    ));
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_load_is_counted() {
    let server = Server::http();
    let url = format!("http://localhost:{}/", server.port());
    let pool = ["--instances", "3", "--queue", "2", "--times", "50"];
    let outcome = host(&[&pool[..], &["--allow", "localhost", &url]].concat());
    assert!(outcome.output.starts_with("50 pages in "), "{outcome:?}");
    assert!(
        outcome.output.contains(" KiB linear memory each"),
        "{outcome:?}"
    );
    assert!(outcome.success, "{outcome:?}");
    assert_eq!(server.connections(), 50);
}

#[test]
fn a_load_that_brings_no_pages_is_no_success() {
    let outcome = host(&["--instances", "1", "--times", "5", "http://localhost/"]);
    assert!(outcome.output.starts_with("0 pages in "), "{outcome:?}");
    assert!(!outcome.success, "{outcome:?}");
}

#[test]
fn a_pool_without_instances_is_an_error_of_the_command_line_s() {
    let outcome = host(&["--instances", "0", "http://localhost/"]);
    assert!(
        outcome
            .output
            .contains("invalid value '0' for '--instances"),
        "{outcome:?}"
    );
}
