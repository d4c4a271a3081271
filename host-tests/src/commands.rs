//! A run of a recipe: the program, its import of httplib satisfied by the component, in wasmtime.

use std::path::Path;
use std::sync::OnceLock;

use harness::component::Names;
use harness::engine::engine;
use tools::compose::compose;
use wasmtime::component::{Component, Linker, ResourceTable};
use wasmtime::{Config, Engine, OptLevel, Store, StoreLimits, StoreLimitsBuilder};
use wasmtime_wasi::p2::bindings::sync::Command;
use wasmtime_wasi::p2::pipe::{MemoryInputPipe, MemoryOutputPipe};
use wasmtime_wasi::{FsPerms, I32Exit, WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView};

/// How much a recipe may print.
const CAPACITY: usize = 64 << 20;

/// How much memory each part of the program may have: less than what passes through it.
pub const MEMORY: usize = 8 << 20;

/// Where a recipe finds the folder that it is given.
pub const FOLDER: &str = "/folder";

/// What a recipe is given.
pub struct Run {
    context: WasiCtxBuilder,
    names: Option<Names>,
}

/// How it ended.
#[derive(Debug)]
pub struct Outcome {
    pub success: bool,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    /// `recipes` with these arguments, with the network and name look-up.
    pub fn new(arguments: &[&str]) -> Self {
        let mut context = WasiCtx::builder();
        context.arg("recipes").args(arguments);
        context.inherit_network();
        context.allow_tcp(true).allow_ip_name_lookup(true);
        Self {
            context,
            names: None,
        }
    }

    /// A variable of its environment.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.context.env(name, value);
        self
    }

    /// A folder to read and write, as [`FOLDER`].
    pub fn folder(mut self, folder: &Path) -> Self {
        let opened = self
            .context
            .preopened_dir(folder, FOLDER, FsPerms::ReadWrite);
        opened.expect("the folder exists");
        self
    }

    /// Its standard input.
    pub fn input(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.context.stdin(MemoryInputPipe::new(bytes.into()));
        self
    }

    /// Every name is these addresses.
    pub fn names(mut self, addresses: &[&str]) -> Self {
        let address = |text: &&str| text.parse().expect("an address");
        self.names = Some(Names::Are(addresses.iter().map(address).collect()));
        self
    }

    /// Runs it, whatever comes of it.
    pub fn outcome(mut self) -> Outcome {
        let [stdout, stderr] = [(); 2].map(|()| MemoryOutputPipe::new(CAPACITY));
        self.context.stdout(stdout.clone()).stderr(stderr.clone());
        let text = |pipe: &MemoryOutputPipe| String::from_utf8_lossy(&pipe.contents()).into_owned();
        let success = match run(self.context.build(), self.names) {
            Ok(success) => success,
            Err(trap) => panic!("the recipe trapped: {trap:?}\n{}", text(&stderr)),
        };
        Outcome {
            success,
            stdout: text(&stdout),
            stderr: text(&stderr),
        }
    }

    /// Runs it and gives what it prints.
    #[track_caller]
    pub fn prints(self) -> String {
        let outcome = self.outcome();
        assert!(outcome.success, "{outcome:?}");
        outcome.stdout
    }

    /// Runs it and gives what it says of the error that it does not expect itself.
    #[track_caller]
    pub fn fails(self) -> String {
        let outcome = self.outcome();
        assert!(!outcome.success, "{outcome:?}");
        outcome.stderr
    }
}

/// What the host keeps for a run.
struct Host {
    context: WasiCtx,
    table: ResourceTable,
    limits: StoreLimits,
}

impl WasiView for Host {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.context,
            table: &mut self.table,
        }
    }
}

/// Whether it succeeded, by its result or by its exit code.
fn run(context: WasiCtx, names: Option<Names>) -> wasmtime::Result<bool> {
    let (engine, component) = compiled();
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_sync(&mut linker).expect("WASI 0.2 links");
    if let Some(names) = names {
        let replaced = names.replace(&mut linker, component);
        replaced.expect("names are looked up as WASI says");
    }
    let host = Host {
        context,
        table: ResourceTable::new(),
        limits: StoreLimitsBuilder::new().memory_size(MEMORY).build(),
    };
    let mut store = Store::new(engine, host);
    store.limiter(|host| &mut host.limits);
    let command = Command::instantiate(&mut store, component, &linker)
        .expect("a composed program imports WASI 0.2 alone");
    match command.wasi_cli_run().call_run(&mut store) {
        Ok(result) => Ok(result.is_ok()),
        Err(trap) => trap.downcast::<I32Exit>().map(|exit| exit.0 == 0),
    }
}

/// The composed program, compiled once in a process.
fn compiled() -> &'static (Engine, Component) {
    static COMPILED: OnceLock<(Engine, Component)> = OnceLock::new();
    COMPILED.get_or_init(|| {
        let mut config = Config::new();
        // They run for a moment: what takes time is to compile them.
        config.cranelift_opt_level(OptLevel::None);
        let engine = engine(&mut config);
        let program = Path::new(env!("RECIPES"));
        let composed = compose(program, &harness::component::path())
            .expect("the program imports what the component exports");
        let component = Component::new(&engine, composed).expect("wac makes a valid component");
        (engine, component)
    })
}
