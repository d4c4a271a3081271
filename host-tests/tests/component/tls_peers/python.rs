//! Python's `ssl`.

use harness::real::Real;
use harness::tls::Identity;

use super::{Pair, key_for, suites_of_tls12};

const HEAD: &str = r"connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 300\r\n\r\n')";

fn serving(configure: &str, answer: &str) -> Pair {
    Pair::new(|identity| Real::python(identity, configure, answer))
}

const TELL_CIPHER: &str = r"name = connection.cipher()[0].encode()
connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s' % (len(name), name))";

fn agrees(openssl: &str, iana: &str) {
    let configure = format!(
        "context.maximum_version = ssl.TLSVersion.TLSv1_2\ncontext.set_ciphers('{openssl}')"
    );
    let start = |identity: &Identity| Real::python(identity, &configure, TELL_CIPHER);
    let pair = Pair::with_key(key_for(iana), start);
    let (session, page) = pair.visit("/");
    assert_eq!(session.cipher_suite, iana);
    assert_eq!(page, openssl.as_bytes());
}

suites_of_tls12!(agrees);

/// Which suite that is, Python leaves to OpenSSL.
#[test]
fn agrees_on_tls_1_3() {
    let configure = "context.minimum_version = ssl.TLSVersion.TLSv1_3";
    let (session, page) = serving(configure, TELL_CIPHER).visit("/");
    assert_eq!(session.version, "TLSv1.3");
    assert_eq!(session.cipher_suite.as_bytes(), page);
}

#[test]
fn receives_bytes_one_by_one() {
    let answer = format!("{HEAD}\nfor _ in range(300):\n    connection.sendall(b'x')");
    for version in ["TLSv1_2", "TLSv1_3"] {
        let configure =
            format!("context.minimum_version = context.maximum_version = ssl.TLSVersion.{version}");
        assert_eq!(serving(&configure, &answer).visit("/").1, b"x".repeat(300));
    }
}

#[test]
fn is_not_disturbed_by_writes_of_nothing() {
    let answer = format!(
        "connection.send(b'')\n{HEAD}\nfor _ in range(30):\n    connection.send(b'')\n    connection.sendall(b'x' * 10)\n    connection.send(b'')"
    );
    assert_eq!(serving("", &answer).visit("/").1, b"x".repeat(300));
}

#[test]
fn resumes_in_both_versions() {
    for (version, name) in [("TLSv1_2", "TLSv1.2"), ("TLSv1_3", "TLSv1.3")] {
        let configure =
            format!("context.minimum_version = context.maximum_version = ssl.TLSVersion.{version}");
        let answer =
            format!("{HEAD}\nconnection.sendall(b'x' * 300)\nconnection.unwrap()\nraise EOFError");
        serving(&configure, &answer).assert_resumes(name);
    }
}

#[test]
fn agrees_on_a_protocol_of_the_caller_s() {
    let configure = "context.set_alpn_protocols(['special', 'http/1.1'])";
    let answer = format!("{HEAD}\nconnection.sendall(b'x' * 300)");
    let pair = serving(configure, &answer);
    let offers = pair.context.set_alpn_protocols(&["http/1.1", "special"]);
    offers.expect("two names");
    assert_eq!(pair.visit("/").0.alpn.as_deref(), Some("special"));
}

#[test]
fn says_truncated_where_python_leaves_without_a_goodbye() {
    let answer = r"connection.sendall(b'HTTP/1.0 200 OK\r\n\r\nhello')
connection.shutdown(socket.SHUT_RDWR)
raise EOFError";
    let pair = serving("", answer);
    let connection = pair.connection();
    let response = connection.fetch("GET", "/").expect("an answer");
    let error = response.read(None);
    let Err(harness::component::Error::Tls(harness::component::TlsError::Truncated(_))) = error
    else {
        panic!("{error:?}")
    };
}

#[test]
fn ends_a_body_with_python_s_goodbye() {
    let answer = r"connection.sendall(b'HTTP/1.0 200 OK\r\n\r\nhello')
connection.unwrap()
raise EOFError";
    assert_eq!(serving("", answer).visit("/").1, b"hello");
}
