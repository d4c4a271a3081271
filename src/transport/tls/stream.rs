//! A protected stream over another.
//!
//! Receiving: the stream below keeps what it received; a record that lies there whole is opened there,
//! and its plaintext is handed out as a range of that buffer until it is consumed. Only a record that
//! straddles two fills is put together aside. Sending is [`Outgoing`]'s.
//!
//! A peer that breaks the protocol ends the receiving half for good; `close_notify` ends it in
//! order. The sending half goes on after the latter.

use alloc::borrow::ToOwned;
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::ops::Range;
use core::task::{Poll, ready};

use rustls::client::ClientConnectionData;
use rustls::kernel::KernelConnection;
use rustls::{AlertDescription, ExtractedSecrets, ProtocolVersion};

use super::alert::Fault;
use super::error::from_rustls;
use super::outgoing::Outgoing;
use super::post_handshake::{Event, PostHandshake};
use super::record::Opener;
use super::records::{self, Cut};
use super::session::Session;
use super::stack;
use super::version::TlsVersion;
use crate::transport::{Error, Phase, SocketErrorCode, Stream, TlsError};

/// What a handshake hands over.
pub(super) struct Parts<S> {
    pub(super) stream: S,
    pub(super) secrets: ExtractedSecrets,
    pub(super) kernel: KernelConnection<ClientConnectionData>,
    pub(super) session: Session,
    /// The last flight, if it is still to be sent.
    pub(super) outgoing: Vec<u8>,
}

/// Where the plaintext is that was received and not yet consumed.
enum Plaintext {
    None,
    /// In the buffer of the stream below, in the record that this buffer begins with.
    Below {
        range: Range<usize>,
        record: usize,
    },
    /// In the record that was put together aside.
    Aside {
        range: Range<usize>,
    },
}

/// The receiving half.
enum Receiving {
    Open,
    /// The peer has said `close_notify`.
    Closed,
    /// Nothing after this can be trusted.
    Failed(Error),
}

/// A stream protected by TLS.
pub struct TlsStream<S> {
    inner: S,
    session: Rc<Session>,
    post: PostHandshake,
    opener: Opener,
    outgoing: Outgoing,
    receiving: Receiving,
    plaintext: Plaintext,
    /// The record that straddles fills.
    aside: Vec<u8>,
}

impl<S: Stream> TlsStream<S> {
    pub(super) fn new(parts: Parts<S>) -> Result<Self, Error> {
        let version = match parts.kernel.protocol_version() {
            ProtocolVersion::TLSv1_2 => TlsVersion::Tls12,
            _ => TlsVersion::Tls13,
        };
        Ok(Self {
            inner: parts.stream,
            session: Rc::new(parts.session),
            post: PostHandshake::new(version, parts.kernel),
            opener: Opener::new(version, parts.secrets.rx).map_err(Error::Tls)?,
            outgoing: Outgoing::new(version, parts.secrets.tx, parts.outgoing)
                .map_err(Error::Tls)?,
            receiving: Receiving::Open,
            plaintext: Plaintext::None,
            aside: Vec::new(),
        })
    }

    /// What the handshake agreed on.
    pub fn session(&self) -> &Rc<Session> {
        &self.session
    }

    /// The stream below, to wait on.
    pub fn below(&mut self) -> &mut S {
        &mut self.inner
    }

    /// Tells the peer that no more will be sent, as far as that goes at once.
    pub fn close_notify(&mut self) {
        self.last_word(AlertDescription::CloseNotify);
    }

    /// Opens the next record, wherever it lies.
    fn next_record(&mut self) -> Poll<Result<Event, Error>> {
        let opened = if self.aside.is_empty() {
            self.record_below()
        } else {
            None
        };
        let opened = match opened {
            Some(opened) => opened,
            None => ready!(self.record_aside()),
        };
        Poll::Ready(opened.map_err(|cut| self.fail(cut)))
    }

    /// Opens the record that the buffer below begins with, if it is all there.
    fn record_below(&mut self) -> Option<Result<Event, Cut>> {
        let total = match records::length(self.inner.buffer()) {
            Ok(Some(total)) if total <= self.inner.buffer().len() => total,
            // Also a fault is found again, and reported, where records are put together.
            _ => return None,
        };
        Some(match self.open_below(total) {
            Ok((Event::Data, range)) => {
                let record = total;
                self.plaintext = Plaintext::Below { range, record };
                Ok(Event::Data)
            }
            Ok((event, _)) => {
                self.inner.consume(total);
                Ok(event)
            }
            Err(fault) => Err(Cut::Fault(fault)),
        })
    }

    /// Receives a record that does not lie whole in the buffer below.
    fn record_aside(&mut self) -> Poll<Result<Event, Cut>> {
        if self.inner.buffer().is_empty() {
            match ready!(self.inner.poll_fill()) {
                Ok(0) => return Poll::Ready(Err(Cut::Ended)),
                Ok(_) => {}
                Err(error) => return Poll::Ready(Err(Cut::Stream(error))),
            }
            if self.aside.is_empty()
                && let Some(opened) = self.record_below()
            {
                return Poll::Ready(opened);
            }
        }
        if let Err(cut) = ready!(records::assemble(&mut self.inner, &mut self.aside, 0)) {
            return Poll::Ready(Err(cut));
        }
        Poll::Ready(match self.open_aside() {
            Ok((Event::Data, range)) => {
                self.plaintext = Plaintext::Aside { range };
                Ok(Event::Data)
            }
            Ok((event, _)) => {
                self.aside.clear();
                Ok(event)
            }
            Err(fault) => Err(Cut::Fault(fault)),
        })
    }

    fn open_aside(&mut self) -> Result<(Event, Range<usize>), Fault> {
        let (content, range) = self.opener.open(&mut self.aside)?;
        let event = self.post.receive(content, &self.aside[range.clone()])?;
        Ok((event, range))
    }

    /// The same in the buffer below, for the record of that length.
    fn open_below(&mut self, total: usize) -> Result<(Event, Range<usize>), Fault> {
        let record = &mut self.inner.buffer_mut()[..total];
        let (content, range) = self.opener.open(record)?;
        let event = self.post.receive(content, &record[range.clone()])?;
        Ok((event, range))
    }

    /// Ends the receiving half, and the sending half too unless only the stream below failed.
    fn fail(&mut self, cut: Cut) -> Error {
        let error = match cut {
            Cut::Stream(error) => return error,
            Cut::Ended => Error::Tls(TlsError::Truncated(
                "eof occurred in violation of protocol: \
                 the peer closed the connection without close_notify"
                    .to_owned(),
            )),
            Cut::Fault(Fault { alert, error }) => {
                match alert {
                    Some(alert) => self.last_word(alert),
                    None => self.outgoing.close(),
                }
                Error::Tls(error)
            }
        };
        self.receiving = Receiving::Failed(error.clone());
        error
    }

    /// Acts on what the peer wants besides sending data.
    fn act(&mut self, event: Event) -> Result<(), Error> {
        match event {
            Event::Data | Event::Nothing => Ok(()),
            Event::Closed => {
                self.receiving = Receiving::Closed;
                Ok(())
            }
            Event::NewKeys { requested } => stack::wiped(|| self.renew(requested)),
            Event::HelloRequest => {
                self.outgoing.decline_renegotiation();
                let _ = self.drain();
                Ok(())
            }
        }
    }

    /// Takes the peer's new keys, and new ones of our own where it asks for them.
    fn renew(&mut self, requested: bool) -> Result<(), Error> {
        let secrets = self.post.kernel().update_rx_secret();
        self.opener = secrets
            .map_err(from_rustls)
            .and_then(|secrets| Opener::new(TlsVersion::Tls13, secrets))
            .map_err(|error| self.fail(Cut::Fault(Fault::silent(error))))?;
        if requested {
            self.outgoing.owe_key_update(self.post.kernel());
            let _ = self.drain();
        }
        Ok(())
    }

    /// Sends a last word as far as that goes at once.
    fn last_word(&mut self, alert: AlertDescription) {
        self.outgoing.last_word(alert);
        let _ = self.drain();
    }

    fn drain(&mut self) -> Poll<Result<(), Error>> {
        self.outgoing.drain(&mut self.inner)
    }
}

impl<S: Stream> Stream for TlsStream<S> {
    fn buffer(&self) -> &[u8] {
        match &self.plaintext {
            Plaintext::None => &[],
            Plaintext::Below { range, .. } => &self.inner.buffer()[range.clone()],
            Plaintext::Aside { range } => &self.aside[range.clone()],
        }
    }

    fn buffer_mut(&mut self) -> &mut [u8] {
        match &self.plaintext {
            Plaintext::None => &mut [],
            Plaintext::Below { range, .. } => &mut self.inner.buffer_mut()[range.clone()],
            Plaintext::Aside { range } => &mut self.aside[range.clone()],
        }
    }

    fn consume(&mut self, amount: usize) {
        let (Plaintext::Below { range, .. } | Plaintext::Aside { range }) = &mut self.plaintext
        else {
            assert_eq!(amount, 0, "invariant: what is consumed is there");
            return;
        };
        assert!(
            amount <= range.len(),
            "invariant: what is consumed is there"
        );
        range.start += amount;
        if range.start < range.end {
            return;
        }
        match core::mem::replace(&mut self.plaintext, Plaintext::None) {
            Plaintext::None => {}
            Plaintext::Below { record, .. } => self.inner.consume(record),
            Plaintext::Aside { .. } => self.aside.clear(),
        }
    }

    fn poll_fill(&mut self) -> Poll<Result<usize, Error>> {
        // Whoever waits for an answer has sent the question. Its failure is not the answer's: a
        // server may answer, and stop listening, before it has read everything.
        let _ = self.drain();
        while self.buffer().is_empty() {
            match &self.receiving {
                Receiving::Open => {}
                Receiving::Closed => return Poll::Ready(Ok(0)),
                Receiving::Failed(error) => return Poll::Ready(Err(error.clone())),
            }
            let event = ready!(self.next_record())?;
            self.act(event)?;
        }
        Poll::Ready(Ok(self.buffer().len()))
    }

    fn poll_write(&mut self, parts: &[&[u8]]) -> Poll<Result<usize, Error>> {
        if let Receiving::Failed(error) = &self.receiving {
            return Poll::Ready(Err(error.clone()));
        }
        if self.outgoing.is_closed() {
            return Poll::Ready(Err(Error::Socket {
                phase: Phase::Send,
                code: SocketErrorCode::BrokenPipe,
            }));
        }
        if self.outgoing.is_full() {
            ready!(self.drain())?;
        }
        let taken = self
            .outgoing
            .gather(parts, self.post.kernel())
            .map_err(Error::Tls)?;
        match self.drain() {
            // What stays in the queue was taken all the same.
            Poll::Pending | Poll::Ready(Ok(())) => Poll::Ready(Ok(taken)),
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
        }
    }

    fn poll_flush(&mut self) -> Poll<Result<(), Error>> {
        ready!(self.drain())?;
        self.inner.poll_flush()
    }

    fn poll_shutdown(&mut self) -> Poll<Result<(), Error>> {
        self.close_notify();
        ready!(self.drain())?;
        self.inner.poll_shutdown()
    }

    fn say_goodbye(&mut self) {
        self.close_notify();
        self.inner.say_goodbye();
    }

    fn handle(&self) -> Option<u32> {
        self.inner.handle()
    }
}

#[cfg(test)]
impl<S> TlsStream<S> {
    /// Pretends to have sent so many records.
    pub(super) fn skip_to(&mut self, sequence: u64) {
        self.outgoing.skip_to(sequence);
    }
}
