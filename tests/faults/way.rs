//! The way between the client and a host, and the time that passes on it.

use std::cell::RefCell;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use httplib::client::{Error, On, Waiting, Waits};
use httplib::transport::Interest;
use httplib::transport::scripted::{Peer, Scripts};

use super::fault::{Cut, Fault, Lane};
use super::host::Host;

/// What each step may take, and the whole exchange.
pub const TIMEOUT: Duration = Duration::from_secs(10);
pub const DEADLINE: Duration = Duration::from_secs(15);

/// More calls than any trial needs: whoever makes them goes round in circles.
const MANY: usize = 100_000;

/// The way of one connection.
pub struct Way {
    peer: Peer,
    to_server: Lane,
    to_client: Lane,
    host: Box<dyn Host>,
    /// All that has arrived at the client.
    arrived: Vec<u8>,
    /// How much the client had sent each time that it began to wait.
    flights: Vec<usize>,
}

/// Which direction a fault is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    ToClient,
    ToServer,
}

/// The network with all its ways.
#[derive(Clone, Default)]
pub struct World {
    pub network: Scripts,
    ways: Rc<RefCell<Vec<Way>>>,
}

impl Way {
    fn new(
        peer: Peer,
        host: Box<dyn Host>,
        piece: usize,
        fault: Option<(Direction, Fault)>,
    ) -> Self {
        peer.wire().piece = piece;
        let (mut to_server, mut to_client) = (Lane::new(None), Lane::new(None));
        match fault {
            Some((Direction::ToServer, fault)) => {
                let at = fault.at;
                let lane = Lane::new(Some(fault));
                if lane.limits_room() {
                    peer.wire().room = at;
                }
                to_server = lane;
            }
            Some((Direction::ToClient, fault)) => to_client = Lane::new(Some(fault)),
            None => {}
        }
        Self {
            peer,
            to_server,
            to_client,
            host,
            arrived: Vec::new(),
            flights: Vec::new(),
        }
    }

    /// Carries what there is, both ways; whether there was something.
    fn pump(&mut self, network: &Scripts) -> bool {
        let sent = std::mem::take(&mut self.peer.wire().outbound);
        let heard = self.to_server.carry(&sent);
        if !sent.is_empty() {
            self.flights.push(self.to_server.sent().len());
        }
        self.host.hear(&heard);
        let said = self.host.say();
        let arriving = self.to_client.carry(&said);
        self.peer.say(&arriving);
        self.arrived.extend_from_slice(&arriving);
        for lane in [&mut self.to_server, &mut self.to_client] {
            if let Some(due) = lane.starts_waiting() {
                let then = network.elapsed() + Duration::from_secs(1);
                network.at(then, move || due.set(true));
            }
        }
        self.end();
        !sent.is_empty() || !said.is_empty() || !arriving.is_empty()
    }

    /// Ends what has come to its end.
    fn end(&mut self) {
        let mut wire = self.peer.wire();
        match self.to_server.cut_now() {
            Some(Cut::Closed) => (wire.broken, wire.ended) = (true, true),
            Some(Cut::Reset) => wire.reset = true,
            Some(Cut::Silent) => {}
            None if self.to_server.limits_room() && self.to_server.is_open_again() => {
                wire.room = usize::MAX;
            }
            None => {}
        }
        match self.to_client.cut_now() {
            Some(Cut::Closed) => wire.ended = true,
            Some(Cut::Reset) => wire.reset = true,
            Some(Cut::Silent) => {}
            None => {
                let is_through = self.to_client.cut().is_none() && !self.to_client.holds();
                wire.ended |= self.host.has_ended() && is_through;
            }
        }
    }

    /// How the way to the client has ended, or will in a second.
    pub fn ending(&self) -> Cut {
        let request = self.to_server.cut().filter(|it| *it != Cut::Silent);
        match self.to_client.cut().or(request) {
            Some(cut) => cut,
            None if self.peer.wire().ended => Cut::Closed,
            None => Cut::Silent,
        }
    }

    /// All that has arrived at the client.
    pub fn arrived(&self) -> &[u8] {
        &self.arrived
    }

    /// All that the client has sent.
    pub fn said(&self) -> &[u8] {
        self.to_server.sent()
    }

    /// How much the client had sent each time that it began to wait.
    pub fn flights(&self) -> &[usize] {
        &self.flights
    }

    /// What the host has heard of the client.
    pub fn heard(&self) -> &[u8] {
        self.host.heard()
    }

    /// Whether the host has heard enough to say something.
    pub fn opens(&self) -> bool {
        !self.to_client.sent().is_empty()
    }

    /// Whether the client has closed the connection.
    pub fn is_dropped(&self) -> bool {
        self.peer.wire().dropped
    }
}

impl World {
    /// The next dial leads to this host.
    pub fn leads_to(
        &self,
        host: impl Host + 'static,
        piece: usize,
        fault: Option<(Direction, Fault)>,
    ) {
        let peer = self.network.connect();
        let way = Way::new(peer, Box::new(host), piece, fault);
        self.ways.borrow_mut().push(way);
    }

    /// The way of this connection.
    pub fn way<T>(&self, index: usize, look: impl FnOnce(&Way) -> T) -> T {
        look(&self.ways.borrow()[index])
    }

    /// How many connections were opened.
    pub fn dials(&self) -> usize {
        self.network.dialed().len()
    }

    /// Carries all there is. A way exists from its dial on.
    pub fn pump(&self) {
        let open = self.dials();
        for way in self.ways.borrow_mut().iter_mut().take(open) {
            while way.pump(&self.network) {}
        }
    }

    /// Makes `call` until it is ready.
    ///
    /// # Panics
    /// Where it goes round in circles.
    pub fn run<W: Waits<Scripts>, T>(
        &self,
        waits: &mut W,
        mut call: impl FnMut(&mut W) -> Poll<Result<T, Error>>,
    ) -> Result<T, Error> {
        for _ in 0..MANY {
            if let Poll::Ready(result) = call(waits) {
                return result;
            }
            self.wait(waits)?;
        }
        panic!("the call is pending although what it waits for is there");
    }

    fn wait<W: Waits<Scripts>>(&self, waits: &mut W) -> Result<(), Error> {
        loop {
            self.pump();
            let Waiting { on, until } = waits.waiting();
            if is_there(on) {
                return Ok(());
            }
            if !self.network.pass_until(until) {
                return waits.time_out();
            }
        }
    }
}

fn is_there(on: On<'_, Scripts>) -> bool {
    match on {
        On::Nothing => true,
        On::Dialing(dial) => dial.is_ready(),
        On::Stream(stream, interest) => stream.is_ready(interest),
        On::Source(stream) => stream.is_some_and(|it| it.is_ready(Interest::Readable)),
        On::Sink => false,
    }
}
