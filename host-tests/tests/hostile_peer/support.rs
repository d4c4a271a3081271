//! An exchange with a hostile peer, and what it may cost.

use std::sync::Arc;
use std::time::{Duration, Instant};

use harness::component::{
    Connection, ConnectionOptions, Error, Guest, HttpException, Result, TlsContext, TlsOptions,
};
use harness::peer::{Flood, Peer, Step};
use harness::tls::{Authority, Identity, ServerTls};
use rustls::ServerConfig;

/// A whole response.
pub const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// The most linear memory that an instance may take.
pub const MEMORY: usize = 8 << 20;

/// The deadline of an exchange that something else ends.
pub const AMPLE: Duration = Duration::from_secs(20);
/// That of an exchange that nothing else ends. On a busy machine it may be over before the head has come.
pub const SHORT: Duration = Duration::from_millis(300);
/// How late an exchange may end where the peer, and other tests, use the same processor.
const MARGIN: Duration = Duration::from_secs(10);

/// Versions of TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    Tls12,
    Tls13,
}

pub const VERSIONS: [Version; 2] = [Version::Tls12, Version::Tls13];

/// A connection to a peer that follows a script first, and then is a good server.
pub struct Trial {
    pub guest: Guest,
    pub peer: Peer,
    pub connection: Connection,
    _context: Option<TlsContext>,
}

impl Trial {
    /// Over TCP.
    pub fn http(steps: Vec<Step>) -> Self {
        Self::http_with(None, steps)
    }

    /// The same with options.
    pub fn http_with(options: Option<&ConnectionOptions>, steps: Vec<Step>) -> Self {
        Self::plain(options, Peer::script(scripts(steps)))
    }

    /// Over TCP with a peer of the test's own.
    pub fn of(peer: Peer) -> Self {
        Self::plain(None, peer)
    }

    fn plain(options: Option<&ConnectionOptions>, peer: Peer) -> Self {
        let guest = Guest::new();
        let connection = guest.http("127.0.0.1", peer.port(), options);
        Self {
            connection: connection.expect("an address"),
            guest,
            peer,
            _context: None,
        }
    }

    /// Over TLS with a server that gives its keys away.
    pub fn https(version: Version, steps: Vec<Step>) -> Self {
        let authority = Authority::new();
        let config = config(version, &authority.issue(&["127.0.0.1"]));
        Self::secured(&authority, Peer::script_tls(config, scripts(steps)))
    }

    /// Over TLS with a peer whose certificate this authority has issued, or ought to have.
    pub fn secured(authority: &Authority, peer: Peer) -> Self {
        let guest = Guest::new();
        let context = guest.context_trusting(&authority.pem()).expect("PEM");
        let tls = Some(TlsOptions::with(&context));
        let connection = guest.https("127.0.0.1", peer.port(), None, tls);
        Self {
            connection: connection.expect("an address"),
            guest,
            peer,
            _context: Some(context),
        }
    }

    /// What comes of an exchange that may take so long; without a limit, whatever it takes.
    #[track_caller]
    pub fn outcome<T>(
        self,
        total: impl Into<Option<Duration>>,
        exchange: impl FnOnce(&Connection) -> Result<T>,
    ) -> Result<T> {
        let total = total.into();
        let nanoseconds = |total: Duration| u64::try_from(total.as_nanos()).expect("it is short");
        self.connection.set_deadline(total.map(nanoseconds));
        let begin = Instant::now();
        let outcome = exchange(&self.connection);
        let elapsed = begin.elapsed();
        let in_time = total.is_none_or(|total| elapsed < total + MARGIN);
        assert!(in_time, "it took {elapsed:?} of {total:?}");
        let memory = self.guest.memory();
        assert!(memory <= MEMORY, "it took {memory} bytes");
        self.assert_goes_on();
        outcome
    }

    /// Asserts that the same connection object fetches a page over a fresh socket.
    #[track_caller]
    fn assert_goes_on(&self) {
        self.connection.set_deadline(None);
        self.connection.close();
        let response = self.connection.fetch("GET", "/").expect("a response");
        assert_eq!(response.read(None).expect("a whole body"), b"ok");
        assert_eq!(self.peer.connections(), 2);
    }

    /// The error of a response's head.
    #[track_caller]
    pub fn head_error(self) -> Error {
        failure(self.outcome(AMPLE, |connection| connection.fetch("GET", "/")))
    }

    /// What reading all of a body says.
    #[track_caller]
    pub fn body(self) -> Result<Vec<u8>> {
        self.outcome(AMPLE, |connection| connection.fetch("GET", "/")?.read(None))
    }

    /// The same, however long it takes.
    #[track_caller]
    pub fn whole_body(self) -> Result<Vec<u8>> {
        self.outcome(None, |connection| connection.fetch("GET", "/")?.read(None))
    }
}

/// These steps, and then a good server.
pub fn scripts(steps: Vec<Step>) -> Vec<Vec<Step>> {
    vec![steps, Step::answers(&[OK])]
}

/// A server that speaks only this version, and gives its keys away.
pub fn config(version: Version, identity: &Identity) -> Arc<ServerConfig> {
    let tls = ServerTls::new(identity).giving_keys_away();
    match version {
        Version::Tls12 => tls.tls12_only().build(),
        Version::Tls13 => tls.tls13_only().build(),
    }
}

/// Answers a request with the beginning of something, and then with more of it without end.
pub fn endless(beginning: impl AsRef<[u8]>, more: impl AsRef<[u8]>) -> Vec<Step> {
    flooding(beginning, Flood::of(more))
}

/// The same with anything that can be sent again and again.
pub fn flooding(beginning: impl AsRef<[u8]>, flood: Flood) -> Vec<Step> {
    vec![Step::AwaitHead, Step::send(beginning), Step::Flood(flood)]
}

/// The error of what must fail.
#[track_caller]
pub fn failure<T>(result: Result<T>) -> Error {
    match result {
        Ok(_) => panic!("this does not fail"),
        Err(error) => error,
    }
}

/// The `HTTPException` in an error.
#[track_caller]
pub fn exception(error: Error) -> HttpException {
    match error {
        Error::Http(exception) => exception,
        other => panic!("not HTTP's error: {other:?}"),
    }
}

/// Asserts of which kind an error is, and a word of its text.
macro_rules! assert_says {
    ($error:expr, $($kind:ident)::+, $word:expr) => {
        match $error {
            $($kind)::+(text) if text.contains($word) => {}
            other => panic!("not {} of {}: {other:?}", stringify!($($kind)::+), $word),
        }
    };
}
pub(crate) use assert_says;
