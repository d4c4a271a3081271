//! A long download over TLS 1.3, through the component and natively.

use std::time::Instant;

use harness::component::{Guest, TlsOptions};
use harness::tls::{Authority, Identity};

use crate::native::{self, READ};
use crate::{ROUNDS, median, server, tls};

const LENGTH: usize = 256 << 20;

pub fn run(authority: &Authority, identity: &Identity) {
    let port = server::start(tls(identity, |server| server));
    let guest = Guest::new();
    let (mut component, mut native) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        component.push(through_the_component(&guest, authority, port));
        native.push(natively(authority, port));
    }
    let mut ratios: Vec<f64> = component.iter().zip(&native).map(|(a, b)| a / b).collect();
    println!("256 MiB over TLS 1.3 with ChaCha20-Poly1305, read 64 KiB at a time, MB/s\n");
    println!(
        "{:32}{:>8.0}",
        "the component, in wasmtime",
        median(&mut component)
    );
    println!(
        "{:32}{:>8.0}",
        "rustls with ring, native",
        median(&mut native)
    );
    println!("{:32}{:>8.2}\n", "component : native", median(&mut ratios));
}

fn through_the_component(guest: &Guest, authority: &Authority, port: u16) -> f64 {
    let context = guest.context_trusting(&authority.pem());
    let context = context.expect("an authority of our own");
    let tls = TlsOptions::with(&context);
    let connection = guest.https("localhost", port, None, Some(tls));
    let connection = connection.expect("a valid address");
    connection.connect().expect("the server listens");
    let start = Instant::now();
    let response = connection.fetch("GET", &format!("/{LENGTH}"));
    let response = response.expect("the server answers");
    let mut received = 0;
    while received < LENGTH {
        let block = response.read1(Some(READ as u64)).expect("a whole body");
        assert!(!block.is_empty(), "the body goes on");
        received += block.len();
    }
    rate(start)
}

fn natively(authority: &Authority, port: u16) -> f64 {
    let mut connection = native::Connection::new(&native::config(authority), port);
    let start = Instant::now();
    connection.get(LENGTH);
    rate(start)
}

fn rate(start: Instant) -> f64 {
    LENGTH as f64 / 1e6 / start.elapsed().as_secs_f64()
}
