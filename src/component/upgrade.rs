//! The `upgraded-stream` resource.

use alloc::vec::Vec;
use core::cell::RefCell;

use super::{convert, wit};
use crate::bindings::wasi::io::poll::Pollable;
use crate::client::Upgraded;
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
        self.0.borrow_mut().read(amt).map_err(convert::error)
    }

    fn write(&self, data: Vec<u8>) -> Result<u64, wit::Error> {
        self.0.borrow_mut().write(&data).map_err(convert::error)
    }

    fn flush(&self) -> Result<(), wit::Error> {
        self.0.borrow_mut().flush().map_err(convert::error)
    }

    fn shutdown(&self) -> Result<(), wit::Error> {
        self.0.borrow_mut().shutdown().map_err(convert::error)
    }

    fn subscribe(&self) -> Vec<Pollable> {
        vec![self.0.borrow_mut().subscribe()]
    }

    fn subscribe_write(&self) -> Vec<Pollable> {
        vec![self.0.borrow_mut().subscribe_write()]
    }
}
