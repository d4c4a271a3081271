//! # Many requests at once
//!
//! With a timeout of 0 no call waits: instead it fails with `WouldBlock`, and is made again once one of
//! its pollables is ready. That way one instance keeps any number of connections busy, without threads.
//! `go_on` makes the next call of an exchange: `begin`, `get_response`, `discard`. Over WASI 0.3 the
//! crate has futures for this.

use std::time::Duration;

use httplib::wasi::{Pollable, poll};
use httplib::{Connection, Error, Response};

use crate::Outcome;

/// An exchange under way.
struct Exchange {
    connection: Connection,
    next: Next,
}

/// The call that it makes next.
enum Next {
    Request,
    GetResponse,
    Read(Response),
}

impl Exchange {
    fn new(server: &str) -> Result<Self, Error> {
        let connection = Connection::builder()
            .timeout(Duration::ZERO) // never wait
            .http(server)?;
        let next = Next::Request;
        Ok(Self { connection, next })
    }

    /// Goes on up to the status, or to a call that would have to wait. That one is made again the next time.
    fn go_on(&mut self) -> Result<u16, Error> {
        loop {
            self.next = match &mut self.next {
                Next::Request => {
                    self.connection.get("/").begin()?;
                    Next::GetResponse
                }
                Next::GetResponse => Next::Read(self.connection.get_response()?),
                Next::Read(response) => {
                    response.discard()?;
                    return Ok(response.status());
                }
            };
        }
    }

    /// Going on is worth it when one of these is ready.
    fn subscribe(&self) -> Vec<Pollable> {
        match &self.next {
            Next::Read(response) => response.subscribe(),
            Next::Request | Next::GetResponse => self.connection.subscribe(),
        }
    }
}

/// Fetches `/` over `count` connections at once, and says how many answers were 200.
pub fn fetch_all(server: &str, count: usize) -> Outcome {
    let exchanges = (0..count).map(|_| Exchange::new(server));
    let mut ready: Vec<Exchange> = exchanges.collect::<Result<_, _>>()?;
    let (mut waiting, mut ok) = (Vec::new(), 0);
    loop {
        for mut exchange in ready {
            match exchange.go_on() {
                Ok(status) => ok += usize::from(status == 200),
                Err(Error::WouldBlock) => waiting.push((exchange.subscribe(), exchange)),
                Err(error) => return Err(error.into()),
            }
        }
        let pollables: Vec<&Pollable> = waiting.iter().flat_map(|(its, _)| its).collect();
        if pollables.is_empty() {
            break;
        }
        poll(&pollables); // the only call that waits, for whichever is first
        let woken = waiting.extract_if(.., |(its, _)| its.iter().any(Pollable::ready));
        ready = woken.map(|(_, exchange)| exchange).collect();
    }
    println!("{ok} of {count} are 200");
    Ok(())
}
