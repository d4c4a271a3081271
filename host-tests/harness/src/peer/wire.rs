//! A connection, plain or inside TLS.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use rustls::{ContentType, ServerConfig, ServerConnection, StreamOwned};
use socket2::SockRef;

use super::flood::{Flood, What};
use super::forger::Forger;
use crate::LIMIT;

/// The most plaintext in one record.
const RECORD: usize = 1 << 14;

/// About how many bytes a flood writes at a time.
const WAVE: usize = 64 * 1024;

/// About how many bytes the system takes for a peer that does not read.
const RECEIVED: usize = 256 * 1024;

pub(super) enum Wire {
    Plain(TcpStream),
    Tls(Box<StreamOwned<ServerConnection, TcpStream>>),
    /// The server's keys are in other hands. What comes stays protected.
    Forged(Forger, TcpStream),
}

impl Wire {
    /// Takes a fresh socket. Nothing on it waits for more than [`LIMIT`].
    pub(super) fn new(socket: TcpStream) -> io::Result<Self> {
        socket.set_nodelay(true)?;
        // Some systems buffer 32 MiB for a peer that reads nothing.
        SockRef::from(&socket).set_recv_buffer_size(RECEIVED)?;
        socket.set_read_timeout(Some(LIMIT))?;
        socket.set_write_timeout(Some(LIMIT))?;
        Ok(Self::Plain(socket))
    }

    /// Shakes hands as the server.
    pub(super) fn start_tls(self, config: Arc<ServerConfig>) -> io::Result<Self> {
        let Self::Plain(mut socket) = self else {
            return Err(io::Error::other("TLS inside TLS is not for this peer"));
        };
        let mut tls = ServerConnection::new(config).map_err(io::Error::other)?;
        while tls.is_handshaking() {
            tls.complete_io(&mut socket)?;
        }
        Ok(Self::Tls(Box::new(StreamOwned::new(tls, socket))))
    }

    /// Shakes hands as the server up to one of its flights, and sends that one in part.
    pub(super) fn part_of_handshake(
        &mut self,
        config: Arc<ServerConfig>,
        flight: usize,
        eighths: usize,
    ) -> io::Result<()> {
        let mut tls = ServerConnection::new(config).map_err(io::Error::other)?;
        let mut number = 0;
        loop {
            if tls.read_tls(self)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            tls.process_new_packets().map_err(io::Error::other)?;
            let mut bytes = Vec::new();
            while tls.wants_write() {
                tls.write_tls(&mut bytes)?;
            }
            if bytes.is_empty() {
                continue;
            }
            if number == flight {
                return self.write_all(&bytes[..bytes.len() * eighths / 8]);
            }
            self.write_all(&bytes)?;
            number += 1;
        }
    }

    /// Gives the server's keys away, unless that was done before.
    pub(super) fn forge(self) -> io::Result<Self> {
        match self {
            Self::Plain(_) => Err(io::Error::other("there are no keys to give away")),
            Self::Forged(..) => Ok(self),
            Self::Tls(stream) => {
                let StreamOwned { conn, sock } = *stream;
                let forger = Forger::new(conn).map_err(io::Error::other)?;
                Ok(Self::Forged(forger, sock))
            }
        }
    }

    /// Sends something again and again.
    pub(super) fn flood(&mut self, flood: Flood) -> io::Result<()> {
        let Flood { what, times } = flood;
        match what {
            What::Data(bytes) => repeat(self, &bytes, times)?,
            What::Below(bytes) => repeat(&mut self.socket(), &bytes, times)?,
            What::Records(records) => {
                for _ in 0..times {
                    let wave = self.wave(&records);
                    self.socket().write_all(&wave)?;
                }
            }
            What::KeyUpdates => {
                for _ in 0..times {
                    let wave = self.new_keys()?;
                    self.socket().write_all(&wave)?;
                }
            }
        }
        self.flush()
    }

    /// Protects these records.
    fn wave(&mut self, records: &[(ContentType, Vec<u8>)]) -> Vec<u8> {
        let Self::Forged(forger, _) = self else {
            unreachable!("the keys were given away before")
        };
        let mut wave = Vec::new();
        for (content, plaintext) in records {
            forger.seal(*content, plaintext, &mut wave);
        }
        wave
    }

    fn new_keys(&mut self) -> io::Result<Vec<u8>> {
        let Self::Tls(stream) = self else {
            return Err(io::Error::other("there are no keys to renew"));
        };
        let connection = &mut stream.conn;
        connection
            .refresh_traffic_keys()
            .map_err(io::Error::other)?;
        let mut wave = Vec::new();
        while connection.wants_write() {
            connection.write_tls(&mut wave)?;
        }
        Ok(wave)
    }

    /// Ends this side of the stream, with TLS's goodbye.
    pub(super) fn half_close(&mut self) -> io::Result<()> {
        if let Self::Tls(stream) = self {
            stream.conn.send_close_notify();
            stream.flush()?;
        }
        self.socket().shutdown(Shutdown::Write)
    }

    /// Sends a reset instead of the end of the stream.
    pub(super) fn reset(self) -> io::Result<()> {
        SockRef::from(self.socket()).set_linger(Some(Duration::ZERO))
    }

    pub(super) fn socket(&self) -> &TcpStream {
        match self {
            Self::Plain(socket) | Self::Forged(_, socket) => socket,
            Self::Tls(stream) => &stream.sock,
        }
    }
}

/// Writes the same bytes so many times, many of them at once.
fn repeat(out: &mut impl Write, bytes: &[u8], times: u64) -> io::Result<()> {
    let fit = (WAVE / bytes.len()).max(1);
    let wave = bytes.repeat(fit);
    for _ in 0..times / fit as u64 {
        out.write_all(&wave)?;
    }
    let rest = (times % fit as u64) as usize;
    out.write_all(&wave[..rest * bytes.len()])
}

impl Read for Wire {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(socket) | Self::Forged(_, socket) => socket.read(buffer),
            Self::Tls(stream) => stream.read(buffer),
        }
    }
}

impl Write for Wire {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.write(buffer),
            Self::Tls(stream) => stream.write(buffer),
            Self::Forged(forger, socket) => {
                let plaintext = &buffer[..buffer.len().min(RECORD)];
                let mut record = Vec::new();
                forger.seal(ContentType::ApplicationData, plaintext, &mut record);
                socket.write_all(&record)?;
                Ok(plaintext.len())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(socket) | Self::Forged(_, socket) => socket.flush(),
            Self::Tls(stream) => stream.flush(),
        }
    }
}
