//! A body, block by block.

use std::io;
use std::mem;

use crate::bindings::client as wit;
use crate::error::{Error, HttpException, IncompleteRead, Result};

/// How much is received at a time at most, where a reader asks for less.
const BLOCK: usize = 64 << 10;

/// What was received and not read yet.
#[derive(Debug, Default)]
pub struct Buffer {
    block: Vec<u8>,
    position: usize,
    /// What comes behind it.
    error: Option<wit::Error>,
}

impl Buffer {
    /// What is left of it.
    pub fn rest(&self) -> &[u8] {
        &self.block[self.position..]
    }

    pub fn clear(&mut self) {
        self.block.clear();
        self.position = 0;
    }

    pub fn consume(&mut self, amount: usize) {
        self.position = self.block.len().min(self.position + amount);
    }

    /// What was put off until the rest was read.
    pub fn fail(&mut self) -> Result<()> {
        match self.error.take() {
            Some(error) => Err(error.into()),
            None => Ok(()),
        }
    }

    /// What there is; nothing at the end of the body.
    pub fn fill(&mut self, response: &wit::HttpResponse) -> io::Result<&[u8]> {
        if self.rest().is_empty() {
            self.clear();
            self.block = self.receive(response, BLOCK)?;
        }
        Ok(self.rest())
    }

    pub fn read(&mut self, response: &wit::HttpResponse, into: &mut [u8]) -> io::Result<usize> {
        if into.is_empty() {
            return Ok(0);
        }
        // A large one is not worth the detour.
        if self.rest().is_empty() && into.len() >= BLOCK {
            self.clear();
            let block = self.receive(response, into.len())?;
            into[..block.len()].copy_from_slice(&block);
            return Ok(block.len());
        }
        let rest = self.fill(response)?;
        let read = rest.len().min(into.len());
        into[..read].copy_from_slice(&rest[..read]);
        self.consume(read);
        Ok(read)
    }

    /// All that is left of the body.
    pub fn read_all(&mut self, response: &wit::HttpResponse) -> Result<Vec<u8>> {
        let mut all = mem::take(&mut self.block);
        all.drain(..mem::take(&mut self.position));
        loop {
            let rest = match self.error.take() {
                Some(error) => Err(error),
                None => response.read(None),
            };
            match rest {
                Ok(rest) if all.is_empty() => all = rest,
                Ok(rest) => all.extend_from_slice(&rest),
                Err(error) => return Err(self.keep(all, error)),
            }
            // With a timeout of 0, that was what had come so far.
            if response.is_closed() {
                return Ok(all);
            }
        }
    }

    /// What had been received when reading the rest failed: it goes with an `IncompleteRead`, and otherwise remains.
    fn keep(&mut self, mut received: Vec<u8>, error: wit::Error) -> Error {
        match error {
            wit::Error::Http(HttpException::IncompleteRead(it)) => {
                received.extend_from_slice(&it.partial);
                let it = IncompleteRead {
                    partial: received,
                    expected: it.expected,
                };
                HttpException::IncompleteRead(it).into()
            }
            error => {
                self.block = received;
                error.into()
            }
        }
    }

    /// The next block. What came before the connection ended too early is read before that is said.
    fn receive(&mut self, response: &wit::HttpResponse, most: usize) -> io::Result<Vec<u8>> {
        let received = match self.error.take() {
            Some(error) => Err(error),
            None => response.read1(Some(most as u64)),
        };
        match received {
            Err(wit::Error::Http(HttpException::IncompleteRead(mut it)))
                if !it.partial.is_empty() =>
            {
                let partial = mem::take(&mut it.partial);
                self.error = Some(wit::Error::Http(HttpException::IncompleteRead(it)));
                Ok(partial)
            }
            received => Ok(received.map_err(Error::from)?),
        }
    }
}
