//! What each call must give: the state machine of the interface, written from its documentation.
//!
//! [`Model::step`] takes a call and what came of it. Where the interface leaves a choice, such as how much one read
//! brings, the model checks that what came is among what may come, and goes on from there.

mod connection;
mod context;
mod message;
pub mod request;
mod response;
mod status;
mod under_way;
mod upgraded;

use crate::calls::{Fields, Kind, Op, Outcome, RESPONSES, SLOTS};
use crate::fault::Fault;

pub use connection::{Connection, Phase};
pub use context::{Context, SUITES};
pub use response::{Response, Unread};
pub use under_way::closes;
pub use upgraded::Upgraded;

/// Which interface is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interface {
    Wasi02,
    Wasi03,
}

/// Where the server is, and what it has beside its sockets.
#[derive(Clone, Debug)]
pub struct World {
    pub interface: Interface,
    pub port: u16,
    /// A port where nobody listens.
    pub nobody: u16,
}

/// A socket, as a connection and a response share it.
#[derive(Clone, Debug, Default)]
pub struct Link {
    pub is_open: bool,
    /// Whether a response has unread body.
    pub is_lent: bool,
    /// Whether a response came this way.
    pub is_reused: bool,
}

/// All that is known.
#[derive(Clone)]
pub struct Model {
    pub world: World,
    pub connections: [Option<Connection>; SLOTS],
    pub responses: [Option<Response>; RESPONSES],
    pub messages: [Option<Fields>; SLOTS],
    pub upgraded: [Option<Upgraded>; SLOTS],
    pub contexts: [Option<Context>; SLOTS],
    links: Vec<Link>,
}

impl Model {
    /// Nothing is there yet.
    pub fn new(world: World) -> Self {
        Self {
            world,
            connections: [const { None }; SLOTS],
            responses: [const { None }; RESPONSES],
            messages: [const { None }; SLOTS],
            upgraded: [const { None }; SLOTS],
            contexts: [const { None }; SLOTS],
            links: Vec::new(),
        }
    }

    /// Holds `seen` against what must come of `op`.
    ///
    /// # Errors
    /// What should have come.
    pub fn step(&mut self, op: &Op, seen: &Outcome) -> Result<(), Outcome> {
        let expected = self.expected(op, seen);
        match expected == *seen {
            true => Ok(()),
            false => Err(expected),
        }
    }

    fn expected(&mut self, op: &Op, seen: &Outcome) -> Outcome {
        match op {
            Op::Http(slot, target) => self.http(*slot, target, seen),
            Op::Https(slot, target, context) => self.https(*slot, target, *context, seen),
            Op::Connection(slot, call) => self.connection(*slot, call, seen),
            Op::GetResponse(slot, into) => self.get_response(*slot, *into, seen),
            Op::OneCall(into, method, url) => self.one_call(*into, method, url, seen),
            Op::Response(slot, call) => self.response(*slot, call, seen),
            Op::Msg(slot, into) => {
                let headers = self.responses[*slot].as_ref().map(|it| it.headers.clone());
                self.messages[*into] = headers;
                Outcome::Done
            }
            Op::Upgrade(slot, into) => self.upgrade(*slot, *into),
            Op::Message(slot, call) => match &self.messages[*slot] {
                Some(headers) => message::expected(headers, call),
                None => Outcome::Absent,
            },
            Op::Upgraded(slot, call) => match &mut self.upgraded[*slot] {
                Some(upgraded) => upgraded.expected(self.world.interface, call, seen),
                None => Outcome::Absent,
            },
            Op::MakeContext(slot, origin) => {
                self.contexts[*slot] = Some(Context::new(*origin));
                Outcome::Done
            }
            Op::Context(slot, call) => match &mut self.contexts[*slot] {
                Some(context) => context.expected(self.world.interface, call),
                None => Outcome::Absent,
            },
            Op::Drop(kind, slot) => self.dropped(*kind, *slot),
            Op::Poll | Op::DropPollables => Outcome::Done,
            Op::Status(call) => status::expected(call, seen),
            Op::Cancel(op) => self.cancel(op, seen),
            Op::Beside(first, second) => self.beside(first, second, seen),
        }
    }

    fn dropped(&mut self, kind: Kind, slot: usize) -> Outcome {
        match kind {
            Kind::Connection => {
                if let Some(connection) = self.connections[slot].take() {
                    self.let_go(connection.link);
                }
            }
            Kind::Response => {
                if let Some(mut response) = self.responses[slot].take() {
                    self.close_response(&mut response);
                }
            }
            Kind::Message => self.messages[slot] = None,
            Kind::Upgraded => self.upgraded[slot] = None,
            Kind::Context => self.contexts[slot] = None,
        }
        Outcome::Done
    }

    /// The connection no longer has this socket: it closes now, or with the response that is read from it.
    fn let_go(&mut self, link: Option<usize>) {
        if let Some(link) = link.map(|it| &mut self.links[it]).filter(|it| !it.is_lent) {
            link.is_open = false;
        }
    }

    fn new_link(&mut self) -> usize {
        self.links.push(Link {
            is_open: true,
            ..Link::default()
        });
        self.links.len() - 1
    }

    fn is_open(&self, link: Option<usize>) -> bool {
        link.is_some_and(|it| self.links[it].is_open)
    }
}

/// The one of these that was seen, or the first.
fn one_of(faults: Vec<Fault>, seen: &Outcome) -> Outcome {
    let mut outcomes = faults.into_iter().map(Outcome::Failed);
    let first = outcomes.next().unwrap_or(Outcome::Done);
    match outcomes.any(|it| it == *seen) {
        true => seen.clone(),
        false => first,
    }
}

/// What a call may give that gives some of `rest`, as many bytes as `most`, but one at least.
fn some_of(rest: &[u8], most: u64, seen: &Outcome) -> Vec<u8> {
    let most = rest.len().min(usize::try_from(most).unwrap_or(usize::MAX));
    match seen {
        Outcome::Bytes(bytes)
            if !bytes.is_empty() && bytes.len() <= most && rest.starts_with(bytes) =>
        {
            bytes.clone()
        }
        _ => rest[..most].to_vec(),
    }
}

impl From<Result<(), Fault>> for Outcome {
    fn from(result: Result<(), Fault>) -> Self {
        match result {
            Ok(()) => Self::Done,
            Err(fault) => Self::Failed(fault),
        }
    }
}
