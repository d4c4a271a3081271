//! `raw URL`, `stream URL`, `read URL`: downloads from loopback over a socket of its own, with httplib as a
//! stream, and with httplib read by read; prints how many bytes came and how many nanoseconds that took.
#![forbid(unsafe_code)]

use bindings::httplib::http::client::{Error, HttpConnection, HttpResponse, describe};
use wasip3::clocks::monotonic_clock::now;
use wasip3::sockets::types::{IpAddressFamily, IpSocketAddress, Ipv4SocketAddress, TcpSocket};
use wit_bindgen::StreamResult;

mod bindings {
    wit_bindgen::generate!({
        path: "../../../wit/p3",
        inline: "
            package bench:p3;

            world p3 {
                import httplib:http/client@0.3.0;
            }
        ",
        generate_all,
    });
}

wasip3::cli::command::export!(Program);

struct Program;

const BLOCK: usize = 64 << 10;

impl wasip3::exports::cli::run::Guest for Program {
    async fn run() -> Result<(), ()> {
        let arguments = wasip3::cli::environment::get_arguments();
        let arguments: Vec<&str> = arguments.iter().skip(1).map(String::as_str).collect();
        let [what, url, ..] = arguments[..] else {
            return Err(());
        };
        let (port, path) = target(url).ok_or(())?;
        let begin = now();
        let came = match what {
            "raw" => raw(port, path).await,
            "stream" => stream(port, path).await,
            "read" => read(port, path).await,
            _ => return Err(()),
        };
        let took = now() - begin;
        match came {
            Ok(bytes) => print(format!("{bytes} {took}\n")).await,
            Err(error) => print(error + "\n").await,
        }
    }
}

/// The port, and the path after it.
fn target(url: &str) -> Option<(u16, &str)> {
    let rest = url.strip_prefix("http://127.0.0.1:")?;
    let (port, path) = rest.split_at(rest.find('/')?);
    Some((port.parse().ok()?, path))
}

/// The limit: nothing but a socket. Counts what comes behind the head, whose end comes in one piece.
async fn raw(port: u16, path: &str) -> Result<usize, String> {
    let socket = TcpSocket::create(IpAddressFamily::Ipv4).map_err(|code| format!("{code:?}"))?;
    let address = IpSocketAddress::Ipv4(Ipv4SocketAddress {
        port,
        address: (127, 0, 0, 1),
    });
    let connected = socket.connect(address).await;
    connected.map_err(|code| format!("{code:?}"))?;
    let (mut writer, reader) = wasip3::wit_stream::new();
    let _sent = socket.send(reader);
    let (mut stream, _end) = socket.receive();
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    writer.write_all(request.into_bytes()).await;
    let mut came = 0;
    let mut head = None;
    let mut block = Vec::with_capacity(BLOCK);
    loop {
        let (result, read) = stream.read(block).await;
        if head.is_none() {
            let end = read.windows(4).position(|four| four == b"\r\n\r\n");
            head = end.map(|end| came + end + 4);
        }
        came += read.len();
        block = read;
        block.clear();
        if result == StreamResult::Dropped {
            return Ok(came - head.unwrap_or_default());
        }
    }
}

async fn respond(port: u16, path: &str) -> Result<HttpResponse, Error> {
    let connection = HttpConnection::http("127.0.0.1", Some(port), None)?;
    connection
        .request("GET".into(), path.into(), None, Vec::new())
        .await?;
    connection.get_response().await
}

async fn stream(port: u16, path: &str) -> Result<usize, String> {
    let response = respond(port, path).await;
    let response = response.map_err(|error| describe(&error))?;
    let (mut body, end) = HttpResponse::consume_body(response).await;
    let mut came = 0;
    let mut block = Vec::with_capacity(BLOCK);
    loop {
        let (result, read) = body.read(block).await;
        came += read.len();
        block = read;
        block.clear();
        if result == StreamResult::Dropped {
            break;
        }
    }
    end.await.map_err(|error| describe(&error))?;
    Ok(came)
}

async fn read(port: u16, path: &str) -> Result<usize, String> {
    let response = respond(port, path).await;
    let response = response.map_err(|error| describe(&error))?;
    let mut came = 0;
    loop {
        let block = response.read(Some(BLOCK as u64)).await;
        let block = block.map_err(|error| describe(&error))?;
        if block.is_empty() {
            return Ok(came);
        }
        came += block.len();
    }
}

async fn print(text: String) -> Result<(), ()> {
    let (mut writer, reader) = wasip3::wit_stream::new();
    let written = wasip3::cli::stdout::write_via_stream(reader);
    writer.write_all(text.into_bytes()).await;
    drop(writer);
    written.await.map_err(drop)
}
