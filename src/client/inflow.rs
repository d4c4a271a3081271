//! How a body comes out of its stream.

use alloc::vec::Vec;
use core::task::{Poll, ready};

use super::error::Error;
use crate::http1::{BodyReader, Step};
use crate::transport::{self, BLOCK, Stream, TlsError};

/// The least that is worth a write of its own where there may be more.
pub const LARGE: usize = BLOCK / 2;

/// Takes from the front of the bytes it is shown; how many. Behind a pointer, so that what shows them is
/// compiled once.
pub type Take<'a> = &'a mut dyn FnMut(&[u8]) -> usize;

/// Shows the next bytes of the body to `take`; how many it took, none at the end.
pub fn poll_data<S: Stream>(
    stream: &mut S,
    body: &mut BodyReader,
    take: Take,
) -> Poll<Result<Option<usize>, Error>> {
    let Some(amount) = ready!(poll_arrived(stream, body))? else {
        return Poll::Ready(Ok(None));
    };
    let taken = take(&stream.buffer()[..amount]);
    stream.consume(taken);
    body.took(taken);
    Poll::Ready(Ok(Some(taken)))
}

/// The next bytes of the body, up to `most`; none at the end. A whole block is given as it was received.
pub fn poll_piece<S: Stream>(
    stream: &mut S,
    body: &mut BodyReader,
    most: usize,
) -> Poll<Result<Option<Vec<u8>>, Error>> {
    let Some(amount) = ready!(poll_arrived(stream, body))? else {
        return Poll::Ready(Ok(None));
    };
    let amount = amount.min(most);
    body.took(amount);
    Poll::Ready(Ok(Some(stream.take(amount))))
}

/// The next bytes of the body; none at the end. A large block is given as it was received, and a small one
/// with room for what follows, up to [`BLOCK`].
pub fn poll_block<S: Stream>(
    stream: &mut S,
    body: &mut BodyReader,
) -> Poll<Result<Option<Vec<u8>>, Error>> {
    let Some(amount) = ready!(poll_arrived(stream, body))? else {
        return Poll::Ready(Ok(None));
    };
    let left = body.remaining().and_then(|left| usize::try_from(left).ok());
    body.took(amount);
    if amount >= LARGE {
        return Poll::Ready(Ok(Some(stream.take(amount))));
    }
    let mut block = Vec::with_capacity(left.unwrap_or(BLOCK).min(BLOCK));
    block.extend_from_slice(&stream.buffer()[..amount]);
    stream.consume(amount);
    Poll::Ready(Ok(Some(block)))
}

/// How many bytes at the front of the stream's buffer are the body's; none at the end.
fn poll_arrived<S: Stream>(
    stream: &mut S,
    body: &mut BodyReader,
) -> Poll<Result<Option<usize>, Error>> {
    loop {
        match body.next(stream.buffer())? {
            Step::Framing(amount) => stream.consume(amount),
            Step::Data(amount) => return Poll::Ready(Ok(Some(amount))),
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
