//! Each branch of the recipe, by a server that leads there.

use std::fs;

use harness::peer::{Peer, Port};
use harness::server::Server;
use harness::tls::{Authority, ServerTls};
use tempfile::TempDir;

use super::OK;
use super::run::{FOLDER, recipe};

/// What the recipe says about this URL: the description and the advice.
fn explain(url: &str) -> (String, String) {
    parts(&recipe(&["errors", url]).prints())
}

fn parts(printed: &str) -> (String, String) {
    let (description, advice) = printed.rsplit_once(": ").expect("both");
    (description.to_owned(), advice.trim_end().to_owned())
}

fn url(port: u16) -> String {
    format!("http://127.0.0.1:{port}/")
}

#[test]
fn nothing_is_said_where_nothing_went_wrong() {
    let peer = Peer::reply(OK);
    let printed = recipe(&["errors", &url(peer.port())]).prints();
    assert_eq!(printed, "nothing went wrong\n");
}

#[test]
fn a_url_that_is_none_is_the_callers_error() {
    let (description, advice) = explain("127.0.0.1");
    assert!(description.contains("127.0.0.1"), "{description}");
    assert_eq!(advice, "correct the request");
}

#[test]
fn a_server_that_does_not_run_is_a_case_of_the_networks_errors() {
    let (description, advice) = explain(&url(Port::closed().number()));
    assert!(description.contains("refused"), "{description}");
    assert_eq!(advice, "start the server");
}

#[test]
fn the_rest_of_the_networks_errors_is_a_family() {
    let run = recipe(&["errors", "http://example.com/"]).names(&[]);
    assert_eq!(parts(&run.prints()).1, "try again later");
}

#[test]
fn a_body_that_was_cut_says_how_much_is_missing() {
    let peer = Peer::reply("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello");
    let (description, advice) = explain(&url(peer.port()));
    assert_eq!(description, "IncompleteRead(5 bytes read, 4 more expected)");
    assert_eq!(advice, "ask for the rest with a Range");
}

#[test]
fn the_rest_of_http_s_errors_is_a_family() {
    for reply in [
        "",
        "HTTP/2.0 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\n: x\r\n\r\n",
    ] {
        let peer = Peer::reply(reply);
        let (description, advice) = explain(&url(peer.port()));
        assert_eq!(
            advice, "the server broke the rules of HTTP",
            "{description}"
        );
    }
}

#[test]
fn an_expired_certificate_is_a_case_and_the_rest_of_tls_a_family() {
    let (authority, folder) = (Authority::new(), TempDir::new().expect("a folder"));
    fs::write(folder.path().join("ca.pem"), authority.pem()).expect("the folder is ours");
    let expired = authority.request(&["127.0.0.1"]).expired().issue();
    let stranger = Authority::new().issue(&["127.0.0.1"]);
    for (identity, expected) in [
        (expired, "renew the certificate"),
        (stranger, "do not trust the server"),
    ] {
        let server = Server::https(ServerTls::new(&identity).build());
        let url = format!("https://127.0.0.1:{}/", server.port());
        let run = recipe(&["errors", &url])
            .folder(folder.path())
            .env("SSL_CERT_FILE", &format!("{FOLDER}/ca.pem"));
        assert_eq!(parts(&run.prints()).1, expected);
    }
}
