//! A plugin: compiled once, linked once, and instantiated for each call, or for many.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use wasmtime::component::{Component, HasSelf, Linker};
use wasmtime::{Config, Engine, Result, Store};
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;

use crate::limits::start_clock;
use crate::sandbox::{Policy, State};
use bindings::PluginPre;
use bindings::wasi::sockets::ip_name_lookup;

/// What the plugin exports, and the import that this host implements itself. `path` is a folder with the
/// WIT of WASI 0.2.
pub mod bindings {
    wasmtime::component::bindgen!({
        path: "../wit",
        inline: "
            package example:host;

            world plugin {
                import wasi:sockets/ip-name-lookup@0.2.6;
                export fetch: func(url: string) -> result<string, string>;
            }
        ",
        world: "example:host/plugin",
        imports: { default: trappable },
        exports: { default: async },
        with: {
            "wasi:io": wasmtime_wasi::p2::bindings::io,
            "wasi:sockets/network": wasmtime_wasi::p2::bindings::sockets::network,
            "wasi:sockets/ip-name-lookup.resolve-address-stream": crate::names::Lookup,
        },
    });
}

/// How much an instance may write to standard error.
const STDERR: usize = 64 << 10;

/// What a call ended with. The inner error is the plugin's answer; the outer one says why it gave none.
pub type Outcome = Result<Result<String, String>>;

/// A plugin that is ready to run.
pub struct Plugin {
    engine: Engine,
    instances: PluginPre<State>,
    policy: Arc<Policy>,
}

impl Plugin {
    /// Loads the plugin from its file.
    pub fn load(file: &Path, policy: Policy) -> Result<Self> {
        let engine = Engine::new(Config::new().epoch_interruption(true))?;
        let component = compiled(&engine, file)?;
        let mut linker = Linker::new(&engine);
        wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
        // In the place of WASI's own. A plugin that asks for another 0.2.x still gets that one, which
        // tells it no name: no context here has `allow_ip_name_lookup`.
        linker.allow_shadowing(true);
        ip_name_lookup::add_to_linker::<_, HasSelf<State>>(&mut linker, |state| state)?;
        let instances = PluginPre::new(linker.instantiate_pre(&component)?)?;
        start_clock(&engine);
        Ok(Self {
            engine,
            instances,
            policy: Arc::new(policy),
        })
    }

    /// Has a fresh instance fetch the URL.
    pub async fn fetch(&self, url: &str) -> Outcome {
        self.instance().await?.fetch(url).await
    }

    /// A fresh instance.
    pub async fn instance(&self) -> Result<Instance> {
        let stderr = MemoryOutputPipe::new(STDERR);
        let mut store = self.policy.store(&self.engine, stderr.clone())?;
        let making = self.instances.instantiate_async(&mut store);
        let exports = self.policy.limits.timed(making).await?;
        Ok(Instance {
            store,
            exports,
            policy: self.policy.clone(),
            stderr,
            shown: 0,
            calls: 0,
        })
    }
}

/// An instance, for one call after the other.
pub struct Instance {
    store: Store<State>,
    exports: bindings::Plugin,
    policy: Arc<Policy>,
    stderr: MemoryOutputPipe,
    /// How much of that has been shown.
    shown: usize,
    calls: usize,
}

impl Instance {
    /// Has it fetch the URL. After an outer error it is of no use any more: the call ended somewhere within.
    pub async fn fetch(&mut self, url: &str) -> Outcome {
        self.calls += 1;
        self.store.data().allowed.forget();
        let call = self.exports.call_fetch(&mut self.store, url);
        let outcome = self.policy.limits.timed(call).await;
        let written = self.stderr.contents();
        for line in String::from_utf8_lossy(&written[self.shown..]).lines() {
            // In one piece: others write meanwhile.
            let line = format!("{url}: {line}\n");
            eprint!("{line}");
        }
        self.shown = written.len();
        outcome
    }

    /// Whether it has had so many calls, or has little left to write to standard error.
    pub fn is_spent(&self, calls: usize) -> bool {
        self.calls >= calls || self.shown > STDERR / 2
    }

    /// The bytes of its linear memories.
    pub fn memory(&self) -> usize {
        self.store.data().memory.bytes()
    }
}

/// The component in the file, compiled unless `FILE.cwasm` is newer.
fn compiled(engine: &Engine, file: &Path) -> Result<Component> {
    let cache = file.with_extension("cwasm");
    let modified = fs::metadata(file)?.modified()?;
    let is_newer = fs::metadata(&cache).is_ok_and(|it| it.modified().is_ok_and(|it| it > modified));
    // Fails where another version of wasmtime has compiled it.
    if is_newer && let Ok(component) = mapped(engine, &cache) {
        return Ok(component);
    }
    let code = engine.precompile_component(&fs::read(file)?)?;
    let unfinished = file.with_extension(std::process::id().to_string());
    fs::write(&unfinished, code)?;
    fs::rename(&unfinished, &cache)?;
    mapped(engine, &cache)
}

#[allow(unsafe_code, reason = "what is in the file runs as native code")]
fn mapped(engine: &Engine, cache: &Path) -> Result<Component> {
    // SAFETY: `compiled` wrote it, beside the plugin, where whoever may write is trusted as much as this
    // program itself. Plugins can't: they have no files.
    unsafe { Component::deserialize_file(engine, cache) }
}
