//! The `upgraded-stream` resource.

use alloc::vec::Vec;
use core::cell::RefCell;

use crate::bindings::wasi::io::poll::Pollable;
use crate::blocking::{Given, block_on, subscribe};
use crate::client::Upgraded;
use crate::component::wit;
use crate::wasi::WasiNetwork;

/// `upgraded-stream`.
pub struct UpgradedStream(RefCell<Upgraded<WasiNetwork>>);

impl UpgradedStream {
    pub(super) fn new(upgraded: Upgraded<WasiNetwork>) -> Self {
        Self(RefCell::new(upgraded))
    }
}

impl wit::GuestUpgradedStream for UpgradedStream {
    fn read(&self, amt: u64) -> Result<Vec<u8>, wit::Error> {
        block_on(&self.0, Given::Nothing, |stream| stream.poll_read(amt))
    }

    fn write(&self, data: Vec<u8>) -> Result<u64, wit::Error> {
        block_on(&self.0, Given::Nothing, |stream| stream.poll_write(&data))
    }

    fn flush(&self) -> Result<(), wit::Error> {
        block_on(&self.0, Given::Nothing, Upgraded::poll_flush)
    }

    fn shutdown(&self) -> Result<(), wit::Error> {
        block_on(&self.0, Given::Nothing, Upgraded::poll_shutdown)
    }

    fn subscribe(&self) -> Vec<Pollable> {
        subscribe(self.0.borrow_mut().waiting_to_read())
    }

    fn subscribe_write(&self) -> Vec<Pollable> {
        subscribe(self.0.borrow_mut().waiting_to_write())
    }
}
