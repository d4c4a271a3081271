//! Bodies that are streams, and calls that are dropped.

use harness::server::Server;
use host_tests::programs::Program;

const BYTES: usize = 256 << 20;

/// Far less than a body.
const MEMORY: usize = 16 << 20;

#[test]
fn a_body_streams_through() {
    let server = Server::streaming(None);
    let url = format!("http://{}/bytes/{BYTES}", server.address());
    let report = Program::provided().run(&["get", &url, "1"]);
    assert_eq!(
        report.lines,
        [format!("200 seen= length={BYTES} received=")]
    );
    assert!(report.memory < MEMORY, "{} bytes", report.memory);
}

#[test]
fn a_body_streams_both_ways_at_once_with_its_trailers() {
    let server = Server::streaming(None);
    let url = format!("http://{}/echo", server.address());
    let report = Program::provided().run(&["upload", &url, &BYTES.to_string()]);
    let expected = format!("200 seen= length={BYTES} received={BYTES}");
    assert_eq!(report.lines, [expected]);
    assert!(report.memory < MEMORY, "{} bytes", report.memory);
}

#[test]
fn a_small_body_arrives_with_its_trailers_too() {
    let server = Server::http();
    let url = format!("http://{}/count", server.address());
    let report = Program::provided().run(&["upload", &url, "10"]);
    assert_eq!(report.lines.len(), 1);
    assert!(report.lines[0].starts_with("200 "), "{:?}", report.lines);
}

#[test]
fn what_is_dropped_is_cancelled_and_the_instance_goes_on() {
    let server = Server::streaming(None);
    let url = format!("http://{}", server.address());
    let report = Program::provided().run(&["drop", &url]);
    assert_eq!(report.lines, ["200 seen=0 length=5 received="]);
    // One for each: what was given up is closed.
    assert_eq!(server.connections(), 3);
}
