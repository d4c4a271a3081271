//! A stream of the guest, and how it ends.

use std::future::poll_fn;

use wasmtime::component::{Accessor, FutureReader, Lift, StreamReader};

use super::ToP2;
use super::outcome::Outcome;
use super::pipe::Pipe;
use super::streams::stream_into;
use crate::bindings::p3;
use crate::component::{Guest, Host, Result};

/// Bytes, and then a value or an error. Dropped, it leaves the stream.
pub(super) struct Received<T> {
    guest: Guest,
    bytes: Pipe,
    outcome: Outcome<T>,
}

impl<T: Lift + Clone + ToP2 + Send + Sync + 'static> Received<T> {
    /// Takes both.
    pub(super) fn new(
        guest: &Guest,
        stream: StreamReader<u8>,
        future: FutureReader<std::result::Result<T, p3::Error>>,
        store: &Accessor<Host>,
    ) -> Self {
        let bytes = Pipe::default();
        stream_into(stream, &bytes, store);
        Self {
            guest: guest.clone(),
            bytes,
            outcome: Outcome::of(future, store),
        }
    }

    /// The next bytes, up to so many; empty at the end.
    pub(super) fn read(&self, most: usize) -> Vec<u8> {
        if most == 0 {
            return Vec::new();
        }
        let next = async || poll_fn(|context| self.bytes.poll_take(context, most)).await;
        let next = self.guest.wait("a stream", next);
        next.map(Vec::from).unwrap_or_default()
    }

    /// How it ended.
    pub(super) fn outcome(&self) -> Result<T::P2> {
        self.guest
            .wait("a future", async || self.outcome.wait().await)
    }
}

impl<T> Drop for Received<T> {
    fn drop(&mut self) {
        self.bytes.leave();
        self.guest.settle();
    }
}
