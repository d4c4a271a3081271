//! How a request goes out.

use alloc::vec::Vec;
use core::task::{Poll, ready};

use super::Connection;
use crate::client::body::Body;
use crate::client::error::Error;
use crate::client::options::LARGEST_BLOCK;
use crate::client::text::trailer_lines;
use crate::client::upload::{Call, Part, Upload};
use crate::client::waiting::Awaits;
use crate::transport::{self, Network, Source, Trailers};

impl<N: Network> Connection<N> {
    /// Goes on with a call that carries a body, or none.
    pub(super) fn poll_call(&mut self, body: &mut Option<Body<'_>>) -> Poll<Result<(), Error>> {
        let sent = match (self.state.sent()?.call, body.is_some()) {
            (Some(Call::Body { offset, part }), true) => self.poll_body(body, offset, part),
            _ => self.poll_flush(),
        };
        ready!(sent)?;
        if let Ok(upload) = self.state.sent() {
            upload.call = None;
        }
        Poll::Ready(Ok(()))
    }

    /// Sends what is queued and `body` behind it, from `offset` if it is a source; nothing of it where
    /// the server has answered that it does not want it.
    fn poll_body(
        &mut self,
        body: &mut Option<Body<'_>>,
        offset: u64,
        part: Part,
    ) -> Poll<Result<(), Error>> {
        ready!(self.poll_word())?;
        if self.state.sent()?.is_abandoned() {
            return Poll::Ready(Ok(()));
        }
        match body {
            Some(Body::Source(source)) => self.poll_source(&mut **source, offset, part),
            _ => {
                if let Some(Body::Bytes(bytes)) = body.take() {
                    self.trace.send(&bytes);
                    self.queue(bytes)?;
                }
                let upload = self.state.sent()?;
                if part == Part::Whole {
                    upload.end();
                }
                upload.call = Some(Call::Queued);
                self.poll_flush()
            }
        }
    }

    /// Reads and sends in turn. A block that is read waits for the next one as long as that is at
    /// hand, so that small blocks leave together and the last chunk with the last block.
    fn poll_source(
        &mut self,
        source: &mut dyn Source,
        mut offset: u64,
        part: Part,
    ) -> Poll<Result<(), Error>> {
        let blocksize = self.route.options.blocksize.clamp(1, LARGEST_BLOCK);
        self.state.sent()?.let_go();
        loop {
            if self.state.sent()?.is_full() {
                ready!(self.poll_flush())?;
            }
            if self.state.sent()?.is_abandoned() {
                return Poll::Ready(Ok(()));
            }
            match source.poll_read(offset, blocksize) {
                Poll::Ready(Ok(block)) if block.is_empty() => {
                    match source.poll_trailers() {
                        Poll::Ready(trailers) => self.end_source(part, trailers)?,
                        Poll::Pending => ready!(self.poll_more())?,
                    }
                    return self.poll_flush();
                }
                Poll::Ready(Ok(block)) => {
                    let length = block.len() as u64;
                    offset += length;
                    self.trace.send(&block);
                    self.queue(block)?;
                    self.state.sent()?.call = Some(Call::Body { offset, part });
                    if Upload::is_to_look(offset, length) {
                        ready!(self.poll_flush())?;
                        self.heed_refusal()?;
                    }
                }
                Poll::Ready(Err(error)) => return Poll::Ready(Err(self.fail(error.into()))),
                Poll::Pending => ready!(self.poll_more())?,
            }
        }
    }

    /// Waits for the source to have more, or for a refusal.
    fn poll_more(&mut self) -> Poll<Result<(), Error>> {
        ready!(self.poll_flush())?;
        self.awaits = self.heed_refusal()?;
        match self.state.sent()?.is_abandoned() {
            true => Poll::Ready(Ok(())),
            false => Poll::Pending,
        }
    }

    /// A body that ends before its announced length leaves the peer waiting: the connection is over.
    fn end_source(
        &mut self,
        part: Part,
        trailers: Result<Trailers, transport::Error>,
    ) -> Result<(), Error> {
        let ended = trailers.map_err(Error::from).and_then(|trailers| {
            let lines = trailer_lines(&trailers)?;
            let upload = self.state.sent()?;
            upload.add_trailers(&lines);
            upload.call = Some(Call::Queued);
            match part {
                Part::Whole => upload.end_source(),
                Part::Piece => Ok(()),
            }
        });
        ended.map_err(|error| self.fail(error))
    }

    fn queue(&mut self, block: Vec<u8>) -> Result<(), Error> {
        let queued = self.state.sent()?.queue(block);
        queued.map_err(|error| self.fail(error))
    }

    /// Sends everything that is queued.
    pub(super) fn poll_flush(&mut self) -> Poll<Result<(), Error>> {
        self.poll_over_fresh_stream(Self::poll_flush_once)
    }

    /// Makes this step of an exchange, over a fresh stream where the server had closed this one before.
    pub(super) fn poll_over_fresh_stream(
        &mut self,
        step: impl Fn(&mut Self) -> Poll<Result<(), Error>>,
    ) -> Poll<Result<(), Error>> {
        loop {
            match ready!(step(self)) {
                Err(error) if self.may_repeat(&error) => self.repeat(),
                made => return Poll::Ready(made.map_err(|error| self.fail(error))),
            }
        }
    }

    pub(super) fn poll_flush_once(&mut self) -> Poll<Result<(), Error>> {
        let shared = ready!(self.poll_stream())?;
        let rules = self.rules(&shared);
        let is_over = || self.patience.is_over(|| self.network.now());
        let upload = self.state.sent()?;
        upload.poll_flush(&mut shared.borrow_mut(), rules, is_over, &mut self.awaits)
    }

    fn heed_refusal(&mut self) -> Result<Awaits, Error> {
        let Poll::Ready(shared) = self.poll_stream() else {
            return Ok(Awaits::Nothing);
        };
        let heeded = shared.and_then(|shared| {
            let rules = self.rules(&shared);
            let upload = self.state.sent()?;
            upload.heed_refusal(&mut shared.borrow_mut(), rules)
        });
        heeded.map_err(|error| self.fail(error))
    }

    /// Waits for the server's word before the body, where the head asks for it.
    fn poll_word(&mut self) -> Poll<Result<(), Error>> {
        if !self.state.sent()?.awaits_word() {
            return Poll::Ready(Ok(()));
        }
        self.poll_over_fresh_stream(|connection| {
            ready!(connection.poll_flush_once())?;
            connection.poll_word_once()
        })
    }

    fn poll_word_once(&mut self) -> Poll<Result<(), Error>> {
        let shared = ready!(self.poll_stream())?;
        let rules = self.rules(&shared);
        let now = self.network.now();
        let upload = self.state.sent()?;
        upload.poll_word(&mut shared.borrow_mut(), rules, now, &mut self.awaits)
    }
}
