//! A race of a host's addresses (RFC 8305 §5).
//!
//! An address that fails makes room for the next at once; one that is silent, after [`HEAD_START`].

use alloc::collections::VecDeque;
use alloc::string::String;
use alloc::vec::Vec;
use core::task::Poll;
use core::time::Duration;

use super::address::Address;
use crate::transport::{self, Deadline, Error, Instant, Phase, SocketErrorCode};

/// How long an address may stay silent before the next is tried beside it.
const HEAD_START: Duration = Duration::from_millis(250);

/// Why an attempt failed.
#[derive(Debug)]
pub struct Failure {
    /// Binding or connecting.
    pub phase: Phase,
    /// What the network said.
    pub code: SocketErrorCode,
}

impl Failure {
    fn of(self, address: Address, port: u16) -> transport::FailedAttempt {
        transport::FailedAttempt {
            address: address.text_with_port(port),
            phase: self.phase,
            code: self.code,
        }
    }
}

/// Goes on with an attempt to reach this address.
type GoOn<'a, A, T> = dyn Fn(&mut A, Address) -> Poll<Result<T, Failure>> + 'a;

/// The addresses still to be tried, and those being tried.
#[derive(Debug)]
pub struct Race<A> {
    port: u16,
    waiting: VecDeque<Address>,
    running: Vec<(Address, A)>,
    /// When the next of `waiting` starts.
    next_start: Instant,
    /// What has failed so far.
    failures: Vec<transport::FailedAttempt>,
}

impl<A> Race<A> {
    /// None has started yet.
    pub fn new(addresses: Vec<Address>, port: u16) -> Self {
        Self {
            port,
            waiting: addresses.into(),
            running: Vec::new(),
            next_start: Instant(0),
            failures: Vec::new(),
        }
    }

    /// Those being tried.
    pub fn running(&mut self) -> impl Iterator<Item = &mut A> {
        self.running.iter_mut().map(|(_, attempt)| attempt)
    }

    /// When it goes on in any case.
    pub fn goes_on(&self) -> Deadline {
        match self.waiting.is_empty() {
            true => Deadline::Never,
            false => Deadline::At(self.next_start),
        }
    }

    /// Goes on as far as it can: `start` begins with an address, and `go_on` with an attempt. The one that
    /// won, and what came of it.
    pub fn poll<T>(
        &mut self,
        now: Instant,
        start: &dyn Fn(Address) -> Result<A, Failure>,
        go_on: &GoOn<'_, A, T>,
    ) -> Poll<Result<(A, T), Error>> {
        loop {
            if let Some(winner) = self.advance(go_on) {
                self.running.clear();
                return Poll::Ready(Ok(winner));
            }
            if !self.running.is_empty() && now < self.next_start {
                return Poll::Pending;
            }
            match self.waiting.pop_front() {
                Some(address) => {
                    self.next_start = now.after(HEAD_START);
                    match start(address) {
                        Ok(attempt) => self.running.push((address, attempt)),
                        Err(failure) => self.failures.push(failure.of(address, self.port)),
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

    /// Goes on with those being tried, and takes away what fails; the first that connects.
    fn advance<T>(&mut self, go_on: &GoOn<'_, A, T>) -> Option<(A, T)> {
        let mut index = 0;
        while index < self.running.len() {
            let (address, attempt) = &mut self.running[index];
            match go_on(attempt, *address) {
                Poll::Ready(Ok(connected)) => {
                    return Some((self.running.swap_remove(index).1, connected));
                }
                Poll::Ready(Err(failure)) => {
                    let (address, _) = self.running.remove(index);
                    self.failures.push(failure.of(address, self.port));
                    self.next_start = Instant(0);
                }
                Poll::Pending => index += 1,
            }
        }
        None
    }
}

/// The address to bind before connecting to `remote`; an empty host is any address of its family.
pub fn local_address(
    remote: Address,
    (host, port): &(String, u16),
) -> Result<(Address, u16), Failure> {
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
