//! From a host to a connected socket: the look-up, then a race of its addresses.
//!
//! ```text
//! Resolving -> Connecting -> a stream
//! ```

use alloc::string::String;
use alloc::vec::Vec;
use core::task::{Poll, ready};

use super::error::socket_error_code;
use super::resolve::Resolve;
use super::retired::Lender;
use super::tcp::TcpStream;
use crate::bindings::wasi::clocks::monotonic_clock;
use crate::bindings::wasi::io::poll::Pollable;
use crate::bindings::wasi::io::streams::{InputStream, OutputStream};
use crate::bindings::wasi::sockets::instance_network::instance_network;
use crate::bindings::wasi::sockets::network::{ErrorCode, IpAddressFamily, Network};
use crate::bindings::wasi::sockets::tcp::TcpSocket;
use crate::bindings::wasi::sockets::tcp_create_socket::create_tcp_socket;
use crate::transport::{Deadline, Dialing, Error, Instant, Phase};
use crate::wasi::address::Address;
use crate::wasi::race::{Failure, Race, local_address};

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
    Connecting(Race<Attempt>),
    Failed(Error),
}

/// A socket on its way to one address. The pollable is dropped before the socket it belongs to.
#[derive(Debug)]
struct Attempt {
    pollable: Pollable,
    socket: Lender<TcpSocket>,
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
            Some(address) => Step::Connecting(Race::new(vec![address], port)),
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
    pub fn pollables(&mut self) -> Vec<&Pollable> {
        match &mut self.step {
            Step::Resolving(resolve) => vec![resolve.pollable()],
            Step::Connecting(race) => race.running().map(|it| &it.pollable).collect(),
            Step::Failed(_) => Vec::new(),
        }
    }

    /// The same for whoever waits themselves.
    pub fn subscribe(&mut self) -> Vec<Pollable> {
        match &mut self.step {
            Step::Resolving(resolve) => vec![resolve.subscribe()],
            Step::Connecting(race) => {
                let sockets = race.running().map(|it| &it.socket);
                sockets.map(|it| it.lend(TcpSocket::subscribe)).collect()
            }
            Step::Failed(_) => Vec::new(),
        }
    }

    /// When it goes on in any case.
    pub fn goes_on(&self) -> Deadline {
        match &self.step {
            Step::Connecting(race) => race.goes_on(),
            Step::Resolving(_) => Deadline::Never,
            Step::Failed(_) => Deadline::At(Instant(0)),
        }
    }
}

impl Dialing for Dial {
    type Stream = TcpStream;

    fn poll(&mut self) -> Poll<Result<TcpStream, Error>> {
        if let Step::Resolving(resolve) = &mut self.step {
            let addresses = ready!(resolve.poll())?;
            self.step = Step::Connecting(Race::new(addresses, self.port));
        }
        match &mut self.step {
            Step::Connecting(race) => {
                let (network, port, source) = (&self.network, self.port, self.source.as_ref());
                let won = race.poll(
                    Instant(monotonic_clock::now()),
                    &|address| Attempt::new(network, address, port, source),
                    &|attempt, address| attempt.poll(network, address, port),
                );
                won.map_ok(|(attempt, connected)| attempt.into_stream(connected))
            }
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
        let connect_failed = |code| failure(Phase::Connect, code);
        let socket = create_tcp_socket(family).map_err(connect_failed)?;
        let state = match source {
            Some((local, local_port)) => {
                socket
                    .start_bind(network, local.with_port(local_port))
                    .map_err(|code| failure(Phase::Bind, code))?;
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
            state,
        })
    }

    fn poll(
        &mut self,
        network: &Network,
        address: Address,
        port: u16,
    ) -> Poll<Result<(InputStream, OutputStream), Failure>> {
        if let AttemptState::Binding = self.state {
            ready!(finished(Phase::Bind, self.socket.finish_bind()))?;
            self.socket
                .start_connect(network, address.with_port(port))
                .map_err(|code| failure(Phase::Connect, code))?;
            self.state = AttemptState::Connecting;
        }
        finished(Phase::Connect, self.socket.finish_connect())
    }

    fn into_stream(self, (input, output): (InputStream, OutputStream)) -> TcpStream {
        let Self {
            pollable, socket, ..
        } = self;
        drop(pollable);
        TcpStream::new(socket, input, output)
    }
}

fn failure(phase: Phase, code: ErrorCode) -> Failure {
    let code = socket_error_code(code);
    Failure { phase, code }
}

fn finished<T>(phase: Phase, result: Result<T, ErrorCode>) -> Poll<Result<T, Failure>> {
    match result {
        Err(ErrorCode::WouldBlock) => Poll::Pending,
        result => Poll::Ready(result.map_err(|code| failure(phase, code))),
    }
}
