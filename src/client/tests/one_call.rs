//! A request and its response in one call.

use alloc::rc::Rc;
use core::time::Duration;

use crate::client::testing::{block_on, fields, seconds};
use crate::client::{Connection, Error, HttpException, Options, Trace, connection_for};
use crate::transport::scripted::Scripts;

/// What is asked for at `url`, and whether TLS was asked for.
fn open(
    network: &Scripts,
    url: &str,
    options: Options,
) -> Result<(Connection<Scripts>, String), Error> {
    let tls = || Err(Error::Other("TLS".into()));
    let network = Rc::new(network.clone());
    let (connection, target) = connection_for(network, url, options, tls, Trace::new(|_| {}))?;
    Ok((connection, target.into_owned()))
}

use alloc::string::String;

#[test]
fn tls_is_asked_for_where_the_url_says_so() {
    let network = Scripts::default();
    let error = open(&network, "https://a.example/", Options::default()).err();
    assert_eq!(error, Some(Error::Other("TLS".into())));
    let opened = open(&network, "http://a.example?b", Options::default());
    assert_eq!(opened.map(|(_, target)| target), Ok("/?b".into()));
}

#[test]
fn a_timeout_of_0_leaves_nothing_to_call_again() {
    let options = Options {
        timeout: Some(Duration::ZERO).into(),
        ..Options::default()
    };
    let error = open(&Scripts::default(), "http://a.example", options).err();
    assert!(matches!(error, Some(Error::Value(_))), "{error:?}");
}

#[test]
fn a_reply_has_a_status_line_unless_told_otherwise() {
    for (strict, is_refused) in [(None, true), (Some(true), true), (Some(false), false)] {
        let network = Scripts::default();
        let peer = network.connect();
        let options = Options {
            strict,
            timeout: Some(seconds(1)).into(),
            ..Options::default()
        };
        let (mut connection, target) =
            open(&network, "http://a.example", options).expect("a valid URL");
        let headers = fields(&[]);
        block_on(&network, &mut connection, |it| {
            it.poll_request("GET", &target, &mut None, &headers)
        })
        .expect("it is sent");
        peer.say("SSH-2.0-OpenSSH\r\n");
        peer.end();
        let response = block_on(&network, &mut connection, Connection::poll_response);
        let refused = matches!(
            response.err(),
            Some(Error::Http(HttpException::BadStatusLine(_)))
        );
        assert_eq!(refused, is_refused, "{strict:?}");
    }
}
