//! How a body comes out of its stream.

use core::task::{Poll, ready};

use super::error::Error;
use crate::http1::{BodyReader, Step};
use crate::transport::{self, Stream, TlsError};

/// Takes from the front of the bytes it is shown; how many. Behind a pointer, so that what shows them is
/// compiled once.
pub type Take<'a> = &'a mut dyn FnMut(&[u8]) -> usize;

/// Shows the next bytes of the body to `take`; how many it took, none at the end.
pub fn poll_data<S: Stream>(
    stream: &mut S,
    body: &mut BodyReader,
    take: Take,
) -> Poll<Result<Option<usize>, Error>> {
    loop {
        match body.next(stream.buffer())? {
            Step::Framing(amount) => stream.consume(amount),
            Step::Data(amount) => {
                let taken = take(&stream.buffer()[..amount]);
                stream.consume(taken);
                body.took(taken);
                return Poll::Ready(Ok(Some(taken)));
            }
            Step::NeedMore => match ready!(stream.poll_fill()) {
                Ok(0) => end(body, None)?,
                Ok(_) => {}
                Err(error) => end(body, Some(error))?,
            },
            Step::Complete => return Poll::Ready(Ok(None)),
        }
    }
}

/// The stream ended; the body may end with it, unless the end can't be trusted.
fn end(body: &mut BodyReader, error: Option<transport::Error>) -> Result<(), Error> {
    match error {
        None => Ok(body.end()?),
        Some(transport::Error::Tls(TlsError::Truncated(text))) => {
            // A framed body is cut short like any other.
            body.end()?;
            Err(Error::Tls(TlsError::Truncated(text)))
        }
        Some(error) => Err(error.into()),
    }
}

/// Takes framing that has already arrived. If it is broken, it stays, and the next read says so.
pub fn take_framing<S: Stream>(stream: &mut S, body: &mut BodyReader) {
    while let Ok(Step::Framing(amount)) = body.next(stream.buffer()) {
        stream.consume(amount);
    }
}

/// Drops what has arrived of the body; whether that is all of it.
pub fn drop_arrived<S: Stream>(stream: &mut S, body: &mut BodyReader) -> bool {
    loop {
        match body.next(stream.buffer()) {
            Ok(Step::Framing(amount)) => stream.consume(amount),
            Ok(Step::Data(amount)) => {
                stream.consume(amount);
                body.took(amount);
            }
            Ok(Step::Complete) => return true,
            Ok(Step::NeedMore) | Err(_) => return false,
        }
    }
}
