//! A network that keeps what is sent to it.

use std::cell::RefCell;
use std::rc::Rc;
use std::task::Poll;

use httplib::transport::{
    Deadline, Dialing, Error, Instant, Interest, Interrupted, Network, Phase, Stream,
};

/// The network, and the wire to whoever is dialled.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// What each write brought.
    pub writes: Rc<RefCell<Vec<Vec<u8>>>>,
}

impl Network for Memory {
    type Dialing = Self;
    type Stream = Self;

    fn dial(&self, _host: &str, _port: u16, _source: Option<&(String, u16)>) -> Self {
        self.clone()
    }

    fn now(&self) -> Instant {
        Instant(0)
    }

    fn look_again(&self) {}

    fn ready(&self) {}
}

impl Dialing for Memory {
    type Stream = Self;

    fn poll(&mut self) -> Poll<Result<Self, Error>> {
        Poll::Ready(Ok(self.clone()))
    }

    fn phase(&self) -> Phase {
        Phase::Connect
    }

    fn wait(&mut self, _deadline: Deadline) -> Result<(), Interrupted> {
        Ok(())
    }

    fn subscribe(&mut self) {}
}

impl Stream for Memory {
    type Pollable = ();

    fn buffer(&self) -> &[u8] {
        &[]
    }

    fn buffer_mut(&mut self) -> &mut [u8] {
        &mut []
    }

    fn consume(&mut self, _amount: usize) {}

    fn poll_fill(&mut self) -> Poll<Result<usize, Error>> {
        Poll::Ready(Ok(0))
    }

    fn poll_write(&mut self, parts: &[&[u8]]) -> Poll<Result<usize, Error>> {
        let bytes = parts.concat();
        let length = bytes.len();
        self.writes.borrow_mut().push(bytes);
        Poll::Ready(Ok(length))
    }

    fn poll_flush(&mut self) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(&mut self) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn wait(&mut self, _interest: Interest, _deadline: Deadline) -> Result<(), Interrupted> {
        Ok(())
    }

    fn subscribe(&mut self, _interest: Interest) {}

    fn handle(&self) -> Option<u32> {
        None
    }
}
