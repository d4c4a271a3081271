//! Proxies: who is asked, and how.

use harness::peer::Peer;
use harness::relay::Relay;
use harness::server::{GREETING, Server};
use harness::tls::{Authority, ServerTls};

use crate::cli::{Cli, OK};

/// What a proxy gets of a run for `http://example.com/`, its port being told by these arguments or by
/// this variable.
#[track_caller]
fn asked(mut cli: Cli, arguments: impl Fn(u16) -> Vec<String>, variable: &str) -> String {
    let proxy = Peer::reply(OK);
    if !variable.is_empty() {
        cli = cli.env(variable, &format!("http://127.0.0.1:{}", proxy.port()));
    }
    let mut arguments = arguments(proxy.port());
    arguments.push("http://example.com/".to_owned());
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    assert_eq!(cli.run(&arguments).ok(), "ok");
    String::from_utf8_lossy(&proxy.all_received(0)).into_owned()
}

fn proxy_option(port: u16) -> Vec<String> {
    vec!["-x".to_owned(), format!("127.0.0.1:{port}")]
}

#[test]
fn http_goes_in_absolute_form() {
    let head = asked(Cli::new(), proxy_option, "");
    let expected = "GET http://example.com/ HTTP/1.1\r\nHost: example.com\r\n\
        User-Agent: httplib/0.2.0\r\nAccept: */*\r\n\r\n";
    assert_eq!(head, expected);
}

#[test]
fn credentials_come_from_the_url_or_from_their_option() {
    let expected = "\r\nProxy-Authorization: Basic dXNlcjpwQHM=\r\n";
    let in_url = |port| {
        vec![
            "-x".to_owned(),
            format!("http://user:p%40s@127.0.0.1:{port}"),
        ]
    };
    let head = asked(Cli::new(), in_url, "");
    assert!(head.contains(expected), "{head}");
    let option = |port| {
        [
            proxy_option(port),
            vec!["-U".to_owned(), "user:p@s".to_owned()],
        ]
        .concat()
    };
    let head = asked(Cli::new(), option, "");
    assert!(head.contains(expected), "{head}");
}

#[test]
fn the_environment_names_a_proxy() {
    for variable in ["http_proxy", "HTTP_PROXY", "ALL_PROXY"] {
        let head = asked(Cli::new(), |_| Vec::new(), variable);
        assert!(head.starts_with("GET http://example.com/ "), "{head}");
    }
    let cli = Cli::new().env("no_proxy", "example.net");
    let head = asked(cli, |_| Vec::new(), "http_proxy");
    assert!(head.starts_with("GET http://example.com/ "), "{head}");
}

#[test]
fn the_option_goes_before_the_environment() {
    let cli = Cli::new().env("http_proxy", "http://127.0.0.1:1");
    asked(cli, proxy_option, "");
    let cli = Cli::new().env("no_proxy", "example.com");
    // What is excepted by the option is all that is.
    let option = |port| {
        [
            proxy_option(port),
            vec!["--noproxy".to_owned(), String::new()],
        ]
        .concat()
    };
    asked(cli, option, "");
}

/// Asserts that no proxy is asked with these arguments, and with this variable in the environment.
#[track_caller]
fn assert_direct(arguments: &[&str], no_proxy: &str) {
    let server = Server::http();
    let url = format!("http://127.0.0.1:{}/", server.port());
    let cli = Cli::new()
        .env("http_proxy", "http://127.0.0.1:1")
        .env("no_proxy", no_proxy);
    let arguments: Vec<&str> = arguments.iter().copied().chain([url.as_str()]).collect();
    assert_eq!(cli.run(&arguments).ok().as_bytes(), GREETING);
}

#[test]
fn hosts_can_be_excepted() {
    let proxy = ["-x", "127.0.0.1:1", "--noproxy"];
    for list in ["*", "127.0.0.1", "other,127.0.0.0/8", "localhost 127.0.0.1"] {
        assert_direct(&[proxy[0], proxy[1], proxy[2], list], "");
        assert_direct(&["--noproxy", list], "");
        assert_direct(&[], list);
        assert_direct(&["-x", "127.0.0.1:1"], list);
    }
    assert_direct(&["-x", ""], "");
}

#[test]
fn hosts_that_are_not_excepted_are_not() {
    let server = Server::http();
    let url = format!("http://localhost:{}/", server.port());
    for list in ["", "host", "calhost", "127.0.0.1", "localhost.example", "."] {
        let arguments = ["-x", "127.0.0.1:1", "--noproxy", list, &url];
        Cli::new().run(&arguments).failed(7);
    }
    assert_eq!(server.connections(), 0);
    for list in ["localhost", ".localhost", "LocalHost."] {
        let arguments = ["-x", "127.0.0.1:1", "--noproxy", list, &url];
        assert_eq!(Cli::new().run(&arguments).stdout, GREETING);
    }
}

#[test]
fn http_goes_through_a_tunnel_where_that_is_wanted() {
    let (relay, server) = (Relay::start(None), Server::http());
    let url = format!("http://127.0.0.1:{}/", server.port());
    let proxy = format!("127.0.0.1:{}", relay.port());
    let outcome = Cli::new().run(&["-p", "-x", &proxy, "-U", "user:password", &url, &url]);
    assert_eq!(outcome.stdout, GREETING.repeat(2), "{outcome:?}");
    let target = format!("127.0.0.1:{}", server.port());
    let heads = relay.heads();
    assert_eq!(heads.len(), 1);
    assert!(
        heads[0].starts_with(&format!("CONNECT {target} HTTP/1.1\r\n")),
        "{heads:?}"
    );
    assert!(heads[0].contains("\r\nProxy-Authorization: Basic dXNlcjpwYXNzd29yZA==\r\n"));
}

/// A proxy, over TLS or not, before a server with the same authority.
struct Secured {
    authority: Authority,
    server: Server,
    relay: Relay,
}

impl Secured {
    fn new(proxy_over_tls: bool) -> Self {
        let authority = Authority::new();
        let config = ServerTls::new(&authority.issue(&["localhost"])).build();
        Self {
            relay: Relay::start(proxy_over_tls.then(|| config.clone())),
            server: Server::https(config),
            authority,
        }
    }

    fn cli(&self) -> Cli {
        Cli::new().file("ca.pem", self.authority.pem())
    }

    fn url(&self) -> String {
        format!("https://localhost:{}/", self.server.port())
    }
}

#[test]
fn https_goes_through_a_tunnel() {
    let site = Secured::new(false);
    let proxy = format!("http://user@127.0.0.1:{}/", site.relay.port());
    let outcome = site
        .cli()
        .run(&["--cacert", "ca.pem", "--proxy", &proxy, &site.url()]);
    assert_eq!(outcome.stdout, GREETING, "{outcome:?}");
    assert!(site.relay.heads()[0].contains("\r\nProxy-Authorization: Basic dXNlcjo=\r\n"));
    let cli = site.cli().env("HTTPS_PROXY", &proxy);
    assert_eq!(
        cli.run(&["--cacert", "ca.pem", &site.url()]).stdout,
        GREETING
    );
    assert_eq!(site.relay.heads().len(), 2);
}

#[test]
fn a_proxy_may_be_reached_over_tls() {
    let site = Secured::new(true);
    let proxy = format!("https://localhost:{}", site.relay.port());
    let visit = |arguments: &[&str]| {
        let url = site.url();
        let arguments = [arguments, &["-x", &proxy, &url]].concat();
        site.cli().run(&arguments)
    };
    let outcome = visit(&["--cacert", "ca.pem", "--proxy-cacert", "ca.pem"]);
    assert_eq!(outcome.stdout, GREETING, "{outcome:?}");
    let outcome = visit(&["--cacert", "ca.pem", "--proxy-insecure"]);
    assert_eq!(outcome.stdout, GREETING, "{outcome:?}");
    // The server's authorities are not the proxy's, nor the other way round.
    visit(&["--cacert", "ca.pem"]).failed(60);
    visit(&["--proxy-cacert", "ca.pem"]).failed(60);
    visit(&["-k", "--proxy-cacert", "missing"]).failed(77);
    let url = "http://127.0.0.1:1/";
    site.cli().run(&["-p", "-x", &proxy, url]).failed(2);
}

#[test]
fn a_tunnel_that_is_refused_is_said() {
    let refusal = "HTTP/1.1 407 Who are you\r\nContent-Length: 0\r\n\r\n";
    let proxy = Peer::reply(refusal);
    let proxy = format!("127.0.0.1:{}", proxy.port());
    let line = Cli::new()
        .run(&["-x", &proxy, "https://localhost/"])
        .failed(56);
    assert_eq!(
        line,
        "httplib: (56) Tunnel connection failed: 407 Who are you"
    );
}

#[test]
fn a_proxy_that_can_not_be_used_is_said() {
    let failed = |proxy, code| {
        Cli::without_lookup()
            .run(&["-x", proxy, "http://localhost/"])
            .failed(code)
    };
    failed("http://proxy.example:1", 5);
    failed("127.0.0.1:1", 7);
    failed("127.0.0.1:x", 5);
    failed("http://", 5);
    let line = failed("socks5://127.0.0.1:1", 7);
    assert!(line.contains("unsupported proxy scheme 'socks5'"), "{line}");
}
