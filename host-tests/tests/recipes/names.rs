//! A name with several addresses, and a machine with several.

use std::net::TcpListener;

use harness::peer::{Peer, Port};

use super::OK;
use super::run::recipe;

#[test]
fn says_what_each_address_said() {
    let port = Port::closed().number();
    let server = format!("example.com:{port}");
    let names = ["127.0.0.1", "127.0.0.2", "::1"];
    let printed = recipe(&["names", &server]).names(&names).prints();
    let refused = "SocketErrorCode::ConnectionRefused";
    let expected = format!(
        "Phase::Connect: {refused}\n127.0.0.1:{port}: {refused}\n[::1]:{port}: {refused}\n\
         127.0.0.2:{port}: {refused}\n"
    );
    assert_eq!(printed, expected);
}

#[test]
fn connects_to_the_address_that_answers() {
    let peer = Peer::reply(OK);
    let server = format!("example.com:{}", peer.port());
    let names = ["127.0.0.2", "127.0.0.1"];
    let printed = recipe(&["names", &server]).names(&names).prints();
    assert_eq!(printed, "connected\n");
    peer.wait(|seen| seen.len() == 1);
}

#[test]
fn comes_from_the_source_address() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let server = listener.local_addr().expect("it is bound").to_string();
    let printed = recipe(&["names", &server, "127.0.0.3"]).prints();
    assert_eq!(printed, "connected\n");
    let (_, client) = listener.accept().expect("it has connected");
    assert_eq!(client.ip().to_string(), "127.0.0.3");
}

#[test]
fn a_source_that_is_not_of_this_machine_is_an_error_of_its_own() {
    let printed = recipe(&["names", "127.0.0.1:80", "192.0.2.1"]).prints();
    let expected = "Phase::Bind: SocketErrorCode::AddressNotBindable\n";
    assert!(printed.starts_with(expected), "{printed}");
}
