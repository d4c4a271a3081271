//! The capabilities of an instance.

use std::net::{IpAddr, SocketAddr};
use std::path::Path;

use wasmtime_wasi::p2::pipe::MemoryOutputPipe;
use wasmtime_wasi::{FsPerms, WasiCtx, WasiCtxBuilder};

use super::names::Names;
use super::{Compiled, Guest, compiled, inspectable, instantiate};

/// How much an instance may write to standard error.
const STDERR_CAPACITY: usize = 16 << 20;

/// Chooses what an instance may do. It begins with TCP to loopback and with name look-up.
pub struct Builder {
    compiled: fn() -> &'static Compiled,
    context: WasiCtxBuilder,
    names: Option<Names>,
    stderr: MemoryOutputPipe,
}

impl Builder {
    pub(super) fn new() -> Self {
        let stderr = MemoryOutputPipe::new(STDERR_CAPACITY);
        let mut context = WasiCtx::builder();
        context
            .stderr(stderr.clone())
            .allow_tcp(true)
            .allow_udp(false)
            .allow_ip_name_lookup(true);
        let builder = Self {
            compiled,
            context,
            names: None,
            stderr,
        };
        builder.allow(|address| address.ip().is_loopback() || address.ip().is_unspecified())
    }

    /// With a memory that can be looked into, by [`Guest::find`].
    #[must_use]
    pub fn inspectable(mut self) -> Self {
        self.compiled = inspectable;
        self
    }

    /// Without TCP.
    #[must_use]
    pub fn without_tcp(mut self) -> Self {
        self.context.allow_tcp(false);
        self
    }

    /// Without the look-up of names.
    #[must_use]
    pub fn without_name_lookup(mut self) -> Self {
        self.context.allow_ip_name_lookup(false);
        self
    }

    /// Every name is these addresses, in this order.
    #[must_use]
    pub fn names(mut self, addresses: &[&str]) -> Self {
        let address = |text: &&str| text.parse::<IpAddr>().expect("an address");
        self.names = Some(Names::Are(addresses.iter().map(address).collect()));
        self
    }

    /// No look-up of a name is ever answered.
    #[must_use]
    pub fn unanswered_names(mut self) -> Self {
        self.names = Some(Names::Unanswered);
        self
    }

    /// Allows only these addresses. Asked for the address to connect to, and for the one to connect
    /// from: the unspecified one where the guest did not choose.
    #[must_use]
    pub fn allow(mut self, allowed: impl Fn(SocketAddr) -> bool + Send + Sync + 'static) -> Self {
        self.context.socket_addr_check(move |address, _| {
            let allowed = allowed(address);
            Box::pin(async move { allowed })
        });
        self
    }

    /// Allows every address.
    #[must_use]
    pub fn allow_all(self) -> Self {
        self.allow(|_| true)
    }

    /// Lets the guest read `folder` as `path`.
    #[must_use]
    pub fn preopen(mut self, folder: impl AsRef<Path>, path: &str) -> Self {
        let opened = self.context.preopened_dir(folder, path, FsPerms::ReadOnly);
        opened.expect("the folder to give to the guest exists");
        self
    }

    /// Lets the guest read and write `folder` as `path`.
    #[must_use]
    pub fn preopen_writable(mut self, folder: impl AsRef<Path>, path: &str) -> Self {
        let opened = self.context.preopened_dir(folder, path, FsPerms::ReadWrite);
        opened.expect("the folder to give to the guest exists");
        self
    }

    /// Sets a variable of the guest's environment.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.context.env(name, value);
        self
    }

    /// Makes the instance.
    #[must_use]
    pub fn build(mut self) -> Guest {
        instantiate(
            (self.compiled)(),
            self.context.build(),
            self.names,
            self.stderr,
        )
    }
}
