//! Sends a file or standard input, a block at a time.

use crate::bindings::client::{Body, HttpConnection};
use crate::bindings::monotonic_clock::subscribe_duration;
use crate::bindings::poll::poll;
use crate::bindings::streams::{InputStream, StreamError};
use crate::connections::nanoseconds;
use crate::exit::Exit;
use crate::failure::{Failure, Stage};
use crate::progress::Progress;
use crate::request::Upload;
use crate::times::Clock;

/// How much is read and sent at a time.
const BLOCK: u64 = 64 << 10;

/// Sends all of it; `sent` grows with what httplib took.
///
/// # Errors
/// Reading or sending fails; the file ends early; the time is up.
pub fn send(
    upload: &Upload,
    connection: &HttpConnection,
    clock: &Clock,
    mut progress: Progress,
    sent: &mut u64,
) -> Result<(), Failure> {
    while let Some(block) = next(upload, clock)? {
        let length = block.len() as u64;
        let taken = connection.send(&Body::Bytes(block));
        taken.map_err(|error| Failure::during(Stage::Sending, &error))?;
        *sent += length;
        progress.update(*sent);
    }
    progress.finish(*sent);
    match upload.length {
        Some(length) if *sent < length => {
            let text = format!("the file ended after {sent} of {length} bytes");
            Err(Failure::new(Exit::Read, text))
        }
        _ => Ok(()),
    }
}

/// The next block; none at the end. Whoever writes into standard input may take his time, but not
/// more than the transfer has.
fn next(upload: &Upload, clock: &Clock) -> Result<Option<Vec<u8>>, Failure> {
    let Some(stream) = &upload.stream else {
        return Ok(None);
    };
    loop {
        match stream.read(BLOCK) {
            Ok(block) if block.is_empty() => wait(stream, clock)?,
            Ok(block) => return Ok(Some(block)),
            Err(StreamError::Closed) => return Ok(None),
            Err(StreamError::LastOperationFailed(error)) => {
                let text = format!("can't read the upload: {}", error.to_debug_string());
                return Err(Failure::new(Exit::Read, text));
            }
        }
    }
}

fn wait(stream: &InputStream, clock: &Clock) -> Result<(), Failure> {
    let ready = stream.subscribe();
    match clock.left()? {
        None => ready.block(),
        Some(left) => {
            let timeout = subscribe_duration(nanoseconds(left));
            poll(&[&ready, &timeout]);
        }
    }
    Ok(())
}
