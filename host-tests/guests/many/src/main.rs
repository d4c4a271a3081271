//! `many PORT COUNT`: fetches `/` from 127.0.0.1 over `COUNT` connections at once, without threads and
//! without an executor: nothing blocks but one poll for all of them.
//!
//! It prints how many answers had which status and, on standard error, how often it polled.

use std::collections::BTreeMap;
use std::env;
use std::process::ExitCode;
use std::rc::Rc;

use bindings::httplib::http::client::{
    ConnectionOptions, Error, HttpConnection, HttpResponse, describe,
};
use bindings::wasi::io::poll::{Pollable, poll};

mod bindings {
    wit_bindgen::generate!({
        path: "../../../wit",
        inline: "
            package example:many;

            world many {
                import httplib:http/client@0.1.0;
            }
        ",
        generate_all,
    });
}

/// One exchange, by what it does next.
enum Exchange {
    Requesting(Rc<HttpConnection>),
    Responding(Rc<HttpConnection>),
    /// It stays readable without its connection.
    Reading(HttpResponse),
    Done(u16),
}

impl Exchange {
    fn new(port: u16) -> Result<Self, Error> {
        let options = ConnectionOptions {
            strict: None,
            timeout: Some(0),
            source_address: None,
            max_response_headers: None,
            blocksize: None,
            continue_timeout: None,
        };
        let connection = HttpConnection::http("localhost", Some(port), Some(&options))?;
        Ok(Self::Requesting(Rc::new(connection)))
    }

    /// Goes on as far as it can; what to wait for, unless it is done.
    fn go_on(&mut self) -> Result<Option<Pollable>, Error> {
        loop {
            *self = match self.step() {
                Ok(next) => next,
                Err(Error::WouldBlock) => return Ok(self.subscribe()),
                Err(error) => return Err(error),
            };
            if let Self::Done(_) = self {
                return Ok(None);
            }
        }
    }

    /// What follows, as soon as it can. A call that would block is repeated as it is.
    fn step(&self) -> Result<Self, Error> {
        match self {
            Self::Requesting(connection) => {
                connection.request("GET", "/", None, &[])?;
                Ok(Self::Responding(Rc::clone(connection)))
            }
            Self::Responding(connection) => Ok(Self::Reading(connection.get_response()?)),
            Self::Reading(response) => {
                response.read(None)?;
                Ok(Self::Done(response.status()))
            }
            Self::Done(status) => Ok(Self::Done(*status)),
        }
    }

    fn subscribe(&self) -> Option<Pollable> {
        match self {
            Self::Requesting(connection) | Self::Responding(connection) => {
                Some(connection.subscribe())
            }
            Self::Reading(response) => Some(response.subscribe()),
            Self::Done(_) => None,
        }
    }
}

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let [port, count] = arguments.as_slice() else {
        eprintln!("usage: many PORT COUNT");
        return ExitCode::FAILURE;
    };
    let (Ok(port), Ok(count)) = (port.parse(), count.parse()) else {
        eprintln!("{port} or {count} is no number");
        return ExitCode::FAILURE;
    };
    match fetch_all(port, count) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}", describe(&error));
            ExitCode::FAILURE
        }
    }
}

fn fetch_all(port: u16, count: usize) -> Result<(), Error> {
    let mut exchanges = Vec::new();
    for _ in 0..count {
        exchanges.push(Exchange::new(port)?);
    }
    let mut waits = Vec::new();
    for exchange in &mut exchanges {
        waits.push(exchange.go_on()?);
    }
    let mut polls = 0;
    loop {
        let (indexes, pollables): (Vec<_>, Vec<_>) = waits
            .iter()
            .enumerate()
            .filter_map(|(index, wait)| wait.as_ref().map(|wait| (index, wait)))
            .unzip();
        if pollables.is_empty() {
            break;
        }
        polls += 1;
        for ready in ready_ones(&pollables, &indexes) {
            waits[ready] = None;
            waits[ready] = exchanges[ready].go_on()?;
        }
    }
    let mut answers = BTreeMap::new();
    for exchange in &exchanges {
        if let Exchange::Done(status) = exchange {
            *answers.entry(*status).or_insert(0) += 1;
        }
    }
    for (status, number) in answers {
        println!("{number} times {status}");
    }
    eprintln!("{polls} polls");
    Ok(())
}

/// Waits, and says which of the exchanges are worth going on with.
fn ready_ones(pollables: &[&Pollable], indexes: &[usize]) -> Vec<usize> {
    let ready = poll(pollables);
    ready.into_iter().map(|it| indexes[it as usize]).collect()
}
