//! Calls over scripted hosts: made until they are ready, while the script's time passes.

use std::task::Poll;

use httplib::client::{Error, On, Waiting, Waits};
use httplib::transport::Interest;
use httplib::transport::scripted::Scripts;

/// More calls than any input of a few kilobytes is worth.
const MOST: usize = 1_000_000;

/// Makes `call` until it is ready.
///
/// # Errors
/// Those of the call.
///
/// # Panics
/// Where it waits for what never comes, or goes on for ever.
pub fn block_on<W: Waits<Scripts>, T>(
    network: &Scripts,
    waits: &mut W,
    mut call: impl FnMut(&mut W) -> Poll<Result<T, Error>>,
) -> Result<T, Error> {
    for _ in 0..MOST {
        if let Poll::Ready(result) = call(waits) {
            return result;
        }
        loop {
            let Waiting { on, until } = waits.waiting();
            if is_there(on) {
                break;
            }
            if !network.pass_until(until) {
                waits.time_out()?;
                break;
            }
        }
    }
    panic!("a call goes on for ever");
}

fn is_there(on: On<'_, Scripts>) -> bool {
    match on {
        On::Nothing => true,
        On::Dialing(dial) => dial.is_ready(),
        On::Stream(stream, interest) => stream.is_ready(interest),
        On::Source(stream) => stream.is_some_and(|stream| stream.is_ready(Interest::Readable)),
        On::Sink => false,
    }
}
