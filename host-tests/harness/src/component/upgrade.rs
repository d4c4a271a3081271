//! `upgraded-stream`.

use super::{Handle, Pollables, Result};

/// `upgraded-stream`: its methods, by the names that Rust gives them.
pub struct UpgradedStream(pub(super) Handle);

/// Calls a method of `upgraded-stream`, which is named for the record as well.
macro_rules! call {
    ($self:ident, $name:literal, $function:ident $(, $argument:expr)*) => {
        $self.0.guest.call(concat!("[method]upgraded-stream.", $name), |exports, store| {
            exports
                .httplib_http_client()
                .upgraded_stream()
                .$function(store, $self.0.resource $(, $argument)*)
        })
    };
}

impl UpgradedStream {
    /// `read`.
    pub fn read(&self, amt: u64) -> Result<Vec<u8>> {
        call!(self, "read", call_read, amt)
    }

    /// `write`.
    pub fn write(&self, data: impl AsRef<[u8]>) -> Result<u64> {
        call!(self, "write", call_write, data.as_ref())
    }

    /// `flush`.
    pub fn flush(&self) -> Result<()> {
        call!(self, "flush", call_flush)
    }

    /// `shutdown`.
    pub fn shutdown(&self) -> Result<()> {
        call!(self, "shutdown", call_shutdown)
    }

    /// `subscribe`.
    #[must_use]
    pub fn subscribe(&self) -> Pollables {
        let resources = call!(self, "subscribe", call_subscribe);
        Pollables::new(&self.0.guest, resources)
    }

    /// `subscribe-write`.
    #[must_use]
    pub fn subscribe_write(&self) -> Pollables {
        let resources = call!(self, "subscribe-write", call_subscribe_write);
        Pollables::new(&self.0.guest, resources)
    }
}
