//! What httplib does.

use std::env;
use std::time::Instant;

use crate::bindings::httplib::http::client::{
    Body, Error, HttpConnection, HttpResponse, PemSource, TlsContext, TlsOptions, describe,
};
use crate::bindings::wasi::cli::{stderr::get_stderr, stdin::get_stdin};
use crate::{BLOCK, Measured, Outcome, Target};

/// Whom to trust; made ahead of the measurement, as a program makes it once.
struct Client(Option<TlsContext>);

impl Client {
    fn new(target: &Target) -> Result<Self, Error> {
        if !target.secure {
            return Ok(Self(None));
        }
        let context = TlsContext::create_bare();
        let authority = env::var("CA").unwrap_or_default();
        context.load_verify_locations(&PemSource::Bytes(authority.into_bytes()))?;
        Ok(Self(Some(context)))
    }

    fn connection(&self, target: &Target) -> Result<HttpConnection, Error> {
        let port = Some(target.port);
        match &self.0 {
            None => HttpConnection::http("127.0.0.1", port, None),
            Some(context) => {
                let tls = TlsOptions {
                    context: Some(context),
                    key_file: None,
                    cert_file: None,
                };
                HttpConnection::https("127.0.0.1", port, None, Some(&tls))
            }
        }
    }
}

/// Measures from nothing to the end of a response.
fn measured(target: &Target, work: impl FnOnce(&HttpConnection) -> Result<u64, Error>) -> Outcome {
    timed(target, |client| work(&client.connection(target)?))
}

fn timed(target: &Target, work: impl FnOnce(&Client) -> Result<u64, Error>) -> Outcome {
    let client = Client::new(target).map_err(|error| describe(&error))?;
    let begin = Instant::now();
    let bytes = work(&client).map_err(|error| describe(&error))?;
    Ok(Measured::since(begin, bytes))
}

fn get(connection: &HttpConnection, target: &Target) -> Result<HttpResponse, Error> {
    connection.request("GET", target.path, None, &[])?;
    connection.get_response()
}

pub fn splice(target: &Target) -> Outcome {
    let sink = get_stderr();
    measured(target, |connection| {
        get(connection, target)?.splice(&sink, None)
    })
}

pub fn read(target: &Target) -> Outcome {
    measured(target, |connection| {
        let response = get(connection, target)?;
        let mut came = 0;
        loop {
            match response.read1(Some(BLOCK))?.len() {
                0 => return Ok(came),
                length => came += length as u64,
            }
        }
    })
}

pub fn upload_bytes(target: &Target, count: u64) -> Outcome {
    let bytes = vec![b'u'; usize::try_from(count).map_err(|error| error.to_string())?];
    let body = Body::Bytes(bytes);
    measured(target, |connection| {
        connection.request("POST", target.path, Some(&body), &[])?;
        arrived(connection)
    })
}

pub fn upload_stream(target: &Target, count: u64) -> Outcome {
    let stream = get_stdin();
    let length = [("Content-Length".to_owned(), count.to_string())];
    measured(target, |connection| {
        connection.request("POST", target.path, Some(&Body::Stream(&stream)), &length)?;
        arrived(connection)
    })
}

/// How many bytes the server has seen: it answers with that.
fn arrived(connection: &HttpConnection) -> Result<u64, Error> {
    let body = connection.get_response()?.read(None)?;
    let text = String::from_utf8_lossy(&body);
    text.parse().map_err(|_| Error::Other(text.into_owned()))
}

pub fn requests(target: &Target, count: u64) -> Outcome {
    let fetch = |connection: &HttpConnection| -> Result<u64, Error> {
        Ok(get(connection, target)?.read(None)?.len() as u64)
    };
    let client = Client::new(target).map_err(|error| describe(&error))?;
    let all = || {
        let connection = client.connection(target)?;
        fetch(&connection)?;
        let begin = Instant::now();
        let bytes = (0..count)
            .map(|_| fetch(&connection))
            .sum::<Result<_, _>>()?;
        Ok(Measured::since(begin, bytes))
    };
    all().map_err(|error: Error| describe(&error))
}

/// The first one brings the ticket for the next.
pub fn connections(target: &Target, count: u64, resumed: Option<bool>) -> Outcome {
    let client = Client::new(target).map_err(|error| describe(&error))?;
    let fetch = |resumed: Option<bool>| -> Result<u64, Error> {
        let connection = client.connection(target)?;
        let bytes = get(&connection, target)?.read(None)?.len() as u64;
        let was = connection.tls_session().map(|session| session.resumed);
        match was == resumed {
            true => Ok(bytes),
            false => Err(Error::Other(format!("resumed: {was:?}"))),
        }
    };
    let all = || {
        fetch(resumed.map(|_| false))?;
        let begin = Instant::now();
        let bytes = (0..count).map(|_| fetch(resumed)).sum::<Result<_, _>>()?;
        Ok(Measured::since(begin, bytes))
    };
    all().map_err(|error: Error| describe(&error))
}
