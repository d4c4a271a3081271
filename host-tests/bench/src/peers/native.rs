//! The same client outside of WebAssembly: rustls with ring over the system's sockets.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use harness::tls::Authority;
use rustls::crypto::ring::default_provider;
use rustls::{ClientConfig, ClientConnection, HandshakeKind, RootCertStore, StreamOwned};

use crate::CHACHA20;

/// How much one read asks for.
const READ: usize = 64 * 1024;

pub fn config(authority: &Authority) -> Arc<ClientConfig> {
    let mut provider = default_provider();
    provider
        .cipher_suites
        .retain(|known| known.suite() == CHACHA20);
    let mut roots = RootCertStore::empty();
    roots
        .add(authority.der().clone())
        .expect("the authority's certificate is well-formed");
    let config = ClientConfig::builder_with_provider(Arc::new(provider))
        .with_safe_default_protocol_versions()
        .expect("the suite belongs to TLS 1.3")
        .with_root_certificates(roots)
        .with_no_client_auth();
    Arc::new(config)
}

const END_OF_HEAD: &[u8] = b"\r\n\r\n";

/// A connection after its handshake.
pub struct Connection(StreamOwned<ClientConnection, TcpStream>);

impl Connection {
    pub fn new(config: &Arc<ClientConfig>, port: u16) -> Self {
        let socket = TcpStream::connect(("localhost", port)).expect("the server listens");
        socket.set_nodelay(true).expect("a fresh socket");
        let name = "localhost".try_into().expect("a name");
        let connection = ClientConnection::new(config.clone(), name).expect("a configuration");
        let mut stream = StreamOwned::new(connection, socket);
        while stream.conn.is_handshaking() {
            let (connection, socket) = (&mut stream.conn, &mut stream.sock);
            connection
                .complete_io(socket)
                .expect("the handshake succeeds");
        }
        Self(stream)
    }

    pub fn resumed(&self) -> bool {
        self.0.conn.handshake_kind() == Some(HandshakeKind::Resumed)
    }

    /// Fetches so many bytes.
    pub fn get(&mut self, length: usize) {
        let request = format!("GET /{length} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        self.0
            .write_all(request.as_bytes())
            .expect("the server listens");
        let mut buffer = vec![0; READ];
        let mut left = length;
        let mut head = Vec::new();
        while left > 0 {
            let count = self.0.read(&mut buffer).expect("the server answers");
            assert!(count > 0, "the server goes on");
            if head.ends_with(END_OF_HEAD) {
                left -= count;
                continue;
            }
            head.extend_from_slice(&buffer[..count]);
            let end = head.windows(4).position(|bytes| bytes == END_OF_HEAD);
            if let Some(end) = end {
                left -= head.len() - end - 4;
                head.truncate(end + 4);
            }
        }
    }
}
