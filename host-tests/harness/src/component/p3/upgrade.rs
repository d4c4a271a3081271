//! `http-response.upgrade`, as the resource `upgraded-stream` of WASI 0.2.

use std::future::poll_fn;

use wasmtime::component::{Accessor, ResourceAny};

use super::outcome::Outcome;
use super::pipe::Pipe;
use super::received::Received;
use super::streams::stream_from;
use crate::bindings::P3;
use crate::component::{Error, Guest, Host, Phase, Result, SocketError, SocketErrorCode};

/// Both directions of an upgraded connection.
pub(in crate::component) struct Upgraded {
    guest: Guest,
    received: Received<()>,
    sent: Pipe,
    sending: Outcome<()>,
}

impl Upgraded {
    /// Calls `upgrade`.
    pub(in crate::component) async fn new(
        guest: &Guest,
        exports: &P3,
        response: ResourceAny,
        store: &Accessor<Host>,
    ) -> wasmtime::Result<Result<Self>> {
        let sent = Pipe::default();
        let stream = stream_from(&sent, store);
        let interface = exports.httplib_http_client().http_response();
        let upgraded = interface.call_upgrade(store, response, stream).await?;
        let both = upgraded.map(|it| Self {
            guest: guest.clone(),
            received: Received::new(guest, it.received, it.receiving, store),
            sent,
            sending: Outcome::of(it.sending, store),
        });
        Ok(both.map_err(Into::into))
    }

    /// The next bytes, up to `amt`; empty at an end in order.
    pub(in crate::component) fn read(&self, amt: u64) -> Result<Vec<u8>> {
        let most = usize::try_from(amt).unwrap_or(usize::MAX);
        let read = self.received.read(most);
        if most > 0 && read.is_empty() {
            self.received.outcome()?;
        }
        Ok(read)
    }

    /// Waits until the guest has taken the bytes.
    pub(in crate::component) fn write(&self, data: &[u8]) -> Result<u64> {
        self.guest.wait("a stream", async || {
            if !self.wanted().await {
                return Err(self.failure().await);
            }
            self.sent.put(data.to_vec().into());
            poll_fn(|context| self.sent.poll_taken(context)).await;
            Ok(data.len() as u64)
        })
    }

    /// Waits until the guest asks for more: it has sent what it took.
    pub(in crate::component) fn flush(&self) -> Result<()> {
        self.guest
            .wait("a stream", async || match self.wanted().await {
                true => Ok(()),
                false => self.sending.wait().await,
            })
    }

    /// Ends this side.
    pub(in crate::component) fn shutdown(&self) -> Result<()> {
        self.sent.end();
        self.guest
            .wait("a future", async || self.sending.wait().await)
    }

    async fn wanted(&self) -> bool {
        poll_fn(|context| self.sent.poll_wanted(context)).await
    }

    /// Why nothing more can be sent.
    async fn failure(&self) -> Error {
        let ended = || Error::Socket(SocketError::new(Phase::Send, SocketErrorCode::BrokenPipe));
        self.sending.wait().await.err().unwrap_or_else(ended)
    }
}

impl Drop for Upgraded {
    /// `received` is left right after this.
    fn drop(&mut self) {
        self.sent.end();
    }
}
