//! Lines as they come in: the end of a section found in one pass, the limits on the way.
//!
//! A [`Section`] copies nothing while it looks. Once the end is found, or the input is used up, what
//! was looked at goes into the block at once: a section that comes in one piece is one allocation.
//! A limit is overrun at a certain byte, so it doesn't matter in which pieces the bytes came.

use alloc::vec::Vec;

use super::grammar::line_end;
use super::{Counted, Error, Headers, Limits, Line};

/// What the lines of a section are, for its errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// After a status line.
    Header,
    /// After the last chunk.
    Trailer,
}

/// Header or trailer lines up to an empty one (RFC 9112 §5 and §7.1.2).
#[derive(Debug)]
pub(super) struct Section {
    kind: Kind,
    limits: Limits,
    /// Bytes of the head in front of the section: its status line.
    before: usize,
    block: Vec<u8>,
    /// Where the line that is under way began, counted from the start of the block.
    line_start: usize,
    lines: usize,
}

impl Section {
    /// The header lines behind a status line of `status_line` bytes.
    pub(super) fn headers(limits: Limits, status_line: usize) -> Self {
        Self::new(Kind::Header, limits, status_line)
    }

    /// The trailer lines of a chunked body.
    pub(super) fn trailers(limits: Limits) -> Self {
        Self::new(Kind::Trailer, limits, 0)
    }

    /// The bytes of the head so far.
    pub(super) fn received(&self) -> usize {
        self.before + self.block.len()
    }

    /// Takes bytes from `input` up to the empty line: how many, and the headers once it has come.
    pub(super) fn read(&mut self, input: &[u8]) -> Result<(usize, Option<Headers>), Error> {
        let held = self.block.len();
        let mut scanned = 0;
        while let Some(length) = line_end(&input[scanned..]) {
            let end = scanned + length;
            self.check_line(held + end)?;
            if self.is_empty_line(&input[..end]) {
                self.block.extend_from_slice(&input[..end]);
                let headers = Headers::parse(core::mem::take(&mut self.block))?;
                return Ok((end, Some(headers)));
            }
            self.count_line()?;
            self.line_start = held + end;
            scanned = end;
        }
        self.check_line(held + input.len())?;
        self.block.extend_from_slice(input);
        Ok((input.len(), None))
    }

    fn new(kind: Kind, limits: Limits, before: usize) -> Self {
        Self {
            kind,
            limits,
            before,
            block: Vec::new(),
            line_start: 0,
            lines: 0,
        }
    }

    fn check_line(&self, end: usize) -> Result<(), Error> {
        let line = match self.kind {
            Kind::Header => Line::Header,
            Kind::Trailer => Line::Trailer,
        };
        let start = self.before + self.line_start;
        check_line(line, start, end - self.line_start, &self.limits)
    }

    /// Whether the line that ends `input` is empty. It may have begun in an earlier input.
    fn is_empty_line(&self, input: &[u8]) -> bool {
        match self.block.len() + input.len() - self.line_start {
            1 => true,
            2 => {
                let before = input.iter().rev().nth(1).or(self.block.last());
                before == Some(&b'\r')
            }
            _ => false,
        }
    }

    fn count_line(&mut self) -> Result<(), Error> {
        self.lines += 1;
        let limit = self.limits.header_lines;
        if self.lines <= limit {
            return Ok(());
        }
        let what = match self.kind {
            Kind::Header => Counted::Headers,
            Kind::Trailer => Counted::Trailers,
        };
        Err(Error::TooMany { what, limit })
    }
}

/// Holds a line that began `start` bytes into its head, and has `length` bytes so far, against the
/// limits on lines and on heads. Overrun both, and the one that came first is told.
pub(super) fn check_line(
    line: Line,
    start: usize,
    length: usize,
    limits: &Limits,
) -> Result<(), Error> {
    let room = limits.head.saturating_sub(start);
    if length <= limits.line.min(room) {
        Ok(())
    } else if limits.line <= room {
        let limit = limits.line;
        Err(Error::LineTooLong { line, limit })
    } else {
        let (what, limit) = (Counted::HeadBytes, limits.head);
        Err(Error::TooMany { what, limit })
    }
}
