//! One exchange, and what both sides see of it.

use harness::server::Server;
use host_tests::programs::Program;

fn get(server: &Server, path: &str, count: &str) -> Vec<String> {
    let url = format!("http://{}{path}", server.address());
    Program::provided().run(&["get", &url, count]).lines
}

#[test]
fn a_response_comes_with_its_headers_and_its_body() {
    let server = Server::streaming(None);
    let lines = get(&server, "/", "1");
    assert_eq!(lines, ["200 seen=0 length=5 received="]);
}

#[test]
fn a_server_sees_a_request_without_a_body_of_its_own_headers() {
    let peer = harness::peer::Peer::reply(b"HTTP/1.1 204 No Content\r\n\r\n");
    let url = format!("http://{}/path?query", peer.address());
    let report = Program::provided().run(&["get", &url, "1"]);
    assert_eq!(report.lines, ["204 seen= length=0 received="]);
    let received = String::from_utf8(peer.all_received(0)).expect("text");
    let expected = format!(
        "GET /path?query HTTP/1.1\r\nHost: {}\r\nte: trailers\r\n\r\n",
        peer.address()
    );
    assert_eq!(received, expected);
}

#[test]
fn interim_responses_are_passed_over() {
    let reply = b"HTTP/1.1 103 Early Hints\r\nLink: </>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    let peer = harness::peer::Peer::reply(reply);
    let url = format!("http://{}/", peer.address());
    let report = Program::provided().run(&["get", &url, "1"]);
    assert_eq!(report.lines, ["200 seen= length=2 received="]);
}

#[test]
fn fields_of_the_connection_are_not_the_program_s() {
    let reply = b"HTTP/1.1 200 OK\r\nConnection: keep-alive, X-Seen\r\nX-Seen: hop\r\n\
        Keep-Alive: timeout=5\r\nTransfer-Encoding: chunked\r\nUpgrade: h2c\r\n\r\n2\r\nok\r\n0\r\n\r\n";
    let peer = harness::peer::Peer::reply(reply);
    let url = format!("http://{}/", peer.address());
    let report = Program::provided().run(&["get", &url, "1"]);
    assert_eq!(report.lines, ["200 seen= length=2 received="]);
}
