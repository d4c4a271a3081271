//! The sessions that connections of one context may resume.
//!
//! Servers are few: they are looked for one after the other, and the one that has been known longest
//! makes room for a new one.

use alloc::collections::VecDeque;
use core::fmt;

use rustls::NamedGroup;
use rustls::client::{ClientSessionStore, Tls12ClientSessionValue, Tls13ClientSessionValue};
use rustls::pki_types::ServerName;
use spin::Mutex;

/// How many servers are remembered.
const SERVERS: usize = 256;

/// How many tickets of TLS 1.3 are kept for a server: each is good for one connection.
const TICKETS: usize = 8;

/// What is remembered of a server.
struct Server {
    name: ServerName<'static>,
    /// The group that it chose.
    group: Option<NamedGroup>,
    tls12: Option<Tls12ClientSessionValue>,
    /// The oldest first.
    tickets: VecDeque<Tls13ClientSessionValue>,
}

impl Server {
    fn new(name: ServerName<'static>) -> Self {
        Self {
            name,
            group: None,
            tls12: None,
            tickets: VecDeque::new(),
        }
    }
}

/// The servers, the one that has been known longest first.
#[derive(Default)]
pub(super) struct ResumableSessions(Mutex<VecDeque<Server>>);

impl ResumableSessions {
    /// Asks what is remembered of a server, if anything is.
    fn of<T>(
        &self,
        name: &ServerName<'_>,
        ask: impl FnOnce(&mut Server) -> Option<T>,
    ) -> Option<T> {
        let mut servers = self.0.lock();
        servers
            .iter_mut()
            .find(|server| server.name == *name)
            .and_then(ask)
    }

    /// Changes what is remembered of a server, new or known.
    fn edit(&self, name: ServerName<'static>, change: impl FnOnce(&mut Server)) {
        let mut servers = self.0.lock();
        if let Some(known) = servers.iter_mut().find(|server| server.name == name) {
            return change(known);
        }
        if servers.len() == SERVERS {
            servers.pop_front();
        }
        let mut server = Server::new(name);
        change(&mut server);
        servers.push_back(server);
    }
}

impl ClientSessionStore for ResumableSessions {
    fn set_kx_hint(&self, server_name: ServerName<'static>, group: NamedGroup) {
        self.edit(server_name, |server| server.group = Some(group));
    }

    fn kx_hint(&self, server_name: &ServerName<'_>) -> Option<NamedGroup> {
        self.of(server_name, |server| server.group)
    }

    fn set_tls12_session(&self, server_name: ServerName<'static>, value: Tls12ClientSessionValue) {
        self.edit(server_name, |server| server.tls12 = Some(value));
    }

    fn tls12_session(&self, server_name: &ServerName<'_>) -> Option<Tls12ClientSessionValue> {
        self.of(server_name, |server| server.tls12.clone())
    }

    fn remove_tls12_session(&self, server_name: &ServerName<'static>) {
        self.of(server_name, |server| server.tls12.take());
    }

    fn insert_tls13_ticket(
        &self,
        server_name: ServerName<'static>,
        value: Tls13ClientSessionValue,
    ) {
        self.edit(server_name, |server| {
            if server.tickets.len() == TICKETS {
                server.tickets.pop_front();
            }
            server.tickets.push_back(value);
        });
    }

    fn take_tls13_ticket(
        &self,
        server_name: &ServerName<'static>,
    ) -> Option<Tls13ClientSessionValue> {
        self.of(server_name, |server| server.tickets.pop_back())
    }
}

/// Says nothing of what it holds: these are secrets.
impl fmt::Debug for ResumableSessions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ResumableSessions")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(number: usize) -> ServerName<'static> {
        ServerName::try_from(format!("{number}.example")).unwrap()
    }

    #[test]
    fn a_server_too_many_replaces_the_one_known_longest() {
        let sessions = ResumableSessions::default();
        for number in 0..=SERVERS {
            sessions.set_kx_hint(name(number), NamedGroup::X25519);
            sessions.set_kx_hint(name(number), NamedGroup::secp256r1);
        }
        assert_eq!(sessions.kx_hint(&name(0)), None);
        for number in 1..=SERVERS {
            assert_eq!(sessions.kx_hint(&name(number)), Some(NamedGroup::secp256r1));
        }
    }
}
