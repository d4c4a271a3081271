//! A request case on `httplib` itself, over a network in memory.

use std::cell::RefCell;
use std::rc::Rc;
use std::task::Poll;

use httplib::client::{
    AcceptEncoding, Body, Connection, Error, Host, HttpException, Options, Scheme, Source, Trace,
};
use httplib::transport::{Deadline, Interrupted};

use super::calls::{Caller, Payload, Refusal, check_end, play, sent};
use super::corpus::{Case, show};
use super::memory::Memory;

/// The server's name where the case gives none.
const HOST: &str = "example.org";

/// Runs the case.
///
/// # Errors
/// What came otherwise than the case says.
pub fn run(case: &Case) -> Result<(), String> {
    let network = Memory::default();
    let host = case.option("host").unwrap_or(HOST);
    let opened = Connection::new(
        Rc::new(network.clone()),
        Scheme::Http,
        host,
        None,
        Options::default(),
        Trace::new(|_| ()),
    );
    let mut connection = opened.map_err(|error| format!("host {host:?}: {error}"))?;
    connection.set_encode_chunked(case.is("encode-chunked"));
    let end = play(case, &Native(RefCell::new(connection)));
    let expected = sent(case, HOST);
    let received = network.sent.take();
    if received != expected {
        let (expected, received) = (show(&expected), show(&received));
        return Err(format!(
            "expected: {expected}\nsent:     {received}\n{end:?}"
        ));
    }
    check_end(case, end)
}

struct Native(RefCell<Connection<Memory>>);

/// A file where the length is known, else a stream.
struct Contents {
    bytes: Vec<u8>,
    length: Option<u64>,
}

impl Caller for Native {
    fn request(
        &self,
        method: &str,
        target: &str,
        body: Option<Payload>,
        headers: &[(String, String)],
    ) -> Result<(), Refusal> {
        let body = body.map(to_body);
        let outcome = self.0.borrow_mut().request(method, target, body, headers);
        outcome.map_err(|error| refusal(&error))
    }

    fn put_request(&self, method: &str, target: &str, skip: &[&str]) -> Result<(), Refusal> {
        let host = match skip.contains(&"skip-host") {
            true => Host::Skip,
            false => Host::Automatic,
        };
        let accept_encoding = match skip.contains(&"skip-accept-encoding") {
            true => AcceptEncoding::Skip,
            false => AcceptEncoding::Automatic,
        };
        let mut connection = self.0.borrow_mut();
        let outcome = connection.put_request(method, target, host, accept_encoding);
        outcome.map_err(|error| refusal(&error))
    }

    fn put_header(&self, name: &str, values: &[String]) -> Result<(), Refusal> {
        let outcome = self.0.borrow_mut().put_header(name, values);
        outcome.map_err(|error| refusal(&error))
    }

    fn end_headers(&self, body: Option<Payload>) -> Result<(), Refusal> {
        let outcome = self.0.borrow_mut().end_headers(body.map(to_body));
        outcome.map_err(|error| refusal(&error))
    }

    fn send(&self, data: Payload) -> Result<(), Refusal> {
        let outcome = self.0.borrow_mut().send(to_body(data));
        outcome.map_err(|error| refusal(&error))
    }
}

impl Source for Contents {
    fn length(&mut self) -> Result<Option<u64>, Error> {
        Ok(self.length)
    }

    fn poll_read(&mut self, offset: u64, max: usize) -> Poll<Result<Vec<u8>, Error>> {
        let offset = usize::try_from(offset).expect("a small body");
        let rest = &self.bytes[offset..];
        Poll::Ready(Ok(rest[..rest.len().min(max)].to_vec()))
    }

    fn wait(&mut self, _deadline: Deadline) -> Result<(), Interrupted> {
        Ok(())
    }
}

fn to_body(payload: Payload) -> Body<'static> {
    match payload {
        Payload::Bytes(bytes) => Body::Bytes(bytes),
        Payload::File(bytes) => {
            let length = Some(bytes.len() as u64);
            Body::Source(Box::new(Contents { bytes, length }))
        }
        Payload::Stream(bytes) => {
            let length = None;
            Body::Source(Box::new(Contents { bytes, length }))
        }
    }
}

fn refusal(error: &Error) -> Refusal {
    let kind = match error {
        Error::Value(_) => "value",
        Error::Http(HttpException::InvalidUrl(_)) => "invalid-url",
        _ => "another error",
    };
    let text = error.to_string();
    Refusal { kind, text }
}
