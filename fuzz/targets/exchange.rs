//! A connection that replies are read from, in any way and in any pieces, gives of each the bytes that it announced, says
//! so where the server stopped before, ends every call, and takes the next request on the same stream where the reply
//! allows it.
#![no_main]

use std::rc::Rc;
use std::time::Duration;

use arbitrary::Arbitrary;
use fuzzed::{block_on, pieces};
use httplib::client::{Body, Connection, Error, HttpException, Options, Response, Scheme, Trace};
use httplib::transport::scripted::{Peer, Scripts};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Input {
    /// The most that one fill gives.
    piece: u16,
    exchanges: Vec<Exchange>,
}

#[derive(Arbitrary, Debug)]
struct Exchange {
    method: Method,
    interim: [bool; 3],
    version: Version,
    framing: Framing,
    data: Vec<u8>,
    says_close: bool,
    /// Where the reply is cut, in bytes: the rest comes a second later.
    gaps: [u8; 4],
    /// The server ends behind so many bytes of the reply.
    stops: Option<u16>,
    reading: Reading,
}

#[derive(Arbitrary, Clone, Debug)]
enum Method {
    Get,
    Head,
    Post(Vec<u8>),
    Put,
}

#[derive(Arbitrary, Clone, Copy, Debug, PartialEq)]
enum Version {
    Http10,
    Http10KeepAlive,
    Http11,
}

#[derive(Arbitrary, Clone, Debug)]
enum Framing {
    /// 204 or 304.
    Without(bool),
    Length,
    /// In chunks of these sizes, with or without trailers.
    Chunked([u8; 4], bool),
    UntilClose,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Reading {
    All,
    Some(u8),
    One(u8),
    Lines(u8),
    Peeking(u8),
    Arrived,
    Discard,
    Drop,
    Close,
}

/// What the server says, and what is to come of it.
struct Said {
    bytes: Vec<u8>,
    /// Where the head ends.
    head: usize,
    /// How much of the data there is behind so many bytes; all of it where the body needs no end.
    data: Vec<u8>,
    keeps: bool,
}

fuzz_target!(|input: Input| {
    let mut client = Client::new(input.piece);
    for (number, exchange) in input.exchanges.iter().take(8).enumerate() {
        client.exchange(number, exchange);
    }
    client.assert_usable();
});

struct Client {
    network: Scripts,
    connection: Connection<Scripts>,
    /// In the order in which they are dialed; the last one waits for it.
    peers: Vec<Peer>,
    piece: usize,
}

impl Client {
    fn new(piece: u16) -> Self {
        let network = Scripts::default();
        // Without, the beginning of a status line is a reply of HTTP/0.9.
        let options = Options {
            strict: Some(true),
            ..Options::default()
        };
        let trace = Trace::new(|_| {});
        let connection = Connection::new(
            Rc::new(network.clone()),
            Scheme::Http,
            "server.example",
            None,
            options,
            trace,
        );
        let mut client = Self {
            network,
            connection: connection.expect("a valid host"),
            peers: Vec::new(),
            piece: usize::from(piece).max(1),
        };
        client.prepare_peer();
        client
    }

    /// Whoever is dialed next.
    fn prepare_peer(&mut self) {
        if self.peers.len() == self.network.dialed().len() {
            let peer = self.network.connect();
            peer.wire().piece = self.piece;
            self.peers.push(peer);
        }
    }

    /// Sends a request; the peer that has it.
    fn request(&mut self, method: &Method, target: &str) -> Peer {
        let (name, body) = match method {
            Method::Get => ("GET", None),
            Method::Head => ("HEAD", None),
            Method::Post(body) => ("POST", Some(body.clone())),
            Method::Put => ("PUT", Some(b"contents".to_vec())),
        };
        let expected = format!("{name} {target} HTTP/1.1\r\n");
        let behind = [b"\r\n\r\n", body.clone().unwrap_or_default().as_slice()].concat();
        let mut body = body.map(Body::Bytes);
        let sent = block_on(&self.network, &mut self.connection, |it| {
            it.poll_request(name, target, &mut body, &[])
        });
        sent.expect("a server that takes all");
        let peer = self.peers[self.network.dialed().len() - 1].clone();
        let heard = std::mem::take(&mut peer.wire().outbound);
        assert!(heard.starts_with(expected.as_bytes()) && heard.ends_with(&behind));
        self.prepare_peer();
        peer
    }

    fn exchange(&mut self, number: usize, exchange: &Exchange) {
        let said = say(exchange);
        let peer = self.request(&exchange.method, &format!("/{number}"));
        let is_head = matches!(exchange.method, Method::Head);
        let until_close = matches!(exchange.framing, Framing::UntilClose) && !is_head;
        let stop = exchange.stops.map(|at| usize::from(at).max(1));
        let stop = stop.filter(|at| *at < said.bytes.len());
        let heard = &said.bytes[..stop.unwrap_or(said.bytes.len())];
        self.schedule(&peer, heard, &exchange.gaps, stop.is_some() || until_close);
        let replied = block_on(
            &self.network,
            &mut self.connection,
            Connection::poll_response,
        );
        let mut response = match (replied, stop) {
            (Ok(response), None) => response,
            (Ok(response), Some(stop)) if stop >= said.head => response,
            (Err(_), Some(stop)) if stop < said.head => return,
            (Ok(_), _) => panic!("a head that is cut short was taken"),
            (Err(error), _) => panic!("{error:?}"),
        };
        let interim = exchange.interim.iter().filter(|it| **it).count();
        assert_eq!(response.interim_responses().len(), interim);
        let dialed = self.network.dialed().len();
        let read = read(&self.network, &mut response, exchange.reading);
        let was_read = read.is_some();
        if let Some((data, end)) = read {
            let is_short = stop.is_some() && !until_close;
            match end {
                Ok(()) => {
                    assert!(!is_short, "what is cut short is not whole");
                    let complete = stop.is_none();
                    assert!(said.data.starts_with(&data), "other data");
                    assert!(!complete || data.len() == said.data.len(), "less data");
                }
                Err(Error::Http(HttpException::IncompleteRead { partial, .. })) => {
                    assert!(is_short, "what is whole is not cut short");
                    assert!(
                        said.data.starts_with(&[data, partial].concat()),
                        "other data"
                    );
                }
                Err(error) => panic!("{error:?}"),
            }
            assert!(response.is_closed() || is_short);
        }
        drop(response);
        if was_read && stop.is_none() && said.keeps && !until_close {
            assert!(self.connection.is_reusable(), "it was to be kept");
        }
        if was_read && !(said.keeps && stop.is_none() && !until_close) {
            assert!(!self.connection.is_reusable(), "it was to be closed");
        }
        assert_eq!(self.network.dialed().len(), dialed, "reading dials nobody");
    }

    /// Lets the peer say `bytes` in pieces, a second apart, and end then.
    fn schedule(&self, peer: &Peer, bytes: &[u8], gaps: &[u8], ends: bool) {
        let mut time = self.network.elapsed();
        for piece in pieces(bytes, gaps) {
            let (peer, piece) = (peer.clone(), piece.to_vec());
            self.network.at(time, move || peer.say(piece));
            time += Duration::from_secs(1);
        }
        if ends {
            let peer = peer.clone();
            self.network.at(time, move || peer.end());
        }
    }

    /// Another request gets its reply.
    fn assert_usable(&mut self) {
        // What is still on its way arrives.
        self.network.pass(Duration::from_secs(100));
        let peer = self.request(&Method::Get, "/last");
        peer.say("HTTP/1.1 204 No Content\r\n\r\n");
        let response = block_on(
            &self.network,
            &mut self.connection,
            Connection::poll_response,
        );
        assert_eq!(response.expect("a response").head().status, 204);
    }
}

/// Reads in that way: what came, and how it ended; none where it is not read.
fn read(
    network: &Scripts,
    response: &mut Response<Scripts>,
    reading: Reading,
) -> Option<(Vec<u8>, Result<(), Error>)> {
    let mut data = Vec::new();
    loop {
        let amount = |amount: u8| Some(u64::from(amount.max(1)));
        let next = match reading {
            Reading::All => block_on(network, response, |it| it.poll_read(None)),
            Reading::Some(most) => block_on(network, response, |it| it.poll_read(amount(most))),
            Reading::One(most) => block_on(network, response, |it| it.poll_read1(amount(most))),
            Reading::Lines(most) => {
                block_on(network, response, |it| it.poll_read_line(amount(most)))
            }
            Reading::Peeking(most) => peek(network, response, u64::from(most)),
            Reading::Arrived => block_on(network, response, |it| it.poll_arrived()),
            Reading::Discard => {
                let discarded = block_on(network, response, |it| it.poll_discard(None));
                return match discarded {
                    // How much it was is to be the data's length; which it was nobody knows.
                    Ok(_) => None,
                    Err(Error::Http(HttpException::IncompleteRead { .. })) => None,
                    Err(error) => Some((data, Err(error))),
                };
            }
            Reading::Drop => return None,
            Reading::Close => {
                response.close();
                return None;
            }
        };
        match next {
            Ok(bytes) if bytes.is_empty() => return Some((data, Ok(()))),
            Ok(bytes) => data.extend_from_slice(&bytes),
            Err(error) => return Some((data, Err(error))),
        }
    }
}

/// What was peeked at is what is read then.
fn peek(
    network: &Scripts,
    response: &mut Response<Scripts>,
    amount: u64,
) -> Result<Vec<u8>, Error> {
    let shown = block_on(network, response, |it| it.poll_peek(amount))?;
    let length = shown.len().max(1) as u64;
    let read = block_on(network, response, |it| it.poll_read(Some(length)))?;
    assert_eq!(read, shown, "what was shown");
    Ok(read)
}

/// The reply, and what is in it.
fn say(exchange: &Exchange) -> Said {
    let mut text = String::new();
    for (is_said, status) in exchange.interim.iter().zip([100, 103, 199]) {
        if *is_said {
            text.push_str(&format!("HTTP/1.1 {status} Wait\r\nLink: </a>\r\n\r\n"));
        }
    }
    let (number, keep_alive) = match exchange.version {
        Version::Http10 => ("1.0", false),
        Version::Http10KeepAlive => ("1.0", true),
        Version::Http11 => ("1.1", false),
    };
    let status = match exchange.framing {
        Framing::Without(true) => 204,
        Framing::Without(false) => 304,
        _ => 200,
    };
    text.push_str(&format!("HTTP/{number} {status} So\r\n"));
    let data = exchange.data.as_slice();
    match &exchange.framing {
        Framing::Without(_) | Framing::UntilClose => {}
        Framing::Length => text.push_str(&format!("Content-Length: {}\r\n", data.len())),
        Framing::Chunked(..) => text.push_str("Transfer-Encoding: chunked\r\n"),
    }
    if exchange.says_close {
        text.push_str("Connection: close\r\n");
    } else if keep_alive {
        text.push_str("Connection: keep-alive\r\n");
    }
    text.push_str("\r\n");
    let mut bytes = text.into_bytes();
    let head = bytes.len();
    let has_body = !matches!(exchange.method, Method::Head)
        && !matches!(exchange.framing, Framing::Without(_));
    if has_body {
        match &exchange.framing {
            Framing::Chunked(sizes, trailers) => put_chunks(&mut bytes, data, sizes, *trailers),
            _ => bytes.extend_from_slice(data),
        }
    }
    let is_chunked = matches!(exchange.framing, Framing::Chunked(..));
    let keeps = match exchange.version {
        Version::Http11 => !exchange.says_close,
        Version::Http10KeepAlive => !exchange.says_close && !is_chunked,
        Version::Http10 => false,
    };
    let data = if has_body { data.to_vec() } else { Vec::new() };
    Said {
        bytes,
        head,
        data,
        keeps,
    }
}

fn put_chunks(bytes: &mut Vec<u8>, data: &[u8], sizes: &[u8], trailers: bool) {
    for chunk in pieces(data, sizes) {
        bytes.extend_from_slice(format!("{:X}\r\n", chunk.len()).as_bytes());
        bytes.extend_from_slice(chunk);
        bytes.extend_from_slice(b"\r\n");
    }
    let trailers = if trailers { "Digest: x\r\n" } else { "" };
    bytes.extend_from_slice(format!("0\r\n{trailers}\r\n").as_bytes());
}
