//! How a request's body leaves: queued, framed, and sent as the stream takes it.

use std::task::Poll;

use super::body::{Body, Source};
use super::connection::{Connection, Link};
use super::error::{Error, HttpException};
use super::state::{Interruption, Sent};
use crate::http1::{CHUNK_END, LAST_CHUNK, Transfer, chunk_head};
use crate::transport::{BLOCK, Deadline, Interest, Interrupted, Network, Phase, Stream, TlsError};

/// Whether a body is the whole body of its request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The request ends with it.
    Whole,
    /// `send` may bring more.
    Piece,
}

impl<N: Network> Connection<N> {
    /// `send(data)`.
    ///
    /// # Errors
    /// `CannotSendRequest`; `Value` where the body would grow beyond what was announced; what reading
    /// a source and sending fail with.
    pub fn send(&mut self, mut data: Body<'_>) -> Result<(), Error> {
        let sent = self.sent()?;
        match sent.interrupted {
            Some(Interruption::Queued) => return self.flush(),
            Some(Interruption::Source(offset)) => return self.deliver(data, offset, Part::Piece),
            None => {}
        }
        sent.check_room(&mut data)?;
        self.deliver(data, 0, Part::Piece)
    }

    /// Goes on where `would-block` stopped a call that carried a whole body.
    pub(super) fn resume(&mut self, body: Option<Body<'_>>) -> Result<(), Error> {
        match (self.sent()?.interrupted, body) {
            (Some(Interruption::Source(offset)), Some(body)) => {
                self.deliver(body, offset, Part::Whole)
            }
            _ => self.flush(),
        }
    }

    /// Sends what is queued and `body` behind it, from `offset` if it is a source.
    pub(super) fn deliver(&mut self, body: Body<'_>, offset: u64, part: Part) -> Result<(), Error> {
        match body {
            Body::Bytes(bytes) => {
                self.trace.send(&bytes);
                let sent = self.sent()?;
                sent.queue(bytes);
                if part == Part::Whole {
                    sent.end();
                }
                self.flush()
            }
            Body::Source(mut source) => self.deliver_source(&mut *source, offset, part),
        }
    }

    /// Reads and sends in turn. A block that is read waits for the next one as long as that is at
    /// hand, so that small blocks leave together and the last chunk with the last block.
    fn deliver_source(
        &mut self,
        source: &mut dyn Source,
        mut offset: u64,
        part: Part,
    ) -> Result<(), Error> {
        let blocksize = self.route.options.blocksize.max(1);
        // A source can't be read again, and may be longer than memory.
        self.sent()?.outbound.let_go();
        loop {
            match source.poll_read(offset, blocksize) {
                Poll::Ready(Ok(block)) if block.is_empty() => break,
                Poll::Ready(Ok(block)) => {
                    self.check_block(block.len() as u64)?;
                    offset += block.len() as u64;
                    self.trace.send(&block);
                    let sent = self.sent()?;
                    sent.queue(block);
                    if sent.outbound.len() >= BLOCK {
                        self.flush_source(offset)?;
                    }
                }
                Poll::Ready(Err(error)) => return Err(self.fail(error)),
                Poll::Pending => {
                    self.flush_source(offset)?;
                    let deadline = self.deadline();
                    source
                        .wait(deadline)
                        .map_err(|interrupted| match interrupted {
                            Interrupted::WouldBlock => self.interrupt(Interruption::Source(offset)),
                            Interrupted::TimedOut => self.fail(Error::TimedOut(Phase::Send)),
                        })?;
                }
            }
        }
        if part == Part::Whole {
            self.end_source()?;
        }
        self.flush()
    }

    /// A body that ends before its announced length leaves the peer waiting: the connection is over.
    fn end_source(&mut self) -> Result<(), Error> {
        let sent = self.sent()?;
        let missing = sent.room().unwrap_or(0);
        if missing > 0 {
            let text = format!("the body ended after {} bytes, {missing} short", sent.body);
            return Err(self.fail(Error::Value(text)));
        }
        sent.end();
        Ok(())
    }

    fn check_block(&mut self, length: u64) -> Result<(), Error> {
        match self.sent()?.check_length(length) {
            Ok(()) => Ok(()),
            Err(error) => Err(self.fail(error)),
        }
    }

    /// Sends what is queued, remembering how far the source was read.
    fn flush_source(&mut self, offset: u64) -> Result<(), Error> {
        self.flush().map_err(|error| match error {
            Error::WouldBlock => self.interrupt(Interruption::Source(offset)),
            error => error,
        })
    }

    fn interrupt(&mut self, interruption: Interruption) -> Error {
        match self.sent() {
            Ok(sent) => {
                sent.interrupted = Some(interruption);
                Error::WouldBlock
            }
            Err(error) => error,
        }
    }

    /// Sends everything that is queued, connecting first where needed.
    pub(super) fn flush(&mut self) -> Result<(), Error> {
        match self.flush_once() {
            Err(Error::WouldBlock) => Err(self.interrupt(Interruption::Queued)),
            Err(error) if self.may_repeat(&error) => {
                self.repeat();
                self.flush()
            }
            Err(error) => Err(self.fail(error)),
            Ok(()) => {
                self.sent()?.interrupted = None;
                Ok(())
            }
        }
    }

    fn flush_once(&mut self) -> Result<(), Error> {
        let shared = self.open()?;
        let mut exchange = shared.borrow_mut();
        exchange.awaits_reply = true;
        let channel = exchange.channel().ok_or(HttpException::NotConnected)?;
        loop {
            let progress = match self.sent()?.outbound.poll_send(channel) {
                Poll::Ready(Ok(())) => channel.poll_flush(),
                progress => progress,
            };
            match progress {
                Poll::Ready(result) => return Ok(result?),
                Poll::Pending => channel
                    .wait(Interest::Writable, self.deadline())
                    .map_err(|interrupted| interrupted_while(interrupted, Phase::Send))?,
            }
        }
    }

    /// When a step that begins now must be done.
    pub(super) fn deadline(&self) -> Deadline {
        self.route.options.timeout.deadline(|| self.network.now())
    }

    /// Whether `error` says that the server had closed an idle stream, and the request may go to a
    /// fresh one: nothing of it was answered, and repeating it is safe.
    pub(super) fn may_repeat(&mut self, error: &Error) -> bool {
        let gone = matches!(
            error,
            Error::Socket {
                phase: Phase::Send | Phase::Receive,
                ..
            } | Error::Http(HttpException::RemoteDisconnected)
                | Error::Tls(TlsError::Truncated(_))
        );
        let reused = matches!(&self.link, Link::Open(exchange) if exchange.borrow().reused);
        let kept = self.sent().is_ok_and(|sent| {
            let unanswered = !sent.reply.as_ref().is_some_and(|reply| reply.has_begun());
            sent.outbound.is_whole() && unanswered
        });
        gone && reused && kept
    }

    /// Makes the request ready to be sent over a fresh stream.
    pub(super) fn repeat(&mut self) {
        if let Link::Open(exchange) = std::mem::replace(&mut self.link, Link::Closed) {
            exchange.borrow_mut().close();
        }
        if let Ok(sent) = self.sent() {
            sent.outbound.rewind();
            sent.reply = None;
        }
    }
}

impl Sent {
    /// Refuses a body that is known to go beyond what was announced.
    pub(super) fn check_room(&self, body: &mut Body<'_>) -> Result<(), Error> {
        match body {
            Body::Bytes(bytes) => self.check_length(bytes.len() as u64),
            Body::Source(source) => source.length()?.map_or(Ok(()), |it| self.check_length(it)),
        }
    }

    fn check_length(&self, length: u64) -> Result<(), Error> {
        match self.room() {
            Some(room) if length > room => Err(Error::Value(match self.transfer {
                Transfer::Nothing if self.body == 0 => {
                    "neither Content-Length nor Transfer-Encoding announced a body".into()
                }
                _ => format!("{length} bytes of body where {room} are left of those announced"),
            })),
            _ => Ok(()),
        }
    }

    /// Queues a block of body as the head announced it.
    fn queue(&mut self, block: Vec<u8>) {
        self.body += block.len() as u64;
        match self.transfer {
            // An empty chunk would be the last one.
            Transfer::Chunked if block.is_empty() => {}
            Transfer::Chunked => {
                self.outbound
                    .push(chunk_head(block.len()).as_ref().to_vec());
                self.outbound.push(block);
                self.outbound.push(CHUNK_END.to_vec());
            }
            Transfer::Plain { .. } | Transfer::Nothing => self.outbound.push(block),
        }
    }

    /// Queues what ends the body; nothing may follow.
    pub(super) fn end(&mut self) {
        if self.transfer == Transfer::Chunked {
            self.outbound.push(LAST_CHUNK.to_vec());
        }
        self.transfer = Transfer::Nothing;
        self.interrupted = None;
    }
}

pub(super) fn interrupted_while(interrupted: Interrupted, phase: Phase) -> Error {
    match interrupted {
        Interrupted::WouldBlock => Error::WouldBlock,
        Interrupted::TimedOut => Error::TimedOut(phase),
    }
}
