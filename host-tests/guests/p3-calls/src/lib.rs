//! Calls over WASI 0.3, many at once, and some that are dropped.
//!
//! Each command prints a line for each thing that came of it:
//! - `many HOST PORT COUNT`: exchanges, all at once;
//! - `drop CALL HOST PORT`: a call that is dropped after a moment, then an exchange with the same connection;
//! - `upgrades HOST PORT COUNT`: upgrades that are dropped after a read, with an exchange behind each;
//! - `twice HOST PORT`: a call while another is under way;
//! - `close HOST PORT`: `close` while a call is under way;
//! - `close-connecting HOST PORT`: `close` while a connection opens, whose call is then awaited, or dropped, and a
//!   call that needs no server;
//! - `close-beside HOST PORT COUNT`: `close` while a call is under way, with an exchange on another connection at once
//!   behind it;
//! - `behind HOST PORT`: a request that is dropped behind a response that is still being read;
//! - `debug HOST PORT`: exchanges that print more than anybody takes;
//! - `refused HOST PORT`: uploads over TLS that a server refuses and does not read, whose responses or connections are
//!   then dropped or closed;
//! - `trailers HOST PORT`, `broken HOST PORT`: an upload with trailers behind it, or an error.
#![forbid(unsafe_code)]

use std::time::Duration;

use bindings::httplib::http::client::{
    Body, Error, HttpConnection, HttpResponse, TlsContext, TlsOptions, describe, request,
};
use futures::future::{Either, join, join_all, select};
use futures::pin_mut;
use wasip3::clocks::monotonic_clock::wait_for;
use wit_bindgen::{StreamResult, spawn_local};

mod bindings {
    wit_bindgen::generate!({
        path: "../../../wit/p3",
        inline: "
            package calls:p3;

            world p3 {
                import httplib:http/client@0.3.0;
            }
        ",
        generate_all,
    });
}

wasip3::cli::command::export!(Program);

struct Program;

impl wasip3::exports::cli::run::Guest for Program {
    async fn run() -> Result<(), ()> {
        let arguments = wasip3::cli::environment::get_arguments();
        let arguments: Vec<&str> = arguments.iter().skip(1).map(String::as_str).collect();
        let report = match arguments[..] {
            ["many", host, port, count] => many(host, port, count.parse().map_err(drop)?).await,
            ["drop", call, host, port] => dropped(call, host, number(port)?).await,
            ["upgrades", host, port, count] => {
                upgrades(host, number(port)?, count.parse().map_err(drop)?).await
            }
            ["twice", host, port] => twice(host, number(port)?).await,
            ["close", host, port] => closed(host, number(port)?).await,
            ["close-connecting", host, port] => closed_connecting(host, number(port)?).await,
            ["close-beside", host, port, count] => {
                closed_beside(host, number(port)?, count.parse().map_err(drop)?).await
            }
            ["behind", host, port] => dropped_behind(host, number(port)?).await,
            ["debug", host, port] => debugged(host, number(port)?).await,
            ["refused", host, port] => refused(host, number(port)?).await,
            ["trailers", host, port] => upload(host, number(port)?, None).await,
            ["broken", host, port] => {
                let error = Error::Other("the tape is torn".into());
                upload(host, number(port)?, Some(error)).await
            }
            _ => return Err(()),
        };
        let report = report.unwrap_or_else(|error| vec![describe(&error)]);
        print(report.join("\n") + "\n").await
    }
}

fn number(text: &str) -> Result<u16, ()> {
    text.parse().map_err(drop)
}

async fn moment() {
    wait_for(Duration::from_millis(100).as_nanos() as u64).await;
}

/// Does `work` for a moment, and drops it then; whether it was over before.
async fn for_a_moment<T>(work: impl Future<Output = T>) -> Option<T> {
    let moment = moment();
    pin_mut!(work, moment);
    match select(work, moment).await {
        Either::Left((done, _)) => Some(done),
        Either::Right(_) => None,
    }
}

async fn many(host: &str, port: &str, count: usize) -> Result<Vec<String>, Error> {
    let url = format!("http://{host}:{port}/");
    let fetch = async || {
        let response = request("GET".into(), url.clone(), None, Vec::new(), None, None).await?;
        let body = response.read(None).await?;
        Ok(format!("{} {}", response.status(), body.len()))
    };
    let fetched = join_all((0..count).map(|_| fetch())).await;
    fetched.into_iter().collect()
}

fn connect(host: &str, port: u16) -> Result<HttpConnection, Error> {
    HttpConnection::http(host, Some(port), None)
}

async fn get(connection: &HttpConnection, path: &str) -> Result<HttpResponse, Error> {
    connection
        .request("GET".into(), path.into(), None, Vec::new())
        .await?;
    connection.get_response().await
}

/// The exchange after a call that was dropped.
async fn next(connection: &HttpConnection) -> Result<String, Error> {
    let response = get(connection, "/").await?;
    let body = response.read(None).await?;
    Ok(format!(
        "{} {}",
        response.status(),
        String::from_utf8_lossy(&body).trim_end()
    ))
}

async fn upgrades(host: &str, port: u16, count: usize) -> Result<Vec<String>, Error> {
    let mut lines = Vec::new();
    for _ in 0..count {
        let connection = connect(host, port)?;
        let response = get(&connection, "/").await?;
        let (sender, sent) = bindings::wit_stream::new();
        let mut upgraded = response.upgrade(sent).await?;
        upgraded.received.read(Vec::with_capacity(2)).await;
        drop((upgraded, sender));
        lines.push(next(&connection).await?);
    }
    Ok(lines)
}

const PATIENT: &str = "it was over before";

async fn dropped(call: &str, host: &str, port: u16) -> Result<Vec<String>, Error> {
    let connection = connect(host, port)?;
    let large = || Body::Bytes(vec![b'x'; 64 << 20]);
    let was_dropped = match call {
        "connect" => {
            connection.set_tunnel("server.example", Some(80), &[])?;
            for_a_moment(connection.connect()).await.is_none()
        }
        "request" => {
            let sent = connection.request("PUT".into(), "/".into(), Some(large()), Vec::new());
            for_a_moment(sent).await.is_none()
        }
        "end-headers" => {
            connection.put_request("PUT", "/", false, false)?;
            for_a_moment(connection.end_headers(Some(large())))
                .await
                .is_none()
        }
        "send" => {
            connection.put_request("PUT", "/", false, false)?;
            let length = (64 << 20).to_string();
            connection.put_header("Content-Length", &[length])?;
            connection.end_headers(None).await?;
            for_a_moment(connection.send(large())).await.is_none()
        }
        "get-response" => {
            let sent = connection.request("GET".into(), "/".into(), None, Vec::new());
            sent.await?;
            for_a_moment(connection.get_response()).await.is_none()
        }
        "one-call" => {
            let url = format!("http://{host}:{port}/");
            let fetched = request("GET".into(), url, None, Vec::new(), None, None);
            for_a_moment(fetched).await.is_none()
        }
        _ => return dropped_read(call, &connection).await,
    };
    let was_dropped = if was_dropped { "dropped" } else { PATIENT };
    Ok(vec![was_dropped.into(), next(&connection).await?])
}

/// A read is made again: nothing is lost.
async fn dropped_read(call: &str, connection: &HttpConnection) -> Result<Vec<String>, Error> {
    let response = get(connection, "/").await?;
    let was_dropped = match call {
        "read" => for_a_moment(response.read(None)).await.is_none(),
        "read-amount" => for_a_moment(response.read(Some(9))).await.is_none(),
        "read1" => {
            response.read1(Some(3)).await?;
            for_a_moment(response.read1(None)).await.is_none()
        }
        "peek" => {
            response.read(Some(3)).await?;
            for_a_moment(response.peek(1)).await.is_none()
        }
        "readline" => for_a_moment(response.readline(None)).await.is_none(),
        "discard" => for_a_moment(response.discard(Some(9))).await.is_none(),
        "consume-body" => {
            let (mut body, end) = HttpResponse::consume_body(response).await;
            let (_, first) = body.read(Vec::with_capacity(3)).await;
            drop(body);
            let end = match end.await {
                Ok(_) => "whole".to_owned(),
                Err(error) => describe(&error),
            };
            let first = String::from_utf8_lossy(&first).into_owned();
            return Ok(vec![first, end, next(connection).await?]);
        }
        _ => return Err(Error::Other("no such call".into())),
    };
    let was_dropped = if was_dropped { "dropped" } else { PATIENT };
    let rest = response.read(None).await?;
    let rest = String::from_utf8_lossy(&rest).into_owned();
    Ok(vec![was_dropped.into(), rest, next(connection).await?])
}

async fn twice(host: &str, port: u16) -> Result<Vec<String>, Error> {
    let connection = connect(host, port)?;
    connection
        .request("GET".into(), "/".into(), None, Vec::new())
        .await?;
    let (one, other) = join(connection.get_response(), connection.get_response()).await;
    let line = |response: Result<HttpResponse, Error>| match response {
        Ok(response) => response.status().to_string(),
        Err(error) => describe(&error),
    };
    Ok(vec![line(one), line(other)])
}

async fn closed(host: &str, port: u16) -> Result<Vec<String>, Error> {
    let connection = connect(host, port)?;
    connection
        .request("GET".into(), "/".into(), None, Vec::new())
        .await?;
    let closes = async {
        moment().await;
        connection.close();
    };
    let (ended, ()) = join(connection.get_response(), closes).await;
    let ended = match ended {
        Ok(response) => response.status().to_string(),
        Err(error) => describe(&error),
    };
    let response = get(&connection, "/").await?;
    let reads = response.read(None);
    let closes = async {
        moment().await;
        connection.close();
    };
    let (read, ()) = join(reads, closes).await;
    let read = match read {
        Ok(body) => format!("{} bytes", body.len()),
        Err(error) => describe(&error),
    };
    Ok(vec![ended, read, next(&connection).await?])
}

async fn closed_connecting(host: &str, port: u16) -> Result<Vec<String>, Error> {
    let connection = connect(host, port)?;
    let closes = async || connection.close();
    let (ended, ()) = join(connection.connect(), closes()).await;
    let which = {
        let (connects, closes) = (connection.connect(), closes());
        pin_mut!(connects, closes);
        match select(connects, closes).await {
            Either::Left(_) => PATIENT,
            Either::Right(_) => "dropped",
        }
    };
    let sent = connection.send(Body::Bytes(Vec::new())).await;
    let line = |result: Result<(), Error>| match result {
        Ok(()) => "done".to_owned(),
        Err(error) => describe(&error),
    };
    Ok(vec![line(ended), which.into(), line(sent)])
}

async fn closed_beside(host: &str, port: u16, count: usize) -> Result<Vec<String>, Error> {
    let mut lines = Vec::new();
    for _ in 0..count {
        let (one, other) = (connect(host, port)?, connect(host, port)?);
        one.request("GET".into(), "/".into(), None, Vec::new())
            .await?;
        let goes_on = async {
            one.close();
            next(&other).await
        };
        let (ended, fetched) = join(one.get_response(), goes_on).await;
        let ended = ended.err().map(|error| describe(&error));
        lines.push(ended.unwrap_or_else(|| PATIENT.into()));
        lines.push(fetched?);
    }
    Ok(lines)
}

async fn debugged(host: &str, port: u16) -> Result<Vec<String>, Error> {
    let connection = connect(host, port)?;
    connection.set_debuglevel(1);
    let body = Some(Body::Bytes(vec![b'x'; 2 << 20]));
    let sent = connection.request("PUT".into(), "/".into(), body, Vec::new());
    sent.await?;
    let first = connection.get_response().await?.status().to_string();
    Ok(vec![
        first,
        next(&connection).await?,
        next(&connection).await?,
    ])
}

async fn refused(host: &str, port: u16) -> Result<Vec<String>, Error> {
    let tls = TlsContext::create_unverified();
    let connect = || {
        let options = TlsOptions {
            context: Some(&tls),
            key_file: None,
            cert_file: None,
        };
        HttpConnection::https(host.into(), Some(port), None, Some(options))
    };
    let mut lines = Vec::new();
    for end in [
        "drop",
        "close",
        "close the connection",
        "drop the connection",
    ] {
        let connection = connect().await?;
        let body = Some(Body::Bytes(vec![b'x'; 64 << 20]));
        let sent = connection.request("PUT".into(), "/".into(), body, Vec::new());
        sent.await?;
        let response = connection.get_response().await?;
        lines.push(response.status().to_string());
        match end {
            "drop" => drop(response),
            "close" => response.close(),
            "close the connection" => connection.close(),
            _ => drop(connection),
        }
        lines.push(next(&connect().await?).await?);
    }
    Ok(lines)
}

async fn dropped_behind(host: &str, port: u16) -> Result<Vec<String>, Error> {
    let connection = connect(host, port)?;
    let response = get(&connection, "/").await?;
    let (writer, endless) = bindings::wit_stream::new();
    let body = Some(Body::Stream(endless));
    let sent = connection.request("PUT".into(), "/".into(), body, Vec::new());
    let was_dropped = for_a_moment(sent).await.is_none();
    drop(writer);
    let was_dropped = if was_dropped { "dropped" } else { PATIENT };
    let rest = response.read(None).await?;
    let rest = String::from_utf8_lossy(&rest).into_owned();
    Ok(vec![was_dropped.into(), rest, next(&connection).await?])
}

/// An upload of three bytes, with a trailer behind it or an error.
async fn upload(host: &str, port: u16, error: Option<Error>) -> Result<Vec<String>, Error> {
    let connection = connect(host, port)?;
    let (mut writer, reader) = bindings::wit_stream::new();
    let (trailers, trailers_reader) = bindings::wit_future::new(|| Ok(Vec::new()));
    spawn_local(async move {
        writer.write_all(b"abc".to_vec()).await;
        drop(writer);
        let trailers_or_error = match error {
            Some(error) => Err(error),
            None => Ok(vec![("X-Sum".into(), "7".into())]),
        };
        // It may not want them any more.
        let _ = trailers.write(trailers_or_error).await;
    });
    let body = Body::StreamWithTrailers((reader, trailers_reader));
    let sent = connection.request("POST".into(), "/count".into(), Some(body), Vec::new());
    if let Err(error) = sent.await {
        return Ok(vec![describe(&error), next(&connection).await?]);
    }
    let response = connection.get_response().await?;
    let (mut body, _end) = HttpResponse::consume_body(response).await;
    let mut counted = Vec::new();
    loop {
        let (result, more) = body.read(Vec::with_capacity(64)).await;
        counted.extend(more);
        if result == StreamResult::Dropped {
            break;
        }
    }
    let counted = String::from_utf8_lossy(&counted).replace('\n', ", ");
    Ok(vec![counted, next(&connection).await?])
}

async fn print(text: String) -> Result<(), ()> {
    let (mut writer, reader) = wasip3::wit_stream::new();
    let written = wasip3::cli::stdout::write_via_stream(reader);
    writer.write_all(text.into_bytes()).await;
    drop(writer);
    written.await.map_err(drop)
}
