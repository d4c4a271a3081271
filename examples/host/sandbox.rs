//! What a call of a plugin may do, and the store that holds it to that.

use std::path::PathBuf;

use wasmtime::component::ResourceTable;
use wasmtime::{Engine, Result, Store};
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;
use wasmtime_wasi::{FsPerms, WasiCtx, WasiCtxView, WasiView};

use crate::allow::{Allowed, Entry};
use crate::limits::Limits;
use crate::memory::Memory;

/// Where a plugin finds the certificate authorities.
const AUTHORITIES: &str = "/authorities";

/// What each call may do.
#[derive(clap::Args)]
pub struct Policy {
    /// What may be reached; without a port, at any.
    #[arg(long, value_name = "HOST[:PORT]")]
    allow: Vec<Entry>,
    /// A folder with certificate authorities in PEM, to trust instead of Mozilla's.
    #[arg(long, value_name = "FOLDER")]
    authorities: Option<PathBuf>,
    #[command(flatten)]
    pub limits: Limits,
}

/// What the host keeps for an instance.
pub struct State {
    pub allowed: Allowed,
    pub table: ResourceTable,
    pub memory: Memory,
    context: WasiCtx,
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        let (ctx, table) = (&mut self.context, &mut self.table);
        WasiCtxView { ctx, table }
    }
}

impl Policy {
    /// A store for one call. Its instance has the network within the list, and no environment, no
    /// arguments and no files but the certificate authorities.
    pub fn store(&self, engine: &Engine, stderr: MemoryOutputPipe) -> Result<Store<State>> {
        let allowed = Allowed::new(self.allow.clone());
        let mut context = WasiCtx::builder();
        context.stderr(stderr).allow_tcp(true);
        let check = allowed.clone();
        context.socket_addr_check(move |address, usage| {
            let permitted = check.permits(address, usage);
            Box::pin(async move { permitted })
        });
        if let Some(folder) = &self.authorities {
            context.preopened_dir(folder, AUTHORITIES, FsPerms::ReadOnly)?;
            context.env("SSL_CERT_DIR", AUTHORITIES);
        }
        let mut state = State {
            allowed,
            table: ResourceTable::new(),
            context: context.build(),
            memory: self.limits.memory(),
        };
        state.table.set_max_capacity(self.limits.resources);
        let mut store = Store::new(engine, state);
        store.limiter(|state| &mut state.memory);
        // At each tick of the clock it gives way.
        store.set_epoch_deadline(1);
        store.epoch_deadline_async_yield_and_update(1);
        Ok(store)
    }
}
