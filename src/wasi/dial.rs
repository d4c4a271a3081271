//! From a host to a connected socket: the look-up, then a race of its addresses (RFC 8305 §5).
//!
//! ```text
//! Resolving -> Connecting -> a stream
//! ```
//! An address that fails makes room for the next at once; one that is silent, after [`HEAD_START`].

use alloc::collections::VecDeque;
use alloc::string::String;
use alloc::vec::Vec;
use core::task::{Poll, ready};
use core::time::Duration;

use super::error::socket_error_code;
use super::resolve::{Address, Resolve};
use super::retired::Lender;
use super::tcp::TcpStream;
use crate::bindings::wasi::clocks::monotonic_clock;
use crate::bindings::wasi::io::poll::Pollable;
use crate::bindings::wasi::io::streams::{InputStream, OutputStream};
use crate::bindings::wasi::sockets::instance_network::instance_network;
use crate::bindings::wasi::sockets::network::{ErrorCode, IpAddressFamily, Network};
use crate::bindings::wasi::sockets::tcp::TcpSocket;
use crate::bindings::wasi::sockets::tcp_create_socket::create_tcp_socket;
use crate::transport::{self, Deadline, Dialing, Error, Instant, Phase, SocketErrorCode};

/// How long an address may stay silent before the next is tried beside it.
const HEAD_START: Duration = Duration::from_millis(250);

/// An attempt to reach a host.
#[derive(Debug)]
pub struct Dial {
    step: Step,
    port: u16,
    source: Option<(String, u16)>,
    network: Network,
}

#[derive(Debug)]
enum Step {
    Resolving(Resolve),
    Connecting(Race),
    Failed(Error),
}

/// The addresses still to be tried, and those being tried.
#[derive(Debug)]
struct Race {
    waiting: VecDeque<Address>,
    running: Vec<Attempt>,
    /// When the next of `waiting` starts.
    next_start: Instant,
    /// What has failed so far.
    failures: Vec<transport::FailedAttempt>,
}

/// A socket on its way to one address. The pollable is dropped before the socket it belongs to.
#[derive(Debug)]
struct Attempt {
    pollable: Pollable,
    socket: Lender<TcpSocket>,
    address: Address,
    state: AttemptState,
}

#[derive(Clone, Copy, Debug)]
enum AttemptState {
    Binding,
    Connecting,
}

impl Dial {
    /// Begins with the look-up; an address in text needs none.
    pub fn new(host: &str, port: u16, source: Option<&(String, u16)>) -> Self {
        let network = instance_network();
        let step = match Address::parse(host) {
            Some(address) => Step::Connecting(Race::new(vec![address])),
            None => match Resolve::new(&network, host) {
                Ok(resolve) => Step::Resolving(resolve),
                Err(error) => Step::Failed(error),
            },
        };
        Self {
            step,
            port,
            source: source.cloned(),
            network,
        }
    }

    /// What becomes ready when it can go on.
    pub fn pollables(&self) -> Vec<&Pollable> {
        match &self.step {
            Step::Resolving(resolve) => vec![resolve.pollable()],
            Step::Connecting(race) => race.running.iter().map(|it| &it.pollable).collect(),
            Step::Failed(_) => Vec::new(),
        }
    }

    /// The same for whoever waits themselves.
    pub fn subscribe(&self) -> Vec<Pollable> {
        match &self.step {
            Step::Resolving(resolve) => vec![resolve.subscribe()],
            Step::Connecting(race) => {
                let sockets = race.running.iter().map(|it| &it.socket);
                sockets.map(|it| it.lend(TcpSocket::subscribe)).collect()
            }
            Step::Failed(_) => Vec::new(),
        }
    }

    /// When it goes on in any case.
    pub fn goes_on(&self) -> Deadline {
        match &self.step {
            Step::Connecting(race) if !race.waiting.is_empty() => Deadline::At(race.next_start),
            Step::Resolving(_) | Step::Connecting(_) => Deadline::Never,
            Step::Failed(_) => Deadline::At(Instant(0)),
        }
    }
}

impl Dialing for Dial {
    type Stream = TcpStream;

    fn poll(&mut self) -> Poll<Result<TcpStream, Error>> {
        if let Step::Resolving(resolve) = &mut self.step {
            self.step = Step::Connecting(Race::new(ready!(resolve.poll())?));
        }
        match &mut self.step {
            Step::Connecting(race) => race.poll(&self.network, self.port, self.source.as_ref()),
            Step::Failed(error) => Poll::Ready(Err(error.clone())),
            Step::Resolving(_) => unreachable!("invariant: replaced above"),
        }
    }

    fn phase(&self) -> Phase {
        match self.step {
            Step::Resolving(_) | Step::Failed(_) => Phase::Resolve,
            Step::Connecting(_) => Phase::Connect,
        }
    }
}

impl Race {
    fn new(addresses: Vec<Address>) -> Self {
        Self {
            waiting: addresses.into(),
            running: Vec::new(),
            next_start: Instant(0),
            failures: Vec::new(),
        }
    }

    fn poll(
        &mut self,
        network: &Network,
        port: u16,
        source: Option<&(String, u16)>,
    ) -> Poll<Result<TcpStream, Error>> {
        loop {
            let mut index = 0;
            while index < self.running.len() {
                match self.running[index].poll(network, port) {
                    Poll::Ready(Ok(connected)) => {
                        let attempt = self.running.swap_remove(index);
                        self.running.clear();
                        return Poll::Ready(Ok(attempt.into_stream(connected)));
                    }
                    Poll::Ready(Err(failure)) => {
                        let address = self.running.remove(index).address;
                        self.failures.push(failure.of(address, port));
                        self.next_start = Instant(0);
                    }
                    Poll::Pending => index += 1,
                }
            }
            let now = Instant(monotonic_clock::now());
            if !self.running.is_empty() && now < self.next_start {
                return Poll::Pending;
            }
            match self.waiting.pop_front() {
                Some(address) => {
                    self.next_start = now.after(HEAD_START);
                    match Attempt::new(network, address, port, source) {
                        Ok(attempt) => self.running.push(attempt),
                        Err(failure) => self.failures.push(failure.of(address, port)),
                    }
                }
                None if self.running.is_empty() => {
                    let failures = core::mem::take(&mut self.failures);
                    return Poll::Ready(Err(Error::Unreachable(failures)));
                }
                None => return Poll::Pending,
            }
        }
    }
}

type Connected = (InputStream, OutputStream);

/// Why an attempt failed.
struct Failure {
    phase: Phase,
    code: SocketErrorCode,
}

impl Failure {
    fn new(phase: Phase, code: ErrorCode) -> Self {
        let code = socket_error_code(code);
        Self { phase, code }
    }

    fn of(self, address: Address, port: u16) -> transport::FailedAttempt {
        transport::FailedAttempt {
            address: address.text_with_port(port),
            phase: self.phase,
            code: self.code,
        }
    }
}

impl Attempt {
    /// Begins to connect to `address`.
    fn new(
        network: &Network,
        address: Address,
        port: u16,
        source: Option<&(String, u16)>,
    ) -> Result<Self, Failure> {
        let source = source
            .map(|source| local_address(address, source))
            .transpose()?;
        let family = if address.ip.is_ipv4() {
            IpAddressFamily::Ipv4
        } else {
            IpAddressFamily::Ipv6
        };
        let connect_failed = |code| Failure::new(Phase::Connect, code);
        let socket = create_tcp_socket(family).map_err(connect_failed)?;
        let state = match source {
            Some((local, local_port)) => {
                socket
                    .start_bind(network, local.with_port(local_port))
                    .map_err(|code| Failure::new(Phase::Bind, code))?;
                AttemptState::Binding
            }
            None => {
                socket
                    .start_connect(network, address.with_port(port))
                    .map_err(connect_failed)?;
                AttemptState::Connecting
            }
        };
        Ok(Self {
            pollable: socket.subscribe(),
            socket: Lender::new(socket),
            address,
            state,
        })
    }

    fn poll(&mut self, network: &Network, port: u16) -> Poll<Result<Connected, Failure>> {
        if let AttemptState::Binding = self.state {
            ready!(finished(Phase::Bind, self.socket.finish_bind()))?;
            self.socket
                .start_connect(network, self.address.with_port(port))
                .map_err(|code| Failure::new(Phase::Connect, code))?;
            self.state = AttemptState::Connecting;
        }
        finished(Phase::Connect, self.socket.finish_connect())
    }

    fn into_stream(self, (input, output): Connected) -> TcpStream {
        let Self {
            pollable, socket, ..
        } = self;
        drop(pollable);
        TcpStream::new(socket, input, output)
    }
}

fn finished<T>(phase: Phase, result: Result<T, ErrorCode>) -> Poll<Result<T, Failure>> {
    match result {
        Err(ErrorCode::WouldBlock) => Poll::Pending,
        result => Poll::Ready(result.map_err(|code| Failure::new(phase, code))),
    }
}

/// The address to bind before connecting to `remote`; an empty host is any address of its family.
fn local_address(remote: Address, (host, port): &(String, u16)) -> Result<(Address, u16), Failure> {
    if host.is_empty() {
        return Ok((remote.unspecified(), *port));
    }
    Address::parse(host.trim_matches(['[', ']']))
        .filter(|local| local.ip.is_ipv4() == remote.ip.is_ipv4())
        .map(|local| (local, *port))
        .ok_or(Failure {
            phase: Phase::Bind,
            code: SocketErrorCode::AddressNotBindable,
        })
}
