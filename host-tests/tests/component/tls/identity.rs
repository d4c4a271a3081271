//! Who the component says it is: client certificates.

use harness::component::{Connection, Error, Guest, PemSource, Result, TlsError, TlsOptions};
use harness::peer::Peer;
use harness::tls::{Authority, Identity, KeyType, ServerTls};
use tempfile::TempDir;

use super::{cause, connect};
use crate::support::{OK, failure};

fn source(pem: &str) -> PemSource {
    PemSource::Bytes(pem.into())
}

fn client(authority: &Authority) -> Identity {
    authority.request(&["client"]).for_client().issue()
}

/// A folder with the files of a client that `authority` knows, and of the authority.
fn folder(authority: &Authority) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let client = client(authority);
    let (key, chain) = (client.key_pem(), client.chain_pem());
    for (name, pem) in [
        ("ca.pem", &authority.pem()),
        ("both.pem", &format!("{key}{chain}")),
        ("key.pem", &key),
        ("cert.pem", &chain),
    ] {
        std::fs::write(folder.path().join(name), pem).expect("a fresh folder");
    }
    folder
}

/// A peer that wants a certificate of `authority`, and has one of it.
fn strict_peer(authority: &Authority, tls12: bool) -> Peer {
    let identity = authority.issue(&["localhost"]);
    let tls = ServerTls::new(&identity).clients_of(authority);
    let tls = if tls12 { tls.tls12_only() } else { tls };
    Peer::reply_tls(tls.build(), OK)
}

fn assert_answers(connection: &Connection) {
    let response = connection.fetch("GET", "/").expect("we are accepted");
    assert_eq!(response.read(None).expect("a whole body"), b"ok");
}

#[test]
fn shows_the_certificate_in_key_file_and_cert_file() -> Result<()> {
    let authority = Authority::new();
    let folder = folder(&authority);
    let guest = Guest::builder().preopen(&folder, "/tls").build();
    let context = guest.context_trusting(&authority.pem())?;
    for (key_file, cert_file) in [
        (Some("/tls/key.pem"), "/tls/cert.pem"),
        (None, "/tls/both.pem"),
    ] {
        let peer = strict_peer(&authority, false);
        let tls = TlsOptions {
            key_file,
            cert_file: Some(cert_file),
            ..TlsOptions::with(&context)
        };
        assert_answers(&guest.https("localhost", peer.port(), None, Some(tls))?);
    }
    Ok(())
}

#[test]
fn shows_the_certificate_of_the_context() -> Result<()> {
    let authority = Authority::new();
    let folder = folder(&authority);
    let guest = Guest::builder().preopen(&folder, "/tls").build();
    let identity = client(&authority);
    let path = |path: &str| PemSource::Path(path.to_owned());
    for (chain, key) in [
        (
            source(&identity.chain_pem()),
            Some(source(&identity.key_pem())),
        ),
        (path("/tls/cert.pem"), Some(path("/tls/key.pem"))),
        (path("/tls/both.pem"), None),
    ] {
        let context = guest.context_trusting(&authority.pem())?;
        context.load_cert_chain(&chain, key.as_ref())?;
        let peer = strict_peer(&authority, false);
        assert_answers(&connect(&guest, "localhost", peer.port(), &context));
    }
    Ok(())
}

#[test]
fn signs_with_each_kind_of_key_in_each_version() -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    for key in [
        KeyType::P256,
        KeyType::P384,
        KeyType::Ed25519,
        KeyType::Rsa2048,
    ] {
        let request = authority.request(&["client"]).for_client().key(key);
        let identity = request.issue();
        let context = guest.context_trusting(&authority.pem())?;
        let (chain, key) = (source(&identity.chain_pem()), source(&identity.key_pem()));
        context.load_cert_chain(&chain, Some(&key))?;
        for tls12 in [false, true] {
            let peer = strict_peer(&authority, tls12);
            assert_answers(&connect(&guest, "localhost", peer.port(), &context));
        }
    }
    Ok(())
}

#[test]
fn shows_the_whole_chain() -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let identity = client(&authority.intermediate());
    let context = guest.context_trusting(&authority.pem())?;
    let (chain, key) = (source(&identity.chain_pem()), source(&identity.key_pem()));
    context.load_cert_chain(&chain, Some(&key))?;
    let peer = strict_peer(&authority, false);
    assert_answers(&connect(&guest, "localhost", peer.port(), &context));
    Ok(())
}

/// Asserts that the server breaks off with this alert.
#[track_caller]
fn assert_alert(error: Error, name: &str) {
    let cause = cause(error);
    let TlsError::HandshakeAlert(text) = cause else {
        panic!("{cause:?}")
    };
    assert!(text.contains(name), "{text}");
}

#[test]
fn says_handshake_alert_where_the_server_wants_a_certificate_and_there_is_none() -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let context = guest.context_trusting(&authority.pem())?;
    for tls12 in [true, false] {
        let peer = strict_peer(&authority, tls12);
        let connection = connect(&guest, "localhost", peer.port(), &context);
        let error = failure(connection.fetch("GET", "/"));
        assert_alert(error, "certificate_required");
    }
    guest.assert_works();
    Ok(())
}

#[test]
fn says_handshake_alert_where_the_server_does_not_know_who_issued_the_certificate() -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let stranger = client(&Authority::new());
    let context = guest.context_trusting(&authority.pem())?;
    let (chain, key) = (source(&stranger.chain_pem()), source(&stranger.key_pem()));
    context.load_cert_chain(&chain, Some(&key))?;
    for tls12 in [true, false] {
        let peer = strict_peer(&authority, tls12);
        let connection = connect(&guest, "localhost", peer.port(), &context);
        assert_alert(failure(connection.fetch("GET", "/")), "unknown_ca");
    }
    guest.assert_works();
    Ok(())
}

/// What loading this key for this chain says. The context stays what it was.
fn refused(chain: &str, key: &str) -> String {
    let (guest, authority) = (Guest::new(), Authority::new());
    let context = guest.context_trusting(&authority.pem());
    let context = context.expect("a certificate");
    let loaded = context.load_cert_chain(&source(chain), Some(&source(key)));
    let cause = cause(failure(loaded));
    let server = ServerTls::new(&authority.issue(&["localhost"])).build();
    let peer = Peer::reply_tls(server, OK);
    assert_answers(&connect(&guest, "localhost", peer.port(), &context));
    match cause {
        TlsError::Configuration(text) => text,
        other => panic!("{other:?}"),
    }
}

#[test]
fn refuses_a_key_of_another_certificate() {
    let authority = Authority::new();
    let (one, other) = (client(&authority), client(&authority));
    let text = refused(&one.chain_pem(), &other.key_pem());
    assert!(text.contains("fit"), "{text}");
}

#[test]
fn refuses_an_encrypted_key_and_says_so() {
    let client = client(&Authority::new());
    for key in [
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
        "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n\
         AAAA\n-----END RSA PRIVATE KEY-----\n",
    ] {
        let text = refused(&client.chain_pem(), key);
        assert!(text.contains("encrypted"), "{text}");
    }
}

#[test]
fn refuses_what_is_no_key() {
    let client = client(&Authority::new());
    let cut = client.key_pem().replace("-----END", "");
    let torn = "-----BEGIN PRIVATE KEY-----\n!!!!\n-----END PRIVATE KEY-----\n";
    let empty = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    for key in ["", "nothing", &client.chain_pem(), &cut, torn, empty] {
        refused(&client.chain_pem(), key);
    }
}

#[test]
fn refuses_what_is_no_certificate() {
    let client = client(&Authority::new());
    let cut = client.chain_pem().replace("-----END", "");
    let empty = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for chain in ["", "nothing", &client.key_pem(), &cut, empty] {
        refused(chain, &client.key_pem());
    }
}

#[test]
fn refuses_a_bad_key_file_before_it_connects() {
    let authority = Authority::new();
    let folder = folder(&authority);
    let guest = Guest::builder().preopen(&folder, "/tls").build();
    for (key_file, cert_file) in [
        (Some("/tls/ca.pem"), Some("/tls/cert.pem")),
        (Some("/tls/key.pem"), Some("/tls/ca.pem")),
        (None, Some("/tls/cert.pem")),
        (Some("/tls/key.pem"), None),
    ] {
        let tls = TlsOptions {
            key_file,
            cert_file,
            ..TlsOptions::default()
        };
        let cause = cause(failure(guest.https("localhost", None, None, Some(tls))));
        assert!(matches!(cause, TlsError::Configuration(_)), "{cause:?}");
    }
    guest.assert_works();
}
