//! Constructors and calls of a connection, but for what is sent.

use super::request::{is_answerable, may_be_cut, path};
use super::{Generator, Reach};
use crate::calls::{Body, ConnectionCall, Op, Options, SLOTS, Target};
use crate::model::{Connection, Interface, Model, Phase, Unread};
use crate::words;

impl Generator<'_> {
    pub(super) fn of_connection(&mut self, model: &Model) -> Option<Op> {
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
}
