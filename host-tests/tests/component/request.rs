//! The head of a request, byte for byte as the peer receives it.

use harness::component::{Guest, Result, Skip, bytes};
use harness::peer::{Peer, Step};

use super::exchange::{NO_CONTENT, PLAIN_GET, received, sent};

/// The head that `request` sends to `url` with these headers.
fn head(method: &str, url: &str, headers: &[(&str, &str)]) -> Result<String> {
    sent(|_, connection| connection.request(method, url, None, headers))
}

#[test]
fn automatic_headers_come_first_and_in_order() -> Result<()> {
    let body = || bytes("hi");
    let headers = [("X-First", "1"), ("x-second", "2")];
    assert_eq!(
        sent(|_, connection| connection.request("POST", "/", body(), &headers))?,
        "POST / HTTP/1.1\r\nHost: peer\r\nAccept-Encoding: identity\r\nContent-Length: 2\r\n\
         X-First: 1\r\nx-second: 2\r\n\r\nhi"
    );
    Ok(())
}

#[test]
fn put_request_sends_the_same_automatic_headers() -> Result<()> {
    let sent = sent(|_, connection| {
        connection.put_request("GET", "/")?;
        connection.end_headers(None)
    })?;
    assert_eq!(sent, PLAIN_GET);
    Ok(())
}

#[test]
fn host_gives_way_to_the_callers_own() -> Result<()> {
    let expected = "GET / HTTP/1.1\r\nAccept-Encoding: identity\r\nhOST: other\r\n\r\n";
    assert_eq!(head("GET", "/", &[("hOST", "other")])?, expected);
    Ok(())
}

#[test]
fn accept_encoding_gives_way_to_the_callers_own() -> Result<()> {
    let expected = "GET / HTTP/1.1\r\nHost: peer\r\naccept-encoding: gzip\r\n\r\n";
    assert_eq!(head("GET", "/", &[("accept-encoding", "gzip")])?, expected);
    Ok(())
}

#[test]
fn content_length_gives_way_to_the_callers_own() -> Result<()> {
    let headers = [("content-LENGTH", "2")];
    assert_eq!(
        sent(|_, connection| connection.request("PUT", "/", bytes("hi"), &headers))?,
        "PUT / HTTP/1.1\r\nHost: peer\r\nAccept-Encoding: identity\r\ncontent-LENGTH: 2\r\n\r\nhi"
    );
    Ok(())
}

#[test]
fn content_length_gives_way_to_the_callers_transfer_encoding() -> Result<()> {
    let headers = [("transfer-encoding", "chunked")];
    let body = bytes("2\r\nhi\r\n0\r\n\r\n");
    assert_eq!(
        sent(|_, connection| connection.request("PUT", "/", body, &headers))?,
        "PUT / HTTP/1.1\r\nHost: peer\r\nAccept-Encoding: identity\r\n\
         transfer-encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"
    );
    Ok(())
}

#[test]
fn automatic_headers_of_put_request_give_way_too() -> Result<()> {
    let sent = sent(|_, connection| {
        connection.put_request("GET", "/")?;
        connection.put_header("HOST", &["other"])?;
        connection.put_header("Accept-Encoding", &["br"])?;
        connection.end_headers(None)
    })?;
    let expected = "GET / HTTP/1.1\r\nHOST: other\r\nAccept-Encoding: br\r\n\r\n";
    assert_eq!(sent, expected);
    Ok(())
}

#[test]
fn duplicates_stay_and_keep_their_order_and_case() -> Result<()> {
    let headers = [("Cookie", "a=1"), ("X", "y"), ("cookie", "b=2")];
    assert_eq!(
        head("GET", "/", &headers)?,
        "GET / HTTP/1.1\r\nHost: peer\r\nAccept-Encoding: identity\r\n\
         Cookie: a=1\r\nX: y\r\ncookie: b=2\r\n\r\n"
    );
    Ok(())
}

#[test]
fn a_header_may_be_empty() -> Result<()> {
    let sent = head("GET", "/", &[("X-Empty", "")])?;
    assert!(sent.ends_with("\r\nX-Empty: \r\n\r\n"), "{sent}");
    Ok(())
}

#[test]
fn several_values_are_continuation_lines() -> Result<()> {
    let sent = sent(|_, connection| {
        connection.put_request("GET", "/")?;
        connection.put_header("X-Folded", &["one", "two", "three"])?;
        connection.end_headers(None)
    })?;
    let expected = "\r\nX-Folded: one\r\n\ttwo\r\n\tthree\r\n\r\n";
    assert!(sent.ends_with(expected), "{sent}");
    Ok(())
}

#[test]
fn a_value_may_bring_its_own_folds() -> Result<()> {
    let sent = head("GET", "/", &[("X-Folded", "one\r\n two\r\n\tthree")])?;
    let expected = "\r\nX-Folded: one\r\n two\r\n\tthree\r\n\r\n";
    assert!(sent.ends_with(expected), "{sent}");
    Ok(())
}

#[test]
fn header_values_are_sent_in_latin_1() -> Result<()> {
    let (guest, peer) = (Guest::new(), Peer::reply(NO_CONTENT));
    let connection = guest.http("127.0.0.1", peer.port(), None)?;
    connection.request("GET", "/", None, &[("X-Name", "Andr\u{e9} \u{ff}")])?;
    connection.get_response()?;
    connection.close();
    let sent = peer.all_received(0);
    assert!(sent.ends_with(b"\r\nX-Name: Andr\xe9 \xff\r\n\r\n"));
    Ok(())
}

#[test]
fn skip_host_leaves_host_out() -> Result<()> {
    let skip = Skip {
        host: true,
        accept_encoding: false,
    };
    let sent = sent(|_, connection| {
        connection.put_request_with("GET", "/", skip)?;
        connection.end_headers(None)
    })?;
    assert_eq!(sent, "GET / HTTP/1.1\r\nAccept-Encoding: identity\r\n\r\n");
    Ok(())
}

#[test]
fn skip_accept_encoding_leaves_accept_encoding_out() -> Result<()> {
    let skip = Skip {
        host: false,
        accept_encoding: true,
    };
    let sent = sent(|_, connection| {
        connection.put_request_with("GET", "/", skip)?;
        connection.end_headers(None)
    })?;
    assert_eq!(sent, "GET / HTTP/1.1\r\nHost: peer\r\n\r\n");
    Ok(())
}

/// The request line that a `GET` of this URL begins with.
fn request_line(url: &str) -> Result<String> {
    let sent = head("GET", url, &[])?;
    Ok(sent.lines().next().unwrap_or_default().to_owned())
}

#[test]
fn an_empty_url_means_the_root() -> Result<()> {
    assert_eq!(request_line("")?, "GET / HTTP/1.1");
    Ok(())
}

#[test]
fn a_fragment_is_not_sent() -> Result<()> {
    assert_eq!(request_line("/page?q#part")?, "GET /page?q HTTP/1.1");
    Ok(())
}

#[test]
fn a_lone_fragment_means_the_root() -> Result<()> {
    assert_eq!(request_line("#part")?, "GET / HTTP/1.1");
    Ok(())
}

#[test]
fn a_path_and_query_are_sent_as_they_are() -> Result<()> {
    let line = request_line("/a%20b/../c;d?e=f&g=%zz{|}")?;
    assert_eq!(line, "GET /a%20b/../c;d?e=f&g=%zz{|} HTTP/1.1");
    Ok(())
}

#[test]
fn the_asterisk_is_sent_as_it_is() -> Result<()> {
    let sent = head("OPTIONS", "*", &[])?;
    assert!(sent.starts_with("OPTIONS * HTTP/1.1\r\nHost: peer\r\n"));
    Ok(())
}

#[test]
fn an_absolute_url_is_sent_whole_and_gives_its_own_host() -> Result<()> {
    let sent = head("GET", "http://origin.example:8080/path", &[])?;
    let expected = "GET http://origin.example:8080/path HTTP/1.1\r\nHost: origin.example:8080\r\n";
    assert!(sent.starts_with(expected), "{sent}");
    Ok(())
}

#[test]
fn the_host_of_an_absolute_url_is_without_its_user_information() -> Result<()> {
    let sent = head("GET", "http://user:secret@origin.example/", &[])?;
    assert!(sent.contains("\r\nHost: origin.example\r\n"), "{sent}");
    Ok(())
}

#[test]
fn the_host_of_an_absolute_url_gives_way_to_the_callers_own() -> Result<()> {
    let sent = head("GET", "http://origin.example/", &[("Host", "mine")])?;
    assert!(!sent.contains("Host: origin.example"), "{sent}");
    assert!(sent.contains("\r\nHost: mine\r\n"), "{sent}");
    Ok(())
}

#[test]
fn a_url_in_a_query_gives_no_host() -> Result<()> {
    let sent = head("GET", "/?u=http://other.example/", &[])?;
    assert!(sent.contains("\r\nHost: peer\r\n"), "{sent}");
    Ok(())
}

/// What goes through a tunnel to this host: the `CONNECT`, then a `GET`.
fn tunnelled(host: &str, port: Option<u16>) -> Result<String> {
    let script = vec![
        Step::AwaitHead,
        Step::send("HTTP/1.1 200 OK\r\n\r\n"),
        Step::AwaitHead,
        Step::send(NO_CONTENT),
    ];
    let (guest, peer) = (Guest::new(), Peer::script(vec![script]));
    let connection = guest.http("127.0.0.1", peer.port(), None)?;
    connection.set_tunnel(host, port, &[])?;
    connection.fetch("GET", "/")?;
    connection.close();
    Ok(received(&peer, 0))
}

#[test]
fn host_leaves_the_default_port_out() -> Result<()> {
    let sent = tunnelled("origin.example", None)?;
    assert!(
        sent.contains("\r\n\r\nGET / HTTP/1.1\r\nHost: origin.example\r\n"),
        "{sent}"
    );
    Ok(())
}

#[test]
fn host_leaves_the_default_port_out_where_it_is_given() -> Result<()> {
    let sent = tunnelled("origin.example:80", None)?;
    assert!(
        sent.contains("\r\n\r\nGET / HTTP/1.1\r\nHost: origin.example\r\n"),
        "{sent}"
    );
    Ok(())
}

#[test]
fn host_names_another_port() -> Result<()> {
    let sent = tunnelled("origin.example", Some(443))?;
    assert!(
        sent.contains("\r\n\r\nGET / HTTP/1.1\r\nHost: origin.example:443\r\n"),
        "{sent}"
    );
    Ok(())
}

#[test]
fn host_has_ipv6_in_brackets_without_its_zone() -> Result<()> {
    let sent = tunnelled("[fe80::1%eth0]", None)?;
    assert!(
        sent.contains("\r\n\r\nGET / HTTP/1.1\r\nHost: [fe80::1]\r\n"),
        "{sent}"
    );
    Ok(())
}

#[test]
fn host_has_an_international_name_in_ascii() -> Result<()> {
    let sent = tunnelled("b\u{fc}cher.example", None)?;
    assert!(
        sent.contains("\r\n\r\nGET / HTTP/1.1\r\nHost: xn--bcher-kva.example\r\n"),
        "{sent}"
    );
    Ok(())
}

#[test]
fn any_token_is_a_method() -> Result<()> {
    let sent = head("M-SEARCH", "/", &[])?;
    assert!(sent.starts_with("M-SEARCH / HTTP/1.1\r\n"), "{sent}");
    Ok(())
}

#[test]
fn the_method_keeps_its_case() -> Result<()> {
    let sent = head("get", "/", &[])?;
    assert!(sent.starts_with("get / HTTP/1.1\r\n"), "{sent}");
    Ok(())
}
