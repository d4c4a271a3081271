//! tungstenite as a server.

use std::net::TcpListener;
use std::thread;

use harness::peer::Peer;
use tungstenite::Message;

use super::run::recipe;
use super::{OK, at};

#[test]
fn exchanges_messages_up_to_the_goodbye() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("it is bound").port();
    let serving = thread::spawn(move || {
        let (stream, _) = listener.accept().expect("a client");
        let mut socket = tungstenite::accept(stream).expect("a handshake");
        let asked = socket.read().expect("a message");
        let answer = format!("you said: {asked}");
        socket.send(Message::text(answer)).expect("a client");
        let goodbye = socket.read().expect("a message");
        assert!(goodbye.is_close(), "{goodbye}");
        while socket.read().is_ok() {}
        asked
    });
    let printed = recipe(&["websocket", &at(port), "/chat", "good day"]).prints();
    assert_eq!(printed, "you said: good day\n");
    let asked = serving.join().expect("the server is content");
    assert_eq!(asked, Message::text("good day"));
}

#[test]
fn a_server_of_pages_speaks_no_websocket() {
    let peer = Peer::reply(OK);
    let said = recipe(&["websocket", &at(peer.port()), "/", "good day"]).fails();
    assert!(said.contains("speaks no WebSocket"), "{said}");
}

#[test]
fn a_key_that_the_server_did_not_read_is_no_handshake() {
    let peer = Peer::reply(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n",
    );
    let said = recipe(&["websocket", &at(peer.port()), "/", "good day"]).fails();
    assert!(said.contains("speaks no WebSocket"), "{said}");
}
