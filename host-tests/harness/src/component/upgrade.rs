//! `upgraded-stream`.

use super::call::export_of_p2;
use super::p3::Upgraded;
use super::{Handle, Pollables, Result};

/// `upgraded-stream`: its methods, by the names that Rust gives them.
pub struct UpgradedStream(pub(super) Either);

/// The resource of WASI 0.2, or what stands for it over 0.3.
pub(super) enum Either {
    P2(Handle),
    P3(Upgraded),
}

/// Calls a method of `upgraded-stream`, which is named for the record as well.
macro_rules! call {
    ($handle:ident, $name:literal, $function:ident $(, $argument:expr)*) => {
        export_of_p2!(
            $handle.guest,
            concat!("[method]upgraded-stream.", $name),
            httplib_http_client.upgraded_stream,
            $function,
            $handle.resource $(, $argument)*
        )
    };
}

impl UpgradedStream {
    /// `read`.
    pub fn read(&self, amt: u64) -> Result<Vec<u8>> {
        match &self.0 {
            Either::P2(handle) => call!(handle, "read", call_read, amt),
            Either::P3(upgraded) => upgraded.read(amt),
        }
    }

    /// `write`.
    pub fn write(&self, data: impl AsRef<[u8]>) -> Result<u64> {
        match &self.0 {
            Either::P2(handle) => call!(handle, "write", call_write, data.as_ref()),
            Either::P3(upgraded) => upgraded.write(data.as_ref()),
        }
    }

    /// `flush`.
    pub fn flush(&self) -> Result<()> {
        match &self.0 {
            Either::P2(handle) => call!(handle, "flush", call_flush),
            Either::P3(upgraded) => upgraded.flush(),
        }
    }

    /// `shutdown`.
    pub fn shutdown(&self) -> Result<()> {
        match &self.0 {
            Either::P2(handle) => call!(handle, "shutdown", call_shutdown),
            Either::P3(upgraded) => upgraded.shutdown(),
        }
    }

    /// `subscribe`.
    #[must_use]
    pub fn subscribe(&self) -> Pollables {
        let handle = self.handle();
        let resources = call!(handle, "subscribe", call_subscribe);
        Pollables::new(&handle.guest, resources)
    }

    /// `subscribe-write`.
    #[must_use]
    pub fn subscribe_write(&self) -> Pollables {
        let handle = self.handle();
        let resources = call!(handle, "subscribe-write", call_subscribe_write);
        Pollables::new(&handle.guest, resources)
    }

    /// For what only WASI 0.2 has.
    fn handle(&self) -> &Handle {
        match &self.0 {
            Either::P2(handle) => handle,
            Either::P3(_) => panic!("over WASI 0.3 there are no pollables"),
        }
    }
}
