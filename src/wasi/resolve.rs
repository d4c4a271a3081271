//! Names to addresses.

use alloc::string::String;
use alloc::vec::Vec;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use core::task::Poll;

use super::error::socket_error;
use super::retired::Lender;
use crate::bindings::wasi::io::poll::Pollable;
use crate::bindings::wasi::sockets::ip_name_lookup::{ResolveAddressStream, resolve_addresses};
use crate::bindings::wasi::sockets::network::{
    ErrorCode, IpAddress, IpSocketAddress, Ipv4SocketAddress, Ipv6SocketAddress, Network,
};
use crate::transport::{Error, Phase, SocketErrorCode};

/// An address and, for link-local IPv6, its zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address {
    /// The address itself.
    pub ip: IpAddr,
    zone: u32,
}

impl Address {
    /// An address in text, with a numeric zone if it is IPv6; none where `host` is a name.
    pub fn parse(host: &str) -> Option<Self> {
        let (number, zone) = match host.split_once('%') {
            Some((number, zone)) => (number, zone.parse().ok()?),
            None => (host, 0),
        };
        let ip = number.parse().ok()?;
        Some(Self { ip, zone })
    }

    /// The address that stands for any of the same family.
    pub fn unspecified(self) -> Self {
        let ip = match self.ip {
            IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
            IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
        };
        Self { ip, zone: 0 }
    }

    /// As people write it: `127.0.0.1:80`, `[::1]:80`.
    pub fn text_with_port(self, port: u16) -> String {
        match self.ip {
            IpAddr::V4(ip) => format!("{ip}:{port}"),
            IpAddr::V6(ip) => format!("[{ip}]:{port}"),
        }
    }

    /// As WASI's sockets take it.
    pub fn with_port(self, port: u16) -> IpSocketAddress {
        match self.ip {
            IpAddr::V4(ip) => {
                let [a, b, c, d] = ip.octets();
                IpSocketAddress::Ipv4(Ipv4SocketAddress {
                    port,
                    address: (a, b, c, d),
                })
            }
            IpAddr::V6(ip) => {
                let [a, b, c, d, e, f, g, h] = ip.segments();
                IpSocketAddress::Ipv6(Ipv6SocketAddress {
                    port,
                    flow_info: 0,
                    address: (a, b, c, d, e, f, g, h),
                    scope_id: self.zone,
                })
            }
        }
    }
}

impl From<IpAddress> for Address {
    fn from(address: IpAddress) -> Self {
        let ip = match address {
            IpAddress::Ipv4((a, b, c, d)) => Ipv4Addr::new(a, b, c, d).into(),
            IpAddress::Ipv6((a, b, c, d, e, f, g, h)) => {
                Ipv6Addr::new(a, b, c, d, e, f, g, h).into()
            }
        };
        Self { ip, zone: 0 }
    }
}

/// A look-up under way. The pollable is dropped before the stream it belongs to.
#[derive(Debug)]
pub struct Resolve {
    pollable: Pollable,
    stream: Lender<ResolveAddressStream>,
    found: Vec<Address>,
}

impl Resolve {
    /// Begins to look `name` up.
    pub fn new(network: &Network, name: &str) -> Result<Self, Error> {
        let stream = resolve_addresses(network, name).map_err(failed)?;
        Ok(Self {
            pollable: stream.subscribe(),
            stream: Lender::new(stream),
            found: Vec::new(),
        })
    }

    /// All addresses, the families in turn (RFC 8305 §4); at least one.
    pub fn poll(&mut self) -> Poll<Result<Vec<Address>, Error>> {
        loop {
            match self.stream.resolve_next_address() {
                Ok(Some(address)) => self.found.push(address.into()),
                Ok(None) if self.found.is_empty() => {
                    return Poll::Ready(Err(failed(ErrorCode::NameUnresolvable)));
                }
                Ok(None) => return Poll::Ready(Ok(interleave(core::mem::take(&mut self.found)))),
                Err(ErrorCode::WouldBlock) => return Poll::Pending,
                Err(code) => return Poll::Ready(Err(failed(code))),
            }
        }
    }

    /// What to wait on.
    pub fn pollable(&self) -> &Pollable {
        &self.pollable
    }

    /// The same for whoever waits themselves.
    pub fn subscribe(&self) -> Pollable {
        self.stream.lend(ResolveAddressStream::subscribe)
    }
}

fn failed(code: ErrorCode) -> Error {
    match code {
        // A name that can't even be looked up is a name that does not resolve.
        ErrorCode::InvalidArgument => Error::Socket {
            phase: Phase::Resolve,
            code: SocketErrorCode::NameUnresolvable,
        },
        code => socket_error(Phase::Resolve, code),
    }
}

fn interleave(addresses: Vec<Address>) -> Vec<Address> {
    let Some(first) = addresses.first().map(|address| address.ip.is_ipv4()) else {
        return addresses;
    };
    let total = addresses.len();
    let (preferred, others): (Vec<_>, Vec<_>) = addresses
        .into_iter()
        .partition(|address| address.ip.is_ipv4() == first);
    let mut ordered = Vec::with_capacity(total);
    let (mut preferred, mut others) = (preferred.into_iter(), others.into_iter());
    while ordered.len() < total {
        ordered.extend(preferred.next());
        ordered.extend(others.next());
    }
    ordered
}
