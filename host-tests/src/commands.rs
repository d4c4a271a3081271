//! Commands in wasmtime, over WASI 0.2: what they are given, and what becomes of them.

use std::path::Path;

use harness::component::Names;
use harness::engine::engine;
use tools::compose::compose;
use wasmtime::component::{Component, Linker, ResourceTable};
use wasmtime::{Config, Engine, OptLevel, Store, StoreLimits, StoreLimitsBuilder};
use wasmtime_wasi::p2::bindings::sync::Command as Bindings;
use wasmtime_wasi::p2::pipe::{MemoryInputPipe, MemoryOutputPipe};
use wasmtime_wasi::{FsPerms, I32Exit, WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView};

/// How much a command may print.
const CAPACITY: usize = 64 << 20;

/// How much memory each part of a command may have: less than what passes through it.
pub const MEMORY: usize = 8 << 20;

/// Where a command finds the folder that it is given.
pub const FOLDER: &str = "/folder";

/// A compiled command. It runs any number of times.
pub struct Command {
    engine: Engine,
    component: Component,
}

/// A run of a command, and what it is given.
pub struct Run<'a> {
    command: &'a Command,
    context: WasiCtxBuilder,
    names: Option<Names>,
}

/// How it ended.
#[derive(Debug)]
pub struct Outcome {
    /// By its result or by its exit code.
    pub success: bool,
    /// What it printed.
    pub stdout: String,
    /// What it printed to standard error.
    pub stderr: String,
}

impl Command {
    /// The program in this file, its import of httplib satisfied by the component.
    ///
    /// # Panics
    /// Where it has no such import.
    #[must_use]
    pub fn composed(program: &Path) -> Self {
        let composed = compose(program, &harness::component::path());
        Self::new(&composed.expect("the program imports what the component exports"))
    }

    /// The program in this file, which needs nothing but WASI.
    ///
    /// # Panics
    /// Where it can't be read.
    #[must_use]
    pub fn whole(program: &Path) -> Self {
        Self::new(&std::fs::read(program).expect("the build script has built it"))
    }

    fn new(bytes: &[u8]) -> Self {
        let mut config = Config::new();
        // They run for a moment: what takes time is to compile them.
        config.cranelift_opt_level(OptLevel::None);
        let engine = engine(&mut config);
        let component = Component::new(&engine, bytes).expect("a valid component");
        Self { engine, component }
    }

    /// A run with these arguments, with the network and name look-up.
    #[must_use]
    pub fn run(&self, arguments: &[&str]) -> Run<'_> {
        let mut context = WasiCtx::builder();
        context.arg("command").args(arguments);
        context.inherit_network();
        context.allow_tcp(true).allow_ip_name_lookup(true);
        Run {
            command: self,
            context,
            names: None,
        }
    }

    /// Whether it succeeded, by its result or by its exit code.
    fn succeeds(&self, context: WasiCtx, names: Option<Names>) -> wasmtime::Result<bool> {
        let mut linker = Linker::new(&self.engine);
        wasmtime_wasi::p2::add_to_linker_sync(&mut linker).expect("WASI 0.2 links");
        if let Some(names) = names {
            let replaced = names.replace(&mut linker, &self.component);
            replaced.expect("names are looked up as WASI says");
        }
        let host = Host {
            context,
            table: ResourceTable::new(),
            limits: StoreLimitsBuilder::new().memory_size(MEMORY).build(),
        };
        let mut store = Store::new(&self.engine, host);
        store.limiter(|host| &mut host.limits);
        let command = Bindings::instantiate(&mut store, &self.component, &linker)
            .expect("the program imports WASI 0.2 alone");
        match command.wasi_cli_run().call_run(&mut store) {
            Ok(result) => Ok(result.is_ok()),
            Err(trap) => trap.downcast::<I32Exit>().map(|exit| exit.0 == 0),
        }
    }
}

impl Run<'_> {
    /// A variable of its environment.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.context.env(name, value);
        self
    }

    /// A folder to read and write, as [`FOLDER`].
    ///
    /// # Panics
    /// Where there is none.
    #[must_use]
    pub fn folder(mut self, folder: &Path) -> Self {
        let opened = self
            .context
            .preopened_dir(folder, FOLDER, FsPerms::ReadWrite);
        opened.expect("the folder exists");
        self
    }

    /// Its standard input.
    #[must_use]
    pub fn input(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.context.stdin(MemoryInputPipe::new(bytes.into()));
        self
    }

    /// Every name is these addresses.
    ///
    /// # Panics
    /// Where one is no address.
    #[must_use]
    pub fn names(mut self, addresses: &[&str]) -> Self {
        let address = |text: &&str| text.parse().expect("an address");
        self.names = Some(Names::Are(addresses.iter().map(address).collect()));
        self
    }

    /// Runs it, whatever comes of it.
    ///
    /// # Panics
    /// Where it traps.
    #[must_use]
    pub fn outcome(mut self) -> Outcome {
        let [stdout, stderr] = [(); 2].map(|()| MemoryOutputPipe::new(CAPACITY));
        self.context.stdout(stdout.clone()).stderr(stderr.clone());
        let text = |pipe: &MemoryOutputPipe| String::from_utf8_lossy(&pipe.contents()).into_owned();
        let success = match self.command.succeeds(self.context.build(), self.names) {
            Ok(success) => success,
            Err(trap) => panic!("the command trapped: {trap:?}\n{}", text(&stderr)),
        };
        Outcome {
            success,
            stdout: text(&stdout),
            stderr: text(&stderr),
        }
    }

    /// Runs it and gives what it prints.
    ///
    /// # Panics
    /// Where it fails.
    #[track_caller]
    #[must_use]
    pub fn prints(self) -> String {
        let outcome = self.outcome();
        assert!(outcome.success, "{outcome:?}");
        outcome.stdout
    }

    /// Runs it and gives what it says of its error.
    ///
    /// # Panics
    /// Where it succeeds.
    #[track_caller]
    #[must_use]
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
