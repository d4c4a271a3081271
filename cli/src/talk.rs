//! What `--verbose` says, on standard error: `>` what is sent, `<` what is received, `*` the rest.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::bindings::client::TlsSession;
use crate::options::{Output, Verbosity};
use crate::request::{Host, Request};
use crate::url::Url;

/// Says it, or does not.
#[derive(Clone, Copy)]
pub struct Talk {
    speaks: bool,
    tells_time: bool,
}

impl Talk {
    /// As the options want it.
    pub fn new(options: &Output) -> Self {
        Self {
            speaks: options.verbose >= Verbosity::Heads,
            tells_time: options.trace_time,
        }
    }

    /// `* text`.
    pub fn note(self, text: &str) {
        self.line('*', text);
    }

    /// The head that is sent. `whole` where a proxy gets the URL as a whole.
    pub fn request(self, request: &Request, url: &Url, whole: bool) {
        let target = if whole {
            url.shown()
        } else {
            url.target.clone()
        };
        self.line('>', &format!("{} {target} HTTP/1.1", request.method));
        match &request.host {
            Host::Automatic => self.line('>', &format!("Host: {}", url.host_header())),
            Host::Given(value) => self.line('>', &format!("Host: {value}")),
            Host::Removed => {}
        }
        for (name, value) in &request.headers {
            self.line('>', &format!("{name}: {value}"));
        }
        self.line('>', "");
    }

    /// A head that was received.
    pub fn response(self, head: &[u8]) {
        for line in String::from_utf8_lossy(head).lines() {
            self.line('<', line);
        }
    }

    /// What TLS agreed on.
    pub fn session(self, session: &TlsSession) {
        let group = session.group.as_deref().unwrap_or("no key exchange");
        let alpn = session.alpn.as_deref().unwrap_or("none");
        let resumed = if session.resumed { ", resumed" } else { "" };
        let (version, suite) = (&session.version, &session.cipher_suite);
        self.note(&format!(
            "{version}, {suite}, {group}, ALPN {alpn}{resumed}"
        ));
    }

    fn line(self, sign: char, text: &str) {
        if !self.speaks {
            return;
        }
        let time = if self.tells_time {
            time_of_day()
        } else {
            String::new()
        };
        eprintln!("{time}{sign} {text}");
    }
}

/// `HH:MM:SS.micros ` in UTC: WASI tells no time zone.
fn time_of_day() -> String {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let seconds = now.as_secs();
    let (hours, minutes) = (seconds / 3600 % 24, seconds / 60 % 60);
    format!(
        "{hours:02}:{minutes:02}:{:02}.{:06} ",
        seconds % 60,
        now.subsec_micros()
    )
}
