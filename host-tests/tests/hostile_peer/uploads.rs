//! Peers that talk while they are talked to.

use harness::component::{Error, HttpException};
use harness::peer::{Flood, Step};

use crate::support::{AMPLE, SHORT, Trial, VERSIONS, assert_says, exception, failure};

const UPLOAD: usize = 64 << 20;

#[test]
fn refuses_interim_responses_without_end_amid_an_upload() {
    let interim = Flood::of("HTTP/1.1 102 Processing\r\n\r\n");
    let trial = Trial::http(vec![Step::AwaitHead, Step::Flood(interim)]);
    let body = trial.guest.stream(vec![0; UPLOAD]);
    let error = failure(trial.outcome(AMPLE, |connection| {
        connection.request("POST", "/", Some(body), &[])?;
        connection.get_response()
    }));
    assert_says!(exception(error), HttpException::TooMany, "100 interim");
}

#[test]
fn ends_an_upload_that_nobody_reads_with_the_deadline() {
    for version in VERSIONS {
        let trial = Trial::https(version, vec![Step::AwaitHead, Step::Hold]);
        let body = trial.guest.stream(vec![0; UPLOAD]);
        let outcome = trial.outcome(SHORT * 3, |connection| {
            connection.request("POST", "/", Some(body), &[])
        });
        let error = failure(outcome);
        assert!(matches!(error, Error::TimedOut(_)), "{error:?}");
    }
}
