//! How much a peer may send before it is refused.
//!
//! A limit bounds what is kept or worked through because the peer said so. None of them makes anyone
//! allocate ahead: memory follows the bytes received.

/// The default of [`Limits::line`].
pub const LINE: usize = 65_536;

/// The bounds on what is read from a peer. What is exactly at a limit is accepted.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of one status, header, chunk size or trailer line, its line end included: 65,536. Error
    /// messages name this default.
    pub line: usize,
    /// Header lines of one head, and as many trailer lines: 100. A folded line counts as a line.
    pub header_lines: usize,
    /// Bytes of one whole head, its empty line included, as many of all interim heads together, and as
    /// many of one trailer section: 1 MiB.
    pub head: usize,
    /// Empty lines before one status line: 8.
    pub empty_lines: usize,
    /// Interim (1xx) responses before one final response: 100.
    pub interim_responses: usize,
    /// Bytes of all chunk extensions of one body, semicolons included: 16 KiB.
    pub chunk_extensions: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            line: LINE,
            header_lines: 100,
            head: 1024 * 1024,
            empty_lines: 8,
            interim_responses: 100,
            chunk_extensions: 16 * 1024,
        }
    }
}
