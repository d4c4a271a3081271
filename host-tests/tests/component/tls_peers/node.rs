//! Node's `https`.

use harness::component::bytes;
use harness::real::Real;
use harness::server::pattern;

use super::{Pair, is_tls13, key_for, suites_of_tls12, suites_of_tls13};

fn serving(options: &str, answer: &str) -> Pair {
    Pair::new(|identity| Real::node(identity, options, answer))
}

fn agrees(openssl: &str, iana: &str) {
    let version = if is_tls13(iana) { "TLSv1.3" } else { "TLSv1.2" };
    let options = format!("ciphers: '{openssl}', minVersion: '{version}', maxVersion: '{version}'");
    let pair = Pair::with_key(key_for(iana), |identity| {
        Real::node(
            identity,
            &options,
            "response.end(request.socket.getCipher().standardName)",
        )
    });
    let (session, page) = pair.visit("/");
    assert_eq!(
        (session.version.as_str(), session.cipher_suite.as_str()),
        (version, iana)
    );
    assert_eq!(String::from_utf8_lossy(&page), iana);
}

suites_of_tls13!(agrees);
suites_of_tls12!(agrees);

#[test]
fn agrees_on_http_1_1_by_alpn() {
    let (session, page) = serving("", "response.end(request.socket.alpnProtocol)").visit("/");
    assert_eq!(session.alpn.as_deref(), Some("http/1.1"));
    assert_eq!(page, b"http/1.1");
}

#[test]
fn names_the_server() {
    let (_, page) = serving("", "response.end(request.socket.servername)").visit("/");
    assert_eq!(page, b"localhost");
}

#[test]
fn follows_a_hello_retry_request() {
    let (session, _) = serving("ecdhCurve: 'P-384'", "response.end()").visit("/");
    assert_eq!(session.group.as_deref(), Some("secp384r1"));
}

#[test]
fn resumes_in_both_versions() {
    for version in ["TLSv1.2", "TLSv1.3"] {
        let options = format!("minVersion: '{version}', maxVersion: '{version}'");
        let answer = "response.setHeader('Connection', 'close'); response.end('bye')";
        serving(&options, answer).assert_resumes(version);
    }
}

#[test]
fn echoes_a_megabyte() {
    for version in ["TLSv1.2", "TLSv1.3"] {
        let options = format!("minVersion: '{version}', maxVersion: '{version}'");
        let pair = serving(&options, "request.pipe(response)");
        let connection = pair.connection();
        let sent = pattern(1 << 20);
        let request = connection.request("POST", "/", bytes(&sent), &[]);
        request.expect("it is read");
        let response = connection.get_response().expect("an answer");
        assert!(response.read(None).expect("a whole body") == sent);
    }
}

#[test]
fn receives_bytes_one_by_one() {
    let answer = "request.socket.setNoDelay(true);
        let count = 0;
        const next = () => count++ < 300 ? response.write('x', next) : response.end();
        next();";
    assert_eq!(serving("", answer).visit("/").1, b"x".repeat(300));
}

#[test]
fn receives_small_fragments() {
    let answer = "request.socket.setMaxSendFragment(512);
        response.end(Buffer.alloc(200000, 'abc'))";
    let expected: Vec<u8> = b"abc".iter().copied().cycle().take(200_000).collect();
    assert!(serving("", answer).visit("/").1 == expected);
}

#[test]
fn declines_to_renegotiate_and_goes_on() {
    let answer = "request.socket.renegotiate({}, () => {}); response.end('still here')";
    let options = "maxVersion: 'TLSv1.2'";
    let pair = serving(options, answer);
    let connection = pair.connection();
    // Node may take the refusal for the end of the connection: either is in order, a hang is not.
    if let Ok(response) = connection.fetch("GET", "/") {
        let _whole_or_cut = response.read(None);
    }
    pair.guest.assert_works();
}
