//! What the environment says of proxies never panics, and `NO_PROXY` is the sum of its parts: a server is excepted by a
//! list exactly where one of its members excepts it, always by its own name, and by a network exactly where the bits say so.
#![no_main]

use std::net::IpAddr;
use std::rc::Rc;

use arbitrary::Arbitrary;
use httplib::client::{Connection, Error, Options, Proxy, Scheme, Trace};
use httplib::transport::scripted::Scripts;
use httplib::transport::tls::Config;
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    server: Server<'a>,
    port: u16,
    url: &'a str,
    exceptions: [&'a str; 2],
    network: IpAddr,
    length: u8,
}

#[derive(Arbitrary, Debug)]
enum Server<'a> {
    Name(&'a str),
    Address(IpAddr),
}

fuzz_target!(|input: Input| {
    parse(input.url);
    let (host, address) = match input.server {
        // It may be an address, which has no names below it.
        Server::Name(name) => (name.to_owned(), name.parse().ok().map(IpAddr::V4)),
        Server::Address(address @ IpAddr::V4(_)) => (address.to_string(), Some(address)),
        Server::Address(address @ IpAddr::V6(_)) => (format!("[{address}]"), Some(address)),
    };
    let port = Some(input.port).filter(|port| *port > 0);
    let (options, trace) = (Options::default(), Trace::new(|_| {}));
    let network = Rc::new(Scripts::default());
    let Ok(connection) = Connection::new(network, Scheme::Http, &host, port, options, trace) else {
        return;
    };
    let excepts = |exceptions: &str| {
        let variable = |name: &str| match name {
            "http_proxy" => Some("proxy.example".to_owned()),
            "no_proxy" => Some(exceptions.to_owned()),
            _ => None,
        };
        connection.proxy_from_environment(variable).is_none()
    };
    let [one, other] = input.exceptions;
    let either = excepts(one) || excepts(other);
    assert_eq!(
        excepts(&format!("{one},{other}")),
        either,
        "{one:?}, {other:?}"
    );
    assert_eq!(
        excepts(&format!("{other} {one}")),
        either,
        "{one:?}, {other:?}"
    );
    assert!(!excepts("") && excepts("*"));
    match address {
        Some(address) => {
            assert!(excepts(&address.to_string()) && excepts(&format!("x, {host}")));
            let (network, length) = (input.network, input.length);
            let is_within = is_within(address, network, length);
            assert_eq!(excepts(&format!("{network}/{length}")), is_within);
        }
        // A name may have a port, or what is none.
        None if host.is_ascii()
            && !host.contains([':', ',', '[', '*'])
            && !host.starts_with('.') =>
        {
            assert!(excepts(&host) && excepts(&format!(".{host}")), "{host}");
        }
        None => {}
    }
});

/// One bit after the other.
fn is_within(address: IpAddr, network: IpAddr, length: u8) -> bool {
    let bits = |address: IpAddr| match address {
        IpAddr::V4(address) => (u128::from(address.to_bits()) << 96, 32),
        IpAddr::V6(address) => (address.to_bits(), 128),
    };
    let ((address, own), (network, width)) = (bits(address), bits(network));
    own == width
        && (0..u32::from(length).min(width)).all(|bit| (address ^ network).leading_zeros() > bit)
}

fn parse(url: &str) {
    let no_tls = || -> Result<Config, Error> { Err(Error::Other("no TLS here".into())) };
    if let Ok(proxy) = Proxy::parse(url, no_tls) {
        assert!(proxy.server.port > 0);
        // It becomes a header's value.
        let authorization = proxy.authorization.unwrap_or_default();
        assert!(
            authorization
                .bytes()
                .all(|byte| byte == b' ' || byte.is_ascii_graphic())
        );
    }
}
