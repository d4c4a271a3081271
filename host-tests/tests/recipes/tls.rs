//! A server of an authority of its own that asks for a certificate, and servers that only look like it.

use std::fs;

use base64ct::{Base64, Encoding};
use harness::server::Server;
use harness::tls::{Authority, Identity, ServerTls};
use tempfile::TempDir;

use super::run::{FOLDER, recipe};

/// What a client is told about the server that it wants: authority, own certificate, pin.
struct Client {
    authority: Authority,
    server: Identity,
    folder: TempDir,
}

impl Client {
    fn new() -> Self {
        let authority = Authority::new();
        let folder = TempDir::new().expect("the system has room for a folder");
        let client = authority.request(&["client.example"]).for_client().issue();
        let identity = client.chain_pem() + &client.key_pem();
        for (name, contents) in [("ca.pem", authority.pem()), ("client.pem", identity)] {
            fs::write(folder.path().join(name), contents).expect("the folder is ours");
        }
        let server = authority.issue(&["127.0.0.1"]);
        Self {
            authority,
            server,
            folder,
        }
    }

    /// What the recipe prints about a server with this certificate.
    fn connect(&self, host: &str, server: &Identity) -> String {
        let config = ServerTls::new(server).clients_of(&self.authority);
        let server = Server::https(config.build());
        let address = format!("{host}:{}", server.port());
        let pin = Base64::encode_string(&self.server.pin());
        let [ca, client] = ["ca.pem", "client.pem"].map(|name| format!("{FOLDER}/{name}"));
        let run = recipe(&["tls", &address, &ca, &client, &pin]);
        run.folder(self.folder.path()).prints()
    }
}

#[test]
fn connects_with_a_certificate_to_the_server_of_the_pin() {
    let client = Client::new();
    let printed = client.connect("127.0.0.1", &client.server);
    assert_eq!(printed, "TLSv1.3 with TLS_CHACHA20_POLY1305_SHA256\n");
}

#[test]
fn a_server_of_another_authority_is_a_stranger() {
    let (client, other) = (Client::new(), Authority::new().issue(&["127.0.0.1"]));
    let printed = client.connect("127.0.0.1", &other);
    assert!(printed.starts_with("a stranger: "), "{printed}");
}

#[test]
fn a_server_of_another_name_is_somebody_else() {
    let client = Client::new();
    let printed = client.connect("localhost", &client.server);
    assert!(printed.starts_with("somebody else: "), "{printed}");
    assert!(printed.contains("127.0.0.1"), "{printed}");
}

#[test]
fn a_server_of_the_authority_with_another_key_is_not_the_one() {
    let client = Client::new();
    let other = client.authority.issue(&["127.0.0.1"]);
    let printed = client.connect("127.0.0.1", &other);
    assert!(printed.starts_with("another key: "), "{printed}");
}

#[test]
fn an_error_that_the_recipe_does_not_expect_is_described() {
    let client = Client::new();
    let expired = client.authority.request(&["127.0.0.1"]).expired().issue();
    let server = Server::https(ServerTls::new(&expired).build());
    let address = format!("127.0.0.1:{}", server.port());
    let pin = Base64::encode_string(&expired.pin());
    let [ca, identity] = ["ca.pem", "client.pem"].map(|name| format!("{FOLDER}/{name}"));
    let run = recipe(&["tls", &address, &ca, &identity, &pin]);
    let said = run.folder(client.folder.path()).fails();
    assert!(said.contains("expired"), "{said}");
}
