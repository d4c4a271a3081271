//! A way on loopback with one fault on it, at a byte.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use socket2::SockRef;

/// What happens after so many bytes in one direction, on the next connection that is made.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    pub direction: Direction,
    pub at: usize,
    pub kind: Kind,
}

/// One of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    ToClient,
    ToServer,
}

/// What happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Both ends see the end of the stream.
    Close,
    /// Both ends see a reset.
    Reset,
    /// Nothing more arrives.
    Stall,
    /// The rest leaves in another write.
    Split,
    /// A bit of the next byte is turned around.
    Flip,
    /// The sixteen bytes before arrive again.
    Repeat,
    /// Bytes that nobody sent.
    Insert,
}

/// A relay to one address.
pub struct Way {
    address: SocketAddr,
    state: Arc<State>,
    accepting: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct State {
    fault: Mutex<Option<Fault>>,
    /// How many bytes the last connection carried, to the client and to the server.
    carried: [AtomicUsize; 2],
    stopped: Mutex<bool>,
}

impl Way {
    /// To this port of loopback.
    pub fn to(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let address = listener.local_addr().expect("it is bound");
        let state = Arc::new(State::default());
        let accepting = thread::spawn({
            let state = Arc::clone(&state);
            move || accept(&listener, port, &state)
        });
        Self {
            address,
            state,
            accepting: Some(accepting),
        }
    }

    /// Where it begins.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// The next connection has this fault, and those behind it have none.
    pub fn prepare(&self, fault: Fault) {
        *self.state.fault.lock().expect("nobody panics") = Some(fault);
    }

    /// How many bytes the last connection has carried.
    pub fn carried(&self, direction: Direction) -> usize {
        self.state.carried[direction as usize].load(Ordering::SeqCst)
    }
}

impl Drop for Way {
    fn drop(&mut self) {
        *self.state.stopped.lock().expect("nobody panics") = true;
        let _woken = TcpStream::connect(self.address);
        let ended = self.accepting.take().expect("taken only here").join();
        if !thread::panicking() {
            ended.expect("the relay does not panic");
        }
    }
}

fn accept(listener: &TcpListener, port: u16, state: &Arc<State>) {
    loop {
        let (client, _) = listener.accept().expect("a listener on loopback accepts");
        if *state.stopped.lock().expect("nobody panics") {
            return;
        }
        let server = TcpStream::connect(("127.0.0.1", port)).expect("the server listens");
        let fault = state.fault.lock().expect("nobody panics").take();
        for counter in &state.carried {
            counter.store(0, Ordering::SeqCst);
        }
        let is_reset = Arc::new(AtomicBool::new(false));
        for direction in [Direction::ToClient, Direction::ToServer] {
            let (from, to) = match direction {
                Direction::ToClient => (&server, &client),
                Direction::ToServer => (&client, &server),
            };
            let lane = Lane {
                from: from.try_clone().expect("a handle of the socket"),
                to: to.try_clone().expect("a handle of the socket"),
                fault: fault.filter(|it| it.direction == direction),
                direction,
                state: Arc::clone(state),
                is_reset: Arc::clone(&is_reset),
                passed: Vec::new(),
            };
            thread::spawn(move || lane.carry());
        }
    }
}

/// One direction of a connection.
struct Lane {
    from: TcpStream,
    to: TcpStream,
    fault: Option<Fault>,
    direction: Direction,
    state: Arc<State>,
    /// Whether both ends are to see no end in order.
    is_reset: Arc<AtomicBool>,
    /// What came before the fault.
    passed: Vec<u8>,
}

impl Lane {
    /// Carries bytes until one end is gone. What fails then is nobody's concern.
    fn carry(mut self) {
        let _ = self.to.set_nodelay(true);
        let mut buffer = vec![0; 65_536];
        let mut goes_on = self.meet(&[]);
        while goes_on {
            let amount = match self.from.read(&mut buffer) {
                Ok(0) | Err(_) => break,
                Ok(amount) => amount,
            };
            goes_on = self.pass(&buffer[..amount]);
        }
        if !self.is_reset.load(Ordering::SeqCst) {
            let _ = self.to.shutdown(Shutdown::Write);
        }
    }

    /// Passes bytes on; whether more may come.
    fn pass(&mut self, bytes: &[u8]) -> bool {
        self.state.carried[self.direction as usize].fetch_add(bytes.len(), Ordering::SeqCst);
        let Some(fault) = self.fault else {
            return self.to.write_all(bytes).is_ok();
        };
        let before = bytes.len().min(fault.at - self.passed.len());
        self.passed.extend_from_slice(&bytes[..before]);
        self.to.write_all(&bytes[..before]).is_ok() && self.meet(&bytes[before..])
    }

    /// What happens where the fault is, if that is here, and the bytes behind it.
    fn meet(&mut self, rest: &[u8]) -> bool {
        let Some(fault) = self.fault.filter(|it| it.at == self.passed.len()) else {
            return true;
        };
        let mut rest = rest.to_vec();
        match fault.kind {
            Kind::Close => self.end(Shutdown::Both),
            Kind::Reset => {
                // It is one once the last handle is closed: the other lane ends as well.
                self.is_reset.store(true, Ordering::SeqCst);
                for socket in [&self.from, &self.to] {
                    let _ = SockRef::from(socket).set_linger(Some(Duration::ZERO));
                }
                self.end(Shutdown::Read);
            }
            Kind::Stall => {
                // Until the client has had enough, and the other lane sees it go.
                let mut swallowed = [0; 4096];
                while matches!(self.from.read(&mut swallowed), Ok(1..)) {}
            }
            // It waits for the byte that it is about.
            Kind::Flip if rest.is_empty() => return true,
            Kind::Flip => rest[0] ^= 1 << (fault.at % 8),
            Kind::Split => {}
            Kind::Repeat => {
                let again = self.passed[fault.at.saturating_sub(16)..].to_vec();
                rest.splice(0..0, again);
            }
            Kind::Insert => drop(rest.splice(0..0, *b"\x17\x03\x03\x00\x05wrong")),
        }
        if matches!(fault.kind, Kind::Close | Kind::Reset | Kind::Stall) {
            return false;
        }
        self.fault = None;
        self.to.write_all(&rest).is_ok()
    }

    fn end(&self, how: Shutdown) {
        for socket in [&self.from, &self.to] {
            let _ = socket.shutdown(how);
        }
    }
}
