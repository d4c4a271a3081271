//! What `set_debuglevel` prints: the lines that `httplib` prints, wherever the owner wants them.

use core::cell::Cell;

use crate::http1::{ResponseHead, latin1};

/// The debug level of a connection and where its lines go.
#[derive(Debug)]
pub struct Trace {
    level: Cell<u32>,
    print: fn(&str),
}

impl Trace {
    /// A trace at level 0, which prints nothing.
    #[must_use]
    pub fn new(print: fn(&str)) -> Self {
        Self {
            level: Cell::new(0),
            print,
        }
    }

    /// `set_debuglevel(level)`.
    pub fn set_level(&self, level: u32) {
        self.level.set(level);
    }

    fn is_on(&self) -> bool {
        self.level.get() > 0
    }

    /// `connect: (host, port)`, before the socket is opened.
    pub(super) fn connect(&self, host: &str, port: u16) {
        if self.is_on() {
            (self.print)(&format!("connect: ({host}, {port})"));
        }
    }

    /// `send: '…'`, before the bytes are sent.
    pub(super) fn send(&self, bytes: &[u8]) {
        if self.is_on() {
            (self.print)(&format!("send: '{}'", bytes.escape_ascii()));
        }
    }

    /// `reply: '…'` and a `header:` line for each header, after a head was received.
    pub(super) fn reply(&self, head: &ResponseHead) {
        if !self.is_on() {
            return;
        }
        let version = head.version.number();
        (self.print)(&format!(
            "reply: 'HTTP/{}.{} {} {}\\r\\n'",
            version / 10,
            version % 10,
            head.status,
            head.reason.escape_ascii()
        ));
        for (name, value) in head.headers.iter() {
            (self.print)(&format!("header: {}: {}", latin1(name), latin1(value)));
        }
    }
}
