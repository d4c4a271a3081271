//! nginx.

use harness::real::{GREETING, LARGE, Real};
use harness::server::pattern;

use super::{Pair, is_tls13, key_for, suites_of_tls12, suites_of_tls13};

fn serving(directives: &str) -> Pair {
    Pair::new(|identity| Real::nginx(identity, directives))
}

fn agrees(openssl: &str, iana: &str) {
    let directives = match is_tls13(iana) {
        true => format!("ssl_protocols TLSv1.3; ssl_conf_command Ciphersuites {openssl};"),
        false => format!("ssl_protocols TLSv1.2; ssl_ciphers {openssl};"),
    };
    let pair = Pair::with_key(key_for(iana), |identity| Real::nginx(identity, &directives));
    let (session, page) = pair.visit("/");
    assert_eq!(session.cipher_suite, iana);
    assert_eq!(page, GREETING);
    assert!(pair.visit("/large").1 == pattern(LARGE));
}

suites_of_tls13!(agrees);
suites_of_tls12!(agrees);

#[test]
fn agrees_on_http_1_1_by_alpn() {
    let (session, _) = serving("ssl_protocols TLSv1.2 TLSv1.3;").visit("/");
    assert_eq!(session.version, "TLSv1.3");
    assert_eq!(session.alpn.as_deref(), Some("http/1.1"));
}

#[test]
fn follows_a_hello_retry_request() {
    let (session, page) = serving("ssl_protocols TLSv1.3; ssl_ecdh_curve secp384r1;").visit("/");
    assert_eq!(session.group.as_deref(), Some("secp384r1"));
    assert_eq!(page, GREETING);
}

#[test]
fn keeps_a_connection_alive() {
    let pair = serving("ssl_protocols TLSv1.3;");
    let connection = pair.connection();
    for _ in 0..3 {
        let response = connection.fetch("GET", "/").expect("an answer");
        assert!(!response.will_close());
        assert_eq!(response.read(None).expect("a whole body"), GREETING);
    }
}

#[test]
fn resumes_tls_1_2_by_tickets_and_by_identifiers() {
    for tickets in ["on", "off"] {
        let cache = "ssl_session_cache builtin:100;";
        serving(&format!(
            "ssl_protocols TLSv1.2; {cache} ssl_session_tickets {tickets};"
        ))
        .assert_resumes("TLSv1.2");
    }
}

#[test]
fn resumes_tls_1_3_by_tickets() {
    serving("ssl_protocols TLSv1.3; ssl_session_cache builtin:100; ssl_session_tickets on;")
        .assert_resumes("TLSv1.3");
}

#[test]
fn receives_records_of_any_size() {
    for size in ["512", "1k", "4k", "16k", "64k"] {
        let pair = serving(&format!("ssl_protocols TLSv1.3; ssl_buffer_size {size};"));
        assert!(pair.visit("/large").1 == pattern(LARGE), "{size}");
    }
}

#[test]
fn says_what_nginx_says_to_plain_http() {
    let pair = serving("ssl_protocols TLSv1.3;");
    let port = pair.server.port();
    let plain = pair
        .guest
        .http("127.0.0.1", port, None)
        .expect("an address");
    let response = plain.fetch("GET", "/").expect("an answer");
    assert_eq!(response.status(), 400);
    let body = response.read(None).expect("a whole body");
    assert!(String::from_utf8_lossy(&body).contains("plain HTTP request"));
}
