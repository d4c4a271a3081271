//! The client's part of a trial: the calls, and what came out of them.

use std::collections::VecDeque;
use std::rc::Rc;
use std::task::Poll;

use httplib::client::{
    Body, Connection, Error, HttpException, Options, Response, Scheme, Trace, Upgraded,
};
use httplib::transport::scripted::Scripts;
use httplib::transport::{self, Phase, Source, SourceStatus, Trailers};

use super::exchange::{BLOCKS, Exchange, NEXT, NEXT_BODY, PING, UPLOAD, Upload};
use super::outcome::{End, Outcome, bare};
use super::way::{DEADLINE, TIMEOUT, World};

/// How a body is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// `read()`.
    Whole,
    /// `read(7)` again and again.
    Pieces,
    /// `read1()`.
    AsItComes,
    /// `readline()`.
    Lines,
    /// What the bindings' streams are made of.
    Blocks,
}

impl Reading {
    pub const ALL: [Self; 5] = [
        Self::Whole,
        Self::Pieces,
        Self::AsItComes,
        Self::Lines,
        Self::Blocks,
    ];
}

/// A connection to `server.example` on a world of its own.
pub struct Client {
    pub world: World,
    connection: Connection<Scripts>,
}

impl Client {
    pub fn new(world: &World, scheme: Scheme, has_tunnel: bool) -> Self {
        let options = Options {
            timeout: Some(TIMEOUT).into(),
            ..Options::default()
        };
        let network = Rc::new(world.network.clone());
        let trace = Trace::new(|_| {});
        let host = match has_tunnel {
            true => "proxy.example",
            false => "server.example",
        };
        let mut connection =
            Connection::new(network, scheme, host, None, options, trace).expect("a valid host");
        connection.set_deadline(Some(DEADLINE));
        if has_tunnel {
            connection
                .set_tunnel("server.example", None, &[])
                .expect("a valid host");
        }
        Self {
            world: world.clone(),
            connection,
        }
    }

    /// Makes the exchange.
    pub fn exchange(&mut self, exchange: &Exchange, reading: Reading) -> Outcome {
        match self.reply(exchange) {
            Err(error) => Outcome::Failed(bare(error)),
            Ok(mut response) => {
                let (body, end) = match response.head().status {
                    101 if exchange.upload == Upload::Upgrade => self.talk(&mut response),
                    _ => self.read(&mut response, reading),
                };
                let interim = response.interim_responses();
                Outcome::Replied {
                    status: response.head().status,
                    interim: interim.iter().map(|it| it.status).collect(),
                    body,
                    end,
                }
            }
        }
    }

    /// Makes the exchange that follows, whatever came out of this one.
    pub fn go_on(&mut self) -> Result<(), String> {
        self.request("GET", NEXT, &mut None, &[])
            .map_err(|error| format!("the next request: {error:?}"))?;
        let mut response = self
            .response()
            .map_err(|error| format!("the next response: {error:?}"))?;
        match self.read(&mut response, Reading::Whole) {
            (body, Ok(_)) if body == NEXT_BODY => Ok(()),
            other => Err(format!("the next body: {other:?}")),
        }
    }

    fn reply(&mut self, exchange: &Exchange) -> Result<Response<Scripts>, Error> {
        let headers: &[(&str, &str)] = match exchange.upload {
            Upload::Expected => &[("Expect", "100-continue")],
            Upload::Upgrade => &[("Connection", "Upgrade"), ("Upgrade", "echo")],
            _ => &[],
        };
        let mut body = match exchange.upload {
            Upload::Nothing | Upload::Upgrade => None,
            Upload::Bytes | Upload::Expected => Some(Body::Bytes(UPLOAD.to_vec())),
            Upload::Chunks => Some(Body::Source(Box::new(Blocks(BLOCKS.into())))),
        };
        self.request(exchange.method, "/", &mut body, headers)?;
        self.response()
    }

    fn request(
        &mut self,
        method: &str,
        target: &str,
        body: &mut Option<Body<'_>>,
        headers: &[(&str, &str)],
    ) -> Result<(), Error> {
        let owned = |(name, value): &(&str, &str)| ((*name).into(), (*value).into());
        let headers: Vec<(String, String)> = headers.iter().map(owned).collect();
        self.world.run(&mut self.connection, |it| {
            it.poll_request(method, target, body, &headers)
        })
    }

    fn response(&mut self) -> Result<Response<Scripts>, Error> {
        self.world
            .run(&mut self.connection, Connection::poll_response)
    }

    /// All of the body, and how it ended. What a failed read had received is there for the next, and then the
    /// same error.
    fn read(&self, response: &mut Response<Scripts>, reading: Reading) -> (Vec<u8>, End) {
        let mut body = Vec::new();
        let error = loop {
            match self.read_once(response, reading) {
                Ok(bytes) if bytes.is_empty() => {
                    let trailers = response.trailers();
                    return (body, Ok(trailers.expect("the body is read to its end")));
                }
                Ok(bytes) => body.extend(bytes),
                Err(error) => break error,
            }
        };
        if let Error::Http(HttpException::IncompleteRead { partial, .. }) = &error {
            body.extend_from_slice(partial);
        }
        let error = bare(error);
        loop {
            match self.read_once(response, Reading::AsItComes) {
                Ok(bytes) => {
                    assert!(!bytes.is_empty(), "an end behind {error:?}");
                    body.extend(bytes);
                }
                Err(again) => {
                    assert_eq!(bare(again), error, "the error said again");
                    return (body, Err(error));
                }
            }
        }
    }

    fn read_once(
        &self,
        response: &mut Response<Scripts>,
        reading: Reading,
    ) -> Result<Vec<u8>, Error> {
        self.world.run(response, |it| match reading {
            Reading::Whole => it.poll_read(None),
            Reading::Pieces => it.poll_read(Some(7)),
            Reading::AsItComes => it.poll_read1(Some(5)),
            Reading::Lines => it.poll_read_line(Some(9)),
            Reading::Blocks => it.poll_arrived(),
        })
    }

    /// Says [`PING`] in the other protocol, and reads to the end.
    fn talk(&self, response: &mut Response<Scripts>) -> (Vec<u8>, End) {
        let mut upgraded = response.upgrade().expect("another protocol");
        let said = self.say(&mut upgraded);
        if let Err(error) = said {
            let is_sending = matches!(
                &error,
                Error::Tls(_)
                    | Error::TimedOut(Phase::Send)
                    | Error::Socket {
                        phase: Phase::Send,
                        ..
                    }
            );
            assert!(is_sending, "{error:?}");
        }
        let mut heard = Vec::new();
        loop {
            match self.world.run(&mut upgraded, |it| it.poll_read(6)) {
                Ok(bytes) if bytes.is_empty() => return (heard, Ok(Vec::new())),
                Ok(bytes) => heard.extend(bytes),
                Err(error) => return (heard, Err(bare(error))),
            }
        }
    }

    fn say(&self, upgraded: &mut Upgraded<Scripts>) -> Result<(), Error> {
        let mut left = PING;
        while !left.is_empty() {
            let taken = self.world.run(upgraded, |it| it.poll_write(left))?;
            left = &left[usize::try_from(taken).expect("a small number")..];
        }
        self.world.run(upgraded, Upgraded::poll_flush)
    }
}

/// A stream of blocks, with a trailer behind them.
struct Blocks(VecDeque<&'static [u8]>);

impl Source for Blocks {
    fn status(&mut self) -> Result<SourceStatus, transport::Error> {
        Ok(SourceStatus::Endless)
    }

    fn poll_read(&mut self, _: u64, _: usize) -> Poll<Result<Vec<u8>, transport::Error>> {
        Poll::Ready(Ok(self.0.pop_front().unwrap_or_default().to_vec()))
    }

    fn poll_trailers(&mut self) -> Poll<Result<Trailers, transport::Error>> {
        Poll::Ready(Ok(vec![("X-Sum".into(), "42".into())]))
    }
}
