//! `SourceAddressTest`: where a connection comes from.

use std::net::{SocketAddr, TcpListener};
use std::thread::{self, JoinHandle};

use harness::component::{ConnectionOptions, Guest, Result};

/// A port that was free a moment ago.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    listener
        .local_addr()
        .expect("a bound listener has an address")
        .port()
}

/// Takes one connection, closes it, and says where it came from.
fn accept() -> (u16, JoinHandle<SocketAddr>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let address = listener
        .local_addr()
        .expect("a bound listener has an address");
    let accepting = thread::spawn(move || listener.accept().expect("a connection").1);
    (address.port(), accepting)
}

#[test]
fn test_http_connection_source_address() -> Result<()> {
    let (port, accepting) = accept();
    let source = free_port();
    let options = ConnectionOptions {
        source_address: Some(("127.0.0.1".into(), source)),
        ..ConnectionOptions::default()
    };
    Guest::new()
        .http("127.0.0.1", port, Some(&options))?
        .connect()?;
    assert_eq!(accepting.join().expect("it accepts").port(), source);
    Ok(())
}

#[test]
fn test_https_connection_source_address() -> Result<()> {
    let (port, accepting) = accept();
    let source = free_port();
    let options = ConnectionOptions {
        source_address: Some(("127.0.0.1".into(), source)),
        ..ConnectionOptions::default()
    };
    let connection = Guest::new().https("127.0.0.1", port, Some(&options), None)?;
    assert!(connection.connect().is_err(), "nobody shakes hands there");
    assert_eq!(accepting.join().expect("it accepts").port(), source);
    Ok(())
}
