//! Real TLS servers: OpenSSL's `s_server`, nginx, Node's `https`, Python's `ssl` and tlslite-ng.
//!
//! Each has a port that nobody else can take, and can be connected to when it is returned. Node, Python
//! and tlslite-ng get a socket that listens already as their standard input; `s_server` says where it
//! listens; nginx binds a port that is reserved for it, and says when it does.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::{Command, Stdio};

use socket2::{Domain, Socket, Type};
use tempfile::TempDir;

use crate::program::Program;
use crate::tls::Identity;

/// A running server.
pub struct Real {
    port: u16,
    program: Program,
    /// Its certificate, key and programs.
    _folder: Option<TempDir>,
}

/// A port of loopback for a program that can't take a socket, and listens with `SO_REUSEPORT`.
///
/// Its socket is bound and never listens: that keeps the port from everybody who does not share it.
pub struct ReservedPort(Socket);

impl ReservedPort {
    /// A port that nobody has.
    #[must_use]
    pub fn new() -> Self {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("the system has sockets");
        socket.set_reuse_port(true).expect("a fresh socket");
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        socket.bind(&any.into()).expect("loopback has a free port");
        Self(socket)
    }

    /// Its number.
    #[must_use]
    pub fn number(&self) -> u16 {
        let bound = self.0.local_addr().expect("it was bound");
        bound.as_socket().expect("it is one of IPv4").port()
    }
}

impl Default for ReservedPort {
    fn default() -> Self {
        Self::new()
    }
}

/// What every page says that is not written otherwise.
pub const GREETING: &[u8] = b"hello from a real server\n";

impl Real {
    /// OpenSSL's `s_server` with this certificate; `-www` in the arguments makes it answer requests
    /// by itself, and `-WWW` with the files below `/pages`.
    #[must_use]
    pub fn openssl(identity: &Identity, arguments: &str) -> Self {
        let folder = folder(identity);
        let (chain, key) = (
            folder.path().join("chain.pem"),
            folder.path().join("key.pem"),
        );
        let mut server = Self::openssl_with(&chain, &key, arguments);
        server._folder = Some(folder);
        server
    }

    /// The same with the certificate in these files.
    #[must_use]
    pub fn openssl_with(chain: &Path, key: &Path, arguments: &str) -> Self {
        // What it says on new keys would stay in its buffer.
        let mut command = Command::new("stdbuf");
        command
            .args([
                "-o0",
                "openssl",
                "s_server",
                "-accept",
                "127.0.0.1:0",
                "-cert",
            ])
            .arg(chain)
            .arg("-cert_chain")
            .arg(chain)
            .arg("-key")
            .arg(key)
            .args(arguments.split_whitespace())
            .current_dir(chain.parent().expect("a file is in a folder"))
            .stdin(Stdio::piped());
        let program = Program::start(&mut command);
        let said = program.wait_for("ACCEPT ");
        let port = said.lines().find_map(|line| {
            let (_, port) = line.strip_prefix("ACCEPT ")?.rsplit_once(':')?;
            port.parse().ok()
        });
        Self {
            port: port.expect("s_server says its port"),
            program,
            _folder: None,
        }
    }

    /// nginx with this certificate and these directives for its server.
    #[must_use]
    pub fn nginx(identity: &Identity, directives: &str) -> Self {
        let folder = folder(identity);
        let root = folder.path().display();
        let reserved = ReservedPort::new();
        let port = reserved.number();
        let configuration = format!(
            "daemon off; master_process off; pid {root}/pid; error_log stderr notice;
            events {{}}
            http {{
                access_log off;
                client_body_temp_path {root}/body; proxy_temp_path {root}/proxy;
                fastcgi_temp_path {root}/fastcgi; uwsgi_temp_path {root}/uwsgi;
                scgi_temp_path {root}/scgi;
                server {{
                    listen 127.0.0.1:{port} ssl reuseport;
                    ssl_certificate {root}/chain.pem;
                    ssl_certificate_key {root}/key.pem;
                    root {root}/pages;
                    {directives}
                }}
            }}"
        );
        let file = folder.path().join("nginx.conf");
        std::fs::write(&file, configuration).expect("the folder is ours");
        // Debian puts it where only administrators look.
        let path = std::env::var("PATH").unwrap_or_default() + ":/usr/sbin";
        let mut command = Command::new("nginx");
        command
            .env("PATH", path)
            .arg("-c")
            .arg(file)
            .stdin(Stdio::null());
        let program = Program::start(&mut command);
        // The last line before it serves: it has its sockets by then.
        program.wait_for("getrlimit(RLIMIT_NOFILE)");
        Self {
            port,
            program,
            _folder: Some(folder),
        }
    }

    /// Node's `https` with this certificate, these options of `https.createServer`, and the body of
    /// a function that answers `request` with `response`.
    #[must_use]
    pub fn node(identity: &Identity, options: &str, answer: &str) -> Self {
        let folder = folder(identity);
        let program = format!(
            "const https = require('node:https'), fs = require('node:fs');
            const cert = fs.readFileSync('chain.pem'), key = fs.readFileSync('key.pem');
            const answer = (request, response) => {{ {answer} }};
            https.createServer({{ cert, key, {options} }}, answer).listen({{ fd: 0 }});"
        );
        Self::listening(folder, Path::new("node"), "server.cjs", &program)
    }

    /// Python's `ssl` with this certificate, these statements on `context`, and these on each
    /// `connection` after its request's head.
    #[must_use]
    pub fn python(identity: &Identity, configure: &str, answer: &str) -> Self {
        let folder = folder(identity);
        let program = format!(
            "import socket, ssl, sys
listener = socket.socket(fileno=0)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain('chain.pem', 'key.pem')
{configure}
while True:
    try:
        accepted, _ = listener.accept()
        connection = context.wrap_socket(accepted, server_side=True)
        while True:
            head = b''
            while not head.endswith(b'\\r\\n\\r\\n'):
                received = connection.recv(1)
                if not received:
                    raise EOFError
                head += received
            {}
    except (OSError, EOFError) as error:
        print(repr(error), file=sys.stderr, flush=True)
",
            answer.replace('\n', "\n            ")
        );
        Self::listening(folder, Path::new("python3"), "server.py", &program)
    }

    /// tlslite-ng, which this Python finds, with this certificate, these statements on its `settings`,
    /// and these on each `connection` after its request's head.
    #[must_use]
    pub fn tlslite(python: &Path, identity: &Identity, configure: &str, answer: &str) -> Self {
        let folder = folder(identity);
        let program = format!(
            "import socket, sys
from tlslite.api import *
listener = socket.socket(fileno=0)
chain = X509CertChain()
chain.parsePemList(open('chain.pem').read())
key = parsePEMKey(open('key.pem').read(), private=True)
settings = HandshakeSettings()
{configure}
while True:
    try:
        accepted, _ = listener.accept()
        connection = TLSConnection(accepted)
        connection.handshakeServer(
            certChain=chain, privateKey=key, settings=settings, alpn=[bytearray(b'http/1.1')])
        while True:
            head = b''
            while not head.endswith(b'\\r\\n\\r\\n'):
                received = connection.read(1, 1)
                if not received:
                    raise EOFError
                head += received
            {}
    except (OSError, EOFError, TLSError) as error:
        print(repr(error), file=sys.stderr, flush=True)
",
            answer.replace('\n', "\n            ")
        );
        Self::listening(folder, python, "server.py", &program)
    }

    /// A program that takes a listening socket as its standard input.
    fn listening(folder: TempDir, interpreter: &Path, name: &str, text: &str) -> Self {
        std::fs::write(folder.path().join(name), text).expect("the folder is ours");
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let port = listener.local_addr().expect("it listens").port();
        let mut command = Command::new(interpreter);
        command
            .arg(name)
            .current_dir(&folder)
            .stdin(OwnedFd::from(listener));
        Self {
            port,
            program: Program::start(&mut command),
            _folder: Some(folder),
        }
    }

    /// Where it listens, on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The program, to talk to it on its standard input and output.
    pub fn program(&mut self) -> &mut Program {
        &mut self.program
    }
}

/// A folder with the certificate, its key, and a page at `/` and at `/large`.
fn folder(identity: &Identity) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let pages = folder.path().join("pages");
    let write = |path: std::path::PathBuf, bytes: &[u8]| {
        std::fs::write(path, bytes).expect("the folder is ours");
    };
    std::fs::create_dir(&pages).expect("the folder is ours");
    write(
        folder.path().join("chain.pem"),
        identity.chain_pem().as_bytes(),
    );
    write(folder.path().join("key.pem"), identity.key_pem().as_bytes());
    write(pages.join("index.html"), GREETING);
    write(pages.join("large"), &crate::server::pattern(LARGE));
    folder
}

/// The size of the page `/large`, of [`crate::server::pattern`].
pub const LARGE: usize = 1 << 20;
