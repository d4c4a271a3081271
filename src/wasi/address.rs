//! Addresses, as people write them and as WASI has them.

use alloc::string::String;
use alloc::vec::Vec;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

#[cfg(not(feature = "p3"))]
use crate::bindings::wasi::sockets::network as sockets;
#[cfg(feature = "p3")]
use crate::bindings::wasi::sockets::types as sockets;
use sockets::{IpAddress, IpSocketAddress, Ipv4SocketAddress, Ipv6SocketAddress};

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

/// The families in turn, beginning with that of the first (RFC 8305 §4).
pub fn interleave(addresses: Vec<Address>) -> Vec<Address> {
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
