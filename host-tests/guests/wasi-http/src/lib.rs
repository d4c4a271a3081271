//! A program made for `wasi:http`, which knows nothing of httplib.
//!
//! `get URL COUNT`, `time URL COUNT`, `many URL COUNT`, `upload URL BYTES`, `drop URL`, and `connect`, `first-byte` and
//! `between-bytes` with a URL and a timeout in milliseconds: each prints what came of it, a line for each
//! response.
#![forbid(unsafe_code)]

use std::time::Duration;

use futures::future::{Either, join_all, select};
use futures::pin_mut;
use wasip3::clocks::monotonic_clock::{now, wait_for};
use wasip3::http::client::send;
use wasip3::http::types::{
    ErrorCode, Fields, Method, Request, RequestOptions, RequestOptionsError, Response, Scheme,
};
use wasip3::wit_bindgen::{StreamReader, StreamResult, spawn_local};
use wasip3::{wit_future, wit_stream};

wasip3::cli::command::export!(Program);

struct Program;

const BLOCK: usize = 64 << 10;

impl wasip3::exports::cli::run::Guest for Program {
    async fn run() -> Result<(), ()> {
        let arguments = wasip3::cli::environment::get_arguments();
        let arguments: Vec<&str> = arguments.iter().skip(1).map(String::as_str).collect();
        let report = match arguments[..] {
            ["get", url, count] => get(url, number(count)).await,
            ["time", url, count] => time(url, number(count)).await,
            ["many", url, count] => many(url, number(count)).await,
            ["upload", url, bytes] => upload(url, number(bytes)).await,
            ["drop", url] => dropped(url).await,
            ["connect", url, limit] => {
                limited(url, limit, RequestOptions::set_connect_timeout).await
            }
            ["first-byte", url, limit] => {
                limited(url, limit, RequestOptions::set_first_byte_timeout).await
            }
            ["between-bytes", url, limit] => {
                limited(url, limit, RequestOptions::set_between_bytes_timeout).await
            }
            _ => return Err(()),
        };
        print(&report).await;
        Ok(())
    }
}

fn number(text: &str) -> usize {
    text.parse().unwrap_or_default()
}

async fn print(text: &str) {
    let (mut writer, reader) = wit_stream::new();
    let written = wasip3::cli::stdout::write_via_stream(reader);
    let bytes = text.as_bytes().to_vec();
    spawn_local(async move {
        writer.write_all(bytes).await;
    });
    let _ = written.await;
}

/// One request after the other.
async fn get(url: &str, count: usize) -> String {
    let mut report = String::new();
    for _ in 0..count {
        report += &line(fetch(request(url, Method::Get, None, None)).await);
    }
    report
}

/// The same; only how many nanoseconds it took.
async fn time(url: &str, count: usize) -> String {
    let begin = now();
    for _ in 0..count {
        if let Err(code) = fetch(request(url, Method::Get, None, None)).await {
            return line(Err(code));
        }
    }
    format!("{}\n", now() - begin)
}

/// All at once.
async fn many(url: &str, count: usize) -> String {
    let fetched = (0..count).map(|_| fetch(request(url, Method::Get, None, None)));
    join_all(fetched).await.into_iter().map(line).collect()
}

/// A body of so many bytes, and a trailer.
async fn upload(url: &str, bytes: usize) -> String {
    let (mut writer, reader) = wit_stream::new();
    let (trailers, trailers_reader) = wit_future::new(|| Ok(None));
    let request = request(url, Method::Post, Some((reader, trailers_reader)), None);
    spawn_local(async move {
        let mut left = bytes;
        while left > 0 {
            let block = vec![b'u'; left.min(BLOCK)];
            left -= block.len();
            if !writer.write_all(block).await.is_empty() {
                return;
            }
        }
        drop(writer);
        let fields = Fields::new();
        let appended = fields.append("x-sent", bytes.to_string().as_bytes());
        assert!(appended.is_ok(), "a trailer that can be sent");
        let _ = trailers.write(Ok(Some(fields))).await;
    });
    line(fetch(request).await)
}

/// With one of the three timeouts.
async fn limited(
    url: &str,
    limit: &str,
    set: fn(&RequestOptions, Option<u64>) -> Result<(), RequestOptionsError>,
) -> String {
    let options = RequestOptions::new();
    let limit = Duration::from_millis(number(limit) as u64).as_nanos() as u64;
    assert!(set(&options, Some(limit)).is_ok(), "an option");
    line(fetch(request(url, Method::Get, None, Some(options))).await)
}

/// Gives up after a moment, twice: a request, and a body; then makes another request.
async fn dropped(url: &str) -> String {
    {
        let sent = send(request(&format!("{url}/never"), Method::Get, None, None));
        let moment = wait_for(Duration::from_millis(100).as_nanos() as u64);
        pin_mut!(sent, moment);
        if let Either::Left((answered, _)) = select(sent, moment).await {
            return line(answered.map(|_| "answered".to_owned()));
        }
    }
    match send(request(&format!("{url}/endless"), Method::Get, None, None)).await {
        Ok(response) => {
            let (_keep, result) = wit_future::new(|| Ok(()));
            let (mut body, _trailers) = Response::consume_body(response, result);
            let (_, first) = body.read(Vec::with_capacity(BLOCK)).await;
            assert!(!first.is_empty(), "a body that begins");
        }
        Err(error) => return line(Err(error)),
    }
    line(fetch(request(&format!("{url}/"), Method::Get, None, None)).await)
}

type Body = (
    StreamReader<u8>,
    wasip3::wit_bindgen::FutureReader<Result<Option<Fields>, ErrorCode>>,
);

fn request(
    url: &str,
    method: Method,
    body: Option<Body>,
    options: Option<RequestOptions>,
) -> Request {
    let (scheme, rest) = url.split_once("://").expect("an absolute URL");
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (contents, trailers) = match body {
        Some((contents, trailers)) => (Some(contents), trailers),
        None => (None, wit_future::new(|| Ok(None)).1),
    };
    let fields = Fields::new();
    assert!(fields.append("te", b"trailers").is_ok(), "a field");
    let (request, _sent) = Request::new(fields, contents, trailers, options);
    let scheme = match scheme {
        "http" => Scheme::Http,
        _ => Scheme::Https,
    };
    let set = request
        .set_method(&method)
        .and_then(|()| request.set_scheme(Some(&scheme)))
        .and_then(|()| request.set_authority(Some(authority)))
        .and_then(|()| request.set_path_with_query(Some(&format!("/{path}"))));
    assert!(set.is_ok(), "a request");
    request
}

/// Status, the header `x-seen`, how long the body was, and the trailer `x-received`.
async fn fetch(request: Request) -> Result<String, ErrorCode> {
    let response = send(request).await?;
    let status = response.get_status_code();
    let seen = text(&response.get_headers(), "x-seen");
    let (_keep, result) = wit_future::new(|| Ok(()));
    let (mut body, trailers) = Response::consume_body(response, result);
    let mut length = 0;
    let mut block = Vec::with_capacity(BLOCK);
    loop {
        let (result, read) = body.read(block).await;
        block = read;
        length += block.len();
        block.clear();
        if result == StreamResult::Dropped {
            break;
        }
    }
    let received = trailers
        .await?
        .map_or_else(String::new, |fields| text(&fields, "x-received"));
    Ok(format!(
        "{status} seen={seen} length={length} received={received}"
    ))
}

fn text(fields: &Fields, name: &str) -> String {
    let values = fields.get(name);
    let texts = values.iter().map(|value| String::from_utf8_lossy(value));
    texts.collect::<Vec<_>>().join(",")
}

fn line(fetched: Result<String, ErrorCode>) -> String {
    match fetched {
        Ok(line) => line + "\n",
        Err(code) => format!("{code:?}\n"),
    }
}
