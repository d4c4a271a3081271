//! Calls over scripted hosts: made until they are ready, as a binding makes them, but where a binding would
//! wait the script's time passes.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::task::Poll;
use core::time::Duration;

use super::*;
use crate::transport::Interest;
use crate::transport::scripted::{Peer, Scripts};

/// Makes `call` until it is ready. `given` says whether the stream that it was given has something.
///
/// # Panics
/// Where it waits for what never comes: also where it does not wait for what comes.
pub fn block_on_given<W: Waits<Scripts>, T>(
    network: &Scripts,
    waits: &mut W,
    given: &dyn Fn() -> bool,
    mut call: impl FnMut(&mut W) -> Poll<Result<T, Error>>,
) -> Result<T, Error> {
    loop {
        if let Poll::Ready(result) = call(waits) {
            return result;
        }
        loop {
            let Waiting { on, until } = waits.waiting();
            if is_there(on, given) {
                break;
            }
            if !network.pass_until(until) {
                waits.time_out()?;
                break;
            }
        }
    }
}

/// The same for a call without such a stream.
pub fn block_on<W: Waits<Scripts>, T>(
    network: &Scripts,
    waits: &mut W,
    call: impl FnMut(&mut W) -> Poll<Result<T, Error>>,
) -> Result<T, Error> {
    block_on_given(network, waits, &|| false, call)
}

fn is_there(on: On<'_, Scripts>, given: &dyn Fn() -> bool) -> bool {
    match on {
        On::Nothing => true,
        On::Dialing(dial) => dial.is_ready(),
        On::Stream(stream, interest) => stream.is_ready(interest),
        On::Source(stream) => {
            given() || stream.is_some_and(|stream| stream.is_ready(Interest::Readable))
        }
        On::Sink => given(),
    }
}

/// A connection to `server.example`, and its network.
pub struct Client {
    pub network: Scripts,
    pub connection: Connection<Scripts>,
}

impl Client {
    /// With nothing said about timeouts and limits.
    pub fn new() -> Self {
        Self::with(Options::default())
    }

    /// With this timeout.
    pub fn with_timeout(timeout: Duration) -> Self {
        Self::with(Options {
            timeout: Some(timeout).into(),
            ..Options::default()
        })
    }

    pub fn with(options: Options) -> Self {
        Self::of(Scheme::Http, options)
    }

    pub fn of(scheme: Scheme, options: Options) -> Self {
        let network = Scripts::default();
        let (host, trace) = ("server.example", Trace::new(|_| {}));
        let connection =
            Connection::new(Rc::new(network.clone()), scheme, host, None, options, trace);
        Self {
            network,
            connection: connection.expect("a valid host"),
        }
    }

    pub fn request(
        &mut self,
        method: &str,
        body: Option<Body<'_>>,
        headers: &[(&str, &str)],
    ) -> Result<(), Error> {
        let (mut body, headers) = (body, fields(headers));
        block_on(&self.network, &mut self.connection, |it| {
            it.poll_request(method, "/", &mut body, &headers)
        })
    }

    pub fn get(&mut self) -> Result<(), Error> {
        self.request("GET", None, &[])
    }

    pub fn response(&mut self) -> Result<Response<Scripts>, Error> {
        block_on(
            &self.network,
            &mut self.connection,
            Connection::poll_response,
        )
    }

    pub fn connect(&mut self) -> Result<(), Error> {
        block_on(
            &self.network,
            &mut self.connection,
            Connection::poll_connect,
        )
    }

    pub fn end_headers(&mut self, body: Option<Body<'_>>) -> Result<(), Error> {
        let mut body = body;
        block_on(&self.network, &mut self.connection, |it| {
            it.poll_end_headers(&mut body)
        })
    }

    pub fn send(&mut self, data: &str) -> Result<(), Error> {
        let mut data = bytes(data);
        block_on(&self.network, &mut self.connection, |it| {
            it.poll_send(&mut data)
        })
    }

    /// The whole rest of the body.
    pub fn read(&self, response: &mut Response<Scripts>) -> Result<Vec<u8>, Error> {
        block_on(&self.network, response, |it| it.poll_read(None))
    }

    /// The next bytes of the body.
    pub fn read_some(
        &self,
        response: &mut Response<Scripts>,
        amount: u64,
    ) -> Result<Vec<u8>, Error> {
        block_on(&self.network, response, |it| it.poll_read(Some(amount)))
    }

    /// Asserts that the next request goes over this stream, from an idle connection.
    pub fn assert_goes_on(&mut self, peer: &Peer) {
        let before = peer.heard().len();
        self.get().expect("it is sent");
        assert!(peer.heard()[before..].starts_with("GET / HTTP/1.1\r\n"));
        peer.say(NO_CONTENT);
        let response = self.response().expect("a response");
        assert_eq!(response.head().status, 204);
    }
}

pub const NO_CONTENT: &str = "HTTP/1.1 204 No Content\r\n\r\n";

pub fn bytes(text: &str) -> Option<Body<'static>> {
    Some(Body::Bytes(text.into()))
}

pub fn fields(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(name, value): &(&str, &str)| ((*name).into(), (*value).into());
    pairs.iter().map(owned).collect()
}

pub const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}
