//! Certificates as `openssl` and Windows' editors leave them, before this component and before Python's
//! `http.client`. What one reaches the other one reaches.

use std::process::Command;

use harness::component::{Guest, PemSource, Result, TlsContext, TlsOptions};
use harness::openssl::Openssl;
use harness::real::Real;
use harness::tls::Authority;
use rcgen::CustomExtension;

const VERSIONS: [&str; 2] = ["-tls1_2", "-tls1_3"];
/// What Debian's OpenSSL must be told before it serves with short keys.
const SERVING: &str = "-www -cipher DEFAULT@SECLEVEL=0";

/// The status of a page, fetched under this context.
fn fetch(guest: &Guest, context: &TlsContext, port: u16) -> Result<u16> {
    let tls = Some(TlsOptions::with(context));
    let connection = guest.https("localhost", port, None, tls)?;
    Ok(connection.fetch("GET", "/")?.status())
}

/// The same with Python, in a folder and with a context that these statements make.
fn python(openssl: &Openssl, statements: &str, port: u16) -> std::result::Result<u16, String> {
    let program = format!(
        "import http.client, ssl, sys
{statements}
connection = http.client.HTTPSConnection('localhost', {port}, context=context, timeout=60)
try:
    connection.request('GET', '/')
except (ssl.SSLError, ConnectionError) as error:
    sys.exit(str(error))
print(connection.getresponse().status)
"
    );
    let mut command = Command::new("python3");
    command
        .args(["-c", &program])
        .current_dir(openssl.path("."));
    let output = command.output().expect("python3 is there");
    let text = String::from_utf8_lossy(&output.stdout);
    let said = String::from_utf8_lossy(&output.stderr);
    text.trim().parse().map_err(|_| said.into_owned())
}

const UNVERIFIED: &str = "context = ssl._create_unverified_context()";

/// Asserts that both accept this server where nothing is verified.
#[track_caller]
fn assert_unverified(openssl: &Openssl, start: impl Fn(&str) -> Real) {
    let guest = Guest::new();
    let context = guest.create_unverified_context();
    for version in VERSIONS {
        let server = start(&format!("{SERVING} {version}"));
        assert_eq!(python(openssl, UNVERIFIED, server.port()), Ok(200));
        assert_eq!(fetch(&guest, &context, server.port()), Ok(200), "{version}");
    }
}

fn serve(openssl: &Openssl, arguments: &str) -> Real {
    let (chain, key) = (openssl.path("server.pem"), openssl.path("server.key"));
    Real::openssl_with(&chain, &key, arguments)
}

/// A certificate, `NAME.pem` with `NAME.key`, as `x509 -req` makes it with these arguments.
fn issue(openssl: &Openssl, name: &str, new_key: &str, arguments: &str) {
    openssl.run(&format!(
        "req -new -newkey {new_key} -nodes -keyout {name}.key -out {name}.csr -subj /CN=localhost"
    ));
    openssl.run(&format!(
        "x509 -req -in {name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 \
         -out {name}.pem {arguments}"
    ));
}

const P256: &str = "ec -pkeyopt ec_paramgen_curve:P-256";
const P521: &str = "ec -pkeyopt ec_paramgen_curve:P-521";

#[test]
fn an_unverified_server_may_have_a_certificate_of_version_1() {
    let openssl = Openssl::new();
    openssl.authority();
    issue(&openssl, "server", P256, "");
    assert_unverified(&openssl, |arguments| serve(&openssl, arguments));
}

#[test]
fn an_unverified_server_may_have_critical_extensions_that_nobody_knows() {
    let openssl = Openssl::new();
    openssl.authority();
    openssl.write("unknown", "1.2.3.4 = critical,ASN1:NULL\n");
    issue(&openssl, "server", P256, "-extfile unknown");
    assert_unverified(&openssl, |arguments| serve(&openssl, arguments));
}

#[test]
fn an_unverified_server_may_have_an_extension_twice() {
    let (openssl, authority) = (Openssl::new(), Authority::new());
    let request = authority.request(&["localhost"]).with(|params| {
        let extension = CustomExtension::from_oid_content(&[1, 2, 3, 4], vec![5, 0]);
        params.custom_extensions = vec![extension; 2];
    });
    let identity = request.issue();
    assert_unverified(&openssl, |arguments| Real::openssl(&identity, arguments));
}

#[test]
fn an_unverified_server_may_have_an_rsa_key_of_1024_bits() {
    let openssl = Openssl::new();
    openssl.authority();
    issue(&openssl, "server", "rsa:1024", "");
    assert_unverified(&openssl, |arguments| serve(&openssl, arguments));
}

#[test]
fn an_unverified_server_may_have_a_key_on_p521() {
    let openssl = Openssl::new();
    openssl.authority();
    issue(&openssl, "server", P521, "");
    assert_unverified(&openssl, |arguments| serve(&openssl, arguments));
}

/// Asserts that both reach this server, which wants to know who they are, by a context that trusts
/// `ca.pem` and shows `client.pem`.
#[track_caller]
fn assert_shows_client(openssl: &Openssl) {
    let source = |name: &str| PemSource::Bytes(openssl.read(name).into());
    let guest = Guest::new();
    let context = guest.context_trusting(&openssl.read("ca.pem"));
    let context = context.expect("a certificate");
    let loaded = context.load_cert_chain(&source("client.pem"), Some(&source("client.key")));
    assert_eq!(loaded, Ok(()));
    let statements = "context = ssl.create_default_context(cafile='ca.pem')
context.load_cert_chain('client.pem', 'client.key')";
    for version in VERSIONS {
        let wants = "-Verify 2 -verify_return_error -CAfile ca.pem";
        let server = serve(openssl, &format!("-www {version} {wants}"));
        assert_eq!(python(openssl, statements, server.port()), Ok(200));
        assert_eq!(fetch(&guest, &context, server.port()), Ok(200), "{version}");
    }
}

#[test]
fn shows_a_client_s_certificate_of_version_1() {
    let openssl = Openssl::new();
    openssl.authority();
    openssl.server(P256, "");
    // A key of ecparam's has its curve in front of it, in a section of its own.
    openssl.run("ecparam -name prime256v1 -genkey -out client.key");
    openssl.run("req -new -key client.key -out client.csr -subj /CN=client");
    openssl.run(
        "x509 -req -in client.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out client.pem",
    );
    assert!(openssl.read("client.key").contains("EC PARAMETERS"));
    assert_shows_client(&openssl);
}

/// An authority, `ca.pem`, and what it issues, `server.pem` and `client.pem`, all with keys on P-521.
fn all_on_p521(hash: &str) -> Openssl {
    let openssl = Openssl::new();
    openssl.run(&format!(
        "req -x509 -newkey {P521} -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=p521 {hash}"
    ));
    openssl.server(P521, hash);
    issue(&openssl, "client", P521, hash);
    openssl
}

#[test]
fn believes_authorities_and_servers_on_p521_and_has_such_a_key() {
    assert_shows_client(&all_on_p521("-sha512"));
}

#[test]
fn believes_signatures_of_p521_over_shorter_hashes() {
    for hash in ["-sha256", "-sha384"] {
        let openssl = all_on_p521(hash);
        let guest = Guest::new();
        let context = guest.context_trusting(&openssl.read("ca.pem"));
        let context = context.expect("a certificate");
        for version in VERSIONS {
            let server = serve(&openssl, &format!("-www {version}"));
            assert_eq!(fetch(&guest, &context, server.port()), Ok(200), "{hash}");
        }
    }
}

/// A server of TLS 1.2 may sign with any key over any hash.
#[test]
fn believes_handshakes_on_p521_over_each_hash() {
    let openssl = all_on_p521("-sha512");
    let guest = Guest::new();
    let context = guest.context_trusting(&openssl.read("ca.pem"));
    let context = context.expect("a certificate");
    for hash in ["SHA256", "SHA384", "SHA512"] {
        let server = serve(&openssl, &format!("-www -tls1_2 -sigalgs ECDSA+{hash}"));
        assert_eq!(fetch(&guest, &context, server.port()), Ok(200), "{hash}");
    }
}

#[test]
fn refuses_a_certificate_on_p521_that_another_authority_has_signed() {
    let (openssl, other) = (all_on_p521("-sha512"), all_on_p521("-sha512"));
    let guest = Guest::new();
    let context = guest.context_trusting(&other.read("ca.pem"));
    let context = context.expect("a certificate");
    let server = serve(&openssl, "-www");
    assert!(fetch(&guest, &context, server.port()).is_err());
}

/// Asserts whether both believe the server when `given.pem` is loaded as an authority.
#[track_caller]
fn assert_trusts(openssl: &Openssl, expected: bool) {
    let guest = Guest::builder().preopen(openssl.path("."), "/tls").build();
    let server = serve(openssl, "-www");
    let statements = "context = ssl.create_default_context(cafile='given.pem')";
    let reached = python(openssl, statements, server.port());
    assert_eq!(reached.is_ok(), expected, "{reached:?}");
    for source in [
        PemSource::Path("/tls/given.pem".into()),
        PemSource::Bytes(openssl.read("given.pem").into()),
    ] {
        let context = guest.create_default_context().expect("it needs nothing");
        assert_eq!(context.load_verify_locations(&source), Ok(()));
        let reached = fetch(&guest, &context, server.port());
        assert_eq!(reached.is_ok(), expected, "{reached:?}");
    }
}

fn openssl_with_server() -> Openssl {
    let openssl = Openssl::new();
    openssl.authority();
    openssl.server(P256, "");
    openssl
}

#[test]
fn trusts_an_authority_behind_a_byte_order_mark_and_under_an_old_name() {
    let openssl = openssl_with_server();
    let pem = openssl.read("ca.pem");
    let old = pem.replace("CERTIFICATE", "X509 CERTIFICATE");
    for text in [format!("\u{feff}{pem}"), old] {
        openssl.write("given.pem", &text);
        assert_trusts(&openssl, true);
    }
}

#[test]
fn trusts_an_authority_with_openssl_s_trust_data_as_far_as_they_go() {
    let openssl = openssl_with_server();
    for (data, expected) in [
        ("", true),
        ("-setalias company", true),
        ("-addtrust serverAuth", true),
        ("-addreject emailProtection", true),
        ("-addtrust emailProtection", false),
        ("-addreject serverAuth", false),
    ] {
        openssl.run(&format!("x509 -in ca.pem -trustout {data} -out given.pem"));
        assert!(openssl.read("given.pem").contains("TRUSTED CERTIFICATE"));
        assert_trusts(&openssl, expected);
    }
}

#[test]
fn shows_a_certificate_and_uses_a_key_behind_byte_order_marks() {
    let openssl = openssl_with_server();
    issue(&openssl, "plain", P256, "");
    let key = openssl.read("plain.key");
    for certificate in ["-out client.pem", "-trustout -out client.pem"] {
        openssl.run(&format!("x509 -in plain.pem {certificate}"));
        let marked = format!("\u{feff}{}", openssl.read("client.pem"));
        openssl.write("client.pem", &marked);
        openssl.write("client.key", &format!("\u{feff}{key}"));
        assert_shows_client(&openssl);
    }
}

#[test]
fn reads_a_revocation_list_behind_a_byte_order_mark() {
    let (guest, authority) = (Guest::new(), Authority::new());
    let identity = authority.issue(&["localhost"]);
    let list = authority.revoke(&[identity.serial()], 3000);
    let context = guest.context_trusting(&authority.pem());
    let context = context.expect("a certificate");
    let marked = PemSource::Bytes(format!("\u{feff}{list}").into());
    assert_eq!(context.load_crls(&marked), Ok(()));
    let server = Real::openssl(&identity, "-www");
    assert!(matches!(
        fetch(&guest, &context, server.port()),
        Err(harness::component::Error::Tls(
            harness::component::TlsError::CertificateRevoked(_)
        ))
    ));
}
