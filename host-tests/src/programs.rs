//! A host of programs over WASI 0.3: wasmtime with its own `wasi:http`, in whose place the provider comes
//! where a program is composed with it.

use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

use harness::engine::engine;
use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use tokio::runtime::Runtime;
use tokio::time::error::Elapsed;
use tokio::time::timeout;
use tools::compose::compose;
use wasmtime::component::{Component, Linker, ResourceTable};
use wasmtime::{Config, Engine, ResourceLimiter, Store};
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;
use wasmtime_wasi::p3::bindings::Command;
use wasmtime_wasi::{FsPerms, WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView};
use wasmtime_wasi_http::p3::Request;
use wasmtime_wasi_http::p3::bindings::Service;
use wasmtime_wasi_http::{WasiHttpCtx, WasiHttpCtxView, WasiHttpHooks, WasiHttpView};

/// How long a program may take.
const LIMIT: Duration = Duration::from_secs(300);

/// A program, composed with the provider or with the component.
pub struct Program {
    component: Component,
    context: WasiCtxBuilder,
    stdout: MemoryOutputPipe,
    stderr: MemoryOutputPipe,
}

/// What a program printed, and what it took.
pub struct Report {
    /// Its lines.
    pub lines: Vec<String>,
    /// The most bytes of linear memory that a part of it has had.
    pub memory: usize,
}

fn shared_engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| engine(Config::new().wasm_component_model_async(true)))
}

impl Program {
    /// The program of `guests/wasi-http`, composed with the provider.
    #[must_use]
    pub fn provided() -> Self {
        static COMPOSED: OnceLock<Component> = OnceLock::new();
        let composed = COMPOSED
            .get_or_init(|| composed(env!("WASI_HTTP_PROGRAM"), env!("WASI_HTTP_PROVIDER")));
        Self::new(composed.clone())
    }

    /// The server of `guests/wasi-http-server`, composed with the provider.
    #[must_use]
    pub fn server() -> Self {
        Self::new(composed(
            env!("WASI_HTTP_SERVER"),
            env!("WASI_HTTP_PROVIDER"),
        ))
    }

    /// The program in this file, composed with the component over WASI 0.3.
    #[must_use]
    pub fn with_httplib(program: &str) -> Self {
        Self::new(composed(program, env!("HTTPLIB_P3")))
    }

    fn new(component: Component) -> Self {
        let [stdout, stderr] = [(); 2].map(|()| MemoryOutputPipe::new(1 << 20));
        let mut context = WasiCtx::builder();
        context
            .stdout(stdout.clone())
            .stderr(stderr.clone())
            .allow_tcp(true)
            .allow_ip_name_lookup(true)
            .socket_addr_check(|address, _| {
                let ip = address.ip();
                Box::pin(async move { ip.is_loopback() || ip.is_unspecified() })
            });
        Self {
            component,
            context,
            stdout,
            stderr,
        }
    }

    /// Sets a variable of its environment.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.context.env(name, value);
        self
    }

    /// Lets it read `folder` as `/files`.
    ///
    /// # Panics
    /// Where there is no such folder.
    #[must_use]
    pub fn files(mut self, folder: &Path) -> Self {
        let opened = self
            .context
            .preopened_dir(folder, "/files", FsPerms::ReadOnly);
        opened.expect("the folder is there");
        self
    }

    /// Runs it to its end.
    ///
    /// # Panics
    /// Where it fails, traps or takes too long.
    #[must_use]
    pub fn run(mut self, arguments: &[&str]) -> Report {
        self.context.arg("program").args(arguments);
        let mut store = self.store();
        let linker = linker();
        let ended = wait(async {
            let command = Command::instantiate_async(&mut store, &self.component, &linker);
            let command = command.await.expect("it imports WASI alone");
            let run =
                store.run_concurrent(async |store| command.wasi_cli_run().call_run(store).await);
            run.await.and_then(|ended| ended)
        });
        let errors = String::from_utf8_lossy(&self.stderr.contents()).into_owned();
        match ended {
            Ok(Ok(Ok(()))) => {}
            Ok(ended) => panic!("{ended:?}\n{errors}"),
            Err(_) => panic!("it takes too long\n{errors}"),
        }
        let printed = String::from_utf8(self.stdout.contents().to_vec()).expect("text");
        Report {
            lines: printed.lines().map(str::to_owned).collect(),
            memory: store.data().memory.0,
        }
    }

    /// Has it answer a request for this path: the status and the body.
    ///
    /// # Panics
    /// Where it fails, traps or takes too long.
    #[must_use]
    pub fn serve(mut self, path: &str) -> (u16, Vec<u8>) {
        let mut store = self.store();
        let linker = linker();
        let request = hyper::Request::get(format!("http://server.example{path}"));
        let request = request.body(Empty::<Bytes>::new()).expect("a request");
        let (request, sent) = Request::from_http(store.data_mut().http().hooks, request);
        let answered = wait(async {
            let service = Service::instantiate_async(&mut store, &self.component, &linker);
            let service = service.await.expect("it imports WASI alone");
            let answer = store.run_concurrent(async |store| {
                let response = service.handle(store, request).await?;
                let response = response.map_err(|code| wasmtime::format_err!("{code:?}"))?;
                let response = store.with(|store| response.into_http(store, async { Ok(()) }))?;
                let status = response.status().as_u16();
                let body = response.into_body().collect().await;
                let body = body.map_err(|error| wasmtime::format_err!("{error:?}"))?;
                wasmtime::error::Ok((status, body.to_bytes().to_vec()))
            });
            answer.await.and_then(|answer| answer)
        });
        drop(sent);
        let errors = String::from_utf8_lossy(&self.stderr.contents()).into_owned();
        match answered {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => panic!("{error:?}\n{errors}"),
            Err(_) => panic!("it takes too long\n{errors}"),
        }
    }

    fn store(&mut self) -> Store<Host> {
        let host = Host {
            context: self.context.build(),
            http: WasiHttpCtx::new(),
            hooks: DefaultHooks,
            table: ResourceTable::new(),
            memory: Memory(0),
        };
        let mut store = Store::new(shared_engine(), host);
        store.limiter(|host| &mut host.memory);
        store
    }
}

fn composed(program: &str, plug: &str) -> Component {
    let composed = compose(program.as_ref(), plug.as_ref());
    let composed = composed.expect("the program imports what the provider exports");
    Component::from_binary(shared_engine(), &composed).expect("a component")
}

fn linker() -> Linker<Host> {
    let mut linker = Linker::new(shared_engine());
    let linked = wasmtime_wasi::p2::add_to_linker_async(&mut linker)
        .and_then(|()| wasmtime_wasi::p3::add_to_linker(&mut linker))
        .and_then(|()| wasmtime_wasi_http::p3::add_to_linker(&mut linker));
    linked.expect("WASI links");
    linker
}

/// Waits for it, but not for ever.
fn wait<T>(work: impl Future<Output = T>) -> Result<T, Elapsed> {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    let runtime = RUNTIME.get_or_init(|| Runtime::new().expect("threads"));
    runtime.block_on(async { timeout(LIMIT, work).await })
}

/// wasmtime's own.
struct DefaultHooks;

impl WasiHttpHooks for DefaultHooks {}

struct Host {
    context: WasiCtx,
    http: WasiHttpCtx,
    hooks: DefaultHooks,
    table: ResourceTable,
    memory: Memory,
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
            hooks: &mut self.hooks,
        }
    }
}

/// The most bytes that a linear memory has had.
struct Memory(usize);

impl ResourceLimiter for Memory {
    fn memory_growing(
        &mut self,
        _: usize,
        desired: usize,
        _: Option<usize>,
    ) -> wasmtime::Result<bool> {
        self.0 = self.0.max(desired);
        Ok(true)
    }

    fn table_growing(&mut self, _: usize, _: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        Ok(true)
    }
}
