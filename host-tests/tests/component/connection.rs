//! The constructors and what they take, connecting and closing, and the debug lines.

use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};

use harness::component::{
    Connection, ConnectionOptions, Error, Guest, HttpException, Phase, Result, SocketError,
    SocketErrorCode,
};
use harness::peer::{Peer, Step};

use super::exchange::{HELLO, NO_CONTENT, assert_matches, received};

/// A guest that may connect to nothing, and the addresses it asked for.
fn watched() -> (Guest, Arc<Mutex<Vec<SocketAddr>>>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let guest = Guest::builder().allow({
        let asked = asked.clone();
        move |address| {
            asked.lock().expect("nobody panics").push(address);
            address.ip().is_unspecified()
        }
    });
    (guest.build(), asked)
}

/// Where a connection made so connects to.
fn target(make: impl FnOnce(&Guest) -> Result<Connection>) -> Result<String> {
    let (guest, asked) = watched();
    let denied = make(&guest)?.connect().expect_err("nothing is allowed");
    let expected = SocketError::new(Phase::Connect, SocketErrorCode::AccessDenied);
    assert_eq!(denied, Error::Socket(expected));
    let asked = asked.lock().expect("nobody panics");
    Ok(asked.last().expect("it asked").to_string())
}

/// The target of `http-connection.http` with these arguments.
fn http_target(host: &str, port: Option<u16>) -> Result<String> {
    target(|guest| guest.http(host, port, None))
}

#[test]
fn without_a_port_http_connects_to_80() -> Result<()> {
    assert_eq!(http_target("127.0.0.1", None)?, "127.0.0.1:80");
    Ok(())
}

#[test]
fn without_a_port_https_connects_to_443() -> Result<()> {
    let asked = target(|guest| guest.https("127.0.0.1", None, None, None))?;
    assert_eq!(asked, "127.0.0.1:443");
    Ok(())
}

#[test]
fn takes_the_port_from_the_host() -> Result<()> {
    assert_eq!(http_target("127.0.0.1:8080", None)?, "127.0.0.1:8080");
    Ok(())
}

#[test]
fn https_takes_the_port_from_the_host() -> Result<()> {
    let asked = target(|guest| guest.https("127.0.0.1:8443", None, None, None))?;
    assert_eq!(asked, "127.0.0.1:8443");
    Ok(())
}

#[test]
fn takes_the_port_as_an_argument() -> Result<()> {
    assert_eq!(http_target("127.0.0.1", Some(81))?, "127.0.0.1:81");
    Ok(())
}

#[test]
fn takes_ipv6_in_brackets() -> Result<()> {
    assert_eq!(http_target("[::1]", None)?, "[::1]:80");
    Ok(())
}

#[test]
fn takes_ipv6_in_brackets_with_a_port() -> Result<()> {
    assert_eq!(http_target("[::1]:8080", None)?, "[::1]:8080");
    Ok(())
}

#[test]
fn takes_ipv6_in_brackets_with_the_port_as_an_argument() -> Result<()> {
    assert_eq!(http_target("[::1]", Some(65535))?, "[::1]:65535");
    Ok(())
}

#[test]
fn looks_names_up() -> Result<()> {
    let (guest, peer) = (Guest::new(), Peer::reply(NO_CONTENT));
    let connection = guest.http(&format!("localhost:{}", peer.port()), None, None)?;
    assert_eq!(connection.fetch("GET", "/")?.status(), 204);
    connection.close();
    let host = format!("\r\nHost: localhost:{}\r\n", peer.port());
    assert!(received(&peer, 0).contains(&host));
    Ok(())
}

#[test]
fn talks_to_an_ipv6_peer() -> Result<()> {
    let (guest, peer) = (
        Guest::new(),
        Peer::script_on("[::1]:0", vec![Step::answers(&[HELLO])]),
    );
    let connection = guest.http(&format!("[::1]:{}", peer.port()), None, None)?;
    assert_eq!(connection.fetch("GET", "/")?.read(None)?, b"hello");
    connection.close();
    let host = format!("\r\nHost: [::1]:{}\r\n", peer.port());
    let head = String::from_utf8(peer.all_received(0)).expect("ASCII");
    assert!(head.contains(&host), "{head}");
    Ok(())
}

/// For each name a test: both classes refuse the host, with or without a port as an argument.
macro_rules! rejects {
    ($($test:ident: $host:expr, $port:expr;)*) => {
        $(#[test]
        fn $test() {
            let guest = Guest::new();
            assert_matches!(
                guest.http($host, $port, None).err(),
                Some(Error::Http(HttpException::InvalidUrl(_)))
            );
            assert_matches!(
                guest.https($host, $port, None, None).err(),
                Some(Error::Http(HttpException::InvalidUrl(_)))
            );
        })*
    };
}

rejects! {
    rejects_an_empty_host: "", None;
    rejects_an_empty_host_with_a_port: "", Some(80);
    rejects_a_port_without_a_host: ":80", None;
    rejects_an_empty_port: "host:", None;
    rejects_an_empty_port_after_ipv6: "[::1]:", None;
    rejects_port_0: "host:0", None;
    rejects_port_0_as_an_argument: "host", Some(0);
    rejects_port_65536: "host:65536", None;
    rejects_a_port_that_is_no_number: "host:http", None;
    rejects_a_port_with_a_plus: "host:+80", None;
    rejects_a_port_with_a_minus: "host:-80", None;
    rejects_a_port_with_a_space_before: "host: 80", None;
    rejects_a_port_with_a_space_behind: "host:80 ", None;
    rejects_a_port_with_an_underscore: "host:8_0", None;
    rejects_a_port_in_other_digits: "host:\u{0668}\u{0660}", None;
    rejects_ipv6_without_brackets: "::1", None;
    rejects_ipv6_without_brackets_with_a_port: "2001:db8::1", Some(80);
    rejects_an_open_bracket: "[::1", None;
    rejects_an_open_bracket_with_a_port: "[::1:80", None;
    rejects_text_behind_the_bracket: "[::1]80", None;
    rejects_brackets_around_a_name: "[host]", None;
    rejects_user_information: "user@host", None;
    rejects_user_information_with_a_password: "user:secret@host", None;
    rejects_a_path: "host/path", None;
    rejects_a_scheme: "http://host", None;
    rejects_a_query: "host?query", None;
    rejects_a_space_in_the_host: "ho st", None;
    rejects_a_line_end_in_the_host: "host\r\nX: y", None;
    rejects_a_nul_in_the_host: "ho\0st", None;
    rejects_two_ports: "host:80", Some(81);
}

/// Options with this source address.
fn from_source(host: &str, port: u16) -> ConnectionOptions {
    ConnectionOptions {
        source_address: Some((host.to_owned(), port)),
        ..ConnectionOptions::default()
    }
}

#[test]
fn the_source_addresss_port_is_the_local_port() -> Result<()> {
    let guest = Guest::new();
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let server = listener.local_addr().expect("it is bound");
    // Nobody else uses this address, so the port is still free.
    let free = TcpListener::bind("127.0.0.8:0").expect("loopback has a free port");
    let source = free.local_addr().expect("it is bound");
    drop(free);
    let options = from_source("127.0.0.8", source.port());
    let connection = guest.http("127.0.0.1", server.port(), Some(&options))?;
    connection.connect()?;
    let (_, client) = listener.accept().expect("somebody is connecting");
    assert_eq!(client, source);
    Ok(())
}

#[test]
fn the_source_address_may_leave_the_port_open() -> Result<()> {
    let guest = Guest::new();
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let server = listener.local_addr().expect("it is bound");
    let options = from_source("127.0.0.9", 0);
    let connection = guest.http("127.0.0.1", server.port(), Some(&options))?;
    connection.connect()?;
    let (_, client) = listener.accept().expect("somebody is connecting");
    assert_eq!(client.ip().to_string(), "127.0.0.9");
    Ok(())
}

#[test]
fn https_takes_a_source_address() -> Result<()> {
    let (guest, asked) = watched();
    let options = ConnectionOptions {
        source_address: Some(("127.0.0.9".into(), 0)),
        ..ConnectionOptions::default()
    };
    let connection = guest.https("127.0.0.1", 443, Some(&options), None)?;
    connection.connect().expect_err("nothing is allowed");
    let first = asked.lock().expect("nobody panics")[0].to_string();
    assert_eq!(first, "127.0.0.9:0");
    Ok(())
}

/// What connecting from this address fails with.
fn bind_failure(host: &str, port: u16) -> Error {
    let guest = Guest::builder().allow_all().build();
    let peer = Peer::reply(NO_CONTENT);
    let connection = guest
        .http("127.0.0.1", peer.port(), Some(&from_source(host, port)))
        .expect("a valid address");
    let error = connection.connect().expect_err("it can't be bound");
    guest.assert_works();
    error
}

/// `socket` with the phase `bind`.
fn cannot_bind(code: SocketErrorCode) -> Error {
    let phase = Phase::Bind;
    Error::Socket(SocketError::new(phase, code))
}

#[test]
fn a_source_address_of_another_machine_can_not_be_bound() {
    let expected = cannot_bind(SocketErrorCode::AddressNotBindable);
    assert_eq!(bind_failure("192.0.2.1", 0), expected);
}

#[test]
fn a_source_address_of_the_other_family_can_not_be_bound() {
    let expected = cannot_bind(SocketErrorCode::AddressNotBindable);
    assert_eq!(bind_failure("::1", 0), expected);
}

#[test]
fn a_source_address_that_is_taken_is_in_use() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let port = taken.local_addr().expect("it is bound").port();
    let expected = cannot_bind(SocketErrorCode::AddressInUse);
    assert_eq!(bind_failure("127.0.0.1", port), expected);
}

/// The options of the two classes with a timeout of ten seconds, which nothing here takes.
#[test]
fn takes_a_timeout() -> Result<()> {
    let (guest, peer) = (Guest::new(), Peer::reply(HELLO));
    let options = ConnectionOptions {
        timeout: Some(10_000_000_000),
        ..ConnectionOptions::default()
    };
    let connection = guest.http("127.0.0.1", peer.port(), Some(&options))?;
    assert_eq!(connection.fetch("GET", "/")?.read(None)?, b"hello");
    Ok(())
}

#[test]
fn the_constructor_does_not_connect() -> Result<()> {
    let peer = Peer::reply(NO_CONTENT);
    let (guest, asked) = watched();
    let connection = guest.http("127.0.0.1", peer.port(), None)?;
    connection.put_request("GET", "/")?;
    assert!(asked.lock().expect("nobody panics").is_empty());
    Ok(())
}
