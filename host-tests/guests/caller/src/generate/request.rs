//! What is sent: request lines, headers and bodies.

use super::{Generator, Reach};
use crate::calls::{Body, ConnectionCall, Fields};
use crate::model::request::Head;
use crate::model::{Connection, Phase};
use crate::replies::{REPLIES, Reply, Then};
use crate::words;

impl Generator<'_> {
    pub(super) fn request(
        &mut self,
        may_send: bool,
        connection: &Connection,
    ) -> Option<ConnectionCall> {
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
    pub(super) fn line(&mut self, is_answered: bool) -> (String, String) {
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

    pub(super) fn reply(&mut self, method: &str) -> &'static Reply {
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

    pub(super) fn body(&mut self, connection: &Connection) -> Option<Body> {
        let announced = match &connection.phase {
            Phase::Started(head) if head.has("Content-Length") => 50,
            _ => 30,
        };
        self.often(announced).then(|| self.piece(connection))
    }

    pub(super) fn piece(&mut self, connection: &Connection) -> Body {
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

    pub(super) fn fields(&mut self) -> Fields {
        let mut fields = Vec::new();
        while self.often(25) {
            let (name, value) = *self.one(words::FIELDS);
            fields.push((name.to_owned(), value.to_owned()));
        }
        fields
    }

    pub(super) fn trailers(&mut self) -> Fields {
        let (name, value) = *self.one(words::TRAILERS);
        match self.often(30) {
            true => Vec::new(),
            false => vec![(name.to_owned(), value.to_owned())],
        }
    }

    pub(super) fn header(&mut self, connection: &Connection) -> (String, Vec<String>) {
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
}

pub fn path(reply: &Reply) -> String {
    format!("/reply/{}", reply.name)
}

/// Whether the server understands what follows the head.
pub fn is_answerable(head: &Head, connection: &Connection) -> bool {
    !head.has("Transfer-Encoding") || connection.encode_chunked
}

/// Whether the server may answer before a stream is found too long: that is read in blocks.
pub fn may_be_cut(head: &Head, body: Option<&Body>, connection: &Connection) -> bool {
    let is_small = matches!(connection.options.blocksize, Some(0 | 1));
    is_small && body == Some(&Body::Stream) && head.has("Content-Length")
}
