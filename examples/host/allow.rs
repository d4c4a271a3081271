//! The list of what a plugin may reach, by name and by address.

use std::collections::HashSet;
use std::net::{IpAddr, SocketAddr};
use std::num::ParseIntError;
use std::str::FromStr;
use std::sync::{Arc, Mutex};

use wasmtime_wasi::sockets::SocketAddrUse;

/// A name or an address, at one port or at any: `example.com:443`, `10.0.0.1`, `[::1]:80`.
#[derive(Clone)]
pub struct Entry {
    host: String,
    port: Option<u16>,
}

impl FromStr for Entry {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (host, port) = match (text.parse(), text.parse(), text.split_once(':')) {
            (Ok(ip), _, _) => (IpAddr::to_string(&ip), None),
            (_, Ok(address), _) => (SocketAddr::ip(&address).to_string(), Some(address.port())),
            (_, _, Some((name, port))) => (name.to_owned(), Some(port.parse()?)),
            (_, _, None) => (text.to_owned(), None),
        };
        Ok(Self { host, port })
    }
}

/// What one instance may reach. Clones are the same.
#[derive(Clone)]
pub struct Allowed {
    list: Arc<[Entry]>,
    /// The answers that the instance got to its look-ups.
    names: Arc<Mutex<HashSet<(String, IpAddr)>>>,
}

impl Allowed {
    pub fn new(list: Vec<Entry>) -> Self {
        let (list, names) = (list.into(), Arc::default());
        Self { list, names }
    }

    /// Whether the instance may look the name up.
    pub fn permits_name(&self, name: &str) -> bool {
        let mut list = self.list.iter();
        list.any(|entry| entry.host.eq_ignore_ascii_case(name))
    }

    /// The name is these addresses, as the instance is about to learn: it may go there from now on.
    pub fn add(&self, name: &str, addresses: &[IpAddr]) {
        let mut names = self.names.lock().expect("nobody panics with it");
        let name = name.to_ascii_lowercase();
        names.extend(addresses.iter().map(|address| (name.clone(), *address)));
    }

    /// Forgets what the instance has learned: each call looks up what it needs.
    pub fn forget(&self) {
        self.names.lock().expect("nobody panics with it").clear();
    }

    /// Whether a socket may use the address.
    pub fn permits(&self, address: SocketAddr, usage: SocketAddrUse) -> bool {
        let (ip, port) = (address.ip(), address.port());
        match usage {
            SocketAddrUse::TcpConnect => {
                let names = self.names.lock().expect("nobody panics with it");
                let mut names = names.iter().filter(|(_, known)| *known == ip);
                self.lists(&ip.to_string(), port) || names.any(|(name, _)| self.lists(name, port))
            }
            // Where a connection comes from, as long as the plugin does not choose it.
            SocketAddrUse::TcpBind => ip.is_unspecified() && port == 0,
            // It listens to nobody, and there is no UDP.
            _ => false,
        }
    }

    fn lists(&self, host: &str, port: u16) -> bool {
        self.list.iter().any(|entry| {
            entry.host.eq_ignore_ascii_case(host) && entry.port.is_none_or(|it| it == port)
        })
    }
}
