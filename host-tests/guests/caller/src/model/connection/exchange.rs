//! A request, and the response to it.

use super::super::request::{Head, Transfer};
use super::super::response::Response;
use super::super::{Model, one_of};
use super::{Phase, can_be_sent, is_done_at_once, is_idle};
use crate::calls::{Body, Outcome};
use crate::fault::Fault;
use crate::replies::{REPLIES, Reply};

impl Model {
    pub(super) fn request(
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
    pub(super) fn start(
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

    pub(super) fn send(&mut self, slot: usize, body: &Body) -> Result<(), Fault> {
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

    pub(in crate::model) fn get_response(
        &mut self,
        slot: usize,
        into: usize,
        seen: &Outcome,
    ) -> Outcome {
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
        let Some(reply) = reply(&head) else {
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

    pub(in crate::model) fn one_call(
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
        let Some(reply) = reply(&head) else {
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

/// The reply to the request that was sent.
fn reply(head: &Head) -> Option<&'static Reply> {
    let name = head.target.rsplit('/').next()?;
    REPLIES.iter().find(|reply| reply.name == name)
}
