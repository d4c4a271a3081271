//! Real proxies: squid, tinyproxy, and haproxy, which puts TLS in front of another.

use std::fmt::Write as _;
use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU8, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use host_tests::LIMIT;
use host_tests::component::{Connection, Error, Guest, Result, TlsContext};
use host_tests::server::{GREETING, Server};
use host_tests::tls::Authority;
use tempfile::TempDir;

use super::Secure;
use crate::support::failure;

/// The only user of each of them.
const USER: &str = "user:password";

/// The same as basic_ncsa_auth wants it.
const PASSWORD_FILE: &str = "user:$apr1$01234567$IXBaQywhAhc0d75ZbaSDp/\n";

/// A program that listens, killed when this is dropped.
struct Program {
    address: SocketAddr,
    process: Child,
    _folder: TempDir,
}

impl Program {
    /// Starts `command` with a configuration for its address and its folder, and waits until it listens.
    fn start(
        name: &str,
        arguments: &[&str],
        configuration: impl FnOnce(SocketAddr, &Path) -> String,
    ) -> Self {
        let folder = TempDir::new().expect("the system has room for a folder");
        // Those that are started by root read it as somebody else.
        let open = fs::Permissions::from_mode(0o755);
        fs::set_permissions(folder.path(), open).expect("it is ours");
        let address = free_address();
        let file = folder.path().join("configuration");
        fs::write(&file, configuration(address, folder.path())).expect("the folder is there");
        let mut command = Command::new(name);
        command.args(arguments).arg(&file).current_dir(&folder);
        let path = std::env::var("PATH").unwrap_or_default();
        command.env("PATH", format!("{path}:/usr/sbin"));
        command.stdin(Stdio::null()).stdout(Stdio::null());
        let process = command.stderr(Stdio::null()).spawn();
        let mut program = Self {
            address,
            process: process.unwrap_or_else(|error| panic!("{name} does not start: {error}")),
            _folder: folder,
        };
        program.wait(name);
        program
    }

    fn wait(&mut self, name: &str) {
        let begin = Instant::now();
        while TcpStream::connect(self.address).is_err() {
            let ended = self.process.try_wait().expect("it was started");
            assert!(ended.is_none(), "{name} has ended: {ended:?}");
            assert!(begin.elapsed() < LIMIT, "{name} does not listen");
            thread::sleep(Duration::from_millis(5));
        }
    }

    fn url(&self, scheme: &str, credentials: &str) -> String {
        format!("{scheme}://{credentials}@{}", self.address)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ended = self.process.kill();
        let _status = self.process.wait();
    }
}

/// A port of an address that no other test uses: it stays free until the program takes it.
fn free_address() -> SocketAddr {
    static NEXT: AtomicU8 = AtomicU8::new(1);
    let host = format!("127.0.64.{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let listener = TcpListener::bind((host.as_str(), 0)).expect("loopback has a free port");
    listener.local_addr().expect("it is bound")
}

fn squid() -> Program {
    Program::start("squid", &["-N", "-f"], |address, folder| {
        let users = folder.join("users");
        fs::write(&users, PASSWORD_FILE).expect("the folder is there");
        let mut lines = format!("http_port {address}\n");
        let helper = "/usr/lib/squid/basic_ncsa_auth";
        writeln!(
            lines,
            "auth_param basic program {helper} {}",
            users.display()
        )
        .expect("text");
        lines.push_str(
            "auth_param basic children 2 startup=1\n\
             acl known proxy_auth REQUIRED\n\
             http_access allow known\n\
             http_access deny all\n\
             cache deny all\n\
             access_log none\n\
             cache_log /dev/null\n\
             pid_filename none\n\
             netdb_filename none\n\
             pinger_enable off\n\
             max_filedescriptors 1024\n\
             shutdown_lifetime 0 seconds\n\
             visible_hostname proxy.example\n",
        );
        lines
    })
}

fn tinyproxy() -> Program {
    Program::start("tinyproxy", &["-d", "-c"], |address, _| {
        let (host, port) = (address.ip(), address.port());
        format!(
            "Listen {host}\nPort {port}\nTimeout 60\nMaxClients 50\nLogLevel Critical\n\
             Allow 127.0.0.0/8\nBasicAuth user password\n"
        )
    })
}

/// TLS in front of another proxy.
fn haproxy(authority: &Authority, behind: &Program) -> Program {
    Program::start("haproxy", &["-db", "-f"], |address, folder| {
        let identity = authority.issue(&[&address.ip().to_string()]);
        let file = folder.join("identity.pem");
        let pem = identity.chain_pem() + &identity.key_pem();
        fs::write(&file, pem).expect("the folder is there");
        format!(
            "global\n maxconn 100\ndefaults\n mode tcp\n timeout connect 9s\n timeout client 60s\n \
             timeout server 60s\nfrontend tls\n bind {address} ssl crt {}\n default_backend proxy\n\
             backend proxy\n server proxy {}\n",
            file.display(),
            behind.address
        )
    })
}

/// Asserts that http and https lead through this proxy, several requests each.
fn assert_leads(url: &str, context: &impl Fn(&Guest) -> Option<TlsContext>) -> Result<()> {
    let (guest, server, secure) = (Guest::new(), Server::http(), Secure::new());
    let context = context(&guest);
    let plain = guest.http("127.0.0.1", server.port(), None)?;
    let secured = secure.connect(&guest)?;
    for connection in [plain, secured] {
        connection.set_proxy_with(Some(url), context.as_ref())?;
        assert_eq!(connection.fetch("GET", "/")?.read(None)?, GREETING);
        assert_streams(&guest, &connection)?;
        assert_eq!(connection.fetch("GET", "/status/404")?.status(), 404);
    }
    assert_eq!(secure.server.connections(), 1);
    Ok(())
}

/// Large bodies in both directions.
fn assert_streams(guest: &Guest, connection: &Connection) -> Result<()> {
    const LARGE: usize = 2 << 20;
    let body = host_tests::server::pattern(LARGE);
    let received = connection.fetch("GET", &format!("/chunked/{LARGE}"))?;
    assert!(received.read(None)? == body);
    let sent = Some(guest.stream(body));
    connection.request("PUT", "/count", sent, &[])?;
    let counted = connection.get_response()?.read(None)?;
    assert_eq!(counted, format!("{LARGE} bytes of the pattern").as_bytes());
    Ok(())
}

/// Asserts that this proxy refuses who brings no credentials, and how that looks.
fn assert_refuses(program: &Program) -> Result<()> {
    let (guest, server, secure) = (Guest::new(), Server::http(), Secure::new());
    let url = format!("http://{}", program.address);
    let connection = guest.http("127.0.0.1", server.port(), None)?;
    connection.set_proxy(Some(&url))?;
    let response = connection.fetch("GET", "/")?;
    assert_eq!(response.status(), 407);
    assert!(response.get_header("Proxy-Authenticate", None).is_some());
    assert!(!response.read(None)?.is_empty());

    let connection = secure.connect(&guest)?;
    connection.set_proxy(Some(&url))?;
    let Error::Tunnel(refusal) = failure(connection.fetch("GET", "/")) else {
        panic!("the proxy refuses");
    };
    assert_eq!(refusal.status, 407);
    assert!(!refusal.body.is_empty());
    Ok(())
}

fn default(_: &Guest) -> Option<TlsContext> {
    None
}

#[test]
fn squid_leads_to_the_server() -> Result<()> {
    assert_leads(&squid().url("http", USER), &default)
}

#[test]
fn squid_refuses_strangers() -> Result<()> {
    assert_refuses(&squid())
}

#[test]
fn tinyproxy_leads_to_the_server() -> Result<()> {
    assert_leads(&tinyproxy().url("http", USER), &default)
}

#[test]
fn tinyproxy_refuses_strangers() -> Result<()> {
    assert_refuses(&tinyproxy())
}

#[test]
fn haproxy_before_squid_leads_to_the_server_over_tls() -> Result<()> {
    let (authority, squid) = (Authority::new(), squid());
    let front = haproxy(&authority, &squid);
    let trusting = |guest: &Guest| {
        let context = guest.context_trusting(&authority.pem());
        Some(context.expect("a certificate"))
    };
    assert_leads(&front.url("https", USER), &trusting)
}

#[test]
fn haproxy_before_tinyproxy_leads_to_the_server_over_tls() -> Result<()> {
    let (authority, tinyproxy) = (Authority::new(), tinyproxy());
    let front = haproxy(&authority, &tinyproxy);
    let trusting = |guest: &Guest| {
        let context = guest.context_trusting(&authority.pem());
        Some(context.expect("a certificate"))
    };
    assert_leads(&front.url("https", USER), &trusting)
}

#[test]
fn a_reverse_proxy_serves_as_any_server() -> Result<()> {
    let (authority, server) = (Authority::new(), Server::http());
    let front = Program::start("haproxy", &["-db", "-f"], |address, folder| {
        let identity = authority.issue(&[&address.ip().to_string()]);
        let file = folder.join("identity.pem");
        let pem = identity.chain_pem() + &identity.key_pem();
        fs::write(&file, pem).expect("the folder is there");
        format!(
            "global\n maxconn 100\ndefaults\n mode http\n timeout connect 9s\n timeout client 60s\n \
             timeout server 60s\nfrontend tls\n bind {address} ssl crt {}\n default_backend site\n\
             backend site\n server site {}\n",
            file.display(),
            server.address()
        )
    });
    let guest = Guest::new();
    let context = guest.context_trusting(&authority.pem())?;
    let options = host_tests::component::HttpsOptions::with(&context);
    let connection = guest.https(&front.address.to_string(), None, Some(options))?;
    assert_eq!(connection.fetch("GET", "/")?.read(None)?, GREETING);
    assert_streams(&guest, &connection)?;
    Ok(())
}
