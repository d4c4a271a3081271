//! Bodies that are larger than any memory, and those that don't end.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use harness::component::{Connection, Error, Response, Result, is_asynchronous};
use harness::peer::{Flood, Step};
use hyper::body::Bytes;
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamResult};

use crate::support::{AMPLE, OK, SHORT, Trial, VERSIONS, Version, endless, failure};

const PIECE: u64 = 64 << 10;
const MEBIBYTE: u64 = 1 << 20;
const GIBIBYTE: u64 = 1 << 30;

/// So many bytes of nothing, with their length.
fn zeros(bytes: u64) -> Vec<Step> {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {bytes}\r\n\r\n");
    vec![
        Step::AwaitHead,
        Step::send(head),
        Step::Flood(Flood::of([0; 1024]).times(bytes / 1024)),
    ]
}

/// Asserts that `read` takes a body of that length to its end.
#[track_caller]
fn assert_takes(trial: Trial, bytes: u64, read: fn(&Response) -> Result<u64>) {
    let taken = trial.outcome(None, |connection| read(&connection.fetch("GET", "/")?));
    assert_eq!(taken.expect("a whole body"), bytes);
}

fn read_in_pieces(response: &Response) -> Result<u64> {
    let (mut taken, zeros) = (0, [0; PIECE as usize]);
    loop {
        let piece = response.read(Some(PIECE))?;
        if piece.is_empty() {
            return Ok(taken);
        }
        assert!(piece == zeros[..piece.len()], "after {taken} bytes");
        taken += piece.len() as u64;
    }
}

fn discard(response: &Response) -> Result<u64> {
    response.discard(None)
}

fn splice(response: &Response) -> Result<u64> {
    let written = Arc::new(AtomicU64::new(0));
    let spliced = response.splice_into(Counter(written.clone()), None)?;
    assert_eq!(written.load(Ordering::Relaxed), spliced);
    Ok(spliced)
}

/// An output that only counts.
struct Counter(Arc<AtomicU64>);

#[wasmtime_wasi::async_trait]
impl Pollable for Counter {
    async fn ready(&mut self) {}
}

impl OutputStream for Counter {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        self.0.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(MEBIBYTE as usize)
    }
}

#[test]
fn reads_64_mebibytes_in_pieces() {
    assert_takes(
        Trial::http(zeros(64 * MEBIBYTE)),
        64 * MEBIBYTE,
        read_in_pieces,
    );
}

#[test]
fn discards_64_mebibytes() {
    assert_takes(Trial::http(zeros(64 * MEBIBYTE)), 64 * MEBIBYTE, discard);
}

#[test]
fn splices_64_mebibytes() {
    if !is_asynchronous() {
        assert_takes(Trial::http(zeros(64 * MEBIBYTE)), 64 * MEBIBYTE, splice);
    }
}

#[test]
fn reads_16_mebibytes_over_tls() {
    for version in VERSIONS {
        let trial = Trial::https(version, zeros(16 * MEBIBYTE));
        assert_takes(trial, 16 * MEBIBYTE, read_in_pieces);
    }
}

#[test]
#[ignore = "minutes; make hostile runs it"]
fn reads_ten_gibibytes_in_pieces() {
    assert_takes(
        Trial::http(zeros(10 * GIBIBYTE)),
        10 * GIBIBYTE,
        read_in_pieces,
    );
    println!("hostile: 10 GiB read over TCP");
}

#[test]
#[ignore = "minutes; make hostile runs it"]
fn splices_ten_gibibytes() {
    assert_takes(Trial::http(zeros(10 * GIBIBYTE)), 10 * GIBIBYTE, splice);
    println!("hostile: 10 GiB spliced over TCP");
}

#[test]
#[ignore = "minutes; make hostile runs it"]
fn reads_ten_gibibytes_over_tls() {
    let trial = Trial::https(Version::Tls13, zeros(10 * GIBIBYTE));
    assert_takes(trial, 10 * GIBIBYTE, read_in_pieces);
    println!("hostile: 10 GiB read over TLS");
}

/// The exchange ends in time though there always is another byte.
#[track_caller]
fn assert_ends(total: Duration, read: fn(&Response) -> Result<()>) {
    let steps = || endless("HTTP/1.1 200 OK\r\n\r\n", "x".repeat(1000));
    let over_tls = VERSIONS.map(|version| Trial::https(version, steps()));
    for trial in [Trial::http(steps())].into_iter().chain(over_tls) {
        let outcome = trial.outcome(total, |connection: &Connection| {
            read(&connection.fetch("GET", "/")?)
        });
        let error = failure(outcome);
        assert!(matches!(error, Error::TimedOut(_)), "{error:?}");
    }
}

#[test]
fn ends_a_discard_without_end_with_the_deadline() {
    assert_ends(SHORT, |response| response.discard(None).map(drop));
}

#[test]
fn ends_reads_without_end_with_the_deadline() {
    assert_ends(SHORT, |response| {
        loop {
            response.read(Some(PIECE))?;
        }
    });
    assert_ends(SHORT, |response| {
        loop {
            response.read1(None)?;
        }
    });
}

#[test]
fn ends_a_splice_without_end_with_the_deadline() {
    if !is_asynchronous() {
        assert_ends(SHORT, |response| splice(response).map(drop));
    }
}

/// Giving a body up costs no more than what has come.
#[test]
fn closes_a_response_without_end_at_once() {
    let trial = Trial::http(endless("HTTP/1.1 200 OK\r\n\r\n", OK));
    let outcome = trial.outcome(AMPLE, |connection| {
        let response = connection.fetch("GET", "/")?;
        response.close();
        response.read(None)
    });
    assert_eq!(outcome.expect("nothing"), b"");
}
