//! What an instance exports, in the version of its component.

use wasmtime::component::{Component, Linker};
use wasmtime::{Engine, Store};
use wasmtime_wasi::runtime::in_tokio;

use super::Host;
use crate::bindings::{Httplib, P3};

/// The exports of an instance.
pub(super) enum Exports {
    /// Over WASI 0.2.
    P2(Httplib),
    /// Over WASI 0.3.
    P3(P3),
}

/// The version of WASI that a component is over.
#[derive(Clone, Copy)]
pub(super) enum Version {
    P2,
    P3,
}

impl Version {
    /// What the component exports tells.
    pub(super) fn of(engine: &Engine, component: &Component) -> Self {
        let component = component.component_type();
        let mut exports = component.exports(engine);
        match exports.any(|(name, _)| name.starts_with("httplib:http/client@0.3.")) {
            true => Self::P3,
            false => Self::P2,
        }
    }

    /// WASI, as this version has it.
    pub(super) fn linker(self, engine: &Engine) -> Linker<Host> {
        let mut linker = Linker::new(engine);
        let linked = match self {
            Self::P2 => wasmtime_wasi::p2::add_to_linker_sync(&mut linker),
            Self::P3 => wasmtime_wasi::p3::add_to_linker(&mut linker),
        };
        linked.expect("WASI links");
        linker
    }

    /// Instantiates a component of this version.
    pub(super) fn instantiate(
        self,
        store: &mut Store<Host>,
        component: &Component,
        linker: &Linker<Host>,
    ) -> wasmtime::Result<Exports> {
        match self {
            Self::P2 => Httplib::instantiate(store, component, linker).map(Exports::P2),
            Self::P3 => in_tokio(P3::instantiate_async(store, component, linker)).map(Exports::P3),
        }
    }
}
