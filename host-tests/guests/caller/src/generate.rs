//! What is called next: at random, legal or not, but for what no document says the outcome of.

use fastrand::Rng;

use crate::calls::{
    Body, ConnectionCall, ContextCall, Fields, Kind, MessageCall, Op, Options, Origin, Pem,
    RESPONSES, ResponseCall, SLOTS, StatusCall, Target, UpgradedCall, Verify, Version,
};
use crate::files;
use crate::model::request::Head;
use crate::model::{Connection, Interface, Model, Phase, Unread};
use crate::replies::{REPLIES, Reply, Then};
use crate::words;

/// What a sequence may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Nothing leaves the component.
    Offline,
    /// It talks to the server.
    Online,
}

/// Chooses calls.
pub struct Generator<'a> {
    pub rng: &'a mut Rng,
    pub reach: Reach,
}

impl Generator<'_> {
    fn one<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.rng.usize(..of.len())]
    }

    fn often(&mut self, percent: u32) -> bool {
        self.rng.u32(..100) < percent
    }

    fn pick(&mut self, live: impl Iterator<Item = bool>) -> Option<usize> {
        let live: Vec<_> = live
            .enumerate()
            .filter(|(_, is)| *is)
            .map(|(at, _)| at)
            .collect();
        (!live.is_empty()).then(|| *self.one(&live))
    }

    /// The next call.
    pub fn next(&mut self, model: &Model) -> Op {
        loop {
            let op = match self.rng.u32(..100) {
                0..50 => self.of_connection(model),
                50..76 => self.of_response(model),
                76..80 => self.of_message(model),
                80..85 => self.of_upgraded(model),
                85..93 => self.of_context(model),
                93..97 => self.drops(model),
                97 => Some(Op::Poll),
                98 => Some(Op::DropPollables),
                _ => Some(Op::Status(self.status())),
            };
            if let Some(op) = op {
                return op;
            }
        }
    }

    /// Something that is there is dropped.
    pub fn drops(&mut self, model: &Model) -> Option<Op> {
        let (kind, slot) = match self.rng.u32(..5) {
            0 => (
                Kind::Connection,
                self.pick(model.connections.iter().map(Option::is_some)),
            ),
            1 => (
                Kind::Response,
                self.pick(model.responses.iter().map(Option::is_some)),
            ),
            2 => (
                Kind::Message,
                self.pick(model.messages.iter().map(Option::is_some)),
            ),
            3 => (
                Kind::Upgraded,
                self.pick(model.upgraded.iter().map(Option::is_some)),
            ),
            _ => (
                Kind::Context,
                self.pick(model.contexts.iter().map(Option::is_some)),
            ),
        };
        let slot = slot?;
        match kind {
            Kind::Response if !may_be_given_up(model, slot) => None,
            _ => Some(Op::Drop(kind, slot)),
        }
    }

    fn of_connection(&mut self, model: &Model) -> Option<Op> {
        let slot = self.rng.usize(..SLOTS);
        let Some(connection) = &model.connections[slot] else {
            return Some(self.make(model, slot));
        };
        match self.rng.u32(..100) {
            0..3 => Some(self.make(model, slot)),
            3..23 => {
                let into = self.pick(model.responses.iter().map(Option::is_none))?;
                Some(Op::GetResponse(slot, into))
            }
            23..26 if self.reach == Reach::Online => {
                let into = self.pick(model.responses.iter().map(Option::is_none))?;
                let reply = self.reply("GET");
                Some(Op::OneCall(into, "GET", path(reply)))
            }
            _ => {
                let call = self.connection_call(model, connection)?;
                Some(Op::Connection(slot, call))
            }
        }
    }

    fn make(&mut self, model: &Model, slot: usize) -> Op {
        let target = self.target(model);
        let percent = match self.reach {
            Reach::Offline => 15,
            // Nobody answers those.
            Reach::Online => 2,
        };
        if self.often(percent) {
            let context = self.pick(model.contexts.iter().map(Option::is_some));
            if context.is_some() || self.often(3) {
                return Op::Https(slot, target, context);
            }
        }
        Op::Http(slot, target)
    }

    fn target(&mut self, model: &Model) -> Target {
        let is_there = self.reach == Reach::Online && self.often(90);
        let port = match is_there {
            true => model.world.port,
            false => model.world.nobody,
        };
        let (host, port) = match self.rng.u32(..100) {
            0..70 => ("127.0.0.1".to_owned(), Some(port)),
            70..85 => (format!("127.0.0.1:{port}"), None),
            _ if self.reach == Reach::Online => ("127.0.0.1".to_owned(), Some(port)),
            _ => (
                (*self.one(words::HOSTS)).to_owned(),
                *self.one(&[None, Some(0), Some(1), Some(80), Some(443), Some(65_535)]),
            ),
        };
        // What hangs is to be told, with the calls before it.
        let timeouts: &[_] = match (self.reach, model.world.interface) {
            (Reach::Online, Interface::Wasi02) => {
                &[Some(10_000_000_000), Some(10_000_000_000), Some(0)]
            }
            (Reach::Online, Interface::Wasi03) => &[Some(10_000_000_000)],
            (_, Interface::Wasi02) => &[None, Some(20_000_000_000), Some(u64::MAX), Some(0)],
            (_, Interface::Wasi03) => &[None, None, Some(20_000_000_000), Some(u64::MAX)],
        };
        let options = Options {
            strict: *self.one(&[None, None, Some(true), Some(false)]),
            timeout: *self.one(timeouts),
            source_address: self.often(5).then(|| ("127.0.0.1".to_owned(), 0)),
            blocksize: *self.one(&[None, None, Some(0), Some(1), Some(u32::MAX)]),
            max_response_headers: *self.one(&[
                None,
                None,
                None,
                None,
                None,
                Some(0),
                Some(u32::MAX),
            ]),
        };
        Target {
            host,
            port,
            options,
        }
    }

    fn connection_call(
        &mut self,
        model: &Model,
        connection: &Connection,
    ) -> Option<ConnectionCall> {
        let may_send = self.may_send(model, connection);
        Some(match self.rng.u32(..100) {
            0..22 => self.request(may_send, connection)?,
            22..34 => {
                let is_answered = may_send || self.often(50);
                let (method, selector) = self.line(is_answered);
                ConnectionCall::PutRequest(method, selector, self.often(5), self.often(20))
            }
            34..46 => {
                let (name, values) = self.header(connection);
                ConnectionCall::PutHeader(name, values)
            }
            46..56 => {
                let body = self.body(connection);
                match &connection.phase {
                    Phase::Started(_) if !may_send => {
                        ConnectionCall::EndHeaders(Some(Body::Directory))
                    }
                    Phase::Started(head)
                        if !is_answerable(head, connection)
                            || may_be_cut(head, body.as_ref(), connection) =>
                    {
                        ConnectionCall::Close
                    }
                    _ => ConnectionCall::EndHeaders(body),
                }
            }
            56..64 => ConnectionCall::Send(match self.piece(connection) {
                // While a stream is read, a reply may be met that has come meanwhile.
                Body::Stream if connection.room().is_none_or(|room| room < 8) => Body::File,
                body => body,
            }),
            64..69 => ConnectionCall::Close,
            69..73 if may_send => ConnectionCall::Connect,
            // Whether the proxy or the deadline is first, is not said.
            73..76 if self.reach == Reach::Online && connection.no_time => return None,
            73..76 => {
                let host = match self.reach {
                    Reach::Online => *self.one(&["far.example", "refused.example", "a b", ""]),
                    Reach::Offline => *self.one(words::HOSTS),
                };
                ConnectionCall::SetTunnel(
                    host.into(),
                    *self.one(&[None, Some(80), Some(0)]),
                    self.fields(),
                )
            }
            76..79 => {
                let port = model.world.port;
                let url = match self.reach {
                    Reach::Online => self
                        .often(70)
                        .then(|| format!("http://a:b@127.0.0.1:{port}")),
                    Reach::Offline => self
                        .often(80)
                        .then(|| (*self.one(words::PROXIES)).to_owned()),
                };
                ConnectionCall::SetProxy(url, None)
            }
            79..81 => ConnectionCall::SetTrailers(self.trailers()),
            81..84 => ConnectionCall::SetEncodeChunked(self.rng.bool()),
            84 if self.reach == Reach::Online && connection.has_tunnel() => return None,
            84 => ConnectionCall::SetDeadline(*self.one(&[
                None,
                None,
                Some(0),
                Some(u64::MAX),
                Some(20_000_000_000),
            ])),
            85 => ConnectionCall::SetContinueTimeout(*self.one(&[0, 1, 20_000_000_000, u64::MAX])),
            86..89 => ConnectionCall::Subscribe,
            89..92 => ConnectionCall::GetProxyResponseHeaders,
            92..94 => ConnectionCall::TlsSession,
            94..96 => ConnectionCall::ProxyFromEnvironment,
            96 => ConnectionCall::SetDebuglevel(0),
            _ => return None,
        })
    }

    /// Whether what is sent now is answered as the model says.
    fn may_send(&self, model: &Model, connection: &Connection) -> bool {
        let reads = |at: &&crate::model::Response| {
            Some(at.link) == connection.link && at.reply == "short" && at.unread == Unread::Open
        };
        let ends = model.responses.iter().flatten().any(|it| reads(&it));
        self.reach == Reach::Online && !connection.is_https && !ends
    }

    fn request(&mut self, may_send: bool, connection: &Connection) -> Option<ConnectionCall> {
        let is_idle = matches!(connection.phase, Phase::Idle);
        let (method, url) = self.line(may_send || !is_idle);
        let mut headers = self.fields();
        let body = self.body(connection);
        if is_idle && !may_send {
            headers.push(("X".into(), (*self.one(words::NO_VALUES)).to_owned()));
        }
        let mut head = Head::new(&method, &url, None, false).ok();
        for (name, value) in &headers {
            if let Some(head) = &mut head {
                let _ = head.push(name, std::slice::from_ref(value));
            }
        }
        let is_answerable = head.is_none_or(|head| {
            is_answerable(&head, connection) && !may_be_cut(&head, body.as_ref(), connection)
        });
        is_answerable.then_some(ConnectionCall::Request(method, url, body, headers))
    }

    /// A method and a target.
    fn line(&mut self, is_answered: bool) -> (String, String) {
        if !is_answered || self.often(4) {
            let method = *self.one(words::METHODS);
            let target = *self.one(words::TARGETS);
            if Head::new(method, target, None, false).is_err() {
                return (method.into(), target.into());
            }
        }
        let method = *self.one(&[
            "GET", "GET", "GET", "POST", "PUT", "HEAD", "DELETE", "PaTcH",
        ]);
        (method.into(), path(self.reply(method)))
    }

    fn reply(&mut self, method: &str) -> &'static Reply {
        loop {
            let mut upgrades = REPLIES.iter().filter(|it| it.then == Then::Echo);
            let reply = match upgrades.next() {
                Some(reply) if self.often(10) => reply,
                _ => self.one(REPLIES),
            };
            let is_plain = ["length", "lines", "empty", "chunks", "closing"].contains(&reply.name);
            let is_rare = reply.name == "large" && !self.often(20);
            if (method != "HEAD" || is_plain) && !is_rare {
                return reply;
            }
        }
    }

    fn body(&mut self, connection: &Connection) -> Option<Body> {
        let announced = match &connection.phase {
            Phase::Started(head) if head.has("Content-Length") => 50,
            _ => 30,
        };
        self.often(announced).then(|| self.piece(connection))
    }

    fn piece(&mut self, connection: &Connection) -> Body {
        let files = self.reach == Reach::Online || !matches!(connection.phase, Phase::Idle);
        match self.rng.u32(..20) {
            0 => Body::Directory,
            1 if files => Body::File,
            2 if files => Body::Stream,
            3..6 => Body::Bytes(Vec::new()),
            6..9 => Body::Bytes(b"contents".to_vec()),
            _ => Body::Bytes(vec![b'x'; connection.room().unwrap_or(8).min(3) as usize]),
        }
    }

    fn fields(&mut self) -> Fields {
        let mut fields = Vec::new();
        while self.often(25) {
            let (name, value) = *self.one(words::FIELDS);
            fields.push((name.to_owned(), value.to_owned()));
        }
        fields
    }

    fn trailers(&mut self) -> Fields {
        let (name, value) = *self.one(words::TRAILERS);
        match self.often(30) {
            true => Vec::new(),
            false => vec![(name.to_owned(), value.to_owned())],
        }
    }

    fn header(&mut self, connection: &Connection) -> (String, Vec<String>) {
        let (name, value) = *self.one(words::FIELDS);
        let chunked = connection.encode_chunked && self.often(20);
        match self.rng.u32(..20) {
            _ if chunked => (
                "Transfer-Encoding".into(),
                vec!["gzip".into(), ", chunked".into()],
            ),
            0 => (name.into(), Vec::new()),
            1 => (name.into(), vec![value.into(), "two".into(), String::new()]),
            2 => ("X".into(), vec![(*self.one(words::NO_VALUES)).into()]),
            3 => ((*self.one(words::NO_TOKENS)).into(), vec![value.into()]),
            _ => (name.into(), vec![value.into()]),
        }
    }

    fn of_response(&mut self, model: &Model) -> Option<Op> {
        let slot = self.pick(model.responses.iter().map(Option::is_some))?;
        let amounts = [
            None,
            None,
            Some(0),
            Some(1),
            Some(3),
            Some(5),
            Some(1000),
            Some(u64::MAX),
        ];
        let amount = *self.one(&amounts);
        let call = match self.rng.u32(..40) {
            0..2 => return Some(Op::Msg(slot, self.rng.usize(..SLOTS))),
            2..6 => {
                return Some(Op::Upgrade(
                    slot,
                    self.pick(model.upgraded.iter().map(Option::is_none))?,
                ));
            }
            6 => ResponseCall::Status,
            7 => ResponseCall::Reason,
            8 => ResponseCall::Version,
            9 => ResponseCall::GetHeader(
                (*self.one(words::NAMES)).into(),
                self.often(50).then(|| "none".into()),
            ),
            10 => ResponseCall::GetHeaders,
            11..16 => ResponseCall::Read(amount),
            16..18 => ResponseCall::Splice(amount),
            18..20 => ResponseCall::Discard(amount),
            20 => ResponseCall::InterimResponses,
            21 => ResponseCall::Trailers,
            22..25 => ResponseCall::Read1(amount),
            25..27 => ResponseCall::Peek(amount.unwrap_or(9)),
            27..30 => ResponseCall::Readline(amount),
            30 => ResponseCall::Fileno,
            31..33 => ResponseCall::IsClosed,
            33 if may_be_given_up(model, slot) => ResponseCall::Close,
            34 => ResponseCall::WillClose,
            35..37 => ResponseCall::Length,
            37 => ResponseCall::Subscribe,
            _ => return None,
        };
        Some(Op::Response(slot, call))
    }

    fn of_message(&mut self, model: &Model) -> Option<Op> {
        let slot = self.pick(model.messages.iter().map(Option::is_some))?;
        let name = (*self.one(words::NAMES)).to_owned();
        let call = match self.rng.u32(..14) {
            0 => MessageCall::Get(name),
            1 => MessageCall::GetAll(name),
            2 => MessageCall::Names,
            3 => MessageCall::Items,
            4 => MessageCall::Contains(name),
            5 => MessageCall::Headers,
            6 => MessageCall::ContentType,
            7 => MessageCall::ContentMaintype,
            8 => MessageCall::ContentSubtype,
            9 => MessageCall::Params,
            10 => MessageCall::Param(name),
            11 => MessageCall::ContentCharset,
            12 => MessageCall::Encoding,
            _ => MessageCall::ContentEncoding,
        };
        Some(Op::Message(slot, call))
    }

    fn of_upgraded(&mut self, model: &Model) -> Option<Op> {
        let slot = self.pick(model.upgraded.iter().map(Option::is_some))?;
        let upgraded = model.upgraded[slot].as_ref()?;
        let call = match self.rng.u32(..12) {
            0..5 if upgraded.may_be_read() => {
                UpgradedCall::Read(*self.one(&[0, 1, 2, 100, u64::MAX]))
            }
            5..7 => UpgradedCall::Write(self.one(&[&b""[..], b"x", b"hello"]).to_vec()),
            7 | 8 => UpgradedCall::Flush,
            9 => UpgradedCall::Shutdown,
            10 => UpgradedCall::Subscribe,
            11 => UpgradedCall::SubscribeWrite,
            _ => return None,
        };
        Some(Op::Upgraded(slot, call))
    }

    fn of_context(&mut self, model: &Model) -> Option<Op> {
        let slot = self.rng.usize(..SLOTS);
        if model.contexts[slot].is_none() || self.often(5) {
            let origin = match self.rng.u32(..20) {
                0 => Origin::Default,
                1..9 => Origin::Unverified,
                _ => Origin::Bare,
            };
            return Some(Op::MakeContext(slot, origin));
        }
        let call = match self.rng.u32(..40) {
            0..8 => ContextCall::SetCheckHostname(self.rng.bool()),
            8..16 => ContextCall::SetVerifyMode(*self.one(&[
                Verify::None,
                Verify::Optional,
                Verify::Required,
            ])),
            16..20 => ContextCall::SetMinimumVersion(*self.one(&[Version::Tls12, Version::Tls13])),
            20..26 => {
                let names = (0..self.rng.usize(..4)).map(|_| self.suite());
                ContextCall::SetCipherSuites(names.collect())
            }
            26..30 => ContextCall::SetAlpnProtocols(self.protocols()),
            30 => ContextCall::LoadDefaultCerts,
            31..33 => ContextCall::LoadVerifyLocations(self.pem()),
            33 => ContextCall::LoadCrls(self.pem()),
            34..37 => ContextCall::AddPin(vec![7; *self.one(&[0, 1, 31, 32, 33, 64])]),
            37 => {
                let key = self.often(70).then(|| self.pem());
                ContextCall::LoadCertChain(self.pem(), key)
            }
            38 => ContextCall::SetKeyLog(None),
            _ => ContextCall::SetKeyLog(Some(self.key_log(model))),
        };
        Some(Op::Context(slot, call))
    }

    fn suite(&mut self) -> String {
        let suites = crate::model::SUITES;
        let is_known = self.often(85);
        match is_known {
            true => self.one(&suites[1..]).0.to_owned(),
            false => (*self.one(&["", suites[0].0, "RC4", "TLS_AES_128_GCM_SHA256\0"])).to_owned(),
        }
    }

    fn protocols(&mut self) -> Vec<String> {
        let lengths = [0, 1, 8, 255, 256];
        (0..self.rng.usize(..3))
            .map(|_| "h".repeat(*self.one(&lengths)))
            .collect()
    }

    fn pem(&mut self) -> Pem {
        match self.rng.u32(..20) {
            0..9 => Pem::BytesOf(self.one::<&'static str>(files::ALL)),
            9..14 => Pem::PathOf(self.one::<&'static str>(files::ALL)),
            14..18 => Pem::Bytes(self.one(words::NO_PEM).to_vec()),
            _ => Pem::Path((*self.one(words::NO_PATHS)).to_owned()),
        }
    }

    fn key_log(&mut self, model: &Model) -> String {
        let is_good = model.world.interface == Interface::Wasi02 && self.often(50);
        match is_good {
            true => "keys.log".to_owned(),
            false => (*self.one(words::NO_PATHS)).to_owned(),
        }
    }

    fn status(&mut self) -> StatusCall {
        match self.rng.u32(..5) {
            0 => StatusCall::HttpPort,
            1 => StatusCall::HttpsPort,
            2 => StatusCall::ReasonPhrase(*self.one(&[
                0,
                99,
                100,
                200,
                404,
                413,
                511,
                512,
                u16::MAX,
            ])),
            3 => StatusCall::Responses,
            _ => StatusCall::Constant((*self.one(words::CONSTANTS)).to_owned()),
        }
    }
}

fn path(reply: &Reply) -> String {
    format!("/reply/{}", reply.name)
}

/// Whether the server understands what follows the head.
fn is_answerable(head: &Head, connection: &Connection) -> bool {
    !head.has("Transfer-Encoding") || connection.encode_chunked
}

/// Whether the server may answer before a stream is found too long: that is read in blocks.
fn may_be_cut(head: &Head, body: Option<&Body>, connection: &Connection) -> bool {
    let is_small = matches!(connection.options.blocksize, Some(0 | 1));
    is_small && body == Some(&Body::Stream) && head.has("Content-Length")
}

/// Whether it is known what giving up the response does to its connection: of a large one, the rest may have
/// arrived or not.
fn may_be_given_up(model: &Model, slot: usize) -> bool {
    let response = model.responses[slot].as_ref();
    response.is_none_or(|it| {
        let left = it.rest.len();
        it.reply != "large" || it.unread != Unread::Open || left > 200_000
    })
}

/// What is dropped at the end: everything, one after the other.
pub fn remaining() -> Vec<Op> {
    let mut all = vec![Op::DropPollables];
    let slots = [SLOTS, RESPONSES, SLOTS, SLOTS, SLOTS];
    let kinds = [
        Kind::Connection,
        Kind::Response,
        Kind::Message,
        Kind::Upgraded,
        Kind::Context,
    ];
    for (kind, slots) in kinds.into_iter().zip(slots) {
        all.extend((0..slots).map(|slot| Op::Drop(kind, slot)));
    }
    all
}
