//! One line for people about each error, in Python's words where Python has them.

use core::fmt::{self, Display, Formatter};

use super::error::{ConnectionState, Error, HttpException, ImproperConnectionState, TunnelRefusal};
use crate::http1::LINE;
use crate::transport::{FileErrorCode, Phase, SocketErrorCode, TlsError};

impl Display for Error {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Http(exception) => exception.fmt(f),
            Self::Value(text) => write!(f, "ValueError: {text}"),
            Self::Socket {
                phase,
                code,
                attempts,
            } => {
                write!(f, "{code} ({phase}")?;
                for (index, (address, code)) in attempts.iter().enumerate() {
                    let separator = if index == 0 { "; tried " } else { ", " };
                    write!(f, "{separator}{address}: {code}")?;
                }
                f.write_str(")")
            }
            Self::TimedOut(phase) => write!(f, "timed out ({phase})"),
            Self::File { path, code } => match path {
                Some(path) => write!(f, "{code}: '{path}'"),
                None => write!(f, "{code}: the body's file"),
            },
            Self::Tls(error) => error.fmt(f),
            Self::Tunnel(refusal) => refusal.fmt(f),
            Self::Other(text) => f.write_str(text),
        }
    }
}

impl Display for HttpException {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotConnected => f.write_str("NotConnected: the connection was closed"),
            Self::InvalidUrl(text) => write!(f, "InvalidURL: {text}"),
            Self::UnknownProtocol(line) => write!(f, "UnknownProtocol: {line}"),
            Self::UnknownTransferEncoding(coding) => write!(f, "UnknownTransferEncoding: {coding}"),
            Self::UnimplementedFileMode(text) => write!(f, "UnimplementedFileMode: {text}"),
            Self::IncompleteRead { partial, expected } => match expected {
                Some(expected) => write!(
                    f,
                    "IncompleteRead({} bytes read, {expected} more expected)",
                    partial.len()
                ),
                None => write!(f, "IncompleteRead({} bytes read)", partial.len()),
            },
            Self::ImproperConnectionState(state) => state.fmt(f),
            Self::BadStatusLine(line) => write!(f, "BadStatusLine: {line}"),
            Self::LineTooLong(what) => {
                write!(
                    f,
                    "LineTooLong: got more than {LINE} bytes when reading {what}"
                )
            }
            Self::TooMany(what) => f.write_str(what),
            Self::RemoteDisconnected => {
                f.write_str("RemoteDisconnected: Remote end closed connection without response")
            }
            Self::Malformed(how) => write!(f, "malformed response: {how}"),
        }
    }
}

impl Display for ImproperConnectionState {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::CannotSendRequest(state) => write!(f, "CannotSendRequest: {state}"),
            Self::CannotSendHeader(state) => write!(f, "CannotSendHeader: {state}"),
            Self::ResponseNotReady(state) => write!(f, "ResponseNotReady: {state}"),
        }
    }
}

impl Display for ConnectionState {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Idle => "Idle",
            Self::RequestStarted => "Request-started",
            Self::RequestSent => "Request-sent",
        })
    }
}

impl Display for FileErrorCode {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoEntry => "No such file or directory",
            Self::Access => "Permission denied",
            Self::IsDirectory => "Is a directory",
            Self::Other(text) => text,
        })
    }
}

impl Display for TunnelRefusal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Tunnel connection failed: {} {}",
            self.status, self.reason
        )
    }
}

impl Display for Phase {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Resolve => "resolve",
            Self::Bind => "bind",
            Self::Connect => "connect",
            Self::Tunnel => "tunnel",
            Self::Handshake => "handshake",
            Self::Send => "send",
            Self::Receive => "receive",
        })
    }
}

impl Display for SocketErrorCode {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AccessDenied => "access denied by the host",
            Self::NameUnresolvable => "Name or service not known",
            Self::TemporaryResolverFailure => "Temporary failure in name resolution",
            Self::PermanentResolverFailure => "Non-recoverable failure in name resolution",
            Self::ConnectionRefused => "Connection refused",
            Self::ConnectionReset => "Connection reset by peer",
            Self::ConnectionAborted => "Connection aborted",
            Self::BrokenPipe => "Broken pipe",
            Self::RemoteUnreachable => "No route to host",
            Self::Timeout => "Connection timed out",
            Self::AddressInUse => "Address already in use",
            Self::AddressNotBindable => "Cannot assign requested address",
            Self::NewSocketLimit => "Too many open sockets",
            Self::NotSupported => "Operation not supported",
            Self::Other(text) => text,
        })
    }
}

impl Display for TlsError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (what, text) = match self {
            Self::CertificateExpired(text) => ("certificate has expired", text),
            Self::CertificateNotYetValid(text) => ("certificate is not yet valid", text),
            Self::UnknownIssuer(text) => ("unable to get issuer certificate", text),
            Self::HostnameMismatch(text) => ("hostname mismatch", text),
            Self::CertificateRevoked(text) => ("certificate revoked", text),
            Self::WrongUsage(text) => ("unsuitable certificate purpose", text),
            Self::BadCertificate(text) => ("bad certificate", text),
            Self::HandshakeAlert(text) => ("alert from the peer", text),
            Self::Protocol(text) => ("protocol error", text),
            Self::Truncated(text) => ("connection cut", text),
            Self::Configuration(text) => ("configuration", text),
            Self::Other(text) => ("failure", text),
        };
        write!(f, "TLS: {what}: {text}")
    }
}
