//! `set-key-log`.

use std::collections::BTreeSet;
use std::fs;
use std::sync::{Arc, Mutex};

use harness::component::{Error, Guest, Result};
use harness::peer::Peer;
use harness::tls::{Authority, ServerTls};

use super::visit;
use crate::support::{OK, failure};

/// What the server knows of the same secrets.
#[derive(Debug, Default)]
struct Witness(Mutex<BTreeSet<String>>);

impl rustls::KeyLog for Witness {
    fn log(&self, label: &str, client_random: &[u8], secret: &[u8]) {
        let hex = |bytes: &[u8]| -> String { bytes.iter().map(|it| format!("{it:02x}")).collect() };
        let line = format!("{label} {} {}", hex(client_random), hex(secret));
        self.0.lock().expect("nobody panics").insert(line);
    }
}

/// The lines of the log after a request, and the server's.
fn logged(
    configure: impl for<'a> Fn(ServerTls<'a>) -> ServerTls<'a>,
) -> Result<[BTreeSet<String>; 2]> {
    let folder = tempfile::tempdir().expect("a folder");
    let guest = Guest::builder().preopen_writable(&folder, "/log").build();
    let authority = Authority::new();
    let identity = authority.issue(&["localhost"]);
    let mut config = Arc::unwrap_or_clone(configure(ServerTls::new(&identity)).build());
    let witness = Arc::new(Witness::default());
    config.key_log = witness.clone();
    let context = guest.context_trusting(&authority.pem())?;
    context.set_key_log(Some("/log/keys"))?;
    let peer = Peer::reply_tls(Arc::new(config), OK);
    let tls = harness::component::TlsOptions::with(&context);
    let connection = guest.https("localhost", peer.port(), None, Some(tls))?;
    assert_eq!(connection.fetch("GET", "/")?.read(None)?, b"ok");
    let text = fs::read_to_string(folder.path().join("keys")).expect("it was written");
    let lines = text.lines().map(str::to_owned).collect();
    let theirs = witness.0.lock().expect("nobody panics").clone();
    Ok([lines, theirs])
}

#[test]
fn holds_the_secrets_of_tls_1_3() -> Result<()> {
    let [ours, theirs] = logged(|tls| tls.tls13_only())?;
    for label in [
        "CLIENT_HANDSHAKE_TRAFFIC_SECRET ",
        "SERVER_HANDSHAKE_TRAFFIC_SECRET ",
        "CLIENT_TRAFFIC_SECRET_0 ",
        "SERVER_TRAFFIC_SECRET_0 ",
    ] {
        let line = theirs.iter().find(|line| line.starts_with(label));
        assert!(ours.contains(line.expect("it has one")), "{ours:?}");
    }
    Ok(())
}

#[test]
fn holds_the_secret_of_tls_1_2() -> Result<()> {
    let [ours, theirs] = logged(|tls| tls.tls12_only())?;
    assert!(ours.iter().all(|line| line.starts_with("CLIENT_RANDOM ")));
    assert_eq!(ours, theirs);
    Ok(())
}

#[test]
fn adds_to_the_file_and_stops_when_told_to() -> Result<()> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("keys");
    fs::write(&file, "# earlier\n").expect("a fresh folder");
    let guest = Guest::builder().preopen_writable(&folder, "/log").build();
    let authority = Authority::new();
    let identity = authority.issue(&["localhost"]);
    let context = guest.context_trusting(&authority.pem())?;
    let lines = || {
        let text = fs::read_to_string(&file).expect("it is there");
        assert!(text.starts_with("# earlier\n"), "{text}");
        text.lines().count()
    };
    context.set_key_log(Some("/log/keys"))?;
    visit(&guest, Some(&context), &identity)?;
    let first = lines();
    assert!(first > 1);
    visit(&guest, Some(&context), &identity)?;
    let second = lines();
    assert!(second > first);
    context.set_key_log(None)?;
    visit(&guest, Some(&context), &identity)?;
    assert_eq!(lines(), second);
    Ok(())
}

#[test]
fn does_not_listen_to_the_environment() -> Result<()> {
    let folder = tempfile::tempdir().expect("a folder");
    let guest = Guest::builder()
        .preopen_writable(&folder, "/log")
        .env("SSLKEYLOGFILE", "/log/keys")
        .build();
    let authority = Authority::new();
    let context = guest.context_trusting(&authority.pem())?;
    visit(&guest, Some(&context), &authority.issue(&["localhost"]))?;
    assert!(!folder.path().join("keys").exists());
    Ok(())
}

#[test]
fn says_when_the_file_can_not_be_written() -> Result<()> {
    let folder = tempfile::tempdir().expect("a folder");
    let guest = Guest::builder().preopen(&folder, "/log").build();
    let context = guest.create_default_context()?;
    for path in ["/log/keys", "/elsewhere/keys"] {
        let refused = failure(context.set_key_log(Some(path)));
        let Error::File(error) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(error.path.as_deref(), Some(path));
    }
    Ok(())
}
