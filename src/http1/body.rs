//! The body of a response, told apart from its framing.
//!
//! A [`BodyReader`] looks at the bytes at the front of the caller's buffer and says what they are. It
//! copies and holds none of them, but for trailer lines. So a body may be read in pieces of any size,
//! left for later, or passed on without a copy.

use super::chunked::ChunkedReader;
use super::step::{Step, at_most, less};
use super::{Error, Framing, Headers, Limits};

/// Finds the body in what follows a response head.
#[derive(Debug)]
pub struct BodyReader {
    state: State,
    trailers: Headers,
}

#[derive(Debug)]
enum State {
    /// Bytes left, at least one. Goes to `Complete`, or to `Failed` when the stream ends.
    Length(u64),
    /// Goes to `Complete` behind the trailers, or to `Failed`.
    Chunked(ChunkedReader),
    /// Goes to `Complete` when the stream ends.
    UntilClose,
    /// Terminal.
    Complete,
    /// Terminal: the same error again and again.
    Failed(Error),
}

impl BodyReader {
    /// A reader in front of a body.
    pub fn new(framing: Framing, limits: Limits) -> Self {
        let state = match framing {
            Framing::None | Framing::Length(0) => State::Complete,
            Framing::Length(length) => State::Length(length),
            Framing::Chunked => State::Chunked(ChunkedReader::new(limits)),
            Framing::UntilClose => State::UntilClose,
        };
        Self {
            state,
            trailers: Headers::default(),
        }
    }

    /// Exactly how many bytes of body are left; `None` where the framing doesn't tell.
    pub fn remaining(&self) -> Option<u64> {
        match &self.state {
            State::Length(left) => Some(*left),
            State::Complete => Some(0),
            State::Chunked(_) | State::UntilClose => None,
            State::Failed(Error::Incomplete { expected }) => *expected,
            State::Failed(_) => None,
        }
    }

    /// Whether the body is complete, its framing included.
    pub fn is_complete(&self) -> bool {
        matches!(self.state, State::Complete)
    }

    /// What stands at the front of `input`.
    ///
    /// # Errors
    ///
    /// [`Error::Malformed`], [`Error::LineTooLong`] and [`Error::TooMany`] from a chunked body; every
    /// later call fails with the same.
    pub fn next(&mut self, input: &[u8]) -> Result<Step, Error> {
        match &mut self.state {
            State::Complete => Ok(Step::Complete),
            State::Failed(error) => Err(error.clone()),
            _ if input.is_empty() => Ok(Step::NeedMore),
            State::Length(left) => Ok(Step::Data(at_most(input.len(), *left))),
            State::UntilClose => Ok(Step::Data(input.len())),
            State::Chunked(chunked) => match chunked.next(input) {
                Ok((step, None)) => Ok(step),
                Ok((step, Some(trailers))) => {
                    self.trailers = trailers;
                    self.state = State::Complete;
                    Ok(step)
                }
                Err(error) => {
                    self.state = State::Failed(error.clone());
                    Err(error)
                }
            },
        }
    }

    /// Notes that the first `amount` bytes of the last [`Step::Data`] were taken.
    pub fn took(&mut self, amount: usize) {
        match &mut self.state {
            State::Length(left) => {
                *left = less(*left, amount);
                if *left == 0 {
                    self.state = State::Complete;
                }
            }
            State::Chunked(chunked) => chunked.took(amount),
            State::UntilClose | State::Complete | State::Failed(_) => {}
        }
    }

    /// Notes that the stream ended: a body that runs until then is complete.
    ///
    /// # Errors
    ///
    /// [`Error::Incomplete`] when bytes are missing.
    pub fn end(&mut self) -> Result<(), Error> {
        let error = match &self.state {
            State::UntilClose | State::Complete => {
                self.state = State::Complete;
                return Ok(());
            }
            State::Failed(error) => error.clone(),
            State::Length(_) | State::Chunked(_) => Error::Incomplete {
                expected: self.remaining(),
            },
        };
        self.state = State::Failed(error.clone());
        Err(error)
    }

    /// The trailers of a complete chunked body (RFC 9112 §7.1.2); else none.
    pub fn trailers(&self) -> &Headers {
        &self.trailers
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{read_body, read_body_with};
    use super::*;

    #[test]
    fn a_length_takes_just_so_many_bytes() {
        let body = read_body(Framing::Length(5), b"hello").expect("a body");
        assert_eq!(body.data, b"hello");
        assert_eq!(body.taken, 5);
    }

    #[test]
    fn no_body_takes_nothing() {
        for framing in [Framing::None, Framing::Length(0)] {
            let mut body = BodyReader::new(framing, Limits::default());
            assert!(body.is_complete());
            assert_eq!(body.remaining(), Some(0));
            assert_eq!(body.next(b"HTTP/1.1"), Ok(Step::Complete));
            assert_eq!(body.next(b""), Ok(Step::Complete));
            assert_eq!(body.end(), Ok(()));
            assert!(body.trailers().is_empty());
        }
    }

    #[test]
    fn until_close_takes_all_and_ends_with_the_stream() {
        let body = read_body(Framing::UntilClose, b"anything\r\n\r\n").expect("a body");
        assert_eq!(body.data, b"anything\r\n\r\n");
        let mut body = BodyReader::new(Framing::UntilClose, Limits::default());
        assert_eq!((body.remaining(), body.is_complete()), (None, false));
        assert_eq!(body.next(b""), Ok(Step::NeedMore));
        assert_eq!(body.end(), Ok(()));
        assert_eq!((body.remaining(), body.is_complete()), (Some(0), true));
        assert_eq!(body.next(b"x"), Ok(Step::Complete));
    }

    #[test]
    fn data_may_be_taken_in_smaller_pieces_than_offered() {
        let mut body = BodyReader::new(Framing::Length(5), Limits::default());
        assert_eq!(body.next(b"helloHTTP"), Ok(Step::Data(5)));
        body.took(2);
        assert_eq!(body.remaining(), Some(3));
        assert_eq!(body.next(b"lloHTTP"), Ok(Step::Data(3)));
        body.took(0);
        assert_eq!(body.next(b"ll"), Ok(Step::Data(2)));
        body.took(3);
        assert_eq!(body.next(b"HTTP"), Ok(Step::Complete));
    }

    #[test]
    fn lengths_beyond_32_bits_are_kept() {
        let length = (1 << 63) - 1;
        let mut body = BodyReader::new(Framing::Length(length), Limits::default());
        assert_eq!(body.next(b"abc"), Ok(Step::Data(3)));
        body.took(3);
        assert_eq!(body.remaining(), Some(length - 3));
        assert_eq!(at_most(7, u64::MAX), 7);
    }

    #[test]
    fn an_early_end_says_how_many_bytes_are_missing() {
        let expected = Some(3);
        let outcome = read_body(Framing::Length(5), b"he");
        assert_eq!(
            outcome.expect_err("incomplete"),
            Error::Incomplete { expected }
        );
        let mut body = BodyReader::new(Framing::Length(3), Limits::default());
        assert_eq!(body.end(), Err(Error::Incomplete { expected }));
        assert_eq!(body.next(b"abc"), Err(Error::Incomplete { expected }));
        assert_eq!(body.end(), Err(Error::Incomplete { expected }));
        assert_eq!((body.remaining(), body.is_complete()), (expected, false));
    }

    #[test]
    fn a_failed_body_stays_failed() {
        let mut body = BodyReader::new(Framing::Chunked, Limits::default());
        let error = body.next(b"x").expect_err("malformed");
        assert_eq!(body.next(b"5\r\n"), Err(error.clone()));
        assert_eq!(body.end(), Err(error));
        assert_eq!((body.remaining(), body.is_complete()), (None, false));
        assert!(read_body_with(Framing::Chunked, b"x", Limits::default()).is_err());
    }
}
