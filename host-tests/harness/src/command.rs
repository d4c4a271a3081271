//! Commands for WebAssembly: programs with a `main`, run in wasmtime.

use wasmtime::component::{Component, Linker};
use wasmtime::{Config, Engine, Store};
use wasmtime_wasi::WasiCtx;
use wasmtime_wasi::p2::add_to_linker_sync;
use wasmtime_wasi::p2::bindings::sync;
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;

use crate::component::Host;
use crate::engine::engine;

/// How much a command may write.
const CAPACITY: usize = 1 << 20;

/// A compiled command.
pub struct Command {
    engine: Engine,
    component: Component,
}

impl Command {
    /// The command in this file.
    #[must_use]
    pub fn load(path: &str) -> Self {
        let engine = engine(&mut Config::new());
        let component = Component::from_file(&engine, path).expect("the build made a component");
        Self { engine, component }
    }

    /// Runs it without any capability but clocks and randomness.
    ///
    /// # Errors
    ///
    /// Where it failed: the trap, if it was one, and what it wrote to standard error.
    pub fn run(&self, arguments: &[&str]) -> Result<String, String> {
        let mut linker = Linker::new(&self.engine);
        add_to_linker_sync(&mut linker).expect("WASI 0.2 links");
        let [stdout, stderr] = [(); 2].map(|()| MemoryOutputPipe::new(CAPACITY));
        let mut context = WasiCtx::builder();
        context.stdout(stdout.clone()).stderr(stderr.clone());
        context.arg("command").args(arguments);
        let mut store = Store::new(&self.engine, Host::new(context.build()));
        let command = sync::Command::instantiate(&mut store, &self.component, &linker)
            .expect("the command imports WASI 0.2 alone");
        let text = |pipe: MemoryOutputPipe| String::from_utf8_lossy(&pipe.contents()).into_owned();
        match command.wasi_cli_run().call_run(&mut store) {
            Ok(Ok(())) => Ok(text(stdout)),
            Ok(Err(())) => Err(text(stderr)),
            Err(trap) => Err(format!("{trap:?}\n{}", text(stderr))),
        }
    }
}
