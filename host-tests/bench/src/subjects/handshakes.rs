//! From nothing to a connection over TCP and TLS 1.3, with a full handshake and a resumed one.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use harness::component::{Guest, TlsContext, TlsOptions};
use harness::tls::ServerTls;
use rustls::ClientConfig;

use crate::peers::native;
use crate::rounds::{Contenders, median};
use crate::servers::own;
use crate::table::{Bound, Table};
use crate::{CHACHA20, World};

/// How many of each kind a round has.
const COUNT: u64 = 40;

const FULL: &str = "httplib, full";
const RESUMED: &str = "httplib, resumed";
const NATIVE_FULL: &str = "rustls, native, full";
const NATIVE_RESUMED: &str = "rustls, native, resumed";

pub fn run(world: &World) -> Result<Vec<Table>> {
    let full = Server::new(world, false)?;
    let resuming = Server::new(world, true)?;
    let count = world.scale.of(COUNT);
    let rows = Contenders::new()
        .with(FULL, || typical(count, || full.component()))
        .with(NATIVE_FULL, || typical(count, || full.native()))
        .with(RESUMED, || typical(count, || resuming.component()))
        .with(NATIVE_RESUMED, || typical(count, || resuming.native()))
        .run(world.scale.rounds)?;
    let title = "Connecting, TLS 1.3";
    let table = Table::new(title, "ms", rows)
        .wanted(FULL, Bound::AtMost(3.5), NATIVE_FULL)
        .wanted(RESUMED, Bound::AtMost(2.5), NATIVE_RESUMED)
        .note("From nothing, over TCP, to a server with a certificate on P-256; rustls has ring.");
    Ok(vec![table])
}

/// The median of so many, in milliseconds.
fn typical(count: u64, connect: impl Fn() -> Result<Duration>) -> Result<f64> {
    let times = (0..count).map(|_| Ok(connect()?.as_secs_f64() * 1e3));
    Ok(median(times.collect::<Result<_>>()?))
}

/// A server, and both clients as they are once they have met it.
struct Server {
    port: u16,
    is_resuming: bool,
    guest: Guest,
    context: TlsContext,
    config: Arc<ClientConfig>,
}

impl Server {
    fn new(world: &World, is_resuming: bool) -> Result<Self> {
        let tls = ServerTls::new(&world.identity);
        let mut tls = tls.tls13_only().cipher_suite(CHACHA20);
        if !is_resuming {
            tls = tls.without_resumption();
        }
        let guest = Guest::new();
        let context = guest.context_trusting(&world.authority.pem());
        let context = context.expect("an authority of our own");
        let server = Self {
            port: own::start(Some(tls.build())),
            is_resuming,
            guest,
            context,
            config: native::config(&world.authority),
        };
        // These bring the tickets for the next.
        server.through_the_component(false);
        server.natively(false);
        Ok(server)
    }

    fn component(&self) -> Result<Duration> {
        Ok(self.through_the_component(self.is_resuming))
    }

    fn native(&self) -> Result<Duration> {
        Ok(self.natively(self.is_resuming))
    }

    /// Connects; then makes a request, so that the server's tickets are read.
    fn through_the_component(&self, resumed: bool) -> Duration {
        let tls = TlsOptions::with(&self.context);
        let connection = self.guest.https("localhost", self.port, None, Some(tls));
        let connection = connection.expect("a valid address");
        let start = Instant::now();
        connection.connect().expect("the server listens");
        let time = start.elapsed();
        let session = connection.tls_session().expect("TLS");
        assert_eq!(session.resumed, resumed);
        let response = connection.fetch("GET", "/2").expect("the server answers");
        assert_eq!(response.read(None).expect("a whole body"), b"xx");
        connection.close();
        time
    }

    fn natively(&self, resumed: bool) -> Duration {
        let start = Instant::now();
        let mut connection = native::Connection::new(&self.config, self.port);
        let time = start.elapsed();
        assert_eq!(connection.resumed(), resumed);
        connection.get(2);
        time
    }
}
