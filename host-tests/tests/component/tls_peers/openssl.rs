//! OpenSSL's `s_server`.

use harness::component::{Error, Guest, TlsError, TlsOptions};
use harness::openssl::Openssl;
use harness::real::{GREETING, LARGE, Real};
use harness::server::pattern;
use harness::tls::{Authority, KeyType};

use super::{Pair, is_tls13, key_for, show, suites_of_tls12, suites_of_tls13};
use crate::support::failure;

fn serving(arguments: &str) -> Pair {
    Pair::new(|identity| Real::openssl(identity, arguments))
}

fn agrees(openssl: &str, iana: &str) {
    let arguments = match is_tls13(iana) {
        true => format!("-www -tls1_3 -ciphersuites {openssl}"),
        false => format!("-www -tls1_2 -cipher {openssl}"),
    };
    let pair = Pair::with_key(key_for(iana), |identity| {
        Real::openssl(identity, &arguments)
    });
    let (session, page) = pair.visit("/");
    assert_eq!(session.cipher_suite, iana);
    let page = String::from_utf8_lossy(&page);
    assert!(page.contains(openssl), "{page}");
}

suites_of_tls13!(agrees);
suites_of_tls12!(agrees);

/// With P-256, P-384 and P-521 the first hello has no key share that the server takes.
fn agrees_on_group(version: &str, openssl: &str, iana: &str) {
    let pair = serving(&format!("-www {version} -groups {openssl}"));
    let (session, _) = pair.visit("/");
    assert_eq!(session.group.as_deref(), Some(iana));
}

#[test]
fn agrees_on_x25519() {
    agrees_on_group("-tls1_3", "X25519", "x25519");
}

#[test]
fn follows_a_hello_retry_request_to_p256() {
    agrees_on_group("-tls1_3", "P-256", "secp256r1");
}

#[test]
fn follows_a_hello_retry_request_to_p384() {
    agrees_on_group("-tls1_3", "P-384", "secp384r1");
}

#[test]
fn follows_a_hello_retry_request_to_p521() {
    agrees_on_group("-tls1_3", "P-521", "secp521r1");
}

#[test]
fn agrees_on_x25519_in_tls_1_2() {
    agrees_on_group("-tls1_2", "X25519", "x25519");
}

#[test]
fn agrees_on_p384_in_tls_1_2() {
    agrees_on_group("-tls1_2", "P-384", "secp384r1");
}

#[test]
fn agrees_on_p521_in_tls_1_2() {
    agrees_on_group("-tls1_2", "P-521", "secp521r1");
}

#[test]
fn believes_each_kind_of_key() {
    for key in [KeyType::P256, KeyType::P384, KeyType::Rsa2048] {
        for version in ["-tls1_2", "-tls1_3"] {
            let arguments = format!("-www {version}");
            let pair = Pair::with_key(key, |identity| Real::openssl(identity, &arguments));
            assert!(!pair.visit("/").1.is_empty(), "{key:?}");
        }
    }
}

/// OpenSSL can't read the keys of this kind that rcgen makes.
#[test]
fn believes_a_key_on_ed25519() {
    let (guest, openssl) = (Guest::new(), Openssl::new());
    let context = guest.context_trusting(&openssl.authority());
    let context = context.expect("a certificate");
    openssl.server("ed25519", "");
    for version in ["-tls1_2", "-tls1_3"] {
        let (chain, key) = (openssl.path("server.pem"), openssl.path("server.key"));
        let server = Real::openssl_with(&chain, &key, &format!("-www {version}"));
        let tls = Some(TlsOptions::with(&context));
        let connection = guest.https("localhost", server.port(), None, tls);
        let response = connection.expect("an address").fetch("GET", "/");
        assert_eq!(response.expect("an answer").status(), 200);
    }
}

#[test]
fn resumes_by_the_tickets_of_tls_1_3() {
    serving("-www -tls1_3").assert_resumes("TLSv1.3");
}

#[test]
fn resumes_by_the_stateful_tickets_of_tls_1_3() {
    serving("-www -tls1_3 -no_ticket").assert_resumes("TLSv1.3");
}

#[test]
fn resumes_by_the_tickets_of_tls_1_2() {
    serving("-www -tls1_2").assert_resumes("TLSv1.2");
}

#[test]
fn resumes_by_the_session_identifiers_of_tls_1_2() {
    serving("-www -tls1_2 -no_ticket").assert_resumes("TLSv1.2");
}

/// The large page, with records as the arguments make them.
fn fetches_the_large_page(arguments: &str) {
    let pair = serving(&format!("-WWW {arguments}"));
    assert!(pair.visit("/pages/index.html").1 == GREETING);
    assert!(pair.visit("/pages/large").1 == pattern(LARGE));
}

#[test]
fn receives_records_of_512_bytes() {
    fetches_the_large_page("-tls1_3 -max_send_frag 512");
}

#[test]
fn receives_records_of_512_bytes_in_tls_1_2() {
    fetches_the_large_page("-tls1_2 -max_send_frag 512");
}

#[test]
fn receives_records_as_large_as_they_get() {
    fetches_the_large_page("-tls1_3 -max_send_frag 16384");
}

#[test]
fn receives_padded_records() {
    fetches_the_large_page("-tls1_3 -record_padding 4096");
}

/// Answers by hand, so that something may happen in between.
fn converse(version: &str, between: impl Fn(&mut Pair)) {
    let mut pair = serving(version);
    let connection = pair.connection();
    for page in ["/first", "/second", "/third"] {
        connection
            .request("GET", page, None, &[])
            .expect("a request");
        let request = format!("GET {page} HTTP/1.1");
        pair.server.program().wait_for(&request);
        between(&mut pair);
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{page:>8}\n");
        pair.server.program().write(answer);
        let response = connection.get_response().expect("an answer");
        let body = response.read(None).expect("a whole body");
        assert_eq!(body, format!("{page:>8}\n").as_bytes());
    }
}

#[test]
fn answers_on_one_connection() {
    converse("-tls1_3", |_| {});
}

#[test]
fn follows_new_keys() {
    converse("-tls1_3", |pair| {
        pair.server.program().write("k\n");
        pair.server.program().wait_for("SSL_do_handshake -> 1");
    });
}

#[test]
fn gives_new_keys_when_asked() {
    converse("-tls1_3", |pair| {
        pair.server.program().write("K\n");
        pair.server.program().wait_for("SSL_do_handshake -> 1");
    });
}

#[test]
fn shows_a_client_certificate() {
    for version in ["-tls1_2", "-tls1_3"] {
        let (guest, clients) = (Guest::new(), Authority::new());
        let identity = clients.issue(&["localhost"]);
        let folder = Openssl::new();
        folder.write("clients.pem", &clients.pem());
        let file = folder.path("clients.pem");
        let arguments = format!(
            "-www {version} -Verify 2 -verify_return_error -CAfile {}",
            file.display()
        );
        let server = Real::openssl(&identity, &arguments);
        let context = guest
            .context_trusting(&clients.pem())
            .expect("a certificate");
        let connection = |context| {
            let tls = Some(TlsOptions::with(context));
            let connection = guest.https("localhost", server.port(), None, tls);
            connection.expect("a valid address")
        };
        let refused = failure(connection(&context).fetch("GET", "/"));
        let Error::Tls(TlsError::HandshakeAlert(text)) = refused else {
            panic!("{refused:?}")
        };
        let names = ["certificate_required", "handshake_failure"];
        assert!(names.iter().any(|name| text.contains(name)), "{text}");
        show(&context, &clients.request(&["client"]).for_client().issue()).expect("it fits");
        let response = connection(&context).fetch("GET", "/").expect("an answer");
        assert_eq!(response.status(), 200);
        assert!(!response.read(None).expect("a whole body").is_empty());
    }
}
