//! A request case: what the peer receives is what the case says, byte for byte.

use std::io::Write;

use harness::component::{Body, Connection, Error, Guest, HttpException, Skip};
use harness::peer::{Peer, Step};

use super::calls::{Caller, Payload, Refusal, check_end, play, sent};
use super::corpus::{Case, show};
use super::{NEXT, check_next};

/// Runs the case.
///
/// # Errors
/// What came otherwise than the case says.
pub fn run(case: &Case) -> Result<(), String> {
    let nothing = case.bytes("sent").is_none();
    let tunnel = case.option("host");
    let mut begin = Vec::new();
    if tunnel.is_some() {
        begin.extend(Step::answers(&[b"HTTP/1.1 200 OK\r\n\r\n"]));
    }
    let fresh = [begin.clone(), Step::answers(&[NEXT])].concat();
    begin.push(Step::AwaitEnd);
    let scripts = if nothing {
        vec![fresh]
    } else {
        vec![begin, fresh]
    };
    let peer = Peer::script(scripts);
    let guest = Guest::new();
    let connection = guest
        .http("127.0.0.1", peer.port(), None)
        .expect("a valid address");
    if let Some(host) = tunnel {
        connection
            .set_tunnel(host, None, &[])
            .map_err(|error| guest.describe(&error))?;
    }
    connection.set_encode_chunked(case.is("encode-chunked"));

    let caller = Component {
        guest: &guest,
        connection: &connection,
    };
    let end = play(case, &caller);
    connection.close();
    if !nothing {
        let host = peer.address().to_string();
        let expected = sent(case, &host);
        let received = behind_connect(peer.all_received(0), tunnel.is_some());
        if received != expected {
            let (expected, received) = (show(&expected), show(&received));
            return Err(format!(
                "expected: {expected}\nreceived: {received}\n{end:?}"
            ));
        }
    }
    check_end(case, end)?;

    connection.set_encode_chunked(false);
    check_next(&guest, &connection)?;
    let received = behind_connect(peer.received(peer.connections() - 1), tunnel.is_some());
    match received.starts_with(b"GET /next HTTP/1.1\r\n") {
        true => Ok(()),
        false => Err(format!("the next request is another: {}", show(&received))),
    }
}

/// What came behind the request to a proxy, if there is one.
fn behind_connect(received: Vec<u8>, tunnel: bool) -> Vec<u8> {
    let end = received.windows(4).position(|four| four == b"\r\n\r\n");
    match end {
        Some(end) if tunnel => received[end + 4..].to_vec(),
        _ => received,
    }
}

struct Component<'a> {
    guest: &'a Guest,
    connection: &'a Connection,
}

impl Component<'_> {
    fn body(&self, payload: Payload) -> Body {
        match payload {
            Payload::Bytes(bytes) => Body::Bytes(bytes),
            Payload::Stream(bytes) => self.guest.stream(bytes),
            Payload::File(bytes) => {
                let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
                file.write_all(&bytes).expect("room for a small file");
                // It stays readable when its name is gone.
                self.guest.file(file.path())
            }
        }
    }

    fn outcome(&self, outcome: Result<(), Error>) -> Result<(), Refusal> {
        outcome.map_err(|error| {
            let kind = match error {
                Error::Value(_) => "value",
                Error::Http(HttpException::InvalidUrl(_)) => "invalid-url",
                _ => "another error",
            };
            let text = self.guest.describe(&error);
            Refusal { kind, text }
        })
    }
}

impl Caller for Component<'_> {
    fn request(
        &self,
        method: &str,
        target: &str,
        body: Option<Payload>,
        headers: &[(String, String)],
    ) -> Result<(), Refusal> {
        let body = body.map(|payload| self.body(payload));
        let headers: Vec<(&str, &str)> = headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        self.outcome(self.connection.request(method, target, body, &headers))
    }

    fn put_request(&self, method: &str, target: &str, skip: &[&str]) -> Result<(), Refusal> {
        let skip = Skip {
            host: skip.contains(&"skip-host"),
            accept_encoding: skip.contains(&"skip-accept-encoding"),
        };
        self.outcome(self.connection.put_request_with(method, target, skip))
    }

    fn put_header(&self, name: &str, values: &[String]) -> Result<(), Refusal> {
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        self.outcome(self.connection.put_header(name, &values))
    }

    fn end_headers(&self, body: Option<Payload>) -> Result<(), Refusal> {
        let body = body.map(|payload| self.body(payload));
        self.outcome(self.connection.end_headers(body))
    }

    fn send(&self, data: Payload) -> Result<(), Refusal> {
        let data = self.body(data);
        self.outcome(self.connection.send(data))
    }
}
