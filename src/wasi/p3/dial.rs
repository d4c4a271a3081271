//! From a host to a connected socket: the look-up, then a race of its addresses.
//!
//! ```text
//! Resolving -> Connecting -> a stream
//! ```

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::task::{Context, Poll, ready};

use super::error::{lookup_error, socket_error_code};
use super::operation::Operation;
use super::retired::Retiring;
use super::tcp::TcpStream;
use super::waiter::Waiter;
use crate::bindings::wasi::clocks::monotonic_clock;
use crate::bindings::wasi::sockets::ip_name_lookup::{self, resolve_addresses};
use crate::bindings::wasi::sockets::types::{ErrorCode, IpAddress, IpAddressFamily, TcpSocket};
use crate::transport::{Deadline, Dialing, Error, Instant, Phase};
use crate::wasi::address::{Address, interleave};
use crate::wasi::race::{Failure, Race, local_address};

/// An attempt to reach a host.
pub struct Dial {
    waiter: Waiter,
    step: Step,
    port: u16,
    source: Option<(String, u16)>,
}

enum Step {
    Resolving(Retiring<Operation<Found>>),
    Connecting(Race<Attempt>),
}

type Found = Result<Vec<IpAddress>, ip_name_lookup::ErrorCode>;

/// A socket on its way to one address.
struct Attempt(Retiring<Operation<(TcpSocket, Result<(), ErrorCode>)>>);

impl Dial {
    /// Begins with the look-up; an address in text needs none.
    pub fn new(host: &str, port: u16, source: Option<&(String, u16)>) -> Self {
        let step = match Address::parse(host) {
            Some(address) => Step::Connecting(Race::new(vec![address], port)),
            None => {
                let found = Operation::new(resolve_addresses(host.to_string()));
                Step::Resolving(Retiring::new(found))
            }
        };
        Self {
            waiter: Waiter::default(),
            step,
            port,
            source: source.cloned(),
        }
    }

    /// Ready when it can go on, for whoever waits.
    pub fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let is_ready = match &mut self.step {
            Step::Resolving(operation) => operation.poll_ready(context).is_ready(),
            Step::Connecting(race) => {
                let mut is_ready = false;
                // All of them: each has to know who waits.
                for attempt in race.running() {
                    is_ready |= attempt.0.poll_ready(context).is_ready();
                }
                is_ready
            }
        };
        if !is_ready {
            self.waiter.set(context);
            return Poll::Pending;
        }
        self.waiter.clear();
        Poll::Ready(())
    }

    /// When it goes on in any case.
    pub fn goes_on(&self) -> Deadline {
        match &self.step {
            Step::Connecting(race) => race.goes_on(),
            Step::Resolving(_) => Deadline::Never,
        }
    }
}

impl Dialing for Dial {
    type Stream = TcpStream;

    fn poll(&mut self) -> Poll<Result<TcpStream, Error>> {
        if let Step::Resolving(operation) = &mut self.step {
            let found = ready!(operation.poll()).map_err(lookup_error)?;
            let addresses = interleave(found.into_iter().map(Address::from).collect());
            if addresses.is_empty() {
                return Poll::Ready(Err(lookup_error(
                    ip_name_lookup::ErrorCode::NameUnresolvable,
                )));
            }
            self.step = Step::Connecting(Race::new(addresses, self.port));
        }
        match &mut self.step {
            Step::Connecting(race) => {
                let source = self.source.as_ref();
                let won = race.poll(
                    Instant(monotonic_clock::now()),
                    &|address| Attempt::new(address, self.port, source),
                    &|attempt, _| attempt.poll(),
                );
                won.map_ok(|(_, socket)| TcpStream::new(socket))
            }
            Step::Resolving(_) => unreachable!("invariant: replaced above"),
        }
    }

    fn phase(&self) -> Phase {
        match self.step {
            Step::Resolving(_) => Phase::Resolve,
            Step::Connecting(_) => Phase::Connect,
        }
    }
}

impl Attempt {
    /// Begins to connect to `address`.
    fn new(address: Address, port: u16, source: Option<&(String, u16)>) -> Result<Self, Failure> {
        let source = source
            .map(|source| local_address(address, source))
            .transpose()?;
        let family = match address.ip.is_ipv4() {
            true => IpAddressFamily::Ipv4,
            false => IpAddressFamily::Ipv6,
        };
        let socket = TcpSocket::create(family).map_err(|code| failure(Phase::Connect, code))?;
        if let Some((local, local_port)) = source {
            socket
                .bind(local.with_port(local_port))
                .map_err(|code| failure(Phase::Bind, code))?;
        }
        let remote = address.with_port(port);
        Ok(Self(Retiring::new(Operation::new(async move {
            let connected = socket.connect(remote).await;
            (socket, connected)
        }))))
    }

    fn poll(&mut self) -> Poll<Result<TcpSocket, Failure>> {
        let (socket, connected) = ready!(self.0.poll());
        Poll::Ready(match connected {
            Ok(()) => Ok(socket),
            Err(code) => Err(failure(Phase::Connect, code)),
        })
    }
}

fn failure(phase: Phase, code: ErrorCode) -> Failure {
    let code = socket_error_code(code);
    Failure { phase, code }
}
