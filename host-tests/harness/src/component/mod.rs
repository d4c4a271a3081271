//! The component in wasmtime, seen as a caller sees it.
//!
//! It is compiled once in a process. Each [`Guest`] is an instance with a memory, a store and
//! capabilities of its own, so tests run side by side. The resources that it makes are values here:
//! [`Connection`], [`Response`], [`Message`], [`TlsContext`]; dropping one drops the resource.
//!
//! It is over WASI 0.2, or over 0.3: [`path`] says which file it is. The methods are the same, and so are
//! their types, those of 0.2; what only one of the two has panics with the other.
//!
//! The WIT functions' errors are returned. A trap is no answer that a function may give: it panics,
//! with the function's name and the guest's standard error.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::env;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::OnceLock;

use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, ResourceAny, ResourceTable};
use wasmtime::{Config, Engine, ResourceLimiter, Store};
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;
use wasmtime_wasi::runtime::in_tokio;
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

use crate::engine::engine;

use call::export;
use exports::{Exports, Version};
use memory::Memory;

mod builder;
mod call;
mod connection;
mod exports;
mod memory;
mod message;
mod names;
mod p3;
mod resources;
mod response;
mod status;
mod tls_context;
mod upgrade;

pub use builder::Builder;
pub use connection::{Connection, Skip, TlsOptions};
pub use message::Message;
pub use names::Names;
pub use p3::Consumed;
pub use resources::{Pollables, bytes};
pub use response::Response;
pub use tls_context::TlsContext;
pub use upgrade::UpgradedStream;

pub use crate::bindings::client::{
    Body, ConnectionAttempt, ConnectionOptions, ConnectionState, Error, FileError, FileErrorCode,
    HttpException, ImproperConnectionState, IncompleteRead, InterimResponse, PemSource, Phase,
    SocketError, SocketErrorCode, TlsError, TlsSession, TlsVersion, TunnelRefusal, VerifyMode,
};

/// A function's result.
pub type Result<T> = std::result::Result<T, Error>;

/// What the host keeps for one instance.
pub struct Host {
    context: WasiCtx,
    table: ResourceTable,
    memory: Memory,
}

impl Host {
    /// A host with these capabilities.
    #[must_use]
    pub fn new(context: WasiCtx) -> Self {
        Self {
            context,
            table: ResourceTable::new(),
            memory: Memory::default(),
        }
    }

    /// With no more than so many bytes of linear memory, once the store has [`Host::limiter`].
    #[must_use]
    pub fn with_memory(mut self, most: usize) -> Self {
        self.memory.most = Some(most);
        self
    }

    /// What a store asks before a memory grows.
    pub fn limiter(&mut self) -> &mut dyn ResourceLimiter {
        &mut self.memory
    }
}

impl WasiView for Host {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.context,
            table: &mut self.table,
        }
    }
}

/// One instance of the component. Clones are the same instance.
#[derive(Clone)]
pub struct Guest(Rc<RefCell<Instance>>);

struct Instance {
    store: Store<Host>,
    exports: Exports,
    stderr: MemoryOutputPipe,
    exercised: BTreeSet<&'static str>,
}

impl Guest {
    /// An instance with the network (loopback only) and name look-up, and nothing else.
    #[must_use]
    pub fn new() -> Self {
        Self::builder().build()
    }

    /// An instance with chosen capabilities.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::new()
    }

    /// `describe`.
    #[must_use]
    pub fn describe(&self, error: &Error) -> String {
        export!(self, "describe", httplib_http_client, call_describe, error)
    }

    /// What the instance wrote to standard error.
    #[must_use]
    pub fn stderr(&self) -> String {
        let written = self.0.borrow().stderr.contents();
        String::from_utf8(written.to_vec()).expect("the guest writes UTF-8")
    }

    /// The most bytes of linear memory that the instance has had.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.with_host(|host| host.memory.peak())
    }

    /// Where these bytes stand in the instance's memory, which must have been made [`Builder::inspectable`].
    ///
    /// # Panics
    /// Where the memory can't be looked into.
    #[must_use]
    pub fn find(&self, bytes: &[u8]) -> Vec<usize> {
        let mut instance = self.0.borrow_mut();
        let store = &mut instance.store;
        let instances = store.debug_all_instances();
        let memory = instances
            .iter()
            .find_map(|instance| instance.debug_memory(&mut *store, 0));
        let memory = memory.expect("the instance is inspectable, and has a memory");
        let windows = memory.data(&*store).windows(bytes.len());
        let places = windows.enumerate().filter(|(_, window)| *window == bytes);
        places.map(|(place, _)| place).collect()
    }

    /// How many resources the host holds for the instance: sockets, streams, pollables.
    #[must_use]
    pub fn resources(&self) -> usize {
        self.with_host(|host| host.table.iter_mut().count())
    }

    /// The WIT functions that this instance was asked for, such as
    /// `[method]http-connection.request`. Compare with [`exported_functions`].
    #[must_use]
    pub fn exercised(&self) -> BTreeSet<String> {
        self.0
            .borrow()
            .exercised
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    /// Asserts that the instance can still do its work, whatever happened before: a fresh connection
    /// fetches a page from a real server.
    pub fn assert_works(&self) {
        let server = crate::server::Server::http();
        let connection = self
            .http("127.0.0.1", server.port(), None)
            .expect("a valid address");
        let response = connection.fetch("GET", "/").expect("the server answers");
        assert_eq!(response.status(), 200);
        assert_eq!(
            response.read(None).expect("a whole body"),
            crate::server::GREETING
        );
    }

    /// Calls an export and records its name.
    fn call<R>(
        &self,
        name: &'static str,
        function: impl FnOnce(&Exports, &mut Store<Host>) -> wasmtime::Result<R>,
    ) -> R {
        self.0.borrow_mut().exercised.insert(name);
        self.work(name, function)
    }

    /// Lets the instance work; what it was asked for is named where it traps.
    fn work<R>(
        &self,
        name: &'static str,
        work: impl FnOnce(&Exports, &mut Store<Host>) -> wasmtime::Result<R>,
    ) -> R {
        let mut instance = self.0.borrow_mut();
        let instance = &mut *instance;
        work(&instance.exports, &mut instance.store).unwrap_or_else(|trap| {
            let stderr = instance.stderr.contents();
            panic!(
                "{name} trapped: {trap:?}\n{}",
                String::from_utf8_lossy(&stderr)
            )
        })
    }

    /// Works on what the host holds for the instance.
    fn with_host<R>(&self, work: impl FnOnce(&mut Host) -> R) -> R {
        work(self.0.borrow_mut().store.data_mut())
    }
}

impl Default for Guest {
    fn default() -> Self {
        Self::new()
    }
}

/// A resource of an instance, dropped there when this is dropped.
struct Handle {
    guest: Guest,
    resource: ResourceAny,
    given: bool,
}

impl Handle {
    fn new(guest: &Guest, resource: ResourceAny) -> Self {
        Self {
            guest: guest.clone(),
            resource,
            given: false,
        }
    }

    /// The resource, for a function that takes it for good.
    fn give(mut self) -> (Guest, ResourceAny) {
        self.given = true;
        (self.guest.clone(), self.resource)
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        // After a trap the instance can't be entered, and the trap is what the test is about.
        if !self.given && !std::thread::panicking() {
            let resource = self.resource;
            self.guest
                .work("dropping a resource", |exports, store| match exports {
                    Exports::P2(_) => resource.resource_drop(store),
                    Exports::P3(_) => {
                        in_tokio(resource.resource_drop_async(&mut *store))?;
                        p3::settle(store)
                    }
                });
        }
    }
}

/// The names of the functions in the component's `client` and `status`, as in
/// [`Guest::exercised`].
#[must_use]
pub fn exported_functions() -> BTreeSet<String> {
    let Compiled {
        engine, component, ..
    } = compiled();
    let mut functions = BTreeSet::new();
    for (_, export) in component.component_type().exports(engine) {
        let ComponentItem::ComponentInstance(interface) = export.ty else {
            continue;
        };
        for (name, item) in interface.exports(engine) {
            if matches!(item.ty, ComponentItem::ComponentFunc(_)) {
                functions.insert(name.to_owned());
            }
        }
    }
    functions
}

/// The names of the interfaces that the component imports, such as `wasi:io/poll@0.2.6`.
#[must_use]
pub fn imported_interfaces() -> BTreeSet<String> {
    let Compiled {
        engine, component, ..
    } = compiled();
    component
        .component_type()
        .imports(engine)
        .map(|(name, _)| name.to_owned())
        .collect()
}

/// Where the component is: the file that the variable `HTTPLIB_WASM` names, or else the one that was
/// built with the harness.
#[must_use]
pub fn path() -> PathBuf {
    let named = env::var_os("HTTPLIB_WASM");
    named.map_or_else(|| env!("HTTPLIB_COMPONENT").into(), PathBuf::from)
}

/// Whether the component is the one over WASI 0.3, which has no timeouts of 0, no pollables and no output
/// streams.
#[must_use]
pub fn is_asynchronous() -> bool {
    matches!(compiled().version, Version::P3)
}

/// A compiled component, and the version of WASI that it is over.
struct Compiled {
    engine: Engine,
    component: Component,
    version: Version,
}

impl Compiled {
    fn new(config: &mut Config) -> Self {
        let engine = engine(config);
        let component = Component::from_file(&engine, path()).expect("the build made a component");
        let version = Version::of(&engine, &component);
        Self {
            engine,
            component,
            version,
        }
    }
}

/// The component of this process.
fn compiled() -> &'static Compiled {
    static COMPILED: OnceLock<Compiled> = OnceLock::new();
    COMPILED.get_or_init(|| Compiled::new(&mut Config::new()))
}

/// The same, compiled as debuggers want it.
fn inspectable() -> &'static Compiled {
    static COMPILED: OnceLock<Compiled> = OnceLock::new();
    COMPILED.get_or_init(|| Compiled::new(Config::new().guest_debug(true)))
}

/// Instantiates the component.
fn instantiate(
    compiled: &Compiled,
    context: WasiCtx,
    names: Option<Names>,
    stderr: MemoryOutputPipe,
) -> Guest {
    let Compiled {
        engine,
        component,
        version,
    } = compiled;
    let mut linker = version.linker(engine);
    if let Some(names) = names {
        names
            .replace(&mut linker, component)
            .expect("the component looks names up as WASI says");
    }
    let mut store = Store::new(engine, Host::new(context));
    store.limiter(|host| &mut host.memory);
    let exports = version
        .instantiate(&mut store, component, &linker)
        .expect("the component exports the world of its WIT and imports one version of WASI alone");
    Guest(Rc::new(RefCell::new(Instance {
        store,
        exports,
        stderr,
        exercised: BTreeSet::new(),
    })))
}
