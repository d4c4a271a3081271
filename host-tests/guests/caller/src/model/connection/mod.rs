//! `http-connection`: idle, request-started, request-sent.

mod exchange;
mod opening;

use super::request::{self, Head, Transfer};
use super::{Model, one_of};
use crate::calls::{ConnectionCall, FILE, Fields, Options, Outcome, Target};
use crate::fault::{Fault, State};
use crate::hosts;

use opening::Tunnel;

/// What is known of a connection.
#[derive(Clone, Debug)]
pub struct Connection {
    pub port: u16,
    pub options: Options,
    pub is_https: bool,
    /// What `Host` says.
    host: String,
    pub phase: Phase,
    pub link: Option<usize>,
    tunnel: Option<Tunnel>,
    pub has_proxy: bool,
    has_trailers: bool,
    pub encode_chunked: bool,
    /// Whether there is no time for an exchange at all.
    pub no_time: bool,
    proxy_headers: Option<Fields>,
}

/// Where it is.
#[derive(Clone, Debug)]
pub enum Phase {
    Idle,
    Started(Head),
    Sent(Head, Transfer),
}

impl Phase {
    fn name(&self) -> State {
        match self {
            Self::Idle => State::Idle,
            Self::Started(_) => State::RequestStarted,
            Self::Sent(..) => State::RequestSent,
        }
    }
}

impl Connection {
    /// What `Host` says by itself: the tunnel's end, where there is one.
    pub fn host(&self) -> &str {
        match &self.tunnel {
            Some(Tunnel { end, .. }) => end.strip_suffix(":80").unwrap_or(end),
            None => &self.host,
        }
    }

    /// Whether a proxy's word comes before its own.
    pub fn has_tunnel(&self) -> bool {
        self.tunnel.is_some()
    }

    /// Whether trailers wait for the next request.
    pub fn has_trailers(&self) -> bool {
        self.has_trailers
    }

    /// How many bytes `send` may bring.
    pub fn room(&self) -> Option<u64> {
        match &self.phase {
            Phase::Sent(_, Transfer::Left(left)) => Some(*left),
            Phase::Sent(_, Transfer::Chunks) => Some(FILE.len() as u64),
            _ => None,
        }
    }
}

impl Model {
    pub(super) fn http(&mut self, slot: usize, target: &Target, seen: &Outcome) -> Outcome {
        match self.connection_to(target, 80) {
            Ok(connection) => {
                self.replace(slot, connection);
                Outcome::Done
            }
            Err(fault) => one_of(vec![fault], seen),
        }
    }

    pub(super) fn https(
        &mut self,
        slot: usize,
        target: &Target,
        context: Option<usize>,
        seen: &Outcome,
    ) -> Outcome {
        let context = context.and_then(|it| self.contexts[it].as_ref());
        let is_usable = context.is_none_or(|it| it.is_usable());
        let connection = self.connection_to(target, 443);
        match (is_usable, connection) {
            (true, Ok(connection)) => {
                self.replace(
                    slot,
                    Connection {
                        is_https: true,
                        ..connection
                    },
                );
                Outcome::Done
            }
            (true, Err(fault)) => Outcome::Failed(fault),
            (false, Ok(_)) => Outcome::Failed(Fault::TlsConfiguration),
            (false, Err(fault)) => one_of(vec![Fault::TlsConfiguration, fault], seen),
        }
    }

    fn replace(&mut self, slot: usize, connection: Connection) {
        if let Some(before) = self.connections[slot].replace(connection) {
            self.let_go(before.link);
        }
    }

    fn connection_to(&self, target: &Target, default: u16) -> Result<Connection, Fault> {
        if self.world.interface == super::Interface::Wasi03 && target.options.timeout == Some(0) {
            return Err(Fault::Value);
        }
        let (host, port) = hosts::parse(&target.host, target.port, default)?;
        let host = match port == default {
            true => host,
            false => format!("{host}:{port}"),
        };
        Ok(Connection {
            port,
            options: target.options.clone(),
            is_https: false,
            host,
            phase: Phase::Idle,
            link: None,
            tunnel: None,
            has_proxy: false,
            has_trailers: false,
            encode_chunked: false,
            no_time: false,
            proxy_headers: None,
        })
    }

    pub(super) fn connection(
        &mut self,
        slot: usize,
        call: &ConnectionCall,
        seen: &Outcome,
    ) -> Outcome {
        let Some(connection) = &mut self.connections[slot] else {
            return Outcome::Absent;
        };
        match call {
            ConnectionCall::Request(method, url, body, headers) => {
                self.request(slot, (method, url), body.as_ref(), headers, seen)
            }
            ConnectionCall::SetTunnel(host, port, headers) => {
                self.set_tunnel(slot, (host, *port), headers, seen)
            }
            ConnectionCall::SetProxy(url, _) => self.set_proxy(slot, url.as_deref(), seen),
            ConnectionCall::ProxyFromEnvironment | ConnectionCall::TlsSession => Outcome::Nothing,
            ConnectionCall::GetProxyResponseHeaders => connection.proxy_headers.clone().into(),
            ConnectionCall::Connect => self.connect(slot, seen).into(),
            ConnectionCall::Close => {
                connection.phase = Phase::Idle;
                if let Some(link) = connection.link.take() {
                    self.links[link].is_open = false;
                }
                Outcome::Done
            }
            ConnectionCall::PutRequest(method, selector, skip_host, skip_accept_encoding) => {
                if let Err(fault) = is_idle(&connection.phase) {
                    return Outcome::Failed(fault);
                }
                let host = (!skip_host).then_some(connection.host());
                match Head::new(method, selector, host, !skip_accept_encoding) {
                    Ok(head) => {
                        connection.phase = Phase::Started(head);
                        Outcome::Done
                    }
                    Err(faults) => one_of(faults, seen),
                }
            }
            ConnectionCall::PutHeader(name, values) => match &mut connection.phase {
                Phase::Started(head) => head.push(name, values).into(),
                phase => Outcome::Failed(Fault::CannotSendHeader(phase.name())),
            },
            ConnectionCall::EndHeaders(body) => match &connection.phase {
                Phase::Started(head) => {
                    let head = head.clone();
                    let is_later = body.is_none() || head.has("Content-Length");
                    self.start(slot, head, body.as_ref(), is_later, seen).into()
                }
                phase => Outcome::Failed(Fault::CannotSendHeader(phase.name())),
            },
            ConnectionCall::Send(body) => self.send(slot, body).into(),
            ConnectionCall::SetDeadline(total) => {
                connection.no_time = *total == Some(0);
                Outcome::Done
            }
            ConnectionCall::SetDebuglevel(_) | ConnectionCall::SetContinueTimeout(_) => {
                Outcome::Done
            }
            ConnectionCall::SetTrailers(trailers) => {
                let result = trailers.iter().try_for_each(may_be_a_trailer);
                if result.is_ok() {
                    connection.has_trailers = !trailers.is_empty();
                }
                result.into()
            }
            ConnectionCall::SetEncodeChunked(encode_chunked) => {
                connection.encode_chunked = *encode_chunked;
                Outcome::Done
            }
            ConnectionCall::Subscribe => at_least_one(seen),
        }
    }
}

/// What takes no time is known even where there is none.
fn is_done_at_once(seen: &Outcome) -> bool {
    *seen == Outcome::Failed(Fault::Socket("connect", "refused"))
}

fn is_idle(phase: &Phase) -> Result<(), Fault> {
    match phase {
        Phase::Idle => Ok(()),
        phase => Err(Fault::CannotSendRequest(phase.name())),
    }
}

fn can_be_sent((name, value): &(String, String)) -> bool {
    request::is_token(name) && request::value(value).is_ok()
}

/// RFC 9110 §6.5.1.
fn may_be_a_trailer(field: &(String, String)) -> Result<(), Fault> {
    const NONE: &[&str] = &[
        "content-length",
        "transfer-encoding",
        "host",
        "connection",
        "trailer",
    ];
    match can_be_sent(field) && !NONE.contains(&field.0.to_ascii_lowercase().as_str()) {
        true => Ok(()),
        false => Err(Fault::Value),
    }
}

/// A list of pollables has one at least.
pub(super) fn at_least_one(seen: &Outcome) -> Outcome {
    match seen {
        Outcome::Number(1..) | Outcome::Absent => seen.clone(),
        _ => Outcome::Number(1),
    }
}
