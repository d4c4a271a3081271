//! Hosts whose names rustls does not take.

use rcgen::{GeneralSubtree, NameConstraints};
use rustls::AlertDescription;

use super::*;
use crate::transport::TlsError;

const ODD: &str = "a-.example.test";

/// A handshake with a server for `names` under the name `host`, in both versions.
fn outcome(context: &mut Context, leaf: &Leaf, host: &str) -> Result<(), TlsError> {
    let outcomes = VERSIONS.map(|version| {
        let config = server_config(leaf, &[version], |_| {});
        let (outcome, mut server) = shake_with(config, context, host, |_| {});
        match outcome {
            Ok(mut stream) => {
                assert_eq!(server.connection.server_name(), None);
                assert!(!stream.session().resumed);
                talk(&mut stream, &mut server);
                Ok(())
            }
            Err(Error::Tls(error)) => {
                let alert = rustls::Error::AlertReceived(AlertDescription::BadCertificate);
                assert_eq!(server.failure, Some(alert));
                Err(error)
            }
            Err(other) => panic!("{other:?}"),
        }
    });
    assert_eq!(outcomes[0], outcomes[1]);
    outcomes.into_iter().next().unwrap()
}

#[test]
fn takes_names_with_hyphens_at_the_ends_and_numbers_last() {
    let authority = Authority::new();
    for (name, host) in [
        (ODD, ODD),
        (ODD, "A-.example.test."),
        ("*.example.test", ODD),
        ("*.example.test", "-a.example.test"),
        ("*.-b.example.test", "a.-b.example.test"),
        ("host.1", "host.1"),
        ("*.x.2", "y.x.2"),
    ] {
        let outcome = outcome(&mut authority.trusting(), &authority.leaf(name), host);
        assert_eq!(outcome, Ok(()), "{name} for {host}");
    }
}

#[test]
fn refuses_another_name_than_that_host_s() {
    let authority = Authority::new();
    for (name, host) in [
        ("b-.example.test", ODD),
        ("*.example.test", "a-.b.example.test"),
        ("*.1", "host.1"),
        ("127.0.0.1", "127.1"),
        // What rustls is told instead.
        ("0.0.0.0", ODD),
    ] {
        let outcome = outcome(&mut authority.trusting(), &authority.leaf(name), host);
        let text =
            format!("hostname mismatch: certificate is not valid for '{host}', it is for '{name}'");
        assert_eq!(outcome, Err(TlsError::HostnameMismatch(text)));
    }
}

/// No session that was begun with one of these hosts goes on with another.
#[test]
fn hosts_without_a_name_for_rustls_share_nothing() {
    let authority = Authority::new();
    let mut context = authority.trusting();
    for version in VERSIONS {
        let config = Arc::new(server_config(&authority.leaf(ODD), &[version], |_| {}));
        for host in [ODD, "b-.example.test", ODD, "0.0.0.0"] {
            let (stream, mut server) = shake_with(Arc::clone(&config), &mut context, host, |_| {});
            assert_eq!(stream.is_ok(), host == ODD, "{host}");
            if let Ok(mut stream) = stream {
                assert!(!stream.session().resumed);
                // The tickets of TLS 1.3 come with the answer.
                talk(&mut stream, &mut server);
            }
        }
    }
}

#[test]
fn such_a_host_is_held_to_the_context() {
    let authority = Authority::new();
    let leaf = authority.leaf("other.example");
    let mut context = authority.trusting();
    context.set_check_hostname(false);
    assert_eq!(outcome(&mut context, &leaf, ODD), Ok(()));
    let mut context = Context::create_unverified(clock());
    assert_eq!(outcome(&mut context, &leaf, ODD), Ok(()));
    // A pin of another key.
    let leaf = authority.leaf(ODD);
    let mut context = authority.trusting();
    context.add_pin(&[7; 32]).unwrap();
    let config = server_config(&leaf, &VERSIONS, |_| {});
    let outcome = shake_with(config, &mut context, ODD, |_| {}).0.map(|_| ());
    assert!(matches!(
        outcome,
        Err(Error::Tls(TlsError::BadCertificate(text))) if text.contains("pinned")
    ));
    // A certificate that is trusted for its own sake.
    let leaf = Leaf::self_signed(ODD, |_| {});
    let mut context = Context::create_bare(clock());
    context.load_verify_locations(leaf.pem.as_bytes()).unwrap();
    assert_eq!(self::outcome(&mut context, &leaf, ODD), Ok(()));
    let error = self::outcome(&mut context, &leaf, "b-.example.test").unwrap_err();
    assert!(matches!(error, TlsError::HostnameMismatch(_)), "{error:?}");
}

/// webpki can't compare such a name with what an authority may name; OpenSSL does.
#[test]
fn an_authority_for_some_hosts_names_none_of_these() {
    let root = Authority::new();
    let below = root.below(|params| {
        params.name_constraints = Some(NameConstraints {
            permitted_subtrees: vec![GeneralSubtree::DnsName("example.test".into())],
            excluded_subtrees: Vec::new(),
        });
    });
    for (name, taken) in [("*.example.test", true), (ODD, false)] {
        let mut leaf = below.leaf(name);
        leaf.chain.push(below.der().to_vec().into());
        let outcome = outcome(&mut root.trusting(), &leaf, ODD);
        assert_eq!(outcome.is_ok(), taken, "{outcome:?}");
        if let Err(error) = outcome {
            let TlsError::BadCertificate(text) = error else {
                panic!("{error:?}");
            };
            assert!(text.contains("permitted subtree violation"), "{text}");
        }
    }
}
