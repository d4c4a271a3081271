//! squid and tinyproxy, which want credentials, and a relay, which does not.

use std::fs;

use harness::proxies::{Proxy, USER, squid, tinyproxy};
use harness::relay::Relay;
use harness::server::{GREETING, Server};
use harness::tls::{Authority, ServerTls};
use tempfile::TempDir;

use super::at;
use super::run::{FOLDER, recipe};

/// An https server, and the folder with the authority that it is known by.
struct Secure {
    server: Server,
    folder: TempDir,
}

impl Secure {
    fn new() -> Self {
        let authority = Authority::new();
        let config = ServerTls::new(&authority.issue(&["127.0.0.1"])).build();
        let folder = TempDir::new().expect("the system has room for a folder");
        fs::write(folder.path().join("ca.pem"), authority.pem()).expect("the folder is ours");
        Self {
            server: Server::https(config),
            folder,
        }
    }

    /// What the recipe prints in this environment.
    fn fetch(&self, environment: &[(&str, &str)]) -> String {
        let mut run = recipe(&["proxy", &at(self.server.port())])
            .folder(self.folder.path())
            .env("SSL_CERT_FILE", &format!("{FOLDER}/ca.pem"));
        for (name, value) in environment {
            run = run.env(name, value);
        }
        run.prints()
    }
}

fn greeting() -> String {
    String::from_utf8_lossy(GREETING).into_owned()
}

#[test]
fn goes_through_the_proxy_of_the_environment() {
    let (secure, relay) = (Secure::new(), Relay::start(None));
    let url = format!("http://{USER}@127.0.0.1:{}", relay.port());
    assert_eq!(secure.fetch(&[("HTTPS_PROXY", &url)]), greeting());
    let head = relay.heads().concat();
    assert!(head.contains("Proxy-Authorization: Basic dXNlcjpwYXNzd29yZA==\r\n"));
}

#[test]
fn goes_straight_where_the_environment_says_so() {
    let (secure, relay) = (Secure::new(), Relay::start(None));
    let url = format!("http://127.0.0.1:{}", relay.port());
    let environment = [("HTTPS_PROXY", url.as_str()), ("NO_PROXY", "127.0.0.0/8")];
    assert_eq!(secure.fetch(&environment), greeting());
    assert_eq!(secure.fetch(&[]), greeting());
    assert!(relay.heads().is_empty());
}

/// Asserts that this proxy leads to the server those that it knows, and says to others how to sign in.
fn assert_wants_credentials(proxy: &Proxy) {
    let secure = Secure::new();
    let known = proxy.url_with("http", USER);
    assert_eq!(secure.fetch(&[("HTTPS_PROXY", &known)]), greeting());
    assert_eq!(secure.server.connections(), 1);
    let refused = secure.fetch(&[("HTTPS_PROXY", &proxy.url("http"))]);
    assert!(refused.starts_with("the proxy says 407 Proxy Authentication Required\n"));
    assert!(
        refused.contains("\n  Proxy-Authenticate: Basic realm="),
        "{refused}"
    );
    assert!(!refused.contains("and 0 bytes"), "{refused}");
    assert_eq!(secure.server.connections(), 1);
}

#[test]
fn squid_wants_credentials() {
    assert_wants_credentials(&squid());
}

#[test]
fn tinyproxy_wants_credentials() {
    assert_wants_credentials(&tinyproxy());
}
