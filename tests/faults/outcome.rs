//! What comes out of an exchange.

use httplib::client::{Error, HttpException};
use httplib::transport::TlsError;

/// What came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Sending the request failed, or receiving the head of its reply.
    Failed(Error),
    /// A reply.
    Replied {
        status: u16,
        /// The status codes of the interim responses before it.
        interim: Vec<u16>,
        /// All that came of its body.
        body: Vec<u8>,
        end: End,
    },
}

/// How a body ended: with these trailers, or with an error.
pub type End = Result<Vec<(String, String)>, Error>;

impl Outcome {
    /// The same but for what it ended with.
    pub fn without_error(&self) -> Option<(u16, &[u16], &[u8])> {
        match self {
            Self::Failed(_) => None,
            Self::Replied {
                status,
                interim,
                body,
                ..
            } => Some((*status, interim, body)),
        }
    }

    /// What it failed with, if it did.
    pub fn error(&self) -> Option<&Error> {
        match self {
            Self::Failed(error) => Some(error),
            Self::Replied { end, .. } => end.as_ref().err(),
        }
    }
}

/// The error without what is said to people, and without what came of the body.
pub fn bare(error: Error) -> Error {
    match error {
        Error::Http(exception) => Error::Http(bare_exception(exception)),
        Error::Tls(error) => Error::Tls(bare_tls(error)),
        Error::Value(_) => Error::Value(String::new()),
        Error::Other(_) => Error::Other(String::new()),
        other => other,
    }
}

fn bare_exception(exception: HttpException) -> HttpException {
    use HttpException as E;
    let text = String::new();
    match exception {
        E::UnknownProtocol(_) => E::UnknownProtocol(text),
        E::UnknownTransferEncoding(_) => E::UnknownTransferEncoding(text),
        E::BadStatusLine(_) => E::BadStatusLine(text),
        E::LineTooLong(_) => E::LineTooLong(text),
        E::TooMany(_) => E::TooMany(text),
        E::Malformed(_) => E::Malformed(text),
        E::IncompleteRead { expected, .. } => {
            let partial = Vec::new();
            E::IncompleteRead { partial, expected }
        }
        other => other,
    }
}

fn bare_tls(error: TlsError) -> TlsError {
    use TlsError as E;
    let text = String::new();
    match error {
        E::CertificateExpired(_) => E::CertificateExpired(text),
        E::CertificateNotYetValid(_) => E::CertificateNotYetValid(text),
        E::UnknownIssuer(_) => E::UnknownIssuer(text),
        E::HostnameMismatch(_) => E::HostnameMismatch(text),
        E::CertificateRevoked(_) => E::CertificateRevoked(text),
        E::WrongUsage(_) => E::WrongUsage(text),
        E::BadCertificate(_) => E::BadCertificate(text),
        E::HandshakeAlert(_) => E::HandshakeAlert(text),
        E::Protocol(_) => E::Protocol(text),
        E::Truncated(_) => E::Truncated(text),
        E::Configuration(_) => E::Configuration(text),
        E::Other(_) => E::Other(text),
    }
}
