//! How a request's body leaves: read, framed, and queued. What is queued is sent in `flushing.rs`.

use alloc::vec::Vec;
use core::task::Poll;

use super::body::{Body, Source};
use super::connection::Connection;
use super::error::Error;
use super::state::{Expectation, Interruption, Progress, Sent};
use crate::http1::{CHUNK_END, Transfer, chunk_head, last_chunk};
use crate::transport::{BLOCK, Interrupted, Network, Phase};

/// A refusal is looked for each time that so many bytes of a body were sent, even if nothing had to wait:
/// seldom enough to cost nothing.
const LOOK: u64 = 1 << 20;

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
            Some(Interruption::Body(offset)) => return self.deliver(data, offset, Part::Piece),
            None => {}
        }
        if sent.progress == Progress::Abandoned {
            return Ok(());
        }
        sent.check_room(&mut data)?;
        self.deliver(data, 0, Part::Piece)
    }

    /// Goes on where `would-block` stopped a call that carried a whole body.
    pub(super) fn resume(&mut self, body: Option<Body<'_>>) -> Result<(), Error> {
        match (self.sent()?.interrupted, body) {
            (Some(Interruption::Body(offset)), Some(body)) => {
                self.deliver(body, offset, Part::Whole)
            }
            _ => self.flush(),
        }
    }

    /// Sends what is queued and `body` behind it, from `offset` if it is a source; nothing of it where
    /// the server has answered that it does not want it.
    pub(super) fn deliver(&mut self, body: Body<'_>, offset: u64, part: Part) -> Result<(), Error> {
        if self.sent()?.expectation != Expectation::None {
            self.flush_before(0)?;
            self.await_continue()?;
        }
        if self.sent()?.progress == Progress::Abandoned {
            return Ok(());
        }
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
        let mut look = offset + LOOK;
        // A source can't be read again, and may be longer than memory.
        self.sent()?.outbound.let_go();
        while self.sent()?.progress == Progress::Going {
            match source.poll_read(offset, blocksize) {
                Poll::Ready(Ok(block)) if block.is_empty() => {
                    if part == Part::Whole {
                        self.end_source()?;
                    }
                    return self.flush();
                }
                Poll::Ready(Ok(block)) => {
                    self.check_block(block.len() as u64)?;
                    offset += block.len() as u64;
                    self.trace.send(&block);
                    let sent = self.sent()?;
                    sent.queue(block);
                    if sent.outbound.len() >= BLOCK {
                        self.flush_before(offset)?;
                        if offset >= look {
                            look = offset + LOOK;
                            self.heed_refusal()?;
                        }
                    }
                }
                Poll::Ready(Err(error)) => return Err(self.fail(error)),
                Poll::Pending => {
                    self.flush_before(offset)?;
                    let waited = source.wait(self.deadline());
                    waited.map_err(|interrupted| match interrupted {
                        Interrupted::WouldBlock => self.interrupt(Interruption::Body(offset)),
                        Interrupted::TimedOut => self.fail(Error::TimedOut(Phase::Send)),
                    })?;
                }
            }
        }
        Ok(())
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

    /// Sends what is queued, remembering that the body goes on at `offset`.
    fn flush_before(&mut self, offset: u64) -> Result<(), Error> {
        self.flush().map_err(|error| match error {
            Error::WouldBlock => self.interrupt(Interruption::Body(offset)),
            error => error,
        })
    }

    /// Remembers where a call stopped that has to be made again.
    pub(super) fn interrupt(&mut self, interruption: Interruption) -> Error {
        match self.sent() {
            Ok(sent) => {
                sent.interrupted = Some(interruption);
                Error::WouldBlock
            }
            Err(error) => error,
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
            self.outbound.push(last_chunk(&self.trailers));
        }
        self.transfer = Transfer::Nothing;
        self.interrupted = None;
    }

    /// Gives up the rest of the body: the server has answered without it.
    pub(super) fn abandon(&mut self) {
        self.progress = Progress::Abandoned;
        self.transfer = Transfer::Nothing;
        self.interrupted = None;
        self.outbound = Default::default();
    }
}
