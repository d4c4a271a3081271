//! The component's surface: what it exports and imports, and that each function of it can be called.
//!
//! One walk goes through all functions. A function that is added to the WIT fails the walk until the
//! walk has it.

use std::collections::BTreeSet;

use harness::component::{
    Connection, ConnectionOptions, Guest, PemSource, Response, Result, Skip, TlsOptions,
    TlsVersion, VerifyMode, bytes, exported_functions, imported_interfaces, is_asynchronous,
};
use harness::peer::{Peer, Step};
use harness::server::{GREETING, Server};
use harness::tls::{Authority, ServerTls};

const REPLY: &[u8] = b"HTTP/1.1 200 OK\r\n\
    Content-Type: Text/HTML; Charset=\"UTF-8\"\r\n\
    Content-Encoding: GZIP\r\n\
    Content-Length: 16\r\n\
    \r\n\
    one\ntwo\nthree\nX";

#[test]
fn every_function_of_the_wit_is_called() -> Result<()> {
    let guest = Guest::new();
    walk_status(&guest);
    walk_request(&guest)?;
    walk_response(&guest)?;
    walk_message(&guest)?;
    walk_tls(&guest)?;
    walk_tunnel(&guest)?;
    walk_exchange(&guest)?;
    walk_proxy(&guest)?;
    walk_upgrade(&guest)?;
    assert_eq!(guest.exercised(), exported_functions());
    Ok(())
}

fn walk_status(guest: &Guest) {
    assert_eq!((guest.http_port(), guest.https_port()), (80, 443));
    assert_eq!(guest.reason_phrase(404).as_deref(), Some("Not Found"));
    assert!(guest.responses().contains(&(200, "OK".to_owned())));
    assert_eq!(guest.constant("REQUEST_ENTITY_TOO_LARGE"), Some(413));
}

fn walk_request(guest: &Guest) -> Result<()> {
    let server = Server::http();
    let connection = guest.http("127.0.0.1", server.port(), None)?;
    connection.set_debuglevel(1);
    connection.set_encode_chunked(true);
    connection.connect()?;
    assert!(connection.tls_session().is_none());
    if !is_asynchronous() {
        drop(connection.subscribe());
    }
    connection.put_request_with(
        "POST",
        "/echo",
        Skip {
            host: true,
            accept_encoding: true,
        },
    )?;
    connection.put_header("Host", &["example"])?;
    connection.put_header("Content-Length", &["4"])?;
    connection.end_headers(bytes("ab"))?;
    connection.send(bytes("cd").expect("a body"))?;
    let echo = connection.get_response()?.read(None)?;
    assert_eq!(
        echo,
        b"POST /echo\nhost: example\ncontent-length: 4\n\nabcd"
    );
    assert!(guest.stderr().contains("send:"), "{}", guest.stderr());
    connection.close();

    let error = connection
        .send(bytes("too early").expect("a body"))
        .expect_err("no request");
    let text = guest.describe(&error);
    assert!(text.starts_with("CannotSendRequest"), "{text}");
    Ok(())
}

/// A response with [`REPLY`], and what keeps it alive.
fn reply(guest: &Guest) -> Result<(Peer, Connection, Response)> {
    let peer = Peer::reply(REPLY);
    let connection = guest.http(
        "127.0.0.1",
        peer.port(),
        Some(&ConnectionOptions::default()),
    )?;
    connection.request("GET", "/", None, &[])?;
    let response = connection.get_response()?;
    Ok((peer, connection, response))
}

fn walk_response(guest: &Guest) -> Result<()> {
    let (_peer, _connection, response) = reply(guest)?;
    assert_eq!(
        (response.status(), response.reason(), response.version()),
        (200, "OK".into(), 11)
    );
    assert_eq!(
        response.get_header("content-length", None).as_deref(),
        Some("16")
    );
    assert_eq!(
        response.get_headers()[2],
        ("Content-Length".into(), "16".into())
    );
    assert!(response.fileno().is_some());
    assert!(!response.will_close() && !response.is_closed());
    if !is_asynchronous() {
        response.subscribe().block();
    }
    assert_eq!(response.peek(1)?.first(), Some(&b'o'));
    assert_eq!(response.readline(None)?, b"one\n");
    assert_eq!(response.read(Some(4))?, b"two\n");
    assert_eq!(response.read1(Some(3))?, b"thr");
    assert_eq!(response.discard(Some(2))?, 2);
    assert_eq!(response.length(), Some(3));
    response.close();
    assert!(response.is_closed());
    Ok(())
}

fn walk_message(guest: &Guest) -> Result<()> {
    let (_peer, _connection, response) = reply(guest)?;
    let message = response.msg();
    assert_eq!(message.get("CONTENT-LENGTH").as_deref(), Some("16"));
    assert_eq!(message.get_all("content-length"), ["16"]);
    assert_eq!(
        message.names(),
        ["Content-Type", "Content-Encoding", "Content-Length"]
    );
    assert_eq!(message.items()[2], ("Content-Length".into(), "16".into()));
    assert!(message.contains("content-type"));
    assert_eq!(message.headers()[2], b"Content-Length: 16\r\n");
    assert_eq!(message.get_content_type(), "text/html");
    assert_eq!(message.get_content_maintype(), "text");
    assert_eq!(message.get_content_subtype(), "html");
    assert_eq!(message.get_params(), [("charset".into(), "UTF-8".into())]);
    assert_eq!(message.get_param("CHARSET").as_deref(), Some("UTF-8"));
    assert_eq!(message.get_content_charset().as_deref(), Some("utf-8"));
    assert_eq!(message.get_encoding(), "7bit");
    assert_eq!(message.get_content_encoding(), ["gzip"]);
    Ok(())
}

fn walk_tls(guest: &Guest) -> Result<()> {
    let authority = Authority::new();
    let server = Server::https(ServerTls::new(&authority.issue(&["localhost"])).build());
    let client = authority.request(&["client"]).for_client().issue();
    let bare = guest.create_bare_context();
    bare.load_default_certs()?;
    bare.load_verify_locations(&PemSource::Bytes(authority.pem().into()))?;
    let verified = guest.create_default_context()?;
    verified.load_verify_locations(&PemSource::Bytes(authority.pem().into()))?;
    verified.load_cert_chain(
        &PemSource::Bytes(client.chain_pem().into()),
        Some(&PemSource::Bytes(client.key_pem().into())),
    )?;
    verified.load_crls(&PemSource::Bytes(authority.revoke(&[], 3000).into()))?;
    verified.add_pin(&authority.pin())?;
    verified.set_check_hostname(true);
    verified.set_verify_mode(VerifyMode::CertRequired)?;
    verified.set_minimum_version(TlsVersion::Tls13);
    verified.set_cipher_suites(&["TLS_AES_256_GCM_SHA384"])?;
    verified.set_alpn_protocols(&["http/1.1"])?;
    verified.set_key_log(None)?;
    for context in [bare, verified, guest.create_unverified_context()] {
        let tls = TlsOptions::with(&context);
        let connection = guest.https("localhost", server.port(), None, Some(tls))?;
        let response = connection.fetch("GET", "/")?;
        let session = connection.tls_session().expect("the connection is open");
        assert_eq!(session.version, "TLSv1.3");
        assert_eq!(response.read(None)?, GREETING);
    }
    Ok(())
}

fn walk_tunnel(guest: &Guest) -> Result<()> {
    let proxy = Peer::script(vec![vec![
        Step::AwaitHead,
        Step::send("HTTP/1.1 200 Connection established\r\nVia: proxy\r\n\r\n"),
        Step::AwaitHead,
        Step::send(REPLY),
    ]]);
    let connection = guest.http("127.0.0.1", proxy.port(), None)?;
    connection.set_tunnel(
        "example.com",
        8080,
        &[("Proxy-Authorization", "Basic eDp5")],
    )?;
    assert_eq!(connection.fetch("GET", "/")?.status(), 200);
    let headers = connection.get_proxy_response_headers();
    assert_eq!(headers, Some(vec![("Via".to_owned(), "proxy".to_owned())]));
    Ok(())
}

fn walk_exchange(guest: &Guest) -> Result<()> {
    let server = Server::http();
    let connection = guest.http("127.0.0.1", server.port(), None)?;
    connection.set_deadline(Some(20_000_000_000));
    connection.set_continue_timeout(20_000_000_000);
    connection.set_trailers(&[("X-Sum", "7")])?;
    connection.request("POST", "/count", Some(guest.stream("abc")), &[])?;
    let response = connection.get_response()?;
    assert_eq!(response.interim_responses().len(), 0);
    assert_eq!(response.trailers(), None);
    if is_asynchronous() {
        let (body, trailers) = response.consume_body().read_all();
        assert_eq!(
            (body, trailers?),
            (b"3 bytes\nx-sum: 7".to_vec(), Vec::new())
        );
    } else {
        let (spliced, copied) = response.splice(None);
        assert_eq!((spliced?, copied), (16, b"3 bytes\nx-sum: 7".to_vec()));
        assert_eq!(response.trailers(), Some(Vec::new()));
    }
    let url = format!("http://127.0.0.1:{}/", server.port());
    let response = guest.request("GET", &url, None, &[], None, None)?;
    assert_eq!(response.read(None)?, GREETING);
    Ok(())
}

fn walk_proxy(guest: &Guest) -> Result<()> {
    let proxy = Peer::reply(REPLY);
    let connection = guest.http("example.com", None, None)?;
    assert_eq!(connection.proxy_from_environment(), None);
    connection.set_proxy(Some(&format!("http://127.0.0.1:{}", proxy.port())))?;
    assert_eq!(connection.fetch("GET", "/")?.status(), 200);
    Ok(())
}

fn walk_upgrade(guest: &Guest) -> Result<()> {
    let peer = Peer::script(vec![vec![
        Step::AwaitHead,
        Step::send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nhello"),
        Step::await_marker("world"),
    ]]);
    let connection = guest.http("127.0.0.1", peer.port(), None)?;
    let stream = connection.fetch("GET", "/")?.upgrade()?;
    if !is_asynchronous() {
        stream.subscribe().block();
    }
    assert_eq!(stream.read(9)?, b"hello");
    if !is_asynchronous() {
        stream.subscribe_write().block();
    }
    assert_eq!(stream.write("world")?, 5);
    stream.flush()?;
    stream.shutdown()?;
    assert_eq!(stream.read(9)?, b"");
    Ok(())
}

#[test]
fn imports_what_the_world_names_and_nothing_else() {
    let expected: &[&str] = match is_asynchronous() {
        true => &[
            "cli/environment",
            "cli/stderr",
            "cli/types",
            "clocks/monotonic-clock",
            "clocks/system-clock",
            "clocks/types",
            "filesystem/preopens",
            "filesystem/types",
            "random/random",
            "sockets/ip-name-lookup",
            "sockets/types",
        ],
        false => &[
            "cli/environment",
            "cli/stderr",
            "clocks/monotonic-clock",
            "clocks/wall-clock",
            "filesystem/preopens",
            "filesystem/types",
            "io/error",
            "io/poll",
            "io/streams",
            "random/random",
            "sockets/instance-network",
            "sockets/ip-name-lookup",
            "sockets/network",
            "sockets/tcp",
            "sockets/tcp-create-socket",
        ],
    };
    let version = if is_asynchronous() { "0.3.0" } else { "0.2.6" };
    let expected = expected.iter().map(|name| format!("wasi:{name}@{version}"));
    assert_eq!(imported_interfaces(), expected.collect::<BTreeSet<_>>());
}
