//! What ends a transfer: an exit code, and a line for people.

use crate::bindings::client::{
    Error, HttpException, Phase, SocketError, SocketErrorCode, TlsError, describe,
};
use crate::exit::Exit;

/// Why a transfer, or the command, failed.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The exit code.
    pub exit: Exit,
    /// One line without a line end.
    pub text: String,
    /// What `%{ssl_verify_result}` says: OpenSSL's number of a failed verification, else 0.
    pub verify_result: u8,
}

/// What the transfer was doing when httplib failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Opening the connection, straight to the server.
    Connecting,
    /// Opening the connection by way of a proxy.
    ConnectingByProxy,
    /// Sending the request.
    Sending,
    /// Receiving the response's head.
    Receiving,
    /// Receiving the body and writing it.
    Copying,
}

impl Failure {
    /// With this code and this line.
    pub fn new(exit: Exit, text: impl Into<String>) -> Self {
        Self {
            exit,
            text: text.into(),
            verify_result: 0,
        }
    }

    /// The command line can't be understood.
    pub fn usage(text: impl Into<String>) -> Self {
        Self::new(Exit::Usage, text)
    }

    /// httplib's error, whatever came of it, with this code.
    pub fn because(exit: Exit, error: &Error) -> Self {
        Self::new(exit, describe(error))
    }

    /// httplib's error in the middle of a transfer.
    pub fn during(stage: Stage, error: &Error) -> Self {
        let mut text = describe(error);
        if is_denied(error) {
            text.push_str(
                "; wasmtime gives the network with -S inherit-network,allow-ip-name-lookup",
            );
        }
        let verify_result = match error {
            Error::Tls(error) => verify_result(error),
            _ => 0,
        };
        Self {
            exit: exit(stage, error),
            text,
            verify_result,
        }
    }
}

fn is_denied(error: &Error) -> bool {
    let Error::Socket(SocketError { phase, code, .. }) = error else {
        return false;
    };
    match code {
        SocketErrorCode::AccessDenied => true,
        // What wasmtime says where names are not to be looked up.
        SocketErrorCode::PermanentResolverFailure => *phase == Phase::Resolve,
        _ => false,
    }
}

fn exit(stage: Stage, error: &Error) -> Exit {
    match error {
        Error::Http(exception) => http(stage, exception),
        Error::Value(_) | Error::WouldBlock => Exit::BadArgument,
        Error::Socket(error) => socket(stage, error.phase),
        Error::TimedOut(_) => Exit::TimedOut,
        Error::File(_) => Exit::Read,
        Error::Tls(error) => tls(stage, error),
        Error::Tunnel(_) => Exit::Receive,
        // What `splice` says of its output.
        Error::Other(_) if stage == Stage::Copying => Exit::Write,
        Error::Other(_) => Exit::BadArgument,
    }
}

fn http(stage: Stage, exception: &HttpException) -> Exit {
    match exception {
        HttpException::InvalidUrl(_) => Exit::MalformedUrl,
        HttpException::UnknownProtocol(_) | HttpException::BadStatusLine(_) => {
            Exit::UnsupportedProtocol
        }
        HttpException::UnknownTransferEncoding(_) => Exit::Encoding,
        HttpException::IncompleteRead(_) => Exit::Partial,
        HttpException::RemoteDisconnected => Exit::EmptyReply,
        HttpException::NotConnected => Exit::Receive,
        HttpException::UnimplementedFileMode(_) | HttpException::ImproperConnectionState(_) => {
            Exit::BadArgument
        }
        HttpException::LineTooLong(_)
        | HttpException::TooMany(_)
        | HttpException::Malformed(_)
        | HttpException::Other(_) => match stage {
            Stage::Copying => Exit::Receive,
            _ => Exit::WeirdReply,
        },
    }
}

fn socket(stage: Stage, phase: Phase) -> Exit {
    match phase {
        Phase::Resolve if stage == Stage::ConnectingByProxy => Exit::ProxyName,
        Phase::Resolve => Exit::HostName,
        Phase::Bind => Exit::Interface,
        Phase::Connect => Exit::Connect,
        Phase::Handshake => Exit::TlsConnect,
        Phase::Send => Exit::Send,
        Phase::Tunnel | Phase::Receive => Exit::Receive,
    }
}

fn tls(stage: Stage, error: &TlsError) -> Exit {
    match error {
        TlsError::CertificateExpired(_)
        | TlsError::CertificateNotYetValid(_)
        | TlsError::UnknownIssuer(_)
        | TlsError::HostnameMismatch(_)
        | TlsError::CertificateRevoked(_)
        | TlsError::WrongUsage(_)
        | TlsError::BadCertificate(_) => Exit::Verification,
        TlsError::Configuration(_) => Exit::ClientCertificate,
        TlsError::HandshakeAlert(_)
        | TlsError::Protocol(_)
        | TlsError::Truncated(_)
        | TlsError::Other(_) => match stage {
            Stage::Connecting | Stage::ConnectingByProxy => Exit::TlsConnect,
            Stage::Sending => Exit::Send,
            Stage::Receiving | Stage::Copying => Exit::Receive,
        },
    }
}

/// OpenSSL's `X509_V_ERR_…` of the same meaning; 1, unspecified, where it has none.
fn verify_result(error: &TlsError) -> u8 {
    match error {
        TlsError::CertificateNotYetValid(_) => 9,
        TlsError::CertificateExpired(_) => 10,
        TlsError::UnknownIssuer(_) => 20,
        TlsError::CertificateRevoked(_) => 23,
        TlsError::WrongUsage(_) => 26,
        TlsError::HostnameMismatch(_) => 62,
        TlsError::BadCertificate(_) => 1,
        _ => 0,
    }
}
