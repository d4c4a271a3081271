//! The plugin of `examples/plugin`, turned hostile. A URL `try:WHAT:ARGUMENT` has it try what its host must
//! not allow, and say how that went; any other is fetched.

use std::env;
use std::fs;
use std::hint::black_box;
use std::io;
use std::net::{TcpListener, TcpStream, ToSocketAddrs, UdpSocket};
use std::sync::Mutex;

use bindings::httplib::http::client::{Error, HttpConnection, HttpResponse, describe, request};

mod bindings {
    wit_bindgen::generate!({
        path: "../../../wit",
        inline: "
            package example:plugin;

            world plugin {
                import httplib:http/client@0.2.0;
                export fetch: func(url: string) -> result<string, string>;
            }
        ",
        generate_all,
    });
}

struct Plugin;

impl bindings::Guest for Plugin {
    fn fetch(url: String) -> Result<String, String> {
        match url
            .strip_prefix("try:")
            .and_then(|what| what.split_once(':'))
        {
            Some((what, argument)) => attempt(what, argument),
            None => page(request("GET", &url, None, &[], None, None)),
        }
    }
}

bindings::export!(Plugin with_types_in bindings);

fn attempt(what: &str, argument: &str) -> Result<String, String> {
    match what {
        "compute" => loop {
            black_box(());
        },
        "grow" => grow(),
        "keep" => Ok(keep(argument)),
        "panic" => panic!("{argument}"),
        "talk" => talk(),
        "say" => Ok(say(argument)),
        "environment" => Ok(format!("{:?} {:?}", env::vars(), env::args())),
        "read" => said(fs::read(argument)),
        "write" => said(fs::write(argument, "written by a plugin")),
        "look-up" => said((argument, 80).to_socket_addrs().map(Iterator::count)),
        "listen" => said(TcpListener::bind(argument)),
        "datagram" => said(UdpSocket::bind("0.0.0.0:0").and_then(|it| it.send_to(b"x", argument))),
        "connect" => connect(argument),
        "other-site" => page(other_site(argument)),
        "tunnel" => page(tunnel(argument)),
        _ => Err(format!("no such attempt: {what}")),
    }
}

/// The result as a text.
fn said<T: std::fmt::Debug>(result: io::Result<T>) -> Result<String, String> {
    match result {
        Ok(value) => Ok(format!("{value:?}")),
        Err(error) => Err(error.to_string()),
    }
}

fn page(response: Result<HttpResponse, Error>) -> Result<String, String> {
    let read = response.and_then(|response| response.read(None));
    match read {
        Ok(body) => Ok(String::from_utf8_lossy(&body).into_owned()),
        Err(error) => Err(describe(&error)),
    }
}

fn grow() -> ! {
    let mut all = Vec::new();
    loop {
        all.push(black_box(vec![1_u8; 1 << 20]));
    }
}

/// Keeps so many bytes for as long as the instance lives; how often it did.
fn keep(bytes: &str) -> String {
    static KEPT: Mutex<Vec<Vec<u8>>> = Mutex::new(Vec::new());
    let mut kept = KEPT.lock().expect("there is one thread");
    kept.push(vec![1; bytes.parse().expect("a number")]);
    format!("kept {}", kept.len())
}

/// Writes so many bytes to standard error, a line.
fn say(bytes: &str) -> String {
    eprintln!("{}", "x".repeat(bytes.parse().expect("a number")));
    "said".to_owned()
}

fn talk() -> ! {
    loop {
        eprintln!("talking");
    }
}

/// Connects to the address until it can't, and keeps the connections.
fn connect(address: &str) -> Result<String, String> {
    let mut all = Vec::new();
    loop {
        match TcpStream::connect(address) {
            Ok(stream) => all.push(stream),
            Err(error) => return Err(format!("{} connections, then {error}", all.len())),
        }
    }
}

/// Asks the server at the URL for another site that it may have.
fn other_site(url: &str) -> Result<HttpResponse, Error> {
    let host = [("Host".to_owned(), "elsewhere.example".to_owned())];
    request("GET", url, None, &host, None, None)
}

/// `PROXY>SERVER`, two ports: asks one for a tunnel to the other.
fn tunnel(ports: &str) -> Result<HttpResponse, Error> {
    let (proxy, server) = ports.split_once('>').expect("two ports");
    let port = |text: &str| text.parse().expect("a port");
    let connection = HttpConnection::http("127.0.0.1", Some(port(proxy)), None)?;
    connection.set_tunnel("127.0.0.1", Some(port(server)), &[])?;
    connection.request("GET", "/", None, &[])?;
    connection.get_response()
}
