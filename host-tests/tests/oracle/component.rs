//! The calls of a case, made to the component.

use std::io::Write;

use harness::component::{
    Body, Connection, ConnectionOptions, Error, Guest, HttpException, ImproperConnectionState,
    Response, Result, Skip,
};
use serde_json::{Value, json};
use tempfile::NamedTempFile;

use crate::outcome::latin1;

/// As long as Python's side has.
const TIMEOUT: u64 = 10_000_000_000;

struct Client {
    guest: Guest,
    port: u16,
    options: ConnectionOptions,
    response: Option<Response>,
    connection: Option<Connection>,
}

/// Makes the calls; the connection and the response are gone afterwards.
pub fn run(port: u16, calls: &[Value]) -> Vec<Value> {
    let mut client = Client {
        guest: Guest::new(),
        port,
        options: ConnectionOptions {
            timeout: Some(TIMEOUT),
            ..ConnectionOptions::default()
        },
        response: None,
        connection: None,
    };
    let mut run = |call| client.call(call).unwrap_or_else(|error| describe(&error));
    calls.iter().map(&mut run).collect()
}

impl Client {
    fn call(&mut self, call: &Value) -> Result<Value> {
        let text = |index: usize| call[index].as_str().unwrap_or_default();
        let port = |index: usize| call[index].as_u64().map(|port| port as u16);
        let body = self.body(
            call,
            &call[if text(0).starts_with("request") { 3 } else { 1 }],
        );
        match text(0) {
            "options" => self.options.strict = call[1]["strict"].as_bool(),
            "host" => {
                let made = self.guest.http(text(1), port(2), Some(&self.options))?;
                self.connection = Some(made);
            }
            "set_tunnel" => self.it()?.set_tunnel(text(1), port(2), &pairs(&call[3]))?,
            "request" => self
                .it()?
                .request(text(1), text(2), body, &pairs(&call[4]))?,
            "request_encoded" => {
                self.it()?.set_encode_chunked(true);
                self.it()?
                    .request(text(1), text(2), body, &pairs(&call[4]))?;
            }
            "putrequest" => {
                let skip = Skip {
                    host: call[3] == true,
                    accept_encoding: call[4] == true,
                };
                self.it()?.put_request_with(text(1), text(2), skip)?;
            }
            "putheader" => {
                let values = call.as_array().into_iter().flatten().skip(2);
                let values: Vec<_> = values.filter_map(Value::as_str).collect();
                self.it()?.put_header(text(1), &values)?;
            }
            "endheaders" => self.it()?.end_headers(body)?,
            "send" => self.it()?.send(body.expect("there is something to send"))?,
            "connect" => self.it()?.connect()?,
            "close" => self.it()?.close(),
            "getresponse" => return self.get_response(),
            _ => return self.read(call),
        }
        Ok(Value::Null)
    }

    fn get_response(&mut self) -> Result<Value> {
        let response = self.it()?.get_response()?;
        let head = json!({
            "status": response.status(),
            "reason": response.reason(),
            "version": response.version(),
            "headers": response.get_headers(),
        });
        self.response = Some(response);
        Ok(head)
    }

    /// The calls to a response.
    fn read(&self, call: &Value) -> Result<Value> {
        let Some(response) = &self.response else {
            // Python's word for a method of None.
            return Ok(json!({ "error": "AttributeError" }));
        };
        let amount = call[1].as_u64();
        let text = |index: usize| call[index].as_str();
        Ok(match text(0).unwrap_or_default() {
            "read" => json!(latin1(&response.read(amount)?)),
            "readline" => json!(latin1(&response.readline(amount)?)),
            "isclosed" => json!(response.is_closed()),
            "getheader" => json!(response.get_header(text(1).unwrap_or_default(), text(2))),
            "close_response" => {
                response.close();
                Value::Null
            }
            name => panic!("no call: {name}"),
        })
    }

    /// The connection to the peer, made when it is first needed.
    fn it(&mut self) -> Result<&Connection> {
        if self.connection.is_none() {
            let made = self
                .guest
                .http("127.0.0.1", self.port, Some(&self.options))?;
            self.connection = Some(made);
        }
        Ok(self.connection.as_ref().expect("made above"))
    }

    fn body(&self, call: &Value, spec: &Value) -> Option<Body> {
        if !matches!(
            call[0].as_str(),
            Some("request" | "request_encoded" | "endheaders" | "send")
        ) {
            return None;
        }
        let (kind, contents) = spec.as_object()?.iter().next()?;
        Some(match kind.as_str() {
            "bytes" => Body::Bytes(bytes(contents)),
            "file" => {
                let mut file = NamedTempFile::new().expect("a folder for temporary files");
                file.write_all(&bytes(contents))
                    .expect("room for some bytes");
                self.guest.file(file.path())
            }
            _ => {
                let pieces = contents.as_array().expect("a list of pieces").iter();
                self.guest.pieces(pieces.map(bytes))
            }
        })
    }
}

/// The bytes of a text in Latin-1.
fn bytes(text: &Value) -> Vec<u8> {
    let chars = text.as_str().expect("a text").chars();
    chars
        .map(|char| u8::try_from(char).expect("Latin-1"))
        .collect()
}

fn pairs(headers: &Value) -> Vec<(&str, &str)> {
    let headers = headers.as_array().into_iter().flatten();
    headers
        .filter_map(|header| Some((header[0].as_str()?, header[1].as_str()?)))
        .collect()
}

/// The error by its name in the WIT, as `client.py` names Python's exceptions.
fn describe(error: &Error) -> Value {
    let name = match error {
        Error::Http(HttpException::IncompleteRead(read)) => {
            return json!({
                "error": "incomplete-read",
                "partial": latin1(&read.partial),
                "expected": read.expected,
            });
        }
        Error::Http(exception) => http_name(exception),
        Error::Value(_) => "value",
        Error::Socket(_) => "socket",
        Error::TimedOut(_) => "timed-out",
        Error::WouldBlock => "would-block",
        Error::File(_) => "file",
        Error::Tls(_) => "tls",
        Error::Tunnel(_) => "tunnel",
        Error::Other(_) => "other",
    };
    json!({ "error": name })
}

fn http_name(exception: &HttpException) -> &'static str {
    match exception {
        HttpException::NotConnected => "not-connected",
        HttpException::InvalidUrl(_) => "invalid-url",
        HttpException::UnknownProtocol(_) => "unknown-protocol",
        HttpException::UnknownTransferEncoding(_) => "unknown-transfer-encoding",
        HttpException::UnimplementedFileMode(_) => "unimplemented-file-mode",
        HttpException::IncompleteRead(_) => "incomplete-read",
        HttpException::ImproperConnectionState(state) => match state {
            ImproperConnectionState::CannotSendRequest(_) => "cannot-send-request",
            ImproperConnectionState::CannotSendHeader(_) => "cannot-send-header",
            ImproperConnectionState::ResponseNotReady(_) => "response-not-ready",
        },
        HttpException::BadStatusLine(_) => "bad-status-line",
        HttpException::LineTooLong(_) => "line-too-long",
        HttpException::TooMany(_) => "too-many",
        HttpException::RemoteDisconnected => "remote-disconnected",
        HttpException::Malformed(_) => "malformed",
        HttpException::Other(_) => "http",
    }
}
