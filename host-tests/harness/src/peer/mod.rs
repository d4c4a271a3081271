//! A peer that does what a script says, byte for byte, and records what it received.
//!
//! ```no_run
//! use harness::peer::{Peer, Step};
//!
//! // A reply to the first request, the start of one to the second, and then a reset.
//! let peer = Peer::script(vec![vec![
//!     Step::AwaitHead,
//!     Step::send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"),
//!     Step::AwaitHead,
//!     Step::send("HTTP/1.1 200 OK\r\nContent-"),
//!     Step::Reset,
//! ]]);
//! ```
//!
//! The outer list is of connections in the order of their arrival; each runs in a thread of its own.
//! After the last one nobody listens any more.
//!
//! A script that is over ends the connection as servers do: TLS's goodbye, the end of the stream, and
//! reading until the client closes too, so that a reply is never lost to a reset.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use rustls::ServerConfig;

mod flood;
mod forger;
mod port;
mod record;
mod run;
mod step;
mod wire;

pub use flood::Flood;
pub use port::Port;
pub use record::{Ending, Seen};
pub use step::Step;

use record::Record;

/// A running peer.
pub struct Peer {
    address: SocketAddr,
    record: Arc<Record>,
    stopped: Arc<AtomicBool>,
    accepting: Option<JoinHandle<()>>,
}

impl Peer {
    /// Answers the first request of one connection with these bytes.
    #[must_use]
    pub fn reply(reply: impl AsRef<[u8]>) -> Self {
        Self::replies(&[reply.as_ref()])
    }

    /// Answers the requests of one connection with these bytes, in their order.
    #[must_use]
    pub fn replies(replies: &[&[u8]]) -> Self {
        Self::script(vec![Step::answers(replies)])
    }

    /// [`Peer::reply`] over TLS.
    #[must_use]
    pub fn reply_tls(config: Arc<ServerConfig>, reply: impl AsRef<[u8]>) -> Self {
        Self::script_tls(config, vec![Step::answers(&[reply.as_ref()])])
    }

    /// A script for each connection.
    #[must_use]
    pub fn script(connections: Vec<Vec<Step>>) -> Self {
        Self::script_on("127.0.0.1:0", connections)
    }

    /// A script for each connection, over TLS.
    #[must_use]
    pub fn script_tls(config: Arc<ServerConfig>, mut connections: Vec<Vec<Step>>) -> Self {
        for steps in &mut connections {
            steps.insert(0, Step::StartTls(config.clone()));
        }
        Self::script(connections)
    }

    /// A script for each connection to this address, such as `[::1]:0`.
    #[must_use]
    pub fn script_on(address: &str, connections: Vec<Vec<Step>>) -> Self {
        let listener = TcpListener::bind(address).expect("loopback has a free port");
        Self::script_at(listener, connections)
    }

    /// A script for each connection that comes to this listener.
    #[must_use]
    pub fn script_at(listener: TcpListener, connections: Vec<Vec<Step>>) -> Self {
        let address = listener
            .local_addr()
            .expect("a bound listener has an address");
        let record = Arc::new(Record::default());
        let stopped = Arc::new(AtomicBool::new(false));
        let accepting = thread::spawn({
            let (record, stopped) = (record.clone(), stopped.clone());
            move || accept(&listener, connections, &record, &stopped)
        });
        Self {
            address,
            record,
            stopped,
            accepting: Some(accepting),
        }
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The port of [`Peer::address`].
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// How many connections came so far.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.record.with(<[Seen]>::len)
    }

    /// What the connection with this number, from 0, has brought so far; over TLS in plaintext.
    #[must_use]
    pub fn received(&self, connection: usize) -> Vec<u8> {
        self.record.with(|seen| seen[connection].received.clone())
    }

    /// All that the connection brought, once it has ended.
    #[must_use]
    pub fn all_received(&self, connection: usize) -> Vec<u8> {
        self.wait_ending(connection);
        self.received(connection)
    }

    /// How the connection ended, once it has.
    #[must_use]
    pub fn ending(&self, connection: usize) -> Ending {
        self.wait_ending(connection);
        let ending = self.record.with(|seen| seen[connection].ending.clone());
        ending.expect("it has just been waited for")
    }

    /// Lets a script that is at a [`Step::AwaitSignal`] go on, now or when it gets there.
    pub fn signal(&self) {
        self.record.signal();
    }

    /// How many bytes the connection brought at a time.
    #[must_use]
    pub fn pieces(&self, connection: usize) -> Vec<usize> {
        self.record.with(|seen| seen[connection].pieces.clone())
    }

    /// Waits until `condition` holds for the connections so far.
    ///
    /// # Panics
    /// After [`LIMIT`](crate::LIMIT).
    pub fn wait(&self, condition: impl FnMut(&[Seen]) -> bool) {
        self.record.wait(condition);
    }

    fn wait_ending(&self, connection: usize) {
        self.wait(|seen| {
            seen.get(connection)
                .is_some_and(|seen| seen.ending.is_some())
        });
    }

    /// Waits until the connection has brought these bytes.
    pub fn wait_received(&self, connection: usize, marker: impl AsRef<[u8]>) {
        let marker = marker.as_ref();
        self.wait(|seen| {
            seen.get(connection)
                .is_some_and(|seen| seen.contains(marker))
        });
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        self.record.stop();
        // Wakes `accept`. Refused where the last script has begun.
        let _woken = TcpStream::connect(self.address);
        let ended = self.accepting.take().expect("taken only here").join();
        if !thread::panicking() {
            ended.expect("the peer's own thread does not panic");
        }
    }
}

/// Gives each connection its script.
fn accept(
    listener: &TcpListener,
    connections: Vec<Vec<Step>>,
    record: &Arc<Record>,
    stopped: &AtomicBool,
) {
    for steps in connections {
        let (socket, _) = listener.accept().expect("a listener on loopback accepts");
        if stopped.load(Ordering::SeqCst) {
            return;
        }
        let number = record.add();
        let record = record.clone();
        thread::spawn(move || run::run(socket, steps, number, &record));
    }
}
