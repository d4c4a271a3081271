//! A response case: what a caller of the component sees of it, and of the reply after it.

use std::time::Duration;

use harness::component::{Connection, ConnectionOptions, Error, Guest, HttpException, Response};
use harness::peer::{Peer, Step};

use super::corpus::Case;
use super::outcome::Seen;
use super::{NEXT, check_next};

/// Long enough for every reply that comes at all.
const TIMEOUT: Duration = Duration::from_secs(15);

/// For those that don't.
const IMPATIENT: Duration = Duration::from_millis(200);

/// Runs the case twice: once the response is read, once it is dropped unread.
///
/// # Errors
/// What came otherwise than the case says.
pub fn run(case: &Case) -> Result<(), String> {
    run_read(case)?;
    run_unread(case).map_err(|error| format!("after a response that is dropped unread: {error}"))
}

fn run_unread(case: &Case) -> Result<(), String> {
    let peer = Peer::script(scripts(case));
    let guest = Guest::new();
    let connection = connect(case, &guest, &peer);
    drop(get_response(case, &connection));
    check_next(&guest, &connection)
}

fn run_read(case: &Case) -> Result<(), String> {
    let expected = expected(case);
    let peer = Peer::script(scripts(case));
    let guest = Guest::new();
    let connection = connect(case, &guest, &peer);
    let mut seen = Seen::default();
    if let Err(error) = exchange(case, &connection, &mut seen) {
        tell(&error, &mut seen);
    }
    seen.compare(&expected)?;
    check_next(&guest, &connection)?;

    let outcome = case.block("outcome").expect("a case has an outcome");
    let stays = case.is("open") && outcome.last().is_some_and(|line| line == "keep");
    let connections = if stays { 1 } else { 2 };
    match peer.connections() {
        count if count == connections => Ok(()),
        count => Err(format!("{count} connections instead of {connections}")),
    }
}

/// What the peer does on the first connection, and on one that the next request opens.
fn scripts(case: &Case) -> Vec<Vec<Step>> {
    let mut begin = Vec::new();
    if case.is("tunnel") {
        begin.extend(Step::answers(&[b"HTTP/1.1 200 OK\r\n\r\n"]));
    }
    let fresh = [begin.clone(), Step::answers(&[NEXT])].concat();
    if case.is("reused") {
        begin.extend(Step::answers(&[b"HTTP/1.1 204 No Content\r\n\r\n"]));
    }
    let reply = case.bytes("reply").expect("a case has a reply");
    begin.extend(Step::answers(&[&reply]));
    if case.is("open") {
        begin.extend(Step::answers(&[NEXT]));
    }
    vec![begin, fresh]
}

fn connect(case: &Case, guest: &Guest, peer: &Peer) -> Connection {
    let outcome = case.block("outcome").expect("a case has an outcome");
    let waits = outcome.iter().any(|line| line == "waits");
    let timeout = if waits { IMPATIENT } else { TIMEOUT };
    let limit = case.option("header-lines");
    let options = ConnectionOptions {
        strict: Some(case.is("strict")),
        timeout: Some(timeout.as_nanos() as u64),
        max_response_headers: limit.map(|limit| limit.parse().expect("a number of lines")),
        ..ConnectionOptions::default()
    };
    let connection = guest
        .http("127.0.0.1", peer.port(), Some(&options))
        .expect("a valid address");
    if case.is("tunnel") {
        connection
            .set_tunnel("example.org", 80, &[])
            .expect("a valid host");
    }
    connection
}

fn get_response(case: &Case, connection: &Connection) -> Result<Response, Error> {
    if case.is("reused") {
        let first = connection.fetch("GET", "/first")?;
        assert_eq!(first.status(), 204);
    }
    match case.option("to").unwrap_or("GET") {
        "CONNECT" => connection.fetch("CONNECT", "example.org:443"),
        method => connection.fetch(method, "/"),
    }
}

fn exchange(case: &Case, connection: &Connection, seen: &mut Seen) -> Result<(), Error> {
    let response = get_response(case, connection)?;
    let reason = latin1(&response.reason());
    seen.status("", response.version(), response.status(), &reason);
    for (name, value) in response.get_headers() {
        seen.header(&latin1(&name), &latin1(&value));
    }
    match response.length() {
        Some(length) => seen.line("length", length.to_string()),
        None => seen.line("unknown length", ""),
    }
    let then = if response.will_close() {
        "close"
    } else {
        "keep"
    };
    let (body, outcome) = read(&response);
    if !body.is_empty() {
        seen.line("body", body);
    }
    outcome?;
    seen.line(then, "");
    Ok(())
}

/// All that can be read of a body, and how that ended.
fn read(response: &Response) -> (Vec<u8>, Result<(), Error>) {
    let error = match response.read(None) {
        Ok(body) => return (body, Ok(())),
        Err(error) => error,
    };
    if let Error::Http(HttpException::IncompleteRead(incomplete)) = &error {
        return (incomplete.partial.clone(), Err(error));
    }
    // What was received before is still there.
    let mut body = Vec::new();
    while let Ok(more) = response.read1(None) {
        assert!(!more.is_empty(), "a failed body has no end");
        body.extend(more);
    }
    (body, Err(error))
}

fn tell(error: &Error, seen: &mut Seen) {
    use HttpException as E;
    let (kind, text) = match error {
        Error::TimedOut(_) => return seen.line("waits", ""),
        Error::Http(E::RemoteDisconnected) => ("remote-disconnected", String::new()),
        Error::Http(E::IncompleteRead(incomplete)) => {
            let text = incomplete
                .expected
                .map(|missing| format!("{missing} more expected"));
            ("incomplete", text.unwrap_or_default())
        }
        Error::Http(E::BadStatusLine(text)) => ("bad-status-line", text.clone()),
        Error::Http(E::UnknownProtocol(text)) => ("unknown-protocol", text.clone()),
        Error::Http(E::UnknownTransferEncoding(text)) => {
            ("unknown-transfer-encoding", text.clone())
        }
        Error::Http(E::LineTooLong(text)) => ("line-too-long", text.clone()),
        Error::Http(E::TooMany(text)) => ("too-many", text.clone()),
        Error::Http(E::Malformed(text)) => ("malformed", text.clone()),
        error => ("of another kind", format!("{error:?}")),
    };
    let colon = if text.is_empty() { "" } else { ": " };
    seen.line("error", latin1(&format!("{kind}{colon}{text}")));
}

/// What the case says of those things that the component shows.
fn expected(case: &Case) -> Vec<String> {
    let outcome = case.block("outcome").expect("a case has an outcome");
    let head = outcome.iter().position(|line| line.starts_with("HTTP/"));
    let outcome = &outcome[head.unwrap_or(0)..];
    let hidden = |line: &&String| {
        let line = line.split_once(" * ").map_or(line.as_str(), |(_, it)| it);
        line.starts_with("trailer ") || line.starts_with("left over ")
    };
    let shown = outcome.iter().filter(|line| !hidden(line));
    let shown = shown.map(|line| match line.as_str() {
        "no body" => "length 0".to_owned(),
        "chunked" | "until close" => "unknown length".to_owned(),
        line if line.starts_with("close: ") => "close".to_owned(),
        line => line.to_owned(),
    });
    shown.collect()
}

fn latin1(text: &str) -> Vec<u8> {
    let byte = |char| u8::try_from(char).expect("Latin-1 text");
    text.chars().map(byte).collect()
}
