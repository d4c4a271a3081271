//! Ways on loopback that fail at a byte: what the component gives its caller then is right, or an error behind just
//! what came; the next exchange goes well, and nothing is left behind.
//!
//! What must come out exactly is tried in memory, in the crate's own `tests/faults`. `FAULTS=all` tries more bytes: `make faults`.

mod way;

use std::fs;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use harness::LIMIT;
use harness::component::{
    Body, Connection, Error, Guest, HttpException, Result, TlsContext, TlsOptions,
};
use harness::relay::Relay;
use harness::server::{GREETING, Server};
use harness::tls::{Authority, ServerTls};

use way::{Direction, Fault, Kind, Way};

/// How many bytes of a direction are tried for each kind of fault.
const SOME: usize = 6;
const MORE: usize = 120;

/// Of these kinds, each trial waits until its deadline.
const SOME_SLOW: usize = 2;

/// How long an exchange may take whose way stalls, or brings what makes it wait.
const DEADLINE: Duration = Duration::from_millis(300);

/// What an instance may have more of at the end: its allocator's slack, and what a connection waits with.
const SLACK: usize = 1 << 20;
const POLLABLES: usize = 2;

/// What is uploaded.
const UPLOAD: &[u8] = &[b'u'; 3000];

/// An upgrade, and what is said behind it.
const SWITCHING: &[u8] =
    b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n";
const SAID: &[u8] = b"from the server";

/// One exchange, as far as it came.
type Exchange<'a> = &'a dyn Fn(&Connection, &mut Vec<u8>) -> Result<()>;

/// How a server is reached.
struct Setting<'a> {
    guest: Guest,
    way: Way,
    context: Option<TlsContext>,
    /// The server's port behind a proxy, where the way leads to one.
    tunnel: Option<u16>,
    exchange: Exchange<'a>,
    /// All that comes out if nothing happens.
    whole: Vec<u8>,
}

/// Only one test counts what is open at a time.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

#[test]
fn a_download() {
    let _turn = turn();
    let server = Server::http();
    let setting = Setting::new(None, server.port(), None, &download);
    setting.try_all("a download");
}

#[test]
fn an_upload() {
    let _turn = turn();
    let server = Server::http();
    let setting = Setting::new(None, server.port(), None, &upload);
    setting.try_all("an upload");
}

#[test]
fn a_download_over_tls() {
    let _turn = turn();
    let authority = Authority::new();
    let server = Server::https(ServerTls::new(&authority.issue(&["127.0.0.1"])).build());
    let setting = Setting::new(Some(&authority), server.port(), None, &download);
    setting.try_all("a download over tls");
}

#[test]
fn an_upload_over_tls_1_2() {
    let _turn = turn();
    let authority = Authority::new();
    let identity = authority.issue(&["127.0.0.1"]);
    let server = Server::https(ServerTls::new(&identity).tls12_only().build());
    let setting = Setting::new(Some(&authority), server.port(), None, &upload);
    setting.try_all("an upload over tls 1.2");
}

#[test]
fn a_download_through_a_tunnel() {
    let _turn = turn();
    let (server, proxy) = (Server::http(), Relay::start(None));
    let setting = Setting::new(None, proxy.port(), Some(server.port()), &download);
    setting.try_all("a download through a tunnel");
}

#[test]
fn a_download_over_tls_through_a_tunnel() {
    let _turn = turn();
    let (authority, proxy) = (Authority::new(), Relay::start(None));
    let server = Server::https(ServerTls::new(&authority.issue(&["127.0.0.1"])).build());
    let port = Some(server.port());
    let setting = Setting::new(Some(&authority), proxy.port(), port, &download);
    setting.try_all("a download over tls through a tunnel");
}

#[test]
fn an_upgrade() {
    let _turn = turn();
    let setting = Setting::new(None, upgrading_server(), None, &upgrade);
    setting.try_all("an upgrade");
}

/// The port of a server that upgrades whoever wants it, and greets the others.
fn upgrading_server() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let port = listener.local_addr().expect("it is bound").port();
    thread::spawn(move || {
        for socket in listener.incoming().flatten() {
            thread::spawn(move || serve(socket));
        }
    });
    port
}

fn serve(mut socket: TcpStream) -> io::Result<()> {
    let head = read_up_to(&mut socket, b"\r\n\r\n")?;
    if head.windows(10).any(|it| it == b"Upgrade: x") {
        socket.write_all(&[SWITCHING, SAID].concat())?;
        read_up_to(&mut socket, b"from the client")?;
        return Ok(());
    }
    let length = GREETING.len();
    socket.write_all(format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n").as_bytes())?;
    socket.write_all(GREETING)
}

fn read_up_to(socket: &mut TcpStream, marker: &[u8]) -> io::Result<Vec<u8>> {
    let (mut read, mut byte) = (Vec::new(), [0]);
    while !read.ends_with(marker) {
        socket.read_exact(&mut byte)?;
        read.extend(byte);
    }
    Ok(read)
}

fn download(connection: &Connection, came: &mut Vec<u8>) -> Result<()> {
    let response = connection.fetch("GET", "/chunked/3000")?;
    read(came, |amount| response.read(Some(amount)))
}

fn upload(connection: &Connection, came: &mut Vec<u8>) -> Result<()> {
    let body = Body::Bytes(UPLOAD.to_vec());
    connection.request("POST", "/count", Some(body), &[])?;
    let response = connection.get_response()?;
    read(came, |amount| response.read(Some(amount)))
}

fn upgrade(connection: &Connection, came: &mut Vec<u8>) -> Result<()> {
    let headers = [("Connection", "Upgrade"), ("Upgrade", "x")];
    connection.request("GET", "/", None, &headers)?;
    let response = connection.get_response()?;
    let stream = response.upgrade()?;
    // What comes is read even where nothing more is taken.
    let said = stream.write("from the client").and_then(|_| stream.flush());
    read(came, |amount| stream.read(amount))?;
    // Only the two programs know where it should end.
    if came != SAID {
        return Err(Error::Http(HttpException::RemoteDisconnected));
    }
    said
}

/// Reads to the end, with what an error carries.
fn read(came: &mut Vec<u8>, mut next: impl FnMut(u64) -> Result<Vec<u8>>) -> Result<()> {
    loop {
        match next(100) {
            Ok(bytes) if bytes.is_empty() => return Ok(()),
            Ok(bytes) => came.extend(bytes),
            Err(error) => {
                if let Error::Http(HttpException::IncompleteRead(incomplete)) = &error {
                    came.extend_from_slice(&incomplete.partial);
                }
                return Err(error);
            }
        }
    }
}

impl<'a> Setting<'a> {
    fn new(
        authority: Option<&Authority>,
        port: u16,
        tunnel: Option<u16>,
        exchange: Exchange<'a>,
    ) -> Self {
        let guest = Guest::new();
        let context = authority.map(|it| guest.context_trusting(&it.pem()).expect("a context"));
        let mut setting = Self {
            guest,
            way: Way::to(port),
            context,
            tunnel,
            exchange,
            whole: Vec::new(),
        };
        let mut whole = Vec::new();
        (setting.exchange)(&setting.connection(), &mut whole).expect("nothing happens");
        setting.whole = whole;
        setting
    }

    fn connection(&self) -> Connection {
        let port = self.way.port();
        let connection = match &self.context {
            None => self.guest.http("127.0.0.1", port, None),
            Some(context) => {
                let tls = Some(TlsOptions::with(context));
                self.guest.https("127.0.0.1", port, None, tls)
            }
        };
        let connection = connection.expect("a valid address");
        if let Some(port) = self.tunnel {
            let tunnel = connection.set_tunnel("127.0.0.1", port, &[]);
            tunnel.expect("a valid address");
        }
        connection
    }

    /// Tries faults of each kind at bytes of both directions, and counts what is left behind.
    fn try_all(&self, name: &str) {
        let lengths = [Direction::ToClient, Direction::ToServer]
            .map(|direction| (direction, self.way.carried(direction)));
        let mut kinds = vec![Kind::Close, Kind::Reset, Kind::Stall, Kind::Split];
        if self.context.is_some() {
            kinds.extend([Kind::Flip, Kind::Repeat, Kind::Insert]);
        }
        let all = std::env::var_os("FAULTS").is_some();
        let (mut trials, mut before) = (0, None);
        for (index, kind) in kinds.into_iter().enumerate() {
            let most = match (kind, all) {
                (Kind::Close | Kind::Reset | Kind::Split, false) => SOME,
                (_, false) => SOME_SLOW,
                (Kind::Close | Kind::Reset | Kind::Split, true) => MORE,
                (_, true) => MORE / 4,
            };
            for (direction, length) in lengths {
                // Behind the tunnel's head, where that is none of TLS's.
                let start = match (self.tunnel, kind) {
                    (Some(_), Kind::Flip | Kind::Repeat | Kind::Insert) => 300,
                    _ => 0,
                };
                let span = length.saturating_sub(start);
                for turn in 0..most.min(span) {
                    let at = start + (turn * span / most + index * 7) % span;
                    let fault = Fault {
                        direction,
                        at,
                        kind,
                    };
                    self.try_out(fault);
                    trials += 1;
                }
            }
            // The first kind warms everything up.
            before = before.or_else(|| Some(self.count()));
        }
        let (files, resources, memory) = before.expect("there are kinds");
        assert_files(files);
        let more = self.guest.resources().saturating_sub(resources);
        assert!(more <= POLLABLES, "{more} resources more");
        let grown = self.guest.memory() - memory;
        assert!(grown <= SLACK, "{grown} bytes more");
        println!("faults: {name}: {trials} trials, 0 lost");
        assert!(trials >= 30, "{trials} trials");
    }

    fn count(&self) -> (usize, usize, usize) {
        (open_files(), self.guest.resources(), self.guest.memory())
    }

    fn try_out(&self, fault: Fault) {
        let connection = self.connection();
        let is_cut = matches!(fault.kind, Kind::Close | Kind::Reset | Kind::Split);
        if !is_cut {
            let nanoseconds = u64::try_from(DEADLINE.as_nanos()).expect("it is short");
            connection.set_deadline(Some(nanoseconds));
        }
        self.way.prepare(fault);
        let (begin, mut came) = (Instant::now(), Vec::new());
        let result = (self.exchange)(&connection, &mut came);
        let elapsed = begin.elapsed();
        assert!(elapsed < LIMIT, "{fault:?}: it took {elapsed:?}");
        assert!(self.whole.starts_with(&came), "{fault:?}: {came:?}");
        let is_unharmed = result.is_ok();
        match result {
            Ok(()) => assert_eq!(came.len(), self.whole.len(), "{fault:?}: an end too early"),
            Err(error) => assert!(is_honest(&error), "{fault:?}: {error:?}"),
        }
        if fault.kind == Kind::Split {
            assert_eq!(came.len(), self.whole.len(), "{fault:?}: nothing was lost");
        }
        connection.set_deadline(None);
        // The exchange was shorter than usual, as one that resumes a session is: the fault is still ahead on this way.
        if is_unharmed && fault.kind != Kind::Split {
            connection.close();
        }
        self.go_on(&connection, fault);
    }

    fn go_on(&self, connection: &Connection, fault: Fault) {
        let response = connection.fetch("GET", "/");
        let response = response.unwrap_or_else(|error| panic!("{fault:?}: next: {error:?}"));
        assert_eq!(response.read(None).expect("a body"), GREETING, "{fault:?}");
    }
}

/// Whether it says what happened to the connection.
fn is_honest(error: &Error) -> bool {
    matches!(
        error,
        Error::Socket(_)
            | Error::TimedOut(_)
            | Error::Tls(_)
            | Error::Http(
                HttpException::IncompleteRead(_)
                    | HttpException::RemoteDisconnected
                    | HttpException::Malformed(_)
            )
    )
}

fn open_files() -> usize {
    let folder = fs::read_dir("/proc/self/fd").expect("Linux has it");
    folder.count()
}

/// Waits until no more files are open than that: the way and the servers close theirs when they see the end.
#[track_caller]
fn assert_files(before: usize) {
    let begin = Instant::now();
    while open_files() > before {
        let (now, waited) = (open_files(), begin.elapsed());
        assert!(waited < LIMIT, "{now} open files, {before} before");
        thread::sleep(Duration::from_millis(5));
    }
}
