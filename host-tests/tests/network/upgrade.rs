//! `upgrade`: what comes after `101 Switching Protocols`, and after a `CONNECT` by hand.

use std::io::{self, Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use harness::component::{
    Connection, Error, Guest, HttpException, Result, TlsOptions, UpgradedStream,
};
use harness::peer::{Ending, Peer, Step};
use harness::relay::Relay;
use harness::server::{GREETING, Server};
use harness::tls::{Authority, ServerTls};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use tungstenite::protocol::{Role, WebSocket};
use tungstenite::{Message, handshake::derive_accept_key};

use crate::support::{OK, connect, failure, nonblocking, patiently, received};

/// A WebSocket server that sends one connection what it got from it.
fn echo_server(tls: Option<Arc<ServerConfig>>) -> (u16, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("it is bound").port();
    let serving = thread::spawn(move || {
        let (socket, _) = listener.accept().expect("a client");
        socket.set_nodelay(true).expect("a fresh socket");
        match tls {
            None => echo(socket),
            Some(config) => {
                let connection = ServerConnection::new(config).expect("a configuration");
                echo(StreamOwned::new(connection, socket));
            }
        }
    });
    (port, serving)
}

fn echo(stream: impl Read + Write) {
    let Ok(mut socket) = tungstenite::accept(stream) else {
        panic!("no handshake");
    };
    socket.send(Message::text("welcome")).expect("a client");
    while let Ok(message) = socket.read() {
        if message.is_text() || message.is_binary() {
            socket.send(message).expect("a client");
        }
    }
}

/// The caller's end, as tungstenite wants it.
struct Wire(UpgradedStream);

impl Read for Wire {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(buffer.len() as u64);
        let read = read.map_err(|error| io::Error::other(format!("{error:?}")))?;
        buffer[..read.len()].copy_from_slice(&read);
        Ok(read.len())
    }
}

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.0.write(bytes);
        let written = written.map_err(|error| io::Error::other(format!("{error:?}")))?;
        Ok(usize::try_from(written).expect("no more than was given"))
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.0.flush();
        flushed.map_err(|error| io::Error::other(format!("{error:?}")))
    }
}

const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";

/// Shakes hands and exchanges messages, small ones and large ones, up to the goodbye.
fn talk(connection: &Connection) -> Result<()> {
    let headers = [
        ("Connection", "Upgrade"),
        ("Upgrade", "websocket"),
        ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", KEY),
    ];
    connection.request("GET", "/chat", None, &headers)?;
    let response = connection.get_response()?;
    assert_eq!(response.status(), 101);
    let accepted = response.get_header("Sec-WebSocket-Accept", None);
    assert_eq!(accepted, Some(derive_accept_key(KEY.as_bytes())));
    assert!(response.fileno().is_some());
    let wire = Wire(response.upgrade()?);
    let mut socket = WebSocket::from_raw_socket(wire, Role::Client, None);
    let mut read = || socket.read().expect("a message");
    assert_eq!(read(), Message::text("welcome"));
    for message in [
        Message::text("hello"),
        Message::binary(harness::server::pattern(1 << 20)),
        Message::binary(Vec::new()),
    ] {
        socket.send(message.clone()).expect("it is sent");
        assert_eq!(socket.read().expect("its echo"), message);
    }
    socket.close(None).expect("goodbye");
    while socket.read().is_ok() {}
    Ok(())
}

#[test]
fn talks_to_a_websocket_server() -> Result<()> {
    let (port, serving) = echo_server(None);
    talk(&Guest::new().http("127.0.0.1", port, None)?)?;
    serving.join().expect("the server is content");
    Ok(())
}

#[test]
fn talks_to_a_websocket_server_over_tls() -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let config = ServerTls::new(&authority.issue(&["127.0.0.1"])).build();
    let (port, serving) = echo_server(Some(config));
    let context = guest.context_trusting(&authority.pem())?;
    let tls = TlsOptions::with(&context);
    talk(&guest.https("127.0.0.1", port, None, Some(tls))?)?;
    serving.join().expect("the server is content");
    Ok(())
}

const SWITCHED: &str = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n";

/// A stream behind 101, after which the peer follows these steps; the next connection gets [`OK`].
fn switched(with_head: &str, steps: Vec<Step>) -> Result<(Peer, Connection, UpgradedStream)> {
    let mut first = vec![Step::AwaitHead, Step::send([SWITCHED, with_head].concat())];
    first.extend(steps);
    let (guest, peer) = (
        Guest::new(),
        Peer::script(vec![first, Step::answers(&[OK])]),
    );
    let connection = connect(&guest, &peer);
    let stream = connection.fetch("GET", "/")?.upgrade()?;
    Ok((peer, connection, stream))
}

#[test]
fn bytes_that_came_with_the_head_come_first() -> Result<()> {
    let steps = vec![Step::AwaitSignal, Step::send("second")];
    let (peer, _connection, stream) = switched("first", steps)?;
    assert_eq!(stream.read(2)?, b"fi");
    assert_eq!(stream.read(99)?, b"rst");
    assert_eq!(stream.read(0)?, b"");
    peer.signal();
    let mut rest = Vec::new();
    while rest.len() < 6 {
        rest.extend(stream.read(99)?);
    }
    assert_eq!(rest, b"second");
    assert_eq!(stream.read(99)?, b"");
    assert_eq!(stream.read(99)?, b"");
    Ok(())
}

#[test]
fn shutdown_ends_this_side_only() -> Result<()> {
    let steps = vec![Step::AwaitEnd, Step::send("and the other")];
    let (peer, _connection, stream) = switched("", steps)?;
    assert_eq!(stream.write("this")?, 4);
    stream.shutdown()?;
    assert_eq!(stream.read(99)?, b"and the other");
    assert_eq!(stream.read(99)?, b"");
    assert!(stream.write("more").is_err());
    assert!(received(&peer, 0).ends_with("\r\n\r\nthis"));
    Ok(())
}

#[test]
fn shutdown_over_tls_says_goodbye() -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let config = ServerTls::new(&authority.issue(&["127.0.0.1"])).build();
    // Reading to the end fails for a peer that gets no goodbye.
    let steps = vec![
        Step::AwaitHead,
        Step::send([SWITCHED, "first"].concat()),
        Step::AwaitEnd,
        Step::send("and the other"),
    ];
    let peer = Peer::script_tls(config, vec![steps]);
    let context = guest.context_trusting(&authority.pem())?;
    let tls = TlsOptions::with(&context);
    let connection = guest.https("127.0.0.1", peer.port(), None, Some(tls))?;
    let stream = connection.fetch("GET", "/")?.upgrade()?;
    assert_eq!(stream.read(99)?, b"first");
    assert_eq!(stream.write("this")?, 4);
    stream.shutdown()?;
    assert_eq!(stream.read(99)?, b"and the other");
    assert_eq!(stream.read(99)?, b"");
    drop(stream);
    assert_eq!(peer.ending(0), Ending::Done);
    Ok(())
}

#[test]
fn the_connection_opens_another_socket() -> Result<()> {
    let (peer, connection, stream) = switched("", vec![Step::AwaitSignal, Step::send("late")])?;
    crate::support::assert_ok(&connection);
    assert_eq!(peer.connections(), 2);
    connection.close();
    peer.signal();
    assert_eq!(stream.read(99)?, b"late");
    Ok(())
}

#[test]
fn dropping_the_stream_closes_the_socket() -> Result<()> {
    let (peer, _connection, stream) = switched("", vec![Step::AwaitEnd])?;
    drop(stream);
    assert_eq!(peer.ending(0), Ending::Done);
    Ok(())
}

#[test]
fn dropping_a_response_that_switched_closes_the_socket() -> Result<()> {
    let steps = vec![Step::AwaitHead, Step::send(SWITCHED), Step::AwaitEnd];
    let (guest, peer) = (Guest::new(), Peer::script(vec![steps]));
    let connection = connect(&guest, &peer);
    drop(connection.fetch("GET", "/")?);
    assert_eq!(peer.ending(0), Ending::Done);
    Ok(())
}

#[test]
fn never_blocks_with_a_timeout_of_0() -> Result<()> {
    let steps = vec![
        Step::AwaitHead,
        Step::send(SWITCHED),
        Step::AwaitSignal,
        Step::send("late"),
        Step::AwaitSignal,
        Step::AwaitEnd,
    ];
    let (guest, peer) = (Guest::new(), Peer::script(vec![steps]));
    let connection = guest.http("127.0.0.1", peer.port(), Some(&nonblocking()))?;
    let request = || connection.request("GET", "/", None, &[]);
    patiently(|| connection.subscribe(), request)?;
    let response = patiently(|| connection.subscribe(), || connection.get_response())?;
    let stream = response.upgrade()?;
    assert_eq!(failure(stream.read(9)), Error::WouldBlock);
    peer.signal();
    assert_eq!(
        patiently(|| stream.subscribe(), || stream.read(9))?,
        b"late"
    );
    // More than the peer's buffers hold, and it does not read.
    let block = vec![7; 1 << 20];
    let full = loop {
        match stream.write(&block) {
            Ok(_) => {}
            Err(error) => break error,
        }
    };
    assert_eq!(full, Error::WouldBlock);
    peer.signal();
    patiently(|| stream.subscribe_write(), || stream.write("end"))?;
    patiently(|| stream.subscribe_write(), || stream.flush())?;
    patiently(|| stream.subscribe_write(), || stream.shutdown())?;
    assert!(peer.all_received(0).ends_with(b"end"));
    Ok(())
}

#[test]
fn an_ordinary_response_switches_to_nothing() -> Result<()> {
    let (guest, peer) = (Guest::new(), Peer::replies(&[OK, OK]));
    let connection = connect(&guest, &peer);
    let not_connected = || Error::Http(HttpException::NotConnected);
    let response = connection.fetch("GET", "/")?;
    assert!(response.fileno().is_some());
    assert_eq!(failure(response.upgrade()), not_connected());
    assert_eq!(response.read(None)?, b"ok");
    assert_eq!(failure(response.upgrade()), not_connected());
    assert_eq!(response.fileno(), None);
    crate::support::assert_ok(&connection);
    Ok(())
}

#[test]
fn a_stream_is_taken_once() -> Result<()> {
    let steps = vec![Step::AwaitHead, Step::send(SWITCHED), Step::AwaitEnd];
    let (guest, peer) = (Guest::new(), Peer::script(vec![steps]));
    let connection = connect(&guest, &peer);
    let response = connection.fetch("GET", "/")?;
    assert_eq!(response.read(None)?, b"");
    let _stream = response.upgrade()?;
    assert_eq!(response.fileno(), None);
    let error = failure(response.upgrade());
    assert_eq!(error, Error::Http(HttpException::NotConnected));
    Ok(())
}

#[test]
fn a_connect_by_hand_leads_through_a_proxy() -> Result<()> {
    let (guest, relay, server) = (Guest::new(), Relay::start(None), Server::http());
    let target = format!("127.0.0.1:{}", server.port());
    let connection = guest.http("127.0.0.1", relay.port(), None)?;
    connection.request("CONNECT", &target, None, &[])?;
    let response = connection.get_response()?;
    assert_eq!(response.status(), 200);
    let stream = response.upgrade()?;
    let get = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    assert_eq!(stream.write(get)?, get.len() as u64);
    stream.flush()?;
    let mut reply = Vec::new();
    loop {
        match stream.read(1 << 20)? {
            end if end.is_empty() => break,
            more => reply.extend(more),
        }
    }
    assert!(reply.ends_with(GREETING));
    let head = &relay.heads()[0];
    let host = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n");
    assert!(head.starts_with(&host), "{head}");
    Ok(())
}

#[test]
fn a_connect_by_hand_that_is_refused_is_a_response() -> Result<()> {
    let refusal = "HTTP/1.1 407 No\r\nContent-Length: 3\r\n\r\nno!";
    let (guest, peer) = (Guest::new(), Peer::replies(&[refusal.as_bytes(), OK]));
    let connection = connect(&guest, &peer);
    connection.request("CONNECT", "example.com:443", None, &[])?;
    let response = connection.get_response()?;
    assert!(response.upgrade().is_err());
    assert_eq!(
        (response.status(), response.read(None)?),
        (407, b"no!".to_vec())
    );
    crate::support::assert_ok(&connection);
    assert_eq!(peer.connections(), 1);
    Ok(())
}
