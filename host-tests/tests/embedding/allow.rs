//! The list of names and addresses.

use std::fs;

use harness::peer::{Peer, Step};
use harness::relay::Relay;
use harness::server::{GREETING, Server};
use harness::tls::{Authority, ServerTls};

use crate::host::{Outcome, host, hostile, hostile_host, rename, run};

/// Asserts that the URL gave the server's greeting.
fn assert_fetched(outcome: &Outcome, url: &str) {
    let greeting = String::from_utf8_lossy(GREETING);
    let page = format!("{url}: 200 OK\n{greeting}\n");
    assert!(outcome.output.contains(&page), "{outcome:?}");
}

/// The line of a plugin that was refused this address.
fn refused(url: &str, address: &str) -> String {
    format!(
        "{url}: failed: access denied by the host (connect; tried {address}: access denied by the host)"
    )
}

#[test]
fn a_name_on_the_list_is_fetched_over_http() {
    let server = Server::http();
    let url = format!("http://localhost:{}/", server.port());
    let outcome = host(&["--allow", "localhost", &url]);
    assert_fetched(&outcome, &url);
    assert!(outcome.success, "{outcome:?}");
}

#[test]
fn a_name_on_the_list_is_fetched_over_https() {
    let authority = Authority::new();
    let server = Server::https(ServerTls::new(&authority.issue(&["localhost"])).build());
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("ca.pem"), authority.pem()).expect("a fresh folder");
    let authorities = folder.path().to_str().expect("a path in UTF-8");
    let url = format!("https://localhost:{}/", server.port());
    let outcome = host(&["--allow", "localhost", "--authorities", authorities, &url]);
    assert_fetched(&outcome, &url);
    // Who doesn't know the authority doesn't trust it.
    let outcome = host(&["--allow", "localhost", &url]);
    assert!(
        outcome.output.contains("unable to get local issuer"),
        "{outcome:?}"
    );
}

#[test]
fn names_match_in_any_case() {
    let server = Server::http();
    let url = format!("http://LocalHost:{}/", server.port());
    assert_fetched(&host(&["--allow", "LOCALhost", &url]), &url);
}

#[test]
fn an_address_on_the_list_is_fetched() {
    let server = Server::http();
    let url = format!("http://{}/", server.address());
    assert_fetched(&host(&["--allow", "127.0.0.1", &url]), &url);
}

#[test]
fn an_ipv6_address_on_the_list_is_fetched_at_its_port() {
    let reply = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    let peer = Peer::script_on("[::1]:0", vec![Step::answers(&[reply.as_ref()])]);
    let (url, address) = (
        format!("http://{}/", peer.address()),
        peer.address().to_string(),
    );
    host(&["--allow", &address, &url]).assert_line(&format!("{url}: 200 OK"));
}

#[test]
fn a_name_off_the_list_is_not_looked_up() {
    let server = Server::http();
    let (good, bad) = (
        format!("http://localhost:{}/", server.port()),
        "http://example.com/",
    );
    let outcome = host(&["--allow", "localhost", bad, &good]);
    outcome.assert_line("http://example.com/: failed: access denied by the host (resolve)");
    assert_fetched(&outcome, &good);
    assert!(!outcome.success, "{outcome:?}");
}

#[test]
fn a_name_is_off_the_list_though_its_address_is_on_it() {
    let server = Server::http();
    let url = format!("http://localhost:{}/", server.port());
    let outcome = host(&["--allow", "127.0.0.1", "--allow", "::1", &url]);
    outcome.assert_line(&format!(
        "{url}: failed: access denied by the host (resolve)"
    ));
    assert_eq!(server.connections(), 0);
}

#[test]
fn an_address_is_off_the_list_though_a_name_on_it_is_this_address() {
    let server = Server::http();
    let (good, bad) = (
        format!("http://localhost:{}/", server.port()),
        format!("http://{}/", server.address()),
    );
    let outcome = host(&["--allow", "localhost", &bad, &good]);
    outcome.assert_line(&refused(&bad, &server.address().to_string()));
    assert_fetched(&outcome, &good);
    assert_eq!(server.connections(), 1);
}

#[test]
fn another_address_is_off_the_list() {
    let outcome = host(&["--allow", "127.0.0.1", "http://127.0.0.2:80/"]);
    outcome.assert_line(&refused("http://127.0.0.2:80/", "127.0.0.2:80"));
}

#[test]
fn an_address_in_disguise_is_off_the_list_too() {
    let server = Server::http();
    for disguise in ["[::ffff:127.0.0.1]", "[::127.0.0.1]", "0.0.0.0", "[::]"] {
        let url = format!("http://{disguise}:{}/", server.port());
        let outcome = host(&["--allow", "localhost", &url]);
        assert!(outcome.output.contains(": failed: "), "{outcome:?}");
    }
    assert_eq!(server.connections(), 0);
}

#[test]
fn another_port_is_off_the_list() {
    let (server, other) = (Server::http(), Server::http());
    let entry = format!("localhost:{}", server.port());
    let [good, bad] = [&server, &other].map(|it| format!("http://localhost:{}/", it.port()));
    let outcome = host(&["--allow", &entry, &bad, &good]);
    outcome.assert_line(&refused(&bad, &other.address().to_string()));
    assert_fetched(&outcome, &good);
    assert_eq!(other.connections(), 0);
}

#[test]
fn a_name_that_is_nowhere_is_an_error_of_the_plugin_s() {
    let outcome = host(&["--allow", "name.invalid", "http://name.invalid/"]);
    outcome.assert_line("http://name.invalid/: failed: Name or service not known (resolve)");
}

#[test]
fn an_entry_that_is_none_is_an_error_of_the_command_line_s() {
    let outcome = host(&["--allow", "localhost:http", "http://localhost/"]);
    assert!(
        outcome
            .output
            .contains("invalid value 'localhost:http' for '--allow"),
        "{outcome:?}"
    );
    assert!(!outcome.success, "{outcome:?}");
}

#[test]
fn the_list_holds_for_sockets_that_are_not_httplib_s() {
    let server = Server::http();
    let address = server.address();
    let (connect, look_up) = (format!("try:connect:{address}"), "try:look-up:example.com");
    let outcome = hostile_host(&["--allow", "localhost", &connect, look_up]);
    outcome.assert_line(&format!(
        "{connect}: failed: 0 connections, then Permission denied (os error 2)"
    ));
    outcome.assert_line(&format!(
        "{look_up}: failed: Permission denied (os error 2)"
    ));
    assert_eq!(server.connections(), 0);
}

/// The host's own look-up stands in for one version of WASI's, and wasmtime has others.
#[test]
fn the_list_holds_for_plugins_that_import_another_version_of_wasi() {
    let folder = tempfile::tempdir().expect("a folder");
    let later = folder.path().join("later.wasm");
    let import = "wasi:sockets/ip-name-lookup@0.2.";
    rename(
        hostile(),
        &later,
        &format!("{import}6"),
        &format!("{import}9"),
    );
    let outcome = run(&later, &["--allow", "127.0.0.1", "try:look-up:localhost"]);
    assert!(outcome.output.contains(": failed: "), "{outcome:?}");
    let outcome = run(&later, &["--allow", "127.0.0.1", "http://localhost/"]);
    assert!(outcome.output.contains("(resolve)"), "{outcome:?}");
}

/// What a list of names and addresses can't tell apart: sites behind one address.
#[test]
fn another_site_of_an_allowed_server_can_be_asked_for() {
    let server = Server::http();
    let url = format!("try:other-site:http://localhost:{}/echo", server.port());
    let outcome = hostile_host(&["--allow", "localhost", &url]);
    outcome.assert_line("host: elsewhere.example");
}

/// And where a proxy goes that is on the list.
#[test]
fn an_allowed_proxy_leads_off_the_list() {
    let (server, proxy) = (Server::http(), Relay::start(None));
    let url = format!("try:tunnel:{}>{}", proxy.port(), server.port());
    let entry = format!("127.0.0.1:{}", proxy.port());
    let outcome = hostile_host(&["--allow", &entry, &url]);
    assert!(
        outcome.output.contains("Hello from the test server."),
        "{outcome:?}"
    );
    assert_eq!(server.connections(), 1);
}
