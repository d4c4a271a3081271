//! How long it takes to be connected, over TCP and TLS 1.3, with a full handshake and a resumed one.

use std::time::Instant;

use harness::component::{Guest, TlsContext, TlsOptions};
use harness::tls::{Authority, Identity};

use crate::{median, native, quantile, server, tls};

/// How many of each kind.
const COUNT: usize = 200;

pub fn run(authority: &Authority, identity: &Identity) {
    let full = server::start(tls(identity, |server| server.without_resumption()));
    let resuming = server::start(tls(identity, |server| server));
    let guest = Guest::new();
    let context = guest.context_trusting(&authority.pem());
    let context = context.expect("an authority of our own");
    let config = native::config(authority);
    let mut times = [const { Vec::new() }; 4];
    // The first of each brings the ticket for the next.
    for round in 0..=COUNT {
        for (kind, port) in [full, resuming].into_iter().enumerate() {
            let resumed = kind == 1 && round > 0;
            let ours = through_the_component(&guest, &context, port, resumed);
            let start = Instant::now();
            let mut connection = native::Connection::new(&config, port);
            let theirs = start.elapsed().as_secs_f64() * 1e3;
            assert_eq!(connection.resumed(), resumed);
            connection.get(2);
            if round > 0 {
                times[kind].push(ours);
                times[2 + kind].push(theirs);
            }
        }
    }
    println!("Connecting to localhost, TCP and TLS 1.3, ms\n");
    println!("{:32}{:>8}{:>8}", "", "median", "99 %");
    for (name, times) in [
        ("the component: full", 0),
        ("the component: resumed", 1),
        ("rustls with ring: full", 2),
        ("rustls with ring: resumed", 3),
    ]
    .map(|(name, index)| (name, times[index].clone()))
    {
        let (middle, most) = (
            median(&mut times.clone()),
            quantile(&mut times.clone(), 0.99),
        );
        println!("{name:32}{middle:>8.2}{most:>8.2}");
    }
}

/// Milliseconds of `connect`; then a request, so that the server's tickets are read.
fn through_the_component(guest: &Guest, context: &TlsContext, port: u16, resumed: bool) -> f64 {
    let tls = TlsOptions::with(context);
    let connection = guest.https("localhost", port, None, Some(tls));
    let connection = connection.expect("a valid address");
    let start = Instant::now();
    connection.connect().expect("the server listens");
    let time = start.elapsed().as_secs_f64() * 1e3;
    let session = connection.tls_session().expect("TLS");
    assert_eq!(session.resumed, resumed);
    let response = connection.fetch("GET", "/2").expect("the server answers");
    assert_eq!(response.read(None).expect("a whole body"), b"xx");
    connection.close();
    time
}
