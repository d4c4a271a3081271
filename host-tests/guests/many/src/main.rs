//! `many PORT COUNT`: fetches `/` from 127.0.0.1 over `COUNT` connections at once, without threads and
//! without an executor: nothing blocks but one poll for all of them.
//!
//! It prints how many answers had which status, and how often it polled.

use std::collections::BTreeMap;
use std::env;
use std::process::ExitCode;

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
    Requesting(HttpConnection),
    Responding(HttpConnection),
    Reading(HttpConnection, HttpResponse),
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
        Ok(Self::Requesting(connection))
    }

    /// Goes on as far as it can; what to wait for, unless it is done.
    fn go_on(&mut self) -> Result<Option<Pollable>, Error> {
        loop {
            let (next, waits) = match self {
                Self::Requesting(connection) => (
                    connection.request("GET", "/", None, &[]).map(|()| None),
                    connection.subscribe(),
                ),
                Self::Responding(connection) => {
                    (connection.get_response().map(Some), connection.subscribe())
                }
                Self::Reading(_, response) => {
                    (response.read(None).map(|_| None), response.subscribe())
                }
                Self::Done(_) => return Ok(None),
            };
            match next {
                Ok(response) => self.advance(response),
                Err(Error::WouldBlock) => return Ok(Some(waits)),
                Err(error) => return Err(error),
            }
        }
    }

    fn advance(&mut self, response: Option<HttpResponse>) {
        *self = match (std::mem::replace(self, Self::Done(0)), response) {
            (Self::Requesting(connection), _) => Self::Responding(connection),
            (Self::Responding(connection), Some(response)) => Self::Reading(connection, response),
            (Self::Reading(_, response), _) => Self::Done(response.status()),
            (other, _) => other,
        };
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
        for ready in poll(&pollables)
            .into_iter()
            .map(|it| indexes[it as usize])
            .collect::<Vec<_>>()
        {
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
