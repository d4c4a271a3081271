//! A resolver of the harness's own: it stands in the place of the system's where a test says what
//! names are, as [`Builder::names`](super::Builder::names) does.

use std::future::pending;
use std::net::IpAddr;
use std::vec;

use wasmtime::StoreContextMut;
use wasmtime::component::{Accessor, Component, Linker, LinkerInstance, Resource, ResourceType};
use wasmtime_wasi::p2::bindings::sockets::network::{ErrorCode, IpAddress};
use wasmtime_wasi::p2::{DynPollable, Network, Pollable, subscribe};
use wasmtime_wasi::p3::bindings::sockets::ip_name_lookup as p3;
use wasmtime_wasi::{WasiView, async_trait};

const INTERFACE: &str = "wasi:sockets/ip-name-lookup@";
const INTERFACE_OF_P3: &str = "wasi:sockets/ip-name-lookup@0.3.";

/// What a name is said to be.
#[derive(Clone)]
pub enum Names {
    /// These addresses, in this order, whatever the name.
    Are(Vec<IpAddr>),
    /// Nothing: the answer never comes.
    Unanswered,
}

/// A look-up under way.
struct Lookup(Option<vec::IntoIter<IpAddr>>);

#[async_trait]
impl Pollable for Lookup {
    async fn ready(&mut self) {
        if self.0.is_none() {
            pending::<()>().await;
        }
    }
}

impl Names {
    /// Puts the resolver in the place of WASI's, in whichever version the component imports it.
    ///
    /// # Errors
    /// Where the linker has another idea of the interface.
    pub fn replace<T: WasiView + 'static>(
        &self,
        linker: &mut Linker<T>,
        component: &Component,
    ) -> wasmtime::Result<()> {
        linker.allow_shadowing(true);
        let engine = component.engine();
        let component = component.component_type();
        let mut imports = component.imports(engine).map(|(name, _)| name);
        imports
            .by_ref()
            .filter(|name| name.starts_with(INTERFACE))
            .try_for_each(|name| {
                let mut interface = linker.instance(name)?;
                match name.starts_with(INTERFACE_OF_P3) {
                    true => replace_p3(&mut interface, self.clone()),
                    false => replace(&mut interface, self.clone()),
                }
            })
    }
}

fn replace<T: WasiView + 'static>(
    interface: &mut LinkerInstance<'_, T>,
    names: Names,
) -> wasmtime::Result<()> {
    interface.resource(
        "resolve-address-stream",
        ResourceType::host::<Lookup>(),
        |mut store, rep| {
            let lookup = Resource::<Lookup>::new_own(rep);
            store.data_mut().ctx().table.delete(lookup)?;
            Ok(())
        },
    )?;
    interface.func_wrap(
        "resolve-addresses",
        move |mut store: StoreContextMut<'_, T>, _: (Resource<Network>, String)| {
            let lookup = match &names {
                Names::Are(addresses) => Lookup(Some(addresses.clone().into_iter())),
                Names::Unanswered => Lookup(None),
            };
            let lookup = store.data_mut().ctx().table.push(lookup)?;
            Ok((Ok::<_, ErrorCode>(lookup),))
        },
    )?;
    interface.func_wrap(
        "[method]resolve-address-stream.resolve-next-address",
        |mut store: StoreContextMut<'_, T>, (lookup,): (Resource<Lookup>,)| {
            let Lookup(addresses) = store.data_mut().ctx().table.get_mut(&lookup)?;
            let next = match addresses {
                Some(addresses) => Ok(addresses.next().map(IpAddress::from)),
                None => Err(ErrorCode::WouldBlock),
            };
            Ok((next,))
        },
    )?;
    interface.func_wrap(
        "[method]resolve-address-stream.subscribe",
        |mut store: StoreContextMut<'_, T>, (lookup,): (Resource<Lookup>,)| {
            let pollable: Resource<DynPollable> = subscribe(store.data_mut().ctx().table, lookup)?;
            Ok((pollable,))
        },
    )
}

fn replace_p3<T: 'static>(
    interface: &mut LinkerInstance<'_, T>,
    names: Names,
) -> wasmtime::Result<()> {
    interface.func_wrap_concurrent("resolve-addresses", move |_: &Accessor<T>, _: (String,)| {
        let names = names.clone();
        Box::pin(async move {
            let addresses = match names {
                Names::Are(addresses) => addresses,
                Names::Unanswered => pending().await,
            };
            let addresses = addresses.into_iter().map(Into::into);
            let addresses: Vec<p3::IpAddress> = addresses.collect();
            Ok((Ok::<_, p3::ErrorCode>(addresses),))
        })
    })
}
