//! The harness itself, without the component: a peer that lied would make every other test worthless.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use harness::peer::{Ending, Peer, Step};
use harness::server::{GREETING, Server, pattern};
use harness::tls::{Authority, KeyType, ServerTls};
use rustls::crypto::ring::default_provider;
use rustls::pki_types::ServerName;
use rustls::{
    CipherSuite, ClientConfig, ClientConnection, ProtocolVersion, RootCertStore, StreamOwned,
};

fn client(authority: &Authority, socket: TcpStream) -> StreamOwned<ClientConnection, TcpStream> {
    let mut roots = RootCertStore::empty();
    roots.add(authority.der().clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    StreamOwned::new(
        ClientConnection::new(Arc::new(config), name).unwrap(),
        socket,
    )
}

fn get(mut stream: impl Read + Write, path: &str) -> (String, Vec<u8>) {
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply).unwrap();
    let head = reply
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .unwrap()
        + 4;
    let body = reply.split_off(head);
    (String::from_utf8(reply).unwrap().to_ascii_lowercase(), body)
}

#[test]
fn a_peer_follows_its_scripts_and_records_what_it_received() {
    let peer = Peer::script(vec![
        vec![
            Step::AwaitHead,
            Step::bytewise("one"),
            Step::AwaitBytes(2),
            Step::send("two"),
        ],
        vec![Step::await_marker("now"), Step::Reset],
    ]);
    let mut first = TcpStream::connect(peer.address()).unwrap();
    first.write_all(b"head\r\n\r\nab").unwrap();
    let mut reply = String::new();
    first.read_to_string(&mut reply).unwrap();
    assert_eq!(reply, "onetwo");
    drop(first);
    assert_eq!(peer.all_received(0), b"head\r\n\r\nab");
    assert_eq!(peer.ending(0), Ending::Done);

    let mut second = TcpStream::connect(peer.address()).unwrap();
    second.write_all(b"and now").unwrap();
    let error = second.read_to_string(&mut reply).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
    assert_eq!(peer.connections(), 2);
}

#[test]
fn a_peer_says_where_its_script_broke_off() {
    let peer = Peer::reply("never sent");
    TcpStream::connect(peer.address())
        .unwrap()
        .write_all(b"no head")
        .unwrap();
    let Ending::Failed(reason) = peer.ending(0) else {
        panic!("there was no head to await")
    };
    assert!(reason.starts_with("step 0 (AwaitHead)"), "{reason}");
}

#[test]
fn a_peer_holds_until_it_is_dropped() {
    let peer = Peer::script(vec![vec![Step::Hold]]);
    let mut socket = TcpStream::connect(peer.address()).unwrap();
    peer.wait(|seen| seen.len() == 1);
    socket.set_nonblocking(true).unwrap();
    assert_eq!(
        socket.read(&mut [0]).unwrap_err().kind(),
        io::ErrorKind::WouldBlock
    );
    drop(peer);
    socket.set_nonblocking(false).unwrap();
    assert_eq!(socket.read(&mut [0]).unwrap(), 0);
}

#[test]
fn a_peer_relays_to_a_server() {
    let server = Server::http();
    let peer = Peer::script(vec![vec![Step::Relay(server.address())]]);
    let (_, body) = get(TcpStream::connect(peer.address()).unwrap(), "/");
    assert_eq!(body, GREETING);
}

#[test]
fn every_kind_of_key_serves_tls_below_an_intermediate() {
    for key in [
        KeyType::P256,
        KeyType::P384,
        KeyType::Ed25519,
        KeyType::Rsa2048,
    ] {
        let root = Authority::new();
        let identity = root.intermediate().request(&["localhost"]).key(key).issue();
        let config = ServerTls::new(&identity).build();
        let peer = Peer::reply_tls(config, "HTTP/1.1 200 OK\r\n\r\nhello");
        let socket = TcpStream::connect(peer.address()).unwrap();
        assert_eq!(get(client(&root, socket), "/").1, b"hello", "{key:?}");
    }
}

#[test]
fn a_tls_peer_speaks_what_it_was_told_to_and_asks_for_certificates() {
    let authority = Authority::new();
    let identity = authority.issue(&["localhost"]);
    let suite = CipherSuite::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256;
    let config = ServerTls::new(&identity)
        .tls12_only()
        .cipher_suite(suite)
        .clients_of(&authority)
        .build();
    let peer = Peer::reply_tls(config, "never sent");
    let mut stream = client(&authority, TcpStream::connect(peer.address()).unwrap());
    stream.write_all(b"GET").unwrap_err();
    assert_eq!(
        stream.conn.negotiated_cipher_suite().unwrap().suite(),
        suite
    );
    assert_eq!(
        stream.conn.protocol_version(),
        Some(ProtocolVersion::TLSv1_2)
    );
    let Ending::Failed(reason) = peer.ending(0) else {
        panic!("there was no certificate")
    };
    assert!(
        reason.contains("(StartTls): peer sent no certificates"),
        "{reason}"
    );
}

#[test]
fn certificates_outside_their_time_are_refused() {
    let authority = Authority::new();
    let expired = authority.request(&["localhost"]).expired().issue();
    let early = authority.request(&["localhost"]).not_yet_valid().issue();
    for (identity, cause) in [(expired, "certificate expired"), (early, "not valid yet")] {
        let peer = Peer::reply_tls(ServerTls::new(&identity).build(), "never sent");
        let mut stream = client(&authority, TcpStream::connect(peer.address()).unwrap());
        let error = stream.write_all(b"GET").unwrap_err().to_string();
        assert!(error.contains(cause), "{error}");
        let Ending::Failed(reason) = peer.ending(0) else {
            panic!("the client accepted it")
        };
        assert!(reason.contains("CertificateExpired"), "{reason}");
    }
}

#[test]
fn the_server_sends_the_pattern_with_a_length_and_in_chunks() {
    let authority = Authority::new();
    let server = Server::https(ServerTls::new(&authority.issue(&["localhost"])).build());
    let connect = || client(&authority, TcpStream::connect(server.address()).unwrap());
    let (head, body) = get(connect(), "/bytes/100000");
    assert!(head.contains("content-length: 100000\r\n"), "{head}");
    assert_eq!(body, pattern(100_000));
    let (head, body) = get(connect(), "/chunked/3");
    assert!(head.contains("transfer-encoding: chunked\r\n"), "{head}");
    assert_eq!(body, b"3\r\n\x00\x01\x02\r\n0\r\n\r\n");
    assert_eq!(server.connections(), 2);
}

#[test]
fn the_server_answers_its_routes() {
    let server = Server::http();
    let status = |path| {
        let (head, _) = get(TcpStream::connect(server.address()).unwrap(), path);
        head.split(' ').nth(1).unwrap().to_owned()
    };
    assert_eq!(status("/"), "200");
    assert_eq!(status("/redirect"), "302");
    assert_eq!(status("/status/418"), "418");
    assert_eq!(status("/file"), "404");
    assert_eq!(status("/status/what"), "404");
    let (_, body) = get(TcpStream::connect(server.address()).unwrap(), "/echo?a=b");
    assert_eq!(
        body,
        b"GET /echo?a=b\nhost: localhost\nconnection: close\n\n"
    );
}
