//! Lengths that nobody can keep.

use harness::component::{Error, HttpException, IncompleteRead, Response, Result};
use harness::peer::Step;

use crate::support::{AMPLE, SHORT, Trial, assert_says, exception, failure};

const ALL: u64 = (1 << 63) - 1;

/// What comes of it.
const CAME: usize = 1 << 20;

/// Announces this, sends [`CAME`] bytes, and then does that.
fn announcing(framing: &str, then: Step) -> Trial {
    let head = format!("HTTP/1.1 200 OK\r\n{framing}\r\n");
    let body = vec![b'x'; CAME];
    let reply = [head.as_bytes(), &body].concat();
    Trial::http(vec![Step::AwaitHead, Step::send(reply), then])
}

fn length(bytes: u128) -> String {
    format!("Content-Length: {bytes}\r\n")
}

fn chunk(bytes: u128) -> String {
    format!("Transfer-Encoding: chunked\r\n\r\n{bytes:x}")
}

/// The ways to ask for more than will come.
const READS: [Option<u64>; 5] = [
    None,
    Some(2 << 20),
    Some(1 << 40),
    Some(ALL),
    Some(u64::MAX),
];

/// Asserts that each way to read it gives what came, and says how much more there should have been.
#[track_caller]
fn assert_incomplete(framing: &str, expected: Option<u64>) {
    for amount in READS {
        let trial = announcing(framing, Step::Close);
        let error = failure(trial.outcome(AMPLE, |connection| {
            connection.fetch("GET", "/")?.read(amount)
        }));
        let HttpException::IncompleteRead(IncompleteRead {
            partial,
            expected: more,
        }) = exception(error)
        else {
            panic!("{framing}, {amount:?}: not what it ought to be")
        };
        assert_eq!((partial.len(), more), (CAME, expected), "{amount:?}");
    }
}

#[test]
fn takes_no_memory_for_a_length_that_is_only_announced() {
    for bytes in [1 << 32, 1 << 40, u128::from(ALL)] {
        let left = u64::try_from(bytes).expect("it is allowed") - CAME as u64;
        assert_incomplete(&length(bytes), Some(left));
    }
}

#[test]
fn takes_no_memory_for_a_chunk_that_is_only_announced() {
    for bytes in [
        1 << 32,
        1 << 40,
        u128::from(ALL),
        1 << 63,
        u128::from(u64::MAX),
    ] {
        assert_incomplete(&chunk(bytes), None);
    }
}

#[test]
fn refuses_a_length_that_is_none() {
    for bytes in [1 << 63, 1 << 64, u128::MAX] {
        let trial = announcing(&length(bytes), Step::Close);
        assert_says!(
            exception(trial.head_error()),
            HttpException::Malformed,
            "invalid content length"
        );
    }
}

#[test]
fn refuses_a_chunk_size_that_is_none() {
    for bytes in [1 << 64, u128::MAX] {
        let trial = announcing(&chunk(bytes), Step::Close);
        assert_says!(
            exception(failure(trial.body())),
            HttpException::Malformed,
            "16"
        );
    }
}

#[test]
fn ends_a_body_that_stops_early_with_the_deadline() {
    let reads: [fn(&Response) -> Result<()>; 4] = [
        |response| response.read(None).map(drop),
        |response| response.read(Some(u64::MAX)).map(drop),
        |response| response.readline(None).map(drop),
        |response| response.discard(None).map(drop),
    ];
    for framing in [length(1 << 40), chunk(1 << 40)] {
        for read in reads {
            let outcome = announcing(&framing, Step::Hold)
                .outcome(SHORT, |connection| read(&connection.fetch("GET", "/")?));
            let error = failure(outcome);
            assert!(matches!(error, Error::TimedOut(_)), "{error:?}");
        }
    }
}
