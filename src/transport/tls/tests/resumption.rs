//! ResumableSessions that go on.

use super::*;

fn resumable(version: Version) -> (Arc<ServerConfig>, Context) {
    let (mut config, context) = usual(version);
    config.send_tls13_tickets = 2;
    config.ticketer = ring::Ticketer::new().unwrap();
    (Arc::new(config), context)
}

#[test]
fn connections_of_one_context_resume() {
    for version in VERSIONS {
        for piece in [1, 7, 65_536] {
            let (config, mut context) = resumable(version);
            let (mut first, mut server) = connect(Arc::clone(&config), &mut context);
            server.peer.wire().piece = piece;
            // TLS 1.3's tickets come with the first data.
            talk(&mut first, &mut server);
            let (mut second, mut server) = connect(config, &mut context);
            assert!(second.session().resumed);
            let kind = server.connection.handshake_kind();
            assert_eq!(kind, Some(rustls::HandshakeKind::Resumed));
            let certificates = &first.session().peer_certificates;
            assert_eq!(&second.session().peer_certificates, certificates);
            talk(&mut second, &mut server);
            talk(&mut second, &mut server);
        }
    }
}

#[test]
fn another_context_does_not_resume() {
    for version in VERSIONS {
        let (config, mut context) = resumable(version);
        let (mut first, mut server) = connect(Arc::clone(&config), &mut context);
        talk(&mut first, &mut server);
        let mut unverified = Context::create_unverified(clock());
        let (second, _) = connect(Arc::clone(&config), &mut unverified);
        assert!(!second.session().resumed);
    }
}

#[test]
fn a_changed_context_does_not_resume() {
    for version in VERSIONS {
        let (config, mut context) = resumable(version);
        let (mut first, mut server) = connect(Arc::clone(&config), &mut context);
        talk(&mut first, &mut server);
        let other = Authority::new();
        context.load_verify_locations(other.der()).unwrap();
        let (second, _) = connect(Arc::clone(&config), &mut context);
        assert!(!second.session().resumed);
    }
}

#[test]
fn a_resumed_tls12_handshake_takes_one_flight_and_the_data() {
    let (config, mut context) = resumable(&TLS12);
    let (mut first, mut server) = connect(Arc::clone(&config), &mut context);
    talk(&mut first, &mut server);
    let (second, mut server) = shake(config, &mut context);
    let mut second = second.unwrap();
    assert!(second.session().resumed);
    write_all(&mut second, &mut server, b"ping");
    assert_eq!(server.peer.wire().writes.len(), 2);
    assert_eq!(server.received, b"ping");
}
