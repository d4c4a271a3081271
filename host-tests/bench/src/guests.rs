//! Programs for WebAssembly, in wasmtime as its command line has it: asynchronous, with WASI 0.2 and 0.3. They measure
//! themselves.

use std::path::{Path, PathBuf};

use anyhow::{Context, Error, Result, ensure};
use harness::engine::engine;
use harness::tls::Authority;
use hyper::body::Bytes;
use tokio::runtime::Runtime;
use tools::compose::compose;
use wasmtime::component::{Component, Linker, ResourceTable};
use wasmtime::{Config, Engine, Store};
use wasmtime_wasi::p2::pipe::{MemoryInputPipe, MemoryOutputPipe, SinkOutputStream};
use wasmtime_wasi::{FsPerms, WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView};
use wasmtime_wasi_http::{WasiHttpCtx, WasiHttpCtxView, WasiHttpHooks, WasiHttpView};

use crate::rounds::Measured;

/// Where programs run, and where they are.
pub struct Guests {
    engine: Engine,
    linker: Linker<Host>,
    runtime: Runtime,
    folder: PathBuf,
    /// Whom they trust.
    authority: String,
}

impl Guests {
    /// Runs those in this folder.
    pub fn new(folder: PathBuf, authority: &Authority) -> Result<Self> {
        let engine = engine(Config::new().wasm_component_model_async(true));
        let mut linker = Linker::new(&engine);
        wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
        wasmtime_wasi::p3::add_to_linker(&mut linker)?;
        wasmtime_wasi_http::p2::add_only_http_to_linker_async(&mut linker)?;
        wasmtime_wasi_http::p3::add_to_linker(&mut linker)?;
        Ok(Self {
            engine,
            linker,
            runtime: Runtime::new()?,
            folder,
            authority: authority.pem(),
        })
    }

    /// The bytes of a program composed with a component.
    pub fn composition(&self, file: &str, plug: &Path) -> Result<Vec<u8>> {
        compose(&self.folder.join(file), plug)
    }

    /// A program as it is.
    pub fn alone(&self, file: &str) -> Result<Program<'_>> {
        let path = self.folder.join(file);
        let component = Component::from_file(&self.engine, &path).map_err(Error::from);
        let component = component.with_context(|| path.display().to_string())?;
        Ok(Program::new(self, component))
    }

    /// A program composed with a component.
    pub fn composed(&self, file: &str, plug: &Path) -> Result<Program<'_>> {
        let composed = self.composition(file, plug)?;
        let component = Component::from_binary(&self.engine, &composed)?;
        Ok(Program::new(self, component))
    }
}

/// A compiled program.
pub struct Program<'a> {
    guests: &'a Guests,
    component: Component,
    is_asynchronous: bool,
}

impl<'a> Program<'a> {
    fn new(guests: &'a Guests, component: Component) -> Self {
        let exports = component.component_type();
        let mut exports = exports.exports(&guests.engine);
        let is_asynchronous = exports.any(|(name, _)| name.starts_with("wasi:cli/run@0.3"));
        Self {
            guests,
            component,
            is_asynchronous,
        }
    }

    /// Has it measure.
    pub fn measure(&self, what: &str, url: &str, count: u64) -> Result<Measured> {
        self.measure_sending(what, url, count, Bytes::new())
    }

    /// The same with this as its standard input.
    pub fn measure_sending(
        &self,
        what: &str,
        url: &str,
        count: u64,
        input: Bytes,
    ) -> Result<Measured> {
        let mut run = Run::new(&[what, url, &count.to_string()]);
        run.context.env("CA", &self.guests.authority);
        run.context.stdin(MemoryInputPipe::new(input));
        Measured::parse(&self.run(run)?)
    }

    /// Runs it to its end; what it printed.
    pub fn run(&self, run: Run) -> Result<String> {
        let Run {
            mut context,
            hooks,
            stdout,
        } = run;
        let host = Host {
            context: context.build(),
            http: WasiHttpCtx::new(),
            hooks,
            table: ResourceTable::new(),
        };
        let store = Store::new(&self.guests.engine, host);
        let ended = self.guests.runtime.block_on(self.call(store));
        let printed = String::from_utf8(stdout.contents().to_vec())?;
        ensure!(matches!(ended, Ok(Ok(()))), "{printed}{ended:?}");
        Ok(printed)
    }

    async fn call(&self, mut store: Store<Host>) -> Result<Result<(), ()>> {
        use wasmtime_wasi::{p2, p3};
        let (component, linker) = (&self.component, &self.guests.linker);
        if !self.is_asynchronous {
            let command = p2::bindings::Command::instantiate_async(&mut store, component, linker);
            let command = command.await?;
            return Ok(command.wasi_cli_run().call_run(&mut store).await?);
        }
        let command = p3::bindings::Command::instantiate_async(&mut store, component, linker);
        let command = command.await?;
        let run = store.run_concurrent(async |store| command.wasi_cli_run().call_run(store).await);
        Ok(run.await??)
    }
}

/// What a run of a program is given: the network of loopback, and more to choose.
pub struct Run {
    context: WasiCtxBuilder,
    hooks: Box<dyn WasiHttpHooks>,
    stdout: MemoryOutputPipe,
}

impl Run {
    pub fn new(arguments: &[&str]) -> Self {
        let stdout = MemoryOutputPipe::new(1 << 10);
        let mut context = WasiCtx::builder();
        context
            .arg("program")
            .args(arguments)
            .stdout(stdout.clone())
            .stderr(SinkOutputStream)
            .allow_tcp(true)
            .allow_ip_name_lookup(true)
            .socket_addr_check(|address, _| {
                let ip = address.ip();
                Box::pin(async move { ip.is_loopback() || ip.is_unspecified() })
            });
        let hooks = Box::new(Defaults);
        Self {
            context,
            hooks,
            stdout,
        }
    }

    /// Trusts the authorities in this file of a folder that it may read.
    pub fn trusting(mut self, folder: &Path, file: &str) -> Result<Self> {
        let opened = self
            .context
            .preopened_dir(folder, "/files", FsPerms::ReadOnly);
        opened?;
        self.context.env("SSL_CERT_FILE", format!("/files/{file}"));
        Ok(self)
    }

    /// Has the host send its requests this way.
    pub fn hooks(mut self, hooks: impl WasiHttpHooks + 'static) -> Self {
        self.hooks = Box::new(hooks);
        self
    }
}

/// wasmtime's own.
struct Defaults;

impl WasiHttpHooks for Defaults {}

struct Host {
    context: WasiCtx,
    http: WasiHttpCtx,
    hooks: Box<dyn WasiHttpHooks>,
    table: ResourceTable,
}

impl WasiView for Host {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.context,
            table: &mut self.table,
        }
    }
}

impl WasiHttpView for Host {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView {
            ctx: &mut self.http,
            table: &mut self.table,
            hooks: &mut *self.hooks,
        }
    }
}
