//! A command that imports httplib, composed with it and run in wasmtime.

use std::path::Path;

use harness::component::{Host, Names};
use harness::engine::engine;
use tools::compose::compose;
use wasmtime::component::{Component, Linker};
use wasmtime::{Config, Engine, OptLevel, Store};
use wasmtime_wasi::p2::bindings::sync::Command as Bindings;
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;
use wasmtime_wasi::{FsPerms, I32Exit, WasiCtx, WasiCtxBuilder};

use crate::Outcome;
use crate::site::{CA, Site};

/// How much a command may print.
const CAPACITY: usize = 1 << 20;

/// How much linear memory a command gets: enough for Python, and not for a body of 64 MiB with it.
const MEMORY: usize = 96 << 20;

/// Where a command finds the site's folder.
const FOLDER: &str = "/certificates";

/// A compiled command. It runs any number of times.
pub struct Command {
    engine: Engine,
    component: Component,
}

impl Command {
    /// The program in this file, its import of httplib satisfied by the component.
    pub fn compose(program: &Path) -> Self {
        let mut config = Config::new();
        // Python is 18 MB, and runs for a moment: what takes time is to compile it.
        config.cranelift_opt_level(OptLevel::None);
        let engine = engine(&mut config);
        let composed = compose(program, &harness::component::path())
            .expect("the program imports what the component exports");
        let component = Component::new(&engine, composed).expect("wac makes a valid component");
        Self { engine, component }
    }

    /// Runs it as `fetch HOST PORT CA`, with the network, name look-up and the site's folder.
    pub fn fetch(&self, host: &str, site: &Site) -> Outcome {
        let ca = format!("{FOLDER}/{CA}");
        self.outcome(&["fetch", host, &site.port(), &ca], None, |context| {
            context
                .preopened_dir(site.folder(), FOLDER, FsPerms::ReadOnly)
                .expect("the site has its folder");
        })
    }

    /// Runs it as `recipes many SERVER COUNT`, with the network and name look-up.
    pub fn many(&self, port: u16, count: usize) -> Outcome {
        let server = format!("localhost:{port}");
        let arguments = ["recipes", "many", &server, &count.to_string()];
        self.outcome(&arguments, None, |_| {})
    }

    /// Runs it with the network and what `grant` adds; names are looked up as the system does, or in
    /// `names`.
    pub fn outcome(
        &self,
        arguments: &[&str],
        names: Option<Names>,
        grant: impl FnOnce(&mut WasiCtxBuilder),
    ) -> Outcome {
        let (stdout, stderr) = (
            MemoryOutputPipe::new(CAPACITY),
            MemoryOutputPipe::new(CAPACITY),
        );
        let mut context = WasiCtx::builder();
        context
            .args(arguments)
            .inherit_network()
            .allow_tcp(true)
            .allow_ip_name_lookup(true)
            .stdout(stdout.clone())
            .stderr(stderr.clone());
        grant(&mut context);
        let success = match self.run(context.build(), names) {
            Ok(success) => success,
            Err(trap) => panic!("the command trapped: {trap:?}\n{}", text(&stderr)),
        };
        Outcome {
            success,
            stdout: text(&stdout),
            stderr: text(&stderr),
        }
    }

    /// Whether it succeeded, by its result or by its exit code.
    fn run(&self, context: WasiCtx, names: Option<Names>) -> wasmtime::Result<bool> {
        let mut linker = Linker::new(&self.engine);
        wasmtime_wasi::p2::add_to_linker_sync(&mut linker).expect("WASI 0.2 links");
        if let Some(names) = names {
            names.replace(&mut linker, &self.component)?;
        }
        let host = Host::new(context).with_memory(MEMORY);
        let mut store = Store::new(&self.engine, host);
        store.limiter(|host| host.limiter());
        let command = Bindings::instantiate(&mut store, &self.component, &linker)
            .expect("a command imports WASI 0.2 alone");
        match command.wasi_cli_run().call_run(&mut store) {
            Ok(result) => Ok(result.is_ok()),
            Err(trap) => trap.downcast::<I32Exit>().map(|exit| exit.0 == 0),
        }
    }
}

fn text(pipe: &MemoryOutputPipe) -> String {
    String::from_utf8(pipe.contents().to_vec()).expect("programs print UTF-8")
}
