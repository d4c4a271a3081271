//! TLS: whom to trust, and who we are.

use base64ct::{Base64, Encoding};
use harness::peer::{Peer, Step};
use harness::server::{GREETING, Server};
use harness::tls::{Authority, Identity, ServerTls};

use crate::cli::{Cli, Outcome};

/// A server with a certificate for `localhost` of an authority that nobody knows.
struct Site {
    authority: Authority,
    identity: Identity,
}

impl Site {
    fn new() -> Self {
        let authority = Authority::new();
        let identity = authority.issue(&["localhost"]);
        Self {
            authority,
            identity,
        }
    }

    fn tls(&self) -> ServerTls<'_> {
        ServerTls::new(&self.identity)
    }

    /// What comes of these arguments, with `ca.pem` in the folder.
    fn visit(&self, cli: Cli, arguments: &[&str]) -> Outcome {
        visit(
            cli.file("ca.pem", self.authority.pem()),
            self.tls(),
            "localhost",
            arguments,
        )
    }
}

/// What comes of these arguments at such a server.
fn visit(cli: Cli, tls: ServerTls<'_>, host: &str, arguments: &[&str]) -> Outcome {
    let server = Server::https(tls.build());
    let url = format!("https://{host}:{}/", server.port());
    let arguments: Vec<&str> = arguments.iter().copied().chain([url.as_str()]).collect();
    cli.run(&arguments)
}

#[track_caller]
fn assert_greets(outcome: Outcome) {
    assert_eq!(outcome.ok().as_bytes(), GREETING);
}

#[test]
fn an_authority_can_be_named() {
    assert_greets(Site::new().visit(Cli::new(), &["--cacert", "ca.pem"]));
    assert_greets(Site::new().visit(Cli::new(), &["--capath", "."]));
}

#[test]
fn an_unknown_authority_is_refused() {
    let line = Site::new().visit(Cli::new(), &[]).failed(60);
    assert!(line.contains("unable to get issuer certificate"), "{line}");
}

#[test]
fn the_environment_names_authorities_unless_the_options_do() {
    let (site, other) = (Site::new(), Authority::new());
    let known = || Cli::new().env("SSL_CERT_FILE", "ca.pem");
    assert_greets(site.visit(known(), &[]));
    let cli = known().file("other.pem", other.pem());
    site.visit(cli, &["--cacert", "other.pem"]).failed(60);
}

#[test]
fn a_certificate_for_another_name_is_refused() {
    let site = Site::new();
    let cli = || Cli::new().file("ca.pem", site.authority.pem());
    let arguments = ["--cacert", "ca.pem", "-w", "%{ssl_verify_result}"];
    let outcome = visit(cli(), site.tls(), "127.0.0.1", &arguments);
    assert_eq!(outcome.text(), "62");
    let line = outcome.failed(60);
    assert!(line.contains("hostname mismatch"), "{line}");
}

#[test]
fn an_expired_certificate_is_refused() {
    let authority = Authority::new();
    let identity = authority.request(&["localhost"]).expired().issue();
    let cli = Cli::new().file("ca.pem", authority.pem());
    let arguments = ["--cacert", "ca.pem", "-w", "%{ssl_verify_result}"];
    let outcome = visit(cli, ServerTls::new(&identity), "localhost", &arguments);
    assert_eq!(outcome.text(), "10");
    outcome.failed(60);
}

#[test]
fn insecure_accepts_everybody() {
    assert_greets(Site::new().visit(Cli::new(), &["-k"]));
    assert_greets(visit(
        Cli::new(),
        Site::new().tls(),
        "127.0.0.1",
        &["--insecure"],
    ));
}

#[test]
fn a_revoked_certificate_is_refused() {
    let site = Site::new();
    let list = site.authority.revoke(&[site.identity.serial()], 3000);
    let arguments = ["--cacert", "ca.pem", "--crlfile", "list.pem"];
    let line = site
        .visit(Cli::new().file("list.pem", list), &arguments)
        .failed(60);
    assert!(line.contains("revoked"), "{line}");
    let list = site.authority.revoke(&[], 3000);
    assert_greets(site.visit(Cli::new().file("list.pem", list), &arguments));
}

#[test]
fn a_key_can_be_pinned() {
    let site = Site::new();
    let pin = format!("sha256//{}", Base64::encode_string(&site.identity.pin()));
    let other = format!("sha256//{}", Base64::encode_string(&[1; 32]));
    let both = format!("{other};{pin}");
    for accepted in [&pin, &both] {
        let arguments = ["--cacert", "ca.pem", "--pinnedpubkey", accepted];
        assert_greets(site.visit(Cli::new(), &arguments));
    }
    assert_greets(site.visit(Cli::new(), &["-k", "--pinnedpubkey", &pin]));
    let line = site
        .visit(Cli::new(), &["-k", "--pinnedpubkey", &other])
        .failed(60);
    assert!(line.contains("pinned"), "{line}");
    for malformed in ["sha256//", "sha256//abc", "key.pem", "sha1//YWJj"] {
        site.visit(Cli::new(), &["-k", "--pinnedpubkey", malformed])
            .failed(2);
    }
}

#[test]
fn a_version_can_be_asked_for() {
    let site = Site::new();
    let cli = || Cli::new().file("ca.pem", site.authority.pem());
    let ask = |tls: ServerTls<'_>, option| {
        let arguments = ["--cacert", "ca.pem", option];
        visit(cli(), tls, "localhost", &arguments)
    };
    assert_greets(ask(site.tls().tls12_only(), "--tlsv1.2"));
    assert_greets(ask(site.tls().tls13_only(), "--tlsv1.2"));
    assert_greets(ask(site.tls().tls13_only(), "--tlsv1.3"));
    ask(site.tls().tls12_only(), "--tlsv1.3").failed(35);
}

#[test]
fn a_client_proves_who_it_is() {
    let site = Site::new();
    let clients = Authority::new();
    let client = clients.request(&[]).for_client().issue();
    let (chain, key) = (client.chain_pem(), client.key_pem());
    let cli = || {
        let cli = Cli::new().file("ca.pem", site.authority.pem());
        let cli = cli.file("chain.pem", &chain).file("key.pem", &key);
        cli.file("a:b.pem", format!("{chain}{key}"))
    };
    let ask = |arguments: &[&str]| {
        let arguments = [&["--cacert", "ca.pem"], arguments].concat();
        visit(
            cli(),
            site.tls().clients_of(&clients),
            "localhost",
            &arguments,
        )
    };
    assert_greets(ask(&["--cert", "chain.pem", "--key", "key.pem"]));
    assert_greets(ask(&["-E", "a\\:b.pem"]));
    // TLS 1.3 tells it after the handshake.
    let line = ask(&[]).failed(56);
    assert!(line.contains("alert"), "{line}");
    let line = ask(&["-E", "a:b.pem"]).failed(2);
    assert!(line.contains("no password"), "{line}");
    ask(&["--key", "key.pem"]).failed(2);
}

#[test]
fn a_client_without_a_certificate_fails_in_the_handshake_of_tls_1_2() {
    let (site, clients) = (Site::new(), Authority::new());
    let cli = Cli::new().file("ca.pem", site.authority.pem());
    let tls = site.tls().tls12_only().clients_of(&clients);
    visit(cli, tls, "localhost", &["--cacert", "ca.pem"]).failed(35);
}

#[test]
fn files_of_tls_that_can_not_be_used_are_said() {
    let (site, other) = (Site::new(), Site::new());
    let failed = |arguments: &[&str], code| {
        let cli = Cli::new()
            .file("empty", "")
            .file("chain.pem", site.identity.chain_pem())
            .file("other.pem", other.identity.key_pem());
        site.visit(cli, arguments).failed(code)
    };
    let line = failed(&["--cacert", "missing"], 77);
    assert!(line.contains("'missing'"), "{line}");
    failed(&["--cacert", "empty"], 77);
    failed(&["--capath", "missing"], 77);
    failed(&["--crlfile", "missing"], 82);
    failed(&["--crlfile", "empty"], 82);
    failed(&["--cert", "missing"], 58);
    failed(&["--cert", "chain.pem"], 58);
    failed(&["--cert", "chain.pem", "--key", "other.pem"], 58);
    site.visit(
        Cli::new().env("SSL_CERT_FILE", "ca.pem").file("other", ""),
        &[],
    )
    .ok();
}

#[test]
fn a_server_that_does_not_speak_tls_is_said() {
    let peer = Peer::script(vec![vec![
        Step::AwaitBytes(5),
        Step::send("HTTP/1.1 400 No\r\n\r\n"),
    ]]);
    let url = format!("https://localhost:{}/", peer.port());
    Cli::new().run(&["-k", &url]).failed(35);
}
