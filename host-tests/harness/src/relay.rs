//! A proxy that opens tunnels to where it is asked to, itself over TCP or over TLS.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

use crate::server::runtime;

/// A running proxy.
pub struct Relay {
    address: SocketAddr,
    heads: Heads,
    task: AbortHandle,
}

/// The heads of the requests so far.
type Heads = Arc<Mutex<Vec<String>>>;

impl Relay {
    /// Over TCP, or over TLS.
    #[must_use]
    pub fn start(tls: Option<Arc<ServerConfig>>) -> Self {
        let listener = runtime().block_on(TcpListener::bind(("127.0.0.1", 0)));
        let listener = listener.expect("loopback has a free port");
        let address = listener
            .local_addr()
            .expect("a bound listener has an address");
        let heads = Heads::default();
        let accepting = accept(listener, tls.map(TlsAcceptor::from), heads.clone());
        let task = runtime().spawn(accepting).abort_handle();
        Self {
            address,
            heads,
            task,
        }
    }

    /// The port it listens on, of 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// The heads of the requests so far, one for each connection.
    #[must_use]
    pub fn heads(&self) -> Vec<String> {
        self.heads.lock().expect("nobody panics").clone()
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, tls: Option<TlsAcceptor>, heads: Heads) {
    let mut tasks = JoinSet::new();
    while let Ok((socket, _)) = listener.accept().await {
        tasks.spawn(greet(socket, tls.clone(), heads.clone()));
    }
}

async fn greet(socket: TcpStream, tls: Option<TlsAcceptor>, heads: Heads) -> io::Result<()> {
    socket.set_nodelay(true)?;
    match tls {
        None => serve(socket, heads).await,
        Some(tls) => serve(tls.accept(socket).await?, heads).await,
    }
}

/// Opens the tunnel that the first request asks for.
async fn serve(mut client: impl AsyncRead + AsyncWrite + Unpin, heads: Heads) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(client.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let target = head.split(' ').nth(1).unwrap_or_default().to_owned();
    heads.lock().expect("nobody panics").push(head);
    let mut server = TcpStream::connect(target).await?;
    server.set_nodelay(true)?;
    client
        .write_all(b"HTTP/1.1 200 Connection established\r\nVia: relay\r\n\r\n")
        .await?;
    client.flush().await?;
    copy_bidirectional(&mut client, &mut server).await?;
    Ok(())
}
