//! Our client against rustls with ring, in memory.
//!
//! `keys/` holds what rcgen does not make; OpenSSL made it, for these tests only.

mod certificates;
mod copied;
mod failures;
mod files;
mod forger;
mod hostile;
mod interop;
mod names;
mod odd;
mod post_handshake;
mod records;
mod refused;
mod resumption;
mod transfer;
mod trust;
mod unverified;

use alloc::vec::Vec;
use std::io::{Read, Write};
use std::sync::Arc;
use std::task::Poll;

use rustls::crypto::CryptoProvider;
use rustls::server::{ServerConfig, ServerConnection};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::time_provider::DefaultTimeProvider;
use rustls::version::{TLS12, TLS13};
use rustls::{SupportedProtocolVersion, crypto::ring};

use self::certificates::{Authority, Leaf};
use super::{Context, Handshake, TimeProvider, TlsStream};
use crate::transport::scripted::{Peer, Scripted, pair};
use crate::transport::{Error, Stream};

const HOST: &str = "server.example";

/// The machine's.
fn clock() -> Arc<dyn TimeProvider> {
    Arc::new(DefaultTimeProvider)
}

type Version = &'static SupportedProtocolVersion;
const VERSIONS: [Version; 2] = [&TLS12, &TLS13];

/// A server's configuration with ring's provider as `adjust` leaves it.
fn server_config(
    leaf: &Leaf,
    versions: &[Version],
    adjust: impl FnOnce(&mut CryptoProvider),
) -> ServerConfig {
    let mut provider = ring::default_provider();
    adjust(&mut provider);
    let key = ring::sign::any_supported_type(&leaf.key).unwrap();
    // Without a look at the certificate, which it might refuse.
    let identity = CertifiedKey::new(leaf.chain.clone(), key);
    ServerConfig::builder_with_provider(Arc::new(provider))
        .with_protocol_versions(versions)
        .unwrap()
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(SingleCertAndKey::from(identity)))
}

/// A server that speaks `version`, and a client that trusts it.
fn usual(version: Version) -> (ServerConfig, Context) {
    let authority = Authority::new();
    let leaf = authority.leaf(HOST);
    let config = server_config(&leaf, &[version], |_| {});
    (config, authority.trusting())
}

/// The server's end of a wire.
struct Server {
    connection: ServerConnection,
    peer: Peer,
    received: Vec<u8>,
    /// Why it gave up, if it did.
    failure: Option<rustls::Error>,
}

impl Server {
    fn new(config: impl Into<Arc<ServerConfig>>, peer: Peer) -> Self {
        Self {
            connection: ServerConnection::new(config.into()).unwrap(),
            peer,
            received: Vec::new(),
            failure: None,
        }
    }

    /// Reads all that has come and puts all its answers on the wire.
    fn pump(&mut self) {
        let bytes = std::mem::take(&mut self.peer.wire().outbound);
        let mut bytes = bytes.as_slice();
        while !bytes.is_empty() {
            self.connection.read_tls(&mut bytes).unwrap();
            if let Err(error) = self.connection.process_new_packets() {
                self.failure.get_or_insert(error);
                break;
            }
            let mut plain = Vec::new();
            match self.connection.reader().read_to_end(&mut plain) {
                Ok(_) => {}
                Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock),
            }
            self.received.extend_from_slice(&plain);
        }
        self.put();
    }

    fn put(&mut self) {
        while self.connection.wants_write() {
            let mut sent = Vec::new();
            self.connection.write_tls(&mut sent).unwrap();
            self.peer.wire().inbound.extend(sent);
        }
    }

    fn send(&mut self, data: &[u8]) {
        self.connection.set_buffer_limit(None);
        self.connection.writer().write_all(data).unwrap();
        self.put();
    }
}

/// Runs a handshake to its end, whatever that is.
fn shake(
    config: impl Into<Arc<ServerConfig>>,
    context: &mut Context,
) -> (Result<TlsStream<Scripted>, Error>, Server) {
    shake_with(config, context, HOST, |_| {})
}

/// The same with a name, and a wire as `adjust` leaves it.
fn shake_with(
    config: impl Into<Arc<ServerConfig>>,
    context: &mut Context,
    name: &str,
    adjust: impl FnOnce(&Peer),
) -> (Result<TlsStream<Scripted>, Error>, Server) {
    let (stream, peer) = pair();
    adjust(&peer);
    let mut server = Server::new(config, peer);
    let mut handshake = Handshake::new(context.config().unwrap(), name, stream).unwrap();
    for _ in 0..100_000 {
        match handshake.poll() {
            Poll::Pending => server.pump(),
            Poll::Ready(Ok(())) => return (handshake.finish(), server),
            Poll::Ready(Err(error)) => {
                server.pump();
                return (Err(error), server);
            }
        }
    }
    panic!("the handshake does not end");
}

/// A connection that is expected to come about, with nothing left on its way.
fn connect(
    config: impl Into<Arc<ServerConfig>>,
    context: &mut Context,
) -> (TlsStream<Scripted>, Server) {
    let (stream, mut server) = shake(config, context);
    let mut stream = stream.unwrap();
    assert_eq!(stream.poll_flush(), Poll::Ready(Ok(())));
    server.pump();
    assert!(!server.connection.is_handshaking(), "{:?}", server.failure);
    (stream, server)
}

/// Reads until `amount` bytes have come.
fn read(stream: &mut impl Stream, amount: usize) -> Vec<u8> {
    let mut data = Vec::new();
    while data.len() < amount {
        match stream.poll_fill() {
            Poll::Ready(Ok(0)) => panic!("end of stream after {} bytes", data.len()),
            Poll::Ready(Ok(_)) => {}
            other => panic!("{other:?} after {} bytes", data.len()),
        }
        let taken = stream.buffer().len();
        data.extend_from_slice(stream.buffer());
        stream.consume(taken);
    }
    data
}

fn write_all(stream: &mut impl Stream, server: &mut Server, mut data: &[u8]) {
    while !data.is_empty() {
        match stream.poll_write(&[data]) {
            Poll::Ready(taken) => data = &data[taken.unwrap()..],
            Poll::Pending => {}
        }
        server.pump();
    }
    while stream.poll_flush().is_pending() {
        server.pump();
    }
    server.pump();
}

/// A question and an answer.
fn talk(stream: &mut TlsStream<Scripted>, server: &mut Server) {
    write_all(stream, server, b"ping");
    assert_eq!(server.received, b"ping", "{:?}", server.failure);
    server.received.clear();
    server.send(b"pong");
    assert_eq!(read(stream, 4), b"pong");
}

fn pattern(length: usize) -> Vec<u8> {
    (0..length).map(|index| ((index * 31) >> 3) as u8).collect()
}
