//! `http-connection`: idle, request-started, request-sent.

use super::request::{self, Announced, Head, Transfer};
use super::response::Response;
use super::{Model, one_of};
use crate::calls::{Body, ConnectionCall, FILE, Fields, Options, Outcome, Target};
use crate::fault::{Fault, State};
use crate::hosts;
use crate::replies::{REPLIES, Reply};

/// What is known of a connection.
#[derive(Debug)]
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

/// Where `set-tunnel` leads.
#[derive(Clone, Debug)]
struct Tunnel {
    /// Host and port.
    end: String,
    /// What the proxy is sent.
    connect: Vec<u8>,
}

/// Where it is.
#[derive(Debug)]
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
    /// The reply to the request that was sent.
    fn reply(head: &Head) -> Option<&'static Reply> {
        let name = head.target.rsplit('/').next()?;
        REPLIES.iter().find(|reply| reply.name == name)
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

    fn request(
        &mut self,
        slot: usize,
        (method, url): (&str, &str),
        body: Option<&Body>,
        headers: &[(String, String)],
        seen: &Outcome,
    ) -> Outcome {
        let Some(connection) = &self.connections[slot] else {
            return Outcome::Absent;
        };
        if let Err(fault) = is_idle(&connection.phase) {
            return Outcome::Failed(fault);
        }
        let mut head = match Head::new(method, url, Some(connection.host()), true) {
            Ok(head) => head,
            Err(mut faults) => {
                if headers.iter().any(|it| !can_be_sent(it)) {
                    faults.push(Fault::Value);
                }
                return one_of(faults, seen);
            }
        };
        for (name, value) in headers {
            if let Err(fault) = head.push(name, std::slice::from_ref(value)) {
                return Outcome::Failed(fault);
            }
        }
        let announces = head.has("Content-Length") || head.has("Transfer-Encoding");
        let is_later = body.is_none() && announces;
        self.start(slot, head, body, is_later, seen).into()
    }

    /// The head goes out, and the body that is given with it.
    fn start(
        &mut self,
        slot: usize,
        head: Head,
        body: Option<&Body>,
        is_later: bool,
        seen: &Outcome,
    ) -> Result<(), Fault> {
        let Some(connection) = &mut self.connections[slot] else {
            return Ok(());
        };
        let announced = head.announce(body, is_later, connection.encode_chunked);
        let (_, mut transfer) = announced.map_err(|fault| {
            // Trailers that nothing carries may be told first.
            let is_of_trailers = connection.has_trailers && *seen == Outcome::Failed(Fault::Value);
            match is_of_trailers {
                true => Fault::Value,
                false => fault,
            }
        })?;
        if connection.has_trailers && transfer != Transfer::Chunks {
            return Err(Fault::Value);
        }
        connection.has_trailers = false;
        connection.phase = Phase::Sent(head, transfer.clone());
        if connection.no_time && !is_done_at_once(seen) {
            if !self.is_open(self.connections[slot].as_ref().and_then(|it| it.link)) {
                self.forget_proxy(slot);
            }
            return Err(self.fail(slot, Fault::TimedOut));
        }
        // A stream may be read, and found wrong, before there is a connection.
        let wrong = body.and_then(|it| transfer.take(it, !is_later).err());
        self.open(slot).map_err(|fault| match wrong {
            Some(wrong) if *seen == Outcome::Failed(wrong.clone()) => wrong,
            _ => fault,
        })?;
        match body {
            Some(body) => self.carry(slot, body, !is_later),
            None => Ok(()),
        }
    }

    /// Body goes out; `is_whole` where nothing may follow.
    fn carry(&mut self, slot: usize, body: &Body, is_whole: bool) -> Result<(), Fault> {
        let Some(connection) = &mut self.connections[slot] else {
            return Ok(());
        };
        let Phase::Sent(_, transfer) = &mut connection.phase else {
            return Ok(());
        };
        match transfer.take(body, is_whole) {
            Ok(()) => Ok(()),
            Err(fault) => Err(self.fail(slot, fault)),
        }
    }

    fn send(&mut self, slot: usize, body: &Body) -> Result<(), Fault> {
        let Some(connection) = &self.connections[slot] else {
            return Ok(());
        };
        let Phase::Sent(_, transfer) = &connection.phase else {
            return Err(Fault::CannotSendRequest(connection.phase.name()));
        };
        let room = match transfer {
            Transfer::Nothing | Transfer::Ended => 0,
            Transfer::Left(left) => *left,
            Transfer::Chunks | Transfer::Unframed => u64::MAX,
        };
        if body.known()?.is_some_and(|it| it > room) {
            return Err(Fault::Value);
        }
        if !self.is_open(connection.link) {
            return Err(self.fail(slot, Fault::NotConnected));
        }
        self.carry(slot, body, false)
    }

    fn connect(&mut self, slot: usize, seen: &Outcome) -> Result<(), Fault> {
        let Some(connection) = &self.connections[slot] else {
            return Ok(());
        };
        if self.is_open(connection.link) {
            return Ok(());
        }
        if let Phase::Sent(..) = connection.phase {
            return Err(self.fail(slot, Fault::NotConnected));
        }
        if connection.no_time && *seen != Outcome::Done && !is_done_at_once(seen) {
            self.forget_proxy(slot);
            return Err(self.fail(slot, Fault::TimedOut));
        }
        self.open(slot)
    }

    fn forget_proxy(&mut self, slot: usize) {
        if let Some(connection) = &mut self.connections[slot] {
            connection.proxy_headers = None;
        }
    }

    /// Opens the connection, if it is closed.
    fn open(&mut self, slot: usize) -> Result<(), Fault> {
        let Some(connection) = &self.connections[slot] else {
            return Ok(());
        };
        if self.is_open(connection.link) {
            return Ok(());
        }
        let is_nobody = connection.port == self.world.nobody && !connection.has_proxy;
        let tunnel = connection.tunnel.clone();
        // Each of the proxy's replies has some.
        let has_too_many = connection.options.max_response_headers == Some(0) && tunnel.is_some();
        self.forget_proxy(slot);
        if is_nobody {
            return Err(self.fail(slot, Fault::Socket("connect", "refused")));
        }
        if has_too_many {
            return Err(self.fail(slot, Fault::TooMany));
        }
        let is_refused = |tunnel: &&Tunnel| tunnel.end.starts_with("refused");
        let refused = tunnel.as_ref().filter(is_refused).cloned();
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let headers = match (&tunnel, &refused) {
            (None, _) => None,
            (Some(_), Some(refused)) => Some(vec![
                header("Proxy-Authenticate", "Basic"),
                header("Content-Length", &refused.connect.len().to_string()),
            ]),
            (Some(_), None) => Some(vec![header("Via", "a proxy")]),
        };
        let link = refused.is_none().then(|| self.new_link());
        if let Some(connection) = &mut self.connections[slot] {
            connection.proxy_headers = headers;
            connection.link = link;
        }
        match refused {
            Some(tunnel) => Err(self.fail(slot, Fault::Tunnel(407, tunnel.connect))),
            None => Ok(()),
        }
    }

    /// After a failure the connection is closed and idle.
    fn fail(&mut self, slot: usize, fault: Fault) -> Fault {
        if let Some(connection) = &mut self.connections[slot] {
            connection.phase = Phase::Idle;
            let link = connection.link.take();
            self.let_go(link);
        }
        fault
    }

    fn set_tunnel(
        &mut self,
        slot: usize,
        (host, port): (&str, Option<u16>),
        headers: &[(String, String)],
        seen: &Outcome,
    ) -> Outcome {
        let is_open = self.is_open(self.connections[slot].as_ref().and_then(|it| it.link));
        let Some(connection) = &mut self.connections[slot] else {
            return Outcome::Absent;
        };
        let mut faults = Vec::new();
        let default = if connection.is_https { 443 } else { 80 };
        let can_be_sent = can_go_together(headers) && !announces_a_body(headers);
        if is_open || !matches!(connection.phase, Phase::Idle) || !can_be_sent {
            faults.push(Fault::Value);
        }
        match hosts::parse(host, port, default) {
            Err(_) if host.chars().any(|c| c.is_control() || c == ' ') => faults.push(Fault::Value),
            Err(fault) => faults.push(fault),
            Ok((host, port)) if faults.is_empty() => {
                connection.tunnel = Some(Tunnel::new(format!("{host}:{port}"), headers));
                return Outcome::Done;
            }
            Ok(_) => {}
        }
        one_of(faults, seen)
    }

    fn set_proxy(&mut self, slot: usize, url: Option<&str>, seen: &Outcome) -> Outcome {
        let is_open = self.is_open(self.connections[slot].as_ref().and_then(|it| it.link));
        let Some(connection) = &mut self.connections[slot] else {
            return Outcome::Absent;
        };
        let mut faults = Vec::new();
        if is_open || !matches!(connection.phase, Phase::Idle) || connection.tunnel.is_some() {
            faults.push(Fault::Value);
        }
        if let Some(Err(fault)) = url.map(hosts::proxy) {
            faults.push(fault);
        }
        if !faults.is_empty() {
            return one_of(faults, seen);
        }
        connection.has_proxy = url.is_some();
        Outcome::Done
    }

    pub(super) fn get_response(&mut self, slot: usize, into: usize, seen: &Outcome) -> Outcome {
        let Some(connection) = &self.connections[slot] else {
            return Outcome::Absent;
        };
        let is_lent = connection.link.is_some_and(|it| self.links[it].is_lent);
        let is_open = self.is_open(connection.link);
        let not_ready = Outcome::Failed(Fault::ResponseNotReady(connection.phase.name()));
        let (head, link) = match (&connection.phase, connection.link) {
            (Phase::Sent(_, Transfer::Left(1..)), _) => return not_ready,
            (Phase::Sent(..), _) if is_lent && is_open => return not_ready,
            (Phase::Sent(head, _), Some(link)) if is_open => (head.clone(), link),
            (Phase::Sent(..), _) => return Outcome::Failed(self.fail(slot, Fault::NotConnected)),
            _ => return not_ready,
        };
        let Some(reply) = Connection::reply(&head) else {
            return Outcome::Absent;
        };
        let strict = connection.options.strict == Some(true);
        // What came before was HTTP/1.1.
        let has_spoken = self.links[link].is_reused || head.says("Expect", "100-continue");
        let must_have_status_line = strict || connection.tunnel.is_some() || has_spoken;
        let max_headers = connection.options.max_response_headers;
        match Response::new(reply, &head, link, must_have_status_line, max_headers) {
            Ok(response) => {
                self.answered(slot, &response);
                self.responses[into] = Some(response);
                Outcome::Done
            }
            Err(faults) => {
                self.fail(slot, Fault::Other);
                one_of(faults, seen)
            }
        }
    }

    /// The exchange is over, but for the body.
    fn answered(&mut self, slot: usize, response: &Response) {
        let link = &mut self.links[response.link];
        link.is_reused = true;
        link.is_lent = response.holds_socket();
        if let Some(connection) = &mut self.connections[slot] {
            connection.phase = Phase::Idle;
            if response.will_close {
                connection.link = None;
            }
        }
    }

    pub(super) fn one_call(
        &mut self,
        into: usize,
        method: &str,
        path: &str,
        seen: &Outcome,
    ) -> Outcome {
        let host = format!("127.0.0.1:{}", self.world.port);
        let head = match Head::new(method, path, Some(&host), true) {
            Ok(head) => head,
            Err(faults) => return one_of(faults, seen),
        };
        let Some(reply) = Connection::reply(&head) else {
            return Outcome::Absent;
        };
        let link = self.new_link();
        match Response::new(reply, &head, link, true, None) {
            Ok(response) => {
                self.links[link].is_lent = response.holds_socket();
                self.responses[into] = Some(response);
                Outcome::Done
            }
            Err(faults) => one_of(faults, seen),
        }
    }
}

impl Tunnel {
    fn new(end: String, headers: &[(String, String)]) -> Self {
        let connect = Head::new("CONNECT", &end, Some(&end), false).map(|mut head| {
            for (name, value) in headers {
                let _ = head.push(name, std::slice::from_ref(value));
            }
            head.bytes(&Announced::Nothing)
        });
        let connect = connect.unwrap_or_default();
        Self { end, connect }
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

    /// How many bytes `send` may bring.
    pub fn room(&self) -> Option<u64> {
        match &self.phase {
            Phase::Sent(_, Transfer::Left(left)) => Some(*left),
            Phase::Sent(_, Transfer::Chunks) => Some(FILE.len() as u64),
            _ => None,
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

/// A `CONNECT` has none: RFC 9110, section 9.3.6.
fn announces_a_body(headers: &[(String, String)]) -> bool {
    headers.iter().any(|(name, value)| {
        name.eq_ignore_ascii_case("Transfer-Encoding")
            || name.eq_ignore_ascii_case("Content-Length") && !value.trim_matches('0').is_empty()
    })
}

/// Whether they can be the headers of one request.
fn can_go_together(headers: &[(String, String)]) -> bool {
    let head = Head::new("CONNECT", "a:1", None, false);
    head.is_ok_and(|mut head| {
        let mut pushed = headers
            .iter()
            .map(|(name, value)| head.push(name, std::slice::from_ref(value)));
        pushed.all(|it| it.is_ok())
    })
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
