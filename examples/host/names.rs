//! `wasi:sockets/ip-name-lookup`, by the list: about other names not even a name server is asked.

use std::net::IpAddr;
use std::pin::Pin;
use std::vec;

use tokio::net::lookup_host;
use wasmtime::Result;
use wasmtime::component::Resource;
use wasmtime_wasi::p2::bindings::sockets::network::{ErrorCode, IpAddress};
use wasmtime_wasi::p2::{DynPollable, Network, Pollable, subscribe};
use wasmtime_wasi::runtime::{AbortOnDropJoinHandle, poll_noop, spawn};

use crate::plugin::bindings::wasi::sockets::ip_name_lookup::{Host, HostResolveAddressStream};
use crate::sandbox::State;

/// A look-up, and the addresses that the plugin has not taken yet.
pub enum Lookup {
    UnderWay(AbortOnDropJoinHandle<Result<Vec<IpAddr>, ErrorCode>>),
    Done(Result<vec::IntoIter<IpAddr>, ErrorCode>),
}

#[wasmtime_wasi::async_trait]
impl Pollable for Lookup {
    async fn ready(&mut self) {
        if let Self::UnderWay(task) = self {
            *self = Self::Done(task.await.map(Vec::into_iter));
        }
    }
}

impl Host for State {
    fn resolve_addresses(
        &mut self,
        _: Resource<Network>,
        name: String,
    ) -> Result<Result<Resource<Lookup>, ErrorCode>> {
        if !self.allowed.permits_name(&name) {
            return Ok(Err(ErrorCode::AccessDenied));
        }
        let allowed = self.allowed.clone();
        let lookup = spawn(async move {
            let found = lookup_host((name.as_str(), 0)).await;
            let found = found.map_err(|_| ErrorCode::NameUnresolvable)?;
            let found: Vec<IpAddr> = found.map(|address| address.ip()).collect();
            allowed.add(&name, &found);
            Ok(found)
        });
        Ok(Ok(self.table.push(Lookup::UnderWay(lookup))?))
    }
}

impl HostResolveAddressStream for State {
    fn resolve_next_address(
        &mut self,
        lookup: Resource<Lookup>,
    ) -> Result<Result<Option<IpAddress>, ErrorCode>> {
        let lookup = self.table.get_mut(&lookup)?;
        poll_noop(Pin::new(&mut lookup.ready()));
        Ok(match lookup {
            Lookup::UnderWay(_) => Err(ErrorCode::WouldBlock),
            Lookup::Done(Ok(addresses)) => Ok(addresses.next().map(IpAddress::from)),
            Lookup::Done(Err(code)) => Err(*code),
        })
    }

    fn subscribe(&mut self, lookup: Resource<Lookup>) -> Result<Resource<DynPollable>> {
        subscribe(&mut self.table, lookup)
    }

    fn drop(&mut self, lookup: Resource<Lookup>) -> Result<()> {
        self.table.delete(lookup)?;
        Ok(())
    }
}
