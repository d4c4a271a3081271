//! The handshake: rustls decides, this file carries bytes.
//!
//! - rustls is given whole records, one at a time. So it never sees what comes after the handshake,
//!   and has nothing half-read when the keys are taken from it.
//! - A flight leaves in one write: Nagle's algorithm holds a second small one back for 40 ms. For the
//!   same reason a lone `change_cipher_spec` waits for the flight that it belongs to, and the last
//!   flight of all, after which nothing is waited for, leaves with the first data, or as soon as the
//!   stream is read or flushed.

use alloc::borrow::ToOwned;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::task::{Poll, ready};

use rustls::client::UnbufferedClientConnection;
use rustls::unbuffered::{ConnectionState, EncodeError, EncodeTlsData, UnbufferedStatus};

use super::context::Config;
use super::error::{from_handshake, from_rustls};
use super::name::Host;
use super::offer::Offer;
use super::session::Session;
use super::stream::{Parts, TlsStream};
use super::verdict::Refusal;
use super::{alert, records, stack};
use crate::transport::{Error, Interest, Phase, Stream, TlsError};

/// What a handshake does next.
enum State {
    /// rustls has something to look at: at the start, or after a record has come.
    Think,
    /// A flight is to be sent; then a record is awaited.
    Send,
    /// A record is awaited; then rustls looks at it.
    Receive,
    /// Both ends have keys. What is still to be sent goes to the stream.
    Done,
    /// The end; each poll gives the same error.
    Failed(Error),
}

/// What rustls has to say to the bytes that it has.
enum Answer {
    /// Something was done; ask again.
    Again,
    /// It needs another record.
    Blocked,
    /// The handshake is over.
    Finished,
}

/// A TLS handshake under way, the client's side.
pub struct Handshake<S> {
    connection: UnbufferedClientConnection,
    refusal: Arc<Refusal>,
    offer: Offer,
    stream: S,
    state: State,
    /// What rustls keeps of earlier records, then the current one.
    incoming: Vec<u8>,
    /// Where the current record begins.
    start: usize,
    outgoing: Vec<u8>,
    sent: usize,
}

impl<S: Stream> Handshake<S> {
    /// Begins a handshake with the server of that name, or address without brackets, over `stream`.
    /// Nothing is sent before the first poll.
    pub fn new(config: Config, server_name: &str, stream: S) -> Result<Self, Error> {
        let host = Host::parse(server_name).ok_or_else(|| {
            let text = format!("'{server_name}' is neither a host name nor an address");
            Error::Tls(TlsError::Configuration(text))
        })?;
        let (rustls, name) = config.for_host(host);
        let connection = UnbufferedClientConnection::new(rustls, name)
            .map_err(|error| Error::Tls(from_rustls(error)))?;
        Ok(Self {
            connection,
            refusal: config.refusal,
            offer: config.offer,
            stream,
            state: State::Think,
            incoming: Vec::new(),
            start: 0,
            outgoing: Vec::new(),
            sent: 0,
        })
    }

    /// Goes on as far as it can.
    pub fn poll(&mut self) -> Poll<Result<(), Error>> {
        loop {
            let step = match &self.state {
                State::Think => self.think(),
                State::Send => ready!(self.send()),
                State::Receive => ready!(self.receive()),
                State::Done => return Poll::Ready(Ok(())),
                State::Failed(error) => return Poll::Ready(Err(error.clone())),
            };
            self.state = step.unwrap_or_else(|error| State::Failed(in_handshake(error)));
        }
    }

    /// What a pending poll waits for.
    pub fn interest(&self) -> Interest {
        match self.state {
            State::Send => Interest::Writable,
            _ => Interest::Readable,
        }
    }

    /// The stream below, to wait on.
    pub fn stream(&mut self) -> &mut S {
        &mut self.stream
    }

    /// The protected stream, once [`Handshake::poll`] has succeeded.
    pub fn finish(self) -> Result<TlsStream<S>, Error> {
        stack::wiped(|| self.into_stream())
    }

    fn into_stream(mut self) -> Result<TlsStream<S>, Error> {
        match self.state {
            State::Done => {}
            State::Failed(error) => return Err(error),
            State::Think | State::Send | State::Receive => {
                let text = "the handshake is not complete".to_owned();
                return Err(Error::Tls(TlsError::Other(text)));
            }
        }
        let session = Session::of(&self.connection);
        let (secrets, kernel) = self
            .connection
            .dangerous_into_kernel_connection()
            .map_err(|error| Error::Tls(from_rustls(error)))?;
        TlsStream::new(Parts {
            stream: self.stream,
            secrets,
            kernel,
            session,
            outgoing: self.outgoing.split_off(self.sent),
        })
    }

    /// Lets rustls look at what came, until it needs more.
    fn think(&mut self) -> Result<State, Error> {
        let finished = loop {
            match self.ask() {
                Ok(Answer::Again) => {}
                Ok(Answer::Blocked) => break false,
                Ok(Answer::Finished) => break true,
                Err(error) => {
                    self.send_alert();
                    return Err(Error::Tls(error));
                }
            }
        };
        self.start = self.incoming.len();
        if finished && !self.incoming.is_empty() {
            let text = "the peer sent handshake data after the end of the handshake".to_owned();
            return Err(Error::Tls(TlsError::Protocol(text)));
        }
        let nothing_to_send = self.outgoing.is_empty() || is_change_cipher_spec(&self.outgoing);
        Ok(match (finished, nothing_to_send) {
            (true, _) => State::Done,
            (false, true) => State::Receive,
            (false, false) => State::Send,
        })
    }

    /// One answer of rustls', with what it wants to be sent put into `outgoing`.
    fn ask(&mut self) -> Result<Answer, TlsError> {
        let UnbufferedStatus { discard, state } =
            self.connection.process_tls_records(&mut self.incoming);
        let answer = match state {
            Ok(ConnectionState::EncodeTlsData(data)) => {
                encode(data, &mut self.outgoing);
                Ok(Answer::Again)
            }
            Ok(ConnectionState::TransmitTlsData(data)) => {
                data.done();
                Ok(Answer::Again)
            }
            Ok(ConnectionState::BlockedHandshake) => Ok(Answer::Blocked),
            Ok(ConnectionState::WriteTraffic(_)) => Ok(Answer::Finished),
            Ok(other) => Err(unforeseen(&other)),
            Err(error) => {
                let refused = self.refusal.take();
                Err(refused.unwrap_or_else(|| from_handshake(error, &self.offer)))
            }
        };
        self.incoming.drain(..discard);
        match answer {
            // It may write before it may read.
            Ok(Answer::Finished) if self.connection.is_handshaking() => Ok(Answer::Blocked),
            answer => answer,
        }
    }

    fn send(&mut self) -> Poll<Result<State, Error>> {
        while self.sent < self.outgoing.len() {
            self.sent += ready!(self.stream.poll_write(&[&self.outgoing[self.sent..]]))?;
        }
        self.outgoing.clear();
        self.sent = 0;
        ready!(self.stream.poll_flush())?;
        Poll::Ready(Ok(State::Receive))
    }

    /// Takes one whole record from the stream.
    fn receive(&mut self) -> Poll<Result<State, Error>> {
        match ready!(records::assemble(
            &mut self.stream,
            &mut self.incoming,
            self.start
        )) {
            Ok(()) => Poll::Ready(Ok(State::Think)),
            Err(records::Cut::Fault(fault)) => Poll::Ready(Err(Error::Tls(fault.error))),
            Err(records::Cut::Stream(error)) => Poll::Ready(Err(error)),
            Err(records::Cut::Ended) => {
                let text = "eof occurred in violation of protocol: \
                            the peer closed the connection during the handshake";
                Poll::Ready(Err(Error::Tls(TlsError::Truncated(text.to_owned()))))
            }
        }
    }

    /// Tells the peer why, as far as that goes without waiting.
    fn send_alert(&mut self) {
        // Only as long as there is something to take: rustls would look at the bad bytes once more,
        // and it panics, or says goodbye twice, when it does.
        while self.connection.wants_write() {
            let status = self.connection.process_tls_records(&mut self.incoming);
            let Ok(ConnectionState::EncodeTlsData(data)) = status.state else {
                break;
            };
            encode(data, &mut self.outgoing);
        }
        if self.sent < self.outgoing.len() {
            // The failure that is reported is the handshake's, not this one's.
            let _ = self.stream.poll_write(&[&self.outgoing[self.sent..]]);
        }
    }
}

/// Appends a record of rustls'.
fn encode<D>(mut data: EncodeTlsData<'_, D>, outgoing: &mut Vec<u8>) {
    let start = outgoing.len();
    if let Err(EncodeError::InsufficientSize(size)) = data.encode(&mut []) {
        outgoing.resize(start + size.required_size, 0);
        data.encode(&mut outgoing[start..])
            .expect("invariant: the record has the room that it asked for");
    }
}

/// The record that middleboxes like to see before a client's second flight.
fn is_change_cipher_spec(flight: &[u8]) -> bool {
    flight == [20, 3, 3, 0, 1, 1]
}

fn unforeseen<D>(state: &ConnectionState<'_, '_, D>) -> TlsError {
    match state {
        ConnectionState::PeerClosed | ConnectionState::Closed => TlsError::HandshakeAlert(format!(
            "the peer broke the handshake off: {}",
            alert::name(rustls::AlertDescription::CloseNotify)
        )),
        _ => TlsError::Protocol("the peer sent data in the handshake".to_owned()),
    }
}

/// A socket's failure happened during this phase, whatever the stream was doing for it.
fn in_handshake(error: Error) -> Error {
    match error {
        Error::Socket { code, .. } => Error::Socket {
            phase: Phase::Handshake,
            code,
        },
        other => other,
    }
}
