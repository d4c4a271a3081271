//! The command line: curl's options, each with its name, its help and what it sets in one place.

mod data;
mod help;
mod parse;
mod refused;
mod table;

use std::time::Duration;

pub use data::Data;
pub use help::{long, version};
pub use parse::{Asked, parse};

/// A command line that was understood.
#[derive(Default)]
pub struct Options {
    /// What to fetch, in order.
    pub urls: Vec<String>,
    /// What each request is made of.
    pub request: Request,
    /// Whom to trust, and who we are.
    pub tls: Tls,
    /// By way of which proxy.
    pub proxy: Proxy,
    /// What goes where.
    pub output: Output,
    /// How long things may take.
    pub limits: Limits,
}

/// What each request is made of.
#[derive(Default)]
pub struct Request {
    /// `--request`.
    pub method: Option<String>,
    /// `--head`.
    pub head: bool,
    /// `--get`: the data goes into the query.
    pub get: bool,
    /// `--data` and its kin, joined.
    pub data: Option<Data>,
    /// `--json`: its headers are wanted.
    pub json: bool,
    /// `--header`, in order.
    pub headers: Vec<String>,
    /// `--upload-file`, one for each URL.
    pub uploads: Vec<String>,
    /// `--url-query`, joined.
    pub query: Option<String>,
    /// `--user`.
    pub user: Option<String>,
    /// `--user-agent`; empty: none is sent.
    pub user_agent: Option<String>,
    /// `--referer`.
    pub referer: Option<String>,
    /// `--range`.
    pub range: Option<String>,
    /// `--continue-at`.
    pub resume: Option<Resume>,
    /// `--http0.9`.
    pub http09: bool,
    /// `--interface`.
    pub interface: Option<String>,
}

/// `--continue-at`.
#[derive(Clone, Copy, Debug)]
pub enum Resume {
    /// From this byte.
    At(u64),
    /// `-`: from where the output file ends.
    AtEnd,
}

/// Whom to trust, and who we are.
#[derive(Default)]
pub struct Tls {
    /// `--insecure`.
    pub insecure: bool,
    /// `--cacert` and `--capath`: these authorities and no others; without them the usual ones.
    pub authorities: Option<Vec<String>>,
    /// `--crlfile`.
    pub crl: Option<String>,
    /// `--cert`.
    pub certificate: Option<String>,
    /// `--key`.
    pub key: Option<String>,
    /// `--pinnedpubkey`: SHA-256 of each key.
    pub pins: Vec<Vec<u8>>,
    /// `--tlsv1.3`.
    pub only_tls13: bool,
}

/// By way of which proxy.
#[derive(Default)]
pub struct Proxy {
    /// `--proxy`; empty: none, whatever the environment says.
    pub url: Option<String>,
    /// `--proxy-user`.
    pub user: Option<String>,
    /// `--proxytunnel`.
    pub tunnel: bool,
    /// `--noproxy`.
    pub except: Option<String>,
    /// `--proxy-cacert`.
    pub authority: Option<String>,
    /// `--proxy-insecure`.
    pub insecure: bool,
}

/// What goes where.
#[derive(Default)]
pub struct Output {
    /// `--output` and `--remote-name`, one for each URL.
    pub files: Vec<Destination>,
    /// `--include`.
    pub include: bool,
    /// `--dump-header`.
    pub dump: Option<String>,
    /// `--verbose`.
    pub verbose: Verbosity,
    /// `--trace-time`.
    pub trace_time: bool,
    /// `--silent`.
    pub silent: bool,
    /// `--show-error`.
    pub show_error: bool,
    /// `--no-progress-meter`, `--progress-bar`.
    pub meter: Meter,
    /// `--fail`, `--fail-with-body`.
    pub fail: Fail,
    /// `--fail-early`.
    pub fail_early: bool,
    /// `--write-out`.
    pub write_out: Option<String>,
}

/// Where a body goes.
#[derive(Clone, Debug)]
pub enum Destination {
    /// To this file; `-` is standard output.
    File(String),
    /// To a file named after the URL's last segment.
    RemoteName,
}

/// `--verbose`, and `--verbose` twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    /// Nothing.
    #[default]
    Quiet,
    /// The heads, and what TLS agreed on.
    Heads,
    /// What httplib prints at debug level 1 as well.
    Debug,
}

/// How a transfer shows that it goes on, where standard error is a terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Meter {
    /// In numbers.
    #[default]
    Numbers,
    /// `--progress-bar`.
    Bar,
    /// `--no-progress-meter`.
    Off,
}

/// What a status of 400 or above means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fail {
    /// A response as any other.
    #[default]
    Never,
    /// A failure, and its body is not wanted.
    WithoutBody,
    /// A failure, and its body is.
    WithBody,
}

/// How long things may take.
#[derive(Default)]
pub struct Limits {
    /// `--connect-timeout`.
    pub connect: Option<Duration>,
    /// `--max-time`.
    pub total: Option<Duration>,
    /// `--expect100-timeout`.
    pub expect: Option<Duration>,
}
