//! `http-response.consume-body`.

use super::received::Received;
use super::run;
use crate::component::{Exports, Response, Result};

type Fields = Vec<(String, String)>;

/// The body of a response as a stream. Dropped, it leaves the stream.
pub struct Consumed(Received<Fields>);

impl Consumed {
    /// The next bytes, up to so many; empty at the end.
    #[must_use]
    pub fn read(&self, most: usize) -> Vec<u8> {
        self.0.read(most)
    }

    /// What the future gives: the trailers, or the error that ended the stream.
    pub fn trailers(&self) -> Result<Fields> {
        self.0.outcome()
    }

    /// All bytes, and then what the future gives.
    pub fn read_all(self) -> (Vec<u8>, Result<Fields>) {
        let mut bytes = Vec::new();
        loop {
            match self.read(usize::MAX) {
                end if end.is_empty() => return (bytes, self.trailers()),
                more => bytes.extend(more),
            }
        }
    }
}

impl Response {
    /// `consume-body`.
    ///
    /// # Panics
    /// Where the component is over WASI 0.2.
    #[must_use]
    pub fn consume_body(self) -> Consumed {
        let name = "[static]http-response.consume-body";
        let (guest, response) = self.0.give();
        let received = guest.call(name, |exports, store| match exports {
            Exports::P2(_) => panic!("over WASI 0.2 there is no {name}"),
            Exports::P3(exports) => run(store, async |store| {
                let interface = exports.httplib_http_client().http_response();
                let (stream, future) = interface.call_consume_body(store, response).await?;
                Ok(Received::new(&guest, stream, future, store))
            }),
        });
        Consumed(received)
    }
}
