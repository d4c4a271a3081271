//! Whom the environment says to trust, and whom the client is.

use base64ct::{Base64, Encoding};
use harness::server::Server;
use harness::tls::{Authority, ServerTls};
use host_tests::programs::Program;
use tempfile::TempDir;

fn folder(files: &[(&str, String)]) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    for (name, contents) in files {
        std::fs::write(folder.path().join(name), contents).expect("room");
    }
    folder
}

fn first(program: Program, server: &Server) -> String {
    let url = format!("https://localhost:{}/", server.port());
    program.run(&["get", &url, "1"]).lines.remove(0)
}

const FETCHED: &str = "200 seen= length=28 received=";

#[test]
fn an_authority_of_one_s_own() {
    let authority = Authority::new();
    let identity = authority.issue(&["localhost"]);
    let server = Server::https(ServerTls::new(&identity).build());
    let folder = folder(&[("ca.pem", authority.pem())]);
    for (name, value) in [
        ("SSL_CERT_FILE", "/files/ca.pem"),
        ("SSL_CERT_DIR", "/files"),
    ] {
        let program = Program::provided().files(folder.path()).env(name, value);
        assert_eq!(first(program, &server), FETCHED, "{name}");
    }
}

#[test]
fn a_client_certificate() {
    let authority = Authority::new();
    let identity = authority.issue(&["localhost"]);
    let config = ServerTls::new(&identity).clients_of(&authority).build();
    let server = Server::https(config);
    let client = authority.request(&["client.example"]).for_client().issue();
    let folder = folder(&[
        ("ca.pem", authority.pem()),
        ("client.pem", client.chain_pem()),
        ("key.pem", client.key_pem()),
    ]);
    let program = Program::provided()
        .files(folder.path())
        .env("SSL_CERT_FILE", "/files/ca.pem")
        .env("SSL_CLIENT_CERT", "/files/client.pem")
        .env("SSL_CLIENT_KEY", "/files/key.pem");
    assert_eq!(first(program, &server), FETCHED);
}

#[test]
fn a_key_that_is_pinned_and_one_that_is_not() {
    let authority = Authority::new();
    let identity = authority.issue(&["localhost"]);
    let server = Server::https(ServerTls::new(&identity).build());
    let folder = folder(&[("ca.pem", authority.pem())]);
    let other = authority.issue(&["localhost"]);
    let cases = [
        (identity.pin(), FETCHED),
        (other.pin(), "ErrorCode::TlsCertificateError"),
    ];
    for (pin, expected) in cases {
        let pin = format!("sha256//{}", Base64::encode_string(&pin));
        let program = Program::provided()
            .files(folder.path())
            .env("SSL_CERT_FILE", "/files/ca.pem")
            .env("HTTPLIB_PINNED_PUBKEYS", &pin);
        assert_eq!(first(program, &server), expected);
    }
}
