//! Names to addresses.

use alloc::vec::Vec;
use core::task::Poll;

use super::error::socket_error;
use super::retired::Lender;
use crate::bindings::wasi::io::poll::Pollable;
use crate::bindings::wasi::sockets::ip_name_lookup::{ResolveAddressStream, resolve_addresses};
use crate::bindings::wasi::sockets::network::{ErrorCode, Network};
use crate::transport::{Error, Phase, SocketErrorCode};
use crate::wasi::address::{Address, interleave};

/// A look-up under way. The pollable is dropped before the stream it belongs to.
#[derive(Debug)]
pub struct Resolve {
    pollable: Pollable,
    stream: Lender<ResolveAddressStream>,
    found: Vec<Address>,
}

impl Resolve {
    /// Begins to look `name` up.
    pub fn new(network: &Network, name: &str) -> Result<Self, Error> {
        let stream = resolve_addresses(network, name).map_err(failed)?;
        Ok(Self {
            pollable: stream.subscribe(),
            stream: Lender::new(stream),
            found: Vec::new(),
        })
    }

    /// All addresses, the families in turn (RFC 8305 §4); at least one.
    pub fn poll(&mut self) -> Poll<Result<Vec<Address>, Error>> {
        loop {
            match self.stream.resolve_next_address() {
                Ok(Some(address)) => self.found.push(address.into()),
                Ok(None) if self.found.is_empty() => {
                    return Poll::Ready(Err(failed(ErrorCode::NameUnresolvable)));
                }
                Ok(None) => return Poll::Ready(Ok(interleave(core::mem::take(&mut self.found)))),
                Err(ErrorCode::WouldBlock) => return Poll::Pending,
                Err(code) => return Poll::Ready(Err(failed(code))),
            }
        }
    }

    /// What to wait on.
    pub fn pollable(&self) -> &Pollable {
        &self.pollable
    }

    /// The same for whoever waits themselves.
    pub fn subscribe(&self) -> Pollable {
        self.stream.lend(ResolveAddressStream::subscribe)
    }
}

fn failed(code: ErrorCode) -> Error {
    match code {
        // A name that can't even be looked up is a name that does not resolve.
        ErrorCode::InvalidArgument => Error::Socket {
            phase: Phase::Resolve,
            code: SocketErrorCode::NameUnresolvable,
        },
        code => socket_error(Phase::Resolve, code),
    }
}
