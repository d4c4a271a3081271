//! A server that does what it is asked to, right or wrong, and opens tunnels.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use harness::server::pattern;
use rustls::ServerConfig;
use socket2::SockRef;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::fault::{ANNOUNCED, Fault};

/// A running server, over TCP and over TLS.
pub struct Playground {
    /// The port for TCP.
    pub http: u16,
    /// The port for TLS.
    pub https: u16,
    /// It has the tasks, and ends them.
    _runtime: Runtime,
}

/// The path of a page that comes as it ought to, of [`ANNOUNCED`] bytes of the pattern.
pub const GOOD: &str = "/good";

impl Playground {
    /// Listens on loopback.
    #[must_use]
    pub fn open(tls: Arc<ServerConfig>) -> Self {
        let runtime = Runtime::new().expect("the system has threads for a runtime");
        let listen = || {
            let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", 0)));
            let listener = listener.expect("loopback has a free port");
            let address = listener.local_addr().expect("it is bound");
            (listener, address.port())
        };
        let ((plain, http), (secure, https)) = (listen(), listen());
        runtime.spawn(accept(plain, None));
        runtime.spawn(accept(secure, Some(TlsAcceptor::from(tls))));
        Self {
            http,
            https,
            _runtime: runtime,
        }
    }
}

async fn accept(listener: TcpListener, tls: Option<TlsAcceptor>) {
    let mut connections = JoinSet::new();
    while let Ok((socket, _)) = listener.accept().await {
        connections.spawn(greet(socket, tls.clone()));
        while connections.try_join_next().is_some() {}
    }
}

async fn greet(socket: TcpStream, tls: Option<TlsAcceptor>) -> io::Result<()> {
    socket.set_nodelay(true)?;
    match tls {
        None => play(Wire::Plain(socket)).await,
        Some(tls) => play(Wire::Tls(Box::new(tls.accept(socket).await?))).await,
    }
}

enum Wire {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Wire {
    /// Receives more; whether there was any.
    async fn receive(&mut self, into: &mut Vec<u8>) -> io::Result<bool> {
        let length = match self {
            Self::Plain(socket) => socket.read_buf(into).await?,
            Self::Tls(stream) => stream.read_buf(into).await?,
        };
        Ok(length > 0)
    }

    async fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Plain(socket) => socket.write_all(bytes).await,
            Self::Tls(stream) => {
                stream.write_all(bytes).await?;
                stream.flush().await
            }
        }
    }

    /// The socket itself, without TLS.
    fn below(&mut self) -> &mut TcpStream {
        match self {
            Self::Plain(socket) => socket,
            Self::Tls(stream) => stream.get_mut().0,
        }
    }
}

/// Answers one request after the other. A connection that ends here ends without TLS's goodbye.
async fn play(mut wire: Wire) -> io::Result<()> {
    let mut received = Vec::new();
    loop {
        let Some(end) = received.windows(4).position(|it| it == b"\r\n\r\n") else {
            match wire.receive(&mut received).await? {
                true => continue,
                false => return Ok(()),
            }
        };
        let head: Vec<u8> = received.drain(..end + 4).collect();
        let head = String::from_utf8_lossy(&head);
        let mut words = head.split(' ');
        let (method, target) = (words.next(), words.next().unwrap_or_default());
        if method == Some("CONNECT") {
            return tunnel(wire, target).await;
        }
        match Fault::at(target) {
            Some(fault) => return fail(wire, fault).await,
            None => wire.send(&good()).await?,
        }
    }
}

fn good() -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {ANNOUNCED}\r\n\r\n");
    [head.into_bytes(), pattern(ANNOUNCED)].concat()
}

async fn fail(mut wire: Wire, fault: Fault) -> io::Result<()> {
    wire.send(&fault.reply()).await?;
    match fault {
        Fault::Reset | Fault::ResetInBody => {
            let socket = wire.below();
            SockRef::from(&*socket).set_linger(Some(Duration::ZERO))
        }
        Fault::Stall | Fault::StallInBody => {
            while wire.receive(&mut Vec::new()).await? {}
            Ok(())
        }
        Fault::GarbageBelowTls => wire.below().write_all(b"\r\ngarbage").await,
        Fault::Close
        | Fault::CloseInHead
        | Fault::CloseInBody
        | Fault::CloseInChunk
        | Fault::Garbage
        | Fault::GarbageInChunks => Ok(()),
    }
}

async fn tunnel(mut wire: Wire, target: &str) -> io::Result<()> {
    let mut server = TcpStream::connect(target).await?;
    server.set_nodelay(true)?;
    wire.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
        .await?;
    copy_bidirectional(wire.below(), &mut server).await?;
    Ok(())
}
