//! The composed command line in wasmtime, as `wasmtime run` has it.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use harness::engine::engine;
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncWrite};
use tools::compose::compose;
use wasmtime::component::{Component, Linker, ResourceTable};
use wasmtime::{Config, Engine, ResourceLimiter, Store};
use wasmtime_wasi::cli::{IsTerminal, StdinStream, StdoutStream};
use wasmtime_wasi::p2::OutputStream;
use wasmtime_wasi::p2::bindings::sync::Command as Bindings;
use wasmtime_wasi::p2::pipe::{MemoryInputPipe, MemoryOutputPipe};
use wasmtime_wasi::{FsPerms, I32Exit, WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView};

/// A whole response.
pub const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// How much a run may print.
const CAPACITY: usize = 16 << 20;

/// How a run ended.
#[derive(Debug)]
pub struct Outcome {
    /// The exit code.
    pub code: i32,
    /// What it printed.
    pub stdout: Vec<u8>,
    /// What it printed on standard error.
    pub stderr: String,
    /// The most bytes that its memories had together.
    pub memory: usize,
    /// Its folder.
    pub folder: TempDir,
}

impl Outcome {
    /// What a file in its folder holds.
    #[track_caller]
    pub fn file(&self, name: &str) -> Vec<u8> {
        let path = self.folder.path().join(name);
        std::fs::read(path).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Whether its folder has such a file.
    pub fn has(&self, name: &str) -> bool {
        self.folder.path().join(name).exists()
    }

    /// What it printed, as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    /// Asserts that all went well, and gives what it printed.
    #[track_caller]
    pub fn ok(self) -> String {
        assert_eq!(self.code, 0, "{}", self.stderr);
        self.text()
    }

    /// Asserts that it ended with this code and said so, and gives the line.
    #[track_caller]
    pub fn failed(self, code: i32) -> String {
        assert_eq!(self.code, code, "{}{}", self.text(), self.stderr);
        let start = format!("httplib: ({code}) ");
        let line = self.stderr.lines().find(|line| line.starts_with(&start));
        line.unwrap_or_else(|| panic!("no line with {code}: {}", self.stderr))
            .to_owned()
    }
}

/// A run to be: its capabilities. It begins with the network, name look-up, and an empty folder of
/// its own as `.`.
pub struct Cli {
    context: WasiCtxBuilder,
    folder: TempDir,
    stdout: MemoryOutputPipe,
    stderr: MemoryOutputPipe,
}

/// Runs it with these arguments.
pub fn run(arguments: &[&str]) -> Outcome {
    Cli::new().run(arguments)
}

impl Cli {
    /// With the usual capabilities.
    pub fn new() -> Self {
        Self::in_folder(TempDir::new().expect("the system has room for a folder"))
    }

    /// With this folder as its own.
    pub fn in_folder(folder: TempDir) -> Self {
        let mut cli = Self::bare(folder);
        cli.context
            .inherit_network()
            .allow_tcp(true)
            .allow_ip_name_lookup(true);
        cli
    }

    /// With its folder only.
    pub fn without_network() -> Self {
        Self::bare(TempDir::new().expect("the system has room for a folder"))
    }

    /// With the network, but without name look-up.
    pub fn without_lookup() -> Self {
        let mut cli = Self::new();
        cli.context.allow_ip_name_lookup(false);
        cli
    }

    fn bare(folder: TempDir) -> Self {
        let [stdout, stderr] = [(); 2].map(|()| MemoryOutputPipe::new(CAPACITY));
        let mut context = WasiCtx::builder();
        context.stdout(stdout.clone()).stderr(stderr.clone());
        // As `wasmtime run` does it.
        context.allow_blocking_current_thread(true);
        context
            .preopened_dir(folder.path(), ".", FsPerms::ReadWrite)
            .expect("the folder was just made");
        Self {
            context,
            folder,
            stdout,
            stderr,
        }
    }

    /// With a file in its folder.
    pub fn file(self, name: &str, contents: impl AsRef<[u8]>) -> Self {
        let path = self.folder.path().join(name);
        std::fs::write(path, contents).expect("the folder is ours");
        self
    }

    /// Where a file in its folder is.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// With another folder as `path`.
    pub fn folder(mut self, folder: &Path, path: &str, permissions: FsPerms) -> Self {
        let opened = self.context.preopened_dir(folder, path, permissions);
        opened.expect("the folder exists");
        self
    }

    /// With a variable in its environment.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.context.env(name, value);
        self
    }

    /// With this standard input.
    pub fn stdin(self, input: impl AsRef<[u8]>) -> Self {
        self.stdin_from(MemoryInputPipe::new(input.as_ref().to_vec()))
    }

    /// With its standard input from there.
    pub fn stdin_from(mut self, input: impl StdinStream + 'static) -> Self {
        self.context.stdin(input);
        self
    }

    /// With its standard output to there.
    pub fn stdout_to(mut self, output: impl StdoutStream + 'static) -> Self {
        self.context.stdout(output);
        self
    }

    /// With a terminal as standard output.
    pub fn stdout_terminal(self) -> Self {
        let terminal = Terminal(self.stdout.clone());
        self.stdout_to(terminal)
    }

    /// With a terminal as standard error.
    pub fn stderr_terminal(mut self) -> Self {
        let terminal = Terminal(self.stderr.clone());
        self.context.stderr(terminal);
        self
    }

    /// Runs it once.
    #[track_caller]
    pub fn run(mut self, arguments: &[&str]) -> Outcome {
        self.context.arg("httplib").args(arguments);
        let (engine, component) = composed();
        let mut linker = Linker::new(engine);
        wasmtime_wasi::p2::add_to_linker_sync(&mut linker).expect("WASI 0.2 links");
        let host = Host {
            context: self.context.build(),
            table: ResourceTable::new(),
            memory: Memory::default(),
        };
        let mut store = Store::new(engine, host);
        store.limiter(|host| &mut host.memory);
        let command = Bindings::instantiate(&mut store, component, &linker)
            .expect("the command imports WASI 0.2 alone");
        let code = match command.wasi_cli_run().call_run(&mut store) {
            Ok(result) => i32::from(result.is_err()),
            Err(trap) => match trap.downcast::<I32Exit>() {
                Ok(exit) => exit.0,
                Err(trap) => panic!("it trapped: {trap:?}\n{}", text(&self.stderr)),
            },
        };
        Outcome {
            code,
            stdout: self.stdout.contents().to_vec(),
            stderr: text(&self.stderr),
            memory: store.data().memory.total,
            folder: self.folder,
        }
    }
}

/// Composed and compiled once.
fn composed() -> &'static (Engine, Component) {
    static COMPOSED: OnceLock<(Engine, Component)> = OnceLock::new();
    COMPOSED.get_or_init(|| {
        let composed = compose(Path::new(env!("CLI_GUEST")), &harness::component::path())
            .expect("it imports httplib");
        let engine = engine(&mut Config::new());
        let component = Component::new(&engine, composed).expect("wac makes a valid component");
        (engine, component)
    })
}

fn text(pipe: &MemoryOutputPipe) -> String {
    String::from_utf8_lossy(&pipe.contents()).into_owned()
}

struct Host {
    context: WasiCtx,
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

/// Counts what all memories have; they never shrink.
#[derive(Default)]
struct Memory {
    total: usize,
}

impl ResourceLimiter for Memory {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        self.total += desired - current;
        Ok(maximum.is_none_or(|maximum| desired <= maximum))
    }

    fn table_growing(
        &mut self,
        _current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(maximum.is_none_or(|maximum| desired <= maximum))
    }
}

/// An output that says it is a terminal.
struct Terminal(MemoryOutputPipe);

impl IsTerminal for Terminal {
    fn is_terminal(&self) -> bool {
        true
    }
}

impl StdoutStream for Terminal {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        self.0.async_stream()
    }

    fn p2_stream(&self) -> Box<dyn OutputStream> {
        self.0.p2_stream()
    }
}

/// A standard input that never says anything.
pub struct Silent;

impl IsTerminal for Silent {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdinStream for Silent {
    fn async_stream(&self) -> Box<dyn AsyncRead + Send + Sync> {
        Box::new(Never)
    }
}

struct Never;

impl AsyncRead for Never {
    fn poll_read(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
        _: &mut tokio::io::ReadBuf<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        std::task::Poll::Pending
    }
}
