//! nginx, with files of the sizes that are asked for.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use anyhow::Result;
use harness::program::Program;
use harness::real::ReservedPort;
use harness::tls::Identity;
use tempfile::TempDir;

/// What nginx serves, each on a port of its own.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Site {
    Http,
    /// TLS 1.3 with ChaCha20-Poly1305.
    ChaCha20,
    /// TLS 1.3 with AES-128-GCM.
    Aes128,
    /// TLS 1.3 with ChaCha20-Poly1305 that resumes no session.
    Full,
}

impl Site {
    const ALL: [Self; 4] = [Self::Http, Self::ChaCha20, Self::Aes128, Self::Full];

    fn scheme(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::ChaCha20 | Self::Aes128 | Self::Full => "https",
        }
    }

    fn directives(self) -> &'static str {
        match self {
            Self::Http => "",
            Self::ChaCha20 => "ssl_conf_command Ciphersuites TLS_CHACHA20_POLY1305_SHA256;",
            Self::Aes128 => "ssl_conf_command Ciphersuites TLS_AES_128_GCM_SHA256;",
            Self::Full => {
                "ssl_conf_command Ciphersuites TLS_CHACHA20_POLY1305_SHA256;
                ssl_session_tickets off; ssl_session_cache off;"
            }
        }
    }
}

/// A running nginx.
pub struct Nginx {
    ports: BTreeMap<Site, ReservedPort>,
    folder: TempDir,
    _program: Program,
}

impl Nginx {
    pub fn start(identity: &Identity) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        fs::create_dir(folder.path().join("pages"))?;
        fs::write(folder.path().join("chain.pem"), identity.chain_pem())?;
        fs::write(folder.path().join("key.pem"), identity.key_pem())?;
        let ports = Site::ALL.map(|site| (site, ReservedPort::new()));
        let ports = BTreeMap::from(ports);
        let file = folder.path().join("nginx.conf");
        fs::write(&file, configuration(&folder, &ports))?;
        // Debian puts it where only administrators look.
        let path = std::env::var("PATH").unwrap_or_default() + ":/usr/sbin";
        let mut command = Command::new("nginx");
        command.env("PATH", path).arg("-c").arg(file);
        let program = Program::start(command.stdin(Stdio::null()));
        // The last line before it serves: it has its sockets by then.
        program.wait_for("getrlimit(RLIMIT_NOFILE)");
        Ok(Self {
            ports,
            folder,
            _program: program,
        })
    }

    pub fn port(&self, site: Site) -> u16 {
        self.ports[&site].number()
    }

    /// The URL of a body of so many bytes.
    pub fn url(&self, site: Site, bytes: u64) -> Result<String> {
        let file = self.folder.path().join("pages").join(bytes.to_string());
        if !file.exists() {
            write(&mut fs::File::create(file)?, bytes)?;
        }
        let (scheme, port) = (site.scheme(), self.port(site));
        Ok(format!("{scheme}://127.0.0.1:{port}/{bytes}"))
    }
}

fn write(file: &mut fs::File, bytes: u64) -> Result<()> {
    let block = [b'x'; 64 << 10];
    let mut left = bytes;
    while left > 0 {
        let now = left.min(block.len() as u64);
        file.write_all(&block[..now as usize])?;
        left -= now;
    }
    Ok(())
}

fn configuration(folder: &TempDir, ports: &BTreeMap<Site, ReservedPort>) -> String {
    let root = folder.path().display();
    let server = |(site, port): (&Site, &ReservedPort)| {
        let (port, directives) = (port.number(), site.directives());
        let ssl = match site.scheme() {
            "https" => "ssl",
            _ => "",
        };
        format!("server {{ listen 127.0.0.1:{port} {ssl} reuseport; {directives} }}\n")
    };
    let servers: String = ports.iter().map(server).collect();
    format!(
        "daemon off; master_process off; pid {root}/pid; error_log stderr notice;
        events {{ worker_connections 512; }}
        http {{
            access_log off;
            client_body_temp_path {root}/body; proxy_temp_path {root}/proxy;
            fastcgi_temp_path {root}/fastcgi; uwsgi_temp_path {root}/uwsgi;
            scgi_temp_path {root}/scgi;
            root {root}/pages;
            sendfile on; tcp_nodelay on; output_buffers 2 256k; open_file_cache max=16;
            keepalive_requests 1000000; keepalive_timeout 600;
            ssl_certificate {root}/chain.pem; ssl_certificate_key {root}/key.pem;
            ssl_protocols TLSv1.3; ssl_session_cache shared:sessions:1m;
            {servers}
        }}"
    )
}
