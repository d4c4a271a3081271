//! The way to the server: `connect`, `set-tunnel`, `set-proxy`, and what ends it.

use super::super::request::{Announced, Head};
use super::super::{Model, one_of};
use super::{Phase, is_done_at_once};
use crate::calls::Outcome;
use crate::fault::Fault;
use crate::hosts;

/// Where `set-tunnel` leads.
#[derive(Clone, Debug)]
pub struct Tunnel {
    /// Host and port.
    pub end: String,
    /// What the proxy is sent.
    connect: Vec<u8>,
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

impl Model {
    pub(super) fn connect(&mut self, slot: usize, seen: &Outcome) -> Result<(), Fault> {
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

    pub(super) fn forget_proxy(&mut self, slot: usize) {
        if let Some(connection) = &mut self.connections[slot] {
            connection.proxy_headers = None;
        }
    }

    /// Opens the connection, if it is closed.
    pub(super) fn open(&mut self, slot: usize) -> Result<(), Fault> {
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
    pub(super) fn fail(&mut self, slot: usize, fault: Fault) -> Fault {
        if let Some(connection) = &mut self.connections[slot] {
            connection.phase = Phase::Idle;
            let link = connection.link.take();
            self.let_go(link);
        }
        fault
    }

    pub(super) fn set_tunnel(
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

    pub(super) fn set_proxy(&mut self, slot: usize, url: Option<&str>, seen: &Outcome) -> Outcome {
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
