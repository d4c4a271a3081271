//! A request case on `httplib` itself, over a network in memory.

use std::cell::RefCell;
use std::rc::Rc;
use std::task::Poll;

use httplib::client::{
    AcceptEncoding, Body, Connection, Error, Host, HttpException, Options, Scheme, Trace,
};
use httplib::transport::scripted::Scripts;
use httplib::transport::{self, Source, SourceStatus};

use super::calls::{Caller, Payload, Refusal, check_end, play, sent};
use super::corpus::{Case, show};

/// The server's name where the case gives none.
const HOST: &str = "example.org";

/// Runs the case.
///
/// # Errors
/// What came otherwise than the case says.
pub fn run(case: &Case) -> Result<(), String> {
    let network = Scripts::default();
    let peer = network.connect();
    let host = case.option("host").unwrap_or(HOST);
    let opened = Connection::new(
        Rc::new(network),
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
    let received = peer.wire().outbound.clone();
    if received != expected {
        let (expected, received) = (show(&expected), show(&received));
        return Err(format!(
            "expected: {expected}\nsent:     {received}\n{end:?}"
        ));
    }
    if let Some(count) = case.option("writes") {
        let lengths = peer.wire().writes.clone();
        if count != lengths.len().to_string() {
            return Err(format!("writes of {lengths:?} bytes"));
        }
    }
    check_end(case, end)
}

struct Native(RefCell<Connection<Scripts>>);

/// A file or a stream.
struct Contents {
    bytes: Vec<u8>,
    status: SourceStatus,
}

/// What a call that need not wait gave.
fn ready(result: Poll<Result<(), Error>>) -> Result<(), Refusal> {
    match result {
        Poll::Ready(outcome) => outcome.map_err(|error| refusal(&error)),
        Poll::Pending => panic!("there is nothing to wait for"),
    }
}

impl Caller for Native {
    fn request(
        &self,
        method: &str,
        target: &str,
        body: Option<Payload>,
        headers: &[(String, String)],
    ) -> Result<(), Refusal> {
        let mut body = body.map(to_body);
        let mut connection = self.0.borrow_mut();
        ready(connection.poll_request(method, target, &mut body, headers))
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
        ready(self.0.borrow_mut().poll_end_headers(&mut body.map(to_body)))
    }

    fn send(&self, data: Payload) -> Result<(), Refusal> {
        ready(self.0.borrow_mut().poll_send(&mut Some(to_body(data))))
    }
}

impl Source for Contents {
    fn status(&mut self) -> Result<SourceStatus, transport::Error> {
        Ok(self.status)
    }

    fn poll_read(&mut self, offset: u64, max: usize) -> Poll<Result<Vec<u8>, transport::Error>> {
        let offset = usize::try_from(offset).expect("a small body");
        let rest = &self.bytes[offset..];
        Poll::Ready(Ok(rest[..rest.len().min(max)].to_vec()))
    }
}

fn to_body(payload: Payload) -> Body<'static> {
    match payload {
        Payload::Bytes(bytes) => Body::Bytes(bytes),
        Payload::File(bytes) => {
            let size = bytes.len() as u64;
            let status = SourceStatus::File { size };
            Body::Source(Box::new(Contents { bytes, status }))
        }
        Payload::Stream(bytes) => {
            let status = SourceStatus::Endless;
            Body::Source(Box::new(Contents { bytes, status }))
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
