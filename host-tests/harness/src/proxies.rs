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

use tempfile::TempDir;

use crate::LIMIT;
use crate::tls::Authority;

/// The only user of each of them, as a URL has it.
pub const USER: &str = "user:password";

/// The same as basic_ncsa_auth wants it.
const PASSWORD_FILE: &str = "user:$apr1$01234567$IXBaQywhAhc0d75ZbaSDp/\n";

/// A proxy that listens, killed when this is dropped.
pub struct Proxy {
    address: SocketAddr,
    process: Child,
    _folder: TempDir,
}

impl Proxy {
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
        let mut proxy = Self {
            address,
            process: process.unwrap_or_else(|error| panic!("{name} does not start: {error}")),
            _folder: folder,
        };
        proxy.wait(name);
        proxy
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

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its URL without credentials.
    #[must_use]
    pub fn url(&self, scheme: &str) -> String {
        format!("{scheme}://{}", self.address)
    }

    /// Its URL with these credentials.
    #[must_use]
    pub fn url_with(&self, scheme: &str, credentials: &str) -> String {
        format!("{scheme}://{credentials}@{}", self.address)
    }
}

impl Drop for Proxy {
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

/// squid, which wants to know its user.
///
/// # Panics
/// Where it does not start.
#[must_use]
pub fn squid() -> Proxy {
    Proxy::start("squid", &["-N", "-f"], |address, folder| {
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

/// tinyproxy, which wants to know its user.
///
/// # Panics
/// Where it does not start.
#[must_use]
pub fn tinyproxy() -> Proxy {
    Proxy::start("tinyproxy", &["-d", "-c"], |address, _| {
        let (host, port) = (address.ip(), address.port());
        format!(
            "Listen {host}\nPort {port}\nTimeout 60\nMaxClients 50\nLogLevel Critical\n\
             Allow 127.0.0.0/8\nBasicAuth user password\n"
        )
    })
}

/// TLS in front of another server, whose protocol it knows (`http`) or does not (`tcp`).
///
/// # Panics
/// Where it does not start.
#[must_use]
pub fn haproxy(authority: &Authority, mode: &str, behind: SocketAddr) -> Proxy {
    Proxy::start("haproxy", &["-db", "-f"], |address, folder| {
        let identity = authority.issue(&[&address.ip().to_string()]);
        let file = folder.join("identity.pem");
        let pem = identity.chain_pem() + &identity.key_pem();
        fs::write(&file, pem).expect("the folder is there");
        format!(
            "global\n maxconn 100\ndefaults\n mode {mode}\n timeout connect 9s\n timeout client 60s\n \
             timeout server 60s\nfrontend tls\n bind {address} ssl crt {}\n default_backend behind\n\
             backend behind\n server behind {behind}\n",
            file.display(),
        )
    })
}
